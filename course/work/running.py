"""Running a learner's notebook in a copy of its folder, and judging what it defines."""

import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbformat import v4

from course.authoring.running import run_cells
from course.checking import progress
from course.defining import names_written
from course.checking.result import Result
from course.trouble import Trouble
from course.work.judging import BUNDLE
from course.work.notebook import read_notebook

SECONDS = 600
"""For one cell, by default: training a network takes a minute, on an old machine several."""

LARGEST_FILE = 100 * 2**20  # bytes; what is larger is not there when the notebook runs
LONGEST_LINE = 50  # characters of a cell's first line

# Binds no name, so that it needs none of the learner's to be what it was.
JUDGING = "__import__('course.work.judging').work.judging.judge_lesson({})"


@dataclass
class Report:
    """What running one notebook showed."""

    results: list[Result] = field(default_factory=list)
    """One for each exercise of the lesson."""

    sources: dict[str, str | None] = field(default_factory=dict)
    """The source of each answer that passed."""

    missing: dict[str, str] = field(default_factory=dict)
    """Exercises whose name was not defined, and why."""

    problems: list[str] = field(default_factory=list)
    """Cells that did not run to their end: a sentence for each."""


def run(
    path: Path,
    lesson: int,
    seconds: int = SECONDS,
    tick: Callable[[int, int], None] = lambda done, total: None,
) -> Report:
    """Run a learner's notebook and judge its answers by name. The notebook is only read.

    A cell that never ends, or that takes the kernel down, is left out and all is run again, so
    that the other answers are judged all the same.

    Parameters
    ----------
    path : Path
        The notebook.
    lesson : int
        Whose exercises are judged.
    seconds : int
        For each cell.
    tick : callable
        Is told after each cell how many are done, of how many.

    Raises
    ------
    Trouble
        If it is not a notebook, or if judging its answers takes the kernel down.
    """
    notebook = read_notebook(path)
    sources = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    judging = JUDGING.format(lesson)
    left_out: dict[int, str] = {}

    def limit(cell: Any) -> int:
        return SECONDS if cell.source == judging else seconds

    def done(cells: int) -> None:
        tick(cells, len(sources) + 1)

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        copy_folder(path.parent, folder / "work")
        while True:
            run_now = ["" if index in left_out else text for index, text in enumerate(sources)]
            cells = [v4.new_code_cell(text) for text in (*run_now, judging)]
            made = v4.new_notebook(cells=cells)
            stopped = run_cells(made, folder, limit, strict=False, goes_on=True, tick=done)
            if stopped is None:
                done(len(cells))
                break
            index, why = stopped
            if index == len(sources):
                raise Trouble(f"{path} was run, but judging its answers failed: {why}.")
            left_out[index] = f"{why}. It was left out."

    *cells, judged = cells
    bundles = [output.data[BUNDLE] for output in judged.outputs if BUNDLE in output.get("data", ())]
    if not bundles:
        why = error_of(judged) or "nothing came back"
        raise Trouble(f"{path} was run, but its answers were not judged: {why}.")
    errors = {index: error_of(cell) for index, cell in enumerate(cells)} | left_out
    report = Report()
    for index, error in errors.items():
        if error:
            report.problems.append(f"{cell_named(index, sources[index])}: {error}")
    for entry in bundles[-1]:
        result = Result(**entry["result"])
        report.results.append(result)
        report.sources[result.key] = entry["source"]
        if not entry["defined"]:
            report.missing[result.key] = why_missing(notebook, result.key)
    return report


def copy_folder(source: Path, target: Path) -> None:
    """Copy what a notebook may read, and the progress so far, which `yours` builds on."""
    target.mkdir()
    for file in source.iterdir():
        if (
            file.is_file()
            and file.stat().st_size <= LARGEST_FILE
            and progress.FILE not in file.name
        ):
            with suppress(OSError):
                shutil.copy(file, target)
    with suppress(sqlite3.Error):
        if progress.path().exists():
            with (
                closing(sqlite3.connect(progress.path())) as mine,
                closing(sqlite3.connect(target.parent / progress.FILE)) as copy,
            ):
                mine.backup(copy)


def error_of(cell: Any) -> str:
    """The first line of what a cell raised; empty if it did not."""
    raised = [output for output in cell.outputs if output.output_type == "error"]
    return f"{raised[0].ename}: {raised[0].evalue}".splitlines()[0] if raised else ""


def cell_named(index: int, source: str) -> str:
    """Name a cell by its place and the first line that is not a comment."""
    lines = [line for line in source.splitlines() if line.strip() and not line.startswith("#")]
    first = lines[0] if lines else ""
    return f"Code cell {index + 1} ({first[:LONGEST_LINE]}{'...' * (len(first) > LONGEST_LINE)})"


def why_missing(notebook: Any, key: str) -> str:
    """Say why a name was not defined although the notebook was run."""
    kinds = {cell.cell_type for cell in notebook.cells if key in names_written(cell.source)}
    if "code" in kinds:
        return "the cell that defines it did not run to its end"
    if kinds:
        return f"the cell that defines it is a {kinds.pop()} cell: make it a code cell"
    return "no cell defines it"
