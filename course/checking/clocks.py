"""How long something has taken: what it computed, and not how long others made it wait.

On a crowded machine the clock on the wall runs for whoever waits, too. So time limits count the
time of a processor, and the wall's only for what hardly computes: what sleeps, or waits for nothing.
"""

import time
from collections.abc import Callable

WIDE = 2.0
"""Times its limit may pass by the clock on the wall for what hardly computes."""

SLOWLY = 0.1
"""Of a processor: what gets less than that sleeps. If it has to wait for so long, whoever judges it
has to see that the machine is crowded."""


class Clock:
    """The time that something takes, from now on, and the limit of it.

    Parameters
    ----------
    seconds : float
        What it may take of a processor. Of several at once, each second counts once.
    processor : callable, optional
        Gives the seconds that it has computed for. By default those of this process.
    grace : float, optional
        Seconds more, in which it may end by itself.
    """

    def __init__(
        self,
        seconds: float,
        processor: Callable[[], float] = time.process_time,
        grace: float = 0.0,
    ) -> None:
        self.seconds, self.processor, self.grace = seconds, processor, grace
        self.wall_began, self.began = time.monotonic(), processor()
        self.ended = False

    def passed(self) -> tuple[float, float]:
        """Seconds by the clock on the wall, and of a processor."""
        return time.monotonic() - self.wall_began, self.processor() - self.began

    def took(self) -> float:
        """Seconds that it has taken of its limit."""
        wall, computed = self.passed()
        return max(min(wall, computed), wall / WIDE if computed < SLOWLY * wall else 0.0)

    def over(self) -> bool:
        """Whether the limit is reached; from then on it always is."""
        self.ended = self.ended or self.left() <= 0
        return self.ended

    def left(self) -> float:
        """Seconds until the limit can be reached at the earliest."""
        wall, computed = self.passed()
        left = self.seconds - min(wall, computed)
        if computed < SLOWLY * wall:
            left = min(left, WIDE * self.seconds - wall)
        return left + self.grace

    def leave_out(self, wall: float, computed: float) -> None:
        """Leave out what has passed meanwhile and was not its own."""
        self.wall_began += wall
        self.began += computed
