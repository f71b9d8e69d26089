"""`mean_squared_error(prediction, target)`: one number that says how wrong a prediction is."""

from collections.abc import Iterator

import numpy as np

from course.exercises.exercise import ByCalls, Call, call, mistake
from helpers.learning import mean_squared_error

# --- Cases ----------------------------------------------------------------------------------------


def cases(rng: np.random.Generator) -> Iterator[Call]:
    # No bytes against bytes: their difference wraps around before anyone squares it.
    yield call(rng.normal(size=(4, 5)), rng.normal(size=(4, 5)))
    yield call(rng.normal(size=(5, 3)), np.zeros((5, 3)))
    yield call(rng.integers(-9, 10, (3, 6)), rng.integers(-9, 10, (3, 6)))
    yield call(255 * rng.random((4, 3)), rng.integers(0, 256, (4, 3)).astype(np.uint8))
    yield call(rng.normal(size=(2, 7)).astype(np.float32), rng.normal(size=(2, 7)))
    yield call(np.array([[0.25]]), np.array([[-0.5]]))
    yield call(np.arange(6.0).reshape(1, 6), np.arange(6.0).reshape(1, 6))
    yield call(rng.normal(size=(6, 1)), 3 + rng.normal(size=(6, 1)))


# --- Mistakes -------------------------------------------------------------------------------------

