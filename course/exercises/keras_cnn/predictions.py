"""`predictions`: what the learner's network says of 2,000 images whose labels it never saw."""

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from course.exercises.exercise import ByObservation, mistake

HERE = Path(__file__).parent


def exam_predictions() -> np.ndarray:
    """What the course's own network said of them, (2000, 10), to 1/255."""
    shares = np.load(HERE / "exam_predictions.npy").astype(np.float32)
    return shares / shares.sum(axis=1, keepdims=True)


PREDICTIONS = exam_predictions()


# --- What is observed -----------------------------------------------------------------------------


def table(answer: Any) -> np.ndarray | None:
    """Read predictions: arrays, tensors and lists of lists; None if they are no numbers."""
    try:
        values = np.asarray(answer)
    except (TypeError, ValueError):
        return None
    return values if values.dtype.kind in "iuf" and values.ndim else None


# --- Mistakes -------------------------------------------------------------------------------------

PASSING = 0.75

TOO_GOOD = 0.97  # the best networks published for these clothes reach 97% with far more effort


@cache
def exam_labels() -> np.ndarray:
    """Classes of `helpers.datasets.exam_images`; kept here because `helpers` is given to everyone."""
    return np.load(HERE / "exam_labels.npy")


def accuracy(seen: np.ndarray) -> float:
    return float((seen.argmax(axis=1) == exam_labels()).mean())


LOGITS = np.log(np.maximum(PREDICTIONS, 1e-3))
ONE_HOT = np.eye(10, dtype=np.float32)

MISTAKES = (
    mistake("no_array",
        "An array of shape (2000, 10) is wanted: what model.predict(...) gives for the exam's "
        "images.",
        "model.predict",
        test=lambda seen: seen is None),
    mistake("classes_only",
        "These are class numbers, one for each image. Leave the ten probabilities as they are, "
        "without argmax.",
        PREDICTIONS.argmax(axis=1),
        test=lambda seen: seen.shape == (2000,) and not (seen % 1).any()),
    mistake("one_number_each",
        "There is one number for each image. All ten probabilities are wanted: leave them as they "
        "are, without max.",
        PREDICTIONS.max(axis=1),
        test=lambda seen: seen.shape == (2000,)),
    mistake("transposed",
        "Rows and columns have changed places: a row for each image is wanted, and ten columns. "
        "model.predict(...) gives them so.",
        PREDICTIONS.T,
        test=lambda seen: seen.shape == (10, 2000)),
    mistake("other_images",
        "There should be 2,000 rows, one for each of the exam's images. Are these the predictions "
        "for the test images?",
        PREDICTIONS[:1500],
        test=lambda seen: seen.shape[0] != 2000),
    mistake("wrong_shape",
        "The shape should be (2000, 10): a row for each image, a number for each class.",
        PREDICTIONS[:, :9],
        test=lambda seen: seen.shape != (2000, 10)),
    mistake("not_finite",
        "There are NaNs in it. The training went wrong: its loss became NaN. A smaller learning "
        "rate, or images scaled to 0..1, and train again.",
        np.full((2000, 10), np.nan),
        test=lambda seen: not np.isfinite(seen).all()),
    mistake("zeros_and_ones",
        "There is nothing in it but 0 and 1, as argmax or rounding leave it. The probabilities "
        "themselves are wanted: what model.predict(...) gives, as it is.",
        ONE_HOT[PREDICTIONS.argmax(axis=1)], PREDICTIONS.round(),
        test=lambda seen: bool(np.isin(seen, (0, 1)).all())),
    mistake("softmax_on_wrong_axis",
        "The columns add up to 1, and the rows should: ten probabilities for each image. The "
        "softmax runs over the images.",
        PREDICTIONS / PREDICTIONS.sum(axis=0),
        test=lambda seen: np.allclose(seen.sum(axis=0), 1, atol=0.02) and seen.min() >= 0),
    mistake("no_softmax",
        "The rows do not add up to 1, and there are negative numbers: these are scores. A softmax "
        "at the end of the network makes probabilities of them.",
        LOGITS,
        test=lambda seen: seen.min() < -1e-6),
    mistake("percent",
        "Each row adds up to 100. Probabilities add up to 1.",
        100 * PREDICTIONS,
        test=lambda seen: np.allclose(seen.sum(axis=1), 100, rtol=0.02)),
    mistake("no_probabilities",
        "The ten numbers of each image should add up to 1.",
        PREDICTIONS * 2,
        test=lambda seen: not np.allclose(seen.sum(axis=1), 1, atol=0.02)),
    mistake("labels_shuffled",
        "Every class gets about 10% for every image: the network has learned nothing. Was it "
        "trained? And do the labels still belong to their images? If one of the two is shuffled "
        "alone, there is nothing to learn.",
        0.09 + 0.1 * np.roll(PREDICTIONS, 7, axis=0),
        test=lambda seen: bool(seen.std(axis=0).max() < 0.1) and np.median(seen.max(axis=1)) < 0.35),
    mistake("same_for_all",
        "Nearly the same ten numbers come back for every image. Did the images go through "
        "`prepare` twice? Then they are almost black.",
        np.tile(PREDICTIONS[0], (2000, 1)),
        test=lambda seen: bool(seen.std(axis=0).max() < 0.1)),
    mistake("order_lost",
        "The network is sure of its answers, and they are no better than chance. Are they for the "
        "exam's images, and not for others? And in their order, neither shuffled nor sorted?",
        np.roll(PREDICTIONS, 7, axis=0),
        test=lambda seen: accuracy(seen) < 0.2),
    mistake("trained_on_the_exam",
        "More than 97% of them are right. No network of this size does that on images that it has "
        "not seen: was it trained on test images? Train on training images only.",
        0.9 * ONE_HOT[exam_labels()] + 0.01,
        test=lambda seen: accuracy(seen) > TOO_GOOD),
    mistake("not_prepared",
        "The network is certain of every single image. That happens when it was trained on 0..1 "
        "and is asked about bytes: send the exam's images through `prepare` too.",
        0.9995 * ONE_HOT[PREDICTIONS.argmax(axis=1)] + 0.00005,
        test=lambda seen: float((seen.max(axis=1) > 0.999).mean()) > 0.985),
    mistake("too_few_right",
        "Fewer than 75% of the exam's images are right. One epoch of plain training gives 80%. "
        "Has the network seen all training images, prepared in the same way, and did its loss go "
        "down?",
        0.5 * PREDICTIONS + 0.5 * np.roll(PREDICTIONS, 3, axis=0),
        test=lambda seen: accuracy(seen) < PASSING),
)  # fmt: skip


EXERCISE = ByObservation(
    key="predictions",
    title="The exam: 2,000 images without labels",
    points=2,
    minutes=3,
    kind="value",
    reference=PREDICTIONS,
    observe=table,
    helpers=("trained.trained_network",),
    largest=2**22,  # 20,000 numbers, perhaps in lists
    alternatives=(PREDICTIONS.astype(float), PREDICTIONS.tolist()),
    mistakes=MISTAKES,
    hints=(
        "What did the training images go through before the network saw them?",
        "Send exam_images through yours.prepare, then through the predict of your trained model.",
        "cnn.predict(yours.prepare(___), verbose=0)",
    ),
)
