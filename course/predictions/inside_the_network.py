"""What lesson 5 asks before it shows it."""

import helpers
from course.predictions.prediction import Prediction, Said
from helpers.network import initial_limit

PREDICTIONS = (
    Prediction(
        key="out_of_3x3",
        lesson=5,
        question="A Conv2D of one 3x3 kernel, told no padding, looks at a 3x3 image. How many numbers come out?",
        answers=(
            Said(1, "The kernel fits in one place: (1, 1, 1, 1) as Keras writes it."),
            Said(
                9,
                'That takes padding="same". By default only windows that fit count: one.',
                "Keras pads by default",
            ),
            Said(0, "It fits exactly once.", "a kernel needs a rim"),
        ),
        otherwise="In how many places does a 3x3 window fit into a 3x3 image?",
        computed=lambda: helpers.output_size(3, 3) ** 2,
        see="Write `keras_convolve`; the cell after its check shows it.",
    ),
    Prediction(
        key="how_large_at_first",
        lesson=5,
        question=(
            "The first layer of lesson 4's network has 3x3 kernels, 1 channel and 64 filters. About how large "
            "are its kernels' values at most, before training?"
        ),
        answers=(
            Said(
                "1",
                "The limit is the root of 6 / (9 + 576), which is 0.1013.",
                "weights are about 1",
            ),
            Said("0.1", "0.1013: the root of 6 / (9 + 576)."),
            Said("0.01", "6 / 585 is 0.01, and the root of it is 0.1013.", "the root is left out"),
        ),
        computed=lambda: f"{initial_limit(3, 1, 64):.1f}",
        see="Write `initial_limit`; the cell after its check prints it.",
    ),
    Prediction(
        key="badly_hurt",
        lesson=5,
        question="Most channels of the hasty network are dead now. On how many of ten held-out images is it still right?",
        answers=(
            Said(
                "about 1: it guesses",
                "About 7. The few channels that are left carry it.",
                "every channel is needed",
            ),
            Said(
                "about 4",
                "About 7. The few channels that are left carry it.  A network can be badly hurt and not look it.",
                "half of the channels, half of the answers",
            ),
            Said("about 7", "A network can be badly hurt and not look it."),
        ),
    ),
)
