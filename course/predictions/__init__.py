"""What is asked before it is shown: one module per lesson, data rather than code."""

from course.predictions import (
    convolution_by_hand,
    edge_kernels,
    inside_the_network,
    keras_cnn,
    learning_kernels,
    pooling,
)
from course.predictions.prediction import Prediction, Said, Unfit

PREDICTIONS: dict[str, Prediction] = {
    prediction.key: prediction
    for module in (
        convolution_by_hand,
        edge_kernels,
        pooling,
        keras_cnn,
        inside_the_network,
        learning_kernels,
    )
    for prediction in module.PREDICTIONS
}
"""Every prediction by its key, in the order in which the lessons ask them."""

__all__ = ["PREDICTIONS", "Prediction", "Said", "Unfit"]
