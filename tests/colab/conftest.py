"""Colab's packages, and the course as its address gives it, on this disk."""

import fcntl
import subprocess
from pathlib import Path

import packages
import pytest
from machine import Machine, no_sandbox

from bootstrap import CannotSetUp
from course.authoring import links
from course.lessons import ROOT


def pytest_report_header() -> str:
    """Say which Python it is: where Colab's own is not installed, only the packages are Colab's."""
    uv = packages.find_uv()
    return f"Python of these runs: {packages.find_python(uv)}" if uv else ""


@pytest.fixture(scope="session", autouse=True)
def colabs_packages() -> None:
    """Install them once, however many processes ask; without them nothing here can run."""
    if reason := no_sandbox():
        pytest.fail(reason, pytrace=False)
    packages.FOLDER.parent.mkdir(exist_ok=True)
    with packages.FOLDER.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            packages.install()
        except CannotSetUp as problem:
            pytest.fail(str(problem), pytrace=False)


@pytest.fixture(scope="session")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The course as it is on this disk, committed and tagged in a repository of its own."""
    folder = tmp_path_factory.mktemp("published") / "course.git"
    git = ["git", f"--git-dir={folder}", f"--work-tree={ROOT}"]
    somebody = ["-c", "user.name=Somebody", "-c", "user.email=somebody@example.org"]
    for command in (
        ["init", "--quiet"],
        ["add", "--all"],
        [*somebody, "commit", "--quiet", "--message=The course"],
        ["tag", links.home(ROOT).tag],
    ):
        subprocess.run([*git, *command], cwd=ROOT, check=True)
    return folder


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """One that nobody has used."""
    return Machine(tmp_path / "content")
