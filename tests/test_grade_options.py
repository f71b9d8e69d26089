"""What `course grade` makes of its options: how many workers, and files for other programs."""

import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from typer.testing import CliRunner

from course.cli import app
from course.grading import marking
from course.grading.cage import cage
from course.grading.graded import exercises_of, nothing
from course.grading.reports.files import page_name
from course.lessons import LESSONS

FILES = {"gradescope": "results.json", "classroom": "classroom.env"}
HANDED_IN = {"ash": [1], "elm": [2], "oak, old": [1, 2]}
EXERCISES = {
    name: [exercise.key for lesson in lessons for exercise in exercises_of(lesson)]
    for name, lessons in HANDED_IN.items()
}


@pytest.fixture
def jobs(monkeypatch) -> list[int]:
    """How many workers were asked for; they work in this process, and run nothing."""
    asked: list[int] = []

    def workers(jobs):
        asked.append(jobs)
        return ThreadPoolExecutor(1)

    monkeypatch.setattr(marking, "local", workers)
    monkeypatch.setattr(marking, "grade", lambda one, terms: nothing(one, "graded", "not run"))
    monkeypatch.setattr(cage, "bubblewrap", list)
    return asked


@pytest.fixture
def grade(tmp_path, jobs):
    """Grade these students' notebooks; the report's folder comes back."""

    def grade(students, *options):
        for name in students:
            folder = tmp_path / "class" / name
            folder.mkdir(parents=True)
            for lesson in HANDED_IN[name]:
                (folder / LESSONS[lesson].file).write_text("{}")
        command = ["grade", str(tmp_path / "class"), "--out", str(tmp_path / "report"), *options]
        done = CliRunner().invoke(app, command)
        assert done.exit_code == 0, done.output
        return tmp_path / "report"

    return grade


def exercises_in(file):
    """Name the exercises that a file reports."""
    text = file.read_text("utf-8")
    if file.suffix == ".env":
        return dict(line.split("=", 1) for line in text.splitlines())["RUNNERS"].split(",")
    return [test["name"] for test in json.loads(text)["tests"]]


@pytest.mark.parametrize(("form", "file"), FILES.items())
def test_other_programs_get_a_folder_for_each_student_named_like_the_page(grade, form, file):
    report = grade(HANDED_IN, "--format", form)
    pages = {name: page_name(name) for name in HANDED_IN}
    assert {page.name for page in (report / "students").iterdir()} == set(pages.values())
    places = {name: report / form / Path(page).stem / file for name, page in pages.items()}
    assert set(report.rglob(file)) == set(places.values())
    assert {name: exercises_in(place) for name, place in places.items()} == EXERCISES


@pytest.mark.parametrize(("form", "file"), FILES.items())
def test_of_one_student_they_get_a_file(grade, form, file):
    report = grade(["oak, old"], "--format", form)
    assert [*report.rglob(file)] == [report / file]
    assert exercises_in(report / file) == EXERCISES["oak, old"]


@pytest.mark.parametrize(("processors", "workers"), [(1, 2), (2, 2), (5, 5)])
def test_there_is_a_worker_for_each_processor_and_two_at_least(
    grade, jobs, monkeypatch, processors, workers
):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(processors)), raising=False)
    grade(["ash"])
    assert jobs == [workers]


def test_as_many_workers_as_are_wanted(grade, jobs):
    grade(["ash"], "--jobs", "1")
    assert jobs == [1]
