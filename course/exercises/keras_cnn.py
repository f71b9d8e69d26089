"""Lesson 4: a small network that tells clothes apart, and what its numbers are."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from course.exercises import building, trials
from course.exercises.building import build_cnn, build_dense
from course.exercises.exercise import ByCalls, ByObservation, Call, Mistake, call, mistake
from helpers.network import confusion_matrix, conv_parameters

HERE = Path(__file__).parent


# --- prepare -------------------------------------------------------------------------------------


def prepare(images: np.ndarray) -> np.ndarray:
    return (images / 255).astype(np.float32)[..., np.newaxis]


Results = list[tuple[Any, bool]]


def every(results: Results, holds: Callable[[Any], bool]) -> bool:
    return all(holds(result) for result, _ in results)


def gives(change: Callable[[np.ndarray], Any]) -> Callable[[Results], bool]:
    """Test whether the values, in whatever shape, are those of a changed preparation."""

    def test(results: Results) -> bool:
        return all(
            result.size == (expected := np.ravel(change(batch))).size
            and np.allclose(np.ravel(result).astype(float), expected, rtol=0, atol=1e-4)
            for (result, _), batch in zip(results, trials.BATCHES, strict=True)
        )

    return test


def shaped(shape: Callable[[int], tuple[int, ...]]) -> Callable[[Results], bool]:
    """Test whether every result has such a shape; `shape` is told the number of images."""
    return lambda results: all(
        result.shape == shape(len(batch))
        for (result, _), batch in zip(results, trials.BATCHES, strict=True)
    )


def in_place(images: np.ndarray) -> np.ndarray:
    result = prepare(images)
    images //= 255
    return result


def float16(images: np.ndarray) -> np.ndarray:
    return prepare(images).astype(np.float16)


# fmt: off
PREPARE = (
    mistake("returned_none", "None came back: what a function gives back stands after `return`.",
            lambda images: None, test=lambda r: every(r, lambda x: x is None)),
    mistake("not_an_array", "An array is wanted: images of shape (N, 28, 28) go in, one array of "
            "shape (N, 28, 28, 1) comes out.",
            lambda images: prepare(images).tolist(),
            test=lambda r: not every(r, lambda x: isinstance(x, np.ndarray) and x.dtype.kind in "iufb")),
    mistake("changed_input", "It changed the images that it was given. Whoever calls it still needs "
            "those bytes, for example to show them: make a new array.",
            in_place, test=lambda r: any(changed for _, changed in r)),
    mistake("not_scaled", "The values still run from 0 to 255. Divide by 255, so that they run from "
            "0 to 1.", lambda i: i[..., None].astype(np.float32), test=gives(lambda i: i)),
    mistake("scaled_twice", "It divides by 255 twice: a white pixel becomes 0.0039, and every image "
            "is almost black. Once is enough.",
            lambda i: (prepare(i) / 255), test=gives(lambda i: i / 255**2)),
    mistake("divided_by_256", "A white pixel becomes 0.996: you divide by 256. There are 256 grey "
            "values, and the largest of them is 255.",
            lambda i: prepare(i) * np.float32(255 / 256), test=gives(lambda i: i / 256)),
    mistake("whole_numbers", "Only 0 and 1 are left: `//`, or a conversion to int, drops the "
            "fractions. Divide with `/`.",
            lambda i: (i // 255)[..., None].astype(np.float32), test=gives(lambda i: i // 255)),
    mistake("divided_by_own_maximum", "You divide by the largest value of the batch. Then the same "
            "shirt is darker or brighter depending on the images beside it. Divide by 255, always.",
            lambda i: (i / i.max()).astype(np.float32)[..., None], test=gives(lambda i: i / i.max())),
    mistake("divided_by_own_maximum", "You divide each image by its own largest value. Dark clothes "
            "become as bright as light ones. Divide by 255, always.",
            lambda i: (i / i.max((1, 2), keepdims=True)).astype(np.float32)[..., None],
            test=gives(lambda i: i / i.max((1, 2), keepdims=True))),
    mistake("minus_one_to_one", "The values run from -1 to 1. That trains too, but 0 to 1 is asked.",
            lambda i: prepare(i) * 2 - 1, test=gives(lambda i: i / 127.5 - 1)),
    mistake("standardised", "You subtract the mean and divide by the spread, so values run below 0. "
            "Only divide by 255.",
            lambda i: ((i - i.mean()) / i.std()).astype(np.float32)[..., None],
            test=gives(lambda i: (i - i.mean()) / i.std())),
    mistake("inverted", "Black and white are swapped: 0 became 1. Divide, and do not subtract.",
            lambda i: 1 - prepare(i), test=gives(lambda i: 1 - i / 255)),
    mistake("transposed", "Rows and columns are swapped: the clothes lie on their side.",
            lambda i: prepare(i).transpose(0, 2, 1, 3),
            test=gives(lambda i: i.transpose(0, 2, 1) / 255)),
    mistake("no_channel_axis", "The values are right, the shape is not: a last axis of length 1 is "
            "missing. It counts the channels, and a grey image has one. `images[..., np.newaxis]` "
            "adds an axis.", lambda i: prepare(i)[..., 0], test=shaped(lambda n: (n, 28, 28))),
    mistake("channel_axis_elsewhere", "The axis for the channel stands in the wrong place. Keras wants it "
            "last: (images, height, width, channels).",
            lambda i: prepare(i).transpose(0, 3, 1, 2),
            test=lambda r: shaped(lambda n: (n, 1, 28, 28))(r) or shaped(lambda n: (1, n, 28, 28))(r)
            or shaped(lambda n: (n, 28, 1, 28))(r)),
    mistake("flattened", "Each image became one row of 784 numbers. A convolution needs to know which "
            "pixels are neighbours: keep 28 rows of 28.",
            lambda i: prepare(i).reshape(len(i), -1),
            test=lambda r: shaped(lambda n: (n, 784))(r) or shaped(lambda n: (n, 784, 1))(r)
            or shaped(lambda n: (n * 784,))(r)),
    mistake("three_channels", "There are three channels now. A grey image has one.",
            lambda i: np.repeat(prepare(i), 3, axis=3), test=shaped(lambda n: (n, 28, 28, 3))),
    mistake("first_image_only", "Only one image came back. The function is given a whole batch: all of "
            "it is wanted.", lambda i: prepare(i)[:1],
            test=lambda r: every(r, lambda x: x.shape[:1] == (1,))
            or shaped(lambda n: (28, 28, 1))(r)),
    mistake("wrong_shape", "The shape should be (N, 28, 28, 1): images, height, width, channels.",
            lambda i: prepare(i)[:, 1:-1, 1:-1],
            test=lambda r: not shaped(lambda n: (n, 28, 28, 1))(r)),
    mistake("half_precision", "The values are float16, which keeps three digits. Use np.float32.",
            float16, test=lambda r: every(r, lambda x: x.dtype == np.float16)),
    mistake("wrong_values", "The shape is right, the values are not. A byte of 0 should become 0.0, 51 "
            "should become 0.2, and 255 should become 1.0, each in its place.",
            lambda i: prepare(i) ** 2, test=lambda r: not gives(lambda i: i / 255)(r)),
    mistake("double_precision", "The values are right, but they are float64. 20,000 images take 125 MB "
            "so, and 63 MB as float32, which is what Keras computes with: .astype(np.float32).",
            lambda i: (i / 255)[..., None],
            test=lambda r: not every(r, lambda x: x.dtype == np.float32)),
)
# fmt: on


# --- What the network's numbers are ------------------------------------------------------------

SHAPES = ((26, 26, 64), (13, 13, 64), (11, 11, 64), (5, 5, 64), 1600, 128, 10)
PARAMETERS = (640, 0, 36_928, 0, 0, 204_928, 1_290)
WITHOUT_SECOND_BLOCK = 1_386_506


def as_shapes(answer: Any) -> list[tuple[Any, ...]] | None:
    """Read shapes as people write them: a batch axis first, 1600 or (1600,); None if they aren't."""
    try:
        shapes = [tuple(one) if np.ndim(one) else (one,) for one in answer]
    except TypeError:
        return None
    return [shape[1:] if len(shape) in (2, 4) and shape[0] is None else shape for shape in shapes]


