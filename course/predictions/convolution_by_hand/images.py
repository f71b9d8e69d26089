"""What lesson 1 asks about whole images: how they are stored, their border, the flip, the time."""

import numpy as np

import helpers
from course.predictions.convolution_by_hand.one_window import KERNEL, WINDOW
from course.predictions.prediction import Prediction, Said

PREDICTIONS = (
    Prediction(
        key="byte_of_minus_3",
        lesson=1,
        question="A byte holds 0 to 255. What becomes of -3 when NumPy stores it as uint8?",
        answers=(
            Said(
                0,
                "Nobody clips: bytes go on from the other end, so -3 becomes 256 - 3 = 253.",
                "bytes clip",
            ),
            Said(
                253,
                "Below 0 a byte goes on from the other end: 256 - 3. Darker than black turns nearly white.",
            ),
            Said(
                3,
                "The sign is not dropped. A byte goes on from the other end: 253.",
                "the sign is dropped",
            ),
            Said(255, "-1 would become 255, and -3 becomes 253.", "everything below 0 becomes 255"),
        ),
        otherwise="A byte counts in a circle: after 255 comes 0. What comes three before 0?",
        computed=lambda: int(np.array(-3).astype(np.uint8)),
    ),
    Prediction(
        key="byte_of_99_6",
        lesson=1,
        question="And 99.6, stored as uint8?",
        answers=(
            Said(100, "That would be rounding. The fraction is cut off: 99.", "storing rounds"),
            Said(99, "The fraction is cut off, not rounded."),
        ),
        otherwise="A byte is a whole number. Which two are next to 99.6, and which of them is it?",
        computed=lambda: int(np.array(99.6).astype(np.uint8)),
    ),
    Prediction(
        key="black_border",
        lesson=1,
        question='Which of the three pictures above was made with border "zero"?',
        answers=(
            Said(
                "A",
                "A is too bright at its left edge: the right side of the picture came in there.",
                "wrap for zero",
            ),
            Said("B", "B shows least. Black coming in would make an edge dark.", "edge for zero"),
            Said(
                "C",
                "Its left edge is too dark: black came in. The mean along that edge is 34, and 66 in B.",
            ),
        ),
        computed=lambda: "ABC"[
            [*np.random.default_rng(577).permutation(["zero", "wrap", "edge"])].index("zero")
        ],
        see="Follow the left edge of each picture from top to bottom.",
    ),
    Prediction(
        key="dot_through_kernel",
        lesson=1,
        question=(
            "An image is black but for one pixel of 1. The kernel holds 1 to 9, row by row. What does your "
            "conv2d_valid make of the dot?"
        ),
        answers=(
            Said(
                "1 to 9 in their order",
                "When the window stands above and left of the dot, the dot lies under the kernel's last number. So "
                "9 comes out first.",
                "this is a true convolution",
            ),
            Said(
                "9 to 1, turned round",
                "The first window has the dot under the kernel's last number, the 9.",
            ),
            Said(
                "a single 5",
                "There are nine windows that hold the dot, and it stands elsewhere in each.",
                "one window sees the dot",
            ),
        ),
        computed=lambda: (
            "9 to 1, turned round"
            if helpers.conv2d(np.eye(5) * (np.arange(5) == 2), np.arange(1, 10).reshape(3, 3))[0, 0]
            == 9
            else "1 to 9 in their order"
        ),
    ),
    Prediction(
        key="scipy_twin",
        lesson=1,
        question="SciPy has a convolve2d and a correlate2d. Which agrees with your conv2d_valid?",
        answers=(
            Said(
                "convolve2d",
                "convolve2d flips the kernel, as mathematics does: 732 on our window. Yours does not, so its twin is "
                "correlate2d.",
                "deep learning's convolution is convolution",
            ),
            Said("correlate2d", "Neither of the two flips the kernel: 577 on our window."),
        ),
        computed=lambda: (
            "correlate2d" if helpers.conv2d(WINDOW, KERNEL)[0, 0] == 577 else "convolve2d"
        ),
    ),
    Prediction(
        key="times_faster",
        lesson=1,
        question="How many times as fast as four loops in Python is the fastest of the six ways?",
        answers=(
            Said(
                "about 10 times",
                "More: each of the 142,884 turns of a Python loop costs far more than its product.",
                "loops cost little",
            ),
            Said(
                "about 100 times",
                "More, on most computers: Python starts anew for each of 142,884 products.",
                "loops cost some",
            ),
            Said(
                "more than 1,000 times",
                "The products are the same. What costs time is Python, which starts anew for each.",
            ),
        ),
    ),
)
