"""What a student's processes use: memory, the processor, and how long they were kept waiting for it."""

import contextlib
import time
from pathlib import Path
from typing import NamedTuple

import psutil

from course.checking.clocks import Clock
from course.grading.cage.groups import ControlGroup
from course.grading.cage.walls import MIB, most_processes
from course.grading.cage.wire import LOOK_EVERY, TimedOut

CROWDED = 0.1  # of its time: what was kept waiting for longer had no machine of its own
LOOKING = 2  # times as long as the last look took are at least between two
MOST_PROCESSES = 32  # a fork bomb is not waited for
BESIDE = 128 * MIB  # of the kernel's own, and of files, that a group counts and nobody else does
SERVING = 8  # processes that are not a notebook's: the server, and bubblewrap's
LAST = 1 / 8  # of the machine's memory: nobody is let to have that
PROC = Path("/proc")
SEES_CHILDREN = (PROC / "thread-self/children").exists()
SEES_WAITING = (PROC / "thread-self/schedstat").exists()


class TooMuch(Exception):
    """A notebook uses more than it may: ``memory``, ``processes``."""


class Use(NamedTuple):
    """What some processes use.

    Attributes
    ----------
    memory : int
        Bytes, of which what several share counts in each.
    computed : float
        Seconds of a processor, with those of children that have ended.
    waited : float
        Seconds for which the first of them could have computed, and none was free.
    """

    memory: int = 0
    computed: float = 0.0
    waited: float = 0.0


def below(process: int) -> list[int]:
    """The processes that a process has begun, and those that they have; the first begun is first.

    All others of the machine are not looked at, where Linux tells a process's children: this is
    done ten times a second.
    """
    if not SEES_CHILDREN:
        with contextlib.suppress(psutil.Error):
            return [one.pid for one in psutil.Process(process).children(recursive=True)]
        return []
    found: list[int] = []
    todo = [process]
    while todo:
        for task in tasks(todo.pop()):
            with contextlib.suppress(OSError):
                own = [int(one) for one in (task / "children").read_text().split()]
                found += own
                todo += own
    return found


def tasks(process: int) -> list[Path]:
    """The threads of a process; none if it has ended."""
    with contextlib.suppress(OSError):
        return list((PROC / str(process) / "task").iterdir())
    return []


def use_of(processes: list[int]) -> Use:
    """What these processes use; what has ended uses nothing."""
    memory, computed = 0, 0.0
    for one in processes:
        with contextlib.suppress(psutil.Error):
            process = psutil.Process(one)
            with process.oneshot():
                memory += process.memory_info().rss
                computed += sum(process.cpu_times()[:4])
    return Use(memory, computed, waited(processes[0]) if processes else 0.0)


def waited(process: int) -> float:
    """Seconds for which a process could have computed and was not let; none where nobody counts."""
    with contextlib.suppress(OSError, IndexError, ValueError):
        return int((PROC / str(process) / "schedstat").read_text().split()[1]) / 1e9
    return 0.0


def computed_by(process: int) -> float:
    """Seconds of a processor that one process has taken; none if it has ended."""
    with contextlib.suppress(psutil.Error):
        return float(sum(psutil.Process(process).cpu_times()[:2]))
    return 0.0


def in_time(clock: Clock) -> None:
    """Raise `TimedOut` if it is."""
    if clock.over():
        raise TimedOut


def shared_out(processes: list[int], enough: int) -> int:
    """Bytes that these processes use: each page counts once, however many of them share it.

    It takes long where there are many mappings or much memory, and stops once there is `enough`.
    """
    total = 0
    for one in processes:
        with contextlib.suppress(OSError, ValueError, IndexError):
            lines = (PROC / str(one) / "smaps_rollup").read_text().splitlines()
            (line,) = (line for line in lines if line.startswith("Pss:"))
            total += int(line.split()[1]) * 1024
        if total > enough:
            break
    return total


class Meter:
    """What the notebooks of a cage use, one after the other; looked at now and then.

    Parameters
    ----------
    server : int
        The process that begins theirs.
    memory : int
        Bytes that each may use. As much as the server uses is free: that is what a fork shares with
        it.
    group : ControlGroup, optional
        What all of them are in.
    """

    def __init__(self, server: int, memory: int, group: ControlGroup | None = None) -> None:
        self.server, self.most, self.group = server, memory, group
        self.weigh()
        if group:
            later = BESIDE  # of what the server imports when a notebook needs it
            group.bound(self.empty + memory + 2 * BESIDE + later, most_processes() + SERVING)
        self.before = 0.0  # seconds that notebooks have computed for that have ended
        self.next_look = 0.0
        self.begin()

    def weigh(self) -> None:
        """See what the server itself uses, while there is no notebook."""
        self.shared = use_of([self.server]).memory
        self.empty = self.group.used() if self.group else 0

    def begin(self) -> None:
        """A run begins."""
        self.use, self.count = Use(), 0
        self.crowded = False
        """Whether what ran into a limit may have done so because of others."""
        self.available = psutil.virtual_memory().available
        self.killed = self.group.killed() if self.group else 0
        self.begin_turn()

    def end(self) -> None:
        """It ends."""
        self.measure()
        self.before, self.use = self.computed(), Use()

    def computed(self) -> float:
        """Seconds of a processor that this cage's notebooks have taken, as of the last look."""
        return self.before + self.use.computed

    def begin_turn(self) -> None:
        """A statement begins, or a look at an answer."""
        self.turn = time.monotonic(), self.use

    def end_turn(self) -> None:
        """It has run into its limit: note whether others kept it waiting."""
        began, then = self.turn
        self.measure()
        passed = time.monotonic() - began
        waiting = self.use.waited - then.waited
        if not SEES_WAITING:  # it may have slept, too
            waiting = passed - (self.use.computed - then.computed)
        self.crowded = self.crowded or waiting > CROWDED * passed

    def watch(self, clocks: tuple[Clock, ...]) -> None:
        """Raise `TooMuch` or `TimedOut` if it is; look only now and then what is used."""
        began = time.monotonic()
        if began >= self.next_look:
            self.measure()
            if self.count > MOST_PROCESSES:
                raise TooMuch("processes")
            if self.use.memory > self.most:
                raise TooMuch("memory")
            if not self.group and self.drained():
                self.crowded = True  # perhaps it was somebody else
                raise TooMuch("memory")
            ended = time.monotonic()
            self.next_look = ended + max(LOOK_EVERY, LOOKING * (ended - began))
        for clock in clocks:
            in_time(clock)

    def measure(self) -> None:
        """See what the student's processes use, and how many there are.

        What several share is looked into only where it matters.
        """
        processes = below(self.server)
        use, most = use_of(processes), self.most
        memory = use.memory - self.shared
        together = self.group.used() - self.empty if self.group else 0
        if memory > most:
            memory = together or shared_out(processes, most + self.shared) - self.shared
        elif together > most + BESIDE:  # in what no process maps
            memory = together
        computed = max(use.computed, self.use.computed)  # of some that end, nobody is told
        self.use, self.count = use._replace(memory=memory, computed=computed), len(processes)

    def drained(self) -> bool:
        """Whether the machine has little memory left, and had more when this notebook began."""
        memory = psutil.virtual_memory()
        gone = self.available - memory.available
        return bool(gone > self.most and memory.available < LAST * memory.total)

    def ended_for_memory(self) -> bool:
        """Whether the kernel has ended one of its processes for want of memory."""
        return bool(self.group and self.group.killed() > self.killed)
