"""Dear tests are run once: again only when something that they may read has changed; on CI always.

Dear are those that are marked. As a plugin, this skips those that have passed here, and remembers
those that pass.
"""

import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from course.authoring import passing
from course.lessons import ROOT

DEAR = ("seconds", "slow", "tensorflow")
PASSED = "it passed here before, with all the same files (CI=1 runs it all the same)"


def pytest_collection_finish(session: pytest.Session) -> None:
    """Skip what has passed, and look out for what passes now."""
    dear = [item for item in session.items if any(map(item.get_closest_marker, DEAR))]
    if passing.on_ci() or not dear or session.config.option.collectonly or not files():
        return
    reads = {item: read_by(item.path, bool(item.get_closest_marker("lessons"))) for item in dear}
    new = [item for item in dear if not passing.passed(item.nodeid, reads[item])]
    for item in {*dear} - {*new}:
        item.add_marker(pytest.mark.skip(PASSED))
    session.config.pluginmanager.register(Remembering({one.nodeid: reads[one] for one in new}))


class Remembering:
    """Remembers each test that passes.

    Parameters
    ----------
    reads : dict of str to frozenset of Path
        What a test reads, by its name.
    """

    def __init__(self, reads: dict[str, frozenset[Path]]) -> None:
        self.reads = reads
        self.called: set[str] = set()
        """Whose call has passed, with all that it asks by `subtests`."""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A test has passed when its call, all parts of it, and what ends it have."""
        if not report.passed:
            self.reads.pop(report.nodeid, None)
        elif report.when == "call":
            self.called.add(report.nodeid)
        elif report.when == "teardown" and report.nodeid in self.called & self.reads.keys():
            passing.remember(report.nodeid, self.reads[report.nodeid])


@cache
def files() -> frozenset[Path]:
    """Every file of the course, as git knows them; none where there is no git."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        check=False, cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    found = (ROOT / name for name in listed.stdout.split("\0") if name)
    return frozenset(file for file in found if file.is_file())


@cache
def read_by(test: Path, only_lessons: bool = False) -> frozenset[Path]:
    """What the tests of a file may read: all but other tests, or what lessons read and themselves."""
    own = {*tests_in(test)}
    if only_lessons:
        return frozenset({*read_by_lessons(), *passing.reads(*own)})
    return frozenset(own | {file for file in files() if not file.match("test_*.py")})


def tests_in(test: Path) -> Iterator[Path]:
    """A file of tests, and those that it takes something from."""
    yield test
    for name in re.findall(r"^(?:from|import) (test_\w+)", test.read_text("utf-8"), re.MULTILINE):
        yield from tests_in(test.with_name(f"{name}.py"))


def read_by_lessons() -> set[Path]:
    """Every file that running any lesson may read, or that runs it."""
    modules = passing.reads(
        ROOT / "course" / "__init__.py",
        *(ROOT / "course" / "exercises").glob("*/*.py"),
        *(ROOT / "course" / "predictions").rglob("*.py"),
        *(ROOT / "helpers").rglob("*.py"),
    )
    running = (file for file in (ROOT / "tests").glob("*") if not file.match("test_*.py"))
    written = (ROOT / folder for folder in ("solutions", "notebooks"))
    notebooks = (file for folder in written for file in folder.glob("*.*"))
    return {*modules, *notebooks, *filter(Path.is_file, running)}
