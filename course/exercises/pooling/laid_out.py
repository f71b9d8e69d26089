"""Where the windows lie, where they should be 2x2 and side by side: functions of an image."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from course.exercises.exercise import mistake
from course.exercises.pooling.pooled import (
    COMBINED,
    RESHAPED,
    SQUARE,
    Pool,
    combining,
    last_zero,
    pooled,
    written_transposed,
)


def image_pool(change: Callable[[np.ndarray], Any], pool: Pool = pooled) -> Pool:
    """Change the image first, then pool rightly."""
    return lambda image: pool(change(np.asarray(image, dtype=float)))


def even(image: np.ndarray) -> np.ndarray:
    """Leave out an odd last row and column."""
    rows, columns = image.shape
    return np.asarray(image, dtype=float)[: rows // 2 * 2, : columns // 2 * 2]


def reshaped(image: np.ndarray, shape: str, axes: Any) -> np.ndarray:
    """Cut up in the order of memory; `shape` is written with h and w, the halves."""
    pixels = even(image)
    sizes = {"h": pixels.shape[0] // 2, "w": pixels.shape[1] // 2}
    return pixels.reshape([sizes.get(letter) or int(letter) for letter in shape]).max(axis=axes)


def quarters(image: np.ndarray) -> np.ndarray:
    rows, columns = image.shape[0] // 2, image.shape[1] // 2
    halves = [slice(0, rows), slice(rows, None)], [slice(0, columns), slice(columns, None)]
    return np.array([[float(image[r, c].max()) for c in halves[1]] for r in halves[0]])


def start_not_doubled(image: np.ndarray) -> np.ndarray:
    rows, columns = image.shape[0] // 2, image.shape[1] // 2
    result = np.zeros((rows, columns))
    for r, c in np.ndindex(rows, columns):
        result[r, c] = image[r : 2 * r + 2, c : 2 * c + 2].max()
    return result


def larger(image: np.ndarray, result: np.ndarray, far: int) -> np.ndarray:
    """Write the values into zeros of the image's size, `far` pixels apart."""
    zeros = np.zeros(image.shape)
    zeros[: far * len(result) : far, : far * result.shape[1] : far] = result
    return zeros


ODD_EDGE = (
    "An odd last row or column is kept. It does not fill a window of 2x2, so it is dropped: 5 rows "
    "give 2, and not 3."
)

