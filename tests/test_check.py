"""What a learner calls: check, hint, solution and yours, in a terminal and in a real notebook."""

import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from nbformat import v4

from course.authoring.running import execute
from course.checking import check as checking
from course.checking import explaining, progress, result
from course.checking.beside import duration, kinds_of
from course.checking.check import Check, CheckFailed, check
from course.checking.yours import Yours, source_of, yours
from course.exercises import EXERCISES
from course.lessons import LESSONS

ROOT = Path(__file__).resolve().parents[1]
KEY = "convolve_pixel"
WINDOW = [[0, 64, 128], [48, 192, 144], [142, 226, 168]]
KERNEL = [[-1, 0, -2], [0.5, 4.5, -1.5], [1.5, 2, -3]]


def convolve_pixel(window, kernel):
    return float(np.sum(np.asarray(window, dtype=float) * kernel))


def flipped(window, kernel):
    return convolve_pixel(window, kernel[::-1, ::-1])


def stub(window, kernel):
    raise NotImplementedError


@pytest.fixture(autouse=True)
def fresh(tmp_path, monkeypatch):
    """Nothing is remembered, nobody is watching."""
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "progress.sqlite"))
    monkeypatch.delenv("COURSE_STRICT", raising=False)
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    monkeypatch.setattr(progress, "_in_memory", None)
    monkeypatch.setattr(yours, "_answers", {})


# --- The verdict ----------------------------------------------------------------------------------


def test_result_says_everything_that_others_read():
    found = check.convolve_pixel(flipped)
    assert (found.key, found.status, found.mistake) == (KEY, "failed", "flipped")
    assert (found.points, found.max_points) == (0, EXERCISES[KEY].points)
    assert "732" in found.message
    assert not found
    passed = check.convolve_pixel(convolve_pixel)
    assert (passed.status, passed.points, passed.mistake) == ("passed", passed.max_points, None)


def test_verdict_shows_as_text_in_a_terminal(capsys):
    check.convolve_pixel(stub)
    assert capsys.readouterr().out.startswith("○ convolve_pixel: Not attempted (0 of ")


def test_verdict_as_html_escapes_what_the_learner_wrote():
    found = result.Result("k", "failed", None, "Came back: <b>&\n    1 < 2", 0, 1).as_html()
    assert "<b>" not in found
    assert "Came back: &lt;b&gt;&amp;</p><pre" in found


def test_backticks_become_code_and_stay_what_they_are_in_a_terminal():
    found = result.Result("k", "failed", None, "Is it `a < b`?\n    `raw`", 0, 1)
    assert "Is it <code>a &lt; b</code>?</p><pre" in found.as_html()
    assert "`raw`</pre>" in found.as_html()
    assert "Is it `a < b`?" in str(found)


def test_a_kernel_is_one_block_however_it_is_judged():
    for found in (check.sharpen_kernel(np.eye(3)), check.horizontal_kernel(np.eye(3))):
        assert "Given:</p><pre" in found.as_html()
        assert "[[1., 0., 0.],\n" in found.as_html()


def test_an_array_of_four_axes_is_one_block():
    text = explaining.came_back(np.zeros((2, 2, 1, 2)))
    assert "\n\n" not in text
    assert text.count("[0., 0.]") == 4


def test_numbers_of_numpy_in_a_list_are_written_as_python_writes_its_own():
    assert explaining.written([np.int64(12), [np.float64(0.5)]]) == "[12, [0.5]]"
    assert explaining.written((np.eye(2), np.ones(1))).startswith(
        "[[1., 0.],\n [0., 1.]]  (float64"
    )


# --- A pass ---------------------------------------------------------------------------------------


def by_loops(window, kernel):
    total = 0.0
    for i in range(3):
        for j in range(3):
            total += float(window[i, j] * kernel[i, j])
    return total


def test_a_pass_shows_both_codes_what_they_are_made_of_and_their_times():
    found = check.convolve_pixel(by_loops)
    said = str(found.beside)
    assert re.fullmatch(r"Yours: a loop; [\d.]+ µs\. The course's: .+; [\d.]+ µs\.", said), said
    assert "a loop" not in said.partition("The course's")[2]
    page = found.as_html()
    assert "total += float(" in page
    assert "np.sum(" in page
    assert page.index("Right.") < page.index("<details>") < page.index("total +=")


