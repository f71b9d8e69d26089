"""The convolution of a whole image, written in several ways, and what it is tried on."""

from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

import helpers
from course.exercises.convolution_by_hand.images import (
    fractions,
    grey_bytes,
    grey_values,
    single,
    whole_numbers,
)
from course.exercises.exercise import Call, call


def with_kernel(change: Callable[[np.ndarray], np.ndarray]) -> Callable[..., np.ndarray]:
    """Change the kernel before it is used."""
    return lambda image, kernel: helpers.conv2d(image, change(kernel))


def over_windows(total: Callable[..., Any]) -> Callable[..., np.ndarray]:
    """Slide over an image what is done with one window."""
    return lambda image, kernel: total(sliding_window_view(image, kernel.shape), kernel)


def indexed(
    pixel: Callable[..., Any] = lambda r, c, i, j: (r + i, c + j),
    weight: Callable[..., Any] = lambda i, j, kh, kw: (i, j),
    used: Callable[..., Any] = lambda kh, kw: (kh, kw),
) -> Callable[..., np.ndarray]:
    """Convolve in four loops, with these indices of pixels and weights."""

    def conv2d(image, kernel):
        kh, kw = kernel.shape
        out = np.zeros((image.shape[0] - kh + 1, image.shape[1] - kw + 1))
        for r, c in product(*map(range, out.shape)):
            for i, j in product(*map(range, used(kh, kw))):
                out[r, c] += image[pixel(r, c, i, j)] * kernel[weight(i, j, kh, kw)]
        return out

    return conv2d


def shift_and_add(image, kernel):
    rows, cols = np.subtract(image.shape, kernel.shape) + 1
    image = image.astype(float)
    return sum(k * image[i : i + rows, j : j + cols] for (i, j), k in np.ndenumerate(kernel))


def by_fourier(image, kernel):
    spectrum = np.fft.rfft2(image) * np.conj(np.fft.rfft2(kernel, image.shape))
    rows, cols = np.subtract(image.shape, kernel.shape) + 1
    return np.fft.irfft2(spectrum, image.shape)[:rows, :cols]


def conv_cases(rng: np.random.Generator) -> Iterator[Call]:
    # No bytes against bytes: their products wrap around before anyone adds them up.
    # Most images are square, and many kernels 3x3: what breaks on the others is recognised by the
    # wrong values that it gives on these.
    yield call(grey_values(rng, 5, 7), fractions(rng, 3, 3))
    yield call(grey_values(rng, 7, 4), whole_numbers(rng, 3, 3))
    yield call(grey_bytes(rng, 5, 5), whole_numbers(rng, 3, 3))
    yield call(single(rng, 6, 6), single(rng, 3, 3))
    yield call(fractions(rng, 5, 5), fractions(rng, 3, 3))
    yield call(255 * rng.random((6, 6)), fractions(rng, 3, 3))
    yield call(fractions(rng, 4, 4), fractions(rng, 2, 2))
    yield call(fractions(rng, 7, 7), fractions(rng, 5, 5))
    yield call(grey_values(rng, 6, 6), fractions(rng, 4, 4))
    yield call(fractions(rng, 5, 8), whole_numbers(rng, 2, 4))
    yield call(grey_values(rng, 7, 7), fractions(rng, 3, 2))
    yield call(fractions(rng, 3, 5), fractions(rng, 3, 5))
    yield call(grey_values(rng, 4, 6), fractions(rng, 1, 3))
    yield call(fractions(rng, 4, 4), fractions(rng, 1, 1))
