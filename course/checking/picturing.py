"""What a picture says better than numbers: which of the failing calls to draw, and what of it."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from course.checking.calling import Outcome, argument_names
from course.checking.comparing import Difference
from course.checking.explaining import SMALL, written
from course.exercises.exercise import ByCalls, Call, Exercise

LARGEST = 2**20  # pixels; drawing more takes long, and no screen shows them
IN_VALUES = ("wrong_values", "wrong_shape", "has_nan")
"""What is wrong can be seen; a wrong type or a changed argument can't."""


class Comparison(NamedTuple):
    """One call to draw.

    Attributes
    ----------
    title : str
        The call, as one would type it.
    name : str
        What the function calls the image that was given.
    given : ndarray or None
        None if there is no image among the arguments.
    expected : ndarray or None
        None if it must not be told: in a hidden case.
    yours : ndarray
    tolerance : float
        Up to where `yours` counts as equal to `expected`.
    """

    title: str
    name: str
    given: np.ndarray | None
    expected: np.ndarray | None
    yours: np.ndarray
    tolerance: float


def comparison(
    exercise: ByCalls,
    calls: Sequence[Call],
    outcomes: Sequence[Outcome],
    expected: Sequence[Any],
    found: Sequence[Difference | None],
    first: int,
) -> Comparison | None:
    """Choose the call that a picture says most about, if there is one.

    Parameters
    ----------
    exercise : ByCalls
    calls, outcomes, expected, found : sequences
        Every call, public ones first: what came back, what should have, what is wrong.
    first : int
        The call that the message is about.

    Returns
    -------
    Comparison or None
        The first failing public example whose result is too large to be written in numbers; else
        the call of the message, if its result is.
    """
    public_ones = range(min(len(exercise.examples), len(found)))
    for index in (*public_ones, first):
        problem, yours, public = found[index], outcomes[index].value, index in public_ones
        shown = [yours, expected[index]] if public else [yours]
        sizes = [pixels(array) for array in shown]
        if (
            problem is not None
            and problem.id in IN_VALUES
            and min(sizes) > 0
            and SMALL < max(sizes) <= LARGEST
        ):
            title, name, given = described(exercise, calls[index])
            return Comparison(
                title if index == first else f"A larger example: {title}",
                name,
                given,
                expected[index] if public else None,
                np.asarray(yours),
                exercise.tolerance,
            )
    return None


def pixels(value: Any) -> int:
    """Rows times columns of an image, of several channels or of a batch; 0 of anything else."""
    if not isinstance(value, np.ndarray) or value.dtype.kind not in "iuf" or not value.size:
        return 0
    if value.ndim == 2:
        return value.size
    return value.shape[-3] * value.shape[-2] if value.ndim in (3, 4) else 0


def described(exercise: Exercise, arguments: Call) -> tuple[str, str, np.ndarray | None]:
    """Write a call as one would type it; name and give the image in it, if there is one."""
    names = argument_names(exercise.reference, arguments)
    values = [*arguments.args, *arguments.kwargs.values()]
    images = [(name, value) for name, value in zip(names, values, strict=True) if pixels(value)]
    image_name, image = images[0] if images else ("", None)
    typed = []
    for name, value in zip(names, values, strict=True):
        if isinstance(value, np.ndarray):
            text = name if value is image or value.size > SMALL else str(value.tolist())
        else:
            text = written(value)
        typed.append(f"{name}={text}" if name in arguments.kwargs else text)
    return f"{exercise.key}({', '.join(typed)})", image_name, image
