"""Who answers outside: computes what notebooks ask for and must not have, in a process of its own.

No code of a student comes here, only plain data; and whatever that does to this process, its
memory and its time are bounded, and another begins.
"""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from course.checking.clocks import Clock
from course.checking.explaining import LONGEST_TEXT
from course.exercises import EXERCISES, ByCalls
from course.grading.cage import walls
from course.grading.cage.door import plain, sealed, unsealed
from course.grading.cage.using import computed_by, in_time
from course.grading.cage.wire import Channel, Garbled, Gone, TimedOut

SECONDS = 10.0  # of a processor, for one question, unless a statement may take less
MEMORY = 2**30  # bytes, on top of what Python and NumPy take
ROOT = Path(__file__).resolve().parents[3]


class Desk:
    """The outside of that process; begins it when it is first asked.

    Parameters
    ----------
    seconds : float
        Of a processor, for one question.
    """

    def __init__(self, seconds: float = SECONDS) -> None:
        self.seconds = seconds
        self.process: subprocess.Popen[bytes] | None = None
        self.open = 0
        """How many questions wait for an answer: while functions are called, more than one."""

    def ask(self, name: str, given: Any) -> dict[str, Any]:
        """Put a question: its answer, or which of the functions that were given it calls."""
        if self.process is None:
            self.begin()
        self.open += 1
        return self.exchange({"name": name, "given": given})

    def gave(self, given: Any) -> dict[str, Any]:
        """Pass on what that function gave."""
        return self.exchange({"given": given}) if self.open else failed("nothing was called")

    def exchange(self, message: dict[str, Any]) -> dict[str, Any]:
        """Send a message and wait for the answer, not for ever."""
        assert self.process
        clock = Clock(self.seconds, partial(computed_by, self.process.pid))
        try:
            self.channel.send(message, SECONDS)
            said: dict[str, Any] = self.channel.receive(watch=partial(in_time, clock))
        except (Garbled, Gone, TimedOut):
            self.close()
            return failed(f"It took more than {self.seconds:g} seconds, or too much memory.")
        self.open -= "call" not in said
        return said

    def begin(self) -> None:
        """Start the process."""
        ours, theirs = socket.socketpair()
        path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
        self.process = subprocess.Popen(
            [sys.executable, "-m", "course.grading.cage.desk", str(theirs.fileno())],
            env={**os.environ, "PYTHONPATH": path},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
            start_new_session=True,
        )
        theirs.close()
        self.channel = Channel(ours)

    def clear(self) -> None:
        """Be ready for the next notebook: what this one left waiting is not waited for."""
        if self.open:
            self.close()

    def close(self) -> None:
        """End the process."""
        if self.process is not None:
            self.channel.close()
            self.process.kill()
            self.process.wait()
        self.process, self.open = None, 0


def failed(why: str, kind: str = "RuntimeError") -> dict[str, Any]:
    """An answer that is none."""
    return {"error": [kind, why]}


# --- In that process ------------------------------------------------------------------------------


class CallbackFailed(Exception):
    """What was given along can't be called, or has raised."""


def answered(question: dict[str, Any], channel: Channel) -> dict[str, Any]:
    """Compute what is asked for."""
    try:
        args, kwargs = unsealed(question["given"])
        args = [opened(kind, held, channel) for kind, held in args]
        kwargs = {key: opened(kind, held, channel) for key, (kind, held) in kwargs.items()}
        value = function_of(question["name"])(*args, **kwargs)
        if type(value).__module__.startswith("helpers.") and not isinstance(value, tuple):
            name = f"helpers.{question['name']}"
            return failed(f"{name} answers an exercise of this lesson: make your own.", "Withheld")
        return {"given": sealed(plain(list(value) if isinstance(value, Iterator) else value))}
    except Exception as error:  # noqa: BLE001 - it goes to whoever asked
        return failed(str(error)[:LONGEST_TEXT], type(error).__name__)


def function_of(name: str) -> Callable[..., Any]:
    """What is asked for: ``room.function`` of `helpers`, or the course's own ``yours.KEY``."""
    room, _, own = name.partition(".")
    if room != "yours":
        return getattr(import_module(f"helpers.{room}"), own)
    exercise = EXERCISES[own]
    if exercise.kind == "value":
        return lambda: exercise.reference
    expected = exercise.expected if isinstance(exercise, ByCalls) else None
    return expected or exercise.reference


def opened(kind: str, held: Any, channel: Channel) -> Any:
    """Make an argument of plain data."""
    if kind == "filter":
        from helpers import Filter

        return Filter(*held)
    if kind == "model":
        return SimpleNamespace(layers=[layer(**one) for one in held])
    return partial(call_back, channel, held) if kind == "function" else held


def layer(kind: str, activation: str, weights: Any, **shown: Any) -> Any:
    """A layer that shows what it was told to."""
    shown["activation"] = SimpleNamespace(__name__=activation)
    return type(str(kind), (SimpleNamespace,), {})(**shown, get_weights=lambda: weights)


def call_back(channel: Channel, number: int, *args: Any) -> Any:
    """Call a function that was given along; it may ask for something itself meanwhile."""
    channel.send({"call": number, "given": sealed(args)})
    while "name" in (said := channel.receive()):
        channel.send(answered(said, channel))
    given = unsealed(said["given"])
    if "value" not in given:
        raise CallbackFailed("the function that was given raised an error")
    return given["value"]


def main() -> None:
    """Answer until the other side closes the connection."""
    channel = Channel(socket.socket(fileno=int(sys.argv[1])))
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    walls.limit(MEMORY, 10**6, processes=False)
    while True:
        signal.setitimer(signal.ITIMER_PROF, 0)
        try:
            question = channel.receive()
            signal.setitimer(signal.ITIMER_PROF, 2 * SECONDS)  # if nobody is there to end it
            channel.send(answered(question, channel))
        except (Garbled, Gone):
            return


if __name__ == "__main__":
    main()
