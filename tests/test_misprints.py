"""An author's misprint is told with its file and line, and no other error is taken for one."""

import pytest

from course.exercises import mistake
from course.lessons import numbered
from course.misprints import COURSE, Misprint, misprint_in

START = """\
import numpy as np
from course.exercises.exercise import ByCalls, ByObservation, Call, call, mistake
from course.lessons import Lesson, numbered
from course.predictions.prediction import Prediction, Said
hints, right = ("a?", "b", "c"), abs
fields = dict(key="k", title="Asked", points=1, minutes=1, reference=right, hints=hints,
              alternatives=(), mistakes=(), examples=(call(1),), cases=lambda rng: [])
"""
LINE = START.count("\n") + 1


def misprint(file: str, text: str) -> str:
    """What is told when a file of this text is loaded."""
    path = COURSE / file
    with pytest.raises(Exception) as caught:
        exec(compile(f"{START}{text}", str(path), "exec"), {"__name__": "somebody"})  # noqa: S102
    return misprint_in(caught.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("ByCalls(**fields, point=1)", "ByCalls has no field 'point'."),
        ("del fields['points']; ByCalls(**fields)", "ByCalls lacks 'points'."),
        ("ByCalls(**fields | {'points': '1'})", "`k` has points='1': a whole number from 1 is wanted"),
        ("ByCalls(**fields | {'hints': 'Why?'})", "`k` has hints='Why?': a tuple of three texts"),
        ("ByCalls(**fields | {'hints': ('a', 'b', 5)})", "a tuple of three texts is wanted"),
        ("ByCalls(**fields | {'alternatives': abs})", "a tuple of answers, of one with a comma"),
        ("ByCalls(**fields | {'mistakes': mistake('a', 'b')})", "a tuple of mistakes, of one with"),
        ("ByCalls(**fields | {'examples': call(1)})", "a tuple of call(...), of one with a comma"),
        ("ByCalls(**fields | {'examples': (1,)})", "`k` has examples=(1,): a tuple of call(...)"),
        ("ByCalls(**fields | {'cases': iter('')})", "the function that makes the calls, cases(rng)"),
        ("ByCalls(**fields | {'cases': lambda: []})", "the function that makes the calls, cases(rng)"),
        ("ByCalls(**fields | {'reference': 5})", "`k` has reference=5: a function is wanted"),
        ("ByCalls(**fields | {'mistakes': (mistake('m', 'Said.', 5),)})", "the mistake `m` has a way=5"),
        ("ByCalls(**fields, helpers='pooling.relu')", "a tuple of texts, of one with a comma"),
        ("ByCalls(**fields, tolerance='1e-5')", "`k` has tolerance='1e-5': a number above 0"),
        ("del fields['examples'], fields['cases']; ByObservation(**fields, kind='net')",
         "`k` has kind='net': one of function, value, class"),
        ("mistake('m', abs)", "the mistake `m` has message=<built-in function abs>"),
        ("mistake('too weak', 'Said.')", "a mistake has id='too weak': a name, words joined by '_', is"),
        ("mistake('m', 'You got {got:.2f}.')",
         "the mistake `m` has message='{got:.2f}': a text in which nothing is left to fill in is"),
        ("mistake('m', 'Said.', test='m')", "the mistake `m` has test='m': a function is wanted"),
        ("nothing", "NameError: name 'nothing' is not defined."),
        ("import nummpy", "ModuleNotFoundError: No module named 'nummpy'."),
        ("from course.exercises.exercise import mistakes", "ImportError: cannot import name 'mistakes'"),
        ("np.zeros(-1)", "ValueError: negative dimensions are not allowed."),
        ("def mirror(image)", "SyntaxError: expected ':'."),
        ("Prediction(key='k', lesson=1, qestion='Why?', answers=())", "Prediction has no field 'qestion'"),
        ("Prediction(key='k', lesson=1, question='Why?', answers=(Said('a', 'b')))",
         "a tuple of Said(answer, why, shows) is wanted"),
        ("Prediction(key='k', lesson=1, question='Why?', answers=(Said(16, 'b'), Said(9.0, 'c', 'd')))",
         "the prediction `k` has otherwise='': what any other number is told is wanted"),
        ("Prediction(key='k', lesson=1, question='Why?', answers=(Said('16', 'b'),), otherwise='No.')",
         "a number in each, or no `otherwise`, is wanted"),
        ("Prediction(key='k', lesson=1, question='Why?', answers=(), computed='a')",
         "has computed='a': a function of nothing is wanted"),
    ],
)  # fmt: skip
def test_a_slip_in_an_exercise_or_a_prediction_is_told_with_its_line(text, said):
    for file in ("exercises/mirrors/mirror.py", "predictions/mirrors.py"):
        sentence = misprint(file, text)
        assert sentence.startswith(f"course/{file}, line {LINE}: ")
        assert said in sentence and sentence.endswith(".") and not sentence.endswith("..")


def test_braces_that_are_meant_are_no_place_for_a_value():
    for said in (
        'Write {"bright": ("+", "-"), ...}.',
        "A {1, 2} is a set.",
        r"$\frac{a}{b}$",
        "{}",
    ):
        assert mistake("m", said).message == said


LESSON = "Lesson(1, 'one', 'One', 5, ('a',))"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Lesson(2, 'two', 'Two', minute=5, exercises=())", "Lesson has no field 'minute'."),
        ("Lesson(2, 'two', 'Two', '5', ())", "lesson 2 has minutes='5': a whole number from 1"),
        ("Lesson('2', 'two', 'Two', 5, ())", "a lesson has number='2': a whole number from 1"),
        ("Lesson(2, 'two', 'Two', 5, ('relu'))", 'of one with a comma behind it, ("mirror",), is wanted'),
        ("Lesson(2, 'Part two', 'Two', 5, ())", "lesson 2 has name='Part two': a name of small letters"),
        (f"numbered({LESSON}, Lesson(3, 'two', 'Two', 5, ()))", "lesson 3 stands where lesson 2 is wanted"),
        (f"numbered({LESSON}, {LESSON})", "lesson 1 stands where lesson 2 is wanted"),
        (f"numbered({LESSON}, Lesson(2, 'one', 'Two', 5, ()))", "lesson 2 has name='one', and so has"),
        (f"numbered({LESSON}, Lesson(2, 'two', 'Two', 5, ('a',)))", "`a` is in lesson 1 already"),
    ],
)  # fmt: skip
def test_a_slip_in_a_lessons_entry_is_told_with_its_line(text, said):
    sentence = misprint("lessons.py", text)
    assert sentence.startswith(f"course/lessons.py, line {LINE}: ") and said in sentence
    assert numbered() == ()


def test_the_line_is_that_of_the_code_which_fails_not_of_its_caller():
    text = "def cases(rng):\n    return rng.normal()\n\ncases(5)"
    said = misprint("exercises/mirrors/mirror.py", text)
    assert said.startswith(f"course/exercises/mirrors/mirror.py, line {LINE + 1}: AttributeError")


def test_an_error_of_another_file_is_no_slip():
    assert misprint("checking/judge.py", "nothing") == ""
    assert misprint("exercises/exercise.py", "nothing") == ""
    assert misprint_in(Misprint("course/lessons.py names `a`")) == "course/lessons.py names `a`."
