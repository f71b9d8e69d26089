"""What a stepper may be given: numbers that fit on a screen, beside what becomes of them."""

from typing import Any

import numpy as np

from helpers.pictures.words import image_array

LARGEST_IMAGE = 256  # pixels on a side: more would not fit on a screen beside its output
LARGEST_KERNEL = 5


def image_values(values: Any) -> np.ndarray:
    """Return an image that can be shown, as plain numbers."""
    pixels = image_array(values, colour=False)
    if max(pixels.shape) > LARGEST_IMAGE:
        raise ValueError(
            f"image must have at most {LARGEST_IMAGE} pixels on a side, got shape {pixels.shape}: "
            "cut out a part, image[:128, :128] for example."
        )
    return _finite(pixels, "image")


def kernel_values(values: Any) -> np.ndarray:
    """Return a kernel whose numbers can be typed, as plain numbers."""
    weights = _finite(image_array(values, "kernel", colour=False), "kernel")
    if max(weights.shape) > LARGEST_KERNEL:
        raise ValueError(
            f"kernel must be at most {LARGEST_KERNEL}x{LARGEST_KERNEL}, got shape {weights.shape}."
        )
    return weights


def _finite(values: np.ndarray, name: str) -> np.ndarray:
    if not np.isfinite(values).all():
        raise ValueError(f"{name} must hold finite numbers, got NaN or infinity.")
    return values + 0  # booleans count as 0 and 1