@pytest.mark.parametrize(
    ("source", "kinds"),
    [
        ("from scipy import ndimage\nndimage.correlate(a, b)", ("SciPy",)),
        ("[image[r : r + 3] for r in range(9)]", ("a comprehension", "a slice")),
        ("np.lib.stride_tricks.sliding_window_view(a, 3)", ("NumPy's windows",)),
        ("while x:\n    x = cv2.filter2D(x, -1, k)", ("a loop", "OpenCV")),
        ("a + b", ()),
    ],
)
def test_ways_that_differ_in_kind_are_named(source, kinds):
    assert kinds_of(source) == kinds


def test_what_fails_or_is_watched_by_a_machine_shows_no_code(monkeypatch):
    assert check.convolve_pixel(flipped).beside is None
    monkeypatch.setenv("COURSE_STRICT", "1")
    assert check.convolve_pixel(by_loops).beside is None


def test_code_that_has_no_source_passes_all_the_same():
    namespace = {"np": np}
    exec("def convolve_pixel(w, k): return float(np.sum(w * k))", namespace)  # noqa: S102
    found = check.convolve_pixel(namespace["convolve_pixel"])
    assert found
    assert found.beside is None


@pytest.mark.parametrize(
    ("seconds", "written"), [(2.345, "2.3 s"), (0.0123, "12 ms"), (4.56e-5, "46 µs"), (0, "1 µs")]
)
def test_times_are_written_with_two_digits(seconds, written):
    assert duration(seconds) == written


@pytest.mark.parametrize("variable", ["COURSE_STRICT", "NBGRADER_EXECUTION"])
@pytest.mark.parametrize("answer", [flipped, stub])
def test_strict_mode_raises_and_still_remembers(variable, answer, monkeypatch):
    monkeypatch.setenv(variable, "1")
    with pytest.raises(CheckFailed, match="convolve_pixel: Not"):
        check.convolve_pixel(answer)
    assert KEY in progress.remembered()
    assert check.convolve_pixel(convolve_pixel)


def test_misspelt_check_is_answered_with_the_one_that_was_meant():
    with pytest.raises(AttributeError, match="Did you mean `convolve_pixel`"):
        check.convolv_pixel  # noqa: B018
    with pytest.raises(AttributeError, match="Did you mean `convolve_pixel`"):
        yours.convolve_pixels  # noqa: B018
    assert KEY in dir(check)


# --- Hints and solutions --------------------------------------------------------------------------


def hints_shown(text: str) -> list[str]:
    return [line.split(":")[0] for line in text.splitlines() if line.startswith("Hint")]


def test_hints_climb_and_are_counted_and_stay_in_sight(capsys):
    for number in (1, 2, 3, 3):
        check.convolve_pixel.hint()
        text = capsys.readouterr().out
        assert hints_shown(text) == [f"Hint {one} of 3" for one in range(1, number + 1)]
        assert f"Hint {number} of 3: {EXERCISES[KEY].hints[number - 1]}" in text
        assert ("That is the last one" in text) == (number == 3)
    assert progress.remembered()[KEY].hints == 3


def test_hints_are_typeset_as_prose(monkeypatch):
    shown = []
    monkeypatch.setattr(checking, "show", shown.append)
    check.conv2d_valid.hint(3)
    (told,) = shown
    assert told.as_html().count("<p ") == 4
    assert "<code>check.conv2d_valid.solution(give_up=True)</code>" in told.as_html()


def test_a_hint_can_be_asked_for_by_its_number(capsys):
    check.convolve_pixel.hint(2)
    assert hints_shown(capsys.readouterr().out) == ["Hint 1 of 3", "Hint 2 of 3"]
    assert progress.remembered()[KEY].hints == 2
    check.convolve_pixel.hint(1)
    assert hints_shown(capsys.readouterr().out) == ["Hint 1 of 3"]
    assert progress.remembered()[KEY].hints == 2
    check.convolve_pixel.hint(5)
    assert "none of 1, 2 and 3" in capsys.readouterr().out


