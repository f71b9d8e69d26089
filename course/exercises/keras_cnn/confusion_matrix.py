"""`confusion_matrix(labels, predictions)`: which class was taken for which, 10x10 counts."""

from collections.abc import Callable
from typing import Any

import numpy as np

from course.exercises.exercise import ByCalls, Call, call, mistake
from helpers.network import confusion_matrix


def counts(labels: np.ndarray, predictions: np.ndarray) -> np.ndarray:
    return confusion_matrix(labels, predictions)


# --- Cases ----------------------------------------------------------------------------------------


def cases(rng: np.random.Generator) -> list[Call]:
    """Labels and predictions: a few, many, some classes missing, bytes and int64."""
    cases = []
    for n, low, high, dtype in (
        *((1, 0, 10, np.uint8), (7, 0, 4, np.int64), (12, 3, 8, np.uint8), (60, 0, 10, np.int64)),
        *((200, 0, 10, np.uint8), (400, 2, 9, np.int32), (700, 0, 3, np.uint8)),
    ):
        labels = rng.integers(low, high, n)
        predicted = np.where(rng.random(n) < 0.7, labels, rng.integers(0, high, n))
        cases.append(call(labels.astype(dtype), predicted.astype(np.int64)))
    cases.append(call(np.zeros(300, np.uint8), np.zeros(300, np.int64)))  # more than a byte holds
    return cases


# --- Other right answers --------------------------------------------------------------------------


def counted_in_loop(labels: np.ndarray, predictions: np.ndarray) -> np.ndarray:
    matrix = np.zeros((10, 10), dtype=int)
    for true, predicted in zip(labels, predictions, strict=True):
        matrix[true, predicted] += 1
    return matrix


def counted_by_number(labels: np.ndarray, predictions: np.ndarray) -> np.ndarray:
    return np.bincount(10 * labels.astype(int) + predictions, minlength=100).reshape(10, 10)


def counted_by_masks(labels: np.ndarray, predictions: np.ndarray) -> np.ndarray:
    return np.array(
        [[np.sum((labels == i) & (predictions == j)) for j in range(10)] for i in range(10)]
    )


def multiplied(labels: np.ndarray, predictions: np.ndarray) -> np.ndarray:
    return np.eye(10)[labels].T @ np.eye(10)[predictions]


# --- Mistakes -------------------------------------------------------------------------------------


def overwritten(labels: np.ndarray, predictions: np.ndarray) -> np.ndarray:
    """Do what ``matrix[labels, predictions] += 1`` does: pairs that come twice count once."""
    matrix = np.zeros((10, 10), dtype=int)
    matrix[labels, predictions] += 1
    return matrix


def only_seen(labels: np.ndarray, predictions: np.ndarray) -> np.ndarray:
    size = 1 + max(labels.max(), predictions.max())
    return counts(labels, predictions)[:size, :size]


def compared_by_place(labels: np.ndarray, predictions: np.ndarray) -> np.ndarray:
    matrix = np.zeros((10, 10), dtype=int)
    for i in range(min(10, len(labels))):
        matrix[labels[i], predictions[i]] += 1
    return matrix


def of_counts(change: Callable[[np.ndarray], Any]) -> Callable[..., Any]:
    return lambda labels, predictions: change(counts(labels, predictions))


def off_diagonal(matrix: np.ndarray) -> np.ndarray:
    return matrix * (1 - np.eye(10, dtype=int))


