"""What a student predicted: the answers that stand in the notebook, read and not run."""

import ast
import contextlib
from collections.abc import Iterable, Iterator

from course.predictions import PREDICTIONS, Unfit

MOST = 100  # characters of an answer


def believed(lesson: int, cells: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """The key of each prediction of a lesson that is answered in these cells, and the answer.

    Of several answers the last one counts. What is not written as a number or a text is none.
    """
    found: dict[str, str] = {}
    for source in cells:
        if "predict." in source:
            found.update(answers_in(lesson, source))
    return tuple(found.items())


def answers_in(lesson: int, source: str) -> Iterator[tuple[str, str]]:
    """The answers in one cell."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name("predict"), attr=key), args=[given]):
                prediction = PREDICTIONS.get(key)
                if prediction is None or prediction.lesson != lesson:
                    continue
                with contextlib.suppress(ValueError, TypeError, RecursionError, Unfit):
                    said = prediction.understood(ast.literal_eval(given))
                    yield key, str(said.answer)[:MOST]
