"""What the three borders invent, and which results depend on it."""

from typing import Any

import numpy as np

from helpers.convolution import conv2d, pad

from .board import NUMBERED, PAGE, Board
from .colours import scale_for
from .panels import GAP
from .picture import Drawing, painted
from .words import image_array, number, percent, rows, size, typeset, value_range

BORDERS = {"zero": "black", "wrap": "the opposite side", "edge": "the nearest pixel again"}


@painted
def borders(image: Any, kernel: Any) -> Drawing:
    """Show the three borders side by side: the padded image above, the result below.

    A marked corner says that the border invented this pixel, or that this result depends on
    one that it invented. Of a larger image, the top left corner is shown.

    Parameters
    ----------
    image : array_like, shape (height, width)
    kernel : array_like, shape (height, width)
        Of odd height and width.
    """
    image = image_array(image, colour=False)
    kernel = image_array(kernel, "kernel", colour=False)
    if not all(length % 2 for length in kernel.shape):
        raise ValueError(
            f"kernel must have odd sizes, which have a centre, got shape {kernel.shape}."
        )
    down, right = around = [length // 2 for length in kernel.shape]
    here = tuple(
        slice(length if length + 2 * more <= NUMBERED else max(NUMBERED - more, 2 * more))
        for length, more in zip(image.shape, around, strict=True)
    )
    padded_here = tuple(
        slice(length + 2 * more if part.stop == length else part.stop + more)
        for part, length, more in zip(here, image.shape, around, strict=True)
    )
    results = {name: conv2d(image, kernel, padding="same", border=name) for name in BORDERS}
    scale = scale_for(*(result[here] for result in results.values()))
    invented = np.pad(
        np.zeros(image.shape, bool), tuple(zip(around, around, strict=True)), constant_values=True
    )
    depends = np.ones(image.shape, bool)
    depends[down : image.shape[0] - down, right : image.shape[1] - right] = False

    board = Board()
    columns = invented[padded_here].shape[1]
    cell = min((PAGE - 2 * GAP) / 3 / columns, 0.45)
    slot = max(cell * columns, 2.0)
    for index, (name, meaning) in enumerate(BORDERS.items()):
        x = index * (slot + GAP)
        y = board.text(x, 0, f"{name}: {meaning}", bold=True, width=slot) + 0.05
        padded = pad(image, down, right, border=name)
        above = board.array(padded[padded_here], x, y, cell, scale_for(image))
        board.corners(above, invented[padded_here])
        board.outline(above, down, right, *image.shape)
        y = board.text(x, above.bottom + 0.12, "result", bold=True) + 0.05
        below = board.array(results[name][here], x + right * cell, y, cell, scale)
        board.corners(below, depends[here])
    y = below.bottom + 0.12
    if scale.signed:
        y = board.colour_bar(0, y, scale) + 0.05
    share = (
        f"{depends.sum()} of {depends.size} results ({percent(depends.mean())}) depend on "
        "invented pixels"
    )
    key = f"Marked corner: invented by the border, or made with invented pixels. {share}."
    if image[here].shape != image.shape:
        key += f" Shown is the top left corner of {size(image.shape)} pixels."
    board.text(0, y, typeset(key), width=board.width)
    listed = "; ".join(
        f"{name} ({meaning}): top left result {number(result[0, 0])}, all results "
        f"{value_range(result)}"
        for (name, meaning), result in zip(BORDERS.items(), results.values(), strict=True)
    )
    return board.drawing(
        f"Three borders of a {size(image.shape)} image under the kernel {rows(kernel)}. "
        f"{listed}. {share}."
    )
