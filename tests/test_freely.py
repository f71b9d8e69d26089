"""Without walls: who a notebook runs as, and that nothing of it is left."""

import os
import socket
import subprocess
import sys
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from course.checking.check import solution_source
from course.exercises import EXERCISES
from course.grading import grader
from course.grading.cage import cage as caging
from course.grading.cage import ending, freely
from course.grading.cage.cage import Cage, Limits
from course.grading.graded import Submission
from course.grading.grader import Terms
from course.trouble import Trouble

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="others can't adopt orphans")

ROOT = Path(__file__).resolve().parents[1]
DAEMON = """
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        time.sleep(600)
    os._exit(0)
os.wait()
"""
BOMB = """
import os, resource
resource.setrlimit(resource.RLIMIT_CPU, (10, 10))
most = len(os.listdir("/proc")) + 20
while True:
    if len(os.listdir("/proc")) < most:
        os.fork()
"""


def reachable() -> bool:
    """Whether everybody may go where Python is."""
    try:
        freely.must_reach(caging.interpreter_folders())
    except Trouble:
        return False
    return True


@pytest.mark.seconds
@pytest.mark.parametrize("cell", [DAEMON, BOMB], ids=["daemon", "fork bomb"])
def test_nothing_of_a_notebook_outlives_it(cell):
    """Its server is a process of its own, which adopts all orphans; so is this one."""
    serve = f"""
import os, time
from course.grading.cage import ending, walls
walls.adopt_orphans()
if os.fork() == 0:
    exec({cell!r})
    os._exit(0)
time.sleep(1)
print(len(ending.below()))
ending.end_all(ending.below)
print(len(ending.below()))
"""
    done = subprocess.run(
        [sys.executable, "-c", serve], capture_output=True, text=True, check=True, cwd=ROOT
    )
    before, after = map(int, done.stdout.split())
    assert before >= 1 and after == 0


@pytest.mark.skipif(os.getuid() == 0 and not reachable(), reason="nobody may use this Python")
def test_a_daemon_ends_with_its_notebook():
    with closing(Cage(1, Limits(memory=512), caged=False)) as cage:
        job = {"cells": [DAEMON], "keys": {}, "skip": [], "keras": False, "seconds": 20.0}
        assert [*cage.run(job)][-1]["event"] == "done"
        assert cage.server.children(recursive=True) == []


@pytest.mark.slow
@pytest.mark.tensorflow
def test_a_network_is_tried_without_walls_too_and_nothing_of_its_trial_is_left(monkeypatch):
    # Root would become somebody who may not go where this Python is.
    monkeypatch.setattr(os, "getuid", lambda: 1000)
    exercise = EXERCISES["activation_model"]
    # The second reads `model.outputs`, and not the lesson's `outputs`, which take the course's answer.
    for answer, wanted in (
        (solution_source(exercise), ("passed", None)),
        (
            "def activation_model(model):\n    return keras.Model(model.inputs, model.outputs)",
            ("failed", "last_only"),
        ),
    ):
        work = Submission("oak", exercise.lesson, ("import keras", answer))
        results = grader.grade(work, Terms(577, caged=False)).results
        (result,) = (one for one in results if one.key == exercise.key)
        assert (result.status, result.mistake) == wanted, result.message
        (cage,) = grader._open
        assert cage.server.children(recursive=True) == []
    grader.close()


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become somebody else")
def test_each_cage_of_root_has_a_user_of_its_own_until_it_is_closed():
    claims: list[socket.socket] = []
    first, second = freely.user(claims), freely.user(claims)
    assert freely.NOBODY < first < second  # who is in walls is not ended by who is not
    sleeping = [subprocess.Popen(["/bin/sleep", "600"], user=one) for one in (first, second)]
    try:
        ending.end_all(partial(freely.of_user, first))
        assert sleeping[0].wait(10) == -9
        assert sleeping[1].poll() is None
        assert [one.pid for one in freely.of_user(second)] == [sleeping[1].pid]
    finally:
        for process in sleeping:
            process.kill()
            process.wait()
        for claim in claims:
            claim.close()
    again: list[socket.socket] = []
    assert freely.user(again) == first
    again[0].close()


@pytest.mark.skipif(os.getuid() != 0, reason="only root becomes somebody else")
def test_python_where_only_root_may_go_is_told_before_anything_fails(tmp_path, monkeypatch):
    (tmp_path / "mine" / "python").mkdir(parents=True, mode=0o755)
    (tmp_path / "mine").chmod(0o700)
    monkeypatch.setattr(caging, "interpreter_folders", lambda: [tmp_path / "mine" / "python"])
    with pytest.raises(Trouble, match=r"only its owner may go into .*, where .*mine/python is"):
        Cage(1, Limits(), caged=False)
