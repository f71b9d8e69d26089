"""Judging one answer: attempted? called on copies, type, shape, values, mistakes."""

import time
from collections.abc import Sequence
from functools import lru_cache, partial
from typing import Any

import numpy as np

from course.checking import explaining
from course.checking.calling import (
    Outcome,
    TimeLimitReached,
    call_on_copies,
    kept_quiet,
    wrong_signature,
)
from course.checking.comparing import Difference, difference
from course.checking.patterns import Cause, by_case
from course.checking.recognising import common_mistake, own_mistake
from course.checking.result import Result
from course.exercises import EXERCISES, Call, Exercise, call

NOTEBOOK_SEED = 577
"""Cases in a notebook are the same every time, so that a message can be thought about."""


class NotDefined:
    """Stands for an answer whose name does not exist."""


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
    if answer is Ellipsis or answer is NotDefined:
        return not_attempted(exercise, answer)
    if exercise.kind == "value":
        judged = judge_value(exercise, answer)
    elif (problem := wrong_kind(exercise, answer)) is not None:
        judged = failed(exercise, "wrong_type", [problem])
    elif exercise.by_behaviour:
        judged = judge_behaviour(exercise, answer)
    else:
        judged = judge_calls(exercise, answer, seed)
    return judged


def passed(exercise: Exercise, note: str = "") -> Result:
    """Full points."""
    message = "\n\n".join(filter(None, ["Right.", note]))
    return Result(exercise.key, "passed", None, message, exercise.points, exercise.points)


def failed(exercise: Exercise, mistake: str | None, parts: Sequence[str]) -> Result:
    """No points, and the parts of the message in their order, empty ones left out."""
    hint = f"Stuck? check.{exercise.key}.hint() asks a question that helps."
    message = "\n\n".join([*filter(None, parts), hint])
    return Result(exercise.key, "failed", mistake, message, 0, exercise.points)


def not_attempted(exercise: Exercise, answer: Any) -> Result:
    """Nothing to judge yet."""
    if answer is NotDefined:
        message = (
            f"There is no `{exercise.key}` yet. Run the cell that defines it first; "
            "its name must be spelled like this."
        )
    else:
        message = f"Write your answer in the cell of `{exercise.key}`, run it, then run this again."
    return Result(exercise.key, "not_attempted", None, message, 0, exercise.points)


def wrong_kind(exercise: Exercise, answer: Any) -> str | None:
    """Say what is wrong when a function or class is wanted and something else came."""
    if isinstance(answer, type) if exercise.kind == "class" else callable(answer):
        return None
    return (
        f"Given: {explaining.written(answer)}\n\nA {exercise.kind} is wanted. "
        f"Pass `{exercise.key}` itself, without calling it: check.{exercise.key}({exercise.key})"
    )


def judge_value(exercise: Exercise, answer: Any) -> Result:
    """Judge an answer that is a value."""
    if answer is None:
        empty = f"`{exercise.key}` is None: it has no value yet."
        return failed(exercise, "returned_none", [empty])
    if exercise.by_behaviour:
        return judge_behaviour(exercise, answer)
    found = difference(answer, exercise.reference, exercise.tolerance, "nothing")
    if found is None:
        return passed(exercise)
    outcomes = [Outcome(value=answer)]
    cause = own_mistake(
        exercise, outcomes, [0], lambda index, case: Outcome(value=exercise.mistakes[index].answer)
    )
    parts = [f"Given: {explaining.written(answer)}", found.where, cause.message if cause else ""]
    return failed(exercise, cause.id if cause else specific(found), parts)


def judge_behaviour(exercise: Exercise, answer: Any) -> Result:
    """Judge by what the answer does: right when the test of no mistake fires."""
    with kept_quiet() as printed:
        seen = call_on_copies(exercise.observe or same_answer, call(answer), exercise.seconds)
        given = f"Given: {explaining.written(answer)}"
        if isinstance(seen.error, NotImplementedError):
            return not_attempted(exercise, answer)
        if seen.error is not None:
            problem = explaining.raised(seen.error, exercise.seconds)
            return failed(
                exercise, error_id(seen.error), [given, problem, explaining.printing(printed)]
            )
        for mistake in exercise.mistakes:
            assert mistake.test is not None, mistake.id
            fired = call_on_copies(mistake.test, call(seen.value), exercise.seconds)
            if fired.error is not None or fired.value:
                parts = [given, mistake.message, explaining.printing(printed)]
                return failed(exercise, mistake.id, parts)
    return passed(exercise, explaining.printing(printed))


