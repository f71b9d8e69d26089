"""The course as it runs in a browser tab: a site with its lab, served, and a notebook's kernel."""

import functools
import http.server
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page

from course.authoring.passing import on_ci
from course.lessons import LESSONS, ROOT
from course.site.lab.pyodide import CACHE, amiss

PACKAGE = Path(__file__).with_name("pyodide.txt")
COURSE = (sys.executable, "-m", "course.cli")
LONG = 180_000  # milliseconds for a cell on a busy machine

NOTEBOOK = "window.jupyterapp?.shell.currentWidget?.context"
KERNEL = f"{NOTEBOOK}?.sessionContext?.session?.kernel"

EXECUTE = f"""async (code) => {{
    const future = {KERNEL}.requestExecute({{ code }});
    const said = [];
    let error = "";
    future.onIOPub = ({{ content }}) => {{
        if (content.text) said.push(content.text);
        if (content.data?.["text/plain"]) said.push(content.data["text/plain"]);
        if (content.ename) error = `${{content.ename}}: ${{content.evalue}}`;
    }};
    await future.done;
    return {{ said: said.join("\\n"), error }};
}}"""

# As if nothing had been done here: without the progress, what was defined and what the course knows.
# The rest of Python stays: to begin it anew takes much longer. (A file is emptied, since the drive
# takes one that was deleted for one that is there, once.)
FORGET = """\
import os, sys
for name in os.listdir():
    if name.startswith("progress."):
        open(name, "wb").close()
for watching in get_ipython().events.callbacks.values():
    watching[:] = [one for one in watching if not one.__module__.startswith("course.")]
for name in [*sys.modules]:
    if name.startswith(("course", "helpers")):
        del sys.modules[name]
for name in {*get_ipython().user_ns} - {*get_ipython().user_ns_hidden}:
    del get_ipython().user_ns[name]"""


# JupyterLab's notices are gone after a while.
NOTE_TOLD = """
window.told = [];
new MutationObserver(() => {
    for (const it of document.querySelectorAll(".Toastify__toast"))
        if (!told.includes(it.textContent)) told.push(it.textContent);
}).observe(document, { subtree: true, childList: true, characterData: true });
"""

WRITE = f"""async ([id, source]) => {{
    const {{ model }} = {NOTEBOOK};
    model.sharedModel.cells.find((cell) => cell.id === id).setSource(source);
    await {NOTEBOOK}.save();
}}"""


def pyodide() -> Path:
    """Pyodide's files, from the package index. Without them tests are skipped, but not in CI."""
    folder = CACHE / "pyodide-for-tests"
    if amiss(folder):
        folder.mkdir(parents=True, exist_ok=True)
        fetch = [
            sys.executable,
            "-m",
            "pip",
            "download",
            "--quiet",
            "--no-deps",
            "--require-hashes",
        ]
        done = subprocess.run(
            [*fetch, "--dest", str(folder), "--requirement", str(PACKAGE)],
            check=False,
            capture_output=True,
            text=True,
        )
        for wheel in folder.glob("*.whl"):
            if wheel.name.startswith("provisa"):
                with zipfile.ZipFile(wheel) as files:
                    for member in files.infolist():
                        if "/pyodide/" in member.filename and not member.is_dir():
                            name = Path(member.filename).name
                            (folder / name).write_bytes(files.read(member))
                wheel.unlink()
        if wrong := amiss(folder):
            why = f"There is no Pyodide for the tests: {wrong}. {done.stderr[-500:]}"
            (pytest.fail if on_ci() else pytest.skip)(why)
    return folder


def whole_site(folder: Path) -> None:
    """Write the site with all that runs in it, as `course site` does."""
    done = subprocess.run(
        [*COURSE, "site", "--out", str(folder), "--pyodide", str(pyodide())],
        check=False,
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    assert not done.returncode, done.stdout + done.stderr


class Quiet(http.server.SimpleHTTPRequestHandler):
    """A plain static server, as any host is."""

    extensions_map = {  # noqa: RUF012 - the base class has it so
        **http.server.SimpleHTTPRequestHandler.extensions_map,
        ".mjs": "text/javascript",
        ".wasm": "application/wasm",
    }

    def log_message(self, *words: object) -> None:
        """Say nothing."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder; give its address."""
    handler = functools.partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def address(site: str, number: int) -> str:
    """Where a lesson of a site is."""
    return f"{site}/lab/index.html?path={LESSONS[number].file}"


def open_lesson(page: Page, site: str, number: int) -> None:
    """Go to a lesson of a site, and wait for its kernel."""
    page.goto(address(site, number))
    ready(page)


def ready(page: Page) -> None:
    """Wait until the notebook that is open has a kernel with nothing to do."""
    page.wait_for_function(f"{KERNEL}?.status === 'idle'", timeout=LONG, polling=250)


def begin_anew(page: Page, site: str) -> None:
    """Be at lesson 1, with a kernel that runs, as a learner who has done nothing yet."""
    for other in page.context.pages:
        if other is not page:
            other.close()
    if not page.url.startswith(site):
        open_lesson(page, site, 1)
    execute(page, FORGET)


def write(page: Page, cell: str, source: str) -> None:
    """Write something else into a cell of the open notebook, and save."""
    page.evaluate(WRITE, [cell, source])


def begin(page: Page, code: str) -> None:
    """Let the kernel of the open notebook run code, and do not wait for it."""
    page.set_default_timeout(LONG)
    page.evaluate(f"(code) => {{ window.running = ({EXECUTE})(code); }}", code)


def end(page: Page) -> str:
    """Wait for what was begun; return what it said."""
    done = page.evaluate("window.running")
    assert not done["error"], done["error"]
    return done["said"]


def execute(page: Page, code: str) -> str:
    """Run code in the kernel of the open notebook; return what it said."""
    begin(page, code)
    return end(page)
