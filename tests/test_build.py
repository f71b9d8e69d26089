"""The authoring room: one source makes both notebooks, and what is not what it makes is found."""

import dataclasses
import os
from pathlib import Path

import nbformat
import pytest

from course.authoring import notebooks, source
from course.authoring.notebooks import AFTER_A_BREAK, CannotBuild, build, stale
from course.authoring.running import execute
from course.authoring.source import without_solution
from course.exercises import EXERCISES
from course.lessons import LESSONS

NAME = "01_convolution_by_hand"


def cells(path: Path) -> dict[str, nbformat.NotebookNode]:
    """The cells of a notebook by id; in order, and no id twice."""
    found = nbformat.read(path, as_version=4).cells
    assert len({cell.id for cell in found}) == len(found)
    return {cell.id: cell for cell in found}


# --- What is made ---------------------------------------------------------------------------------


def test_student_notebook_has_a_stub_where_the_solution_was(built):
    assert cells(built.student)["convolve_pixel"].source.splitlines()[2:] == [
        "    # YOUR CODE HERE",
        "    raise NotImplementedError()",
    ]


def test_student_notebook_has_no_outputs_and_no_markers(built):
    assert "SOLUTION" not in built.student.read_text(encoding="utf-8")
    for cell in notebooks.code_cells(nbformat.read(built.student, as_version=4)):
        assert not cell.outputs
        assert cell.execution_count is None


def test_solution_notebook_keeps_its_region_and_shows_what_it_gives(built):
    found = cells(built.solution)
    assert source.BEGIN in found["convolve_pixel"].source
    assert "Passed" in found["convolve_pixel-check"].outputs[0].data["text/plain"]
    assert found["convolve_pixel-1"].outputs[0].text == "3.0\n"


def test_notebooks_hold_nothing_of_the_machine_that_made_them(built):
    for path in (built.student, built.solution):
        notebook = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
        assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
        assert notebook.metadata.kernelspec.name == "python3"
        assert notebook.metadata == notebooks.METADATA
        assert not any("execution" in cell.metadata for cell in notebook.cells)


def test_both_notebooks_begin_with_title_badges_and_the_cell_for_colab(built):
    for path in (built.student, built.solution):
        assert list(cells(path))[:3] == ["01-intro-1", "badges", "colab"]


def test_title_facts_and_points_come_from_the_lesson_and_its_exercises(built):
    points = EXERCISES["convolve_pixel"].points
    for path in (built.student, built.solution):
        found = cells(path)
        assert found["01-intro-1"].source.startswith(
            f"# 1. A small lesson\n\n**About 20 minutes · 1 exercise · {points} points**\n\n{AFTER_A_BREAK}\n\nOne"
        )
        heading, *_ = found["01-intro-3"].source.splitlines()
        assert heading == f"### Build: `convolve_pixel(window, kernel)` ({points} points)"


def test_other_points_make_the_notebooks_stale(course, executed, monkeypatch):
    build(root=course.root)
    assert stale(course.root) == []
    dearer = dataclasses.replace(EXERCISES["convolve_pixel"], points=7)
    monkeypatch.setitem(EXERCISES, "convolve_pixel", dearer)
    assert len(stale(course.root)) == 2
    build(root=course.root)
    assert len(executed) == 1
    assert "7 points**" in course.student.read_text("utf-8")
    assert "(7 points)" in course.solution.read_text("utf-8")


def test_a_value_keeps_its_stub_line_and_a_class_each_of_its_methods():
    value = f"answer = ...  # yours\n{source.BEGIN}\nanswer = 577\n{source.END}\nprint(answer)"
    assert without_solution(value).splitlines() == [
        "answer = ...  # yours",
        "# YOUR CODE HERE",
        "print(answer)",
    ]
    method = f"    def one(self):\n        {source.BEGIN}\n        return 1\n        {source.END}\n"
    assert without_solution("class A:\n" + method + method.replace("one", "two")).splitlines() == [
        "class A:",
        "    def one(self):",
        "        # YOUR CODE HERE",
        "        raise NotImplementedError()",
        "    def two(self):",
        "        # YOUR CODE HERE",
        "        raise NotImplementedError()",
    ]


