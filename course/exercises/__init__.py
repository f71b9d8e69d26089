"""What is asked: one module per lesson, data rather than code."""

from course.exercises import (
    convolution_by_hand,
    edge_kernels,
    inside_the_network,
    keras_cnn,
    learning_kernels,
    pooling,
)
from course.exercises.exercise import (
    ByCalls,
    ByObservation,
    ByValue,
    Call,
    Exercise,
    Mistake,
    call,
    mistake,
)
from course.lessons import LESSONS as IN_ORDER

LESSONS = {lesson.number: lesson.name for lesson in IN_ORDER.values()}
TITLES = {lesson.number: lesson.title for lesson in IN_ORDER.values()}

_found = {
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

EXERCISES: dict[str, Exercise] = {
    key: _found[key] for lesson in IN_ORDER.values() for key in lesson.exercises
}
"""Every exercise by its key, in the order in which the course asks them."""


def exercises_of(lesson: int) -> list[Exercise]:
    """The exercises of a lesson, in the order in which it asks them."""
    return [EXERCISES[key] for key in IN_ORDER[lesson].exercises]


__all__ = [
    "EXERCISES",
    "LESSONS",
    "TITLES",
    "ByCalls",
    "ByObservation",
    "ByValue",
    "Call",
    "Exercise",
    "Mistake",
    "call",
    "exercises_of",
    "mistake",
]
