"""Whoever passed lesson 4 with a network of their own goes on with it in lessons 5 and 6."""

import contextlib
import io
import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import helpers
from course.authoring.markers import WITHOUT
from course.authoring.source import SourceCell, read_source
from course.checking.check import yours
from course.exercises import EXERCISES
from course.lessons import LESSONS
from helpers import pictures, training
from helpers.network import dead_channels

pytestmark = [pytest.mark.slow, pytest.mark.tensorflow, pytest.mark.lessons]


def nested(filters: int = 64) -> Any:
    """Two blocks and an end, each a model of its own."""
    import keras
    from keras import layers

    def block() -> Any:
        return keras.Sequential(
            [layers.Conv2D(filters, 3, activation="relu"), layers.MaxPooling2D()]
        )

    end = [layers.Flatten(), layers.Dense(128, activation="relu")]
    last = layers.Dense(10, activation="softmax")
    return keras.Sequential(
        [keras.Input((28, 28, 1)), block(), block(), keras.Sequential(end), last]
    )


def subclassed(filters: int = 64) -> Any:
    """A class, whose layers have no outputs that another model could take."""
    import keras
    from keras import layers

    class Clothes(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.convolutions = [layers.Conv2D(filters, 3, activation="relu") for _ in range(2)]
            self.pool = layers.MaxPooling2D(2)
            self.flatten = layers.Flatten()
            self.hidden = layers.Dense(128, activation="relu")
            self.last = layers.Dense(10, activation="softmax")

        def call(self, maps: Any) -> Any:
            for convolution in self.convolutions:
                maps = self.pool(convolution(maps))
            return self.last(self.hidden(self.flatten(maps)))

    model = Clothes()
    model(np.zeros((1, 28, 28, 1), np.float32))
    return model


def scaled_and_dropped(filters: int = 64) -> Any:
    """Layers without weights wherever one may put them."""
    import keras
    from keras import layers

    model = keras.Sequential([layers.InputLayer(shape=(28, 28, 1)), layers.Rescaling(1.0)])
    for _ in range(2):
        model.add(layers.Conv2D(filters, (3, 3), name=f"seeing_{len(model.layers)}"))
        model.add(layers.Activation("relu"))
        model.add(layers.MaxPooling2D((2, 2)))
        model.add(layers.SpatialDropout2D(0.1))
    for one in (layers.Flatten(), layers.Dense(128), layers.ReLU(), layers.GaussianNoise(0.01)):
        model.add(one)
    model.add(layers.Dense(10, activation="softmax"))
    return model


def with_operations(filters: int = 64) -> Any:
    """ReLU as a function: no layer shows it."""
    import keras
    from keras import layers, ops

    image = keras.Input((28, 28, 1), name="shoe")
    maps = image
    for _ in range(2):
        maps = layers.MaxPooling2D()(ops.relu(layers.Conv2D(filters, 3)(maps)))
    hidden = ops.relu(layers.Dense(128)(layers.Flatten()(maps)))
    return keras.Model(image, ops.softmax(layers.Dense(10)(hidden)))


BUILD_CNN = EXERCISES["build_cnn"]
OTHERS = (nested, subclassed, scaled_and_dropped, with_operations)
NETWORKS = (BUILD_CNN.reference, *BUILD_CNN.alternatives, *OTHERS)
ALSO_USED = (
    *("prepare", "to_keras_kernel", "keras_convolve", "activation_model", "conv_layer"),
    *("receptive_field", "initial_limit"),
)

SEVEN = ["Conv2D", "MaxPooling2D", "Conv2D", "MaxPooling2D", "Flatten", "Dense", "Dense"]
SHAPES = [(26, 26, 16), (13, 13, 16), (11, 11, 16), (5, 5, 16), (400,), (128,), (10,)]
STEPS, IMAGES = 20, 100


def code(lesson: int) -> list[SourceCell]:
    """The code of a lesson, without its checks."""
    cells = read_source(LESSONS[lesson]).cells
    there = (cell for cell in cells if cell.kind == "code" and cell.only != WITHOUT)
    return [cell for cell in there if not cell.check]


def run(cells: list[SourceCell]) -> tuple[dict[str, Any], str]:
    """Run cells one after the other; return what they leave behind and what they print."""
    left: dict[str, Any] = {"__name__": "__main__"}
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        for cell in cells:
            exec(compile(cell.source, cell.id, "exec"), left)  # noqa: S102 - our own lesson
    return left, printed.getvalue()


@pytest.fixture
def little(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Train for a few steps, and paint nothing; note the titles of the channels that are drawn."""
    keras = training.load_keras()
    step = keras.Model.train_on_batch
    real, train, titles = helpers.fashion_mnist(), training.train, []
    few = SimpleNamespace(
        train_images=real.train_images[: 64 * STEPS],
        train_labels=real.train_labels[: 64 * STEPS],
        test_images=real.test_images[:IMAGES],
        test_labels=real.test_labels[:IMAGES],
    )

    def train_little(model: Any, *data: Any, **how: Any) -> Any:
        return train(model, *data, **how | {"epochs": 1})

    def step_while_there_are_images(model: Any, images: Any, labels: Any) -> Any:
        return step(model, images, labels) if len(images) else None

    def channels(image: Any, activations: Any, title: str = "", **how: Any) -> None:
        titles.append((title, activations.shape))

    monkeypatch.setattr(helpers, "fashion_mnist", lambda **_: few)
    monkeypatch.setattr(training, "train", train_little)
    monkeypatch.setattr(pictures, "channels", channels)
    monkeypatch.setattr(pictures.picture, "_encode", lambda drawing: b"")
    monkeypatch.setattr(keras.Model, "train_on_batch", step_while_there_are_images)
    yield titles


@pytest.mark.parametrize("number", range(len(NETWORKS)), ids=lambda n: NETWORKS[n].__name__)
def test_lesson_5_opens_any_network_that_lesson_4_accepts(number, little, monkeypatch):
    monkeypatch.setitem(yours._answers, "build_cnn", NETWORKS[number])
    for key in ALSO_USED:  # each lesson is run with another right answer to these, too
        right = (EXERCISES[key].reference, *EXERCISES[key].alternatives)
        monkeypatch.setitem(yours._answers, key, right[number % len(right)])

    left, printed = run(code(5))
    trained, model, images = left["trained"], left["model"], left["held_out"]

    assert [type(layer).__name__ for layer in model.layers] == SEVEN
    assert [output.shape[1:] for output in left["outputs"]] == SHAPES
    sizes = [(title.rsplit(": ", 1)[1], shape) for title, shape in little]
    assert sizes == [(f"{shape[0]} x {shape[1]}", shape) for shape in SHAPES[:4]]
    np.testing.assert_allclose(
        left["outputs"][-1], trained.predict(images[:1], verbose=0), atol=1e-5
    )

    assert not np.array_equal(left["kernels_before"], left["kernels_after"])
    assert np.array_equal(left["kernels_after"], trained.get_weights()[0])
    for name, network in (("yours", trained), ("hasty", left["hasty"])):
        first, second = convolved(network.get_weights(), images)
        assert f"{name}: dead in the first layer {first:>2} of 16" in printed
        assert f" in the second {second:>2} of 16" in printed.split(f"{name}: dead")[1]
    assert "the same as the network's layer: True" in printed
    for layer, pixels in enumerate((3, 4, 8, 10), start=1):
        assert f"layer {layer}: {pixels} pixels measured, {pixels} computed" in printed
    assert "equal to 0.0001:           True" in printed
    assert "same class, of 100 images: 100" in printed


def convolved(weights: list[np.ndarray], images: np.ndarray) -> tuple[int, int]:
    """Count the dead channels of both convolutions, from the weights alone."""
    first = helpers.relu(helpers.conv_layer(images, weights[0], weights[1]))
    second = helpers.relu(helpers.conv_layer(helpers.max_pool2d(first), weights[2], weights[3]))
    return dead_channels(first), dead_channels(second)


@pytest.mark.parametrize("build", OTHERS, ids=lambda build: build.__name__)
def test_lesson_4_accepts_these_networks_too(build):
    from course.checking.judge import judge

    assert judge(BUILD_CNN, build), judge(BUILD_CNN, build).message


def test_lesson_6_asks_for_no_network_of_lesson_4():
    asked = re.findall(r"\byours\b(?:\.(\w+))?", "\n".join(cell.source for cell in code(6)))
    assert "learn_kernel" in asked and "build_cnn" not in asked
