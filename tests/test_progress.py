"""What a learner has done is never lost silently, and never in the way."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from course.checking import progress, progress_map
from course.checking.progress import count_hint, remember, remembered
from course.checking.progress_map import Progress
from course.checking.result import Result
from course.exercises import EXERCISES

ROOT = Path(__file__).resolve().parents[1]
KEY = "convolve_pixel"
PASSED = Result(KEY, "passed", None, "Right.", 2, 2)
FAILED = Result(KEY, "failed", "flipped", "Flipped.", 0, 2)
NOTHING = Result(KEY, "not_attempted", None, "", 0, 2)


@pytest.fixture(autouse=True)
def file(tmp_path, monkeypatch):
    """The progress file, not there yet."""
    file = tmp_path / "progress.sqlite"
    monkeypatch.setenv("COURSE_PROGRESS", str(file))
    monkeypatch.setattr(progress, "_in_memory", None)
    monkeypatch.setattr(progress, "WAIT", 0.1)
    yield file
    if progress._in_memory is not None:
        progress._in_memory.close()


# --- What is remembered ---------------------------------------------------------------------------


def test_nothing_is_written_before_there_is_something_to_remember(file):
    assert remembered() == {}
    assert Progress().points == 0
    assert not file.exists()


def test_pass_is_kept_whatever_is_tried_afterwards():
    remember(FAILED)
    assert remembered()[KEY][:4] == (KEY, "failed", "flipped", 0)
    remember(PASSED, "source")
    remember(FAILED)
    remember(NOTHING)
    answer = remembered()[KEY]
    assert answer[:4] == (KEY, "passed", None, 2)
    assert answer.source == "source"


def test_a_file_of_an_earlier_version_goes_on(file):
    """It has a column more, which counted how often an answer was tried."""
    with sqlite3.connect(file) as connection:
        connection.execute(
            "CREATE TABLE answers (key TEXT PRIMARY KEY, status TEXT NOT NULL, mistake TEXT, "
            "points INTEGER NOT NULL DEFAULT 0, attempts INTEGER NOT NULL DEFAULT 0, "
            "hints INTEGER NOT NULL DEFAULT 0, source TEXT)"
        )
        connection.execute(
            f"INSERT INTO answers VALUES ('{KEY}', 'failed', 'flipped', 0, 7, 2, '')"
        )
    connection.close()
    remember(PASSED, "source")
    assert remembered()[KEY] == (KEY, "passed", None, 2, 2, "source")


def test_newer_source_replaces_the_older_one():
    remember(PASSED, "first")
    remember(PASSED, "second")
    remember(PASSED, None)
    assert remembered()[KEY].source == "second"


def test_hints_are_counted_beside_results():
    assert [count_hint(KEY) for _ in range(5)] == [1, 2, 3, 3, 3]
    remember(FAILED)
    assert (remembered()[KEY].hints, remembered()[KEY].status) == (3, "failed")


def test_file_is_in_the_current_folder_unless_told_otherwise(tmp_path, monkeypatch):
    monkeypatch.delenv("COURSE_PROGRESS")
    monkeypatch.chdir(tmp_path)
    remember(PASSED)
    assert (tmp_path / progress.FILE).exists()
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "elsewhere.sqlite"))
    assert remembered() == {}
    remember(FAILED)
    assert (tmp_path / "elsewhere.sqlite").exists()


def test_two_notebooks_writing_at_once_lose_nothing(file):
    script = """
from course.checking.progress import remember, count_hint
from course.checking.result import Result
for i in range(300):
    remember(Result("convolve_pixel", "failed", "flipped", "", 0, 2))
    remember(Result(f"{NAME}-{i}", "passed", None, "", 1, 1), "source")
