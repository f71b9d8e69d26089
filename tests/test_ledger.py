"""What is graded stays graded, and is graded again as soon as it would come out otherwise."""

import os
import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from course.checking.result import Result
from course.grading import ledger as ledgers
from course.grading.cage.cage import Limits
from course.grading.graded import Graded, Submission
from course.grading.grader import Terms
from course.grading.ledger import FILE, Ledger
from course.trouble import Trouble

WORK = Submission("ash", 1, ("x = 1", "def convolve_pixel(): ..."))
TERMS = Terms(577)
MESSAGE = "It raised: \x1b[2J <b>\u202e\ud800 é"
RESULTS = (
    Result("neighborhood", "passed", None, "Right.", 1, 1),
    Result("convolve_pixel", "failed", "flipped", MESSAGE, 0, 2),
)
GRADED = Graded("ash", 1, RESULTS, notes=("Cell 2 was left out.",), seconds=0.25)


def test_what_was_kept_comes_back_whole_in_another_run(tmp_path):
    with Ledger(tmp_path) as ledger:
        assert ledger.recall(WORK, TERMS) is None
        ledger.keep(WORK, TERMS, GRADED)
    with Ledger(tmp_path) as ledger:
        assert ledger.recall(WORK, TERMS) == GRADED


@pytest.mark.parametrize(
    ("work", "terms"),
    [
        (replace(WORK, cells=("x = 2", *WORK.cells[1:])), TERMS),
        (replace(WORK, cells=WORK.cells[::-1]), TERMS),
        (replace(WORK, cells=("x = 1\0def convolve_pixel(): ...",)), TERMS),
        (replace(WORK, cells=(), problem="It is no notebook."), TERMS),
        (replace(WORK, student="birch"), TERMS),
        (replace(WORK, lesson=2), TERMS),
        (WORK, Terms(578)),
        (WORK, Terms(577, Limits(seconds=4))),
        (WORK, Terms(577, Limits(memory=512))),
        (WORK, Terms(577, caged=False)),
    ],
)
def test_other_work_and_other_terms_are_graded_anew(tmp_path, work, terms):
    with Ledger(tmp_path) as ledger:
        ledger.keep(WORK, TERMS, GRADED)
        assert ledger.recall(work, terms) is None


def test_another_version_of_the_course_grades_anew(tmp_path, monkeypatch):
    with Ledger(tmp_path) as ledger:
        ledger.keep(WORK, TERMS, GRADED)
        monkeypatch.setattr(ledgers, "course_version", lambda: "another")
        assert ledger.recall(WORK, TERMS) is None


def test_every_file_that_a_grade_depends_on_makes_another_version(tmp_path, monkeypatch):
    course = tmp_path / "site" / "reports"  # wherever the course lies
    depends = ["course/exercises/labels.npy", "course/grading/cage/walls.py", "helpers/pooling.py"]
    depends += ["helpers/data/boots.npz", "notebooks/01_one.ipynb", "solutions/01_one.py"]
    not_on = ["course/grading/reports/pages.py", "course/site/pages.py", "README.md"]
    for name in depends + not_on:
        (course / name).parent.mkdir(parents=True, exist_ok=True)
        (course / name).write_text("before")
    monkeypatch.setattr(ledgers, "ROOT", course)
    version = ledgers.course_version.__wrapped__
    for name in depends + not_on:
        before = version()
        (course / name).write_text("after")
        assert (version() != before) == (name in depends), name


def test_grades_hold_only_as_long_as_a_notebook_can_import_the_same(tmp_path, monkeypatch):
    there = {"purelib": str(tmp_path / "packages"), "platlib": str(tmp_path / "packages")}
    monkeypatch.setattr(ledgers.sysconfig, "get_paths", lambda: there)
    monkeypatch.setattr(ledgers, "importable", ledgers.importable.__wrapped__)
    (tmp_path / "packages" / "__pycache__").mkdir(parents=True)
    with Ledger(tmp_path / "report") as ledger:
        ledger.keep(WORK, TERMS, GRADED)
        assert ledger.recall(WORK, TERMS) == GRADED
        (tmp_path / "packages" / "pandas").mkdir()
        assert ledger.recall(WORK, TERMS) is None
        (tmp_path / "packages" / "pandas-2.3.dist-info").mkdir()
        ledger.keep(WORK, TERMS, GRADED)
        (tmp_path / "packages" / "pandas-2.3.dist-info").rename(
            tmp_path / "packages" / "pandas-2.4.dist-info"
        )
        assert ledger.recall(WORK, TERMS) is None
        ledger.keep(WORK, TERMS, GRADED)
        monkeypatch.setattr(ledgers.sys, "version", "3.99.0")
        assert ledger.recall(WORK, TERMS) is None


