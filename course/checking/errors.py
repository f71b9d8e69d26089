"""Python's, NumPy's and Keras's own errors in words: what is meant, and what to try.

One list for all exercises. A rule is keyed to the type of an error, to its message and, where the
same message has several causes, to the learner's own line. What no rule fits is told as it is.
"""

import ast
import re
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

ESCAPES = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
KERAS_FRAME = re.compile(
    r"(?:^|(?<=: ))Exception encountered when calling [^\n]*\n+|\n+Arguments received by .*",
    re.DOTALL,
)
LONGEST = 10_000  # characters of a message that are looked at: Keras's longest have a few thousand
OPENCV_FRAME = re.compile(r"OpenCV\([\w.-]+\) \S+:\d+: error: \(-?\d+:([^)]*)\)\s*")

Words = Callable[[re.Match[str], str], str]


class Rule(NamedTuple):
    """An error that beginners meet.

    Attributes
    ----------
    types : str
        Names of the types that raise it, separated by spaces.
    message : str
        A pattern that is looked for in the message.
    line : str
        A pattern that is looked for in the learner's own line; empty for any line.
    words : str or callable
        What it means and what to try; made of the match of the message and of the learner's own
        line, if callable.
    """

    types: str
    message: str
    line: str
    words: str | Words


def plain(message: str) -> str:
    """A message without colours, and without the frame that Keras or OpenCV puts round one."""
    uncoloured = ESCAPES.sub("", message[:LONGEST])
    return OPENCV_FRAME.sub(r"\1: ", KERAS_FRAME.sub("", uncoloured)).strip()


def in_words(types: list[str], message: str, line: str) -> str:
    """What an error means; nothing if no rule fits it."""
    for rule in RULES:
        found = re.search(rule.message, message)
        if found and set(rule.types.split()) & set(types) and re.search(rule.line, line):
            return rule.words if isinstance(rule.words, str) else rule.words(found, line)
    return ""


def beyond_the_end(found: re.Match[str], line: str) -> str:
    index, axis, size = (int(number) for number in found.groups())
    what = ("row", "column")[axis] if axis < 2 else "place"
    which = f"axis {axis}, which counts {what}s in an image," if axis < 2 else f"axis {axis}"
    words = (
        f"It asks {which} for number {index}. There are {size}, counted from 0, so the last is "
        f"{size - 1}. Which of your indices became {index}?"
    )
    if re.search(r"image|kernel|window|pixel|padded", line):
        words += (
            " Is its limit the height where rows are counted and the width where columns are, of "
            "image and kernel each its own?"
        )
    return words


def does_not_fill(found: re.Match[str], line: str) -> str:
    size = int(found[1])
    sides = [int(side) for side in re.findall(r"-?\d+", found[2])]
    room = 1
    for side in sides:
        room *= side
    if -1 in sides:
        return f"The {size} values can't be divided into the lengths ({found[2]})."
    words = f"reshape keeps every value: {size} of them do not fill a shape that holds {room}."
    if 0 < room < size:
        words += (
            " If an odd row or column is left over at the end, cut it off first: "
            "image[: H // 2 * 2, : W // 2 * 2]."
        )
    return words


def missing_name(found: re.Match[str], line: str) -> str:
    return no_such_name(found[1])


def no_such_name(name: str) -> str:
    """What may be done where a name is missing."""
    if name in FIRST_CELL:
        return f"`{name}` comes from an import: run the first cell of the notebook again."
    if name in MODULES:
        return f"`{name}` is a module that is not imported yet: add `{MODULES[name]}` above."
    return (
        f"Nothing is called `{name}` here. Is it spelled the same where it gets its value, and "
        "does that cell run before this one?"
    )


FIRST_CELL = ("np", "helpers", "check", "predict", "progress", "yours", "pictures")
"""What the first cell of every lesson imports."""

BY_THEIR_OWN_NAMES = """
collections functools itertools keras math matplotlib operator os random scipy statistics sys
tensorflow time timeit
"""
MODULES = {
    "plt": "import matplotlib.pyplot as plt",
    "pd": "import pandas as pd",
    "tf": "import tensorflow as tf",
    "ndimage": "from scipy import ndimage",
    "numpy": "import numpy",
} | {name: f"import {name}" for name in BY_THEIR_OWN_NAMES.split()}
"""Modules that people use, and how to import them."""


