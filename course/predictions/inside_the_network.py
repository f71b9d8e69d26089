from course.predictions.prediction import Prediction

PREDICTIONS: tuple[Prediction, ...] = ()
