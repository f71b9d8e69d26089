"""Running one notebook in a cage, as often as its accidents make necessary, and answering it meanwhile.

Cases are drawn anew for each look at an answer, and sent when it is looked at: nothing that runs
before, or between two looks, knows them. While an answer is looked at, what answers that exercise
is refused to whatever asks for it.
"""

import contextlib
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple

from course.checking.check import solution_source
from course.checking.clocks import WIDE, Clock
from course.checking.judge import failed, request_for, talk_about
from course.checking.looking import Answer, Raised
from course.checking.result import Result
from course.checking.talking import Talk, attended
from course.exercises import EXERCISES, Exercise, exercises_of
from course.grading import exam
from course.grading.cage import clean
from course.grading.cage.cage import Broken, Cage, Limits
from course.grading.cage.desk import failed as no_answer
from course.grading.cage.door import sealed
from course.grading.cage.events import MOST_LOOKS, WHOLE_CELL
from course.grading.cage.staging import answering, judged_by_what_it_does, withheld
from course.grading.cage.using import MOST_PROCESSES
from course.grading.cage.wire import Garbled
from course.grading.graded import Submission
from course.lessons import LESSONS

MOST_RUNS = 12  # of one notebook; each run more is for one more statement that ended Python
MOST_ACCIDENTS = 2_000  # of one run: a lesson has 500 statements
LONGEST_TOLD = 2_000  # characters of each thing that is told of one
MOST_QUESTIONS = 20  # at once: a function that was given along may ask for something itself

Judge = Callable[[Exercise, Answer, int], Result]


class Position(NamedTuple):
    """A statement of a notebook: its cell, which of its statements, and the line of that."""

    cell: int
    statement: int
    line: int


class Accident(NamedTuple):
    """What a statement raised, or how it was stopped."""

    cell: int
    line: int
    error: Raised
    left_out: bool = False


@dataclass
class Account:
    """What is known of a notebook after it has run."""

    results: dict[str, list[tuple[Answer, Result]]] = field(default_factory=dict)
    """By exercise: the last two answers that were looked at, and what they are worth."""
    accidents: list[Accident] = field(default_factory=list)
    """In the order in which they happened."""
    stopped: dict[str, Raised] = field(default_factory=dict)
    """By exercise: how looking at the answer ended, if it ended everything."""
    notes: list[str] = field(default_factory=list)
    crowded: bool = False
    """Whether what ran into a limit was kept waiting by others."""


def seed_of(seed: int, key: str, look: int) -> int:
    """The seed of one look at an answer: nobody who knows it knows that of the class, or another."""
    text = f"{seed} {key} {look}".encode()
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "big")


class NotebookRun:
    """One run of a notebook, seen from outside: answers what it asks, and keeps what it tells."""

    def __init__(self, cage: Cage, seed: int, account: Account, judge: Judge) -> None:
        self.cage, self.seed, self.account, self.judge = cage, seed, account, judge
        self.now: Position | str | None = None
        """The statement or the exercise that is on."""
        self.at: Position | None = None
        self.looks: dict[str, int] = {}
        self.looking: tuple[str, int] | None = None
        self.talk: Talk | None = None
        """With what observes the answer that is looked at."""
        self.refused: set[str] = set()
        self.code: set[str] = set()
        """Exercises whose code of the course was lent."""
        self.askable = withheld(cage.lesson)
        self.askable |= {f"yours.{one.key}" for one in exercises_of(cage.lesson)}

    def over(self, job: dict[str, Any], whole: Clock) -> str:
        """Run it to its end; return how that came."""
        told: dict[str, Callable[[dict[str, Any]], dict[str, Any] | None]] = {
            "at": self.statement,
            "raised": self.raised,
            "look": self.look,
            "said": self.said,
            "answer": self.answer,
            "ask": self.ask,
            "gave": lambda event: self.cage.desk.gave(event["given"]),
        }
        try:
            with contextlib.closing(self.cage.run(job, whole)) as events:
                event = next(events)
                while event["event"] in told:
                    event = events.send(told[event["event"]](event))
                return str(event["event"])
        except Garbled:
            return "garbled"
        finally:
            self.cage.desk.clear()

    def statement(self, event: dict[str, Any]) -> None:
        """A statement begins."""
        self.now = self.at = Position(event["cell"], event["statement"], event["line"])

    def raised(self, event: dict[str, Any]) -> None:
        """A statement has raised; what is kept of that is as long as a report may need."""
        if len(self.account.accidents) < MOST_ACCIDENTS:
            error = Raised(*(part[:LONGEST_TOLD] for part in event["error"]))
            self.account.accidents.append(Accident(event["cell"], event["line"], error))

    def look(self, event: dict[str, Any]) -> Any:
        """An answer is about to be looked at: with what, is said now."""
        key = event["key"]
        look = self.looks[key] = self.looks.get(key, -1) + 1
        if self.looking or look >= MOST_LOOKS:
            raise Garbled(event["event"])
        self.now, self.looking = key, (key, seed_of(self.seed, key, look))
        self.refused = set()
        self.talk = talk_about(EXERCISES[key], self.looking[1])
        request = request_for(EXERCISES[key], self.looking[1])
        seconds = self.cage.limits.seconds or request.seconds
        return {"request": request._replace(seconds=seconds)}

    def said(self, event: dict[str, Any]) -> Any:
        """An observation says something, and is told what comes next."""
        if not self.talk:
            raise Garbled(event["event"])
        try:
            return {"told": self.talk.ask(event["said"])}
        except Exception as error:  # what a stranger says, or when, may make no sense
            raise Garbled(event["event"]) from error

    def heard(self, answer: Answer) -> Answer:
        """An answer with what was said while it was observed; its networks are tried."""
        try:
            return attended(answer, self.talk, partial(clean.tried, self.cage))
        except Broken:
            raise
        except Exception as error:  # as above
            raise Garbled("an observation") from error

    def answer(self, event: dict[str, Any]) -> Any:
        """What was seen of an answer."""
        key, seed = self.looking or ("", 0)
        if event["key"] != key:
            self.now = event["key"]
            raise Garbled(event["event"])
        exercise, answer = EXERCISES[key], event["answer"]
        if key == exam.KEY:
            answer = exam.in_order(answer, self.cage.order)
        borrowed = self.refused | answering(key).intersection(event["asked"])
        if key in self.code and answer.kind not in ("undefined", "unattempted"):
            borrowed.add(f"yours.{key}")
        result = self.judge(exercise, self.heard(answer), seed)
        if borrowed and result.status != "not_attempted":
            result = failed(exercise, "borrowed", [not_own(exercise, borrowed)])
        self.account.results[key] = [*self.account.results.get(key, []), (answer, result)][-2:]
        self.looking, self.talk, self.now = None, None, self.at
        return {"verdict": [result.status, result.mistake, result.points, result.max_points]}

    def ask(self, event: dict[str, Any]) -> dict[str, Any]:
        """Something that is withheld is asked for."""
        name = event["name"]
        if name not in self.askable:
            return no_answer(f"there is no {name[:100]} to ask for.", "LookupError")
        if self.looking and name in answering(self.looking[0]):
            self.refused.add(name)
            return no_answer(not_own(EXERCISES[self.looking[0]], {name}), "Withheld")
        if self.cage.desk.open >= MOST_QUESTIONS:
            return no_answer("It asks for too much at once.")
        room, _, key = name.partition(".")
        if room == "yours" and judged_by_what_it_does(EXERCISES[key]):
            # From here on an answer to that may be this one.
            self.code.add(key)
            return {"given": sealed(solution_source(EXERCISES[key]))}
        return self.cage.desk.ask(name, event["given"])


