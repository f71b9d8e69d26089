"""Files of the report: named safely, and there as a whole or not at all."""

import hashlib
import os
import re
import unicodedata
from contextlib import suppress
from pathlib import Path


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


def save(path: Path, text: str) -> None:
    """Write a file by replacing it, unless it says the same already.

    It is for its owner alone; who has opened it to others finds it open after the next run.
    """
    content = text.encode("utf-8")
    mode = 0o600
    with suppress(FileNotFoundError):
        if path.read_bytes() == content:
            return
        mode = path.stat().st_mode & 0o777
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        beside.touch(mode)
        beside.chmod(mode)
        beside.write_bytes(content)
        beside.replace(path)
    except OSError:
        with suppress(OSError):
            beside.unlink()
        raise
