"""The forward pass and the counts of `helpers.network`, against Keras where there is a peer."""

import numpy as np
import pytest

from helpers import conv2d, network


def keras_network(filters=8):
    """Make a network of the course's kind in which every weight and bias is random."""
    keras = pytest.importorskip("keras")
    from keras import layers

    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(filters, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(filters, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dense(128, activation="relu"),
            layers.Dense(10, activation="softmax"),
        ]
    )
    rng = np.random.default_rng(3)
    model.set_weights([rng.normal(size=w.shape, scale=0.1) for w in model.get_weights()])
    return model


@pytest.mark.tensorflow
def test_forward_pass_equals_keras_on_a_hundred_images():
    model = keras_network()
    images = np.random.default_rng(4).random((100, 28, 28)).astype(np.float32)
    theirs = model.predict(images[..., np.newaxis], verbose=0)
    np.testing.assert_allclose(network.forward(model, images), theirs, rtol=0, atol=1e-4)
    np.testing.assert_allclose(network.forward(model, images[7]), theirs[7], rtol=0, atol=1e-4)


@pytest.mark.tensorflow
def test_layer_outputs_are_those_of_each_keras_layer():
    model = keras_network(4)
    values = images = np.random.default_rng(5).random((3, 28, 28, 1)).astype(np.float32)
    for layer, (name, ours) in zip(model.layers, network.layer_outputs(model, images), strict=True):
        values = np.asarray(layer(values))
        assert name == layer.name
        np.testing.assert_allclose(ours, values, rtol=0, atol=1e-4)


@pytest.mark.tensorflow
def test_layers_without_a_numpy_version_are_refused_by_name():
    keras = pytest.importorskip("keras")
    model = keras.Sequential([keras.Input((28, 28, 1)), keras.layers.AveragePooling2D(2)])
    with pytest.raises(ValueError, match="AveragePooling2D"):
        network.forward(model, np.zeros((28, 28)))
    model = keras.Sequential([keras.Input((28, 28, 1)), keras.layers.Conv2D(2, 3, padding="same")])
    with pytest.raises(ValueError, match="padding"):
        network.forward(model, np.zeros((28, 28)))


@pytest.mark.tensorflow
def test_new_keras_kernels_stay_within_the_initial_limit():
    keras = pytest.importorskip("keras")
    layer = keras.layers.Conv2D(64, 3)
    layer.build((None, 28, 28, 1))
    largest = np.abs(layer.get_weights()[0]).max()
    limit = network.initial_limit(3, 1, 64)
    assert 0.9 * limit < largest <= limit


def test_parameters_are_those_of_the_curriculum():
    assert network.conv_parameters(3, 1, 64) == 640
    assert network.conv_parameters(3, 64, 64) == 36_928


def test_a_channel_is_dead_only_if_no_image_wakes_it():
    batch = np.zeros((3, 2, 4, 5))
    batch[2, 1, 3, 4] = -1e-9
    batch[0, 0, 0, 1] = 1
    assert network.dead_channels(batch) == 3


def test_confusion_matrix_has_true_classes_in_its_rows():
    counts = network.confusion_matrix([3, 3, 3, 9], [3, 5, 5, 9])
    assert counts.shape == (10, 10)
    assert counts[3, 3] == 1
    assert counts[3, 5] == 2
    assert counts[9, 9] == 1
    assert counts.sum() == 4


@pytest.mark.parametrize(
    ("labels", "predictions", "error", "words"),
    [
        ([0, 1], [0], ValueError, "2 labels and 1 predictions"),
        ([0, 10], [0, 1], ValueError, "from 0 to 9"),
        ([0, 1], [[0.5, 0.5], [0.1, 0.9]], TypeError, "argmax"),
        ([0.0, 1.0], [0, 1], TypeError, "class number"),
    ],
)
def test_confusion_matrix_says_what_is_wrong_with_its_input(labels, predictions, error, words):
    with pytest.raises(error, match=words):
        network.confusion_matrix(labels, predictions)


def test_softmax_does_not_overflow():
    probabilities = network.softmax(np.array([[1000.0, 1000.0], [-1000.0, 0.0]]))
    np.testing.assert_allclose(probabilities, [[0.5, 0.5], [0.0, 1.0]])


def test_the_receptive_field_is_what_one_changed_pixel_can_reach():
    """Convolutions and pools of ones: a number changes when any pixel that it sees does."""
    layers = [(3, 1), (2, 2), (3, 1), (2, 2), (4, 3)]
    for depth in range(1, len(layers) + 1):
        values = np.eye(40)  # row i: pixel i alone is bright
        for kernel_size, strides in layers[:depth]:
            values = conv2d(values, np.ones((1, kernel_size)))[:, ::strides]
        reached = np.flatnonzero(values[:, 0])
        assert network.receptive_field(layers[:depth]) == len(reached) == reached[-1] + 1


@pytest.mark.parametrize(
    ("layers", "told"),
    [([(3, 1), (0, 1)], "kernel_size of layer 2"), ([(3, 1.5)], "strides of layer 1")],
)
def test_a_layer_of_no_size_is_refused_by_its_number(layers, told):
    with pytest.raises((TypeError, ValueError), match=told):
        network.receptive_field(layers)
