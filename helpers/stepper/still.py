"""What a stepper shows where no window can open: the same picture, standing still."""

from typing import Any

import numpy as np

from helpers.convolution import conv2d, pad, same_padding, to_pixels
from helpers.pictures.board import NUMBERED, PAGE, Board
from helpers.pictures.colours import DARK, scale_for
from helpers.pictures.picture import Drawing, painted
from helpers.pictures.words import number, rows, size, typeset
from helpers.pooling import average_pool2d, max_pool2d, relu

from .drawn import BYTES, SIGN, Sum, array, cut, place_of, sign, small_cell, weighing


def laid_on(stepper: Any) -> tuple[np.ndarray, np.ndarray, tuple[int, int]]:
    """Return the weights as they lie on the image, the image with its border, where it begins."""
    image, kernel = np.array(stepper.image), np.array(stepper.kernel)
    weights = kernel[::-1, ::-1] if stepper.flip else kernel
    if stepper.border == "valid":
        return weights, image, (0, 0)
    sides = zip(image.shape, kernel.shape, strict=True)
    above, left = (same_padding(length, taps, stepper.strides) for length, taps in sides)
    return weights, pad(image, above, left, stepper.border), (above[0], left[0])


def computed(stepper: Any) -> np.ndarray:
    """Return the output of a convolution or of pooling."""
    if stepper.mode == "pooling":
        pool = {"max": max_pool2d, "average": average_pool2d}[stepper.kind]
        return pool(np.array(stepper.image), stepper.pool_size, stepper.strides)
    weights, source, _ = laid_on(stepper)
    output = stepper.factor * conv2d(source, weights, strides=stepper.strides) + stepper.bias
    return to_pixels(output) if stepper.pixels else output


def yours(stepper: Any, place: tuple[int, int]) -> str:
    """Say what stands in a learner's output there; nothing if there is none."""
    theirs = vars(stepper).get("theirs")
    if theirs is None:
        return ""
    try:
        value = theirs[place[0]][place[1]]
    except IndexError:
        return " Yours has nothing there."
    return f" Yours has {'NaN or infinity' if value is None else number(value)} there."


@painted
def convolution(stepper: Any) -> Drawing:
    """Draw image, kernel, products and what of the output is there."""
    image, kernel = np.array(stepper.image), np.array(stepper.kernel)
    step = stepper.strides
    weights, source, before = laid_on(stepper)
    output = computed(stepper)
    place = place_of(stepper, output)
    top = (place[0] * step, place[1] * step)
    total = Sum(cut(source, top, kernel.shape), weights, stepper.factor, stepper.bias)

    board, large = Board(), max(source.shape) > NUMBERED
    cell = small_cell(source)
    if not large:
        columns = source.shape[1] + 2 * kernel.shape[1] + output.shape[1]
        cell = min(0.55, (PAGE - 3 * SIGN) / columns)
    invented = np.ones(source.shape, bool)
    invented[before[0] :, before[1] :][: image.shape[0], : image.shape[1]] = False
    on_image = array(board, 0, 0, f"image, {size(image.shape)}", source, cell, faded=invented)
    if stepper.border != "valid":
        board.outline(on_image, *before, *image.shape, colour=DARK, width=1.5)
    board.outline(on_image, *top, *kernel.shape)
    right = 0.0 if large else sign(board, on_image, "×")
    below = on_image.bottom + 0.2 if large else 0.0
    products = weighing(board, total, right, below, 0.55 if large else cell, stepper.flip)
    beside = on_image if large else products
    shown = None
    if not large:
        shown = np.zeros(output.shape, bool)
        shown[place] = True
    x = sign(board, beside, "→")
    scale = scale_for(output)
    title = f"output, {size(output.shape)}"
    on_output = array(board, x, 0, title, output, cell, scale, shown=shown)
    board.outline(on_output, *place, 1, 1)
    words = total.words()
    if stepper.pixels:
        words += f", as a pixel {number(output[place])}"
    written = typeset(words + yours(stepper, place))
    board.text(0, board.height + 0.15, written, 12, width=max(board.width, 5))
    if large and scale.signed:
        board.colour_bar(0, board.height + 0.1, scale)
    turned = ", turned by 180 degrees," if stepper.flip else ""
    return board.drawing(
        f"A {size(kernel.shape)} window on a {size(image.shape)} image, times a kernel"
        f"{turned} ({rows(weights)}), value by value, added up: {words}. It becomes "
        f"row {place[0]}, column {place[1]} of the {size(output.shape)} output."
        f"{yours(stepper, place)}",
        BYTES,
    )


