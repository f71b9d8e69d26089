"""The window is readable in every theme, accessible, and as fast as a screen."""

from functools import cache, partial

import numpy as np
import pytest
from accessible import inaccessible
from playwright.sync_api import Page, expect
from windows import PLAY, at, show, shown

import helpers
from helpers import stepper

EVERY = {
    "convolution": stepper.convolution,
    "a mistake": lambda: stepper.convolution(theirs=np.eye(3)),
    "a photograph": lambda: stepper.convolution(HIKER, "emboss 5x5", "edge"),
    "pooling": stepper.pooling,
    "network": stepper.network,
    "channels": stepper.channels,
    "backwards": stepper.backwards,
    "one pixel": lambda: stepper.backwards(way="pixels"),
}

# The colours of JupyterLab's two themes, as its style sheets have them.
JUPYTERLAB = {
    "light": "--jp-layout-color1: #fff; --jp-layout-color2: #eee; --jp-brand-color1: #1976d2; "
    "--jp-content-font-color1: rgba(0, 0, 0, 0.87)",
    "dark": "--jp-layout-color1: #111; --jp-layout-color2: #424242; --jp-brand-color1: #2196f3; "
    "--jp-content-font-color1: #fff",
}


@cache
def everything() -> str:
    """A window of every mode as a piece of a page; it takes a second to draw their figures."""
    return stepper.page(*(one() for one in EVERY.values()))


def show_everything(page: Page, colours: str = "") -> None:
    """Open a window of every mode, on a page that is as high as all of them."""
    page.set_viewport_size({"width": 1360, "height": 5000})
    page.set_content(
        '<!doctype html><html lang="en"><title>Steppers</title>'
        f'<body style="{colours}"><main><h1>Steppers</h1>{everything()}</main>'
    )
    expect(page.locator(".stepper")).to_have_count(len(EVERY))


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("within_jupyterlab", [False, True])
def test_every_theme_is_readable_and_accessible(page, theme, within_jupyterlab):
    # A notebook's theme counts, whatever the system says.
    other = {"light": "dark", "dark": "light"}[theme]
    page.emulate_media(color_scheme=other if within_jupyterlab else theme)
    show_everything(page, JUPYTERLAB[theme] if within_jupyterlab else "")
    paper = page.locator(".stepper").first.evaluate("it => getComputedStyle(it).backgroundColor")
    assert (paper == "rgb(255, 255, 255)") == (theme == "light")
    assert inaccessible(page, ".stepper") == []


def test_in_high_contrast_the_colours_that_are_values_stay(page):
    show_everything(page)
    tinted = """[...document.querySelectorAll(".stepper")].map((window) =>
      [...window.querySelectorAll(".cells > *")].map((it) => getComputedStyle(it))
        .map(({ color, backgroundColor }) => [color, backgroundColor]))"""
    before = page.evaluate(tinted)
    assert len(before) == len(EVERY) and all(before)
    page.emulate_media(forced_colors="active")
    assert page.evaluate(tinted) == before
    assert inaccessible(page, ".stepper") == []


def test_who_wants_no_motion_goes_step_by_step_in_every_mode(page):
    page.emulate_media(reduced_motion="reduce")
    show_everything(page)
    for window in page.locator(".stepper").all():
        expect(window.get_by_role("button", name=PLAY)).to_have_count(0)
        expect(window.locator(".help")).to_contain_text("Space goes on to the next place.")
        before = window.locator(".sum").inner_text()
        window.get_by_role("application").first.press("Space")
        expect(window.locator(".sum")).not_to_have_text(before)
    assert page.evaluate("document.getAnimations().length") == 0


