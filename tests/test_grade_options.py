"""What `course grade` makes of its options: how many workers, and files for other programs."""

import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from typer.testing import CliRunner

from course.cli import app
from course.grading import marking
from course.grading.cage import bubblewrap
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
    monkeypatch.setattr(bubblewrap, "bubblewrap", list)
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


@pytest.mark.parametrize(("processors", "workers"), [(1, [1, 1]), (2, [2, 2]), (5, [5, 4])])
def test_there_is_a_worker_for_each_processor_and_no_more(
    grade, jobs, monkeypatch, processors, workers
):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(processors)), raising=False)
    grade(["ash"])
    grade(["elm"], "--jobs", "4", "--fresh")
    assert jobs == workers


def test_as_many_workers_as_are_wanted(grade, jobs):
    grade(["ash"], "--jobs", "1")
    assert jobs == [1]


def test_one_student_is_graded_anew_with_the_same_cases(grade, monkeypatch):
    graded = []

    def note(one, terms):
        graded.append((one.student, terms.seed))
        return nothing(one, "graded", "not run")

    monkeypatch.setattr(marking, "grade", note)
    report = grade(["ash", "elm"])
    (seed,) = {seed for _, seed in graded}
    graded.clear()
    command = ["grade", str(report.parent / "class"), "--out", str(report)]
    done = CliRunner().invoke(app, [*command, "--again", "ELM"])
    assert (done.exit_code, graded) == (0, [("elm", seed)])
    done = CliRunner().invoke(app, [*command, "--again", "ehm"])
    assert done.exit_code == 2
    assert "nobody of this name handed in" in " ".join(done.output.split())


def test_the_class_list_lateness_and_another_class_reach_the_report(grade, tmp_path):
    (tmp_path / "class.csv").write_text("name,section\nash,A\nelm,B\nfay,B\n")
    spring = grade(["ash"]).rename(tmp_path / "spring")
    report = grade(
        ["elm"], "--roster", str(tmp_path / "class.csv"), "--late", "10% a day, at most 50%",
        "--beside", str(spring), "--seed", "43210",
    )  # fmt: skip
    page = (report / "index.html").read_text("utf-8")
    assert "fay" in page and "Side by side" in page and "spring" in page
    assert "10% a day, at most 50%" in page and "--seed 43210" in page
    for student in (report / "students").iterdir():
        words = student.read_text("utf-8")
        assert "--late" in words and "43210" not in words and "class.csv" not in words


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--late", ""], "--late was given nothing"),
        (["--lesson", ""], "--lesson was given nothing"),
        (["--student", " "], "--student was given nothing"),
        (["--late", "a lot"], "--late does not understand"),
        (["--roster", "nowhere.csv"], "nowhere.csv can't be read"),
        (["--beside", "nowhere"], "nowhere"),
        (["--late", "10% a day", "--format", "classroom"], "does not go with"),
    ],
)
def test_what_a_teacher_wrote_is_read_before_anything_is_graded(
    tmp_path, jobs, monkeypatch, options, said
):
    monkeypatch.setattr(marking, "grade", None)
    (tmp_path / "class").mkdir()
    (tmp_path / "class" / f"ash_{LESSONS[1].file}").write_text("{}")
    command = ["grade", str(tmp_path / "class"), "--out", str(tmp_path / "report"), *options]
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 2
    assert said in " ".join(done.output.split())
    assert jobs == [] and not (tmp_path / "report").exists()


@pytest.mark.parametrize("name", ["index.html", "grades.csv"])
def test_no_file_of_somebody_else_is_written_over(tmp_path, jobs, name):
    (tmp_path / "class").mkdir()
    (tmp_path / "class" / f"ash_{LESSONS[1].file}").write_text("{}")
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / name).write_text("Mine.")
    command = ["grade", str(tmp_path / "class"), "--out"]
    done = CliRunner().invoke(app, [*command, str(tmp_path / "site")])
    assert done.exit_code == 2
    assert f"{name} in" in done.output and "ledger.sqlite" in " ".join(done.output.split())
    assert [file.name for file in (tmp_path / "site").iterdir()] == [name]
    done = CliRunner().invoke(app, [*command, str(tmp_path / "site" / name)])
    assert done.exit_code == 2 and "is a file" in " ".join(done.output.split())


