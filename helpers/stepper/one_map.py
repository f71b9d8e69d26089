"""Windows on one map: a convolution, pooling, a network's first block."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from helpers.arguments import must_fit, one_of, whole
from helpers.convolution import BORDERS, output_size
from helpers.datasets import fashion_mnist
from helpers.kernels import GALLERY, HORIZONTAL, LAPLACIAN, VERTICAL, Filter
from helpers.pooling import pool_output_size

from . import still
from .given import LARGEST_KERNEL, came_back, first_wrong, image_values, kernel_values, start
from .opened import Stepper

# The window and the kernel of lesson 1, in the middle of an image: nine products that make 577.
WORKED_IMAGE = (
    (16, 32, 80, 112, 144),
    (24, 0, 64, 128, 160),
    (96, 48, 192, 144, 112),
    (120, 142, 226, 168, 96),
    (128, 160, 192, 176, 80),
)
WORKED_KERNEL = ((-1, 0, -2), (0.5, 4.5, -1.5), (1.5, 2, -3))
POOLED_IMAGE = ((1, 3, 2, 0), (4, 2, 5, 1), (0, 1, 9, 6), (7, 8, 2, 3))

NAMED = {
    "worked example": Filter(np.array(WORKED_KERNEL)),
    "horizontal": Filter(HORIZONTAL),
    "vertical": Filter(VERTICAL),
    "Laplacian": Filter(LAPLACIAN),
    **GALLERY,
}

Kernel = str | Filter | Any


def convolution(
    image: Any = WORKED_IMAGE,
    kernel: Kernel = WORKED_KERNEL,
    border: str = "valid",
    strides: int = 1,
    *,
    flip: bool = False,
    pixels: bool = False,
    theirs: Any = None,
    row: int | None = None,
    col: int | None = None,
) -> Stepper:
    """Open a window that convolves an image, one place after the other.

    Parameters
    ----------
    image : (H, W) array_like, default the worked example of lesson 1
        Up to 256 pixels on a side.
    kernel : (kh, kw) array_like, Filter or str, default the worked example
        Up to 5x5. A string is "worked example", "horizontal", "vertical", "Laplacian" or a name
        in `helpers.GALLERY`, whose "motion blur" is too large.
    border : {"valid", "zero", "wrap", "edge"}
        "valid" keeps to the places where the kernel fits; the others say what stands beyond
        the edge, as in ``conv2d(..., padding="same", border=border)``.
    strides : int
    flip : bool
        Whether to turn the kernel first, as `helpers.true_convolution` does.
    pixels : bool
        Whether to round and clip the result to 0..255, as `helpers.to_pixels` does.
    theirs : (rows, cols) array_like, optional
        What another function made of it, to be shown beside the right output.
    row, col : int, optional
        The place in the output to begin with. If not given, the first where `theirs` is wrong, or
        the middle.

    Returns
    -------
    Stepper
        Its attributes are the settings that it begins with: `image`, `kernel`, `row` and so on.

    Examples
    --------
    >>> convolution().figure
    Picture: A 3 x 3 window on a 5 x 5 image, times a kernel (-1 0 -2 / 0.5 4.5 -1.5 / 1.5 2 -3),
    value by value, added up: 0 + 0 - 256 + 24 + 864 - 216 + 213 + 452 - 504 = 577. It becomes
    row 1, column 1 of the 3 x 3 output.
    """
    pixel_values = image_values(image)
    weights = _filter(kernel)
    one_of(border, "border", ("valid", *BORDERS))
    step = whole(strides, "strides")
    if border == "valid":
        must_fit(weights.kernel.shape, pixel_values.shape)
        sizes = zip(pixel_values.shape, weights.kernel.shape, strict=True)
        places = [output_size(size, length, strides=step) for size, length in sizes]
    else:
        places = [-(-size // step) for size in pixel_values.shape]
    opened = Stepper(
        mode="convolution",
        image=pixel_values.tolist(),
        choices=_choices(_gallery()),
        border=border,
        strides=step,
        flip=bool(flip),
        pixels=bool(pixels),
        theirs=None,
        **_parts(weights),
        **start(row, col, places),
    )
    return opened if theirs is None else compared(opened, still.computed(opened), theirs, row, col)


def pooling(
    image: Any = POOLED_IMAGE,
    pool_size: int = 2,
    strides: int | None = None,
    kind: str = "max",
    *,
    theirs: Any = None,
    row: int | None = None,
    col: int | None = None,
) -> Stepper:
    """Open a window that pools an image; the winning pixel is marked.

    Parameters
    ----------
    image : (H, W) array_like
        Up to 256 pixels on a side.
    pool_size : int
    strides : int, optional
        Pixels from one window to the next; `pool_size` if not given.
    kind : {"max", "average"}
    theirs : (rows, cols) array_like, optional
        What another function made of it, to be shown beside the right output.
    row, col : int, optional
        The place in the output to begin with. If not given, the first where `theirs` is wrong, or
        the first of all.

    Examples
    --------
    >>> pooling(row=1, col=1).figure
    Picture: A 2 x 2 window on a 4 x 4 image: the largest of 9 6 / 2 3 is 9, in row 2, column 2 of
    the image. It becomes row 1, column 1 of the 2 x 2 output.
    """
    pixels = image_values(image)
    size = whole(pool_size, "pool_size")
    step = size if strides is None else whole(strides, "strides")
    one_of(kind, "kind", ("max", "average"))
    must_fit((size, size), pixels.shape, "pool_size")
    places = [pool_output_size(length, size, step) for length in pixels.shape]
    opened = Stepper(
        mode="pooling",
        image=pixels.tolist(),
        pool_size=size,
        strides=step,
        kind=kind,
        theirs=None,
        **start(row or 0, col or 0, places),
    )
    return opened if theirs is None else compared(opened, still.computed(opened), theirs, row, col)


def network(
    image: Any = None,
    kernels: Mapping[str, Kernel] | None = None,
    *,
    row: int | None = None,
    col: int | None = None,
) -> Stepper:
    """Open a window that follows an image through convolution, ReLU and 2x2 max pooling.

    Parameters
    ----------
    image : (H, W) array_like, optional
        An ankle boot of Fashion-MNIST, 28x28, if not given.
    kernels : mapping of str to array_like or Filter, optional
        Kernels to choose from, the first one shown; the vertical edge kernel and the gallery if
        not given. The bias of a `Filter` is added before the ReLU, as a layer does.
    row, col : int, optional
        The place in the output to begin with; the middle if not given.

    Examples
    --------
    >>> network([[0, 0, 9, 9]] * 4).figure
    Picture: A 4 x 4 image through a 3 x 3 convolution (2 x 2), ReLU and max pooling (1 x 1), and
    how row 0, column 0 of the result is made: 0 + 0 + 9 + 0 + 0 + 18 + 0 + 0 + 9 = 36. ReLU makes
    36 of it, and pooling keeps it: the largest of 36 36 / 36 36 is 36.
    """
    pixels = image_values(fashion_mnist(full=False).train_images[0] if image is None else image)
    if kernels is None:
        room = min(LARGEST_KERNEL, min(pixels.shape) - 1)  # the pool needs two places
        kernels = {"vertical": VERTICAL, **_gallery(room)}
    if not kernels:
        raise ValueError("kernels must hold at least one kernel, got none.")
    named = {str(name): _filter(kernel) for name, kernel in kernels.items()}
    for name, weights in named.items():
        pooled = tuple(length + 1 for length in weights.kernel.shape)
        must_fit(pooled, pixels.shape, f"kernel {name!r}: its pooled window")
    first = next(iter(named.values()))
    sizes = zip(pixels.shape, first.kernel.shape, strict=True)
    places = [pool_output_size(output_size(size, length)) for size, length in sizes]
    return Stepper(
        mode="network",
        image=pixels.tolist(),
        choices=_choices(named),
        **_parts(first),
        **start(row, col, places),
    )


def _filter(kernel: Kernel) -> Filter:
    """Return a kernel with its factor and bias, whatever way it was named."""
    if isinstance(kernel, str):
        one_of(kernel, "kernel", NAMED if kernel in NAMED else _gallery())
        kernel = NAMED[kernel]
    weights = kernel if isinstance(kernel, Filter) else Filter(kernel)
    return weights._replace(kernel=kernel_values(weights.kernel))


def _gallery(largest: int = LARGEST_KERNEL) -> dict[str, Filter]:
    """Return the kernels to choose from: all with a name that are small enough."""
    return {name: one for name, one in NAMED.items() if max(one.kernel.shape) <= largest}


def _parts(weights: Filter) -> dict[str, Any]:
    kernel, factor, bias = weights
    return {"kernel": kernel.tolist(), "factor": float(factor), "bias": float(bias)}


def _choices(named: Mapping[str, Filter]) -> dict[str, dict[str, Any]]:
    return {name: _parts(weights) for name, weights in named.items()}


def compared(
    opened: Stepper, right: np.ndarray, theirs: Any, row: int | None, col: int | None
) -> Stepper:
    """Return the same window with what came back elsewhere, at the first wrong value."""
    given = came_back(theirs)
    place = first_wrong(given, right) if row is None and col is None else (opened.row, opened.col)
    settings = {**vars(opened), "row": place[0], "col": place[1]}
    numbers = [[value if np.isfinite(value) else None for value in line] for line in given.tolist()]
    return Stepper(**{**settings, "theirs": numbers})
