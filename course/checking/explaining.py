"""What a learner reads: what was called, what came back, where it differs, the likely cause."""

import contextlib
import inspect
import linecache
import re
import reprlib
import traceback
from pathlib import Path
from typing import Any

import numpy as np

from course.checking.calling import Printed, TimeLimitReached, argument_names
from course.checking.comparing import numbers
from course.checking.errors import in_words, plain
from course.exercises.exercise import Call, Exercise
from course.lessons import LESSONS

COURSE = Path(__file__).parents[1]
NOT_THE_LEARNERS: tuple[Path, ...] = (
    COURSE,
    COURSE.parent / "helpers",
    Path(linecache.__file__).parent,
)
"""Folders of code that is not the learner's: the course, what it teaches with, Python's own."""

INSTALLED = {"site-packages", "dist-packages"}

SMALL = 64  # an array of at most this many values is written out whole
LONGEST_TEXT = 200  # characters of anything else

# Does not write out ten million entries before the rest is cut off.
shortened = reprlib.Repr()
shortened.maxlist = shortened.maxtuple = shortened.maxset = shortened.maxdict = SMALL
shortened.maxstring = shortened.maxlong = shortened.maxother = LONGEST_TEXT


def written(value: Any) -> str:
    """Write a value as a learner would recognise it; large arrays by shape and type only."""
    try:
        return described(value)
    except Exception as error:  # noqa: BLE001 - a learner's own __repr__ may raise anything
        return f"a {type(value).__name__} whose repr raises {type(error).__name__}"


def described(value: Any) -> str:
    """Write a value; raises what its repr raises."""
    if isinstance(value, np.ndarray):
        if value.ndim and value.size <= SMALL:
            return f"{numbers(value)}  ({value.dtype}, shape {value.shape})"
        if value.ndim:
            return f"an array of {value.dtype}, shape {value.shape}"
        value = value[()]
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        return f"{value:.1f}" if value.is_integer() and abs(value) < 1e10 else f"{value:.10g}"
    if callable(value) and hasattr(value, "__name__"):
        return f"a {'class' if isinstance(value, type) else 'function'} named {value.__name__}"
    if isinstance(value, list | tuple) and len(value) > SMALL:
        return f"a {type(value).__name__} of {len(value)} entries"
    if isinstance(value, tuple | list) and any(isinstance(one, np.ndarray) for one in value):
        return "\n".join(map(described, value))
    text = shortened.repr(without_numpy(value))
    return text if len(text) <= LONGEST_TEXT else text[:LONGEST_TEXT] + " ..."


def without_numpy(value: Any) -> Any:
    """Make Python's numbers of NumPy's in lists: ``np.int64(12)`` is written 12."""
    if type(value) in (list, tuple):
        return type(value)(map(without_numpy, value))
    return value.item() if isinstance(value, np.generic) else value


def indented(text: str) -> str:
    """Put every line of a block four spaces in."""
    return "\n".join("    " + line for line in text.splitlines())


def called(exercise: Exercise, arguments: Call) -> str:
    """The first part: the call, with its arguments below where they do not fit in it."""
    names = argument_names(exercise.reference, arguments)
    values = [*arguments.args, *arguments.kwargs.values()]
    shown = []
    below = []
    for name, value in zip(names, values, strict=True):
        if isinstance(value, np.ndarray | list) or callable(value):
            shown.append(name)
            text = f"{name} = {written(value)}"
            below.append(text.replace("\n", "\n" + " " * (len(name) + 3)))
        else:
            shown.append(f"{name}={written(value)}" if name in arguments.kwargs else written(value))
    text = f"Called: {exercise.key}({', '.join(shown)})"
    return "\n".join([text + (" with" if below else ""), *map(indented, below)])


def came_back(value: Any) -> str:
    """The second part: the learner's own value."""
    return block("Came back", written(value))


def given(text: str) -> str:
    """The second part of what is judged without a call: the learner's own value, written."""
    return block("Given", text)


def block(name: str, text: str) -> str:
    """Name a value in its line; one of several lines stands below, as a whole."""
    return f"{name}: {text}" if "\n" not in text else f"{name}:\n{indented(text)}"


def raised(error: BaseException, seconds: float, answer: Any = None) -> str:
    """The second part when the learner's code raised: their own line, not the course's."""
    if isinstance(error, TimeLimitReached):
        what = (
            f"It was still running after {seconds:g} seconds and was stopped. "
            "Is there a loop that never ends?"
        )
    elif isinstance(error, SystemExit):
        what = "It called exit(), which ends a program. Use `return` to leave a function."
    elif isinstance(error, MemoryError):
        what = "It ran out of memory (MemoryError). Is an array much larger than the image?"
    elif isinstance(error, RecursionError):
        what = "It calls itself without end (RecursionError)."
    elif ours(error):
        what = message_of(error)
    else:
        what = f"It raised {message_of(error)}"
    number, line = own_line(error)
    words = (
        unwritten(error, answer)
        or left_out(error, line, answer)
        or without_self(error)
        or meaning(error, line)
    )
    return "\n".join(filter(None, [what, f"    {number}: {line}" if line else ""])) + (
        f"\n\n{words}" if words else ""
    )


