"""The learner's own folder: copied, updated, reset, run; never overwritten."""

from course.trouble import Trouble

__all__ = ["Trouble"]
