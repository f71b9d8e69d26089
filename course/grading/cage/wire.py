"""Plain data between the judge and the cage: JSON, and arrays as type, shape and bytes.

What comes out of the cage is data from a stranger. Nothing in it is run or unpickled, every size
is known before it is believed, and what does not fit the format is `Garbled`.
"""

import json
import math
import socket
import time
from collections.abc import Callable, Mapping
from importlib import import_module
from itertools import accumulate, pairwise
from numbers import Integral, Real
from types import FunctionType
from typing import Any

import numpy as np

from course.checking.comparing import read
from course.checking.looking import Answer, Request
from course.exercises.exercise import Call
from course.exercises.trials.rebuilding import Trial
from course.grading.cage.standing import described, other
from course.grading.cage.told import (
    MOST_AXES,
    TOLD,
    Garbled,
    Room,
    TooLarge,
    length,
    size_of,
    text,
    weight,
)

LARGEST_FRAME = 2**26  # bytes of one message
LARGEST_TREE = 2**22  # bytes of JSON in it: they unfold to thirty times as many
NAMED = len('{"array": ["int8", [], 0, true]}')  # in there, for each array that follows it
LARGEST_ARRAY = 2**25
LARGEST_ANSWER = (
    2**22
)  # of all that an answer holds, as `Room` counts, unless its exercise says less
LONGEST_TEXT = 2**16
DEEPEST = 12
DESCRIBED = 2000  # what a class of its own weighs, for something that is only described
LOOK_EVERY = 0.1  # seconds, while a message is awaited, between two looks at the rest
LARGEST_WHOLE = 2**1023  # about the largest float; a longer number tells nobody more

TYPES = {
    "bool",
    *(f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64)),
    *("float16", "float32", "float64"),
}
TRIALS = "course.exercises.trials."
NETWORK = f"{TRIALS}small_network"
RECORDS: dict[str, Any] = {cls.__name__: cls for cls in (*TOLD, Call, Request, Trial)}


class Gone(Exception):
    """The other side has closed the connection."""


class TimedOut(Exception):
    """Nothing arrived in time."""


# --- Data to bytes -------------------------------------------------------------------------------


def encode(value: Any, room: float = math.inf, largest: int = LARGEST_ANSWER) -> bytes:
    """Write plain data; what is not plain, or does not fit into the room, is only described.

    Parameters
    ----------
    value : object
    room : float
        Bytes for all of it,
    largest : int
        and for an answer in it.
    """
    buffers: list[bytes] = []
    tree = json.dumps(flat(value, buffers, 0, Room(room, largest))).encode()
    sizes = json.dumps([len(tree), *map(len, buffers)]).encode()
    return b"".join([len(sizes).to_bytes(4, "big"), sizes, tree, *buffers])


def flat(value: Any, buffers: list[bytes], depth: int, room: Room) -> Any:
    """One value as JSON holds it. Its exact type counts: a subclass may behave in any way."""
    kind = type(value)
    if isinstance(value, str):
        value = str(value)[: LONGEST_TEXT if room.left < math.inf else None]
        return value if room.has(weight(value)) else {"large": "a text"}
    if kind is TooLarge or (depth and not room.has(64)):
        return {"large": getattr(value, "what", f"a {kind.__name__}"[:100])}
    if value is None or kind is bool or kind is float:
        return value
    if kind is int:
        return value if abs(value) < LARGEST_WHOLE else {"whole": math.copysign(1, value)}
    if value is Ellipsis:
        return {"ellipsis": True}
    if depth < DEEPEST:
        value = read(value)
        if isinstance(value, np.ndarray | np.generic):
            return array(np.asarray(value), isinstance(value, np.generic), buffers, room)
        if kind.__name__ in RECORDS and kind is RECORDS[kind.__name__]:
            inner = room.for_answer() if kind is Answer else room
            items = [flat(item, buffers, depth + 1, inner) for item in value]
            return {"record": [kind.__name__, items]}
        if isinstance(value, list | tuple):
            name = "tuple" if isinstance(value, tuple) else "list"
            if 64 * len(value) > room.left:
                return {"large": f"a {name} of {len(value):,}"}
            return {name: [flat(item, buffers, depth + 1, room) for item in value]}
        if isinstance(value, Mapping) and all(isinstance(key, str) for key in value):
            if 128 * len(value) > room.left:
                return {"large": f"a dictionary of {len(value):,}"}
            pairs = [[flat(x, buffers, depth + 1, room) for x in pair] for pair in value.items()]
            return {"dict": pairs}
        if isinstance(value, Real):  # Fraction, IntEnum and other numbers that are not Python's own
            plain: Any = int if isinstance(value, Integral) else float
            return flat(plain(value), buffers, depth, room)
        if (kind.__module__, kind.__name__) == (NETWORK, "SmallNetwork"):
            return {"network": flat(list(vars(value).values()), buffers, depth, room)}
    if kind is FunctionType and function(name := f"{value.__module__}.{value.__name__}") is value:
        return {"function": name}
    said = described(value)
    return {"other": said} if room.has(DESCRIBED) else {"large": f"a {said[0]}"}


