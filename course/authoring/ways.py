"""The ways to an exercise's mistakes, judged as answers: all that end."""

from collections.abc import Callable, Iterator, Sequence

from course.checking.calling import Outcome
from course.checking.judge import NOTEBOOK_SEED, judge, seen_of, verdict
from course.checking.looking import Answer, Raised
from course.checking.naming import always_raised, calls_of, seen
from course.checking.result import Result
from course.exercises import EXERCISES, ByCalls, Exercise, Mistake
from course.misprints import Misprint


def judged_ways(exercise: Exercise, seeds: Sequence[int]) -> Iterator[tuple[Mistake, list[Result]]]:
    """Judge every way to a mistake as an answer, with the cases of each seed.

    With a notebook's cases as a notebook does it: there a way is called once as the answer and once
    as what answers are compared with. With those of other seeds it is called once for both.
    """
    notebook, *others = seeds
    ways = range(len(exercise.wrong))
    looks = {seed: [looked_at(exercise, way, seed) for way in ways] for seed in others}
    with seen(exercise.key, looks):
        for index, (mistake, way) in enumerate(exercise.wrong):
            more = [verdict(exercise, looks[seed][index], seed) for seed in others]
            results = [judge(exercise, way, notebook), *more]
            if any(result.mistake == "endless" for result in results):
                raise never_ends(exercise, index)
            yield mistake, results


def looked_at(exercise: Exercise, index: int, seed: int) -> Answer:
    """Look at one way to a mistake as an answer."""
    seen = seen_of(exercise, exercise.wrong[index][1], seed)
    if any(outcome.error and outcome.error.id == "endless" for outcome in seen.outcomes):
        raise never_ends(exercise, index)
    return seen


def ending(mistaken: Callable[..., Outcome]) -> Callable[..., Outcome]:
    """Give up at the first call of a way to a mistake that does not end: there may be many more."""

    def given(key: str, seed: int, index: int, case: int) -> Outcome:
        outcome = mistaken(key, seed, index, case)
        if outcome.error and outcome.error.id == "endless":
            raise never_ends(EXERCISES[key], index)
        return outcome

    return given


def never_ends(exercise: Exercise, index: int) -> Misprint:
    """Say which mistake had to be stopped."""
    name = exercise.wrong[index][0].id
    return Misprint(
        f"mistake '{name}' never ends: it was stopped after {exercise.seconds:g} seconds, and "
        "nothing more is tried"
    )


def raised_by(exercise: Exercise, index: int) -> Raised | None:
    """What one way to a mistake raises, if it is judged by calls and raises in every one."""
    if not isinstance(exercise, ByCalls):
        return None
    cases = len(calls_of(exercise.key, NOTEBOOK_SEED))
    return always_raised(exercise.key, NOTEBOOK_SEED, index, cases)
