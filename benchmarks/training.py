"""Race lesson 4's way of training against the classic one, side by side in one run.

.venv/bin/python benchmarks/training.py              the race on the shipped images: about two minutes
.venv/bin/python benchmarks/training.py --whole      let the classic recipe finish, however late
.venv/bin/python benchmarks/training.py --complete   the same on all 70,000 images, where they are
.venv/bin/python benchmarks/training.py --parts      take the recipe apart: what does which of its parts?
.venv/bin/python benchmarks/training.py --seeds 5    CNN against dense, the exam, and clothes that were moved
.venv/bin/python benchmarks/training.py --relu 3     with and without ReLU, max and average pools, so many seeds

Time counts from before the network is built until the end of the epoch after which it is right on
88% of the held-out images. Without --whole the classic recipe is stopped once it has had seven
times as long as ours. Exits with 1 if it was less than five times slower, or ours below 88%.
"""

import argparse
import math
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

import numpy as np
from printing import console, table

from course.exercises.keras_cnn.build_cnn import build_cnn
from course.exercises.keras_cnn.build_dense import build_dense
from course.exercises.keras_cnn.predictions import PASSING, exam_labels
from course.exercises.keras_cnn.prepare import prepare
from helpers import training
from helpers.datasets import FashionMNIST, exam_images, fashion_mnist

TARGET = 0.88
WANTED = 5.0  # times sooner than the classic recipe
PATIENCE = 7.0  # times our time that the classic recipe gets unless --whole
MOST_EPOCHS = 15
MOVES = (1, 2, 4)  # pixels by which clothes are moved


class Clock:
    """Notes when each epoch ended and how good the network was; stops in time."""

    def __init__(self, limit: float = math.inf) -> None:
        self.start, self.work = time.perf_counter(), time.process_time()
        self.limit = limit
        self.ends: list[tuple[float, float]] = []
        self.processor = 0.0  # seconds of all cores together: a busy machine distorts them less

    def callback(self) -> Any:
        """Make the Keras callback that holds this clock."""
        base, clock = training.load_keras().callbacks.Callback, self

        class Watch(base):  # type: ignore[misc,valid-type]
            def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
                clock.ends.append((time.perf_counter() - clock.start, logs["val_accuracy"]))
                clock.processor = time.process_time() - clock.work
                if logs["val_accuracy"] >= TARGET or clock.ends[-1][0] > clock.limit:
                    self.model.stop_training = True

        return Watch()

    @property
    def reached(self) -> float:
        """Seconds to the target; infinite if it was not reached."""
        return next((seconds for seconds, right in self.ends if right >= TARGET), math.inf)


class Images:
    """Fashion-MNIST, ready for a network."""

    def __init__(self, data: FashionMNIST) -> None:
        self.source = data.source
        self.train = (prepare(data.train_images), data.train_labels)
        self.held_out = (prepare(data.test_images), data.test_labels)


def classic(images: Images, limit: float) -> Clock:
    """Train as most courses do: 64 filters, batches of 32, Adam as it comes, fit as it comes."""
    return plain_fit(images, limit, filters=64, batch_size=32)


def plain_fit(
    images: Images, limit: float, filters: int, batch_size: int, **compiled: Any
) -> Clock:
    """Train with Keras alone; `compiled` goes to `compile`."""
    keras = training.load_keras()
    keras.utils.set_random_seed(0)
    clock = Clock(limit)
    model = build_cnn(filters)
    options = {"optimizer": keras.optimizers.Adam()} | compiled
    model.compile(loss="sparse_categorical_crossentropy", metrics=["accuracy"], **options)
    model.fit(
        *images.train,
        batch_size=batch_size,
        epochs=MOST_EPOCHS,
        validation_data=images.held_out,
        callbacks=[clock.callback()],
        verbose=0,
    )
    return clock


def ours(images: Images, epochs: int, **recipe: Any) -> Clock:
    """Train as lesson 4 does."""
    training.load_keras().utils.set_random_seed(0)
    clock = Clock()
    training.train(
        build_cnn(32),
        *images.train,
        images.held_out,
        epochs=epochs,
        callbacks=[clock.callback()],
        **recipe,
    )
    return clock


