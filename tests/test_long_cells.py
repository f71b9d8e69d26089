"""Cells of half a million characters: what reads them goes through each once."""

import sys

import pytest

from course.checking.looking import Raised
from course.grading import grader
from course.grading.accidents import of_answer
from course.grading.graded import Submission
from course.grading.grader import MOST_CODE, Terms, grade
from course.grading.reports.code import answers, parsed_cell
from course.grading.running import Accident

KEY = "convolve_pixel"
EMPTY = "\n" * (MOST_CODE - 1000)
# A pattern that tried each line anew would take hours for each of these.
FAILING = f"{EMPTY}def {KEY}(window, kernel):\n    return window[0\n"


def accident(line: int) -> Accident:
    return Accident(0, line, Raised("raised", "SyntaxError", "x", "x"))


def test_half_a_million_empty_lines_before_an_answer_that_fails_take_no_hours():
    assert parsed_cell(FAILING) is None
    assert answers((FAILING,), 1) == {KEY: FAILING}
    inside, outside = accident(len(EMPTY) + 2), accident(5)
    assert list(of_answer([inside, outside], (FAILING,), KEY)) == [inside]


def test_an_answer_that_is_begun_fifty_thousand_times_takes_no_hours():
    times = 50_000
    ones = [accident(line) for line in range(1, times + 1)]
    assert list(of_answer(ones, (f"{KEY} = 1\n" * times,), KEY)) == ones


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="bubblewrap needs Linux")
def test_half_a_million_empty_lines_are_graded_and_told():
    try:
        graded = grade(Submission("ash", 1, (f"{EMPTY}{KEY} = 1 / 0",)), Terms(577))
    finally:
        grader.close()
    (result,) = (one for one in graded.results if one.key == KEY)
    assert "ZeroDivisionError" in result.message
    assert graded.notes[0].startswith(f"Code cell 1, line {len(EMPTY) + 1} stopped.")
