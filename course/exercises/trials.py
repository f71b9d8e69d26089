"""What a learner's code is tried with, and what is seen of it then: plain data, no judgement.

Nothing here knows what is right, so this is all of the exercises that goes where other people's
code runs. Keras is imported only when something is made with it or looked at.
"""

import contextlib
import ctypes
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np

TINY = 1e-12  # kernels that vary by less than this did not start random


class Seen(NamedTuple):
    """A network as its user meets it."""

    kind: str
    """``"model"``, or the name of the type that came instead."""
    built: bool = False
    shapes: tuple[tuple[int, ...], ...] = ()
    """Of its weights, in order."""
    sizes: tuple[int, ...] = ()
    """Heights of the maps on their way through it, each only where it changes."""
    trainable: int = 0
    """How many of its weights learn."""
    random: bool = False
    """Whether every kernel started with different values."""
    outputs: np.ndarray | None = None
    """What it made of the images with new weights."""
    error: str = ""
    """Why it could not be tried."""

    @property
    def weights(self) -> tuple[np.ndarray, ...]:
        """The new weights that it was tried with: who judges makes them, too."""
        return new_weights(self.shapes)


class Networks(NamedTuple):
    """What is seen of the networks that an answer builds."""

    tried: Seen
    default: Seen | None = None
    other: Seen | None = None


def look_at(model: Any, images: np.ndarray | None = None) -> Seen:
    """Look at a model, and try it with new weights on a batch of images, if there is one."""
    import keras

    if not isinstance(model, keras.Model):
        return Seen(type(model).__name__)
    if not model.built:
        return Seen("model")
    kernels = [w for w in model.get_weights() if w.ndim > 1]
    seen = Seen(
        "model",
        built=True,
        shapes=tuple(w.shape for w in model.get_weights()),
        sizes=map_sizes(model),
        trainable=len(model.trainable_weights),
        random=all(kernel.std() > TINY for kernel in kernels),
    )
    if images is None:
        return seen
    try:
        model.set_weights([*seen.weights])
        outputs = keras.ops.convert_to_numpy(model(images, training=False))
    except Exception as error:  # noqa: BLE001 - whatever a learner's layers raise is an observation
        return seen._replace(error=f"{type(error).__name__}: {error}")
    return seen._replace(outputs=outputs)


def map_sizes(model: Any) -> tuple[int, ...]:
    """Heights of the maps that the layers give, each only where it changes."""
    sizes: list[int] = []
    for layer in model.layers:
        shape: tuple[Any, ...] = tuple(getattr(getattr(layer, "output", None), "shape", ()))
        if type(layer).__name__ == "InputLayer" or len(shape) != 4 or shape[1] is None:
            continue
        if not sizes or sizes[-1] != shape[1]:
            sizes.append(int(shape[1]))
    return tuple(sizes)


@lru_cache(maxsize=2)
def new_weights(shapes: tuple[tuple[int, ...], ...]) -> tuple[np.ndarray, ...]:
    """Make weights under which every activation shows: signals of both signs, biases too."""
    rng = np.random.default_rng(577)
    return tuple(
        rng.normal(size=shape, scale=np.sqrt(2 / np.prod(shape[:-1])) if shape[1:] else 0.3).astype(
            np.float32
        )
        for shape in shapes
    )


class Watched(NamedTuple):
    """What a callback does.

    Attributes
    ----------
    epochs : dict
        In which epoch it stops each of the `trainings`.
    asked : tuple of str
        What it asks the logs for.
    """

    epochs: dict[str, int]
    asked: tuple[str, ...]


class Logs(dict[str, float]):
    """What an epoch reports; it remembers what it was asked for."""

    def __init__(self, logs: dict[str, float], asked: set[str]) -> None:
        super().__init__(logs)
        self.asked = asked

    def __getitem__(self, name: str) -> float:
        self.asked.add(str(name))
        return super().__getitem__(name)

    def __contains__(self, name: object) -> bool:
        self.asked.add(str(name))
        return super().__contains__(name)

    def get(self, name: str, *default: Any) -> Any:  # type: ignore[override]
        self.asked.add(str(name))
        return super().get(name, *default)


