"""Data from a stranger: what is written comes back the same, and nothing else ever comes through."""

import contextlib
import json
import socket
import time
import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from course.checking.calling import Outcome
from course.checking.judge import (
    NOTEBOOK_SEED,
    judge,
    request_for,
    solved_calls,
    talk_about,
    verdict,
)
from course.checking.looking import Answer, look, nobody
from course.checking.talking import attended
from course.exercises import EXERCISES, ByCalls
from course.exercises.trials.leaving import Networks, Plan
from course.exercises.trials.rebuilding import run
from course.grading.cage import wire
from course.grading.cage.told import TOLD
from course.grading.cage.wire import LARGEST_FRAME, Channel, Garbled, Gone, TimedOut, decode, encode
from course.grading.judging import too_large

TYPES = sorted(wire.TYPES)
ARRAYS = st.sampled_from(TYPES).flatmap(
    lambda name: arrays.arrays(name, arrays.array_shapes(min_dims=0, max_dims=4, min_side=0))
)
LEAVES = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.just(...)
)
PLAIN = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(st.text(max_size=5), inner, max_size=4)
    ),
    max_leaves=12,
)


@pytest.mark.seconds
@settings(deadline=None)
@given(PLAIN)
def test_plain_data_comes_back_as_it_was(value):
    assert repr(decode(encode(value))) == repr(value)  # NaN equals nothing, and reads the same


@settings(deadline=None)
@given(ARRAYS)
def test_arrays_come_back_in_every_bit(value):
    back = decode(encode(value))
    assert (type(back), back.dtype, back.shape) == (type(value), value.dtype, value.shape)
    assert back.tobytes() == np.ascontiguousarray(value).tobytes()


def framed(tree: object, *buffers: bytes) -> bytes:
    """A message with this JSON in it."""
    text = json.dumps(tree).encode()
    sizes = json.dumps([len(text), *map(len, buffers)]).encode()
    return b"".join([len(sizes).to_bytes(4, "big"), sizes, text, *buffers])


KINDS = ["array", "other", "record", "dict", "list", "tuple", "whole", "network", "texts", "large"]
JSON = st.recursive(
    LEAVES.filter(lambda leaf: leaf is not ...)
    | st.sampled_from([*TYPES, "object", "Answer", "Raised", "Plan", "Networks", "Call", "Ran"]),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(st.sampled_from([*KINDS, "function", "ellipsis", "x"]), inner, max_size=2)
    ),
    max_leaves=15,
)


def only_garbled(frame: bytes) -> None:
    """Read a message: it means something, or is `Garbled`."""
    for told in (False, True):
        with contextlib.suppress(Garbled):
            decode(frame, told)


@settings(deadline=None)
@given(st.binary(max_size=200) | st.binary(max_size=60).map(lambda b: b"\0\0\0\x04[2]" + b))
def test_random_bytes_are_garbled_and_raise_nothing_else(frame):
    only_garbled(frame)


@settings(deadline=None, max_examples=400)
@given(JSON, st.lists(st.binary(max_size=16), max_size=2))
def test_random_messages_raise_nothing_else(tree, buffers):
    only_garbled(framed(tree, *buffers))


@settings(deadline=None, max_examples=200)
@given(PLAIN | ARRAYS, st.data())
def test_damaged_messages_raise_nothing_else(value, data):
    frame = bytearray(encode(value))
    place = data.draw(st.integers(0, len(frame) - 1))
    frame[place] = data.draw(st.integers(0, 255))
    only_garbled(bytes(frame))


@pytest.mark.parametrize(
    "tree",
    [
        {"array": ["object", [3], 0, False]},
        {"array": ["float64", [-1], 0, False]},
        {"array": ["float64", [2**40], 0, False]},
        {"array": ["float64", [2**40, 2**40], -1, False]},
        {"namespace": {"dict": []}},
        {"array": ["float64", [1] * 33, -1, False]},
        {"array": ["float64", [True], 0, False]},
        {"record": ["Popen", [["id"]]]},
        {"function": "eval"},
        [[]],
        {"list": [], "tuple": []},
    ],
)
def test_what_claims_to_be_something_else_is_garbled(tree):
    with pytest.raises(Garbled):
        decode(framed(tree, b"12345678"))


