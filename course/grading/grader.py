"""Grading one notebook: run in a cage, judged out here, as often as its accidents make necessary."""

import contextlib
import multiprocessing.util
import re
import time
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import numpy as np

from course.checking import explaining
from course.checking.check import solution_source
from course.checking.judge import failed, request_for, verdict
from course.checking.looking import Answer, Raised, Request
from course.checking.result import Result
from course.exercises import EXERCISES, Exercise
from course.grading.allowed import NOTHING_MORE, Allowed
from course.grading.cage.cage import KERAS_LESSONS, MOST_PROCESSES, Broken, Cage, Limits
from course.grading.cage.staging import WHOLE_LESSON, variants
from course.grading.cage.student import names_in
from course.grading.cage.wire import LARGEST_ARRAY
from course.grading.cells import code_of
from course.grading.graded import Graded, Submission, exercises_of, nothing
from course.lessons import LESSONS
from course.work import Trouble, folder

MOST_RUNS = 12  # of one notebook; each run more is for one more cell that ended Python
MOST_CODE = 500_000  # characters; a lesson has 30,000
KEPT = "What was graded before is kept: put this right, then run the same command again."
ORDER = {"passed": 0, "failed": 1, "not_attempted": 2}


@dataclass(frozen=True)
class Terms:
    """What holds for every notebook of a class.

    Attributes
    ----------
    seed : int
        Of the cases, which no student knows.
    limits : Limits
    caged : bool
    allowed : Allowed
        What the teacher lets in besides the course.
    """

    seed: int
    limits: Limits = field(default_factory=Limits)
    caged: bool = True
    allowed: Allowed = NOTHING_MORE


OWN, GIVEN = "a cell of the student", "a cell of the lesson"


@dataclass
class Account:
    """What is known of a notebook after it has run."""

    answers: dict[str, list[Answer]] = field(default_factory=dict)
    errors: dict[int, Raised] = field(default_factory=dict)
    """By cell: what it raised, or how it was stopped."""
    stopped: dict[str, Raised] = field(default_factory=dict)
    """By exercise: how looking at the answer ended, if it ended everything."""
    asked: dict[str, set[str]] = field(default_factory=lambda: {OWN: set(), GIVEN: set()})
    """What is withheld and was asked for: by an exercise's answer, by cells."""
    notes: list[str] = field(default_factory=list)


_open: list[Cage] = []
"""The one cage of this process, if there is one."""


def cage_for(lesson: int, terms: Terms) -> Cage:
    """The cage of this process; a new one when the lesson changes."""
    for cage in _open:
        has = cage.lesson, cage.limits, cage.caged, cage.allowed
        if (
            has == (lesson, terms.limits, terms.caged, terms.allowed)
            and cage.process.poll() is None
        ):
            return cage
    close()
    _open.append(Cage(lesson, terms.limits, terms.caged, terms.allowed))
    return _open[0]


def close() -> None:
    """End the cage of this process."""
    while _open:
        _open.pop().close()


@cache
def close_at_the_end() -> None:
    """End the cage of this process when it ends, if it is a worker's."""
    multiprocessing.util.Finalize(None, close, exitpriority=10)


def grade(submission: Submission, terms: Terms) -> Graded:
    """Grade a notebook.

    Parameters
    ----------
    submission : Submission
    terms : Terms

    Returns
    -------
    Graded
        With one result for each exercise of the lesson, whatever the notebook does.

    Raises
    ------
    Trouble
        No cage can be had.
    Broken
        The cage broke; in a new one it may go well.
    """
    if submission.problem:
        return nothing(submission, "unreadable", submission.problem)
    if sum(map(len, submission.cells)) > MOST_CODE:
        why = f"It has more than {MOST_CODE:,} characters of code; a lesson has 30,000."
        return nothing(submission, "unreadable", why)
    try:
        cage_for(submission.lesson, terms)
    except Broken as error:  # nobody's notebook is to blame, and no other will do better
        raise Trouble(f"Nothing can be graded here: {error}\n{KEPT}") from error
    try:
        return graded_in_cage(submission, terms)
    except BaseException:  # whatever broke it, the next notebook has a new one
        close()
        raise


