"""``yours.KEY``: what the next cell builds on, the learner's own answer once it has passed."""

import ast
import contextlib
import difflib
import inspect
import sys
import types
from collections.abc import Iterator
from typing import Any

import numpy as np

from course.checking import progress
from course.checking.borrowing import borrowed
from course.checking.calling import definition
from course.checking.judge import NotDefined, judge
from course.exercises import EXERCISES, Exercise

PLACES = {key: place for place, key in enumerate(EXERCISES)}
LARGEST_CONSTANT = 1_000  # entries of a constant that an answer uses; more is data, not code


class Yours:
    """Your own answers, once they have passed; the course's until then.

    ``yours.conv2d_valid`` is your function if it passed in this notebook or, by the progress file,
    in an earlier one. So being stuck never blocks the next step.
    """

    def __init__(self) -> None:
        self._answers: dict[str, Any] = {}
        self._judged: list[tuple[str, list[str]]] = []

    def __getattr__(self, key: str) -> Any:
        if key.startswith("_"):
            raise AttributeError(key)
        if key not in EXERCISES:
            raise AttributeError(unknown(key))
        judged, leant = self._judged[-1] if self._judged else (None, [])
        if judged and PLACES[key] >= PLACES[judged]:
            leant.append(key)
            return EXERCISES[key].reference
        if key not in self._answers:
            restored = restore(EXERCISES[key])
            if restored is NotDefined:
                return EXERCISES[key].reference
            self._answers[key] = restored
        return self._answers[key]

    def __setattr__(self, key: str, value: Any) -> None:
        if not key.startswith("_"):
            told = f"`yours.{key}` becomes your own once it has passed: check.{key}({key})"
            raise AttributeError(told if key in EXERCISES else unknown(key))
        super().__setattr__(key, value)

    @contextlib.contextmanager
    def _judging(self, key: str) -> Iterator[list[str]]:
        """While an answer is judged, give the course's to its exercise and to all that follow.

        Otherwise answers could lean on one another without end. What is asked for is collected.
        """
        leant: list[str] = []
        self._judged.append((key, leant))
        try:
            yield leant
        finally:
            self._judged.pop()

    def __dir__(self) -> list[str]:
        return list(EXERCISES)

    def __repr__(self) -> str:
        return "yours.KEY is your own answer once it has passed, and the course's until then"


yours = Yours()


def unknown(key: str) -> str:
    """Say which exercise may have been meant."""
    near = difflib.get_close_matches(key, EXERCISES, n=1)
    meant = f" Did you mean `{near[0]}`?" if near else ""
    return f"There is no exercise named `{key}`.{meant} progress() lists them all."


def restore(exercise: Exercise) -> Any:
    """Make a passed answer of an earlier notebook again, if it still passes here."""
    answer = progress.remembered().get(exercise.key)
    if answer is None or answer.source is None:
        return NotDefined
    namespace: dict[str, Any] = {"__name__": "yours"}
    with contextlib.suppress(Exception):
        code = compile(answer.source, f"<your {exercise.key}>", "exec")
        exec(code, namespace)  # noqa: S102 - the learner's own code, from their own file
        restored = namespace.get(exercise.key, NotDefined)
        with yours._judging(exercise.key) as leant:
            if judge(exercise, restored) and not borrowed(exercise, restored) and not leant:
                return restored
    return NotDefined


def source_of(key: str, answer: Any) -> str | None:
    """Python that makes an answer again, with what it needs of the learner's own, or None."""
    parts: dict[str, str | None] = {}

    def collect(name: str, value: Any) -> None:
        parts[name] = assignment(name, value)
        function = inspect.unwrap(value) if callable(value) else None
        if parts[name] is not None or not isinstance(function, types.FunctionType):
            return
        del parts[name]  # what a definition needs stands above it
        source = definition(function, name)
        seen.add(name)
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Name) and node.id not in seen | set(parts):
                with contextlib.suppress(KeyError):
                    collect(node.id, function.__globals__[node.id])
        parts[name] = source

    seen: set[str] = set()
    try:
        collect(key, answer)
    except (OSError, SyntaxError, TypeError):  # typed into a prompt: there is no source to keep
        return None
    return "\n".join(filter(None, parts.values())) or None


def assignment(name: str, value: Any) -> str | None:
    """One line that gives `name` its value again: an import or a constant; None if neither."""
    if isinstance(value, types.ModuleType):
        return f"import {value.__name__} as {name}"
    if isinstance(value, Yours):
        return f"from course import yours as {name}"
    module, own_name = getattr(value, "__module__", None), getattr(value, "__name__", None)
    if module != "__main__" and own_name and hasattr(sys.modules.get(str(module)), own_name):
        return f"from {module} import {own_name} as {name}"
    if isinstance(value, np.ndarray) and value.size <= LARGEST_CONSTANT:
        return f"{name} = __import__('numpy').array({value.tolist()}, dtype='{value.dtype}')"
    if isinstance(value, bool | int | float | str):
        return f"{name} = {value!r}"
    if isinstance(value, list | tuple | dict) and len(value) <= LARGEST_CONSTANT:
        return f"{name} = {value!r}"
    return None
