"""`prepare(images)`: bytes (N, 28, 28) become float32 (N, 28, 28, 1) in 0..1."""

from collections.abc import Callable
from typing import Any

import numpy as np

from course.exercises.exercise import ByObservation, Talk, mistake
from course.exercises.trials.prepared import prepared


def prepare(images: np.ndarray) -> np.ndarray:
    return (images / 255).astype(np.float32)[..., np.newaxis]


# --- What it is tried with ------------------------------------------------------------------------


def talk(rng: np.random.Generator) -> Talk:
    """Tell four batches; the last ones are dark: their largest value is not 255."""
    batches = [
        rng.integers(0, top, (number, 28, 28)).astype(np.uint8)
        for number, top in ((3, 256), (1, 256), (2, 90), (4, 30))
    ]
    yield
    results = yield batches
    return [(batch, *result) for batch, result in zip(batches, results, strict=True)]


# --- Mistakes -------------------------------------------------------------------------------------

Results = list[tuple[np.ndarray, Any, bool]]
"""Each batch, what was made of it, and whether it was changed."""


def every(results: Results, holds: Callable[[Any], bool]) -> bool:
    return all(holds(result) for _, result, _ in results)


def gives(change: Callable[[np.ndarray], Any]) -> Callable[[Results], bool]:
    """Test whether the values, in whatever shape, are those of a changed preparation."""

    def test(results: Results) -> bool:
        return all(
            result.size == (expected := np.ravel(change(batch))).size
            and np.allclose(np.ravel(result).astype(float), expected, rtol=0, atol=1e-4)
            for batch, result, _ in results
        )

    return test


def shaped(shape: Callable[[int], tuple[int, ...]]) -> Callable[[Results], bool]:
    """Test whether every result has such a shape; `shape` is told the number of images."""
    return lambda results: all(result.shape == shape(len(batch)) for batch, result, _ in results)


def in_place(images: np.ndarray) -> np.ndarray:
    result = prepare(images)
    images //= 255
    return result


def float16(images: np.ndarray) -> np.ndarray:
    return prepare(images).astype(np.float16)


