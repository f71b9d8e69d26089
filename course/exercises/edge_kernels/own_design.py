"""Kernels of one's own design: what they do to small pictures decides, not their numbers."""

from collections.abc import Callable
from typing import Any

import numpy as np

from course.exercises.exercise import Mistake, mistake
from helpers import LAPLACIAN, conv2d

ROUNDING = 1e-6  # of a kernel's largest value: what sums that should be 0 may leave over


def kernel_or_problem(answer: Any) -> np.ndarray | str:
    """Return a 3x3 kernel as floats, or the id of the mistake that makes it unusable."""
    try:
        values = np.asarray(answer)
    except (TypeError, ValueError):
        return "not_numbers"
    if values.dtype.kind not in "iuf":
        return "not_numbers"
    if values.shape != (3, 3):
        return "wrong_size"
    if not np.isfinite(values).all():
        return "not_finite"
    return values.astype(float) if values.any() else "all_zero"


def problem(id: str) -> Callable[[Any], bool]:
    """Whether this problem was found when the answer was observed."""
    return lambda seen: isinstance(seen, str) and seen == id


UNUSABLE = (
    mistake("not_numbers",
        "That is no grid of numbers. A kernel is np.array([[...], [...], [...]]), with three "
        "numbers in each row.",
        [[-1, -2], [0, 0, 0], [1, 2, 1]],
        test=problem("not_numbers")),
    mistake("wrong_size",
        "A 3x3 kernel is wanted here: three rows of three numbers. `.shape` of yours should say "
        "(3, 3).",
        np.ones((5, 5)),
        test=problem("wrong_size")),
    mistake("not_finite",
        "There is NaN or infinity in it, and whatever it touches becomes that too. Was something "
        "divided by 0?",
        np.full((3, 3), np.nan),
        test=problem("not_finite")),
    mistake("all_zero",
        "Nine zeros answer 0 to every picture. Which pixels should count for, which against?",
        np.zeros((3, 3)),
        test=problem("all_zero")),
)  # fmt: skip


def quiet(values: np.ndarray, kernel: np.ndarray) -> bool:
    """Whether all values are 0 but for rounding."""
    return bool(np.abs(values).max() <= ROUNDING * np.abs(kernel).max())


def one_sign(kernel: np.ndarray) -> bool:
    """Whether nothing in a kernel counts against anything else."""
    return bool((kernel >= 0).all() or (kernel <= 0).all())


def flat_answer(kernel: np.ndarray) -> np.ndarray:
    """What an area of ones gives."""
    return conv2d(np.ones((3, 3)), kernel)


def line_answers(kernel: np.ndarray) -> tuple[bool, bool]:
    """Whether a kernel answers to a horizontal, and to a vertical line one pixel thin.

    Any picture of such lines is a sum of single ones, so these decide for all of them.
    """
    picture = np.zeros((7, 7))
    picture[3] = 1
    horizontal, vertical = conv2d(picture, kernel), conv2d(picture.T, kernel)
    return not quiet(horizontal, kernel), not quiet(vertical, kernel)


# fmt: off
def one_direction(wanted: str, other: str, swapped: np.ndarray) -> tuple[Mistake, ...]:
    """What goes wrong with a kernel that should answer to lines in one direction only."""
    lines = ("rows", "columns") if wanted == "horizontal" else ("columns", "rows")

    def answers(kernel: np.ndarray) -> tuple[bool, bool]:
        return line_answers(kernel if wanted == "horizontal" else kernel.T)

    return (
        *UNUSABLE,
        mistake("averages",
            "All its numbers have the same sign, so it averages pixels instead of comparing them. "
            "On a flat area it should answer 0: some pixels have to count against the others.",
            np.array([[1, 2, 1], [0, 0, 0], [1, 2, 1]]),
            test=one_sign),
        mistake("swapped",
            f"This kernel is 0 on {wanted} lines and answers to {other} ones: rows "
            "and columns are swapped. `.T` swaps them back.",
            swapped,
            test=lambda kernel: answers(kernel) == (False, True)),
        mistake("flat_not_zero",
            "It answers to a flat area, where there is no line at all. Its nine numbers must add "
            "up to 0: look at np.sum of your kernel.",
            np.array([[-1, -2, -1], [0, 1, 0], [1, 2, 1]]),
            test=lambda kernel: not quiet(flat_answer(kernel), kernel)),
        mistake("answers_to_neither",
            f"It answers neither to {wanted} nor to {other} lines: every "
            f"row and every column adds up to 0. The {lines[0]} should not.",
            np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]]),
            test=lambda kernel: answers(kernel) == (False, False)),
        mistake("symmetric",
            f"It answers to {other} lines as well: swapping rows and columns "
            "changes nothing in it, so it cannot tell the two directions apart.",
            LAPLACIAN,
            test=lambda kernel: answers(kernel) == (True, True)
              and quiet(kernel - kernel.T, kernel)),
        mistake("both_directions",
            f"It answers to {wanted} lines, but to {other} ones too. For "
            f"those to cancel, each of its {lines[1]} must add up to 0 by itself.",
            np.array([[0, 1, 2], [-1, 0, 1], [-2, -1, 0]]),
            test=lambda kernel: answers(kernel) == (True, True)),
    )
# fmt: on
