"""The student's process: runs the cells of a notebook and says what there is to see of the answers.

From the first cell on, nothing in here can be trusted: a cell may change anything. That is why
nothing here knows what is right.
"""

import ast
import asyncio
import contextlib
import inspect
import json
import linecache
import os
import random
import signal
import symtable
import sys
from pathlib import Path
from typing import Any

import numpy as np

from course.checking import explaining
from course.checking.calling import call_on_copies, kept_quiet
from course.checking.looking import NotDefined, in_words, look
from course.exercises.exercise import call
from course.grading.cage.wire import Channel

TRAINING = {"fit", "train"}
"""Functions that change the first thing that they are given."""

SHOWING = {"keras", "pictures", "predict", "print", "progress", "training", "yours"}
"""What is called for something to be seen: that changes nothing."""


def prepare(with_keras: bool) -> None:
    """Import what notebooks need, before there are students. Starts no thread."""
    import matplotlib.pyplot
    import scipy.ndimage
    import scipy.signal
    from IPython.core.history import HistoryManager
    from IPython.core.interactiveshell import InteractiveShell

    history: Any = HistoryManager
    history.enabled = False  # it would start a thread
    shell: Any = InteractiveShell.instance()
    shell.ask_exit = lambda: None  # exit() in a cell
    shell.enable_gui = lambda gui=None: None  # %matplotlib inline
    assert matplotlib.pyplot and scipy.ndimage and scipy.signal
    if with_keras:
        import keras.layers

        assert keras.layers


class Looked:
    """What a check gives back: it has seen the answer, and keeps its verdict to itself."""

    status = "passed"
    mistake = picture = None
    key = headline = message = ""
    points = max_points = 0

    def __bool__(self) -> bool:
        return True

    def __repr__(self) -> str:
        return "checked"

    def as_html(self) -> str:
        """Say nothing."""
        return ""


class Check:
    """``check.KEY``: takes the answer, and is otherwise silent."""

    def __init__(self, key: str, taken: dict[str, Any]) -> None:
        self.key, self.taken = key, taken

    def __call__(self, answer: Any = NotDefined) -> Looked:
        self.taken[self.key] = answer
        return Looked()

    def hint(self) -> None:
        """Say nothing."""

    def solution(self, give_up: bool = False) -> None:
        """Say nothing."""


class Checks:
    """``check``: remembers the last answer that each of its checks was given."""

    def __init__(self, taken: dict[str, Any]) -> None:
        self._taken = taken

    def __getattr__(self, key: str) -> Check:
        if key.startswith("_"):
            raise AttributeError(key)
        return Check(key, self._taken)


class Predictions:
    """``predict``: takes any answer to any question, and says nothing."""

    def __getattr__(self, key: str) -> Any:
        if key.startswith("_"):
            raise AttributeError(key)
        return lambda *answer, **more: None


class Yours:
    """``yours``: the student's own answers in this lesson, ours to the earlier ones."""

    def __init__(
        self,
        names: dict[str, Any],
        taken: dict[str, Any],
        lent: dict[str, str],
    ) -> None:
        self._names, self._taken, self._lent = names, taken, lent

    def __getattr__(self, key: str) -> Any:
        if key.startswith("_"):
            raise AttributeError(key)
        if key in self._lent:
            import helpers

            room = {**self._names, "np": np, "helpers": helpers, "yours": self}
            exec(self._lent[key], room)  # noqa: S102 - the lesson's own solution
            self.__dict__[key] = room[key]
            return room[key]
        from helpers.withheld import asked

        asked.add(f"yours.{key}")
        answer = self._taken.get(key, self._names.get(key, NotDefined))
        if answer is not NotDefined:
            return answer
        raise AttributeError(f"there is no answer to {key!r} yet")


