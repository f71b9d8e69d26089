"""Grades for Canvas: its gradebook's CSV with the assignments' columns filled in."""

import csv
import re
from typing import NamedTuple

from course.exercises import points_of
from course.grading.reports.gradebook import Gradebook
from course.grading.reports.students import Points, Student
from course.grading.reports.tables import literal, table
from course.grading.sheets import heading
from course.lessons import LESSONS

WHO = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
IDENTITY = {*map(heading, WHO), "integration id", "root account"}
POSSIBLE = "    Points Possible"  # as Canvas writes it, spaces and all
NUMBER = re.compile(r"\s*\(\d+\)$")  # of an assignment: `Lesson 1 (5678)`


class Column(NamedTuple):
    """Where a lesson's points go.

    Attributes
    ----------
    title : str
    position : int or None
        In the gradebook that was given; None for an assignment that Canvas has to make.
    """

    title: str
    position: int | None


def gradebook(book: Gradebook) -> tuple[str, list[str]]:
    """Write the table that Canvas takes back, under "Import" in its gradebook.

    Canvas finds a student by the number, and an assignment by the name of its column. So with the
    gradebook's own export as the list of the class, its columns are filled in. Who handed in
    nothing keeps what is there.

    Returns
    -------
    str, list of str
        And what the teacher should know.
    """
    told: list[str] = []
    columns = book.roster.columns if book.roster else None
    header = columns.header if columns else ()
    own = [i for i, cell in enumerate(header) if heading(cell) in IDENTITY]
    known = {heading(header[i]) for i in own} >= {"student", "id"}
    lessons = book.asked
    assignments = [column_of(number, header if known else (), told) for number in lessons]
    who = [header[i] for i in own] if known else [*WHO]
    rows: list[list[str | Points]] = [[*who, *(column.title for column in assignments)]]
    sheet = dict(book.roster.sheet.rows) if book.roster and known else {}
    rows.append(possible(book, who, assignments, sheet, told))
    left = []
    for student in book.students:
        cells = sheet.get(student.line, ())
        if cells:
            named = [cells[i] if i < len(cells) else "" for i in own]
        elif known:  # who is not in the list is told where the list is
            continue
        elif student.handed and student.handed.id.isdecimal():
            named = [literal(student.name), student.handed.id, "", "", student.person.section]
        else:
            left.append(student.name)
            continue
        rows.append([*named, *points(student, lessons, assignments, cells)])
    if not known:
        told.append(
            "canvas.csv has no column of Canvas's own assignments: Canvas will make new ones. With "
            "--roster and the export of its gradebook, the columns there are filled in."
        )
    if left:
        told.append(
            f"In canvas.csv, {len(left)} have no number of Canvas's: {', '.join(left[:5])}."
        )
    if any(student.steps for student in book.students):
        told.append(
            "canvas.csv has points by lesson: what you said of somebody's total is not in it."
        )
    return table(rows, csv.QUOTE_MINIMAL), told


def column_of(number: int, header: tuple[str, ...], told: list[str]) -> Column:
    """Find the assignment of a lesson, by its name; of two that fit, neither."""
    lesson = LESSONS[number]
    names = [heading(name) for name in (lesson.title, lesson.name, f"lesson {number}")]
    fitting = [
        index
        for index, cell in enumerate(header)
        if any(f" {name} " in f" {heading(NUMBER.sub('', cell))} " for name in names)
    ]
    numbered = [index for index in fitting if NUMBER.search(header[index])]
    fitting = numbered or fitting
    if len(fitting) == 1:
        told.append(f"Lesson {number} is `{header[fitting[0]]}` in canvas.csv.")
        return Column(header[fitting[0]], fitting[0])
    if header:
        why = "several columns are" if fitting else "no column is"
        told.append(
            f"For lesson {number} canvas.csv has a new column, `{lesson.heading}`, because {why} called "
            "like the lesson. If it has an assignment, give that the lesson's name in Canvas and "
            "export again, or rename the column in canvas.csv."
        )
    return Column(lesson.heading, None)


def possible(
    book: Gradebook,
    who: list[str],
    assignments: list[Column],
    sheet: dict[int, tuple[str, ...]],
    told: list[str],
) -> list[str | Points]:
    """The row that says how many points there are, as it stands or as it has to be."""
    most: list[str | Points] = []
    there = next((row for row in sheet.values() if heading(row[0]) == heading(POSSIBLE)), ())
    for number, column in zip(book.asked, assignments, strict=True):
        ours = points_of(number)
        said = (
            there[column.position]
            if column.position is not None and column.position < len(there)
            else ""
        )
        if said and re.fullmatch(r"[\d.]+", said) and float(said) != ours:
            told.append(
                f"In Canvas `{column.title}` has {said} points, and here {ours}. Change it there: "
                "nothing is scaled."
            )
        most.append(said or ours)
    return [POSSIBLE, *[""] * (len(who) - 1), *most]


def points(
    student: Student, lessons: tuple[int, ...], assignments: list[Column], cells: tuple[str, ...]
) -> list[str | Points]:
    """A student's points, lesson by lesson."""
    found: list[str | Points] = []
    theirs = {lesson.number: lesson for lesson in student.lessons}
    for number, column in zip(lessons, assignments, strict=True):
        lesson = theirs.get(number)
        if lesson and (lesson.status == "graded" or lesson.total):
            found.append(lesson.total)
        else:
            index = column.position
            found.append(cells[index] if index is not None and index < len(cells) else "")
    return found
