"""The window on a network's first block."""

import numpy as np
import pytest
from playwright.sync_api import expect
from windows import at, computed, numbers, show

import helpers
from helpers import stepper

SMALLER_OR_LARGER = "Take a smaller kernel or a larger picture."


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


@pytest.mark.parametrize(
    ("pixels", "why", "take"),
    [
        (5, "leaves 1 × 1 of an image of 5 × 5, too little to pool by 2 × 2.", SMALLER_OR_LARGER),
        (4, "does not fit in an image of 4 × 4.", SMALLER_OR_LARGER),
        (3, "does not fit in an image of 3 × 3.", "Take a larger picture."),
    ],
)
def test_a_network_says_what_does_not_fit_and_what_to_take(module, pixels, why, take):
    show(module, stepper.network())
    ones = "n => ({ image: module.table(n, n, () => 1), kernel: module.table(5, 5, () => 1) })"
    module.evaluate(f"n => handle.set(({ones})(n))", pixels)
    expect(module.locator(".sum")).to_contain_text(f"of 5 × 5 {why} {take}")


def test_a_network_follows_one_value_through_three_steps(module):
    image = helpers.fashion_mnist(full=False).train_images[0]
    show(module, stepper.network(row=6, col=6))
    pooled = helpers.max_pool2d(helpers.relu(helpers.conv2d(image, helpers.VERTICAL)))
    expect(module.locator(".sum strong").last).to_have_text(f"{pooled[6, 6]:g}")
    module.mouse.move(*at(module, "ReLU", 20, 9, 26))
    expect(module.locator(".sum strong").last).to_have_text(f"{pooled[10, 4]:g}")
