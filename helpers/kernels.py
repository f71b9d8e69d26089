"""Kernels with a name, and what is made with them.

`HORIZONTAL` and `VERTICAL` are the pair of Sobel and Feldman (1968). `GALLERY` holds the
classic image filters; a filter is a kernel, a factor that its responses are multiplied by, and a
bias that is added to them. All arrays here are read-only: copy one before you change it.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike

from helpers.arguments import COLOUR, GREY, as_floats, must_fit, one_of, pair
from helpers.convolution import conv2d, to_pixels


def _kernel(*rows: str) -> np.ndarray:
    """Read a kernel as it is drawn, a string for each row."""
    kernel = np.array([row.split() for row in rows], dtype=float)
    kernel.setflags(write=False)
    return kernel


HORIZONTAL = _kernel("-1 -2 -1", " 0  0  0", " 1  2  1")
VERTICAL = _kernel("-1 0 1", "-2 0 2", "-1 0 1")
LAPLACIAN = _kernel("0 1 0", "1 -4 1", "0 1 0")


class Filter(NamedTuple):
    """A kernel with what its responses are multiplied by, and what is added to them."""

    kernel: np.ndarray
    factor: float = 1.0
    bias: float = 0.0


# Kernel times factor sums to 1 where a flat area should keep its grey. It sums to 0 in "find edges"
# and in the two embossers, where a flat area turns black, or with bias 128 mid-grey.
GALLERY: Mapping[str, Filter] = MappingProxyType(
    {
        "identity": Filter(_kernel("0 0 0", "0 1 0", "0 0 0")),
        "blur 3x3": Filter(_kernel("0 1 0", "1 1 1", "0 1 0"), 1 / 5),
        "blur 5x5": Filter(
            _kernel("0 0 1 0 0", "0 1 1 1 0", "1 1 1 1 1", "0 1 1 1 0", "0 0 1 0 0"), 1 / 13
        ),
        "gaussian 3x3": Filter(_kernel("1 2 1", "2 4 2", "1 2 1"), 1 / 16),
        "gaussian 5x5": Filter(
            _kernel("1 4 6 4 1", "4 16 24 16 4", "6 24 36 24 6", "4 16 24 16 4", "1 4 6 4 1"),
            1 / 256,
        ),
        "motion blur": Filter(
            _kernel(*(" ".join("1" if i == j else "0" for j in range(9)) for i in range(9))), 1 / 9
        ),
        "find edges": Filter(_kernel("-1 -1 -1", "-1  8 -1", "-1 -1 -1")),
        "sharpen": Filter(_kernel("-1 -1 -1", "-1  9 -1", "-1 -1 -1")),
        "subtle sharpen": Filter(
            _kernel(
                "-1 -1 -1 -1 -1",
                "-1  2  2  2 -1",
                "-1  2  8  2 -1",
                "-1  2  2  2 -1",
                "-1 -1 -1 -1 -1",
            ),
            1 / 8,
        ),
        "excessive edges": Filter(_kernel("1 1 1", "1 -7 1", "1 1 1")),
        "emboss 3x3": Filter(_kernel("-1 -1 0", "-1 0 1", "0 1 1"), bias=128),
        "emboss 5x5": Filter(
            _kernel(
                "-1 -1 -1 -1 0",
                "-1 -1 -1  0 1",
                "-1 -1  0  1 1",
                "-1  0  1  1 1",
                " 0  1  1  1 1",
            ),
            bias=128,
        ),
        "mean": Filter(_kernel("1 1 1", "1 1 1", "1 1 1"), 1 / 9),
    }
)


def apply_filter(image: ArrayLike, which: str | Filter, border: str = "edge") -> np.ndarray:
    """Show an image through a filter: convolve, multiply by the factor, add the bias.

    Parameters
    ----------
    image : (H, W) or (H, W, C) array_like
        Grey values of 0 to 255, or colour: each channel is filtered by itself.
    which : str or Filter
        A name in `GALLERY`, or a filter of your own.
    border : {"edge", "zero", "wrap"}
        See `helpers.convolution.pad`.

    Returns
    -------
    ndarray of uint8, same shape as the image

    Examples
    --------
    >>> apply_filter([[10, 10, 200], [10, 10, 200]], "emboss 3x3")
    array([[128, 255, 255],
           [128, 255, 255]], dtype=uint8)
    >>> apply_filter([[1, 2, 3]], Filter([[1]], factor=-1, bias=255))
    array([[254, 253, 252]], dtype=uint8)
    """
    if not isinstance(which, Filter):
        one_of(which, "filter", GALLERY)
        which = GALLERY[which]
    kernel, factor, bias = which
    return to_pixels(conv2d(image, kernel, padding="same", border=border), factor, bias)


def gradient_magnitude(image: ArrayLike) -> np.ndarray:
    """Return the strength of the edges, whatever their direction.

    ``sqrt(h**2 + v**2)``, where h and v are the responses to `HORIZONTAL` and `VERTICAL`.

    Parameters
    ----------
    image : (H, W) or (H, W, C) array_like

    Returns
    -------
    (H - 2, W - 2) or (H - 2, W - 2, C) ndarray of float

    Examples
    --------
    >>> gradient_magnitude([[0, 0, 0], [0, 0, 3], [0, 0, 4]])
    array([[10.77032961]])
    """
    return np.hypot(conv2d(image, HORIZONTAL), conv2d(image, VERTICAL))


def median_filter(image: ArrayLike, size: int | tuple[int, int]) -> np.ndarray:
    """Return the median of every window: it removes specks and keeps edges.

    Not a convolution: no kernel gives this, for the median of a sum is not the sum of the medians.

    Parameters
    ----------
    image : (H, W) or (H, W, C) array_like
    size : int or (rows, cols)
        Odd or even. The median of an even number of values is the mean of the middle two.

    Returns
    -------
    (H - size + 1, W - size + 1) ndarray of float, and a channel axis if there was one
        A window with a NaN gives NaN.

    Examples
    --------
    >>> median_filter([[1, 2, 3], [4, 255, 6], [7, 8, 9]], 3)
    array([[6.]])
    """
    pixels = as_floats(image, "image", GREY, COLOUR)
    window = pair(size, "size")
    must_fit(window, pixels.shape, "size")
    rows = sliding_window_view(pixels, window, axis=(0, 1))
    return np.stack([np.median(row, axis=(-2, -1)) for row in rows])  # a row of copies at a time
