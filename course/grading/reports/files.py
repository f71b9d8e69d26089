"""Files of the report: named safely, and there as a whole or not at all."""

import hashlib
import re
import unicodedata
from contextlib import suppress
from pathlib import Path

from course.writing import write


def page_name(student: str) -> str:
    """Name a student's page: readable, and one of its own whatever the name is.

    The digest keeps names apart that read the same in plain letters or without case, keeps
    names like `con` or `..` from meaning something to a file system, and depends on nobody
    else's name: the page keeps its address when the class changes.
    """
    plain = unicodedata.normalize("NFKD", student[:80]).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain)[:40].strip("-") or "student"
    digest = hashlib.sha256(student.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{words}-{digest[:16]}.html"


FOOTER = re.compile(rb"<footer.*?</footer>", re.DOTALL)
PAGE = re.compile(r"[a-z0-9-]{1,60}-[0-9a-f]{16}")
OURS = b'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<meta http-equiv="Content-Sec'


def without_footer(page: bytes) -> bytes:
    """A page without when and by what it was written."""
    return FOOTER.sub(b"", page)


def clear(folder: Path, kept: set[str]) -> None:
    """Remove pages of students who are gone: of all that is in there, only what we have written."""
    for file in folder.glob("*.html"):
        ours = PAGE.fullmatch(file.stem) and file.name not in kept and not file.is_symlink()
        if ours and file.read_bytes().startswith(OURS):
            file.unlink()


def save(path: Path, text: str | bytes) -> None:
    """Write a file by replacing it, unless it says the same already.

    When a page was written is no part of what it says: it stays as long as the rest does.

    It is for its owner alone; who has opened it to others finds it open after the next run.
    """
    content = text if isinstance(text, bytes) else text.encode("utf-8")
    with suppress(FileNotFoundError):
        before = path.read_bytes()
        if before == content or (
            path.suffix == ".html" and without_footer(before) == without_footer(content)
        ):
            return
    write(path, content, mode=0o600)
