"""Calling a learner's code: on copies, within a time limit, with its printing kept apart."""

import ast
import builtins
import contextlib
import copy
import ctypes
import dis
import inspect
import io
import signal
import sys
import textwrap
import threading
import warnings
from collections.abc import Callable, Iterator
from types import CodeType, FrameType
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from course.checking.clocks import Clock
from course.checking.comparing import changed
from course.checking.shell import shell
from course.exercises.exercise import Call

if TYPE_CHECKING:
    from course.checking.steps import Steps

PRINTED_LIMIT = 2_000  # characters kept of what a learner's code prints

AGAIN = 4e-5
"""Seconds between one `TimeLimitReached` and the next. ``while True: try: ... except: pass``
swallows those that meet it inside ``try``, and it is elsewhere for about a microsecond: so often
that one soon gets through, and some times longer than raising one takes."""


class TimeLimitReached(BaseException):
    """Raised inside a learner's code when its time is up. Not an Exception, so that
    ``except Exception`` in that code does not swallow it."""


class TakenBack(BaseException):
    """Raised in place of it where its time had not come."""


class Outcome(NamedTuple):
    """What one call gave: a value or an error, and which argument it changed, if any.

    The error is an exception first, and put into words (`looking.Raised`) before it is judged.
    """

    value: Any = None
    error: Any = None
    changed: str | None = None


HERE = sys._getframe().f_code.co_filename
"""This file: its own frames are never interrupted, so that nothing is raised between a learner's
code and the end of its time limit."""

UNINTERRUPTED: set[CodeType] = set()
"""Other functions in which none is raised: they would leave half a message behind."""

_alarms: list["Alarm"] = []
"""The limits that are on now. They nest: a learner's function may use ``yours.KEY``, which is
judged again."""


def ring(signum: int, frame: FrameType | None) -> None:
    """Handle the alarm signal. Stays installed: an alarm may arrive after it was cancelled."""
    if not any(alarm.clock.over() for alarm in _alarms):
        set_timer()  # it had to wait, and has time left
    elif frame is not None:
        code = frame.f_code
        if code.co_filename != HERE and code not in UNINTERRUPTED:
            raise TimeLimitReached


class Alarm:
    """Raises `TimeLimitReached` by a signal once the time is up, again and again until stopped."""

    def __init__(self, seconds: float) -> None:
        self.clock = Clock(seconds)

    def start(self) -> None:
        _alarms.append(self)
        signal.signal(signal.SIGALRM, ring)
        set_timer()

    def stop(self) -> None:
        if self in _alarms:
            del _alarms[_alarms.index(self) :]  # with those within, which may have failed to stop
        set_timer()

    def late(self) -> bool:
        """Whether the time is up."""
        return self.clock.over()


def set_timer() -> None:
    """Let the next alarm ring when the first of the limits ends."""
    first = min((alarm.clock.left() for alarm in _alarms), default=None)
    left = 0.0 if first is None else max(first, AGAIN)
    signal.setitimer(signal.ITIMER_REAL, left, AGAIN)


@contextlib.contextmanager
def apart() -> Iterator[None]:
    """Stop the clocks that are on: what happens meanwhile has limits of its own."""
    held, _alarms[:] = _alarms[:], []
    set_timer()
    meanwhile = Clock(0.0)
    try:
        yield
    finally:
        for alarm in held:
            alarm.clock.leave_out(*meanwhile.passed())
        _alarms[:] = held
        set_timer()


class Watcher:
    """The same where there is no alarm signal (Windows, or not the main thread): another thread
    raises it in this one. It can't end a wait inside C code, such as ``time.sleep``."""

    set_error = ctypes.pythonapi.PyThreadState_SetAsyncExc

    def __init__(self, seconds: float) -> None:
        self.clock = Clock(seconds)
        self.thread = threading.get_ident()
        self.switching = sys.getswitchinterval()
        self.running = threading.Lock()  # held while the learner's code runs
        self.raising = threading.Lock()  # held while the watcher decides to raise

    def start(self) -> None:
        self.running.acquire()
        threading.Thread(target=self.watch, daemon=True).start()

    def late(self) -> bool:
        """Whether the time is up."""
        return self.clock.over()

    def watch(self) -> None:
        while not self.running.acquire(timeout=max(self.clock.left(), AGAIN)):
            if not self.late():  # it had to wait, and has time left
                continue
            with self.raising:
                frame = sys._current_frames().get(self.thread)
                if self.running.locked() and frame and frame.f_code.co_filename != HERE:
                    sys.setswitchinterval(AGAIN)  # or this thread would run only every 5 ms
                    self.set_error(ctypes.c_ulong(self.thread), ctypes.py_object(TimeLimitReached))

    def stop(self) -> None:
        with self.raising:
            if self.running.locked():
                self.running.release()
            self.take_back()
            sys.setswitchinterval(self.switching)

    def take_back(self) -> None:
        """Leave nothing to be raised that was set and not yet raised.

        Python 3.11 notes for good that there is something, and then never gets past the first
        instruction of a function that is traced. Raising something clears that note.
        """
        thread = ctypes.c_ulong(self.thread)
        if sys.version_info >= (3, 12):
            self.set_error(thread, None)
            return
        with contextlib.suppress(TakenBack):
            self.set_error(thread, ctypes.py_object(TakenBack))
            for _ in range(1000):
                pass


def time_limit(seconds: float) -> "Alarm | Watcher | Steps":
    """Make a time limit that works in this thread."""
    if sys.platform == "emscripten":  # a browser tab
        from course.checking.steps import Steps

        return Steps(seconds, TimeLimitReached, HERE)
    alarm = hasattr(signal, "setitimer")
    if alarm and threading.current_thread() is threading.main_thread():
        return Alarm(seconds)
    return Watcher(seconds)


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


