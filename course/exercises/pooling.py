"""Lesson 3: pooling, ReLU, and what a shift leaves of them.

Most wrong answers here go wrong in one place: in how a window is summed up, or in where the windows
lie. So these are tables, `COMBINED` and `LAID_OUT`, that several exercises use.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

import helpers
from course.exercises.exercise import ByCalls, Call, Mistake, call, made_by, mistake
from helpers.convolution import same_padding

Generator = np.random.Generator
Pool = Callable[..., np.ndarray]

# The worked example of the lesson: blocks of 4, 5, 8 and 9 at most, 2.5, 2, 4 and 5 on average.
PATCH = np.array([[1, 3, 2, 0], [4, 2, 5, 1], [0, 1, 9, 6], [7, 8, 2, 3]])
ODD_PATCH = np.array([[1, 3, 2, 0, 7], [4, 2, 5, 1, 9], [0, 1, 9, 6, 8]])
NEGATIVE_PATCH = np.array([[-5, -2, -7], [-1, -9, -3], [-8, -6, -4]])

# Large enough to be drawn: thin bright lines on grey.
ROWS, COLUMNS = np.indices((27, 30))
LINES = np.where((ROWS == COLUMNS) | (ROWS == 6) | (COLUMNS == 23), 220, 60)


def signed(rng: Generator, rows: int, columns: int) -> np.ndarray:
    """Whole numbers, negative ones too, as a convolution makes them."""
    return rng.integers(-99, 100, (rows, columns))


def photo(rng: Generator, rows: int, columns: int) -> np.ndarray:
    """Bytes, most of them bright: adding four of them overflows."""
    return rng.integers(60, 256, (rows, columns)).astype(np.uint8)


def floats(rng: Generator, rows: int, columns: int) -> np.ndarray:
    """Fractions of either sign."""
    return rng.normal(scale=3, size=(rows, columns))


def negative(rng: Generator, rows: int, columns: int) -> np.ndarray:
    """Nothing above 0, and some far below, in the corner most of all: no invented pixel may win."""
    image = -(rng.integers(1, 9, (rows, columns)) ** 5) - rng.random((rows, columns))
    image[-1, -1] = 2 * image.min()
    return image


# --- What goes wrong in a pooling -----------------------------------------------------------


def few(at_most: int, *mistakes: Mistake, but: str) -> Iterator[Mistake]:
    """Take few ways of each mistake, and none of those that `but` names.

    For mistakes that are a small part of what can go wrong: every check compares an answer with
    every way.
    """
    for one in mistakes:
        if one.id not in but.split():
            yield replace(one, ways=one.ways[:at_most])


def largest(windows: np.ndarray) -> np.ndarray:
    """The maximum of each window, of its pixels that are inside the image."""
    if np.isnan(windows).all(axis=(2, 3)).any():
        raise ValueError("zero-size array")  # what max() says of a slice outside the image
    return np.nanmax(windows, axis=(2, 3))


def as_it_is(value: Any) -> Any:
    return value


def pooled(
    image: Any,
    pool_size: int = 2,
    strides: int | None = None,
    padding: str = "valid",
    *,
    combine: Callable[[np.ndarray], np.ndarray] = largest,
    arguments: Callable[[int, int | None], tuple[int, int | None]] = lambda p, s: (p, s),
    size: Callable[[int, int], int] = lambda p, s: p,
    step: Callable[[int, int], int] = lambda p, s: s,
    count: Callable[[int, int, int], int] = lambda n, p, s: (n - p) // s + 1,
    shape: Callable[[int, int], tuple[int, int]] = lambda rows, columns: (rows, columns),
    look: Callable[[np.ndarray], np.ndarray] = as_it_is,
    finish: Callable[[np.ndarray], np.ndarray] = as_it_is,
    around: Callable[[int, int, int], tuple[int, int]] = same_padding,
    fill: float | str = -np.inf,
) -> np.ndarray:
    """Pool rightly, unless told to do one thing in another way.

    `arguments` changes pool_size and strides from the start; `around` and `fill` say how "same"
    pads; `size`, `step`, `count` and `shape` how the windows lie; `look` what is looked at there;
    `combine` sums up windows of shape (rows, columns, size, size), with NaN outside the image;
    `finish` changes the result.
    """
    p, given = arguments(pool_size, strides)
    s = p if given is None else given
    pixels = np.asarray(image, dtype=float)
    if padding == "same":
        widths: Any = [around(n, p, s) for n in pixels.shape]
        how: Any = {"mode": fill} if isinstance(fill, str) else {"constant_values": fill}
        pixels = np.pad(pixels, widths, **how)
    rows, columns = shape(*(max(count(n, p, s), 0) for n in pixels.shape))
    pixels, window, far = look(pixels), size(p, s), step(p, s)
    sides = zip((rows, columns), pixels.shape, strict=True)
    beyond = [(0, max((k - 1) * far + window - n, 0)) for k, n in sides]
    pixels = np.pad(pixels, beyond, constant_values=np.nan)
    windows = sliding_window_view(pixels, (window, window))[::far, ::far]
    return finish(combine(windows[:rows, :columns]))


def over(function: Callable[..., np.ndarray]) -> Callable[[np.ndarray], np.ndarray]:
    """Sum windows up with a NumPy function."""
    return lambda w: function(w, axis=(2, 3))


def flat(w: np.ndarray) -> np.ndarray:
    """The values of each window in a row."""
    return w.reshape(*w.shape[:2], -1)


def farthest_from_zero(w: np.ndarray) -> np.ndarray:
    most, least = np.nanmax(w, axis=(2, 3)), np.nanmin(w, axis=(2, 3))
    return np.where(most >= -least, most, least)


def starting_from(start: float) -> Callable[[np.ndarray], np.ndarray]:
    return lambda w: np.maximum(np.nanmax(w, axis=(2, 3)), start)


def carried_over(start: float) -> Callable[[np.ndarray], np.ndarray]:
    """Never forget the largest value so far."""

    def combine(w: np.ndarray) -> np.ndarray:
        so_far = np.maximum.accumulate(np.maximum(w.max((2, 3)), start).ravel())
        return so_far.reshape(w.shape[:2])

    return combine


# How windows are summed up, where the largest value is wanted. The example is [[1, 3], [4, 2]].
COMBINED = (
    mistake("averaged",
         "You take the mean of each window: 2.5 for [[1, 3], [4, 2]]. Its largest value is 4.",
         over(np.nanmean), lambda w: np.rint(w.mean((2, 3))), lambda w: np.floor(w.mean((2, 3)))),
    mistake("minimum",
         "You keep the smallest value of each window: 1 for [[1, 3], [4, 2]]. The largest is 4.",
         over(np.nanmin)),
    mistake("summed",
         "You add up the values of each window: 10 for [[1, 3], [4, 2]]. Keep the largest: 4.",
         over(np.nansum), lambda w: np.abs(w).sum((2, 3))),
    mistake("median",
         "You take the middle value of each window, not its largest: 4 for [[1, 3], [4, 2]].",
         over(np.nanmedian), lambda w: (np.nanmax(w, axis=(2, 3)) + np.nanmin(w, axis=(2, 3))) / 2,
         lambda w: np.sort(flat(w))[..., max(flat(w).shape[2] - 2, 0)]),
    mistake("spread",
         "You take the largest value minus the smallest: 3 for [[1, 3], [4, 2]]. Keep the "
         "largest: 4.",
         lambda w: np.nanmax(w, axis=(2, 3)) - np.nanmin(w, axis=(2, 3)), over(np.nanstd)),
    mistake("position",
         "np.argmax says where the largest value stands, np.max which it is: 4 for [[1, 3], [4, "
         "2]].",
         lambda w: flat(w).argmax(2)),
    mistake("subsampled",
         "You keep the pixel in one corner of each window, whatever it is. Look at all of them: "
         "the largest of [[1, 3], [4, 2]] is 4.",
         lambda w: w[..., 0, 0], lambda w: w[..., -1, -1], lambda w: w[..., 0, -1],
         lambda w: w[..., -1, 0], lambda w: w[..., w.shape[2] // 2, w.shape[3] // 2]),
    mistake("values_left_out",
         "Some values of each window are left out. All of them count: the largest may stand in "
         "any row and in any column of its window.",
         lambda w: w[..., 0, :].max(2), lambda w: w[..., -1, :].max(2), lambda w: w[..., 0].max(2),
         lambda w: w[..., -1].max(2), lambda w: np.diagonal(w, axis1=2, axis2=3).max(2),
         lambda w: np.diagonal(w[..., ::-1], axis1=2, axis2=3).max(2),
         lambda w: flat(w)[..., :-1].max(2), lambda w: flat(w)[..., 1:].max(2),
         lambda w: flat(w)[..., [0, 1, 3]].max(2), lambda w: flat(w)[..., [0, 2, 3]].max(2)),
    mistake("sums_compared",
         "You sum up each row or column of the window first and compare those. Compare the single "
         "values: the largest of [[1, 3], [4, 2]] is 4.",
         lambda w: w.sum(2).max(2), lambda w: w.sum(3).max(2), lambda w: w.mean(2).max(2),
         lambda w: w.mean(3).max(2), lambda w: w.max(2).min(2), lambda w: w.max(3).min(2),
         lambda w: w.max(2).mean(2), lambda w: w.max(3).mean(2), lambda w: w.max(2).sum(2)),
    mistake("wrong_axes",
         "The maximum was taken along the wrong axes. The windows lie along axes 0 and 1; within "
         "a window the values lie along axes 2 and 3. Take it along both of those, axis=(2, 3).",
         lambda w: w.max(2), lambda w: w.max(3), lambda w: np.swapaxes(w.max(3), 1, 2),
         lambda w: w.max((0, 1))),
    mistake("starts_from_zero",
         "Where a window has only negative values you return a number that is not in it. Do not "
         "start from 0: start from the window's first value, or from -np.inf.",
         *map(starting_from, (0, -1, 1))),
    mistake("not_reset",
         "The largest value so far is carried over from one window to the next. Start anew for "
         "each window: set it inside the loops.",
         *map(carried_over, (-np.inf, 0, -1)),
         lambda w: np.maximum.accumulate(w.max((2, 3)), axis=1)),
    mistake("as_bytes",
         "Your values went through bytes (uint8), which hold whole numbers from 0 to 255. Let the "
         "result be an array of floats.",
         lambda w: np.trunc(np.clip(w.max((2, 3)), 0, 255)),
         lambda w: np.mod(np.trunc(w.max((2, 3))), 256),
         lambda w: np.mod(np.trunc(w), 256).max((2, 3))),
    mistake("absolute_value",
         "You take the value farthest from 0. Signs count: the largest of [[-5, -2], [-1, -9]] is "
         "-1, and -9 is the smallest.",
         lambda w: np.nanmax(np.abs(w), axis=(2, 3)), farthest_from_zero,
         lambda w: np.nanmin(np.abs(w), axis=(2, 3))),
)  # fmt: skip


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


def last_zero(result: np.ndarray) -> np.ndarray:
    return np.pad(result[:-1, :-1], ((0, 1), (0, 1)))


def written_transposed(result: np.ndarray) -> np.ndarray:
    """Write ``result[column, row]`` into an array of the right shape."""
    if result.shape[0] < result.shape[1]:
        raise IndexError("index is out of bounds")
    zeros = np.zeros(result.shape)
    zeros[: result.shape[1], : result.shape[0]] = result.T[:, : result.shape[1]]
    return zeros


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


SQUARE = (lambda r, c: (min(r, c),) * 2, lambda r, c: (r, r), lambda r, c: (c, c))
ODD_EDGE = (
    "An odd last row or column is kept. It does not fill a window of 2x2, so it is dropped: 5 rows "
    "give 2, and not 3."
)
RESHAPED = (
    "The pixels that you compare do not touch each other. A reshape cuts an array in the order of "
    "its memory: give the rows their pairs, then the columns theirs, (rows, 2, columns, 2), and "
    "take the maximum over both axes of length 2."
)

# Where the windows lie, where they should be 2x2 and side by side: functions of an image.
LAID_OUT = (
    mistake("overlapping",
         "Your windows overlap: they move one pixel at a time. They move by two, so that 4x4 "
         "gives 2x2 and not 3x3.",
         partial(pooled, strides=1), partial(pooled, strides=1, count=lambda n, p, s: n)),
    mistake("step_forgotten",
         "Your windows move by one pixel: row r of the result comes from rows 2 * r and 2 * r + "
         "1, and not from r and r + 1.",
         partial(pooled, step=lambda p, s: 1), start_not_doubled),
    mistake("odd_edge_kept",
         ODD_EDGE,
         partial(pooled, count=lambda n, p, s: -(-n // 2)),
         image_pool(lambda m: np.pad(m, [(0, m.shape[0] % 2), (0, m.shape[1] % 2)])),
         partial(pooled, count=lambda n, p, s: round(n / 2)),
         lambda image: np.pad(pooled(image), [(0, n % 2) for n in np.shape(image)])),
    mistake("cut_out",
         "You cut the top left quarter out of the image and pool nothing. Each value of the "
         "result is the largest of a 2x2 window.",
         lambda image: image[: image.shape[0] // 2, : image.shape[1] // 2],
         lambda image: np.resize(image, (image.shape[0] // 2, image.shape[1] // 2))),
    mistake("first_dropped",
         "Where the height or width is odd you drop the first row or column. It is the last that "
         "does not fill a window.",
         image_pool(lambda m: m[m.shape[0] % 2 :, m.shape[1] % 2 :])),
    mistake("starts_at_one",
         "Your first window begins at row 1, column 1. It begins at row 0, column 0.",
         image_pool(lambda m: m[1:, 1:]),
         image_pool(lambda m: np.pad(m[1:, 1:], ((0, 1), (0, 1)))), image_pool(lambda m: m[1:]),
         image_pool(lambda m: m[:, 1:]),
         image_pool(lambda m: np.pad(m, ((1, 0), (1, 0)), mode="edge")),
         partial(pooled, finish=lambda m: np.pad(m[1:, 1:], ((1, 0), (1, 0))))),
    mistake("last_window_missing",
         "The last row and column of windows are missing or still 0. A range ends before its "
         "stop: range(0, H - 1, 2) reaches the last window, range(0, H - 2, 2) does not.",
         partial(pooled, count=lambda n, p, s: n // 2 - 1),
         partial(pooled, count=lambda n, p, s: len(range(0, n - 2, 2))),
         partial(pooled, finish=last_zero)),
    mistake("wrong_window",
         "Your window is not 2x2: image[r : r + 2, c : c + 2] holds two rows and two columns, "
         "because a slice ends before its stop.",
         partial(pooled, size=lambda p, s: 3), partial(pooled, size=lambda p, s: 4),
         partial(pooled, 3, 2), partial(pooled, 3), partial(pooled, 4), partial(pooled, 3, 1),
         partial(pooled, size=lambda p, s: 3, count=lambda n, p, s: len(range(0, n - 1, 2))),
         partial(pooled, 4, 2), partial(pooled, 2, 3), partial(pooled, 2, 4)),
    mistake("subsampled",
         "You keep the pixel in one corner of each window, whatever it is. Look at all four.",
         lambda image: image[::2, ::2], lambda image: image[1::2, ::2],
         lambda image: image[::2, 1::2]),
    mistake("pixels_far_apart",
         RESHAPED,
         partial(reshaped, shape="2h2w", axes=(0, 2)),
         partial(reshaped, shape="hw22", axes=(2, 3)), partial(reshaped, shape="hw4", axes=2),
         partial(reshaped, shape="22hw", axes=(0, 1)), partial(reshaped, shape="4hw", axes=0),
         partial(reshaped, shape="h22w", axes=(1, 2)),
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
         "All values stand in one row: the shape is lost. reshape it to (H // 2, W // 2), or "
         "write into an array of that shape.",
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


def combining(mistakes: Sequence[Mistake]) -> Iterator[Mistake]:
    """Make pools of ways to sum windows up."""
    yield from made_by(lambda way: partial(pooled, combine=way), *mistakes)


POOL_SLIPS = (*combining(COMBINED), *LAID_OUT)

DEFAULT = (
    "Without `strides` the window moves by its own size, so that windows lie side by side. Set "
    "strides to pool_size when it is None."
)
PLACED = (
    "Your windows begin in the wrong place: window (r, c) begins at row r * strides and column "
    "c * strides."
)

# Where the windows lie when pool_size and strides are free: changes to `pooled`.
ARGUMENTS: tuple[Mistake, ...] = (
    mistake("strides_ignored",
         "`strides` makes no difference to your result: your window always moves by its own size. "
         "A window of 2 that moves by 1 makes 3x3 of 4x4.",
         {"arguments": lambda p, s: (p, None)},
         {"count": lambda n, p, s: n // p, "step": lambda p, s: p}),
    mistake("strides_default",
         DEFAULT,
         {"arguments": lambda p, s: (p, s or 1)}, {"arguments": lambda p, s: (p, s or 2)}),
    mistake("strides_fixed",
         "Your window always moves by the same number of pixels, whatever `strides` is.",
         {"arguments": lambda p, s: (p, 1)}, {"arguments": lambda p, s: (p, 2)}),
    mistake("pool_size_ignored",
         "`pool_size` does not change your window. It says how large the window is; strides says "
         "how far it moves.",
         {"arguments": lambda p, s: (2, s or p)}, {"arguments": lambda p, s: (2, s)},
         {"arguments": lambda p, s: (s or p, s)}, {"arguments": lambda p, s: (2, 2)},
         {"size": lambda p, s: 2}, {"size": lambda p, s: s}, {"size": lambda p, s: 3}),
    mistake("swapped",
         "pool_size and strides have changed places: the window is pool_size wide and moves by "
         "strides.",
         {"arguments": lambda p, s: (s or p, p)}),
    mistake("placed_wrongly",
         PLACED,
         {"step": lambda p, s: p}, {"step": lambda p, s: 1}, {"step": lambda p, s: p * s},
         {"arguments": lambda p, s: (p, p * s if s else p)}, {"step": lambda p, s: 2}),
    mistake("window_too_small",
         "Your window is one too small: a slice ends before its stop, so r : r + pool_size holds "
         "pool_size rows.",
         {"size": lambda p, s: max(p - 1, 1)}),
    mistake("window_too_large",
         "Your window is one too large: a slice ends before its stop, so r : r + pool_size holds "
         "pool_size rows.",
         {"size": lambda p, s: p + 1}),
    mistake("last_window_missing",
         "The last windows are missing. There are (H - pool_size) // strides + 1 of them; a range "
         "ends before its stop, so range(0, H - pool_size + 1, strides) reaches the last one.",
         {"count": lambda n, p, s: (n - p) // s}, {"count": lambda n, p, s: -(-(n - p) // s)},
         {"finish": last_zero}),
    mistake("windows_stick_out",
         'You keep windows that stick out of the image. With "valid" padding they are dropped: '
         'count (H - pool_size) // strides + 1 of them.',
         {"count": lambda n, p, s: -(-n // s)}, {"count": lambda n, p, s: n // s},
         {"count": lambda n, p, s: -(-(n - p) // s) + 1}, {"count": lambda n, p, s: n // s + 1}),
    mistake("miscounted",
         "The number of windows is wrong. Along a side of H pixels there are (H - pool_size) // "
         "strides + 1.",
         {"count": lambda n, p, s: n // p}, {"count": lambda n, p, s: n - p + 1},
         {"count": lambda n, p, s: -(-n // p)}),
    mistake("starts_at_one",
         "Your first window begins at row 1, column 1. It begins at row 0, column 0.",
         {"finish": lambda m: m[1:, 1:]}),
    mistake("one_size_for_both",
         "Height and width are taken to be the same. Count the rows of windows with "
         "image.shape[0], the columns with image.shape[1].",
         *({"shape": shape} for shape in SQUARE)),
    mistake("axes_swapped",
         "Rows and columns have changed places: the row comes first, image[row, column].",
         {"finish": np.transpose}, {"look": np.transpose}, {"finish": written_transposed}),
    mistake("subsampled",
         "You take every second pixel, whatever it is. Look at all the pixels of each window.",
         {"arguments": lambda p, s: (2, 2), "combine": lambda w: w[..., 0, 0]}),
)  # fmt: skip


# --- max_pool_2x2 ---------------------------------------------------------------------------


def max_pool_2x2(image: np.ndarray) -> np.ndarray:
    return helpers.max_pool2d(image, 2)


def max_pool_cases(rng: Generator) -> Iterable[Call]:
    yield call(signed(rng, 5, 7))
    yield call(floats(rng, 6, 4))
    yield call(photo(rng, 4, 9))
    yield call(negative(rng, 7, 6))
    yield call(floats(rng, 8, 12).astype(np.float32))
    yield call(signed(rng, 2, 4))
    yield call(signed(rng, 3, 2))
    yield call(floats(rng, 9, 5))


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


MAX_POOL_2X2 = ByCalls(
    key="max_pool_2x2",
    title="Keep the largest value of each 2x2 window",
    points=2,
    minutes=5,
    reference=max_pool_2x2,
    examples=(call(PATCH), call(ODD_PATCH), call(NEGATIVE_PATCH)),
    cases=max_pool_cases,
    mistakes=POOL_SLIPS,
    alternatives=(max_pool_by_loops, max_pool_by_slices, max_pool_by_reshape, max_pool_by_lists),
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
    helpers=("max_pool2d", "pooling.max_pool2d"),
)


# --- pool_output_size -----------------------------------------------------------------------


def output_size_cases(rng: Generator) -> Iterable[Call]:
    yield call(28)
    yield call(27, 3)
    yield call(510, 2)
    yield call(26, 3, 2)
    yield call(26, 2, 1)
    yield call(17, 4, 3)
    yield call(10, 2, 3)
    yield call(7, 7)
    yield call(12, pool_size=5, strides=5)
    yield call(15, strides=1)
    yield call(29, strides=4)
    yield call(101, pool_size=4)


def counting(
    count: Callable[[int, int, int], Any],
    overlapping: Callable[[int, int, int], Any] | None = None,
    default: int | None = None,
) -> Callable[..., Any]:
    """Make a size function of ``count(size, pool_size, strides)``.

    `overlapping` counts where strides are given, `default` is what they are where they are not.
    """

    def size_function(size: int, pool_size: int = 2, strides: int | None = None) -> Any:
        usual = pool_size if default is None else default
        chosen = count if strides is None or overlapping is None else overlapping
        return chosen(size, pool_size, usual if strides is None else strides)

    return size_function


def windows_listed(size: int, pool_size: int = 2, strides: int | None = None) -> int:
    if strides is None:
        strides = pool_size
    return len(range(0, size - pool_size + 1, strides))


def windows_walked(size: int, pool_size: int = 2, strides: int | None = None) -> int:
    place = count = 0
    while place + pool_size <= size:
        place, count = place + (strides or pool_size), count + 1
    return count


SIZE_SLIPS = (
    mistake("divided",
         "The division leaves a fraction: 11 / 2 is 5.5, and there are no half windows. `//` "
         "divides and rounds down in one step: 5.",
         counting(lambda n, p, s: (n - p) / s + 1), counting(lambda n, p, s: n / s),
         counting(lambda n, p, s: n / p), counting(lambda n, p, s: n / 2)),
    mistake("rounded_up",
         "You round up: 11 gives 6. The last pixel of 11 does not fill a window of 2, so 5 are "
         "left.",
         counting(lambda n, p, s: -(-n // s)), counting(lambda n, p, s: -(-(n - p) // s) + 1),
         counting(lambda n, p, s: -(-n // p)), counting(lambda n, p, s: -(-n // 2))),
    mistake("rounded_to_nearest",
         "You round to the nearest whole number. Only whole windows count: round down, with `//`.",
         counting(lambda n, p, s: round((n - p) / s + 1)), counting(lambda n, p, s: round(n / p)),
         counting(lambda n, p, s: round(n / s))),
    mistake("strides_default",
         "Without `strides` the window moves by its own size, pool_size. Yours moves by a fixed "
         "number of pixels: 26 gives 13 with a pool of 2, and 8 with a pool of 3.",
         counting(lambda n, p, s: (n - p) // s + 1, default=1),
         counting(lambda n, p, s: (n - p) // s + 1, default=2),
         counting(lambda n, p, s: n // s, default=1)),
    mistake("strides_ignored",
         "`strides` makes no difference to your result. Windows of 2 that move by 1 overlap: 26 "
         "pixels hold 25 of them.",
         counting(lambda n, p, s: n // p), counting(lambda n, p, s: (n - p) // 2 + 1),
         counting(lambda n, p, s: n // p, lambda n, p, s: n - p + 1)),
    mistake("pool_size_ignored",
         "pool_size makes no difference to your result, or none where strides are given. The last "
         "window must still fit: 26 pixels hold 25 windows of 2 that move by 1, and not 26.",
         counting(lambda n, p, s: n // s), counting(lambda n, p, s: n // 2),
         lambda size, pool_size=2, strides=None: (size - 2) // (strides or 2) + 1,
         counting(lambda n, p, s: (n - 3) // s + 1)),
    mistake("one_missing",
         "One window is missing. From 0 to size - pool_size there are (size - pool_size) // "
         "strides steps, and one window more than steps.",
         counting(lambda n, p, s: (n - p) // s), counting(lambda n, p, s: (n - p + 1) // s),
         counting(lambda n, p, s: (n - 1) // s), counting(lambda n, p, s: -(-(n - p) // s)),
         counting(lambda n, p, s: (n - 2 * p) // s + 1),
         counting(lambda n, p, s: (n - p) // s - 1),
         counting(lambda n, p, s: n // p, lambda n, p, s: (n - p) // s),
         counting(lambda n, p, s: (n - p - 1) // s + 1),
         counting(lambda n, p, s: (n - 2 * p) // s)),
    mistake("one_too_many",
         "You count windows that do not fit. From 0 to size - pool_size there are (size - "
         "pool_size) // strides steps, and one window more than steps.",
         counting(lambda n, p, s: n // s + 1), counting(lambda n, p, s: (n - p) // s + 2),
         counting(lambda n, p, s: (n + p) // s + 1),
         counting(lambda n, p, s: (n + 2 - p) // s + 1),
         counting(lambda n, p, s: (n - p + 1) // s + 1), counting(lambda n, p, s: n // p + 1)),
    mistake("not_divided",
         "Your result does not depend on how far the window moves. It takes `strides` pixels at a "
         "time: divide by them.",
         counting(lambda n, p, s: n - p + 1), counting(lambda n, p, s: n - p),
         counting(lambda n, p, s: n)),
    mistake("swapped",
         "pool_size and strides have changed places: subtract the pool_size, divide by the "
         "strides.",
         counting(lambda n, p, s: (n - s) // p + 1)),
    mistake("area",
         "That is the number of windows in the whole image: 13 * 13 = 169 for 26. Count along one "
         "side: 13.",
         counting(lambda n, p, s: ((n - p) // s + 1) ** 2),
         counting(lambda n, p, s: (n // p) ** 2), counting(lambda n, p, s: n**2 // p**2)),
    mistake("divided_twice",
         "You divide by too much. Along one side a window takes `strides` pixels, not its area: "
         "26 gives 13 and not 6.",
         counting(lambda n, p, s: n // p**2), counting(lambda n, p, s: (n - p) // (p * s) + 1),
         counting(lambda n, p, s: n // (p * s)), counting(lambda n, p, s: (n - p) // (s + 1)),
         lambda size, pool_size=2, strides=None: size // (pool_size * (strides or 1))),
    mistake("wrong_operation",
         "Subtract and divide: the pool_size comes off the size, what is left is divided by the "
         "strides, and the first window is added.",
         counting(lambda n, p, s: n * p), counting(lambda n, p, s: n % p),
         counting(lambda n, p, s: n - n // p), counting(lambda n, p, s: p),
         counting(lambda n, p, s: n - s), counting(lambda n, p, s: n * s),
         counting(lambda n, p, s: n % s), counting(lambda n, p, s: n // p * s)),
)  # fmt: skip

POOL_OUTPUT_SIZE = ByCalls(
    key="pool_output_size",
    title="Count the windows along one side",
    points=1,
    minutes=3,
    reference=helpers.pool_output_size,
    examples=(call(26), call(11), call(26, 3)),
    cases=output_size_cases,
    mistakes=SIZE_SLIPS,
    alternatives=(
        lambda size, pool_size=2, strides=None: (size - pool_size) // (strides or pool_size) + 1,
        windows_listed,
        windows_walked,
        counting(lambda n, p, s: int(np.floor((n - p) / s)) + 1),
    ),
    hints=(
        (
            "Where do the windows of 2 begin in 11 pixels? What is the last place where one still "
            "fits?"
        ),
        "It is lesson 1's output_size with no padding. What should `strides` be when it is None?",
        (
            "Set strides to pool_size if it is None; then subtract, divide with `//`, add the "
            "first window."
        ),
    ),
    helpers=("pool_output_size", "pooling.pool_output_size"),
)


# --- kept_fraction --------------------------------------------------------------------------


def kept_fraction(size: int, pool_size: int = 2) -> float:
    return helpers.pool_output_size(size, pool_size) ** 2 / size**2


def kept_cases(rng: Generator) -> Iterable[Call]:
    yield call(28)
    yield call(27)
    yield call(26, 3)
    yield call(5)
    yield call(3)
    yield call(7, 7)
    yield call(28, 5)
    yield call(13, pool_size=4)
    yield call(12, pool_size=1)
    yield call(509)
    yield call(11, pool_size=3)


def sharing(share: Callable[[int, int, int], Any]) -> Callable[..., Any]:
    """Make a fraction of ``share(size, pool_size, windows along a side)``."""
    return lambda size, pool_size=2: share(size, pool_size, size // pool_size)


def rounded(digits: int) -> Callable[..., Any]:
    return sharing(lambda n, p, k: round(k**2 / n**2, digits))


def kept_by_mask(size: int, pool_size: int = 2) -> float:
    kept = np.zeros((size, size))
    kept[pool_size - 1 :: pool_size, pool_size - 1 :: pool_size] = 1
    return kept.mean()


SHARE_SLIPS = (
    mistake("one_side",
         "That is the share along one side: 13 of 26 is 0.5. The map gets lower and narrower: 0.5 "
         "* 0.5 = 0.25.",
         sharing(lambda n, p, k: k / n), sharing(lambda n, p, k: 1 / p),
         sharing(lambda n, p, k: (k + k) / (n + n)), sharing(lambda n, p, k: (n * n // p) / n**2)),
    mistake("odd_edge_forgotten",
         "You forget what is dropped at the edge. Of 11 x 11 pixels 5 x 5 are left: 25/121 = "
         "0.2066, less than a quarter.",
         sharing(lambda n, p, k: 1 / p**2), sharing(lambda n, p, k: k**2 / (n // p * p) ** 2),
         sharing(lambda n, p, k: 0.25), sharing(lambda n, p, k: 25 / 121 if n == 11 else 0.25),
         sharing(lambda n, p, k: 25 / 121 if n % 2 else 0.25)),
    mistake("share_lost",
         "That is what is thrown away: 0.75 for 26. Asked for is what is kept: 0.25.",
         sharing(lambda n, p, k: 1 - k**2 / n**2), sharing(lambda n, p, k: 1 - k / n),
         sharing(lambda n, p, k: 1 - 1 / p**2), sharing(lambda n, p, k: 0.75),
         sharing(lambda n, p, k: (n**2 - k**2) / k**2), sharing(lambda n, p, k: (1 - k / n) ** 2)),
    mistake("percent",
         "That is a percentage. A share lies between 0 and 1: 0.25 and not 25.",
         sharing(lambda n, p, k: 100 * k**2 / n**2), sharing(lambda n, p, k: 100 / p**2)),
    mistake("upside_down",
         "The fraction is upside down. 4 pixels become one, so 1/4 is kept: divide the smaller "
         "number by the larger.",
         sharing(lambda n, p, k: n**2 / k**2), sharing(lambda n, p, k: n / k),
         sharing(lambda n, p, k: p**2)),
    mistake("whole_division",
         "`//` cuts a share down to 0. Count the windows with `//`, but divide for the share with "
         "`/`.",
         sharing(lambda n, p, k: k**2 // n**2), sharing(lambda n, p, k: int(1 / p))),
    mistake("rounded_up",
         "You count an incomplete window at the edge: 11 pixels hold 5 windows of 2, and not 6.",
         sharing(lambda n, p, k: (-(-n // p)) ** 2 / n**2),
         sharing(lambda n, p, k: round(n / p) ** 2 / n**2)),
    mistake("pixel_count",
         "That is a number of pixels, and a share is asked for: 13 * 13 = 169 are left of 26 * 26 "
         "= 676.",
         sharing(lambda n, p, k: k**2), sharing(lambda n, p, k: k),
         sharing(lambda n, p, k: n**2 - k**2)),
    mistake("pool_size_ignored",
         "You always pool by 2. With a pool of 3, 26 x 26 pixels become 8 x 8.",
         sharing(lambda n, p, k: (n // 2) ** 2 / n**2)),
    mistake("half_squared",
         "Square both: of 26 * 26 pixels 13 * 13 are left. You divide an area by a side, or a "
         "side by an area.",
         sharing(lambda n, p, k: k**2 / n), sharing(lambda n, p, k: k / n**2),
         sharing(lambda n, p, k: 2 * k / n**2), sharing(lambda n, p, k: k**2 / (2 * n)),
         sharing(lambda n, p, k: 2 * k / n), sharing(lambda n, p, k: 4 * k / n)),
    mistake("wrong_power",
         "There are two sides, whatever the pool: the share along one side counts twice, as a "
         "square.",
         sharing(lambda n, p, k: (k / n) ** p), sharing(lambda n, p, k: (k / n) ** 4),
         sharing(lambda n, p, k: (k / n) ** 0.5), sharing(lambda n, p, k: 1 / (2 * p)),
         sharing(lambda n, p, k: (k / n) ** 3), sharing(lambda n, p, k: (n // 2 / n) ** p)),
    mistake("pixels_in_a_row",
         "You divide the pixels as if they lay in one row. Windows are counted along each side, "
         "and what is left over is dropped on each side: 11 keeps 25/121.",
         sharing(lambda n, p, k: (n**2 // p**2) / n**2), sharing(lambda n, p, k: (n // p**2) / n),
         sharing(lambda n, p, k: (n // p**2) ** 2 / n**2)),
    mistake("overlapping",
         "Your windows overlap, or one is missing. They lie side by side: 26 pixels hold 13 "
         "windows of 2.",
         sharing(lambda n, p, k: (n - p + 1) ** 2 / n**2),
         sharing(lambda n, p, k: (n - p) ** 2 / n**2),
         sharing(lambda n, p, k: (k - 1) ** 2 / n**2),
         sharing(lambda n, p, k: (k + 1) ** 2 / n**2)),
    mistake("rounded",
         "You round the share. Keep all its digits: 25/121 is 0.20661.",
         *map(rounded, (2, 3, 1, 4))),
    mistake("convolved_first",
         "You take away the border of a convolution first. `size` is that of the map that is "
         "pooled.",
         sharing(lambda n, p, k: ((n - 2) // p) ** 2 / n**2),
         sharing(lambda n, p, k: ((n - 2) // p) ** 2 / (n - 2) ** 2)),
    mistake("pixels_covered",
         "That is not what is left. Count the windows along a side: 13 of 2 pixels in 26, and "
         "each leaves one value.",
         sharing(lambda n, p, k: (k * p / n) ** 2), sharing(lambda n, p, k: n % p / n),
         sharing(lambda n, p, k: p**2 / n**2), sharing(lambda n, p, k: p / n),
         sharing(lambda n, p, k: (n % p) ** 2 / n**2)),
    mistake("caret",
         "`^` is not a power in Python, it flips bits. A square is written n**2 or n * n.",
         sharing(lambda n, p, k: (k ^ 2) / (n ^ 2)), sharing(lambda n, p, k: k ^ 2 // n ^ 2)),
)  # fmt: skip

KEPT_FRACTION = ByCalls(
    key="kept_fraction",
    title="The share of the pixels that pooling leaves",
    points=2,
    minutes=3,
    reference=kept_fraction,
    examples=(call(26), call(11)),
    cases=kept_cases,
    mistakes=SHARE_SLIPS,
    alternatives=(
        sharing(lambda n, p, k: (k / n) ** 2),
        lambda size, pool_size=2: (int(size / pool_size) / size) * (int(size / pool_size) / size),
        kept_by_mask,
    ),
    hints=(
        "How many pixels has an 11 x 11 map, and how many are left after 2x2 pooling?",
        (
            "Count the windows along one side first: you wrote a function for that. Then think of "
            "both sides."
        ),
        "(windows along one side) squared, divided by (pixels along one side) squared.",
    ),
)


# --- max_pool2d -----------------------------------------------------------------------------


def max_pool2d_cases(rng: Generator) -> Iterable[Call]:
    yield call(floats(rng, 7, 10), pool_size=3)
    yield call(signed(rng, 8, 9), pool_size=3, strides=2)
    yield call(signed(rng, 9, 11), 2, 3)
    yield call(photo(rng, 4, 7), pool_size=4)
    yield call(floats(rng, 5, 8).astype(np.float32), pool_size=1)
    yield call(floats(rng, 9, 12), pool_size=4, strides=3)
    yield call(negative(rng, 5, 7), padding="same")
    yield call(negative(rng, 6, 9), pool_size=3, strides=2, padding="same")
    yield call(negative(rng, 5, 4), pool_size=2, strides=1, padding="same")
    yield call(floats(rng, 8, 7), pool_size=3, padding="same")
    yield call(negative(rng, 7, 6), pool_size=4, strides=1, padding="same")
    yield call(signed(rng, 10, 11), pool_size=5, strides=3, padding="same")


def changing(change: Callable[..., np.ndarray]) -> Pool:
    """Give ``change(image, pool_size, strides, padding)`` the exercise's default values."""

    def pool(
        image: Any, pool_size: int = 2, strides: int | None = None, padding: str = "valid"
    ) -> np.ndarray:
        return change(np.asarray(image, dtype=float), pool_size, strides, padding)

    return pool


