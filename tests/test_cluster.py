"""Grading on a Dask cluster: as on one machine, whatever becomes of the workers."""

import gc
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from contextlib import ExitStack, closing, suppress
from pathlib import Path

import psutil
import pytest
from distributed import Client

from course.grading import cluster, ledger
from course.grading.cage.cage import PREFIX
from course.trouble import Trouble

CLASS = Path(__file__).resolve().parents[1] / "examples" / "class"
STUDENTS = ("cedar", "elm", "fir", "holly", "lime", "olive", "poplar", "yew")
ADDRESS = re.compile(r'"address": "(tcp://127.0.0.1:\d+)"')
SECONDS = 120.0  # on a machine that does ten other things

pytestmark = pytest.mark.skipif(not shutil.which("bwrap"), reason="the cage needs bubblewrap")

Start = Callable[..., psutil.Popen]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start one of Dask's commands, with its files in an empty folder; kill it at the end."""
    (tmp_path / "tmp").mkdir()
    with ExitStack() as stack:

        def start(*command: str, **variables: str) -> psutil.Popen:
            process = psutil.Popen(
                [sys.executable, "-m", "dask", *command],
                cwd=tmp_path,
                env={**os.environ, "TMPDIR": str(tmp_path / "tmp"), **variables},
                stdout=subprocess.DEVNULL,
                stderr=subprocess.STDOUT,
            )
            stack.callback(end, process)
            return process

        yield start


def end(process: psutil.Popen) -> None:
    """Kill a process as nobody can prevent."""
    with suppress(psutil.NoSuchProcess):
        process.kill()
    process.wait(SECONDS)


@pytest.fixture
def scheduler(start: Start, tmp_path: Path) -> str:
    """The address of a scheduler that has no workers yet."""
    file = tmp_path / "scheduler.json"
    start("scheduler", "--host=127.0.0.1", "--port=0", "--no-dashboard", f"--scheduler-file={file}")
    wait_until(lambda: file.is_file() and ADDRESS.search(file.read_text()))  # written bit by bit
    (address,) = ADDRESS.findall(file.read_text())
    return str(address)


@pytest.fixture
def add_worker(start: Start, scheduler: str) -> Start:
    """Add a worker to the scheduler's."""

    def add(threads: int = 1, **variables: str) -> psutil.Popen:
        return start(
            *("worker", scheduler, "--host=127.0.0.1", f"--nthreads={threads}"),
            *("--no-nanny", "--no-dashboard"),
            **variables,
        )

    return add


def wait_until(happened: Callable[[], object]) -> None:
    """Wait for what another process does."""
    deadline = time.monotonic() + SECONDS
    while not happened():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def grade(folder: Path, out: Path, *options: str) -> psutil.Popen:
    """Start `course grade`, always with the same cases."""
    command = [sys.executable, "-m", "course.cli", "grade", folder, "--out", out, "--seed=577"]
    return psutil.Popen([*command, *options], stderr=subprocess.PIPE, text=True)


@pytest.mark.slow
def test_a_worker_that_is_killed_loses_nothing_and_nothing_is_graded_twice(
    tmp_path: Path, scheduler: str, add_worker: Start
) -> None:
    folder, here, there = (tmp_path / name for name in ("class", "here", "there"))
    for student in STUDENTS:
        shutil.copytree(CLASS / student, folder / student)
    with ledger.Ledger(there) as kept:
        kept.connection.executescript(
            "CREATE TABLE written (student TEXT);"
            "CREATE TRIGGER note AFTER INSERT ON notebooks "
            "BEGIN INSERT INTO written VALUES (new.student); END;"
        )
    killed, left = add_worker(), add_worker()
    wait_until(lambda: cluster.workers(scheduler)[0] == 2)

    with grade(folder, there, f"--scheduler={scheduler}") as run:
        wait_until(lambda: has_a_cage(killed))
        killed.suspend()  # with a notebook that it will not finish, however slow the test is
        next(line for line in run.stderr if line.startswith("1/"))
        cages = in_cages(killed)
        assert run.poll() is None and 0 < len(written(there)) < len(STUDENTS)
        end(killed)
        said = run.communicate()[1]

    assert run.returncode == 0, said
    _, alive = psutil.wait_procs(cages, 5)
    assert not alive
    assert sorted(written(there)) == sorted(STUDENTS)
    with grade(folder, here) as alone:
        alone.communicate()
    assert (there / "grades.csv").read_bytes() == (here / "grades.csv").read_bytes()
    cages = in_cages(left)
    left.terminate()
    left.wait(SECONDS)
    assert not psutil.wait_procs(cages, 5)[1]
    assert not [*(tmp_path / "tmp").glob(f"{PREFIX}*")]


