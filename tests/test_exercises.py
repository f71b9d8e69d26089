"""The course as a whole: what it asks, in which order, and what that is worth."""

import inspect
import json

from course.authoring.consistency import apart, total
from course.exercises import EXERCISES, exercises_of
from course.lessons import LESSONS


def test_the_course_adds_up_to_a_hundred_points():
    worth = {n: sum(exercise.points for exercise in exercises_of(n)) for n in LESSONS}
    assert sum(worth.values()) == 100, [*total(worth)]


def test_a_total_that_is_not_a_hundred_is_told_with_each_lesson():
    assert not list(total({1: 60, 2: 40}))
    (more,) = total({1: 61, 2: 42})
    assert "worth 103 points" in more and "(lesson 1 61, lesson 2 42). Take 3 points from" in more
    (less,) = total({1: 60, 2: 39})
    assert "worth 99 points" in less and "Give 1 point more to" in less


def test_an_entry_a_source_and_an_exercise_that_stand_alone_are_told(tmp_path):
    for lesson in LESSONS.values():
        lesson.source(tmp_path).parent.mkdir(exist_ok=True)
        lesson.source(tmp_path).touch()
    room = tmp_path / "course" / "exercises" / "pooling"
    room.mkdir(parents=True)
    for name in ("relu", "rectify"):
        (room / f"{name}.py").write_text('"""One."""\n\nEXERCISE = 1\n')
    (room / "shared.py").write_text("ROWS = 3\n")
    [alone] = apart(tmp_path)
    assert alone.startswith("course/exercises/pooling/rectify.py has an exercise that")
    source = LESSONS[3].source(tmp_path)
    source.rename(source.with_name("09_pools.py"))
    entry, extra, _ = apart(tmp_path)
    assert entry.startswith(
        f"course/lessons.py has lesson 3, but there is no solutions/{source.name}"
    )
    assert extra.startswith("solutions/09_pools.py is of no lesson")


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
