"""Chromium, wherever it is."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, BrowserType, expect, sync_playwright

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
NAMES = ("chromium", "chromium-browser", "google-chrome")
PATIENCE = 120_000  # milliseconds, for a crowded machine: only who waits in vain waits so long
MISSING = (
    "There is no Chromium here. Get it with `sudo apt-get install chromium` or "
    "`.venv/bin/playwright install chromium`, or name yours: CHROMIUM=/path/to/chrome."
)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Run the one that is named, the system's, or Playwright's own."""
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        found = program(playwright.chromium)
        with playwright.chromium.launch(executable_path=found, args=FLAGS) as browser:
            yield browser


def program(kind: BrowserType) -> str:
    """Where it is; raises FileNotFoundError where there is none."""
    named = os.environ.get("CHROMIUM")
    candidates = [named] if named else [*NAMES, kind.executable_path]
    if (found := next(filter(None, map(shutil.which, candidates)), None)) is None:
        raise FileNotFoundError(MISSING)
    return found