def same_answer(answer: Any) -> Any:
    """Observe an answer that needs no running."""
    return answer


def judge_calls(exercise: Exercise, answer: Any, seed: int) -> Result:
    """Judge a function by calling it on every case."""
    calls, expected = known(exercise.key, seed)
    outcomes: list[Outcome] = []
    with kept_quiet() as printed:
        start = time.monotonic()
        for arguments in calls:
            left = max(exercise.seconds - (time.monotonic() - start), 0.01)
            outcomes.append(call_on_copies(answer, arguments, left))
            if isinstance(outcomes[-1].error, TimeLimitReached | NotImplementedError):
                break
    if isinstance(outcomes[0].error, NotImplementedError):
        return not_attempted(exercise, answer)

    found = [
        finding(exercise, outcome, right, "all" if index < len(exercise.examples) else "place")
        for index, (outcome, right) in enumerate(zip(outcomes, expected, strict=False))
    ]
    failing = [index for index, problem in enumerate(found) if problem is not None]
    if not failing:
        return passed(exercise, explaining.printing(printed))

    cause = cause_of(exercise, answer, seed, outcomes, failing, calls, expected)
    raising = [index for index in failing if outcomes[index].error is not None]
    first = failing[0] if cause or not raising else raising[0]  # an error says most about itself
    problem = found[first]
    assert problem is not None
    outcome = outcomes[first]
    back = (
        explaining.raised(outcome.error, exercise.seconds)
        if outcome.error is not None
        else explaining.came_back(outcome.value)
    )
    parts = [
        explaining.called(exercise, calls[first]),
        back,
        problem.where,
        cause.message if cause else "",
        explaining.printing(printed),
    ]
    return failed(exercise, cause.id if cause else specific(problem), parts)


def finding(exercise: Exercise, outcome: Outcome, right: Any, reveal: Any) -> Difference | None:
    """The first thing wrong with one call, or None."""
    if outcome.error is not None:
        return Difference(error_id(outcome.error), "")
    if outcome.changed is not None:
        return Difference(
            "changed_input",
            f"It changed its argument `{outcome.changed}`. Whoever calls it still needs that: "
            "work on a copy, or in a new array.",
        )
    return difference(outcome.value, right, exercise.tolerance, reveal)


def error_id(error: BaseException) -> str:
    """The mistake's id when the learner's code raised."""
    return "endless" if isinstance(error, TimeLimitReached) else "raised"


def specific(found: Difference) -> str | None:
    """The id of a difference, where it already names the mistake."""
    return None if found.id in ("wrong_values", "wrong_shape") else found.id


def cause_of(
    exercise: Exercise,
    answer: Any,
    seed: int,
    outcomes: Sequence[Outcome],
    failing: Sequence[int],
    calls: Sequence[Call],
    expected: Sequence[Any],
) -> Cause | None:
    """Name the mistake: a signature that does not fit, the exercise's own, then a common one."""
    if isinstance(outcomes[failing[0]].error, TypeError):
        misfit = wrong_signature(answer, calls[failing[0]])
        if misfit:
            return Cause(
                "wrong_signature",
                f"Your function can't be called like this: {misfit}. "
                "Keep the arguments that the exercise gives, in their order.",
            )
    ended = [i for i in failing if not isinstance(outcomes[i].error, TimeLimitReached)]
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
def known(key: str, seed: int) -> tuple[tuple[Call, ...], tuple[Any, ...]]:
    """The calls of an exercise, public ones first, and what the reference gives for each."""
    exercise = EXERCISES[key]
    calls = (*exercise.examples, *exercise.cases(np.random.default_rng(seed)))
    outcomes = [call_on_copies(exercise.reference, one, 60.0) for one in calls]
    return calls, tuple(outcome.value for outcome in outcomes)


@lru_cache(maxsize=2**15)
def mistaken(key: str, seed: int, index: int, case: int) -> Outcome:
    """What one mistake of an exercise gives on one call."""
    exercise = EXERCISES[key]
    arguments = known(key, seed)[0][case]
    return call_on_copies(exercise.mistakes[index].answer, arguments, exercise.seconds)
