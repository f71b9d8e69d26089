"""`sharpen_kernel`: a 3x3 kernel that raises the contrast at every edge and leaves flat areas."""

import numpy as np

from course.exercises.edge_kernels.box_kernel import box_kernel
from course.exercises.edge_kernels.known_kernels import IDENTITY
from course.exercises.edge_kernels.own_design import (
    UNUSABLE,
    flat_answer,
    kernel_or_problem,
    one_sign,
    quiet,
)
from course.exercises.exercise import ByObservation, mistake
from helpers import GALLERY, LAPLACIAN, conv2d

# --- Mistakes -------------------------------------------------------------------------------------

DARK, BRIGHT = 100.0, 200.0  # grey values on the two sides of an edge
OVERSHOOT = 1.0  # grey levels by which each side must pass its own value


def sides(kernel: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    """What becomes of dark and of bright pixels: at a horizontal, a vertical and two diagonal
    edges."""
    row, col = np.mgrid[:9, :9]
    pairs = []
    for is_bright in (row > 4, col > 4, row + col > 8, row - col > 0):
        answers = conv2d(np.where(is_bright, BRIGHT, DARK), kernel)
        inside = is_bright[1:-1, 1:-1]
        pairs.append((answers[~inside], answers[inside]))
    return pairs


def overshoots(kernel: np.ndarray) -> np.ndarray:
    """Whether each of the four edges is passed on its dark and on its bright side: (4, 2)."""
    return np.array(
        [
            (DARK - dark.min() >= OVERSHOOT, bright.max() - BRIGHT >= OVERSHOOT)
            for dark, bright in sides(kernel)
        ]
    )


def inverts(kernel: np.ndarray) -> bool:
    """Whether the dark side of an edge comes out brighter than the bright side somewhere."""
    return any(dark.max() > bright.min() + OVERSHOOT for dark, bright in sides(kernel))


MISTAKES = (
    *UNUSABLE,
    mistake("edges_only",
        "Its numbers add up to 0, so a flat area turns black: it finds edges, and the picture is "
        "gone. Add the picture itself: 1 more in the centre.",
        np.array([[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]]),
        test=lambda kernel: quiet(flat_answer(kernel), kernel)),
    mistake("sum_not_one",
        "Its numbers do not add up to 1, so a flat area gets brighter or darker. Look at np.sum "
        "of your kernel.",
        np.array([[0, -1, 0], [-1, 4.5, -1], [0, -1, 0]]),
        test=lambda kernel: not quiet(flat_answer(kernel) - 1, kernel)),
    mistake("identity",
        "This kernel gives the picture back as it was. Which numbers round the centre would make "
        "a pixel differ more from its neighbours?",
        IDENTITY,
        test=lambda kernel: quiet(kernel - IDENTITY, kernel)),
    mistake("blur",
        "There is no negative number in it, so each pixel becomes a mean of its neighbours: that "
        "blurs, or shifts. To sharpen, the neighbours must count against the centre.",
        np.full((3, 3), 1 / 9),
        test=one_sign),
    mistake("inverted",
        "At an edge from 100 to 200, pixels of the dark side come out brighter than pixels of the "
        "bright side. The centre should count for the pixel, its neighbours against it.",
        GALLERY["excessive edges"].kernel,
        test=inverts),
    mistake("too_weak",
        "At an edge from 100 to 200 nothing falls below 99 or rises above 201: contrast is not "
        "raised. The negative neighbours need more weight, and the centre as much more.",
        IDENTITY - LAPLACIAN / 1000,
        test=lambda kernel: not overshoots(kernel).any()),
    mistake("one_direction",
        "It sharpens some edges, and others not at all: try it on a horizontal, a vertical and a "
        "diagonal edge. Neighbours on every side must count.",
        np.array([[0, 0, 0], [-1, 3, -1], [0, 0, 0]]),
        test=lambda kernel: not overshoots(kernel).any(axis=1).all()),
    mistake("one_sided",
        "Edges are raised on one side only. The bright side should get brighter and the dark side "
        "darker: neighbours on opposite sides need the same sign.",
        np.array([[0, 0, 0], [0, 3, -1], [0, -1, 0]]),
        test=lambda kernel: not overshoots(kernel).all()),
)  # fmt: skip


EXERCISE = ByObservation(
    key="sharpen_kernel",
    title="Raise the contrast at every edge",
    points=2,
    minutes=4,
    kind="value",
    reference=GALLERY["sharpen"].kernel,
    observe=kernel_or_problem,
    helpers=("kernels.GALLERY",),
    alternatives=(
        np.array([[0, -1, 0], [-1, 5, -1], [0, -1, 0]]),
        [[-1, 0, -1], [0, 5, 0], [-1, 0, -1]],
        2 * IDENTITY - box_kernel(3),
        IDENTITY - 0.2 * LAPLACIAN,
        (np.array([[-1, -2, -1], [-2, 28, -2], [-1, -2, -1]]) / 16).astype(np.float32),
    ),
    mistakes=MISTAKES,
    hints=(
        (
            "A kernel that leaves the picture as it is has a single 1. What would you add to it, "
            "so that a flat area still keeps its value?"
        ),
        (
            "Picture plus edges: the edges are what is left when you subtract a pixel's "
            "neighbours from the pixel itself."
        ),
        (
            "A large positive number in the centre, negative ones on all sides of it, and all "
            "nine add up to 1."
        ),
    ),
)
