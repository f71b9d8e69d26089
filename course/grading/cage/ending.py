"""Ending processes, all of them, where no namespace does it."""

import contextlib
import os
import signal
import time
from collections.abc import Callable, Iterable

import psutil

SECONDS = 10.0


def end_all(found: Callable[[], list[psutil.Process]]) -> None:
    """End all processes that are found, until there are none.

    All are stopped before the first is ended: what is stopped begins no other, and what is ended
    would make room for one.
    """
    until = time.monotonic() + SECONDS
    while (processes := found()) and time.monotonic() < until:
        stopped: set[psutil.Process] = set()
        while new := set(processes) - stopped:
            send(new, signal.SIGSTOP)
            stopped |= new
            processes = found()
        send(stopped, signal.SIGKILL)


def below() -> list[psutil.Process]:
    """All processes that this one has begun, and theirs, but for those that have ended."""
    reap()
    return psutil.Process().children(recursive=True)


def reap() -> None:
    """Forget those that have ended."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def send(processes: Iterable[psutil.Process], number: int) -> None:
    """Send all of them a signal."""
    for one in processes:
        with contextlib.suppress(psutil.Error):
            one.send_signal(number)
