"""`conv2d_valid(image, kernel)`: that sum at every place where the whole kernel fits."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

import helpers
from course.exercises.convolution_by_hand.images import KERNEL, LETTER, UPRIGHT, WINDOW
from course.exercises.convolution_by_hand.one_window import FLIPS, IN_ONE_WINDOW, add_up
from course.exercises.convolution_by_hand.sizes import BY_SHAPE_ALONE, TOO_LARGE, sizes
from course.exercises.convolution_by_hand.sliding import (
    by_fourier,
    conv_cases,
    indexed,
    over_windows,
    shift_and_add,
)
from course.exercises.exercise import ByCalls, call, made_by, mistake


def conv2d_valid(image: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    return helpers.conv2d(image, kernel)


# --- Other right answers --------------------------------------------------------------------------


def cut_at(place: Callable[..., Any]) -> Callable[..., np.ndarray]:
    """Convolve in two loops, each window cut out at ``place(r, c, kh, kw)``."""

    def conv2d(image, kernel):
        kh, kw = kernel.shape
        out = np.zeros((image.shape[0] - kh + 1, image.shape[1] - kw + 1))
        for r, c in np.ndindex(out.shape):
            out[r, c] = np.sum(image[place(r, c, kh, kw)] * kernel)
        return out

    return conv2d


def by_scipy(image, kernel):
    from scipy.signal import correlate2d

    return correlate2d(image, kernel, mode="valid")


# --- Mistakes -------------------------------------------------------------------------------------


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


IN_LOOPS = (
    mistake("transposed",
        "Your kernel is transposed: 249 on the worked example instead of 577, and a kernel that "
        "is not square does not even fit. Is it kernel[j, i] somewhere?",
        lambda image, kernel: helpers.conv2d(image, kernel.T),
        indexed(weight=lambda i, j, kh, kw: (j, i)), indexed(lambda r, c, i, j: (r + j, c + i))),
    mistake("axes_swapped",
        "Rows and columns are swapped: either a window is cut at [c, r] instead of [r, c], or its "
        "result is stored there. On square images and kernels that raises no error.",
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
        "This works for 3x3 kernels only. Take the size from the kernel, `kh, kw = kernel.shape`, "
        "and put kh or kw wherever a 3 stands now, and one less wherever a 2 stands.",
        cut_at(lambda r, c, kh, kw: np.s_[r : r + 3, c : c + 3]),
        indexed(used=lambda kh, kw: (3, 3)),
        lambda image, kernel: add_up(sliding_window_view(image, (3, 3)) * kernel),
        lambda image, kernel: helpers.conv2d(image, kernel[:3, :3]),
        lambda image, kernel: helpers.conv2d(np.pad(image, [
            ((n - 1) // 2, n // 2) for n in kernel.shape]), kernel)[1:-1, 1:-1]),
    mistake("border_kept",
        "Your result has the image's size, and its border was never computed. Make it smaller: a "
        "value for each place where the whole kernel fits, of any size, (H - kh + 1, W - kw + 1).",
        inner_pixels(lambda image: image.astype(float)), inner_pixels(np.copy),
        inner_pixels(lambda image: np.zeros(image.shape))),
    mistake("flipped_and_wrapped",
        "Your kernel runs backwards, and round the edge: the first rows meet the last ones. An index "
        "r - i does that, where image[-1] is the last row, and so does a product of two Fourier "
        "transforms without np.conj of the kernel's.",
        indexed(lambda r, c, i, j: (r - i, c - j))),
    mistake("negative_indices",
        "Some of your indices are negative, and Python counts those from the end: image[-1] is "
        "the last row. The window for [r, c] holds the rows from r to r + kh - 1.",
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
        over_windows(lambda w, k: (w * k).sum((0, 1))), over_windows(lambda w, k: (w * k).sum(-1)),
        over_windows(lambda w, k: (w * k).sum(-2)), over_windows(lambda w, k: w)),
    mistake("all_in_one_row",
        "Rows were joined into one long line before the kernel moved. It moves over rows and "
        "columns.",
        lambda image, kernel: np.convolve(image.ravel(), kernel.ravel(), "valid"),
        lambda image, kernel: np.correlate(image.ravel(), kernel.ravel(), "valid"),
        lambda image, kernel: np.correlate(image.ravel(), kernel.ravel(), "full"),
        lambda image, kernel: np.convolve(image.ravel(), kernel.ravel(), "same").reshape(
            image.shape),
        lambda image, kernel: np.correlate(image.ravel(), kernel.ravel(), "same").reshape(
            image.shape)),
)  # fmt: skip


EXERCISE = ByCalls(
    key="conv2d_valid",
    title="Slide a kernel of any size over a whole image",
    points=4,
    minutes=8,
    reference=conv2d_valid,
    helpers=("convolution.conv2d", "convolution.true_convolution", "convolution.conv_layer"),
    window=lambda image, kernel, theirs: helpers.stepper.convolution(image, kernel, theirs=theirs),
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
        *BY_SHAPE_ALONE,
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
