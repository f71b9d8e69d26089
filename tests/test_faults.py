"""When the grader itself is killed, has no room or no cage: a sentence, and nothing is lost."""

import csv
import os
import random
import re
import runpy
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import psutil
import pytest

from course.authoring.passing import on_ci
from course.grading.cage import walls
from course.grading.cage.cage import interpreter_folders

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="bubblewrap needs Linux"),
]

ROOT = Path(__file__).resolve().parents[1]
MADE = runpy.run_path(str(ROOT / "examples" / "make_class.py"))
STUDENTS = {one.name: one for one in MADE["STUDENTS"]}
CLASS = ("apple", "elm", "larch", "lime", "oak", "poplar")  # none needs what takes long to import
KILLS = 50 if on_ci() else 8  # each takes seconds, and no moment is like another
ONLY_WHAT_RUNS = shutil.ignore_patterns(".*", "work", "build", "tests", "pictures", "__pycache__")


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory) -> Path:
    """Six submissions: right, wrong, nothing done, no notebook."""
    folder = tmp_path_factory.mktemp("faults") / "class"
    for name in CLASS:
        (folder / name).mkdir(parents=True)
        (folder / name / "01_convolution_by_hand.ipynb").write_bytes(STUDENTS[name].notebook(1))
    return folder


def command(handed_in: Path, out: Path) -> list[str]:
    """The command that grades this class, on cases that are always the same."""
    grade = [sys.executable, "-m", "course.cli", "grade", str(handed_in)]
    return [*grade, "--out", str(out), "--seed", "577", "--jobs", "2"]


def environment(**more: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), **more}


def grade(handed_in: Path, out: Path, *before: str, **more: str) -> subprocess.CompletedProcess:
    """Grade the class; `before` stands before the command."""
    return subprocess.run(
        [*before, *command(handed_in, out)],
        check=False,
        capture_output=True,
        text=True,
        env=environment(**more),
    )


class Undisturbed(NamedTuple):
    """What comes of it when nothing happens, and how long that takes."""

    grades: bytes
    seconds: float


@pytest.fixture(scope="module")
def undisturbed(handed_in, tmp_path_factory) -> Undisturbed:
    out = tmp_path_factory.mktemp("undisturbed")
    start = time.monotonic()
    done = grade(handed_in, out)
    seconds = time.monotonic() - start
    assert done.returncode == 0, done.stderr
    with (out / "grades.csv").open(encoding="utf-8-sig", newline="") as table:
        totals = {row["student"]: int(row["total"]) for row in csv.DictReader(table)}
    assert totals == {name: STUDENTS[name].total(1) for name in CLASS}
    return Undisturbed((out / "grades.csv").read_bytes(), seconds)


def told(done: subprocess.CompletedProcess) -> str:
    """What a run that could not be done said: sentences, and exit code 2."""
    assert done.returncode == 2, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return " ".join(done.stderr.split())


def test_killed_again_and_again_it_gives_the_same_grades(handed_in, undisturbed, tmp_path):
    walls.adopt_orphans()
    ours = set(psutil.Process().children())
    draw = random.Random(577)
    # One in each part of a run, so that every moment is met; then the end is reached.
    moments = [undisturbed.seconds * (part + draw.random()) / KILLS for part in range(KILLS)]
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    while moments:
        out = tmp_path / f"report-{len(moments)}"
        start = time.monotonic()
        run = None
        while run is None or run.returncode:
            run = subprocess.Popen(
                command(handed_in, out),
                env=environment(TMPDIR=str(temporary)),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
            )
            try:
                _, said = run.communicate(timeout=moments.pop(0) if moments else None)
                assert run.returncode == 0, said
            except subprocess.TimeoutExpired:
                run.kill()
                run.communicate()
        assert (out / "grades.csv").read_bytes() == undisturbed.grades
        assert time.monotonic() - start < 600
    left = set(psutil.Process().children(recursive=True)) - ours
    psutil.wait_procs(left, timeout=10)
    assert not [one for one in left if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]
    # Python itself tries a temporary folder with an empty file; a kill may come just then.
    assert [
        one for one in temporary.iterdir() if not (one.is_file() and not one.stat().st_size)
    ] == []


def test_interrupted_it_ends_and_goes_on_later(handed_in, undisturbed, tmp_path):
    run = subprocess.Popen(
        command(handed_in, tmp_path / "report"), env=environment(), stderr=subprocess.PIPE
    )
    while not (tmp_path / "report" / "ledger.sqlite").exists():
        time.sleep(0.05)
    time.sleep(1)
    run.send_signal(signal.SIGINT)
    _, said = run.communicate(timeout=120)
    assert b"Traceback" not in said
    assert grade(handed_in, tmp_path / "report").returncode == 0
    assert (tmp_path / "report" / "grades.csv").read_bytes() == undisturbed.grades


def in_small_disk(out: Path, script: str) -> list[str]:
    """A shell in which `out` is a disk of 1 MiB, for root and others alike."""
    walls = ["bwrap", "--dev-bind", "/", "/", "--proc", "/proc"]
    return [*walls, "--size", str(2**20), "--tmpfs", str(out), "sh", "-c", script, "sh"]


