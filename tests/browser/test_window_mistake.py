"""The window on a mistake: what is right, and what came back beside it."""

import numpy as np
import pytest
from playwright.sync_api import expect
from windows import at, minus, press, settings, show, shown

import helpers
from helpers import stepper

IMAGE, KERNEL = stepper.WORKED_IMAGE, stepper.WORKED_KERNEL


def test_it_opens_at_the_first_wrong_value_with_theirs_beside_the_right_arithmetic(module):
    right = helpers.conv2d(IMAGE, KERNEL)
    theirs = right.copy()
    theirs[1, 2:] = 732
    theirs[2, 0] = -5
    show(module, stepper.convolution(IMAGE, KERNEL, theirs=theirs))
    expect(module.locator(".sum strong").first).to_have_text(minus(right[1, 2]))
    assert shown(module).endswith("yours has 732 there")
    expect(module.get_by_text("yours, 3 × 3", exact=True)).to_be_visible()
    module.mouse.click(*at(module, "yours", 2, 0, 3))
    assert shown(module).endswith("yours has −5 there")
    expect(module.locator(".sum strong").first).to_have_text(minus(right[2, 0]))


@pytest.mark.parametrize(
    ("theirs", "words", "place"),
    [
        (np.full((3, 3), np.nan), "yours has NaN there", (0, 0)),
        (helpers.conv2d(IMAGE, KERNEL)[:, :2], "yours has nothing there", (0, 2)),
        (np.zeros((5, 5)), "yours has 0 there", (0, 0)),
    ],
)
def test_what_is_no_number_or_not_there_is_told(module, theirs, words, place):
    show(module, stepper.convolution(IMAGE, KERNEL, theirs=theirs))
    assert shown(module).endswith(words)
    assert (settings(module)["row"], settings(module)["col"]) == place


def test_pooling_shows_it_too(module):
    image = stepper.one_map.POOLED_IMAGE
    mean = helpers.average_pool2d(image)
    show(module, stepper.pooling(image, theirs=mean))
    assert shown(module).startswith("The largest of 1, 3, 4, 2 is 4")
    assert shown(module).endswith("yours has 2.5 there")


def test_channels_show_it_too(module):
    maps, kernel = np.moveaxis(stepper.several_maps.THREE_MAPS, 0, 2), np.ones((2, 2, 3))
    right = helpers.conv_layer(maps[None], kernel[..., None], [0])[0, ..., 0]
    first_only = helpers.conv2d(maps[..., 0], kernel[..., 0])
    show(module, stepper.channels(maps, kernel, theirs=first_only))
    place = tuple(int(n) for n in np.argwhere(right != first_only)[0])
    assert (settings(module)["row"], settings(module)["col"]) == place
    assert shown(module).endswith(f"= {right[place]:g} yours has {first_only[place]:g} there")
    module.mouse.click(*at(module, "yours", 3, 2, 4))
    assert shown(module).endswith(f"= {right[3, 2]:g} yours has {first_only[3, 2]:g} there")
    module.get_by_label("bias, row 0, column 0").fill("1")
    expect(module.get_by_text("yours, 4 × 4")).to_have_count(0)
    assert "yours" not in shown(module)


def test_another_image_or_kernel_is_another_case_and_theirs_is_gone_until_the_start(module):
    show(module, stepper.convolution(IMAGE, KERNEL, theirs=np.zeros((3, 3))))
    module.get_by_label("kernel, row 0, column 0").fill("7")
    expect(module.get_by_text("yours, 3 × 3")).to_have_count(0)
    assert "yours" not in shown(module)
    press(module, "Start again")
    expect(module.get_by_text("yours, 3 × 3")).to_be_visible()
