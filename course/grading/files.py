"""The files of a class, in a folder or in a zip: listed first, then read one by one.

A file that is no good (a link, a pipe, an encrypted member) is listed with the reason. Nothing is
extracted, no link is followed, and nothing is read that is larger than a notebook ever is.
"""

import json
import os
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from course.work import Trouble

LARGEST = 20 * 10**6
"""Bytes of one notebook. With all its pictures in it, a solved lesson has up to two million."""

LONGEST_NAME = 4096  # characters of a path; Linux allows as many bytes

# The others don't say how much comes of the next few bytes until they have unpacked it all.
BOUNDED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)

LINK = "is a link, and links are not followed. Hand in the file itself."
STRANGE_NAME = "is not read: its name is absolute, goes up by `..`, or is far too long."
NO_FILE = "is neither a file nor a folder. Hand in the notebook itself."


class Unreadable(Exception):
    """Why a file can't be read: what comes after its name in a sentence."""


def no_content() -> bytes:
    """Read what has nothing in it."""
    return b""


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
    content : callable
        Reads it, `LARGEST` bytes and one more at most; raises `OSError` or `Unreadable`.
    problem : str
        Why it won't be read: what comes after its name in a sentence.
    place : str
        What it is called for the teacher: its path as it was found.
    """

    parts: tuple[str, ...]
    size: int = 0
    modified: tuple[int, ...] = ()
    content: Callable[[], bytes] = no_content
    problem: str = ""
    place: str = ""

    @property
    def name(self) -> str:
        return self.parts[-1]

    @property
    def is_notebook(self) -> bool:
        return self.name.lower().endswith(".ipynb")

    def read(self) -> bytes:
        """Read it, or say why not.

        Raises
        ------
        Unreadable
            With the part of a sentence that comes after the file's name.
        """
        if self.problem:
            raise Unreadable(self.problem)
        try:
            raw = self.content() if self.size <= LARGEST else b""
        except OSError as error:
            raise Unreadable(f"can't be read: {error.strerror or error}.") from None
        if max(self.size, len(raw)) > LARGEST:
            raise Unreadable(
                f"has {megabytes(self.size)}, and a notebook of this course is below "
                f"{megabytes(LARGEST)}. Clear its outputs, save it and hand it in again."
            )
        return raw


def megabytes(size: int) -> str:
    """Write a size for people."""
    return f"{size / 1e6:,.0f} MB"


def hidden(name: str) -> bool:
    """Whether a name says that its file is not for people: checkpoints, what macOS leaves."""
    return name.startswith(".") or name == "__MACOSX"


# --- In a folder ----------------------------------------------------------------------------------


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
        if parts:
            yield File((*parts, ""))
        for entry in entries:
            if hidden(entry.name):
                continue
            place = (*parts, well_formed(entry.name))
            if entry.is_dir(follow_symlinks=False):
                waiting.append((entry.path, place))
            else:
                yield file_at(entry.path, place)


def one_file(path: Path) -> File:
    """The one file that a teacher gave, even if by a link."""
    return file_at(os.path.realpath(path), (well_formed(path.name),))


def file_at(path: str, parts: tuple[str, ...]) -> File:
    """A file of a folder as it is, not what it links to."""
    try:
        found = os.lstat(path)
    except OSError as error:
        return File(parts, problem=f"can't be opened: {error.strerror or error}.")
    if not stat.S_ISREG(found.st_mode):
        return File(parts, problem=LINK if stat.S_ISLNK(found.st_mode) else NO_FILE)
    modified = (int(found.st_mtime // 60),)
    return File(parts, found.st_size, modified, partial(read_regular, path))


def read_regular(path: str) -> bytes:
    """Read a regular file; opening anything else neither blocks nor follows."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    with open(os.open(path, flags), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise Unreadable(NO_FILE)
        return file.read(LARGEST + 1)


def well_formed(name: str) -> str:
    """Write a file's name in Unicode, which is what a ledger and a table hold."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


# --- In a zip -------------------------------------------------------------------------------------


@contextmanager
def zip_files(path: Path) -> Iterator[list[File]]:
    """List a zip; its files can be read until the context ends."""
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise Trouble(
            f"{path} can't be read as a zip ({error}). Download it again, or unpack it and give "
            "the folder."
        ) from None
    with archive:
        members = (member_of(archive, member) for member in archive.infolist())
        yield [file for file in members if file is not None]


def member_of(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> File | None:
    """Describe a member of a zip, unless it is hidden."""
    name = member_name(member)
    if name.startswith("/") or len(name) > LONGEST_NAME or ".." in name.split("/"):
        return File((name,), problem=STRANGE_NAME)
    *folders, last = name.split("/")
    parts = (*(part for part in folders if part not in ("", ".")), last)
    if any(map(hidden, parts)) or parts == ("",):
        return None
    problem = ""
    if stat.S_ISLNK(member.external_attr >> 16):
        problem = LINK
    elif member.flag_bits & 1:
        problem = "is encrypted. Hand it in without a password."
    elif member.compress_type not in BOUNDED:
        problem = "is packed in an unusual way. Hand it in as it is, or in a common zip."
    content = partial(read_member, archive, member)
    return File(parts, member.file_size, member.date_time[:5], content, problem)


def member_name(member: zipfile.ZipInfo) -> str:
    """Name a member. macOS writes UTF-8 and doesn't say so; then it reads as old DOS letters."""
    if not member.flag_bits & 0x800:
        try:
            return member.filename.encode("cp437").decode("utf-8")
        except UnicodeError:
            pass
    return member.filename


def read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    """Read a member, as much as it says it has at most."""
    try:
        with archive.open(member) as file:
            return file.read(LARGEST + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError) as error:
        raise Unreadable(f"is damaged in the zip ({error}). Hand it in again.") from None


# --- In a notebook --------------------------------------------------------------------------------


def code_of(raw: bytes) -> Iterator[str]:
    """Yield the sources of a notebook's code cells, whatever version of Jupyter wrote it.

    Raises
    ------
    Unreadable
        If it is no notebook.
    """
    try:
        try:
            notebook = json.loads(raw)
        except UnicodeDecodeError:  # one wrong byte costs the cell that it is in
            notebook = json.loads(raw.decode(json.detect_encoding(raw), "replace"))
    except RecursionError:
        raise Unreadable("is no notebook: it is nested too deeply. Hand in the lesson.") from None
    except ValueError as error:
        where = f" (line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
        why = f"it is not JSON{where}" if raw.strip() else "it is empty"
        raise Unreadable(f"is no notebook: {why}. Save it in Jupyter, hand it in again.") from None
    cells = list_of_cells(notebook)
    if cells is None:
        raise Unreadable("is JSON, but no notebook: it has no list of cells. Hand in the lesson.")
    for cell in cells:
        if isinstance(cell, dict) and cell.get("cell_type") == "code":
            source = cell.get("source", cell.get("input", ""))
            lines = source if isinstance(source, list) else [source]
            text = "".join(line for line in lines if isinstance(line, str))
            yield text.encode("utf-8", "replace").decode()  # half a surrogate pair is no text


def list_of_cells(notebook: Any) -> list[Any] | None:
    """The cells of a notebook; before format 4 they lay in worksheets, and had an input."""
    sheets = notebook.get("worksheets") if isinstance(notebook, dict) else None
    found = None
    for sheet in (notebook, *(sheets if isinstance(sheets, list) else ())):
        if isinstance(sheet, dict) and isinstance(sheet.get("cells"), list):
            found = [*(found or ()), *sheet["cells"]]
    return found
