"""JupyterLab on a lesson: its token on, its address told, stopped with Ctrl-C."""

import contextlib
import importlib.util
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import webbrowser
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from course.trouble import Trouble
from course.lessons import ROOT

STARTING = 120  # seconds; a first start on a slow disk takes half a minute
OWN = Path(__file__).parent / "jupyter"
"""Settings: no question about news before the first lesson, no list that shows what is no lesson;
and a kernel that runs the first cell again after a restart."""


def can_open_browser(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether a browser window can appear here, and nobody asked for none."""
    if environment.get("NO_BROWSER", "0") not in ("", "0"):
        return False
    if environment.get("BROWSER"):
        return True
    if sys.platform.startswith("linux") and not (
        environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY")
    ):
        return False  # what there may be is a browser for the terminal: no place for JupyterLab
    try:
        webbrowser.get()
    except webbrowser.Error:
        return False
    return True


def open_lab(folder: Path, notebook: str, port: int, say: Callable[[str, bool], None]) -> int:
    """Run JupyterLab in a folder until it is stopped.

    Parameters
    ----------
    folder : Path
        What JupyterLab shows.
    notebook : str
        The file in there that it opens.
    port : int
        Where to listen; the next free one if it is taken.
    say : callable
        Is told the address once there is one, and whether a browser opens it.

    Returns
    -------
    int
        JupyterLab's own exit code; 0 when it was stopped with Ctrl-C.
    """
    if importlib.util.find_spec("jupyterlab") is None:
        raise Trouble(
            "JupyterLab is not installed here: `make setup`, or `pip install jupyterlab`."
        )
    browser = can_open_browser()
    token = secrets.token_hex(24)
    environment = dict(os.environ)
    environment["JUPYTER_TOKEN"] = token  # not an argument: those can be read by anyone here
    if (ROOT / "pyproject.toml").exists():  # not installed: the kernels have to find the course
        paths = filter(None, [str(ROOT), environment.get("PYTHONPATH")])
        environment["PYTHONPATH"] = os.pathsep.join(paths)
    for name in ("JUPYTER_CONFIG_PATH", "JUPYTER_PATH"):  # settings, and the kernel
        own = filter(None, [str(OWN), environment.get(name)])
        environment[name] = os.pathsep.join(own)
    page = f"lab/tree/{quote(notebook)}"
    command = [
        *(sys.executable, "-m", "jupyterlab", "-y"),
        "--ServerApp.log_level=ERROR",
        "--LabApp.log_level=ERROR",
        f"--ServerApp.root_dir={folder.resolve()}",
        f"--ServerApp.port={port}",
        f"--LabApp.default_url=/{page}",
        *([] if browser else ["--no-browser"]),
        *(["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []),
    ]
    server = subprocess.Popen(command, env=environment)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        if found := wait_for(server, token):
            say(f"{found['url']}{page}?token={found['token']}", browser)
        return server.wait()
    except KeyboardInterrupt:
        wait(server)  # JupyterLab got it too, and is on its way
        return 0
    finally:
        server.terminate()
        if not wait(server):
            server.kill()


def wait_for(server: subprocess.Popen, token: str) -> dict[str, Any] | None:
    """What a server that is starting says of itself; None if it ended, or if that takes too long.

    On Windows its process may be a child of the one that we know: the token tells it too.
    """
    from jupyter_core.paths import jupyter_runtime_dir

    runtime = Path(jupyter_runtime_dir())
    for _ in range(STARTING * 10):
        if server.poll() is not None:
            return None
        for file in runtime.glob("jpserver-*.json"):
            with contextlib.suppress(OSError, ValueError, KeyError):
                found = json.loads(file.read_text(encoding="utf-8"))
                if server.pid == found["pid"] or token == found["token"]:
                    # It is listed before it listens.
                    socket.create_connection((found["hostname"], found["port"]), 1).close()
                    return found
        time.sleep(0.1)
    return None


def wait(server: subprocess.Popen) -> bool:
    """Give a server ten seconds to end, whatever else the person at the keyboard presses."""
    end = time.monotonic() + 10
    while server.poll() is None and time.monotonic() < end:
        with contextlib.suppress(KeyboardInterrupt):
            time.sleep(0.05)
    return server.poll() is not None
