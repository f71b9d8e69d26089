"""Pooling and ReLU in plain NumPy: what follows a convolution in a network.

Images are (H, W), (H, W, C) or batches (N, H, W, C), channels last: three axes are always one
image with channels. As in `helpers.convolution`, floats come out.
"""

import numpy as np
from numpy.typing import ArrayLike

from helpers.arguments import BATCH, COLOUR, GREY, as_floats, must_fit, one_of, pair
from helpers.convolution import PADDINGS, output_size, same_padding

Sizes = int | tuple[int, int]


def pool_output_size(size: int, pool_size: int = 2, strides: int | None = None) -> int:
    """Count the windows along one side: ``floor((size - pool_size) / strides) + 1``.

    Parameters
    ----------
    size, pool_size : int
    strides : int, optional
        Pixels from one window to the next; `pool_size` if not given, so that none overlap.

    Examples
    --------
    >>> pool_output_size(26), pool_output_size(11), pool_output_size(26, 3)
    (13, 5, 8)
    """
    return output_size(size, pool_size, strides=pool_size if strides is None else strides)


def max_pool2d(
    image: ArrayLike, pool_size: Sizes = 2, strides: Sizes | None = None, padding: str = "valid"
) -> np.ndarray:
    """Keep the largest value of each window.

    Parameters
    ----------
    image : (H, W), (H, W, C) or (N, H, W, C) array_like
    pool_size : int or (rows, cols), default 2
    strides : int or (rows, cols), optional
        Pixels from one window to the next; `pool_size` if not given. Smaller ones overlap.
    padding : {"valid", "same"}
        "valid" drops the rows and columns that do not fill a window. "same" pads as Keras
        does, with what never wins, so that ``ceil(H / strides)`` rows come out.

    Returns
    -------
    ndarray of float, as many axes as the image
        A window with a NaN gives NaN.

    Raises
    ------
    ValueError
        If no window fits, the image is empty or has another number of axes, or an option is none
        of the above.
    TypeError
        If the image does not hold real numbers.

    Examples
    --------
    >>> max_pool2d([[1, 5, 2, 0, 9], [3, 4, 8, 7, 9]])
    array([[5., 8.]])
    >>> max_pool2d([[1, 5, 2, 0, 9], [3, 4, 8, 7, 9]], padding="same")
    array([[5., 8., 9.]])
    """
    pixels = as_floats(image, "image", GREY, COLOUR, BATCH)
    one_of(padding, "padding", PADDINGS)
    sizes = pair(pool_size, "pool_size")
    steps = sizes if strides is None else pair(strides, "strides")
    if padding == "same":
        widths = [(0, 0)] * pixels.ndim
        for axis, size, step in zip(_sides(pixels), sizes, steps, strict=True):
            widths[axis] = same_padding(pixels.shape[axis], size, step)
        pixels = np.pad(pixels, widths, constant_values=-np.inf)
    return _pool(pixels, sizes, steps, np.maximum)


def average_pool2d(
    image: ArrayLike, pool_size: Sizes = 2, strides: Sizes | None = None
) -> np.ndarray:
    """Keep the mean of each window.

    Parameters, result and errors as for `max_pool2d`, "valid" padding only.

    Examples
    --------
    >>> average_pool2d([[1, 5, 2, 0, 9], [3, 4, 8, 7, 9]])
    array([[3.25, 4.25]])
    """
    pixels = as_floats(image, "image", GREY, COLOUR, BATCH)
    sizes = pair(pool_size, "pool_size")
    steps = sizes if strides is None else pair(strides, "strides")
    return _pool(pixels, sizes, steps, np.add) / (sizes[0] * sizes[1])


def relu(values: ArrayLike) -> np.ndarray:
    """Replace each negative value by 0.

    Parameters
    ----------
    values : array_like of any shape

    Returns
    -------
    ndarray of float, same shape
        NaN stays NaN.

    Examples
    --------
    >>> relu([[-3, 0], [2, -1]])
    array([[0., 0.],
           [2., 0.]])
    """
    return np.maximum(as_floats(values, "values"), 0)


def _sides(image: np.ndarray) -> tuple[int, int]:
    """Return the axes of the rows and the columns."""
    return (1, 2) if image.ndim == len(BATCH) else (0, 1)


def _pool(
    image: np.ndarray, sizes: tuple[int, int], steps: tuple[int, int], combine: np.ufunc
) -> np.ndarray:
    """Combine each window into one value: first its rows, then the columns of what is left."""
    sides = _sides(image)
    must_fit(sizes, tuple(image.shape[side] for side in sides), "pool_size")
    for axis, size, step in zip(sides, sizes, steps, strict=True):
        windows = pool_output_size(image.shape[axis], size, step)
        stop = (windows - 1) * step + 1
        before = (slice(None),) * axis
        # The n-th slice holds the n-th value of every window.
        combined = image[(*before, slice(0, stop, step))].copy()
        for n in range(1, size):
            combine(combined, image[(*before, slice(n, n + stop, step))], out=combined)
        image = combined
    return image