def shapes_are(*changed: tuple[int, Any]) -> Callable[[Any], bool]:
    """Test whether shapes are the right ones but for some, given as (position, shape)."""
    wrong = [shape if isinstance(shape, tuple) else (shape,) for shape in SHAPES]
    for position, shape in changed:
        wrong[position] = shape if isinstance(shape, tuple) else (shape,)
    return lambda seen: seen == wrong


def wrong_by(place: int) -> Callable[[Any], bool]:
    """Test whether a shape up to this place is wrong."""
    return lambda seen: not shapes_are(*((i, seen[i]) for i in range(place + 1, 7)))(seen)


def with_shapes(*changed: tuple[int, Any]) -> list[Any]:
    wrong: list[Any] = list(SHAPES)
    for position, shape in changed:
        wrong[position] = shape
    return wrong


def shapes_mistake(id: str, message: str, *changed: tuple[int, Any]) -> Mistake:
    return mistake(id, message, with_shapes(*changed), test=shapes_are(*changed))


LAYER_NAMES = (
    "Conv2D",
    "MaxPooling2D",
    "the second Conv2D",
    "the second MaxPooling2D",
    "Flatten",
    "the first Dense",
    "the last Dense",
)
# fmt: off
SAME = ((0, (28, 28, 64)), (1, (14, 14, 64)), (2, (14, 14, 64)), (3, (7, 7, 64)), (4, 3136))
POOLED_BY_3 = ((1, (8, 8, 64)), (2, (6, 6, 64)), (3, (2, 2, 64)), (4, 256))
PREDICTED_SHAPES = (
    mistake("not_shapes", "A list of seven shapes is wanted, the first is (26, 26, 64). After Flatten a shape "
            "is one number.", 7, test=lambda seen: seen is None),
    mistake("input_included", "You begin with the input. The list begins with what the first Conv2D gives.",
            [(28, 28, 1), *SHAPES], test=lambda seen: seen[0][:2] == (28, 28) and len(seen) == 8),
    mistake("wrong_length", "Seven layers, seven shapes: Conv2D, MaxPooling2D, Conv2D, MaxPooling2D, Flatten, "
            "Dense, Dense.", SHAPES[:4], test=lambda seen: len(seen) != 7),
    mistake("channels_left_out", "A convolution of 64 filters gives 64 maps: the third number of its shape.",
            [s[:2] if isinstance(s, tuple) else s for s in SHAPES], test=lambda seen: len(seen[0]) == 2),
    mistake("channels_first", "Keras writes rows, columns, channels: the 64 comes last.",
            [(64, s[0], s[1]) if isinstance(s, tuple) else s for s in SHAPES],
            test=lambda seen: seen[0] == (64, 26, 26)),
    shapes_mistake("size_kept", "A 3x3 kernel loses one row at each side: of 28 rows 26 are left, of 13 it leaves 11.",
                   *SAME),
    shapes_mistake("pool_size_3", "The network pools 2x2: 26 becomes 13. With 3x3 it would be 8.", *POOLED_BY_3),
    shapes_mistake("kernel_2x2", "The kernel is 3x3, so 28 becomes 26. A 2x2 kernel would give 27.",
                   (0, (27, 27, 64)), (2, (12, 12, 64)), (3, (6, 6, 64)), (4, 2304)),
    shapes_mistake("rounded_up", "11 rows make five windows of two. The odd row is dropped, so 5 and not 6.",
                   (3, (6, 6, 64)), (4, 2304)),
    shapes_mistake("second_size_kept", "The second convolution loses a row on each side too: 13 becomes 11.",
                   (2, (13, 13, 64)), (3, (6, 6, 64)), (4, 2304)),
    shapes_mistake("second_size_kept", "The second convolution loses two columns and two rows too: 13 becomes 11.",
                   (2, (12, 12, 64)), (3, (6, 6, 64)), (4, 2304)),
    shapes_mistake("channels_multiplied", "The second Conv2D does not give 64 maps for each of 64: each of its filters "
                   "looks at all 64 maps at once and gives one.",
                   (2, (11, 11, 4096)), (3, (5, 5, 4096)), (4, 102_400)),
    shapes_mistake("one_channel", "A second Conv2D of 64 filters gives 64 maps again.",
                   (2, (11, 11, 1)), (3, (5, 5, 1)), (4, 25)),
    shapes_mistake("flatten_without_channels", "Flatten keeps every number: 5 times 5 times 64.", (4, 25)),
    mistake("flatten", "Flatten puts all numbers of the maps before it in a row: 5 * 5 * 64.",
            with_shapes((4, 320)), test=lambda seen: shapes_are((4, seen[4]))(seen) and seen[4] != (1600,)),
    mistake("dense_sizes", "A Dense layer gives one number for each of its units: 128, then 10.",
            with_shapes((5, 1600)), test=lambda seen: shapes_are(*((i, seen[i]) for i in (5, 6)))(seen)
            and seen[5:] != [(128,), (10,)]),
    *(mistake("first_wrong", f"The first shape that is not right is number {i + 1}, after {name}. "
              "A 3x3 kernel loses two rows and two columns, a 2x2 pool halves and drops an odd one.",
              with_shapes((i, (9, 9, 9) if i < 4 else 99), (6, 11)), test=wrong_by(i))
      for i, name in enumerate(LAYER_NAMES[:5])),
)
CONV_PARAMETERS = (
    mistake("bias_forgotten", "The biases are missing: one number for each filter. For 3, 1, 64 you get 576, it is 640.",
          lambda k, c, f: k * k * c * f),
    mistake("one_bias_for_all", "You count one bias for the whole layer. Each filter has its own.",
          lambda k, c, f: k * k * c * f + 1),
    mistake("bias_per_channel", "You count a bias for each channel of each kernel. A filter has one bias, however many "
          "channels it looks at.", lambda k, c, f: (k * k + 1) * c * f, lambda k, c, f: k * k * c * f + c * f),
    mistake("channels_forgotten", "A filter has a kernel for every channel that comes in: k * k * channels weights.",
          lambda k, c, f: (k * k + 1) * f, lambda k, c, f: k * k * f),
    mistake("channels_added", "Channels multiply: each filter has k * k weights for each of them.",
          lambda k, c, f: (k * k + c + 1) * f, lambda k, c, f: (k * k + c) * f),
    mistake("kernel_not_squared", "A kernel of size 3 has 3 rows of 3: nine weights.",
          lambda k, c, f: (k * c + 1) * f, lambda k, c, f: (2 * k * c + 1) * f, lambda k, c, f: k * c * f),
    mistake("filters_forgotten", "That is one filter. Multiply by how many there are.",
          lambda k, c, f: k * k * c + 1, lambda k, c, f: k * k * c),
    mistake("bias_of_pixels", "There is one bias for each filter, not one for each weight of a kernel.",
          lambda k, c, f: k * k * (c + 1) * f, lambda k, c, f: (k * k * c + k) * f,
          lambda k, c, f: (k * k * c + k * k) * f),
    mistake("kernel_fixed", "A kernel is not always 3x3: use kernel_size.", lambda k, c, f: (9 * c + 1) * f),
    mistake("added", "Weights multiply: each filter has k * k of them for each channel.", lambda k, c, f: k * k + c + f,
          lambda k, c, f: k + c + f),
    mistake("filters_squared", "Filters are counted twice: (k * k * channels + 1) weights for each filter, once.",
          lambda k, c, f: (k * k * c * f + 1) * f, lambda k, c, f: (k * k * c + f) * f),
    mistake("swapped", "The bias goes with the filters that come out, not with the channels that come in.",
          lambda k, c, f: (k * k * f + 1) * c, lambda f, c, k: (k * k * c + 1) * f),
)


