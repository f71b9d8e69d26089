"""How a wrong answer may come from the right one, whatever the exercise."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

Change = Callable[[np.ndarray], np.ndarray]


class Relation(NamedTuple):
    """What may have been done to the right array or number, and the sentence that says so."""

    id: str
    message: str
    change: Change


def grid(change: Change) -> Change:
    """Let a relation hold only for arrays that have rows and columns."""
    return lambda right: change(right) if right.ndim >= 2 else np.empty(0)


def several(change: Change) -> Change:
    """Let a relation hold only for arrays of more than one value."""
    return lambda right: change(right) if right.size > 1 else np.empty(0)


def rolled(rows: int, columns: int) -> Change:
    """Roll an array by so many rows and columns."""
    return grid(lambda right: np.roll(right, (rows, columns), axis=(0, 1)))


def cut(rows: slice, columns: slice) -> Change:
    """Keep some of the rows and columns."""
    return grid(lambda right: right[rows, columns])


def without_border(right: np.ndarray) -> np.ndarray:
    """Set the outermost rows and columns to 0."""
    inner = np.zeros(right.shape)
    inner[1:-1, 1:-1] = right[1:-1, 1:-1]
    return inner


def first_only(right: np.ndarray) -> np.ndarray:
    """Keep the first value, as a `return` inside a loop does."""
    only = np.zeros(right.shape)
    only.ravel()[:1] = right.ravel()[:1]
    return only


ALL, FIRST, LAST, INNER = slice(None), slice(1, None), slice(None, -1), slice(1, -1)

RELATIONS = (
    Relation(
        "sign_lost",
        "Your values are right but for their sign: negatives came back positive. "
        "Is there an abs() or a square too many?",
        np.abs,
    ),
    Relation(
        "negated",
        "Every value has the wrong sign. Is something subtracted the wrong way round?",
        np.negative,
    ),
    Relation(
        "negatives_lost",
        "Negative values became 0. Nothing should be cut off here.",
        lambda r: np.maximum(r, 0),
    ),
    Relation(
        "clipped",
        "Your values are clipped to 0..255. Only `to_pixels` does that; "
        "here they keep their size and sign.",
        lambda r: np.clip(r, 0, 255),
    ),
    Relation(
        "clipped",
        "Your values are clipped to 0..1. Here they keep their size and sign.",
        lambda r: np.clip(r, 0, 1),
    ),
    Relation(
        "truncated",
        "The fractions are gone: your values were cut to whole numbers. "
        "Is there an int(), a `//`, or an array made with an integer dtype?",
        np.trunc,
    ),
    Relation(
        "truncated",
        "The fractions are gone: your values were rounded down. Is there a `//` or a floor?",
        np.floor,
    ),
    Relation("rounded", "Your values were rounded to whole numbers. Keep the fractions.", np.rint),
    Relation(
        "stored_as_bytes",
        "Your values went through bytes (uint8), which hold 0 to 255 and wrap around: "
        "256 becomes 0. Work in float.",
        lambda r: np.mod(np.trunc(r), 256),
    ),
    Relation(
        "half_precision",
        "Your values went through float16, which keeps three digits. Work in float.",
        lambda r: r.astype(np.float16),
    ),
    Relation(
        "transposed_result",
        "Rows and columns of the result are swapped.",
        grid(lambda r: np.swapaxes(r, 0, 1)),
    ),
    Relation(
        "upside_down",
        "The result is upside down: the first row stands last.",
        grid(lambda r: r[::-1]),
    ),
    Relation(
        "mirrored",
        "The result is mirrored: the first column stands last.",
        grid(lambda r: r[:, ::-1]),
    ),
    Relation("turned", "The result is turned by 180 degrees.", grid(lambda r: r[::-1, ::-1])),
    *(
        Relation("rolled", f"The values are right but {words}.", rolled(*step))
        for words, *steps in (
            ("one row too low or too high", (1, 0), (-1, 0)),
            ("one column too far left or right", (0, 1), (0, -1)),
            ("shifted along both rows and columns", (1, 1), (-1, -1)),
        )
        for step in steps
    ),
    Relation(
        "border_zero",
        "The inner values are right; the outermost rows and columns are 0. "
        "Should the loop reach further?",
        grid(without_border),
    ),
    Relation(
        "stopped_early",
        "Only the first value is filled in. Does `return` stand inside the loop?",
        first_only,
    ),
    *(
        Relation("row_or_column_missing", words, cut(*kept))
        for words, *kept in (
            ("The first row is missing.", FIRST, ALL),
            ("The last row is missing.", LAST, ALL),
            ("The first column is missing.", ALL, FIRST),
            ("The last column is missing.", ALL, LAST),
            (
                "The last row and the last column are missing: a range ends one too early.",
                *(LAST, LAST),
            ),
            (
                "The first row and the first column are missing: a range starts one too late.",
                *(FIRST, FIRST),
            ),
        )
    ),
    Relation(
        "border_missing",
        "The border is missing: the outermost rows and columns were left out.",
        cut(INNER, INNER),
    ),
    Relation(
        "extra_axis",
        "The values are right, with an axis of length 1 too many at the end.",
        lambda r: r[..., np.newaxis],
    ),
    Relation(
        "extra_axis",
        "The values are right, with an axis of length 1 too many at the beginning.",
        lambda r: r[np.newaxis],
    ),
    Relation(
        "flattened",
        "The values are right, but all in one row: the shape is lost.",
        lambda r: r.ravel(),
    ),
    Relation("one_too_many", "It is one too many.", lambda r: r + 1),
    Relation("one_too_few", "It is one too few.", lambda r: r - 1),
    Relation(
        "squared",
        "Your values are the squares of the right ones. Is a square root missing?",
        np.square,
    ),
    Relation(
        "root_taken",
        "Your values are the square roots of the right ones.",
        lambda r: np.sqrt(np.abs(r)),
    ),
    Relation(
        "scaled_to_one",
        "Your values are divided by their largest one. They keep their size here.",
        several(lambda r: r / np.abs(r).max(initial=1e-300)),
    ),
    Relation(
        "divided_by_255",
        "Your values are divided by 255. They keep their size here.",
        lambda r: r / 255,
    ),
    Relation("multiplied_by_255", "Your values are multiplied by 255.", lambda r: r * 255),
)
