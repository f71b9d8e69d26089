"""What makes the lessons a course: exercises, checks, grading, authoring and the `course` command.

A notebook needs four names: ``from course import check, predict, progress, yours``.
"""

from course.checking.check import check, yours
from course.checking.predicting import predict
from course.checking.progress import progress

__all__ = ["check", "predict", "progress", "yours"]
