"""Learning a kernel: the derived gradient against measured ones, and what descent finds."""

import importlib.util
import subprocess
import sys
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy import optimize, signal

from course.checking.judge import judge
from course.exercises import EXERCISES
from course.exercises.convolution_by_hand.images import KERNEL, WINDOW
from helpers import VERTICAL, conv2d, photograph
from helpers.learning import (
    input_gradient,
    kernel_gradient,
    learn_kernel,
    mean_squared_error,
    numerical_gradient,
)

RANDOM = np.random.default_rng(6)
SIZES = st.tuples(*(st.integers(1, 4) for _ in range(4)))


def before_and_after():
    """The pair of the lesson: a piece of the photograph, and its vertical edges."""
    piece = photograph()[300:340, 150:190]
    before = (piece - piece.mean()) / piece.std()
    return before, conv2d(before, VERTICAL)


def error_of(kernel):
    before, after = before_and_after()
    return mean_squared_error(conv2d(before, kernel), after)


def test_the_error_is_the_mean_of_the_squared_differences():
    assert mean_squared_error([[1, 2], [3, 4]], [[1, 0], [3, 8]]) == 5.0
    assert isinstance(mean_squared_error([[1]], [[2]]), float)


def test_bytes_do_not_wrap_around_in_the_error():
    dark, bright = np.array([[0]], np.uint8), np.array([[255]], np.uint8)
    assert mean_squared_error(dark, bright) == 255**2 == mean_squared_error(bright, dark)


def test_an_error_of_two_shapes_is_refused_rather_than_broadcast():
    with pytest.raises(ValueError, match=r"prediction has shape \(2, 3\) and target \(3,\)"):
        mean_squared_error(np.ones((2, 3)), np.ones(3))


@settings(deadline=None, max_examples=50)
@given(SIZES, st.integers(0, 2**32 - 1))
def test_the_derived_gradient_is_the_measured_one(sizes, seed):
    rows, cols, kh, kw = sizes
    random = np.random.default_rng(seed)
    image = random.normal(size=(rows + kh - 1, cols + kw - 1))
    kernel, target = random.normal(size=(kh, kw)), random.normal(size=(rows, cols))

    def error(changed):
        return mean_squared_error(conv2d(image, changed), target)

    gradient = kernel_gradient(image, kernel, target)
    assert_allclose(gradient, numerical_gradient(error, kernel), atol=1e-6)
    assert_allclose(
        gradient.ravel(),
        optimize.approx_fprime(kernel.ravel(), lambda flat: error(flat.reshape(kh, kw)), 1e-7),
        atol=1e-4,
    )


def test_the_gradient_is_zero_where_the_prediction_is_right():
    before, after = before_and_after()
    assert_allclose(kernel_gradient(before, VERTICAL, after), 0, atol=1e-12)


def test_a_target_of_another_size_is_refused():
    with pytest.raises(ValueError, match=r"target has shape \(3, 3\).* give \(4, 4\)"):
        kernel_gradient(np.ones((6, 6)), np.ones((3, 3)), np.ones((3, 3)))


@settings(deadline=None, max_examples=50)
@given(SIZES, st.integers(0, 2**32 - 1))
def test_the_gradient_for_the_image_is_the_measured_one(sizes, seed):
    rows, cols, kh, kw = sizes
    random = np.random.default_rng(seed)
    errors, kernel = random.normal(size=(rows, cols)), random.normal(size=(kh, kw))
    image = random.normal(size=(rows + kh - 1, cols + kw - 1))

    def loss(changed):
        return float(np.sum(errors * conv2d(changed, kernel)))

    sent_back = input_gradient(errors, kernel)
    assert sent_back.shape == image.shape
    assert_allclose(sent_back, numerical_gradient(loss, image, 0.5), atol=1e-10)
    assert_allclose(sent_back, signal.convolve2d(errors, kernel, mode="full"), atol=1e-12)


def test_nine_errors_of_the_worked_window_bring_732_back_to_the_pixel_in_the_middle():
    assert input_gradient(WINDOW, KERNEL)[2, 2] == 732.0


