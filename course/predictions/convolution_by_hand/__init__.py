"""What lesson 1 asks before it shows it."""

from course.predictions.convolution_by_hand import images, one_window, places

PREDICTIONS = (*one_window.PREDICTIONS, *places.PREDICTIONS, *images.PREDICTIONS)
"""In the order in which the lesson asks them."""
