"""`receptive_field(layers)`: how many pixels of the image one number sees, along one side."""

import math
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from course.exercises.exercise import ByCalls, Call, call, mistake
from helpers.network import receptive_field

CONV, POOL = (3, 1), (2, 2)  # kernel_size and strides

# --- Cases ----------------------------------------------------------------------------------------


def cases(rng: np.random.Generator) -> Iterable[Call]:
    yield call([CONV, CONV])
    yield call([CONV, CONV, CONV])
    yield call([CONV, POOL, CONV])
    yield call([CONV, POOL, CONV, POOL, CONV, POOL])
    yield call([POOL, POOL, POOL])
    yield call([(5, 1)])
    yield call([(4, 3)])
    yield call([(1, 1), (6, 2), (1, 1), (4, 1)])
    yield call([(7, 2), (3, 2), (3, 1), (3, 2), (5, 1)])
    yield call([(3, 2), (5, 3), (4, 1), (2, 2), (3, 1)])
    # No strides beyond the kernel: then all pixels between the first and the last are seen.
    for length in (2, 3, 4):
        sizes = rng.integers(2, 7, length)
        yield call([(int(size), int(rng.integers(1, size + 1))) for size in sizes])


# --- Other right answers --------------------------------------------------------------------------


def from_the_last(layers):
    """One number of the last layer, and backwards: what it takes of the layer before."""
    field = 1
    for kernel_size, strides in reversed(layers):
        field = (field - 1) * strides + kernel_size
    return field


def pixels_collected(layers):
    seen = {0}
    for kernel_size, strides in reversed(layers):
        seen = {place * strides + tap for place in seen for tap in range(kernel_size)}
    return len(seen)


def pixels_traced(layers):
    """Every number remembers which pixels it is made of."""
    numbers = [{place} for place in range(from_the_last(layers))]
    for kernel_size, strides in layers:
        starts = range(0, len(numbers) - kernel_size + 1, strides)
        numbers = [set().union(*numbers[at : at + kernel_size]) for at in starts]
    return len(numbers[0])


def sum_of_products(layers):
    return 1 + sum(
        (layers[place][0] - 1) * math.prod(strides for _, strides in layers[:place])
        for place in range(len(layers))
    )


# --- Mistakes -------------------------------------------------------------------------------------


def walked(
    grow: Callable[[int, int, int, int], Any],
    further: Callable[[int, int], int] = lambda apart, strides: apart * strides,
    start: int = 1,
    back: bool = False,
) -> Callable[..., Any]:
    """Go through the layers: ``grow(field, kernel_size, strides, apart)`` gives the next field."""

    def field_of(layers: Any) -> Any:
        field, apart = start, 1
        for kernel_size, strides in reversed(layers) if back else layers:
            field = grow(field, kernel_size, strides, apart)
            apart = further(apart, strides)
        return field

    return field_of


def after(change: Callable[[int, Any], Any]) -> Callable[..., Any]:
    """Do something to the right result."""
    return lambda layers: change(receptive_field(layers), layers)


