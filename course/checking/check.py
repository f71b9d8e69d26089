"""``check.KEY(answer)``: what a learner calls."""

import contextlib
import difflib
import inspect
import os
import re
import traceback
from dataclasses import replace
from pathlib import Path
from typing import Any

from course.checking import progress
from course.checking.beside import beside
from course.checking.borrowing import answering, borrowed, leaning, warning
from course.checking.judge import NotDefined, judge
from course.checking.result import Paragraphs, Result, show
from course.checking.shell import shell
from course.checking.yours import source_of, unknown, yours
from course.exercises import EXERCISES, ByCalls, Exercise
from course.lessons import LESSONS, ROOT

MARKERS = ("### BEGIN SOLUTION", "### END SOLUTION")


DEFINES = re.compile(r"^(?:def|class)\s+(\w+)|^(\w+)\s*=(?!=)", re.MULTILINE)


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
        if told := lacking_keras(self.exercise):
            return shown(stand_in(self.exercise, told))
        stopped = in_the_way(self.exercise, answer)
        if stopped is None:
            stopped = forgotten(self.exercise, answer)
        with yours._judging(self.exercise.key) as leant:
            result = judge(self.exercise, answer) if stopped is None else stopped
            taken = borrowed(self.exercise, answer) if result else ""
        if not result and (other := of_another(self.exercise, answer)):
            result = replace(stand_in(self.exercise, other), status="failed")
        if result.status == "not_attempted" and (meant := near_name(result.key)):
            result = replace(result, message=f"{meant}\n\n{result.message}")
        leans = ""  # on what is not the learner's own: `yours` gives the course's then
        if taken:
            asked = f"yours.{leant[0]}" if leant else ""  # as the learner wrote it
            told = asked if asked in answering(result.key) else taken
            leans = warning(self.exercise, told, answer)
        elif result and leant:
            leans = leaning(result.key, leant[0])
        if leans:
            result = replace(result, message=f"{result.message}\n\n{leans}")
        own = result and not leans
        if own:
            yours._answers[result.key] = answer
            if isinstance(self.exercise, ByCalls) and not strict():
                code = beside(self.exercise, answer, solution_source(self.exercise))
                result = replace(result, beside=code)
        progress.remember(result, source_of(result.key, answer) if own else None)
        return shown(result)

    def hint(self, number: int | None = None) -> None:
        """Show the next of three hints, each closer, below those that you have seen.

        Parameters
        ----------
        number : int, optional
            1, 2 or 3, to see that one again.
        """
        if number is not None and number not in (1, 2, 3):
            wrong = f"There are three hints, and {number!r} is none of 1, 2 and 3."
            show(Paragraphs(f"{wrong} Try `{self}.hint()`."))
            return
        seen = progress.remembered().get(self.exercise.key, progress.NOT_YET).hints
        while number is None or seen < number:
            seen = progress.count_hint(self.exercise.key)
            number = number or seen
        told = [f"Hint {n + 1} of 3: {hint}" for n, hint in enumerate(self.exercise.hints[:number])]
        if number == 3:
            told.append(f"That is the last one. To see an answer: `{self}.solution(give_up=True)`")
        show(Paragraphs("\n\n".join(told)))

    def solution(self, give_up: bool = False) -> None:
        """Show an answer: once yours has passed, or when you give up."""
        key = self.exercise.key
        answered = progress.remembered().get(key, progress.NOT_YET)
        if answered.status == "passed" or give_up:
            print(solution_source(self.exercise))
        else:
            print(
                f"The solution shows once yours has passed. {3 - answered.hints} of 3 hints are "
                f"left: {self}.hint(). To see it anyway: {self}.solution(give_up=True)"
            )

    def __str__(self) -> str:
        return f"check.{self.exercise.key}"

    def __repr__(self) -> str:
        return f"{self}: {self.exercise.title}. Call it with your answer."


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

    def __setattr__(self, key: str, value: Any) -> None:
        if not key.startswith("_"):
            told = f"A check is called with your answer, in brackets: check.{key}({key})"
            raise AttributeError(told if key in self._checks else unknown(key))
        super().__setattr__(key, value)

    def __call__(self, answer: Any = NotDefined) -> None:
        """Say that a check is called by the key of its exercise."""
        name = getattr(answer, "__name__", None)
        key = name if name in self._checks else "KEY"
        show(
            Paragraphs(f"Each exercise has a check of its own. Call it by name: check.{key}({key})")
        )

    def __dir__(self) -> list[str]:
        return list(self._checks)

    def __repr__(self) -> str:
        return f"{len(self._checks)} checks: check.KEY(KEY), check.KEY.hint(), check.KEY.solution()"


def shown(result: Result) -> Result:
    """Show a verdict; where a machine is watching, raise what did not pass."""
    if strict() and not result:
        raise CheckFailed(str(result))
    show(result)
    return result


