"""What a page says of the run that wrote it."""

import platform
from datetime import datetime
from functools import cache
from importlib import metadata
from typing import NamedTuple

from course.grading.ledger import course_version


class Run(NamedTuple):
    """A run of the grader.

    Attributes
    ----------
    command : str
        As the teacher would type it again.
    terms : str
        What of it a student may know: no seed, and nobody's name.
    date : str
        To the minute.
    """

    command: str = "course grade"
    terms: str = "course grade"
    date: str = ""

    @property
    def python(self) -> str:
        return platform.python_version()

    @property
    def course(self) -> str:
        return version()


def now() -> str:
    """The time as a page has it."""
    return datetime.now().astimezone().isoformat(" ", "minutes")


@cache
def version() -> str:
    """The version of the course, and what tells two states of one version apart."""
    try:
        said = metadata.version("convolutions-course")
    except metadata.PackageNotFoundError:  # not installed: as in Gradescope's container
        said = ""
    return " ".join(filter(None, (said, course_version()[:8])))
