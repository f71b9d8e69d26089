"""What a preparation makes of batches of images."""

from collections.abc import Callable
from typing import Any

import numpy as np


def prepared(answer: Callable[[np.ndarray], Any], ask: Callable[[], Any]) -> list[tuple[Any, bool]]:
    """Observe what `prepare` makes of the batches that are asked for, and whether it changes them."""
    return [outcome(answer, batch) for batch in ask()]


def outcome(function: Callable[..., Any], argument: np.ndarray) -> tuple[Any, bool]:
    """Return what a function gives, tensors as arrays, and whether it changed its argument."""
    mine = argument.copy()
    result = function(mine)
    if hasattr(type(result), "__array__"):
        result = np.asarray(result)
    return result, not np.array_equal(mine, argument)
