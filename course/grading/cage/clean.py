"""A cage without a student's code: a network is tried there that has left one as plain data.

It is a fork of the same server, which has Keras and has never run anybody's notebook.
"""

import contextlib
import socket
import time
from typing import Any

from course.exercises.trials.rebuilding import Ran, Trial, run
from course.grading.cage.wire import Channel, Garbled, Gone, TimedOut

SECONDS = 120.0  # by the clock; one of the course's takes 0.2


def tried(cage: Any, trial: Trial) -> Ran:
    """Try a network in a fork of its own, which ends with that.

    Parameters
    ----------
    cage : Cage
    trial : Trial
    """
    ours, theirs = socket.socketpair()
    channel = Channel(ours, stranger=True)
    pid = None
    try:
        with theirs:
            pid = cage.ask({"clean": True}, theirs)["pid"]
        until = time.monotonic() + SECONDS
        channel.send(trial, SECONDS)
        channel.receive(until)  # it has begun
        return answer(channel.receive(until))
    except TimedOut:
        return Ran(error=f"It was still computing after {SECONDS:g} seconds.")
    except (Gone, Garbled):
        return Ran(error="What ran it ended: for want of memory, or of what TensorFlow can do.")
    finally:
        if pid:
            cage.ask({"end": pid, "clean": True})
        channel.close()


def answer(said: Any) -> Ran:
    """Give back what a trial came to, if that is what came."""
    if type(said) is not Ran:
        raise Garbled("no trial")
    return said


def attend(channel: Channel, trial: Trial) -> None:
    """Try a network, in that fork."""
    with contextlib.suppress(Gone):
        channel.send(run(trial))
