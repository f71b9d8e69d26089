"""`to_pixels(values, factor=1.0, bias=0.0)`: scaled, rounded, clipped, and stored as bytes."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

import helpers
from course.exercises.convolution_by_hand.images import grey_bytes, grey_values
from course.exercises.distortions import kept, stretched
from course.exercises.exercise import ByCalls, Call, call, made_by, mistake

# --- Cases ----------------------------------------------------------------------------------------


def responses(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """Values below, within and above 0..255, none half way between two whole numbers."""
    return rng.integers(-300, 600, shape) + rng.choice([0.0, 0.2, 0.3, 0.7, 0.8], shape)


def cases(rng: np.random.Generator) -> Iterable[Call]:
    yield call(responses(rng, 4, 6))
    yield call(np.array([[-1.0, -0.7, -0.3, 0.3, 0.7], [254.3, 254.7, 255.3, 255.7, 256.0]]))
    yield call(responses(rng, 5, 3), 1.0, 128.0)
    yield call(rng.integers(0, 2300, (4, 5)), 1 / 9)
    yield call(rng.integers(-400, 400, (3, 7)), factor=1 / 3, bias=128)
    yield call(2 * responses(rng, 4, 4), factor=0.5)
    yield call(grey_bytes(rng, 4, 3), factor=2.0, bias=-100.0)
    yield call(responses(rng, 3, 4).astype(np.float32))
    yield call(responses(rng, 3, 5) / 255, factor=255)
    yield call(responses(rng, 4, 3), factor=-1.0, bias=255.0)
    yield call(grey_values(rng, 2, 3) + rng.choice([0.2, 0.3, 0.7, 0.8], (2, 3)))


# --- Other right answers --------------------------------------------------------------------------


def value_by_value(values, factor=1.0, bias=0.0):
    out = np.zeros(values.shape, np.uint8)
    for place in np.ndindex(values.shape):
        out[place] = min(max(round(float(values[place]) * factor + bias), 0), 255)
    return out


def masked(values, factor=1.0, bias=0.0):
    scaled = np.round(values * factor + bias)
    scaled[scaled < 0] = 0
    scaled[scaled > 255] = 255
    return scaled.astype("uint8")


def by_opencv(values, factor=1.0, bias=0.0):
    import cv2

    return cv2.convertScaleAbs(np.clip(factor * values.astype(float) + bias, 0, 255))


def scaling(way: Callable[..., Any]) -> Callable[..., Any]:
    """Give a function of values v, factor f and bias b the signature of `to_pixels`."""
    return lambda values, factor=1.0, bias=0.0: way(values, factor, bias)


# --- Mistakes -------------------------------------------------------------------------------------


def cast(values: np.ndarray) -> np.ndarray:
    """Store values in bytes unclipped: fractions cut off, 256 wrapped to 0."""
    return values.astype(np.int64).astype(np.uint8)


def clip(values: np.ndarray, least: float = 0, most: float = 255) -> np.ndarray:
    """Round, clip and store in bytes."""
    return cast(np.clip(np.rint(values), least, most))


def limits(least: float, most: float) -> Callable[..., np.ndarray]:
    """Clip to other limits."""
    return lambda v, f, b: clip(f * v + b, least, most)


# Functions of values v, factor f and bias b.
MISTAKES = (
    mistake("wrapped",
        "Nothing is clipped, so values outside 0..255 wrap around: 577 becomes 65, and -3 becomes "
        "253. Clip first, make bytes afterwards.",
        lambda v, f, b: cast(np.rint(f * v + b)), lambda v, f, b: cast(f * v + b),
        lambda v, f, b: cast((f * v + b) % 256), lambda v, f, b: cast((f * v + b) % 255),
        lambda v, f, b: cast(f * cast(v) + b), lambda v, f, b: clip(f * cast(v) + b),
        lambda v, f, b: cast(np.rint(f * cast(v) + b)), lambda v, f, b: cast(f * v + b + 0.5)),
    mistake("truncated",
        "The fractions were cut off: 99.6 became 99 and should become 100. Bytes do not round by "
        "themselves: round first.",
        lambda v, f, b: cast(np.clip(f * v + b, 0, 255)),
        lambda v, f, b: clip(np.rint(f * v + b) - 1)),
    mistake("rounded_up",
        "Your values are rounded up: 20.2 became 21 and should become 20. Round to the nearest.",
        lambda v, f, b: clip(np.ceil(f * v + b)), lambda v, f, b: clip(np.floor(f * v + b) + 1),
        lambda v, f, b: cast(np.clip(f * v + b, 0, 255) + 1),
        lambda v, f, b: cast(clip(f * v + b).astype(int) + 1),
        lambda v, f, b: clip(np.rint(f * v + b) + 1)),
    mistake("rounded_coarsely",
        "Your values are rounded to tens, or to something else than whole numbers.",
        lambda v, f, b: clip(np.round(f * v + b, -1)), lambda v, f, b: clip((f * v + b) // 10 * 10)),
    mistake("clipped_to_256",
        "You clip to 0..256, and the largest byte is 255: 256 wraps around to 0.",
        lambda v, f, b: cast(np.rint(np.clip(f * v + b, 0, 256))),
        lambda v, f, b: cast(np.clip(f * v + b, 0, 256))),
    mistake("clipped_above_only",
        "Large values are clipped, negative ones are not: -3 became 253 and should become 0.",
        lambda v, f, b: cast(np.minimum(np.rint(f * v + b), 255)),
        lambda v, f, b: cast(np.minimum(f * v + b, 255)),
        lambda v, f, b: cast(np.clip(np.rint(f * v + b), -255, 255))),
    mistake("clipped_below_only",
        "Negative values are clipped, large ones are not: 577 became 65 and should become 255.",
        lambda v, f, b: cast(np.maximum(np.rint(f * v + b), 0)),
        lambda v, f, b: cast(np.maximum(f * v + b, 0))),
    mistake("sign_lost",
        "Negative values came back as positive ones: -3 became 3 and should become 0.",
        lambda v, f, b: clip(np.abs(f * v + b)), lambda v, f, b: clip(np.abs(f * v) + b),
        lambda v, f, b: clip(f * np.abs(v) + b)),
    mistake("clipped_first",
        "You clip before factor and bias are applied. With factor 0.5 and bias 128, -100 should "
        "become 78; clipped first, it becomes 128.",
        lambda v, f, b: clip(f * np.clip(v, 0, 255) + b),
        lambda v, f, b: cast(np.rint(f * np.clip(v, 0, 255) + b)),
        lambda v, f, b: cast(f * np.clip(v, 0, 255) + b), lambda v, f, b: cast(f * clip(v) + b),
        lambda v, f, b: clip(f * clip(v) + b), lambda v, f, b: clip(np.clip(f * v, 0, 255) + b),
        lambda v, f, b: cast(np.rint(np.clip(f * v, 0, 255) + b)),
        lambda v, f, b: clip(f * np.maximum(v, 0) + b)),
    mistake("rounded_first",
        "You round before factor and bias are applied, and what comes after makes fractions "
        "again. Round the finished values.",
        lambda v, f, b: clip(f * np.rint(v) + b),
        lambda v, f, b: cast(np.clip(f * np.rint(v) + b, 0, 255)),
        lambda v, f, b: clip(f * np.trunc(v) + b), lambda v, f, b: clip(np.trunc(f * v) + b)),
    mistake("factor_ignored",
        "The factor has no effect on your result.",
        lambda v, f, b: clip(v + b)),
    mistake("bias_ignored",
        "The bias has no effect on your result.",
        lambda v, f, b: clip(f * v)),
    mistake("factor_and_bias_ignored",
        "Neither factor nor bias has an effect on your result.",
        lambda v, f, b: clip(v), lambda v, f, b: cast(np.clip(v, 0, 255)),
        lambda v, f, b: cast(np.rint(v))),
    mistake("always_the_same_bias",
        "A bias is added where none was passed. Without one it is 0.",
        lambda v, f, b: clip(f * v + (b or 128)), lambda v, f, b: clip(f * v + b + 128),
        lambda v, f, b: clip(f * v + 128), lambda v, f, b: clip((f * v + b) / 2 + 128)),
    mistake("bias_added_first",
        "The bias is multiplied too. First multiply by the factor, then add the bias: with factor "
        "0.5 and bias 128, -100 becomes 78, not 14.",
        lambda v, f, b: clip(f * (v + b)), lambda v, f, b: clip(f * (v - b))),
    mistake("divided_by_factor",
        "You divide by the factor. It multiplies: a factor of 0.5 halves the values.",
        lambda v, f, b: clip(v / f + b), lambda v, f, b: clip((v + b) / f)),
    mistake("roles_swapped",
        "Factor or bias has the wrong sign, or the place of something else: `factor * values + "
        "bias`.",
        lambda v, f, b: clip(f * v - b), lambda v, f, b: clip(f * v * b),
        lambda v, f, b: clip(b - f * v), lambda v, f, b: clip(b * v + f),
        lambda v, f, b: clip(f + v + b), lambda v, f, b: clip(v**f + b),
        lambda v, f, b: clip(v + f * b), lambda v, f, b: clip(np.abs(f) * v + b),
        lambda v, f, b: clip(f * v + np.abs(b))),
    mistake("stretched",
        "You stretch the values to fill 0..255, or multiply them by 255. Here 100 stays 100 "
        "whatever the others are; only what lies outside 0..255 is cut off.",
        lambda v, f, b: clip(255 * stretched(f * v + b)),
        lambda v, f, b: cast(255 * stretched(f * v + b)),
        lambda v, f, b: clip(f * 255 * stretched(v) + b),
        lambda v, f, b: clip(255 * (x := f * v + b) / (np.abs(x).max() or 1)),
        lambda v, f, b: clip(255 * (x := f * v + b) / (x.max() or 1)),
        lambda v, f, b: cast(255 * np.maximum(x := f * v + b, 0) / (x.max() or 1)),
        lambda v, f, b: clip(255 * np.clip(f * v + b, 0, 1)),
        lambda v, f, b: cast(255 * np.clip(f * v + b, 0, 1)),
        lambda v, f, b: clip(255 * (f * v + b)), lambda v, f, b: clip((f * v + b) / 255),
        lambda v, f, b: cast(np.clip(f * v + b, 0, 255) / 255),
        lambda v, f, b: cast(np.sqrt(np.clip(f * v + b, 0, 255))),
        lambda v, f, b: clip((x := f * v + b) - min(x.min(), 0)),
        lambda v, f, b: clip((x := f * v + b) - x.min()),
        lambda v, f, b: clip((x := f * v + b) * 255 / max(x.max(), 255)),
        lambda v, f, b: cast(255 / (1 + np.exp(-np.clip(f * v + b, -99, 99))))),
    mistake("outside_to_zero",
        "What lies outside 0..255 went to the wrong end. Below 0 it becomes 0, black; above 255 "
        "it becomes 255, the brightest there is. (A limit of 256 does this: 256 is no byte, and "
        "becomes 0.)",
        lambda v, f, b: clip(np.where((x := f * v + b) > 255, 0, x)),
        lambda v, f, b: clip(np.where((x := f * v + b) < 0, 255, x)),
        lambda v, f, b: clip(np.where((x := f * v + b) < 0, 255, np.where(x > 255, 0, x)))),
    mistake("wrong_limits",
        "Your limits are not 0 and 255. A byte holds 256 different values, and its largest is 255.",
        *map(limits, (0, 1, 0, -128, 0, 0, 0, 10), (254, 255, 1, 127, 127, 100, 200, 245))),
    mistake("inverted",
        "Your result is a negative of the picture: dark and bright are swapped.",
        lambda v, f, b: 255 - clip(f * v + b)),
    mistake("black_or_white",
        "Your result knows only black and white. Values from 0 to 255 stay as they are.",
        lambda v, f, b: cast(255 * (f * v + b > 127)), lambda v, f, b: cast(f * v + b > 127)),
    mistake("partly_filled",
        "Only a part of the result is there, or filled in. How far do your loops reach?",
        *(lambda v, f, b, part=part: cast(kept(clip(f * v + b), part)) for part in (
            np.s_[:-1, :-1], np.s_[:-1], np.s_[:, :-1], np.s_[1:, 1:], np.s_[:1], np.s_[:1, :1])),
        lambda v, f, b: clip(f * v + b)[0]),
)  # fmt: skip


EXERCISE = ByCalls(
    key="to_pixels",
    title="Make bytes of any values",
    points=2,
    minutes=4,
    reference=helpers.to_pixels,
    helpers=("convolution.to_pixels", "kernels.apply_filter"),
    examples=(
        call(np.array([[577.0, -3.0], [99.6, 20.2]])),
        call(np.array([[-300.0, -100.0], [0.0, 60.0]]), factor=0.5, bias=128.0),
    ),
    cases=cases,
    alternatives=(
        value_by_value,
        masked,
        by_opencv,
        scaling(lambda v, f, b: (np.clip(f * v + b, 0, 255) + 0.5).astype(np.uint8)),
        scaling(lambda v, f, b: np.uint8(np.maximum(0, np.minimum(255, np.rint(b + v * f))))),
    ),
    mistakes=made_by(scaling, *MISTAKES),
    hints=(
        "What should become of 577, of -3 and of 99.6? Which of your steps takes care of each?",
        (
            "There are four steps, and their order matters: factor and bias, rounding, clipping, "
            "bytes. np.rint, np.clip and .astype do the last three."
        ),
        (
            "np.clip(np.rint(...), 0, 255).astype(np.uint8), with factor, values and bias where "
            "the dots are."
        ),
    ),
)
