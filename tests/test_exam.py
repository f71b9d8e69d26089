"""The exam's images come in an order of the class's own, and what is said of each is judged as its own."""

import sys
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from course.checking.looking import Answer
from course.exercises import EXERCISES
from course.exercises.keras_cnn.predictions import PREDICTIONS
from course.grading import exam, grader
from course.grading.graded import Graded, Submission
from course.grading.grader import Terms, grade
from course.lessons import LESSONS
from helpers.datasets import exam_images


def test_rows_are_put_back_where_their_images_stand():
    order = exam.order(5)
    assert sorted(order) == list(range(2000))
    assert not np.array_equal(order, exam.order(6))
    shown = PREDICTIONS[order]
    for given in (shown, shown.tolist(), tuple(shown.tolist())):
        assert np.allclose(exam.in_order(Answer("value", value=given), 5).value, PREDICTIONS)
    for odd in (None, 7, "x", np.array(3), np.zeros((10, 2000)), [1, 2], {"a": 1}):
        assert exam.in_order(Answer("value", value=odd), 5).value is odd


# Stands for a network that is as good as the course's: it knows each image that it meets.
KNOWS = """
import hashlib
import numpy as np
import helpers
def name(image):
    return hashlib.blake2b(image.tobytes(), digest_size=8).digest()
held = np.frombuffer(bytes.fromhex("{held}"), np.uint8).reshape(2000, 10)
names = bytes.fromhex("{names}")
known = dict(zip([names[n:n + 8] for n in range(0, 16_000, 8)], held))
shares = np.array([known[name(image)] for image in helpers.datasets.exam_images()], float)
predictions = shares / shares.sum(axis=1, keepdims=True)
"""
TYPED = """
import numpy as np
shares = np.frombuffer(bytes.fromhex("{held}"), np.uint8).reshape(2000, 10).astype(float)
predictions = shares / shares.sum(axis=1, keepdims=True)
"""
LENT = """
import helpers
from helpers.trained import trained_network
for network in (trained_network, helpers.trained_network):
    predictions = network().predict(helpers.datasets.exam_images())
"""


def with_what_is_known(code: str) -> str:
    """Put the course's predictions, and what tells the images apart, into some code."""
    import hashlib

    held = np.rint(PREDICTIONS / PREDICTIONS.max(axis=1, keepdims=True) * 255).astype(np.uint8)
    names = [hashlib.blake2b(one.tobytes(), digest_size=8).hexdigest() for one in exam_images()]
    return code.format(held=held.tobytes().hex(), names="".join(names))


@pytest.fixture
def without_keras(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The same files, without TensorFlow."""
    monkeypatch.setitem(LESSONS, 4, replace(LESSONS[4], keras=False))
    grader.close()
    yield
    grader.close()


def result(graded: Graded):
    (one,) = (one for one in graded.results if one.key == exam.KEY)
    return one


@pytest.mark.seconds
@pytest.mark.skipif(sys.platform != "linux", reason="bubblewrap needs Linux")
def test_what_is_said_of_each_image_counts_and_what_is_typed_does_not(without_keras):
    points = EXERCISES[exam.KEY].points
    for seed in (577, 578):
        knows = grade(Submission("ash", 4, (with_what_is_known(KNOWS),)), Terms(seed))
        assert result(knows).points == points, knows
        typed = result(grade(Submission("elm", 4, (with_what_is_known(TYPED),)), Terms(seed)))
        assert (typed.points, typed.mistake) == (0, "order_lost")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="bubblewrap needs Linux")
def test_the_network_that_the_course_ships_takes_no_exam(without_keras):
    graded = grade(Submission("ash", 4, (LENT,)), Terms(577))
    assert graded.total == 0
    assert "helpers.trained.trained_network answers an exercise of this lesson" in str(graded.notes)
