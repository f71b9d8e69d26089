"""Which of several notebooks that somebody handed in for one lesson counts."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from enum import StrEnum
from typing import Any, NamedTuple

from course.grading.graded import Graded


class CountingRule(StrEnum):
    """What counts of several notebooks for one lesson."""

    best_of_last = "best-of-last"
    best = "best"
    last = "last"
    first = "first"


class Counted(NamedTuple):
    """The grades that count of one student in one lesson, and what else was handed in for it."""

    graded: Graded
    others: tuple[Graded, ...]


def count(
    graded: Iterable[Graded], rule: CountingRule = CountingRule.best_of_last
) -> list[Counted]:
    """Choose what counts.

    Parameters
    ----------
    graded : iterable of Graded
    rule : CountingRule
        By default the best notebook of the last hand-in. A notebook counts as a whole. Only what
        its owner did not even begin in it, and answered in the notebook of another lesson, is
        taken from there.

    Returns
    -------
    list of Counted
        One for each student and lesson, in this order.
    """
    found: dict[tuple[str, int], list[Graded]] = defaultdict(list)
    for one in graded:
        found[one.student, one.lesson].append(one)
    return [choose(found[key], rule) for key in sorted(found)]


def choose(graded: list[Graded], rule: CountingRule) -> Counted:
    """Choose among the notebooks of one student for one lesson."""
    first, *others = sorted(graded, key=lambda one: rank(one, rule), reverse=True)
    for other in others:
        if other.elsewhere and other.attempt == first.attempt:
            first = completed(first, other)
    return Counted(first, tuple(others))


def rank(one: Graded, rule: CountingRule) -> tuple[Any, ...]:
    """Of several, the one that ranks highest counts: one that was read and worked on, if any was.

    Where the rule says no more, as of two that were written in the same minute, it is the one with
    the shorter path: what is put aside or copied gets a longer one.
    """
    time = (one.attempt, one.saved)
    by_rule: dict[CountingRule, tuple[Any, ...]] = {
        CountingRule.best_of_last: (one.attempt, one.total, one.saved),
        CountingRule.best: (one.total, *time),
        CountingRule.last: time,
        CountingRule.first: tuple(tuple(-number for number in part) for part in time),
    }
    begun = any(result.status != "not_attempted" for result in one.results)
    return (
        one.status == "graded",
        not one.elsewhere,
        begun,
        *by_rule[rule],
        -len(one.path),
        one.path,
    )


def completed(one: Graded, other: Graded) -> Graded:
    """Take what was not begun in one notebook from another."""
    there = {result.key: result for result in other.results if result.status != "not_attempted"}
    taken = [
        result.key
        for result in one.results
        if result.status == "not_attempted" and result.key in there
    ]
    if not taken or one.status != "graded":
        return one
    results = tuple(there[r.key] if r.key in taken else r for r in one.results)
    where = f"Taken from {other.path}, where the answer stands: {', '.join(taken)}."
    return replace(one, results=results, notes=(*one.notes, where))
