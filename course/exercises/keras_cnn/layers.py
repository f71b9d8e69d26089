"""What the layers of the lesson's network are called."""

LAYER_NAMES = (
    "Conv2D",
    "MaxPooling2D",
    "the second Conv2D",
    "the second MaxPooling2D",
    "Flatten",
    "the first Dense",
    "the last Dense",
)
