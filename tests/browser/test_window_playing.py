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
def clock(module):
    """A clock that stands still, so that no time passes on a slow machine but what a test lets."""
    module.clock.install(time=0)
    module.clock.pause_at(1000)
    return module.clock


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


def test_playing_fills_the_output_and_says_nothing_until_it_is_over(module, clock):
    module.evaluate("window.said = []")
    show_stopped(module, stepper.convolution())
    module.evaluate(
        "new MutationObserver(() => said.push(document.querySelector('.live').textContent))"
        ".observe(document.querySelector('.live'), { childList: true })"
    )
    clock.run_for(1000)
    expect(module.locator(".live")).to_contain_text(WORKED)
    press(module, PLAY)
    clock.run_for(FRAME)
    assert filled(module, 3, 3) == 1
    expect(module.get_by_role("button", name=PAUSE)).to_be_visible()
    clock.run_for(6000)
    expect(module.get_by_role("button", name=PLAY)).to_be_visible()
    clock.run_for(1000)
    expect(module.locator(".live")).to_contain_text("Row 2, column 2 of the output")
    assert len(module.evaluate("said")) <= 2
    assert filled(module, 3, 3) == 9


def test_play_goes_on_from_where_it_was_paused_and_begins_anew_at_the_end(module, clock):
    show_stopped(module, stepper.convolution(border="zero"))

    def play(milliseconds: int) -> int:
        press(module, PLAY)
        clock.run_for(milliseconds)
        press(module, PAUSE)
        clock.run_for(FRAME)
        return filled(module, 5, 5)

    assert play(1900) == 4  # a place takes 600 ms; the first is there at once
    assert play(700) == 5
    module.mouse.click(*at(module, "output", 4, 0, 5))
    module.mouse.move(0, 0)
    play(700)
    clock.run_for(1000)
    expect(module.locator(".live")).to_contain_text("Row 4, column 1 ")
    module.mouse.click(*at(module, "output", 4, 4, 5))
    assert play(FRAME) == 1
    press(module, "Fill in")
    assert play(FRAME) == 1


def test_an_arrow_key_pauses_as_a_click_does(module, clock):
    show_stopped(module, stepper.convolution(border="zero"))
    for leave in (
        lambda: module.get_by_role("application").press("ArrowDown"),
        lambda: module.mouse.click(*at(module, "image", 3, 1, 7)),
    ):
        press(module, PLAY)
        expect(module.get_by_role("button", name=PAUSE)).to_be_visible()
        leave()
        expect(module.get_by_role("button", name=PLAY)).to_be_visible()


def test_the_space_key_plays_and_the_help_says_so(module):
    show(module, stepper.pooling())
    expect(module.locator(".help")).to_contain_text("Space plays and pauses.")
    for name in (PAUSE, PLAY):
        module.get_by_role("application").press("Space")
        expect(module.get_by_role("button", name=name)).to_be_visible()
