"""The sheet that pictures are drawn on: inches, y downwards, growing with what is put on it."""

from dataclasses import dataclass
from math import cos, radians

import numpy as np
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, Rectangle
from matplotlib.path import Path
from matplotlib.patheffects import Normal, withStroke

from .colours import INK, LIGHT, MARK, RULE, TINT, Scale, ink_on
from .lettering import SMALLEST_NUMBER, number_size, text_width, wrap
from .picture import Drawing
from .words import cell_number, number

PAGE = 8.6  # inches: 860 CSS pixels, a notebook's width
MARGIN = 0.12
NUMBERED = 12  # up to this many rows and columns, the numbers are written in the cells
RULED = 0.1  # inches: lines between smaller cells would be all that one sees
PHOTOGRAPH = 64 * 64  # more pixels than this need a photograph's budget


@dataclass(frozen=True)
class Block:
    """Where an array was drawn, so that its cells can be marked afterwards."""

    x: float
    y: float
    cell: float
    rows: int
    columns: int

    @property
    def right(self) -> float:
        """Right edge."""
        return self.x + self.cell * self.columns

    @property
    def bottom(self) -> float:
        """Bottom edge."""
        return self.y + self.cell * self.rows

    def corner(self, row: float, column: float) -> tuple[float, float]:
        """Top left corner of a cell."""
        return self.x + self.cell * column, self.y + self.cell * row


