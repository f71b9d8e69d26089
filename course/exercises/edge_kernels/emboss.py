"""`emboss(image)`: the emboss kernel's answers, plus 128, as bytes."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

import helpers
from course.exercises.distortions import as_byte, parts, wrapped
from course.exercises.edge_kernels.known_kernels import EMBOSS, IDENTITY, PREWITT
from course.exercises.exercise import ByCalls, Call, call, mistake
from helpers import GALLERY, HORIZONTAL, LAPLACIAN, VERTICAL, conv2d, to_pixels


def emboss(image: np.ndarray) -> np.ndarray:
    """Return the embossed image, valid size."""
    return to_pixels(conv2d(image, EMBOSS), bias=128)


# --- Cases ----------------------------------------------------------------------------------------


def cases(rng: np.random.Generator) -> Iterable[Call]:
    # Nowhere an exact half: to round those up or to even are both right.
    yield call(rng.integers(0, 256, (4, 6)))
    yield call(rng.integers(0, 256, (6, 5)).astype(np.uint8))
    yield call(rng.uniform(90, 130, size=(5, 4)))
    yield call(rng.uniform(0, 255, size=(4, 4)).astype(np.float32))
    yield call(rng.integers(100, 141, (3, 7)))
    yield call(rng.integers(100, 141, (7, 3)).astype(np.uint8))
    yield call(rng.normal(scale=40, size=(3, 5)))
    yield call(np.full((3, 4), 9))
    yield call(rng.uniform(100, 120, size=(6, 4)))


# --- Other right answers --------------------------------------------------------------------------


def emboss_slices(image: np.ndarray) -> np.ndarray:
    """The answers of the kernel, from slices in the image's own type: bytes wrap around."""
    plus = image[1:-1, 2:] + image[2:, 1:-1] + image[2:, 2:]
    return plus - image[:-2, :-2] - image[:-2, 1:-1] - image[1:-1, :-2]


# --- Mistakes -------------------------------------------------------------------------------------


def then(
    finish: Callable[[np.ndarray], Any], kernel: Any = EMBOSS, padding: str = "valid"
) -> Callable[[np.ndarray], Any]:
    """Convolve an image, then finish the answers."""
    return lambda image: finish(conv2d(image, kernel, padding))


def slips(kernel: np.ndarray) -> list[np.ndarray]:
    """Change one number of a kernel, not the centre: to each of -1, 0 and 1."""
    wrong = [
        np.where(np.arange(9).reshape(3, 3) == i, n, kernel)
        for i in (0, 1, 2, 3, 5, 6, 7, 8)
        for n in (-1, 0, 1)
    ]
    return [one for one in wrong if (one != kernel).any()]


def relief(answers: np.ndarray) -> np.ndarray:
    """Add the bias and make bytes, as it should be."""
    return to_pixels(answers, bias=128)


def spread(values: np.ndarray) -> np.ndarray:
    """Spread values over 0..255, whatever they are."""
    return (values - values.min()) / (np.ptp(values) or 1.0) * 255


