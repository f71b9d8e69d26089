"""What every picture function returns: a small PNG, the words that describe it, its width."""

import base64
import functools
import html
import inspect
import io
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ParamSpec

import matplotlib
import numpy as np
import PIL.Image
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from .colours import INK, fixed_palette

CSS_PIXELS_PER_INCH = 100
Ladder = tuple[tuple[float, int], ...]

# (pixels per CSS pixel, levels of grey), best first: the first file within its budget is kept.
# Few colours and no dithering are what makes a PNG small; a photograph needs its greys more than
# a second pixel.
DRAWING_LADDER: Ladder = ((2, 33), (2, 17), (1.5, 17), (1, 33), (1, 17))
DRAWING_BYTES = 40_000
CROWDED = 250  # texts that are drawn once only, because drawing them is what takes time
PHOTOGRAPH_LADDER: Ladder = ((1, 80), (1, 64), (1, 48), (1, 32), (1, 24), (1, 16), (1, 12))
PHOTOGRAPH_BYTES = 90_000
GALLERY_BYTES = 200_000

READABLE = 0.7
"""How far a picture may be shrunk before its words can't be read: from there on a narrow page scrolls."""

# Learners may change Matplotlib's settings in their notebook; a picture stays the same. It has no
# background, so that it stands on a dark page as well as on a white one.
STYLE = {
    key: value
    for key, value in matplotlib.rcParamsDefault.items()
    if not key.startswith(("backend", "interactive", "toolbar"))
}
STYLE |= dict.fromkeys(("figure.facecolor", "axes.facecolor"), "none")
STYLE |= dict.fromkeys(
    ("text.color", "axes.edgecolor", "axes.labelcolor", "xtick.color", "ytick.color"), INK
)


class Picture:
    """A PNG with alternative text, shown by Jupyter as an HTML image.

    JupyterLab ignores alternative text on ``image/png``, hence the HTML.

    Parameters
    ----------
    png : bytes
        The file.
    alt : str
        What the picture shows, in words and numbers.
    width : int
        Displayed width in CSS pixels; a narrower page shrinks it, as far as it can be read.
    plain : str, optional
        What the text representation says; `alt` unless given.
    """

    def __init__(self, png: bytes, alt: str, width: int, plain: str | None = None) -> None:
        self.png = png
        self.alt = alt
        self.width = width
        self._plain = alt if plain is None else plain

    def __repr__(self) -> str:
        """Return the alternative text."""
        return f"Picture: {self._plain}"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        source = base64.b64encode(self.png).decode("ascii")
        least = round(READABLE * self.width)
        return {
            "text/html": (
                f'<img alt="{html.escape(self.alt)}" style="max-width:100%;min-width:{least}px" '
                f'width="{self.width}" src="data:image/png;base64,{source}">'
            ),
            "text/plain": repr(self),
        }

    def save(self, path: str | Path) -> None:
        """Write the PNG to `path`."""
        Path(path).write_bytes(self.png)

    def varying(self) -> "Picture":
        """Return the same picture, its text representation without numbers.

        For timings and training results: tools that compare a notebook's text with an earlier
        run then compare the words alone. The alternative text keeps the numbers.
        """
        words = re.sub(r"-?\d[\d,]*(\.\d+)?(e[-+]?\d+)?%?", "…", self.alt)
        return Picture(self.png, self.alt, self.width, words)


@dataclass
class Drawing:
    """A finished figure, what it shows in words, and the colours it needs."""

    figure: Figure
    alt: str
    maps: Collection[str]
    photographic: bool = False
    budget: int | None = None


P = ParamSpec("P")


def painted(painter: Callable[P, Drawing]) -> Callable[P, Picture]:
    """Run a painter under Matplotlib's default settings and render what it draws."""

    @functools.wraps(painter)
    def paint(*args: P.args, **kwargs: P.kwargs) -> Picture:
        with matplotlib.rc_context(STYLE):
            drawing = painter(*args, **kwargs)
            width = round(drawing.figure.get_figwidth() * CSS_PIXELS_PER_INCH)
            return Picture(_encode(drawing), drawing.alt, width)

    signature = inspect.signature(painter).replace(return_annotation=Picture)
    paint.__signature__ = signature  # type: ignore[attr-defined]
    return paint


