"""The processors of this machine: each worker keeps to its own, so that none slows another down."""

import os
import socket
import sys

from course.grading.claims import claim

NAME = "course-grade-processor-"

_claims: list[socket.socket] = []
"""Held for as long as this process lives: each is a name that nobody else can have meanwhile."""


def processors() -> int:
    """How many processors there are for this: so many notebooks can be graded at a time."""
    found = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return found or 1


def share(jobs: int) -> int:
    """How many processors each of so many workers has for itself."""
    return max(processors() // jobs, 1)


def keep_to_own(count: int) -> None:
    """Let this process, and all that it starts, run on so many processors that nobody else claims.

    Where all are claimed, as by somebody who grades another class, it runs wherever there is room.
    """
    if sys.platform != "linux" or _claims:
        return
    own: set[int] = set()
    for core in sorted(os.sched_getaffinity(0)):
        try:
            held = claim(f"{NAME}{core}")
        except OSError:  # no such names here
            return
        if held is None:
            continue
        _claims.append(held)
        own.add(core)
        if len(own) == count:
            break
    if own:
        os.sched_setaffinity(0, own)
