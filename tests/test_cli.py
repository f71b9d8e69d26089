"""The `course` command: what it says, how it ends, and never a traceback for a person's mistake."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat import v4
from typer.testing import CliRunner

from course import cli
from course.authoring import consistency, links, notebooks, proof, publishing
from course.checking import progress
from course.exercises import EXERCISES
from course.work import folder, lab, running
from course.work.running import Report

ROOT = Path(__file__).resolve().parents[1]
FIRST, SECOND = "01_convolution_by_hand.ipynb", "02_edge_kernels.ipynb"
KEY = "convolve_pixel"
STUB = f"def {KEY}(window, kernel):\n    # YOUR CODE HERE\n    raise NotImplementedError()"
RIGHT = f"def {KEY}(window, kernel):\n    return float((window * 1.0 * kernel).sum())"
FLIPPED = f"def {KEY}(window, kernel):\n    return float((window * kernel[::-1, ::-1]).sum())"
COMMANDS = ("lab", "check", "progress", "reset", "update", "doctor", "build", "prove")


@pytest.fixture(autouse=True)
def course(tmp_path, monkeypatch):
    """A course of two notebooks; the folder beside it is where the learner types commands."""
    source = tmp_path / "notebooks"
    source.mkdir()
    write(source / FIRST, STUB)
    write(source / SECOND, "relu = ...")
    monkeypatch.setattr(folder, "NOTEBOOKS", source)
    monkeypatch.setattr(progress, "_in_memory", None)
    monkeypatch.setenv("COURSE_PROGRESS", "to be removed again")
    monkeypatch.delenv("COURSE_PROGRESS")
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.chdir(tmp_path)
    yield source
    os.environ.pop("COURSE_PROGRESS", None)


def write(path, answer):
    """Write a notebook with one answer cell."""
    key = answer.split("(")[0].split()[1] if answer.startswith("def") else answer.split()[0]
    cell = v4.new_code_cell(answer, id=key, metadata={"nbgrader": {"grade_id": key}})
    made = v4.new_notebook(cells=[v4.new_code_cell("import numpy as np", id="first"), cell])
    path.write_text(nbformat.writes(made), encoding="utf-8")


def course_command(*words):
    """Run a command; give its exit code and everything that it said, on one line a sentence."""
    done = CliRunner().invoke(cli.app, list(words))
    assert "Traceback" not in done.output
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


# --- Help -----------------------------------------------------------------------------------------


def test_help_names_every_command():
    code, text = course_command("--help")
    assert code == 0
    assert all(f" {command} " in text for command in COMMANDS)
    assert "Exit codes" in text


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_each_command_says_how_it_ends(command):
    code, text = course_command(command, "--help")
    assert code == 0
    assert "Exit code 0" in " ".join(text.split())


def test_nothing_at_all_gives_the_help():
    assert "Usage" in course_command()[1]


def test_version():
    version = links.home(ROOT).version
    assert course_command("--version") == (0, f"course {version}\n")


def test_misspelt_command_is_answered_with_the_one_that_was_meant():
    code, text = course_command("chekc")
    assert code == 2
    assert "'check'" in text


def loaded(statement, *modules):
    """Those of some modules that are there after a statement, in a Python of its own."""
    code = f"import sys; {statement}; print([m for m in {modules} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_help_needs_neither_jupyter_nor_tensorflow():
    heavy = [
        "nbclient",
        "nbformat",
        "matplotlib",
        "tensorflow",
        "IPython",
        "jupyterlab",
        "jupytext",
    ]
    assert loaded("import course.cli", *heavy) == "[]\n"


def test_notebook_import_brings_none_of_what_the_commands_need():
    others = [
        "typer",
        "rich",
        "nbformat",
        "matplotlib",
        "tensorflow",
        "IPython",
        "course.cli",
        "course.work",
    ]
    assert loaded("from course import check, predict, progress, yours", *others) == "[]\n"


# --- Errors ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["reset", "convolve_pixl"], "There is no exercise named convolve_pixl. Did you mean conv"),
        (["reset", KEY], "There is no work/01_convolution_by_hand.ipynb. `course update` copies"),
        (["check", "poling"], "There is no lesson or exercise named poling. Did you mean pooling?"),
        (["check"], "There are no notebooks of yours in work. `course lab` copies them."),
        (["lab", "99"], "There is no lesson named 99."),
        (["lab", "3"], "Lesson 3 is not there yet."),
        (["prove", "reluu"], "Did you mean relu?"),
        (["build", "--check", "1"], "--check looks at every lesson"),
        (["build", "--check", "--repository", "origin"], "--check writes nothing"),
        (["build", "1", "--repository", "origin"], "--repository is for every lesson"),
        (["progress", "--folder", "nowhere"], "There is no folder nowhere."),
        (["gradescope", "--out", "."], ". is a folder, and --out wants a file"),
        (["update", "--folder", "a file"], "a file is a file, and --folder wants a folder."),
    ],
)
def test_mistake_of_the_person_is_told_in_a_sentence(words, sentence):
    Path("a file").touch()
    code, text = course_command(*words)
    assert code == 2
    assert sentence in text


def test_an_exercise_that_no_entry_names_is_told_so_and_not_that_there_is_none(monkeypatch):
    monkeypatch.setattr(consistency, "unnamed", lambda: [("stripes", "No entry names it.")])
    assert course_command("prove", "stripes") == (2, "No entry names it.\n")


def test_full_disk_is_told_in_a_sentence(monkeypatch):
    def fail(source, target):
        raise OSError(28, "No space left on device", target)

    monkeypatch.setattr(os, "replace", fail)
    code, text = course_command("update")
    assert code == 2
    assert f"{FIRST}: No space left on device." in text


# --- Learning -------------------------------------------------------------------------------------


def test_lab_copies_then_opens_the_lesson(monkeypatch):
    opened = []

    def open_lab(where, name, port, say):
        opened.append((where, name, port))
        say("http://localhost:8888/lab/tree/x?token=" + "t" * 200, False)
        return 0

    monkeypatch.setattr(lab, "open_lab", open_lab)
    code, text = course_command("lab", "2")
    assert code == 0
    assert opened == [(Path("work"), SECOND, 8888)]
    assert f"Copied to work: {FIRST}, {SECOND}" in text
    assert "t" * 200 in text
    assert "Ctrl-C" in text
    assert "Copied" not in course_command("lab")[1]
    assert opened[1][1] == FIRST


def test_lab_that_does_not_start_is_told(monkeypatch):
    monkeypatch.setattr(lab, "open_lab", lambda *_: 1)
    code, text = course_command("lab")
    assert code == 2
    assert "JupyterLab ended by itself (code 1)" in text


def test_update_says_what_it_did_and_what_it_left(course):
    assert f"Added: {FIRST}, {SECOND}" in course_command("update")[1]
    assert course_command("update") == (0, "Everything in work is up to date.\n")
    write(Path("work") / FIRST, RIGHT)
    write(course / FIRST, STUB + "  # newer")
    write(course / SECOND, "relu = ...  # newer")
    code, text = course_command("update")
    assert code == 0
    assert f"Brought up to date: {SECOND}" in text
    assert f"{FIRST} (you changed it)" in text
    assert "course update --beside" in text
    assert "01_convolution_by_hand.new-1.ipynb" in course_command("update", "--beside")[1]
    assert RIGHT in nbformat.read(Path("work") / FIRST, as_version=4).cells[1].source


def test_reset_gives_the_stub_back(course):
    course_command("update")
    write(Path("work") / FIRST, RIGHT)
    code, text = course_command("reset", KEY)
    assert code == 0
    assert "Your earlier answer stands below it" in text
    assert "JupyterLab" in text
    assert nbformat.read(Path("work") / FIRST, as_version=4).cells[1].source == STUB
    assert "nothing to reset" in course_command("reset", KEY)[1]


@pytest.mark.seconds
def test_check_runs_the_notebooks_and_remembers(course):
    course_command("update")
    assert "are as they were copied" in course_command("check")[1]

    write(Path("work") / FIRST, FLIPPED)
    before = (Path("work") / FIRST).read_bytes()
    code, text = course_command("check")
    assert code == 1
    assert "✗  convolve_pixel" in text
    assert "Not yet: flipped" in text
    assert "732" in text
    assert "Not attempted: no cell defines it" in text
    assert SECOND not in text
    assert (Path("work") / FIRST).read_bytes() == before

    write(Path("work") / FIRST, RIGHT)
    code, text = course_command("check", KEY)
    assert code == 0
    assert "✓  convolve_pixel" in text
    assert "neighborhood" not in text.split("points. Next")[0]
    assert Path("work/progress.sqlite").exists()
    code, text = course_command("progress")
    assert code == 0
    assert "✓  convolve_pixel" in text
    assert f"{EXERCISES[KEY].points} of 100 points" in text or "points. Next:" in text


def test_check_goes_on_after_a_notebook_that_cannot_be_read(monkeypatch):
    course_command("update")
    Path("work", FIRST).write_text("not JSON")
    write(Path("work") / SECOND, "relu = 1")
    ran = []
    real = running.run

    def run(path, lesson, seconds, tick):
        ran.append(lesson)
        return real(path, lesson, seconds, tick) if lesson == 1 else Report()

    monkeypatch.setattr(running, "run", run)
    code, text = course_command("check")
    assert code == 1
    assert ran == [1, 2]
    assert "can't be read as a notebook" in text


def test_check_shows_the_first_message_unless_asked_for_all(monkeypatch):
    from course.checking.result import Result

    results = [Result(key, "failed", None, f"message of {key}", 0, 1) for key in ("relu", KEY)]
    report = Report(results, {"relu": None, KEY: None}, {}, ["Code cell 1 (x): NameError"])
    monkeypatch.setattr(running, "run", lambda *_: report)
    course_command("update")
    code, text = course_command("check", "1")
    assert code == 1
    assert "Code cell 1 (x): NameError" in text
    assert "message of relu" in text
    assert "message of convolve" not in text
    assert "1 more do not pass yet" in text
    assert "message of convolve" in course_command("check", "1", "--all")[1]


def test_progress_is_read_where_the_environment_says(monkeypatch, tmp_path):
    from course.checking.result import Result

    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "mine.sqlite"))
    progress.remember(Result(KEY, "passed", None, "", 2, 2))
    assert "✓  convolve_pixel" in course_command("progress")[1]
    assert not Path("work").exists()


@pytest.mark.parametrize("width", [40, 60, 80])
def test_tables_are_legible_at_any_width(width, monkeypatch):
    monkeypatch.setenv("COLUMNS", str(width))
    code, text = course_command("progress")
    assert code == 0
    assert max(map(len, text.split("\n\n")[0].splitlines())) <= width
    assert "\x1b" not in text
    assert "convolve_p" in text  # the rest of a long key stands on the next line


# --- Writing lessons ------------------------------------------------------------------------------


def test_build_says_what_it_wrote(monkeypatch):
    asked = []

    def build(lessons=None, force=False, progress=print):
        asked.append((lessons, force))
        progress("Running the solution.")
        return [ROOT / "notebooks" / FIRST] if force else []

    monkeypatch.setattr(notebooks, "build", build)
    assert course_command("build") == (
        0,
        "Running the solution.\nNothing to do: every notebook is up to date.\n",
    )
    code, text = course_command("build", "1", "edge_kernels", "--force")
    assert code == 0
    assert Path(text.split("Wrote ")[1].strip()) == Path("notebooks", FIRST)
    assert asked == [(None, False), ([1, 2], True)]


def test_stale_notebooks_are_listed_and_end_with_1(monkeypatch):
    monkeypatch.setattr(publishing, "remarks", lambda root, home: [])
    monkeypatch.setattr(notebooks, "stale", lambda: ["One is stale.", "Another too."])
    assert course_command("build", "--check") == (1, "One is stale.\nAnother too.\n")
    monkeypatch.setattr(notebooks, "stale", list)
    assert course_command("build", "--check") == (0, "Every notebook is up to date.\n")
    monkeypatch.setattr(publishing, "remarks", lambda root, home: ["It is not tagged."])
    assert course_command("build", "--check") == (
        0,
        "Every notebook is up to date.\nIt is not tagged.\n",
    )


def test_what_does_not_belong_together_is_told_and_ends_with_1(monkeypatch):
    monkeypatch.setattr(publishing, "remarks", lambda root, home: [])
    monkeypatch.setattr(consistency, "amiss", lambda: ["One stands alone."])
    monkeypatch.setattr(notebooks, "stale", list)
    assert course_command("build", "--check") == (1, "One stands alone.\n")
    monkeypatch.setattr(notebooks, "build", lambda *given, **more: [])
    code, text = course_command("build")
    assert code == 1 and text.endswith("One stands alone.\n")
    assert course_command("build", "1")[0] == 0


def test_lesson_that_cannot_be_built_ends_with_1(monkeypatch):
    def build(*args, **kwargs):
        raise notebooks.CannotBuild("The first cell has no title.\nNor has the second.")

    monkeypatch.setattr(notebooks, "build", build)
    assert course_command("build") == (1, "The first cell has no title.\nNor has the second.\n")


SMALL = "horizontal_kernel"  # quickly proved


@pytest.mark.seconds
def test_prove_shows_a_table_and_its_totals():
    code, text = course_command("prove", SMALL, "vertical_kernel")
    named = sum(len(EXERCISES[key].wrong) for key in (SMALL, "vertical_kernel"))
    assert code == 0
    assert "2 exercises" in text
    assert text.count(f"{named} of {named}") == 2
    assert text.endswith("No hole: everything is proved.\n")


def test_one_exercise_is_one():
    assert re.search(r"\b1 exercise\b", course_command("prove", SMALL)[1])


@pytest.mark.seconds
def test_a_long_proof_says_how_far_it_is_where_there_is_no_terminal(monkeypatch):
    quick = [proof.Proof(key, 1, 1) for key in EXERCISES]
    monkeypatch.setattr(proof, "prove_all", lambda keys: iter(quick))
    said = re.findall(r"(\d+) of (\d+) exercises tried\.", course_command("prove")[1])
    tens = range(10, len(quick) + 1, 10)
    assert said == [(str(ten), str(len(quick))) for ten in tens]


def test_hole_is_a_sentence_and_ends_with_1(monkeypatch):
    monkeypatch.setattr(proof, "always_wrong", lambda exercise: [("the right", exercise.reference)])
    code, text = course_command("prove", SMALL)
    assert code == 1
    assert f"{SMALL}: the right is accepted" in text


def test_proof_for_machines_is_json_and_nothing_else():
    code, text = course_command("prove", SMALL, "--json")
    assert code == 0
    found = json.loads(text)
    assert [one["key"] for one in found["exercises"]] == [SMALL]
    assert found["totals"]["mistakes"] == found["totals"]["named"] == len(EXERCISES[SMALL].wrong)
    assert found["totals"]["holes"] == 0


# --- When something does not work -----------------------------------------------------------------


def test_doctor_ends_with_a_line_to_quote(monkeypatch):
    from course import doctor

    code, text = course_command("doctor")
    last = text.splitlines()[-1]
    assert last.startswith(f"course {links.home(ROOT).version}, Python 3.")
    assert (code == 0) == last.endswith("all is well")
    monkeypatch.setitem(doctor.USED_BY, "numpy", "every lesson")
    monkeypatch.setattr(doctor, "installed", lambda name: None if name == "scipy" else "999")
    code, text = course_command("doctor")
    assert code == 1
    assert text.splitlines()[-1].endswith("scipy is missing (every lesson)")
