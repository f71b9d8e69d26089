"""What goes wrong in the convolution before a pooling."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

import helpers
from course.exercises.convolution_by_hand.sliding import with_kernel
from course.exercises.exercise import mistake
from course.exercises.pooling.pooled import last_zero


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


CONVOLVING = (
    mistake("flipped",
        "Your kernel is flipped: that is true convolution, or half of it. Slide it as it is, as "
        "in conv2d_valid.",
        helpers.true_convolution, with_kernel(lambda k: k[::-1]), with_kernel(lambda k: k[:, ::-1])),
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
        "You change the kernel before you use it. Take it as it is: it needs its negative values, "
        "and its sum need not be 1.",
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