MISTAKES = (
    mistake("bias_forgotten",
        "The 128 is missing, or was added to the image, where a kernel whose sum is 0 takes it "
        "away again. Without it a flat area turns black: add it to the answers.",
        then(to_pixels), then(np.copy), then(wrapped), then(np.rint),
        lambda image: to_pixels(conv2d(np.clip(image + 128.0, 0, 255), EMBOSS)),
        lambda image: to_pixels(conv2d(image + 128, EMBOSS))),
    mistake("not_clipped",
        "Your values are not clipped before they are stored in bytes, so they wrap around: -142 "
        "becomes 114. Clip to 0..255 first; `to_pixels` does.",
        then(lambda v: wrapped(np.rint(v + 128))), then(lambda v: wrapped(v + 128))),
    mistake("not_bytes",
        "Bytes are wanted (uint8), and other numbers came back. `to_pixels` rounds, clips and "
        "stores.",
        then(lambda v: v + 128), then(lambda v: np.rint(v + 128)),
        then(lambda v: np.clip(v + 128, 0, 255)), then(lambda v: relief(v).astype(int)),
        then(lambda v: np.clip((v + 128) / 255, 0, 1)), then(lambda v: relief(v) / 255)),
    mistake("truncated",
        "The fractions were cut off: 99.6 became 99. Round to the nearest whole number, which "
        "here is 100.",
        then(lambda v: np.clip(v + 128, 0, 255).astype(np.uint8)),
        then(lambda v: np.clip(np.trunc(v) + 128, 0, 255).astype(np.uint8))),
    mistake("image_truncated",
        "The image lost its fractions before the kernel met it, in astype(int) perhaps: 99.6 "
        "became a whole number. Compute with floats, and round at the end.",
        lambda image: relief(conv2d(np.trunc(image), EMBOSS)),
        lambda image: relief(conv2d(as_byte(image), EMBOSS)),
        lambda image: relief(conv2d(np.rint(image), EMBOSS))),
    mistake("rounded_up",
        "The fractions were rounded up: 99.1 became 100. Round to the nearest whole number, which "
        "here is 99.",
        then(lambda v: np.clip(np.ceil(v + 128), 0, 255).astype(np.uint8))),
    mistake("flipped",
        "The light comes from the wrong side: plus and minus are exchanged, or the kernel is "
        "flipped, as `true_convolution` does. Its top left is negative, its bottom right positive.",
        then(relief, -EMBOSS), then(lambda v: 255 - relief(v)),
        then(lambda v: np.clip(np.rint(127 - v), 0, 255).astype(np.uint8))),
    mistake("mirrored",
        "The light comes from another corner: your kernel is mirrored. Its zeros stand at the top "
        "right, in the centre and at the bottom left.",
        then(relief, EMBOSS[:, ::-1]), then(relief, EMBOSS[::-1])),
    mistake("clipped_first",
        "Answers were cut off before the 128 was added: those below 0, so that nothing is darker "
        "than 128, or those above. Add first, clip last.",
        then(lambda v: relief(np.maximum(v, 0))), then(lambda v: relief(np.clip(v, 0, 255))),
        then(lambda v: to_pixels(v) + np.uint8(128)),
        then(lambda v: np.clip(v, 0, 255).astype(np.uint8) + np.uint8(128)),
        then(lambda v: relief(to_pixels(v))),
        then(lambda v: to_pixels(wrapped(v) + 128.0)), then(lambda v: relief(np.minimum(v, 0)))),
    mistake("other_bias",
        "A flat area should become 128, the middle of 0..255. Yours becomes something else: look "
        "at the number that you add.",
        *(then(lambda v, bias=bias: to_pixels(v, bias=bias))  # type: ignore[misc]
          for bias in (-128, -127, 0.5, 1, 10, 12, 12.8, 18, 20, 25, 28, 30, 32, 40, 50, 60, 64, 80, 96,
                       100, 110, 120, 125, 126, 127, 129, 130, 138, 140, 150, 160, 180, 182, 192, 200,
                       218, 250, 255, 256)),
        lambda image: to_pixels(conv2d(image, EMBOSS), bias=float(np.mean(image))),
        then(to_pixels, EMBOSS + 128), then(to_pixels, EMBOSS + 128 * IDENTITY)),
    mistake("black_and_white",
        "Only black and white came back. Is 128 the factor? to_pixels takes the factor first; "
        "name the bias: bias=128.",
        then(lambda v: to_pixels(v, 128)), then(lambda v: to_pixels(v, 128, 1)),
        then(lambda v: to_pixels((v + 1) * 128)),
        then(lambda v: np.where(v > 0, 255, 0).astype(np.uint8)),
        then(lambda v: np.where(v >= 0, 255, 0).astype(np.uint8)),
        then(lambda v: (v > 0).astype(np.uint8))),
    mistake("image_added",
        "The image itself is still in the result. Only the kernel's answers and the 128 belong "
        "there: the centre of this kernel is 0.",
        then(relief, EMBOSS + IDENTITY), then(to_pixels, EMBOSS + IDENTITY),
        lambda image: to_pixels(image[1:-1, 1:-1])),
    mistake("other_kernel",
        "That is another kernel. This one is [[-1, -1, 0], [-1, 0, 1], [0, 1, 1]]: compare yours "
        "with it, number by number.",
        *(then(relief, kernel) for kernel in (
            HORIZONTAL, VERTICAL, LAPLACIAN, [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]],
            [[-2, -1, 0], [-1, 0, 1], [0, 1, 2]], [[-1, 0, 0], [0, 0, 0], [0, 0, 1]],
            [[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]], np.abs(EMBOSS), PREWITT, PREWITT.T,
            [[0, -1, 0], [-1, 0, 1], [0, 1, 0]], [[-2, -1, 0], [-1, 0, 2], [0, 1, 2]],
            [[-1, -1, -1], [-1, 0, 1], [1, 1, 1]], -np.abs(EMBOSS), *slips(EMBOSS))),
        lambda image: relief(conv2d(image, GALLERY["emboss 5x5"].kernel, "same")[1:-1, 1:-1]),
        lambda image: helpers.apply_filter(image, "emboss 5x5")[1:-1, 1:-1],
        lambda image: relief(conv2d(image, GALLERY["emboss 5x5"].kernel))),
    mistake("same_size",
        "The result is as large as the image. Valid size is wanted: one pixel less on each side, "
        "where the kernel does not fit.",
        then(relief, padding="same"), lambda image: helpers.apply_filter(image, "emboss 3x3"),
        lambda image: np.pad(emboss(image), 1),
        lambda image: np.pad(emboss(image), 1, constant_values=128),
        lambda image: np.pad(emboss(image), 1, mode="edge")),
    mistake("loops_end_early",
        "A part of the result is still 0: a loop ends too early, or `return` stands inside it.",
        *parts(emboss)),
    mistake("sign_lost",
        "Negative answers came back positive. Slopes that fall should be darker than 128, and not "
        "brighter: take out abs().",
        then(lambda v: relief(abs(v))), then(lambda v: to_pixels(abs(v + 128))),
        then(lambda v: to_pixels(abs(v))), then(lambda v: relief(v**2))),
    mistake("scaled",
        "Your values are stretched or shrunk. With factor 1 and bias 128, an answer of 80 becomes "
        "208 in every picture.",
        then(lambda v: to_pixels(spread(v))), then(lambda v: spread(v).astype(np.uint8)),
        then(lambda v: relief(spread(v))), then(lambda v: to_pixels((v + 128) / 2)),
        then(lambda v: to_pixels((v + 128) / 255)), then(lambda v: to_pixels((v + 255) / 2)),
        lambda image: relief(conv2d(image, EMBOSS) / 2 + image[1:-1, 1:-1] / 2 - 64),
        *(then(lambda v, by=by: relief(v * by))  # type: ignore[misc]
          for by in (2, 3, 1.5, 1 / 2, 1 / 3, 1 / 4, 1 / 6, 1 / 8, 1 / 9, 0.1, 128 / 255, 1 / 255))),
    mistake("bytes_wrapped",
        "On an image of bytes the sums wrap around before the bias is added: 256 becomes 0. Make "
        "floats of the image first.",
        lambda image: relief(emboss_slices(image)),
        lambda image: to_pixels(emboss_slices(image) + image.dtype.type(128))),
)  # fmt: skip


