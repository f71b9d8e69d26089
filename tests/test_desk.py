"""What is asked for outside: computed from plain data, in a process that is bounded and replaced."""

import numpy as np
import pytest

import helpers
from course.exercises import EXERCISES
from course.exercises.trials.small_network import SmallNetwork
from course.grading.cage.desk import Desk
from course.grading.cage.door import packed, sealed, unsealed
from course.grading.cage.staging import answering, withheld
from helpers import network

IMAGE, KERNEL = np.arange(25.0).reshape(5, 5), np.array([[0.0, 1.0], [2.0, 3.0]])


@pytest.fixture(scope="module")
def desk():
    one = Desk()
    yield one
    one.close()


def ask(desk, name, *args, **kwargs):
    """Put a question as a student's process does; call what is called back, and give the answer."""
    calls = []
    given = [[packed(one, calls) for one in args], {k: packed(v, calls) for k, v in kwargs.items()}]
    said = desk.ask(name, sealed(given))
    while "call" in said:
        said = desk.gave(sealed({"value": calls[said["call"]](*unsealed(said["given"]))}))
    return unsealed(said["given"]) if "given" in said else said["error"]


def test_functions_of_helpers_and_the_courses_own_answers_are_computed(desk):
    assert np.array_equal(
        ask(desk, "convolution.conv2d", IMAGE, KERNEL, strides=2),
        helpers.conv2d(IMAGE, KERNEL, strides=2),
    )
    assert ask(desk, "yours.output_size", 28, kernel_size=3) == 26
    assert np.array_equal(
        ask(desk, "yours.horizontal_kernel"), EXERCISES["horizontal_kernel"].reference
    )


def test_filters_models_and_functions_can_be_given(desk):
    own = helpers.Filter(np.array([[1.0]]), factor=-1.0, bias=255.0)
    assert ask(desk, "kernels.apply_filter", [[1, 2, 3]], own).tolist() == [[254, 253, 252]]
    model, image = (
        SmallNetwork((3, 4), 8, seed=5, scale=0.3),
        np.linspace(0, 1, 784).reshape(28, 28),
    )
    assert np.allclose(ask(desk, "network.forward", model, image), network.forward(model, image))
    names = [name for name, _ in ask(desk, "network.layer_outputs", model, image[None, :, :, None])]
    assert len(names) == len(model.layers)

    def squares(values):
        return float(ask(desk, "learning.mean_squared_error", values, np.zeros_like(values)))

    slope = ask(desk, "learning.numerical_gradient", squares, [[1.0, -3.0]])
    assert np.allclose(slope, [[1.0, -3.0]])
    assert desk.open == 0


def test_an_error_comes_back_as_its_type_and_its_words(desk):
    kind, text = ask(desk, "convolution.conv2d", [[1.0]], KERNEL)
    assert kind == "ValueError" and "does not fit" in text
    assert ask(desk, "convolution.conv2d")[0] == "TypeError"
    assert ask(desk, "convolution.no_such")[0] == "AttributeError"


@pytest.mark.seconds
def test_a_question_that_takes_too_long_costs_itself_alone(desk, monkeypatch):
    monkeypatch.setattr(desk, "seconds", 1.0)
    slow = np.ones((1500, 1500)), np.ones((700, 700))
    kind, text = ask(desk, "convolution.conv2d", *slow)
    assert kind == "RuntimeError" and "more than 1 seconds" in text
    monkeypatch.setattr(desk, "seconds", 30.0)
    assert ask(desk, "yours.output_size", 28, 3) == 26


def test_what_a_notebook_left_waiting_is_not_waited_for(desk):
    given = [[packed(len, []), packed([[1.0]], [])], {}]
    assert "call" in desk.ask("learning.numerical_gradient", sealed(given))
    desk.clear()
    assert ask(desk, "yours.output_size", 28, 3) == 26


def test_garbage_ends_no_more_than_one_question(desk):
    for parcel in (np.zeros(9, np.uint8), sealed({"x": 1}), sealed([[["model", 5]], {}])):
        assert "error" in desk.ask("convolution.conv2d", parcel)
    assert "error" in desk.gave(np.zeros(9, np.uint8))
    assert ask(desk, "yours.output_size", 28, 3) == 26


def test_what_answers_an_exercise_are_its_helpers_and_the_courses_answers_from_there_on():
    assert {"convolution.conv2d", "convolution._slide", "yours.conv2d_valid"} <= answering(
        "conv2d_valid"
    )
    assert "yours.conv2d_same" in answering("conv2d_valid")
    assert "yours.conv2d_valid" not in answering("conv2d_same")
    assert "convolution.conv2d" not in answering("kernel_gradient")
    assert "convolution.conv2d" in withheld(6)
