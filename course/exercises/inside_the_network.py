"""Lesson 5: what a trained network does with one image, layer by layer."""

import math
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

import numpy as np

import helpers
from course.exercises import trials
from course.exercises.exercise import ByCalls, ByObservation, Call, call, mistake
from course.exercises.trials import BATCH
from helpers.network import dead_channels, forward, initial_limit, layer_outputs, softmax

WINDOW = np.array([[0, 64, 128], [48, 192, 144], [142, 226, 168]])
KERNEL = np.array([[-1, 0, -2], [0.5, 4.5, -1.5], [1.5, 2, -3]])


# --- to_keras_kernel -----------------------------------------------------------------------------


def to_keras_kernel(kernel: np.ndarray) -> np.ndarray:
    return kernel[:, :, np.newaxis, np.newaxis]


def kernel_cases(rng: np.random.Generator) -> Iterable[Call]:
    yield call(rng.normal(size=(3, 3)))
    yield call(rng.normal(size=(2, 5)).astype(np.float32))
    yield call(rng.normal(size=(5, 2)))
    yield call(rng.integers(-4, 5, (1, 3)))
    yield call(rng.normal(size=(4, 1)))


TO_KERAS_KERNEL = ByCalls(
    key="to_keras_kernel",
    title="Give a kernel the four axes that Keras wants",
    points=1,
    minutes=3,
    reference=to_keras_kernel,
    examples=(call(KERNEL), call(np.array([[1, 2, 3], [4, 5, 6]]))),
    cases=kernel_cases,
    alternatives=(
        lambda kernel: kernel.reshape(*kernel.shape, 1, 1),
        lambda kernel: np.expand_dims(kernel, (2, 3)),
        lambda kernel: np.array(kernel, dtype=float)[..., None, None],
        lambda kernel: np.array([[[[float(value)]] for value in row] for row in kernel]),
    ),
    mistakes=(
        mistake(
            "one_axis_missing",
            "One axis is missing: yours has three, and Keras wants four, "
            "(height, width, in_channels, filters). Both new ones have length 1.",
            lambda k: k[..., None],
            lambda k: k[None],
        ),
        mistake(
            "axes_in_front",
            "The new axes stand in front, as a batch's do. A kernel's height and width come "
            "first: (3, 3, 1, 1), not (1, 1, 3, 3).",
            lambda k: k[None, None],
            lambda k: k[None, None].astype(np.float32),
        ),
        mistake(
            "axes_around",
            "One new axis stands in front and one behind: (1, 3, 3, 1) is the shape of a batch "
            "with one image. For a kernel both stand behind.",
            lambda k: k[None, ..., None],
        ),
        mistake(
            "axis_between",
            "A new axis stands between height and width.",
            lambda k: k[:, None, :, None],
            lambda k: k[:, None, None, :],
        ),
        mistake(
            "transposed",
            "Rows and columns of the kernel are swapped. Keras keeps them as they are.",
            lambda k: k.T[..., None, None],
        ),
        mistake(
            "flipped",
            "The kernel is flipped. Keras does not flip either, so it goes in as it is.",
            lambda k: k[::-1, ::-1, None, None],
        ),
        mistake(
            "flattened",
            "Height and width are lost: all values lie along one axis.",
            lambda k: k.ravel(),
            lambda k: k.reshape(-1, 1, 1, 1),
            lambda k: k.reshape(1, 1, 1, -1),
        ),
        mistake(
            "unchanged",
            "The kernel came back with its two axes. Add two of length 1 at the end.",
            lambda k: k,
        ),
    ),
    hints=(
        (
            "Keras keeps the kernels of a layer in one array: (height, width, in_channels, filters). How many "
            "channels has a grey image, and how many filters are you making?"
        ),
        (
            "The values stay where they are; two axes of length 1 are added at the end. `np.newaxis` inside "
            "the square brackets adds one."
        ),
        "kernel[:, :, ..., ...] with the right thing in the last two places; or kernel.reshape(...).",
    ),
)


# --- keras_convolve ------------------------------------------------------------------------------