def warm_up(images: Images) -> None:
    """Pay once, before any clock runs, for what TensorFlow sets up when it is first used."""
    few = images.train[0][:640], images.train[1][:640]
    training.train(build_cnn(8), *few, few, epochs=1, name="warming up")


def race(images: Images, epochs: int, whole: bool) -> bool:
    """Run both, ours first; print what happened; return whether the wanted numbers were reached."""
    warm_up(images)
    mine = ours(images, epochs)
    theirs = classic(images, math.inf if whole else PATIENCE * mine.reached)
    shown = table(
        f"To 88% held-out. {images.source}",
        "recipe",
        "epochs",
        "held-out",
        "seconds",
        "times ours",
        "processor seconds",
    )
    for name, clock in (
        ("ours: 32 filters, 64, warm-up and cosine", mine),
        ("classic: 64 filters, 32, Adam", theirs),
    ):
        shown.add_row(name, *told(clock, mine.reached))
    console.print(shown)
    waited = theirs.reached if math.isfinite(theirs.reached) else theirs.ends[-1][0]
    return math.isfinite(mine.reached) and waited >= WANTED * mine.reached


def told(clock: Clock, unit: float) -> tuple[str, ...]:
    """Write what a clock saw: epochs, accuracy, seconds, these as a multiple, processor seconds."""
    seconds, right = clock.ends[-1]
    mark = "" if math.isfinite(clock.reached) else "> "
    return (
        str(len(clock.ends)),
        f"{right:.1%}",
        f"{mark}{seconds:.1f}",
        f"{mark}{seconds / unit:.1f}",
        f"{clock.processor:.1f}",
    )


def take_apart(images: Images, epochs: int) -> None:
    """Run the recipe with one part missing or added at a time."""
    keras = training.load_keras()
    limit = 90.0

    def schedule(batch_size: int) -> dict[str, Any]:
        steps = epochs * math.ceil(len(images.train[0]) / batch_size)
        return {"optimizer": keras.optimizers.Adam(training.warm_up_and_cosine(steps))}

    warm_up(images)
    runs: dict[str, Callable[[], Clock]] = {
        "ours": lambda: ours(images, epochs),
        "without the schedule (Adam, 0.001)": lambda: plain_fit(
            images, limit, 32, 64, steps_per_execution=20
        ),
        "a step at a time": lambda: plain_fit(images, limit, 32, 64, **schedule(64)),
        "batches of 32": lambda: plain_fit(
            images, limit, 32, 32, steps_per_execution=20, **schedule(32)
        ),
        "64 filters": lambda: plain_fit(
            images, limit, 64, 64, steps_per_execution=20, **schedule(64)
        ),
        "with XLA (jit_compile)": lambda: plain_fit(
            images, limit, 32, 64, steps_per_execution=20, jit_compile=True, **schedule(64)
        ),
    }
    shown = table(
        "The recipe taken apart",
        "what",
        "epochs",
        "held-out",
        "seconds",
        "times ours",
        "processor seconds",
    )
    unit = math.nan
    for name, run in runs.items():
        clock = run()
        unit = clock.reached if name == "ours" else unit
        shown.add_row(name, *told(clock, unit))
    console.print(shown)


