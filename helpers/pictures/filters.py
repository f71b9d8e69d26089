"""What kernels make of an image: responses with their signs, and the filter gallery."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from helpers.convolution import conv2d, pad, to_pixels
from helpers.kernels import GALLERY, Filter, apply_filter, median_filter
from helpers.pooling import average_pool2d

from .board import NUMBERED, PAGE, Board
from .colours import Scale, scale_for
from .images import caption, named_images
from .panels import GAP, Panel, lay_out
from .picture import GALLERY_BYTES, Drawing, painted
from .words import image_array, mean, negatives, number, percent, rows, size, typeset, value_range

MEDIAN = "median 3x3"  # in the gallery's company, though no kernel makes it
THUMBNAIL = 172  # pixels: five beside each other fill the page, one screen pixel each


@painted
def responses(image: Any, kernels: Mapping[str, Any]) -> Drawing:
    """Show for each kernel its signed answers, centred on zero, and their absolute values.

    Beside them stands what share of the answers is negative, and would be lost as bytes.

    Parameters
    ----------
    image : array_like, shape (height, width)
    kernels : mapping of str to array_like
        Name and kernel.
    """
    image = image_array(image, colour=False)
    kernels = named_images(kernels, "kernels")
    made = {name: conv2d(image, kernel) for name, kernel in kernels.items()}
    scale = scale_for(*made.values(), signed=True)
    kernel_scale = scale_for(*kernels.values(), signed=True)
    board = Board()
    wide = min(2.7, (PAGE - 1.6 - 2 * GAP) / 2)
    if image.shape[1] > 2 * image.shape[0]:
        wide = (PAGE - 1.6 - 2 * GAP) / 2
    y = 0.0
    sentences = []
    for name, kernel in kernels.items():
        response = made[name]
        share = percent(negatives(response))
        y = board.text(0, y, f"{name}: {share} of the answers are negative", 11, bold=True) + 0.05
        cell = min(wide / response.shape[1], 4 / response.shape[0])
        block = board.array(kernel, 0, y, min(0.45, 1.6 / max(kernel.shape)), kernel_scale)
        bottom = board.text(0, block.bottom + 0.05, "kernel", 9)
        left = 1.6 + GAP
        for words, values, colours in (
            ("signed", response, scale),
            ("absolute value", np.abs(response), Scale(scale.limit)),
        ):
            block = board.array(values, left, y, cell, colours)
            words = typeset(f"{words}: {size(values.shape)}, {value_range(values)}")
            end = board.text(left, block.bottom + 0.05, words, 9, width=wide)
            bottom, left = max(bottom, end), left + wide + GAP
        y = bottom + 0.2
        sentences.append(
            f"{name} ({rows(kernel)}): {value_range(response)}, {share} of the answers negative"
        )
    board.colour_bar(0, y, scale)
    return board.drawing(
        f"Answers to a {size(image.shape)} image: {'; '.join(sentences)}. "
        "Beside each stand the absolute values."
    )


@painted
def gallery(image: Any, names: Iterable[str] | None = None) -> Drawing:
    """Show an image through every filter of the gallery, as thumbnails with their names.

    A larger image is first averaged down to 172 pixels or fewer, so that each thumbnail shows
    every pixel of its filter's result.

    Parameters
    ----------
    image : array_like, shape (height, width) or (height, width, 3)
        Values 0 to 255.
    names : iterable of str, optional
        Names in ``helpers.GALLERY``, or "median 3x3"; by default all of them.
    """
    image = image_array(image)
    names = [*GALLERY, MEDIAN] if names is None else list(names)
    block = -(-max(image.shape[:2]) // THUMBNAIL)
    small = average_pool2d(image, min(block, *image.shape[:2])) if block > 1 else image
    results = {name: _filtered(small, name) for name in names}
    if not results:
        raise ValueError("names must hold at least one filter, got none.")
    board = Board()
    scale = Scale(255.0)
    panels = [Panel(result, scale, name) for name, result in results.items()]
    columns = min(5, len(panels))
    slot = min(max(small.shape[1] / 100, 1.3), (PAGE - 4 * 0.02) / 5)
    _, y = lay_out(board, panels, 0, columns, slot, gap=0.02, size=9)
    before = size(image.shape[:2])
    words = f"Each is {size(small.shape[:2])} pixels"
    words += f": the {before} image averaged in {block} x {block} windows." if block > 1 else "."
    board.text(0, y + 0.08, typeset(words), 9, width=max(board.width, 4))
    listed = "; ".join(f"{name} {number(mean(result))}" for name, result in results.items())
    return board.drawing(
        f"Filter gallery of a {before} image, with the mean of each result: {listed}. {words}",
        GALLERY_BYTES,
    )


@painted
def filter_before_after(image: Any, name: str | Filter) -> Drawing:
    """Show a filter's kernel, factor and bias, and an image before and after it.

    Parameters
    ----------
    image : array_like, shape (height, width) or (height, width, 3)
        Values 0 to 255.
    name : str or Filter
        A name in ``helpers.GALLERY``, "median 3x3", or a filter of your own.
    """
    image = image_array(image)
    after = _filtered(image, name)
    board = Board()
    title = name if isinstance(name, str) else "your own filter"
    y = board.text(0, 0, title, 11, bold=True) + 0.08
    left = 2.05
    if title == MEDIAN:
        how = "the middle one of the 9 values, sorted: not a convolution"
        board.text(0, y, how, width=left)
    else:
        kernel, factor, bias = GALLERY[name] if isinstance(name, str) else name
        kernel = image_array(kernel, "kernel", colour=False)
        cell = min(0.5, left / max(kernel.shape))
        block = board.array(kernel, 0, y, cell, scale_for(kernel, signed=True))
        how = f"factor {Fraction(factor).limit_denominator(1000)}, bias {number(bias)}"
        board.text(0, block.bottom + 0.05, how, 9, width=left)
        how = f"kernel {rows(kernel)}, {how}"
    wide = (PAGE - left - 2 * GAP) / 2
    panels = [
        Panel(image, Scale(255.0), "before", caption(image)),
        Panel(after, Scale(255.0), "after", caption(after)),
    ]
    if max(image.shape) <= NUMBERED:
        wide = min(wide, 0.5 * image.shape[1])
    lay_out(board, panels, 0, 2, wide, x=left + GAP)
    return board.drawing(
        f"{title}: {how}. Before: {size(image.shape[:2])}, values {value_range(image)}, mean "
        f"{number(mean(image))}; after: values {value_range(after)}, mean {number(mean(after))}."
    )


def _filtered(image: np.ndarray, name: str | Filter) -> np.ndarray:
    """Return an image through a filter of the gallery, or the median."""
    if name == MEDIAN:
        return to_pixels(median_filter(pad(image, 1, 1, border="edge"), 3))
    return apply_filter(image, name)
