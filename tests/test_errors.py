"""Python's, NumPy's and Keras's own errors in words: each fits its cause, and no other."""

import ast
import linecache
import re
from pathlib import Path

import nbformat
import numpy as np
import pytest

import helpers
from course.checking.errors import FIRST_CELL, in_words, plain
from course.checking.explaining import message_of, raised
from course.checking.judge import judge
from course.exercises import EXERCISES
from course.exercises.trials.small_network import OnlyWeights
from course.grading.cage.door import Withheld
from course.lessons import LESSONS

ROOT = Path(__file__).resolve().parents[1]

GIVEN = {
    "np": np,
    "helpers": helpers,
    "image": np.arange(35.0).reshape(5, 7),
    "window": np.arange(9).reshape(3, 3),
    "rows": [[1, 2], [3, 4]],
    "nothing": None,
    "H": 5,
    "W": 7,
}


def told(line: str, first: str = "pass") -> str:
    """What is said of the error that one line raises, in a cell of a notebook."""
    source = f"def answer():\n    {first}\n    {line}\n"
    linecache.cache["<cell>"] = (len(source), None, source.splitlines(True), "<cell>")
    names = dict(GIVEN)
    exec(compile(source, "<cell>", "exec"), names)  # noqa: S102 - the lines below
    with pytest.raises(Exception) as caught:
        names["answer"]()
    message = raised(caught.value, 10.0)
    assert f"line 3, in answer: {line}" in message
    return message


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("return max(0, image)", "np.maximum(a, b)"),
        ("return np.max([0, image])", "compare value by value"),
        ("return round(image)", "np.round(values)"),
        (
            "return np.pad(image, 1, mode='zero')",
            '"zero" is no name that np.pad knows: its mode="constant"',
        ),
        ("return 5.0 ^ 2", "A power is `**` in Python"),
        ("return image ^ 2", "A power is `**` in Python"),
        ("return [i for i in 3]", "range(3)"),
        ("return [i for i in image.shape[0]]", "range(image.shape[0])"),
        ("for i in H - 1: pass", "range(H - 1)"),
        ("for i in len(image): pass", "range(len(image))"),
        ("return math.sqrt(H)", "add `import math`"),
        ("return plt.imshow(image)", "add `import matplotlib.pyplot as plt`"),
        ("window[0] /= 2", "np.zeros(shape) holds floats"),
        ("mine = window; mine *= H / (W + 1); return mine", "mine = mine * (H / (W + 1))"),
        ("return np.clip(window, 0.5, 2.5, out=window)", "Leave `out=` away"),
        ("return np.ones(3, 3)", "np.ones((rows, columns))"),
        ("mine = window; mine /= 2; return mine", "Make a new array: mine = mine / 2"),
        ("return max(window)", "np.max(a)"),
        ("return sorted(window)", "np.sort(a, axis=None)"),
        ("return 0 if image < 0 else image", "np.where(condition, a, b)"),
        ("return image and 1", "want one yes or no"),
        ("return bool(image)", "One yes or no is wanted here"),
        ("return image.reshape(H // 2, 2, W // 2, 2)", "cut it off first"),
        ("return image.reshape(6, 6)", "35 of them do not fill a shape that holds 36."),
        ("return image[5, 0]", "axis 0, which counts rows in an image, for number 5. There are 5"),
        ("return image[0, 7]", "which counts columns in an image, for number 7. There are 7"),
        ("return image[0, 0, 0]", "2 axes, and you gave 3 indices"),
        ("return rows[2]", "its last index is len(...) - 1"),
        ("return image @ window", "`*` multiplies value by value"),
        (
            "return image.ravel() @ np.ones((9, 2))",
            "a row on the left has to be as long as a column",
        ),
        ("return np.dot(image.ravel(), np.ones((9, 2)))", "Print both shapes"),
        ("return image[:2, :3] * window", "slice comes out shorter"),
        ("return np.convolve(image, window)", "take one row of numbers each"),
        ("return np.identity(3, 3)", "np.identity takes one number"),
        ("return np.max(0, image)", "what comes second there is an axis"),
        ("return image[5:, 0].max()", "its slice begins beyond the last row or column"),
        ("window[0, 0] = sum(window)", "Python's own sum() adds the rows"),
        ("window[0, 0] = np.median(window, axis=0)", "Without it there is one for all values"),
        ("return image[1, 3, 2, 4]", "Does a colon belong there"),
        ("return np.pad(image, H / 2)", "`//` divides and stays whole"),
        ("return np.pad(image, 2.0)", "np.pad adds whole rows and columns"),
        ("return np.pad(window, 1, constant_values=-np.inf)", "can't hold infinity"),
        ("return np.uint8(1022)", "uint8 can't hold a number of this size"),
        ("return image.median()", "NumPy has a function: np.median(a)"),
        ("return H.shape", "This is one number, and no array: it has no `shape`"),
        ("return rows.sort()[0]", "like .sort() and .append()"),
        ("return helpers.conv2d(window, image)", "first the image, then the kernel"),
        ("image[0, 0] = window", "Is a sum or a maximum missing"),
        ("return np.array([[1, 2], [3]])", "rows of one length"),
        ("return np.zeros((H / 2, W / 2))", "`//` divides and stays whole"),
        ("return [0 for _ in range(H / 2)]", "`//` divides and stays whole"),
        ("return range(2.0)", "int(...) makes one"),
        ("return image[H / 2]", "`//` divides and stays whole"),
        ("return image[: H / 2]", "`//` divides and stays whole"),
        ("return image[2.0]", "An index has to be a whole number"),
        ("return rows[0, 1]", "image[r][c]"),
        ("return image.shape[0, 1]", "A tuple takes one index"),
        ("return np.zeros(3, 4)", "a tuple in brackets of its own"),
        ("return range(np.array([3, 4]))", "Its length is len(a)"),
        ("return int(image)", "take one number, and an array came"),
        ("return window.max + 1", "its brackets are missing"),
        ("return float(window.max)", "its brackets are missing"),
        ("return np.zeros[3, 4]", "round brackets"),
        ("return image(0, 1)", "its places are in square brackets"),
        ("return image.shape(0)", "image.shape[0] is the height"),
        ("return 3(H + 1)", "Is a `*` missing"),
        ("total += 1", "`total` is used before it has a value"),
        ("return widht", "Nothing is called `widht` here"),
        ("return rows.shape", "A list has no `shape`"),
        ("return image.append(1)", "An array does not grow"),
        ("return nothing.shape", "Something is None"),
        ("return nothing >= 0.9", "Something is None"),
        ("return rows * 1.5", "A list does not compute value by value"),
        ("return rows - rows", "A list does not compute value by value"),
        ("out = np.zeros(3, int); out += 0.5", "write into the array that is there"),
    ],
)
@pytest.mark.filterwarnings("ignore::SyntaxWarning")
def test_an_error_is_told_in_words_that_fit_its_line(line, words):
    assert words in told(line)


