"""``check.KEY(answer)``: what a learner calls. And ``yours.KEY``: what the next cell builds on."""

import contextlib
import difflib
import inspect
import os
import re
import types
from pathlib import Path
from typing import Any

import numpy as np

from course.checking import progress
from course.checking.judge import NotDefined, judge
from course.checking.result import Result, shell, show
from course.exercises import EXERCISES, LESSONS, Exercise

SOLUTIONS = Path(__file__).resolve().parents[2] / "solutions"


class CheckFailed(AssertionError):
    """Raised for an answer that did not pass, where a machine is watching (strict mode)."""

    def _render_traceback_(self) -> list[str]:
        return str(self).splitlines()


def strict() -> bool:
    """Whether a machine is watching: our own CI, or nbgrader."""
    return os.environ.get("COURSE_STRICT") == "1" or "NBGRADER_EXECUTION" in os.environ


class Check:
    """The check of one exercise. Call it with your answer."""

    def __init__(self, exercise: Exercise) -> None:
        self.exercise = exercise
        self.__doc__ = f"{exercise.title}. Call it with your `{exercise.key}`."

    def __call__(self, answer: Any = NotDefined) -> Result:
        """Judge an answer, show the verdict, remember it, return it.

        Parameters
        ----------
        answer : object
            Your function, class or value itself: ``check.relu(relu)``.

        Returns
        -------
        Result
        """
        result = judge(self.exercise, answer)
        if result:
            yours._answers[result.key] = answer
        progress.remember(result, source_of(result.key, answer) if result else None)
        if strict() and not result:
            raise CheckFailed(str(result))
        show(result)
        return result

    def hint(self) -> None:
        """Show the next of three hints, each closer."""
        number = progress.count_hint(self.exercise.key)
        print(f"Hint {number} of 3: {self.exercise.hints[number - 1]}")
        if number == 3:
            print(f"That is the last one. check.{self.exercise.key}.solution(give_up=True) shows an answer.")

    def solution(self, give_up: bool = False) -> None:
        """Show an answer: once yours has passed, or when you give up."""
        key = self.exercise.key
        answered = progress.remembered().get(key, progress.NOT_YET)
        if answered.status == "passed" or give_up:
            print(solution_source(self.exercise))
        else:
            print(
                f"The solution shows once yours has passed. {3 - answered.hints} of 3 hints are left: "
                f"check.{key}.hint(). To see it anyway: check.{key}.solution(give_up=True)"
            )

    def __repr__(self) -> str:
        return f"check.{self.exercise.key}: {self.exercise.title}. Call it with your answer."


class Checks:
    """All checks, by the key of their exercise."""

    def __init__(self) -> None:
        self._checks = {key: Check(exercise) for key, exercise in EXERCISES.items()}

    def __getattr__(self, key: str) -> Check:
        if key.startswith("_"):
            raise AttributeError(key)
        if key not in self._checks:
            raise AttributeError(unknown(key))
        return self._checks[key]

    def __dir__(self) -> list[str]:
        return list(self._checks)

    def __repr__(self) -> str:
        return f"{len(self._checks)} checks: check.KEY(KEY), check.KEY.hint(), check.KEY.solution()"


class Yours:
    """Your own answers, once they have passed; the course's until then.

    ``yours.conv2d_valid`` is your function if it passed in this notebook or, by the progress file,
    in an earlier one. So being stuck never blocks the next step.
    """

    def __init__(self) -> None:
        self._answers: dict[str, Any] = {}

    def __getattr__(self, key: str) -> Any:
        if key.startswith("_"):
            raise AttributeError(key)
        if key not in EXERCISES:
            raise AttributeError(unknown(key))
        if key not in self._answers:
            restored = restore(EXERCISES[key])
            if restored is NotDefined:
                return EXERCISES[key].reference
            self._answers[key] = restored
        return self._answers[key]

    def __dir__(self) -> list[str]:
        return list(EXERCISES)


def unknown(key: str) -> str:
    """Say which exercise may have been meant."""
    near = difflib.get_close_matches(key, EXERCISES, n=1)
    meant = f" Did you mean `{near[0]}`?" if near else ""
    return f"There is no exercise named `{key}`.{meant} progress() lists them all."


def source_of(key: str, answer: Any) -> str | None:
    """The source of an answer that passed, with the learner's own functions that it calls."""
    if isinstance(answer, np.ndarray):
        return f"import numpy as np\n{key} = np.array({answer.tolist()})"
    if not isinstance(answer, types.FunctionType):
        return None
    parts: list[str] = []
    seen: set[str] = set()

    def collect(function: types.FunctionType) -> None:
        seen.add(function.__name__)
        for name in names_used(function.__code__):
            value = function.__globals__.get(name)
            if name in seen:
                continue
            if isinstance(value, types.ModuleType):
                seen.add(name)
                parts.append(f"import {value.__name__} as {name}")
            elif isinstance(value, types.FunctionType) and value.__module__ != "__main__":
                seen.add(name)
                parts.append(f"from {value.__module__} import {value.__name__} as {name}")
            elif isinstance(value, types.FunctionType):
                collect(value)
        parts.append(inspect.getsource(function))

    try:
        collect(answer)
    except (OSError, TypeError):  # typed into a prompt: there is no source to keep
        return None
    return "\n".join(parts)


def names_used(code: types.CodeType) -> set[str]:
    """Every global name that a function's code may look up, nested functions included."""
    inner = (names_used(c) for c in code.co_consts if isinstance(c, types.CodeType))
    return set(code.co_names).union(*inner)


def restore(exercise: Exercise) -> Any:
    """Make a passed answer of an earlier notebook again, if it still passes here."""
    answer = progress.remembered().get(exercise.key)
    if answer is None or answer.source is None:
        return NotDefined
    namespace: dict[str, Any] = {"__name__": "yours"}
    with contextlib.suppress(Exception):
        exec(compile(answer.source, f"<your {exercise.key}>", "exec"), namespace)
        restored = namespace.get(exercise.key, NotDefined)
        if judge(exercise, restored):
            return restored
    return NotDefined


def solution_source(exercise: Exercise) -> str:
    """The solution cell of an exercise, from the lesson's own source."""
    lesson = SOLUTIONS / f"{exercise.lesson:02d}_{LESSONS[exercise.lesson]}.py"
    start = f'# %% exercise="{exercise.key}"'
    with contextlib.suppress(OSError, IndexError):
        cell = lesson.read_text(encoding="utf-8").split(start, 1)[1].split("\n# %%", 1)[0]
        lines = cell.splitlines()[1:]
        return "\n".join(line for line in lines if "### " not in line).strip()
    return inspect.getsource(exercise.reference)


def name_missing_answers(info: Any) -> None:
    """Before a cell runs: let ``check.KEY(KEY)`` meet a name that was never defined.

    Python would raise a NameError before the check is called, and stop the notebook.
    """
    namespace = shell().user_ns
    for key in re.findall(r"\bcheck\.(\w+)\(\s*\1\s*\)", info.raw_cell or ""):
        if key in EXERCISES:
            namespace.setdefault(key, NotDefined)


def forget_missing_answers(result: Any) -> None:
    """After a cell has run: take those stand-ins away again."""
    namespace = shell().user_ns
    for key in EXERCISES:
        if namespace.get(key) is NotDefined:
            del namespace[key]


check = Checks()
yours = Yours()

if shell() is not None:
    shell().events.register("pre_run_cell", name_missing_answers)
    shell().events.register("post_run_cell", forget_missing_answers)
