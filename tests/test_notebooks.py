"""The lessons themselves: they run, show what they showed, earn every point and hide every answer.

Each notebook is run once as its author wrote it and once as a student gets it, by nbval, in a
folder of its own.
"""

import html.parser
import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from sooner import CNN_FOR_AN_EPOCH, COARSE, FEW_STEPS, NO_STEPS, UNPAINTED

from course.authoring import links, notebooks
from course.authoring.running import environment, execute
from course.authoring.source import read_source
from course.exercises import EXERCISES
from course.lessons import LESSONS, ROOT

pytestmark = pytest.mark.lessons

SANITIZE = Path(__file__).with_name("nbval_sanitize.cfg")
WRITTEN = [number for number in LESSONS if LESSONS[number].source().exists()]
WITHOUT_TENSORFLOW = (1, 2, 3)

each_lesson = pytest.mark.parametrize(
    "number",
    [
        pytest.param(n, marks=() if n in WITHOUT_TENSORFLOW else pytest.mark.tensorflow)
        for n in WRITTEN
    ],
    ids=lambda number: LESSONS[number].name,
)


def paths(number: int) -> tuple[Path, Path]:
    """The student notebook and the solution notebook of a lesson."""
    return LESSONS[number].notebook(), LESSONS[number].solution()


def cells_of(path: Path) -> list[Any]:
    """The cells of a notebook."""
    return nbformat.read(path, as_version=4).cells


# --- Running --------------------------------------------------------------------------------------

LAST_CELL = "import sys\nassert 'tensorflow' not in sys.modules, 'TensorFlow was imported'"

# Without this, what checks a notebook's form compiles a grammar of web addresses: 2 s, for nothing.
START = "import sys; sys.modules['rfc3987_syntax'] = None; import pytest; sys.exit(pytest.main())"


def nbval(
    notebook: Path,
    folder: Path,
    *,
    strict: bool,
    lax: bool = False,
    first_cell: str = "",
    last_cell: str = "",
) -> subprocess.CompletedProcess[str]:
    """Validate a copy of a notebook with nbval; strict, a check that does not pass raises."""
    folder.mkdir(exist_ok=True)
    running = nbformat.read(notebook, as_version=4)
    if first_cell:
        running.cells.insert(0, nbformat.v4.new_code_cell(first_cell))
    running.cells.append(nbformat.v4.new_code_cell(last_cell))
    nbformat.write(running, folder / notebook.name)
    variables = environment(folder, strict=strict) | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    variables.pop("PYTEST_ADDOPTS", None)
    return subprocess.run(
        [
            *(sys.executable, "-c", START, "-p", "nbval.plugin", "-p", "no:cacheprovider"),
            *("--nbval-lax" if lax else "--nbval", "--nbval-current-env", "--color=no", "-q"),
            *("--nbval-sanitize-with", str(SANITIZE), "--nbval-cell-timeout", "600"),
            *("-c", os.devnull, "--rootdir", str(folder), str(folder / notebook.name)),
        ],
        cwd=folder,
        env=variables,
        capture_output=True,
        check=False,
        text=True,
    )


def recorded(folder: Path) -> dict[str, tuple[str, int]]:
    """What the checks of a run left in the progress file: status and points by key."""
    connection = sqlite3.connect(folder / "progress.sqlite")
    try:
        rows = connection.execute("SELECT key, status, points FROM answers").fetchall()
    finally:
        connection.close()
    return {key: (status, points) for key, status, points in rows}


def of_lesson(number: int) -> list[str]:
    """The keys of a lesson's exercises."""
    return [key for key, exercise in EXERCISES.items() if exercise.lesson == number]


@pytest.mark.seconds
@each_lesson
def test_solution_repeats_its_outputs_and_earns_every_point(number, tmp_path):
    solution = paths(number)[1]
    last_cell = LAST_CELL if number in WITHOUT_TENSORFLOW else ""
    first_cell = COARSE + (FEW_STEPS + CNN_FOR_AN_EPOCH) * LESSONS[number].keras
    run = nbval(solution, tmp_path, strict=True, first_cell=first_cell, last_cell=last_cell)
    assert run.returncode == 0, f"{run.stdout}\nIf what it shows now is right: course build --force"
    assert recorded(tmp_path) == {
        key: ("passed", EXERCISES[key].points) for key in of_lesson(number)
    }


@pytest.mark.seconds
@each_lesson
def test_student_notebook_runs_unattempted_from_top_to_bottom(number, tmp_path):
    student = paths(number)[0]
    last_cell = LAST_CELL if number in WITHOUT_TENSORFLOW else ""
    first_cell = UNPAINTED + NO_STEPS * (number not in WITHOUT_TENSORFLOW)
    cells = {"first_cell": first_cell, "last_cell": last_cell}
    run = nbval(student, tmp_path, strict=False, lax=True, **cells)
    assert run.returncode == 0, run.stdout
    assert recorded(tmp_path) == {key: ("not_attempted", 0) for key in of_lesson(number)}


