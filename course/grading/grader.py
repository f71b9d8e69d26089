"""Grading one notebook: run in a cage, judged out here."""

import multiprocessing.util
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from course.checking.judge import failed, not_attempted
from course.checking.looking import Answer
from course.checking.result import Result
from course.exercises import Exercise
from course.grading import exam, judging
from course.grading.accidents import of_answer, told, told_of_answers, with_causes
from course.grading.allowed import NOTHING_MORE, Allowed
from course.grading.cage.cage import Broken, Cage, Limits
from course.grading.graded import Graded, Submission, exercises_of, nothing
from course.grading.judging import bounded, judged
from course.grading.running import Account, run, seed_of
from course.trouble import Trouble

MOST_CODE = 500_000  # characters; a lesson has 30,000
MOST_NOTES = 3  # of cells that are left out for that
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


_open: list[Cage] = []
"""The one cage of this process, if there is one."""


def cage_for(lesson: int, terms: Terms) -> Cage:
    """The cage of this process; a new one when the lesson changes."""
    order = seed_of(terms.seed, exam.KEY, 0)
    wanted = lesson, terms.limits, terms.caged, terms.allowed, order
    for cage in _open:
        has = cage.lesson, cage.limits, cage.caged, cage.allowed, cage.order
        if has == wanted and cage.process.poll() is None:
            return cage
    close()
    _open.append(Cage(*wanted))
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
    submission, left_out = without_longest_cells(submission)
    try:
        judging.begin()
        cage_for(submission.lesson, terms).share(submission.cells)
    except Broken as error:  # nobody's notebook is to blame, and no other will do better
        raise Trouble(f"Nothing can be graded here: {error}\n{KEPT}") from error
    try:
        graded = graded_in_cage(submission, terms)
        return replace(graded, notes=(*left_out, *graded.notes))
    except BaseException:  # whatever broke it, the next notebook has a new one
        close()
        raise


def without_longest_cells(submission: Submission) -> tuple[Submission, list[str]]:
    """Leave out the longest cells of a notebook that has more code than is run, and say which."""
    cells, notes = list(submission.cells), []
    left = sum(map(len, cells))
    for index in sorted(range(len(cells)), key=lambda index: -len(cells[index])):
        if left <= MOST_CODE:
            break
        left -= len(cells[index])
        notes.append(
            f"Code cell {index + 1} was left out: it has {len(cells[index]):,} characters, and of "
            f"all code of a notebook at most {MOST_CODE:,} are run. A lesson has 30,000."
        )
        cells[index] = ""
    if len(notes) > MOST_NOTES:
        notes[MOST_NOTES:] = [f"So were {len(notes) - MOST_NOTES:,} more."]
    return replace(submission, cells=tuple(cells)), notes


def graded_in_cage(submission: Submission, terms: Terms) -> Graded:
    """Grade a notebook that can be read, or raise `Broken`."""
    start = time.monotonic()
    cage = cage_for(submission.lesson, terms)
    account = run(cage, submission, terms.seed, judged)
    notes = told(account.accidents, submission.cells)
    last = ((key, looked[-1][0]) for key, looked in account.results.items())
    notes += told_of_answers(last, notes)
    return Graded(
        submission.student,
        submission.lesson,
        tuple(
            replace(one, message=with_causes(one.message, account.accidents, submission.cells))
            for one in (result_of(e, account, submission) for e in exercises_of(submission.lesson))
        ),
        notes=(*notes, *account.notes),
        seconds=time.monotonic() - start,
        crowded=account.crowded,
    )


def result_of(exercise: Exercise, account: Account, submission: Submission) -> Result:
    """The result of one exercise: of the answer that its check was given, or of the last one."""
    key = exercise.key
    if key in account.stopped:
        error = account.stopped[key]
        return failed(exercise, error.id, [f"While it was checked: {error.told}"])
    # The answer in its check counts, and so does the one at the end of the notebook; no others,
    # or one could try all.
    looked = account.results.get(key) or [
        (Answer("undefined"), not_attempted(exercise, "undefined"))
    ]
    best = min((result for _, result in looked), key=lambda result: ORDER[result.status])
    if best.mistake == "borrowed" and (line := replacing(submission.cells, key)):
        said = (
            f"`{line}` replaced `{key}`: after it, the name stands for the course's own function, "
            "and that earns nothing. Leave the line out, or put it above your answers."
        )
        own = [result for _, result in looked if result.mistake != "borrowed"]
        if not own:
            return bounded(failed(exercise, "borrowed", [said]))
        best = min(own, key=lambda result: ORDER[result.status])
        return not_attempted(exercise, told=said) if best.status == "not_attempted" else best
    if best.status == "not_attempted" and all(seen.kind == "undefined" for seen, _ in looked):
        for one in of_answer(account.accidents, submission.cells, key):
            said = f"Code cell {one.cell + 1} defines `{key}`, and did not get that far."
            how = "endless" if one.error.id == "endless" else "raised"
            return bounded(failed(exercise, how, [said, one.error.told]))
    return best


def replacing(cells: Sequence[str], key: str) -> str:
    """The line that gave a name of `helpers` to what was defined above it; empty if none did."""
    begins = re.compile(rf"(?:def|class)[ \t]+{key}\b|{key}[ \t]*[:=]")
    brings = re.compile(rf"from helpers(?:\.\w+)? import (?:\*|(?:.*\W)?{key}\b(?! as\b))")
    for line in reversed([line for cell in cells for line in cell.split("\n")]):
        if begins.match(line):
            break
        if brings.match(line):
            return line.strip()[:100]
    return ""
