"""`forward(model, image)`: the whole forward pass in NumPy, from the weights alone."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

import helpers
from course.exercises.exercise import ByCalls, Call, call, mistake
from course.exercises.trials.small_network import SmallNetwork
from helpers.network import forward, softmax

# --- Cases ----------------------------------------------------------------------------------------


def cases(rng: np.random.Generator) -> Iterable[Call]:
    yield call(SmallNetwork((3, 4), 12, seed=1, scale=0.22, closed=True), rng.random((28, 28)))
    yield call(
        SmallNetwork((5, 2), 16, seed=2, scale=0.22, closed=True),
        rng.random((28, 28)).astype(np.float32),
    )


# --- Other right answers --------------------------------------------------------------------------


def steps(
    activation: Any = helpers.relu,
    last: Any = softmax,
    pool: Any = helpers.max_pool2d,
    flat: Any = np.ravel,
    kernel: Any = np.asarray,
    bias: float = 1.0,
    scale: float = 1.0,
    hidden: Any = helpers.relu,
    second: Any = None,
    times: Any = np.matmul,
) -> Callable[[Any, np.ndarray], np.ndarray]:
    """The forward pass with one step done otherwise."""

    def run(model: Any, image: np.ndarray) -> np.ndarray:
        k1, b1, k2, b2, w3, b3, w4, b4 = model.get_weights()
        maps = image[np.newaxis, :, :, np.newaxis] * scale
        maps = pool(activation(helpers.conv_layer(maps, kernel(k1), b1 * bias)))
        maps = (second or pool)(activation(helpers.conv_layer(maps, kernel(k2), b2 * bias)))
        return last(hidden(times(flat(maps[0]), w3) + b3 * bias) @ w4 + b4 * bias)

    return run


def forward_by_loops(model: Any, image: np.ndarray) -> np.ndarray:
    maps = [image]
    for layer in model.layers[0], model.layers[2]:
        kernels, biases = layer.get_weights()
        maps = [
            helpers.max_pool2d(
                helpers.relu(
                    sum(helpers.conv2d(one, kernels[:, :, c, f]) for c, one in enumerate(maps))
                    + biases[f]
                )
            )
            for f in range(kernels.shape[3])
        ]
    values = np.stack(maps, axis=-1).reshape(-1)
    for layer in model.layers[-2:]:
        weights, bias = layer.get_weights()
        values = values @ weights + bias
        if layer is not model.layers[-1]:
            values = np.maximum(values, 0)
    powers = np.exp(values)
    return powers / powers.sum()


# --- Mistakes -------------------------------------------------------------------------------------

MISTAKES = (
    mistake("uses_predict",
        "The model and its layers refuse to compute here. Take their weights, and compute the rest "
        "yourself.",
        lambda model, image: np.asarray(model(image.reshape(1, 28, 28, 1)))[0],
        lambda model, image: model.predict(image.reshape(1, 28, 28, 1), verbose=0)[0],
        raises=True),
    mistake("pool_missing",
        "A pool is missing: more numbers reach the first Dense layer than it has weights for. Each of "
        "the two convolutions is followed by one.",
        *(steps(pool=first, second=second, flat=flat, times=times)
          for first, second in ((np.asarray, helpers.max_pool2d), (helpers.max_pool2d, np.asarray),
                                (np.asarray, np.asarray))
          for flat, times in ((np.ravel, np.matmul), (np.ravel, np.dot),
                              (lambda maps: maps.reshape(1, -1), np.dot))),
        raises=True),
    mistake("relu_missing",
        "The ReLU after the convolutions is missing: negative values go on into the pool.",
        steps(activation=np.asarray)),
    mistake("hidden_relu_missing",
        "The ReLU of the hidden Dense layer is missing.",
        steps(hidden=np.asarray)),
    mistake("softmax_missing",
        "Ten scores came back. Softmax makes probabilities of them: exp, divided by the sum of "
        "all ten.",
        steps(last=np.asarray), steps(last=helpers.relu), steps(last=np.exp)),
    mistake("divided_by_largest",
        "The largest of your ten numbers is 1. Softmax divides the exp of each score by the sum of "
        "all ten, so that they add up to 1.",
        steps(last=lambda v: np.exp(v) / np.exp(v).max())),
    mistake("sigmoid_instead",
        "Each score went through a sigmoid by itself. Softmax divides by the sum of all ten, so "
        "that they add up to 1.",
        steps(last=lambda v: 1 / (1 + np.exp(-v)))),
    mistake("softmax_without_exp",
        "The scores are divided by their sum, without exp before it.",
        steps(last=lambda v: v / v.sum())),
    mistake("softmax_twice",
        "Softmax is applied twice. Then even a network that is certain says 0.23 at most. Once is "
        "enough.",
        steps(last=lambda v: softmax(softmax(v)))),
    mistake("relu_at_the_end",
        "There is a ReLU before the softmax. It makes all negative scores equal: the last Dense layer "
        "has none.",
        steps(last=lambda v: softmax(helpers.relu(v)))),
    mistake("class_returned",
        "One class came back. All ten probabilities are wanted; argmax is for later.",
        steps(last=np.argmax), steps(last=lambda v: softmax(v).max())),
    mistake("bias_forgotten",
        "The biases are missing: each layer adds one number to each of its outputs.",
        steps(bias=0.0)),
    mistake("average_pooling",
        "You pool by the mean. The model keeps the largest value of each 2x2.",
        steps(pool=helpers.average_pool2d)),
    mistake("flipped",
        "The kernels are flipped. Keras uses them as they stand.",
        steps(kernel=lambda k: k[::-1, ::-1])),
    mistake("transposed",
        "Rows and columns of the kernels are swapped.",
        steps(kernel=lambda k: k.swapaxes(0, 1))),
    mistake("channels_flattened_first",
        "Flatten goes row by row, and at each place through all channels: the last axis runs "
        "fastest. Yours goes channel by channel.",
        steps(flat=lambda maps: np.moveaxis(maps, -1, 0).ravel()),
        steps(flat=lambda maps: maps.ravel("F"))),
    mistake("columns_flattened_first",
        "Flatten goes row by row. Yours goes column by column.",
        steps(flat=lambda maps: maps.swapaxes(0, 1).ravel())),
    mistake("scaled_twice",
        "The image is divided by 255 once more. It comes already scaled to 0..1.",
        steps(scale=1 / 255)),
    mistake("multiplied_by_255",
        "The image is multiplied by 255. The model was trained on 0..1.",
        steps(scale=255.0)),
    mistake("batch_left",
        "There is an axis of length 1 too many: for one image, ten numbers are wanted.",
        lambda model, image: steps()(model, image)[np.newaxis]),
)  # fmt: skip


EXERCISE = ByCalls(
    key="forward",
    title="Do the whole forward pass in NumPy",
    points=3,
    minutes=10,
    reference=forward,
    helpers=("network.forward", "network.layer_outputs"),
    cases=cases,
    tolerance=1e-4,
    seconds=60,
    alternatives=(forward_by_loops, steps()),
    mistakes=MISTAKES,
    hints=(
        (
            "model.get_weights() gives eight arrays. Which two belong to which layer? Print their "
            "shapes."
        ),
        (
            "Seven steps: conv_layer, relu and pool, twice; flatten; Dense is `values @ weights + "
            "bias`, with relu for the first and softmax for the second."
        ),
        (
            "k1, b1, k2, b2, w3, b3, w4, b4 = model.get_weights(); then one line for each step, "
            "on a batch with one image, (1, 28, 28, 1), and at the end [0]."
        ),
    ),
)
