"""Make `.venv`, the course's environment, exactly as requirements.txt locks it.

`make setup` runs this with the first suitable Python that it finds; without make,
`uv run bootstrap.py` does the same. Standard library only: nothing is installed yet.
"""

# /// script
# requires-python = ">=3.11"
# ///

from __future__ import annotations

import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent
LOCK = ROOT / "requirements.txt"
# `make test-pythons` has one for each Python.
VENV = Path(os.environ.get("COURSE_ENVIRONMENT") or ROOT / ".venv")
SCRIPTS = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = SCRIPTS / ("python.exe" if os.name == "nt" else "python")
# Written last, so that an environment without it is known to be half-made.
STAMP = VENV / "course-setup-finished"

RUNNING = "{}.{}".format(*sys.version_info[:2])
# What an environment cannot outlive: its Python, and its place, which its commands name.
HOME = f"Python {RUNNING} in {VENV}"
OLDEST_PYTHON = (3, 11)
# TensorFlow is built for no later one yet; pyproject.toml leaves it out there.
NEWEST_WITH_TENSORFLOW = (3, 13)
# 2.2 GB of packages and 0.2 GB of their bytecode (measured), and room to unpack.
BYTES_NEEDED = 3 * 10**9

UNREACHABLE = (
    "The packages could not be downloaded: the network is missing, or a proxy stands in the way "
    "(name it in HTTPS_PROXY)."
)
# What an installer prints when it fails, in lower case, and what a person can do about it.
# The first match counts: a download that fails because the disk is full is a full disk.
CAUSES = {
    r"no space left|disk quota|not enough space|os error (28|112|122)\b": (
        "The disk is full, here or where uv keeps its downloads (`uv cache dir`). Free about 3 GB; "
        "`uv cache clean` gives back what earlier installations left there."
    ),
    r"certificate": (
        "The download could not be trusted: something between this machine and the package index "
        "answers with a certificate of its own, as company networks do. Ask for that certificate "
        "and name its file in SSL_CERT_FILE."
    ),
    r"hash mismatch|do not match the hashes": (
        "A download is not the file that requirements.txt locks, so it was not installed. "
        "`uv cache clean` and another try mend a damaged download."
    ),
    r"no wheels? with a matching|(have|has) a wheel for the current|failed to build": (
        "A package has no ready-made build for this machine "
        f"({platform.system()} {platform.machine()}, Python {RUNNING}). The course "
        "is made for Python 3.11 to 3.13 on Linux, Windows and Macs with Apple silicon."
    ),
    r"permission denied|read-only file system|access is denied|os error (5|13|30)\b": (
        "A file could not be written. Clone the course into a folder of your own."
    ),
    (
        r"dns error|lookup address|name resolution|unreachable|refused|timed out|timeout"
        r"|error sending request|failed to (fetch|download)|new connection|network connectivity"
    ): UNREACHABLE,
}


class CannotSetUp(Exception):
    """The environment cannot be made; the message says why and what to do."""


class Unreachable(CannotSetUp):
    """There is no way to the packages: nothing was installed, and nothing removed."""


def main() -> int:
    """Make the environment, or say in a sentence why that is not possible."""
    try:
        set_up()
    except CannotSetUp as problem:
        return stop(str(problem))
    except OSError as problem:
        return stop(f"{cause_of(str(problem)) or 'The set-up failed.'} ({problem})")
    except KeyboardInterrupt:
        stop("Stopped before the end. What was downloaded is kept for the next time.")
        return 130
    return 0


def set_up() -> None:
    """Bring `.venv` in step with the lock, from nothing if it was never finished."""
    started = time.monotonic()
    if sys.version_info < OLDEST_PYTHON:
        raise CannotSetUp(
            f"This is Python {RUNNING}, and the course needs 3.11 or newer. Install one "
            "(`uv python install 3.13` does), then run this file with it."
        )
    wanted = [HOME, fingerprint(LOCK), fingerprint(ROOT / "pyproject.toml")]
    found = STAMP.read_text(encoding="utf-8").splitlines() if STAMP.is_file() else []
    if not succeeds(str(PYTHON), "-c", ""):
        found = []
    if found == wanted:
        say(f"The environment is ready: .venv, Python {RUNNING}.")
        return

    STAMP.unlink(missing_ok=True)
    if found[:1] == wanted[:1]:
        say("Something changed since the last set-up: bringing .venv in step.")
    else:
        say("Setting up the course in .venv: about 2.5 GB on disk, a minute or two the first time.")
        make_venv()
        found = []
    if sys.version_info[:2] > NEWEST_WITH_TENSORFLOW:
        say(f"There is no TensorFlow for Python {RUNNING}: lessons 4 to 6 need 3.11 to 3.13.")
    uv = find_uv() or install_uv()
    into = ("--python", str(PYTHON))
    if found[:2] != wanted[:2]:
        say("Installing the packages that requirements.txt locks, then compiling them.")
        try:
            run(uv, "pip", "sync", "--require-hashes", "--compile-bytecode", *into, str(LOCK))
        except Unreachable:
            remember(found)
            raise
    say("Installing the course itself.")
    # Its build backend is in the lock already, so nothing is fetched.
    run(uv, "pip", "install", "--no-deps", "--no-build-isolation", *into, "--editable", str(ROOT))
    # Like the packages: where Python may not write bytecode, it would compile all of it each time.
    run(str(PYTHON), "-m", "compileall", "-q", str(ROOT / "helpers"), str(ROOT / "course"))
    remember(wanted)
    took = time.monotonic() - started
    say(f"The environment is ready after {took:.0f} s: .venv, Python {RUNNING}.")


