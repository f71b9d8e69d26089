"""Honest work that is not as the lesson left it: it keeps its points, and what went wrong is told."""

import json
import re
import sys
from collections.abc import Callable

import pytest

from course.exercises import EXERCISES
from course.grading import grader
from course.grading.cage.cage import Limits
from course.grading.graded import Graded, Submission
from course.grading.grader import Terms, grade, replacing
from course.lessons import LESSONS

pytestmark = [
    pytest.mark.seconds,
    pytest.mark.skipif(sys.platform != "linux", reason="needs bubblewrap"),
]

Cells = dict[str, str]
"""The code cells of a notebook, by their ids."""


@pytest.fixture(scope="module", autouse=True)
def no_cage_afterwards():
    grader.close()
    yield
    grader.close()


def solved(lesson: int) -> Cells:
    """The code cells of a solved lesson."""
    notebook = json.loads(LESSONS[lesson].solution().read_text("utf-8"))
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    return {cell["id"]: "".join(cell["source"]) for cell in code}


def first(cells: Cells) -> str:
    """The id of the cell that imports what the lesson needs."""
    return next(key for key, source in cells.items() if "import numpy" in source)


def graded(lesson: int, cells: Cells, **limits: float) -> Graded:
    """Grade these cells as a notebook of that lesson."""
    submission = Submission("ash", lesson, tuple(cells.values()))
    return grade(submission, Terms(577, Limits(**limits)))


def lost(lesson: int, cells: Cells, **limits: float) -> dict[str, str]:
    """The exercises that did not earn their points, and why."""
    results = graded(lesson, cells, **limits).results
    return {result.key: result.message for result in results if not result}


# --- A line that cannot run ------------------------------------------------------------------------

LINES = {
    "import pandas_of_theirs as pd": "--with-package pandas_of_theirs",
    'from google.colab import drive; drive.mount("/content/drive")': "on Colab only",
    "%run my_helpers.py": "--with-files FOLDER",
    "from my_helpers import *": "--with-files FOLDER",
    "numbers = np.loadtxt('numbers.csv')": "--with-files FOLDER",
    "text = open('notes.txt').read()": "--with-files FOLDER",
    "raise ValueError('File not found: filepath=my_model.keras. Please ensure')": "no such file in",
    'import matplotlib.pyplot as plt\nplt.style.use("seaborn")': "not a valid package style",
    "!pip install pandas_of_theirs": "--with-package pandas_of_theirs",
    "%pip install -q pandas_of_theirs>=2": "--with-package pandas_of_theirs",
    "import urllib.request; urllib.request.urlopen('http://example.com/')": "no network",
    "import cv2\nframe = cv2.VideoCapture(0).read()[1]\nframe.shape": "a camera",
    "name = input('Your name? ')": "Nobody types",
    "%no_such_magic": "magic function `%no_such_magic` not found",
    "print(never_defined)": "name 'never_defined' is not defined",
    "1 / 0": "ZeroDivisionError",
    "def broken(:\n    pass": "can't be read (SyntaxError",
    "import sys; sys.exit()": "exit()",
}


AT_ONCE = ("import pandas", "from google.colab", "!pip", "print(never", "def broken", "import sys")
"""Where the lines begin that are tried whenever anything has changed; all are by `make test`."""


@pytest.mark.parametrize(
    "line",
    [pytest.param(one, marks=() if one.startswith(AT_ONCE) else pytest.mark.slow) for one in LINES],
)
def test_one_line_that_cannot_run_costs_nothing_and_is_told(line):
    cells = solved(1)
    place = [*cells].index(first(cells))
    cells[first(cells)] = f"{line}\n{cells[first(cells)]}"
    got = graded(1, cells)
    assert got.total == got.max
    assert got.notes[0].startswith(f"Code cell {place + 1}, line ")
    assert LINES[line] in got.notes[0]
    assert len(got.notes) == 1


INSIDE = {
    "import pandas_of_theirs": "--with-package pandas_of_theirs",
    "import my_helpers": "--with-files FOLDER",
    "np.loadtxt('numbers.csv')": "no such file in the grader",
}


@pytest.mark.parametrize("line", INSIDE)
def test_what_an_answer_reaches_for_inside_is_told_as_it_is_in_a_cell(line):
    cells = solved(1)
    cells["neighborhood"] = f"def neighborhood(image, row, col):\n    {line}\n    return image"
    got = graded(1, cells)
    assert [result.key for result in got.results if not result] == ["neighborhood"]
    (note,) = got.notes
    assert note.startswith("`neighborhood` raised ") and INSIDE[line] in note


