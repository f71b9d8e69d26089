"""`box_kernel(size)`: the mean filter."""

import numpy as np

from course.exercises.distortions import parts
from course.exercises.edge_kernels.normalize_kernel import normalize_kernel
from course.exercises.edge_kernels.sized_kernels import (
    bell,
    gauss,
    middle_row,
    size_cases,
    with_centre,
)
from course.exercises.exercise import ByCalls, call, mistake
from helpers import GALLERY


def box_kernel(size: int) -> np.ndarray:
    """Return the mean filter."""
    return np.full((size, size), 1 / size**2)


# --- Mistakes -------------------------------------------------------------------------------------

MISTAKES = (
    mistake("not_normalized",
        "The numbers add up to 9 for size 3, so the picture becomes 9 times as bright. They "
        "should add up to 1.",
        lambda size: np.ones((size, size))),
    mistake("divided_by_size",
        "You divide by something else than how many numbers there are. Size 3 has 3 x 3 = 9 of "
        "them: each is 1/9.",
        *(lambda size, by=by: np.full((size, size), np.divide(1, by(size))) for by in (  # type: ignore[misc]
            lambda n: n, lambda n: 2 * n, lambda n: n**0.5, lambda n: n**n, lambda n: n**3,
            lambda n: n**2 - 1, lambda n: n ^ 2 or 1, lambda n: n ^ 2, lambda n: (n + 1)**2, lambda n: (n - 1)**2,
            lambda n: 2 * n**2))),
    mistake("always_nine",
        "That is right for size 3 only, where each number is 1/9. How many numbers does a kernel "
        "of another size have?",
        lambda size: np.full((size, size), 1 / 9), lambda size: box_kernel(3),
        lambda size: box_kernel(2), lambda size: box_kernel(5), lambda size: np.ones((3, 3)),
        *(lambda size, name=name: GALLERY[name].kernel * GALLERY[name].factor  # type: ignore[misc]
          for name in ("blur 3x3", "blur 5x5", "gaussian 3x3", "gaussian 5x5")),
        lambda size: with_centre(np.ones((3, 3)), 0) / 8),
    mistake("all_zero",
        "All its numbers are 0: 1/9 was rounded down to a whole number. Use `/` rather than `//`, "
        "and let the array hold floats.",
        lambda size: np.full((size, size), 1 // size**2), lambda size: np.zeros((size, size))),
    mistake("one_row_only",
        "That is one row or column of numbers. A square is wanted, with `size` rows and `size` "
        "columns.",
        *(lambda size, shape=shape, by=by: np.full(shape(size), 1 / by(size))  # type: ignore[misc]
          for shape in (lambda n: n, lambda n: n * n, lambda n: (1, n), lambda n: (n, 1),
                        lambda n: (1, n * n), lambda n: (n * n, 1), lambda n: (1, 1))
          for by in (lambda n: n, lambda n: n**2, lambda n: 1))),
    mistake("radius",
        "`size` is the whole width of the kernel: 3 gives 3 x 3, nothing else.",
        *(lambda size, of=of: box_kernel(of(size)) for of in (  # type: ignore[misc]
            lambda n: 2 * n + 1, lambda n: 2 * n - 1, lambda n: n + 1, lambda n: n - 1,
            lambda n: n + 2, lambda n: 2 * n, lambda n: n // 2, lambda n: n * n)),
        lambda size: np.full((size * size, size * size), 1 / size**2)),
    mistake("too_many_axes",
        "The shape has a third axis. A kernel has rows and columns only.",
        lambda size: np.full((size, size, 3), 1 / size**2),
        lambda size: np.full((size, size, 1), 1 / size**2),
        lambda size: np.full((1, size, size), 1 / size**2)),
    mistake("centre_left_out",
        "The centre is 0. The mean counts the pixel itself too: for size 3 every number is 1/9.",
        lambda size: with_centre(np.ones((size, size)), 0) / max(size**2 - 1, 1),
        lambda size: with_centre(box_kernel(size), 0)),
    mistake("partly_filled",
        "Only a part of the square is filled. In a mean, every pixel of the window counts.",
        lambda size: np.eye(size) / size, np.eye, lambda size: np.eye(size) / size**2,
        lambda size: normalize_kernel(np.maximum(middle_row(size), middle_row(size).T)),
        lambda size: middle_row(size) / size, lambda size: middle_row(size).T / size,
        lambda size: with_centre(np.zeros((size, size)), 1), lambda size: np.tri(size) / size**2,
        lambda size: normalize_kernel(np.tri(size)), lambda size: np.pad(box_kernel(size - 2), 1),
        *parts(box_kernel)),
    mistake("weighted",
        "Your weights differ from place to place. In a mean, all pixels have the same weight.",
        lambda size: np.outer(bell(size), bell(size)),
        lambda size: normalize_kernel(np.outer(np.hanning(size), np.hanning(size))),
        lambda size: normalize_kernel(np.outer(np.hanning(size + 2), np.hanning(size + 2))[1:-1, 1:-1]),
        *(lambda size, s=s: normalize_kernel(np.outer(gauss(size, s), gauss(size, s)))  # type: ignore[misc]
          for s in (0.5, 1, 1.5, 2, None)),
        lambda size: np.arange(size**2).reshape(size, size) / np.arange(size**2).sum(),
        lambda size: np.arange(1, size**2 + 1).reshape(size, size) / size**2),
    mistake("hundreds",
        "Multiplied by 255, a flat area leaves the range. The numbers should add up to 1.",
        lambda size: np.full((size, size), 255 / size**2)),
    mistake("rounded",
        "The numbers are rounded: nine times 0.11 is 0.99, and the picture gets darker. Keep the "
        "fractions.",
        *(lambda size, n=n: np.round(box_kernel(size), n) for n in (1, 2, 3))),
)  # fmt: skip


EXERCISE = ByCalls(
    key="box_kernel",
    title="Make the mean filter of any size",
    points=1,
    minutes=2,
    reference=box_kernel,
    examples=(call(3), call(2)),
    cases=size_cases,
    alternatives=(
        lambda size: normalize_kernel(np.ones((size, size))),
        lambda size: np.array([[1 / (size * size) for _ in range(size)] for _ in range(size)]),
        lambda size: np.outer(np.full(size, 1 / size), np.full(size, 1 / size)),
        lambda size: np.ones((size, size), dtype=np.float32) / size / size,
    ),
    mistakes=MISTAKES,
    hints=(
        (
            "How many pixels does a window of that size hold, and what share does each have in "
            "their mean?"
        ),
        "np.ones((3, 3)) is a 3x3 array of ones. What do its numbers add up to?",
        "An array of shape (size, size), filled with one number: 1 over how many there are.",
    ),
)
