"""`conv_relu_pool(image, kernel)`: the whole block, convolve, ReLU, pool."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import numpy as np

import helpers
from course.exercises.convolution_by_hand.sliding import with_kernel
from course.exercises.exercise import ByCalls, Call, as_it_is, call, few, made_by, mistake
from course.exercises.pooling.convolving import CONVOLVING
from course.exercises.pooling.images import bright_bytes, floats, signed
from course.exercises.pooling.laid_out import POOLING
from course.exercises.pooling.max_pool_2x2 import max_pool_by_reshape
from course.exercises.pooling.pooled import Pool, pooled


def conv_relu_pool(image: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    return helpers.max_pool2d(helpers.relu(helpers.conv2d(image, kernel)))


STEPS = np.array([[0, 5, 2], [3, 1, 8], [6, 6, 0], [4, 9, 7]])
FALLING = np.array([[9, 4, 1], [7, 5, 0]])
DIFFERENCE = np.array([[-1, 1]])


# --- Cases ----------------------------------------------------------------------------------------


def cases(rng: np.random.Generator) -> Iterable[Call]:
    yield call(bright_bytes(rng, 9, 12), rng.integers(-4, 5, (3, 3)))
    yield call(floats(rng, 10, 7), floats(rng, 3, 3))
    yield call(signed(rng, 7, 8), floats(rng, 2, 3))
    yield call(floats(rng, 8, 9).astype(np.float32), floats(rng, 4, 2).astype(np.float32))
    yield call(signed(rng, 6, 5), -np.abs(floats(rng, 1, 1)))
    yield call(bright_bytes(rng, 8, 6), floats(rng, 1, 3))
    yield call(signed(rng, 6, 6), floats(rng, 5, 5))
    yield call(floats(rng, 9, 9), rng.integers(-4, 5, (3, 2)))


# --- Other right answers --------------------------------------------------------------------------


def block_by_loops(image: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    kh, kw = kernel.shape
    rows, columns = (image.shape[0] - kh + 1) // 2, (image.shape[1] - kw + 1) // 2
    result = np.zeros((rows, columns))  # the 0 to start from is the ReLU
    for r in range(2 * rows):
        for c in range(2 * columns):
            response = np.sum(image[r : r + kh, c : c + kw] * kernel)
            result[r // 2, c // 2] = max(result[r // 2, c // 2], response)
    return result


def block_with_scipy(image: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    from scipy.signal import correlate2d

    feature_map = correlate2d(image.astype(float), kernel, mode="valid")
    return np.maximum(max_pool_by_reshape(feature_map), 0)  # ReLU last: it is the same


# --- Mistakes -------------------------------------------------------------------------------------


def block(
    image: np.ndarray,
    kernel: np.ndarray,
    *,
    convolve: Callable[..., np.ndarray] = helpers.conv2d,
    activate: Callable[[np.ndarray], Any] = helpers.relu,
    pool: Pool = pooled,
) -> Any:
    """Convolve, activate and pool, each of them rightly or not."""
    return pool(activate(convolve(image, kernel)))


def activating(activate: Callable[[np.ndarray], Any]) -> Callable[..., Any]:
    return partial(block, activate=activate)


def responses_alone(image: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """Only the positive responses, in a heap."""
    feature_map = helpers.conv2d(image, kernel)
    return feature_map[feature_map > 0]


def pooled_by_kernel(image: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    return helpers.max_pool2d(helpers.relu(helpers.conv2d(image, kernel)), kernel.shape)


IN_ORDER = (
    mistake("relu_forgotten",
        "The ReLU is missing: there are negative values in your result. It stands between the "
        "convolution and the pooling.",
        partial(block, activate=as_it_is)),
    mistake("relu_misplaced",
        "Your ReLU cuts the image. It is the responses that it should cut.",
        lambda image, kernel: pooled(helpers.conv2d(np.maximum(image, 0), kernel)),
        lambda image, kernel: block(np.maximum(image, 0), kernel)),
    mistake("relu_on_kernel",
        "Your ReLU cuts the kernel. It is the responses that it should cut: the kernel needs its "
        "negative values.",
        partial(block, convolve=with_kernel(lambda k: np.maximum(k, 0)), activate=as_it_is)),
    mistake("pool_forgotten",
        "The pooling is missing: 28x28 gives 26x26 after the convolution and 13x13 after the "
        "pooling.",
        partial(block, pool=as_it_is)),
    mistake("relu_and_pool_forgotten",
        "That is the convolution alone. ReLU and pooling are missing: 28x28 gives 26x26, and then "
        "13x13.",
        helpers.conv2d),
    mistake("convolution_alone_forgotten",
        "The convolution is missing: the kernel makes no difference to your result.",
        lambda image, kernel: pooled(image), lambda image, kernel: helpers.relu(image)),
    mistake("pool_first",
        "You pool the image and then convolve. That is another order and another size: 28 gives "
        "14 and then 12, and not 13.",
        lambda image, kernel: helpers.relu(helpers.conv2d(pooled(image), kernel)),
        lambda image, kernel: helpers.conv2d(helpers.relu(pooled(image)), kernel),
        lambda image, kernel: helpers.conv2d(pooled(image), kernel)),
    mistake("absolute_value",
        "You take absolute values where ReLU belongs: a response of -5 becomes 5, and should "
        "become 0.",
        partial(block, activate=np.abs),
        lambda image, kernel: np.abs(pooled(helpers.conv2d(image, kernel)))),
    mistake("negatives_kept",
        "You keep what ReLU cuts, and cut what it keeps: positive responses stay, negative ones "
        "become 0.",
        partial(block, activate=lambda m: np.minimum(m, 0)),
        partial(block, activate=lambda m: np.maximum(-m, 0))),
    mistake("thrown_out",
        "You throw the negative responses out, and the map loses its shape. ReLU puts 0 in their "
        "place.",
        lambda image, kernel: conv_relu_pool(image, kernel)[conv_relu_pool(image, kernel) > 0],
        responses_alone),
    mistake("other_activation",
        "That is not ReLU: it makes 0 of a negative response and leaves every other as it is.",
        *map(activating, (lambda m: 1 / (1 + np.exp(-m)), lambda m: np.tanh(m),
            lambda m: np.heaviside(m, 0), lambda m: np.sign(m), lambda m: np.clip(m, 0, 1),
            lambda m: np.where(m > 0, m, 0.01 * m), lambda m: np.where(m > 0, m, 0.1 * m),
            lambda m: np.logaddexp(0, m), lambda m: np.maximum(m, 1), lambda m: m - m.min(),
            lambda m: m**2, lambda m: np.minimum(np.maximum(m, 0), 6)))),
    mistake("pooled_by_kernel",
        "Your pooling window has the size of the kernel. It is 2x2, whatever the kernel.",
        pooled_by_kernel),
    mistake("averaged",
        "You pool with the mean, and cut the negatives afterwards. This block keeps the largest "
        "of four.",
        lambda image, kernel: helpers.relu(helpers.average_pool2d(helpers.conv2d(image, kernel))),
        lambda image, kernel: helpers.average_pool2d(helpers.conv2d(image, kernel))),
)  # fmt: skip


EXERCISE = ByCalls(
    key="conv_relu_pool",
    title="The whole block: convolve, ReLU, pool",
    points=2,
    minutes=4,
    reference=conv_relu_pool,
    examples=(call(STEPS, DIFFERENCE), call(FALLING, DIFFERENCE)),
    cases=cases,
    alternatives=(
        lambda image, kernel: helpers.relu(helpers.max_pool2d(helpers.conv2d(image, kernel))),
        block_by_loops,
        block_with_scipy,
    ),
    mistakes=(
        *IN_ORDER,
        *made_by(lambda way: partial(block, convolve=way), *CONVOLVING),
        *made_by(
            lambda way: partial(block, pool=way),
            *few(
                1,
                *POOLING,
                but="starts_from_zero absolute_value spread axes_swapped starts_at_one",
            ),
        ),
    ),
    hints=(
        "Which of your functions does each of the three steps? What goes into the second one?",
        "Three calls, one after the other: the result of each is what the next one gets.",
        (
            "feature_map = the convolution of image and kernel; then relu of it; then "
            "max_pool_2x2 of that."
        ),
    ),
)
