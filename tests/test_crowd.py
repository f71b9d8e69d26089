"""Nobody slows another down: who is kept waiting has all the same what the limits give."""

import contextlib
import csv
import os
import runpy
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psutil
import pytest

from course.checking.clocks import Clock
from course.exercises import EXERCISES, exercises_of, points_of
from course.grading import cores
from course.grading.cage import using
from course.grading.cage.cage import Cage, Limits
from course.grading.cage.using import SEES_WAITING

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="bubblewrap needs Linux"),
]

ROOT = Path(__file__).resolve().parents[1]
SPIN = "import os\nos.sched_setaffinity(0, {})\nwhile True:\n    pass"
COMPUTE = """
import time
until = time.process_time() + {seconds}
while time.process_time() < until:
    pass
"""


@contextlib.contextmanager
def spinning(count: int, where: set[int]) -> Iterator[None]:
    """Let others compute on these processors."""
    others = [subprocess.Popen([sys.executable, "-c", SPIN.format(where)]) for _ in range(count)]
    try:
        yield
    finally:
        for one in others:
            one.kill()
            one.wait()


@pytest.fixture
def cage() -> Iterator[Cage]:
    """A cage on a processor that others compute on, too."""
    core = min(os.sched_getaffinity(0))
    with closing(Cage(1, Limits(memory=512))) as one, spinning(5, {core}):
        one.server.cpu_affinity([core])
        yield one


def run(cage: Cage, cell: str, seconds: float, whole: Clock | None = None) -> list[dict]:
    """Run a cell, and give back what was told."""
    job = {"cells": [cell], "keys": {}, "skip": [], "keras": False, "seconds": seconds}
    return list(cage.run(job, whole))


def has_a_cage(run: psutil.Process) -> bool:
    """Whether a fork server is below it."""
    with contextlib.suppress(psutil.Error):
        below = run.children(recursive=True)
        return any("course.grading.cage.server" in one.cmdline() for one in below)
    return False


def errors(told: list[dict]) -> list[str]:
    return [event["error"].id for event in told if event["event"] == "raised"]


def test_who_is_kept_waiting_has_all_of_a_limit(cage):
    start = time.monotonic()
    told = run(cage, COMPUTE.format(seconds=0.7), 1.0)
    assert time.monotonic() - start > 1.0, "nobody kept it waiting"
    assert (told[-1]["event"], errors(told)) == ("done", [])


def test_what_never_ends_is_stopped_all_the_same_and_told_to_have_waited(cage):
    told = run(cage, "while True:\n    pass", 0.5)
    assert (told[-1]["event"], errors(told)) == ("done", ["endless"])
    assert cage.meter.crowded


@pytest.mark.skipif(not SEES_WAITING, reason="this kernel does not tell who waits")
def test_what_sleeps_has_not_been_kept_waiting(monkeypatch):
    monkeypatch.setattr(using, "CROWDED", 0.5)  # whatever else this machine does
    with closing(Cage(1, Limits(memory=512))) as one:
        told = run(one, "import time\ntime.sleep(1e9)", 0.3)
    assert (told[-1]["event"], errors(told)) == ("done", ["endless"])
    assert not one.meter.crowded


def test_what_others_compute_for_it_counts_as_its_own():
    fork = "import os, time\nfor _ in range(3):\n    if not os.fork():\n        {}\n"
    ends = "exec(compute); os._exit(0)\nfor _ in range(3):\n    os.wait()"
    cells = [f"compute = {COMPUTE.format(seconds=0.3)!r}\n" + fork.format(ends)]
    cells.append(fork.format("while True: pass") + "time.sleep(1e9)")
    with closing(Cage(1, Limits(memory=512))) as one:
        start = one.meter.computed()
        assert run(one, cells[0], 60.0)[-1]["event"] == "done"
        assert one.meter.computed() - start > 0.85
        assert run(one, cells[1], 60.0, one.clock(1.0))[-1]["event"] == "late"
        assert one.company


def test_nobody_leaves_the_processor_that_is_its_own():
    leave = "import os\nos.sched_setaffinity(0, range(64))"
    with closing(Cage(1, Limits(memory=512))) as one:
        assert "PermissionError" in str(run(one, leave, 5.0))


def test_each_worker_has_processors_of_its_own(monkeypatch):
    name = f"test-{os.getpid()}-"
    keep = f"""
import os, sys
from course.grading import cores
cores.NAME = {name!r}
cores.keep_to_own(1)
print(sorted(os.sched_getaffinity(0)), flush=True)
sys.stdin.read()
"""
    before = sorted(os.sched_getaffinity(0))
    workers = []
    try:
        for _ in range(len(before) + 1):
            pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
            workers.append(subprocess.Popen([sys.executable, "-c", keep], cwd=ROOT, **pipes))
        found = sorted(worker.stdout.readline() for worker in workers)
    finally:
        for worker in workers:
            worker.communicate("")
    alone = [f"[{core}]\n" for core in before]
    assert found == sorted([*alone, f"{before}\n"])  # the last one runs where there is room
    assert [cores.share(jobs) for jobs in (1, len(before), 99)] == [len(before), 1, 1]


def test_six_honest_students_beside_one_that_spins_get_what_they_get_alone(tmp_path):
    make = runpy.run_path(str(ROOT / "examples" / "make_class.py"))
    spin = "import os, time\nfor _ in range(30):\n    if not os.fork():\n        while True: pass\n"
    hoard = "import os, time\nfor _ in range(8):\n    if not os.fork():\n        hoard = b'x' * (200 << 20)\n"
    own = dict.fromkeys([f"honest {n}" for n in range(6)], COMPUTE.format(seconds=0.7))
    own |= {"a spins": spin + "time.sleep(1e9)", "b hoards": hoard + "time.sleep(1e9)"}
    for student, cell in own.items():
        made = make["lesson_notebook"](1)
        for exercise in exercises_of(1):
            source = make["solution"](exercise.key)
            make["cell_of"](made, exercise.key)["source"] = source.splitlines(keepends=True)
        slow = make["cell_of"](made, "convolve_pixel")
        slow["source"] = [*slow["source"], "\n", *cell.splitlines(keepends=True), "\nlast = 577\n"]
        needs = make["cell_of"](made, "to_pixels")
        needs["source"] = ["assert last == 577\n", *needs["source"]]
        (tmp_path / "class" / student).mkdir(parents=True)
        file = tmp_path / "class" / student / "01_convolution_by_hand.ipynb"
        file.write_bytes(make["written"](made))
    command = [sys.executable, "-m", "course.cli", "grade", str(tmp_path / "class")]
    command += ["--out", str(tmp_path / "report"), "--seconds", "1", "--memory", "512"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with psutil.Popen(command, cwd=ROOT, **quiet) as run:
        while not has_a_cage(run):  # until then there is nobody to be kept waiting
            assert run.poll() is None
            time.sleep(0.02)
        with spinning(2 * len(os.sched_getaffinity(0)), os.sched_getaffinity(0)):
            assert run.wait() == 0
    with (tmp_path / "report" / "grades.csv").open(encoding="utf-8-sig", newline="") as table:
        totals = {row["student"]: float(row["total"]) for row in csv.DictReader(table)}
    everything = points_of(1)
    lost = EXERCISES["to_pixels"].points
    assert {totals.pop("a spins"), totals.pop("b hoards")} <= {everything, everything - lost}
    assert totals == {f"honest {n}": everything for n in range(6)}
    assert not [one for one in psutil.process_iter() if one.name() == "bwrap" and not one.parent()]
