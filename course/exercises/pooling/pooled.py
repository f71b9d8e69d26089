"""A pooling with a knob for each thing that can go wrong, and what does go wrong in a window."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from course.exercises.exercise import Mistake, as_it_is, made_by, mistake
from helpers.convolution import same_padding

Pool = Callable[..., np.ndarray]


def largest(windows: np.ndarray) -> np.ndarray:
    """The maximum of each window, of its pixels that are inside the image."""
    if np.isnan(windows).all(axis=(2, 3)).any():
        raise ValueError("zero-size array")  # what max() says of a slice outside the image
    return np.nanmax(windows, axis=(2, 3))


def pooled(
    image: Any,
    pool_size: int = 2,
    strides: int | None = None,
    padding: str = "valid",
    *,
    combine: Callable[[np.ndarray], np.ndarray] = largest,
    arguments: Callable[[int, int | None], tuple[int, int | None]] = lambda p, s: (p, s),
    size: Callable[[int, int], int] = lambda p, s: p,
    step: Callable[[int, int], Any] = lambda p, s: s,
    count: Callable[[int, int, int], int] = lambda n, p, s: (n - p) // s + 1,
    shape: Callable[[int, int], tuple[int, int]] = lambda rows, columns: (rows, columns),
    look: Callable[[np.ndarray], np.ndarray] = as_it_is,
    finish: Callable[[np.ndarray], np.ndarray] = as_it_is,
    around: Callable[[int, int, int], tuple[int, int]] = same_padding,
    fill: float | str = -np.inf,
) -> np.ndarray:
    """Pool rightly, unless told to do one thing in another way.

    `arguments` changes pool_size and strides from the start; `around` and `fill` say how "same"
    pads; `size`, `step` (one for each axis, if it is a pair), `count` and `shape` how the windows lie; `look` what is looked at there;
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
    pixels, window = look(pixels), size(p, s)
    down, across = np.broadcast_to(step(p, s), 2)
    sides = zip((rows, columns), (down, across), pixels.shape, strict=True)
    beyond = [(0, max((k - 1) * far + window - n, 0)) for k, far, n in sides]
    pixels = np.pad(pixels, beyond, constant_values=np.nan)
    windows = sliding_window_view(pixels, (window, window))[::down, ::across]
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
        "You take the largest value minus the smallest: 3 for [[1, 3], [4, 2]]. Keep the largest: "
        "4.",
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
        "Some values of each window are left out. All of them count: the largest may stand in any "
        "row and in any column of its window.",
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
        "The maximum was taken along the wrong axes. The windows lie along axes 0 and 1; within a "
        "window the values lie along axes 2 and 3. Take it along both of those, axis=(2, 3).",
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


def last_zero(result: np.ndarray) -> np.ndarray:
    return np.pad(result[:-1, :-1], ((0, 1), (0, 1)))


def written_transposed(result: np.ndarray) -> np.ndarray:
    """Write ``result[column, row]`` into an array of the right shape."""
    if result.shape[0] < result.shape[1]:
        raise IndexError("index is out of bounds")
    zeros = np.zeros(result.shape)
    zeros[: result.shape[1], : result.shape[0]] = result.T[:, : result.shape[1]]
    return zeros


SQUARE = (lambda r, c: (min(r, c),) * 2, lambda r, c: (r, r), lambda r, c: (c, c))

RESHAPED = (
    "The pixels that you compare do not touch each other. A reshape cuts an array in the order of "
    "its memory: give the rows their pairs, then the columns theirs, (rows, 2, columns, 2), and "
    "take the maximum over both axes of length 2."
)


def combining(mistakes: Sequence[Mistake]) -> Iterator[Mistake]:
    """Make pools of ways to sum windows up."""
    yield from made_by(lambda way: partial(pooled, combine=way), *mistakes)


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
    mistake("one_axis_steps",
        "Your windows move by `strides` along one axis, and by one pixel along the other. Compare "
        "where they begin: at row r * strides and column c * strides.",
        {"step": lambda p, s: (s, 1)}, {"step": lambda p, s: (1, s)}),
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
        "count (H - pool_size) // strides + 1 of them.",
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
