"""What an exercise is: one object that the checks, the proof and the grader all read."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np


class Call(NamedTuple):
    """The arguments of one call of a learner's function."""

    args: tuple[Any, ...]
    kwargs: dict[str, Any]


def call(*args: Any, **kwargs: Any) -> Call:
    """Write a case as one would write the call: ``call(image, kernel, border="wrap")``."""
    return Call(args, kwargs)


@dataclass(frozen=True)
class Mistake:
    """A wrong answer that people really give, and what they should read when they do.

    Parameters
    ----------
    id : str
        Short and stable, words joined by underscores: ``"flipped"``.
    message : str
        One to three sentences to the learner: what happened, the number that shows it.
    answer : object
        The wrong function, class or value itself. The proof demands that it is
        rejected and recognised.
    test : callable, optional
        For exercises that are judged by behaviour: ``test(observed)`` is true when this
        mistake was made. Without it, the mistake is recognised by what `answer` returns.
    """

    id: str
    message: str
    answer: Any
    test: Callable[[Any], bool] | None = None


def ways(id: str, message: str, *answers: Any) -> tuple[Mistake, ...]:
    """Name several ways to make one mistake that is recognised by what the answer gives."""
    return tuple(Mistake(id, message, answer) for answer in answers)


class Slip(NamedTuple):
    """One mistake and the ways to make it, before they are wrapped into an exercise's answers."""

    id: str
    message: str
    ways: tuple[Any, ...]


def slip(identifier: str, message: str, *ways: Any) -> Slip:
    """Write a slip as one writes `ways`."""
    return Slip(identifier, message, ways)


def no_cases(rng: np.random.Generator) -> Iterable[Call]:
    """Cases of an exercise whose answer is a value: there is nothing to call."""
    return ()


@dataclass(frozen=True, kw_only=True)
class Exercise:
    """One graded exercise.

    A function is right when it agrees with `reference` on every call of `examples` and
    `cases`; a value when it equals `reference`. Where many answers are right (a kernel of
    one's own design), the mistakes carry tests instead: the answer is right when none fires.

    Parameters
    ----------
    key : str
        The name that the learner defines, and the name of the check.
    lesson : int
        Its number.
    title : str
        What is asked, in a few words.
    points, minutes : int
        What it is worth and about how long it takes.
    difficulty : int
        1 (a line or two) to 3 (needs a plan).
    kind : {"function", "value", "class"}
        What the learner writes.
    reference : object
        The right answer.
    expected : callable, optional
        Gives the same as `reference`, where that needs Keras: judging does without.
    mistakes : tuple of Mistake
        Most specific first.
    alternatives : tuple
        Other right answers, written differently. The proof demands that each passes.
    hints : tuple of three str
        Each closer: a question, a direction, the shape of the answer.
    examples : tuple of Call
        Public calls: what they should return may be shown. One whose result is too large to be
        written in numbers is drawn when it fails.
    cases : callable
        ``cases(rng)`` makes the hidden calls from a seeded generator.
    observe : callable, optional
        For exercises judged by behaviour: what the mistakes' tests look at. For a value,
        ``observe(answer)``; by default the answer itself. For a function or class,
        ``observe(answer, seed)`` runs the learner's code once (guarded); it stands in `trials`.
    tolerance : float
        Relative to the largest expected magnitude (at least 1). Wide enough for float32.
    seconds : float
        Time limit for the learner's own code, all calls together.
    helpers : tuple of str
        Names in `helpers` that answer this exercise, withheld while its lesson is graded.
    """

    key: str
    lesson: int
    title: str
    points: int
    minutes: int
    difficulty: Literal[1, 2, 3]
    kind: Literal["function", "value", "class"] = "function"
    reference: Any
    expected: Callable[..., Any] | None = None
    mistakes: tuple[Mistake, ...]
    alternatives: tuple[Any, ...]
    hints: tuple[str, str, str]
    examples: tuple[Call, ...] = ()
    cases: Callable[[np.random.Generator], Iterable[Call]] = no_cases
    observe: Callable[..., Any] | None = None
    tolerance: float = 1e-5
    seconds: float = 10.0
    helpers: tuple[str, ...] = ()

    @property
    def by_behaviour(self) -> bool:
        """Whether tests decide, rather than a comparison with the reference."""
        return any(mistake.test is not None for mistake in self.mistakes)
