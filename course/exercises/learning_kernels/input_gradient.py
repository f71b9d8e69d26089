"""`input_gradient(output_gradient, kernel)`: the error's way back to the image."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from course.exercises.distortions import kept
from course.exercises.exercise import ByCalls, Call, call, mistake
from helpers import conv2d, true_convolution
from helpers.learning import input_gradient, numerical_gradient

# --- Cases ----------------------------------------------------------------------------------------


def cases(rng: np.random.Generator) -> Iterator[Call]:
    yield call(rng.normal(size=(4, 6)), rng.normal(size=(3, 3)))
    yield call(rng.normal(size=(5, 3)), rng.normal(size=(2, 3)))
    yield call(rng.normal(size=(2, 3)), rng.normal(size=(4, 2)))
    yield call(rng.normal(size=(3, 4)), rng.normal(size=(1, 3)))
    yield call(rng.normal(size=(4, 3)), rng.normal(size=(3, 1)))
    yield call(rng.normal(size=(3, 5)), rng.normal(size=(1, 1)))
    yield call(rng.normal(size=(1, 1)), rng.normal(size=(3, 4)))
    yield call(rng.integers(-4, 5, (5, 4)), np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]))
    yield call(rng.integers(-4, 5, (4, 5)), rng.normal(size=(2, 2)))
    yield call(*(rng.normal(size=shape).astype(np.float32) for shape in ((4, 4), (5, 3))))


# --- Other right answers --------------------------------------------------------------------------


def framed(values: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """Put the frame of zeros around the output's gradient."""
    kh, kw = kernel.shape
    return np.pad(values, ((kh - 1, kh - 1), (kw - 1, kw - 1)))


def by_errors(output_gradient, kernel):
    """Give every error back to the window that it came from."""
    (rows, cols), (kh, kw) = output_gradient.shape, kernel.shape
    out = np.zeros((rows + kh - 1, cols + kw - 1))
    for r in range(rows):
        for c in range(cols):
            out[r : r + kh, c : c + kw] += output_gradient[r, c] * kernel
    return out


def by_weights(output_gradient, kernel):
    """Give all errors back through one weight at a time."""
    (rows, cols), (kh, kw) = output_gradient.shape, kernel.shape
    out = np.zeros((rows + kh - 1, cols + kw - 1))
    for i in range(kh):
        for j in range(kw):
            out[i : i + rows, j : j + cols] += kernel[i, j] * output_gradient
    return out


def by_pixels(output_gradient, kernel):
    """Collect for every pixel what belongs to it."""
    (rows, cols), (kh, kw) = output_gradient.shape, kernel.shape
    out = np.zeros((rows + kh - 1, cols + kw - 1))
    for r, c in np.ndindex(*out.shape):
        for i, j in np.ndindex(kh, kw):
            if 0 <= r - i < rows and 0 <= c - j < cols:
                out[r, c] += output_gradient[r - i, c - j] * kernel[i, j]
    return out


def by_scipy(output_gradient, kernel):
    from scipy.signal import convolve2d

    return convolve2d(output_gradient, kernel, mode="full")


def by_turning(output_gradient, kernel):
    return conv2d(framed(output_gradient, kernel), np.rot90(kernel, 2))


def measured(output_gradient, kernel):
    """Measure it: by central differences, which are exact for what is linear."""
    shape = np.add(output_gradient.shape, kernel.shape) - 1
    return numerical_gradient(
        lambda image: float(np.sum(output_gradient * conv2d(image, kernel))), np.zeros(shape), 1.0
    )


# --- Mistakes -------------------------------------------------------------------------------------


def with_kernel(change: Callable[[np.ndarray], Any]) -> Callable[..., Any]:
    """Slide a changed kernel over the framed gradient; right is one turned by 180 degrees."""
    return lambda g, k: conv2d(framed(g, k), change(k))


def with_frame(frame: Callable[[np.ndarray, int, int], Any]) -> Callable[..., Any]:
    """Put another frame around the gradient: ``frame(gradient, kh, kw)``."""
    return lambda g, k: true_convolution(frame(g, *k.shape), k)


