"""Lessons are run once: again only when something that they read has changed, and always on CI."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from course.authoring import passing
from course.lessons import ROOT


@contextmanager
def once(name: str, test: Path, *files: Path) -> Iterator[None]:
    """Leave out a run that has passed on this machine with the same files.

    Parameters
    ----------
    name : str
        Of the run.
    test : Path
        The test itself; all that it imports is read, too.
    *files : Path
        What it reads besides what every lesson does.
    """
    read = {*files, *read_by_lessons(), *passing.reads(Path(__file__), test)}
    if passing.passed(name, read):
        pytest.skip("it passed here before, with all the same files (CI=1 runs it all the same)")
    yield
    passing.remember(name, read)


def read_by_lessons() -> set[Path]:
    """Every file that running any lesson may read."""
    modules = passing.reads(
        ROOT / "course" / "__init__.py",
        *(ROOT / "course" / "exercises").glob("*/*.py"),
        *(ROOT / "course" / "predictions").rglob("*.py"),
        *(ROOT / "helpers").rglob("*.py"),
    )
    return {*modules, *(ROOT / "solutions").glob("*.py")}
