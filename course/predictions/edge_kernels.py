"""What lesson 2 asks before it shows it."""

import numpy as np

import helpers
from course.predictions.prediction import Prediction, Said

BELOW_MINUS_ABOVE = np.array([[-1], [0], [1]])
EDGE = np.repeat([[40], [40], [40], [100], [100], [100]], 6, axis=1)
SPECK = np.array([[1, 2, 3], [4, 255, 6], [7, 8, 9]])


def negative_share() -> str:
    share = np.mean(helpers.conv2d(helpers.photograph(), helpers.HORIZONTAL) < 0)
    return "about 40%" if 0.35 < share < 0.45 else f"{share:.0%}"


PREDICTIONS = (
    Prediction(
        key="old_ascent",
        lesson=2,
        question="Older notebooks fetch this picture with scipy.misc.ascent(). What does that line do today?",
        answers=(
            Said(
                "it gives the picture",
                "It did until SciPy 1.12 removed it: now it is an error. helpers.photograph() needs neither.",
                "old code keeps running",
            ),
            Said("it fails", "SciPy 1.12 removed it."),
            Said(
                "it downloads the picture",
                "That is what its successor does, scipy.datasets.ascent(). The old line fails.",
                "the old name was kept",
            ),
        ),
        see="Read on.",
    ),
    Prediction(
        key="horizontal_edge_answer",
        lesson=2,
        question=(
            "The kernel subtracts the pixel above from the pixel below. In the horizontal edge, 40 is above "
            "and 100 below. What does it answer where its window reaches across?"
        ),
        answers=(
            Said(60, "100 below, minus 40 above."),
            Said(
                -60,
                "It takes the pixel below and subtracts the one above: 100 - 40.",
                "above minus below",
            ),
            Said(
                140,
                "One of the two numbers is -1: they are subtracted, not added.",
                "the minus is left out",
            ),
            Said(0, "Above and below differ here, by 60.", "it is blind to its own edge"),
        ),
        otherwise="Take the pixel below, 100, and subtract the pixel above, 40.",
        computed=lambda: helpers.conv2d(EDGE, BELOW_MINUS_ABOVE).max(),
    ),
    Prediction(
        key="vertical_edge_answer",
        lesson=2,
        question="And to the vertical edge, 40 on the left and 100 on the right?",
        answers=(
            Said(
                60,
                "Left and right differ, but it compares below with above: 100 - 100 or 40 - 40.",
                "an edge is an edge",
            ),
            Said(0, "Above and below are the same everywhere: it is blind to this edge."),
            Said(
                -60,
                "It never looks to the side: below and above are the same.",
                "a vertical edge answers with minus",
            ),
        ),
        otherwise="Stand anywhere in that picture: what is above, and what is below?",
        computed=lambda: np.abs(helpers.conv2d(EDGE.T, BELOW_MINUS_ABOVE)).max(),
    ),
    Prediction(
        key="sees_the_posts",
        lesson=2,
        question="Which of your two kernels sees the posts of the railings, which stand upright?",
        answers=(
            Said(
                "horizontal_kernel",
                "A post is a vertical line: above and below are the same, and it answers 0.",
                "named after its shape",
            ),
            Said(
                "vertical_kernel",
                "A post is a vertical line: it is brighter or darker than what is left and right of it.",
            ),
        ),
    ),
    Prediction(
        key="negative_answers",
        lesson=2,
        question="On the staircase, what share of sobel_horizontal's answers is negative?",
        answers=(
            Said(
                "almost none",
                "What gets brighter gets darker again: 39% are negative.",
                "answers are brightnesses",
            ),
            Said(
                "about 10%",
                "It is 39%: dark to bright and bright to dark are about as frequent.",
                "negatives are rare",
            ),
            Said(
                "about 40%",
                "39%, and 41% of the vertical kernel's: what gets brighter gets darker again.",
            ),
            Said(
                "about 90%",
                "It is 39%: most of the rest is positive, and some is 0.",
                "edges are dark",
            ),
        ),
        computed=negative_share,
    ),
    Prediction(
        key="negatives_as_bytes",
        lesson=2,
        question="And what becomes of them if you make pixels of the answers, with to_pixels?",
        answers=(
            Said(
                "they become bright",
                "to_pixels clips: below 0 it is 0, black. By size, half of all that was found is lost.",
                "bytes drop the sign",
            ),
            Said("they become black", "Below 0 is clipped to 0, as if there were no edge."),
            Said("an error", "No error and no warning: they are clipped to 0.", "loss is reported"),
        ),
        computed=lambda: (
            "they become black"
            if helpers.to_pixels(np.array([-60.0]))[0] == 0
            else "they become bright"
        ),
    ),
    Prediction(
        key="bytes_26_minus_28",
        lesson=2,
        question="The pixel below is 26, the one above 28, and both are bytes. What does hasty_edges answer there?",
        answers=(
            Said(
                -2,
                "A byte has nothing below 0. It goes on from the other end: 256 - 2 = 254, nearly white.",
                "subtracting makes room for a sign",
            ),
            Said(
                254,
                "Bytes minus bytes are bytes, and below 0 a byte goes on from the other end: 256 - 2.",
            ),
            Said(0, "Nobody clips: -2 goes on from the other end, at 254.", "bytes clip"),
            Said(
                2,
                "The sign is not dropped: -2 goes on from the other end, at 254.",
                "bytes drop the sign",
            ),
        ),
        otherwise="26 - 28 is two below 0. A byte counts in a circle: what comes two before 0?",
        computed=lambda: int(np.array(26, np.uint8) - np.array(28, np.uint8)),
    ),
    Prediction(
        key="brings_to_light",
        lesson=2,
        question="Two pictures of one edge each, 40 and 100, as bytes. Which brings the bug to light?",
        answers=(
            Said(
                "bright below",
                "100 - 40 is 60, and 60 fits into a byte: every answer is right. It takes an edge to the dark.",
                "any edge will do",
            ),
            Said(
                "dark below",
                "40 - 100 is -60, and 196 comes out. The other edge has nothing below 0.",
            ),
            Said(
                "both",
                "100 - 40 is 60, which fits into a byte: with the bright side below every answer is right.",
                "a bug shows everywhere",
            ),
            Said(
                "neither",
                "40 - 100 is -60, and no byte holds that: with the dark side below 196 comes out.",
                "small pictures are too easy",
            ),
        ),
        computed=lambda: (
            "dark below"
            if np.array(100, np.uint8) - np.array(40, np.uint8) == 60
            and np.array(40, np.uint8) - np.array(100, np.uint8) != -60
            else ""
        ),
    ),
    Prediction(
        key="nine_ones",
        lesson=2,
        question="A 3x3 kernel of nine ones meets a flat area of 100. What does it answer?",
        answers=(
            Said(
                100,
                "That is the mean. Nothing divides by 9 here: nine times 100 is 900.",
                "a kernel of equal numbers is a mean",
            ),
            Said(900, "Nine times 100. As a pixel it would be 255: white."),
            Said(
                255,
                "That is what to_pixels makes of it. The answer itself is 900.",
                "answers end at 255",
            ),
        ),
        otherwise="Nine products are added: 100 times 1, nine times.",
        computed=lambda: helpers.conv2d(np.full((3, 3), 100), np.ones((3, 3)))[0, 0],
    ),
    Prediction(
        key="emboss_on_flat",
        lesson=2,
        question="What does emboss_kernel answer on a flat area of 100?",
        answers=(
            Said(0, "Its numbers add up to 0, so flat areas would be black."),
            Said(
                100,
                "It would keep the value if its numbers added up to 1. They add up to 0.",
                "every kernel keeps flat areas",
            ),
            Said(
                128,
                "Mid-grey is what one wants, and it takes a bias to get it: the kernel alone answers 0.",
                "a relief is grey by itself",
            ),
        ),
        otherwise="On a flat area only the sum of the kernel's numbers matters.",
        computed=lambda: helpers.conv2d(np.full((3, 3), 100), helpers.GALLERY["emboss 3x3"].kernel)[
            0, 0
        ],
        see="Read on.",
    ),
    Prediction(
        key="sharpen_with_8",
        lesson=2,
        question='"sharpen" has -1 all round and a 9 in the middle. Make it 8. What is left of the picture?',
        answers=(
            Said(
                "a little less sharp",
                "The sum falls from 1 to 0: flat areas become black.",
                "one number changes little",
            ),
            Said(
                "the edges alone, on black",
                "The sum is 0 now: flat areas are black, and only differences are left.",
            ),
            Said(
                "a darker picture",
                "Flat areas are not darker but black: the sum is 0.",
                "the middle is the brightness",
            ),
        ),
        computed=lambda: (
            "the edges alone, on black" if helpers.GALLERY["sharpen"].kernel.sum() == 1 else ""
        ),
        see='Choose "sharpen" in the window below and change the 9.',
    ),
    Prediction(
        key="sharpen_with_10",
        lesson=2,
        question="And with a 10 in the middle?",
        answers=(
            Said(
                "sharper still",
                "The sum is 2 now: flat areas are twice as bright, and much of the picture is white.",
                "a larger middle sharpens more",
            ),
            Said(
                "twice as bright",
                "The sum is 2: flat areas double, and much of the picture becomes white.",
            ),
            Said("the same", "The sum is 2 instead of 1.", "one number changes little"),
        ),
        see='Choose "sharpen" in the window below and change the 9.',
    ),
    Prediction(
        key="speck_and_median",
        lesson=2,
        question="Sort the nine values of this window. Which one stands in the middle?",
        answers=(
            Said(
                6,
                "1, 2, 3, 4, 6, 7, 8, 9, 255: four on either side. The speck has no influence on it at all.",
            ),
            Said(
                255,
                "It is in the middle of the window. Sorted, it is the last.",
                "the middle of the window",
            ),
            Said(
                5,
                "There is no 5 among them: the speck took its place. The fifth of the nine is 6.",
                "1 to 9",
            ),
            Said(
                32.8,
                "295 / 9 is the mean, larger than every honest value of the window. The fifth in order is 6.",
                "the mean",
            ),
        ),
        otherwise="Write the nine values in order, the smallest first, and take the fifth.",
        computed=lambda: np.median(SPECK),
        see="Read on.",
    ),
)
