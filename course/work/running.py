"""Running a learner's notebook in a copy of its folder, and judging what it defines."""

import asyncio
import shutil
import signal
import sqlite3
import tempfile
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import v4

from course.authoring.running import client, environment
from course.checking import progress
from course.defining import names_written
from course.checking.result import Result
from course.trouble import Trouble
from course.work.judging import BUNDLE
from course.work.notebook import read

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
    notebook = read(path)
    sources = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    left_out: dict[int, str] = {}
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        copy_folder(path.parent, folder / "work")
        while True:
            run_now = ["" if index in left_out else text for index, text in enumerate(sources)]
            cells = [v4.new_code_cell(text) for text in (*run_now, JUDGING.format(lesson))]
            stopped = execute(cells, [seconds] * len(sources) + [SECONDS], folder, tick)
            if stopped is None:
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
            report.problems.append(f"{place(index, sources[index])}: {error}")
    for entry in bundles[-1]:
        result = Result(**entry["result"])
        report.results.append(result)
        report.sources[result.key] = entry["source"]
        if not entry["defined"]:
            report.missing[result.key] = why_missing(notebook, result.key)
    return report


def execute(
    cells: Sequence[Any], seconds: Sequence[int], folder: Path, tick: Callable[[int, int], None]
) -> tuple[int, str] | None:
    """Execute cells in a kernel of this Python; say which one stopped it for good, and how.

    Parameters
    ----------
    cells : sequence of NotebookNode
        Code cells; they get their outputs. One that raises does not stop the others.
    seconds : sequence of int
        How long each may take.
    folder : Path
        For everything that the run leaves behind; it runs in ``work`` in there.
    tick : callable
        Is told after each cell how many are done, of how many.

    Raises
    ------
    KeyboardInterrupt
        After Ctrl-C; the kernel is gone.
    """
    reached, interrupted = 0, False

    def note(cell: Any, cell_index: int) -> None:
        nonlocal reached
        if cell_index == 0:  # by now nbclient has installed its own, which ends in errors
            with suppress(NotImplementedError, RuntimeError):  # Windows, or not the main thread
                asyncio.get_running_loop().add_signal_handler(signal.SIGINT, interrupt)
        reached = cell_index
        tick(reached, len(cells))

    def interrupt() -> None:
        nonlocal interrupted
        interrupted = True
        ending.append(asyncio.ensure_future(kernel.shutdown_kernel(now=True)))

    ending: list[asyncio.Future] = []  # a task that nobody holds may vanish
    limits = {cell.id: limit for cell, limit in zip(cells, seconds, strict=True)}
    run = client(
        v4.new_notebook(cells=list(cells)),
        folder / "work",
        log="CRITICAL",
        allow_errors=True,
        on_cell_start=note,
        timeout_func=lambda cell: limits[cell.id],
    )
    kernel: Any = run.km
    run.log.disabled = True
    try:
        run.execute(env=environment(folder, strict=False), cleanup_kc=True)
    except AssertionError:  # what nbclient makes of Ctrl-C while its kernel is starting
        raise KeyboardInterrupt from None
    except CellTimeoutError:
        return reached, f"it was still running after {seconds[reached]} seconds"
    except DeadKernelError:
        if interrupted:
            raise KeyboardInterrupt from None
        return reached, "it ended the kernel"
    tick(len(cells), len(cells))
    return None


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


def place(index: int, source: str) -> str:
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
