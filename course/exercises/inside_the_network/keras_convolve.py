"""`keras_convolve(image, kernel)`: one Conv2D layer with that kernel, and 577 again."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

import helpers
from course.exercises.convolution_by_hand.images import KERNEL, WINDOW
from course.exercises.exercise import ByCalls, Call, call, mistake
from course.exercises.inside_the_network.to_keras_kernel import to_keras_kernel


def keras_layer(kernel: np.ndarray) -> Any:
    """Make a Conv2D layer with one given kernel."""
    import keras

    layer = keras.layers.Conv2D(1, kernel.shape, use_bias=False)
    layer.build((None, None, None, 1))
    layer.set_weights([to_keras_kernel(kernel)])
    return layer


def batch_of_one(image: np.ndarray) -> np.ndarray:
    return image[np.newaxis, :, :, np.newaxis].astype(np.float32)


def keras_convolve(image: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    return np.asarray(keras_layer(kernel)(batch_of_one(image)))[0, :, :, 0]


# --- Cases ----------------------------------------------------------------------------------------


def cases(rng: np.random.Generator) -> Iterable[Call]:
    yield call(rng.integers(0, 256, (5, 7)), rng.normal(size=(3, 3)))
    yield call(rng.normal(size=(7, 5)), rng.normal(size=(2, 3)))
    yield call(rng.normal(size=(6, 6)).astype(np.float32), rng.normal(size=(3, 2)))


# --- Other right answers --------------------------------------------------------------------------


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


# --- Mistakes -------------------------------------------------------------------------------------
# Without Keras: who judges a notebook from outside has none.


def born_with(one: Call, right: np.ndarray, got: np.ndarray) -> float | None:
    """1 where it is the image's answer to a kernel as Keras makes new ones, unlike the one given."""
    image, kernel = one.args
    windows = sliding_window_view(image.astype(float), kernel.shape).reshape(got.size, -1)
    found, _, rank, _ = np.linalg.lstsq(windows, got.ravel())
    answers = np.allclose(windows @ found, got.ravel(), atol=1e-4 * np.abs(got).max())
    if rank < kernel.size:  # too few values to tell which kernel it was
        return 1.0 if answers else None
    limit = np.sqrt(6 / (kernel.size + kernel.size))  # one channel in, one out
    born = np.abs(found).max() < 1.001 * limit and np.ptp(found) > limit / 5
    turned = (kernel, kernel[::-1], kernel[:, ::-1], kernel[::-1, ::-1])
    alike = any(abs(np.corrcoef(found, k.ravel())[0, 1]) > 0.99 for k in turned)
    return 1.0 if answers and born and not alike else None


MISTAKES = (
    mistake("flipped",
        "Your kernel is flipped: the worked example gives 732. A Conv2D does not flip, so the "
        "kernel goes in as it is, for 577.",
        lambda i, k: helpers.conv2d(i, k[::-1, ::-1])),
    mistake("transposed",
        "Your kernel is transposed: the worked example gives 249 instead of 577.",
        lambda i, k: helpers.conv2d(i, k.T)),
    mistake("padding_same",
        "padding=\"same\" keeps the image's size. Leave padding out: the worked example has one "
        "output value.",
        lambda i, k: helpers.conv2d(i, k, padding="same")),
    mistake("relu_left_in",
        'Negative values became 0: the layer has activation="relu". Leave it out.',
        lambda i, k: helpers.relu(helpers.conv2d(i, k))),
    mistake("bias_added",
        "Every value is 1 too large: the layer has a bias. use_bias=False leaves it out.",
        lambda i, k: helpers.conv2d(i, k) + 1),
    mistake("batch_left",
        "The axes of the batch and of the channel are still there: (1, H, W, 1). Take the only "
        "image and the only channel: [0, :, :, 0].",
        lambda i, k: helpers.conv2d(i, k)[None, ..., None],
        lambda i, k: helpers.conv2d(i, k)[..., None], lambda i, k: helpers.conv2d(i, k)[None]),
    mistake("scaled_down",
        "Your image is divided by 255 before it goes in. Here it goes in as it is.",
        lambda i, k: helpers.conv2d(i / 255, k)),
    mistake("random_kernel",
        "The layer used the random kernel that it was born with. Give it yours with set_weights, "
        "after it was built.",
        lambda image, kernel: helpers.conv2d(
            image, np.random.default_rng(image.size).uniform(-0.5, 0.5, kernel.shape)
        ),
        fits=born_with),
)  # fmt: skip


EXERCISE = ByCalls(
    key="keras_convolve",
    title="Put your own kernel into a Conv2D layer",
    points=2,
    minutes=6,
    keras=True,
    reference=keras_convolve,
    expected=helpers.conv2d,
    helpers=("convolution.conv2d", "convolution.true_convolution", "convolution.conv_layer"),
    window=lambda image, kernel, theirs: helpers.stepper.convolution(image, kernel, theirs=theirs),
    examples=(call(WINDOW, KERNEL),),
    cases=cases,
    tolerance=1e-4,
    seconds=60,
    alternatives=(by_initializer, by_model),
    mistakes=MISTAKES,
    hints=(
        (
            "A layer takes a batch of images with channels. What shape must one grey image have? "
            "And what shape must the kernel have, so that set_weights takes it?"
        ),
        (
            "Make a Conv2D with one filter, the kernel's size and use_bias=False; build it or "
            "call it once; set its weights to [to_keras_kernel(kernel)]; then call it."
        ),
        (
            "layer = keras.layers.Conv2D(1, kernel.shape, use_bias=False), then build, "
            "set_weights, call, and [0, :, :, 0] of what comes out as a NumPy array."
        ),
    ),
)