def test_seed_that_no_cases_can_be_drawn_from_is_refused_and_not_kept(tmp_path):
    with Ledger(tmp_path) as ledger:
        for absurd in (-1, 2**63, 10**400):
            with pytest.raises(Trouble, match="--seed wants a whole number from 0"):
                ledger.seed(absurd)
        ledger.connection.execute(
            "INSERT INTO settings VALUES ('seed', '-5')"
        )  # by a version before
        assert ledger.seed() >= 0


def test_one_notebook_has_one_row_and_the_last_grades_count(tmp_path):
    again = replace(GRADED, notes=())
    with Ledger(tmp_path) as ledger:
        ledger.keep(WORK, TERMS, GRADED)
        ledger.keep(WORK, TERMS, again)
        assert ledger.recall(WORK, TERMS) == again
        assert ledger.connection.execute("SELECT count(*) FROM notebooks").fetchone() == (1,)


def test_seed_is_drawn_once_kept_and_not_the_same_for_two_classes(tmp_path):
    with Ledger(tmp_path / "a") as ledger:
        drawn = ledger.seed()
        assert ledger.seed() == drawn
    with Ledger(tmp_path / "a") as ledger:
        assert ledger.seed() == drawn
        assert ledger.seed(577) == 577
    with Ledger(tmp_path / "a") as ledger:
        assert ledger.seed() == 577
    with Ledger(tmp_path / "a", fresh=True) as ledger:
        assert ledger.seed() not in (drawn, 577)
    with Ledger(tmp_path / "b") as ledger:
        assert ledger.seed() != drawn


def test_fresh_forgets_the_grades(tmp_path):
    with Ledger(tmp_path) as ledger:
        ledger.keep(WORK, TERMS, GRADED)
    with Ledger(tmp_path, fresh=True) as ledger:
        assert ledger.recall(WORK, TERMS) is None


def test_names_that_are_no_text_are_kept_apart(tmp_path):
    names = ["\udcff", "\\udcff", "ash", "Ash", "a\0b", "'; DROP TABLE graded; --"]
    with Ledger(tmp_path) as ledger:
        for name in names:
            ledger.keep(replace(WORK, student=name), TERMS, replace(GRADED, student=name))
        for name in names:
            assert ledger.recall(replace(WORK, student=name), TERMS).student == name


KILLED = """
import os, signal, sys
from pathlib import Path
from test_ledger import GRADED, TERMS, WORK, replace
from course.grading.ledger import Ledger
ledger = Ledger(Path(sys.argv[1]))
ledger.keep(WORK, TERMS, GRADED)
ledger.connection.execute("BEGIN")
ledger.connection.execute("DELETE FROM notebooks")
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="Windows has no SIGKILL")
def test_a_kill_loses_nothing_that_was_kept_and_keeps_nothing_half(tmp_path):
    here = Path(__file__).parent
    path = os.pathsep.join([str(here), str(here.parent)])
    environment = {**os.environ, "PYTHONPATH": path}
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, tmp_path], env=environment, check=False, timeout=120
    )
    assert killed.returncode == -9
    with Ledger(tmp_path) as ledger:
        assert ledger.recall(WORK, TERMS) == GRADED


def test_what_cannot_be_kept_is_told_in_a_sentence(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    with pytest.raises(Trouble, match="--out"):
        Ledger(tmp_path / "file")
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / FILE).write_bytes(b"no database at all" * 99)
    with pytest.raises(Trouble, match="not a database"):
        Ledger(tmp_path / "broken")
    monkeypatch.setattr(ledgers, "WAIT_SECONDS", 0.1)
    other = sqlite3.connect(tmp_path / FILE)
    with Ledger(tmp_path) as ledger:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(Trouble, match="is locked"):
            ledger.keep(WORK, TERMS, GRADED)
        other.close()
        ledger.keep(WORK, TERMS, GRADED)
        assert ledger.recall(WORK, TERMS) == GRADED


def test_the_ledger_is_for_its_owner_alone_from_its_first_byte(tmp_path):
    asked = os.umask(0)
    try:
        with Ledger(tmp_path / "report") as ledger:
            ledger.keep(WORK, TERMS, GRADED)
            assert ledger.file.stat().st_mode & 0o777 == 0o600
        (tmp_path / "report" / FILE).chmod(0o644)  # as an earlier version left it
        with Ledger(tmp_path / "report") as ledger:
            assert ledger.file.stat().st_mode & 0o777 == 0o600
    finally:
        os.umask(asked)
