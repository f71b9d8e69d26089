"""What passes in a notebook, and a grader does not count: said where it passes."""

import sys
import threading

import numpy as np
import pytest

import helpers
from course import check, yours
from course.checking import progress
from course.checking.borrowing import borrowed
from course.checking.result import Result
from course.exercises import EXERCISES, ByCalls


@pytest.fixture(autouse=True)
def fresh(tmp_path, monkeypatch):
    """Nothing is remembered."""
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "progress.sqlite"))
    monkeypatch.setattr(progress, "_in_memory", None)
    monkeypatch.setattr(yours, "_answers", {})


BORROWING = {
    "itself": ("conv2d_valid", helpers.conv2d),
    "called": ("conv2d_valid", lambda image, kernel: helpers.conv2d(image, kernel)),
    "through another": (
        "conv2d_valid",
        lambda image, kernel: helpers.true_convolution(image, np.asarray(kernel)[::-1, ::-1]),
    ),
    "a part of it": ("convolve_pixel", lambda window, kernel: helpers.conv2d(window, kernel)[0, 0]),
    "the course's own": ("conv2d_valid", EXERCISES["conv2d_valid"].reference),
    "the course's later one": (
        "conv2d_valid",
        lambda image, kernel: EXERCISES["true_convolution"].reference(image, kernel[::-1, ::-1]),
    ),
    "the course's one for both": (
        "conv2d_fast",
        lambda image, kernel: yours.conv2d_valid(image, kernel),
    ),
    "no Keras at all": ("keras_convolve", lambda image, kernel: helpers.conv2d(image, kernel)),
    "a value": ("horizontal_kernel", helpers.HORIZONTAL),
    "a view of it": ("vertical_kernel", helpers.HORIZONTAL.T),
}


@pytest.mark.parametrize("way", BORROWING)
def test_an_answer_that_is_the_courses_own_passes_and_is_told_what_a_grader_does(way):
    key, answer = BORROWING[way]
    result = check.__getattr__(key)(answer)
    assert result.status == "passed" and result.points == result.max_points
    assert "which answers this exercise, so a grader will not count it" in result.message
    assert f"Write your own `{key}`" in result.message
    assert getattr(yours, key) is EXERCISES[key].reference


def test_a_name_that_an_import_has_replaced_is_told_as_that():
    message = check.neighborhood(helpers.neighborhood).message
    assert "`from helpers import *`, so a grader will not count it" in message
    assert "uses" not in message


