"""Packages and files that a teacher lets into the cage: found there, kept apart, remembered."""

import os
import zipfile
from importlib import metadata
from pathlib import Path

import pytest
from typer.testing import CliRunner

from course.cli import app
from course.exercises import EXERCISES
from course.grading import allowed
from course.grading.allowed import Allowed, allow
from course.grading.graded import Submission, nothing
from course.grading.grader import Terms, close, grade
from course.grading.ledger import Ledger
from course.trouble import Trouble

CELLS = (
    "import numpy as np\nfrom course import check\nimport tiny_sums, my_helpers",
    """unit = float(open("data/unit.txt").read())
def convolve_pixel(window, kernel):
    return unit * tiny_sums.total(my_helpers.times(window, kernel))""",
    "check.convolve_pixel(convolve_pixel)",
)
OVERWRITES = "open('data/unit.txt', 'w').write('3')"


@pytest.fixture
def index(tmp_path, monkeypatch) -> Path:
    """The only index of packages: one small package, ready to be unpacked."""
    folder = tmp_path / "index"
    folder.mkdir()
    wheel(folder, "1.0")
    for name, value in (("FIND_LINKS", str(folder)), ("NO_INDEX", "1")):
        monkeypatch.setenv(f"UV_{name}", value)
        monkeypatch.setenv(f"PIP_{name}", value)
    return folder


def wheel(folder, version, more=""):
    """Put `tiny-sums` into an index."""
    info = f"tiny_sums-{version}.dist-info"
    with zipfile.ZipFile(folder / f"tiny_sums-{version}-py3-none-any.whl", "w") as packed:
        packed.writestr("tiny_sums.py", "def total(values):\n    return float(values.sum())\n")
        packed.writestr(
            f"{info}/METADATA",
            f"Metadata-Version: 2.1\nName: tiny-sums\nVersion: {version}\n{more}",
        )
        packed.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        packed.writestr(f"{info}/RECORD", "")


@pytest.fixture
def files(tmp_path) -> Path:
    """A folder of files as an assignment has it."""
    folder = tmp_path / "files"
    (folder / "data").mkdir(parents=True)
    (folder / "my_helpers.py").write_text("def times(a, b):\n    return a * b\n")
    (folder / "data" / "unit.txt").write_text("1")
    (folder / ".DS_Store").write_text("hidden")
    return folder


def points(submission, terms):
    try:
        return {result.key: result.points for result in grade(submission, terms).results}
    finally:
        close()


@pytest.fixture(params=[True, False], ids=["caged", "without a cage"])
def caged(request, monkeypatch) -> bool:
    """With walls, and without; there as a user who may read Python, wherever it lies."""
    if not request.param:
        monkeypatch.setattr(os, "getuid", lambda: 1000)
    return request.param


@pytest.mark.seconds
def test_without_the_options_neither_is_there(index, files, tmp_path):
    assert points(Submission("ash", 1, CELLS), Terms(577))["convolve_pixel"] == 0


@pytest.mark.seconds
def test_a_notebook_imports_what_was_let_in_and_reads_the_files_as_no_other_has_changed_them(
    index, files, tmp_path, caged
):
    let_in = allow(["tiny-sums"], files, tmp_path / "report", fresh=False)
    assert let_in.packages == ("tiny-sums 1.0",)
    terms = Terms(577, caged=caged, allowed=let_in)
    try:
        grade(Submission("vandal", 1, (OVERWRITES, *CELLS)), terms)
        results = grade(Submission("ash", 1, CELLS), terms).results
    finally:
        close()
    assert {r.key: r.points for r in results}["convolve_pixel"] == EXERCISES[
        "convolve_pixel"
    ].points
    assert (files / "data" / "unit.txt").read_text() == "1"


@pytest.mark.seconds
def test_a_class_keeps_the_version_that_its_first_notebook_had(index, files, tmp_path):
    first = allow(["tiny-sums"], None, tmp_path / "report", fresh=False)
    wheel(index, "1.1")
    assert allow(["tiny-sums"], None, tmp_path / "report", fresh=False) == first
    assert allow(["tiny-sums"], None, tmp_path / "report", fresh=True).packages == (
        "tiny-sums 1.1",
    )


