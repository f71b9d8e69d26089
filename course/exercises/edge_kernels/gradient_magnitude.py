"""`gradient_magnitude(image)`: the length of the two answers, sqrt(h**2 + v**2)."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

import helpers
from course.exercises.distortions import parts, wrapped
from course.exercises.edge_kernels.disc import DISC
from course.exercises.edge_kernels.known_kernels import IDENTITY, LINE_DETECTOR, PREWITT, SCHARR
from course.exercises.exercise import ByCalls, Call, call, mistake
from helpers import GALLERY, HORIZONTAL, LAPLACIAN, VERTICAL, conv2d, to_pixels

THREE_FOUR_FIVE = np.array([[0, 0, 0], [20, 0, 0], [0, 15, 0]])  # the answers are 30 and -40


# --- Cases ----------------------------------------------------------------------------------------


def cases(rng: np.random.Generator) -> Iterable[Call]:
    yield call(rng.integers(0, 256, (4, 5)))
    yield call(rng.integers(0, 256, (5, 4)).astype(np.uint8))
    yield call(rng.normal(scale=50, size=(6, 4)))
    yield call(rng.uniform(size=(3, 6)).astype(np.float32))
    yield call(rng.integers(-99, 100, (5, 3)))
    yield call(np.repeat(rng.integers(0, 256, (5, 1)), 4, axis=1))
    yield call(np.repeat(rng.uniform(0, 255, (1, 5)), 4, axis=0))
    yield call(rng.integers(0, 256, (3, 3)).astype(np.uint8))
    yield call(np.full((4, 3), 77))


# --- Other right answers --------------------------------------------------------------------------


def differences(image: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Make the pair's answers of slices, in the image's own type: bytes wrap around."""
    rows = image[:, :-2] + 2 * image[:, 1:-1] + image[:, 2:]
    columns = image[:-2] + 2 * image[1:-1] + image[2:]
    return rows[2:] - rows[:-2], columns[:, 2:] - columns[:, :-2]


def length_of_bytes(image: np.ndarray) -> np.ndarray:
    return np.hypot(*(part.astype(float) for part in differences(image)))


# --- Mistakes -------------------------------------------------------------------------------------


def both(
    combine: Callable[[np.ndarray, np.ndarray], Any],
    kernel: np.ndarray = HORIZONTAL,
    padding: str = "valid",
    border: str = "zero",
) -> Callable[[np.ndarray], Any]:
    """Combine the answers of a kernel and of its transposed."""
    return lambda image: combine(
        conv2d(image, kernel, padding, border=border),
        conv2d(image, kernel.T, padding, border=border),
    )


def length_in_bytes(image: np.ndarray) -> np.ndarray:
    h, v = differences(image)
    return np.sqrt(h**2 + v**2)


