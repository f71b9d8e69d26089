"""What a notebook finds in the place of `course`: checks that only take an answer and send it out."""

from types import SimpleNamespace
from typing import Any

import numpy as np

from course.checking.looking import NotDefined
from course.checking.result import Result
from course.grading.cage import door
from course.grading.cage.cells import Staged


class CagedCheck:
    """``check.KEY``: shows an answer to whoever judges it outside, and is otherwise silent."""

    def __init__(self, key: str, notebook: Any) -> None:
        self._key, self._notebook = key, notebook

    def __call__(self, answer: Any = NotDefined) -> Result:
        return self._notebook.check(self._key, answer)  # type: ignore[no-any-return]

    def hint(self) -> None:
        """Say nothing."""

    def solution(self, give_up: bool = False) -> None:
        """Say nothing."""

    def __repr__(self) -> str:
        return f"check.{self._key}"


class CagedChecks:
    """``check``, with all its checks."""

    def __init__(self, notebook: Any) -> None:
        self._notebook = notebook

    def __getattr__(self, key: str) -> CagedCheck:
        if key.startswith("_"):
            raise AttributeError(key)
        return CagedCheck(key, self._notebook)


class Silent:
    """Something of the course that nobody looks at here: it takes whatever it is given."""

    def __getattr__(self, name: str) -> "Silent":
        if name.startswith("_"):
            raise AttributeError(name)
        return self

    def __call__(self, *args: Any, **kwargs: Any) -> "Silent":
        return self

    def __repr__(self) -> str:
        return "not shown"


class CagedYours:
    """``yours``: the student's own answers once they are right, the course's until then.

    To exercises of earlier lessons it is always the course's. Those of this lesson are not in here:
    they are asked for outside.
    """

    def __init__(self, names: dict[str, Any], staged: Staged, right: dict[str, Any]) -> None:
        self._names, self._staged, self._right = names, staged, right

    def __getattr__(self, key: str) -> Any:
        if key.startswith("_") or key not in self._staged.points:
            raise AttributeError(key)
        if key in self._right:
            return self._right[key]
        name = f"yours.{key}"
        if key in self._staged.earlier:
            self.__dict__[key] = self._made(key, self._staged.earlier[key])
            return self.__dict__[key]
        if key in self._staged.code:
            return self._made(key, door.ask(name))
        if self._staged.answers.get(key) == "value":
            door.touched.add(name)
            return door.lend(name, door.ask(name))
        if key not in self._staged.answers:
            raise AttributeError(f"{key!r} is an exercise of a later lesson")

        def asked(*args: Any, **kwargs: Any) -> Any:
            return door.ask(name, *args, **kwargs)

        asked.__name__ = key
        return asked

    def _made(self, key: str, source: str) -> Any:
        """Make an answer of the course of its source."""
        import helpers

        room = {**self._names, "np": np, "helpers": helpers, "yours": self}
        exec(source, room)  # noqa: S102 - the lesson's own solution
        return room[key]


class CagedProgress:
    """``progress()``: the points of this notebook so far."""

    def __init__(self, staged: Staged, verdicts: dict[str, Result]) -> None:
        self.answers = {
            key: SimpleNamespace(status=one.status, mistake=one.mistake, points=one.points)
            for key, one in verdicts.items()
        }
        self.points = sum(one.points for one in verdicts.values())
        self.max_points = sum(staged.points.values())
        passed = {key for key, one in verdicts.items() if one}
        self.next = next((key for key in staged.points if key not in passed), None)
        self.summary = f"{self.points} of {self.max_points} points."

    def answer(self, key: str) -> Any:
        """What is known of one exercise."""
        nothing = SimpleNamespace(status="not_attempted", mistake=None, points=0)
        return self.answers.get(key, nothing)

    def __repr__(self) -> str:
        return self.summary
