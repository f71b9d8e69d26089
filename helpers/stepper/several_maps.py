"""Windows on several maps: a convolution of channels, and one that goes backwards."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from helpers.arguments import must_fit, one_of

from . import still_maps
from .given import finite, image_values, kernel_values, start
from .one_map import WORKED_KERNEL, compared
from .opened import Stepper

MOST_MAPS, MOST_FILTERS = 4, 4  # more would not fit on a screen

# Three maps that are easy to add up, and two filters: one adds them, the other sets them apart.
THREE_MAPS = np.array(
    [
        ((1, 0, 2, 1, 0), (0, 3, 1, 0, 2), (2, 1, 0, 2, 1), (1, 0, 1, 3, 0), (0, 2, 1, 0, 1)),
        ((0, 1, 0, 2, 1), (1, 0, 2, 1, 0), (0, 2, 1, 0, 3), (2, 1, 0, 1, 0), (1, 0, 2, 0, 1)),
        ((2, 0, 1, 0, 1), (0, 1, 0, 2, 0), (1, 0, 3, 0, 1), (0, 2, 0, 1, 2), (1, 0, 1, 0, 0)),
    ]
)
TWO_FILTERS = np.array(
    [
        [
            ((1, 0, -1), (2, 0, -2), (1, 0, -1)),
            ((0, 1, 0), (1, -4, 1), (0, 1, 0)),
            ((0, 0, 0), (0, 2, 0), (0, 0, 0)),
        ],
        [
            ((1, 2, 1), (0, 0, 0), (-1, -2, -1)),
            ((0, 0, 0), (0, -1, 0), (0, 0, 0)),
            ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
        ],
    ]
)
SMALL_IMAGE = ((1, 0, 2, 1, 0), (0, 3, 1, 0, 2), (2, 1, 4, 2, 1), (1, 0, 1, 3, 0), (0, 2, 1, 0, 1))
ERROR = ((0, 0, -1), (0, 2, 0), (0, 0, 0))
COLOURS = ("red", "green", "blue")


def channels(
    image: Any = None,
    kernels: Any = None,
    bias: Any = None,
    *,
    names: Sequence[str] | None = None,
    theirs: Any = None,
    row: int | None = None,
    col: int | None = None,
) -> Stepper:
    """Open a window that convolves several maps: a slice of the kernel for each, then one sum.

    Parameters
    ----------
    image : (H, W, C) array_like, optional
        Up to four maps, of up to 256 pixels on a side; a colour picture has three. Three small
        maps if not given.
    kernels : (kh, kw, C) or (kh, kw, C, F) array_like, optional
        One filter, or up to four of them, of up to 5x5; Keras's order. Two filters if neither is
        given.
    bias : float or (F,) array_like, optional
        What is added to the one sum of each filter; 0 if not given.
    names : sequence of str, optional
        What to call the maps; red, green and blue if there are three.
    theirs : (rows, cols) array_like, optional
        What came back elsewhere for the same maps and one filter: shown beside what is right.
    row, col : int, optional
        The place in the output to begin with. If not given, the first where `theirs` is wrong, or
        else the middle.

    Examples
    --------
    >>> channels(np.ones((3, 3, 2)), np.ones((3, 3, 2)), 5).figure
    Picture: 2 maps of 3 x 3, map 0, map 1, and a filter with a slice of 3 x 3 for each: the sums
    of the slices, 9 + 9, plus the bias 5, make 23. It becomes row 0, column 0 of the 1 x 1 output.
    """
    if image is None and kernels is None:
        image, kernels = np.moveaxis(THREE_MAPS, 0, 2), np.transpose(TWO_FILTERS, (2, 3, 1, 0))
        bias = (1, -2) if bias is None else bias
    for given, name in ((image, "image"), (kernels, "kernels")):
        if given is None:
            raise ValueError(f"{name} is missing: give image and kernels, or neither.")
    maps = finite(image, "image")
    if maps.ndim != 3 or not 1 <= maps.shape[2] <= MOST_MAPS:
        raise ValueError(
            f"image must be (height, width, maps) with up to {MOST_MAPS} maps, got shape "
            f"{maps.shape}."
        )
    weights = finite(kernels, "kernels")
    filters = weights[..., None] if weights.ndim == 3 else weights
    if filters.ndim != 4 or filters.shape[2] != maps.shape[2] or filters.shape[3] > MOST_FILTERS:
        raise ValueError(
            f"kernels must be (rows, columns, {maps.shape[2]}) for the {maps.shape[2]} maps of the "
            f"image, or that with up to {MOST_FILTERS} filters behind, got shape {weights.shape}."
        )
    planes = [image_values(plane) for plane in np.moveaxis(maps, 2, 0)]
    slices = np.transpose(filters, (3, 2, 0, 1))
    for one in slices.reshape(-1, *slices.shape[2:]):
        kernel_values(one)
    must_fit(slices.shape[2:], maps.shape[:2])
    biases = finite(np.zeros(len(slices)) if bias is None else np.atleast_1d(bias), "bias")
    if biases.shape != (len(slices),):
        raise ValueError(f"bias must be one number a filter, {len(slices)}, got {biases.size}.")
    called = list(
        names or (COLOURS if len(planes) == 3 else map("map {}".format, range(len(planes))))
    )
    if len(called) != len(planes):
        raise ValueError(f"names must name {len(planes)} maps, got {len(called)}.")
    if theirs is not None and len(slices) > 1:
        raise ValueError(f"theirs is shown beside one filter, got kernels with {len(slices)}.")
    places = [length - taps + 1 for length, taps in zip(maps.shape, slices.shape[2:], strict=False)]
    opened = Stepper(
        mode="channels",
        maps=[plane.tolist() for plane in planes],
        names=[str(name) for name in called],
        kernels=slices.tolist(),
        biases=biases.tolist(),
        filter=0,
        **start(row, col, places),
    )
    if theirs is None:
        return opened
    return compared(opened, still_maps.outputs(opened)[..., 0], theirs, row, col)


def backwards(
    image: Any = SMALL_IMAGE,
    kernel: Any = WORKED_KERNEL,
    error: Any = None,
    way: str = "errors",
    *,
    row: int | None = None,
    col: int | None = None,
) -> Stepper:
    """Open a window that goes back through a convolution, from the error of its output.

    One output's error goes to the pixels that it was made of, each times the weight that read it,
    and to the weights, each times the pixel that it read. All of them together are the gradient of
    the image and that of the kernel.

    Parameters
    ----------
    image : (H, W) array_like
    kernel : (kh, kw) array_like
        Up to 5x5.
    error : (H - kh + 1, W - kw + 1) array_like, optional
        The gradient of each output, which a loss has given. Two errors if not given.
    way : {"errors", "pixels"}
        Whether to follow one error back, or to see all that reaches one pixel: the errors around
        it, times the kernel turned by 180 degrees.
    row, col : int, optional
        The output, or the pixel, to begin with; the middle if not given.

    Examples
    --------
    >>> backwards([[1, 2], [3, 4]], [[5, 6]], [[1], [-1]], row=1, col=0).figure
    Picture: A convolution backwards: the error -1 in row 1, column 0 goes back to 2 pixels, times
    the weight that read each: -5 -6; and to 2 weights, times the pixel that each has read: -3 -4.
    """
    pixels, weights = image_values(image), kernel_values(kernel)
    must_fit(weights.shape, pixels.shape)
    one_of(way, "way", ("errors", "pixels"))
    sizes = zip(pixels.shape, weights.shape, strict=True)
    outputs = tuple(length - taps + 1 for length, taps in sizes)
    if error is None:
        error = np.zeros(outputs)
        given = np.array(ERROR)[: outputs[0], : outputs[1]]
        error[: given.shape[0], : given.shape[1]] = given
    errors = image_values(error)
    if errors.shape != outputs:
        raise ValueError(
            f"error must have one number an output, shape {outputs}, got shape {errors.shape}."
        )
    places = list(outputs if way == "errors" else pixels.shape)
    return Stepper(
        mode="backwards",
        image=pixels.tolist(),
        kernel=weights.tolist(),
        error=errors.tolist(),
        way=way,
        **start(row, col, places),
    )
