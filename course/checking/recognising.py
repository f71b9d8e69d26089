"""Naming the mistake behind wrong answers.

First the exercise's own mistakes: their wrong implementations are run on the same cases, and the
one that gives what the learner's code gave is the cause. Then relations that hold between a wrong
and a right answer whatever the exercise: negated, transposed, rolled, truncated and so on.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from course.checking.calling import Outcome
from course.checking.comparing import close, number
from course.exercises.exercise import Exercise


class Cause(NamedTuple):
    """A recognised mistake: its id, and the sentence for the learner."""

    id: str
    message: str


def same(one: Outcome, other: Outcome, tolerance: float) -> bool:
    """Whether two calls gave the same: equal values, or an error of the same type."""
    if one.error is not None or other.error is not None:
        return type(one.error) is type(other.error)
    if (one.changed is None) != (other.changed is None):
        return False
    return same_value(one.value, other.value, tolerance)


def same_value(one: Any, other: Any, tolerance: float) -> bool:
    """Whether two values agree; arrays only with arrays of the same shape."""
    if number(one) and number(other):
        one, other = np.asarray(one), np.asarray(other)
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        if one.shape != other.shape or not (one.dtype.kind in "iufb" and other.dtype.kind in "iufb"):
            return False
        return bool(close(one, other.astype(float), tolerance).all())
    if type(one) is not type(other):
        return False
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(
            same_value(a, b, tolerance) for a, b in zip(one, other, strict=True)
        )
    return not isinstance(one, np.ndarray) and bool(one == other)


def own_mistake(
    exercise: Exercise,
    outcomes: Sequence[Outcome],
    failing: Sequence[int],
    wrong_outcomes: Callable[[int], Sequence[Outcome]],
) -> Cause | None:
    """Recognise one of the exercise's own mistakes.

    Parameters
    ----------
    exercise : Exercise
    outcomes : sequence of Outcome
        What the learner's code gave, case by case.
    failing : sequence of int
        The cases on which it is wrong.
    wrong_outcomes : callable
        ``wrong_outcomes(i)``: what mistake ``i`` gives on the same cases.

    Returns
    -------
    Cause or None
        The mistake that explains most of the failing cases, at least half of them; among
        equals the one that also agrees on most of the other cases, then the first named.
    """
    best, best_score = None, (0, 0)
    for index, mistake in enumerate(exercise.mistakes):
        theirs = wrong_outcomes(index)
        agreed = [
            same(mine, other, exercise.tolerance)
            for mine, other in zip(outcomes, theirs, strict=False)
        ]
        score = (sum(agreed[i] for i in failing if i < len(agreed)), sum(agreed))
        if 2 * score[0] >= len(failing) and score > best_score:
            best, best_score = Cause(mistake.id, mistake.message), score
    return best


class Relation(NamedTuple):
    """How a wrong array or number may come from the right one."""

    id: str
    message: str
    change: Callable[[np.ndarray], np.ndarray]


def shifted(rows: int, columns: int) -> Callable[[np.ndarray], np.ndarray]:
    """Roll an array by so many rows and columns."""
    return lambda right: np.roll(right, (rows, columns), axis=(0, 1))


def grid(change: Callable[[np.ndarray], np.ndarray]) -> Callable[[np.ndarray], np.ndarray]:
    """Let a relation hold only for arrays that have rows and columns."""
    return lambda right: change(right) if right.ndim >= 2 else np.empty(0)


def without_border(right: np.ndarray) -> np.ndarray:
    """Set the outermost rows and columns to 0."""
    inner = np.zeros_like(right)
    inner[1:-1, 1:-1] = right[1:-1, 1:-1]
    return inner


def first_only(right: np.ndarray) -> np.ndarray:
    """Keep the first value, as a `return` inside a loop does."""
    only = np.zeros_like(right)
    only.flat[0] = right.flat[0]
    return only


RELATIONS = (
    Relation("sign_lost", "Your values are right but for their sign: negatives came back positive. Is there an abs() or a square too many?", np.abs),
    Relation("negated", "Every value has the wrong sign. Is something subtracted the wrong way round?", np.negative),
    Relation("negatives_lost", "Negative values became 0. Nothing should be cut off here.", lambda r: np.maximum(r, 0)),
    Relation("clipped", "Your values are clipped to 0..255. Only `to_pixels` does that; here they keep their size and sign.", lambda r: np.clip(r, 0, 255)),
    Relation("clipped", "Your values are clipped to 0..1. Here they keep their size and sign.", lambda r: np.clip(r, 0, 1)),
    Relation("truncated", "The fractions are gone: your values were cut to whole numbers. Is there an int(), a `//`, or an array made with an integer dtype?", np.trunc),
    Relation("truncated", "The fractions are gone: your values were rounded down. Is there a `//` or a floor too many?", np.floor),
    Relation("rounded", "Your values were rounded to whole numbers. Keep the fractions.", np.rint),
    Relation("stored_as_bytes", "Your values went through bytes (uint8), which hold 0 to 255 and wrap around: 256 becomes 0. Work in float.", lambda r: np.mod(np.trunc(r), 256)),
    Relation("transposed_result", "Rows and columns of the result are swapped.", grid(lambda r: np.swapaxes(r, 0, 1))),
    Relation("upside_down", "The result is upside down: the first row stands last.", grid(lambda r: r[::-1])),
    Relation("mirrored", "The result is mirrored: the first column stands last.", grid(lambda r: r[:, ::-1])),
    Relation("turned", "The result is turned by 180 degrees.", grid(lambda r: r[::-1, ::-1])),
    Relation("rolled", "The values are right but one row too low or too high.", grid(shifted(1, 0))),
    Relation("rolled", "The values are right but one row too low or too high.", grid(shifted(-1, 0))),
    Relation("rolled", "The values are right but one column too far left or right.", grid(shifted(0, 1))),
    Relation("rolled", "The values are right but one column too far left or right.", grid(shifted(0, -1))),
    Relation("rolled", "The values are right but shifted along both rows and columns.", grid(shifted(1, 1))),
    Relation("rolled", "The values are right but shifted along both rows and columns.", grid(shifted(-1, -1))),
    Relation("border_zero", "The inner values are right; the outermost rows and columns are 0. Should the loop reach further?", grid(without_border)),
    Relation("stopped_early", "Only the first value is filled in. Does `return` stand inside the loop?", first_only),
    Relation("row_or_column_missing", "The first row is missing.", grid(lambda r: r[1:])),
    Relation("row_or_column_missing", "The last row is missing.", grid(lambda r: r[:-1])),
    Relation("row_or_column_missing", "The first column is missing.", grid(lambda r: r[:, 1:])),
    Relation("row_or_column_missing", "The last column is missing.", grid(lambda r: r[:, :-1])),
    Relation("row_or_column_missing", "The last row and the last column are missing: a range ends one too early.", grid(lambda r: r[:-1, :-1])),
    Relation("row_or_column_missing", "The first row and the first column are missing: a range starts one too late.", grid(lambda r: r[1:, 1:])),
    Relation("border_missing", "The border is missing: the outermost rows and columns were left out.", grid(lambda r: r[1:-1, 1:-1])),
    Relation("extra_axis", "The values are right, with an axis of length 1 too many at the end.", lambda r: r[..., np.newaxis]),
    Relation("extra_axis", "The values are right, with an axis of length 1 too many at the beginning.", lambda r: r[np.newaxis]),
    Relation("flattened", "The values are right, but all in one row: the shape is lost.", lambda r: r.ravel()),
    Relation("one_too_many", "It is one too many.", lambda r: r + 1),
    Relation("one_too_few", "It is one too few.", lambda r: r - 1),
    Relation("squared", "Your values are the squares of the right ones. Is a square root missing?", np.square),
    Relation("root_taken", "Your values are the square roots of the right ones.", lambda r: np.sqrt(np.abs(r))),
    Relation("scaled_to_one", "Your values are divided by their largest one. They keep their size here.", lambda r: r / np.abs(r).max(initial=1e-300)),
    Relation("divided_by_255", "Your values are divided by 255. They keep their size here.", lambda r: r / 255),
    Relation("multiplied_by_255", "Your values are multiplied by 255.", lambda r: r * 255),
)  # fmt: skip


def common_mistake(
    got: Sequence[Any], expected: Sequence[Any], first_arguments: Sequence[Any], tolerance: float
) -> Cause | None:
    """Recognise a relation between wrong and right that needs no knowledge of the exercise.

    Parameters
    ----------
    got, expected : sequences
        The failing cases only: what came back, what should have.
    first_arguments : sequence
        The first argument of each of these calls.
    tolerance : float

    Returns
    -------
    Cause or None
    """
    if not got or not all(isinstance(value, np.ndarray) or number(value) for value in got):
        return None
    if not all(isinstance(value, np.ndarray) or number(value) for value in expected):
        return None
    mine = [np.asarray(value) for value in got]
    right = [np.asarray(value, dtype=float) for value in expected]
    if any(value.dtype.kind not in "iuf" for value in mine):
        return None

    def holds(change: Callable[[np.ndarray], np.ndarray]) -> bool:
        with np.errstate(all="ignore"):
            return all(same_value(m, change(r), tolerance) for m, r in zip(mine, right, strict=True))

    for relation in RELATIONS:
        if holds(relation.change):
            return Cause(relation.id, relation.message)
    if all(same_value(m, np.asarray(a), tolerance) for m, a in zip(mine, first_arguments, strict=True)
           if isinstance(a, np.ndarray)) and any(isinstance(a, np.ndarray) for a in first_arguments):  # fmt: skip
        return Cause("input_returned", "Your function gives its input back unchanged.")
    return by_shape(mine, right) or by_size(mine, right, tolerance) or by_place(mine, right, tolerance)


def by_shape(mine: list[np.ndarray], right: list[np.ndarray]) -> Cause | None:
    """Say what is wrong with the shape, when it is wrong in the same way everywhere."""
    if any(m.ndim != r.ndim or r.ndim == 0 for m, r in zip(mine, right, strict=True)):
        return None
    steps = {
        tuple(a - b for a, b in zip(m.shape, r.shape, strict=True))
        for m, r in zip(mine, right, strict=True)
    }
    if len(steps) == 1 and any(step := steps.pop()):
        size = "large" if sum(step) > 0 else "small"
        by = ", ".join(f"{abs(n)} {axis}" for n, axis in zip(step, ("rows", "columns"), strict=False) if n)
        return Cause("off_by_one_size", f"The result is always too {size} by {by or 'some'}.")
    if all(m.shape == r.shape[::-1] for m, r in zip(mine, right, strict=True)) and steps:
        return Cause("axes_swapped", "Height and width are swapped: rows come first, then columns.")
    return None


def by_size(mine: list[np.ndarray], right: list[np.ndarray], tolerance: float) -> Cause | None:
    """Recognise answers that are constant, or off by one factor or one summand."""
    if any(m.shape != r.shape for m, r in zip(mine, right, strict=True)):
        return None
    if all(m.size > 1 and (m == m.flat[0]).all() for m in mine):
        value = {float(m.flat[0]) for m in mine}
        told = f"{value.pop():g}" if len(value) == 1 else "the same"
        return Cause("constant", f"The shape is right, but every value is {told}.")
    m, r = np.concatenate([m.ravel() for m in mine]), np.concatenate([r.ravel() for r in right])
    m = m.astype(float)
    if len(m) < 2 or not (np.isfinite(m).all() and np.isfinite(r).all()):
        return None
    if (m == m[0]).all():
        return Cause("constant", f"It is {m[0]:g} whatever it is called with.")
    largest = np.abs(r).argmax()
    factor = m[largest] / r[largest] if r[largest] else 0.0
    if factor and np.allclose(m, factor * r, rtol=0, atol=tolerance * abs(factor * r[largest])):
        return Cause("scaled", f"Every value is {factor:.4g} times the right one.")
    if np.allclose(m - r, m[0] - r[0], rtol=0, atol=tolerance * max(1.0, abs(r[largest]))):
        return Cause("offset", f"Every value is off by {m[0] - r[0]:+.4g}.")
    return None


def by_place(mine: list[np.ndarray], right: list[np.ndarray], tolerance: float) -> Cause | None:
    """Recognise answers that are wrong only in certain rows and columns."""
    if any(m.shape != r.shape or m.ndim < 2 for m, r in zip(mine, right, strict=True)):
        return None
    wrong = [~close(m, r, tolerance) for m, r in zip(mine, right, strict=True)]
    if any(w.all() for w in wrong):
        return None
    for identifier, words, part in (
        ("last_row_wrong", "the last row", np.s_[:-1]),
        ("last_column_wrong", "the last column", np.s_[:, :-1]),
        ("first_row_wrong", "the first row", np.s_[1:]),
        ("first_column_wrong", "the first column", np.s_[:, 1:]),
        ("last_row_and_column_wrong", "the last row and the last column", np.s_[:-1, :-1]),
        ("first_row_and_column_wrong", "the first row and the first column", np.s_[1:, 1:]),
        ("border_wrong", "the outermost rows and columns", np.s_[1:-1, 1:-1]),
    ):
        if all(w[part].size and not w[part].any() for w in wrong):
            return Cause(identifier, f"Only {words} differ; all the rest is right.")
    return None
