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


def learned_from_noise() -> str:
    before, after = pair()
    noisy = after + np.random.default_rng(seed=6).normal(size=after.shape)
    kernel = learning.learn_kernel(before, noisy, 100, 0.1)
    error = learning.mean_squared_error(helpers.conv2d(before, kernel), noisy)
    near = np.abs(kernel - helpers.VERTICAL).max() < 0.2
    return f"error about {error:.0f}, {'kernel nearly right' if near else 'wrong kernel'}"


def turned_to_meet_the_errors() -> str:
    """How nine errors around a pixel have to meet the kernel that made the outputs."""
    errors, kernel = np.arange(9.0).reshape(3, 3) ** 2, np.arange(1.0, 10).reshape(3, 3)
    measured = learning.numerical_gradient(
        lambda image: float(np.sum(errors * helpers.conv2d(image, kernel))), np.zeros((5, 5)), 0.5
    )[2, 2]
    lying = {
        "as it lay on the image": kernel,
        "turned by 180 degrees": kernel[::-1, ::-1],
        "transposed": kernel.T,
    }
    return next(how for how, lies in lying.items() if np.isclose(np.sum(errors * lies), measured))


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
        key="from_noise",
        lesson=6,
        question="The noise has a variance of 1. What will be left after learning?",
        answers=(
            Said(
                "error 0, right kernel",
                "No kernel can predict noise: the error stops at about 1. The kernel is nearly right.",
                "noise is learned away",
            ),
            Said(
                "error about 1, kernel nearly right",
                "The noise stays as an error, and cancels in the kernel: each value was learned from 1,444 pixels.",
            ),
            Said(
                "error about 1, wrong kernel",
                "The error is of the noise only. In the kernel it cancels: no value is off by more than 0.2.",
                "a wrong picture gives a wrong kernel",
            ),
        ),
        computed=learned_from_noise,
    ),
    Prediction(
        key="back_to_a_pixel",
        lesson=6,
        question="How must the kernel lie on the errors around a pixel, to collect what comes back to it?",
        answers=(
            Said(
                "as it lay on the image",
                "The output above left of the pixel had it at the bottom right of its window, so its error "
                "comes back through the weight at the bottom right. The kernel is turned by 180 degrees.",
                "the way back is the way there",
            ),
            Said(
                "turned by 180 degrees",
                "The error of the output above left comes back through the weight at the bottom right, and so on.",
            ),
            Said(
                "transposed",
                "Then up and right would change places. It is above left and below right that do: turned by 180 degrees.",
                "backwards means transposed",
            ),
        ),
        computed=turned_to_meet_the_errors,
        see='Choose "one pixel\'s gradient" in the window above.',
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
    Prediction(
        key="sgd_and_you",
        lesson=6,
        question="After the same 100 steps at the same rate: how near is Keras's SGD to the kernel that you learned?",
        answers=(
            Said(
                "about as near to the truth, with other numbers",
                "With the same numbers: both start from zeros, and both take the same steps. Nothing is random.",
                "Keras does something else",
            ),
            Said(
                "nearer to the truth",
                "Exactly as near: its steps are yours. Adam's are others.",
                "a library learns better",
            ),
            Said(
                "equal to five digits",
                "Both start from zeros and take the same steps: rate times gradient.",
            ),
        ),
        see="Run the next cell to see it, where there is Keras.",
    ),
)
