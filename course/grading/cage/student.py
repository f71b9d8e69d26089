"""The student's process: runs the cells of a notebook and says what there is to see of the answers.

From the first cell on, nothing in here can be trusted: a cell may change anything. That is why
nothing here knows what is right.
"""

import __future__

import ast
import asyncio
import builtins
import contextlib
import inspect
import json
import linecache
import os
import random
import re
import signal
import sys
import threading
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

import numpy as np

from course.checking import explaining
from course.checking.calling import (
    Outcome,
    apart,
    call_on_copies,
    globals_read,
    kept_quiet,
    no_input,
)
from course.checking.looking import NotDefined, Raised, in_words, look
from course.checking.result import Result
from course.exercises.exercise import call
from course.exercises.trials.rebuilding import Trial
from course.grading.cage import clean, door
from course.grading.cage.cells import (
    Staged,
    StagedLesson,
    names_read,
    pieces,
    read_at_once,
    stored,
    unmagic,
)
from course.grading.cage.events import MOST_LOOKS, WHOLE_CELL
from course.grading.cage.standins import CagedChecks, CagedProgress, CagedYours, Silent
from course.grading.cage.wire import Channel

FUTURES = sum(getattr(__future__, name).compiler_flag for name in __future__.all_feature_names)
HARMLESS = ast.Import | ast.ImportFrom | ast.FunctionDef | ast.ClassDef
INSTALLING = re.compile(r"(sudo\s+)?(pip3?|conda|mamba|uv|apt|apt-get|python3? -m pip)\s")
FETCHING = re.compile(r"(wget|curl|git|gdown|kaggle)\s")


lessons: list[StagedLesson] = []
"""The lesson of this cage, once it is known."""


def prepare(config: dict[str, Any]) -> None:
    """Import what every notebook needs, before there are students. Starts no thread."""
    from IPython.core.history import HistoryManager
    from IPython.core.interactiveshell import InteractiveShell

    import helpers.kernels

    history: Any = HistoryManager
    history.enabled = False  # it would start a thread
    shell: Any = InteractiveShell.instance()
    shell.ask_exit = lambda: None  # exit() in a cell
    shell.enable_gui = lambda gui=None: None  # %matplotlib inline
    if config["keras"]:
        import keras.layers

        assert keras.layers
    staged = Staged(**json.loads((Path(config["root"]) / "lesson.json").read_text("utf-8")))
    lessons.append(StagedLesson(staged))
    values = {name.partition(".")[2]: name for name in staged.values}
    for module in (helpers, helpers.kernels) if values else ():
        door.watch(module, {own: name for own, name in values.items() if own in vars(module)})
    explaining.NOT_THE_LEARNERS = (*explaining.NOT_THE_LEARNERS, Path(config["root"]))


