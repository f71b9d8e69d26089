"""The outside of a cage: starts it, gives it notebooks to run, keeps the clock, ends what it began.

Linux only with walls: bubblewrap makes the outer ones, the fork server the inner ones.
"""

import contextlib
import json
import math
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import psutil

from course.checking.clocks import Clock
from course.grading import exam
from course.grading.allowed import NOTHING_MORE, Allowed, copied
from course.grading.cage import desk, ending, freely
from course.grading.cage.bubblewrap import ENVIRONMENT, interpreter_folders, walls
from course.grading.cage.desk import Desk
from course.grading.cage.events import ANSWERED, checked, endless, most_events
from course.grading.cage.groups import ControlGroup, left_behind, make
from course.grading.cage.staging import imported_by, shared_by, stage
from course.grading.cage.using import Meter, TooMuch
from course.grading.cage.walls import MIB
from course.grading.cage.wire import Channel, Garbled, Gone, TimedOut
from course.lessons import LESSONS
from course.trouble import Trouble

MOST_SECONDS, MOST_MEMORY = 86_400, 2**20  # larger ones mean nothing, and some overflow
START_SECONDS = 180.0  # TensorFlow on a slow disk
END_SECONDS = 10.0
GRACE = 3.0  # seconds after a time limit that the student's process has to say so itself
PREFIX = "course-cage-"

NOTHING: dict[str, Any] = {"keys": {}, "skip": [], "keras": False, "seconds": START_SECONDS}
"""A notebook of which nothing is asked, but for its cells."""


@dataclass(frozen=True)
class Limits:
    """What one notebook may take.

    Attributes
    ----------
    seconds : float or None
        For one statement of a cell, and for all calls of one answer. By default what the checks
        allow, and for statements 20 seconds, in lessons that train 300.
    memory : int
        MiB of memory.
    """

    seconds: float | None = None
    memory: int = 2048

    def __post_init__(self) -> None:
        if self.seconds is not None and not 0 < self.seconds <= MOST_SECONDS:
            raise Trouble(
                f"--seconds can be {MOST_SECONDS:,} at most, a day; given: {self.seconds}."
            )
        if self.memory > MOST_MEMORY:
            raise Trouble(f"--memory can be {MOST_MEMORY:,} MiB at most; given: {self.memory:,}.")

    def for_cell(self, lesson: int) -> float:
        """Seconds that one statement of a cell may take."""
        return self.seconds or (300.0 if LESSONS[lesson].keras else 20.0)

    def for_notebook(self, lesson: int) -> float:
        """Seconds that a notebook may take in all, however often it is run."""
        return 30 * self.for_cell(lesson)


def sweep() -> None:
    """Remove the files of cages whose owner was killed and could not."""
    for left in (*Path(tempfile.gettempdir()).glob(f"{PREFIX}*"), *left_behind(PREFIX)):
        owner = left.name.removeprefix(PREFIX).split("-")[0]
        if owner.isdigit() and not alive(int(owner)):
            shutil.rmtree(left, ignore_errors=True)
            with contextlib.suppress(OSError):  # a group's files are not removed, only itself
                left.rmdir()


def alive(process: int) -> bool:
    """Whether a process still runs; one that was killed may be listed until its parent asks."""
    try:
        return bool(psutil.Process(process).status() != psutil.STATUS_ZOMBIE)
    except psutil.Error:
        return False


MAKE_ROOM = "It needs a temporary folder with room for it: make some, or name another in TMPDIR."


class Broken(Exception):
    """The cage itself has failed, not what runs in it."""


tried_out: set[tuple[Any, ...]] = set()
"""Under which conditions a lesson's imports have worked: what is installed does not change meanwhile."""


