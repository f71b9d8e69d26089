"""What the lessons teach with. You may read all of it.

Rooms
-----
convolution
    From one window to a layer of filters: `conv2d` and its parts.
pooling
    What follows a convolution: `max_pool2d`, `average_pool2d`, `relu`.
kernels
    Kernels with a name, the filter gallery, and what is made with them.
datasets
    A photograph, and Fashion-MNIST, without a network connection; `download` fetches all of it.
own_picture
    A picture of your own as numbers: `open_picture`.
network
    What happens inside a trained network.
trained
    A network with stored weights, `trained_network`, which needs no Keras.
learning
    How a kernel is learned: an error, its gradient, small steps against it.
training
    How the lessons train a Keras model, in sight and without losing an epoch.
pictures
    The figures of the lessons, each in one line.
stepper
    The window that moves, to play with: each sum of a convolution, of pooling, of a network, of
    several maps, and the way back.

The first three need only NumPy and come with `import helpers`. The others are opened when first
used, so that nobody waits for Matplotlib who draws nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from helpers.convolution import (
    conv2d,
    conv_layer,
    convolve_pixel,
    neighborhood,
    output_size,
    pad,
    to_pixels,
    true_convolution,
)
from helpers.kernels import (
    GALLERY,
    HORIZONTAL,
    LAPLACIAN,
    VERTICAL,
    Filter,
    apply_filter,
    gradient_magnitude,
    median_filter,
)
from helpers.pooling import average_pool2d, max_pool2d, pool_output_size, relu

if TYPE_CHECKING:
    from helpers.datasets import CLASS_NAMES, colour_photograph, fashion_mnist, photograph
    from helpers.own_picture import open_picture
    from helpers.trained import trained_network

__all__ = [
    "CLASS_NAMES",
    "GALLERY",
    "HORIZONTAL",
    "LAPLACIAN",
    "VERTICAL",
    "Filter",
    "apply_filter",
    "average_pool2d",
    "colour_photograph",
    "conv2d",
    "conv_layer",
    "convolve_pixel",
    "fashion_mnist",
    "gradient_magnitude",
    "max_pool2d",
    "median_filter",
    "neighborhood",
    "open_picture",
    "output_size",
    "pad",
    "photograph",
    "pool_output_size",
    "relu",
    "to_pixels",
    "trained_network",
    "true_convolution",
]

_ROOMS = (
    "datasets",
    "download",
    "learning",
    "network",
    "pictures",
    "stepper",
    "trained",
    "training",
)
_ELSEWHERE = {
    "CLASS_NAMES": "datasets",
    "colour_photograph": "datasets",
    "fashion_mnist": "datasets",
    "open_picture": "own_picture",
    "photograph": "datasets",
    "trained_network": "trained",
}


def __getattr__(name: str) -> Any:
    """Open a room when something in it is first asked for."""
    if name in _ELSEWHERE:
        return getattr(import_module(f"helpers.{_ELSEWHERE[name]}"), name)
    if name in _ROOMS:
        return import_module(f"helpers.{name}")
    raise AttributeError(f"module 'helpers' has no attribute {name!r}")


def __dir__() -> list[str]:
    """List the rooms too, opened or not."""
    return sorted({*globals(), *__all__, *_ROOMS})
