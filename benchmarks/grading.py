"""Grade one class with the course, nbgrader and otter-grader, in one run on one machine.

.venv/bin/python benchmarks/grading.py            100 notebooks for ours, fewer for the others
.venv/bin/python benchmarks/grading.py --quick    fewer, no Keras, no cheats
.venv/bin/python benchmarks/grading.py --verdicts only cheats and accidents

Every tool gets the same notebooks of lesson 1: solved, or with the example class's mistakes.
nbgrader runs the checks that are in them. otter has a test for each exercise, an `assert` for each
of its public examples; it is timed as `otter run`, as Gradescope starts it, since `otter grade`
starts a Docker container besides. Each lives in an environment of its own in `build/benchmark/`,
made by uv, with the course's libraries in the course's versions. Exits with 1 if a number to beat
was missed.
"""

import argparse
import csv
import json
import os
import platform
import re
import runpy
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import psutil
from printing import console, met, table

from bootstrap import find_uv
from course.exercises import exercises_of, points_of
from course.lessons import LESSONS

ROOT = Path(__file__).resolve().parents[1]
CLASS = SimpleNamespace(**runpy.run_path(str(ROOT / "examples" / "make_class.py")))
CHEATS = Path(__file__).with_name("cheats.txt")
VANDAL, BYSTANDER = "writes-grades", "oak"  # graded apart, lest it hides what others got
BROKEN = ("olive", "rowan", "plum", "yew")  # of the example class, whose cheats are harmless
PLACE = ROOT / "build" / "benchmark"
PEERS = {"nbgrader": "nbgrader==0.9.6", "otter": "otter-grader==7.0.0"}
HONEST = (
    *("alder", "apple", "ash", "aspen", "birch", "cedar", "cherry", "cypress", "elder", "hazel"),
    *("holly", "hornbeam", "juniper", "larch", "maple"),
)
LONGEST = 60.0  # seconds that otter is waited for: it has no limit of its own
LOOK_EVERY = 0.3

Notebooks = Mapping[str, bytes]  # by student
Points = Mapping[str, float]


OTTER_TEST = """\
import numpy as np
from course.exercises import EXERCISES
from otter.test_files import test_case

OK_FORMAT = False
name = "{key}"
points = {points}

@test_case()
def agrees(env):
    exercise, answer = EXERCISES[name], env[name]
    for call in exercise.examples:
        wanted = exercise.reference(*call.args, **call.kwargs)
        got = answer(*call.args, **call.kwargs)
        assert np.shape(got) == np.shape(wanted)
        assert np.allclose(got, wanted)
    if name == "bug_finder":
        image, kernel = (np.asarray(part, float) for part in answer)
        assert not np.allclose(
            env["buggy_conv2d"](image, kernel), EXERCISES["conv2d_valid"].reference(image, kernel)
        )
"""


class Run(NamedTuple):
    """What grading some notebooks took and gave."""

    notebooks: int
    cost: "Cost"
    points: Points  # of each student to whom a tool gave any

    @property
    def each(self) -> float:
        return self.cost.seconds / self.notebooks


class Cost(NamedTuple):
    """What a command took, with all processes that it started."""

    seconds: float = 0.0
    processor: float = 0.0  # seconds, which a busy machine distorts less
    peak: float = 0.0  # bytes; what they share is counted once

    def then(self, other: "Cost") -> "Cost":
        """What one took after the other."""
        return Cost(
            self.seconds + other.seconds,
            self.processor + other.processor,
            max(self.peak, other.peak),
        )


def measured(command: Sequence[str | Path], folder: Path, longest: float | None = None) -> Cost:
    """Run a command and see what it takes."""
    environment = os.environ | {
        "PATH": f"{Path(command[0]).parent}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "JUPYTER_CONFIG_DIR": str(folder / "jupyter"),
        "IPYTHONDIR": str(folder / "ipython"),
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }
    start, processor, peak = time.perf_counter(), 0.0, 0.0
    with (folder / "said.txt").open("ab") as said:
        process = psutil.Popen(
            list(map(str, command)), cwd=folder, env=environment, stdout=said, stderr=said
        )
        try:
            while process.poll() is None and time.perf_counter() - start < (longest or 1e9):
                now = used(process)
                processor, peak = max(processor, now[0]), max(peak, now[1])
                try:
                    process.wait(LOOK_EVERY)
                except psutil.TimeoutExpired:
                    continue
        finally:
            family = [process, *process.children(recursive=True)] if process.is_running() else []
            for one in family:
                one.kill()
    return Cost(time.perf_counter() - start, processor, peak)


def used(process: psutil.Process) -> tuple[float, float]:
    """Processor seconds so far of a process and all that it has started, and bytes now."""
    seconds, memory = 0.0, 0.0
    for one in (process, *process.children(recursive=True)):
        try:
            seconds += sum(one.cpu_times()[:4])  # those of children that have ended, too
            memory += one.memory_full_info().pss
        except psutil.Error:
            continue
    return seconds, memory


