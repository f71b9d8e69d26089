"""Comparing one answer with one expected answer: type, then shape, then values.

Nothing is compared after broadcasting, and nothing is converted before its type is known.
"""

import contextlib
import math
import re
from collections.abc import Iterator, Mapping
from numbers import Integral, Number, Real
from typing import Any, Literal, NamedTuple

import numpy as np

Reveal = Literal["all", "place", "nothing"]
"""How much of the expected answer a learner is told: all of it in a public example, one value
where a hidden case first differs, nothing where the value itself is what was asked for."""

ROUNDING = 1e-3  # all that is allowed where whole numbers are expected, however large
LARGEST_BYTES = 2**28  # 256 MiB: no exercise returns more, and comparing it would take long


OF_NAN = "NaN is no number: 0 / 0 gives it, and so does infinity minus infinity."

IN_VALUES = ("wrong_shape", "wrong_values", "has_nan", "too_large")
"""What can be wrong with an answer of the right type."""

DATA: Any = np.ndarray | np.generic | list | tuple | dict | complex | float | int | str | None
"""Kinds of values of which can be said whether they were changed."""


class Difference(NamedTuple):
    """The first thing that is wrong with an answer.

    Attributes
    ----------
    id : str
    where : str
        What is wrong, in words.
    values_right : bool
        Whether nothing but the type is wrong. Then no mistake is looked for in the values.
    """

    id: str
    where: str
    values_right: bool = False


def is_number(value: Any) -> bool:
    """Whether `value` is one real number; NumPy's scalars and 0-d arrays are, True is not."""
    if isinstance(value, np.ndarray):
        return value.ndim == 0 and value.dtype.kind in "iuf"
    return isinstance(value, Real) and not isinstance(value, bool)


def is_whole(value: Any) -> bool:
    """Whether `value` is one whole number in an integer type."""
    if isinstance(value, np.ndarray):
        return value.ndim == 0 and value.dtype.kind in "iu"
    return isinstance(value, Integral) and not isinstance(value, bool)


def read(value: Any) -> Any:
    """A value as whoever reads it sees it: TensorFlow's tensors are arrays."""
    if hasattr(type(value), "__array__") and hasattr(type(value), "numpy"):
        with contextlib.suppress(Exception):  # PyTorch's may refuse
            return np.asarray(value)
    return value


def difference(got: Any, expected: Any, tolerance: float, reveal: Reveal) -> Difference | None:
    """Find the first difference, or None.

    Parameters
    ----------
    got, expected : object
        What the learner's code gave and what the reference gives.
    tolerance : float
        Relative to the largest expected magnitude, at least 1.
    reveal : {"all", "place", "nothing"}
        How much of `expected` may be told.
    """
    if got is None:
        return Difference(
            "returned_none",
            "None came back, so there is nothing to compare: a function gives back what stands "
            "after `return`.",
        )
    if got is Ellipsis:
        return Difference("returned_ellipsis", "`...` came back: part of the answer is missing.")
    got = read(got)
    if isinstance(expected, np.ndarray):
        found = array_difference(got, expected, tolerance, reveal)
    elif is_number(expected):
        found = number_difference(got, expected, tolerance, reveal)
    else:
        return structure_difference(got, expected, tolerance, reveal)
    if found is None or found.id in IN_VALUES or not right_but_for_type(got, expected, tolerance):
        return found
    values = "Its values are right" if isinstance(expected, np.ndarray) else "Its value is right"
    return found._replace(where=f"{found.where} {values}: only the type is not.", values_right=True)


def right_but_for_type(got: Any, expected: Any, tolerance: float) -> bool:
    """Whether an answer of the wrong type holds the right numbers in the right places."""
    right = np.asarray(expected)
    if isinstance(got, np.ndarray):
        one = right.ndim == 0 and got.size == 1
        mine = got.reshape(()) if one else got
    elif isinstance(got, list | tuple):
        if right.ndim == 0:
            got = got[0] if len(got) == 1 else None
        if not laid_out(got, right.shape):
            return False
        mine = np.array(got, dtype=object).reshape(right.shape)
    elif isinstance(got, str | Number):
        mine = np.asarray(got)
    else:
        return False
    try:
        numbers = mine.astype(complex)
    except (TypeError, ValueError, OverflowError):
        return False
    if mine.shape != right.shape or (numbers.imag != 0).any():
        return False
    return bool(close(numbers.real, right, tolerance).all())


