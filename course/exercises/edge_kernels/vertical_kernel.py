"""`vertical_kernel`: a 3x3 kernel that answers to vertical lines and to no horizontal one."""

import numpy as np

from course.exercises.edge_kernels.known_kernels import LINE_DETECTOR, PREWITT, SCHARR
from course.exercises.edge_kernels.own_design import kernel_or_problem, one_direction
from course.exercises.exercise import ByObservation
from helpers import HORIZONTAL, VERTICAL

EXERCISE = ByObservation(
    key="vertical_kernel",
    title="See vertical lines and be blind to horizontal ones",
    points=1,
    minutes=1,
    kind="value",
    reference=VERTICAL,
    observe=kernel_or_problem,
    helpers=("kernels.HORIZONTAL", "kernels.VERTICAL"),
    alternatives=(
        PREWITT.T.tolist(),
        -VERTICAL.astype(int),
        (SCHARR.T / 32).astype(np.float32),
        LINE_DETECTOR.T,
    ),
    mistakes=one_direction("vertical", "horizontal", HORIZONTAL),
    hints=(
        "You have a kernel for the other direction. What has to change places?",
        (
            "On a horizontal line, every column of the window is the same. So the numbers of each "
            "row of your kernel have to cancel."
        ),
        (
            "Three columns: one with negative numbers, one with zeros, one with the same numbers "
            "positive. NumPy swaps rows and columns with .T"
        ),
    ),
)
