"""Numbers and sizes in words, the same on every platform, and errors that say what came."""

import re
from typing import Any

import numpy as np

from helpers.arguments import as_numbers


def number(value: float, digits: int = 4) -> str:
    """Write a number with so many significant digits, whole numbers whole."""
    value = float(value)
    if not np.isfinite(value):
        return "NaN" if np.isnan(value) else "inf" if value > 0 else "-inf"
    if value == round(value) or abs(value) >= 1000:
        return f"{value + 0.0:.0f}" if abs(value) < 1e7 else f"{value:.3g}"
    return f"{value:.{digits}g}"


def cell_number(value: float) -> str:
    """Write a number for a cell: one digit less below 1, and a real minus sign."""
    short = f"{value:.3g}" if 1e-3 <= abs(value) < 1 else number(value)
    return short.replace("-", "−")


def percent(share: float) -> str:
    """Write a share as a percentage; 0% and 100% only if it is exactly that."""
    if 0 < share < 0.01 or 0.99 < share < 1:
        return f"{100 * share:.4g}%" if share > 0.5 else f"{100 * share:.2g}%"
    return f"{share:.0%}"


def size(shape: tuple[int, ...]) -> str:
    """Write a shape as "5 x 6"."""
    return " x ".join(f"{length}" for length in shape)


def plural(count: int, noun: str) -> str:
    """Write "1 pixel", "2 pixels"."""
    return f"{count} {noun}" + ("" if count == 1 else "s")


def typeset(words: str) -> str:
    """Replace typewriter signs by the real ones: times between sizes, minus before numbers."""
    return re.sub(r"-(?= ?\d)", "−", re.sub(r"(?<=\d) x (?=\d)", " × ", words))


def rows(values: np.ndarray) -> str:
    """Write out a small array, rows separated by slashes; say the range of a larger one."""
    if values.size > 36:
        return f"values {value_range(values)}"
    return " / ".join(" ".join(number(value) for value in row) for row in values)


def value_range(values: np.ndarray) -> str:
    """Say between which numbers the values lie, and whether there are any that are not numbers."""
    finite = values[np.isfinite(values)]
    strange = values.size - finite.size
    words = f"{number(finite.min())} to {number(finite.max())}" if finite.size else "no numbers"
    return words + (f", {strange} NaN or infinite" if strange else "")


def negatives(values: np.ndarray) -> float:
    """Share of the finite values that are negative."""
    finite = values[np.isfinite(values)]
    return float(np.count_nonzero(finite < 0) / max(finite.size, 1))


def mean(values: np.ndarray) -> float:
    """Mean of the finite values; NaN if there are none."""
    finite = values[np.isfinite(values)]
    return float(finite.mean()) if finite.size else float("nan")


def summary(values: np.ndarray) -> str:
    """Describe an array in a few words: kind, size, values."""
    kind = "colour" if values.ndim == 3 else "signed" if negatives(values) else "grey"
    words = f"{kind}, {size(values.shape[:2])}, values {value_range(values)}"
    if kind == "signed":
        words += f", {percent(negatives(values))} negative"
    if values.ndim == 2 and values.size <= 36:
        words += f": {rows(values)}"
    return words


def image_array(values: Any, name: str = "image", colour: bool = True) -> np.ndarray:
    """Return `values` as ``(height, width)`` or ``(height, width, 3)`` numbers, or say why not."""
    array = as_numbers(values, name)
    if array.ndim == 3 and array.shape[2] == 1:
        array = array[..., 0]
    if colour and array.ndim == 3 and array.shape[2] in (3, 4):
        return array[..., :3]
    if array.ndim != 2:
        wanted = "(height, width)" + (" or (height, width, 3)" if colour else "")
        hint = ""
        if array.ndim == 4 or (array.ndim == 3 and array.shape[0] == 1):
            hint = f" Of a batch, take one image: {name}[0]."
        elif array.ndim == 3:
            hint = f" Of several channels, take one: {name}[..., 0]."
        raise ValueError(f"{name} must be {wanted}, got shape {array.shape}.{hint}")
    return array
