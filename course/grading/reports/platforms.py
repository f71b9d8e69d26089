"""One student's grades for the programs that hand them on: Gradescope and GitHub Classroom."""

import base64
import json
from collections.abc import Iterator, Sequence
from typing import Any

from course.checking.result import Result
from course.grading.graded import Graded
from course.grading.reports.readable import readable

LONGEST_IN_A_LOG = 2_000  # the environment of a step holds all messages of a notebook at once


def numbered(graded: Sequence[Graded]) -> Iterator[tuple[str, Result]]:
    """Every result with its number in the course: ``2.1`` is the first exercise of lesson 2."""
    for one in sorted(graded, key=lambda one: one.lesson):
        for index, result in enumerate(one.results, start=1):
            yield f"{one.lesson}.{index}", result


def gradescope(graded: Sequence[Graded]) -> dict[str, Any]:
    """Make the content of `results.json`, as Gradescope's autograder specification has it.

    Parameters
    ----------
    graded : sequence of Graded
        All of one student.

    Returns
    -------
    dict
        Every exercise is a test; what was not attempted has failed, for there is no third.
    """
    return {
        "score": sum(one.total for one in graded),
        "execution_time": round(sum(one.seconds for one in graded), 2),
        "output": readable("\n".join(note for one in graded for note in one.notes)),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": [
            {
                "name": result.key,
                "number": number,
                "score": result.points,
                "max_score": result.max_points,
                "status": "passed" if result else "failed",
                "output": readable(result.message),
                "output_format": "text",
                "visibility": "visible",
            }
            for number, result in numbered(graded)
        ],
    }


def classroom(graded: Sequence[Graded]) -> dict[str, str]:
    """Make the environment from which GitHub Classroom's reporter reads a student's grades.

    The reporter's table gives a runner the share of its tests that pass; the score that Classroom
    stores is the sum of their points. With a runner for each exercise, of one test, both are the
    same, whatever the exercises are worth.

    Parameters
    ----------
    graded : sequence of Graded
        All of one student.

    Returns
    -------
    dict
        To be appended to ``$GITHUB_ENV``, ``NAME=value`` a line: ``RUNNERS``, for the reporter's
        input of that name, and for each runner ``KEY_RESULTS``. No value has a line break.
    """
    results = [result for _, result in numbered(graded)]
    return {
        "RUNNERS": ",".join(result.key for result in results),
        **{f"{result.key.upper()}_RESULTS": encoded(runner(result)) for result in results},
    }


def runner(result: Result) -> dict[str, Any]:
    """Describe one exercise as a test runner does."""
    status = "pass" if result else "fail"
    said = spoken(result.message)
    test = {
        "name": result.key,
        "status": status,
        "score": result.points,
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
