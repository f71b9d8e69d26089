"""What is wrong with the calls of an answer, and the name of the mistake behind it."""

import inspect
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

import numpy as np

from course.checking.calling import (
    Outcome,
    TimeLimitReached,
    call_on_copies,
    kept_quiet,
    wrong_signature,
)
from course.checking.comparing import Difference, Reveal, difference
from course.checking.looking import Answer, Raised, in_words
from course.checking.patterns import Cause, by_case, by_memory, by_sameness, by_sign
from course.checking.recognising import common_mistakes, described, own_mistakes, same, same_value
from course.checking.rows import Rows
from course.exercises import EXERCISES, ByCalls, Call, Exercise, Mistake
from course.exercises.distortions import as_byte
from course.misprints import Misprint, demand, raised_in

OF_SHAPE = (
    "too_many_axes",
    "too_few_axes",
    "axes_swapped",
    "off_by_one_size",
    "shape_too_large",
    "shape_too_small",
    "wrong_shape",
)
"""What is said of shapes alone."""

IN_WRONG_CALLS = "In every call that is wrong, your function gives its input back unchanged."


class Findings(NamedTuple):
    """What is wrong with an answer.

    Attributes
    ----------
    found : tuple of Difference or None
        For each call the first thing that is wrong with it.
    cause : Cause or None
    telling : list of int
        The failing calls that show it, the most telling one first.
    """

    found: tuple[Difference | None, ...]
    cause: Cause | None
    telling: list[int]


def examine(exercise: ByCalls, answer: Answer, seed: int) -> Findings | None:
    """Compare every call of an answer with what is right, and name the mistake; None if right."""
    evidence = Evidence(exercise, seed, answer.outcomes, answer.unused, answer.arrays)
    if not evidence.failing:
        return None
    with kept_quiet():  # the mistakes' code is run
        return Findings(evidence.found, *next(evidence.causes()))


def finding(exercise: Exercise, outcome: Outcome, right: Any, reveal: Reveal) -> Difference | None:
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


