"""`max_pool_2x2(image)`: the largest value of each 2x2 window."""

from collections.abc import Iterable

import numpy as np

import helpers
from course.exercises.exercise import ByCalls, Call, call
from course.exercises.pooling.images import (
    NEGATIVE_PATCH,
    PATCH,
    bright_bytes,
    floats,
    negative,
    signed,
)
from course.exercises.pooling.laid_out import POOLING


def max_pool_2x2(image: np.ndarray) -> np.ndarray:
    return helpers.max_pool2d(image, 2)


ODD_PATCH = np.array([[1, 3, 2, 0, 7], [4, 2, 5, 1, 9], [0, 1, 9, 6, 8]])


# --- Cases ----------------------------------------------------------------------------------------


def cases(rng: np.random.Generator) -> Iterable[Call]:
    yield call(signed(rng, 5, 7))
    yield call(floats(rng, 6, 4))
    yield call(bright_bytes(rng, 4, 9))
    yield call(negative(rng, 7, 6))
    yield call(floats(rng, 8, 12).astype(np.float32))
    yield call(signed(rng, 2, 4))
    yield call(signed(rng, 3, 2))
    yield call(floats(rng, 9, 5))


# --- Other right answers --------------------------------------------------------------------------


def max_pool_by_loops(image: np.ndarray) -> np.ndarray:
    rows, columns = image.shape[0] // 2, image.shape[1] // 2
    result = np.zeros((rows, columns))
    for r in range(rows):
        for c in range(columns):
            result[r, c] = image[2 * r : 2 * r + 2, 2 * c : 2 * c + 2].max()
    return result


def max_pool_by_slices(image: np.ndarray) -> np.ndarray:
    even = image[: image.shape[0] // 2 * 2, : image.shape[1] // 2 * 2]
    top = np.maximum(even[::2, ::2], even[::2, 1::2])
    bottom = np.maximum(even[1::2, ::2], even[1::2, 1::2])
    return np.maximum(top, bottom)


def max_pool_by_reshape(image: np.ndarray) -> np.ndarray:
    rows, columns = image.shape[0] // 2, image.shape[1] // 2
    return image[: 2 * rows, : 2 * columns].reshape(rows, 2, columns, 2).max(axis=(1, 3))


def max_pool_by_lists(image: np.ndarray) -> np.ndarray:
    values = image.tolist()
    windows = [
        [(*up[c : c + 2], *down[c : c + 2]) for c in range(0, len(up) - 1, 2)]
        for up, down in zip(values[::2], values[1::2], strict=False)
    ]
    return np.array([[max(window) for window in row] for row in windows])


EXERCISE = ByCalls(
    key="max_pool_2x2",
    title="Keep the largest value of each 2x2 window",
    points=2,
    minutes=5,
    reference=max_pool_2x2,
    helpers=("pooling.max_pool2d",),
    window=lambda image, theirs: helpers.stepper.pooling(image, theirs=theirs),
    examples=(call(PATCH), call(ODD_PATCH), call(NEGATIVE_PATCH)),
    cases=cases,
    alternatives=(max_pool_by_loops, max_pool_by_slices, max_pool_by_reshape, max_pool_by_lists),
    mistakes=POOLING,
    hints=(
        (
            "Which rows and columns of the image does the value in row 1, column 0 of the result "
            "come from?"
        ),
        "Window (r, c) begins at row 2 * r, column 2 * c. How many fit into 5 rows? `//` says it.",
        (
            "Make an empty array of (H // 2, W // 2). For each r and c, put in the maximum of a "
            "slice that is two rows high and two columns wide."
        ),
    ),
)
