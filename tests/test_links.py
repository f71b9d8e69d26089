"""Badges, README and the cell for Colab: all made from one address, and nothing more than they say."""

import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from course.authoring import links
from course.authoring.notebooks import CannotBuild, build, stale
from course.exercises import EXERCISES
from course.lessons import ROOT

NAME = "01_convolution_by_hand"

README = """\
# A course
<!-- badges: made by course build -->
<!-- /badges -->
Prose.
<!-- clone: made by course build -->
git clone an-old-address
<!-- /clone -->
<!-- course map: made by course build -->
<!-- /course map -->
The end.
"""


def test_readme_regions_are_made_and_the_rest_is_left_alone(course, executed):
    readme = course.root / "README.md"
    readme.write_text(README, encoding="utf-8")
    assert any("README.md" in sentence for sentence in stale(course.root))
    assert readme in build(root=course.root)
    text = readme.read_text(encoding="utf-8")
    exercise = EXERCISES["convolve_pixel"]
    assert f"| 1 | {exercise.points} | 20 |" in text
    assert "[1. A small lesson](notebooks/01_convolution_by_hand.ipynb)" in text
    assert "git clone https://github.com/someone/a-course\n" in text
    assert "an-old-address" not in text
    left = re.sub(r"(?s)(<!-- (.+?): made by course build -->\n).*?(<!-- /\2 -->)", r"\1\3", text)
    assert left == README.replace("git clone an-old-address\n", "")
    assert stale(course.root) == []
    assert build(root=course.root) == []


def test_a_readme_without_regions_is_left_alone(course, executed):
    readme = course.root / "README.md"
    readme.write_text("# A course\n", encoding="utf-8")
    assert readme not in build(root=course.root)
    assert stale(course.root) == []


def test_every_link_is_made_from_the_one_address(course, executed):
    (course.root / "README.md").write_text(README, encoding="utf-8")
    build(root=course.root)
    pyproject = course.root / "pyproject.toml"
    pyproject.write_text(
        pyproject.read_text("utf-8").replace("someone/a-course", "else/moved"), "utf-8"
    )
    build(root=course.root)
    for name, content in course.files().items():
        assert b"someone" not in content, name


def test_a_notebook_links_to_itself_in_colab_and_binder_without_a_picture_from_there(built):
    links = {c.id: c for c in nbformat.read(built.student, as_version=4).cells}["badges"].source
    assert "![" not in links
    words = re.findall(r"\[([^\]]+)\]\(([^)]+)\)", links)
    assert words == [
        (
            "Open in Colab",
            f"https://colab.research.google.com/github/someone/a-course/blob/v1.2.3/notebooks/{NAME}.ipynb",
        ),
        (
            "Open on Binder",
            f"https://mybinder.org/v2/gh/someone/a-course/v1.2.3?urlpath=lab/tree/notebooks/{NAME}.ipynb",
        ),
    ]


def test_colab_is_sent_to_student_notebooks_that_are_there():
    home = links.home(ROOT)
    students = {path.stem: home.colab(path.stem) for path in (ROOT / "notebooks").glob("*.ipynb")}

    def linked(path: Path) -> set[str]:
        text = path.read_text(encoding="utf-8")
        return set(re.findall(r"https://colab\.research\.google\.com/github/[\w./-]+", text))

    assert linked(ROOT / "README.md") == set(students.values())
    for lesson, student in students.items():
        for folder in ("notebooks", "solutions"):
            assert linked(ROOT / folder / f"{lesson}.ipynb") == {student}


@pytest.mark.parametrize("address", ["https://example.org/a/course", "github.com/a/b", ""])
def test_an_address_that_colab_cannot_open_is_told(course, address):
    pyproject = course.root / "pyproject.toml"
    text = pyproject.read_text(encoding="utf-8")
    pyproject.write_text(
        text.replace("https://github.com/someone/a-course", address), encoding="utf-8"
    )
    with pytest.raises(CannotBuild, match=re.escape(repr(address)) + ".*https://github.com/OWNER"):
        build(root=course.root)


def test_the_address_of_this_course_stands_in_pyproject_and_in_what_is_built_from_it():
    address = links.home(ROOT).address.removeprefix("https://")
    made = re.compile(r"(?s)<!-- (.+?): made by course build -->.*?<!-- /\1 -->")
    holding = [
        path.relative_to(ROOT).as_posix()
        for pattern in ("*.md", "*.py", "*.toml", "*.yml", "solutions/*.py", "course/**/*.py",
                        "helpers/**/*.py", "tests/*.py", ".github/**/*.yml")
        for path in ROOT.glob(pattern)
        if address in made.sub("", path.read_text(encoding="utf-8"))
    ]  # fmt: skip
    assert holding == ["pyproject.toml"]


# --- The cell for Colab ---------------------------------------------------------------------------

RUN_CELL = """\
import sys
before = set(sys.modules)
names = {"sys": sys}
exec(open("cell.py").read(), names)
names.pop("__builtins__")
print(sorted(names), sorted(set(sys.modules) - before))
"""

RUN_CELL_ON_COLAB = """\
import sys, types
sys.modules["google.colab"] = types.ModuleType("google.colab")
for time in range(2):
    exec(open("cell.py").read(), {})
import course_for_colab
print(course_for_colab.__file__, sum("content" in entry for entry in sys.path))
"""