# fmt: on


def with_parameters(**changed: int) -> list[int]:
    """The right list but for some places: ``_2=640`` changes the third."""
    wrong = list(PARAMETERS)
    for place, number in changed.items():
        wrong[int(place[1:])] = number
    return wrong


def as_numbers(answer: Any) -> list[float] | None:
    """Read a list of numbers; None if it is none."""
    try:
        numbers = np.asarray(answer, dtype=float)
    except (TypeError, ValueError):
        return None
    return numbers.tolist() if numbers.ndim == 1 else None


def has(**places: tuple[int, ...]) -> Callable[[Any], bool]:
    """Test whether one of these numbers stands in such a place: ``has(_2=(640, 576))``."""
    return lambda seen: any(seen[int(place[1:])] in wrong for place, wrong in places.items())


def has_not(place: int) -> Callable[[Any], bool]:
    """Test whether the number in a place is wrong."""
    return lambda seen: seen[place] != PARAMETERS[place]


def as_number(answer: Any) -> float | None:
    """Read one number; None if it is none."""
    try:
        return float(answer) if np.ndim(answer) == 0 and not isinstance(answer, str) else None
    except (TypeError, ValueError):
        return None


def total_mistake(id: str, message: str, *totals: int) -> Mistake:
    return mistake(id, message, totals[0], test=lambda seen: seen in totals)


