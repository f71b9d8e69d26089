"""The name of a mistake: true of the answer that gets it, and looked for only in what is wrong."""

import math
import re
from dataclasses import replace

import numpy as np
import pytest
from scipy import ndimage, signal

from course.authoring.strange import tried
from course.checking.calling import Outcome
from course.checking.judge import NOTEBOOK_SEED, judge, solved_calls
from course.checking.looking import Raised
from course.checking.naming import forget
from course.checking.recognising import same
from course.checking.rows import Rows
from course.exercises import EXERCISES, mistake
from course.exercises.pooling.pooled import pooled
from course.exercises.trials.callback import Logs


def said(key, answer):
    """What the check of an exercise says of an answer: the name and the message."""
    result = judge(EXERCISES[key], answer)
    assert result.status == "failed"
    return result.mistake, result.message


# --- Type, then shape, then values ----------------------------------------------------------------


def size_rounded_down(size, kernel_size, padding=0, strides=1):
    return np.floor((size + 2 * padding - kernel_size) / strides) + 1


def unstored_pixels(values, factor=1.0, bias=0.0):
    return np.clip(np.rint(factor * np.asarray(values) + bias), 0, 255)


def parameters_by_pow(kernel_size, channels, filters):
    return (math.pow(kernel_size, 2) * channels + 1) * filters


@pytest.mark.parametrize(
    ("key", "answer", "mistake", "words"),
    [
        ("output_size", size_rounded_down, "float_not_int", "a float, and a whole number is"),
        ("to_pixels", unstored_pixels, "wrong_dtype", "bytes (uint8) are wanted. Its values are r"),
        ("conv_parameters", parameters_by_pow, "float_not_int", "640.0, a float"),
    ],
)
def test_a_right_value_of_the_wrong_type_is_told_its_type_alone(key, answer, mistake, words):
    name, message = said(key, answer)
    assert name == mistake
    assert words in message
    assert len(message.split("\n\n")) == 4  # called, came back, the type, the hint: no cause


def test_a_mistake_is_looked_for_where_the_values_are_wrong_too():
    def rounded_up(size, kernel_size, padding=0, strides=1):
        return float(np.ceil((size + 2 * padding - kernel_size) / strides)) + 1

    name, message = said("output_size", rounded_up)
    assert name == "rounded_up"
    assert "Came back: 26.0" not in message  # that call is right but for its type


def test_bytes_that_are_missing_and_values_that_differ_are_both_told():
    _, message = said("to_pixels", lambda values, factor=1.0, bias=0.0: factor * values + bias)
    assert "bytes (uint8) are wanted. The first difference is at row" in message


def test_fractions_cut_off_by_the_images_own_type_are_told_as_such():
    _, message = said(
        "conv2d_valid",
        lambda image, kernel: ndimage.correlate(image, np.asarray(kernel))[
            (kernel.shape[0]) // 2 : image.shape[0] - (kernel.shape[0] - 1) // 2,
            (kernel.shape[1]) // 2 : image.shape[1] - (kernel.shape[1] - 1) // 2,
        ],
    )
    assert "fractions were cut" in message or "fractions are gone" in message


# --- Evidence before a name -----------------------------------------------------------------------


def wrong_when(condition):
    """A pooling that is wrong for some images only."""
    right = EXERCISES["max_pool_2x2"].reference

    def max_pool_2x2(image):
        out = right(image)
        return out * 0.5 - 3 if condition(image) else out

    return max_pool_2x2


@pytest.mark.parametrize(
    ("condition", "mistake", "words"),
    [
        (lambda image: image.shape[1] % 2, "wrong_for_odd", "has an odd number of columns"),
        (lambda image: image.dtype.kind == "f", "wrong_for_fractions", "holds fractions"),
    ],
)
def test_what_wrong_calls_have_in_common_is_told_with_their_numbers(condition, mistake, words):
    name, message = said("max_pool_2x2", wrong_when(condition))
    assert name == mistake
    wrong, others = (
        int(n) for n in re.search(r"the (\d+) whose.*the (\d+) others", message).groups()
    )
    assert min(wrong, others) >= 3
    assert words in message