def after(change: Callable[..., Any]) -> Callable[..., Any]:
    """Do something to the right result."""
    return lambda g, k: change(input_gradient(g, k))


def overwritten(g: np.ndarray, k: np.ndarray) -> np.ndarray:
    out = np.zeros(np.add(g.shape, k.shape) - 1)
    for (r, c), error in np.ndenumerate(g):
        out[r : r + len(k), c : c + k.shape[1]] = error * k
    return out


def overwritten_by_weights(g: np.ndarray, k: np.ndarray) -> np.ndarray:
    out = np.zeros(np.add(g.shape, k.shape) - 1)
    for (i, j), weight in np.ndenumerate(k):
        out[i : i + len(g), j : j + g.shape[1]] = weight * g
    return out


def stored_as_the_errors(g: np.ndarray, k: np.ndarray) -> np.ndarray:
    out = np.zeros(np.add(g.shape, k.shape) - 1, g.dtype)
    for (r, c), error in np.ndenumerate(g):
        window = out[r : r + len(k), c : c + k.shape[1]]
        window[:] = window + error * k
    return out


def as_large_as_the_output(one: Call, right: np.ndarray, got: np.ndarray) -> float | None:
    return 1.0 if got.shape == one.args[0].shape != right.shape else None


MISTAKES = (
    mistake("not_flipped",
        "The kernel lies on the errors as it lay on the image. Seen from a pixel it is turned by 180 "
        "degrees: the output up and to the left of it has read it with the weight at the *bottom "
        "right*. Flip rows and columns.",
        with_kernel(lambda k: k)),
    mistake("flipped_rows_only",
        "Only the order of the rows is flipped. The order of the columns is flipped too.",
        with_kernel(lambda k: k[::-1])),
    mistake("flipped_columns_only",
        "Only the order of the columns is flipped. The order of the rows is flipped too.",
        with_kernel(lambda k: k[:, ::-1])),
    mistake("not_padded",
        "There is no frame of zeros around the errors, so only pixels that every weight has read get "
        "a gradient. The image is larger than the output, by kh - 1 rows and kw - 1 columns: put "
        "that many zeros on *each* side first.",
        true_convolution, conv2d),
    mistake("padded_on_one_side",
        "Zeros are put on one side only. The frame goes all round: kh - 1 rows above *and* below, kw "
        "- 1 columns left *and* right.",
        with_frame(lambda g, kh, kw: np.pad(g, ((kh - 1, 0), (kw - 1, 0)))),
        with_frame(lambda g, kh, kw: np.pad(g, ((0, kh - 1), (0, kw - 1))))),
    mistake("same_size",
        "Your result is as large as the output. It should be as large as the image, kh - 1 rows and "
        "kw - 1 columns larger: the frame has kh - 1 rows and kw - 1 columns of zeros on each side.",
        lambda g, k: conv2d(g, k[::-1, ::-1], padding="same"),
        lambda g, k: conv2d(g, k, padding="same"), lambda g, k: g * k.sum(), lambda g, k: g,
        fits=as_large_as_the_output),
    mistake("half_a_frame",
        'The frame is kh // 2 rows and kw // 2 columns wide, as for padding="same". The corner pixel '
        "was read by one output only, through one corner of the kernel: kh - 1 rows and kw - 1 "
        "columns.",
        with_frame(lambda g, kh, kw: np.pad(g, ((kh // 2,) * 2, (kw // 2,) * 2)))),
    mistake("frame_too_wide",
        "The frame is too wide: kh rows of zeros instead of kh - 1, and kw columns.",
        with_frame(lambda g, kh, kw: np.pad(g, ((kh, kh), (kw, kw))))),
    mistake("frame_of_one",
        "The frame is one pixel wide whatever the kernel is. A kernel of 4 rows needs 3 rows of "
        "zeros on each side: kh - 1.",
        with_frame(lambda g, kh, kw: np.pad(g, 1))),
    mistake("frame_of_two",
        "The frame is two pixels wide whatever the kernel is. That is right for 3x3 only: kh - 1 "
        "rows and kw - 1 columns on each side.",
        with_frame(lambda g, kh, kw: np.pad(g, 2))),
    mistake("frame_swapped",
        "The frame has kw - 1 rows and kh - 1 columns: the two are exchanged.",
        with_frame(lambda g, kh, kw: np.pad(g, ((kw - 1, kw - 1), (kh - 1, kh - 1)))),
        with_frame(lambda g, kh, kw: np.pad(g, kh - 1)),
        with_frame(lambda g, kh, kw: np.pad(g, kw - 1))),
    mistake("before_and_after",
        "Two numbers are before and after to np.pad, for rows and columns alike. Rows and columns "
        "each have a pair of their own: ((kh - 1, kh - 1), (kw - 1, kw - 1)).",
        with_frame(lambda g, kh, kw: np.pad(g, (kh - 1, kw - 1))),
        with_frame(lambda g, kh, kw: np.pad(g, (kw - 1, kh - 1)))),
    mistake("frame_not_black",
        "The frame is filled with something else than zeros. Outside of the output there is no "
        "error, so there must be 0.",
        with_frame(lambda g, kh, kw: np.pad(g, ((kh - 1,) * 2, (kw - 1,) * 2), mode="edge")),
        with_frame(lambda g, kh, kw: np.pad(g, ((kh - 1,) * 2, (kw - 1,) * 2), mode="wrap")),
        with_frame(lambda g, kh, kw: np.pad(
            g, ((kh - 1,) * 2, (kw - 1,) * 2), constant_values=1))),
    mistake("overwritten",
        "Where the windows of two outputs overlap, the later one replaces the earlier. What comes "
        "back to a pixel adds up: `+=`.",
        overwritten, overwritten_by_weights),
    mistake("result_turned",
        "Your result is turned, or the errors are. Only the kernel is turned by 180 degrees.",
        after(lambda out: out[::-1, ::-1]), after(lambda out: out[::-1]),
        after(lambda out: out[:, ::-1]), lambda g, k: input_gradient(g[::-1, ::-1], k),
        lambda g, k: input_gradient(g[::-1], k), lambda g, k: input_gradient(g[:, ::-1], k)),
    mistake("transposed",
        "Rows and columns are swapped, of the kernel or of the result. To turn by 180 degrees is to "
        "flip both ways; nothing is transposed.",
        lambda g, k: input_gradient(g, k.T), after(np.transpose),
        with_kernel(lambda k: k.T), lambda g, k: input_gradient(g.T, k)),
    mistake("turned_by_90",
        "The kernel is turned by 90 degrees, and 180 are wanted: np.rot90(kernel, 2), or "
        "kernel[::-1, ::-1].",
        lambda g, k: conv2d(framed(g, np.rot90(k)), np.rot90(k)),
        lambda g, k: conv2d(framed(g, np.rot90(k)), np.rot90(k, -1)),
        with_kernel(np.rot90)),
    mistake("cropped",
        "Rows or columns are missing at the edge. The result is as large as the image was: kh - 1 "
        "rows and kw - 1 columns more than the output.",
        after(lambda out: out[:-1, :-1]), after(lambda out: out[1:, 1:]),
        after(lambda out: out[:-1]), after(lambda out: out[:, :-1])),
    mistake("negated",
        "Every sign is wrong. The gradient says how the loss changes with a pixel; it is a step that "
        "goes against it.",
        after(lambda out: -out)),
    mistake("scaled_again",
        "Your values are divided or multiplied by a number of values. The output's gradient has the 2 "
        "/ n of the loss in it already: take it as it is.",
        lambda g, k: 2 / g.size * input_gradient(g, k), lambda g, k: input_gradient(g, k) / g.size,
        lambda g, k: 2 * input_gradient(g, k), lambda g, k: input_gradient(g, k) / 2,
        lambda g, k: input_gradient(g, k) / k.size,
        lambda g, k: 2 / k.size * input_gradient(g, k),
        lambda g, k: input_gradient(g, k) / (k.sum() or 1)),
    mistake("weights_forgotten",
        "All weights count alike in yours. Each error comes back times the weight that has read "
        "the pixel.",
        with_kernel(lambda k: np.ones(k.shape)), with_kernel(lambda k: np.full(k.shape, k.sum())),
        with_kernel(lambda k: np.full(k.shape, k.mean())),
        with_kernel(lambda k: np.full(k.shape, k[0, 0]))),
    mistake("errors_forgotten",
        "The errors do not count in yours, or only their sum or mean. Each output's own error comes "
        "back to its own window.",
        lambda g, k: input_gradient(np.ones(g.shape), k),
        lambda g, k: input_gradient(np.full(g.shape, g.mean()), k),
        lambda g, k: input_gradient(np.full(g.shape, g.sum()), k)),
    mistake("not_signed",
        "Errors or weights have lost their signs. Minus times minus comes back as plus.",
        lambda g, k: input_gradient(np.abs(g), k), lambda g, k: input_gradient(g, np.abs(k)),
        after(np.abs)),
    mistake("relu_applied",
        "Negative values became 0. A pixel that made the loss smaller has a negative gradient.",
        after(lambda out: np.maximum(out, 0)), lambda g, k: input_gradient(np.maximum(g, 0), k)),
    mistake("not_accumulated",
        "Only part of the errors comes back: one row or column, the first or the last. Go over all "
        "outputs, and return after the loops.",
        *(lambda g, k, part=part: input_gradient(kept(g, part), k)
          for part in (np.s_[:1, :1], np.s_[-1:, -1:], np.s_[:1], np.s_[:, :1], np.s_[-1:],
                       np.s_[:, -1:], np.s_[:-1], np.s_[:, :-1], np.s_[:-1, :-1]))),
    mistake("integer_dtype",
        "The fractions are gone where the errors are whole numbers: np.zeros_like and an array of "
        "the errors' type hold no fractions. np.zeros(shape) holds floats.",
        lambda g, k: input_gradient(g, k).astype(g.dtype), stored_as_the_errors,
        lambda g, k: input_gradient(g, k.astype(g.dtype))),
    mistake("kernel_returned",
        "Your result has the kernel's shape. The gradient for the *image* is wanted; the kernel's "
        "came before.",
        lambda g, k: k * g.sum(), lambda g, k: k * g.mean(), lambda g, k: k),
    mistake("one_number",
        "You return one number. There is one for each pixel of the image.",
        after(np.sum), after(np.mean)),
    mistake("rounded",
        "The result is rounded. Keep all its digits.",
        *(after(lambda out, digits=digits: out.round(digits)) for digits in (1, 2, 3))),
)  # fmt: skip


EXERCISE = ByCalls(
    key="input_gradient",
    title="Send the error back to the image",
    points=3,
    minutes=8,
    reference=input_gradient,
    helpers=("learning.input_gradient",),
    examples=(
        call(np.array([[1.0]]), np.array([[1.0, 2.0], [3.0, 4.0]])),
        call(np.array([[1.0, 10.0]]), np.array([[1.0, 2.0]])),
        call(np.array([[1.0, 0.0], [0.0, -2.0]]), np.array([[1.0, 2.0], [3.0, 4.0]])),
    ),
    cases=cases,
    alternatives=(by_errors, by_weights, by_pixels, by_scipy, by_turning, measured),
    mistakes=MISTAKES,
    hints=(
        (
            "Take the pixel in the middle of a 3x3 window of outputs. Which weight has the output up "
            "and to the left of it read it with? And the one down and to the right?"
        ),
        (
            "A frame of zeros around output_gradient, kh - 1 rows and kw - 1 columns on each side: "
            "np.pad. Then which convolution of lesson 1?"
        ),
        (
            "padded = np.pad(output_gradient, ((kh - 1, kh - 1), (...))); then one line: "
            "yours.true_convolution(padded, ...)."
        ),
    ),
)
