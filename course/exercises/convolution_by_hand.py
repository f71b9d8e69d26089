"""Lesson 1: convolution by hand, from one window to an image of any size.

What goes wrong in one window goes wrong in every exercise that slides one, and so does what goes
wrong with sizes. So these are tables, `IN_ONE_WINDOW` and `sizes`, that several exercises use.
"""

import math
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

import helpers
from course.exercises.exercise import ByCalls, ByObservation, Call, Mistake, call, made_by, mistake

Generator = np.random.Generator

# The worked example of the lesson: 577, and another number for each slip.
WINDOW = np.array([[0, 64, 128], [48, 192, 144], [142, 226, 168]])
KERNEL = np.array([[-1, 0, -2], [0.5, 4.5, -1.5], [1.5, 2, -3]])

# Its pixels say where they stand: 23 is in row 2, column 3.
NUMBERED = np.add.outer(np.arange(0, 50, 10), np.arange(6))

# Large enough to be drawn: an F looks different turned over, turned round or moved. It stands on
# the edge, so that borders show.
LETTER = np.full((12, 12), 40)
LETTER[2:, 3:5] = LETTER[2:4, 3:10] = LETTER[5:7, 3:8] = 220
UPRIGHT = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])


def photo(rng: Generator, *shape: int) -> np.ndarray:
    """Grey values, as whole numbers."""
    return rng.integers(0, 256, shape)


def photo_bytes(rng: Generator, *shape: int) -> np.ndarray:
    """Grey values, as bytes."""
    return photo(rng, *shape).astype(np.uint8)


def fractions(rng: Generator, *shape: int) -> np.ndarray:
    """Fractions of either sign, with all their decimals, so that rounding shows."""
    return rng.normal(size=shape)


def single(rng: Generator, *shape: int) -> np.ndarray:
    """Fractions of either sign in single precision."""
    return fractions(rng, *shape).astype(np.float32)


def whole(rng: Generator, *shape: int) -> np.ndarray:
    """Kernel values as whole numbers, none of them 0, so that each one counts."""
    return rng.choice([-4, -3, -2, -1, 1, 2, 3, 4, 5], shape)


def withheld(*names: str) -> tuple[str, ...]:
    """Name what answers an exercise, in `helpers` and in the module where it is written."""
    return tuple(f"{module}{name}" for name in names for module in ("", "convolution."))


CONVOLUTIONS = ("conv2d", "true_convolution", "conv_layer")


def kept(values: np.ndarray, part: Any) -> np.ndarray:
    """Set all values to 0 but those of one part."""
    out = np.zeros(values.shape)
    out[part] = values[part]
    return out


# --- 1. One window of the image --------------------------------------------------------------


def cut(up: int, down: int, left: int, right: int) -> Callable[..., np.ndarray]:
    """Slice from `up` rows above the pixel to just before `down` rows below it, and so on."""
    return lambda image, row, col: image[row - up : row + down, col - left : col + right]


around = cut(1, 2, 1, 2)


def pixel_by_pixel(image, row, col):
    window = np.zeros((3, 3))
    for i in range(3):
        for j in range(3):
            window[i, j] = image[row - 1 + i, col - 1 + j]
    return window


def from_lists(image, row, col):
    cols = (col - 1, col, col + 1)
    return np.array([[image[r][c] for c in cols] for r in (row - 1, row, row + 1)])


def window_cases(rng: Generator) -> Iterable[Call]:
    wide, tall = photo(rng, 6, 9), photo(rng, 9, 6)
    yield call(wide, 2, 3)
    yield call(tall, 3, 2)
    yield call(fractions(rng, 7, 8), 4, 3)
    yield call(single(rng, 8, 7), 2, 4)
    yield call(-wide, 3, 2)
    yield call(wide, 4, 7)
    yield call(tall, 7, 1)
    yield call(photo(rng, 3, 3), 1, 1)


WINDOW_SLIPS = (
    mistake("ends_too_early",
         "A slice stops just before its end: `row - 1 : row + 1` has two rows, not three. The "
         "window needs one more on the far side.",
         cut(1, 1, 1, 1), cut(1, 1, 1, 2), cut(1, 2, 1, 1)),
    mistake("pixel_in_corner",
         "Your window starts at the pixel, which should be its centre. The window round 23 starts "
         "with 12: one row up, one column left.",
         cut(0, 3, 0, 3), cut(0, 2, 0, 2), cut(0, 1, 0, 1), cut(-1, 4, -1, 4)),
    mistake("pixel_in_last_corner",
         "Your window ends at the pixel, which should be its centre. Is something subtracted "
         "twice, or are rows counted from 1? Python counts them from 0.",
         cut(2, 1, 2, 1), cut(3, 0, 3, 0)),
    mistake("shifted",
         "Along one axis your window is centred, along the other it is not. Compare the two "
         "slices: they should have the same form.",
         cut(0, 3, 1, 2), cut(1, 2, 0, 3), cut(2, 1, 1, 2), cut(1, 2, 2, 1), cut(0, 2, 1, 2),
         cut(1, 2, 0, 2), cut(2, 2, 1, 2), cut(1, 2, 2, 2), cut(1, 3, 1, 2), cut(1, 2, 1, 3)),
    mistake("same_index_twice",
         "The same variable stands in both slices. The row's slice needs `row`, the column's "
         "needs `col`.",
         lambda image, row, col: around(image, row, row),
         lambda image, row, col: around(image, col, col)),
    mistake("too_large",
         "Your window is larger than 3x3. One row on each side of the pixel is enough: with the "
         "pixel's own that makes three.",
         cut(2, 3, 2, 3), cut(1, 3, 1, 3), cut(3, 4, 3, 4), cut(2, 2, 2, 2)),
    mistake("every_second",
         "Your slices take steps of two, so the middle row and column are left out. A window has "
         "no gaps.",
         lambda image, row, col: around(image, row, col)[::2, ::2],
         lambda image, row, col: image[row - 2 : row + 3 : 2, col - 2 : col + 3 : 2]),
    mistake("axes_swapped",
         "Rows and columns are swapped: the row comes first, in the image's shape and in "
         "`image[row, col]`. The pixel in row 2, column 3 is 23; yours is centred on 32.",
         lambda image, row, col: around(image, col, row),
         lambda image, row, col: around(image.T, row, col),
         lambda image, row, col: np.roll(image, (1 - col, 1 - row), axis=(0, 1))[:3, :3]),
    mistake("transposed",
         "It is the right window, but its rows have become columns.",
         lambda image, row, col: around(image, row, col).T),
    mistake("turned",
         "It is the right window, but turned. Its first row is the one above the pixel, its first "
         "column the one to the left.",
         lambda image, row, col: np.rot90(around(image, row, col)),
         lambda image, row, col: np.rot90(around(image, row, col), -1)),
    mistake("centre_left_out",
         "The centre is missing. The pixel itself belongs to its window: nine values, not eight.",
         lambda image, row, col: np.delete(around(image, row, col), 4),
         lambda image, row, col: around(image, row, col) * [[1, 1, 1], [1, 0, 1], [1, 1, 1]]),
    mistake("corners_left_out",
         "The corners are missing. Diagonal neighbours belong to the window too.",
         lambda image, row, col: around(image, row, col) * [[0, 1, 0], [1, 1, 1], [0, 1, 0]],
         lambda image, row, col: around(image, row, col) * [[0, 1, 0], [1, 0, 1], [0, 1, 0]],
         lambda image, row, col: around(image, row, col).ravel()[[1, 3, 4, 5, 7]],
         lambda image, row, col: around(image, row, col).ravel()[[1, 3, 5, 7]],
         lambda image, row, col: around(image, row, col).ravel()[[1, 7, 3, 5]]),
    mistake("diagonal_only",
         "Two lists of indices are taken in pairs, so only the diagonal came back. Use slices, `a "
         ": b`, for a block.",
         lambda image, row, col: around(image, row, col).diagonal().copy()),
    mistake("one_axis_only",
         "Only one axis was cut. A window is three rows *and* three columns: `image[rows, "
         "columns]`, a slice for each.",
         lambda image, row, col: image[row - 1 : row + 2],
         lambda image, row, col: image[:, col - 1 : col + 2],
         lambda image, row, col: image[row - 1 : row + 2][col - 1 : col + 2],
         *(lambda image, row, col, c=c: image[row - 1 : row + 2, col + c] for c in (0, -1, 1)),
         *(lambda image, row, col, r=r: image[row + r, col - 1 : col + 2] for r in (0, -1, 1))),
    mistake("position_ignored",
         "Your window stays at the same place of the image, whatever `row` and `col` are.",
         lambda image, row, col: image[:3, :3], lambda image, row, col: image[1:4, 1:4],
         lambda image, row, col: image[1:4, 2:5]),
    mistake("open_slice",
         "One end of your slices does not depend on the pixel, or is not given. A slice is `start "
         ": stop`, not `start : length`, and both move with the pixel.",
         lambda image, row, col: image[row - 1 : 3, col - 1 : 3],
         lambda image, row, col: image[row:3, col:3],
         lambda image, row, col: image[row - 1 :, col - 1 :],
         lambda image, row, col: image[: row + 2, : col + 2]),
    mistake("partly_filled",
         "Only a part of the window is filled in; the rest is 0. How far do your loops reach? Or "
         "does `return` stand inside one?",
         *(lambda image, row, col, part=part: kept(around(image, row, col), part) for part in (
             np.s_[:1], np.s_[-1:], np.s_[:, :1], np.s_[:, -1:], np.s_[:2, :2], np.s_[1:, 1:]))),
    mistake("centre_repeated",
         "All nine values are the centre. Each place of the window has a pixel of its own.",
         lambda image, row, col: np.full((3, 3), image[row, col])),
    mistake("values_changed",
         "The window's values are changed: something is subtracted, or they are sorted or scaled. "
         "Cut it out as it is.",
         lambda image, row, col: around(image, row, col) - image[row, col],
         lambda image, row, col: around(image, row, col) - around(image, row, col).mean(),
         lambda image, row, col: around(image, row, col) / image.max(),
         lambda image, row, col: np.sort(around(image, row, col), axis=None).reshape(3, 3)),
    mistake("rows_or_columns_repeated",
         "All columns of your window are the same, or all its rows. Each value needs a place of "
         "its own: window[i, j], with both indices.",
         *(lambda image, row, col, c=c: np.repeat(image[row - 1 : row + 2, [col + c]], 3, 1)
           for c in (1, 0, -1)),
         *(lambda image, row, col, r=r: np.repeat(image[[row + r], col - 1 : col + 2], 3, 0)
           for r in (1, 0, -1))),
    mistake("single_value",
         "One number came back. The whole 3x3 window is wanted, nine values; they are added up in "
         "the next exercise.",
         lambda image, row, col: image[row, col],
         lambda image, row, col: around(image, row, col).sum(),
         lambda image, row, col: around(image, row, col).mean()),
)  # fmt: skip

NEIGHBORHOOD = ByCalls(
    key="neighborhood",
    title="Cut out the 3x3 window round a pixel",
    points=1,
    minutes=3,
    reference=helpers.neighborhood,
    helpers=withheld("neighborhood"),
    examples=(call(NUMBERED, 2, 3), call(NUMBERED, 1, 1)),
    cases=window_cases,
    alternatives=(
        pixel_by_pixel,
        from_lists,
        lambda image, row, col: image[np.ix_(row + np.arange(-1, 2), col + np.arange(-1, 2))],
        lambda image, row, col: sliding_window_view(image, (3, 3))[row - 1, col - 1],
        lambda image, row, col: np.roll(image, (1 - row, 1 - col), axis=(0, 1))[:3, :3],
    ),
    mistakes=WINDOW_SLIPS,
    hints=(
        "Which rows does the window hold, and which columns? Say them for row 2, column 3.",
        (
            "A slice `a : b` starts at a and stops just before b. From one before the pixel to "
            "one after it: where must it stop?"
        ),
        (
            "One pair of brackets, two slices of the same form: image[row - ... : row + ..., col "
            "- ... : col + ...]."
        ),
    ),
)


# --- 2. One pixel of the result --------------------------------------------------------------


def add_up(products: np.ndarray) -> Any:
    """Add up the products of one window, or of each of a grid of windows."""
    return products.sum((-2, -1))


