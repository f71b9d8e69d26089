"""Colab's packages in an environment of their own, `build/colab`, made again when they change.

What Colab's list does not name is taken from the course's lock.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

from bootstrap import CannotSetUp, find_uv, fingerprint, run

ROOT = Path(__file__).resolve().parents[2]
VERSIONS = Path(__file__).with_name("versions.txt")
FOLDER = ROOT / "build" / "colab"
PYTHON = FOLDER / "bin" / "python"
CACHE = FOLDER / "cache"
CONSTRAINTS = FOLDER / "constraints.txt"
STAMP = FOLDER / "finished"

COLABS_PYTHON = "3.13"


def install() -> None:
    """Bring the environment in step with the two lists; raises `CannotSetUp`."""
    uv = find_uv()
    if uv is None:
        raise CannotSetUp("There is no uv, which makes Colab's environment. Run `make setup`.")
    python = find_python(uv)
    made_from = (VERSIONS, ROOT / "requirements.txt", Path(__file__))
    wanted = "\n".join([python, str(FOLDER), *map(fingerprint, made_from)])
    if STAMP.is_file() and STAMP.read_text(encoding="utf-8") == wanted:
        return
    run(uv, "venv", "--quiet", "--clear", "--no-project", "--python", python, str(FOLDER))
    CONSTRAINTS.write_text(rest_of_the_lock(), encoding="utf-8")
    run(
        *(uv, "pip", "install", "--quiet", "--python", str(PYTHON)),
        *("--requirement", str(VERSIONS), "--constraint", str(CONSTRAINTS)),
    )
    CACHE.mkdir()
    STAMP.write_text(wanted, encoding="utf-8")


def find_python(uv: str) -> str:
    """Colab's Python where there is one, else the one that runs this."""
    found = subprocess.run(
        [uv, "python", "find", "--no-python-downloads", "--no-project", COLABS_PYTHON],
        capture_output=True,
        check=False,
        # pyenv keeps its Pythons behind names that only fail until one is asked for.
        env=os.environ | {"PYENV_VERSION": COLABS_PYTHON},
        text=True,
    )
    return found.stdout.strip() or sys.executable


def named(requirements: str) -> set[str]:
    """The packages of which a list of requirements fixes the version."""
    return set(re.findall(r"^([\w.-]+)==", requirements, re.MULTILINE))


def rest_of_the_lock() -> str:
    """The course's lock without the packages that Colab has in a version of its own."""
    colabs = named(VERSIONS.read_text(encoding="utf-8"))
    lock = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    packages = re.split(r"^(?=[\w.-]+==)", lock, flags=re.MULTILINE)
    return "".join(text for text in packages if not named(text) & colabs)
