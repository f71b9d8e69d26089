"""The minutes that a lesson announces hold for a beginner, and its words stay few."""

import math
import re

import pytest

from course.authoring import source
from course.exercises import exercises_of
from course.lessons import LESSONS

READING = 100
"""Words a minute. Plain prose is read at more than twice that (238: Brysbaert, 2019); here a claim
comes with a number or a picture to look at, and code to run."""

PREDICTING = 1
"""Minutes for a prediction: to think, to answer, and to read why."""

ROOM = 10
"""Minutes that may be announced beyond that: more, and the number says nothing."""

LONGEST = 2_300
"""Words of a lesson. Aim at 2,000: what is longer is skimmed."""

FORMULA = re.compile(r"\$\$.*?\$\$", re.DOTALL)
WORD = re.compile(r"\S*[^\W_]\S*")


def words(lesson) -> int:
    """How many words of prose a lesson has, displayed formulas left out."""
    texts = (cell.source for cell in source.read_source(lesson).cells if cell.kind == "markdown")
    return sum(len(WORD.findall(FORMULA.sub("", text))) for text in texts)


def minutes_needed(lesson) -> float:
    """What its words, its predictions and its exercises take."""
    predictions = sum(cell.predict is not None for cell in source.read_source(lesson).cells)
    exercises = sum(exercise.minutes for exercise in exercises_of(lesson.number))
    return words(lesson) / READING + PREDICTING * predictions + exercises


def test_a_word_is_what_is_read_as_one():
    text = "# Aim\n$$\na + b\n$$\n\n- *two* words = `f(x)`, and | 28 × 28 |"
    assert WORD.findall(FORMULA.sub("", text)) == [
        "Aim", "*two*", "words", "`f(x)`,", "and", "28", "28"
    ]  # fmt: skip


@pytest.mark.parametrize("lesson", LESSONS.values(), ids=lambda lesson: lesson.name)
def test_a_lesson_takes_the_minutes_that_it_announces(lesson):
    needed = minutes_needed(lesson)
    fitting = 5 * math.ceil(needed / 5)
    assert needed <= lesson.minutes <= needed + ROOM, (
        f"lesson {lesson.number} takes {needed:.0f} minutes: its exercises, one for each prediction, "
        f"one for each {READING} words. Write minutes={fitting} in course/lessons.py, and build it"
    )


@pytest.mark.parametrize("lesson", LESSONS.values(), ids=lambda lesson: lesson.name)
def test_a_lesson_is_short_enough_to_be_read(lesson):
    assert words(lesson) <= LONGEST
