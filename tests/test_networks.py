"""Networks and callbacks: right however they are written, tried where no code of theirs is."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from course.checking.judge import judge
from course.exercises import EXERCISES
from course.exercises.keras_cnn import StopAtAccuracy as stopping
from course.exercises.keras_cnn import networks
from course.exercises.keras_cnn.networks import MAX, MEAN, SeenNetworks, TriedNetwork
from course.exercises.trials.callback import Watched
from course.exercises.trials.leaving import IMAGE, Plan, leaving
from course.exercises.trials.rebuilding import ARITHMETIC, Trial, new_weights, run
from helpers.network import softmax
from helpers.pooling import relu

keras_too = pytest.mark.tensorflow


# --- What is drawn tells every mistake from every other --------------------------------------------


def said_of(seen: Any, key: str) -> str | None:
    """The first mistake of an exercise that is seen."""
    return next((one.id for one in EXERCISES[key].mistakes if one.test(seen)), None)


STOPS = {
    None: lambda logs, target: logs["val_accuracy"] >= target,
    "training_accuracy": lambda logs, target: logs["accuracy"] >= target,
    "either_accuracy": lambda logs, target: max(logs["accuracy"], logs["val_accuracy"]) >= target,
    "both_accuracies": lambda logs, target: min(logs["accuracy"], logs["val_accuracy"]) >= target,
    "not_when_equal": lambda logs, target: logs["val_accuracy"] > target,
    "only_when_equal": lambda logs, target: logs["val_accuracy"] == target,
    "target_ignored": lambda logs, target: logs["val_accuracy"] >= 0.8,
    "reversed": lambda logs, target: logs["val_accuracy"] < target,
    "always_stops": lambda logs, target: True,
    "never_stops": lambda logs, target: False,
    "too_early": lambda logs, target: logs["val_accuracy"] >= target - 0.05,
    "too_late": lambda logs, target: logs["val_accuracy"] >= target + 0.01,
}


@pytest.mark.parametrize("name", STOPS)
def test_whatever_trainings_are_drawn_a_callback_is_told_what_it_does(name):
    for seed in range(60):
        plan = stopping.trainings(np.random.default_rng(seed))
        epochs = [one.ends(STOPS[name]) for one in plan]
        seen = stopping.SeenTrainings(plan, Watched("callback", ("val_accuracy",)), epochs)
        assert said_of(seen, "StopAtAccuracy") == name, seed


def test_trainings_differ_from_class_to_class():
    ends = {
        tuple(one.ends(STOPS[None]) for one in stopping.trainings(np.random.default_rng(seed)))
        for seed in range(50)
    }
    assert len(ends) > 45


SHAPES = tuple(
    shape
    for kernel in ((3, 3, 1, 4), (3, 3, 4, 4), (100, 128), (128, 10))
    for shape in (kernel, kernel[-1:])
)
COMPUTES = {
    "right": ((relu, relu, relu, softmax), (MAX, MAX)),
    "no softmax": ((relu, relu, relu, np.asarray), (MAX, MAX)),
    "sigmoid": ((relu, relu, relu, networks.sigmoid), (MAX, MAX)),
    "no ReLU": ((np.asarray, np.asarray, relu, softmax), (MAX, MAX)),
    "no ReLU in the second": ((relu, np.asarray, relu, softmax), (MAX, MAX)),
    "tanh": ((np.tanh, np.tanh, relu, softmax), (MAX, MAX)),
    "average": ((relu, relu, relu, softmax), (MEAN, MAX)),
    "linear": ((relu, relu, np.asarray, softmax), (MAX, MAX)),
    "twice": ((relu, relu, relu, lambda v: softmax(softmax(v))), (MAX, MAX)),
    "shifted": ((lambda v: relu(v - 0.05), relu, relu, softmax), (MAX, MAX)),
    "other axis": ((relu, relu, relu, networks.wrong_axis), (MAX, MAX)),
}


def computed(seen: SeenNetworks, acts: Any, pools: Any) -> np.ndarray:
    """What a network with these activations and pools makes of the images, by its own test."""
    values, weights = seen.tried.images, list(seen.tried.weights)
    for activate in acts:
        kernel, bias = weights.pop(0), weights.pop(0)
        if kernel.ndim == 4:
            values = networks.conv_layer(values, kernel, bias)
            values = pools[0 if len(weights) == 6 else 1](activate(values))
        else:
            values = activate(values.reshape(len(values), -1) @ kernel + bias)
    return values


@pytest.mark.slow
def test_whatever_images_and_weights_are_drawn_no_network_passes_for_another():
    for seed in range(60):
        rng = np.random.default_rng(seed)
        images, key = rng.random((3, *IMAGE)).astype(np.float32), int(rng.integers(2**62))
        tried = TriedNetwork(Plan("model", True, SHAPES), images, key)
        for mine, (acts, pools) in COMPUTES.items():
            outputs = computed(SeenNetworks(tried, None, None), acts, pools)
            seen = SeenNetworks(tried._replace(outputs=outputs), None, None)
            fits = {name for name, what in COMPUTES.items() if networks.does(*what)(seen)}
            assert fits == {mine}, seed


# --- However they are written ---------------------------------------------------------------------


def layers_of(filters: int, *between: Any, relu: Any = "relu", softmax: Any = "softmax") -> Any:
    """The network's layers, with others before the first convolution."""
    import keras
    from keras import layers

    return keras.Sequential(
        [
            keras.Input(IMAGE),
            *between,
            layers.Conv2D(filters, 3, activation=relu),
            layers.MaxPooling2D(2),
            layers.Conv2D(filters, 3, activation=relu),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dense(128, activation=relu),
            layers.Dense(10, activation=softmax),
        ]
    )