def solution_source(exercise: Exercise, root: Path = ROOT) -> str:
    """The solution cell of an exercise, from the lesson's own source."""
    lesson = LESSONS[exercise.lesson].source(root)
    start = f'# %% exercise="{exercise.key}"'
    with contextlib.suppress(OSError, IndexError):
        cell = lesson.read_text(encoding="utf-8").split(start, 1)[1].split("\n# %%", 1)[0]
        lines = cell.splitlines()[1:]
        return "\n".join(line for line in lines if line.strip() not in MARKERS).strip()
    try:
        return inspect.getsource(exercise.reference)
    except TypeError:  # not a function but a value
        return f"{exercise.key} = {exercise.reference!r}"


_broken: dict[str, str] = {}
"""Answers whose newest cell could not be read by Python, and why: an older one is still there."""


_before: dict[str, Any] = {}
"""The answers that there were before the cell that runs now."""


def in_the_way(exercise: Exercise, answer: Any) -> Result | None:
    """Say that the cell of an answer did not run, if so: an older answer would be judged."""
    if exercise.key not in _broken:
        return None
    left = "there is none yet" if answer is NotDefined else "the one that is there is an older one"
    message = (
        f"The cell that defines `{exercise.key}` did not run to where it does, so {left}. "
        f"{_broken[exercise.key]} Mend that line, run the cell, then run this again."
    )
    return stand_in(exercise, message)


def lacking_keras(exercise: Exercise) -> str:
    """Say that an exercise needs Keras, if so, and there is none. What was done of it elsewhere stays."""
    if not exercise.keras:
        return ""
    from helpers.training import WITHOUT_KERAS, have_keras

    return "" if have_keras() else WITHOUT_KERAS


def stand_in(exercise: Exercise, message: str) -> Result:
    """What is said where nothing was judged."""
    return Result(exercise.key, "not_attempted", None, message, 0, exercise.points)


def forgotten(exercise: Exercise, answer: Any) -> Result | None:
    """Say that the brackets of a check are empty, if so, and the answer is there."""
    ipython = shell()
    if answer is not NotDefined or ipython is None:
        return None
    if ipython.user_ns.get(exercise.key, NotDefined) is NotDefined:
        return None
    key = exercise.key
    return stand_in(exercise, f"Put your answer in the brackets: check.{key}({key})")


def of_another(exercise: Exercise, answer: Any) -> str:
    """Say that an answer is the function of another exercise, if so."""
    name = getattr(answer, "__name__", None)
    if name == exercise.key or name not in EXERCISES or not callable(answer):
        return ""
    return (
        f"This is `{name}`. Put `{exercise.key}` in the brackets: "
        f"check.{exercise.key}({exercise.key})"
    )


def near_name(key: str) -> str:
    """Say that something else in the notebook has almost the name of an answer, if so."""
    ipython = shell()
    if ipython is None:
        return ""
    own = [
        name
        for name, value in ipython.user_ns.items()
        if callable(value) and getattr(value, "__module__", None) == "__main__"
    ]
    near = difflib.get_close_matches(key, [n for n in own if n not in EXERCISES], 1, cutoff=0.8)
    return f"There is a `{near[0]}`. The check wants `{key}`, spelled like this." if near else ""


def note_broken_cells(result: Any) -> None:
    """After a cell has run: note which answers it would have defined, and what kept it from that.

    Python did not understand it, or stopped in a line above.
    """
    code = result.info.raw_cell or ""
    defined = {name for found in DEFINES.findall(code) for name in found} & set(EXERCISES)
    error = result.error_before_exec or result.error_in_exec
    for key in defined:
        same = shell().user_ns.get(key, NotDefined) is _before.get(key, NotDefined)
        if isinstance(error, Exception) and same:
            _broken[key] = what_stops(error)
        else:
            _broken.pop(key, None)


def what_stops(error: Exception) -> str:
    """Name the line of a cell that stops it, and why."""
    if isinstance(error, SyntaxError):
        number, line, why = error.lineno, (error.text or "").strip(), error.msg
    else:
        frames = traceback.extract_tb(error.__traceback__)
        # What IPython calls a cell's own code.
        cell = next(
            (one for one in frames if one.name.startswith(("<module>", "<cell line"))), None
        )
        number, line = (cell.lineno, cell.line or "") if cell else (0, "")
        why = f"{type(error).__name__}: {error}"
    return f"Line {number} stops it: {why}" + (f", in `{line}`." if line else ".")


def name_missing_answers(info: Any) -> None:
    """Before a cell runs: let ``check.KEY(KEY)`` meet a name that was never defined.

    Python would raise a NameError before the check is called, and stop the notebook.
    """
    namespace = shell().user_ns
    _before.clear()
    _before.update({key: namespace[key] for key in EXERCISES if key in namespace})
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

if shell() is not None:
    shell().events.register("pre_run_cell", name_missing_answers)
    shell().events.register("post_run_cell", forget_missing_answers)
    shell().events.register("post_run_cell", note_broken_cells)
