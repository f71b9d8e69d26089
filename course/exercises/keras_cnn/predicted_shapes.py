"""`predicted_shapes`: what comes out of each layer, before anything runs."""

from collections.abc import Callable
from typing import Any

import numpy as np

from course.exercises.exercise import ByObservation, Mistake, mistake
from course.exercises.keras_cnn.layers import LAYER_NAMES

SHAPES = ((26, 26, 64), (13, 13, 64), (11, 11, 64), (5, 5, 64), 1600, 128, 10)


# --- What is observed -----------------------------------------------------------------------------


def as_shapes(answer: Any) -> list[tuple[Any, ...]] | None:
    """Read shapes as people write them: a batch axis first, 1600 or (1600,); None if they aren't."""
    answer = list(answer.values()) if isinstance(answer, dict) else answer
    try:
        shapes = [tuple(one) if np.ndim(one) else (one,) for one in answer]
    except TypeError:
        return None
    return [shape[1:] if len(shape) in (2, 4) and shape[0] is None else shape for shape in shapes]


# --- Mistakes -------------------------------------------------------------------------------------


def shapes_are(*changed: tuple[int, Any]) -> Callable[[Any], bool]:
    """Test whether shapes are the right ones but for some, given as (position, shape)."""
    wrong = [shape if isinstance(shape, tuple) else (shape,) for shape in SHAPES]
    for position, shape in changed:
        wrong[position] = shape if isinstance(shape, tuple) else (shape,)
    return lambda seen: seen == wrong


def wrong_by(place: int) -> Callable[[Any], bool]:
    """Test whether a shape up to this place is wrong."""
    return lambda seen: not shapes_are(*((i, seen[i]) for i in range(place + 1, 7)))(seen)


def with_shapes(*changed: tuple[int, Any]) -> list[Any]:
    wrong: list[Any] = list(SHAPES)
    for position, shape in changed:
        wrong[position] = shape
    return wrong


def shapes_mistake(id: str, message: str, *changed: tuple[int, Any]) -> Mistake:
    return mistake(id, message, with_shapes(*changed), test=shapes_are(*changed))


