"""What a notebook says of the run in which it was saved: what had passed, and on which Python."""

import json
import sys

import pytest

from course.checking.judge import judge
from course.exercises import EXERCISES
from course.grading.cells import cells_of
from course.grading.submissions import find
from course.lessons import LESSONS

PASSED = str(judge(EXERCISES["relu"], EXERCISES["relu"].reference))
FAILED = str(judge(EXERCISES["relu"], lambda image: image))
NEWER = f"3.{sys.version_info.minor + 1}.0"
ANSWER = "def relu(x):\n    return x"
ODD = "def relu(x) ->:\n    return x"


def notebook(*cells, version="3.9.1"):
    """A notebook whose cells have these sources and outputs."""
    made = [
        {"cell_type": "code", "source": source, "outputs": outputs} for source, outputs in cells
    ]
    return {"cells": made, "metadata": {"language_info": {"version": version}}}


@pytest.mark.parametrize(
    ("outputs", "passed"),
    [
        ([{"output_type": "display_data", "data": {"text/plain": PASSED}}], ("relu",)),
        ([{"data": {"text/plain": PASSED.splitlines(keepends=True)}}], ("relu",)),
        ([{"output_type": "stream", "text": [PASSED]}], ("relu",)),
        ([{"data": {"text/plain": FAILED}}], ()),
        ([{"data": {"text/plain": [1, None]}}, {"text": 5}, "x", {"data": []}], ()),
        ({"a": 1}, ()),
        (None, ()),
    ],
)
def test_what_had_passed_is_read_from_any_form_of_output(outputs, passed):
    (cell,) = cells_of(json.dumps(notebook(("check.relu(relu)", outputs))).encode())
    assert cell.passed == passed


@pytest.mark.parametrize("info", [{}, {"language_info": 5}, {"language_info": {"version": "R"}}])
def test_a_notebook_need_not_say_its_python(info):
    raw = json.dumps({**notebook(("x", [])), "metadata": info}).encode()
    assert [cell.python for cell in cells_of(raw)] == [""]


@pytest.fixture
def handed_in(tmp_path):
    """Hand in one notebook of lesson 3."""

    def made(written):
        (tmp_path / "ash").mkdir()
        (tmp_path / "ash" / LESSONS[3].file).write_text(json.dumps(written))
        (one,) = find(tmp_path).submissions
        return one

    return made


def test_what_had_passed_goes_with_the_submission_and_is_no_part_of_the_grade(handed_in):
    one = handed_in(notebook((ANSWER, []), ("check.relu(relu)", [{"text": PASSED}])))
    assert one.passed == {"relu"}
    without = type(one)(one.student, one.lesson, one.cells, path=one.path)
    assert one.digest == without.digest


def test_a_cell_that_only_a_newer_python_reads_is_told(handed_in):
    one = handed_in(notebook(("%matplotlib inline\nx = 1", []), (ODD, []), version=NEWER))
    (note,) = one.notes
    assert f"Code cell 2, line 1, is no Python 3.{sys.version_info.minor}" in note
    assert f"saved on Python {NEWER}" in note


def test_a_slip_on_an_older_python_is_no_newer_syntax(handed_in):
    assert handed_in(notebook((ODD, []))).notes == ()
