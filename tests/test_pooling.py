"""The reference pooling against scikit-image, SciPy and Keras, and what must always hold."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from numpy.lib.stride_tricks import sliding_window_view
from numpy.testing import assert_allclose, assert_array_equal
from skimage.measure import block_reduce

from helpers import average_pool2d, max_pool2d, pool_output_size, relu

# A busy machine is slow now and then; that breaks no property.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")

IMAGES = arrays(
    np.float64,
    array_shapes(min_dims=2, max_dims=4, min_side=1, max_side=7),
    elements=st.integers(-99, 99).map(float),
)


def random(*shape, dtype=np.float64):
    return np.random.default_rng(0).normal(size=shape).astype(dtype)


def windows_of(image, pool_size, strides):
    (rows, cols), (down, right) = pool_size, strides
    return sliding_window_view(image, (rows, cols), axis=(0, 1))[::down, ::right]


@pytest.mark.parametrize("pool_size", [1, 2, 3, (2, 4), (5, 1)])
def test_pooling_agrees_with_block_reduce(pool_size):
    image = random(20, 60)
    block = pool_size if isinstance(pool_size, tuple) else (pool_size, pool_size)
    fits = image[: 20 // block[0] * block[0], : 60 // block[1] * block[1]]
    assert_array_equal(max_pool2d(image, pool_size), block_reduce(fits, block, np.max))
    assert_allclose(average_pool2d(image, pool_size), block_reduce(fits, block, np.mean))


@pytest.mark.parametrize("strides", [1, 2, (1, 3), (4, 1), 9])
@pytest.mark.parametrize("pool_size", [(2, 2), (3, 2), (4, 5)])
def test_windows_may_overlap_or_leave_gaps(pool_size, strides):
    image = random(11, 13)
    steps = strides if isinstance(strides, tuple) else (strides, strides)
    windows = windows_of(image, pool_size, steps)
    assert_array_equal(max_pool2d(image, pool_size, strides), windows.max(axis=(2, 3)))
    assert_allclose(average_pool2d(image, pool_size, strides), windows.mean(axis=(2, 3)))


def test_an_odd_last_row_and_column_are_dropped():
    image = np.arange(15).reshape(3, 5)
    assert_array_equal(max_pool2d(image), [[6, 8]])
    assert_array_equal(average_pool2d(image), [[3, 5]])


def test_same_padding_never_wins_a_maximum():
    image = -np.arange(1.0, 16.0).reshape(3, 5)
    assert_array_equal(max_pool2d(image, padding="same"), [[-1, -3, -5], [-11, -13, -15]])


@pytest.mark.tensorflow
def test_pooling_agrees_with_keras():
    ops = pytest.importorskip("keras").ops
    images = random(2, 9, 12, 3, dtype=np.float32) - 5
    for pool_size, strides in [(2, None), (3, None), (3, 1), ((2, 3), 2), (2, 3)]:
        for padding in ("valid", "same"):
            expected = ops.max_pool(images, pool_size, strides, padding)
            assert_array_equal(max_pool2d(images, pool_size, strides, padding), expected)
        expected = ops.average_pool(images, pool_size, strides, "valid")
        assert_allclose(average_pool2d(images, pool_size, strides), expected, rtol=1e-5)


@pytest.mark.parametrize("pool", [max_pool2d, average_pool2d])
def test_channels_and_batches_are_pooled_one_by_one(pool):
    batch = random(2, 7, 6, 3)
    result = pool(batch, (3, 2), 2)
    for n in range(2):
        assert_array_equal(pool(batch[n], (3, 2), 2), result[n])
        for channel in range(3):
            assert_array_equal(pool(batch[n, :, :, channel], (3, 2), 2), result[n, ..., channel])


@given(IMAGES, st.integers(1, 3), st.integers(1, 3))
def test_a_mean_is_never_above_a_maximum_and_a_maximum_is_in_the_image(image, pool_size, strides):
    rows, cols = image.shape[-3:-1] if image.ndim == 4 else image.shape[:2]
    if pool_size > min(rows, cols):
        pool_size = 1
    largest = max_pool2d(image, pool_size, strides)
    mean = average_pool2d(image, pool_size, strides)
    assert mean.shape == largest.shape
    assert np.all(mean <= largest + 1e-9)
    assert np.isin(largest, image).all()
    assert largest.max() <= image.max()


@given(IMAGES)
def test_same_sizes_are_the_ceiling(image):
    sides = slice(1, 3) if image.ndim == 4 else slice(0, 2)
    result = max_pool2d(image, 2, 3, padding="same")
    assert result.shape[sides] == tuple(-(-side // 3) for side in image.shape[sides])
    assert np.isfinite(result).all()


@given(IMAGES)
def test_images_are_never_changed_or_handed_back(image):
    before = image.copy()
    for result in (max_pool2d(image, 1), average_pool2d(image, 1), relu(image)):
        assert not np.shares_memory(result, image)
        result[:] = 99
    assert_array_equal(image, before)


@pytest.mark.parametrize("pool", [max_pool2d, average_pool2d, relu])
def test_bytes_become_float64_and_float32_stays(pool):
    assert pool(np.full((4, 4), 200, np.uint8)).dtype == np.float64
    assert pool(np.ones((4, 4), np.float32)).dtype == np.float32


def test_bytes_do_not_overflow_in_a_mean():
    assert_array_equal(average_pool2d(np.full((2, 2), 200, np.uint8)), [[200.0]])


@pytest.mark.parametrize("pool", [max_pool2d, average_pool2d])
def test_memory_layout_does_not_matter(pool):
    image = random(12, 10)
    assert_array_equal(pool(np.asfortranarray(image)), pool(image))
    assert_array_equal(pool(image[::-2, ::2]), pool(image[::-2, ::2].copy()))


@pytest.mark.parametrize("pool", [max_pool2d, average_pool2d])
def test_nan_marks_its_own_window_only(pool):
    image = np.zeros((6, 6))
    image[3, 2] = np.nan
    assert_array_equal(np.argwhere(np.isnan(pool(image))), [[1, 1]])


def test_relu_replaces_negatives_and_keeps_shape_and_nan():
    values = np.array([[-1.5, 0.0, 2.0], [np.nan, -np.inf, np.inf]])
    assert_array_equal(relu(values), [[0, 0, 2], [np.nan, 0, np.inf]])


def test_sizes_follow_the_formula():
    assert [pool_output_size(size) for size in (26, 11, 2)] == [13, 5, 1]
    assert pool_output_size(26, 3) == 8
    assert pool_output_size(26, 3, 1) == 24


@pytest.mark.parametrize(
    ("image", "options", "error", "words"),
    [
        (np.ones((1, 5)), {}, ValueError, "pool_size 2x2 does not fit in an image of 1x5"),
        (np.ones(5), {}, ValueError, "image must be .* got shape"),
        (np.ones((2, 0)), {}, ValueError, "image is empty"),
        (np.ones((5, 5)), {"pool_size": 0}, ValueError, "pool_size must be 1 or more"),
        (np.ones((5, 5)), {"pool_size": 2.0}, TypeError, "pool_size must be a whole number"),
        (np.ones((5, 5)), {"strides": 0}, ValueError, "strides must be 1 or more"),
        ([["a", "b"]], {}, TypeError, "image must hold real numbers"),
    ],
)
@pytest.mark.parametrize("pool", [max_pool2d, average_pool2d])
def test_pooling_says_what_it_cannot_do(pool, image, options, error, words):
    with pytest.raises(error, match=words):
        pool(image, **options)


def test_an_unknown_padding_is_refused():
    with pytest.raises(ValueError, match="padding must be 'valid' or 'same', got 'half'"):
        max_pool2d(np.ones((4, 4)), padding="half")


def test_a_stride_of_zero_is_not_taken_for_none():
    with pytest.raises(ValueError, match="strides must be 1 or more, got 0"):
        pool_output_size(26, 2, 0)
