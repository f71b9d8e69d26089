"""What can be seen of a Keras model or callback from outside: plain data, and no judgement.

Nothing here knows what is right, and Keras is imported only when something is looked at.
"""

from collections.abc import Callable, Sequence
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
    weights: tuple[np.ndarray, ...] = ()
    """New ones, which it was given to be tried with."""
    outputs: np.ndarray | None = None
    """What it then made of the images."""
    error: str = ""
    """Why it could not be tried."""


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
    weights = new_weights(seen.shapes)
    try:
        model.set_weights(weights)
        outputs = keras.ops.convert_to_numpy(model(images, training=False))
    except Exception as error:  # noqa: BLE001 - whatever a learner's layers raise is an observation
        return seen._replace(error=f"{type(error).__name__}: {error}")
    return seen._replace(weights=tuple(weights), outputs=outputs)


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


def new_weights(shapes: Sequence[tuple[int, ...]]) -> list[np.ndarray]:
    """Make weights under which every activation shows: signals of both signs, biases too."""
    rng = np.random.default_rng(577)
    return [
        rng.normal(size=shape, scale=np.sqrt(2 / np.prod(shape[:-1])) if shape[1:] else 0.3).astype(
            np.float32
        )
        for shape in shapes
    ]


def epochs_trained(callback: Any, epochs: Sequence[dict[str, float]]) -> int:
    """Let a callback watch a training that happened elsewhere; count the epochs until it stops.

    It is told what `fit` tells it, in the same order.
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
        callback.on_epoch_end(epoch, dict(logs))
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
