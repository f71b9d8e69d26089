"""`output_size(size, kernel_size, padding=0, strides=1)`: how many places there are along one side."""

import math
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

import helpers
from course.exercises.convolution_by_hand.images import grey_values
from course.exercises.exercise import ByCalls, Call, call, made_by, mistake

# --- Cases ----------------------------------------------------------------------------------------


def cases(rng: np.random.Generator) -> Iterable[Call]:
    yield call(28, 9)
    yield call(28, 3, 1)
    yield call(28, 3, strides=2)
    yield call(29, 4, strides=3)
    yield call(224, 7, padding=3, strides=2)
    yield call(512, 11, 2, 4)
    yield call(10, 2, 1, 3)
    yield call(11, 5, padding=2)
    yield call(17, 6, 1, 5)
    yield call(5, 5)
    yield call(1024, 3)  # more places than a byte can count
    yield call(1, 1)
    for size, kernel_size in zip(grey_values(rng, 3) + 20, rng.integers(2, 10, 3), strict=True):
        yield call(int(size), int(kernel_size), int(rng.integers(1, 5)), int(rng.integers(1, 5)))


# --- Other right answers --------------------------------------------------------------------------


def places(size, kernel_size, padding=0, strides=1):
    count, start = 0, -padding
    while start + kernel_size <= size + padding:
        count, start = count + 1, start + strides
    return count


def formula(way: Callable[..., Any]) -> Callable[..., Any]:
    """Give a formula of n, k, p and s the signature of `output_size`."""
    return lambda size, kernel_size, padding=0, strides=1: way(size, kernel_size, padding, strides)


# --- Mistakes -------------------------------------------------------------------------------------

