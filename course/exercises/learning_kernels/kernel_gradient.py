"""`kernel_gradient(image, kernel, target)`: which way each kernel value should go."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from course.exercises.distortions import kept
from course.exercises.exercise import ByCalls, Call, call, mistake
from helpers import conv2d, true_convolution
from helpers.learning import kernel_gradient, mean_squared_error, numerical_gradient

# --- Cases ----------------------------------------------------------------------------------------


def pair(rng: np.random.Generator, image: Any, kernel: Any) -> Call:
    """Make a target of the size that fits, of about the size of the prediction."""
    prediction = conv2d(image, kernel)
    target = prediction + rng.normal(scale=1 + np.std(prediction), size=prediction.shape)
    return call(image, kernel, target.round(2))


def cases(rng: np.random.Generator) -> Iterator[Call]:
    yield pair(rng, rng.normal(size=(6, 8)), rng.normal(size=(3, 3)))
    yield pair(rng, rng.normal(size=(7, 5)), np.zeros((3, 3)))
    yield pair(rng, rng.integers(0, 9, (5, 6)), np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]))
    yield pair(rng, rng.integers(0, 256, (5, 5)).astype(np.uint8), rng.normal(size=(2, 3)))
    yield pair(rng, rng.random((6, 4)), rng.normal(size=(2, 2)))
    yield pair(rng, rng.normal(size=(4, 7)), rng.normal(size=(1, 3)))
    yield pair(rng, rng.normal(size=(6, 5)), rng.normal(size=(4, 2)))
    yield pair(rng, rng.normal(size=(3, 4)), rng.normal(size=(3, 4)))
    yield pair(rng, rng.normal(size=(5, 3)), rng.normal(size=(1, 1)))


# --- Other right answers --------------------------------------------------------------------------


def error_of(image: np.ndarray, kernel: np.ndarray, target: np.ndarray) -> np.ndarray:
    """How far each prediction is too high."""
    return conv2d(image, kernel) - target


def gradient_by_windows(image: np.ndarray, kernel: np.ndarray, target: np.ndarray) -> np.ndarray:
    windows = sliding_window_view(image, kernel.shape)
    error = np.einsum("rcij,ij->rc", windows, kernel) - target
    return 2 * np.einsum("rcij,rc->ij", windows, error) / error.size


def gradient_in_loops(image: np.ndarray, kernel: np.ndarray, target: np.ndarray) -> np.ndarray:
    gradient = np.zeros(kernel.shape)
    rows, cols = target.shape
    for r in range(rows):
        for c in range(cols):
            window = image[r : r + kernel.shape[0], c : c + kernel.shape[1]]
            gradient += 2 * (np.sum(window * kernel) - target[r, c]) * window
    return gradient / (rows * cols)


def gradient_by_slices(image: np.ndarray, kernel: np.ndarray, target: np.ndarray) -> np.ndarray:
    error = error_of(image, kernel, target)
    rows, cols = error.shape
    return np.array([
        [2 * np.mean(error * image[i : i + rows, j : j + cols]) for j in range(kernel.shape[1])]
        for i in range(kernel.shape[0])
    ])  # fmt: skip


def gradient_measured(image: np.ndarray, kernel: np.ndarray, target: np.ndarray) -> np.ndarray:
    return numerical_gradient(lambda k: mean_squared_error(conv2d(image, k), target), kernel)


# --- Mistakes -------------------------------------------------------------------------------------


def gradient_like(
    error: Callable[..., Any] = error_of, total: Callable[[np.ndarray, np.ndarray], Any] = conv2d
) -> Callable[..., Any]:
    """Derive the gradient from this error, added up with the image in this way."""

    def gradient(image: np.ndarray, kernel: np.ndarray, target: np.ndarray) -> Any:
        e = error(image, kernel, target)
        return 2 / e.size * total(image, e)

    return gradient


def changed_gradient(change: Callable[..., Any]) -> Callable[..., Any]:
    """Do something to the right gradient g: ``change(g, n, kernel)``, n values in the target."""
    return lambda image, kernel, target: change(
        kernel_gradient(image, kernel, target), target.size, kernel
    )


MISTAKES = (
    mistake("negated",
        "Every sign is wrong: the error is prediction minus target. As it is, each step against "
        "your gradient would make the error larger.",
        changed_gradient(lambda g, n, k: -g)),
    mistake("two_missing",
        "All values are half as large as they should be: the derivative of a square, e**2, brings "
        "a factor 2.",
        changed_gradient(lambda g, n, k: g / 2), changed_gradient(lambda g, n, k: -g / 2)),
    mistake("not_averaged",
        "You add up over all pixels and do not average. The error is a *mean*, so its gradient is "
        "divided by the number of values in the target.",
        changed_gradient(lambda g, n, k: g * n), changed_gradient(lambda g, n, k: g * n / 2),
        changed_gradient(lambda g, n, k: -g * n)),
    mistake("wrong_count",
        "You divide by another number than how many values the target has. The mean of the error "
        "was taken over those: `error.size`.",
        changed_gradient(lambda g, n, k: g * n / k.size), changed_gradient(lambda g, n, k: g / n),
        lambda x, k, t: kernel_gradient(x, k, t) * t.size / x.size,
        lambda x, k, t: kernel_gradient(x, k, t) * t.size / len(t),
        lambda x, k, t: kernel_gradient(x, k, t) * t.size / t.shape[1],
        *(lambda x, k, t, count=count: kernel_gradient(x, k, t) * t.size / 2 / count(x, k, t)
          for count in (lambda x, k, t: x.size, lambda x, k, t: k.size,
                        lambda x, k, t: len(t), lambda x, k, t: t.shape[1])),
        lambda x, k, t: kernel_gradient(x, k, t) * t.size / ((len(t) - 1) * (t.shape[1] - 1))),
    mistake("error_forgotten",
        "The image is convolved with the prediction or the target alone. It is their difference, "
        "the error, that says which way to go.",
        gradient_like(lambda x, k, t: conv2d(x, k)), gradient_like(lambda x, k, t: t),
        gradient_like(lambda x, k, t: np.ones(t.shape))),
    mistake("image_forgotten",
        "Each kernel value got the same number, or none that depends on the pixels it met. The "
        "error has to be multiplied by the image, shifted by (i, j).",
        gradient_like(total=lambda x, e: np.sum(e)),
        lambda x, k, t: np.full(k.shape, 2 * np.mean(error_of(x, k, t))),
        lambda x, k, t: np.full(k.shape, np.sum(kernel_gradient(x, k, t))),
        lambda x, k, t: np.mean(error_of(x, k, t)) * k,
        lambda x, k, t: 2 * np.mean(error_of(x, k, t)) * k,
        lambda x, k, t: np.full(k.shape, np.mean(error_of(x, k, t))),
        lambda x, k, t: np.full(k.shape, 2 * np.mean(
            error_of(x, k, t) * x[: len(t), : t.shape[1]]))),
    mistake("error_shaped",
        "Your result has the target's shape. The gradient has one number for each *kernel* value: "
        "how much the whole error changes with it.",
        error_of, lambda x, k, t: 2 * error_of(x, k, t),
        lambda x, k, t: 2 / t.size * error_of(x, k, t),
        lambda x, k, t: 2 / t.size * error_of(x, k, t) * x[: len(t), : t.shape[1]],
        lambda x, k, t: error_of(x, k, t) ** 2, lambda x, k, t: 2 * error_of(x, k, t) * k,
        lambda x, k, t: error_of(x, k, t) / k.size),
    mistake("error_flipped",
        "The error is flipped, or your result is turned by 180 degrees. Nothing is flipped here: "
        "value (i, j) meets the image shifted down by i and right by j.",
        gradient_like(total=true_convolution), changed_gradient(lambda g, n, k: g[::-1, ::-1]),
        gradient_like(total=lambda x, e: conv2d(x, e[::-1])),
        gradient_like(total=lambda x, e: conv2d(x, e[:, ::-1]))),
    mistake("prediction_flipped",
        "The prediction was made with a flipped kernel (true convolution). This course does not "
        "flip.",
        gradient_like(lambda x, k, t: true_convolution(x, k) - t),
        gradient_like(lambda x, k, t: conv2d(x, k.T) - t)),
    mistake("transposed",
        "Rows and columns are swapped: value (i, j) goes with i rows down and j columns right.",
        changed_gradient(lambda g, n, k: g.T), gradient_like(total=lambda x, e: conv2d(x.T, e))),
    mistake("kernel_ignored",
        "Your prediction does not depend on the kernel that was given. Convolve the image with "
        "that kernel first.",
        lambda x, k, t: kernel_gradient(x, np.zeros(k.shape), t),
        lambda x, k, t: kernel_gradient(x, np.ones(k.shape), t)),
    mistake("error_not_signed",
        "Your error has lost its sign, or is squared. The gradient needs the error itself: too "
        "high counts as plus, too low as minus.",
        gradient_like(lambda x, k, t: abs(error_of(x, k, t))),
        gradient_like(lambda x, k, t: error_of(x, k, t) ** 2),
        gradient_like(lambda x, k, t: np.sign(error_of(x, k, t))),
        lambda x, k, t: conv2d(x, np.sign(error_of(x, k, t))) / t.size),
    mistake("step_taken",
        "You return a changed kernel. Only the gradient is wanted here; the step comes in the "
        "next exercise but one.",
        changed_gradient(lambda g, n, k: k - g), changed_gradient(lambda g, n, k: k + g),
        changed_gradient(lambda g, n, k: k - 0.1 * g),
        changed_gradient(lambda g, n, k: k - 0.01 * g),
        changed_gradient(lambda g, n, k: k - 0.05 * g),
        changed_gradient(lambda g, n, k: k - 0.001 * g)),
    mistake("length_one",
        "The gradient is divided by its length or its largest value. How large it is matters: far "
        "from the goal the steps are long, near it they are short.",
        changed_gradient(lambda g, n, k: g / np.linalg.norm(g)),
        changed_gradient(lambda g, n, k: g / np.abs(g).max()),
        changed_gradient(lambda g, n, k: np.sign(g)),
        lambda x, k, t: kernel_gradient(x, k, t) / np.mean(error_of(x, k, t) ** 2),
        lambda x, k, t: kernel_gradient(x, k, t) / np.sqrt(np.mean(error_of(x, k, t) ** 2)) / 2,
        changed_gradient(lambda g, n, k: np.clip(g, -1, 1))),
    mistake("multiplied_by_kernel",
        "There is a factor too many: the kernel is already in the error. Its value (i, j) leaves "
        "only the pixel it multiplies.",
        changed_gradient(lambda g, n, k: g * k)),
    mistake("one_number",
        "You return one number: the error, or a mean. The gradient has a number for each kernel "
        "value.",
        lambda x, k, t: np.mean(error_of(x, k, t) ** 2), changed_gradient(lambda g, n, k: g.sum()),
        changed_gradient(lambda g, n, k: g.mean())),
    mistake("integer_dtype",
        "The fractions are gone where the kernel holds whole numbers: np.zeros_like(kernel) makes "
        "such an array too. np.zeros(kernel.shape) holds floats.",
        changed_gradient(lambda g, n, k: g.astype(k.dtype))),
    mistake("only_3x3",
        "This works for 3x3 kernels only. How many values there are stands in `kernel.shape`.",
        lambda x, k, t: np.array([
            [2 * np.mean(error_of(x, k, t) * x[i:, j:][: len(t), : t.shape[1]])
             for j in range(3)] for i in range(3)]),
        lambda x, k, t: np.zeros((3, 3))),
    mistake("not_accumulated",
        "Only part of the error counts: one pixel of it, a row or a column. Add up over all rows "
        "and all columns, and return after the loops.",
        *(gradient_like(lambda x, k, t, part=part: kept(error_of(x, k, t), part))
          for part in (np.s_[:1], np.s_[:, :1], np.s_[:1, :1], np.s_[-1:], np.s_[:, -1:],
                       np.s_[-1:, -1:], np.s_[:-1], np.s_[:, :-1], np.s_[:-1, :-1])),
        changed_gradient(lambda g, n, k: kept(g, np.s_[:1])),
        changed_gradient(lambda g, n, k: kept(g, np.s_[:1]) * n)),
    mistake("means_multiplied",
        "You multiply a mean of the error by pixels, or by their mean. Multiply first, each error "
        "by the pixel it belongs to, and average then.",
        gradient_like(total=lambda x, e: np.mean(e) * conv2d(x, np.ones(e.shape))),
        lambda x, k, t: 2 * np.mean(error_of(x, k, t)) * x[: len(k), : k.shape[1]]),
    mistake("image_changed",
        "The image is flipped, squared or shifted before the error meets it. Take its pixels as "
        "they are.",
        gradient_like(total=lambda x, e: conv2d(x[::-1, ::-1], e)),
        gradient_like(total=lambda x, e: conv2d(x**2.0, e)),
        gradient_like(total=lambda x, e: conv2d(x - x.mean(), e))),
    mistake("kernel_convolved",
        "The error is convolved with the kernel, and it is the image that it should meet.",
        lambda x, k, t: 2 / t.size * conv2d(error_of(x, k, t), k)),
    mistake("padded",
        "Your result is larger than the kernel. Only the places where the whole error fits on the "
        "image are wanted: there are as many as kernel values.",
        lambda x, k, t: 2 / t.size * conv2d(x, error_of(x, k, t), padding="same"),
        lambda x, k, t: 2 / t.size * conv2d(
            np.pad(x, [(n - 1, n - 1) for n in t.shape]), error_of(x, k, t)),
        lambda x, k, t: 2 / t.size * conv2d(np.pad(x, 1), error_of(x, k, t))),
    mistake("rounded",
        "The result is rounded. Keep all its digits.",
        *(changed_gradient(lambda g, n, k, digits=digits: g.round(digits))
          for digits in (1, 2, 3))),
)  # fmt: skip


EXERCISE = ByCalls(
    key="kernel_gradient",
    title="Find out which way each kernel value should go",
    points=3,
    minutes=8,
    reference=kernel_gradient,
    helpers=("learning.kernel_gradient",),
    examples=(
        call(np.array([[1.0, 2.0, 4.0]]), np.array([[0.0, 0.0]]), np.array([[1.0, 2.0]])),
        call(
            np.array([[1.0, 0.0, 2.0], [0.0, 3.0, 1.0], [2.0, 1.0, 0.0]]),
            np.array([[1.0, 0.0], [0.0, 0.5]]),
            np.array([[0.5, 1.5], [1.5, 3.0]]),
        ),
    ),
    cases=cases,
    alternatives=(gradient_by_windows, gradient_in_loops, gradient_by_slices, gradient_measured),
    mistakes=MISTAKES,
    hints=(
        (
            "If one kernel value grows a little, which pixels does the prediction gain, and how "
            "much does that matter where the error is large?"
        ),
        (
            "Two convolutions: image with kernel gives the prediction, and so the error. Then the "
            "image again, with the error in the place of a kernel."
        ),
        "error = prediction - ...; the result is 2 / error.size * conv2d_valid(..., ...).",
    ),
)
