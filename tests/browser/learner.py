"""A learner at JupyterLab: the server that `make lab` starts, and what hands and eyes do there."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from playwright.sync_api import Locator, Page, Request, TimeoutError, expect

ROOT = Path(__file__).resolve().parents[2]
STARTING = 120  # seconds to begin in, or to end
SAVING = 20  # times that the keys are pressed
OWN_SETTINGS = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
ERRORS = '[data-mime-type="application/vnd.jupyter.error"]'

# So that a page that has JupyterLab can be told to open another notebook: to load it anew takes
# longer than many a test.
SETTINGS = {"LabApp": {"expose_app_in_browser": True}}
OPEN = """async (path) => {
  const { context } = await jupyterapp.commands.execute("docmanager:open", { path });
  await context.sessionContext.ready;
}"""
CLOSE = "() => [...jupyterapp.shell.widgets('main')].forEach((widget) => widget.dispose())"


class Lab(NamedTuple):
    """JupyterLab as `course lab` started it."""

    folder: Path
    address: str
    token: str


@contextmanager
def lab(folder: Path) -> Iterator[Lab]:
    """Run what `make lab` runs, with notebooks in a folder of its own and nobody's settings."""
    log = folder / "lab.log"
    settings = {name: str(folder / name.lower()) for name in OWN_SETTINGS}
    config = Path(settings["JUPYTER_CONFIG_DIR"], "jupyter_server_config.json")
    config.parent.mkdir()
    config.write_text(json.dumps(SETTINGS), encoding="utf-8")
    with log.open("w") as output:
        server = subprocess.Popen(
            [sys.executable, "-m", "course.cli", "lab", "--folder", str(folder / "work")],
            cwd=ROOT,
            env={**os.environ, **settings, "NO_BROWSER": "1"},
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        for _ in range(STARTING * 10):
            if told := re.search(r"(http://\S+?/)lab/\S+token=(\w+)", log.read_text()):
                break
            assert server.poll() is None, log.read_text()
            time.sleep(0.1)
        assert told, log.read_text()
        yield Lab(folder / "work", *told.groups())
    finally:
        # What Ctrl-C sends, to all in the foreground; begun in the background, they are deaf to it.
        deaf = signal.getsignal(signal.SIGINT) is signal.SIG_IGN
        os.killpg(server.pid, signal.SIGTERM if deaf else signal.SIGINT)
        server.wait(STARTING)


def is_saving(request: Request) -> bool:
    """Whether this asks the server to write a file."""
    return "/api/contents/" in request.url and request.method == "PUT"


class Learner:
    """Somebody with a notebook open."""

    def __init__(self, page: Page, lab: Lab) -> None:
        self.page = page
        self.lab = lab
        self.path = Path()

    def open(self, lesson: str, folder: str, application: str = "lab") -> None:
        """Open a lesson, a copy in a folder of its own, and wait until it can be used.

        In JupyterLab, which is loaded unless it is there; or as an older notebook looks:
        application "notebook".
        """
        self.path = self.lab.folder / folder / lesson
        if not self.path.exists():
            self.path.parent.mkdir(exist_ok=True)
            shutil.copy(self.lab.folder / lesson, self.path)
        path = f"{folder}/{lesson}"
        if application == "lab" and self.at_jupyterlab():
            self.page.evaluate(OPEN, path)
        else:
            way = {"lab": "lab/tree", "notebook": "notebooks"}[application]
            place = f"{way}/{path}?reset&token={self.lab.token}"
            self.page.goto(self.lab.address + place, wait_until="commit")
        self.wait(application)

    def at_jupyterlab(self) -> bool:
        """Whether the page has JupyterLab."""
        return self.page.url.startswith(f"{self.lab.address}lab")

    def wait(self, application: str = "lab") -> None:
        """Wait for the notebook, its kernel and all that JupyterLab still fetches."""
        self.page.locator(".jp-Notebook").wait_for()
        if application == "lab":
            expect(self.page.locator("#jp-main-statusbar")).to_contain_text("Idle")
        else:  # it has no status bar
            self.page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").wait_for()
        self.page.wait_for_load_state("networkidle")

    def close(self) -> None:
        """Close the notebook and end its kernel; JupyterLab stays."""
        if self.at_jupyterlab():
            self.page.evaluate(CLOSE)
        self.end_kernels()

    def leave(self) -> None:
        """Close the notebook and JupyterLab, and end the kernel."""
        self.page.goto("about:blank")
        self.end_kernels()

    def end_kernels(self) -> None:
        """End every kernel."""
        api = f"{self.lab.address}api/kernels"
        login = {"Authorization": f"token {self.lab.token}"}
        for kernel in self.page.request.get(api, headers=login).json():
            self.page.request.delete(f"{api}/{kernel['id']}", headers=login)

    def choose(self, *names: str) -> None:
        """Choose from the menus."""
        labels = self.page.locator(".lm-MenuBar-itemLabel, .lm-Menu-itemLabel")
        for name in names:
            labels.filter(has_text=re.compile(f"^{name}$")).click()

    def saved(self) -> list[dict[str, Any]]:
        """Save; return the cells that are in the file now."""
        # JupyterLab lets the keys pass while it is not done with an earlier saving.
        for _ in range(SAVING):
            try:
                with self.page.expect_request(is_saving, timeout=3000) as saving:
                    self.page.keyboard.press("ControlOrMeta+S")
            except TimeoutError:
                continue
            answer = saving.value.response()
            assert answer and answer.ok, answer
            return self.cells()
        raise AssertionError(f"pressed {SAVING} times, and nothing was saved")

    def cells(self) -> list[dict[str, Any]]:
        """The cells in the file."""
        return json.loads(self.path.read_text(encoding="utf-8"))["cells"]

    def cell(self, what: str) -> Locator:
        """A cell, by its id in the file or by code that stands in it; brought into view."""
        cells = self.cells()
        codes = ["".join(cell["source"]) * (cell["cell_type"] == "code") for cell in cells]
        places = [place for place, cell in enumerate(cells) if cell["id"] == what]
        places += [place for place, code in enumerate(codes) if what in code]
        cell = self.page.locator(f'.jp-Cell[data-windowed-list-index="{places[0]}"]')
        cell.scroll_into_view_if_needed()
        return cell

    def theme(self, name: str) -> None:
        """Put JupyterLab in its "Light" or "Dark" theme."""
        self.choose("Settings", "Theme", f"JupyterLab {name}")
        expect(self.page.locator("body")).to_have_attribute(
            "data-jp-theme-name", f"JupyterLab {name}"
        )

    def run(self, what: str, source: str | None = None) -> Locator:
        """Run a cell, after writing something else in it; return its output."""
        cell = self.cell(what)
        code = cell.locator(".cm-content")
        code.click()
        expect(code).to_be_focused()
        if source is not None:
            self.page.keyboard.press("ControlOrMeta+A")
            self.page.keyboard.insert_text(source)
        prompt = cell.locator(".jp-InputArea-prompt")
        # Another kernel may give the same number again, so the old one must not be there.
        prompt.evaluate("prompt => prompt.textContent = ''")
        self.page.keyboard.press("Control+Enter")
        expect(prompt).to_have_text(re.compile(r"\[\d+\]"))
        return cell.locator(".jp-OutputArea")

    def run_all(self, seconds: float) -> list[dict[str, Any]]:
        """Run every cell, until the last is done or one has failed; return what was saved."""
        self.choose("Run", "Run All Cells")
        codes = [cell["id"] for cell in self.cells() if cell["cell_type"] == "code"]
        last = self.cell(codes[-1]).locator(".jp-InputArea-prompt")
        done = last.filter(has_text=re.compile(r"\[\d+\]"))
        # To expect what is not there yet takes a picture of all the page in words, again and again.
        done.or_(self.page.locator(ERRORS)).first.wait_for(state="attached", timeout=seconds * 1000)
        return self.saved()