def test_solution_shows_only_after_a_pass_or_when_given_up(capsys):
    check.convolve_pixel.hint()
    check.convolve_pixel.solution()
    text = capsys.readouterr().out
    assert "2 of 3 hints are left" in text
    assert "return" not in text
    check.convolve_pixel.solution(give_up=True)
    assert "return" in capsys.readouterr().out
    check.convolve_pixel(convolve_pixel)
    capsys.readouterr()
    check.convolve_pixel.solution()
    assert "return" in capsys.readouterr().out


def test_solution_is_the_cell_of_the_lesson_without_its_markers(tmp_path):
    source = '# %% exercise="convolve_pixel"\ndef f():\n    ### BEGIN SOLUTION\n    return 1\n'
    source += "    ### END SOLUTION\n# %% [markdown]\n# More.\n"
    (tmp_path / "solutions").mkdir()
    LESSONS[1].source(tmp_path).write_text(source)
    assert checking.solution_source(EXERCISES[KEY], tmp_path) == "def f():\n    return 1"


def test_solution_of_a_value_shows_without_a_lesson(tmp_path):
    value = next(e for e in EXERCISES.values() if e.kind == "value")
    assert value.key in checking.solution_source(value, tmp_path)


# --- What stands in the notebook ------------------------------------------------------------------

NOTEBOOK = """
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
for cell in CELLS:
    shell.run_cell(cell)
"""
RIGHT = "import numpy as np\ndef relu(values):\n    return np.maximum(values, 0)"


def in_a_notebook(tmp_path: Path, *cells: str) -> str:
    """Run cells one after the other; give everything that they show."""
    start = "from course import check"
    return in_a_new_process(tmp_path, NOTEBOOK.replace("CELLS", repr([start, *cells])))


def test_a_cell_that_python_does_not_understand_is_told_instead_of_the_older_answer(tmp_path):
    broken = "def relu(values)\n    return values"
    shown = in_a_notebook(tmp_path, RIGHT, "check.relu(relu);", broken, "check.relu(relu);")
    before, after = shown.split("SyntaxError", 1)
    assert "relu: Passed" in before
    assert "The cell that defines `relu` did not run" in after
    assert "is an older one" in after
    assert "Line 1 stops it" in after
    assert "Passed" not in after


def test_a_cell_that_stops_above_its_definition_is_told_instead_of_the_older_answer(tmp_path):
    stopped = "width = 3\nimage = np.zeroes(width)\n" + RIGHT.partition("\n")[2]
    shown = in_a_notebook(tmp_path, RIGHT, stopped, "check.relu(relu);")
    assert "The cell that defines `relu` did not run to where it does" in shown
    assert "Line 2 stops it: AttributeError" in shown
    assert "Passed" not in shown


def test_a_cell_that_stops_below_its_definition_is_judged(tmp_path):
    shown = in_a_notebook(tmp_path, f"{RIGHT}\nprint(relu(nothing))", "check.relu(relu);")
    assert "relu: Passed" in shown


def test_a_first_cell_that_does_not_run_is_not_said_to_leave_an_older_answer(tmp_path):
    shown = in_a_notebook(tmp_path, "def relu(values)\n    return values", "check.relu(relu);")
    assert "there is none yet" in shown
    assert "older" not in shown


def test_a_mended_cell_is_judged_again(tmp_path):
    shown = in_a_notebook(
        tmp_path, "def relu(values)\n    return values", RIGHT, "check.relu(relu);"
    )
    assert "relu: Passed" in shown


def test_a_name_that_is_almost_right_is_recognised_beside_the_stub(tmp_path):
    stub = "def neighborhood(image, row, col):\n    raise NotImplementedError"
    mine = "def neighbourhood(image, row, col):\n    return image"
    shown = in_a_notebook(tmp_path, stub, mine, "check.neighborhood(neighborhood);")
    assert "There is a `neighbourhood`. The check wants `neighborhood`" in shown


def test_empty_brackets_are_told_what_belongs_in_them(tmp_path):
    mine = "def neighborhood(image, row, col):\n    return image"
    shown = in_a_notebook(tmp_path, mine, "check.neighborhood();", "check.relu();")
    assert "Put your answer in the brackets: check.neighborhood(neighborhood)" in shown
    assert "There is no `relu` yet" in shown