class Notebook:
    """One run of a notebook."""

    def __init__(self, channel: Channel) -> None:
        from IPython import get_ipython

        self.line = door.Line(channel)
        door.lines.append(self.line)
        self.lesson = lessons[0]
        self.shell = get_ipython()
        self.names = self.shell.user_ns
        self.taken: dict[str, Any] = {}  # by a check, and not looked at yet
        self.looked: dict[str, Any] = {}  # the object last looked at
        self.early: set[str] = set()  # looked at when a name was missing that may come later
        self.looks: dict[str, int] = {}
        self.looking = False
        self.verdicts: dict[str, Result] = {}
        self.right: dict[str, Any] = {}  # what last passed, for `yours`
        self.borrowed: dict[str, set[str]] = {}  # what went into the statement that made a value
        self.reached = -1  # in the lesson: of the last of its cells that was met
        self.loop = asyncio.new_event_loop()
        self.futures = 0
        self.last: Any = self.names.get("_", "")

    def run(self, job: dict[str, Any]) -> None:
        """Run what a job says, and tell what happens while it happens."""
        self.keys, self.seconds = job["keys"], job["seconds"]
        sys.path.insert(0, "")
        self.furnish()
        np.random.seed(577)  # noqa: NPY002 - the student's own draws, the same in every run
        random.seed(577)
        if job["keras"]:
            self.names.setdefault("keras", sys.modules.get("keras"))
        skipped = {tuple(one) for one in job["skip"]}
        for index, (position, text, nodes) in self.chosen(job["cells"]):
            self.reached = self.reached if position is None else position
            filename = f"<cell {index + 1}>"
            linecache.cache[filename] = (len(text), None, text.splitlines(True), filename)
            with kept_quiet():
                for number, node in enumerate(nodes):
                    whole = (index, WHOLE_CELL) in skipped and not isinstance(node, HARMLESS)
                    if (index, number) not in skipped and not whole:
                        last = number == len(nodes) - 1 and not text.rstrip().endswith(";")
                        self.run_statement(index, number, node, last)
            if os.getpid() != self.line.owner:  # a cell has forked it, and here it ends
                os._exit(0)
            self.look_at_taken()
        for key in self.keys:
            answer = self.names.get(key, NotDefined)
            if (
                key not in self.looked
                or key in self.early
                or (answer is not NotDefined and answer is not self.looked[key])
            ):
                self.look_at(key, answer)
        self.line.tell({"event": "done"})

    def furnish(self) -> None:
        """Put stand-ins in the place of what a notebook imports from the course."""
        staged = self.lesson.staged
        # A cell may change what is built in, and change it for its own code alone.
        own: Any = ModuleType("builtins")
        vars(own).update(vars(builtins), input=no_input)
        sys.modules["builtins"] = self.names["__builtins__"] = own
        vars(sys.modules["course"]).update(
            check=CagedChecks(self),
            yours=CagedYours(self.names, staged, self.right),
            progress=lambda *args, **kwargs: CagedProgress(staged, self.verdicts),
            predict=Silent(),
        )
        self.shell.system = partial(self.in_the_shell, self.shell.system)
        self.shell.run_line_magic = partial(self.line_magic, self.shell.run_line_magic)

    # --- Running statements ---

    def chosen(self, cells: list[str]) -> Iterable[tuple[int, tuple[int | None, str, list[Any]]]]:
        """Choose what to run: the student's cells, and of the lesson's own what they build on."""
        wanted = {"check"}
        found = []
        for index in reversed(range(len(cells))):
            source = cells[index]
            position = self.lesson.positions.get(source.strip())
            if position is None:
                # IPython leaves empty lines at the beginning out, and the others are counted from there.
                plain = unmagic(source)
                empty = "\n" * plain[: len(plain) - len(plain.lstrip())].count("\n")
                text = empty + self.shell.transform_cell(plain)
                nodes: list[Any] = pieces(text)
                wanted |= names_read(text, nodes)
            else:
                text, nodes = source, []
                for one in reversed(self.lesson.of_cell(position)):
                    if not wanted.isdisjoint(one.makes):
                        wanted |= one.reads
                        nodes[:0] = ast.parse(one.source).body
            found.append((index, (position, text, nodes)))
        return found[::-1]

    def run_statement(self, cell: int, number: int, node: Any, last: bool) -> None:
        """Run a statement, within its time; tell what it raises."""
        self.here = cell, getattr(node, "lineno", None) or 1
        if not (isinstance(node, ast.FunctionDef) and not node.decorator_list):
            at = {"event": "at", "cell": cell, "statement": number, "line": self.here[1]}
            self.line.tell(at)
        if not isinstance(node, SyntaxError):
            self.serve(read_at_once(node))
        door.touched.clear()
        filename = f"<cell {cell + 1}>"
        attempt = partial(call_on_copies, self.execute, call(node, filename, last), self.seconds)
        error = attempt().error
        if isinstance(error, NameError) and self.serve([str(error.name)]):
            error = attempt().error
        for key in stored(node) & self.keys.keys():
            self.borrowed[key] = set(door.touched)
        if error is not None:
            told = in_words(Outcome(error=error), self.seconds).error
            if told.id == "endless":
                end_background()
            self.note(told, line_of(error, filename) or self.here[1])

    def execute(self, node: Any, filename: str, last: bool) -> None:
        """Run a statement as IPython does, without its displays and tracebacks."""
        if isinstance(node, SyntaxError):
            raise node
        flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT | self.futures
        shown = isinstance(node, ast.Expr)
        tree = ast.Expression(node.value) if shown else ast.Module([node], [])
        code: CodeType = compile(tree, filename, "eval" if shown else "exec", flags, True)
        self.futures |= code.co_flags & FUTURES

        async def statement() -> Any:
            value = eval(code, self.names)
            return await value if code.co_flags & inspect.CO_COROUTINE else value

        # One that was stopped may have left its loop in the middle of anything, and listed as the one
        # that runs: none does here.
        asyncio._set_running_loop(None)
        if self.loop.is_running() or self.loop.is_closed():
            self.loop = asyncio.new_event_loop()
        value = self.loop.run_until_complete(statement())
        if shown and last and value is not None and self.names.get("_") is self.last:
            self.names["_"] = self.last = value

    def serve(self, names: Iterable[str]) -> bool:
        """Make names that are missing as the lesson makes them: its cell is gone, or spoilt."""
        missing = {name for name in names if name not in self.names} & self.lesson.makes
        served = False
        for one in self.lesson.for_names(missing, self.names, self.reached) if missing else ():
            before = {name: self.names[name] for name in one.makes if name in self.names}
            for node in ast.parse(one.source).body:
                call_on_copies(self.execute, call(node, "<the lesson>", False), self.seconds)
            self.names.update(before)
            served = True
        return served and missing <= self.names.keys()

    def note(self, error: Raised, line: int) -> None:
        """Tell of an error in the statement that runs."""
        self.line.tell({"event": "raised", "cell": self.here[0], "line": line, "error": error})

    # --- What a line reaches for that is not here ---

    def in_the_shell(self, run: Any, command: str) -> None:
        """Run a line of the shell; note what it can't do here."""
        if INSTALLING.match(command):
            self.nothing_installed(command)
            return
        run(command)
        if FETCHING.match(command) and self.names.get("_exit_code"):
            self.not_here("NotFetched", command.strip())

    def line_magic(self, run: Any, name: str, line: str, _stack_depth: int = 1) -> Any:
        """Run a line magic."""
        if name in ("pip", "conda", "mamba", "uv"):
            return self.nothing_installed(f"{name} {line}")
        if name == "run" and line.split() and not os.path.exists(file := line.split()[0]):
            raise FileNotFoundError(2, "No such file or directory", file)
        return run(name, line, _stack_depth + 1)  # some look for the variables of the cell

    def nothing_installed(self, command: str) -> None:
        """Note that nothing is installed here, unless it is there anyway."""
        from importlib import metadata

        words = [re.split(r"[=<>\[~!;]", word)[0] for word in command.split() if word[0] != "-"]
        for name in words[words.index("install") + 1 :] if "install" in words else []:
            try:
                metadata.distribution(name.strip("'\""))
            except (metadata.PackageNotFoundError, ValueError):
                self.not_here("NotInstalled", name)
                break

    def not_here(self, kind: str, text: str) -> None:
        """Note what a line wanted."""
        self.note(Raised("raised", kind, text[:200], text[:200]), self.here[1])

    # --- Looking at answers ---

    def check(self, key: str, answer: Any) -> Result:
        """Look at an answer that a check was given, and say what is known of it."""
        mine = threading.current_thread() is threading.main_thread()
        if (
            self.looking
            or not mine
            or os.getpid() != self.line.owner
            or key not in self.keys
            or self.looks.get(key, 0) >= MOST_LOOKS - 2  # the last are for what is there at the end
        ):
            self.taken[key] = answer
            return self.verdicts.get(key, Result(key, "not_attempted", None, "", 0, 0))
        self.taken.pop(key, None)
        with apart():
            self.look_at(key, answer)
        return self.verdicts[key]

    def look_at_taken(self) -> None:
        """Look at answers that a check could not look at when it was given them."""
        taken = {key: answer for key, answer in self.taken.items() if key in self.keys}
        self.taken.clear()
        for key, answer in taken.items():
            if self.looks.get(key, 0) < MOST_LOOKS - 1:
                self.look_at(key, answer)

    def look_at(self, key: str, answer: Any) -> None:
        """Look at an answer, with what is sent for that now, and tell."""
        if isinstance(code := getattr(answer, "__code__", None), CodeType):
            self.serve(globals_read(code))
        mine = answer is self.names.get(key, NotDefined)
        went_into = self.borrowed.get(key, set()) if mine else set(door.touched)
        self.looks[key] = self.looks.get(key, 0) + 1
        self.looked[key] = answer
        self.early.discard(key)
        self.looking = True
        try:
            request = self.line.exchange({"event": "look", "key": key})["request"]
            self.line.channel.largest = request.largest
            seen = look(request, answer, self.said)
            if any(getattr(one.error, "type", "") == "NameError" for one in seen.outcomes):
                self.early.add(key)
            marks = sorted(went_into | door.marks(answer)) if self.keys[key] == "value" else []
            event = {"event": "answer", "key": key, "answer": seen, "asked": marks}
            status, mistake, points, most = self.line.exchange(event)["verdict"]
        finally:
            self.looking = False
        self.verdicts[key] = Result(key, status, mistake, "", points, most)
        if status == "passed":
            self.right[key] = answer

    def said(self, said: Any = None) -> Any:
        """Say what an observation says, and give back what it is told."""
        return self.line.exchange({"event": "said", "said": said})["told"]


def line_of(error: BaseException, filename: str) -> int | None:
    """The line of a cell in which an error began."""
    if isinstance(error, SyntaxError):
        return error.lineno
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == filename:
            return trace.tb_lineno
        trace = trace.tb_next
    return None


def end_background() -> None:
    """End what a cell that had to be stopped has started: it would weigh on those that follow.

    The first process of a namespace reaches by -1 only what is in it. Any other would reach
    everything that its user runs.
    """
    if os.getpid() == 1:
        with contextlib.suppress(ProcessLookupError):
            os.kill(-1, signal.SIGKILL)


def attend(end: Any) -> None:
    """Wait for a job, do it: a notebook, or a network that somebody's has sent."""
    channel = Channel(end)
    job = channel.receive()
    channel.send({"event": "begun"})
    if isinstance(job, Trial):
        clean.attend(channel, job)
    else:
        Notebook(channel).run(job)