MISTAKES = (
    mistake("returned_none",
        "None came back: what a function gives back stands after `return`.",
        lambda images: None,
        test=lambda r: every(r, lambda x: x is None)),
    mistake("not_an_array",
        "An array is wanted: images of shape (N, 28, 28) go in, one array of shape (N, 28, 28, 1) "
        "comes out.",
        lambda images: prepare(images).tolist(),
        test=lambda r: not every(r, lambda x: isinstance(x, np.ndarray) and x.dtype.kind in "iufb")),
    mistake("changed_input",
        "It changed the images that it was given. Whoever calls it still needs those bytes, for "
        "example to show them: make a new array.",
        in_place,
        test=lambda r: any(changed for _, _, changed in r)),
    mistake("not_scaled",
        "The values still run from 0 to 255. Divide by 255, so that they run from 0 to 1.",
        lambda i: i[..., None].astype(np.float32),
        test=gives(lambda i: i)),
    mistake("scaled_twice",
        "It divides by 255 twice: a white pixel becomes 0.0039, and every image is almost black. "
        "Once is enough.",
        lambda i: (prepare(i) / 255),
        test=gives(lambda i: i / 255**2)),
    mistake("divided_by_256",
        "A white pixel becomes 0.996: you divide by 256. There are 256 grey values, and the "
        "largest of them is 255.",
        lambda i: prepare(i) * np.float32(255 / 256),
        test=gives(lambda i: i / 256)),
    mistake("whole_numbers",
        "Only 0 and 1 are left: `//`, or a conversion to int, drops the fractions. Divide with "
        "`/`.",
        lambda i: (i // 255)[..., None].astype(np.float32),
        test=gives(lambda i: i // 255)),
    mistake("divided_by_own_maximum",
        "You divide by the largest value of the batch. Then the same shirt is darker or brighter "
        "depending on the images beside it. Divide by 255, always.",
        lambda i: (i / i.max()).astype(np.float32)[..., None],
        test=gives(lambda i: i / i.max())),
    mistake("divided_by_own_maximum",
        "You divide each image by its own largest value. Dark clothes become as bright as light "
        "ones. Divide by 255, always.",
        lambda i: (i / i.max((1, 2), keepdims=True)).astype(np.float32)[..., None],
        test=gives(lambda i: i / i.max((1, 2), keepdims=True))),
    mistake("minus_one_to_one",
        "The values run from -1 to 1. That trains too, but 0 to 1 is asked.",
        lambda i: prepare(i) * 2 - 1,
        test=gives(lambda i: i / 127.5 - 1)),
    mistake("standardised",
        "You subtract the mean and divide by the spread, so values run below 0. Only divide by "
        "255.",
        lambda i: ((i - i.mean()) / i.std()).astype(np.float32)[..., None],
        test=gives(lambda i: (i - i.mean()) / i.std())),
    mistake("inverted",
        "Black and white are swapped: 0 became 1. Divide, and do not subtract.",
        lambda i: 1 - prepare(i),
        test=gives(lambda i: 1 - i / 255)),
    mistake("transposed",
        "Rows and columns are swapped: the clothes lie on their side.",
        lambda i: prepare(i).transpose(0, 2, 1, 3),
        test=gives(lambda i: i.transpose(0, 2, 1) / 255)),
    mistake("no_channel_axis",
        "The values are right, the shape is not: a last axis of length 1 is missing. It counts "
        "the channels, and a grey image has one. `images[..., np.newaxis]` adds an axis.",
        lambda i: prepare(i)[..., 0],
        test=shaped(lambda n: (n, 28, 28))),
    mistake("channel_axis_elsewhere",
        "The axis for the channel stands in the wrong place. Keras wants it last: (images, "
        "height, width, channels).",
        lambda i: prepare(i).transpose(0, 3, 1, 2),
        test=lambda r: shaped(lambda n: (n, 1, 28, 28))(r) or shaped(lambda n: (1, n, 28, 28))(r)
          or shaped(lambda n: (n, 28, 1, 28))(r)),
    mistake("flattened",
        "Each image became one row of 784 numbers. A convolution needs to know which pixels are "
        "neighbours: keep 28 rows of 28.",
        lambda i: prepare(i).reshape(len(i), -1),
        test=lambda r: shaped(lambda n: (n, 784))(r) or shaped(lambda n: (n, 784, 1))(r)
          or shaped(lambda n: (n * 784,))(r)),
    mistake("three_channels",
        "There are three channels now. A grey image has one.",
        lambda i: np.repeat(prepare(i), 3, axis=3),
        test=shaped(lambda n: (n, 28, 28, 3))),
    mistake("first_image_only",
        "Only one image came back. The function is given a whole batch: all of it is wanted.",
        lambda i: prepare(i)[:1],
        test=lambda r: every(r, lambda x: x.shape[:1] == (1,))
          or shaped(lambda n: (28, 28, 1))(r)),
    mistake("wrong_shape",
        "The shape should be (N, 28, 28, 1): images, height, width, channels.",
        lambda i: prepare(i)[:, 1:-1, 1:-1],
        test=lambda r: not shaped(lambda n: (n, 28, 28, 1))(r)),
    mistake("half_precision",
        "The values are float16, which keeps three digits. Use np.float32.",
        float16,
        test=lambda r: every(r, lambda x: x.dtype == np.float16)),
    mistake("wrong_values",
        "The shape is right, the values are not. A byte of 0 should become 0.0, 51 should become "
        "0.2, and 255 should become 1.0, each in its place.",
        lambda i: prepare(i) ** 2,
        test=lambda r: not gives(lambda i: i / 255)(r)),
    mistake("double_precision",
        "The values are right, but they are float64. 20,000 images take 125 MB so, and 63 MB as "
        "float32, which is what Keras computes with: .astype(np.float32).",
        lambda i: (i / 255)[..., None],
        test=lambda r: not every(r, lambda x: x.dtype == np.float32)),
)  # fmt: skip


EXERCISE = ByObservation(
    key="prepare",
    title="Bytes to what a network reads",
    points=1,
    minutes=4,
    kind="function",
    reference=prepare,
    observe=prepared,
    talk=talk,
    alternatives=(
        lambda images: np.expand_dims(images.astype(np.float32) / 255.0, -1),
        lambda images: np.float32(images.reshape(-1, 28, 28, 1)) * np.float32(1 / 255),
        lambda images: (np.asarray(images, "float32") / 255)[:, :, :, None],
        lambda images: np.array(
            [[[[pixel / 255] for pixel in row] for row in image] for image in images],
            dtype=np.float32,
        ),
    ),
    mistakes=MISTAKES,
    hints=(
        (
            "A byte runs from 0 to 255. What do you divide by, so that the largest becomes 1.0? "
            "And how many numbers does each pixel have?"
        ),
        "Divide by 255, add an axis of length 1 at the end, and make it float32.",
        "(images / ___).astype(___)[..., np.newaxis]",
    ),
)
