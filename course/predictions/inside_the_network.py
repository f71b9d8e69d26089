"""What lesson 5 asks before it shows it."""

import numpy as np

import helpers
from course.predictions.prediction import Prediction, Said
from helpers.network import initial_limit, receptive_field


def softmax_as_written(scores: np.ndarray) -> np.ndarray:
    """What the formula gives when nothing is subtracted first."""
    with np.errstate(over="ignore", invalid="ignore"):
        powers = np.exp(scores)
        return powers / powers.sum()


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
        key="shape_of_a_layer",
        lesson=5,
        question="10 images of 28 x 28 with 1 channel meet a layer of 32 filters of 3 x 3. What shape comes out?",
        answers=(
            Said(
                "(10, 26, 26, 1)",
                "Each of the 32 filters makes a map of its own, and the maps are the channels of what "
                "comes out: (10, 26, 26, 32).",
                "a layer gives one map",
            ),
            Said(
                "(10, 26, 26, 32)",
                "One map for each filter. The kernels are (3, 3, 1, 32): 288 numbers, and 320 with the 32 biases.",
            ),
            Said(
                "(10, 28, 28, 32)",
                "A 3 x 3 window fits into 28 pixels at 26 places: (10, 26, 26, 32).",
                "a convolution keeps the size",
            ),
            Said(
                "(32, 26, 26, 10)",
                "Images are counted in front and channels at the end: (10, 26, 26, 32).",
                "filters stand in front",
            ),
        ),
        computed=lambda: str(
            helpers.conv_layer(
                np.zeros((10, 28, 28, 1)), np.zeros((3, 3, 1, 32)), np.zeros(32)
            ).shape
        ),
        see="Write `conv_layer`; the cell after its check prints shapes.",
    ),
    Prediction(
        key="sees_how_far",
        lesson=5,
        question=(
            "3x3 convolution, 2x2 pool, 3x3 convolution, 2x2 pool: on how many pixels of the image, along "
            "one side, does one number at the end depend?"
        ),
        answers=(
            Said(10, "3 after the first convolution, then 4, 8 and 10."),
            Said(
                3,
                "That is the first layer. A number of the second convolution is made of 3 x 3 numbers that "
                "each see some pixels: 10 at the end.",
                "every kernel sees the image",
            ),
            Said(
                7,
                "Kernels of 3, 2, 3 and 2 add 2, 1, 2 and 1 steps, but behind a pool a step is 2 "
                "pixels long: 10.",
                "a step is always one pixel",
            ),
            Said(
                6,
                "The pools see too, and behind a pool a step is 2 pixels long: 10.",
                "pools do not see",
            ),
            Said(
                8,
                "That is after the second convolution. Its pool takes two neighbours: 10.",
                "the last pool is forgotten",
            ),
            Said(
                28,
                "Only the Dense layers see all of the image. At the end of the maps it is 10 of 28.",
                "deep layers see everything",
            ),
            Said(
                36,
                "3 * 2 * 3 * 2 would be right if windows did not overlap. They do: 10.",
                "windows do not overlap",
            ),
        ),
        otherwise="Begin at the end: how many numbers of the layer before is it made of, and each of these?",
        computed=lambda: receptive_field([(3, 1), (2, 2), (3, 1), (2, 2)]),
        see="Write `receptive_field`; the cell after its check measures it.",
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
        key="after_large_steps",
        lesson=5,
        question="After 80 such steps, how many of a layer's 16 channels are 0 for every image?",
        answers=(
            Said(
                "none",
                "13 of 16 in each layer, when this was written: large steps push kernels to where ReLU "
                "gives 0 for every image.",
                "too fast is only less exact",
            ),
            Said(
                "one or two",
                "13 of 16 in each layer, when this was written. What is dead has no gradient, so most "
                "that die stay so.",
                "dead channels recover",
            ),
            Said("most of them", "13 of 16 in each layer, when this was written."),
        ),
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
                "About 7. The few channels that are left carry it. A network can be badly hurt and not look it.",
                "half of the channels, half of the answers",
            ),
            Said("about 7", "A network can be badly hurt and not look it."),
        ),
    ),
    Prediction(
        key="large_scores",
        lesson=5,
        question="Scores of 1000, 999 and 0 go through softmax as it is written above, in NumPy. What comes out?",
        answers=(
            Said(
                "0.73, 0.27, 0",
                "So it should be. But e to the 1000 is larger than any float: inf, and inf / inf is nan.",
                "floats have no end",
            ),
            Said(
                "1, 0, 0",
                "Softmax looks at differences, and 1000 is only 1 more than 999. And e to the 1000 is inf "
                "for a float: inf / inf is nan.",
                "softmax takes the largest",
            ),
            Said(
                "nan, nan, 0", "e to the 1000 is larger than any float, inf, and inf / inf is nan."
            ),
        ),
        computed=lambda: ", ".join(
            f"{p:g}" for p in softmax_as_written(np.array([1000.0, 999.0, 0.0]))
        ),
    ),
)
