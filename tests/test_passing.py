"""What passed is not run again until something that it reads changes; CI takes nothing on trust."""

import once
import pytest
from once import read_by_lessons

from course.authoring import passing
from course.authoring.passing import digest, passed, reads, remember
from course.authoring.proof import read_by, unproved
from course.lessons import ROOT

pytest_plugins = "pytester"


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


def forget():
    """Look at the files anew."""
    passing.content.cache_clear()
    passing.contents.cache_clear()


def test_a_run_that_passed_is_known_until_a_file_changes(files):
    assert not passed("a run", files)
    remember("a run", files)
    assert passed("a run", files)
    assert not passed("another run", files)
    assert not passed("a run", files[:1])
    files[0].write_text("3")
    forget()
    assert not passed("a run", files)


def test_another_package_or_python_is_another_run(files, monkeypatch):
    before = digest(files)
    monkeypatch.setattr(passing, "environment", lambda: "Python 4")
    assert digest(files) != before


def test_where_nothing_can_be_written_a_run_is_run_again(files):
    passing.PASSED.write_text("a file in its place")
    remember("a run", files)
    assert not passed("a run", files)


def test_each_python_has_runs_of_its_own(files, monkeypatch):
    remember("a run", files)
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(passing, "environment", lambda: "Python 4")
        elsewhere.setattr(passing, "PYTHON", "4.0")
        assert not passed("a run", files)
        remember("a run", files)
    assert passed("a run", files)


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


DEAR = """
import pytest

pytestmark = pytest.mark.slow

def test_right(): pass
def test_wrong(): assert not {wrong}
def test_wrong_in_a_part(subtests):
    with subtests.test("one"):
        assert not {wrong}
    with subtests.test("other"):
        pass
@pytest.fixture
def ends_badly():
    yield
    assert not {wrong}
def test_wrong_at_its_end(ends_badly): pass
def test_that_is_left_out(): pytest.skip("not here")
"""
QUICK = "def test_quick(): pass"


@pytest.fixture
def run(pytester, monkeypatch):
    """Write some files and run the tests in them; gives the names of those that ran."""
    monkeypatch.setattr(passing, "ROOT", pytester.path)
    monkeypatch.setattr(once, "files", lambda: frozenset(pytester.path.glob("*.py")))
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    pytester.makeini("[pytest]\nmarkers = slow")

    def running(**files: str) -> set[str]:
        pytester.makepyfile(**files)
        forget()
        once.read_by.cache_clear()
        told = pytester.inline_run(plugins=[once]).getreports("pytest_runtest_logreport")
        return {one.location[2].removeprefix("test_") for one in told if one.when == "call"}

    return running


FAILED = {"wrong", "wrong_in_a_part", "wrong_at_its_end", "that_is_left_out"}


def test_a_dear_test_that_passed_is_skipped_and_one_that_did_not_runs_again(run, monkeypatch):
    wrong = {"test_dear": DEAR.format(wrong=True), "test_quick": QUICK}
    assert run(**wrong) == run(**wrong) | {"right"} == {*FAILED, "right", "quick"}
    assert run(**wrong) == {*FAILED, "quick"}
    right = {"test_dear": DEAR.format(wrong=False)}
    assert run(**right) == {*FAILED, "right", "quick"}
    assert run(**right) == {"that_is_left_out", "quick"}
    monkeypatch.setenv("CI", "true")
    assert run(**right) == {*FAILED, "right", "quick"}


def test_a_dear_test_runs_again_after_a_change_of_anything_but_other_tests(run):
    parts = {"test_dear": "from test_base import *", "course": "1", "test_quick": QUICK}
    parts["test_base"] = "import pytest\npytestmark = pytest.mark.slow\ndef test_one(): pass"
    assert run(**parts) == {"one", "quick"}
    assert run(test_quick=f"{QUICK} # the same") == {"quick"}
    assert run(course="2") == {"one", "quick"}
    assert run(test_quick=QUICK) == {"quick"}
    assert run(test_base=parts["test_base"] + "  # the same") == {"one", "quick"}


def test_without_git_nothing_counts_as_passed(run, monkeypatch):
    monkeypatch.setattr(once, "files", frozenset)
    for _ in range(2):
        assert "right" in run(test_dear=DEAR.format(wrong=False))


def test_what_git_knows_is_read():
    once.files.cache_clear()
    found = {file.relative_to(ROOT).as_posix() for file in once.files()}
    assert {"GRADING.md", ".ci/run", "examples/make_class.py", "tests/test_passing.py"} <= found


def test_files_with_similar_names_are_remembered_apart():
    assert passing.record("test[a+b]") != passing.record("test[a-b]")