def test_what_would_unfold_to_gigabytes_is_garbled():
    tree = b'{"list":[' + b'{"list":[]},' * 10**6 + b"1]}"
    sizes = json.dumps([len(tree)]).encode()
    with pytest.raises(Garbled):
        decode(len(sizes).to_bytes(4, "big") + sizes + tree, told=True)
    deep = b'{"list":[' * 10**5 + b"]}" * 10**5
    sizes = json.dumps([len(deep)]).encode()
    with pytest.raises(Garbled):
        decode(len(sizes).to_bytes(4, "big") + sizes + deep, told=True)


def answer(*values: object) -> Answer:
    """What is sent of an answer that gave these."""
    return Answer("function", "mine", None, tuple(Outcome(value) for value in values))


def tell(value: object) -> Any:
    """Send something as a student's process does, and read it as the judge does."""
    return decode(encode(value, LARGEST_FRAME), told=True)


NONE = [{"tuple": []}] * 3  # the last fields of an answer


def heavy(frame: bytes) -> int:
    """Bytes that are taken while a stranger's message is read."""
    tracemalloc.start()
    try:
        with contextlib.suppress(Garbled):
            decode(frame, told=True)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "value",
    [
        np.broadcast_to(np.float32(1), (2**20, 2**12)),
        np.zeros((20_000_000, 0)),
        np.zeros(2**20),
        np.array(["", "x" * 60_000] * 20),
        [0.0] * 100_000,
        {str(n): n for n in range(100_000)},
    ],
    ids=["broadcast", "no length", "long", "texts", "list", "dict"],
)
def test_what_is_too_large_is_named_and_all_else_of_the_answer_arrives(value):
    small = np.arange(255.0)
    back = [one.value for one in tell(answer(small, value, small)).outcomes]
    assert (back[0] == small).all() and (back[2] == small).all()
    assert too_large(back[1]) and not too_large(back[0])
    assert len(encode(answer(value), LARGEST_FRAME)) < 10_000


def test_many_arrays_are_too_large_together_where_each_would_do():
    back = tell(answer(*[np.zeros(2**17)] * 20)).outcomes
    assert [bool(too_large(one.value)) for one in back] == [False] * 3 + [True] * 17


@pytest.mark.parametrize(
    "parts",
    [
        [{"array": ["float64", [20_000_000, 0], 0, False]}] * 20_000,
        [{"texts": [[200], "x" * 20_000, *[""] * 199]}] * 150,  # 16 MB each
        [{"array": ["object", [2**21], -1, False]}] * 20_000,
        pytest.param([{"list": []}] * 150_000, marks=pytest.mark.slow),
        [{"other": ["thing", "x", False, False]}] * 20_000,
    ],
    ids=["arrays without length", "padded texts", "shapes", "lists", "things"],
)
def test_forged_sums_of_small_parts_take_no_memory(parts):
    tree = {"record": ["Outcome", [{"list": parts}, None, None]]}
    frame = framed(
        {"record": ["Answer", ["function", "x", None, {"tuple": [tree]}, "", *NONE]]}, b""
    )
    assert heavy(frame) < 2**27


def test_answers_within_an_answer_have_no_room_of_their_own():
    padded = {"texts": [[1000], "x" * 1000, *[""] * 999]}  # 4 MB
    ends = [{"tuple": []}, "", *NONE]
    one = {"record": ["Answer", ["function", "x", padded, *ends]]}
    decode(framed(one, b""), told=True)
    many = {"record": ["Answer", ["function", "x", {"list": [one] * 100}, *ends]]}
    assert heavy(framed(many, b"")) < 2**25
    with pytest.raises(Garbled):
        decode(framed({"list": [one] * 100}, b""), told=True)


