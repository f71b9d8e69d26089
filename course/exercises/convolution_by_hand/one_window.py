"""What goes wrong in one window goes wrong in every exercise that slides one.

The ways are functions of `w`, a window or a grid of windows, and `k`, the kernel.
"""

from typing import Any

import numpy as np

from course.exercises.distortions import as_byte
from course.exercises.exercise import mistake


def add_up(products: np.ndarray) -> Any:
    """Add up the products of one window, or of each of a grid of windows."""
    return products.sum((-2, -1))


def centre(values: np.ndarray) -> Any:
    """The middle value of a kernel, of a window, or of each of a grid of windows."""
    return values[..., values.shape[-2] // 2, values.shape[-1] // 2]


def plus_shaped(kernel: np.ndarray) -> np.ndarray:
    """Keep the middle row and the middle column of a kernel."""
    kept = np.zeros(kernel.shape, bool)
    kept[len(kernel) // 2] = kept[:, kernel.shape[1] // 2] = True
    return kernel * kept


def without_centre(window: np.ndarray, kernel: np.ndarray) -> Any:
    return add_up(window * kernel) - centre(window) * centre(kernel)


# Functions of `w`, a window or a grid of windows, and `k`, the kernel.
FLIPS = (
    mistake("flipped",
        "Your kernel is flipped both ways: that is true convolution. Here it is used as it "
        "stands: 577 on the worked example, not 732.",
        lambda w, k: add_up(w * k[::-1, ::-1])),
    mistake("transposed",
        "Your kernel is transposed: 249 on the worked example instead of 577. Row i, column j of "
        "the window meets row i, column j of the kernel: is it [j, i] somewhere?",
        lambda w, k: add_up(w * k.T)),
    mistake("upside_down",
        "Your kernel is upside down: its last row meets the first row of the window. The worked "
        "example then gives -62 instead of 577.",
        lambda w, k: add_up(w * k[::-1])),
    mistake("mirrored",
        "Your kernel is mirrored: its last column meets the first column of the window. The "
        "worked example then gives 1014 instead of 577.",
        lambda w, k: add_up(w * k[:, ::-1])),
    mistake("turned",
        "Your kernel is turned. It is used as it stands: row i, column j of the window meets row "
        "i, column j of the kernel.",
        lambda w, k: add_up(w * np.rot90(k)), lambda w, k: add_up(w * np.rot90(k, -1)),
        lambda w, k: add_up(w * k[::-1, ::-1].T)),
)  # fmt: skip
IN_ONE_WINDOW = (
    mistake("centre_left_out",
        "The centre counts too: a 3x3 window makes nine products, not eight. The centre's own is "
        "864 in the worked example, which gives -287 instead of 577 without it.",
        without_centre),
    mistake("corners_left_out",
        "The corners count too: a 3x3 window makes nine products, not five.",
        lambda w, k: add_up(w * plus_shaped(k)), lambda w, k: without_centre(w, plus_shaped(k))),
    mistake("summed_before_multiplying",
        "You add first and multiply afterwards: 1112 * 1 = 1112 on the worked example. Each pixel "
        "has a weight of its own: multiply value by value, then add up.",
        lambda w, k: add_up(w) * k.sum(), lambda w, k: w.mean((-2, -1)) * k.sum(),
        lambda w, k: w.mean((-2, -1)) * k.mean()),
    mistake("matrix_product",
        "That is a matrix product, rows by columns: 1337 on the worked example. A convolution "
        "multiplies value by value: `*`, not `@` or `np.dot`.",
        lambda w, k: add_up(w @ k), lambda w, k: add_up(k @ w), lambda w, k: add_up(w @ k.T)),
    mistake("added_instead_of_multiplied",
        "Window and kernel are added to each other, or subtracted: 1113 or 1111 on the worked "
        "example. Each pixel is multiplied by its kernel value.",
        lambda w, k: add_up(w + k), lambda w, k: add_up(w - k), lambda w, k: add_up(k - w)),
    mistake("not_multiplied",
        "Pixels and kernel values are divided, or raised to a power. They are multiplied: `*`.",
        lambda w, k: add_up(np.power(w.astype(float), k)), lambda w, k: add_up(w / k),
        lambda w, k: add_up(w // k)),
    mistake("averaged",
        "Your sum is divided by the number of values, as if 577 / 9 = 64.1 were wanted. Add up; "
        "do not average.",
        lambda w, k: (w * k).mean((-2, -1))),
    mistake("normalised",
        "Your kernel, or your sum, is scaled by something made from the kernel. Use the kernel as "
        "it is given. The worked example may hide this, because its kernel sums to 1.",
        lambda w, k: add_up(w * k) / k.sum(), lambda w, k: add_up(w * k) / (k.sum() or 1),
        lambda w, k: add_up(w * k) / np.abs(k).sum(), lambda w, k: add_up(w * k / np.abs(k).max()),
        lambda w, k: add_up(w * k) * k.sum(), lambda w, k: add_up(w * np.abs(k)) / np.abs(k).sum()),
    mistake("kernel_truncated",
        "The kernel lost its fractions: 0.5 became 0, and 4.5 became 4. Is it stored in an "
        "integer array? Work in float.",
        lambda w, k: add_up(w * k.astype(int)), lambda w, k: add_up(w * k.astype(w.dtype)),
        lambda w, k: add_up(w * np.rint(k)), lambda w, k: add_up(w * np.floor(k))),
    mistake("image_changed",
        "The pixels are changed before they are multiplied: scaled, cut off, or made bytes. Use "
        "them as they are.",
        lambda w, k: add_up(w / w.max() * k), lambda w, k: add_up(np.trunc(w) * k),
        lambda w, k: add_up((w - w.mean()) * k), lambda w, k: add_up(as_byte(w) * k),
        lambda w, k: add_up((w - w.min()) / (np.ptp(w) or 1) * k),
        lambda w, k: add_up(np.maximum(w, 0) * k), lambda w, k: add_up(w * k) / add_up(w),
        lambda w, k: add_up(w * k) - w.mean((-2, -1)), lambda w, k: add_up(w**2 * k),
        lambda w, k: add_up((as_byte(w + 128) - 128) * k)),
    mistake("stored_as_bytes",
        "Your values went through a byte (uint8), which holds 0 to 255 and wraps around: 577 "
        "becomes 65. Work in float; bytes are made once, at the end.",
        lambda w, k: as_byte(add_up(w * k)), lambda w, k: add_up(as_byte(w * k)),
        lambda w, k: np.mod(add_up(w * k), 256), lambda w, k: as_byte(add_up(w * k) + 128) - 128,
        lambda w, k: add_up(as_byte(w) * as_byte(k)),
        lambda w, k: as_byte(add_up(as_byte(w) * as_byte(k))),
        lambda w, k: add_up(as_byte(as_byte(w) * as_byte(k))),
        lambda w, k: as_byte(add_up(as_byte(w * k)))),
    mistake("clipped",
        "Your sum is clipped to 0..255, where 577 becomes 255. Here it keeps its size and sign: "
        "only `to_pixels` cuts off.",
        lambda w, k: np.clip(add_up(w * k), 0, 255),
        lambda w, k: np.clip(np.rint(add_up(w * k)), 0, 255),
        lambda w, k: np.clip(np.trunc(add_up(w * k)), 0, 255),
        lambda w, k: np.minimum(add_up(w * k), 255)),
    mistake("sign_lost",
        "Minus signs are lost: a negative product must make the sum smaller. Is there an abs(), a "
        "square or a max(0, ...)?",
        lambda w, k: np.abs(add_up(w * k)), lambda w, k: add_up(np.abs(w * k)),
        lambda w, k: add_up(w * np.abs(k)), lambda w, k: np.maximum(add_up(w * k), 0),
        lambda w, k: add_up(np.maximum(w * k, 0)), lambda w, k: add_up((w * k) ** 2),
        lambda w, k: np.linalg.norm(w * k, axis=(-2, -1))),
    mistake("not_accumulated",
        "Only the last products are in your sum: each step forgets what came before. Start from 0 "
        "once and add with `+=`. On the worked example -504 or 161 are left of 577.",
        lambda w, k: w[..., -1, -1] * k[-1, -1], lambda w, k: (w[..., -1, :] * k[-1]).sum(-1),
        lambda w, k: (w[..., -1] * k[:, -1]).sum(-1)),
    mistake("stopped_early",
        "Only the first products are in your sum. Does `return` stand inside the loop?",
        lambda w, k: w[..., 0, 0] * k[0, 0], lambda w, k: (w[..., 0, :] * k[0]).sum(-1),
        lambda w, k: (w[..., 0] * k[:, 0]).sum(-1)),
    mistake("kernel_edge_missed",
        "A part of the kernel is never used. `range(3)` is 0, 1, 2; `range(2)` and `range(1, 3)` "
        "leave one out.",
        lambda w, k: add_up(w[..., :-1, :-1] * k[:-1, :-1]),
        lambda w, k: add_up(w[..., 1:, 1:] * k[1:, 1:]),
        lambda w, k: add_up(w[..., :-1, :] * k[:-1]), lambda w, k: add_up(w[..., :-1] * k[:, :-1]),
        lambda w, k: add_up(w[..., 1:, :] * k[1:]), lambda w, k: add_up(w[..., 1:] * k[:, 1:]),
        lambda w, k: add_up(w * k) - w[..., -1, -1] * k[-1, -1],
        lambda w, k: add_up(w * k) - w[..., 0, 0] * k[0, 0]),
    mistake("corners_only",
        "Only the corners are multiplied. A 3x3 window makes nine products.",
        lambda w, k: add_up(w[..., ::2, ::2] * k[::2, ::2])),
    mistake("one_row_only",
        "Only one row or column is in your sum. All of the window counts.",
        lambda w, k: (w * k).sum(-1)[..., len(k) // 2],
        lambda w, k: (w * k).sum(-2)[..., k.shape[1] // 2]),
    mistake("diagonal_only",
        "Only the diagonal is multiplied. Rows and columns need a loop each, one inside the other.",
        lambda w, k: np.einsum("...ii,ii->...", w, k), lambda w, k: add_up(np.triu(w * k)),
        lambda w, k: add_up(np.tril(w * k))),
    mistake("indices_mixed_up",
        "Window and kernel do not meet place by place: an index stands where the other one "
        "belongs, or counts from the end. It is [i, j] in both.",
        lambda w, k: add_up(w * np.roll(k[::-1, ::-1], 1, (0, 1))),
        lambda w, k: add_up(w * np.roll(k, 1)), lambda w, k: add_up(w * np.diagonal(k)),
        lambda w, k: add_up(w * np.diagonal(k)[:, None]),
        lambda w, k: add_up(np.diagonal(w, axis1=-2, axis2=-1)[..., None] * k),
        lambda w, k: add_up(np.diagonal(w, axis1=-2, axis2=-1)[..., None, :] * k),
        lambda w, k: add_up(w * np.sort(k)),
        lambda w, k: add_up(w * np.sort(k, axis=None).reshape(k.shape))),
    mistake("one_value_for_all",
        "One and the same pixel is multiplied by all kernel values, or one kernel value by all "
        "pixels.",
        lambda w, k: centre(w) * k.sum(), lambda w, k: w[..., 0, 0] * k.sum(),
        lambda w, k: add_up(w) * centre(k), lambda w, k: add_up(w) * k[0, 0],
        lambda w, k: add_up(w) * k[-1, -1]),
    mistake("centre_only",
        "Only the centre is in your result. The neighbours count too.",
        lambda w, k: centre(w) * centre(k), lambda w, k: centre(w) * 1),
    mistake("centre_added",
        "The centre counts twice: as a product, and once more by itself. Nothing but the products "
        "is added up.",
        lambda w, k: add_up(w * k) + centre(w), lambda w, k: centre(w) - add_up(w * k)),
    mistake("kernel_ignored",
        "The kernel's values are not in your result: it depends on the window alone.",
        lambda w, k: add_up(w), lambda w, k: w.mean((-2, -1)), lambda w, k: w.max((-2, -1)),
        lambda w, k: np.median(w, (-2, -1)), lambda w, k: add_up(w * w)),
    mistake("image_ignored",
        "The window's values are not in your result: it depends on the kernel alone.",
        lambda w, k: add_up(w * 0) + k.sum(), lambda w, k: add_up(w * 0) + (k * k).sum()),
    mistake("not_summed",
        "The products are right, but something else than adding up was done with them.",
        lambda w, k: (w * k).max((-2, -1)), lambda w, k: (w * k).min((-2, -1)),
        lambda w, k: (w * k).prod((-2, -1)), lambda w, k: np.median(w * k, (-2, -1)),
        lambda w, k: (w * k).std((-2, -1))),
    mistake("rounded",
        "Your result is rounded. Keep all its decimals: it is rounded once, when pixels are made.",
        lambda w, k: np.round(add_up(w * k), 2), lambda w, k: np.round(add_up(w * k), 1),
        lambda w, k: np.rint(add_up(w * k)), lambda w, k: np.ceil(add_up(w * k)),
        lambda w, k: add_up(np.rint(w * k))),
    mistake("truncated",
        "The fractions are gone: your result, or each product, was cut to a whole number. Is "
        "there an int() or a `//`, or an array with an integer dtype?",
        lambda w, k: np.trunc(add_up(w * k)), lambda w, k: np.floor(add_up(w * k)),
        lambda w, k: add_up(np.trunc(w * k)), lambda w, k: add_up(np.floor(w * k)),
        lambda w, k: add_up(np.floor(w) * np.floor(k))),
)  # fmt: skip
