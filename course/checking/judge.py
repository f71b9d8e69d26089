"""Judging one answer: attempted? type, shape, values, mistakes.

The learner's own code is not run here: `looking` has done that.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from course.checking import explaining
from course.checking.calling import Outcome, call_on_copies, kept_quiet
from course.checking.comparing import difference
from course.checking.looking import Answer, NotDefined, Request, can_be_tried_as, in_words, look
from course.checking.naming import calls_of, examine, own_value, solved_calls, specific
from course.checking.opening import opening
from course.checking.picturing import comparison
from course.checking.result import Result
from course.checking.slips import slips
from course.checking.talking import Talk, again, attended
from course.exercises import ByCalls, ByObservation, Exercise, call
from course.exercises.trials.rebuilding import Refused, run

NOTEBOOK_SEED = 577
"""Cases in a notebook are the same every time, so that a message can be thought about."""

OF_ANOTHER_KIND = (
    "Something in your answer is of another kind than the exercise asks for, an array where a number "
    "belongs, say. Compare it with the example in the text, entry by entry."
)

NO_RETURN = (
    "In other calls something came back. On the way that this one takes through your function "
    "there is no `return`: does one stand under an `if`, and nothing after it?"
)

__all__ = [
    "NOTEBOOK_SEED",
    "NotDefined",
    "judge",
    "request_for",
    "seen_of",
    "solved_calls",
    "talk_about",
    "verdict",
]


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
    result = verdict(exercise, seen_of(exercise, answer, seed), seed)
    if result.status != "failed" or exercise.kind == "value":
        return result
    # What came back tells its cause first, unless that it is what went in: then some line does nothing.
    named = result.mistake in {one.id for one in exercise.mistakes} - {"unchanged"}
    parts = result.message.split("\n\n")
    parts[named:named] = slips(answer)
    return replace(result, message="\n\n".join(parts))


def seen_of(exercise: Exercise, answer: Any, seed: int) -> Answer:
    """Look at an answer, and say what it asks for meanwhile."""
    talk = talk_about(exercise, seed)
    request = request_for(exercise, seed)
    seen = look(request, answer, talk.ask) if talk else look(request, answer)
    return attended(seen, talk, run)


def talk_about(exercise: Exercise, seed: int) -> Talk | None:
    """Begin the judge's side of an observation; None where nothing is observed."""
    if exercise.kind == "value" or not getattr(exercise, "observe", None):
        return None
    return Talk(exercise, seed)


def request_for(exercise: Exercise, seed: int) -> Request:
    """Say how to look at an answer to an exercise. There is nothing of the right answer in it."""
    request = Request(exercise.kind, exercise.seconds, largest=exercise.largest)
    if exercise.kind == "value":
        return request
    if isinstance(exercise, ByObservation):
        return request._replace(observe=exercise.observe)
    assert isinstance(exercise, ByCalls), exercise.key
    return request._replace(calls=calls_of(exercise.key, seed), observe=exercise.observe)


def verdict(exercise: Exercise, answer: Answer, seed: int) -> Result:
    """Judge what was seen of an answer.

    Parameters
    ----------
    exercise : Exercise
    answer : Answer
        As seen on the request that `request_for` makes of the same exercise and seed, with what
        was said meanwhile.
    seed : int

    Returns
    -------
    Result
    """
    if answer.kind in ("undefined", "unattempted"):
        return not_attempted(exercise, answer.kind)
    if exercise.kind == "value":
        return judge_value(exercise, answer)
    if not can_be_tried_as(exercise.kind, answer.kind):
        wanted = (
            f"A {exercise.kind} is wanted, and this is none. Either the name `{exercise.key}` was "
            f"given to a value after the {exercise.kind} was defined: then run its cell again. Or "
            f"it was called on the way: the check takes the {exercise.kind} itself, "
            f"check.{exercise.key}({exercise.key})."
        )
        return failed(exercise, "wrong_type", [explaining.given(answer.written), wanted])
    if isinstance(exercise, ByCalls):
        return judge_calls(exercise, answer, seed)
    return judge_observed(exercise, answer, heard(exercise, answer, seed))


