"""The proof of the checks: right answers pass, wrong ones are rejected and named, stubs are neither."""

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from multiprocessing import active_children, get_context
from pathlib import Path
from typing import Any

import numpy as np

import helpers
from course.authoring import passing
from course.authoring.predicates import amiss, raised_observing, raised_testing
from course.authoring.strange import tried
from course.authoring.ways import ending, judged_ways, raised_by
from course.checking import naming
from course.checking.calling import replaced
from course.checking.judge import NOTEBOOK_SEED, judge
from course.defining import names_defined
from course.exercises import EXERCISES, ByCalls, Exercise
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
    with telling(proof.holes.append), replaced(naming, "mistaken", ending(naming.mistaken)):
        fill(proof, exercise)
    return proof


def fill(proof: Proof, exercise: Exercise) -> None:
    """Write into a proof what holds of its exercise, and what does not.

    Raises
    ------
    Misprint
        Where an author's slip lets nothing more be proved.
    """
    hole = proof.holes.append
    told: set[str] = set()

    def told_by_tests(answer: Any, whose: str) -> bool:
        """Whether a test that raises is why an answer is not judged; each is told once."""
        found = dict(raised_testing(exercise, answer, whose))
        proof.holes += [said for name, said in found.items() if name not in told]
        told.update(found)
        return bool(found)

    proof.stub = judge(exercise, unattempted(exercise)).status == "not_attempted"
    if not proof.stub:
        hole("the stub is not 'not attempted'")

    seeds = SEEDS if isinstance(exercise, ByCalls) else SEEDS[:1]
    proof.reference = all(judge(exercise, exercise.reference, seed) for seed in seeds)
    if not proof.reference and not told_by_tests(exercise.reference, "the reference"):
        hole("the reference does not pass")
        proof.holes += raised_observing(exercise)

    for index, alternative in enumerate(exercise.alternatives):
        said = (judge(exercise, alternative, seed) for seed in seeds)
        refused = next((result for result in said if not result), None)
        whose = f"alternative {index + 1}"
        if refused is None:
            proof.alternatives += 1
        elif refused.mistake or not told_by_tests(alternative, whose):
            name = f"{refused.mistake}: " if refused.mistake else ""
            hole(f"{whose} is refused: {name}{refused.message}")
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
            continue
        if mistake.id in told:
            continue  # its test raises, so it is named by another's
        way = exercise.wrong[index][1]
        if None not in names or not told_by_tests(way, f"a way to '{mistake.id}'"):
            given = sorted(name or "nothing" for name in names)
            hole(f"mistake '{mistake.id}' is named {given}")
    if exercise.kind == "function" and proof.mistakes < 4:
        hole(f"{proof.mistakes} mistakes; at least 4 are wanted")

    proof.holes += amiss(exercise)

    for name in exercise.helpers:
        if not at_home(name):
            hole(
                f"helpers names {name!r}, and that withholds nothing: a function or value is "
                "written with the module where it is defined, as in 'pooling.max_pool2d'"
            )

    for name, wrong in always_wrong(exercise):
        if judge(exercise, wrong):
            hole(f"{name} is accepted")

    for strange in tried(exercise):
        proof.strange[strange.verdict] = proof.strange.get(strange.verdict, 0) + 1
        if strange.verdict == "wrongly":
            hole(f"{strange.how} is named '{strange.name}': {strange.why}")
        elif strange.verdict == "accepted":
            hole(f"{strange.how} is accepted")

    if len(set(exercise.hints)) != 3 or not all(exercise.hints):
        hole("three different hints are wanted")


def at_home(name: str) -> bool:
    """Whether ``room.name`` is defined in that module of `helpers`, and not imported there."""
    room, _, own = name.rpartition(".")
    file = Path(str(helpers.__file__)).with_name(f"{room}.py")
    return file.is_file() and own in names_defined(file.read_text(encoding="utf-8"))


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
        try:
            with unheard():  # of Ctrl-C each would tell, and go on with the next exercise
                proofs = [pool.submit(prove_key, key) for key in keys]
            for proof in proofs:
                yield proof.result()
        except BaseException:  # Ctrl-C, or nobody wants the others
            for process in active_children():
                process.terminate()
            raise


@contextmanager
def unheard() -> Iterator[None]:
    """Let processes that begin meanwhile never hear of Ctrl-C; here it is put off."""
    pressed = []
    heard = signal.signal(signal.SIGINT, lambda *_: pressed.append(True))
    masks = hasattr(signal, "pthread_sigmask")  # not on Windows
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT}) if masks else set()
    try:
        yield
    finally:
        if masks:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        signal.signal(signal.SIGINT, heard)
    if pressed:
        raise KeyboardInterrupt


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
    build = SmallNetwork.for_learner
    with replaced(SmallNetwork, "for_learner", built_once(build)):
        proof = prove(exercise)
    if not proof.holes:
        passing.remember(f"proof {key}", files)
    return proof