# fmt: off
PREDICTED_PARAMETERS = (
    mistake("not_numbers", "A list of seven numbers is wanted, one for each layer.", 243_786, test=lambda seen: seen is None),
    mistake("only_trainable_layers", "Seven layers, seven numbers: those without weights have 0.",
            [640, 36_928, 204_928, 1_290], test=lambda seen: len(seen) == 4),
    mistake("total_appended", "There is one number too many: seven are wanted, without the total.", [*PARAMETERS, 243_786],
            test=lambda seen: len(seen) == 8),
    mistake("wrong_length", "Seven layers, seven numbers.", PARAMETERS[:5], test=lambda seen: len(seen) != 7),
    mistake("filters_32", "That is the network with 32 filters. Count the one with 64.",
            [320, 0, 9_248, 0, 0, 102_528, 1_290], test=lambda seen: seen[0] == 320),
    mistake("flatten_learns", "Flatten and pooling learn nothing: they have no weights. Theirs are 0.",
            with_parameters(_4=1600), test=lambda seen: any(seen[i] != 0 for i in (1, 3, 4))),
    mistake("bias_forgotten", "Biases are missing: one for each filter and one for each unit. The first layer has "
            "9 * 64 weights and 64 biases.", with_parameters(_0=576, _2=36_864, _5=204_800, _6=1_280),
            test=has(_0=(576,), _2=(36_864,), _5=(204_800,), _6=(1_280,))),
    mistake("one_bias_for_all", "You count one bias for a whole layer. Every filter and every unit has its own.",
            with_parameters(_0=577), test=has(_0=(577,), _2=(36_865,), _5=(204_801,), _6=(1_281,))),
    mistake("channels_forgotten", "The second Conv2D looks at 64 maps, so each of its filters has 9 * 64 weights and one "
            "bias.", with_parameters(_2=640), test=has(_2=(640, 576))),
    mistake("dense_from_maps", "The first Dense layer looks at all 1,600 numbers that Flatten gives: (1600 + 1) * 128.",
            with_parameters(_5=8_320), test=has(_5=(65 * 128, 26 * 128, 128, 1728, 64 * 128, 25 * 128))),
    *(mistake(f"wrong_at_{i + 1}", f"The first number that is not right is that of {LAYER_NAMES[i]}. Each filter or unit has "
              "one weight for each number that it looks at, and one bias.", with_parameters(**{f"_{i}": PARAMETERS[i] + 7}),
              test=has_not(i)) for i in (0, 2, 5, 6)),
)
PREDICTED_WITHOUT = (
    mistake("not_a_number", "One number is wanted: the total of what the shorter network learns.", [1], test=lambda seen: seen is None),
    total_mistake("only_subtracted", "You took the second block's 36,928 away. But Flatten has more to flatten now: "
                  "13 * 13 * 64 numbers, and every one of them has 128 weights.", 206_858, 206_922, 206_794),
    total_mistake("pool_taken_too", "The first pool stays: the maps are 13x13 when they are flattened, not 26x26.", 5_539_850),
    total_mistake("maps_11", "The second convolution is gone, so nothing makes 11 of 13.", 993_290),
    total_mistake("convolution_kept", "The second convolution's 36,928 are still counted. It is gone, with its pool.",
                  1_423_434, 1_030_218),
    total_mistake("bias_forgotten", "Biases are missing: one for each filter and each unit.",
                  *(WITHOUT_SECOND_BLOCK - missing for missing in (202, 64, 128, 10, 138, 192, 74))),
    total_mistake("part_only", "That is part of it. Add up the Conv2D, the Dense layer of 128 and the Dense layer of 10.",
                  1_384_576, 1_385_866, 1_385_216, 1_384_448, 10_816, 640, 1_290),
    total_mistake("unchanged", "That is the network with both blocks.", 243_786),
    total_mistake("filters_32", "That is the network with 32 filters. Count the one with 64.", 693_962, 113_386),
    total_mistake("difference", "That is how many more there are. The total is wanted.", 1_142_720),
    total_mistake("channels_forgotten", "Flatten has 13 * 13 numbers of each of 64 maps.", 23_690),
    mistake("too_few", "There are more. Which layer has the most weights, and how many numbers reach it now?", 100_000,
            test=lambda seen: not seen >= WITHOUT_SECOND_BLOCK),
    mistake("too_many", "There are fewer. The network is Conv2D, MaxPooling2D, Flatten, Dense(128), Dense(10).", 2_000_000,
            test=lambda seen: seen > WITHOUT_SECOND_BLOCK),
)
# fmt: on


# --- StopAtAccuracy ------------------------------------------------------------------------------

Stops = Callable[[dict[str, float], float], bool]


def stopped(stops: Stops, later: int = 0) -> dict[str, int]:
    """In which epoch each training ends if it stops at ``stops(logs, target)``."""
    return {
        name: min(
            next((e + 1 for e, one in enumerate(logs) if stops(one, target)), len(logs)) + later,
            len(logs),
        )
        for name, (target, logs) in trials.trainings().items()
    }


def callback(method: str = "on_epoch_end", **more: Any) -> Callable[[Callable[..., Any]], type]:
    """Make a class of what stops it, a function of the callback itself and of the logs.

    The class is made when it is first used: only then is Keras needed.
    """

    def make(end: Callable[..., Any]) -> type:
        class StopAtAccuracy:
            def __new__(cls, *args: Any, **kwargs: Any) -> Any:
                import keras

                base = keras.callbacks.Callback

                def start(self: Any, target: float) -> None:
                    base.__init__(self)
                    self.target = target

                def on_end(self: Any, number: int, logs: Any = None) -> None:
                    end(self, logs or {})

                def on_test_end(self: Any, logs: Any = None) -> None:
                    end(self, logs or {})

                methods = {"__init__": start, method: on_end} | more
                if method == "on_test_end":
                    methods[method] = on_test_end
                return type("StopAtAccuracy", (base,), methods)(*args, **kwargs)

        return StopAtAccuracy

    return make


def stopping_when(stops: Stops, method: str = "on_epoch_end") -> type:
    """Make a callback that stops when ``stops(logs, target)``."""

    @callback(method)
    def answer(self: Any, logs: dict[str, float]) -> None:
        if stops(logs, self.target):
            self.model.stop_training = True

    return answer


StopAtAccuracy = stopping_when(lambda logs, target: logs.get("val_accuracy", 0) >= target)


@callback()
def always_assigned(self: Any, logs: dict[str, float]) -> None:
    self.model.stop_training = bool(logs["val_accuracy"] >= self.target)


def stops_mistake(id: str, message: str, stops: Stops, method: str = "on_epoch_end") -> Mistake:
    counts = stopped(stops)
    return mistake(id, message, stopping_when(stops, method), test=lambda seen: seen == counts)


@callback()
def sets_itself(self: Any, logs: dict[str, float]) -> None:
    self.stop_training = logs["val_accuracy"] >= self.target


class NoCallback:
    def __init__(self, target: float) -> None:
        self.target = target

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        pass


@callback("on_epoch_begin")
def late(self: Any, logs: dict[str, float]) -> None:
    if getattr(self, "reached", False):
        self.model.stop_training = True


def remembered(self: Any, epoch: int, logs: Any = None) -> None:
    self.reached = logs["val_accuracy"] >= self.target


@callback("on_epoch_begin", on_epoch_end=remembered)
def one_late(self: Any, logs: dict[str, float]) -> None:
    if getattr(self, "reached", False):
        self.model.stop_training = True


