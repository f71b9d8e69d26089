"""What a stepper may be given: numbers that fit on a screen, beside what becomes of them."""

from typing import Any

import numpy as np

from helpers.arguments import as_numbers, whole
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
    return finite(pixels, "image")


def kernel_values(values: Any) -> np.ndarray:
    """Return a kernel whose numbers can be typed, as plain numbers."""
    weights = finite(image_array(values, "kernel", colour=False), "kernel")
    if max(weights.shape) > LARGEST_KERNEL:
        raise ValueError(
            f"kernel must be at most {LARGEST_KERNEL}x{LARGEST_KERNEL}, got shape {weights.shape}."
        )
    return weights


def finite(values: Any, name: str) -> np.ndarray:
    """Return numbers of which none is NaN or infinite."""
    values = as_numbers(values, name)
    if not np.isfinite(values).all():
        raise ValueError(f"{name} must hold finite numbers, got NaN or infinity.")
    return values + 0  # booleans count as 0 and 1


def came_back(values: Any) -> np.ndarray:
    """Return what a learner's function gave, as a map of numbers; NaN may be among them."""
    given = np.asarray(values, float)
    if given.ndim != 2 or not given.size or max(given.shape) > LARGEST_IMAGE:
        raise ValueError(
            f"theirs must be one map, (rows, cols), of at most {LARGEST_IMAGE} on a side, got "
            f"shape {given.shape}."
        )
    return given


def first_wrong(given: np.ndarray, right: np.ndarray) -> tuple[int, int]:
    """Say where two maps first differ: the first place that one of them lacks counts, too."""
    shared = tuple(slice(min(sizes)) for sizes in zip(given.shape, right.shape, strict=True))
    same = np.isclose(given[shared], right[shared], rtol=1e-5, atol=1e-5, equal_nan=True)
    wrong = np.ones(right.shape, bool)
    wrong[shared] = ~same
    places = np.argwhere(wrong)
    row, col = places[0] if len(places) else (0, 0)
    return int(row), int(col)


def start(row: int | None, col: int | None, places: list[int]) -> dict[str, int]:
    """Return where to begin: in the middle if it is not said."""
    at = {}
    for name, given, count in zip(("row", "col"), (row, col), places, strict=True):
        at[name] = (count - 1) // 2 if given is None else whole(given, name, least=0)
        if at[name] >= count:
            raise ValueError(f"{name} must be from 0 to {count - 1}, got {at[name]}.")
    return at
