"""The proof's other direction: strange wrong answers, and whether what is said of them is true.

Nobody foresaw these answers. Some distort what the reference gives, some are right only once, and
some are the lesson's own answer with one thing in its code changed. None may pass, and a name
that one gets has to be true of it: where it was found, and on cases that it was not found on.
"""

import math
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any, NamedTuple

import numpy as np

import helpers
from course.authoring.changing import one_change
from course.checking.calling import Outcome, call_on_copies, kept_quiet
from course.checking.check import solution_source
from course.checking.judge import (
    NOTEBOOK_SEED,
    heard,
    judge,
    request_for,
    seen_of,
    verdict,
)
from course.checking.looking import Answer, look
from course.checking.naming import Evidence, examine, solved_calls
from course.checking.recognising import same_value
from course.exercises import EXERCISES, ByCalls, ByObservation, Exercise, call
from course.lessons import LESSONS

FRESH = (11, 12, 13)
"""Seeds of cases on which a name is tried that was found on others."""


class Strange(NamedTuple):
    """A wrong answer that nobody foresaw, and what was done to make it."""

    how: str
    answer: Any
    surely_wrong: bool = True
    """Whether it can't be right after all, as code with one thing changed may be."""


class Judged(NamedTuple):
    """What a check said of it, and whether that is true."""

    how: str
    verdict: str
    """``"rightly"``, ``"wrongly"``, ``"not named"``, ``"accepted"`` or ``"the same"``."""
    name: str | None
    why: str = ""


def tried(exercise: Exercise) -> Iterator[Judged]:
    """Try every strange answer to an exercise."""
    if isinstance(exercise, ByCalls):
        for strange in (*distorted(exercise), *changed_code(exercise)):
            yield said_of(exercise, strange)
        return
    made = distorted_value if exercise.kind == "value" else changed_code
    for strange in made(exercise):
        yield said_of_one(exercise, strange)


def said_of_one(exercise: Exercise, strange: Strange) -> Judged:
    """Judge one strange answer that is no matter of calls: a value, or what is observed.

    There are no other cases to try a name on. But it has to come of what was seen: a test that
    can't be made of that says nothing.
    """
    answer = seen_of(exercise, strange.answer, NOTEBOOK_SEED)
    result = verdict(exercise, answer, NOTEBOOK_SEED)
    if result.status == "passed":
        return Judged(strange.how, "accepted" if strange.surely_wrong else "the same", None)
    own = next((one for one in exercise.mistakes if one.id == result.mistake), None)
    if own is None:
        known_to_all = result.mistake not in (None, "raised", "endless")
        return Judged(strange.how, "rightly" if known_to_all else "not named", result.mistake)
    if isinstance(exercise, ByObservation) and own.test is not None:
        seen = observed(exercise, answer)
        with kept_quiet():
            outcome = call_on_copies(own.test, call(seen.value), exercise.seconds)
        if outcome.error is not None:
            why = f"what was seen of it can't be tested for that: {outcome.error!r}"
            return Judged(strange.how, "wrongly", own.id, why)
    return Judged(strange.how, "rightly", own.id)


def observed(exercise: ByCalls | ByObservation, answer: Answer) -> Outcome:
    """What is seen of an answer, as its check sees it."""
    if isinstance(exercise, ByCalls) or exercise.kind != "value":
        return heard(exercise, answer, NOTEBOOK_SEED)
    with kept_quiet():
        return call_on_copies(exercise.observe, call(answer.value), exercise.seconds)


def said_of(exercise: ByCalls, strange: Strange) -> Judged:
    """Judge one strange answer, and try the name that it gets."""
    seen = seen_of(exercise, strange.answer, NOTEBOOK_SEED)
    result = verdict(exercise, seen, NOTEBOOK_SEED)
    if result.status == "not_attempted":
        return Judged(strange.how, "not named", None)
    if result.status == "passed":
        others = [judge(exercise, strange.answer, seed) for seed in FRESH]
        same = not strange.surely_wrong and all(others)
        return Judged(strange.how, "the same" if same else "accepted", None)
    if result.mistake in (None, "raised", "endless"):
        return Judged(strange.how, "not named", result.mistake)
    findings = examine(exercise, seen, NOTEBOOK_SEED)
    assert findings is not None
    named = findings.cause.id if findings.cause else None
    if named is None or named.startswith("wrong_for_"):
        return Judged(strange.how, "rightly", result.mistake, "what was seen is told, and no cause")
    for seed in FRESH:
        fresh = look(request_for(exercise, seed), strange.answer)
        found = examine(exercise, fresh, seed)
        if found is None or (found.cause is not None and found.cause.id == named):
            continue
        if not may_be_said(named, exercise, fresh, seed):
            other = found.cause.id if found.cause else None
            why = f"on other cases it is {f'named {other!r}' if other else 'not named'}. "
            why += "Let every draw of cases tell it from that mistake"
            return Judged(strange.how, "wrongly", result.mistake, why)
    return Judged(strange.how, "rightly", result.mistake)


