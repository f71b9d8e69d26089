"""The window on a convolution: its numbers against NumPy, what is chosen and typed."""

import numpy as np
import pytest
from playwright.sync_api import expect
from windows import WORKED, computed, explained, minus, numbers, show

import helpers
from helpers import stepper

SHARP = [[-1, 0, -2], [0.5, 4.5, -1.5], [1.5, 2, -3]]


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


def test_the_written_sum_is_the_pixel_it_stands_for(module):
    rng = np.random.default_rng(732)
    for _ in range(20):
        image, kernel = rng.integers(0, 256, (6, 7)), rng.integers(-9, 10, (3, 2))
        row, col = int(rng.integers(0, 4)), int(rng.integers(0, 6))
        steps = explained(module, stepper.convolution(image, kernel), (row, col))["steps"]
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


def test_it_opens_on_577_and_flipping_makes_732(module):
    show(module, stepper.convolution())
    expect(module.locator(".sum")).to_contain_text(WORKED)
    module.get_by_label("flip (true convolution)").check()
    expect(module.locator(".sum strong")).to_have_text("732")
    expect(module.get_by_label("kernel, row 0, column 0")).to_have_value("−3")


def test_every_kernel_can_be_chosen_and_makes_what_numpy_makes(module):
    image = np.random.default_rng(9).integers(0, 256, (7, 7))
    opened = stepper.convolution(image, border="zero", row=3, col=3)
    show(module, opened)
    for name, one in opened.choices.items():
        module.get_by_label("kernel", exact=True).select_option(name)
        sums = helpers.conv2d(image, one["kernel"], padding="same")
        wanted = one["factor"] * sums[3, 3] + one["bias"]
        expect(module.locator(".sum strong").last).to_have_text(minus(wanted))


@pytest.mark.parametrize(
    ("size", "kernel"),
    [
        (1, [[4.5]]),
        (2, [[4.5, -1.5], [2, -3]]),
        (4, np.pad(SHARP, (0, 1))),
        (5, np.pad(SHARP, 1)),
    ],
)
def test_a_kernel_of_another_size_keeps_its_middle(module, size, kernel):
    show(module, stepper.convolution(kernel=SHARP, border="edge", row=2, col=2))
    module.get_by_label("size", exact=True).select_option(f"{size} × {size}")
    sums = helpers.conv2d(stepper.WORKED_IMAGE, kernel, padding="same", border="edge")
    expect(module.locator(".sum strong")).to_have_text(minus(sums[2, 2]))
    assert np.array_equal(module.evaluate("handle.settings().kernel"), kernel)


def test_every_border_and_stride_can_be_chosen_and_makes_what_numpy_makes(module):
    show(module, stepper.convolution(row=0, col=0))
    borders = {"valid": {"padding": "valid"}}
    borders |= {name: {"padding": "same", "border": name} for name in ("zero", "wrap", "edge")}
    for border, padding in borders.items():
        module.get_by_label("border", exact=True).select_option(border)
        for strides in (1, 2, 3, 4, 5):
            module.get_by_label("strides").select_option(str(strides))
            sums = helpers.conv2d(stepper.WORKED_IMAGE, SHARP, strides=strides, **padding)
            expect(module.locator(".sum strong")).to_have_text(minus(sums[0, 0]))
            size = " × ".join(map(str, sums.shape))
            expect(module.get_by_text(f"output, {size}", exact=True)).to_be_visible()
    assert module.evaluate("[handle.settings().border, handle.settings().strides]") == ["edge", 5]


def test_as_pixels_the_sum_is_rounded_and_clipped(module):
    show(module, stepper.convolution())
    module.get_by_label("as pixels").check()
    expect(module.locator(".sum")).to_contain_text("as a pixel: 255")
    module.get_by_role("application").press("ArrowUp")
    expect(module.locator(".sum")).to_contain_text("= −136 as a pixel: 0")
    module.get_by_label("as pixels").uncheck()
    expect(module.locator(".sum")).not_to_contain_text("pixel")


def test_a_window_that_does_not_fit_says_what_to_do(module):
    show(module, stepper.convolution(np.eye(4), np.eye(3)))
    module.get_by_label("size", exact=True).select_option("5")
    expect(module.locator(".sum")).to_have_text(
        "A window of 5 × 5 does not fit in an image of 4 × 4. "
        "Take a smaller window or another border."
    )
    module.get_by_label("border", exact=True).select_option("zero")
    expect(module.locator(".sum strong")).to_be_visible()
