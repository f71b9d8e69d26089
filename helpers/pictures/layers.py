"""Inside a network: the channels of a layer, its kernels, one image's journey, its mistakes."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import log2, prod
from typing import Any

import numpy as np

from helpers.arguments import as_numbers, whole

from .board import PAGE, Board
from .colours import DARK, LIGHT, SHARES, Scale, scale_for
from .images import named_images
from .lettering import SMALLEST_NUMBER, number_size, text_width
from .panels import Panel, lay_out
from .picture import Drawing, painted
from .words import image_array, mean, negatives, number, percent, plural, size, typeset, value_range


@painted
def channels(image: Any, activations: Any, title: str | None = None, columns: int = 8) -> Drawing:
    """Show all channels of one layer, numbered, beside the input image.

    Parameters
    ----------
    image : array_like, shape (height, width) or (height, width, 1 or 3)
        What the network was given.
    activations : array_like, shape (height, width, channels)
        What one layer made of it, on one common scale.
    title : str, optional
        The layer's name, say.
    columns : int
        How many channels in a row.
    """
    image = image_array(image)
    values = as_numbers(activations, "activations")
    if values.ndim != 3:
        hint = " Of a batch, take one image: activations[0]." if values.ndim == 4 else ""
        raise ValueError(
            f"activations must be (height, width, channels), got shape {values.shape}.{hint}"
        )
    maps = list(np.moveaxis(values, -1, 0))
    dead = [index for index, one in enumerate(maps) if not one.any()]
    signed = bool(negatives(values))
    board = Board()
    left, gap = 1.7, 0.08
    y = board.text(0, 0, title, 11, bold=True) + 0.1 if title else 0.0
    head = typeset(f"input, {size(image.shape[:2])}")
    lay_out(board, [Panel(image, scale_for(image), head)], y, 1, 1.4, size=9)
    columns = whole(columns, "columns")
    slot = min((PAGE - left - gap * (columns - 1)) / columns, 1.4)
    panels = []
    for index, one in enumerate(maps):
        largest = float(np.abs(one[np.isfinite(one)].astype(float)).max(initial=0))
        to = "all 0" if index in dead else f"{'±' if signed else 'to '}{number(largest, 2)}"
        panels.append(Panel(one, Scale(largest or 1.0, signed), f"{index}: {to}"))
    _, bottom = lay_out(board, panels, y, columns, slot, x=left, gap=gap, size=7.5)
    key = "White is the channel's largest value, written above it; black is 0."
    if signed:
        key = "Red is positive, blue negative; the largest value of each is written above it."
    board.text(left, bottom + 0.1, key, 9, width=PAGE - left)
    means = [mean(one) for one in maps]
    strongest = int(np.argmax(np.nan_to_num(means, nan=-np.inf)))
    alt = (
        f"{title + ': ' if title else ''}{plural(len(maps), 'channel')} of "
        f"{size(values.shape[:2])} beside the {size(image.shape[:2])} input image, values "
        f"{value_range(values)}; {len(dead) or 'none'} of them all 0"
        f"{' (' + ', '.join(map(str, dead)) + ')' if 0 < len(dead) <= 16 else ''}; channel "
        f"{strongest} has the highest mean, {number(means[strongest])}."
    )
    return board.drawing(alt)


@painted
def kernels(kernels: Any, columns: int = 8) -> Drawing:
    """Show many kernels side by side on one common scale, centred on zero.

    Where the numbers do not fit their cells, negative cells have a minus sign.

    Parameters
    ----------
    kernels : mapping of str to array_like, or array_like, shape (height, width, filters)
        Names and kernels, or the weights of a layer of one input channel, as Keras keeps them:
        (height, width, 1, filters) will do.
    columns : int
        How many in a row.
    """
    if isinstance(kernels, Mapping):
        named = named_images(kernels, "kernels")
        if any(kernel.ndim != 2 for kernel in named.values()):
            raise ValueError("each kernel must be (height, width), got one with more axes.")
    else:
        weights = as_numbers(kernels, "kernels")
        if weights.ndim == 4 and weights.shape[2] == 1:
            weights = weights[:, :, 0]
        if weights.ndim != 3:
            hint = " Take one input channel: kernels[:, :, 0]." if weights.ndim == 4 else ""
            raise ValueError(
                f"kernels must be (height, width, filters), got shape {weights.shape}.{hint}"
            )
        named = {f"{index}": kernel for index, kernel in enumerate(np.moveaxis(weights, -1, 0))}
    scale = scale_for(*named.values(), signed=True)
    columns = min(whole(columns, "columns"), len(named))
    gap = 0.18
    slot = min((PAGE - gap * (columns - 1)) / columns, 1.5)
    board = Board()
    panels = [Panel(kernel, scale, name) for name, kernel in named.items()]
    blocks, bottom = lay_out(board, panels, 0, columns, slot, gap=gap, size=9)
    for block, kernel in zip(blocks, named.values(), strict=True):
        if number_size(kernel, block.cell) < SMALLEST_NUMBER:
            deep = kernel < -0.6 * scale.limit
            board.marks(block, (kernel < 0) & ~deep, "_", 0.4, DARK)
            board.marks(block, deep, "_", 0.4, LIGHT)
    board.colour_bar(0, bottom + 0.15, scale)
    everything = np.concatenate([kernel.ravel() for kernel in named.values()])
    shapes = sorted({kernel.shape for kernel in named.values()})
    return board.drawing(
        f"{plural(len(named), 'kernel')} of {' and '.join(map(size, shapes))} on one scale: values "
        f"{value_range(everything)}, {percent(negatives(everything))} negative, mean "
        f"{number(mean(everything))}."
    )


@painted
def confusion(matrix: Any, names: Sequence[str] | None = None) -> Drawing:
    """Show a confusion matrix: a row for each true class, a column for each predicted one.

    A cell's colour is its share of the row; right answers are framed.

    Parameters
    ----------
    matrix : array_like, shape (classes, classes)
        How many images of the row's class were taken for the column's.
    names : sequence of str, optional
        The classes.
    """
    counts = image_array(matrix, "matrix", colour=False)
    classes = counts.shape[0]
    if counts.shape[1] != classes:
        raise ValueError(f"matrix must be (classes, classes), got shape {counts.shape}.")
    names = [str(index) for index in range(classes)] if names is None else list(map(str, names))
    if len(names) != classes:
        raise ValueError(f"names must be one for each of {classes} classes, got {len(names)}.")
    board = Board()
    left = min(1.6, max(text_width(name, 9) for name in names)) + 0.1
    cell = min(0.6, (PAGE - left - 0.6) / classes)
    top = 0.4 + 0.72 * min(1.6, max(text_width(name, 9) for name in names))
    board.text(0, 0, "columns: predicted class; rows: true class", 10)
    totals = np.maximum(np.nansum(counts, axis=1, keepdims=True), 1e-12)
    shares = Scale(1.0, unsigned_map=SHARES)
    block = board.array(counts / totals, left, top, cell, shares, numbers=False)
    board.ruling(block)
    board.numbers(counts, block, shares.colours(counts / totals))
    for index, name in enumerate(names):
        x, y = block.corner(index + 0.5, index + 0.5)
        board.text(left - 0.08, y - 0.08, name, 9, align="right")
        board.label(x, top - 0.06, name, 9, align="left", angle=45)
        board.outline(block, index, index, 1, 1, colour=DARK, width=1.5, edge=False)
    right, total = np.nansum(np.diag(counts)), np.nansum(counts)
    mistakes = np.nan_to_num(np.where(np.eye(classes, dtype=bool), -1, counts))
    row, column = np.unravel_index(np.argmax(mistakes), mistakes.shape)
    words = f"{number(right)} of {number(total)} right ({percent(right / max(total, 1e-12))})"
    if mistakes[row, column] > 0:
        words += f"; most frequent mistake: {names[row]} taken for {names[column]}, "
        words += number(counts[row, column])
    board.text(0, block.bottom + 0.12, f"{words}.", width=board.width)
    return board.drawing(f"Confusion matrix of {classes} classes, rows true: {words}.")


@painted
def feature_flow(shapes: Sequence[tuple[str, Any]]) -> Drawing:
    """Show the journey of one image through a network: each layer's shape and how many numbers.

    Parameters
    ----------
    shapes : sequence of (str, shape)
        Name of each stage and the shape that comes out: a tuple, or an int for a flat one. A
        leading None (the batch) is left out.

    Examples
    --------
    >>> feature_flow([("input", (28, 28, 1)), ("conv", (26, 26, 64)), ("dense", 10)])
    Picture: The journey of one image: input: 28 x 28 x 1, 784 numbers; then conv: 26 x 26 x 64,
    43,264 numbers; then dense: 10, 10 numbers.
    """
    stages = [_stage(*entry) for entry in shapes]
    if not stages:
        raise ValueError("shapes must hold at least one (name, shape), got none.")
    counts = [prod(shape) for _, shape in stages]
    widest = max((max(shape[:2]) for _, shape in stages if len(shape) == 3), default=1)
    board = Board()
    per_row = min(len(stages), 8)
    slot = PAGE / max(per_row, 5)
    room = slot - 0.14
    longest = max(text_width(word, 9, True) for name, _ in stages for word in [*name.split(), "x"])
    name_size = min(9.0, 9 * room / longest)
    y = 0.0
    for first in range(0, len(stages), per_row):
        row = list(zip(stages, counts, strict=True))[first : first + per_row]
        middle, bottom = y + 0.55, 0.0
        ends = []
        for index, ((name, shape), _) in enumerate(row):
            x = index * slot
            ends.append((x, x + _stack(board, x, middle, shape, widest)))
            below = board.text(x, y + 1.2, name, name_size, width=room, bold=True)
            below = board.text(x, below, " × ".join(map(str, shape)), 9, width=room)
            bottom = max(bottom, below)
        for (_, end), (start, _) in pairwise(ends):
            if start - end > 0.12:
                board.arrow((end + 0.03, middle), (start - 0.03, middle))
        base = bottom + 1.2
        for index, (_, count) in enumerate(row):
            x, height = index * slot, 0.9 * count / max(counts)
            board.box(x, base - height, 0.45, height)
            board.label(x, base - height - 0.1, f"{count:,}", 9, align="left", bold=True)
            board.line((x, base), (x + room, base))
        y = board.text(0, base + 0.05, "bars: how many numbers there are", 9) + 0.2
    steps = "; then ".join(
        f"{name}: {size(shape)}, {count:,} numbers"
        for (name, shape), count in zip(stages, counts, strict=True)
    )
    return board.drawing(f"The journey of one image: {steps}.")


def _stage(name: str, shape: Any) -> tuple[str, tuple[int, ...]]:
    """Return a name and a shape of 1 or 3 sizes."""
    lengths = (shape,) if isinstance(shape, int | np.integer) else tuple(shape)
    lengths = lengths[1:] if lengths and lengths[0] is None else lengths
    lengths = (*lengths, 1) if len(lengths) == 2 else lengths
    if len(lengths) not in (1, 3) or not all(
        isinstance(length, int | np.integer) and length > 0 for length in lengths
    ):
        raise ValueError(
            f"the shape of {name!r} must be a number or (height, width, channels), got {shape!r}."
        )
    return str(name), tuple(int(length) for length in lengths)


def _stack(board: Board, x: float, middle: float, shape: tuple[int, ...], widest: int) -> float:
    """Draw maps as a stack of sheets, flat numbers as a column; return its width."""
    if len(shape) == 1:
        height = 0.3 + 0.06 * log2(shape[0])
        board.box(x, middle - height / 2, 0.12, height)
        return 0.12
    high, wide = (0.15 + 0.5 * length / widest for length in shape[:2])
    sheets = 1 + round(log2(shape[2]) / 1.5)
    step = 0.05
    for sheet in reversed(range(sheets)):
        top = middle - high / 2 - (sheet - (sheets - 1) / 2) * step
        board.box(x + sheet * step, top, wide, high)
    return wide + (sheets - 1) * step
