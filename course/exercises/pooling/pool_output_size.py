"""`pool_output_size(size, pool_size=2, strides=None)`: how many windows fit along one side."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

import helpers
from course.exercises.exercise import ByCalls, Call, call, mistake

# --- Cases ----------------------------------------------------------------------------------------


def cases(rng: np.random.Generator) -> Iterable[Call]:
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


# --- Other right answers --------------------------------------------------------------------------


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


# --- Mistakes -------------------------------------------------------------------------------------

MISTAKES = (
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
        counting(lambda n, p, s: (n - 2 * p) // s + 1), counting(lambda n, p, s: (n - p) // s - 1),
        counting(lambda n, p, s: n // p, lambda n, p, s: (n - p) // s),
        counting(lambda n, p, s: (n - p - 1) // s + 1), counting(lambda n, p, s: (n - 2 * p) // s)),
    mistake("one_too_many",
        "You count windows that do not fit. From 0 to size - pool_size there are (size - "
        "pool_size) // strides steps, and one window more than steps.",
        counting(lambda n, p, s: n // s + 1), counting(lambda n, p, s: (n - p) // s + 2),
        counting(lambda n, p, s: (n + p) // s + 1), counting(lambda n, p, s: (n + 2 - p) // s + 1),
        counting(lambda n, p, s: (n - p + 1) // s + 1), counting(lambda n, p, s: n // p + 1)),
    mistake("not_divided",
        "Your result does not depend on how far the window moves. It takes `strides` pixels at a "
        "time: divide by them.",
        counting(lambda n, p, s: n - p + 1), counting(lambda n, p, s: n - p),
        counting(lambda n, p, s: n)),
    mistake("swapped",
        "pool_size and strides have changed places: subtract the pool_size, divide by the strides.",
        counting(lambda n, p, s: (n - s) // p + 1)),
    mistake("area",
        "That is the number of windows in the whole image: 13 * 13 = 169 for 26. Count along one "
        "side: 13.",
        counting(lambda n, p, s: ((n - p) // s + 1) ** 2), counting(lambda n, p, s: (n // p) ** 2),
        counting(lambda n, p, s: n**2 // p**2)),
    mistake("divided_twice",
        "You divide by too much. Along one side a window takes `strides` pixels, not its area: 26 "
        "gives 13 and not 6.",
        counting(lambda n, p, s: n // p**2), counting(lambda n, p, s: (n - p) // (p * s) + 1),
        counting(lambda n, p, s: n // (p * s)), counting(lambda n, p, s: (n - p) // (s + 1)),
        lambda size, pool_size=2, strides=None: size // (pool_size * (strides or 1))),
    mistake("wrong_operation",
        "Subtract and divide: the pool_size comes off the size, what is left is divided by the "
        "strides, and the first window is added.",
        counting(lambda n, p, s: n * p), counting(lambda n, p, s: n % p),
        counting(lambda n, p, s: n - n // p), counting(lambda n, p, s: p),
        counting(lambda n, p, s: n - s), counting(lambda n, p, s: n * s),
        counting(lambda n, p, s: n % s), counting(lambda n, p, s: n // p * s),
        counting(lambda n, p, s: n - p // s + 1)),
)  # fmt: skip


EXERCISE = ByCalls(
    key="pool_output_size",
    title="Count the windows along one side",
    points=1,
    minutes=3,
    reference=helpers.pool_output_size,
    helpers=("pooling.pool_output_size",),
    examples=(call(26), call(11), call(26, 3)),
    cases=cases,
    alternatives=(
        lambda size, pool_size=2, strides=None: (size - pool_size) // (strides or pool_size) + 1,
        windows_listed,
        windows_walked,
        counting(lambda n, p, s: int(np.floor((n - p) / s)) + 1),
    ),
    mistakes=MISTAKES,
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
)
