"""The lessons go through the real nbgrader, which gives everyone the points that we give."""

import csv
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bootstrap import find_uv, fingerprint, run

ROOT = Path(__file__).resolve().parents[2]
VERSIONS = Path(__file__).with_name("nbgrader.txt")
FOLDER = ROOT / "build" / "nbgrader"
LESSON = "01_convolution_by_hand"
NOTEBOOK = f"{LESSON}/{LESSON}.ipynb"

# Of the example class, those to whom nbgrader gives what they earned. It takes points for a check
# cell that is gone (elm) and for an old format (spruce), and gives points for calling the course's
# own functions (yew). Those with a cell that never ends (plum, rowan) would cost half a minute each.
STUDENTS = ("alder", "birch", "lime", "pear", "pine")


@pytest.fixture(scope="session", autouse=True)
def nbgraders_packages() -> None:
    """An environment of their own, made again when the versions change."""
    stamp = FOLDER / "finished"
    made_from = (VERSIONS, ROOT / "requirements.txt", ROOT / "pyproject.toml")
    wanted = "\n".join([sys.executable, str(FOLDER), *map(fingerprint, made_from)])
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
        return
    uv = find_uv()
    if uv is None:
        pytest.fail("There is no uv, which makes nbgrader's environment. Run `make setup`.")
    run(uv, "venv", "--quiet", "--clear", "--no-project", "--python", sys.executable, str(FOLDER))
    run(
        *(uv, "pip", "install", "--quiet", "--python", str(FOLDER)),
        *("--requirement", str(VERSIONS), "--requirement", "pyproject.toml"),
        *("--constraint", "requirements.txt"),
    )
    stamp.write_text(wanted, encoding="utf-8")


@pytest.fixture(scope="module")
def classroom(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course of nbgrader's in which a lesson was released, handed in, graded and exported."""
    folder = tmp_path_factory.mktemp("nbgrader")
    (folder / "nbgrader_config.py").write_text('get_config().CourseDirectory.course_id = "one"\n')
    (folder / "source" / LESSON).mkdir(parents=True)
    shutil.copy(ROOT / "solutions" / f"{LESSON}.ipynb", folder / "source" / LESSON)
    nbgrader(folder, "generate_assignment", LESSON)
    for student in STUDENTS:
        (folder / "submitted" / student / LESSON).mkdir(parents=True)
        work = ROOT / "examples" / "class" / student / f"{LESSON}.ipynb"
        shutil.copy(work, folder / "submitted" / student / NOTEBOOK)
    shutil.copytree(folder / "release", folder / "submitted" / "nothing done")
    nbgrader(folder, "autograde", LESSON)
    nbgrader(folder, "export", "--to", "theirs.csv")
    return folder


def nbgrader(folder: Path, *command: str) -> None:
    """Run one of its commands, with no settings but the folder's."""
    environment = {
        "HOME": str(folder / "home"),
        "PATH": f"{FOLDER / 'bin'}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
    }
    subprocess.run(["nbgrader", *command], cwd=folder, env=environment, check=True)


def table(file: Path) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    with file.open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


def scores(rows: list[dict[str, str]]) -> dict[str, tuple[float, float]]:
    """Each student's points, and how many there are."""
    return {row["student_id"]: (float(row["score"]), float(row["max_score"])) for row in rows}


def graded_by_us(folder: Path, out: Path) -> list[dict[str, str]]:
    """What `course grade --format nbgrader` says of the same class."""
    command = [sys.executable, "-m", "course.cli", "grade", str(folder), "--out", str(out)]
    subprocess.run([*command, "--lesson", "1", "--format", "nbgrader"], cwd=ROOT, check=True)
    return table(out / "nbgrader.csv")


def test_nbgrader_gives_each_student_our_total(classroom: Path, tmp_path: Path) -> None:
    theirs = table(classroom / "theirs.csv")
    ours = graded_by_us(classroom / "submitted", tmp_path)
    most = float(ours[0]["max_score"])
    assert len(theirs) == len(STUDENTS) + 1
    assert scores(ours) == scores(theirs)
    assert {score for score, _ in scores(ours).values()} >= {0.0, most}
    assert list(ours[0]) == list(theirs[0])
    assert {row["assignment"] for row in ours} == {row["assignment"] for row in theirs}


def test_what_nbgrader_writes_into_a_notebook_changes_no_grade(
    classroom: Path, tmp_path: Path
) -> None:
    ours = graded_by_us(classroom / "autograded", tmp_path)
    assert scores(ours) == scores(table(classroom / "theirs.csv"))
