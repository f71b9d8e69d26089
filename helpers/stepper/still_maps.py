"""The still figures of several maps: a convolution of channels, and one going backwards."""

from typing import Any

import numpy as np

from helpers.convolution import conv2d, conv_layer
from helpers.pictures.board import NUMBERED, PAGE, Board
from helpers.pictures.colours import scale_for
from helpers.pictures.picture import Drawing, painted
from helpers.pictures.words import number, rows, size, typeset

from .drawn import BYTES, SIGN, added, array, cut, place_of, sign, small_cell
from .still import yours


def outputs(stepper: Any) -> np.ndarray:
    """Return the output of each filter, (rows, cols, filters)."""
    maps, kernels = np.array(stepper.maps, float), np.array(stepper.kernels, float)
    filters = np.moveaxis(kernels, (0, 1), (3, 2))  # Keras's order
    biases = np.array(stepper.biases, float)
    return conv_layer(np.moveaxis(maps, 0, 2)[None], filters, biases)[0]


@painted
def channels(stepper: Any) -> Drawing:
    """Draw each map, its slice of the kernel and its products; the outputs below."""
    maps, kernels = np.array(stepper.maps, float), np.array(stepper.kernels, float)
    biases, chosen = np.array(stepper.biases, float), stepper.filter
    results = outputs(stepper)
    place = place_of(stepper, results[..., chosen])
    weights = kernels[chosen]
    windows = [cut(values, place, weights.shape[1:]) for values in maps]
    products = [window * each for window, each in zip(windows, weights, strict=True)]
    large = small_cell(maps[0]) / 2 if max(maps.shape[1:]) > NUMBERED else 0.0
    room = PAGE - 4 * SIGN - large * maps.shape[2]  # for the slice, its products and their sum
    cell = min(0.45, room / (2 * weights.shape[2] + 1 + (0 if large else maps.shape[2])))
    map_cell = large or cell
    product_scale = scale_for(np.array(products), signed=True)
    grey, result = scale_for(maps), scale_for(results)
    board, y = Board(), 0.0
    for name, values, kernel, each in zip(stepper.names, maps, weights, products, strict=True):
        title = f"{name}, {size(values.shape)}"
        on_map = array(board, 0, y, title, values, map_cell, grey)
        board.outline(on_map, *place, *kernel.shape)
        x = sign(board, on_map, "×")
        on_kernel = array(board, x, y, "slice", kernel, cell, scale_for(weights, signed=True))
        x = sign(board, on_kernel, "=")
        on_products = array(board, x, y, "products", each, cell, product_scale)
        x = sign(board, on_products, "→")
        on_sum = array(board, x, y, "sum", each.sum(keepdims=True), cell, product_scale)
        y = max(on_map.bottom, on_products.bottom, on_sum.bottom) + 0.15
    x = 0.0
    for index in range(results.shape[2]):
        title = f"output {index}" if results.shape[2] > 1 else "output"
        block = array(board, x, y, title, results[..., index], map_cell, result)
        if index == chosen:
            board.outline(block, *place, 1, 1)
        x = max(block.right, x + 0.8) + SIGN
    sums = [float(each.sum()) for each in products]
    value = number(results[(*place, chosen)])
    bias = f"{'minus' if biases[chosen] < 0 else 'plus'} the bias {number(abs(biases[chosen]))}"
    words = f"the sums of the slices, {added(sums)}, {bias}, make {value}"
    written = f"{words[0].upper()}{words[1:]}.{yours(stepper, place)}"
    board.text(0, board.height + 0.15, typeset(written), 12, width=5)
    which = f"filter {chosen} of {results.shape[2]}" if results.shape[2] > 1 else "a filter"
    shape = size(maps.shape[1:])
    return board.drawing(
        f"{len(maps)} maps of {shape}, {', '.join(stepper.names)}, and {which} with a slice of "
        f"{size(weights.shape[1:])} for each: {words}. It becomes row {place[0]}, column "
        f"{place[1]} of the {size(results.shape[:2])} output.{yours(stepper, place)}",
        BYTES,
    )


@painted
def backwards(stepper: Any) -> Drawing:
    """Draw one error on its way to the pixels and to the weights, or one pixel's gradient."""
    image, kernel = np.array(stepper.image, float), np.array(stepper.kernel, float)
    error = np.array(stepper.error, float)
    around = [(length - 1, length - 1) for length in kernel.shape]
    padded = np.pad(error, around)
    gradient = conv2d(padded, kernel[::-1, ::-1])
    if stepper.way == "pixels":
        return _gathered(stepper, padded, kernel[::-1, ::-1], gradient)
    place = place_of(stepper, error)
    value = error[place]
    window = cut(image, place, kernel.shape)
    columns = max(error.shape[1] + 2 * kernel.shape[1] + image.shape[1], 1)
    cell = min(0.5, (PAGE - 3 * SIGN) / columns)
    board = Board()
    on_error = array(board, 0, 0, "error", error, cell, scale_for(error, signed=True))
    board.outline(on_error, *place, 1, 1)
    x = sign(board, on_error, "×")
    on_kernel = array(board, x, 0, "kernel", kernel, cell, scale_for(kernel, signed=True))
    x = sign(board, on_kernel, "=")
    to_pixels = value * kernel
    on_pixels = array(
        board, x, 0, "to the pixels", to_pixels, cell, scale_for(to_pixels, signed=True)
    )
    y = max(on_error.bottom, on_kernel.bottom, on_pixels.bottom) + 0.2
    on_image = array(board, 0, y, f"image, {size(image.shape)}", image, cell)
    board.outline(on_image, *place, *kernel.shape)
    x = sign(board, on_image, "→")
    to_weights = value * window
    array(board, x, y, "to the weights", to_weights, cell, scale_for(to_weights, signed=True))
    words = (
        f"the error {number(value)} in row {place[0]}, column {place[1]} goes back to "
        f"{kernel.size} pixels, times the weight that read each: {rows(to_pixels)}; and to "
        f"{kernel.size} weights, times the pixel that each has read: {rows(to_weights)}"
    )
    board.text(0, board.height + 0.15, typeset(f"T{words[1:]}."), 12, width=5.5)
    return board.drawing(f"A convolution backwards: {words}.", BYTES)


def _gathered(
    stepper: Any, padded: np.ndarray, turned: np.ndarray, gradient: np.ndarray
) -> Drawing:
    place = place_of(stepper, gradient)
    products = cut(padded, place, turned.shape) * turned
    columns = padded.shape[1] + 2 * turned.shape[1]
    cell = min(0.5, (PAGE - 3 * SIGN) / columns)
    board = Board()
    title = "error, and zeros"
    on_error = array(board, 0, 0, title, padded, cell, scale_for(padded, signed=True))
    board.outline(on_error, *place, *turned.shape)
    x = sign(board, on_error, "×")
    on_kernel = array(board, x, 0, "kernel, turned", turned, cell, scale_for(turned, signed=True))
    x = sign(board, on_kernel, "=")
    array(board, x, 0, "products", products, cell, scale_for(products, signed=True))
    words = f"{added(products.ravel())} = {number(gradient[place])}"
    board.text(0, board.height + 0.15, typeset(words), 12, width=5.5)
    return board.drawing(
        f"A convolution backwards: the errors around row {place[0]}, column {place[1]} of the "
        f"image, times the kernel turned by 180 degrees, added up: {words}.",
        BYTES,
    )
