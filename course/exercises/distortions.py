"""What is done to right values by mistake, whatever the exercise."""

from collections.abc import Callable
from typing import Any

import numpy as np


def kept(values: np.ndarray, part: Any) -> np.ndarray:
    """Set all values to 0 but those of one part."""
    out = np.zeros_like(values)
    out[part] = values[part]
    return out


def parts(right: Callable[..., np.ndarray]) -> list[Callable[..., np.ndarray]]:
    """Fill in only a part of what is right; the rest stays 0."""

    def only(part: Any) -> Callable[..., np.ndarray]:
        return lambda *args: kept(right(*args), part)

    first, inner, last = slice(1), slice(1, -1), slice(-1, None)
    but_first, but_last = slice(1, None), slice(-1)
    return [
        only(part)
        for part in (
            (first, first),
            (last, last),
            first,
            (slice(None), first),
            (but_last, but_last),
            (but_first, but_first),
            but_last,
            (slice(None), but_last),
            (inner, inner),
        )
    ]


def stretched(values: np.ndarray) -> np.ndarray:
    """Stretch values so that the smallest becomes 0 and the largest 1."""
    return (values - values.min()) / (np.ptp(values) or 1)


def as_byte(values: np.ndarray) -> np.ndarray:
    """What is left of values that go through a byte: no fraction, and 256 becomes 0."""
    return np.mod(np.trunc(values), 256)


def wrapped(values: np.ndarray) -> np.ndarray:
    """Store values in bytes without clipping them."""
    return as_byte(values).astype(np.uint8)
