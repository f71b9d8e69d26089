"""The doctor: what is missing is told with the lessons that need it, and one line says it all."""

import importlib.metadata
import os
import subprocess
import sys
import warnings
from pathlib import Path

import pytest
from packaging.requirements import Requirement

import helpers
from course import doctor
from course.doctor import Diagnosis, examine
from course.work import folder


@pytest.fixture(autouse=True)
def healthy(tmp_path, monkeypatch):
    """A machine on which nothing is missing, and a course of one notebook."""
    notebooks = tmp_path / "notebooks"
    notebooks.mkdir()
    (notebooks / "01_convolution_by_hand.ipynb").write_text("{}")
    monkeypatch.setattr(folder, "NOTEBOOKS", notebooks)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(helpers, "fashion_mnist", lambda: FakeData, raising=False)
    pretend(monkeypatch, {})


class FakeData:
    source = "Fashion-MNIST, as shipped."


def pretend(monkeypatch, versions):
    """Let packages have other versions, or none."""
    good = dict.fromkeys(doctor.USED_BY, "999")
    found = {**good, **versions}

    def version(name):
        if found.get(name) is None:
            raise importlib.metadata.PackageNotFoundError(name)
        return found[name]

    monkeypatch.setattr(importlib.metadata, "version", version)


def row(diagnosis: Diagnosis, what: str) -> tuple[str, str]:
    """What was found of one thing, and what is said of it."""
    return next((found, note) for name, found, note in diagnosis.rows if name == what)


def test_healthy_machine_has_no_problem():
    found = examine(Path("work"))
    assert found.problems == []
    assert found.verdict.endswith(", numpy 999: all is well")
    assert found.verdict.startswith(f"course {doctor.version()}, Python 3.")
    assert "\n" not in found.verdict


def test_missing_package_is_told_with_the_lessons_that_need_it(monkeypatch):
    pretend(monkeypatch, {"scipy": None})
    found = examine(Path("work"))
    assert row(found, "scipy") == ("missing", "is missing (every lesson)")
    assert found.problems == ["scipy is missing (every lesson)"]
    assert found.verdict.endswith("scipy is missing (every lesson)")


def test_old_package_is_told_with_what_is_wanted(monkeypatch):
    pretend(monkeypatch, {"numpy": "1.26.4"})
    assert "numpy is not >=2.1 (every lesson)" in examine(Path("work")).problems


def test_package_that_only_the_command_needs_is_no_problem(monkeypatch):
    pretend(monkeypatch, {"jupyterlab": None})
    found = examine(Path("work"))
    assert row(found, "jupyterlab") == ("missing", "only for course lab")
    assert found.problems == []


def test_other_builds_of_tensorflow_will_do(monkeypatch):
    pretend(monkeypatch, {"tensorflow": None, "tensorflow-cpu": "999"})
    assert row(examine(Path("work")), "tensorflow") == ("999", "fine")


def test_tensorflow_is_only_missed_where_there_is_one(monkeypatch):
    pretend(monkeypatch, {"tensorflow": None, "keras": None})
    monkeypatch.setattr(doctor, "requirement", lambda name: (None, False))
    assert examine(Path("work")).problems == []
    wanted = (Requirement("tensorflow>=2.20"), True)
    monkeypatch.setattr(doctor, "requirement", lambda name: wanted)
    problems = examine(Path("work")).problems
    assert "tensorflow is missing (lessons 4 and 5, half of lesson 6)" in problems


def test_everything_that_is_examined_is_something_the_course_asks_for():
    asked = [name for name in doctor.USED_BY if doctor.requirement(name)[0] is not None]
    assert set(doctor.USED_BY) - set(asked) <= {"keras", "tensorflow"}


def test_old_python_is_told(monkeypatch):
    monkeypatch.setattr(doctor.platform, "python_version", lambda: "3.9.1")
    assert any(problem.startswith("Python is not >=3.11") for problem in examine(Path()).problems)


def test_folder_that_cannot_be_written_is_told(monkeypatch):
    def refuse(dir):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(doctor.tempfile, "TemporaryFile", refuse)
    assert "your folder can't be written (Permission denied)" in examine(Path("work")).problems


def test_full_disk_is_told(monkeypatch):
    usage = type("Usage", (), {"free": 10 * 2**20})
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda path: usage)
    assert "disk is nearly full" in examine(Path("work")).problems


def test_newer_notebooks_are_told_but_no_problem():
    folder.update(Path("work"))
    assert row(examine(Path("work")), "notebooks") == ("1 in the course", "the newest")
    (folder.NOTEBOOKS / "01_convolution_by_hand.ipynb").write_text("{ }")
    found = examine(Path("work"))
    assert row(found, "notebooks") == ("1 in the course", "1 newer: course update")
    assert found.problems == []


def test_damaged_data_is_told(monkeypatch):
    def passed_over():
        warnings.warn("Fashion-MNIST in Keras's cache is passed over: cut short.", stacklevel=1)
        return FakeData

    monkeypatch.setattr(helpers, "fashion_mnist", passed_over)
    assert "passed over" in examine(Path("work")).verdict


def test_missing_data_is_told(monkeypatch):
    def missing():
        raise OSError("it is not there")

    monkeypatch.setattr(helpers, "fashion_mnist", missing)
    assert "Fashion-MNIST can't be read (it is not there)" in examine(Path("work")).problems


def test_tensorflow_is_not_imported():
    code = """
import sys, pathlib, course.doctor
course.doctor.examine(pathlib.Path("work"))
print("tensorflow" in sys.modules or "matplotlib" in sys.modules)
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(Path(doctor.__file__).parents[1])},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "False\n"