def passed(exercise: Exercise, note: str = "") -> Result:
    """Full points."""
    message = "\n\n".join(filter(None, ["Right.", note]))
    return Result(exercise.key, "passed", None, message, exercise.points, exercise.points)


def failed(exercise: Exercise, mistake: str | None, parts: Sequence[str]) -> Result:
    """No points, and the parts of the message in their order, empty ones left out."""
    hint = f"Stuck? `check.{exercise.key}.hint()` asks a question that helps."
    message = "\n\n".join([*filter(None, parts), hint])
    return Result(exercise.key, "failed", mistake, message, 0, exercise.points)


def not_attempted(exercise: Exercise, kind: str = "unattempted", told: str = "") -> Result:
    """Nothing to judge yet; `told` says why, where there is more to say."""
    if told:
        message = told
    elif kind == "undefined":
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
    cause = own_value(exercise, answer.value, found)
    parts = [cause.message if cause else "", explaining.given(answer.written), found.where]
    return failed(exercise, cause.id if cause else specific(found), parts)


def heard(exercise: Exercise, answer: Answer, seed: int) -> Outcome:
    """What the judge's side saw of an observation."""
    observed = answer.outcomes[-1]
    return observed if observed.error else Outcome(again(exercise, seed, answer.said))


def judge_observed(exercise: Exercise, answer: Answer, seen: Outcome) -> Result:
    """Judge by what was seen of the answer: right when the test of no mistake fires."""
    given = explaining.given(answer.written)
    if seen.error is not None:
        if seen.error.id == "unattempted":
            return not_attempted(exercise)
        if exercise.kind == "value" and seen.error.id == "raised":  # not in the learner's code
            return failed(exercise, None, [OF_ANOTHER_KIND, given, answer.printed])
        return failed(exercise, seen.error.id, [given, seen.error.told, answer.printed])
    if isinstance(seen.value, Refused):
        why = f"It can't be tried outside of your notebook. {seen.value}"
        return failed(exercise, "raised", [given, why, answer.printed])
    odd = False
    for mistake in exercise.mistakes:
        if mistake.test is None:
            continue  # one that calls show
        with kept_quiet():
            fired = call_on_copies(mistake.test, call(seen.value), exercise.seconds)
        if fired.error is not None:
            odd = True  # nothing is known of this mistake, so it is not named
        elif fired.value:
            return failed(exercise, mistake.id, [mistake.message, given, answer.printed])
    if odd:
        return failed(exercise, None, [OF_ANOTHER_KIND, given, answer.printed])
    return passed(exercise, answer.printed)


def gave_something(outcomes: Sequence[Outcome]) -> bool:
    """Whether any of these calls gave something back."""
    return any(one.error is None and one.value is not None for one in outcomes)


def judge_calls(exercise: ByCalls, answer: Answer, seed: int) -> Result:
    """Judge a function by what it gave on every case."""
    calls, expected = solved_calls(exercise.key, seed)
    outcomes = answer.outcomes
    if outcomes[0].error is not None and outcomes[0].error.id == "unattempted":
        return not_attempted(exercise, told=outcomes[0].error.told)

    findings = examine(exercise, answer, seed)
    if findings is None and exercise.observe is not None and outcomes[-1].error is None:
        # What can't be observed is no fault.
        return judge_observed(exercise, answer, heard(exercise, answer, seed))
    if findings is None:
        return passed(exercise, answer.printed)
    first, cause = findings.telling[0], findings.cause
    problem = findings.found[first]
    assert problem is not None
    outcome = outcomes[first]
    parts = [
        cause.message if cause else "",
        explaining.called(exercise, calls[first]),
        outcome.error.told if outcome.error is not None else explaining.came_back(outcome.value),
        problem.where,
        NO_RETURN
        if problem.id == "returned_none" and gave_something(outcomes[: len(calls)])
        else "",
        answer.printed,
    ]
    name = cause.id if cause and cause.id else specific(problem)
    return replace(
        failed(exercise, name, parts),
        comparison=comparison(exercise, calls, outcomes, expected, findings.found, first),
        opening=opening(exercise, calls, outcomes, findings.found, first),
    )
