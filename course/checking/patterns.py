"""What wrong answers have in common, when nobody foresaw the mistake: shape, size, place, case."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from course.checking.comparing import LARGEST_BYTES, close
from course.exercises.exercise import Call

Arrays = list[np.ndarray]


class Cause(NamedTuple):
    """A recognised mistake: its id, and the sentence for the learner."""

    id: str
    message: str


PLACES = (
    ("last_row_wrong", "the last row", np.s_[:-1]),
    ("last_column_wrong", "the last column", np.s_[:, :-1]),
    ("first_row_wrong", "the first row", np.s_[1:]),
    ("first_column_wrong", "the first column", np.s_[:, 1:]),
    ("last_row_and_column_wrong", "the last row and the last column", np.s_[:-1, :-1]),
    ("first_row_and_column_wrong", "the first row and the first column", np.s_[1:, 1:]),
    ("border_wrong", "the outermost rows and columns", np.s_[1:-1, 1:-1]),
)


def by_shape(mine: Arrays, right: Arrays, tolerance: float) -> Cause | None:
    """Say what is wrong with the shape, when it is wrong in the same way everywhere."""
    shapes = [(m.shape, r.shape) for m, r in zip(mine, right, strict=True)]
    shapes = [(ours, theirs) for ours, theirs in shapes if ours != theirs]
    if not shapes or any(not ours or not theirs for ours, theirs in shapes):
        return None
    if any(m.nbytes > LARGEST_BYTES for m in mine):
        return None
    for identifier, word, sign in (("too_many_axes", "more", 1), ("too_few_axes", "fewer", -1)):
        if all(sign * (len(ours) - len(theirs)) > 0 for ours, theirs in shapes):
            ours, theirs = shapes[0]
            return Cause(
                identifier,
                f"Your result has {word} axes than it should: its shape is {ours}, not {theirs}.",
            )
    if any(len(ours) != len(theirs) for ours, theirs in shapes):
        return None
    if all(ours == theirs[::-1] for ours, theirs in shapes):
        return Cause("axes_swapped", "Height and width are swapped: rows come first, then columns.")
    steps = {tuple(np.subtract(ours, theirs).tolist()) for ours, theirs in shapes}
    if len(steps) > 1 or len(shapes) < len(mine):
        return by_extent(shapes)
    names = {1: ("values",), 2: ("rows", "columns"), 3: ("rows", "columns", "channels")}
    axes = names.get(len(shapes[0][0]), ("images", "rows", "columns", "channels"))
    by = ", ".join(
        f"{abs(step)} {axis if abs(step) > 1 else axis.removesuffix('s')} too {size}"
        for step, axis in zip(steps.pop(), axes, strict=False)
        if step and (size := "many" if step > 0 else "few")
    )
    return Cause("off_by_one_size", f"The result always has {by}.")


def by_extent(shapes: Sequence[tuple[tuple[int, ...], tuple[int, ...]]]) -> Cause:
    """Say whether shapes that differ in many ways are at least all too large or too small."""
    for identifier, word, sign in (
        ("shape_too_large", "large", 1),
        ("shape_too_small", "small", -1),
    ):
        if all((sign * np.subtract(ours, theirs) >= 0).all() for ours, theirs in shapes):
            return Cause(identifier, f"Your result is too {word}: work its shape out for one case.")
    return Cause("wrong_shape", "The shape is not right: work it out by hand for one case.")


def by_size(mine: Arrays, right: Arrays, tolerance: float) -> Cause | None:
    """Recognise answers that are constant, or off by one factor or one summand."""
    if any(m.shape != r.shape for m, r in zip(mine, right, strict=True)):
        return None
    if all(m.size > 1 and (m == m.flat[0]).all() for m in mine):
        value = {float(m.flat[0]) for m in mine}
        told = f"{value.pop():g}" if len(value) == 1 else "the same"
        return Cause("constant", f"The shape is right, but every value is {told}.")
    m, r = (np.concatenate([a.ravel().astype(float) for a in arrays]) for arrays in (mine, right))
    if len(m) < 2 or not (np.isfinite(m).all() and np.isfinite(r).all()):
        return None
    if (m == m[0]).all():
        return Cause("constant", f"It is {m[0]:g} whatever it is called with.")
    largest = np.abs(r).argmax()
    factor = m[largest] / r[largest] if r[largest] else 0.0
    if factor and np.allclose(m, factor * r, rtol=0, atol=tolerance * abs(factor * r[largest])):
        return Cause("scaled", f"Every value is {factor:.4g} times the right one.")
    if np.allclose(m - r, m[0] - r[0], rtol=0, atol=tolerance * max(1.0, abs(r[largest]))):
        return Cause("offset", f"Every value is off by {m[0] - r[0]:+.4g}.")
    if min(array.size for array in mine) < 2:
        return None
    pairs = list(zip(mine, right, strict=True))
    if all(fits(a, r, np.vdot(a, r) / (np.vdot(r, r) or 1), 0.0, tolerance) for a, r in pairs):
        return Cause(
            "scaled", "Every value is a multiple of the right one, by a factor that changes."
        )
    if all(fits(a, r, 1.0, float(np.mean(a - r)), tolerance) for a, r in pairs):
        return Cause("offset", "Every value is off by the same, by another number for each call.")
    return None


def fits(mine: np.ndarray, right: np.ndarray, factor: float, offset: float, by: float) -> bool:
    """Whether one array is another times a factor plus an offset."""
    made = factor * right + offset
    return bool(np.allclose(mine, made, rtol=0, atol=by * max(1.0, float(np.abs(right).max()))))


def by_place(mine: Arrays, right: Arrays, tolerance: float) -> Cause | None:
    """Recognise answers that are wrong only in certain rows and columns."""
    if any(m.shape != r.shape or m.ndim < 2 for m, r in zip(mine, right, strict=True)):
        return None
    wrong = [~close(m, r, tolerance) for m, r in zip(mine, right, strict=True)]
    for identifier, words, part in PLACES:
        # A result of one row has no rest to be right; one result that has is enough.
        rest = [w[part] for w in wrong]
        if any(r.size for r in rest) and not any(r.any() for r in rest):
            return Cause(identifier, f"Only {words} differ; all the rest is right.")
    return None


def by_sign(mine: Arrays, right: Arrays, tolerance: float) -> Cause | None:
    """Recognise answers that are never too large, or never too small."""
    if any(m.shape != r.shape for m, r in zip(mine, right, strict=True)):
        return None
    errors = np.concatenate(
        [
            np.where(close(m, r, tolerance), 0, m.astype(float) - r).ravel()
            for m, r in zip(mine, right, strict=True)
        ]
    )
    if len(errors) < 2 or not np.isfinite(errors).all():
        return None
    if (errors <= 0).all():
        return Cause(
            "too_small", "Wherever it is wrong, your value is too small. What is left out?"
        )
    if (errors >= 0).all():
        return Cause(
            "too_large", "Wherever it is wrong, your value is too large. What is too much?"
        )
    return None


PATTERNS = (by_shape, by_size, by_place, by_sign)


def by_case(calls: Sequence[Call], failing: Sequence[int]) -> Cause | None:
    """Recognise answers that are wrong for one kind of argument and right for all others."""
    wrong = set(failing)
    kinds: dict[tuple[str, str], set[int]] = {}
    for index, one in enumerate(calls):
        for kind in kinds_of(one):
            kinds.setdefault(kind, set()).add(index)
    for (identifier, words), indices in kinds.items():
        if indices == wrong and len(wrong) < len(calls):
            return Cause(identifier, f"It is right for everything else, and wrong {words}.")
    return None


def kinds_of(one: Call) -> Iterator[tuple[str, str]]:
    """What can be said of the arguments of one call: an id and the words for it."""
    for name, value in one.kwargs.items():
        yield f"wrong_for_{name}", f"with {name}={value!r}"
        yield f"wrong_for_{name}", f"whenever {name} is given"
    arrays = [value for value in one.args if isinstance(value, np.ndarray)]
    for what, array in zip(("first array", "second array"), arrays, strict=False):
        if array.dtype == np.uint8:
            yield "wrong_for_bytes", f"when the {what} holds bytes (uint8)"
        if array.dtype.kind in "iu":
            yield "wrong_for_integers", f"when the {what} holds whole numbers"
        if array.dtype.kind == "f":
            yield "wrong_for_fractions", f"when the {what} holds fractions"
        if array.size and array.min() < 0:
            yield "wrong_for_negatives", f"when the {what} has negative values"
        if array.ndim == 2:
            rows, columns = array.shape
            if rows != columns:
                yield "wrong_for_non_square", f"when the {what} is not square"
            if rows > columns:
                yield "wrong_for_tall", f"when the {what} is taller than wide"
            if rows < columns:
                yield "wrong_for_wide", f"when the {what} is wider than tall"
            for side, name in ((rows, "rows"), (columns, "columns")):
                parity = "odd" if side % 2 else "even"
                yield f"wrong_for_{parity}", f"when the {what} has an {parity} number of {name}"
            if rows % 2 or columns % 2:
                yield "wrong_for_odd", f"when a side of the {what} is odd"
            if not (rows % 2 and columns % 2):
                yield "wrong_for_even", f"when a side of the {what} is even"
            if array.shape != (3, 3):
                yield "wrong_for_other_sizes", f"when the {what} is not 3x3"
    numbers = [value for value in one.args if isinstance(value, int)]
    for place, value in enumerate(numbers):
        parity = "odd" if value % 2 else "even"
        yield f"wrong_for_{parity}", f"when whole number {place + 1} in the call is {parity}"
        if value > 1:
            yield "wrong_above_one", f"when whole number {place + 1} in the call is more than 1"
    if len(numbers) > 1:
        yield "wrong_with_more_arguments", f"when {len(numbers)} whole numbers are given"
