"""Mouse and keys in the window, and what is no number."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect
from windows import (
    at,
    drawn,
    minus,
    show,
)

import helpers
from helpers import stepper


def test_the_keyboard_alone_moves_edits_and_chooses(module):
    show(module, stepper.convolution())
    image = module.get_by_role("application", name="image, 5 × 5")
    for _ in range(7):
        module.keyboard.press("Tab")
    expect(image).to_be_focused()
    module.keyboard.press("ArrowRight")
    wanted = helpers.conv2d(stepper.WORKED_IMAGE, stepper.WORKED_KERNEL)
    expect(module.locator(".sum strong")).to_have_text(minus(wanted[1, 2]))

    module.keyboard.press("ArrowLeft")
    module.keyboard.press("Enter")
    expect(module.get_by_label("pixel in row 2, column 2")).to_be_focused()
    module.keyboard.type("0")
    module.keyboard.press("ArrowDown")  # commits, and goes on to the pixel below
    expect(module.get_by_label("pixel in row 3, column 2")).to_have_value("226")
    module.keyboard.press("Escape")
    expect(image).to_be_focused()
    expect(module.locator(".sum strong")).to_have_text("−287")  # the centre left out

    module.keyboard.press("Tab")
    expect(module.get_by_label("kernel, row 0, column 0")).to_be_focused()
    module.keyboard.type("1/2")
    expect(module.locator(".sum")).to_contain_text("0 + 0 − 256 + 24")
    expect(module.get_by_label("kernel", exact=True)).to_have_value("your own")
    assert module.evaluate("handle.settings().kernel[0][0]") == 0.5
    module.keyboard.type("x")
    expect(module.get_by_label("kernel, row 0, column 0")).to_have_attribute("aria-invalid", "true")


def test_home_end_and_the_page_keys_go_to_an_edge_and_do_not_scroll_the_page(module):
    show(module, stepper.convolution(helpers.photograph()[:40, :50]))
    module.evaluate("document.body.style.height = '3000px'")
    image = module.get_by_role("application")
    for key, place in (
        ("End", [18, 47]),
        ("PageDown", [37, 47]),
        ("Home", [37, 0]),
        ("PageUp", [0, 0]),
    ):
        image.press(key)
        assert module.evaluate("[handle.settings().row, handle.settings().col]") == place
    drawn(module)
    assert module.evaluate("scrollY") == 0


def test_numbers_with_an_exponent_are_read_and_what_is_too_large_is_said(module):
    show(module, stepper.convolution())
    kernel = module.get_by_label("kernel, row 1, column 1")
    for typed in ("1e9", "1E+9", "1000000000"):
        kernel.fill(typed)
        drawn(module)
        assert module.evaluate("handle.settings().kernel[1][1]") == 1e9
    kernel.fill("−1e−2")
    drawn(module)
    assert module.evaluate("handle.settings().kernel[1][1]") == -0.01
    for typed in ("1e999", "9" * 400):
        kernel.fill(typed)
        words = f"“{typed}” is too large: numbers here go up to about 1e308."
        expect(module.locator(".sum")).to_have_text(words)
    kernel.fill("1e")
    expect(module.locator(".sum")).to_contain_text("“1e” is not a number")


def test_what_could_be_a_thousand_or_one_is_asked_about(module):
    show(module, stepper.convolution())
    kernel = module.get_by_label("kernel, row 1, column 1")
    kernel.fill("0,125")
    assert module.evaluate("handle.settings().kernel[1][1]") == 0.125
    kernel.fill("−1,000")
    words = "“−1,000” can be read in two ways: write −1000 or −1.000."
    expect(module.locator(".sum")).to_have_text(words)


@pytest.mark.parametrize("typed", ["1e400", "0x10", "1_000", "1,000"])
def test_what_is_typed_on_the_way_to_no_number_does_not_stay(module, typed):
    show(module, stepper.convolution())
    kernel = module.get_by_label("kernel, row 1, column 1")
    kernel.select_text()
    kernel.press_sequentially(typed)
    assert kernel.input_value() == typed
    kernel.blur()
    expect(kernel).to_have_value("4.5")
    expect(module.locator(".sum strong")).to_have_text("577")


def test_a_sum_that_runs_over_is_painted(module):
    for opened in (stepper.convolution(), stepper.backwards(), stepper.backwards(way="pixels")):
        show(module, opened)
        kernel = module.get_by_label("kernel, row 1, column 1")
        for typed in ("1e308", "-1e308", "4.5"):
            kernel.fill(typed)
            drawn(module)
            assert module.evaluate("Math.abs(handle.settings().kernel[1][1])") == abs(float(typed))


@pytest.mark.parametrize(
    ("typed", "words"), [("1/0", "“1/0” is not a number"), ("", "A number is missing")]
)
def test_what_is_no_number_is_named_until_it_is_put_right(module, typed, words):
    show(module, stepper.convolution())
    words = f"{words}: −2, 0.5 or 1/9 would be one."
    kernel = module.get_by_label("kernel, row 1, column 1")
    kernel.fill(typed)
    expect(module.locator(".sum")).to_have_text(words)
    expect(module.locator(".live")).to_have_text(words)
    kernel.fill("4.5")
    expect(module.locator(".sum strong")).to_have_text("577")
    kernel.fill(typed)
    module.keyboard.press("Tab")  # away: the old one is back
    expect(kernel).to_have_value("4.5")
    expect(module.locator(".sum strong")).to_have_text("577")

    module.get_by_role("application").press("Enter")
    pixel = module.get_by_label("pixel in row 2, column 2")
    pixel.fill(typed)
    pixel.press("Enter")
    expect(pixel).to_be_focused()
    expect(pixel).to_have_attribute("aria-invalid", "true")
    expect(module.locator(".sum")).to_have_text(words)
    pixel.fill("0")
    pixel.press("Enter")
    expect(module.locator(".sum strong")).to_have_text("−287")


def test_what_is_no_number_has_an_edge_that_shows_on_every_colour(module):
    show(module, stepper.convolution())
    field = module.get_by_label("kernel, row 0, column 0")
    field.fill("x")
    style = field.evaluate(
        "it => getComputedStyle(it).borderColor + getComputedStyle(it).boxShadow"
    )
    lines = [[int(n) for n in found] for found in re.findall(r"rgb\((\d+), (\d+), (\d+)\)", style)]
    papers = module.evaluate(
        "Array.from({ length: 401 }, (_, n) => module.colour(n / 200 - 1, {signed: true, limit: 1}))"
    )
    assert len(lines) == 2
    assert min(max(contrast(line, paper) for line in lines) for paper in papers) >= 3


def contrast(one: list[int], other: list[int]) -> float:
    """How well a colour is seen on another: from 1, not at all, to 21 (WCAG 2.2)."""
    share = np.array([one, other]) / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    dark, light = sorted(linear @ [0.2126, 0.7152, 0.0722])
    return (light + 0.05) / (dark + 0.05)


def test_the_mouse_shows_the_way_and_a_click_stays(module):
    show(module, stepper.convolution())
    wanted = helpers.conv2d(stepper.WORKED_IMAGE, stepper.WORKED_KERNEL)
    total = module.locator(".sum strong")
    module.mouse.move(*at(module, "image", 3, 1, 5))
    expect(total).to_have_text(minus(wanted[2, 0]))
    module.mouse.move(0, 0)
    expect(total).to_have_text("577")

    module.mouse.move(*at(module, "output", 0, 2, 3))
    module.mouse.down()
    module.mouse.up()
    module.mouse.move(0, 0)
    expect(total).to_have_text(minus(wanted[0, 2]))
    module.wait_for_function("() => handle.settings().row === 0 && handle.settings().col === 2")


def test_a_product_shows_the_pixel_and_the_weight_that_it_is_made_of(module):
    show(module, stepper.convolution())
    still = module.locator("canvas").first.screenshot()
    module.locator(".product .cell").nth(5).hover()
    expect(module.get_by_label("kernel, row 1, column 2")).to_have_class("linked")
    expect(module.locator(".linked")).to_have_count(2)
    assert module.locator("canvas").first.screenshot() != still
    module.mouse.move(0, 0)
    expect(module.locator(".linked")).to_have_count(0)


def test_a_double_click_changes_a_pixel_beyond_an_invented_border(module):
    show(module, stepper.convolution(border="wrap", row=2, col=2))
    module.mouse.dblclick(*at(module, "image", 3, 3, 7))
    expect(module.get_by_label("pixel in row 2, column 2")).to_have_value("192")
    module.keyboard.type("0")
    module.keyboard.press("Enter")
    expect(module.locator(".sum strong")).to_have_text("−287")
    assert module.evaluate("handle.settings().image[2][2]") == 0


def test_the_focus_can_be_seen(module):
    show(module, stepper.convolution())
    module.keyboard.press("Tab")
    outline = module.locator(":focus").evaluate("it => getComputedStyle(it).outline")
    assert "solid 3px" in outline


def test_the_focus_stays_in_the_window_when_what_had_it_is_gone(module):
    show(module, stepper.convolution())
    program = "async () => { document.activeElement.remove(); await null; return %s; }"
    has_it = program % "document.activeElement === document.querySelector('.stepper')"
    module.get_by_role("button", name="Next").focus()
    assert not module.evaluate(has_it)  # who only passes through is not held
    module.get_by_label("kernel, row 0, column 0").click()
    assert module.evaluate(has_it)
