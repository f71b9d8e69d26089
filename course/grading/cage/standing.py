"""What stands on the other side for something that is no plain data: what can be said of it."""

import reprlib
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import numpy as np


def described(value: Any) -> list[Any]:
    """What can be said of something that is not plain data."""
    kind = type(value)
    try:
        written = reprlib.repr(value)[:400]
    except Exception as error:  # noqa: BLE001 - a learner's own __repr__ may raise anything
        written = f"a {kind.__name__} whose repr raises {type(error).__name__}"
    return [kind.__name__[:100], written, isinstance(value, Iterator), hasattr(kind, "__array__")]


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
