"""What lesson 3 asks about blocks: a convolution of many filters, a ReLU, a pooling."""

import numpy as np

import helpers
from course.predictions.prediction import Prediction, Said

COLOUR_EDGE = np.repeat([[(180, 90, 30)] * 6 + [(30, 90, 180)] * 6], 8, axis=0)

PREDICTIONS = (
    Prediction(
        key="colour_edge_in_grey",
        lesson=3,
        question="What does the vertical kernel answer to the mean, where the two colours meet?",
        answers=(
            Said(0, "The mean is 100 on both sides: there is no edge in it."),
            Said(
                600,
                "That is what the vertical kernel makes of blue alone, which gains 150: 4 times 150. In the mean, "
                "red loses as much as blue gains.",
                "the mean keeps every edge",
            ),
            Said(
                -600,
                "That is what the vertical kernel makes of red alone, which loses 150: 4 times -150. In the mean, "
                "blue gains as much as red loses.",
                "the mean keeps every edge",
            ),
            Said(
                100,
                "100 is the value of both sides. The kernel's numbers add up to 0, so an area of one value gives 0.",
                "a flat area keeps its value",
            ),
        ),
        otherwise="Write down a window across the edge in the mean: which nine numbers are in it?",
        computed=lambda: float(
            np.abs(helpers.conv2d(COLOUR_EDGE.mean(axis=2), helpers.VERTICAL)).max()
        ),
        see="Call helpers.conv2d(grey, helpers.VERTICAL) in a cell of your own.",
    ),
    Prediction(
        key="maps_of_64",
        lesson=3,
        question="64 maps go into a convolution of 64 filters. How many maps come out?",
        answers=(
            Said(
                64,
                "A filter has a slice for each of the 64 maps and adds the results up: one map for each filter.",
            ),
            Said(
                4096,
                "That is how many slices there are: 64 filters with one for each of 64 maps. But a filter adds its 64 results up: one map.",
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