def in_place(found: re.Match[str], line: str) -> str:
    """Floats were to be written into an array of whole numbers: the line, with a new array."""
    holds = "which holds whole numbers, so a float does not fit."
    if re.search(r"[(,]\s*out\s*=", line):
        return (
            f"`out=` has the result written into an array that is there, {holds} Leave `out=` "
            "away, and take what the function gives back."
        )
    try:
        changes = [one for one in ast.walk(ast.parse(line)) if isinstance(one, ast.AugAssign)]
    except SyntaxError:  # one line of several
        changes = []
    if not changes and not re.search(r"[-+*/%@]=", line):
        return f"The result is written into an array that is there, {holds}"
    words = f"`+=` and its like write into the array that is there, {holds}"
    if len(changes) != 1:
        return f"{words} Make a new array: a = a / b instead of a /= b."
    target = ast.unparse(changes[0].target)
    if not isinstance(changes[0].target, ast.Name):
        return f"{words} np.zeros(shape) holds floats, and .astype(float) makes them of an array."
    operation = ast.BinOp(ast.Name(target), changes[0].op, changes[0].value)
    return f"{words} Make a new array: {target} = {ast.unparse(operation)}"


def of_numpy(found: re.Match[str], line: str) -> str:
    name = found[1]
    if not callable(getattr(np, name, None)):
        return ""
    return f"An array has no method of this name; NumPy has a function: np.{name}(a)."


COUNTED = r"\bin\s+((?:len\([\w.]+\)|[\w.]+(?:\[\w+\])?)(?:\s*(?:[-+*]|//)\s*[\w.]+(?:\[\w+\])?)*)\s*[:\])]"
"""In a line with ``for``, the number whose turns are meant: ``for i in 3:``."""


def counting(found: re.Match[str], line: str) -> str:
    numbers = re.findall(COUNTED, line)
    meant = numbers[0] if len(numbers) == 1 else "n"
    return f"`for` goes through many things, and this is one number. range({meant}) counts up to it, from 0."


NOT_CALLED = (
    r"\.(max|min|sum|mean|copy|flatten|ravel|std|astype|get_weights|items|any|all)\b(?!\s*\()"
)
METHOD = r"'(builtin_function_or_method|method|function)'"
NO_FLOAT = "A float stands where only a whole number can: "
DIVIDED = r"(?<!/)/(?!/)"
BY_DIVIDING = (
    "`/` gives a float even where nothing is left over, and a size or an index has to be a whole "
    "number. `//` divides and stays whole."
)
FLOAT = r"'(numpy\.)?float\d*' object cannot be interpreted as an integer"
SAME_SHAPE = "Two arrays meet value by value, so they need one shape, and these have two."
SHORT_SLICE = (
    " At the end of an image a slice comes out shorter than it was asked for: do the loops end "
    "where a whole window still fits? And is its size taken from the kernel, rows and columns each "
    "their own?"
)
NO_MATRICES = r"matmul: Input operand 1 has a mismatch|shapes .* not aligned"
CUT_OUT = r"\[[^\]]*:[^\]]*\]"
"""In a line, a slice."""
NOTHING = (
    "Something is None, which is no number and holds nothing. A function gives None back where "
    "`return` is missing, and so do those that change what they are called with, like .sort() and "
    ".append(); `.get(name)` does where there is no such name."
)