def laid_out(sizes: Callable[[int], list[int]], rest: int) -> bytes:
    """A message of these sizes: of the tree, which is empty, and of what follows it."""
    after, head = 0, b""
    while after != 4 + len(head):
        after = 4 + len(head)
        head = json.dumps(sizes(after + 4)).encode()
    return len(head).to_bytes(4, "big") + head + b"null" + bytes(rest)


@pytest.mark.parametrize(
    "sizes",
    [
        # Sums that wrap round at 2**64: each three would be one more copy of the rest.
        lambda end: [4, *[2**63 - 1 - end, 2**63 - 1, 2 + end] * 50, 2**22],
        pytest.param(lambda end: [4, *[0] * 1_000_000, 2**22], marks=pytest.mark.slow),
    ],
    ids=["sums that wrap round", "nothing, a million times"],
)
def test_forged_sizes_take_no_memory(sizes):
    assert heavy(laid_out(sizes, 2**22)) < 2**27


PLAN = [
    "model",
    True,
    {"tuple": [{"tuple": [3, 3]}]},
    1,
    True,
    None,
    *NONE,
    "",
    False,
    True,
    True,
    False,
]


@pytest.mark.parametrize(
    "tree",
    [
        {"namespace": {"dict": [["__array_interface__", {"dict": []}]]}},
        {"function": "course.exercises.trials.callback.watched"},
        {"network": {"list": [{"tuple": [3, 4]}, 8, 577, 0.3, False]}},
        {"record": ["Call", [{"tuple": []}, {"dict": []}]]},
        {"record": ["Request", ["value", 5.0]]},
        {"record": ["Raised", ["raised", "x", "x", 5, ""]]},
        {"record": ["Raised", ["raised", "x", "x"]]},
        {"record": ["Outcome", [1, "an error", None]]},
        {"record": ["Answer", ["function", "x", None, {"list": []}, "", *NONE]]},
        {"record": ["Answer", ["function", "x", None, *NONE[:1], "", *NONE[:2], {"tuple": [1]}]]},
        {"record": ["Plan", [*PLAN[:2], {"tuple": [{"tuple": [2**12, 2**12]}]}, *PLAN[3:]]]},
        {"record": ["Plan", [*PLAN[:2], {"tuple": [{"tuple": [2**30, 0]}]}, *PLAN[3:]]]},
        {"record": ["Plan", [*PLAN[:5], {"array": ["float64", [0], 0, False]}, *PLAN[6:]]]},
        {"record": ["Trial", [1, 2, 3]]},
        {"record": ["Networks", [1, None, None]]},
        {"dict": [[1, 1]]},
        {"dict": [[{"tuple": [1]}, 1]]},
        10**400,
    ],
)
def test_a_stranger_sends_no_more_kinds_of_things_than_an_answer_has(tree):
    with pytest.raises(Garbled):
        decode(framed(tree, b""), told=True)


def test_every_field_of_every_record_is_looked_at():
    for right in (
        {"record": ["Plan", PLAN]},
        {"record": ["Answer", ["function", "x", None, *NONE[:1], "", *NONE]]},
    ):
        decode(framed(right), told=True)  # so it is the field that is refused above
    assert {kind: len(tests) for kind, tests in TOLD.items()} == {
        kind: len(kind._fields) for kind in TOLD
    }


def test_a_network_that_leaves_arrives():
    graph = np.frombuffer(b"what it computes", np.uint8)
    plan = Plan("model", True, ((3, 3, 1, 4), (4,)), 2, True, graph, ("x:0",), ("y:0",))
    back = tell(answer(Networks(plan, Plan("NoneType")))).outcomes[0].value
    assert type(back) is Networks and back.other is None
    assert back.tried[:5] == plan[:5] and back.tried[6:] == plan[6:]
    assert back.tried.graph.tobytes() == b"what it computes"


def test_an_answer_has_as_much_room_as_its_exercise_says():
    value, less = np.zeros(2**16), 2**19
    for largest, large in ((less, True), (2 * less, False)):
        sent = encode(answer(value), LARGEST_FRAME, largest)
        assert bool(too_large(decode(sent, True, largest).outcomes[0].value)) is large
    with pytest.raises(Garbled):
        decode(encode(answer(value), LARGEST_FRAME), True, less)


