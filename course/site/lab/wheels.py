"""The packages that a lesson needs in the browser and Pyodide has not: the course itself, above all.

Each becomes an entry of the site's own lock file, so ``import helpers`` is all that it takes: the
kernel loads what a cell imports, and asks no index for anything.
"""

import hashlib
import io
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from course.lessons import ROOT
from course.site.lab.pyodide import CACHE
from course.trouble import Trouble
from helpers.datasets import DATA

LOCK = ROOT / "requirements.txt"

FETCHED = ("comm",)
"""For the kernel. From the package index, in the version and with the hash that `requirements.txt` locks."""

NEEDS = {
    "comm": ["traitlets"],
    "convolutions-course": ["matplotlib", "numpy", "pillow", "sqlite3"],
}
"""What each is loaded with."""

ELSEWHERE = ("authoring", "cli", "grading", "site", "work")
"""Rooms of the course that no lesson opens."""

IMAGES = 200
"""Of Fashion-MNIST, for training and held out: lessons 3 and 6 look at a few of the first."""

TOO_MANY = ("exam_images.npz", "fashion_mnist_25k.npz")
"""Images that are not in the wheel as they are: lesson 4's exam, and the set that is cut."""

MOMENT = (2026, 1, 1, 0, 0, 0)
"""Of every file in the course's wheel, so that the same course makes the same wheel."""


def locked(name: str) -> str:
    """What `requirements.txt` says of a package: its version, and the hashes of its files."""
    text = LOCK.read_text(encoding="utf-8")
    found = re.search(rf"^{name}==(?:.*\\\n)*.*", text, re.MULTILINE)
    if found is None:
        raise Trouble(f"requirements.txt does not lock {name}. `make lock` writes it again.")
    return found[0]


def fetched() -> list[Path]:
    """Find the wheels of other people's packages, which run anywhere; fetched once, and kept.

    Raises
    ------
    Trouble
        They can't be had.
    """
    wanted = "\n".join(map(locked, FETCHED))
    digest = hashlib.sha256(wanted.encode()).hexdigest()[:12]
    kept = CACHE / f"wheels-{digest}"
    if not kept.is_dir():
        CACHE.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=CACHE) as folder:
            fetch(wanted, Path(folder))
            shutil.copytree(folder, kept)
    return sorted(kept.glob("*.whl"))


def fetch(wanted: str, folder: Path) -> None:
    """Fetch wheels from the package index by what a lock says of them."""
    asked = folder / "wanted.txt"
    asked.write_text(wanted, encoding="utf-8")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"]
    command += ["--disable-pip-version-check", "--only-binary=:all:", "--platform", "any"]
    command += ["--abi", "none", "--implementation", "py", "--python-version", "3.12"]
    command += ["--dest", str(folder), "--requirement", str(asked)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        reason = done.stderr.strip().splitlines()[-1:] or ["pip gives no reason"]
        raise Trouble(
            f"What the kernel in the browser needs can't be fetched: {reason[0]}\n"
            "`--no-lab` makes only the pages that are read."
        )


def course_wheel(version: str) -> tuple[str, bytes]:
    """Pack what lessons use of the course into a wheel.

    Returns
    -------
    str, bytes
        The file's name and its content.
    """
    packed = f"convolutions_course-{version}"
    files = {name: path.read_bytes() for name, path in sorted(sources().items())}
    files["helpers/data/fashion_mnist_25k.npz"] = few_images()
    files[f"{packed}.dist-info/METADATA"] = (
        f"Metadata-Version: 2.1\nName: convolutions-course\nVersion: {version}\n".encode()
    )
    files[f"{packed}.dist-info/WHEEL"] = (
        b"Wheel-Version: 1.0\nGenerator: course site\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    )
    files[f"{packed}.dist-info/RECORD"] = "".join(f"{name},,\n" for name in files).encode()
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as wheel:
        for name, data in files.items():
            wheel.writestr(zipfile.ZipInfo(name, MOMENT), data, zipfile.ZIP_DEFLATED)
    return f"{packed}-py3-none-any.whl", content.getvalue()


def sources() -> dict[str, Path]:
    """The files of the course that lessons use, by the names that they have in the wheel."""
    found = [*(ROOT / "course").rglob("*"), *(ROOT / "helpers").rglob("*")]
    found += (ROOT / "solutions").glob("*.py")
    return {
        path.relative_to(ROOT).as_posix(): path
        for path in found
        if path.is_file()
        and "__pycache__" not in path.parts
        and path.name not in TOO_MANY
        and path.relative_to(ROOT).parts[1] not in ELSEWHERE
    }


def few_images() -> bytes:
    """The shipped Fashion-MNIST, cut to its first images."""
    with np.load(DATA / "fashion_mnist_25k.npz") as shipped:
        cut = {name: shipped[name][:IMAGES] for name in shipped.files}
    content = io.BytesIO()
    np.savez_compressed(content, **cut)
    return content.getvalue()


def entry(file: str, content: bytes) -> tuple[str, dict[str, Any]]:
    """A wheel as an entry of Pyodide's lock file."""
    name, version = file.split("-")[:2]
    with zipfile.ZipFile(io.BytesIO(content)) as wheel:
        tops = {top.split("/")[0].removesuffix(".py") for top in wheel.namelist()}
    imports = sorted(top for top in tops if top.isidentifier())
    project = name.replace("_", "-")
    return project, {
        "depends": NEEDS[project],
        "file_name": file,
        "imports": imports,
        "install_dir": "site",
        "name": project,
        "package_type": "package",
        "sha256": hashlib.sha256(content).hexdigest(),
        "unvendored_tests": False,
        "version": version,
    }
