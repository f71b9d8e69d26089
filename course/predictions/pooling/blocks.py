"""What lesson 3 asks about blocks: a convolution of many filters, a ReLU, a pooling."""

import numpy as np

import helpers
from course.predictions.prediction import Prediction, Said

PREDICTIONS = (
    Prediction(
        key="maps_of_64",
        lesson=3,
        question="64 maps go into a convolution of 64 filters. How many maps come out?",
        answers=(
            Said(
                64,
                "A filter has a kernel for each of the 64 maps and adds the results up: one map for each filter.",
            ),
            Said(
                4096,
                "That would be so if each filter ran on each map by itself. It looks at all 64 and adds up: one map.",
                "a filter for each map",
            ),
            Said(
                128,
                "What goes in is used up; only new maps come out, one for each filter.",
                "maps are added to maps",
            ),
        ),
        otherwise="How many maps does one filter make?",
        computed=lambda: helpers.conv_layer(
            np.zeros((1, 3, 3, 64)), np.zeros((3, 3, 64, 64)), np.zeros(64)
        ).shape[-1],
    ),
    Prediction(
        key="numbers_at_the_end",
        lesson=3,
        question=(
            "Everybody says that pooling condenses an image. 784 pixels go through two blocks of 64 kernels: "
            "28, 26, 13, 11 pixels a side, and one more pooling. How many numbers are there at the end?"
        ),
        answers=(
            Said(25, "Each map has 25 numbers at the end, and there are 64 maps.", "one map"),
            Said(1600, "5 times 5 numbers in each of 64 maps: more than the 784 that went in."),
            Said(
                49,
                "28 / 4 = 7 forgets that each convolution takes two rows, and that there are 64 maps.",
                "a sixteenth of the pixels",
            ),
            Said(
                102400,
                "The second 64 filters give 64 maps, not 64 for each of 64.",
                "a filter for each map",
            ),
            Said(2304, "An odd last row is dropped: of 11 pooling leaves 5, not 6.", "11 / 2 is 6"),
        ),
        otherwise="How many pixels a side does the last map have? And how many maps are there?",
        computed=lambda: 64 * (11 // 2) ** 2,
    ),
)
