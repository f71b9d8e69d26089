"""What a class's grades look like: for the teacher, for each student, for other programs.

`write` makes the report folder: `grades.csv`, `index.html` for the teacher and a page for each
student. `gradescope`, `classroom` and `nbgrader` say the same in the words of those programs.
"""

from collections.abc import Sequence
from pathlib import Path

from course.grading.graded import Graded
from course.grading.reports.files import save
from course.grading.reports.pages import class_page, student_page
from course.grading.reports.platforms import classroom, gradescope
from course.grading.reports.students import gather
from course.grading.reports.tables import grades, nbgrader
from course.work import Trouble

__all__ = ["classroom", "gradescope", "nbgrader", "write"]


def write(graded: Sequence[Graded], lessons: Sequence[int], folder: Path) -> None:
    """Write the report of a class.

    A file is replaced as a whole, and only when it changes: whoever has a page open, or copies
    the folder meanwhile, sees the old page or the new one. A page that is no longer linked, of a
    student who left, is not deleted.

    Parameters
    ----------
    graded : sequence of Graded
        In any order; the report is the same. A lesson that a student did not hand in counts as
        missing, here or not.
    lessons : sequence of int
        Those that everybody was to hand in. Another is reported of those who handed it in.
    folder : Path
        Made if it isn't there.

    Raises
    ------
    Trouble
        If a file can't be written. What was there before is still whole.
    """
    students = gather(graded, lessons)
    lessons = sorted({*lessons, *(one.lesson for one in graded)})
    pages = folder / "students"
    try:
        pages.mkdir(parents=True, exist_ok=True)
        for student in students:
            save(pages / student.page, student_page(student))
        save(folder / "grades.csv", grades(students, lessons))
        save(folder / "index.html", class_page(students, lessons))
    except OSError as error:
        raise Trouble(
            f"The report can't be written in {folder} ({error.strerror or error}). No grade is "
            "lost: make room there or name another folder, and grade again."
        ) from error