def keras_layer(kernel: np.ndarray, **options: Any) -> Any:
    """Make a Conv2D layer with one given kernel; options as Keras has them."""
    import keras

    options = {"use_bias": False} | options
    layer = keras.layers.Conv2D(1, kernel.shape, **options)
    layer.build((None, None, None, 1))
    bias = [np.ones(1)] if options["use_bias"] else []
    layer.set_weights([to_keras_kernel(kernel), *bias])
    return layer


def batch_of_one(image: np.ndarray) -> np.ndarray:
    return image[np.newaxis, :, :, np.newaxis].astype(np.float32)


def keras_convolve(image: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    return np.asarray(keras_layer(kernel)(batch_of_one(image)))[0, :, :, 0]


def by_initializer(image: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    import keras

    start = keras.initializers.Constant(kernel[:, :, None, None])
    layer = keras.layers.Conv2D(1, kernel.shape, use_bias=False, kernel_initializer=start)
    return np.asarray(layer(batch_of_one(image)))[0, ..., 0]


def by_model(image: np.ndarray, kernel: np.ndarray) -> Any:
    import keras

    model = keras.Sequential(
        [keras.Input((*image.shape, 1)), keras.layers.Conv2D(1, kernel.shape, use_bias=False)]
    )
    model.set_weights([kernel.reshape(*kernel.shape, 1, 1)])
    return model(image.reshape(1, *image.shape, 1).astype("float32"))[0, :, :, 0]


def convolve_cases(rng: np.random.Generator) -> Iterable[Call]:
    yield call(rng.integers(0, 256, (5, 7)), rng.normal(size=(3, 3)))
    yield call(rng.normal(size=(7, 5)), rng.normal(size=(2, 3)))
    yield call(rng.normal(size=(6, 6)).astype(np.float32), rng.normal(size=(3, 2)))


def through_keras(change: Callable[[np.ndarray], np.ndarray] = np.asarray, **options: Any) -> Any:
    """Convolve with a changed kernel, or a layer with other options."""

    def convolve(image: np.ndarray, kernel: np.ndarray) -> np.ndarray:
        return np.asarray(keras_layer(change(kernel), **options)(batch_of_one(image)))[0, :, :, 0]

    return convolve


KERAS_CONVOLVE = ByCalls(
    key="keras_convolve",
    title="Put your own kernel into a Conv2D layer",
    points=2,
    minutes=6,
    reference=keras_convolve,
    expected=helpers.conv2d,
    examples=(call(WINDOW, KERNEL),),
    cases=convolve_cases,
    tolerance=1e-4,
    seconds=60,
    alternatives=(by_initializer, by_model, helpers.conv2d),
    mistakes=(
        mistake(
            "flipped",
            "Your kernel is flipped: the worked example gives 732. A Conv2D does not flip, so "
            "the kernel goes in as it is, for 577.",
            through_keras(lambda k: k[::-1, ::-1]),
        ),
        mistake(
            "transposed",
            "Your kernel is transposed: the worked example gives 249 instead of 577.",
            through_keras(lambda k: k.T),
        ),
        mistake(
            "random_kernel",
            "The layer used the random kernel that it was born with. Give it yours with "
            "set_weights, after it was built.",
            lambda image, kernel: helpers.conv2d(
                image, np.random.default_rng(image.size).uniform(-0.5, 0.5, kernel.shape)
            ),
        ),
        mistake(
            "padding_same",
            'padding="same" keeps the image\'s size. Leave padding out: the worked example '
            "has one output value.",
            through_keras(padding="same"),
        ),
        mistake(
            "relu_left_in",
            'Negative values became 0: the layer has activation="relu". Leave it out.',
            through_keras(activation="relu"),
        ),
        mistake(
            "bias_added",
            "Every value is 1 too large: the layer has a bias. use_bias=False leaves it out.",
            through_keras(use_bias=True),
        ),
        mistake(
            "batch_left",
            "The axes of the batch and of the channel are still there: (1, H, W, 1). Take the "
            "only image and the only channel: [0, :, :, 0].",
            lambda i, k: keras_convolve(i, k)[None, ..., None],
            lambda i, k: keras_convolve(i, k)[..., None],
            lambda i, k: keras_convolve(i, k)[None],
        ),
        mistake(
            "scaled_down",
            "Your image is divided by 255 before it goes in. Here it goes in as it is.",
            lambda i, k: keras_convolve(i / 255, k),
        ),
    ),
    hints=(
        (
            "A layer takes a batch of images with channels. What shape must one grey image have? And what "
            "shape must the kernel have, so that set_weights takes it?"
        ),
        (
            "Make a Conv2D with one filter, the kernel's size and use_bias=False; build it or call it once; "
            "set its weights to [to_keras_kernel(kernel)]; then call it."
        ),
        (
            "layer = keras.layers.Conv2D(1, kernel.shape, use_bias=False), then build, set_weights, call, and "
            "[0, :, :, 0] of what comes out as a NumPy array."
        ),
    ),
)


# --- activation_model ----------------------------------------------------------------------------


def activation_model(model: Any) -> Any:
    import keras

    return keras.Model(model.inputs, [layer.output for layer in model.layers])


def activation_model_by_calls(model: Any) -> Any:
    import keras

    image = keras.Input((28, 28, 1))
    outputs = []
    values = image
    for layer in model.layers:
        values = layer(values)
        outputs.append(values)
    return keras.Model(inputs=image, outputs=outputs)


def activation_model_by_name(model: Any) -> Any:
    import keras

    return keras.Model(
        inputs=model.layers[0].input, outputs={layer.name: layer.output for layer in model.layers}
    )


def outputs_of(*chosen: int) -> Callable[[Any], Any]:
    """Make a model that gives the outputs of some layers only, in some order."""

    def make(model: Any) -> Any:
        import keras

        return keras.Model(model.inputs, [model.layers[i].output for i in chosen])

    return make


def retrained(model: Any) -> Any:
    """Copy the model's layers, but not its weights."""
    import keras

    return activation_model(keras.models.clone_model(model))


def agree(given: list[np.ndarray], right: list[np.ndarray]) -> bool:
    return len(given) == len(right) and all(
        g.shape == r.shape and np.allclose(g, r, atol=1e-4)
        for g, r in zip(given, right, strict=True)
    )


@cache
def right_activations() -> list[np.ndarray]:
    """What each layer of the small network gives for the batch."""
    return [values for _, values in layer_outputs(trials.SMALL, BATCH)]


def found(test: Callable[[list[np.ndarray], list[np.ndarray]], bool]) -> Callable[[Any], bool]:
    return lambda seen: not isinstance(seen, str) and test(seen, right_activations())


# fmt: off
ACTIVATION_MODEL = ByObservation(
    key="activation_model",
    title="Make a model that returns every layer's output",
    points=3,
    minutes=6,
    kind="function", reference=activation_model,
    observe=trials.see_activations,
    helpers=("network.forward", "network.layer_outputs"),
    seconds=60,
    alternatives=(activation_model_by_calls, activation_model_by_name),
    mistakes=(
        mistake("no_model", "That is no model: it has no predict. Give keras.Model the model's inputs and a "
                "list of outputs, and return what it makes.",
                lambda model: [layer.output for layer in model.layers], test=lambda seen: isinstance(seen, str)),
        mistake("last_only", "Only the last layer's output came back. `outputs` is a list with one entry for "
                "each layer.", lambda model: model,
                test=found(lambda g, r: len(g) == 1 and agree(g, r[-1:]))),
        mistake("first_only", "Only the first layer's output came back. Does the list stop too early?",
                outputs_of(0), test=found(lambda g, r: len(g) == 1 and agree(g, r[:1]))),
        mistake("maps_only", "The last layers are missing: Flatten and Dense have outputs too.",
                outputs_of(0, 1, 2, 3), test=found(lambda g, r: agree(g, r[:4]))),
        mistake("convolutions_only", "Only the convolutions are there. Pooling, Flatten and Dense layers have "
                "outputs too.", outputs_of(0, 2), test=found(lambda g, r: agree(g, [r[0], r[2]]))),
        mistake("first_missing", "The first layer's output is missing.",
                outputs_of(1, 2, 3, 4, 5, 6), test=found(lambda g, r: agree(g, r[1:]))),
        mistake("last_missing", "The last layer's output is missing.",
                outputs_of(0, 1, 2, 3, 4, 5), test=found(lambda g, r: agree(g, r[:-1]))),
        mistake("reversed", "The outputs come in the wrong order: the last layer's first.",
                outputs_of(6, 5, 4, 3, 2, 1, 0), test=found(lambda g, r: agree(g, r[::-1]))),
        mistake("inputs_returned", "These are the layers' inputs, not their outputs: the first is the image.",
                lambda model: __import__("keras").Model(model.inputs, [la.input for la in model.layers]),
                test=found(lambda g, r: agree(g, [BATCH, *r[:-1]]))),
        mistake("input_included", "The image itself is the first entry. Only the layers' outputs are asked.",
                lambda model: __import__("keras").Model(
                    model.inputs, [model.inputs[0], *(la.output for la in model.layers)]),
                test=found(lambda g, r: agree(g, [BATCH, *r]))),
        mistake("other_weights", "The shapes are right and the values are not: the layers are new ones with "
                "random weights. Use the layers of the model that you are given.",
                retrained, test=found(lambda g, r: [a.shape for a in g] == [a.shape for a in r] and not agree(g, r))),
        mistake("layers_missing", "There should be one output for each layer of the model, in their order.",
                outputs_of(0, 1, 4), test=found(lambda g, r: not agree(g, r))),
    ),
    hints=(
        ("keras.Model takes inputs and outputs. The inputs are those of the model that you are given. "
        "What are the outputs?"),
        "Each layer in model.layers knows its own `output`.",
        "keras.Model(inputs=model.inputs, outputs=[... for layer in model.layers])",
    ),
)
# fmt: on


# --- initial_limit -------------------------------------------------------------------------------


def limit_cases(rng: np.random.Generator) -> Iterable[Call]:
    for kernel_size, channels, filters in (
        (3, 64, 64),
        (5, 3, 16),
        (1, 8, 2),
        (2, 1, 7),
        (7, 32, 5),
    ):
        yield call(kernel_size, channels, filters)
    yield call(*(int(n) for n in rng.integers(2, 30, 3)))


INITIAL_LIMIT = ByCalls(
    key="initial_limit",
    title="Compute how large a new kernel's values can be",
    points=2,
    minutes=5,
    reference=initial_limit,
    helpers=("network.initial_limit",),
    examples=(call(3, 1, 64),),
    cases=limit_cases,
    alternatives=(
        lambda k, channels, filters: (6 / (k**2 * (channels + filters))) ** 0.5,
        lambda k, channels, filters: np.sqrt(6 / (k * k * channels + k * k * filters)),
        lambda k, channels, filters: math.sqrt(3 / ((k * k * channels + k * k * filters) / 2)),
    ),
    mistakes=(
        mistake(
            "root_forgotten",
            "The square root is missing: 0.1013 is wanted for 3, 1, 64, and without it there "
            "is 0.0103.",
            lambda k, c, f: 6 / (k * k * (c + f)),
        ),
        mistake(
            "kernel_size_not_squared",
            "A 3x3 kernel has 9 values, not 3: kernel_size is squared.",
            lambda k, c, f: math.sqrt(6 / (k * (c + f))),
        ),
        mistake(
            "kernel_size_ignored",
            "kernel_size makes no difference in yours. Each channel has k*k values.",
            lambda k, c, f: math.sqrt(6 / (c + f)),
        ),
        mistake(
            "fan_in_only",
            "Only what goes in is counted. What goes out, k*k*filters, is added under the fraction.",
            lambda k, c, f: math.sqrt(6 / (k * k * c)),
            lambda k, c, f: math.sqrt(3 / (k * k * c)),
            lambda k, c, f: math.sqrt(2 / (k * k * c)),
        ),
        mistake(
            "fan_out_only",
            "Only what goes out is counted. What goes in, k*k*channels, is added under the fraction.",
            lambda k, c, f: math.sqrt(6 / (k * k * f)),
        ),
        mistake(
            "filters_without_kernel",
            "k*k belongs to the filters as well: k*k*channels + k*k*filters.",
            lambda k, c, f: math.sqrt(6 / (k * k * c + f)),
            lambda k, c, f: math.sqrt(6 / (c + k * k * f)),
        ),
        mistake(
            "normal_instead",
            "2 instead of 6 gives the standard deviation of Glorot's normal version. The "
            "uniform one's limit has a 6.",
            lambda k, c, f: math.sqrt(2 / (k * k * (c + f))),
        ),
        mistake(
            "product",
            "The two fans are multiplied. They are added.",
            lambda k, c, f: math.sqrt(6 / (k * k * c * f)),
            lambda k, c, f: math.sqrt(6 / (k**4 * c * f)),
        ),
        mistake(
            "root_of_part",
            "The root is taken of the 6 only, or of what is below it only. It is taken of the "
            "whole fraction.",
            lambda k, c, f: math.sqrt(6) / (k * k * (c + f)),
            lambda k, c, f: 6 / math.sqrt(k * k * (c + f)),
        ),
    ),
    hints=(
        (
            "How many values go into one output value of the layer? And into how many output values does one "
            "input value go?"
        ),
        "fan_in is k*k*channels, fan_out is k*k*filters. The limit is the square root of 6 over their sum.",
        "math.sqrt(6 / (... + ...))",
    ),
)


# --- dead_channels -------------------------------------------------------------------------------


def dead_cases(rng: np.random.Generator) -> Iterable[Call]:
    for shape in ((2, 3, 4, 5), (4, 2, 2, 7), (1, 5, 3, 6), (6, 1, 1, 4)):
        batch = helpers.relu(rng.normal(size=shape))
        batch[..., 1] = 0
        batch[..., 2] = 0
        batch[0, ..., 3] = 0  # silent for the first image only, where there are more
        yield call(batch)
    alive = rng.random((3, 4, 2, 5)) + 0.1
    yield call(alive)
    yield call(alive * 0)
    signed = rng.normal(size=(2, 3, 3, 4))
    signed[..., 0] = [[[1, -1, 0]] * 3] * 2  # adds up to 0, and is not dead
    signed[..., 1:3] = -1 - np.abs(signed[..., 1:3])
    yield call(signed)
    weak = np.zeros((5, 4, 4, 3))
    weak[4, 3, 3, 0] = 1e-3  # a single value, at the very end
    yield call(weak)


def one_spark() -> np.ndarray:
    """Two images of 2x2 with three channels: the first dead, the others not."""
    batch = np.zeros((2, 2, 2, 3))
    batch[0, 0, 1, 1] = 2
    batch[1, 1, 0, 2] = 5
    return batch


DEAD_CHANNELS = ByCalls(
    key="dead_channels",
    title="Count the channels that never answer",
    points=2,
    minutes=5,
    reference=dead_channels,
    helpers=("network.dead_channels",),
    examples=(call(one_spark()),),
    cases=dead_cases,
    alternatives=(
        lambda a: sum(not a[..., c].any() for c in range(a.shape[-1])),
        lambda a: int((np.abs(a).max(axis=(0, 1, 2)) == 0).sum()),
        lambda a: int(np.sum(np.all(a.reshape(-1, a.shape[-1]) == 0, axis=0))),
        lambda a: a.shape[-1] - np.count_nonzero(np.count_nonzero(a, axis=(0, 1, 2))),
    ),
    mistakes=(
        mistake(
            "alive_counted",
            "You count the channels that do answer. The others are asked.",
            lambda a: int(np.sum(a.any(axis=(0, 1, 2)))),
        ),
        mistake(
            "first_image_only",
            "You look at the first image only. A channel is dead when no image of the whole "
            "batch wakes it.",
            lambda a: int(np.sum(~a[0].any(axis=(0, 1)))),
        ),
        mistake(
            "counted_per_image",
            "You count a channel once for every image for which it is silent. It counts "
            "once, and only if it is silent for all.",
            lambda a: int(np.sum(~a.any(axis=(1, 2)))),
        ),
        mistake(
            "any_zero",
            "A channel with one 0 in it is not dead yet: all of its values must be 0.",
            lambda a: int(np.sum((a == 0).any(axis=(0, 1, 2)))),
        ),
        mistake(
            "zeros_counted", "You count zeros. Channels are asked.", lambda a: int(np.sum(a == 0))
        ),
        mistake(
            "sum_is_zero",
            "A sum of 0 does not mean that all values are 0: 1 and -1 add up to 0 as well.",
            lambda a: int(np.sum(a.sum(axis=(0, 1, 2)) == 0)),
            lambda a: int(np.sum(np.abs(a.mean((0, 1, 2))) < 1e-9)),
        ),
        mistake(
            "wrong_axis",
            "You look along the wrong axes. Channels are the last one of (N, H, W, C); the other "
            "three go.",
            lambda a: int(np.sum(~a.any(axis=(1, 2, 3)))),
            lambda a: int(np.sum(~a.any(axis=(0, 2, 3)))),
            lambda a: int(np.sum(~a.any(axis=(0, 1, 3)))),
        ),
        mistake(
            "not_positive",
            'Negative values are answers too: dead means 0, not "never above 0".',
            lambda a: int(np.sum(a.max(axis=(0, 1, 2)) <= 0)),
        ),
        mistake(
            "threshold",
            "A weak answer is an answer: compare with 0, not with a small number.",
            lambda a: int(np.sum(np.abs(a).max(axis=(0, 1, 2)) < 0.01)),
            lambda a: int(np.sum(a.max(axis=(0, 1, 2)) < 0.5)),
        ),
        mistake(
            "fraction",
            "That is a share of the channels. How many they are is asked: a whole number.",
            lambda a: float(np.mean(~a.any(axis=(0, 1, 2)))),
        ),
        mistake(
            "indices",
            "These are the channels themselves. How many they are is asked: one whole number.",
            lambda a: np.flatnonzero(~a.any(axis=(0, 1, 2))),
            lambda a: ~a.any(axis=(0, 1, 2)),
        ),
    ),
    hints=(
        "When is a channel dead? Say it with 'all' or 'any', and say over what.",
        "`.any(axis=...)` takes several axes at once. Which three of (N, H, W, C) should disappear?",
        "Count where `activations.any(axis=(..., ..., ...))` is False, and give back an int.",
    ),
)


# --- forward -------------------------------------------------------------------------------------


def forward_cases(rng: np.random.Generator) -> Iterable[Call]:
    yield call(trials.Network((3, 4), 12, seed=1, scale=0.22, closed=True), rng.random((28, 28)))
    yield call(
        trials.Network((5, 2), 16, seed=2, scale=0.22, closed=True),
        rng.random((28, 28)).astype(np.float32),
    )


def steps(
    activation: Any = helpers.relu,
    last: Any = softmax,
    pool: Any = helpers.max_pool2d,
    flat: Any = np.ravel,
    kernel: Any = np.asarray,
    bias: float = 1.0,
    scale: float = 1.0,
    hidden: Any = helpers.relu,
) -> Callable[[Any, np.ndarray], np.ndarray]:
    """The forward pass with one step done otherwise."""

    def run(model: Any, image: np.ndarray) -> np.ndarray:
        k1, b1, k2, b2, w3, b3, w4, b4 = model.get_weights()
        maps = image[np.newaxis, :, :, np.newaxis] * scale
        maps = pool(activation(helpers.conv_layer(maps, kernel(k1), b1 * bias)))
        maps = pool(activation(helpers.conv_layer(maps, kernel(k2), b2 * bias)))
        return last(hidden(flat(maps[0]) @ w3 + b3 * bias) @ w4 + b4 * bias)

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


FORWARD = ByCalls(
    key="forward",
    title="Do the whole forward pass in NumPy",
    points=3,
    minutes=10,
    reference=forward,
    helpers=("network.forward", "network.layer_outputs"),
    cases=forward_cases,
    tolerance=1e-4,
    seconds=60,
    alternatives=(forward_by_loops, steps()),
    mistakes=(
        mistake(
            "uses_predict",
            "The model refuses to predict here. Take its weights, and compute the rest yourself.",
            lambda model, image: np.asarray(model(image.reshape(1, 28, 28, 1)))[0],
            lambda model, image: model.predict(image.reshape(1, 28, 28, 1), verbose=0)[0],
        ),
        mistake(
            "relu_missing",
            "The ReLU after the convolutions is missing: negative values go on into the pool.",
            steps(activation=np.asarray),
        ),
        mistake(
            "hidden_relu_missing",
            "The ReLU of the hidden Dense layer is missing.",
            steps(hidden=np.asarray),
        ),
        mistake(
            "softmax_missing",
            "Ten scores came back. Softmax makes probabilities of them: exp, divided by the "
            "sum of all ten.",
            steps(last=np.asarray),
            steps(last=helpers.relu),
            steps(last=np.exp),
        ),
        mistake(
            "sigmoid_instead",
            "Each score went through a sigmoid by itself. Softmax divides by the sum of all ten, "
            "so that they add up to 1.",
            steps(last=lambda v: 1 / (1 + np.exp(-v))),
        ),
        mistake(
            "softmax_without_exp",
            "The scores are divided by their sum, without exp before it.",
            steps(last=lambda v: v / v.sum()),
        ),
        mistake(
            "class_returned",
            "One class came back. All ten probabilities are wanted; argmax is for later.",
            steps(last=np.argmax),
            steps(last=lambda v: softmax(v).max()),
        ),
        mistake(
            "bias_forgotten",
            "The biases are missing: each layer adds one number to each of its outputs.",
            steps(bias=0.0),
        ),
        mistake(
            "average_pooling",
            "You pool by the mean. The model keeps the largest value of each 2x2.",
            steps(pool=helpers.average_pool2d),
        ),
        mistake(
            "flipped",
            "The kernels are flipped. Keras uses them as they stand.",
            steps(kernel=lambda k: k[::-1, ::-1]),
        ),
        mistake(
            "transposed",
            "Rows and columns of the kernels are swapped.",
            steps(kernel=lambda k: k.swapaxes(0, 1)),
        ),
        mistake(
            "channels_flattened_first",
            "Flatten goes row by row, and at each place through all channels: the last "
            "axis runs fastest. Yours goes channel by channel.",
            steps(flat=lambda maps: np.moveaxis(maps, -1, 0).ravel()),
            steps(flat=lambda maps: maps.ravel("F")),
        ),
        mistake(
            "columns_flattened_first",
            "Flatten goes row by row. Yours goes column by column.",
            steps(flat=lambda maps: maps.swapaxes(0, 1).ravel()),
        ),
        mistake(
            "scaled_twice",
            "The image is divided by 255 once more. It comes already scaled to 0..1.",
            steps(scale=1 / 255),
        ),
        mistake(
            "multiplied_by_255",
            "The image is multiplied by 255. The model was trained on 0..1.",
            steps(scale=255.0),
        ),
        mistake(
            "batch_left",
            "There is an axis of length 1 too many: for one image, ten numbers are wanted.",
            lambda model, image: steps()(model, image)[np.newaxis],
        ),
    ),
    hints=(
        "model.get_weights() gives eight arrays. Which two belong to which layer? Print their shapes.",
        (
            "Seven steps: conv_layer, relu and pool, twice; flatten; Dense is `values @ weights + bias`, with relu "
            "for the first and softmax for the second."
        ),
        (
            "k1, b1, k2, b2, w3, b3, w4, b4 = model.get_weights(); then one line for each step, on a batch with one "
            "image, (1, 28, 28, 1), and at the end [0]."
        ),
    ),
)

EXERCISES = (
    TO_KERAS_KERNEL,
    KERAS_CONVOLVE,
    ACTIVATION_MODEL,
    INITIAL_LIMIT,
    DEAD_CHANNELS,
    FORWARD,
)
