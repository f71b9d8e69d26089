"""Every lesson as Colab opens it: a lone notebook that fetches the course from its tag."""

import ast
import re
from pathlib import Path
from typing import Any, NamedTuple

import packages
import pytest
from machine import Machine
from nbformat import NotebookNode, read, v4

from course.authoring import links, notebooks
from course.exercises import EXERCISES
from course.lessons import LESSONS, ROOT

HOME = links.home(ROOT)
FIRST_CELL = links.colab_cell(HOME)
FOLDER = f"{HOME.name}-{HOME.version}"

INSTALLERS = {"apt", "apt-get", "conda", "mamba", "pip", "pip3", "uv"}
NOT_SAVED = "Your progress can't be saved"

REPORT = f"""\
import sys
import course, google.colab
from course import progress

found = course.__file__, sys.path.count("/content/{FOLDER}")
print((*found, progress().points, google.colab.started))
"""


class Report(NamedTuple):
    """What a kernel says in the end."""

    course: str
    times_on_path: int
    points: int
    started: list[list[str]]

    @property
    def cloned(self) -> int:
        """How often the course was fetched."""
        return sum(command[:2] == ["git", "clone"] for command in self.started)

    @property
    def words(self) -> set[str]:
        """Of all commands that were started."""
        return {word for command in self.started for word in " ".join(command).split()}


def notebook(*code: str) -> NotebookNode:
    """A notebook of these cells."""
    return v4.new_notebook(cells=[v4.new_code_cell(text) for text in code])


def run(machine: Machine, running: NotebookNode, **how: Any) -> Report:
    """Run a notebook, and let the kernel report."""
    running.cells.append(v4.new_code_cell(REPORT))
    machine.run(running, **how)
    return Report(*ast.literal_eval(running.cells[-1].outputs[0].text))


def shown(running: NotebookNode, name: str) -> str:
    """What the cells wrote to one of the two streams."""
    return "".join(
        output.text
        for cell in notebooks.code_cells(running)
        for output in cell.outputs
        if output.get("name") == name
    )


@pytest.fixture(scope="session")
def fetched(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Machine:
    """A machine that has the course already."""
    machine = Machine(tmp_path_factory.mktemp("fetched") / "content")
    machine.run(notebook(FIRST_CELL), repository=repository)
    return machine


# --- The lessons ----------------------------------------------------------------------------------


# The longest first, so that two at a time end together.
@pytest.mark.parametrize("number", [4, 6, 5, 1, 2, 3])
def test_the_lone_student_notebook_fetches_the_course_and_runs_to_its_end(
    number, machine, repository
):
    student = LESSONS[number].notebook()
    lone = machine.content / student.name
    lone.write_bytes(student.read_bytes())
    running = read(lone, as_version=4)
    report = run(machine, running, repository=repository)
    assert report.course == f"/content/{FOLDER}/course/__init__.py"
    assert report.cloned == 1
    assert report.words & INSTALLERS == set()
    assert report.points == 0
    assert shown(running, "stderr") == ""


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_solved_lesson_earns_its_points_offline_where_nothing_can_be_written(number, fetched):
    solution = LESSONS[number].solution()
    running = read(solution, as_version=4)
    report = run(fetched, running, read_only=True, strict=True)
    assert report.cloned == 0
    assert report.points == sum(e.points for e in EXERCISES.values() if e.lesson == number)
    assert shown(running, "stderr").count(NOT_SAVED) == 1


ANSWER = """\
def convolve_pixel(window, kernel):
    return {}
check.convolve_pixel(convolve_pixel)
"""


def test_answers_are_judged_and_explained_as_anywhere(fetched):
    answers = ["(window * kernel[::-1, ::-1]).sum()", "window.summe()", "(window * kernel).sum()"]
    running = notebook(
        f"{FIRST_CELL}\nfrom course import check, yours",
        *map(ANSWER.format, answers),
        "yours.convolve_pixel is convolve_pixel",
    )
    report = run(fetched, running, read_only=True)
    told = [cell.outputs[-1].data["text/plain"] for cell in running.cells[1:-1]]
    assert "Your kernel is flipped both ways" in told[0]
    assert "line 2, in convolve_pixel: return window.summe()" in told[1]
    assert "Passed (2 of 2 points)" in told[2]
    assert told[3] == "True"
    assert report.points == 2


# --- The first cell -------------------------------------------------------------------------------


def test_the_first_cell_fetches_the_course_once_however_often_it_is_run(machine, repository):
    report = run(machine, notebook(FIRST_CELL, FIRST_CELL), repository=repository)
    assert (report.cloned, report.times_on_path) == (1, 1)
    after_a_restart = run(machine, notebook(FIRST_CELL))
    assert (after_a_restart.cloned, after_a_restart.times_on_path) == (0, 1)


def failure(machine: Machine, cell: str, **how: Any) -> str:
    """What a first cell shows that fails."""
    running = notebook(cell)
    machine.run(running, allow_errors=True, **how)
    (output,) = running.cells[0].outputs
    return "\n".join(output.traceback)


def test_without_a_network_the_first_cell_says_what_to_do_and_works_later(machine, repository):
    what_to_do, cause = failure(machine, FIRST_CELL).splitlines()
    assert re.match(r"The course could not be fetched\. Run this cell again", what_to_do)
    assert what_to_do.endswith(HOME.address)
    assert re.match("git says: .*Could not resolve host", cause)
    assert list(machine.content.iterdir()) == []
    assert run(machine, notebook(FIRST_CELL), repository=repository).cloned == 1


def test_without_its_tag_the_newest_course_is_taken_and_that_is_told(machine, repository):
    running = notebook(links.colab_cell(HOME._replace(version="0.0.0")))
    report = run(machine, running, repository=repository)
    assert report.cloned == 2  # with the tag, and then without
    assert report.course.startswith("/content/convolutions-course-0.0.0/")
    (output,) = running.cells[0].outputs
    assert output.text.startswith(f"There is no v0.0.0 of the course at {HOME.address}")
    assert "this is the newest that is there" in output.text


# --- The window that moves ------------------------------------------------------------------------

WINDOW = "from helpers import stepper\nstepper.convolution()"


def test_the_window_is_a_page_of_its_own_that_needs_no_widget(fetched):
    running = notebook(FIRST_CELL, WINDOW)
    run(fetched, running)
    (window,) = running.cells[1].outputs
    assert set(window.data) == {"text/plain", "text/html"}
    assert "577" in window.data["text/plain"]
    for part in ("<img", "stepper-values", '<script type="module"'):
        assert part in window.data["text/html"]


# --- The machine ----------------------------------------------------------------------------------


def test_the_machine_has_colabs_versions_and_nothing_else_of_this_computer(machine):
    code = (
        "import os, importlib.metadata as metadata\n"
        "versions = {d.name: d.version for d in metadata.distributions()}\n"
        f"print((versions, os.listdir('/home/me'), os.path.exists({str(ROOT / 'course')!r})))"
    )
    running = notebook(code)
    machine.run(running)
    versions, home, course = ast.literal_eval(running.cells[0].outputs[0].text)
    wanted = re.findall(r"^([\w.-]+)==([^\s;]+)$", packages.VERSIONS.read_text(), re.MULTILINE)
    assert len(wanted) >= 10
    assert {name: versions.get(name) for name, _ in wanted} == dict(wanted)
    assert set(home) <= {".ipython"}
    assert not course
