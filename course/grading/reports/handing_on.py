"""Grades for another program, beside the report."""

import json
from collections.abc import Collection
from pathlib import Path

from course.grading.naming import listed
from course.grading.reports import NO_ROOM, canvas, moodle, tables
from course.grading.reports.files import PAGE, save
from course.grading.reports.gradebook import Gradebook
from course.grading.reports.platforms import classroom, gradescope
from course.grading.reports.students import Student
from course.trouble import Trouble

WRITTEN = {
    "moodle": ("moodle.csv", "moodle-feedback.zip"),
    "canvas": ("canvas.csv",),
    "nbgrader": ("nbgrader.csv",),
    "gradescope": ("results.json", "gradescope"),
    "classroom": ("classroom.env", "classroom"),
}
FILES = {"gradescope": "results.json", "classroom": "classroom.env"}


def write(program: str, book: Gradebook, report: Path) -> list[str]:
    """Write what a program takes into the report's folder.

    Parameters
    ----------
    program : str
        ``moodle``, ``canvas``, ``nbgrader``, ``gradescope`` or ``classroom``.
    book : Gradebook
    report : Path
        Where the pages are written already.

    Returns
    -------
    list of str
        What the teacher should know.

    Raises
    ------
    Trouble
        If a file can't be written.
    """
    try:
        if program in FILES:
            return for_each(program, book, report)
        if program == "nbgrader":
            save(report / "nbgrader.csv", tables.nbgrader(book))
            return []
        if program == "canvas":
            text, told = canvas.gradebook(book)
            save(report / "canvas.csv", text)
            return told
        text, told = moodle.worksheet(book)
        save(report / "moodle.csv", text)
        written = {s.page: (report / "students" / s.page).read_text("utf-8") for s in book.students}
        packed = moodle.feedback(book, written)
        left = [s.name for s in book.students if s.handed and moodle.participant(s) is None]
        if packed is None:
            (report / "moodle-feedback.zip").unlink(missing_ok=True)  # of other hand-ins
            return [
                *told,
                "No hand-in has one of Moodle's names, so there is no zip of feedback files.",
            ]
        save(report / "moodle-feedback.zip", packed)
        if left:
            told.append(
                f"In moodle-feedback.zip there is no page for {listed(left)}: no file of theirs has "
                "one of Moodle's names."
            )
        return told
    except OSError as error:
        raise Trouble(NO_ROOM.format(report, error.strerror or error)) from error


def of_earlier_runs(programs: Collection[str], report: Path) -> list[str]:
    """Say which files for other programs are there, and were not written for this one."""
    told = []
    for other, files in WRITTEN.items():
        there = [file for file in files if other not in programs and (report / file).exists()]
        if there:
            told.append(
                f"{' and '.join(there)} in {report}: from an earlier run, so perhaps with other "
                f"grades. With --format {other} this is written anew."
            )
    return told


def for_each(program: str, book: Gradebook, report: Path) -> list[str]:
    """Write a file for each student, in a folder named like the page; of one student, the file."""
    file = FILES[program]
    students = [student for student in book.students if student.handed]
    for student in students:
        place = report / program / Path(student.page).stem if len(students) > 1 else report
        place.mkdir(parents=True, exist_ok=True)
        save(place / file, content(program, student))
    if len(students) > 1:
        (report / file).unlink(missing_ok=True)  # of a run with one student
    kept = {Path(student.page).stem for student in students}
    for old in report.glob(f"{program}/*/{file}"):  # of students who are gone
        if PAGE.fullmatch(old.parent.name) and (len(students) == 1 or old.parent.name not in kept):
            old.unlink()
    steps = program == "classroom" and [s.name for s in students if s.all_steps]
    if steps:
        who = ", ".join(steps[:5])
        return [f"GitHub Classroom adds up exercises: your word on a total is not there ({who})."]
    return []


def content(program: str, student: Student) -> str:
    """What a program reads of one student."""
    if program == "gradescope":
        return json.dumps(gradescope(student), indent=1)
    return "".join(f"{name}={value}\n" for name, value in classroom(student).items())
