"""`max_pool2d(image, pool_size=2, strides=None, padding="valid")`: any window, step and padding."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

import helpers
from course.exercises.exercise import ByCalls, Call, Mistake, call, made_by, mistake
from course.exercises.pooling.images import (
    NEGATIVE_PATCH,
    PATCH,
    bright_bytes,
    floats,
    negative,
    signed,
)
from course.exercises.pooling.pooled import ARGUMENTS, COMBINED, Pool, combining, pooled
from helpers.convolution import same_padding

# Large enough to be drawn: thin bright lines on grey.
ROWS, COLUMNS = np.indices((27, 30))
LINES = np.where((ROWS == COLUMNS) | (ROWS == 6) | (COLUMNS == 23), 220, 60)


# --- Cases ----------------------------------------------------------------------------------------


def cases(rng: np.random.Generator) -> Iterable[Call]:
    yield call(floats(rng, 7, 10), pool_size=3)
    yield call(signed(rng, 8, 9), pool_size=3, strides=2)
    yield call(signed(rng, 9, 11), 2, 3)
    yield call(bright_bytes(rng, 4, 7), pool_size=4)
    yield call(floats(rng, 5, 8).astype(np.float32), pool_size=1)
    yield call(floats(rng, 9, 12), pool_size=4, strides=3)
    yield call(negative(rng, 5, 7), padding="same")
    yield call(negative(rng, 6, 9), pool_size=3, strides=2, padding="same")
    yield call(negative(rng, 5, 4), pool_size=2, strides=1, padding="same")
    yield call(floats(rng, 8, 7), pool_size=3, padding="same")
    yield call(negative(rng, 7, 6), pool_size=4, strides=1, padding="same")
    yield call(signed(rng, 10, 11), pool_size=5, strides=3, padding="same")
    # Steps larger than the window: nothing is missing, and pixels are left over.
    yield call(negative(rng, 6, 6), pool_size=2, strides=3, padding="same")
    yield call(signed(rng, 8, 11), pool_size=1, strides=3, padding="same")
    yield call(negative(rng, 9, 5), pool_size=2, strides=4, padding="same")


# --- Other right answers --------------------------------------------------------------------------


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


# --- Mistakes -------------------------------------------------------------------------------------


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


def below_zero(size: int, pool_size: int, strides: int) -> tuple[int, int]:
    """What "same" adds, where more pixels than the windows need are taken for less than none."""
    total = (up(size, pool_size, strides) - 1) * strides + pool_size - size
    return total // 2, total - total // 2


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


OTHER = {"valid": "same", "same": "valid"}
STICKING_OUT = {"valid": up, "same": down}


def won_by(one: Call, right: np.ndarray, got: np.ndarray) -> float | None:
    """The one number that came back from windows with padding, larger than their own pixels."""
    wrong = ~np.isclose(got, right)
    numbers = got[wrong]
    same = one.kwargs.get("padding") == "same" and np.ptp(numbers) == 0
    return numbers[0] if same and (numbers > right[wrong]).all() else None


PADDING = (
    mistake("padding_wins",
        "The padding wins: your result holds a number that is not in the image. Pad with -np.inf, "
        "in an array of floats: it is smaller than every pixel.",
        filled_with(0.0), filled_with(-999.0), filled_with(np.inf),
        changing(lambda m, p, s, padding: pooled(m, p, s, padding, fill=float(m.max()))),
        changing(lambda m, p, s, padding: pooled(m, p, s, padding, fill=float(m.mean()))),
        fits=won_by),
    mistake("padded_with_pixels",
        "You pad with pixels from elsewhere in the image, and they win where they should not. Pad "
        "with -np.inf, which never wins.",
        partial(pooled, fill="wrap"), partial(pooled, fill="reflect"), partial(pooled, fill="mean"),
        partial(pooled, fill="maximum")),
    mistake("same_ignored",
        '`padding="same"` makes no difference to your result. It pads first, so that ceil(size / '
        "strides) windows fit: 3 rows give 2.",
        changing(lambda m, p, s, padding: pooled(m, p, s))),
    mistake("options_ignored",
        "Neither `strides` nor `padding` makes a difference to your result: it is the one for "
        "windows side by side that lie inside the image.",
        changing(lambda m, p, s, padding: pooled(m, p))),
    mistake("padded_at_start",
        'The padding stands in the wrong place. "same" shares it out, half before and half after, '
        "and an odd pixel goes to the end, as in Keras.",
        partial(pooled, around=lambda n, p, s: same_padding(n, p, s)[::-1]),
        partial(pooled, around=lambda n, p, s: (missing(n, p, s), 0))),
    mistake("padded_at_end",
        'The padding all stands at the end. "same" shares it out, half before and half after; '
        "only an odd pixel goes to the end, as in Keras.",
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
    mistake("padding_negative",
        "Your padding becomes negative where strides are larger than pool_size: the windows may "
        "need fewer pixels than there are. Nothing is missing then, so pad nothing.",
        partial(pooled, around=below_zero)),
    mistake("padding_sides_swapped",
        "Height and width each need their own padding: yours pads both by the same number, or "
        "each by the other's.",
        *map(padded_in_order, ((1, 0), (0, 0), (1, 1))),
        *map(kept_in_order, ((1, 0), (0, 0),
            (1, 1)))),
    mistake("same_size",
        '"same" does not mean as large as the image when the window takes larger steps: there are '
        "ceil(size / strides) windows, so 3 rows give 2 with strides of 2.",
        changing(lambda m, p, s, padding: pooled(m, p, 1 if padding == "same" else s, padding))),
    mistake("same_rounded_down",
        'With "same" you round down. It pads so that nothing is dropped: 3 rows give 2 windows of '
        "2, and not 1.",
        changing(rounded_down)),
    mistake("valid_ignored",
        'You pad with "valid" too. It keeps only the windows that fit, and it is what counts when '
        "padding= is not given.",
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


def in_the_window(image, pool_size=2, strides=None, padding="valid", *, theirs):
    """Open the moving window, which knows no padding."""
    if padding != "valid":
        raise ValueError("the window pools without padding")
    return helpers.stepper.pooling(image, pool_size, strides, theirs=theirs)


EXERCISE = ByCalls(
    key="max_pool2d",
    title="Max pooling with any window, step and padding",
    points=3,
    minutes=9,
    reference=helpers.max_pool2d,
    helpers=("pooling.max_pool2d",),
    window=in_the_window,
    examples=(
        call(PATCH),
        call(PATCH, pool_size=2, strides=1),
        call(NEGATIVE_PATCH, padding="same"),
        call(LINES),
    ),
    cases=cases,
    alternatives=(pooled, max_pool2d_by_clipping, max_pool2d_by_shifts, max_pool2d_with_scipy),
    mistakes=(
        *PADDING,
        *with_any_padding(),
        *made_by(lambda change: partial(pooled, **change), *ARGUMENTS),
    ),
    hints=(
        (
            "Where does window (r, c) begin when it moves by `strides`, and how many are there? "
            'Get "valid" right first.'
        ),
        (
            'For "same", count ceil(size / strides) windows and how many pixels they need. Pad '
            "what is missing, half before and the larger half after. With which number, so that "
            "it never wins?"
        ),
        (
            "total = max((windows - 1) * strides + pool_size - size, 0). Pad total // 2 before "
            "and the rest after with -np.inf in a float copy, rows and columns each; then go on "
            'as for "valid".'
        ),
    ),
)
