"""The authoring room: one source makes both notebooks, README and links, and says what is wrong."""

import copy
import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from course.authoring import links, notebooks, source
from course.authoring.notebooks import CannotBuild, build, stale
from course.authoring.running import ROOT, CellFailed, execute
from course.authoring.source import without_solution
from course.exercises import EXERCISES, LESSONS, Exercise

NAME = "01_convolution_by_hand"


def cells(path: Path) -> dict[str, nbformat.NotebookNode]:
    """The cells of a notebook by id; in order, and no id twice."""
    found = nbformat.read(path, as_version=4).cells
    assert len({cell.id for cell in found}) == len(found)
    return {cell.id: cell for cell in found}


@pytest.fixture
def executed(monkeypatch) -> list[str]:
    """Instead of executing: number the cells, and note that it was asked for."""
    runs: list[str] = []

    def pretend(notebook, *, strict=True):
        runs.append("".join(cell.source for cell in notebook.cells))
        for count, cell in enumerate(notebooks.code_cells(notebook), 1):
            cell.execution_count = count
            cell.outputs = [nbformat.v4.new_output("stream", text=f"run {len(runs)}")]

    monkeypatch.setattr(notebooks, "execute", pretend)
    return runs


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
    course.write(
        text.replace("# %% [markdown]\n# Multiply", "# %%\n1 + 1\n# %% [markdown]\n# Multiply")
    )
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
    course.write(text.replace("One exercise.", "A single exercise."))
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


def test_progress_is_told_in_sentences(course, executed):
    told: list[str] = []
    build(root=course.root, progress=told.append)
    assert told == [
        f"Running the solution of {NAME}.",
        f"Wrote notebooks/{NAME}.ipynb.",
        f"Wrote solutions/{NAME}.ipynb.",
    ]


def test_lessons_without_a_source_are_passed_over_unless_asked_for(course, executed):
    assert len(build(root=course.root)) == 2
    assert build([1], root=course.root) == []
    with pytest.raises(CannotBuild, match=f"no solutions/04_{LESSONS[4]}.py"):
        build([4], root=course.root)
    with pytest.raises(CannotBuild, match="There is no lesson 7: they are 1 to 6"):
        build([7], root=course.root)


# --- Failing --------------------------------------------------------------------------------------


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


def test_a_check_that_does_not_pass_stops_the_build(course):
    text = course.source.read_text(encoding="utf-8")
    course.write(text.replace("* kernel", "+ kernel"))
    with pytest.raises(CannotBuild, match=r"\(cell convolve_pixel-check\): CheckFailed: .*Not yet"):
        build(root=course.root)
    assert list(course.files()) == ["pyproject.toml", f"solutions/{NAME}.py"]


