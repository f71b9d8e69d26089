"""Grades as tables for spreadsheets and for programs that read them."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

from course.grading.graded import Graded, exercises_of
from course.grading.reports.readable import UNSEEN, escaped
from course.grading.reports.students import Student, gather, lesson_name

Cell = str | int | float

# With these a spreadsheet begins a formula, the full-width ones in East Asian versions; and the
# apostrophe, so that the one that is put before a name can be told from one that was there.
FORMULA = re.compile(r"\s*[=+\-@＝＋－＠']")  # noqa: RUF001

NBGRADER = (
    "assignment",
    "duedate",
    "timestamp",
    "student_id",
    "last_name",
    "first_name",
    "email",
    "raw_score",
    "late_submission_penalty",
    "score",
    "max_score",
)


def literal(name: str) -> str:
    """Write a name so that no spreadsheet computes it and no terminal obeys it.

    A name that would begin a formula gets an apostrophe in front, as one types it into a
    spreadsheet; a program takes off one apostrophe at the beginning. Line breaks stay.
    """
    shown = UNSEEN.sub(escaped, name)
    return f"'{shown}" if FORMULA.match(shown) else shown


def table(rows: Iterable[Sequence[Cell]]) -> str:
    """Write rows as CSV: text in quotes always, numbers never.

    Where lists are separated by semicolons, a spreadsheet would find cells in a name that isn't
    quoted.
    """
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n").writerows(rows)
    return text.getvalue()


def grades(students: Sequence[Student], lessons: Sequence[int]) -> str:
    """Write `grades.csv`: a row for each student, a column for each exercise."""
    keys = [exercise.key for lesson in lessons for exercise in exercises_of(lesson)]
    rows = (row(student, keys) for student in students)
    return table([["student", *keys, "total", "max", "status"], *rows])


def row(student: Student, keys: Sequence[str]) -> list[Cell]:
    """One student's points, each under its exercise."""
    points = {result.key: result.points for result in student.results}
    total = [student.total, student.max, student.status]
    return [literal(student.name), *(points.get(key, "") for key in keys), *total]


def nbgrader(graded: Sequence[Graded]) -> str:
    """Write the columns of `nbgrader export`: a row for each lesson and student.

    What only nbgrader's gradebook knows, names and dates, stays empty. As there, who handed
    nothing in has no points.
    """
    lessons = sorted({one.lesson for one in graded})
    students = gather(graded, lessons)
    return table([NBGRADER, *(export(s, index) for index in range(len(lessons)) for s in students)])


def export(student: Student, index: int) -> list[Cell]:
    """One row for nbgrader: a student's lesson by its place among the lessons."""
    lesson = student.lessons[index]
    who = [literal(student.name), "", "", ""]
    total, most = float(lesson.total), float(lesson.max)
    return [lesson_name(lesson.lesson), "", "", *who, total, 0.0, total, most]