def epochs_trained(callback: Any, epochs: Sequence[dict[str, float]], asked: set[str]) -> int:
    """Let a callback watch a training that happened elsewhere; count the epochs until it stops.

    It is told what `fit` tells it, in the same order. What it asks the logs for is added to
    `asked`.
    """
    model = SimpleNamespace(stop_training=False, name="model", metrics_names=["loss", "accuracy"])
    callback.set_params({"epochs": len(epochs), "steps": 1, "verbose": 0})
    callback.set_model(model)
    callback.on_train_begin({})
    for epoch, logs in enumerate(epochs):
        training = {name: value for name, value in logs.items() if not name.startswith("val_")}
        validation = {
            name.removeprefix("val_"): value for name, value in logs.items() if name not in training
        }
        callback.on_epoch_begin(epoch, {})
        callback.on_train_batch_begin(0, {})
        callback.on_train_batch_end(0, dict(training))
        callback.on_test_begin({})
        callback.on_test_end(validation)
        callback.on_epoch_end(epoch, Logs(logs, asked))
        if model.stop_training:
            return epoch + 1
    callback.on_train_end({})
    return len(epochs)


def outcome(function: Callable[..., Any], argument: np.ndarray) -> tuple[Any, bool]:
    """Return what a function gives, tensors as arrays, and whether it changed its argument."""
    mine = argument.copy()
    result = function(mine)
    if hasattr(type(result), "__array__"):
        result = np.asarray(result)
    return result, not np.array_equal(mine, argument)


# --- Lesson 4: what is seen of a preparation, a network, a callback -------------------------------

BATCHES = tuple(
    np.random.default_rng(seed).integers(0, top, (n, 28, 28)).astype(np.uint8)
    for seed, (n, top) in enumerate([(3, 256), (1, 256), (2, 90), (4, 30)])
)  # the last ones are dark: their largest value is not 255


def prepared(answer: Callable[[np.ndarray], Any], seed: int) -> list[tuple[Any, bool]]:
    """Observe what `prepare` makes of four batches, and whether it changes them."""
    return [outcome(answer, batch) for batch in BATCHES]


IMAGES = np.random.default_rng(4).random((3, 28, 28, 1)).astype(np.float32)


def seen_dense(answer: Callable[[], Any], seed: int) -> Networks:
    """Observe the dense network."""
    return Networks(look_at(answer(), IMAGES))


def seen_cnn(answer: Callable[..., Any], seed: int) -> Networks:
    """Observe the network as it is by default, with 4 filters (tried) and with 6."""
    default, four, six = answer(), answer(4), answer(filters=6)
    return Networks(look_at(four, IMAGES), look_at(default), look_at(six))


def trainings() -> dict[str, tuple[float, list[dict[str, float]]]]:
    """Name some trainings: the target of each, and what its epochs report."""
    curves: dict[str, tuple[float, list[float], list[float]]] = {
        "reached in the third epoch": (
            0.9,
            [0.4, 0.6, 0.7, 0.8, 0.85],
            [0.5, 0.8, 0.92, 0.95, 0.97],
        ),
        "met exactly": (0.9, [0.5, 0.6, 0.7], [0.85, 0.9, 0.95]),
        "reached in training alone": (0.9, [0.95, 0.97, 0.99], [0.6, 0.7, 0.8]),
        "a low target": (0.6, [0.3, 0.4, 0.5], [0.5, 0.65, 0.7]),
        "reached at once": (0.9, [0.5, 0.6], [0.93, 0.95]),
        "falling first": (0.9, [0.5, 0.6, 0.7, 0.8], [0.7, 0.6, 0.95, 0.96]),
        "a high target": (0.995, [0.5, 0.6, 0.7, 0.8], [0.5, 0.99, 0.996, 0.999]),
        "training follows": (0.7, [0.5, 0.6, 0.72, 0.8], [0.6, 0.75, 0.8, 0.85]),
        "never reached": (0.8, [0.2, 0.3, 0.4], [0.3, 0.5, 0.7]),
    }
    return {
        name: (
            target,
            [
                {"accuracy": a, "loss": 2 - a / 2, "val_accuracy": v, "val_loss": 3 - v}
                for a, v in zip(training, validation, strict=True)
            ],
        )
        for name, (target, training, validation) in curves.items()
    }


