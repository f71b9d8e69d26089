"""Images as they are: one, several, and many with captions."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from .board import Board
from .colours import scale_for
from .panels import Panel, choose_columns, lay_out
from .picture import Drawing, painted
from .words import image_array, negatives, percent, size, summary, typeset, value_range


@painted
def show(image: Any, title: str | None = None, signed: bool | None = None) -> Drawing:
    """Show one image: grey, colour, or signed in a diverging colour map centred on zero.

    Up to 12 rows and columns, the numbers are written in the cells.

    Parameters
    ----------
    image : array_like, shape (height, width) or (height, width, 1, 3 or 4)
        Bytes, or floats in 0..1 or 0..255, or any other numbers: then the largest is white.
    title : str, optional
        Written above.
    signed : bool, optional
        Whether to use the diverging map; by default if there are negative values.

    Returns
    -------
    Picture
        Shown by Jupyter as it is.

    Raises
    ------
    ValueError
        If `image` has another shape, is empty, or does not hold numbers.

    Examples
    --------
    >>> show([[0, 64], [-128, 255]], "A small image")
    Picture: A small image: signed, 2 x 2, values -128 to 255, 25% negative: 0 64 / -128 255.
    """
    return _side_by_side({title or "": image_array(image)}, None, signed)


@painted
def side_by_side(
    images: Mapping[str, Any], columns: int | None = None, signed: bool | None = None
) -> Drawing:
    """Show several images with their titles, as :func:`show` would show each.

    All signed images share one scale, so that their colours can be compared.

    Parameters
    ----------
    images : mapping of str to array_like
        Title and image.
    columns : int, optional
        How many in a row; by default as many as stay readable.
    signed : bool, optional
        Draw all of them signed, or none: then negative values are black.
    """
    return _side_by_side(named_images(images), columns, signed)


def _side_by_side(
    images: Mapping[str, np.ndarray], columns: int | None, signed: bool | None
) -> Drawing:
    def is_signed(values: np.ndarray) -> bool:
        grey = values.ndim == 2
        return grey and (bool(negatives(values)) if signed is None else signed)

    together = [values for values in images.values() if is_signed(values)]
    common = scale_for(*together, signed=True) if together else None
    panels = [
        Panel(
            values,
            common if common and is_signed(values) else scale_for(values, signed=False),
            title,
            caption(values),
        )
        for title, values in images.items()
    ]
    board = Board()
    columns, slot = choose_columns(list(images.values()), columns)
    words = max(slot, 4.2) if len(panels) == 1 else slot
    _, bottom = lay_out(board, panels, 0, columns, slot, words=words)
    if common:
        board.colour_bar(0, bottom + 0.12, common)
    alt = "; ".join(
        f"{title}: {summary(values)}" if title else f"Image, {summary(values)}"
        for title, values in images.items()
    )
    return board.drawing(alt + ".")


@painted
def examples(images: Any, titles: Sequence[str], columns: int = 5) -> Drawing:
    """Show many small images, each with a caption: a data set, or a network's mistakes.

    Parameters
    ----------
    images : array_like, shape (count, height, width) or (count, height, width, 1 or 3)
        Drawn on one common scale.
    titles : sequence of str
        One caption for each image.
    columns : int
        How many in a row.
    """
    if len(images) != len(titles) or len(images) == 0:
        raise ValueError(
            f"each image must have a title, got {len(images)} images and {len(titles)} titles."
        )
    arrays = [image_array(image, f"images[{index}]") for index, image in enumerate(images)]
    scale = scale_for(*arrays)
    panels = [
        Panel(values, scale, str(title)) for values, title in zip(arrays, titles, strict=True)
    ]
    board = Board()
    columns, slot = choose_columns(arrays, columns)
    lay_out(board, panels, 0, columns, min(slot, 1.5), size=9)
    listed = "; ".join(" ".join(str(title).split()) for title in titles)
    return board.drawing(f"{len(arrays)} images of {size(arrays[0].shape[:2])}: {listed}.")


def named_images(images: Mapping[str, Any], name: str = "images") -> dict[str, np.ndarray]:
    """Return a mapping of titles to checked arrays."""
    if not isinstance(images, Mapping):
        raise TypeError(
            f"{name} must be a dictionary of titles and arrays, as in "
            f'{{"before": image, "after": result}}, got a {type(images).__name__}.'
        )
    if not images:
        raise ValueError(f"{name} must hold at least one title and array, got none.")
    return {str(title): image_array(image, repr(title)) for title, image in images.items()}


def caption(values: np.ndarray) -> str:
    """Size and range of an array, as written below it."""
    share = negatives(values)
    return typeset(f"{size(values.shape[:2])}, {value_range(values)}") + (
        f", {percent(share)} negative" if share else ""
    )
