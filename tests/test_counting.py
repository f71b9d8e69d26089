"""Of several notebooks for one lesson, the one counts that the teacher's rule says."""

import pytest

from course.checking.result import Result
from course.grading.counting import CountingRule, count
from course.grading.graded import Graded, Submission, exercises_of, nothing

KEYS = [exercise.key for exercise in exercises_of(1)]


def graded(path, right=(), wrong=(), **more):
    """Grades of lesson 1: which answers are right, and which wrong."""
    results = []
    for e in exercises_of(1):
        status = "passed" if e.key in right else "failed" if e.key in wrong else "not_attempted"
        results.append(Result(e.key, status, None, "", e.points if e.key in right else 0, e.points))
    return Graded("ash", 1, tuple(results), path=path, **more)


EARLY = graded("early", KEYS, attempt=(1,), saved=(1,))
OLD = graded("old", KEYS[:2], attempt=(2,), saved=(2,))
NEW = graded("new", KEYS[:1], attempt=(2,), saved=(3,))


@pytest.mark.parametrize(
    ("rule", "counts"),
    [
        (CountingRule.best_of_last, OLD),
        (CountingRule.best, EARLY),
        (CountingRule.last, NEW),
        (CountingRule.first, EARLY),
    ],
)
def test_the_rule_chooses_and_the_others_are_kept_beside(rule, counts):
    for order in ([EARLY, OLD, NEW], [NEW, OLD, EARLY]):
        ((chosen, others),) = count(order, rule)
        assert chosen is counts
        assert {id(one) for one in (chosen, *others)} == {id(EARLY), id(OLD), id(NEW)}


def test_by_default_it_is_the_best_of_the_last_hand_in():
    assert count([EARLY, OLD, NEW])[0].graded is OLD


def test_what_cannot_be_read_or_was_not_begun_counts_only_when_there_is_nothing_else():
    broken = nothing(Submission("ash", 1), "unreadable", "It is empty.")
    untouched = graded("untouched", attempt=(9,))
    assert count([broken, untouched, NEW])[0].graded is NEW
    assert count([broken, untouched])[0].graded is untouched
    assert count([broken])[0] == (broken, ())


def test_students_and_lessons_are_counted_apart():
    other = nothing(Submission("birch", 1), "missing", "")
    second = nothing(Submission("ash", 2), "missing", "")
    found = [one.graded for one in count([other, second, OLD])]
    assert found == [OLD, second, other]


def test_an_answer_in_another_lessons_notebook_counts_where_none_was_begun():
    other = graded("02.ipynb", KEYS[:3], KEYS[3:], elsewhere=True, attempt=(2,))
    begun = graded("01.ipynb", KEYS[:1], KEYS[1:2], attempt=(2,))
    ((chosen, others),) = count([other, begun])
    assert [r.status for r in chosen.results[:4]] == ["passed", "failed", "passed", "failed"]
    assert chosen.path == "01.ipynb" and others == (other,)
    (note,) = chosen.notes
    assert "02.ipynb" in note and KEYS[2] in note and KEYS[1] not in note.split(": ")[1]
