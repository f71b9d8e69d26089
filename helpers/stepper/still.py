"""What a stepper shows where no widget can run: the same picture, standing still."""

from typing import Any, NamedTuple

import numpy as np

from helpers.convolution import conv2d, pad, same_padding, to_pixels
from helpers.pictures import Picture
from helpers.pictures.board import NUMBERED, PAGE, Block, Board
from helpers.pictures.colours import INK, Scale, scale_for
from helpers.pictures.picture import CSS_PIXELS_PER_INCH, Drawing, painted
from helpers.pictures.words import number, rows, size, typeset
from helpers.pooling import average_pool2d, max_pool2d, relu

SIGN = 0.4  # inches that a sign between two arrays takes
LARGE = 2.9  # inches for a large image, at most
BYTES = 22_000  # of a picture: it only stands in for the window


class Still:
    """The settings of a stepper, and the figure that they make."""

    def __init__(self, **settings: Any) -> None:
        unused = {"kernel": [[1.0]], "factor": 1.0, "bias": 0.0, "choices": {}, "border": "valid"}
        unused |= {"strides": 1, "flip": False, "pixels": False, "pool_size": 2, "kind": "max"}
        vars(self).update(unused | settings)

    @property
    def figure(self) -> Picture:
        """The picture of what stands in the window now, with its arithmetic in words."""
        paint = {"convolution": _convolution, "pooling": _pooling, "network": _network}
        settings: Any = self
        misfit = _misfit(settings)
        return _too_small(settings, misfit) if misfit else paint[settings.mode](settings)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return self.figure._repr_mimebundle_(include, exclude)


class _Sum(NamedTuple):
    """A window, the weights that lie on it, and what they add up to."""

    window: np.ndarray
    weights: np.ndarray
    factor: float
    bias: float

    @property
    def products(self) -> np.ndarray:
        return self.window * self.weights

    @property
    def value(self) -> float:
        return self.factor * float(self.products.sum()) + self.bias

    def words(self) -> str:
        terms = "".join(
            f" {'-' if product < 0 else '+'} {number(abs(product))}"
            for product in self.products.ravel()
        )
        # A minus at the beginning belongs to the number.
        terms = terms.removeprefix(" + ") if terms.startswith(" + ") else f"-{terms[3:]}"
        words = f"{terms} = {number(self.products.sum())}"
        if self.factor != 1:
            words += f", times {number(self.factor)}"
        if self.bias != 0:
            words += f", {'minus' if self.bias < 0 else 'plus'} {number(abs(self.bias))}"
        return words if (self.factor, self.bias) == (1, 0) else f"{words} = {number(self.value)}"


def _misfit(stepper: Any) -> str:
    """Say what does not fit, and what to do; nothing if all does."""
    pooled = (stepper.pool_size, stepper.pool_size)
    window = pooled if stepper.mode == "pooling" else np.shape(stepper.kernel)
    image = np.shape(stepper.image)
    room = (image[0] - window[0] + 1, image[1] - window[1] + 1)
    if stepper.mode == "network" and min(room) == 1:
        return (
            f"A kernel of {size(window)} leaves {size(room)} of an image of {size(image)}, "
            "too little to pool by 2 x 2. Take a smaller kernel."
        )
    if min(room) > 0 or stepper.border != "valid":
        return ""
    other = " or another border" if stepper.mode == "convolution" else ""
    return (
        f"A window of {size(window)} does not fit in an image of {size(image)}. "
        f"Take a smaller window{other}."
    )


@painted
def _too_small(stepper: Any, misfit: str) -> Drawing:
    image = np.array(stepper.image)
    cell = _small_cell(image) if max(image.shape) > NUMBERED else 0.55
    board = Board()
    _array(board, 0, 0, f"image, {size(image.shape)}", image, cell)
    board.text(0, board.height + 0.15, typeset(misfit), 12, width=max(board.width, 5))
    return board.drawing(misfit, BYTES)


