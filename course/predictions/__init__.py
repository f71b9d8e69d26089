"""What is asked before it is shown: a module or a folder per lesson that asks, data rather than
code."""

from importlib import import_module
from importlib.util import find_spec

from course.lessons import LESSONS
from course.predictions.prediction import Prediction, Said, Unfit

PREDICTIONS: dict[str, Prediction] = {
    prediction.key: prediction
    for lesson in LESSONS.values()
    if find_spec(module := f"course.predictions.{lesson.name}")
    for prediction in import_module(module).PREDICTIONS
}
"""Every prediction by its key, in the order in which the lessons ask them."""

__all__ = ["PREDICTIONS", "Prediction", "Said", "Unfit"]