MISTAKES = (
    mistake("transposed",
        "Rows and columns are swapped: a row belongs to the true class, a column to the predicted "
        "one.",
        lambda labels, predictions: counts(predictions, labels)),
    mistake("shares",
        "You return shares. Counts are wanted: how many images.",
        of_counts(lambda m: m / np.maximum(m.sum(axis=1, keepdims=True), 1)),
        of_counts(lambda m: m / m.sum()), of_counts(lambda m: m / np.maximum(m.sum(axis=0), 1)),
        of_counts(lambda m: m / m.sum(axis=1, keepdims=True)), of_counts(lambda m: m / m.sum(axis=0)),
        of_counts(lambda m: 100 * m / m.sum()),
        of_counts(lambda m: 100 * m / np.maximum(m.sum(axis=1, keepdims=True), 1))),
    mistake("counted_once",
        "Pairs that occur several times count once only. matrix[labels, predictions] += 1 does "
        "that: it reads, adds, and writes each place once. np.add.at counts them all, and so does "
        "a loop.",
        overwritten),
    mistake("only_seen_classes",
        "Classes that do not occur are left out. All ten are wanted, always: np.zeros((10, 10)).",
        only_seen),
    mistake("right_only",
        "Only the diagonal is filled: those are the right answers. The mistakes belong into the "
        "matrix too.",
        of_counts(lambda m: m * np.eye(10, dtype=int))),
    mistake("mistakes_only",
        "The diagonal is empty. Right answers count too: they stand there.",
        of_counts(off_diagonal)),
    mistake("wrap_around",
        "The counts went through bytes, which hold 255 at most. Count in int.",
        of_counts(lambda m: m.astype(np.uint8))),
    mistake("one_class_off",
        "Everything is one class too far: classes are numbered from 0.",
        of_counts(lambda m: np.roll(m, 1, (0, 1))), of_counts(lambda m: np.roll(m, -1, (0, 1))),
        of_counts(lambda m: np.pad(m, ((1, 0), (1, 0)))),
        of_counts(lambda m: np.pad(m, ((1, 0), (1, 0)))[:10, :10])),
    mistake("some_classes_missing",
        "A row and a column are missing: range(9) ends at 8, and there are classes 0 to 9.",
        of_counts(lambda m: m[:9, :9]), of_counts(lambda m: np.pad(m[:9, :9], ((0, 1), (0, 1))))),
    mistake("return_in_loop",
        "Only one image is counted. Does `return` stand inside the loop?",
        lambda labels, predictions: counts(labels[:1], predictions[:1])),
    mistake("first_images_only",
        "Only the first images are counted. The loop should run over all of them, not over ten.",
        compared_by_place),
    mistake("one_image_missing",
        "One image is not counted. Where does the loop begin, and where does it end?",
        lambda labels, predictions: counts(labels[:-1], predictions[:-1]),
        lambda labels, predictions: counts(labels[1:], predictions[1:])),
    mistake("accuracy",
        "That is one number for all. A 10x10 array of counts is wanted.",
        lambda labels, predictions: float(np.mean(labels == predictions)),
        lambda labels, predictions: int(np.sum(labels == predictions))),
    mistake("per_class",
        "You count for each class, without saying what it was taken for: ten numbers. A 10x10 "
        "array is wanted.",
        of_counts(np.diag), of_counts(lambda m: m.sum(axis=1)), of_counts(lambda m: m.sum(axis=0))),
    mistake("one_array_only",
        "Only one of the two arrays is looked at. The labels give the row, the predictions the "
        "column.",
        lambda labels, predictions: counts(labels, labels),
        lambda labels, predictions: counts(predictions, predictions)),
    mistake("order_lost",
        "One of the arrays was sorted: labels and predictions that stand side by side belong "
        "together.",
        lambda labels, predictions: counts(labels, np.sort(predictions)),
        lambda labels, predictions: counts(np.sort(labels), np.sort(predictions))),
    mistake("range_of_the_data",
        "np.histogram2d takes its range from the data, unless it is told. Give it the edges: "
        "bins=np.arange(11).",
        lambda labels, predictions: np.histogram2d(labels, predictions, bins=10)[0]),
    mistake("not_reshaped",
        "The counts stand in one row. Make ten rows of ten: minlength=100, then reshape(10, 10).",
        lambda labels, predictions: np.bincount(10 * labels.astype(int) + predictions),
        lambda labels, predictions: counts(labels, predictions).ravel()),
    mistake("pairs",
        "These are the pairs. Count how often each occurs.",
        lambda labels, predictions: np.stack([labels, predictions]).astype(int),
        lambda labels, predictions: np.stack([labels, predictions], axis=1).astype(int)),
    mistake("both_directions",
        "A pair is counted in both directions. The true class gives the row, the predicted one "
        "the column.",
        of_counts(lambda m: m + m.T)),
)  # fmt: skip


EXERCISE = ByCalls(
    key="confusion_matrix",
    title="Which class is taken for which",
    points=2,
    minutes=5,
    reference=counts,
    helpers=("network.confusion_matrix",),
    examples=(
        call(np.array([0, 0, 1, 9]), np.array([0, 2, 1, 9])),
        call(np.array([6, 6, 6, 2]), np.array([0, 0, 6, 6])),
    ),
    cases=cases,
    alternatives=(counted_in_loop, counted_by_number, counted_by_masks, multiplied),
    mistakes=MISTAKES,
    hints=(
        "For one image of class 3 that was taken for 5: which cell goes up by one?",
        "Start from zeros((10, 10)). Go through labels and predictions side by side, and count.",
        "for true, predicted in zip(labels, predictions):\n    matrix[___, ___] += 1",
    ),
)