MISTAKES = (
    mistake("not_squared",
        "You add the sizes of the two answers: 30 + 40 = 70 in the example. Square both, add, and "
        "take the square root: 50.",
        both(lambda h, v: abs(h) + abs(v))),
    mistake("root_missing",
        "The square root is missing: 900 + 1600 = 2500 in the example, and its root is 50.",
        both(lambda h, v: h**2 + v**2), both(lambda h, v: (h + v)**2), both(lambda h, v: h**2),
        both(lambda h, v: v**2), both(lambda h, v: (abs(h) + abs(v))**2),
        both(lambda h, v: (h - v)**2), both(lambda h, v: np.hypot(h, v)**4)),
    mistake("one_after_the_other",
        "The second kernel runs over the answers of the first. Each of them runs over the image.",
        lambda image: conv2d(conv2d(image, HORIZONTAL), VERTICAL),
        lambda image: conv2d(conv2d(image, VERTICAL), HORIZONTAL)),
    mistake("added",
        "You add the two answers as they are, 30 and -40 in the example: they cancel. Square each "
        "of them before adding.",
        both(lambda h, v: h + v), both(lambda h, v: abs(h + v)), both(lambda h, v: h - v),
        both(lambda h, v: abs(h - v)), both(lambda h, v: v - h),
        both(lambda h, v: np.sqrt(np.maximum(h + v, 0))), both(lambda h, v: np.sqrt(h + v)),
        both(lambda h, v: np.sqrt(abs(h + v))), both(lambda h, v: np.sqrt(abs(h - v)))),
    mistake("one_not_squared",
        "Only one of the two answers is squared, or a root is taken of only one. Brackets help: "
        "the root of (h**2 + v**2).",
        both(lambda h, v: np.sqrt(h**2 + v)), both(lambda h, v: np.sqrt(h + v**2)),
        both(lambda h, v: np.sqrt(abs(h + v**2))), both(lambda h, v: np.sqrt(abs(h**2 + v))),
        both(lambda h, v: abs(h) + v**2), both(lambda h, v: h**2 + abs(v)),
        both(lambda h, v: h**2 + v), both(lambda h, v: h + v**2), both(lambda h, v: abs(h) + v),
        both(lambda h, v: h + abs(v)), both(lambda h, v: np.sqrt(abs(h)) + v)),
    mistake("subtracted",
        "One square is subtracted from the other. They are added: 900 + 1600 in the example.",
        both(lambda h, v: np.sqrt(abs(h**2 - v**2))), both(lambda h, v: np.sqrt(h**2 - v**2)),
        both(lambda h, v: np.sqrt(np.maximum(h**2 - v**2, 0))), both(lambda h, v: h**2 - v**2),
        both(lambda h, v: abs(h) - abs(v)), both(lambda h, v: abs(abs(h) - abs(v)))),
    mistake("doubled_not_squared",
        "`h * 2` doubles, `h ** 2` squares. In the example 30 doubled is 60, and squared it is "
        "900.",
        both(lambda h, v: np.sqrt(2 * h + 2 * v)), both(lambda h, v: np.sqrt(abs(2 * (h + v)))),
        both(lambda h, v: np.sqrt(2 * abs(h) + 2 * abs(v)))),
    mistake("other_power",
        "Another power or root is taken, or a logarithm. Squares, and the square root of their "
        "sum: of 900 + 1600 it is 50.",
        both(lambda h, v: np.sqrt(abs(h) + abs(v))),
        both(lambda h, v: np.sqrt(abs(h)) + np.sqrt(abs(v))),
        both(lambda h, v: np.cbrt(abs(h)**3 + abs(v)**3)), both(lambda h, v: np.cbrt(h**2 + v**2)),
        both(lambda h, v: np.sqrt(np.hypot(h, v))), both(lambda h, v: np.log1p(np.hypot(h, v))),
        both(lambda h, v: np.sqrt(abs(h**3 + v**3))), both(lambda h, v: h**4 + v**4)),
    mistake("one_kernel_only",
        "Only one of the two kernels counts: edges in the other direction are missing. Do both of "
        "them reach the sum, or is one used twice?",
        both(lambda h, v: h), both(lambda h, v: v), both(lambda h, v: abs(h)),
        both(lambda h, v: abs(v)), both(lambda h, v: np.hypot(h, h)),
        both(lambda h, v: np.hypot(v, v))),
    mistake("larger_one",
        "You keep the larger or the smaller of the two answers. Both should count: the root of "
        "900 + 1600 is 50.",
        both(lambda h, v: np.maximum(abs(h), abs(v))), both(np.maximum),
        both(lambda h, v: np.minimum(abs(h), abs(v))), both(np.minimum)),
    mistake("multiplied",
        "The two answers are multiplied: where one of them is 0, the edge is lost. Add their "
        "squares.",
        both(lambda h, v: h * v), both(lambda h, v: abs(h * v)),
        both(lambda h, v: np.sqrt(abs(h * v)))),
    mistake("averaged",
        "You take a mean, or half. The root of the sum of the two squares is wanted: 50 in the "
        "example.",
        both(lambda h, v: (abs(h) + abs(v)) / 2), both(lambda h, v: np.hypot(h, v) / 2),
        both(lambda h, v: np.hypot(h, v) / 2**0.5), both(lambda h, v: (h + v) / 2),
        both(lambda h, v: (h**2 + v**2) / 2)),
    mistake("negatives_lost",
        "Answers were cut off to 0..255 before they were combined: -40 in the example became 0. "
        "Half of the edges are lost with that; squaring takes care of signs.",
        both(lambda h, v: np.hypot(np.maximum(h, 0), np.maximum(v, 0))),
        both(lambda h, v: np.hypot(np.clip(h, 0, 255), np.clip(v, 0, 255))),
        both(lambda h, v: np.hypot(np.minimum(abs(h), 255), np.minimum(abs(v), 255))),
        both(lambda h, v: np.hypot(np.maximum(h, 0), v)),
        both(lambda h, v: np.hypot(h, np.maximum(v, 0))),
        both(lambda h, v: np.maximum(h, 0) + np.maximum(v, 0)),
        both(lambda h, v: np.sqrt(np.maximum(h, 0) + np.maximum(v, 0))),
        both(lambda h, v: np.hypot(to_pixels(h), to_pixels(v))),
        both(lambda h, v: np.hypot(to_pixels(h).astype(float), to_pixels(v)))),
    mistake("bytes_wrapped",
        "Bytes wrap around: in them 256 becomes 0 and -1 becomes 255. Make floats of the image "
        "first, and keep the answers in floats.",
        length_in_bytes, length_of_bytes,
        both(lambda h, v: np.hypot(wrapped(h).astype(float), wrapped(v))),
        both(lambda h, v: np.hypot(wrapped(h), wrapped(v))),
        both(lambda h, v: np.sqrt(wrapped(h)**2 + wrapped(v)**2)),
        both(lambda h, v: wrapped(np.hypot(h, v)))),
    mistake("clipped",
        "Your values are clipped to 0..255. Strong edges go far beyond that, and only `to_pixels` "
        "makes bytes.",
        both(lambda h, v: np.clip(np.hypot(h, v), 0, 255)),
        both(lambda h, v: to_pixels(np.hypot(h, v))),
        both(lambda h, v: np.trunc(np.clip(np.hypot(h, v), 0, 255)))),
    mistake("same_size",
        "The result is as large as the image. Valid size is wanted: one pixel less on each side, "
        "where the kernels do not fit.",
        both(np.hypot, padding="same"), both(np.hypot, padding="same", border="edge"),
        both(np.hypot, padding="same", border="wrap"),
        lambda image: np.pad(helpers.gradient_magnitude(image), 1),
        lambda image: np.pad(helpers.gradient_magnitude(image), 1, mode="edge"),
        lambda image: np.pad(helpers.gradient_magnitude(image), ((0, 2), (0, 2)))),
    mistake("loops_end_early",
        "A part of the result is still 0: a loop ends too early, or `return` stands inside it.",
        *parts(helpers.gradient_magnitude)),
    mistake("other_kernels",
        "The way is right, the kernels are not. This exercise uses the Sobel pair: [[-1, -2, -1], "
        "[0, 0, 0], [1, 2, 1]] and the same transposed.",
        both(np.hypot, PREWITT), both(np.hypot, SCHARR), both(np.hypot, HORIZONTAL / 4),
        both(np.hypot, HORIZONTAL / 8), both(np.hypot, np.abs(HORIZONTAL)),
        both(np.hypot, np.array([[0, -1, 0], [0, 0, 0], [0, 1, 0]])), both(np.hypot, LINE_DETECTOR),
        both(np.hypot, np.array([[0, 1, 2], [-1, 0, 1], [-2, -1, 0]])),
        lambda image: np.hypot(conv2d(image, HORIZONTAL), conv2d(image, PREWITT.T)),
        lambda image: np.hypot(conv2d(image, PREWITT), conv2d(image, VERTICAL)),
        lambda image: abs(conv2d(image, LAPLACIAN)), lambda image: conv2d(image, LAPLACIAN),
        lambda image: abs(conv2d(image, GALLERY["find edges"].kernel)),
        lambda image: conv2d(image, GALLERY["find edges"].kernel),
        *(lambda image, k=k: np.hypot(conv2d(image, HORIZONTAL), conv2d(image, k))  # type: ignore[misc]
          for k in (LAPLACIAN, HORIZONTAL[::-1].T + IDENTITY, [[-1, 0, 1], [-2, 0, 2], [-1, 0, 2]],
                    [[-1, 0, 1], [-2, 0, 2], [1, 0, 1]], [[1, 0, 1], [-2, 0, 2], [-1, 0, 1]],
                    [[-1, 0, 1], [2, 0, 2], [-1, 0, 1]], [[-1, 0, 1], [-2, 0, 1], [-1, 0, 1]],
                    [[-1, 0, 1], [-1, 0, 2], [-1, 0, 1]], [[-1, 0, 1], [0, 0, 0], [-1, 0, 1]])),
        *(lambda image, k=k: np.hypot(conv2d(image, k), conv2d(image, VERTICAL))  # type: ignore[misc]
          for k in (LAPLACIAN, [[-1, -2, -1], [0, 0, 0], [1, 2, 2]], [[-1, -2, 1], [0, 0, 0], [1, 2, 1]],
                    [[1, -2, -1], [0, 0, 0], [1, 2, 1]], [[-1, 2, -1], [0, 0, 0], [-1, 2, -1]],
                    [[-1, 2, -1], [0, 0, 0], [1, 2, 1]], [[-1, -2, -1], [0, 0, 0], [1, 1, 1]],
                    [[-1, -1, -1], [0, 0, 0], [1, 2, 1]], [[-1, 0, -1], [0, 0, 0], [1, 0, 1]])),
        lambda image: np.hypot(*np.gradient(np.asarray(image, dtype=float))),
        lambda image: np.hypot(*np.gradient(np.asarray(image, dtype=float)))[1:-1, 1:-1]),
    mistake("kernels_combined",
        "The two kernels were combined into one before the image met them, or one was applied to "
        "the answers of the other. Let each meet the image; combine the answers.",
        lambda image: conv2d(image, np.hypot(HORIZONTAL, VERTICAL)),
        lambda image: conv2d(conv2d(image, HORIZONTAL, "same"), VERTICAL),
        lambda image: conv2d(conv2d(image, VERTICAL, "same"), HORIZONTAL),
        lambda image: conv2d(np.pad(conv2d(image, HORIZONTAL), 1), VERTICAL),
        lambda image: np.sqrt(abs(conv2d(image, HORIZONTAL**2 + VERTICAL**2))),
        lambda image: conv2d(image, HORIZONTAL**2 + VERTICAL**2),
        both(np.hypot, np.square(HORIZONTAL)),
        lambda image: np.hypot(*(conv2d(np.square(image, dtype=float), k) for k in (HORIZONTAL, VERTICAL))),
        lambda image: np.sqrt(abs(conv2d(np.square(image, dtype=float), HORIZONTAL + VERTICAL))),
        lambda image: conv2d(image, HORIZONTAL * VERTICAL),
        lambda image: conv2d(image, HORIZONTAL @ VERTICAL)),
    mistake("scaled",
        "Your values are scaled. They keep their size here: 50 in the example.",
        both(lambda h, v: np.hypot(h, v) / (np.hypot(h, v).max() or 1)),
        both(lambda h, v: np.hypot(h, v) / (np.hypot(h, v).max() or 1) * 255)),
    mistake("not_combined",
        "Both answers came back, one beside the other. One array is wanted: the root of the sum "
        "of their squares.",
        both(lambda h, v: np.stack([h, v])), both(lambda h, v: np.stack([h, v], axis=-1)),
        both(lambda h, v: np.concatenate([h, v])), both(lambda h, v: np.hstack([h, v]))),
    mistake("direction",
        "That is the direction of the edge, an angle. Its strength is wanted: the root of the sum "
        "of squares.",
        both(np.arctan2), both(lambda h, v: np.arctan2(v, h)),
        both(lambda h, v: np.degrees(np.arctan2(h, v))),
        both(lambda h, v: np.degrees(np.arctan2(v, h))),
        *(both(lambda h, v, tiny=tiny: np.arctan(h / (v + tiny))) for tiny in (0, 1e-9)),  # type: ignore[misc]
        *(both(lambda h, v, tiny=tiny: np.arctan(v / (h + tiny))) for tiny in (0, 1e-9))),  # type: ignore[misc]
    mistake("thresholded",
        "Only weak or strong came back. The strength itself is wanted: 50 in the example.",
        *(both(lambda h, v, t=t, one=one: (np.hypot(h, v) > t) * one)  # type: ignore[misc]
          for t in (0, 50, 100, 127, 128, 255) for one in (1.0, 255.0))),
)  # fmt: skip


