"""The window plays, pauses and fills in the output; what is said meanwhile."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect
from windows import (
    PAUSE,
    PLAY,
    WORKED,
    at,
    drawn,
    load,
    press,
    show,
)

from helpers import stepper

FRAME = 20  # milliseconds in which one is drawn

# How many places of the output are not empty. In the middle of a cell there is no frame.
FILLED = """([rows, cols]) => {
  const canvas = [...document.querySelectorAll("canvas")].at(-1);
  const { data, width, height } = canvas.getContext("2d")
    .getImageData(0, 0, canvas.width, canvas.height);
  const alpha = (r, c) =>
    data[4 * (Math.floor(((r + 0.5) * height) / rows) * width
      + Math.floor(((c + 0.5) * width) / cols)) + 3];
  return module.table(rows, cols, alpha).flat().filter((seen) => seen === 255).length;
}"""


def filled(page: Page, *size: int) -> int:
    """How much of an output of this size has been filled in."""
    return page.evaluate(FILLED, size)


@pytest.fixture
def stopped(page):
    """A page of its own with the module and a clock that stands still.

    No time passes there, on a slow machine either, but what a test lets pass.
    """
    load(page)
    page.clock.install(time=0)
    page.clock.pause_at(1000)
    return page


def show_stopped(page: Page, opened: Any) -> None:
    """Open a window where the clock stands still."""
    page.evaluate("settings => open(settings)", vars(opened))
    page.clock.run_for(FRAME)


def test_the_output_fills_in_by_next_and_at_once_and_empties(module):
    def now() -> int:
        drawn(module)
        return filled(module, 3, 3)

    show(module, stepper.convolution(row=0, col=1))
    assert now() == 1
    press(module, "Next")
    press(module, "Next")
    assert now() == 3
    press(module, "Fill in")
    assert now() == 9
    press(module, "Clear")
    assert now() == 1
    press(module, "Next")
    assert now() == 2
    module.get_by_label("flip (true convolution)").check()
    press(module, "Start again")
    assert now() == 1


def test_playing_fills_the_output_and_says_nothing_until_it_is_over(stopped):
    stopped.evaluate("window.said = []")
    show_stopped(stopped, stepper.convolution())
    stopped.evaluate(
        "new MutationObserver(() => said.push(document.querySelector('.live').textContent))"
        ".observe(document.querySelector('.live'), { childList: true })"
    )
    stopped.clock.run_for(1000)
    expect(stopped.locator(".live")).to_contain_text(WORKED)
    press(stopped, PLAY)
    stopped.clock.run_for(FRAME)
    assert filled(stopped, 3, 3) == 1
    expect(stopped.get_by_role("button", name=PAUSE)).to_be_visible()
    stopped.clock.run_for(6000)
    expect(stopped.get_by_role("button", name=PLAY)).to_be_visible()
    stopped.clock.run_for(1000)
    expect(stopped.locator(".live")).to_contain_text("Row 2, column 2 of the output")
    assert len(stopped.evaluate("said")) <= 2
    assert filled(stopped, 3, 3) == 9


def test_play_goes_on_from_where_it_was_paused_and_begins_anew_at_the_end(stopped):
    show_stopped(stopped, stepper.convolution(border="zero"))

    def play(milliseconds: int) -> int:
        press(stopped, PLAY)
        stopped.clock.run_for(milliseconds)
        press(stopped, PAUSE)
        stopped.clock.run_for(FRAME)
        return filled(stopped, 5, 5)

    assert play(1900) == 4  # a place takes 600 ms; the first is there at once
    assert play(700) == 5
    stopped.mouse.click(*at(stopped, "output", 4, 0, 5))
    stopped.mouse.move(0, 0)
    play(700)
    stopped.clock.run_for(1000)
    expect(stopped.locator(".live")).to_contain_text("Row 4, column 1 ")
    stopped.mouse.click(*at(stopped, "output", 4, 4, 5))
    assert play(FRAME) == 1
    press(stopped, "Fill in")
    assert play(FRAME) == 1


def test_an_arrow_key_pauses_as_a_click_does(stopped):
    show_stopped(stopped, stepper.convolution(border="zero"))
    for leave in (
        lambda: stopped.get_by_role("application").press("ArrowDown"),
        lambda: stopped.mouse.click(*at(stopped, "image", 3, 1, 7)),
    ):
        press(stopped, PLAY)
        expect(stopped.get_by_role("button", name=PAUSE)).to_be_visible()
        leave()
        expect(stopped.get_by_role("button", name=PLAY)).to_be_visible()


def test_the_space_key_plays_and_the_help_says_so(module):
    show(module, stepper.pooling())
    expect(module.locator(".help")).to_contain_text("Space plays and pauses.")
    for name in (PAUSE, PLAY):
        module.get_by_role("application").press("Space")
        expect(module.get_by_role("button", name=name)).to_be_visible()
