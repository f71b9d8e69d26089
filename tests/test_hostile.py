"""A class that cheats, breaks and attacks: everyone gets what was earned, and nothing else happens.

Each file of `hostile/` holds submissions, `# === NAME | RIGHT | WHY`, each with the cells that are
put into a lesson 1 that is otherwise right: `# %% KEY` in place of a cell, `# %% above KEY` above
it. RIGHT names the exercises that earn their points. They are no .py files, so that nothing imports
them.
"""

import csv
import os
import re
import runpy
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import psutil
import pytest

from course.checking.judge import NOTEBOOK_SEED, judge, solved_calls
from course.exercises import EXERCISES, exercises_of
from course.grading.cage import walls

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="bubblewrap needs Linux"),
]

ROOT = Path(__file__).resolve().parents[1]
MADE = runpy.run_path(str(ROOT / "examples" / "make_class.py"))
POINTS = {exercise.key: exercise.points for exercise in exercises_of(1)}

FORGE = """\
import gc, json, os, signal, time
from course.checking.calling import Outcome
from course.checking.looking import Answer, Raised
from course.grading.cage.wire import Channel
channels = [one for one in gc.get_objects() if isinstance(one, Channel)]
ends = [channel.end for channel in channels]
jobs = [one for one in gc.get_objects() if isinstance(one, dict) and "keys" in one and "cells" in one]
def say(event):
    for channel in channels:
        channel.send(event)
"""

LIE = """\
from course.grading.cage import wire
class Lie:
    def __init__(self, tree, empty=0):
        self.tree, self.empty = tree, empty
plain = wire.flat
def flat(value, buffers, *rest):
    if type(value) is not Lie:
        return plain(value, buffers, *rest)
    buffers += [b""] * value.empty
    return value.tree
wire.flat = flat
"""

BY_HEART = {
    key: {
        str([one.tolist() for one in call.args]): np.asarray(answer).tolist()
        for call, answer in zip(*solved_calls(key, NOTEBOOK_SEED), strict=True)
    }
    for key in ("convolve_pixel", "conv2d_valid")
}
"""What the checks in a notebook ask and want: their messages tell it, little by little."""

OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
MARKUP = re.compile("<script>alert|<script src|<svg onload|<img src=x|<b>Zo", re.IGNORECASE)


class Student(NamedTuple):
    """A submission, and which of its answers are right."""

    name: str
    right: set[str]
    cells: list[tuple[str, str]]


def students() -> list[Student]:
    """Everybody in the class."""
    found = []
    for file in sorted((ROOT / "tests" / "hostile").glob("*.txt")):
        _, *parts = re.split(r"^# === (.+)\n", file.read_text("utf-8"), flags=re.MULTILINE)
        for header, body in zip(parts[::2], parts[1::2], strict=True):
            name, right, why = header.split(" | ")
            assert why
            _, *cells = re.split(r"^# %% (.+)\n", body, flags=re.MULTILINE)
            found.append(
                Student(
                    name.encode("ascii").decode("unicode_escape"),
                    keys(right),
                    list(zip(cells[::2], cells[1::2], strict=True)),
                )
            )
    return found


def keys(words: str) -> set[str]:
    """The exercises that `all`, `all but A B` or `A B` name."""
    _, but, excepted = words.partition("all but ")
    named = set((excepted if but else words).split()) - {"all"}
    assert named <= POINTS.keys()
    return POINTS.keys() - named if but or words == "all" else named


def notebook(student: Student) -> bytes:
    """Lesson 1 with all right answers and this student's cells."""
    made = MADE["lesson_notebook"](1)
    cells, find = made["cells"], partial(MADE["cell_of"], made)
    imports = next(cell for cell in cells if "import numpy as np" in "".join(cell["source"]))
    for key in POINTS:
        find(key)["source"] = MADE["solution"](key).splitlines(keepends=True)
    for number, (place, source) in enumerate(student.cells):
        source = source.strip().replace("FORGE\n", FORGE).replace("LIE\n", LIE)
        source = source.replace("BY_HEART\n", f"by_heart = {BY_HEART}\n")
        source = source.replace("MEGABYTE", f"numbers = [{'0, ' * 350_000}]")
        action, _, key = place.rpartition(" ")
        if action == "above":
            cells.insert(cells.index(find(key)), MADE["new_cell"](f"own-{number}", source))
        elif action == "delete":
            cells.remove(find(key))
        elif action == "twice":
            cells.insert(cells.index(find(key)), {**find(key), "id": f"copy-{number}"})
        elif key == "only-answers":
            cells[:] = [imports, *(cell for cell in cells if cell["id"] in POINTS)]
        elif key == "reversed-answers":
            cells[:] = [imports, *(cell for cell in cells[::-1] if cell["id"] in POINTS)]
        else:
            find(key)["source"] = source.splitlines(keepends=True)
    return MADE["written"](made)


