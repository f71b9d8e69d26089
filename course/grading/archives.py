"""Zips and tars, and those within them: their members are files like others.

Nothing is extracted. What a student packed is read in memory, within bounds: how large it may be,
how deep it may lie and how much may be in it. What is beyond them is listed with the reason.
"""

import bz2
import gzip
import io
import stat
import tarfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, BinaryIO, Self, cast

from course.grading.cells import Unreadable
from course.grading.files import (
    DAMAGED,
    ENVIRONMENT,
    INSTALLED,
    LINK,
    NO_FILE,
    PACKAGES,
    File,
    left_behind,
    megabytes,
)
from course.grading.names import normal, zip_names
from course.trouble import Trouble

LARGEST_PACKED = 100 * 10**6  # bytes of a zip in a zip: it is held in memory
DEEPEST = 4  # archives in one another: a class, a section, a student, a folder that was packed
MOST_WITHIN, MOST_BYTES_WITHIN = 1_000, 10**9  # of archives in an archive, and in those
MOST_MEMBERS = 20_000
LONGEST_NAME = 4096  # characters of a path; Linux allows as many bytes
EACH = 46  # bytes that a zip's directory has for each member, at least

# The others don't say how much comes of the next few bytes until they have unpacked it all.
BOUNDED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
TARS: dict[str, Callable[[BinaryIO], IO[bytes]]] = {
    ".tar": lambda file: file,
    ".tar.gz": lambda file: cast(IO[bytes], gzip.GzipFile(fileobj=file)),
    ".tgz": lambda file: cast(IO[bytes], gzip.GzipFile(fileobj=file)),
    ".tar.bz2": lambda file: bz2.BZ2File(file),
}

STRANGE_NAME = "is not read: its name is absolute, goes up by `..`, or is far too long."


def packed(name: str) -> str:
    """The ending of an archive's name, in small letters; empty if it is none that can be opened."""
    name = name.lower().rstrip()
    return next((ending for ending in (".zip", *TARS) if name.endswith(ending)), "")


Archive = zipfile.ZipFile | tarfile.TarFile


@dataclass
class Budget:
    """How many archives, of how many bytes, may still be opened within one."""

    archives: int = MOST_WITHIN
    bytes: int = MOST_BYTES_WITHIN

    def spend(self, file: File) -> bool:
        """Open one more, unless it is too much."""
        self.archives -= 1
        self.bytes -= file.size if packed(file.name) in (".zip", ".tar") else 20 * file.size
        return self.archives >= 0 and self.bytes >= 0


@dataclass
class Archives:
    """The archives that are open: one at each depth, for files are read in their order."""

    open: dict[int, tuple[File, Archive, ExitStack]] = field(default_factory=dict)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        while self.open:
            self.open.popitem()[1][2].close()

    def contents(self, path: Path) -> Iterator[File]:
        """List a zip that a teacher gave, with all that lies in zips within it."""
        try:
            archive = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
            raise Trouble(
                f"{path} can't be read as a zip ({error}). Download it again, or unpack it and "
                "give the folder."
            ) from None
        given = File((path.name,))
        self.open[0] = given, archive, ExitStack()
        self.open[0][2].enter_context(archive)
        yield from self.within(members_of(self, given, 0, ()))

    def within(
        self, files: Iterable[File], depth: int = 1, budget: Budget | None = None
    ) -> Iterator[File]:
        """List files, and in place of each archive what is in it."""
        for file in files:
            if not packed(file.name) or file.problem:
                yield file
                continue
            if depth > DEEPEST or (budget and not budget.spend(file)):
                yield broken(file, "is one archive too many within another. Unpack it.")
                continue
            try:
                inside = list(members_of(self, file, depth, file.parts))
            except Unreadable as why:
                yield broken(file, str(why))
            except (OSError, *DAMAGED) as error:
                yield broken(file, f"can't be opened ({error}). Pack it again, or not at all.")
            else:
                yield File((*file.parts, ""))
                yield from self.within(inside, depth + 1, budget or Budget())

    def opened(self, file: File, depth: int) -> Archive:
        """Open an archive, if it is not the one that is open at its depth."""
        known = self.open.get(depth)
        if known and known[0] is file:
            return known[1]
        if known:
            self.open.pop(depth)[2].close()
        with ExitStack() as closing:
            stream = closing.enter_context(file.opened())
            archive = unpacked(file, stream)
            closing.callback(archive.close)
            self.open[depth] = file, archive, closing.pop_all()
        return archive


def broken(file: File, problem: str) -> File:
    """List an archive as a file that won't be read."""
    return File(file.parts, file.size, file.modified, problem=problem)