RIGHT_EPOCHS = stopped(lambda logs, target: logs["val_accuracy"] >= target)
NEVER = stopped(lambda logs, target: False)


def some(seen: dict[str, int], order: Callable[[int, int], bool]) -> bool:
    return any(order(seen[name], epoch) for name, epoch in RIGHT_EPOCHS.items())


# fmt: off
STOPPING = (
    mistake("no_callback", "Keras can't use it: let the class inherit, class StopAtAccuracy(keras.callbacks.Callback).",
            NoCallback, test=lambda seen: isinstance(seen, str)),
    mistake("never_stops", "It never stops a training. To stop one, a callback sets self.model.stop_training = True in "
            "on_epoch_end; `self` alone is the callback, and `self.model` the network.",
            sets_itself, test=lambda seen: seen == NEVER),
    stops_mistake("training_accuracy", "It looks at the accuracy on training images, which a network can reach by heart. "
                  "The logs have the one on held-out images too, with val_ before its name.",
                  lambda logs, target: logs["accuracy"] >= target),
    stops_mistake("either_accuracy", "It stops when either accuracy reaches the target. Only the one on held-out images "
                  "counts.", lambda logs, target: max(logs["accuracy"], logs["val_accuracy"]) >= target),
    stops_mistake("both_accuracies", "It waits until both accuracies reach the target. The one on held-out images is enough.",
                  lambda logs, target: min(logs["accuracy"], logs["val_accuracy"]) >= target),
    stops_mistake("not_when_equal", "It goes on when the accuracy is exactly the target. That is reached: >=, not >.",
                  lambda logs, target: logs["val_accuracy"] > target),
    stops_mistake("only_when_equal", "It stops only when the accuracy is exactly the target. It may jump over it: >=, not ==.",
                  lambda logs, target: logs["val_accuracy"] == target),
    stops_mistake("target_ignored", "It stops at 0.9 whatever its target is. Keep what __init__ is given: self.target = "
                  "target.", lambda logs, target: logs["val_accuracy"] >= 0.9),
    stops_mistake("target_shared", "Two of them share one target: the last one made decides. Keep it in self.target, not "
                  "in the class or outside.", lambda logs, target: logs["val_accuracy"] >= 0.8),
    stops_mistake("reversed", "It stops while the accuracy is below the target, and goes on above it. Turn the "
                  "comparison round.", lambda logs, target: logs["val_accuracy"] < target),
    stops_mistake("reversed", "It stops while the accuracy is at or below the target. Turn the comparison round.",
                  lambda logs, target: logs["val_accuracy"] <= target),
    stops_mistake("loss", "It compares the loss with the target. The logs have the accuracy beside it.",
                  lambda logs, target: logs["val_loss"] <= target + 1.15),
    mistake("always_stops", "It stops every training after the first epoch. Stop only if the accuracy on held-out images "
            "has reached the target.", stopping_when(lambda logs, target: True),
            test=lambda seen: set(seen.values()) == {1}),
    mistake("one_epoch_late", "It stops one epoch too late. Look at the logs of the epoch that ends, in on_epoch_end.",
            one_late, test=lambda seen: seen == stopped(lambda logs, target: logs["val_accuracy"] >= target, 1)),
    mistake("too_early", "It stops a training that has not reached the target on held-out images.",
            stopping_when(lambda logs, target: logs["val_accuracy"] >= target - 0.05),
            test=lambda seen: some(seen, lambda mine, right: mine < right)),
    mistake("too_late", "It goes on although the target is reached on held-out images.",
            stopping_when(lambda logs, target: logs["val_accuracy"] >= target + 0.01),
            test=lambda seen: some(seen, lambda mine, right: mine > right)),
)
# fmt: on


# --- predictions ---------------------------------------------------------------------------------

PASSING = 0.75
"""Share of the exam's 2,000 images. The poorest plain solution (32 filters, one epoch, Adam as it
comes) had 80.8% on average over 36 seeds, 1.1% either way: `benchmarks/training.py` shows them."""

TOO_GOOD = 0.97  # the best networks published for these clothes reach 97% with far more effort


@cache
def exam_labels() -> np.ndarray:
    """Classes of `helpers.datasets.exam_images`; kept here because `helpers` is given to everyone."""
    return np.load(HERE / "exam_labels.npy")


def exam_predictions() -> np.ndarray:
    """What the course's own network said of them, (2000, 10), to 1/255."""
    shares = np.load(HERE / "exam_predictions.npy").astype(np.float32)
    return shares / shares.sum(axis=1, keepdims=True)


def accuracy(seen: np.ndarray) -> float:
    return float((seen.argmax(axis=1) == exam_labels()).mean())


def table(answer: Any) -> np.ndarray | None:
    """Read predictions: arrays, tensors and lists of lists; None if they are no numbers."""
    try:
        values = np.asarray(answer)
    except (TypeError, ValueError):
        return None
    return values if values.dtype.kind in "iuf" and values.ndim else None


PREDICTIONS = exam_predictions()
LOGITS = np.log(np.maximum(PREDICTIONS, 1e-3))
ONE_HOT = np.eye(10, dtype=np.float32)