def with_tensorflows_functions(filters: int = 64) -> Any:
    import tensorflow as tf

    return layers_of(filters, relu=tf.nn.relu, softmax=tf.nn.softmax)


def with_a_lambda(filters: int = 64) -> Any:
    from keras import layers

    return layers_of(filters, layers.Lambda(lambda images: images / 1.0))


def with_an_activation_of_their_own(filters: int = 64) -> Any:
    import tensorflow as tf

    return layers_of(filters, relu=lambda values: tf.maximum(values, 0.0))


def augmented(filters: int = 64) -> Any:
    from keras import layers

    return layers_of(
        filters, layers.RandomFlip("horizontal"), layers.RandomRotation(0.1), layers.RandomZoom(0.1)
    )


def with_tensorflow_in_its_call(filters: int = 64) -> Any:
    import keras
    import tensorflow as tf

    class Clothes(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.first = keras.layers.Conv2D(filters, 3)
            self.second = keras.layers.Conv2D(filters, 3)
            self.hidden, self.last = keras.layers.Dense(128), keras.layers.Dense(10)
            self.drop = keras.layers.Dropout(0.5)

        def call(self, maps: Any, training: bool = False) -> Any:
            for one in (self.first, self.second):
                maps = tf.nn.max_pool2d(tf.nn.relu(one(maps)), 2, 2, "VALID")
            hidden = tf.nn.relu(self.hidden(tf.reshape(maps, (-1, 25 * filters))))
            return tf.nn.softmax(self.last(self.drop(hidden, training=training)))

    model = Clothes()
    model(np.zeros((1, *IMAGE), np.float32))
    return model


def compiled_call(filters: int = 64) -> Any:
    """A class whose call is a tf.function, as TensorFlow's tutorials have it."""
    import keras
    import tensorflow as tf

    inner = layers_of(filters)

    class Clothes(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.inner = inner

        @tf.function
        def call(self, images: Any) -> Any:
            return self.inner(images)

    model = Clothes()
    model(np.zeros((1, *IMAGE), np.float32))
    return model


def with_a_layer_of_their_own(filters: int = 64) -> Any:
    import keras

    class Block(keras.layers.Layer):
        def __init__(self) -> None:
            super().__init__()
            self.convolution = keras.layers.Conv2D(filters, 3)

        def call(self, maps: Any) -> Any:
            return keras.ops.max_pool(keras.ops.relu(self.convolution(maps)), 2, 2)

    return keras.Sequential(
        [
            keras.Input(IMAGE),
            Block(),
            Block(),
            keras.layers.Flatten(),
            keras.layers.Dense(128, "relu"),
            keras.layers.Dense(10, "softmax"),
        ]
    )


def saved_and_loaded(filters: int = 64) -> Any:
    import tempfile
    from pathlib import Path

    import keras

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "clothes.keras"
        layers_of(filters).save(file)
        return keras.saving.load_model(file)


def with_a_policy(filters: int = 64) -> Any:
    import keras

    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy("float64")
    try:
        return layers_of(filters)
    finally:
        keras.config.set_dtype_policy(before)


def trained_and_compiled(filters: int = 64) -> Any:
    import keras

    model = layers_of(filters)
    model.compile(keras.optimizers.Adam(), "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(np.zeros((2, *IMAGE)), np.zeros(2), verbose=0)
    return model


WRITTEN = (
    with_tensorflows_functions,
    with_a_lambda,
    with_an_activation_of_their_own,
    augmented,
    with_tensorflow_in_its_call,
    compiled_call,
    with_a_layer_of_their_own,
    saved_and_loaded,
    with_a_policy,
    trained_and_compiled,
)


@keras_too
@pytest.mark.parametrize("build", WRITTEN, ids=lambda build: build.__name__)
def test_a_right_network_passes_however_it_is_written(build):
    result = judge(EXERCISES["build_cnn"], build)
    assert result, result.message


def of_input(shape: tuple[int | None, ...], filters: int) -> Any:
    import keras
    from keras import layers

    body = layers_of(filters).layers[:4]
    head = [layers.Dense(128, "relu"), layers.Dense(10, "softmax")]
    return keras.Sequential([keras.Input(shape), *body, layers.Reshape((25 * filters,)), *head])


@keras_too
@pytest.mark.parametrize(
    ("shape", "passes"),
    [((29, 28, 1), False), ((28, 29, 1), False), ((None, None, 1), True), ((28, None, 1), True)],
)
def test_an_input_of_another_size_is_refused_where_the_weights_are_the_same(shape, passes):
    result = judge(EXERCISES["build_cnn"], lambda filters=64: of_input(shape, filters))
    assert bool(result) == passes, result.message
    assert passes or "Its input is not of the shape (28, 28, 1)" in result.message


@keras_too
def test_what_is_seen_is_what_the_network_does_with_the_weights_it_is_given():
    model = layers_of(4)
    plan = leaving(model)
    images = np.random.default_rng(1).random((2, *IMAGE)).astype(np.float32)
    ran = run(Trial(plan, images, 5))
    assert ran.sizes == (26, 13, 11, 5)
    assert not ran.error
    model.set_weights(new_weights(plan.shapes, 5))
    np.testing.assert_allclose(ran.outputs[0], model(images), atol=1e-6)
    own = plan._replace(weights=tuple(2 * one for one in model.get_weights()))
    assert not np.allclose(run(Trial(own, images)).outputs[0], ran.outputs[0])


def kept_by_size(filters: int = 64, kept: dict[int, Any] = {}) -> Any:  # noqa: B006
    return kept.setdefault(filters, layers_of(filters))


def with_one_last_layer(filters: int = 64, kept: dict[int, Any] = {}) -> Any:  # noqa: B006
    import keras

    last = kept.setdefault(0, keras.layers.Dense(10, "softmax"))
    return keras.Sequential([keras.Input(IMAGE), *layers_of(filters).layers[:-1], last])


def with_one_pool(filters: int = 64, kept: dict[int, Any] = {}) -> Any:  # noqa: B006
    import keras

    pool = kept.setdefault(0, keras.layers.MaxPooling2D(2))
    made = [
        pool if type(one) is type(pool) and not place else one
        for place, one in enumerate(layers_of(filters).layers[1:])
    ]
    return keras.Sequential([keras.Input(IMAGE), layers_of(filters).layers[0], *made])


def seeded(filters: int = 64) -> Any:
    import keras

    keras.utils.set_random_seed(577)
    return layers_of(filters)


@keras_too
@pytest.mark.parametrize("build", [kept_by_size, with_one_last_layer])
def test_a_network_that_is_trained_with_another_is_refused(build):
    result = judge(EXERCISES["build_cnn"], build)
    assert (result.status, result.mistake) == ("failed", "same_network")
    assert "whoever trains one network trains the other" in result.message


@keras_too
@pytest.mark.parametrize("build", [with_one_pool, seeded])
def test_networks_may_have_all_in_common_that_does_not_learn(build):
    result = judge(EXERCISES["build_cnn"], build)
    assert result, result.message


@keras_too
def test_one_dense_network_for_all_who_ask_is_refused():
    import keras
    from keras import layers

    one = keras.Sequential(
        [
            keras.Input(IMAGE),
            layers.Flatten(),
            layers.Dense(128, "relu"),
            layers.Dense(10, "softmax"),
        ]
    )
    result = judge(EXERCISES["build_dense"], lambda: one)
    assert result.mistake == "same_network"


def by_class(model: Any) -> Any:
    import keras

    class Activations(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.theirs = model

        def call(self, values: Any) -> list[Any]:
            given = []
            for layer in self.theirs.layers:
                values = layer(values)
                given.append(values)
            return given

    return Activations()


@keras_too
def test_a_model_of_activations_passes_as_a_class_that_nobody_has_built():
    result = judge(EXERCISES["activation_model"], by_class)
    assert result, result.message


def two_blocks(first: str, second: str) -> Callable[..., Any]:
    """The network with other convolutions, by their names."""

    def build_cnn(filters: int = 64) -> Any:
        import keras
        from keras import layers

        def convolution(name: str) -> Any:
            sizes = (3,) if name == "DepthwiseConv2D" else (filters, 3)
            return getattr(layers, name)(*sizes, activation="relu")

        body = [
            convolution(first),
            layers.MaxPooling2D(),
            convolution(second),
            layers.MaxPooling2D(),
        ]
        head = [layers.Flatten(), layers.Dense(128, "relu"), layers.Dense(10, "softmax")]
        return keras.Sequential([keras.Input(IMAGE), *body, *head])

    return build_cnn


@keras_too
@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("SeparableConv2D", "SeparableConv2D"),
        ("DepthwiseConv2D", "DepthwiseConv2D"),
        ("Conv2D", "DepthwiseConv2D"),
        ("Conv2DTranspose", "Conv2DTranspose"),
        ("Conv2D", "Conv2DTranspose"),
    ],
)
def test_a_convolution_of_another_kind_is_named(first, second):
    result = judge(EXERCISES["build_cnn"], two_blocks(first, second))
    assert result.mistake == "other_convolution"
    assert second in result.message and "is no Conv2D" in result.message


@keras_too
@pytest.mark.parametrize("kind", ["GlobalAveragePooling2D", "GlobalMaxPooling2D"])
def test_global_pooling_in_place_of_flatten_is_told_what_it_leaves(kind):
    def build_dense() -> Any:
        import keras
        from keras import layers

        head = [layers.Dense(128, "relu"), layers.Dense(10, "softmax")]
        return keras.Sequential([keras.Input(IMAGE), getattr(layers, kind)(), *head])

    result = judge(EXERCISES["build_dense"], build_dense)
    assert result.mistake == "global_pooling"
    assert "leaves one number where Flatten keeps all 784" in result.message


@keras_too
def test_a_network_in_place_of_the_function_that_builds_it_is_told_so():
    result = judge(EXERCISES["build_cnn"], layers_of(4))
    assert result.mistake == "wrong_type"
    assert "check.build_cnn(build_cnn)" in result.message


def listed_backwards(*layers: Any) -> Any:
    """A class that names its last layer first."""
    import keras

    class Clothes(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            for number, one in reversed([*enumerate(layers)]):
                setattr(self, f"layer_{number}", one)

        def call(self, values: Any) -> Any:
            for number in range(len(layers)):
                values = getattr(self, f"layer_{number}")(values)
            return values

    model = Clothes()
    model(np.zeros((1, *IMAGE), np.float32))
    return model


@keras_too
@pytest.mark.parametrize(
    ("key", "build"),
    [
        ("build_cnn", lambda filters=64: listed_backwards(*layers_of(filters).layers)),
        ("build_cnn", lambda filters=64: listed_backwards(*layers_of(filters, relu="tanh").layers)),
        ("build_dense", lambda: listed_backwards(*EXERCISES["build_dense"].reference().layers)),
    ],
)
def test_layers_that_stand_in_another_order_than_they_are_used_are_told_so(key, build):
    result = judge(EXERCISES[key], build)
    assert result.mistake == "kept_in_another_order"
    assert "in the order in which layers were put into `self`" in result.message


@keras_too
@pytest.mark.parametrize("key", ["build_cnn", "build_dense"])
@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16"])
def test_a_network_in_half_precision_is_told_so(key, policy):
    def build(*filters: int, **named: int) -> Any:
        import keras

        before = keras.config.dtype_policy()
        keras.config.set_dtype_policy(policy)
        try:
            return EXERCISES[key].reference(*filters, **named)
        finally:
            keras.config.set_dtype_policy(before)

    result = judge(EXERCISES[key], build)
    assert result.mistake == "half_precision"
    assert 'keras.config.set_dtype_policy("float32")' in result.message


@keras_too
def test_flatten_with_channels_first_is_told_what_it_does():
    def build_dense() -> Any:
        import keras

        keras.config.set_image_data_format("channels_first")
        try:
            return EXERCISES["build_dense"].reference()
        finally:
            keras.config.set_image_data_format("channels_last")

    result = judge(EXERCISES["build_dense"], build_dense)
    assert result.mistake == "column_by_column"


def seven_outputs(model: Any) -> Any:
    import keras

    return keras.Model(model.inputs, [model.layers[place].output for place in range(7)])


@keras_too
def test_seven_outputs_are_as_many_as_the_layers_of_the_lessons_network_only():
    result = judge(EXERCISES["activation_model"], seven_outputs)
    assert (result.status, result.mistake) == ("failed", "seven_layers")


@keras_too
def test_an_input_without_an_s_is_told_to_be_written_with_one():
    def without_an_s(model):
        import keras

        return keras.Model(model.input, [layer.output for layer in model.layers])

    result = judge(EXERCISES["activation_model"], without_an_s)
    assert "A keras.Sequential has `inputs` and `outputs`, with an s" in result.message


# --- Callbacks of other kinds ----------------------------------------------------------------------


def stopping_early(**options: Any) -> Callable[[float], Any]:
    """A callback that extends Keras's own, which watches the same number for its own reasons."""

    def make(target: float) -> Any:
        import keras

        class StopAtAccuracy(keras.callbacks.EarlyStopping):
            def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
                super().on_epoch_end(epoch, logs)
                if logs["val_accuracy"] >= target:
                    self.model.stop_training = True

        return StopAtAccuracy(**{"monitor": "val_accuracy", "patience": 10**6} | options)

    return make


def a_class(make: Callable[[float], Any]) -> type:
    return type("StopAtAccuracy", (), {"__new__": lambda cls, target: make(target)})


@keras_too
@pytest.mark.parametrize(
    "options", [{}, {"restore_best_weights": True}, {"monitor": "val_loss"}, {"min_delta": 0.01}]
)
def test_a_callback_may_extend_keras_early_stopping(options):
    result = judge(EXERCISES["StopAtAccuracy"], a_class(stopping_early(**options)))
    assert result, result.message


@keras_too
def test_early_stopping_by_a_number_that_is_not_in_the_logs_fails_as_it_would_in_fit():
    result = judge(EXERCISES["StopAtAccuracy"], a_class(stopping_early(monitor="val_acc")))
    assert result.mistake == "raised" and "monitor=val_acc" in result.message


@keras_too
def test_a_callback_that_asks_the_network_is_told_where_the_accuracy_is():
    def make(target: float) -> Any:
        import keras

        class StopAtAccuracy(keras.callbacks.Callback):
            def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
                _, accuracy = self.model.evaluate(np.zeros((1, *IMAGE)), np.zeros(1))
                self.model.stop_training = accuracy >= target

        return StopAtAccuracy()

    result = judge(EXERCISES["StopAtAccuracy"], a_class(make))
    assert result.mistake == "raised"
    assert "no network that could be asked (self.model.evaluate)" in result.message
    assert "take the accuracy out of `logs`" in result.message


# --- What can't leave ------------------------------------------------------------------------------


def through_numpy(filters: int = 64) -> Any:
    import keras

    class Clothes(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.inner = layers_of(filters)

        def call(self, images: Any) -> Any:
            return self.inner(np.asarray(images) * 1.0)

    model = Clothes()
    model(np.zeros((1, *IMAGE), np.float32))
    return model


def through_python(filters: int = 64) -> Any:
    import tensorflow as tf
    from keras import layers

    def same(images: Any) -> Any:
        given = tf.numpy_function(lambda values: values, [images], tf.float32)
        return tf.ensure_shape(given, (None, *IMAGE))

    return layers_of(filters, layers.Lambda(same, output_shape=IMAGE))


@keras_too
@pytest.mark.parametrize(
    ("build", "words"),
    [
        (through_numpy, "TensorFlow can't write down what it computes"),
        (through_python, "TensorFlow's operation EnsureShape"),
    ],
)
def test_what_only_python_computes_is_refused_with_a_sentence(build, words):
    result = judge(EXERCISES["build_cnn"], build)
    assert (result.status, result.mistake) == ("failed", "raised")
    assert "It can't be tried outside of your notebook." in result.message
    assert words in result.message
    assert "layers and functions of Keras alone" in result.message


def graph_of(compute: Callable[[Any], Any]) -> Plan:
    """A plan that was not made by Keras."""
    import tensorflow as tf

    function = tf.function(compute).get_concrete_function(tf.TensorSpec((None, *IMAGE), tf.float32))
    graph = np.frombuffer(function.graph.as_graph_def().SerializeToString(), np.uint8)
    names = (tuple(one.name for one in ends) for ends in (function.inputs, function.outputs))
    return Plan("model", True, (), 0, True, graph, *names)


@keras_too
def test_files_loops_and_nonsense_are_not_run(tmp_path):
    import tensorflow as tf

    file = tmp_path / "canary"

    def writes(images: Any) -> Any:
        tf.io.write_file(str(file), "here")
        return images

    def loops(images: Any) -> Any:
        return tf.while_loop(lambda one: True, lambda one: (one,), (images,))[0]

    images = np.zeros((1, *IMAGE), np.float32)
    for compute, words in ((writes, "operation WriteFile"), (loops, "While")):
        assert words in run(Trial(graph_of(compute), images)).error
    assert not file.exists()
    large = graph_of(lambda images: [tf.tile(images, (1, 1000, 2, 1))] * 2)
    assert (
        "gives 87,808,000 numbers for 28 images" in run(Trial(large, np.zeros((28, *IMAGE)))).error
    )
    plan = graph_of(lambda images: images)
    for odd in (
        plan._replace(graph=np.frombuffer(b"no graph", np.uint8)),
        plan._replace(inputs=("elsewhere:0",)),
        plan._replace(inputs=()),
        plan._replace(outputs=("images:7",)),
        plan._replace(outputs=("x" * 1000,)),
    ):
        assert run(Trial(odd, images)).error


@keras_too
def test_every_operation_that_is_let_in_exists():
    from tensorflow.python.framework import op_def_registry

    assert [name for name in ARITHMETIC.split() if op_def_registry.get(name) is None] == []
