"""Naming the mistake behind wrong answers.

First the exercise's own mistakes: their wrong implementations are run on the same cases, and the
one that gives what the learner's code gave is the cause. Then relations that hold between a wrong
and a right answer whatever the exercise: negated, transposed, rolled, truncated and so on.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np

from course.checking.calling import Outcome
from course.checking.comparing import close, number
from course.checking.relations import RELATIONS
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


def own_mistake(
    exercise: Exercise,
    outcomes: Sequence[Outcome],
    failing: Sequence[int],
    wrong_outcome: Callable[[int, int], Outcome],
) -> Cause | None:
    """Recognise one of the exercise's own mistakes.

    Parameters
    ----------
    exercise : Exercise
    outcomes : sequence of Outcome
        What the learner's code gave, case by case.
    failing : sequence of int
        The cases on which it is wrong.
    wrong_outcome : callable
        ``wrong_outcome(i, case)``: what mistake ``i`` gives on one of these cases.

    Returns
    -------
    Cause or None
        The mistake that explains most of the failing cases, at least half of them; among
        equals the one that also agrees on most of the other cases, then the first named.
    """
    rest = [case for case in range(len(outcomes)) if case not in failing]

    def agrees(index: int, case: int) -> bool:
        return same(outcomes[case], wrong_outcome(index, case), exercise.tolerance)

    # An exercise may have a hundred mistakes. Those that explain the first case come first: as
    # a rule one of them explains all, and the others need not be run on the other cases.
    order = sorted(range(len(exercise.mistakes)), key=lambda index: not agrees(index, failing[0]))
    best, best_score = None, (0, 0, 0)
    for index in order:
        agreed = 0
        for done, case in enumerate(failing):
            if 2 * (agreed + len(failing) - done) < len(failing):
                break
            agreed += agrees(index, case)
        if 2 * agreed < len(failing):
            continue
        everywhere = agreed + sum(agrees(index, case) for case in rest)
        if (score := (agreed, everywhere, -index)) > best_score:
            mistake = exercise.mistakes[index]
            best, best_score = Cause(mistake.id, mistake.message), score
        if everywhere == len(outcomes):
            break
    return best


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
    if not got or not all(isinstance(v, np.ndarray) or number(v) for v in (*got, *expected)):
        return None
    mine = [np.asarray(value) for value in got]
    right = [np.asarray(value, dtype=float) for value in expected]
    if any(value.dtype.kind not in "iuf" for value in mine):
        return None
    with np.errstate(all="ignore"):
        for relation in RELATIONS:
            if all_same(mine, map(relation.change, right), tolerance):
                return Cause(relation.id, relation.message)
        if all_same(mine, first_arguments, tolerance):
            return Cause("input_returned", "Your function gives its input back unchanged.")
        return (
            by_shape(mine, right)
            or by_size(mine, right, tolerance)
            or by_place(mine, right, tolerance)
        )


def all_same(some: Iterable[Any], others: Iterable[Any], tolerance: float) -> bool:
    """Whether the values of two sequences agree pair by pair."""
    return all(same_value(one, other, tolerance) for one, other in zip(some, others, strict=True))


def by_shape(mine: list[np.ndarray], right: list[np.ndarray]) -> Cause | None:
    """Say what is wrong with the shape, when it is wrong in the same way everywhere."""
    shapes = [(m.shape, r.shape) for m, r in zip(mine, right, strict=True)]
    if any(len(ours) != len(theirs) or not theirs for ours, theirs in shapes):
        return None
    if all(ours == theirs for ours, theirs in shapes):
        return None
    if all(ours == theirs[::-1] for ours, theirs in shapes):
        return Cause("axes_swapped", "Height and width are swapped: rows come first, then columns.")
    steps = {tuple(np.subtract(ours, theirs).tolist()) for ours, theirs in shapes}
    if len(steps) > 1:
        return None
    names = {1: ("values",), 2: ("rows", "columns"), 3: ("rows", "columns", "channels")}
    axes = names.get(len(shapes[0][0]), ("images", "rows", "columns", "channels"))
    by = ", ".join(
        f"{abs(step)} {axis if abs(step) > 1 else axis.removesuffix('s')} too {size}"
        for step, axis in zip(steps.pop(), axes, strict=False)
        if step and (size := "many" if step > 0 else "few")
    )
    return Cause("off_by_one_size", f"The result always has {by}.")


def by_size(mine: list[np.ndarray], right: list[np.ndarray], tolerance: float) -> Cause | None:
    """Recognise answers that are constant, or off by one factor or one summand."""
    if any(m.shape != r.shape for m, r in zip(mine, right, strict=True)):
        return None
    if all(m.size > 1 and (m == m.flat[0]).all() for m in mine):
        value = {float(m.flat[0]) for m in mine}
        told = f"{value.pop():g}" if len(value) == 1 else "the same"
        return Cause("constant", f"The shape is right, but every value is {told}.")
    m, r = (np.concatenate([a.ravel().astype(float) for a in arrays]) for arrays in (mine, right))
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
