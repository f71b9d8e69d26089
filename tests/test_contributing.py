"""CONTRIBUTING, followed to the letter: a lesson and an exercise are added, proved and built."""

import os
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from course.exercises import EXERCISES
from course.lessons import LESSONS, ROOT

TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
pytestmark = pytest.mark.slow

FILES = re.findall(r"(?ms)^ {3}`([\w/.]+)`\n\n {3}```python\n(.*?)^ {3}```$", TEXT)
ENTRY = re.search(r"(?ms)^ {3}```python\n( +Lesson\(.*?)^ {3}```$", TEXT)
COPIED = ("course", "helpers", "notebooks", "solutions", "README.md", "pyproject.toml")


@pytest.fixture(scope="module")
def copy(tmp_path_factory) -> Path:
    """A copy of the course, with the lesson that CONTRIBUTING adds."""
    root = tmp_path_factory.mktemp("copy")
    for name in COPIED:
        take = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        take(ROOT / name, root / name)
    for name, text in FILES:
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(textwrap.dedent(text), encoding="utf-8")
    lessons = root / "course" / "lessons.py"
    before, end = lessons.read_text(encoding="utf-8").rsplit("    )\n}\n", 1)
    assert ENTRY is not None
    entry = textwrap.indent(textwrap.dedent(ENTRY[1]), " " * 8)
    entry = entry.replace("Lesson(7,", f"Lesson({len(LESSONS) + 1},")
    lessons.write_text(f"{before}{entry}    )\n}}\n{end}", encoding="utf-8")
    source = root / "solutions" / "07_mirrors.py"
    source.rename(source.with_name(f"{len(LESSONS) + 1:02d}_mirrors.py"))
    return root


def course(copy: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Call `course` on the copy.

    Nothing compiled is kept: a slip is put right within a second, and may be as long as what was right.
    """
    return subprocess.run(
        [sys.executable, "-B", "-m", "course.cli", *words],
        cwd=copy,
        env={**os.environ, "PYTHONPATH": str(copy)},
        capture_output=True,
        check=False,
        text=True,
    )


@pytest.mark.parametrize("question", [("check",), ("format", "--check")], ids="-".join)
def test_its_style_is_that_of_the_house(copy, question):
    ruff = [sys.executable, "-m", "ruff", *question, "--no-cache"]
    done = subprocess.run(ruff, cwd=copy, capture_output=True, check=False, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_exercise_is_proved_and_the_lesson_built_and_known_everywhere(copy):
    proof = course(copy, "prove", "mirror")
    assert proof.returncode == 0 and "No hole" in proof.stdout, proof.stdout + proof.stderr
    stale = course(copy, "build", "--check")
    assert stale.returncode == 1 and "mirrors.ipynb is missing" in stale.stdout
    assert "Take 1 point from some exercise" in stale.stdout
    dear = EXERCISES["conv2d_valid"]
    cheaper = copy / "course" / "exercises" / LESSONS[dear.lesson].name / f"{dear.key}.py"
    text = cheaper.read_text("utf-8").replace(
        f"points={dear.points},", f"points={dear.points - 1},"
    )
    cheaper.write_text(text, encoding="utf-8")
    made = course(copy, "build")
    assert made.returncode == 0, made.stdout + made.stderr
    assert course(copy, "build", "--check").returncode == 0

    lesson = f"{len(LESSONS) + 1}. Mirrors"
    student = next((copy / "notebooks").glob("*_mirrors.ipynb")).read_text("utf-8")
    assert f"# {lesson}" in student
    assert "**About 10 minutes · 1 exercise · 1 point**" in student
    assert "### Build: `mirror(image)` (1 point)" in student
    assert "raise NotImplementedError()" in student
    assert f"| [{lesson}](notebooks/" in (copy / "README.md").read_text("utf-8")
    progress = course(copy, "progress")
    assert lesson in progress.stdout and "mirror" in progress.stdout


MIRROR = "course/exercises/mirrors/mirror.py"
SLIPS = {
    MIRROR: ("    points=1,", "    point=1,", "ByCalls has no field 'point'"),
    "course/lessons.py": ('"mirrors", "Mirrors"', '"pooling", "Mirrors"', "and so has a lesson"),
    "course/exercises/mirrors/__init__.py": ("Lesson 7", '""" 7', "SyntaxError"),
}


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_ends_every_command_in_a_sentence_with_its_place(copy, name):
    before = (copy / name).read_text("utf-8")
    wrong, instead, said = SLIPS[name]
    assert wrong in before
    (copy / name).write_text(before.replace(wrong, instead), encoding="utf-8")
    done = course(copy, "build", "--check")
    (copy / name).write_text(before, encoding="utf-8")
    assert done.returncode == 2 and done.stdout == ""
    assert done.stderr.startswith(f"{name}, line ") and said in done.stderr
    assert done.stderr.count("\n") == 1


def test_what_raises_while_it_is_tried_is_a_hole_with_its_place(copy):
    before = (copy / MIRROR).read_text("utf-8")
    (copy / MIRROR).write_text(before.replace("rng.normal(size", "rng.normal(siz"), "utf-8")
    done = course(copy, "prove", "mirror")
    (copy / MIRROR).write_text(before, "utf-8")
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert f"mirror: {MIRROR}, line " in " ".join(done.stdout.split())


def test_a_lesson_taken_away_again_leaves_nothing(copy):
    assert "mirror" not in EXERCISES
    lessons = copy / "course" / "lessons.py"
    text = re.sub(r"(?m)^ +Lesson\(\d+, .mirrors.*\n", "", lessons.read_text("utf-8"))
    lessons.write_text(text, "utf-8")
    left = course(copy, "build", "--check")
    assert left.returncode == 1
    assert "mirrors.py is of no lesson in course/lessons.py" in left.stdout
    assert "mirror.py has an exercise that course/lessons.py does not name" in left.stdout
    for path in [*copy.glob("*/*_mirrors.*"), copy / "course" / "exercises" / "mirrors"]:
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    dear = EXERCISES["conv2d_valid"]
    place = Path("course", "exercises", LESSONS[dear.lesson].name, f"{dear.key}.py")
    shutil.copy(ROOT / place, copy / place)
    made = course(copy, "build")
    assert made.returncode == 0, made.stdout + made.stderr
    assert course(copy, "build", "--check").returncode == 0
    for name in COPIED:
        for path in [ROOT / name, *(ROOT / name).rglob("*")]:
            if path.is_file() and "__pycache__" not in path.parts:
                assert (copy / path.relative_to(ROOT)).read_bytes() == path.read_bytes(), path