# fmt: off
PREDICTED = (
    mistake("no_array", "An array of shape (2000, 10) is wanted: what model.predict(...) gives for the exam's images.",
            "model.predict", test=lambda seen: seen is None),
    mistake("classes_only", "These are class numbers, one for each image. Leave the ten probabilities as they are, without "
            "argmax.", PREDICTIONS.argmax(axis=1), test=lambda seen: seen.ndim == 1 and len(seen) == 2000),
    mistake("other_images", "There should be 2,000 rows, one for each of the exam's images. Are these the predictions for "
            "the test images?", PREDICTIONS[:1500], test=lambda seen: seen.shape[0] != 2000),
    mistake("wrong_shape", "The shape should be (2000, 10): a row for each image, a number for each class.",
            PREDICTIONS[:, :9], test=lambda seen: seen.shape != (2000, 10)),
    mistake("not_finite", "There are NaNs in it. The training went wrong: its loss became NaN. A smaller learning rate, or "
            "images scaled to 0..1, and train again.", np.full((2000, 10), np.nan),
            test=lambda seen: not np.isfinite(seen).all()),
    mistake("softmax_on_wrong_axis", "The columns add up to 1, and the rows should: ten probabilities for each image. The "
            "softmax runs over the images.", (PREDICTIONS / PREDICTIONS.sum(axis=0)),
            test=lambda seen: np.allclose(seen.sum(axis=0), 1, atol=0.02) and seen.min() >= 0),
    mistake("no_softmax", "The rows do not add up to 1, and there are negative numbers: these are scores. A softmax at the "
            "end of the network makes probabilities of them.", LOGITS, test=lambda seen: seen.min() < -1e-6),
    mistake("percent", "Each row adds up to 100. Probabilities add up to 1.", 100 * PREDICTIONS,
            test=lambda seen: np.allclose(seen.sum(axis=1), 100, rtol=0.02)),
    mistake("no_probabilities", "The ten numbers of each image should add up to 1.", PREDICTIONS * 2,
            test=lambda seen: not np.allclose(seen.sum(axis=1), 1, atol=0.02)),
    mistake("labels_shuffled", "Every class gets about 10% for every image: the network has learned nothing. Was it trained? "
            "And do the labels still belong to their images? If one of the two is shuffled alone, there is nothing to learn.",
            0.09 + 0.1 * np.roll(PREDICTIONS, 7, axis=0),
            test=lambda seen: bool(seen.std(axis=0).max() < 0.1) and np.median(seen.max(axis=1)) < 0.35),
    mistake("same_for_all", "Nearly the same ten numbers come back for every image. Did the images go through `prepare` twice? "
            "Then they are almost black.", np.tile(PREDICTIONS[0], (2000, 1)),
            test=lambda seen: bool(seen.std(axis=0).max() < 0.1)),
    mistake("order_lost", "The network is sure of its answers, and they are no better than chance. Are they in the order "
            "of the exam's images? Do not shuffle or sort them.", np.roll(PREDICTIONS, 7, axis=0),
            test=lambda seen: accuracy(seen) < 0.2),
    mistake("trained_on_the_exam", "More than 97% of them are right. No network of this size does that on images that it has "
            "not seen: was it trained on test images? Train on training images only.",
            0.9 * ONE_HOT[exam_labels()] + 0.01, test=lambda seen: accuracy(seen) > TOO_GOOD),
    mistake("not_prepared", "The network is certain of every single image. That happens when it was trained on 0..1 and is "
            "asked about bytes: send the exam's images through `prepare` too.",
            ONE_HOT[PREDICTIONS.argmax(axis=1)], test=lambda seen: float((seen.max(axis=1) > 0.999).mean()) > 0.985),
    mistake("too_few_right", "Fewer than 75% of the exam's images are right. One epoch of plain training gives 80%. "
            "Has the network seen all training images, prepared in the same way, and did its loss go down?",
            0.5 * PREDICTIONS + 0.5 * np.roll(PREDICTIONS, 3, axis=0),
            test=lambda seen: accuracy(seen) < PASSING),
)
# fmt: on


# --- confusion_matrix ----------------------------------------------------------------------------


def counts(labels: np.ndarray, predictions: np.ndarray) -> np.ndarray:
    return confusion_matrix(labels, predictions)


def counted_in_loop(labels: np.ndarray, predictions: np.ndarray) -> np.ndarray:
    matrix = np.zeros((10, 10), dtype=int)
    for true, predicted in zip(labels, predictions, strict=True):
        matrix[true, predicted] += 1
    return matrix


def counted_by_number(labels: np.ndarray, predictions: np.ndarray) -> np.ndarray:
    return np.bincount(10 * labels.astype(int) + predictions, minlength=100).reshape(10, 10)


def counted_by_masks(labels: np.ndarray, predictions: np.ndarray) -> np.ndarray:
    return np.array(
        [[np.sum((labels == i) & (predictions == j)) for j in range(10)] for i in range(10)]
    )


def multiplied(labels: np.ndarray, predictions: np.ndarray) -> np.ndarray:
    return np.eye(10)[labels].T @ np.eye(10)[predictions]


def overwritten(labels: np.ndarray, predictions: np.ndarray) -> np.ndarray:
    """Do what ``matrix[labels, predictions] += 1`` does: pairs that come twice count once."""
    matrix = np.zeros((10, 10), dtype=int)
    matrix[labels, predictions] += 1
    return matrix


def only_seen(labels: np.ndarray, predictions: np.ndarray) -> np.ndarray:
    size = 1 + max(labels.max(), predictions.max())
    return counts(labels, predictions)[:size, :size]


def compared_by_place(labels: np.ndarray, predictions: np.ndarray) -> np.ndarray:
    matrix = np.zeros((10, 10), dtype=int)
    for i in range(min(10, len(labels))):
        matrix[labels[i], predictions[i]] += 1
    return matrix


def pairs(rng: np.random.Generator) -> list[Call]:
    """Labels and predictions: a few, many, some classes missing, bytes and int64."""
    cases = []
    for n, low, high, dtype in (
        *((1, 0, 10, np.uint8), (7, 0, 4, np.int64), (12, 3, 8, np.uint8), (60, 0, 10, np.int64)),
        *((200, 0, 10, np.uint8), (400, 2, 9, np.int32), (700, 0, 3, np.uint8)),
    ):
        labels = rng.integers(low, high, n)
        predicted = np.where(rng.random(n) < 0.7, labels, rng.integers(0, high, n))
        cases.append(call(labels.astype(dtype), predicted.astype(np.int64)))
    cases.append(call(np.zeros(300, np.uint8), np.zeros(300, np.int64)))  # more than a byte holds
    return cases


def of_counts(change: Callable[[np.ndarray], Any]) -> Callable[..., Any]:
    return lambda labels, predictions: change(counts(labels, predictions))


def off_diagonal(matrix: np.ndarray) -> np.ndarray:
    return matrix * (1 - np.eye(10, dtype=int))


