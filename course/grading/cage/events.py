"""What a student's process may tell: the form of each event, looked at before anything reads it.

What it says may be a lie all the same. That is for the judge.
"""

from typing import Any, get_args

from course.checking.calling import Outcome
from course.checking.looking import Answer, Raised
from course.grading.cage.wire import Garbled

FIELDS: dict[str, tuple[str, ...]] = {
    "cell": ("cell",),
    "ran": ("cell", "error", "asked"),
    "looking": ("key", "asked"),
    "answer": ("key", "answer", "asked"),
    "done": ("asked",),
}
ANSWERS = get_args(Answer.__annotations__["kind"])
ERRORS = get_args(Raised.__annotations__["id"])
MOST_ASKED = 1000


def most_events(job: dict[str, Any]) -> int:
    """How many events a notebook can cause: each cell runs once, and may give every answer."""
    return 2 * (len(job["cells"]) + 1) * (len(job["requests"]) + 1) + 2


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
        if not fits(name, event.get(name), job):
            raise Garbled(f"no such {name}")
    return event


def fits(name: str, value: Any, job: dict[str, Any]) -> bool:
    """Whether this may stand in that field."""
    if name == "cell":
        return type(value) is int and 0 <= value < len(job["cells"])
    if name == "key":
        return type(value) is str and value in job["requests"]
    if name == "asked":
        return type(value) is list and len(value) <= MOST_ASKED and texts(value)
    if name == "error":
        return error(value)
    return answer(value)


def texts(values: Any) -> bool:
    """Whether all of these are text, and nothing that behaves like it."""
    return all(type(value) is str for value in values)


def error(value: Any) -> bool:
    """Whether it is an error in words, or none."""
    return value is None or (type(value) is Raised and texts(value) and value.id in ERRORS)


def answer(value: Any) -> bool:
    """Whether it describes an answer."""
    return (
        type(value) is Answer
        and texts((value.kind, value.written, value.printed))
        and value.kind in ANSWERS
        and type(value.outcomes) is tuple
        and all(
            type(one) is Outcome
            and error(one.error)
            and (one.changed is None or type(one.changed) is str)
            for one in value.outcomes
        )
    )
