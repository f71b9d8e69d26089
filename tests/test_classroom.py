"""The workflow for GitHub Classroom: its steps run in an empty folder, and both of its sums agree."""

import base64
import csv
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from course.authoring import links
from course.exercises import exercises_of
from course.lessons import ROOT

FILE = ROOT / "examples" / "classroom.yml"
WORKFLOW = yaml.safe_load(FILE.read_text(encoding="utf-8"))
JOB = WORKFLOW["jobs"]["run-autograding-tests"]  # the only name that Classroom reads
PINNED = re.compile(r"uses: (\S+)@(\S+)")


def test_classroom_finds_the_workflow_by_its_name() -> None:
    assert WORKFLOW["name"] == "Autograding Tests"
    assert len(WORKFLOW["jobs"]) == 1
    assert JOB["steps"][-1]["with"] == {"runners": "${{ env.RUNNERS }}"}


def test_every_action_is_the_one_that_our_own_workflow_uses_or_pinned_all_the_same() -> None:
    used = dict(PINNED.findall(FILE.read_text(encoding="utf-8")))
    ours = (ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")
    assert all(re.fullmatch("[0-9a-f]{40}", version) for version in used.values())
    assert used.items() >= dict(PINNED.findall(ours)).items()


def test_the_course_comes_from_its_tag() -> None:
    home = links.home(ROOT)
    course = next(step["with"] for step in JOB["steps"] if "ref" in step.get("with", {}))
    assert (course["repository"], course["ref"]) == (f"{home.owner}/{home.name}", home.tag)


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("bwrap") is None, reason="the cage is made with bubblewrap")
def test_the_steps_leave_a_score_for_the_reporter(tmp_path: Path) -> None:
    command = tmp_path / "course" / ".venv" / "bin" / "course"
    command.parent.mkdir(parents=True)
    run = shlex.join([sys.executable, "-m", "course.cli"])
    command.write_text(f'#!/bin/sh\nPYTHONPATH={shlex.quote(str(ROOT))} exec {run} "$@"\n')
    command.chmod(0o755)
    work = shutil.copytree(ROOT / "examples" / "class" / "beech", tmp_path / "handed-in")
    (work / "scratch.ipynb").write_text("no notebook")

    variables = tmp_path / "variables"
    step = next(step for step in JOB["steps"] if step.get("name") == "Grade")
    subprocess.run(
        ["bash", "-e", "-c", step["run"]],
        cwd=tmp_path,
        env=os.environ
        | {"GITHUB_ACTOR": "a-b", "GITHUB_ENV": str(variables), "RUNNER_TEMP": str(tmp_path)},
        check=True,
    )
    given = dict(line.split("=", 1) for line in variables.read_text().splitlines())
    runners = given["RUNNERS"].split(",")
    assert runners == [exercise.key for lesson in (1, 2) for exercise in exercises_of(lesson)]
    found = [json.loads(base64.b64decode(given[f"{name.upper()}_RESULTS"])) for name in runners]

    score = sum(test["score"] for runner in found for test in runner["tests"])
    shown = sum(  # in the table: of a runner's points, the share of its tests that pass
        sum(test["status"] == "pass" for test in r["tests"]) / len(r["tests"]) * r["max_score"]
        for r in found
    )
    with (ROOT / "examples" / "class.csv").open(encoding="utf-8", newline="") as file:
        true = [row for row in csv.DictReader(file) if row["student"] == "beech"]
    assert score == shown == sum(int(row["total"]) for row in true)
    assert sum(runner["max_score"] for runner in found) == sum(int(row["max"]) for row in true)
