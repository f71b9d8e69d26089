"""How wide words are, where they break, and how large numbers can be in their cells."""

import functools
import textwrap
from collections.abc import Iterable

import numpy as np
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextToPath

from .words import cell_number

SMALLEST_NUMBER = 6.5  # points; smaller is not readable, so the numbers are left out


@functools.lru_cache(maxsize=4096)
def text_width(words: str, size: float, bold: bool = False) -> float:
    """Width in inches of one line of text."""
    font = FontProperties(size=size, weight="bold" if bold else "normal")
    return TextToPath().get_text_width_height_descent(words, font, ismath=False)[0] / 72


def wrap(words: str, size: float, width: float, bold: bool = False) -> list[str]:
    """Break `words` into lines no wider than `width` inches."""
    lines: list[str] = []
    for paragraph in words.split("\n"):
        room = len(paragraph)
        while room > 1:
            broken = textwrap.wrap(paragraph, room) or [""]
            widest = max(text_width(line, size, bold) for line in broken)
            if widest <= width:
                break
            room = min(room - 1, int(room * max(0.5, width / widest)) + 1)
        lines += textwrap.wrap(paragraph, max(room, 1)) or [""]
    return lines


def number_size(values: np.ndarray, cell: float) -> float:
    """Font size in points at which every number fits a cell of so many inches."""
    return min(13.0, cell * 72 * 0.42, 10 * cell * 0.86 / _longest([values], 10))


def cell_for(arrays: Iterable[np.ndarray], size: float = 8.5) -> float:
    """Smallest cell in inches that holds every number at `size` points."""
    return max(_longest(arrays, size) / 0.86, size / 72 / 0.42)


def _longest(arrays: Iterable[np.ndarray], size: float) -> float:
    numbers = (value for array in arrays for value in np.ravel(array))
    return max((text_width(cell_number(value), size) for value in numbers), default=0.1)
