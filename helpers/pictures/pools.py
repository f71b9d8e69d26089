"""Pooling: which values win, and what is left of the image."""

from typing import Any

import numpy as np

from helpers.arguments import whole
from helpers.pooling import average_pool2d, max_pool2d

from .board import PAGE, Board
from .colours import DARK, scale_for
from .images import caption
from .panels import GAP, Panel, choose_columns, is_numbered, lay_out
from .picture import Drawing, painted
from .words import image_array, mean, number, percent, rows, size, typeset, value_range

POOLS = {"max": max_pool2d, "average": average_pool2d}


@painted
def pooling(image: Any, pool_size: int = 2, kind: str = "max") -> Drawing:
    """Show an image and what pooling makes of it, at the same scale.

    Of a small image the windows are outlined, the winners framed and what is dropped crossed out.

    Parameters
    ----------
    image : array_like, shape (height, width)
    pool_size : int
        Height and width of a window.
    kind : {"max", "average"}

    Examples
    --------
    >>> pooling([[1, 5, 2], [3, 4, 8]])
    Picture: Max pooling in 2 x 2 windows turns 2 x 3 into 1 x 1: 17% of the pixels are left.
    2 pixels at the edge fill no window and are dropped. Image values 1 to 8; pooled: 5.
    """
    image = image_array(image, colour=False)
    if kind not in POOLS:
        raise ValueError(f"kind must be {' or '.join(map(repr, POOLS))}, got {kind!r}.")
    pool_size = whole(pool_size, "pool_size")
    pooled = POOLS[kind](image, pool_size)
    scale = scale_for(image)
    board = Board()
    gap = 0.7
    widest = image.shape[1] + pooled.shape[1]
    cell = min(0.55, (PAGE - gap) / widest, 5.5 / image.shape[0])
    if not is_numbered(image):
        cell = min(cell, 4.6 / image.shape[1])
    y = board.text(0, 0, typeset(f"image, {size(image.shape)}"), bold=True) + 0.05
    dropped = np.ones(image.shape, bool)
    dropped[: pooled.shape[0] * pool_size, : pooled.shape[1] * pool_size] = False
    block = board.array(image, 0, y, cell, scale, faded=dropped)
    x = block.right + gap
    title = typeset(f"{kind} pool, {size(pooled.shape)}")
    board.text(x, 0, title, bold=True)
    out = board.array(pooled, x, y, cell, scale)
    middle = (out.y + out.bottom) / 2
    board.arrow((block.right + 0.12, middle), (out.x - 0.12, middle))
    if is_numbered(image):
        _outline_windows(board, block, image, pooled.shape, pool_size, kind == "max")
    words = (
        f"{kind} pooling in {pool_size} x {pool_size} windows turns {size(image.shape)} into "
        f"{size(pooled.shape)}: {percent(pooled.size / image.size)} of the pixels are left."
    ).capitalize()
    if dropped.any():
        words += f" {dropped.sum()} pixels at the edge fill no window and are dropped."
    board.text(0, block.bottom + 0.12, typeset(words), width=max(board.width, 4))
    if scale.signed:
        board.colour_bar(0, board.height + 0.1, scale)
    values = f": {rows(pooled)}" if pooled.size <= 36 else f", values {value_range(pooled)}"
    return board.drawing(f"{words} Image values {value_range(image)}; pooled{values}.")


def _outline_windows(
    board: Board,
    block: Any,
    image: np.ndarray,
    pooled: tuple[int, ...],
    pool_size: int,
    winners: bool,
) -> None:
    """Draw the windows, and a frame round the first largest value of each."""
    for row in range(0, pooled[0] * pool_size, pool_size):
        for column in range(0, pooled[1] * pool_size, pool_size):
            board.outline(block, row, column, pool_size, pool_size, colour=DARK, width=1.5)
    for row in range(0, pooled[0] * pool_size * winners, pool_size):
        for column in range(0, pooled[1] * pool_size, pool_size):
            values = image[row : row + pool_size, column : column + pool_size]
            down, right = np.unravel_index(np.argmax(values), values.shape)
            board.outline(
                block, row + down + 0.09, column + right + 0.09, 0.82, 0.82, width=2, edge=False
            )


@painted
def pooling_comparison(image: Any, pool_size: int = 2) -> Drawing:
    """Show an image beside its max and its average pool, all at the same displayed size.

    Parameters
    ----------
    image : array_like, shape (height, width) or (height, width, 3)
    pool_size : int
        Height and width of a window.
    """
    image = image_array(image)
    arrays = {"image": image} | {
        f"{kind} pool": pool(image, pool_size) for kind, pool in POOLS.items()
    }
    scale = scale_for(image)
    board = Board()
    columns, slot = choose_columns([image] * 3, None)
    panels = [Panel(values, scale, name, caption(values)) for name, values in arrays.items()]
    _, y = lay_out(board, panels, 0, columns, min(slot, (PAGE - 2 * GAP) / 3), stretch=True)
    if scale.signed:
        board.colour_bar(0, y + 0.12, scale)
    listed = "; ".join(
        f"{name} {size(values.shape[:2])}, values {value_range(values)}, mean "
        f"{number(mean(values))}"
        for name, values in arrays.items()
    )
    return board.drawing(f"Pooling in {pool_size} x {pool_size} windows: {listed}.")
