"""Wrong answers as strangers write them, with the idioms of other courses: each gets its own name.

`strangers/` holds more of them, as they stand in a notebook's cells.
"""

import linecache
import re
from pathlib import Path

import numpy as np
import pytest
from scipy import ndimage, signal

import helpers
from course import yours
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


def by_product_of_transforms(image, kernel):
    """Leave np.conj out, and with it the sign of every step."""
    (height, width), (kh, kw) = image.shape, kernel.shape
    waves = np.fft.fft2(image) * np.fft.fft2(kernel, image.shape)
    return np.fft.ifft2(waves).real[: height - kh + 1, : width - kw + 1]


def relief_of_whole_numbers(image):
    kernel = np.array([[-1, -1, 0], [-1, 0, 1], [0, 1, 1]])
    windows = np.lib.stride_tricks.sliding_window_view(image.astype(int), (3, 3))
    return np.clip(np.rint((windows * kernel).sum((2, 3)) + 128), 0, 255).astype("uint8")


def slopes_of_five_points(function, kernel, epsilon=1e-5):
    out = np.zeros(kernel.shape)
    for place in np.ndindex(kernel.shape):
        step = np.zeros(kernel.shape)
        step[place] = epsilon
        near = function(kernel + step) - function(kernel - step)
        far = function(kernel + 2 * step) - function(kernel - 2 * step)
        out[place] = (8 * near - far) / (12 * epsilon)
    return out


def slopes_of_one_array(function, kernel, epsilon=1e-5):
    kernel = kernel.astype(float)
    out = np.zeros(kernel.shape)
    for place in np.ndindex(kernel.shape):
        up = kernel
        down = kernel
        up[place] += epsilon
        down[place] -= epsilon
        out[place] = (function(up) - function(down)) / (2 * epsilon)
    return out


def slopes_in_whole_numbers(function, kernel, epsilon=1e-5):
    out = np.zeros_like(kernel)
    for place in np.ndindex(kernel.shape):
        moved = kernel.astype(float)
        moved[place] += epsilon
        above = function(moved)
        moved[place] -= 2 * epsilon
        out[place] = (above - function(moved)) / (2 * epsilon)
    return out


def slopes_of_whole_numbers(function, kernel, epsilon=1e-5):
    out = np.zeros(kernel.shape)
    for place in np.ndindex(kernel.shape):
        moved = kernel.copy()
        moved[place] += epsilon
        above = function(moved)
        moved[place] -= 2 * epsilon
        out[place] = (above - function(moved)) / (2 * epsilon)
    return out


