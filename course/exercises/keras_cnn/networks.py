"""Networks to try answers with, and the ways in which other networks come out instead.

A network is judged by what can be seen of it: the shapes of its weights, the sizes of its maps, and
what it makes of three images with weights that it is given where no learner's code is. What a
mistake would make of these images is computed here, in NumPy.
"""

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from course.exercises.exercise import Mistake, Talk, mistake
from course.exercises.trials.leaving import IMAGE, Networks, Plan
from course.exercises.trials.rebuilding import Refused, Trial, new_weights
from helpers.convolution import conv_layer
from helpers.network import softmax
from helpers.pooling import average_pool2d, max_pool2d, relu

# --- What is seen ---------------------------------------------------------------------------------


class TriedNetwork(NamedTuple):
    """A network as its user meets it."""

    plan: Plan
    images: np.ndarray
    """With these it was tried,"""
    key: int
    """and with new weights that were drawn with this."""
    sizes: tuple[int, ...] = ()
    """Heights of the maps on their way through it, each only where it changes."""
    outputs: np.ndarray | None = None
    """What it made of the images; none if it does not take them."""

    @property
    def weights(self) -> tuple[np.ndarray, ...]:
        """The new weights."""
        return new_weights(self.shapes, self.key)

    @property
    def shapes(self) -> tuple[tuple[int, ...], ...]:
        """Of its weights, in order."""
        return self.plan.shapes


class SeenNetworks(NamedTuple):
    """What is seen of the networks that an answer builds."""

    tried: TriedNetwork
    default: Plan | None
    other: Plan | None
    shared: bool = False


def talk(rng: np.random.Generator) -> Talk:
    """Tell nothing, and try the network with images and weights of the judge's own."""
    images, key = rng.random((3, *IMAGE)).astype(np.float32), int(rng.integers(2**62))
    networks: Networks = yield
    plan, tried = networks.tried, TriedNetwork(networks.tried, images, key)
    if plan.graph is not None or plan.callable:
        ran = yield Trial(plan, images, key)
        if ran.error:
            return Refused(ran.error)
        given = ran.outputs[0] if len(ran.outputs) == 1 else np.empty(0)
        tried = tried._replace(sizes=ran.sizes, outputs=given)
    return SeenNetworks(tried, *networks[1:])