def environment(peer: str, *extras: str) -> Path:
    """Make a peer's environment, once; return where its commands are."""
    folder = PLACE / peer
    finished = folder / "finished"
    if not finished.exists():
        uv = str(find_uv())
        pip = [uv, "pip", "install", "--quiet", "--python", str(folder / "bin" / "python")]
        course = ["-r", "pyproject.toml", *(f"--extra={extra}" for extra in extras)]
        venv = [uv, "venv", "--quiet", "--clear", "--no-project", "--python", sys.executable]
        for command in (
            [*venv, str(folder)],
            [*pip, *course, "--constraint", "requirements.txt"],
            [*pip, PEERS[peer]],
        ):
            subprocess.run(command, cwd=ROOT, check=True)
        finished.touch()
    return folder / "bin"


def ours(notebooks: Notebooks, lesson: int, folder: Path) -> Run:
    """Grade with `course grade`, start and report included."""
    for student, notebook in notebooks.items():
        (folder / "class" / student).mkdir(parents=True)
        (folder / "class" / student / LESSONS[lesson].file).write_bytes(notebook)
    command = [sys.executable, "-m", "course.cli", "grade", "class", "--out", "report"]
    cost = measured([*command, f"--lesson={lesson}"], folder)
    rows = csv.DictReader((folder / "report" / "grades.csv").open(encoding="utf-8-sig"))
    return Run(len(notebooks), cost, {r["student"]: float(r["total"]) for r in rows})


def nbgrader(notebooks: Notebooks, lesson: int, folder: Path) -> Run:
    """Grade with `nbgrader autograde`; making the assignment and the export are not counted."""
    nbgrader = environment("nbgrader", "keras") / "nbgrader"
    name = LESSONS[lesson].file
    if not (folder / "gradebook.db").exists():
        (folder / "source" / "lesson").mkdir(parents=True)
        shutil.copy(ROOT / "solutions" / name, folder / "source" / "lesson")
        (folder / "nbgrader_config.py").write_text(
            'get_config().CourseDirectory.course_id = "course"\n'
            f"get_config().ExecutePreprocessor.timeout = {600 if lesson > 3 else 30}\n"
        )
        measured([nbgrader, "generate_assignment", "lesson"], folder)
    for student, notebook in notebooks.items():
        (folder / "submitted" / student / "lesson").mkdir(parents=True)
        (folder / "submitted" / student / "lesson" / name).write_bytes(notebook)
    only = [f"--student={next(iter(notebooks))}"] if len(notebooks) == 1 else []
    cost = measured([nbgrader, "autograde", "lesson", *only], folder)
    measured([nbgrader, "export"], folder)
    rows = csv.DictReader((folder / "grades.csv").open(encoding="utf-8"))
    points = {row["student_id"]: float(row["score"]) for row in rows if row["score"]}
    return Run(len(notebooks), cost, points)


def otter(notebooks: Notebooks, lesson: int, folder: Path) -> Run:
    """Grade with `otter run`, one after the other; making its zip file is not counted."""
    otter = environment("otter") / "otter"
    (folder / "tests").mkdir()
    for exercise in exercises_of(lesson):
        test = OTTER_TEST.format(key=exercise.key, points=exercise.points)
        (folder / "tests" / f"{exercise.key}.py").write_text(test)
    generate = (otter, "generate", "--tests-dir=tests", "--output-path=autograder.zip")
    measured(generate, folder)
    cost, points = Cost(), {}
    for student, notebook in notebooks.items():
        (folder / f"{student}.ipynb").write_bytes(notebook)
        (folder / student).mkdir()
        run = (otter, "run", f"{student}.ipynb", "-a", "autograder.zip", "-o", student)
        cost = cost.then(measured(run, folder, LONGEST))
        if (results := folder / student / "results.json").exists():
            tests = json.loads(results.read_text())["tests"]
            points[student] = sum(test.get("score", 0) for test in tests)
    return Run(len(notebooks), cost, points)


TOOLS = {"ours": ours, "nbgrader": nbgrader, "otter": otter}


def graded(tool: str, notebooks: Notebooks, lesson: int = 1) -> Run:
    """Let a tool grade in a folder of its own."""
    with (
        console.status(f"{tool}: {len(notebooks)} notebooks of lesson {lesson}"),
        tempfile.TemporaryDirectory(prefix="grading-", ignore_cleanup_errors=True) as folder,
    ):
        return TOOLS[tool](notebooks, lesson, Path(folder))


def class_of(size: int) -> tuple[Notebooks, Points]:
    """Honest and mistaken students of the example class, over and over, with their points."""
    honest = [student for student in CLASS.STUDENTS if student.name in HONEST]
    chosen = {
        f"{n:03d}-{honest[n % len(honest)].name}": honest[n % len(honest)] for n in range(size)
    }
    return (
        {name: one.notebook(1) for name, one in chosen.items()},
        {name: one.total(1) for name, one in chosen.items()},
    )


def solved(lesson: int, size: int) -> tuple[Notebooks, Points]:
    """Students who have everything right, with their points."""
    notebook = (ROOT / "solutions" / LESSONS[lesson].file).read_bytes()
    names = [f"student-{number}" for number in range(size)]
    points = points_of(lesson)
    return dict.fromkeys(names, notebook), dict.fromkeys(names, points)


