"""What answers of this lesson are tried on: images whose pixels tell where they stand, and kernels."""

import numpy as np

# The worked example of the lesson: 577, and another number for each slip.
WINDOW = np.array([[0, 64, 128], [48, 192, 144], [142, 226, 168]])
KERNEL = np.array([[-1, 0, -2], [0.5, 4.5, -1.5], [1.5, 2, -3]])

# Its pixels say where they stand: 23 is in row 2, column 3.
NUMBERED = np.add.outer(np.arange(0, 50, 10), np.arange(6))

# Large enough to be drawn: an F looks different turned over, turned round or moved. It stands on
# the edge, so that borders show.
LETTER = np.full((12, 12), 40)
LETTER[2:, 3:5] = LETTER[2:4, 3:10] = LETTER[5:7, 3:8] = 220
UPRIGHT = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])


def grey_values(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """Grey values, as whole numbers."""
    return rng.integers(0, 256, shape)


def grey_bytes(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """Grey values, as bytes."""
    return grey_values(rng, *shape).astype(np.uint8)


def fractions(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """Fractions of either sign, with all their decimals, so that rounding shows."""
    return rng.normal(size=shape)


def single(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """Fractions of either sign in single precision."""
    return fractions(rng, *shape).astype(np.float32)


def whole_numbers(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """Kernel values as whole numbers, none of them 0, so that each one counts."""
    return rng.choice([-4, -3, -2, -1, 1, 2, 3, 4, 5], shape)
