"""What goes into the grader and what comes out: one student's notebook of one lesson."""

import hashlib
import json
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal, NamedTuple

from course.checking.result import Result
from course.exercises import exercises_of
from course.grading.beliefs import believed

Status = Literal["graded", "unreadable", "missing"]


class Person(NamedTuple):
    """Who handed in, as far as the platform says it."""

    name: str
    id: str = ""
    email: str = ""
    section: str = ""


class Unread(NamedTuple):
    """Something that was found and is not graded.

    Attributes
    ----------
    student : str
        Whose it is; empty where it is nobody's.
    path : str
        Its path, below what the teacher gave.
    why : str
        A sentence.
    """

    student: str
    path: str
    why: str


@dataclass(frozen=True)
class Submission:
    """One student's notebook of one lesson, as it was handed in.

    Attributes
    ----------
    student : str
        A name that nobody else in the class has.
    lesson : int
    cells : tuple of str
        The sources of its code cells, in their order.
    problem : str
        Why it can't be read, in a sentence for the teacher; then there are no cells.
    path : str
        Its path, below what the teacher gave.
    late : bool
        The platform says that it is.
    handed_in : str
        When, as ISO 8601 writes it, if the platform says it.
    attempt : tuple of int
        Of one person, what was handed in later has the larger one.
    saved : tuple of int
        When the file was last written; the larger is the later.
    elsewhere : bool
        It is the notebook of another lesson, with answers to exercises of this one in it.
    notes : tuple of str
        What a teacher should know of it, a sentence each.
    passed : frozenset of str
        The exercises whose checks say in its saved output that they passed.
    """

    student: str
    lesson: int
    cells: tuple[str, ...] = ()
    problem: str = ""
    path: str = ""
    late: bool = False
    handed_in: str = ""
    attempt: tuple[int, ...] = ()
    saved: tuple[int, ...] = ()
    elsewhere: bool = False
    notes: tuple[str, ...] = ()
    passed: frozenset[str] = frozenset()

    @cached_property
    def digest(self) -> str:
        """Hash of all that the grade depends on: the same work is not graded twice."""
        text = json.dumps([self.lesson, self.problem, *self.cells])  # tells where a cell ends
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class HandedIn:
    """All that a class handed in.

    Attributes
    ----------
    submissions : tuple of Submission
        By student and lesson. There may be several for one lesson, from which one is chosen when
        all are graded, and one with a problem.
    people : dict
        Each `Person` by `Submission.student`, also those of whom nothing could be read.
    unread : tuple of Unread
        All that was found and is not graded.
    lessons : tuple of int
        Those of the assignment, which everybody was to hand in. A lesson that few handed in, by
        mistake or ahead of the others, has submissions, too.
    """

    submissions: tuple[Submission, ...]
    people: dict[str, Person]
    unread: tuple[Unread, ...]
    lessons: tuple[int, ...]


@dataclass(frozen=True)
class Graded:
    """The grades of one student's notebook of one lesson.

    Attributes
    ----------
    student : str
    lesson : int
    results : tuple of Result
        One for each exercise of the lesson, in the lesson's order.
    status : {"graded", "unreadable", "missing"}
    notes : tuple of str
        What happened to the notebook as a whole, a sentence each: the cell that had to be
        stopped, the file that is no notebook.
    seconds : float
        How long it ran.
    crowded : bool
        Whether it ran into a limit that others may have brought about: then it is graded again,
        alone.
    path, late, handed_in, attempt, saved, elsewhere
        As in its `Submission`.
    believed : tuple of (str, str)
        The key of each prediction that was answered in it, and the answer that stands there.
    """

    student: str
    lesson: int
    results: tuple[Result, ...]
    status: Status = "graded"
    notes: tuple[str, ...] = field(default=())
    seconds: float = 0.0
    crowded: bool = False
    path: str = ""
    late: bool = False
    handed_in: str = ""
    attempt: tuple[int, ...] = ()
    saved: tuple[int, ...] = ()
    elsewhere: bool = False
    believed: tuple[tuple[str, str], ...] = ()

    def of(self, submission: Submission) -> "Graded":
        """Say of which submission these grades are, and what is known of it besides."""
        return replace(
            self,
            student=submission.student,
            path=submission.path,
            late=submission.late,
            handed_in=submission.handed_in,
            attempt=submission.attempt,
            saved=submission.saved,
            elsewhere=submission.elsewhere,
            believed=believed(submission.lesson, submission.cells),
            notes=(*submission.notes, *self.notes),
        )

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
