"""What `course prove` refuses, and that an exercise is found by its key alone."""

import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import psutil
import pytest

import course.exercises
from course.authoring.proof import prove, prove_all
from course.authoring.strange import Strange, said_of
from course.checking.judge import NOTEBOOK_SEED, judge
from course.checking.naming import forget
from course.exercises import EXERCISES, call, load, mistake
from course.lessons import LESSONS
from course.misprints import COURSE, Misprint

RELU = EXERCISES["relu"]


def test_a_name_that_withholds_nothing_is_a_hole():
    names = "relu", "pooling.rellu", "network.conv_layer", "rooms.relu", "pooling.relu.relu", ""
    holes = prove(replace(RELU, mistakes=(), helpers=("pooling.relu", *names))).holes
    told = [hole.partition(", and that withholds nothing") for hole in holes]
    assert [said for said, nothing, _ in told if nothing] == [f"helpers names {n!r}" for n in names]
    assert not [hole for hole in holes if "'pooling.relu'" in hole]


def test_values_of_helpers_can_be_withheld_too():
    holes = prove(replace(RELU, mistakes=(), helpers=("kernels.GALLERY",))).holes
    assert not [hole for hole in holes if "withholds" in hole]


@pytest.mark.parametrize("slip", [lambda values: valeus, lambda values: 1 / 0])  # noqa: F821
def test_a_mistake_whose_own_code_raises_is_a_hole_unless_it_is_to_raise(monkeypatch, slip):
    def holes(exercise):
        monkeypatch.setitem(EXERCISES, "relu", exercise)
        forget()
        return [hole for hole in prove(exercise).holes if "'slip'" in hole]

    monkeypatch.setattr("course.authoring.proof.tried", lambda exercise: ())
    try:
        (told,) = holes(replace(RELU, mistakes=(mistake("slip", "A slip.", slip),)))
        assert "raises in every call" in told and "Error" in told
        assert judge(EXERCISES["relu"], slip).mistake != "slip"
        assert not holes(replace(RELU, mistakes=(mistake("slip", "Meant.", slip, raises=True),)))
    finally:
        forget()


@pytest.fixture
def holes(monkeypatch):
    """What is told of an exercise once some of its fields are others."""
    monkeypatch.setattr("course.authoring.proof.tried", lambda exercise: ())

    def told(key, **fields):
        fields.setdefault("seconds", 0.2)
        exercise = replace(EXERCISES[key], **fields)
        monkeypatch.setitem(EXERCISES, key, exercise)
        forget()
        return prove(exercise).holes

    yield told
    forget()


def authored(text):
    """A function that stands in the third line of an author's file."""
    path = COURSE / "exercises" / "mirrors" / "mirror.py"
    names = {}
    exec(compile(f"\n\nmade = {text}", str(path), "exec"), names)  # noqa: S102
    return names["made"]


LINE_3 = "course/exercises/mirrors/mirror.py, line 3: "


@pytest.mark.parametrize(
    ("test", "why"),
    [
        ("lambda seen: valeus", "NameError: name 'valeus' is not defined."),
        ("lambda: True", "TypeError: <lambda>() takes 0 positional arguments but 1 was given."),
    ],
)
def test_a_test_that_raises_is_told_once_with_its_mistake_and_its_line(holes, test, why):
    own = EXERCISES["horizontal_kernel"].mistakes
    slip = mistake("slip", "A slip.", own[-1].ways[0], test=authored(test))
    told = holes("horizontal_kernel", mistakes=(slip, *own))
    assert f"the test of mistake 'slip' raises for the reference: {LINE_3}{why}" in told
    assert len([hole for hole in told if "'slip'" in hole]) == 1
    assert not [hole for hole in told if "None" in hole or "refused" in hole]


def test_a_mistake_without_a_name_is_not_told_to_be_named_none(holes):
    unnamed = mistake("unnamed", "Nothing.", lambda values: np.random.default_rng().normal(size=9))
    (told,) = [hole for hole in holes("relu", mistakes=(unnamed,)) if "'unnamed'" in hole]
    assert told.startswith("mistake 'unnamed' is named [") and "None" not in told


def test_a_name_that_only_one_draw_gives_is_told_with_what_to_do(monkeypatch, holes):
    def cases(rng):
        return [call(rng.normal(size=(2, 3)))]

    def negated(values):
        return -np.maximum(values, 0)

    def by_chance(values):
        return negated(values) if np.array_equal(values, drawn) else values * values + 7

    ((drawn,), _) = cases(np.random.default_rng(NOTEBOOK_SEED))[0]
    monkeypatch.setattr(
        "course.authoring.proof.tried", lambda one: [said_of(one, Strange("chance", by_chance))]
    )
    own = (mistake("negated", "Every sign is turned.", negated),)
    told = holes("relu", mistakes=own, examples=(), cases=cases)
    (said,) = [hole for hole in told if hole.startswith("chance")]
    assert said == (
        "chance is named 'negated': on other cases it is not named. "
        "Let every draw of cases tell it from that mistake"
    )


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"cases": lambda rng: None}, "`relu` has cases(rng)=None: yield call(...) is wanted."),
        ({"cases": lambda rng: (), "examples": ()}, "`relu` has calls=(): at least one, in examples"),
        ({"examples": (call([1]), call([1], 2))},
         "the reference of `relu` fails in example 2: too many positional arguments."),
        ({"reference": authored("lambda values: valeus")},
         f"the reference of `relu` fails in example 1: {LINE_3}NameError: name 'valeus' is not"),
        ({"reference": lambda values: None}, "the reference of `relu` returns None in example 1."),
    ],
)  # fmt: skip
def test_an_exercise_that_can_not_be_tried_is_one_hole_and_no_traceback(holes, fields, why):
    fields = {"examples": (call(np.array([1.0, -2.0])),)} | fields
    (told,) = holes("relu", **fields)
    assert told.startswith(why)