def test_numbers_on_every_colour_have_the_contrast_that_words_need(module):
    contrasts = module.evaluate("""() => {
      const luminance = (channels) => channels.map((channel) => channel / 255)
        .map((x) => (x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4))
        .reduce((sum, x, n) => sum + x * [0.2126, 0.7152, 0.0722][n], 0);
      const contrast = (channels) => {
        const paper = luminance(channels) + 0.05;
        return module.inkOn(channels) === "#fff" ? 1.05 / paper : paper / 0.05;
      };
      const shares = Array.from({ length: 401 }, (_, n) => n / 200 - 1);
      return [true, false].flatMap((signed) =>
        shares.map((share) => module.colour(share, { signed, limit: 1 }))
          .flatMap((channels) => [channels, module.paler(channels)]).map(contrast));
    }""")
    assert len(contrasts) == 1604
    assert min(contrasts) >= 4.5


@pytest.mark.parametrize("opened", EVERY.values(), ids=EVERY)
def test_a_narrow_screen_needs_no_sideways_scrolling(module, opened):
    module.set_viewport_size({"width": 360, "height": 800})
    show(module, opened())
    if opened is stepper.convolution:
        module.get_by_label("size", exact=True).select_option("5")
        module.get_by_label("border", exact=True).select_option("zero")
    assert module.evaluate("document.documentElement.scrollWidth") <= 360
    assert module.locator(".stepper").evaluate("it => it.scrollWidth <= it.clientWidth")


@pytest.mark.parametrize(("across", "down", "scrolls"), [(0, -9, True), (-9, 0, False)])
def test_a_swipe_up_scrolls_the_page_and_one_across_moves_the_window(module, across, down, scrolls):
    module.set_viewport_size({"width": 360, "height": 640})
    show(module, stepper.convolution(helpers.photograph()[:128, :128], "mean"))
    module.evaluate("document.body.style.height = '3000px'")
    before = shown(module)
    x, y = at(module, "image", 90, 90, 128)
    finger = module.context.new_cdp_session(module)
    for n in range(10):
        point = {"x": x + n * across, "y": y + n * down}
        kind = "touchMove" if n else "touchStart"
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [point]})
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    if scrolls:
        module.wait_for_function("scrollY > 40")
        expect(module.locator(".sum")).to_have_text(before)
    else:
        expect(module.locator(".sum")).not_to_have_text(before)
        assert module.evaluate("scrollY") == 0


# Each move with everything that it leads to: the drawing at once, and the layout that it asks for.
DRAG = """() => {
  window.requestAnimationFrame = (draw) => (draw(performance.now()), 0);
  const canvas = document.querySelector("canvas");
  const box = canvas.getBoundingClientRect();
  const point = (type, n) => canvas.dispatchEvent(new PointerEvent(type, {
    clientX: box.x + box.width * (0.1 + 0.8 * ((n * 7) % 200) / 200),
    clientY: box.y + box.height * (0.1 + 0.8 * n / 200),
    buttons: 1, pointerId: 1, bubbles: true,
  }));
  canvas.setPointerCapture = () => {};
  point("pointerdown", 0);
  return Array.from({ length: 200 }, (_, n) => {
    const before = performance.now();
    point("pointermove", n);
    document.body.offsetHeight;
    return performance.now() - before;
  });
}"""


BOOT = helpers.fashion_mnist(full=False).train_images[0]
HIKER = helpers.photograph()[236:364, 384:512]


@pytest.mark.parametrize(
    "opened",
    [
        partial(stepper.convolution, BOOT),
        partial(stepper.network, BOOT),
        partial(stepper.convolution, HIKER),
        partial(stepper.channels, np.stack([HIKER] * 3, 2), np.ones((3, 3, 3))),
    ],
    ids=["28 by 28", "a network", "128 by 128", "three maps of 128 by 128"],
)
def test_dragging_leaves_most_of_a_frame_to_the_browser(module, opened):
    show(module, opened())
    before = shown(module)
    times = np.array(module.evaluate(DRAG))
    assert shown(module) != before
    print(f"median {np.median(times):.2f} ms, 95% {np.percentile(times, 95):.2f} ms")