@dataclass
class Evidence:
    """What every call of an answer gave, and what may be said of it."""

    exercise: ByCalls
    seed: int
    outcomes: tuple[Outcome, ...]
    unused: tuple[str, ...] = ()
    arrays: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        calls, self.expected = solved_calls(self.exercise.key, self.seed)
        self.outcomes = self.outcomes[: len(calls)]
        self.calls = calls[: len(self.outcomes)]
        public = len(self.exercise.examples)
        self.found = tuple(
            finding(self.exercise, outcome, right, "all" if index < public else "place")
            for index, (outcome, right) in enumerate(
                zip(self.outcomes, self.expected, strict=False)
            )
        )
        self.failing = [i for i, problem in enumerate(self.found) if problem is not None]
        self.typed = [i for i in self.failing if (p := self.found[i]) and p.values_right]
        # A mistake is looked for only in what is wrong: where values are, not where a type is.
        self.wrong = [i for i in self.failing if i not in self.typed] or self.failing
        self.alikes: dict[int, list[int]] = {}

    def error(self, case: int) -> Raised | None:
        """The error that a call raised."""
        return self.outcomes[case].error

    def causes(self) -> Iterator[tuple[Cause | None, list[int]]]:
        """Whatever may be said, first what is to be said, each with the calls that show it.

        A signature that does not fit comes first, then the exercise's own mistakes, then those
        that any exercise knows; at last None, for no name at all.
        """
        first = self.error(self.failing[0])
        if first is not None and first.misfit:
            misfit = (
                f"Your function can't be called like this: {first.misfit}. "
                "Keep the arguments that the exercise gives, in their order."
            )
            yield Cause("wrong_signature", misfit), self.failing
        if (unread := self.unread()) is not None:
            yield unread, self.wrong
        if all(self.ended(case) for case in self.wrong):
            mistakes = self.exercise.mistakes
            for own in own_mistakes(mistakes, self.fitting, self.explained):
                yield Cause(own.id, own.message), self.telling(own)
        raising = [case for case in self.wrong if self.error(case) is not None]
        changing = any(self.outcomes[case].changed for case in self.wrong)
        if not raising and not changing and self.wrong != self.typed:
            for cause in self.common():
                yield cause, self.showing(cause)
        yield None, [*raising, *self.wrong]  # an error says most about itself

    def common(self) -> Iterator[Cause]:
        """What needs no knowledge of the exercise."""
        values = [outcome.value for outcome in self.outcomes]
        for known in (by_sameness(values, self.expected), by_memory(values, self.expected)):
            if known is not None:
                yield known
        got, right = [values[i] for i in self.wrong], [self.expected[i] for i in self.wrong]
        inputs = [self.calls[i].args[0] if self.calls[i].args else None for i in self.wrong]
        tolerance = self.exercise.tolerance
        for cause in common_mistakes(got, right, inputs, tolerance):
            one_kind = cause.id == "input_returned" and not self.input_returned()
            yield cause._replace(message=IN_WRONG_CALLS) if one_kind else cause
        for seen in (by_case(self.calls, self.failing), by_sign(got, right, tolerance)):
            if seen is not None:
                yield seen

    def input_returned(self) -> bool:
        """Whether every call gave its input back, those that are right too."""
        pairs = zip(self.calls, self.outcomes, strict=True)
        tolerance = self.exercise.tolerance
        return all(same_value(got.value, one.args[0], tolerance) for one, got in pairs)

    def unread(self) -> Cause | None:
        """A function that never reads its first argument, but an array of the notebook."""
        names = list(inspect.signature(self.exercise.reference).parameters)
        none_read = len(self.unused) == len(names)  # whatever they are called
        if not self.arrays or not (none_read or self.unused[:1] == (names[0],)):
            return None
        instead = " and ".join(f"`{name}`" for name in self.arrays[:3])
        return Cause(
            "argument_unused",
            f"Your function never reads its argument `{self.unused[0]}`. It reads {instead} of the "
            "notebook instead, so it gives the same for every image.",
        )

    def ended(self, case: int) -> bool:
        """Whether a call was not stopped: what a mistake would have given, it may have given."""
        error = self.error(case)
        return error is None or error.id != "endless"

    def fitting(self, mistake: Mistake) -> bool:
        """Whether the description of a mistake holds of every call that is wrong."""
        seen = [(self.calls[i], self.expected[i], self.outcomes[i]) for i in self.wrong]
        return mistake.fits is not None and described(mistake.fits, seen)

    def explained(self, way: int) -> bool:
        """Whether one way to a mistake gives on every call what came back."""
        return way in self.explaining and (
            any(self.error(case) is None and self.gave(way, case) for case in self.wrong)
            or self.same_words(way)
        )

    @cached_property
    def explaining(self) -> set[int]:
        """The ways to mistakes that give on every call what came back, or raise where it did."""
        first, *others = self.wrong
        every = dict.fromkeys((*others, *range(len(self.outcomes))))
        rest = [case for case in every if case != first and self.ended(case)]
        return {way for way in self.alike(first) if all(self.is_alike(way, case) for case in rest)}

    def gave(self, way: int, case: int) -> bool:
        """Whether one way to a mistake gives anything on one call."""
        return mistaken(self.exercise.key, self.seed, way, case).error is None

    def showing(self, cause: Cause) -> list[int]:
        """Begin with a call whose shape is wrong, if that is what is said."""
        shapes = [i for i in self.wrong if (p := self.found[i]) and p.id == "wrong_shape"]
        return [*shapes, *self.wrong] if cause.id in OF_SHAPE else self.wrong

    def alike(self, case: int) -> list[int]:
        """Which ways to mistakes give on one call what came back."""
        if case not in self.alikes:
            ways: Sequence[int] = range(len(self.exercise.wrong))
            if not self.by_problem(case):
                ways = rows_of(self.exercise.key, self.seed, case).near(self.outcomes[case])
            self.alikes[case] = [way for way in ways if self.is_alike(way, case)]
        return self.alikes[case]

    def is_alike(self, way: int, case: int) -> bool:
        """Whether one way to a mistake gives on one call what came back."""
        mine, problem = self.outcomes[case], self.found[case]
        if not self.by_problem(case):
            return any(
                same(mine, theirs, self.exercise.tolerance)
                for theirs in may_come(self.exercise.key, self.seed, way, case)
            )
        other = problem_of(self.exercise.key, self.seed, way, case)
        if problem is None:
            return other is None
        if self.wrong == self.typed:
            return other is not None and (other.id, other.values_right) == (problem.id, True)
        return other is None or other.values_right

    def by_problem(self, case: int) -> bool:
        """Whether it is not what came back on a call that counts, but what is wrong with it."""
        problem = self.found[case]
        return self.wrong == self.typed if problem is None else problem.values_right

    def same_words(self, way: int) -> bool:
        """Whether it raises in the same words in one call: there are many ways to an error."""
        meant = self.exercise.wrong[way][0].raises
        if not meant and always_raised(self.exercise.key, self.seed, way, len(self.calls)):
            return False
        return any(
            mine.text == theirs.text
            for case in self.wrong
            if (mine := self.error(case)) is not None
            and (theirs := mistaken(self.exercise.key, self.seed, way, case).error) is not None
        )

    def telling(self, own: Mistake) -> list[int]:
        """Begin with the first call that no mistake of another name would explain too."""
        others = {way for way, (one, _) in enumerate(self.exercise.wrong) if one.id != own.id}
        suspects = others.intersection(self.alike(self.wrong[0]))
        for case in self.wrong:
            if any(self.is_alike(way, case) for way in suspects):
                continue  # the others need not be run
            if others.isdisjoint(self.alike(case)):
                return [case, *self.wrong]
        return self.wrong


