"""`dead_channels(activations)`: how many channels are 0 everywhere, over a whole batch."""

from collections.abc import Iterable

import numpy as np

import helpers
from course.exercises.exercise import ByCalls, Call, call, mistake
from helpers.network import dead_channels


def one_spark() -> np.ndarray:
    """Two images of 2x2 with three channels: the first dead, the others not."""
    batch = np.zeros((2, 2, 2, 3))
    batch[0, 0, 1, 1] = 2
    batch[1, 1, 0, 2] = 5
    return batch


# --- Cases ----------------------------------------------------------------------------------------


def cases(rng: np.random.Generator) -> Iterable[Call]:
    for shape in ((2, 3, 4, 5), (4, 2, 2, 7), (1, 5, 3, 6), (6, 1, 1, 4)):
        batch = helpers.relu(rng.normal(size=shape))
        batch[..., 1] = 0
        batch[..., 2] = 0
        batch[0, ..., 3] = 0  # silent for the first image only, where there are more
        yield call(batch)
    alive = rng.random((3, 4, 2, 5)) + 0.1
    yield call(alive)
    yield call(alive * 0)
    signed = rng.normal(size=(2, 3, 3, 4))
    signed[..., 0] = [[[1, -1, 0]] * 3] * 2  # adds up to 0, and is not dead
    signed[..., 1:3] = -1 - np.abs(signed[..., 1:3])
    signed[0, 0, 0, 1:3] = 0  # never above 0, and not dead either
    yield call(signed)
    weak = np.zeros((5, 4, 4, 3))
    weak[4, 3, 3, 0] = 5e-6  # a single value, at the very end
    yield call(weak)


# --- Mistakes -------------------------------------------------------------------------------------

MISTAKES = (
    mistake("alive_counted",
        "You count the channels that do answer. The others are asked.",
        lambda a: int(np.sum(a.any(axis=(0, 1, 2))))),
    mistake("first_image_only",
        "You look at the first image only. A channel is dead when no image of the whole batch "
        "wakes it.",
        lambda a: int(np.sum(~a[0].any(axis=(0, 1))))),
    mistake("counted_per_image",
        "You count a channel once for every image for which it is silent. It counts once, and "
        "only if it is silent for all.",
        lambda a: int(np.sum(~a.any(axis=(1, 2)))),
        lambda a: int(np.sum(a.max(axis=(1, 2)) == 0))),
    mistake("any_zero",
        "A channel with one 0 in it is not dead yet: all of its values must be 0.",
        lambda a: int(np.sum((a == 0).any(axis=(0, 1, 2))))),
    mistake("zeros_counted",
        "You count zeros. Channels are asked.",
        lambda a: int(np.sum(a == 0))),
    mistake("sum_is_zero",
        "A sum of 0 does not mean that all values are 0: 1 and -1 add up to 0 as well.",
        lambda a: int(np.sum(a.sum(axis=(0, 1, 2)) == 0)),
        lambda a: int(np.sum(np.abs(a.mean((0, 1, 2))) < 1e-9))),
    mistake("wrong_axis",
        "You look along the wrong axes. Channels are the last one of (N, H, W, C); the other "
        "three go.",
        lambda a: int(np.sum(~a.any(axis=(1, 2, 3)))),
        lambda a: int(np.sum(~a.any(axis=(0, 2, 3)))),
        lambda a: int(np.sum(~a.any(axis=(0, 1, 3))))),
    mistake("not_positive",
        'Negative values are answers too: dead means 0, not "never above 0".',
        lambda a: int(np.sum(a.max(axis=(0, 1, 2)) <= 0)),
        lambda a: int(np.sum(a.max(axis=(0, 1, 2)) == 0))),
    mistake("threshold",
        "A weak answer is an answer: compare with 0, not with a small number.",
        *(lambda a, tiny=tiny: int(np.sum(np.abs(a).max(axis=(0, 1, 2)) < tiny))
          for tiny in (1e-5, 1e-3, 0.01)),
        lambda a: int(np.sum(a.max(axis=(0, 1, 2)) < 0.5))),
    mistake("fraction",
        "That is a share of the channels. How many they are is asked: a whole number.",
        lambda a: float(np.mean(~a.any(axis=(0, 1, 2))))),
    mistake("indices",
        "These are the channels themselves. How many they are is asked: one whole number.",
        lambda a: np.flatnonzero(~a.any(axis=(0, 1, 2))), lambda a: ~a.any(axis=(0, 1, 2))),
)  # fmt: skip


EXERCISE = ByCalls(
    key="dead_channels",
    title="Count the channels that never answer",
    points=2,
    minutes=5,
    reference=dead_channels,
    helpers=("network.dead_channels",),
    examples=(call(one_spark()),),
    cases=cases,
    alternatives=(
        lambda a: sum(not a[..., c].any() for c in range(a.shape[-1])),
        lambda a: int((np.abs(a).max(axis=(0, 1, 2)) == 0).sum()),
        lambda a: int(np.sum(np.all(a.reshape(-1, a.shape[-1]) == 0, axis=0))),
        lambda a: a.shape[-1] - np.count_nonzero(np.count_nonzero(a, axis=(0, 1, 2))),
    ),
    mistakes=MISTAKES,
    hints=(
        "When is a channel dead? Say it with 'all' or 'any', and say over what.",
        (
            "`.any(axis=...)` takes several axes at once. Which three of (N, H, W, C) should "
            "disappear?"
        ),
        "Count where `activations.any(axis=(..., ..., ...))` is False, and give back an int.",
    ),
)
