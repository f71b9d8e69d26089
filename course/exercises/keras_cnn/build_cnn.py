"""`build_cnn(filters=64)`: two blocks of convolution and pooling before the same end."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from course.exercises.exercise import ByObservation, mistake
from course.exercises.keras_cnn.networks import (
    FLATTEN,
    HEAD,
    MAX,
    MEAN,
    POOL,
    bad_output,
    comparable,
    conv,
    dense,
    does,
    ends,
    kernels,
    layer,
    network,
    sigmoid,
    talk,
    trained_at_all,
    units,
    usable,
)
from course.exercises.trials.leaving import seen_cnn
from helpers.network import softmax
from helpers.pooling import relu


def build_cnn(filters: int = 64) -> Any:
    return network(conv(filters), POOL, conv(filters), POOL, *HEAD)


# --- Other right answers --------------------------------------------------------------------------


def functional_cnn(filters: int = 64) -> Any:
    import keras
    from keras import layers

    image = keras.Input((28, 28, 1))
    maps = image
    for _ in range(2):
        maps = layers.Conv2D(filters, (3, 3))(maps)
        maps = layers.MaxPool2D()(layers.ReLU()(maps))
    hidden = layers.Dense(128, activation=keras.activations.relu)(layers.Flatten()(maps))
    return keras.Model(image, layers.Softmax()(layers.Dense(10)(hidden)))


def added_cnn(filters: int = 64) -> Any:
    import keras

    model = keras.models.Sequential(name="clothes")
    model.add(keras.layers.InputLayer(shape=(28, 28, 1)))
    for _ in "ab":
        model.add(keras.layers.Convolution2D(filters, kernel_size=3, activation="relu"))
        model.add(keras.layers.MaxPooling2D(pool_size=(2, 2), strides=2))
    model.add(keras.layers.Reshape((25 * filters,)))
    model.add(keras.layers.Dense(128))
    model.add(keras.layers.Activation("relu"))
    model.add(keras.layers.Dropout(0.3))
    model.add(keras.layers.Dense(10, "softmax"))
    model.compile(loss="sparse_categorical_crossentropy")
    return model


def pooled_before_relu(filters: int = 64) -> Any:
    """Write it in another order with the same result: the maximum of ReLUs is the ReLU of it."""
    block = [conv(filters, activation=None), POOL, layer("ReLU")]
    return network(*block, *block, *HEAD)


# --- Mistakes -------------------------------------------------------------------------------------


def expected_shapes(filters: int) -> tuple[tuple[int, ...], ...]:
    """Shapes of the CNN's eight weights."""
    return (
        *((3, 3, 1, filters), (filters,), (3, 3, filters, filters), (filters,)),
        *((25 * filters, 128), (128,), (128, 10), (10,)),
    )


def body(f: int = 64, **k: Any) -> tuple[Any, ...]:
    return conv(f, **k), POOL, conv(f, **k), POOL


def asked(filters: int = 64, **k: Any) -> tuple[Any, ...]:
    """The layers that are asked, with options for those that have weights."""
    return *body(filters, **k), FLATTEN, dense(128, "relu", **k), dense(10, "softmax", **k)


def sized(*sizes: int) -> Callable[[Any], bool]:
    """Test the sizes of the maps; those inside a nested model can't be seen, its weights can."""
    return lambda s: s.tried.sizes == sizes and s.tried.shapes != expected_shapes(4)


def cnn_of(*layers: Callable[[int], Any]) -> Callable[..., Any]:
    """A network whose layers depend on the number of filters, with the usual end."""
    return lambda filters=64: network(*(one(filters) for one in layers), *HEAD)


def pool(*a: Any, kind: str = "Max", **k: Any) -> Callable[[int], Any]:
    return lambda f: layer(f"{kind}Pooling2D", *a, **k)


def computes_with(operation: bytes) -> Callable[[Any], bool]:
    """Test whether one of TensorFlow's operations is in a network that has other weights."""
    return lambda s: (
        s.tried.plan.graph is not None
        and operation in s.tried.plan.graph.tobytes()
        and s.tried.shapes != expected_shapes(4)
    )