# --- Networks -------------------------------------------------------------------------------------


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
        values, weights = tried.images * np.float32(scale), list(tried.weights)
        for activate in acts:
            kernel, bias = weights.pop(0), weights.pop(0)
            if kernel.ndim == 4:
                pool = pools[(len(tried.weights) - len(weights)) // 2 - 1]
                values = pool(activate(conv_layer(values, kernel, bias)))
            else:
                values = activate(values.reshape(len(values), -1) @ kernel + bias)
        return np.allclose(values, tried.outputs, rtol=1e-3, atol=1e-4)

    return test


def kernels(seen: TriedNetwork, axes: int = 4) -> list[tuple[int, ...]]:
    """Shapes of the kernels of convolutions, or of the weights of dense layers (2 axes)."""
    return [shape for shape in seen.shapes if len(shape) == axes]


def units(seen: TriedNetwork) -> list[int]:
    """How many units each dense layer has."""
    return [shape[-1] for shape in kernels(seen, 2)]


def bad_output(seen: Any) -> bool:
    return seen.tried.outputs is None or seen.tried.outputs.shape != (len(seen.tried.images), 10)


# fmt: off
def usable(layers: Callable[..., Any]) -> Iterator[Mistake]:
    """What can keep anyone from using a model; `layers` gives some without an Input."""
    yield mistake("no_model",
        "No model came back. Is there a `return` before keras.Sequential(...), and does it give "
        "back the model itself?",
        lambda *a, **k: None,
        test=lambda s: s.tried.plan.kind != "model")
    yield mistake("no_input",
        "The model does not know its input's shape yet, so it has no weights. A Sequential begins "
        "with keras.Input(shape=(28, 28, 1)). A class of your own is called once before you "
        "return it: model(np.zeros((1, 28, 28, 1))).",
        lambda *a, **k: network(*layers(*a, **k), shape=None),
        test=lambda s: not s.tried.plan.built)
    yield mistake("colour_input",
        "Its input has three channels, as a colour image has. These are grey: "
        "keras.Input(shape=(28, 28, 1)).",
        lambda *a, **k: network(*layers(*a, **k), shape=(28, 28, 3)),
        test=lambda s: bool(s.tried.shapes) and (s.tried.shapes[0][-2:-1] == (3,) or s.tried.shapes[0][0] == 2352))
    yield mistake("other_input",
        "It can't be called with images of shape (N, 28, 28, 1), which is what `prepare` gives. "
        "Let it begin with keras.Input(shape=(28, 28, 1)).",
        lambda *a, **k: network(*layers(*a, **k), shape=(32, 32, 1)),
        test=lambda s: s.tried.outputs is None)
# fmt: on


def last_first(*layers: Any) -> Any:
    """Make a network of a class of one's own, which keeps the last layer first."""
    import keras

    class LastFirst(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.kept = network(*layers).layers[::-1]

        def call(self, maps: Any) -> Any:
            for one in reversed(self.kept):
                maps = one(maps)
            return maps

    model = LastFirst()
    model(np.zeros((1, *IMAGE), np.float32))
    return model


# fmt: off
def comparable(layers: Callable[..., Any]) -> Iterator[Mistake]:
    """What keeps its weights or its numbers from being compared with others."""
    yield mistake("kept_in_another_order",
        "Its layers stand in another order than images go through them. `get_weights()` gives weights "
        "in the order in which layers were put into `self`, and the check reads them so. Begin "
        "__init__ with the layer that comes first, and end with the last.",
        lambda *a, **k: last_first(*layers(*a, **k)),
        test=lambda s: not s.tried.plan.in_order)
    yield mistake("half_precision",
        "It computes in half precision (float16 or bfloat16), which keeps too few digits for its "
        "numbers to be compared. Leave that out; if it is a policy, set it back before you build: "
        'keras.config.set_dtype_policy("float32").',
        lambda *a, **k: network(*layers(*a, dtype="mixed_float16", **k)),
        test=lambda s: s.tried.plan.half)
# fmt: on


def on_the_same_layers(layers: Callable[..., Any]) -> Callable[..., Any]:
    """Build each network anew, on layers that are kept."""
    kept = lru_cache(lambda *a, **k: network(*layers(*a, **k)))

    def build(*a: Any, **k: Any) -> Any:
        import keras

        return keras.Sequential([keras.Input(IMAGE), *kept(*a, **k).layers])

    return build


# fmt: off
def trained_at_all(layers: Callable[..., Any]) -> Iterator[Mistake]:
    """What would keep it from learning."""
    yield mistake("not_random",
        "All values of a kernel are equal at the start. Then all filters learn the same. Leave "
        "kernel_initializer out: Keras starts with random values.",
        lambda *a, **k: network(*layers(*a, kernel_initializer="zeros", **k)),
        test=lambda s: not s.tried.plan.random)
    yield mistake("frozen",
        "Some of its weights can't learn (`trainable` is False).",
        lambda *a, **k: network(*layers(*a, trainable=False, **k)),
        test=lambda s: s.tried.plan.trainable != len(s.tried.shapes))
    yield mistake("same_network",
        "A second call gives the same layers again, so whoever trains one network trains the other. "
        "Make the layers inside the function, each time anew.",
        lru_cache(lambda *a, **k: network(*layers(*a, **k))), on_the_same_layers(layers),
        test=lambda s: s.shared)
# fmt: on


# fmt: off
def ends(body: Callable[..., Any], before: tuple[Any, ...], pools: Any = (MAX, MAX)) -> Iterator[Mistake]:
    """What goes wrong after the last dense layer; `body` gives the layers up to `Flatten`."""
    def ending(*last: Any) -> Callable[..., Any]:
        return lambda *a, **k: network(*body(*a, **k), FLATTEN, dense(128, "relu"), *last)

    hidden = (*before, relu)
    yield mistake("no_softmax",
        "The last layer has no activation, so its ten numbers can be anything. Softmax makes ten "
        "probabilities of them, which add up to 1.",
        ending(dense(10)),
        test=does((*hidden, np.asarray), pools))
    yield mistake("softmax_on_wrong_axis",
        "The softmax runs over the images of a batch instead of over the ten classes: each "
        "image's numbers should add up to 1. That is the last axis, axis=-1.",
        ending(dense(10), SOFTMAX_0),
        test=does((*hidden, wrong_axis), pools))
    yield mistake("sigmoid_at_the_end",
        "The last activation is a sigmoid: ten separate numbers between 0 and 1. An image shows "
        "one thing, so take softmax: ten numbers that add up to 1.",
        ending(dense(10, "sigmoid")),
        test=does((*hidden, sigmoid), pools))
    yield mistake("relu_at_the_end",
        "The last activation is ReLU: it can give ten zeros, and nothing adds up to 1. The last "
        "layer's activation is softmax.",
        ending(dense(10, "relu")),
        test=does((*hidden, relu), pools))
    yield mistake("relu_at_the_end",
        "There is a ReLU before the softmax. It makes all negative numbers equal.",
        ending(dense(10, "relu"), layer("Softmax")),
        test=does((*hidden, lambda v: softmax(relu(v))), pools))
    yield mistake("softmax_twice",
        "Softmax is applied twice. Then even a network that is certain says 0.23 at most. Once is "
        "enough.",
        ending(dense(10, "softmax"), layer("Softmax")),
        test=does((*hidden, lambda v: softmax(softmax(v))), pools))
    yield mistake("no_relu_in_dense",
        "The hidden Dense layer has no activation. Two such layers in a row can do no more than "
        'one: give it activation="relu".',
        lambda *a, **k: network(*body(*a, **k), FLATTEN, dense(128), dense(10, "softmax")),
        test=does((*before, np.asarray, softmax), pools))
    for other, function in (("tanh", np.tanh), ("sigmoid", sigmoid), ("softmax", softmax)):
        yield mistake("other_activation",
            f"The hidden Dense layer's activation is {other}. ReLU is asked.",
            lambda *a, other=other, **k: network(
                *body(*a, **k), FLATTEN, dense(128, other), dense(10, "softmax")),
            test=does((*before, function, softmax), pools))
    yield mistake("scaled_inside",
        "The model divides by 255 once more. `prepare` has done that: twice makes every image "
        "almost black.",
        lambda *a, **k: network(layer("Rescaling", 1 / 255), *body(*a, **k), *HEAD),
        test=does((*hidden, softmax), pools, scale=1 / 255))
# fmt: on
