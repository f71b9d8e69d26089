"""What is asked before it is shown: a module or a folder per lesson that asks, data rather than
code."""

from collections.abc import Iterable
from importlib import import_module
from importlib.util import find_spec

from course.lessons import LESSONS, Lesson
from course.misprints import Misprint
from course.predictions.prediction import Prediction, Said, Unfit


def load(lesson: Lesson) -> tuple[Prediction, ...]:
    """Load what a lesson asks; nothing, if it has no such file.

    Raises
    ------
    Misprint
        The file holds something else, or what another lesson asks.
    """
    module = f"course.predictions.{lesson.name}"
    if not find_spec(module):
        return ()
    asked = getattr(import_module(module), "PREDICTIONS", None)
    if not isinstance(asked, tuple) or not all(isinstance(one, Prediction) for one in asked):
        raise Misprint(f"{module} has to define PREDICTIONS, a tuple of Prediction(...)")
    for one in asked:
        if one.lesson != lesson.number:
            raise Misprint(
                f"{module} has `{one.key}` with lesson={one.lesson!r}; it is lesson {lesson.number}"
            )
    return asked


def by_key(predictions: Iterable[Prediction]) -> dict[str, Prediction]:
    """Give each prediction by its key.

    Raises
    ------
    Misprint
        If two have the same.
    """
    found: dict[str, Prediction] = {}
    for one in predictions:
        if one.key in found:
            before = found[one.key].lesson
            raise Misprint(
                f"course.predictions has two of the key `{one.key}`, in lesson {before} and in lesson "
                f"{one.lesson}"
            )
        found[one.key] = one
    return found


PREDICTIONS = by_key(one for lesson in LESSONS.values() for one in load(lesson))
"""Every prediction by its key, in the order in which the lessons ask them."""

__all__ = ["PREDICTIONS", "Prediction", "Said", "Unfit"]
