"""The clock of the whole notebook: many cells that each keep their own limit end all the same."""

import sys

import pytest

from course.grading import grader
from course.grading.cage.cage import Limits
from course.grading.graded import Submission
from course.grading.grader import Terms, grade

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="bubblewrap needs Linux")


def test_a_notebook_has_as_long_as_thirty_of_its_cells():
    cells = ("import time\ntime.sleep(60)",) * 60
    graded = grade(Submission("ash", 1, cells), Terms(577, Limits(seconds=0.05)))
    grader.close()
    assert graded.notes == ("It was stopped after 1.5 seconds in all.",)