MISTAKES = (
    mistake("not_squared",
        "You average the differences as they are: one that is too high makes up for one that is "
        "too low. Square each difference first.",
        lambda p, t: np.mean(p - t), lambda p, t: np.mean(t - p), lambda p, t: abs(np.mean(p - t)),
        lambda p, t: np.sum(p - t), lambda p, t: 2 * np.mean(p - t)),
    mistake("absolute_error",
        "You average the sizes of the differences, without squaring them: 1 in the first example, "
        "where (0 + 0 + 9) / 3 = 3 is right.",
        lambda p, t: np.mean(abs(p - t)), lambda p, t: np.sum(abs(p - t))),
    mistake("squared_too_late",
        "You square the mean, and the mean of the squares is wanted: square each difference, then "
        "average.",
        lambda p, t: np.mean(p - t) ** 2, lambda p, t: np.sum(p - t) ** 2,
        lambda p, t: np.sum(p - t) ** 2 / p.size),
    mistake("not_averaged",
        "You add up the squares: 9 in the first example. The mean of the three values 0, 0 and 9 "
        "is 3.",
        lambda p, t: np.sum((p - t) ** 2)),
    mistake("root_taken",
        "A square root is taken. Without it the gradient is easier to write down: the mean of the "
        "squares is all that is wanted.",
        lambda p, t: np.sqrt(np.mean((p - t) ** 2)), lambda p, t: np.linalg.norm(p - t),
        lambda p, t: np.linalg.norm(p - t) / p.size),
    mistake("halved",
        "You have half of it. Some books divide by 2 as well, so that the gradient loses its 2; "
        "here the plain mean is wanted.",
        lambda p, t: np.mean((p - t) ** 2) / 2, lambda p, t: np.sum((p - t) ** 2) / 2),
    mistake("wrong_count",
        "You divide by the number of rows, or of columns, or by one less. The mean divides by how "
        "many values there are: `.size`.",
        lambda p, t: np.sum((p - t) ** 2) / len(p), lambda p, t: np.sum((p - t) ** 2) / p.shape[1],
        lambda p, t: np.sum((p - t) ** 2) / max(p.size - 1, 1),
        lambda p, t: np.sum((p - t) ** 2) / (p.size - 1),
        lambda p, t: sum((p - t).ravel().tolist()[n] ** 2 for n in range(p.size)) / (p.size - 1),
        lambda p, t: np.sum((p - t) ** 2) / sum(p.shape)),
    mistake("squares_subtracted",
        "You square each array and subtract then. Subtract first: (1 - 3)**2 is 4, and 1**2 - "
        "3**2 is -8.",
        lambda p, t: np.mean(p**2.0 - t**2.0), lambda p, t: np.mean(p - t**2.0),
        lambda p, t: np.mean(p**2.0) - np.mean(t**2.0), lambda p, t: np.mean(p**2.0 - t)),
    mistake("not_one_number",
        "Something is left over along an axis. One mean of all values is wanted: np.mean without "
        "an axis. (Python's own sum() adds along the first.)",
        lambda p, t: ((p - t) ** 2).sum(0) / p.size,
        lambda p, t: np.mean((p - t) ** 2, axis=0), lambda p, t: (p - t) ** 2,
        lambda p, t: np.mean((p - t) ** 2, axis=1)),
    mistake("only_the_largest",
        "You return one of the squares, or their median. All of them count: average them.",
        lambda p, t: np.max((p - t) ** 2), lambda p, t: np.max(abs(p - t)),
        lambda p, t: np.median((p - t) ** 2), lambda p, t: (p - t)[0, 0] ** 2,
        lambda p, t: (p - t)[-1, -1] ** 2, lambda p, t: np.mean((p - t)[0] ** 2)),
    mistake("mean_taken_off",
        "The mean of the differences is taken off first, as np.var and np.std do: then a "
        "prediction that is 3 too high everywhere counts as right. Square the differences as they "
        "are.",
        lambda p, t: np.var(p - t), lambda p, t: np.std(p - t)),
    mistake("relative",
        "You divide by the target, or by how much it varies. The plain mean of the squares is "
        "wanted.",
        lambda p, t: np.mean((p - t) ** 2) / (np.var(t) or 1),
        lambda p, t: np.mean((p - t) ** 2) / (np.mean(t**2.0) or 1),
        lambda p, t: np.nan_to_num(np.corrcoef(p.ravel(), t.ravel())[0, 1])),
    mistake("added",
        "You add prediction and target, or multiply them. The error is their difference.",
        lambda p, t: np.mean((p + t) ** 2.0), lambda p, t: np.mean(p * t)),
    mistake("wrong_power",
        "Each difference is raised to another power than 2, or a root is taken of its size.",
        *(lambda p, t, n=n: np.mean(abs(p - t) ** n) for n in (0.5, 3, 4)),
        lambda p, t: np.mean((p - t) ** 3.0), lambda p, t: np.sqrt(np.mean(abs(p - t)))),
    mistake("part_left_out",
        "Some differences do not count: a row or a column is left out, or all that are negative.",
        lambda p, t: np.mean(np.maximum(p - t, 0) ** 2),
        lambda p, t: np.mean(np.minimum(p - t, 0) ** 2),
        *(lambda p, t, part=part: np.sum((p - t)[part] ** 2) / max((p - t)[part].size, 1)
          for part in (np.s_[1:], np.s_[:-1], np.s_[:, 1:], np.s_[:, :-1])),
        *(lambda p, t, part=part: np.sum((p - t)[part] ** 2) / p.size
          for part in (np.s_[:1], np.s_[1:], np.s_[:-1], np.s_[:, 1:], np.s_[:, :-1]))),
    mistake("equal_counted",
        "You count where the two are equal, or not. How far apart they are is what matters.",
        lambda p, t: np.mean(p == t), lambda p, t: np.mean(p != t), lambda p, t: np.sum(p != t)),
    mistake("rounded",
        "The result is rounded. Keep all its digits.",
        *(lambda p, t, n=n: np.round(mean_squared_error(p, t), n) for n in (1, 2, 3))),
)  # fmt: skip


EXERCISE = ByCalls(
    key="mean_squared_error",
    title="Say in one number how wrong a prediction is",
    points=1,
    minutes=2,
    reference=mean_squared_error,
    helpers=("learning.mean_squared_error",),
    examples=(
        call(np.array([[1.0, 2.0, 3.0]]), np.array([[1.0, 2.0, 6.0]])),
        call(np.array([[2, 0], [1, 5]]), np.array([[0, 1], [1, 2]])),
    ),
    cases=cases,
    alternatives=(
        lambda p, t: np.mean((p - t) ** 2),
        lambda p, t: sum((a - b) ** 2 for a, b in zip(p.flat, t.flat, strict=True)) / p.size,
        lambda p, t: np.vdot(p - t, p - t) / t.size,
        lambda p, t: np.linalg.norm(p - t) ** 2 / np.size(p),
        lambda p, t: np.square(np.subtract(p, t, dtype=float)).mean(axis=1).mean(),
    ),
    mistakes=MISTAKES,
    hints=(
        (
            "What is the difference of each value from the one that it should be, and can two "
            "differences cancel?"
        ),
        "Three steps in this order: subtract, square, average over all values.",
        "One line: float(np.mean((... - ...) ** ...)).",
    ),
)