def test_a_mistake_that_never_ends_is_called_once(holes):
    begun = []

    def endless(values):
        begun.append(values)
        while True:
            pass

    refused = EXERCISES["relu"].alternatives[0], lambda values: -values
    *others, told = holes(
        "relu", mistakes=(mistake("loops", "On.", endless),), alternatives=refused
    )
    assert told.startswith("mistake 'loops' never ends: it was stopped after 0.2 seconds")
    assert len(begun) == 1 and not others


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"window": authored("lambda values, theirs: valeus")},
         f"window raises: {LINE_3}NameError: name 'valeus' is not defined."),
        ({"window": authored("lambda values: 5")},
         f"window opens on none of the examples: {LINE_3}TypeError: <lambda>() got an unexpected"),
        ({"mistakes": (mistake("m", "Said.", np.abs, test=bool),)},
         "the test of mistake 'm' is never asked: nothing is observed"),
        ({"mistakes": (mistake("m", "Said.", np.abs, fits=authored("lambda *given: valeus")),)},
         f"fits of mistake 'm' raises: {LINE_3}NameError: name 'valeus' is not defined."),
        ({"mistakes": (mistake("m", "Said.", np.abs, fits=lambda *given: None),)},
         "fits of mistake 'm' holds in no call of its own ways"),
        ({"observe": lambda answer, ask: 5}, "what is observed is never asked for"),
        ({"observe": authored("lambda answer: 5")},
         f"observe raises for the reference: {LINE_3}TypeError: <lambda>() takes 1 positional"),
    ],
)  # fmt: skip
def test_what_can_not_do_what_it_is_there_for_is_a_hole(holes, fields, why):
    assert [hole for hole in holes("relu", **{"mistakes": ()} | fields) if hole.startswith(why)]


@pytest.mark.seconds
@pytest.mark.skipif(os.name == "nt", reason="there Ctrl-C is no signal that can be sent to one")
@pytest.mark.parametrize(
    ("to_all", "after"), [(True, 0.0), (False, 1.0)], ids=["terminal", "command alone"]
)
def test_ctrl_c_ends_a_proof_and_every_process_of_it(to_all, after):
    keys = [*reversed(EXERCISES)]  # the slowest first
    command = [sys.executable, "-m", "course.cli", "prove", *keys]
    running = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    group = psutil.Process(running.pid)
    while running.poll() is None and len(group.children()) < 2:  # one tracks what they share
        time.sleep(0.02)
    children = group.children(recursive=True)
    time.sleep(after)
    (os.killpg if to_all else os.kill)(running.pid, signal.SIGINT)
    out, err = running.communicate(timeout=60)
    assert (out, err, running.returncode) == (
        "",
        f"Stopped. 0 of {len(keys)} exercises proved.\n",
        130,
    )
    assert not psutil.wait_procs(children, timeout=60)[1]


@pytest.mark.seconds
def test_who_wants_no_more_proofs_waits_for_none():
    proofs = prove_all(["relu", "build_cnn", "build_dense"])
    assert next(proofs).key == "relu"
    proofs.close()
    assert not [one for one in multiprocessing.active_children() if one.is_alive()]


@pytest.mark.parametrize(
    "declared", [{"points": 0}, {"points": 1.5}, {"points": True}, {"minutes": 0}, {"title": " "}]
)
def test_what_no_exercise_can_have_is_refused_where_it_is_declared(declared):
    with pytest.raises(ValueError, match=f"`relu` has .*{next(iter(declared))}.*: "):
        replace(RELU, **declared)


def test_every_file_with_an_exercise_is_asked_in_its_lesson():
    rooms = Path(course.exercises.__file__).parent
    found = {
        (path.parent.name, path.stem)
        for path in rooms.glob("*/*.py")
        if "\nEXERCISE = " in path.read_text(encoding="utf-8")
    }
    asked = {(lesson.name, key) for lesson in LESSONS.values() for key in lesson.exercises}
    assert found == asked


def test_an_exercise_without_a_file_or_with_another_key_is_told(tmp_path, monkeypatch):
    with pytest.raises(Misprint, match=r"lessons.py names `new`, but there is no .*/new.py"):
        load("pooling", "new")
    with pytest.raises(Misprint, match=r"there is no course/exercises/shapes/new.py"):
        load("shapes", "new")
    with pytest.raises(Misprint, match=r"pooled.py has to define EXERCISE"):
        load("pooling", "pooled")
    room = Path(course.exercises.__file__).parent / "pooling"
    shutil.copy(room / "relu.py", tmp_path / "rectify.py")
    monkeypatch.setattr("course.exercises.pooling.__path__", [str(tmp_path)])
    with pytest.raises(Misprint, match=r"rectify.py has the exercise `relu`"):
        load("pooling", "rectify")
