"""What a student's process may tell: the form of each event, looked at before anything reads it.

What it says may be a lie all the same. That is for the judge.
"""

from typing import Any

import numpy as np

from course.checking.looking import Answer, Raised
from course.grading.cage.wire import Garbled

MOST_LOOKS = 12  # at each answer: a check in a loop is no way to find one

WHOLE_CELL = -1  # in place of a statement: all that do more than import and define

FIELDS: dict[str, tuple[str, ...]] = {
    "at": ("cell", "statement", "line"),
    "raised": ("cell", "line", "error"),
    "look": ("number", "key"),
    "answer": ("number", "key", "answer", "asked"),
    "said": ("number", "said"),
    "ask": ("number", "name", "given"),
    "gave": ("number", "given"),
    "done": (),
}
ANSWERED = {"look", "said", "answer", "ask", "gave"}
"""Events after which it waits for an answer."""

MOST_ASKED = 1000
LONGEST = 2**31  # a line, a number: more than any notebook has


def most_events(job: dict[str, Any]) -> int:
    """How many events of its own accord a notebook can cause: a line may begin and raise, once."""
    lines = sum(source.count("\n") + 1 for source in job["cells"])
    return 3 * lines + 2 * MOST_LOOKS * len(job["keys"]) + 100


def checked(event: Any, job: dict[str, Any]) -> dict[str, Any]:
    """Give back what is an event of this job.

    Raises
    ------
    Garbled
        If it is anything else.
    """
    kind = event.get("event") if type(event) is dict else None
    if type(kind) is not str or kind not in FIELDS:
        raise Garbled("no event")
    for name in FIELDS[kind]:
        if not may_stand(name, event.get(name), job):
            raise Garbled(f"no such {name}")
    return event


def may_stand(name: str, value: Any, job: dict[str, Any]) -> bool:
    """Whether this may stand in that field."""
    if name == "cell":
        return type(value) is int and 0 <= value < len(job["cells"])
    if name in ("statement", "line", "number"):
        return type(value) is int and 0 <= value < LONGEST
    if name == "key":
        return type(value) is str and value in job["keys"]
    if name == "asked":
        return type(value) is list and len(value) <= MOST_ASKED and texts(value)
    if name == "said":
        return value is None or type(value) is bool
    if name == "name":
        return type(value) is str
    if name == "given":
        return type(value) is np.ndarray and value.dtype == np.uint8 and value.ndim == 1
    # What stands in these, `wire.decode` has looked at.
    return type(value) is (Raised if name == "error" else Answer)


def texts(values: list[Any]) -> bool:
    """Whether all of these are text, and nothing that behaves like it."""
    return all(type(value) is str for value in values)


def endless(event: dict[str, Any]) -> bool:
    """Whether an event tells that something was stopped after its time."""
    if event["event"] == "raised":
        return bool(event["error"].id == "endless")
    outcomes = event["answer"].outcomes if event["event"] == "answer" else ()
    return any(one.error is not None and one.error.id == "endless" for one in outcomes)