def middle_of_two(image, size):
    out = np.zeros((image.shape[0] - size + 1, image.shape[1] - size + 1))
    for r, c in np.ndindex(out.shape):
        values = np.sort(image[r : r + size, c : c + size], axis=None)
        out[r, c] = (values[(size**2 - 1) // 2] + values[size**2 // 2]) / 2
    return out


def field_from_the_last(layers):
    field = 1
    for kernel_size, strides in reversed(layers):
        field = field * strides + kernel_size
    return field


def first_image(labels, predictions):
    counts = np.zeros((10, 10), int)
    for true, predicted in zip(labels, predictions, strict=True):
        counts[true, predicted] += 1
        return counts


ANSWERS = (
    ("conv2d_valid", "flipped_and_wrapped", by_product_of_transforms),
    ("conv2d_fast", "flipped_and_wrapped", by_product_of_transforms),
    ("emboss", "image_truncated", relief_of_whole_numbers),
    ("numerical_gradient", "epsilon_ignored", slopes_of_five_points),
    ("numerical_gradient", "no_difference", slopes_of_one_array),
    ("numerical_gradient", "integer_result", slopes_in_whole_numbers),
    ("numerical_gradient", "integer_copy", slopes_of_whole_numbers),
    ("median_filter", "bytes_added", middle_of_two),
    ("receptive_field", "numbers_for_steps", field_from_the_last),
    ("confusion_matrix", "return_in_loop", first_image),
    ("mean_squared_error", "wrong_count", lambda p, t: np.sum((p - t) ** 2) / (p.size - 1)),
    (
        "initial_limit",
        "power_before_division",
        lambda k, c, f: (6 / (k**2 * c + k**2 * f)) ** 1 / 2,
    ),
    ("initial_limit", "brackets_missing", lambda k, c, f: np.sqrt(6 / k * k * c + k * k * f)),
    ("normalize_kernel", "other_condition", lambda k: k if abs(k.sum()) <= 1 else k / k.sum()),
    ("conv2d_valid", "flipped", lambda i, k: signal.convolve2d(i, k, mode="valid")),
    ("conv2d_valid", "flipped", lambda i, k: signal.fftconvolve(i, k, mode="valid")),
    ("conv2d_valid", "size_kept", lambda i, k: signal.correlate2d(i, k, mode="same")),
    ("conv2d_valid", "size_kept", lambda i, k: ndimage.correlate(i, k)),
    ("conv2d_valid", "size_kept", left_zeros),
    (
        "conv2d_fast",
        "all_in_one_row",
        lambda i, k: np.convolve(i.ravel(), k.ravel(), "same").reshape(i.shape),
    ),
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
    ("mean_squared_error", "mean_taken_off", lambda p, t: np.var(p - t)),
    ("mean_squared_error", "relative", lambda p, t: np.mean((p - t) ** 2) / (np.var(t) or 1)),
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
    def summed_in_bytes(image, pool_size=2, strides=None):
        sums = helpers.average_pool2d(image, pool_size, strides) * pool_size**2
        return np.rint(sums).astype(int).astype(np.uint8) if image.dtype == np.uint8 else sums

    assert judge(EXERCISES["average_pool2d"], summed_in_bytes).mistake == "summed"


def test_bytes_that_wrap_around_are_no_excuse_elsewhere():
    def summed_and_stored(image, pool_size=2, strides=None):
        sums = helpers.average_pool2d(image, pool_size, strides) * pool_size**2
        return np.mod(np.rint(sums), 256)

    assert judge(EXERCISES["average_pool2d"], summed_and_stored).mistake != "summed"


def by_pixels(image, kernel):
    """Go through one's own `convolve_pixel`, which adds up in the window's and kernel's type."""
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    return np.array([[np.vdot(window, kernel) for window in row] for row in windows])


def by_channels(image, kernel):
    maps = [
        signal.correlate2d(image[..., channel], kernel[..., channel], mode="valid")
        for channel in range(image.shape[2])
    ]
    return np.sum(maps, axis=0)


@pytest.mark.parametrize(
    ("key", "answer"),
    [
        ("conv2d_valid", lambda i, k: signal.correlate2d(i, k, mode="valid")),
        ("conv2d_valid", by_pixels),
        ("conv2d_fast", lambda i, k: signal.correlate2d(i, k, mode="valid")),
        ("conv_channels", by_channels),
    ],
)
def test_an_answer_that_adds_up_in_the_type_that_it_is_given_is_right(key, answer):
    """Two arrays of bytes would wrap around in it, and with larger numbers in the lesson's own."""
    assert judge(EXERCISES[key], answer)


def padded_below_zero(image, pool_size=2, strides=None, padding="valid"):
    step = strides or pool_size
    if padding == "same":
        totals = [(-(-n // step) - 1) * step + pool_size - n for n in image.shape]
        widths = [(total // 2, total - total // 2) for total in totals]
        image = np.pad(image.astype(float), widths, constant_values=-np.inf)
    return helpers.max_pool2d(image, pool_size, step)


def test_padding_that_becomes_negative_is_refused_and_told():
    with pytest.raises(ValueError, match="negative"):
        padded_below_zero(np.arange(36.0).reshape(6, 6), 2, 3, "same")
    result = judge(EXERCISES["max_pool2d"], padded_below_zero)
    assert (result.status, result.mistake) == ("failed", "padding_negative"), result.message


def cut_the_other_way(image, kernel):
    (kh, kw), out = kernel.shape, np.zeros(np.subtract(image.shape, kernel.shape) + 1)
    for r, c in np.ndindex(out.shape):
        out[r, c] = np.sum(image[c : c + kh, r : r + kw] * kernel)
    return out


def stored_the_other_way(image, kernel):
    (kh, kw), out = kernel.shape, np.zeros(np.subtract(image.shape, kernel.shape) + 1)
    for r, c in np.ndindex(out.shape):
        out[c, r] = np.sum(image[r : r + kh, c : c + kw] * kernel)
    return out


@pytest.mark.parametrize("answer", [cut_the_other_way, stored_the_other_way])
def test_what_the_values_cannot_tell_apart_is_told_as_either(answer):
    result = judge(EXERCISES["conv2d_valid"], answer)
    assert result.mistake == "axes_swapped", result.message
    assert "either a window is cut at [c, r] instead of [r, c], or its result" in result.message


def test_a_learner_who_returns_inside_the_loop_is_told_so_where_there_are_no_steps_too():
    def learn_kernel(image, target, steps, learning_rate):
        kernel = np.zeros(np.subtract(image.shape, target.shape) + 1)
        for _ in range(steps):
            kernel = kernel - learning_rate * helpers.learning.kernel_gradient(
                image, kernel, target
            )
            return kernel

    assert judge(EXERCISES["learn_kernel"], learn_kernel).mistake == "one_step"


def twice(values):
    return helpers.network.softmax(helpers.network.softmax(values))


@pytest.mark.tensorflow
@pytest.mark.parametrize(
    ("name", "second_pool", "last"),
    [
        ("pool_missing", np.asarray, helpers.network.softmax),
        ("softmax_twice", helpers.max_pool2d, twice),
        (
            "relu_at_the_end",
            helpers.max_pool2d,
            lambda scores: helpers.network.softmax(helpers.relu(scores)),
        ),
        (
            "divided_by_largest",
            helpers.max_pool2d,
            lambda scores: np.exp(scores - scores.max()),
        ),
    ],
)
def test_a_forward_pass_is_told_which_step_is_missing_wrong_or_too_many(name, second_pool, last):
    def forward(model, image):
        k1, b1, k2, b2, w3, b3, w4, b4 = model.get_weights()
        maps = helpers.relu(helpers.conv_layer(image[None, ..., None], k1, b1))
        maps = helpers.relu(helpers.conv_layer(helpers.max_pool2d(maps), k2, b2))
        hidden = helpers.relu(np.dot(second_pool(maps).reshape(1, -1), w3) + b3)
        return last((hidden @ w4 + b4)[0])

    result = judge(EXERCISES["forward"], forward)
    assert result.mistake == name, result.message


@pytest.mark.tensorflow
def test_a_layer_that_was_never_given_the_kernel_is_told_that_its_own_is_random():
    import keras

    def keras_convolve(image, kernel):
        layer = keras.layers.Conv2D(1, kernel.shape)
        return layer(image[None, ..., None].astype("float32"))[0, :, :, 0].numpy()

    for _ in range(5):
        assert judge(EXERCISES["keras_convolve"], keras_convolve).mistake == "random_kernel"


@pytest.mark.tensorflow
def test_a_tensor_is_named_as_an_array_is():
    import tensorflow as tf

    result = judge(EXERCISES["confusion_matrix"], tf.math.confusion_matrix)
    assert result.mistake == "only_seen_classes", result.message


def test_a_total_that_outlives_a_call_is_named():
    total = 0.0

    def convolve_pixel(window, kernel):
        nonlocal total
        for place in np.ndindex(3, 3):
            total += window[place] * kernel[place]
        return total

    for _ in range(2):
        result = judge(EXERCISES["convolve_pixel"], convolve_pixel)
        assert result.mistake == "total_kept"
        assert "Set it to 0 inside" in result.message


@pytest.mark.tensorflow
def test_a_forward_pass_that_calls_the_layers_of_keras_is_told_that_it_does():
    def through_the_layers(model, image):
        values = image[np.newaxis, :, :, np.newaxis]
        for layer in model.layers:
            values = layer(values)
        return np.asarray(values)[0]

    result = judge(EXERCISES["forward"], through_the_layers)
    assert (result.status, result.mistake) == ("failed", "uses_predict"), result.message


def by_lists(image, kernel):
    """Convolve as many do: where the kernel does not fit, an empty array comes back."""
    kh, kw = kernel.shape
    rows, columns = range(len(image) - kh + 1), range(len(image[0]) - kw + 1)
    return np.array(
        [[np.sum(image[r : r + kh, c : c + kw] * kernel) for c in columns] for r in rows]
    )


@pytest.mark.parametrize(
    ("key", "name", "turn"),
    [
        ("true_convolution", "transposed", np.transpose),
        ("true_convolution", "turned", np.rot90),
        ("conv2d_valid", "transposed", np.transpose),
    ],
)
def test_a_kernel_that_no_longer_fits_hides_no_name_however_the_loops_are_written(key, name, turn):
    result = judge(EXERCISES[key], lambda image, kernel: by_lists(image, turn(kernel)))
    assert result.mistake == name, result.message


def test_what_raises_in_every_call_explains_no_empty_arrays():
    result = judge(EXERCISES["conv2d_valid"], lambda image, kernel: np.array([]))
    assert result.mistake == "too_few_axes", result.message


def pooled_over_the_wrong_axes(image):
    rows, columns = image.shape[0] // 2, image.shape[1] // 2
    return image[: 2 * rows, : 2 * columns].reshape(rows, 2, columns, 2).max(axis=(2, 3))


def test_a_shape_that_is_wrong_is_shown_by_a_call_whose_shape_is_wrong():
    result = judge(EXERCISES["max_pool_2x2"], pooled_over_the_wrong_axes)
    assert "shape is not right" in result.message
    assert "and it should be (" in result.message.partition("Came back")[2]


def test_a_kernel_whose_numbers_are_all_the_same_is_not_told_that_they_are():
    result = judge(EXERCISES["box_kernel"], lambda size: np.full((size, size), 0.3))
    assert result.mistake != "constant" and "every value" not in result.message


@pytest.mark.parametrize(
    ("key", "answer"),
    [
        ("gradient_magnitude", lambda i: np.hypot(ndimage.sobel(i, 0), ndimage.sobel(i, 1))),
        ("true_convolution", lambda image, kernel: ndimage.convolve(image, kernel)),
    ],
)
def test_a_size_that_is_kept_is_told_as_such(key, answer):
    result = judge(EXERCISES[key], answer)
    assert result.mistake == "as_large_as_input", result.message


def round_the_middle(image, size):
    """Reach half the size in each direction: for an even size the window is one larger."""
    reach = size // 2
    out = np.zeros(np.subtract(image.shape, 2 * reach))
    for r, c in np.ndindex(out.shape):
        out[r, c] = np.median(image[r : r + 2 * reach + 1, c : c + 2 * reach + 1])
    return out


def test_a_window_round_a_middle_is_told_that_even_sizes_have_none():
    result = judge(EXERCISES["median_filter"], round_the_middle)
    assert result.mistake == "odd_sizes_only", result.message


FILES = sorted((Path(__file__).parent / "strangers").glob("*.txt"))
CELLS = [
    re.fullmatch(r"(\w+) \| (\w+)(?: \| ([^\n]*))?\n(.*)", cell, re.DOTALL).groups("")
    for file in FILES
    for cell in re.split(r"(?m)^# === ", file.read_text())[1:]
]


def pool_output_size(size, pool_size=2, strides=None):
    return (size - pool_size) // (strides or pool_size) + 1


def defined(key, code, place):
    """What a cell of a notebook defines."""
    linecache.cache[place] = (len(code), None, code.splitlines(True), place)
    notebook = {
        "np": np,
        "helpers": helpers,
        "yours": yours,
        "tens": np.add.outer(np.arange(0, 50, 10), np.arange(6)),
        "hiker": helpers.photograph()[236:364, 384:512],
        "photograph": helpers.photograph(),
        "window": np.array([[0, 64, 128], [48, 192, 144], [142, 226, 168]]),
        "kernel": np.array([[-1, 0, -2], [0.5, 4.5, -1.5], [1.5, 2, -3]]),
        "laplacian": helpers.LAPLACIAN,
        "horizontal_kernel": np.array([[-1, -1, -1], [0, 0, 0], [1, 1, 1]]),
        "sobel_horizontal": helpers.HORIZONTAL,
        "sobel_vertical": helpers.VERTICAL,
        "emboss_kernel": np.array([[-1, -1, 0], [-1, 0, 1], [0, 1, 1]]),
        "pool_output_size": pool_output_size,
    }
    exec(compile(code, place, "exec"), notebook)  # noqa: S102 - our own cells
    return notebook[key]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("number", range(len(CELLS)))
def test_what_is_said_of_a_strangers_cell_is_what_is_true_of_it(number):
    key, verdict, words, code = CELLS[number]
    result = judge(EXERCISES[key], defined(key, code, f"<stranger {number}>"))
    said = "right" if result else result.mistake or "unnamed"
    assert (said, words in result.message) == (verdict, True), f"{code}\n{result.message}"


@pytest.mark.tensorflow
def test_a_class_of_ones_own_that_was_never_called_is_told_to_be_called_once():
    import keras

    class Dense(keras.Model):
        def __init__(self):
            super().__init__()
            self.flatten = keras.layers.Flatten()
            self.hidden = keras.layers.Dense(128, activation="relu")
            self.out = keras.layers.Dense(10, activation="softmax")

        def call(self, images):
            return self.out(self.hidden(self.flatten(images)))

    def only_built():  # which gives no weights to the layers inside
        model = Dense()
        model.build((None, 28, 28, 1))
        return model

    def called():
        model = Dense()
        model(np.zeros((1, 28, 28, 1)))
        return model

    for answer in (Dense, only_built):
        result = judge(EXERCISES["build_dense"], lambda answer=answer: answer())
        assert result.mistake == "no_input", result.message
        assert "called once before you return it" in result.message
    assert judge(EXERCISES["build_dense"], called)
