"""Grading a class: notebook by notebook, on all processors or on a cluster, each only once."""

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    Executor,
    Future,
    ProcessPoolExecutor,
    wait,
)
from contextlib import closing

from course.checking.explaining import message_of
from course.grading.cage import walls
from course.grading.cage.cage import sweep
from course.grading.cells import code_of
from course.grading.cores import keep_to_own, share
from course.grading.graded import Graded, Submission, nothing
from course.grading.grader import KEPT, Terms, close_at_the_end, grade
from course.grading.ledger import Ledger
from course.lessons import LESSONS
from course.trouble import Trouble

TRIES = 2  # of a notebook alone, and between them one of the lesson as it is handed out
WAITING = 4  # notebooks handed to each worker: enough that none waits, few enough to hold in memory


def begin(parent: int, processors: int) -> None:
    """Prepare a worker: it has its own processors, and ends with its parent, its cage with it."""
    if sys.platform == "linux":
        walls.call("prctl", walls.PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    keep_to_own(processors)
    close_at_the_end()


def local(jobs: int) -> Executor:
    """Make workers on this machine: processes of their own, each with its own cage."""
    spawn = multiprocessing.get_context("spawn")
    given = os.getpid(), share(jobs)
    return ProcessPoolExecutor(jobs, spawn, initializer=begin, initargs=given)


def mark(
    submissions: Sequence[Submission],
    ledger: Ledger,
    terms: Terms,
    workers: Callable[[], Executor],
    jobs: int,
) -> Iterator[Graded]:
    """Grade what is not graded yet, and yield all grades as they come.

    Parameters
    ----------
    submissions : sequence of Submission
    ledger : Ledger
    terms : Terms
    workers : callable
        Makes the executor; again, if it breaks.
    jobs : int
        How many it works on at a time.

    Yields
    ------
    Graded
        One for each submission, in no particular order.
    """
    sweep()
    todo: list[Submission] = []
    # A lesson at a time: a worker makes a new cage when the lesson changes.
    for submission in sorted(submissions, key=lambda s: (s.lesson, s.student, s.path)):
        known = ledger.recall(submission, terms)
        if known:
            yield known.of(submission)
        else:
            todo.append(submission)
    todo.reverse()
    crowded: list[Submission] = []
    together = jobs > 1
    while todo or crowded:
        if not todo:  # what ran into a limit while others kept it waiting counts once it ran alone
            todo, crowded, together = crowded, [], False
        most = WAITING * jobs if together else 1
        lost: list[Submission] = []
        with closing(one_executor(todo, terms, workers, most)) as grading:
            for submission, graded in grading:
                if isinstance(graded, Graded):
                    if graded.crowded and together:
                        crowded.append(submission)
                        continue
                    ledger.keep(submission, terms, graded)
                    yield graded.of(submission)
                    continue
                lost.append(submission)
                if len(lost) >= WAITING * jobs:  # before the whole class breaks what the first did
                    break
        # A worker that dies takes with it all that it was given. Whose fault it was shows alone.
        for submission, graded in alone(lost, terms, workers):
            if isinstance(graded, Graded):
                ledger.keep(submission, terms, graded)
                yield graded.of(submission)
            else:
                # Not kept: the next run tries again.
                why = (
                    f"It could not be graded in {TRIES} tries alone: {message_of(graded)} The "
                    "lesson as it is handed out was graded between them, so it is this notebook."
                )
                yield nothing(submission, "unreadable", why).of(submission)


def alone(
    lost: list[Submission], terms: Terms, workers: Callable[[], Executor]
) -> Iterator[tuple[Submission, Graded | Exception]]:
    """Grade notebooks with nothing beside them; yield the error of what breaks whatever grades it.

    Raises
    ------
    Trouble
        If the lesson as it is handed out breaks it too: then nobody's notebook is to blame.
    """
    while lost:
        with closing(one_executor(lost, terms, workers, 1)) as grading:
            for submission, graded in grading:
                if isinstance(graded, Exception):
                    handed_out = as_handed_out(submission.lesson)
                    ((_, tried),) = one_executor([handed_out], terms, workers, 1)
                    if isinstance(tried, Exception):
                        raise Trouble(
                            f"Nothing can be graded here: not even lesson {submission.lesson} as it "
                            f"is handed out, without a single answer ({message_of(tried)}).\n{KEPT}"
                        ) from tried
                    ((_, graded),) = one_executor([submission], terms, workers, 1)
                yield submission, graded


def as_handed_out(lesson: int) -> Submission:
    """The notebook that learners get, as if somebody had handed it in."""
    notebook = LESSONS[lesson].notebook().read_bytes()
    return Submission("as it is handed out", lesson, tuple(code_of(notebook)))


def one_executor(
    todo: list[Submission], terms: Terms, workers: Callable[[], Executor], most: int
) -> Generator[tuple[Submission, Graded | Exception]]:
    """Work on a list from its end, as long as the executor lives; yield errors as they are.

    What it has not come to, or was not asked for, is in the list again at the end.
    """
    executor = workers()
    running: dict[Future[Graded], Submission] = {}
    begun = broken = False
    try:
        while running or (todo and not broken):
            while todo and not broken and len(running) < most:
                submission = todo.pop()
                try:
                    running[executor.submit(grade, submission, terms)] = submission
                    begun = True
                except BrokenExecutor as dead:
                    broken = True
                    if begun:
                        todo.append(submission)
                    else:  # it never lived
                        yield submission, dead
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                error = future.exception()
                broken = broken or isinstance(error, BrokenExecutor)
                if isinstance(error, Exception) and not isinstance(error, Trouble):
                    yield running.pop(future), error
                else:
                    yield running.pop(future), future.result()
    finally:
        todo += running.values()
        executor.shutdown(wait=True, cancel_futures=True)