@painted
def _convolution(stepper: Any) -> Drawing:
    image, kernel = np.array(stepper.image), np.array(stepper.kernel)
    weights = kernel[::-1, ::-1] if stepper.flip else kernel
    step = stepper.strides
    source, before = image, (0, 0)
    if stepper.border != "valid":
        sides = zip(image.shape, kernel.shape, strict=True)
        rows_around, cols_around = (same_padding(length, taps, step) for length, taps in sides)
        source = pad(image, rows_around, cols_around, stepper.border)
        before = (rows_around[0], cols_around[0])
    output = stepper.factor * conv2d(source, weights, strides=step) + stepper.bias
    output = to_pixels(output) if stepper.pixels else output
    place = _place(stepper, output)
    top = (place[0] * step, place[1] * step)
    total = _Sum(_cut(source, top, kernel.shape), weights, stepper.factor, stepper.bias)

    board, large = Board(), max(source.shape) > NUMBERED
    cell = _small_cell(source)
    if not large:
        columns = source.shape[1] + 2 * kernel.shape[1] + output.shape[1]
        cell = min(0.55, (PAGE - 3 * SIGN) / columns)
    invented = np.ones(source.shape, bool)
    invented[before[0] :, before[1] :][: image.shape[0], : image.shape[1]] = False
    on_image = _array(board, 0, 0, f"image, {size(image.shape)}", source, cell, faded=invented)
    if stepper.border != "valid":
        board.outline(on_image, *before, *image.shape, colour=INK, width=1.5, edge=False)
    board.outline(on_image, *top, *kernel.shape)
    right = 0.0 if large else _sign(board, on_image, "×")
    below = on_image.bottom + 0.2 if large else 0.0
    products = _weighing(board, total, right, below, 0.55 if large else cell, stepper.flip)
    beside = on_image if large else products
    shown = None
    if not large:
        shown = np.zeros(output.shape, bool)
        shown[place] = True
    x = _sign(board, beside, "→")
    scale = scale_for(output)
    title = f"output, {size(output.shape)}"
    on_output = _array(board, x, 0, title, output, cell, scale, shown=shown)
    board.outline(on_output, *place, 1, 1)
    words = total.words()
    if stepper.pixels:
        words += f", as a pixel {number(output[place])}"
    board.text(0, board.height + 0.15, typeset(words), 12, width=max(board.width, 5))
    if large and scale.signed:
        board.colour_bar(0, board.height + 0.1, scale)
    turned = ", turned by 180 degrees," if stepper.flip else ""
    return board.drawing(
        f"A {size(kernel.shape)} window on a {size(image.shape)} image, times a kernel"
        f"{turned} ({rows(weights)}), value by value, added up: {words}. It becomes "
        f"row {place[0]}, column {place[1]} of the {size(output.shape)} output.",
        BYTES,
    )


@painted
def _pooling(stepper: Any) -> Drawing:
    image, length, step = np.array(stepper.image), stepper.pool_size, stepper.strides
    pool = {"max": max_pool2d, "average": average_pool2d}[stepper.kind]
    output = pool(image, length, step)
    place = _place(stepper, output)
    top = (place[0] * step, place[1] * step)
    window = _cut(image, top, (length, length))
    board, large = Board(), max(image.shape) > NUMBERED
    columns = image.shape[1] + output.shape[1] + length
    cell = _small_cell(image) if large else min(0.55, (PAGE - 2 * SIGN) / columns)
    reached = [(count - 1) * step + length for count in output.shape]
    dropped = np.ones(image.shape, bool)
    dropped[: reached[0], : reached[1]] = False
    scale = scale_for(image)
    title = f"image, {size(image.shape)}"
    on_image = _array(board, 0, 0, title, image, cell, scale, faded=dropped)
    board.outline(on_image, *top, length, length)
    listed, value = rows(window), number(output[place])
    if stepper.kind == "max":
        down, right = np.unravel_index(np.argmax(window), window.shape)
        winner = (top[0] + int(down), top[1] + int(right))
        board.outline(on_image, winner[0] + 0.1, winner[1] + 0.1, 0.8, 0.8, width=2, edge=False)
        words = f"the largest of {listed} is {value}"
        where = f", in row {winner[0]}, column {winner[1]} of the image"
    else:
        words, where = f"the mean of {listed} is {value}", ""
    shown = None
    if not large:
        shown = np.zeros(output.shape, bool)
        shown[place] = True
    x = _sign(board, on_image, "→")
    title = f"{stepper.kind} pool, {size(output.shape)}"
    on_output = _array(board, x, 0, title, output, cell, scale, shown=shown)
    board.outline(on_output, *place, 1, 1)
    text = typeset(words[0].upper() + words[1:] + ".")
    board.text(0, board.height + 0.15, text, 12, width=max(board.width, 4))
    return board.drawing(
        f"A {length} x {length} window on a {size(image.shape)} image: {words}{where}. It becomes "
        f"row {place[0]}, column {place[1]} of the {size(output.shape)} output.",
        BYTES,
    )


