"""Looking at an answer: the only part of a check that runs a learner's code.

What is seen holds no judgement and can be written as plain data, so that looking and judging may
happen in different processes: in a notebook in the same one, in the grader not.
"""

from collections.abc import Callable
from typing import Any, Literal, NamedTuple

from course.checking import explaining
from course.checking.calling import (
    Outcome,
    TimeLimitReached,
    call_on_copies,
    is_written,
    kept_quiet,
    names_of,
    wrong_signature,
)
from course.checking.clocks import Clock
from course.checking.comparing import read
from course.exercises.exercise import Call, call

LEFT_OVER = (
    "There is code in your answer, and `raise NotImplementedError` still stands in it: Python stops "
    "there. Delete that line, and give back your result with `return`."
)


NOT_YET = (
    "With these arguments Python comes to `raise NotImplementedError`: this part of your answer is "
    "not written yet."
)

AFTER_CALLS = 2.0  # seconds for what is observed once every call has been made; it takes 0.01


class NotDefined:
    """Stands for an answer whose name does not exist."""


class Request(NamedTuple):
    """How to look at an answer.

    Attributes
    ----------
    kind : {"function", "class", "value"}
        What is wanted. A value is taken as it is.
    seconds : float
        Time limit for all calls together.
    calls : tuple of Call
        With what to call it,
    observe : callable or None
        and what else to do with it: ``observe(answer, ask)``.
    largest : int
        Bytes that may be told of it, where that goes anywhere.
    """

    kind: Literal["function", "class", "value"]
    seconds: float
    calls: tuple[Call, ...] = ()
    observe: Callable[[Any, Callable[..., Any]], Any] | None = None
    largest: int = 2**20


class Raised(NamedTuple):
    """An error in words, as it stands in an `Outcome`."""

    id: Literal["raised", "endless", "unattempted"]
    type: str
    text: str
    told: str
    """What the learner reads: what it was, and the line of their own that raised it."""
    misfit: str = ""
    """Why the function can't be called like this, if it can't."""


class Answer(NamedTuple):
    """What there is to see of an answer.

    Attributes
    ----------
    kind : {"undefined", "unattempted", "function", "class", "value"}
        What came; ``unattempted`` is ``...``.
    written : str
        The answer as a learner would recognise it.
    value : object
        A value, where one is wanted.
    outcomes : tuple of Outcome
        What each call gave, then the observation. Fewer than were requested if one did not end.
    printed : str
        A note of what the learner's code printed, or nothing.
    unused, arrays : tuple of str
        Of a function, its arguments that its code never reads, and the notebook's arrays that it
        does.
    said : tuple
        All that was said while it was observed, and how its networks ran. Who judges writes it
        down, and nobody else.
    """

    kind: Literal["undefined", "unattempted", "function", "class", "value"]
    written: str = ""
    value: Any = None
    outcomes: tuple[Outcome, ...] = ()
    printed: str = ""
    unused: tuple[str, ...] = ()
    arrays: tuple[str, ...] = ()
    said: tuple[Any, ...] = ()


def nobody(said: Any = None) -> Any:
    """Stands for the other side where nothing is asked."""
    raise LookupError("there is nobody to ask")


def look(request: Request, answer: Any, ask: Callable[..., Any] = nobody) -> Answer:
    """Look at an answer.

    Parameters
    ----------
    request : Request
    answer : object
        What the learner wrote: a function, a class or a value. `NotDefined` if nothing.
    ask : callable
        Asks who judges for what an observation needs: ``ask(said)``.

    Returns
    -------
    Answer
    """
    if answer is NotDefined:
        return Answer("undefined")
    if answer is Ellipsis:
        return Answer("unattempted", "...")
    seen = Answer(kind_of(answer), explaining.written(answer))
    if request.kind == "value":
        return seen._replace(value=answer)
    if not can_be_tried_as(request.kind, seen.kind):
        return seen
    outcomes: list[Outcome] = []
    ended = True
    unused, arrays = names_of(answer)
    with kept_quiet() as printed:
        left = request.seconds
        for one in request.calls:
            made, spent = called(answer, one, left)
            left = max(left - spent, 0.01)
            outcomes.append(in_words(made, request.seconds, answer, one, first=not outcomes))
            if made.error is not None and outcomes[-1].error.id != "raised":
                ended = False
                break
        if request.observe and ended:
            longest = min(left, AFTER_CALLS) if request.calls else left
            outcome = call_on_copies(request.observe, call(answer, ask), longest)
            outcomes.append(in_words(outcome, request.seconds, answer))
    return seen._replace(
        outcomes=tuple(outcomes),
        printed=explaining.printing(printed),
        unused=unused,
        arrays=arrays,
    )


def called(answer: Any, one: Call, seconds: float) -> tuple[Outcome, float]:
    """Call an answer once: what came of it, and how long it took."""
    arguments = Call(
        tuple(map(for_learner, one.args)),
        {name: for_learner(value) for name, value in one.kwargs.items()},
    )
    clock = Clock(seconds)
    made = call_on_copies(answer, arguments, seconds)
    return made._replace(value=read(made.value)), clock.took()


def for_learner(argument: Any) -> Any:
    """Make what a case only describes: a Keras model of its weights."""
    return argument.for_learner() if hasattr(argument, "for_learner") else argument


def kind_of(answer: Any) -> Literal["function", "class", "value"]:
    """Tell classes and what can be called from values; a network is one that can be called."""
    if isinstance(answer, type):
        return "class"
    return "function" if callable(answer) and not hasattr(answer, "layers") else "value"


def can_be_tried_as(wanted: str, kind: str) -> bool:
    """Whether this kind of answer can be tried: a class can be called too."""
    return kind == wanted or (wanted == "function" and kind == "class")


def in_words(
    outcome: Outcome,
    seconds: float,
    answer: Any = None,
    one: Call | None = None,
    first: bool = True,
) -> Outcome:
    """Put the error of an outcome, if there is one, into words."""
    error = outcome.error
    if error is None:
        return outcome
    identifier: Literal["raised", "endless", "unattempted"] = "raised"
    if isinstance(error, TimeLimitReached):
        identifier = "endless"
    elif isinstance(error, NotImplementedError) and not explaining.unwritten(error, answer):
        identifier = "unattempted"
    told = explaining.raised(error, seconds, answer)
    if identifier == "unattempted":
        told = (LEFT_OVER if first else NOT_YET) if is_written(answer) else ""
    misfit = wrong_signature(answer, one) if one and isinstance(error, TypeError) else None
    return outcome._replace(
        error=Raised(
            identifier,
            type(error).__name__,
            explaining.message_of(error),
            told,
            misfit or "",
        )
    )
