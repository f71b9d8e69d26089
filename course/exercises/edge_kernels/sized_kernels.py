"""Kernels of any size: what they are tried on, and the shapes that others have instead."""

from collections.abc import Iterable

import numpy as np

from course.exercises.exercise import Call, call


def size_cases(rng: np.random.Generator) -> Iterable[Call]:
    for size in (5, 4, 9, 6, 8, 7):
        yield call(size)


def with_centre(kernel: np.ndarray, value: float) -> np.ndarray:
    """Return a copy with another value in the centre."""
    changed = kernel.copy()
    changed[len(kernel) // 2, len(kernel) // 2] = value
    return changed


def middle_row(size: int) -> np.ndarray:
    """Return ones in the middle row of a square of zeros."""
    return np.repeat(np.arange(size) == size // 2, size).reshape(size, size).astype(float)


def bell(size: int) -> np.ndarray:
    """Return weights that fall off like binomial coefficients."""
    row = np.array([1.0])
    for _ in range(size - 1):
        row = np.convolve(row, [0.5, 0.5])
    return row


def gauss(size: int, sigma: float | None) -> np.ndarray:
    """Return weights that fall off like a Gaussian; `sigma` as OpenCV chooses it if None."""
    sigma = sigma or 0.3 * ((size - 1) * 0.5 - 1) + 0.8
    return np.exp(-((np.arange(size) - (size - 1) / 2) ** 2) / (2 * sigma**2))
