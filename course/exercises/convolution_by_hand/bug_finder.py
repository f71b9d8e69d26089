"""`bug_finder`: an image and a kernel on which a transposed kernel shows."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np

import helpers
from course.exercises.convolution_by_hand.images import KERNEL, NUMBERED, WINDOW
from course.exercises.exercise import ByObservation, mistake

STEPS = np.arange(12.0).reshape(3, 4)
LOPSIDED = np.array([[0.0, 1.0], [0.0, 0.0]])


# --- What is observed -----------------------------------------------------------------------------


class SeenPair(NamedTuple):
    """What a pair shows: how far both functions are apart, or what kept it from being a pair."""

    problem: str = ""
    image: Any = None
    kernel: Any = None
    apart: float = 0.0


def conv2d_with_bug(image: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """Convolve with the kernel transposed: what the lesson's buggy function computes."""
    return helpers.conv2d(image, kernel.T)


def seen_pair(pair: Any) -> SeenPair:
    """Run both functions on a pair."""
    if isinstance(pair, Mapping | str) or getattr(pair, "ndim", None) == 2:
        return SeenPair("not_a_pair")  # one array of two rows is none
    try:
        image, kernel = pair
    except (TypeError, ValueError):
        return SeenPair("not_a_pair")
    try:
        image, kernel = np.asarray(image), np.asarray(kernel)
        if image.dtype.kind not in "biuf" or kernel.dtype.kind not in "biuf":
            return SeenPair("not_numbers")
    except ValueError:  # rows that differ in length
        return SeenPair("not_numbers")
    image, kernel = image.astype(float), kernel.astype(float)
    if image.ndim != 2 or kernel.ndim != 2 or not image.size or not kernel.size:
        return SeenPair("not_two_dimensional")
    if not (np.isfinite(image).all() and np.isfinite(kernel).all()):
        return SeenPair("not_finite")
    if any(k > i for k, i in zip(kernel.shape, image.shape, strict=True)):
        swapped = all(i <= k for k, i in zip(kernel.shape, image.shape, strict=True))
        return SeenPair("order_swapped" if swapped else "kernel_too_large", image, kernel)
    if kernel.shape[0] != kernel.shape[1]:
        return SeenPair("not_square", image, kernel)
    right, wrong = helpers.conv2d(image, kernel), conv2d_with_bug(image, kernel)
    if not (np.isfinite(right).all() and np.isfinite(wrong).all()):
        return SeenPair("overflow", image, kernel)
    apart = np.abs(right - wrong).max()
    rounding = 1e-9 * np.abs(image).max() * np.abs(kernel).sum()
    return SeenPair("", image, kernel, apart if apart > rounding else 0.0)


def problem(identifier: str) -> Callable[[SeenPair], bool]:
    """Whether this kept the answer from being a pair."""
    return lambda seen: seen.problem == identifier


# --- Mistakes -------------------------------------------------------------------------------------


def hidden(why: Callable[..., Any]) -> Callable[[SeenPair], bool]:
    """Whether the bug stays hidden, for this reason."""
    return lambda seen: seen.apart == 0 and bool(why(seen.image, seen.kernel))