def test_check_without_a_key_says_how_it_is_called(capsys):
    checking.check(convolve_pixel)
    assert "check.convolve_pixel(convolve_pixel)" in capsys.readouterr().out
    checking.check(3)
    assert "check.KEY(KEY)" in capsys.readouterr().out


def test_the_answer_to_another_exercise_is_named():
    def neighborhood(image, row, col):
        return image[row - 1 : row + 2, col - 1 : col + 2]

    found = check.convolve_pixel(neighborhood)
    assert not found
    told = "This is `neighborhood`. Put `convolve_pixel` in the brackets"
    assert found.message.startswith(told)


# --- Yours ----------------------------------------------------------------------------------------


def test_yours_is_the_courses_answer_until_the_learners_has_passed():
    assert yours.convolve_pixel is EXERCISES[KEY].reference
    check.convolve_pixel(flipped)
    assert yours.convolve_pixel is EXERCISES[KEY].reference
    check.convolve_pixel(convolve_pixel)
    assert yours.convolve_pixel is convolve_pixel
    check.convolve_pixel(flipped)
    assert yours.convolve_pixel is convolve_pixel


def in_a_new_process(tmp_path: Path, source: str) -> str:
    """Run a script as a learner's own, with the same progress file; give what it printed."""
    script = tmp_path / "script.py"
    script.write_text(source)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, str(script)]
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


SHOW = f"""
from course import yours
print(yours.convolve_pixel({WINDOW}, {KERNEL}), yours.convolve_pixel.__module__)
"""


@pytest.mark.parametrize(
    "answer",
    [
        """
import numpy as np
def convolve_pixel(window, kernel):
    return float(np.sum(np.asarray(window, float) * kernel))
""",
        """
from numpy import sum as add_up, asarray
START = 0.0
def product(a: float, b: float) -> float:
    return a * b
def products(window, kernel, start=START):
    return [start + product(a, b) for a, b in zip(asarray(window).flat, asarray(kernel).flat)]
def convolve_pixel(window, kernel):
    return float(add_up(products(window, kernel)))
""",
        """
import numpy as np
ONES = np.ones((3, 3))
if True:
    convolve_pixel = lambda window, kernel: float(np.sum(np.asarray(window, float) * kernel * ONES))
""",
        """
import functools, numpy as np
@functools.lru_cache
def size():
    return 3
def convolve_pixel(window, kernel):
    total = 0.0
    for row in range(size()):
        for column in range(size()):
            total += float(np.asarray(window)[row, column]) * float(np.asarray(kernel)[row, column])
    return total
""",
    ],
    ids=["function", "helpers and constants", "lambda", "decorated"],
)
@pytest.mark.seconds
def test_yours_is_restored_in_a_new_process(answer, tmp_path):
    text = answer + "from course import check\nassert check.convolve_pixel(convolve_pixel)"
    in_a_new_process(tmp_path, text)
    assert in_a_new_process(tmp_path, SHOW) == "577.0 yours\n"


@pytest.mark.parametrize(
    "source",
    [
        "def convolve_pixel(window, kernel):\n    return 732.0",
        "def convolve_pixel(window, kernel):\n    return missing(window)",
        "def something_else(): pass",
        "raise RuntimeError",
        "not Python",
    ],
)
def test_yours_never_runs_an_answer_that_no_longer_passes(source):
    progress.remember(result.Result(KEY, "passed", None, "", 2, 2), source)
    assert Yours().convolve_pixel is EXERCISES[KEY].reference


def test_value_is_kept_with_its_type():
    kernel = np.array([[0, 1], [2, 3]], dtype=np.uint8)
    namespace = {}
    exec(source_of("kernel", kernel), namespace)  # noqa: S102
    assert namespace["kernel"].dtype == np.uint8
    assert np.array_equal(namespace["kernel"], kernel)
    assert source_of("shapes", [(26, 26, 64), 10]) == "shapes = [(26, 26, 64), 10]"


def test_large_data_is_not_kept():
    assert source_of("kernel", np.zeros((60, 60))) is None
    assert source_of("numbers", list(range(10_000))) is None


