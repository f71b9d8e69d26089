"""`build_dense()`: Flatten and two Dense layers, the baseline."""

from typing import Any

from course.exercises.exercise import ByObservation, mistake
from course.exercises.keras_cnn.build_cnn import build_cnn
from course.exercises.keras_cnn.networks import (
    FLATTEN,
    HEAD,
    POOL,
    bad_output,
    comparable,
    dense,
    does,
    ends,
    kernels,
    layer,
    network,
    talk,
    trained_at_all,
    units,
    usable,
)
from course.exercises.trials.leaving import seen_dense
from helpers.network import softmax
from helpers.pooling import relu


def build_dense() -> Any:
    return network(*HEAD)


# --- Other right answers --------------------------------------------------------------------------


def functional_dense() -> Any:
    import keras

    image = keras.Input((28, 28, 1))
    hidden = keras.layers.Dense(128, activation="relu")(keras.layers.Flatten()(image))
    return keras.Model(image, keras.layers.Dense(10, activation="softmax")(hidden))


def dense_from_rows() -> Any:
    return network(layer("Reshape", (784,)), dense(128), layer("ReLU"), dense(10), layer("Softmax"))


# --- Mistakes -------------------------------------------------------------------------------------


def asked(**k: Any) -> tuple[Any, ...]:
    """The layers that are asked, with options for those that have weights."""
    return FLATTEN, dense(128, "relu", **k), dense(10, "softmax", **k)


MISTAKES = (
    *usable(lambda: HEAD),
    mistake("global_pooling",
        "Global pooling leaves one number where Flatten keeps all 784. Flatten comes first, before "
        "the Dense layers.",
        *(lambda kind=kind: network(layer(f"Global{kind}Pooling2D"), *HEAD[1:])  # type: ignore[misc]
          for kind in ("Average", "Max")),
        test=lambda s: s.tried.outputs.ndim == 2
          and s.tried.shapes[::2] == ((1, 128), (128, 10))),
    mistake("not_flattened",
        "Dense works on the last axis alone, so without Flatten it sees one pixel at a time. "
        "Flatten first: 784 numbers in a row.",
        lambda: network(dense(128, "relu"), FLATTEN, dense(10, "softmax")),
        test=lambda s: s.tried.outputs.ndim > 2 or s.tried.shapes[0] == (1, 128)),
    mistake("outputs_wrong",
        "Ten numbers for each image are wanted, one for each class: shape (N, 10).",
        lambda: network(FLATTEN, dense(128, "relu"), dense(1, "sigmoid")),
        test=bad_output),
    *comparable(asked),
    mistake("convolution",
        "There is a convolution in it. This is the baseline without one: Flatten, Dense, Dense.",
        lambda: build_cnn(8),
        test=lambda s: bool(kernels(s.tried))),
    mistake("no_hidden_layer",
        "There is no hidden layer: 784 pixels go straight to ten classes. A Dense layer of 128 "
        "units comes between.",
        lambda: network(FLATTEN, dense(10, "softmax")),
        test=lambda s: units(s.tried) == [10]),
    mistake("too_many_layers",
        "There are more than two Dense layers. One of 128 units and one of 10 are asked.",
        lambda: network(FLATTEN, dense(128, "relu"), *HEAD[1:]),
        test=lambda s: len(units(s.tried)) > 2),
    mistake("other_units",
        "The hidden layer should have 128 units. Look at the shapes in model.summary().",
        lambda: network(FLATTEN, dense(64, "relu"), HEAD[2]),
        test=lambda s: units(s.tried) != [128, 10]),
    mistake("no_bias",
        "A bias is missing: there are weights, but fewer than 101,770 of them.",
        lambda: network(FLATTEN, dense(128, "relu", use_bias=False), HEAD[2]),
        test=lambda s: len(s.tried.shapes) < 4),
    mistake("other_layers",
        "There are weights of other layers than the two Dense ones.",
        lambda: network(FLATTEN, layer("BatchNormalization"), *HEAD[1:]),
        test=lambda s: [len(shape) for shape in s.tried.shapes] != [2, 1, 2, 1]),
    mistake("pixels_lost",
        "Not all 784 pixels reach the Dense layer. Is there a pooling in it?",
        lambda: network(POOL, *HEAD),
        test=lambda s: s.tried.shapes[0] != (784, 128)),
    *trained_at_all(asked),
    *ends(lambda: (), ()),
    mistake("column_by_column",
        "It flattens images column by column, not row by row. Flatten does so under channels_first. "
        'These have their channel last: keras.config.set_image_data_format("channels_last").',
        lambda: network(layer("Flatten", data_format="channels_first"), *HEAD[1:]),
        test=lambda s: does((relu, softmax))(s._replace(
            tried=s.tried._replace(images=s.tried.images.swapaxes(1, 2))))),
    mistake("other_network",
        "It computes something else. Flatten, Dense with ReLU and Dense with softmax, in this "
        "order, and nothing between them.",
        lambda: network(layer("ReLU", threshold=0.5), *HEAD),
        test=lambda s: not does((relu, softmax))(s)),
)  # fmt: skip


EXERCISE = ByObservation(
    key="build_dense",
    title="A network without convolutions",
    points=2,
    minutes=4,
    keras=True,
    kind="function",
    reference=build_dense,
    observe=seen_dense,
    talk=talk,
    seconds=120,
    alternatives=(functional_dense, dense_from_rows),
    mistakes=MISTAKES,
    hints=(
        "How does a grid of 28x28 become a row of numbers that a Dense layer can take?",
        (
            "keras.Sequential takes a list: the Input, then Flatten, then two Dense layers. How "
            "many units has the last, for ten classes?"
        ),
        (
            "keras.Sequential([keras.Input(shape=...), keras.layers.Flatten(), "
            'keras.layers.Dense(..., activation="relu"), ...])'
        ),
    ),
)
