"""Lesson 5 where there is no Keras: what needs it can be read, and the rest works, from stored networks."""

import re
import subprocess
import sys

import nbformat
import numpy as np
import pytest
from sooner import COARSE, UNPAINTED

import helpers
from course.authoring import links, markers, source
from course.authoring.notebooks import student_notebook
from course.authoring.running import execute
from course.exercises import EXERCISES, exercises_of
from course.lessons import LESSONS, ROOT
from course.site.lab.build import notebook_there
from course.site.lab.without_keras import without_keras
from helpers import network
from helpers.trained import hasty_network, kernels_before, trained_network

LESSON = LESSONS[5]
COLAB = "https://colab.example/lesson.ipynb"
BLOCKED = "import sys; sys.modules['keras'] = sys.modules['tensorflow'] = None"
NEED_KERAS = {"keras_convolve", "activation_model"}


def run_there(solved: bool, *more: str) -> dict[str, str]:
    """Run the notebook of a tab, and cells behind it, in a Python without Keras: what each said."""
    notebook = notebook_there(LESSON, solved)
    first = BLOCKED + (COARSE if solved else UNPAINTED)
    notebook.cells.insert(0, nbformat.v4.new_code_cell(first, id="first"))
    for number, code in enumerate(more):
        notebook.cells.append(nbformat.v4.new_code_cell(code, id=f"more-{number}"))
    execute(notebook, strict=False)
    return {cell.id: said(cell) for cell in notebook.cells if cell.cell_type == "code"}


def said(cell) -> str:
    """The text of a code cell's outputs; nothing of it may be red."""
    assert not any(one.get("name") == "stderr" for one in cell.outputs), cell.outputs
    return "".join(one.get("text", one.get("data", {}).get("text/plain")) for one in cell.outputs)


@pytest.fixture(scope="module")
def solved() -> dict[str, str]:
    wrong = "from course import check\ndef forward(model, image):\n    return model.predict(image)"
    layer = wrong.replace("model.predict(image)", "model.layers[0](image)")
    check = "\ncheck.forward(forward)"
    flipped = "check.dead_channels(lambda activations: activations.shape[3])"
    return run_there(True, wrong + check, layer + check, flipped)


@pytest.mark.slow
def test_unattempted_it_runs_to_the_end_and_nothing_is_judged():
    told = run_there(False)
    for exercise in exercises_of(LESSON.number):
        assert f"{exercise.key}: Not attempted" in told[f"{exercise.key}-check"]


@pytest.mark.slow
def test_solved_it_earns_every_point_that_needs_no_keras(solved):
    for exercise in exercises_of(LESSON.number):
        word = "Not attempted" if exercise.key in NEED_KERAS else "Passed"
        assert f"{exercise.key}: {word}" in solved[f"{exercise.key}-check"]
    points = sum(one.points for one in exercises_of(5) if one.key not in NEED_KERAS)
    assert f"{points} of 100 points" in list(solved.values())[-4]


@pytest.mark.slow
def test_an_exercise_that_needs_keras_says_so(solved):
    for key in NEED_KERAS:
        assert "needs Keras" in solved[f"{key}-check"]


@pytest.mark.slow
def test_wrong_answers_are_told(solved):
    for place in (0, 1):
        assert "The model and its layers refuse to compute here" in solved[f"more-{place}"]
    assert "dead_channels: Not yet" in solved["more-2"]


@pytest.mark.slow
def test_what_the_lesson_says_of_its_networks_holds_for_those_that_are_stored(solved):
    assert "the same as the network's layer: True" in solved["conv_layer-2"]
    assert re.findall(r"(\d+) of 16", solved["dead_channels-4"]) == ["0", "0", "13", "13"]
    assert "equal to 0.0001:           True" in solved["forward-2"]


def test_what_needs_keras_can_be_read_and_a_link_leads_to_where_it_runs():
    lesson = source.read_source(LESSON)
    there = without_keras(lesson, COLAB)
    texts = {cell.id: cell for cell in there.cells}
    needing = [cell for cell in lesson.cells if cell.only == source.WITH and cell.kind == "code"]
    assert needing
    for cell in needing:
        told = texts[cell.id]
        assert told.kind == "markdown"
        assert f"which no browser has: [open the lesson in Colab]({COLAB})" in told.source
        assert cell.source in told.source
    for key in NEED_KERAS:
        assert f"[do it in Colab]({COLAB})" in texts[f"{key}-needs-keras"].source
    assert not any("keras." in cell.source for cell in there.cells if not plain(cell))


def plain(cell: source.SourceCell) -> bool:
    """Whether a cell is text, or an answer that is written with Keras."""
    return cell.kind == "markdown" or cell.exercise in NEED_KERAS


def test_where_there_is_keras_nothing_stands_in_for_it():
    lesson = source.read_source(LESSON)
    ids = {cell.id for cell in student_notebook(lesson, links.home(ROOT)).cells}
    only_there = {cell.id for cell in lesson.cells if cell.only == markers.WITHOUT}
    assert only_there
    assert ids.isdisjoint(only_there)


def test_a_cell_stands_in_one_of_two_places(course):
    text = course.source.read_text(encoding="utf-8")
    course.write(text.replace("# %%\n", '# %% only="with Torch"\n', 1))
    with pytest.raises(
        source.CannotBuild, match=r"`with Keras` or `without Keras`, not `with Torch`"
    ):
        source.read_source(LESSONS[1], course.root)


@pytest.mark.slow
def test_the_exercises_that_say_that_they_need_keras_are_those_that_do():
    """The references of lessons 4 and 5, called in a Python without Keras."""
    lines = (
        BLOCKED,
        "from course.checking.judge import judge",
        "from course.exercises import EXERCISES",
        "for key, one in EXERCISES.items():",
        "    if one.lesson in (4, 5) and key != 'predictions':",
        "        print(key, bool(judge(one, one.reference)))",
    )
    command = [sys.executable, "-c", "\n".join(lines)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    passed = dict(line.split() for line in done.stdout.splitlines())
    assert len(passed) == len(exercises_of(4)) + len(exercises_of(5)) - 1
    assert {key for key, right in passed.items() if right == "False"} == {
        key for key, exercise in EXERCISES.items() if exercise.keras
    }


# --- The stored networks --------------------------------------------------------------------------


def test_the_hasty_network_has_as_many_dead_channels_as_were_counted():
    hasty, dead = hasty_network()
    assert dead.shape == (80, 2)
    images = helpers.fashion_mnist(full=False).test_images[:500, ..., np.newaxis] / np.float32(255)
    first, _, second, *_ = hasty.layer_outputs(images)
    assert [network.dead_channels(first), network.dead_channels(second)] == dead[-1].tolist()


def test_the_kernels_of_before_are_drawn_as_keras_does_and_became_those_of_after():
    before, after = kernels_before(), trained_network()["conv2d"].get_weights()[0]
    assert before.shape == after.shape
    assert np.abs(before).max() <= network.initial_limit(3, 1, 16)
    assert np.corrcoef(before.ravel(), after.ravel())[0, 1] > 0.5  # 0.77; of other draws about 0