def test_the_largest_answers_of_all_exercises_have_room():
    for key, exercise in EXERCISES.items():
        if isinstance(exercise, ByCalls):
            seen = Answer(
                "function", "x", None, tuple(map(Outcome, solved_calls(key, NOTEBOOK_SEED)[1]))
            )
        elif exercise.kind == "value":
            seen = Answer("value", "x", exercise.reference)
        else:
            continue
        back = decode(encode(seen, LARGEST_FRAME, exercise.largest), True, exercise.largest)
        assert not too_large([back.value, *(one.value for one in back.outcomes)]), key


class Liar(list):
    """A list that runs code wherever it is compared, written or pickled."""

    def __eq__(self, other):
        return True

    __hash__ = None

    def __reduce__(self):
        raise AssertionError("it was pickled")


class Named(str):
    """Text that says something else of itself."""

    def __eq__(self, other):
        return True

    __hash__ = str.__hash__


def test_nothing_of_a_class_of_their_own_comes_through():
    for value in (Liar([1]), Named("x"), np.ma.masked_all(3), np.matrix([[1]]), object(), Liar):
        back = decode(encode(value))
        assert type(back) is not type(value)
        assert not isinstance(back, Liar | Named | np.ma.MaskedArray)


class Attached:
    """What PyTorch gives while it still keeps the way back: no array can be made of it."""

    def numpy(self):
        raise RuntimeError("call detach() first")

    def __array__(self, *given, **more):
        raise RuntimeError("call detach() first")


def test_a_tensor_that_gives_no_array_is_told_by_its_type_here_and_there():
    exercise = EXERCISES["conv2d_valid"]
    seen = look(request_for(exercise, NOTEBOOK_SEED), lambda image, kernel: Attached())
    for answer in (seen, tell(seen)):
        result = verdict(exercise, answer, NOTEBOOK_SEED)
        assert "Something of type Attached came back" in result.message


@pytest.fixture
def ends():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield Channel(ours), theirs


def test_channel_believes_no_size_waits_no_longer_and_notices_the_end(ends):
    ours, theirs = ends
    theirs.sendall((2**40).to_bytes(8, "big"))
    with pytest.raises(Garbled):
        ours.receive(time.monotonic() + 5)
    theirs.sendall((9).to_bytes(8, "big") + b"1234")
    start = time.monotonic()
    with pytest.raises(TimedOut):
        ours.receive(start + 0.3)
    assert time.monotonic() - start < 3
    theirs.sendall((9).to_bytes(8, "big") + b"1234")
    theirs.close()
    with pytest.raises(Gone):
        ours.receive(time.monotonic() + 5)


def test_channel_watches_while_it_waits_for_half_a_message(ends):
    ours, theirs = ends
    theirs.sendall((9).to_bytes(8, "big") + b"1234")

    def watch():
        raise MemoryError

    with pytest.raises(MemoryError):
        ours.receive(time.monotonic() + 5, watch)


def first_of_each_mistake():
    """One answer for each mistake that the course names, where it takes no Keras to give it."""
    for key, exercise in EXERCISES.items():
        named = {}
        for mistake in exercise.mistakes:
            if mistake.ways:  # the others are told by what came back alone
                named.setdefault(mistake.id, mistake.ways[0])
        if not exercise.keras:
            yield pytest.param(key, {"right": exercise.reference, **named}, id=key)


@pytest.mark.slow
@pytest.mark.parametrize(("key", "answers"), first_of_each_mistake())
def test_mistakes_are_named_from_afar_as_in_the_notebook(key, answers):
    exercise = EXERCISES[key]
    for name, answer in answers.items():
        here = judge(exercise, answer)
        talk = talk_about(exercise, NOTEBOOK_SEED)
        seen = look(request_for(exercise, NOTEBOOK_SEED), answer, talk.ask if talk else nobody)
        there = verdict(exercise, attended(tell(seen), talk, run), NOTEBOOK_SEED)
        assert (there.status, there.mistake) == (here.status, here.mistake), name
