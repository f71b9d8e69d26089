"""What is here, what is missing, and one line that says it all for a bug report."""

import importlib.metadata
import platform
import shutil
import sys
import tempfile
import tomllib
import warnings
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from course.lessons import ROOT
from course.work.folder import compare

NAME = "convolutions-course"

# What each is for; the order is that of the table. `pyproject.toml` says which versions will do.
USED_BY = {
    "numpy": "every lesson",
    "scipy": "every lesson",
    "matplotlib": "every lesson",
    "ipython": "every lesson",
    "ipykernel": "every lesson",
    "jupyterlab": "course lab",
    "opencv-python-headless": "the speed comparisons of lessons 1 and 6",
    "tensorflow": "lessons 4 and 5, half of lesson 6",
    "keras": "lessons 4 and 5, half of lesson 6",
}

# One thing may be installed under several names.
ALSO_KNOWN_AS = {
    "tensorflow": ("tensorflow-cpu", "tensorflow-macos", "tf-nightly"),
    "opencv-python-headless": ("opencv-python", "opencv-contrib-python"),
}

LITTLE_SPACE = 200 * 2**20  # bytes: enough for the notebooks and their pictures


@dataclass
class Diagnosis:
    """What was found: rows of a table, and what is wrong, in words."""

    rows: list[tuple[str, str, str]] = field(default_factory=list)
    """What it is, what was found, and whether it will do."""

    problems: list[str] = field(default_factory=list)

    @property
    def verdict(self) -> str:
        """One line: the versions that matter most, and every problem."""
        here = f"course {version()}, Python {platform.python_version()}, {platform.platform()}"
        numpy = installed("numpy")
        return f"{here}, numpy {numpy}: {'; '.join(self.problems) or 'all is well'}"

    def add(self, what: str, found: str, problem: str = "", *, note: str = "") -> None:
        """Add a row; a problem also counts in the verdict."""
        self.rows.append((what, found, problem or note or "fine"))
        if problem:
            self.problems.append(f"{what} {problem}")


@cache
def project() -> dict[str, Any]:
    """What ``pyproject.toml`` says of the course; nothing where there is none."""
    try:
        with (ROOT / "pyproject.toml").open("rb") as file:
            return tomllib.load(file)["project"]
    except (OSError, KeyError, tomllib.TOMLDecodeError):
        return {}


def version() -> str:
    """The version of the course."""
    return project().get("version") or installed(NAME) or "unknown"


def installed(name: str) -> str | None:
    """The installed version of something, without importing it."""
    for known_as in (name, *ALSO_KNOWN_AS.get(name, ())):
        try:
            return importlib.metadata.version(known_as)
        except importlib.metadata.PackageNotFoundError:
            continue
    return None


def requirement(name: str) -> tuple[Requirement | None, bool]:
    """What the course asks of a package here, and whether lessons can do without it."""
    keras = project().get("optional-dependencies", {}).get("keras", ())
    for line in map(Requirement, [*project().get("dependencies", ()), *keras]):
        here = line.marker is None or line.marker.evaluate()
        if here and line.name in (name, *ALSO_KNOWN_AS.get(name, ())):
            return line, name != "jupyterlab"  # Colab and VS Code do without
    return None, False


def examine(folder: Path) -> Diagnosis:
    """Look at everything that the lessons need.

    Parameters
    ----------
    folder : Path
        The learner's.
    """
    diagnosis = Diagnosis()
    diagnosis.add("course", version(), note=str(ROOT))
    wanted = project().get("requires-python", ">=3.11")
    python = platform.python_version()
    will_do = SpecifierSet(wanted).contains(python, prereleases=True)
    diagnosis.add("Python", python, "" if will_do else f"is not {wanted}", note=sys.executable)
    diagnosis.add("system", platform.platform())
    for name, used_by in USED_BY.items():
        examine_package(diagnosis, name, used_by)
    examine_folder(diagnosis, folder)
    examine_data(diagnosis)
    return diagnosis


def examine_package(diagnosis: Diagnosis, name: str, used_by: str) -> None:
    """Say whether a package is here and new enough."""
    found = installed(name)
    line, needed = requirement(name)
    if found is None:
        problem = f"is missing ({used_by})" if needed else ""
        diagnosis.add(name, "missing", problem, note=f"only for {used_by}")
    elif line is not None and not line.specifier.contains(found, prereleases=True):
        diagnosis.add(name, found, f"is not {line.specifier} ({used_by})")
    else:
        diagnosis.add(name, found)


def examine_folder(diagnosis: Diagnosis, folder: Path) -> None:
    """Say whether work can be saved, and whether there are newer notebooks."""
    there = next(path for path in (folder, *folder.absolute().parents) if path.is_dir())
    name = str(folder.absolute())
    try:
        with tempfile.TemporaryFile(dir=there):
            pass
        diagnosis.add("your folder", name, note="fine" if there is folder else "made by course lab")
    except OSError as error:
        diagnosis.add("your folder", name, f"can't be written ({error.strerror})")

    free = shutil.disk_usage(there).free
    little = "is nearly full" if free < LITTLE_SPACE else ""
    diagnosis.add("disk", f"{free / 2**30:.1f} GiB free", little)

    states = list(compare(folder).values())
    if not states:
        diagnosis.add("notebooks", "none to copy", "are missing: course build makes them")
    elif there is folder:
        behind = sum(what in ("missing", "outdated", "changed", "unknown") for what in states)
        note = f"{behind} newer: course update" if behind else "the newest"
        diagnosis.add("notebooks", f"{len(states)} in the course", note=note)


def examine_data(diagnosis: Diagnosis) -> None:
    """Say which Fashion-MNIST the lessons take, and whether a damaged one was passed over."""
    import helpers

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            source = helpers.fashion_mnist().source
        except OSError as error:
            diagnosis.add("Fashion-MNIST", "missing", f"can't be read ({error})")
            return
    diagnosis.add("Fashion-MNIST", source, "; ".join(str(one.message) for one in caught))
