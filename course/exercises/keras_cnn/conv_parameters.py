"""`conv_parameters(kernel_size, channels, filters)`: how many numbers a Conv2D learns."""

import numpy as np

from course.exercises.exercise import ByCalls, call, mistake
from helpers.network import conv_parameters

# --- Mistakes -------------------------------------------------------------------------------------

MISTAKES = (
    mistake("bias_forgotten",
        "The biases are missing: one number for each filter. For 3, 1, 64 you get 576, it is 640.",
        lambda k, c, f: k * k * c * f),
    mistake("one_bias_for_all",
        "You count one bias for the whole layer. Each filter has its own.",
        lambda k, c, f: k * k * c * f + 1),
    mistake("bias_per_channel",
        "You count a bias for each channel of each kernel. A filter has one bias, however many "
        "channels it looks at.",
        lambda k, c, f: (k * k + 1) * c * f, lambda k, c, f: k * k * c * f + c * f),
    mistake("channels_forgotten",
        "A filter has a slice for every channel that comes in: k * k * channels weights.",
        lambda k, c, f: (k * k + 1) * f, lambda k, c, f: k * k * f),
    mistake("channels_added",
        "Channels multiply: each filter has k * k weights for each of them.",
        lambda k, c, f: (k * k + c + 1) * f, lambda k, c, f: (k * k + c) * f),
    mistake("kernel_not_squared",
        "A kernel of size 3 has 3 rows of 3: nine weights.",
        lambda k, c, f: (k * c + 1) * f, lambda k, c, f: (2 * k * c + 1) * f,
        lambda k, c, f: k * c * f),
    mistake("filters_forgotten",
        "That is one filter. Multiply by how many there are.",
        lambda k, c, f: k * k * c + 1, lambda k, c, f: k * k * c),
    mistake("bias_of_pixels",
        "There is one bias for each filter, not one for each weight of a kernel.",
        lambda k, c, f: k * k * (c + 1) * f, lambda k, c, f: (k * k * c + k) * f,
        lambda k, c, f: (k * k * c + k * k) * f),
    mistake("kernel_fixed",
        "A kernel is not always 3x3: use kernel_size.",
        lambda k, c, f: (9 * c + 1) * f),
    mistake("added",
        "Weights multiply: each filter has k * k of them for each channel.",
        lambda k, c, f: k * k + c + f, lambda k, c, f: k + c + f),
    mistake("filters_squared",
        "Filters are counted twice: (k * k * channels + 1) weights for each filter, once.",
        lambda k, c, f: (k * k * c * f + 1) * f, lambda k, c, f: (k * k * c + f) * f),
    mistake("swapped",
        "The bias goes with the filters that come out, not with the channels that come in.",
        lambda k, c, f: (k * k * f + 1) * c, lambda f, c, k: (k * k * c + 1) * f),
)  # fmt: skip


EXERCISE = ByCalls(
    key="conv_parameters",
    title="How many numbers a Conv2D learns",
    points=1,
    minutes=4,
    reference=lambda kernel_size, channels, filters: conv_parameters(
        kernel_size, channels, filters
    ),
    helpers=("network.conv_parameters",),
    examples=(call(3, 1, 64), call(3, 64, 64)),
    cases=lambda rng: [
        call(k, c, f)
        for k, c, f in (
            (1, 1, 1),
            (1, 5, 2),
            (2, 3, 7),
            (3, 3, 16),
            (5, 1, 6),
            (5, 6, 16),
            (7, 2, 3),
            (3, 32, 32),
            (4, 11, 5),
        )
    ],
    alternatives=(
        lambda kernel_size, channels, filters: filters * (kernel_size**2 * channels + 1),
        lambda kernel_size, channels, filters: (
            int(np.prod([kernel_size, kernel_size, channels, filters])) + filters
        ),
        lambda k, c, f: sum(1 + sum(1 for _ in range(k * k * c)) for _ in range(f)),
        lambda k, c, f: sum(w.size for w in (np.zeros((k, k, c, f)), np.zeros(f))),
    ),
    mistakes=MISTAKES,
    hints=(
        (
            "One filter: how many numbers does its window hold, if it looks at `channels` maps at "
            "once? And which one number is added at the end?"
        ),
        (
            "One filter has kernel_size * kernel_size * channels weights and one bias. Then "
            "multiply by the filters."
        ),
        "return (kernel_size * ___ * ___ + ___) * filters",
    ),
)
