"""A network that was trained before you came, in plain NumPy: no Keras is needed to ask it.

It is lesson 4's with 16 filters in each convolution. `benchmarks/trained_network.py` trained it on
the shipped images, and says how often it is right on others.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from helpers import network
from helpers.datasets import read_archive
from helpers.pooling import relu

STORED = "trained_network.npz"
HASTY = "hasty_network.npz"
LEARNED = ("conv2d", "conv2d_1", "dense", "dense_1")  # the layers that have weights
FIELDS = tuple(f"{name}_{part}" for name in LEARNED for part in ("kernel", "bias"))


@dataclass(frozen=True)
class Layer:
    """A layer as `helpers.network` reads it: what Keras's layer of the same name tells of itself."""

    name: str
    weights: tuple[np.ndarray, ...] = ()
    activation: Callable[..., Any] | None = None

    def get_weights(self) -> list[np.ndarray]:
        """Return copies of its kernels (or weights) and its bias, in Keras's order."""
        return [part.copy() for part in self.weights]


class Conv2D(Layer):
    """A convolution; kernels are (height, width, channels, filters)."""

    padding, strides, use_bias = "valid", (1, 1), True


class MaxPooling2D(Layer):
    """The largest value of each 2x2 window."""

    padding, strides, pool_size = "valid", (2, 2), (2, 2)


class Flatten(Layer):
    """The maps of an image, written in one row."""


class Dense(Layer):
    """Every value times a weight to every unit."""


@dataclass(frozen=True)
class Network:
    """Layers in a row, which `predict` takes images through.

    Parameters
    ----------
    layers : tuple of Layer
    """

    layers: tuple[Layer, ...]

    def __getitem__(self, name: str) -> Layer:
        """Return the layer of this name: ``network["conv2d"]``."""
        for layer in self.layers:
            if layer.name == name:
                return layer
        names = ", ".join(layer.name for layer in self.layers)
        raise KeyError(f"no layer is called {name!r}; there are {names}.")

    def get_weights(self) -> list[np.ndarray]:
        """Return copies of all weights, layer by layer."""
        return [part for layer in self.layers for part in layer.get_weights()]

    def predict(self, images: ArrayLike, verbose: int = 0) -> np.ndarray:
        """Return ten probabilities for each image.

        Parameters
        ----------
        images : (N, 28, 28) or (N, 28, 28, 1) array_like, or one image (28, 28)
            Bytes, or floats in 0..1 as lesson 4's `prepare` gives them.
        verbose : int
            As Keras takes it. There is no bar to be shown or not.

        Returns
        -------
        (N, 10) ndarray of float32, or (10,) for one image

        Examples
        --------
        >>> from helpers import CLASS_NAMES, fashion_mnist
        >>> boot = fashion_mnist(full=False).test_images[0]
        >>> CLASS_NAMES[trained_network().predict(boot).argmax()]
        'Ankle boot'
        """
        return network.forward(self, _in_range(np.asarray(images)))

    def layer_outputs(self, images: np.ndarray) -> list[np.ndarray]:
        """Return what each layer makes of images, in order.

        Parameters
        ----------
        images : (N, 28, 28, 1) ndarray
            As lesson 4's `prepare` gives them.
        """
        return [values for _, values in network.layer_outputs(self, images)]

    def with_kernel(self, filter: int, kernel: ArrayLike) -> "Network":
        """Return a network that looks with another kernel in its first layer, all else the same.

        Parameters
        ----------
        filter : int
            Which kernel of the first layer is taken out.
        kernel : (3, 3) array_like
            What comes in its place, made as strong as the old one: its values are multiplied so
            that their squares add up to the same.
        """
        first = next(layer for layer in self.layers if layer.weights)
        kernels, bias = first.get_weights()
        old, new = kernels[:, :, 0, filter], np.asarray(kernel, np.float32)
        if new.shape != old.shape:
            raise ValueError(f"kernel must be of shape {old.shape}, got {new.shape}.")
        if not np.isfinite(new).all() or not new.any():
            raise ValueError("kernel must hold numbers that are not all 0.")
        kernels[:, :, 0, filter] = new * (np.linalg.norm(old) / np.linalg.norm(new))
        changed = replace(first, weights=(kernels, bias))
        return Network(tuple(changed if layer is first else layer for layer in self.layers))


def trained_network() -> Network:
    """Return the network, its weights read from what the course ships.

    Returns
    -------
    Network
        Its layers are conv2d, max_pooling2d, conv2d_1, max_pooling2d_1, flatten, dense and
        dense_1, and they have what Keras's have: `helpers.network.forward` takes it too.

    Examples
    --------
    >>> kernels, bias = trained_network()["conv2d"].get_weights()
    >>> kernels.shape, bias.shape
    ((3, 3, 1, 16), (16,))
    """
    return _read(STORED)


def kernels_before() -> np.ndarray:
    """Return the kernels of its first layer as they were before it learned anything.

    Returns
    -------
    (3, 3, 1, 16) ndarray of float32
    """
    return read_archive(STORED, ("before",))[0]


def hasty_network() -> tuple[Network, np.ndarray]:
    """Return the network that lesson 5 trains in steps which are too large.

    Returns
    -------
    Network
        As it was after the last step.
    (80, 2) ndarray of uint8
        How many of the 16 channels of its first and of its second convolution were dead after
        each step, for 500 held-out images.
    """
    return _read(HASTY), read_archive(HASTY, ("dead",))[0]


def _read(name: str) -> Network:
    """Read a network's weights from what the course ships."""
    stored = [part.astype(np.float32) for part in read_archive(name, FIELDS)]
    weights = dict(zip(LEARNED, zip(stored[::2], stored[1::2], strict=True), strict=True))
    return Network(
        (
            Conv2D("conv2d", weights["conv2d"], relu),
            MaxPooling2D("max_pooling2d"),
            Conv2D("conv2d_1", weights["conv2d_1"], relu),
            MaxPooling2D("max_pooling2d_1"),
            Flatten("flatten"),
            Dense("dense", weights["dense"], relu),
            Dense("dense_1", weights["dense_1"], network.softmax),
        )
    )


def _in_range(images: np.ndarray) -> np.ndarray:
    """Return images as floats in 0..1, or say what came instead."""
    if images.shape[-1:] != (1,) and images.ndim in (2, 3):
        sides = images.shape[-2:]
    else:
        sides = images.shape[1:3] if images.ndim == 4 and images.shape[3] == 1 else ()
    if sides != (28, 28):
        raise ValueError(
            f"images must be (28, 28), (N, 28, 28) or (N, 28, 28, 1), got shape {images.shape}."
        )
    if images.dtype == np.uint8:
        return images.astype(np.float32) / 255
    pixels = images.astype(np.float32)
    low, high = float(pixels.min(initial=0)), float(pixels.max(initial=0))
    if not (low >= 0 and high <= 1):
        raise ValueError(
            f"images must be bytes, or floats from 0 to 1, got {low:g} to {high:g} in "
            f"{images.dtype}. Divide by 255, once."
        )
    return pixels