# Formulas of size n, kernel_size k, padding p and strides s. Right is (n + 2 * p - k) // s + 1.
MISTAKES = (
    mistake("off_by_one_size",
        "The + 1 is missing or has become a - 1: 28 - 3 = 25 is how often the kernel moves, and "
        "its first place counts too, so there are 26.",
        lambda n, k, p, s: (n + 2 * p - k) // s, lambda n, k, p, s: (n + 2 * p - k) / s,
        lambda n, k, p, s: n + 2 * p - k, lambda n, k, p, s: n - k,
        lambda n, k, p, s: abs(k - n) // s, lambda n, k, p, s: (n - k) // s,
        lambda n, k, p, s: (n + 2 * p - k) // s - 1, lambda n, k, p, s: n - k - 1,
        lambda n, k, p, s: -(-(n + 2 * p - k) // s)),
    mistake("one_too_many",
        "That is one place too many. A kernel as large as the image fits once: 5 and 5 give 1.",
        lambda n, k, p, s: (n + 2 * p - k) // s + 2, lambda n, k, p, s: n + 2 * p - k + 2),
    mistake("one_added_too_early",
        "The 1 is added before the division. First divide and round down, then add 1.",
        lambda n, k, p, s: (n + 2 * p - k + 1) // s, lambda n, k, p, s: (n + 2 * p - k + 1) / s,
        lambda n, k, p, s: (n + 2 * p - k + 1) // s + 1),
    mistake("padding_once",
        "Padding is added at both ends: 28 pixels with a padding of 1 are 30, not 29.",
        lambda n, k, p, s: (n + p - k) // s + 1, lambda n, k, p, s: n + p - k + 1),
    mistake("padding_ignored",
        "The padding is not in your result. It makes the image larger by 2 * padding before the "
        "kernel moves.",
        lambda n, k, p, s: (n - k) // s + 1),
    mistake("padding_and_strides_ignored",
        "Padding and strides are not in your result. With the defaults it is right.",
        lambda n, k, p, s: n - k + 1),
    mistake("padding_misplaced",
        "The padding enters in the wrong place, or with the wrong sign or factor: the kernel "
        "moves over size + 2 * padding pixels.",
        lambda n, k, p, s: (n - 2 * p - k) // s + 1, lambda n, k, p, s: (n - p - k) // s + 1,
        lambda n, k, p, s: (n - k) // s + 2 * p + 1, lambda n, k, p, s: (n - k) // s + p + 1,
        lambda n, k, p, s: (n + 4 * p - k) // s + 1, lambda n, k, p, s: (n + p**2 - k) // s + 1,
        lambda n, k, p, s: 2 * (n + p - k) // s + 1, lambda n, k, p, s: (2 * n + p - k) // s + 1,
        lambda n, k, p, s: 2 * (n + p) - k // s + 1, lambda n, k, p, s: (n - k + 1) // s + 2 * p,
        lambda n, k, p, s: (n + 2 + p - k) // s + 1, lambda n, k, p, s: (n * 2 * p - k) // s + 1,
        lambda n, k, p, s: (n + 3 * p - k) // s + 1),
    mistake("padding_always_1",
        "You always take the same padding. It is an argument, and 0 where nothing is passed.",
        lambda n, k, p, s: (n + 2 - k) // s + 1, lambda n, k, p, s: (n + 2 * (p or 1) - k) // s + 1,
        lambda n, k, p, s: (n + 2 * (k // 2) - k) // s + 1),
    mistake("strides_ignored",
        "The strides are not in your result. With strides 2 the kernel stands only at every "
        "second place: 28 and 3 then give 13.",
        lambda n, k, p, s: n + 2 * p - k + 1),
    mistake("strides_always_2",
        "You always take the same strides. They are an argument, and 1 where nothing is passed.",
        lambda n, k, p, s: (n + 2 * p - k) // 2 + 1,
        lambda n, k, p, s: (n + 2 * p - k) // (2 if s == 1 else s) + 1),
    mistake("strides_misplaced",
        "The strides enter in the wrong place. Take the kernel's size away first, then divide "
        "what is left by the strides: larger strides, fewer places.",
        lambda n, k, p, s: (n + 2 * p - k) * s + 1, lambda n, k, p, s: n + 2 * p - k * s + 1,
        lambda n, k, p, s: n + 2 * p - k - s + 2, lambda n, k, p, s: (n + 2 * p) // s - k + 1,
        lambda n, k, p, s: (n + 2 * p) // s - k // s + 1, lambda n, k, p, s: n // s + 2 * p - k + 1,
        lambda n, k, p, s: -(-(n + 2 * p) // s) - k + 1,
        lambda n, k, p, s: (n + 2 * p - k) // (s + 1),
        lambda n, k, p, s: (n + 2 * p - k) // (s + 1) + 1,
        lambda n, k, p, s: (n + 2 * p - k) % s + 1, lambda n, k, p, s: n + 2 * p - k // s + 1,
        lambda n, k, p, s: (n + 2 * p) - (k - 1) // s, lambda n, k, p, s: (n + 2 * p - k) // s + s,
        lambda n, k, p, s: (n + 2 * p - k) // s**2 + 1, lambda n, k, p, s: (n + 2 * p - s) // k + 1),
    mistake("rounded_up",
        "You round up. The last step counts only if the whole kernel still fits: round down.",
        lambda n, k, p, s: -(-(n + 2 * p - k) // s) + 1),
    mistake("rounded_to_nearest",
        "You round to the nearest whole number, and a half or more goes up. The last step counts "
        "only if the whole kernel still fits: round down.",
        lambda n, k, p, s: round((n + 2 * p - k) / s) + 1,
        lambda n, k, p, s: int((n + 2 * p - k) / s + 0.5) + 1,
        lambda n, k, p, s: round((n + 2 * p - k) / s + 1)),
    mistake("not_rounded",
        "That is not always a whole number: 28 and 3 with strides 2 give 13 places, not 13.5. "
        "`//` divides and rounds down in one step.",
        lambda n, k, p, s: (n + 2 * p - k) / s + 1),
    mistake("only_3x3",
        "You always take the same from the size. How much is lost depends on the kernel: 3 loses "
        "2, 2 loses 1, 9 loses 8.",
        lambda n, k, p, s: (n + 2 * p - 3) // s + 1, lambda n, k, p, s: n - 2,
        lambda n, k, p, s: n - 1, lambda n, k, p, s: (n + 2 * p - 2) // s + 1,
        lambda n, k, p, s: (n + 2 * p - 2) // s),
    mistake("odd_kernels_only",
        "This is right for odd kernels only. 28 and 2 give 27: a kernel of 2 loses one pixel in "
        "all, not one on each side.",
        lambda n, k, p, s: (n + 2 * p - 2 * (k // 2) - 1) // s + 1,
        lambda n, k, p, s: n - 2 * (k // 2), lambda n, k, p, s: (n + 2 * p - 2 * (k // 2)) // s,
        lambda n, k, p, s: n + 2 * p - 2 * (k // 2)),
    mistake("lost_on_one_side_only",
        "Pixels are lost at both ends: a kernel of 3 loses one on each side, so 28 becomes 26, "
        "not 27.",
        lambda n, k, p, s: (n + 2 * p - k // 2 - 1) // s + 1, lambda n, k, p, s: n - k // 2,
        lambda n, k, p, s: (n + 2 * p - k // 2) // s,
        lambda n, k, p, s: (n + 2 * p - k // 2) // s + 1,
        lambda n, k, p, s: (n + 2 * p - (k - 1) // 2) // s + 1,
        lambda n, k, p, s: (n + p - k // 2) // s),
    mistake("kernel_lost_twice",
        "Too much is lost: a kernel of 3 loses 2 of 28 pixels in all, so that 26 remain.",
        lambda n, k, p, s: (n + 2 * p - 2 * k) // s + 1,
        lambda n, k, p, s: (n + 2 * p - 2 * (k - 1)) // s,
        lambda n, k, p, s: (n + 2 * p - 2 * (k - 1) - 1) // s + 1,
        lambda n, k, p, s: (n - 2 * (k - 1)) // s, lambda n, k, p, s: (n + 2 * p - k * k) // s + 1,
        lambda n, k, p, s: (n + 2 * p - k - 1) // s, lambda n, k, p, s: n - 2 * k),
    mistake("kernel_added",
        "The kernel's size is added. A larger kernel has fewer places, so it is taken away.",
        lambda n, k, p, s: (n + 2 * p + k) // s + 1, lambda n, k, p, s: (n + 2 * p + k - 1) // s,
        lambda n, k, p, s: (k + 2 * p - n) // s + 1, lambda n, k, p, s: n + 2 * p + k - 1),
    mistake("windows_do_not_overlap",
        "You count windows that stand side by side. They overlap: each is only `strides` pixels "
        "further than the one before.",
        lambda n, k, p, s: n // k, lambda n, k, p, s: (n + 2 * p) // k,
        lambda n, k, p, s: n // k + 1, lambda n, k, p, s: (n + 2 * p - k) // k + 1,
        lambda n, k, p, s: n / k, lambda n, k, p, s: n * k),
    mistake("size_kept",
        "That counts pixels, not places: a place needs a full window. (The size would be kept by "
        'padding="same", but here only the padding that is passed counts.)',
        lambda n, k, p, s: n, lambda n, k, p, s: n // s, lambda n, k, p, s: -(-n // s),
        lambda n, k, p, s: n + 2 * p, lambda n, k, p, s: -(-(n + 2 * p) // s),
        lambda n, k, p, s: (n + 2 * p) // s, lambda n, k, p, s: (n + 2 * p) // s + 1,
        lambda n, k, p, s: n if p else (n - k) // s + 1),
    mistake("arguments_swapped",
        "Two of the arguments are swapped. Their order is size, kernel_size, padding, strides.",
        lambda n, k, p, s: (n + 2 * s - k) // (p or 1) + 1),
    mistake("area",
        "That counts the places in a square image. Wanted is one side: 26, not 26 * 26 = 676.",
        lambda n, k, p, s: ((n + 2 * p - k) // s + 1) ** 2, lambda n, k, p, s: (n - k + 1) ** 2,
        lambda n, k, p, s: n * n),
    mistake("argument_returned",
        "That is one of the arguments, unchanged.",
        lambda n, k, p, s: k, lambda n, k, p, s: p, lambda n, k, p, s: s),
)  # fmt: skip


EXERCISE = ByCalls(
    key="output_size",
    title="Say how large the result is",
    points=2,
    minutes=3,
    reference=helpers.output_size,
    helpers=("convolution.output_size", "pooling.pool_output_size"),
    examples=(call(28, 3), call(28, 2), call(7, 3, padding=1, strides=2)),
    cases=cases,
    alternatives=(
        places,
        formula(lambda n, k, p, s: (n + 2 * p - k) // s + 1),
        formula(lambda n, k, p, s: math.floor((n + 2 * p - k) / s + 1)),
        formula(lambda n, k, p, s: len(range(0, n + 2 * p - k + 1, s))),
        formula(lambda n, k, p, s: int(np.floor((n + 2 * p - k) / s) + 1)),
    ),
    mistakes=made_by(formula, *MISTAKES),
    hints=(
        (
            "Put a kernel of 3 at the left end of 5 pixels. How often can it move by one until it "
            "touches the right end? And how many places is that, the first one counted?"
        ),
        (
            "With padding there are size + 2 * padding pixels. The first place takes kernel_size "
            "of them; each further place takes `strides` more."
        ),
        (
            "What is left after the first place, divided by the strides and rounded down with //; "
            "then + 1."
        ),
    ),
)
