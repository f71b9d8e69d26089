"""Calling a learner's code: on copies, within a time limit, with its printing kept apart."""

import contextlib
import copy
import ctypes
import inspect
import io
import signal
import threading
import warnings
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any, NamedTuple

import numpy as np

from course.exercises.exercise import Call

PRINTED_LIMIT = 2_000  # characters kept of what a learner's code prints


class TimeLimitReached(BaseException):
    """Raised inside a learner's code when its time is up. Not an Exception, so that
    ``except Exception`` in that code does not swallow it."""


class Outcome(NamedTuple):
    """What one call gave: a value or an error, and which argument it changed, if any."""

    value: Any = None
    error: BaseException | None = None
    changed: str | None = None


@contextlib.contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise `TimeLimitReached` in the body when `seconds` have passed.

    A bare ``except:`` in a loop can swallow one exception, so it is raised again every
    20 ms until the body is left.
    """
    if hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread():

        def ring(signum: int, frame: FrameType | None) -> None:
            if frame is not None and frame.f_code.co_filename != __file__:
                raise TimeLimitReached

        before = signal.signal(signal.SIGALRM, ring)
        signal.setitimer(signal.ITIMER_REAL, seconds, 0.02)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)
        return

    # No alarm signal (Windows, or not the main thread): a watcher raises it in this thread.
    thread = ctypes.c_ulong(threading.get_ident())
    done = threading.Event()

    def watch() -> None:
        wait = seconds
        while not done.wait(wait):
            ctypes.pythonapi.PyThreadState_SetAsyncExc(thread, ctypes.py_object(TimeLimitReached))
            wait = 0.02

    threading.Thread(target=watch, daemon=True).start()
    try:
        yield
    finally:
        done.set()


class Printed(io.TextIOBase):
    """Stands in for standard output: keeps the beginning, counts the lines."""

    def __init__(self) -> None:
        self.text = ""
        self.lines = 0

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self.lines += text.count("\n")
        self.text += text[: PRINTED_LIMIT - len(self.text)]
        return len(text)


@contextlib.contextmanager
def kept_quiet() -> Iterator[Printed]:
    """Keep what a learner's code prints, and its warnings, out of the verdict."""
    printed = Printed()
    with contextlib.redirect_stdout(printed), warnings.catch_warnings():  # type: ignore[type-var]
        warnings.simplefilter("ignore")
        yield printed


def call_on_copies(function: Callable[..., Any], arguments: Call, seconds: float) -> Outcome:
    """Call `function` on copies of its arguments and see whether it changed them."""
    args = [copied(value) for value in arguments.args]
    kwargs = {name: copied(value) for name, value in arguments.kwargs.items()}
    try:
        with time_limit(seconds):
            value = function(*args, **kwargs)
    except KeyboardInterrupt:
        raise  # the learner pressed stop: that is for them, not for the check
    except BaseException as error:  # SystemExit and TimeLimitReached too: the check goes on
        return Outcome(error=error)
    before = (*arguments.args, *arguments.kwargs.values())
    after = (*args, *kwargs.values())
    for name, old, new in zip(argument_names(function, arguments), before, after, strict=True):
        if isinstance(old, np.ndarray) and old.tobytes() != new.tobytes():
            return Outcome(value=value, changed=name)
    return Outcome(value=value)


def copied(value: Any) -> Any:
    """Copy what a learner's code could change by accident: arrays and containers of them."""
    return copy.deepcopy(value) if isinstance(value, np.ndarray | list | dict) else value


def argument_names(function: Callable[..., Any], arguments: Call) -> list[str]:
    """Name each argument of a call as the function does; ``argument 1`` where it can't be told."""
    positional = [f"argument {index + 1}" for index in range(len(arguments.args))]
    with contextlib.suppress(TypeError, ValueError):
        for index, name in enumerate(inspect.signature(function).parameters):
            if index < len(positional):
                positional[index] = name
    return [*positional, *arguments.kwargs]


def wrong_signature(function: Callable[..., Any], arguments: Call) -> str | None:
    """Say why `function` can't be called with `arguments`; None if it can."""
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):  # some built-in functions do not say
        return None
    try:
        signature.bind(*arguments.args, **arguments.kwargs)
    except TypeError as error:
        return str(error)
    return None