def laid_out(value: Any, shape: tuple[int, ...]) -> bool:
    """Whether nested lists have this shape and hold numbers; stops where they do not."""
    if not shape:
        return isinstance(value, Number) or (isinstance(value, np.ndarray) and value.ndim == 0)
    if isinstance(value, np.ndarray):
        return value.shape == shape
    return (
        isinstance(value, list | tuple)
        and len(value) == shape[0]
        and all(laid_out(row, shape[1:]) for row in value)
    )


def changed(before: Any, after: Any) -> bool:
    """Whether an array or a container, or an array, a number or a text in it, was changed.

    Of other things, models or functions, nothing is said.
    """
    pairs, met = [(before, after)], set()
    while pairs:
        old, new = pairs.pop()
        kind = type(old)
        if old is new or id(old) in met or not issubclass(kind, DATA):
            continue
        if type(new) is not kind:
            return True
        if issubclass(kind, np.ndarray):
            if old.shape != new.shape or old.tobytes() != new.tobytes():
                return True
        elif issubclass(kind, list | tuple | dict):
            met.add(id(old))  # it may hold itself
            if len(old) != len(new):
                return True
            pairs += zip(old, new, strict=True)
            if kind is dict:
                pairs += zip(old.values(), new.values(), strict=True)
        elif repr(old) != repr(new):  # NaN is not equal to itself
            return True
    return False


def array_difference(
    got: Any, expected: np.ndarray, tolerance: float, reveal: Reveal
) -> Difference | None:
    """Compare arrays: type, size, dtype, shape, values."""
    wanted = f"an array of shape {expected.shape}"
    if not isinstance(got, np.ndarray) or (got.ndim == 0 and expected.ndim):
        if isinstance(got, list | tuple):
            flat = len(got) == expected.size and all(map(is_number, got)) and expected.ndim > 1
            told = f"A {type(got).__name__} came back, and {wanted} is wanted"
            more = f" Its numbers stand in one row: .reshape{expected.shape} too." if flat else ""
            if flat or laid_out(got, expected.shape):
                told += ": np.array(...) makes one from lists of numbers"
            return Difference("returned_list", f"{told}.{more}")
        if is_number(got):
            return Difference("returned_number", f"One number came back, and {wanted} is wanted.")
        return Difference("wrong_type", other_type(got, wanted))
    got = np.asarray(got)  # neither a matrix nor a masked array from here on
    if got.nbytes > LARGEST_BYTES:
        return Difference(
            "too_large",
            f"The array is far too large: shape {got.shape}, {got.nbytes / 2**30:.1f} GiB; "
            f"{wanted} is wanted.",
        )
    if got.dtype.kind not in "iuf":
        return Difference(
            "wrong_dtype",
            f"The array holds values of type {got.dtype}, and real numbers are wanted.",
        )
    if got.shape != expected.shape:
        return Difference(
            "wrong_shape", f"The shape is {got.shape}, and it should be {expected.shape}."
        )
    bytes_missing = ""
    if expected.dtype == np.uint8 and got.dtype != np.uint8:
        bytes_missing = f"The array holds {got.dtype} values, and bytes (uint8) are wanted."
        if got.dtype == np.int8:
            bytes_missing += " int8 ends at 127."
    wrong = ~close(got, expected, tolerance)
    if not wrong.any():
        return Difference("wrong_dtype", bytes_missing) if bytes_missing else None
    place = tuple(int(index) for index in np.argwhere(wrong)[0])
    where = f"The first difference is at {place_name(place)}: yours is {got[place]:.6g}"
    where += f", and it should be {expected[place]:.6g}. " if reveal != "nothing" else ". "
    where += f"{int(wrong.sum())} of {wrong.size} values differ."
    if reveal == "all" and expected.size <= 64:
        where += f"\n\nIt should be:\n{numbers(expected)}"
    if bytes_missing:
        return Difference("wrong_dtype", f"{bytes_missing} {where}")
    if np.isnan(got[place]):
        return Difference("has_nan", f"{where}\n\n{OF_NAN}")
    return Difference("wrong_values", where)


def numbers(array: np.ndarray) -> str:
    """Write an array's numbers, in one way everywhere, as one block of lines."""
    text = np.array2string(array, precision=4, suppress_small=True, separator=", ")
    return re.sub(r"\n\s*\n", "\n", text)


