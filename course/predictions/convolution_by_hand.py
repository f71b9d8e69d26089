"""What lesson 1 asks before it shows it."""

import numpy as np

import helpers
from course.predictions.prediction import Prediction, Said

PATCH = np.array(
    [
        [16, 32, 80, 112, 144],
        [24, 0, 64, 128, 160],
        [96, 48, 192, 144, 112],
        [120, 142, 226, 168, 96],
        [128, 160, 192, 176, 80],
    ]
)
WINDOW = PATCH[1:4, 1:4]
KERNEL = np.array([[-1, 0, -2], [0.5, 4.5, -1.5], [1.5, 2, -3]])


def without_middle() -> float:
    window = WINDOW.copy()
    window[1, 1] = 0
    return float(np.sum(window * KERNEL))


def one_step_right() -> str:
    here, right = helpers.conv2d(PATCH, KERNEL)[1, 1:3]
    return "smaller" if right < here else "larger" if right > here else "the same"


PREDICTIONS = (
    Prediction(
        key="middle_gone",
        lesson=1,
        question="Make the pixel in the middle, the 192, black: 0. What is left of the sum of 577?",
        answers=(
            Said(
                -287,
                "The centre's product is 192 times 4.5, which is 864, and 577 - 864 = -287. It is the "
                "largest of the nine.",
            ),
            Said(
                577,
                "The pixel in the middle is multiplied too, not only its neighbours. Its product, "
                "192 times 4.5 = 864, goes away.",
                "only the neighbours are multiplied",
            ),
            Said(
                385,
                "577 - 192 takes the pixel away. What was added was its product: 192 times 4.5 = 864.",
                "a pixel adds itself, not its product",
            ),
            Said(
                0,
                "Eight products stay. Only one of the nine, 864, goes away.",
                "the sum is the middle",
            ),
        ),
        otherwise="Which product goes away? It is 192 times the kernel's number in the middle, 4.5.",
        computed=without_middle,
        see="In the window above, double-click the 192 and make it 0.",
    ),
    Prediction(
        key="one_step_right",
        lesson=1,
        question=(
            "One place to the right, the pixel in the middle is 144 instead of 192: darker. How will "
            "the sum be, beside 577?"
        ),
        answers=(
            Said(
                "smaller",
                "The centre gives less, 648 instead of 864. But the lower right corner, which is multiplied "
                "by -3, now lies on 96 instead of 168 and takes 216 less away. The sum is 579: one pixel "
                "never decides alone.",
                "the pixel in the middle decides",
            ),
            Said(
                "the same",
                "It comes close, by chance: 579. All nine pixels changed.",
                "windows share a sum",
            ),
            Said(
                "larger",
                "It is 579. The centre gives less, but the corner that is multiplied by -3 takes less away.",
            ),
        ),
        computed=one_step_right,
        see="Move the window above one place to the right.",
    ),
    Prediction(
        key="identity_kernel",
        lesson=1,
        question='The kernel "identity" has a 1 in the middle and eight zeros. What will the output be?',
        answers=(
            Said(
                "all zeros",
                "The 1 keeps the pixel under it: 192 comes out as 192.",
                "zeros erase the pixel",
            ),
            Said(
                "the pixels as they were",
                "Each pixel times 1, its neighbours times 0: 192 stays 192.",
            ),
            Said(
                "a blur",
                "A blur mixes neighbours, and here they are multiplied by 0.",
                "every kernel blurs",
            ),
        ),
        see='Choose "identity" in the window above.',
    ),
    Prediction(
        key="flipped_sum",
        lesson=1,
        question=(
            'Tick "flip": the kernel is turned by 180 degrees. The image stays, and so do the kernel\'s nine '
            "numbers. What does the sum do?"
        ),
        answers=(
            Said(
                "it stays 577",
                "The numbers are the same, but other ones meet: the 168 in the corner is now multiplied by "
                "-1 and not by -3. The sum is 732.",
                "a flip changes nothing",
            ),
            Said(
                "it becomes -577",
                "The numbers change places, not signs. It is 732.",
                "a flip changes signs",
            ),
            Said(
                "it becomes another number",
                "732: other numbers meet. Section 7 says what that is called.",
            ),
        ),
        computed=lambda: (
            "it stays 577"
            if np.sum(WINDOW * KERNEL[::-1, ::-1]) == np.sum(WINDOW * KERNEL)
            else "it becomes another number"
        ),
        see='Tick "flip" in the window above.',
    ),
    Prediction(
        key="window_round_23",
        lesson=1,
        question="Which numbers are in the 3x3 window round 23?",
        answers=(
            Said(
                "23 24 25, 33 34 35, 43 44 45",
                "This window begins at 23. Round it means that 23 is in the middle: it begins one row higher "
                "and one column further left, at 12.",
                "the window begins at the pixel",
            ),
            Said(
                "12 13 14, 22 23 24, 32 33 34",
                "Rows 1, 2 and 3; columns 2, 3 and 4: 23 in the middle.",
            ),
            Said(
                "21 22 23, 31 32 33, 41 42 43",
                "32 is in the middle of these: row 3, column 2. The row comes first, and 23 is row 2, column 3.",
                "the column comes first",
            ),
        ),
        see="Count it out in the picture above.",
    ),
    Prediction(
        key="flat_wall",
        lesson=1,
        question="All nine pixels are 100, as on a flat wall. What does our kernel make of them?",
        answers=(
            Said(100, "100 times the sum of the kernel, which is 1: a flat wall keeps its grey."),
            Said(
                0,
                "That would be so if the kernel's numbers added up to 0. These add up to 1.",
                "every kernel finds differences only",
            ),
            Said(
                900,
                "Nine pixels of 100 add up to 900, before the kernel weighs them.",
                "the kernel is left out",
            ),
            Said(255, "Nothing is clipped here, and nothing goes that far.", "sums end at 255"),
        ),
        otherwise="All pixels are the same. So you may add the kernel's nine numbers first: what is their sum?",
        computed=lambda: float(np.sum(np.full((3, 3), 100) * KERNEL)),
    ),
    Prediction(
        key="places_in_5x5",
        lesson=1,
        question="A 3x3 window moves over 5x5 pixels and never leaves them. How many numbers come out?",
        answers=(
            Said(9, "Three places across and three down."),
            Said(
                25,
                "There is one for each pixel only if the window may hang over the edge. It stays inside.",
                "every pixel gets a result",
            ),
            Said(
                16,
                "Along one side of 5 a window of 3 has three places, not four.",
                "one is lost in all",
            ),
            Said(
                4,
                "The window moves by one pixel, so windows overlap: three places a side.",
                "windows lie side by side",
            ),
            Said(3, "Three along one side. It moves down, too.", "one direction only"),
        ),
        otherwise="Count along one row: where can the left edge of the window stand? Then the same downwards.",
        computed=lambda: helpers.conv2d(PATCH, KERNEL).size,
    ),
    Prediction(
        key="left_by_2x2",
        lesson=1,
        question="A 3x3 kernel leaves 26 of 28 pixels. How many does a 2x2 kernel leave?",
        answers=(
            Said(
                26,
                'Some explain it like this: "the filter is 2x2, so 28 becomes 26". But 2 pixels have 27 places '
                "in a row of 28.",
                "a kernel takes as many pixels as it is wide",
            ),
            Said(27, "28 - 2 + 1 = 27. One pixel is lost, and only on one side."),
            Said(
                14,
                "That is what side-by-side windows give. This one moves by one pixel.",
                "kernels move by their size",
            ),
            Said(28, "A kernel of one pixel would leave 28.", "an even kernel loses nothing"),
        ),
        otherwise="Put the kernel at the left end. How many steps of one pixel until it meets the right end?",
        computed=lambda: helpers.conv2d(np.zeros((28, 28)), np.ones((2, 2))).shape[0],
    ),
    Prediction(
        key="left_by_9x9",
        lesson=1,
        question='"The kernel is a 9x9 matrix", you may read. What would such a kernel leave of 28 pixels?',
        answers=(
            Said(
                26,
                "That is what a 3x3 kernel leaves. It has 9 values; a 9x9 kernel has 81, and leaves 20.",
                "nine values make a 9x9 kernel",
            ),
            Said(20, "28 - 9 + 1 = 20. A 9x9 kernel has 81 values; the one with 9 values is 3x3."),
            Said(
                19,
                "28 - 9 are the steps. The place where it starts counts, too: 20.",
                "steps are counted, not places",
            ),
        ),
        otherwise="The kernel takes up 9 pixels. How many steps are left, and how many places is that?",
        computed=lambda: helpers.conv2d(np.zeros((28, 28)), np.ones((9, 9))).shape[0],
    ),
    Prediction(
        key="two_at_a_time",
        lesson=1,
        question="28 pixels, a kernel of 3, strides 2: how many places are there along one side?",
        answers=(
            Said(
                13,
                "After the first place the kernel has 28 - 3 = 25 pixels left to move: twelve steps of two, and "
                "no half step. The first place and twelve steps make 13.",
            ),
            Said(
                14,
                "Half of 28, but the kernel is 3 wide: the last of these would hang over the edge.",
                "28 / 2",
            ),
            Said(
                12,
                "Twelve steps. The first place, before any step, counts too: 13.",
                "steps are counted, not places",
            ),
            Said(26, "That is with strides 1.", "strides are left out"),
        ),
        otherwise="How many pixels are left to move after the first place? How many steps of two is that?",
        computed=lambda: helpers.output_size(28, 3, strides=2),
        see="Write `output_size` below; the cell after its check prints it.",
    ),
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