def no_input(prompt: object = "") -> str:
    """Stands in for ``input``: nobody would know what the check is waiting for."""
    raise EOFError("input() waits for someone to type. Use the arguments instead.")


def no_exit() -> None:
    """Stands in for what ``exit()`` does in a notebook: ending the kernel after the cell."""
    raise SystemExit


@contextlib.contextmanager
def replaced(place: Any, name: str, value: Any) -> Iterator[None]:
    """Give an attribute another value for a while."""
    before = getattr(place, name, None)
    had = hasattr(place, name)  # the shell of a browser tab has no `ask_exit`
    setattr(place, name, value)
    try:
        yield
    finally:
        if had:
            setattr(place, name, before)
        else:
            delattr(place, name)


@contextlib.contextmanager
def kept_quiet() -> Iterator[Printed]:
    """Keep what a learner's code prints, asks and warns of out of the verdict."""
    printed = Printed()
    with contextlib.ExitStack() as stack:
        stack.enter_context(contextlib.redirect_stdout(printed))  # type: ignore[type-var]
        stack.enter_context(warnings.catch_warnings())
        warnings.simplefilter("ignore")
        stack.enter_context(replaced(builtins, "input", no_input))
        if (ipython := shell()) is not None:
            stack.enter_context(replaced(ipython, "ask_exit", no_exit))
        yield printed


def call_on_copies(function: Callable[..., Any], arguments: Call, seconds: float) -> Outcome:
    """Call `function` on copies of its arguments and see whether it changed them."""
    args = [copied(value) for value in arguments.args]
    kwargs = {name: copied(value) for name, value in arguments.kwargs.items()}
    limit = time_limit(seconds)
    try:
        try:
            limit.start()
            value = function(*args, **kwargs)
        finally:
            limit.stop()
        if limit.late():  # a wait that nothing could interrupt
            raise TimeLimitReached
    except KeyboardInterrupt:
        raise  # the learner pressed stop: that is for them, not for the check
    except BaseException as error:  # noqa: BLE001 - exit() and the time limit too: go on
        limit.stop()  # once more: the limit may have been reached on the way to the first
        if limit.late():  # whatever the learner's code made of it
            error = TimeLimitReached().with_traceback(error.__traceback__)
        return Outcome(error=error)
    before = (*arguments.args, *arguments.kwargs.values())
    after = (*args, *kwargs.values())
    for index, (old, new) in enumerate(zip(before, after, strict=True)):
        if changed(old, new):
            return Outcome(value=value, changed=argument_names(function, arguments)[index])
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


KERNEL = 9  # values of a 3x3 kernel


def names_of(function: Any) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give a function's arguments that its code never reads, and the global arrays that it does."""
    code = getattr(inspect.unwrap(function) if callable(function) else None, "__code__", None)
    if not isinstance(code, CodeType):
        return (), ()
    around = getattr(inspect.unwrap(function), "__globals__", {})
    read = set(names_read(code))
    arguments = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    read_there = dict.fromkeys(globals_read(code))
    found = [name for name in read_there if isinstance(around.get(name), np.ndarray)]
    images = [name for name in found if around[name].size > KERNEL]
    arrays = tuple(images or found)  # a kernel of the lesson's may well be read
    return tuple(name for name in arguments if name not in read), arrays


def is_written(function: Any) -> bool:
    """Whether a function's code does anything besides raising NotImplementedError."""
    code = getattr(inspect.unwrap(function) if callable(function) else None, "__code__", None)
    if not isinstance(code, CodeType):
        return False
    arguments = code.co_argcount + code.co_kwonlyargcount
    others = set(code.co_names) - {"NotImplementedError"}
    return bool(
        others
        or code.co_cellvars
        or len(code.co_varnames) > arguments
        or any(map(does_something, statements(function)))
    )


def definition(function: Any, name: str = "") -> str:
    """The lines that define a function, of this name or of its own.

    Raises
    ------
    OSError, SyntaxError, TypeError
        If they are nowhere, or can't be read by themselves.
    """
    function = inspect.unwrap(function) if callable(function) else function
    source = textwrap.dedent(inspect.getsource(function))
    nodes = ast.walk(ast.parse(source))
    if {name, function.__name__}.isdisjoint(
        getattr(node, "name", getattr(node, "id", "")) for node in nodes
    ):
        raise OSError  # of code made of text, Python 3.13 shows the lines of another text
    return source


def statements(function: Any) -> list[ast.stmt]:
    """What stands in a function. Python leaves out of its code what it can never come to."""
    with contextlib.suppress(OSError, TypeError, ValueError, SyntaxError):
        (defined,) = ast.parse(definition(function)).body
        return defined.body if isinstance(defined, ast.FunctionDef) else []
    return []


def does_something(statement: ast.stmt) -> bool:
    """Whether a statement is more than a docstring, ``...``, ``pass`` or ``raise``."""
    bare = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    return not bare and not isinstance(statement, ast.Pass | ast.Raise)


def names_read(code: CodeType) -> Iterator[str]:
    """Every local name that a function's code may read, in the functions inside of it too."""
    for step in dis.get_instructions(code):
        # From 3.13 on one step may load two names, or store one and load another.
        if "LOAD_" in step.opname or "DELETE_" in step.opname:
            yield from step.argval if isinstance(step.argval, tuple) else [str(step.argval)]
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from inner.co_freevars


def globals_read(code: CodeType) -> Iterator[str]:
    """Every global name that a function's code reads, in the functions inside of it too.

    ``co_names`` has those of attributes as well, and ``model.outputs`` reads no ``outputs``.
    """
    for step in dis.get_instructions(code):
        if step.opname in ("LOAD_GLOBAL", "LOAD_NAME"):
            yield step.argval
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from globals_read(inner)


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