def graded_in_cage(submission: Submission, terms: Terms) -> Graded:
    """Grade a notebook that can be read, or raise `Broken`."""
    start = time.monotonic()
    exercises = exercises_of(submission.lesson)
    requests = {e.key: timed(request_for(e, terms.seed), terms.limits) for e in exercises}
    cage = cage_for(submission.lesson, terms)
    until = time.monotonic() + terms.limits.for_notebook(submission.lesson)
    account = run(cage, submission, requests, {}, until)
    results = {e.key: result_of(e, account, submission, terms.seed) for e in exercises}
    # In a notebook, yours.KEY is the answer that passed last: here, whatever was checked last.
    wavering = {
        key
        for key, answers in account.answers.items()
        if len(answers) > 1 and not all(judged(EXERCISES[key], a, terms.seed) for a in answers)
    }
    asked = account.asked
    if missing_names(account):  # perhaps because a cell of the lesson could not have its helper
        asked[OWN] |= asked[GIVEN]
    for exercise in exercises:
        key = exercise.key
        lent, borrows = lendable(exercise, asked, results, wavering)
        if time.monotonic() >= until:
            break
        if (lent or borrows) and results[key].mistake != "endless":
            again = run(cage, submission, {key: requests[key]}, lent, until, key)
            result = result_of(exercise, again, submission, terms.seed)
            if lent or result:
                results[key] = result
    return Graded(
        submission.student,
        submission.lesson,
        tuple(results.values()),
        notes=tuple(account.notes),
        seconds=time.monotonic() - start,
    )


def timed(request: Request, limits: Limits) -> Request:
    """A request with the teacher's time limit, if there is one."""
    return request._replace(seconds=limits.seconds or request.seconds)


def lendable(
    exercise: Exercise,
    asked: dict[str, set[str]],
    results: dict[str, Result],
    wavering: set[str],
) -> tuple[dict[str, str], bool]:
    """Say what an answer may borrow in a run in which nothing else is judged.

    A function of `helpers` that answers another exercise of the lesson, and ``yours.KEY`` for an
    earlier exercise to which the student has a wrong answer: in the notebook it is the course's
    then, or the last that was right.

    Returns
    -------
    dict, bool
        Solutions by key, and whether a function of `helpers` may be what is missing.
    """
    key = exercise.key
    names = asked.get(key, set()) | (set() if results[key] else asked[OWN])
    earlier = [*results][: [*results].index(key)]
    lent = {
        one: solution_source(EXERCISES[one])
        for one in earlier
        if f"yours.{one}" in names and (one in wavering or not results[one])
    }
    helpers = {name.removeprefix("helpers.") for name in names if name.startswith("helpers.")}
    return lent, not results[key] and bool(helpers - set(exercise.helpers))


def run(
    cage: Cage,
    submission: Submission,
    requests: dict[str, Request],
    lent: dict[str, str],
    until: float,
    variant: str = WHOLE_LESSON,
) -> Account:
    """Run a notebook, again without what ended Python, until a run comes to its end."""
    lesson = submission.lesson
    given = given_cells(lesson)
    made_by_given = {name for _, makes in given.values() for name in makes}
    job: dict[str, Any] = {
        "cells": [[source, given.get(source.strip())] for source in submission.cells],
        "requests": dict(requests),
        "lent": lent,
        "skip": [],
        "all": False,
        "keras": lesson in KERAS_LESSONS,
        "seconds": cage.limits.for_cell(lesson),
    }
    stopped: dict[str, Raised] = {}
    skipped: dict[int, Raised] = {}
    before: dict[str, list[Answer]] = {}  # for what the last run does not reach in its time
    for _ in range(MOST_RUNS):
        account = Account(stopped=stopped, errors=dict(skipped))
        ended, blamed = run_once(cage, job, variant, account, until)
        before = account.answers = {**before, **account.answers}
        if time.monotonic() >= until:
            seconds = cage.limits.for_notebook(lesson)
            account.notes.append(f"It was stopped after {seconds:g} seconds in all.")
            break
        if ended == "done":
            if job["all"] or not missing_names(account) & made_by_given:
                break
            job["all"] = True
        elif isinstance(blamed, int):
            skipped[blamed] = how_it_ended(ended, job["seconds"], cage.limits)
            job["skip"].append(blamed)
        elif blamed is not None and blamed in job["requests"]:
            seconds = job["requests"].pop(blamed).seconds
            stopped[blamed] = how_it_ended(ended, seconds, cage.limits)
        else:
            account.notes.append(how_it_ended(ended, job["seconds"], cage.limits).told)
            break
    else:
        account.notes.append(f"It was run {MOST_RUNS} times, and never to its end.")
    for index, error in skipped.items():
        account.notes.append(f"Code cell {index + 1} was left out. {error.told}")
    return account


def run_once(
    cage: Cage, job: dict[str, Any], variant: str, account: Account, until: float
) -> tuple[str, int | str | None]:
    """Run a notebook once: how it ended, and the cell or the exercise that was on."""
    now: int | str | None = None
    known = {f"helpers.{name}" for name in variants(cage.lesson)[WHOLE_LESSON]}
    known |= {f"yours.{exercise.key}" for exercise in exercises_of(cage.lesson)}
    with contextlib.closing(cage.run(job, variant, until)) as events:
        for event in events:
            kind = event["event"]
            by = str(now)
            if kind != "answer":
                by = GIVEN if kind == "ran" and job["cells"][event["cell"]][1] else OWN
            account.asked.setdefault(by, set()).update(known.intersection(event.get("asked", ())))
            if kind == "cell":
                now = event["cell"]
            elif kind == "ran":
                if event["error"]:
                    account.errors[event["cell"]] = event["error"]
            elif kind == "looking":
                now = event["key"]
            elif kind == "answer":
                key = event["key"]
                if key != now:
                    return "garbled", now
                account.answers[key] = [*account.answers.get(key, []), event["answer"]][-2:]
            else:
                return kind, now
    return "died", now


