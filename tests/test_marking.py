"""A class graded by workers that come and go: each notebook once, and everyone in the end."""

import os
import signal
import threading
from collections import Counter
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor
from dataclasses import replace

import psutil
import pytest

from course.exercises import EXERCISES
from course.grading import marking
from course.grading.cage.cage import Broken
from course.grading.graded import Graded, Submission, nothing
from course.grading.grader import Terms
from course.grading.ledger import Ledger
from course.trouble import Trouble

TERMS = Terms(577)
CLASS = [Submission(f"student {n}", 1 + n % 3, (f"x = {n}",)) for n in range(30)]


@pytest.fixture
def ledger(tmp_path):
    with Ledger(tmp_path) as one:
        yield one


@pytest.fixture
def calls(monkeypatch) -> Counter[str]:
    """Who was graded, how often; no notebook is run."""
    counted: Counter[str] = Counter()

    def grade(submission: Submission, terms: Terms) -> Graded:
        counted[submission.student] += 1
        return nothing(submission, "graded", "graded")

    monkeypatch.setattr(marking, "grade", grade)
    return counted


def graded(ledger, workers=lambda: ThreadPoolExecutor(2), work=CLASS, jobs=2) -> list[Graded]:
    return list(marking.mark(work, ledger, TERMS, workers, jobs))


def test_everyone_is_graded_once_and_not_again(ledger, calls):
    first = graded(ledger)
    assert sorted(one.student for one in first) == sorted(one.student for one in CLASS)
    assert set(calls.values()) == {1}
    again = graded(ledger, workers=None)  # nobody is needed
    assert sorted(again, key=str) == sorted(first, key=str)


def test_a_lesson_is_finished_before_the_next(ledger, monkeypatch):
    lessons = []
    monkeypatch.setattr(
        marking, "grade", lambda s, t: lessons.append(s.lesson) or nothing(s, "graded", "")
    )
    graded(ledger, lambda: ThreadPoolExecutor(1), jobs=1)
    assert lessons == sorted(lessons)


def test_a_run_that_stops_goes_on_where_it_stopped(ledger, calls):
    running = marking.mark(CLASS, ledger, TERMS, lambda: ThreadPoolExecutor(2), 2)
    kept = [next(running).student for _ in range(10)]
    running.close()
    calls.clear()
    assert len(graded(ledger)) == len(CLASS)
    assert not calls.keys() & set(kept)


def test_only_so_many_notebooks_wait_at_the_workers(ledger, monkeypatch):
    waiting = most = 0
    lock = threading.Lock()

    class Counting(ThreadPoolExecutor):
        def submit(self, *args):
            nonlocal waiting, most
            with lock:
                waiting += 1
                most = max(most, waiting)
            return super().submit(*args)

    def grade(submission, terms):
        nonlocal waiting
        with lock:
            waiting -= 1
        return nothing(submission, "graded", "")

    monkeypatch.setattr(marking, "grade", grade)
    graded(ledger, lambda: Counting(2))
    assert most <= marking.WAITING * 2


def test_what_was_kept_waiting_in_its_limit_counts_once_it_ran_alone(ledger, monkeypatch):
    running, order = set(), []
    lock = threading.Lock()

    def grade(submission, terms):
        with lock:
            running.add(submission.student)
            order.append((submission.student, len(running)))
            again = [name for name, _ in order].count(submission.student)
        result = nothing(submission, "graded", f"run {again}")
        with lock:
            running.remove(submission.student)
        crowded = submission.student in ("student 3", "student 7")
        return replace(result, crowded=crowded)

    monkeypatch.setattr(marking, "grade", grade)
    found = {one.student: one.notes for one in graded(ledger)}
    assert len(order) == len(CLASS) + 2
    assert {name for name, _ in order[-2:]} == {"student 3", "student 7"}
    assert [beside for _, beside in order[-2:]] == [1, 1]
    assert {name for name, notes in found.items() if notes == ("run 2",)} == {
        "student 3",
        "student 7",
    }
    assert graded(ledger, workers=None)  # what counts is kept
    order.clear()
    graded(ledger, lambda: ThreadPoolExecutor(1), CLASS[3:4], jobs=1)
    assert order == []


class Breaking(Executor):
    """Breaks when it has done so many, as a pool does when a worker is killed."""

    def __init__(self, lasts: int) -> None:
        self.left = lasts

    def submit(self, function, /, *arguments):
        future: Future = Future()
        self.left -= 1
        if self.left < 0:
            future.set_exception(BrokenExecutor("a worker was killed"))
        else:
            future.set_result(function(*arguments))
        return future


