"""`neighborhood(image, row, col)`: the 3x3 window round an interior pixel."""

from collections.abc import Callable, Iterable

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

import helpers
from course.exercises.convolution_by_hand.images import NUMBERED, fractions, grey_values, single
from course.exercises.distortions import kept
from course.exercises.exercise import ByCalls, Call, call, mistake

# --- Cases ----------------------------------------------------------------------------------------


def cases(rng: np.random.Generator) -> Iterable[Call]:
    wide, tall = grey_values(rng, 6, 9), grey_values(rng, 9, 6)
    yield call(wide, 2, 3)
    yield call(tall, 3, 2)
    yield call(fractions(rng, 7, 8), 4, 3)
    yield call(single(rng, 8, 7), 2, 4)
    yield call(-wide, 3, 2)
    yield call(wide, 4, 7)
    yield call(tall, 7, 1)
    yield call(grey_values(rng, 3, 3), 1, 1)


# --- Other right answers --------------------------------------------------------------------------


def pixel_by_pixel(image, row, col):
    window = np.zeros((3, 3))
    for i in range(3):
        for j in range(3):
            window[i, j] = image[row - 1 + i, col - 1 + j]
    return window


def from_lists(image, row, col):
    cols = (col - 1, col, col + 1)
    return np.array([[image[r][c] for c in cols] for r in (row - 1, row, row + 1)])


# --- Mistakes -------------------------------------------------------------------------------------


def cut(up: int, down: int, left: int, right: int) -> Callable[..., np.ndarray]:
    """Slice from `up` rows above the pixel to just before `down` rows below it, and so on."""
    return lambda image, row, col: image[row - up : row + down, col - left : col + right]


around = cut(1, 2, 1, 2)

MISTAKES = (
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
        "The same variable stands in both slices. The row's slice needs `row`, the column's needs "
        "`col`.",
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


EXERCISE = ByCalls(
    key="neighborhood",
    title="Cut out the 3x3 window round a pixel",
    points=1,
    minutes=3,
    reference=helpers.neighborhood,
    helpers=("convolution.neighborhood",),
    examples=(call(NUMBERED, 2, 3), call(NUMBERED, 1, 1)),
    cases=cases,
    alternatives=(
        pixel_by_pixel,
        from_lists,
        lambda image, row, col: image[np.ix_(row + np.arange(-1, 2), col + np.arange(-1, 2))],
        lambda image, row, col: sliding_window_view(image, (3, 3))[row - 1, col - 1],
        lambda image, row, col: np.roll(image, (1 - row, 1 - col), axis=(0, 1))[:3, :3],
    ),
    mistakes=MISTAKES,
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
