"""The files of a class in a folder: listed first, then read one by one.

A file that is no good (a link, a pipe, an encrypted member of a zip) is listed with the reason. No
link is followed, and nothing is read that is larger than a notebook ever is. What programs leave
behind, and no student wrote, is not listed.
"""

import os
import re
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO

from course.grading.cells import Unreadable
from course.grading.names import file_name

LARGEST = 20 * 10**6
"""Bytes of one notebook. With all its pictures in it, a solved lesson has up to two million."""

LARGEST_WITH_PICTURES = 5 * LARGEST  # that is read to take its pictures out
PICTURE = re.compile(rb'"(?:[A-Za-z0-9+/=]|\\n){10000,}+"')
"""A text in JSON that can only be a picture's bytes, as notebooks hold them."""

DAMAGED = (
    *(zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError),
    *(RuntimeError, ValueError, NotImplementedError),
)
"""What reading an archive raises, that is no good or not what it says."""

LINK = "is a link, and links are not followed. Hand in the file itself."
NO_FILE = "is neither a file nor a folder. Hand in the notebook itself."
INSTALLED = "holds installed packages, nobody's own work, and is not looked into."

# What systems and programs leave behind: macOS, Windows, git, Python, Jupyter while it saves.
LEFT_BEHIND = re.compile(
    r"__MACOSX|\._.*|\.DS_Store|Thumbs\.db|desktop\.ini|Icon\r|\.~.*|~\$.*|\.git|__pycache__"
    r"|\.(?:mypy|pytest|ruff)_cache|.*\.pyc",
    re.IGNORECASE | re.DOTALL,
)
PACKAGES = {"node_modules", "site-packages"}
ENVIRONMENT = "pyvenv.cfg"  # stands in each environment of Python
SAVED_BY_ITSELF = re.compile(r"\.\w*_?checkpoints|\.Trash.*", re.IGNORECASE)


def nothing_there() -> BinaryIO:
    """Open what has nothing in it."""
    return open(os.devnull, "rb")


@dataclass(frozen=True)
class File:
    """A file, or a folder if its name is empty: an empty folder was handed in, too.

    Attributes
    ----------
    parts : tuple of str
        Its path, as far as it lies below what the teacher gave.
    size : int
        In bytes, as its folder or zip has it.
    modified : tuple of int
        When, to the minute; of one class, the larger is the later.
    opened : callable
        Opens it; raises `OSError` or `Unreadable`.
    problem : str
        Why it won't be read: what comes after its name in a sentence.
    path : str
        What it is called for the teacher: its path as it was found.
    """

    parts: tuple[str, ...]
    size: int = 0
    modified: tuple[int, ...] = ()
    opened: Callable[[], BinaryIO] = nothing_there
    problem: str = ""
    path: str = ""

    @property
    def name(self) -> str:
        return self.parts[-1]

    @property
    def suffix(self) -> str:
        """The ending of its name, in small letters."""
        return os.path.splitext(self.name.rstrip())[1].lower()

    @property
    def is_notebook(self) -> bool:
        """Whether it is called a notebook."""
        return self.suffix == ".ipynb"

    @property
    def saved_by_itself(self) -> bool:
        """Whether Jupyter or a system keeps it, a checkpoint or what was thrown away."""
        return any(SAVED_BY_ITSELF.fullmatch(part) for part in self.parts[:-1])

    def read(self, most: int = LARGEST) -> bytes:
        """Read it, or say why not; of a notebook that is too large, all but the pictures.

        Raises
        ------
        Unreadable
            With the part of a sentence that comes after the file's name.
        """
        longest = max(most, LARGEST_WITH_PICTURES) if self.is_notebook else most
        raw = b"" if self.size > longest else self.begin(longest + 1)
        size = max(self.size, len(raw))
        if most < size <= longest:
            raw = PICTURE.sub(b'""', raw)
            size = len(raw)
        if size > most:
            raise Unreadable(
                f"has {megabytes(self.size)}, and a notebook of this course is below "
                f"{megabytes(LARGEST)}. Clear its outputs, save it and hand it in again."
            )
        return raw

    def begin(self, size: int) -> bytes:
        """Read its first bytes, or say why not."""
        if self.problem:
            raise Unreadable(self.problem)
        try:
            with self.opened() as file:
                return file.read(size)
        except OSError as error:
            raise Unreadable(f"can't be read: {error.strerror or error}.") from None
        except DAMAGED as error:
            raise Unreadable(f"is damaged ({error}). Hand it in again.") from None


def megabytes(size: int) -> str:
    """Write a size for people; what is above a limit is not written as the limit."""
    return f"{-(-size // 10**6):,} MB"


def left_behind(parts: tuple[str, ...]) -> bool:
    """Whether a path says that a program made its file."""
    return any(LEFT_BEHIND.fullmatch(part) for part in parts)


def folder_files(root: Path) -> Iterator[File]:
    """List a folder with all that is below it."""
    waiting: list[tuple[str, tuple[str, ...]]] = [(os.fspath(root), ())]
    while waiting:
        folder, parts = waiting.pop()
        try:
            with os.scandir(folder) as found:
                entries = list(found)
        except OSError as error:
            if not parts:
                raise
            yield File(parts, problem=f"can't be opened: {error.strerror or error}.")
            continue
        names = {entry.name for entry in entries}
        if parts and (ENVIRONMENT in names or parts[-1] in PACKAGES):
            yield File(parts, problem=INSTALLED)
            continue
        if parts:
            yield File((*parts, ""))
        for entry in entries:
            place = (*parts, file_name(entry.name))
            if left_behind(place[-1:]):
                continue
            if entry.is_dir(follow_symlinks=False):
                waiting.append((entry.path, place))
            else:
                yield file_at(entry.path, place)


def one_file(path: Path) -> File:
    """The one file that a teacher gave, even if by a link."""
    return file_at(os.path.realpath(path), (file_name(path.name),))


def file_at(path: str, parts: tuple[str, ...]) -> File:
    """A file of a folder as it is, not what it links to."""
    try:
        found = os.lstat(path)
    except OSError as error:
        return File(parts, problem=f"can't be opened: {error.strerror or error}.")
    if not stat.S_ISREG(found.st_mode):
        return File(parts, problem=LINK if stat.S_ISLNK(found.st_mode) else NO_FILE)
    modified = (int(found.st_mtime // 60),)
    return File(parts, found.st_size, modified, partial(open_regular, path))


def open_regular(path: str) -> BinaryIO:
    """Open a regular file; opening anything else neither blocks nor follows."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    with ExitStack() as closing:
        file = closing.enter_context(open(os.open(path, flags), "rb"))
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise Unreadable(NO_FILE)
        closing.pop_all()
    return file