class Cage:
    """A fork server for one lesson, in its walls.

    Parameters
    ----------
    lesson : int
    limits : Limits
    caged : bool
        False for no walls at all.
    allowed : Allowed
        What the teacher lets in besides the course.
    order : int
        Seed of the order in which the exam's images come.
    """

    def __init__(
        self,
        lesson: int,
        limits: Limits,
        caged: bool = True,
        allowed: Allowed = NOTHING_MORE,
        order: int = 0,
    ) -> None:
        self.lesson, self.limits, self.caged, self.allowed = lesson, limits, caged, allowed
        self.order = order
        self.desk = Desk(min(limits.for_cell(lesson), desk.SECONDS))
        self.imported: set[str] = set()
        self.group: ControlGroup | None = None
        self.claims: list[socket.socket] = []
        self.user = 0 if os.getuid() else freely.NOBODY
        self.company = False
        """Whether a run that had to be ended had started other processes."""
        try:
            self.folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))
            self.folder.chmod(0o755)
            self.root = Path("/course") if caged else self.folder
            if self.user and not caged:
                freely.must_reach([*interpreter_folders(), self.folder])
                self.user = freely.user(self.claims)
            stage(lesson, self.folder)
            exam.lay(self.folder, order)
            copied(allowed, self.folder / "files")
            self.group = make(self.folder.name)
            self.start()
            self.try_out()
        except (OSError, psutil.Error) as error:
            self.close()
            raise Broken(f"the cage can't be made ({error}). {MAKE_ROOM}") from error
        except BaseException:
            self.close()
            raise

    def start(self) -> None:
        """Start the server and wait until it is ready."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.control = ours
        home = "/tmp" if self.caged else self.home()
        config = {
            "caged": self.caged,
            "user": self.user,
            "root": str(self.root),
            "home": home,
            "keras": LESSONS[self.lesson].keras,
            "packages": self.packages(),
            "memory": self.limits.memory * MIB,
            "cpu": math.ceil(self.limits.for_notebook(self.lesson)),
            "control": theirs.fileno(),
        }
        server = [sys.executable, "-m", "course.grading.cage.server", json.dumps(config)]
        environment = {**ENVIRONMENT, "PYTHONPATH": str(self.folder)}
        if not self.caged:
            environment |= {"HOME": home, "MPLCONFIGDIR": home}

        command = [*(walls(self.folder, self.allowed.packages_in) if self.caged else []), *server]
        with (self.folder / "said").open("wb") as said:
            self.process = subprocess.Popen(
                self.group.joining(command) if self.group else command,
                env={} if self.caged else environment,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=said,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
        theirs.close()
        self.control.settimeout(START_SECONDS)
        try:
            hello = json.loads(self.control.recv(2**16) or b"{}")
        except (OSError, ValueError):
            hello = {}
        if "ready" not in hello:
            raise Broken(f"the cage did not start: {self.last_words()}")
        self.server = self.innermost()
        if self.group and not self.group.holds(self.server.pid):
            self.group.remove()
            self.group = None
        self.meter = Meter(self.server.pid, self.limits.memory * MIB, self.group)

    def try_out(self) -> None:
        """Run what the lesson itself imports, in the inner walls, too: all notebooks depend on it.

        What takes long to import is tried when the first of them needs it.
        """
        lines = imported_by(self.lesson)
        imports = [one for one in lines if shared_by(self.lesson, [one]) <= self.imported]
        conditions = self.lesson, self.caged, self.allowed, self.limits.memory, *imports
        if conditions in tried_out:
            imports = []
        for event in self.run({**NOTHING, "cells": imports}):
            if event["event"] == "raised":
                line = imports[event["cell"]]
                raise Broken(
                    f"the lesson's own `{line}` does not work in the cage ({event['error'].text}). "
                    "Every notebook would fail by it; `make setup` brings all that the lessons need."
                )
        if event["event"] != "done":
            raise Broken(f"an empty notebook does not run in the cage: {self.last_words()}")
        tried_out.add(conditions)

    def packages(self) -> str:
        """Where the server finds the packages that were let in."""
        given = self.allowed.packages_in
        if given and self.caged:
            return "/packages"
        if given and os.getuid() == 0:  # without walls it becomes somebody who may not go there
            shutil.copytree(given, self.folder / "packages")
            return str(self.folder / "packages")
        return given

    def home(self) -> str:
        """An empty folder for what students' processes write, where there are no walls."""
        folder = self.folder / "home"
        folder.mkdir(exist_ok=True)
        folder.chmod(0o777)
        return str(folder)

    def last_words(self) -> str:
        """What a server that failed has said."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(0.1)
        said = (self.folder / "said").read_text(errors="replace").strip() or "it said nothing."
        return said.splitlines()[-1][-2000:]

    def innermost(self) -> psutil.Process:
        """The server itself, below bubblewrap."""
        process = psutil.Process(self.process.pid)
        while children := process.children():
            process = children[0]
        return process

    def run(
        self, job: dict[str, Any], whole: Clock | None = None
    ) -> Generator[dict[str, Any], dict[str, Any] | None]:
        """Run a notebook in a fresh fork and yield what it tells.

        What is in `events.ANSWERED` is answered by what is sent into this generator. The last event
        says how the run ended: ``done``, or ``died``, ``late``, ``garbled``, ``memory``,
        ``processes``.

        Parameters
        ----------
        job : dict
            As `student.Notebook.run` takes it; ``seconds`` are those of one statement.
        whole : Clock, optional
            Of this cage: what the notebook may take in all its runs.
        """
        self.share(job["cells"])
        ours, theirs = socket.socketpair()
        channel = Channel(ours, stranger=True)
        self.meter.begin()
        try:
            pid = self.ask({}, theirs)["pid"]
            theirs.close()
            if not pid:
                raise Broken(f"a process did not begin: {self.last_words()}")
            try:
                yield from self.listen(channel, job, whole or self.clock(math.inf))
            finally:
                self.meter.end()
                self.ask({"end": pid})
        finally:
            channel.close()
            self.sweep()

    def share(self, cells: Sequence[str]) -> None:
        """Let the server import what these cells may need, and later notebooks as well."""
        if new := sorted(shared_by(self.lesson, cells) - self.imported):
            self.imported.update(new)
            self.ask({"share": new})
            self.meter.weigh()
            self.try_out()

    def listen(
        self, channel: Channel, job: dict[str, Any], whole: Clock
    ) -> Generator[dict[str, Any], dict[str, Any] | None]:
        """Yield what a notebook tells, until it ends or has to be ended."""
        told, begun = 0, (-1, -1)
        try:
            try:
                channel.send(job, END_SECONDS)
                self.wait(channel, self.clock(START_SECONDS))
            except (Gone, TimedOut) as error:
                raise Broken(f"a process did not begin: {self.last_words()}") from error
            clock = self.clock(END_SECONDS)
            self.meter.begin_turn()
            statement: Clock | None = None  # while an answer in it is looked at
            while True:
                event = checked(self.wait(channel, clock, whole), job)
                kind = event["event"]
                told += kind not in ("said", "ask", "gave")
                if told > most_events(job):
                    raise Garbled("too many events")
                if kind == "at":  # each begins once, or the clock would start anew
                    position = event["cell"], event["statement"]
                    if position <= begun or statement is not None:
                        raise Garbled("a statement that has begun already")
                    begun = position
                    clock = self.clock(job["seconds"], GRACE)
                    self.meter.begin_turn()
                elif endless(event):
                    self.meter.end_turn()
                outside = self.clock(0.0)
                reply = yield event
                if kind == "done":
                    return
                for one in filter(None, (clock, statement)):  # that was not the notebook's time
                    one.leave_out(*outside.passed())
                if kind in ANSWERED:
                    channel.send({**(reply or {}), "number": event["number"]}, END_SECONDS)
                if kind == "look" and reply:
                    channel.largest = reply["request"].largest
                    statement, clock = clock, self.clock(reply["request"].seconds, GRACE)
                    self.meter.begin_turn()
                elif kind == "answer" and statement:
                    statement.leave_out(*clock.passed())
                    clock, statement = statement, None
        except (Gone, TimedOut, Garbled, TooMuch) as what:
            how = {Gone: "died", TimedOut: "late", Garbled: "garbled"}.get(type(what), str(what))
            if isinstance(what, TimedOut):
                self.meter.end_turn()
            if how == "died" and self.meter.ended_for_memory():
                how = "memory"
            self.meter.measure()
            self.company = self.meter.count > 1
            yield {"event": how}

    def clock(self, seconds: float, grace: float = 0.0) -> Clock:
        """A clock that counts what all of a notebook's processes compute."""
        return Clock(seconds, self.meter.computed, grace)

    def wait(self, channel: Channel, *clocks: Clock) -> Any:
        """Wait for the next message, with an eye on the clocks and on what is used."""
        return channel.receive(watch=partial(self.meter.watch, clocks))

    def ask(self, request: dict[str, Any], given: socket.socket | None = None) -> dict[str, Any]:
        """Ask the server for something."""
        self.control.settimeout(START_SECONDS)  # hundreds of processes take a while to end
        try:
            files = [given.fileno()] if given else []
            socket.send_fds(self.control, [json.dumps(request).encode()], files)
            return json.loads(self.control.recv(2**16))
        except (OSError, ValueError) as error:
            raise Broken(f"the cage does not answer: {self.last_words()}") from error

    def sweep(self) -> None:
        """Empty the home folder, where it is not one that ends with the process."""
        if not self.caged:
            shutil.rmtree(self.folder / "home", ignore_errors=True)
            self.home()

    def close(self) -> None:
        """End the cage and all that is in it."""
        self.desk.close()
        with contextlib.suppress(AttributeError):
            self.control.close()
        with contextlib.suppress(AttributeError, ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        if self.claims:  # whatever has outlived its server
            ending.end_all(partial(freely.of_user, self.user))
        while self.claims:
            self.claims.pop().close()
        if self.group:
            self.group.remove()
        with contextlib.suppress(AttributeError):
            shutil.rmtree(self.folder, ignore_errors=True)
