"""`numerical_gradient(function, kernel, epsilon=1e-5)`: the same, measured."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from course.exercises.exercise import ByCalls, Call, call, mistake
from course.exercises.trials.functions import (
    cubes,
    growing_squares,
    neighbours_multiplied,
    seven,
    sum_of_squares,
)
from helpers.learning import numerical_gradient

# --- Cases ----------------------------------------------------------------------------------------


def cases(rng: np.random.Generator) -> Iterator[Call]:
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


# --- Other right answers --------------------------------------------------------------------------


def slopes(
    measure: Callable[..., Any], steps: Callable[[np.ndarray], np.ndarray] = np.ones_like
) -> Callable[..., Any]:
    """Measure place by place; ``measure(f, k, d, e)`` with d = 1 at that place, 0 elsewhere."""

    def gradient(function: Any, kernel: Any, epsilon: float = 1e-5) -> np.ndarray:
        k = np.array(kernel, dtype=float)
        directions = np.eye(k.size).reshape(-1, *k.shape)
        return np.array([measure(function, k, d, epsilon) for d in directions]).reshape(k.shape)

    return gradient


def central(f: Any, k: np.ndarray, d: np.ndarray, e: float) -> Any:
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


# --- Mistakes -------------------------------------------------------------------------------------


def slopes_piling_up(function, kernel, epsilon=1e-5):
    plus, minus = kernel.astype(float), kernel.astype(float)
    gradient = np.zeros(kernel.shape)
    for place in np.ndindex(kernel.shape):
        plus[place] += epsilon
        minus[place] -= epsilon
        gradient[place] = (function(plus) - function(minus)) / (2 * epsilon)
    return gradient


def to_both_sides(function, kernel, epsilon, take):
    """Step to one side and back to the other in what `take()` gives, and leave it there."""
    gradient = np.zeros(kernel.shape)
    for place in np.ndindex(kernel.shape):
        k = take()
        k[place] += epsilon
        above = function(k)
        k[place] -= 2 * epsilon
        gradient[place] = (above - function(k)) / (2 * epsilon)
    return gradient


def slopes_creeping(function, kernel, epsilon=1e-5):
    k = kernel.astype(float)
    return to_both_sides(function, kernel, epsilon, lambda: k)


def slopes_at(places: Callable[[tuple[int, ...]], Any]) -> Callable[..., np.ndarray]:
    """Measure the right slope, but only at some places; 0 elsewhere."""

    def gradient(function: Any, kernel: Any, epsilon: float = 1e-5) -> np.ndarray:
        right = numerical_gradient(function, kernel, epsilon)
        out = np.zeros(right.shape)
        for place in places(right.shape):
            out[place] = right[place]
        return out

    return gradient


def together(function: Any, kernel: np.ndarray, epsilon: float, axis: int) -> np.ndarray:
    """Move a whole row (axis 1) or column (axis 0) at once."""
    right = numerical_gradient(function, kernel, epsilon)
    for place in np.ndindex(kernel.shape):
        direction = np.zeros(kernel.shape)
        direction[(place[0], slice(None)) if axis else (slice(None), place[1])] = 1
        right[place] = central(function, kernel, direction, epsilon)
    return right


def in_own_type(function, kernel, epsilon=1e-5):
    def cut(k: np.ndarray) -> Any:
        return function(np.trunc(k) if kernel.dtype.kind in "iu" else k)

    return slopes(lambda f, k, d, e: central(cut, k, d, e))(function, kernel, epsilon)


def in_one_copy(function, kernel, epsilon=1e-5):
    return to_both_sides(function, kernel, epsilon, kernel.copy)  # of its own type


def cut_off(one: Call, right: np.ndarray, got: np.ndarray) -> float | None:
    """1 where each slope of a kernel of whole numbers is a whole number, the next towards 0."""
    cut = np.any([got == np.trunc(right + noise) for noise in (0, 1e-3, -1e-3)], axis=0)
    return 1.0 if one.args[1].dtype.kind in "iu" and cut.all() else None


MISTAKES = (
    mistake("forward_only",
        "You measure from the kernel itself to one side only. Half the step on each side of it is "
        "far more exact: f(k + e) - f(k - e), divided by 2 * e.",
        slopes(lambda f, k, d, e: (f(k + e * d) - f(k)) / e),
        slopes(lambda f, k, d, e: (f(k) - f(k - e * d)) / e),
        slopes(lambda f, k, d, e: (f(k + e * d) - f(k)) / (2 * e)),
        slopes(lambda f, k, d, e: (f(k + 2 * e * d) - f(k)) / (2 * e))),
    mistake("two_missing",
        "From k - epsilon to k + epsilon it is two epsilons. Divide by 2 * epsilon.",
        slopes(lambda f, k, d, e: (f(k + e * d) - f(k - e * d)) / e),
        slopes(lambda f, k, d, e: (f(k + e * d / 2) - f(k - e * d / 2)) / (2 * e))),
    mistake("brackets_missing",
        "You multiply by epsilon: a / 2 * epsilon is (a / 2) * epsilon. Brackets help: a / (2 * "
        "epsilon).",
        slopes(lambda f, k, d, e: (f(k + e * d) - f(k - e * d)) / 2 * e),
        slopes(lambda f, k, d, e: (f(k + e * d) - f(k - e * d)) * 2 * e),
        slopes(lambda f, k, d, e: f(k + e * d) - f(k - e * d) / (2 * e)),
        slopes(lambda f, k, d, e: (f(k + e * d) - f(k - e * d)) / (2 * e**2))),
    mistake("not_divided",
        "The difference is not divided by the step, 2 * epsilon: a slope is how much per how far.",
        slopes(lambda f, k, d, e: f(k + e * d) - f(k - e * d)),
        slopes(lambda f, k, d, e: (f(k + e * d) - f(k - e * d)) / 2)),
    mistake("negated",
        "Every sign is wrong: subtract the value at k - epsilon from the one at k + epsilon.",
        slopes(lambda f, k, d, e: -central(f, k, d, e)),
        slopes(lambda f, k, d, e: (f(k) - f(k + e * d)) / e),
        slopes(lambda f, k, d, e: (f(k - e * d) - f(k)) / e)),
    mistake("not_put_back",
        "The value that you changed is not put back before the next one is changed. Only one "
        "value may differ at a time.",
        slopes_piling_up, slopes_creeping,
        lambda f, k, epsilon=1e-5: numerical_gradient(f, k, epsilon).cumsum(1),
        lambda f, k, epsilon=1e-5: numerical_gradient(f, k, epsilon).cumsum().reshape(k.shape)),
    mistake("all_at_once",
        "All kernel values are changed together, so you get one slope for all of them. Change "
        "one, measure, put it back; then the next.",
        lambda f, k, epsilon=1e-5: central(f, k, np.ones(k.shape), epsilon),
        lambda f, k, epsilon=1e-5: np.full(
            k.shape, central(f, k, np.ones(k.shape), epsilon)),
        lambda f, k, epsilon=1e-5: np.sum(numerical_gradient(f, k, epsilon)),
        lambda f, k, epsilon=1e-5: np.mean(numerical_gradient(f, k, epsilon)),
        lambda f, k, epsilon=1e-5: together(f, k, epsilon, 0),
        lambda f, k, epsilon=1e-5: together(f, k, epsilon, 1)),
    mistake("epsilon_ignored",
        "Your slopes are the same whatever `epsilon` is. They should be those between two points, "
        "one `epsilon` to each side: (f(k + epsilon) - f(k - epsilon)) / (2 * epsilon).",
        *(lambda f, k, epsilon=1e-5, e=e: numerical_gradient(f, k, e)  # type: ignore[misc]
          for e in (1e-5, 1e-6, 1e-4, 1e-3, 1e-2, 0.1, 0.5, 1.0))),
    mistake("relative_step",
        "Your step depends on the kernel value: k * (1 + epsilon). A value of 0 would not move at "
        "all. Add epsilon to it.",
        slopes(lambda f, k, d, e: central(f, k, d * k, e)),
        slopes(lambda f, k, d, e: (f(k * (1 + e * d)) - f(k)) / e),
        slopes(lambda f, k, d, e: central(f, k, d * abs(k), e))),
    mistake("second_derivative",
        "That is how fast the slope itself changes. The slope is the difference of two values, "
        "over 2 * epsilon.",
        slopes(lambda f, k, d, e: (f(k + e * d) - 2 * f(k) + f(k - e * d)) / e**2)),
    mistake("added",
        "You add the two values instead of subtracting them.",
        slopes(lambda f, k, d, e: (f(k + e * d) + f(k - e * d)) / (2 * e)),
        slopes(lambda f, k, d, e: (f(k + e * d) + f(k - e * d)) / 2)),
    mistake("places_left_out",
        "Some places are still 0: not every kernel value gets its turn. Loop over all rows and "
        "all columns.",
        slopes_at(lambda shape: [(i, i) for i in range(min(shape))]),
        slopes_at(lambda shape: [(0, 0)]), slopes_at(lambda shape: np.ndindex(1, shape[1])),
        slopes_at(lambda shape: np.ndindex(shape[0], 1)),
        slopes_at(lambda shape: np.ndindex(min(shape), min(shape))),
        slopes_at(lambda shape: np.ndindex(shape[0] - 1, shape[1] - 1)),
        slopes_at(lambda shape: [(shape[0] - 1, shape[1] - 1)])),
    mistake("integer_copy",
        "An array of whole numbers cannot hold 1.00001: what epsilon adds is cut off there. Work "
        "on kernel.astype(float).",
        in_own_type, in_one_copy, lambda f, k, epsilon=1e-5: in_one_copy(f, k, epsilon).astype(k.dtype),
        lambda f, k, epsilon=1e-5: numerical_gradient(f, k, epsilon) * (
            k.dtype.kind == "f")),
    mistake("integer_result",
        "Your result holds whole numbers, as np.zeros_like(kernel) does where the kernel does: "
        "15.99 becomes 15 in it. np.zeros(kernel.shape) holds floats.",
        lambda f, k, epsilon=1e-5: numerical_gradient(f, k, epsilon).astype(k.dtype),
        fits=cut_off),
    mistake("no_difference",
        "Every slope is 0. Are both values measured at the same kernel? `up = k` makes no copy: what "
        "changes in one changes in the other. k.copy() makes one.",
        lambda f, k, epsilon=1e-5: np.zeros(k.shape)),
    mistake("values_returned",
        "You return the function's values, or the kernel, and not a slope.",
        slopes(lambda f, k, d, e: f(k + e * d)), lambda f, k, epsilon=1e-5: f(k),
        lambda f, k, epsilon=1e-5: k - numerical_gradient(f, k, epsilon),
        lambda f, k, epsilon=1e-5: k, lambda f, k, epsilon=1e-5: 2 * k,
        lambda f, k, epsilon=1e-5: k - 0.1 * numerical_gradient(f, k, epsilon),
        slopes(lambda f, k, d, e: f(k + e * d) / (f(k - e * d) or 1))),
    mistake("kernel_forgotten",
        "You measure round zero, or somewhere else than at the kernel that is given. Add to it "
        "and subtract from it.",
        slopes(lambda f, k, d, e: central(f, 0 * k, d, e)), slopes(lambda f, k, d, e: f(e * d)),
        slopes(lambda f, k, d, e: f(e * d) / e),
        slopes(lambda f, k, d, e: central(lambda q: f(q.T), k, d, e))),
    mistake("length_one",
        "The gradient is divided by its length. How large it is matters.",
        lambda f, k, epsilon=1e-5: numerical_gradient(f, k, epsilon) / (
            np.linalg.norm(numerical_gradient(f, k, epsilon)) or 1),
        lambda f, k, epsilon=1e-5: np.sign(numerical_gradient(f, k, epsilon).round(9))),
    mistake("rounded",
        "The result is rounded. Keep all its digits.",
        *(lambda f, k, epsilon=1e-5, n=n: numerical_gradient(f, k, epsilon).round(n)  # type: ignore[misc]
          for n in (1, 2, 3))),
)  # fmt: skip


EXERCISE = ByCalls(
    key="numerical_gradient",
    title="Measure a gradient instead of deriving it",
    points=2,
    minutes=5,
    reference=numerical_gradient,
    helpers=("learning.numerical_gradient",),
    examples=(
        call(sum_of_squares, np.array([[1.0, -3.0], [0.5, 2.0]])),
        call(cubes, np.array([[1.0, 2.0]]), epsilon=0.5),
    ),
    cases=cases,
    alternatives=(
        slopes(central),
        slopes_one_by_one,
        slopes_flat,
        slopes(
            lambda f, k, d, e: (f(k + e * d) - f(k)) / (2 * e) + (f(k) - f(k - e * d)) / (2 * e)
        ),
    ),
    mistakes=MISTAKES,
    hints=(
        (
            "How would you find the slope of a hill where you stand, if you may take one small "
            "step forward and one small step back?"
        ),
        (
            "For each place of the kernel: add epsilon there alone and ask the function, subtract "
            "it and ask again. Work on a copy that holds floats."
        ),
        (
            "For each i and j: plus and minus are copies that differ from the kernel at [i, j] "
            "only; gradient[i, j] = (function(...) - function(...)) / (...)."
        ),
    ),
)