EXERCISE = ByCalls(
    key="gradient_magnitude",
    title="Show edges of every direction in one picture",
    points=2,
    minutes=4,
    reference=helpers.gradient_magnitude,
    helpers=("kernels.gradient_magnitude",),
    examples=(call(THREE_FOUR_FIVE), call(DISC)),
    cases=cases,
    alternatives=(
        lambda image: np.sqrt(sum(conv2d(image, k) ** 2 for k in (-HORIZONTAL, VERTICAL))),
        lambda image: length_of_bytes(np.asarray(image, dtype=float)),
        lambda image: np.array(
            [
                [
                    np.linalg.norm(
                        [
                            np.sum(image[r : r + 3, c : c + 3] * kernel)
                            for kernel in (HORIZONTAL, VERTICAL)
                        ]
                    )
                    for c in range(image.shape[1] - 2)
                ]
                for r in range(image.shape[0] - 2)
            ]
        ),
        lambda image: np.abs(conv2d(image, VERTICAL) + 1j * conv2d(image, HORIZONTAL)),
    ),
    mistakes=MISTAKES,
    hints=(
        (
            "The two answers at a pixel are like two sides of a right-angled triangle. What is "
            "the length of the third side?"
        ),
        (
            "Convolve the image with each of the two kernels first. What do you have to do with "
            "the two arrays so that -40 and 40 count alike?"
        ),
        (
            "h = image convolved with one kernel, v = with the other. Return the square root of "
            "(h squared plus v squared)."
        ),
    ),
)
