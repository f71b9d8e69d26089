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

from .colours import fixed_palette

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

# Learners may change Matplotlib's settings in their notebook; a picture stays the same.
STYLE = {
    key: value
    for key, value in matplotlib.rcParamsDefault.items()
    if not key.startswith(("backend", "interactive", "toolbar"))
}


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
        Displayed width in CSS pixels; a narrower page shrinks it.
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
        return {
            "text/html": (
                f'<img alt="{html.escape(self.alt)}" style="max-width:100%" '
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
    photograph: bool = False
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
    ladder: Ladder = PHOTOGRAPH_LADDER if drawing.photograph else DRAWING_LADDER
    budget = drawing.budget or (PHOTOGRAPH_BYTES if drawing.photograph else DRAWING_BYTES)
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


def _render(figure: Figure, scale: float) -> PIL.Image.Image:
    figure.set_dpi(CSS_PIXELS_PER_INCH * scale)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    return PIL.Image.fromarray(np.asarray(canvas.buffer_rgba())[..., :3])


def _with_few_colours(
    image: PIL.Image.Image, levels: int, maps: Collection[str]
) -> PIL.Image.Image:
    """Reduce an image to the palette it was drawn with, a colour photograph to one of its own."""
    pixels = np.asarray(image)
    if "own" in maps:  # chosen on a smaller copy: as good, and five times sooner
        method, undithered = PIL.Image.Quantize.MAXCOVERAGE, PIL.Image.Dither.NONE
        own = image.reduce(3).quantize(min(2 * levels, 200), method, kmeans=1)
        indices = np.array(image.quantize(palette=own, dither=undithered))
        greys = np.repeat(np.linspace(0, 255, 18, dtype=np.uint8)[:, None], 3, axis=1)
        own_colours = np.reshape(own.getpalette() or [], (-1, 3)).astype(np.uint8)
        palette = np.concatenate([own_colours, greys])
        grey = (pixels == pixels[..., :1]).all(axis=-1)  # text stays black, paper white
        indices[grey] = len(own_colours) + np.rint(pixels[grey, 0] / 15)
    else:
        palette = fixed_palette(levels, maps)
        indices = _nearest(pixels, palette)
    reduced = PIL.Image.fromarray(indices)
    reduced.putpalette(palette.tobytes())
    return reduced


def _nearest(pixels: np.ndarray, palette: np.ndarray) -> np.ndarray:
    """Return for each pixel the index of the nearest colour in the palette."""
    shifts = np.array([16, 8, 0], np.uint32)
    packed = pixels @ (np.uint32(1) << shifts)
    nearest = np.zeros(1 << 24, np.uint8)  # one entry for each colour there is
    nearest[packed] = 1
    present = np.flatnonzero(nearest)
    colours = present[:, None] >> shifts & 255
    for start in range(0, len(colours), 1024):
        apart = colours[start : start + 1024, None] - palette.astype(int)
        nearest[present[start : start + 1024]] = (apart**2).sum(axis=2).argmin(axis=1)
    return nearest[packed]
