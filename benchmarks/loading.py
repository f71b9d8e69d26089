"""From opening a lesson in a browser tab to its first passed check: how long, and how much is loaded.

A first visit, and a second one in the same browser, over a line of 50 Mbit/s that answers after 20
milliseconds. The line is here, between the server and the browser: a browser's own way to slow
itself down does not reach its workers, which load most of it.

Needs Chromium, and a site that `course site` has built.
"""

import argparse
import functools
import http.server
import platform
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from playwright.sync_api import BrowserContext
from printing import console, met

from course.lessons import LESSONS

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "browser"))

from chromium import chromium
from running import Quiet, execute, ready

SPEED = 50e6  # bits a second
ANSWER = 0.02  # seconds
CHUNK = 1 << 16

RIGHT = """\
import numpy as np
import helpers
from course import check
from helpers import pictures, stepper
def convolve_pixel(window, kernel):
    return (window * kernel).sum()
check.convolve_pixel(convolve_pixel)"""


class Line:
    """All that is carried shares it."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.free_at = 0.0
        self.carried = 0

    def carry(self, size: int) -> None:
        """Take as long as this many bytes take."""
        with self.lock:
            self.carried += size
            self.free_at = max(self.free_at, time.monotonic()) + size * 8 / SPEED
            wait = self.free_at - time.monotonic()
        time.sleep(max(wait, 0))


@contextmanager
def served(folder: Path, line: Line) -> Iterator[str]:
    """Serve a folder over a line; give its address."""

    class Slow(Quiet):
        def do_GET(self) -> None:
            time.sleep(ANSWER)
            super().do_GET()

        def copyfile(self, source, outputfile) -> None:
            while chunk := source.read(CHUNK):
                line.carry(len(chunk))
                outputfile.write(chunk)

    handler = functools.partial(Slow, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


# What the course loads on its own once a cell has run: the next visit begins when that is done.
ALL_KEPT = """() => new Promise((done) => {
    navigator.serviceWorker.addEventListener("message", ({ data }) => data.complete && done());
    navigator.serviceWorker.controller.postMessage("everything");
})"""


def visit(context: BrowserContext, address: str, line: Line) -> tuple[float, int]:
    """Open lesson 1 and pass its first check; return the seconds and the bytes that it took."""
    began, before = time.monotonic(), line.carried
    page = context.new_page()
    page.goto(f"{address}/lab/index.html?path={LESSONS[1].file}")
    ready(page)
    said = execute(page, RIGHT)
    took, loaded = time.monotonic() - began, line.carried - before
    assert "Passed" in said, said
    page.evaluate(ALL_KEPT)
    page.close()
    return took, loaded


def main() -> int:
    """Measure; 1 if it is slower or larger than wanted."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--site", type=Path, default=Path("site"), help="what is served")
    site = arguments.parse_args().site
    if not (site / "lab" / "service-worker.js").exists():
        console.print(f"There is no course to run in {site}: `course site` builds it.")
        return 2
    line = Line()
    with served(site, line) as address, chromium() as browser, browser.new_context() as context:
        cold, loaded_cold = visit(context, address, line)
        warm, loaded_warm = visit(context, address, line)
    console.print(f"{date.today()}, {platform.machine()}, Chromium {browser.version}")
    rows = [
        ("first visit, seconds to the first passed check", cold, "at most", 60),
        ("first visit, MB loaded until then", loaded_cold / 1e6, "at most", 30),
        ("second visit, seconds", warm, "at most", 15),
        ("second visit, MB", loaded_warm / 1e6, "at most", 1),
    ]
    return not met("The course in a browser tab, at 50 Mbit/s", rows)


if __name__ == "__main__":
    sys.exit(main())
