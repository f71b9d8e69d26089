"""What a student's processes use: memory, the processor, and how long they were kept waiting for it."""

import contextlib
from pathlib import Path
from typing import NamedTuple

import psutil

PROC = Path("/proc")
SEES_CHILDREN = (PROC / "thread-self/children").exists()
SEES_WAITING = (PROC / "thread-self/schedstat").exists()


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