SAME = ((0, (28, 28, 64)), (1, (14, 14, 64)), (2, (14, 14, 64)), (3, (7, 7, 64)), (4, 3136))
POOLED_BY_3 = ((1, (8, 8, 64)), (2, (6, 6, 64)), (3, (2, 2, 64)), (4, 256))
MISTAKES = (
    mistake("not_shapes",
        "A list of seven shapes is wanted, the first is (26, 26, 64). After Flatten a shape is "
        "one number.",
        7,
        test=lambda seen: seen is None),
    mistake("as_text",
        "What stands in quotes is text, and no shape or number. Take the quotes away.",
        list(map(str, SHAPES)), str(SHAPES),
        test=lambda seen: any(isinstance(part, str) for shape in seen for part in shape)),
    mistake("input_included",
        "You begin with the input. The list begins with what the first Conv2D gives.",
        [(28, 28, 1), *SHAPES],
        test=lambda seen: seen[0][:2] == (28, 28) and len(seen) == 8),
    mistake("batch_axis",
        "You count a batch of one image as well. What comes out for one image is asked, without "
        "that axis: the first is (26, 26, 64).",
        [(1, *shape) if isinstance(shape, tuple) else (1, shape) for shape in SHAPES],
        test=lambda seen: len(seen) == 7 and len(seen[0]) == 4),
    mistake("filters_32",
        "These are the shapes for 32 filters. The network that is asked about has 64.",
        [(*shape[:2], 32) if isinstance(shape, tuple) else shape // 2 if shape == 1600 else shape
         for shape in SHAPES],
        test=lambda seen: len(seen) == 7 and [s[-1] for s in seen[:4]] == [32] * 4),
    mistake("wrong_length",
        "Seven layers, seven shapes: Conv2D, MaxPooling2D, Conv2D, MaxPooling2D, Flatten, Dense, "
        "Dense.",
        SHAPES[:4],
        test=lambda seen: len(seen) != 7),
    mistake("channels_left_out",
        "A convolution of 64 filters gives 64 maps: the third number of its shape.",
        [s[:2] if isinstance(s, tuple) else s for s in SHAPES],
        test=lambda seen: len(seen[0]) == 2),
    mistake("channels_first",
        "Keras writes rows, columns, channels: the 64 comes last.",
        [(64, s[0], s[1]) if isinstance(s, tuple) else s for s in SHAPES],
        test=lambda seen: seen[0] == (64, 26, 26)),
    shapes_mistake("size_kept",
        "A 3x3 kernel loses one row at each side: of 28 rows 26 are left, of 13 it leaves 11.",
        *SAME),
    shapes_mistake("pool_size_3",
        "The network pools 2x2: 26 becomes 13. With 3x3 it would be 8.",
        *POOLED_BY_3),
    shapes_mistake("kernel_2x2",
        "The kernel is 3x3, so 28 becomes 26. A 2x2 kernel would give 27.",
        (0, (27, 27, 64)), (2, (12, 12, 64)), (3, (6, 6, 64)), (4, 2304)),
    shapes_mistake("rounded_up",
        "11 rows make five windows of two. The odd row is dropped, so 5 and not 6.",
        (3, (6, 6, 64)), (4, 2304)),
    shapes_mistake("second_size_kept",
        "The second convolution loses a row on each side too: 13 becomes 11.",
        (2, (13, 13, 64)), (3, (6, 6, 64)), (4, 2304)),
    shapes_mistake("second_size_kept",
        "The second convolution loses two columns and two rows too: 13 becomes 11.",
        (2, (12, 12, 64)), (3, (6, 6, 64)), (4, 2304)),
    shapes_mistake("channels_multiplied",
        "The second Conv2D does not give 64 maps for each of 64: each of its filters looks at all "
        "64 maps at once and gives one.",
        (2, (11, 11, 4096)), (3, (5, 5, 4096)), (4, 102_400)),
    shapes_mistake("one_channel",
        "A second Conv2D of 64 filters gives 64 maps again.",
        (2, (11, 11, 1)), (3, (5, 5, 1)), (4, 25)),
    shapes_mistake("flatten_without_channels",
        "Flatten keeps every number: 5 times 5 times 64.",
        (4, 25)),
    mistake("flatten",
        "Flatten puts all numbers of the maps before it in a row: 5 * 5 * 64.",
        with_shapes((4, 320)),
        test=lambda seen: shapes_are((4, seen[4]))(seen) and seen[4] != (1600,)),
    mistake("dense_sizes",
        "A Dense layer gives one number for each of its units: 128, then 10.",
        with_shapes((5, 1600)),
        test=lambda seen: shapes_are(*((i, seen[i]) for i in (5, 6)))(seen)
          and seen[5:] != [(128,), (10,)]),
    *(mistake("first_wrong",
        f"The first shape that is not right is number {i + 1}, after {name}. "
        "A 3x3 kernel loses two rows and two columns, a 2x2 pool halves and drops an odd one.",
        with_shapes((i, (9, 9, 9) if i < 4 else 99), (6, 11)),
        test=wrong_by(i))
      for i, name in enumerate(LAYER_NAMES[:5])),
)  # fmt: skip


EXERCISE = ByObservation(
    key="predicted_shapes",
    title="One image's journey, predicted",
    points=2,
    minutes=4,
    kind="value",
    reference=SHAPES,
    observe=as_shapes,
    alternatives=(
        [
            (None, 26, 26, 64),
            (None, 13, 13, 64),
            (None, 11, 11, 64),
            (None, 5, 5, 64),
            (None, 1600),
            (None, 128),
            (None, 10),
        ],
        [[26, 26, 64], [13, 13, 64], [11, 11, 64], [5, 5, 64], (1600,), [128], [10]],
    ),
    mistakes=MISTAKES,
    hints=(
        "How many rows does a 3x3 kernel leave of 28? How many 2x2 windows fit into 26?",
        "28, 26, 13, 11, 5: then Flatten multiplies the three numbers of the last map.",
        "[(26, 26, 64), (13, __, 64), (__, __, 64), (5, 5, __), 5 * 5 * __, 128, __]",
    ),
)
