"""What a class's grades look like: for the teacher, for each student, for other programs.

`write` makes the report folder: `grades.csv`, `index.html` for the teacher and a page for each
student. `write_for` says the same in the words of another program.
"""

from collections.abc import Sequence
from pathlib import Path

from course.grading import adjusting
from course.grading.reports.files import clear, save
from course.grading.reports.gradebook import Gradebook
from course.grading.reports.pages import class_page, student_page
from course.grading.reports.run import Run
from course.grading.reports.summary import Group, group, other_class, sections
from course.grading.reports.tables import grades, totals
from course.trouble import Trouble

__all__ = ["other_classes", "side_by_side", "write"]

NO_ROOM = (
    "The report can't be written in {} ({}). No grade is lost: make room there or name another "
    "folder, and grade again."
)


def write(book: Gradebook, folder: Path, run: Run = Run(), groups: Sequence[Group] = ()) -> None:  # noqa: B008
    """Write the report of a class.

    A file is replaced as a whole, and only when it changes: whoever has a page open, or copies
    the folder meanwhile, sees the old page or the new one. A page of a student who is gone is
    removed.

    Parameters
    ----------
    book : Gradebook
    folder : Path
        Made if it isn't there.
    run : Run
        What the pages say of how they were made.
    groups : sequence of Group
        What the teacher sees side by side.

    Raises
    ------
    Trouble
        If a file can't be written. What was there before is still whole.
    """
    pages = folder / "students"
    try:
        pages.mkdir(parents=True, exist_ok=True)
        for student in book.students:
            save(pages / student.page, student_page(student, run))
        save(folder / "grades.csv", grades(book))
        save(folder / "index.html", class_page(book, run, groups))
        adjusting.template(folder)
        clear(pages, {student.page for student in book.students})
    except OSError as error:
        raise Trouble(NO_ROOM.format(folder, error.strerror or error)) from error


def other_classes(beside: Sequence[Path]) -> list[Group]:
    """Sum up other classes by their reports.

    Raises
    ------
    Trouble
        If one of these is no report.
    """
    others = []
    for report in beside:
        try:
            others.append(other_class(report.name, totals(report)))
        except (KeyError, ValueError) as error:
            raise Trouble(
                f"{report} is no report of `course grade`: its grades.csv has no {error}. --beside "
                "wants the folder that --out named."
            ) from None
    return others


def side_by_side(book: Gradebook, others: Sequence[Group]) -> list[Group]:
    """Put the sections of a class and other classes beside each other; nothing if there are none."""
    parts = sections(book.students)
    if others and book.students:
        parts = [group("this class", book.students), *parts]
    return [*parts, *others]
