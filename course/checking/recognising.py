"""Naming the mistake behind wrong answers.

First the exercise's own mistakes: their wrong implementations are run on the same cases, and the
one that gives what the learner's code gave is the cause. Then relations that hold between a wrong
and a right answer whatever the exercise: negated, transposed, rolled, truncated and so on.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from course.checking.calling import Outcome
from course.checking.comparing import close, is_number
from course.checking.patterns import ENOUGH, PATTERNS, Cause
from course.checking.relations import RELATIONS
from course.exercises.exercise import Call, Fits, Mistake

SIZE_KEPT = (
    "Your result is as large as what went in, and should be smaller: a whole window fits in fewer "
    "places than there are pixels."
)


def same(one: Outcome, other: Outcome, tolerance: float) -> bool:
    """Whether two calls gave the same: equal values, or an error of the same type.

    Where no window fits, some ways of writing it raise and others give an array without values.
    """
    if one.error is not None or other.error is not None:
        types = {getattr(it.error, "type", None) for it in (one, other)}
        return len(types) == 1 or (None in types and (empty(one.value) or empty(other.value)))
    if (one.changed is None) != (other.changed is None):
        return False
    return same_value(one.value, other.value, tolerance)


def empty(value: Any) -> bool:
    """Whether it is an array without a single value."""
    return isinstance(value, np.ndarray) and not value.size


def same_value(one: Any, other: Any, tolerance: float) -> bool:
    """Whether two values agree; arrays only with arrays of the same shape."""
    if is_number(one) and is_number(other):
        one, other = np.asarray(one), np.asarray(other)
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        if one.shape != other.shape or {one.dtype.kind, other.dtype.kind} - set("iufb"):
            return False
        return bool(close(one, other.astype(float), tolerance).all())
    if type(one) is not type(other) or isinstance(one, np.ndarray):
        return False
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(
            same_value(a, b, tolerance) for a, b in zip(one, other, strict=True)
        )
    try:
        return bool(one == other)
    except Exception:  # noqa: BLE001 - a learner's own __eq__, or a dictionary of arrays
        return False


def parameter(fits: Fits, one: Call, right: Any, mine: Outcome) -> float | None:
    """The parameter with which a family of mistakes explains one call; None if it does not."""
    got = mine.value
    if mine.error is not None or mine.changed is not None:
        return None
    if not is_number(got) and (not isinstance(got, np.ndarray) or got.dtype.kind not in "biuf"):
        return None
    try:
        with np.errstate(all="ignore"):
            found = fits(one, np.asarray(right, dtype=float), np.asarray(got, dtype=float))
            return None if found is None or not np.isfinite(found) else float(found)
    except Exception:  # noqa: BLE001 - a shape that it does not expect: then it does not hold
        return None


def described(fits: Fits, seen: Iterable[tuple[Call, Any, Outcome]]) -> bool:
    """Whether one parameter explains all of these calls."""
    found = [parameter(fits, *one) for one in seen]
    known = [one for one in found if one is not None]
    return len(known) == len(found) > 1 and bool(np.allclose(known, known[0], rtol=1e-3))


def own_mistakes(
    mistakes: Sequence[Mistake],
    fitting: Callable[[Mistake], bool],
    explained: Callable[[int], bool],
) -> Iterator[Mistake]:
    """Recognise the exercise's own mistakes.

    Parameters
    ----------
    mistakes : sequence of Mistake
    fitting : callable
        Whether the description of a mistake, if it has one, holds of every call that is wrong.
    explained : callable
        ``explained(i)``: whether the i-th of all ways gives on every call what the learner's code
        gave. One that explains half of them explains nothing: the others contradict it.

    Yields
    ------
    Mistake
    """
    place = 0
    for mistake in mistakes:
        ways = range(place, place := place + len(mistake.ways))
        if fitting(mistake) or any(map(explained, ways)):
            yield mistake


def common_mistakes(
    got: Sequence[Any], expected: Sequence[Any], first_arguments: Sequence[Any], tolerance: float
) -> Iterator[Cause]:
    """Recognise relations between wrong and right that need no knowledge of the exercise.

    Parameters
    ----------
    got, expected : sequences
        The failing cases only: what came back, what should have.
    first_arguments : sequence
        The first argument of each of these calls.
    tolerance : float

    Yields
    ------
    Cause
    """
    if not got or not all(isinstance(v, np.ndarray) or is_number(v) for v in (*got, *expected)):
        return
    mine = [np.asarray(value) for value in got]
    right = [np.asarray(value, dtype=float) for value in expected]
    if any(value.dtype.kind not in "iuf" for value in mine):
        return
    with np.errstate(all="ignore"):
        if len(np.unique(np.concatenate([r.ravel() for r in right]))) >= ENOUGH:
            for relation in RELATIONS:
                if all_same(mine, map(relation.change, right), tolerance):
                    yield Cause(relation.id, relation.message)
        if all_same(mine, first_arguments, tolerance):
            yield Cause("input_returned", "Your function gives its input back unchanged.")
        if all(
            isinstance(given, np.ndarray)
            and one.shape == given.shape
            and 1 < r.ndim == given.ndim
            and r.size < given.size
            for one, given, r in zip(mine, first_arguments, right, strict=True)
        ):
            yield Cause("as_large_as_input", SIZE_KEPT)
        for find in PATTERNS:
            if (found := find(mine, right, tolerance)) is not None:
                yield found


def all_same(some: Iterable[Any], others: Iterable[Any], tolerance: float) -> bool:
    """Whether the values of two sequences agree pair by pair."""
    return all(same_value(one, other, tolerance) for one, other in zip(some, others, strict=True))
