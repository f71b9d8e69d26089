"""A control group for all that is in a cage: the kernel bounds its memory, wherever that is.

Sockets, pipes and shared memory hold memory that belongs to no process. A group counts it. There are
two forms of groups, by Linux's documentation ``cgroup-v2`` and ``cgroup-v1``; who may make one
depends on the machine: root, and on many desktops whoever is logged in.
"""

import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

MOUNTS, OWN = Path("/proc/self/mounts"), Path("/proc/self/cgroup")
CONTROLLERS = ("memory", "pids")
END_SECONDS = 5.0  # until the last process of a group is gone

JOIN = 'for file in $COURSE_GROUP; do echo $$ > "$file"; done; unset COURSE_GROUP; exec "$@"'
"""What a shell does for a program to begin in its groups, and not shortly before."""


class GroupFiles(NamedTuple):
    """How the files of one form of groups are called."""

    limit: str
    swap: str
    used: str
    cached: tuple[str, ...]
    events: str


SECOND = GroupFiles(
    "memory.max", "memory.swap.max", "memory.current",
    ("inactive_file", "active_file"), "memory.events",
)  # fmt: skip
FIRST = GroupFiles(
    "memory.limit_in_bytes", "memory.memsw.limit_in_bytes", "memory.usage_in_bytes",
    ("total_inactive_file", "total_active_file"), "memory.oom_control",
)  # fmt: skip


class ControlGroup:
    """The folders of a group.

    Parameters
    ----------
    form : GroupFiles
    memory, pids : Path
        Its folder for memory, and the one for the number of processes: often the same.
    """

    def __init__(self, form: GroupFiles, memory: Path, pids: Path) -> None:
        self.form, self.memory, self.pids = form, memory, pids

    def joining(self, command: list[str]) -> list[str]:
        """The command that starts another in here."""
        files = " ".join(str(folder / "cgroup.procs") for folder in {self.memory, self.pids})
        return ["/usr/bin/env", f"COURSE_GROUP={files}", "/bin/sh", "-c", JOIN, "sh", *command]

    def holds(self, process: int) -> bool:
        """Whether a process is in here."""
        folders = {self.memory, self.pids}
        return all(str(process) in (f / "cgroup.procs").read_text().split() for f in folders)

    def bound(self, memory: int, processes: int) -> None:
        """Set how many bytes may be in use in here, and how many processes and threads there may be."""
        (self.memory / self.form.limit).write_text(str(memory))
        (self.pids / "pids.max").write_text(str(processes))
        with contextlib.suppress(OSError):  # a machine that does not swap, or does not count it
            swap = 0 if self.form is SECOND else memory
            (self.memory / self.form.swap).write_text(str(swap))

    def used(self) -> int:
        """Bytes in use in here, but for what the kernel keeps of files and can drop."""
        found = self.numbers("memory.stat")
        total = int((self.memory / self.form.used).read_text())
        return total - sum(found.get(name, 0) for name in self.form.cached)

    def killed(self) -> int:
        """How many processes the kernel has ended in here for want of memory."""
        return self.numbers(self.form.events).get("oom_kill", 0)

    def numbers(self, file: str) -> dict[str, int]:
        """What a file says: a name and a number in each line."""
        lines = (line.split() for line in (self.memory / file).read_text().splitlines())
        return {name: int(number) for name, number in lines}

    def remove(self) -> None:
        """Remove the group, once its processes are gone."""
        until = time.monotonic() + END_SECONDS
        for folder in {self.memory, self.pids}:
            while folder.exists() and time.monotonic() < until:
                with contextlib.suppress(OSError):
                    folder.rmdir()
                    break
                time.sleep(0.01)


def make(name: str) -> ControlGroup | None:
    """Make a group, where one can be had."""
    for form, memory, pids in candidates():
        one = ControlGroup(form, memory / name, pids / name)
        try:
            for folder in {one.memory, one.pids}:
                folder.mkdir()
            one.used()
            one.bound(2**40, 2**15)
        except (OSError, ValueError):
            one.remove()
        else:
            return one
    return None


def left_behind(prefix: str) -> Iterator[Path]:
    """The folders of groups whose names begin like that."""
    for _, *folders in candidates():
        for folder in set(folders):
            with contextlib.suppress(OSError):
                yield from folder.glob(f"{prefix}*")


def candidates() -> Iterator[tuple[GroupFiles, Path, Path]]:
    """Where a group might be made: the form, and the folders for memory and for processes."""
    mounted, own = mounts(), paths()
    if "" in mounted and "" in own:
        here = mounted[""] / own[""].lstrip("/")
        for folder in (here, *here.parents):
            if not folder.is_relative_to(mounted[""]):
                break
            with contextlib.suppress(OSError):
                given = (folder / "cgroup.subtree_control").read_text().split()
                if os.access(folder, os.W_OK) and set(CONTROLLERS) <= set(given):
                    yield SECOND, folder, folder
    if all(one in mounted and one in own for one in CONTROLLERS):
        memory, pids = (mounted[one] / own[one].lstrip("/") for one in CONTROLLERS)
        if memory.is_dir() and pids.is_dir():
            yield FIRST, memory, pids


def mounts() -> dict[str, Path]:
    """Where the groups of each controller are; those of the second form have no name."""
    found: dict[str, Path] = {}
    with contextlib.suppress(OSError):
        for line in MOUNTS.read_text().splitlines():
            _, where, kind, options, *_ = line.split()
            if kind == "cgroup2":
                found.setdefault("", Path(where))
            elif kind == "cgroup":
                for one in set(CONTROLLERS).intersection(options.split(",")):
                    found[one] = Path(where)
    return found


def paths() -> dict[str, str]:
    """In which group of each controller this process is."""
    found: dict[str, str] = {}
    with contextlib.suppress(OSError):
        for line in OWN.read_text().splitlines():
            _, controllers, path = line.split(":", 2)
            found |= dict.fromkeys(controllers.split(","), path)
    return found
