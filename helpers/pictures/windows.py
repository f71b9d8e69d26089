"""The window at work: its products, where it stands, where it fits, what it does at the border."""

from typing import Any

import numpy as np

from helpers.convolution import conv2d, output_size

from .board import PAGE, Block, Board
from .colours import scale_for
from .panels import GAP
from .picture import Drawing, painted
from .words import image_array, number, plural, rows, size, typeset


@painted
def kernel_on_patch(window: Any, kernel: Any) -> Drawing:
    """Show a window, a kernel, their products one by one, and the products' sum written out.

    Parameters
    ----------
    window, kernel : array_like, shape (height, width)
        Of the same shape.

    Raises
    ------
    ValueError
        If the shapes differ.

    Examples
    --------
    >>> kernel_on_patch([[1, 2], [3, 4]], [[10, 0], [0, -1]])
    Picture: A 2 x 2 window (1 2 / 3 4) times a kernel (10 0 / 0 -1), value by value, added up:
    10 + 0 + 0 - 4 = 6.
    """
    window = image_array(window, "window", colour=False)
    kernel = image_array(kernel, "kernel", colour=False)
    if window.shape != kernel.shape:
        raise ValueError(
            f"window and kernel must have the same shape, got {window.shape} and {kernel.shape}."
        )
    products = window * kernel.astype(float)
    board = Board()
    operator = 0.45
    height, width = window.shape
    cell = min(0.62, (PAGE - 2 * operator) / (3 * width))
    x = 0.0
    parts = {
        "window": (window, scale_for(window), "×"),
        "kernel": (kernel, scale_for(kernel, signed=True), "="),
        "products": (products, scale_for(products, signed=True), None),
    }
    for name, (values, scale, sign) in parts.items():
        top = board.text(x, 0, name, bold=True) + 0.05
        block = board.array(values, x, top, cell, scale)
        if height % 2 and width % 2:
            board.outline(block, height // 2, width // 2, 1, 1)
        x = block.right + operator
        if sign:
            board.label(x - operator / 2, (top + block.bottom) / 2, sign, 16)
    terms = " ".join(_signed_term(value) for value in products.ravel()).removeprefix("+ ")
    total = number(products.sum())
    centre = " (the framed centre counts too)" if height % 2 and width % 2 else ""
    sum_of = f"The {products.size} products added up{centre}:"
    y = board.text(0, block.bottom + 0.15, sum_of, width=board.width)
    y = board.text(0, y + 0.03, typeset(terms), 12, width=board.width)
    board.text(0, y + 0.03, typeset(f"= {total}"), 15, bold=True)
    return board.drawing(
        f"A {size(window.shape)} window ({rows(window)}) times a kernel ({rows(kernel)}), "
        f"value by value, added up: {terms} = {total}."
    )


def _signed_term(value: float) -> str:
    return f"- {number(-value)}" if value < 0 else f"+ {number(value)}"


@painted
def window_on_image(image: Any, row: int, col: int, kernel: Any) -> Drawing:
    """Show a window on a small image, the kernel, and the one output pixel that they make.

    Parameters
    ----------
    image : array_like, shape (height, width)
    row, col : int
        The image pixel that the window is centred on, as in ``neighborhood(image, row, col)``.
        An even window has no centre: its upper left one of the middle four.
    kernel : array_like, shape (height, width)

    Raises
    ------
    ValueError
        If the window does not fit at that place.
    """
    image, kernel, output = _convolved(image, kernel)
    top, left = row - _before(kernel.shape[0]), col - _before(kernel.shape[1])
    if not (0 <= top < output.shape[0] and 0 <= left < output.shape[1]):
        first_row, first_col = (_before(length) for length in kernel.shape)
        raise ValueError(
            f"a {size(kernel.shape)} window on row {row}, column {col} leaves the "
            f"{size(image.shape)} image: row must be from {first_row} to "
            f"{first_row + output.shape[0] - 1}, col from {first_col} to "
            f"{first_col + output.shape[1] - 1}."
        )
    board = Board()
    operator = 0.5
    total_width = image.shape[1] + kernel.shape[1] + output.shape[1]
    cell = min(0.55, (PAGE - 2 * operator) / total_width)
    heads = ("image", "kernel", typeset(f"output, {size(output.shape)}"))
    y = 0.0
    y = board.text(0, 0, heads[0], bold=True) + 0.05
    on_image = board.array(image, 0, y, cell, scale_for(image))
    board.outline(on_image, top, left, *kernel.shape)
    x = on_image.right + operator
    board.text(x, 0, heads[1], bold=True)
    of_kernel = board.array(kernel, x, y, cell, scale_for(kernel, signed=True))
    x = of_kernel.right + operator
    board.text(x, 0, heads[2], bold=True)
    shown = np.zeros(output.shape, bool)
    shown[top, left] = True
    on_output = board.array(output, x, y, cell, scale_for(output), shown=shown)
    board.ruling(on_output)
    board.outline(on_output, top, left, 1, 1)
    middle = y + kernel.shape[0] * cell / 2
    board.label(on_image.right + operator / 2, middle, "×", 16)
    board.arrow((of_kernel.right + 0.08, middle), (on_output.x - 0.08, middle))
    value = number(output[top, left])
    bottom = max(on_image.bottom, of_kernel.bottom)
    words = (
        f"The window centred on row {row}, column {col} of the image makes row {top}, column "
        f"{left} of the output: {value}."
    )
    board.text(0, bottom + 0.12, typeset(words), width=board.width)
    return board.drawing(
        f"A {size(kernel.shape)} window on a {size(image.shape)} image, {size(output.shape)} "
        f"output. {words}"
    )


@painted
def sliding(image: Any, kernel: Any, steps: int = 4) -> Drawing:
    """Show the window at a few places on its way over a small image, the output filling in.

    Parameters
    ----------
    image, kernel : array_like, shape (height, width)
    steps : int
        How many places, from the first to the last.
    """
    image, kernel, output = _convolved(image, kernel)
    if not 1 <= steps <= 8:
        raise ValueError(f"steps must be from 1 to 8, got {steps}.")
    places = np.unique(np.linspace(0, output.size - 1, steps).round().astype(int))
    board = Board()
    slot = min((PAGE - GAP * (len(places) - 1)) / len(places), 0.5 * image.shape[1])
    cell = slot / image.shape[1]
    in_scale, out_scale = scale_for(image), scale_for(output)
    sentences = []
    for index, place in enumerate(places):
        x = index * (slot + GAP)
        row, col = divmod(int(place), output.shape[1])
        y = board.text(x, 0, f"place {place + 1} of {output.size}", bold=True, width=slot) + 0.05
        on_image = board.array(image, x, y, cell, in_scale)
        board.outline(on_image, row, col, *kernel.shape)
        middle = x + slot / 2
        board.arrow((middle, on_image.bottom + 0.05), (middle, on_image.bottom + 0.33))
        done = np.arange(output.size).reshape(output.shape) <= place
        inset = [_before(length) * cell for length in kernel.shape]
        below = on_image.bottom + 0.38
        on_output = board.array(output, x + inset[1], below, cell, out_scale, shown=done)
        board.outline(on_output, row, col, 1, 1)
        value = number(output[row, col])
        sentences.append(f"place {place + 1}: row {row}, column {col} becomes {value}")
    words = _lost(image.shape, kernel.shape, output.shape)
    y = board.text(0, on_output.bottom + 0.12, typeset(words), width=max(board.width, 4))
    if out_scale.signed:
        board.colour_bar(0, y + 0.05, out_scale)
    return board.drawing(
        f"A {size(kernel.shape)} window slides over a {size(image.shape)} image and fills the "
        f"{size(output.shape)} output; {'; '.join(sentences)}. {words}"
    )


@painted
def shrinking(size: int = 28, kernel_size: int = 3) -> Drawing:
    """Show on which pixels a window can be centred, and how many are lost on each side.

    Parameters
    ----------
    size : int
        Height and width of the image, up to 64.
    kernel_size : int
        Height and width of the window.

    Examples
    --------
    >>> shrinking(28, 3)
    Picture: A 3 x 3 window turns 28 x 28 into 26 x 26: 1 pixel lost on each side. 28 - 3 + 1 = 26.
    The window can be centred on rows and columns 1 to 26 of 0 to 27.
    """
    if not 1 <= kernel_size <= size <= 64:
        raise ValueError(
            f"1 <= kernel_size <= size <= 64 must hold, got kernel_size {kernel_size}, size {size}."
        )
    left = output_size(size, kernel_size)
    before = _before(kernel_size)
    board = Board()
    cell = min(0.3, 3.9 / size)
    y = board.text(0, 0, f"image, {size} × {size}", bold=True) + 0.05
    block = Block(0, y, cell, size, size)
    inner = np.zeros((size, size), bool)
    inner[before : before + left, before : before + left] = True
    board.field(block, inner)
    last = left - 1
    for corner in {(0, 0), (last, last)}:
        board.outline(block, *corner, kernel_size, kernel_size)
    x = block.right + 0.7
    board.text(x, 0, f"output, {left} × {left}", bold=True)
    output = Block(x, y + before * cell, cell, left, left)
    board.field(output, np.ones((left, left), bool))
    middle = (y + block.bottom) / 2
    board.arrow((block.right + 0.15, middle), (x - 0.15, middle))
    words = _lost((size, size), (kernel_size,) * 2, (left, left))
    words += f" {size} - {kernel_size} + 1 = {left}."
    key = "• the window can be centred here   × it cannot   □ its first and last place"
    bottom = board.text(0, block.bottom + 0.12, key)
    board.text(0, bottom + 0.03, typeset(words), 11, width=max(board.width, 5))
    places = f"{before} to {before + last}"
    return board.drawing(
        f"{words} The window can be centred on rows and columns {places} of 0 to {size - 1}."
    )


def _convolved(image: Any, kernel: Any) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the checked image and kernel, and the "valid" output."""
    image = image_array(image, colour=False)
    kernel = image_array(kernel, "kernel", colour=False)
    return image, kernel, conv2d(image, kernel)


def _before(kernel_size: int) -> int:
    """Pixels of a window before its centre."""
    return (kernel_size - 1) // 2


def _lost(image: tuple[int, ...], kernel: tuple[int, ...], output: tuple[int, ...]) -> str:
    """Say why the output is smaller than the image."""
    (top, bottom), (left, right) = (
        (_before(length), length - 1 - _before(length)) for length in kernel
    )
    if top == bottom == left == right:
        lost = f"{plural(top, 'pixel')} lost on each side"
    else:
        lost = f"pixels lost: top {top}, bottom {bottom}, left {left}, right {right}"
    return f"A {size(kernel)} window turns {size(image)} into {size(output)}: {lost}."
