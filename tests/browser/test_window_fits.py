"""The window fits: image, kernel, products and output are seen together."""

import numpy as np
import pytest
from playwright.sync_api import expect
from windows import drawn, show

import helpers
from helpers import stepper

PHOTOGRAPH = helpers.photograph()[340:436, 150:246]
WINDOWS = {
    "worked example": stepper.convolution,
    "a kernel of 5 by 5": lambda: stepper.convolution(kernel="gaussian 5x5", border="zero"),
    "a photograph": lambda: stepper.convolution(PHOTOGRAPH, "sharpen", border="edge", pixels=True),
    "a photograph, 5 by 5": lambda: stepper.convolution(PHOTOGRAPH, "emboss 5x5"),
    "a mistake": lambda: stepper.convolution(theirs=np.eye(3)),
    "pooling": stepper.pooling,
    "a network": stepper.network,
    "three maps": stepper.channels,
    "a mistake in three maps": lambda: stepper.channels(
        np.ones((5, 5, 3)), np.ones((3, 3, 3)), theirs=np.eye(3)
    ),
    "backwards": stepper.backwards,
    "one pixel": lambda: stepper.backwards(way="pixels"),
}
each_window = pytest.mark.parametrize("opened", WINDOWS.values(), ids=WINDOWS)

# From the top of the first part to the end of the last, of the sum and of the buttons; and across.
EXTENT = """() => {
  const box = (one) => one.getBoundingClientRect();
  const parts = [...document.querySelectorAll(".stepper .parts figure")].map(box);
  const top = Math.min(...parts.map((one) => one.top));
  return {
    parts: Math.max(...parts.map((one) => one.bottom)) - top,
    right: Math.max(...parts.map((one) => one.right)),
    all: box(document.querySelector(".buttons")).bottom,
    overlaps: parts.some((one, n) => parts.slice(n + 1).some((other) =>
      one.left < other.right - 1 && other.left < one.right - 1 &&
      one.top < other.bottom - 1 && other.top < one.bottom - 1)),
  };
}"""


# The first two are what 1024 by 768 and 1366 by 768 leave within JupyterLab.
SCREENS = ((900, 640), (1240, 640), (1000, 768), (1400, 900), (2400, 1300))


@each_window
def test_all_of_it_is_seen_together_with_sum_and_buttons(module, opened):
    for width, height in SCREENS:
        module.set_viewport_size({"width": width, "height": height})
        show(module, opened())
        extent = module.evaluate(EXTENT)
        assert extent["all"] <= height, (width, height)
        assert extent["right"] <= width, (width, height)
        assert not extent["overlaps"], (width, height)


@each_window
def test_at_twice_the_size_image_kernel_products_and_output_are_seen_together(module, opened):
    module.set_viewport_size({"width": 620, "height": 340})  # 1440 by 900, within JupyterLab
    show(module, opened())
    extent = module.evaluate(EXTENT)
    assert extent["parts"] <= 340
    assert extent["right"] <= 620
    assert not extent["overlaps"]


@each_window
def test_on_a_telephone_the_parts_stand_below_each_other_in_reading_order(module, opened):
    module.set_viewport_size({"width": 390, "height": 800})
    show(module, opened())
    tops = module.evaluate(
        "[...document.querySelectorAll('.stepper .parts figure')]"
        ".map((one) => one.getBoundingClientRect().top)"
    )
    assert tops == sorted(set(tops))
    assert module.evaluate("document.documentElement.scrollWidth") <= 390
    first = module.locator(".stepper figcaption").first
    assert first.inner_text().startswith(("image", "error", "red"))


@each_window
def test_it_shrinks_with_the_room_however_little_there_is_and_grows_again(module, opened):
    show(module, opened())
    canvas = module.locator(".stepper canvas").first
    for width in (16, 17, 20, 40, 80, 160, 390, 1360):
        module.evaluate("n => document.querySelector('main').style.width = `${n}px`", width)
        drawn(module)
        drawn(module)
        box = canvas.bounding_box()
        assert box
        assert box["width"] <= max(width, 80) or width <= 16, width
    assert box["width"] > 100


@each_window
def test_a_window_that_opens_without_room_is_drawn_once_there_is_some(module, opened):
    module.evaluate("document.querySelector('main').style.width = '20px'")
    show(module, opened())
    module.evaluate("document.querySelector('main').style.width = '900px'")
    module.wait_for_function("document.querySelector('.stepper canvas').clientWidth > 100")


LONG = {
    "weights": lambda: stepper.convolution(kernel=np.full((5, 5), -1 / 9)),
    "products": lambda: stepper.convolution(PHOTOGRAPH / -255, np.full((3, 3), 1 / 7)),
    "slices": lambda: stepper.channels(np.ones((40, 40, 3)) / 3, np.ones((3, 3, 3, 2)) / -27),
}
CUT = """[...document.querySelectorAll(".cells input, .cell > *")].filter((it) => {
  if (it.matches("input")) return it.scrollWidth > it.clientWidth;
  return it.getBoundingClientRect().width > it.parentElement.clientWidth;
}).map((it) => it.value ?? it.textContent)"""


@pytest.mark.parametrize("opened", LONG.values(), ids=LONG)
def test_no_number_is_cut(module, opened):
    for width, height in ((360, 800), (620, 340), (1000, 768), (1400, 900)):
        module.set_viewport_size({"width": width, "height": height})
        show(module, opened())
        assert module.evaluate(CUT) == [], (width, height)


def test_it_is_arranged_anew_when_the_room_changes_and_keeps_the_focus(module):
    module.set_viewport_size({"width": 1200, "height": 700})
    show(module, stepper.convolution(kernel="gaussian 5x5"))
    field = module.get_by_label("kernel, row 4, column 4")
    field.focus()
    module.set_viewport_size({"width": 600, "height": 400})
    module.wait_for_function("document.querySelector('.stepper').scrollWidth <= 600")
    expect(field).to_be_focused()