def test_one_or_two_calls_are_no_evidence_for_a_kind():
    name, message = said("max_pool_2x2", wrong_when(lambda image: image.dtype == np.uint8))
    assert name is None
    assert "uint8)" not in message.split("Came back")[1].split("\n\n", 1)[1]


def test_a_factor_that_holds_in_one_call_only_is_not_told():
    def changing(values):
        return np.maximum(values, 0) * (0.5 + np.size(values) % 7)

    name, message = said("relu", changing)
    assert name != "scaled" or "a factor that changes" in message


def clipped_elsewhere(image, kernel):
    return np.clip(EXERCISES["conv2d_valid"].reference(image, kernel), 0, 200)


def clipped_to_bytes(image, kernel):
    return np.clip(EXERCISES["conv2d_valid"].reference(image, kernel), 0, 255)


def test_a_mistake_that_some_calls_contradict_is_not_named():
    assert said("conv2d_valid", clipped_to_bytes)[0] == "clipped"
    assert said("conv2d_valid", clipped_elsewhere)[0] is None


def test_only_one_row_differs_in_the_singular():
    def last_row(image, kernel):
        out = EXERCISES["conv2d_valid"].reference(image, kernel).astype(float)
        out[-1] = out[-1] * 0.61 - 2.3
        return out

    name, message = said("conv2d_valid", last_row)
    assert name == "last_row_wrong"
    assert "Only the last row differs; all the rest is right." in message


def test_the_call_that_is_shown_shows_what_the_name_says():
    """One that a mistake of another name would explain too is not shown where another is not."""

    def without_strides(image, pool_size=2, strides=None, padding="valid"):
        return EXERCISES["max_pool2d"].reference(image, pool_size, None, padding)

    name, message = said("max_pool2d", without_strides)
    assert name == "strides_ignored"
    assert "strides=" in message.split("Came back")[0]


@pytest.mark.parametrize("slope", [0.03, 0.25, 0.007])
def test_a_description_names_a_slope_that_nobody_listed(slope):
    assert said("relu", lambda values: np.where(values > 0, values, slope * values))[0] == "leaky"


@pytest.mark.parametrize("number", [7, 13.0, -2])
def test_a_description_names_a_divisor_that_nobody_listed(number):
    def divided(kernel):
        return kernel / number if kernel.sum() else kernel

    assert said("normalize_kernel", divided)[0] == "fixed_divisor"
    assert said("normalize_kernel", lambda kernel: kernel / kernel.size)[0] == "divided_by_count"


@pytest.mark.parametrize("fill", [-500, -3.5, 0, 77])
def test_a_description_names_a_padding_that_nobody_listed(fill):
    def max_pool2d(image, pool_size=2, strides=None, padding="valid"):
        return pooled(image, pool_size, strides or pool_size, padding, fill=fill)

    assert said("max_pool2d", max_pool2d)[0] == "padding_wins"


def test_a_description_is_not_stretched():
    def two_slopes(values):
        return np.where(values > 0, values, (0.1 if values.shape[0] % 2 else 0.3) * values)

    assert said("relu", two_slopes)[0] != "leaky"
    assert said("relu", lambda values: np.where(values > 0, values, "text"))[0] != "leaky"


def test_arguments_that_are_both_ignored_are_both_told():
    def max_pool2d(image, pool_size=2, strides=None, padding="valid"):
        return pooled(image, pool_size, pool_size)

    name, message = said("max_pool2d", max_pool2d)
    assert name == "options_ignored"
    assert "Neither `strides` nor `padding`" in message