@painted
def _network(stepper: Any) -> Drawing:
    image, kernel = np.array(stepper.image), np.array(stepper.kernel)
    answers = stepper.factor * conv2d(image, kernel) + stepper.bias
    positive = relu(answers)
    output = max_pool2d(positive)
    place = _place(stepper, output)
    block = (2 * place[0], 2 * place[1])
    four = _cut(answers, block, (2, 2))
    down, right = np.unravel_index(np.argmax(four), four.shape)
    best = (block[0] + int(down), block[1] + int(right))
    total = _Sum(_cut(image, best, kernel.shape), kernel, stepper.factor, stepper.bias)

    board = Board()
    maps = {"image": image, "convolution": answers, "ReLU": positive, "max pool": output}
    cell = (PAGE - 3 * SIGN) / sum(values.shape[1] for values in maps.values())
    cell = min(cell, _small_cell(image), 0.55)
    scale = scale_for(answers)
    x, blocks = 0.0, []
    for name, values in maps.items():
        title = f"{name}, {size(values.shape)}"
        own = scale_for(image) if name == "image" else scale
        blocks.append(_array(board, x, 0, title, values, cell, own))
        x = blocks[-1].right + SIGN if name == "max pool" else _sign(board, blocks[-1], "→")
    board.outline(blocks[0], *best, *kernel.shape)
    for on_map in blocks[1:3]:
        board.outline(on_map, *block, 2, 2)
    board.outline(blocks[3], *place, 1, 1)
    _weighing(board, total, 0, blocks[0].bottom + 0.2, 0.55, False)
    words = (
        f"{total.words()}. ReLU makes {number(max(total.value, 0))} of it, and pooling keeps it: "
        f"the largest of {rows(relu(four))} is {number(output[place])}"
    )
    board.text(0, board.height + 0.15, typeset(f"{words}."), 12, width=max(board.width, 5))
    if scale.signed:
        board.colour_bar(0, board.height + 0.1, scale)
    return board.drawing(
        f"A {size(image.shape)} image through a {size(kernel.shape)} convolution "
        f"({size(answers.shape)}), ReLU and max pooling ({size(output.shape)}), and how row "
        f"{place[0]}, column {place[1]} of the result is made: {words}.",
        BYTES,
    )


def _place(stepper: Any, output: np.ndarray) -> tuple[int, int]:
    """Return the place to show: another kernel may have left a smaller output."""
    rows, columns = output.shape
    return min(stepper.row, rows - 1), min(stepper.col, columns - 1)


def _cut(values: np.ndarray, top: tuple[int, int], shape: tuple[int, ...]) -> np.ndarray:
    return values[top[0] : top[0] + shape[0], top[1] : top[1] + shape[1]]


def _small_cell(image: np.ndarray) -> float:
    """Return inches for a cell of a large image: whole pixels, which makes a smaller file."""
    return max(int(CSS_PIXELS_PER_INCH * LARGE / max(image.shape)), 1) / CSS_PIXELS_PER_INCH


def _array(
    board: Board,
    x: float,
    y: float,
    title: str,
    values: np.ndarray,
    cell: float,
    scale: Scale | None = None,
    **marks: Any,
) -> Block:
    """Draw an array below its title; return where it stands."""
    top = board.text(x, y, typeset(title), bold=True) + 0.05
    block = board.array(values, x, top, cell, scale or scale_for(values), **marks)
    if max(values.shape) <= NUMBERED:
        board.ruling(block)
    return block


def _weighing(board: Board, total: _Sum, x: float, y: float, cell: float, turned: bool) -> Block:
    """Draw the kernel and the products; return where these stand."""
    title = "kernel, turned" if turned else "kernel"
    weights = _array(board, x, y, title, total.weights, cell, scale_for(total.weights, signed=True))
    x = _sign(board, weights, "=")
    scale = scale_for(total.products, signed=True)
    return _array(board, x, y, "products", total.products, cell, scale)


def _sign(board: Board, block: Block, words: str) -> float:
    """Write a sign to the right of an array; return where the next one stands."""
    board.label(block.right + SIGN / 2, (block.y + block.bottom) / 2, words, 15)
    return block.right + SIGN
