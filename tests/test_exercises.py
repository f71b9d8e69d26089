"""The course as a whole: what it asks, in which order, and what that is worth."""

import inspect
import json

from course.exercises import EXERCISES
from course.lessons import LESSONS


def test_the_course_adds_up_to_a_hundred_points():
    assert sum(exercise.points for exercise in EXERCISES.values()) == 100


def test_every_lesson_asks_something_and_lessons_come_in_order():
    lessons = [exercise.lesson for exercise in EXERCISES.values()]
    assert lessons == sorted(lessons)
    assert set(lessons) == set(LESSONS) == set(range(1, len(LESSONS) + 1))
    assert [*EXERCISES] == [key for lesson in LESSONS.values() for key in lesson.exercises]


def test_signatures_are_the_ones_that_other_tools_rely_on():
    """A few with defaults, of which a changed one would break notebooks that exist."""
    wanted = {
        "conv2d_same": "(image, kernel, border='zero')",
        "max_pool2d": "(image, pool_size=2, strides=None, padding='valid')",
        "numerical_gradient": "(function, kernel, epsilon=1e-05)",
        "output_size": "(size, kernel_size, padding=0, strides=1)",
        "to_pixels": "(values, factor=1.0, bias=0.0)",
    }
    for key, signature in wanted.items():
        found = inspect.signature(EXERCISES[key].reference)
        plain = [p.replace(annotation=p.empty) for p in found.parameters.values()]
        assert str(found.replace(parameters=plain, return_annotation=found.empty)) == signature


def test_a_lesson_is_called_in_reports_what_it_is_called_in_its_notebook():
    for lesson in LESSONS.values():
        notebook = json.loads(lesson.notebook().read_text("utf-8"))
        assert "".join(notebook["cells"][0]["source"]).startswith(f"# {lesson.heading}\n")
