"""What makes the lessons a course: exercises, checks, grading, authoring and the `course` command.

A notebook needs four names: ``from course import check, predict, progress, yours``.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from course.checking.check import check, yours
    from course.checking.predicting import predict
    from course.checking.progress_map import progress

HOMES = {"check": "check", "yours": "check", "predict": "predicting", "progress": "progress_map"}

__all__ = ["check", "predict", "progress", "yours"]


def __getattr__(name: str) -> Any:
    """Load a name when it is asked for: the command can then tell an author's slip in a sentence."""
    if name not in HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"course.checking.{HOMES[name]}"), name)