def own_value(exercise: Exercise, value: Any, found: Difference) -> Cause | None:
    """Name the mistake behind a value, by the values that the exercise's own mistakes give."""
    for mistake, way in exercise.wrong:
        other = difference(way, exercise.reference, exercise.tolerance, "nothing")
        if found.values_right:
            alike = other is not None and (other.id, other.values_right) == (found.id, True)
        else:
            alike = same_value(value, way, exercise.tolerance)
        if alike:
            return Cause(mistake.id, mistake.message)
    return None


LONGEST = 60.0  # seconds for one call of what is right


@lru_cache(maxsize=512)
def calls_of(key: str, seed: int) -> tuple[Call, ...]:
    """The calls of an exercise, public ones first."""
    exercise = EXERCISES[key]
    assert isinstance(exercise, ByCalls), key
    cases = exercise.cases(np.random.default_rng(seed))
    demand(isinstance(cases, Iterable), f"`{key}`", "cases(rng)", cases, "yield call(...)")
    calls = (*exercise.examples, *cases)
    demand(bool(calls), f"`{key}`", "calls", calls, "at least one, in examples or of cases(rng),")
    for one in calls:
        demand(isinstance(one, Call), f"`{key}`", "a case", one, "call(...)")
    return calls


@lru_cache(maxsize=512)
def solved_calls(key: str, seed: int) -> tuple[tuple[Call, ...], tuple[Any, ...]]:
    """The calls of an exercise, and what the reference gives for each.

    Raises
    ------
    Misprint
        If it gives nothing, or can't be called like this.
    """
    calls = calls_of(key, seed)
    exercise = EXERCISES[key]
    assert isinstance(exercise, ByCalls), key
    right = exercise.expected or exercise.reference
    name = "what is expected" if exercise.expected else "the reference"
    values = []
    for index, one in enumerate(calls):
        hidden = index - len(exercise.examples)
        where = f"case {hidden + 1} of seed {seed}" if hidden >= 0 else f"example {index + 1}"
        outcome = call_on_copies(right, one, LONGEST)
        if (error := outcome.error) is not None:
            why = wrong_signature(right, one) or (
                f"it was stopped after {LONGEST:g} seconds"
                if isinstance(error, TimeLimitReached)
                else raised_in(right, error)
            )
            raise Misprint(f"{name} of `{key}` fails in {where}: {why.rstrip('.')}") from error
        if outcome.value is None:
            raise Misprint(f"{name} of `{key}` returns None in {where}")
        values.append(outcome.value)
    return calls, tuple(values)


