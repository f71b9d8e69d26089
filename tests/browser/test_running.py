"""The course in a browser tab: nothing is installed, and nothing comes from another host."""

import json
import re
import zipfile
from typing import Any

import nbformat
import pytest
from playwright.sync_api import Page, expect
from running import LONG, address, begin, end, execute, open_lesson, ready, served, write
from sooner import COARSE
from typer.testing import CliRunner

from course.cli import app
from course.exercises import EXERCISES
from course.lessons import LESSONS, Lesson

FLIPPED = "def convolve_pixel(window, kernel):\n    return (window * kernel[::-1, ::-1]).sum()"
RIGHT = "def convolve_pixel(window, kernel):\n    return (window * kernel).sum()"
THERE = """async (path) => {
    const { contents } = jupyterapp.serviceManager;
    return (await contents.get(path, { content: true })).content;
}"""
# As the course puts it there: what was deleted can't be opened anew by its name.
DAMAGE = """\
from pathlib import Path
from course.checking import drive
drive.put(Path("progress.sqlite"), b"no database, " * 400)"""
CHECKED = "from course import check\ncheck.convolve_pixel(convolve_pixel)"

PROGRESS = "from course import progress\nprint(progress())"


def run(page: Page, notebook: dict[str, Any]) -> None:
    """Run every cell of a notebook."""
    execute(page, COARSE)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code" and cell["id"] != "colab":
            execute(page, "".join(cell["source"]))


def worth(lesson: Lesson) -> int:
    """How many points a lesson has."""
    return sum(EXERCISES[key].points for key in lesson.exercises)


def test_a_stranger_gets_732_then_577_finds_the_points_hands_in_and_goes_on_without_a_network(
    page, whole, tmp_path
):
    with served(whole.parent) as host:
        site = f"{host}/{whole.name}"
        page.goto(f"{site}/index.html")
        page.get_by_role("link", name="Do it here").first.click()
        ready(page)
        assert "732" in execute(page, f"{FLIPPED}\n{CHECKED}")
        assert "Passed" in execute(page, f"{RIGHT}\n{CHECKED}")
        write(page, "convolve_pixel", RIGHT)

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
        packed.extract(LESSONS[1].file, tmp_path / "class" / "ada")
    where = [str(tmp_path / "class"), "--out", str(tmp_path / "grades")]
    graded = CliRunner().invoke(app, ["grade", *where])
    assert f"ada lesson 1 2 of {worth(LESSONS[1])}" in graded.output

    # Another day, another notebook, another kernel; and nobody serves it any more.
    page.goto(address(f"{site}/lab", 3))
    ready(page)
    assert "2 of 100 points" in execute(page, PROGRESS)
    right = "def relu(values):\n    return values * (values > 0)"
    assert "Passed" in execute(page, f"from course import check\n{right}\ncheck.relu(relu)")
    worked = "[[0, 64, 128], [48, 192, 144], [142, 226, 168]], [[-1, 0, -2], [0.5, 4.5, -1.5], [1.5, 2, -3]]"
    built = f"import numpy as np\nfrom course import yours\nyours.convolve_pixel(*map(np.array, ({worked})))"
    assert "577" in execute(page, built)


each_lesson = pytest.mark.parametrize(
    "lesson",
    [one for one in LESSONS.values() if one.in_a_tab and not one.keras],
    ids=lambda lesson: lesson.stem,
)


@each_lesson
def test_a_lesson_runs_solved(tab, lesson):
    run(tab, nbformat.read(lesson.solution(), as_version=4))
    assert f"{worth(lesson)} of 100 points" in execute(tab, PROGRESS)


@each_lesson
def test_an_untouched_lesson_runs_as_the_site_has_it(tab, lesson):
    run(tab, tab.evaluate(THERE, lesson.file))
    assert "0 of 100 points" in execute(tab, PROGRESS)


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


def test_two_notebooks_at_once_lose_nothing(tab, site):
    other = tab.context.new_page()
    open_lesson(other, site, 3)
    writing = (
        "from course.checking import progress\n"
        "from course.checking.result import Result\n"
        "for number in range(12):\n"
        "    progress.remember(Result(f'{who}-{number}', 'passed', None, '', 0, 0))\n"
    )
    for one, who in ((tab, "a"), (other, "b")):
        begin(one, f"who = {who!r}\n{writing}")
    for one in (tab, other):
        end(one)
    for one in (tab, other):  # which saves what the drive did not take in the crowd
        execute(one, PROGRESS)
    known = execute(
        tab,
        "import time\nfrom course.checking import progress\ntime.sleep(1.1)\n"
        "print(sorted(progress.remembered()))",
    )
    assert len(re.findall(r"'[ab]-\d+'", known)) == 24


def test_a_damaged_progress_file_is_set_aside_once(tab):
    execute(tab, DAMAGE)
    said = execute(tab, f"{RIGHT}\n{CHECKED}")
    assert "damaged" in said and "Passed" in said
    assert "damaged" not in execute(tab, CHECKED)
    assert "progress.sqlite.damaged-1" in execute(tab, "import os\nprint(os.listdir())")
