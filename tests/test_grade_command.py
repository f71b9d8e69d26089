"""What `course grade` shows and writes. The notebooks here can't be read, so none has to run."""

import csv
import os
import pty
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from course.cli import app
from course.exercises import points_of

COURSE = [sys.executable, "-m", "course.cli", "grade"]
PLAIN = {**os.environ, "COLUMNS": "100", "TERM": "xterm"}


@pytest.fixture
def handed_in(tmp_path):
    for name in ("ash", 'oak, "the\nold"', "[red]elm[/red]\x1b[2J"):
        folder = tmp_path / "class" / name
        folder.mkdir(parents=True)
        (folder / "01_convolution_by_hand.ipynb").write_text("no notebook")
    return tmp_path / "class"


def grade(*words):
    return subprocess.run(
        [*COURSE, *map(str, words)], check=False, capture_output=True, text=True, env=PLAIN
    )


@pytest.mark.seconds
def test_every_submission_has_a_row_and_a_line_that_nobody_else_wrote(handed_in, tmp_path):
    done = grade(handed_in, "--out", tmp_path / "report")
    assert done.returncode == 0, done.stderr
    assert len(done.stderr.splitlines()) == 3
    assert f"✗ ash lesson 1 0 of {points_of(1)}" in done.stderr
    assert "[red]elm" in done.stderr and "\x1b" not in done.stderr
    assert "3 notebooks: 3 unreadable." in done.stdout
    with (tmp_path / "report" / "grades.csv").open(encoding="utf-8-sig", newline="") as table:
        rows = list(csv.DictReader(table))
    assert next(iter(rows[0])) == "student" and [*rows[0]][-2:] == ["late", "notes"]
    assert {row["student"] for row in rows} >= {"ash", 'oak, "the\nold"'}
    assert {row["status"] for row in rows} == {"unreadable"}


@pytest.mark.seconds
def test_what_is_not_graded_is_named_with_its_path_and_why(handed_in, tmp_path):
    (handed_in / "fay" / "old").mkdir(parents=True)
    (handed_in / "fay" / "old" / "[red]x.html").write_text("<html>")
    (handed_in / "gus").mkdir()
    done = grade(handed_in, "--out", tmp_path / "report", "--count", "last", "--jobs", 1)
    assert done.returncode == 0, done.stderr
    assert "Not graded: fay/old/[red]x.html: It is a web page, not the notebook" in done.stdout
    assert "Not graded: gus/: The folder is empty." in done.stdout
    assert "Not graded: ash/01_convolution_by_hand.ipynb: It is no notebook" in done.stdout
    with (tmp_path / "report" / "grades.csv").open(encoding="utf-8-sig", newline="") as table:
        found = {row["student"]: row for row in csv.DictReader(table)}
    assert (found["fay"]["status"], found["gus"]["status"]) == ("unreadable", "missing")
    assert found["ash"]["notes"].count("no notebook") == 1
    assert (tmp_path / "report" / "index.html").read_text().count("is no notebook: it is not") == 3


@pytest.mark.seconds
def test_in_a_terminal_a_table_lives_while_it_runs(handed_in, tmp_path):
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [*COURSE, str(handed_in), "--out", str(tmp_path / "report"), "--jobs", "1"],
        stdout=theirs,
        stderr=theirs,
        env=PLAIN,
    ) as running:
        os.close(theirs)
        said = b""
        while part := read(ours):
            said += part
    os.close(ours)
    assert running.returncode == 0
    shown = said.decode()
    assert "Student" in shown and "Points" in shown
    assert "3/3" in shown
    assert "\x1b[2J" not in shown


def read(end: int) -> bytes:
    """What a terminal says; nothing when it has closed, which Linux calls an error."""
    try:
        return os.read(end, 2**16)
    except OSError:
        return b""


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--lesson", "9"], "There is no lesson named 9"),
        (["--out", "class/report"], "The report would be among what is graded"),
        (["--memory", "1"], "--memory"),
        (["--jobs", "2", "--scheduler", "tcp://localhost:1"], "--jobs is for this machine"),
    ],
)
def test_a_mistake_of_the_teacher_is_a_sentence(handed_in, tmp_path, words, said):
    where = [] if "--out" in words else ["--out", str(tmp_path / "report")]
    words = [word.replace("class/report", str(handed_in / "report")) for word in words]
    done = CliRunner().invoke(app, ["grade", str(handed_in), *where, *words])
    assert done.exit_code == 2
    assert said in " ".join(done.stderr.split())
    assert isinstance(done.exception, SystemExit)