def test_an_input_given_back_in_some_calls_is_told_of_these_calls():
    def relu(values):
        return values if np.min(values) < -1 else np.maximum(values, 0)

    name, message = said("relu", relu)
    assert name == "input_returned"
    assert "In every call that is wrong, your function gives its input back" in message
    assert "Your function gives its input back" in said("relu", lambda values: values)[1]


tens = np.add.outer(np.arange(0, 50, 10), np.arange(6))


def test_a_function_that_reads_the_notebooks_own_array_is_told_which():
    def neighborhood(image, row, col):
        return tens[row - 1 : row + 2, col - 1 : col + 2]

    name, message = said("neighborhood", neighborhood)
    assert name == "argument_unused"
    assert "never reads its argument `image`. It reads `tens` of the notebook instead" in message


def test_an_argument_that_only_an_inner_function_reads_is_read():
    def through_a_list(image, row, col):
        def pixel(r, c):
            return image[r, c]

        return tens[[[pixel(row, col)] * 3] * 3][..., 0] * 0.5

    assert said("neighborhood", through_a_list)[0] != "argument_unused"


@pytest.mark.parametrize("key", ["relu", "StopAtAccuracy"])
def test_a_value_in_place_of_a_function_is_told_both_ways_to_it(key):
    name, message = said(key, 577)
    assert name == "wrong_type"
    assert f"the name `{key}` was given to a value" in message
    assert f"check.{key}({key})" in message


def test_a_result_filled_in_with_row_and_column_swapped_is_told_as_transposed():
    def conv2d_valid(image, kernel):
        kh, kw = kernel.shape
        out = np.zeros((image.shape[1] - kw + 1, image.shape[0] - kh + 1))
        for c, r in np.ndindex(out.shape):
            out[c, r] = np.sum(image[r : r + kh, c : c + kw] * kernel)
        return out

    name, message = said("conv2d_valid", conv2d_valid)
    assert name == "transposed_result"
    assert "Your result is transposed: every value is right" in message


# --- A callback ------------------------------------------------------------------------------------


def test_logs_remember_what_they_are_asked_for():
    asked: set[str] = set()
    logs = Logs({"accuracy": 0.5}, asked)
    assert logs.get("acc") is None
    assert "val_acc" not in logs
    assert logs["accuracy"] == 0.5
    assert asked == {"acc", "val_acc", "accuracy"}


@pytest.mark.tensorflow
@pytest.mark.parametrize(
    ("stops", "mistake", "words"),
    [
        (lambda logs, target: logs.get("acc") > target, "no_such_log", "it is 'accuracy'"),
        (lambda logs, target: logs["loss"] < 0.4, "loss", "It watches the loss"),
        (lambda logs, target: logs["val_accuracy"] > 0.85, "target_ignored", "one fixed accuracy"),
    ],
)
def test_a_callback_is_told_what_it_watches(stops, mistake, words):
    import keras

    class StopAtAccuracy(keras.callbacks.Callback):
        def __init__(self, target):
            super().__init__()
            self.target = target

        def on_epoch_end(self, epoch, logs=None):
            if stops(logs, self.target):
                self.model.stop_training = True

    name, message = said("StopAtAccuracy", StopAtAccuracy)
    assert name == mistake
    assert words in message


# --- What stands in the notebook ------------------------------------------------------------------


def test_code_above_a_left_over_line_is_told_to_lose_that_line():
    def relu(values):
        values = np.maximum(values, 0)
        raise NotImplementedError

    result = judge(EXERCISES["relu"], relu)
    assert result.status == "not_attempted"
    assert "`raise NotImplementedError` still stands in it" in result.message


def test_code_below_a_left_over_line_is_told_to_lose_it_where_python_left_it_out():
    def neighborhood(image, row, col):
        """Cut out nine values."""
        raise NotImplementedError()
        return image[row - 1 : row + 2, col - 1 : col + 2]

    result = judge(EXERCISES["neighborhood"], neighborhood)
    assert "`raise NotImplementedError` still stands in it" in result.message


