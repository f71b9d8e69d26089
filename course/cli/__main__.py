"""``python -m course.cli`` is ``course``."""

from course.cli import app

app(prog_name="course")
