"""Somebody who types and clicks without looking, and knows nothing of what is clicked at."""

import os
import random
import time
from collections.abc import Iterator
from typing import Any

from playwright.sync_api import ElementHandle, Locator, Page

PRINTABLE = [chr(code) for code in range(32, 127)]
OTHERS = ["Enter", "Delete", "Backspace", "ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "Home"]
MINUTES = os.environ.get(
    "CARELESS_MINUTES"
)  # a long try of a lesson; otherwise a matter of seconds
ACTIONS = 250
HITS = 30  # times that a hand tries to hit the window
EVERY = 10  # after how many of them it is asked where the keys went

# A key may scroll the notebook while a hand is on its way to the window, and a crowded machine scrolls
# late. Then a click would go to whatever is there now, which says nothing of the window: it is caught,
# and counted as none.
# A key that is typed elsewhere is noted, and a focus that is lost without one is found by asking.
AIMED = """it => {
  let missed = false;
  window.hits = 0;
  window.strayed = [];
  window.aiming = new AbortController();
  const { signal } = window.aiming;
  const note = ({ key, target }) => it.contains(target) || window.strayed.push(key);
  addEventListener("keydown", note, { capture: true, signal });
  for (const name of ["pointerdown", "mousedown", "pointerup", "mouseup", "click", "dblclick"]) {
    addEventListener(name, (event) => {
      if (name === "pointerdown") missed = !it.contains(event.target);
      if (name === "pointerdown" && !missed) window.hits += 1;
      if (!missed) return;
      event.preventDefault();
      event.stopImmediatePropagation();
    }, { capture: true, signal });
  }
}"""
NO_LONGER_AIMED = "it => window.aiming.abort()"
IS_THEIRS = "it => window.strayed.length === 0 && it.contains(document.activeElement)"

# Where it is seen, as [left, top, right, bottom], once it has stood still for three frames: what
# is scrolled into view is drawn then, and moves the rest.
SEEN = """it => new Promise((done) => {
  let last = [];
  const watching = new IntersectionObserver(([{ intersectionRect: box }]) => {
    const seen = [box.left, box.top, box.right, box.bottom];
    last = [seen, ...last].slice(0, 3);
    watching.disconnect();
    if (last.length === 3 && last.every((one) => String(one) === String(seen))) done(seen);
    else requestAnimationFrame(() => watching.observe(it));
  });
  watching.observe(it);
})"""


def careless(window: Locator, seed: int, share: float = 1) -> None:
    """Click somewhere in a window, then type, click and press Tab at random."""
    page, lots, it = window.page, random.Random(seed), window.element_handle()
    it.evaluate(AIMED)
    done = [click(page, it, lots)]
    for _ in turns(share):
        what = lots.random()
        if what < 0.1:
            done.append(click(page, it, lots))
        else:
            some = ["Tab", "Tab", "Shift+Tab"] if what < 0.25 else OTHERS
            done.append(lots.choice(some if what < 0.35 else PRINTABLE))
            page.keyboard.press(done[-1])
        if len(done) % EVERY == 0:
            assert it.evaluate(IS_THEIRS), f"a key was the notebook's, after {done[-2 * EVERY :]}"
    assert it.evaluate(IS_THEIRS), f"a key was the notebook's, after {done[-2 * EVERY :]}"
    it.evaluate(NO_LONGER_AIMED)


def turns(share: float) -> Iterator[int]:
    """Count what is done, until it is enough: for a share of the minutes."""
    end = time.monotonic() + 60 * float(MINUTES or 0) * share
    done = 0
    while time.monotonic() < end if MINUTES else done < ACTIONS:
        yield (done := done + 1)


def click(page: Page, window: ElementHandle, lots: random.Random) -> str:
    """Click at a point of the window that is on the screen; say where."""
    hits = "it => window.hits"
    before: Any = window.evaluate(hits)
    for _ in range(HITS):
        left, top, right, bottom = window.evaluate(SEEN)
        if min(right - left, bottom - top) < 50:  # a key has scrolled it away
            window.evaluate("it => it.scrollIntoView({ block: 'start' })")
            continue
        x, y = lots.uniform(left + 1, right - 1), lots.uniform(top + 1, bottom - 1)
        page.mouse.click(x, y, click_count=lots.choice([1, 1, 2]))
        if window.evaluate(hits) > before:
            return f"a click at {x:.0f}, {y:.0f}"
    raise AssertionError(f"{HITS} clicks at the window, and not one arrived")