class Notebook:
    """One run of a notebook."""

    def __init__(self, channel: Channel, helpers: Path) -> None:
        from IPython import get_ipython

        self.channel = channel
        self.helpers = helpers
        self.shell = get_ipython()
        self.names = self.shell.user_ns
        self.taken: dict[str, Any] = {}  # by a check, since the last look
        self.looked: dict[str, Any] = {}  # the object last looked at
        self.early: set[str] = set()  # looked at when a name was missing that may come later
        self.loop = asyncio.new_event_loop()

    def run(self, job: dict[str, Any]) -> None:
        """Run what a job says, and tell what happens while it happens."""
        self.requests, self.seconds = job["requests"], job["seconds"]
        sys.path[:0] = ["", str(self.helpers)]
        explaining.NOT_THE_LEARNERS = (*explaining.NOT_THE_LEARNERS, self.helpers / "helpers")
        package = sys.modules["course"]
        yours = Yours(self.names, self.looked, job["lent"])
        stand_ins = {"check": Checks(self.taken), "predict": Predictions(), "yours": yours}
        vars(package).update(stand_ins, progress=lambda *a, **k: None)
        np.random.seed(577)  # noqa: NPY002 - the student's own draws, the same in every run
        random.seed(577)
        if job["keras"]:
            self.names.setdefault("keras", sys.modules.get("keras"))
        cells = job["cells"]
        chosen = range(len(cells)) if job["all"] else needed(cells)
        for index in chosen:
            if index not in job["skip"]:
                self.run_cell(index, cells[index][0])
        for key in self.requests:
            answer = self.names.get(key, NotDefined)
            if (
                key not in self.looked
                or key in self.early
                or (answer is not NotDefined and answer is not self.looked[key])
            ):
                self.look_at(key, answer)
        self.channel.send({"event": "done", "asked": asked()})

    def run_cell(self, index: int, source: str) -> None:
        """Run a cell; then look at the answers that it gave to checks."""
        self.channel.send({"event": "cell", "cell": index})
        filename = f"<cell {index + 1}>"
        with kept_quiet():
            outcome = call_on_copies(self.execute, call(source, filename), self.seconds)
        error = in_words(outcome, self.seconds).error
        if error and error.id == "endless":
            end_background()
        self.channel.send({"event": "ran", "cell": index, "error": error, "asked": asked()})
        taken = dict(self.taken)
        self.taken.clear()
        for key, answer in taken.items():
            if key in self.requests:
                self.look_at(key, answer)
            else:  # in a run for one exercise: `yours` still gives it
                self.looked[key] = answer

    def execute(self, source: str, filename: str) -> None:
        """Run the source of a cell as IPython does, without its displays and tracebacks."""
        text = self.shell.transform_cell(source)
        linecache.cache[filename] = (len(text), None, text.splitlines(True), filename)
        code = compile(text, filename, "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)

        async def cell() -> None:
            if code.co_flags & inspect.CO_COROUTINE:
                await eval(code, self.names)
            else:
                exec(code, self.names)  # noqa: S102

        # A cell that was stopped may have left its loop in the middle of anything, and listed as the
        # one that runs: none does here.
        asyncio._set_running_loop(None)
        if self.loop.is_running() or self.loop.is_closed():
            self.loop = asyncio.new_event_loop()
        self.loop.run_until_complete(cell())

    def look_at(self, key: str, answer: Any) -> None:
        """Look at an answer, and tell."""
        self.channel.send({"event": "looking", "key": key, "asked": asked()})
        self.looked[key] = answer
        seen = look(self.requests[key], answer)
        if any(getattr(outcome.error, "type", "") == "NameError" for outcome in seen.outcomes):
            self.early.add(key)
        self.channel.send({"event": "answer", "key": key, "answer": seen, "asked": asked()})


def end_background() -> None:
    """End what a cell that had to be stopped has started: it would weigh on those that follow.

    The first process of a namespace reaches by -1 only what is in it. Any other would reach
    everything that its user runs.
    """
    if os.getpid() == 1:
        with contextlib.suppress(ProcessLookupError):
            os.kill(-1, signal.SIGKILL)


def asked() -> list[str]:
    """Name what was asked for since this was last told, and is withheld."""
    room = sys.modules.get("helpers.withheld")
    names = sorted(room.asked) if room else []
    if room:
        room.asked.clear()
    return names


def attend(end: Any, helpers: Path, config: dict[str, Any]) -> None:
    """Wait for a job, do it."""
    channel = Channel(end)
    job = channel.receive()
    earlier = json.loads((Path(config["root"]) / "earlier.json").read_text("utf-8"))
    job["lent"] = {**earlier, **job["lent"]}
    channel.send({"event": "begun"})
    Notebook(channel, helpers).run(job)


# --- Which of the lesson's own cells an answer needs -----------------------------------------------


def needed(cells: list[tuple[str, Any]]) -> list[int]:
    """Choose the cells to run: the student's, and of the lesson's own those that they build on.

    Parameters
    ----------
    cells : list of (source, names)
        The names are those of `names_in` if the lesson has the same cell, else None.
    """
    wanted = {"check"}
    chosen = []
    for index in reversed(range(len(cells))):
        source, names = cells[index]
        if names is None:
            wanted |= names_in(source)[0]
        elif wanted.isdisjoint(names[1]):
            continue
        else:
            wanted.update(names[0])
        chosen.append(index)
    return chosen[::-1]


def names_in(source: str) -> tuple[set[str], set[str]]:
    """Name the variables of the notebook that a cell reads, and those that it makes or changes."""
    try:
        tree = ast.parse(source)
        scopes = [symtable.symtable(source, "<cell>", "exec")]
    except (SyntaxError, ValueError, RecursionError, MemoryError):  # magics; or it will not run
        return set(), set()
    reads: set[str] = set()
    makes: set[str] = set()
    while scopes:
        scope = scopes.pop()
        scopes += scope.get_children()
        for symbol in scope.get_symbols():
            if scope.get_type() == "module" or symbol.is_global():
                if symbol.is_referenced():
                    reads.add(symbol.get_name())
                if symbol.is_assigned() or symbol.is_imported():
                    makes.add(symbol.get_name())
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute | ast.Subscript) and not isinstance(node.ctx, ast.Load):
            makes |= roots(node.value)
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            makes |= roots(node.value.func) - SHOWING
        if isinstance(node, ast.Call) and name_of(node.func) in TRAINING:
            for argument in node.args[:1]:
                makes |= roots(argument) - SHOWING
    return reads, makes


def name_of(function: ast.expr) -> str:
    """The last part of the name of what is called."""
    return getattr(function, "attr", getattr(function, "id", ""))


def roots(node: ast.expr) -> set[str]:
    """The variable at the root of ``a.b[c].d``."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    return {node.id} if isinstance(node, ast.Name) else set()
