"""What a class did, counted: totals, exercises, mistakes."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from statistics import fmean, median
from typing import NamedTuple

from course.checking.result import Result
from course.exercises import EXERCISES, Exercise
from course.grading.graded import exercises_of
from course.grading.reports.mistake_names import name_mistake
from course.grading.reports.students import Student
from course.predictions import PREDICTIONS, Prediction

MOST_BARS = 21  # as many labels as can be read under one chart


class Made(NamedTuple):
    """A mistake and who made it."""

    key: str
    name: str
    meaning: str
    students: list[Student]


class Asked(NamedTuple):
    """An exercise and what became of it."""

    exercise: Exercise
    passed: int
    failed: int
    not_attempted: int
    mistakes: list[Made]


class Bar(NamedTuple):
    """How many students have a total from `first` to `last`."""

    first: int
    last: int
    students: int

    @property
    def points(self) -> str:
        return f"{self.first}" if self.first == self.last else f"{self.first} to {self.last}"


def exercises(students: Sequence[Student], lessons: Sequence[int]) -> Iterator[Asked]:
    """Count each exercise; the mistakes that most students made come first."""
    asked = [exercise for lesson in lessons for exercise in exercises_of(lesson)]
    answers: dict[str, list[tuple[Student, Result]]] = {exercise.key: [] for exercise in asked}
    for student in students:
        for result in student.results:
            answers[result.key].append((student, result))
    for exercise in asked:
        given = answers[exercise.key]
        statuses = Counter(result.status for _, result in given)
        made: dict[str | None, list[Student]] = {}
        for student, result in given:
            if result.status == "failed":
                made.setdefault(result.mistake, []).append(student)
        yield Asked(
            exercise,
            statuses["passed"],
            statuses["failed"],
            statuses["not_attempted"],
            ranked(
                Made(exercise.key, *name_mistake(exercise.key, m), who) for m, who in made.items()
            ),
        )


class Believed(NamedTuple):
    """A prediction and what the class answered: how many were right, and what the others thought."""

    prediction: Prediction
    right: int
    others: list[tuple[str, str, int]]
    """Answer, the misconception behind it, how many; the most frequent first."""

    @property
    def answered(self) -> int:
        """How many answered at all."""
        return self.right + sum(count for _, _, count in self.others)


def beliefs(students: Sequence[Student], lessons: Sequence[int]) -> list[Believed]:
    """Count the answers to each prediction that anybody answered, in the order of the lessons."""
    given: dict[str, Counter[str]] = {}
    for student in students:
        for lesson in student.lessons:
            for key, answer in lesson.graded.believed:
                given.setdefault(key, Counter())[answer] += 1
    found = []
    for key, prediction in PREDICTIONS.items():
        if key in given and prediction.lesson in lessons:
            shows = {answer: prediction.understood(answer).shows for answer in given[key]}
            others = [(one, shows[one], n) for one, n in given[key].most_common() if shows[one]]
            right = given[key].total() - sum(count for _, _, count in others)
            found.append(Believed(prediction, right, others))
    return found


def ranked(mistakes: Iterable[Made]) -> list[Made]:
    """Sort mistakes by how many students made them, then by name."""
    return sorted(mistakes, key=lambda made: (-len(made.students), made.name))


def totals(students: Sequence[Student]) -> list[Bar]:
    """Count the totals in bars of equal width, from 0 to all points.

    What a teacher gives beyond all points is in the last bar.
    """
    most = max(student.max for student in students)
    width = next(w for w in (1, 2, 5, 10) if most // w < MOST_BARS)
    bars = []
    for first in range(0, most + 1, width):
        last = min(first + width - 1, most)
        end = first + width if last < most else float("inf")
        bars.append(Bar(first, last, sum(first <= s.total < end for s in students)))
    return bars


class Group(NamedTuple):
    """A part of the class, or another class, as it is seen beside others.

    Attributes
    ----------
    name : str
    students, handed_in : int
    median, mean : float
        Of the points of all its students.
    shares : dict
        Of the points of each exercise, the part that was given on average, from 0 to 1.
    """

    name: str
    students: int
    handed_in: int
    median: float
    mean: float
    shares: Mapping[str, float]


def group(name: str, students: Sequence[Student]) -> Group:
    """Sum up some students."""
    points: dict[str, list[float]] = {}
    for student in students:
        for lesson in student.lessons:
            for result in lesson.results:
                points.setdefault(result.key, []).append(lesson.points(result) / result.max_points)
    totals = [student.total for student in students]
    came = sum(student.status != "missing" for student in students)
    shares = {key: fmean(found) for key, found in points.items()}
    return Group(name, len(students), came, median(totals), fmean(totals), shares)


def other_class(name: str, rows: Sequence[Mapping[str, str]]) -> Group:
    """Sum up another class by its `grades.csv`.

    Raises
    ------
    ValueError, KeyError
        If it is no such table.
    """
    totals = [float(row["total"]) for row in rows]
    came = sum(row["status"] != "missing" for row in rows)
    shares = {
        key: fmean(float(row[key]) / exercise.points for row in rows)
        for key, exercise in EXERCISES.items()
        if rows and key in rows[0]
    }
    return Group(name, len(rows), came, median(totals or [0]), fmean(totals or [0]), shares)


def sections(students: Sequence[Student]) -> list[Group]:
    """Sum up each section, if there are several."""
    parts: dict[str, list[Student]] = {}
    for student in students:
        parts.setdefault(student.person.section, []).append(student)
    if len(parts) < 2:
        return []
    return [group(name or "no section", parts[name]) for name in sorted(parts)]
