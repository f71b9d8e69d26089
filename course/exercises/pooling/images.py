"""What answers of this lesson are tried on: maps of either sign, bytes, and fractions."""

import numpy as np

# The worked example of the lesson: blocks of 4, 5, 8 and 9 at most, 2.5, 2, 4 and 5 on average.
PATCH = np.array([[1, 3, 2, 0], [4, 2, 5, 1], [0, 1, 9, 6], [7, 8, 2, 3]])

NEGATIVE_PATCH = np.array([[-5, -2, -7], [-1, -9, -3], [-8, -6, -4]])


def signed(rng: np.random.Generator, rows: int, columns: int) -> np.ndarray:
    """Whole numbers, negative ones too, as a convolution makes them."""
    return rng.integers(-99, 100, (rows, columns))


def bright_bytes(rng: np.random.Generator, rows: int, columns: int) -> np.ndarray:
    """Bytes, most of them bright: adding four of them overflows."""
    return rng.integers(60, 256, (rows, columns)).astype(np.uint8)


def floats(rng: np.random.Generator, rows: int, columns: int) -> np.ndarray:
    """Fractions of either sign."""
    return rng.normal(scale=3, size=(rows, columns))


def negative(rng: np.random.Generator, rows: int, columns: int) -> np.ndarray:
    """Nothing above 0, and some far below, in the corner most of all: no invented pixel may win."""
    image = -(rng.integers(1, 9, (rows, columns)) ** 5) - rng.random((rows, columns))
    image[-1, -1] = 2 * image.min()
    return image
