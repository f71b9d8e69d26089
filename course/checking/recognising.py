"""Naming the mistake behind wrong answers.

First the exercise's own mistakes: their wrong implementations are run on the same cases, and the
one that gives what the learner's code gave is the cause. Then relations that hold between a wrong
and a right answer whatever the exercise: negated, transposed, rolled, truncated and so on.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from course.checking.calling import Outcome
from course.checking.comparing import close, number
from course.checking.patterns import PATTERNS, Cause
from course.checking.relations import RELATIONS
from course.exercises.exercise import Exercise


def same(one: Outcome, other: Outcome, tolerance: float) -> bool:
    """Whether two calls gave the same: equal values, or an error of the same type."""
    if one.error is not None or other.error is not None:
        return getattr(one.error, "type", None) == getattr(other.error, "type", None)
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
        ``wrong_outcome(i, case)``: what ``exercise.wrong[i]`` gives on one of these cases.

    Returns
    -------
    Cause or None
        The mistake that explains most of the failing cases, at least half of them; among
        equals the one that also agrees on most of the other cases, then the first named.
        Errors of one type are not enough: there are many ways to an IndexError. One value,
        or one error's text, has to be the same.
    """
    rest = [case for case in range(len(outcomes)) if case not in failing]

    def agrees(index: int, case: int) -> bool:
        return same(outcomes[case], wrong_outcome(index, case), exercise.tolerance)

    def alike(index: int, case: int) -> bool:
        mine, theirs = outcomes[case].error, wrong_outcome(index, case).error
        return agrees(index, case) and getattr(mine, "text", "") == getattr(theirs, "text", "")

    # An exercise may have hundreds of wrong answers. Those that explain the first case come first: as
    # a rule one of them explains all, and the others need not be run on the other cases.
    order = sorted(range(len(exercise.wrong)), key=lambda index: not agrees(index, failing[0]))
    best, best_score = None, (0, 0, 0)
    for index in order:
        agreed = 0
        for done, case in enumerate(failing):
            if 2 * (agreed + len(failing) - done) < len(failing):
                break
            agreed += agrees(index, case)
        if 2 * agreed < len(failing) or not any(alike(index, case) for case in failing):
            continue
        everywhere = agreed + sum(agrees(index, case) for case in rest)
        if (score := (agreed, everywhere, -index)) > best_score:
            mistake, _ = exercise.wrong[index]
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
        return next(
            (found for find in PATTERNS if (found := find(mine, right, tolerance)) is not None),
            None,
        )


def all_same(some: Iterable[Any], others: Iterable[Any], tolerance: float) -> bool:
    """Whether the values of two sequences agree pair by pair."""
    return all(same_value(one, other, tolerance) for one, other in zip(some, others, strict=True))