@pytest.mark.parametrize(
    ("errors", "kernel", "told"),
    [
        ([1, 2], [[1]], "output_gradient must be"),
        ([[1, 2]], [1], "kernel must be"),
        ([[1, 2]], np.zeros((0, 3)), "kernel"),
    ],
)
def test_what_is_no_gradient_or_no_kernel_is_refused_in_a_sentence(errors, kernel, told):
    with pytest.raises(ValueError, match=told):
        input_gradient(errors, kernel)


@pytest.mark.seconds
def test_two_layers_learn_what_no_single_kernel_can():
    """The error goes back through the second kernel and the ReLU to the first, as lesson 6 does it."""
    before, _ = before_and_after()
    target = conv2d(np.maximum(conv2d(before, VERTICAL), 0), np.full((3, 3), 1 / 9))
    first, second = np.random.default_rng(2).uniform(-0.577, 0.577, (2, 3, 3))
    for _ in range(150):
        hidden = conv2d(before, first)
        active = np.maximum(hidden, 0)
        behind = 2 / target.size * (conv2d(active, second) - target)
        between = input_gradient(behind, second) * (hidden > 0)
        first, second = (
            first - 0.05 * conv2d(before, between),
            second - 0.05 * conv2d(active, behind),
        )
    windows = np.lib.stride_tricks.sliding_window_view(before, (5, 5)).reshape(-1, 25)
    best = windows @ np.linalg.lstsq(windows, target.ravel(), rcond=None)[0]
    left = np.mean((conv2d(np.maximum(conv2d(before, first), 0), second) - target) ** 2)
    assert left < 0.05
    assert np.mean((best - target.ravel()) ** 2) > 2


def test_the_numerical_gradient_is_exact_for_parabolas_whatever_the_step():
    kernel = np.array([[1.0, -3.0, 0.5]])
    for epsilon in (1e-4, 0.5, 2.0):
        slope = numerical_gradient(lambda k: float((k**2).sum()), kernel, epsilon)
        assert_allclose(slope, 2 * kernel, atol=1e-9)


def test_the_numerical_gradient_uses_its_step():
    """Of x**3, central differences give 3x**2 + epsilon**2."""
    assert_allclose(numerical_gradient(lambda k: float(k.sum() ** 3), [[2.0]], 0.5), [[12.25]])


def test_the_numerical_gradient_leaves_its_kernel_alone_and_takes_whole_numbers():
    kernel = np.array([[1, 2], [3, 4]])
    assert_allclose(numerical_gradient(lambda k: float((k**2).sum()), kernel), 2 * kernel)
    assert_array_equal(kernel, [[1, 2], [3, 4]])


def test_descent_finds_the_vertical_kernel_of_a_before_and_after_pair():
    before, after = before_and_after()
    furthest = [
        np.abs(learn_kernel(before, after, steps, 0.1) - VERTICAL).max()
        for steps in (0, 1, 10, 100)
    ]
    assert furthest == sorted(furthest, reverse=True)
    assert furthest[-1] < 0.05  # as the lesson says


@pytest.mark.parametrize("kernel_shape", [(1, 1), (1, 4), (3, 2), (5, 5)])
def test_descent_finds_kernels_of_any_size_from_the_two_sizes_alone(kernel_shape):
    image, kernel = RANDOM.uniform(-1, 1, (16, 15)), RANDOM.normal(size=kernel_shape)
    assert_allclose(learn_kernel(image, conv2d(image, kernel), 300, 0.5), kernel, atol=1e-3)


def test_each_step_lowers_the_error_until_the_learning_rate_is_too_large():
    before, after = before_and_after()
    errors = [error_of(learn_kernel(before, after, steps, 0.1)) for steps in range(12)]
    assert errors == sorted(errors, reverse=True)
    assert error_of(learn_kernel(before, after, 20, 0.2)) > 10 * errors[0]


def test_no_step_gives_the_zeros_that_it_starts_from():
    assert_array_equal(learn_kernel(np.ones((5, 4)), np.ones((3, 3)), 0, 0.1), np.zeros((3, 2)))


def test_a_target_larger_than_its_image_is_refused():
    with pytest.raises(ValueError, match=r"target \(5, 3\) is larger than image \(4, 4\)"):
        learn_kernel(np.ones((4, 4)), np.ones((5, 3)), 1, 0.1)


