"""What lesson 3 asks about windows and the largest number in each."""

import numpy as np

from course.predictions.prediction import Prediction, Said
from helpers.pooling import max_pool2d

PATCH = np.array([[1, 3, 2, 0], [4, 2, 5, 1], [0, 1, 9, 6], [7, 8, 2, 3]])
NEGATIVE = np.array([[-5, -2, -7], [-1, -9, -3], [-8, -6, -4]])

PREDICTIONS = (
    Prediction(
        key="four_of_sixteen",
        lesson=3,
        question="Which four numbers come out of these sixteen?",
        answers=(
            Said(
                "6, 7, 8, 9",
                "These are the four largest of all. Each window sends one, its own largest: 4, 5, 8, 9.",
                "the largest of the whole map",
            ),
            Said(
                "1, 2, 0, 9",
                "These are the first of each window. Its largest is kept: 4, 5, 8, 9.",
                "every second pixel",
            ),
            Said("4, 5, 8, 9", "The largest of each window. Where they stood in it is forgotten."),
            Said(
                "2.5, 2, 4, 5",
                "These are the means. The largest of each is kept: 4, 5, 8, 9.",
                "the mean",
            ),
        ),
        computed=lambda: ", ".join(f"{n:g}" for n in max_pool2d(PATCH).ravel()),
        see="The window below shows it.",
    ),
    Prediction(
        key="six_becomes_eight",
        lesson=3,
        question="Double-click the 6 and make it 8. Does the output change?",
        answers=(
            Said(
                "yes",
                "It shares its window with the 9. Until it is more than 9, nobody hears of it.",
                "every pixel counts",
            ),
            Said("no", "The 9 in its window still wins. At 10 the output changes."),
        ),
        computed=lambda: "no" if max_pool2d(np.where(PATCH == 6, 8, PATCH))[1, 1] == 9 else "yes",
        see="Try it in the window above.",
    ),
    Prediction(
        key="odd_rows",
        lesson=3,
        question="This patch has an odd number of rows and columns. What comes out of 2x2 pooling?",
        answers=(
            Said(
                "[[4, 5, 9], [1, 9, 8]]",
                "The last row and column do not fill a window. They are dropped, the 9s and the 8 with them.",
                "a window may hang over",
            ),
            Said(
                "[[4, 5, 9]]",
                "The last column does not fill a window either.",
                "only rows are dropped",
            ),
            Said(
                "[[4, 5]]",
                "The last row and the last column fill no window and are dropped, large as they are.",
            ),
        ),
        computed=lambda: str(
            [
                [int(n) for n in row]
                for row in max_pool2d(np.array([[1, 3, 2, 0, 7], [4, 2, 5, 1, 9], [0, 1, 9, 6, 8]]))
            ]
        ),
    ),
    Prediction(
        key="pooled_by_3",
        lesson=3,
        question=(
            'You may read of a network like ours that it "pools 3x3, nine values". Its maps go from 26 to 13 '
            "pixels a side. What would 3x3 windows, side by side, leave of 26?"
        ),
        answers=(
            Said(
                13,
                "26 / 2 = 13 is what 2x2 windows leave. Eight windows of 3 fit into 26.",
                "3x3 halves",
            ),
            Said(
                8, "26 / 3 is 8 and a rest. The network's 13 shows that it pools 2x2: four values."
            ),
            Said(9, "Nine windows of 3 would take 27 pixels.", "the rest makes a window"),
            Said(24, "That is with windows that move by one pixel.", "pooling moves by one"),
        ),
        otherwise="How many windows of 3 pixels fit side by side into 26?",
        computed=lambda: max_pool2d(np.zeros((26, 26)), 3).shape[0],
        see="Run on: below you build what counts it.",
    ),
    Prediction(
        key="hurried_on",
        lesson=3,
        question="On which of these three is the hurried pool wrong?",
        answers=(
            Said(
                "the photograph",
                "It holds no negative number, and from 0 up the hurried pool is right.",
                "large arrays break loops",
            ),
            Said(
                "the answers, with their signs",
                "It starts from 0, and 0 beats every negative number.",
            ),
            Said(
                "their absolute values",
                "There is nothing below 0 in them: a start from 0 does no harm.",
                "edges break it",
            ),
        ),
    ),
    Prediction(
        key="reduced_by",
        lesson=3,
        question='"Pooling reduces the image by 25%", you may read. By how many percent does 2x2 pooling reduce a 26x26 map?',
        answers=(
            Said(
                25,
                "One number of four stays, so it reduces to 25%. Three of four go: by 75%.",
                "to and by",
            ),
            Said(75, "169 of 676 pixels are left, a quarter: it reduces to 25%, by 75%."),
            Said(50, "Each side is halved, and there are two: a quarter is left.", "one side only"),
        ),
        otherwise="Of four pixels in a window one is left. How many go?",
        within=0.5,
        computed=lambda: 100 * (1 - (13 * 13) / (26 * 26)),
        see="Build `kept_fraction`; the cell after its check prints it.",
    ),
    Prediction(
        key="zeros_that_win",
        lesson=3,
        question='Pool this patch with 2x2 windows and "same": [[-5, -2, -7], [-1, -9, -3], [-8, -6, -4]]. If it were padded with 0, how many of the four results would be 0?',
        answers=(
            Said(
                0,
                "Each window at the edge holds a 0 that nobody measured, and 0 beats every negative number: three of them.",
                "padding does not take part",
            ),
            Said(
                1,
                "All three windows that reach over the edge hold a 0, not only the one in the corner.",
                "only the corner is padded",
            ),
            Said(
                3,
                "Three of the four windows reach over the edge, and 0 beats every negative number.",
            ),
            Said(
                4,
                "The first window lies inside the patch: its largest is -1.",
                "every window is padded",
            ),
        ),
        otherwise="Draw the four windows. Which of them reach over the edge?",
        computed=lambda: int((max_pool2d(np.pad(NEGATIVE, ((0, 1), (0, 1)))) == 0).sum()),
    ),
)
