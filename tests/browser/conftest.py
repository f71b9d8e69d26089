"""One Chromium, and pages that let nothing pass: no error, and nothing from another host.

A test in this folder asks for `page`, a Playwright page, and uses it; when the test ends, what went
wrong behind its back fails it. A page that may fetch something from outside has it answered by the
test: `page.route("https://example.com/**", ...)`.
"""

import os
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from chromium import chromium
from learner import Lab, Learner, lab
from playwright.sync_api import Browser, Page
from watching import watched
from windows import load


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, one for all tests of a worker. Without it they are skipped, but not in CI."""
    try:
        with chromium() as browser:
            yield browser
    except FileNotFoundError as missing:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(str(missing))


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """An empty page, 1360 by 900. Fails the test on errors and on requests to other hosts."""
    with watched(browser) as page:
        yield page


@pytest.fixture
def module(page: Page) -> Page:
    """A page in which the window's modules are `module`."""
    load(page)
    return page


@pytest.fixture
def inaccessible(page: Page) -> Callable[..., list[str]]:
    """What axe-core finds serious or critical within these selectors, a line for each element."""

    def look(*selectors: str) -> list[str]:
        assert all(page.locator(selector).count() for selector in selectors), selectors
        within = {"include": [[selector] for selector in selectors]} if selectors else None
        return [
            f"{violation['id']}: {node['target']} {node['failureSummary']}"
            for violation in Axe().run(page, within).response["violations"]
            if violation["impact"] in ("serious", "critical")
            for node in violation["nodes"]
        ]

    return look


@pytest.fixture(scope="session", name="lab")
def running_lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """JupyterLab, one for all tests of a worker."""
    with lab(tmp_path_factory.mktemp("lab")) as started:
        yield started


@pytest.fixture
def learner(page: Page, lab: Lab) -> Iterator[Learner]:
    """Somebody at JupyterLab, who leaves no kernel behind."""
    learner = Learner(page, lab)
    yield learner
    learner.leave()
