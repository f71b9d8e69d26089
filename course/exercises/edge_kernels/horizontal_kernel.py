"""`horizontal_kernel`: a 3x3 kernel that answers to horizontal lines and to no vertical one."""

import numpy as np

from course.exercises.edge_kernels.known_kernels import LINE_DETECTOR, PREWITT, SCHARR
from course.exercises.edge_kernels.own_design import kernel_or_problem, one_direction
from course.exercises.exercise import ByObservation
from helpers import HORIZONTAL, VERTICAL

EXERCISE = ByObservation(
    key="horizontal_kernel",
    title="See horizontal lines and be blind to vertical ones",
    points=1,
    minutes=3,
    kind="value",
    reference=HORIZONTAL,
    observe=kernel_or_problem,
    helpers=("kernels.HORIZONTAL", "kernels.VERTICAL"),
    alternatives=(
        PREWITT.tolist(),
        -HORIZONTAL.astype(int),
        (SCHARR / 32).astype(np.float32),
        LINE_DETECTOR,
        np.outer([0.5, 0, -0.5], [0.25, 0.5, 0.25]),
    ),
    mistakes=one_direction("horizontal", "vertical", VERTICAL),
    hints=(
        (
            "Above and below a horizontal edge the picture has different values. Which row of the "
            "window would you subtract from which?"
        ),
        (
            "On a vertical line, every row of the window is the same. So the numbers of each "
            "column of your kernel have to cancel."
        ),
        (
            "Three rows: one with negative numbers, one with zeros, one with the same numbers "
            "positive."
        ),
    ),
)
