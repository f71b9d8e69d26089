"""`median_filter(image, size)`: the median of every window."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

import helpers
from course.exercises.convolution_by_hand.one_window import centre
from course.exercises.distortions import parts, wrapped
from course.exercises.edge_kernels.disc import DISC
from course.exercises.exercise import ByCalls, Call, call, mistake
from helpers import to_pixels

# Some of its pixels are dead.
SPECKLED = DISC.copy()
SPECKLED[2::4, 3::5], SPECKLED[4::5, 1::4] = 255, 0


# --- Cases ----------------------------------------------------------------------------------------


def cases(rng: np.random.Generator) -> Iterable[Call]:
    yield call(rng.integers(0, 256, (5, 7)), 3)
    yield call(rng.integers(0, 256, (6, 5)).astype(np.uint8), 3)
    yield call(rng.normal(scale=50, size=(6, 7)), 5)
    yield call(rng.normal(scale=50, size=(5, 4)), 2)
    yield call(rng.integers(0, 256, (5, 6)), 4)
    yield call(rng.integers(0, 256, (5, 5)), 5)
    yield call(rng.uniform(size=(3, 6)).astype(np.float32), 3)
    yield call(rng.integers(-99, 100, (6, 4)), 3)
    yield call(rng.integers(0, 100, (2, 3)).astype(np.uint8), 2)
    yield call(rng.integers(0, 256, (3, 4)), 1)
    yield call(rng.integers(150, 256, (4, 5)).astype(np.uint8), 2)  # two of them need 9 bits


# --- Other right answers --------------------------------------------------------------------------


def by_loops(image: np.ndarray, size: int) -> np.ndarray:
    height, width = image.shape
    out = np.zeros((height - size + 1, width - size + 1))
    for row in range(out.shape[0]):
        for col in range(out.shape[1]):
            out[row, col] = np.median(image[row : row + size, col : col + size])
    return out


def by_sorting(image: np.ndarray, size: int) -> np.ndarray:
    rows: list[list[float]] = []
    for row in range(len(image) - size + 1):
        rows.append([])
        for col in range(len(image[0]) - size + 1):
            values = sorted(float(v) for v in image[row : row + size, col : col + size].flat)
            half, odd = divmod(len(values), 2)
            rows[-1].append(values[half] if odd else (values[half - 1] + values[half]) / 2)
    return np.array(rows)


def by_shifting(image: np.ndarray, size: int) -> np.ndarray:
    height, width = image.shape[0] - size + 1, image.shape[1] - size + 1
    shifts = [(r, c) for r in range(size) for c in range(size)]
    stack = np.stack([image[r : r + height, c : c + width] for r, c in shifts])
    return np.quantile(stack.astype(float), 0.5, axis=0)


# --- Mistakes -------------------------------------------------------------------------------------

Filtered = Callable[[np.ndarray, int], np.ndarray]


def squares(combine: Callable[[np.ndarray], np.ndarray]) -> Filtered:
    """Combine the values of each window; its rows and columns are the last two axes."""
    return lambda image, size: combine(
        sliding_window_view(np.asarray(image, dtype=float), (size, size))
    )


def lists(combine: Callable[[np.ndarray], np.ndarray]) -> Filtered:
    """Combine the values of each window; they stand in one row on the last axis."""
    return squares(lambda windows: combine(windows.reshape(*windows.shape[:2], -1)))


def rank(which: Callable[[int], int]) -> Filtered:
    """Keep one of the sorted values: ``which(count)``."""
    return lists(lambda v: np.sort(v)[..., np.clip(which(v.shape[-1]), 0, v.shape[-1] - 1)])


def most_frequent(values: np.ndarray) -> np.ndarray:
    """The most frequent value of each window, the smallest of several."""
    counts = (values[..., np.newaxis] == values[..., np.newaxis, :]).sum(axis=-1)
    most = counts == counts.max(axis=-1, keepdims=True)
    return np.where(most, values, np.inf).min(axis=-1)


def padded(mode: str) -> Filtered:
    """Keep the size by inventing a border."""

    def filtered(image: np.ndarray, size: int) -> np.ndarray:
        options: Any = {"mode": mode}
        return helpers.median_filter(np.pad(image, (size // 2, (size - 1) // 2), **options), size)

    return filtered


def smaller_at_border(image: np.ndarray, size: int) -> np.ndarray:
    """Keep the size by looking only at the pixels that there are."""
    pixels = np.pad(np.asarray(image, dtype=float), size // 2, constant_values=np.nan)
    windows = sliding_window_view(pixels, (size // 2 * 2 + 1,) * 2)
    return np.nanmedian(windows, axis=(2, 3))


def framed(fill: Callable[[np.ndarray], np.ndarray]) -> Filtered:
    """Keep the size by leaving the border as `fill` made it."""

    def filtered(image: np.ndarray, size: int) -> np.ndarray:
        out = fill(image.astype(float))
        inner = helpers.median_filter(image, size)
        top = size // 2
        out[top : top + inner.shape[0], top : top + inner.shape[1]] = inner
        return out

    return filtered


def other_window(change: Callable[[int], int]) -> Filtered:
    """Use a window of another size in the places of the right one; it may end at the border."""

    def filtered(image: np.ndarray, size: int) -> np.ndarray:
        out = np.zeros((image.shape[0] - size + 1, image.shape[1] - size + 1))
        for row, col in np.ndindex(*out.shape):
            end = max(change(size), 1)
            out[row, col] = np.median(image[row : row + end, col : col + end])
        return out

    return filtered


def stepped(image: np.ndarray, size: int) -> np.ndarray:
    """Fill in only every `size`-th row and column."""
    right = helpers.median_filter(image, size)
    rows, cols = np.indices(right.shape)
    return np.where((rows % size == 0) & (cols % size == 0), right, 0)


def as_for_three(image: np.ndarray, size: int) -> np.ndarray:
    """Make room for the windows of size 3, whatever the size."""
    out = np.zeros((image.shape[0] - 2, image.shape[1] - 2))
    right = helpers.median_filter(image, size)[: out.shape[0], : out.shape[1]]
    out[: right.shape[0], : right.shape[1]] = right
    return out


def in_the_corner(image: np.ndarray, size: int) -> np.ndarray:
    """Keep the size by filling in the top left."""
    inner = helpers.median_filter(image, size)
    return np.pad(inner, ((0, size - 1), (0, size - 1)))


def rows_for_columns(image: np.ndarray, size: int) -> np.ndarray:
    """Use the number of rows for the columns as well."""
    places = len(image) - size + 1
    return np.array(
        [
            [np.median(image[r : r + size, c : c + size]) for c in range(places)]
            for r in range(places)
        ]
    )


def middle_added(image: np.ndarray, size: int) -> np.ndarray:
    """Add the two in the middle of an even number of values as they come: bytes wrap around."""
    values = np.sort(sliding_window_view(image, (size, size)).reshape(
        len(image) - size + 1, image.shape[1] - size + 1, -1))  # fmt: skip
    half, odd = divmod(values.shape[-1], 2)
    return values[..., half] if odd else (values[..., half - 1] + values[..., half]) / 2


def middle_doubled(image: np.ndarray, size: int) -> np.ndarray:
    """Add those at (n - 1) // 2 and at n // 2, of an odd number of values the same one twice."""
    right = middle_added(image, size)
    return right if size % 2 == 0 else (right + right) / 2