def how_it_ended(ended: str, seconds: float, limits: Limits) -> Raised:
    """Say how a run ended that did not come to its end."""
    told = {
        "late": f"It was still running after {seconds:g} seconds and was stopped.",
        "memory": f"It used more than {limits.memory} MiB of memory and was stopped.",
        "processes": f"It started more than {MOST_PROCESSES} processes and was stopped.",
        "garbled": "What came back is too large, or no answer.",
    }.get(ended, "Python ended while it ran: by os._exit, a signal or a crash.")
    return Raised("endless" if ended == "late" else "raised", ended, told, told)


def missing_names(account: Account) -> set[str]:
    """Name what cells and answers missed because nobody had defined it."""
    errors = [*account.errors.values()]
    errors += [o.error for seen in account.answers.values() for a in seen for o in a.outcomes]
    texts = [e.text for e in errors if isinstance(e, Raised) and e.type == "NameError"]
    return {name for text in texts for name in re.findall(r"name '(\w+)' is not defined", text)}


@cache
def given_cells(lesson: int) -> dict[str, tuple[list[str], list[str]]]:
    """The code cells that the lesson gives, each with the names that it reads and makes."""
    file = folder.NOTEBOOKS / LESSONS[lesson].file
    found = {source.strip(): names_in(source) for source in code_of(file.read_bytes())}
    return {source: (sorted(reads), sorted(makes)) for source, (reads, makes) in found.items()}


def result_of(exercise: Exercise, account: Account, submission: Submission, seed: int) -> Result:
    """The result of one exercise: of the answer that its check was given, or of the last one."""
    if exercise.key in account.stopped:
        error = account.stopped[exercise.key]
        return failed(exercise, error.id, [f"While it was checked: {error.told}"])
    # The answer in its check counts, and so does the one at the end of the notebook; no others,
    # or one could try all.
    answers = account.answers.get(exercise.key) or [Answer("undefined")]
    results = [judged(exercise, answer, seed) for answer in answers]
    best = min(results, key=lambda result: ORDER[result.status])
    if best.status == "not_attempted" and all(a.kind == "undefined" for a in answers):
        where = re.compile(
            rf"^\s*(?:def|class)\s+{exercise.key}\b|^{exercise.key}\s*[:=]", re.MULTILINE
        )
        for index, error in sorted(account.errors.items()):
            if where.search(submission.cells[index]):
                said = f"Code cell {index + 1} defines `{exercise.key}`, and did not get that far."
                how = "endless" if error.id == "endless" else "raised"
                return bounded(failed(exercise, how, [said, error.told]))
    return best


def judged(exercise: Exercise, answer: Answer, seed: int) -> Result:
    """Judge an answer that a stranger's process described."""
    request = request_for(exercise, seed)
    wanted = len(request.calls) + bool(request.observe)
    got = answer.outcomes
    complete = len(got) == wanted or (0 < len(got) < wanted and got[-1].error is not None)
    if exercise.kind != "value" and answer.kind in ("function", "class") and not complete:
        return failed(exercise, "raised", ["What came back from your function is not complete."])
    if any(heavy(part) for part in (answer.value, *(outcome.value for outcome in got))):
        return failed(exercise, "too_large", ["An array in your answer is far too large."])
    try:
        return bounded(verdict(exercise, answer, seed))
    except Exception as error:  # noqa: BLE001 - no right answer makes the judge stumble
        told = f"What came back can't be compared ({explaining.message_of(error)})."
        return failed(exercise, "raised", [told])


def heavy(value: Any) -> bool:
    """Whether there is an array in it of which only the shape is known: a copy would fill memory."""
    if isinstance(value, np.ndarray):
        return value.nbytes > LARGEST_ARRAY
    parts = value.values() if isinstance(value, dict) else value
    return isinstance(parts, list | tuple | type({}.values())) and any(map(heavy, parts))


LONGEST_MESSAGE = 6_000


def bounded(result: Result) -> Result:
    """Keep what a report shows: no picture, and a message of bounded length."""
    message = result.message
    if len(message) > LONGEST_MESSAGE:
        message = message[:LONGEST_MESSAGE] + " ..."
    return replace(result, message=message, comparison=None)
