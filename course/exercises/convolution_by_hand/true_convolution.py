"""`true_convolution(image, kernel)`: with the kernel flipped both ways, as mathematics has it."""

from collections.abc import Callable
from typing import Any

import numpy as np

import helpers
from course.exercises.convolution_by_hand.images import KERNEL, WINDOW
from course.exercises.convolution_by_hand.one_window import IN_ONE_WINDOW
from course.exercises.convolution_by_hand.sizes import TOO_LARGE, sizes
from course.exercises.convolution_by_hand.sliding import (
    by_fourier,
    conv_cases,
    indexed,
    over_windows,
    shift_and_add,
    with_kernel,
)
from course.exercises.exercise import ByCalls, call, made_by, mistake

# --- Other right answers --------------------------------------------------------------------------


def true_by_scipy(image, kernel):
    from scipy.signal import convolve2d

    return convolve2d(image, kernel, mode="valid")


# --- Mistakes -------------------------------------------------------------------------------------


def over_flipped(total: Callable[..., Any]) -> Callable[..., np.ndarray]:
    """Slide over an image what is done with one window, the kernel flipped."""
    return lambda image, kernel: over_windows(total)(image, kernel[::-1, ::-1])


FLIPPING = (
    mistake("not_flipped",
        "Nothing is flipped, or twice: that is cross-correlation again, 577 on the worked "
        "example. True convolution gives 732.",
        helpers.conv2d),
    mistake("flipped_rows_only",
        "Only the order of the rows is flipped: -62 on the worked example instead of 732. The "
        "order of the columns is flipped too.",
        with_kernel(lambda k: k[::-1])),
    mistake("flipped_columns_only",
        "Only the order of the columns is flipped: 1014 on the worked example instead of 732. The "
        "order of the rows is flipped too.",
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
        "Your indices count from the end, but kernel[-0] is the first row, not the last. The last "
        "row is kernel[kh - 1], or kernel[-1].",
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
        "The image is flipped instead of the kernel, so the result comes out the wrong way round. "
        "Flip the kernel.",
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


EXERCISE = ByCalls(
    key="true_convolution",
    title="Convolve as mathematics does",
    points=2,
    minutes=3,
    reference=helpers.true_convolution,
    helpers=("convolution.conv2d", "convolution.true_convolution", "convolution.conv_layer"),
    window=lambda image, kernel, theirs: helpers.stepper.convolution(
        image, kernel, flip=True, theirs=theirs
    ),
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
        *FLIPPING,
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
        "One line: yours.conv2d_valid(image, kernel[..., ...]), a reversing slice in both places.",
    ),
)
