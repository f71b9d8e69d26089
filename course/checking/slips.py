"""Slips that can be read in an answer's code, whatever it gives back.

Each is told beside what is wrong with the values, as what it is: it need not be the cause. So a
mistake of the exercise's own is told before it.
"""

import ast
import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

from course.checking.calling import definition

GIVES_NEW = {
    "abs": 1, "absolute": 1, "add": 2, "append": 3, "argmax": 2, "argsort": 4, "array": 2,
    "asarray": 4, "astype": 5, "ceil": 1, "clip": 3, "concatenate": 2, "copy": 3, "divide": 2,
    "dot": 2, "dstack": 1, "exp": 1, "expand_dims": 2, "flatten": 2, "flip": 2, "fliplr": 1,
    "flipud": 1, "floor": 1, "hstack": 1, "max": 2, "maximum": 2, "mean": 3, "median": 2, "min": 2,
    "minimum": 2, "multiply": 2, "negative": 1, "pad": 3, "power": 2, "ravel": 2, "repeat": 3,
    "reshape": 5, "rint": 1, "roll": 3, "rot90": 3, "round": 2, "sort": 4, "sqrt": 1, "square": 1,
    "squeeze": 2, "stack": 2, "subtract": 2, "sum": 3, "swapaxes": 3, "tile": 2, "transpose": 5,
    "vstack": 1, "where": 3,
}  # fmt: skip
"""NumPy's functions that leave their arguments as they are, and how many they take before `out`."""

METHODS = (
    "astype", "clip", "copy", "flatten", "max", "mean", "min", "ravel", "repeat", "reshape",
    "round", "squeeze", "sum", "swapaxes", "transpose",
)  # fmt: skip
"""Those that arrays have too; an array that has one is its first argument."""

GIVES_NONE = ("append", "extend", "fill", "reverse", "sort")
"""Methods that change what they belong to, and give None back."""

OF_ALL = ("argmax", "argsort", "copy", "max", "mean", "median", "min", "sum")
"""Those that hardly ever take the place of what they are made of."""

MODULES = ("np", "numpy", "tf", "keras", "torch")

WIDTHS = re.compile(r"(^|_|^[a-z])(w|width|cols?|columns?)$", re.IGNORECASE)
HEIGHTS = re.compile(r"(^|_|^[a-z])(h|height|rows?)$", re.IGNORECASE)


def slips(answer: Any) -> list[str]:
    """Say what can be read in the code of an answer; nothing where its code can't be read."""
    parts = vars(answer).values() if isinstance(answer, type) else [answer]
    told = (
        words for part in parts for node in nodes(part) for find in FOUND for words in find(node)
    )
    return list(dict.fromkeys(told))


def nodes(function: Any) -> list[ast.AST]:
    """What the code of a function is made of; nothing where it can't be read."""
    try:
        return list(ast.walk(ast.parse(definition(function))))
    except (AttributeError, OSError, SyntaxError, TypeError, ValueError):
        return []


def thrown_away(node: ast.AST) -> Iterator[str]:
    """A line that computes something, and keeps nothing of it."""
    if not isinstance(node, ast.Expr):
        return
    code, value = ast.unparse(node.value), node.value
    name = new_value_of(value) if isinstance(value, ast.Call) else None
    if isinstance(value, ast.BinOp):
        name = value.left.id if isinstance(value.left, ast.Name) else ""
    if isinstance(value, ast.Compare) and isinstance(value.ops[0], ast.Eq):
        if getattr(value.left, "attr", "") in ("shape", "ndim", "size", "dtype"):
            return  # looked at, and not meant to be set
        yield f"`{code}` compares, and nothing keeps the answer. One `=` gives a name a value."
    elif name:
        yield (
            f"`{code}` leaves `{name}` as it was, and nothing keeps what it gives. Give it a name, "
            f"`{name} = {code}`, or give it back with `return`."
        )
    elif name is not None:
        yield (
            f"Nothing keeps what `{code}` gives. Give it a name, give it back with `return`, or leave "
            "the line out."
        )


def new_value_of(call: ast.Call) -> str | None:
    """The name of what a call of a known function leaves as it is, or nothing; else None."""
    if not isinstance(call.func, ast.Attribute) or any(k.arg == "out" for k in call.keywords):
        return None
    name, owner = call.func.attr, call.func.value
    first = call.args[0] if call.args else None
    if isinstance(owner, ast.Name) and owner.id in ("np", "numpy"):
        known = name in GIVES_NEW and len(call.args) <= GIVES_NEW[name]
    elif isinstance(owner, ast.Name) and owner.id == "yours":
        known = True
    else:
        known = name in METHODS and len(call.args) < GIVES_NEW[name]
        first = owner
    if not known:
        return None
    return first.id if isinstance(first, ast.Name) and name not in OF_ALL else ""


def none_kept(node: ast.AST) -> Iterator[str]:
    """A name for what gives None back."""
    if isinstance(node, ast.Assign | ast.Return | ast.Subscript | ast.Attribute):
        call = node.value
    else:
        return
    if not isinstance(call, ast.Call):
        return
    owner, name = "", getattr(call.func, "attr", getattr(call.func, "id", ""))
    if isinstance(call.func, ast.Attribute):
        owner = ast.unparse(call.func.value)
    changing = name in GIVES_NONE and owner not in MODULES and isinstance(call.func, ast.Attribute)
    if changing or (owner, name) == ("np", "fill_diagonal"):
        new = " np.sort gives a new array." if name == "sort" else ""
        yield (
            f"`{ast.unparse(call)}` changes what is there, and gives None back. Let it stand in a "
            f"line of its own, and use what it has changed.{new}"
        )
    elif (owner, name) == ("", "print"):
        yield f"`{ast.unparse(call)}` shows something, and gives None back."


def power_of_bits(node: ast.AST) -> Iterator[str]:
    """``^`` where a power is meant."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitXor):
        right = node.right
        while isinstance(right, ast.BinOp):
            right = right.left
        by = right.value if isinstance(right, ast.Constant) else None
        if type(by) is int and not isinstance(node.left, ast.Compare):
            yield "`^` is no power in Python, it compares bits. A power is `**`, as in n ** 2."


def limits_swapped(node: ast.AST) -> Iterator[str]:
    """``np.clip`` with the upper limit first."""
    if not isinstance(node, ast.Call) or getattr(node.func, "attr", "") != "clip":
        return
    limits = [one.value for one in node.args[-2:] if isinstance(one, ast.Constant)]
    numbers = [one for one in limits if isinstance(one, int | float)]
    if any(least > most for least, most in pairwise(numbers)):
        yield f"The smaller limit comes first in `clip`; in `{ast.unparse(node)}` it comes last."


def sides_swapped(node: ast.AST) -> Iterator[str]:
    """A width that gets the height."""
    if not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Tuple):
        return
    names = [getattr(one, "id", "") for one in node.targets[0].elts]
    if getattr(node.value, "attr", "") != "shape" or len(names) != 2:
        return
    if WIDTHS.search(names[0]) and HEIGHTS.search(names[1]):
        yield (
            f"The height comes first in a shape: `{ast.unparse(node)}` gives it to `{names[0]}`, "
            f"and the width to `{names[1]}`."
        )


FOUND: tuple[Callable[[ast.AST], Iterator[str]], ...] = (
    thrown_away,
    none_kept,
    power_of_bits,
    limits_swapped,
    sides_swapped,
)