RUN_CELL_IN_IPYTHON = """\
import sys, types
from IPython.core.interactiveshell import InteractiveShell
sys.modules["google.colab"] = types.ModuleType("google.colab")
InteractiveShell().run_cell(open("cell.py").read())
"""

GIT_THAT_TAKES_ITS_CALLER_DOWN = """\
#!/bin/sh
for folder; do :; done
mkdir -p "$folder"
touch "$folder/half-of-the-course"
kill -9 $PPID
"""


def run_cell(
    script: str,
    course,
    folder: Path,
    repository: Path | None = None,
    path: str = os.environ["PATH"],
):
    """Run the cell for Colab as `script` says, with a folder on this disk in the web's place."""
    cell = links.colab_cell(links.home(course.root))
    (folder / "cell.py").write_text(cell.replace("/content/", f"{folder}/content/"))
    variables = {
        "IPYTHONDIR": str(folder / "ipython"),
        "PATH": path,
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.{repository}.insteadOf",
        "GIT_CONFIG_VALUE_0": links.home(course.root).address,
    }
    return subprocess.run(
        [sys.executable, "-c", script],
        cwd=folder,
        env=os.environ | variables,
        capture_output=True,
        check=False,
        text=True,
        timeout=60,
    )


def test_outside_colab_the_first_cell_does_not_even_import(course, tmp_path):
    done = run_cell(RUN_CELL, course, tmp_path)
    assert (done.stdout, done.stderr) == ("['sys'] []\n", "")


def test_on_colab_the_first_cell_fetches_the_course_once_at_its_tag(course, tmp_path):
    repository = tmp_path / "repository"
    repository.mkdir()
    git = ["git", "-C", str(repository), "-c", "user.name=A", "-c", "user.email=a@example.org"]
    module = repository / "course_for_colab.py"
    for command in (["init", "-q"], ["tag", "v1.2.3"], []):
        if command == ["tag", "v1.2.3"]:
            module.write_text("version = '1.2.3'")
            subprocess.run([*git, "add", "."], check=True)
            subprocess.run([*git, "commit", "-q", "-m", "One"], check=True)
        if command:
            subprocess.run([*git, *command], check=True)
    module.unlink()
    subprocess.run([*git, "commit", "-q", "-a", "-m", "Later than the tag"], check=True)

    done = run_cell(RUN_CELL_ON_COLAB, course, tmp_path, repository)
    fetched = tmp_path / "content" / "a-course-1.2.3" / "course_for_colab.py"
    assert (done.stdout, done.stderr) == (f"{fetched} 1\n", "")


def test_on_colab_without_the_tag_the_newest_is_taken_and_the_learner_is_told(course, tmp_path):
    repository = tmp_path / "repository"
    repository.mkdir()
    git = ["git", "-C", str(repository), "-c", "user.name=A", "-c", "user.email=a@example.org"]
    (repository / "course_for_colab.py").write_text("version = 'not released yet'")
    for command in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "One"], ["tag", "v1.2"]):
        subprocess.run([*git, *command], check=True)

    done = run_cell(RUN_CELL_ON_COLAB, course, tmp_path, repository)
    told, fetched = done.stdout.splitlines()
    assert told.startswith(
        "There is no v1.2.3 of the course at https://github.com/someone/a-course"
    )
    assert fetched == f"{tmp_path / 'content' / 'a-course-1.2.3' / 'course_for_colab.py'} 1"
    assert done.stderr == ""


def test_on_colab_without_a_network_the_first_cell_says_so_and_what_to_do(course, tmp_path):
    done = run_cell(RUN_CELL_IN_IPYTHON, course, tmp_path, tmp_path / "nowhere")
    what_to_do, cause, *_ = done.stdout.splitlines()
    assert what_to_do.startswith("The course could not be fetched. Run this cell again")
    assert what_to_do.endswith(links.home(course.root).address)
    assert cause.startswith("git says: fatal: ")
    assert "Traceback" not in done.stdout + done.stderr
    assert not (tmp_path / "content" / "a-course-1.2.3").exists()


def test_on_colab_a_download_that_breaks_off_is_not_taken_for_the_course(course, tmp_path):
    git = tmp_path / "git"
    git.write_text(GIT_THAT_TAKES_ITS_CALLER_DOWN)
    git.chmod(0o755)
    path = os.pathsep.join([str(tmp_path), os.environ["PATH"]])
    done = run_cell(RUN_CELL_ON_COLAB, course, tmp_path, path=path)
    assert done.returncode < 0
    assert not (tmp_path / "content" / "a-course-1.2.3").exists()


@pytest.mark.seconds
def test_what_a_notebook_imports_is_on_colab():
    """Colab has NumPy, Matplotlib and the like, but none of what authors and the terminal use."""
    script = (
        "import helpers, sys\n"
        "from course import check, progress, yours\n"
        "from helpers import pictures\n"
        "print(*sorted({name.split('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    assert {"numpy", "matplotlib"} <= loaded
    assert not loaded & {"jupytext", "nbclient", "nbformat", "rich", "typer", "tensorflow"}


def test_the_way_to_the_site_follows_the_repository(tmp_path):
    of_a_fork = links.Home("Ada", "convolutions", "1.0")
    text = "<!-- site: made by course build -->\nold\n<!-- /site -->"
    of_its_owner = links.Home("Ada", "ada.github.io", "1.0")
    assert of_its_owner.site == "https://ada.github.io/"
    assert "(https://ada.github.io/convolutions/)" in links.readme(text, of_a_fork, tmp_path)