def test_a_kernel_that_dies_is_told(course):
    course.write(course.source.read_text(encoding="utf-8") + "# %%\nimport os\nos._exit(3)\n")
    with pytest.raises(CannotBuild, match=r"\(cell convolve_pixel-2\): the kernel died"):
        build(root=course.root)


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(course, executed, monkeypatch):
    build(root=course.root)
    text = course.source.read_text(encoding="utf-8")
    course.write(text.replace("One exercise.", "A single exercise."))
    before = course.files()

    def full(*_):
        raise OSError("No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        build(root=course.root)
    assert course.files() == before


# --- Rules for authors ----------------------------------------------------------------------------

VALUE = Exercise(
    key="bug_finder",
    lesson=1,
    title="A value",
    points=1,
    minutes=1,
    difficulty=1,
    kind="value",
    reference=1,
    mistakes=(),
    alternatives=(),
    hints=("", "", ""),
)

CHECK = '# %% check="convolve_pixel"\n'
ANSWER = '# %% exercise="convolve_pixel"\n'
BROKEN = {
    "begin_twice": (
        ("    products", f"    {source.BEGIN}\n    products"),
        "line 13 (cell convolve_pixel): `### BEGIN SOLUTION`, but another region is open here.",
    ),
    "end_alone": (
        (f"    {source.BEGIN}\n", ""),
        "line 14 (cell convolve_pixel): `### END SOLUTION`, but no region is open here.",
    ),
    "never_ends": (
        (f"    {source.END}\n", ""),
        "line 12 (cell convolve_pixel): the solution that begins here never ends.",
    ),
    "marker_misspelt": (
        (source.END, "## end solution"),
        "line 15 (cell convolve_pixel): a marker is written `### BEGIN SOLUTION` or",
    ),
    "region_elsewhere": (
        ("# One exercise.", f"# {source.BEGIN}"),
        "line 3 (cell 01-intro-1): a solution may only stand in an exercise cell.",
    ),
    "no_region": (
        (f"    {source.BEGIN}\n", "", f"    {source.END}\n", ""),
        "line 9 (cell convolve_pixel): without a `### BEGIN SOLUTION` students would be given",
    ),
    "no_check": (
        (CHECK, "# %%\n"),
        "line 9 (cell convolve_pixel): the exercise `convolve_pixel` has no check cell.",
    ),
    "check_first": (
        (ANSWER, CHECK + "check.convolve_pixel(convolve_pixel)\n" + ANSWER, CHECK + "# Stuck?", "# %%\n#"),
        "line 9 (cell convolve_pixel-check): the check of `convolve_pixel` comes before its",
    ),
    "check_of_something_else": (
        ("check.convolve_pixel(convolve_pixel)", "check.convolve_pixel(convolve)"),
        "line 16 (cell convolve_pixel-check): apart from comments, a check cell is `check.",
    ),
    "check_and_more": (
        ("check.convolve_pixel(convolve_pixel)", "check.convolve_pixel(convolve_pixel)\n1"),
        "line 16 (cell convolve_pixel-check): apart from comments, a check cell is `check.",
    ),
    "unknown_key": (
        (ANSWER, '# %% exercise="convolve_pixels"\n'),
        "line 9 (cell convolve_pixels): no exercise has the key `convolve_pixels`.",
    ),
    "other_lesson": (
        (ANSWER, '# %% exercise="relu"\n'),
        "line 9 (cell relu): `relu` belongs to lesson 3, this is lesson 1.",
    ),
    "two_answers": (
        (CHECK, ANSWER + f"convolve_pixel = ...\n{source.BEGIN}\n{source.END}\n" + CHECK),
        "line 16 (cell convolve_pixel): there is a second exercise cell for `convolve_pixel`.",
    ),
    "two_checks": (
        (CHECK, CHECK + "check.convolve_pixel(convolve_pixel)\n" + CHECK),
        "line 18 (cell convolve_pixel-check): there is a second check cell for `convolve_pixel`.",
    ),
    "exercise_missing": (
        (ANSWER, "# %%\n", source.BEGIN, "", source.END, "", CHECK, "# %%\n"),
        f'{NAME}.py: there is no cell for the exercise `convolve_pixel` (exercise="convolve_pixel").',
    ),
    "other_name": (
        ("def convolve_pixel(", "def convolve_pixels("),
        "line 9 (cell convolve_pixel): the key is `convolve_pixel`, but it defines `convolve_pixels`.",
    ),
    "name_inside_the_region": (
        ("def convolve", f"{source.BEGIN}\ndef convolve", f"    {source.BEGIN}\n", "", f"    {source.END}", source.END),
        "line 9 (cell convolve_pixel): the key is `convolve_pixel`, but what students get defines nothing.",
    ),
    "not_python": (
        ("products.sum()", "products.sum("),
        "line 14 (cell convolve_pixel): it is not Python: ",
    ),
    "students_get_no_python": (
        ('    """Return the sum of products."""\n', "    if True:\n", f"    {source.BEGIN}\n    products", f"    {source.BEGIN}\n        products", "    return", "        return"),
        "line 9 (cell convolve_pixel): what students get is not Python: ",
    ),
    "no_title": (
        ("# # 1. A small lesson\n", ""),
        f"{NAME}.py: the first cell has to be markdown and begin with the title, `# `.",
    ),
    "text_before_the_first_cell": (
        ("# %% [markdown]\n# # 1", "import numpy\n# %% [markdown]\n# # 1"),
        f"{NAME}.py: 6 lines begin with `# %%`, but there are 7 cells.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_rule_is_a_sentence_with_file_line_and_cell(course, case):
    changes, sentence = BROKEN[case]
    for module in (links, notebooks, source):
        module.EXERCISES["relu"] = Exercise(**{**vars(VALUE), "key": "relu", "lesson": 3})
    text = course.source.read_text(encoding="utf-8")
    for old, new in zip(changes[::2], changes[1::2], strict=True):
        assert old in text
        text = text.replace(old, new)
    course.write(text)
    with pytest.raises(CannotBuild) as refusal:
        build(root=course.root)
    told = str(refusal.value).splitlines()
    assert any(line.removeprefix(f"{NAME}.py, ").startswith(sentence) for line in told), told
    assert all(line.startswith(NAME) for line in told)
    assert stale(course.root)[: len(told)] == told


def test_every_broken_rule_is_told_at_once(course):
    text = course.source.read_text(encoding="utf-8")
    course.write(text.replace("# # 1. A small lesson\n", "").replace(CHECK, "# %%\n"))
    with pytest.raises(CannotBuild) as refusal:
        build(root=course.root)
    assert len(str(refusal.value).splitlines()) == 2


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


# --- Links and README -----------------------------------------------------------------------------

README = """\
# A course
<!-- badges: made by course build -->
<!-- /badges -->
Prose.
<!-- clone: made by course build -->
git clone an-old-address
<!-- /clone -->
<!-- course map: made by course build -->
<!-- /course map -->
The end.
"""


def test_readme_regions_are_made_and_the_rest_is_left_alone(course, executed):
    readme = course.root / "README.md"
    readme.write_text(README, encoding="utf-8")
    assert any("README.md" in sentence for sentence in stale(course.root))
    assert readme in build(root=course.root)
    text = readme.read_text(encoding="utf-8")
    exercise = EXERCISES["convolve_pixel"]
    assert f"| 1 | {exercise.points} | {exercise.minutes} |" in text
    assert "[1. A small lesson](notebooks/01_convolution_by_hand.ipynb)" in text
    assert "git clone https://github.com/someone/a-course\n" in text
    assert "an-old-address" not in text
    left = re.sub(r"(?s)(<!-- (.+?): made by course build -->\n).*?(<!-- /\2 -->)", r"\1\3", text)
    assert left == README.replace("git clone an-old-address\n", "")
    assert stale(course.root) == []
    assert build(root=course.root) == []


def test_a_readme_without_regions_is_left_alone(course, executed):
    readme = course.root / "README.md"
    readme.write_text("# A course\n", encoding="utf-8")
    assert readme not in build(root=course.root)
    assert stale(course.root) == []


def test_every_link_is_made_from_the_one_address(course, executed):
    (course.root / "README.md").write_text(README, encoding="utf-8")
    build(root=course.root)
    pyproject = course.root / "pyproject.toml"
    pyproject.write_text(
        pyproject.read_text("utf-8").replace("someone/a-course", "else/moved"), "utf-8"
    )
    build(root=course.root)
    for name, content in course.files().items():
        assert b"someone" not in content, name


def test_badges_open_the_student_notebook_of_the_tag_and_have_words(built):
    badges = cells(built.student)["badges"].source
    words = re.findall(r"\[!\[([^\]]+)\]\([^)]+\)\]\(([^)]+)\)", badges)
    assert words == [
        (
            "Open in Colab",
            f"https://colab.research.google.com/github/someone/a-course/blob/v1.2.3/notebooks/{NAME}.ipynb",
        ),
        (
            "Open on Binder",
            f"https://mybinder.org/v2/gh/someone/a-course/v1.2.3?urlpath=lab/tree/notebooks/{NAME}.ipynb",
        ),
    ]


@pytest.mark.parametrize("address", ["https://example.org/a/course", "github.com/a/b", ""])
def test_an_address_that_colab_cannot_open_is_told(course, address):
    pyproject = course.root / "pyproject.toml"
    text = pyproject.read_text(encoding="utf-8")
    pyproject.write_text(
        text.replace("https://github.com/someone/a-course", address), encoding="utf-8"
    )
    with pytest.raises(CannotBuild, match=re.escape(repr(address)) + ".*https://github.com/OWNER"):
        build(root=course.root)


def test_the_address_of_this_course_stands_in_pyproject_and_in_what_is_built_from_it():
    address = links.home(ROOT).address.removeprefix("https://")
    made = re.compile(r"(?s)<!-- (.+?): made by course build -->.*?<!-- /\1 -->")
    holding = [
        path.relative_to(ROOT).as_posix()
        for pattern in ("*.md", "*.py", "*.toml", "*.yml", "solutions/*.py", "course/**/*.py",
                        "helpers/**/*.py", "tests/*.py", ".github/**/*.yml")
        for path in ROOT.glob(pattern)
        if address in made.sub("", path.read_text(encoding="utf-8"))
    ]  # fmt: skip
    assert holding == ["pyproject.toml"]


# --- The cell for Colab ---------------------------------------------------------------------------

RUN_CELL = """\
import sys
before = set(sys.modules)
names = {"sys": sys}
exec(open("cell.py").read(), names)
names.pop("__builtins__")
print(sorted(names), sorted(set(sys.modules) - before))
"""

RUN_CELL_ON_COLAB = """\
import sys, types
sys.modules["google.colab"] = types.ModuleType("google.colab")
for time in range(2):
    exec(open("cell.py").read(), {})
import course_for_colab
print(course_for_colab.__file__, sum("content" in entry for entry in sys.path))
"""


def run_cell(script: str, course, folder: Path, repository: Path | None = None):
    """Run the cell for Colab as `script` says, with a folder on this disk in the web's place."""
    cell = links.colab_cell(links.home(course.root))
    (folder / "cell.py").write_text(cell.replace("/content/", f"{folder}/content/"))
    rewritten = {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.{repository}.insteadOf",
        "GIT_CONFIG_VALUE_0": links.home(course.root).address,
    }
    return subprocess.run(
        [sys.executable, "-c", script],
        cwd=folder,
        env=os.environ | rewritten,
        capture_output=True,
        check=False,
        text=True,
        timeout=60,
    )


def test_outside_colab_the_first_cell_does_not_even_import(course, tmp_path):
    done = run_cell(RUN_CELL, course, tmp_path)
    assert (done.stdout, done.stderr) == ("['sys'] []\n", "")


def test_on_colab_the_first_cell_fetches_the_course_once_at_its_tag(course, tmp_path):
    repository = tmp_path / "repository"
    repository.mkdir()
    git = ["git", "-C", str(repository), "-c", "user.name=A", "-c", "user.email=a@example.org"]
    module = repository / "course_for_colab.py"
    for command in (["init", "-q"], ["tag", "v1.2.3"], []):
        if command == ["tag", "v1.2.3"]:
            module.write_text("version = '1.2.3'")
            subprocess.run([*git, "add", "."], check=True)
            subprocess.run([*git, "commit", "-q", "-m", "One"], check=True)
        if command:
            subprocess.run([*git, *command], check=True)
    module.unlink()
    subprocess.run([*git, "commit", "-q", "-a", "-m", "Later than the tag"], check=True)

    done = run_cell(RUN_CELL_ON_COLAB, course, tmp_path, repository)
    fetched = tmp_path / "content" / "a-course-1.2.3" / "course_for_colab.py"
    assert (done.stdout, done.stderr) == (f"{fetched} 1\n", "")


def test_on_colab_without_a_network_the_first_cell_says_so(course, tmp_path):
    done = run_cell(RUN_CELL_ON_COLAB, course, tmp_path, tmp_path / "nowhere")
    assert done.returncode == 1
    assert done.stderr.startswith("The course could not be fetched. Is there a network connection?")
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "content" / "a-course-1.2.3").exists()


def test_what_a_notebook_imports_is_on_colab():
    """Colab has NumPy, Matplotlib and the like, but none of what authors and the terminal use."""
    script = (
        "import helpers, sys\n"
        "from course import check, progress, yours\n"
        "from helpers import pictures\n"
        "print(*sorted({name.split('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    assert {"numpy", "matplotlib"} <= loaded
    assert not loaded & {"jupytext", "nbclient", "nbformat", "rich", "typer", "tensorflow"}


# --- Running --------------------------------------------------------------------------------------


def notebook_with(code: str) -> nbformat.NotebookNode:
    """A notebook of one cell."""
    cell = nbformat.v4.new_code_cell(code, id="only")
    return nbformat.v4.new_notebook(cells=[cell], metadata=copy.deepcopy(notebooks.METADATA))


def test_a_run_depends_on_nobody_s_profile_kernels_or_settings(tmp_path, monkeypatch):
    startup = tmp_path / "ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "mine.py").write_text("print('from my profile')")
    kernel = tmp_path / "jupyter" / "kernels" / "python3"
    kernel.mkdir(parents=True)
    (kernel / "kernel.json").write_text('{"argv": ["false"], "display_name": "x"}')
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    code = (
        "import os, sys, course\n"
        "print(sys.executable, os.listdir(), os.environ['COURSE_STRICT'], sep='\\n')\n"
        "print(course.__file__, 'NBGRADER_EXECUTION' in os.environ, sep='\\n')"
    )
    notebook = notebook_with(code)
    execute(notebook)
    assert notebook.cells[0].outputs[0].text.splitlines() == [
        sys.executable,
        "[]",
        "1",
        str(ROOT / "course" / "__init__.py"),
        "False",
    ]


def test_a_failing_run_keeps_what_was_shown_so_far():
    notebook = notebook_with("print('so far')\n1 / 0")
    with pytest.raises(CellFailed, match="cell only: ZeroDivisionError: division by zero"):
        execute(notebook)
    assert notebook.cells[0].outputs[0].text == "so far\n"
    assert notebook.metadata == notebooks.METADATA
