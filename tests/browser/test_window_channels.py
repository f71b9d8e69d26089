"""The window on several maps: slices, sums, one sum and a bias, and several filters."""

import numpy as np
import pytest
from playwright.sync_api import expect
from windows import at, computed, explained, minus, numbers, press, settings, show, shown

import helpers
from helpers import stepper


def test_every_number_of_every_filter_is_the_one_that_numpy_computes(module):
    rng = np.random.default_rng(64)
    cases, expected = [], []
    for _ in range(100):
        maps, filters = (int(one) for one in rng.integers(1, 5, 2))
        kh, kw = rng.integers(1, 6, 2)
        height, width = np.array([kh, kw]) + rng.integers(0, 8, 2)
        image, kernels = numbers(rng, height, width, maps), numbers(rng, kh, kw, maps, filters)
        bias = numbers(rng, filters)
        opened = stepper.channels(image, kernels, bias, names=["a map"] * maps)
        cases.append(vars(opened))
        expected.append(helpers.conv_layer(image[None], kernels, bias)[0])
    for case, got, wanted in zip(cases, computed(module, cases, "outs"), expected, strict=True):
        assert np.allclose(np.moveaxis(got, 0, 2), wanted, rtol=1e-12, atol=1e-8), case


def test_the_sums_of_the_slices_and_the_bias_make_the_number(module):
    rng = np.random.default_rng(3)
    image, kernels = rng.integers(-9, 10, (6, 7, 3)), rng.integers(-3, 4, (3, 2, 3))
    steps = explained(module, stepper.channels(image, kernels, -4), (2, 5))["steps"]
    sums = [int(np.sum(image[2:5, 5:7, c] * kernels[..., c])) for c in range(3)]
    written = [step[1].replace("−", "-") for step in steps]
    assert [step[0].split(":")[0] for step in steps[:3]] == ["red", "green", "blue"]
    assert written == [str(one) for one in [*sums, sum(sums) - 4]]
    assert steps[3][0].endswith("− 4, the bias, =")
    for (words, value, *_), one in zip(steps[:3], sums, strict=True):
        terms = words.split(":")[1].replace("−", "-").removesuffix("=")
        assert eval(terms) == one == int(value.replace("−", "-"))


def test_another_filter_shows_its_slices_its_bias_and_its_output(module):
    show(module, stepper.channels())
    expect(module.locator(".sum strong").last).to_have_text("5")
    module.get_by_label("filter").select_option("1")
    maps = np.moveaxis(stepper.several_maps.THREE_MAPS, 0, 2)
    kernels = np.transpose(stepper.several_maps.TWO_FILTERS, (2, 3, 1, 0))
    wanted = helpers.conv_layer(maps[None], kernels, [1, -2])[0, 1, 1, 1]
    expect(module.locator(".sum strong").last).to_have_text(minus(wanted))
    expect(module.get_by_label("kernel for green, row 1, column 1")).to_have_value("−1")
    expect(module.get_by_label("bias, row 0, column 0")).to_have_value("−2")


def test_a_weight_a_bias_and_a_pixel_of_each_map_can_be_changed(module):
    show(module, stepper.channels(np.ones((3, 3, 2)), np.ones((3, 3, 2)), 5))
    total = module.locator(".sum strong").last
    expect(total).to_have_text("23")
    module.get_by_label("kernel for map 1, row 0, column 0").fill("11")
    expect(total).to_have_text("33")
    module.get_by_label("bias, row 0, column 0").fill("-1")
    expect(total).to_have_text("27")
    second = module.get_by_role("application", name="map 1, 3 × 3")
    second.click(position={"x": 5, "y": 5})
    module.keyboard.type("3")
    module.keyboard.press("Enter")
    expect(total).to_have_text("49")
    now = settings(module)
    assert now["maps"][0] == np.ones((3, 3)).tolist()
    assert now["maps"][1][0] == [3, 1, 1]
    press(module, "Start again")
    expect(total).to_have_text("23")


def test_the_window_moves_over_every_map_at_once(module):
    show(module, stepper.channels())
    before = shown(module)
    module.mouse.click(*at(module, "blue", 3, 3, 5))
    module.mouse.move(0, 0)
    expect(module.locator(".sum")).not_to_have_text(before)
    assert (settings(module)["row"], settings(module)["col"]) == (2, 2)
    module.get_by_role("application", name="red, 5 × 5").press("ArrowLeft")
    assert settings(module)["col"] == 1


@pytest.mark.parametrize("filters", [1, 4])
def test_a_colour_picture_has_a_map_for_each_colour(module, filters):
    part = helpers.colour_photograph()[236:300, 384:448]
    show(module, stepper.channels(part, np.ones((3, 3, 3, filters))))
    for name in ("red", "green", "blue"):
        expect(module.get_by_text(f"{name}, 64 × 64", exact=True)).to_be_visible()
    expect(module.get_by_role("img")).to_have_count(filters)
