"""Grading one notebook: what happens when all of it, and not one answer, is the matter."""

import shutil
import sys

import numpy as np
import pytest

from course.exercises import EXERCISES
from course.grading import grader
from course.grading.cage import cage as cages
from course.grading.cage.cage import Cage, Limits
from course.grading.cage.staging import stage
from course.grading.graded import Submission
from course.grading.grader import Terms, grade
from course.grading.running import MOST_RUNS, NotebookRun
from course.trouble import Trouble

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs bubblewrap")
WORTH = EXERCISES["convolve_pixel"].points
RIGHT = "def convolve_pixel(window, kernel):\n    return float((window * kernel).sum())"


@pytest.fixture(autouse=True)
def no_cage_before_or_after():
    grader.close()
    yield
    grader.close()


@pytest.mark.seconds
def test_walls_that_cannot_be_made_stop_the_run_before_anybody_has_nothing(monkeypatch):
    def without_namespaces(lesson, folder):
        stage(lesson, folder)
        file = folder / "course" / "grading" / "cage" / "walls.py"
        head = "def alone() -> None:\n"
        text = file.read_text()
        assert head in text
        file.write_text(text.replace(head, f"{head}    raise OSError('no namespaces here')\n"))
        shutil.rmtree(file.parent / "__pycache__")

    monkeypatch.setattr(cages, "stage", without_namespaces)
    with pytest.raises(Trouble, match=r"(?s)no namespaces here.*What was graded before is kept"):
        grade(Submission("ash", 1, (RIGHT,)), Terms(577))


@pytest.mark.seconds
def test_what_takes_long_to_import_and_does_not_work_stops_the_run_at_whoever_needs_it(monkeypatch):
    monkeypatch.setattr(cages, "imported_by", lambda lesson: ["from scipy import notthere"])
    assert grade(Submission("ash", 1, (RIGHT,)), Terms(577)).total == WORTH
    with pytest.raises(Trouble, match=r"graded here.*own `from scipy import notthere`"):
        grade(Submission("birch", 1, ("import scipy", RIGHT)), Terms(577))


@pytest.mark.seconds
def test_a_notebook_that_ends_python_without_end_says_where_its_points_are():
    ends = tuple(f"import os\nos._exit({number})" for number in range(MOST_RUNS))
    graded = grade(Submission("ash", 1, (*ends, RIGHT)), Terms(577))
    assert f"It was run {MOST_RUNS} times, and never to its end." in graded.notes
    graded = grade(Submission("ash", 1, (*ends[1:], RIGHT)), Terms(577))
    assert graded.total == WORTH
    assert graded.notes[0].startswith("Code cell 1, line 2 was left out.")


@pytest.mark.seconds
def test_no_seed_goes_in_and_each_look_has_cases_of_its_own(monkeypatch):
    jobs, looks = [], []
    run, look = Cage.run, NotebookRun.look
    monkeypatch.setattr(Cage, "run", lambda self, job, *a: jobs.append(job) or run(self, job, *a))

    def kept(self, event):
        reply = look(self, event)
        looks.append((event["key"], reply["request"].calls))
        return reply

    monkeypatch.setattr(NotebookRun, "look", kept)
    again = "convolve_pixel = lambda *given: 0.0\ncheck.convolve_pixel(convolve_pixel)"
    own = "from course import check\ncheck.convolve_pixel(convolve_pixel)"
    grade(Submission("ash", 1, (RIGHT, own, again)), Terms(577_577))
    assert "577577" not in str(jobs[-1]) and "seed" not in str(jobs[-1])
    first, second = (calls for key, calls in looks if key == "convolve_pixel")
    public = len(EXERCISES["convolve_pixel"].examples)
    pairs = list(zip(first[public:], second[public:], strict=True))
    assert pairs
    assert not any(np.array_equal(one.args[0], two.args[0]) for one, two in pairs)


@pytest.mark.seconds
def test_a_notebook_has_as_long_as_thirty_of_its_cells():
    cells = ("import time\ntime.sleep(60)",) * 60
    graded = grade(Submission("ash", 1, cells), Terms(577, Limits(seconds=0.05)))
    said = "It was stopped: in all it may compute for 1.5 seconds, or take 3 by the clock."
    assert graded.notes[-1] == said


@pytest.mark.seconds
def test_an_answer_that_calls_one_that_is_not_written_is_told_so_by_the_grader_too():
    stub = "def pool_output_size(size, pool_size=2, strides=None):\n    raise NotImplementedError()"
    calls = (
        "def kept_fraction(size, pool_size=2):\n"
        "    return (pool_output_size(size, pool_size) / size) ** 2"
    )
    graded = grade(Submission("ash", 3, (stub, "pool_output_size(26)", calls)), Terms(577))
    by_key = {result.key: result for result in graded.results}
    assert by_key["pool_output_size"].status == "not_attempted"
    assert by_key["kept_fraction"].status == "failed"
    assert "Your answer calls `pool_output_size`" in by_key["kept_fraction"].message
    assert graded.notes == ()
