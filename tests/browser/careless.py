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
HAS_FOCUS = "it => it.contains(document.activeElement)"


def careless(window: Locator, seed: int) -> None:
    """Click somewhere in a window, then type, click and press Tab at random."""
    page, lots = window.page, random.Random(seed)
    done = [click(page, window, lots)]
    for _ in turns():
        what = lots.random()
        if what < 0.1:
            done.append(click(page, window, lots))
        else:
            some = ["Tab", "Tab", "Shift+Tab"] if what < 0.25 else OTHERS
            done.append(lots.choice(some if what < 0.35 else PRINTABLE))
            page.keyboard.press(done[-1])
        assert window.evaluate(HAS_FOCUS), f"the next key is the notebook's, after {done[-8:]}"


def turns() -> Iterator[int]:
    """Count what is done, until it is enough."""
    end = time.monotonic() + 60 * float(MINUTES or 0)
    done = 0
    while time.monotonic() < end if MINUTES else done < ACTIONS:
        yield (done := done + 1)


def click(page: Page, window: Locator, lots: random.Random) -> str:
    """Click at a point of the window that is on the screen; say where."""
    screen = page.viewport_size
    assert screen
    for _ in range(20):
        box = window.bounding_box()
        assert box
        bottom = min(box["y"] + box["height"], screen["height"] - 30)  # there is a status bar
        top = max(box["y"], 100)  # and there are the menus
        if bottom - top > 50:
            break
        # A key has scrolled it away. What comes into view is drawn then, and moves the rest.
        window.evaluate("it => it.scrollIntoView({ block: 'start' })")
        page.wait_for_timeout(100)
    x, y = lots.uniform(box["x"] + 1, box["x"] + box["width"] - 1), lots.uniform(top, bottom - 1)
    page.mouse.click(x, y, click_count=lots.choice([1, 1, 2]))
    return f"a click at {x:.0f}, {y:.0f}"
