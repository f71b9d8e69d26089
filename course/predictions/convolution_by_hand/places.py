"""What lesson 1 asks about where a kernel can stand, and so about sizes."""

import numpy as np

import helpers
from course.predictions.convolution_by_hand.one_window import KERNEL, PATCH
from course.predictions.prediction import Prediction, Said

PREDICTIONS = (
    Prediction(
        key="places_in_5x5",
        lesson=1,
        question="A 3x3 window moves over 5x5 pixels and never leaves them. How many numbers come out?",
        answers=(
            Said(9, "Three places across and three down."),
            Said(
                25,
                "There is one for each pixel only if the window may hang over the edge. It stays inside.",
                "every pixel gets a result",
            ),
            Said(
                16,
                "Along one side of 5 a window of 3 has three places, not four.",
                "one is lost in all",
            ),
            Said(
                4,
                "The window moves by one pixel, so windows overlap: three places a side.",
                "windows lie side by side",
            ),
            Said(3, "Three along one side. It moves down, too.", "one direction only"),
        ),
        otherwise="Count along one row: where can the left edge of the window stand? Then the same downwards.",
        computed=lambda: helpers.conv2d(PATCH, KERNEL).size,
    ),
    Prediction(
        key="left_by_2x2",
        lesson=1,
        question="A 3x3 kernel leaves 26 of 28 pixels. How many does a 2x2 kernel leave?",
        answers=(
            Said(
                26,
                'Some explain it like this: "the filter is 2x2, so 28 becomes 26". But 2 pixels have 27 places '
                "in a row of 28.",
                "a kernel takes as many pixels as it is wide",
            ),
            Said(27, "28 - 2 + 1 = 27. One pixel is lost, and only on one side."),
            Said(
                14,
                "That is what side-by-side windows give. This one moves by one pixel.",
                "kernels move by their size",
            ),
            Said(28, "A kernel of one pixel would leave 28.", "an even kernel loses nothing"),
        ),
        otherwise="Put the kernel at the left end. How many steps of one pixel until it meets the right end?",
        computed=lambda: helpers.conv2d(np.zeros((28, 28)), np.ones((2, 2))).shape[0],
    ),
    Prediction(
        key="left_by_9x9",
        lesson=1,
        question='"The kernel is a 9x9 matrix", you may read. What would such a kernel leave of 28 pixels?',
        answers=(
            Said(
                26,
                "That is what a 3x3 kernel leaves. It has 9 values; a 9x9 kernel has 81, and leaves 20.",
                "nine values make a 9x9 kernel",
            ),
            Said(20, "28 - 9 + 1 = 20. A 9x9 kernel has 81 values; the one with 9 values is 3x3."),
            Said(
                19,
                "28 - 9 are the steps. The place where it starts counts, too: 20.",
                "steps are counted, not places",
            ),
        ),
        otherwise="The kernel takes up 9 pixels. How many steps are left, and how many places is that?",
        computed=lambda: helpers.conv2d(np.zeros((28, 28)), np.ones((9, 9))).shape[0],
    ),
    Prediction(
        key="two_at_a_time",
        lesson=1,
        question="28 pixels, a kernel of 3, strides 2: how many places are there along one side?",
        answers=(
            Said(
                13,
                "After the first place the kernel has 28 - 3 = 25 pixels left to move: twelve steps of two, and "
                "no half step. The first place and twelve steps make 13.",
            ),
            Said(
                14,
                "Half of 28, but the kernel is 3 wide: the last of these would hang over the edge.",
                "28 / 2",
            ),
            Said(
                12,
                "Twelve steps. The first place, before any step, counts too: 13.",
                "steps are counted, not places",
            ),
            Said(26, "That is with strides 1.", "strides are left out"),
        ),
        otherwise="How many pixels are left to move after the first place? How many steps of two is that?",
        computed=lambda: helpers.output_size(28, 3, strides=2),
        see="Write `output_size` below; the cell after its check prints it.",
    ),
)
