"""What a student's process may tell, and how much of it: a closed set of records and plain data."""

import math
from collections.abc import Callable
from typing import Any, get_args

import numpy as np

from course.checking.calling import Outcome
from course.checking.looking import Answer, Raised
from course.exercises.trials.callback import Watched
from course.exercises.trials.leaving import Networks, Plan
from course.exercises.trials.rebuilding import Ran

MOST_AXES = 32
MOST_WEIGHTS = 2**23  # of a network; the course's have 225,000


class Garbled(Exception):
    """What arrived is not what was agreed on."""


class TooLarge:
    """Stands for a part of an answer that was too large to be sent."""

    def __init__(self, what: str) -> None:
        self.what = what

    def __repr__(self) -> str:
        return f"{self.what}, which is too large"


class Room:
    """How much of a message may still come, counted as it weighs when it is unfolded."""

    def __init__(
        self, left: float, largest: float = math.inf, within: "Room | None" = None
    ) -> None:
        self.left, self.largest, self.within = left, largest, within

    def for_answer(self) -> "Room":
        """How much of it an answer may take; what that takes is taken here, too."""
        return Room(min(self.left, self.largest), within=self)

    def has(self, size: int) -> bool:
        """Take so much, if there is as much left."""
        enough = size <= self.left and (self.within is None or self.within.has(size))
        if enough:
            self.left -= size
        return enough

    def take(self, size: int) -> None:
        """Take so much, or raise `Garbled`: an honest sender has counted, too."""
        if not self.has(size):
            raise Garbled("more than was agreed on")


def weight(value: Any) -> int:
    """What a number, a text or nothing weighs."""
    if isinstance(value, str):
        return 64 + 4 * len(value)
    return 64


def size_of(shape: tuple[int, ...], itemsize: int) -> int:
    """What an array weighs: an axis of length 0 does not make the others short."""
    return 64 + itemsize * math.prod(max(1, length) for length in shape)


# --- Which records there are, and what may stand in them ------------------------------------------


def text(value: Any) -> bool:
    """Whether it is text, and nothing that behaves like it."""
    return type(value) is str


def anything(value: Any) -> bool:
    """Whether it is plain data; nothing else comes through."""
    return True


def nothing(value: Any) -> bool:
    """Whether it is an empty tuple: only who judges writes something there."""
    return type(value) is tuple and not value


def in_bytes(value: Any) -> bool:
    """Whether it is a row of bytes."""
    return type(value) is np.ndarray and value.dtype == np.uint8 and value.ndim == 1


def exactly(*kinds: type) -> Callable[[Any], bool]:
    """Test whether a value is of one of these types; of a tuple of them, with `...`."""
    return lambda value: type(value) in kinds


def each(test: Callable[[Any], bool], most: int = 1000) -> Callable[[Any], bool]:
    """Test every part of a tuple."""
    return lambda value: type(value) is tuple and len(value) <= most and all(map(test, value))


def maybe(test: Callable[[Any], bool]) -> Callable[[Any], bool]:
    """Let nothing stand there, too."""
    return lambda value: value is None or test(value)


def one_of(*names: str) -> Callable[[Any], bool]:
    """Test for one of some names."""
    return lambda value: type(value) is str and value in names


def length(value: Any) -> bool:
    """Whether it can be the length of an axis."""
    return type(value) is int and 0 <= value < 2**40


def shapes(value: Any) -> bool:
    """Whether a network can have weights of these shapes, and not too many."""
    return each(each(length, MOST_AXES))(value) and (
        sum(size_of(shape, 1) for shape in value) <= MOST_WEIGHTS
    )


TOLD: dict[type, tuple[Callable[[Any], bool], ...]] = {
    Answer: (
        one_of(*get_args(Answer.__annotations__["kind"])),
        text,
        anything,
        each(exactly(Outcome)),
        text,
        each(text),
        each(text),
        nothing,
    ),
    Outcome: (anything, maybe(exactly(Raised)), maybe(text)),
    Raised: (one_of(*get_args(Raised.__annotations__["id"])), text, text, text, text),
    Plan: (
        *(text, exactly(bool), shapes, length, exactly(bool), maybe(in_bytes)),
        *(each(text), each(text), each(exactly(np.ndarray)), text, *[exactly(bool)] * 4),
    ),
    Networks: (exactly(Plan), *[maybe(exactly(Plan))] * 2, exactly(bool)),
    Watched: (text, each(text)),
    Ran: (each(length), each(exactly(np.ndarray)), text),
}
"""The records that a student's process may send, and what may stand in each of their fields."""
