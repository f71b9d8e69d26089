"""What goes wrong with sizes and places, whatever is done in one window."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from course.exercises.distortions import kept, stretched
from course.exercises.exercise import Call, Mistake, mistake


def framed(image: np.ndarray, kernel: np.ndarray, mode: Any, **options: Any) -> np.ndarray:
    """Pad so that a "valid" convolution gives the image's size again, even kernels too."""
    ends = [((length - 1) // 2, length // 2) for length in kernel.shape]
    return np.pad(image, ends, mode, **options)


def inside(image: np.ndarray, kernel: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Put values where the kernel fits, and leave the rest of the image as it is."""
    out = image.astype(float)
    top, left = (length // 2 for length in kernel.shape)
    out[top : top + len(values), left : left + values.shape[1]] = values
    return out


def in_type_of(image: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Store values in the image's own type: fractions and signs may be lost."""
    return values.astype(np.int64).astype(image.dtype) if image.dtype.kind in "iu" else values


def as_large_as(got: np.ndarray, one: Call, more: int) -> float | None:
    """Whether a result is as large as the image, or `more` times a kernel less one larger."""
    image, kernel = one.args
    sides = zip(image.shape, kernel.shape, strict=True)
    return 1.0 if got.shape == tuple(n + more * (k - 1) for n, k in sides) else None


SIZE_KEPT = (
    "Your result has the image's size. Nothing is padded here: a value stands only where the whole "
    "kernel fits, so the shape is (H - kh + 1, W - kw + 1)."
)
FULL_SIZE = (
    "Your result is larger than the image: it has a value wherever kernel and image touch. Only "
    'places where the whole kernel fits are wanted; SciPy calls this mode="valid".'
)
BY_SHAPE_ALONE = (
    mistake("size_kept", SIZE_KEPT, fits=lambda one, right, got: as_large_as(got, one, 0)),
    mistake("full_size", FULL_SIZE, fits=lambda one, right, got: as_large_as(got, one, 1)),
)
"""Whatever the values are; so these come last."""

INTEGER_DTYPE = (
    "Your result is stored in the image's own type, so fractions were cut off, and in bytes 577 "
    "becomes 65. np.zeros(shape) makes an array of floats."
)


# fmt: off
def sizes(right: Callable[..., np.ndarray]) -> tuple[Mistake, ...]:
    """What goes wrong with sizes and places, whatever is done in one window."""

    def changed(change: Callable[[np.ndarray], np.ndarray]) -> Callable[..., np.ndarray]:
        return lambda image, kernel: change(right(image, kernel))

    def padded(mode: Any) -> Callable[..., np.ndarray]:
        return lambda image, kernel: right(framed(image, kernel, mode), kernel)

    def widened(before: Any, after: Any, mode: Any = "constant") -> Callable[..., np.ndarray]:
        return lambda image, kernel: right(
            np.pad(image, [(before(n), after(n)) for n in kernel.shape], mode), kernel
        )

    def less_one(length: int) -> int:
        return length - 1

    return (
        mistake("off_by_one_size",
            "The last row or the last column is missing: a window of 3 fits into 5 pixels at 5 - "
            "3 + 1 = 3 places. Is the + 1 there, for rows and for columns?",
            changed(lambda out: out[:-1, :-1]), changed(lambda out: out[:-1]),
            changed(lambda out: out[:, :-1]),
            # Lists of rows: where no row is left, nobody knows how long it would be.
            changed(lambda out: np.array(out[:-1, :-1].tolist())),
            changed(lambda out: np.array(out[:-1].tolist()))),
        mistake("off_by_one_loop",
            "The shape is right, but some rows or columns were never filled in: they are 0. How "
            "far do your loops reach? `range(n)` starts with 0 and ends with n - 1.",
            *(changed(partial(kept, part=part)) for part in (
                np.s_[:-1, :-1], np.s_[:-1], np.s_[:, :-1], np.s_[1:, 1:], np.s_[1:], np.s_[:, 1:],
                np.s_[1:-1, 1:-1]))),
        mistake("stopped_early",
            "Only the first value or the first row is filled in. Does `return` stand inside a "
            "loop?",
            *(changed(partial(kept, part=part)) for part in (np.s_[:1, :1], np.s_[:1])),
            changed(lambda out: out[:1]), changed(lambda out: out[:1, :1])),
        mistake("border_kept",
            "Your result has the image's size, and pixels of the image are left on its border. "
            "Where no full window fits there is no result: the shape is (H - kh + 1, W - kw + 1).",
            lambda image, kernel: inside(image, kernel, right(image, kernel))),
        mistake("size_kept",
            SIZE_KEPT,
            *map(padded, ("constant", "edge", "wrap", "symmetric", "reflect")),
            lambda image, kernel: inside(image * 0, kernel, right(image, kernel)),
            lambda image, kernel: inside(image * 0, kernel[:1, :1], right(image, kernel)),
            widened(lambda n: 0, less_one), widened(less_one, lambda n: 0),
            widened(less_one, lambda n: 0, "wrap"),
            widened(lambda n: n // 2, lambda n: (n - 1) // 2)),
        mistake("full_size",
            FULL_SIZE,
            widened(less_one, less_one), widened(lambda n: n, lambda n: n)),
        mistake("padded_by_one",
            "The image was padded by one pixel before the window moved over it. Nothing is padded "
            "here: the window starts at row 0, column 0 of the image itself.",
            lambda image, kernel: right(np.pad(image, 1), kernel),
            lambda image, kernel: right(np.pad(image, 1, "edge"), kernel)),
        mistake("result_padded",
            "There is a border round your result. Only the places where the whole kernel fits are "
            "wanted.",
            changed(lambda out: np.pad(out, 1))),
        mistake("steps_too_large",
            "Your windows do not overlap, or leave places out. The window moves one pixel at a "
            "time, along rows and along columns.",
            lambda image, kernel: right(image, kernel)[:: len(kernel), :: kernel.shape[1]],
            lambda image, kernel: kept(
                right(image, kernel), np.s_[:: len(kernel), :: kernel.shape[1]]),
            changed(lambda out: kept(out, np.s_[::2, ::2])), changed(lambda out: out[::2, ::2])),
        mistake("integer_dtype",
            INTEGER_DTYPE,
            lambda image, kernel: in_type_of(image, right(image, kernel))),
        mistake("axes_swapped",
            "Rows and columns are swapped somewhere. The row comes first: in `.shape`, in the "
            "loops and in `image[row, col]`; how many there are depends on the height.",
            lambda image, kernel: right(image.T, kernel),
            changed(lambda out: out.reshape(out.shape[::-1]))),
        mistake("transposed_result",
            "Your result is transposed: every value is right, and stands at [c, r] instead of "
            "[r, c]. The windows are cut where they should be; look at where a value is stored, "
            "and at the shape of the array that it goes into.",
            changed(lambda out: out.T)),
        mistake("position_ignored",
            "Your windows do not move along both axes: rows or columns of your result are all the "
            "same. Is the row, or the column, missing where the window is cut, or where it is "
            "stored?",
            changed(lambda out: np.broadcast_to(out[:, :1], out.shape)),
            changed(lambda out: np.broadcast_to(out[:, -1:], out.shape)),
            changed(lambda out: np.broadcast_to(out[:1], out.shape)),
            changed(lambda out: np.broadcast_to(out[-1:], out.shape)),
            changed(lambda out: np.full(out.shape, out[0, 0])),
            changed(lambda out: np.full(out.shape, out[-1, -1])), changed(lambda out: out[-1, -1]),
            changed(lambda out: out[0, 0])),
        mistake("rows_added_up",
            "The results themselves are added up, or only a row of them is left. One value for "
            "each place of the window is wanted.",
            changed(lambda out: out[0]), changed(lambda out: out[-1]),
            changed(lambda out: out.sum(0)), changed(lambda out: out.sum(1)),
            changed(lambda out: out.sum()), changed(lambda out: out.mean())),
        mistake("results_changed",
            "Something is done to the finished values: the image added, their mean taken away, or "
            "a function applied. They stay as they are.",
            changed(lambda out: out - out.mean()), changed(np.tanh), changed(np.sign),
            changed(lambda out: out**2), changed(lambda out: np.sqrt(np.abs(out))),
            changed(lambda out: 1 / (1 + np.exp(-out)))),
        mistake("total_not_reset",
            "Each value still holds the sums before it. Start the total from 0 again for every "
            "pixel of the result.",
            changed(lambda out: out.cumsum().reshape(out.shape)),
            changed(lambda out: out.cumsum(axis=1))),
        mistake("stretched",
            "Your values are stretched to a fixed range. They keep their size and sign here; "
            "`to_pixels` makes something to look at.",
            changed(stretched), changed(lambda out: 255 * stretched(out)),
            changed(lambda out: np.trunc(255 * stretched(out))),
            changed(lambda out: out / np.abs(out).max())),
        mistake("odd_kernels_only",
            "This is right for odd kernels only. An even kernel has no middle; counting from the "
            "window's top left corner works for all sizes.",
            lambda image, kernel: right(image, kernel)[
                : len(image) - len(kernel) // 2 * 2, : image.shape[1] - kernel.shape[1] // 2 * 2]),
    )  # fmt: skip
# fmt: on


TOO_LARGE = ("size_kept", "full_size")  # what SciPy gives where nothing else is asked for