def compare_seeds(images: Images, seeds: Iterable[int], epochs: int) -> None:
    """Train both networks from several seeds; print the margin and what the exam says."""
    keras = training.load_keras()
    exam, labels = prepare(exam_images()), exam_labels()
    rows: list[tuple[float, float, float, float]] = []
    moved = table(
        "Held-out clothes moved right: CNN, dense", "seed", *map("by {} px".format, MOVES)
    )
    for seed in seeds:
        apart = []
        right = []
        for build in (lambda: build_cnn(32), build_dense):
            keras.utils.set_random_seed(seed)
            model = build()
            right.append(
                training.train(model, *images.train, images.held_out, epochs=epochs).val_accuracy[
                    -1
                ]
            )
            if len(right) == 1:
                on_exam = graded(model, exam, labels)
            pictures, numbers = images.held_out
            apart.append([graded(model, np.roll(pictures, move, 2), numbers) for move in MOVES])
        moved.add_row(str(seed), *map("{:.1%}, {:.1%}".format, *apart))
        keras.utils.set_random_seed(seed)
        poor = build_cnn(32)
        training.train(poor, *images.train, images.held_out, epochs=1, learning_rate=1e-3)
        rows.append((right[0], right[1], on_exam, graded(poor, exam, labels)))
    columns = ("seed", "CNN", "dense", "CNN - dense", "exam: CNN", "exam: one plain epoch")
    shown = table(f"{epochs} epochs, held-out accuracy", *columns)
    for seed, (cnn, dense, on_exam, poorest) in zip(seeds, rows, strict=True):
        shown.add_row(
            str(seed), *(f"{value:.1%}" for value in (cnn, dense, cnn - dense, on_exam, poorest))
        )
    values = np.array([(cnn, dense, cnn - dense, a, b) for cnn, dense, a, b in rows])
    for name, of in (("mean", np.mean), ("lowest", np.min), ("spread (sd)", np.std)):
        shown.add_row(name, *(f"{of(column):.1%}" for column in values.T))
    console.print(shown)
    console.print(moved)
    mean, spread = values[:, 4].mean(), max(statistics.pstdev(values[:, 4]), 1e-9)
    console.print(
        f"The exam passes at {PASSING:.0%}: {(mean - PASSING) / spread:.1f} standard deviations below "
        "one epoch of plain Adam, the poorest training that is still one."
    )


def without_relu(images: Images, seeds: Iterable[int], epochs: int) -> None:
    """Train the CNN with and without ReLU behind its convolutions, with each kind of pool."""
    keras = training.load_keras()
    layers = keras.layers
    kinds = {"max": layers.MaxPooling2D, "average": layers.AveragePooling2D}
    ways = [(activation, kind) for activation in ("relu", "linear") for kind in kinds]
    shown = table(
        f"{epochs} epochs, held-out accuracy", "seed", *map("{0[0]}, {0[1]} pool".format, ways)
    )
    for seed in seeds:
        right = []
        for activation, kind in ways:
            keras.utils.set_random_seed(seed)
            pairs = [
                layer
                for _ in range(2)
                for layer in (layers.Conv2D(32, 3, activation=activation), kinds[kind](2))
            ]
            end = [
                layers.Flatten(),
                layers.Dense(128, activation="relu"),
                layers.Dense(10, activation="softmax"),
            ]
            model = keras.Sequential([keras.Input((28, 28, 1)), *pairs, *end])
            history = training.train(model, *images.train, images.held_out, epochs=epochs)
            right.append(f"{history.val_accuracy[-1]:.1%}")
        shown.add_row(str(seed), *right)
    console.print(shown)


def graded(model: Any, images: np.ndarray, labels: np.ndarray) -> float:
    """Share of the exam that a model has right."""
    return float((model.predict(images, batch_size=500, verbose=0).argmax(axis=1) == labels).mean())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--whole", action="store_true", help="let the classic recipe finish")
    parser.add_argument("--complete", action="store_true", help="all 70,000 images")
    parser.add_argument(
        "--parts", action="store_true", help="the recipe with one part changed at a time"
    )
    parser.add_argument(
        "--seeds", type=int, default=0, metavar="N", help="CNN, dense and exam from N seeds"
    )
    parser.add_argument(
        "--relu", type=int, default=0, metavar="N", help="with and without ReLU from N seeds"
    )
    parser.add_argument(
        "--epochs", type=int, help="of ours; by default 4, and 1 of the complete set"
    )
    asked = parser.parse_args()
    keras = training.load_keras()
    console.print(
        f"{date.today()}, {os.cpu_count()} CPUs, Python {platform.python_version()}, "
        f"Keras {keras.__version__} on {keras.backend.backend()}\n"
    )
    try:
        images = Images(fashion_mnist(full=asked.complete))
    except FileNotFoundError as error:
        console.print(str(error))
        return 1
    epochs = asked.epochs or (1 if asked.complete else 4)
    if asked.seeds:
        compare_seeds(images, range(asked.seeds), epochs)
        return 0
    if asked.relu:
        without_relu(images, range(asked.relu), epochs)
        return 0
    if asked.parts:
        take_apart(images, epochs)
        return 0
    beaten = race(images, epochs, asked.whole)
    console.print(
        "[green]✓ beaten" if beaten else "[red]✗ missed", f"wanted: {WANTED:g} times sooner"
    )
    return 0 if beaten else 1


if __name__ == "__main__":
    sys.exit(main())