def _encode(drawing: Drawing) -> bytes:
    """Render at the best step of the ladder that fits the budget."""
    ladder: Ladder = PHOTOGRAPH_LADDER if drawing.photographic else DRAWING_LADDER
    budget = drawing.budget or (PHOTOGRAPH_BYTES if drawing.photographic else DRAWING_BYTES)
    if sum(len(axes.texts) for axes in drawing.figure.axes) > CROWDED:
        ladder = tuple(step for step in ladder if step[0] == 1)
    drawn_at = hopeless = 0.0
    for scale, levels in ladder:
        if scale == hopeless:
            continue
        if drawn_at != scale:
            image, drawn_at = _render(drawing.figure, scale), scale
        buffer = io.BytesIO()
        _with_few_colours(image, levels, drawing.maps).save(buffer, "PNG", optimize=True)
        if buffer.tell() <= budget:
            break
        if buffer.tell() > 1.6 * budget and scale > 1:
            hopeless = scale
    return buffer.getvalue()


def _render(figure: Figure, scale: float) -> np.ndarray:
    """Return ``(height, width, 4)`` bytes: red, green, blue, and how much of them there is."""
    figure.set_dpi(CSS_PIXELS_PER_INCH * scale)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    return np.array(canvas.buffer_rgba())


def _with_few_colours(pixels: np.ndarray, levels: int, maps: Collection[str]) -> PIL.Image.Image:
    """Reduce an image to the palette it was drawn with, a colour photograph to one of its own."""
    palette = fixed_palette(18 if "own" in maps else levels, set(maps) - {"own"})
    indices = _nearest(pixels, palette)
    if "own" in maps:  # chosen on a smaller copy: as good, and five times sooner
        method, undithered = PIL.Image.Quantize.MAXCOVERAGE, PIL.Image.Dither.NONE
        image = PIL.Image.fromarray(np.ascontiguousarray(pixels[..., :3]))
        most = min(2 * levels, 256 - len(palette))
        own = image.reduce(3).quantize(most, method, kmeans=1)
        colours = np.reshape(own.getpalette() or [], (-1, 3)).astype(np.uint8)
        coloured = (pixels[..., 3] == 255) & (pixels[..., :3] != pixels[..., :1]).any(axis=-1)
        indices[coloured] = (
            len(palette) + np.array(image.quantize(palette=own, dither=undithered))[coloured]
        )
        palette = np.concatenate([palette, np.insert(colours, 3, 255, axis=1)])
    reduced = PIL.Image.fromarray(indices)
    reduced.putpalette(palette[:, :3].tobytes())
    reduced.info["transparency"] = palette[:, 3].tobytes()
    return reduced


def _nearest(pixels: np.ndarray, palette: np.ndarray) -> np.ndarray:
    """Return for each pixel the index of the colour of the palette that looks most like it."""
    packed = np.ascontiguousarray(pixels).view(np.uint32).ravel()
    runs = np.flatnonzero(np.append(True, packed[1:] != packed[:-1]))  # of one colour
    colours, places = np.unique(packed[runs], return_inverse=True)
    found = np.zeros(len(colours), np.uint8)
    wanted, offered = (
        _on_both_pages(each) for each in (colours.view(np.uint8).reshape(-1, 4), palette)
    )
    for start in range(0, len(colours), 1024):
        apart = wanted[start : start + 1024, None] - offered
        found[start : start + 1024] = (apart**2).sum(axis=2).argmin(axis=1)
    return np.repeat(found[places], np.diff(runs, append=packed.size)).reshape(pixels.shape[:2])


def _on_both_pages(colours: np.ndarray) -> np.ndarray:
    """Return how colours look on a black page and on a white one, ``(n, 6)``."""
    alpha = colours[:, 3:].astype(np.float32) / 255
    on_black = alpha * colours[:, :3]
    return np.concatenate([on_black, on_black + 255 * (1 - alpha)], axis=1)