def written(report: Path) -> list[str]:
    """Whose grades were written, each time that they were."""
    with closing(sqlite3.connect(report / ledger.FILE)) as database:
        return [row[0] for row in database.execute("SELECT student FROM written")]


def has_a_cage(worker: psutil.Popen) -> bool:
    """Whether a worker has begun with a notebook: then a fork server runs below it."""
    server = [sys.executable, "-m", "course.grading.cage.server"]
    with suppress(psutil.NoSuchProcess):  # what only tries bubblewrap ends at once
        return any(one.cmdline()[:3] == server for one in in_cages(worker))
    return False


def in_cages(worker: psutil.Popen) -> list[psutil.Process]:
    """All that a worker has started."""
    return worker.children(recursive=True)


def refusal(address: str) -> str:
    """What is said when the cluster is not fit for grading."""
    with pytest.raises(Trouble) as told:
        cluster.workers(address)
    return str(told.value)


@pytest.mark.seconds
def test_a_scheduler_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 0.5)
    assert "No Dask scheduler answers at tcp://127.0.0.1:9 (" in refusal("tcp://127.0.0.1:9")
    assert "No Dask scheduler answers at nonsense://x (" in refusal("nonsense://x")
    assert not [left for left in gc.get_objects() if isinstance(left, Client)]


@pytest.mark.slow
def test_a_scheduler_without_workers_says_how_to_start_some(
    scheduler: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 2.0)
    assert f"no workers. Start some: dask worker {scheduler} --nthreads 1" in refusal(scheduler)


@pytest.mark.seconds
def test_a_worker_that_cannot_grade_says_why(
    scheduler: str, add_worker: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = add_worker(PATH="/nowhere")
    assert "The command `bwrap` is not found" in refusal(scheduler)
    assert cluster.workers(scheduler, caged=False)[0] == 1
    with monkeypatch.context() as patch:
        patch.setattr(ledger, "course_version", lambda: "another")
        assert re.search(r"worker at tcp://\S+ can't grade. .*another version", refusal(scheduler))
        with cluster.Cluster(scheduler) as late, pytest.raises(Trouble, match="another version"):
            late.submit(print).result(SECONDS)
    end(worker)
    add_worker(threads=2)
    wait_until(lambda: "It has 2 threads, and needs one" in refusal(scheduler))


@pytest.mark.slow
def test_a_worker_that_stands_still_is_not_waited_for(
    scheduler: str, add_worker: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = add_worker()
    assert cluster.workers(scheduler)[0] == 1
    worker.suspend()
    monkeypatch.setattr(cluster, "ANSWER_SECONDS", 0.5)
    assert "has not answered for 0.5 s" in refusal(scheduler)


@pytest.mark.slow
def test_a_scheduler_that_goes_away_is_named_and_not_waited_for(
    start: Start, scheduler: str, add_worker: Start
) -> None:
    add_worker()
    _, executor = cluster.workers(scheduler)
    with executor() as working:
        running = working.submit(time.sleep, SECONDS)
        alive = (p for p in psutil.Process().children() if p.status() != psutil.STATUS_ZOMBIE)
        (process,) = (p for p in alive if "scheduler" in p.cmdline())
        process.kill()
        with pytest.raises(CancelledError):
            running.result(SECONDS)
        with pytest.raises(Trouble, match=r"is gone\. What was graded is kept"):
            working.submit(time.sleep, 0)
