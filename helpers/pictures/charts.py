"""Numbers that were measured: lines for how they grow, bars for how they compare."""

from collections.abc import Mapping
from itertools import pairwise
from math import floor, log10
from typing import Any, Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullFormatter

from helpers.arguments import as_numbers

from .board import MARGIN, PAGE, Board
from .colours import INK, LINE_COLOURS, RULE
from .lettering import text_width, wrap
from .picture import Drawing, painted
from .words import number, typeset

DASHES: tuple[Any, ...] = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (1, 1)))
MARKERS = "os^DvP"
LINES = tuple(zip(LINE_COLOURS, DASHES, MARKERS, strict=True))


@painted
def lines(
    series: Mapping[str, Any],
    x_label: str = "",
    y_label: str = "",
    title: str | None = None,
    log: bool | str = False,
) -> Drawing:
    """Draw a line chart; each line has its own marker and dashes, and its name at its end.

    Parameters
    ----------
    series : mapping of str to array_like or (array_like, array_like)
        Name and values, counted from 1, or name and a tuple of x and y.
    x_label, y_label : str
        What the axes mean, with units.
    title : str, optional
        Written above.
    log : bool or "both"
        Whether the y axis is logarithmic, or both are.
    """
    curves = {str(name): _curve(str(name), values) for name, values in series.items()}
    if not curves:
        raise ValueError("series must hold at least one line, got none.")
    if len(curves) > len(LINES):
        raise ValueError(f"series must hold at most {len(LINES)} lines, got {len(curves)}.")
    if log and any((y <= 0).any() for _, y in curves.values()):
        raise ValueError("a logarithmic axis needs values above 0: use log=False.")
    if log == "both" and any((x <= 0).any() for x, _ in curves.values()):
        raise ValueError("a logarithmic x axis needs values above 0: use log=True or log=False.")
    layout = ConstrainedLayoutEngine(w_pad=MARGIN, h_pad=MARGIN)
    figure = Figure(figsize=(PAGE, 4.2), layout=layout)
    axes = figure.add_subplot()
    for (x, y), (colour, dashes, marker) in zip(curves.values(), LINES, strict=False):
        axes.plot(
            x,
            y,
            color=colour,
            linestyle=dashes,
            marker=marker,
            markevery=max(1, len(x) // 12),
            markersize=5,
            linewidth=1.8,
        )
    _dress(axes, x_label, y_label, title, log)
    whole = all(np.array_equal(x, np.round(x)) for x, _ in curves.values())
    if whole and log != "both":
        axes.xaxis.set_major_locator(MaxNLocator(integer=True, steps=[1, 2, 5, 10]))
    _label_ends(axes, curves)
    listed = "; ".join(_curve_in_words(name, *curve) for name, curve in curves.items())
    what = f"{title}: " if title else ""
    kind = ""
    if log:
        kind = ", both axes logarithmic" if log == "both" else ", logarithmic y axis"
    labels = f"{y_label or 'values'} against {x_label or 'position'}"
    alt = f"{what}line chart of {labels}{kind}. {listed}."
    return Drawing(figure, alt[0].upper() + alt[1:], {"gray", "lines"})


def _curve(name: str, values: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return x and y of one line."""
    if isinstance(values, tuple) and len(values) == 2 and np.ndim(values[0]) == 1:
        x, y = (as_numbers(each, repr(name)).astype(float) for each in values)
    else:
        y = as_numbers(values, repr(name)).astype(float)
        x = np.arange(1.0, y.size + 1)
    if y.ndim != 1 or x.shape != y.shape:
        raise ValueError(
            f"{name!r} must be a list of values or a tuple (x, y) of two of the same length, got "
            f"shapes {x.shape} and {y.shape}."
        )
    if not np.isfinite(y).any():
        raise ValueError(f"{name!r} must have at least one finite value, got none.")
    return x, y


def _curve_in_words(name: str, x: np.ndarray, y: np.ndarray) -> str:
    """Say where a line starts, where it ends, and its extremes between."""
    known = np.flatnonzero(np.isfinite(y))
    first, last = known[0], known[-1]
    words = f"{name}: {number(y[first])} at {number(x[first])}"
    if last == first:
        return words
    words += f", {number(y[last])} at {number(x[last])}"
    for extreme, find in (("highest", np.nanargmax), ("lowest", np.nanargmin)):
        place = int(find(np.where(np.isfinite(y), y, np.nan)))
        if y[place] not in (y[first], y[last]):
            words += f", {extreme} {number(y[place])} at {number(x[place])}"
    return words


def _dress(axes: Axes, x_label: str, y_label: str, title: str | None, log: bool | str) -> None:
    """Axes, grid and title."""
    if log:
        axes.set_yscale("log")
    if log == "both":
        axes.set_xscale("log")
    for axis, logarithmic in ((axes.yaxis, bool(log)), (axes.xaxis, log == "both")):
        axis.set_major_formatter(FuncFormatter(lambda value, _: typeset(number(value))))
        if logarithmic:
            low, high = axis.get_view_interval()
            axis.set_major_locator(LogLocator(subs=(1, 2, 5) if high < 300 * low else (1,)))
            axis.set_minor_formatter(NullFormatter())
    axes.set_xlabel(x_label, fontsize=10, parse_math=False)
    axes.set_ylabel(y_label, fontsize=10, parse_math=False)
    if title:
        heading = "\n".join(wrap(title, 11, PAGE - 1, bold=True))
        axes.set_title(heading, loc="left", fontsize=11, weight="bold", parse_math=False)
    axes.grid(color=RULE, alpha=0.5, linewidth=0.7)
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(labelsize=9)
    axes.margins(x=0.03)


def _label_ends(axes: Axes, curves: Mapping[str, tuple[np.ndarray, np.ndarray]]) -> None:
    """Write each line's name at its last point; at the right edge, apart from each other."""
    axes.get_xlim(), axes.get_ylim()  # settles the limits that the next line rests on
    to_share = axes.transData + axes.transAxes.inverted()
    rightmost = max(x[np.isfinite(x)].max(initial=-np.inf) for x, _ in curves.values())
    ends = []
    for (name, (x, y)), (colour, _, _) in zip(curves.items(), LINES, strict=False):
        last = np.flatnonzero(np.isfinite(y))[-1]
        words = wrap(name, 10, 2.0)
        end = float(to_share.transform((x[last], y[last]))[1]), words, (x[last], y[last]), colour
        if x[last] == rightmost:
            ends.append(end)
        else:
            _annotate(axes, end, (4, 6), "offset points", None)
    ends.sort(key=lambda end: end[0])
    places = [end[0] for end in ends]
    for index, ((_, below, *_), (_, above, *_)) in enumerate(pairwise(ends)):
        apart = 0.055 * (len(below) + len(above)) / 2  # a line is 0.055 of the axes' height
        places[index + 1] = max(places[index + 1], places[index] + apart)
    excess = max([1.0, *places]) - 1.0
    for end, place in zip(ends, places, strict=True):
        arrow = {"arrowstyle": "-", "color": end[3], "linewidth": 0.8, "relpos": (0, 0.5)}
        _annotate(axes, end, (1.03, place - excess), "axes fraction", arrow)


def _annotate(
    axes: Axes,
    end: tuple[float, list[str], tuple[float, float], str],
    place: tuple[float, float],
    measured_in: Literal["offset points", "axes fraction"],
    arrow: dict[str, Any] | None,
) -> None:
    _, words, point, colour = end
    axes.annotate(
        "\n".join(words),
        point,
        place,
        textcoords=measured_in,
        arrowprops=arrow,
        va="center" if arrow else "bottom",
        fontsize=10,
        color=colour,
        parse_math=False,
    )


@painted
def bars(
    values: Mapping[str, float], x_label: str = "", title: str | None = None, log: bool = False
) -> Drawing:
    """Draw horizontal bars with their values written beside them.

    Parameters
    ----------
    values : mapping of str to float
        Name and value, drawn from top to bottom.
    x_label : str
        What the values mean, with their unit.
    title : str, optional
        Written above.
    log : bool
        Whether lengths are logarithmic: then a line marks each power of ten.

    Examples
    --------
    >>> bars({"loops": 812.3, "SciPy": 23.1}, "ms")
    Picture: Bar chart of ms. loops 812.3; SciPy 23.1.
    """
    if not values:
        raise ValueError("values must hold at least one name and number, got none.")
    lengths = as_numbers(list(values.values()), "values", ("numbers",)).astype(float)
    known = lengths[np.isfinite(lengths)]
    if not known.size:
        raise ValueError("values must hold at least one finite number, got none.")
    if log and (known <= 0).any():
        raise ValueError("a logarithmic axis needs values above 0: use log=False.")
    names = [str(name) for name in values]
    low, high = min(known.min(), 0.0), max(known.max(), 0.0)
    if log:
        low, high = floor(log10(known.min()) - 0.15), log10(known.max())
    board = Board()
    label_room = min(2.6, max(text_width(name, 10) for name in names))
    left, long = label_room + 0.12, PAGE - label_room - 1.2
    unit = long / ((high - low) or 1.0)
    zero = left + (0 if log else -low * unit)
    y = board.text(0, 0, title, 11, bold=True) + 0.1 if title else 0.0
    top = y
    powers = range(int(low), int(np.ceil(high)) + 1) if log else ()
    ticks = [x for x in (left + (power - low) * unit for power in powers) if x <= PAGE]
    for name, value in zip(names, lengths, strict=True):
        height = max(0.3, 0.06 + 0.18 * len(wrap(name, 10, label_room)))
        lines_high = 10 * 1.3 / 72 * len(wrap(name, 10, label_room))
        middle = y + height / 2
        board.text(label_room, middle - lines_high / 2, name, width=label_room, align="right")
        reach = (log10(value) - low if log else value) * unit if np.isfinite(value) else 0.0
        words, end = typeset(number(value)), max(zero, zero + reach) + 0.06
        for x in ticks:
            if not end < x < end + text_width(words, 10, bold=True):  # no line through a number
                board.line((x, y), (x, y + height))
        board.box(zero, y + 0.05, reach, height - 0.1, LINE_COLOURS[0])
        board.label(end, middle, words, bold=True, align="left")
        y += height
    board.maps.add("lines")
    board.line((zero, top), (zero, y), INK)
    if log:
        for power, x in zip(powers, ticks, strict=False):
            board.label(x, y + 0.1, number(10.0**power), 9)
        y += 0.2
    if x_label:
        scale = " (logarithmic scale)" if log else ""
        board.text(zero, y + 0.05, x_label + scale, 9, width=long)
    listed = "; ".join(
        f"{name} {number(value)}" for name, value in zip(names, lengths, strict=True)
    )
    what = f"{title}: " if title else ""
    alt = f"{what}bar chart{' of ' + x_label if x_label else ''}. {listed}."
    return board.drawing(alt[0].upper() + alt[1:])
