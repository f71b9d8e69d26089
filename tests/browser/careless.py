"""Somebody who types and clicks without looking, and knows nothing of what is clicked at."""

import os
import random
import time
from collections.abc import Iterator

from playwright.sync_api import Locator, Page

PRINTABLE = [chr(code) for code in range(32, 127)]
OTHERS = ["Enter", "Delete", "Backspace", "ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "Home"]
MINUTES = os.environ.get("CARELESS_MINUTES")  # for a long try; by default it is a matter of seconds
ACTIONS = 250


def careless(window: Locator, seed: int) -> None:
    """Click somewhere in a window, then type, click and press Tab at random."""
    page, lots = window.page, random.Random(seed)
    window.evaluate("it => it.scrollIntoView({ block: 'start' })")
    click(page, window, lots)
    for _ in turns():
        what = lots.random()
        if what < 0.1:
            click(page, window, lots)
        elif what < 0.25:
            page.keyboard.press(lots.choice(["Tab", "Tab", "Shift+Tab"]))
        elif what < 0.35:
            page.keyboard.press(lots.choice(OTHERS))
        else:
            page.keyboard.press(lots.choice(PRINTABLE))


def turns() -> Iterator[int]:
    """Count what is done, until it is enough."""
    end = time.monotonic() + 60 * float(MINUTES or 0)
    done = 0
    while time.monotonic() < end if MINUTES else done < ACTIONS:
        yield (done := done + 1)


def click(page: Page, window: Locator, lots: random.Random) -> None:
    """Click at a point of the window that is on the screen."""
    box, screen = window.bounding_box(), page.viewport_size
    assert box and screen
    bottom = min(box["y"] + box["height"], screen["height"] - 30)  # there is a status bar
    top = max(box["y"], 100)  # and there are the menus
    if top < bottom:
        x, y = lots.uniform(box["x"], box["x"] + box["width"]), lots.uniform(top, bottom)
        page.mouse.click(x, y, click_count=lots.choice([1, 1, 2]))
