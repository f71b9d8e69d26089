"""Grades as tables for spreadsheets and for programs that read them."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from course.checking.unseen import UNSEEN, escaped
from course.exercises import exercises_of
from course.grading.reports.gradebook import Gradebook
from course.grading.reports.students import Student, StudentLesson
from course.grading.sheets import read_sheet
from course.lessons import LESSONS

Value = str | int | float

# With these a spreadsheet begins a formula, the full-width ones in East Asian versions; and the
# apostrophe, so that the one that is put before a name can be told from one that was there.
FORMULA = re.compile(r"\s*[=+\-@＝＋－＠']")  # noqa: RUF001
# What a spreadsheet takes for a number or a date, and shows as another one: 007, a number of more
# than eleven digits, 12E5, 1-2, 3/4.
ANOTHER_NUMBER = re.compile(r"0\d+|\d{12,}|\d+[eE][+-]?\d+|\d+([-/.:])\d+(\1\d+)?")
BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"
"""By it Excel knows that a table is in UTF-8."""

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
    """Write a text so that no spreadsheet computes or changes it and no terminal obeys it.

    A name that would begin a formula, or a number that would lose its zeros, gets an apostrophe in
    front, as one types it into a spreadsheet; a program takes off one apostrophe at the beginning.
    Line breaks stay.
    """
    shown = UNSEEN.sub(escaped, name)
    changed = FORMULA.match(shown) or ANOTHER_NUMBER.fullmatch(shown.strip())
    return f"'{shown}" if changed else shown


def table(rows: Iterable[Sequence[Value]], quoting: int = csv.QUOTE_NONNUMERIC) -> str:
    """Write rows as CSV: text in quotes always, numbers never.

    Where lists are separated by semicolons, a spreadsheet would find cells in a name that isn't
    quoted.
    """
    text = io.StringIO()
    csv.writer(text, quoting=quoting, lineterminator="\n").writerows(rows)  # type: ignore[arg-type]
    return text.getvalue()


def grades(book: Gradebook) -> str:
    """Write `grades.csv`: a row for each student, a column for each lesson and each exercise."""
    columns = [name for number in book.lessons for name in (LESSONS[number].stem, *keys(number))]
    header = ["student", "id", "email", "section", *columns]
    header += ["total", "max", "status", "late", "notes"]
    return BOM + table([header, *(row(student, book.lessons) for student in book.students)])


def keys(lesson: int) -> list[str]:
    """The keys of a lesson's exercises."""
    return [exercise.key for exercise in exercises_of(lesson)]


def row(student: Student, lessons: Sequence[int]) -> list[Value]:
    """One student's points, each under its lesson and its exercise."""
    points: list[Value] = []
    theirs = {lesson.number: lesson for lesson in student.lessons}
    for number in lessons:
        if lesson := theirs.get(number):
            points += [lesson.total, *(lesson.points(result) for result in lesson.results)]
        else:  # a lesson that a few handed in is nobody else's
            points += [""] * (1 + len(keys(number)))
    who = [literal(student.name), *map(literal, student.person[1:])]
    end = [student.total, student.max, student.status, late(student)]
    return [*who, *points, *end, literal(" ".join(notes(student)))]


def late(student: Student) -> str:
    """How late a student's lessons were; empty if all were in time."""
    said = {lesson.number: told(lesson) for lesson in student.lessons if lesson.late.days}
    if len(student.lessons) == 1:
        return "".join(said.values())
    return ", ".join(f"lesson {number}: {how}" for number, how in said.items())


def told(lesson: StudentLesson) -> str:
    """How late a lesson was."""
    if lesson.late.guessed:
        return "late"
    return "1 day" if lesson.late.days == 1 else f"{lesson.late.days} days"


def notes(student: Student) -> list[str]:
    """What is noted of a student's lessons, and what the teacher says."""
    found: list[str] = []
    for lesson in student.lessons:
        if lesson.status != "missing":
            found += lesson.notes
        elif len(student.lessons) > 1:
            found.append(f"Lesson {lesson.number} was not handed in.")
        found += [change.comment for change in lesson.changes.values() if change.comment]
        found += [step.said for step in lesson.steps if step.teachers]
    found += [step.said for step in student.steps]
    return found + [f"{one.path}: {one.why}" for one in student.untold]


def nbgrader(book: Gradebook) -> str:
    """Write the columns of `nbgrader export`: a row for each lesson and student.

    Of names, what the list of the class says in parts is not known here, and stays empty. As
    there, who handed nothing in has no points.
    """
    rows = (
        export(student, lesson)
        for number in book.lessons
        for student in book.students
        for lesson in student.lessons
        if lesson.number == number
    )
    return table([NBGRADER, *rows])


def export(student: Student, lesson: StudentLesson) -> list[Value]:
    """One row for nbgrader. Its students have the names that their folders have.

    A number keeps its zeros: nbgrader's own tools read this, and to them '007 is somebody else.
    """
    name = student.key or student.person.id or student.name
    who = [
        name if name.isalnum() else literal(name),
        "",
        "",
        literal(student.person.email),
    ]
    stem, total = LESSONS[lesson.number].stem, float(lesson.total)
    penalty = round(max(0.0, lesson.earned - total), 2)
    return [
        stem,
        "",
        lesson.graded.handed_in,
        *who,
        total + penalty,
        penalty,
        total,
        float(lesson.max),
    ]


def totals(report: Path) -> list[dict[str, str]]:
    """Read the `grades.csv` of a report: of a second class, to be seen beside this one."""
    sheet = read_sheet(report / "grades.csv" if report.is_dir() else report)
    (_, header), *rows = sheet.rows
    return [dict(zip(header, cells, strict=False)) for _, cells in rows]
