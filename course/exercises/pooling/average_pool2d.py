"""`average_pool2d(image, pool_size=2, strides=None)`: the mean of each window."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

import helpers
from course.exercises.exercise import ByCalls, Call, Mistake, call, made_by, mistake
from course.exercises.pooling.images import PATCH, bright_bytes, floats, negative, signed
from course.exercises.pooling.pooled import ARGUMENTS, RESHAPED, Pool, combining, flat, over, pooled

# --- Cases ----------------------------------------------------------------------------------------


def cases(rng: np.random.Generator) -> Iterable[Call]:
    yield call(signed(rng, 5, 8))
    yield call(bright_bytes(rng, 6, 5))
    yield call(bright_bytes(rng, 7, 10), pool_size=3)
    yield call(floats(rng, 8, 9), pool_size=3, strides=2)
    yield call(negative(rng, 6, 8), pool_size=2, strides=1)
    yield call(floats(rng, 9, 11).astype(np.float32), 2, 3)
    yield call(bright_bytes(rng, 8, 7), pool_size=4, strides=3)
    yield call(signed(rng, 5, 6), pool_size=5)
    yield call(bright_bytes(rng, 4, 3), pool_size=1)


# --- Other right answers --------------------------------------------------------------------------


def average_by_loops(
    image: np.ndarray, pool_size: int = 2, strides: int | None = None
) -> np.ndarray:
    if strides is None:
        strides = pool_size
    rows = (image.shape[0] - pool_size) // strides + 1
    columns = (image.shape[1] - pool_size) // strides + 1
    result = np.zeros((rows, columns))
    for r in range(rows):
        for c in range(columns):
            total = 0.0
            for i in range(pool_size):
                for j in range(pool_size):
                    total += image[r * strides + i, c * strides + j]
            result[r, c] = total / pool_size**2
    return result


def average_by_convolution(
    image: np.ndarray, pool_size: int = 2, strides: int | None = None
) -> np.ndarray:
    box = np.full((pool_size, pool_size), 1 / pool_size**2)
    return helpers.conv2d(image, box, strides=strides or pool_size)


def average_by_running_sums(
    image: np.ndarray, pool_size: int = 2, strides: int | None = None
) -> np.ndarray:
    step, p = strides or pool_size, pool_size
    sums = np.pad(image.astype(float).cumsum(0).cumsum(1), ((1, 0), (1, 0)))
    boxes = sums[p:, p:] - sums[:-p, p:] - sums[p:, :-p] + sums[:-p, :-p]
    return (boxes / p**2)[::step, ::step]


# --- Mistakes -------------------------------------------------------------------------------------

mean = over(np.nanmean)


def sum_of_part(part: Callable[[np.ndarray], np.ndarray]) -> Callable[[np.ndarray], np.ndarray]:
    """Add up a part of each window, and divide by the number of all its values."""
    return lambda w: part(w).sum((2, 3)) / w.shape[2] ** 2


def average_in_own_type(
    image: Any, pool_size: int = 2, strides: int | None = None, kind: Any = None
) -> np.ndarray:
    step = pool_size if strides is None else strides
    windows = sliding_window_view(image, (pool_size, pool_size))[::step, ::step]
    return windows.sum((2, 3), dtype=kind or image.dtype) / pool_size**2


# The first window of the worked example again: [[1, 3], [4, 2]], whose mean is 2.5.
AVERAGED = (
    mistake("maximum",
        "That is still max pooling: 4 for [[1, 3], [4, 2]], whose mean is 2.5.",
        over(np.nanmax), lambda w: w.max(2).mean(2), lambda w: w.max(3).mean(2),
        lambda w: w.mean(2).max(2), lambda w: w.mean(3).max(2)),
    mistake("minimum",
        "You keep the smallest value of each window: 1 for [[1, 3], [4, 2]], whose mean is 2.5.",
        over(np.nanmin)),
    mistake("summed",
        "You add up and do not divide: 10 for [[1, 3], [4, 2]]. Its four values have the mean 2.5.",
        over(np.nansum)),
    mistake("wrong_divisor",
        "You divide by the wrong number. A window has pool_size * pool_size values: 4 for 2x2, so "
        "10 / 4 = 2.5, and 9 for 3x3.",
        lambda w: w.sum((2, 3)) / 4, lambda w: w.sum((2, 3)) / w.shape[2],
        lambda w: w.sum((2, 3)) / (2 * w.shape[2]), lambda w: w.sum((2, 3)) / 9,
        lambda w: w.sum((2, 3)) / 2, lambda w: w.sum((2, 3)) / max(w.shape[2] ** 2 - 1, 1),
        lambda w: w.mean((2, 3)) / w.shape[2] ** 2, lambda w: w.sum((2, 3)) / (w.shape[2] ** 2 + 1),
        lambda w: w.mean((2, 3)) / w.shape[2], lambda w: w.mean((2, 3)) / 4),
    mistake("whole_numbers",
        "The fractions are gone: [[1, 3], [4, 2]] gives 2 and not 2.5. Is there a `//`, an int(), "
        "or an array of integers?",
        lambda w: np.floor(w.mean((2, 3))), lambda w: np.trunc(w.mean((2, 3))),
        lambda w: np.rint(w.mean((2, 3))), lambda w: np.ceil(w.mean((2, 3))),
        lambda w: np.trunc(w).mean((2, 3)), lambda w: np.round(w.mean((2, 3)), 1),
        lambda w: np.round(w.mean((2, 3)), 2), lambda w: np.rint(w).mean((2, 3))),
    mistake("median",
        "You take the middle value, not the mean: add up all the values and divide by how many "
        "they are.",
        over(np.nanmedian), lambda w: (w.max((2, 3)) + w.min((2, 3))) / 2),
    mistake("values_left_out",
        "Some values of each window are left out. All pool_size * pool_size of them count.",
        lambda w: w[..., 0, :].mean(2), lambda w: w[..., 0].mean(2), lambda w: w[..., 0, 0],
        lambda w: w[..., -1, -1], lambda w: np.diagonal(w, axis1=2, axis2=3).mean(2),
        lambda w: np.where(w > 0, w, np.nan).sum((2, 3)), lambda w: np.maximum(w, 0).mean((2, 3)),
        lambda w: np.nanmean(np.where(w > 0, w, np.nan), axis=(2, 3)),
        lambda w: np.nanmean(np.where(w != 0, w, np.nan), axis=(2, 3)),
        lambda w: flat(w)[..., :-1].mean(2),
        *map(sum_of_part, (lambda w: w[..., :-1, :],
            lambda w: w[..., :-1], lambda w: w[..., :-1, :-1], lambda w: w[..., :1],
            lambda w: w[..., :1, :], lambda w: w[..., -1:, -1:], lambda w: w[..., 1:, :],
            lambda w: w[..., 1:]))),
    mistake("not_reset",
        "The sum is carried over from one window to the next, or does not start from 0. Set it to "
        "0 inside the loops, for each window.",
        lambda w: w.sum((2, 3)).cumsum().reshape(w.shape[:2]) / w.shape[2] ** 2,
        lambda w: w.sum((2, 3)).cumsum(axis=1) / w.shape[2] ** 2,
        lambda w: (w.sum((2, 3)) + 1) / w.shape[2] ** 2),
    mistake("signs_lost",
        "The signs are lost. Negative values count too: the mean of -4 and 2 is -1.",
        lambda w: np.abs(w).mean((2, 3)), lambda w: np.abs(w.mean((2, 3))),
        lambda w: np.maximum(w.mean((2, 3)), 0), lambda w: np.mod(np.trunc(w), 256).mean((2, 3))),
    mistake("another_mean",
        "That is another measure, not the arithmetic mean: add up all the values and divide by "
        "how many they are.",
        over(np.nanstd), over(np.nanvar), lambda w: np.sqrt(np.square(w).mean((2, 3))),
        lambda w: np.exp(np.log(np.abs(w)).mean((2, 3))), lambda w: np.square(w).mean((2, 3)),
        lambda w: np.ptp(flat(w), axis=2), lambda w: 1 / (1 / w).mean((2, 3))),
    mistake("wrong_axes",
        "The mean was taken along the wrong axes. The windows lie along axes 0 and 1; within a "
        "window the values lie along axes 2 and 3. Take it along both of those, axis=(2, 3).",
        lambda w: w.mean(2), lambda w: w.mean(3), lambda w: np.swapaxes(w.mean(3), 1, 2),
        lambda w: w.mean((0, 1))),
)  # fmt: skip


def sum_divided(divisor: Callable[[np.ndarray, int, int], float]) -> Pool:
    def pool(image: np.ndarray, pool_size: int = 2, strides: int | None = None) -> np.ndarray:
        sums = pooled(image, pool_size, strides, combine=over(np.sum))
        return sums / divisor(image, pool_size, strides or pool_size)

    return pool


def average_reshaped(image: Any, pool_size: int = 2, strides: int | None = None) -> np.ndarray:
    rows, columns = (n // pool_size for n in image.shape)
    pixels = np.asarray(image, float)[: rows * pool_size, : columns * pool_size]
    return pixels.reshape(pool_size, rows, pool_size, columns).mean((0, 2))


OF_IMAGES = (
    mistake("byte_overflow",
        "Your sum overflows. A byte (uint8) holds 0 to 255 and wraps round: 200 + 100 becomes 44. "
        "Make floats of the pixels before you add.",
        average_in_own_type, partial(average_in_own_type, kind=np.uint8)),
    mistake("wrong_divisor",
        "You divide by something else than the number of values in a window. That is pool_size * "
        "pool_size, however far it moves and however many windows there are.",
        *map(sum_divided, (lambda image, p, s: s**2, lambda image, p, s: s,
            lambda image, p, s: image.size, lambda image, p, s: pooled(image, p, s).size,
            lambda image, p, s: len(image)))),
    mistake("pixels_far_apart",
        RESHAPED,
        average_reshaped),
    mistake("whole_image",
        "You take the mean over the whole image, or over whole rows or columns. Take it over each "
        "window.",
        lambda image, pool_size=2, strides=None: image.mean(axis=0),
        lambda image, pool_size=2, strides=None: image.mean(axis=1),
        lambda *args, **kwargs: np.full_like(pooled(*args, **kwargs), np.mean(args[0]))),
)  # fmt: skip


def everything_wrong() -> Iterator[Mistake]:
    """Everything that can go wrong with a mean of windows."""
    yield from OF_IMAGES
    yield from combining(AVERAGED)
    yield from made_by(lambda change: partial(pooled, **{"combine": mean, **change}), *ARGUMENTS)


EXERCISE = ByCalls(
    key="average_pool2d",
    title="Average pooling: the mean instead",
    points=2,
    minutes=3,
    reference=helpers.average_pool2d,
    helpers=("pooling.average_pool2d",),
    window=lambda image, pool_size=2, strides=None, *, theirs: helpers.stepper.pooling(
        image, pool_size, strides, "average", theirs=theirs
    ),
    examples=(call(PATCH), call(PATCH, pool_size=3, strides=1)),
    cases=cases,
    alternatives=(average_by_loops, average_by_convolution, average_by_running_sums),
    mistakes=tuple(everything_wrong()),
    hints=(
        "What changes in max_pool2d, and what stays? How many values has a 3x3 window?",
        (
            "The windows are the same, only what you do with one is different. Could adding bytes "
            "go wrong?"
        ),
        (
            "Walk over the windows as before; put in the sum of each, in floats, over pool_size * "
            "pool_size."
        ),
    ),
)
