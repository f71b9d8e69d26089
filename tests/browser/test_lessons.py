"""The lessons in JupyterLab, and a learner's first steps in one."""

import re
from pathlib import Path

import nbformat
import pytest
from accessible import inaccessible
from careless import careless
from learner import ERRORS, Learner
from playwright.sync_api import expect
from sooner import COARSE, FEW_STEPS

from course.lessons import LESSONS, Lesson

FIRST = LESSONS[1].file
WINDOWS = {  # that move, as a lesson opens them
    1: ["convolution", "convolution", "convolution"],
    2: ["channels", "convolution"],
    3: ["pooling", "network", "channels"],
    5: ["network"],
    6: ["backwards"],
}
MODE = re.compile(r'class="stepper-values".*?"mode": "(\w+)"', re.DOTALL)

IMPORTS = "from course import check"
FLIPPED = """\
def convolve_pixel(window, kernel):
    return np.sum(window * kernel[::-1, ::-1])"""
NEIGHBORHOOD = """\
def neighborhood(image, row, col):
    return image[row - 1 : row + 2, col - 1 : col + 2]"""
RIGHT = """\
def convolve_pixel(window, kernel):
    return np.sum(window * kernel)"""


def hasten(lesson: Lesson, place: Path) -> None:
    """Put a lesson there that runs sooner."""
    notebook = nbformat.read(lesson.notebook(), as_version=4)
    sooner = COARSE + FEW_STEPS * lesson.keras
    notebook.cells.insert(0, nbformat.v4.new_code_cell(sooner, id="sooner"))
    place.parent.mkdir(exist_ok=True)
    nbformat.write(notebook, place)


@pytest.mark.parametrize("lesson", LESSONS.values(), ids=lambda lesson: lesson.stem)
def test_untouched_lesson_runs_to_its_end(lesson: Lesson, learner: Learner) -> None:
    hasten(lesson, learner.lab.folder / "untouched" / lesson.file)
    learner.open(lesson.file, "untouched")
    saved = learner.run_all(seconds=300)
    assert learner.page.locator(ERRORS).count() == 0
    cells = [cell for cell in saved if cell["cell_type"] == "code"]
    assert [cell["id"] for cell in cells if cell["execution_count"] is None] == []
    outputs = [output for cell in cells for output in cell["outputs"]]
    assert [output for output in outputs if output["output_type"] == "error"] == []
    assert [output["text"] for output in outputs if output.get("name") == "stderr"] == []
    shown = ["".join(output.get("data", {}).get("text/html", "")) for output in outputs]
    opened = [mode for html in shown for mode in MODE.findall(html)]
    assert opened == WINDOWS.get(lesson.number, [])

    for n, _ in enumerate(opened):
        careless(learner.page.locator(".stepper").nth(n), seed=n, share=1 / len(opened))
    assert learner.saved() == saved


def test_learner_puts_a_mistake_right_comes_back_later_asks_and_gives_up(learner: Learner) -> None:
    learner.open(FIRST, "learner")
    learner.run(IMPORTS)
    learner.run("convolve_pixel", FLIPPED)
    verdict = learner.run("convolve_pixel-check")
    for words in (
        "Not yet (0 of 2 points)",
        "Came back: 732",
        "should be 577",
        "flipped both ways",
    ):
        expect(verdict).to_contain_text(words)
    window = verdict.locator(".stepper")  # on the call that failed, theirs beside what is right
    expect(window.locator(".sum")).to_contain_text("= 577 yours has 732 there")
    window.get_by_label("flip").check()
    expect(window.locator(".sum strong").first).to_have_text("732")
    learner.run("convolve_pixel", RIGHT)
    expect(learner.run("convolve_pixel-check")).to_contain_text("✓ convolve_pixel: Passed (2 of 2")
    expect(learner.run("progress()")).to_contain_text("2 of 100 points")

    learner.saved()
    learner.leave()  # the kernel ends, too
    learner.open(FIRST, "learner")
    expect(learner.cell("convolve_pixel")).to_contain_text("return np.sum(window * kernel)")
    expect(learner.cell("convolve_pixel-check")).to_contain_text("Passed")
    learner.run(IMPORTS)
    expect(learner.run("progress()")).to_contain_text("2 of 100 points")

    for number in (1, 2, 3):
        said = learner.run("neighborhood-check", "check.neighborhood.hint()")
        expect(said).to_contain_text(f"Hint {number} of 3:")
    expect(said).to_contain_text("check.neighborhood.solution(give_up=True)")
    said = learner.run("neighborhood-check", "check.neighborhood.solution()")
    expect(said).to_contain_text("shows once yours has passed")
    said = learner.run("neighborhood-check", "check.neighborhood.solution(give_up=True)")
    expect(said).to_contain_text("return image[row - 1 : row + 2, col - 1 : col + 2]")


def test_what_we_show_is_accessible_in_both_themes(learner: Learner) -> None:
    learner.open(FIRST, "accessible")
    learner.page.set_viewport_size({"width": 1360, "height": 16_000})  # all of it is on the screen
    learner.run(IMPORTS)
    learner.run("stepper.convolution()")
    learner.run("convolve_pixel", FLIPPED)
    learner.run("neighborhood", NEIGHBORHOOD)
    for key in ("convolve_pixel", "neighborhood", "conv2d_valid"):
        learner.run(f"{key}-check")
    learner.run("progress()")
    shown = learner.page.locator(".jp-OutputArea")
    for words in ("Not yet", "Passed", "Not attempted", "points. Next:"):
        expect(shown.filter(has_text=words).first).to_be_visible()
    expect(learner.page.locator(".stepper")).to_have_count(2)
    for theme in ("Dark", "Light"):
        learner.theme(theme)
        assert inaccessible(learner.page, ".jp-OutputArea-output") == []
