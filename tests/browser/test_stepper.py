"""The stepper in a real browser: its numbers against NumPy, its keys, its looks, its speed."""

from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect

import helpers
from helpers import stepper
from helpers.stepper.page import CSS, ESM, TRAITS
from helpers.stepper.widget import VIEW

pytestmark = pytest.mark.browser

WORKED = "0 + 0 − 256 + 24 + 864 − 216 + 213 + 452 − 504 = 577"

# Makes the functions of the module, and a model that keeps what it is told, known to the page.
IMPORT = """async (text) => {
  const blob = new Blob([text], { type: "text/javascript" });
  window.module = await import(URL.createObjectURL(blob));
  window.open = (values) => {
    const heard = {};
    window.model = {
      values,
      saved: 0,
      get: (name) => values[name],
      set(name, value) {
        const same = JSON.stringify(values[name]) === JSON.stringify(value);
        values[name] = value;
        if (!same) (heard[`change:${name}`] ?? []).forEach((listener) => listener());
      },
      save_changes() { this.saved += 1; },
      on: (name, listener) => (heard[name] ??= []).push(listener),
      off: (name, listener) => (heard[name] = heard[name].filter((one) => one !== listener)),
      count: () => Object.values(heard).flat().length,
    };
    window.close = window.module.default.render({ model, el: document.querySelector("main") });
  };
}"""
EMPTY = '<!doctype html><html lang="en"><title>Stepper</title><meta name="viewport" content='
EMPTY += f'"width=device-width"><style>{CSS}</style><body><main></main></body></html>'


@pytest.fixture
def module(page: Page) -> Page:
    """A page in which the module is `module`."""
    page.set_content(EMPTY)
    page.evaluate(IMPORT, ESM)
    return page


def values_of(opened: Any) -> dict[str, Any]:
    """What a widget's model holds."""
    return {name: getattr(opened, name) for name in TRAITS}


def show(page: Page, opened: Any) -> None:
    """Open a stepper on a page that has the module."""
    page.evaluate("values => open(values)", values_of(opened))
    expect(page.locator(".stepper")).to_be_visible()


def shown(page: Page) -> str:
    """The arithmetic that stands below the window."""
    return " ".join(page.locator(".sum").inner_text().split())


# --- The numbers ----------------------------------------------------------------------------------


