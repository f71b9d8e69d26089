"""Judging one answer: attempted? type, shape, values, mistakes.

The learner's own code is not run here: `looking` has done that.
"""

from collections.abc import Sequence
from functools import lru_cache, partial
from typing import Any

import numpy as np

from course.checking import explaining
from course.checking.calling import Outcome, call_on_copies, kept_quiet
from course.checking.comparing import Difference, difference
from course.checking.looking import Answer, NotDefined, Raised, Request, fits, in_words, look
from course.checking.patterns import Cause, by_case
from course.checking.picturing import Comparison, comparison
from course.checking.recognising import common_mistake, own_mistake
from course.checking.result import Result
from course.exercises import EXERCISES, ByCalls, ByObservation, Call, Exercise, call

NOTEBOOK_SEED = 577
"""Cases in a notebook are the same every time, so that a message can be thought about."""

__all__ = ["NOTEBOOK_SEED", "NotDefined", "judge", "request_for", "verdict"]


def judge(exercise: Exercise, answer: Any, seed: int = NOTEBOOK_SEED) -> Result:
    """Judge an answer.

    Parameters
    ----------
    exercise : Exercise
    answer : object
        What the learner wrote: a function, a class or a value. `NotDefined` if nothing.
    seed : int
        Seed of the hidden cases.

    Returns
    -------
    Result
    """
    return verdict(exercise, look(request_for(exercise, seed), answer), seed)


def request_for(exercise: Exercise, seed: int) -> Request:
    """Say how to look at an answer to an exercise. There is nothing of the right answer in it."""
    if exercise.kind == "value":
        return Request("value", exercise.seconds)
    if isinstance(exercise, ByObservation):
        return Request(exercise.kind, exercise.seconds, observe=exercise.observe, seed=seed)
    return Request(exercise.kind, exercise.seconds, calls=calls_of(exercise.key, seed))


def verdict(exercise: Exercise, answer: Answer, seed: int) -> Result:
    """Judge what was seen of an answer.

    Parameters
    ----------
    exercise : Exercise
    answer : Answer
        As seen on the request that `request_for` makes of the same exercise and seed.
    seed : int

    Returns
    -------
    Result
    """
    if answer.kind in ("undefined", "unattempted"):
        return not_attempted(exercise, answer.kind)
    if exercise.kind == "value":
        return judge_value(exercise, answer)
    if not fits(exercise.kind, answer.kind):
        wanted = (
            f"A {exercise.kind} is wanted. Pass `{exercise.key}` itself, without calling it: "
            f"check.{exercise.key}({exercise.key})"
        )
        return failed(exercise, "wrong_type", [f"Given: {answer.written}", wanted])
    if isinstance(exercise, ByCalls):
        return judge_calls(exercise, answer, seed)
    return judge_observed(exercise, answer, answer.outcomes[0])


def passed(exercise: Exercise, note: str = "") -> Result:
    """Full points."""
    message = "\n\n".join(filter(None, ["Right.", note]))
    return Result(exercise.key, "passed", None, message, exercise.points, exercise.points)


def failed(
    exercise: Exercise,
    mistake: str | None,
    parts: Sequence[str],
    seen: Comparison | None = None,
) -> Result:
    """No points, and the parts of the message in their order, empty ones left out."""
    hint = f"Stuck? check.{exercise.key}.hint() asks a question that helps."
    message = "\n\n".join([*filter(None, parts), hint])
    return Result(exercise.key, "failed", mistake, message, 0, exercise.points, seen)


def not_attempted(exercise: Exercise, kind: str = "unattempted") -> Result:
    """Nothing to judge yet."""
    if kind == "undefined":
        message = (
            f"There is no `{exercise.key}` yet. Run the cell that defines it first; "
            "its name must be spelled like this."
        )
    else:
        message = f"Write your answer in the cell of `{exercise.key}`, run it, then run this again."
    return Result(exercise.key, "not_attempted", None, message, 0, exercise.points)


def judge_value(exercise: Exercise, answer: Answer) -> Result:
    """Judge an answer that is a value."""
    if answer.value is None:
        empty = f"`{exercise.key}` is None: it has no value yet."
        return failed(exercise, "returned_none", [empty])
    if isinstance(exercise, ByObservation):
        with kept_quiet() as printed:  # a value may be an object with code of its own
            seen = call_on_copies(exercise.observe, call(answer.value), exercise.seconds)
        answer = answer._replace(printed=explaining.printing(printed))
        return judge_observed(exercise, answer, in_words(seen, exercise.seconds))
    found = difference(answer.value, exercise.reference, exercise.tolerance, "nothing")
    if found is None:
        return passed(exercise)
    outcomes = [Outcome(value=answer.value)]
    cause = own_mistake(
        exercise, outcomes, [0], lambda index, case: Outcome(value=exercise.wrong[index][1])
    )
    parts = [f"Given: {answer.written}", found.where, cause.message if cause else ""]
    return failed(exercise, cause.id if cause else specific(found), parts)


