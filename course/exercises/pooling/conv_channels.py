"""`conv_channels(image, kernel)`: one kernel over many maps, a slice of it for each, then one sum."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

import helpers
from course.exercises.exercise import ByCalls, Call, call, few, made_by, mistake
from course.exercises.pooling.convolving import CONVOLVING, padded_with

Convolve = Callable[[np.ndarray, np.ndarray], Any]


def conv_channels(image: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    return helpers.conv_layer(image[np.newaxis], kernel[..., np.newaxis], np.zeros(1))[0, ..., 0]


# Two maps that are easy to add up, and a kernel of 2x2 with a slice for each.
TWO_MAPS = np.array([[[1, 0], [2, 1], [0, 3]], [[3, 2], [1, 0], [2, 1]]])
TWO_SLICES = np.array([[[1, 0], [0, 10]], [[2, 10], [0, 0]]])


# --- Cases ----------------------------------------------------------------------------------------


def cases(rng: np.random.Generator) -> Iterable[Call]:
    def fractions(image: tuple[int, ...], kernel: tuple[int, ...]) -> Call:
        return call(rng.normal(scale=3, size=image), rng.normal(size=kernel))

    yield fractions((6, 7, 4), (3, 3, 4))
    yield fractions((5, 6, 2), (2, 3, 2))
    # No bytes against bytes: their products wrap around before anyone adds them up.
    # As many rows as channels, and a kernel that is a cube: nothing breaks when axes are swapped.
    yield fractions((3, 6, 3), (3, 3, 3))
    yield fractions((5, 5, 5), (3, 3, 5))
    yield call(rng.integers(0, 256, (6, 5, 3)).astype(np.uint8), rng.integers(-4, 5, (3, 3, 3)))
    yield fractions((4, 5, 1), (3, 2, 1))
    yield fractions((7, 4, 6), (4, 4, 6))
    yield fractions((4, 3, 3), (1, 1, 3))
    yield call(*(rng.normal(size=shape).astype(np.float32) for shape in ((6, 6, 2), (3, 3, 2))))
    # Large sums, none of them negative.
    ones = np.array([[[1, 0], [1, 1]], [[0, 1], [1, 1]]])
    yield call(rng.integers(120, 256, (4, 5, 2)).astype(np.uint8), ones)


# --- Other right answers --------------------------------------------------------------------------


def channels_of(image: np.ndarray, kernel: np.ndarray, convolve: Convolve = helpers.conv2d) -> Any:
    """Convolve each channel with its own slice; the results are not added up yet."""
    return [convolve(image[:, :, c], kernel[:, :, c]) for c in range(kernel.shape[2])]


def in_three_loops(image, kernel):
    kh, kw, channels = kernel.shape
    out = np.zeros((image.shape[0] - kh + 1, image.shape[1] - kw + 1))
    for r in range(out.shape[0]):
        for c in range(out.shape[1]):
            for channel in range(channels):
                window = image[r : r + kh, c : c + kw, channel]
                out[r, c] += np.sum(window.astype(float) * kernel[:, :, channel])
    return out


def whole_windows(image, kernel):
    """Take windows as deep as the kernel, so that one sum does it all."""
    kh, kw, _ = kernel.shape
    out = np.zeros((image.shape[0] - kh + 1, image.shape[1] - kw + 1))
    for r, c in np.ndindex(out.shape):
        out[r, c] = np.sum(1.0 * image[r : r + kh, c : c + kw] * kernel)
    return out


def by_einsum(image, kernel):
    windows = sliding_window_view(image, kernel.shape[:2], axis=(0, 1))
    return np.einsum("rckij,ijk->rc", windows, kernel)


def by_scipy(image, kernel):
    from scipy.signal import correlate

    return correlate(image.astype(float), kernel.astype(float), mode="valid", method="direct")[
        :, :, 0
    ]


# --- Mistakes -------------------------------------------------------------------------------------


def joined(join: Callable[[Any], Any]) -> Callable[..., Any]:
    """Put the channels' results together in another way."""
    return lambda image, kernel: join(np.array(channels_of(image, kernel)))


def with_kernel(change: Callable[[np.ndarray], np.ndarray]) -> Callable[..., Any]:
    return lambda image, kernel: conv_channels(image, change(kernel))


def flattened(
    of_image: Callable[[np.ndarray], Any], of_kernel: Callable[[np.ndarray], Any]
) -> Callable[..., Any]:
    """Make one map of the image, and one slice of the kernel, before they meet."""
    return lambda image, kernel: helpers.conv2d(of_image(image * 1.0), of_kernel(kernel * 1.0))


def three_channels(image, kernel):
    if kernel.shape[2] < 3:
        raise IndexError("index 2 is out of bounds for axis 2")
    return conv_channels(image[..., :3], kernel[..., :3])


def rows_for_channels(image, kernel):
    """Loop over the first axis, which holds rows, and take each for a channel."""
    return sum(helpers.conv2d(one, other) for one, other in zip(image, kernel, strict=False))


def added_up(way: Convolve) -> Callable[..., Any]:
    """Make a mistake in the convolution of every channel, and add up rightly."""

    def convolved(image, kernel):
        return np.sum(channels_of(image, kernel, way), axis=0)

    return convolved


def first_of(values: np.ndarray) -> np.ndarray:
    return values[:, :, 0]


def last_of(values: np.ndarray) -> np.ndarray:
    return values[:, :, -1]


def total(values: np.ndarray) -> np.ndarray:
    return values.sum(axis=2)


def middle(values: np.ndarray) -> np.ndarray:
    return values.mean(axis=2)


