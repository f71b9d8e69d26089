"""From many maps to one: each map meets its own slice of the kernel, and the results are added up."""

from typing import Any

import numpy as np

from helpers.arguments import as_numbers, must_fit
from helpers.convolution import conv2d

from .board import NUMBERED, PAGE, Board
from .colours import scale_for
from .picture import Drawing, painted
from .words import number, plural, rows, size

SIGN = 0.42  # inches for a sign between two arrays
MOST_MAPS = 4


@painted
def many_to_one(image: Any, kernel: Any, bias: float = 0.0) -> Drawing:
    """Show one kernel over several small maps: a result for each, one sum, one bias.

    Parameters
    ----------
    image : array_like, shape (height, width, maps)
        Up to four maps of up to 12 rows and columns.
    kernel : array_like, shape (rows, columns, maps)
        A slice for each map.
    bias : float
        What is added everywhere at the end.

    Examples
    --------
    >>> many_to_one([[[1, 2], [3, 4]]], [[[10, 1]]], 5)
    Picture: 2 maps of 1 x 2 and a kernel with a slice of 1 x 1 for each. Map 0 (1 3) with slice 0
    (10) gives 10 30; map 1 (2 4) with slice 1 (1) gives 2 4. Their sum is 12 34, and with the
    bias 5 the one map that comes out is 17 39.
    """
    maps, slices = as_numbers(image, "image"), as_numbers(kernel, "kernel")
    if maps.ndim != 3 or not 1 <= maps.shape[2] <= MOST_MAPS or max(maps.shape[:2]) > NUMBERED:
        raise ValueError(
            f"image must be (height, width, maps) with up to {MOST_MAPS} maps of up to {NUMBERED} "
            f"rows and columns, got shape {maps.shape}."
        )
    if slices.ndim != 3 or slices.shape[2] != maps.shape[2]:
        raise ValueError(
            f"kernel must be (rows, columns, {maps.shape[2]}), a slice for each of the "
            f"{maps.shape[2]} maps, got shape {slices.shape}."
        )
    must_fit(slices.shape[:2], maps.shape[:2])
    parts = [
        (maps[..., c], slices[..., c], conv2d(maps[..., c], slices[..., c]))
        for c in range(maps.shape[2])
    ]
    total = np.sum([result for _, _, result in parts], axis=0)
    out = total + bias

    board = Board()
    wide = maps.shape[1] + slices.shape[1] + 3 * total.shape[1]
    cell = min(0.46, (PAGE - 5.2 * SIGN) / wide)
    map_scale = scale_for(*(one for one, _, _ in parts))
    kernel_scale = scale_for(*(one for _, one, _ in parts), signed=True)
    scale = scale_for(out, total, *(result for _, _, result in parts), signed=True)
    slice_left = maps.shape[1] * cell + SIGN
    result_left = slice_left + slices.shape[1] * cell + SIGN
    total_left = result_left + total.shape[1] * cell + 1.2 * SIGN
    out_left = total_left + total.shape[1] * cell + 2.0 * SIGN
    high = max(maps.shape[0], slices.shape[0]) * cell + 0.28
    middle = high * len(parts) / 2
    for c, (one, part, result) in enumerate(parts):
        top = c * (high + 0.06)
        board.text(0, top, f"map {c}", 9, bold=True)
        board.array(one, 0, top + 0.2, cell, map_scale)
        board.text(slice_left, top, f"slice {c}", 9, bold=True)
        board.array(part, slice_left, top + 0.2, cell, kernel_scale)
        board.text(result_left, top, f"result {c}", 9, bold=True)
        board.array(result, result_left, top + 0.2, cell, scale)
        across = top + 0.2 + part.shape[0] * cell / 2
        board.label(slice_left - SIGN / 2, across + 0.05, "*", 20)
        board.label(result_left - SIGN / 2, across, "=", 15)
        if c:
            board.label(result_left + result.shape[1] * cell / 2, top - 0.15, "+", 15)
    top = middle - total.shape[0] * cell / 2
    board.text(total_left, top - 0.2, "one sum", 9, bold=True)
    board.array(total, total_left, top, cell, scale)
    board.text(out_left, top - 0.2, "one map", 9, bold=True)
    board.array(out, out_left, top, cell, scale)
    board.label(total_left - 0.6 * SIGN, middle, "=", 15)
    sign = "−" if bias < 0 else "+"
    board.label(out_left - SIGN, middle, f"{sign} {number(abs(bias))} =", 12)
    listed = "; ".join(
        f"{'map' if c else 'Map'} {c} ({rows(one)}) with slice {c} ({rows(part)}) gives "
        f"{rows(result)}"
        for c, (one, part, result) in enumerate(parts)
    )
    return board.drawing(
        f"{plural(len(parts), 'map')} of {size(maps.shape[:2])} and a kernel with a slice of "
        f"{size(slices.shape[:2])} for each. {listed}. Their sum is {rows(total)}, and with the "
        f"bias {number(bias)} the one map that comes out is {rows(out)}."
    )
