"""What a teacher lets into the cage besides the course: packages, and a folder of files."""

import hashlib
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from course.trouble import Trouble

MOST_FILES, MOST_BYTES = 2_000, 500_000_000  # every cage has a copy of its own
THE_COURSES = {"course", "helpers"}  # of these names a notebook has to find the course's own

IMPORTED_AS = {
    "bs4": "beautifulsoup4",
    "cv2": "opencv-python-headless",
    "PIL": "pillow",
    "skimage": "scikit-image",
    "sklearn": "scikit-learn",
    "yaml": "pyyaml",
}
"""Packages that notebooks import by another name than they are installed by."""


class Allowed(NamedTuple):
    """What is let in.

    Attributes
    ----------
    packages : tuple of str
        With their versions: ``pandas 2.3.3``.
    files : str
        A digest of the files' names and contents.
    packages_in : str
        The folder to import them from, where this Python has not got them anyway.
    files_in : str
        The folder of the files.
    """

    packages: tuple[str, ...] = ()
    files: str = ""
    packages_in: str = ""
    files_in: str = ""

    @property
    def identity(self) -> tuple[tuple[str, ...], str]:
        """What a grade depends on: which, and not where they lie."""
        return self.packages, self.files


NOTHING_MORE = Allowed()


def allow(packages: Sequence[str], files: Path | None, report: Path, fresh: bool) -> Allowed:
    """Make ready what is to be let in.

    Parameters
    ----------
    packages : sequence of str
        By name. What this Python has is in every cage; the rest is installed into the report's
        folder, once, so that a class has one version from its first notebook to its last.
    files : Path or None
    report : Path
    fresh : bool
        Install anew what was installed for an earlier run.

    Raises
    ------
    Trouble
        If there is no such package, or the files are not fit for a cage.
    """
    wanted = sorted({str(requirement(name)) for name in packages})
    if fresh:
        shutil.rmtree(report / "packages", ignore_errors=True)
    absent = [name for name in wanted if not version(name)]
    target = installed(absent, report / "packages") if absent else None
    held = tuple(f"{Requirement(name).name} {version(name, target)}" for name in wanted)
    digest = digest_of(files, report) if files else ""
    there, given = (str(place.resolve()) if place else "" for place in (target, files))
    return Allowed(held, digest, there, given)


# --- Packages -------------------------------------------------------------------------------------


def requirement(name: str) -> Requirement:
    """Read the name of a package, perhaps with a version: ``pandas``, ``pandas==2.2``."""
    try:
        found = Requirement(IMPORTED_AS.get(name.strip(), name))
    except InvalidRequirement:
        found = None
    if found is None or found.url:
        raise Trouble(
            f"--with-package wants the name of a package, as in `--with-package pandas`, and was "
            f"given {name!r}. Files of your own go in by --with-files."
        )
    return found


def version(wanted: str, folder: Path | None = None) -> str:
    """The version of a package that is here, or in that folder; empty if none fits."""
    asked = Requirement(wanted)
    there = metadata.distributions(path=[str(folder)]) if folder else ()
    for found in (*metadata.distributions(), *there):
        name = found.metadata["Name"] or ""
        same = canonicalize_name(name) == canonicalize_name(asked.name)
        if same and asked.specifier.contains(found.version, prereleases=True):
            return found.version
    return ""


def installed(names: Sequence[str], room: Path) -> Path:
    """Install packages and what they need into a folder of their own, unless they are there.

    They have to get on with the packages of this Python, whose versions stay. Only what is ready
    to be unpacked is taken: nothing of a package runs outside of a cage.
    """
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    said = hashlib.sha256("\n".join((python, *names)).encode()).hexdigest()[:16]
    folder = room / said
    if folder.is_dir():
        return folder
    room.mkdir(parents=True, exist_ok=True)
    uv = shutil.which("uv", path=Path(sys.executable).parent) or shutil.which("uv")
    install = [uv, "pip", "install", "--python", sys.executable] if uv else []
    with tempfile.TemporaryDirectory(dir=room) as place:
        here = Path(place, "here.txt")
        here.write_text("".join(sorted(map(pinned, metadata.distributions()))), "utf-8")
        unpacked = Path(place, "unpacked")
        command = [*(install or [sys.executable, "-m", "pip", "install"]), *names]
        command += ["--target", str(unpacked), "--only-binary", ":all:", "--constraint", str(here)]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        if done.returncode:
            why = done.stderr.strip()[-1500:] or "It gives no reason."
            raise Trouble(
                f"{' and '.join(names)} could not be installed for --with-package. It has to be "
                f"known to the package index, and the network has to be there the first time.\n{why}"
            )
        unpacked.chmod(0o755)  # a cage reads it as somebody else
        unpacked.rename(folder)
    return folder


def pinned(found: metadata.Distribution) -> str:
    """A line that keeps a package of this Python at its version; none for what has no name."""
    name = found.metadata["Name"]
    return f"{name}=={found.version}\n" if name and "+" not in found.version else ""


# --- Files ----------------------------------------------------------------------------------------


def listed(folder: Path) -> list[Path]:
    """The files of a folder, at any depth, without the hidden ones; by name."""
    found = []
    for file in sorted(folder.rglob("*")):
        if not any(part.startswith(".") for part in file.relative_to(folder).parts):
            if file.is_symlink():
                raise Trouble(f"{file} is a link. Put the file itself there for --with-files.")
            if file.is_file():
                found.append(file)
    return found


def digest_of(folder: Path, report: Path) -> str:
    """Hash the names and the contents of files; say what is not fit for a cage."""
    if not folder.is_dir():
        raise Trouble(f"--with-files wants a folder, and {folder} is none.")
    if report.resolve().is_relative_to(folder.resolve()):
        raise Trouble(
            f"The report {report} lies in {folder}, and every notebook could read it. Give "
            "--with-files a folder with nothing in it but the files."
        )
    files = listed(folder)
    size = sum(file.stat().st_size for file in files)
    if not files or len(files) > MOST_FILES or size > MOST_BYTES:
        raise Trouble(
            f"{folder} has {len(files):,} files with {size / 1e6:,.0f} MB. --with-files takes from "
            f"1 to {MOST_FILES:,}, and {MOST_BYTES / 1e6:,.0f} MB in all."
        )
    for name in THE_COURSES & {file.relative_to(folder).parts[0].split(".")[0] for file in files}:
        raise Trouble(
            f"There is a `{name}` in {folder}, and notebooks would find it instead of the "
            "course's own. Give --with-files a folder without it."
        )
    said = hashlib.sha256()
    for file in files:
        content = file.read_bytes()
        said.update(f"{file.relative_to(folder).as_posix()!a} {len(content)}\n".encode())
        said.update(content)
    return said.hexdigest()


def copied(allowed: Allowed, folder: Path) -> None:
    """Copy the files for a cage."""
    source = Path(allowed.files_in)
    for file in listed(source) if allowed.files_in else ():
        there = folder / file.relative_to(source)
        there.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, there)