class Board:
    """One axes that fills the figure, one data unit an inch."""

    def __init__(self) -> None:
        self.figure = Figure(figsize=(1, 1))
        self.axes = self.figure.add_axes((0, 0, 1, 1))
        self.axes.set_axis_off()
        self.width = 0.0
        self.height = 0.0
        self.photographic = False
        self.maps = {"gray"}

    def drawing(self, alt: str, budget: int | None = None) -> Drawing:
        """Cut the sheet to size."""
        width = np.ceil((self.width + 2 * MARGIN) * 10) / 10  # whole pixels at every scale
        height = np.ceil((self.height + 2 * MARGIN) * 10) / 10
        self.axes.set(xlim=(-MARGIN, width - MARGIN), ylim=(height - MARGIN, -MARGIN))
        self.axes.set_aspect("auto")
        self.figure.set_size_inches(width, height)
        return Drawing(self.figure, alt, self.maps, self.photographic, budget)

    def _grow(self, right: float, bottom: float) -> None:
        self.width = max(self.width, right)
        self.height = max(self.height, bottom)

    def text(
        self,
        x: float,
        y: float,
        words: str,
        size: float = 10,
        *,
        width: float = PAGE,
        align: str = "left",
        bold: bool = False,
        colour: str = INK,
    ) -> float:
        """Write wrapped lines from `y` downwards; return where the next line would start."""
        lines = wrap(words, size, width, bold)
        height = size * 1.3 / 72
        for index, line in enumerate(lines):
            self.label(
                x, y + height * (index + 0.5), line, size, align=align, bold=bold, colour=colour
            )
        return y + height * len(lines)

    def label(
        self,
        x: float,
        y: float,
        words: str,
        size: float = 10,
        *,
        align: str = "center",
        bold: bool = False,
        colour: str | tuple[float, float, float] = INK,
        angle: float = 0,
    ) -> None:
        """Write one line, vertically centred on `y`."""
        self.axes.text(
            x,
            y,
            words,
            fontsize=size,
            color=colour,
            weight="bold" if bold else "normal",
            ha=align,
            va="center_baseline" if not angle else "bottom",
            rotation=angle,
            rotation_mode="anchor",
            parse_math=False,
        )
        share = {"left": 1.0, "center": 0.5, "right": 0.0}[align]
        length = text_width(words, size, bold) * cos(radians(angle))
        self._grow(x + length * share, y + size * 0.65 / 72)

    def array(
        self,
        values: np.ndarray,
        x: float,
        y: float,
        cell: float,
        scale: Scale,
        *,
        numbers: bool = True,
        shown: np.ndarray | None = None,
        faded: np.ndarray | None = None,
    ) -> Block:
        """Draw an array in its colours, numbers written in the cells where they fit.

        Cells stay empty where `shown` is false, and are pale and crossed out where `faded` is
        true.
        """
        rows, columns = values.shape[:2]
        block = Block(x, y, cell, rows, columns)
        colours = scale.colours(values)
        if shown is not None:
            alpha = shown[..., np.newaxis]
            colours = np.concatenate([colours, alpha], axis=-1)
        if faded is not None:
            colours = np.where(faded[..., None], 0.8 + 0.2 * colours, colours)
        self._colour(colours, block)
        self.photographic |= rows * columns > PHOTOGRAPH
        self.maps.add("own" if values.ndim == 3 else scale.map)
        if max(rows, columns) <= NUMBERED and cell >= RULED:
            self.ruling(block)
            if faded is not None:
                self.marks(block, faded, "x", 0.8, "#b0b0b0")
            if numbers and values.ndim == 2:
                self.numbers(values, block, colours, shown)
        else:
            self.outline(block, 0, 0, rows, columns, colour=RULE, width=0.6, edge=False)
        return block

    def _colour(self, colours: np.ndarray, block: Block) -> None:
        self.axes.imshow(
            colours,
            extent=(block.x, block.right, block.bottom, block.y),
            aspect="auto",
            interpolation="nearest" if block.cell > 0.03 else "antialiased",
        )
        self._grow(block.right, block.bottom)

    def numbers(
        self,
        values: np.ndarray,
        block: Block,
        colours: np.ndarray,
        shown: np.ndarray | None = None,
    ) -> None:
        """Write the numbers into the cells, in black or white, if they fit."""
        size = number_size(values if shown is None else values[shown], block.cell)
        if size < SMALLEST_NUMBER:
            return
        for (row, column), value in np.ndenumerate(values):
            if shown is None or shown[row, column]:
                x, y = block.corner(row + 0.5, column + 0.5)
                ink = ink_on(colours[row, column, :3])
                self.label(x, y, cell_number(value), size, colour=ink)

    def line(
        self, start: tuple[float, float], end: tuple[float, float], colour: str = RULE
    ) -> None:
        """Draw a thin line."""
        (left, top), (right, bottom) = start, end
        self.axes.plot([left, right], [top, bottom], color=colour, linewidth=0.7, zorder=1.5)
        self._grow(right, bottom)

    def box(self, x: float, y: float, width: float, height: float, colour: str = TINT) -> None:
        """Draw a filled rectangle."""
        self.axes.add_patch(
            Rectangle(
                (x, y), width, height, facecolor=colour, edgecolor=INK, linewidth=0.8, zorder=2
            )
        )
        self._grow(x + width, y + height)

    def ruling(self, block: Block) -> None:
        """Draw the lines between cells."""
        for row in range(block.rows + 1):
            self.line(block.corner(row, 0), block.corner(row, block.columns))
        for column in range(block.columns + 1):
            self.line(block.corner(0, column), block.corner(block.rows, column))

    def outline(
        self,
        block: Block,
        row: float,
        column: float,
        rows: float,
        columns: float,
        *,
        colour: str = MARK,
        width: float = 2.5,
        edge: bool = True,
    ) -> None:
        """Draw a frame round some cells, with a white edge so that it shows on any colour."""
        width = min(width, max(1.0, block.cell * 72 * 0.3))
        frame = Rectangle(
            block.corner(row, column),
            block.cell * columns,
            block.cell * rows,
            fill=False,
            edgecolor=colour,
            linewidth=width,
            zorder=3,
            joinstyle="miter",
        )
        if edge:
            frame.set_path_effects([withStroke(linewidth=width + 2, foreground=LIGHT), Normal()])
        self.axes.add_patch(frame)
        if row + rows > block.rows or column + columns > block.columns:  # leave that side open
            left, top, right, bottom = block.x - 0.05, block.y - 0.05, block.right, block.bottom
            inside = Path([(left, top), (right, top), (right, bottom), (left, bottom), (left, top)])
            frame.set_clip_path(inside, self.axes.transData)

    def field(self, block: Block, inner: np.ndarray) -> None:
        """Draw empty cells: tinted and dotted where `inner` is true, crossed out elsewhere."""
        colours = np.where(inner[..., None], to_rgba(TINT), to_rgba(TINT, 0.0))
        self._colour(colours, block)
        self.ruling(block)
        self.marks(block, inner, ".")
        self.marks(block, ~inner, "x")

    def marks(
        self,
        block: Block,
        where: np.ndarray,
        marker: str,
        share: float = 0.45,
        colour: str = INK,
    ) -> None:
        """Put a Matplotlib marker that fills a share of the cell where `where` is true."""
        y, x = block.cell * (np.argwhere(where).T + 0.5)
        size = block.cell * 72 * share
        self.axes.plot(block.x + x, block.y + y, marker, color=colour, markersize=size)

    def corners(self, block: Block, where: np.ndarray) -> None:
        """Mark the top left corner of the cells where `where` is true."""
        side = max(0.24 * block.cell, 0.07)
        triangles = [
            [(x, y), (x + side, y), (x, y + side)]
            for x, y in (block.corner(*place) for place in np.argwhere(where))
        ]
        self.axes.add_collection(
            PolyCollection(triangles, facecolor=MARK, edgecolor=LIGHT, linewidth=0.8)
        )

    def arrow(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Draw an arrow."""
        self.axes.add_patch(
            FancyArrowPatch(
                start, end, arrowstyle="-|>", mutation_scale=12, color=INK, shrinkA=0, shrinkB=0
            )
        )
        self._grow(max(start[0], end[0]), max(start[1], end[1]))

    def colour_bar(self, x: float, y: float, scale: Scale) -> float:
        """Explain a signed scale in one line; return where the next line would start."""
        limit = number(scale.limit)
        most, least = f"+{limit}", f"−{limit}"
        if scale.clipped:
            most, least = f"{most} or more", f"{least} or less"
        least = f"negative {least}"
        most = f"{most} positive"
        left, bar, middle = x + text_width(least, 9) + 0.1, 2.0, y + 0.1
        self.label(x, middle, least, 9, align="left")
        ramp = np.linspace(-scale.limit, scale.limit, 101)[None]
        self.axes.imshow(
            scale.colours(ramp), extent=(left, left + bar, y + 0.18, y + 0.02), aspect="auto"
        )
        self.maps.add(scale.map)
        self.label(left + bar / 2, middle, "0", 9)
        self.label(left + bar + 0.1, middle, most, 9, align="left")
        return y + 0.2
