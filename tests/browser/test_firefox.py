"""In Firefox: the window opens in every mode and is moved; the course runs, and its checks judge."""

import json
import time
from collections.abc import Iterator

import numpy as np
import pytest
from firefox import SECONDS, Firefox, firefox
from running import EXECUTE, KERNEL

import helpers
from course.authoring.passing import on_ci
from course.lessons import LESSONS
from helpers import stepper

SUM = "document.querySelector('.sum').innerText.replace(/\\s+/g, ' ').trim()"
CHECKED = """
import numpy as np
from course import check
from helpers.stepper import WORKED_IMAGE, WORKED_KERNEL
def convolve_pixel(window, kernel): return (window * {kernel}).sum()
print(convolve_pixel(np.array(WORKED_IMAGE)[1:4, 1:4], np.array(WORKED_KERNEL)))
check.convolve_pixel(convolve_pixel)"""
# Without a screen a page never has the focus, by which JupyterLab knows what somebody works at.
LOOK_AT_IT = "document.querySelector('.jp-Notebook')?.dispatchEvent(new FocusEvent('focus'))"
ARROW_UP, ENTER = "\ue013", "\ue007"


@pytest.fixture(scope="module")
def fox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    """Firefox, one for all tests here. Without it they are skipped, but not in CI."""
    try:
        with firefox(tmp_path_factory.mktemp("profile")) as fox:
            yield fox
    except FileNotFoundError as missing:
        (pytest.fail if on_ci() else pytest.skip)(str(missing))
    assert fox.errors == []


@pytest.fixture
def show(fox, tmp_path):
    """Open a window on a page of its own."""

    def show(opened):
        page = tmp_path / "page.html"
        page.write_text(f"<!doctype html><title>A window</title>{stepper.page(opened)}", "utf-8")
        fox.open(page.as_uri())

    return show


@pytest.mark.parametrize(
    ("opened", "words"),
    [
        (stepper.convolution, "= 577"),
        (stepper.pooling, "The largest of 1, 3, 4, 2 is 4"),
        (stepper.network, "Pooling: the largest of"),
        (stepper.channels, "the bias, = 5"),
        (stepper.backwards, "The error 2 goes to 9 pixels and to 9 weights."),
        (lambda: stepper.convolution(theirs=np.zeros((3, 3))), "yours has 0 there"),
    ],
)
def test_every_mode_opens_and_fits(fox, show, opened, words):
    show(opened())
    assert words in fox.ask(SUM)
    assert fox.ask("document.documentElement.scrollWidth") <= 1024
    bottom = "document.querySelector('.buttons').getBoundingClientRect().bottom"
    assert fox.ask(bottom) <= 768


def test_mouse_and_keys_move_it_and_change_a_pixel_and_a_weight(fox, show):
    show(stepper.convolution())
    box = fox.ask("document.querySelector('canvas').getBoundingClientRect()")
    fox.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    fox.type(ARROW_UP)
    assert fox.ask(SUM).endswith("= −136")
    fox.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)  # the 192
    fox.type("0", ENTER)
    assert fox.ask(SUM).endswith("= −287")
    fox.ask("(document.querySelector('.weight input').focus(), 0)")
    fox.type("1")
    image = np.array(stepper.WORKED_IMAGE)
    image[2, 2] = 0
    kernel = np.array(stepper.WORKED_KERNEL)
    kernel[0, 0] = 1
    wanted = helpers.conv2d(image, kernel)[1, 1]
    assert fox.ask(SUM).endswith(f"= {wanted:g}".replace("-", "−"))


def test_the_course_runs_in_a_tab_and_tells_a_flipped_kernel_from_a_right_answer(fox, site):
    fox.open(f"{site}/lab/index.html?path={LESSONS[1].file}")
    until = time.monotonic() + SECONDS
    while not fox.wait_for(f"({LOOK_AT_IT}, {KERNEL}?.status === 'idle')"):
        assert time.monotonic() < until, fox.wait_for("document.body.innerText")
        time.sleep(0.2)

    def said(kernel):
        done = fox.wait_for(f"({EXECUTE})({json.dumps(CHECKED.format(kernel=kernel))})")
        assert not done["error"], done
        return done["said"]

    told = said("kernel[::-1, ::-1]")
    assert told.startswith("732") and "flipped both ways" in told
    right = said("kernel")
    assert right.startswith("577") and "Passed" in right
