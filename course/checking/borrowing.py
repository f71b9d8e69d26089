"""Whether an answer that passed is the course's own: then a grader does not count it.

While a lesson is graded, what answers an exercise is out of reach for the answer to it. In a
notebook it is not, so there it is said.
"""

import sys
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from types import CodeType, FrameType, FunctionType
from typing import Any

import numpy as np

from course.checking.calling import kept_quiet
from course.checking.looking import called
from course.exercises import EXERCISES, ByCalls, Exercise, exercises_of


def borrowed(exercise: Exercise, answer: Any) -> str:
    """Name what of the course answers this exercise and is used by an answer; empty if nothing is.

    A function is called once more for that, with the exercise's public examples.
    """
    for name, own in answering(exercise.key).items():
        if answer is own or (
            isinstance(answer, np.ndarray)
            and isinstance(own, np.ndarray)
            and np.may_share_memory(answer, own)
        ):
            return name
    if not isinstance(exercise, ByCalls):
        return ""
    wanted, others = codes(exercise.key)
    found: list[str] = []

    def notice(frame: FrameType, event: str, argument: Any) -> None:
        if event == "call" and frame.f_code in wanted and not found:
            above = frame.f_back
            while above is not None and above.f_code not in others:
                above = above.f_back
            if above is None:
                found.append(wanted[frame.f_code])

    before = sys.getprofile()
    with kept_quiet():
        for one in exercise.examples:
            sys.setprofile(notice)
            try:
                called(answer, one, exercise.seconds)
            finally:
                sys.setprofile(before)
    return found[0] if found else ""


def warning(exercise: Exercise, name: str, answer: Any) -> str:
    """Say what that means, and what to do."""
    key = exercise.key
    if name.endswith(f".{key}") and answer is answering(key)[name] and name.startswith("helpers."):
        return (
            f"`{key}` stands for `{name}` itself here, as after `from helpers import *`, so a "
            f"grader will not count it. Define your own `{key}` below such a line."
        )
    return (
        f"It uses `{name}`, which answers this exercise, so a grader will not count it. Write your "
        f"own `{exercise.key}`, and compare it with that one."
    )


def leaning(key: str, later: str) -> str:
    """Say what it means that an answer uses that to a later exercise, which may use this one."""
    return (
        f"It uses `yours.{later}`, which comes after this exercise and may be built on it, so "
        f"`yours.{key}` stays what it was. Build it of what comes before."
    )


@cache
def answering(key: str) -> dict[str, Any]:
    """What answers an exercise, by name: in `helpers`, and of the course's answers from here on.

    An earlier one does, too, where the course has one function for both.
    """
    keys = [exercise.key for exercise in exercises_of(EXERCISES[key].lesson)]
    own = EXERCISES[key].reference
    same = [one for one, other in EXERCISES.items() if callable(own) and other.reference is own]
    courses = {f"yours.{one}": EXERCISES[one].reference for one in same + keys[keys.index(key) :]}
    return {**dict(of_helpers(EXERCISES[key])), **courses}


def of_helpers(exercise: Exercise) -> Iterator[tuple[str, Any]]:
    """Each of the helpers that answer an exercise, by its name."""
    for path in exercise.helpers:
        room, _, own = path.rpartition(".")
        yield f"helpers.{path}", getattr(import_module(f"helpers.{room}".rstrip(".")), own)


@cache
def codes(key: str) -> tuple[dict[CodeType, str], frozenset[CodeType]]:
    """The code of what answers an exercise, by name, and that of what it may use instead.

    What it may use may use what answers it: an answer that builds on another exercise's is fine.
    """
    wanted = dict(code_of(answering(key)))
    others = {}
    for other, exercise in EXERCISES.items():
        if other == key:
            break
        others[f"yours.{other}"] = exercise.reference
    for exercise in exercises_of(EXERCISES[key].lesson):
        others |= dict(of_helpers(exercise))
    allowed = {code for code, name in code_of(others) if name not in answering(key)}
    return {code: name for code, name in wanted.items() if code not in allowed}, frozenset(allowed)


def code_of(named: dict[str, Any]) -> Iterator[tuple[CodeType, str]]:
    """The code of each function, and its name; of `helpers` first, where both are one."""
    for name, one in reversed(named.items()):
        if isinstance(one, FunctionType):
            yield one.__code__, name