class Graded(NamedTuple):
    """What is there after the class was graded."""

    done: subprocess.CompletedProcess
    report: Path
    points: list[dict[str, int]]
    before: dict[Path, bytes]
    after: dict[Path, bytes]
    running: list[psutil.Process]


@pytest.fixture(scope="module")
def graded(tmp_path_factory) -> Graded:
    """The class, graded by the command, in a home and a temporary folder of its own."""
    home = tmp_path_factory.mktemp("hostile")
    for folder in ("class", "tmp", "here"):
        (home / folder).mkdir()
    (home / "canary").write_text("untouched")
    for number, student in enumerate(students()):
        folder = home / "class" / f"{number:02d} {student.name}"
        folder.mkdir()
        (folder / "01_convolution_by_hand.ipynb").write_bytes(notebook(student))
    walls.adopt_orphans()  # whatever outlives the grader becomes ours, and is seen
    before, ours = everything(home), set(psutil.Process().children())
    command = [sys.executable, "-m", "course.cli", "grade", str(home / "class")]
    command += ["--out", str(home / "report"), "--seconds", "2", "--memory", "768"]
    own = {"HOME": str(home), "TMPDIR": str(home / "tmp"), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [*command, "--jobs", "2"],
        check=False,
        capture_output=True,
        text=True,
        cwd=home / "here",
        env={**os.environ, **own, "CANARY": "untouched"},
    )
    left = set(psutil.Process().children(recursive=True)) - ours
    with (home / "report" / "grades.csv").open(encoding="utf-8-sig", newline="") as table:
        points = [{key: int(row[key]) for key in POINTS} for row in csv.DictReader(table)]
    return Graded(
        done,
        home / "report",
        points,
        before,
        {f: b for f, b in everything(home).items() if not f.is_relative_to(home / "report")},
        [one for one in left if one.status() != psutil.STATUS_ZOMBIE],
    )


def everything(folder: Path) -> dict[Path, bytes]:
    """All files in a folder, and what is in them; of folders only that they are there."""
    return {path: path.read_bytes() if path.is_file() else b"" for path in folder.rglob("*")}


def everyone_gets_what_was_earned(graded: Graded) -> None:
    assert graded.done.returncode == 0, graded.done.stderr
    everyone = students()
    assert len(graded.points) == len(everyone) >= 40
    wrong = {
        (student.name, key): f"{got[key]} of {points}"
        for student, got in zip(everyone, graded.points, strict=True)
        for key, points in POINTS.items()
        if got[key] != (points if key in student.right else 0)
    }
    assert not wrong, graded.done.stderr


def nothing_is_written_but_the_report(graded: Graded) -> None:
    report = {graded.report}
    changed = {path for path in graded.before if graded.before[path] != graded.after.get(path)}
    assert not changed
    assert graded.after.keys() - graded.before.keys() <= report


def nothing_is_left_running(graded: Graded) -> None:
    assert not graded.running


def what_they_wrote_is_shown_and_not_obeyed(graded: Graded) -> None:
    texts = {path: path.read_text("utf-8") for path in graded.report.rglob("*.html")}
    assert len(texts) > len(graded.points)
    assert any("&lt;script&gt;alert" in text for text in texts.values())
    texts[graded.report / "grades.csv"] = (graded.report / "grades.csv").read_text("utf-8-sig")
    texts[Path("the terminal")] = graded.done.stdout + graded.done.stderr
    assert not [path for path, text in texts.items() if OBEYED.search(text)]
    assert not [
        path
        for path, text in texts.items()
        if path.suffix and path.suffix != ".csv" and MARKUP.search(text)
    ]
    assert all(len(text) < 1_000_000 for text in texts.values())


def test_the_class_gets_what_it_earned_and_leaves_nothing(graded, subtests):
    """One test, lest two workers grade the class, each for some of the statements."""
    for statement in (
        everyone_gets_what_was_earned,
        nothing_is_written_but_the_report,
        nothing_is_left_running,
        what_they_wrote_is_shown_and_not_obeyed,
    ):
        with subtests.test(statement.__name__):
            statement(graded)


def test_what_is_known_by_heart_is_right_in_a_notebook():
    (learner,) = (one for one in students() if "BY_HEART" in str(one.cells))
    room = {"np": np, "by_heart": BY_HEART}
    for key, source in learner.cells:
        exec(source.replace("BY_HEART\n", ""), room)  # noqa: S102
        assert judge(EXERCISES[key], room[key])