ADDING = (
    mistake("not_added",
        "Your result has a map for each channel. One kernel makes one map: add the channels' "
        "results up, place by place.",
        joined(lambda maps: np.moveaxis(maps, 0, -1)), joined(lambda maps: maps)),
    mistake("last_channel_only",
        "Only the last channel is in your result. Is each channel's result assigned where it "
        "should be added? `+=` adds.",
        joined(lambda maps: maps[-1])),
    mistake("first_channel_only",
        "Only the first channel is in your result. Each channel gives a result of its own; all of "
        "them are added up. (Does a `return` stand inside the loop?)",
        joined(lambda maps: maps[0])),
    mistake("three_channels_assumed",
        "This works for three channels only. The kernel says how many there are: kernel.shape[2].",
        three_channels),
    mistake("channel_left_out",
        "One channel is missing from your sum. With C channels they are counted from 0 to C - 1, "
        "and range(C) gives all of them.",
        joined(lambda maps: maps[:-1].sum(axis=0)), joined(lambda maps: maps[1:].sum(axis=0))),
    mistake("averaged",
        "Your result is the mean of the channels' results. They are added up.",
        joined(lambda maps: maps.mean(axis=0))),
    mistake("largest_kept",
        "You keep the largest of the channels' results, which is pooling. They are added up.",
        joined(lambda maps: maps.max(axis=0))),
    mistake("multiplied",
        "The channels' results are multiplied with each other. They are added up.",
        joined(lambda maps: maps.prod(axis=0))),
    mistake("one_slice_for_all",
        "All channels meet the same slice of the kernel. Channel c has its own: kernel[:, :, c].",
        flattened(total, first_of), flattened(total, last_of),
        with_kernel(lambda k: k[:, :, [min(1, k.shape[2] - 1)] * k.shape[2]])),
    mistake("one_channel_for_all",
        "All slices of the kernel meet the same channel. Slice c has its own: image[:, :, c].",
        flattened(first_of, total), flattened(last_of, total)),
    mistake("every_slice_meets_every_channel",
        "Each slice of your kernel meets every channel. Slice c meets channel c, and no other.",
        flattened(total, total)),
    mistake("grey_first",
        "You make one grey map of the image before the kernel meets it. Then it can't tell red "
        "from blue: each channel meets its own slice, and the results are added up.",
        flattened(middle, total), flattened(middle, middle), flattened(middle, first_of)),
    mistake("channels_reversed",
        "The slices meet the channels in reverse: slice 0 belongs to channel 0.",
        with_kernel(lambda k: k[:, :, ::-1])),
    mistake("slices_mixed_up",
        "The slices meet other channels than their own: slice c belongs to channel c.",
        with_kernel(lambda k: np.roll(k, 1, axis=2)), with_kernel(lambda k: np.roll(k, -1, axis=2))),
    mistake("rows_taken_for_channels",
        "You go through the first axis, which holds rows. The channels are the last axis: "
        "image[:, :, c] and kernel[:, :, c].",
        rows_for_channels,
        lambda image, kernel: [helpers.conv2d(a, b) for a, b in zip(image, kernel, strict=False)]),
    mistake("flipped_all_round",
        "Your kernel is flipped, its channels too: that is true convolution in three dimensions. "
        "Take it as it is.",
        with_kernel(lambda k: k[::-1, ::-1, ::-1])),
    mistake("one_number",
        "One number came back. Add up over the channels and not over the places: the result is a "
        "map.",
        joined(np.sum), lambda image, kernel: [float(m.sum()) for m in channels_of(image, kernel)]),
    mistake("axis_left_over",
        "Your map has an axis too many. (H - kh + 1, W - kw + 1) is wanted, without one for "
        "channels.",
        lambda image, kernel: conv_channels(image, kernel)[..., np.newaxis],
        lambda image, kernel: conv_channels(image, kernel)[np.newaxis]),
    mistake("relu_applied",
        "Your negative values are gone. The sum stays as it is; ReLU is the next step.",
        joined(lambda maps: np.maximum(maps.sum(axis=0), 0)),
        joined(lambda maps: np.maximum(maps, 0).sum(axis=0)),
        joined(lambda maps: np.abs(maps.sum(axis=0))), joined(lambda maps: np.abs(maps).sum(axis=0))),
    mistake("rows_and_columns_swapped",
        "Rows and columns of your map are swapped.",
        joined(lambda maps: maps.sum(axis=0).T)),
    mistake("padded",
        "Your convolution keeps the size of the image, so the map has an invented border. Only "
        "places where the whole kernel fits are wanted: (H - kh + 1, W - kw + 1).",
        *map(added_up, map(padded_with, ("zero", "edge", "wrap")))),
)  # fmt: skip


EXERCISE = ByCalls(
    key="conv_channels",
    title="One kernel over many maps",
    points=2,
    minutes=6,
    reference=conv_channels,
    helpers=("convolution.conv_layer",),
    window=lambda image, kernel, theirs: helpers.stepper.channels(image, kernel, theirs=theirs),
    examples=(call(TWO_MAPS, TWO_SLICES), call(np.ones((2, 2, 3)), np.arange(6).reshape(1, 2, 3))),
    cases=cases,
    alternatives=(
        lambda image, kernel: np.sum(channels_of(image, kernel), axis=0),
        in_three_loops,
        whole_windows,
        by_einsum,
        by_scipy,
    ),
    mistakes=(
        *ADDING,
        *made_by(added_up, *few(3, *CONVOLVING, but="padded convolved_twice")),
    ),
    hints=(
        "You can convolve one map with one kernel. How many such convolutions are there here?",
        (
            "image[:, :, c] is channel c, and kernel[:, :, c] the slice that belongs to it. What "
            "becomes of the results, one for each c?"
        ),
        "total = 0; for each c: total = total + the convolution of channel c with slice c.",
    ),
)
