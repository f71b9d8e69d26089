"""A slip in what an author writes, told with its file and line.

Lessons, exercises and predictions are loaded before any command can begin, so a slip in one of them
would end every command with a traceback.
"""

import re
import reprlib
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

COURSE = Path(__file__).parent
ROOT = COURSE.parent
DATA = {"lessons.py", "exercises", "predictions"}
OURS = {
    "__init__.py",
    "exercise.py",
    "prediction.py",
    "distortions.py",
}  # beside what authors write

UNKNOWN = re.compile(r"(\w+)\.__init__\(\) got an unexpected keyword argument ('\w+')")
MISSING = re.compile(r"(\w+)\.__init__\(\) missing \d+ required [\w-]+ arguments?: (.*)")


class Misprint(ValueError):
    """What an author wrote can't be meant; the sentence says what was given and what is wanted."""


def demand(holds: bool, owner: str, name: str, given: Any, wanted: str) -> None:
    """Refuse a field's value unless it is what is wanted.

    Raises
    ------
    Misprint
        With whose field it is, its name, what was given and what is wanted.
    """
    if not holds:
        raise Misprint(f"{owner} has {name}={reprlib.repr(given)}: {wanted} is wanted")


def has_text(value: Any) -> bool:
    """Whether a value is a text with something in it."""
    return isinstance(value, str) and bool(value.strip())


def misprint_in(error: BaseException) -> str:
    """Say which line of an author's file is wrong, and how; nothing if the error is of no such file."""
    frames = [frame for one in chain(error) for frame in lines_of(one)]
    if isinstance(error, Misprint):  # of a record as a whole: where it begins
        frames = [frame for frame in frames if frame[2] == "<module>"]
        return sentence(*frames[-1][:2], str(error)) if frames else f"{error}."
    if not frames:
        return ""
    first = [*chain(error)][-1]
    return sentence(*frames[-1][:2], plainly(first))


def raised_in(function: Callable[..., Any], error: BaseException) -> str:
    """Say what an author's function raised, and in which line.

    An error that none of its lines raised, as where it takes another number of arguments, is told
    with the line where it begins.
    """
    if (told := misprint_in(error)) or not (code := getattr(function, "__code__", None)):
        return told or f"{plainly(error)}."
    path = Path(code.co_filename)
    place = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
    return sentence(place.as_posix(), code.co_firstlineno, plainly(error))


@contextmanager
def telling(tell: Callable[[str], object]) -> Iterator[None]:
    """Tell an author's slip instead of raising it; any other error goes on."""
    try:
        yield
    except Exception as error:
        if not (misprint := misprint_in(error)):
            raise
        tell(misprint)


def chain(error: BaseException) -> Iterator[BaseException]:
    """An error and what brought it about, that last."""
    one: BaseException | None = error
    while one is not None:
        yield one
        one = one.__cause__


def lines_of(error: BaseException) -> Iterator[tuple[str, int, str]]:
    """Every line of an author's file that an error went through: file, line, function."""
    found = [(f.filename, f.lineno or 0, f.name) for f in traceback.extract_tb(error.__traceback__)]
    if isinstance(error, SyntaxError):
        found.append((error.filename or "", error.lineno or 0, "<module>"))
    for file, line, name in found:
        path = Path(file)
        if path.is_relative_to(COURSE):
            parts = path.relative_to(COURSE).parts
            if parts[0] in DATA and (len(parts) > 2 or parts[-1] not in OURS):
                yield f"course/{'/'.join(parts)}", line, name


def plainly(error: BaseException) -> str:
    """What an error says; of a record's fields in words for an author."""
    text = error.msg if isinstance(error, SyntaxError) else str(error)
    if unknown := UNKNOWN.search(text):
        return f"{unknown[1]} has no field {unknown[2]}"
    if missing := MISSING.search(text):
        return f"{missing[1]} lacks {missing[2]}"
    return f"{type(error).__name__}: {text}"


def sentence(file: str, line: int, what: str) -> str:
    """Begin with the place, end with a full stop."""
    return f"{file}, line {line}: {what.rstrip('.')}."
