"""A course of one small lesson, in a folder of its own."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import once
import pytest

import course.cli  # isort: skip - first, lest every worker compile what it keeps from being compiled
from course.authoring import notebooks, source
from course.lessons import LESSONS, Lesson

# Two workers share two processors: threads of TensorFlow's would only wait for one another.
os.environ.setdefault("TF_NUM_INTRAOP_THREADS", "1")


def pytest_configure(config: pytest.Config) -> None:
    """Run what is dear once, and let Ctrl+C be felt, which a shell keeps from a job behind it."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    config.pluginmanager.register(once)


PYPROJECT = """\
[project]
version = "1.2.3"
[project.urls]
Repository = "https://github.com/someone/a-course"
"""

LESSON = '''\
# %% [markdown]
# One exercise, and what it is for.
# %%
import numpy as np
from course import check, yours
# %% [markdown]
# ### Build: `convolve_pixel(window, kernel)`
# Multiply, then add.
# %% exercise="convolve_pixel"
def convolve_pixel(window, kernel):
    """Return the sum of products."""
    ### BEGIN SOLUTION
    products = np.asarray(window, float) * kernel
    return float(products.sum())
    ### END SOLUTION
# %% check="convolve_pixel"
# Stuck? check.convolve_pixel.hint()
check.convolve_pixel(convolve_pixel)
# %%
print(yours.convolve_pixel(np.ones((3, 3)), np.eye(3)))
'''


class SmallCourse(NamedTuple):
    """Where it is, and what is in it."""

    root: Path
    source: Path
    student: Path
    solution: Path

    def write(self, text: str) -> None:
        """Change the lesson's source."""
        self.source.write_text(text, encoding="utf-8")

    def files(self) -> dict[str, bytes]:
        """Every file and what it holds."""
        return {
            path.relative_to(self.root).as_posix(): path.read_bytes()
            for path in self.root.rglob("*")
            if path.is_file()
        }


SMALL = Lesson(1, "convolution_by_hand", "A small lesson", 20, ("convolve_pixel",))


def small_course(root: Path, patch: pytest.MonkeyPatch) -> SmallCourse:
    """Lay the small course, and let lesson 1 be the one that it has."""
    patch.setitem(LESSONS, 1, SMALL)
    patch.setattr(source, "PREDICTIONS", {})
    (root / "solutions").mkdir(parents=True)
    (root / "pyproject.toml").write_text(PYPROJECT, encoding="utf-8")
    course = SmallCourse(root, SMALL.source(root), SMALL.notebook(root), SMALL.solution(root))
    course.write(LESSON)
    return course


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallCourse:
    """The small course; nothing is built yet."""
    return small_course(tmp_path / "course", monkeypatch)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallCourse]:
    """The small course, built for real; to be looked at, not changed."""
    with pytest.MonkeyPatch.context() as patch:
        course = small_course(tmp_path_factory.mktemp("built") / "course", patch)
        notebooks.build(root=course.root)
        yield course


@pytest.fixture
def executed(monkeypatch) -> list[str]:
    """Instead of executing: number the cells, and note that it was asked for."""
    runs: list[str] = []

    def pretend(notebook, *, strict=True):
        runs.append("".join(cell.source for cell in notebook.cells))
        for count, cell in enumerate(notebooks.code_cells(notebook), 1):
            cell.execution_count = count
            cell.outputs = [notebooks.v4.new_output("stream", text=f"run {len(runs)}")]

    monkeypatch.setattr(notebooks, "execute", pretend)
    return runs