def test_np_without_its_import_is_told():
    message = in_words(["NameError"], "name 'np' is not defined", "out = np.zeros(3)")
    assert "run the first cell" in message


def test_only_what_every_first_cell_imports_is_told_to_run_it():
    for lesson in LESSONS.values():
        cells = nbformat.read(lesson.notebook(ROOT), 4).cells
        code = [cell.source for cell in cells if cell.cell_type == "code"]
        first = next(source for source in code if "from course import" in source)
        imported = {
            alias.asname or alias.name
            for node in ast.walk(ast.parse(first))
            if isinstance(node, ast.Import | ast.ImportFrom)
            for alias in node.names
        }
        used = {name for name in FIRST_CELL if re.search(rf"\b{name}[.(]", "\n".join(code))}
        missing = {"np", *used} - imported
        assert not missing, f"the first cell of {lesson.stem} should import {missing}"
        assert "math" not in imported


@pytest.mark.parametrize(
    "line", ["return np.clip(window, 0.5, 2.5, out=window)", "np.add(window, 0.5, window)"]
)
def test_what_writes_without_an_assignment_is_not_told_of_one(line):
    assert "+=" not in told(line)


def test_a_number_that_no_for_goes_through_is_told_no_range():
    assert "range(" not in told("return [i for i in sum(3)]")


def test_an_argument_that_is_none_by_default_is_named():
    def pool_output_size(size, pool_size=2, strides=None):
        return (size - pool_size) // strides + 1

    message = judge(EXERCISES["pool_output_size"], pool_output_size).message
    assert "`strides` is None unless a call gives it" in message
    assert "`return` is missing" not in message


def test_a_default_that_was_filled_in_is_not_blamed_for_another_none():
    def pool_output_size(size, pool_size=2, strides=None):
        strides = pool_size if strides is None else strides
        count = {}.get("count")
        return count // strides

    message = judge(EXERCISES["pool_output_size"], pool_output_size).message
    assert "`strides` is None" not in message
    assert "`.get(name)` does" in message


@pytest.mark.parametrize(
    "line",
    [
        "raise ValueError('the truth is an array')",
        "raise KeyError('value')",
        "return np.linalg.inv(np.zeros((2, 2)))",
        "assert H == 6",
        "return {}['acc']",
    ],
)
def test_what_no_rule_fits_is_told_as_it_is(line):
    assert len(told(line).splitlines()) == 2


def test_division_into_whole_numbers_is_not_blamed_for_a_float_of_another_kind():
    assert "`/` gives a float" not in told("return range(H // 2 * 1.0)")