def not_own(exercise: Exercise, names: set[str]) -> str:
    """Say what an answer took that answers its exercise."""
    own = sorted(name if name.startswith("yours.") else f"helpers.{name}" for name in names)
    what = " and ".join(f"`{name}`" for name in own[:2])
    answers = "answers" if len(own) == 1 else "answer"
    return (
        f"Your answer to `{exercise.key}` uses {what}, which {answers} this exercise. That earns "
        "nothing: write your own."
    )


def run(cage: Cage, submission: Submission, seed: int, judge: Judge) -> Account:
    """Run a notebook, again without what ended Python, until a run comes to its end."""
    lesson, limits = submission.lesson, cage.limits
    seconds, in_all = limits.for_cell(lesson), limits.for_notebook(lesson)
    whole = cage.clock(in_all)
    crowded = False
    job: dict[str, Any] = {
        "cells": list(submission.cells),
        "keys": {exercise.key: exercise.kind for exercise in exercises_of(lesson)},
        "skip": [],
        "keras": LESSONS[lesson].keras,
        "seconds": seconds,
    }
    stopped: dict[str, Raised] = {}
    left_out: list[Accident] = []
    before: dict[str, list[tuple[Answer, Result]]] = {}  # for what the last run does not reach
    for _ in range(MOST_RUNS):
        account = Account(accidents=[*left_out], stopped=stopped)
        one = NotebookRun(cage, seed, account, judge)
        ended = one.over(job, whole)
        account.crowded = crowded = crowded or cage.meter.crowded
        before = account.results = {**before, **account.results}
        if whole.over():
            account.notes.append(
                f"It was stopped: in all it may compute for {in_all:g} seconds, or take "
                f"{WIDE * in_all:g} by the clock."
            )
            break
        if ended == "done":
            break
        if isinstance(one.now, Position):
            error = how_it_ended(ended, seconds, limits)
            left_out.append(Accident(one.now.cell, one.now.line, error, left_out=True))
            # What ran beside the notebook was begun by something else in the cell.
            beside = cage.company or ended in ("memory", "processes")
            job["skip"].append([one.now.cell, WHOLE_CELL if beside else one.now.statement])
        elif one.now is not None and one.now in job["keys"]:
            its = limits.seconds or EXERCISES[one.now].seconds
            stopped[one.now] = how_it_ended(ended, its, limits)
            del job["keys"][one.now]
        else:
            account.notes.append(how_it_ended(ended, seconds, limits).told)
            break
    else:
        account.notes.append(f"It was run {MOST_RUNS} times, and never to its end.")
    account.accidents.sort(key=lambda accident: (accident.cell, accident.line))
    return account


def how_it_ended(ended: str, seconds: float, limits: Limits) -> Raised:
    """Say how a run ended that did not come to its end."""
    told = {
        "late": f"It was still running after {seconds:g} seconds and was stopped.",
        "memory": f"It used more than {limits.memory} MiB of memory and was stopped.",
        "processes": f"It started more than {MOST_PROCESSES} processes and was stopped.",
        "garbled": "What came back is too large, or no answer.",
    }.get(ended, "Python ended while it ran: by os._exit, a signal or a crash.")
    return Raised("endless" if ended == "late" else "raised", ended, told, told)
