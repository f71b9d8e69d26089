"""What lesson 3 asks before it shows it."""

from course.predictions.pooling import blocks, closing, shifts, signs, windows

PREDICTIONS = (
    *windows.PREDICTIONS,
    *signs.PREDICTIONS,
    *blocks.PREDICTIONS,
    *shifts.PREDICTIONS,
    *closing.PREDICTIONS,
)
"""In the order in which the lesson asks them."""
