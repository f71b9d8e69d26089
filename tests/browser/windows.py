"""The moving window on a page of its own: opened, looked at, pressed."""

from typing import Any

import numpy as np
from playwright.sync_api import Page, expect

from helpers.stepper.page import CSS, ESM, MODULES

WORKED = "0 + 0 − 256 + 24 + 864 − 216 + 213 + 452 − 504 = 577"
PLAY, PAUSE = "▶ Play", "❚❚ Pause"

# Makes what the modules export, and a way to open a window, known to the page.
IMPORT = """async (text) => {
  const blob = new Blob([text], { type: "text/javascript" });
  await import(URL.createObjectURL(blob));
  window.open = (settings) => {
    window.handle = module.open(settings, document.querySelector("main"));
  };
}"""
EVERYTHING = f"window.module = {{ {', '.join(f'...${name}' for name in MODULES)} }};"
EMPTY = '<!doctype html><html lang="en"><title>Stepper</title><meta name="viewport" content='
EMPTY += f'"width=device-width"><style>body {{ margin: 0 }} {CSS}</style><body><main></main></body></html>'


def load(page: Page) -> None:
    """Make `module` known to a page that knows nothing else."""
    page.goto("about:blank")  # new variables, and no clock, listener or scroll of before
    page.set_content(EMPTY)
    page.evaluate(IMPORT, ESM + EVERYTHING)


def show(page: Page, opened: Any) -> None:
    """Open a window on a page that has the module."""
    page.evaluate("settings => open(settings)", vars(opened))
    expect(page.locator(".stepper .sum")).not_to_be_empty()
    drawn(page)


def drawn(page: Page) -> None:
    """Wait for the next frame."""
    page.evaluate("() => new Promise((done) => requestAnimationFrame(done))")


def settings(page: Page) -> dict[str, Any]:
    """What the window would open with, as it stands now."""
    return page.evaluate("handle.settings()")


def shown(page: Page) -> str:
    """The arithmetic that stands below the window, once what was done last has been drawn."""
    page.evaluate("() => new Promise(requestAnimationFrame).then(() => 0)")
    return " ".join(page.locator(".sum").inner_text().split())


def minus(value: float) -> str:
    """A number as it is written there."""
    return f"{value:.4g}".replace("-", "−")


def plain(value: Any) -> Any:
    """Arrays as lists, in whatever they stand."""
    if isinstance(value, dict):
        return {name: plain(one) for name, one in value.items()}
    return value.tolist() if isinstance(value, np.ndarray) else value


def computed(page: Page, cases: list[dict[str, Any]], what: str = "out") -> list[Any]:
    """What the module makes of many settings of one mode."""
    program = f"cases => cases.map((s) => module.MODES[s.mode](s).compute(s).{what})"
    return page.evaluate(program, [plain(case) for case in cases])


def explained(page: Page, opened: Any, place: tuple[int, int]) -> Any:
    """What the module says of one place."""
    program = """([s, at]) => {
      const mode = module.MODES[s.mode](s);
      return mode.explain(s, mode.compute(s), at);
    }"""
    return page.evaluate(program, [vars(opened), list(place)])


def numbers(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """Signed numbers: whole, halves, or any."""
    kind = rng.integers(3)
    if kind == 0:
        return rng.integers(-255, 256, shape).astype(float)
    return rng.integers(-60, 60, shape) / 2 if kind == 1 else rng.normal(0, 100, shape)


def at(page: Page, name: str, row: float, col: float, size: int) -> tuple[float, float]:
    """Where a cell of a map is on the screen."""
    box = page.locator(f"figure:has(figcaption:text-matches('^{name}')) canvas").bounding_box()
    assert box
    return (
        box["x"] + (col + 0.5) * box["width"] / size,
        box["y"] + (row + 0.5) * box["height"] / size,
    )


def press(page: Page, name: str) -> None:
    """Press a button."""
    page.get_by_role("button", name=name, exact=True).click()
