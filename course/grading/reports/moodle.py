"""Grades for Moodle: its grading worksheet filled in, and a zip of the students' pages."""

import csv
import io
import zipfile
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from course.grading.platforms import MOODLE
from course.grading.reports.gradebook import Gradebook
from course.grading.reports.students import Points, Student, in_figures
from course.grading.reports.tables import literal, table
from course.grading.roster import PARTICIPANT
from course.grading.sheets import heading, read_number

GRADE = {"grade", "bewertung", "note", "calificacion", "valutazione", "cijfer", "nota"}
MAXIMUM = {
    "maximum grade",
    "hochste bewertung",
    "bestwertung",
    "note maximale",
    "calificacion maxima",
}
COMMENTS = {"feedback comments", "feedback als kommentar", "comentarios de retroalimentacion"}
HEADER = (
    "Identifier",
    "Full name",
    "ID number",
    "Email address",
    "Status",
    "Grade",
    "Maximum Grade",
    "Grade can be changed",
    "Last modified (submission)",
    "Last modified (grade)",
    "Feedback comments",
)
EARLIEST = (1980, 1, 1, 0, 0, 0)  # that a zip can say: the same pages make the same bytes


class Participant(NamedTuple):
    """A student as Moodle names the hand-in: a folder, or what a file's name begins with."""

    id: str
    prefix: str


def participant(student: Student) -> Participant | None:
    """How Moodle names what a student handed in; None where it does not come from there."""
    paths = [one.path for one in student.unread]
    for lesson in student.lessons:
        paths += [lesson.graded.path, *(other.path for other in lesson.others)]
    for path in paths:
        for name in path.split("/"):
            found = MOODLE.fullmatch(name)
            if found and found["kind"] == "file":
                folder = "" if found["file"] else "/"
                return Participant(found["id"], found["whose"] + folder)
    return None


def worksheet(book: Gradebook) -> tuple[str, list[str]]:
    """Write the table that Moodle takes back, under "Upload grading worksheet".

    Where the list of the class is Moodle's own worksheet, it is filled in: its columns are named in
    the teacher's language, and Moodle wants them so. Who has nothing graded keeps the grade that
    is there.

    Returns
    -------
    str, list of str
        And what the teacher should know.
    """
    filled = filled_in(book)
    if filled:
        return filled
    rows: list[list[str | Points]] = []
    left = []
    for student in book.students:
        named, person = participant(student), student.person
        if named is None and not (person.id or person.email):
            left.append(student.name)
            continue
        if not counts(student, book):
            continue
        total, most = student.part(book.asked)
        late = " - Late" if any(lesson.late.days for lesson in student.lessons) else ""
        rows.append(
            [
                f"Participant {named.id}" if named else "",
                literal(student.name),
                "" if named and person.id == named.id else person.id,
                person.email,
                f"Submitted for grading{late}",
                total,
                most,
                *("Yes", "-", "-"),
                comments(student),
            ]
        )
    told = [
        (
            "moodle.csv has the column names of an English Moodle. With --roster and the grading "
            "worksheet that Moodle lets you download, that file is filled in."
        )
    ]
    if left:
        told.append(
            f"In moodle.csv, {len(left)} have nothing by which Moodle knows them: "
            f"{', '.join(left[:5])}."
        )
    return table([HEADER, *rows], csv.QUOTE_MINIMAL), told


def filled_in(book: Gradebook) -> tuple[str, list[str]] | None:
    """Fill in Moodle's own worksheet, if the list of the class is one."""
    if book.roster is None:
        return None
    columns, sheet = book.roster.columns, book.roster.sheet
    by_name = {heading(cell): index for index, cell in enumerate(columns.header)}
    grade, most, said = (
        next((by_name[name] for name in by_name if name in names), None)
        for names in (GRADE, MAXIMUM, COMMENTS)
    )
    numbered = [
        index
        for index in (*columns.of.get("identifier", ()), *columns.of.get("id", ()))
        if any(PARTICIPANT.fullmatch(row[index]) for _, row in sheet.rows if index < len(row))
    ]
    if grade is None or not numbered:
        return None
    of_line = {student.line: student for student in book.students if student.line}
    rows: list[list[str]] = []
    other: set[str] = set()
    for line, cells in sheet.rows:
        row = [*cells, *[""] * (len(columns.header) - len(cells))]
        student = of_line.get(line)
        if student and PARTICIPANT.fullmatch(row[numbered[0]]):
            total, asked = student.part(book.asked)
            if counts(student, book):
                row[grade] = str(total)
                if said is not None and not row[said]:
                    row[said] = comments(student)
            if most is not None and row[most] and read_number(row[most]) != asked:
                other.add(row[most])
        rows.append(row)
    told = [f"moodle.csv is {sheet.file.name}, with the grades filled in."]
    if other:
        told.append(
            f"In Moodle the assignment has a maximum of {', '.join(sorted(other))}, and here of "
            f"{book.students[0].part(book.asked)[1]}. Change it there before you upload moodle.csv: nothing is scaled."
        )
    return table(rows, csv.QUOTE_MINIMAL), told


def counts(student: Student, book: Gradebook) -> bool:
    """Whether there is anything to hand on: who has nothing graded keeps what is there."""
    return student.status_in(book.asked) == "graded" or bool(student.part(book.asked)[0])


def comments(student: Student) -> str:
    """What a student should know of the points, if it is more than the page says."""
    steps = [
        f"{step.said}: {in_figures(step.points):+}" for step in student.all_steps if step.points
    ]
    return literal(". ".join([*steps, *student.comments]))


def feedback(book: Gradebook, pages: Mapping[str, str]) -> bytes | None:
    """Pack the students' pages for "Upload multiple feedback files in a zip".

    Parameters
    ----------
    book : Gradebook
    pages : dict
        By the file name of each page.

    Returns
    -------
    bytes or None
        None if nobody's hand-in comes from Moodle.
    """
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, page in sorted(packed_pages(book, pages)):
            info = zipfile.ZipInfo(name, EARLIEST)
            info.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(info, page)
    return content.getvalue() if packed.namelist() else None


def packed_pages(book: Gradebook, pages: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Each page with its name in the zip, which begins as the hand-in's does."""
    for student in book.students:
        named = participant(student)
        if named and student.page in pages:
            yield f"{named.prefix}feedback.html", pages[student.page]
