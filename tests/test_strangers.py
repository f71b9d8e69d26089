"""Wrong answers as strangers write them, with the idioms of other courses: each gets its own name."""

import numpy as np
import pytest
from scipy import ndimage, signal

import helpers
from course.checking.judge import judge
from course.exercises import EXERCISES

NUMPY_NAMES = {"zero": "constant", "wrap": "wrap", "edge": "edge"}
SCIPY_NAMES = {"zero": "fill", "wrap": "wrap", "edge": "symm"}


def rolled(image, kernel, way):
    """Move the whole image for each number of the kernel: `way` is 1, or -1 for the wrong way."""
    out = np.zeros(image.shape)
    for (i, j), weight in np.ndenumerate(kernel):
        step = way * (kernel.shape[0] // 2 - i), way * (kernel.shape[1] // 2 - j)
        out += weight * np.roll(image, step, axis=(0, 1))
    return out


def left_zeros(image, kernel):
    out = np.zeros_like(image)
    inner = helpers.conv2d(image, kernel)
    out[: inner.shape[0], : inner.shape[1]] = inner
    return out


ANSWERS = (
    ("conv2d_valid", "flipped", lambda i, k: signal.convolve2d(i, k, mode="valid")),
    ("conv2d_valid", "flipped", lambda i, k: signal.fftconvolve(i, k, mode="valid")),
    ("conv2d_valid", "size_kept", lambda i, k: signal.correlate2d(i, k, mode="same")),
    ("conv2d_valid", "size_kept", lambda i, k: ndimage.correlate(i, k)),
    ("conv2d_valid", "size_kept", left_zeros),
    ("conv2d_valid", "full_size", lambda i, k: signal.correlate2d(i, k)),
    ("true_convolution", "size_kept", lambda i, k: signal.convolve2d(i, k, mode="same")),
    ("true_convolution", "not_flipped", lambda i, k: signal.correlate2d(i, k, mode="valid")),
    ("conv2d_same", "goes_round", lambda i, k, border="zero": rolled(i, k, 1)),
    ("conv2d_same", "rolled_the_other_way", lambda i, k, border="zero": rolled(i, k, -1)),
    (
        "conv2d_same",
        "flipped_border_ignored",
        lambda i, k, border="zero": signal.convolve2d(i, k, mode="same"),
    ),
    (
        "conv2d_same",
        "flipped_and_mirrored",
        lambda i, k, border="zero": signal.convolve2d(
            i, k, mode="same", boundary=SCIPY_NAMES[border]
        ),
    ),
    (
        "conv2d_same",
        "mirrored_border",
        lambda i, k, border="zero": signal.correlate2d(
            i, k, mode="same", boundary=SCIPY_NAMES[border]
        ),
    ),
    (
        "conv2d_same",
        "result_padded",
        lambda i, k, border="zero": np.pad(
            helpers.conv2d(i, k), [(n // 2, n // 2) for n in k.shape], NUMPY_NAMES[border]
        ),
    ),
    (
        "output_size",
        "rounded_to_nearest",
        lambda size, kernel_size, padding=0, strides=1: (
            round((size + 2 * padding - kernel_size) / strides) + 1
        ),
    ),
    (
        "to_pixels",
        "clipped_to_256",
        lambda v, factor=1.0, bias=0.0: np.clip(np.rint(factor * v + bias), 0, 256).astype(
            np.uint8
        ),
    ),
    ("normalize_kernel", "divided_by_largest", lambda k: k / k.max()),
    ("normalize_kernel", "signs_ignored", lambda k: k / np.abs(k).sum()),
    ("normalize_kernel", "length_one", lambda k: k / np.linalg.norm(k)),
    ("normalize_kernel", "truncated", lambda k: k // max(k.sum(), 1)),
    ("median_filter", "same_size", lambda i, size: ndimage.median_filter(i, size)),
    ("median_filter", "even_windows", lambda i, size: ranked_inside(i, size)),
    ("relu", "compared_last", lambda v: v * v > 0),
    ("relu", "other_activation", lambda v: 1 / (1 + np.exp(-v))),
)


def ranked_inside(image, size):
    """What is inside of SciPy's own filter, which takes the upper of two middle values."""
    half = size // 2
    filtered = ndimage.median_filter(image, size)
    return filtered[
        half : half + image.shape[0] - size + 1, half : half + image.shape[1] - size + 1
    ]


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(("key", "name", "answer"), ANSWERS)
def test_a_strangers_wrong_answer_gets_its_own_name(key, name, answer):
    result = judge(EXERCISES[key], answer)
    assert (result.status, result.mistake) == ("failed", name), result.message


def test_bytes_that_wrap_around_do_not_hide_the_name():
    def flipped_in_bytes(image, kernel):
        values = helpers.conv2d(image, kernel[::-1, ::-1])
        same = image.dtype == kernel.dtype == np.uint8
        return values.astype(np.int64).astype(np.uint8) if same else values

    assert judge(EXERCISES["conv2d_valid"], flipped_in_bytes).mistake == "flipped"


def test_bytes_that_wrap_around_are_no_excuse_elsewhere():
    def flipped_and_stored(image, kernel):
        return np.mod(np.trunc(helpers.conv2d(image, kernel[::-1, ::-1])), 256)

    assert judge(EXERCISES["conv2d_valid"], flipped_and_stored).mistake != "flipped"


@pytest.mark.tensorflow
def test_a_forward_pass_that_calls_the_layers_of_keras_is_told_that_it_does():
    def through_the_layers(model, image):
        values = image[np.newaxis, :, :, np.newaxis]
        for layer in model.layers:
            values = layer(values)
        return np.asarray(values)[0]

    result = judge(EXERCISES["forward"], through_the_layers)
    assert (result.status, result.mistake) == ("failed", "uses_predict"), result.message