def fingerprint(file: Path) -> str:
    """Return what changes when a file does."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def remember(state: list[str]) -> None:
    """Write down what the environment was made for."""
    STAMP.write_text("\n".join(state), encoding="utf-8")


def make_venv() -> None:
    """Make an empty environment, in place of whatever was left unfinished."""
    if VENV.exists():
        say("The .venv here was left unfinished, moved, or made for another Python: replacing it.")
        shutil.rmtree(VENV)
    free = shutil.disk_usage(ROOT).free
    if free < BYTES_NEEDED:
        raise CannotSetUp(
            f"The disk is full: .venv needs about {BYTES_NEEDED / 1e9:.0f} GB, and "
            f"{free / 1e9:.1f} GB is free in {ROOT}. Free some, or clone the course on another disk."
        )
    # From the interpreter underneath, should this one live in an environment, even in .venv itself.
    base = getattr(sys, "_base_executable", None) or sys.executable
    run(base, "-m", "venv", "--without-pip", str(VENV))


def find_uv() -> str | None:
    """Return a uv that starts, None if there is none."""
    for candidate in (os.environ.get("UV"), shutil.which("uv"), str(SCRIPTS / "uv")):
        # A name on the path proves nothing: pyenv leaves stand-ins that only fail.
        if candidate and succeeds(candidate, "--version"):
            return candidate
    return None


def install_uv() -> str:
    """Install the locked uv into the environment and return its path."""
    say("There is no uv on this machine: installing it into .venv (20 MB).")
    if not succeeds(str(PYTHON), "-m", "ensurepip"):
        raise CannotSetUp(
            "This Python comes without pip, and there is no uv. Either will do: on Debian and Ubuntu "
            "`sudo apt install python3-venv`, elsewhere install uv. Then run the same command again."
        )
    locked = re.search(r"^uv==.*\\\n(?: +--hash=.*\n)+", LOCK.read_text(), re.MULTILINE)
    if locked is None:
        raise CannotSetUp("requirements.txt does not lock uv: write it again with `make lock`.")
    only_uv = VENV / "uv.txt"
    only_uv.write_text(locked[0])
    quietly = ("--quiet", "--disable-pip-version-check")
    run(str(PYTHON), "-m", "pip", "install", *quietly, "--requirement", str(only_uv))
    return str(SCRIPTS / "uv")


def succeeds(*command: str) -> bool:
    """Return whether a command can be run, and ends well."""
    try:
        return subprocess.run(command, check=False, capture_output=True).returncode == 0
    except OSError:
        return False


def run(*command: str) -> None:
    """Run an installer, passing on what it says, and explain it if it fails."""
    lines = []
    with subprocess.Popen(
        command,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            lines.append(line)
            # Not the list of every package that came and went.
            if not line.startswith((" + ", " - ", " ~ ")):
                print("    " + line, end="", flush=True)
    if process.returncode != 0:
        cause = cause_of("".join(lines)) or f"`{command[0]}` failed; its words above say why."
        kind = Unreachable if cause == UNREACHABLE else CannotSetUp
        raise kind(f"{cause} Then run the same command again; what was downloaded is kept.")


def cause_of(text: str) -> str | None:
    """Return what a person can do about an installer's words, None where they are new to us."""
    for pattern, advice in CAUSES.items():
        if re.search(pattern, text.lower()):
            return advice
    return None


def say(text: str) -> None:
    """Print one step."""
    print(f"==> {text}", flush=True)


def stop(text: str) -> int:
    """Print why the set-up ends here, and return the exit code that says so."""
    print(f"\nSet-up stopped. {text}", file=sys.stderr, flush=True)
    return 1


if __name__ == "__main__":
    sys.exit(main())
