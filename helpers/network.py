"""What happens inside a trained network, in plain NumPy.

Nothing here imports Keras: a trained model brings its layers and their weights along.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from helpers.arguments import as_floats, as_numbers, whole
from helpers.convolution import conv_layer
from helpers.pooling import max_pool2d, relu


def conv_parameters(kernel_size: int, channels: int, filters: int) -> int:
    """Count the weights of a convolution: a kernel per channel and one bias, for each filter.

    Examples
    --------
    >>> conv_parameters(3, 1, 64), conv_parameters(3, 64, 64)
    (640, 36928)
    """
    size = whole(kernel_size, "kernel_size")
    return (size * size * whole(channels, "channels") + 1) * whole(filters, "filters")


def receptive_field(layers: Sequence[tuple[int, int]]) -> int:
    """Count the pixels of the image, along one side, that one number of the last layer sees.

    A number sees ``kernel_size`` numbers of the layer before it. Neighbours there begin as many
    pixels apart as all strides before multiply to, so each layer adds ``(kernel_size - 1)`` times
    that to the one pixel that it would be without any layer.

    Parameters
    ----------
    layers : sequence of (kernel_size, strides)
        Convolutions and pools, from the image on. A pool's strides are its own size, where nothing
        else is said. Pixels between windows that do not touch count too: from the first to the last.

    Examples
    --------
    >>> receptive_field([(3, 1)]), receptive_field([(3, 1), (2, 2), (3, 1), (2, 2)])
    (3, 10)
    """
    field = apart = 1
    for number, (kernel_size, strides) in enumerate(layers, start=1):
        field += (whole(kernel_size, f"kernel_size of layer {number}") - 1) * apart
        apart *= whole(strides, f"strides of layer {number}")
    return field


def initial_limit(kernel_size: int, channels: int, filters: int) -> float:
    """Return how large a new kernel's values are at most: they are uniform in -limit .. limit.

    ``sqrt(6 / (fan_in + fan_out))``, with a fan of ``kernel_size**2`` per channel: Glorot and
    Bengio, "Understanding the difficulty of training deep feedforward neural networks", 2010,
    equation 16. It is what `keras.layers.Conv2D` starts from.

    Examples
    --------
    >>> round(initial_limit(3, 1, 64), 4)
    0.1013
    """
    area = whole(kernel_size, "kernel_size") ** 2
    fans = area * whole(channels, "channels") + area * whole(filters, "filters")
    return math.sqrt(6 / fans)


def dead_channels(activations: ArrayLike) -> int:
    """Count the channels that are 0 everywhere, in every image of the batch.

    Parameters
    ----------
    activations : (N, H, W, C) array_like

    Examples
    --------
    >>> batch = np.zeros((2, 3, 3, 4))
    >>> batch[1, 2, 0, 3] = 0.5
    >>> dead_channels(batch)
    3
    """
    values = as_numbers(activations, "activations", ("images", "height", "width", "channels"))
    return int(np.sum(~values.any(axis=(0, 1, 2))))


def confusion_matrix(labels: ArrayLike, predictions: ArrayLike, classes: int = 10) -> np.ndarray:
    """Count how often each class was taken for each other: rows are true classes.

    Parameters
    ----------
    labels, predictions : (N,) array_like of class numbers, 0 to ``classes - 1``

    Returns
    -------
    (classes, classes) ndarray of int

    Examples
    --------
    >>> confusion_matrix([0, 0, 1], [0, 1, 1], classes=2)
    array([[1, 1],
           [0, 1]])
    """
    true, predicted = np.asarray(labels), np.asarray(predictions)
    for name, numbers in (("labels", true), ("predictions", predicted)):
        if numbers.ndim != 1 or numbers.dtype.kind not in "iu":
            raise TypeError(
                f"{name} must be one class number per image, got shape {numbers.shape} of "
                f"{numbers.dtype}. Of probabilities, take .argmax(axis=1)."
            )
        if numbers.size and not 0 <= numbers.min() <= numbers.max() < classes:
            raise ValueError(f"{name} must be from 0 to {classes - 1}.")
    if len(true) != len(predicted):
        raise ValueError(f"{len(true)} labels and {len(predicted)} predictions: give one for each.")
    counts = np.zeros((classes, classes), dtype=int)
    np.add.at(counts, (true, predicted), 1)
    return counts


def forward(model: Any, image: ArrayLike) -> np.ndarray:
    """Compute what ``model.predict`` does, layer by layer, from the model's own weights.

    Parameters
    ----------
    model : keras.Model
        Layers in a row: Conv2D, MaxPooling2D ("valid" padding, stride 1 for Conv2D), Flatten, Dense.
    image : (H, W) array_like, or a batch (N, H, W) or (N, H, W, C)
        In the range that the model was trained on.

    Returns
    -------
    (classes,) ndarray of float32, or (N, classes) for a batch

    Raises
    ------
    ValueError
        If the model has a layer that is none of these.
    """
    pixels = as_floats(image, "image").astype(np.float32)
    single = pixels.ndim == 2
    batch = pixels[np.newaxis] if single else pixels
    *_, (_, scores) = layer_outputs(model, batch[..., np.newaxis] if batch.ndim == 3 else batch)
    return scores[0] if single else scores


def layer_outputs(model: Any, images: np.ndarray) -> Iterator[tuple[str, np.ndarray]]:
    """Yield each layer's name and output for a batch, in order."""
    values = images
    for layer in model.layers:
        kind = type(layer).__name__
        if kind == "InputLayer":
            continue
        if kind not in LAYERS:
            raise ValueError(
                f"there is no NumPy version of a {kind} layer; of {sorted(LAYERS)} there is."
            )
        values = LAYERS[kind](layer, values)
        yield layer.name, values


def convolve(layer: Any, images: np.ndarray) -> np.ndarray:
    """Do what a Conv2D layer does, its activation too."""
    if layer.padding != "valid" or tuple(layer.strides) != (1, 1) or not layer.use_bias:
        raise ValueError(
            "only Conv2D layers with padding='valid', strides 1 and a bias are known here."
        )
    kernels, bias = layer.get_weights()
    return activate(layer, conv_layer(images, kernels, bias))


def pool(layer: Any, images: np.ndarray) -> np.ndarray:
    """Do what a MaxPooling2D layer does."""
    return max_pool2d(images, tuple(layer.pool_size), tuple(layer.strides), layer.padding)


def flatten(layer: Any, images: np.ndarray) -> np.ndarray:
    """Write each image's values in one row."""
    return images.reshape(len(images), -1)


def dense(layer: Any, rows: np.ndarray) -> np.ndarray:
    """Do what a Dense layer does: every value times a weight to every unit, plus a bias."""
    weights, bias = layer.get_weights()
    return activate(layer, rows @ weights + bias)


def softmax(scores: np.ndarray) -> np.ndarray:
    """Turn each row of scores into probabilities. The largest is subtracted: exp can't overflow."""
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def activate(layer: Any, values: np.ndarray) -> np.ndarray:
    """Apply the activation that a layer was built with."""
    name = layer.activation.__name__
    if name not in ACTIVATIONS:
        raise ValueError(f"there is no NumPy version of {name}; of {sorted(ACTIVATIONS)} there is.")
    return ACTIVATIONS[name](values)


LAYERS: dict[str, Callable[[Any, np.ndarray], np.ndarray]] = {
    "Conv2D": convolve,
    "MaxPooling2D": pool,
    "Flatten": flatten,
    "Dense": dense,
}
ACTIVATIONS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "relu": relu,
    "softmax": softmax,
    "linear": np.asarray,
}
