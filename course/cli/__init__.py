"""The `course` command, on top of everything else: one module for each kind of person."""

from course.cli.app import app

from course.cli import learning  # isort: skip - the help shows them in this order
from course.cli import grading  # isort: skip
from course.cli import authoring  # isort: skip

__all__ = ["app", "authoring", "grading", "learning"]
