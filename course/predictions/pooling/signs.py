"""What lesson 3 asks about signs: what the mean, the maximum and a ReLU leave of an edge."""

from collections.abc import Callable
from functools import cache

import numpy as np

import helpers
from course.predictions.pooling.windows import NEGATIVE
from course.predictions.prediction import Prediction, Said
from helpers.pooling import average_pool2d, max_pool2d, relu


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


PREDICTIONS = (
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
        question="An answer below -200 is as good an edge as one above 200. Max pooling meets the signed map. How many windows with a strong negative edge still show it?",
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
)
