"""A time limit where there are neither signals nor threads: Python looks at the clock as it goes.

In a browser tab nothing can interrupt a learner's code from outside. So each time that it jumps
back in a loop, or calls a function, the interpreter asks here whether its time is up.
"""

import sys
import time
from types import CodeType
from typing import Any

monitoring: Any = getattr(sys, "monitoring", None)  # from Python 3.12 on
TOOL = 4  # 0 to 5 may be used; debuggers, coverage and profilers have numbers of their own
MEANWHILE = 0.02  # seconds of one nap, of many that a long one is made of

_deadlines: list[float] = []
"""When the limits end that are on now; the first to end comes last to be set, or not: they nest."""

_sleep = time.sleep


def any_late() -> bool:
    """Whether one of the limits is over."""
    now = time.monotonic()
    return any(now >= deadline for deadline in _deadlines)


class Steps:
    """Raises an error in the code that runs once the time is up, at each step until stopped.

    Parameters
    ----------
    seconds : float
    error : type
        What is raised.
    spared : str
        The file whose own code is never interrupted.
    """

    def __init__(self, seconds: float, error: type[BaseException], spared: str) -> None:
        self.deadline = time.monotonic() + seconds
        self.error, self.spared = error, {spared, __file__}

    def start(self) -> None:
        """Begin to look at the clock."""
        if not _deadlines:
            monitoring.use_tool_id(TOOL, "time limit")
            events = monitoring.events
            for event in (events.JUMP, events.PY_START):
                monitoring.register_callback(TOOL, event, self.raise_if_late)
            monitoring.set_events(TOOL, events.JUMP | events.PY_START)
            vars(time)["sleep"] = self.sleep
        _deadlines.append(self.deadline)

    def stop(self) -> None:
        """End it; once is enough."""
        if self.deadline in _deadlines:
            _deadlines.remove(self.deadline)
        if not _deadlines and monitoring.get_tool(TOOL):
            vars(time)["sleep"] = _sleep
            monitoring.set_events(TOOL, 0)
            monitoring.free_tool_id(TOOL)

    def raise_if_late(self, code: CodeType, *where: int) -> None:
        """Raise the error where it is time."""
        if code.co_filename not in self.spared and any_late():
            raise self.error

    def late(self) -> bool:
        """Whether the time is up."""
        return time.monotonic() >= self.deadline

    def sleep(self, seconds: float) -> None:
        """Stand in for `time.sleep`, which nothing else would end."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if any_late():
                raise self.error
            _sleep(min(left, MEANWHILE))