def test_a_file_for_another_program_of_an_earlier_run_is_told(grade, tmp_path):
    report = grade(["ash"], "--format", "canvas")
    assert (report / "canvas.csv").exists()
    command = ["grade", str(tmp_path / "class"), "--out", str(report)]
    said = {
        options: " ".join(CliRunner().invoke(app, [*command, *options]).output.split())
        for options in [(), ("--format", "nbgrader"), ("--format", "canvas")]
    }
    assert [("from an earlier run" in words) for words in said.values()] == [True, True, True]
    assert "--format canvas this is written anew" in said[()]
    assert "--format canvas this" not in said["--format", "canvas"]


def test_the_file_of_one_student_goes_when_there_are_several(grade):
    report = grade(["ash"], "--format", "gradescope")
    grade(["elm"], "--format", "gradescope")
    assert len([*report.rglob("results.json")]) == 2 and not (report / "results.json").exists()


def test_a_report_is_not_replaced_by_that_of_another_class_or_lesson(grade, tmp_path):
    report = grade(["ash", "oak, old"], "--lesson", "1", "--seed", "7")
    (tmp_path / "others" / "fir").mkdir(parents=True)
    (tmp_path / "others" / "fir" / LESSONS[1].file).write_text("{}")
    before = (report / "grades.csv").read_bytes()

    def again(place, *options):
        done = CliRunner().invoke(
            app, ["grade", str(tmp_path / place), "--out", str(report), *options]
        )
        return done.exit_code, " ".join(done.output.split())

    code, said = again("class", "--lesson", "2")
    assert code == 2
    assert "is of lesson 1, and this one would be of lesson 2. Choose another folder" in said
    code, said = again("others")
    assert code == 2
    assert "is of ash, oak, old, of whom nobody is among what is graded here" in said
    assert (report / "grades.csv").read_bytes() == before
    assert again("class")[0] == 0  # more of the same class
    code, said = again("class", "--lesson", "1")
    assert code == 0 and "was of lesson 2 as well, and is no more" in said
    assert "as well" not in again("class", "--lesson", "1")[1]
    assert again("others", "--fresh")[0] == 0
    assert b"fir" in (report / "grades.csv").read_bytes()


def test_who_was_in_the_last_report_and_is_not_in_this_one_is_told_once(grade, tmp_path):
    report = grade(["ash", "oak, old"])

    def again():
        done = CliRunner().invoke(app, ["grade", str(tmp_path / "class"), "--out", str(report)])
        assert done.exit_code == 0
        return " ".join(done.output.split())

    (tmp_path / "class" / "ash").rename(tmp_path / "ash")
    assert "In the last report and not here: ash. What was graded is kept" in again()
    assert "In the last report" not in again()
    (tmp_path / "ash").rename(tmp_path / "class" / "ash")
    assert "In the last report" not in again()


def test_two_programs_get_their_files_at_once(grade):
    report = grade(["ash"], "--format", "nbgrader", "--format", "canvas")
    assert (report / "nbgrader.csv").exists() and (report / "canvas.csv").exists()


def test_who_stops_it_is_told_what_is_kept(grade, tmp_path, monkeypatch):
    def stops(one, terms):
        if one.student == "ash":
            raise KeyboardInterrupt
        return nothing(one, "graded", "not run")

    monkeypatch.setattr(marking, "grade", stops)
    for name in ("ash", "elm"):
        (tmp_path / "class" / name).mkdir(parents=True)
        (tmp_path / "class" / name / LESSONS[1].file).write_text("{}")
    command = ["grade", str(tmp_path / "class"), "--out", str(tmp_path / "report")]
    done = CliRunner().invoke(app, [*command, "--jobs", "1"])
    assert done.exit_code == 130
    assert "of 2 notebooks are graded and kept" in " ".join(done.output.split())
    assert not (tmp_path / "report" / "grades.csv").exists()
