"""The judge's own process: what a stranger's answer does to it costs that answer, and nothing else.

Outside, `judged` asks it; it keeps one for as long as it lives, and begins another when it died.
Inside, it judges one answer after the other, with a limit on its memory. Like the cage, it gets
plain data and gives plain data.
"""

import atexit
import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import Any

import course
from course.checking import explaining
from course.checking.clocks import WIDE, Clock
from course.checking.judge import failed, request_for, verdict
from course.checking.looking import Answer, can_be_tried_as
from course.checking.result import Result
from course.exercises import EXERCISES, Exercise
from course.grading.cage import walls
from course.grading.cage.cage import Broken
from course.grading.cage.told import TooLarge
from course.grading.cage.using import computed_by, in_time
from course.grading.cage.wire import Channel, Garbled, Gone, TimedOut

MEMORY = 320 * walls.MIB  # a verdict takes 30
TRIES = 2
SECONDS = 30.0  # of a processor; the longest verdict takes one
START_SECONDS = 180.0  # on a slow disk
LONGEST_MESSAGE = 6_000


def judged(exercise: Exercise, answer: Answer, seed: int) -> Result:
    """Judge an answer that a stranger's process described."""
    request = request_for(exercise, seed)
    wanted = len(request.calls) + bool(request.observe)
    got = answer.outcomes
    complete = len(got) == wanted or (0 < len(got) < wanted and got[-1].error is not None)
    tried = exercise.kind != "value" and can_be_tried_as(exercise.kind, answer.kind)
    if tried and not complete:
        return failed(exercise, "raised", ["What came back from your function is not complete."])
    for part in (answer.value, *(outcome.value for outcome in got)):
        if large := too_large(part):
            return failed(exercise, "too_large", [f"What came back is far too large: {large}."])
    return _judge.verdict(exercise, answer, seed)


def too_large(value: Any) -> str:
    """Name a part that was too large to be sent; nothing if all is there."""
    if isinstance(value, TooLarge):
        return value.what
    parts = value.values() if isinstance(value, dict) else value
    if not isinstance(parts, list | tuple | type({}.values())):
        return ""
    return next(filter(None, map(too_large, parts)), "")


def bounded(result: Result) -> Result:
    """Keep what a report shows: no picture, no window, and a message of bounded length."""
    message = result.message
    if len(message) > LONGEST_MESSAGE:
        message = message[:LONGEST_MESSAGE] + " ..."
    return replace(result, message=message, comparison=None, opening=None)


# --- Outside --------------------------------------------------------------------------------------


class Judge:
    """The process that judges, seen from outside.

    Parameters
    ----------
    memory : int
        Bytes that it may take, on top of what it has when it begins.
    seconds : float
        That a verdict may take.
    """

    def __init__(self, memory: int = MEMORY, seconds: float = SECONDS) -> None:
        self.memory, self.seconds = memory, seconds
        self.process: subprocess.Popen[bytes] | None = None
        self.channel: Channel | None = None
        self.began = False

    def begin(self) -> None:
        """Let it begin, unless it lives. It gets ready while a cage does."""
        if self.process and self.process.poll() is None:
            return
        self.end()
        ours, theirs = socket.socketpair()
        home = str(Path(str(course.__file__)).parents[1])
        path = os.pathsep.join(filter(None, [home, os.environ.get("PYTHONPATH")]))
        one_thread = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        with theirs:
            self.process = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "course.grading.judging",
                    str(theirs.fileno()),
                    str(self.memory),
                ],
                env={**os.environ, **one_thread, "PYTHONPATH": path},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
            )
        self.channel = Channel(ours)

    def verdict(self, exercise: Exercise, answer: Answer, seed: int) -> Result:
        """Have an answer judged; again, if the process died of it: perhaps of something else.

        Raises
        ------
        Broken
            The process does not begin.
        """
        how = "memory"
        for _ in range(TRIES):
            channel = self.ready()
            assert self.process
            try:
                channel.send([exercise.key, answer, seed], WIDE * self.seconds)
                clock = Clock(self.seconds, partial(computed_by, self.process.pid))
                return Result(**channel.receive(watch=partial(in_time, clock)))
            except TimedOut:
                how = "time"
                break
            except (Gone, Garbled):
                self.end()
        self.end()
        told = f"What came back can't be judged: that takes more {how} than any right answer does."
        return failed(exercise, "too_large", [told])

    def ready(self) -> Channel:
        """Wait until it is ready; gives the connection to it."""
        self.begin()
        assert self.channel is not None
        if not self.began:
            try:
                self.began = self.channel.receive(time.monotonic() + START_SECONDS)
            except (Gone, TimedOut, Garbled) as error:
                self.end()
                raise Broken("the process that judges does not begin.") from error
        return self.channel

    def end(self) -> None:
        """End it; the next answer begins another."""
        if self.process:
            with contextlib.suppress(ProcessLookupError):
                self.process.kill()
            self.process.wait()
        if self.channel:
            self.channel.close()
        self.process = self.channel = None
        self.began = False


_judge = Judge()
begin = _judge.begin
atexit.register(_judge.end)


# --- Inside ---------------------------------------------------------------------------------------


def answered(key: str, answer: Answer, seed: int) -> Result:
    """Judge an answer, whatever is in it."""
    exercise = EXERCISES[key]
    try:
        return bounded(verdict(exercise, answer, seed))
    except MemoryError:
        os._exit(1)  # nothing may depend on what is left of this process
    except Exception as error:  # noqa: BLE001 - no right answer makes the judge stumble
        told = f"What came back can't be compared ({explaining.message_of(error)})."
        return failed(exercise, "raised", [told])


def main() -> None:
    """Judge until the other side closes the connection."""
    if sys.platform == "linux":
        walls.call("prctl", walls.PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        walls.limit_memory(int(sys.argv[2]))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    channel = Channel(socket.socket(fileno=int(sys.argv[1])), stranger=False)
    channel.send(True)
    with contextlib.suppress(Gone):
        while True:
            channel.send(asdict(answered(*channel.receive())))


if __name__ == "__main__":
    main()
