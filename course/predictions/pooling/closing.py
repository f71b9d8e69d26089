"""What lesson 3 asks about a network that gets a kernel which it did not learn."""

from functools import cache

import numpy as np

import helpers
from course.predictions.prediction import Prediction, Said

FEW = 200  # of the held-out clothes, as in the lesson


@cache
def right_answers(kernel_changed: bool) -> int:
    """How many of the first held-out clothes the network knows."""
    clothes, network = helpers.fashion_mnist(full=False), helpers.trained_network()
    if kernel_changed:
        network = network.with_kernel(15, helpers.VERTICAL)
    answers = network.predict(clothes.test_images[:FEW]).argmax(axis=1)
    return int(np.sum(answers == clothes.test_labels[:FEW]))


PREDICTIONS = (
    Prediction(
        key="foreign_kernel",
        lesson=3,
        question=(
            "Of 200 clothes the network knows 181. With your kernel in place of number 15, and all else as it "
            "was, how many will it know?"
        ),
        answers=(
            Said(
                "more",
                "Your kernel was designed to see edges, but the layers behind it have learned what number 15 says "
                "to which clothes. With the Sobel kernel in its place they know 135.",
                "a designed kernel is better than a learned one",
            ),
            Said(
                "about as many",
                "One kernel of sixteen, but the layers behind it have learned to trust it. With the Sobel kernel in "
                "its place they know 135.",
                "one kernel of sixteen hardly counts",
            ),
            Said(
                "clearly fewer",
                "With the Sobel kernel in its place it is 135: the layers behind it expect what number 15 says.",
            ),
            Said(
                "about 20, as if it guessed",
                "Fifteen kernels are as they were, and most clothes are still known: 135 with the Sobel kernel.",
                "a network breaks as a whole",
            ),
        ),
        computed=lambda: (
            "clearly fewer" if right_answers(True) < 0.9 * right_answers(False) else "about as many"
        ),
    ),
)