INTEGERS = (
    "Exception encountered when calling Conv2D.call().\n\n\x1b[1mIncompatible type conversion "
    "requested to type int64 for `tf.Variable of type float32. (Variable: <tf.Variable 'k:0'>)"
    "\x1b[0m\n\nArguments received by Conv2D.call():\n  • inputs=tf.Tensor(shape=(1, 8, 8, 1))"
)
UNCALLED = "The layer sequential has never been called and thus has no defined input."
FLAT = (
    "Input 0 with name 'None' of layer 'conv2d_3' is incompatible with the layer: expected "
    "min_ndim=4, found ndim=2. Full shape received: (8, 8)"
)
UNBUILT = "You tried to call `count_params` on layer 's', but the layer isn't built."
BARE = (
    "You called `set_weights(weights)` on layer 'c' with a weight list of length 3, but the layer "
    "was expecting 1 weights."
)
KERAS = [  # as Keras 3.11 writes them
    ("ValueError", INTEGERS, "astype(np.float32)"),
    ("AttributeError", UNCALLED, "has `inputs` and `outputs`, with an s, once it begins with"),
    ("ValueError", UNBUILT, "There are no weights yet"),
    ("ValueError", FLAT, "image[np.newaxis, :, :, np.newaxis]"),
    ("ValueError", FLAT.replace("(8, 8)", "(None, 784)"), "Flatten comes behind the last"),
    ("ValueError", BARE, "one array for each of the layer's weights"),
    ("ValueError", BARE.replace("expecting 1", "expecting 0"), "The layer has no weights yet"),
    ("ValueError", BARE.replace("3, but", "1, but").replace("g 1", "g 2"), "use_bias=False"),
    ("ValueError", FLAT.replace("ndim=2", "ndim=3"), "keras.Input(shape=(28, 28, 1))"),
    ("ValueError", FLAT.replace("min_ndim=4, found", "axis -1 of input shape"), "channels, (N, H"),
    ("ValueError", "Computed output size would be zero or negative.", "No window fits"),
    ("TypeError", "cannot unpack non-iterable method object", "its brackets are missing"),
]


@pytest.mark.parametrize(("type_", "message", "words"), KERAS)
def test_keras_is_told_in_words_too(type_, message, words):
    assert words in in_words([type_], plain(message), "layer.set_weights(model(image))")


def test_escape_sequences_and_frames_of_keras_never_reach_the_page():
    told = plain(INTEGERS)
    assert told.startswith("Incompatible type conversion")
    assert told.endswith("'k:0'>)")
    assert plain(f"ValueError: {INTEGERS}") == f"ValueError: {told}"


def test_a_long_message_ends_at_a_word():
    def relu(values):
        raise ValueError("word " * 100 + "end")

    message = judge(EXERCISES["relu"], relu).message
    assert "word word ..." in message
    assert "end" not in message.split("word ...")[0]


@pytest.mark.parametrize("kind", [Withheld, OnlyWeights])
def test_an_error_of_the_course_is_its_sentence_alone(kind):
    assert raised(kind("Write your own."), 1.0) == message_of(kind("Write your own."))
    assert message_of(kind("Write your own.")) == "Write your own."


def test_the_words_stand_in_the_verdict():
    result = judge(EXERCISES["relu"], lambda values: max(0, values))
    assert result.mistake == "raised"
    assert "It raised ValueError" in result.message
    assert "np.maximum(a, b)" in result.message


@pytest.mark.parametrize("line", ["return image.sum(0) / window.sum(0)", "return image + window"])
def test_shapes_that_do_not_fit_are_no_short_slices_where_nothing_is_cut_out(line):
    message = told(line)
    assert "they need one shape" in message and "slice" not in message


def test_an_error_of_opencv_is_told_without_the_path_of_its_source():
    cv2 = pytest.importorskip("cv2")
    with pytest.raises(cv2.error) as caught:
        cv2.medianBlur(np.arange(9).reshape(3, 3), 3)
    message = raised(caught.value, 10.0)
    assert "/" not in message.splitlines()[0] and "Unsupported format" in message
    assert "Try it with image.astype(np.float32)" in message


@pytest.mark.parametrize(
    ("first", "line", "words"),
    [
        ("total = image.sum", "return image / total", "brackets are missing: total = image.sum()"),
        ("if H < 0: total = 0", "return total", "none of the conditions held"),
    ],
)
def test_an_error_that_an_earlier_line_made_is_told_in_words(first, line, words):
    assert words in told(line, first)


def test_layers_that_are_no_list_are_told_that_keras_wants_one():
    message = "Argument `name` must be a string and cannot contain character `/`."
    line = "return keras.Sequential(keras.layers.Flatten(), keras.layers.Dense(10))"
    assert "as one list" in in_words(["ValueError"], message, line)
    assert not in_words(["ValueError"], message, "keras.Sequential([layer], name=3)")
    many = "Sequential.__init__() takes from 1 to 4 positional arguments but 5 were given"
    assert "as one list" in in_words(["TypeError"], many, "return keras.Sequential(")


def test_an_index_beyond_the_end_asks_for_image_and_kernel_only_where_there_are_some():
    assert "of image and kernel" in told("return image[5, 0]")
    assert "of image and kernel" not in told("counts[9] += 1", "counts = np.zeros(3)")


def test_of_a_message_of_megabytes_the_beginning_is_looked_at():
    assert plain("first " + "and more " * 10**6).startswith("first and more")
    assert len(plain("first " + "and more " * 10**6)) < 100_000


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("return width", "there is a `self.width`"),
        ("return height", "Nothing is called `height` here. Is it spelled"),
        ("width = width + 1", "`width` is used before it has a value"),
    ],
)
def test_a_method_is_told_of_what_its_object_keeps_and_of_nothing_else(line, words):
    assert words in told(line, first="self = type('Layer', (), {'width': None})()")