def race(sizes: Mapping[str, int], keras: Mapping[str, int]) -> bool:
    """Time all on honest notebooks; print what was wanted and say whether all was met."""
    runs, trained = {}, {}
    columns = ("right", "s each", "times ours", "CPU s each", "times ours", "MiB")
    shown = table("Grading", "what", *columns)
    every_point = True
    for lesson, what, counts, found in (
        (1, "lesson 1", sizes, runs),
        (5, "lesson 5, Keras", keras, trained),
    ):
        for tool, size in counts.items():
            notebooks, truth = class_of(size) if lesson == 1 else solved(lesson, size)
            found[tool] = run = graded(tool, notebooks, lesson)
            right = sum(run.points.get(name) == points for name, points in truth.items())
            every_point &= right == size
            unit, work = found["ours"], run.cost.processor / run.notebooks
            shown.add_row(
                f"{what}: {tool}",
                f"{right} of {size}",
                *(f"{run.each:.3g}", f"{run.each / unit.each:.1f}"),
                *(f"{work:.3g}", f"{work * unit.notebooks / unit.cost.processor:.1f}"),
                f"{run.cost.peak / 2**20:,.0f}",
            )
    console.print(shown)
    rows: list[tuple[str, float, str, float]] = [
        ("lesson 1 v. nbgrader: faster", runs["nbgrader"].each / runs["ours"].each, "at least", 30),
        ("lesson 1: GiB at most", runs["ours"].cost.peak / 2**30, "at most", 1.5),
    ]
    if trained:
        faster = trained["nbgrader"].each / trained["ours"].each
        rows.append(("lesson 5 v. nbgrader: faster", faster, "at least", 5))
        rows.append(("lesson 5: GiB at most", trained["ours"].cost.peak / 2**30, "at most", 1.5))
    beaten = met("Numbers to beat", rows)
    if not every_point:
        console.print("[red]✗ Some honest work got other points than it should have.")
    return beaten and every_point


def cheats() -> list[Any]:
    """Who is in `cheats.txt`, and the accidents of the example class."""
    _, *parts = re.split(r"^# === (.+)\n", CHEATS.read_text("utf-8"), flags=re.MULTILINE)
    students = [one for one in CLASS.STUDENTS if one.name in BROKEN]
    for header, body in zip(parts[::2], parts[1::2], strict=True):
        name, why, answers = (part.strip() for part in header.split("|"))
        typed = dict(answer.split("=") for answer in answers.split())
        _, *cells = re.split(r"^# %% (.+)\n", body, flags=re.MULTILINE)
        changes = []
        for place, source in zip(cells[::2], cells[1::2], strict=True):
            action, cell = place.split()
            insert = action == "above"
            changes.append(CLASS.inserted(cell, source.strip()) if insert else CLASS.without(cell))
        given = {key: None if answer == "none" else answer for key, answer in typed.items()}
        students.append(CLASS.Student(name, why, given, tuple(changes)))
    return students


def compare_verdicts() -> bool:
    """Let all grade the cheats and the accidents; print each verdict beside the true one."""
    students = cheats()
    innocent = next(one for one in CLASS.STUDENTS if one.name == BYSTANDER)
    innocent = replace(innocent, why=f"{innocent.why}, in the class of the one above")
    shown = table("Points of 18", "what", "true", *TOOLS)
    ours_true = True
    vandal = [one for one in students if one.name == VANDAL]
    for together in ([one for one in students if one not in vandal], [*vandal, innocent]):
        notebooks = {student.name: student.notebook(1) for student in together}
        runs = {tool: graded(tool, notebooks) for tool in TOOLS}
        for student in together:
            true = student.total(1)
            given = {tool: run.points.get(student.name) for tool, run in runs.items()}
            cells = ("none" if got is None else f"{got:g}" for got in given.values())
            marked = (c if c == str(true) else f"[red]{c}" for c in cells)
            shown.add_row(student.why, str(true), *marked)
            ours_true &= given["ours"] == true
    console.print(shown)
    return ours_true


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    either = parser.add_mutually_exclusive_group()
    either.add_argument("--quick", action="store_true", help="fewer, no Keras, no cheats")
    either.add_argument("--verdicts", action="store_true", help="only cheats and accidents")
    asked = parser.parse_args()
    load = f"load {os.getloadavg()[0]:.0f}"
    console.print(
        f"{date.today()}, {os.cpu_count()} CPUs, Python {platform.python_version()}, "
        f"{', '.join(PEERS.values())}, {load}\n"
    )
    PLACE.mkdir(parents=True, exist_ok=True)
    sizes = (40, 3, 2) if asked.quick else (100, 10, 5)
    keras = {} if asked.quick else {"ours": 6, "nbgrader": 2}
    met = asked.verdicts or race(dict(zip(TOOLS, sizes, strict=True)), keras)
    true = asked.quick or compare_verdicts()
    return 0 if met and true else 1


if __name__ == "__main__":
    sys.exit(main())