def conv2d_same(image, kernel, border="zero"):
    padded = helpers.pad(image, kernel.shape[0] // 2, kernel.shape[1] // 2, border)
    return EXERCISES["conv2d_valid"].reference(padded, kernel)


BUILDING = {
    "on the course's earlier answer": ("conv2d_same", conv2d_same),
    "on a helper of an earlier lesson": (
        "gradient_magnitude",
        lambda image: np.hypot(
            helpers.conv2d(image, helpers.HORIZONTAL), helpers.conv2d(image, helpers.VERTICAL)
        ),
    ),
    "on a helper that answers another": (
        "kernel_gradient",
        lambda image, kernel, target: (
            2 / target.size * helpers.conv2d(image, helpers.conv2d(image, kernel) - target)
        ),
    ),
    "on an answer of an earlier lesson": (
        "keras_convolve",
        lambda image, kernel: yours.conv2d_valid(image, kernel),
    ),
    "on a kernel that is equal": ("horizontal_kernel", helpers.HORIZONTAL.copy()),
}


@pytest.mark.parametrize("way", BUILDING)
def test_an_answer_that_builds_on_what_it_may_is_right_and_nothing_more_is_said(way):
    key, answer = BUILDING[way]
    result = check.__getattr__(key)(answer)
    assert result.status == "passed" and "grader" not in result.message
    assert getattr(yours, key) is answer


CONV2D_VALID = """
import numpy as np
from course import yours
def conv2d_valid(image, kernel):
    height, width = kernel.shape
    rows = range(image.shape[0] - height + 1)
    columns = range(image.shape[1] - width + 1)
    windows = [[image[r : r + height, c : c + width] for c in columns] for r in rows]
    return np.array([[(window * kernel).sum() for window in row] for row in windows], float)
"""
TRUE_CONVOLUTION = """
from course import yours
def true_convolution(image, kernel):
    return yours.conv2d_valid(image, kernel[::-1, ::-1])
"""
LEANING = """
from course import yours
def conv2d_valid(image, kernel):
    return yours.true_convolution(image, kernel[::-1, ::-1])
"""


def own(key, source):
    """The function of this source."""
    room = {}
    exec(source, room)  # noqa: S102
    return room[key]


def test_answers_never_lean_on_one_another_without_end():
    first = own("conv2d_valid", CONV2D_VALID)
    assert check.conv2d_valid(first)
    assert check.true_convolution(own("true_convolution", TRUE_CONVOLUTION))
    tidied = check.conv2d_valid(own("conv2d_valid", LEANING))
    assert tidied and "uses `yours.true_convolution`, which answers this" in tidied.message
    assert yours.conv2d_valid is first
    assert yours.conv2d_valid(np.ones((3, 3)), np.ones((2, 2))).sum() == 16
    itself = check.conv2d_valid(lambda image, kernel: yours.conv2d_valid(image, kernel))
    assert itself and "uses `yours.conv2d_valid`, which answers this" in itself.message
    assert yours.conv2d_valid is first


def test_what_leans_on_a_later_lesson_passes_and_is_not_built_on():
    def relu(values):
        return np.maximum(values, 0.0 * len(yours.predicted_shapes))

    result = check.relu(relu)
    assert result and "uses `yours.predicted_shapes`, which comes after" in result.message
    assert yours.relu is EXERCISES["relu"].reference


def test_answers_that_an_earlier_version_kept_do_not_lean_on_one_another_either():
    for key, source in (("conv2d_valid", LEANING), ("true_convolution", TRUE_CONVOLUTION)):
        progress.remember(Result(key, "passed", None, "", 1, 1), source)
    assert yours.conv2d_valid is EXERCISES["conv2d_valid"].reference
    assert yours.true_convolution(np.ones((3, 3)), np.ones((2, 2))).sum() == 16


def test_yours_and_checks_are_called_and_not_set():
    with pytest.raises(AttributeError, match=r"once it has passed: check\.relu\(relu\)"):
        yours.relu = abs
    with pytest.raises(AttributeError, match=r"in brackets: check\.relu\(relu\)"):
        check.relu = abs
    with pytest.raises(AttributeError, match="Did you mean `relu`"):
        yours.relo = abs
    assert check.relu(lambda values: np.maximum(values, 0.0))


def test_looking_for_it_leaves_the_profile_function_as_it_was(monkeypatch):
    def mine(*given):
        return None

    sys.setprofile(mine)
    try:
        assert not borrowed(EXERCISES["relu"], lambda values: np.maximum(values, 0.0))
        assert sys.getprofile() is mine
    finally:
        sys.setprofile(None)


def test_every_alternative_that_is_written_out_is_ones_own():
    keys = ("convolve_pixel", "conv2d_valid", "output_size", "max_pool2d", "kernel_gradient")
    for exercise in (EXERCISES[key] for key in keys):
        assert isinstance(exercise, ByCalls)
        for one in exercise.alternatives:
            assert not borrowed(exercise, one), exercise.key


def test_it_is_told_where_a_time_limit_has_no_alarm_too():
    told = []

    def work():
        told.extend(check.conv2d_valid(BORROWING["called"][1]) for _ in range(2))

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(60)  # on Python 3.11 it once stood still for good
    assert not thread.is_alive()
    assert [one.status for one in told] == ["passed", "passed"]
    assert all("a grader will not count it" in one.message for one in told)
