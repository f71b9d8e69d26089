"""One student's grades for the programs that hand them on: Gradescope and GitHub Classroom."""

import base64
import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from course.checking.result import Result
from course.grading.reports.readable import readable
from course.grading.reports.students import Points, Student, StudentLesson, in_figures

LONGEST_IN_A_LOG = 2_000  # the environment of a step holds all messages of a notebook at once


class Test(NamedTuple):
    """One exercise as a test: its number in the course, 2.1 is the first of lesson 2."""

    number: str
    result: Result
    points: Points


def handed_in(student: Student) -> list[StudentLesson]:
    """The lessons of one student: these programs grade what they are given, lesson by lesson."""
    return [lesson for lesson in student.lessons if lesson.status != "missing"]


def tests(student: Student) -> Iterator[Test]:
    """Every exercise of a student's, with the points that it has."""
    for lesson in handed_in(student):
        for index, result in enumerate(lesson.results, start=1):
            yield Test(f"{lesson.number}.{index}", result, lesson.points(result))


def gradescope(student: Student) -> dict[str, Any]:
    """Make the content of `results.json`, as Gradescope's autograder specification has it.

    Returns
    -------
    dict
        Every exercise is a test; what was not attempted has failed, for there is no third. The
        score is what counts, which may be less than the tests have, or more.
    """
    said = [note for lesson in handed_in(student) for note in lesson.notes]
    said += [f"{one.path} was not graded: {one.why}" for one in student.untold]
    said += [f"{step.said}: {in_figures(step.points):+}" for step in student.all_steps]
    return {
        "score": student.total,
        "execution_time": round(sum(lesson.graded.seconds for lesson in student.lessons), 2),
        "output": readable("\n".join(said)),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": [
            {
                "name": test.result.key,
                "number": test.number,
                "score": test.points,
                "max_score": test.result.max_points,
                "status": "passed" if test.result else "failed",
                "output": readable(test.result.message),
                "output_format": "text",
                "visibility": "visible",
            }
            for test in tests(student)
        ],
    }


def classroom(student: Student) -> dict[str, str]:
    """Make the environment from which GitHub Classroom's reporter reads a student's grades.

    The reporter's table gives a runner the share of its tests that pass; the score that Classroom
    stores is the sum of their points. With a runner for each exercise, of one test, both are the
    same, whatever the exercises are worth.

    Returns
    -------
    dict
        To be appended to ``$GITHUB_ENV``, ``NAME=value`` a line: ``RUNNERS``, for the reporter's
        input of that name, and for each runner ``KEY_RESULTS``. No value has a line break.
    """
    found = list(tests(student))
    return {
        "RUNNERS": ",".join(test.result.key for test in found),
        **{f"{test.result.key.upper()}_RESULTS": encoded(runner(test)) for test in found},
    }


def runner(one: Test) -> dict[str, Any]:
    """Describe one exercise as a test runner does."""
    result = one.result
    status = "pass" if result else "fail"
    said = spoken(result.message)
    test = {
        "name": result.key,
        "status": status,
        "score": one.points,
        "message": said,
        "test_code": "" if result else said,  # all that the reporter shows of a failed test
        "filename": "",
        "line_no": 0,
        "duration": 0,
    }
    return {"version": 1, "status": status, "max_score": result.max_points, "tests": [test]}


def spoken(message: str) -> str:
    """Write a message for the log of a workflow, which obeys lines that begin with ``::``.

    `::notice title=Autograding report::` would be another score. So every line begins with a
    bar; the older form of a command, ``##[``, works anywhere in a line and is broken up.
    """
    lines = readable(message, LONGEST_IN_A_LOG).replace("##[", "## [").split("\n")
    return "\n".join(f"| {line}" for line in lines)


def encoded(value: dict[str, Any]) -> str:
    """Write a value as the graders' outputs are written: JSON in base64."""
    return base64.b64encode(json.dumps(value).encode()).decode()
