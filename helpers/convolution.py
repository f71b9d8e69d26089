"""Convolution in plain NumPy, in the order in which lesson 1 explains it.

One window, one pixel, the whole image, its borders, a layer of many kernels.

"Convolution" is what deep learning calls convolution: slide, multiply, add, no flip
(mathematics says *cross-correlation*). `true_convolution` is the one that flips.
Integers go in, floats come out: float32 stays float32, everything else becomes float64.
"""

from itertools import product
from math import prod
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike

from helpers.arguments import (
    BATCH,
    COLOUR,
    GREY,
    KERNELS,
    as_floats,
    as_numbers,
    by,
    must_fit,
    one_of,
    pair,
    whole,
)

BORDERS = {"zero": "constant", "wrap": "wrap", "edge": "edge"}  # our name: np.pad's name
PADDINGS = ("valid", "same")


def neighborhood(image: ArrayLike, row: int, col: int) -> np.ndarray:
    """Return the 3x3 window centred on an interior pixel, as a copy.

    Parameters
    ----------
    image : (H, W) or (H, W, C) array_like
    row, col : int
        From 1 to H - 2 and from 1 to W - 2: a border pixel has no full window.

    Returns
    -------
    (3, 3) or (3, 3, C) ndarray of the image's own type

    Examples
    --------
    >>> neighborhood([[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12]], 1, 2)
    array([[ 2,  3,  4],
           [ 6,  7,  8],
           [10, 11, 12]])
    """
    pixels = as_numbers(image, "image", GREY, COLOUR)
    row, col = whole(row, "row", least=0), whole(col, "col", least=0)
    height, width = pixels.shape[:2]
    if not (1 <= row <= height - 2 and 1 <= col <= width - 2):
        raise ValueError(
            f"pixel ({row}, {col}) of a {height}x{width} image has no full 3x3 window: "
            f"row must be from 1 to {height - 2}, col from 1 to {width - 2}."
        )
    return pixels[row - 1 : row + 2, col - 1 : col + 2].copy()


def convolve_pixel(window: ArrayLike, kernel: ArrayLike) -> float:
    """Multiply a window by a kernel, value by value, and add the products up.

    Parameters
    ----------
    window, kernel : (kh, kw) array_like of the same shape

    Returns
    -------
    float

    Examples
    --------
    The nine products are 0, 0, -256, 24, 864, -216, 213, 452 and -504:

    >>> window = [[0, 64, 128], [48, 192, 144], [142, 226, 168]]
    >>> kernel = [[-1, 0, -2], [0.5, 4.5, -1.5], [1.5, 2, -3]]
    >>> convolve_pixel(window, kernel)
    577.0
    """
    window = as_floats(window, "window", GREY)
    kernel = as_floats(kernel, "kernel", GREY)
    if window.shape != kernel.shape:
        raise ValueError(
            f"window is {by(window.shape)} and kernel is {by(kernel.shape)}: "
            "each pixel needs its own kernel value, so give both the same shape."
        )
    return float(np.sum(window * kernel))


def output_size(size: int, kernel_size: int, padding: int = 0, strides: int = 1) -> int:
    """Count the places where a kernel fits along one side of an image.

    ``floor((size + 2 * padding - kernel_size) / strides) + 1``

    Parameters
    ----------
    size, kernel_size : int
        Pixels along that side, and kernel values along it.
    padding : int, default 0
        Pixels added at *each* end.
    strides : int, default 1
        Pixels from one place to the next.

    Examples
    --------
    >>> output_size(28, 3), output_size(28, 2), output_size(28, 3, padding=1)
    (26, 27, 28)
    """
    size, kernel_size = whole(size, "size"), whole(kernel_size, "kernel_size")
    padded = size + 2 * whole(padding, "padding", least=0)
    if kernel_size > padded:
        raise ValueError(
            f"kernel_size {kernel_size} is larger than the {padded} pixels it should slide over: "
            "use a smaller kernel or more padding."
        )
    return (padded - kernel_size) // whole(strides, "strides") + 1


