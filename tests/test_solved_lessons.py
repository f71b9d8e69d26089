"""Solved lessons earn every point in the grader: those that the example class does not hand in."""

import sys

import pytest
from solved import graded, hand_in
from sooner import CNN_FOR_AN_EPOCH, CNN_IN_FULL, NO_STEPS

from course.exercises import EXERCISES, exercises_of

pytestmark = [
    pytest.mark.slow,
    pytest.mark.tensorflow,
    pytest.mark.skipif(sys.platform != "linux", reason="bubblewrap needs Linux"),
]

IMAGES_OF_THE_EXAM, LEARNING = 4, 6
BORROWED = {
    "kernel_gradient": """\
def kernel_gradient(image, kernel, target):
    error = helpers.conv2d(image, kernel) - target
    return 2 / error.size * helpers.conv2d(image, error)""",
    "conv2d_fast": "conv2d_fast = helpers.conv2d",
}
"""One exercise of lesson 6 may use `helpers.conv2d`. To the other it is the answer."""

ASTRAY = {
    "build_cnn": """\
def build_cnn(filters=64):
    return keras.Sequential([keras.Input((28, 28, 1)), keras.layers.Flatten(), keras.layers.Dense(10)])"""
}
"""A network that is none: in a notebook, the course's is trained in its place."""


@pytest.fixture(scope="module")
def points(tmp_path_factory) -> dict[str, dict[str, str]]:
    """What each student earned in each exercise; one run, for training takes its time."""
    place = tmp_path_factory.mktemp("solved")
    hand_in(IMAGES_OF_THE_EXAM, place / "class" / "solved", {}, NO_STEPS + CNN_IN_FULL)
    hand_in(LEARNING, place / "class" / "solved", {})
    hand_in(LEARNING, place / "class" / "borrowing", BORROWED)
    hand_in(IMAGES_OF_THE_EXAM, place / "class" / "astray", ASTRAY, NO_STEPS + CNN_FOR_AN_EPOCH)
    return graded(place, jobs=2)


def test_all_points_and_a_helper_only_where_it_is_not_the_answer(points, subtests):
    """One test, lest two workers grade the lessons."""
    solved, borrowing = points["solved"], points["borrowing"]
    for lesson in (IMAGES_OF_THE_EXAM, LEARNING):
        with subtests.test("a solved lesson earns every point", lesson=lesson):
            earned = {one.key: int(solved[one.key]) for one in exercises_of(lesson)}
            assert earned == {key: EXERCISES[key].points for key in earned}
    with subtests.test("a helper may be used where it is not the answer"):
        assert borrowing["kernel_gradient"] == solved["kernel_gradient"]
        assert borrowing["conv2d_fast"] == "0"
    with subtests.test("a wrong network does not take along what the course's is trained for"):
        assert points["astray"]["build_cnn"] == "0"
        assert points["astray"]["predictions"] == solved["predictions"]
    with subtests.test("what builds on such an answer keeps its points"):
        assert borrowing["learn_kernel"] == solved["learn_kernel"]
