"""One student of the class: all that is reported, with every lesson in its place."""

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from course.checking.result import Result
from course.exercises import EXERCISES, Exercise
from course.grading.graded import Graded, Person, Status, Unread
from course.grading.late import Late
from course.grading.reports.files import page_name

Points = int | float
IN_TIME = Late()


def in_figures(points: float) -> Points:
    """Points as they are written: whole where they are whole, else two places at most."""
    rounded = round(points, 2)
    return int(rounded) if rounded == int(rounded) else rounded


class Change(NamedTuple):
    """What the teacher says of an exercise: its points, if they are others, and a comment."""

    points: float | None
    comment: str = ""


class Step(NamedTuple):
    """One step from what was earned to what counts.

    Attributes
    ----------
    said : str
        What it is, for the student.
    points : float
        More or less.
    teachers : bool
        It is the teacher's own word.
    """

    said: str
    points: float
    teachers: bool = False


@dataclass(frozen=True)
class StudentLesson:
    """What a student has in one lesson.

    Attributes
    ----------
    graded : Graded
        What the grader says of the notebook that counts.
    others : tuple of Graded
        Of what else was handed in for it.
    changes : dict
        The teacher's, by exercise.
    steps : tuple of Step
        From the sum of the exercises to what counts.
    late : Late
    cells : dict
        The code cells of a notebook, by its place.
    passed : frozenset of str
        The exercises whose checks say in the notebook's saved output that they passed.
    """

    graded: Graded
    others: tuple[Graded, ...] = ()
    changes: Mapping[str, Change] = field(default_factory=dict)
    steps: tuple[Step, ...] = ()
    late: Late = IN_TIME
    cells: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    passed: frozenset[str] = frozenset()

    @property
    def number(self) -> int:
        return self.graded.lesson

    @property
    def status(self) -> Status:
        return self.graded.status

    @property
    def notes(self) -> tuple[str, ...]:
        return self.graded.notes

    @property
    def results(self) -> tuple[Result, ...]:
        return self.graded.results

    def points(self, result: Result) -> Points:
        """What an exercise has: what the teacher says, or else what was earned."""
        change = self.changes.get(result.key)
        return in_figures(
            result.points if change is None or change.points is None else change.points
        )

    @cached_property
    def earned(self) -> Points:
        """The sum of the exercises."""
        return in_figures(sum(self.points(result) for result in self.results))

    @cached_property
    def total(self) -> Points:
        """What counts: never less than nothing."""
        return in_figures(max(0.0, self.earned + sum(step.points for step in self.steps)))

    @property
    def max(self) -> int:
        return self.graded.max


@dataclass(frozen=True)
class Student:
    """A student and the grades of every lesson that was graded, in the lessons' order.

    Attributes
    ----------
    name : str
        Nobody else in the class has it.
    lessons : tuple of StudentLesson
    person : Person
        As the list of the class has it, or else the hand-in.
    handed : Person or None
        As the hand-in has it; None for somebody who handed in nothing.
    key : str
        What the hand-in calls them.
    line : int
        Where they stand in the list of the class, if they do.
    unread : tuple of Unread
        What they handed in and is not graded.
    steps : tuple of Step
        From the sum of the lessons to what counts: the teacher's.
    """

    name: str
    lessons: tuple[StudentLesson, ...]
    person: Person
    handed: Person | None = None
    key: str = ""
    line: int = 0
    unread: tuple[Unread, ...] = ()
    steps: tuple[Step, ...] = ()

    @cached_property
    def page(self) -> str:
        """The file name of the student's page: the same whether there is a list or not."""
        return page_name(self.key or self.name)

    @cached_property
    def untold(self) -> list[Unread]:
        """Of what is not graded, all that is not the reason why a lesson could not be read."""
        said = {note for lesson in self.lessons for note in lesson.notes}
        return [
            one
            for one in self.unread
            if f"{one.path.rpartition('/')[2]} {one.why.removeprefix('It ')}" not in said
        ]

    @property
    def results(self) -> Iterator[Result]:
        """Every result, in the order in which the course asks."""
        return (result for lesson in self.lessons for result in lesson.results)

    @property
    def all_steps(self) -> tuple[Step, ...]:
        """Every step from what was earned to what counts."""
        return (*(step for lesson in self.lessons for step in lesson.steps), *self.steps)

    @property
    def comments(self) -> list[str]:
        """What the teacher says of exercises."""
        changes = (change for lesson in self.lessons for change in lesson.changes.values())
        return [change.comment for change in changes if change.comment]

    @property
    def earned(self) -> Points:
        """The sum of the lessons."""
        return in_figures(sum(lesson.total for lesson in self.lessons))

    @cached_property
    def total(self) -> Points:
        """What counts: never less than nothing."""
        return in_figures(max(0.0, self.earned + sum(step.points for step in self.steps)))

    @cached_property
    def max(self) -> int:
        return sum(lesson.max for lesson in self.lessons)

    def part(self, lessons: Container[int]) -> tuple[Points, int]:
        """What counts of these lessons alone, and what there is in them."""
        these = [lesson for lesson in self.lessons if lesson.number in lessons]
        points = sum(lesson.total for lesson in these) + sum(step.points for step in self.steps)
        return in_figures(max(0.0, points)), sum(lesson.max for lesson in these)

    @property
    def status(self) -> Status:
        """Graded if anything is, unless something is unreadable; missing if nothing came."""
        return self.status_in([lesson.number for lesson in self.lessons])

    def status_in(self, lessons: Container[int]) -> Status:
        """The same of these lessons alone."""
        found = {lesson.status for lesson in self.lessons if lesson.number in lessons}
        ranked: tuple[Status, ...] = ("unreadable", "graded")
        return next((status for status in ranked if status in found), "missing")

    def count(self, status: str) -> int:
        """How many exercises have this status."""
        return sum(result.status == status for result in self.results)

    @property
    def next(self) -> Exercise | None:
        """The first exercise that is not solved yet."""
        return next((EXERCISES[r.key] for r in self.results if r.status != "passed"), None)