def judge_observed(exercise: Exercise, answer: Answer, seen: Outcome) -> Result:
    """Judge by what was seen of the answer: right when the test of no mistake fires."""
    given = f"Given: {answer.written}"
    if seen.error is not None:
        if seen.error.id == "unattempted":
            return not_attempted(exercise)
        return failed(exercise, seen.error.id, [given, seen.error.told, answer.printed])
    for mistake in exercise.mistakes:
        assert mistake.test is not None, mistake.id
        with kept_quiet():
            fired = call_on_copies(mistake.test, call(seen.value), exercise.seconds)
        if fired.error is not None or fired.value:
            return failed(exercise, mistake.id, [given, mistake.message, answer.printed])
    return passed(exercise, answer.printed)


def judge_calls(exercise: ByCalls, answer: Answer, seed: int) -> Result:
    """Judge a function by what it gave on every case."""
    calls, expected = known(exercise.key, seed)
    outcomes = answer.outcomes
    if outcomes[0].error is not None and outcomes[0].error.id == "unattempted":
        return not_attempted(exercise)

    found = [
        finding(exercise, outcome, right, "all" if index < len(exercise.examples) else "place")
        for index, (outcome, right) in enumerate(zip(outcomes, expected, strict=False))
    ]
    failing = [index for index, problem in enumerate(found) if problem is not None]
    if not failing:
        return passed(exercise, answer.printed)

    cause = cause_of(exercise, seed, outcomes, failing, calls, expected)
    raising = [index for index in failing if outcomes[index].error is not None]
    first = failing[0] if cause or not raising else raising[0]  # an error says most about itself
    problem = found[first]
    assert problem is not None
    outcome = outcomes[first]
    parts = [
        explaining.called(exercise, calls[first]),
        outcome.error.told if outcome.error is not None else explaining.came_back(outcome.value),
        problem.where,
        cause.message if cause else "",
        answer.printed,
    ]
    seen = comparison(exercise, calls, outcomes, expected, found, first)
    return failed(exercise, cause.id if cause else specific(problem), parts, seen)


def finding(exercise: Exercise, outcome: Outcome, right: Any, reveal: Any) -> Difference | None:
    """The first thing wrong with one call, or None."""
    if outcome.error is not None:
        return Difference("endless" if outcome.error.id == "endless" else "raised", "")
    if outcome.changed is not None:
        return Difference(
            "changed_input",
            f"It changed its argument `{outcome.changed}`. Whoever calls it still needs that: "
            "work on a copy, or in a new array.",
        )
    return difference(outcome.value, right, exercise.tolerance, reveal)


def specific(found: Difference) -> str | None:
    """The id of a difference, where it already names the mistake."""
    return None if found.id in ("wrong_values", "wrong_shape") else found.id


def cause_of(
    exercise: Exercise,
    seed: int,
    outcomes: Sequence[Outcome],
    failing: Sequence[int],
    calls: Sequence[Call],
    expected: Sequence[Any],
) -> Cause | None:
    """Name the mistake: a signature that does not fit, the exercise's own, then a common one."""
    first = outcomes[failing[0]].error
    if isinstance(first, Raised) and first.misfit:
        return Cause(
            "wrong_signature",
            f"Your function can't be called like this: {first.misfit}. "
            "Keep the arguments that the exercise gives, in their order.",
        )
    ended = [i for i in failing if outcomes[i].error is None or outcomes[i].error.id != "endless"]
    if ended:
        with kept_quiet():
            own = own_mistake(exercise, outcomes, ended, partial(mistaken, exercise.key, seed))
        if own:
            return own
    valued = [i for i in failing if outcomes[i].error is None and outcomes[i].changed is None]
    if len(valued) < len(failing):
        return None
    common = common_mistake(
        [outcomes[i].value for i in valued],
        [expected[i] for i in valued],
        [calls[i].args[0] if calls[i].args else None for i in valued],
        exercise.tolerance,
    )
    return common or by_case(calls[: len(outcomes)], failing)


@lru_cache(maxsize=512)
def calls_of(key: str, seed: int) -> tuple[Call, ...]:
    """The calls of an exercise, public ones first."""
    exercise = EXERCISES[key]
    assert isinstance(exercise, ByCalls), key
    return (*exercise.examples, *exercise.cases(np.random.default_rng(seed)))


@lru_cache(maxsize=512)
def known(key: str, seed: int) -> tuple[tuple[Call, ...], tuple[Any, ...]]:
    """The calls of an exercise, and what the reference gives for each."""
    calls = calls_of(key, seed)
    exercise = EXERCISES[key]
    assert isinstance(exercise, ByCalls), key
    right = exercise.expected or exercise.reference
    outcomes = [call_on_copies(right, one, 60.0) for one in calls]
    for outcome in outcomes:
        if outcome.error is not None:
            raise RuntimeError(f"the reference of {key} fails") from outcome.error
    return calls, tuple(outcome.value for outcome in outcomes)


@lru_cache(maxsize=2**15)
def mistaken(key: str, seed: int, index: int, case: int) -> Outcome:
    """What one way to a mistake of an exercise gives on one call."""
    exercise = EXERCISES[key]
    arguments = calls_of(key, seed)[case]
    outcome = call_on_copies(exercise.wrong[index][1], arguments, exercise.seconds)
    return in_words(outcome, exercise.seconds)
