"""What wrong answers have in common, when nobody foresaw the mistake: shape, size, place, case."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from course.checking.comparing import LARGEST_BYTES, close, is_number
from course.exercises.exercise import Call

Arrays = list[np.ndarray]


class Cause(NamedTuple):
    """A recognised mistake: its id, and the sentence for the learner.

    Without an id it is no mistake's name but only what the wrong values have in common.
    """

    id: str | None
    message: str


ENOUGH = 3
"""Calls of each kind before anything is said of a kind; one or two may be chance."""

ENOUGH_VALUES = 12
"""Wrong values, or right ones, before anything is said of where they stand or which way they err."""

PLACES = (
    ("last_row_wrong", "the last row differs", np.s_[:-1]),
    ("last_column_wrong", "the last column differs", np.s_[:, :-1]),
    ("first_row_wrong", "the first row differs", np.s_[1:]),
    ("first_column_wrong", "the first column differs", np.s_[:, 1:]),
    ("last_row_and_column_wrong", "the last row and the last column differ", np.s_[:-1, :-1]),
    ("first_row_and_column_wrong", "the first row and the first column differ", np.s_[1:, 1:]),
    ("border_wrong", "the outermost rows and columns differ", np.s_[1:-1, 1:-1]),
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
    return Cause("off_by_one_size", f"In every call that is wrong, the result has {by}.")


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
    flat = [m.size > 1 and bool((m == m.flat[0]).all()) for m in mine]
    if all(flat) and not all((r == r.flat[0]).all() for r in right):
        value = {float(m.flat[0]) for m in mine}
        told = f"{value.pop():g}" if len(value) == 1 else "the same"
        return Cause("constant", f"The shape is right, but every value is {told}.")
    m, r = (np.concatenate([a.ravel().astype(float) for a in arrays]) for arrays in (mine, right))
    if len(np.unique(r)) < ENOUGH or not (np.isfinite(m).all() and np.isfinite(r).all()):
        return None
    if len(mine) < ENOUGH:
        return None
    largest = np.abs(r).argmax()
    factor = m[largest] / r[largest] if r[largest] else 0.0
    if factor and np.allclose(m, factor * r, rtol=0, atol=tolerance * abs(factor * r[largest])):
        return Cause("scaled", f"Every value is {factor:.4g} times the right one.")
    rounded = bool((m == np.rint(m)).all()) and (m[0] - r[0]) % 1 != 0
    if not rounded and np.allclose(
        m - r, m[0] - r[0], rtol=0, atol=tolerance * max(1.0, abs(r[largest]))
    ):
        return Cause("offset", f"Every value is off by {m[0] - r[0]:+.4g}.")
    if min(array.size for array in mine) < 2:
        return None
    pairs = list(zip(mine, right, strict=True))
    if all(is_affine(a, r, np.vdot(a, r) / (np.vdot(r, r) or 1), 0.0, tolerance) for a, r in pairs):
        return Cause(
            "scaled", "Every value is a multiple of the right one, by a factor that changes."
        )
    if all(is_affine(a, r, 1.0, float(np.mean(a - r)), tolerance) for a, r in pairs):
        return Cause("offset", "Every value is off by the same, by another number for each call.")
    return None


def is_affine(mine: np.ndarray, right: np.ndarray, factor: float, offset: float, by: float) -> bool:
    """Whether one array is another times a factor plus an offset."""
    made = factor * right + offset
    return bool(np.allclose(mine, made, rtol=0, atol=by * max(1.0, float(np.abs(right).max()))))


def by_place(mine: Arrays, right: Arrays, tolerance: float) -> Cause | None:
    """Recognise answers that are wrong only in certain rows and columns."""
    if any(m.shape != r.shape or m.ndim < 2 for m, r in zip(mine, right, strict=True)):
        return None
    if len(mine) < ENOUGH:
        return None
    wrong = [~close(m, r, tolerance) for m, r in zip(mine, right, strict=True)]
    for identifier, words, part in PLACES:
        # A result of one row has no rest to be right.
        rest = [w[part] for w in wrong if w[part].size]
        if sum(r.size for r in rest) >= ENOUGH_VALUES and not any(r.any() for r in rest):
            return Cause(identifier, f"Only {words}; all the rest is right.")
    return None


def by_sign(got: Sequence[Any], expected: Sequence[Any], tolerance: float) -> Cause | None:
    """Recognise answers that are never too large, or never too small."""
    if not all(isinstance(v, np.ndarray) and v.dtype.kind in "iuf" for v in (*got, *expected)):
        return None
    mine, right = list(got), [np.asarray(value, dtype=float) for value in expected]
    if any(m.shape != r.shape for m, r in zip(mine, right, strict=True)):
        return None
    errors = np.concatenate(
        [
            np.where(close(m, r, tolerance), 0, m.astype(float) - r).ravel()
            for m, r in zip(mine, right, strict=True)
        ]
    )
    if len(mine) < ENOUGH or np.count_nonzero(errors) < ENOUGH_VALUES:
        return None
    if not np.isfinite(errors).all():
        return None
    count = np.count_nonzero(errors)
    if (errors <= 0).all():
        return Cause(None, f"All {count} values that differ are too small.")
    if (errors >= 0).all():
        return Cause(None, f"All {count} values that differ are too large.")
    return None


PATTERNS = (by_shape, by_size, by_place)


def by_sameness(values: Sequence[Any], expected: Sequence[Any]) -> Cause | None:
    """Recognise a function that gives the same number in every call, the right ones too."""
    if len(values) < ENOUGH or not all(is_number(value) for value in (*values, *expected)):
        return None
    first = float(values[0])
    if any(float(value) != first for value in values):
        return None
    return Cause("constant", f"It is {first:g} whatever it is called with.")


def by_memory(values: Sequence[Any], expected: Sequence[Any]) -> Cause | None:
    """Recognise a total that every call goes on with, and none begins anew."""
    if len(values) < ENOUGH or not all(is_number(value) for value in (*values, *expected)):
        return None
    mine, right = np.array(values, dtype=float), np.array(expected, dtype=float)
    if not np.allclose(np.diff(mine), right[1:], rtol=1e-6, atol=1e-6 * abs(mine).max()):
        return None
    return Cause(
        "total_kept",
        "What one call adds up is still there in the next one: your total stands outside the function. "
        "Set it to 0 inside, where each call begins.",
    )


def by_case(calls: Sequence[Call], failing: Sequence[int]) -> Cause | None:
    """Recognise answers that are wrong for one kind of argument and right for all others.

    With at least `ENOUGH` calls on each side. Where several kinds would say so, nothing is said.
    """
    wrong = set(failing)
    if min(len(wrong), len(calls) - len(wrong)) < ENOUGH:
        return None
    kinds: dict[tuple[str, str, str], set[int]] = {}
    for index, one in enumerate(calls):
        for kind in kinds_of(one):
            kinds.setdefault(kind, set()).add(index)
    fitting = [kind for kind, indices in kinds.items() if indices == wrong]
    if len({about for about, _, _ in fitting}) != 1:
        return None
    _, identifier, words = fitting[0]
    right = len(calls) - len(wrong)
    return Cause(
        identifier,
        f"Of {len(calls)} calls, the {len(wrong)} {words} are wrong, and the {right} others right.",
    )


def kinds_of(one: Call) -> Iterator[tuple[str, str, str]]:
    """What can be said of the arguments of one call: of what, an id, and the words for it."""
    for name, value in one.kwargs.items():
        yield name, f"wrong_for_{name}", f"with {name}={value!r}"
        yield name, f"wrong_for_{name}", f"in which {name} is given"
    arrays = [value for value in one.args if isinstance(value, np.ndarray)]
    for what, array in zip(("first array", "second array"), arrays, strict=False):
        about, size = f"{what}'s values", f"{what}'s size"
        if array.dtype == np.uint8:
            yield about, "wrong_for_bytes", f"whose {what} holds bytes (uint8)"
        if array.dtype.kind in "iu":
            yield about, "wrong_for_integers", f"whose {what} holds whole numbers"
        if array.dtype.kind == "f":
            yield about, "wrong_for_fractions", f"whose {what} holds fractions"
        if array.size and array.min() < 0:
            yield f"{what}'s signs", "wrong_for_negatives", f"whose {what} has negative values"
        if array.ndim == 2:
            rows, columns = array.shape
            if rows != columns:
                yield size, "wrong_for_non_square", f"whose {what} is not square"
            if rows > columns:
                yield size, "wrong_for_tall", f"whose {what} is taller than wide"
            if rows < columns:
                yield size, "wrong_for_wide", f"whose {what} is wider than tall"
            for side, name in ((rows, "rows"), (columns, "columns")):
                parity = "odd" if side % 2 else "even"
                yield (
                    f"{what}'s {name}",
                    f"wrong_for_{parity}",
                    f"whose {what} has an {parity} number of {name}",
                )
            if rows % 2 or columns % 2:
                yield size, "wrong_for_odd", f"in which a side of the {what} is odd"
            if not (rows % 2 and columns % 2):
                yield size, "wrong_for_even", f"in which a side of the {what} is even"
            if array.shape != (3, 3):
                yield size, "wrong_for_other_sizes", f"whose {what} is not 3x3"
    numbers = [value for value in one.args if isinstance(value, int)]
    for place, value in enumerate(numbers):
        parity, which = "odd" if value % 2 else "even", f"whole number {place + 1}"
        yield which, f"wrong_for_{parity}", f"in which {which} is {parity}"
        if value > 1:
            yield which, "wrong_above_one", f"in which {which} is more than 1"
    if len(numbers) > 1:
        yield (
            "how many",
            "wrong_with_more_arguments",
            f"with {len(numbers)} whole numbers",
        )
