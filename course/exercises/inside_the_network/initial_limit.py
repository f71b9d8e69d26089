"""`initial_limit(kernel_size, channels, filters)`: how large a new kernel's values are at most."""

import math
from collections.abc import Iterable

import numpy as np

from course.exercises.exercise import ByCalls, Call, call, mistake
from helpers.network import initial_limit

# --- Cases ----------------------------------------------------------------------------------------


def cases(rng: np.random.Generator) -> Iterable[Call]:
    for kernel_size, channels, filters in (
        (3, 64, 64),
        (5, 3, 16),
        (1, 8, 2),
        (2, 1, 7),
        (7, 32, 5),
    ):
        yield call(kernel_size, channels, filters)
    yield call(*(int(n) for n in rng.integers(2, 30, 3)))


# --- Mistakes -------------------------------------------------------------------------------------

MISTAKES = (
    mistake("root_forgotten",
        "The square root is missing: 0.1013 is wanted for 3, 1, 64, and without it there is "
        "0.0103.",
        lambda k, c, f: 6 / (k * k * (c + f))),
    mistake("power_before_division",
        "`x ** 1 / 2` is x ** 1, divided by 2: powers come first. Write x ** 0.5, or math.sqrt(x).",
        lambda k, c, f: (6 / (k * k * (c + f))) ** 1 / 2),
    mistake("brackets_missing",
        "`/` divides by no more than what stands next to it: 6 / k * k is (6 / k) * k. Put all that "
        "is below the fraction in brackets.",
        lambda k, c, f: math.sqrt(6 / k * k * c + k * k * f),
        lambda k, c, f: math.sqrt(6 / k**2 * c + k**2 * f),
        lambda k, c, f: math.sqrt(6 / (k * k * c) + k * k * f),
        lambda k, c, f: math.sqrt(6 / k * k * (c + f)),
        lambda k, c, f: math.sqrt(6 / k**2 * (c + f))),
    mistake("kernel_size_not_squared",
        "A 3x3 kernel has 9 values, not 3: kernel_size is squared.",
        lambda k, c, f: math.sqrt(6 / (k * (c + f)))),
    mistake("kernel_size_ignored",
        "kernel_size makes no difference in yours. Each channel has k*k values.",
        lambda k, c, f: math.sqrt(6 / (c + f))),
    mistake("fan_in_only",
        "Only what goes in is counted. What goes out, k*k*filters, is added under the fraction.",
        lambda k, c, f: math.sqrt(6 / (k * k * c)), lambda k, c, f: math.sqrt(3 / (k * k * c)),
        lambda k, c, f: math.sqrt(2 / (k * k * c))),
    mistake("fan_out_only",
        "Only what goes out is counted. What goes in, k*k*channels, is added under the fraction.",
        lambda k, c, f: math.sqrt(6 / (k * k * f))),
    mistake("filters_without_kernel",
        "k*k belongs to the filters as well: k*k*channels + k*k*filters.",
        lambda k, c, f: math.sqrt(6 / (k * k * c + f)),
        lambda k, c, f: math.sqrt(6 / (c + k * k * f))),
    mistake("normal_instead",
        "2 instead of 6 gives the standard deviation of Glorot's normal version. The uniform "
        "one's limit has a 6.",
        lambda k, c, f: math.sqrt(2 / (k * k * (c + f)))),
    mistake("product",
        "The two fans are multiplied. They are added.",
        lambda k, c, f: math.sqrt(6 / (k * k * c * f)),
        lambda k, c, f: math.sqrt(6 / (k**4 * c * f))),
    mistake("root_of_part",
        "The root is taken of the 6 only, or of what is below it only. It is taken of the whole "
        "fraction.",
        lambda k, c, f: math.sqrt(6) / (k * k * (c + f)),
        lambda k, c, f: 6 / math.sqrt(k * k * (c + f))),
)  # fmt: skip


EXERCISE = ByCalls(
    key="initial_limit",
    title="Compute how large a new kernel's values can be",
    points=1,
    minutes=5,
    reference=initial_limit,
    helpers=("network.initial_limit",),
    examples=(call(3, 1, 64),),
    cases=cases,
    alternatives=(
        lambda k, channels, filters: (6 / (k**2 * (channels + filters))) ** 0.5,
        lambda k, channels, filters: np.sqrt(6 / (k * k * channels + k * k * filters)),
        lambda k, channels, filters: math.sqrt(3 / ((k * k * channels + k * k * filters) / 2)),
    ),
    mistakes=MISTAKES,
    hints=(
        (
            "How many values go into one output value of the layer? And into how many output "
            "values does one input value go?"
        ),
        (
            "fan_in is k*k*channels, fan_out is k*k*filters. The limit is the square root of 6 "
            "over their sum."
        ),
        "math.sqrt(6 / (... + ...))",
    ),
)