def test_noise_ends_up_in_the_error_and_hardly_in_the_kernel():
    before, after = before_and_after()
    noise = np.random.default_rng(0).normal(size=after.shape)
    kernel = learn_kernel(before, after + noise, 100, 0.1)
    left = mean_squared_error(conv2d(before, kernel), after + noise)
    assert left == pytest.approx(np.var(noise), rel=0.05)
    assert np.abs(kernel - VERTICAL).max() < 0.25


def test_equal_rows_cannot_teach_how_a_kernel_shares_out_its_columns():
    bars = np.tile(RANDOM.normal(size=30), (20, 1))
    kernel = learn_kernel(bars, conv2d(bars, VERTICAL), 400, 0.05)
    assert_allclose(kernel, [[-4 / 3, 0, 4 / 3]] * 3, atol=1e-3)


def test_nothing_of_the_numpy_half_imports_tensorflow():
    code = (
        "import sys; from course import check; import helpers.learning as l; "
        "from course.exercises import EXERCISES; from course.checking.judge import judge; "
        "[judge(e, e.reference) for e in EXERCISES.values() if e.lesson == 6]; "
        "print([m for m in sys.modules if m in ('tensorflow', 'keras')])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


@pytest.mark.tensorflow
@pytest.mark.slow
@pytest.mark.skipif(not importlib.util.find_spec("tensorflow"), reason="needs TensorFlow")
def test_plain_steps_of_keras_are_ours():
    from helpers import training

    keras = training.load_keras()
    before, after = before_and_after()
    layer = keras.layers.Conv2D(1, 3, use_bias=False, kernel_initializer="zeros")
    model = keras.Sequential([keras.Input((*before.shape, 1)), layer])
    model.compile(optimizer=keras.optimizers.SGD(learning_rate=0.1), loss="mse")
    for _ in range(10):
        model.train_on_batch(
            before[np.newaxis, ..., np.newaxis], after[np.newaxis, ..., np.newaxis]
        )
    learned = layer.get_weights()[0][:, :, 0, 0]
    assert_allclose(learned, learn_kernel(before, after, 10, 0.1), atol=1e-4)


# What the checks must not refuse, and must not accept.


def test_a_float32_answer_and_one_that_updates_in_place_both_pass():
    def in_single_precision(image, target, steps, learning_rate):
        image, target = image.astype(np.float32), target.astype(np.float32)
        kernel = np.zeros(np.subtract(image.shape, target.shape) + 1, np.float32)
        for _ in range(steps):
            kernel -= np.float32(learning_rate) * kernel_gradient(image, kernel, target)
        return kernel

    assert judge(EXERCISES["learn_kernel"], in_single_precision)


def test_a_start_that_is_nearly_zero_is_refused():
    def nearly(image, target, steps, learning_rate):
        right = learn_kernel(image, target, steps, learning_rate)
        return right + 1e-3 * np.random.default_rng(steps).random(right.shape)

    assert judge(EXERCISES["learn_kernel"], nearly).status == "failed"


def test_a_loop_over_pixels_is_counted_in_steps_and_not_in_seconds():
    def slow(image, kernel):
        rows, cols = np.subtract(image.shape, kernel.shape) + 1
        out = np.zeros((rows, cols))
        for r in range(rows):
            for c in range(cols):
                window = image[r : r + kernel.shape[0], c : c + kernel.shape[1]]
                out[r, c] = np.sum(window * kernel)
        return out

    assert judge(EXERCISES["conv2d_valid"], slow)

    def waiting(image, kernel):
        time.sleep(0.01)
        return EXERCISES["conv2d_fast"].reference(image, kernel)

    assert judge(EXERCISES["conv2d_fast"], waiting)


@pytest.mark.parametrize("one_sided", [1, -1])
def test_a_one_sided_difference_is_named(one_sided):
    def measured(function, kernel, epsilon=1e-5):
        steps = epsilon * one_sided * np.eye(kernel.size).reshape(-1, *kernel.shape)
        slopes = [(function(kernel + s) - function(kernel)) / (epsilon * one_sided) for s in steps]
        return np.reshape(slopes, kernel.shape)

    assert judge(EXERCISES["numerical_gradient"], measured).mistake == "forward_only"
