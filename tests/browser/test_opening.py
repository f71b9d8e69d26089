"""The page that opens a lesson in the browser: each obstacle in a sentence, and nothing is lost.

Opening needs no Python, so the course here is a few small files.
"""

import json
import re
import shutil

import pytest
from accessible import inaccessible
from playwright.sync_api import Page, expect
from running import served

from course.lessons import LESSONS
from course.site.lab.build import keep_offline, name_pages

LESSON = LESSONS[1].file
NOTEBOOK = {"cells": [], "metadata": {"course": "one"}, "nbformat": 4, "nbformat_minor": 5}

# It opens what its address says, and takes that out of the address.
LIKE_JUPYTERLAB = """<!doctype html><head></head><p id="open"></p><script>
document.title = "Lesson, version VERSION";
document.getElementById("open").textContent = new URLSearchParams(location.search).get("path");
history.replaceState(null, "", location.pathname);
</script>"""

# What the page said, one after the other: it goes on faster than anybody can look.
LISTEN = """
new MutationObserver(() => {
    const said = document.getElementById("said")?.textContent;
    if (said) sessionStorage.said = (sessionStorage.said ?? "") + said + "\\n";
}).observe(document, { subtree: true, childList: true, characterData: true });
"""

# As JupyterLite keeps a notebook that somebody has worked on.
STORE = """(file) => new Promise((done, failed) => {
    const open = indexedDB.open(`JupyterLite Storage - ${new URL("./..", location).pathname}`);
    open.onupgradeneeded = () => open.result.createObjectStore("files");
    open.onerror = failed;
    open.onsuccess = () => {
        const work = open.result.transaction("files", "readwrite");
        work.objectStore("files").put(file, file.path);
        work.oncomplete = () => { open.result.close(); done(); };
    };
})"""

STORED = """() => new Promise((done, failed) => {
    const open = indexedDB.open(`JupyterLite Storage - ${new URL("./..", location).pathname}`);
    open.onerror = failed;
    open.onsuccess = () => {
        const all = open.result.transaction("files").objectStore("files").getAll();
        all.onsuccess = () => done(Object.fromEntries(all.result.map((f) => [f.path, f.content])));
    };
})"""


def write(lab, version: str) -> None:
    """Lay out a lab whose lesson is a page with the name of its version."""
    shutil.rmtree(lab, ignore_errors=True)
    settings = {"jupyter-config-data": {"appVersion": "1"}}
    notebook = {**NOTEBOOK, "metadata": {"course": version}}
    for name, text in {
        "jupyter-lite.json": json.dumps(settings),
        "lab/index.html": LIKE_JUPYTERLAB.replace("VERSION", version),
        f"files/{LESSON}": json.dumps(notebook),
        "static/pyodide/numpy-2.0-wasm32.whl": f"numbers {version}" * 100_000,
        "static/pyodide/pyodide.js": f"// Python for {version}" * 1000,
        "static/pyodide/scipy-1.whl": f"for later {version}" * 1000,
    }.items():
        (lab / name).parent.mkdir(parents=True, exist_ok=True)
        (lab / name).write_text(text, encoding="utf-8")
    name_pages(lab)
    keep_offline(lab)


@pytest.fixture
def folder(tmp_path):
    """The folder of a lab."""
    write(tmp_path / "course" / "lab", "one")
    return tmp_path / "course" / "lab"


@pytest.fixture
def address(folder):
    """The address that opens its first lesson."""
    with served(folder.parent.parent) as host:
        yield f"{host}/course/lab/index.html?path={LESSON}"


def opened(page: Page, version: str = "one") -> None:
    """Wait until the lesson is open."""
    expect(page).to_have_title(f"Lesson, version {version}")


def test_a_lesson_opens_when_what_it_needs_is_there_and_a_bar_says_what_is_loaded(page, address):
    page.add_init_script(LISTEN)
    page.goto(address)
    opened(page)
    expect(page.locator("#open")).to_have_text(LESSON)
    said = page.evaluate("sessionStorage.said")
    assert re.search(r"Loading numpy: \d+ of \d+ MB\.", said)
    assert re.search(r"Loading Python: \d+ of \d+ MB\.", said)
    assert "scipy" not in said


def test_a_page_that_is_loaded_anew_opens_its_lesson_again(page, address):
    page.goto(address)
    opened(page)
    other = LESSONS[2].file
    page.goto(address.replace(LESSON, other))
    opened(page)
    for _ in range(2):
        page.reload()
        expect(page.locator("#open")).to_have_text(other)