# fmt: off
CONFUSION = (
    mistake("transposed", "Rows and columns are swapped: a row belongs to the true class, a column to the predicted one.",
          lambda labels, predictions: counts(predictions, labels)),
    mistake("shares", "You return shares. Counts are wanted: how many images.",
          of_counts(lambda m: m / np.maximum(m.sum(axis=1, keepdims=True), 1)), of_counts(lambda m: m / m.sum()),
          of_counts(lambda m: m / np.maximum(m.sum(axis=0), 1)), of_counts(lambda m: 100 * m / m.sum()),
          of_counts(lambda m: 100 * m / np.maximum(m.sum(axis=1, keepdims=True), 1))),
    mistake("counted_once", "Pairs that occur several times count once only. matrix[labels, predictions] += 1 does that: it "
          "reads, adds, and writes each place once. np.add.at counts them all, and so does a loop.", overwritten),
    mistake("only_seen_classes", "Classes that do not occur are left out. All ten are wanted, always: np.zeros((10, 10)).", only_seen),
    mistake("right_only", "Only the diagonal is filled: those are the right answers. The mistakes belong into the matrix too.",
          of_counts(lambda m: m * np.eye(10, dtype=int))),
    mistake("mistakes_only", "The diagonal is empty. Right answers count too: they stand there.", of_counts(off_diagonal)),
    mistake("wrap_around", "The counts went through bytes, which hold 255 at most. Count in int.",
          of_counts(lambda m: m.astype(np.uint8))),
    mistake("one_class_off", "Everything is one class too far: classes are numbered from 0.",
          of_counts(lambda m: np.roll(m, 1, (0, 1))), of_counts(lambda m: np.roll(m, -1, (0, 1))),
          of_counts(lambda m: np.pad(m, ((1, 0), (1, 0)))), of_counts(lambda m: np.pad(m, ((1, 0), (1, 0)))[:10, :10])),
    mistake("some_classes_missing", "A row and a column are missing: range(9) ends at 8, and there are classes 0 to 9.",
          of_counts(lambda m: m[:9, :9]), of_counts(lambda m: np.pad(m[:9, :9], ((0, 1), (0, 1))))),
    mistake("first_images_only", "Only the first images are counted. The loop should run over all of them, not over ten.",
          compared_by_place),
    mistake("one_image_missing", "One image is not counted. Where does the loop begin, and where does it end?",
          lambda labels, predictions: counts(labels[:-1], predictions[:-1]),
          lambda labels, predictions: counts(labels[1:], predictions[1:])),
    mistake("accuracy", "That is one number for all. A 10x10 array of counts is wanted.",
          lambda labels, predictions: float(np.mean(labels == predictions)),
          lambda labels, predictions: int(np.sum(labels == predictions))),
    mistake("per_class", "You count for each class, without saying what it was taken for: ten numbers. A 10x10 array is wanted.",
          of_counts(np.diag), of_counts(lambda m: m.sum(axis=1)), of_counts(lambda m: m.sum(axis=0))),
    mistake("one_array_only", "Only one of the two arrays is looked at. The labels give the row, the predictions the column.",
          lambda labels, predictions: counts(labels, labels), lambda labels, predictions: counts(predictions, predictions)),
    mistake("order_lost", "One of the arrays was sorted: labels and predictions that stand side by side belong together.",
          lambda labels, predictions: counts(labels, np.sort(predictions)),
          lambda labels, predictions: counts(np.sort(labels), np.sort(predictions))),
    mistake("range_of_the_data", "np.histogram2d takes its range from the data, unless it is told. Give it the edges: "
          "bins=np.arange(11).", lambda labels, predictions: np.histogram2d(labels, predictions, bins=10)[0]),
    mistake("not_reshaped", "The counts stand in one row. Make ten rows of ten: minlength=100, then reshape(10, 10).",
          lambda labels, predictions: np.bincount(10 * labels.astype(int) + predictions),
          lambda labels, predictions: counts(labels, predictions).ravel()),
    mistake("pairs", "These are the pairs. Count how often each occurs.",
          lambda labels, predictions: np.stack([labels, predictions]).astype(int),
          lambda labels, predictions: np.stack([labels, predictions], axis=1).astype(int)),
    mistake("both_directions", "A pair is counted in both directions. The true class gives the row, the predicted one the column.",
          of_counts(lambda m: m + m.T)),
)

