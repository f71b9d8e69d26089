"""A network of the course's kind, to be given to a learner's code."""

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np


class OnlyWeights(RuntimeError):
    """Raised by the check's model when it is asked to predict."""


def refuse(*args: Any, **kwargs: Any) -> Any:
    """Stand for all that would compute."""
    raise OnlyWeights("This model gives its weights only: compute the rest in NumPy.")


@dataclass(frozen=True)
class SmallNetwork:
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
    hidden: int = 1
    """How many dense layers come before the last."""

    def __repr__(self) -> str:
        return f"a Keras model with {' and '.join(map(str, self.filters))} filters"

    def get_weights(self) -> list[np.ndarray]:
        one, two = self.filters
        widths = (25 * two, *[self.units] * self.hidden, 10)
        kernels = ((3, 3, 1, one), (3, 3, one, two), *pairwise(widths))
        rng = np.random.default_rng(self.seed)
        shapes = [shape for kernel in kernels for shape in (kernel, kernel[-1:])]
        return [rng.normal(size=s, scale=self.scale).astype(np.float32) for s in shapes]

    @property
    def layers(self) -> list[Any]:
        return list(layers_of(self))

    predict = __call__ = refuse

    def for_learner(self) -> Any:
        """Make the Keras model; where there is no Keras, this one has the same weights."""
        try:
            import keras
        except ImportError:
            return self
        from keras import layers

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
                *(layers.Dense(self.units, activation="relu") for _ in range(self.hidden)),
                layers.Dense(10, activation="softmax"),
            ]
        )
        model.set_weights(self.get_weights())
        model.closed = self.closed
        if self.closed:
            for layer in model.layers:
                close(layer)
        return model


def close(layer: Any) -> None:
    """Let a layer refuse to compute."""
    own: Any = type(layer)
    closed = {"__call__": refuse, "call": refuse}
    object.__setattr__(layer, "__class__", type(own)(own.__name__, (own,), closed))


@lru_cache(maxsize=2)  # each time they are the same ones, as Keras's are
def layers_of(network: SmallNetwork) -> tuple[Any, ...]:
    """Make the layers of a network, without Keras."""
    # Not above: a learner's process needs only `for_learner`.
    from helpers.network import softmax
    from helpers.pooling import relu
    from helpers.trained import Conv2D, Dense, Flatten, MaxPooling2D

    k1, b1, k2, b2, *dense = network.get_weights()
    layers = (
        Conv2D("conv2d", (k1, b1), relu),
        MaxPooling2D("max_pooling2d"),
        Conv2D("conv2d_1", (k2, b2), relu),
        MaxPooling2D("max_pooling2d_1"),
        Flatten("flatten"),
        *(
            Dense(f"dense_{n}" if n else "dense", pair, relu if n < network.hidden else softmax)
            for n, pair in enumerate(zip(dense[::2], dense[1::2], strict=True))
        ),
    )
    for layer in layers:
        close(layer)
    return layers
