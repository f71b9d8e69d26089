"""What an exercise is: one record that the checks, the proof and the grader all read.

How it is judged is its type: `ByCalls`, `ByValue` or `ByObservation`.
"""

import re
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from inspect import signature
from typing import Any, Literal, NamedTuple

import numpy as np

from course.lessons import LESSONS, from_one
from course.misprints import demand, has_text


class Call(NamedTuple):
    """The arguments of one call of a learner's function."""

    args: tuple[Any, ...]
    kwargs: dict[str, Any]


def call(*args: Any, **kwargs: Any) -> Call:
    """Write a case as one would write the call: ``call(image, kernel, border="wrap")``."""
    return Call(args, kwargs)


Fits = Callable[[Call, np.ndarray, np.ndarray], float | None]

Talk = Generator[Any, Any, Any]
"""The judge's side of an observation: gets what is said, yields what is told, returns what was seen."""


@dataclass(frozen=True)
class Mistake:
    """A mistake that people really make, and what they should read when they do.

    Parameters
    ----------
    id : str
        Short and stable, words joined by underscores: ``"flipped"``.
    message : str
        One to three sentences to the learner: what happened, the number that shows it.
    ways : tuple
        Wrong functions, classes or values themselves: the ways to make it. The proof demands
        that each is rejected and recognised.
    test : callable, optional
        For exercises that are judged by what is observed: ``test(observed)`` is true when this
        mistake was made. Without it, the mistake is recognised by what the ways return.
    fits : callable, optional
        Describes a family of which the ways are members: ``fits(call, right, got)`` gives its
        parameter (a slope, a divisor), which has to be the same in every call that is wrong; None
        where the description does not hold. Right and got are arrays, numbers too.
    raises : bool
        It is made by code that raises in every call. Where this is not said, a way that does is
        taken for a slip in its own code: the proof tells it, and nobody's error is named after it.
    """

    id: str
    message: str
    ways: tuple[Any, ...]
    test: Callable[[Any], bool] | None = None
    fits: Fits | None = None
    raises: bool = False

    def __post_init__(self) -> None:
        demand(is_id(self.id), "a mistake", "id", self.id, "a name, words joined by '_',")
        owner = f"the mistake `{self.id}`"
        demand(has_text(self.message), owner, "message", self.message, "what the learner reads")
        if left := UNFILLED.search(self.message):
            demand(False, owner, "message", left[0], "a text in which nothing is left to fill in")
        demand(is_function(self.test), owner, "test", self.test, "a function")
        demand(is_function(self.fits), owner, "fits", self.fits, "a function")


def mistake(
    id: str,
    message: str,
    *ways: Any,
    test: Callable[[Any], bool] | None = None,
    fits: Fits | None = None,
    raises: bool = False,
) -> Mistake:
    """Declare a mistake: its id, what the learner reads, and the ways to make it."""
    return Mistake(id, message, ways, test, fits, raises)


def made_by(wrap: Callable[[Any], Any], *mistakes: Mistake) -> tuple[Mistake, ...]:
    """Make each way to some mistakes an answer: ``wrap(way)``."""
    return tuple(replace(one, ways=tuple(map(wrap, one.ways))) for one in mistakes)


def few(at_most: int, *mistakes: Mistake, but: str = "") -> tuple[Mistake, ...]:
    """Take few ways of each mistake, and none of those that `but` names.

    For mistakes that are a small part of what can go wrong: every check compares an answer with
    every way.
    """
    taken = (one for one in mistakes if one.id not in but.split())
    return tuple(replace(one, ways=one.ways[:at_most]) for one in taken)


UNFILLED = re.compile(r"(?<![\w}\\^])\{[A-Za-z_][\w.]*(:[^\s{}]+)?\}")
"""A place for a value, in a text that lacks its f; in a formula braces stand behind something."""

A_TUPLE = "a tuple of {}, of one with a comma behind it,"


def is_id(value: Any) -> bool:
    """Whether a value is a name of words joined by underscores."""
    return isinstance(value, str) and bool(re.fullmatch(r"\w+", value))


def is_function(value: Any) -> bool:
    """Whether a value can be called, or is left out."""
    return value is None or callable(value)


def of_one(value: Any) -> bool:
    """Whether a value can be called with one thing."""
    try:
        signature(value).bind(None)
    except (TypeError, ValueError):  # nothing to call, or it takes another number
        return False
    return True


