"""How long a frame takes while a mouse drags the moving window, beside one in which nothing moves.

On a clothing image of 28x28 pixels and on a piece of the photograph of 128x128, in turn, with a real
mouse in a real browser. Needs Chromium.
"""

import math
import platform
import statistics
import sys
import time
from datetime import date
from itertools import pairwise
from pathlib import Path

from playwright.sync_api import Page
from printing import console, met, table

from helpers import fashion_mnist, photograph, stepper

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "browser"))

from chromium import chromium
from windows import at, load, settings, show

SECONDS = 5
ROUNDS = 3
IMAGES = {
    "28x28": fashion_mnist().train_images[0].astype(float),
    "128x128": photograph()[236:364, 384:512].astype(float),
}
RECORD = """() => {
  window.frames = [];
  const frame = (now) => {
    window.frames.push(now);
    window.recording = requestAnimationFrame(frame);
  };
  window.recording = requestAnimationFrame(frame);
}"""
RECORDED = "() => { cancelAnimationFrame(window.recording); return window.frames; }"


def frames(page: Page, size: int, *, drag: bool) -> list[float]:
    """Milliseconds from each frame to the next, while the window is dragged or left alone."""
    page.mouse.move(*at(page, "image", size / 2, size / 2, size))
    if drag:
        page.mouse.down()
    before = settings(page)
    page.evaluate(RECORD)
    began = time.monotonic()
    while (passed := time.monotonic() - began) < SECONDS:
        angle = 2 * math.pi * passed
        row, col = (size * (0.5 + 0.35 * part) for part in (math.sin(angle), math.cos(angle)))
        if drag:
            page.mouse.move(*at(page, "image", row, col, size))
        else:
            page.wait_for_timeout(10)
    times = page.evaluate(RECORDED)
    if drag:
        page.mouse.up()
        assert settings(page) != before, "the window was not dragged"
    return [after - first for first, after in pairwise(times)]


def main() -> int:
    """Measure; 1 if dragging costs frames."""
    took: dict[tuple[str, bool], list[float]] = {}
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 1366, "height": 768})
        for _ in range(ROUNDS):
            for name, image in IMAGES.items():
                load(page)
                show(page, stepper.convolution(image))
                for drag in (False, True):
                    took.setdefault((name, drag), []).extend(frames(page, len(image), drag=drag))
        console.print(f"{date.today()}, {platform.machine()}, Chromium {browser.version}")
    shown = table("Milliseconds from frame to frame", "what", "median", "95%", "frames")
    for (name, drag), times in took.items():
        doing = "dragged" if drag else "at rest"
        middle, most = statistics.median(times), statistics.quantiles(times, n=20)[-1]
        shown.add_row(f"{name}, {doing}", f"{middle:.1f}", f"{most:.1f}", str(len(times)))
    console.print(shown)
    rows = [
        (f"{name}, frames for each one at rest", len(took[name, True]) / len(took[name, False]))
        for name in IMAGES
    ]
    title = "The moving window under a dragging mouse"
    return not met(title, [(*row, "at least", 0.97) for row in rows])


if __name__ == "__main__":
    sys.exit(main())