def watched(answer: type, seed: int) -> Any:
    """Observe in which epoch a callback stops each training, and what it asks the logs for.

    A name if it is no callback. One that fails over a name which the logs do not have stops none.

    In an order that depends on the seed, so that it has to look at what it is told.
    """
    import keras

    known = trainings()
    plans = {name: known[name] for name in np.random.default_rng(seed).permutation([*known])}
    made = {name: answer(target) for name, (target, _) in plans.items()}  # all before any is used
    made["never reached"] = answer(target=plans["never reached"][0])
    if not all(isinstance(one, keras.callbacks.Callback) for one in made.values()):
        return type(made["met exactly"]).__name__
    asked: set[str] = set()
    try:
        epochs = {
            name: epochs_trained(made[name], logs, asked) for name, (_, logs) in plans.items()
        }
    except Exception:
        if asked <= set(plans["met exactly"][1][0]):
            raise
        epochs = {}
    return Watched(epochs, tuple(sorted(asked)))


# --- Lesson 5: a network of the course's kind -----------------------------------------------------


class OnlyWeights(RuntimeError):
    """Raised by the check's model when it is asked to predict."""


class Conv2D(NamedTuple):
    """What a convolution shows of itself, without Keras."""

    weights: tuple[np.ndarray, np.ndarray]
    activation: Any
    padding: str = "valid"
    strides: tuple[int, int] = (1, 1)
    use_bias: bool = True
    name: str = ""

    def get_weights(self) -> list[np.ndarray]:
        return list(self.weights)


class MaxPooling2D(NamedTuple):
    """What a pool shows of itself, without Keras."""

    pool_size: tuple[int, int] = (2, 2)
    strides: tuple[int, int] = (2, 2)
    padding: str = "valid"
    name: str = ""

    def get_weights(self) -> list[np.ndarray]:
        return []


class Flatten(NamedTuple):
    """What Flatten shows of itself."""

    name: str = ""

    def get_weights(self) -> list[np.ndarray]:
        return []


class Dense(Conv2D):
    """What a dense layer shows of itself, without Keras."""


@dataclass(frozen=True)
class Network:
    """A small network of the course's kind, every weight and bias random.

    It has the weights and layers that our own answers look at; a learner's code gets the Keras
    model of the same weights (`for_learner`). So who judges needs no Keras.
    """

    filters: tuple[int, int]
    units: int
    seed: int
    scale: float
    closed: bool = False
    """Whether it shows its weights only, and refuses to predict."""

    def __repr__(self) -> str:
        return f"a Keras model with {' and '.join(map(str, self.filters))} filters"

    def get_weights(self) -> list[np.ndarray]:
        one, two = self.filters
        kernels = (3, 3, 1, one), (3, 3, one, two), (25 * two, self.units), (self.units, 10)
        rng = np.random.default_rng(self.seed)
        shapes = [shape for kernel in kernels for shape in (kernel, kernel[-1:])]
        return [rng.normal(size=s, scale=self.scale).astype(np.float32) for s in shapes]

    @property
    def layers(self) -> list[Any]:
        k1, b1, k2, b2, w3, b3, w4, b4 = self.get_weights()

        def relu() -> None:
            """Only its name counts."""

        def softmax() -> None:
            """Only its name counts."""

        blocks = Conv2D((k1, b1), relu), MaxPooling2D(), Conv2D((k2, b2), relu), MaxPooling2D()
        return [*blocks, Flatten(), Dense((w3, b3), relu), Dense((w4, b4), softmax)]

    def predict(self, *args: Any, **kwargs: Any) -> Any:
        raise OnlyWeights("this model gives its weights only: compute the rest in NumPy")

    __call__ = predict

    def for_learner(self) -> Any:
        """Make the Keras model."""
        import keras
        from keras import layers

        refuse = self.predict

        class Network(keras.Sequential):
            closed = False

            def __call__(self, *args: Any, **kwargs: Any) -> Any:
                return (refuse if self.closed else super().__call__)(*args, **kwargs)

            def predict(self, *args: Any, **kwargs: Any) -> Any:
                return (refuse if self.closed else super().predict)(*args, **kwargs)

        model = Network(
            [
                keras.Input((28, 28, 1)),
                layers.Conv2D(self.filters[0], 3, activation="relu"),
                layers.MaxPooling2D(2),
                layers.Conv2D(self.filters[1], 3, activation="relu"),
                layers.MaxPooling2D(2),
                layers.Flatten(),
                layers.Dense(self.units, activation="relu"),
                layers.Dense(10, activation="softmax"),
            ]
        )
        model.set_weights(self.get_weights())
        model.closed = self.closed
        if self.closed:
            for layer in model.layers:
                own: Any = type(layer)
                closed = {"__call__": self.predict, "call": self.predict}
                object.__setattr__(layer, "__class__", type(own)(own.__name__, (own,), closed))
        return model


