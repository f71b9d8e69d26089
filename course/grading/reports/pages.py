"""The pages of the report: one for the teacher, one for each student.

They need no network and no other file. Whatever a student wrote goes through a filter that makes
it readable, and is escaped by Jinja; the pages allow themselves nothing but their own style, and
the teacher's the one script that sorts a table, so that even a mistake here would run no other.
"""

import base64
import hashlib
from collections.abc import Sequence
from importlib import resources
from itertools import islice
from statistics import fmean, median

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from course.checking.progress import counted
from course.checking.result import APPEARANCE
from course.exercises import EXERCISES
from course.grading.reports import code
from course.grading.reports.alike import alike
from course.grading.reports.eye import needs_your_eye
from course.grading.reports.gradebook import Gradebook
from course.grading.reports.readable import LONGEST_NOTE, one_line, readable
from course.grading.reports.run import Run
from course.grading.reports.students import Student, in_figures
from course.grading.reports.summary import Group, beliefs, exercises, ranked, totals
from course.lessons import LESSONS

# Where a list on the teacher's page ends: ten thousand students still make a page of a few MB.
MOST_STUDENTS = 20
MOST_MISTAKES = 20
MOST_NOTES = 100
MOST_ALIKE = 20

SYMBOLS = {"graded": "✓", "unreadable": "!", "missing": "○"}
SCRIPT = resources.files("course.grading.reports").joinpath("templates/sort.js").read_text("utf-8")
SCRIPT_HASH = base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()

templates = Environment(
    loader=PackageLoader("course.grading.reports"),
    auto_reload=False,
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
templates.filters |= {"readable": readable, "one_line": one_line, "in_figures": in_figures}
templates.globals |= {
    "EXERCISES": EXERCISES,
    "LESSONS": LESSONS,
    "LONGEST_NOTE": LONGEST_NOTE,
    "APPEARANCE": APPEARANCE,
    "MOST_ALIKE": MOST_ALIKE,
    "MOST_MISTAKES": MOST_MISTAKES,
    "MOST_NOTES": MOST_NOTES,
    "MOST_STUDENTS": MOST_STUDENTS,
    "SCRIPT": Markup(SCRIPT),
    "SCRIPT_HASH": SCRIPT_HASH,
    "SYMBOLS": SYMBOLS,
    "counted": counted,
}


def student_page(student: Student, run: Run) -> str:
    """Make the page that a student may see: nothing on it is about anyone else."""
    codes = {lesson.number: code.of_lesson(lesson) for lesson in student.lessons}
    template = templates.get_template("student.html")
    return template.render(student=student, codes=codes, shown=code.shown, run=run, teachers=False)


def class_page(book: Gradebook, run: Run, groups: Sequence[Group] = ()) -> str:
    """Make the teacher's page.

    Parameters
    ----------
    book : Gradebook
    run : Run
    groups : sequence of Group
        Parts of the class, and other classes, to be seen side by side.
    """
    students = book.students
    asked = list(exercises(students, book.lessons))
    everything = ranked(made for one in asked for made in one.mistakes)
    points = [student.total for student in students]
    return templates.get_template("class.html").render(
        students=students,
        lessons=book.lessons,
        eye=needs_your_eye(book),
        asked=asked,
        beliefs=beliefs(students, book.lessons),
        common=list(islice((made for made in everything if len(made.students) > 1), 5)),
        alike=[group for one in asked for group in alike(students, one.exercise.key)],
        shown=code.shown,
        groups=groups,
        sections=any(student.person.section for student in students),
        late=any(lesson.late.days for student in students for lesson in student.lessons),
        bars=totals(students) if students else [],
        everything_right=sum(student.next is None for student in students),
        mean=fmean(points) if points else 0,
        median=median(points) if points else 0,
        run=run,
        teachers=True,
    )