SEEN: dict[tuple[str, int, int, int], Outcome] = {}
"""What ways to mistakes gave where they were looked at as answers, for who does both (`seen`)."""


@contextmanager
def seen(key: str, looks: Mapping[int, Sequence[Answer]]) -> Iterator[None]:
    """Take what was seen of every way to a mistake for what it gives, and don't call it again.

    ``looks[seed]`` are the ways, in order, looked at as answers.
    """
    for seed, answers in looks.items():
        for index, answer in enumerate(answers):
            pairs = zip(calls_of(key, seed), answer.outcomes, strict=False)
            for case, (one, outcome) in enumerate(pairs):
                # As an answer it may be given something else, or less time.
                described = any(hasattr(given, "for_learner") for given in one.args)
                if not described and (outcome.error is None or outcome.error.id == "raised"):
                    SEEN[key, seed, index, case] = outcome
    try:
        yield
    finally:
        SEEN.clear()


@lru_cache(maxsize=2**15)
def mistaken(key: str, seed: int, index: int, case: int) -> Outcome:
    """What one way to a mistake of an exercise gives on one call."""
    if (known := SEEN.get((key, seed, index, case))) is not None:
        return known
    exercise = EXERCISES[key]
    arguments = calls_of(key, seed)[case]
    outcome = call_on_copies(exercise.wrong[index][1], arguments, exercise.seconds)
    return in_words(outcome, exercise.seconds)


@lru_cache(maxsize=2**15)
def problem_of(key: str, seed: int, index: int, case: int) -> Difference | None:
    """The first thing wrong with what one way to a mistake gives on one call."""
    expected = solved_calls(key, seed)[1][case]
    return finding(EXERCISES[key], mistaken(key, seed, index, case), expected, "nothing")


def may_come(key: str, seed: int, index: int, case: int) -> Iterator[Outcome]:
    """What one way to a mistake gives on one call, and what bytes make of it.

    Where all that a call is given are bytes, SciPy stays in them.
    """
    theirs = mistaken(key, seed, index, case)
    yield theirs
    value, given = theirs.value, calls_of(key, seed)[case].args
    bytes_only = all(isinstance(one, np.ndarray) and one.dtype == np.uint8 for one in given)
    if bytes_only and isinstance(value, np.ndarray) and value.dtype.kind in "iuf":
        yield theirs._replace(value=as_byte(value.astype(float)))


@lru_cache(maxsize=512)
def rows_of(key: str, seed: int, case: int) -> Rows:
    """What every way to a mistake of an exercise may give on one call."""
    exercise = EXERCISES[key]
    ways = range(len(exercise.wrong))
    come = ((way, theirs) for way in ways for theirs in may_come(key, seed, way, case))
    return Rows(come, exercise.tolerance)


def always_raised(key: str, seed: int, index: int, cases: int) -> Raised | None:
    """What one way to a mistake raises, if it raises in every one of so many calls."""
    errors = [mistaken(key, seed, index, case).error for case in range(cases)]
    return errors[0] if errors and all(errors) else None


def forget() -> None:
    """Keep nothing more of any exercise: it is kept by its key, and that may get another one."""
    for kept in (calls_of, solved_calls, mistaken, problem_of, rows_of):
        kept.cache_clear()
