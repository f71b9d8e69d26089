"""The pages of the report: one for the teacher, one for each student.

They need no network, no script and no other file. Whatever a student wrote goes through a filter
that makes it readable, and is escaped by Jinja; the pages allow themselves nothing but their own
style, so that even a mistake here would run no script.
"""

from collections.abc import Sequence
from itertools import islice
from statistics import fmean, median

from jinja2 import Environment, PackageLoader, StrictUndefined

from course.checking.progress import counted
from course.checking.result import LOOK
from course.exercises import EXERCISES
from course.grading.reports.readable import LONGEST_NOTE, one_line, readable
from course.grading.reports.students import Student, lesson_title
from course.grading.reports.summary import beliefs, exercises, ranked, totals

# Where a list on the teacher's page ends: ten thousand students still make a page of a few MB.
MOST_STUDENTS = 20
MOST_MISTAKES = 20
MOST_NOTES = 100

SYMBOLS = {"graded": "✓", "unreadable": "!", "missing": "○"}

templates = Environment(
    loader=PackageLoader("course.grading.reports"),
    auto_reload=False,
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
templates.filters |= {"readable": readable, "one_line": one_line}
templates.globals |= {
    "EXERCISES": EXERCISES,
    "LONGEST_NOTE": LONGEST_NOTE,
    "LOOK": LOOK,
    "MOST_MISTAKES": MOST_MISTAKES,
    "MOST_NOTES": MOST_NOTES,
    "MOST_STUDENTS": MOST_STUDENTS,
    "SYMBOLS": SYMBOLS,
    "counted": counted,
    "lesson_title": lesson_title,
}


def student_page(student: Student) -> str:
    """Make the page that a student may see: nothing on it is about anyone else."""
    return templates.get_template("student.html").render(student=student)


def class_page(students: Sequence[Student], lessons: Sequence[int]) -> str:
    """Make the teacher's page."""
    asked = list(exercises(students, lessons))
    everything = ranked(made for one in asked for made in one.mistakes)
    points = [student.total for student in students]
    return templates.get_template("class.html").render(
        students=students,
        lessons=lessons,
        unreadable=notes(students, "unreadable"),
        stopped=notes(students, "graded"),
        asked=asked,
        beliefs=beliefs(students, lessons),
        common=list(islice((made for made in everything if len(made.students) > 1), 5)),
        bars=totals(students) if students else [],
        everything_right=sum(student.next is None for student in students),
        mean=fmean(points) if points else 0,
        median=median(points) if points else 0,
    )


def notes(students: Sequence[Student], status: str) -> list[tuple[Student, int, str]]:
    """Collect what was noted of lessons with this status: who, which lesson, what."""
    return [
        (student, lesson.lesson, " ".join(lesson.notes))
        for student in students
        for lesson in student.lessons
        if lesson.status == status and lesson.notes
    ]