PADDED = (
    'padding="same" keeps 28 rows at 28. Here the maps shrink by one row on each side: 28 becomes 26. '
    "Leave padding out."
)
MISSING = "A pooling layer is missing. Each convolution is followed by one: 26 becomes 13, and 11 becomes 5."
MISTAKES = (
    *usable(lambda filters=64: (*body(filters), *HEAD)),
    mistake("other_input",
        "Its input is not of the shape (28, 28, 1), as `prepare` gives each image. Let it begin with "
        "keras.Input(shape=(28, 28, 1)).",
        lambda filters=64: network(*body(filters), *HEAD, shape=(29, 28, 1)),
        test=lambda s: not s.tried.plan.image_shaped),
    mistake("other_convolution",
        "A DepthwiseConv2D or SeparableConv2D is no Conv2D: its 3x3 kernels see one channel each. Two "
        "Conv2D layers are asked.",
        *(cnn_of(one, pool(), one, pool()) for one in (
            lambda f: layer("SeparableConv2D", f, 3, activation="relu"),
            lambda f: layer("DepthwiseConv2D", 3, activation="relu"))),
        test=computes_with(b"DepthwiseConv2dNative")),
    mistake("other_convolution",
        "A Conv2DTranspose is no Conv2D: it goes the other way, from 26 rows back to 28. Two "
        "Conv2D layers are asked.",
        cnn_of(*2 * (lambda f: layer("Conv2DTranspose", f, 3, activation="relu"), pool())),
        cnn_of(conv, pool(), lambda f: layer("Conv2DTranspose", f, 3, activation="relu"), pool()),
        test=computes_with(b"Conv2DBackpropInput")),
    mistake("filters_ignored",
        "The argument `filters` makes no difference: build_cnn(4) and build_cnn(6) have the same "
        "weights. Use it in both Conv2D layers.",
        lambda filters=64: build_cnn(64),
        test=lambda s: s.tried.shapes == s.other.shapes),
    mistake("not_flattened",
        "Flatten is missing before the Dense layers, or stands after them. Dense works on the "
        "last axis alone.",
        lambda filters=64: network(*body(filters), dense(128, "relu"), FLATTEN, dense(10, "softmax")),
        test=lambda s: s.tried.outputs.ndim > 2
          or (s.tried.shapes[4:5] == ((4, 128),) and s.tried.shapes[-2:-1] != ((128, 10),))),
    mistake("outputs_wrong",
        "Ten probabilities for each image are wanted, one for each class: shape (N, 10).",
        lambda filters=64: network(*body(filters), FLATTEN, dense(128, "relu"), dense(11, "softmax")),
        test=bad_output),
    *comparable(asked),
    mistake("no_convolution",
        "There is no Conv2D in it.",
        lambda filters=64: network(
                FLATTEN, dense(filters, "relu"), *HEAD[1:]),
        test=lambda s: not kernels(s.tried)),
    mistake("no_second_block",
        "There is only one convolution. Two blocks of Conv2D and MaxPooling2D are asked.",
        cnn_of(conv, pool()),
        test=lambda s: len(kernels(s.tried)) == 1),
    mistake("third_block",
        "There are more than two convolutions. Two blocks of Conv2D and MaxPooling2D are asked.",
        cnn_of(conv, pool(), conv, pool(), conv, pool()),
        test=lambda s: len(kernels(s.tried)) > 2),
    mistake("other_kernel_size",
        "A kernel is not 3x3. Of 28 rows 26 are left after the first Conv2D: one lost on each "
        "side.",
        cnn_of(lambda f: conv(f, 2), pool(), conv, pool()),
        test=lambda s: any(k[:2] != (3, 3) for k in kernels(s.tried))),
    mistake("second_filters",
        "The two Conv2D layers should have the same number of filters, the one that is given.",
        cnn_of(conv, pool(), lambda f: conv(2 * f), pool()),
        test=lambda s: any(k[3] != 4 for k in kernels(s.tried))),
    mistake("no_hidden_layer",
        "The Dense layer of 128 units is missing.",
        lambda filters=64: network(*body(filters), FLATTEN, dense(10, "softmax")),
        test=lambda s: units(s.tried) == [10]),
    mistake("other_units",
        "After Flatten there should be a Dense layer of 128 units and one of 10, no other.",
        lambda filters=64: network(*body(filters), FLATTEN, dense(64, "relu"), HEAD[2]),
        test=lambda s: units(s.tried) != [128, 10]),
    mistake("no_bias",
        "A bias is missing: leave use_bias out.",
        cnn_of(lambda f: conv(f, use_bias=False), pool(), conv, pool()),
        test=lambda s: len(s.tried.shapes) < 8),
    mistake("other_layers",
        "There are weights of other layers than two Conv2D and two Dense.",
        cnn_of(lambda f: layer("BatchNormalization"), conv, pool(), conv, pool()),
        test=lambda s: len(s.tried.shapes) > 8),
    mistake("global_pooling",
        "Flatten is replaced by global pooling: one number for each map is left, 4 instead of 100 "
        "for 4 filters. Use Flatten.",
        lambda filters=64: network(*body(filters), layer("GlobalMaxPooling2D"), *HEAD[1:]),
        test=lambda s: s.tried.shapes[4] == (4, 128) and s.tried.sizes[-1:] != (1,)),
    mistake("pool_size",
        "You pool 3x3: 26 becomes 8. With pool_size=2 it becomes 13.",
        cnn_of(conv, pool(3), conv, pool(3)),
        test=sized(26, 8, 6, 2)),
    mistake("pool_size",
        "One of the two pools is 3x3. With pool_size=2, 26 becomes 13 and 11 becomes 5.",
        cnn_of(conv, pool(3), conv, pool(2)),
        test=lambda s: sized(26, 8, 6, 3)(s) or sized(26, 13, 11, 3)(s)),
    *(mistake("padding_same",
        PADDED,
        cnn_of(partial(conv, padding=a), pool(), partial(conv, padding=b), pool()),
        test=sized(*sizes))
      for a, b, sizes in (("same", "same", (28, 14, 7)), ("same", "valid", (28, 14, 12, 6)),
                          ("valid", "same", (26, 13, 6)))),
    mistake("padding_same_in_pool",
        'padding="same" in a pool keeps the odd last row: 11 becomes 6. Leave it out, and 11 '
        "becomes 5.",
        cnn_of(conv, pool(padding="same"), conv, pool(padding="same")),
        test=sized(26, 13, 11, 6)),
    mistake("layers_swapped",
        "Both convolutions come before both pools. One block is Conv2D, then MaxPooling2D; then "
        "comes the next block.",
        cnn_of(conv, conv, pool(), pool()),
        test=sized(26, 24, 12, 6)),
    mistake("layers_swapped",
        "You pool before you convolve. In a block Conv2D comes first, then MaxPooling2D.",
        cnn_of(pool(), conv, pool(), conv),
        test=sized(14, 12, 6, 4)),
    *(mistake("pool_missing",
        MISSING,
        cnn_of(*layers),
        test=sized(*sizes))
      for layers, sizes in (((conv, conv), (26, 24)), ((conv, conv, pool()), (26, 24, 12)),
                            ((conv, pool(), conv), (26, 13, 11)))),
    mistake("pool_strides",
        "The pools move by one pixel, so 26 becomes 25. Leave strides out: then a pool moves by "
        "its own size.",
        cnn_of(conv, pool(2, strides=1), conv, pool(2, strides=1)),
        test=sized(26, 25, 23, 22)),
    mistake("conv_strides",
        "A convolution skips pixels (strides=2): 28 becomes 13 at once. Leave strides out.",
        cnn_of(lambda f: conv(f, strides=2), pool(), conv, pool()),
        test=lambda s: (s.tried.sizes[:1] == (13,) or s.tried.sizes[:3] == (26, 13, 6))
          and s.tried.shapes != expected_shapes(4)),
    mistake("other_sizes",
        "The maps should measure 26, 13, 11 and 5 on their way. Compare with model.summary().",
        cnn_of(conv, pool(4), conv, pool()),
        test=lambda s: s.tried.shapes[4] != (100, 128)),
    mistake("other_default",
        "build_cnn() without a number should have 64 filters: def build_cnn(filters=64).",
        lambda filters=32: build_cnn(filters),
        test=lambda s: s.default.shapes != expected_shapes(64)),
    *trained_at_all(asked),
    *(mistake("no_relu_in_convolution",
        f"{which} no ReLU. Without it, negative answers go on as they are, and two "
        "convolutions in a row are one larger one.",
        cnn_of(partial(conv, activation=a), pool(), partial(conv, activation=b), pool()),
        test=does(acts))
      for which, a, b, acts in (
          ("The Conv2D layers have", None, None, (np.asarray, np.asarray, relu, softmax)),
          ("The first Conv2D has", None, "relu", (np.asarray, relu, relu, softmax)),
          ("The second Conv2D has", "relu", None, (relu, np.asarray, relu, softmax)))),
    *(mistake("other_activation",
        f"The convolutions' activation is {name}. ReLU is asked.",
        cnn_of(partial(conv, activation=name), pool(), partial(conv, activation=name), pool()),
        test=does((act, act, relu, softmax)))
      for name, act in (("tanh", np.tanh), ("sigmoid", sigmoid))),
    *(mistake("average_pooling",
        "It pools by the average. MaxPooling2D keeps the largest value of each 2x2.",
        cnn_of(conv, pool(2, kind=a), conv, pool(2, kind=b)),
        test=does((relu, relu, relu, softmax), pools))
      for a, b, pools in (("Average", "Average", (MEAN, MEAN)), ("Average", "Max", (MEAN, MAX)),
                          ("Max", "Average", (MAX, MEAN)))),
    *ends(lambda filters=64: body(filters), (relu, relu)),
    mistake("other_network",
        "It has the right weights, but computes something else with them. Compare it with the "
        "list of layers, from the first to the last.",
        lambda filters=64: network(conv(filters), POOL, layer("ReLU", threshold=0.3), conv(filters), POOL, *HEAD),
        test=lambda s: not does((relu, relu, relu, softmax))(s)),
)  # fmt: skip


EXERCISE = ByObservation(
    key="build_cnn",
    title="The convolutional network",
    points=3,
    minutes=6,
    keras=True,
    kind="function",
    reference=build_cnn,
    observe=seen_cnn,
    talk=talk,
    seconds=120,
    alternatives=(functional_cnn, added_cnn, pooled_before_relu),
    mistakes=MISTAKES,
    hints=(
        "Which two layers make a block, and how many blocks are there before Flatten?",
        (
            'Each block is Conv2D(filters, 3, activation="relu") and MaxPooling2D(2). After the '
            "second block it goes on as in build_dense."
        ),
        (
            "keras.Sequential([keras.Input(...), Conv2D(...), MaxPooling2D(...), Conv2D(...), "
            "MaxPooling2D(...), Flatten(), Dense(...), Dense(...)])"
        ),
    ),
)
