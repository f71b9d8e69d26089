"""Arrays in rows and columns, each with a title above and a caption below."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from helpers.arguments import whole

from .board import NUMBERED, PAGE, Block, Board
from .colours import Scale
from .lettering import cell_for, wrap

GAP = 0.25
ROW_GAP = 0.14
TITLE = 10.0
CAPTION = 9.0


@dataclass
class Panel:
    """One array to draw, and its words."""

    values: np.ndarray
    scale: Scale
    title: str = ""
    caption: str = ""


def is_numbered(values: np.ndarray) -> bool:
    """Say whether an array is small enough to have its numbers written in its cells."""
    return values.ndim == 2 and max(values.shape) <= NUMBERED


def choose_columns(arrays: Sequence[np.ndarray], columns: int | None) -> tuple[int, float]:
    """Return how many panels stand side by side, and the width of each in inches."""
    columns = None if columns is None else whole(columns, "columns")
    count = len(arrays)
    widest = max(array.shape[1] for array in arrays)
    if all(is_numbered(array) for array in arrays):
        needed = max(widest * max(cell_for(arrays), 0.36), 1.4)
        fitting = max(1, min(count, int((PAGE + GAP) / (needed + GAP))))
        columns = columns or fitting
        comfortable = max(widest * 0.6, 1.4)
    else:
        columns = columns or {1: 1, 2: 2, 4: 2}.get(count, 3)
        comfortable = min(max(widest / 100, 3.0), 5.2)
    available = (PAGE - GAP * (columns - 1)) / columns
    return columns, min(available, comfortable)


def lay_out(
    board: Board,
    panels: Sequence[Panel],
    y: float,
    columns: int,
    slot: float,
    *,
    x: float = 0.0,
    gap: float = GAP,
    size: float = TITLE,
    words: float | None = None,
    stretch: bool = False,
) -> tuple[list[Block], float]:
    """Draw panels row by row; return where each stands and where the next line would start.

    Each stands in a slot of so many inches, its words in as many unless `words` says otherwise.
    Small arrays share one size of cell, unless each is to `stretch` over its slot.
    """
    words = words or slot
    small = [panel.values for panel in panels if is_numbered(panel.values) and not stretch]
    common = min((slot / values.shape[1] for values in small), default=slot)
    blocks = []
    for first in range(0, len(panels), columns):
        row = panels[first : first + columns]
        heads = [wrap(panel.title, size, words, bold=True) if panel.title else [] for panel in row]
        top = y + max(map(len, heads)) * size * 1.3 / 72 + (0.05 if any(heads) else 0)
        bottom = top
        for index, (panel, head) in enumerate(zip(row, heads, strict=True)):
            left = x + index * (slot + gap)
            height, width = panel.values.shape[:2]
            cell = common if small and is_numbered(panel.values) else slot / width
            cell = min(cell, 6.0 / height)
            head_top = top - 0.05 - len(head) * size * 1.3 / 72
            board.text(left, head_top, "\n".join(head), size, bold=True) if head else None
            block = board.array(panel.values, left, top, cell, panel.scale)
            blocks.append(block)
            end = block.bottom
            if panel.caption:
                end = board.text(left, end + 0.05, panel.caption, CAPTION, width=words)
            bottom = max(bottom, end)
        y = bottom + ROW_GAP
    return blocks, bottom