def close(got: np.ndarray, expected: np.ndarray, tolerance: float) -> np.ndarray:
    """Mark the entries of two arrays of one shape that agree; NaN agrees with NaN."""
    mine, right = np.asarray(got, dtype=float), np.asarray(expected, dtype=float)
    allowed = tolerance * largest(right)
    if expected.dtype.kind in "iu":
        allowed = min(allowed, ROUNDING)
    # What numpy.isclose does, in half its time: a check compares a hundred times.
    with np.errstate(invalid="ignore"):
        near = np.abs(mine - right) <= allowed
    if near.all() or np.isfinite(right).all():
        return near
    return near | (mine == right) | (np.isnan(mine) & np.isnan(right))


def largest(values: np.ndarray) -> float:
    """The largest finite magnitude among floats, at least 1."""
    sizes = np.abs(values)
    return float(sizes[np.isfinite(sizes)].max(initial=1.0))


def place_name(place: tuple[int, ...]) -> str:
    """Name a position as the course does: row first, then column."""
    if len(place) == 2:
        return f"row {place[0]}, column {place[1]}"
    return f"index {list(place)}"


def number_difference(
    got: Any, expected: Any, tolerance: float, reveal: Reveal
) -> Difference | None:
    """Compare single numbers; a whole number is wanted where the reference gives one."""
    if isinstance(got, np.ndarray) and got.ndim:
        told = f"An array of shape {got.shape} came back, and one number is wanted"
        one = ": .item() takes the one out that it holds" if got.size == 1 else ""
        return Difference("returned_array", f"{told}{one}.")
    if not is_number(got):
        return Difference("wrong_type", other_type(got, "a number"))
    try:
        mine, right = float(got), float(expected)
    except OverflowError:  # a whole number of more than 308 digits
        return Difference("wrong_values", "Yours is larger than any float.")
    allowed = tolerance * max(1.0, abs(right))
    if is_whole(expected):
        allowed = min(allowed, ROUNDING)
    both_nan = math.isnan(mine) and math.isnan(right)
    if not both_nan and not math.isclose(mine, right, rel_tol=0, abs_tol=allowed):
        told = f", and it should be {right:.10g}" if reveal != "nothing" else ""
        if math.isnan(mine):
            return Difference("has_nan", f"Yours is nan{told}. {OF_NAN}")
        return Difference("wrong_values", f"Yours is {mine:.10g}{told}.")
    if is_whole(expected) and not is_whole(got):
        return Difference(
            "float_not_int",
            f"Yours is {mine!r}, a float, and a whole number is wanted: int(...) makes one, and "
            "`//` divides without leaving whole numbers.",
        )
    return None


def other_type(got: Any, wanted: str) -> str:
    """Say that something of another type came back, and how to make an array of it."""
    text = f"Something of type {type(got).__name__} came back, and {wanted} is wanted."
    if hasattr(type(got), "__array__") and "array" in wanted:
        return f"{text} np.asarray(...) makes one from it."
    if isinstance(got, Iterator):
        return f"{text} Nothing has been computed yet: it still waits for a loop, list() or sum()."
    return text


def structure_difference(
    got: Any, expected: Any, tolerance: float, reveal: Reveal
) -> Difference | None:
    """Compare lists, tuples, dicts and text, item by item; the container's type is free."""
    if isinstance(expected, Mapping):
        if not isinstance(got, Mapping):
            return Difference("wrong_type", other_type(got, "a dictionary"))
        missing = [key for key in expected if key not in got]
        if missing:
            return Difference("missing_entry", f"There is no entry for {missing[0]!r}.")
        pairs = [(repr(key), got[key], expected[key]) for key in expected]
    elif isinstance(expected, list | tuple):
        got = got.tolist() if isinstance(got, np.ndarray) else got
        if not isinstance(got, list | tuple):
            return Difference("wrong_type", other_type(got, "a list"))
        if len(got) != len(expected):
            return Difference(
                "wrong_length", f"It has {len(got)} entries, and {len(expected)} are wanted."
            )
        pairs = [(str(i + 1), g, e) for i, (g, e) in enumerate(zip(got, expected, strict=True))]
    elif not isinstance(got, type(expected)):
        return Difference("wrong_type", other_type(got, type(expected).__name__))
    else:
        return None if got == expected else Difference("wrong_values", f"Yours is {got!r}.")
    told: Reveal = "nothing" if reveal == "place" else reveal
    inner = [(name, difference(mine, theirs, tolerance, told)) for name, mine, theirs in pairs]
    wrong = [(name, found) for name, found in inner if found is not None]
    # An entry whose value is wrong says more than one of the wrong type.
    for name, found in sorted(wrong, key=lambda entry: entry[1].values_right):
        return found._replace(where=f"Entry {name} is not right. {found.where}")
    return None
