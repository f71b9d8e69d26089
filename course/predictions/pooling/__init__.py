"""What lesson 3 asks before it shows it."""

from course.predictions.pooling import blocks, shifts, signs, windows

PREDICTIONS = (
    *windows.PREDICTIONS,
    *signs.PREDICTIONS,
    *blocks.PREDICTIONS,
    *shifts.PREDICTIONS,
)
"""In the order in which the lesson asks them."""
