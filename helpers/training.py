"""How the lessons train a network: quickly, in sight, and so that nothing is lost on the way.

Keras is imported when it is first needed. `train` is `model.fit` with a learning rate that rises
and then falls (`warm_up_and_cosine`), one progress bar for all epochs, and a memory: interrupted
and run again, it goes on from the last whole epoch; finished and run again, it changes nothing.
"""

import contextlib
import importlib.util
import logging
import math
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from helpers.browser import IN_A_TAB
from helpers.progress_bar import ProgressBar

PEAK = 4e-3
"""The recipe's highest learning rate, four times Adam's usual one. For batches of 64: found by
trying, as `benchmarks/training.py` shows."""

WARM_UP = 0.15  # share of all steps in which the learning rate rises to its peak
AT_ONCE = 20  # steps that Keras takes between two looks at what Python wants: half the time saved
SMALLEST_WHITE = 0.1  # images whose brightest pixel is darker than this were scaled twice


WITHOUT_KERAS = (
    "No browser has Keras, which this needs. The lesson's page on the course's site opens it in Colab."
    if IN_A_TAB
    else 'This needs Keras and TensorFlow: pip install "tensorflow>=2.20", or `make setup` for '
    "the course's own environment. Lessons 1 to 3 do without."
)
"""What is said where there is no Keras."""


class KerasMissing(ImportError):
    """There is no Keras here; a notebook shows the one line that says how to get it."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


def have_keras() -> bool:
    """Whether there is Keras here, without importing it, which takes seconds."""
    return importlib.util.find_spec("tensorflow") is not None


def load_keras() -> Any:
    """Import Keras without the log lines of TensorFlow, and return it.

    Raises
    ------
    KerasMissing
        In one line: how to get it.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    # A lesson makes many small models, and TensorFlow warns that each is compiled anew.
    logging.getLogger("tensorflow").setLevel(logging.ERROR)
    try:
        with _without_log_lines():
            import keras

            keras.ops.zeros(1)  # the first use logs, too
    except ImportError as error:
        raise KerasMissing(f"{WITHOUT_KERAS} ({error})") from None
    return keras


@contextlib.contextmanager
def _without_log_lines() -> Iterator[None]:
    """Turn away what TensorFlow's C++ writes to standard error before its log level counts."""
    with contextlib.ExitStack() as after:
        with contextlib.suppress(OSError):  # no such stream: then nothing is written either
            kept = os.dup(2)
            after.callback(os.close, kept)
            nowhere = os.open(os.devnull, os.O_WRONLY)
            after.callback(os.close, nowhere)
            os.dup2(nowhere, 2)
            after.callback(os.dup2, kept, 2)
        yield


@dataclass
class History:
    """What a training reported, one number for each epoch."""

    accuracy: list[float] = field(default_factory=list)
    loss: list[float] = field(default_factory=list)
    val_accuracy: list[float] = field(default_factory=list)
    val_loss: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def __len__(self) -> int:
        """Return how many epochs there were."""
        return len(self.loss)


@dataclass
class _Memory:
    """What is remembered of a model's training: where it stood after the last whole epoch."""

    recipe: dict[str, Any]
    history: History
    state: list[np.ndarray]
    finished: bool = False


def warm_up_and_cosine(steps: int, peak: float = PEAK) -> Any:
    """Return a learning rate that rises to `peak`, then falls to 0 along a cosine.

    The rise lets the optimizer find its feet while everything is still random; the fall lets it
    settle: Loshchilov and Hutter, "SGDR", 2017; Goyal et al., "Accurate, large minibatch SGD", 2017.

    Parameters
    ----------
    steps : int
        Of the whole training: batches of an epoch times epochs.
    peak : float

    Returns
    -------
    keras.optimizers.schedules.CosineDecay
    """
    keras = load_keras()
    rising = max(1, round(WARM_UP * steps))
    return keras.optimizers.schedules.CosineDecay(
        initial_learning_rate=peak / 20,
        decay_steps=max(1, steps - rising),
        warmup_target=peak,
        warmup_steps=rising,
    )


