"""The example class: made from the lessons as they are, and every answer in it is what it is called."""

import contextlib
import csv
import io
import runpy
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

import helpers
from course.checking.judge import judge
from course.exercises import EXERCISES
from course.grading.submissions import find

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
MADE = runpy.run_path(str(EXAMPLES / "make_class.py"))
TYPED = {
    f"{key} {name}": (key, name)
    for key, name in MADE["ANSWERS"]
    if name not in ("borrowed", "endless")
}


class Ours:
    """``yours`` for somebody who passed everything."""

    def __getattr__(self, key):
        return EXERCISES[key].reference


def test_the_class_follows_the_lessons():
    made = {path.as_posix(): content for path, content in MADE["files"]().items()}
    there = {
        path.relative_to(EXAMPLES).as_posix(): path.read_bytes()
        for path in [EXAMPLES / "class.csv", *EXAMPLES.glob("class/**/*")]
        if path.is_file()
    }
    stale = {name for name in made.keys() | there.keys() if made.get(name) != there.get(name)}
    assert not stale, "run `.venv/bin/python examples/make_class.py`"


@pytest.mark.parametrize("typed", TYPED)
def test_an_answer_is_what_it_is_called(typed):
    key, name = TYPED[typed]
    window, kernel = EXERCISES["convolve_pixel"].examples[0].args
    notebook = {"np": np, "helpers": helpers, "yours": Ours(), "window": window, "kernel": kernel}
    notebook |= {"hiker": helpers.photograph()[236:364, 384:512]}
    notebook |= {"conv2d_valid": EXERCISES["conv2d_valid"].reference}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(MADE["ANSWERS"][key, name], notebook)  # noqa: S102
        result = judge(EXERCISES[key], notebook[key])
    right = name.startswith("right")
    assert result.status == ("passed" if right else "failed")
    assert result.mistake == (None if right else name), result.message


@pytest.fixture(scope="module")
def stated():
    """The true total of each student in each lesson."""
    with (EXAMPLES / "class.csv").open(encoding="utf-8", newline="") as table:
        rows = csv.DictReader(table)
        return {(row["student"], int(row["lesson"])): int(row["total"]) for row in rows}


def test_the_class_is_found_whole(stated):
    found = find(EXAMPLES / "class").submissions
    assert [(one.student, one.lesson) for one in found] == list(stated)
    assert len({one.student for one in found}) == 30
    assert [one.student for one in found if not one.cells] == ["poplar"]


@pytest.mark.slow
def test_the_grader_gives_the_true_totals(stated, tmp_path):
    command = [sys.executable, "-m", "course.cli", "grade", "examples/class"]
    options = ["--out", str(tmp_path), "--seconds", "2"]
    subprocess.run([*command, *options], check=True, cwd=EXAMPLES.parent)
    true: Counter[str] = Counter()
    for (student, _), total in stated.items():
        true[student] += total
    with (tmp_path / "grades.csv").open(encoding="utf-8-sig", newline="") as table:
        assert {row["student"]: int(row["total"]) for row in csv.DictReader(table)} == true