KEPT = (
    "import hashlib, sqlite3; ledger = sqlite3.connect('ledger.sqlite'); "
    "rows = sorted(ledger.execute('SELECT * FROM notebooks')); "
    "print(len(rows), 'kept', hashlib.sha256(str(rows).encode()).hexdigest())"
)


def test_a_full_disk_is_told_and_loses_nothing(handed_in, undisturbed, tmp_path):
    out = tmp_path / "report"
    out.mkdir()
    script = (
        f'cd {out}; "$@" --lesson 1 >&2 || echo first $?; "$1" -c "{KEPT}"; '
        "head -c 2000000 /dev/zero > filler 2>&-; "
        f'"$@" --fresh || echo then $?; rm filler; "$1" -c "{KEPT}"; "$@" >&2 && cat grades.csv'
    )
    done = grade(handed_in, out, *in_small_disk(out, script))
    assert done.returncode == 0, done.stderr
    before, _, after = done.stdout.partition("then 2\n")
    assert "first" not in before, done.stderr
    kept, _, table = after.partition("\n")
    assert before == f"{kept}\n" and kept.startswith(f"{len(CLASS)} kept")
    assert table.encode() == undisturbed.grades
    said = " ".join(done.stderr.split())
    assert "Traceback" not in said
    assert "Make room" in said or "can't be written" in said


def test_a_read_only_folder_is_told(handed_in, tmp_path):
    out = tmp_path / "report"
    out.mkdir()
    read_only = [
        "bwrap",
        "--dev-bind",
        "/",
        "/",
        "--proc",
        "/proc",
        "--ro-bind",
        str(out),
        str(out),
    ]
    said = told(grade(handed_in, out, *read_only))
    assert str(out) in said and "--out" in said
    (tmp_path / "file").touch()
    assert "--out" in told(grade(handed_in, tmp_path / "file"))
    assert list(out.iterdir()) == []


def test_a_full_temporary_folder_is_told_and_costs_nobody_anything(
    handed_in, undisturbed, tmp_path
):
    out, small = tmp_path / "report", tmp_path / "small"
    small.mkdir()
    walls = ["bwrap", "--dev-bind", "/", "/", "--proc", "/proc", "--size", str(2**16)]
    said = told(grade(handed_in, out, *walls, "--tmpfs", str(small), TMPDIR=str(small)))
    assert "No space left" in said and "TMPDIR" in said
    assert [one.name for one in out.iterdir()] == ["ledger.sqlite"]
    done = grade(handed_in, out)
    assert done.returncode == 0, done.stderr
    assert (out / "grades.csv").read_bytes() == undisturbed.grades


def test_an_absurd_seed_is_told(handed_in, tmp_path):
    seeded = [*command(handed_in, tmp_path / "report"), "--seed", "-1"]
    done = subprocess.run(seeded, check=False, capture_output=True, text=True, env=environment())
    assert "--seed wants a whole number" in told(done)


def test_without_bubblewrap_it_refuses_and_says_how_to_get_it(handed_in, tmp_path):
    said = told(grade(handed_in, tmp_path / "report", PATH=str(tmp_path)))
    assert "`bwrap` is not found" in said and "apt-get install bubblewrap" in said
    assert "--no-cage" in said
    broken = tmp_path / "bin" / "bwrap"
    broken.parent.mkdir()
    broken.write_text("#!/bin/sh\necho setting up uid map: Permission denied >&2\nexit 1\n")
    broken.chmod(0o755)
    said = told(grade(handed_in, tmp_path / "report", PATH=f"{broken.parent}:{os.environ['PATH']}"))
    assert "setting up uid map: Permission denied" in said


def test_nothing_to_grade_is_told(tmp_path):
    (tmp_path / "empty").mkdir()
    for name in ("empty", "missing"):
        said = told(grade(tmp_path / name, tmp_path / "report"))
        assert re.search(rf"There is no .*{name}", said)
        assert not (tmp_path / "report").exists()


def as_nobody() -> list[str]:
    """Become nobody, and be let in to this Python, wherever it is."""
    opened = ["bwrap", "--dev-bind", "/", "/", "--cap-add", "ALL"]
    for folder in interpreter_folders():
        parents = folder.parents[-2::-1]  # from the outermost in
        closed = [one for one in parents if not one.stat().st_mode & 0o001]
        for one in parents[parents.index(closed[0]) :] if closed else ():
            opened += [] if str(one) in opened else ["--perms", "0755", "--tmpfs", str(one)]
        opened += ["--ro-bind", str(folder), str(folder)] if closed else []
    return [*opened, "setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"]


@pytest.mark.skipif(os.getuid() != 0, reason="then it is an ordinary user who runs all the others")
def test_an_ordinary_user_gives_the_same_grades(handed_in, undisturbed):
    with tempfile.TemporaryDirectory() as place:
        home = Path(place)
        home.chmod(0o777)
        shutil.copytree(handed_in, home / "class")
        shutil.copytree(ROOT, home / "course", ignore=ONLY_WHAT_RUNS)
        own = {"HOME": place, "TMPDIR": place, "PYTHONPATH": str(home / "course")}
        done = grade(home / "class", home / "report", *as_nobody(), **own)
        assert done.returncode == 0, done.stderr
        assert (home / "report" / "ledger.sqlite").stat().st_uid == 65_534
        assert (home / "report" / "grades.csv").read_bytes() == undisturbed.grades