MISTAKES = (
    mistake("bytes_added",
        "Two bytes are added in the image's own type, which holds 0 to 255 and wraps around: of "
        "210 and 220 the sum becomes 174, and half of it 87 instead of 215. Make floats of the "
        "values first.",
        middle_added, middle_doubled,
        lambda image, size: np.floor(middle_added(image, size))),
    mistake("mean_taken",
        "That is the mean: the 255 of the example pulls it up to 32.8. The median is the value in "
        "the middle when all nine are sorted: 6.",
        lists(lambda v: v.mean(axis=-1)), lists(lambda v: np.trunc(v.mean(axis=-1))),
        lists(lambda v: np.rint(v.mean(axis=-1))), lists(lambda v: v.sum(axis=-1) / 9)),
    mistake("minimum",
        "That is the smallest value of each window. The median has as many values below as above "
        "it.",
        rank(lambda n: 0)),
    mistake("maximum",
        "That is the largest value of each window. The median has as many values below as above "
        "it.",
        rank(lambda n: n - 1)),
    mistake("midrange",
        "You take the middle between the smallest and the largest value: (1 + 255) / 2 in the "
        "example. Sort all nine, and take the one in the middle.",
        lists(lambda v: (v.min(axis=-1) + v.max(axis=-1)) / 2)),
    mistake("even_windows",
        "Windows with an even number of values have two in the middle: 20 and 40 in the second "
        "example. The median is the mean of both, 30.",
        rank(lambda n: n // 2), rank(lambda n: (n - 1) // 2)),
    mistake("odd_sizes_only",
        "This is right for odd sizes only: for an even one your windows are one row and column too "
        "large, or too small. Count a window from its top left corner: it ends `size` further on.",
        lambda image, size: helpers.median_filter(image, size // 2 * 2 + 1),
        lambda image, size: helpers.median_filter(image, max(size - 1 + size % 2, 1))),
    mistake("next_to_the_middle",
        "You take a value beside the middle of the sorted ones. Nine values: the middle one has "
        "number 4, counted from 0.",
        rank(lambda n: n // 2 - 1), rank(lambda n: n // 2 + 1), rank(lambda n: int(n**0.5) // 2),
        rank(lambda n: 4), rank(lambda n: int(n**0.5)), rank(lambda n: int(n**0.5) + 1)),
    mistake("not_sorted",
        "You take a value by where it stands in the window, without sorting: the centre is 255 in "
        "the example. Sort the values of the window first.",
        lists(lambda v: v[..., v.shape[-1] // 2]), squares(lambda w: w[..., 0, 0]), squares(centre),
        squares(lambda w: w[..., -1, -1]),
        lists(lambda v: (v[..., v.shape[-1] // 2] + v[..., (v.shape[-1] - 1) // 2]) / 2)),
    mistake("places_not_values",
        "You return the place of the median, from argsort. Its value is wanted.",
        lists(lambda v: np.argsort(v)[..., v.shape[-1] // 2])),
    mistake("rows_or_columns_apart",
        "Rows or columns of the window are taken apart. All its values belong in one list: "
        "np.median without an axis, or flatten the window first.",
        *(squares(lambda w, one=one, two=two, axis=axis: two(one(w, axis=axis), axis=-1))  # type: ignore[misc]
          for axis in (-1, -2)
          for one, two in ((np.median, np.median), (np.median, np.mean), (np.mean, np.median),
                           (np.max, np.median), (np.median, np.max), (np.min, np.median))),
        lambda image, size: helpers.median_filter(image, (size, image.shape[1]))
          + np.zeros(image.shape[1] - size + 1),
        lambda image, size: helpers.median_filter(image, (image.shape[0], size))
          + np.zeros((image.shape[0] - size + 1, 1)),
        squares(lambda w: centre(np.sort(w, axis=-1))),
        squares(lambda w: centre(np.sort(w, axis=-2))),
        squares(lambda w: centre(np.sort(np.sort(w, axis=-2), axis=-1))),
        squares(lambda w: np.median(w, axis=-1)[..., 0]),
        squares(lambda w: np.median(w, axis=-1)[..., w.shape[-1] // 2]),
        squares(lambda w: np.median(w, axis=-1)[..., -1]),
        squares(lambda w: np.median(w, axis=-2)[..., 0]),
        squares(lambda w: np.median(w, axis=-2)[..., w.shape[-1] // 2]),
        squares(lambda w: np.median(w, axis=-1)), squares(lambda w: np.median(w, axis=-2)),
        lambda image, size: helpers.median_filter(image, (1, size)),
        lambda image, size: helpers.median_filter(image, (size, 1))),
    mistake("not_every_pixel",
        "Some pixels of the window do not count. All size x size of them do, the centre and the "
        "corners too.",
        squares(lambda w: np.median(np.diagonal(w, axis1=2, axis2=3), axis=-1)),
        lists(lambda v: np.median(np.delete(v, v.shape[-1] // 2, -1), axis=-1)
              if v.shape[-1] > 1 else v[..., 0]),
        squares(lambda w: np.median(np.concatenate(
            [w[..., w.shape[-1] // 2, :], w[..., w.shape[-1] // 2]], axis=-1), axis=-1))),
    mistake("other_statistic",
        "That is another property of the window. The median is the value in the middle when all "
        "are sorted: half of the others below it, half above.",
        lists(lambda v: v.std(axis=-1)), lists(lambda v: v.sum(axis=-1)), lists(most_frequent),
        lists(lambda v: v.var(axis=-1)), lists(lambda v: np.ptp(v, axis=-1)),
        lists(lambda v: np.percentile(v, 25, axis=-1)),
        lists(lambda v: np.percentile(v, 75, axis=-1)),
        lists(lambda v: np.percentile(v, 0.5, axis=-1)), lists(lambda v: np.prod(v, axis=-1)),
        lists(lambda v: np.apply_along_axis(lambda one: np.median(np.unique(one)), -1, v)),
        lists(lambda v: np.sort(v)[..., 1:-1].mean(axis=-1))),
    mistake("same_size",
        "The result is as large as the image. Valid size is wanted: only windows that lie inside "
        "the image, so (H - size + 1, W - size + 1).",
        *(padded(mode) for mode in ("constant", "edge", "symmetric", "reflect", "wrap")),
        framed(np.copy), framed(np.zeros_like), smaller_at_border, in_the_corner,
        fits=lambda one, right, got: 1.0 if got.shape == one.args[0].shape else None),
    mistake("always_three",
        "`size` is not used: your windows are always 3 x 3.",
        lambda image, size: helpers.median_filter(image, 3), other_window(lambda n: 3),
        as_for_three),
    mistake("radius",
        "`size` is the whole width of the window: 3 means 3 x 3, not 3 to each side.",
        lambda image, size: helpers.median_filter(image, 2 * size + 1),
        lambda image, size: helpers.median_filter(image, size + 1),
        lambda image, size: helpers.median_filter(image, max(size - 1, 1)),
        other_window(lambda n: n + 1), other_window(lambda n: n - 1),
        other_window(lambda n: n // 2), other_window(lambda n: 2 * n), other_window(lambda n: 99)),
    mistake("stepped",
        "Your windows jump by `size` pixels. They move by one pixel at a time, as in a "
        "convolution.",
        lambda image, size: helpers.median_filter(image, size)[::size, ::size], stepped,
        lambda image, size: helpers.max_pool2d(image, size)),
    mistake("whole_image",
        "Every value is the median of the whole image, or of whole rows or columns. Take the "
        "median of one window at a time.",
        lambda image, size: np.full_like(helpers.median_filter(image, size), np.median(image)),
        lambda image, size: np.median(image), lambda image, size: np.median(image, axis=0),
        lambda image, size: np.median(image, axis=1)),
    mistake("loops_end_early",
        "A part of the result is still 0: a loop ends too early, or `return` stands inside it.",
        *parts(helpers.median_filter)),
    mistake("rows_for_columns",
        "The number of rows is used for the columns as well, or they are swapped. The image need "
        "not be square: shape[0] is its height, shape[1] its width.",
        rows_for_columns, lambda image, size: rows_for_columns(image.T, size).T,
        lambda image, size: helpers.median_filter(image, size).T),
    mistake("truncated",
        "The fractions are gone: the result was stored in whole numbers, or rounded. With an even "
        "number of values the median can end in .5: let the result hold floats.",
        lambda image, size: np.trunc(helpers.median_filter(image, size)),
        lambda image, size: np.ceil(helpers.median_filter(image, size)),
        lambda image, size: helpers.median_filter(image, size).astype(image.dtype)),
    mistake("bytes_wrapped",
        "Your image was turned into bytes, which hold whole numbers from 0 to 255. Floats and "
        "negative values do not fit: work in float.",
        lambda image, size: helpers.median_filter(wrapped(image), size),
        lambda image, size: helpers.median_filter(to_pixels(image), size)),
)  # fmt: skip


EXERCISE = ByCalls(
    key="median_filter",
    title="Take the median of every window",
    points=3,
    minutes=6,
    reference=helpers.median_filter,
    helpers=("kernels.median_filter",),
    examples=(
        call(np.array([[1, 2, 3], [4, 255, 6], [7, 8, 9]]), 3),
        call(np.array([[10, 20, 30], [40, 90, 60]]), 2),
        call(SPECKLED, 3),
    ),
    cases=cases,
    alternatives=(
        by_loops,
        by_sorting,
        by_shifting,
        lambda image, size: np.median(sliding_window_view(image, (size, size)), axis=(2, 3)),
    ),
    mistakes=MISTAKES,
    hints=(
        (
            "The loop is the one of conv2d_valid. What happens to each window now, instead of "
            "multiplying and adding?"
        ),
        (
            "np.median(window) sorts the values of a window and takes the middle. How many "
            "windows of that size fit along each side?"
        ),
        (
            "An array of zeros of shape (H - size + 1, W - size + 1), two loops over its rows and "
            "columns, and in each place the median of image[row:row+size, col:col+size]."
        ),
    ),
)
