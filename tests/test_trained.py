"""The network with stored weights: it answers without Keras, and learns nothing from what it is shown."""

import subprocess
import sys

import numpy as np
import pytest

import helpers
from helpers.trained import trained_network


@pytest.fixture(scope="module")
def clothes():
    return helpers.fashion_mnist(full=False)


def test_it_is_right_on_most_images_that_it_never_saw(clothes):
    probabilities = trained_network().predict(clothes.test_images[:1000])
    right = np.mean(probabilities.argmax(axis=1) == clothes.test_labels[:1000])
    assert right > 0.85  # 0.882; without training it would be 0.1


def test_its_probabilities_add_up_to_1_for_one_image_and_for_many(clothes):
    one, many = clothes.test_images[0], clothes.test_images[:3]
    ours = trained_network()
    assert ours.predict(one).shape == (10,)
    np.testing.assert_allclose(ours.predict(many).sum(axis=1), 1, rtol=1e-5)
    np.testing.assert_allclose(ours.predict(many)[0], ours.predict(one), rtol=1e-4, atol=1e-7)


def test_bytes_floats_and_a_channel_axis_are_the_same_picture(clothes):
    image = clothes.test_images[1]
    ours = trained_network()
    for same in (image / 255, (image / 255).astype(np.float32)[np.newaxis, ..., np.newaxis]):
        np.testing.assert_allclose(np.ravel(ours.predict(same)), ours.predict(image), atol=1e-6)


@pytest.mark.parametrize(
    ("images", "said"),
    [
        (np.zeros((30, 28)), "got shape \\(30, 28\\)"),
        (np.zeros((28, 28, 3)), "got shape \\(28, 28, 3\\)"),
        (np.full((28, 28), 255.0), "0 to 255 in float64. Divide by 255"),
        (np.full((28, 28), -1.0), "got -1 to 0"),
        (np.full((28, 28), np.nan), "got nan to nan"),
    ],
)
def test_what_it_cannot_look_at_is_said_in_a_sentence(images, said):
    with pytest.raises(ValueError, match=said):
        trained_network().predict(images)


def test_another_kernel_stands_where_one_was_and_is_as_strong():
    ours = trained_network()
    changed = ours.with_kernel(5, [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
    (before, bias), (after, same_bias) = (one["conv2d"].get_weights() for one in (ours, changed))
    assert np.argwhere((before != after).any(axis=(0, 1, 2))).tolist() == [[5]]
    np.testing.assert_allclose(after[..., 0, 5] / after[0, 2, 0, 5], helpers.VERTICAL)
    assert np.linalg.norm(after[..., 5]) == pytest.approx(np.linalg.norm(before[..., 5]))
    assert np.array_equal(bias, same_bias)
    assert changed["dense"] is ours["dense"]


@pytest.mark.parametrize("kernel", [np.ones((2, 2)), np.zeros((3, 3)), np.full((3, 3), np.inf)])
def test_what_is_no_kernel_is_refused(kernel):
    with pytest.raises(ValueError, match="kernel must"):
        trained_network().with_kernel(0, kernel)


def test_a_layer_that_is_not_there_is_named():
    with pytest.raises(KeyError, match="no layer is called 'conv'; there are conv2d, "):
        trained_network()["conv"]


def test_neither_keras_nor_tensorflow_is_asked():
    lines = "import sys, numpy, helpers; helpers.trained_network().predict(numpy.zeros((28, 28)))"
    lines += "; print([name for name in ('keras', 'tensorflow') if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", lines], capture_output=True, text=True, check=False
    )
    assert done.stdout == "[]\n", done.stderr


@pytest.mark.tensorflow
def test_keras_computes_the_same_from_these_weights(clothes):
    pytest.importorskip("keras")
    from course.exercises.keras_cnn.build_cnn import build_cnn

    ours, theirs = trained_network(), build_cnn(16)
    theirs.set_weights(ours.get_weights())
    images = clothes.test_images[:20, ..., np.newaxis] / np.float32(255)
    np.testing.assert_allclose(ours.predict(images), theirs.predict(images, verbose=0), atol=1e-4)
