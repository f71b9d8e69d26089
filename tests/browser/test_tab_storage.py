"""What is done in a browser tab is kept while the storage is full or cleared, and can be handed in."""

import zipfile
from pathlib import Path

import pytest
from chromium import PATIENCE
from playwright.sync_api import Browser, Page, expect
from running import execute, pyodide, ready, served
from typer.testing import CliRunner
from watching import SIZE

from course.cli import app
from course.lessons import LESSONS

COMPLETE = "The course is complete in this browser"
FIRST = """
from course import check, progress
def relu(values): return values * (values > 0)
check.relu(relu)"""
SECOND = """
def convolve_pixel(window, kernel): return (window * kernel).sum()
check.convolve_pixel(convolve_pixel)
print(progress().summary)"""
SUMMARY = "print(progress().summary)"

# A browser whose disk is full says this of all that is to be written.
FULL = """() => {
    window.put = IDBObjectStore.prototype.put;
    IDBObjectStore.prototype.put = () => { throw new DOMException("", "QuotaExceededError"); };
}"""
ROOMY = "() => { IDBObjectStore.prototype.put = window.put; }"

# Write something else into a cell, wherever in the notebook it is.
WRITE = """([id, source]) => {
    const { cells } = window.jupyterapp.shell.currentWidget.content.model.sharedModel;
    cells.find((cell) => cell.id === id).setSource(source);
}"""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The address of the whole site, at a sub-path."""
    out = tmp_path_factory.mktemp("served") / "course"
    done = CliRunner().invoke(app, ["site", "--out", str(out), "--pyodide", str(pyodide())])
    assert done.exit_code == 0, done.output
    with served(out.parent) as address:
        yield f"{address}/course"


def test_a_storage_that_is_full_or_cleared_is_told_and_nothing_is_lost(
    browser: Browser, site: str
) -> None:
    with browser.new_context(viewport=SIZE) as context:
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.goto(f"{site}/lab/lab/index.html?path={LESSONS[3].file}")  # not by the first page
        ready(page)
        assert "Passed" in execute(page, FIRST)
        told = page.locator(".Toastify__toast")
        expect(told.filter(has_text=COMPLETE)).to_be_visible()

        page.evaluate(FULL)
        said = execute(page, SECOND)
        assert "can't be saved" in said and "when its storage is full" in said
        assert "Passed" in said and "3 of 100 points" in said
        expect(told.filter(has_text="This browser's storage is full")).to_be_visible()
        page.evaluate(ROOMY)
        assert "is saved in progress.sqlite again" in execute(page, SUMMARY)

        clear = {"origin": site.removesuffix("/course"), "storageTypes": "indexeddb"}
        context.new_cdp_session(page).send("Storage.clearDataForOrigin", clear)
        said = execute(page, SUMMARY)
        assert "had kept was cleared" in said and "3 of 100 points" in said
        page.keyboard.press("ControlOrMeta+S")
        page.reload()
        ready(page)
        said = execute(page, "from course import progress\n" + SUMMARY)
        assert "3 of 100 points" in said and "cleared" not in said


def test_a_notebook_that_was_solved_saved_and_downloaded_in_a_tab_is_graded(
    page: Page, site: str, tmp_path: Path
) -> None:
    page.goto(f"{site}/lab/index.html?path={LESSONS[3].file}")
    ready(page)
    page.evaluate(WRITE, ["relu", "def relu(values):\n    return values * (values > 0)"])
    page.keyboard.press("ControlOrMeta+S")
    page.wait_for_function("!window.jupyterapp.shell.currentWidget.context.model.dirty")
    page.goto(f"{site}/index.html")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download my work").click()
    handed_in = tmp_path / "class" / "ada"
    with zipfile.ZipFile(download.value.path()) as packed:
        packed.extract(LESSONS[3].file, handed_in)
    where = [str(handed_in.parent), "--out", str(tmp_path / "grades")]
    done = CliRunner().invoke(app, ["grade", *where])
    assert "ada lesson 3 1 of 16" in done.output
