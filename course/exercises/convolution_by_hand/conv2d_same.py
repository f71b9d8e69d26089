"""`conv2d_same(image, kernel, border="zero")`: as large as the image, with one of three borders."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np

import helpers
from course.exercises.convolution_by_hand.images import (
    KERNEL,
    LETTER,
    UPRIGHT,
    WINDOW,
    fractions,
    grey_bytes,
    grey_values,
    single,
    whole_numbers,
)
from course.exercises.convolution_by_hand.one_window import FLIPS, IN_ONE_WINDOW
from course.exercises.convolution_by_hand.sizes import INTEGER_DTYPE, framed, in_type_of, inside
from course.exercises.convolution_by_hand.sliding import over_windows, shift_and_add
from course.exercises.distortions import kept, stretched
from course.exercises.exercise import ByCalls, Call, call, made_by, mistake


def conv2d_same(image: np.ndarray, kernel: np.ndarray, border: str = "zero") -> np.ndarray:
    return helpers.conv2d(image, kernel, padding="same", border=border)


# --- Cases ----------------------------------------------------------------------------------------


def cases(rng: np.random.Generator) -> Iterator[Call]:
    yield call(grey_values(rng, 5, 7), fractions(rng, 3, 3))
    yield call(fractions(rng, 6, 5), whole_numbers(rng, 5, 5), border="zero")
    yield call(grey_values(rng, 4, 6), fractions(rng, 3, 3), border="wrap")
    yield call(fractions(rng, 7, 6), fractions(rng, 5, 5), "wrap")
    yield call(grey_values(rng, 6, 4), fractions(rng, 3, 3), border="edge")
    yield call(fractions(rng, 5, 8), fractions(rng, 5, 5), "edge")
    yield call(grey_bytes(rng, 5, 5), whole_numbers(rng, 3, 3), border="edge")
    yield call(single(rng, 4, 5), single(rng, 3, 3), border="wrap")
    yield call(fractions(rng, 6, 7), whole_numbers(rng, 5, 3), border="wrap")
    yield call(grey_values(rng, 5, 6), fractions(rng, 1, 5), border="edge")
    yield call(fractions(rng, 7, 5), fractions(rng, 7, 5))
    yield call(grey_values(rng, 3, 4), fractions(rng, 1, 1), border="edge")
    yield call(grey_values(rng, 4, 5), fractions(rng, 1, 3))
    yield call(grey_values(rng, 5, 4), fractions(rng, 3, 1))


# --- Other right answers --------------------------------------------------------------------------


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


# --- Mistakes -------------------------------------------------------------------------------------


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


def flipped_with(way: Callable[..., np.ndarray]) -> Callable[..., np.ndarray]:
    """Go wrong at the border with a kernel that is flipped."""
    return lambda image, kernel, border="zero": way(image, kernel[::-1, ::-1], border)


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

AT_THE_BORDER = (
    mistake("goes_round",
        "Your result goes on at the opposite side whatever `border` is, as np.roll does. That is "
        'right for "wrap" only: beyond the border comes 0 for "zero", the nearest pixel for "edge".',
        modes("wrap", "wrap", "wrap")),
    mistake("rolled_the_other_way",
        "Your image goes round at the border, and the other way than the kernel asks: so the "
        "kernel is flipped. np.roll(image, 1) moves each pixel one place on, and what is left of "
        "a pixel then stands where it was. And it is right for `wrap` only.",
        flipped_with(modes("wrap", "wrap", "wrap"))),
    mistake("flipped_border_ignored",
        "Two things at once: the kernel is flipped both ways, as scipy.signal.convolve2d and "
        "ndimage.convolve do, and the result is the same whatever `border` is.",
        *(flipped_with(modes(*3 * [m])) for m in ("constant", "symmetric", "reflect"))),
    mistake("flipped_and_mirrored",
        "Two things at once: the kernel is flipped both ways, as scipy.signal.convolve2d and "
        "ndimage.convolve do, and the border mirrors the image where it should repeat the nearest "
        "pixel, or go on at the opposite side.",
        *(flipped_with(modes("constant", "wrap", m)) for m in ("symmetric", "reflect"))),
    mistake("border_ignored",
        "Your result is the same whatever `border` is. What stands beyond the border is 0 for "
        '"zero", the opposite side for "wrap", the nearest pixel again for "edge".',
        *(modes(*3 * [m]) for m in ("constant", "edge", "reflect", "symmetric"))),
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
        "The border is right along one axis only: rows and columns need it, and the corners both.",
        one_axis(rows=True), one_axis(rows=False)),
    mistake("negative_indices",
        "Row -1 is no row above the image: Python counts it from the end, so the opposite side "
        "comes in. Test that an index is at least 0, too.",
        only_for("zero", before_first), only_for(BORDERS, before_first)),
    mistake("first_pixels_outside",
        "Row 0 and column 0 are taken for outside. They belong to the image: `0 <= row`, not `0 < "
        "row`.",
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
        "You pad on one side only, so the image is shifted. Half of the kernel reaches out on the "
        "left and half on the right; the same goes for top and bottom.",
        widths(lambda kh, kw: ((kh - 1, 0), (kw - 1, 0))),
        widths(lambda kh, kw: ((0, kh - 1), (0, kw - 1))),
        widths(lambda kh, kw: ((kh // 2, 0), (kw // 2, 0))),
        widths(lambda kh, kw: ((0, kh // 2), (0, kw // 2)))),
    mistake("square_kernel_assumed",
        "You pad rows and columns by the same number, or by each other's. Rows go with the "
        "kernel's height, columns with its width.",
        widths(lambda kh, kw: kh // 2), widths(lambda kh, kw: kw // 2),
        widths(lambda kh, kw: ((kw // 2,) * 2, (kh // 2,) * 2))),
    mistake("before_and_after",
        "Two numbers are before and after to np.pad, for rows and columns alike. Rows and columns "
        "each have a pair of their own: ((rows, rows), (cols, cols)).",
        widths(lambda kh, kw: (kh // 2, kw // 2)), widths(lambda kh, kw: (kw // 2, kh // 2))),
    mistake("normalised",
        "Your values are divided by what the kernel sums to, at the border or everywhere. They "
        "are plain sums of products.",
        only_for(BORDERS, lambda image, kernel, border: conv2d_same(image, kernel, border)
                / conv2d_same(np.ones(image.shape), np.abs(kernel), border))),
    mistake("integer_dtype",
        INTEGER_DTYPE,
        only_for(BORDERS, lambda image, kernel, border: in_type_of(
            image, conv2d_same(image, kernel, border)))),
)  # fmt: skip


EXERCISE = ByCalls(
    key="conv2d_same",
    title="Keep the image's size with three kinds of border",
    points=3,
    minutes=7,
    reference=conv2d_same,
    helpers=("convolution.conv2d", "convolution.true_convolution", "convolution.conv_layer"),
    window=lambda image, kernel, border="zero", *, theirs: helpers.stepper.convolution(
        image, kernel, border, theirs=theirs
    ),
    examples=(
        call(WINDOW, KERNEL),
        call(np.array([[1, 2, 3, 4]]), np.array([[1, 0, -2]]), border="wrap"),
        call(np.array([[1, 2, 3, 4]]), np.array([[1, 0, -2]]), border="edge"),
        call(LETTER, UPRIGHT, border="edge"),
    ),
    cases=cases,
    alternatives=(by_padding, by_index, by_ndimage),
    mistakes=(*AT_THE_BORDER, *made_by(over_padded, *FLIPS, *IN_ONE_WINDOW)),
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
