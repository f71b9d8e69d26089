"""What lesson 6 asks before it shows it."""

import numpy as np

import helpers
from course.predictions.prediction import Prediction, Said
from helpers import learning


def pair() -> tuple[np.ndarray, np.ndarray]:
    """The picture before and after."""
    climber = helpers.photograph()[300:340, 150:190]
    before = (climber - climber.mean()) / climber.std()
    return before, helpers.conv2d(before, helpers.VERTICAL)


def worst_guess() -> str:
    before, after = pair()
    guesses = {
        "zeros": np.zeros((3, 3)),
        "identity": helpers.GALLERY["identity"].kernel,
        "mean": np.ones((3, 3)) / 9,
        "horizontal": helpers.HORIZONTAL,
    }
    errors = {
        name: learning.mean_squared_error(helpers.conv2d(before, kernel), after)
        for name, kernel in guesses.items()
    }
    return max(errors, key=errors.__getitem__)


def error_left(steps: int, rate: float) -> float:
    before, after = pair()
    kernel = learning.learn_kernel(before, after, steps, rate)
    return learning.mean_squared_error(helpers.conv2d(before, kernel), after)


def second_slope() -> float:
    image, target = np.array([[1.0, 2.0, 4.0]]), np.array([[1.0, 2.0]])
    return float(learning.kernel_gradient(image, np.zeros((1, 2)), target)[0, 1])


PREDICTIONS = (
    Prediction(
        key="worst_guess",
        lesson=6,
        question="Four wrong guesses at the riddle: which has the largest error?",
        answers=(
            Said(
                "zeros",
                "They predict 0 everywhere, and the error is 12.50. To say something wrong costs more.",
                "saying nothing is worst",
            ),
            Said(
                "identity",
                "It costs more than zeros. Saying something large and wrong, as the horizontal kernel does, costs most.",
                "no change is worst",
            ),
            Said(
                "mean", "It says little, so it is little more wrong than zeros.", "a blur is worst"
            ),
            Said("horizontal", "It says large things about other edges: that costs most."),
        ),
        computed=worst_guess,
    ),
    Prediction(
        key="second_slope",
        lesson=6,
        question="The first slope is -5. What is the second one, of the kernel value that meets pixels 2 and 4?",
        answers=(
            Said(
                -10,
                "(2 * -1 * 2 + 2 * -2 * 4) / 2 = -20 / 2: it meets pixels twice as bright, so it makes twice the difference.",
            ),
            Said(
                -5,
                "It meets pixels that are twice as bright, so turning it makes twice the difference.",
                "all knobs matter alike",
            ),
            Said(-20, "Divide by n = 2: the mean is taken of two values.", "the mean is forgotten"),
            Said(
                10,
                "Both predictions are too low, so turning it up makes the error smaller: a negative slope.",
                "the sign is turned round",
            ),
        ),
        otherwise="Two times the error, times the pixel that it meets, added up, divided by 2.",
        computed=second_slope,
        see="Read on.",
    ),
    Prediction(
        key="places_of_the_error",
        lesson=6,
        question="The image is 40 x 40, the error 38 x 38. If you slide one over the other, how many places are there?",
        answers=(
            Said(
                9,
                "40 - 38 + 1 = 3 each way: one place for each kernel value. It could not be otherwise.",
            ),
            Said(
                4,
                "40 - 38 = 2 are the steps; the first place counts, too: 3 each way.",
                "steps are counted, not places",
            ),
            Said(3, "Three each way, and there are two ways.", "one direction only"),
            Said(
                1444,
                "That is how many values the error has. It slides as a whole.",
                "the error is slid over",
            ),
        ),
        otherwise="The formula of lesson 1, for an image of 40 and a kernel of 38. And then both ways.",
        computed=lambda: helpers.conv2d(np.zeros((40, 40)), np.zeros((38, 38))).size,
    ),
    Prediction(
        key="after_one_step",
        lesson=6,
        question="You have seen the gradient. What does the kernel look like after a single step from zeros?",
        answers=(
            Said(
                "still all zeros", "The gradient was not 0, so it has moved.", "one step is nothing"
            ),
            Said(
                "random",
                "Nothing here is random: the step is the gradient, turned round.",
                "learning is random",
            ),
            Said(
                "an edge kernel already",
                "Minus on the left, plus on the right: the gradient, turned round.",
            ),
        ),
    ),
    Prediction(
        key="twice_the_rate",
        lesson=6,
        question="A learning rate of 0.1 works. What happens in 20 steps with 0.2?",
        answers=(
            Said(
                "it learns twice as fast",
                "For two steps. Then the error grows: 0.35 after 5 steps, 136 after 20.",
                "faster is faster",
            ),
            Said(
                "the error grows",
                "0.35 after 5 steps, 136 after 20: each step lands further up on the other side.",
            ),
            Said(
                "nothing changes",
                "The error is 136 after 20 steps; with zeros it was 12.50.",
                "the rate hardly matters",
            ),
        ),
        computed=lambda: "the error grows" if error_left(20, 0.2) > 100 else "",
    ),
    Prediction(
        key="taught_by_bars",
        lesson=6,
        question="All rows of this picture are equal. Will the error go to 0, and will the kernel be the right one?",
        answers=(
            Said(
                "the error stays large",
                "It goes to 0: the bars can be predicted perfectly.",
                "a poor picture can't be learned",
            ),
            Said(
                "error 0, right kernel",
                "Only the sum of each column matters here, so 4 is shared out as 1.33 in each row.",
                "no error, no mistake",
            ),
            Said(
                "error 0, wrong kernel",
                "Only the sum of each column of the kernel matters where all rows are equal.",
            ),
        ),
    ),
    Prediction(
        key="equal_at_the_start",
        lesson=6,
        question="All 32 filters of a layer start from zeros. What will they be after training?",
        answers=(
            Said(
                "32 different kernels",
                "They get equal gradients and take equal steps: 32 filters that are one.",
                "training tells them apart",
            ),
            Said("32 equal kernels", "Equal gradients, equal steps: they stay equal for ever."),
        ),
        see="Read on.",
    ),
)