def test_a_new_cell_moves_only_the_ids_up_to_the_next_exercise(course, executed):
    build(root=course.root)
    before = list(cells(course.student))
    assert before == [
        "01-intro-1",
        "badges",
        "colab",
        "01-intro-2",
        "01-intro-3",
        "convolve_pixel",
        "convolve_pixel-check",
        "convolve_pixel-1",
    ]
    text = course.source.read_text(encoding="utf-8")
    course.write(text.replace("# %% [markdown]\n# ###", "# %%\n1 + 1\n# %% [markdown]\n# ###"))
    build(root=course.root)
    assert list(cells(course.student)) == [*before[:5], "01-intro-4", *before[5:]]


def test_answer_and_check_cells_carry_the_metadata_of_nbgrader_schema_3(built):
    for path in (built.student, built.solution):
        found = cells(path)
        assert found["convolve_pixel"].metadata.nbgrader == {
            "grade": False,
            "grade_id": "convolve_pixel",
            "locked": False,
            "schema_version": 3,
            "solution": True,
            "task": False,
        }
        assert found["convolve_pixel-check"].metadata.nbgrader == {
            "grade": True,
            "grade_id": "convolve_pixel-check",
            "locked": True,
            "points": EXERCISES["convolve_pixel"].points,
            "schema_version": 3,
            "solution": False,
            "task": False,
        }
        assert sum("nbgrader" in cell.metadata for cell in found.values()) == 2


def test_tags_of_a_source_cell_reach_both_notebooks(course, executed):
    text = course.source.read_text(encoding="utf-8")
    course.write(text.replace("# %%\nprint", '# %% tags=["nbval-ignore-output"]\nprint'))
    build(root=course.root)
    for path in (course.student, course.solution):
        assert cells(path)["convolve_pixel-1"].metadata == {"tags": ["nbval-ignore-output"]}


# --- Building again -------------------------------------------------------------------------------


def test_building_again_runs_nothing_and_changes_no_byte(course, executed):
    assert len(build(root=course.root)) == 2
    before = course.files()
    assert build(root=course.root) == []
    assert course.files() == before
    assert len(executed) == 1


def test_new_prose_keeps_the_outputs_and_new_code_runs_again(course, executed):
    build(root=course.root)
    text = course.source.read_text(encoding="utf-8")
    course.write(text.replace("One exercise,", "A single exercise,"))
    assert build(root=course.root) == [course.student, course.solution]
    assert len(executed) == 1
    assert cells(course.solution)["convolve_pixel-1"].outputs[0].text == "run 1"

    course.write(text.replace("np.eye(3)", "np.eye(3) + 1"))
    build(root=course.root)
    assert len(executed) == 2
    assert cells(course.solution)["convolve_pixel-1"].outputs[0].text == "run 2"


def test_a_new_version_changes_the_links_without_running_anything(course, executed):
    build(root=course.root)
    pyproject = course.root / "pyproject.toml"
    pyproject.write_text(pyproject.read_text("utf-8").replace("1.2.3", "1.2.4"), "utf-8")
    assert build(root=course.root) == [course.student, course.solution]
    assert len(executed) == 1
    assert "v1.2.4" in cells(course.solution)["colab"].source


def test_force_runs_a_solution_again(course, executed):
    build(root=course.root)
    build(root=course.root, force=True)
    assert len(executed) == 2


@pytest.mark.parametrize("damage", ["", "{}", "not a notebook", '{"cells": [{}]}'])
def test_a_damaged_notebook_is_stale_and_made_again(course, executed, damage):
    build(root=course.root)
    good = course.files()
    course.solution.write_text(damage, encoding="utf-8")
    assert [sentence.split()[0] for sentence in stale(course.root)] == [f"solutions/{NAME}.ipynb"]
    build(root=course.root)
    assert course.files().keys() == good.keys()
    assert stale(course.root) == []


def test_a_notebook_saved_without_outputs_is_stale(course, executed):
    build(root=course.root)
    notebook = nbformat.read(course.solution, as_version=4)
    for cell in notebooks.code_cells(notebook):
        cell.outputs, cell.execution_count = [], None
    course.solution.write_text(notebooks.written(notebook), encoding="utf-8")
    assert len(stale(course.root)) == 1