@pytest.mark.slow
def test_a_failed_check_is_seen_by_the_strict_run_and_not_by_plain_nbval(course, tmp_path):
    text = course.source.read_text(encoding="utf-8")
    course.write(text.replace("* kernel", "+ kernel"))
    broken = notebooks.solution_notebook(
        read_source(LESSONS[1], course.root), links.home(course.root)
    )
    execute(broken, strict=False)  # what is stored is what a failed check shows
    course.solution.write_text(notebooks.written(broken), encoding="utf-8")

    plain = nbval(course.solution, tmp_path / "plain", strict=False)
    assert plain.returncode == 0, plain.stdout

    strict = nbval(course.solution, tmp_path / "strict", strict=True)
    assert strict.returncode == 1
    worth = EXERCISES["convolve_pixel"].points
    assert f"✗ convolve_pixel: Not yet (0 of {worth} points)" in strict.stdout
    assert recorded(tmp_path / "strict") == {"convolve_pixel": ("failed", 0)}


@pytest.mark.seconds
def test_nbval_compares_the_words_of_a_picture_and_not_its_pixels(tmp_path):
    def picture(words: str, pixels: str) -> dict[str, str]:
        html = f'<img alt="{words}" src="data:image/png;base64,{pixels}">'
        return {"text/plain": f"Picture: {words}", "text/html": html}

    notebook = nbformat.v4.new_notebook()
    for stored in (picture("26 by 26", "BBBB"), picture("28 by 28", "AAAA")):
        code = f"display({picture('26 by 26', 'AAAA')}, raw=True)"
        output = nbformat.v4.new_output("display_data", stored)
        cell = nbformat.v4.new_code_cell(code, outputs=[output], execution_count=1)
        notebook.cells.append(cell)
    path = tmp_path / "pictures.ipynb"
    nbformat.write(notebook, path)
    run = nbval(path, tmp_path / "run", strict=True)
    assert re.findall(r"FAILED .*::(Cell \d)", run.stdout) == ["Cell 1"], run.stdout


# --- Reading --------------------------------------------------------------------------------------


@pytest.mark.seconds
def test_every_notebook_is_what_its_source_makes():
    assert notebooks.stale() == []


@each_lesson
def test_student_notebook_holds_no_line_of_a_solution(number):
    lesson = read_source(LESSONS[number])
    # What prose names in passing, in backticks, is taught rather than given away.
    in_passing = re.compile(r"(?<!`)`[^`\n]+`(?!`)")
    shown = "\n".join(
        in_passing.sub("", cell.source) if cell.cell_type == "markdown" else cell.source
        for cell in cells_of(paths(number)[0])
    )
    assert "BEGIN SOLUTION" not in shown
    leaked = [
        line
        for cell in lesson.cells
        if cell.exercise
        for line in lines_of_solution(cell.source)
        if line in shown
    ]
    assert leaked == []


def lines_of_solution(source: str) -> list[str]:
    """The lines of a cell's regions that give something away.

    Loops, sizes and opening brackets are scaffolding, which other cells need too.
    """
    regions = re.findall("### BEGIN SOLUTION\n(.*?)### END SOLUTION", source, re.DOTALL)
    lines = (line.strip() for region in regions for line in region.splitlines())
    scaffolding = re.compile(r"#|for |.*\.shape|.*[\[({]$")
    return [line for line in lines if len(line) > SHORT and not scaffolding.match(line)]


SHORT = 16  # characters; `return result` and the like give nothing away


class Images(html.parser.HTMLParser):
    """Collects what stands in for each image of an HTML text; None where nothing does."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.words: list[str | None] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "img":
            self.words.append((given.get("alt") or "").strip() or None)
        elif tag == "svg" and given.get("aria-hidden") != "true":
            self.words.append((given.get("aria-label") or "").strip() or None)


@each_lesson
def test_first_cell_counts_exercises_and_points_as_they_are(number):
    exercises = [EXERCISES[key] for key in of_lesson(number)]
    first = cells_of(paths(number)[0])[0].source
    said = {word: int(count) for count, word in re.findall(r"(\d+) (exercises|points)", first)}
    assert said == {"exercises": len(exercises), "points": sum(e.points for e in exercises)}


@each_lesson
def test_every_figure_has_words(number):
    pictures = 0
    for cell in cells_of(paths(number)[1]):
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            words = Images(data.get("text/html", "")).words
            assert None not in words, f"{cell.id}: an image without alternative text"
            bare = [kind for kind in data if kind.startswith("image/")]
            assert not bare or words, f"{cell.id}: {bare} without alternative text"
            pictures += len(words)
        if cell.cell_type == "markdown":
            assert not re.search(r"!\[\s*\]", cell.source), f"{cell.id}: an image without words"
            assert None not in Images(cell.source).words, f"{cell.id}: an image without words"
    assert pictures > 0


@each_lesson
def test_no_cell_is_empty(number):
    cells = [cell for path in paths(number) for cell in cells_of(path)]
    assert [cell.id for cell in cells if not cell.source.strip()] == []


@each_lesson
def test_no_cell_speaks_to_a_linter(number):
    cells = (cell for path in paths(number) for cell in cells_of(path) if cell.cell_type == "code")
    spoken = [cell.id for cell in cells if re.search(r"#\s*(noqa|fmt:|type:)", cell.source)]
    assert spoken == []


@each_lesson
def test_no_cell_of_a_learner_speaks_to_a_linter(number):
    for cell in cells_of(paths(number)[0]):
        assert not re.search(r"# (noqa|fmt|type|ruff):", cell.source), cell.id


def test_solutions_are_small_enough_to_clone():
    size = sum(path.stat().st_size for path in (ROOT / "solutions").rglob("*") if path.is_file())
    assert size < 6_000_000