def train(
    model: Any,
    images: np.ndarray,
    labels: np.ndarray,
    held_out: tuple[np.ndarray, np.ndarray],
    *,
    epochs: int = 4,
    batch_size: int = 64,
    peak: float = PEAK,
    learning_rate: float | None = None,
    callbacks: Sequence[Any] = (),
    name: str = "",
) -> History:
    """Train a classifier, and measure it after each epoch on images that it does not learn from.

    Interrupted, it puts the network back to the end of the last whole epoch; called again with the
    same arguments, it goes on from there. Once finished, calling it again returns what it returned.

    Parameters
    ----------
    model : keras.Model
        Compiled or not: this compiles it, with Adam and sparse categorical cross-entropy.
    images : (N, 28, 28, 1) ndarray
        In 0..1, as lesson 4's `prepare` gives them.
    labels : (N,) ndarray of class numbers
    held_out : (images, labels)
        Only to measure with.
    epochs, batch_size : int
    peak : float
        Highest value of the schedule, see `warm_up_and_cosine`.
    learning_rate : float, optional
        A constant one instead of the schedule: Adam as it comes has 0.001.
    callbacks : sequence of keras.callbacks.Callback
    name : str
        Shown beside the progress bar.

    Returns
    -------
    History

    Raises
    ------
    ValueError
        If images or labels are not as above, or the model was trained in another way before.
    FloatingPointError
        If the loss became NaN. The network is as it was after the last good epoch.
    """
    keras = load_keras()
    for pictures, numbers, what in ((images, labels, "images"), (*held_out, "held-out images")):
        check_images(pictures, what)
        check_labels(numbers, len(pictures))
    recipe = {
        "images": len(images),
        "epochs": epochs,
        "batch_size": batch_size,
        "learning_rate": learning_rate or f"rising to {peak:g} and falling",
    }
    memory: _Memory | None = getattr(model, "_course_memory", None)
    if memory is not None and memory.recipe != recipe:
        changed = {key: old for key, old in memory.recipe.items() if recipe[key] != old}
        raise ValueError(
            f"this network was trained before, with {changed}. To train in another way, build a "
            "new one first: run the cell that makes it again."
        )
    if memory is not None and memory.finished:
        print(f"Trained already, {len(memory.history)} epochs: nothing was done. Build it again to")
        print("train it again.")
        return memory.history
    if memory is None:
        steps = epochs * math.ceil(len(images) / batch_size)
        rate = learning_rate or warm_up_and_cosine(steps, peak)
        model.compile(
            optimizer=keras.optimizers.Adam(learning_rate=rate),
            loss="sparse_categorical_crossentropy",
            metrics=["accuracy"],
            steps_per_execution=AT_ONCE,
        )
        model.optimizer.build(model.trainable_variables)
        memory = _Memory(recipe, History(), _state(model))
        model._course_memory = memory
    elif memory.history.loss:
        print(f"Going on after epoch {len(memory.history)}.")
    done = len(memory.history)
    watcher = _watcher(keras, memory, epochs, math.ceil(len(images) / batch_size), name)
    try:
        model.fit(
            images,
            labels,
            batch_size=batch_size,
            epochs=epochs,
            initial_epoch=done,
            validation_data=held_out,
            validation_batch_size=500,
            callbacks=[*callbacks, watcher],
            verbose=0,
        )
    except BaseException:  # KeyboardInterrupt above all: whatever it was, lose no whole epoch
        _put_back(model, memory.state)
        watcher.bar.stop(
            f"stopped in epoch {len(memory.history) + 1}; the network is as it was after "
            f"{len(memory.history)} whole epochs. Run this again to go on from there."
        )
        raise
    memory.finished = True
    watcher.bar.finish()
    return memory.history


def _watcher(keras: Any, memory: _Memory, epochs: int, steps: int, name: str) -> Any:
    """Make the callback that shows, remembers and stops at NaN."""

    class Watcher(keras.callbacks.Callback):
        bar = ProgressBar(epochs * steps, name)

        def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
            self.epoch, self.start = epoch, time.perf_counter()

        def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
            check_loss((logs or {}).get("loss", 0.0), self.epoch)
            self.bar.show(self.epoch * steps + batch + 1, f"epoch {self.epoch + 1} of {epochs}")

        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            report = {**(logs or {}), "seconds": time.perf_counter() - self.start}
            check_loss(report["loss"], epoch)
            for key in asdict(memory.history):
                getattr(memory.history, key).append(float(report[key]))
            memory.state = _state(self.model)
            self.bar.show(
                (epoch + 1) * steps,
                f"epoch {epoch + 1} of {epochs}, {report['val_accuracy']:.1%} of held-out images",
            )

    return Watcher()


def check_loss(loss: float, epoch: int) -> None:
    """Refuse a loss that is not a number any more."""
    if math.isnan(loss):
        raise FloatingPointError(
            f"the loss became NaN in epoch {epoch + 1}: nothing can be learned from there. Are the "
            "images in 0..1? Then take a smaller peak or learning rate."
        )


def _state(model: Any) -> list[np.ndarray]:
    """Copy all that a training changes: weights, and the optimizer's own numbers."""
    variables = [*model.variables, *model.optimizer.variables]
    return [np.copy(variable.numpy()) for variable in variables]


def _put_back(model: Any, state: list[np.ndarray]) -> None:
    """Undo what was trained since."""
    variables = [*model.variables, *model.optimizer.variables]
    for variable, value in zip(variables, state, strict=True):
        variable.assign(value)


def check_images(images: np.ndarray, what: str = "images") -> None:
    """Refuse images on which a network of lesson 4 learns nothing, and say why."""
    found = f"{what}: shape {np.shape(images)}"
    if np.ndim(images) != 4 or np.shape(images)[1:] != (28, 28, 1):
        raise ValueError(f"{found}, and (N, 28, 28, 1) is wanted: `prepare` gives that.")
    if not len(images):
        raise ValueError(f"{found}: there is none.")
    low, high = float(np.min(images)), float(np.max(images))
    if not math.isfinite(low) or not math.isfinite(high):
        raise ValueError(f"{what}: there is NaN or infinity in them. What were they divided by?")
    if low < 0 or high > 1:
        raise ValueError(
            f"{what}: values from {low:g} to {high:g}, and 0 to 1 is wanted: send the bytes through "
            "`prepare`, once."
        )
    if high < SMALLEST_WHITE:
        raise ValueError(
            f"{what}: the brightest pixel is {high:.4f}, so all are black. Were they divided by 255 "
            "twice?"
        )


def check_labels(labels: np.ndarray, images: int) -> None:
    """Refuse labels that are not one class number for each image."""
    shape = np.shape(labels)
    if shape != (images,) or np.asarray(labels).dtype.kind not in "iu":
        raise ValueError(
            f"labels: shape {shape} of {np.asarray(labels).dtype}, and {images:,} class numbers are "
            "wanted, one for each image."
        )
