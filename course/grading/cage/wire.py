"""Plain data between the judge and the cage: JSON, and arrays as type, shape and bytes.

What comes out of the cage is data from a stranger. Nothing in it is run or unpickled, every size
is known before it is believed, and what does not fit the format is `Garbled`.
"""

import json
import math
import reprlib
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from itertools import pairwise
from numbers import Integral, Real
from types import FunctionType, SimpleNamespace
from typing import Any

import numpy as np

from course.checking.calling import Outcome
from course.checking.looking import Answer, Raised, Request
from course.exercises import trials
from course.exercises.exercise import Call

LARGEST_FRAME = 2**26  # bytes of one message: 64 MiB; the largest right answer is 300 kB
LARGEST_TREE = 2**22  # bytes of JSON in it: they unfold to fifty times as many
LARGEST_ARRAY = 2**25
LONGEST_TEXT = 2**20
MOST_ENTRIES = 100_000
DEEPEST = 12
LOOK_EVERY = 0.1  # seconds, while a message is awaited, between two looks at the rest
LARGEST_WHOLE = 2**1023  # about the largest float; a longer number tells nobody more

TYPES = {
    "bool",
    *(f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64)),
    *("float16", "float32", "float64"),
}
FUNCTIONS = {name: f for name, f in vars(trials).items() if isinstance(f, FunctionType)}
RECORDS: dict[str, Any] = {
    cls.__name__: cls for cls in (Answer, Call, Outcome, Raised, Request, trials.Seen)
}


class Garbled(Exception):
    """What arrived is not what was agreed on."""


class Gone(Exception):
    """The other side has closed the connection."""


class Late(Exception):
    """Nothing arrived in time."""


# --- Data to bytes -------------------------------------------------------------------------------


def encode(value: Any) -> bytes:
    """Write plain data; what is not plain is only described."""
    buffers: list[bytes] = []
    tree = json.dumps(flat(value, buffers, 0)).encode()
    sizes = json.dumps([len(tree), *map(len, buffers)]).encode()
    return b"".join([len(sizes).to_bytes(4, "big"), sizes, tree, *buffers])


def flat(value: Any, buffers: list[bytes], depth: int) -> Any:
    """One value as JSON holds it. Its exact type counts: a subclass may behave in any way."""
    kind = type(value)
    if value is None or kind is bool:
        return value
    if isinstance(value, str):
        return str(value)[:LONGEST_TEXT]
    if kind is int:
        return value if abs(value) < LARGEST_WHOLE else {"whole": math.copysign(1, value)}
    if kind is float:
        return value
    if value is Ellipsis:
        return {"ellipsis": True}
    if depth < DEEPEST:
        if isinstance(value, np.ndarray | np.generic) or tensor(value):
            return array(np.asarray(value), isinstance(value, np.generic), buffers)
        if kind.__name__ in RECORDS and kind is RECORDS[kind.__name__]:
            items = [flat(item, buffers, depth + 1) for item in value]
            return {"record": [kind.__name__, items]}
        if isinstance(value, list | tuple) and len(value) <= MOST_ENTRIES:
            name = "tuple" if isinstance(value, tuple) else "list"
            return {name: [flat(item, buffers, depth + 1) for item in value]}
        if isinstance(value, Mapping) and len(value) <= MOST_ENTRIES:
            pairs = [[flat(x, buffers, depth + 1) for x in pair] for pair in value.items()]
            return {"dict": pairs}
        if isinstance(value, Real):  # Fraction, IntEnum and other numbers that are not Python's own
            plain: Any = int if isinstance(value, Integral) else float
            return flat(plain(value), buffers, depth)
        if kind is SimpleNamespace:
            return {"namespace": flat(vars(value), buffers, depth)}
        if kind is trials.Network:
            return {"network": flat(list(vars(value).values()), buffers, depth)}
    if kind is FunctionType and FUNCTIONS.get(name := str(value.__name__)) is value:
        return {"function": name}
    return {"other": described(value)}


def tensor(value: Any) -> bool:
    """Whether it is one of TensorFlow's: an array to whoever reads it."""
    return hasattr(type(value), "__array__") and hasattr(type(value), "numpy")


def array(value: np.ndarray, scalar: bool, buffers: list[bytes]) -> dict[str, Any]:
    """Put an array's bytes aside; of one that is too large, or of other things, only its shape."""
    small = value.nbytes <= LARGEST_ARRAY
    if small and value.dtype.kind == "f" and value.dtype.itemsize > 8:
        value = value.astype(np.float64)  # long double differs from machine to machine
    if value.dtype.kind == "U" and value.size <= MOST_ENTRIES:
        return {"texts": [list(value.shape), *value.ravel().tolist()]}
    name = value.dtype.name
    held = name in TYPES and small
    if held:
        buffers.append(np.ascontiguousarray(value.astype(name, copy=False)).tobytes())
    return {"array": [name, list(value.shape), len(buffers) - 1 if held else -1, scalar]}


def described(value: Any) -> list[Any]:
    """What can be said of something that is not plain data."""
    kind = type(value)
    try:
        written = reprlib.repr(value)[:LONGEST_TEXT]
    except Exception as error:  # noqa: BLE001 - a learner's own __repr__ may raise anything
        written = f"a {kind.__name__} whose repr raises {type(error).__name__}"
    return [kind.__name__[:100], written, isinstance(value, Iterator), hasattr(kind, "__array__")]


