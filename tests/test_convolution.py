"""The reference convolution against SciPy, OpenCV and Keras, and against what must always hold."""

import inspect
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose, assert_array_equal
from scipy import ndimage, signal

import helpers
from helpers import (
    conv2d,
    conv_layer,
    convolve_pixel,
    neighborhood,
    output_size,
    pad,
    to_pixels,
    true_convolution,
)
from helpers import convolution as convolution_module

# A busy machine is slow now and then; that breaks no property.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")

WINDOW = np.array([[0, 64, 128], [48, 192, 144], [142, 226, 168]])
KERNEL = np.array([[-1, 0, -2], [0.5, 4.5, -1.5], [1.5, 2, -3]])

KERNEL_SHAPES = [(1, 1), (3, 3), (2, 2), (1, 4), (5, 2), (4, 7), (15, 15)]


def random(*shape, dtype=np.float64, seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype(dtype)


def small_numbers(*shape):
    """Integer-valued floats, so that sums are exact in whatever order they are made."""
    return arrays(np.float64, shape, elements=st.integers(-50, 50).map(float))


@st.composite
def image_and_kernel(draw):
    kh, kw = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    height, width = draw(st.integers(kh, 8)), draw(st.integers(kw, 8))
    return draw(small_numbers(height, width)), draw(small_numbers(kh, kw))


# --- the worked example, one pixel at a time


def test_the_worked_example_gives_577():
    assert convolve_pixel(WINDOW, KERNEL) == 577.0
    assert_array_equal(conv2d(WINDOW, KERNEL), [[577.0]])


def test_the_flipped_kernel_gives_732():
    assert_array_equal(true_convolution(WINDOW, KERNEL), [[732.0]])


def test_convolving_a_pixel_gives_a_python_float_even_from_bytes():
    result = convolve_pixel(np.full((3, 3), 200, np.uint8), np.full((3, 3), 2, np.uint8))
    assert type(result) is float
    assert result == 3600.0


def test_every_window_convolved_by_itself_makes_the_whole_image():
    image = random(5, 7)
    pixels = [
        [convolve_pixel(neighborhood(image, row, col), KERNEL) for col in range(1, 6)]
        for row in range(1, 4)
    ]
    assert_allclose(conv2d(image, KERNEL), pixels)


def test_a_neighborhood_is_a_copy():
    image = np.arange(12).reshape(3, 4)
    neighborhood(image, 1, 1)[:] = 0
    assert_array_equal(image, np.arange(12).reshape(3, 4))


@pytest.mark.parametrize("place", [(0, 1), (1, 0), (2, 1), (1, 3)])
def test_a_border_pixel_has_no_neighborhood(place):
    with pytest.raises(ValueError, match="row must be from 1 to 1, col from 1 to 2"):
        neighborhood(np.zeros((3, 4)), *place)


def test_a_negative_row_is_refused_rather_than_counted_from_the_end():
    with pytest.raises(ValueError, match="row must be 0 or more, got -2"):
        neighborhood(np.zeros((5, 5)), -2, 1)


# --- conv2d against its peers


@pytest.mark.parametrize("dtype", [np.uint8, np.int16, np.int64, np.float16, np.float64, bool])
@pytest.mark.parametrize("shape", KERNEL_SHAPES)
def test_valid_agrees_with_scipy_for_every_type_and_kernel_shape(dtype, shape):
    image = (random(17, 23) * 40 + 100).astype(dtype)
    kernel = random(*shape, seed=1)
    expected = signal.correlate2d(image.astype(np.float64), kernel, mode="valid")
    result = conv2d(image, kernel)
    assert result.dtype == np.float64
    assert_allclose(result, expected, rtol=1e-10, atol=1e-9)


@pytest.mark.parametrize("shape", KERNEL_SHAPES)
def test_float32_stays_float32_and_agrees_with_opencv(shape):
    image, kernel = random(40, 31, dtype=np.float32), random(*shape, seed=1)
    result = conv2d(image, kernel, padding="same")
    # OpenCV's anchor is the kernel value over the pixel; ours is TensorFlow's for even sizes.
    anchor = ((shape[1] - 1) // 2, (shape[0] - 1) // 2)
    expected = cv2.filter2D(image, -1, kernel, anchor=anchor, borderType=cv2.BORDER_CONSTANT)
    assert result.dtype == np.float32
    assert_allclose(result, expected, atol=2e-4)


@pytest.mark.parametrize(
    ("border", "mode"), [("zero", "constant"), ("wrap", "wrap"), ("edge", "nearest")]
)
@pytest.mark.parametrize("shape", [(3, 3), (5, 1), (9, 7)])
def test_same_agrees_with_ndimage_at_every_border(border, mode, shape):
    image, kernel = random(12, 10), random(*shape, seed=1)
    expected = ndimage.correlate(image, kernel, mode=mode)
    assert_allclose(conv2d(image, kernel, padding="same", border=border), expected)


def test_same_allows_a_kernel_larger_than_the_image():
    image, kernel = random(2, 3), random(5, 5, seed=1)
    expected = ndimage.correlate(image, kernel, mode="constant")
    assert_allclose(conv2d(image, kernel, padding="same"), expected)


def test_true_convolution_agrees_with_scipy():
    image, kernel = random(9, 14), random(4, 3, seed=1)
    expected = signal.convolve2d(image, kernel, mode="valid")
    assert_allclose(true_convolution(image, kernel), expected)


def test_each_channel_is_convolved_by_itself():
    image, kernel = random(11, 9, 3), random(3, 4, seed=1)
    for padding in ("valid", "same"):
        result = conv2d(image, kernel, padding=padding, border="edge", strides=(2, 1))
        for channel in range(3):
            alone = conv2d(image[..., channel], kernel, padding, (2, 1), "edge")
            assert_array_equal(result[..., channel], alone)


def test_what_learners_open_is_short():
    source, _ = inspect.getsourcelines(convolution_module._slide)
    code = "".join(source).split('"""')[2]
    assert len(code.strip().splitlines()) <= 15


@pytest.mark.parametrize("strides", [1, 2, 3, (1, 3), (4, 2), 20])
def test_strides_keep_every_nth_place(strides):
    image, kernel = random(13, 17), random(3, 4, seed=1)
    down, right = strides if isinstance(strides, tuple) else (strides, strides)
    expected = signal.correlate2d(image, kernel, mode="valid")[::down, ::right]
    assert_allclose(conv2d(image, kernel, strides=strides), expected)


@pytest.mark.tensorflow
def test_convolutions_agree_with_keras():
    ops = pytest.importorskip("keras").ops
    for size, kernel_size, strides in [
        ((9, 12), (3, 3), 2),
        ((8, 7), (2, 5), 3),
        ((5, 5), (4, 4), 1),
    ]:
        image, kernel = random(*size), random(*kernel_size, seed=1)
        for padding in ("valid", "same"):
            expected = ops.conv(image[None, :, :, None], kernel[:, :, None, None], strides, padding)
            result = conv2d(image, kernel, padding=padding, strides=strides)
            assert_allclose(result, np.asarray(expected)[0, :, :, 0], atol=1e-5)
    images, kernels, bias = random(4, 9, 8, 3), random(3, 2, 3, 5, seed=1), random(5, seed=2)
    expected = ops.conv(images, kernels, 1, "valid") + bias
    assert_allclose(conv_layer(images, kernels, bias), np.asarray(expected), atol=1e-5)


# --- what must always hold


@given(image_and_kernel(), st.integers(-5, 5), st.integers(-5, 5))
def test_conv2d_is_linear(pair, a, b):
    image, kernel = pair
    other = image[::-1] + 3
    together = conv2d(a * image + b * other, kernel)
    assert_array_equal(together, a * conv2d(image, kernel) + b * conv2d(other, kernel))


@given(image_and_kernel(), st.integers(0, 7), st.integers(0, 7))
def test_shifting_the_image_shifts_the_response(pair, down, right):
    image, kernel = pair
    shifted = np.roll(image, (down, right), axis=(0, 1))
    expected = np.roll(conv2d(image, kernel, "same", border="wrap"), (down, right), axis=(0, 1))
    assert_array_equal(conv2d(shifted, kernel, "same", border="wrap"), expected)


@given(image_and_kernel())
def test_true_convolution_is_correlation_with_the_kernel_flipped(pair):
    image, kernel = pair
    expected = signal.correlate2d(image, np.rot90(kernel, 2), mode="valid")
    assert_array_equal(true_convolution(image, kernel), expected)


@given(small_numbers(6, 5), st.integers(0, 2), st.integers(0, 2))
def test_the_identity_kernel_changes_nothing(image, row, col):
    kernel = np.zeros((2 * row + 1, 2 * col + 1))
    kernel[row, col] = 1
    assert_array_equal(conv2d(image, kernel, padding="same"), image)


@given(image_and_kernel(), st.integers(1, 4), st.integers(1, 4))
def test_shapes_follow_output_size(pair, down, right):
    image, kernel = pair
    expected = tuple(
        output_size(size, kernel_size, strides=step)
        for size, kernel_size, step in zip(image.shape, kernel.shape, (down, right), strict=True)
    )
    assert conv2d(image, kernel, strides=(down, right)).shape == expected
    same = conv2d(image, kernel, padding="same", strides=(down, right))
    assert same.shape == (-(-image.shape[0] // down), -(-image.shape[1] // right))


@given(image_and_kernel())
def test_arguments_are_never_changed_or_handed_back(pair):
    image, kernel = pair
    before = image.copy(), kernel.copy()
    for result in (conv2d(image, kernel), conv2d(image, kernel, "same", border="wrap")):
        assert not np.shares_memory(result, image)
        result[:] = 99
    assert_array_equal(image, before[0])
    assert_array_equal(kernel, before[1])


@pytest.mark.parametrize(
    "view",
    [lambda a: a[::2, ::-1], lambda a: a.T, np.asfortranarray, lambda a: a.astype(">f8")],
    ids=["strided", "transposed", "fortran", "big-endian"],
)
def test_memory_layout_does_not_matter(view):
    image, kernel = view(random(14, 12)), view(random(6, 6, seed=1))
    expected = conv2d(np.array(image, float, order="C"), np.array(kernel, float, order="C"))
    assert_array_equal(conv2d(image, kernel), expected)


def test_lists_are_images_too():
    assert_array_equal(conv2d([[1, 2], [3, 4]], [[1, -1]]), [[-1.0], [-1.0]])


def test_nan_stays_where_it_is_seen():
    image = random(9, 8)
    image[4, 5] = np.nan
    result = conv2d(image, np.zeros((3, 2)))  # 0 times NaN is NaN too
    seen = np.zeros((7, 7), bool)
    seen[2:5, 4:6] = True
    assert_array_equal(np.isnan(result), seen)


def test_rows_do_not_leak_into_each_other_nor_warn_of_it():
    image = np.ones((6, 5))
    image[2, 4], image[3, 0] = np.inf, -np.inf  # neighbours in memory only
    result = conv2d(image, np.ones((2, 2)))
    assert_array_equal(np.argwhere(result == np.inf), [[1, 3], [2, 3]])
    assert_array_equal(np.argwhere(result == -np.inf), [[2, 0], [3, 0]])
    assert not np.isnan(result).any()


# --- sizes and borders


def test_output_size_follows_the_formula():
    assert [output_size(28, k) for k in (1, 2, 3, 9, 28)] == [28, 27, 26, 20, 1]
    assert output_size(28, 3, padding=1) == 28
    assert output_size(7, 3, padding=2, strides=3) == 3
    assert type(output_size(np.int64(28), 3)) is int


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ((2, 3), ValueError, "kernel_size 3 is larger than the 2 pixels"),
        ((0, 1), ValueError, "size must be 1 or more"),
        ((5, 3, -1), ValueError, "padding must be 0 or more"),
        ((5, 3, 0, 0), ValueError, "strides must be 1 or more"),
        ((5, 3, 0, 1.5), TypeError, "strides must be a whole number, got 1.5"),
        ((5.0, 3), TypeError, "size must be a whole number"),
    ],
)
def test_impossible_sizes_are_refused(arguments, error, words):
    with pytest.raises(error, match=words):
        output_size(*arguments)


@pytest.mark.parametrize(
    ("border", "mode"), [("zero", "constant"), ("wrap", "wrap"), ("edge", "edge")]
)
def test_pad_adds_before_and_after_each_axis(border, mode):
    image = np.arange(24, dtype=np.int16).reshape(4, 3, 2)
    expected = np.pad(image, ((1, 2), (4, 4), (0, 0)), mode=mode)
    result = pad(image, (1, 2), 4, border=border)
    assert result.dtype == np.int16
    assert_array_equal(result, expected)


def test_a_negative_margin_is_refused():
    with pytest.raises(ValueError, match="rows must be 0 or more, got -1"):
        pad([[1]], (0, -1), 0)


# --- what is refused, and how it is said


@pytest.mark.parametrize(
    ("image", "kernel", "options", "error", "words"),
    [
        (np.ones((3, 4)), np.ones((5, 2)), {}, ValueError, "kernel 5x2 does not fit in .* 3x4"),
        (np.ones((3, 4)), np.ones((2, 5)), {}, ValueError, "kernel 2x5 does not fit in .* 3x4"),
        (np.ones(9), np.ones((3, 3)), {}, ValueError, r"\(height, width\) or .* got shape \(9,\)"),
        (np.ones((1, 5, 5, 1)), np.ones((3, 3)), {}, ValueError, "image must be"),
        (np.ones((5, 5)), np.ones(3), {}, ValueError, r"kernel must be \(height, width\), got"),
        (np.ones((0, 5)), np.ones((3, 3)), {}, ValueError, "image is empty"),
        (np.ones((5, 5)), np.ones((0, 0)), {}, ValueError, "kernel is empty"),
        ([[1, 2], [3]], [[1]], {}, ValueError, "rows differ in length"),
        ([["a"]], [[1]], {}, TypeError, "image must hold real numbers"),
        (None, [[1]], {}, TypeError, "image must hold real numbers"),
        ([[1]], [[1j]], {}, TypeError, "kernel must hold real numbers"),
        ([[1]], [[1]], {"padding": "full"}, ValueError, "'valid' or 'same', got 'full'"),
        ([[1]], [[1]], {"padding": 1}, ValueError, "padding must be"),
        ([[1]], [[1]], {"border": "mirror"}, ValueError, "border must be .* got 'mirror'"),
        ([[1]], [[1]], {"strides": 0}, ValueError, "strides must be 1 or more, got 0"),
        ([[1]], [[1]], {"strides": 1.0}, TypeError, "strides must be a whole number"),
        ([[1]], [[1]], {"strides": (1, 2, 3)}, TypeError, "strides must be a whole number"),
    ],
)
def test_conv2d_says_what_it_cannot_do(image, kernel, options, error, words):
    with pytest.raises(error, match=words):
        conv2d(image, kernel, **options)


def test_a_window_and_a_kernel_of_different_shape_are_refused():
    with pytest.raises(ValueError, match="window is 3x3 and kernel is 1x3"):
        convolve_pixel(np.ones((3, 3)), np.ones((1, 3)))


# --- a layer


def test_a_layer_adds_up_its_channels_and_its_bias():
    images, kernels, bias = random(2, 7, 6, 3), random(3, 2, 3, 4, seed=1), random(4, seed=2)
    result = conv_layer(images, kernels, bias)
    assert result.shape == (2, 5, 5, 4)
    for n, f in np.ndindex(2, 4):
        channels = [conv2d(images[n, :, :, c], kernels[:, :, c, f]) for c in range(3)]
        assert_allclose(result[n, :, :, f], np.sum(channels, axis=0) + bias[f])


def test_a_layer_keeps_float32():
    layer = conv_layer(random(1, 5, 5, 2, dtype=np.float32), random(3, 3, 2, 4), random(4))
    assert layer.dtype == np.float32


@pytest.mark.parametrize(
    ("images", "kernels", "bias", "words"),
    [
        ((1, 5, 5, 2), (3, 3, 1, 4), (4,), "got 2 channels and 4 biases"),
        ((1, 5, 5, 1), (3, 3, 1, 4), (3,), "got 1 channels and 3 biases"),
        ((1, 2, 5, 1), (3, 3, 1, 4), (4,), "kernel 3x3 does not fit in an image of 2x5"),
        ((5, 5, 1), (3, 3, 1, 4), (4,), "images must be"),
        ((1, 5, 5, 1), (3, 3), (4,), "kernels must be .height, width, in_channels, filters."),
    ],
)
def test_a_layer_says_what_does_not_go_together(images, kernels, bias, words):
    with pytest.raises(ValueError, match=words):
        conv_layer(np.ones(images), np.ones(kernels), np.ones(bias))


# --- bytes


def test_pixels_are_rounded_and_clipped_rather_than_wrapped_or_cut():
    values = [-300, -0.4, 0.6, 254.4, 254.6, 255.6, 577, np.inf, -np.inf]
    result = to_pixels(values)
    assert result.dtype == np.uint8
    assert_array_equal(result, [0, 0, 1, 254, 255, 255, 255, 255, 0])


def test_bytes_do_not_overflow_on_their_way_to_pixels():
    assert_array_equal(to_pixels(np.array([[100, 3]], np.uint8), 2, 50), [[250, 56]])


def test_nan_cannot_become_a_pixel():
    with pytest.raises(ValueError, match="no byte stands for NaN"):
        to_pixels([1.0, np.nan])


# --- the front door


def test_every_public_name_can_be_had_from_helpers():
    assert all(hasattr(helpers, name) for name in helpers.__all__)
    assert set(helpers.__all__) <= set(dir(helpers))
    assert helpers.network.__name__ == "helpers.network"  # a room that is opened when asked for
    with pytest.raises(AttributeError, match="'helpers' has no attribute 'convolve'"):
        helpers.convolve  # noqa: B018


def test_importing_helpers_brings_in_nothing_heavy():
    heavy = "{'tensorflow', 'keras', 'matplotlib', 'PIL', 'IPython', 'scipy', 'course'}"
    code = f"import sys, helpers; print(sorted({heavy} & set(sys.modules)))"
    root = Path(helpers.__file__).parents[1]
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "[]"
