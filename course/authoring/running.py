"""Running a notebook: in a kernel of this Python, in a folder that is gone afterwards."""

import asyncio
import copy
import os
import re
import signal
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from course.lessons import ROOT

SECONDS = 600  # for one cell; training a network takes about one minute

# What moves the window: some 70 kB that every run adds again. Its figure and its settings stay.
MODULE = re.compile(r'\n<style class="stepper-style">.*?</script>', re.DOTALL)

# What a person's own shell may set and a notebook's outputs must not depend on.
NOT_INHERITED = ("COURSE_STRICT", "MPLBACKEND", "NBGRADER_EXECUTION", "PYTHONSTARTUP")


class CellFailed(Exception):
    """A cell raised, ran out of time or took its kernel down.

    Attributes
    ----------
    cell : str
        The id of the cell.
    reason : str
        What went wrong, without a traceback.
    """

    def __init__(self, cell: str, reason: str) -> None:
        super().__init__(f"cell {cell}: {reason}")
        self.cell = cell
        self.reason = reason


def environment(folder: Path, *, strict: bool) -> dict[str, str]:
    """The environment of a kernel that leaves nothing behind outside `folder`.

    Parameters
    ----------
    folder : Path
        Gets ``progress.sqlite``, and an IPython profile that is nobody's own.
    strict : bool
        Whether a check that does not pass raises.
    """
    inherited = {name: os.environ[name] for name in os.environ if name not in NOT_INHERITED}
    paths = filter(None, [str(ROOT), inherited.get("PYTHONPATH")])
    return inherited | {
        "COURSE_PROGRESS": str(folder / "progress.sqlite"),
        "COURSE_STRICT": "1" if strict else "0",
        "IPYTHONDIR": str(folder / "ipython"),
        "PYTHONPATH": os.pathsep.join(paths),
    }


class Stopped(NamedTuple):
    """The place of the cell at which a run ended before its end, and why."""

    at: int
    why: str


def run_cells(
    notebook: Any,
    folder: Path,
    seconds: Callable[[Any], int],
    *,
    strict: bool,
    goes_on: bool,
    tick: Callable[[int], None] = lambda done: None,
) -> Stopped | None:
    """Run a notebook's cells in a kernel of this Python, whatever a person registered.

    Parameters
    ----------
    notebook : NotebookNode
        Which kernel it asks for does not matter. Its cells get their outputs.
    folder : Path
        For everything that the run leaves behind; it runs in ``work`` in there.
    seconds : callable
        How long a cell may take.
    strict : bool
        Whether a check that does not pass raises.
    goes_on : bool
        Whether a cell that raises does not stop the others.
    tick : callable
        Is told before each cell how many are done.

    Returns
    -------
    Stopped or None
        The cell that raised, ran out of time or took the kernel down.

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
        tick(reached)

    def interrupt() -> None:
        nonlocal interrupted
        interrupted = True
        ending.append(asyncio.ensure_future(kernel.shutdown_kernel(now=True)))

    ending: list[asyncio.Future] = []  # a task that nobody holds may vanish
    run = NotebookClient(
        notebook,
        # No kernel folders: "python3" is then this interpreter.
        km=AsyncKernelManager(kernel_spec_manager=KernelSpecManager(kernel_dirs=[])),
        extra_arguments=["--log-level=CRITICAL"],  # no warnings about itself
        resources={"metadata": {"path": str(folder / "work")}},
        allow_errors=goes_on,
        coalesce_streams=True,
        on_cell_start=note,
        record_timing=False,  # a run of the same cells gives the same bytes
        timeout_func=seconds,
    )
    kernel: Any = run.km
    run.log.disabled = True
    try:
        run.execute(env=environment(folder, strict=strict), cleanup_kc=True)
    except AssertionError:  # what nbclient makes of Ctrl-C while its kernel is starting
        raise KeyboardInterrupt from None
    except CellExecutionError as error:
        return Stopped(reached, f"{error.ename}: {error.evalue}")
    except CellTimeoutError:
        limit = seconds(notebook.cells[reached])
        return Stopped(reached, f"it was still running after {limit} seconds")
    except DeadKernelError:
        if interrupted:
            raise KeyboardInterrupt from None
        return Stopped(reached, "it ended the kernel")
    return None


def execute(notebook: Any, *, strict: bool = True) -> None:
    """Execute a notebook and keep what it shows in its cells.

    Parameters
    ----------
    notebook : NotebookNode
        Its outputs are replaced, nothing else.
    strict : bool
        Whether a check that does not pass fails the run.

    Raises
    ------
    CellFailed
        At the first cell that fails. The outputs so far are in the notebook.
    """
    metadata = copy.deepcopy(notebook.metadata)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        (folder / "work").mkdir()
        try:
            stopped = run_cells(notebook, folder, lambda _: SECONDS, strict=strict, goes_on=False)
        finally:
            notebook.metadata = metadata  # the kernel has put its own version there
            for cell in notebook.cells:
                for output in cell.get("outputs", []):
                    if shown := output.get("data", {}).get("text/html"):
                        output.data["text/html"] = MODULE.sub("", shown)
    if stopped:
        raise CellFailed(notebook.cells[stopped.at].id, stopped.why)
