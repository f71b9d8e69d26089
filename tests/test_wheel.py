"""The course from its wheel, where there is no repository, no git and no make."""

import os
import re
import signal
import subprocess
import sys
import tarfile
import urllib.request
import zipfile
from pathlib import Path

import pytest

from course.lessons import LESSONS, ROOT

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Path:
    """A folder with what the wheel installs."""
    folder = tmp_path_factory.mktemp("wheel")
    with zipfile.ZipFile(built("wheel", ROOT, folder)) as files:
        files.extractall(folder / "installed")
    return folder / "installed"


def built(target: str, source: Path, folder: Path) -> Path:
    """Build a ``wheel`` or an ``sdist`` of what is in a folder."""
    build = [sys.executable, "-m", "hatchling", "build", "--target", target]
    done = subprocess.run(
        [*build, "--directory", str(folder)],
        check=False,
        capture_output=True,
        text=True,
        cwd=source,
    )
    assert done.returncode == 0, done.stderr
    (made,) = folder.glob("*.whl" if target == "wheel" else "*.tar.gz")
    return made


def environment(installed: Path) -> dict[str, str]:
    """Where this Python finds the wheel's course and not the repository's."""
    return {**os.environ, "PYTHONPATH": str(installed), "NO_BROWSER": "1", "COLUMNS": "200"}


def course(installed: Path, here: Path, *words: str) -> str:
    """Run a command in an empty folder; return what it says."""
    done = subprocess.run(
        [sys.executable, "-m", "course.cli", *words],
        check=False,
        capture_output=True,
        text=True,
        cwd=here,
        env=environment(installed),
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done.stdout + done.stderr


def test_it_has_the_notebooks_and_the_sources_and_none_of_the_solved_ones(installed):
    inside = installed / "course"
    assert sorted(path.name for path in (inside / "notebooks").iterdir()) == sorted(
        lesson.file for lesson in LESSONS.values()
    )
    assert {path.suffix for path in (inside / "solutions").iterdir()} == {".py"}
    assert not (installed / "tests").exists()


def test_a_wheel_made_from_the_packed_source_holds_the_same(installed, tmp_path):
    with tarfile.open(built("sdist", ROOT, tmp_path)) as packed:
        packed.extractall(tmp_path / "source", filter="data")
    (source,) = (tmp_path / "source").iterdir()
    assert not (source / "pictures").exists()
    with zipfile.ZipFile(built("wheel", source, tmp_path)) as files:
        held = {name for name in files.namelist() if not name.endswith("/")}
    unpacked = {path for path in installed.rglob("*") if "__pycache__" not in path.parts}
    assert held == {path.relative_to(installed).as_posix() for path in unpacked if path.is_file()}


def test_a_learner_gets_the_notebooks_and_jupyterlab_answers(installed, tmp_path):
    lab = subprocess.Popen(
        [sys.executable, "-m", "course.cli", "lab", "2"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=tmp_path,
        env=environment(installed),
        start_new_session=True,
    )
    try:
        said = ""
        for line in lab.stdout:
            said += line
            if found := re.search(r"http://\S+", line):
                break
        assert found, said
        assert LESSONS[2].file in found[0]
        with urllib.request.urlopen(found[0]) as page:
            assert page.status == 200
    finally:
        os.killpg(lab.pid, signal.SIGINT)
        lab.communicate(timeout=60)
    assert (tmp_path / "work" / LESSONS[1].file).read_bytes() == LESSONS[1].notebook().read_bytes()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["progress"], "0 of 100 points"),
        (["check", "1"], "not"),
        (["update"], "work"),
        (["doctor"], str(Path("course"))),
        (["build"], "Clone the repository"),
        (["build", "--check"], "Clone the repository"),
        (["site", "--no-lab"], "Clone the repository"),
        (["gradescope"], "Clone the repository"),
        (["prove", "parameter_count"], "parameter_count"),
    ],
)
def test_a_command_works_there_or_says_what_it_needs(installed, tmp_path, words, said):
    assert said in course(installed, tmp_path, *words)
