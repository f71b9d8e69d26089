"""What lesson 3 asks before it shows it."""

from collections.abc import Callable
from functools import cache

import numpy as np

import helpers
from course.predictions.prediction import Prediction, Said
from helpers.pooling import average_pool2d, max_pool2d, relu

PATCH = np.array([[1, 3, 2, 0], [4, 2, 5, 1], [0, 1, 9, 6], [7, 8, 2, 3]])
NEGATIVE = np.array([[-5, -2, -7], [-1, -9, -3], [-8, -6, -4]])


@cache
def responses() -> np.ndarray:
    return helpers.conv2d(helpers.photograph(), helpers.VERTICAL, padding="same", border="edge")


def shown_after(
    pool: Callable[[np.ndarray], np.ndarray],
    strong: np.ndarray,
    values: np.ndarray,
    limit: float,
) -> float:
    """The share of the windows with a strong answer that still show one."""
    windows = max_pool2d(strong.astype(int)) > 0
    return float((pool(values) * np.sign(limit) > abs(limit))[windows].mean())


def shift_of_dot(shift: int) -> float:
    dot = np.array([[0, 0, 4, 0], [0, 0, 0, 0]])
    moved = np.roll(dot, shift, axis=1)
    return float(np.abs(max_pool2d(moved) - max_pool2d(dot)).mean() / np.abs(moved - dot).mean())


def change_of_pooled_map(shift: int) -> float:
    before, after = (
        helpers.conv2d(np.roll(helpers.photograph(), by, axis=1), helpers.VERTICAL)
        for by in (0, shift)
    )
    pooled = np.abs(max_pool2d(after) - max_pool2d(before)).mean()
    return float(pooled / np.abs(after - before).mean())


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
                "the responses, with their signs",
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
    Prediction(
        key="kept_by_the_mean",
        lesson=3,
        question="The maximum kept every strong edge. In how many of the windows with an edge above 200 is the mean still above 200?",
        answers=(
            Said(
                "in all of them",
                "A thin line shares its window with pixels that have nothing to say, and they vote too: 54%.",
                "the mean keeps edges",
            ),
            Said(
                "in about half",
                "54%: a thin line shares its window with pixels that have nothing to say.",
            ),
            Said(
                "in almost none",
                "54%: most edges are two pixels wide, and wide ones hold out.",
                "the mean erases edges",
            ),
        ),
        computed=lambda: (
            "in about half"
            if 0.45
            < shown_after(average_pool2d, np.abs(responses()) > 200, np.abs(responses()), 200)
            < 0.6
            else ""
        ),
    ),
    Prediction(
        key="negative_edges",
        lesson=3,
        question="A response below -200 is as good an edge as one above 200. Max pooling meets the signed map. How many windows with a strong negative edge still show it?",
        answers=(
            Said(
                "all",
                "The maximum of -600 and 5 is 5. Only where all four are below -200 does it show: 14%.",
                "the maximum is the strongest",
            ),
            Said(
                "about half",
                "Fewer: all four pixels of the window have to be below -200. 14% are.",
                "half of the windows",
            ),
            Said("about one in seven", "14%: only where all four pixels are below -200."),
            Said(
                "none",
                "Where all four pixels are below -200, the largest of them is too: 14%.",
                "negatives always lose",
            ),
        ),
        computed=lambda: (
            "about one in seven"
            if 0.12 < shown_after(max_pool2d, responses() < -200, responses(), -200) < 0.16
            else ""
        ),
    ),
    Prediction(
        key="after_relu",
        lesson=3,
        question='You may read that ReLU "throws negative values out". How many values does a map have afterwards?',
        answers=(
            Said(
                "fewer than before",
                "Each negative value is replaced by 0: 676 before, 676 after. A heap of 439 numbers would fit into no rectangle.",
                "negatives are thrown out",
            ),
            Said(
                "as many as before",
                "Each negative value is replaced by 0, and the shape stays: 676 before and after.",
            ),
        ),
        computed=lambda: (
            "as many as before" if relu(NEGATIVE).shape == NEGATIVE.shape else "fewer than before"
        ),
        see="Build `relu`; a cell below counts it.",
    ),
    Prediction(
        key="keeps_the_heel",
        lesson=3,
        question="Which kernel keeps the heel of the boot, where grey turns to black, and loses the shaft?",
        answers=(
            Said(
                "the horizontal one",
                "Heel and shaft are both vertical edges: the horizontal kernel hardly sees them.",
                "another direction",
            ),
            Said(
                "the vertical one with all signs changed",
                "It says yes where it gets darker to the right, and the ReLU takes the shaft.",
            ),
            Said(
                "the vertical one, doubled",
                "Twice the answer has the same sign, and the ReLU still takes the heel.",
                "stronger keeps more",
            ),
        ),
        see="Type its nine numbers into the window below.",
    ),
    Prediction(
        key="order_matters",
        lesson=3,
        question="Does it matter which comes first, ReLU or pooling?",
        answers=(
            Said(
                "always",
                "Not with the maximum: the winner is the same, raised to 0 before or after.",
                "order always matters",
            ),
            Said(
                "with the mean only",
                "A negative value that is cut first can't pull the mean down any more. The maximum's winner is the same.",
            ),
            Said(
                "with the maximum only",
                "The other way round: with the maximum the winner is the same in either order.",
                "swapped",
            ),
            Said(
                "never",
                "With the mean it does: a negative value that is cut first can't pull it down.",
                "order never matters",
            ),
        ),
        computed=lambda: (
            "with the mean only"
            if np.array_equal(max_pool2d(relu(responses())), relu(max_pool2d(responses())))
            and not np.array_equal(
                average_pool2d(relu(responses())), relu(average_pool2d(responses()))
            )
            else ""
        ),
    ),
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
    Prediction(
        key="dot_moved_by_2",
        lesson=3,
        question="The dot moves by 2, into the next window. What is the shift change: the pooled map's change over the map's?",
        answers=(
            Said(
                1,
                "The same two values change, but the pooled map has only two and the map has eight: mean 4 against mean 1.",
                "it passes the change on",
            ),
            Said(
                0,
                "It leaves its window: both pooled values change.",
                "pooling swallows every shift",
            ),
            Said(
                4,
                "Both pooled values change by 4: a mean of 4. In the map two of eight do: a mean of 1.",
            ),
            Said(
                0.25,
                "The other way round: the pooled map has fewer values, so its mean change is larger.",
                "pooling divides changes by four",
            ),
        ),
        otherwise="Write down both maps before and after. How many values change, and out of how many?",
        computed=lambda: shift_of_dot(2),
        see="Build `shift_change`; the cell after its check prints it.",
    ),
    Prediction(
        key="one_pixel_shift",
        lesson=3,
        question=(
            '"Pooling makes a network blind to small shifts." The photograph moves by one pixel. How much does '
            "its pooled map change, beside the map?"
        ),
        answers=(
            Said(
                "hardly at all",
                "76% as much as the map: pooling swallows a quarter of the change.",
                "pooling makes blind to shifts",
            ),
            Said(
                "about a quarter as much",
                "It swallows a quarter; three quarters are left: 76%.",
                "a quarter of the numbers, a quarter of the change",
            ),
            Said(
                "about three quarters as much",
                "76%. It softens the shift, and does not swallow it.",
            ),
            Said(
                "more than the map",
                "Not at one pixel: 76%. Behind a ReLU it will be 102%.",
                "pooling makes it worse",
            ),
        ),
        computed=lambda: (
            "about three quarters as much" if 0.7 < change_of_pooled_map(1) < 0.8 else ""
        ),
    ),
)