def test_it_is_told_once():
    cells = solved(1)
    cells[first(cells)] += "\nimport pandas_of_theirs"
    cells["neighborhood"] = (
        "def neighborhood(image, row, col):\n    import pandas_of_theirs\n    return image"
    )
    (note,) = graded(1, cells).notes
    assert note.startswith("Code cell ")


def test_a_verdict_says_of_a_package_what_the_note_says():
    cells = solved(1)
    cells["to_pixels"] = "import pandas as pd\nto_pixels = lambda values: pd.array(values)"
    cells["output_size"] = "import pandas as pd\noutput_size = pd.array"
    got = graded(1, cells)
    said = [result.message for result in got.results if not result]
    assert len(said) == 2 and len(got.notes) == 2
    for message in said:
        assert "there is no package or file `pandas`" in message and "add `import" not in message


def test_it_costs_nothing_in_another_lesson_either():
    cells = solved(6)
    cells[first(cells)] = f"import pandas_of_theirs as pd\n{cells[first(cells)]}"
    assert not lost(6, cells)


def test_first_true_error_is_told_and_not_what_follows_from_it():
    cells = solved(1)
    head = "from tables_of_theirs import read\ntable = read('a')\nrows = table.rows\n1 / 0\n"
    cells[first(cells)] = head + cells[first(cells)]
    package, other = graded(1, cells).notes
    assert "tables_of_theirs" in package
    assert other.startswith("Code cell 2, line 4 stopped. It raised ZeroDivision")


def test_installing_what_is_there_is_not_told():
    cells = solved(1)
    cells[first(cells)] = f"!pip install numpy\n{cells[first(cells)]}"
    assert graded(1, cells).notes == ()


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="here it can be read")
def test_f_string_of_a_newer_python_is_told_as_what_it_is():
    cells = solved(1)
    cells["to_pixels"] = 'print(f"{"a" + "b"}")\n' + cells["to_pixels"]
    got = graded(1, cells)
    assert got.total == got.max
    assert "Python 3.12 or newer" in got.notes[0]


# --- Cells of the lesson that are gone, or spoilt --------------------------------------------------


def without_the_first(cells: Cells) -> Cells:
    return {key: source for key, source in cells.items() if key != first(cells)}


def merged(cells: Cells) -> Cells:
    return {"all": "\n\n".join(source for key, source in cells.items() if key != "colab")}


def only_answers(cells: Cells) -> Cells:
    return {key: source for key, source in cells.items() if key in EXERCISES}


def spoilt(cells: Cells) -> Cells:
    """Each given cell raises, the first brings no NumPy, and below each cell is a function of the
    student's own, which the next answer calls.
    """
    changed: Cells = {}
    below: list[str] = []
    for key, source in cells.items():
        if key in EXERCISES:
            head, define, body = f"\n{source}".rpartition("\ndef ")
            if define:
                first_line, _, rest = body.partition("\n")
                calls = "".join(f"    {name}(1)\n" for name in below)
                source = f"{head}{define}{first_line}\n{calls}{rest}"
                below = []
        elif not key.endswith("-check"):
            source = source.replace("import numpy", "import no")
            # Nobody looks at what is trained here: two steps do, and none by Keras.
            source = re.sub(r"(?<!:)\b[13]00\b(?!:)", "2", source.replace("tensorflow", "no_such"))
            source += "\nraise RuntimeError('my own mistake')"
        below.append(f"own_{len(changed)}")
        changed[key] = f"{source}\n\ndef {below[-1]}(values):\n    return values\n"
    return changed


def without_checks(cells: Cells) -> Cells:
    return {key: source for key, source in cells.items() if not key.endswith("-check")}


# One lesson after the other: each has a cage of its own.
WAYS = [
    pytest.param(lesson, way, marks=pytest.mark.slow if way is spoilt else ())
    for lesson in (1, 2, 3, 6)
    for way in (without_the_first, only_answers, spoilt, without_checks)
]


@pytest.mark.parametrize(("lesson", "way"), WAYS)
def test_what_the_lesson_gives_is_there_whatever_became_of_its_cells(
    lesson: int, way: Callable[[Cells], Cells]
):
    assert not lost(lesson, way(solved(lesson)))


@pytest.mark.slow
def test_all_cells_may_be_one():
    assert not lost(1, merged(solved(1)))


