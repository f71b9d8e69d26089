"""`diagonal_kernel`: a 3x3 kernel for lines that rise to the right, weak on those that fall."""

import numpy as np

from course.exercises.edge_kernels.known_kernels import EMBOSS
from course.exercises.edge_kernels.own_design import (
    ROUNDING,
    UNUSABLE,
    flat_answer,
    kernel_or_problem,
    line_answers,
    one_sign,
    quiet,
)
from course.exercises.exercise import ByObservation, mistake
from helpers import HORIZONTAL, conv2d

FALLING = np.array([[2, -1, -1], [-1, 2, -1], [-1, -1, 2]])


# --- Mistakes -------------------------------------------------------------------------------------

STRONGER = 2.0  # times as strong as on the other diagonal
MORE = 1 + 1e-3  # times, to be any stronger at all


def diagonal_answers(kernel: np.ndarray) -> tuple[float, float]:
    """The strongest answer to a thin line that rises to the right, and to one that falls."""
    rising, falling = (np.abs(conv2d(line, kernel)).max() for line in (np.eye(9)[::-1], np.eye(9)))
    return float(rising), float(falling)


def selective(kernel: np.ndarray, factor: float = STRONGER) -> bool:
    """Whether the rising diagonal gets an answer that many times as strong as the falling one."""
    rising, falling = diagonal_answers(kernel)
    return rising >= factor * falling * (1 - ROUNDING)


MISTAKES = (
    *UNUSABLE,
    mistake("averages",
        "All its numbers have the same sign, so a flat area gets an answer too. Take something "
        "away from the pixels beside the diagonal, until all nine numbers add up to 0.",
        np.eye(3)[::-1],
        test=one_sign),
    mistake("flat_not_zero",
        "It answers to a flat area, where there is no line at all. Its nine numbers must add up "
        "to 0: look at np.sum of your kernel.",
        np.array([[-1, -1, 2], [-1, 3, -1], [2, -1, -1]]),
        test=lambda kernel: not quiet(flat_answer(kernel), kernel)),
    mistake("silent_on_diagonals",
        "It is 0 on both diagonals: what it adds along them, it also takes away.",
        np.array([[0, 1, 0], [-1, 0, -1], [0, 1, 0]]),
        test=lambda kernel: quiet(np.array(diagonal_answers(kernel)), kernel)),
    mistake("other_diagonal",
        "It is stronger on the other diagonal, which falls from the top left to the bottom right. "
        "Wanted is the one that rises to the right: mirror your kernel with [:, ::-1].",
        FALLING, np.array([[2, 0, -3], [0, 2, 0], [-3, 0, 2]]),
        test=lambda kernel: selective(kernel[:, ::-1], MORE)),
    mistake("straight",
        "This is a kernel for horizontal or vertical lines: it cannot tell the two diagonals "
        "apart.",
        HORIZONTAL,
        test=lambda kernel: not selective(kernel, MORE) and sum(line_answers(kernel)) == 1),
    mistake("both_diagonals",
        "It answers to both diagonals equally strongly; the opposite sign does not make an answer "
        "weak. The corners of the two diagonals need different numbers.",
        np.array([[2, -2, 2], [-2, 0, -2], [2, -2, 2]]),
        test=lambda kernel: not selective(kernel, MORE)),
    mistake("too_weak",
        "It answers more strongly to the right diagonal, but not twice as strongly as to the "
        "other. Which numbers of yours does a line along the other diagonal meet?",
        np.array([[-3, 0, 2], [0, 2, 0], [2, 0, -3]]),
        test=lambda kernel: not selective(kernel)),
)  # fmt: skip


EXERCISE = ByObservation(
    key="diagonal_kernel",
    title="Design a kernel for lines at 45 degrees",
    points=2,
    minutes=5,
    kind="value",
    reference=FALLING[:, ::-1],
    observe=kernel_or_problem,
    helpers=("kernels.GALLERY",),
    alternatives=(
        [[-2, -1, 0], [-1, 0, 1], [0, 1, 2]],
        EMBOSS,
        (np.eye(3)[:, ::-1] - 1 / 3).astype(np.float32),
        np.array([[0, -1, 1], [-1, 2, -1], [1, -1, 0]]) / 2,
        np.array([[2, 1, 0], [1, 0, -1], [0, -1, -2]]),
    ),
    mistakes=MISTAKES,
    hints=(
        (
            "Which three of the nine numbers lie under a line that goes from the bottom left to "
            "the top right?"
        ),
        (
            "Make those three count for. The other six must count against, so that a flat area "
            "gives 0."
        ),
        (
            "One positive number three times, at [2, 0], [1, 1] and [0, 2]; one negative number "
            "six times, half as large."
        ),
    ),
)
