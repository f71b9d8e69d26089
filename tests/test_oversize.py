"""What is far too large costs itself, and nothing that lies beside it."""

import base64
import json
import os
import sys

import pytest

from course.checking.check import solution_source
from course.exercises import EXERCISES
from course.grading import grader, reading
from course.grading.files import LARGEST, LARGEST_WITH_PICTURES
from course.grading.graded import Submission
from course.grading.grader import MOST_CODE, MOST_NOTES, Terms, grade, without_longest_cells
from course.grading.submissions import find

RIGHT = solution_source(EXERCISES["convolve_pixel"])


def notebook(*cells: str, picture: int = 0, words: int = 0) -> bytes:
    """A notebook with these cells, and so many bytes of a picture and of words in its output."""
    data = {"image/png": base64.encodebytes(os.urandom(3 * picture // 4)).decode()}
    outputs = [{"output_type": "display_data", "data": data, "metadata": {}}] if picture else []
    outputs += [{"output_type": "stream", "name": "stdout", "text": "a b " * (words // 4)}]
    made = [
        {"cell_type": "code", "source": [cell], "metadata": {}, "outputs": outputs}
        for cell in cells
    ]
    return json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


def collected(folder, **files: bytes):
    """What is found of ash, who handed these in, beside somebody else."""
    (folder / "elm").mkdir()
    (folder / "elm" / "01_convolution_by_hand.ipynb").write_bytes(notebook(RIGHT))
    for name, raw in files.items():
        (folder / "ash").mkdir(exist_ok=True)
        (folder / "ash" / f"{name}.ipynb").write_bytes(raw)
    found = find(folder)
    return [one for one in found.submissions if one.student == "ash"], found.unread


def test_a_notebook_that_is_large_by_its_pictures_is_graded(tmp_path):
    raw = notebook(RIGHT, picture=LARGEST + 10**6)
    assert len(raw) > LARGEST
    ((one,), _) = collected(tmp_path, first=raw)
    assert (one.problem, one.lesson, one.cells) == ("", 1, (RIGHT,))


def test_a_notebook_that_is_too_large_costs_itself_and_says_what_to_do(tmp_path):
    words = notebook(RIGHT, words=LARGEST)
    found, unread = collected(tmp_path, first=notebook(RIGHT), big=words)
    assert [one.cells for one in found] == [(RIGHT,)]
    (why,) = [one.why for one in unread if one.path == "ash/big.ipynb"]
    assert f"has {len(words) // 10**6 + 1} MB" in why
    assert "Clear its outputs, save it and hand it in again." in why


def test_what_is_not_even_read_costs_no_notebook_beside_it(tmp_path):
    (tmp_path / "ash").mkdir()
    for name in ("one", "two"):  # holes, which take no room on the disk
        with (tmp_path / "ash" / f"{name}.ipynb").open("wb") as file:
            file.truncate(LARGEST_WITH_PICTURES + 1)
    assert 2 * LARGEST_WITH_PICTURES > reading.MOST_BYTES
    ((one,), _) = collected(tmp_path, first=notebook(RIGHT))
    assert one.cells == (RIGHT,) and one.problem == ""


@pytest.mark.seconds
@pytest.mark.skipif(sys.platform != "linux", reason="needs bubblewrap")
def test_too_much_code_costs_the_longest_cells_and_no_answer():
    grader.close()
    long = "x = [" + "0, " * (MOST_CODE // 3) + "]"
    graded = grade(Submission("ash", 1, (long, RIGHT, "y = 1")), Terms(577))
    assert graded.status == "graded" and graded.total == EXERCISES["convolve_pixel"].points
    assert graded.notes[0].startswith(f"Code cell 1 was left out: it has {len(long):,} characters")
    grader.close()


def test_of_many_cells_that_are_left_out_few_are_named():
    one = Submission("ash", 1, ("#" * MOST_CODE,) * 10)
    shorter, notes = without_longest_cells(one)
    assert sum(map(len, shorter.cells)) == MOST_CODE and len(shorter.cells) == 10
    assert len(notes) == MOST_NOTES + 1 and notes[-1] == f"So were {9 - MOST_NOTES} more."
