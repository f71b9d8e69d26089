"""The pictures in the README, taken of the course as it is: `make pictures`."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from chromium import chromium
from learner import ROOT, Learner, lab
from PIL import Image
from playwright.sync_api import FloatRect, Locator, Page, ViewportSize, expect
from test_lessons import FIRST, FLIPPED, IMPORTS

from course.checking import progress
from course.checking.result import Result
from course.exercises import EXERCISES

PICTURES = ROOT / "pictures"
DONE = 24  # exercises that pass in the picture of the progress
WIDE: ViewportSize = {"width": 1280, "height": 860}
NARROW: ViewportSize = {"width": 960, "height": 1600}
TALL: ViewportSize = {"width": 960, "height": 2400}
COLOURS = 128


def keep(name: str, first: Locator, last: Locator) -> None:
    """Take a picture from one thing to another, and make it small: what we show has few colours."""
    path = PICTURES / f"{name}.png"
    last.scroll_into_view_if_needed()
    top, bottom = first.bounding_box(), last.bounding_box()
    assert top and bottom
    clip = FloatRect(**top)
    clip["height"] = bottom["y"] + bottom["height"] - top["y"]
    first.page.screenshot(path=path, clip=clip, animations="disabled")
    few = Image.open(path).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    few.save(path, optimize=True)
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size / 1000:.0f} kB")


def lesson(learner: Learner) -> None:
    """Lesson 1 with the window that moves, and a wrong answer to its second exercise."""
    page = learner.page
    learner.open(FIRST, "pictures")
    learner.choose("View", "Appearance", "Show Left Sidebar")
    learner.run(IMPORTS)
    learner.run("stepper.convolution()")
    expect(page.locator(".stepper")).to_be_visible()
    page.locator(".stepper").evaluate("stepper => stepper.scrollIntoView({ block: 'end' })")
    keep("lesson", page.locator("#main"), page.locator("#main"))

    page.set_viewport_size(NARROW)
    learner.run("neighborhood")
    learner.run("convolve_pixel", FLIPPED)
    learner.run("convolve_pixel-check")
    keep("failing-check", learner.cell("convolve_pixel"), learner.cell("convolve_pixel-check"))


def map_of_progress(learner: Learner) -> None:
    """The map of somebody in the middle of the course."""
    os.environ["COURSE_PROGRESS"] = str(learner.path.parent / progress.FILE)
    for key, exercise in list(EXERCISES.items())[:DONE]:
        points = exercise.points
        progress.remember(Result(key, "passed", None, "", points, points))
    shown = learner.run("progress()")
    keep("progress", shown, shown)


def class_report(page: Page, folder: Path) -> None:
    """What a teacher reads about the class in examples/: the exercises, and one's mistakes."""
    command = f"{sys.executable} -m course.cli grade examples/class --lesson 1 --out"
    subprocess.run([*command.split(), str(folder)], cwd=ROOT, check=True)
    page.set_viewport_size(TALL)
    page.goto((folder / "index.html").as_uri())
    heading = page.get_by_role("heading", name="Exercises")
    keep("class-report", heading, page.locator("article").first)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary, chromium() as browser:
        page = browser.new_page(viewport=WIDE, device_scale_factor=2)
        folder = Path(temporary)
        with lab(folder) as started:
            learner = Learner(page, started)
            lesson(learner)
            map_of_progress(learner)
            learner.leave()
        class_report(page, folder / "report")
