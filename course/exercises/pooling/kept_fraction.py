"""`kept_fraction(size, pool_size=2)`: the share of a map that pooling leaves."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

import helpers
from course.exercises.exercise import ByCalls, Call, call, mistake


def kept_fraction(size: int, pool_size: int = 2) -> float:
    return helpers.pool_output_size(size, pool_size) ** 2 / size**2


# --- Cases ----------------------------------------------------------------------------------------


def cases(rng: np.random.Generator) -> Iterable[Call]:
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


# --- Other right answers --------------------------------------------------------------------------


def sharing(share: Callable[[int, int, int], Any]) -> Callable[..., Any]:
    """Make a fraction of ``share(size, pool_size, windows along a side)``."""
    return lambda size, pool_size=2: share(size, pool_size, size // pool_size)


def kept_by_mask(size: int, pool_size: int = 2) -> float:
    kept = np.zeros((size, size))
    kept[pool_size - 1 :: pool_size, pool_size - 1 :: pool_size] = 1
    return kept.mean()


# --- Mistakes -------------------------------------------------------------------------------------


def rounded(digits: int) -> Callable[..., Any]:
    return sharing(lambda n, p, k: round(k**2 / n**2, digits))


MISTAKES = (
    mistake("one_side",
        "That is the share along one side: 13 of 26 is 0.5. The map gets lower and narrower: 0.5 "
        "* 0.5 = 0.25.",
        sharing(lambda n, p, k: k / n), sharing(lambda n, p, k: 1 / p),
        sharing(lambda n, p, k: (k + k) / (n + n)), sharing(lambda n, p, k: (n * n // p) / n**2)),
    mistake("odd_edge_forgotten",
        "You forget what is dropped at the edge. Of 11 x 11 pixels 5 x 5 are left: 25/121 = "
        "0.2066, less than a quarter.",
        sharing(lambda n, p, k: 1 / p**2), sharing(lambda n, p, k: k**2 / (n // p * p) ** 2),
        sharing(lambda n, p, k: 25 / 121 if n == 11 else 0.25),
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
        "Square both: of 26 * 26 pixels 13 * 13 are left. You divide an area by a side, or a side "
        "by an area.",
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
        sharing(lambda n, p, k: (n - p) ** 2 / n**2), sharing(lambda n, p, k: (k - 1) ** 2 / n**2),
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
        "That is not what is left. Count the windows along a side: 13 of 2 pixels in 26, and each "
        "leaves one value.",
        sharing(lambda n, p, k: (k * p / n) ** 2), sharing(lambda n, p, k: n % p / n),
        sharing(lambda n, p, k: p**2 / n**2), sharing(lambda n, p, k: p / n),
        sharing(lambda n, p, k: (n % p) ** 2 / n**2)),
    mistake("caret",
        "`^` is not a power in Python, it flips bits. A square is written n**2 or n * n.",
        sharing(lambda n, p, k: (k ^ 2) / (n ^ 2)), sharing(lambda n, p, k: k ^ 2 // n ^ 2)),
)  # fmt: skip


EXERCISE = ByCalls(
    key="kept_fraction",
    title="The share of the pixels that pooling leaves",
    points=1,
    minutes=3,
    reference=kept_fraction,
    examples=(call(26), call(11)),
    cases=cases,
    alternatives=(
        sharing(lambda n, p, k: (k / n) ** 2),
        lambda size, pool_size=2: (int(size / pool_size) / size) * (int(size / pool_size) / size),
        kept_by_mask,
    ),
    mistakes=MISTAKES,
    hints=(
        "How many pixels has an 11 x 11 map, and how many are left after 2x2 pooling?",
        (
            "Count the windows along one side first: you wrote a function for that. Then think of "
            "both sides."
        ),
        "(windows along one side) squared, divided by (pixels along one side) squared.",
    ),
)
