"""What lesson 1 asks about one window and its sum."""

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
)
