"""The window on pooling."""

import numpy as np
from playwright.sync_api import expect
from windows import computed, minus, numbers, show

import helpers
from helpers import stepper


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


def test_the_pool_s_window_and_strides_make_what_numpy_makes(module):
    image = np.random.default_rng(4).permutation(81).reshape(9, 9)
    show(module, stepper.pooling(image, row=1, col=1))
    for size in (3, 1, 4, 2):
        module.get_by_label("window", exact=True).select_option(f"{size} × {size}")
        assert module.evaluate("handle.settings().strides") == size  # side by side, as before
        pooled = helpers.max_pool2d(image, size)
        expect(module.locator(".sum strong")).to_have_text(minus(pooled[1, 1]))
    for strides in (3, 1):
        module.get_by_label("strides").select_option(str(strides))
        pooled = helpers.max_pool2d(image, 2, strides)
        expect(module.locator(".sum strong")).to_have_text(minus(pooled[1, 1]))
    module.get_by_label("window", exact=True).select_option("3 × 3")
    assert module.evaluate("handle.settings().strides") == 1  # chosen, so it stays


def test_the_pool_marks_its_winner_and_can_take_the_mean(module):
    show(module, stepper.pooling())
    expect(module.locator(".cell.best")).to_have_text("4")
    words = "The largest of 1, 3, 4, 2 is 4, in row 1, column 0 of the image"
    expect(module.locator(".sum")).to_have_text(words)
    expect(module.locator(".live")).to_have_text(f"Row 0, column 0 of the output: {words}.")
    module.get_by_label("keep").select_option("average")
    expect(module.locator(".cell.best")).to_have_count(0)
    expect(module.locator(".sum")).to_contain_text("(1 + 3 + 4 + 2) / 4 = 2.5")
