"""What is counted of a notebook's memory, wherever it is, and by whom."""

import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest

from course.grading.cage import cage as caging
from course.grading.cage import groups, using
from course.grading.cage.cage import Cage, Limits
from course.grading.cage.using import Meter, below, shared_out, use_of

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="Linux counts like that"),
]

GIB = 2**30
SOCKETS = """
import os, socket, time
for _ in range(19):
    if not os.fork():
        break
pairs = []
try:
    while True:
        pairs.append(socket.socketpair())
except OSError:
    pass
for one in [one for pair in pairs for one in pair]:
    one.setblocking(False)
    try:
        while True:
            one.send(bytes(60_000))
    except OSError:
        pass
time.sleep(1e9)
"""


def run(cage: Cage, *cells: str) -> str:
    """Run cells; how that ended comes back."""
    job = {"cells": list(cells), "keys": {}, "skip": [], "keras": False, "seconds": 20.0}
    return [*cage.run(job)][-1]["event"]


# --- In a group -----------------------------------------------------------------------------------


@pytest.fixture
def group():
    one = groups.make(f"course-test-{os.getpid()}")
    if one is None:
        pytest.skip("no control group can be had here")
    yield one
    one.remove()
    assert not one.memory.exists() and not one.pids.exists()


def test_a_group_holds_who_joins_it_and_counts_what_they_use(group):
    before = group.used()
    say = "import os, time; hoard = b'x' * 2**26; print(os.getpid(), flush=True); input()"
    command = group.joining([sys.executable, "-c", say])
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, **pipes) as process:
        assert int(process.stdout.readline()) == process.pid
        assert group.holds(process.pid) and not group.holds(os.getpid())
        assert group.used() - before > 2**26
        process.communicate("\n")
    assert group.killed() == 0


def test_who_takes_more_than_a_group_may_have_is_ended_by_the_kernel(group):
    group.bound(group.used() + 2**26, 50)
    command = group.joining([sys.executable, "-c", "hoard = b'x' * 2**28"])
    with subprocess.Popen(command) as process:
        assert process.wait() == -9
    assert group.killed() == 1


def test_memory_in_the_sockets_of_twenty_processes_is_the_notebooks(group):
    with closing(Cage(1, Limits(memory=256))) as cage:
        assert run(cage, SOCKETS) == "memory"
        assert not cage.meter.crowded
        assert run(cage, "x = 1") == "done"
        assert cage.group.memory.exists()
    assert not cage.group.memory.exists()


def test_who_is_ended_by_the_kernel_is_told_that_it_was_memory(group, monkeypatch):
    with closing(Cage(1, Limits(memory=256))) as cage:
        monkeypatch.setattr(cage.meter, "most", 2**40)  # nobody else looks
        assert run(cage, SOCKETS.replace("19", "31")) == "memory"
        assert cage.server.is_running()


@pytest.mark.parametrize("second", [True, False])
def test_where_no_group_can_be_made_nothing_is_left(tmp_path, monkeypatch, second):
    mounted = "cgroup2 {0} cgroup2 rw 0 0\n" if second else "c {0} cgroup rw,memory,pids 0 0\n"
    (tmp_path / "mounts").write_text("proc /proc proc rw 0 0\n" + mounted.format(tmp_path / "fs"))
    own = "0::/user/me/session\n" if second else "4:memory:/user/me\n8:pids:/user/me\n"
    (tmp_path / "own").write_text(own)
    (tmp_path / "fs" / "user" / "me" / "session").mkdir(parents=True)
    for folder, given in (("", "cpu memory pids"), ("user", "memory pids"), ("user/me", "cpu")):
        (tmp_path / "fs" / folder / "cgroup.subtree_control").write_text(given)
    monkeypatch.setattr(groups, "MOUNTS", tmp_path / "mounts")
    monkeypatch.setattr(groups, "OWN", tmp_path / "own")
    found = [memory for _, memory, _ in groups.candidates()]
    root = tmp_path / "fs"
    assert found == ([root / "user", root] if second else [root / "user" / "me"])
    before = sorted(root.rglob("*"))
    assert groups.make("course-test") is None  # they are folders, and no groups
    assert sorted(root.rglob("*")) == before


def test_groups_of_killed_owners_are_swept(group):
    left = groups.make(f"{caging.PREFIX}{2**30}-x")
    caging.sweep()
    assert not left.memory.exists() and not left.pids.exists()


# --- Without one ----------------------------------------------------------------------------------


@pytest.fixture
def alone(monkeypatch):
    """A cage for which no group can be had."""
    monkeypatch.setattr(caging, "make", lambda name: None)
    with closing(Cage(1, Limits(memory=256))) as one:
        assert one.meter.group is None
        yield one


def test_who_drains_the_machine_is_ended_and_graded_again_alone(alone, monkeypatch):
    left = iter([20 * GIB, 19 * GIB])
    memory = lambda: SimpleNamespace(total=24 * GIB, available=next(left, 2 * GIB))
    monkeypatch.setattr(using.psutil, "virtual_memory", memory)
    assert run(alone, "import time\ntime.sleep(1e9)") == "memory"
    assert alone.meter.crowded


def test_a_machine_that_had_little_before_is_nobodys_fault(alone, monkeypatch):
    memory = lambda: SimpleNamespace(total=24 * GIB, available=GIB)
    monkeypatch.setattr(using.psutil, "virtual_memory", memory)
    assert run(alone, "import time\ntime.sleep(0.3)") == "done"


def test_what_forks_share_counts_once(alone):
    share = "import os, time\nhoard = b'x' * (150 << 20)\nfor _ in range(5):\n    os.fork()\n"
    assert run(alone, share + "time.sleep(0.5)\nif os.getpid() > 1: os._exit(0)") == "done"
    own = "import os, time\nfor _ in range(3):\n    os.fork()\nhoard = b'x' * (60 << 20)\n"
    assert run(alone, own + "time.sleep(60)") == "memory"


def test_no_look_walks_through_single_mappings(alone, monkeypatch):
    opened = []
    read = Path.read_text
    monkeypatch.setattr(Path, "read_text", lambda self: opened.append(self.name) or read(self))
    assert shared_out([os.getpid()], GIB) > 2**20
    assert use_of([os.getpid()]).memory > 2**20
    assert below(alone.server.pid) == []
    assert "smaps_rollup" in opened and "smaps" not in opened


def test_a_look_that_takes_long_is_not_taken_often(monkeypatch):
    now = [100.0]
    meter = Meter(os.getpid(), GIB)
    monkeypatch.setattr(using.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(meter, "measure", lambda: now.__setitem__(0, now[0] + 2.0))
    meter.next_look = 0.0
    meter.watch(())
    assert meter.next_look == 102.0 + 2.0 * using.LOOKING
