"""A machine like Colab's: its packages, its kernel, an empty home, `/content`, and no network."""

import shutil
import subprocess
import tempfile
from pathlib import Path

import packages
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbformat import NotebookNode

from course.authoring import links
from course.lessons import ROOT

RUNTIME = Path(__file__).with_name("runtime")
SECONDS = 300  # for one cell

# All of the system that a kernel sees; it can change nothing of it.
SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/etc")


class Machine:
    """What stays when its kernel is restarted: the folder `/content`."""

    def __init__(self, content: Path) -> None:
        self.content = content
        content.mkdir()

    def run(
        self,
        notebook: NotebookNode,
        *,
        repository: Path | None = None,
        read_only: bool = False,
        strict: bool = False,
        allow_errors: bool = False,
    ) -> None:
        """Run a notebook in a new kernel and keep what it shows in its cells.

        Parameters
        ----------
        notebook : NotebookNode
        repository : Path, optional
            What git finds at the course's address. Without one there is no network.
        read_only : bool
            Whether nothing can be written to `/content`.
        strict : bool
            Whether a check that does not pass raises.
        allow_errors : bool
            Whether the run goes on below a cell that raises.
        """
        # Not pytest's folder: the path of a socket may have no more than 107 letters.
        with tempfile.TemporaryDirectory(prefix="colab-") as sockets:
            shown = [RUNTIME, packages.FOLDER, python_home(), *filter(None, [repository])]
            kernel = AsyncKernelManager(transport="ipc", connection_file=f"{sockets}/kernel.json")
            kernel._kernel_spec = KernelSpec(
                argv=[
                    *("bwrap", "--unshare-all", "--die-with-parent"),
                    *("--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp", "--dir", "/home/me"),
                    *binds("--ro-bind-try", *SYSTEM, *shown),
                    *binds("--bind", sockets, packages.CACHE),
                    *("--ro-bind" if read_only else "--bind", str(self.content), "/content"),
                    # It cannot see this process, and would think that it was left alone.
                    *("--setenv", "JPY_PARENT_PID", "1", "--chdir", "/content"),
                    *(str(packages.PYTHON), "-m", "google.colab"),
                    *("-f", "{connection_file}", "--log-level=ERROR"),
                ]
            )
            client = NotebookClient(notebook, km=kernel, allow_errors=allow_errors, timeout=SECONDS)
            client.execute(env=variables(repository, strict), cleanup_kc=True)


def no_sandbox() -> str | None:
    """Why a kernel cannot be kept apart from this computer, if so."""
    if shutil.which("bwrap") is None:
        return (
            "Colab's machine is made with bubblewrap, which is for Linux, and there is none here. "
            "Get it with `sudo apt-get install bubblewrap`."
        )
    tried = subprocess.run(
        ["bwrap", "--unshare-all", *binds("--ro-bind", "/"), "true"],
        capture_output=True,
        check=False,
        text=True,
    )
    if tried.returncode == 0:
        return None
    return (
        f"bubblewrap may not work here ({tried.stderr.strip()}). On Ubuntu 24.04 and later, "
        "`sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0` lets it."
    )


def binds(how: str, *paths: str | Path) -> list[str]:
    """The options that show these in the sandbox, where they are outside."""
    return [word for path in paths for word in (how, str(path), str(path))]


def python_home() -> Path:
    """Where the Python lives that the environment was made with."""
    return packages.PYTHON.readlink().parents[1]


def variables(repository: Path | None, strict: bool) -> dict[str, str]:
    """All the environment variables of a kernel."""
    found = {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.file://{repository}.insteadOf",
        "GIT_CONFIG_VALUE_0": links.home(ROOT).address,
    }
    return {
        "COURSE_STRICT": "1" if strict else "0",
        "HOME": "/home/me",
        "PATH": f"{packages.PYTHON.parent}:/usr/bin:/bin",
        "PYTHONPATH": str(RUNTIME),
        # What a real machine has ready: bytecode, and a list of the fonts.
        "PYTHONPYCACHEPREFIX": str(packages.CACHE),
        "MPLCONFIGDIR": str(packages.CACHE / "matplotlib"),
        **(found if repository else {}),
    }
