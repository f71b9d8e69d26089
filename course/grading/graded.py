"""What goes into the grader and what comes out: one student's notebook of one lesson."""

import hashlib
import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from course.checking.result import Result
from course.exercises import exercises_of

Status = Literal["graded", "unreadable", "missing", "aside"]


@dataclass(frozen=True)
class Submission:
    """One student's notebook of one lesson, as it was handed in.

    Attributes
    ----------
    student : str
        The name of the folder or file, whatever characters are in it.
    lesson : int
    cells : tuple of str
        The sources of its code cells, in their order.
    problem : str
        Why it can't be read, in a sentence for the teacher; then there are no cells.
    aside : bool
        It is no student's work but one more file of somebody's, with the reason as its problem.
    """

    student: str
    lesson: int
    cells: tuple[str, ...] = ()
    problem: str = ""
    aside: bool = False

    @cached_property
    def digest(self) -> str:
        """Hash of all that the grade depends on: the same work is not graded twice."""
        text = json.dumps(
            [self.lesson, self.problem, self.aside, *self.cells]
        )  # tells where a cell ends
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Graded:
    """The grades of one student's notebook of one lesson.

    Attributes
    ----------
    student : str
    lesson : int
    results : tuple of Result
        One for each exercise of the lesson, in the lesson's order.
    status : {"graded", "unreadable", "missing", "aside"}
    notes : tuple of str
        What happened to the notebook as a whole, a sentence each: the cell that had to be
        stopped, the file that is no notebook.
    seconds : float
        How long it ran.
    """

    student: str
    lesson: int
    results: tuple[Result, ...]
    status: Status = "graded"
    notes: tuple[str, ...] = field(default=())
    seconds: float = 0.0

    @property
    def total(self) -> int:
        return sum(result.points for result in self.results)

    @property
    def max(self) -> int:
        return sum(result.max_points for result in self.results)


def nothing(submission: Submission, status: Status, why: str) -> Graded:
    """Give no points to work that isn't there or can't be read, and say why."""
    results = tuple(
        Result(e.key, "not_attempted", None, why, 0, e.points)
        for e in exercises_of(submission.lesson)
    )
    return Graded(submission.student, submission.lesson, results, status, (why,))