def test_a_stub_is_only_asked_to_be_filled():
    def relu(values):
        """Return values, negative ones replaced by 0."""
        raise NotImplementedError()

    assert "Write your answer" in judge(EXERCISES["relu"], relu).message


def test_an_answer_that_calls_a_stub_is_told_which_and_not_of_a_line_that_it_has_not(monkeypatch):
    def pool_output_size(size, pool_size=2, strides=None):
        raise NotImplementedError()

    def kept_fraction(size, pool_size=2):
        return (stub(size, pool_size) / size) ** 2

    def stub(size, pool_size):
        return pool_output_size(size, pool_size)

    monkeypatch.setitem(globals(), "pool_output_size", pool_output_size)
    result = judge(EXERCISES["kept_fraction"], kept_fraction)
    assert result.status == "failed"
    assert "Your answer calls `pool_output_size`, and there `raise" in result.message
    assert "call `yours.pool_output_size`" in result.message
    assert "in your answer" not in result.message


def test_a_stub_with_no_exercise_of_its_own_has_none_of_the_courses_in_its_place(monkeypatch):
    def windows(size):
        raise NotImplementedError

    monkeypatch.setitem(globals(), "windows", windows)
    result = judge(EXERCISES["kept_fraction"], lambda size, pool_size=2: windows(size))
    assert (
        "`windows`, and there `raise NotImplementedError` still stands. Write that first."
        in result.message
    )
    assert "yours" not in result.message


def test_a_part_of_the_answer_that_is_not_written_is_the_answers_own():
    def kept_fraction(size, pool_size=2):
        def windows():
            raise NotImplementedError

        return (windows() / size) ** 2

    result = judge(EXERCISES["kept_fraction"], kept_fraction)
    assert result.status == "not_attempted"
    assert "still stands in it" in result.message


# --- Predictions as people type them --------------------------------------------------------------

SHAPES = EXERCISES["predicted_shapes"].reference


@pytest.mark.parametrize(
    ("key", "answer", "mistake"),
    [
        ("predicted_without_second_block", (1, 386, 506), "commas_typed"),
        ("predicted_without_second_block", (206, 858), "commas_typed"),
        ("predicted_parameters", [640, 0, 36, 928, 0, 0, 204, 928, 1, 290], "commas_typed"),
        ("predicted_parameters", [640, 0, 36, 928, 0, 0, 204928, 1290], "commas_typed"),
        (
            "predicted_parameters",
            [*EXERCISES["predicted_parameters"].reference, 5],
            "total_appended",
        ),
        ("predicted_shapes", [(1, *np.atleast_1d(s).tolist()) for s in SHAPES], "batch_axis"),
        ("predicted_shapes", [(s[0], s[1], 32) for s in SHAPES[:4]] + [800, 128, 10], "filters_32"),
        ("predicted_shapes", list(map(str, SHAPES)), "as_text"),
        ("predicted_shapes", [*SHAPES[:4], "1600", "128", "10"], "as_text"),
    ],
)
def test_a_prediction_is_told_how_it_was_typed(key, answer, mistake):
    assert said(key, answer)[0] == mistake


def test_shapes_may_come_as_a_dictionary_by_layer():
    by_layer = {f"layer {number}": shape for number, shape in enumerate(SHAPES)}
    assert judge(EXERCISES["predicted_shapes"], by_layer)


# --- What the exam's network says ------------------------------------------------------------------

RIGHT = EXERCISES["predictions"].reference


@pytest.mark.parametrize(
    ("answer", "mistake", "words"),
    [
        (RIGHT.argmax(1), "classes_only", "These are class numbers"),
        (RIGHT.argmax(1).astype(float), "classes_only", "These are class numbers"),
        (RIGHT.max(1), "one_number_each", "All ten probabilities are wanted"),
        (RIGHT.T, "transposed", "Rows and columns have changed places"),
        (np.eye(10)[RIGHT.argmax(1)], "zeros_and_ones", "as argmax or rounding leave it"),
        (np.roll(RIGHT, 7, axis=0), "order_lost", "for the exam's images, and not for others?"),
        (0.9995 * np.eye(10)[RIGHT.argmax(1)] + 0.00005, "not_prepared", "asked about bytes"),
    ],
)
def test_predictions_are_told_what_became_of_the_probabilities(answer, mistake, words):
    name, message = said("predictions", answer)
    assert name == mistake
    assert words in message


