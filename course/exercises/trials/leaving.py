"""How a network leaves the place where it was made: as plain data.

What leaves is what it computes, as TensorFlow writes it down when it traces a function: a graph of
operations, whose inputs are a batch of images and the network's weights. So it does not matter how
the network was written, and whoever has the graph needs none of the learner's code.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

TINY = 1e-12  # kernels that vary by less than this did not start random
IMAGE = (28, 28, 1)
HALF = ("float16", "bfloat16")


class Plan(NamedTuple):
    """A network as plain data."""

    kind: str
    """``"model"``, or the name of the type that came instead."""
    built: bool = False
    shapes: tuple[tuple[int, ...], ...] = ()
    """Of its weights, in order."""
    trainable: int = 0
    """How many of its weights learn."""
    random: bool = False
    """Whether every kernel started with different values."""
    graph: np.ndarray | None = None
    """A GraphDef, as bytes; none if it could not be traced."""
    inputs: tuple[str, ...] = ()
    """Names of the graph's inputs: the images, then the weights."""
    outputs: tuple[str, ...] = ()
    weights: tuple[np.ndarray, ...] = ()
    """Their values, where they count."""
    error: str = ""
    """Why it could not be traced."""
    callable: bool = False
    """Whether it can be called all the same."""
    image_shaped: bool = True
    """Whether the rows, columns and channels that it says it takes are an image's, where it says."""
    in_order: bool = True
    """Whether its kernels come in the order in which they are used."""
    half: bool = False
    """Whether it computes in half precision."""


class Networks(NamedTuple):
    """The networks that an answer builds."""

    tried: Plan
    default: Plan | None = None
    other: Plan | None = None
    shared: bool = False
    """Whether two that should be separate have weights in common."""


def seen_dense(answer: Callable[[], Any], ask: Callable[[], Any]) -> Networks:
    """Observe the dense network, and whether it is another one each time."""
    one, another = answer(), answer()
    return Networks(leaving(one), shared=share(one, another))


def seen_cnn(answer: Callable[..., Any], ask: Callable[[], Any]) -> Networks:
    """Observe the network as it is by default, with 4 filters (tried) and with 6, and as above."""
    default, four, six, another = answer(), answer(4), answer(filters=6), answer(4)
    return Networks(leaving(four), described(default), described(six), share(four, another))


def seen_activations(answer: Callable[[Any], Any], ask: Callable[[], Any]) -> Plan:
    """Observe what is made of a network that is asked for: with its weights."""
    made = answer(ask().for_learner())
    if not getattr(made, "built", True):
        takes_images(made)  # that builds it
    plan = leaving(made)
    return plan._replace(weights=tuple(made.get_weights())) if plan.built else plan


def share(one: Any, another: Any) -> bool:
    """Whether to train one network is to train a part of another, too."""
    theirs, others = ({id(w) for w in getattr(m, "weights", ())} for m in (one, another))
    return not theirs.isdisjoint(others)


def described(model: Any) -> Plan:
    """Describe a network without what it computes."""
    import keras

    if not isinstance(model, keras.Model):
        return Plan(type(model).__name__)
    # Keras calls a class of one's own built whose layers have never been called.
    unbuilt = not model.weights and not all(layer.built for layer in model.layers)
    if not model.built or unbuilt:
        return Plan("model")
    weights = model.get_weights()
    return Plan(
        "model",
        built=True,
        shapes=tuple(w.shape for w in weights),
        trainable=len(model.trainable_weights),
        random=all(kernel.std() > TINY for kernel in weights if kernel.ndim > 1),
        image_shaped=image_shaped(getattr(model, "input_shape", None)),
    )


def image_shaped(shape: Any) -> bool:
    """Whether an input of four axes can be a batch of images; of another kind, nothing is said."""
    if not isinstance(shape, tuple) or len(shape) != 1 + len(IMAGE):
        return True
    return all(said in (None, size) for said, size in zip(shape[1:], IMAGE, strict=True))


def leaving(model: Any) -> Plan:
    """Write a network down."""
    plan = described(model)
    if not plan.built:
        return plan
    try:
        function = traced(model)
        graph = function.graph.as_graph_def().SerializeToString()
    except Exception as error:  # noqa: BLE001 - whatever a learner's layers raise is an observation
        said = str(error).strip().splitlines() or [""]
        text = f"{type(error).__name__}: {said[0]}"[:200]
        return plan._replace(error=text, callable=takes_images(model))
    made = (one for operation in function.graph.get_operations() for one in operation.outputs)
    return plan._replace(
        graph=np.frombuffer(graph, np.uint8),
        inputs=tuple(one.name for one in function.inputs),
        outputs=tuple(one.name for one in function.outputs),
        in_order=in_order(function),
        half=any(one.dtype.name in HALF for one in made),
    )


def in_order(function: Any) -> bool:
    """Whether the kernels that a traced network uses come in the order in which it uses them."""
    first: dict[str, int] = {}
    for place, operation in enumerate(function.graph.get_operations()):
        for given in operation.inputs:
            first.setdefault(given.name, place)
    kernels = (one.name for one in function.inputs[1:] if one.shape.rank > 1)
    used = [first[name] for name in kernels if name in first]
    return used == sorted(used)


def takes_images(model: Any) -> bool:
    """Whether it takes images of the right shape, outside of a graph."""
    try:
        model(np.zeros((1, *IMAGE), np.float32), training=False)
    except Exception:  # noqa: BLE001 - as above
        return False
    return True


def traced(model: Any) -> Any:
    """Trace what a model computes, of images and of its weights."""
    import keras
    import tensorflow as tf

    places = {id(weight): place for place, weight in enumerate(model.weights)}
    fixed = {  # what random layers keep
        id(one): np.asarray(one) for one in model.variables if id(one) not in places
    }

    def compute(images: Any, *weights: Any) -> list[Any]:
        values = [
            (one, weights[places[id(one)]] if id(one) in places else tf.constant(fixed[id(one)]))
            for one in model.variables
        ]
        with keras.StatelessScope(values):
            given = model(images, training=False)
        given = list(given.values()) if isinstance(given, dict) else given
        return [tf.identity(one) for one in (given if isinstance(given, list | tuple) else [given])]

    images = tf.TensorSpec((None, *IMAGE), tf.float32)
    weights = [tf.TensorSpec(one.shape, one.dtype) for one in model.weights]
    return tf.function(compute, autograph=False).get_concrete_function(images, *weights)
