"""`relu(values)`: 0 in place of every negative value."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

import helpers
from course.exercises.exercise import ByCalls, Call, call, mistake
from course.exercises.pooling.images import bright_bytes, floats, negative, signed

# --- Cases ----------------------------------------------------------------------------------------


def cases(rng: np.random.Generator) -> Iterable[Call]:
    yield call(signed(rng, 5, 7))
    yield call(floats(rng, 6, 4))
    yield call(floats(rng, 4, 9).astype(np.float32))
    yield call(negative(rng, 3, 5))
    yield call(bright_bytes(rng, 4, 6))
    yield call(rng.random((5, 3)) - 0.5)
    yield call(600.0 * floats(rng, 6, 6))
    yield call(signed(rng, 1, 8))


# --- Other right answers --------------------------------------------------------------------------


def relu_by_mask(values: np.ndarray) -> np.ndarray:
    result = values.copy()
    result[result < 0] = 0
    return result


def relu_by_loops(values: np.ndarray) -> np.ndarray:
    result = np.zeros(values.shape)
    for place in np.ndindex(values.shape):
        if values[place] > 0:
            result[place] = values[place]
    return result


def activated(function: Callable[[np.ndarray], np.ndarray]) -> Callable[[np.ndarray], np.ndarray]:
    """Compute in floats, as every activation function is."""
    return lambda values: function(values.astype(float))


# --- Mistakes -------------------------------------------------------------------------------------


def replacing(replacement: Callable[[np.ndarray], Any]) -> Callable[[np.ndarray], np.ndarray]:
    """Put something else than 0 where a value is negative."""
    return lambda values: np.where(values < 0, replacement(values.astype(float)), values)


def leaking(slope: float) -> Callable[[np.ndarray], np.ndarray]:
    return replacing(lambda values: slope * values)


def replaced_by(number: float) -> Callable[[np.ndarray], np.ndarray]:
    return replacing(lambda values: number)


def cut_off_at(top: float) -> Callable[[np.ndarray], np.ndarray]:
    return lambda values: np.clip(values, 0, top)


def judged_by_min(axis: int | None) -> Callable[[np.ndarray], np.ndarray]:
    return lambda values: np.where(values.min(axis=axis, keepdims=True) < 0, 0, values)


def judged_by_sum(axis: int) -> Callable[[np.ndarray], np.ndarray]:
    return lambda values: np.where(values.sum(axis=axis, keepdims=True) < 0, 0, values)


def softmax(values: np.ndarray) -> np.ndarray:
    powers = np.exp(values - values.max())
    return powers / powers.sum()


def slope(one: Call, right: np.ndarray, got: np.ndarray) -> float | None:
    """By how much negative values were made smaller, where nothing else was done."""
    (values,) = one.args
    ratios = (got / values)[values < 0]
    others = np.allclose(got[values >= 0], right[values >= 0])
    return ratios[0] if others and np.ptp(ratios) < 1e-3 and 0 < ratios[0] < 1 else None


def in_place_of_negatives(one: Call, right: np.ndarray, got: np.ndarray) -> float | None:
    """The one number that stands wherever a value was negative, where nothing else was done."""
    (values,) = one.args
    instead = got[values < 0]
    others = np.allclose(got[values >= 0], right[values >= 0])
    return instead[0] if others and np.ptp(instead) == 0 else None


MISTAKES = (
    mistake("places_returned",
        "With a condition alone np.where says where it holds. With two more arguments it chooses: "
        "np.where(condition, a, b) takes a where it holds and b elsewhere.",
        lambda values: np.where(values > 0), lambda values: np.where(values < 0),
        lambda values: np.where(values >= 0), lambda values: np.argwhere(values > 0)),
    mistake("thrown_out",
        "You throw the negative values out, and the shape goes with them. ReLU puts a 0 in their "
        "place: 2x2 values stay 2x2.",
        lambda values: values[values > 0], lambda values: values[values >= 0],
        lambda values: values[(values >= 0).all(axis=1)],
        lambda values: values[:, (values >= 0).all(axis=0)]),
    mistake("absolute_value",
        "You drop the minus sign: -3 becomes 3. ReLU makes 0 of it.",
        activated(np.abs)),
    mistake("positives_lost",
        "You keep the negative values and lose the others. It is the other way round: np.minimum "
        "and np.maximum are easily mixed up.",
        lambda values: np.minimum(values, 0), activated(lambda v: np.maximum(-v, 0)),
        lambda values: np.where(values > 0, 0, values), activated(np.negative)),
    mistake("compared_last",
        "`values * values > 0` multiplies first and compares then, so it says True wherever a "
        "value is not 0. The comparison needs brackets: values * (values > 0).",
        lambda values: values * values > 0),
    mistake("step",
        "You say which values are positive and lose the values themselves: 2 must stay 2.",
        lambda values: values > 0, lambda values: values >= 0, activated(np.sign),
        lambda values: np.where(values > 0, 1, -1)),
    mistake("leaky",
        "Negative values still leak through: yours only makes -3 smaller. ReLU makes 0 of it.",
        leaking(0.01), leaking(0.3),
        fits=slope),
    mistake("bytes_overflow",
        "Right, except for bytes: they hold 0 to 255 and wrap around, so 200 + 200 becomes 144. "
        "Compare each value with 0, or make floats of them first.",
        lambda values: (np.abs(values) + values) / 2,
        lambda values: (np.abs(values) + values) // 2,
        lambda values: (np.abs(values) + values) * 0.5,
        lambda values: ((np.abs(values) + values) / 2).astype(values.dtype)),
    mistake("not_zero",
        "Negative values become another number than 0.",
        replaced_by(1.0), replaced_by(np.nan), replacing(np.min),
        replacing(np.max), replacing(np.mean), lambda values: np.where(values <= 0, 1, values),
        lambda values: np.where(values > 0, values, -1),
        fits=in_place_of_negatives),
    mistake("wrong_threshold",
        "The border is not at 0. Every value above 0 stays as it is, 0.5 too, and every value "
        "below becomes 0.",
        lambda values: np.where(values >= 1, values, 0),
        lambda values: np.where(values > 1, values, 0), lambda values: np.maximum(values, 1),
        activated(lambda v: np.maximum(v, -1)),
        lambda values: np.where(values > values.mean(), values, 0),
        lambda values: np.maximum(values, values.mean()),
        lambda values: np.where(values > -1, values, 0),
        lambda values: np.where(values > 0.5, values, 0), lambda values: np.maximum(values, 0.5),
        lambda values: np.where(values > np.median(values), values, 0),
        activated(lambda v: np.maximum(v - 1, 0)), activated(lambda v: np.maximum(v + 1, 0))),
    mistake("clipped",
        "Large values are cut off. ReLU has no upper end: 577 stays 577.",
        *map(cut_off_at, (1, 255, 6, 100, 10, 2)), lambda values: np.clip(values, -1, 1),
        lambda values: np.clip(values, 0, max(values.mean(), 0)),
        lambda values: np.clip(values, -255, 255)),
    mistake("shifted_up",
        "You add to all values until none is negative. ReLU leaves positive values alone: 2 stays "
        "2.",
        activated(lambda v: v - v.min()), activated(lambda v: v - min(v.min(), 0)),
        activated(lambda v: v + np.abs(v.min())), activated(lambda v: v + np.abs(v))),
    mistake("scaled",
        "You scale the values. ReLU leaves positive values alone: 2 stays 2.",
        activated(lambda v: np.maximum(v, 0) / max(v.max(), 1e-9)),
        activated(lambda v: np.maximum(v, 0) / v.sum()),
        activated(lambda v: np.maximum(v, 0) / max(np.maximum(v, 0).sum(), 1e-9)),
        activated(lambda v: (v - v.min()) / np.ptp(v)), activated(lambda v: np.maximum(v, 0) / 255),
        activated(lambda v: np.maximum(v - v.mean(), 0)),
        activated(lambda v: np.maximum(v, 0) / v.size)),
    mistake("not_each_value",
        "Each value is judged by itself. Yours looks at a whole row, column or array at once.",
        *map(judged_by_min, (0, 1, None)), *map(judged_by_sum, (0, 1)),
        lambda values: np.max(values, axis=0), lambda values: np.maximum(values.max(axis=0), 0),
        lambda values: np.max(values, axis=1), lambda values: np.maximum(values.max(axis=1), 0),
        lambda values: np.sort(np.maximum(values, 0), axis=None).reshape(values.shape),
        lambda values: np.where(values[:, :1] > 0, values, 0)),
    mistake("as_bytes",
        "Your values went through bytes or whole numbers: -3 became 253, or 0.5 became 0. Stay in "
        "floats.",
        activated(lambda v: np.mod(np.trunc(v), 256)),
        lambda values: np.maximum(np.trunc(values), 0),
        lambda values: np.maximum(np.rint(values), 0),
        lambda values: np.round(np.maximum(values, 0), 1),
        lambda values: np.round(np.maximum(values, 0), 2),
        activated(lambda v: np.mod(np.maximum(v, 0) // 1, 256))),
    mistake("left_unfinished",
        "Only a part of the array goes through your ReLU. Do the loops reach the last row and "
        "column?",
        lambda values: np.pad(np.maximum(values, 0)[:-1, :-1], ((0, 1), (0, 1))),
        lambda values: np.pad(np.maximum(values, 0)[1:, 1:], ((1, 0), (1, 0))),
        lambda values: np.concatenate([np.maximum(values[:1], 0), values[1:]]),
        lambda values: np.vstack([np.maximum(values[:-1], 0), values[-1:]])),
    mistake("other_activation",
        "That is another activation function. ReLU is plainer: a negative value becomes 0, any "
        "other stays what it is.",
        activated(lambda v: 1 / (1 + np.exp(-v))), lambda v: 1 / (1 + np.exp(-v)),
        activated(np.tanh),
        activated(lambda v: np.logaddexp(0, v)),
        activated(lambda v: np.where(v > 0, v, np.expm1(v))),
        activated(lambda v: v / (1 + np.exp(-v))), activated(softmax), activated(np.exp),
        activated(np.square), activated(lambda v: np.maximum(v, 0) ** 2),
        activated(lambda v: np.nan_to_num(np.sqrt(v))),
        activated(lambda v: np.nan_to_num(np.log(v)))),
    mistake("unchanged",
        "Your function gives its input back unchanged: -3 must become 0.",
        lambda values: values),
)  # fmt: skip


EXERCISE = ByCalls(
    key="relu",
    title="Replace negative values by 0",
    points=1,
    minutes=2,
    reference=helpers.relu,
    helpers=("pooling.relu",),
    examples=(
        call(np.array([[-3.0, 0.5], [2.0, -1.0]])),
        call(np.array([[-3, 0, 4], [7, -1, 0]])),
    ),
    cases=cases,
    alternatives=(
        lambda values: np.maximum(values, 0),
        lambda values: np.where(values > 0, values, 0),
        lambda values: values * (values > 0),
        activated(lambda v: (v + np.abs(v)) / 2),
        lambda values: np.clip(values, 0, None),
        relu_by_mask,
        relu_by_loops,
    ),
    mistakes=MISTAKES,
    hints=(
        "What should become of -3, of 0 and of 2? And how many values are there afterwards?",
        "For each value you want the larger of two numbers: the value itself and one fixed number.",
        (
            "np.max finds one number in an array; np.maximum(a, b) compares value by value. What "
            "are a and b?"
        ),
    ),
)
