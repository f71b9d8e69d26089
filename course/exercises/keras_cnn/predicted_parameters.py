"""`predicted_parameters`: how many numbers each layer of the network learns."""

from collections.abc import Callable
from typing import Any

import numpy as np

from course.exercises.exercise import ByObservation, mistake
from course.exercises.keras_cnn.layers import LAYER_NAMES, typed_with_commas

PARAMETERS = (640, 0, 36_928, 0, 0, 204_928, 1_290)


# --- What is observed -----------------------------------------------------------------------------


def as_numbers(answer: Any) -> list[float] | None:
    """Read a list of numbers; None if it is none."""
    try:
        numbers = np.asarray(answer, dtype=float)
    except (TypeError, ValueError):
        return None
    return numbers.tolist() if numbers.ndim == 1 else None


# --- Mistakes -------------------------------------------------------------------------------------


def with_parameters(**changed: int) -> list[int]:
    """The right list but for some places: ``_2=640`` changes the third."""
    wrong = list(PARAMETERS)
    for place, number in changed.items():
        wrong[int(place[1:])] = number
    return wrong


def has(**places: tuple[int, ...]) -> Callable[[Any], bool]:
    """Test whether one of these numbers stands in such a place: ``has(_2=(640, 576))``."""
    return lambda seen: any(seen[int(place[1:])] in wrong for place, wrong in places.items())


def has_not(place: int) -> Callable[[Any], bool]:
    """Test whether the number in a place is wrong."""
    return lambda seen: seen[place] != PARAMETERS[place]


MISTAKES = (
    mistake("not_numbers",
        "A list of seven numbers is wanted, one for each layer.",
        243_786,
        test=lambda seen: seen is None),
    mistake("commas_typed",
        "Python reads 36,928 as two numbers, 36 and 928. Type numbers without commas, 36928, or "
        "with underscores, 36_928.",
        typed_with_commas(*PARAMETERS)[0],
        test=lambda seen: seen in typed_with_commas(*PARAMETERS)),
    mistake("only_trainable_layers",
        "Seven layers, seven numbers: those without weights have 0.",
        [640, 36_928, 204_928, 1_290],
        test=lambda seen: len(seen) == 4),
    mistake("total_appended",
        "There is one number too many: seven are wanted, without the total.",
        [*PARAMETERS, 243_786],
        test=lambda seen: len(seen) == 8),
    mistake("wrong_length",
        "Seven layers, seven numbers.",
        PARAMETERS[:5],
        test=lambda seen: len(seen) != 7),
    mistake("filters_32",
        "That is the network with 32 filters. Count the one with 64.",
        [320, 0, 9_248, 0, 0, 102_528, 1_290],
        test=lambda seen: seen[0] == 320),
    mistake("flatten_learns",
        "Flatten and pooling learn nothing: they have no weights. Theirs are 0.",
        with_parameters(_4=1600),
        test=lambda seen: any(seen[i] != 0 for i in (1, 3, 4))),
    mistake("bias_forgotten",
        "Biases are missing: one for each filter and one for each unit. The first layer has 9 * "
        "64 weights and 64 biases.",
        with_parameters(_0=576, _2=36_864, _5=204_800, _6=1_280),
        test=has(_0=(576,), _2=(36_864,), _5=(204_800,), _6=(1_280,))),
    mistake("one_bias_for_all",
        "You count one bias for a whole layer. Every filter and every unit has its own.",
        with_parameters(_0=577),
        test=has(_0=(577,), _2=(36_865,), _5=(204_801,), _6=(1_281,))),
    mistake("channels_forgotten",
        "The second Conv2D looks at 64 maps, so each of its filters has 9 * 64 weights and one "
        "bias.",
        with_parameters(_2=640),
        test=has(_2=(640, 576))),
    mistake("dense_from_maps",
        "The first Dense layer looks at all 1,600 numbers that Flatten gives: (1600 + 1) * 128.",
        with_parameters(_5=8_320),
        test=has(_5=(65 * 128, 26 * 128, 128, 1728, 64 * 128, 25 * 128))),
    *(mistake(f"wrong_at_{i + 1}",
        f"The first number that is not right is that of {LAYER_NAMES[i]}. Each filter or unit has "
        "one weight for each number that it looks at, and one bias.",
        with_parameters(**{f"_{i}": PARAMETERS[i] + 7}),
        test=has_not(i)) for i in (0, 2, 5, 6)),
)  # fmt: skip


EXERCISE = ByObservation(
    key="predicted_parameters",
    title="What each layer learns, predicted",
    points=2,
    minutes=5,
    kind="value",
    reference=PARAMETERS,
    observe=as_numbers,
    alternatives=(list(PARAMETERS), np.array(PARAMETERS)),
    mistakes=MISTAKES,
    hints=(
        (
            "Which layers have nothing to learn? And how many numbers does each unit of the first "
            "Dense layer look at?"
        ),
        (
            "conv_parameters gives the two convolutions. A Dense layer has a weight from every "
            "input to every unit, and a bias for every unit."
        ),
        "[640, 0, ___, 0, 0, (1600 + 1) * ___, (128 + ___) * 10]",
    ),
)
