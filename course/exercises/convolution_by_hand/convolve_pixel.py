"""`convolve_pixel(window, kernel)`: nine products, added up; 577.0 on the worked example."""

from collections.abc import Iterable

import numpy as np

import helpers
from course.exercises.convolution_by_hand.images import (
    KERNEL,
    WINDOW,
    fractions,
    grey_bytes,
    grey_values,
    single,
    whole_numbers,
)
from course.exercises.convolution_by_hand.one_window import FLIPS, IN_ONE_WINDOW
from course.exercises.exercise import ByCalls, Call, call, mistake

# --- Cases ----------------------------------------------------------------------------------------


def cases(rng: np.random.Generator) -> Iterable[Call]:
    yield call(grey_values(rng, 3, 3), fractions(rng, 3, 3))
    yield call(fractions(rng, 3, 3), whole_numbers(rng, 3, 3))
    yield call(grey_values(rng, 3, 3), whole_numbers(rng, 3, 3))
    yield call(grey_bytes(rng, 3, 3), whole_numbers(rng, 3, 3))
    yield call(fractions(rng, 3, 3), fractions(rng, 3, 3))
    yield call(single(rng, 3, 3), single(rng, 3, 3))
    yield call(255 * rng.random((3, 3)), fractions(rng, 3, 3))
    yield call(100 * fractions(rng, 3, 3), fractions(rng, 3, 3))


# --- Other right answers --------------------------------------------------------------------------


def term_by_term(window, kernel):
    total = 0.0
    for row in range(3):
        for col in range(3):
            total += window[row, col] * kernel[row, col]
    return total


# --- Mistakes -------------------------------------------------------------------------------------

SEVERAL_NUMBERS = (
    mistake("one_axis_added",
        "You added along one axis only, so several numbers came back. Python's own sum() does so, "
        "and np.sum with an axis; np.sum(...) without one adds all nine.",
        lambda w, k: (w * k).sum(0), lambda w, k: (w * k).sum(1)),
    mistake("not_added",
        "The nine products came back. They are still to be added up.",
        lambda w, k: w * k),
    mistake("matrix_multiplied",
        "`@` and np.dot multiply as matrices, rows by columns. `*` multiplies value by value; then "
        "np.sum(...) adds up.",
        lambda w, k: w @ k, lambda w, k: k @ w),
)  # fmt: skip


EXERCISE = ByCalls(
    key="convolve_pixel",
    title="Multiply a window by a kernel and add up",
    points=2,
    minutes=4,
    reference=helpers.convolve_pixel,
    helpers=(
        "convolution.convolve_pixel",
        "convolution.conv2d",
        "convolution.true_convolution",
        "convolution.conv_layer",
    ),
    window=lambda window, kernel, theirs: helpers.stepper.convolution(
        window, kernel, theirs=np.reshape(theirs, (1, 1))
    ),
    examples=(call(WINDOW, KERNEL), call(np.full((3, 3), 100), KERNEL)),
    cases=cases,
    alternatives=(
        term_by_term,
        lambda window, kernel: float(np.einsum("ij,ij->", window, kernel)),
        lambda window, kernel: sum(w * k for w, k in zip(window.flat, kernel.flat, strict=True)),
        lambda window, kernel: np.vdot(window, kernel),
        lambda window, kernel: np.trace(window.T @ kernel),
    ),
    mistakes=(*FLIPS, *IN_ONE_WINDOW, *SEVERAL_NUMBERS),
    hints=(
        "How many products are there, and what is done with all of them at the end?",
        (
            "For two arrays of one shape, `a * b` multiplies value by value. What adds up all "
            "values of an array?"
        ),
        "One line: np.sum(... * ...). Or two loops that add to a total.",
    ),
)