SMALL = Network((3, 4), 8, seed=577, scale=0.3)
BATCH = np.random.default_rng(28).random((2, 28, 28, 1)).astype(np.float32)


def see_activations(answer: Callable[[Any], Any], seed: int) -> list[np.ndarray] | str:
    """Observe what the model gives for a batch; a name if it is no model."""
    import keras

    made = answer(SMALL.for_learner())
    if not isinstance(made, keras.Model):
        return type(made).__name__
    given = made(BATCH, training=False)
    given = list(given.values()) if isinstance(given, dict) else given
    return [np.asarray(g) for g in (given if isinstance(given, list | tuple) else [given])]


# --- Lesson 6: how many steps a function takes ----------------------------------------------------


class Settled(Exception):
    """Raised in a thread by itself."""


def settled() -> None:
    """Leave nothing pending that was to be raised in a thread and was taken back.

    Python 3.11 notes for good that there is something, and then never gets past the first
    instruction of a function that is traced. Raising something clears that note.
    """
    if sys.version_info >= (3, 12):
        return
    with contextlib.suppress(Settled):
        ident = ctypes.c_ulong(threading.get_ident())
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ident, ctypes.py_object(Settled))
        for _ in range(1000):
            pass


def steps_per_pixel(answer: Callable[..., Any], seed: int) -> float:
    """Count what a convolution of more pixels costs in steps of Python, for each pixel more.

    A loop over rows takes steps for each row more, one over pixels for each pixel. Of four sizes,
    what rows and columns cost by themselves cancels out. No clock is looked at.
    """
    rng = np.random.default_rng(seed)
    kernel = rng.normal(size=(3, 3))

    def steps(height: int, width: int) -> int:
        count = 0

        def trace(frame: Any, event: str, argument: Any) -> Any:
            nonlocal count
            if frame.f_globals.get("__name__", "").startswith("course.checking"):
                return None  # the handler of the time limit, which may come every 40 µs
            count += 1
            return trace

        before = sys.gettrace()
        sys.settrace(trace)
        try:
            answer(rng.normal(size=(height, width)), kernel)
        finally:
            sys.settrace(before)
        return count

    settled()
    steps(12, 13)  # what is done the first time only
    more = steps(24, 27) - steps(24, 13) - steps(12, 27) + steps(12, 13)
    return more / ((24 - 12) * (27 - 13))


# --- Lesson 6: functions to measure the slope of ---------------------------------------------------

# None treats two places of a kernel alike.


def sum_of_squares(kernel):
    return float((kernel**2).sum())


def growing_squares(kernel):
    return float(sum((1 + n) * value**2 for n, value in enumerate(kernel.ravel().tolist())))


def cubes(kernel):
    return float(sum((1 + n) * value**3 for n, value in enumerate(kernel.ravel().tolist())))


def neighbours_multiplied(kernel):
    values = kernel.ravel()
    return float((values[:-1] * values[1:]).sum() + 5 * values[0])


def seven(kernel):
    return 7.0