EXERCISE = ByCalls(
    key="emboss",
    title="Press a picture into metal: kernel, bias, bytes",
    points=2,
    minutes=3,
    reference=emboss,
    helpers=("kernels.apply_filter",),
    examples=(
        call(np.array([[10, 10, 10, 50], [10, 10, 50, 50], [10, 50, 50, 50]])),
        call(np.array([[90, 90, 0], [90, 0, 0], [0, 0, 0]])),
    ),
    cases=cases,
    alternatives=(
        lambda image: np.clip(np.round(conv2d(image, EMBOSS) + 128), 0, 255).astype("uint8"),
        lambda image: np.uint8(
            np.clip(np.floor(emboss_slices(np.asarray(image, dtype=float)) + 128.5), 0, 255)
        ),
        lambda image: np.array(
            [
                [
                    min(
                        255,
                        max(0, round(128 + float(np.sum(image[r : r + 3, c : c + 3] * EMBOSS)))),
                    )
                    for c in range(image.shape[1] - 2)
                ]
                for r in range(image.shape[0] - 2)
            ],
            dtype=np.uint8,
        ),
    ),
    mistakes=MISTAKES,
    hints=(
        "What does this kernel answer on a flat area, and what would that look like as a byte?",
        "Three steps, and their order matters: the kernel's answers, then the bias, then bytes.",
        (
            "answers = image convolved with the kernel, valid size. Return to_pixels of them, "
            "with bias=128."
        ),
    ),
)
