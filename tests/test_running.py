"""Running a notebook: the same for everybody, and nothing stays behind."""

import copy
import sys

import nbformat
import pytest

from course.authoring import notebooks
from course.authoring.running import CellFailed, execute
from course.lessons import ROOT


def notebook_with(code: str) -> nbformat.NotebookNode:
    """A notebook of one cell."""
    cell = nbformat.v4.new_code_cell(code, id="only")
    return nbformat.v4.new_notebook(cells=[cell], metadata=copy.deepcopy(notebooks.METADATA))


@pytest.mark.seconds
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


@pytest.mark.seconds
def test_a_failing_run_keeps_what_was_shown_so_far():
    notebook = notebook_with("print('so far')\n1 / 0")
    with pytest.raises(CellFailed, match="cell only: ZeroDivisionError: division by zero"):
        execute(notebook)
    assert notebook.cells[0].outputs[0].text == "so far\n"
    assert notebook.metadata == notebooks.METADATA