def function(name: str) -> Any:
    """A function of `trials`, by its whole name; nothing else."""
    module, _, own = name.rpartition(".")
    return getattr(import_module(module), own, None) if module.startswith(TRIALS) else None


def array(value: np.ndarray, scalar: bool, buffers: list[bytes], room: Room) -> dict[str, Any]:
    """Put an array's bytes aside; of one of other things, only its shape."""
    size = size_of(value.shape, max(value.dtype.itemsize, 1 if value.dtype.name in TYPES else 8))
    if size > LARGEST_ARRAY or not room.has(size):
        return {"large": f"an array of shape {value.shape}"}
    if value.dtype.kind == "f" and value.dtype.itemsize > 8:
        value = value.astype(np.float64)  # long double differs from machine to machine
    if value.dtype.kind == "U":
        return {"texts": [list(value.shape), *value.ravel().tolist()]}
    name = value.dtype.name
    if name in TYPES:
        buffers.append(np.ascontiguousarray(value.astype(name, copy=False)).tobytes())
    return {"array": [name, list(value.shape), len(buffers) - 1 if name in TYPES else -1, scalar]}


# --- Bytes to data -------------------------------------------------------------------------------


def decode(frame: bytes, told: bool = False, largest: int = LARGEST_ANSWER) -> Any:
    """Read what `encode` wrote.

    Parameters
    ----------
    frame : bytes
    told : bool
        A stranger wrote it: only what is `TOLD` is read, and no more than there is `Room` for.
    largest : int
        Bytes of an answer in it.

    Raises
    ------
    Garbled
        If it is anything else.
    """
    try:
        after = 4 + int.from_bytes(frame[:4], "big")
        most = LARGEST_TREE if told else LARGEST_FRAME
        if after > most:
            raise Garbled("sizes")
        sizes = json.loads(frame[4:after])
        if not all(type(size) is int and size >= 0 for size in sizes):
            raise Garbled("sizes")
        if sizes[0] > most:
            raise Garbled("tree")
        if NAMED * (len(sizes) - 1) > sizes[0]:
            raise Garbled("more arrays than are named")
        # NumPy's sum would wrap round, and end where it should by way of anything.
        edges = [*accumulate([after, *sizes])]
        if edges[-1] != len(frame):
            raise Garbled("length")
        tree, *parts = [frame[a:b] for a, b in pairwise(edges)]
        reading = Reading(dict(enumerate(parts)), told)
        return reading.value(json.loads(tree), Room(LARGEST_FRAME if told else math.inf, largest))
    except Garbled:
        raise
    except (
        ArithmeticError,
        AttributeError,
        ImportError,
        LookupError,
        MemoryError,
        RecursionError,
        TypeError,
        ValueError,
    ) as e:
        raise Garbled(type(e).__name__) from None


