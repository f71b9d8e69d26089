"""What a function may be given, and what it says otherwise."""

import operator
from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike

# The layouts that the functions accept, as the error messages spell them.
GREY = ("height", "width")
COLOUR = ("height", "width", "channels")
BATCH = ("images", "height", "width", "channels")
KERNELS = ("height", "width", "in_channels", "filters")


def as_numbers(values: ArrayLike, name: str, *layouts: tuple[str, ...]) -> np.ndarray:
    """Return a filled array of real numbers in one of the layouts, or in any if none is named."""
    try:
        array = np.asarray(values)
    except ValueError as error:
        raise ValueError(f"{name} must be an array: its rows differ in length.") from error
    if array.dtype.kind not in "biuf":
        raise TypeError(f"{name} must hold real numbers, got an array of type {array.dtype}.")
    if layouts and array.ndim not in map(len, layouts):
        wanted = " or ".join(f"({', '.join(layout)})" for layout in layouts)
        raise ValueError(f"{name} must be {wanted}, got shape {array.shape}.")
    if array.size == 0:
        raise ValueError(f"{name} is empty: an array of shape {array.shape} holds no numbers.")
    return array


def as_floats(values: ArrayLike, name: str, *layouts: tuple[str, ...]) -> np.ndarray:
    """Return `as_numbers` in the type that arithmetic is done in: float32 stays, or float64."""
    array = as_numbers(values, name, *layouts)
    return array.astype(np.float32 if array.dtype == np.float32 else np.float64, copy=False)


def whole(value: int, name: str, least: int = 1) -> int:
    """Return a whole number that is large enough."""
    try:
        number = operator.index(value)
    except TypeError:
        raise TypeError(f"{name} must be a whole number, got {value!r}.") from None
    if number < least:
        raise ValueError(f"{name} must be {least} or more, got {number}.")
    return number


def pair(value: int | tuple[int, int], name: str, least: int = 1) -> tuple[int, int]:
    """Return two whole numbers; one stands for two equal ones."""
    first, second = value if isinstance(value, tuple | list) and len(value) == 2 else (value, value)
    return whole(first, name, least), whole(second, name, least)


def one_of(value: str, name: str, choices: Iterable[str]) -> None:
    """Refuse an option that is not among the choices."""
    if value not in tuple(choices):
        raise ValueError(f"{name} must be {' or '.join(map(repr, choices))}, got {value!r}.")


def must_fit(kernel: tuple[int, ...], image: tuple[int, ...], name: str = "kernel") -> None:
    """Refuse a kernel, or a window, that is taller or wider than the image."""
    if kernel[0] > image[0] or kernel[1] > image[1]:
        raise ValueError(
            f"{name} {by(kernel)} does not fit in an image of {by(image)} pixels: "
            "take a smaller one, or pad the image."
        )


def by(shape: tuple[int, ...]) -> str:
    """Spell the first two sizes as people do: 3x5."""
    return f"{shape[0]}x{shape[1]}"