def test_answer_without_source_is_remembered_all_the_same():
    namespace = {"np": np}
    exec("def convolve_pixel(w, k): return float(np.sum(w * 1.0 * k))", namespace)  # noqa: S102
    assert Check(EXERCISES[KEY])(namespace[KEY])
    assert progress.remembered()[KEY].status == "passed"
    assert progress.remembered()[KEY].source is None


# --- In a notebook --------------------------------------------------------------------------------

CHECK = f"check.{KEY}({KEY})"
CELLS = {
    "imports": "import numpy as np\nfrom course import check, progress, yours",
    "never defined": CHECK,
    "goes on": f"print('on', {KEY!r} in globals())",
    "raises": f"def {KEY}(window, kernel):\n    rows = 3\n    return window[rows]\n{CHECK}",
    "prints": f"def {KEY}(window, kernel):\n    for i in range(1000):\n        print(i)\n{CHECK}",
    "exits": f"def {KEY}(window, kernel):\n    exit()\n{CHECK}",
    "is alive": "print('alive')",
    "right": (
        "def product(a, b):\n    return np.asarray(a, float) * b\n"
        f"def {KEY}(window, kernel):\n    return float(product(window, kernel).sum())"
    ),
    "last expression": CHECK,
    "in a loop": f"for _ in range(3):\n    {CHECK}",
    "assigned": f"kept = {CHECK}",
    "shown later": "kept",
    "assigned and shown": f"kept = {CHECK}\nkept",
    "above other lines": f"{CHECK}\nprint('below')",
    "source": (
        f"from course.checking.yours import source_of\nprint(source_of({KEY!r}, {KEY}).count('def '))"
    ),
    "yours": f"print(yours.{KEY} is {KEY})",
    "progress": "progress()",
}


@pytest.fixture(scope="module")
def shown():
    """What each cell shows, after a run in a real kernel."""
    notebook = v4.new_notebook(cells=[v4.new_code_cell(source) for source in CELLS.values()])
    execute(notebook, strict=False)
    return dict(zip(CELLS, (cell.outputs for cell in notebook.cells), strict=True))


def verdicts(outputs):
    """The headlines of the verdicts among a cell's outputs."""
    texts = [output.data["text/plain"] for output in outputs if "data" in output]
    return [text.splitlines()[0] for text in texts]


def test_name_that_was_never_defined_gets_a_message_and_the_notebook_goes_on(shown):
    assert verdicts(shown["never defined"])[0].startswith("○ convolve_pixel: Not attempted")
    assert "There is no `convolve_pixel` yet" in shown["never defined"][0].data["text/plain"]
    assert shown["goes on"][0].text == "on False\n"


def test_message_shows_the_learners_own_line_of_the_cell(shown):
    text = shown["raises"][0].data["text/plain"]
    assert "It raised IndexError" in text
    assert "line 3, in convolve_pixel: return window[rows]" in text


def test_printing_does_not_flood_the_notebook(shown):
    assert len(shown["prints"]) == 1
    assert shown["prints"][0].output_type == "display_data"


def test_exit_in_an_answer_leaves_the_kernel_alive(shown):
    assert "It called exit()" in shown["exits"][0].data["text/plain"]
    assert shown["is alive"][0].text == "alive\n"


@pytest.mark.parametrize(
    ("cell", "times"),
    [
        ("last expression", 1),
        ("in a loop", 3),
        ("assigned", 1),
        ("shown later", 1),
        ("assigned and shown", 1),
        ("above other lines", 1),
    ],
)
def test_verdict_shows_once_for_each_check(shown, cell, times):
    assert len(verdicts(shown[cell])) == times
    assert all("convolve_pixel: Passed" in line for line in verdicts(shown[cell]))
    assert "text/html" in shown[cell][0].data


def test_answer_is_kept_with_the_functions_that_it_calls(shown):
    assert shown["source"][0].text == "2\n"
    assert shown["yours"][0].text == "True\n"


def test_progress_is_a_map(shown):
    data = shown["progress"][0].data
    assert "✓ convolve_pixel" in data["text/plain"]
    assert f"{KEY}: Passed" in data["text/html"]
