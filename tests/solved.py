"""Solved lessons with some answers replaced, handed in and graded as a teacher does it."""

import csv
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import nbformat

from course.lessons import LESSONS

ROOT = Path(__file__).resolve().parents[1]


def hand_in(lesson: int, student: Path, answers: Mapping[str, str], first_cell: str = "") -> None:
    """Lay down the solved lesson with some answers replaced, and without its outputs."""
    name = LESSONS[lesson].file
    notebook = json.loads((ROOT / "solutions" / name).read_text("utf-8"))
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = []
            cell["source"] = answers.get(cell["id"], cell["source"])
    if first_cell:
        notebook["cells"].insert(0, nbformat.v4.new_code_cell(first_cell, id="first"))
    student.mkdir(parents=True, exist_ok=True)
    (student / name).write_text(json.dumps(notebook), "utf-8")


def graded(place: Path, jobs: int) -> dict[str, dict[str, str]]:
    """Grade the folder `class` of a place; return the row of `grades.csv` of each student."""
    command = [sys.executable, "-m", "course.cli", "grade", str(place / "class")]
    done = subprocess.run(
        [*command, "--out", str(place / "report"), "--jobs", str(jobs)],
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 0, done.stderr
    with (place / "report" / "grades.csv").open(encoding="utf-8-sig", newline="") as table:
        return {row["student"]: row for row in csv.DictReader(table)}
