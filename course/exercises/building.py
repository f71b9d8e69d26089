"""The two networks of lesson 4, and the ways in which other networks come out instead.

A network is judged by what can be seen of it: the shapes of its weights, the sizes of its maps, and
what it makes of three images with weights that were given to it. What a mistake would make of
these images is computed here, in NumPy.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np

from course.exercises.exercise import Mistake, mistake
from course.exercises.trials import IMAGES, Seen
from helpers.convolution import conv_layer
from helpers.network import softmax
from helpers.pooling import average_pool2d, max_pool2d, relu


def network(*layers: Any, shape: tuple[int, ...] | None = (28, 28, 1)) -> Any:
    """Make a keras.Sequential of layers given as (name, arguments, options)."""
    import keras

    built = [getattr(keras.layers, name)(*args, **options) for name, args, options in layers]
    return keras.Sequential([*([keras.Input(shape)] if shape else []), *built])


def layer(name: str, *args: Any, **options: Any) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
    return name, args, options


def conv(filters: int, kernel_size: int = 3, **options: Any) -> Any:
    return layer("Conv2D", filters, kernel_size, **({"activation": "relu"} | options))


def dense(units: int, activation: str | None = None, **options: Any) -> Any:
    return layer("Dense", units, activation=activation or "linear", **options)


POOL, FLATTEN = layer("MaxPooling2D", 2), layer("Flatten")
HEAD = (FLATTEN, dense(128, "relu"), dense(10, "softmax"))


def build_dense() -> Any:
    return network(*HEAD)


def build_cnn(filters: int = 64) -> Any:
    return network(conv(filters), POOL, conv(filters), POOL, *HEAD)


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


def functional_dense() -> Any:
    import keras

    image = keras.Input((28, 28, 1))
    hidden = keras.layers.Dense(128, activation="relu")(keras.layers.Flatten()(image))
    return keras.Model(image, keras.layers.Dense(10, activation="softmax")(hidden))


def dense_from_rows() -> Any:
    return network(layer("Reshape", (784,)), dense(128), layer("ReLU"), dense(10), layer("Softmax"))


def wrong_axis(values: np.ndarray) -> np.ndarray:
    """Softmax over the images of a batch instead of over the classes."""
    return softmax(values.T).T


def sigmoid(values: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-values))


SOFTMAX_0 = layer("Softmax", axis=0)
MAX, MEAN = (lambda maps: max_pool2d(maps, 2)), (lambda maps: average_pool2d(maps, 2))


def does(acts: tuple[Any, ...], pools: tuple[Any, ...] = (MAX, MAX), scale: float = 1.0) -> Any:
    """Test whether a network computes this: its activations, its pools, its input's scale."""

    def test(seen: Any) -> bool:
        tried = seen.tried
        values, weights = IMAGES * np.float32(scale), list(tried.weights)
        for activate in acts:
            kernel, bias = weights.pop(0), weights.pop(0)
            if kernel.ndim == 4:
                pool = pools[(len(tried.weights) - len(weights)) // 2 - 1]
                values = pool(activate(conv_layer(values, kernel, bias)))
            else:
                values = activate(values.reshape(len(values), -1) @ kernel + bias)
        return np.allclose(values, tried.outputs, rtol=1e-3, atol=1e-4)

    return test


def expected_shapes(filters: int) -> tuple[tuple[int, ...], ...]:
    """Shapes of the CNN's eight weights."""
    return (
        *((3, 3, 1, filters), (filters,), (3, 3, filters, filters), (filters,)),
        *((25 * filters, 128), (128,), (128, 10), (10,)),
    )


def kernels(seen: Seen, axes: int = 4) -> list[tuple[int, ...]]:
    """Shapes of the kernels of convolutions, or of the weights of dense layers (2 axes)."""
    return [shape for shape in seen.shapes if len(shape) == axes]


def units(seen: Seen) -> list[int]:
    """How many units each dense layer has."""
    return [shape[-1] for shape in kernels(seen, 2)]


def bad_output(seen: Any) -> bool:
    return seen.tried.outputs is None or seen.tried.outputs.shape != (len(IMAGES), 10)


# fmt: off
def usable(layers: Callable[..., Any]) -> Iterator[Mistake]:
    """What can keep anyone from using a model; `layers` gives some without an Input."""
    yield mistake("no_model", "No model came back. Is there a `return` before keras.Sequential(...), and "
                  "does it give back the model itself?", lambda *a, **k: None,
                  test=lambda s: s.tried.kind != "model")
    yield mistake("no_input", "The model does not know its input's shape yet, so it has no weights. Let it "
                  "begin with keras.Input(shape=(28, 28, 1)).",
                  lambda *a, **k: network(*layers(*a, **k), shape=None), test=lambda s: not s.tried.built)
    yield mistake("colour_input", "Its input has three channels, as a colour image has. These are grey: "
                  "keras.Input(shape=(28, 28, 1)).",
                  lambda *a, **k: network(*layers(*a, **k), shape=(28, 28, 3)),
                  test=lambda s: bool(s.tried.shapes) and (s.tried.shapes[0][-2:-1] == (3,) or s.tried.shapes[0][0] == 2352))
    yield mistake("other_input", "It can't be called with images of shape (N, 28, 28, 1), which is what "
                  "`prepare` gives. Let it begin with keras.Input(shape=(28, 28, 1)).",
                  lambda *a, **k: network(*layers(*a, **k), shape=(32, 32, 1)),
                  test=lambda s: s.tried.outputs is None)


def trained_at_all(layers: Callable[..., Any]) -> Iterator[Mistake]:
    """What would keep it from learning."""
    yield mistake("not_random", "All values of a kernel are equal at the start. Then all filters learn the "
                  "same. Leave kernel_initializer out: Keras starts with random values.",
                  lambda *a, **k: network(*layers(*a, kernel_initializer="zeros", **k)),
                  test=lambda s: not s.tried.random)
    yield mistake("frozen", "Some of its weights can't learn (`trainable` is False).",
                  lambda *a, **k: network(*layers(*a, trainable=False, **k)),
                  test=lambda s: s.tried.trainable != len(s.tried.shapes))


def ends(body: Callable[..., Any], before: tuple[Any, ...], pools: Any = (MAX, MAX)) -> Iterator[Mistake]:
    """What goes wrong after the last dense layer; `body` gives the layers up to `Flatten`."""
    def ending(*last: Any) -> Callable[..., Any]:
        return lambda *a, **k: network(*body(*a, **k), FLATTEN, dense(128, "relu"), *last)

    hidden = (*before, relu)
    yield mistake("no_softmax", "The last layer has no activation, so its ten numbers can be anything. "
                  "Softmax makes ten probabilities of them, which add up to 1.",
                  ending(dense(10)), test=does((*hidden, np.asarray), pools))
    yield mistake("softmax_on_wrong_axis", "The softmax runs over the images of a batch instead of over the ten "
                  "classes: each image's numbers should add up to 1. That is the last axis, axis=-1.",
                  ending(dense(10), SOFTMAX_0), test=does((*hidden, wrong_axis), pools))
    yield mistake("sigmoid_at_the_end", "The last activation is a sigmoid: ten separate numbers between 0 and 1. "
                  "An image shows one thing, so take softmax: ten numbers that add up to 1.",
                  ending(dense(10, "sigmoid")), test=does((*hidden, sigmoid), pools))
    yield mistake("relu_at_the_end", "The last activation is ReLU: it can give ten zeros, and nothing adds up "
                  "to 1. The last layer's activation is softmax.",
                  ending(dense(10, "relu")), test=does((*hidden, relu), pools))
    yield mistake("relu_at_the_end", "There is a ReLU before the softmax. It makes all negative numbers equal.",
                  ending(dense(10, "relu"), layer("Softmax")),
                  test=does((*hidden, lambda v: softmax(relu(v))), pools))
    yield mistake("softmax_twice", "Softmax is applied twice. Then even a network that is certain says 0.23 "
                  "at most. Once is enough.",
                  ending(dense(10, "softmax"), layer("Softmax")),
                  test=does((*hidden, lambda v: softmax(softmax(v))), pools))
    yield mistake("no_relu_in_dense", "The hidden Dense layer has no activation. Two such layers in a row can "
                  "do no more than one: give it activation=\"relu\".",
                  lambda *a, **k: network(*body(*a, **k), FLATTEN, dense(128), dense(10, "softmax")),
                  test=does((*before, np.asarray, softmax), pools))
    for other, function in (("tanh", np.tanh), ("sigmoid", sigmoid), ("softmax", softmax)):
        yield mistake("other_activation", f"The hidden Dense layer's activation is {other}. ReLU is asked.",
                      lambda *a, other=other, **k: network(
                          *body(*a, **k), FLATTEN, dense(128, other), dense(10, "softmax")),
                      test=does((*before, function, softmax), pools))
    yield mistake("scaled_inside", "The model divides by 255 once more. `prepare` has done that: twice makes "
                  "every image almost black.",
                  lambda *a, **k: network(layer("Rescaling", 1 / 255), *body(*a, **k), *HEAD),
                  test=does((*hidden, softmax), pools, scale=1 / 255))


BUILD_DENSE = (
    *usable(lambda: HEAD),
    mistake("not_flattened", "Dense works on the last axis alone, so without Flatten it sees one pixel at a time. "
            "Flatten first: 784 numbers in a row.",
            lambda: network(dense(128, "relu"), FLATTEN, dense(10, "softmax")),
            test=lambda s: s.tried.outputs.ndim > 2 or s.tried.shapes[0] == (1, 128)),
    mistake("outputs_wrong", "Ten numbers for each image are wanted, one for each class: shape (N, 10).",
            lambda: network(FLATTEN, dense(128, "relu"), dense(1, "sigmoid")), test=bad_output),
    mistake("convolution", "There is a convolution in it. This is the baseline without one: Flatten, Dense, "
            "Dense.", lambda: build_cnn(8), test=lambda s: bool(kernels(s.tried))),
    mistake("no_hidden_layer", "There is no hidden layer: 784 pixels go straight to ten classes. A Dense layer "
            "of 128 units comes between.",
            lambda: network(FLATTEN, dense(10, "softmax")), test=lambda s: units(s.tried) == [10]),
    mistake("too_many_layers", "There are more than two Dense layers. One of 128 units and one of 10 are asked.",
            lambda: network(FLATTEN, dense(128, "relu"), *HEAD[1:]), test=lambda s: len(units(s.tried)) > 2),
    mistake("other_units", "The hidden layer should have 128 units. Look at the shapes in model.summary().",
            lambda: network(FLATTEN, dense(64, "relu"), HEAD[2]), test=lambda s: units(s.tried) != [128, 10]),
    mistake("no_bias", "A bias is missing: there are weights, but fewer than 101,770 of them.",
            lambda: network(FLATTEN, dense(128, "relu", use_bias=False), HEAD[2]),
            test=lambda s: len(s.tried.shapes) < 4),
    mistake("other_layers", "There are weights of other layers than the two Dense ones.",
            lambda: network(FLATTEN, layer("BatchNormalization"), *HEAD[1:]),
            test=lambda s: [len(shape) for shape in s.tried.shapes] != [2, 1, 2, 1]),
    mistake("pixels_lost", "Not all 784 pixels reach the Dense layer. Is there a pooling in it?",
            lambda: network(POOL, *HEAD), test=lambda s: s.tried.shapes[0] != (784, 128)),
    *trained_at_all(lambda **k: (FLATTEN, dense(128, "relu", **k), dense(10, "softmax", **k))),
    *ends(lambda: (), ()),
    mistake("other_network", "It computes something else. Flatten, Dense with ReLU and Dense with softmax, in "
            "this order, and nothing between them.",
            lambda: network(layer("ReLU", threshold=0.5), *HEAD),
            test=lambda s: not does((relu, softmax))(s)),
)


def body(f: int = 64) -> tuple[Any, ...]:
    return conv(f), POOL, conv(f), POOL


def sized(*sizes: int) -> Callable[[Any], bool]:
    """Test the sizes of the maps; those inside a nested model can't be seen, its weights can."""
    return lambda s: s.tried.sizes == sizes and s.tried.shapes != expected_shapes(4)


def cnn_of(*layers: Callable[[int], Any]) -> Callable[..., Any]:
    """A network whose layers depend on the number of filters, with the usual end."""
    return lambda filters=64: network(*(one(filters) for one in layers), *HEAD)


def pool(*a: Any, kind: str = "Max", **k: Any) -> Callable[[int], Any]:
    return lambda f: layer(f"{kind}Pooling2D", *a, **k)


SAME = ("padding=\"same\" keeps 28 rows at 28. Here the maps shrink by one row on each side: 28 becomes 26. "
        "Leave padding out.")
MISSING = "A pooling layer is missing. Each convolution is followed by one: 26 becomes 13, and 11 becomes 5."
BUILD_CNN = (
    *usable(lambda filters=64: (*body(filters), *HEAD)),
    mistake("filters_ignored", "The argument `filters` makes no difference: build_cnn(4) and build_cnn(6) have "
            "the same weights. Use it in both Conv2D layers.",
            lambda filters=64: build_cnn(64), test=lambda s: s.tried.shapes == s.other.shapes),
    mistake("not_flattened", "Flatten is missing before the Dense layers, or stands after them. Dense works "
            "on the last axis alone.",
            lambda filters=64: network(*body(filters), dense(128, "relu"), FLATTEN, dense(10, "softmax")),
            test=lambda s: s.tried.outputs.ndim > 2
            or (s.tried.shapes[4:5] == ((4, 128),) and s.tried.shapes[-2:-1] != ((128, 10),))),
    mistake("outputs_wrong", "Ten probabilities for each image are wanted, one for each class: shape (N, 10).",
            lambda filters=64: network(*body(filters), FLATTEN, dense(128, "relu"), dense(11, "softmax")),
            test=bad_output),
    mistake("no_convolution", "There is no Conv2D in it.", lambda filters=64: network(
            FLATTEN, dense(filters, "relu"), *HEAD[1:]), test=lambda s: not kernels(s.tried)),
    mistake("no_second_block", "There is only one convolution. Two blocks of Conv2D and MaxPooling2D are asked.",
            cnn_of(conv, pool()), test=lambda s: len(kernels(s.tried)) == 1),
    mistake("third_block", "There are more than two convolutions. Two blocks of Conv2D and MaxPooling2D are asked.",
            cnn_of(conv, pool(), conv, pool(), conv, pool()), test=lambda s: len(kernels(s.tried)) > 2),
    mistake("other_kernel_size", "A kernel is not 3x3. Of 28 rows 26 are left after the first Conv2D: one lost on "
            "each side.", cnn_of(lambda f: conv(f, 2), pool(), conv, pool()),
            test=lambda s: any(k[:2] != (3, 3) for k in kernels(s.tried))),
    mistake("second_filters", "The two Conv2D layers should have the same number of filters, the one that is "
            "given.", cnn_of(conv, pool(), lambda f: conv(2 * f), pool()),
            test=lambda s: any(k[3] != 4 for k in kernels(s.tried))),
    mistake("no_hidden_layer", "The Dense layer of 128 units is missing.",
            lambda filters=64: network(*body(filters), FLATTEN, dense(10, "softmax")),
            test=lambda s: units(s.tried) == [10]),
    mistake("other_units", "After Flatten there should be a Dense layer of 128 units and one of 10, no other.",
            lambda filters=64: network(*body(filters), FLATTEN, dense(64, "relu"), HEAD[2]),
            test=lambda s: units(s.tried) != [128, 10]),
    mistake("no_bias", "A bias is missing: leave use_bias out.",
            cnn_of(lambda f: conv(f, use_bias=False), pool(), conv, pool()),
            test=lambda s: len(s.tried.shapes) < 8),
    mistake("other_layers", "There are weights of other layers than two Conv2D and two Dense.",
            cnn_of(lambda f: layer("BatchNormalization"), conv, pool(), conv, pool()),
            test=lambda s: len(s.tried.shapes) > 8),
    mistake("global_pooling", "Flatten is replaced by global pooling: one number for each map is left, 4 "
            "instead of 100 for 4 filters. Use Flatten.",
            lambda filters=64: network(*body(filters), layer("GlobalMaxPooling2D"), *HEAD[1:]),
            test=lambda s: s.tried.shapes[4] == (4, 128) and s.tried.sizes[-1:] != (1,)),
    mistake("pool_size", "You pool 3x3: 26 becomes 8. With pool_size=2 it becomes 13.",
            cnn_of(conv, pool(3), conv, pool(3)), test=sized(26, 8, 6, 2)),
    mistake("pool_size", "One of the two pools is 3x3. With pool_size=2, 26 becomes 13 and 11 becomes 5.",
            cnn_of(conv, pool(3), conv, pool(2)), test=lambda s: sized(26, 8, 6, 3)(s) or sized(26, 13, 11, 3)(s)),
    *(mistake("padding_same", SAME, cnn_of(partial(conv, padding=a), pool(), partial(conv, padding=b), pool()),
              test=sized(*sizes))
      for a, b, sizes in (("same", "same", (28, 14, 7)), ("same", "valid", (28, 14, 12, 6)),
                          ("valid", "same", (26, 13, 6)))),
    mistake("padding_same_in_pool", "padding=\"same\" in a pool keeps the odd last row: 11 becomes 6. Leave it "
            "out, and 11 becomes 5.", cnn_of(conv, pool(padding="same"), conv, pool(padding="same")),
            test=sized(26, 13, 11, 6)),
    mistake("layers_swapped", "Both convolutions come before both pools. One block is Conv2D, then "
            "MaxPooling2D; then comes the next block.", cnn_of(conv, conv, pool(), pool()), test=sized(26, 24, 12, 6)),
    mistake("layers_swapped", "You pool before you convolve. In a block Conv2D comes first, then "
            "MaxPooling2D.", cnn_of(pool(), conv, pool(), conv), test=sized(14, 12, 6, 4)),
    *(mistake("pool_missing", MISSING, cnn_of(*layers), test=sized(*sizes))
      for layers, sizes in (((conv, conv), (26, 24)), ((conv, conv, pool()), (26, 24, 12)),
                            ((conv, pool(), conv), (26, 13, 11)))),
    mistake("pool_strides", "The pools move by one pixel, so 26 becomes 25. Leave strides out: then a pool moves "
            "by its own size.", cnn_of(conv, pool(2, strides=1), conv, pool(2, strides=1)),
            test=sized(26, 25, 23, 22)),
    mistake("conv_strides", "A convolution skips pixels (strides=2): 28 becomes 13 at once. Leave strides out.",
            cnn_of(lambda f: conv(f, strides=2), pool(), conv, pool()),
            test=lambda s: (s.tried.sizes[:1] == (13,) or s.tried.sizes[:3] == (26, 13, 6))
            and s.tried.shapes != expected_shapes(4)),
    mistake("other_sizes", "The maps should measure 26, 13, 11 and 5 on their way. Compare with model.summary().",
            cnn_of(conv, pool(4), conv, pool()), test=lambda s: s.tried.shapes[4] != (100, 128)),
    mistake("other_default", "build_cnn() without a number should have 64 filters: def build_cnn(filters=64).",
            lambda filters=32: build_cnn(filters), test=lambda s: s.default.shapes != expected_shapes(64)),
    *trained_at_all(lambda filters=64, **k: (
        conv(filters, **k), POOL, conv(filters, **k), POOL, FLATTEN, dense(128, "relu", **k),
        dense(10, "softmax", **k))),
    *(mistake("no_relu_in_convolution", f"{which} no ReLU. Without it, negative answers go on as they are, and two "
              "convolutions in a row are one larger one.",
              cnn_of(partial(conv, activation=a), pool(), partial(conv, activation=b), pool()), test=does(acts))
      for which, a, b, acts in (
          ("The Conv2D layers have", None, None, (np.asarray, np.asarray, relu, softmax)),
          ("The first Conv2D has", None, "relu", (np.asarray, relu, relu, softmax)),
          ("The second Conv2D has", "relu", None, (relu, np.asarray, relu, softmax)))),
    *(mistake("other_activation", f"The convolutions' activation is {name}. ReLU is asked.",
              cnn_of(partial(conv, activation=name), pool(), partial(conv, activation=name), pool()),
              test=does((act, act, relu, softmax)))
      for name, act in (("tanh", np.tanh), ("sigmoid", sigmoid))),
    *(mistake("average_pooling", "It pools by the average. MaxPooling2D keeps the largest value of each 2x2.",
              cnn_of(conv, pool(2, kind=a), conv, pool(2, kind=b)),
              test=does((relu, relu, relu, softmax), pools))
      for a, b, pools in (("Average", "Average", (MEAN, MEAN)), ("Average", "Max", (MEAN, MAX)),
                          ("Max", "Average", (MAX, MEAN)))),
    *ends(lambda filters=64: body(filters), (relu, relu)),
    mistake("other_network", "It has the right weights, but computes something else with them. Compare it with "
            "the list of layers, from the first to the last.",
            lambda filters=64: network(conv(filters), POOL, layer("ReLU", threshold=0.3), conv(filters), POOL, *HEAD),
            test=lambda s: not does((relu, relu, relu, softmax))(s)),
)
# fmt: on
