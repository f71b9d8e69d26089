"""`shift_change(image, kernel, shift)`: how much of a shift gets through the pooling."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

import helpers
from course.exercises.exercise import ByCalls, Call, call, few, made_by, mistake
from course.exercises.pooling.convolving import CONVOLVING, responses
from course.exercises.pooling.images import bright_bytes, floats, signed
from course.exercises.pooling.laid_out import POOLING
from course.exercises.pooling.max_pool_2x2 import max_pool_by_loops, max_pool_by_slices
from course.exercises.pooling.pooled import Pool, pooled


class Maps(NamedTuple):
    """What there is to compare: the image, its map and its pooled map, before and after."""

    image: np.ndarray
    moved_image: np.ndarray
    before: np.ndarray
    after: np.ndarray
    small_before: Any
    small_after: Any

    @property
    def change(self) -> np.ndarray:
        return self.after - self.before

    @property
    def small_change(self) -> Any:
        return self.small_after - self.small_before

    @property
    def small_sum(self) -> Any:
        return self.small_after + self.small_before

    @property
    def pooled_image_change(self) -> np.ndarray:
        return pooled(self.moved_image) - pooled(self.image)


def size_of(difference: Any) -> Any:
    return np.abs(difference).mean()


def ratio(maps: Maps, size: Callable[[Any], Any] = size_of) -> Any:
    return size(maps.small_change) / size(maps.change)


def measure(
    image: np.ndarray,
    kernel: np.ndarray,
    shift: int,
    *,
    move: Callable[[np.ndarray, int], np.ndarray] = lambda m, s: np.roll(m, s, axis=1),
    convolve: Callable[..., Any] = helpers.conv2d,
    pool: Pool = pooled,
    compare: Callable[[Maps], Any] = ratio,
) -> float:
    """Measure rightly, unless told to move, convolve, pool or compare in another way."""
    moved = move(image, shift)
    before, after = convolve(image, kernel), convolve(moved, kernel)
    pixels, moved_pixels = np.asarray(image, float), np.asarray(moved, float)
    return float(compare(Maps(pixels, moved_pixels, before, after, pool(before), pool(after))))


def shift_change(image: np.ndarray, kernel: np.ndarray, shift: int) -> float:
    return measure(image, kernel, shift, pool=helpers.max_pool2d)


def moved(move: Callable[[np.ndarray, int], np.ndarray]) -> Callable[..., float]:
    return partial(measure, move=move)


DOT = np.array([[0, 0, 4, 0], [0, 0, 0, 0]])
ONE = np.array([[1.0]])


# --- Cases ----------------------------------------------------------------------------------------


def cases(rng: np.random.Generator) -> Iterable[Call]:
    yield call(bright_bytes(rng, 6, 9), rng.integers(-4, 5, (3, 3)), 1)
    yield call(floats(rng, 8, 8), floats(rng, 3, 3), 2)
    yield call(bright_bytes(rng, 7, 10), floats(rng, 2, 3), 3)
    yield call(signed(rng, 9, 7), rng.integers(-4, 5, (3, 2)), 1)
    yield call(floats(rng, 6, 8).astype(np.float32), floats(rng, 3, 3).astype(np.float32), 3)
    yield call(signed(rng, 5, 11), floats(rng, 1, 4), 2)
    yield call(bright_bytes(rng, 10, 7), floats(rng, 5, 3), 1)
    yield call(floats(rng, 9, 12), floats(rng, 2, 2), 5)


# --- Other right answers --------------------------------------------------------------------------


def shift_change_by_hand(image: np.ndarray, kernel: np.ndarray, shift: int) -> float:
    moved = np.concatenate([image[:, -shift:], image[:, :-shift]], axis=1)
    before = np.einsum("rcij,ij->rc", sliding_window_view(image, kernel.shape), kernel * 1.0)
    after = np.einsum("rcij,ij->rc", sliding_window_view(moved, kernel.shape), kernel * 1.0)
    pooled_change = max_pool_by_slices(after) - max_pool_by_slices(before)
    return np.mean(np.abs(pooled_change)) / np.mean(np.abs(after - before))


def shift_change_by_loops(image: np.ndarray, kernel: np.ndarray, shift: int) -> float:
    rows, columns = image.shape
    moved = np.zeros((rows, columns))
    for c in range(columns):
        moved[:, (c + shift) % columns] = image[:, c]
    maps = [helpers.conv2d(pixels, kernel) for pixels in (image, moved)]
    small = [max_pool_by_loops(feature_map) for feature_map in maps]
    changes = []
    for one, other in (small, maps):
        total = 0.0
        for place in np.ndindex(one.shape):
            total += abs(float(other[place]) - float(one[place]))
        changes.append(total / one.size)
    return changes[0] / changes[1]


# --- Mistakes -------------------------------------------------------------------------------------


def sized(size: Callable[[np.ndarray], Any]) -> Callable[..., float]:
    return partial(measure, compare=lambda maps: ratio(maps, size))


def compared(compare: Callable[[Maps], Any]) -> Callable[..., float]:
    return partial(measure, compare=compare)


def divided_by(below: Callable[[Maps], Any]) -> Callable[..., float]:
    return compared(lambda maps: size_of(maps.small_change) / below(maps))


def ratio_changed(change: Callable[[float, float], float]) -> Callable[..., float]:
    return compared(lambda maps: change(size_of(maps.small_change), size_of(maps.change)))


def map_moved(image: np.ndarray, kernel: np.ndarray, shift: int) -> float:
    before = helpers.conv2d(image, kernel)
    after = np.roll(before, shift, axis=1)
    return float(size_of(pooled(after) - pooled(before)) / size_of(after - before))


def overlap_compared(image: np.ndarray, kernel: np.ndarray, shift: int) -> float:
    before, after = (helpers.conv2d(m, kernel) for m in (image[:, :-shift], image[:, shift:]))
    return float(size_of(pooled(after) - pooled(before)) / size_of(after - before))


def pooled_map_moved(image: np.ndarray, kernel: np.ndarray, shift: int, step: int = 1) -> float:
    small = pooled(helpers.conv2d(image, kernel))
    change = np.roll(small, shift // step, axis=1) - small
    return divided_into(change)(image, kernel, shift)


def image_pooled(image: np.ndarray, kernel: np.ndarray, shift: int) -> float:
    before, after = (
        helpers.conv2d(pooled(pixels), kernel) for pixels in (image, np.roll(image, shift, axis=1))
    )
    return divided_into(after - before)(image, kernel, shift)


def divided_into(change: np.ndarray) -> Callable[..., float]:
    """Take another change for that of the pooled map."""
    return compared(lambda maps: size_of(change) / size_of(maps.change))


def ratio_of_size_changes(maps: Maps) -> Any:
    small, large = (
        np.abs(size_of(after) - size_of(before))
        for after, before in ((maps.small_after, maps.small_before), (maps.after, maps.before))
    )
    return small / large


RATIO = (
    "The change of the pooled map, divided by the change of the unpooled map: nothing else is done "
    "with the two."
)

COMPARING = (
    mistake("wrong_axis",
        "Your image moves up and down. Sideways is along the columns: np.roll(image, shift, "
        "axis=1).",
        moved(lambda m, s: np.roll(m, s, axis=0)), moved(lambda m, s: np.roll(m, -s, axis=0)),
        moved(lambda m, s: np.roll(m, s, axis=(0, 1)))),
    mistake("rolled_flat",
        "np.roll without an axis rolls the image as one long row: what leaves at the right comes "
        "back a row lower. Give it axis=1.",
        moved(np.roll)),
    mistake("other_direction",
        "Your image moves to the left. np.roll(image, shift, axis=1) moves it to the right.",
        moved(lambda m, s: np.roll(m, -s, axis=1))),
    mistake("wrong_shift",
        "Your image does not move by `shift` pixels.",
        moved(lambda m, s: np.roll(m, 1, axis=1)), moved(lambda m, s: np.roll(m, 2 * s, axis=1)),
        moved(lambda m, s: np.roll(m, s + 1, axis=1)), moved(lambda m, s: m[:, ::-1]),
        moved(lambda m, s: np.asarray(m, float) + s), moved(lambda m, s: m.T[::-1].T[::-1])),
    mistake("not_wrapped",
        "What leaves your image at the right is lost. np.roll brings it in again at the left.",
        moved(lambda m, s: np.pad(m, ((0, 0), (s, 0)))[:, :-s]),
        moved(lambda m, s: np.pad(m, ((0, 0), (s, 0)), mode="edge")[:, :-s]),
        moved(lambda m, s: np.pad(m, ((0, 0), (0, s)))[:, s:]),
        moved(lambda m, s: np.pad(m, ((0, 0), (0, s)), mode="edge")[:, s:]),
        moved(lambda m, s: np.concatenate([m[:, :s], m[:, :-s]], axis=1))),
    mistake("map_moved",
        "You move the map instead of the image. Inside, that is the same; but what comes in again "
        "at the left has met other neighbours there, so the border differs.",
        map_moved),
    mistake("pooled_map_moved",
        "You move the pooled map. Move the image, and then do everything again: convolve, pool.",
        pooled_map_moved, partial(pooled_map_moved, step=2)),
    mistake("overlap_compared",
        "You cut the images down to what they share. Compare the whole maps: np.roll keeps every "
        "pixel.",
        overlap_compared),
    mistake("inverse_ratio",
        "The ratio is upside down: the change of the pooled map comes above the line, that of the "
        "unpooled map below.",
        compared(lambda maps: 1 / ratio(maps))),
    mistake("summed",
        "You compare sums. The unpooled map has about four times as many values, so its sum is "
        "larger for that reason alone: take means.",
        sized(lambda d: np.abs(d).sum()), sized(np.sum),
        compared(lambda maps: np.abs(maps.small_change).sum() / size_of(maps.change))),
    mistake("absolute_forgotten",
        "Differences of either sign cancel out in your mean. First the absolute value of each, "
        "then the mean.",
        sized(np.mean), sized(lambda d: np.abs(np.mean(d))),
        compared(lambda maps: np.mean(maps.small_change) / size_of(maps.change)),
        compared(lambda maps: size_of(maps.small_change) / np.mean(maps.change))),
    mistake("squared",
        "You square the differences. Asked for is the mean of their absolute values.",
        sized(lambda d: np.square(d).mean()), sized(lambda d: np.sqrt(np.square(d).mean())),
        sized(lambda d: np.square(d).sum()), sized(lambda d: np.sqrt(np.square(d).sum())),
        sized(np.std), sized(np.var)),
    mistake("not_the_mean",
        "You do not take the mean of the changes. Asked for is the mean of their absolute values.",
        sized(lambda d: np.abs(d).max()), sized(np.max), sized(lambda d: np.median(np.abs(d))),
        sized(lambda d: np.count_nonzero(d) / d.size), sized(np.ptp)),
    mistake("with_relu",
        "A ReLU has slipped in. Here the map goes into the pooling with its negative values.",
        partial(measure, convolve=responses(helpers.relu)),
        partial(measure, pool=lambda m: pooled(np.maximum(m, 0))),
        partial(measure, pool=lambda m: np.maximum(pooled(m), 0))),
    mistake("absolute_map",
        "You take the absolute value of the map. Only the differences lose their sign: the map "
        "goes into the pooling as it is.",
        partial(measure, convolve=responses(np.abs)),
        partial(measure, pool=lambda m: pooled(np.abs(m)))),
    mistake("pool_first",
        "You pool the image and then convolve, or pool both maps. Convolve first; then pool for "
        "the upper half of the ratio alone.",
        image_pooled, lambda image, kernel, shift: measure(pooled(image), kernel, shift),
        partial(measure, convolve=responses(pooled)),
        compared(lambda maps: size_of(maps.pooled_image_change) / size_of(maps.change))),
    mistake("added",
        "You add the maps where you should subtract them: what changes is the difference.",
        compared(lambda maps: size_of(maps.small_sum) / size_of(maps.after + maps.before)),
        compared(lambda maps: size_of(maps.small_sum) / size_of(maps.change))),
    mistake("change_pooled",
        "You pool the difference of the maps. Pool each map, and then take the difference.",
        compared(lambda maps: size_of(pooled(np.abs(maps.change))) / size_of(maps.change)),
        compared(lambda maps: size_of(pooled(maps.change)) / size_of(maps.change))),
    mistake("not_divided",
        "That is one of the two changes alone. Divide the change of the pooled map by the change "
        "of the unpooled map.",
        compared(lambda maps: size_of(maps.small_change)),
        compared(lambda maps: size_of(maps.change)),
        compared(lambda maps: size_of(maps.pooled_image_change))),
    mistake("wrong_denominator",
        "You divide by something else than the change of the unpooled map.",
        *map(divided_by, (lambda maps: size_of(maps.before), lambda maps: size_of(maps.after),
            lambda maps: size_of(maps.moved_image - maps.image),
            lambda maps: size_of(maps.small_before), lambda maps: size_of(maps.small_after),
            lambda maps: np.abs(maps.change).sum(), lambda maps: np.abs(maps.change).max(),
            lambda maps: size_of(maps.image)))),
    mistake("relative_change",
        "You divide each change by the size of its map first. That is a good question too, and "
        "the lesson asks it next; here it is the ratio of the plain changes.",
        compared(lambda maps: ratio(maps) * size_of(maps.before) / size_of(maps.small_before)),
        compared(lambda maps: size_of((maps.small_change) / (np.abs(maps.small_before) + 1e-9)))),
    mistake("means_compared",
        "You compare the means of whole maps, and they hardly change when an image moves. "
        "Subtract value by value, then take the mean.",
        compared(ratio_of_size_changes),
        compared(lambda maps: size_of(maps.small_after) / size_of(maps.small_before)),
        compared(lambda maps: size_of(maps.small_after) / size_of(maps.after)),
        compared(lambda maps: size_of(maps.small_before) / size_of(maps.before)),
        divided_by(lambda maps: size_of(maps.after) - size_of(maps.before))),
    mistake("ratio_changed",
        RATIO,
        *map(ratio_changed, (lambda a, b: 1 - a / b, lambda a, b: a - b, lambda a, b: b - a,
            lambda a, b: a * b, lambda a, b: a / (a + b), lambda a, b: (a / b) ** 0.5,
            lambda a, b: (a / b) ** 2, lambda a, b: min(a / b, 1.0), lambda a, b: a // b,
            lambda a, b: round(a / b, 2), lambda a, b: round(a / b, 3),
            lambda a, b: round(a / b, 1), lambda a, b: (a - b) / b, lambda a, b: a / b - 1,
            lambda a, b: np.log(a / b), lambda a, b: abs(a - b)))),
    mistake("percent",
        "That is a percentage. Leave the ratio as it is: 1 means that the pooled map changes as "
        "much as the other.",
        compared(lambda maps: 100 * ratio(maps))),
)  # fmt: skip


EXERCISE = ByCalls(
    key="shift_change",
    title="How much of a shift gets through the pooling",
    points=2,
    minutes=6,
    reference=shift_change,
    examples=(call(DOT, ONE, 1), call(DOT, ONE, 2)),
    cases=cases,
    alternatives=(
        shift_change_by_hand,
        shift_change_by_loops,
        lambda image, kernel, shift: measure(
            image.astype(np.float64), kernel, shift, pool=max_pool_by_slices
        ),
    ),
    mistakes=(
        *COMPARING,
        *made_by(
            lambda way: partial(measure, convolve=way),
            *few(3, *CONVOLVING, but="kernel_changed"),
        ),
        *made_by(
            lambda way: partial(measure, pool=way),
            *few(
                1,
                *POOLING,
                but="starts_from_zero absolute_value one_direction size_kept axes_swapped scaled "
                "flattened",
            ),
        ),
    ),
    hints=(
        (
            "You need four maps: two before pooling, two after. Which two does each half of the "
            "ratio compare?"
        ),
        (
            "Move the image with np.roll(image, shift, axis=1), convolve both images, pool both "
            "maps. How do you stop positive and negative differences from cancelling out?"
        ),
        (
            "np.mean(np.abs(one - other)) for the two pooled maps, divided by the same for the "
            "two maps before."
        ),
    ),
)
