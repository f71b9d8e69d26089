"""The proof of the checks: right answers pass, wrong ones are rejected and named, stubs are neither."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

import helpers
from course.authoring import passing
from course.authoring.strange import tried
from course.checking.calling import replaced
from course.checking.judge import NOTEBOOK_SEED, judge, seen_of, verdict
from course.checking.looking import Raised
from course.checking.naming import always_raised, calls_of, seen
from course.checking.result import Result
from course.defining import names_defined
from course.exercises import EXERCISES, ByCalls, Exercise, Mistake
from course.exercises.trials.small_network import SmallNetwork
from course.lessons import LESSONS, ROOT
from course.misprints import telling

SEEDS = (NOTEBOOK_SEED, 1, 2, 3)
"""Seeds of the hidden cases: the one that notebooks use, and some that a grader might."""


@dataclass
class Proof:
    """What was proved of one exercise."""

    key: str
    lesson: int
    points: int
    stub: bool = False
    reference: bool = False
    alternatives: int = 0
    mistakes: int = 0
    rejected: int = 0
    named: int = 0
    strange: dict[str, int] = field(default_factory=dict)
    """How many strange answers were named rightly, wrongly, not at all, or accepted."""
    holes: list[str] = field(default_factory=list)
    """What does not hold, in words. Empty: proved."""


def stub(*args: Any, **kwargs: Any) -> Any:
    """What a student notebook holds before anyone has written anything."""
    raise NotImplementedError


class StubClass:
    """A class before anyone has written anything."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        raise NotImplementedError


def unattempted(exercise: Exercise) -> Any:
    """The exercise's stub."""
    return {"value": ..., "function": stub, "class": StubClass}[exercise.kind]


def prove(exercise: Exercise) -> Proof:
    """Prove one exercise; every hole is a sentence in the result."""
    proof = Proof(exercise.key, exercise.lesson, exercise.points)
    hole = proof.holes.append

    proof.stub = judge(exercise, unattempted(exercise)).status == "not_attempted"
    if not proof.stub:
        hole("the stub is not 'not attempted'")

    seeds = SEEDS if isinstance(exercise, ByCalls) else SEEDS[:1]
    proof.reference = all(judge(exercise, exercise.reference, seed) for seed in seeds)
    if not proof.reference:
        hole("the reference does not pass")

    for index, alternative in enumerate(exercise.alternatives):
        refusals = [r for seed in seeds if not (r := judge(exercise, alternative, seed))]
        if refusals:
            hole(
                f"alternative {index + 1} is refused: {refusals[0].mistake}: {refusals[0].message}"
            )
        else:
            proof.alternatives += 1
    if exercise.kind != "value" and len(exercise.alternatives) < 2:
        hole(f"{len(exercise.alternatives)} alternatives; at least 2 are wanted")

    made = {one.id for one in exercise.mistakes if one.ways or one.test or one.fits}
    for name in dict.fromkeys(one.id for one in exercise.mistakes):
        if name not in made:
            hole(f"mistake '{name}' has no way to make it, so nothing is ever named so")

    proof.mistakes = len(exercise.wrong)
    for index, (mistake, results) in enumerate(judged_ways(exercise, seeds)):
        names = {result.mistake for result in results}
        if any(results) or any(result.status != "failed" for result in results):
            hole(f"mistake '{mistake.id}' is not rejected")
            continue
        proof.rejected += 1
        if not mistake.raises and (error := raised_by(exercise, index)):
            hole(
                f"mistake '{mistake.id}' raises in every call: {error.text}. A slip in its own code? "
                "If the mistake is to raise, it takes raises=True"
            )
            continue
        if names == {mistake.id}:
            proof.named += 1
        else:
            hole(f"mistake '{mistake.id}' is named {sorted(map(str, names))}")
    if exercise.kind == "function" and proof.mistakes < 4:
        hole(f"{proof.mistakes} mistakes; at least 4 are wanted")

    for name in exercise.helpers:
        if not at_home(name):
            hole(
                f"helpers names {name!r}, and that withholds nothing: a function or value is "
                "written with the module where it is defined, as in 'pooling.max_pool2d'"
            )

    for name, wrong in always_wrong(exercise):
        if judge(exercise, wrong):
            hole(f"{name} is accepted")

    for said in tried(exercise):
        proof.strange[said.verdict] = proof.strange.get(said.verdict, 0) + 1
        if said.verdict == "wrongly":
            hole(f"{said.how} is named '{said.name}': {said.why}")
        elif said.verdict == "accepted":
            hole(f"{said.how} is accepted")

    if len(set(exercise.hints)) != 3 or not all(exercise.hints):
        hole("three different hints are wanted")
    return proof


