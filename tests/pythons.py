"""The quick tests on every Python that is promised and found here, each in its own environment.

`make test-pythons` runs this. Environments are kept in build/pythons and made again only when the
lock or their Python changes.
"""

import os
import re
import shutil
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
ENVIRONMENTS = ROOT / "build" / "pythons"
BIN, PROGRAM = ("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")
QUICK = ["-n", "3", "--dist", "worksteal", "-m", "not slow and not tensorflow"]
WITHOUT_TENSORFLOW = [
    "tests/test_notebooks.py",
    *QUICK,
]  # newer than promised: lessons 1 to 3 and 6
ASK = "import sys; print(*sys.version_info[:3], sys.base_prefix)"

Version = tuple[int, int]


class Python(NamedTuple):
    """A Python that starts."""

    version: tuple[int, int, int]
    program: str

    @property
    def minor(self) -> Version:
        return self.version[:2]

    def __str__(self) -> str:
        return f"Python {'.'.join(map(str, self.version))} ({self.program})"


def promised() -> list[Version]:
    """The versions that pyproject.toml names."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    found = re.findall(r"Python :: (\d+)\.(\d+)'", str(project["classifiers"]))
    return sorted((int(major), int(minor)) for major, minor in found)


def candidates() -> Iterator[str]:
    """Whatever may be a Python: on the path, then pyenv's and uv's own, newest first."""
    for place in os.environ.get("PATH", "").split(os.pathsep):
        for file in sorted(Path(place).glob("python3*")) if Path(place).is_dir() else ():
            if re.fullmatch(r"python3(\.\d+)?(\.exe)?", file.name):
                yield str(file)
    rooms = [Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"]
    rooms += [Path(said) / "versions" for said in answer("pyenv", "root")]
    rooms += [Path(said) for said in answer(uv(), "python", "dir")]
    for room in rooms:
        homes = [home for home in room.glob("*") if home.is_dir()] if room.is_dir() else []
        for home in sorted(homes, key=numbers, reverse=True):
            yield str(home / PROGRAM if os.name == "nt" else home / BIN / PROGRAM)


def numbers(home: Path) -> list[int]:
    """The numbers in a folder's name: 3.9 comes before 3.13."""
    return [int(number) for number in re.findall(r"\d+", home.name)]


def uv() -> str:
    """The uv of this environment, else the one on the path."""
    return shutil.which("uv", path=Path(sys.executable).parent) or "uv"


def answer(*command: str) -> list[str]:
    """The lines that a command prints; none if it does not start, or fails."""
    try:
        done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return []
    return done.stdout.splitlines() if done.returncode == 0 else []


def found(names: Iterable[str]) -> dict[Version, Python]:
    """The first of each version that starts: a name that is there may be a shim that does not."""
    pythons: dict[Version, Python] = {}
    for name in dict.fromkeys(names):
        program = shutil.which(name)
        for said in answer(program, "-c", ASK)[:1] if program else ():
            major, minor, patch, _ = said.split(maxsplit=3)
            one = Python((int(major), int(minor), int(patch)), str(program))
            pythons.setdefault(one.minor, one)
    return pythons


def tried(python: Python, tests: list[str]) -> str:
    """Set up an environment and run tests in it; gives what failed, or nothing."""
    home = ENVIRONMENTS / ".".join(map(str, python.minor))
    home.parent.mkdir(parents=True, exist_ok=True)
    own = {**os.environ, "COURSE_ENVIRONMENT": str(home), "UV": uv()}
    if subprocess.run([python.program, "bootstrap.py"], check=False, cwd=ROOT, env=own).returncode:
        return "set-up"
    command = [str(home / BIN / PROGRAM), "tests/again.py", "-q", "-o", f"cache_dir={home}/.cache"]
    return "tests" if subprocess.run([*command, *tests], check=False, cwd=ROOT).returncode else ""


def main(named: list[str]) -> int:
    """Try each, and say of each what came of it."""
    others = "--others" in named
    named = [name for name in named if name != "--others"]
    known, wanted = found(named or candidates()), promised()
    newer = [version for version in known if version > wanted[-1]][:1]
    results = []
    for version in [*(known if named else wanted), *([] if named else newer)]:
        name = f"Python {version[0]}.{version[1]}"
        if version not in known:
            results.append(
                (name, "NOT TRIED: there is none here; PYTHONS=/path/to/python names one")
            )
            continue
        if others and version == sys.version_info[:2]:
            results.append((name, "left out: it is that of .venv, where `make test` runs"))
            continue
        print(f"\n==> {known[version]}", flush=True)
        start = time.monotonic()
        beyond = version > wanted[-1]
        failed = tried(known[version], WITHOUT_TENSORFLOW if beyond else QUICK)
        took = f"{time.monotonic() - start:.0f} s"
        if failed == "set-up" and beyond:
            results.append((name, "not tried: not all packages are made for it yet"))
        else:
            results.append((name, f"FAILED at {failed}" if failed else f"passed, {took}"))
    results += [(name, "FAILED: it does not start") for name in named if not found([name])]
    print()
    for name, result in results:
        print(f"{name}: {result}")
    return int(any("FAILED" in result for _, result in results) or not known)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