EXERCISES = (
    ByObservation(
        key="prepare", title="Bytes to what a network reads", points=2, minutes=4, kind="function", reference=prepare,
        mistakes=PREPARE,
        alternatives=(
            lambda images: np.expand_dims(images.astype(np.float32) / 255.0, -1),
            lambda images: np.float32(images.reshape(-1, 28, 28, 1)) * np.float32(1 / 255),
            lambda images: (np.asarray(images, "float32") / 255)[:, :, :, None],
            lambda images: np.array([[[[pixel / 255] for pixel in row] for row in image] for image in images],
                                    dtype=np.float32),
        ),
        hints=(
            ("A byte runs from 0 to 255. What do you divide by, so that the largest becomes 1.0? And how many numbers does "
            "each pixel have?"),
            "Divide by 255, add an axis of length 1 at the end, and make it float32.",
            "(images / ___).astype(___)[..., np.newaxis]",
        ),
        observe=trials.prepared,
    ),
    ByObservation(
        key="build_dense", title="A network without convolutions", points=2, minutes=4, kind="function", reference=build_dense,
        mistakes=building.BUILD_DENSE,
        alternatives=(building.functional_dense, building.dense_from_rows),
        hints=(
            "How does a grid of 28x28 become a row of numbers that a Dense layer can take?",
            ("keras.Sequential takes a list: the Input, then Flatten, then two Dense layers. How many units has the last, for "
            "ten classes?"),
            'keras.Sequential([keras.Input(shape=...), keras.layers.Flatten(), keras.layers.Dense(..., activation="relu"), ...])',
        ),
        observe=trials.seen_dense, seconds=120,
    ),
    ByObservation(
        key="build_cnn", title="The convolutional network", points=3, minutes=6, kind="function", reference=build_cnn,
        mistakes=building.BUILD_CNN,
        alternatives=(building.functional_cnn, building.added_cnn, building.pooled_before_relu),
        hints=(
            "Which two layers make a block, and how many blocks are there before Flatten?",
            ("Each block is Conv2D(filters, 3, activation=\"relu\") and MaxPooling2D(2). After the second block it goes on "
            "as in build_dense."),
            ("keras.Sequential([keras.Input(...), Conv2D(...), MaxPooling2D(...), Conv2D(...), MaxPooling2D(...), Flatten(), "
            "Dense(...), Dense(...)])"),
        ),
        observe=trials.seen_cnn, seconds=120,
    ),
    ByObservation(
        key="predicted_shapes", title="One image's journey, predicted", points=2, minutes=4, kind="value",
        reference=SHAPES,
        mistakes=PREDICTED_SHAPES,
        alternatives=([(None, 26, 26, 64), (None, 13, 13, 64), (None, 11, 11, 64), (None, 5, 5, 64), (None, 1600),
                       (None, 128), (None, 10)],
                      [[26, 26, 64], [13, 13, 64], [11, 11, 64], [5, 5, 64], (1600,), [128], [10]]),
        hints=(
            "How many rows does a 3x3 kernel leave of 28? How many 2x2 windows fit into 26?",
            "28, 26, 13, 11, 5: then Flatten multiplies the three numbers of the last map.",
            "[(26, 26, 64), (13, __, 64), (__, __, 64), (5, 5, __), 5 * 5 * __, 128, __]",
        ),
        observe=as_shapes,
    ),
    ByCalls(
        key="conv_parameters", title="How many numbers a Conv2D learns", points=2, minutes=4, reference=lambda kernel_size, channels, filters: conv_parameters(kernel_size, channels, filters),
        mistakes=CONV_PARAMETERS,
        alternatives=(
            lambda kernel_size, channels, filters: filters * (kernel_size**2 * channels + 1),
            lambda kernel_size, channels, filters: int(np.prod([kernel_size, kernel_size, channels, filters])) + filters,
            lambda k, c, f: sum(1 + sum(1 for _ in range(k * k * c)) for _ in range(f)),
            lambda k, c, f: sum(w.size for w in (np.zeros((k, k, c, f)), np.zeros(f))),
        ),
        hints=(
            ("One filter: how many numbers does its window hold, if it looks at `channels` maps at once? And which one number "
            "is added at the end?"),
            "One filter has kernel_size * kernel_size * channels weights and one bias. Then multiply by the filters.",
            "return (kernel_size * ___ * ___ + ___) * filters",
        ),
        examples=(call(3, 1, 64), call(3, 64, 64)),
        cases=lambda rng: [call(k, c, f) for k, c, f in ((1, 1, 1), (1, 5, 2), (2, 3, 7), (3, 3, 16), (5, 1, 6), (5, 6, 16), (7, 2, 3),
                                                       (3, 32, 32), (4, 11, 5))],
        helpers=("network.conv_parameters",),
    ),
    ByObservation(
        key="predicted_parameters", title="What each layer learns, predicted", points=2, minutes=5, kind="value",
        reference=PARAMETERS,
        mistakes=PREDICTED_PARAMETERS,
        alternatives=(list(PARAMETERS), np.array(PARAMETERS)),
        hints=(
            "Which layers have nothing to learn? And how many numbers does each unit of the first Dense layer look at?",
            ("conv_parameters gives the two convolutions. A Dense layer has a weight from every input to every unit, and a "
            "bias for every unit."),
            "[640, 0, ___, 0, 0, (1600 + 1) * ___, (128 + ___) * 10]",
        ),
        observe=as_numbers,
    ),
    ByObservation(
        key="predicted_without_second_block", title="One block less: more or fewer numbers?", points=1,
        minutes=4, kind="value",
        reference=WITHOUT_SECOND_BLOCK,
        mistakes=PREDICTED_WITHOUT,
        alternatives=(np.int64(WITHOUT_SECOND_BLOCK), np.array(WITHOUT_SECOND_BLOCK)),
        hints=(
            "Without the second block, what does Flatten get to flatten?",
            "13 * 13 * 64 = 10,816 numbers reach the Dense layer, and each has a weight to each of its 128 units.",
            "640 + (13 * 13 * 64 + 1) * ___ + (___ + 1) * 10",
        ),
        observe=as_number,
    ),
    ByObservation(
        key="StopAtAccuracy", title="Stop when it is good enough", points=2, minutes=6, kind="class",
        reference=StopAtAccuracy,
        mistakes=STOPPING,
        alternatives=(stopping_when(lambda logs, target: not logs["val_accuracy"] < target), always_assigned,
                      stopping_when(lambda logs, target: logs.get("accuracy", 0) >= target, "on_test_end")),
        hints=(
            "Who calls on_epoch_end, and what is in `logs` when it is called? print(logs) shows it.",
            ("logs[\"val_accuracy\"] is the accuracy on held-out images. Compare it with self.target, and set "
            "self.model.stop_training."),
            "def on_epoch_end(self, epoch, logs=None):\n    if logs[\"___\"] >= ___:\n        self.model.___ = True",
        ),
        observe=trials.watched, seconds=60,
    ),
    ByObservation(
        key="predictions", title="The exam: 2,000 images without labels", points=2, minutes=3, kind="value",
        reference=PREDICTIONS,
        mistakes=PREDICTED,
        alternatives=(PREDICTIONS.astype(float), PREDICTIONS.tolist()),
        hints=(
            "What did the training images go through before the network saw them?",
            "Send exam_images through yours.prepare, then through the predict of your trained model.",
            "cnn.predict(yours.prepare(___), verbose=0)",
        ),
        observe=table,
    ),
    ByCalls(
        key="confusion_matrix", title="Which class is taken for which", points=2, minutes=5, reference=counts,
        mistakes=CONFUSION,
        alternatives=(counted_in_loop, counted_by_number, counted_by_masks, multiplied),
        hints=(
            "For one image of class 3 that was taken for 5: which cell goes up by one?",
            "Start from zeros((10, 10)). Go through labels and predictions side by side, and count.",
            "for true, predicted in zip(labels, predictions):\n    matrix[___, ___] += 1",
        ),
        examples=(call(np.array([0, 0, 1, 9]), np.array([0, 2, 1, 9])),
                  call(np.array([6, 6, 6, 2]), np.array([0, 0, 6, 6]))),
        cases=pairs,
        helpers=("network.confusion_matrix",),
    ),
)
# fmt: on