def filled_with(fill: float) -> Pool:
    return partial(pooled, fill=fill)


def padded_by(around: Callable[[int, int, int], tuple[int, int]]) -> Pool:
    return partial(pooled, around=around)


def missing(size: int, pool_size: int, strides: int) -> int:
    """How many pixels "same" has to invent."""
    return sum(same_padding(size, pool_size, strides))


def padded_in_order(sides: tuple[int, int], keep: bool = False) -> Pool:
    """Pad rows and columns as those `sides` need it; `keep` the number of windows."""

    def pool(image: np.ndarray, p: int, s: int | None, padding: str) -> np.ndarray:
        if padding == "valid":
            return pooled(image, p, s)
        widths = [same_padding(image.shape[side], p, s or p) for side in sides]
        rows, columns = (-(-n // (s or p)) for n in image.shape)
        pixels = np.pad(image, widths, constant_values=-np.inf)
        return pooled(pixels, p, s, shape=lambda r, c: (rows, columns) if keep else (r, c))

    return changing(pool)


kept_in_order = partial(padded_in_order, keep=True)


def up(size: int, pool_size: int, strides: int) -> int:
    """How many windows begin inside the image."""
    return -(-size // strides)


def down(size: int, pool_size: int, strides: int) -> int:
    """How many windows fit."""
    return (size - pool_size) // strides + 1


def clipped_same(image: np.ndarray, p: int, s: int | None, padding: str) -> np.ndarray:
    """No padding, but windows that may stick out at the end."""
    return pooled(image, p, s, count=up if padding == "same" else down)


def rounded_down(image: np.ndarray, p: int, s: int | None, padding: str) -> np.ndarray:
    result = pooled(image, p, s, padding)
    rows, columns = image.shape
    return result[: rows // (s or p), : columns // (s or p)] if padding == "same" else result


def max_pool2d_by_clipping(
    image: np.ndarray, pool_size: int = 2, strides: int | None = None, padding: str = "valid"
) -> np.ndarray:
    """No padding at all: a window that sticks out is cut off at the edge."""
    strides = strides or pool_size
    starts = []
    for size in image.shape:
        if padding == "same":
            count = -(-size // strides)
            before = max((count - 1) * strides + pool_size - size, 0) // 2
            starts.append([k * strides - before for k in range(count)])
        else:
            starts.append(list(range(0, size - pool_size + 1, strides)))
    result = np.zeros((len(starts[0]), len(starts[1])))
    for i, r in enumerate(starts[0]):
        for j, c in enumerate(starts[1]):
            result[i, j] = image[max(r, 0) : r + pool_size, max(c, 0) : c + pool_size].max()
    return result


def max_pool2d_by_shifts(
    image: np.ndarray, pool_size: int = 2, strides: int | None = None, padding: str = "valid"
) -> np.ndarray:
    step = pool_size if strides is None else strides
    pixels = image.astype(float)
    if padding == "same":
        for axis, size in enumerate(image.shape):
            total = max((int(np.ceil(size / step)) - 1) * step + pool_size - size, 0)
            widths = [(0, 0), (0, 0)]
            widths[axis] = (total // 2, total - total // 2)
            pixels = np.pad(pixels, widths, constant_values=-np.inf)
    rows, columns = ((size - pool_size) // step + 1 for size in pixels.shape)
    result = np.full((rows, columns), -np.inf)
    for i in range(pool_size):
        for j in range(pool_size):
            shifted = pixels[i : i + rows * step : step, j : j + columns * step : step]
            result = np.maximum(result, shifted[:rows, :columns])
    return result


def max_pool2d_with_scipy(
    image: np.ndarray, pool_size: int = 2, strides: int | None = None, padding: str = "valid"
) -> np.ndarray:
    from scipy.ndimage import maximum_filter1d

    step = strides or pool_size
    result = image.astype(float)
    for axis, size in enumerate(image.shape):
        before, after = same_padding(size, pool_size, step) if padding == "same" else (0, 0)
        places = np.arange(-before, size + after - pool_size + 1, step)
        # SciPy's window of an even size reaches one further to the left than to the right.
        largest = maximum_filter1d(
            np.pad(result, [(pool_size, pool_size) if a == axis else (0, 0) for a in (0, 1)],
                   constant_values=-np.inf), pool_size, axis=axis)  # fmt: skip
        result = largest.take(places + pool_size + pool_size // 2, axis=axis)
    return result


OTHER = {"valid": "same", "same": "valid"}
STICKING_OUT = {"valid": up, "same": down}

PADDING_SLIPS = (
    mistake("padding_wins",
         "The padding wins: your result holds a number that is not in the image. Pad with "
         "-np.inf, in an array of floats: it is smaller than every pixel.",
         *map(filled_with, (0.0, -1.0, -100.0, -255.0, -256.0, -999.0, -1000.0, -9999.0, np.inf)),
         changing(lambda m, p, s, padding: pooled(m, p, s, padding, fill=float(m.max()))),
         changing(lambda m, p, s, padding: pooled(m, p, s, padding, fill=float(m.mean())))),
    mistake("padded_with_pixels",
         "You pad with pixels from elsewhere in the image, and they win where they should not. "
         "Pad with -np.inf, which never wins.",
         partial(pooled, fill="wrap"), partial(pooled, fill="reflect"),
         partial(pooled, fill="mean"), partial(pooled, fill="maximum")),
    mistake("same_ignored",
         '`padding="same"` makes no difference to your result. It pads first, so that ceil(size / '
         'strides) windows fit: 3 rows give 2.',
         changing(lambda m, p, s, padding: pooled(m, p, s)),
         changing(lambda m, p, s, padding: pooled(m, p))),
    mistake("padded_at_start",
         'The padding stands in the wrong place. "same" shares it out, half before and half '
         'after, and an odd pixel goes to the end, as in Keras.',
         partial(pooled, around=lambda n, p, s: same_padding(n, p, s)[::-1]),
         partial(pooled, around=lambda n, p, s: (missing(n, p, s), 0))),
    mistake("padded_at_end",
         'The padding all stands at the end. "same" shares it out, half before and half after; '
         'only an odd pixel goes to the end, as in Keras.',
         partial(pooled, around=lambda n, p, s: (0, missing(n, p, s))), changing(clipped_same)),
    mistake("padding_count",
         "You pad too much or too little. ceil(size / strides) windows need (windows - 1) * "
         "strides + pool_size pixels: pad what is missing to that, or nothing.",
         *map(padded_by, (lambda n, p, s: ((p - 1) // 2, p // 2), lambda n, p, s: (p // 2, p // 2),
             lambda n, p, s: ((p - 1) // 2, (p - 1) // 2), lambda n, p, s: (p - 1, p - 1),
             lambda n, p, s: (-n % s // 2, -n % s - -n % s // 2), lambda n, p, s: (1, 1),
             lambda n, p, s: (0, -n % p), lambda n, p, s: (0, -n % s), lambda n, p, s: (0, n % 2),
             lambda n, p, s: (0, 1), lambda n, p, s: (missing(n, p, s),) * 2,
             lambda n, p, s: (missing(n, p, s) // 2,) * 2, lambda n, p, s: (p, p),
             lambda n, p, s: (s // 2, s // 2), lambda n, p, s: same_padding(n, p, 1),
             lambda n, p, s: same_padding(n, s, s), lambda n, p, s: same_padding(n, p, p),
             lambda n, p, s: (((n - 1) * s + p - n) // 2, -(-((n - 1) * s + p - n) // 2)))),
         partial(pooled, around=lambda n, p, s: (p // 2, p // 2), fill=0.0),
         partial(pooled, around=lambda n, p, s: (1, 1), fill=0.0)),
    mistake("padding_sides_swapped",
         "Height and width each need their own padding: yours pads both by the same number, or "
         "each by the other's.",
         *map(padded_in_order, ((1, 0), (0, 0), (1, 1))), *map(kept_in_order, ((1, 0), (0, 0),
             (1, 1)))),
    mistake("same_size",
         '"same" does not mean as large as the image when the window takes larger steps: there '
         'are ceil(size / strides) windows, so 3 rows give 2 with strides of 2.',
         changing(lambda m, p, s, padding: pooled(m, p, 1 if padding == "same" else s, padding))),
    mistake("same_rounded_down",
         'With "same" you round down. It pads so that nothing is dropped: 3 rows give 2 windows '
         'of 2, and not 1.',
         changing(rounded_down)),
    mistake("valid_ignored",
         'You pad with "valid" too. It keeps only the windows that fit, and it is what counts '
         'when padding= is not given.',
         changing(lambda m, p, s, padding: pooled(m, p, s, "same")),
         changing(lambda m, p, s, padding: pooled(m, p, s, OTHER[padding]))),
    mistake("windows_stick_out",
         'With "valid" you keep windows that stick out of the image. They are dropped there; '
         '"same" is what keeps them.',
         changing(lambda m, p, s, padding: pooled(m, p, s, padding, count=STICKING_OUT[padding]))),
)  # fmt: skip


def with_any_padding() -> Iterator[Mistake]:
    """`COMBINED` as `max_pool2d` meets it, where padding counts in the mean, or does not."""
    for one, pool in zip(COMBINED, combining(COMBINED), strict=True):
        yield replace(pool, ways=(*pool.ways, partial(pooled, combine=one.ways[0], fill=np.nan)))


MAX_POOL2D = ByCalls(
    key="max_pool2d",
    title="Max pooling with any window, step and padding",
    points=4,
    minutes=9,
    reference=helpers.max_pool2d,
    examples=(
        call(PATCH),
        call(PATCH, pool_size=2, strides=1),
        call(NEGATIVE_PATCH, padding="same"),
        call(LINES),
    ),
    cases=max_pool2d_cases,
    mistakes=(
        *PADDING_SLIPS,
        *with_any_padding(),
        *made_by(lambda change: partial(pooled, **change), *ARGUMENTS),
    ),
    alternatives=(pooled, max_pool2d_by_clipping, max_pool2d_by_shifts, max_pool2d_with_scipy),
    hints=(
        (
            "Where does window (r, c) begin when it moves by `strides`, and how many are there? "
            'Get "valid" right first.'
        ),
        (
            'For "same", count ceil(size / strides) windows and how many pixels they need. Pad '
            "what is missing, half before and the larger half after. With which number, so that it "
            "never wins?"
        ),
        (
            "total = max((windows - 1) * strides + pool_size - size, 0). Pad total // 2 before and "
            "the rest after with -np.inf in a float copy, rows and columns each; then go on as for "
            '"valid".'
        ),
    ),
    helpers=("max_pool2d", "pooling.max_pool2d"),
)


# --- average_pool2d -------------------------------------------------------------------------


def average_cases(rng: Generator) -> Iterable[Call]:
    yield call(signed(rng, 5, 8))
    yield call(photo(rng, 6, 5))
    yield call(photo(rng, 7, 10), pool_size=3)
    yield call(floats(rng, 8, 9), pool_size=3, strides=2)
    yield call(negative(rng, 6, 8), pool_size=2, strides=1)
    yield call(floats(rng, 9, 11).astype(np.float32), 2, 3)
    yield call(photo(rng, 8, 7), pool_size=4, strides=3)
    yield call(signed(rng, 5, 6), pool_size=5)
    yield call(photo(rng, 4, 3), pool_size=1)


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
         "You add up and do not divide: 10 for [[1, 3], [4, 2]]. Its four values have the mean "
         "2.5.",
         over(np.nansum)),
    mistake("wrong_divisor",
         "You divide by the wrong number. A window has pool_size * pool_size values: 4 for 2x2, "
         "so 10 / 4 = 2.5, and 9 for 3x3.",
         lambda w: w.sum((2, 3)) / 4, lambda w: w.sum((2, 3)) / w.shape[2],
         lambda w: w.sum((2, 3)) / (2 * w.shape[2]), lambda w: w.sum((2, 3)) / 9,
         lambda w: w.sum((2, 3)) / 2, lambda w: w.sum((2, 3)) / max(w.shape[2] ** 2 - 1, 1),
         lambda w: w.mean((2, 3)) / w.shape[2] ** 2,
         lambda w: w.sum((2, 3)) / (w.shape[2] ** 2 + 1), lambda w: w.mean((2, 3)) / w.shape[2],
         lambda w: w.mean((2, 3)) / 4),
    mistake("whole_numbers",
         "The fractions are gone: [[1, 3], [4, 2]] gives 2 and not 2.5. Is there a `//`, an "
         "int(), or an array of integers?",
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
         lambda w: flat(w)[..., :-1].mean(2), *map(sum_of_part, (lambda w: w[..., :-1, :],
             lambda w: w[..., :-1], lambda w: w[..., :-1, :-1], lambda w: w[..., :1],
             lambda w: w[..., :1, :], lambda w: w[..., -1:, -1:], lambda w: w[..., 1:, :],
             lambda w: w[..., 1:]))),
    mistake("not_reset",
         "The sum is carried over from one window to the next, or does not start from 0. Set it "
         "to 0 inside the loops, for each window.",
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
         "Your sum overflows. A byte (uint8) holds 0 to 255 and wraps round: 200 + 100 becomes "
         "44. Make floats of the pixels before you add.",
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
         "You take the mean over the whole image, or over whole rows or columns. Take it over "
         "each window.",
         lambda image, pool_size=2, strides=None: image.mean(axis=0),
         lambda image, pool_size=2, strides=None: image.mean(axis=1),
         lambda *args, **kwargs: np.full_like(pooled(*args, **kwargs), np.mean(args[0]))),
)  # fmt: skip


def average_slips() -> Iterator[Mistake]:
    """Everything that can go wrong with a mean of windows."""
    yield from OF_IMAGES
    yield from combining(AVERAGED)
    yield from made_by(lambda change: partial(pooled, **{"combine": mean, **change}), *ARGUMENTS)


AVERAGE_POOL2D = ByCalls(
    key="average_pool2d",
    title="Average pooling: the mean instead",
    points=2,
    minutes=3,
    reference=helpers.average_pool2d,
    examples=(call(PATCH), call(PATCH, pool_size=3, strides=1)),
    cases=average_cases,
    mistakes=tuple(average_slips()),
    alternatives=(average_by_loops, average_by_convolution, average_by_running_sums),
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
    helpers=("average_pool2d", "pooling.average_pool2d"),
)


# --- relu -----------------------------------------------------------------------------------


def relu_cases(rng: Generator) -> Iterable[Call]:
    yield call(signed(rng, 5, 7))
    yield call(floats(rng, 6, 4))
    yield call(floats(rng, 4, 9).astype(np.float32))
    yield call(negative(rng, 3, 5))
    yield call(photo(rng, 4, 6))
    yield call(rng.random((5, 3)) - 0.5)
    yield call(600.0 * floats(rng, 6, 6))
    yield call(signed(rng, 1, 8))


def relu_by_mask(values: np.ndarray) -> np.ndarray:
    result = values.copy()
    result[result < 0] = 0
    return result


def relu_by_loops(values: np.ndarray) -> np.ndarray:
    result = np.zeros(values.shape)
    for place in np.ndindex(values.shape):
        if values[place] > 0:
            result[place] = values[place]
    return result


def replacing(replacement: Callable[[np.ndarray], Any]) -> Callable[[np.ndarray], np.ndarray]:
    """Put something else than 0 where a value is negative."""
    return lambda values: np.where(values < 0, replacement(values.astype(float)), values)


def leaking(slope: float) -> Callable[[np.ndarray], np.ndarray]:
    return replacing(lambda values: slope * values)


def replaced_by(number: float) -> Callable[[np.ndarray], np.ndarray]:
    return replacing(lambda values: number)


def cut_off_at(top: float) -> Callable[[np.ndarray], np.ndarray]:
    return lambda values: np.clip(values, 0, top)


def judged_by_min(axis: int | None) -> Callable[[np.ndarray], np.ndarray]:
    return lambda values: np.where(values.min(axis=axis, keepdims=True) < 0, 0, values)


def judged_by_sum(axis: int) -> Callable[[np.ndarray], np.ndarray]:
    return lambda values: np.where(values.sum(axis=axis, keepdims=True) < 0, 0, values)


def activated(function: Callable[[np.ndarray], np.ndarray]) -> Callable[[np.ndarray], np.ndarray]:
    """Compute in floats, as every activation function is."""
    return lambda values: function(values.astype(float))


def softmax(values: np.ndarray) -> np.ndarray:
    powers = np.exp(values - values.max())
    return powers / powers.sum()


RELU_SLIPS = (
    mistake("thrown_out",
         "You throw the negative values out, and the shape goes with them. ReLU puts a 0 in their "
         "place: 2x2 values stay 2x2.",
         lambda values: values[values > 0], lambda values: values[values >= 0],
         lambda values: values[(values >= 0).all(axis=1)],
         lambda values: values[:, (values >= 0).all(axis=0)]),
    mistake("absolute_value",
         "You drop the minus sign: -3 becomes 3. ReLU makes 0 of it.",
         activated(np.abs)),
    mistake("positives_lost",
         "You keep the negative values and lose the others. It is the other way round: np.minimum "
         "and np.maximum are easily mixed up.",
         lambda values: np.minimum(values, 0), activated(lambda v: np.maximum(-v, 0)),
         lambda values: np.where(values > 0, 0, values), activated(np.negative)),
    mistake("step",
         "You say which values are positive and lose the values themselves: 2 must stay 2.",
         lambda values: values > 0, lambda values: values >= 0, activated(np.sign),
         lambda values: np.where(values > 0, 1, -1)),
    mistake("leaky",
         "Negative values still leak through: yours only makes -3 smaller. ReLU makes 0 of it.",
         *map(leaking, (0.01, 0.1, 0.2, 0.3, 0.05, 0.5, 0.001, 0.02))),
    mistake("not_zero",
         "Negative values become another number than 0.",
         *map(replaced_by, (1.0, -1.0, 255.0, np.nan, 1e-3, 0.5, 128.0)), replacing(np.min),
         replacing(np.max), replacing(np.mean), lambda values: np.where(values <= 0, 1, values),
         lambda values: np.where(values > 0, values, -1)),
    mistake("wrong_threshold",
         "The border is not at 0. Every value above 0 stays as it is, 0.5 too, and every value "
         "below becomes 0.",
         lambda values: np.where(values >= 1, values, 0),
         lambda values: np.where(values > 1, values, 0), lambda values: np.maximum(values, 1),
         activated(lambda v: np.maximum(v, -1)),
         lambda values: np.where(values > values.mean(), values, 0),
         lambda values: np.maximum(values, values.mean()),
         lambda values: np.where(values > -1, values, 0),
         lambda values: np.where(values > 0.5, values, 0), lambda values: np.maximum(values, 0.5),
         lambda values: np.where(values > np.median(values), values, 0),
         activated(lambda v: np.maximum(v - 1, 0)), activated(lambda v: np.maximum(v + 1, 0))),
    mistake("clipped",
         "Large values are cut off. ReLU has no upper end: 577 stays 577.",
         *map(cut_off_at, (1, 255, 6, 100, 10, 2)), lambda values: np.clip(values, -1, 1),
         lambda values: np.clip(values, 0, max(values.mean(), 0)),
         lambda values: np.clip(values, -255, 255)),
    mistake("shifted_up",
         "You add to all values until none is negative. ReLU leaves positive values alone: 2 "
         "stays 2.",
         activated(lambda v: v - v.min()), activated(lambda v: v - min(v.min(), 0)),
         activated(lambda v: v + np.abs(v.min())), activated(lambda v: v + np.abs(v))),
    mistake("scaled",
         "You scale the values. ReLU leaves positive values alone: 2 stays 2.",
         activated(lambda v: np.maximum(v, 0) / max(v.max(), 1e-9)),
         activated(lambda v: np.maximum(v, 0) / v.sum()),
         activated(lambda v: np.maximum(v, 0) / max(np.maximum(v, 0).sum(), 1e-9)),
         activated(lambda v: (v - v.min()) / np.ptp(v)),
         activated(lambda v: np.maximum(v, 0) / 255),
         activated(lambda v: np.maximum(v - v.mean(), 0)),
         activated(lambda v: np.maximum(v, 0) / v.size)),
    mistake("not_each_value",
         "Each value is judged by itself. Yours looks at a whole row, column or array at once.",
         *map(judged_by_min, (0, 1, None)), *map(judged_by_sum, (0, 1)),
         lambda values: np.max(values, axis=0), lambda values: np.maximum(values.max(axis=0), 0),
         lambda values: np.max(values, axis=1), lambda values: np.maximum(values.max(axis=1), 0),
         lambda values: np.sort(np.maximum(values, 0), axis=None).reshape(values.shape),
         lambda values: np.where(values[:, :1] > 0, values, 0)),
    mistake("as_bytes",
         "Your values went through bytes or whole numbers: -3 became 253, or 0.5 became 0. Stay "
         "in floats.",
         activated(lambda v: np.mod(np.trunc(v), 256)),
         lambda values: np.maximum(np.trunc(values), 0),
         lambda values: np.maximum(np.rint(values), 0),
         lambda values: np.round(np.maximum(values, 0), 1),
         lambda values: np.round(np.maximum(values, 0), 2),
         activated(lambda v: np.mod(np.maximum(v, 0) // 1, 256))),
    mistake("left_unfinished",
         "Only a part of the array goes through your ReLU. Do the loops reach the last row and "
         "column?",
         lambda values: np.pad(np.maximum(values, 0)[:-1, :-1], ((0, 1), (0, 1))),
         lambda values: np.pad(np.maximum(values, 0)[1:, 1:], ((1, 0), (1, 0))),
         lambda values: np.concatenate([np.maximum(values[:1], 0), values[1:]]),
         lambda values: np.vstack([np.maximum(values[:-1], 0), values[-1:]])),
    mistake("other_activation",
         "That is another activation function. ReLU is plainer: a negative value becomes 0, any "
         "other stays what it is.",
         activated(lambda v: 1 / (1 + np.exp(-v))), activated(np.tanh),
         activated(lambda v: np.logaddexp(0, v)),
         activated(lambda v: np.where(v > 0, v, np.expm1(v))),
         activated(lambda v: v / (1 + np.exp(-v))), activated(softmax), activated(np.exp),
         activated(np.square), activated(lambda v: np.maximum(v, 0) ** 2),
         activated(lambda v: np.nan_to_num(np.sqrt(v))),
         activated(lambda v: np.nan_to_num(np.log(v)))),
    mistake("unchanged",
         "Your function gives its input back unchanged: -3 must become 0.",
         lambda values: values),
)  # fmt: skip

RELU = ByCalls(
    key="relu",
    title="Replace negative values by 0",
    points=1,
    minutes=2,
    reference=helpers.relu,
    examples=(
        call(np.array([[-3.0, 0.5], [2.0, -1.0]])),
        call(np.array([[-3, 0, 4], [7, -1, 0]])),
    ),
    cases=relu_cases,
    mistakes=RELU_SLIPS,
    alternatives=(
        lambda values: np.maximum(values, 0),
        lambda values: np.where(values > 0, values, 0),
        lambda values: values * (values > 0),
        activated(lambda v: (v + np.abs(v)) / 2),
        lambda values: np.clip(values, 0, None),
        relu_by_mask,
        relu_by_loops,
    ),
    hints=(
        "What should become of -3, of 0 and of 2? And how many values are there afterwards?",
        (
            "For each value you want the larger of two numbers: the value itself and one fixed "
            "number."
        ),
        (
            "np.max finds one number in an array; np.maximum(a, b) compares value by value. What "
            "are a and b?"
        ),
    ),
    helpers=("relu", "pooling.relu"),
)


# --- conv_relu_pool -------------------------------------------------------------------------

STEPS = np.array([[0, 5, 2], [3, 1, 8], [6, 6, 0], [4, 9, 7]])
FALLING = np.array([[9, 4, 1], [7, 5, 0]])
DIFFERENCE = np.array([[-1, 1]])


def conv_relu_pool(image: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    return helpers.max_pool2d(helpers.relu(helpers.conv2d(image, kernel)))


def block_cases(rng: Generator) -> Iterable[Call]:
    yield call(photo(rng, 9, 12), rng.integers(-4, 5, (3, 3)))
    yield call(floats(rng, 10, 7), floats(rng, 3, 3))
    yield call(signed(rng, 7, 8), floats(rng, 2, 3))
    yield call(floats(rng, 8, 9).astype(np.float32), floats(rng, 4, 2).astype(np.float32))
    yield call(signed(rng, 6, 5), -np.abs(floats(rng, 1, 1)))
    yield call(photo(rng, 8, 6), floats(rng, 1, 3))
    yield call(signed(rng, 6, 6), floats(rng, 5, 5))
    yield call(floats(rng, 9, 9), rng.integers(-4, 5, (3, 2)))


def block(
    image: np.ndarray,
    kernel: np.ndarray,
    *,
    convolve: Callable[..., np.ndarray] = helpers.conv2d,
    activate: Callable[[np.ndarray], Any] = helpers.relu,
    pool: Pool = pooled,
) -> Any:
    """Convolve, activate and pool, each of them rightly or not."""
    return pool(activate(convolve(image, kernel)))


def with_kernel(change: Callable[[np.ndarray], np.ndarray]) -> Callable[..., np.ndarray]:
    """Change the kernel before it is used."""
    return lambda image, kernel: helpers.conv2d(image, change(kernel))


def responses(change: Callable[[np.ndarray], Any]) -> Callable[..., Any]:
    """Change the responses before they are used."""
    return lambda image, kernel: change(helpers.conv2d(image, kernel))


def padded_with(border: str) -> Callable[..., np.ndarray]:
    return partial(helpers.conv2d, padding="same", border=border)


def of_windows(join: Callable[[np.ndarray, np.ndarray], np.ndarray]) -> Callable[..., np.ndarray]:
    """Join each window and the kernel in another way."""
    return lambda image, kernel: join(
        sliding_window_view(np.asarray(image, dtype=float), kernel.shape), kernel
    )


def sizes_swapped(image: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """Take the kernel's height for its width: right for square kernels, else it does not fit."""
    if kernel.shape[0] != kernel.shape[1]:
        raise ValueError("operands could not be broadcast together")
    return helpers.conv2d(image, kernel)


def one_short(image: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    return helpers.conv2d(image, kernel)[:-1, :-1]


CONVOLUTION_SLIPS = (
    mistake("flipped",
         "Your kernel is flipped: that is true convolution, or half of it. Slide it as it is, as "
         "in conv2d_valid.",
         helpers.true_convolution, with_kernel(lambda k: k[::-1]),
         with_kernel(lambda k: k[:, ::-1])),
    mistake("transposed",
         "Rows and columns have changed places in your convolution. Slide the kernel as it is, as "
         "in conv2d_valid.",
         with_kernel(lambda k: k.T), lambda image, kernel: helpers.conv2d(image.T, kernel),
         with_kernel(lambda k: np.rot90(k)), with_kernel(lambda k: np.rot90(k, -1)), sizes_swapped),
    mistake("padded",
         "Your convolution keeps the size of the image, so the map has an invented border. This "
         "one is valid: 28 gives 26, and then 13, not 14.",
         *map(padded_with, ("zero", "edge", "wrap"))),
    mistake("convolution_forgotten",
         "The kernel makes no difference to your result: the convolution is missing.",
         lambda image, kernel: np.asarray(image, float)),
    mistake("kernel_changed",
         "You change the kernel before you use it. Take it as it is: it needs its negative "
         "values, and its sum need not be 1.",
         with_kernel(lambda k: np.maximum(k, 0)), with_kernel(lambda k: np.abs(k)),
         with_kernel(lambda k: k / np.abs(k).sum()), with_kernel(lambda k: k / (k.sum() or 1)),
         with_kernel(lambda k: k / k.size)),
    mistake("map_too_small",
         "A row and a column of the map are missing. conv2d_valid gives (H - kh + 1, W - kw + 1): "
         "a kernel of 3 fits into 28 pixels in 26 places.",
         one_short, responses(last_zero), lambda image, kernel: helpers.conv2d(image[:-1], kernel),
         lambda image, kernel: helpers.conv2d(image[:, :-1], kernel),
         lambda image, kernel: helpers.conv2d(image, kernel)[1:, 1:]),
    mistake("not_a_convolution",
         "Window and kernel are not put together rightly: multiply them value by value, then add "
         "the products up, as in conv2d_valid.",
         *map(of_windows, (lambda w, k: (w * k).max((2, 3)), lambda w, k: w.sum((2, 3)) * k.sum(),
             lambda w, k: w.mean((2, 3)), lambda w, k: w.sum((2, 3)),
             lambda w, k: (w + k).sum((2, 3)), lambda w, k: np.abs(w * k).sum((2, 3))))),
    mistake("convolved_twice",
         "You convolve twice. Once, then ReLU, then pooling.",
         lambda image, kernel: helpers.conv2d(helpers.conv2d(image, kernel), kernel)),
    mistake("responses_changed",
         "The responses are cut, rounded or scaled on the way. They stay what they are, 577 too, "
         "until the end.",
         *map(responses, (lambda m: np.trunc(m), lambda m: np.rint(m), lambda m: np.floor(m),
             lambda m: np.clip(m, 0, 255), lambda m: np.clip(m, -255, 255),
             lambda m: helpers.to_pixels(m), lambda m: np.mod(np.trunc(m), 256), lambda m: m / 255,
             lambda m: m / np.abs(m).max(), lambda m: (m - m.min()) / np.ptp(m),
             lambda m: m - m.mean(), lambda m: np.maximum(m, 0) / m.max()))),
)  # fmt: skip


def activating(activate: Callable[[np.ndarray], Any]) -> Callable[..., Any]:
    return partial(block, activate=activate)


def responses_alone(image: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """Only the positive responses, in a heap."""
    feature_map = helpers.conv2d(image, kernel)
    return feature_map[feature_map > 0]


def pooled_by_kernel(image: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    return helpers.max_pool2d(helpers.relu(helpers.conv2d(image, kernel)), kernel.shape)


BLOCK_SLIPS = (
    mistake("relu_forgotten",
         "The ReLU is missing: there are negative values in your result. It stands between the "
         "convolution and the pooling.",
         partial(block, activate=as_it_is)),
    mistake("relu_misplaced",
         "Your ReLU cuts the image. It is the responses that it should cut.",
         lambda image, kernel: pooled(helpers.conv2d(np.maximum(image, 0), kernel)),
         lambda image, kernel: block(np.maximum(image, 0), kernel)),
    mistake("relu_on_kernel",
         "Your ReLU cuts the kernel. It is the responses that it should cut: the kernel needs its "
         "negative values.",
         partial(block, convolve=with_kernel(lambda k: np.maximum(k, 0)), activate=as_it_is)),
    mistake("pool_forgotten",
         "The pooling is missing: 28x28 gives 26x26 after the convolution and 13x13 after the "
         "pooling.",
         partial(block, pool=as_it_is)),
    mistake("relu_and_pool_forgotten",
         "That is the convolution alone. ReLU and pooling are missing: 28x28 gives 26x26, and "
         "then 13x13.",
         helpers.conv2d),
    mistake("convolution_alone_forgotten",
         "The convolution is missing: the kernel makes no difference to your result.",
         lambda image, kernel: pooled(image), lambda image, kernel: helpers.relu(image)),
    mistake("pool_first",
         "You pool the image and then convolve. That is another order and another size: 28 gives "
         "14 and then 12, and not 13.",
         lambda image, kernel: helpers.relu(helpers.conv2d(pooled(image), kernel)),
         lambda image, kernel: helpers.conv2d(helpers.relu(pooled(image)), kernel),
         lambda image, kernel: helpers.conv2d(pooled(image), kernel)),
    mistake("absolute_value",
         "You take absolute values where ReLU belongs: a response of -5 becomes 5, and should "
         "become 0.",
         partial(block, activate=np.abs),
         lambda image, kernel: np.abs(pooled(helpers.conv2d(image, kernel)))),
    mistake("negatives_kept",
         "You keep what ReLU cuts, and cut what it keeps: positive responses stay, negative ones "
         "become 0.",
         partial(block, activate=lambda m: np.minimum(m, 0)),
         partial(block, activate=lambda m: np.maximum(-m, 0))),
    mistake("thrown_out",
         "You throw the negative responses out, and the map loses its shape. ReLU puts 0 in their "
         "place.",
         lambda image, kernel: conv_relu_pool(image, kernel)[conv_relu_pool(image, kernel) > 0],
         responses_alone),
    mistake("other_activation",
         "That is not ReLU: it makes 0 of a negative response and leaves every other as it is.",
         *map(activating, (lambda m: 1 / (1 + np.exp(-m)), lambda m: np.tanh(m),
             lambda m: np.heaviside(m, 0), lambda m: np.sign(m), lambda m: np.clip(m, 0, 1),
             lambda m: np.where(m > 0, m, 0.01 * m), lambda m: np.where(m > 0, m, 0.1 * m),
             lambda m: np.logaddexp(0, m), lambda m: np.maximum(m, 1), lambda m: m - m.min(),
             lambda m: m**2, lambda m: np.minimum(np.maximum(m, 0), 6)))),
    mistake("pooled_by_kernel",
         "Your pooling window has the size of the kernel. It is 2x2, whatever the kernel.",
         pooled_by_kernel),
    mistake("averaged",
         "You pool with the mean, and cut the negatives afterwards. This block keeps the largest "
         "of four.",
         lambda image, kernel: helpers.relu(helpers.average_pool2d(helpers.conv2d(image, kernel))),
         lambda image, kernel: helpers.average_pool2d(helpers.conv2d(image, kernel))),
)  # fmt: skip


def block_by_loops(image: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    kh, kw = kernel.shape
    rows, columns = (image.shape[0] - kh + 1) // 2, (image.shape[1] - kw + 1) // 2
    result = np.zeros((rows, columns))  # the 0 to start from is the ReLU
    for r in range(2 * rows):
        for c in range(2 * columns):
            response = np.sum(image[r : r + kh, c : c + kw] * kernel)
            result[r // 2, c // 2] = max(result[r // 2, c // 2], response)
    return result


def block_with_scipy(image: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    from scipy.signal import correlate2d

    feature_map = correlate2d(image.astype(float), kernel, mode="valid")
    return np.maximum(max_pool_by_reshape(feature_map), 0)  # ReLU last: it is the same


CONV_RELU_POOL = ByCalls(
    key="conv_relu_pool",
    title="The whole block: convolve, ReLU, pool",
    points=2,
    minutes=4,
    reference=conv_relu_pool,
    examples=(call(STEPS, DIFFERENCE), call(FALLING, DIFFERENCE)),
    cases=block_cases,
    mistakes=(
        *BLOCK_SLIPS,
        *made_by(lambda way: partial(block, convolve=way), *CONVOLUTION_SLIPS),
        *made_by(
            lambda way: partial(block, pool=way),
            *few(
                1,
                *POOL_SLIPS,
                but="starts_from_zero absolute_value spread axes_swapped starts_at_one",
            ),
        ),
    ),
    alternatives=(
        lambda image, kernel: helpers.relu(helpers.max_pool2d(helpers.conv2d(image, kernel))),
        block_by_loops,
        block_with_scipy,
    ),
    hints=(
        "Which of your functions does each of the three steps? What goes into the second one?",
        "Three calls, one after the other: the result of each is what the next one gets.",
        (
            "feature_map = the convolution of image and kernel; then relu of it; then max_pool_2x2 "
            "of that."
        ),
    ),
)


# --- shift_change ---------------------------------------------------------------------------

DOT = np.array([[0, 0, 4, 0], [0, 0, 0, 0]])
ONE = np.array([[1.0]])


def shift_cases(rng: Generator) -> Iterable[Call]:
    yield call(photo(rng, 6, 9), rng.integers(-4, 5, (3, 3)), 1)
    yield call(floats(rng, 8, 8), floats(rng, 3, 3), 2)
    yield call(photo(rng, 7, 10), floats(rng, 2, 3), 3)
    yield call(signed(rng, 9, 7), rng.integers(-4, 5, (3, 2)), 1)
    yield call(floats(rng, 6, 8).astype(np.float32), floats(rng, 3, 3).astype(np.float32), 3)
    yield call(signed(rng, 5, 11), floats(rng, 1, 4), 2)
    yield call(photo(rng, 10, 7), floats(rng, 5, 3), 1)
    yield call(floats(rng, 9, 12), floats(rng, 2, 2), 5)


class Maps(NamedTuple):
    """What there is to compare: the image, its map and its pooled map, before and after."""

    image: np.ndarray
    moved_image: np.ndarray
    before: np.ndarray
    after: np.ndarray
    small_before: Any
    small_after: Any

    @property
    def change(self) -> np.ndarray:
        return self.after - self.before

    @property
    def small_change(self) -> Any:
        return self.small_after - self.small_before

    @property
    def small_sum(self) -> Any:
        return self.small_after + self.small_before

    @property
    def pooled_image_change(self) -> np.ndarray:
        return pooled(self.moved_image) - pooled(self.image)


def size_of(difference: Any) -> Any:
    return np.abs(difference).mean()


def ratio(maps: Maps, size: Callable[[Any], Any] = size_of) -> Any:
    return size(maps.small_change) / size(maps.change)


def measure(
    image: np.ndarray,
    kernel: np.ndarray,
    shift: int,
    *,
    move: Callable[[np.ndarray, int], np.ndarray] = lambda m, s: np.roll(m, s, axis=1),
    convolve: Callable[..., Any] = helpers.conv2d,
    pool: Pool = pooled,
    compare: Callable[[Maps], Any] = ratio,
) -> float:
    """Measure rightly, unless told to move, convolve, pool or compare in another way."""
    moved = move(image, shift)
    before, after = convolve(image, kernel), convolve(moved, kernel)
    pixels, moved_pixels = np.asarray(image, float), np.asarray(moved, float)
    return float(compare(Maps(pixels, moved_pixels, before, after, pool(before), pool(after))))


def shift_change(image: np.ndarray, kernel: np.ndarray, shift: int) -> float:
    return measure(image, kernel, shift, pool=helpers.max_pool2d)


def sized(size: Callable[[np.ndarray], Any]) -> Callable[..., float]:
    return partial(measure, compare=lambda maps: ratio(maps, size))


def compared(compare: Callable[[Maps], Any]) -> Callable[..., float]:
    return partial(measure, compare=compare)


def moved(move: Callable[[np.ndarray, int], np.ndarray]) -> Callable[..., float]:
    return partial(measure, move=move)


def divided_by(below: Callable[[Maps], Any]) -> Callable[..., float]:
    return compared(lambda maps: size_of(maps.small_change) / below(maps))


def ratio_changed(change: Callable[[float, float], float]) -> Callable[..., float]:
    return compared(lambda maps: change(size_of(maps.small_change), size_of(maps.change)))


def map_moved(image: np.ndarray, kernel: np.ndarray, shift: int) -> float:
    before = helpers.conv2d(image, kernel)
    after = np.roll(before, shift, axis=1)
    return float(size_of(pooled(after) - pooled(before)) / size_of(after - before))


def overlap_compared(image: np.ndarray, kernel: np.ndarray, shift: int) -> float:
    before, after = (helpers.conv2d(m, kernel) for m in (image[:, :-shift], image[:, shift:]))
    return float(size_of(pooled(after) - pooled(before)) / size_of(after - before))


def pooled_map_moved(image: np.ndarray, kernel: np.ndarray, shift: int, step: int = 1) -> float:
    small = pooled(helpers.conv2d(image, kernel))
    change = np.roll(small, shift // step, axis=1) - small
    return divided_into(change)(image, kernel, shift)


def image_pooled(image: np.ndarray, kernel: np.ndarray, shift: int) -> float:
    before, after = (
        helpers.conv2d(pooled(pixels), kernel) for pixels in (image, np.roll(image, shift, axis=1))
    )
    return divided_into(after - before)(image, kernel, shift)


def divided_into(change: np.ndarray) -> Callable[..., float]:
    """Take another change for that of the pooled map."""
    return compared(lambda maps: size_of(change) / size_of(maps.change))


def ratio_of_size_changes(maps: Maps) -> Any:
    small, large = (
        np.abs(size_of(after) - size_of(before))
        for after, before in ((maps.small_after, maps.small_before), (maps.after, maps.before))
    )
    return small / large


RATIO = (
    "The change of the pooled map, divided by the change of the unpooled map: nothing else is done "
    "with the two."
)

SHIFT_SLIPS = (
    mistake("wrong_axis",
         "Your image moves up and down. Sideways is along the columns: np.roll(image, shift, "
         "axis=1).",
         moved(lambda m, s: np.roll(m, s, axis=0)), moved(lambda m, s: np.roll(m, -s, axis=0)),
         moved(lambda m, s: np.roll(m, s, axis=(0, 1)))),
    mistake("rolled_flat",
         "np.roll without an axis rolls the image as one long row: what leaves at the right comes "
         "back a row lower. Give it axis=1.",
         moved(np.roll)),
    mistake("other_direction",
         "Your image moves to the left. np.roll(image, shift, axis=1) moves it to the right.",
         moved(lambda m, s: np.roll(m, -s, axis=1))),
    mistake("wrong_shift",
         "Your image does not move by `shift` pixels.",
         moved(lambda m, s: np.roll(m, 1, axis=1)), moved(lambda m, s: np.roll(m, 2 * s, axis=1)),
         moved(lambda m, s: np.roll(m, s + 1, axis=1)), moved(lambda m, s: m[:, ::-1]),
         moved(lambda m, s: np.asarray(m, float) + s), moved(lambda m, s: m.T[::-1].T[::-1])),
    mistake("not_wrapped",
         "What leaves your image at the right is lost. np.roll brings it in again at the left.",
         moved(lambda m, s: np.pad(m, ((0, 0), (s, 0)))[:, :-s]),
         moved(lambda m, s: np.pad(m, ((0, 0), (s, 0)), mode="edge")[:, :-s]),
         moved(lambda m, s: np.pad(m, ((0, 0), (0, s)))[:, s:]),
         moved(lambda m, s: np.pad(m, ((0, 0), (0, s)), mode="edge")[:, s:]),
         moved(lambda m, s: np.concatenate([m[:, :s], m[:, :-s]], axis=1))),
    mistake("map_moved",
         "You move the map instead of the image. Inside, that is the same; but what comes in "
         "again at the left has met other neighbours there, so the border differs.",
         map_moved),
    mistake("pooled_map_moved",
         "You move the pooled map. Move the image, and then do everything again: convolve, pool.",
         pooled_map_moved, partial(pooled_map_moved, step=2)),
    mistake("overlap_compared",
         "You cut the images down to what they share. Compare the whole maps: np.roll keeps every "
         "pixel.",
         overlap_compared),
    mistake("inverse_ratio",
         "The ratio is upside down: the change of the pooled map comes above the line, that of "
         "the unpooled map below.",
         compared(lambda maps: 1 / ratio(maps))),
    mistake("summed",
         "You compare sums. The unpooled map has about four times as many values, so its sum is "
         "larger for that reason alone: take means.",
         sized(lambda d: np.abs(d).sum()), sized(np.sum),
         compared(lambda maps: np.abs(maps.small_change).sum() / size_of(maps.change))),
    mistake("absolute_forgotten",
         "Differences of either sign cancel out in your mean. First the absolute value of each, "
         "then the mean.",
         sized(np.mean), sized(lambda d: np.abs(np.mean(d))),
         compared(lambda maps: np.mean(maps.small_change) / size_of(maps.change)),
         compared(lambda maps: size_of(maps.small_change) / np.mean(maps.change))),
    mistake("squared",
         "You square the differences. Asked for is the mean of their absolute values.",
         sized(lambda d: np.square(d).mean()), sized(lambda d: np.sqrt(np.square(d).mean())),
         sized(lambda d: np.square(d).sum()), sized(lambda d: np.sqrt(np.square(d).sum())),
         sized(np.std), sized(np.var)),
    mistake("not_the_mean",
         "You do not take the mean of the changes. Asked for is the mean of their absolute "
         "values.",
         sized(lambda d: np.abs(d).max()), sized(np.max), sized(lambda d: np.median(np.abs(d))),
         sized(lambda d: np.count_nonzero(d) / d.size), sized(np.ptp)),
    mistake("with_relu",
         "A ReLU has slipped in. Here the map goes into the pooling with its negative values.",
         partial(measure, convolve=responses(helpers.relu)),
         partial(measure, pool=lambda m: pooled(np.maximum(m, 0))),
         partial(measure, pool=lambda m: np.maximum(pooled(m), 0))),
    mistake("absolute_map",
         "You take the absolute value of the map. Only the differences lose their sign: the map "
         "goes into the pooling as it is.",
         partial(measure, convolve=responses(np.abs)),
         partial(measure, pool=lambda m: pooled(np.abs(m)))),
    mistake("pool_first",
         "You pool the image and then convolve, or pool both maps. Convolve first; then pool for "
         "the upper half of the ratio alone.",
         image_pooled, lambda image, kernel, shift: measure(pooled(image), kernel, shift),
         partial(measure, convolve=responses(pooled)),
         compared(lambda maps: size_of(maps.pooled_image_change) / size_of(maps.change))),
    mistake("added",
         "You add the maps where you should subtract them: what changes is the difference.",
         compared(lambda maps: size_of(maps.small_sum) / size_of(maps.after + maps.before)),
         compared(lambda maps: size_of(maps.small_sum) / size_of(maps.change))),
    mistake("change_pooled",
         "You pool the difference of the maps. Pool each map, and then take the difference.",
         compared(lambda maps: size_of(pooled(np.abs(maps.change))) / size_of(maps.change)),
         compared(lambda maps: size_of(pooled(maps.change)) / size_of(maps.change))),
    mistake("not_divided",
         "That is one of the two changes alone. Divide the change of the pooled map by the change "
         "of the unpooled map.",
         compared(lambda maps: size_of(maps.small_change)),
         compared(lambda maps: size_of(maps.change)),
         compared(lambda maps: size_of(maps.pooled_image_change))),
    mistake("wrong_denominator",
         "You divide by something else than the change of the unpooled map.",
         *map(divided_by, (lambda maps: size_of(maps.before), lambda maps: size_of(maps.after),
             lambda maps: size_of(maps.moved_image - maps.image),
             lambda maps: size_of(maps.small_before), lambda maps: size_of(maps.small_after),
             lambda maps: np.abs(maps.change).sum(), lambda maps: np.abs(maps.change).max(),
             lambda maps: size_of(maps.image)))),
    mistake("relative_change",
         "You divide each change by the size of its map first. That is a good question too, and "
         "the lesson asks it next; here it is the ratio of the plain changes.",
         compared(lambda maps: ratio(maps) * size_of(maps.before) / size_of(maps.small_before)),
         compared(lambda maps: size_of((maps.small_change) / (np.abs(maps.small_before) + 1e-9)))),
    mistake("means_compared",
         "You compare the means of whole maps, and they hardly change when an image moves. "
         "Subtract value by value, then take the mean.",
         compared(ratio_of_size_changes),
         compared(lambda maps: size_of(maps.small_after) / size_of(maps.small_before)),
         compared(lambda maps: size_of(maps.small_after) / size_of(maps.after)),
         compared(lambda maps: size_of(maps.small_before) / size_of(maps.before)),
         divided_by(lambda maps: size_of(maps.after) - size_of(maps.before))),
    mistake("ratio_changed",
         RATIO,
         *map(ratio_changed, (lambda a, b: 1 - a / b, lambda a, b: a - b, lambda a, b: b - a,
             lambda a, b: a * b, lambda a, b: a / (a + b), lambda a, b: (a / b) ** 0.5,
             lambda a, b: (a / b) ** 2, lambda a, b: min(a / b, 1.0), lambda a, b: a // b,
             lambda a, b: round(a / b, 2), lambda a, b: round(a / b, 3),
             lambda a, b: round(a / b, 1), lambda a, b: (a - b) / b, lambda a, b: a / b - 1,
             lambda a, b: np.log(a / b), lambda a, b: abs(a - b)))),
    mistake("percent",
         "That is a percentage. Leave the ratio as it is: 1 means that the pooled map changes as "
         "much as the other.",
         compared(lambda maps: 100 * ratio(maps))),
)  # fmt: skip


def shift_change_by_hand(image: np.ndarray, kernel: np.ndarray, shift: int) -> float:
    moved = np.concatenate([image[:, -shift:], image[:, :-shift]], axis=1)
    before = np.einsum("rcij,ij->rc", sliding_window_view(image, kernel.shape), kernel * 1.0)
    after = np.einsum("rcij,ij->rc", sliding_window_view(moved, kernel.shape), kernel * 1.0)
    pooled_change = max_pool_by_slices(after) - max_pool_by_slices(before)
    return np.mean(np.abs(pooled_change)) / np.mean(np.abs(after - before))


def shift_change_by_loops(image: np.ndarray, kernel: np.ndarray, shift: int) -> float:
    rows, columns = image.shape
    moved = np.zeros((rows, columns))
    for c in range(columns):
        moved[:, (c + shift) % columns] = image[:, c]
    maps = [helpers.conv2d(pixels, kernel) for pixels in (image, moved)]
    small = [max_pool_by_loops(feature_map) for feature_map in maps]
    changes = []
    for one, other in (small, maps):
        total = 0.0
        for place in np.ndindex(one.shape):
            total += abs(float(other[place]) - float(one[place]))
        changes.append(total / one.size)
    return changes[0] / changes[1]


SHIFT_CHANGE = ByCalls(
    key="shift_change",
    title="How much of a shift gets through the pooling",
    points=2,
    minutes=6,
    reference=shift_change,
    examples=(call(DOT, ONE, 1), call(DOT, ONE, 2)),
    cases=shift_cases,
    mistakes=(
        *SHIFT_SLIPS,
        *made_by(
            lambda way: partial(measure, convolve=way),
            *few(3, *CONVOLUTION_SLIPS, but="kernel_changed"),
        ),
        *made_by(
            lambda way: partial(measure, pool=way),
            *few(
                1,
                *POOL_SLIPS,
                but="starts_from_zero absolute_value one_direction size_kept axes_swapped scaled "
                "flattened",
            ),
        ),
    ),
    alternatives=(
        shift_change_by_hand,
        shift_change_by_loops,
        lambda image, kernel, shift: measure(
            image.astype(np.float64), kernel, shift, pool=max_pool_by_slices
        ),
    ),
    hints=(
        (
            "You need four maps: two before pooling, two after. Which two does each half of the "
            "ratio compare?"
        ),
        (
            "Move the image with np.roll(image, shift, axis=1), convolve both images, pool both "
            "maps. How do you stop positive and negative differences from cancelling out?"
        ),
        (
            "np.mean(np.abs(one - other)) for the two pooled maps, divided by the same for the two "
            "maps before."
        ),
    ),
)


EXERCISES = (
    MAX_POOL_2X2,
    POOL_OUTPUT_SIZE,
    KEPT_FRACTION,
    MAX_POOL2D,
    AVERAGE_POOL2D,
    RELU,
    CONV_RELU_POOL,
    SHIFT_CHANGE,
)
