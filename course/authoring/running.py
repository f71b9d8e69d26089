"""Running a notebook: in a kernel of this Python, in a folder that is gone afterwards."""

import copy
import os
import re
import tempfile
from pathlib import Path
from typing import Any

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


def client(notebook: Any, folder: Path, *, log: str, **how: Any) -> NotebookClient:
    """Make what runs a notebook: in a kernel of this Python, whatever a person registered.

    Parameters
    ----------
    notebook : NotebookNode
        Which kernel it asks for does not matter.
    folder : Path
        Where it runs.
    log : str
        How bad it must be for the kernel to say something about itself.
    **how
        Goes to nbclient.
    """
    return NotebookClient(
        notebook,
        # No kernel folders: "python3" is then this interpreter.
        km=AsyncKernelManager(kernel_spec_manager=KernelSpecManager(kernel_dirs=[])),
        extra_arguments=[f"--log-level={log}"],
        resources={"metadata": {"path": str(folder)}},
        **how,
    )


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
    reached = ""

    def note(cell: Any, cell_index: int) -> None:
        nonlocal reached
        reached = cell.id

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        empty = folder / "empty"
        empty.mkdir()
        run = client(
            notebook,
            empty,
            log="ERROR",  # no warnings about itself
            coalesce_streams=True,
            on_cell_execute=note,
            record_timing=False,  # a run of the same cells gives the same bytes
            timeout=SECONDS,
        )
        try:
            run.execute(env=environment(folder, strict=strict), cleanup_kc=True)
        except CellExecutionError as error:
            raise CellFailed(reached, f"{error.ename}: {error.evalue}") from None
        except CellTimeoutError:
            raise CellFailed(reached, f"it took longer than {SECONDS} seconds") from None
        except DeadKernelError:
            raise CellFailed(reached, "the kernel died") from None
        finally:
            notebook.metadata = metadata  # the kernel has put its own version there
            for cell in notebook.cells:
                for output in cell.get("outputs", []):
                    if shown := output.get("data", {}).get("text/html"):
                        output.data["text/html"] = MODULE.sub("", shown)