def test_a_run_is_told_before_it_begins(course, executed):
    told: list[str] = []
    build(root=course.root, progress=told.append)
    assert told == [f"Running the solution of {NAME}."]


def test_lessons_without_a_source_are_passed_over_unless_asked_for(course, executed):
    assert len(build(root=course.root)) == 2
    assert build([1], root=course.root) == []
    with pytest.raises(CannotBuild, match=f"no solutions/{LESSONS[4].stem}.py"):
        build([4], root=course.root)
    with pytest.raises(CannotBuild, match=f"There is no lesson 99: they are 1 to {len(LESSONS)}"):
        build([99], root=course.root)


# --- What is stale --------------------------------------------------------------------------------


def test_stale_names_each_missing_notebook(course):
    assert stale(course.root) == [
        f"notebooks/{NAME}.ipynb is missing. Run `course build`.",
        f"solutions/{NAME}.ipynb is missing. Run `course build`.",
    ]


def test_stale_names_both_notebooks_of_an_edited_source(course, executed):
    build(root=course.root)
    assert stale(course.root) == []
    course.write(course.source.read_text(encoding="utf-8").replace("One exercise", "1 exercise"))
    assert stale(course.root) == [
        f"{folder}/{NAME}.ipynb is not what solutions/{NAME}.py makes. Run `course build`."
        for folder in ("notebooks", "solutions")
    ]


def test_stale_names_an_edited_notebook(course, executed):
    build(root=course.root)
    text = course.student.read_text(encoding="utf-8")
    course.student.write_text(text.replace("YOUR CODE", "MY CODE"), encoding="utf-8")
    assert [sentence.split()[0] for sentence in stale(course.root)] == [f"notebooks/{NAME}.ipynb"]


def test_stale_names_a_notebook_that_has_no_source(course, executed):
    build(root=course.root)
    (course.root / "notebooks" / "09_old.ipynb").write_text("{}", encoding="utf-8")
    assert stale(course.root) == ["notebooks/09_old.ipynb has no source. Delete it."]


def test_stale_writes_nothing(course):
    before = course.files()
    stale(course.root)
    assert course.files() == before


# --- Failing --------------------------------------------------------------------------------------


@pytest.mark.seconds
def test_a_failing_cell_is_a_sentence_with_its_place_and_leaves_what_was_there(course, executed):
    build(root=course.root)
    before = course.files()
    text = course.source.read_text(encoding="utf-8").replace("np.eye(3)", "np.eye(4)")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(notebooks, "execute", execute)  # the real one
        course.write(text)
        with pytest.raises(CannotBuild) as failure:
            build(root=course.root)
    message = str(failure.value)
    line = text.splitlines().index("print(yours.convolve_pixel(np.ones((3, 3)), np.eye(4)))")
    assert message.startswith(f"{NAME}.py, line {line} (cell convolve_pixel-1): ValueError: ")
    assert "Traceback" not in message
    assert course.files() == before | {f"solutions/{NAME}.py": text.encode()}


@pytest.mark.seconds
def test_a_check_that_does_not_pass_stops_the_build(course):
    text = course.source.read_text(encoding="utf-8")
    course.write(text.replace("* kernel", "+ kernel"))
    with pytest.raises(CannotBuild, match=r"\(cell convolve_pixel-check\): CheckFailed: .*Not yet"):
        build(root=course.root)
    assert list(course.files()) == ["pyproject.toml", f"solutions/{NAME}.py"]


@pytest.mark.seconds
def test_a_kernel_that_dies_is_told(course):
    course.write(course.source.read_text(encoding="utf-8") + "# %%\nimport os\nos._exit(3)\n")
    with pytest.raises(CannotBuild, match=r"\(cell convolve_pixel-2\): it ended the kernel"):
        build(root=course.root)


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(course, executed, monkeypatch):
    build(root=course.root)
    text = course.source.read_text(encoding="utf-8")
    course.write(text.replace("One exercise,", "A single exercise,"))
    before = course.files()

    def full(*_):
        raise OSError("No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        build(root=course.root)
    assert course.files() == before
