"""What lesson 3 asks about a picture that moves."""

import numpy as np

import helpers
from course.predictions.prediction import Prediction, Said
from helpers.pooling import max_pool2d


def shift_of_dot(shift: int) -> float:
    dot = np.array([[0, 0, 4, 0], [0, 0, 0, 0]])
    moved = np.roll(dot, shift, axis=1)
    return float(np.abs(max_pool2d(moved) - max_pool2d(dot)).mean() / np.abs(moved - dot).mean())


def change_of_pooled_map(shift: int) -> float:
    railings = helpers.photograph()[340:460, 80:280]
    before, after = (
        helpers.conv2d(np.roll(railings, by, axis=1), helpers.VERTICAL) for by in (0, shift)
    )
    pooled = np.abs(max_pool2d(after) - max_pool2d(before)).mean()
    return float(pooled / np.abs(after - before).mean())


PREDICTIONS = (
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
            '"Pooling makes a network blind to small shifts." The picture of the railings moves by one pixel. How much does '
            "its pooled map change, beside the map?"
        ),
        answers=(
            Said(
                "hardly at all",
                "74% as much as the map: pooling swallows a quarter of the change.",
                "pooling makes blind to shifts",
            ),
            Said(
                "about a quarter as much",
                "It swallows a quarter; three quarters are left: 74%.",
                "a quarter of the numbers, a quarter of the change",
            ),
            Said(
                "about three quarters as much",
                "74%. It softens the shift, and does not swallow it.",
            ),
            Said(
                "more than the map",
                "It is 74%, and at four pixels 96%: less than the map, but not much less.",
                "pooling makes it worse",
            ),
        ),
        computed=lambda: (
            "about three quarters as much" if 0.7 < change_of_pooled_map(1) < 0.8 else ""
        ),
    ),
)