def centre(values: np.ndarray) -> Any:
    """The middle value of a kernel, of a window, or of each of a grid of windows."""
    return values[..., values.shape[-2] // 2, values.shape[-1] // 2]


def plus_shaped(kernel: np.ndarray) -> np.ndarray:
    """Keep the middle row and the middle column of a kernel."""
    kept = np.zeros(kernel.shape, bool)
    kept[len(kernel) // 2] = kept[:, kernel.shape[1] // 2] = True
    return kernel * kept


def without_centre(window: np.ndarray, kernel: np.ndarray) -> Any:
    return add_up(window * kernel) - centre(window) * centre(kernel)


def as_byte(values: np.ndarray) -> np.ndarray:
    """What is left of values that go through a byte."""
    return np.mod(np.trunc(values), 256)


# Functions of `w`, a window or a grid of windows, and `k`, the kernel.
FLIPS = (
    mistake("flipped",
         "Your kernel is flipped both ways: that is true convolution. Here it is used as it "
         "stands: 577 on the worked example, not 732.",
         lambda w, k: add_up(w * k[::-1, ::-1])),
    mistake("transposed",
         "Your kernel is transposed: 249 on the worked example instead of 577. Row i, column j of "
         "the window meets row i, column j of the kernel: is it [j, i] somewhere?",
         lambda w, k: add_up(w * k.T)),
    mistake("upside_down",
         "Your kernel is upside down: its last row meets the first row of the window. The worked "
         "example then gives -62 instead of 577.",
         lambda w, k: add_up(w * k[::-1])),
    mistake("mirrored",
         "Your kernel is mirrored: its last column meets the first column of the window. The "
         "worked example then gives 1014 instead of 577.",
         lambda w, k: add_up(w * k[:, ::-1])),
    mistake("turned",
         "Your kernel is turned. It is used as it stands: row i, column j of the window meets row "
         "i, column j of the kernel.",
         lambda w, k: add_up(w * np.rot90(k)), lambda w, k: add_up(w * np.rot90(k, -1)),
         lambda w, k: add_up(w * k[::-1, ::-1].T)),
)  # fmt: skip
IN_ONE_WINDOW = (
    mistake("centre_left_out",
         "The centre counts too: a 3x3 window makes nine products, not eight. The centre's own is "
         "864 in the worked example, which gives -287 instead of 577 without it.",
         without_centre),
    mistake("corners_left_out",
         "The corners count too: a 3x3 window makes nine products, not five.",
         lambda w, k: add_up(w * plus_shaped(k)), lambda w, k: without_centre(w, plus_shaped(k))),
    mistake("summed_before_multiplying",
         "You add first and multiply afterwards: 1112 * 1 = 1112 on the worked example. Each "
         "pixel has a weight of its own: multiply value by value, then add up.",
         lambda w, k: add_up(w) * k.sum(), lambda w, k: w.mean((-2, -1)) * k.sum(),
         lambda w, k: w.mean((-2, -1)) * k.mean()),
    mistake("matrix_product",
         "That is a matrix product, rows by columns: 1337 on the worked example. A convolution "
         "multiplies value by value: `*`, not `@` or `np.dot`.",
         lambda w, k: add_up(w @ k), lambda w, k: add_up(k @ w), lambda w, k: add_up(w @ k.T)),
    mistake("added_instead_of_multiplied",
         "Window and kernel are added to each other, or subtracted: 1113 or 1111 on the worked "
         "example. Each pixel is multiplied by its kernel value.",
         lambda w, k: add_up(w + k), lambda w, k: add_up(w - k), lambda w, k: add_up(k - w)),
    mistake("not_multiplied",
         "Pixels and kernel values are divided, or raised to a power. They are multiplied: `*`.",
         lambda w, k: add_up(np.power(w.astype(float), k)), lambda w, k: add_up(w / k),
         lambda w, k: add_up(w // k)),
    mistake("averaged",
         "Your sum is divided by the number of values, as if 577 / 9 = 64.1 were wanted. Add up; "
         "do not average.",
         lambda w, k: (w * k).mean((-2, -1))),
    mistake("normalised",
         "Your kernel, or your sum, is scaled by something made from the kernel. Use the kernel "
         "as it is given. The worked example may hide this, because its kernel sums to 1.",
         lambda w, k: add_up(w * k) / k.sum(), lambda w, k: add_up(w * k) / (k.sum() or 1),
         lambda w, k: add_up(w * k) / np.abs(k).sum(),
         lambda w, k: add_up(w * k / np.abs(k).max()), lambda w, k: add_up(w * k) * k.sum(),
         lambda w, k: add_up(w * np.abs(k)) / np.abs(k).sum()),
    mistake("kernel_truncated",
         "The kernel lost its fractions: 0.5 became 0, and 4.5 became 4. Is it stored in an "
         "integer array? Work in float.",
         lambda w, k: add_up(w * k.astype(int)), lambda w, k: add_up(w * k.astype(w.dtype)),
         lambda w, k: add_up(w * np.rint(k)), lambda w, k: add_up(w * np.floor(k))),
    mistake("image_changed",
         "The pixels are changed before they are multiplied: scaled, cut off, or made bytes. Use "
         "them as they are.",
         lambda w, k: add_up(w / w.max() * k), lambda w, k: add_up(np.trunc(w) * k),
         lambda w, k: add_up((w - w.mean()) * k), lambda w, k: add_up(as_byte(w) * k),
         lambda w, k: add_up((w - w.min()) / (np.ptp(w) or 1) * k),
         lambda w, k: add_up(np.maximum(w, 0) * k), lambda w, k: add_up(w * k) / add_up(w),
         lambda w, k: add_up(w * k) - w.mean((-2, -1)), lambda w, k: add_up(w**2 * k),
         lambda w, k: add_up((as_byte(w + 128) - 128) * k)),
    mistake("stored_as_bytes",
         "Your values went through a byte (uint8), which holds 0 to 255 and wraps around: 577 "
         "becomes 65. Work in float; bytes are made once, at the end.",
         lambda w, k: as_byte(add_up(w * k)), lambda w, k: add_up(as_byte(w * k)),
         lambda w, k: np.mod(add_up(w * k), 256), lambda w, k: as_byte(add_up(w * k) + 128) - 128,
         lambda w, k: add_up(as_byte(w) * as_byte(k)),
         lambda w, k: as_byte(add_up(as_byte(w) * as_byte(k))),
         lambda w, k: add_up(as_byte(as_byte(w) * as_byte(k))),
         lambda w, k: as_byte(add_up(as_byte(w * k)))),
    mistake("clipped",
         "Your sum is clipped to 0..255, where 577 becomes 255. Here it keeps its size and sign: "
         "only `to_pixels` cuts off.",
         lambda w, k: np.clip(add_up(w * k), 0, 255),
         lambda w, k: np.clip(np.rint(add_up(w * k)), 0, 255),
         lambda w, k: np.clip(np.trunc(add_up(w * k)), 0, 255),
         lambda w, k: np.minimum(add_up(w * k), 255)),
    mistake("sign_lost",
         "Minus signs are lost: a negative product must make the sum smaller. Is there an abs(), "
         "a square or a max(0, ...)?",
         lambda w, k: np.abs(add_up(w * k)), lambda w, k: add_up(np.abs(w * k)),
         lambda w, k: add_up(w * np.abs(k)), lambda w, k: np.maximum(add_up(w * k), 0),
         lambda w, k: add_up(np.maximum(w * k, 0)), lambda w, k: add_up((w * k) ** 2),
         lambda w, k: np.linalg.norm(w * k, axis=(-2, -1))),
    mistake("not_accumulated",
         "Only the last products are in your sum: each step forgets what came before. Start from "
         "0 once and add with `+=`. On the worked example -504 or 161 are left of 577.",
         lambda w, k: w[..., -1, -1] * k[-1, -1], lambda w, k: (w[..., -1, :] * k[-1]).sum(-1),
         lambda w, k: (w[..., -1] * k[:, -1]).sum(-1)),
    mistake("stopped_early",
         "Only the first products are in your sum. Does `return` stand inside the loop?",
         lambda w, k: w[..., 0, 0] * k[0, 0], lambda w, k: (w[..., 0, :] * k[0]).sum(-1),
         lambda w, k: (w[..., 0] * k[:, 0]).sum(-1)),
    mistake("kernel_edge_missed",
         "A part of the kernel is never used. `range(3)` is 0, 1, 2; `range(2)` and `range(1, 3)` "
         "leave one out.",
         lambda w, k: add_up(w[..., :-1, :-1] * k[:-1, :-1]),
         lambda w, k: add_up(w[..., 1:, 1:] * k[1:, 1:]),
         lambda w, k: add_up(w[..., :-1, :] * k[:-1]),
         lambda w, k: add_up(w[..., :-1] * k[:, :-1]), lambda w, k: add_up(w[..., 1:, :] * k[1:]),
         lambda w, k: add_up(w[..., 1:] * k[:, 1:]),
         lambda w, k: add_up(w * k) - w[..., -1, -1] * k[-1, -1],
         lambda w, k: add_up(w * k) - w[..., 0, 0] * k[0, 0]),
    mistake("corners_only",
         "Only the corners are multiplied. A 3x3 window makes nine products.",
         lambda w, k: add_up(w[..., ::2, ::2] * k[::2, ::2])),
    mistake("one_row_only",
         "Only one row or column is in your sum. All of the window counts.",
         lambda w, k: (w * k).sum(-1)[..., len(k) // 2],
         lambda w, k: (w * k).sum(-2)[..., k.shape[1] // 2]),
    mistake("diagonal_only",
         "Only the diagonal is multiplied. Rows and columns need a loop each, one inside the "
         "other.",
         lambda w, k: np.einsum("...ii,ii->...", w, k), lambda w, k: add_up(np.triu(w * k)),
         lambda w, k: add_up(np.tril(w * k))),
    mistake("indices_mixed_up",
         "Window and kernel do not meet place by place: an index stands where the other one "
         "belongs, or counts from the end. It is [i, j] in both.",
         lambda w, k: add_up(w * np.roll(k[::-1, ::-1], 1, (0, 1))),
         lambda w, k: add_up(w * np.roll(k, 1)), lambda w, k: add_up(w * np.diagonal(k)),
         lambda w, k: add_up(w * np.diagonal(k)[:, None]),
         lambda w, k: add_up(np.diagonal(w, axis1=-2, axis2=-1)[..., None] * k),
         lambda w, k: add_up(np.diagonal(w, axis1=-2, axis2=-1)[..., None, :] * k),
         lambda w, k: add_up(w * np.sort(k)),
         lambda w, k: add_up(w * np.sort(k, axis=None).reshape(k.shape))),
    mistake("one_value_for_all",
         "One and the same pixel is multiplied by all kernel values, or one kernel value by all "
         "pixels.",
         lambda w, k: centre(w) * k.sum(), lambda w, k: w[..., 0, 0] * k.sum(),
         lambda w, k: add_up(w) * centre(k), lambda w, k: add_up(w) * k[0, 0],
         lambda w, k: add_up(w) * k[-1, -1]),
    mistake("centre_only",
         "Only the centre is in your result. The neighbours count too.",
         lambda w, k: centre(w) * centre(k), lambda w, k: centre(w) * 1),
    mistake("centre_added",
         "The centre counts twice: as a product, and once more by itself. Nothing but the "
         "products is added up.",
         lambda w, k: add_up(w * k) + centre(w), lambda w, k: centre(w) - add_up(w * k)),
    mistake("kernel_ignored",
         "The kernel's values are not in your result: it depends on the window alone.",
         lambda w, k: add_up(w), lambda w, k: w.mean((-2, -1)), lambda w, k: w.max((-2, -1)),
         lambda w, k: np.median(w, (-2, -1)), lambda w, k: add_up(w * w)),
    mistake("image_ignored",
         "The window's values are not in your result: it depends on the kernel alone.",
         lambda w, k: add_up(w * 0) + k.sum(), lambda w, k: add_up(w * 0) + (k * k).sum()),
    mistake("not_summed",
         "The products are right, but something else than adding up was done with them.",
         lambda w, k: (w * k).max((-2, -1)), lambda w, k: (w * k).min((-2, -1)),
         lambda w, k: (w * k).prod((-2, -1)), lambda w, k: np.median(w * k, (-2, -1)),
         lambda w, k: (w * k).std((-2, -1))),
    mistake("rounded",
         "Your result is rounded. Keep all its decimals: it is rounded once, when pixels are "
         "made.",
         lambda w, k: np.round(add_up(w * k), 2), lambda w, k: np.round(add_up(w * k), 1),
         lambda w, k: np.rint(add_up(w * k)), lambda w, k: np.ceil(add_up(w * k)),
         lambda w, k: add_up(np.rint(w * k))),
    mistake("truncated",
         "The fractions are gone: your result, or each product, was cut to a whole number. Is "
         "there an int() or a `//`, or an array with an integer dtype?",
         lambda w, k: np.trunc(add_up(w * k)), lambda w, k: np.floor(add_up(w * k)),
         lambda w, k: add_up(np.trunc(w * k)), lambda w, k: add_up(np.floor(w * k)),
         lambda w, k: add_up(np.floor(w) * np.floor(k))),
)  # fmt: skip


def term_by_term(window, kernel):
    total = 0.0
    for row in range(3):
        for col in range(3):
            total += window[row, col] * kernel[row, col]
    return total


def pixel_cases(rng: Generator) -> Iterable[Call]:
    yield call(photo(rng, 3, 3), fractions(rng, 3, 3))
    yield call(fractions(rng, 3, 3), whole(rng, 3, 3))
    yield call(photo(rng, 3, 3), whole(rng, 3, 3))
    yield call(photo_bytes(rng, 3, 3), whole(rng, 3, 3))
    yield call(fractions(rng, 3, 3), fractions(rng, 3, 3))
    yield call(single(rng, 3, 3), single(rng, 3, 3))
    yield call(255 * rng.random((3, 3)), fractions(rng, 3, 3))
    yield call(100 * fractions(rng, 3, 3), fractions(rng, 3, 3))


CONVOLVE_PIXEL = ByCalls(
    key="convolve_pixel",
    title="Multiply a window by a kernel and add up",
    points=2,
    minutes=4,
    reference=helpers.convolve_pixel,
    helpers=withheld("convolve_pixel", *CONVOLUTIONS),
    examples=(call(WINDOW, KERNEL), call(np.full((3, 3), 100), KERNEL)),
    cases=pixel_cases,
    alternatives=(
        term_by_term,
        lambda window, kernel: float(np.einsum("ij,ij->", window, kernel)),
        lambda window, kernel: sum(w * k for w, k in zip(window.flat, kernel.flat, strict=True)),
        lambda window, kernel: np.vdot(window, kernel),
        lambda window, kernel: np.trace(window.T @ kernel),
    ),
    mistakes=(*FLIPS, *IN_ONE_WINDOW),
    hints=(
        "How many products are there, and what is done with all of them at the end?",
        (
            "For two arrays of one shape, `a * b` multiplies value by value. What adds up all "
            "values of an array?"
        ),
        "One line: np.sum(... * ...). Or two loops that add to a total.",
    ),
)


# --- 3. The whole image ----------------------------------------------------------------------


def conv2d_valid(image: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    return helpers.conv2d(image, kernel)


def over_windows(total: Callable[..., Any]) -> Callable[..., np.ndarray]:
    """Slide over an image what is done with one window."""
    return lambda image, kernel: total(sliding_window_view(image, kernel.shape), kernel)


def cut_at(place: Callable[..., Any]) -> Callable[..., np.ndarray]:
    """Convolve in two loops, each window cut out at ``place(r, c, kh, kw)``."""

    def conv2d(image, kernel):
        kh, kw = kernel.shape
        out = np.zeros((image.shape[0] - kh + 1, image.shape[1] - kw + 1))
        for r, c in np.ndindex(out.shape):
            out[r, c] = np.sum(image[place(r, c, kh, kw)] * kernel)
        return out

    return conv2d


def indexed(
    pixel: Callable[..., Any] = lambda r, c, i, j: (r + i, c + j),
    weight: Callable[..., Any] = lambda i, j, kh, kw: (i, j),
    used: Callable[..., Any] = lambda kh, kw: (kh, kw),
) -> Callable[..., np.ndarray]:
    """Convolve in four loops, with these indices of pixels and weights."""

    def conv2d(image, kernel):
        kh, kw = kernel.shape
        out = np.zeros((image.shape[0] - kh + 1, image.shape[1] - kw + 1))
        for r, c in np.ndindex(out.shape):
            for i, j in np.ndindex(*used(kh, kw)):
                out[r, c] += image[pixel(r, c, i, j)] * kernel[weight(i, j, kh, kw)]
        return out

    return conv2d


def shift_and_add(image, kernel):
    rows, cols = np.subtract(image.shape, kernel.shape) + 1
    return sum(k * image[i : i + rows, j : j + cols] for (i, j), k in np.ndenumerate(kernel))


def by_fourier(image, kernel):
    spectrum = np.fft.rfft2(image) * np.conj(np.fft.rfft2(kernel, image.shape))
    rows, cols = np.subtract(image.shape, kernel.shape) + 1
    return np.fft.irfft2(spectrum, image.shape)[:rows, :cols]


def by_scipy(image, kernel):
    from scipy.signal import correlate2d

    return correlate2d(image, kernel, mode="valid")


def square(image, kernel):
    out = helpers.conv2d(image, kernel)
    if len(out) > out.shape[1]:
        raise ValueError("the window leaves the image")
    return out[:, : len(out)]


def inner_pixels(start: Callable[[np.ndarray], np.ndarray]) -> Callable[..., np.ndarray]:
    """Convolve 3x3 windows round the inner pixels only, into an array of the image's size."""

    def conv2d(image, kernel):
        out = start(image)
        for r in range(1, image.shape[0] - 1):
            for c in range(1, image.shape[1] - 1):
                out[r, c] = np.sum(image[r - 1 : r + 2, c - 1 : c + 2] * kernel)
        return out

    return conv2d


def in_place(image, kernel):
    """Return the image, its inner pixels replaced one after the other, and the inner ones alone."""
    kh, kw = kernel.shape
    out = image.astype(float)
    inner = out[kh // 2 :, kw // 2 :][: len(image) - kh + 1, : image.shape[1] - kw + 1]
    for r, c in np.ndindex(inner.shape):
        inner[r, c] = np.sum(out[r : r + kh, c : c + kw] * kernel)
    return out, inner


def framed(image: np.ndarray, kernel: np.ndarray, mode: Any, **options: Any) -> np.ndarray:
    """Pad so that a "valid" convolution gives the image's size again, even kernels too."""
    ends = [((length - 1) // 2, length // 2) for length in kernel.shape]
    return np.pad(image, ends, mode, **options)


def inside(image: np.ndarray, kernel: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Put values where the kernel fits, and leave the rest of the image as it is."""
    out = image.astype(float)
    top, left = (length // 2 for length in kernel.shape)
    out[top : top + len(values), left : left + values.shape[1]] = values
    return out


def in_type_of(image: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Store values in the image's own type: fractions and signs may be lost."""
    return values.astype(np.int64).astype(image.dtype) if image.dtype.kind in "iu" else values


def stretched(values: np.ndarray) -> np.ndarray:
    """Stretch values so that the smallest becomes 0 and the largest 1."""
    return (values - values.min()) / (np.ptp(values) or 1)


INTEGER_DTYPE = (
    "Your result is stored in the image's own type, so fractions were cut off, and in bytes 577 "
    "becomes 65. np.zeros(shape) makes an array of floats."
)


def sizes(right: Callable[..., np.ndarray]) -> tuple[Mistake, ...]:
    """What goes wrong with sizes and places, whatever is done in one window."""

    def changed(change: Callable[[np.ndarray], np.ndarray]) -> Callable[..., np.ndarray]:
        return lambda image, kernel: change(right(image, kernel))

    def padded(mode: Any) -> Callable[..., np.ndarray]:
        return lambda image, kernel: right(framed(image, kernel, mode), kernel)

    def widened(before: Any, after: Any, mode: Any = "constant") -> Callable[..., np.ndarray]:
        return lambda image, kernel: right(
            np.pad(image, [(before(n), after(n)) for n in kernel.shape], mode), kernel
        )

    def less_one(length: int) -> int:
        return length - 1

    return (
        mistake("off_by_one_size",
             "The last row or the last column is missing: a window of 3 fits into 5 pixels at 5 - "
             "3 + 1 = 3 places. Is the + 1 there, for rows and for columns?",
             changed(lambda out: out[:-1, :-1]), changed(lambda out: out[:-1]),
             changed(lambda out: out[:, :-1])),
        mistake("off_by_one_loop",
             "The shape is right, but some rows or columns were never filled in: they are 0. How "
             "far do your loops reach? `range(n)` starts with 0 and ends with n - 1.",
             *(changed(partial(kept, part=part)) for part in (
                 np.s_[:-1, :-1], np.s_[:-1], np.s_[:, :-1], np.s_[1:, 1:], np.s_[1:], np.s_[:, 1:],
                 np.s_[1:-1, 1:-1]))),
        mistake("stopped_early",
             "Only the first value or the first row is filled in. Does `return` stand inside a "
             "loop?",
             *(changed(partial(kept, part=part)) for part in (np.s_[:1, :1], np.s_[:1])),
             changed(lambda out: out[:1]), changed(lambda out: out[:1, :1])),
        mistake("border_kept",
             "Your result has the image's size, and pixels of the image are left on its border. "
             "Where no full window fits there is no result: the shape is (H - kh + 1, W - kw + "
             "1).",
             lambda image, kernel: inside(image, kernel, right(image, kernel))),
        mistake("size_kept",
             "Your result has the image's size. Nothing is padded here: a value stands only where "
             "the whole kernel fits, so the shape is (H - kh + 1, W - kw + 1).",
             *map(padded, ("constant", "edge", "wrap", "symmetric", "reflect")),
             lambda image, kernel: inside(image * 0, kernel, right(image, kernel)),
             lambda image, kernel: inside(image * 0, kernel[:1, :1], right(image, kernel)),
             widened(lambda n: 0, less_one), widened(less_one, lambda n: 0),
             widened(less_one, lambda n: 0, "wrap"),
             widened(lambda n: n // 2, lambda n: (n - 1) // 2)),
        mistake("full_size",
             "Your result is larger than the image: it has a value wherever kernel and image "
             "touch. Only places where the whole kernel fits are wanted; SciPy calls this "
             'mode="valid".',
             widened(less_one, less_one), widened(lambda n: n, lambda n: n)),
        mistake("padded_by_one",
             "The image was padded by one pixel before the window moved over it. Nothing is "
             "padded here: the window starts at row 0, column 0 of the image itself.",
             lambda image, kernel: right(np.pad(image, 1), kernel),
             lambda image, kernel: right(np.pad(image, 1, "edge"), kernel)),
        mistake("result_padded",
             "There is a border round your result. Only the places where the whole kernel fits "
             "are wanted.",
             changed(lambda out: np.pad(out, 1))),
        mistake("steps_too_large",
             "Your windows do not overlap, or leave places out. The window moves one pixel at a "
             "time, along rows and along columns.",
             lambda image, kernel: right(image, kernel)[:: len(kernel), :: kernel.shape[1]],
             lambda image, kernel: kept(
                 right(image, kernel), np.s_[:: len(kernel), :: kernel.shape[1]]),
             changed(lambda out: kept(out, np.s_[::2, ::2])), changed(lambda out: out[::2, ::2])),
        mistake("integer_dtype", INTEGER_DTYPE,
             lambda image, kernel: in_type_of(image, right(image, kernel))),
        mistake("axes_swapped",
             "Rows and columns are swapped somewhere. The row comes first: in `.shape`, in the "
             "loops and in `image[row, col]`; how many there are depends on the height.",
             lambda image, kernel: right(image.T, kernel), changed(lambda out: out.T),
             changed(lambda out: out.reshape(out.shape[::-1]))),
        mistake("position_ignored",
             "Your windows do not move along both axes: rows or columns of your result are all "
             "the same. Is the row, or the column, missing where the window is cut, or where it "
             "is stored?",
             changed(lambda out: np.broadcast_to(out[:, :1], out.shape)),
             changed(lambda out: np.broadcast_to(out[:, -1:], out.shape)),
             changed(lambda out: np.broadcast_to(out[:1], out.shape)),
             changed(lambda out: np.broadcast_to(out[-1:], out.shape)),
             changed(lambda out: np.full(out.shape, out[0, 0])),
             changed(lambda out: np.full(out.shape, out[-1, -1])),
             changed(lambda out: out[-1, -1]), changed(lambda out: out[0, 0])),
        mistake("rows_added_up",
             "The results themselves are added up, or only a row of them is left. One value for "
             "each place of the window is wanted.",
             changed(lambda out: out[0]), changed(lambda out: out[-1]),
             changed(lambda out: out.sum(0)), changed(lambda out: out.sum(1)),
             changed(lambda out: out.sum()), changed(lambda out: out.mean())),
        mistake("results_changed",
             "Something is done to the finished values: the image added, their mean taken away, "
             "or a function applied. They stay as they are.",
             changed(lambda out: out - out.mean()), changed(np.tanh), changed(np.sign),
             changed(lambda out: out**2), changed(lambda out: np.sqrt(np.abs(out))),
             changed(lambda out: 1 / (1 + np.exp(-out)))),
        mistake("total_not_reset",
             "Each value still holds the sums before it. Start the total from 0 again for every "
             "pixel of the result.",
             changed(lambda out: out.cumsum().reshape(out.shape)),
             changed(lambda out: out.cumsum(axis=1))),
        mistake("stretched",
             "Your values are stretched to a fixed range. They keep their size and sign here; "
             "`to_pixels` makes something to look at.",
             changed(stretched), changed(lambda out: 255 * stretched(out)),
             changed(lambda out: np.trunc(255 * stretched(out))),
             changed(lambda out: out / np.abs(out).max())),
        mistake("odd_kernels_only",
             "This is right for odd kernels only. An even kernel has no middle; counting from the "
             "window's top left corner works for all sizes.",
             lambda image, kernel: right(image, kernel)[
                 : len(image) - len(kernel) // 2 * 2, : image.shape[1] - kernel.shape[1] // 2 * 2]),
    )  # fmt: skip


def conv_cases(rng: Generator) -> Iterator[Call]:
    # Most images are square, and many kernels 3x3: what breaks on the others is recognised by the
    # wrong values that it gives on these.
    yield call(photo(rng, 5, 7), fractions(rng, 3, 3))
    yield call(photo(rng, 7, 4), whole(rng, 3, 3))
    yield call(photo_bytes(rng, 5, 5), whole(rng, 3, 3))
    yield call(single(rng, 6, 6), single(rng, 3, 3))
    yield call(fractions(rng, 5, 5), fractions(rng, 3, 3))
    yield call(255 * rng.random((6, 6)), fractions(rng, 3, 3))
    yield call(fractions(rng, 4, 4), fractions(rng, 2, 2))
    yield call(fractions(rng, 7, 7), fractions(rng, 5, 5))
    yield call(photo(rng, 6, 6), fractions(rng, 4, 4))
    yield call(fractions(rng, 5, 8), whole(rng, 2, 4))
    yield call(photo(rng, 7, 7), fractions(rng, 3, 2))
    yield call(fractions(rng, 3, 5), fractions(rng, 3, 5))
    yield call(photo(rng, 4, 6), fractions(rng, 1, 3))
    yield call(fractions(rng, 4, 4), fractions(rng, 1, 1))


IN_LOOPS = (
    mistake("transposed",
         "Your kernel is transposed: 249 on the worked example instead of 577, and a kernel that "
         "is not square does not even fit. Is it kernel[j, i] somewhere?",
         lambda image, kernel: helpers.conv2d(image, kernel.T),
         indexed(weight=lambda i, j, kh, kw: (j, i)), indexed(lambda r, c, i, j: (r + j, c + i))),
    mistake("axes_swapped",
         "The window is cut at [c, r] instead of [r, c]: rows and columns of the image are "
         "swapped. On square images and kernels nothing breaks, which makes it hard to see.",
         cut_at(lambda r, c, kh, kw: np.s_[c : c + kh, r : r + kw]),
         indexed(lambda r, c, i, j: (c + i, r + j)), indexed(lambda r, c, i, j: (c + j, r + i))),
    mistake("diagonal_windows",
         "Your windows move along a diagonal: the same variable counts rows and columns.",
         cut_at(lambda r, c, kh, kw: np.s_[r : r + kh, r : r + kw]),
         cut_at(lambda r, c, kh, kw: np.s_[c : c + kh, c : c + kw])),
    mistake("square_image_assumed",
         "You take the image for square. Its height gives the rows of the result, its width the "
         "columns: `height, width = image.shape`.",
         square),
    mistake("square_kernel_assumed",
         "You take the kernel for square, or swap its sides. Its height goes with the rows, its "
         "width with the columns: `kh, kw = kernel.shape`.",
         cut_at(lambda r, c, kh, kw: np.s_[r : r + kh, c : c + kh]),
         cut_at(lambda r, c, kh, kw: np.s_[r : r + kw, c : c + kw]),
         cut_at(lambda r, c, kh, kw: np.s_[r : r + kw, c : c + kh]),
         indexed(used=lambda kh, kw: (kh, kh)), indexed(used=lambda kh, kw: (kw, kw)),
         lambda image, kernel: helpers.conv2d(image, kernel[:, : len(kernel)])),
    mistake("only_3x3",
         "This works for 3x3 kernels only. Take the size from the kernel, `kh, kw = "
         "kernel.shape`, and put kh or kw wherever a 3 stands now, and one less wherever a 2 "
         "stands.",
         cut_at(lambda r, c, kh, kw: np.s_[r : r + 3, c : c + 3]),
         indexed(used=lambda kh, kw: (3, 3)),
         lambda image, kernel: add_up(sliding_window_view(image, (3, 3)) * kernel),
         lambda image, kernel: helpers.conv2d(image, kernel[:3, :3]),
         lambda image, kernel: helpers.conv2d(np.pad(image, [
             ((n - 1) // 2, n // 2) for n in kernel.shape]), kernel)[1:-1, 1:-1]),
    mistake("border_kept",
         "Your result has the image's size, and its border was never computed. Make it smaller: a "
         "value for each place where the whole kernel fits, of any size, (H - kh + 1, W - kw + "
         "1).",
         inner_pixels(lambda image: image.astype(float)), inner_pixels(np.copy),
         inner_pixels(lambda image: np.zeros(image.shape))),
    mistake("negative_indices",
         "Some of your indices are negative, and Python counts those from the end: image[-1] is "
         "the last row. The window for [r, c] holds the rows from r to r + kh - 1.",
         indexed(lambda r, c, i, j: (r - i, c - j)),
         indexed(lambda r, c, i, j: (r + i - 1, c + j - 1))),
    mistake("reads_own_output",
         "You write results into the array that you still read from, so later windows see results "
         "instead of pixels. Make a new array for the results.",
         lambda image, kernel: in_place(image, kernel)[0],
         lambda image, kernel: in_place(image, kernel)[1]),
    mistake("axes_left_over",
         "Your result has too many axes, or the wrong ones: the products of each window are not "
         "added up over the window's own rows and columns.",
         over_windows(lambda w, k: w * k), over_windows(lambda w, k: w @ k), over_windows(np.dot),
         over_windows(lambda w, k: (w * k).sum((0, 1))),
         over_windows(lambda w, k: (w * k).sum(-1)), over_windows(lambda w, k: (w * k).sum(-2)),
         over_windows(lambda w, k: w)),
    mistake("all_in_one_row",
         "Rows were joined into one long line before the kernel moved. It moves over rows and "
         "columns.",
         lambda image, kernel: np.convolve(image.ravel(), kernel.ravel(), "valid"),
         lambda image, kernel: np.correlate(image.ravel(), kernel.ravel(), "valid"),
         lambda image, kernel: np.correlate(image.ravel(), kernel.ravel(), "full")),
)  # fmt: skip

TOO_LARGE = ("size_kept", "full_size")  # what SciPy gives where nothing else is asked for

CONV2D_VALID = ByCalls(
    key="conv2d_valid",
    title="Slide a kernel of any size over a whole image",
    points=4,
    minutes=8,
    reference=conv2d_valid,
    helpers=withheld(*CONVOLUTIONS),
    examples=(
        call(WINDOW, KERNEL),
        call(np.array([[1, 2, 0, 3], [0, 1, 4, 1], [2, 0, 1, 5]]), np.array([[1, 0], [2, -1]])),
        call(LETTER, UPRIGHT),
    ),
    cases=conv_cases,
    alternatives=(
        cut_at(lambda r, c, kh, kw: np.s_[r : r + kh, c : c + kw]),
        indexed(),
        shift_and_add,
        by_fourier,
        by_scipy,
        over_windows(lambda w, k: np.einsum("rcij,ij->rc", w, k)),
        over_windows(lambda w, k: np.tensordot(w, k, axes=2)),
    ),
    mistakes=(
        *made_by(over_windows, *FLIPS, *IN_ONE_WINDOW),
        *sizes(helpers.conv2d),
        *IN_LOOPS,
        *(one for one in sizes(helpers.true_convolution) if one.id in TOO_LARGE),
    ),
    hints=(
        (
            "For one place you can do it already. At how many places does the kernel fit, down "
            "and across?"
        ),
        (
            "Make an array of zeros of that shape. Two loops go over its rows r and columns c: "
            "which rows of the image does the window for [r, c] hold, counted from its top left "
            "corner?"
        ),
        (
            "for each r, for each c: out[r, c] = sum of image[r : r + ..., c : c + ...] * kernel. "
            "The shape is (height - kh + 1, width - kw + 1)."
        ),
    ),
)


# --- 4. How large the result is --------------------------------------------------------------


def places(size, kernel_size, padding=0, strides=1):
    count, start = 0, -padding
    while start + kernel_size <= size + padding:
        count, start = count + 1, start + strides
    return count


def formula(way: Callable[..., Any]) -> Callable[..., Any]:
    """Give a formula of n, k, p and s the signature of `output_size`."""
    return lambda size, kernel_size, padding=0, strides=1: way(size, kernel_size, padding, strides)


def size_cases(rng: Generator) -> Iterable[Call]:
    yield call(28, 9)
    yield call(28, 3, 1)
    yield call(28, 3, strides=2)
    yield call(29, 4, strides=3)
    yield call(224, 7, padding=3, strides=2)
    yield call(512, 11, 2, 4)
    yield call(10, 2, 1, 3)
    yield call(11, 5, padding=2)
    yield call(17, 6, 1, 5)
    yield call(5, 5)
    yield call(1, 1)
    for size, kernel_size in zip(photo(rng, 3) + 20, rng.integers(2, 10, 3), strict=True):
        yield call(int(size), int(kernel_size), int(rng.integers(1, 5)), int(rng.integers(1, 5)))


# Formulas of size n, kernel_size k, padding p and strides s. Right is (n + 2 * p - k) // s + 1.
SIZE_SLIPS = (
    mistake("off_by_one_size",
         "The + 1 is missing or has become a - 1: 28 - 3 = 25 is how often the kernel moves, and "
         "its first place counts too, so there are 26.",
         lambda n, k, p, s: (n + 2 * p - k) // s, lambda n, k, p, s: (n + 2 * p - k) / s,
         lambda n, k, p, s: n + 2 * p - k, lambda n, k, p, s: n - k,
         lambda n, k, p, s: abs(k - n) // s, lambda n, k, p, s: (n - k) // s,
         lambda n, k, p, s: (n + 2 * p - k) // s - 1, lambda n, k, p, s: n - k - 1,
         lambda n, k, p, s: -(-(n + 2 * p - k) // s)),
    mistake("one_too_many",
         "That is one place too many. A kernel as large as the image fits once: 5 and 5 give 1.",
         lambda n, k, p, s: (n + 2 * p - k) // s + 2, lambda n, k, p, s: n + 2 * p - k + 2),
    mistake("one_added_too_early",
         "The 1 is added before the division. First divide and round down, then add 1.",
         lambda n, k, p, s: (n + 2 * p - k + 1) // s, lambda n, k, p, s: (n + 2 * p - k + 1) / s,
         lambda n, k, p, s: (n + 2 * p - k + 1) // s + 1),
    mistake("padding_once",
         "Padding is added at both ends: 28 pixels with a padding of 1 are 30, not 29.",
         lambda n, k, p, s: (n + p - k) // s + 1, lambda n, k, p, s: n + p - k + 1),
    mistake("padding_ignored",
         "The padding is not in your result. It makes the image larger by 2 * padding before the "
         "kernel moves.",
         lambda n, k, p, s: (n - k) // s + 1),
    mistake("padding_and_strides_ignored",
         "Padding and strides are not in your result. With the defaults it is right.",
         lambda n, k, p, s: n - k + 1),
    mistake("padding_misplaced",
         "The padding enters in the wrong place, or with the wrong sign or factor: the kernel "
         "moves over size + 2 * padding pixels.",
         lambda n, k, p, s: (n - 2 * p - k) // s + 1, lambda n, k, p, s: (n - p - k) // s + 1,
         lambda n, k, p, s: (n - k) // s + 2 * p + 1, lambda n, k, p, s: (n - k) // s + p + 1,
         lambda n, k, p, s: (n + 4 * p - k) // s + 1, lambda n, k, p, s: (n + p**2 - k) // s + 1,
         lambda n, k, p, s: 2 * (n + p - k) // s + 1, lambda n, k, p, s: (2 * n + p - k) // s + 1,
         lambda n, k, p, s: 2 * (n + p) - k // s + 1, lambda n, k, p, s: (n - k + 1) // s + 2 * p,
         lambda n, k, p, s: (n + 2 + p - k) // s + 1, lambda n, k, p, s: (n * 2 * p - k) // s + 1,
         lambda n, k, p, s: (n + 3 * p - k) // s + 1),
    mistake("padding_always_1",
         "You always take the same padding. It is an argument, and 0 where nothing is passed.",
         lambda n, k, p, s: (n + 2 - k) // s + 1,
         lambda n, k, p, s: (n + 2 * (p or 1) - k) // s + 1,
         lambda n, k, p, s: (n + 2 * (k // 2) - k) // s + 1),
    mistake("strides_ignored",
         "The strides are not in your result. With strides 2 the kernel stands only at every "
         "second place: 28 and 3 then give 13.",
         lambda n, k, p, s: n + 2 * p - k + 1),
    mistake("strides_always_2",
         "You always take the same strides. They are an argument, and 1 where nothing is passed.",
         lambda n, k, p, s: (n + 2 * p - k) // 2 + 1,
         lambda n, k, p, s: (n + 2 * p - k) // (2 if s == 1 else s) + 1),
    mistake("strides_misplaced",
         "The strides enter in the wrong place. Take the kernel's size away first, then divide "
         "what is left by the strides: larger strides, fewer places.",
         lambda n, k, p, s: (n + 2 * p - k) * s + 1, lambda n, k, p, s: n + 2 * p - k * s + 1,
         lambda n, k, p, s: n + 2 * p - k - s + 2, lambda n, k, p, s: (n + 2 * p) // s - k + 1,
         lambda n, k, p, s: (n + 2 * p) // s - k // s + 1,
         lambda n, k, p, s: n // s + 2 * p - k + 1,
         lambda n, k, p, s: -(-(n + 2 * p) // s) - k + 1,
         lambda n, k, p, s: (n + 2 * p - k) // (s + 1),
         lambda n, k, p, s: (n + 2 * p - k) // (s + 1) + 1,
         lambda n, k, p, s: (n + 2 * p - k) % s + 1, lambda n, k, p, s: n + 2 * p - k // s + 1,
         lambda n, k, p, s: (n + 2 * p) - (k - 1) // s,
         lambda n, k, p, s: (n + 2 * p - k) // s + s,
         lambda n, k, p, s: (n + 2 * p - k) // s**2 + 1,
         lambda n, k, p, s: (n + 2 * p - s) // k + 1),
    mistake("rounded_up",
         "You round up. The last step counts only if the whole kernel still fits: round down.",
         lambda n, k, p, s: -(-(n + 2 * p - k) // s) + 1,
         lambda n, k, p, s: round((n + 2 * p - k) / s) + 1,
         lambda n, k, p, s: int((n + 2 * p - k) / s + 0.5) + 1,
         lambda n, k, p, s: round((n + 2 * p - k) / s + 1)),
    mistake("not_rounded",
         "That is not always a whole number: 28 and 3 with strides 2 give 13 places, not 13.5. "
         "`//` divides and rounds down in one step.",
         lambda n, k, p, s: (n + 2 * p - k) / s + 1),
    mistake("only_3x3",
         "You always take the same from the size. How much is lost depends on the kernel: 3 loses "
         "2, 2 loses 1, 9 loses 8.",
         lambda n, k, p, s: (n + 2 * p - 3) // s + 1, lambda n, k, p, s: n - 2,
         lambda n, k, p, s: n - 1, lambda n, k, p, s: (n + 2 * p - 2) // s + 1,
         lambda n, k, p, s: (n + 2 * p - 2) // s),
    mistake("odd_kernels_only",
         "This is right for odd kernels only. 28 and 2 give 27: a kernel of 2 loses one pixel in "
         "all, not one on each side.",
         lambda n, k, p, s: (n + 2 * p - 2 * (k // 2) - 1) // s + 1,
         lambda n, k, p, s: n - 2 * (k // 2), lambda n, k, p, s: (n + 2 * p - 2 * (k // 2)) // s,
         lambda n, k, p, s: n + 2 * p - 2 * (k // 2)),
    mistake("lost_on_one_side_only",
         "Pixels are lost at both ends: a kernel of 3 loses one on each side, so 28 becomes 26, "
         "not 27.",
         lambda n, k, p, s: (n + 2 * p - k // 2 - 1) // s + 1, lambda n, k, p, s: n - k // 2,
         lambda n, k, p, s: (n + 2 * p - k // 2) // s,
         lambda n, k, p, s: (n + 2 * p - k // 2) // s + 1,
         lambda n, k, p, s: (n + 2 * p - (k - 1) // 2) // s + 1,
         lambda n, k, p, s: (n + p - k // 2) // s),
    mistake("kernel_lost_twice",
         "Too much is lost: a kernel of 3 loses 2 of 28 pixels in all, so that 26 remain.",
         lambda n, k, p, s: (n + 2 * p - 2 * k) // s + 1,
         lambda n, k, p, s: (n + 2 * p - 2 * (k - 1)) // s,
         lambda n, k, p, s: (n + 2 * p - 2 * (k - 1) - 1) // s + 1,
         lambda n, k, p, s: (n - 2 * (k - 1)) // s,
         lambda n, k, p, s: (n + 2 * p - k * k) // s + 1,
         lambda n, k, p, s: (n + 2 * p - k - 1) // s, lambda n, k, p, s: n - 2 * k),
    mistake("kernel_added",
         "The kernel's size is added. A larger kernel has fewer places, so it is taken away.",
         lambda n, k, p, s: (n + 2 * p + k) // s + 1, lambda n, k, p, s: (n + 2 * p + k - 1) // s,
         lambda n, k, p, s: (k + 2 * p - n) // s + 1, lambda n, k, p, s: n + 2 * p + k - 1),
    mistake("windows_do_not_overlap",
         "You count windows that stand side by side. They overlap: each is only `strides` pixels "
         "further than the one before.",
         lambda n, k, p, s: n // k, lambda n, k, p, s: (n + 2 * p) // k,
         lambda n, k, p, s: n // k + 1, lambda n, k, p, s: (n + 2 * p - k) // k + 1,
         lambda n, k, p, s: n / k, lambda n, k, p, s: n * k),
    mistake("size_kept",
         "That counts pixels, not places: a place needs a full window. (The size would be kept by "
         'padding="same", but here only the padding that is passed counts.)',
         lambda n, k, p, s: n, lambda n, k, p, s: n // s, lambda n, k, p, s: -(-n // s),
         lambda n, k, p, s: n + 2 * p, lambda n, k, p, s: -(-(n + 2 * p) // s),
         lambda n, k, p, s: (n + 2 * p) // s, lambda n, k, p, s: (n + 2 * p) // s + 1,
         lambda n, k, p, s: n if p else (n - k) // s + 1),
    mistake("arguments_swapped",
         "Two of the arguments are swapped. Their order is size, kernel_size, padding, strides.",
         lambda n, k, p, s: (n + 2 * s - k) // (p or 1) + 1),
    mistake("area",
         "That counts the places in a square image. Wanted is one side: 26, not 26 * 26 = 676.",
         lambda n, k, p, s: ((n + 2 * p - k) // s + 1) ** 2, lambda n, k, p, s: (n - k + 1) ** 2,
         lambda n, k, p, s: n * n),
    mistake("argument_returned",
         "That is one of the arguments, unchanged.",
         lambda n, k, p, s: k, lambda n, k, p, s: p, lambda n, k, p, s: s),
)  # fmt: skip

OUTPUT_SIZE = ByCalls(
    key="output_size",
    title="Say how large the result is",
    points=2,
    minutes=3,
    reference=helpers.output_size,
    helpers=(*withheld("output_size"), "pool_output_size", "pooling.pool_output_size"),
    examples=(call(28, 3), call(28, 2), call(7, 3, padding=1, strides=2)),
    cases=size_cases,
    alternatives=(
        places,
        formula(lambda n, k, p, s: (n + 2 * p - k) // s + 1),
        formula(lambda n, k, p, s: math.floor((n + 2 * p - k) / s + 1)),
        formula(lambda n, k, p, s: len(range(0, n + 2 * p - k + 1, s))),
        formula(lambda n, k, p, s: int(np.floor((n + 2 * p - k) / s) + 1)),
    ),
    mistakes=made_by(formula, *SIZE_SLIPS),
    hints=(
        (
            "Put a kernel of 3 at the left end of 5 pixels. How often can it move by one until it "
            "touches the right end? And how many places is that, the first one counted?"
        ),
        (
            "With padding there are size + 2 * padding pixels. The first place takes kernel_size "
            "of them; each further place takes `strides` more."
        ),
        (
            "What is left after the first place, divided by the strides and rounded down with //; "
            "then + 1."
        ),
    ),
)


# --- 5. Back to pixels -----------------------------------------------------------------------


def value_by_value(values, factor=1.0, bias=0.0):
    out = np.zeros(values.shape, np.uint8)
    for place in np.ndindex(values.shape):
        out[place] = min(max(round(float(values[place]) * factor + bias), 0), 255)
    return out


def masked(values, factor=1.0, bias=0.0):
    scaled = np.round(values * factor + bias)
    scaled[scaled < 0] = 0
    scaled[scaled > 255] = 255
    return scaled.astype("uint8")


def by_opencv(values, factor=1.0, bias=0.0):
    import cv2

    return cv2.convertScaleAbs(np.clip(factor * values.astype(float) + bias, 0, 255))


def cast(values: np.ndarray) -> np.ndarray:
    """Store values in bytes unclipped: fractions cut off, 256 wrapped to 0."""
    return values.astype(np.int64).astype(np.uint8)


def clip(values: np.ndarray, least: float = 0, most: float = 255) -> np.ndarray:
    """Round, clip and store in bytes."""
    return cast(np.clip(np.rint(values), least, most))


def limits(least: float, most: float) -> Callable[..., np.ndarray]:
    """Clip to other limits."""
    return lambda v, f, b: clip(f * v + b, least, most)


def scaling(way: Callable[..., Any]) -> Callable[..., Any]:
    """Give a function of values v, factor f and bias b the signature of `to_pixels`."""
    return lambda values, factor=1.0, bias=0.0: way(values, factor, bias)


def responses(rng: Generator, *shape: int) -> np.ndarray:
    """Values below, within and above 0..255, none half way between two whole numbers."""
    return rng.integers(-300, 600, shape) + rng.choice([0.0, 0.2, 0.3, 0.7, 0.8], shape)


def byte_cases(rng: Generator) -> Iterable[Call]:
    yield call(responses(rng, 4, 6))
    yield call(np.array([[-1.0, -0.7, -0.3, 0.3, 0.7], [254.3, 254.7, 255.3, 255.7, 256.0]]))
    yield call(responses(rng, 5, 3), 1.0, 128.0)
    yield call(rng.integers(0, 2300, (4, 5)), 1 / 9)
    yield call(rng.integers(-400, 400, (3, 7)), factor=1 / 3, bias=128)
    yield call(2 * responses(rng, 4, 4), factor=0.5)
    yield call(photo_bytes(rng, 4, 3), factor=2.0, bias=-100.0)
    yield call(responses(rng, 3, 4).astype(np.float32))
    yield call(responses(rng, 3, 5) / 255, factor=255)
    yield call(responses(rng, 4, 3), factor=-1.0, bias=255.0)
    yield call(photo(rng, 2, 3) + rng.choice([0.2, 0.3, 0.7, 0.8], (2, 3)))


# Functions of values v, factor f and bias b.
BYTE_SLIPS = (
    mistake("wrapped",
         "Nothing is clipped, so values outside 0..255 wrap around: 577 becomes 65, and -3 "
         "becomes 253. Clip first, make bytes afterwards.",
         lambda v, f, b: cast(np.rint(f * v + b)), lambda v, f, b: cast(f * v + b),
         lambda v, f, b: cast((f * v + b) % 256), lambda v, f, b: cast((f * v + b) % 255),
         lambda v, f, b: cast(f * cast(v) + b), lambda v, f, b: clip(f * cast(v) + b),
         lambda v, f, b: cast(np.rint(f * cast(v) + b)), lambda v, f, b: cast(f * v + b + 0.5)),
    mistake("truncated",
         "The fractions were cut off: 99.6 became 99 and should become 100. Bytes do not round by "
         "themselves: round first.",
         lambda v, f, b: cast(np.clip(f * v + b, 0, 255)),
         lambda v, f, b: clip(np.rint(f * v + b) - 1)),
    mistake("rounded_up",
         "Your values are rounded up: 20.2 became 21 and should become 20. Round to the nearest.",
         lambda v, f, b: clip(np.ceil(f * v + b)), lambda v, f, b: clip(np.floor(f * v + b) + 1),
         lambda v, f, b: cast(np.clip(f * v + b, 0, 255) + 1),
         lambda v, f, b: cast(clip(f * v + b).astype(int) + 1),
         lambda v, f, b: clip(np.rint(f * v + b) + 1)),
    mistake("rounded_coarsely",
         "Your values are rounded to tens, or to something else than whole numbers.",
         lambda v, f, b: clip(np.round(f * v + b, -1)),
         lambda v, f, b: clip((f * v + b) // 10 * 10)),
    mistake("clipped_above_only",
         "Large values are clipped, negative ones are not: -3 became 253 and should become 0.",
         lambda v, f, b: cast(np.minimum(np.rint(f * v + b), 255)),
         lambda v, f, b: cast(np.minimum(f * v + b, 255)),
         lambda v, f, b: cast(np.clip(np.rint(f * v + b), -255, 255))),
    mistake("clipped_below_only",
         "Negative values are clipped, large ones are not: 577 became 65 and should become 255.",
         lambda v, f, b: cast(np.maximum(np.rint(f * v + b), 0)),
         lambda v, f, b: cast(np.maximum(f * v + b, 0))),
    mistake("sign_lost",
         "Negative values came back as positive ones: -3 became 3 and should become 0.",
         lambda v, f, b: clip(np.abs(f * v + b)), lambda v, f, b: clip(np.abs(f * v) + b),
         lambda v, f, b: clip(f * np.abs(v) + b)),
    mistake("clipped_first",
         "You clip before factor and bias are applied. With factor 0.5 and bias 128, -100 should "
         "become 78; clipped first, it becomes 128.",
         lambda v, f, b: clip(f * np.clip(v, 0, 255) + b),
         lambda v, f, b: cast(np.rint(f * np.clip(v, 0, 255) + b)),
         lambda v, f, b: cast(f * np.clip(v, 0, 255) + b), lambda v, f, b: cast(f * clip(v) + b),
         lambda v, f, b: clip(f * clip(v) + b), lambda v, f, b: clip(np.clip(f * v, 0, 255) + b),
         lambda v, f, b: cast(np.rint(np.clip(f * v, 0, 255) + b)),
         lambda v, f, b: clip(f * np.maximum(v, 0) + b)),
    mistake("rounded_first",
         "You round before factor and bias are applied, and what comes after makes fractions "
         "again. Round the finished values.",
         lambda v, f, b: clip(f * np.rint(v) + b),
         lambda v, f, b: cast(np.clip(f * np.rint(v) + b, 0, 255)),
         lambda v, f, b: clip(f * np.trunc(v) + b), lambda v, f, b: clip(np.trunc(f * v) + b)),
    mistake("factor_ignored",
         "The factor has no effect on your result.",
         lambda v, f, b: clip(v + b)),
    mistake("bias_ignored",
         "The bias has no effect on your result.",
         lambda v, f, b: clip(f * v)),
    mistake("factor_and_bias_ignored",
         "Neither factor nor bias has an effect on your result.",
         lambda v, f, b: clip(v), lambda v, f, b: cast(np.clip(v, 0, 255)),
         lambda v, f, b: cast(np.rint(v))),
    mistake("always_the_same_bias",
         "A bias is added where none was passed. Without one it is 0.",
         lambda v, f, b: clip(f * v + (b or 128)), lambda v, f, b: clip(f * v + b + 128),
         lambda v, f, b: clip(f * v + 128), lambda v, f, b: clip((f * v + b) / 2 + 128)),
    mistake("bias_added_first",
         "The bias is multiplied too. First multiply by the factor, then add the bias: with "
         "factor 0.5 and bias 128, -100 becomes 78, not 14.",
         lambda v, f, b: clip(f * (v + b)), lambda v, f, b: clip(f * (v - b))),
    mistake("divided_by_factor",
         "You divide by the factor. It multiplies: a factor of 0.5 halves the values.",
         lambda v, f, b: clip(v / f + b), lambda v, f, b: clip((v + b) / f)),
    mistake("roles_swapped",
         "Factor or bias has the wrong sign, or the place of something else: `factor * values + "
         "bias`.",
         lambda v, f, b: clip(f * v - b), lambda v, f, b: clip(f * v * b),
         lambda v, f, b: clip(b - f * v), lambda v, f, b: clip(b * v + f),
         lambda v, f, b: clip(f + v + b), lambda v, f, b: clip(v**f + b),
         lambda v, f, b: clip(v + f * b), lambda v, f, b: clip(np.abs(f) * v + b),
         lambda v, f, b: clip(f * v + np.abs(b))),
    mistake("stretched",
         "You stretch the values to fill 0..255, or multiply them by 255. Here 100 stays 100 "
         "whatever the others are; only what lies outside 0..255 is cut off.",
         lambda v, f, b: clip(255 * stretched(f * v + b)),
         lambda v, f, b: cast(255 * stretched(f * v + b)),
         lambda v, f, b: clip(f * 255 * stretched(v) + b),
         lambda v, f, b: clip(255 * (x := f * v + b) / (np.abs(x).max() or 1)),
         lambda v, f, b: clip(255 * (x := f * v + b) / (x.max() or 1)),
         lambda v, f, b: cast(255 * np.maximum(x := f * v + b, 0) / (x.max() or 1)),
         lambda v, f, b: clip(255 * np.clip(f * v + b, 0, 1)),
         lambda v, f, b: cast(255 * np.clip(f * v + b, 0, 1)),
         lambda v, f, b: clip(255 * (f * v + b)), lambda v, f, b: clip((f * v + b) / 255),
         lambda v, f, b: cast(np.clip(f * v + b, 0, 255) / 255),
         lambda v, f, b: cast(np.sqrt(np.clip(f * v + b, 0, 255))),
         lambda v, f, b: clip((x := f * v + b) - min(x.min(), 0)),
         lambda v, f, b: clip((x := f * v + b) - x.min()),
         lambda v, f, b: clip((x := f * v + b) * 255 / max(x.max(), 255)),
         lambda v, f, b: cast(255 / (1 + np.exp(-np.clip(f * v + b, -99, 99))))),
    mistake("outside_to_zero",
         "What lies outside 0..255 went to the wrong end. Below 0 it becomes 0, black; above 255 "
         "it becomes 255, the brightest there is. (A limit of 256 does this: 256 is no byte, and "
         "becomes 0.)",
         lambda v, f, b: clip(np.where((x := f * v + b) > 255, 0, x)),
         lambda v, f, b: clip(np.where((x := f * v + b) < 0, 255, x)),
         lambda v, f, b: clip(np.where((x := f * v + b) < 0, 255, np.where(x > 255, 0, x)))),
    mistake("wrong_limits",
         "Your limits are not 0 and 255. A byte holds 256 different values, and its largest is "
         "255.",
         *map(limits, (0, 1, 0, -128, 0, 0, 0, 10), (254, 255, 1, 127, 127, 100, 200, 245))),
    mistake("inverted",
         "Your result is a negative of the picture: dark and bright are swapped.",
         lambda v, f, b: 255 - clip(f * v + b)),
    mistake("black_or_white",
         "Your result knows only black and white. Values from 0 to 255 stay as they are.",
         lambda v, f, b: cast(255 * (f * v + b > 127)), lambda v, f, b: cast(f * v + b > 127)),
    mistake("partly_filled",
         "Only a part of the result is there, or filled in. How far do your loops reach?",
         *(lambda v, f, b, part=part: cast(kept(clip(f * v + b), part)) for part in (
             np.s_[:-1, :-1], np.s_[:-1], np.s_[:, :-1], np.s_[1:, 1:], np.s_[:1], np.s_[:1, :1])),
         lambda v, f, b: clip(f * v + b)[0]),
)  # fmt: skip

TO_PIXELS = ByCalls(
    key="to_pixels",
    title="Make bytes of any values",
    points=2,
    minutes=4,
    reference=helpers.to_pixels,
    helpers=(*withheld("to_pixels"), "apply_filter", "kernels.apply_filter"),
    examples=(
        call(np.array([[577.0, -3.0], [99.6, 20.2]])),
        call(np.array([[-300.0, -100.0], [0.0, 60.0]]), factor=0.5, bias=128.0),
    ),
    cases=byte_cases,
    alternatives=(
        value_by_value,
        masked,
        by_opencv,
        scaling(lambda v, f, b: (np.clip(f * v + b, 0, 255) + 0.5).astype(np.uint8)),
        scaling(lambda v, f, b: np.uint8(np.maximum(0, np.minimum(255, np.rint(b + v * f))))),
    ),
    mistakes=made_by(scaling, *BYTE_SLIPS),
    hints=(
        ("What should become of 577, of -3 and of 99.6? Which of your steps takes care of each?"),
        (
            "There are four steps, and their order matters: factor and bias, rounding, clipping, "
            "bytes. np.rint, np.clip and .astype do the last three."
        ),
        (
            "np.clip(np.rint(...), 0, 255).astype(np.uint8), with factor, values and bias where "
            "the dots are."
        ),
    ),
)


# --- 6. The border ---------------------------------------------------------------------------


def conv2d_same(image: np.ndarray, kernel: np.ndarray, border: str = "zero") -> np.ndarray:
    return helpers.conv2d(image, kernel, padding="same", border=border)


def by_padding(image, kernel, border="zero"):
    mode: Any = {"zero": "constant", "wrap": "wrap", "edge": "edge"}[border]
    padded = np.pad(image, [(length // 2,) * 2 for length in kernel.shape], mode=mode)
    return shift_and_add(padded, kernel)


def by_index(image, kernel, border="zero"):
    (height, width), (kh, kw) = image.shape, kernel.shape
    out = np.zeros((height, width))
    for r, c, i, j in np.ndindex(height, width, kh, kw):
        y, x = r + i - kh // 2, c + j - kw // 2
        if border == "wrap":
            y, x = y % height, x % width
        elif border == "edge":
            y, x = min(max(y, 0), height - 1), min(max(x, 0), width - 1)
        if 0 <= y < height and 0 <= x < width:
            out[r, c] += image[y, x] * kernel[i, j]
    return out


def by_ndimage(image, kernel, border="zero"):
    from scipy.ndimage import correlate

    mode = {"zero": "constant", "wrap": "grid-wrap", "edge": "nearest"}[border]
    return correlate(image.astype(float), kernel, mode=mode)


def over_padded(total: Callable[..., Any]) -> Callable[..., np.ndarray]:
    """Slide over a padded image what is done with one window."""

    def same(image, kernel, border="zero"):
        top, left = (length // 2 for length in kernel.shape)
        return over_windows(total)(helpers.pad(image, top, left, border), kernel)

    return same


def modes(zero: str, wrap: str, edge: str) -> Callable[..., np.ndarray]:
    """Pad with these modes of `numpy.pad`, one for each border."""
    chosen = {"zero": zero, "wrap": wrap, "edge": edge}
    return lambda image, kernel, border="zero": helpers.conv2d(
        framed(image, kernel, chosen[border]), kernel
    )


def widths(way: Callable[[int, int], Any]) -> Callable[..., np.ndarray]:
    """Pad by other widths: ``way(kh, kw)`` gives (above, below), (left, right)."""
    return lambda image, kernel, border="zero": helpers.conv2d(
        np.pad(image, way(*kernel.shape), numpy_mode(border)), kernel
    )


def numpy_mode(border: str) -> Any:
    """What `numpy.pad` calls a border."""
    return "constant" if border == "zero" else border


def only_for(borders: str, way: Callable[..., np.ndarray]) -> Callable[..., np.ndarray]:
    """Go wrong for these borders only; ``way(image, kernel, border)`` does."""
    return lambda image, kernel, border="zero": (way if border in borders.split() else conv2d_same)(
        image, kernel, border
    )


def result_framed(image, kernel, border):
    return framed(helpers.conv2d(image, kernel), kernel, numpy_mode(border))


def zeros_round_result(image, kernel, border):
    return framed(helpers.conv2d(image, kernel), kernel, "constant")


def pixels_kept(image, kernel, border):
    return inside(image, kernel, helpers.conv2d(image, kernel))


def filled_with(value: Any) -> Callable[..., np.ndarray]:
    """Pad with a number, or one made from the image."""
    return lambda image, kernel, border: helpers.conv2d(
        framed(image, kernel, "constant", constant_values=value(image)), kernel
    )


def one_axis(rows: bool) -> Callable[..., np.ndarray]:
    """Let the border hold above and below only, or left and right only; elsewhere zeros."""

    def same(image, kernel, border="zero"):
        top, left = (length // 2 for length in kernel.shape)
        down = helpers.pad(image, top, 0, border if rows else "zero")
        return helpers.conv2d(helpers.pad(down, 0, left, "zero" if rows else border), kernel)

    return same


def before_first(image, kernel, border):
    """Let indices below 0 count from the end, as Python does; after the last pixel come zeros."""
    top, left = (length // 2 for length in kernel.shape)
    image = np.pad(image, ((top, 0), (left, 0)), "wrap")
    return helpers.conv2d(np.pad(image, ((0, top), (0, left))), kernel)


def partly(image, kernel, border, part):
    return kept(conv2d_same(image, kernel, border), part)


def altered(image, kernel, border, change):
    return change(image, conv2d_same(image, kernel, border))


def without_first(image, kernel, border):
    """Take row 0 and column 0 for outside, as ``0 < row`` does."""
    return conv2d_same(kept(image, np.s_[1:, 1:]), kernel, border)


BORDERS = "zero wrap edge"


def same_cases(rng: Generator) -> Iterator[Call]:
    yield call(photo(rng, 5, 7), fractions(rng, 3, 3))
    yield call(fractions(rng, 6, 5), whole(rng, 5, 5), border="zero")
    yield call(photo(rng, 4, 6), fractions(rng, 3, 3), border="wrap")
    yield call(fractions(rng, 7, 6), fractions(rng, 5, 5), "wrap")
    yield call(photo(rng, 6, 4), fractions(rng, 3, 3), border="edge")
    yield call(fractions(rng, 5, 8), fractions(rng, 5, 5), "edge")
    yield call(photo_bytes(rng, 5, 5), whole(rng, 3, 3), border="edge")
    yield call(single(rng, 4, 5), single(rng, 3, 3), border="wrap")
    yield call(fractions(rng, 6, 7), whole(rng, 5, 3), border="wrap")
    yield call(photo(rng, 5, 6), fractions(rng, 1, 5), border="edge")
    yield call(fractions(rng, 7, 5), fractions(rng, 7, 5))
    yield call(photo(rng, 3, 4), fractions(rng, 1, 1), border="edge")


BORDER_SLIPS = (
    mistake("border_ignored",
         "Your result is the same whatever `border` is. What stands beyond the border is 0 for "
         '"zero", the opposite side for "wrap", the nearest pixel again for "edge".',
         *(modes(*3 * [m]) for m in ("constant", "wrap", "edge", "reflect", "symmetric"))),
    mistake("borders_swapped",
         "Two of the borders are swapped, or one stands for another. After 1 2 3 4 comes 0 for "
         '"zero", 1 for "wrap", 4 for "edge".',
         modes("constant", "edge", "wrap"), modes("edge", "wrap", "constant"),
         modes("wrap", "constant", "edge"), modes("constant", "constant", "edge"),
         modes("constant", "wrap", "constant"), modes("constant", "edge", "edge"),
         modes("constant", "wrap", "wrap"), modes("wrap", "wrap", "edge"),
         modes("edge", "wrap", "edge"), modes("wrap", "edge", "constant"),
         modes("edge", "constant", "wrap")),
    mistake("mirrored_border",
         'Your border mirrors the image. After 1 2 3 4, "edge" goes on with 4 4 and "wrap" with 1 '
         "2; a mirror gives 4 3 or 3 2.",
         modes("constant", "wrap", "reflect"), modes("constant", "wrap", "symmetric"),
         modes("constant", "reflect", "edge"), modes("constant", "symmetric", "edge"),
         modes("constant", "reflect", "reflect"), modes("constant", "symmetric", "symmetric"),
         modes("reflect", "wrap", "edge"), modes("symmetric", "wrap", "edge"),
         modes("constant", "symmetric", "reflect"), modes("constant", "reflect", "symmetric")),
    mistake("not_zero",
         'For "zero", what stands beyond the border is not 0 in your function. It is 0: black.',
         *(only_for("zero", filled_with(value)) for value in (
             lambda image: 255, lambda image: 1, lambda image: image.mean(), lambda image: 128)),
         modes("mean", "wrap", "edge")),
    mistake("not_nearest",
         'For "edge", what stands beyond the border is not the nearest pixel in your function: '
         "after 1 2 3 4 comes 4 again.",
         modes("constant", "wrap", "mean"), modes("constant", "wrap", "linear_ramp"),
         modes("constant", "wrap", "maximum"), modes("constant", "wrap", "median"),
         only_for("edge", filled_with(lambda image: image.flat[0]))),
    mistake("image_in_corner",
         "The image lies in the corner of the padded one. It belongs in the middle, with as many "
         "rows above as below.",
         only_for("zero", widths(lambda kh, kw: ((0, kh - 1), (0, kw - 1)))),
         only_for("zero", widths(lambda kh, kw: ((kh - 1, 0), (kw - 1, 0))))),
    mistake("partly_filled",
         "Some rows or columns of your result were never filled in: they are 0. How far do your "
         "loops reach? `range(n)` starts with 0 and ends with n - 1.",
         *(only_for(BORDERS, partial(partly, part=part)) for part in (
             np.s_[:-1, :-1], np.s_[:-1], np.s_[:, :-1], np.s_[1:, 1:], np.s_[1:-1, 1:-1],
             np.s_[:1], np.s_[:1, :1]))),
    mistake("result_too_large",
         "Your result has the size of the padded image, not of the image.",
         only_for(BORDERS, lambda image, kernel, border: np.pad(
             conv2d_same(image, kernel, border), [(0, n // 2 * 2) for n in kernel.shape])),
         only_for(BORDERS, lambda image, kernel, border: np.pad(
             conv2d_same(image, kernel, border), [(n // 2, n // 2) for n in kernel.shape])),
         only_for(BORDERS, lambda image, kernel, border: framed(
             image, kernel, numpy_mode(border)))),
    mistake("axes_swapped",
         "Rows and columns are swapped somewhere. The row comes first: in `.shape`, in the loops "
         "and in `image[row, col]`.",
         only_for(BORDERS, lambda image, kernel, border: conv2d_same(image, kernel, border).T),
         only_for(BORDERS, lambda image, kernel, border: conv2d_same(image.T, kernel, border)),
         only_for(BORDERS, lambda image, kernel, border: conv2d_same(image.T, kernel.T, border))),
    mistake("results_changed",
         "Something is done to the finished values: the image added, their mean taken away, or a "
         "function applied. They stay as they are.",
         *(only_for(BORDERS, partial(altered, change=change)) for change in (
             lambda image, out: out - image,
             lambda image, out: out - out.mean(), lambda image, out: np.tanh(out),
             lambda image, out: stretched(out), lambda image, out: 255 * stretched(out),
             lambda image, out: out / np.abs(out).max()))),
    mistake("one_axis_only",
         "The border is right along one axis only: rows and columns need it, and the corners "
         "both.",
         one_axis(rows=True), one_axis(rows=False)),
    mistake("negative_indices",
         "Row -1 is no row above the image: Python counts it from the end, so the opposite side "
         "comes in. Test that an index is at least 0, too.",
         only_for("zero", before_first), only_for(BORDERS, before_first)),
    mistake("first_pixels_outside",
         "Row 0 and column 0 are taken for outside. They belong to the image: `0 <= row`, not `0 "
         "< row`.",
         only_for("zero", without_first), only_for(BORDERS, without_first)),
    mistake("result_padded",
         "You convolve first and pad the result. The border belongs round the image, before the "
         "kernel moves: values at the edge are computed, not invented.",
         *(only_for(b, result_framed) for b in (BORDERS, "zero", "edge", "wrap", "wrap edge")),
         only_for(BORDERS, zeros_round_result)),
    mistake("border_kept",
         "Pixels of the image are left on the border of your result. Each value is a sum of "
         "products, at the border too.",
         *(only_for(names, pixels_kept) for names in (BORDERS, "zero", "edge"))),
    mistake("no_padding",
         "Your result is smaller than the image: nothing was padded. With a 3x3 kernel the image "
         "needs one more pixel on each side.",
         *(only_for(names, lambda image, kernel, border: helpers.conv2d(image, kernel))
           for names in (BORDERS, "zero", "wrap edge"))),
    mistake("padded_by_one",
         "You always pad by one pixel, which suits 3x3 kernels. A kernel of height kh needs kh // "
         "2 more rows on each side.",
         widths(lambda kh, kw: 1),
         *(only_for(BORDERS, lambda image, kernel, border, mode=mode: helpers.conv2d(
             np.pad(image, 1, mode), kernel)) for mode in ("constant", "edge", "reflect"))),
    mistake("padded_too_much",
         "You pad too much: your result is larger than the image. A kernel of height kh needs kh "
         "// 2 more rows on each side.",
         widths(lambda kh, kw: ((kh, kh), (kw, kw))),
         widths(lambda kh, kw: ((kh - 1, kh - 1), (kw - 1, kw - 1))),
         widths(lambda kh, kw: ((kh // 2 + 1,) * 2, (kw // 2 + 1,) * 2)), widths(lambda kh, kw: 2)),
    mistake("padded_on_one_side",
         "You pad on one side only, so the image is shifted. Half of the kernel reaches out on "
         "the left and half on the right; the same goes for top and bottom.",
         widths(lambda kh, kw: ((kh - 1, 0), (kw - 1, 0))),
         widths(lambda kh, kw: ((0, kh - 1), (0, kw - 1))),
         widths(lambda kh, kw: ((kh // 2, 0), (kw // 2, 0))),
         widths(lambda kh, kw: ((0, kh // 2), (0, kw // 2)))),
    mistake("square_kernel_assumed",
         "You pad rows and columns by the same number, or by each other's. Rows go with the "
         "kernel's height, columns with its width.",
         widths(lambda kh, kw: kh // 2), widths(lambda kh, kw: kw // 2),
         widths(lambda kh, kw: ((kw // 2,) * 2, (kh // 2,) * 2))),
    mistake("normalised",
         "Your values are divided by what the kernel sums to, at the border or everywhere. They "
         "are plain sums of products.",
         only_for(BORDERS, lambda image, kernel, border: conv2d_same(image, kernel, border)
                  / conv2d_same(np.ones(image.shape), np.abs(kernel), border))),
    mistake("integer_dtype", INTEGER_DTYPE,
         only_for(BORDERS, lambda image, kernel, border: in_type_of(
             image, conv2d_same(image, kernel, border)))),
)  # fmt: skip

CONV2D_SAME = ByCalls(
    key="conv2d_same",
    title="Keep the image's size with three kinds of border",
    points=3,
    minutes=7,
    reference=conv2d_same,
    helpers=withheld(*CONVOLUTIONS),
    examples=(
        call(WINDOW, KERNEL),
        call(np.array([[1, 2, 3, 4]]), np.array([[1, 0, -2]]), border="wrap"),
        call(np.array([[1, 2, 3, 4]]), np.array([[1, 0, -2]]), border="edge"),
        call(LETTER, UPRIGHT, border="edge"),
    ),
    cases=same_cases,
    alternatives=(by_padding, by_index, by_ndimage),
    mistakes=(*BORDER_SLIPS, *made_by(over_padded, *FLIPS, *IN_ONE_WINDOW)),
    hints=(
        (
            "Which pixels does the window need when it is centred on the corner [0, 0] of the "
            "image? How many of them are outside?"
        ),
        (
            "Put the missing pixels round the image first; conv2d_valid does the rest. For a "
            "kernel of height kh, how many rows are missing above, and how many below?"
        ),
        (
            "np.pad(image, ((rows, rows), (cols, cols)), mode=...) knows all three: its modes are "
            '"constant", "wrap" and "edge". Then yours.conv2d_valid.'
        ),
    ),
)


# --- 7. True convolution ---------------------------------------------------------------------


def true_by_scipy(image, kernel):
    from scipy.signal import convolve2d

    return convolve2d(image, kernel, mode="valid")


def over_flipped(total: Callable[..., Any]) -> Callable[..., np.ndarray]:
    """Slide over an image what is done with one window, the kernel flipped."""
    return lambda image, kernel: over_windows(total)(image, kernel[::-1, ::-1])


def with_kernel(change: Callable[[np.ndarray], np.ndarray]) -> Callable[..., np.ndarray]:
    """Convolve with a changed kernel."""
    return lambda image, kernel: helpers.conv2d(image, change(kernel))


FLIP_SLIPS = (
    mistake("not_flipped",
         "Nothing is flipped, or twice: that is cross-correlation again, 577 on the worked "
         "example. True convolution gives 732.",
         helpers.conv2d),
    mistake("flipped_rows_only",
         "Only the order of the rows is flipped: -62 on the worked example instead of 732. The "
         "order of the columns is flipped too.",
         with_kernel(lambda k: k[::-1])),
    mistake("flipped_columns_only",
         "Only the order of the columns is flipped: 1014 on the worked example instead of 732. "
         "The order of the rows is flipped too.",
         with_kernel(lambda k: k[:, ::-1])),
    mistake("transposed",
         "Your kernel is transposed. Flipping turns an axis round; it does not exchange rows and "
         "columns.",
         with_kernel(lambda k: k.T), with_kernel(lambda k: k[::-1, ::-1].T),
         indexed(weight=lambda i, j, kh, kw: (j, i))),
    mistake("turned",
         "Your kernel is turned by 90 degrees. Flipped both ways it is turned by 180: the first "
         "value becomes the last.",
         with_kernel(np.rot90), with_kernel(lambda k: np.rot90(k, -1))),
    mistake("flipped_off_by_one",
         "Your indices count from the end, but kernel[-0] is the first row, not the last. The "
         "last row is kernel[kh - 1], or kernel[-1].",
         indexed(weight=lambda i, j, kh, kw: (-i, -j)),
         indexed(weight=lambda i, j, kh, kw: (kh - i - 2, kw - j - 2))),
    mistake("negative_indices",
         "Some of your indices into the image are negative, and Python counts those from the end. "
         "Leave the image's indices as they are, and turn the kernel's round.",
         indexed(lambda r, c, i, j: (r - i, c - j)),
         indexed(lambda r, c, i, j: (r - i + 1, c - j + 1))),
    mistake("result_flipped",
         "The result is flipped instead of the kernel, or both image and kernel are. Leave image "
         "and result as they are; flip the kernel.",
         lambda image, kernel: helpers.conv2d(image, kernel)[::-1, ::-1],
         lambda image, kernel: helpers.conv2d(image, kernel)[::-1],
         lambda image, kernel: helpers.conv2d(image, kernel)[:, ::-1]),
    mistake("image_flipped",
         "The image is flipped instead of the kernel, so the result comes out the wrong way "
         "round. Flip the kernel.",
         lambda image, kernel: helpers.true_convolution(image, kernel)[::-1, ::-1],
         lambda image, kernel: helpers.conv2d(image[::-1], kernel),
         lambda image, kernel: helpers.conv2d(image[:, ::-1], kernel)),
    mistake("negated",
         "The kernel's values are changed. Flipping changes places, not values.",
         with_kernel(lambda k: -k), with_kernel(lambda k: -k[::-1, ::-1]),
         with_kernel(lambda k: 1 / k)),
    mistake("values_reordered",
         "The kernel's values are sorted or shifted, not flipped. Flipped both ways, the value in "
         "row 0, column 0 goes to the last row and the last column.",
         with_kernel(lambda k: np.roll(k, 1)), with_kernel(lambda k: np.roll(k, (1, 1), (0, 1))),
         with_kernel(np.sort), with_kernel(lambda k: np.sort(k)[:, ::-1]),
         with_kernel(lambda k: np.sort(k)[::-1, ::-1]),
         with_kernel(lambda k: np.sort(k, axis=None)[::-1].reshape(k.shape))),
    mistake("both_added",
         "Your result mixes the flipped kernel with the unflipped one. Only the flipped one is "
         "wanted.",
         with_kernel(lambda k: k + k[::-1, ::-1]), with_kernel(lambda k: (k + k[::-1, ::-1]) / 2)),
)  # fmt: skip

TRUE_CONVOLUTION = ByCalls(
    key="true_convolution",
    title="Convolve as mathematics does",
    points=2,
    minutes=3,
    reference=helpers.true_convolution,
    helpers=withheld(*CONVOLUTIONS),
    examples=(
        call(WINDOW, KERNEL),
        call(np.pad([[1]], 2), np.array([[1, 2, 3], [4, 5, 6], [7, 8, 9]])),
    ),
    cases=conv_cases,
    alternatives=(
        indexed(weight=lambda i, j, kh, kw: (kh - 1 - i, kw - 1 - j)),
        true_by_scipy,
        lambda image, kernel: shift_and_add(image, np.flip(kernel)),
        lambda image, kernel: helpers.conv2d(image[::-1, ::-1], kernel)[::-1, ::-1],
        lambda image, kernel: by_fourier(image, np.rot90(kernel, 2)),
    ),
    mistakes=(
        *FLIP_SLIPS,
        *sizes(helpers.true_convolution),
        *(one for one in sizes(helpers.conv2d) if one.id in TOO_LARGE),
        # The worked example's numbers in the other messages hold without flipping only.
        *made_by(
            over_flipped,
            *(
                one
                for one in IN_ONE_WINDOW
                if "worked example" not in one.message and one.id != "indices_mixed_up"
            ),
        ),
    ),
    hints=(
        (
            "Which value of the kernel meets the first pixel of the window when the kernel is "
            "turned by 180 degrees?"
        ),
        (
            "Only the kernel changes; sliding, multiplying and adding stay as they are. In NumPy, "
            "a[::-1] reverses the rows. What reverses rows and columns?"
        ),
        (
            "One line: yours.conv2d_valid(image, kernel[..., ...]), a reversing slice in both "
            "places."
        ),
    ),
)


# --- 8. A pair that brings a bug to light ----------------------------------------------------


class Evidence(NamedTuple):
    """What a pair shows: how far both functions are apart, or what kept it from being a pair."""

    problem: str = ""
    image: Any = None
    kernel: Any = None
    apart: float = 0.0


def conv2d_with_bug(image: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """Convolve with the kernel transposed: what the lesson's buggy function computes."""
    return helpers.conv2d(image, kernel.T)


def evidence(pair: Any) -> Evidence:
    """Run both functions on a pair."""
    try:
        image, kernel = pair
    except (TypeError, ValueError):
        return Evidence("not_a_pair")
    try:
        image, kernel = np.asarray(image), np.asarray(kernel)
        if image.dtype.kind not in "biuf" or kernel.dtype.kind not in "biuf":
            return Evidence("not_numbers")
    except ValueError:  # rows that differ in length
        return Evidence("not_numbers")
    image, kernel = image.astype(float), kernel.astype(float)
    if image.ndim != 2 or kernel.ndim != 2 or not image.size or not kernel.size:
        return Evidence("not_two_dimensional")
    if not (np.isfinite(image).all() and np.isfinite(kernel).all()):
        return Evidence("not_finite")
    if any(k > i for k, i in zip(kernel.shape, image.shape, strict=True)):
        swapped = all(i <= k for k, i in zip(kernel.shape, image.shape, strict=True))
        return Evidence("order_swapped" if swapped else "kernel_too_large", image, kernel)
    if kernel.shape[0] != kernel.shape[1]:
        return Evidence("", image, kernel, np.inf)  # an IndexError, which no one can overlook
    apart = np.abs(helpers.conv2d(image, kernel) - conv2d_with_bug(image, kernel)).max()
    rounding = 1e-9 * np.abs(image).max() * np.abs(kernel).sum()
    return Evidence("", image, kernel, apart if apart > rounding else 0.0)


def problem(identifier: str) -> Callable[[Evidence], bool]:
    """Whether this kept the answer from being a pair."""
    return lambda seen: seen.problem == identifier


def hidden(why: Callable[..., Any]) -> Callable[[Evidence], bool]:
    """Whether the bug stays hidden, for this reason."""
    return lambda seen: seen.apart == 0 and bool(why(seen.image, seen.kernel))


STEPS = np.arange(12.0).reshape(3, 4)
LOPSIDED = np.array([[0.0, 1.0], [0.0, 0.0]])

BUG_FINDER = ByObservation(
    key="bug_finder",
    title="Find an image and a kernel that bring a bug to light",
    points=2,
    minutes=4,
    kind="value",
    reference=(STEPS, LOPSIDED),
    observe=evidence,
    alternatives=(
        (WINDOW, KERNEL),
        [[[1, 2], [3, 4]], [[0, 1], [0, 0]]],
        (NUMBERED, helpers.HORIZONTAL),
        (NUMBERED.astype(np.uint8), np.arange(9).reshape(3, 3)),
        (np.ones((4, 5)), np.array([[1, 2, 3]])),
    ),
    mistakes=(
        mistake(
            "not_a_pair",
            "Two things are wanted, an image and a kernel: bug_finder = (image, kernel).",
            577.0,
            test=problem("not_a_pair"),
        ),
        mistake(
            "not_numbers",
            "Image and kernel are arrays of real numbers, all rows of one length.",
            ("image", "kernel"),
            test=problem("not_numbers"),
        ),
        mistake(
            "not_two_dimensional",
            "Image and kernel have rows and columns: two axes each, and at least one value. "
            "np.array([[1, 2], [3, 4]]) has two rows and two columns.",
            (np.arange(9), np.arange(3)),
            test=problem("not_two_dimensional"),
        ),
        mistake(
            "not_finite",
            "There is NaN or infinity in your pair, and with these nothing can be compared. "
            "Use plain numbers.",
            (np.full((3, 3), np.nan), LOPSIDED),
            test=problem("not_finite"),
        ),
        mistake(
            "order_swapped",
            "Your image is smaller than your kernel. Is the order right? The image comes first: "
            "(image, kernel).",
            (LOPSIDED, STEPS),
            test=problem("order_swapped"),
        ),
        mistake(
            "kernel_too_large",
            "Your kernel does not fit into your image, so neither function gives a result.",
            (STEPS, np.arange(5.0).reshape(5, 1)),
            test=problem("kernel_too_large"),
        ),
        mistake(
            "kernel_of_one_value",
            "A 1x1 kernel has nothing to exchange, so both functions give the same. "
            "Take at least 2x2.",
            (STEPS, np.array([[3.0]])),
            test=hidden(lambda image, kernel: kernel.size == 1),
        ),
        mistake(
            "all_zero",
            "Image or kernel is 0 everywhere, and so are both results.",
            (STEPS, np.zeros((2, 2))),
            test=hidden(lambda image, kernel: not image.any() or not kernel.any()),
        ),
        mistake(
            "constant_kernel",
            "All values of your kernel are the same: exchange any two, and nothing changes. "
            "A blur like this lets the bug pass.",
            (STEPS, np.ones((3, 3))),
            test=hidden(lambda image, kernel: np.ptp(kernel) == 0),
        ),
        mistake(
            "symmetric_kernel",
            "Your kernel is symmetric: row i, column j holds the same as row j, column i, so it "
            "does not matter which one is used. Both functions give the same.",
            (STEPS, helpers.LAPLACIAN),
            test=hidden(lambda image, kernel: np.allclose(kernel, kernel.T)),
        ),
        mistake(
            "flat_image",
            "Your kernel could show the bug, but your image is flat: all its pixels are the same, "
            "so it does not matter which weight meets which pixel.",
            (np.full((4, 4), 100.0), KERNEL),
            test=hidden(lambda image, kernel: np.ptp(image) == 0),
        ),
        mistake(
            "symmetric_image",
            "Your kernel could show the bug, but your image is symmetric about its diagonal, which "
            "makes up for it here. Take an image without a pattern.",
            (np.array([[1.0, 2, 3], [2, 5, 6], [3, 6, 9]]), KERNEL),
            test=hidden(lambda i, k: i.shape[0] == i.shape[1] and np.allclose(i, i.T)),
        ),
        mistake(
            "no_difference",
            "Both functions give the same on this pair. Your kernel could show the bug: "
            "try it on an image with less of a pattern.",
            (np.add.outer([0.0, 1, 2], [0.0, 1, 2, 3]), LOPSIDED),
            test=hidden(lambda image, kernel: True),
        ),
    ),
    hints=(
        (
            "The bug uses kernel[j, i] where kernel[i, j] belongs. For which kernels does that "
            "make no difference?"
        ),
        (
            "Take a small kernel that is not the same after exchanging rows and columns, and an "
            "image in which neighbours differ."
        ),
        (
            "An image without a pattern, and a square kernel with a single 1 that is not on its "
            "diagonal."
        ),
    ),
)


EXERCISES = (
    NEIGHBORHOOD,
    CONVOLVE_PIXEL,
    CONV2D_VALID,
    OUTPUT_SIZE,
    TO_PIXELS,
    CONV2D_SAME,
    TRUE_CONVOLUTION,
    BUG_FINDER,
)
