"""What makes the lessons a course: exercises, checks, grading, authoring and the `course` command.

A notebook needs three names: ``from course import check, progress, yours``.
"""

from course.checking.check import check, yours
from course.checking.progress import progress

__all__ = ["check", "progress", "yours"]
