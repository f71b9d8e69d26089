"""The autograder, run as Gradescope would: unpacked in /autograder, as root, with no network."""

import csv
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from course.grading.gradescope import autograder
from course.lessons import ROOT

CLASS = ROOT / "examples" / "class"
LESSON = "01_convolution_by_hand.ipynb"
CAGED, BARE = "/opt/course/bin:/usr/bin:/bin", "/opt/course/bin"  # no bubblewrap on the second

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux") or shutil.which("bwrap") is None,
    reason="the container is made with bubblewrap",
)


class Container:
    """Like Gradescope's: an autograder, a submission, no network, and nothing else of this disk."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "source").mkdir()
        packed = folder / "autograder.zip"
        packed.write_bytes(autograder(lesson=1))
        subprocess.run(
            [sys.executable, "-m", "zipfile", "-e", str(packed), str(folder / "source")], check=True
        )
        with zipfile.ZipFile(packed) as names:
            for info in names.infolist():  # as unzip does
                (folder / "source" / info.filename).chmod(info.external_attr >> 16 & 0o777)
        shutil.copy(folder / "source" / "run_autograder", folder)

    def clear(self) -> None:
        """Have no submission, and no results of one."""
        for room in ("submission", "results"):
            shutil.rmtree(self.folder / room, ignore_errors=True)
            (self.folder / room).mkdir()

    def run(self, *command: str, path: str, more: tuple[str, ...] = ()) -> str:
        """Run a command in it, and give what it said."""
        python = Path(sys.executable).resolve().parents[1]
        walls = ["bwrap", "--unshare-pid", "--unshare-net", "--die-with-parent", "--clearenv"]
        walls += ["--perms", "0755", "--tmpfs", "/", "--proc", "/proc", "--dev", "/dev"]
        for name in ("/usr", "/bin", "/lib", "/lib64"):
            walls += ["--ro-bind-try", name, name]
        walls += ["--perms", "1777", "--tmpfs", "/tmp"]
        for parent in [*reversed(python.parents[:-1]), Path("/opt")]:
            walls += ["--perms", "0755", "--dir", str(parent)]
        walls += ["--ro-bind", str(python), str(python), "--ro-bind", sys.prefix, "/opt/course"]
        walls += ["--bind", str(self.folder), "/autograder", "--chdir", "/autograder"]
        done = subprocess.run(
            [*walls, *more, "--setenv", "PATH", path, *command],
            check=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert done.returncode == 0, done.stdout
        return done.stdout

    def results(self, path: str = BARE) -> dict:
        """Run the autograder, and read what it leaves."""
        self.run("/autograder/run_autograder", path=path)
        return json.loads((self.folder / "results" / "results.json").read_text())


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Container:
    return Container(tmp_path_factory.mktemp("autograder"))


@pytest.fixture
def container(image: Container) -> Container:
    image.clear()
    return image


def larchs(folder: Path) -> Path:
    """Lay there what larch hands in: one notebook, and a file that is none."""
    shutil.copy(CLASS / "larch" / LESSON, folder)
    (folder / "scratch.ipynb").write_text("no notebook")
    return folder


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> dict:
    """What `course grade` itself makes of it."""
    folder, report = (tmp_path_factory.mktemp(name) for name in ("handed-in", "report"))
    command = [sys.executable, "-m", "course.cli", "grade", larchs(folder), "--out", report]
    options = ["--student", "submission", "--format", "gradescope", "--lesson", "1"]
    subprocess.run([*command, *options], check=True, cwd=ROOT)
    return json.loads((report / "results.json").read_text())


def comparable(results: dict) -> dict:
    """Leave out what two runs need not share: each draws its own cases, and shows one below."""
    tests = [{**test, "output": test["output"].split("\n\n")[0]} for test in results["tests"]]
    return {**results, "execution_time": None, "tests": tests}


def total(student: str) -> int:
    """What a student of the example class truly earned in lesson 1."""
    with (ROOT / "examples" / "class.csv").open(encoding="utf-8", newline="") as table:
        rows = csv.DictReader(table)
        return next(int(r["total"]) for r in rows if (r["student"], r["lesson"]) == (student, "1"))


@pytest.mark.seconds
def test_the_same_course_makes_the_same_small_zip() -> None:
    packed = autograder(lesson=1)
    assert packed == autograder(lesson=1) != autograder()
    assert len(packed) < 20e6


@pytest.mark.slow
@pytest.mark.parametrize("path", [CAGED, BARE], ids=["caged", "bare"])
def test_results_are_those_of_course_grade(container: Container, ours: dict, path: str) -> None:
    larchs(container.folder / "submission")
    found = container.results(path)
    assert sum(test["score"] for test in found["tests"]) == found["score"] == total("larch")
    assert "scratch.ipynb" in found["output"]
    assert comparable(found) == comparable(ours)


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt" or os.getuid() != 0, reason="only root can become another user")
def test_without_a_cage_the_course_is_locked_away(container: Container) -> None:
    notebook = json.loads((CLASS / "ash" / LESSON).read_text(encoding="utf-8"))
    cell = next(cell for cell in notebook["cells"] if cell["id"] == "convolve_pixel")
    cell["source"] = [
        *cell["source"],
        "\nimport os\nfor place in ('/autograder/source', '/autograder/results/results.json'):\n",
        "    if os.getuid() == 0 or os.access(place, os.F_OK):\n        del convolve_pixel\n",
    ]
    (container.folder / "submission" / LESSON).write_text(json.dumps(notebook), encoding="utf-8")
    (container.folder / "results" / "results.json").write_text("{}")
    assert container.results()["score"] == total("ash")


@pytest.mark.seconds
def test_what_cannot_be_graded_gets_a_sentence(container: Container) -> None:
    (container.folder / "submission" / "homework.pdf").write_bytes(b"%PDF")
    found = container.results()
    assert found["score"] == 0
    assert "There is no notebook" in found["output"]


@pytest.mark.seconds
def test_set_up_installs_what_the_lock_says_where_every_user_finds_it(
    container: Container, tmp_path: Path
) -> None:
    stand_ins = tmp_path / "stand-ins"
    stand_ins.mkdir()
    for name in ("apt-get", "uv", "python3"):
        (stand_ins / name).write_text(
            f'#!/bin/sh\n[ "$1" = -c ] && exec /usr/bin/python3 "$@"\n'
            f'echo {name} "$@" in "$UV_PYTHON_INSTALL_DIR"\n'
            '[ "$2" = pip ] && cat "$6"; exit 0\n'
        )
        (stand_ins / name).chmod(0o755)
    said = container.run(
        *("bash", "/autograder/source/setup.sh"),
        path="/stand-ins:/usr/bin:/bin",
        more=("--ro-bind", str(stand_ins), "/stand-ins"),
    )
    lock = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    assert "bubblewrap" in said
    assert lock[lock.index("\nuv==") + 1 :].split("# via")[0] in said
    assert "/opt/course in /opt/python" in said
    assert "--constraint requirements.txt --requirement pyproject.toml in /opt/python" in said
