"""`motion_blur_kernel(size)`: the blur along the diagonal."""

import numpy as np

from course.exercises.distortions import parts
from course.exercises.edge_kernels.box_kernel import box_kernel
from course.exercises.edge_kernels.normalize_kernel import normalize_kernel
from course.exercises.edge_kernels.sized_kernels import (
    bell,
    gauss,
    middle_row,
    size_cases,
    with_centre,
)
from course.exercises.exercise import ByCalls, call, mistake


def motion_blur_kernel(size: int) -> np.ndarray:
    """Return the blur along the main diagonal."""
    return np.eye(size) / size


# --- Mistakes -------------------------------------------------------------------------------------


def cross(size: int) -> np.ndarray:
    """Return ones on both diagonals."""
    return np.maximum(np.eye(size), np.eye(size)[::-1])


MISTAKES = (
    mistake("not_normalized",
        "The numbers add up to 3 for size 3, so the picture becomes 3 times as bright. They "
        "should add up to 1.",
        np.eye, lambda size: np.eye(size) * size, lambda size: np.eye(size) * 255),
    mistake("divided_by_count",
        "You divide by something else than how many numbers are not 0. On the diagonal of size 3 "
        "there are 3 of them: each is 1/3.",
        *(lambda size, by=by: np.eye(size) / by(size) for by in (  # type: ignore[misc]
            lambda n: n**2, lambda n: 2 * n, lambda n: n**0.5, lambda n: n - 1, lambda n: n + 1,
            lambda n: 2 * n - 1, lambda n: n**2 / 9, lambda n: n**3)),
        lambda size: np.eye(size) - 1 / size, lambda size: np.eye(size) / size - 1 / size**2,
        lambda size: np.eye(size) + 1 / size, lambda size: np.eye(size) / sum(range(size))),
    mistake("other_diagonal",
        "That is the other diagonal. This one starts at the top left: row 0, column 0.",
        *(lambda size, by=by: np.eye(size)[::-1] / by(size) for by in (  # type: ignore[misc]
            lambda n: n, lambda n: 1, lambda n: n**2, lambda n: 9))),
    mistake("both_diagonals",
        "Both diagonals are filled: that is a cross. Only the one from the top left to the bottom "
        "right is wanted.",
        cross, lambda size: normalize_kernel(cross(size)), lambda size: cross(size) / size,
        lambda size: cross(size) / size / 2,
        lambda size: (np.eye(size) + np.eye(size)[::-1]) / size,
        lambda size: (np.eye(size) + np.eye(size)[::-1]) / size / 2),
    mistake("straight",
        "That blurs along a row or a column. The numbers should stand on the diagonal: row 0, "
        "column 0; row 1, column 1; and so on.",
        *(lambda size, turn=turn, by=by: turn(middle_row(size)) / by(size)  # type: ignore[misc]
          for turn in (lambda k: k, lambda k: k.T, lambda k: k[::-1])
          for by in (lambda n: n, lambda n: 1)),
        lambda size: np.eye(size)[:1].T @ np.full((1, size), 1 / size),
        lambda size: np.full((size, 1), 1 / size) @ np.eye(size)[:1]),
    mistake("whole_box",
        "Every number is filled, or all but the diagonal: that blurs in all directions. Only the "
        "diagonal should be.",
        box_kernel, lambda size: np.full((size, size), 1 / size),
        lambda size: np.ones((size, size)), lambda size: np.full((size, size), 1 / 9),
        lambda size: np.eye(size) / size + 1 - np.eye(size), lambda size: (1 - np.eye(size)) / size,
        lambda size: normalize_kernel(1 - np.eye(size))),
    mistake("half_filled",
        "Half of the square is filled. Only the diagonal itself should be.",
        *(lambda size, turn=turn, by=by: turn(np.tri(size)) / by(size)  # type: ignore[misc]
          for turn in (lambda k: k, lambda k: k.T)
          for by in (lambda n: n, lambda n: n * (n + 1) / 2, lambda n: 1, lambda n: n**2))),
    mistake("beside_the_diagonal",
        "Numbers stand beside the diagonal. It goes through row 0, column 0, and is one number "
        "wide.",
        *(lambda size, k=k, by=by: np.eye(size, k=k) / by(size)  # type: ignore[misc]
          for k in (1, -1) for by in (lambda n: n, lambda n: n - 1 or 1)),
        lambda size: normalize_kernel(np.tri(size, k=1) - np.tri(size, k=-2)),
        lambda size: (np.tri(size, k=1) - np.tri(size, k=-2)) / size,
        lambda size: (np.eye(size) + np.eye(size, k=1)) / size),
    mistake("diagonal_incomplete",
        "The diagonal has a gap: it goes from the first row to the last, and every one of its "
        "numbers is the same.",
        lambda size: np.diag([1 / size] * (size - 1) + [0]),
        lambda size: np.diag([0] + [1 / size] * (size - 1)),
        lambda size: np.diag([0, *[1 / size] * (size - 2), 0]),
        lambda size: np.diag([1 / size] + [0] * (size - 1)), *parts(motion_blur_kernel)[2:4],
        lambda size: with_centre(np.eye(size) / size, 0),
        lambda size: np.diag([1 / size, *[0] * (size - 2), 1 / size][:size]) * (size > 1),
        lambda size: with_centre(np.zeros((size, size)), 1)),
    mistake("weighted",
        "Your numbers differ along the diagonal. All of them should be the same.",
        lambda size: np.diag(bell(size)),
        lambda size: np.diag(np.arange(1, size + 1)) / (size * (size + 1) / 2),
        lambda size: np.diag(np.arange(size, 0, -1)) / (size * (size + 1) / 2),
        lambda size: np.diag(np.arange(size)) / size,
        lambda size: np.diag(np.arange(1, size + 1)) / size,
        lambda size: np.diag(np.linspace(0, 1, size)), lambda size: np.diag(np.arange(size)),
        lambda size: np.outer(np.arange(size), np.arange(size)) / size,
        *(lambda size, s=s: np.diag(normalize_kernel(gauss(size, s)))  # type: ignore[misc]
          for s in (0.5, 1, 2, None))),
    mistake("always_nine",
        "That is right for one size only. `size` says how many numbers share the 1.",
        *(lambda size, n=n: np.eye(size) / n for n in (2, 3, 4, 5, 8, 9, 10, 255)),
        lambda size: np.eye(9), lambda size: np.eye(3),
        *(lambda size, n=n: np.eye(n) / n for n in (3, 5, 9))),  # type: ignore[misc]
    mistake("all_zero",
        "All its numbers are 0: 1/3 was rounded down to a whole number. Use `/` rather than `//`, "
        "and let the array hold floats.",
        lambda size: np.eye(size) // size, lambda size: np.zeros((size, size))),
    mistake("one_row_only",
        "That is one row of numbers. A square is wanted, with `size` rows and `size` columns.",
        lambda size: np.full(size, 1 / size), lambda size: np.full((1, size), 1 / size),
        lambda size: np.full((size, 1), 1 / size), lambda size: np.eye(size)[0] / size,
        lambda size: np.full(size, 1 / size**2), lambda size: np.ones(size)),
    mistake("radius",
        "`size` is the whole width of the kernel: 3 gives 3 x 3, nothing else.",
        *(lambda size, of=of: motion_blur_kernel(of(size)) for of in (  # type: ignore[misc]
            lambda n: 2 * n + 1, lambda n: 2 * n - 1, lambda n: n + 1, lambda n: n - 1,
            lambda n: n + 2, lambda n: 2 * n, lambda n: n // 2)),
        lambda size: np.eye(size, 2 * size) / size, lambda size: np.eye(size, size + 1) / size),
    mistake("too_many_axes",
        "The shape has a third axis. A kernel has rows and columns only.",
        lambda size: (np.eye(size) / size)[..., np.newaxis],
        lambda size: (np.eye(size) / size)[np.newaxis]),
    mistake("rounded",
        "The numbers are rounded: three times 0.33 is 0.99, and the picture gets darker. Keep the "
        "fractions.",
        *(lambda size, n=n: np.round(np.eye(size) / size, n) for n in (1, 2, 3))),
)  # fmt: skip


EXERCISE = ByCalls(
    key="motion_blur_kernel",
    title="Blur along the diagonal",
    points=1,
    minutes=2,
    reference=motion_blur_kernel,
    examples=(call(3), call(2)),
    cases=size_cases,
    alternatives=(
        lambda size: np.diag([1 / size] * size),
        lambda size: np.array(
            [[1 / size if row == col else 0 for col in range(size)] for row in range(size)]
        ),
        lambda size: normalize_kernel(np.identity(size, dtype=int)),
    ),
    mistakes=MISTAKES,
    hints=(
        (
            "A point moves to the bottom right while the shutter is open. Which pixels does it "
            "touch, and for what share of the time each?"
        ),
        (
            "np.eye(3) is a square of zeros with ones from the top left to the bottom right. What "
            "do they add up to?"
        ),
        (
            "A (size, size) array with one same number at [0, 0], [1, 1], [2, 2] and so on, so "
            "that all add up to 1."
        ),
    ),
)