# --- A loop over pixels ---------------------------------------------------------------------------


def comprehension(image, kernel):
    kh, kw = kernel.shape
    rows, cols = np.subtract(image.shape, kernel.shape) + 1
    return np.array(
        [[(image[r : r + kh, c : c + kw] * kernel).sum() for c in range(cols)] for r in range(rows)]
    )


def flat_loop(image, kernel):
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    out = np.zeros(windows.shape[:2])
    for place in range(out.size):
        at = np.unravel_index(place, out.shape)
        out[at] = np.sum(windows[at] * kernel)
    return out


def vectorized(image, kernel):
    kh, kw = kernel.shape
    rows, cols = np.indices(np.subtract(image.shape, kernel.shape) + 1)
    return np.vectorize(lambda r, c: np.sum(image[r : r + kh, c : c + kw] * kernel))(rows, cols)


@pytest.mark.parametrize("answer", [comprehension, flat_loop, vectorized])
def test_a_loop_over_pixels_is_found_by_its_steps(answer):
    name, message = said("conv2d_fast", answer)
    assert name == "loops_over_pixels"
    assert "Every value is right" in message
    assert judge(EXERCISES["conv2d_valid"], answer)


def as_strided(image, kernel):
    image = np.ascontiguousarray(image, dtype=float)
    shape = (*(np.subtract(image.shape, kernel.shape) + 1), *kernel.shape)
    windows = np.lib.stride_tricks.as_strided(image, shape, image.strides * 2)
    return np.einsum("rcij,ij->rc", windows, kernel)


def by_fft(image, kernel):
    return signal.fftconvolve(image.astype(float), kernel[::-1, ::-1], mode="valid")


def by_ndimage(image, kernel):
    kh, kw = kernel.shape
    full = ndimage.correlate(image.astype(float), kernel, mode="constant")
    top, left = kh // 2, kw // 2
    return full[top : top + image.shape[0] - kh + 1, left : left + image.shape[1] - kw + 1]


def in_columns(image, kernel):
    kh, kw = kernel.shape
    out = np.zeros(np.subtract(image.shape, kernel.shape) + 1)
    for c in range(out.shape[1]):
        strip = image[:, c : c + kw] @ kernel.T
        for i in range(kh):
            out[:, c] += strip[i : i + len(out), i]
    return out


@pytest.mark.parametrize("answer", [as_strided, by_fft, by_ndimage, in_columns])
def test_whatever_does_not_go_from_pixel_to_pixel_is_fast_enough(answer):
    assert judge(EXERCISES["conv2d_fast"], answer)


# --- Wrong answers that passed --------------------------------------------------------------------