def may_be_said(name: str, exercise: ByCalls, seen: Answer, seed: int) -> bool:
    """Whether a name is true of an answer on these cases."""
    with kept_quiet():
        named = Evidence(exercise, seed, seen.outcomes, seen.unused, seen.arrays).causes()
        return any(cause is not None and cause.id == name for cause, _ in named)


# --- What comes back, distorted -------------------------------------------------------------------

CHANGES: dict[str, Callable[[Any], Any]] = {
    "a float": lambda right: np.asarray(right, float)[()],
    "a list": lambda right: right.tolist(),
    "a tuple": lambda right: (right,),
    "text": lambda right: str(right),
    "single precision, one off": lambda right: np.float32(right + 1),
    "whole numbers": lambda right: np.asarray(right).astype(np.int64),
    "bytes": lambda right: np.mod(np.trunc(right), 256.0).astype(np.uint8),
    "rounded": np.rint,
    "rounded to tenths": lambda right: np.round(right, 1),
    "rounded up": np.ceil,
    "rounded down": np.floor,
    "scaled by 0.73": lambda right: right * 0.73,
    "scaled by 3": lambda right: right * 3,
    "one too many": lambda right: right + 1,
    "shifted by 0.37": lambda right: right + 0.37,
    "negated": lambda right: -1 * right,
    "absolute": lambda right: np.abs(right),
    "squared": lambda right: right * right,
    "squared and halved": lambda right: right * right / 2,
    "clipped at 0": lambda right: np.maximum(right, 0),
    "clipped to 0..200": lambda right: np.clip(right, 0, 200),
    "clipped to -1..1": lambda right: np.clip(right, -1, 1),
    "transposed": np.transpose,
    "upside down": np.flipud,
    "mirrored": np.fliplr,
    "turned": lambda right: np.rot90(right),
    "rolled": lambda right: np.roll(right, 1),
    "rolled by two rows": lambda right: np.roll(right, 2, axis=0),
    "sorted": lambda right: np.sort(right, axis=-1),
    "one row less": lambda right: right[1:],
    "one row and column less": lambda right: right[:-1, :-1],
    "a row more": lambda right: np.pad(right, [(1, 0)] + [(0, 0)] * (right.ndim - 1)),
    "every second row": lambda right: right[::2],
    "an axis more": lambda right: right[None],
    "flat": lambda right: right.ravel() if right.ndim > 1 else right[:, None],
    "summed up": np.sum,
    "first row only": lambda right: only(right, np.s_[:1]),
    "first value only": lambda right: only(right, (0,) * np.ndim(right)),
    "last row wrong": lambda right: spoilt(right, -1),
    "one value wrong": lambda right: spoilt(right, (0,) * np.ndim(right)),
    "a smooth mixture": lambda right: right + 0.31 * np.sin(right) + 0.11,
    "noise": lambda right: right + np.random.default_rng(1).normal(size=np.shape(right)),
    "a constant": lambda right: right * 0 + 4,
    "a constant of the wrong shape": lambda right: np.zeros((3, 3)),
    "NaN": lambda right: right * np.nan,
}


CHANGES_OF_TYPE = [CHANGES[how] for how in ("a float", "a list", "a tuple", "text")]


def distorted_value(exercise: Exercise) -> Iterator[Strange]:
    """Distort a value: an array as a whole, of anything else each entry."""
    right = exercise.reference
    # Of a design many are right, and of a value a change of type may leave what was asked for.
    design = isinstance(exercise, ByObservation)
    for how, change in CHANGES.items():
        for where, value in distorted_in(right, change):
            kept_right = design or change in CHANGES_OF_TYPE
            yield Strange(f"{how}{where}", value, surely_wrong=not kept_right)


