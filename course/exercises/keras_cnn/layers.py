"""What the layers of the lesson's network are called, and numbers as people type them."""

from itertools import product

LAYER_NAMES = (
    "Conv2D",
    "MaxPooling2D",
    "the second Conv2D",
    "the second MaxPooling2D",
    "Flatten",
    "the first Dense",
    "the last Dense",
)


def typed_with_commas(*numbers: int) -> list[list[float]]:
    """What Python reads where some of these numbers are typed with commas: 36,928 is 36 and 928."""
    ways = [({f"{one:,}", str(one)}) for one in numbers]
    read = [",".join(way).split(",") for way in product(*ways)]
    return [[float(part) for part in parts] for parts in read if len(parts) > len(numbers)]
