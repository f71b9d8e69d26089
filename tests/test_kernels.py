"""The named kernels, the gallery and the filters made with them."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose, assert_array_equal
from scipy import ndimage
from skimage import filters

from helpers import (
    GALLERY,
    HORIZONTAL,
    LAPLACIAN,
    VERTICAL,
    Filter,
    apply_filter,
    conv2d,
    gradient_magnitude,
    median_filter,
    photograph,
)

# A busy machine is slow now and then; that breaks no property.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")

BYTES = np.random.default_rng(0).integers(0, 256, (24, 31), dtype=np.uint8)
COLOUR = np.random.default_rng(1).integers(0, 256, (15, 12, 3), dtype=np.uint8)

SUM_TO_ZERO = {"find edges", "emboss 3x3", "emboss 5x5"}


def test_the_gallery_is_whole():
    assert list(GALLERY) == [
        "identity",
        "blur 3x3",
        "blur 5x5",
        "gaussian 3x3",
        "gaussian 5x5",
        "motion blur",
        "find edges",
        "sharpen",
        "subtle sharpen",
        "excessive edges",
        "emboss 3x3",
        "emboss 5x5",
        "mean",
    ]


@pytest.mark.parametrize("name", GALLERY)
def test_a_flat_area_keeps_its_grey_or_shows_the_bias_alone(name):
    flat = np.full((12, 13), 77, np.uint8)
    expected = GALLERY[name].bias if name in SUM_TO_ZERO else 77
    assert_array_equal(apply_filter(flat, name), np.full_like(flat, expected))


@pytest.mark.parametrize("name", GALLERY)
def test_each_filter_is_what_opencv_makes_of_its_kernel(name):
    kernel, factor, bias = GALLERY[name]
    response = cv2.filter2D(BYTES.astype(float), -1, kernel, borderType=cv2.BORDER_REPLICATE)
    expected = np.clip(np.rint(factor * response + bias), 0, 255).astype(np.uint8)
    assert_array_equal(apply_filter(BYTES, name), expected)


@pytest.mark.parametrize("name", GALLERY)
def test_colour_is_filtered_channel_by_channel(name):
    result = apply_filter(COLOUR, name)
    assert result.shape == COLOUR.shape
    for channel in range(3):
        assert_array_equal(result[..., channel], apply_filter(COLOUR[..., channel], name))


def test_the_gaussians_are_outer_products_of_pascals_triangle():
    for name, row in (("gaussian 3x3", [1, 2, 1]), ("gaussian 5x5", [1, 4, 6, 4, 1])):
        assert_array_equal(GALLERY[name].kernel, np.outer(row, row))


def test_motion_blur_is_the_main_diagonal():
    assert_array_equal(GALLERY["motion blur"].kernel, np.eye(9))


def test_embossing_lights_what_falls_towards_the_upper_left():
    assert_array_equal(GALLERY["emboss 3x3"].kernel, [[-1, -1, 0], [-1, 0, 1], [0, 1, 1]])
    for name in ("emboss 3x3", "emboss 5x5"):
        kernel = GALLERY[name].kernel
        assert_array_equal(kernel, kernel.T)
        assert_array_equal(kernel, -np.rot90(kernel, 2))


def test_a_filter_of_ones_own_is_applied_too():
    negative = Filter(np.ones((1, 1)), factor=-1, bias=255)
    assert_array_equal(apply_filter(BYTES, negative), 255 - BYTES)


def test_the_border_is_a_choice():
    flat = np.full((3, 3), 90, np.uint8)
    assert_array_equal(apply_filter(flat, "mean", border="zero")[0], [40, 60, 40])


def test_an_unknown_filter_is_answered_with_the_names():
    with pytest.raises(ValueError, match=r"'sharpen' or .* got 'sharpn'"):
        apply_filter(BYTES, "sharpn")


def test_named_kernels_cannot_be_spoilt():
    for kernel in (HORIZONTAL, VERTICAL, LAPLACIAN, GALLERY["mean"].kernel):
        with pytest.raises(ValueError, match="read-only"):
            kernel *= 2
    with pytest.raises(TypeError):
        GALLERY["mean"] = GALLERY["sharpen"]  # type: ignore[index]


def test_edge_kernels_are_those_of_scipy():
    image = BYTES.astype(float)
    inner = (slice(1, -1), slice(1, -1))
    assert_array_equal(conv2d(image, HORIZONTAL), ndimage.sobel(image, axis=0)[inner])
    assert_array_equal(conv2d(image, VERTICAL), ndimage.sobel(image, axis=1)[inner])
    assert_array_equal(conv2d(image, LAPLACIAN), ndimage.laplace(image)[inner])


def test_the_share_of_negative_edge_responses_is_what_lesson_2_says():
    picture = photograph()
    for kernel, percent in ((HORIZONTAL, 39), (VERTICAL, 41)):
        assert round(100 * np.mean(conv2d(picture, kernel) < 0)) == percent


def test_gradient_magnitude_agrees_with_scikit_image():
    image = BYTES / 255
    # scikit-image divides each response by 4, and their root by the square root of 2.
    expected = filters.sobel(image)[1:-1, 1:-1] * 4 * np.sqrt(2)
    assert_allclose(gradient_magnitude(image), expected)


def test_gradient_magnitude_does_not_depend_on_the_direction():
    image = BYTES.astype(np.float32)
    assert gradient_magnitude(image).dtype == np.float32
    assert_allclose(gradient_magnitude(image.T), gradient_magnitude(image).T, rtol=1e-6)


@pytest.mark.parametrize("size", [1, 3, 5, (1, 7), (3, 5)])
def test_the_median_agrees_with_scipy(size):
    rows, cols = size if isinstance(size, tuple) else (size, size)
    expected = ndimage.median_filter(BYTES, size=(rows, cols))
    inner = expected[rows // 2 : 24 - rows // 2, cols // 2 : 31 - cols // 2]
    result = median_filter(BYTES, size)
    assert result.dtype == np.float64
    assert_array_equal(result, inner)


def test_an_even_median_is_the_mean_of_the_middle_two():
    assert_array_equal(median_filter([[1, 2, 4], [9, 7, 5]], 2), [[4.5, 4.5]])


def test_the_median_of_colour_is_taken_channel_by_channel():
    result = median_filter(COLOUR, 3)
    for channel in range(3):
        assert_array_equal(result[..., channel], median_filter(COLOUR[..., channel], 3))


def test_the_median_of_nan_is_nan():
    image = np.zeros((5, 6))
    image[0, 0] = np.nan
    assert_array_equal(np.argwhere(np.isnan(median_filter(image, 3))), [[0, 0]])


@given(arrays(np.float64, (6, 7), elements=st.integers(-99, 99).map(float)), st.integers(1, 6))
def test_a_median_lies_between_the_extremes_and_ignores_scale(image, size):
    result = median_filter(image, size)
    assert result.shape == (7 - size, 8 - size)
    assert image.min() <= result.min()
    assert result.max() <= image.max()
    assert_array_equal(median_filter(2 * image + 1, size), 2 * result + 1)


@pytest.mark.parametrize(
    ("size", "error", "words"),
    [
        (7, ValueError, "size 7x7 does not fit in an image of 6x9"),
        (0, ValueError, "size must be 1 or more"),
        (3.0, TypeError, "size must be a whole number"),
    ],
)
def test_an_impossible_median_is_refused(size, error, words):
    with pytest.raises(error, match=words):
        median_filter(np.zeros((6, 9)), size)