"""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", script.replace("{NAME}", name)],
            env=environment,
            stderr=subprocess.PIPE,
        )
        for name in ("one", "other")
    ]
    for writer in writers:
        assert writer.communicate(timeout=60)[1] == b""
        assert writer.returncode == 0
    answers = remembered()
    assert answers[KEY].status == "failed"
    assert len(answers) == 601
    assert sum(answer.points for answer in answers.values()) == 600


# --- Files that can't be used ---------------------------------------------------------------------


def test_damaged_file_is_set_aside_with_a_message_and_kept(file, capsys):
    for number in (1, 2):
        file.write_bytes(b"not a database, but 4,096 bytes long " * 120)
        remember(PASSED)
        aside = file.with_name(f"progress.sqlite.damaged-{number}")
        assert aside.read_bytes().startswith(b"not a database")
        assert f"It is kept as {aside.name}" in capsys.readouterr().err
        assert remembered()[KEY].status == "passed"
        file.unlink()


def test_damage_inside_a_file_is_found_when_it_is_read(file, capsys):
    for number in range(200):
        remember(Result(f"key-{number}", "passed", None, "", 1, 1), "source " * 50)
    content = bytearray(file.read_bytes())
    content[8192:] = b"\xff" * (len(content) - 8192)
    file.write_bytes(content)
    remembered()
    remember(PASSED)
    assert "The progress file was damaged" in capsys.readouterr().err
    assert len(list(file.parent.glob("*.damaged-1"))) == 1
    assert remembered()[KEY].status == "passed"


def test_damaged_file_that_cannot_be_moved_is_left_and_the_session_goes_on(
    file, monkeypatch, capsys
):
    def refuse(self, target):
        raise PermissionError

    file.write_bytes(b"not a database " * 300)
    monkeypatch.setattr(Path, "rename", refuse)
    remember(PASSED)
    assert remembered()[KEY].status == "passed"
    assert "kept until you close this notebook" in capsys.readouterr().err
    assert file.read_bytes().startswith(b"not a database")


def test_locked_file_is_left_alone_and_said_once(file, capsys):
    remember(PASSED)
    script = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
connection.execute("BEGIN EXCLUSIVE")
print("locked", flush=True)
sys.stdin.read()
"""
    holder = subprocess.Popen(
        [sys.executable, "-c", script, str(file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        assert holder.stdout.readline() == b"locked\n"
        remember(FAILED)
        count_hint(KEY)
        known = remembered()[KEY]
        assert (known.status, known.hints) == ("passed", 1)  # what was saved is known, too
    finally:
        holder.communicate(b"", timeout=10)
    assert capsys.readouterr().err.count("database is locked") == 1
    with sqlite3.connect(file) as connection:
        rows = connection.execute("SELECT status, hints FROM answers").fetchall()
    connection.close()
    assert rows == [("passed", 0)]


@pytest.mark.parametrize("place", ["missing/folder", "a file/progress.sqlite", "a folder"])
def test_place_that_cannot_be_written_is_said_once_and_the_session_goes_on(
    place, tmp_path, monkeypatch, capsys
):
    (tmp_path / "a file").write_text("")
    (tmp_path / "a folder").mkdir()
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / place))
    remember(PASSED)
    count_hint(KEY)
    assert remembered()[KEY].status == "passed"
    assert capsys.readouterr().err.count("can't be saved") == 1


def test_database_of_something_else_is_left_alone(file, capsys):
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE answers (question TEXT)")
    connection.close()
    before = file.read_bytes()
    remember(PASSED)
    assert remembered()[KEY].status == "passed"
    assert "can't be saved" in capsys.readouterr().err
    assert file.read_bytes() == before


# --- progress() -----------------------------------------------------------------------------------


def test_progress_counts_points_and_says_what_is_next():
    first, second, *_ = EXERCISES
    remember(Result(first, "passed", None, "", EXERCISES[first].points, EXERCISES[first].points))
    found = Progress()
    assert found.points == EXERCISES[first].points
    assert found.max_points == sum(exercise.points for exercise in EXERCISES.values())
    assert found.next == second
    assert f"Next: {second} (lesson 1" in found.summary
    assert f"✓ {first} " in str(found)
    assert f"○ {second} " in str(found)


def test_finished_course_is_said_to_be_finished():
    for key, exercise in EXERCISES.items():
        remember(Result(key, "passed", None, "", exercise.points, exercise.points))
    found = Progress()
    assert found.next is None
    assert (
        found.summary
        == f"{found.max_points} of {found.max_points} points: the whole course is done."
    )


def test_answers_to_exercises_that_no_longer_exist_count_for_nothing():
    remember(Result("long_gone", "passed", None, "", 50, 50))
    assert Progress().points == 0


def test_progress_of_one_lesson_shows_all_and_says_so(file, capsys):
    assert str(progress_map.progress(1)) == str(progress_map.progress())
    assert "progress() shows all lessons together." in capsys.readouterr().err
