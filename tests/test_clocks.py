"""What time limits count: what was computed, and not how long others made it wait."""

import time

import pytest

from course.checking import clocks
from course.checking.calling import TimeLimitReached, call_on_copies
from course.checking.clocks import SLOWLY, WIDE, Clock
from course.exercises.exercise import call


@pytest.fixture
def passes(monkeypatch):
    """Let time pass: by the clock on the wall, and of a processor."""
    now = {"wall": 100.0, "computed": 5.0}
    monkeypatch.setattr(clocks.time, "monotonic", lambda: now["wall"])

    def pass_by(wall, computed):
        now["wall"] += wall
        now["computed"] += computed

    pass_by.clock = lambda seconds: Clock(seconds, lambda: now["computed"])
    return pass_by


@pytest.mark.parametrize(
    ("wall", "computed", "over"),
    [
        (2.0, 1.9, False),
        (2.1, 2.0, True),
        (19.0, 1.95, False),  # it had to wait for a processor, and had none of its time
        (3.9, 0.0, False),
        (4.1, 0.0, True),  # it sleeps
        (1.5, 9.0, False),  # in six threads at once
    ],
)
def test_what_computes_has_its_time_of_a_processor_and_what_sleeps_the_walls(
    passes, wall, computed, over
):
    clock = passes.clock(2.0)
    passes(wall, computed)
    assert (computed < SLOWLY * wall) == (computed == 0.0)
    assert clock.over() is over
    assert (clock.left() <= 0) is over


def test_a_limit_that_was_reached_stays_reached(passes):
    clock = passes.clock(1.0)
    passes(WIDE, 0.0)
    assert clock.over()
    passes(0.0, SLOWLY * WIDE)
    assert clock.over()


@pytest.mark.parametrize(("wall", "computed"), [(1.2, 1.2), (WIDE + 0.2, 0.0)])
def test_grace_comes_once_on_top_of_either(passes, wall, computed):
    clock = passes.clock(1.0)
    clock.grace = 0.5
    passes(wall, computed)
    assert not clock.over()
    passes(0.5, 0.5 if computed else 0.0)
    assert clock.over()


def test_what_is_left_out_does_not_count(passes):
    clock = passes.clock(1.0)
    passes(50.0, 10.0)
    clock.leave_out(50.0, 10.0)
    passes(0.5, 0.5)
    assert clock.took() == 0.5


def test_a_call_that_sleeps_has_longer_than_one_that_computes_and_not_for_ever():
    assert call_on_copies(lambda wait: time.sleep(wait), call(0.3), 0.2).error is None
    slept = call_on_copies(lambda wait: time.sleep(wait), call(1e9), 0.1)
    assert isinstance(slept.error, TimeLimitReached)