# Where the windows lie, where they should be 2x2 and side by side: functions of an image.
LAID_OUT = (
    mistake("overlapping",
        "Your windows overlap: they move one pixel at a time. They move by two, so that 4x4 gives "
        "2x2 and not 3x3.",
        partial(pooled, strides=1), partial(pooled, strides=1, count=lambda n, p, s: n)),
    mistake("step_forgotten",
        "Your windows move by one pixel: row r of the result comes from rows 2 * r and 2 * r + 1, "
        "and not from r and r + 1.",
        partial(pooled, step=lambda p, s: 1), start_not_doubled),
    mistake("one_axis_steps",
        "Your windows move by two along one axis, and by one pixel along the other. Compare where "
        "they begin: at row 2 * r and column 2 * c.",
        partial(pooled, step=lambda p, s: (2, 1)), partial(pooled, step=lambda p, s: (1, 2))),
    mistake("odd_edge_kept",
        ODD_EDGE,
        partial(pooled, count=lambda n, p, s: -(-n // 2)),
        image_pool(lambda m: np.pad(m, [(0, m.shape[0] % 2), (0, m.shape[1] % 2)])),
        partial(pooled, count=lambda n, p, s: round(n / 2)),
        lambda image: np.pad(pooled(image), [(0, n % 2) for n in np.shape(image)])),
    mistake("cut_out",
        "You cut the top left quarter out of the image and pool nothing. Each value of the result "
        "is the largest of a 2x2 window.",
        lambda image: image[: image.shape[0] // 2, : image.shape[1] // 2],
        lambda image: np.resize(image, (image.shape[0] // 2, image.shape[1] // 2))),
    mistake("first_dropped",
        "Where the height or width is odd you drop the first row or column. It is the last that "
        "does not fill a window.",
        image_pool(lambda m: m[m.shape[0] % 2 :, m.shape[1] % 2 :])),
    mistake("starts_at_one",
        "Your first window begins at row 1, column 1. It begins at row 0, column 0.",
        image_pool(lambda m: m[1:, 1:]), image_pool(lambda m: np.pad(m[1:, 1:], ((0, 1), (0, 1)))),
        image_pool(lambda m: m[1:]), image_pool(lambda m: m[:, 1:]),
        image_pool(lambda m: np.pad(m, ((1, 0), (1, 0)), mode="edge")),
        partial(pooled, finish=lambda m: np.pad(m[1:, 1:], ((1, 0), (1, 0))))),
    mistake("last_window_missing",
        "The last row and column of windows are missing or still 0. A range ends before its stop: "
        "range(0, H - 1, 2) reaches the last window, range(0, H - 2, 2) does not.",
        partial(pooled, count=lambda n, p, s: n // 2 - 1),
        partial(pooled, count=lambda n, p, s: len(range(0, n - 2, 2))),
        partial(pooled, finish=last_zero)),
    mistake("wrong_window",
        "Your window is not 2x2: image[r : r + 2, c : c + 2] holds two rows and two columns, "
        "because a slice ends before its stop.",
        partial(pooled, size=lambda p, s: 3), partial(pooled, size=lambda p, s: 4),
        *(partial(pooled, pool_size=p, strides=s) for p, s in ((3, 2), (3, 3), (3, 1))),
        partial(pooled, size=lambda p, s: 3, count=lambda n, p, s: len(range(0, n - 1, 2))),
        *(partial(pooled, pool_size=p, strides=s) for p, s in ((4, 2), (2, 3), (2, 4)))),
    mistake("subsampled",
        "You keep the pixel in one corner of each window, whatever it is. Look at all four.",
        lambda image: image[::2, ::2], lambda image: image[1::2, ::2],
        lambda image: image[::2, 1::2]),
    mistake("pixels_far_apart",
        RESHAPED,
        partial(reshaped, shape="2h2w", axes=(0, 2)), partial(reshaped, shape="hw22", axes=(2, 3)),
        partial(reshaped, shape="hw4", axes=2), partial(reshaped, shape="22hw", axes=(0, 1)),
        partial(reshaped, shape="4hw", axes=0), partial(reshaped, shape="h22w", axes=(1, 2)),
        partial(reshaped, shape="2hw2", axes=(0, 3))),
    mistake("one_direction",
        "Only one direction is pooled: half of the values are left. Take the maximum over pairs "
        "of rows and over pairs of columns: a quarter is left.",
        lambda image: np.maximum(even(image)[::2], even(image)[1::2]),
        lambda image: np.maximum(even(image)[:, ::2], even(image)[:, 1::2]),
        lambda image: np.maximum(image[::2], image[1::2]),
        lambda image: np.maximum(image[:, ::2], image[:, 1::2])),
    mistake("cut_into_four",
        "You cut the whole image into 2x2 parts. It is the windows that are 2x2 pixels: 4x6 "
        "pixels have 2x3 of them.",
        quarters),
    mistake("size_kept",
        "The result is as large as the image. Write one value for each window, (H // 2, W // 2), "
        "in row r // 2 and column c // 2.",
        lambda image: pooled(image).repeat(2, 0).repeat(2, 1),
        lambda image: larger(image, pooled(image), 2),
        lambda image: larger(image, pooled(image), 1)),
    mistake("one_size_for_both",
        "Height and width are taken to be the same. An image need not be square: count the rows "
        "of windows with image.shape[0], the columns with image.shape[1].",
        *(partial(pooled, shape=shape) for shape in SQUARE)),
    mistake("axes_swapped",
        "Rows and columns have changed places: the row comes first, image[row, column].",
        partial(pooled, finish=np.transpose), partial(pooled, look=np.transpose),
        partial(pooled, finish=written_transposed)),
    mistake("whole_image",
        "You take the maximum over the whole image, or over whole rows or columns. Take it over "
        "each 2x2 window.",
        lambda image: image.max(axis=0), lambda image: image.max(axis=1),
        lambda image: np.full(pooled(image).shape, image.max()),
        lambda image: pooled(image) * 0 + pooled(image).max(axis=1, keepdims=True),
        lambda image: pooled(np.broadcast_to(image.max(axis=1, keepdims=True), image.shape)),
        lambda image: pooled(np.broadcast_to(image.max(axis=0), image.shape))),
    mistake("flattened",
        "All values stand in one row: the shape is lost. reshape it to (H // 2, W // 2), or write "
        "into an array of that shape.",
        partial(pooled, finish=np.ravel),
        partial(pooled, count=lambda n, p, s: -(-n // 2), finish=np.ravel)),
    mistake("scaled",
        "You divide by the largest value. The values stay what they are.",
        partial(pooled, finish=lambda m: m / m.max()),
        partial(pooled, finish=lambda m: m / np.abs(m).max())),
    mistake("pooled_twice",
        "The image is pooled twice: 26 gives 13 and then 6. Once is enough.",
        lambda image: pooled(pooled(image))),
)  # fmt: skip

POOLING = (*combining(COMBINED), *LAID_OUT)