class Reading:
    """One message on its way from JSON to data."""

    def __init__(self, buffers: dict[int, bytes], told: bool) -> None:
        self.buffers, self.told = buffers, told

    def value(self, tree: Any, room: Room) -> Any:
        """One value of what JSON held."""
        if not isinstance(tree, dict):
            room.take(weight(tree))
            if isinstance(tree, list) or (type(tree) is int and abs(tree) >= LARGEST_WHOLE):
                raise Garbled("a bare list, or a longer number than is sent")
            return tree
        ((kind, held),) = tree.items()
        if kind == "large":  # sent where there was no room
            return TooLarge(str(held)[:200])
        room.take(64)
        if kind in ("function", "network") and self.told:
            raise Garbled("what only the other side sends")
        if kind == "function":
            if (found := function(held)) is None:
                raise Garbled("no function of ours")
            return found
        if kind == "network":
            return import_module(NETWORK).SmallNetwork(*self.value(held, room))
        if kind == "whole":
            return (-1 if held < 0 else 1) * 10**309
        if kind == "ellipsis":
            return ...
        if kind == "array":
            return self.array(held, room)
        if kind == "texts":
            return self.texts(held[0], held[1:], room)
        if kind == "other":
            room.take(DESCRIBED)
            return other(*held)
        if kind == "record":
            return self.record(held, room)
        if kind == "dict":
            found = {self.value(key, room): self.value(value, room) for key, value in held}
            if not all(map(text, found)):  # others can be made to collide
                raise Garbled("a key")
            return found
        items = [self.value(item, room) for item in held]
        return {"list": items, "tuple": tuple(items)}[kind]

    def record(self, held: list[Any], room: Room) -> Any:
        """A record, if all that stands in it may stand there."""
        name, parts = held
        kind = RECORDS[name]
        inner = room.for_answer() if self.told and kind is Answer else room
        items = [self.value(part, inner) for part in parts]
        if self.told:
            tests = TOLD[kind]
            if len(items) != len(tests) or not all(
                test(item) for test, item in zip(tests, items, strict=True)
            ):
                raise Garbled(f"what stands in a record of type {name}")
        return kind(*items)

    def array(self, held: list[Any], room: Room) -> Any:
        """An array of its bytes; one of other things of its shape alone, which takes no room."""
        name, lengths, index, scalar = held
        shape = shape_of(lengths)
        known = name in TYPES
        room.take(size_of(shape, np.dtype(name).itemsize if known else 8))
        if known != (index >= 0):
            raise Garbled("array")
        if not known:
            return np.broadcast_to(np.zeros((), object), shape)
        buffer = self.buffers.pop(index)  # once: what is sent once takes its room once
        if math.prod(shape) * np.dtype(name).itemsize != len(buffer):
            raise Garbled("array")
        values = np.frombuffer(buffer, name).reshape(shape).copy()
        return values[()] if scalar else values

    def texts(self, shape: Any, held: list[Any], room: Room) -> np.ndarray:
        """An array of texts, each of which takes as much room as the longest."""
        shape = shape_of(shape)
        if not all(map(text, held)) or math.prod(shape) != len(held):
            raise Garbled("texts")
        room.take(size_of(shape, 4 * max(map(len, held), default=1)))
        return np.array(held, dtype=str).reshape(shape)


def shape_of(held: Any) -> tuple[int, ...]:
    """The shape of an array, if it can be one."""
    shape = tuple(held)
    if not all(map(length, shape)) or len(shape) > MOST_AXES:
        raise Garbled("shape")
    return shape


# --- A connection --------------------------------------------------------------------------------


class Channel:
    """One end of a connection that carries whole messages.

    Parameters
    ----------
    end : socket
    stranger : bool
        A student's process is at the other end: what comes from there is not believed.

    Attributes
    ----------
    largest : int
        Bytes of an answer.
    """

    def __init__(self, end: socket.socket, stranger: bool = False) -> None:
        self.end, self.stranger = end, stranger
        self.largest = LARGEST_ANSWER

    def send(self, value: Any, seconds: float | None = None) -> None:
        """Send a message.

        Raises
        ------
        Gone, TimedOut
        """
        frame = encode(value, math.inf if self.stranger else LARGEST_FRAME, self.largest)
        self.end.settimeout(seconds)
        try:
            self.end.sendall(len(frame).to_bytes(8, "big") + frame)
        except TimeoutError:
            raise TimedOut from None
        except OSError:
            raise Gone from None

    def receive(
        self, deadline: float = math.inf, watch: Callable[[], object] = lambda: None
    ) -> Any:
        """Wait for the next message.

        Parameters
        ----------
        deadline : float, optional
            As `time.monotonic` counts.
        watch : callable, optional
            Called now and then meanwhile; may raise.

        Raises
        ------
        Garbled, Gone, TimedOut
        """
        size = int.from_bytes(self.exactly(8, deadline, watch), "big")
        if size > LARGEST_FRAME:
            raise Garbled("size")
        frame = bytes(self.exactly(size, deadline, watch))
        return decode(frame, self.stranger, self.largest)

    def exactly(self, size: int, deadline: float, watch: Callable[[], object]) -> bytearray:
        """Read so many bytes."""
        data = bytearray()
        while len(data) < size:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimedOut
            watch()
            self.end.settimeout(min(left, LOOK_EVERY))
            try:
                part = self.end.recv(min(size - len(data), 2**20))
            except TimeoutError:
                continue
            except OSError:
                raise Gone from None
            if not part:
                raise Gone
            data += part
        return data

    def close(self) -> None:
        self.end.close()