def same_padding(size: int, kernel_size: int, strides: int = 1) -> tuple[int, int]:
    """Return the pixels to add (before, after) so that ``ceil(size / strides)`` come out.

    Where the number is odd the extra pixel goes to the end, as in TensorFlow and Keras.

    Examples
    --------
    >>> same_padding(28, 3), same_padding(28, 2), same_padding(28, 3, strides=2)
    ((1, 1), (0, 1), (0, 1))
    """
    places = -(-size // strides)
    total = max((places - 1) * strides + kernel_size - size, 0)
    return total // 2, total - total // 2


def pad(
    image: ArrayLike,
    rows: int | tuple[int, int],
    cols: int | tuple[int, int],
    border: str = "zero",
) -> np.ndarray:
    """Put a border of invented pixels round an image.

    Parameters
    ----------
    image : (H, W) or (H, W, C) array_like
    rows, cols : int or (before, after)
        Pixels to add above and below, and left and right.
    border : {"zero", "wrap", "edge"}
        Black, the pixels of the opposite side, or the nearest pixel again.

    Returns
    -------
    ndarray of the image's own type

    Examples
    --------
    >>> pad([[1, 2, 3]], 0, 2, border="wrap")
    array([[2, 3, 1, 2, 3, 1, 2]])
    >>> pad([[1, 2, 3]], 0, (0, 2), border="edge")
    array([[1, 2, 3, 3, 3]])
    """
    pixels = as_numbers(image, "image", GREY, COLOUR)
    one_of(border, "border", BORDERS)
    widths = [pair(rows, "rows", least=0), pair(cols, "cols", least=0), (0, 0)]
    mode: Any = BORDERS[border]
    return np.pad(pixels, widths[: pixels.ndim], mode=mode)


def conv2d(
    image: ArrayLike,
    kernel: ArrayLike,
    padding: str = "valid",
    strides: int | tuple[int, int] = 1,
    border: str = "zero",
) -> np.ndarray:
    """Slide a kernel over an image; at each place multiply and add.

    ``out[r, c] = sum over i, j of kernel[i, j] * image[r * strides + i, c * strides + j]``

    Parameters
    ----------
    image : (H, W) or (H, W, C) array_like
        Each channel is convolved by itself.
    kernel : (kh, kw) array_like
        Any size, odd or even.
    padding : {"valid", "same"}
        "valid" keeps to the places where the kernel fits; "same" pads first, as Keras
        does, so that ``ceil(H / strides)`` rows come out.
    strides : int or (rows, cols)
    border : {"zero", "wrap", "edge"}
        What "same" pads with; see `pad`.

    Returns
    -------
    (H - kh + 1, W - kw + 1) ndarray of float for "valid"; (H, W) for "same"
        With strides 1; see `output_size` for others. A channel axis stays.
        A pixel that is NaN makes NaN of every value that it takes part in, and of no other.

    Raises
    ------
    ValueError
        If the kernel is larger than the image, an array is empty or not of the shape above, or
        an option is none of the above.
    TypeError
        If an array does not hold real numbers.

    Examples
    --------
    >>> conv2d([[1, 2, 4], [8, 16, 32]], [[-1, 1]])
    array([[ 1.,  2.],
           [ 8., 16.]])
    """
    pixels = as_floats(image, "image", GREY, COLOUR)
    weights = as_floats(kernel, "kernel", GREY).astype(pixels.dtype, copy=False)
    down, right = pair(strides, "strides")
    one_of(padding, "padding", PADDINGS)
    one_of(border, "border", BORDERS)
    if padding == "same":
        rows = same_padding(pixels.shape[0], weights.shape[0], down)
        cols = same_padding(pixels.shape[1], weights.shape[1], right)
        pixels = pad(pixels, rows, cols, border)
    must_fit(weights.shape, pixels.shape)
    everywhere = _slide(pixels, weights)
    # To keep every n-th of all the sums is quicker, for small strides, than to gather their pixels.
    return everywhere if down == right == 1 else everywhere[::down, ::right].copy()


def _slide(image: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """Add up ``kernel[i, j] * image shifted by (i, j)`` over all i and j.

    Written out as one long line of numbers, the pixel i rows down and j columns right is always
    the same distance further along the line: one kernel value needs one slice. The last kw - 1
    sums of each row mix two rows, and are left out at the end.
    """
    kh, kw = kernel.shape
    height, width, *channels = image.shape
    right = prod(channels)  # along the line, from a pixel to the next one
    down = width * right  # and to the one below
    line = image.ravel()
    sums = np.zeros((height - kh + 1) * down, image.dtype)
    count = sums.size - (kw - 1) * right  # further on, the kernel would leave the image
    with np.errstate(invalid="ignore", over="ignore"):  # what mixes two rows may well overflow
        for i, j in product(range(kh), range(kw)):
            shift = i * down + j * right
            sums[:count] += kernel[i, j] * line[shift : shift + count]
    return sums.reshape(-1, width, *channels)[:, : width - kw + 1]


def true_convolution(image: ArrayLike, kernel: ArrayLike) -> np.ndarray:
    """Convolve as mathematics does: with the kernel flipped both ways.

    Equals ``scipy.signal.convolve2d(image, kernel, mode="valid")``. Parameters, result and
    errors as for `conv2d`.

    Examples
    --------
    >>> conv2d([[1, 2, 4, 8]], [[1, 0, -1]]), true_convolution([[1, 2, 4, 8]], [[1, 0, -1]])
    (array([[-3., -6.]]), array([[3., 6.]]))
    """
    return conv2d(image, as_floats(kernel, "kernel", GREY)[::-1, ::-1])


def conv_layer(images: ArrayLike, kernels: ArrayLike, bias: ArrayLike) -> np.ndarray:
    """Do what a `keras.layers.Conv2D` with "valid" padding and no activation does.

    Each of F filters adds up its responses to all C channels, and its bias:
    ``out[n, r, c, f] = bias[f] + sum over i, j, k of kernels[i, j, k, f] * images[n, r+i, c+j, k]``

    Parameters
    ----------
    images : (N, H, W, C) array_like
    kernels : (kh, kw, C, F) array_like
    bias : (F,) array_like

    Returns
    -------
    (N, H - kh + 1, W - kw + 1, F) ndarray of float

    Examples
    --------
    >>> conv_layer(np.ones((2, 28, 28, 1)), np.ones((3, 3, 1, 64)), np.zeros(64)).shape
    (2, 26, 26, 64)
    """
    pixels = as_floats(images, "images", BATCH)
    weights = as_floats(kernels, "kernels", KERNELS)
    offsets = as_floats(bias, "bias", ("filters",))
    kh, kw, channels, filters = weights.shape
    if channels != pixels.shape[3] or filters != len(offsets):
        raise ValueError(
            f"kernels of shape {weights.shape} take images of {channels} channels and {filters} "
            f"biases: got {pixels.shape[3]} channels and {len(offsets)} biases."
        )
    must_fit((kh, kw), pixels.shape[1:])
    weights, offsets = weights.astype(pixels.dtype), offsets.astype(pixels.dtype)
    count, height, width, _ = pixels.shape
    out = np.empty((count, height - kh + 1, width - kw + 1, filters), pixels.dtype)
    for picture, maps in zip(pixels, out, strict=True):  # one at a time: the windows are copied
        windows = sliding_window_view(picture, (kh, kw), axis=(0, 1))  # (rows, cols, C, kh, kw)
        maps[:] = np.tensordot(windows, weights, axes=([3, 4, 2], [0, 1, 2])) + offsets
    return out


def to_pixels(values: ArrayLike, factor: float = 1.0, bias: float = 0.0) -> np.ndarray:
    """Make bytes of responses: ``factor * values + bias``, rounded, clipped to 0..255.

    Parameters
    ----------
    values : array_like of any shape
    factor, bias : float

    Returns
    -------
    ndarray of uint8, same shape
        Rounded to nearest; exactly half way goes to the even neighbour (`numpy.rint`).

    Raises
    ------
    ValueError
        If a value is NaN, which no byte can stand for.

    Examples
    --------
    >>> to_pixels([577.0, -3.0, 99.6]), to_pixels([-10, 10], factor=2, bias=128)
    (array([255,   0, 100], dtype=uint8), array([108, 148], dtype=uint8))
    """
    scaled = factor * as_floats(values, "values") + bias
    if np.isnan(scaled).any():
        raise ValueError("no byte stands for NaN: replace it first, with numpy.nan_to_num.")
    return np.clip(np.rint(scaled), 0, 255).astype(np.uint8)
