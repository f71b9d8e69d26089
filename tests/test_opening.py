"""A failed check of a convolution or of pooling opens the moving window on the call that failed."""

import json
import re
import subprocess
import sys

import numpy as np
import pytest

import helpers
from course.checking.judge import judge
from course.exercises import EXERCISES, ByCalls
from helpers.stepper import still, still_maps

OPENED = {
    key: exercise
    for key, exercise in EXERCISES.items()
    if isinstance(exercise, ByCalls) and exercise.window is not None
}
FLIPPED = {
    "convolve_pixel": lambda window, kernel: float(np.sum(window * kernel[::-1, ::-1])),
    "conv2d_valid": helpers.true_convolution,
    "conv2d_fast": helpers.true_convolution,
    "true_convolution": helpers.conv2d,
}


def computed(opened):
    """What a window shows as right."""
    if opened.mode == "channels":
        return still_maps.outputs(opened)[..., 0]
    return still.computed(opened)


def settings(result):
    """What the window opens with, or None."""
    found = re.search(r'<script class="stepper-values".*?>(.*?)</script>', result.as_html())
    return found and json.loads(found[1])


def test_every_convolution_and_every_pooling_opens_it():
    assert set(OPENED) == {
        *("convolve_pixel", "conv2d_valid", "conv2d_same", "true_convolution", "conv2d_fast"),
        *("keras_convolve", "conv_channels", "max_pool_2x2", "max_pool2d", "average_pool2d"),
    }


@pytest.mark.parametrize("key", OPENED)
def test_what_the_window_shows_as_right_is_right(key):
    exercise = OPENED[key]
    reference = exercise.expected or exercise.reference
    shown = 0
    for one in exercise.examples:
        right = np.atleast_2d(reference(*one.args, **one.kwargs))
        try:
            opened = exercise.window(*one.args, **one.kwargs, theirs=right)
        except ValueError as error:
            assert "padding" in str(error)
            continue
        assert np.allclose(computed(opened), right, rtol=1e-5)
        shown += 1
    assert shown


@pytest.mark.parametrize("key", FLIPPED)
def test_it_opens_on_the_call_of_the_message_at_the_first_wrong_value(key):
    result = judge(EXERCISES[key], FLIPPED[key])
    opened = settings(result)
    call = EXERCISES[key].examples[0]
    assert opened["image"] == call.args[0].tolist()
    assert opened["kernel"] == call.args[1].tolist()
    assert opened["theirs"] == np.atleast_2d(FLIPPED[key](*call.args)).tolist()
    assert (opened["row"], opened["col"]) == (0, 0)
    assert result.as_html().index("732" if "true" not in key else "577") < result.as_html().index(
        "stepper-values"
    )


def test_one_wrong_value_is_where_it_opens():
    def spoilt(image):
        result = helpers.max_pool2d(image)
        result[1, 1] -= 1
        return result

    opened = settings(judge(EXERCISES["max_pool_2x2"], spoilt))
    assert (opened["mode"], opened["row"], opened["col"]) == ("pooling", 1, 1)


@pytest.mark.parametrize(
    ("answer", "begins"),
    [
        (lambda image: helpers.max_pool2d(image) + 1, "It begins where yours is first wrong."),
        (lambda image: helpers.max_pool2d(image)[:-1], "Yours has another size."),
    ],
)
def test_it_says_where_it_begins(answer, begins):
    shown = judge(EXERCISES["max_pool_2x2"], answer).as_html()
    assert f"step by step. {begins}</p>" in shown


def test_another_call_than_that_of_the_message_is_called_so():
    right = EXERCISES["max_pool2d"].reference

    result = judge(
        EXERCISES["max_pool2d"], lambda image, pool_size=2, strides=None: right(image, pool_size)
    )
    assert "Another call that goes wrong: <code>max_pool2d(" in result.as_html()
    flipped = judge(EXERCISES["convolve_pixel"], FLIPPED["convolve_pixel"])
    assert "Another call" not in flipped.as_html()


def test_a_wrong_sum_of_channels_opens_on_its_maps():
    result = judge(
        EXERCISES["conv_channels"],
        lambda image, kernel: helpers.conv2d(image[..., 0], kernel[..., 0]),
    )
    opened = settings(result)
    image, kernel = EXERCISES["conv_channels"].examples[0].args
    assert np.array_equal(np.moveaxis(opened["maps"], 0, 2), image)
    assert np.array_equal(np.transpose(opened["kernels"], (2, 3, 1, 0))[..., 0], kernel)
    assert np.array_equal(opened["theirs"], helpers.conv2d(image[..., 0], kernel[..., 0]))
    assert result.mistake == "first_channel_only"


@pytest.mark.parametrize(
    "answer",
    [
        lambda image, kernel: helpers.conv2d(image, kernel).tolist(),
        lambda image, kernel: 1 / 0,
        lambda image, kernel: helpers.conv2d(image, kernel)[..., None],
        lambda image, kernel: None,
    ],
)
def test_what_has_no_values_to_compare_opens_nothing(answer):
    assert settings(judge(EXERCISES["conv2d_valid"], answer)) is None


def test_a_hidden_case_is_not_told_by_the_window():
    examples = [call.args for call in EXERCISES["conv2d_valid"].examples]

    def only_the_examples(image, kernel):
        right = helpers.conv2d(image, kernel)
        known = any(np.array_equal(image, one) for one, _ in examples)
        return right if known else right + 1

    result = judge(EXERCISES["conv2d_valid"], only_the_examples)
    assert result.status == "failed"
    assert result.opening is None


def test_a_check_that_fails_in_a_terminal_opens_and_imports_nothing(tmp_path):
    program = (
        "import sys, numpy as np\n"
        "from course import check\n"
        "check.convolve_pixel(lambda window, kernel: np.sum(window * kernel[::-1, ::-1]))\n"
        "print(sorted({'matplotlib', 'helpers.stepper'} & set(sys.modules)))"
    )
    run = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.stdout.splitlines()[-1] == "[]", run.stderr
    assert "stepper" not in run.stdout
