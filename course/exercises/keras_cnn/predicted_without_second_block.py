"""`predicted_without_second_block`: the total without the second block, which is more."""

from typing import Any

import numpy as np

from course.exercises.exercise import ByObservation, Mistake, mistake

WITHOUT_SECOND_BLOCK = 1_386_506


# --- What is observed -----------------------------------------------------------------------------


def as_number(answer: Any) -> float | None:
    """Read one number; None if it is none, and a negative one if it was typed with commas."""
    if isinstance(answer, tuple) and len(answer) > 1:
        digits = all(isinstance(part, int) and 0 <= part < 1000 for part in answer)
        return -1.0 if digits else None
    try:
        return float(answer) if np.ndim(answer) == 0 and not isinstance(answer, str) else None
    except (TypeError, ValueError):
        return None


# --- Mistakes -------------------------------------------------------------------------------------


def total_mistake(id: str, message: str, *totals: int) -> Mistake:
    return mistake(id, message, totals[0], test=lambda seen: seen in totals)


MISTAKES = (
    mistake("not_a_number",
        "One number is wanted: the total of what the shorter network learns.",
        [1],
        test=lambda seen: seen is None),
    mistake("commas_typed",
        "Python reads 36,928 as two numbers, 36 and 928. Type a number without commas, 36928, or "
        "with underscores, 36_928.",
        (1, 386, 506),
        (243, 786),
        test=lambda seen: seen == -1),
    total_mistake("only_subtracted",
        "You took the second block's 36,928 away. But Flatten has more to flatten now: 13 * 13 * "
        "64 numbers, and every one of them has 128 weights.",
        206_858, 206_922, 206_794),
    total_mistake("pool_taken_too",
        "The first pool stays: the maps are 13x13 when they are flattened, not 26x26.",
        5_539_850),
    total_mistake("maps_11",
        "The second convolution is gone, so nothing makes 11 of 13.",
        993_290),
    total_mistake("convolution_kept",
        "The second convolution's 36,928 are still counted. It is gone, with its pool.",
        1_423_434, 1_030_218),
    total_mistake("bias_forgotten",
        "Biases are missing: one for each filter and each unit.",
        *(WITHOUT_SECOND_BLOCK - missing for missing in (202, 64, 128, 10, 138, 192, 74))),
    total_mistake("part_only",
        "That is part of it. Add up the Conv2D, the Dense layer of 128 and the Dense layer of 10.",
        1_384_576, 1_385_866, 1_385_216, 1_384_448, 10_816, 640, 1_290),
    total_mistake("unchanged",
        "That is the network with both blocks.",
        243_786),
    total_mistake("filters_32",
        "That is the network with 32 filters. Count the one with 64.",
        693_962, 113_386),
    total_mistake("difference",
        "That is how many more there are. The total is wanted.",
        1_142_720),
    total_mistake("channels_forgotten",
        "Flatten has 13 * 13 numbers of each of 64 maps.",
        23_690),
    mistake("too_few",
        "There are more. Which layer has the most weights, and how many numbers reach it now?",
        100_000,
        test=lambda seen: not seen >= WITHOUT_SECOND_BLOCK),
    mistake("too_many",
        "There are fewer. The network is Conv2D, MaxPooling2D, Flatten, Dense(128), Dense(10).",
        2_000_000,
        test=lambda seen: seen > WITHOUT_SECOND_BLOCK),
)  # fmt: skip


EXERCISE = ByObservation(
    key="predicted_without_second_block",
    title="One block less: more or fewer numbers?",
    points=1,
    minutes=4,
    kind="value",
    reference=WITHOUT_SECOND_BLOCK,
    observe=as_number,
    alternatives=(np.int64(WITHOUT_SECOND_BLOCK), np.array(WITHOUT_SECOND_BLOCK)),
    mistakes=MISTAKES,
    hints=(
        "Without the second block, what does Flatten get to flatten?",
        (
            "13 * 13 * 64 = 10,816 numbers reach the Dense layer, and each has a weight to each "
            "of its 128 units."
        ),
        "640 + (13 * 13 * 64 + 1) * ___ + (___ + 1) * 10",
    ),
)
