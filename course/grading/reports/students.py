"""One student of the class: all that is reported, with every lesson in its place."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from course.checking.result import Result
from course.exercises import EXERCISES, Exercise
from course.grading.graded import Graded, Status, Submission, nothing
from course.grading.reports.files import page_name
from course.lessons import LESSONS


def lesson_title(number: int) -> str:
    """Name a lesson: ``1. Convolution by hand``."""
    return LESSONS[number].heading


def lesson_name(number: int) -> str:
    """Name a lesson as its notebook is named: ``01_convolution_by_hand``."""
    return LESSONS[number].stem


@dataclass(frozen=True)
class Student:
    """A student and the grades of every lesson that was graded, in the lessons' order."""

    name: str
    lessons: tuple[Graded, ...]

    @cached_property
    def page(self) -> str:
        """The file name of the student's page."""
        return page_name(self.name)

    @property
    def results(self) -> Iterator[Result]:
        """Every result, in the order in which the course asks."""
        return (result for graded in self.lessons for result in graded.results)

    @cached_property
    def total(self) -> int:
        return sum(graded.total for graded in self.lessons)

    @cached_property
    def max(self) -> int:
        return sum(graded.max for graded in self.lessons)

    @property
    def status(self) -> Status:
        """Unreadable if anything is; else graded if anything is."""
        found = {graded.status for graded in self.lessons}
        ranked: tuple[Status, ...] = ("unreadable", "graded")
        return next((status for status in ranked if status in found), "missing")

    def count(self, status: str) -> int:
        """How many exercises have this status."""
        return sum(result.status == status for result in self.results)

    @property
    def next(self) -> Exercise | None:
        """The first exercise that is not solved yet."""
        return next((EXERCISES[r.key] for r in self.results if r.status != "passed"), None)


def gather(graded: Sequence[Graded], lessons: Sequence[int]) -> list[Student]:
    """Bring together what belongs to one student; sorted by name, as people sort names.

    Who did not hand in one of these lessons misses it. Any other is only theirs who did.
    """
    found: dict[str, dict[int, Graded]] = {}
    for one in graded:
        found.setdefault(one.student, {})[one.lesson] = one
    return [
        Student(
            name,
            tuple(
                theirs.get(lesson) or absent(name, lesson) for lesson in sorted({*lessons, *theirs})
            ),
        )
        for name, theirs in sorted(found.items(), key=lambda item: (item[0].casefold(), item[0]))
    ]


def absent(student: str, lesson: int) -> Graded:
    """Grade a lesson that was not handed in."""
    return nothing(Submission(student, lesson), "missing", "This lesson was not handed in.")