MISTAKES = (
    mistake("strides_ignored",
        "Your result does not depend on the strides. After a pool with strides 2, neighbours begin 2 "
        "pixels apart: a 3x3 kernel there adds 2 * 2 = 4 pixels, so [(3, 1), (2, 2), (3, 1)] see "
        "8 and not 6.",
        walked(lambda f, k, s, a: f + k - 1), walked(lambda f, k, s, a: f + k - 1, start=0),
        walked(lambda f, k, s, a: f + k - 1, start=2)),
    mistake("kernel_sizes_added",
        "The kernel sizes are added up. Two 3x3 kernels in a row see 5 pixels and not 6: their "
        "windows overlap, and each layer adds kernel_size - 1.",
        walked(lambda f, k, s, a: f + k, start=0), walked(lambda f, k, s, a: f + k)),
    mistake("kernel_sizes_multiplied",
        "The kernel sizes are multiplied. Windows overlap: two 3x3 kernels in a row see 5 pixels "
        "and not 9.",
        walked(lambda f, k, s, a: f * k)),
    mistake("own_strides_first",
        "A layer's own strides came in before they count: they say how far apart *its* results "
        "are, which matters for the layers after it only. One pool, [(2, 2)], sees 2 pixels.",
        walked(lambda f, k, s, a: f + (k - 1) * a * s)),
    mistake("own_strides_only",
        "Each layer is multiplied by its own strides only. What counts is how far apart its "
        "neighbours begin in the image: all strides before it, multiplied.",
        walked(lambda f, k, s, a: f + (k - 1) * s)),
    mistake("last_strides_only",
        "Only the strides of the layer before count in yours. Those before it count as well: behind two "
        "pools, neighbours begin 2 * 2 = 4 pixels apart.",
        walked(lambda f, k, s, a: f + (k - 1) * a, further=lambda apart, strides: strides)),
    mistake("strides_added",
        "The strides are added up. They multiply: behind two pools, neighbours begin 2 * 2 "
        "pixels apart, behind three 2 * 2 * 2 = 8.",
        walked(lambda f, k, s, a: f + (k - 1) * a, further=lambda a, s: a + s),
        walked(lambda f, k, s, a: f + (k - 1) * a, further=lambda a, s: a + s - 1)),
    mistake("wrong_end",
        "The layers are taken from the wrong end. The strides that count for a layer are those of "
        "the layers *before* it, nearer to the image.",
        walked(lambda f, k, s, a: f + (k - 1) * a, back=True),
        walked(lambda f, k, s, a: (f - 1) * s + k)),
    mistake("one_missing",
        "One pixel is missing: without any layer, a number is one pixel. Start from 1.",
        after(lambda field, layers: field - 1)),
    mistake("one_too_many",
        "One pixel too many: a single 3x3 kernel, [(3, 1)], sees 3.",
        after(lambda field, layers: field + 1)),
    mistake("kernel_size_whole",
        "Each layer adds kernel_size - 1 steps and not kernel_size: one number of its window was "
        "counted already.",
        walked(lambda f, k, s, a: f + k * a), walked(lambda f, k, s, a: f + k * a, start=0)),
    mistake("numbers_for_steps",
        "Between `field` numbers there are field - 1 steps of `strides` pixels. From the last layer "
        "back it is (field - 1) * strides + kernel_size, from 1.",
        walked(lambda f, k, s, a: f * s + k, back=True)),
    mistake("shrunk_by_strides",
        "The strides divide what a number sees, or multiply all of it. A number of a pool sees one "
        "step more than the number before it: 3 become 4 after a 3x3 kernel and a 2x2 pool.",
        walked(lambda f, k, s, a: (f + k - 1) // s), walked(lambda f, k, s, a: (f + k - 1) * s),
        walked(lambda f, k, s, a: f * s + k - 1), walked(lambda f, k, s, a: f * s + k),
        walked(lambda f, k, s, a: f * s + k, start=0)),
    mistake("steps_returned",
        "That is how far apart two neighbours of the last layer begin: 4 pixels. How many pixels "
        "one of them sees is asked: 10.",
        lambda layers: math.prod(strides for _, strides in layers)),
    mistake("last_layer_only",
        "Only one layer counts in yours. What a number sees grows with every layer before it.",
        lambda layers: layers[-1][0], lambda layers: layers[0][0],
        lambda layers: layers[-1][0] * layers[-1][1]),
    mistake("last_layer_left_out",
        "One layer is left out: the first or the last. All that are in the list count.",
        lambda layers: receptive_field(layers[:-1]), lambda layers: receptive_field(layers[1:])),
    mistake("every_layer_listed",
        "You return a number for each layer. What one number of the *last* layer sees is asked: "
        "one whole number.",
        lambda layers: [receptive_field(layers[: n + 1]) for n in range(len(layers))],
        lambda layers: [receptive_field(layers[:n]) for n in range(len(layers) + 1)]),
    mistake("one_side_only",
        "You count how far a number sees to one side. From the first pixel to the last is asked: "
        "3 for a 3x3 kernel.",
        after(lambda field, layers: field // 2), after(lambda field, layers: (field + 1) // 2)),
    mistake("area",
        "That is the area, or twice the side. Count along one side: 3 for a 3x3 kernel.",
        after(lambda field, layers: field**2), after(lambda field, layers: 2 * field),
        after(lambda field, layers: (field, field))),
    mistake("odd_kernels_only",
        "This is right for odd kernels only. A 2x2 pool adds one number beside the one it had, on "
        "one side only: kernel_size - 1 for every kernel.",
        walked(lambda f, k, s, a: f + 2 * (k // 2) * a)),
    mistake("pools_left_out",
        "Layers that move by more than one pixel do not count in yours. A pool too sees several "
        "numbers: [(3, 1), (2, 2)] see 4.",
        walked(lambda f, k, s, a: f + (k - 1) * a if s == 1 else f)),
    mistake("always_3x3",
        "Every layer counts as a 3x3 kernel in yours. How large it is stands first in its pair.",
        walked(lambda f, k, s, a: f + 2 * a)),
    mistake("always_doubled",
        "Steps become twice as long behind each layer of yours, or behind each that has strides. By "
        "how much they grow is the layer's own strides, the second number of its pair.",
        walked(lambda f, k, s, a: f + (k - 1) * a, further=lambda a, s: 2 * a),
        walked(lambda f, k, s, a: f + (k - 1) * a, further=lambda a, s: 2 * a if s > 1 else a)),
    mistake("pair_swapped",
        "kernel_size and strides have changed places: each pair is (kernel_size, strides).",
        lambda layers: receptive_field([(strides, size) for size, strides in layers])),
)  # fmt: skip


EXERCISE = ByCalls(
    key="receptive_field",
    title="Count the pixels that one number sees",
    points=2,
    minutes=6,
    reference=receptive_field,
    helpers=("network.receptive_field",),
    examples=(call([CONV]), call([CONV, POOL]), call([CONV, POOL, CONV, POOL])),
    cases=cases,
    alternatives=(from_the_last, pixels_collected, pixels_traced, sum_of_products),
    mistakes=MISTAKES,
    hints=(
        (
            "One number of the pool sees two neighbours of the map before it. How many pixels do "
            "these two see together, and how many of those do they share?"
        ),
        (
            "Keep two numbers: how many pixels are seen, 1 at first, and how far apart two "
            "neighbours begin, 1 at first. What does a layer do to each of them?"
        ),
        (
            "for kernel_size, strides in layers: the field grows by (kernel_size - 1) * ..., and "
            "after that ... *= strides."
        ),
    ),
)
