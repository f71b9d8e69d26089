"""What is asked: ``LESSON/KEY.py`` holds one exercise each, in the order in which one explains it.

What several exercises of a lesson share stands beside them; what all lessons share, in
`distortions`. `trials` is what a learner's code is tried with.
"""

from importlib import import_module

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
from course.lessons import LESSONS
from course.misprints import Misprint


def load(lesson: str, key: str) -> Exercise:
    """Load an exercise from its file.

    Raises
    ------
    Misprint
        There is no such file, or it holds something else.
    """
    module = f"course.exercises.{lesson}.{key}"
    file = f"{module.replace('.', '/')}.py"
    try:
        exercise = getattr(import_module(module), "EXERCISE", None)
    except ModuleNotFoundError as missing:
        if missing.name not in (module, module.rpartition(".")[0]):
            raise
        raise Misprint(f"course/lessons.py names `{key}`, but there is no {file}") from None
    if not isinstance(exercise, Exercise):
        raise Misprint(f"{file} has to define EXERCISE = ByCalls(...), ByValue or ByObservation")
    if exercise.key != key:
        raise Misprint(f"{file} has the exercise `{exercise.key}`; its key should be `{key}`")
    return exercise


EXERCISES: dict[str, Exercise] = {
    key: load(lesson.name, key) for lesson in LESSONS.values() for key in lesson.exercises
}
"""Every exercise by its key, in the order in which the course asks them."""


def exercises_of(lesson: int) -> list[Exercise]:
    """The exercises of a lesson, in the order in which it asks them."""
    return [EXERCISES[key] for key in LESSONS[lesson].exercises]


def points_of(lesson: int) -> int:
    """What a lesson is worth: the points of its exercises."""
    return sum(exercise.points for exercise in exercises_of(lesson))


__all__ = [
    "EXERCISES",
    "ByCalls",
    "ByObservation",
    "ByValue",
    "Call",
    "Exercise",
    "Mistake",
    "call",
    "exercises_of",
    "mistake",
    "points_of",
]
