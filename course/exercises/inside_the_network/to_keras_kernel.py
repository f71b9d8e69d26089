"""`to_keras_kernel(kernel)`: (h, w) becomes (h, w, 1, 1)."""

from collections.abc import Iterable

import numpy as np

from course.exercises.convolution_by_hand.images import KERNEL
from course.exercises.exercise import ByCalls, Call, call, mistake


def to_keras_kernel(kernel: np.ndarray) -> np.ndarray:
    return kernel[:, :, np.newaxis, np.newaxis]


# --- Cases ----------------------------------------------------------------------------------------


def cases(rng: np.random.Generator) -> Iterable[Call]:
    yield call(rng.normal(size=(3, 3)))
    yield call(rng.normal(size=(2, 5)).astype(np.float32))
    yield call(rng.normal(size=(5, 2)))
    yield call(rng.integers(-4, 5, (1, 3)))
    yield call(rng.normal(size=(4, 1)))


# --- Mistakes -------------------------------------------------------------------------------------

MISTAKES = (
    mistake("one_axis_missing",
        "One axis is missing: yours has three, and Keras wants four, (height, width, in_channels, "
        "filters). Both new ones have length 1.",
        lambda k: k[..., None], lambda k: k[None]),
    mistake("axes_in_front",
        "The new axes stand in front, as a batch's do. A kernel's height and width come first: "
        "(3, 3, 1, 1), not (1, 1, 3, 3).",
        lambda k: k[None, None], lambda k: k[None, None].astype(np.float32)),
    mistake("axes_around",
        "One new axis stands in front and one behind: (1, 3, 3, 1) is the shape of a batch with "
        "one image. For a kernel both stand behind.",
        lambda k: k[None, ..., None]),
    mistake("axis_between",
        "A new axis stands between height and width.",
        lambda k: k[:, None, :, None], lambda k: k[:, None, None, :]),
    mistake("transposed",
        "Rows and columns of the kernel are swapped. Keras keeps them as they are.",
        lambda k: k.T[..., None, None]),
    mistake("flipped",
        "The kernel is flipped. Keras does not flip either, so it goes in as it is.",
        lambda k: k[::-1, ::-1, None, None]),
    mistake("flattened",
        "Height and width are lost: all values lie along one axis.",
        lambda k: k.ravel(), lambda k: k.reshape(-1, 1, 1, 1), lambda k: k.reshape(1, 1, 1, -1)),
    mistake("unchanged",
        "The kernel came back with its two axes. Add two of length 1 at the end.",
        lambda k: k),
)  # fmt: skip


EXERCISE = ByCalls(
    key="to_keras_kernel",
    title="Give a kernel the four axes that Keras wants",
    points=1,
    minutes=3,
    reference=to_keras_kernel,
    examples=(call(KERNEL), call(np.array([[1, 2, 3], [4, 5, 6]]))),
    cases=cases,
    alternatives=(
        lambda kernel: kernel.reshape(*kernel.shape, 1, 1),
        lambda kernel: np.expand_dims(kernel, (2, 3)),
        lambda kernel: np.array(kernel, dtype=float)[..., None, None],
        lambda kernel: np.array([[[[float(value)]] for value in row] for row in kernel]),
    ),
    mistakes=MISTAKES,
    hints=(
        (
            "Keras keeps the kernels of a layer in one array: (height, width, in_channels, "
            "filters). How many channels has a grey image, and how many filters are you making?"
        ),
        (
            "The values stay where they are; two axes of length 1 are added at the end. "
            "`np.newaxis` inside the square brackets adds one."
        ),
        (
            "kernel[:, :, ..., ...] with the right thing in the last two places; or "
            "kernel.reshape(...)."
        ),
    ),
)