@dataclass(frozen=True, kw_only=True)
class Exercise:
    """One graded exercise, however it is judged.

    Parameters
    ----------
    key : str
        The name that the learner defines, and the name of the check.
    title : str
        What is asked, in a few words.
    points, minutes : int
        What it is worth and about how long it takes.
    reference : object
        The right answer.
    alternatives : tuple
        Other right answers, written differently. The proof demands that each passes.
    mistakes : tuple of Mistake
        Most specific first.
    hints : tuple of three str
        Each closer: a question, a direction, the shape of the answer.
    tolerance : float
        Relative to the largest expected magnitude (at least 1). Wide enough for float32.
    seconds : float
        Time limit for the learner's own code, all calls together.
    helpers : tuple of str
        What answers this exercise in `helpers`, each by its dotted path there, as
        ``"convolution.conv2d"``; withheld while its lesson is graded.
    largest : int
        Bytes that may come back in the grader. The largest right answer of a function has 255
        numbers.
    keras : bool
        Whether an answer is written with Keras: where there is none it can't be tried.
    """

    key: str
    title: str
    points: int
    minutes: int
    reference: Any
    alternatives: tuple[Any, ...]
    mistakes: tuple[Mistake, ...]
    hints: tuple[str, str, str]
    tolerance: float = 1e-5
    seconds: float = 10.0
    helpers: tuple[str, ...] = ()
    largest: int = 2**20
    keras: bool = False
    kind: Literal["function", "value", "class"]

    def __post_init__(self) -> None:
        def tuple_of(kind: type) -> Callable[[Any], bool]:
            return lambda value: (
                isinstance(value, tuple) and all(isinstance(one, kind) for one in value)
            )

        def number(value: Any) -> bool:
            return isinstance(value, int | float) and value > 0

        def hints(value: Any) -> bool:
            return tuple_of(str)(value) and len(value) == 3 and all(map(has_text, value))

        self.demand(has_text, "key", "a name")
        self.demand(has_text, "title", "what is asked, in a few words,")
        self.demand(from_one, "points", "a whole number from 1")
        self.demand(from_one, "minutes", "a whole number from 1")
        self.demand(tuple_of(object), "alternatives", A_TUPLE.format("answers"))
        self.demand(tuple_of(Mistake), "mistakes", A_TUPLE.format("mistakes"))
        self.demand(hints, "hints", "a tuple of three texts")
        self.demand(number, "tolerance", "a number above 0")
        self.demand(number, "seconds", "a number above 0")
        self.demand(tuple_of(str), "helpers", A_TUPLE.format("texts"))

    def demand(self, holds: Callable[[Any], bool], name: str, wanted: str) -> None:
        """Refuse a field unless it holds what is wanted."""
        given = getattr(self, name)
        demand(holds(given), f"`{self.key}`", name, given, wanted)

    @property
    def lesson(self) -> int:
        """The number of the lesson that asks it."""
        return next(n for n, lesson in LESSONS.items() if self.key in lesson.exercises)

    @cached_property
    def wrong(self) -> tuple[tuple[Mistake, Any], ...]:
        """Every way to every mistake, in order."""
        return tuple((one, way) for one in self.mistakes for way in one.ways)


def as_seen(rng: np.random.Generator) -> Talk:
    """Tell nothing, and take what was observed as it is."""
    return (yield)


def no_cases(rng: np.random.Generator) -> Iterable[Call]:
    """Try nothing but the examples."""
    return ()


@dataclass(frozen=True, kw_only=True)
class ByCalls(Exercise):
    """A function, right when it agrees with `reference` on every call.

    Parameters
    ----------
    examples : tuple of Call
        Public calls: what they should return may be shown. One whose result is too large to be
        written in numbers is drawn when it fails.
    cases : callable
        ``cases(rng)`` makes the hidden calls from a seeded generator.
    expected : callable, optional
        Gives the same as `reference`, where that needs Keras: judging does without.
    observe : callable, optional
        What else is looked at once every call is right, in `trials`: mistakes with a test are
        found by it.
    talk : callable, optional
        The other side of that; see `ByObservation`.
    window : callable, optional
        Opens the moving window on a call: ``window(*args, theirs=what_came_back)``.
    """

    kind: Literal["function"] = "function"
    examples: tuple[Call, ...] = ()
    cases: Callable[[np.random.Generator], Iterable[Call]] = no_cases
    expected: Callable[..., Any] | None = None
    observe: Callable[..., Any] | None = None
    talk: Callable[[np.random.Generator], Talk] = as_seen
    window: Callable[..., Any] | None = None

    def __post_init__(self) -> None:
        super().__post_init__()

        def calls(value: Any) -> bool:
            return isinstance(value, tuple) and all(isinstance(one, Call) for one in value)

        self.demand(callable, "reference", "a function")
        self.demand(calls, "examples", A_TUPLE.format("call(...)"))
        self.demand(of_one, "cases", "the function that makes the calls, cases(rng),")
        self.demand(of_one, "talk", "a generator function, talk(rng),")
        for name in ("expected", "observe", "window"):
            self.demand(is_function, name, "a function")
        for one, way in self.wrong:
            demand(callable(way), f"the mistake `{one.id}`", "a way", way, "a function")


@dataclass(frozen=True, kw_only=True)
class ByValue(Exercise):
    """A value, right when it equals `reference`."""

    kind: Literal["value"] = "value"


def as_it_is(answer: Any) -> Any:
    """Observe an answer that needs no running."""
    return answer


@dataclass(frozen=True, kw_only=True)
class ByObservation(Exercise):
    """An answer of which many are right: a design of one's own, a network, a class.

    What is observed of it decides: it is right when the test of no mistake fires.

    Parameters
    ----------
    kind : {"function", "value", "class"}
        What the learner writes.
    observe : callable
        Of a value ``observe(answer)``, by default the answer itself: what the mistakes' tests
        look at. Of a function or class ``observe(answer, ask)``, which runs the learner's code
        once (guarded) and stands in `trials`. What it tries it with it asks for, ``ask(said)``.
    talk : callable
        The other side of that, ``talk(rng)``, a generator. It is sent what the observation says,
        last what it returns, and yields what is told; at the end it may yield `Trial` after
        `Trial`, and is sent how each ran. What it returns is what the mistakes' tests look at.
        What is told is drawn from `rng`, and nothing that is not needed yet is told.
    """

    observe: Callable[..., Any] = as_it_is
    talk: Callable[[np.random.Generator], Talk] = as_seen

    def __post_init__(self) -> None:
        super().__post_init__()
        kinds = ("function", "value", "class")
        self.demand(kinds.__contains__, "kind", f"one of {', '.join(kinds)}")
        self.demand(callable, "observe", "a function")
        self.demand(of_one, "talk", "a generator function, talk(rng),")
