"""What `course prove` refuses, and that an exercise is found by its key alone."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

import course.exercises
from course.authoring.proof import prove
from course.checking.judge import judge
from course.checking.naming import forget
from course.exercises import EXERCISES, load, mistake
from course.lessons import LESSONS
from course.misprints import Misprint

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
