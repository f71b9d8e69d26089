"""The process that judges: it says what a check says, and dies alone."""

import json
import os
import signal
from dataclasses import asdict

import numpy as np
import pytest

from course.checking.calling import Outcome
from course.checking.judge import judge, request_for
from course.checking.looking import Answer, look
from course.exercises import EXERCISES
from course.grading import judging
from course.grading.cage.cage import Broken
from course.grading.judging import Judge, judged

KEY, SEED = "convolve_pixel", 99


@pytest.fixture
def judge_with():
    """Make a judge with other limits."""
    made = []

    def make(**limits):
        made.append(Judge(**limits))
        return made[-1]

    yield make
    for one in made:
        one.end()


def seen(key: str, answer: object) -> Answer:
    return look(request_for(EXERCISES[key], SEED), answer)


@pytest.mark.parametrize("key", [KEY, "conv2d_valid", "max_pool2d", "output_size", "bug_finder"])
def test_it_judges_as_a_check_does(key):
    exercise = EXERCISES[key]
    for answer in (exercise.reference, exercise.mistakes[0].ways[0], ...):
        there = judged(exercise, seen(key, answer), SEED)
        assert there == judge(exercise, answer, SEED)
        assert json.dumps(asdict(there))  # as the ledger keeps it


def test_it_names_what_is_wrong_with_an_answer_in_keras_and_has_none_itself():
    exercise = EXERCISES["keras_convolve"]
    for mistake in exercise.mistakes:
        got = Answer("function", outcomes=tuple(seen(exercise.key, mistake.ways[0]).outcomes))
        assert judged(exercise, got, SEED).mistake == mistake.id


def test_a_function_where_a_class_is_wanted_is_told_as_in_a_notebook():
    exercise = EXERCISES["StopAtAccuracy"]
    there = judged(exercise, seen(exercise.key, lambda target: None), SEED)
    assert (there.mistake, "A class is wanted" in there.message) == ("wrong_type", True)


def test_one_process_judges_all_and_another_follows_one_that_died(judge_with):
    one = judge_with()
    right = seen(KEY, EXERCISES[KEY].reference)
    assert one.verdict(EXERCISES[KEY], right, SEED)
    first = one.process.pid
    assert one.verdict(EXERCISES[KEY], right, SEED)
    assert one.process.pid == first
    os.kill(first, signal.SIGKILL)
    one.process.wait()
    assert one.verdict(EXERCISES[KEY], right, SEED)
    assert one.process.pid != first


@pytest.mark.seconds
def test_answer_that_takes_too_much_memory_costs_itself_and_is_told(judge_with):
    large = (np.arange(250_000.0).reshape(500, 500), np.array([[0.0, 1.0], [0.0, 0.0]]))
    narrow = judge_with(memory=2**20)
    result = narrow.verdict(EXERCISES["bug_finder"], seen("bug_finder", large), SEED)
    assert (result.status, result.mistake, result.points) == ("failed", "too_large", 0)
    assert "more memory than any right answer" in result.message
    assert judge_with().verdict(EXERCISES["bug_finder"], seen("bug_finder", large), SEED)


def test_answer_that_takes_too_long_costs_itself_and_is_told(judge_with):
    one = judge_with(seconds=0.0)
    result = one.verdict(EXERCISES[KEY], seen(KEY, EXERCISES[KEY].reference), SEED)
    assert result.mistake == "too_large" and "more time than any" in result.message
    one.seconds = 30.0
    assert one.verdict(EXERCISES[KEY], seen(KEY, EXERCISES[KEY].reference), SEED)


def test_judge_that_does_not_begin_is_nobodys_fault(judge_with, monkeypatch):
    monkeypatch.setattr(judging.sys, "executable", "/bin/false")
    with pytest.raises(Broken, match="does not begin"):
        judge_with().verdict(EXERCISES[KEY], Answer("value", "1", 1), SEED)


def test_part_that_was_too_large_to_be_sent_is_named():
    large = judging.TooLarge("an array of shape (9000, 9000)")
    outcomes = tuple(Outcome([1, large]) for _ in request_for(EXERCISES[KEY], SEED).calls)
    result = judged(EXERCISES[KEY], Answer("function", "mine", None, outcomes), SEED)
    assert result.mistake == "too_large"
    assert "an array of shape (9000, 9000)" in result.message