@painted
def pooling(stepper: Any) -> Drawing:
    """Draw image and output, the winner framed."""
    image, length, step = np.array(stepper.image), stepper.pool_size, stepper.strides
    output = computed(stepper)
    place = place_of(stepper, output)
    top = (place[0] * step, place[1] * step)
    window = cut(image, top, (length, length))
    board, large = Board(), max(image.shape) > NUMBERED
    columns = image.shape[1] + output.shape[1] + length
    cell = small_cell(image) if large else min(0.55, (PAGE - 2 * SIGN) / columns)
    reached = [(count - 1) * step + length for count in output.shape]
    dropped = np.ones(image.shape, bool)
    dropped[: reached[0], : reached[1]] = False
    scale = scale_for(image)
    title = f"image, {size(image.shape)}"
    on_image = array(board, 0, 0, title, image, cell, scale, faded=dropped)
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
    x = sign(board, on_image, "→")
    title = f"{stepper.kind} pool, {size(output.shape)}"
    on_output = array(board, x, 0, title, output, cell, scale, shown=shown)
    board.outline(on_output, *place, 1, 1)
    text = typeset(words[0].upper() + words[1:] + "." + yours(stepper, place))
    board.text(0, board.height + 0.15, text, 12, width=max(board.width, 4))
    return board.drawing(
        f"A {length} x {length} window on a {size(image.shape)} image: {words}{where}. It becomes "
        f"row {place[0]}, column {place[1]} of the {size(output.shape)} output."
        f"{yours(stepper, place)}",
        BYTES,
    )


@painted
def network(stepper: Any) -> Drawing:
    """Draw every map on the way, and the sum at the place that won."""
    image, kernel = np.array(stepper.image), np.array(stepper.kernel)
    answers = stepper.factor * conv2d(image, kernel) + stepper.bias
    positive = relu(answers)
    output = max_pool2d(positive)
    place = place_of(stepper, output)
    block = (2 * place[0], 2 * place[1])
    four = cut(answers, block, (2, 2))
    down, right = np.unravel_index(np.argmax(four), four.shape)
    best = (block[0] + int(down), block[1] + int(right))
    total = Sum(cut(image, best, kernel.shape), kernel, stepper.factor, stepper.bias)

    board = Board()
    maps = {"image": image, "convolution": answers, "ReLU": positive, "max pool": output}
    cell = (PAGE - 3 * SIGN) / sum(values.shape[1] for values in maps.values())
    cell = min(cell, small_cell(image), 0.55)
    scale = scale_for(answers)
    x, blocks = 0.0, []
    for name, values in maps.items():
        title = f"{name}, {size(values.shape)}"
        own = scale_for(image) if name == "image" else scale
        blocks.append(array(board, x, 0, title, values, cell, own))
        x = blocks[-1].right + SIGN if name == "max pool" else sign(board, blocks[-1], "→")
    board.outline(blocks[0], *best, *kernel.shape)
    for on_map in blocks[1:3]:
        board.outline(on_map, *block, 2, 2)
    board.outline(blocks[3], *place, 1, 1)
    weighing(board, total, 0, blocks[0].bottom + 0.2, 0.55, False)
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
