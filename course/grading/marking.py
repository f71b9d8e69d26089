"""Grading a class: notebook by notebook, on all processors or on a cluster, each only once."""

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    Executor,
    Future,
    ProcessPoolExecutor,
    wait,
)

from course.checking.explaining import message_of
from course.grading.cage import walls
from course.grading.cage.cage import sweep
from course.grading.graded import Graded, Submission, nothing
from course.grading.grader import Terms, close_at_the_end, grade
from course.grading.ledger import Ledger
from course.work import Trouble

TRIES = 2  # of a notebook alone, when its cage broke or the worker that had it was lost
WAITING = 4  # notebooks handed to each worker: enough that none waits, few enough to hold in memory


def begin(parent: int) -> None:
    """Prepare a worker: it ends with its parent, and its cage with it."""
    if sys.platform == "linux":
        walls.call("prctl", walls.PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    close_at_the_end()


def local(jobs: int) -> Executor:
    """Make workers on this machine: processes of their own, each with its own cage."""
    spawn = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(jobs, spawn, initializer=begin, initargs=(os.getpid(),))


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
    for submission in sorted(submissions, key=lambda s: (s.lesson, s.student, s.place)):
        known = ledger.recall(submission, terms)
        if known:
            yield known.of(submission)
        else:
            todo.append(submission)
    todo.reverse()
    lost: list[Submission] = []
    while todo:
        for submission, graded in one_executor(todo, terms, workers, WAITING * jobs):
            if isinstance(graded, Exception):
                lost.append(submission)
            else:
                ledger.keep(submission, terms, graded)
                yield graded.of(submission)
    # A worker that dies takes with it all that it was given. Whose fault it was shows alone.
    for submission in lost:
        for _ in range(TRIES):
            ((_, graded),) = one_executor([submission], terms, workers, 1)
            if not isinstance(graded, Exception):
                break
        if isinstance(graded, Exception):
            # Not kept: it may be this machine's fault, and the next run tries again.
            why = f"It could not be graded in {TRIES} tries alone: {message_of(graded)}"
            yield nothing(submission, "unreadable", why).of(submission)
        else:
            ledger.keep(submission, terms, graded)
            yield graded.of(submission)


def one_executor(
    todo: list[Submission], terms: Terms, workers: Callable[[], Executor], most: int
) -> Iterator[tuple[Submission, Graded | Exception]]:
    """Work on a list from its end, as long as the executor lives; yield errors as they are."""
    executor = workers()
    running: dict[Future[Graded], Submission] = {}
    broken = False
    try:
        while running or (todo and not broken):
            while todo and not broken and len(running) < most:
                submission = todo.pop()
                try:
                    running[executor.submit(grade, submission, terms)] = submission
                except BrokenExecutor:
                    todo.append(submission)
                    broken = True
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                error = future.exception()
                broken = broken or isinstance(error, BrokenExecutor)
                if isinstance(error, Exception) and not isinstance(error, Trouble):
                    yield running.pop(future), error
                else:
                    yield running.pop(future), future.result()
    finally:
        executor.shutdown(wait=True, cancel_futures=True)
