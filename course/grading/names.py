"""Names of files, read as whoever gave them wrote them.

An old zip does not say how the bytes of a name are meant, and a folder on Linux never does. What
was meant is found by trying: a wrong guess puts a box, a sign or a capital into a word.
"""

import os
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Sequence

# Windows in the West, DOS and Windows' own zips in America, the same in Europe. The last reads
# some letters of the first as other letters: it comes last.
CODES = ("cp1252", "cp437", "cp850")
VOWELS = "aeiouyäöüàâéèêëîïôûù"
USUAL = "àáâãäåæçèéêëìíîïñòóôõöøùúûüýÿßœšž"
UNICODE_PATH = 0x7075  # the extra field in which Info-ZIP writes a name as UTF-8
ESCAPED = re.compile(r"#U([0-9a-fA-F]{4})")  # so unzip writes a letter that it can't


def normal(name: str) -> str:
    """Write a name in one way: macOS takes letters apart that others write as one."""
    return unicodedata.normalize("NFC", mended(name))


def as_seen(name: str) -> str:
    """What is the same of two names that a reader, or a file system, may take for one."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())


def mended(name: str) -> str:
    """Undo what a program made of a name that it took for another code: `JosÃ©` is `José`.

    Only letters that are UTF-8 when written back are mended, and no name is so by chance.
    """
    name = ESCAPED.sub(lambda found: chr(int(found[1], 16)), name)
    if name.isascii():
        return name
    for code in ("cp1252", "cp437", "latin-1"):
        try:
            return name.encode(code).decode("utf-8")
        except UnicodeError:
            continue
    return name


def file_name(name: str) -> str:
    """Write the name of a file on this machine in Unicode, which a ledger and a table hold."""
    raw = os.fsencode(name)
    try:
        return normal(raw.decode("utf-8"))
    except UnicodeDecodeError:
        text = raw.decode(likeliest([raw]), "replace")
        if plausible(text) > 0:
            return normal(text)
        return raw.decode("utf-8", "backslashreplace")


def zip_names(members: Sequence[zipfile.ZipInfo]) -> list[str]:
    """Name all members of a zip. One program wrote them, so they are guessed together."""
    raw = [raw_name(member) for member in members]
    code = likeliest([name for name in raw if name is not None])
    names = []
    for member, unmarked in zip(members, raw, strict=True):
        name = member.filename if unmarked is None else unmarked.decode(code, "replace")
        if "\\" in name and "/" not in name:  # as some programs of Windows write a path
            name = name.replace("\\", "/")
        names.append("/".join(normal(part) for part in name.split("/")))
    return names


def raw_name(member: zipfile.ZipInfo) -> bytes | None:
    """The bytes of a name of which nothing says how they are meant; None if something does."""
    if member.flag_bits & 0x800:
        return None
    try:
        raw = member.filename.encode("cp437")  # which is how zipfile read them
    except UnicodeError:
        return None
    if raw.isascii():
        return None
    try:
        member.filename = unicode_path(member.extra, raw) or raw.decode("utf-8")
    except UnicodeError:
        return raw
    return None


def unicode_path(extra: bytes, raw: bytes) -> str:
    """The name that Info-ZIP wrote beside the old one, if it is still that file's."""
    while len(extra) >= 4:
        kind, size = int.from_bytes(extra[:2], "little"), int.from_bytes(extra[2:4], "little")
        field, extra = extra[4 : 4 + size], extra[4 + size :]
        crc = int.from_bytes(field[1:5], "little")
        if kind == UNICODE_PATH and field[:1] == b"\1" and crc == zlib.crc32(raw):
            return field[5:].decode("utf-8")
    return ""


def likeliest(names: Sequence[bytes]) -> str:
    """Guess how names are meant: as whatever makes words of them."""

    def likely(code: str) -> int:
        return sum(plausible(name.decode(code, "replace")) for name in names)

    return max(CODES, key=likely)  # of several, the first


def plausible(name: str) -> int:
    """How much a name looks like one: its letters that are not ASCII are where such letters are."""
    return sum(weights(name))


def weights(name: str) -> Iterable[int]:
    """Weigh each letter of a name that is not ASCII."""
    for at, letter in enumerate(name):
        before = name[at - 1] if at else " "
        if letter.isascii():
            continue
        if letter.lower() not in USUAL or (letter.isupper() and before.islower()):
            yield -3
        elif letter in "ßá":  # the one in old DOS is the other in Windows
            yield 2 if (letter == "ß") == (before.lower() in VOWELS) else -2
        elif letter.lower() in "šžœ":
            yield 0
        else:
            yield 1 if letter.isupper() or not before.isalpha() else 2
