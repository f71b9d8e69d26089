"""What is asked: one module per lesson, data rather than code."""

from course.exercises import (
    convolution_by_hand,
    edge_kernels,
    inside_the_network,
    keras_cnn,
    learning_kernels,
    pooling,
)
from course.exercises.exercise import Call, Exercise, Mistake, call

LESSONS = {
    1: "convolution_by_hand",
    2: "edge_kernels",
    3: "pooling",
    4: "keras_cnn",
    5: "inside_the_network",
    6: "learning_kernels",
}
"""Lesson number to name; the notebook of lesson 1 is ``01_convolution_by_hand.ipynb``."""

TITLES = {
    1: "Convolution by hand",
    2: "Edge kernels",
    3: "Pooling",
    4: "A network that learns its own kernels",
    5: "Inside the network",
    6: "Learning kernels",
}
"""Lesson number to title, as the notebook has it."""

EXERCISES: dict[str, Exercise] = {
    exercise.key: exercise
    for module in (
        convolution_by_hand,
        edge_kernels,
        pooling,
        keras_cnn,
        inside_the_network,
        learning_kernels,
    )
    for exercise in module.EXERCISES
}
"""Every exercise by its key, in the order in which the course asks them."""

__all__ = ["EXERCISES", "LESSONS", "TITLES", "Call", "Exercise", "Mistake", "call"]
