"""Python for the browser: which files of Pyodide the course needs, and where they come from.

`pyodide.json` pins them: it is Pyodide's own lock file, cut to what the lessons import, with the
hash of each package as Pyodide published it, and those of the five files that are Pyodide itself.
Nothing that does not match is ever used.
"""

import hashlib
import json
import os
import tarfile
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import IO, Any

import platformdirs

from course.trouble import Trouble

PINNED = Path(__file__).parent / "pyodide.json"
ARCHIVE = "https://github.com/pyodide/pyodide/releases/download/{version}/pyodide-{version}.tar.bz2"

CACHE = Path(platformdirs.user_cache_dir("convolutions-course"))
"""Where what was fetched is kept: the next site needs no network."""

HOW = (
    "`--pyodide` takes a folder with its files, or the address or the file of its archive, "
    "pyodide-{version}.tar.bz2. `--no-lab` makes only the pages that are read."
)


@cache
def pinned() -> dict[str, Any]:
    """What is pinned: ``info``, ``core`` and ``packages``."""
    return json.loads(PINNED.read_text(encoding="utf-8"))


def version() -> str:
    """The version of Pyodide."""
    return pinned()["info"]["version"]


def hashes() -> dict[str, str]:
    """The SHA-256 of every file, by its name."""
    packages = pinned()["packages"].values()
    return {**pinned()["core"], **{one["file_name"]: one["sha256"] for one in packages}}


def kept() -> Path:
    """Where the files are kept once they have been fetched."""
    return CACHE / f"pyodide-{version()}"


def distribution(place: str | None, say: Callable[[str], None]) -> Path:
    """Find Pyodide, or fetch it, and check every file of it.

    Parameters
    ----------
    place : str or None
        A folder, an archive or its address; by default what was fetched before, else Pyodide's
        own release.
    say : callable
        Is told what is fetched, and how large it is.

    Returns
    -------
    Path
        A folder that holds every file, each as it was pinned.

    Raises
    ------
    Trouble
        It can't be had, or is another version.
    """
    if place and Path(place).is_dir():
        folder = Path(place)
        if wrong := amiss(folder):
            raise Trouble(f"{folder} is not Pyodide {version()}: {wrong}. {how()}")
        return folder
    if place is None and not amiss(kept()):
        return kept()
    address = place or ARCHIVE.format(version=version())
    kept().mkdir(parents=True, exist_ok=True)
    try:
        with opened(address, say) as archive:
            unpack(archive, kept())
    except (OSError, EOFError, tarfile.TarError) as error:
        raise Trouble(
            f"Pyodide {version()} can't be had from {address} ({error}). {how()}"
        ) from error
    if wrong := amiss(kept()):
        raise Trouble(f"{address} is not Pyodide {version()}: {wrong}. {how()}")
    return kept()


def how() -> str:
    """Say what the teacher can do instead."""
    return HOW.format(version=version())


def amiss(folder: Path) -> str:
    """What is wrong with a folder that should hold every file; empty if nothing is."""
    for name, digest in hashes().items():
        try:
            content = (folder / name).read_bytes()
        except OSError:
            return f"{name} is missing"
        if hashlib.sha256(content).hexdigest() != digest:
            return f"{name} is another file than Pyodide published"
    return ""


@contextmanager
def opened(address: str, say: Callable[[str], None]) -> Iterator[IO[bytes]]:
    """Open an archive, here or elsewhere."""
    if "://" not in address:
        with open(address, "rb") as file:
            yield file
        return
    with urllib.request.urlopen(address) as answer:
        size = int(answer.headers.get("Content-Length") or 0)
        about = f", {size / 1e6:,.0f} MB" if size else ""
        say(f"Fetching {address}{about}. It is kept in {kept()}.")
        yield answer


def unpack(archive: IO[bytes], folder: Path) -> None:
    """Take what is pinned out of an archive, as it streams by, and leave the rest."""
    wanted = hashes()
    with tarfile.open(fileobj=archive, mode="r|*") as members:
        for member in members:
            name = os.path.basename(member.name)
            content = members.extractfile(member) if name in wanted else None
            if content is not None:
                data = content.read()
                if hashlib.sha256(data).hexdigest() == wanted[name]:
                    (folder / name).write_bytes(data)
