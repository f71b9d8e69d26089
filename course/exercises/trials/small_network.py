"""A network of the course's kind, to be given to a learner's code."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np


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
        raise OnlyWeights("This model gives its weights only: compute the rest in NumPy.")

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
