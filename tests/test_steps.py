"""The time limit of a browser tab: by Python's own steps, without signals and threads."""

import sys
import time

import pytest

from course.checking import calling
from course.checking.calling import TimeLimitReached, call_on_copies
from course.checking.steps import Steps
from course.exercises.exercise import call

pytestmark = pytest.mark.skipif(
    sys.version_info < (3, 12), reason="Python looks at its own steps from 3.12 on"
)


@pytest.fixture(autouse=True)
def in_a_tab(monkeypatch):
    monkeypatch.setattr(
        calling, "time_limit", lambda seconds: Steps(seconds, TimeLimitReached, calling.HERE)
    )


def bare():
    while True:
        pass


def swallowing():
    while True:
        try:
            while True:
                len("")
        except BaseException:  # noqa: BLE001, S110 - as bad as it gets
            pass


def deep():
    def again(number):
        return [again(number - 1), again(number - 1)] if number else 0

    return again(40)


def asleep():
    time.sleep(30)


def comprehending():
    return [number for number in iter(int, 1)]


@pytest.mark.parametrize("endless", [bare, swallowing, deep, asleep, comprehending])
def test_what_never_ends_is_stopped(endless):
    outcome = call_on_copies(endless, call(), 0.2)
    assert isinstance(outcome.error, TimeLimitReached)
    assert sys.monitoring.get_tool(4) is None
    assert time.sleep.__module__ == "time"


def test_what_ends_in_time_is_left_alone():
    assert call_on_copies(lambda: sum(range(1000)), call(), 5.0).value == 499_500


def test_a_limit_within_a_limit_ends_first_and_the_outer_one_goes_on():
    def outer():
        inner = call_on_copies(bare, call(), 0.1)
        assert isinstance(inner.error, TimeLimitReached)
        bare()

    outcome = call_on_copies(outer, call(), 0.5)
    assert isinstance(outcome.error, TimeLimitReached)
