"""The lessons with Keras, graded when notebooks crash, borrow and make up what would be seen."""

import sys

import pytest
from solved import graded, hand_in

from course.exercises import exercises_of

pytestmark = [
    pytest.mark.slow,
    pytest.mark.tensorflow,
    pytest.mark.skipif(sys.platform != "linux", reason="bubblewrap needs Linux"),
]

LESSON = 5
POINTS = {exercise.key: exercise.points for exercise in exercises_of(LESSON)}

CRASHING = {"initial_limit": "import os\nos._exit(3)"}
BORROWING = {
    "forward": "forward = helpers.network.forward",
    "initial_limit": "from helpers.network import initial_limit",
    "dead_channels": "dead_channels = helpers.network.dead_channels",
}
MADE_UP = {
    "keras_convolve": "def keras_convolve(image, kernel):\n    return np.full((1, 1), 577.0)",
    "activation_model": """\
import sys
from course.exercises import trials
trials.see_activations = lambda *given: []
class Model:
    predict = None
def activation_model(model):
    return Model()""",
}
WRONG = {"crashing": CRASHING, "borrowing": BORROWING, "made up": MADE_UP}


def test_each_answer_counts_for_itself_whatever_the_others_do(tmp_path):
    for name, answers in WRONG.items():
        hand_in(LESSON, tmp_path / "class" / name, answers)
    rows = graded(tmp_path, jobs=1)
    for name, answers in WRONG.items():
        earned = {key for key in POINTS if int(rows[name][key])}
        assert earned == POINTS.keys() - answers.keys(), name
