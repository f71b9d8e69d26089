"""How many steps of Python a function takes."""

import sys
from collections.abc import Callable
from typing import Any


def steps_per_pixel(answer: Callable[..., Any], ask: Callable[[], Any]) -> float:
    """Count what a convolution of more pixels costs in steps of Python, for each pixel more.

    A loop over rows takes steps for each row more, one over pixels for each pixel. Of four sizes,
    what rows and columns cost by themselves cancels out. No clock is looked at.
    """
    image, kernel = ask()

    def steps(height: int, width: int) -> int:
        count = 0

        def trace(frame: Any, event: str, argument: Any) -> Any:
            nonlocal count
            if frame.f_globals.get("__name__", "").startswith("course.checking"):
                return None  # the handler of the time limit, which may come every 40 µs
            count += 1
            return trace

        before = sys.gettrace()
        sys.settrace(trace)
        try:
            answer(image[:height, :width].copy(), kernel)
        finally:
            sys.settrace(before)
        return count

    steps(12, 13)  # what is done the first time only
    more = steps(24, 27) - steps(24, 13) - steps(12, 27) + steps(12, 13)
    return more / ((24 - 12) * (27 - 13))