RULES = (
    # Arrays where one yes or no is wanted
    Rule(
        "ValueError", r"truth value of an array", r"(?<![\w.])(max|min)\(",
        "Python's own max() and min() compare whole arrays, and of two-dimensional ones whole "
        "rows. np.maximum(a, b) and np.minimum(a, b) take the larger or smaller value by value; "
        "np.max(a) and np.min(a) find one value of an array.",
    ),
    Rule(
        "ValueError", r"truth value of an array", r"(?<![\w.])sorted\(",
        "Python's own sorted() compares whole rows. np.sort(a, axis=None) sorts all values of an "
        "array.",
    ),
    Rule(
        "ValueError", r"truth value of an array", r"\b(if|while|and|or|not|assert)\b",
        "`if`, `and`, `or` and `not` want one yes or no. Of an array, a comparison gives one for "
        "each value. np.where(condition, a, b) chooses value by value; (condition).any() and "
        "(condition).all() make one of all.",
    ),
    Rule(
        "ValueError", r"truth value of an array", "",
        "One yes or no is wanted here, and an array has one for each value.",
    ),
    Rule(
        "TypeError", r"doesn't define __round__", "",
        "Python's own round() takes one number. np.round(values) rounds each value of an array.",
    ),
    # Shapes
    Rule(
        "ValueError", r"inhomogeneous shape", r"np\.(max|min|sum|maximum|minimum)\(\s*[\[(]",
        "A list or tuple is made one array first, and these do not fit into one. np.maximum(a, b) "
        "and np.minimum(a, b) take two arrays, or an array and a number, and compare value by value.",
    ),
    Rule("ValueError", r"cannot reshape array of size (\d+) into shape \((.*)\)", "", does_not_fill),
    Rule("IndexError", r"^index (-?\d+) is out of bounds for axis (\d+) with size (\d+)", "", beyond_the_end),
    Rule(
        "IndexError", r"too many indices for array: array is (\d+)-dimensional, but (\d+) were", "",
        lambda found, line: f"It has {found[1]} axes, and you gave {found[2]} indices, one after "
        "each comma. Does a colon belong there, which cuts out a part, start : stop? Or did a row "
        "or a single value take the place of the whole array? Its shape tells.",
    ),
    Rule("IndexError", r"list index out of range", "",
         "The list is shorter than that: its last index is len(...) - 1, and an empty one has none."),
    Rule("ValueError", NO_MATRICES, r"window|kernel|patch",
         "`@` and np.dot multiply as matrices, rows by columns. `*` multiplies value by value."),
    Rule("ValueError", NO_MATRICES, "",
         "`@` and np.dot multiply as matrices, so a row on the left has to be as long as a column on "
         "the right. Print both shapes: which one is not what you expect?"),
    Rule("ValueError", r"could not broadcast input array", r":\s*-\s*[A-Za-z_]",
         "The part that it is written to has another shape. A slice a : -b is empty where b is 0: "
         "let it end at its start plus its length."),
    Rule("ValueError", r"non-broadcastable output operand", "",
         "What is added is larger than the array that it is added to. Where does its slice end?"),
    Rule("ValueError", r"could not be broadcast together|could not broadcast input array", CUT_OUT,
         SAME_SHAPE + SHORT_SLICE),
    Rule("ValueError", r"could not be broadcast together|could not broadcast input array", "", SAME_SHAPE),
    Rule("ValueError", r"object too deep for desired array", r"\.(convolve|correlate)\(",
         "np.convolve and np.correlate take one row of numbers each; an image has many. Its kernel "
         "moves down as well as across."),
    Rule("ValueError", r"does not fit in an image of", "",
         "Is the order right, first the image, then the kernel? Or did the image lose rows and "
         "columns on the way here?"),
    Rule("ValueError", r"zero-size array to reduction operation", "",
         "There is nothing in this array: its slice begins beyond the last row or column, or ends "
         "where it begins. Are rows counted by the height, and columns by the width?"),
    Rule("ValueError", r"setting an array element with a sequence\.$", r"(?<![\w.])sum\(",
         "One place of the array takes one number, and several came: Python's own sum() adds the "
         "rows of a block to one row. np.sum(...) adds all of its values."),
    Rule("ValueError", r"setting an array element with a sequence\.$", r"\baxis\s*=",
         "One place of the array takes one number, and several came: with `axis`, NumPy gives one "
         "for each row or column. Without it there is one for all values."),
    Rule("ValueError", r"setting an array element with a sequence\.$", "",
         "One place of the array takes one number, and several came. Is a sum or a maximum "
         "missing on the right?"),
    Rule("ValueError", r"inhomogeneous shape", "",
         "The rows have different lengths, and an array needs rows of one length. Do the windows "
         "at the edges come out shorter?"),
    # Whole numbers
    Rule("TypeError", FLOAT, DIVIDED, BY_DIVIDING),
    Rule("TypeError", FLOAT, "", NO_FLOAT + "int(...) makes one, and `//` stays whole."),
    Rule("TypeError", r"slice indices must be integers", DIVIDED, BY_DIVIDING),
    Rule("TypeError", r"slice indices must be integers", "",
         "The bounds of a slice have to be whole numbers. `/` gives floats, `//` does not."),
    Rule("IndexError", r"^only integers, slices", DIVIDED, BY_DIVIDING),
    Rule("IndexError", r"^only integers, slices", "",
         "An index has to be a whole number, and this one is not. `/` gives floats, `//` does not."),
    Rule("TypeError", r"list indices must be integers or slices, not tuple", "",
         "A list of lists takes one index at a time: image[r][c]. With image[r, c] it has to be "
         "an array: np.array(image)."),
    Rule("TypeError", r"list indices must be integers or slices, not float", "", BY_DIVIDING),
    Rule("TypeError", r"tuple indices must be integers or slices, not tuple", "",
         "A tuple takes one index: shape[0] is its first entry."),
    Rule("TypeError", r"Cannot interpret '.*' as a data type", r"\b(zeros|ones|empty)\(",
         "np.zeros, np.ones and np.empty take the whole shape as one argument, a tuple in brackets "
         "of its own: np.zeros((rows, columns)), np.ones((rows, columns))."),
    Rule("TypeError", r"Cannot interpret '.*' as a data type", r"\bidentity\(",
         "np.identity takes one number: rows and columns are as many."),
    Rule("TypeError", r"only integer scalar arrays can be converted to a scalar index",
         r"np\.a?(max|min)\(",
         "np.max(a) and np.min(a) find one value of one array; what comes second there is an axis. "
         "np.maximum(a, b) and np.minimum(a, b) take the larger or smaller value by value."),
    Rule("TypeError", r"only integer scalar arrays can be converted to a scalar index", "",
         "An array stands where one whole number belongs. Its length is len(a), its sides are in "
         "a.shape."),
    Rule("TypeError", r"only (length-1|size-1|0-dimensional) arrays can be converted", "",
         "int(), float() and the functions of `math` take one number, and an array came. NumPy "
         "has them for arrays: np.sqrt, np.exp, np.floor, and .astype(int)."),
    Rule("TypeError", r"^'(int|numpy\.u?int\d+)' object is not iterable", r"\bfor\b.*" + COUNTED, counting),
    Rule("TypeError UFuncTypeError", r"ufunc 'bitwise_xor' not supported|for \^=?: ", r"\^",
         "`^` compares bits. A power is `**` in Python: 2 ** 3 is 8."),
    Rule("TypeError", r"`pad_width` must be of integral type", DIVIDED, BY_DIVIDING),
    Rule("TypeError", r"`pad_width` must be of integral type", "",
         "np.pad adds whole rows and columns, and a float came. `/` gives floats, `//` does not."),
    Rule("OverflowError", r"cannot convert float infinity to integer", "",
         "An array of whole numbers can't hold infinity. Make one of floats first: image.astype(float)."),
    Rule("OverflowError", r"out of bounds for (u?int\d+)", "",
         lambda found, line: f"{found[1]} can't hold a number of this size. Python's own int and "
         "float, and arrays of floats, hold any that comes up here."),
    # Brackets
    Rule("TypeError AttributeError ValueError", METHOD, NOT_CALLED,
         "A function is named here and not called: its brackets are missing, as in window.max()."),
    Rule("TypeError", r"unsupported operand type\(s\) for .*" + METHOD, "",
         "One of the two is a function, and not what it gives back. Where you got it, its brackets "
         "are missing: total = image.sum()"),
    Rule("TypeError", r"cannot unpack non-iterable (builtin_function_or_method|method|function) object", "",
         "A function stands there, and not what it gives back: its brackets are missing."),
    Rule("TypeError", METHOD + r" object is not subscriptable", r"\b[\w.]+\[",
         "A function is called with round brackets, and this line has square ones behind its name."),
    Rule("TypeError", r"'numpy\.ndarray' object is not callable", "",
         "Round brackets call a function, and this is an array: its places are in square "
         "brackets, image[row, column]."),
    Rule("TypeError", r"'tuple' object is not callable", r"\.shape\s*\(",
         "`shape` is no function: image.shape[0] is the height, image.shape[1] the width."),
    Rule("TypeError", r"'(int|float|numpy\.\w+)' object is not callable", "",
         "A number is called like a function. Is a `*` missing before a bracket, or did a "
         "variable get the name of a function, as in sum = 0?"),
    # Names and types
    Rule("UnboundLocalError", r"(?:local variable|variable) '(\w+)'", "",
         lambda found, line: f"`{found[1]}` is used before it has a value. If it is a total, let it "
         "start above the loop; if it is the argument, spell both the same; if it gets its value "
         "under an `if`, none of the conditions held."),
    Rule("NameError", r"name '(\w+)' is not defined", "", missing_name),
    Rule("AttributeError", r"'(list|tuple)' object has no attribute '(\w+)'", "",
         lambda found, line: f"A {found[1]} has no `{found[2]}`. np.array(...) makes an array of it, "
         "if that is what you meant."),
    Rule("AttributeError", r"'numpy\.ndarray' object has no attribute 'append'", "",
         "An array does not grow. Make one of the right shape first, with np.zeros, or append to "
         "a list and make an array of it at the end."),
    Rule("AttributeError", r"'numpy\.ndarray' object has no attribute '(\w+)'", "", of_numpy),
    Rule("AttributeError", r"'(?:int|float|numpy\.u?(?:int|float)\d+)' object has no attribute '(shape|size|ndim)'", "",
         lambda found, line: f"This is one number, and no array: it has no `{found[1]}`."),
    Rule("AttributeError TypeError", r"'?NoneType'?", "", NOTHING),
    Rule("TypeError", r"can't multiply sequence by non-int|unsupported operand type\(s\) for .*'list'", "",
         "A list does not compute value by value. np.array(...) makes an array of it, which does."),
    Rule("UFuncTypeError _UFuncOutputCastingError UFuncOutputCastingError TypeError",
         r"Cannot cast ufunc .* output from .*float\d+.* to .*int\d+", "",
         in_place),
    # NumPy's own names
    Rule("ValueError", r"mode '(\w+)' is not supported", r"\bpad\(",
         lambda found, line: f'"{found[1]}" is no name that np.pad knows: its mode="constant" puts '
         '0 round the image, "edge" the nearest pixel, "wrap" goes on at the opposite side.'),
    # OpenCV
    Rule("error", r"Unsupported (combination of source )?format", "",
         "OpenCV does not take every type of array; the whole numbers that NumPy makes by itself "
         "(int64) it often does not. Try it with image.astype(np.float32)."),
    # Keras
    Rule("AttributeError ValueError", r"never been called and thus has no defined|has no defined inputs yet", "",
         "Only what was called on a keras.Input has `input` and `output`. A keras.Sequential has `inputs` and "
         "`outputs`, with an s, once it begins with keras.Input(shape=...) or was called on a batch."),
    Rule("AttributeError ValueError", r"layer isn't built|must build the layer before", "",
         "There are no weights yet: they are made when the network knows its input. Begin it with "
         "keras.Input(shape=...), or call it on a batch first."),
    Rule("ValueError TypeError InvalidArgumentError",
         r"Incompatible type conversion requested to type u?int\d+ for .*of type float|"
         r"Value for attr 'T' of u?int", "",
         "Keras computes with floats, and whole numbers came: images.astype(np.float32) makes "
         "floats of them."),
    Rule("ValueError", r"expected min_ndim=4, found ndim=2.* received: \(None, ", "",
         "A convolution takes maps, (N, H, W, C), and here each image is one row of numbers. Flatten "
         "comes behind the last convolution and its pool."),
    Rule("ValueError", r"expected min_ndim=4, found ndim=2", "",
         "A convolution takes a batch of images with channels: four axes, (N, H, W, C). "
         "image[np.newaxis, :, :, np.newaxis] makes a batch of one grey image."),
    Rule("ValueError", r"expected min_ndim=4, found ndim=3", "",
         "One axis is missing: images, rows, columns and channels are four, (N, H, W, C). "
         "keras.Input(shape=(28, 28, 1)) has that of the channels."),
    Rule("ValueError", r"expected axis -1 of input shape", "",
         "The last axis holds the channels, (N, H, W, C), and this one has another number of them."),
    Rule("ValueError", r"Computed output size would be zero or negative", "",
         "No window fits: rows or columns have run out. Is the order (rows, columns, channels)?"),
    Rule("TypeError ValueError", r"Sequential\.__init__\(\) takes from .* positional arguments|"
         r"Argument `name` must be a string|Received: trainable=<", r"Sequential\(\s*([^\[\s]|$)",
         "keras.Sequential takes its layers as one list: keras.Sequential([first, second])."),
    Rule("ValueError", r"weight list of length \d+, but the layer was expecting 0 weights", r"set_weights\(",
         "The layer has no weights yet: layer.build((None, None, None, 1)), or a first call, makes them."),
    Rule("ValueError", r"weight list of length 1, but the layer was expecting 2 weights", r"set_weights\(",
         "The layer has a kernel and a bias: give it both, or make it with use_bias=False."),
    Rule("ValueError", r"weight list of length \d+, but the layer was expecting \d+ weights", r"set_weights\(",
         "set_weights takes a list with one array for each of the layer's weights."),
    Rule("ValueError", r"weight shape (\(.*\)) is not compatible with provided weight shape (\(.*\))", "",
         lambda found, line: f"The layer wants an array of shape {found[1]} here, and this one has "
         f"{found[2]}."),
)  # fmt: skip
