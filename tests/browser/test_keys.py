"""Whose keys they are: what is typed in the window stays there, in JupyterLab and in Notebook 7."""

import string
from collections.abc import Iterator
from typing import Any

import nbformat
import pytest
from learner import Lab, Learner
from playwright.sync_api import Page, expect
from windows import show

from helpers import stepper

NAME = "keys.ipynb"
OPENED = "from helpers import stepper\nstepper.convolution()"
KEYS = (
    *string.ascii_lowercase,
    *(f"Shift+{letter}" for letter in string.ascii_uppercase),
    *string.digits,
    *("ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "Shift+ArrowUp", "Shift+ArrowDown"),
    *("Control+Shift+ArrowUp", "Control+Shift+ArrowDown", "Control+v", "Control+x", "Control+z"),
    *("Home", "End", "PageDown", "Delete", "Backspace", "Space", "Shift+Space", "-", ",", "["),
    *("Control+Enter", "Shift+Enter", "Alt+Enter", "Enter", "Escape"),
)
CONTROLS = {
    "the window itself": ".stepper",
    "the image": ".stepper canvas[tabindex]",
    "the kernel menu": ".stepper select",
    "a weight": ".stepper .cells input",
    "a box to tick": ".stepper input[type=checkbox]",
    "a button": ".stepper button:last-child",
    "a pixel": "input.pixel",
}


@pytest.fixture(scope="module", params=["notebook", "lab"])
def somebody(
    request: pytest.FixtureRequest, desk: tuple[Page, list[str]], lab: Lab
) -> Iterator[Learner]:
    """Somebody who has opened a window between two other cells, in one application or the other."""
    cells = [
        nbformat.v4.new_code_cell(source, id=name)
        for name, source in (("before", "1 + 1"), ("window", OPENED), ("after", "2 + 2"))
    ]
    place = lab.folder / request.param / NAME
    place.parent.mkdir(exist_ok=True)
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=metadata), place)
    page, trouble = desk
    trouble.clear()
    page.set_viewport_size({"width": 1024, "height": 768})
    learner = Learner(page, lab)
    learner.open(NAME, request.param, application=request.param)
    expect(learner.run("window").locator(".stepper .sum")).to_contain_text("577")
    yield learner
    theirs = "\n".join(trouble)
    if learner.at_jupyterlab():  # who comes next goes on there
        learner.close()
    else:
        learner.leave()
    assert not theirs, theirs


def state(learner: Learner) -> dict[str, Any]:
    """What a key that is not the window's could change, as it is seen."""
    return learner.page.evaluate("""() => ({
      cells: [...document.querySelectorAll(".jp-Cell")].map((cell) => cell.className),
      dialogs: document.querySelectorAll(".jp-Dialog").length,
      prompts: [...document.querySelectorAll(".jp-InputPrompt")].map((it) => it.textContent),
    })""")


def test_image_kernel_products_output_sum_and_buttons_are_seen_at_once(somebody):
    window = somebody.page.locator(".stepper")
    window.evaluate("it => it.scrollIntoView({ block: 'start' })")
    for part in (
        window.locator("figure").first,
        window.locator(".sum"),
        window.locator(".buttons"),
    ):
        expect(part).to_be_in_viewport(ratio=1)
    assert window.evaluate("it => it.scrollWidth <= it.clientWidth")


def test_no_key_typed_on_a_control_reaches_the_notebook(somebody):
    page = somebody.page
    page.locator(".stepper").click(position={"x": 3, "y": 3})
    before, cells = state(somebody), somebody.saved()
    for name, selector in CONTROLS.items():
        for key in KEYS:
            if selector == "input.pixel" and not page.locator(selector).count():
                page.locator("canvas[tabindex]").press("Enter")
            page.evaluate("selector => document.querySelector(selector).focus()", selector)
            page.keyboard.press(key)
            page.keyboard.press(key)
        assert state(somebody) == before, name
        assert page.evaluate("document.activeElement.closest('.stepper') !== null"), name
    assert somebody.saved() == cells


@pytest.mark.parametrize("control", ["the image", "a weight"])
def test_who_presses_the_prompt_of_the_same_cell_types_to_the_notebook(somebody, control):
    page = somebody.page
    page.locator(CONTROLS[control]).first.click()
    somebody.cell("window").locator(".jp-InputPrompt").first.click()
    assert page.locator(".stepper:focus-within").count() == 0
    page.keyboard.press("j")  # selects the next cell
    expect(somebody.cell("after")).to_contain_class("jp-mod-selected")


def test_a_press_on_another_window_goes_there(module):
    show(module, stepper.convolution())
    module.evaluate("document.body.append(document.createElement('main'))")
    program = "s => module.open(s, document.querySelector('main:last-of-type'))"
    module.evaluate(program, vars(stepper.convolution()))
    for n in (0, 1, 0):
        for field in ("select", ".cells input", "canvas[tabindex]", "button:last-child"):
            one = module.locator(f".stepper >> nth={n}").locator(field).first
            one.click(no_wait_after=True)
            expect(one).to_be_focused()
            module.keyboard.press("Escape")


def test_a_number_typed_on_a_pixel_changes_it(somebody):
    page = somebody.page
    window = page.locator(".stepper")
    canvas = window.locator("canvas").first
    box = canvas.bounding_box()
    assert box
    side = box["width"] / 5
    for row, col in ((2, 2), (0, 4)):  # the 192, and a corner, where no window has its middle
        canvas.click(position={"x": (col + 0.5) * side, "y": (row + 0.5) * side})
        page.keyboard.type("100")
        expect(page.get_by_label(f"pixel in row {row}, column {col}")).to_have_value("100")
        page.keyboard.press("Enter")
    canvas.click(position={"x": 2.5 * side, "y": 2.5 * side})
    expect(window.locator(".sum")).to_contain_text("+ 450 −")  # 100 times 4.5
    assert page.locator(".jp-Dialog").count() == 0


def test_tab_goes_round_for_who_is_at_work_until_escape(somebody):
    page = somebody.page
    inside = "document.activeElement.closest('.stepper') !== null"
    page.locator(".stepper").click(position={"x": 3, "y": 3})
    for key in ("Tab", "Shift+Tab"):
        for _ in range(60):
            page.keyboard.press(key)
            assert page.evaluate(inside)
    page.get_by_role("button", name="Start again").focus()
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    assert not page.evaluate(inside)
    page.keyboard.press("Shift+Tab")
    assert page.evaluate(inside)
    page.evaluate("document.querySelector('.stepper select').focus()")
    page.keyboard.press("Shift+Tab")  # who only passes is not held
    assert not page.evaluate(inside)
