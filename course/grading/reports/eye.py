"""What a teacher has to look at: all that was found and is not in the grades as a matter of course."""

from collections.abc import Iterator
from typing import NamedTuple

from course.grading.reports.gradebook import Gradebook
from course.grading.reports.students import Student, StudentLesson, in_figures
from course.lessons import LESSONS


class Note(NamedTuple):
    """Something to look at: whose it is, if it is anybody's, and what."""

    student: Student | None
    about: str
    what: str


class Part(NamedTuple):
    """Notes of one kind, under a heading."""

    title: str
    notes: list[Note]


def needs_your_eye(book: Gradebook) -> list[Part]:
    """Collect all that needs a teacher's eye, the worst first; only what there is."""
    lessons = [(student, lesson) for student in book.students for lesson in student.lessons]
    parts = [
        Part("Could not be read", noted(lessons, "unreadable")),
        Part("Found and not graded", unread(book)),
        Part(
            "About the class list, adjust.csv and lateness",
            [Note(None, "", what) for what in book.told],
        ),
        Part("Graded, but something happened on the way", noted(lessons, "graded")),
        Part("Passed in the saved output, and not here", passed_there(lessons)),
        Part("Several notebooks for one lesson", several(lessons)),
        Part("Changed by you", changed(book)),
    ]
    return [part for part in parts if part.notes]


def noted(lessons: list[tuple[Student, StudentLesson]], status: str) -> list[Note]:
    """What was noted of lessons with this status."""
    return [
        Note(student, about(lesson), " ".join(lesson.notes))
        for student, lesson in lessons
        if lesson.status == status and lesson.notes
    ]


def about(lesson: StudentLesson) -> str:
    """Name a lesson in a list."""
    return f"lesson {lesson.number}"


def unread(book: Gradebook) -> list[Note]:
    """What was found and is not graded."""
    of = {student.key: student for student in book.students if student.key}
    return [
        Note(of.get(one.student), one.path, one.why)
        for one in book.unread
        if one.student not in of or one in of[one.student].untold
    ]


def passed_there(lessons: list[tuple[Student, StudentLesson]]) -> list[Note]:
    """Answers that had passed when the notebook was saved."""
    found = []
    for student, lesson in lessons:
        there = [r.key for r in lesson.results if r.key in lesson.passed and not r]
        if lesson.status == "graded" and there:
            found.append(Note(student, about(lesson), ", ".join(there)))
    return found


def several(lessons: list[tuple[Student, StudentLesson]]) -> list[Note]:
    """Every notebook of somebody who handed in more than one for a lesson, with its points."""
    found = []
    for student, lesson in lessons:
        others = [one for one in lesson.others if not one.elsewhere]
        if others:
            counts = f"{lesson.graded.path}: {in_figures(lesson.graded.total)} points, counts"
            rest = (
                f"{one.path}: {one.total if one.status == 'graded' else one.status}"
                for one in others
            )
            found.append(Note(student, about(lesson), "; ".join([counts, *rest])))
    return found


def changed(book: Gradebook) -> list[Note]:
    """What the teacher says of somebody's points."""
    found = []
    for student in book.students:
        for lesson in student.lessons:
            for result in lesson.results:
                change = lesson.changes.get(result.key)
                if change is not None:
                    points = f"{in_figures(result.points)} earned, {lesson.points(result)} counted"
                    what = ". ".join(filter(None, (points, change.comment)))
                    found.append(Note(student, result.key, what))
            found += steps_of(student, LESSONS[lesson.number].heading, lesson)
        found += steps_of(student, "everything", student)
    return found


def steps_of(student: Student, where: str, one: StudentLesson | Student) -> Iterator[Note]:
    """The teacher's own steps from what was earned to what counts."""
    for step in one.steps:
        if step.teachers:
            yield Note(student, where, f"{step.said}: {in_figures(step.points):+}")
