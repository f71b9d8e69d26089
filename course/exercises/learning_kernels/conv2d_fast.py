"""`conv2d_fast(image, kernel)`: conv2d_valid without a loop over pixels."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from course.exercises.convolution_by_hand.conv2d_valid import EXERCISE as CONV2D_VALID
from course.exercises.convolution_by_hand.conv2d_valid import by_scipy, cut_at
from course.exercises.convolution_by_hand.sliding import (
    by_fourier,
    conv_cases,
    indexed,
    over_windows,
    shift_and_add,
)
from course.exercises.exercise import ByCalls, Talk, mistake
from course.exercises.trials.steps import steps_per_pixel
from helpers import conv2d, true_convolution

# --- What it is tried with ------------------------------------------------------------------------


def talk(rng: np.random.Generator) -> Talk:
    """Tell an image and a kernel."""
    yield
    return (yield rng.normal(size=(24, 27)), rng.normal(size=(3, 3)))


# --- Other right answers --------------------------------------------------------------------------


def row_by_row(image: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """Loop over rows, and take all columns at once."""
    kh, kw = kernel.shape
    rows, cols = np.subtract(image.shape, kernel.shape) + 1
    out = np.zeros((rows, cols))
    for r in range(rows):
        for i in range(kh):
            for j in range(kw):
                out[r] += kernel[i, j] * image[r + i, j : j + cols]
    return out


# --- Mistakes -------------------------------------------------------------------------------------


def spectra_multiplied(image: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """Convolve as mathematics does, and keep the wrong part: what lies before the image too."""
    size = tuple(np.add(image.shape, kernel.shape) - 1)
    full = np.fft.irfft2(np.fft.rfft2(image, size) * np.fft.rfft2(kernel, size), size)
    rows, cols = np.subtract(image.shape, kernel.shape) + 1
    return full[:rows, :cols]


def windows_times(
    image: np.ndarray,
    kernel: np.ndarray,
    sum_over: Callable[[np.ndarray], Any] = lambda p: p.sum((2, 3)),
) -> Any:
    """Multiply every window by the kernel and add up over some axes."""
    return sum_over(sliding_window_view(image, kernel.shape) * kernel)


def wraps(image: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    return np.asarray(
        sum(
            k * np.roll(image.astype(float), (-i, -j), (0, 1))
            for (i, j), k in np.ndenumerate(kernel)
        )
    )


def in_bytes(image: np.ndarray, kernel: np.ndarray) -> Any:
    rows, cols = np.subtract(image.shape, kernel.shape) + 1
    out = np.zeros((rows, cols), image.dtype)
    for (i, j), k in np.ndenumerate(kernel):
        term = np.asarray(k * image[i : i + rows, j : j + cols])
        out += (
            np.trunc(term).astype(np.int64).astype(image.dtype)
            if out.dtype != float
            else (term.astype(out.dtype))
        )
    return out


def in_loops(image: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """What conv2d_valid does."""
    kh, kw = kernel.shape
    out = np.zeros((image.shape[0] - kh + 1, image.shape[1] - kw + 1))
    for r in range(out.shape[0]):
        for c in range(out.shape[1]):
            out[r, c] = np.sum(image[r : r + kh, c : c + kw] * kernel)
    return out


MISTAKES = (
    mistake("loops_over_pixels",
        "Every value is right, and a loop of Python still goes from pixel to pixel: each pixel "
        "more takes a turn of its own. Loop over the kernel's values instead; for each of them, "
        "one slice of the image holds all the pixels that it meets.",
        in_loops, indexed(), cut_at(lambda r, c, kh, kw: np.s_[r : r + kh, c : c + kw]),
        lambda x, k: np.array([[(x[r : r + len(k), c : c + k.shape[1]] * k).sum()
          for c in range(x.shape[1] - k.shape[1] + 1)] for r in range(len(x) - len(k) + 1)]),
        test=lambda steps: steps >= 1),
    mistake("flipped",
        "The kernel is flipped: 732 on the worked example instead of 577. convolve2d, fftconvolve "
        "and a product of two spectra give true convolution; turn the kernel by 180 degrees "
        "first, or take np.conj of one spectrum.",
        true_convolution, spectra_multiplied),
    mistake("wrapped_round",
        "Values from the opposite side come in: the result has the image's size, and np.roll and "
        "Fourier transforms treat an image as a ring. Keep only the places where the whole kernel "
        "fits.",
        wraps, lambda x, k: wraps(x, k[::-1, ::-1])),
    mistake("axes_left_over",
        "The sum runs over the wrong axes. sliding_window_view gives four: place down, place "
        "across, and the window's own rows and columns, which are 2 and 3.",
        *(lambda x, k, axes=axes: windows_times(x, k, lambda p: p.sum(axes))
          for axes in ((0, 1), (1, 2), (0, 3), (1, 3), (0, 2), -1, -2, 0, None))),
    mistake("averaged",
        "You take the mean of the products. Their sum is wanted.",
        lambda x, k: windows_times(x, k, lambda p: p.mean((2, 3)))),
    mistake("integer_dtype",
        "The sums are kept in the image's own type, where fractions are cut off and bytes wrap "
        "around. Start from np.zeros(shape), which holds floats.",
        in_bytes),
    *(one for one in CONV2D_VALID.mistakes if one.id != "rows_added_up"),
    mistake("not_shifted",
        "The image is turned round, or shifted by the wrong amount. Kernel value (i, j) meets "
        "image[i : i + rows, j : j + cols].",
        lambda x, k: conv2d(x[::-1], k), lambda x, k: conv2d(x[:, ::-1], k)),
    mistake("wrong_weight",
        "The shifts are right, but they meet the wrong kernel values: it is kernel[i, j] for the "
        "shift (i, j).",
        lambda x, k: conv2d(x, k - k.mean())),
    mistake("not_slid",
        "Image and kernel are multiplied as they are, or as matrices. The kernel has to meet "
        "every window of the image.",
        lambda x, k: x * k, lambda x, k: x @ k, lambda x, k: np.dot(x, k.T),
        lambda x, k: x[: len(k), : k.shape[1]] * k),
)  # fmt: skip


EXERCISE = ByCalls(
    key="conv2d_fast",
    title="Convolve without a loop over pixels",
    points=2,
    minutes=6,
    reference=CONV2D_VALID.reference,
    helpers=("convolution.conv2d", "convolution.true_convolution", "convolution.conv_layer"),
    window=CONV2D_VALID.window,
    examples=CONV2D_VALID.examples,
    cases=conv_cases,
    observe=steps_per_pixel,
    talk=talk,
    alternatives=(
        shift_and_add,
        by_fourier,
        by_scipy,
        row_by_row,
        over_windows(lambda w, k: np.einsum("rcij,ij->rc", w, k)),
        over_windows(lambda w, k: np.tensordot(w, k, axes=2)),
        over_windows(lambda w, k: w.reshape(*w.shape[:2], -1) @ k.ravel()),
    ),
    mistakes=MISTAKES,
    hints=(
        (
            "The kernel has nine values, the image thousands of pixels. Which of the two would "
            "you rather loop over?"
        ),
        (
            "Kernel value (i, j) multiplies the same rectangle of the image, shifted by (i, j): "
            "one slice for all places at once. Or let sliding_window_view lay out all windows."
        ),
        (
            "For each i, j: out += kernel[i, j] * image[i : i + ..., j : j + ...], where out "
            "starts as zeros of shape (H - kh + 1, W - kw + 1)."
        ),
    ),
)