def numbers(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """Signed numbers: whole, halves, or any."""
    kind = rng.integers(3)
    if kind == 0:
        return rng.integers(-255, 256, shape).astype(float)
    return rng.integers(-60, 60, shape) / 2 if kind == 1 else rng.normal(0, 100, shape)


def computed(page: Page, cases: list[dict[str, Any]], what: str = "out") -> list[Any]:
    """What the module makes of many settings."""
    plain = [
        {k: v.tolist() if isinstance(v, np.ndarray) else v for k, v in case.items()}
        for case in cases
    ]
    return page.evaluate(f"cases => cases.map((s) => module.compute(s).{what})", plain)


def test_every_pixel_of_a_convolution_is_the_one_that_numpy_computes(module):
    rng = np.random.default_rng(577)
    cases, expected = [], []
    for _ in range(400):
        border = str(rng.choice(["valid", "zero", "wrap", "edge"]))
        kernel = numbers(rng, *rng.integers(1, 6, 2))
        least = np.array(kernel.shape) if border == "valid" else 1
        image = numbers(rng, *(least + rng.integers(0, 9, 2)))
        flip, pixels = (bool(one) for one in rng.integers(0, 2, 2))
        factor, bias = rng.choice([1.0, 1 / 9, -0.5]), rng.choice([0.0, 128.0, -3.5])
        strides = int(rng.integers(1, 5))
        weights = kernel[::-1, ::-1] if flip else kernel
        same = {} if border == "valid" else {"padding": "same", "border": border}
        sums = helpers.conv2d(image, weights, strides=strides, **same)
        if flip and border == "valid" and strides == 1:
            assert np.array_equal(sums, helpers.true_convolution(image, kernel))
        cases.append(
            {
                "mode": "convolution",
                "image": image,
                "kernel": kernel,
                "factor": factor,
                "bias": bias,
                "border": border,
                "strides": strides,
                "flip": flip,
                "pixels": pixels,
            }
        )
        expected.append(helpers.to_pixels(sums, factor, bias) if pixels else factor * sums + bias)
    for case, got, wanted in zip(cases, computed(module, cases), expected, strict=True):
        assert np.array_equal(got, wanted), case


def test_every_pixel_of_a_pool_is_the_one_that_numpy_computes(module):
    rng = np.random.default_rng(26)
    cases, expected = [], []
    for _ in range(200):
        size, strides = (int(one) for one in rng.integers(1, 6, 2))
        image = numbers(rng, *(size + rng.integers(0, 9, 2)))
        kind = str(rng.choice(["max", "average"]))
        pool = {"max": helpers.max_pool2d, "average": helpers.average_pool2d}[kind]
        cases.append(
            {
                "mode": "pooling",
                "image": image,
                "pool_size": size,
                "strides": strides,
                "kind": kind,
            }
        )
        expected.append(pool(image, size, strides))
    for case, got, wanted in zip(cases, computed(module, cases), expected, strict=True):
        assert np.array_equal(got, wanted), case


def test_every_pixel_of_a_network_is_the_one_that_numpy_computes(module):
    rng = np.random.default_rng(13)
    cases, answers, expected = [], [], []
    for _ in range(40):
        kernel = numbers(rng, *rng.integers(1, 6, 2))
        image = numbers(rng, *(np.array(kernel.shape) + rng.integers(1, 24, 2)))
        factor, bias = rng.choice([1.0, 0.25]), rng.normal(0, 50)
        cases.append(
            {
                "mode": "network",
                "image": image,
                "kernel": kernel,
                "factor": factor,
                "bias": bias,
                "border": "valid",
                "strides": 1,
                "flip": False,
            }
        )
        answers.append(factor * helpers.conv2d(image, kernel) + bias)
        expected.append(helpers.max_pool2d(helpers.relu(answers[-1])))
    positive = computed(module, cases, "positive")
    for case, maps, got, before, wanted in zip(
        cases, positive, computed(module, cases), answers, expected, strict=True
    ):
        assert np.array_equal(maps, helpers.relu(before)), case
        assert np.array_equal(got, wanted), case


def test_the_written_sum_is_the_pixel_it_stands_for(module):
    rng = np.random.default_rng(732)
    for _ in range(20):
        image, kernel = rng.integers(0, 256, (6, 7)), rng.integers(-9, 10, (3, 2))
        row, col = int(rng.integers(0, 4)), int(rng.integers(0, 6))
        settings = values_of(stepper.convolution(image, kernel))
        steps = module.evaluate(
            "([s, at]) => module.explain(s, module.compute(s), at).steps", [settings, [row, col]]
        )
        terms = steps[0][0].replace("−", "-").replace(" ", "").removesuffix("=")
        value = helpers.conv2d(image, kernel)[row, col]
        assert eval(terms) == value == float(steps[0][1].replace("−", "-"))


@pytest.mark.parametrize(
    ("written", "value"),
    [("-1.5", -1.5), ("−2", -2), ("0,5", 0.5), ("1/4", 0.25), (".5", 0.5), ("", None), ("x", None)],
)
def test_numbers_are_read_as_people_write_them(module, written, value):
    assert module.evaluate("text => module.parse(text)", written) == pytest.approx(
        float("nan") if value is None else value, nan_ok=True
    )


# --- Mouse and keys -------------------------------------------------------------------------------


def test_it_opens_on_577_and_flipping_makes_732(module):
    show(module, stepper.convolution())
    expect(module.locator(".sum")).to_contain_text(WORKED)
    module.get_by_label("flip (true convolution)").check()
    expect(module.locator(".sum strong")).to_have_text("732")
    expect(module.get_by_label("kernel, row 0, column 0")).to_have_value("−3")


def test_the_keyboard_alone_moves_edits_and_chooses(module):
    show(module, stepper.convolution())
    image = module.get_by_role("application", name="image, 5 × 5")
    for _ in range(7):
        module.keyboard.press("Tab")
    expect(image).to_be_focused()
    module.keyboard.press("ArrowRight")
    wanted = helpers.conv2d(stepper.WORKED_IMAGE, stepper.WORKED_KERNEL)
    expect(module.locator(".sum strong")).to_have_text(f"{wanted[1, 2]:g}".replace("-", "−"))

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
    assert module.evaluate("model.values.kernel[0][0]") == 0.5
    module.keyboard.type("x")
    expect(module.get_by_label("kernel, row 0, column 0")).to_have_attribute("aria-invalid", "true")


def at(page: Page, name: str, row: float, col: float, size: int) -> tuple[float, float]:
    """Where a cell of a canvas is on the screen."""
    box = page.locator(f"figure:has(figcaption:text-matches('^{name}')) canvas").bounding_box()
    assert box
    return (
        box["x"] + (col + 0.5) * box["width"] / size,
        box["y"] + (row + 0.5) * box["height"] / size,
    )


def test_the_mouse_shows_the_way_and_a_click_stays(module):
    show(module, stepper.convolution())
    wanted = helpers.conv2d(stepper.WORKED_IMAGE, stepper.WORKED_KERNEL)
    total = module.locator(".sum strong")
    module.mouse.move(*at(module, "image", 3, 1, 5))
    expect(total).to_have_text(f"{wanted[2, 0]:g}".replace("-", "−"))
    module.mouse.move(0, 0)
    expect(total).to_have_text("577")

    module.mouse.move(*at(module, "output", 0, 2, 3))
    module.mouse.down()
    module.mouse.up()
    module.mouse.move(0, 0)
    expect(total).to_have_text(f"{wanted[0, 2]:g}".replace("-", "−"))
    module.wait_for_function("() => model.values.row === 0 && model.values.col === 2")


def test_a_product_shows_the_pixel_and_the_weight_that_it_is_made_of(module):
    show(module, stepper.convolution())
    still = module.locator("canvas").first.screenshot()
    module.locator(".products .cell").nth(5).hover()
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
    assert module.evaluate("model.values.image[2][2]") == 0


def test_every_kernel_border_stride_and_size_can_be_chosen_without_an_error(module):
    show(module, stepper.convolution())
    for name in stepper.convolution().choices:
        module.get_by_label("kernel", exact=True).select_option(name)
    for label in ("size", "border", "strides"):
        field = module.get_by_label(label, exact=True)
        for option in field.locator("option").all_inner_texts():
            field.select_option(option)
            expect(module.locator(".sum")).not_to_be_empty()
    expect(module.get_by_label("size", exact=True)).to_have_value("5")


def test_a_window_that_does_not_fit_says_what_to_do(module):
    show(module, stepper.convolution(np.eye(4), np.eye(3)))
    module.get_by_label("size", exact=True).select_option("5")
    expect(module.locator(".sum")).to_have_text(
        "A window of 5 × 5 does not fit in an image of 4 × 4. "
        "Take a smaller window or another border."
    )
    module.get_by_label("border", exact=True).select_option("zero")
    expect(module.locator(".sum strong")).to_be_visible()


def test_the_pool_marks_its_winner_and_can_take_the_mean(module):
    show(module, stepper.pooling())
    expect(module.locator(".cell.best")).to_have_text("4")
    module.get_by_label("keep").select_option("average")
    expect(module.locator(".cell.best")).to_have_count(0)
    expect(module.locator(".sum")).to_contain_text("(1 + 3 + 4 + 2) / 4 = 2.5")


def test_a_network_follows_one_value_through_three_steps(module):
    image = helpers.fashion_mnist(full=False).train_images[0]
    show(module, stepper.network(row=6, col=6))
    pooled = helpers.max_pool2d(helpers.relu(helpers.conv2d(image, helpers.VERTICAL)))
    expect(module.locator(".sum strong").last).to_have_text(f"{pooled[6, 6]:g}")
    module.mouse.move(*at(module, "ReLU", 20, 9, 26))
    expect(module.locator(".sum strong").last).to_have_text(f"{pooled[10, 4]:g}")


def test_what_python_changes_is_shown_and_a_closed_window_listens_no_more(module):
    show(module, stepper.convolution())
    module.evaluate("model.set('kernel', [[0, 0], [0, 1]])")
    expect(module.locator(".sum")).to_contain_text("0 + 0 + 0 + 192 = 192")
    module.evaluate("model.set('row', 0)")
    expect(module.locator(".sum")).to_contain_text("0 + 0 + 0 + 64 = 64")
    module.evaluate("close()")
    assert module.evaluate("model.count()") == 0


# --- Playing, and what is said --------------------------------------------------------------------


def test_playing_fills_the_output_and_says_nothing_until_it_is_over(module):
    module.evaluate("window.said = []")
    show(module, stepper.convolution())
    module.evaluate(
        "new MutationObserver(() => said.push(document.querySelector('.live').textContent))"
        ".observe(document.querySelector('.live'), { childList: true })"
    )
    expect(module.locator(".live")).to_contain_text(WORKED)
    module.get_by_role("button", name="Play").click()
    expect(module.get_by_role("button", name="Pause")).to_be_visible()
    expect(module.get_by_role("button", name="Play")).to_be_visible(timeout=10_000)
    expect(module.locator(".live")).to_contain_text("Row 2, column 2 of the output")
    assert len(module.evaluate("said")) <= 2


def test_who_wants_no_motion_goes_step_by_step(module):
    module.emulate_media(reduced_motion="reduce")
    show(module, stepper.convolution())
    expect(module.get_by_role("button", name="Play")).to_have_count(0)
    image = module.get_by_role("application")
    image.focus()
    module.keyboard.press("Space")
    expect(module.locator(".live")).to_contain_text("Row 1, column 2 of the output")


# --- Looks ----------------------------------------------------------------------------------------

# The colours of JupyterLab's two themes, as its style sheets have them.
JUPYTERLAB = {
    "light": "--jp-layout-color1: #fff; --jp-layout-color2: #eee; --jp-brand-color1: #1976d2; "
    "--jp-content-font-color1: rgba(0, 0, 0, 0.87)",
    "dark": "--jp-layout-color1: #111; --jp-layout-color2: #424242; --jp-brand-color1: #2196f3; "
    "--jp-content-font-color1: #fff",
}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("within_jupyterlab", [False, True])
def test_every_theme_is_readable_and_accessible(page, inaccessible, theme, within_jupyterlab):
    # A notebook's theme counts, whatever the system says.
    other = {"light": "dark", "dark": "light"}[theme]
    page.emulate_media(color_scheme=other if within_jupyterlab else theme)
    fragment = stepper.page(stepper.convolution(), stepper.pooling(), stepper.network())
    colours = JUPYTERLAB[theme] if within_jupyterlab else ""
    text = EMPTY.replace("<body><main>", f'<body style="{colours}"><main><h1>Steppers</h1>')
    page.set_content(text.replace("</main>", f"{fragment}</main>"))
    expect(page.locator(".stepper")).to_have_count(3)
    paper = page.locator(".stepper").first.evaluate("it => getComputedStyle(it).backgroundColor")
    assert (paper == "rgb(255, 255, 255)") == (theme == "light")
    assert inaccessible(".stepper") == []


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


@pytest.mark.parametrize("opened", [stepper.convolution, stepper.pooling, stepper.network])
def test_a_narrow_screen_needs_no_sideways_scrolling(module, opened):
    module.set_viewport_size({"width": 360, "height": 800})
    show(module, opened())
    if opened is stepper.convolution:
        module.get_by_label("size", exact=True).select_option("5")
        module.get_by_label("border", exact=True).select_option("zero")
    assert module.evaluate("document.documentElement.scrollWidth") <= 360
    assert module.locator(".stepper").evaluate("it => it.scrollWidth <= it.clientWidth")


def test_the_focus_can_be_seen(module):
    show(module, stepper.convolution())
    module.keyboard.press("Tab")
    outline = module.locator(":focus").evaluate("it => getComputedStyle(it).outline")
    assert "solid 3px" in outline


# --- In a notebook --------------------------------------------------------------------------------


def test_in_jupyterlab_mouse_and_keys_are_the_window_s_and_python_sees_what_they_do(
    learner, inaccessible
):
    learner.open("01_convolution_by_hand.ipynb", "stepper")
    learner.run("from helpers import pictures, stepper")
    shown = learner.run("stepper.convolution()", "opened = stepper.convolution()\nopened")
    image, total = shown.get_by_role("application"), shown.locator(".sum strong")
    for theme in ("Dark", "Light"):
        learner.theme(theme)
        assert inaccessible(".stepper") == []

    image.click(position={"x": 100, "y": 60})  # row 1, column 2 of the image
    expect(total).to_have_text("−136")
    learner.page.keyboard.press("ArrowDown")  # JupyterLab would go to the next cell,
    expect(total).to_have_text("577")
    learner.page.keyboard.press("Enter")  # and edit this one
    learner.page.keyboard.type("0")
    learner.page.keyboard.press("Enter")
    expect(total).to_have_text("−287")
    shown.get_by_label("kernel, row 0, column 0").fill("9")
    shown.get_by_label("border").select_option("wrap")

    seen = learner.run("tens = ", "print(opened.image[2][2], opened.kernel[0][0], opened.border)")
    expect(seen).to_contain_text("0.0 9.0 wrap")
    learner.run("tens = ", "opened.kernel = [[1]]")
    expect(shown.get_by_label("size")).to_have_value("1")
    outputs = [output for cell in learner.saved() for output in cell.get("outputs", [])]
    [data] = [output["data"] for output in outputs if VIEW in output.get("data", {})]
    assert "577" in "".join(data["text/html"])  # for whoever opens the file without a kernel


# --- Speed ----------------------------------------------------------------------------------------

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


@pytest.mark.parametrize("mode", ["convolution", "network"])
def test_dragging_over_28_by_28_pixels_leaves_most_of_a_frame_to_the_browser(module, mode):
    image = helpers.fashion_mnist(full=False).train_images[0]
    show(module, {"convolution": stepper.convolution, "network": stepper.network}[mode](image))
    before = shown(module)
    times = np.array(module.evaluate(DRAG))
    assert shown(module) != before
    print(f"{mode}: median {np.median(times):.2f} ms, 95% {np.percentile(times, 95):.2f} ms")
    assert np.median(times) < 8  # of the 16 ms of a frame; 1 to 2 ms were measured
