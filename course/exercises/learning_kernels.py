"""Lesson 6: how a kernel is learned, and the convolution of lesson 1 without loops over pixels."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

import helpers
from course.exercises.convolution_by_hand import CONV2D_VALID, conv_cases
from course.exercises.exercise import ByCalls, Call, call, mistake
from course.exercises.trials import (
    cubes,
    growing_squares,
    neighbours_multiplied,
    seven,
    sum_of_squares,
)
from helpers import VERTICAL, conv2d, conv_layer, true_convolution
from helpers.learning import (
    kernel_gradient,
    learn_kernel,
    mean_squared_error,
    numerical_gradient,
)

Generator = np.random.Generator
Array = np.ndarray


def taught(*names: str) -> tuple[str, ...]:
    """Name what answers an exercise in the room where learning is."""
    return tuple(f"learning.{name}" for name in names)


# --- 1. One number that says how wrong a prediction is ----------------------------------------


def error_cases(rng: Generator) -> Iterator[Call]:
    # No bytes against bytes: their difference wraps around before anyone squares it.
    yield call(rng.normal(size=(4, 5)), rng.normal(size=(4, 5)))
    yield call(rng.normal(size=(5, 3)), np.zeros((5, 3)))
    yield call(rng.integers(-9, 10, (3, 6)), rng.integers(-9, 10, (3, 6)))
    yield call(255 * rng.random((4, 3)), rng.integers(0, 256, (4, 3)).astype(np.uint8))
    yield call(rng.normal(size=(2, 7)).astype(np.float32), rng.normal(size=(2, 7)))
    yield call(np.array([[0.25]]), np.array([[-0.5]]))
    yield call(np.arange(6.0).reshape(1, 6), np.arange(6.0).reshape(1, 6))
    yield call(rng.normal(size=(6, 1)), 3 + rng.normal(size=(6, 1)))


MEAN_SQUARED_ERROR = ByCalls(
    key="mean_squared_error",
    title="Say in one number how wrong a prediction is",
    points=1,
    minutes=2,
    reference=mean_squared_error,
    helpers=taught("mean_squared_error"),
    examples=(
        call(np.array([[1.0, 2.0, 3.0]]), np.array([[1.0, 2.0, 6.0]])),
        call(np.array([[2, 0], [1, 5]]), np.array([[0, 1], [1, 2]])),
    ),
    cases=error_cases,
    alternatives=(
        lambda p, t: np.mean((p - t) ** 2),
        lambda p, t: sum((a - b) ** 2 for a, b in zip(p.flat, t.flat, strict=True)) / p.size,
        lambda p, t: np.vdot(p - t, p - t) / t.size,
        lambda p, t: np.linalg.norm(p - t) ** 2 / np.size(p),
        lambda p, t: np.square(np.subtract(p, t, dtype=float)).mean(axis=1).mean(),
    ),
    mistakes=(
        mistake("not_squared", "You average the differences as they are: one that is too high makes "
              "up for one that is too low. Square each difference first.",
              lambda p, t: np.mean(p - t), lambda p, t: np.mean(t - p),
              lambda p, t: abs(np.mean(p - t)), lambda p, t: np.sum(p - t),lambda p, t: 2 * np.mean(p - t),),
        mistake("absolute_error", "You average the sizes of the differences, without squaring them: "
              "1 in the first example, where (0 + 0 + 9) / 3 = 3 is right.",
              lambda p, t: np.mean(abs(p - t)), lambda p, t: np.sum(abs(p - t))),
        mistake("squared_too_late", "You square the mean, and the mean of the squares is wanted: "
              "square each difference, then average.",
              lambda p, t: np.mean(p - t) ** 2, lambda p, t: np.sum(p - t) ** 2,
              lambda p, t: np.sum(p - t) ** 2 / p.size),
        mistake("not_averaged", "You add up the squares: 9 in the first example. The mean of the "
              "three values 0, 0 and 9 is 3.",
              lambda p, t: np.sum((p - t) ** 2)),
        mistake("root_taken", "A square root is taken. Without it the gradient is easier to write "
              "down: the mean of the squares is all that is wanted.",
              lambda p, t: np.sqrt(np.mean((p - t) ** 2)),
              lambda p, t: np.linalg.norm(p - t), lambda p, t: np.linalg.norm(p - t) / p.size),
        mistake("halved", "You have half of it. Some books divide by 2 as well, so that the gradient "
              "loses its 2; here the plain mean is wanted.",
              lambda p, t: np.mean((p - t) ** 2) / 2, lambda p, t: np.sum((p - t) ** 2) / 2),
        mistake("wrong_count", "You divide by the number of rows, or of columns, or by one less. The "
              "mean divides by how many values there are: `.size`.",
              lambda p, t: np.sum((p - t) ** 2) / len(p),
              lambda p, t: np.sum((p - t) ** 2) / p.shape[1],
              lambda p, t: np.sum((p - t) ** 2) / max(p.size - 1, 1),
              lambda p, t: np.sum((p - t) ** 2) / sum(p.shape)),
        mistake("squares_subtracted", "You square each array and subtract then. Subtract first: (1 - "
              "3)**2 is 4, and 1**2 - 3**2 is -8.",
              lambda p, t: np.mean(p**2.0 - t**2.0), lambda p, t: np.mean(p - t**2.0),
              lambda p, t: np.mean(p**2.0) - np.mean(t**2.0), lambda p, t: np.mean(p**2.0 - t)),
        mistake("not_one_number", "Something is left over along an axis. One mean of all values is "
              "wanted: np.mean without an axis.",
              lambda p, t: np.mean((p - t) ** 2, axis=0), lambda p, t: (p - t) ** 2,
              lambda p, t: np.mean((p - t) ** 2, axis=1)),
        mistake("only_the_largest", "You return one of the squares, or their median. All of them "
              "count: average them.",
              lambda p, t: np.max((p - t) ** 2), lambda p, t: np.max(abs(p - t)),
              lambda p, t: np.median((p - t) ** 2), lambda p, t: (p - t)[0, 0] ** 2,
              lambda p, t: (p - t)[-1, -1] ** 2, lambda p, t: np.mean((p - t)[0] ** 2)),
        mistake("relative", "You divide by the target, or by how much it varies. The plain mean of "
              "the squares is wanted.",
              lambda p, t: np.mean((p - t) ** 2) / (np.var(t) or 1),
              lambda p, t: np.mean((p - t) ** 2) / (np.mean(t**2.0) or 1),
              lambda p, t: np.var(p - t), lambda p, t: np.std(p - t),lambda p, t: np.nan_to_num(np.corrcoef(p.ravel(), t.ravel())[0, 1]),),
        mistake("added", "You add prediction and target, or multiply them. The error is their "
              "difference.",
              lambda p, t: np.mean((p + t) ** 2.0), lambda p, t: np.mean(p * t)),
        mistake("wrong_power", "Each difference is raised to another power than 2, or a root is taken of "
              "its size.",
              *(lambda p, t, n=n: np.mean(abs(p - t) ** n) for n in (0.5, 3, 4)),
              lambda p, t: np.mean((p - t) ** 3.0), lambda p, t: np.sqrt(np.mean(abs(p - t)))),
        mistake("part_left_out", "Some differences do not count: a row or a column is left out, or "
              "all that are negative.",
              lambda p, t: np.mean(np.maximum(p - t, 0) ** 2),
              lambda p, t: np.mean(np.minimum(p - t, 0) ** 2),
              *(lambda p, t, part=part: np.sum((p - t)[part] ** 2) / max((p - t)[part].size, 1)
                for part in (np.s_[1:], np.s_[:-1], np.s_[:, 1:], np.s_[:, :-1])),
              *(lambda p, t, part=part: np.sum((p - t)[part] ** 2) / p.size
                for part in (np.s_[:1], np.s_[1:], np.s_[:-1], np.s_[:, 1:], np.s_[:, :-1]))),
        mistake("equal_counted", "You count where the two are equal, or not. How far apart they are "
              "is what matters.",
              lambda p, t: np.mean(p == t), lambda p, t: np.mean(p != t),
              lambda p, t: np.sum(p != t)),
        mistake("rounded", "The result is rounded. Keep all its digits.",
              *(lambda p, t, n=n: np.round(mean_squared_error(p, t), n) for n in (1, 2, 3))),
    ),
    hints=(
        ("What is the difference of each value from the one that it should be, and can two "
        "differences cancel?"),
        "Three steps in this order: subtract, square, average over all values.",
        "One line: float(np.mean((... - ...) ** ...)).",
    ),
)  # fmt: skip


# --- 2. Which way each kernel value should go -------------------------------------------------


def error_of(image: Array, kernel: Array, target: Array) -> Array:
    """How far each prediction is too high."""
    return conv2d(image, kernel) - target


def gradient_like(
    error: Callable[..., Any] = error_of, total: Callable[[Array, Array], Any] = conv2d
) -> Callable[..., Any]:
    """Derive the gradient from this error, added up with the image in this way."""

    def gradient(image: Array, kernel: Array, target: Array) -> Any:
        e = error(image, kernel, target)
        return 2 / e.size * total(image, e)

    return gradient


def changed_gradient(change: Callable[..., Any]) -> Callable[..., Any]:
    """Do something to the right gradient g: ``change(g, n, kernel)``, n values in the target."""
    return lambda image, kernel, target: change(
        kernel_gradient(image, kernel, target), target.size, kernel
    )


def only(values: Array, part: Any) -> Array:
    """Set all values to 0 but those of one part."""
    out = np.zeros(values.shape)
    out[part] = values[part]
    return out


def gradient_by_windows(image: Array, kernel: Array, target: Array) -> Array:
    windows = sliding_window_view(image, kernel.shape)
    error = np.einsum("rcij,ij->rc", windows, kernel) - target
    return 2 * np.einsum("rcij,rc->ij", windows, error) / error.size


def gradient_in_loops(image: Array, kernel: Array, target: Array) -> Array:
    gradient = np.zeros(kernel.shape)
    rows, cols = target.shape
    for r in range(rows):
        for c in range(cols):
            window = image[r : r + kernel.shape[0], c : c + kernel.shape[1]]
            gradient += 2 * (np.sum(window * kernel) - target[r, c]) * window
    return gradient / (rows * cols)


def gradient_by_slices(image: Array, kernel: Array, target: Array) -> Array:
    error = error_of(image, kernel, target)
    rows, cols = error.shape
    return np.array([
        [2 * np.mean(error * image[i : i + rows, j : j + cols]) for j in range(kernel.shape[1])]
        for i in range(kernel.shape[0])
    ])  # fmt: skip


def gradient_measured(image: Array, kernel: Array, target: Array) -> Array:
    return numerical_gradient(lambda k: mean_squared_error(conv2d(image, k), target), kernel)


def pair(rng: Generator, image: Any, kernel: Any) -> Call:
    """Make a target of the size that fits, of about the size of the prediction."""
    prediction = conv2d(image, kernel)
    target = prediction + rng.normal(scale=1 + np.std(prediction), size=prediction.shape)
    return call(image, kernel, target.round(2))


def gradient_cases(rng: Generator) -> Iterator[Call]:
    yield pair(rng, rng.normal(size=(6, 8)), rng.normal(size=(3, 3)))
    yield pair(rng, rng.normal(size=(7, 5)), np.zeros((3, 3)))
    yield pair(rng, rng.integers(0, 9, (5, 6)), np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]))
    yield pair(rng, rng.integers(0, 256, (5, 5)).astype(np.uint8), rng.normal(size=(2, 3)))
    yield pair(rng, rng.random((6, 4)), rng.normal(size=(2, 2)))
    yield pair(rng, rng.normal(size=(4, 7)), rng.normal(size=(1, 3)))
    yield pair(rng, rng.normal(size=(6, 5)), rng.normal(size=(4, 2)))
    yield pair(rng, rng.normal(size=(3, 4)), rng.normal(size=(3, 4)))
    yield pair(rng, rng.normal(size=(5, 3)), rng.normal(size=(1, 1)))


KERNEL_GRADIENT = ByCalls(
    key="kernel_gradient",
    title="Find out which way each kernel value should go",
    points=3,
    minutes=8,
    reference=kernel_gradient,
    helpers=taught("kernel_gradient"),
    examples=(
        call(np.array([[1.0, 2.0, 4.0]]), np.array([[0.0, 0.0]]), np.array([[1.0, 2.0]])),
        call(np.array([[1.0, 0.0, 2.0], [0.0, 3.0, 1.0], [2.0, 1.0, 0.0]]),
             np.array([[1.0, 0.0], [0.0, 0.5]]), np.array([[0.5, 1.5], [1.5, 3.0]])),
    ),
    cases=gradient_cases,
    alternatives=(gradient_by_windows, gradient_in_loops, gradient_by_slices, gradient_measured),
    mistakes=(
        mistake("negated", "Every sign is wrong: the error is prediction minus target. As it is, "
              "each step against your gradient would make the error larger.",
              changed_gradient(lambda g, n, k: -g)),
        mistake("two_missing", "All values are half as large as they should be: the derivative of a "
              "square, e**2, brings a factor 2.",
              changed_gradient(lambda g, n, k: g / 2), changed_gradient(lambda g, n, k: -g / 2)),
        mistake("not_averaged", "You add up over all pixels and do not average. The error is a "
              "*mean*, so its gradient is divided by the number of values in the target.",
              changed_gradient(lambda g, n, k: g * n), changed_gradient(lambda g, n, k: g * n / 2),
              changed_gradient(lambda g, n, k: -g * n)),
        mistake("wrong_count", "You divide by another number than how many values the target has. "
              "The mean of the error was taken over those: `error.size`.",
              changed_gradient(lambda g, n, k: g * n / k.size),
              changed_gradient(lambda g, n, k: g / n),
              lambda x, k, t: kernel_gradient(x, k, t) * t.size / x.size,
              lambda x, k, t: kernel_gradient(x, k, t) * t.size / len(t),
              lambda x, k, t: kernel_gradient(x, k, t) * t.size / t.shape[1],
              *(lambda x, k, t, count=count: kernel_gradient(x, k, t) * t.size / 2 / count(x, k, t)
                for count in (lambda x, k, t: x.size, lambda x, k, t: k.size,
                              lambda x, k, t: len(t), lambda x, k, t: t.shape[1])),
              lambda x, k, t: kernel_gradient(x, k, t) * t.size / ((len(t) - 1) * (t.shape[1] - 1)),
        ),
        mistake("error_forgotten", "The image is convolved with the prediction or the target alone. "
              "It is their difference, the error, that says which way to go.",
              gradient_like(lambda x, k, t: conv2d(x, k)), gradient_like(lambda x, k, t: t),gradient_like(lambda x, k, t: np.ones(t.shape)),),
        mistake("image_forgotten", "Each kernel value got the same number, or none that depends on "
              "the pixels it met. The error has to be multiplied by the image, shifted by (i, j).",
              gradient_like(total=lambda x, e: np.sum(e)),
              lambda x, k, t: np.full(k.shape, 2 * np.mean(error_of(x, k, t))),
              lambda x, k, t: np.full(k.shape, np.sum(kernel_gradient(x, k, t))),
              lambda x, k, t: np.mean(error_of(x, k, t)) * k,
              lambda x, k, t: 2 * np.mean(error_of(x, k, t)) * k,
              lambda x, k, t: np.full(k.shape, np.mean(error_of(x, k, t))),
              lambda x, k, t: np.full(k.shape, 2 * np.mean(
                  error_of(x, k, t) * x[: len(t), : t.shape[1]])),
        ),
        mistake("error_shaped", "Your result has the target's shape. The gradient has one number for "
              "each *kernel* value: how much the whole error changes with it.",
              error_of, lambda x, k, t: 2 * error_of(x, k, t),
              lambda x, k, t: 2 / t.size * error_of(x, k, t),
              lambda x, k, t: 2 / t.size * error_of(x, k, t) * x[: len(t), : t.shape[1]],
              lambda x, k, t: error_of(x, k, t) ** 2,lambda x, k, t: 2 * error_of(x, k, t) * k, lambda x, k, t: error_of(x, k, t) / k.size,),
        mistake("error_flipped", "The error is flipped, or your result is turned by 180 degrees. "
              "Nothing is flipped here: value (i, j) meets the image shifted down by i and right "
              "by j.",
              gradient_like(total=true_convolution),
              changed_gradient(lambda g, n, k: g[::-1, ::-1]),
              gradient_like(total=lambda x, e: conv2d(x, e[::-1])),
              gradient_like(total=lambda x, e: conv2d(x, e[:, ::-1])),
        ),
        mistake("prediction_flipped", "The prediction was made with a flipped kernel (true "
              "convolution). This course does not flip.",
              gradient_like(lambda x, k, t: true_convolution(x, k) - t),gradient_like(lambda x, k, t: conv2d(x, k.T) - t),),
        mistake("transposed", "Rows and columns are swapped: value (i, j) goes with i rows down and "
              "j columns right.",
              changed_gradient(lambda g, n, k: g.T),
              gradient_like(total=lambda x, e: conv2d(x.T, e))),
        mistake("kernel_ignored", "Your prediction does not depend on the kernel that was given. "
              "Convolve the image with that kernel first.",
              lambda x, k, t: kernel_gradient(x, np.zeros(k.shape), t),
              lambda x, k, t: kernel_gradient(x, np.ones(k.shape), t)),
        mistake("error_not_signed", "Your error has lost its sign, or is squared. The gradient needs "
              "the error itself: too high counts as plus, too low as minus.",
              gradient_like(lambda x, k, t: abs(error_of(x, k, t))),
              gradient_like(lambda x, k, t: error_of(x, k, t) ** 2),
              gradient_like(lambda x, k, t: np.sign(error_of(x, k, t))),
              lambda x, k, t: conv2d(x, np.sign(error_of(x, k, t))) / t.size),
        mistake("step_taken", "You return a changed kernel. Only the gradient is wanted here; the "
              "step comes in the next exercise but one.",
              changed_gradient(lambda g, n, k: k - g), changed_gradient(lambda g, n, k: k + g),
              changed_gradient(lambda g, n, k: k - 0.1 * g),
              changed_gradient(lambda g, n, k: k - 0.01 * g),changed_gradient(lambda g, n, k: k - 0.05 * g), changed_gradient(lambda g, n, k: k - 0.001 * g),),
        mistake("length_one", "The gradient is divided by its length or its largest value. How large "
              "it is matters: far from the goal the steps are long, near it they are short.",
              changed_gradient(lambda g, n, k: g / np.linalg.norm(g)),
              changed_gradient(lambda g, n, k: g / np.abs(g).max()),
              changed_gradient(lambda g, n, k: np.sign(g)),
              lambda x, k, t: kernel_gradient(x, k, t) / np.mean(error_of(x, k, t) ** 2),
              lambda x, k, t: kernel_gradient(x, k, t) / np.sqrt(np.mean(error_of(x, k, t) ** 2)) / 2,
              changed_gradient(lambda g, n, k: np.clip(g, -1, 1)),
        ),
        mistake("multiplied_by_kernel", "There is a factor too many: the kernel is already in the "
              "error. Its value (i, j) leaves only the pixel it multiplies.",
              changed_gradient(lambda g, n, k: g * k)),
        mistake("one_number", "You return one number: the error, or a mean. The gradient has a "
              "number for each kernel value.",
              lambda x, k, t: np.mean(error_of(x, k, t) ** 2),
              changed_gradient(lambda g, n, k: g.sum()), changed_gradient(lambda g, n, k: g.mean())),
        mistake("integer_dtype", "The fractions are gone where the kernel holds whole numbers: "
              "np.zeros_like(kernel) makes such an array too. np.zeros(kernel.shape) holds "
              "floats.",
              changed_gradient(lambda g, n, k: g.astype(k.dtype))),
        mistake("only_3x3", "This works for 3x3 kernels only. How many values there are stands in "
              "`kernel.shape`.",
              lambda x, k, t: np.array([
                  [2 * np.mean(error_of(x, k, t) * x[i:, j:][: len(t), : t.shape[1]])
                   for j in range(3)] for i in range(3)]),lambda x, k, t: np.zeros((3, 3)),),
        mistake("not_accumulated", "Only part of the error counts: one pixel of it, a row or a column. "
              "Add up over all rows and all columns, and return after the loops.",
              *(gradient_like(lambda x, k, t, part=part: only(error_of(x, k, t), part))
                for part in (np.s_[:1], np.s_[:, :1], np.s_[:1, :1], np.s_[-1:], np.s_[:, -1:],
                             np.s_[-1:, -1:], np.s_[:-1], np.s_[:, :-1], np.s_[:-1, :-1])),
              changed_gradient(lambda g, n, k: only(g, np.s_[:1])),
              changed_gradient(lambda g, n, k: only(g, np.s_[:1]) * n),
        ),
        mistake("means_multiplied", "You multiply a mean of the error by pixels, or by their mean. "
              "Multiply first, each error by the pixel it belongs to, and average then.",
              gradient_like(total=lambda x, e: np.mean(e) * conv2d(x, np.ones(e.shape))),
              lambda x, k, t: 2 * np.mean(error_of(x, k, t)) * x[: len(k), : k.shape[1]]),
        mistake("image_changed", "The image is flipped, squared or shifted before the error meets "
              "it. Take its pixels as they are.",
              gradient_like(total=lambda x, e: conv2d(x[::-1, ::-1], e)),
              gradient_like(total=lambda x, e: conv2d(x**2.0, e)),
              gradient_like(total=lambda x, e: conv2d(x - x.mean(), e))),
        mistake("kernel_convolved", "The error is convolved with the kernel, and it is the image "
              "that it should meet.",
              lambda x, k, t: 2 / t.size * conv2d(error_of(x, k, t), k)),
        mistake("padded", "Your result is larger than the kernel. Only the places where the whole "
              "error fits on the image are wanted: there are as many as kernel values.",
              lambda x, k, t: 2 / t.size * conv2d(x, error_of(x, k, t), padding="same"),
              lambda x, k, t: 2 / t.size * conv2d(
                  np.pad(x, [(n - 1, n - 1) for n in t.shape]), error_of(x, k, t)),
              lambda x, k, t: 2 / t.size * conv2d(np.pad(x, 1), error_of(x, k, t))),
        mistake("rounded", "The result is rounded. Keep all its digits.",
              *(changed_gradient(lambda g, n, k, digits=digits: g.round(digits))
                for digits in (1, 2, 3))),
    ),
    hints=(
        ("If one kernel value grows a little, which pixels does the prediction gain, and how much "
        "does that matter where the error is large?"),
        ("Two convolutions: image with kernel gives the prediction, and so the error. Then the "
        "image again, with the error in the place of a kernel."),
        "error = prediction - ...; the result is 2 / error.size * conv2d_valid(..., ...).",
    ),
)  # fmt: skip


# --- 3. The same, measured --------------------------------------------------------------------


def slope_cases(rng: Generator) -> Iterator[Call]:
    # Steps of a half and more: there, central, forward and backward differences are far apart.
    yield call(cubes, rng.normal(size=(2, 3)))
    yield call(cubes, rng.normal(size=(3, 2)), epsilon=0.5)
    yield call(growing_squares, rng.normal(size=(3, 3)), 0.25)
    yield call(neighbours_multiplied, rng.normal(size=(2, 2)), epsilon=0.25)
    yield call(growing_squares, rng.normal(size=(1, 4)), epsilon=1e-3)
    yield call(cubes, rng.normal(size=(4, 1)), 1.0)
    yield call(growing_squares, rng.integers(-3, 4, (2, 4)))
    yield call(cubes, rng.integers(-3, 4, (3, 2)), epsilon=0.5)
    yield call(neighbours_multiplied, rng.normal(size=(3, 4)), epsilon=0.5)
    yield call(growing_squares, np.array([[-2.5]]))
    yield call(seven, rng.normal(size=(2, 2)))


def slopes(
    measure: Callable[..., Any], steps: Callable[[Array], Array] = np.ones_like
) -> Callable[..., Any]:
    """Measure place by place; ``measure(f, k, d, e)`` with d = 1 at that place, 0 elsewhere."""

    def gradient(function: Any, kernel: Any, epsilon: float = 1e-5) -> Array:
        k = np.array(kernel, dtype=float)
        directions = np.eye(k.size).reshape(-1, *k.shape)
        return np.array([measure(function, k, d, epsilon) for d in directions]).reshape(k.shape)

    return gradient


def central(f: Any, k: Array, d: Array, e: float) -> Any:
    return (f(k + e * d) - f(k - e * d)) / (2 * e)


def slopes_one_by_one(function, kernel, epsilon=1e-5):
    gradient = np.zeros(kernel.shape)
    for i in range(kernel.shape[0]):
        for j in range(kernel.shape[1]):
            plus, minus = kernel.astype(float), kernel.astype(float)
            plus[i, j] += epsilon
            minus[i, j] -= epsilon
            gradient[i, j] = (function(plus) - function(minus)) / (2 * epsilon)
    return gradient


def slopes_flat(function, kernel, epsilon=1e-5):
    values = np.asarray(kernel, dtype=float).ravel().tolist()
    found = []
    for n, value in enumerate(values):
        sides = [
            function(np.array([*values[:n], value + step, *values[n + 1 :]]).reshape(kernel.shape))
            for step in (epsilon, -epsilon)
        ]
        found.append((sides[0] - sides[1]) / 2 / epsilon)
    return np.reshape(found, kernel.shape)


def slopes_piling_up(function, kernel, epsilon=1e-5):
    plus, minus = kernel.astype(float), kernel.astype(float)
    gradient = np.zeros(kernel.shape)
    for place in np.ndindex(kernel.shape):
        plus[place] += epsilon
        minus[place] -= epsilon
        gradient[place] = (function(plus) - function(minus)) / (2 * epsilon)
    return gradient


def slopes_creeping(function, kernel, epsilon=1e-5):
    k = kernel.astype(float)
    gradient = np.zeros(kernel.shape)
    for place in np.ndindex(kernel.shape):
        k[place] += epsilon
        above = function(k)
        k[place] -= 2 * epsilon
        gradient[place] = (above - function(k)) / (2 * epsilon)
    return gradient


def slopes_at(places: Callable[[tuple[int, ...]], Any]) -> Callable[..., Array]:
    """Measure the right slope, but only at some places; 0 elsewhere."""

    def gradient(function: Any, kernel: Any, epsilon: float = 1e-5) -> Array:
        right = numerical_gradient(function, kernel, epsilon)
        out = np.zeros(right.shape)
        for place in places(right.shape):
            out[place] = right[place]
        return out

    return gradient


def together(function: Any, kernel: Array, epsilon: float, axis: int) -> Array:
    """Move a whole row (axis 1) or column (axis 0) at once."""
    right = numerical_gradient(function, kernel, epsilon)
    for place in np.ndindex(kernel.shape):
        direction = np.zeros(kernel.shape)
        direction[(place[0], slice(None)) if axis else (slice(None), place[1])] = 1
        right[place] = central(function, kernel, direction, epsilon)
    return right


def in_own_type(function, kernel, epsilon=1e-5):
    def cut(k: Array) -> Any:
        return function(np.trunc(k) if kernel.dtype.kind in "iu" else k)

    return slopes(lambda f, k, d, e: central(cut, k, d, e))(function, kernel, epsilon)


NUMERICAL_GRADIENT = ByCalls(
    key="numerical_gradient",
    title="Measure a gradient instead of deriving it",
    points=2,
    minutes=5,
    reference=numerical_gradient,
    helpers=taught("numerical_gradient"),
    examples=(
        call(sum_of_squares, np.array([[1.0, -3.0], [0.5, 2.0]])),
        call(cubes, np.array([[1.0, 2.0]]), epsilon=0.5),
    ),
    cases=slope_cases,
    alternatives=(
        slopes(central),
        slopes_one_by_one,
        slopes_flat,
        slopes(lambda f, k, d, e: (f(k + e * d) - f(k)) / (2 * e) + (f(k) - f(k - e * d)) / (2 * e)),
    ),
    mistakes=(
        mistake("forward_only", "You measure from the kernel itself to one side only. Half the step "
              "on each side of it is far more exact: f(k + e) - f(k - e), divided by 2 * e.",
              slopes(lambda f, k, d, e: (f(k + e * d) - f(k)) / e),
              slopes(lambda f, k, d, e: (f(k) - f(k - e * d)) / e),
              slopes(lambda f, k, d, e: (f(k + e * d) - f(k)) / (2 * e)),
              slopes(lambda f, k, d, e: (f(k + 2 * e * d) - f(k)) / (2 * e))),
        mistake("two_missing", "From k - epsilon to k + epsilon it is two epsilons. Divide by 2 * "
              "epsilon.",
              slopes(lambda f, k, d, e: (f(k + e * d) - f(k - e * d)) / e),
              slopes(lambda f, k, d, e: (f(k + e * d / 2) - f(k - e * d / 2)) / (2 * e))),
        mistake("brackets_missing", "You multiply by epsilon: a / 2 * epsilon is (a / 2) * epsilon. "
              "Brackets help: a / (2 * epsilon).",
              slopes(lambda f, k, d, e: (f(k + e * d) - f(k - e * d)) / 2 * e),
              slopes(lambda f, k, d, e: (f(k + e * d) - f(k - e * d)) * 2 * e),
              slopes(lambda f, k, d, e: f(k + e * d) - f(k - e * d) / (2 * e)),slopes(lambda f, k, d, e: (f(k + e * d) - f(k - e * d)) / (2 * e**2)),),
        mistake("not_divided", "The difference is not divided by the step, 2 * epsilon: a slope is "
              "how much per how far.",
              slopes(lambda f, k, d, e: f(k + e * d) - f(k - e * d)),
              slopes(lambda f, k, d, e: (f(k + e * d) - f(k - e * d)) / 2)),
        mistake("negated", "Every sign is wrong: subtract the value at k - epsilon from the one at k "
              "+ epsilon.",
              slopes(lambda f, k, d, e: -central(f, k, d, e)),
              slopes(lambda f, k, d, e: (f(k) - f(k + e * d)) / e),slopes(lambda f, k, d, e: (f(k - e * d) - f(k)) / e),),
        mistake("not_put_back", "The value that you changed is not put back before the next one is "
              "changed. Only one value may differ at a time.",
              slopes_piling_up, slopes_creeping,
              lambda f, k, epsilon=1e-5: numerical_gradient(f, k, epsilon).cumsum(1),
              lambda f, k, epsilon=1e-5: numerical_gradient(f, k, epsilon).cumsum().reshape(k.shape),
        ),
        mistake("all_at_once", "All kernel values are changed together, so you get one slope for all "
              "of them. Change one, measure, put it back; then the next.",
              lambda f, k, epsilon=1e-5: central(f, k, np.ones(k.shape), epsilon),
              lambda f, k, epsilon=1e-5: np.full(
                  k.shape, central(f, k, np.ones(k.shape), epsilon)),
              lambda f, k, epsilon=1e-5: np.sum(numerical_gradient(f, k, epsilon)),
              lambda f, k, epsilon=1e-5: np.mean(numerical_gradient(f, k, epsilon)),
              lambda f, k, epsilon=1e-5: together(f, k, epsilon, 0),
              lambda f, k, epsilon=1e-5: together(f, k, epsilon, 1),
        ),
        mistake("epsilon_ignored", "Your step is always the same. Take the one that is given: "
              "`epsilon`.",
              *(lambda f, k, epsilon=1e-5, e=e: numerical_gradient(f, k, e)  # type: ignore[misc]
                for e in (1e-5, 1e-6, 1e-4, 1e-3, 1e-2, 0.1, 0.5, 1.0))),
        mistake("relative_step", "Your step depends on the kernel value: k * (1 + epsilon). A value "
              "of 0 would not move at all. Add epsilon to it.",
              slopes(lambda f, k, d, e: central(f, k, d * k, e)),
              slopes(lambda f, k, d, e: (f(k * (1 + e * d)) - f(k)) / e),
              slopes(lambda f, k, d, e: central(f, k, d * abs(k), e))),
        mistake("second_derivative", "That is how fast the slope itself changes. The slope is the "
              "difference of two values, over 2 * epsilon.",
              slopes(lambda f, k, d, e: (f(k + e * d) - 2 * f(k) + f(k - e * d)) / e**2)),
        mistake("added", "You add the two values instead of subtracting them.",
              slopes(lambda f, k, d, e: (f(k + e * d) + f(k - e * d)) / (2 * e)),
              slopes(lambda f, k, d, e: (f(k + e * d) + f(k - e * d)) / 2)),
        mistake("places_left_out", "Some places are still 0: not every kernel value gets its turn. "
              "Loop over all rows and all columns.",
              slopes_at(lambda shape: [(i, i) for i in range(min(shape))]),
              slopes_at(lambda shape: [(0, 0)]),
              slopes_at(lambda shape: np.ndindex(1, shape[1])),
              slopes_at(lambda shape: np.ndindex(shape[0], 1)),
              slopes_at(lambda shape: np.ndindex(min(shape), min(shape))),
              slopes_at(lambda shape: np.ndindex(shape[0] - 1, shape[1] - 1)),
              slopes_at(lambda shape: [(shape[0] - 1, shape[1] - 1)])),
        mistake("integer_copy", "An array of whole numbers cannot hold 1.00001: adding epsilon "
              "changed nothing there. Work on kernel.astype(float).",
              in_own_type, lambda f, k, epsilon=1e-5: numerical_gradient(f, k, epsilon) * (
                  k.dtype.kind == "f"),
              lambda f, k, epsilon=1e-5: numerical_gradient(f, k, epsilon).astype(k.dtype)),
        mistake("values_returned", "You return the function's values, or the kernel, and not a slope.",
              slopes(lambda f, k, d, e: f(k + e * d)), lambda f, k, epsilon=1e-5: f(k),
              lambda f, k, epsilon=1e-5: k - numerical_gradient(f, k, epsilon),
              lambda f, k, epsilon=1e-5: k, lambda f, k, epsilon=1e-5: 2 * k,
              lambda f, k, epsilon=1e-5: k - 0.1 * numerical_gradient(f, k, epsilon),
              lambda f, k, epsilon=1e-5: np.zeros(k.shape),slopes(lambda f, k, d, e: f(k + e * d) / (f(k - e * d) or 1)),),
        mistake("kernel_forgotten", "You measure round zero, or somewhere else than at the kernel that "
              "is given. Add to it and subtract from it.",
              slopes(lambda f, k, d, e: central(f, 0 * k, d, e)),
              slopes(lambda f, k, d, e: f(e * d)), slopes(lambda f, k, d, e: f(e * d) / e),
              slopes(lambda f, k, d, e: central(lambda q: f(q.T), k, d, e))),
        mistake("length_one", "The gradient is divided by its length. How large it is matters.",
              lambda f, k, epsilon=1e-5: numerical_gradient(f, k, epsilon) / (
                  np.linalg.norm(numerical_gradient(f, k, epsilon)) or 1),lambda f, k, epsilon=1e-5: np.sign(numerical_gradient(f, k, epsilon).round(9)),),
        mistake("rounded", "The result is rounded. Keep all its digits.",
              *(lambda f, k, epsilon=1e-5, n=n: numerical_gradient(f, k, epsilon).round(n)  # type: ignore[misc]
                for n in (1, 2, 3))),
    ),
    hints=(
        ("How would you find the slope of a hill where you stand, if you may take one small step "
        "forward and one small step back?"),
        ("For each place of the kernel: add epsilon there alone and ask the function, subtract it "
        "and ask again. Work on a copy that holds floats."),
        ("For each i and j: plus and minus are copies that differ from the kernel at [i, j] only; "
        "gradient[i, j] = (function(...) - function(...)) / (...)."),
    ),
)  # fmt: skip


# --- 4. Small steps against the gradient ------------------------------------------------------


def descent(
    step: Callable[..., Any] = lambda k, g, rate, n: k - rate * g,
    start: Callable[[tuple[int, int]], Array] = np.zeros,
    gradient: Callable[..., Any] = kernel_gradient,
    count: Callable[[int], int] = lambda steps: steps,
) -> Callable[..., Any]:
    """Descend with another step, from another start, along another gradient, or more often."""

    def learn(image: Array, target: Array, steps: int, learning_rate: float) -> Any:
        k = start((len(image) - len(target) + 1, image.shape[1] - target.shape[1] + 1))
        for n in range(count(steps)):
            k = step(k, gradient(image, k, target), learning_rate, n)
        return k

    return learn


def learned(change: Callable[[Array], Any]) -> Callable[..., Any]:
    """Change what was learned, at the end."""
    return lambda *arguments: change(learn_kernel(*arguments))


def lesson_of(rng: Generator, image: Any, kernel: Any, steps: int, rate: float) -> Call:
    """Make a before/after pair of an image and a kernel."""
    return call(image, conv2d(image, kernel), steps, rate)


def learning_cases(rng: Generator) -> Iterator[Call]:
    # Few steps tell how it was done; where there are many, every way down has arrived.
    signed = rng.uniform(-1, 1, (8, 10))
    yield lesson_of(rng, signed, rng.normal(size=(3, 3)), 1, 0.3)
    yield lesson_of(rng, signed, VERTICAL, 4, 0.5)
    yield lesson_of(rng, signed.T, VERTICAL, 5, 0.2)
    yield lesson_of(rng, rng.random((6, 9)), rng.normal(size=(2, 3)), 3, 0.1)
    yield lesson_of(rng, rng.random((7, 5)), rng.normal(size=(1, 2)), 2, 0.05)
    yield lesson_of(rng, rng.integers(0, 2, (6, 6)), rng.normal(size=(4, 2)), 2, 0.1)
    yield lesson_of(rng, rng.integers(0, 256, (6, 7)).astype(np.uint8), rng.random((3, 2)), 3, 1e-6)
    yield call(signed, rng.normal(size=(7, 8)), 3, 0.4)
    yield lesson_of(rng, rng.uniform(-2, 2, (9, 9)), VERTICAL, 25, 0.1)
    yield lesson_of(rng, signed, rng.normal(size=(2, 2)), 0, 0.1)


def solved(image: Array, target: Array, steps: int, learning_rate: float) -> Array:
    shape = tuple(np.subtract(image.shape, target.shape) + 1)
    windows = sliding_window_view(image, shape).reshape(target.size, -1).astype(float)
    return np.linalg.lstsq(windows, target.ravel())[0].reshape(shape)


def learn_with_matrices(image, target, steps, learning_rate):
    shape = tuple(np.subtract(image.shape, target.shape) + 1)
    windows = sliding_window_view(image, shape).reshape(target.size, -1).astype(float)
    weights = np.zeros(windows.shape[1])
    while steps > 0:
        weights -= (
            learning_rate * 2 / target.size * windows.T @ (windows @ weights - target.ravel())
        )
        steps -= 1
    return weights.reshape(shape)


def learn_by_recursion(image, target, steps, learning_rate):
    if steps == 0:
        return np.zeros(np.subtract(image.shape, target.shape) + 1)
    kernel = learn_by_recursion(image, target, steps - 1, learning_rate)
    return kernel - learning_rate * kernel_gradient(image, kernel, target)


def learn_in_place(image, target, steps, learning_rate):
    kernel = np.zeros((len(image) - len(target) + 1, image.shape[1] - target.shape[1] + 1))
    for _ in range(steps):
        kernel -= learning_rate * gradient_by_windows(image, kernel, target)
    return kernel


def with_momentum(image, target, steps, learning_rate):
    kernel = np.zeros(np.subtract(image.shape, target.shape) + 1)
    velocity = np.zeros(kernel.shape)
    for _ in range(steps):
        velocity = 0.9 * velocity - learning_rate * kernel_gradient(image, kernel, target)
        kernel = kernel + velocity
    return kernel


def at_random(seed: int, size: float) -> Iterator[Callable[[tuple[int, int]], Array]]:
    """Start from small numbers, drawn in the ways and with the seeds that people use."""
    yield lambda shape: size * np.random.default_rng(seed).normal(size=shape)
    yield lambda shape: size * np.random.default_rng(seed).random(shape)
    yield lambda shape: size * np.random.default_rng(seed).uniform(-1, 1, shape)
    yield lambda shape: size * np.random.RandomState(seed).randn(*shape)
    yield lambda shape: size * np.random.RandomState(seed).rand(*shape)


LEARN_KERNEL = ByCalls(
    key="learn_kernel",
    title="Learn a kernel from a picture before and after",
    points=3,
    minutes=6,
    reference=learn_kernel,
    helpers=taught("learn_kernel"),
    examples=(
        call(np.array([[1.0, 2.0, 4.0]]), np.array([[1.0, 2.0]]), 0, 0.1),
        call(np.array([[1.0, 2.0, 4.0]]), np.array([[1.0, 2.0]]), 1, 0.1),
        call(np.array([[1.0, 2.0, 4.0]]), np.array([[1.0, 2.0]]), 2, 0.01),
    ),
    cases=learning_cases,
    alternatives=(learn_with_matrices, learn_by_recursion, learn_in_place, descent()),
    mistakes=(
        mistake("ascent", "You go up instead of down: the kernel moves *with* the gradient, and the "
              "error grows with each step. Subtract it. (Or is target minus prediction in your "
              "gradient?)",
              descent(lambda k, g, rate, n: k + rate * g)),
        mistake("one_step", "Only one step is taken. Does `return` stand inside the loop, or does "
              "each step start from zero again?",
              descent(count=lambda steps: min(steps, 1)), descent(count=lambda steps: 1),
              descent(lambda k, g, rate, n: -rate * g)),
        mistake("gradient_not_renewed", "The gradient is computed once, before the loop. After each "
              "step the kernel is another one, and so is its gradient.",
              lambda x, t, steps, rate: learn_kernel(x, t, 1, rate * steps)),
        mistake("starts_elsewhere", "You do not start from zero. With 0 steps, all values should be "
              "0: np.zeros.",
              descent(start=np.ones), descent(start=lambda shape: np.full(shape, 0.5)),
              descent(start=lambda shape: np.full(shape, 0.1)),
              descent(start=lambda shape: np.full(shape, 0.01)),
              descent(start=lambda shape: np.ones(shape) / np.prod(shape)),
              descent(start=lambda shape: np.eye(*shape)),
              *(descent(start=start)
                for seed in (0, 42) for size in (1, 0.1) for start in at_random(seed, size)),
              descent(start=lambda shape: np.full(shape, 1 / 9)),
              *(descent(start=lambda shape, value=value: np.full(shape, value))  # type: ignore[misc]
                for value in (-1.0, 2.0, 0.001, 1e-4)),
              lambda x, t, steps, rate: descent(
                  start=lambda shape: x[: shape[0], : shape[1]].astype(float))(x, t, steps, rate),
              descent(start=lambda shape: VERTICAL.copy()),
        ),
        mistake("learning_rate_ignored", "The learning rate that is given is not used. It is the "
              "factor in front of the gradient.",
              *(descent(lambda k, g, rate, n, fixed=fixed: k - fixed * g)  # type: ignore[misc]
                for fixed in (1.0, 0.1, 0.01, 0.001, 0.5)),
              descent(lambda k, g, rate, n: k - g / rate),
              *(descent(lambda k, g, rate, n, fixed=fixed: k - fixed * g)  # type: ignore[misc]
                for fixed in (0.05, 0.2, 0.3, 0.02, 0.005)),
              descent(lambda k, g, rate, n: k - rate**2 * g),
        ),
        mistake("step_count", "You take one step too many or too few. `range(steps)` counts right.",
              descent(count=lambda steps: max(steps - 1, 0)), descent(count=lambda steps: steps + 1),
              descent(count=lambda steps: 2 * steps), descent(count=lambda steps: 10),
              descent(count=lambda steps: 100),
              descent(count=lambda steps: steps // 2), descent(count=lambda steps: max(steps, 1)),descent(count=lambda steps: steps + 2), descent(count=lambda steps: max(steps - 2, 0)), descent(count=lambda steps: 5),),
        mistake("two_missing", "Your steps are half as long as they should be: is the 2 missing in "
              "the gradient?",
              descent(lambda k, g, rate, n: k - rate / 2 * g),
              descent(lambda k, g, rate, n: k - rate * 2 * g)),
        mistake("not_averaged", "Your steps are too long, once for each pixel: the gradient has to "
              "be divided by how many values the target has.",
              descent(gradient=lambda x, k, t: t.size * kernel_gradient(x, k, t)),
              descent(gradient=lambda x, k, t: t.size / 2 * kernel_gradient(x, k, t)),
              descent(gradient=lambda x, k, t: len(t) * kernel_gradient(x, k, t)),
              descent(gradient=lambda x, k, t: t.size / k.size * kernel_gradient(x, k, t)),
              descent(gradient=lambda x, k, t: kernel_gradient(x, k, t) / t.size),
              descent(gradient=lambda x, k, t: t.size / x.size * kernel_gradient(x, k, t)),
              descent(gradient=lambda x, k, t: t.size / len(t) * kernel_gradient(x, k, t)),descent(gradient=lambda x, k, t: 2 / t.size * kernel_gradient(x, k, t)),),
        mistake("gradient_turned", "The gradient is flipped or transposed: each of its values has to "
              "move the kernel value at the same place.",
              descent(lambda k, g, rate, n: k - rate * g[::-1, ::-1]),
              descent(gradient=gradient_like(lambda x, k, t: true_convolution(x, k) - t)),
              descent(gradient=gradient_like(total=true_convolution)),
              learned(lambda k: k[::-1, ::-1]), learned(np.transpose),
              descent(lambda k, g, rate, n: k - rate * g.T)),
        mistake("length_one", "Every step has the same length, because you divide the gradient by "
              "its own, or take only its sign. Take it as it is.",
              descent(lambda k, g, rate, n: k - rate * g / (np.linalg.norm(g) or 1)),
              descent(lambda k, g, rate, n: k - rate * g / (np.abs(g).max() or 1)),
              descent(lambda k, g, rate, n: k - rate * np.sign(g))),
        mistake("rate_changes", "Your learning rate changes on the way, or old steps linger "
              "(momentum). Each step is learning_rate times the gradient of that moment.",
              descent(lambda k, g, rate, n: k - rate / (n + 1) * g),
              descent(lambda k, g, rate, n: k - rate * (n + 1) * g),
              *(descent(lambda k, g, rate, n, f=f: k - rate * f**n * g)
                for f in (0.5, 0.9, 0.95, 0.99)),
              with_momentum,
              descent(lambda k, g, rate, n: (1 - rate) * k - rate * g),
              descent(lambda k, g, rate, n: rate * k - g), descent(lambda k, g, rate, n: rate * k - rate * g),
              *(descent(lambda k, g, rate, n, kept=kept: kept * k - rate * g)  # type: ignore[misc]
                for kept in (0.9, 0.99, 0.999)),
              descent(gradient=lambda x, k, t: kernel_gradient(x, k, t) + 0.01 * k),
              descent(lambda k, g, rate, n: k - rate * g * abs(g)),
              descent(lambda k, g, rate, n: k - rate * g**2),descent(lambda k, g, rate, n: (1 - 0.1 * rate) * k - rate * g),),
        mistake("one_value_only", "Only part of the gradient is used: its mean or its sum. Each "
              "kernel value has a number of its own.",
              descent(lambda k, g, rate, n: k - rate * g.mean()),
              descent(lambda k, g, rate, n: k - rate * g.sum()),
              descent(lambda k, g, rate, n: k - rate * only(g, np.s_[:1, :1])),
              descent(lambda k, g, rate, n: k - rate * (g - g.mean())),
        ),
        mistake("solved_at_once", "You solve for the best kernel at once. That is a fine way here, "
              "and impossible in a network; take `steps` steps from zero instead.",
              solved),
        mistake("gradient_returned", "You return the last gradient, the prediction, its error, or "
              "every kernel on the way. The kernel after the last step is wanted.",
              lambda x, t, steps, rate: kernel_gradient(x, learn_kernel(x, t, steps, rate), t),
              lambda x, t, steps, rate: kernel_gradient(
                  x, learn_kernel(x, t, max(steps - 1, 0), rate), t),
              lambda x, t, steps, rate: conv2d(x, learn_kernel(x, t, steps, rate)),
              lambda x, t, steps, rate: mean_squared_error(
                  conv2d(x, learn_kernel(x, t, steps, rate)), t),
              lambda x, t, steps, rate: [learn_kernel(x, t, n, rate) for n in range(steps)],
              lambda x, t, steps, rate: learn_kernel(x, t, 0, rate),
              descent(lambda k, g, rate, n: g), lambda x, t, steps, rate: VERTICAL.copy(),
        ),
        mistake("only_3x3", "You learn a 3x3 kernel whatever the pair is. A kernel of height kh "
              "leaves H - kh + 1 rows: turn that round to find kh, and the same for kw.",
              lambda x, t, steps, rate: descent(start=lambda shape: np.zeros((3, 3)))(
                  x, t, steps, rate),
              lambda x, t, steps, rate: descent(start=lambda shape: np.zeros((shape[0],) * 2))(
                  x, t, steps, rate)),
        mistake("off_by_one_size", "The kernel's size is off by one: H - kh + 1 rows are left, so kh "
              "is H - rows + 1.",
              lambda x, t, steps, rate: np.zeros(np.subtract(x.shape, t.shape)),
              lambda x, t, steps, rate: learn_kernel(x, t, steps, rate)[:-1, :-1],
              lambda x, t, steps, rate: np.zeros(x.shape), lambda x, t, steps, rate: np.zeros(t.shape),
              lambda x, t, steps, rate: descent(start=lambda shape: np.zeros(
                  (shape[0] - 1, shape[1] - 1)))(x, t, steps, rate),
              descent(start=lambda shape: np.zeros(shape[::-1])),
        ),
        mistake("made_to_fit", "The kernel was rounded, or scaled to add up to 1. Nothing is known "
              "about it but the pair: leave it as the steps leave it.",
              learned(lambda k: k / (np.abs(k).sum() or 1)), learned(lambda k: np.round(k, 1)),
              learned(lambda k: np.round(k, 2)), learned(lambda k: k / (np.abs(k).max() or 1)),
              learned(lambda k: np.clip(k, -1, 1)),
              descent(lambda k, g, rate, n: np.clip(k - rate * g, -1, 1)),
              descent(lambda k, g, rate, n: np.maximum(k - rate * g, 0)),
              *(descent(lambda k, g, rate, n, digits=digits: np.round(k - rate * g, digits))  # type: ignore[misc]
                for digits in (1, 2, 3)),
              descent(lambda k, g, rate, n: (k - rate * g) / (np.abs(k - rate * g).sum() or 1)),
              descent(lambda k, g, rate, n: (k - rate * g) / (np.sum(k - rate * g) or 1)),learned(lambda k: 2 * k), learned(np.abs), learned(lambda k: k - k.mean()),),
        mistake("wrong_gradient", "Each step goes along something else than the gradient: the image "
              "convolved with the target alone, or scaled or shifted. `yours.kernel_gradient` gives "
              "it as it is.",
              descent(gradient=gradient_like(lambda x, k, t: t)),
              descent(gradient=lambda x, k, t: kernel_gradient(x / 255, k, t)),
              descent(gradient=lambda x, k, t: kernel_gradient(x - x.mean(), k, t)),
              descent(gradient=lambda x, k, t: np.abs(kernel_gradient(x, k, t)))),
        mistake("arguments_swapped", "steps and learning_rate have changed places, or image and "
              "target. Keep the order: image, target, steps, learning_rate.",
              lambda x, t, steps, rate: range(rate), lambda x, t, steps, rate: np.zeros(
                  np.subtract(t.shape, x.shape) + 1)),
    ),
    hints=(
        ("From the two sizes you know how large the kernel is. Which way does the gradient point, "
        "and which way do you want to go?"),
        ("Start with np.zeros. In each step, ask for the gradient of the kernel as it is now, and "
        "move the kernel a little against it."),
        ("for _ in range(steps): kernel = kernel - ... * kernel_gradient(image, ..., target). "
        "Return it after the loop."),
    ),
)  # fmt: skip


# --- 5. No loop over pixels -------------------------------------------------------------------


def spectra_multiplied(image: Array, kernel: Array) -> Array:
    """Convolve as mathematics does, and keep the wrong part: what lies before the image too."""
    size = tuple(np.add(image.shape, kernel.shape) - 1)
    full = np.fft.irfft2(np.fft.rfft2(image, size) * np.fft.rfft2(kernel, size), size)
    rows, cols = np.subtract(image.shape, kernel.shape) + 1
    return full[:rows, :cols]


def windows_times(
    image: Array, kernel: Array, sum_over: Callable[[Array], Any] = lambda p: p.sum((2, 3))
) -> Any:
    """Multiply every window by the kernel and add up over some axes."""
    return sum_over(sliding_window_view(image, kernel.shape) * kernel)


def wraps(image: Array, kernel: Array) -> Array:
    return np.asarray(
        sum(
            k * np.roll(image.astype(float), (-i, -j), (0, 1))
            for (i, j), k in np.ndenumerate(kernel)
        )
    )


def in_bytes(image: Array, kernel: Array) -> Any:
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


CONV2D_FAST = ByCalls(
    key="conv2d_fast",
    title="Convolve without a loop over pixels",
    points=3,
    minutes=6,
    reference=CONV2D_VALID.reference,
    helpers=CONV2D_VALID.helpers,
    examples=CONV2D_VALID.examples,
    cases=conv_cases,
    alternatives=CONV2D_VALID.alternatives,
    mistakes=(
        mistake("flipped", "The kernel is flipped: 732 on the worked example instead of 577. "
              "convolve2d, fftconvolve and a product of two spectra give true convolution; turn "
              "the kernel by 180 degrees first, or take np.conj of one spectrum.",
              true_convolution, spectra_multiplied),
        mistake("wrapped_round", "Values from the opposite side come in: the result has the image's "
              "size, and np.roll and Fourier transforms treat an image as a ring. Keep only the "
              "places where the whole kernel fits.",
              wraps, lambda x, k: wraps(x, k[::-1, ::-1]),
        ),
        mistake("axes_left_over", "The sum runs over the wrong axes. sliding_window_view gives four: "
              "place down, place across, and the window's own rows and columns, which are 2 and "
              "3.",
              *(lambda x, k, axes=axes: windows_times(x, k, lambda p: p.sum(axes))
                for axes in ((0, 1), (1, 2), (0, 3), (1, 3), (0, 2), -1, -2, 0, None))),
        mistake("averaged", "You take the mean of the products. Their sum is wanted.",
              lambda x, k: windows_times(x, k, lambda p: p.mean((2, 3)))),
        mistake("integer_dtype", "The sums are kept in the image's own type, where fractions are cut "
              "off and bytes wrap around. Start from np.zeros(shape), which holds floats.",
              in_bytes),
        *(one for one in CONV2D_VALID.mistakes if one.id != "rows_added_up"),
        mistake("not_shifted", "The image is turned round, or shifted by the wrong amount. Kernel value (i, "
              "j) meets image[i : i + rows, j : j + cols].",
              lambda x, k: conv2d(x[::-1], k), lambda x, k: conv2d(x[:, ::-1], k)),
        mistake("wrong_weight", "The shifts are right, but they meet the wrong kernel values: it is "
              "kernel[i, j] for the shift (i, j).",
              lambda x, k: conv2d(x, k - k.mean())),
        mistake("not_slid", "Image and kernel are multiplied as they are, or as matrices. The kernel "
              "has to meet every window of the image.",
              lambda x, k: x * k, lambda x, k: x @ k, lambda x, k: np.dot(x, k.T),
              lambda x, k: x[: len(k), : k.shape[1]] * k,
              lambda x, k: np.convolve(x.ravel(), k.ravel(), "same").reshape(x.shape),
              lambda x, k: np.correlate(x.ravel(), k.ravel(), "same").reshape(x.shape)),
    ),
    hints=(
        ("The kernel has nine values, the image thousands of pixels. Which of the two would you "
        "rather loop over?"),
        ("Kernel value (i, j) multiplies the same rectangle of the image, shifted by (i, j): one "
        "slice for all places at once. Or let sliding_window_view lay out all windows."),
        ("For each i, j: out += kernel[i, j] * image[i : i + ..., j : j + ...], where out starts as "
        "zeros of shape (H - kh + 1, W - kw + 1)."),
    ),
)  # fmt: skip


# --- 6. A whole layer -------------------------------------------------------------------------


def layer_cases(rng: Generator) -> Iterator[Call]:
    def layer(shape: tuple[int, ...], kernels: tuple[int, ...]) -> Call:
        return call(rng.normal(size=shape), rng.normal(size=kernels), rng.normal(size=kernels[3]))

    yield layer((2, 5, 6, 3), (3, 3, 3, 4))
    yield layer((1, 6, 4, 1), (3, 2, 1, 2))
    yield layer((3, 4, 5, 2), (2, 3, 2, 1))
    yield layer((2, 5, 5, 3), (3, 3, 3, 3))
    yield layer((1, 3, 4, 2), (3, 4, 2, 5))
    yield layer((4, 3, 3, 2), (1, 1, 2, 2))
    yield call(rng.integers(0, 256, (2, 4, 5, 3)).astype(np.uint8),
               rng.integers(-3, 4, (2, 2, 3, 2)), rng.normal(size=2))  # fmt: skip
    yield call(*(rng.normal(size=shape).astype(np.float32)
                 for shape in ((2, 6, 5, 2), (3, 3, 2, 3), (3,))))  # fmt: skip
    yield call(rng.normal(size=(1, 4, 4, 1)), rng.normal(size=(3, 3, 1, 1)), np.array([10]))


def layer_in_loops(images, kernels, bias):
    kh, kw, channels, filters = kernels.shape
    count, height, width, _ = images.shape
    out = np.zeros((count, height - kh + 1, width - kw + 1, filters))
    for n in range(count):
        for f in range(filters):
            for c in range(channels):
                out[n, :, :, f] += conv2d(images[n, :, :, c], kernels[:, :, c, f])
            out[n, :, :, f] += bias[f]
    return out


def layer_by_shifts(images, kernels, bias):
    kh, kw = kernels.shape[:2]
    rows, cols = images.shape[1] - kh + 1, images.shape[2] - kw + 1
    return bias + sum(
        images[:, i : i + rows, j : j + cols] @ kernels[i, j] for i in range(kh) for j in range(kw)
    )


def layer_by_einsum(images, kernels, bias):
    windows = sliding_window_view(images, kernels.shape[:2], axis=(1, 2))
    return np.einsum("nrckij,ijkf->nrcf", windows, kernels) + bias


def layer_by_matrix(images, kernels, bias):
    kh, kw, channels, filters = kernels.shape
    windows = sliding_window_view(images, (kh, kw, channels), axis=(1, 2, 3))
    columns = windows.reshape(-1, kh * kw * channels)
    out = columns @ kernels.reshape(-1, filters) + bias
    return out.reshape(len(images), *windows.shape[1:3], filters)


def unordered_windows(images, kernels, bias):
    """Join windows whose axes are (channel, row, column) with kernels of another order."""
    windows = sliding_window_view(images, kernels.shape[:2], axis=(1, 2))
    rows = windows.reshape(*windows.shape[:3], -1)
    return rows @ kernels.reshape(-1, kernels.shape[3]) + bias


def no_bias(images: Array, kernels: Array, bias: Array) -> Array:
    return conv_layer(images, kernels, np.zeros(len(bias)))


def of_filters(change: Callable[[Array], Array]) -> Callable[..., Any]:
    """Use other kernels: `change` gives them."""
    return lambda images, kernels, bias: conv_layer(images, change(kernels), bias)


def after(change: Callable[..., Any]) -> Callable[..., Any]:
    """Do something to the right result."""
    return lambda images, kernels, bias: change(conv_layer(images, kernels, bias))


def one_channel(channel: int) -> Callable[[Array], Array]:
    """Let a layer see one channel only."""

    def change(kernels: Array) -> Array:
        out = np.zeros(kernels.shape)
        out[:, :, channel] = kernels[:, :, channel]
        return out

    return change


def same_size(images: Array, kernels: Array, bias: Array) -> Array:
    (top, left), (kh, kw) = ((n - 1) // 2 for n in kernels.shape[:2]), kernels.shape[:2]
    ends = ((0, 0), (top, kh - 1 - top), (left, kw - 1 - left), (0, 0))
    return conv_layer(np.pad(images, ends), kernels, bias)


def kept_part(part: Any) -> Callable[[Array], Array]:
    """Fill in only part of the result."""

    def change(values: Array) -> Array:
        out = np.zeros(values.shape)
        out[part] = values[part]
        return out

    return change


CONV_LAYER = ByCalls(
    key="conv_layer",
    title="Build a whole convolutional layer",
    points=3,
    minutes=8,
    reference=helpers.conv_layer,
    helpers=("conv_layer", "convolution.conv_layer", "network.conv_layer"),
    examples=(
        call(np.arange(1.0, 9.0).reshape(1, 2, 2, 2), np.array([[[[1.0], [10.0]]]]), np.array([0.5])),
        call(np.array([[[[1.0], [2.0], [4.0]]]]), np.array([[[[1.0, 0.0]], [[0.0, 3.0]]]]),
             np.array([100.0, -1.0])),
    ),
    cases=layer_cases,
    alternatives=(layer_in_loops, layer_by_shifts, layer_by_einsum, layer_by_matrix),
    mistakes=(
        mistake("bias_missing", "The bias is missing. Each filter adds its own number, bias[f], to "
              "everything it finds.",
              no_bias),
        mistake("bias_misplaced", "The bias is added too often, or to the wrong axis, or not added "
              "but subtracted or multiplied. Once per value of the result, bias[f] in channel f.",
              lambda x, k, b: conv_layer(x, k, b * x.shape[3]),
              lambda x, k, b: conv_layer(x, k, b * k.shape[0] * k.shape[1]),
              lambda x, k, b: conv_layer(x, k, b * k.shape[0] * k.shape[1] * x.shape[3]),
              lambda x, k, b: conv_layer(x, k, -b), lambda x, k, b: conv_layer(x, k, b[::-1]),
              lambda x, k, b: conv_layer(x, k, np.full(b.shape, b.sum())),
              lambda x, k, b: conv_layer(x, k, np.full(b.shape, b.mean())),
              lambda x, k, b: conv_layer(x, k, np.full(b.shape, b[0])),
              lambda x, k, b: no_bias(x, k, b) * b,
              lambda x, k, b: conv_layer(x, k, np.cumsum(b)),
              lambda x, k, b: conv_layer(x, k, b * k.shape[3]),
              lambda x, k, b: conv_layer(x, k, b * k.shape[3] * len(x)),
              lambda x, k, b: conv_layer(x, k, b * len(x)), lambda x, k, b: conv_layer(x, k, 2 * b),
              lambda x, k, b: conv_layer(x, k, b / k.shape[3]),
        ),
        mistake("channels_not_added", "The channels are not added up: one was kept, or they were "
              "averaged, or each stands by itself. A filter adds what it finds in *all* channels.",
              of_filters(one_channel(0)), of_filters(one_channel(-1)),
              lambda x, k, b: no_bias(x, k / k.shape[2], b) + b,
              lambda x, k, b: np.max([
                  conv_layer(x[..., [c]], k[:, :, [c]], b) for c in range(x.shape[3])], axis=0),
              lambda x, k, b: np.stack([
                  conv_layer(x[..., [c]], k[:, :, [c]], b) for c in range(x.shape[3])], axis=3),
              lambda x, k, b: conv_layer(x.mean(3, keepdims=True), k[:, :, :1], b),
              lambda x, k, b: np.einsum(
                  "nrckij,ijkf->nrckf", sliding_window_view(x, k.shape[:2], axis=(1, 2)), k),
              lambda x, k, b: np.einsum(
                  "nrckij,ijkf->nrckf", sliding_window_view(x, k.shape[:2], axis=(1, 2)), k) + b,
              lambda x, k, b: np.concatenate([
                  conv_layer(x[..., [c]], k[:, :, [c]], b) for c in range(x.shape[3])], axis=-1),
        ),
        mistake("one_kernel_for_all_channels", "All channels meet the same kernel. Each channel k "
              "has one of its own: kernels[:, :, k, f].",
              of_filters(lambda k: np.broadcast_to(k[:, :, :1], k.shape)),
              of_filters(lambda k: np.broadcast_to(k.sum(2, keepdims=True), k.shape)),
              of_filters(lambda k: np.broadcast_to(k.mean(2, keepdims=True), k.shape)),
              lambda x, k, b: conv_layer(np.broadcast_to(x[..., :1], x.shape), k, b),
        ),
        mistake("one_filter_for_all", "All filters are the same. Filter f has kernels of its own: "
              "kernels[:, :, :, f].",
              of_filters(lambda k: np.broadcast_to(k[..., :1], k.shape)),
              of_filters(lambda k: np.broadcast_to(k[..., -1:], k.shape)),
              after(lambda out: out[..., 0]), after(lambda out: out[..., :1]),
              after(lambda out: out.sum(-1)), after(lambda out: out.sum(-1, keepdims=True)),
              after(kept_part(np.s_[..., :1])), after(kept_part(np.s_[..., -1:])),
              after(lambda out: out.mean(-1)), after(lambda out: out.mean(-1, keepdims=True)),
              after(lambda out: np.broadcast_to(out.sum(-1, keepdims=True), out.shape)),
              lambda x, k, b: np.broadcast_to(
                  no_bias(x, k, b).sum(-1, keepdims=True), (*no_bias(x, k, b).shape[:3], len(b))) + b,
              lambda x, k, b: np.repeat(conv_layer(x, k[..., :1], b[:1]), len(b), axis=3),
        ),
        mistake("channels_and_filters_swapped", "Channels and filters are swapped. The kernels' axes "
              "are (height, width, channel in, filter out).",
              of_filters(lambda k: np.swapaxes(k, 2, 3)),
              of_filters(lambda k: np.swapaxes(k, 2, 3).reshape(k.shape)),
              of_filters(lambda k: k[..., ::-1, :]), of_filters(lambda k: k[..., ::-1]),
              lambda x, k, b: conv_layer(x, k[..., ::-1], b[::-1]),
              lambda x, k, b: conv_layer(x[..., ::-1], k, b),
              lambda x, k, b: layer_by_matrix(
                  x, np.moveaxis(k, 2, 0).reshape(k.shape), b),
              lambda x, k, b: layer_by_matrix(x, np.moveaxis(k, 3, 0).reshape(k.shape), b),
              unordered_windows,
        ),
        mistake("flipped", "Your kernels are flipped. This is the convolution of deep learning: "
              "slide, multiply, add, no flip.",
              of_filters(lambda k: k[::-1, ::-1]), of_filters(lambda k: k[::-1]),
              of_filters(lambda k: k[:, ::-1])),
        mistake("transposed", "Rows and columns of the kernels are swapped, or of the images. Images "
              "are (image, row, column, channel), kernels (row, column, channel, filter).",
              of_filters(lambda k: np.swapaxes(k, 0, 1)),
              after(lambda out: np.swapaxes(out, 1, 2)),
              of_filters(lambda k: k.reshape(k.shape[3], k.shape[2], *k.shape[:2])
                         .transpose(2, 3, 1, 0))),
        mistake("axes_in_other_order", "The numbers may be right, but the axes stand in another "
              "order. (images, rows, columns, filters) is wanted.",
              after(lambda out: np.moveaxis(out, -1, 1)), after(lambda out: np.moveaxis(out, -1, 0)),
              after(lambda out: np.moveaxis(out, 0, -1)),
              after(lambda out: np.moveaxis(out, -1, 1).reshape(out.shape))),
        mistake("one_image_only", "Only one image of the batch is right, or all are the same, or "
              "they are mixed. Each image gets a result of its own.",
              after(lambda out: out[0]), after(lambda out: out[:1]), after(lambda out: out[-1]),
              after(kept_part(np.s_[:1])), after(kept_part(np.s_[-1:])),
              after(lambda out: np.broadcast_to(out[:1], out.shape)),
              after(lambda out: np.broadcast_to(out[-1:], out.shape)),
              after(lambda out: out.sum(0)), after(lambda out: np.cumsum(out, axis=0)),
              after(lambda out: out.mean(0)),after(kept_part(np.s_[:1, ..., :1])), after(kept_part(np.s_[:1, :1])),after(kept_part(np.s_[:, :1])),),
        mistake("axis_lost", "An axis of length 1 is gone. A batch of one image still has an axis "
              "for images, and one filter still one for filters.",
              after(np.squeeze)),
        mistake("relu_applied", "Negative values became 0. ReLU comes after this layer.",
              after(lambda out: np.maximum(out, 0)),
              lambda x, k, b: np.maximum(no_bias(x, k, b), 0) + b,after(np.tanh), after(lambda out: 1 / (1 + np.exp(-out))), after(np.abs),),
        mistake("padded", "The image was padded. Only places where the whole kernel fits are wanted: "
              "(N, H - kh + 1, W - kw + 1, F).",
              same_size,
              lambda x, k, b: conv_layer(np.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0))), k, b)),
        mistake("off_by_one_size", "The last row or column is missing: a window of 3 fits into 5 "
              "pixels at 5 - 3 + 1 = 3 places.",
              after(lambda out: out[:, :-1, :-1]), after(lambda out: out[:, :-1]),
              after(lambda out: out[:, :, :-1]), after(kept_part(np.s_[:, :-1, :-1])),
              after(kept_part(np.s_[:, :-1])), after(kept_part(np.s_[:, :, :-1]))),
        mistake("strided", "Places are left out: the window moves one pixel at a time.",
              after(lambda out: out[:, ::2, ::2]),
              lambda x, k, b: conv_layer(x, k, b)[:, :: k.shape[0], :: k.shape[1]]),
        mistake("one_pixel_of_the_kernel", "Only one place of each kernel is used. All kh times kw "
              "products count.",
              lambda x, k, b: x[:, : x.shape[1] - len(k) + 1, : x.shape[2] - k.shape[1] + 1]
              @ k[0, 0] + b,
              lambda x, k, b: x[:, len(k) - 1 :, k.shape[1] - 1 :] @ k[-1, -1] + b),
        mistake("not_accumulated", "The products are not added to the result: it holds the bias, or "
              "zeros, or only the last product. `+=` adds.",
              lambda x, k, b: 0 * no_bias(x, k, b) + b, lambda x, k, b: 0 * no_bias(x, k, b),
              lambda x, k, b: np.max([0 * no_bias(x, k, b)] + [
                  no_bias(x[..., [c]], k[:, :, [c]], b) for c in range(x.shape[3])], axis=0) + b),
        mistake("flattened", "The maps were joined into one line. (N, H - kh + 1, W - kw + 1, F) is "
              "wanted.",
              after(lambda out: out.reshape(len(out), -1)), after(np.ravel),after(lambda out: out.max((1, 2))), after(lambda out: out.mean((1, 2))), after(lambda out: out.sum((1, 2))),),
        mistake("not_slid", "Images and kernels are multiplied as they are. Each kernel has to meet "
              "every window of its channel.",
              lambda x, k, b: x @ k + b, lambda x, k, b: x * k + b),
        mistake("scaled_first", "The images or the kernels were scaled or shifted first. Take them as they are.",
              lambda x, k, b: conv_layer(x / 255, k, b),
              lambda x, k, b: conv_layer(x / x.max(), k, b), lambda x, k, b: conv_layer(x - x.mean(), k, b),
              lambda x, k, b: conv_layer(x, k / (k.sum() or 1), b),
        ),
        mistake("rounded", "The result is rounded. Keep all its digits.",
              *(after(lambda out, n=n: out.round(n)) for n in (1, 2, 3))),
    ),
    hints=(
        ("You can convolve one channel with one kernel. How many such convolutions are there for "
        "one image, and which of their results are added together?"),
        ("out[n, :, :, f] is the sum over the channels k of conv2d(images[n, :, :, k], kernels[:, :, "
        "k, f]), and then bias[f]."),
        ("Start with np.zeros((N, H - kh + 1, W - kw + 1, F)). Three loops, over n, f and k: "
        "out[...] += yours.conv2d_fast(..., ...); then out += bias."),
    ),
)  # fmt: skip


EXERCISES = (
    MEAN_SQUARED_ERROR,
    KERNEL_GRADIENT,
    NUMERICAL_GRADIENT,
    LEARN_KERNEL,
    CONV2D_FAST,
    CONV_LAYER,
)