def test_what_was_loaded_is_kept_unpacked_and_a_second_visit_needs_no_server(page, folder):
    with served(folder.parent.parent) as host:
        address = f"{host}/course/lab/index.html?path={LESSON}"
        page.goto(address)
        opened(page)
        assert (folder / "static" / "pyodide" / "pyodide.js.packed").exists()
        (folder / "static" / "pyodide" / "pyodide.js").unlink()
        script = page.evaluate("fetch('../static/pyodide/pyodide.js').then((a) => a.text())")
        assert script == "// Python for one" * 1000
    page.goto("about:blank")
    page.goto(address.replace("/index.html?", "/lab/index.html?"))
    opened(page)


@pytest.mark.parametrize(
    ("obstacle", "said", "ways"),
    [
        (
            "delete globalThis.WebAssembly",
            "Python can't run in this browser: it has no WebAssembly",
            ["Open it in Colab", "Read the lessons"],
        ),
        (
            "Object.defineProperty(globalThis, 'isSecureContext', { value: false })",
            "This page came by http, and so the browser keeps no progress.",
            ["Open it by https", "Go on without progress"],
        ),
        (
            "Object.defineProperty(navigator, 'serviceWorker', { value: undefined })",
            "This browser lets the course keep nothing",
            ["Go on all the same", "Open it in Colab", "Read the lessons"],
        ),
        (
            "navigator.serviceWorker.register = () => Promise.reject(new Error('blocked'))",
            "This browser lets the course keep nothing",
            ["Go on all the same", "Open it in Colab", "Read the lessons"],
        ),
    ],
    ids=["no WebAssembly", "http", "no service worker", "a blocked service worker"],
)
def test_an_obstacle_is_told_with_the_ways_that_are_left(page, address, obstacle, said, ways):
    page.add_init_script(obstacle)
    page.goto(address)
    expect(page.locator("#said")).to_contain_text(said)
    assert page.locator("#choices a").all_inner_texts() == ways
    assert inaccessible(page) == []
    if "Go on" in " ".join(ways):
        page.get_by_role("link", name="Go on").press("Enter")
        opened(page)


def test_a_full_disk_is_told_and_the_lesson_opens_all_the_same(page, address):
    origin = address.split("/course")[0]
    page.context.new_cdp_session(page).send(
        "Storage.overrideQuotaForOrigin", {"origin": origin, "quotaSize": 20_000}
    )
    page.goto(address)
    expect(page.locator("#said")).to_contain_text("This browser has no room left")
    page.get_by_role("link", name="Go on all the same").click()
    opened(page)


def test_what_came_damaged_is_not_kept_and_comes_whole_with_the_next_try(page, address, folder):
    python = folder / "static" / "pyodide" / "numpy-2.0-wasm32.whl"
    whole = python.read_bytes()
    python.write_bytes(whole[:-1] + b"?")
    page.on("console", lambda message: None)
    page.goto(address)
    expect(page.locator("#said")).to_contain_text("The connection broke off")
    python.write_bytes(whole)
    page.get_by_role("button", name="Try again").click()
    opened(page)


def test_a_new_version_comes_with_the_next_visit_and_the_work_stays(page, address, folder):
    page.goto(address)
    opened(page)
    page.goto(address.replace(LESSON, "other.ipynb"))
    opened(page)
    progress = {"path": "progress.sqlite", "content": "U1FMaXRl", "format": "base64"}
    page.evaluate(STORE, {"path": LESSON, "content": NOTEBOOK, "format": "json"})
    page.evaluate(STORE, progress)
    write(folder, "two")
    page.goto(address)
    page.get_by_role("button", name="Open mine").click()
    opened(page, "two")
    assert page.evaluate(STORED) == {LESSON: NOTEBOOK, "progress.sqlite": progress["content"]}
    script = page.evaluate("fetch('../static/pyodide/pyodide.js').then((a) => a.text())")
    assert "Python for two" in script


def test_a_notebook_of_another_version_stays_and_the_new_one_is_put_beside_it(page, address):
    page.goto(address)
    opened(page)
    mine = {**NOTEBOOK, "metadata": {"course": "of last year"}}
    page.evaluate(STORE, {"path": LESSON, "name": LESSON, "content": mine, "format": "json"})
    page.goto(address)
    expect(page.locator("#said")).to_contain_text("There is a newer version of this lesson.")
    page.get_by_role("button", name="Put the new one beside it").press("Enter")
    opened(page)
    beside = LESSON.replace(".ipynb", " (new 1).ipynb")
    assert page.evaluate(STORED) == {LESSON: mine, beside: NOTEBOOK}
    page.goto(address)  # and nobody is asked twice
    opened(page)
