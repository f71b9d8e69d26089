"""What has passed on this machine, so that it is not run again until something it reads changes.

A run is known by a digest of everything that it reads: files, this Python and every package. On CI
(where ``CI`` is set) nothing counts as passed.
"""

import ast
import contextlib
import hashlib
import importlib.metadata
import os
import platform
import re
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from course.lessons import ROOT

PASSED = ROOT / ".passed"
"""One file for each run that passed: its name, and in it the digest of what it read."""

PYTHON = ".".join(map(str, sys.version_info[:2]))

ALWAYS = ("helpers/*.py", "helpers/data/*", "course/exercises/*/*.npy", "requirements.txt")
"""Files that are read as data, or loaded by their names when they are first used."""


def passed(name: str, files: Iterable[Path]) -> bool:
    """Whether a run passed here with the very same files, and may be left out."""
    try:
        return not on_ci() and record(name).read_text(encoding="utf-8") == digest(files)
    except OSError:
        return False


def remember(name: str, files: Iterable[Path]) -> None:
    """Note that a run passed with these files; where nothing can be written, it is run again."""
    with contextlib.suppress(OSError):
        record(name).parent.mkdir(parents=True, exist_ok=True)
        record(name).write_text(digest(files), encoding="utf-8")


def on_ci() -> bool:
    """Whether a machine is asked, which takes nothing on trust."""
    return os.environ.get("CI", "").lower() not in ("", "0", "false")


def record(name: str) -> Path:
    """Where it stands that a run passed on this Python: another's runs are its own."""
    readable = re.sub(r"\W+", "-", name)[-100:]
    return PASSED / PYTHON / f"{readable}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def digest(files: Iterable[Path]) -> str:
    """Identify files by name and content, and the Python and the packages that read them."""
    return hashlib.sha256(f"{environment()}{contents(frozenset(files))}".encode()).hexdigest()


@cache
def contents(files: frozenset[Path]) -> str:
    """Identify files by name and content; hundreds of tests read the same."""
    found = hashlib.sha256()
    for file in sorted({*files, *(path for pattern in ALWAYS for path in ROOT.glob(pattern))}):
        found.update(f"\n{file.relative_to(ROOT).as_posix()} ".encode())
        found.update(content(file).encode())
    return found.hexdigest()


@cache
def content(file: Path) -> str:
    """Identify what a file holds."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


@cache
def environment() -> str:
    """This Python and every installed package, with their versions."""
    packages = {f"{one.name}=={one.version}" for one in importlib.metadata.distributions()}
    return " ".join([sys.version, platform.platform(), *sorted(packages)])


def reads(*starts: Path) -> set[Path]:
    """These modules of ours, and all that they import of ours, directly or not."""
    found: set[Path] = set()
    todo = list(starts)
    while todo:
        file = todo.pop()
        if file not in found and file.is_file():
            found.add(file)
            todo += imported(file)
    return found


@cache
def imported(file: Path) -> tuple[Path, ...]:
    """The modules of ours that a module imports, wherever in it, with the packages round them."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    names = {name for node in ast.walk(tree) for name in named(node, file)}
    parts = [name.split(".") for name in names if name.split(".")[0] in ("course", "helpers")]
    within = {tuple(part[:length]) for part in parts for length in range(1, len(part) + 1)}
    paths = [ROOT.joinpath(*part) for part in sorted(within)]
    return tuple(
        file
        for path in paths
        for file in (path.with_suffix(".py"), path / "__init__.py")
        if file.is_file()
    )


def named(node: ast.AST, file: Path) -> Iterator[str]:
    """The dotted names that an import may stand for: `from a import b` may import a module a.b."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        package = file.parent.relative_to(ROOT).parts if node.level else ()
        above = package[: len(package) - (node.level - 1)] if node.level else ()
        base = ".".join([*above, *filter(None, [node.module])])
        yield base
        yield from (f"{base}.{alias.name}" for alias in node.names)