def distorted_in(right: Any, change: Callable[[Any], Any]) -> Iterator[tuple[str, Any]]:
    """Change a value, or one of its entries: where, and what came of it."""
    if isinstance(right, dict):
        for name, one in right.items():
            for where, value in distorted_in(one, change):
                yield f" at {name!r}{where}", {**right, name: value}
    elif isinstance(right, list | tuple):
        for place, one in enumerate(right):
            for where, value in distorted_in(one, change):
                made = [*right[:place], value, *right[place + 1 :]]
                yield f" at {place}{where}", type(right)(made)
    elif isinstance(right, np.ndarray | int | float) and not isinstance(right, bool):
        with kept_quiet(), np.errstate(all="ignore"):
            if felt(change, right):
                yield "", changed(change, right)


def only(right: np.ndarray, part: Any) -> np.ndarray:
    out = np.zeros(np.shape(right))
    out[part] = right[part]
    return out


def spoilt(right: np.ndarray, part: Any) -> np.ndarray:
    out = right.astype(float)
    out[part] = out[part] * 0.61 - 2.3
    return out


def distorted(exercise: ByCalls) -> Iterator[Strange]:
    """Distort what the reference gives, the same way in every call or in some of them."""
    right = exercise.expected or exercise.reference
    calls, expected = solved_calls(exercise.key, NOTEBOOK_SEED)

    def by(change: Callable[[Any], Any]) -> Callable[..., Any]:
        return lambda *args, **options: changed(change, right(*args, **options))

    for how, change in CHANGES.items():
        with kept_quiet():
            if any(felt(change, value) for value in expected):
                yield Strange(how, by(change), surely_wrong=False)
    first = expected[0]

    def once(*args: Any, **options: Any) -> Any:
        value = right(*args, **options)
        return value if same_value(value, first, 0.0) else value * 0.83 - 1.9

    yield Strange("one call right", once)
    yield Strange("the first example's answer, always", lambda *args, **options: first)
    yield Strange("its first argument", lambda *args, **options: args[0], surely_wrong=False)
    mine = calls[0].args

    def same_image(*args: Any, **options: Any) -> Any:
        return right(mine[0], *args[1:], **options)

    yield Strange("an image of its own", same_image)
    yield Strange("no options", lambda *args, **options: right(*args), surely_wrong=False)
    for place in range(1, max(len(one.args) for one in calls)):
        yield Strange(
            f"argument {place + 1} ignored",
            lambda *args, place=place, **options: right(
                *args[:place], *mine[place : place + 1], *args[place + 1 :], **options
            ),
            surely_wrong=False,
        )

    def odd_only(*args: Any, **options: Any) -> Any:
        value = right(*args, **options)
        return value * 0.83 - 1.9 if np.shape(args[0])[:1] and len(args[0]) % 2 else value

    yield Strange("wrong for odd sizes", odd_only, surely_wrong=False)


def changed(change: Callable[[Any], Any], right: Any) -> Any:
    """Change a right value, and keep its type where it can hold what came of it."""
    exact = np.asarray(right)
    made = change(right if change in CHANGES_OF_TYPE else exact.astype(float))
    if change in CHANGES_OF_TYPE or exact.dtype.kind not in "iu" or not np.isfinite(made).all():
        return made
    limits = np.iinfo(exact.dtype)
    if (np.trunc(made) == made).all() and limits.min <= np.min(made) <= np.max(made) <= limits.max:
        made = np.asarray(made).astype(exact.dtype)
    return made if isinstance(right, np.ndarray) else made[()]


def felt(change: Callable[[Any], Any], right: Any) -> bool:
    """Whether a change can be made of a right value, and changes it."""
    try:
        made = changed(change, right)
    except (AttributeError, IndexError, TypeError, ValueError):
        return False
    return type(made) is not type(right) or not same_value(made, right, 0.0)


# --- Code, one thing changed ----------------------------------------------------------------------


def changed_code(exercise: Exercise) -> Iterator[Strange]:
    """Change one thing in the lesson's own answer, everything that can be changed once."""
    for how, code in one_change(solution_source(exercise)):
        namespace = course_names(keras=LESSONS[exercise.lesson].keras)
        try:
            exec(compile(code, f"<{how}>", "exec"), namespace)  # noqa: S102 - our own code
        except Exception:  # noqa: BLE001, S112 - then there is no function to try
            continue
        yield Strange(how, namespace[exercise.key], surely_wrong=False)


def course_names(*, keras: bool) -> dict[str, Any]:
    """What a lesson's cells have at hand."""
    if keras:
        return {**course_names(keras=False), "keras": import_module("keras")}
    answers = {key: one.reference for key, one in EXERCISES.items()}
    windows = {"sliding_window_view": np.lib.stride_tricks.sliding_window_view}
    return {**vars(helpers), **answers, **windows, "np": np, "math": math, "helpers": helpers}
