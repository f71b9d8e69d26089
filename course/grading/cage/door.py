"""The student's side of the door: what is withheld here is asked for outside, where its code is.

A call goes out as plain data and comes back as plain data. Whoever stands outside knows whether an
answer is being looked at, and refuses what answers it then, whatever is said in here.
"""

import builtins
import itertools
import os
import threading
from collections.abc import Callable, Mapping
from types import MappingProxyType, ModuleType
from typing import Any

import numpy as np

from course.checking import calling
from course.grading.cage.wire import LARGEST_ARRAY, Channel, decode, encode


class Withheld(Exception):
    """Raised instead of what would answer the exercise that is looked at."""


class Line:
    """The connection to the outside: one exchange at a time, from this process alone."""

    def __init__(self, channel: Channel) -> None:
        self.channel = channel
        self.owner = os.getpid()
        self.turn = threading.RLock()
        self.numbers = itertools.count()
        waiting = [one for one in Channel.receive.__defaults__ or () if callable(one)]
        for one in (Channel.send, Channel.receive, Channel.exactly, *waiting):
            calling.UNINTERRUPTED.add(one.__code__)

    def tell(self, event: dict[str, Any]) -> None:
        """Tell what is not answered; nothing that a process tells which a cell has forked."""
        if os.getpid() == self.owner:
            with self.turn:
                self.channel.send(event)

    def exchange(
        self, event: dict[str, Any], calls: tuple[Callable[..., Any], ...] = ()
    ) -> dict[str, Any]:
        """Tell, and wait for the answer; meanwhile functions that were given along are called."""
        if os.getpid() != self.owner:
            raise RuntimeError("In the grader, only the notebook's own process can ask for that.")
        failure: BaseException | None = None
        with self.turn:
            number = next(self.numbers)
            self.channel.send({**event, "number": number})
            while "call" in (said := self.answer_to(number)):
                try:
                    args = unsealed(said["given"])
                    given = {"value": calls[said["call"]](*args)}
                except BaseException as error:  # noqa: BLE001 - goes on below: who asked still waits
                    failure, given = error, {"error": True}
                self.channel.send({"event": "gave", "number": number, "given": sealed(given)})
        if failure is not None:
            raise failure
        return said

    def answer_to(self, number: int) -> dict[str, Any]:
        """The next answer to this question; older ones are of questions that nobody waits for."""
        while (said := self.channel.receive())["number"] != number:
            pass
        return said


lines: list[Line] = []
"""The one connection of this process, once there is one."""


def ask(name: str, *args: Any, **kwargs: Any) -> Any:
    """Ask for what ``name(*args, **kwargs)`` gives.

    Raises
    ------
    Withheld
        While the exercise is looked at that it answers.
    Exception
        Whatever the function itself raises.
    """
    calls: list[Callable[..., Any]] = []
    given = [
        [packed(value, calls) for value in args],
        {key: packed(value, calls) for key, value in kwargs.items()},
    ]
    said = lines[0].exchange({"event": "ask", "name": name, "given": sealed(given)}, tuple(calls))
    if "error" in said:
        kind, text = said["error"]
        made: Any = Withheld if kind == "Withheld" else getattr(builtins, kind, None)
        raises = isinstance(made, type) and issubclass(made, Exception)
        raise (made(text) if raises else RuntimeError(f"{kind}: {text}"))
    return unsealed(said["given"])


def packed(value: Any, calls: list[Callable[..., Any]]) -> list[Any]:
    """Write an argument as plain data, with its kind."""
    if hasattr(value, "layers") and hasattr(value, "get_weights"):
        return ["model", [layer(one) for one in value.layers]]
    if type(value).__name__ == "Filter" and isinstance(value, tuple):
        return ["filter", [plain(part) for part in value]]
    if callable(value):
        calls.append(value)
        return ["function", len(calls) - 1]
    return ["plain", plain(value)]


def plain(value: Any) -> Any:
    """Make an array of what is one to whoever reads it; refuse one that is too large to be sent."""
    if any(hasattr(type(value), name) for name in ("__array__", "__array_interface__")):
        value = np.asarray(value) if np.ndim(value) else value
    if isinstance(value, np.ndarray) and value.nbytes > LARGEST_ARRAY:
        raise ValueError(
            f"The grader computes this with arrays of at most {LARGEST_ARRAY >> 20} MiB, and one "
            f"of {value.nbytes >> 20} MiB was given."
        )
    return value


SHOWN = ("name", "padding", "strides", "pool_size", "use_bias")
"""What `helpers.network` asks a layer for, besides its weights and its activation."""


def layer(one: Any) -> dict[str, Any]:
    """Write a layer of a network as plain data."""
    shown = {name: getattr(one, name) for name in SHOWN if hasattr(one, name)}
    activation = getattr(getattr(one, "activation", None), "__name__", "")
    kind = type(one).__name__
    return {**shown, "kind": kind, "activation": activation, "weights": one.get_weights()}


def sealed(value: Any) -> np.ndarray:
    """Close plain data up, so that who passes it on need not open it."""
    return np.frombuffer(encode(value), np.uint8)


def unsealed(parcel: np.ndarray) -> Any:
    """Open what `sealed` closed."""
    return decode(parcel.tobytes(), told=True)


# --- Values that answer an exercise: they are here, and marked -------------------------------------


class Lent(np.ndarray):
    """An array that answers an exercise. Its copies, and what is computed with it, say so, too."""

    lent = ""

    def __array_finalize__(self, origin: Any) -> None:
        self.lent = getattr(origin, "lent", "")


touched: set[str] = set()
"""Values that were asked for by name since this was last cleared."""


def lend(name: str, value: Any) -> Any:
    """Mark a value that answers an exercise: an array, or arrays in a mapping or a tuple."""
    if isinstance(value, np.ndarray):
        marked = value.view(Lent)
        marked.lent = name
        return marked
    if isinstance(value, Mapping):
        return MappingProxyType({key: lend(name, one) for key, one in value.items()})
    if isinstance(value, tuple) and hasattr(value, "_make"):
        return type(value)._make(lend(name, part) for part in value)  # type: ignore[attr-defined]
    return value


def watch(module: ModuleType, names: Mapping[str, str]) -> None:
    """Notice when one of a module's values is asked for; `names` says what each is called."""

    def noticed(own: str, whole: str) -> property:
        def get(self: ModuleType) -> Any:
            touched.add(whole)
            return vars(self)[own]

        def put(self: ModuleType, value: Any) -> None:
            vars(self)[own] = value

        return property(get, put)

    watched = {own: noticed(own, whole) for own, whole in names.items()}
    module.__class__ = type("Room", (ModuleType,), watched)


def marks(value: Any, depth: int = 4) -> set[str]:
    """Name the lent values that went into a value."""
    if isinstance(value, Lent):
        return {value.lent} - {""}
    parts = value.values() if isinstance(value, dict) else value
    if depth and isinstance(parts, list | tuple | type({}.values())) and len(parts) < 1000:
        return set().union(*(marks(part, depth - 1) for part in parts))
    return set()
