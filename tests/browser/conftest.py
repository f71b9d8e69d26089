"""One Chromium, and pages that let nothing pass: no error, and nothing from another host.

A test in this folder asks for `page`, a Playwright page, and uses it; when the test ends, what went
wrong behind its back fails it. A page that may fetch something from outside has it answered by the
test: `page.route("https://example.com/**", ...)`.
"""

import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from chromium import chromium
from learner import Lab, Learner, lab
from playwright.sync_api import Browser, Page
from running import NOTE_TOLD, begin_anew, served, whole_site
from watching import SIZE, watched
from windows import load

from course.authoring.passing import on_ci

# By the fixtures that they ask for: what needs JupyterLab, and what needs something else that takes
# long to build or to begin; the longest first.
AT_JUPYTERLAB = ("lab",)
ON_THE_SITE = ("whole", "index", "fox")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let one of two workers begin at JupyterLab, and the other on the site.

    A worker has half of the tests, and what is left over at an end goes to whoever is done first:
    there stand those that need neither, so that neither is begun twice.
    """
    here = [item for item in items if item.path.parent == Path(__file__).parent]
    lab, site = (
        [item for name in names for item in here if name in getattr(item, "fixturenames", ())]
        for names in (AT_JUPYTERLAB, ON_THE_SITE)
    )
    rest = [item for item in here if item not in lab and item not in site]
    half = max(len(here) // 2 - len(lab), 0)
    ordered = [*lab, *rest[:half], *site, *rest[half:]]
    items[:] = [*(item for item in items if item not in here), *ordered]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, one for all tests of a worker. Without it they are skipped, but not in CI."""
    try:
        with chromium() as browser:
            yield browser
    except FileNotFoundError as missing:
        (pytest.fail if on_ci() else pytest.skip)(str(missing))


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """An empty page, 1360 by 900. Fails the test on errors and on requests to other hosts."""
    with watched(browser) as (page, trouble):
        yield page
    assert not trouble, "\n".join(trouble)


@pytest.fixture(scope="session")
def sheet(browser: Browser) -> Iterator[tuple[Page, list[str]]]:
    """A page for the window, which a worker opens once, and the trouble there."""
    with watched(browser) as page_and_trouble:
        yield page_and_trouble


@pytest.fixture
def module(sheet: tuple[Page, list[str]]) -> Iterator[Page]:
    """A page in which the window's modules are `module`, and nothing else was ever done."""
    page, trouble = sheet
    page.set_viewport_size(SIZE)
    page.mouse.move(0, 0)
    load(page)
    trouble.clear()
    yield page
    assert not trouble, "\n".join(trouble)


@pytest.fixture(scope="session", name="lab")
def running_lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """JupyterLab, one for all tests of a worker."""
    with lab(tmp_path_factory.mktemp("lab")) as started:
        yield started


@pytest.fixture(scope="session")
def desk(browser: Browser) -> Iterator[tuple[Page, list[str]]]:
    """A page for JupyterLab, whose programs a worker then loads once, and the trouble there."""
    with watched(browser) as page_and_trouble:
        yield page_and_trouble


@pytest.fixture
def learner(desk: tuple[Page, list[str]], lab: Lab) -> Iterator[Learner]:
    """Somebody at JupyterLab, who leaves no kernel behind."""
    page, trouble = desk
    trouble.clear()
    page.set_viewport_size(SIZE)
    learner = Learner(page, lab)
    yield learner
    theirs = "\n".join(trouble)  # and not what JupyterLab says when its kernel is taken away
    learner.close()
    assert not theirs, theirs


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the whole site, one for all workers; to be looked at, not changed."""
    base = tmp_path_factory.getbasetemp()
    served = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "served"
    with served.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not served.exists():
            whole_site(served / "course")
    return served / "course"


@pytest.fixture(scope="session")
def site(whole: Path) -> Iterator[str]:
    """Its address, at a sub-path, as the pages of a repository are."""
    with served(whole.parent) as address:
        yield f"{address}/{whole.name}"


@pytest.fixture(scope="session")
def tablet(browser: Browser) -> Iterator[tuple[Page, list[str]]]:
    """A page for the course in a tab, which a worker then loads once, and the trouble there."""
    with watched(browser) as (page, trouble):
        page.add_init_script(NOTE_TOLD)
        yield page, trouble


@pytest.fixture
def tab(tablet: tuple[Page, list[str]], site: str) -> Iterator[Page]:
    """Lesson 1 in a browser tab, with a kernel that knows nothing and no points yet.

    What its notebook holds is as it was left: a test that asks for more takes an empty page.
    """
    page, trouble = tablet
    trouble.clear()
    begin_anew(page, site)
    yield page
    assert not trouble, "\n".join(trouble)
