"""`conv_layer(images, kernels, bias)`: every filter over every channel of every image."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

import helpers
from course.exercises.exercise import ByCalls, Call, call, mistake
from helpers import conv2d, conv_layer

# --- Cases ----------------------------------------------------------------------------------------


def cases(rng: np.random.Generator) -> Iterator[Call]:
    def layer(shape: tuple[int, ...], kernels: tuple[int, ...]) -> Call:
        return call(rng.normal(size=shape), rng.normal(size=kernels), rng.normal(size=kernels[3]))

    yield layer((2, 5, 6, 3), (3, 3, 3, 4))
    yield layer((1, 6, 4, 1), (3, 2, 1, 2))
    yield layer((3, 4, 5, 2), (2, 3, 2, 1))
    yield layer((2, 5, 5, 3), (3, 3, 3, 3))
    yield layer((1, 3, 4, 2), (3, 4, 2, 5))
    yield layer((4, 3, 3, 2), (1, 1, 2, 2))
    yield call(rng.integers(0, 256, (2, 4, 5, 3)).astype(np.uint8),
               rng.integers(-3, 4, (2, 2, 3, 2)), rng.normal(size=2))  # fmt: skip
    yield call(*(rng.normal(size=shape).astype(np.float32)
                 for shape in ((2, 6, 5, 2), (3, 3, 2, 3), (3,))))  # fmt: skip
    yield call(rng.normal(size=(1, 4, 4, 1)), rng.normal(size=(3, 3, 1, 1)), np.array([10]))


# --- Other right answers --------------------------------------------------------------------------


def layer_in_loops(images, kernels, bias):
    kh, kw, channels, filters = kernels.shape
    count, height, width, _ = images.shape
    out = np.zeros((count, height - kh + 1, width - kw + 1, filters))
    for n in range(count):
        for f in range(filters):
            for c in range(channels):
                out[n, :, :, f] += conv2d(images[n, :, :, c], kernels[:, :, c, f])
            out[n, :, :, f] += bias[f]
    return out


def layer_by_shifts(images, kernels, bias):
    kh, kw = kernels.shape[:2]
    rows, cols = images.shape[1] - kh + 1, images.shape[2] - kw + 1
    return bias + sum(
        images[:, i : i + rows, j : j + cols] @ kernels[i, j] for i in range(kh) for j in range(kw)
    )


def layer_by_einsum(images, kernels, bias):
    windows = sliding_window_view(images, kernels.shape[:2], axis=(1, 2))
    return np.einsum("nrckij,ijkf->nrcf", windows, kernels) + bias


def layer_by_matrix(images, kernels, bias):
    kh, kw, channels, filters = kernels.shape
    windows = sliding_window_view(images, (kh, kw, channels), axis=(1, 2, 3))
    columns = windows.reshape(-1, kh * kw * channels)
    out = columns @ kernels.reshape(-1, filters) + bias
    return out.reshape(len(images), *windows.shape[1:3], filters)


# --- Mistakes -------------------------------------------------------------------------------------


def unordered_windows(images, kernels, bias):
    """Join windows whose axes are (channel, row, column) with kernels of another order."""
    windows = sliding_window_view(images, kernels.shape[:2], axis=(1, 2))
    rows = windows.reshape(*windows.shape[:3], -1)
    return rows @ kernels.reshape(-1, kernels.shape[3]) + bias


def no_bias(images: np.ndarray, kernels: np.ndarray, bias: np.ndarray) -> np.ndarray:
    return conv_layer(images, kernels, np.zeros(len(bias)))


def of_filters(change: Callable[[np.ndarray], np.ndarray]) -> Callable[..., Any]:
    """Use other kernels: `change` gives them."""
    return lambda images, kernels, bias: conv_layer(images, change(kernels), bias)


def after(change: Callable[..., Any]) -> Callable[..., Any]:
    """Do something to the right result."""
    return lambda images, kernels, bias: change(conv_layer(images, kernels, bias))


def one_channel(channel: int) -> Callable[[np.ndarray], np.ndarray]:
    """Let a layer see one channel only."""

    def change(kernels: np.ndarray) -> np.ndarray:
        out = np.zeros(kernels.shape)
        out[:, :, channel] = kernels[:, :, channel]
        return out

    return change


def same_size(images: np.ndarray, kernels: np.ndarray, bias: np.ndarray) -> np.ndarray:
    (top, left), (kh, kw) = ((n - 1) // 2 for n in kernels.shape[:2]), kernels.shape[:2]
    ends = ((0, 0), (top, kh - 1 - top), (left, kw - 1 - left), (0, 0))
    return conv_layer(np.pad(images, ends), kernels, bias)


def kept_part(part: Any) -> Callable[[np.ndarray], np.ndarray]:
    """Fill in only part of the result."""

    def change(values: np.ndarray) -> np.ndarray:
        out = np.zeros(values.shape)
        out[part] = values[part]
        return out

    return change


MISTAKES = (
    mistake("bias_missing",
        "The bias is missing. Each filter adds its own number, bias[f], to everything it finds.",
        no_bias),
    mistake("bias_misplaced",
        "The bias is added too often, or to the wrong axis, or not added but subtracted or "
        "multiplied. Once per value of the result, bias[f] in channel f.",
        lambda x, k, b: conv_layer(x, k, b * x.shape[3]),
        lambda x, k, b: conv_layer(x, k, b * k.shape[0] * k.shape[1]),
        lambda x, k, b: conv_layer(x, k, b * k.shape[0] * k.shape[1] * x.shape[3]),
        lambda x, k, b: conv_layer(x, k, -b), lambda x, k, b: conv_layer(x, k, b[::-1]),
        lambda x, k, b: conv_layer(x, k, np.full(b.shape, b.sum())),
        lambda x, k, b: conv_layer(x, k, np.full(b.shape, b.mean())),
        lambda x, k, b: conv_layer(x, k, np.full(b.shape, b[0])),
        lambda x, k, b: no_bias(x, k, b) * b, lambda x, k, b: conv_layer(x, k, np.cumsum(b)),
        lambda x, k, b: conv_layer(x, k, b * k.shape[3]),
        lambda x, k, b: conv_layer(x, k, b * k.shape[3] * len(x)),
        lambda x, k, b: conv_layer(x, k, b * len(x)), lambda x, k, b: conv_layer(x, k, 2 * b),
        lambda x, k, b: conv_layer(x, k, b / k.shape[3])),
    mistake("channels_not_added",
        "The channels are not added up: one was kept, or they were averaged, or each stands by "
        "itself. A filter adds what it finds in *all* channels.",
        of_filters(one_channel(0)), of_filters(one_channel(-1)),
        lambda x, k, b: no_bias(x, k / k.shape[2], b) + b,
        lambda x, k, b: np.max([
            conv_layer(x[..., [c]], k[:, :, [c]], b) for c in range(x.shape[3])], axis=0),
        lambda x, k, b: np.stack([
            conv_layer(x[..., [c]], k[:, :, [c]], b) for c in range(x.shape[3])], axis=3),
        lambda x, k, b: conv_layer(x.mean(3, keepdims=True), k[:, :, :1], b),
        lambda x, k, b: np.einsum(
            "nrckij,ijkf->nrckf", sliding_window_view(x, k.shape[:2], axis=(1, 2)), k),
        lambda x, k, b: np.einsum(
            "nrckij,ijkf->nrckf", sliding_window_view(x, k.shape[:2], axis=(1, 2)), k) + b,
        lambda x, k, b: np.concatenate([
            conv_layer(x[..., [c]], k[:, :, [c]], b) for c in range(x.shape[3])], axis=-1)),
    mistake("one_kernel_for_all_channels",
        "All channels meet the same kernel. Each channel k has one of its own: kernels[:, :, k, "
        "f].",
        of_filters(lambda k: np.broadcast_to(k[:, :, :1], k.shape)),
        of_filters(lambda k: np.broadcast_to(k.sum(2, keepdims=True), k.shape)),
        of_filters(lambda k: np.broadcast_to(k.mean(2, keepdims=True), k.shape)),
        lambda x, k, b: conv_layer(np.broadcast_to(x[..., :1], x.shape), k, b)),
    mistake("one_filter_for_all",
        "All filters are the same. Filter f has kernels of its own: kernels[:, :, :, f].",
        of_filters(lambda k: np.broadcast_to(k[..., :1], k.shape)),
        of_filters(lambda k: np.broadcast_to(k[..., -1:], k.shape)), after(lambda out: out[..., 0]),
        after(lambda out: out[..., :1]), after(lambda out: out.sum(-1)),
        after(lambda out: out.sum(-1, keepdims=True)), after(kept_part(np.s_[..., :1])),
        after(kept_part(np.s_[..., -1:])), after(lambda out: out.mean(-1)),
        after(lambda out: out.mean(-1, keepdims=True)),
        after(lambda out: np.broadcast_to(out.sum(-1, keepdims=True), out.shape)),
        lambda x, k, b: np.broadcast_to(
            no_bias(x, k, b).sum(-1, keepdims=True), (*no_bias(x, k, b).shape[:3], len(b))) + b,
        lambda x, k, b: np.repeat(conv_layer(x, k[..., :1], b[:1]), len(b), axis=3)),
    mistake("channels_and_filters_swapped",
        "Channels and filters are swapped. The kernels' axes are (height, width, channel in, "
        "filter out).",
        of_filters(lambda k: np.swapaxes(k, 2, 3)),
        of_filters(lambda k: np.swapaxes(k, 2, 3).reshape(k.shape)),
        of_filters(lambda k: k[..., ::-1, :]), of_filters(lambda k: k[..., ::-1]),
        lambda x, k, b: conv_layer(x, k[..., ::-1], b[::-1]),
        lambda x, k, b: conv_layer(x[..., ::-1], k, b),
        lambda x, k, b: layer_by_matrix(
            x, np.moveaxis(k, 2, 0).reshape(k.shape), b),
        lambda x, k, b: layer_by_matrix(x, np.moveaxis(k, 3, 0).reshape(k.shape), b),
        unordered_windows),
    mistake("flipped",
        "Your kernels are flipped. This is the convolution of deep learning: slide, multiply, "
        "add, no flip.",
        of_filters(lambda k: k[::-1, ::-1]), of_filters(lambda k: k[::-1]),
        of_filters(lambda k: k[:, ::-1])),
    mistake("transposed",
        "Rows and columns of the kernels are swapped, or of the images. Images are (image, row, "
        "column, channel), kernels (row, column, channel, filter).",
        of_filters(lambda k: np.swapaxes(k, 0, 1)), after(lambda out: np.swapaxes(out, 1, 2)),
        of_filters(lambda k: k.reshape(k.shape[3], k.shape[2], *k.shape[:2])
                .transpose(2, 3, 1, 0))),
    mistake("axes_in_other_order",
        "The numbers may be right, but the axes stand in another order. (images, rows, columns, "
        "filters) is wanted.",
        after(lambda out: np.moveaxis(out, -1, 1)), after(lambda out: np.moveaxis(out, -1, 0)),
        after(lambda out: np.moveaxis(out, 0, -1)),
        after(lambda out: np.moveaxis(out, -1, 1).reshape(out.shape))),
    mistake("one_image_only",
        "Only one image of the batch is right, or all are the same, or they are mixed. Each image "
        "gets a result of its own.",
        after(lambda out: out[0]), after(lambda out: out[:1]), after(lambda out: out[-1]),
        after(kept_part(np.s_[:1])), after(kept_part(np.s_[-1:])),
        after(lambda out: np.broadcast_to(out[:1], out.shape)),
        after(lambda out: np.broadcast_to(out[-1:], out.shape)), after(lambda out: out.sum(0)),
        after(lambda out: np.cumsum(out, axis=0)), after(lambda out: out.mean(0)),
        after(kept_part(np.s_[:1, ..., :1])), after(kept_part(np.s_[:1, :1])),
        after(kept_part(np.s_[:, :1]))),
    mistake("axis_lost",
        "An axis of length 1 is gone. A batch of one image still has an axis for images, and one "
        "filter still one for filters.",
        after(np.squeeze)),
    mistake("relu_applied",
        "Negative values became 0. ReLU comes after this layer.",
        after(lambda out: np.maximum(out, 0)), lambda x, k, b: np.maximum(no_bias(x, k, b), 0) + b,
        after(np.tanh), after(lambda out: 1 / (1 + np.exp(-out))), after(np.abs)),
    mistake("padded",
        "The image was padded. Only places where the whole kernel fits are wanted: (N, H - kh + "
        "1, W - kw + 1, F).",
        same_size, lambda x, k, b: conv_layer(np.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0))), k, b)),
    mistake("off_by_one_size",
        "The last row or column is missing: a window of 3 fits into 5 pixels at 5 - 3 + 1 = 3 "
        "places.",
        after(lambda out: out[:, :-1, :-1]), after(lambda out: out[:, :-1]),
        after(lambda out: out[:, :, :-1]), after(kept_part(np.s_[:, :-1, :-1])),
        after(kept_part(np.s_[:, :-1])), after(kept_part(np.s_[:, :, :-1]))),
    mistake("strided",
        "Places are left out: the window moves one pixel at a time.",
        after(lambda out: out[:, ::2, ::2]),
        lambda x, k, b: conv_layer(x, k, b)[:, :: k.shape[0], :: k.shape[1]]),
    mistake("one_pixel_of_the_kernel",
        "Only one place of each kernel is used. All kh times kw products count.",
        lambda x, k, b: x[:, : x.shape[1] - len(k) + 1, : x.shape[2] - k.shape[1] + 1]
          @ k[0, 0] + b,
        lambda x, k, b: x[:, len(k) - 1 :, k.shape[1] - 1 :] @ k[-1, -1] + b),
    mistake("not_accumulated",
        "The products are not added to the result: it holds the bias, or zeros, or only the last "
        "product. `+=` adds.",
        lambda x, k, b: 0 * no_bias(x, k, b) + b, lambda x, k, b: 0 * no_bias(x, k, b),
        lambda x, k, b: np.max([0 * no_bias(x, k, b)] + [
            no_bias(x[..., [c]], k[:, :, [c]], b) for c in range(x.shape[3])], axis=0) + b),
    mistake("flattened",
        "The maps were joined into one line. (N, H - kh + 1, W - kw + 1, F) is wanted.",
        after(lambda out: out.reshape(len(out), -1)), after(np.ravel),
        after(lambda out: out.max((1, 2))), after(lambda out: out.mean((1, 2))),
        after(lambda out: out.sum((1, 2)))),
    mistake("not_slid",
        "Images and kernels are multiplied as they are. Each kernel has to meet every window of "
        "its channel.",
        lambda x, k, b: x @ k + b, lambda x, k, b: x * k + b),
    mistake("scaled_first",
        "The images or the kernels were scaled or shifted first. Take them as they are.",
        lambda x, k, b: conv_layer(x / 255, k, b), lambda x, k, b: conv_layer(x / x.max(), k, b),
        lambda x, k, b: conv_layer(x - x.mean(), k, b),
        lambda x, k, b: conv_layer(x, k / (k.sum() or 1), b)),
    mistake("rounded",
        "The result is rounded. Keep all its digits.",
        *(after(lambda out, n=n: out.round(n)) for n in (1, 2, 3))),
)  # fmt: skip


EXERCISE = ByCalls(
    key="conv_layer",
    title="Build a whole convolutional layer",
    points=2,
    minutes=8,
    reference=helpers.conv_layer,
    helpers=("convolution.conv_layer",),
    examples=(
        call(
            np.arange(1.0, 9.0).reshape(1, 2, 2, 2), np.array([[[[1.0], [10.0]]]]), np.array([0.5])
        ),
        call(
            np.array([[[[1.0], [2.0], [4.0]]]]),
            np.array([[[[1.0, 0.0]], [[0.0, 3.0]]]]),
            np.array([100.0, -1.0]),
        ),
    ),
    cases=cases,
    alternatives=(layer_in_loops, layer_by_shifts, layer_by_einsum, layer_by_matrix),
    mistakes=MISTAKES,
    hints=(
        (
            "Your conv_channels makes one map of one image and one filter. How many maps does a batch "
            "of images need, with F filters?"
        ),
        (
            "out[n, :, :, f] is conv_channels(images[n], kernels[:, :, :, f]), and each filter's own "
            "bias[f] on top of it."
        ),
        (
            "Start with np.zeros((N, H - kh + 1, W - kw + 1, F)). Two loops, over n and f: "
            "out[...] = yours.conv_channels(..., ...) + ..."
        ),
    ),
)
