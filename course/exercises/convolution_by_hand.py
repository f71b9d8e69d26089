"""Lesson 1: convolution by hand."""

from collections.abc import Iterable

import numpy as np
import helpers
from course.exercises.exercise import Call, Exercise, Mistake, call

WINDOW = np.array([[0, 64, 128], [48, 192, 144], [142, 226, 168]])
KERNEL = np.array([[-1, 0, -2], [0.5, 4.5, -1.5], [1.5, 2, -3]])

def pixel_cases(rng: np.random.Generator) -> Iterable[Call]:
    yield call(rng.integers(0, 256, (3, 3)), rng.normal(size=(3, 3)))
    yield call(rng.normal(size=(3, 3)), rng.integers(-4, 5, (3, 3)))
    yield call(rng.integers(0, 256, (3, 3)).astype(np.uint8), rng.integers(-4, 5, (3, 3)))
    yield call(rng.normal(size=(3, 3)).astype(np.float32), rng.normal(size=(3, 3)).astype(np.float32))


EXERCISES = (
    Exercise(
        key="convolve_pixel",
        lesson=1,
        title="Multiply a window with a kernel and add up",
        points=2,
        minutes=4,
        difficulty=1,
        reference=lambda window, kernel: float(np.sum(np.asarray(window, dtype=float) * kernel)),
        examples=(call(WINDOW, KERNEL),),
        cases=pixel_cases,
        mistakes=(
            Mistake(
                "flipped",
                "Your kernel is flipped: 732 is what true convolution gives.",
                lambda window, kernel: float(np.sum(window * kernel[::-1, ::-1])),
            ),
        ),
        alternatives=(lambda window, kernel: sum(float(w) * float(k) for w, k in zip(np.ravel(window), np.ravel(kernel), strict=True)),),
        hints=("a", "b", "c"),
    ),
)