def unpacked(file: File, stream: BinaryIO) -> Archive:
    """Open an archive, in memory if it isn't a file, or raise `Unreadable` if that is too much."""
    ending = packed(file.name)
    if ending != ".zip":
        with TARS[ending](stream) as tar:
            content = bounded(tar, file.size)
        return tarfile.open(fileobj=io.BytesIO(content), mode="r:")
    if isinstance(stream, io.BufferedReader):
        return zipfile.ZipFile(stream)
    content = bounded(stream, file.size)
    if directory_size(content) > EACH * MOST_MEMBERS * 4:
        raise Unreadable(f"holds more than {MOST_MEMBERS:,} files, and is not opened.")
    return zipfile.ZipFile(io.BytesIO(content))


def bounded(stream: IO[bytes], size: int) -> bytes:
    """Read an archive, up to what may be held in memory."""
    content = b"" if size > LARGEST_PACKED else stream.read(LARGEST_PACKED + 1)
    if max(size, len(content)) > LARGEST_PACKED:
        raise Unreadable(
            f"has more than {megabytes(LARGEST_PACKED)}, and is not opened. Hand in the notebook."
        )
    return content


def directory_size(content: bytes) -> int:
    """How many bytes a zip has for the list of its members, as it says at its end."""
    end = content.rfind(b"PK\x05\x06")
    return int.from_bytes(content[end + 12 : end + 16], "little") if end >= 0 else 0


def members_of(
    archives: Archives, file: File, depth: int, parts: tuple[str, ...]
) -> Iterator[File]:
    """List an archive, without what is in archives within it."""
    archive = archives.opened(file, depth)
    members: list[File]
    if isinstance(archive, zipfile.ZipFile):
        infos = archive.infolist()
        names = zip_names(infos)
        members = [
            zip_member(archives, file, depth, info, name)
            for info, name in zip(infos, names, strict=True)
        ]
    else:
        members = []
        for tarred in archive:
            members.append(tar_member(archives, file, depth, tarred))
            if len(members) > MOST_MEMBERS:
                raise Unreadable(f"holds more than {MOST_MEMBERS:,} files, and is not opened.")
    return (File((*parts, *m.parts), *rest(m)) for m in own_members(members))


def rest(file: File) -> tuple[int, tuple[int, ...], Callable[[], BinaryIO], str]:
    """All that is known of a file but its name."""
    return file.size, file.modified, file.opened, file.problem


def own_members(members: list[File]) -> Iterator[File]:
    """Leave out what programs left behind, and what they installed."""
    installed = {file.parts[:-1] for file in members if file.parts[-1] == ENVIRONMENT}
    told: set[tuple[str, ...]] = set()
    for file in members:
        ends = [
            end
            for end in range(1, len(file.parts))
            if file.parts[:end] in installed or file.parts[end - 1] in PACKAGES
        ]
        if ends and not file.problem:
            folder = file.parts[: ends[0]]
            if folder not in told:
                told.add(folder)
                yield File(folder, problem=INSTALLED)
        elif not left_behind(file.parts) and file.parts != ("",):
            yield file


def place_in(name: str) -> tuple[str, ...] | None:
    """Where a member of this name lies; None if its name reaches out of the archive."""
    if name.startswith("/") or len(name) > LONGEST_NAME or ".." in name.split("/"):
        return None
    *folders, last = name.split("/")
    return (*(part for part in folders if part not in ("", ".")), last)


def zip_member(
    archives: Archives, file: File, depth: int, member: zipfile.ZipInfo, name: str
) -> File:
    """Describe a member of a zip."""
    parts = place_in(name)
    if parts is None:
        return File((name,), problem=STRANGE_NAME)
    problem = ""
    if stat.S_ISLNK(member.external_attr >> 16):
        problem = LINK
    elif member.flag_bits & 1:
        problem = "is encrypted. Hand it in without a password."
    elif member.compress_type not in BOUNDED:
        problem = "is packed in an unusual way. Hand it in as it is, or in a common zip."

    def opened() -> BinaryIO:
        archive = cast(zipfile.ZipFile, archives.opened(file, depth))
        return cast(BinaryIO, archive.open(member))

    return File(parts, member.file_size, member.date_time[:5], opened, problem)


def tar_member(archives: Archives, file: File, depth: int, member: tarfile.TarInfo) -> File:
    """Describe a member of a tar."""
    parts = place_in(normal(member.name.removeprefix("./")) + ("/" if member.isdir() else ""))
    if parts is None:
        return File((member.name,), problem=STRANGE_NAME)
    problem = ""
    if not (member.isreg() or member.isdir()):
        problem = LINK if member.issym() or member.islnk() else NO_FILE

    def opened() -> BinaryIO:
        archive = cast(tarfile.TarFile, archives.opened(file, depth))
        return cast(BinaryIO, archive.extractfile(member))

    return File(parts, member.size, (int(max(member.mtime, 0)) // 60,), opened, problem)