def test_what_this_python_has_is_not_installed_again(tmp_path, monkeypatch):
    monkeypatch.setattr(allowed, "installed", None)
    let_in = allow(["skimage"], None, tmp_path, fresh=False)  # as notebooks import it
    assert let_in == Allowed((f"scikit-image {metadata.version('scikit-image')}",))


def test_grades_hold_for_these_files_and_versions_wherever_they_lie(index, files, tmp_path):
    work = Submission("ash", 1, ("x = 1",))
    let_in = allow(["tiny-sums"], files, tmp_path / "report", fresh=False)
    terms = Terms(577, allowed=let_in)
    elsewhere = files.rename(tmp_path / "elsewhere")
    moved = let_in._replace(files_in=str(elsewhere), packages_in="/somewhere")
    with Ledger(tmp_path / "report") as ledger:
        ledger.keep(work, terms, nothing(work, "graded", "not run"))
        assert ledger.recall(work, Terms(577, allowed=moved))
        newer = let_in._replace(packages=("tiny-sums 1.1",))
        assert ledger.recall(work, Terms(577, allowed=newer)) is None
        assert ledger.recall(work, Terms(577)) is None
        (elsewhere / "data" / "unit.txt").write_text("2")
        changed = allow(["tiny-sums"], elsewhere, tmp_path / "report", fresh=False)
        assert ledger.recall(work, Terms(577, allowed=changed)) is None


@pytest.mark.parametrize(
    ("package", "said"),
    [("no-such-package-1", "no-such-package-1 could not be installed"), ("./a b", "was given")],
)
def test_a_package_that_is_not_to_be_had_is_told(index, tmp_path, package, said):
    with pytest.raises(Trouble, match=said):
        allow([package], None, tmp_path / "report", fresh=False)
    assert not [*tmp_path.rglob("unpacked")]


def test_a_package_that_wants_other_versions_than_the_course_is_told(tmp_path, index):
    (index / "tiny_sums-1.0-py3-none-any.whl").unlink()
    wheel(index, "2.0", "Requires-Dist: numpy<1\n")
    with pytest.raises(Trouble, match="could not be installed"):
        allow(["tiny-sums"], None, tmp_path / "report", fresh=False)


def spoilt(files, what):
    """Make a folder unfit for a cage."""
    if what == "link":
        (files / "passwd").symlink_to("/etc/passwd")
    elif what == "course":
        (files / "helpers").mkdir()
        (files / "helpers" / "__init__.py").write_text("")
    elif what == "empty":
        return files / ".nothing"
    return files


@pytest.mark.parametrize(
    ("what", "said"),
    [("link", "is a link"), ("course", "There is a `helpers`"), ("empty", "wants a folder")],
)
def test_files_that_are_not_fit_for_a_cage_are_told(files, tmp_path, what, said):
    with pytest.raises(Trouble, match=said):
        allow([], spoilt(files, what), tmp_path / "report", fresh=False)


def test_the_report_with_its_hidden_cases_is_never_let_in(files):
    with pytest.raises(Trouble, match="every notebook could read it"):
        allow([], files, files / "report", fresh=False)


def test_the_workers_of_a_cluster_share_no_disk(files, tmp_path):
    (tmp_path / "ash.ipynb").write_text('{"cells": []}')
    command = ["grade", str(tmp_path / "ash.ipynb"), "--lesson", "1", "--out", str(tmp_path / "r")]
    done = CliRunner().invoke(
        app, [*command, "--with-files", str(files), "--scheduler", "tcp://localhost:1"]
    )
    assert done.exit_code == 2
    assert "share no disk" in " ".join(done.output.split())


def test_nothing_is_let_in_unasked(tmp_path):
    assert allow([], None, tmp_path / "report", fresh=False) == Allowed()
    assert not os.path.exists(tmp_path / "report")
