"""What passed is not run again until something that it reads changes; CI takes nothing on trust."""

import pytest
from once import once, read_by_lessons

from course.authoring import passing
from course.authoring.passing import digest, passed, reads, remember
from course.authoring.proof import read_by, unproved
from course.lessons import ROOT


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    """Remember in a folder of the test's own, and read files of its own."""
    monkeypatch.setattr(passing, "PASSED", tmp_path / "passed")
    monkeypatch.delenv("CI", raising=False)


@pytest.fixture
def files(tmp_path, monkeypatch):
    """Two small files in the place of the repository."""
    root = tmp_path / "repository"
    root.mkdir()
    monkeypatch.setattr(passing, "ROOT", root)
    one, other = root / "one.py", root / "other.py"
    one.write_text("1"), other.write_text("2")
    return [one, other]


def test_a_run_that_passed_is_known_until_a_file_changes(files):
    assert not passed("a run", files)
    remember("a run", files)
    assert passed("a run", files)
    assert not passed("another run", files)
    assert not passed("a run", files[:1])
    files[0].write_text("3")
    passing.content.cache_clear()
    assert not passed("a run", files)


def test_another_package_or_python_is_another_run(files, monkeypatch):
    before = digest(files)
    monkeypatch.setattr(passing, "environment", lambda: "Python 4")
    assert digest(files) != before


def test_ci_takes_nothing_on_trust(files, monkeypatch):
    remember("a run", files)
    monkeypatch.setenv("CI", "true")
    assert not passed("a run", files)


def test_a_proof_reads_its_exercise_what_that_imports_the_engine_and_the_data():
    found = {file.relative_to(ROOT).as_posix() for file in read_by("max_pool2d")}
    assert {
        "course/exercises/pooling/max_pool2d.py",
        "course/exercises/pooling/pooled.py",
        "course/exercises/exercise.py",
        "course/checking/recognising.py",
        "course/authoring/proof.py",
    } <= found
    assert "course/exercises/pooling/relu.py" not in found
    assert not any(file.startswith("course/grading/") for file in found)


def test_relative_imports_are_followed():
    found = reads(ROOT / "helpers" / "pictures" / "picture.py")
    assert ROOT / "helpers" / "pictures" / "colours.py" in found


def test_only_what_changed_is_proved_again():
    keys = ["relu", "max_pool2d"]
    assert unproved(keys) == keys
    remember("proof relu", read_by("relu"))
    assert unproved(keys) == ["max_pool2d"]


def test_a_lesson_reads_its_predictions_exercises_and_pictures():
    found = {file.relative_to(ROOT).as_posix() for file in read_by_lessons()}
    assert {
        "course/predictions/pooling/windows.py",
        "course/exercises/pooling/relu.py",
        "helpers/pictures/picture.py",
        "course/checking/judge.py",
        "solutions/03_pooling.py",
    } <= found


def test_a_lesson_that_passed_is_skipped_and_one_that_failed_runs_again():
    test = ROOT / "tests" / "test_passing.py"
    with pytest.raises(ZeroDivisionError), once("a lesson", test):
        raise ZeroDivisionError
    with once("a lesson", test):
        pass
    with pytest.raises(pytest.skip.Exception), once("a lesson", test):
        pass
