"""`normalize_kernel(kernel)`: divided by its sum; unchanged where that is 0."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from course.exercises.distortions import parts, stretched
from course.exercises.exercise import ByCalls, Call, call, mistake


def normalize_kernel(kernel: np.ndarray) -> np.ndarray:
    """Divide a kernel by its sum, where that is not 0."""
    total = np.sum(kernel)
    return kernel / total if total else kernel


# --- Cases ----------------------------------------------------------------------------------------


def cases(rng: np.random.Generator) -> Iterable[Call]:
    # No sum is nearer to 0 than 1/64: where that should count as 0 is a question of taste.
    yield call(np.array([[2, -2, 0], [1, 4, -1]]))  # its first row adds up to 0
    yield call(np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]))
    yield call(np.array([[1, 1, 1], [1, -7.5, 1], [1, 1, 1]]))  # adds up to 0.5
    yield call(np.array([[16, -32, 17]]) / 64)
    yield call(np.array([[-1, 0, -2], [0.5, -4.5, -1.5]]))  # adds up to -9
    yield call(rng.integers(1, 9, (5, 5)))
    yield call(rng.uniform(0.1, 2, (2, 5)).astype(np.float32))
    yield call(np.array([[0.5, -0.25, -0.25], [-1.5, 1, 0.5]]))
    yield call(np.array([[3, 0, 2], [1, 5, 1]], dtype=np.uint8))
    yield call(np.array([[-4]]))
    yield call(np.array([[1, -3, 1, 2, -2]]))  # adds up to -1
    yield call(np.zeros((3, 2)))


# --- Mistakes -------------------------------------------------------------------------------------


def divided_by(
    divisor: Callable[[np.ndarray], Any],
    otherwise: Callable[[np.ndarray], Any] = np.copy,
    check: Callable[[np.ndarray], Any] = np.sum,
) -> Callable[[np.ndarray], Any]:
    """Divide by something; do `otherwise` where `check` gives 0."""
    return lambda kernel: kernel / divisor(kernel) if check(kernel) else otherwise(kernel)


def largest(kernel: np.ndarray) -> Any:
    return np.abs(kernel).max() or 1


def size_of_sum(kernel: np.ndarray) -> Any:
    return np.abs(kernel).sum() or 1


def divisor(one: Call, right: np.ndarray, got: np.ndarray) -> float | None:
    """By which number the whole kernel was divided."""
    (kernel,) = one.args
    numbers = (kernel / got)[kernel != 0]
    same = np.ptp(numbers) < 1e-3 * abs(numbers[0]) and not got[kernel == 0].any()
    return numbers[0] if same and abs(numbers[0] - 1) > 1e-3 else None


MISTAKES = (
    mistake("sum_zero_divided",
        "A kernel whose sum is 0 is divided by 0: that gives NaN and infinity. Give such a kernel "
        "back as it is.",
        divided_by(np.sum, check=lambda k: True), lambda k: np.nan_to_num(k / np.sum(k)),
        lambda k: np.where(k == 0, 0, k / np.sum(k))),
    mistake("zero_nearly_divided",
        "A kernel whose sum is 0 should come back unchanged. Adding something to the sum avoids "
        "the error, and divides by that instead.",
        *(divided_by(lambda k, tiny=tiny: np.sum(k) + tiny, check=lambda k: True)  # type: ignore[misc]
          for tiny in (1, *(10.0**-n for n in range(2, 13))))),
    mistake("sum_zero_changed",
        "A kernel whose sum is 0 comes back changed, and should stay as it is: the Laplacian "
        "would lose all it knows.",
        *(divided_by(np.sum, otherwise=otherwise) for otherwise in (
            lambda k: np.zeros(k.shape), lambda k: np.ones(k.shape), lambda k: k / k.size,
            lambda k: k / size_of_sum(k), lambda k: k / largest(k), lambda k: 0))),
    mistake("divided_by_count",
        "You divide by how many numbers or rows there are. In the first example there are 9 "
        "numbers, and they add up to 16.",
        divided_by(np.size), divided_by(np.size, check=lambda k: True), divided_by(len),
        divided_by(len, check=lambda k: True), divided_by(lambda k: k.shape[1])),
    mistake("fixed_divisor",
        "You divide by one fixed number. Each kernel has a sum of its own.",
        divided_by(lambda k: 9), divided_by(lambda k: 16, check=lambda k: True),
        fits=divisor),
    mistake("divided_by_largest",
        "You divide by the largest number, or the smallest: then that one is 1. It is the sum of "
        "all that should become 1.",
        divided_by(np.max), divided_by(np.min), divided_by(largest),
        divided_by(lambda k: np.max(k) or 1, check=lambda k: True),
        divided_by(largest, check=lambda k: True), lambda k: k / k.max(),
        lambda k: k / np.abs(k).max()),
    mistake("other_divisor",
        "You divide by something else than the sum of all the numbers. In the first example they "
        "add up to 16, and the first number becomes 1/16.",
        *(divided_by(divisor) for divisor in (
            np.mean, np.std, np.var, np.median, np.ptp, np.trace, np.count_nonzero,
            lambda k: np.sum(k) * k.size, lambda k: np.sum(k) / k.size, lambda k: 2 * np.sum(k),
            lambda k: np.sum(k, dtype=float)**2, lambda k: np.abs(np.sum(k))**0.5,
            lambda k: np.sum(k) - 0.999, lambda k: np.linalg.norm(k, 1), lambda k: np.linalg.norm(k, np.inf), lambda k: k.sum(axis=0)[0],
            lambda k: k.sum(axis=1)[0], lambda k: k[:3, :3].sum(), lambda k: k[0, 0] or 1,
            lambda k: k[len(k) // 2, len(k[0]) // 2] or 1, lambda k: k[k.shape[0] // 2].sum() or 1,
            lambda k: k.max(axis=0), lambda k: k.max(axis=1, keepdims=True))),
        lambda k: k / (k[0].sum() or 1), lambda k: k / (k[:, 0].sum() or 1),
        lambda k: (k > 0) / k.size),
    mistake("signs_ignored",
        "You leave signs out of the sum. Negative numbers count as negative: [[3, -1]] adds up to "
        "2, not 4.",
        divided_by(size_of_sum), divided_by(size_of_sum, check=lambda k: True),
        lambda k: k / np.abs(k).sum(), divided_by(lambda k: k[k > 0].sum()), lambda k: np.abs(k) / size_of_sum(k),
        lambda k: np.abs(normalize_kernel(k))),
    mistake("negative_sum_left",
        "A kernel whose sum is negative is divided by its sum too, sign and all. Only 0 is the "
        "exception.",
        lambda k: k / np.sum(k) if np.sum(k) > 0 else k,
        lambda k: k / np.sum(k) if np.sum(k) > 0 else np.zeros(k.shape),
        divided_by(lambda k: abs(np.sum(k))),
        divided_by(lambda k: max(np.sum(k), 1), check=lambda k: True)),
    mistake("unchanged",
        "Every kernel comes back as it was. Divide it by its sum, and give that back.",
        np.copy),
    mistake("other_condition",
        "Some kernels are not divided although their sum is not 0, or are although it is. Only "
        "the sum decides: is it 0?",
        *(divided_by(np.sum, check=check) for check in (
            np.all, np.any, np.max, np.min, lambda k: k.min() >= 0,
            lambda k: abs(k.sum()) > 1, lambda k: abs(k.sum()) >= 1,
            lambda k: abs(k.sum()) > 0.02, lambda k: abs(k.sum()) > 0.3,
            lambda k: k.max() > 1, lambda k: k.max() > 0, lambda k: k[0].sum(), lambda k: k[0, 0], lambda k: k[1:, 1:].any()))),
    mistake("rows_or_columns_apart",
        "Each row or column is divided by a sum of its own. One sum is wanted, of all the "
        "numbers: np.sum(kernel), without an axis.",
        divided_by(lambda k: k.sum(axis=0)), divided_by(lambda k: k.sum(axis=1, keepdims=True)),
        divided_by(lambda k: k.sum(axis=0), check=lambda k: True),
        divided_by(lambda k: k.sum(axis=1, keepdims=True), check=lambda k: True)),
    mistake("truncated",
        "The fractions are gone, or cut short: 1/16 is 0.0625. Use `/`, which divides to a "
        "fraction, and do not round.",
        lambda k: k // np.sum(k) if np.sum(k) else k, lambda k: normalize_kernel(k).astype(k.dtype),
        lambda k: k // (k.sum() or 1), lambda k: k // max(k.sum(), 1),
        *(lambda k, n=n: np.round(normalize_kernel(k), n) for n in range(4))),
    mistake("rows_for_columns",
        "A part of the kernel is missing from your loops: it need not be 3 x 3, nor square. "
        "shape[0] is its height, shape[1] its width.",
        lambda k: np.where(np.arange(k.shape[1]) < k.shape[0], normalize_kernel(k), 0),
        lambda k: normalize_kernel(k)[:, : k.shape[0]], lambda k: normalize_kernel(k)[:3, :3],
        *parts(normalize_kernel)[2:]),
    mistake("length_one",
        "You divide by squares, or a root of them. That is for vectors of length 1; here the "
        "numbers should add up to 1.",
        divided_by(np.linalg.norm), divided_by(lambda k: np.linalg.norm(k) or 1, check=np.size),
        lambda k: k / np.linalg.norm(k),
        divided_by(lambda k: np.sum(np.square(k, dtype=float)))),
    mistake("multiplied",
        "You multiply by the sum, or divide it by the kernel. Divide the kernel by its sum.",
        lambda k: k * np.sum(k), lambda k: k * np.sum(k) if np.sum(k) else k,
        lambda k: np.sum(k) / k if np.sum(k) else k, lambda k: np.sum(k) / k, lambda k: 1 / k,
        lambda k: normalize_kernel(k) * 255),
    mistake("stretched",
        "You change the numbers' proportions, by stretching, shifting or exp. They should keep "
        "them, and add up to 1: divide by the sum.",
        stretched, lambda k: stretched(k) if np.sum(k) else k,
        lambda k: (k - np.mean(k)) / (np.std(k) or 1), lambda k: k - np.mean(k),
        lambda k: k - np.sum(k), lambda k: k - (np.sum(k) - 1) / k.size,
        lambda k: k - (np.sum(k) - 1) / k.size if np.sum(k) else k,
        lambda k: (k - k.min()) / (np.sum(k) or 1),
        lambda k: np.sort(normalize_kernel(k), axis=None).reshape(k.shape),
        lambda k: np.exp(k.astype(float)) / np.exp(k.astype(float)).sum(),
        lambda k: np.exp(k.astype(float)) / np.exp(k.astype(float)).sum() if np.sum(k) else k),
)  # fmt: skip


EXERCISE = ByCalls(
    key="normalize_kernel",
    title="Divide a kernel by its sum",
    points=1,
    minutes=3,
    reference=normalize_kernel,
    examples=(
        call(np.array([[1, 2, 1], [2, 4, 2], [1, 2, 1]])),
        call(np.array([[0, 1, 0], [1, -4, 1], [0, 1, 0]])),
    ),
    cases=cases,
    alternatives=(
        lambda kernel: kernel / np.where(kernel.sum() == 0, 1, kernel.sum()),
        lambda kernel: np.divide(kernel, kernel.sum() or 1),
        lambda kernel: (
            np.array([[float(v) / total for v in row] for row in kernel])
            if abs(total := sum(float(v) for v in kernel.ravel())) > 1e-9
            else kernel.copy()
        ),
    ),
    mistakes=MISTAKES,
    hints=(
        (
            "What do the numbers of [[1, 2, 1], [2, 4, 2], [1, 2, 1]] add up to, and by what must "
            "each be divided so that they add up to 1?"
        ),
        "Find the sum first. Is it 0? Then there is nothing to divide by.",
        (
            "total = the sum of all numbers. If total is 0: return the kernel. Otherwise: return "
            "the kernel divided by total."
        ),
    ),
)
