"""Drawing a failed check: what was given, what should have come back, what did, the difference."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from course.checking.comparing import close
from course.checking.picturing import Comparison
from helpers.pictures.board import PAGE, Board
from helpers.pictures.colours import scale_for
from helpers.pictures.images import caption
from helpers.pictures.panels import CAPTION, GAP, TITLE, Panel
from helpers.pictures.picture import Drawing, painted
from helpers.pictures.words import number, typeset

NARROWEST = 1.6  # inches: room for the words under a narrow array
LARGEST_CELL, TALLEST = 0.2, 4.0


@painted
@np.errstate(all="ignore")  # yours may hold any numbers, the largest that there are too
def compared(case: Comparison) -> Drawing:
    """Draw the arrays of one call side by side, every pixel of one size."""
    panels = panels_of(case)
    cell = cell_for([panel.values for panel in panels])
    board = Board()
    top = board.text(0, 0, case.title, CAPTION) + 0.1
    left = bottom = 0.0
    for panel in panels:
        below = board.text(left, top, panel.title, TITLE, bold=True) + 0.05
        block = board.array(panel.values, left, below, cell, panel.scale, numbers=False)
        wide = max(block.right - left, NARROWEST)
        words = typeset(panel.caption)
        end = board.text(left, block.bottom + 0.05, words, CAPTION, width=wide)
        left, bottom = left + wide + GAP, max(bottom, end)
    for scale in {panel.scale for panel in panels if panel.scale.signed}:
        bottom = board.colour_bar(0, bottom + 0.1, scale)
    words = "; ".join(f"{panel.title}: {panel.caption}" for panel in panels)
    return board.drawing(f"{case.title}: {words}.")


def panels_of(case: Comparison) -> list[Panel]:
    """What there is to draw. In a hidden case, nothing that would tell the right answer."""
    yours, right = case.yours, case.expected
    arrays = {"yours": yours} if right is None else {"it should be": right, "yours": yours}
    captions = {}
    batch = channel = 0
    if right is not None and right.shape == yours.shape:
        wrong = ~close(yours, right, case.tolerance)
        batch, channel = np.argwhere(wrong)[0][[0, -1]]
        apart = arrays["difference"] = yours.astype(float) - right.astype(float)
        largest = np.abs(apart[np.isfinite(apart)]).max(initial=0)
        words = f"yours minus right: {wrong.sum()} of {wrong.size} values differ"
        captions["difference"] = f"{words}, by up to {number(largest)}" if largest else words
    planes = {name: plane(values, batch, channel) for name, values in arrays.items()}
    # The scale of the right answer, so that it can be seen however large yours is. Where there are
    # no signs in it, the difference still has some.
    images = [values for name, (_, values) in planes.items() if name != "difference"]
    common = scale_for(images[0], signed=any((values < 0).any() for values in images))
    beyond = any((abs(values) > common.limit).any() for _, values in planes.values())
    common = replace(common, clipped=beyond)
    panels = []
    for name, (place, values) in planes.items():
        scale = common
        if name == "difference" and not common.signed:
            scale = scale_for(values, signed=True)
        panels.append(Panel(values, scale, name + place, captions.get(name) or caption(values)))
    if case.given is None:
        return panels
    place, given = plane(case.given, batch, 0)
    return [Panel(given, scale_for(given), case.name + place, caption(given)), *panels]


def plane(values: np.ndarray, batch: int, channel: int) -> tuple[str, np.ndarray]:
    """One channel of one image, and its index where there are several."""
    if values.ndim == 2:
        return "", values
    if values.ndim == 3:
        return f"[..., {channel}]", values[..., channel]
    return f"[{batch}, ..., {channel}]", values[batch, ..., channel]


def cell_for(arrays: Sequence[np.ndarray]) -> float:
    """The largest pixel in inches at which all of them fit beside each other."""
    room = PAGE - GAP * (len(arrays) - 1)
    cell = min(LARGEST_CELL, TALLEST / max(len(values) for values in arrays))
    while sum(max(values.shape[1] * cell, NARROWEST) for values in arrays) > room:
        cell *= 0.95
    return cell