def test_what_a_broken_pool_lost_is_graded_by_the_next(ledger, calls):
    lasts = iter([3, 0, 5])
    found = graded(ledger, lambda: Breaking(next(lasts, 100)))
    assert sorted(one.student for one in found) == sorted(one.student for one in CLASS)
    assert {one.status for one in found} == {"graded"}
    assert set(calls.values()) == {1}


def test_who_kills_every_worker_is_told_so_and_costs_nobody_else(ledger, calls):
    class Killed(Breaking):
        """One worker, that dies of a notebook; what waits behind it is lost with it."""

        def __init__(self):
            super().__init__(len(CLASS))

        def submit(self, function, submission, terms):
            if submission.student == "student 7":
                self.left = 0
            return super().submit(function, submission, terms)

    found = {one.student: one for one in graded(ledger, Killed)}
    assert found.keys() == {one.student for one in CLASS}
    assert found["student 7"].status == "unreadable"
    assert "2 tries alone" in found["student 7"].notes[0]
    assert [name for name, one in found.items() if one.status != "graded"] == ["student 7"]
    again = {one.student: one for one in graded(ledger)}  # with workers that live
    assert again["student 7"].status == "graded"
    assert calls.pop("as it is handed out") == 1  # to see whose fault it was
    assert calls == Counter([one.student for one in CLASS])


@pytest.mark.parametrize("lives", [True, False], ids=["breaks at each", "never lives"])
def test_what_breaks_for_everybody_stops_the_run_early_and_is_nobodys_fault(ledger, calls, lives):
    class Dead(Breaking):
        """Every worker is killed: by the machine, whatever it was given."""

        def __init__(self):
            super().__init__(0)

        def submit(self, function, submission, terms):
            calls[submission.student] += 1
            if not lives:
                raise BrokenExecutor("no worker began")
            return super().submit(function, submission, terms)

    with pytest.raises(Trouble, match="not even lesson 1 as it is handed out") as told:
        graded(ledger, Dead)
    assert "killed" in str(told.value) or "no worker" in str(told.value)
    assert sum(calls.values()) < len(CLASS)
    calls.clear()
    assert {one.status for one in graded(ledger)} == {"graded"}  # a repaired run has all to do
    assert set(calls.values()) == {1} and len(calls) == len(CLASS)


def test_notebooks_that_break_their_cage_do_not_stop_those_behind_them(ledger, monkeypatch):
    breaking = {f"student {n}" for n in range(0, 30, 2)}
    tried: Counter[str] = Counter()

    def grade(submission, terms):
        tried[submission.student] += 1
        if submission.student in breaking:
            raise Broken("the cage does not answer")
        return nothing(submission, "graded", "")

    monkeypatch.setattr(marking, "grade", grade)
    found = {one.student: one.status for one in graded(ledger)}
    assert {name for name, status in found.items() if status == "unreadable"} == breaking
    assert len(found) == len(CLASS)
    assert all(tried[name] >= 3 for name in breaking)  # among the others, and twice alone


def test_a_worker_that_cannot_grade_at_all_stops_the_run(ledger, monkeypatch):
    def grade(submission, terms):
        raise Trouble("There is no bubblewrap.")

    monkeypatch.setattr(marking, "grade", grade)
    with pytest.raises(Trouble, match="bubblewrap"):
        graded(ledger)


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="needs signals")
def test_killed_worker_loses_nothing_and_takes_its_cage_along(ledger):
    right = "def convolve_pixel(window, kernel):\n    return float((window * kernel).sum())"
    work = [Submission(f"student {n}", 1, (right, f"# {n}")) for n in range(12)]
    pools = []

    def workers():
        pools.append(marking.local(2))
        return pools[-1]

    found = []
    for one in marking.mark(work, ledger, TERMS, workers, 2):
        found.append(one)
        if len(found) == 3:
            victim = next(iter(pools[0]._processes.values()))
            below = psutil.Process(victim.pid).children(recursive=True)
            os.kill(victim.pid, signal.SIGKILL)
            assert below and not psutil.wait_procs(below, timeout=10)[1]
    assert sorted(one.student for one in found) == sorted(one.student for one in work)
    assert {one.total for one in found} == {EXERCISES["convolve_pixel"].points}
    assert len(pools) > 1