def middle_of_bytes(image, size):
    out = np.zeros((image.shape[0] - size + 1, image.shape[1] - size + 1))
    for r, c in np.ndindex(out.shape):
        values = np.sort(image[r : r + size, c : c + size].ravel())
        n = len(values)
        out[r, c] = values[n // 2] if n % 2 else (values[n // 2 - 1] + values[n // 2]) / 2
    return out


@pytest.mark.filterwarnings("ignore:overflow")
@pytest.mark.parametrize(
    ("key", "answer", "mistake"),
    [
        ("median_filter", middle_of_bytes, "bytes_added"),
        ("relu", lambda values: (abs(values) + values) / 2, "bytes_overflow"),
        ("dead_channels", lambda a: int((a.max(axis=(0, 1, 2)) == 0).sum()), "not_positive"),
        ("dead_channels", lambda a: int((a.sum(axis=(0, 1, 2)) == 0).sum()), "sum_is_zero"),
        (
            "output_size",
            lambda n, k, padding=0, strides=1: (n + 2 * padding - k) // strides % 256 + 1,
            None,
        ),
        ("bug_finder", (np.arange(12).reshape(3, 4), np.array([[1, 2]])), "not_square"),
        ("bug_finder", (np.full((3, 3), 1e308), np.array([[1, 9], [0, 1]])), "overflow"),
    ],
)
def test_a_wrong_answer_that_once_passed_is_refused_and_told_why(key, answer, mistake):
    assert said(key, answer)[0] == mistake


# --- The proof's other direction ------------------------------------------------------------------


@pytest.mark.parametrize(
    "key",
    [
        "relu",
        pytest.param("neighborhood", marks=pytest.mark.slow),
        pytest.param("kernel_gradient", marks=pytest.mark.slow),
    ],
)
def test_what_is_said_of_strange_answers_is_true(key):
    said_of_all = list(tried(EXERCISES[key]))
    assert len(said_of_all) > 40
    assert [one for one in said_of_all if one.verdict in ("wrongly", "accepted")] == []
    assert sum(one.verdict == "rightly" for one in said_of_all) > 20


@pytest.mark.parametrize("key", ["horizontal_kernel", "predicted_shapes", "predictions"])
def test_what_is_said_of_strange_values_is_true(key):
    said_of_all = list(tried(EXERCISES[key]))
    assert [one for one in said_of_all if one.verdict in ("wrongly", "accepted")] == []
    assert sum(one.verdict == "rightly" for one in said_of_all) > 20


@pytest.mark.tensorflow
def test_what_is_said_of_strange_networks_is_true():
    said_of_all = list(tried(EXERCISES["build_dense"]))
    assert [one for one in said_of_all if one.verdict in ("wrongly", "accepted")] == []
    assert sum(one.verdict == "rightly" for one in said_of_all) > 5


def test_a_name_that_is_not_true_is_found(monkeypatch):
    """A description that knows the notebook's cases by heart, and fits any answer to them."""
    calls, _ = solved_calls("relu", NOTEBOOK_SEED)
    seen = [one.args[0].tobytes() for one in calls]
    loose = mistake(
        "anything",
        "Anything.",
        lambda values: values,
        fits=lambda call, right, got: call.args[0].tobytes() in seen,
    )
    exercise = replace(EXERCISES["relu"], mistakes=(loose,))
    monkeypatch.setitem(EXERCISES, "relu", exercise)
    forget()
    found = [one for one in tried(exercise) if one.verdict == "wrongly"]
    forget()
    assert found
    assert {one.name for one in found} == {"anything"}


CAME = (
    *(np.full(shape, value) for shape in [(), (2,), (2, 3), (0,)] for value in (1, 1.0, True, np.nan)),
    *(np.array([value, 1e6]) for value in (0.0, 0.5, 11.0, np.inf, -np.inf, np.nan)),
    np.array([np.inf, 0.5]), np.array([np.inf, 0.0]), np.array(["a", "b"]), np.array([1j, 2]),
    np.array([2**70, 1]), 1, 1.0, True, np.float32(1), 2**70, None, [1.0, 1.0], "1",
)  # fmt: skip


def test_comparing_with_all_ways_at_once_leaves_out_none_that_gave_the_same():
    error = Raised("raised", "ValueError", "no", "no")
    outcomes = [*map(Outcome, CAME), Outcome(error=error), Outcome(error=error._replace(type="A"))]
    rows = Rows(enumerate(outcomes), 1e-5)
    left = 0
    for mine in outcomes:
        near = rows.near(mine)
        alike = [way for way, one in enumerate(outcomes) if same(mine, one, 1e-5)]
        assert set(alike) <= set(near), mine
        assert near == sorted(set(near))
        left += len(near)
    assert left < len(outcomes) ** 2 / 2