def test_nothing_that_a_student_made_is_made_again():
    cells = without_the_first(solved(1))
    cells = {"own": "hiker = 'mine'", **cells, "end": "assert hiker == 'mine'"}
    got = graded(1, cells)
    assert got.total == got.max and got.notes == ()


# --- What is withheld, while cells run -------------------------------------------------------------


def answered(key: str, source: str, lesson: int = 1, **others: str) -> Cells:
    """A solved lesson with other cells."""
    cells = {**solved(lesson), key: source}
    for name, more in others.items():
        cells[name] = more
    return cells


def test_a_helper_that_answers_an_exercise_may_be_compared_with():
    head = "expected = helpers.conv2d(hiker, kernel)\n"
    tail = "\nassert np.allclose(conv2d_valid(hiker, kernel), expected)"
    cells = solved(1)
    got = graded(1, answered("conv2d_valid", head + cells["conv2d_valid"] + tail))
    assert got.total == got.max and got.notes == ()


def test_what_is_imported_beside_a_helper_may_be_used():
    cells = solved(1)
    cells[first(cells)] += "\nfrom scipy import signal as sg"
    cells["conv2d_valid"] = (
        "def conv2d_valid(image, kernel):\n"
        "    return sg.correlate2d(np.asarray(image, float), kernel, mode='valid')"
    )
    assert not lost(1, cells)


BORROWS = {
    "by its name": "def conv2d_valid(image, kernel):\n    return helpers.conv2d(image, kernel)",
    "captured": "f = helpers.conv2d\ndef conv2d_valid(image, kernel):\n    return f(image, kernel)",
    "the course's": "def conv2d_valid(*given):\n    return yours.conv2d_valid(*given)",
    "swallowed": """\
def conv2d_valid(image, kernel):
    try:
        return helpers.conv2d(image, kernel)
    except Exception:
        kh, kw = kernel.shape
        rows, cols = image.shape[0] - kh + 1, image.shape[1] - kw + 1
        places = [[image[r : r + kh, c : c + kw] for c in range(cols)] for r in range(rows)]
        return np.array([[float((one * kernel).sum()) for one in row] for row in places])""",
}


@pytest.mark.parametrize("way", BORROWS)
def test_an_answer_that_needs_it_earns_nothing_and_is_told_so(way):
    missed = lost(1, answered("conv2d_valid", BORROWS[way]))
    assert missed.keys() == {"conv2d_valid"}
    assert (
        "which answers this exercise. That earns nothing: write your own." in missed["conv2d_valid"]
    )
    assert "conv2d" in missed["conv2d_valid"].partition("uses ")[2]


def test_an_import_in_the_place_of_an_answer_earns_nothing_and_is_named():
    line = "from helpers.convolution import conv2d as conv2d_valid"
    missed = lost(1, answered("conv2d_valid", line))
    assert missed.keys() == {"conv2d_valid"}
    assert f"`{line}` replaced `conv2d_valid`" in missed["conv2d_valid"]


def test_an_import_that_replaces_what_was_never_written_is_no_borrowing():
    notebook = json.loads(LESSONS[1].notebook().read_text("utf-8"))
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    cells = {cell["id"]: "".join(cell["source"]) for cell in code}
    got = graded(1, {**cells, "last": "from helpers import *"})
    assert got.total == 0 and {result.status for result in got.results} == {"not_attempted"}
    (told,) = (result.message for result in got.results if result.key == "neighborhood")
    assert told.startswith("`from helpers import *` replaced `neighborhood`")


def test_one_that_borrows_below_such_an_import_is_told_so():
    assert replacing(["from helpers import *", "def relu(x):\n    return x"], "relu") == ""
    assert replacing(["def relu(x):\n    return x", "from helpers import relu as r"], "relu") == ""
    assert replacing(["relu = 3", "from helpers import pad, relu"], "relu")


def test_others_build_on_the_course_where_an_answer_is_wrong():
    wrong = "def conv2d_valid(image, kernel):\n    return np.zeros((2, 2))"
    assert lost(1, answered("conv2d_valid", wrong)).keys() == {"conv2d_valid"}


def test_a_function_goes_out_with_its_questions():
    cells = solved(6)
    cells["numerical_gradient"] += (
        "\ntried = np.array([[1.0, -3.0]])\n"
        "theirs = helpers.learning.numerical_gradient(\n"
        "    lambda k: float(helpers.conv2d(k, k)[0, 0]), tried)\n"
        "assert np.allclose(theirs, 2 * tried, atol=1e-4), theirs"
    )
    got = graded(6, cells)
    assert got.total == got.max and got.notes == ()