def judged_ways(exercise: Exercise, seeds: Sequence[int]) -> Iterator[tuple[Mistake, list[Result]]]:
    """Judge every way to a mistake as an answer, with the cases of each seed.

    With a notebook's cases as a notebook does it: there a way is called once as the answer and once
    as what answers are compared with. With those of other seeds it is called once for both.
    """
    notebook, *others = seeds
    ways = [way for _, way in exercise.wrong]
    looks = {seed: [seen_of(exercise, way, seed) for way in ways] for seed in others}
    with seen(exercise.key, looks):
        for index, (mistake, way) in enumerate(exercise.wrong):
            more = [verdict(exercise, looks[seed][index], seed) for seed in others]
            yield mistake, [judge(exercise, way, notebook), *more]


def at_home(name: str) -> bool:
    """Whether ``room.name`` is defined in that module of `helpers`, and not imported there."""
    room, _, own = name.rpartition(".")
    file = Path(str(helpers.__file__)).with_name(f"{room}.py")
    return file.is_file() and own in names_defined(file.read_text(encoding="utf-8"))


def raised_by(exercise: Exercise, index: int) -> Raised | None:
    """What one way to a mistake raises, if it is judged by calls and raises in every one."""
    if not isinstance(exercise, ByCalls):
        return None
    cases = len(calls_of(exercise.key, NOTEBOOK_SEED))
    return always_raised(exercise.key, NOTEBOOK_SEED, index, cases)


def always_wrong(exercise: Exercise) -> Iterator[tuple[str, Any]]:
    """Answers that are wrong whatever is asked: nothing, text, and distorted references."""
    yield "None", None
    yield "a piece of text", "577"
    if exercise.kind == "value":
        yield "NaN", float("nan")
        return
    if isinstance(exercise, ByCalls):
        right = exercise.reference
        yield "a function that returns None", lambda *a, **k: None
        yield "a constant", lambda *a, **k: np.full_like(right(*a, **k), 1)
        yield "a list instead of an array", lambda *a, **k: listed(right(*a, **k))
        yield "twice the right value", lambda *a, **k: right(*a, **k) * 2
        yield "NaN everywhere", lambda *a, **k: right(*a, **k) * np.nan
        yield "values rolled by one", lambda *a, **k: rolled(right(*a, **k))


def listed(value: Any) -> Any:
    """The value as nested lists, a number as a list of one."""
    return np.asarray(value).tolist() if np.ndim(value) else [value]


def rolled(value: Any) -> Any:
    """The values of an array, each one place further; where that changes nothing, plus one."""
    further = np.roll(value, 1)
    return value + 1 if np.array_equal(further, value) else further


def prove_all(keys: Sequence[str]) -> Iterator[Proof]:
    """Prove exercises in the order given, on all processors where there is more than one."""
    if len(keys) == 1:
        yield prove_key(keys[0])
        return
    # A fresh interpreter for each: a fork would inherit the threads of whoever calls.
    with ProcessPoolExecutor(mp_context=get_context("spawn"), initializer=quiet) as pool:
        yield from pool.map(prove_key, keys)


def read_by(key: str) -> set[Path]:
    """Every file of ours that the proof of an exercise reads."""
    lesson = LESSONS[EXERCISES[key].lesson].name
    return passing.reads(Path(__file__), ROOT / "course" / "exercises" / lesson / f"{key}.py")


def unproved(keys: Sequence[str]) -> list[str]:
    """Leave out those of which all that is read has passed on this machine."""
    return [key for key in keys if not passing.passed(f"proof {key}", read_by(key))]


def built_once(build: Callable[[SmallNetwork], Any]) -> Callable[[SmallNetwork], Any]:
    """Give the same model again where it only has weights: to build one takes 30 ms."""
    built = cache(build)

    def again(network: SmallNetwork) -> Any:
        if not network.closed:
            return build(network)  # who calls its layers leaves something in them
        model = built(network)
        if model is not network:
            model.set_weights(network.get_weights())
        return model

    return again


def quiet() -> None:
    """Let TensorFlow's C++ log nowhere; a failure still comes back as an exception."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)


def prove_key(key: str) -> Proof:
    """Prove the exercise of that key, and note it if nothing is wanting."""
    files = read_by(key)
    exercise = EXERCISES[key]
    proof = Proof(key, exercise.lesson, exercise.points)
    build = SmallNetwork.for_learner
    with telling(proof.holes.append), replaced(SmallNetwork, "for_learner", built_once(build)):
        proof = prove(exercise)
    if not proof.holes:
        passing.remember(f"proof {key}", files)
    return proof
