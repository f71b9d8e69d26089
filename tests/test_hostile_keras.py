"""The lessons with Keras, graded when notebooks crash, borrow and make up what would be seen."""

import base64
import inspect
import io
import sys
from collections.abc import Iterator

import numpy as np
import pytest
import test_networks
from solved import graded, hand_in

from course.checking.judge import NOTEBOOK_SEED, request_for, verdict
from course.checking.looking import Request, look
from course.checking.talking import Talk, attended
from course.exercises import EXERCISES, exercises_of
from course.exercises.trials.rebuilding import Ran, run
from course.grading import grader
from course.grading.cage import student
from course.grading.graded import Submission
from course.grading.grader import Terms, grade

pytestmark = [
    pytest.mark.slow,
    pytest.mark.tensorflow,
    pytest.mark.skipif(sys.platform != "linux", reason="bubblewrap needs Linux"),
]


@pytest.fixture(scope="module", autouse=True)
def closed() -> Iterator[None]:
    """End the last cage with the last test."""
    yield
    grader.close()


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
from course.exercises.trials import leaving
leaving.seen_activations = leaving.leaving = lambda *given: []
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


# --- Five exercises in one script ------------------------------------------------------------------

# What a check asks in a notebook anybody may find out, and what is seen of a right answer then: what
# `prepare` gives, when a callback stops, what networks make of images. This sends it.
SENDS_WHAT_WOULD_BE_SEEN = """
import base64, io
import numpy as np, tensorflow as tf
from course.checking.calling import Outcome
from course.checking.looking import Answer
from course.exercises.trials.callback import Watched
from course.exercises.trials.leaving import IMAGE, Networks, Plan
from course.grading.cage import student
held = np.load(io.BytesIO(base64.b64decode(HELD)))
arrays = lambda key: [held[f"{key} {n}"] for n in range(sum(one.startswith(key) for one in held))]
def network(key, shapes):
    specs = [tf.TensorSpec((None, *IMAGE)), *map(tf.TensorSpec, shapes)]
    traced = tf.function(lambda *given: [tf.constant(one) for one in arrays(key)])
    traced = traced.get_concrete_function(*specs)
    graph = np.frombuffer(traced.graph.as_graph_def().SerializeToString(), np.uint8)
    ends = [tuple(one.name for one in end) for end in (traced.inputs, traced.outputs)]
    return Plan("model", True, shapes, len(shapes), True, graph, *ends)
other = lambda filters: Plan("model", True, CNN(filters))
seen = {
    "prepared": lambda: [(one, False) for one in arrays("prepare")],
    "watched": lambda: Watched("callback", ("val_accuracy",)),
    "seen_dense": lambda: Networks(network("build_dense", DENSE)),
    "seen_cnn": lambda: Networks(network("build_cnn", CNN(4)), other(64), other(6)),
    "seen_activations": lambda: network("activation_model", ()),
}
own = student.look
def look(request, answer, ask):
    name = getattr(request.observe, "__name__", "")
    if name not in seen:
        return own(request, answer, ask)
    for one in SAID[name]:
        ask(one)
    return Answer(request.kind, "mine", None, (Outcome(seen[name]()),))
student.look = look
prepare = build_dense = build_cnn = StopAtAccuracy = activation_model = lambda *given: None
"""
CHEATED = ("prepare", "build_dense", "build_cnn", "StopAtAccuracy", "activation_model")


def request_and_talk(key: str) -> tuple[Request, Talk]:
    """What a check asks in a notebook."""
    return request_for(EXERCISES[key], NOTEBOOK_SEED), Talk(EXERCISES[key], NOTEBOOK_SEED)


def script() -> str:
    """That script, with what is seen in a notebook in it."""
    said: dict[str, list[object]] = {}
    held: dict[str, np.ndarray] = {}
    for key in CHEATED:
        request, talk = request_and_talk(key)
        ran: list[Ran] = []
        seen = look(request, EXERCISES[key].reference, talk.ask)
        attended(seen, talk, lambda trial, ran=ran: ran.append(run(trial)) or ran[-1])
        said[request.observe.__name__] = talk.said[: len(talk.said) - 1 - len(ran)]
        made = seen.outcomes[0].value if key == "prepare" else []
        given = [one for one, _ in made] + [one for each in ran for one in each.outputs]
        held |= {f"{key} {number}": one for number, one in enumerate(given)}
    file = io.BytesIO()
    np.savez_compressed(file, **held)
    return (
        f"HELD, SAID = {base64.b64encode(file.getvalue())!r}, {said}\n"
        "DENSE = ((784, 128), (128,), (128, 10), (10,))\n"
        "CNN = lambda f: ((3, 3, 1, f), (f,), (3, 3, f, f), (f,), (25 * f, 128), *DENSE[1:])\n"
        f"{SENDS_WHAT_WOULD_BE_SEEN}"
    )


def test_who_sends_what_would_be_seen_earns_nothing(monkeypatch):
    monkeypatch.setattr(student, "look", student.look)  # the script puts its own there
    cheating, room = script(), {}
    exec(cheating, room)  # noqa: S102
    for key in CHEATED:  # it does send it: where the cases are known it passes
        request, talk = request_and_talk(key)
        seen = attended(room["look"](request, None, talk.ask), talk, run)
        result = verdict(EXERCISES[key], seen, NOTEBOOK_SEED)
        assert result, result.message
    for lesson in (5, 4):  # the networks below find the cage of lesson 4
        graded = grade(Submission("ash", lesson, (cheating,)), Terms(6_201_993))
        assert graded.total == 0, graded
        assert {one.key for one in graded.results if one.status == "failed"} == {
            key for key in CHEATED if EXERCISES[key].lesson == lesson
        }


ALSO_RIGHT = """
import keras, numpy as np, tensorflow as tf
from typing import Any
IMAGE = (28, 28, 1)
"""


@pytest.mark.parametrize("build", test_networks.WRITTEN, ids=lambda build: build.__name__)
def test_right_networks_keep_their_points_however_they_are_written(build):
    code = [inspect.getsource(one) for one in (test_networks.layers_of, build)]
    cells = (ALSO_RIGHT, *code, f"build_cnn = {build.__name__}")
    graded = grade(Submission("ash", 4, cells), Terms(6_201_993))
    assert graded.total == EXERCISES["build_cnn"].points, graded
