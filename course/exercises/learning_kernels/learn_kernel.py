"""`learn_kernel(image, target, steps, learning_rate)`: small steps against the gradient."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from course.exercises.distortions import kept
from course.exercises.exercise import ByCalls, Call, call, mistake
from course.exercises.learning_kernels.kernel_gradient import gradient_by_windows, gradient_like
from helpers import VERTICAL, conv2d, true_convolution
from helpers.learning import kernel_gradient, learn_kernel, mean_squared_error

# --- Cases ----------------------------------------------------------------------------------------


def lesson_of(rng: np.random.Generator, image: Any, kernel: Any, steps: int, rate: float) -> Call:
    """Make a before/after pair of an image and a kernel."""
    return call(image, conv2d(image, kernel), steps, rate)


def cases(rng: np.random.Generator) -> Iterator[Call]:
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


# --- Other right answers --------------------------------------------------------------------------


def descent(
    step: Callable[..., Any] = lambda k, g, rate, n: k - rate * g,
    start: Callable[[tuple[int, int]], np.ndarray] = np.zeros,
    gradient: Callable[..., Any] = kernel_gradient,
    count: Callable[[int], int] = lambda steps: steps,
) -> Callable[..., Any]:
    """Descend with another step, from another start, along another gradient, or more often."""

    def learn(image: np.ndarray, target: np.ndarray, steps: int, learning_rate: float) -> Any:
        k = start((len(image) - len(target) + 1, image.shape[1] - target.shape[1] + 1))
        for n in range(count(steps)):
            k = step(k, gradient(image, k, target), learning_rate, n)
        return k

    return learn


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


# --- Mistakes -------------------------------------------------------------------------------------


def learned(change: Callable[[np.ndarray], Any]) -> Callable[..., Any]:
    """Change what was learned, at the end."""
    return lambda *arguments: change(learn_kernel(*arguments))


def solved(image: np.ndarray, target: np.ndarray, steps: int, learning_rate: float) -> np.ndarray:
    shape = tuple(np.subtract(image.shape, target.shape) + 1)
    windows = sliding_window_view(image, shape).reshape(target.size, -1).astype(float)
    return np.linalg.lstsq(windows, target.ravel())[0].reshape(shape)


def with_momentum(image, target, steps, learning_rate):
    kernel = np.zeros(np.subtract(image.shape, target.shape) + 1)
    velocity = np.zeros(kernel.shape)
    for _ in range(steps):
        velocity = 0.9 * velocity - learning_rate * kernel_gradient(image, kernel, target)
        kernel = kernel + velocity
    return kernel


def at_random(seed: int, size: float) -> Iterator[Callable[[tuple[int, int]], np.ndarray]]:
    """Start from small numbers, drawn in the ways and with the seeds that people use."""
    yield lambda shape: size * np.random.default_rng(seed).normal(size=shape)
    yield lambda shape: size * np.random.default_rng(seed).random(shape)
    yield lambda shape: size * np.random.default_rng(seed).uniform(-1, 1, shape)
    yield lambda shape: size * np.random.RandomState(seed).randn(*shape)
    yield lambda shape: size * np.random.RandomState(seed).rand(*shape)


MISTAKES = (
    mistake("ascent",
        "You go up instead of down: the kernel moves *with* the gradient, and the error grows "
        "with each step. Subtract it. (Or is target minus prediction in your gradient?)",
        descent(lambda k, g, rate, n: k + rate * g)),
    mistake("one_step",
        "Only one step is taken. Does `return` stand inside the loop, or does each step start "
        "from zero again?",
        descent(count=lambda steps: min(steps, 1)), descent(count=lambda steps: 1),
        descent(lambda k, g, rate, n: -rate * g),
        lambda x, t, steps, rate: learn_kernel(x, t, 1, rate) if steps else None),
    mistake("gradient_not_renewed",
        "The gradient is computed once, before the loop. After each step the kernel is another "
        "one, and so is its gradient.",
        lambda x, t, steps, rate: learn_kernel(x, t, 1, rate * steps)),
    mistake("starts_elsewhere",
        "You do not start from zero. With 0 steps, all values should be 0: np.zeros.",
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
        descent(start=lambda shape: VERTICAL.copy())),
    mistake("learning_rate_ignored",
        "The learning rate that is given is not used. It is the factor in front of the gradient.",
        *(descent(lambda k, g, rate, n, fixed=fixed: k - fixed * g)  # type: ignore[misc]
          for fixed in (1.0, 0.1, 0.01, 0.001, 0.5)),
        descent(lambda k, g, rate, n: k - g / rate),
        *(descent(lambda k, g, rate, n, fixed=fixed: k - fixed * g)  # type: ignore[misc]
          for fixed in (0.05, 0.2, 0.3, 0.02, 0.005)),
        descent(lambda k, g, rate, n: k - rate**2 * g)),
    mistake("step_count",
        "You take one step too many or too few. `range(steps)` counts right.",
        descent(count=lambda steps: max(steps - 1, 0)), descent(count=lambda steps: steps + 1),
        descent(count=lambda steps: 2 * steps), descent(count=lambda steps: 10),
        descent(count=lambda steps: 100), descent(count=lambda steps: steps // 2),
        descent(count=lambda steps: max(steps, 1)), descent(count=lambda steps: steps + 2),
        descent(count=lambda steps: max(steps - 2, 0)), descent(count=lambda steps: 5)),
    mistake("two_missing",
        "Your steps are half as long as they should be: is the 2 missing in the gradient?",
        descent(lambda k, g, rate, n: k - rate / 2 * g),
        descent(lambda k, g, rate, n: k - rate * 2 * g)),
    mistake("not_averaged",
        "Your steps are too long, once for each pixel: the gradient has to be divided by how many "
        "values the target has.",
        descent(gradient=lambda x, k, t: t.size * kernel_gradient(x, k, t)),
        descent(gradient=lambda x, k, t: t.size / 2 * kernel_gradient(x, k, t)),
        descent(gradient=lambda x, k, t: len(t) * kernel_gradient(x, k, t)),
        descent(gradient=lambda x, k, t: t.size / k.size * kernel_gradient(x, k, t)),
        descent(gradient=lambda x, k, t: kernel_gradient(x, k, t) / t.size),
        descent(gradient=lambda x, k, t: t.size / x.size * kernel_gradient(x, k, t)),
        descent(gradient=lambda x, k, t: t.size / len(t) * kernel_gradient(x, k, t)),
        descent(gradient=lambda x, k, t: 2 / t.size * kernel_gradient(x, k, t))),
    mistake("gradient_turned",
        "The gradient is flipped or transposed: each of its values has to move the kernel value "
        "at the same place.",
        descent(lambda k, g, rate, n: k - rate * g[::-1, ::-1]),
        descent(gradient=gradient_like(lambda x, k, t: true_convolution(x, k) - t)),
        descent(gradient=gradient_like(total=true_convolution)), learned(lambda k: k[::-1, ::-1]),
        learned(np.transpose), descent(lambda k, g, rate, n: k - rate * g.T)),
    mistake("length_one",
        "Every step has the same length, because you divide the gradient by its own, or take only "
        "its sign. Take it as it is.",
        descent(lambda k, g, rate, n: k - rate * g / (np.linalg.norm(g) or 1)),
        descent(lambda k, g, rate, n: k - rate * g / (np.abs(g).max() or 1)),
        descent(lambda k, g, rate, n: k - rate * np.sign(g))),
    mistake("rate_changes",
        "Your learning rate changes on the way, or old steps linger (momentum). Each step is "
        "learning_rate times the gradient of that moment.",
        descent(lambda k, g, rate, n: k - rate / (n + 1) * g),
        descent(lambda k, g, rate, n: k - rate * (n + 1) * g),
        *(descent(lambda k, g, rate, n, f=f: k - rate * f**n * g)
          for f in (0.5, 0.9, 0.95, 0.99)),
        with_momentum, descent(lambda k, g, rate, n: (1 - rate) * k - rate * g),
        descent(lambda k, g, rate, n: rate * k - g),
        descent(lambda k, g, rate, n: rate * k - rate * g),
        *(descent(lambda k, g, rate, n, kept=kept: kept * k - rate * g)  # type: ignore[misc]
          for kept in (0.9, 0.99, 0.999)),
        descent(gradient=lambda x, k, t: kernel_gradient(x, k, t) + 0.01 * k),
        descent(lambda k, g, rate, n: k - rate * g * abs(g)),
        descent(lambda k, g, rate, n: k - rate * g**2),
        descent(lambda k, g, rate, n: (1 - 0.1 * rate) * k - rate * g)),
    mistake("one_value_only",
        "Only part of the gradient is used: its mean or its sum. Each kernel value has a number "
        "of its own.",
        descent(lambda k, g, rate, n: k - rate * g.mean()),
        descent(lambda k, g, rate, n: k - rate * g.sum()),
        descent(lambda k, g, rate, n: k - rate * kept(g, np.s_[:1, :1])),
        descent(lambda k, g, rate, n: k - rate * (g - g.mean()))),
    mistake("solved_at_once",
        "You solve for the best kernel at once. That is a fine way here, and impossible in a "
        "network; take `steps` steps from zero instead.",
        solved),
    mistake("never_changed",
        "Your kernel is still 0 after the last step. Is what a step gives kept, kernel = kernel - "
        "...?",
        lambda x, t, steps, rate: learn_kernel(x, t, 0, rate)),
    mistake("gradient_returned",
        "You return the last gradient, the prediction, its error, or every kernel on the way. The "
        "kernel after the last step is wanted.",
        lambda x, t, steps, rate: kernel_gradient(x, learn_kernel(x, t, steps, rate), t),
        lambda x, t, steps, rate: kernel_gradient(
            x, learn_kernel(x, t, max(steps - 1, 0), rate), t),
        lambda x, t, steps, rate: conv2d(x, learn_kernel(x, t, steps, rate)),
        lambda x, t, steps, rate: mean_squared_error(
            conv2d(x, learn_kernel(x, t, steps, rate)), t),
        lambda x, t, steps, rate: [learn_kernel(x, t, n, rate) for n in range(steps)],
        descent(lambda k, g, rate, n: g)),
    mistake("only_3x3",
        "You learn a 3x3 kernel whatever the pair is. A kernel of height kh leaves H - kh + 1 "
        "rows: turn that round to find kh, and the same for kw.",
        lambda x, t, steps, rate: descent(start=lambda shape: np.zeros((3, 3)))(
            x, t, steps, rate),
        lambda x, t, steps, rate: descent(start=lambda shape: np.zeros((shape[0],) * 2))(
            x, t, steps, rate)),
    mistake("off_by_one_size",
        "The kernel's size is off by one: H - kh + 1 rows are left, so kh is H - rows + 1.",
        lambda x, t, steps, rate: np.zeros(np.subtract(x.shape, t.shape)),
        lambda x, t, steps, rate: learn_kernel(x, t, steps, rate)[:-1, :-1],
        lambda x, t, steps, rate: np.zeros(x.shape), lambda x, t, steps, rate: np.zeros(t.shape),
        lambda x, t, steps, rate: descent(start=lambda shape: np.zeros(
            (shape[0] - 1, shape[1] - 1)))(x, t, steps, rate),
        descent(start=lambda shape: np.zeros(shape[::-1]))),
    mistake("made_to_fit",
        "The kernel was rounded, or scaled to add up to 1. Nothing is known about it but the "
        "pair: leave it as the steps leave it.",
        learned(lambda k: k / (np.abs(k).sum() or 1)), learned(lambda k: np.round(k, 1)),
        learned(lambda k: np.round(k, 2)), learned(lambda k: k / (np.abs(k).max() or 1)),
        learned(lambda k: np.clip(k, -1, 1)),
        descent(lambda k, g, rate, n: np.clip(k - rate * g, -1, 1)),
        descent(lambda k, g, rate, n: np.maximum(k - rate * g, 0)),
        *(descent(lambda k, g, rate, n, digits=digits: np.round(k - rate * g, digits))  # type: ignore[misc]
          for digits in (1, 2, 3)),
        descent(lambda k, g, rate, n: (k - rate * g) / (np.abs(k - rate * g).sum() or 1)),
        descent(lambda k, g, rate, n: (k - rate * g) / (np.sum(k - rate * g) or 1)),
        learned(lambda k: 2 * k), learned(np.abs), learned(lambda k: k - k.mean())),
    mistake("wrong_gradient",
        "Each step goes along something else than the gradient: the image convolved with the "
        "target alone, or scaled or shifted. `yours.kernel_gradient` gives it as it is.",
        descent(gradient=gradient_like(lambda x, k, t: t)),
        descent(gradient=lambda x, k, t: kernel_gradient(x / 255, k, t)),
        descent(gradient=lambda x, k, t: kernel_gradient(x - x.mean(), k, t)),
        descent(gradient=lambda x, k, t: np.abs(kernel_gradient(x, k, t)))),
    mistake("arguments_swapped",
        "steps and learning_rate have changed places, or image and target. Keep the order: image, "
        "target, steps, learning_rate.",
        lambda x, t, steps, rate: range(rate),
        lambda x, t, steps, rate: np.zeros(
            np.subtract(t.shape, x.shape) + 1),
        raises=True),
)  # fmt: skip


EXERCISE = ByCalls(
    key="learn_kernel",
    title="Learn a kernel from a picture before and after",
    points=3,
    minutes=6,
    reference=learn_kernel,
    helpers=("learning.learn_kernel",),
    examples=(
        call(np.array([[1.0, 2.0, 4.0]]), np.array([[1.0, 2.0]]), 0, 0.1),
        call(np.array([[1.0, 2.0, 4.0]]), np.array([[1.0, 2.0]]), 1, 0.1),
        call(np.array([[1.0, 2.0, 4.0]]), np.array([[1.0, 2.0]]), 2, 0.01),
    ),
    cases=cases,
    alternatives=(learn_with_matrices, learn_by_recursion, learn_in_place, descent()),
    mistakes=MISTAKES,
    hints=(
        (
            "From the two sizes you know how large the kernel is. Which way does the gradient "
            "point, and which way do you want to go?"
        ),
        (
            "Start with np.zeros. In each step, ask for the gradient of the kernel as it is now, "
            "and move the kernel a little against it."
        ),
        (
            "for _ in range(steps): kernel = kernel - ... * kernel_gradient(image, ..., target). "
            "Return it after the loop."
        ),
    ),
)
