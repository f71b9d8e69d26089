"""What the stepper's figures are drawn of: arrays below their titles, sums in words."""

from typing import Any, NamedTuple

import numpy as np

from helpers.pictures.board import NUMBERED, Block, Board
from helpers.pictures.colours import Scale, scale_for
from helpers.pictures.picture import CSS_PIXELS_PER_INCH
from helpers.pictures.words import number, typeset

SIGN = 0.4  # inches that a sign between two arrays takes
LARGE = 2.9  # inches for a large image, at most
BYTES = 22_000  # of a picture: it only stands in for the window


class Sum(NamedTuple):
    """A window, the weights that lie on it, and what they add up to."""

    window: np.ndarray
    weights: np.ndarray
    factor: float
    bias: float

    @property
    def products(self) -> np.ndarray:
        """Each pixel times its weight."""
        return self.window * self.weights

    @property
    def value(self) -> float:
        """What becomes of them."""
        return self.factor * float(self.products.sum()) + self.bias

    def words(self) -> str:
        """Write out the sum, and what is done with it."""
        words = f"{added(self.products.ravel())} = {number(self.products.sum())}"
        if self.factor != 1:
            words += f", times {number(self.factor)}"
        if self.bias != 0:
            words += f", {'minus' if self.bias < 0 else 'plus'} {number(abs(self.bias))}"
        return words if (self.factor, self.bias) == (1, 0) else f"{words} = {number(self.value)}"


def added(values: Any) -> str:
    """Write out a sum."""
    terms = "".join(f" {'-' if value < 0 else '+'} {number(abs(value))}" for value in values)
    # A minus at the beginning belongs to the number.
    return terms.removeprefix(" + ") if terms.startswith(" + ") else f"-{terms[3:]}"


def place_of(stepper: Any, output: np.ndarray) -> tuple[int, int]:
    """Return the place to show: another kernel may have left a smaller output."""
    rows, columns = output.shape
    return min(stepper.row, rows - 1), min(stepper.col, columns - 1)


def cut(values: np.ndarray, top: tuple[int, int], shape: tuple[int, ...]) -> np.ndarray:
    """Return a window of an array."""
    return values[top[0] : top[0] + shape[0], top[1] : top[1] + shape[1]]


def small_cell(image: np.ndarray) -> float:
    """Return inches for a cell of a large image: whole pixels, which makes a smaller file."""
    return max(int(CSS_PIXELS_PER_INCH * LARGE / max(image.shape)), 1) / CSS_PIXELS_PER_INCH


def array(
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


def weighing(board: Board, total: Sum, x: float, y: float, cell: float, turned: bool) -> Block:
    """Draw the kernel and the products; return where these stand."""
    title = "kernel, turned" if turned else "kernel"
    weights = array(board, x, y, title, total.weights, cell, scale_for(total.weights, signed=True))
    x = sign(board, weights, "=")
    scale = scale_for(total.products, signed=True)
    return array(board, x, y, "products", total.products, cell, scale)


def sign(board: Board, block: Block, words: str) -> float:
    """Write a sign to the right of an array; return where the next one stands."""
    board.label(block.right + SIGN / 2, (block.y + block.bottom) / 2, words, 15)
    return block.right + SIGN