def test_what_a_helper_raises_is_raised():
    tail = """
try:
    helpers.conv2d(np.ones((2, 2)), np.ones((3, 3)))
except ValueError as error:
    assert "does not fit" in str(error)
else:
    raise AssertionError
"""
    cells = solved(1)
    assert graded(1, answered("to_pixels", cells["to_pixels"] + tail)).notes == ()


KERNELS = {
    "the course's": ("horizontal_kernel = helpers.HORIZONTAL", False),
    "a copy": ("horizontal_kernel = np.array(helpers.HORIZONTAL)", False),
    "turned round": ("k = helpers.kernels.VERTICAL\nhorizontal_kernel = k.T.copy()", False),
    "one's own, compared": (
        (
            "horizontal_kernel = np.array([[-1, -2, -1], [0, 0, 0], [1, 2, 1]])\n"
            "print(np.allclose(horizontal_kernel, helpers.HORIZONTAL))\n"
            "difference = horizontal_kernel - helpers.HORIZONTAL\n"
            "assert (horizontal_kernel == helpers.HORIZONTAL).all() and not difference.any()"
        ),
        True,
    ),
}


@pytest.mark.parametrize("way", KERNELS)
def test_a_kernel_of_the_course_may_be_compared_with_and_is_no_answer(way):
    source, right = KERNELS[way]
    vertical = "vertical_kernel = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])"
    got = graded(2, answered("horizontal_kernel", source, 2, vertical_kernel=vertical))
    missed = [result.key for result in got.results if not result]
    assert missed == ([] if right else ["horizontal_kernel"])
    assert got.notes == ()


# --- As in a notebook ------------------------------------------------------------------------------


def test_cells_may_ask_what_a_check_said():
    worth = EXERCISES["convolve_pixel"].points
    keys = LESSONS[1].exercises
    so_far = sum(EXERCISES[key].points for key in keys[: keys.index("convolve_pixel") + 1])
    tail = f"""
result = check.convolve_pixel(convolve_pixel)
assert result.points == {worth} and result.max_points == {worth} and result.status == "passed"
assert "convolve_pixel: Passed ({worth} of {worth} points)" in str(check.convolve_pixel(convolve_pixel))
assert progress().points == {so_far} and progress().max_points == 100
assert not check.to_pixels(lambda values: values)
"""
    cells = solved(1)
    got = graded(1, answered("convolve_pixel", cells["convolve_pixel"] + tail))
    assert got.total == got.max and got.notes == ()


def test_a_future_import_and_the_last_result_hold_in_later_cells():
    cells = {
        "future": "from __future__ import annotations",
        "later": "def late(one: NeverDefined): ...\n6 * 7",
        "last": "assert _ == 42",
        **solved(1),
    }
    assert graded(1, cells).notes == ()


def test_magics_see_the_variables_of_the_notebook():
    cells = {"magic": "%time answer = 42", "later": "%%time\ntwice = 2 * answer", **solved(1)}
    cells["last"] = "files = !echo here\nassert (answer, twice, files[0]) == (42, 84, 'here')"
    assert graded(1, cells).notes == ()


def test_a_slow_line_costs_itself_alone():
    cells = solved(1)
    slow = f"{cells['conv2d_valid']}\nwhile True:\n    pass\n"
    cells["conv2d_valid"] = slow
    cells["to_pixels"] = f"import time; time.sleep(60)\n{cells['to_pixels']}"
    got = graded(1, cells, seconds=1.0)
    assert got.total == got.max
    assert "was still running after 1 seconds" in got.notes[0]


def test_a_line_that_ends_python_costs_itself_alone():
    cells = solved(1)
    cells["conv2d_valid"] = f"import os\n{cells['conv2d_valid']}\nos._exit(1)"
    got = graded(1, cells)
    assert got.total == got.max
    assert "was left out. Python ended while it ran" in got.notes[0]


def test_a_line_that_cannot_be_read_costs_no_other():
    cells = solved(1)
    cells["output_size"] = f"x = (1 +\n{cells['output_size']}\nif x\n    y = 1\nelse:\n    y = 2\n"
    got = graded(1, cells)
    assert got.total == got.max
    assert "can't be read" in got.notes[0]