def ours(error: BaseException) -> bool:
    """Whether an error is the course's own kind, which says all in its sentence."""
    return type(error).__module__.startswith("course.") and bool(str(error))


def message_of(error: BaseException) -> str:
    """The type of an error and what it says, as Python ends a traceback; of ours its sentence."""
    try:
        text = plain(str(error) if ours(error) else "".join(traceback.format_exception_only(error)))
    except Exception:  # noqa: BLE001 - a learner's own __str__ may raise anything
        return type(error).__name__
    cut = text[:LONGEST_TEXT].rpartition(" ")[0] or text[:LONGEST_TEXT]
    return text if len(text) <= LONGEST_TEXT else f"{cut} ..."


def meaning(error: BaseException, line: str) -> str:
    """What an error means and what to try, where that is known."""
    try:
        message = plain(str(error))
    except Exception:  # noqa: BLE001 - a learner's own __str__ may raise anything
        return ""
    return in_words([one.__name__ for one in type(error).__mro__], message, line)


def left_out(error: BaseException, line: str, answer: Any) -> str:
    """Name the argument of an answer that is None by default, where that is what failed."""
    if not isinstance(error, TypeError | AttributeError) or "NoneType" not in str(error):
        return ""
    defaults: dict[str, Any] = {}
    with contextlib.suppress(TypeError, ValueError):
        defaults = {name: one.default for name, one in inspect.signature(answer).parameters.items()}
    code = getattr(answer, "__code__", None)
    frames = [one for one, _ in traceback.walk_tb(error.__traceback__) if one.f_code is code]
    names = [
        name
        for name, default in defaults.items()
        if frames
        and default is None
        and frames[-1].f_locals.get(name, ...) is None
        and re.search(rf"\b{name}\b", line)
    ]
    if len(names) != 1:
        return ""
    return (
        f"`{names[0]}` is None unless a call gives it. Say first what it is then: "
        f"`if {names[0]} is None: {names[0]} = ...`"
    )


def without_self(error: BaseException) -> str:
    """Name what a method reads by its name alone, where its object keeps it."""
    if type(error) is not NameError or not error.name:
        return ""
    *_, (frame, _) = traceback.walk_tb(error.__traceback__)
    mine = frame.f_locals.get("self")
    if mine is None or inspect.getattr_static(mine, error.name, ...) is ...:
        return ""
    return (
        f"Nothing is called `{error.name}` here, but there is a `self.{error.name}`: what an object "
        "keeps is read with `self.` in front."
    )


def unwritten(error: BaseException, answer: Any) -> str:
    """Name the function of the learner's own that an answer calls and that is not finished.

    Nothing where what raised `NotImplementedError` is part of the answer, or not the learner's.
    """
    if answer is None or not isinstance(error, NotImplementedError):
        return ""
    *_, (frame, _) = traceback.walk_tb(error.__traceback__)
    code = frame.f_code
    called = frame.f_globals.get(code.co_name)
    function = inspect.unwrap(called) if callable(called) else None
    if getattr(function, "__code__", None) is not code or function is inspect.unwrap(answer):
        return ""
    if not learners(code.co_filename):
        return ""
    words = (
        f"Your answer calls `{code.co_name}`, and there `raise NotImplementedError` still stands. "
        "Write that first"
    )
    if not any(code.co_name in lesson.exercises for lesson in LESSONS.values()):
        return f"{words}."
    return f"{words}, or call `yours.{code.co_name}`: the course's until yours passes its check."


def own_line(error: BaseException) -> tuple[str, str]:
    """The last line of the learner's own code that an error passed through: its place, its text."""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if learners(frame.filename) and frame.line:
            return f"line {frame.lineno}, in {frame.name}", frame.line
    return "", ""


def learners(file: str) -> bool:
    """Whether code of this file is the learner's own."""
    path = Path(file)
    return not (
        INSTALLED.intersection(path.parts) or any(map(path.is_relative_to, NOT_THE_LEARNERS))
    )


def printing(printed: Printed) -> str:
    """A note when the learner's code printed: the beginning, and how much there was."""
    if not printed.text:
        return ""
    lines = printed.text.splitlines()
    head = "\n".join(indented(line[:LONGEST_TEXT]) for line in lines[:5])
    total = max(printed.lines, len(lines))
    more = f"\n    ... {total:,} lines in all" if total > 5 else ""
    return f"While it was checked, your code printed:\n{head}{more}"
