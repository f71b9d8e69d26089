"""From values to colours: grey for images, a diverging scale centred on zero for signed values."""

from collections.abc import Iterable
from dataclasses import dataclass

import matplotlib
import numpy as np
from matplotlib.colors import to_rgba

# A picture has no paper: it stands on a page that may be white or dark. So words and lines have a
# luminance between the two: 4.6:1 on white, 4.1:1 on JupyterLab's dark page, and no colour has both more.
INK = "#757575"
RULE = "#8c8c8c"
MARK = "#d0460e"  # always with a white edge, and never without words
LINE_COLOURS = (
    "#0078cd",
    "#c75000",
    "#00865e",
    "#b54ea0",
    "#757575",
    "#937000",
)  # after Okabe and Ito
# On a cell the page does not matter.
DARK = "#1a1a1a"
LIGHT = "#ffffff"
TINT = "#dbe9f6"
NOT_A_NUMBER = (1.0, 0.87, 0.45)  # pale yellow: neither grey nor on the diverging scale
SHARES = "Blues"
DIVERGING = "RdBu_r"  # ColorBrewer; blue negative, white zero, red positive, colour-blind safe


@dataclass(frozen=True)
class Scale:
    """How values become colours.

    Grey runs from 0 (black) to `limit` (white), signed from ``-limit`` to ``limit``; `clipped`
    where values beyond the limit share its colour.
    """

    limit: float
    signed: bool = False
    clipped: bool = False
    unsigned_map: str = "gray"

    @property
    def map(self) -> str:
        """Name of the Matplotlib colour map."""
        return DIVERGING if self.signed else self.unsigned_map

    def colours(self, values: np.ndarray) -> np.ndarray:
        """Return ``(height, width, 3)`` colours in 0..1; NaN is pale yellow."""
        values = np.asarray(values, dtype=float)
        missing = np.isnan(values)
        low = -self.limit if self.signed else 0.0
        share = np.clip((np.where(missing, 0.0, values) - low) / (self.limit - low), 0, 1)
        if values.ndim == 3:
            colours, missing = share, missing.any(axis=2)
        else:
            colours = matplotlib.colormaps[self.map](share)[..., :3]
        colours[missing] = NOT_A_NUMBER
        return colours


def scale_for(*arrays: np.ndarray, signed: bool | None = None) -> Scale:
    """Choose one scale for all `arrays`: signed if any of them has negative values.

    Large arrays of unbounded values (edge responses) are cut at the 99th percentile of their
    absolute values, because a few extreme pixels would otherwise leave the rest without colour.
    """
    finite = np.concatenate([array[np.isfinite(array)].ravel() for array in arrays])
    finite = finite.astype(float)
    if signed is None:
        signed = bool((finite < 0).any())
    if not signed:
        finite = finite[finite > 0]
    largest = float(np.abs(finite).max(initial=0))
    is_bytes = any(array.dtype == np.uint8 for array in arrays)
    if not signed and (is_bytes or 128 < largest <= 255):
        return Scale(255.0)  # bytes, or floats that were
    if not signed and largest <= 1:
        return Scale(1.0)
    cut = largest
    if finite.size > 64 * 64:
        cut = float(np.percentile(np.abs(finite), 99)) or largest
    return Scale(cut or 1.0, signed, clipped=cut < largest)


def ink_on(colour: np.ndarray) -> str:
    """Return black or white, whichever has the higher contrast (WCAG 2) on `colour`."""
    linear = np.where(colour <= 0.04045, colour / 12.92, ((colour + 0.055) / 1.055) ** 2.4)
    luminance = float(linear @ [0.2126, 0.7152, 0.0722])
    return "black" if (luminance + 0.05) ** 2 > 1.05 * 0.05 else "white"


def fixed_palette(levels: int, maps: Iterable[str]) -> np.ndarray:
    """Return the colours that a picture is made of, as ``(n, 4)`` bytes of red, green, blue, alpha.

    First what is not there at all; then the marks, "lines" adding those of a chart, and the ever
    more transparent edges of both; then so many levels of each of the named maps.
    """
    drawn = [INK, RULE, MARK, *(LINE_COLOURS if "lines" in maps else ())]
    tables = [np.array([to_rgba(LIGHT, 0.0)])]
    tables += [
        np.array([to_rgba(colour, alpha) for colour in drawn]) for alpha in (1, 0.75, 0.5, 0.25)
    ]
    tables.append(np.array([to_rgba(colour) for colour in (DARK, LIGHT, NOT_A_NUMBER, TINT)]))
    for name in sorted(set(maps) - {"lines"}):
        count = levels // 2 * 2 + 1  # odd: zero has a colour of its own
        tables.append(matplotlib.colormaps[name](np.linspace(0, 1, count)))
    return np.rint(255 * np.concatenate(tables)).astype(np.uint8)
