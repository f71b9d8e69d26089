"""The course in a browser tab: nothing is installed, and nothing comes from another host."""

import json
import re
import zipfile

import nbformat
import pytest
from playwright.sync_api import expect
from running import LONG, begin, end, execute, open_lesson, ready, served

from course.exercises import EXERCISES
from course.lessons import LESSONS
from course.site.lab.build import in_the_browser

FLIPPED = "def convolve_pixel(window, kernel):\n    return (window * kernel[::-1, ::-1]).sum()"
RIGHT = "def convolve_pixel(window, kernel):\n    return (window * kernel).sum()"
NOTEBOOK = "window.jupyterapp?.shell.currentWidget?.context"
CHECKED = "from course import check\ncheck.convolve_pixel(convolve_pixel)"


def test_a_stranger_gets_732_then_577_finds_the_points_and_goes_on_without_a_network(
    page, whole, tmp_path
):
    with served(whole.parent) as host:
        site = f"{host}/{whole.name}"
        page.goto(f"{site}/index.html")
        page.get_by_role("link", name="Do it here").first.click()
        ready(page)
        assert "732" in execute(page, f"{FLIPPED}\n{CHECKED}")
        assert "Passed" in execute(page, f"{RIGHT}\n{CHECKED}")

        page.goto(f"{site}/index.html")
        expect(page.locator("#stand")).to_have_text("You have 2 points so far.")
        expect(page.get_by_role("link", name="Go on with lesson 1")).to_be_visible()

        with page.expect_download() as download:
            page.get_by_role("button", name="Download my work").click()
        download.value.save_as(tmp_path / "work.zip")
        complete = "The course is complete in this browser"
        expect(page.locator("#offline")).to_contain_text(complete, timeout=LONG)
        page.goto("about:blank")

    with zipfile.ZipFile(tmp_path / "work.zip") as packed:
        assert packed.testzip() is None
        answers = json.loads(packed.read("progress.json"))["answers"]
        assert answers["convolve_pixel"]["status"] == "passed"
        assert packed.read("progress.sqlite").startswith(b"SQLite format 3")

    # Another day, another notebook, another kernel; and nobody serves it any more.
    page.goto(f"{site}/lab/lab/index.html?path={LESSONS[3].file}")
    ready(page)
    assert "2 of 100 points" in execute(page, "from course import progress\nprint(progress())")
    right = "def relu(values):\n    return values * (values > 0)"
    assert "Passed" in execute(page, f"from course import check\n{right}\ncheck.relu(relu)")
    worked = "[[0, 64, 128], [48, 192, 144], [142, 226, 168]], [[-1, 0, -2], [0.5, 4.5, -1.5], [1.5, 2, -3]]"
    built = f"import numpy as np\nfrom course import yours\nyours.convolve_pixel(*map(np.array, ({worked})))"
    assert "577" in execute(page, built)


@pytest.mark.parametrize("lesson", in_the_browser(), ids=lambda lesson: lesson.stem)
def test_a_lesson_runs_unattempted_and_solved(page, site, lesson):
    open_lesson(page, site, lesson.number)
    for made in (lesson.notebook(), lesson.solution()):
        for cell in nbformat.read(made, as_version=4).cells:
            if cell.cell_type == "code" and cell.id != "colab":
                execute(page, cell.source)
    said = execute(page, "from course import progress\nprint(progress())")
    points = sum(EXERCISES[key].points for key in lesson.exercises)
    assert f"{points} of 100 points" in said


def test_what_never_ends_is_stopped_and_told(tab):
    # The limit is ten seconds; two prove the same sooner.
    execute(
        tab,
        "from course.exercises import EXERCISES\n"
        "asked = vars(EXERCISES['relu'])\n"
        "usual, asked['seconds'] = asked['seconds'], 2.0",
    )
    swallowing = (
        "while True:\n        try:\n            while True: 1\n        except BaseException: pass"
    )
    for never in ("while True: pass", "import time; time.sleep(60)", swallowing):
        answer = f"def relu(values):\n    {never}"
        said = execute(tab, f"from course import check\n{answer}\ncheck.relu(relu)")
        assert "still running after 2 seconds" in said
    execute(tab, "asked['seconds'] = usual")
    assert "Passed" in execute(tab, "def relu(v):\n    return v * (v > 0)\ncheck.relu(relu)")


def test_two_notebooks_at_once_lose_nothing(page, site):
    open_lesson(page, site, 1)
    other = page.context.new_page()
    open_lesson(other, site, 3)
    writing = (
        "from course.checking import progress\n"
        "from course.checking.result import Result\n"
        "for number in range(12):\n"
        "    progress.remember(Result(f'{who}-{number}', 'passed', None, '', 0, 0))\n"
    )
    for one, who in ((page, "a"), (other, "b")):
        begin(one, f"who = {who!r}\n{writing}")
    for one in (page, other):
        end(one)
    known = execute(page, "import time\ntime.sleep(1.1)\nprint(sorted(progress.remembered()))")
    assert len(re.findall(r"'[ab]-\d+'", known)) == 24


def test_a_damaged_progress_file_is_set_aside_once(tab):
    execute(tab, "open('progress.sqlite', 'wb').write(b'no database, ' * 400)")
    said = execute(tab, f"{RIGHT}\n{CHECKED}")
    assert "damaged" in said and "Passed" in said
    assert "damaged" not in execute(tab, CHECKED)
    assert "progress.sqlite.damaged-1" in execute(tab, "import os\nprint(os.listdir())")


def test_a_page_that_is_loaded_anew_has_the_lesson_and_what_was_saved(tab):
    lesson = tab.evaluate(f"{NOTEBOOK}.path")
    tab.evaluate(
        f"""async () => {{
            {NOTEBOOK}.model.sharedModel.cells[1].setSource("Mine.");
            await {NOTEBOOK}.save();
        }}"""
    )
    tab.reload()
    tab.wait_for_function(f"{NOTEBOOK}?.model?.sharedModel.cells.length > 1")
    assert tab.evaluate(f"{NOTEBOOK}.path") == lesson
    assert tab.evaluate(f"{NOTEBOOK}.model.sharedModel.cells[1].getSource()") == "Mine."