# --- Bytes to data -------------------------------------------------------------------------------


def decode(frame: bytes) -> Any:
    """Read what `encode` wrote.

    Raises
    ------
    Garbled
        If it is anything else.
    """
    try:
        after = 4 + int.from_bytes(frame[:4], "big")
        if after > LARGEST_TREE:
            raise Garbled("sizes")
        sizes = json.loads(frame[4:after])
        if not all(type(size) is int and size >= 0 for size in sizes):
            raise Garbled("sizes")
        if sizes[0] > LARGEST_TREE:
            raise Garbled("tree")
        edges = np.cumsum([after, *sizes]).tolist()
        if edges[-1] != len(frame):
            raise Garbled("length")
        tree, *parts = [frame[a:b] for a, b in pairwise(edges)]
        return unflat(json.loads(tree), dict(enumerate(parts)))
    except Garbled:
        raise
    except (
        ArithmeticError,
        AttributeError,
        LookupError,
        MemoryError,
        RecursionError,
        TypeError,
        ValueError,
    ) as e:
        raise Garbled(type(e).__name__) from None


def unflat(tree: Any, buffers: dict[int, bytes]) -> Any:
    """One value of what JSON held."""
    if not isinstance(tree, dict):
        if isinstance(tree, list):
            raise Garbled("a bare list")
        return tree
    ((kind, held),) = tree.items()
    if kind == "whole":
        return int(held) * 10**309
    if kind == "ellipsis":
        return ...
    if kind == "array":
        name, shape, index, scalar = held
        return unflat_array(name, shape, index, scalar, buffers)
    if kind == "texts":
        texts = [str(text) for text in held[1:]]
        if len(texts) * max(map(len, texts), default=0) > LARGEST_TREE:
            raise Garbled("texts")  # each takes as much room as the longest
        return np.array(texts).reshape(held[0])
    if kind == "other":
        return other(*held)
    if kind == "function":
        return FUNCTIONS[held]
    if kind == "namespace":
        return SimpleNamespace(**unflat(held, buffers))
    if kind == "network":
        return trials.Network(*unflat(held, buffers))
    if kind == "dict":
        return {unflat(key, buffers): unflat(value, buffers) for key, value in held}
    if kind == "record":
        return RECORDS[held[0]](*[unflat(item, buffers) for item in held[1]])
    items = [unflat(item, buffers) for item in held]
    return {"list": items, "tuple": tuple(items)}[kind]


def unflat_array(name: str, shape: Any, index: int, scalar: bool, buffers: dict[int, bytes]) -> Any:
    """An array of its bytes. Without them, one of that shape which takes no room."""
    shape = tuple(shape)
    if not all(type(length) is int and length >= 0 for length in shape) or len(shape) > 32:
        raise Garbled("shape")
    if index < 0:
        blank = np.zeros((), name if name in TYPES else object)
        if math.prod(shape) >= 2**62:
            raise Garbled("shape")
        return np.broadcast_to(blank, shape)
    buffer = buffers.pop(index)  # once: what is sent once takes its room once
    if name not in TYPES or math.prod(shape) * np.dtype(name).itemsize != len(buffer):
        raise Garbled("array")
    values = np.frombuffer(buffer, name).reshape(shape).copy()
    return values[()] if scalar else values


def other(name: str, written: str, iterator: bool, has_array: bool) -> Any:
    """Something that says of itself what the original was, and is nothing else."""
    label = "".join(c for c in str(name)[:100] if c.isprintable()) or "object"
    made = stand_in(label, bool(iterator), bool(has_array))()
    made.written = str(written)
    return made


@lru_cache(maxsize=1000)
def stand_in(name: str, iterator: bool, has_array: bool) -> Any:
    """A class of that name, with nothing else of the original."""
    body: dict[str, Any] = {"__repr__": lambda self: self.written}
    if iterator:
        body |= {"__iter__": lambda self: self, "__next__": lambda self: next(iter(()))}
    if has_array:
        body["__array__"] = lambda self, dtype=None, copy=None: np.array(None)
    return type(name, (), body)


# --- A connection --------------------------------------------------------------------------------


class Channel:
    """One end of a connection that carries whole messages."""

    def __init__(self, end: socket.socket) -> None:
        self.end = end

    def send(self, value: Any, seconds: float | None = None) -> None:
        """Send a message.

        Raises
        ------
        Gone, Late
        """
        frame = encode(value)
        self.end.settimeout(seconds)
        try:
            self.end.sendall(len(frame).to_bytes(8, "big") + frame)
        except TimeoutError:
            raise Late from None
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
        Garbled, Gone, Late
        """
        size = int.from_bytes(self.exactly(8, deadline, watch), "big")
        if size > LARGEST_FRAME:
            raise Garbled("size")
        return decode(bytes(self.exactly(size, deadline, watch)))

    def exactly(self, size: int, deadline: float, watch: Callable[[], object]) -> bytearray:
        """Read so many bytes."""
        data = bytearray()
        while len(data) < size:
            left = deadline - time.monotonic()
            if left <= 0:
                raise Late
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