MISTAKES = (
    mistake("not_a_pair",
        "Two things are wanted, an image and a kernel: bug_finder = (image, kernel).",
        577.0, np.array([[0, 1], [0, 0]]),
        test=problem("not_a_pair")),
    mistake("not_numbers",
        "Image and kernel are arrays of real numbers, all rows of one length.",
        ("image", "kernel"),
        test=problem("not_numbers")),
    mistake("not_two_dimensional",
        "Image and kernel have rows and columns: two axes each, and at least one value. "
        "np.array([[1, 2], [3, 4]]) has two rows and two columns.",
        (np.arange(9), np.arange(3)),
        test=problem("not_two_dimensional")),
    mistake("not_finite",
        "There is NaN or infinity in your pair, and with these nothing can be compared. Use plain "
        "numbers.",
        (np.full((3, 3), np.nan), LOPSIDED),
        test=problem("not_finite")),
    mistake("order_swapped",
        "Your image is smaller than your kernel. Is the order right? The image comes first: "
        "(image, kernel).",
        (LOPSIDED, STEPS),
        test=problem("order_swapped")),
    mistake("kernel_too_large",
        "Your kernel does not fit into your image, so neither function gives a result.",
        (STEPS, np.arange(5.0).reshape(5, 1)),
        test=problem("kernel_too_large")),
    mistake("not_square",
        "Your kernel is not square. With such a kernel the buggy function crashes, and nobody "
        "overlooks that: find one that it gets through with, as many rows as columns.",
        (np.ones((4, 5)), np.array([[1, 2]])),
        (STEPS, np.array([[1], [2], [3]])),
        test=problem("not_square")),
    mistake("overflow",
        "Your numbers are so large that their sums are infinite, and then nothing can be "
        "compared. Small whole numbers do.",
        (np.full((3, 4), 1e308), np.array([[1, 9], [0, 1]])),
        test=problem("overflow")),
    mistake("kernel_of_one_value",
        "A 1x1 kernel has nothing to exchange, so both functions give the same. Take at least 2x2.",
        (STEPS, np.array([[3.0]])),
        test=hidden(lambda image, kernel: kernel.size == 1)),
    mistake("all_zero",
        "Image or kernel is 0 everywhere, and so are both results.",
        (STEPS, np.zeros((2, 2))),
        test=hidden(lambda image, kernel: not image.any() or not kernel.any())),
    mistake("constant_kernel",
        "All values of your kernel are the same: exchange any two, and nothing changes. A blur "
        "like this lets the bug pass.",
        (STEPS, np.ones((3, 3))),
        test=hidden(lambda image, kernel: np.ptp(kernel) == 0)),
    mistake("symmetric_kernel",
        "Your kernel is symmetric: row i, column j holds the same as row j, column i, so it does "
        "not matter which one is used. Both functions give the same.",
        (STEPS, helpers.LAPLACIAN),
        test=hidden(lambda image, kernel: np.allclose(kernel, kernel.T))),
    mistake("flat_image",
        "Your kernel could show the bug, but your image is flat: all its pixels are the same, so "
        "it does not matter which weight meets which pixel.",
        (np.full((4, 4), 100.0), KERNEL),
        test=hidden(lambda image, kernel: np.ptp(image) == 0)),
    mistake("symmetric_image",
        "Your kernel could show the bug, but your image is symmetric about its diagonal, which "
        "makes up for it here. Take an image without a pattern.",
        (np.array([[1.0, 2, 3], [2, 5, 6], [3, 6, 9]]), KERNEL),
        test=hidden(lambda i, k: i.shape[0] == i.shape[1] and np.allclose(i, i.T))),
    mistake("no_difference",
        "Both functions give the same on this pair. Your kernel could show the bug: try it on an "
        "image with less of a pattern.",
        (np.add.outer([0.0, 1, 2], [0.0, 1, 2, 3]), LOPSIDED),
        test=hidden(lambda image, kernel: True)),
)  # fmt: skip


EXERCISE = ByObservation(
    key="bug_finder",
    title="Find an image and a kernel that bring a bug to light",
    points=2,
    minutes=4,
    kind="value",
    reference=(STEPS, LOPSIDED),
    observe=seen_pair,
    largest=2**22,  # a photograph
    alternatives=(
        (WINDOW, KERNEL),
        [[[1, 2], [3, 4]], [[0, 1], [0, 0]]],
        (NUMBERED, helpers.HORIZONTAL),
        (NUMBERED.astype(np.uint8), np.arange(9).reshape(3, 3)),
    ),
    mistakes=MISTAKES,
    hints=(
        (
            "The bug uses kernel[j, i] where kernel[i, j] belongs. For which kernels does that "
            "make no difference?"
        ),
        (
            "Take a small kernel that is not the same after exchanging rows and columns, and an "
            "image in which neighbours differ."
        ),
        (
            "An image without a pattern, and a square kernel with a single 1 that is not on its "
            "diagonal."
        ),
    ),
)
