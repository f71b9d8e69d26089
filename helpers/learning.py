"""How a kernel is learned: an error, its gradient, and small steps against it.

Plain NumPy, in the order of lesson 6. For a prediction ``p = conv2d(image, kernel)`` and a target
``t`` of n values the error is ``mean((p - t)**2)``.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from helpers.arguments import GREY, as_floats, whole
from helpers.convolution import conv2d, pad, true_convolution


def mean_squared_error(prediction: ArrayLike, target: ArrayLike) -> float:
    """Average the squared differences of two arrays of the same shape.

    Examples
    --------
    >>> mean_squared_error([1, 2, 3], [1, 2, 6])
    3.0
    """
    mine, wanted = as_floats(prediction, "prediction"), as_floats(target, "target")
    if mine.shape != wanted.shape:
        raise ValueError(
            f"prediction has shape {mine.shape} and target {wanted.shape}: "
            "each value needs the one it is compared with, so give both the same shape."
        )
    return float(np.mean((mine - wanted) ** 2))


def kernel_gradient(image: ArrayLike, kernel: ArrayLike, target: ArrayLike) -> np.ndarray:
    """Derive the mean squared error of ``conv2d(image, kernel)`` by each kernel value.

    Kernel value (i, j) multiplies the image shifted by (i, j), so
    ``gradient[i, j] = 2 / n * sum over r, c of error[r, c] * image[r + i, c + j]``:
    the image convolved with the error.

    Parameters
    ----------
    image : (H, W) array_like
    kernel : (kh, kw) array_like
    target : (H - kh + 1, W - kw + 1) array_like

    Returns
    -------
    (kh, kw) ndarray of float

    Examples
    --------
    >>> kernel_gradient([[1, 2, 4]], [[0, 0]], [[1, 2]])
    array([[ -5., -10.]])
    """
    prediction = conv2d(image, kernel)
    wanted = as_floats(target, "target", GREY)
    if wanted.shape != prediction.shape:
        raise ValueError(
            f"target has shape {wanted.shape}, and this image and kernel give {prediction.shape}."
        )
    error = prediction - wanted
    return 2 / error.size * conv2d(image, error)


def input_gradient(output_gradient: ArrayLike, kernel: ArrayLike) -> np.ndarray:
    """Send the gradient of ``conv2d(image, kernel)`` back to the image.

    Pixel (r, c) was multiplied by kernel value (i, j) on its way to output (r - i, c - j), so
    ``gradient[r, c] = sum over i, j of output_gradient[r - i, c - j] * kernel[i, j]``, where
    there is such an output. That is a true convolution: the kernel, flipped both ways, slides over
    the output's gradient with kh - 1 rows and kw - 1 columns of zeros around it.

    Parameters
    ----------
    output_gradient : (H', W') array_like
        How the loss changes with each output.
    kernel : (kh, kw) array_like

    Returns
    -------
    (H' + kh - 1, W' + kw - 1) ndarray of float
        How the loss changes with each pixel.

    Examples
    --------
    >>> input_gradient([[1]], [[1, 2], [3, 4]])
    array([[1., 2.],
           [3., 4.]])
    >>> input_gradient([[1, 10]], [[1, 2]])
    array([[ 1., 12., 20.]])
    """
    weights = as_floats(kernel, "kernel", GREY)
    kh, kw = weights.shape
    around = pad(as_floats(output_gradient, "output_gradient", GREY), kh - 1, kw - 1)
    return true_convolution(around, weights)


def numerical_gradient(
    function: Callable[[np.ndarray], float], kernel: ArrayLike, epsilon: float = 1e-5
) -> np.ndarray:
    """Measure the gradient of any function of a kernel, one value at a time.

    Central differences: ``(function(k + epsilon) - function(k - epsilon)) / (2 * epsilon)``. Slow
    and sure: what a derived gradient is checked against.

    Parameters
    ----------
    function : callable
        Takes an array of the kernel's shape, gives one number.
    kernel : array_like of any shape
    epsilon : float
        Small enough for the curve to be straight, large enough for float64 to tell the two
        values apart; about the cube root of its precision, 2.2e-16.

    Returns
    -------
    ndarray of float, the kernel's shape

    Examples
    --------
    >>> numerical_gradient(lambda k: float(np.sum(k**2)), [[1.0, -3.0]]).round(6)
    array([[ 2., -6.]])
    """
    values = np.array(kernel, dtype=float)
    gradient = np.empty_like(values)
    for place, value in np.ndenumerate(values):
        values[place] = value + epsilon
        above = function(values)
        values[place] = value - epsilon
        below = function(values)
        values[place] = value
        gradient[place] = (above - below) / (2 * epsilon)
    return gradient


def learn_kernel(
    image: ArrayLike, target: ArrayLike, steps: int, learning_rate: float
) -> np.ndarray:
    """Find the kernel that makes `target` of `image`: gradient descent from zero.

    Parameters
    ----------
    image : (H, W) array_like
    target : (H - kh + 1, W - kw + 1) array_like
        Its shape says how large the kernel is.
    steps : int
    learning_rate : float
        How far to go against the gradient in each step. Too large, and the error grows.

    Returns
    -------
    (kh, kw) ndarray of float

    Examples
    --------
    >>> learn_kernel([[1, 2, 4, 8]], [[1, 2, 4]], steps=500, learning_rate=0.02).round(3)
    array([[0.2, 0.4]])
    """
    pixels, wanted = as_floats(image, "image", GREY), as_floats(target, "target", GREY)
    rows, cols = (big - small + 1 for big, small in zip(pixels.shape, wanted.shape, strict=True))
    if rows < 1 or cols < 1:
        raise ValueError(f"target {wanted.shape} is larger than image {pixels.shape}.")
    kernel = np.zeros((rows, cols))
    for _ in range(whole(steps, "steps", least=0)):
        kernel = kernel - learning_rate * kernel_gradient(pixels, kernel, wanted)
    return kernel
