"""What an author's own functions do beside the answers: tests, families, observations, windows.

A check goes on where one of them raises, as it has to with a stranger's answer. So a misspelt name
in it would be taken for the learner's fault, or never be heard of.
"""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from course.authoring.strange import observed
from course.checking.calling import call_on_copies, kept_quiet
from course.checking.judge import NOTEBOOK_SEED, seen_of, talk_about
from course.checking.naming import calls_of, mistaken, solved_calls
from course.checking.recognising import parameter
from course.exercises import ByCalls, ByObservation, Exercise, Mistake, call
from course.exercises.exercise import as_seen
from course.exercises.trials.rebuilding import Refused
from course.misprints import raised_in


def amiss(exercise: Exercise) -> Iterator[str]:
    """Say which of them nothing ever asks, and which raise or say nothing where they are asked."""
    yield from never_asked(exercise)
    if isinstance(exercise, ByCalls):
        yield from raised_observing(exercise)
        for mistake in exercise.mistakes:
            if mistake.fits is not None:
                yield from never_fits(exercise, mistake)
        if exercise.window is not None:
            yield from never_opens(exercise, exercise.window)


def never_asked(exercise: Exercise) -> Iterator[str]:
    """Name what this kind of exercise never asks."""
    calls = isinstance(exercise, ByCalls)
    observes = getattr(exercise, "observe", None) is not None
    tests = [one.id for one in exercise.mistakes if one.test is not None]
    families = [one.id for one in exercise.mistakes if one.fits is not None]
    if tests and not observes:
        yield f"the test of mistake '{tests[0]}' is never asked: nothing is observed (observe=)"
    if families and not calls:
        yield f"fits of mistake '{families[0]}' is never asked: it is for exercises judged by calls"
    if calls and observes and not tests:
        yield "what is observed is never asked for: no mistake has a test"
    if calls and not observes and getattr(exercise, "talk", as_seen) is not as_seen:
        yield "talk is never asked: nothing is observed (observe=)"


def raised_observing(exercise: Exercise) -> Iterator[str]:
    """Say what the observation of the reference raises."""
    if not isinstance(exercise, ByCalls | ByObservation) or exercise.observe is None:
        return
    talk = talk_about(exercise, NOTEBOOK_SEED)
    given = call(exercise.reference, talk.ask) if talk else call(exercise.reference)
    with kept_quiet():
        error = call_on_copies(exercise.observe, given, exercise.seconds).error
    if error is not None:
        yield f"observe raises for the reference: {raised_in(exercise.observe, error)}"


def raised_testing(exercise: Exercise, answer: Any, whose: str) -> Iterator[tuple[str, str]]:
    """Say what the tests of mistakes raise for an answer: each mistake's id, and the sentence."""
    if not isinstance(exercise, ByCalls | ByObservation) or exercise.observe is None:
        return
    seen = observed(exercise, seen_of(exercise, answer, NOTEBOOK_SEED))
    if seen.error is not None or isinstance(seen.value, Refused):
        return
    for mistake in exercise.mistakes:
        if mistake.test is None:
            continue
        with kept_quiet():
            error = call_on_copies(mistake.test, call(seen.value), exercise.seconds).error
        if error is not None:
            told = raised_in(mistake.test, error)
            yield mistake.id, f"the test of mistake '{mistake.id}' raises for {whose}: {told}"


def never_fits(exercise: ByCalls, mistake: Mistake) -> Iterator[str]:
    """Try the description of a family on the ways to its mistake."""
    assert mistake.fits is not None
    ways = [way for way, (one, _) in enumerate(exercise.wrong) if one.id == mistake.id]
    calls, expected = solved_calls(exercise.key, NOTEBOOK_SEED)
    raised = None
    for way in ways:
        for case, (one, right) in enumerate(zip(calls, expected, strict=True)):
            got = mistaken(exercise.key, NOTEBOOK_SEED, way, case)
            if parameter(mistake.fits, one, right, got) is not None:
                return
            if got.error is None:
                arrays = call(one, np.asarray(right, float), np.asarray(got.value, float))
                with kept_quiet():
                    raised = raised or call_on_copies(mistake.fits, arrays, exercise.seconds).error
    if raised is not None:
        yield f"fits of mistake '{mistake.id}' raises: {raised_in(mistake.fits, raised)}"
    elif ways:
        yield f"fits of mistake '{mistake.id}' holds in no call of its own ways"


def never_opens(exercise: ByCalls, window: Callable[..., Any]) -> Iterator[str]:
    """Try the window on the examples. That it refuses some of them is foreseen."""
    from helpers.stepper.page import output

    _, expected = solved_calls(exercise.key, NOTEBOOK_SEED)
    examples = calls_of(exercise.key, NOTEBOOK_SEED)[: len(exercise.examples)]
    refused = "there is no example"
    for one, right in zip(examples, expected, strict=False):
        try:
            output(window(*one.args, **one.kwargs, theirs=right + 1))
        except Exception as error:  # noqa: BLE001 - an author's code
            refused = raised_in(window, error)
            if not isinstance(error, TypeError | ValueError):
                yield f"window raises: {refused}"
                return
        else:
            return
    yield f"window opens on none of the examples: {refused}"
