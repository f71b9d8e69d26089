"""The window backwards: one error to nine pixels and nine weights, and the flip."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect
from windows import computed, drawn, explained, minus, numbers, press, settings, show, shown

import helpers
from helpers import stepper


def gradients(image, kernel, error):
    """What all the errors say: to the image, and to the kernel. Added up one by one."""
    to_image, to_kernel = np.zeros(image.shape), np.zeros(kernel.shape)
    kh, kw = kernel.shape
    for (row, col), value in np.ndenumerate(error):
        to_image[row : row + kh, col : col + kw] += value * kernel
        to_kernel += value * image[row : row + kh, col : col + kw]
    return to_image, to_kernel


def cases(count: int):
    """Images, kernels and errors that fit together."""
    rng = np.random.default_rng(732)
    for _ in range(count):
        kernel = numbers(rng, *rng.integers(1, 6, 2))
        image = numbers(rng, *(np.array(kernel.shape) + rng.integers(0, 7, 2)))
        yield image, kernel, numbers(rng, *(np.array(image.shape) - kernel.shape + 1))


@pytest.mark.parametrize("way", ["errors", "pixels"])
def test_both_gradients_are_what_numpy_computes(module, way):
    made = list(cases(60))
    opened = [vars(stepper.backwards(*case, way)) for case in made]
    to_images, to_kernels = (computed(module, opened, what) for what in ("toImage", "toKernel"))
    for (image, kernel, error), one, other in zip(made, to_images, to_kernels, strict=True):
        to_image, to_kernel = gradients(image, kernel, error)
        assert np.allclose(one, to_image, rtol=1e-12, atol=1e-7)
        assert np.allclose(other, to_kernel, rtol=1e-12, atol=1e-7)
        assert np.allclose(
            one,
            helpers.true_convolution(np.pad(error, [(n - 1,) * 2 for n in kernel.shape]), kernel),
        )


def test_the_gradient_of_the_kernel_is_the_one_of_lesson_6(module):
    image, kernel, target = (np.array(one) for one in made_for_lesson_6())
    error = 2 * (helpers.conv2d(image, kernel) - target) / target.size
    got = computed(module, [vars(stepper.backwards(image, kernel, error))], "toKernel")[0]
    assert np.allclose(got, helpers.learning.kernel_gradient(image, kernel, target))


def made_for_lesson_6():
    """An image, a kernel, and what it should have made."""
    rng = np.random.default_rng(6)
    return rng.normal(size=(7, 6)), rng.normal(size=(3, 2)), rng.normal(size=(5, 5))


def test_one_error_goes_to_its_pixels_and_to_its_weights(module):
    image, kernel, error = next(cases(1))
    told = explained(module, stepper.backwards(image, kernel, error), (0, 0))
    kh, kw = kernel.shape
    assert np.allclose(told["cells"]["toPixels"]["values"], error[0, 0] * kernel)
    assert np.allclose(told["cells"]["toWeights"]["values"], error[0, 0] * image[:kh, :kw])


def test_one_pixel_is_reached_by_the_errors_around_it_with_the_kernel_turned(module):
    show(module, stepper.backwards(way="pixels", row=2, col=2))
    expect(module.get_by_text("kernel, turned")).to_be_visible()
    expect(module.get_by_label("kernel, row 0, column 0")).to_have_value("−3")
    to_image, _ = gradients(
        np.array(stepper.several_maps.SMALL_IMAGE),
        np.array(stepper.WORKED_KERNEL),
        np.array(stepper.several_maps.ERROR),
    )
    expect(module.locator(".sum strong").first).to_have_text(minus(to_image[2, 2]))
    module.get_by_role("application").press("ArrowUp")
    expect(module.locator(".sum strong").first).to_have_text(minus(to_image[1, 2]))


@pytest.mark.parametrize("way", ["errors", "pixels"])
def test_what_is_read_aloud_ends_each_sentence_once(module, way):
    show(module, stepper.backwards(way=way))
    module.get_by_role("application").first.press("ArrowUp")
    heard = module.locator(".live")
    expect(heard).to_contain_text("Row ")
    assert not re.search(r"[,.;]{2}", heard.text_content())


def test_the_gradients_grow_error_by_error_and_are_whole_at_the_end(module):
    show(module, stepper.backwards(row=0, col=2))
    gradient = module.locator("figure:has(figcaption:text('image gradient')) canvas")

    def seen() -> bytes:
        drawn(module)
        return gradient.screenshot()

    first = seen()
    press(module, "Fill in")
    expect(module.locator(".sum")).to_contain_text("goes to 9 pixels and to 9 weights")
    assert seen() != first
    press(module, "Clear")
    assert seen() == first


def test_the_way_can_be_chosen_and_the_window_stays_inside(module):
    show(module, stepper.backwards(way="pixels", row=4, col=4))
    module.get_by_label("show").select_option("errors")
    expect(module.locator(".sum")).to_contain_text("The error 0 goes to")
    assert (settings(module)["row"], settings(module)["col"]) == (2, 2)
    module.get_by_role("application", name="error").press("ArrowUp")
    module.keyboard.type("5")
    module.keyboard.press("Enter")
    assert shown(module).startswith("The error 5 goes to 9 pixels")
