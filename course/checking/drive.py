"""The progress file in a browser tab, on a drive that SQLite can't work on.

JupyterLite's drive keeps whole files and knows no locks. So the database is read as a whole, worked
on in memory, and put in its place as a whole; a lock file keeps two notebooks apart meanwhile.
"""

import json
import os
import sqlite3
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TypeVar, cast

T = TypeVar("T")
Adding = Callable[[sqlite3.Connection], Callable[[sqlite3.Connection], object]]

FILE, SUMMARY = "progress.sqlite", "progress.json"

WAIT = 5.0  # seconds for the other notebook, whose work takes a twentieth of one
NAP = 0.02
LATELY = 1.0  # seconds in which another notebook's points may be missing here

REFUSED = "this browser does not keep it, as in a private window or when its storage is full"
CLEARED = (
    "What this browser had kept was cleared. Your progress is there again, as this notebook knew it. "
    "Save the notebook, too: Ctrl+S."
)

_known = b""
"""The database as this notebook last read or wrote it."""


def transact(
    file: Path,
    prepare: Callable[[sqlite3.Connection], None],
    work: Callable[[sqlite3.Connection], T],
    adding: Adding,
) -> T:
    """Do some work on a database file as one transaction.

    Parameters
    ----------
    file : Path
    prepare : callable
        Makes what the work needs to be there.
    work : callable
    adding : callable
        Makes the work that adds what another database has.

    Returns
    -------
    object
        What the work gives.

    Raises
    ------
    OSError, sqlite3.Error
        And then the file is as it was.
    """
    global _known
    try:
        # What is listed is there; the drive may take a file that was cleared for one that is there.
        with alone(file):
            stored = file.read_bytes() if file.name in os.listdir(file.parent) else b""
            others = _known and stored and stored != _known
            before = healed(stored, prepare, adding) if others else stored or _known
            found, after = changed(before, prepare, work)
            if after != stored:
                _read.clear()
                put(file, after)
                beside = file.with_name(SUMMARY)
                put(beside, summary(before, after, last_in(beside) if stored else ""))
    except OSError as error:
        raise OSError(REFUSED) from error
    if _known and not stored:
        print(CLEARED, file=sys.stderr)
    _known = after
    return found


def healed(stored: bytes, prepare: Callable[[sqlite3.Connection], None], adding: Adding) -> bytes:
    """Add to what another notebook wrote what it wrote over: on this drive no lock always holds."""
    with closing(sqlite3.connect(":memory:")) as mine, closing(sqlite3.connect(":memory:")) as all_:
        for connection, database in ((mine, _known), (all_, stored)):
            connection.deserialize(database)
            prepare(connection)
        before = [*all_.iterdump()]
        adding(mine)(all_)
        lost = [*all_.iterdump()] != before
        all_.commit()
        return all_.serialize() if lost else stored


def changed(
    before: bytes,
    prepare: Callable[[sqlite3.Connection], None],
    work: Callable[[sqlite3.Connection], T],
) -> tuple[T, bytes]:
    """Do some work on a database in memory; give what the work gives, and the database after it."""
    with closing(sqlite3.connect(":memory:")) as connection:
        if before:
            connection.deserialize(before)
        prepare(connection)
        with connection:
            found = work(connection)
        return found, connection.serialize()


def kept(file: Path) -> bool:
    """Whether there is any progress: in the file, or known here since before it was cleared."""
    return bool(_known) or file.exists()


def put(file: Path, content: bytes) -> None:
    """Give a file another content, as a whole or not at all.

    By way of a name that was never there: one that another tab has deleted, or that the drive did
    not take, could not be written again from here. (Nor can what `course.writing` has made.)
    """
    beside = file.with_name(f"{file.name}.{os.urandom(4).hex()}.new")
    try:
        beside.write_bytes(content)
        os.replace(beside, file)
    except OSError:
        with suppress(OSError):
            beside.unlink()
        raise


def summary(before: bytes, after: bytes, last: str) -> bytes:
    """What the site's first page reads: the points of each exercise, and which changed last."""
    old, new = rows(before), rows(after)
    answers = {key: {"status": row[0], "points": row[1]} for key, row in new.items()}
    changed = [key for key, row in new.items() if old.get(key) != row]
    return json.dumps({"answers": answers, "last": next(iter(changed), last)}).encode()


def last_in(file: Path) -> str:
    """The exercise that an earlier summary names as the last."""
    with suppress(OSError, ValueError, TypeError, KeyError):
        return json.loads(file.read_bytes())["last"]
    return ""


def rows(database: bytes) -> dict[str, tuple]:
    """The answers in a database, by their keys."""
    if not database:
        return {}
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(database)
        found = connection.execute("SELECT key, status, points, hints, * FROM answers")
        return {key: row for key, *row in found}


_read: list[tuple[float, object]] = []
"""What was read last, and when; nothing after a change."""


def lately(read: Callable[[], T]) -> T:
    """Give what was read within the last second, or read it: each reading asks the drive.

    An answer that builds on ``yours.KEY`` asks what is remembered at each of a thousand calls.
    """
    if _read and time.monotonic() - _read[0][0] < LATELY:
        return cast(T, _read[0][1])
    found = read()
    _read[:] = [(time.monotonic(), found)]
    return found


def bring_back(folder: Path, merge: Callable[[sqlite3.Connection], object]) -> list[str]:
    """Unpack what the site's first page gave to take along, where it was dragged into the files.

    Nothing is written over: a notebook that was worked on here stays, and the other stands beside
    it. Points are kept from both.

    Parameters
    ----------
    folder : Path
        The drive.
    merge : callable
        Is given the database that was brought.

    Returns
    -------
    list of str
        What was done, a sentence each.
    """
    told = []
    for packed in sorted(folder.glob("convolutions-work*.zip")):
        try:
            with zipfile.ZipFile(packed) as files:
                for name in files.namelist():
                    if name.endswith(".ipynb") and Path(name).name == name:
                        told.append(put_back(folder / name, files.read(name)))
                if FILE in files.namelist():
                    with closing(sqlite3.connect(":memory:")) as connection:
                        connection.deserialize(files.read(FILE))
                        merge(connection)
                    told.append("Your points are together with those from here.")
        except (OSError, sqlite3.Error, zipfile.BadZipFile, KeyError) as error:
            told.append(f"{packed.name} can't be read ({error}). Download your work again.")
            continue
        packed.unlink()
    return told


def put_back(file: Path, content: bytes) -> str:
    """Write a notebook that was brought, beside one that was worked on here."""
    if file.exists() and (here := file.read_bytes()) != content and worked_on(here):
        beside = file.with_name(f"{file.stem} (brought back).ipynb")
        beside.write_bytes(content)
        return f"{beside.name} is the one that you brought; {file.name} stays as it is here."
    file.write_bytes(content)
    return f"{file.name} is back. Close it, if it is open, and open it again."


def worked_on(notebook: bytes) -> bool:
    """Whether anything was ever run in a notebook."""
    cells = json.loads(notebook).get("cells", [])
    return any(cell.get("execution_count") for cell in cells)


@contextmanager
def alone(file: Path) -> Iterator[None]:
    """Hold a lock file. One that a closed tab has left is taken away after a while."""
    lock = file.with_name(f"{file.name}.lock")
    until = time.monotonic() + WAIT
    refused = 0
    while True:
        try:
            os.close(os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
            break
        except OSError as error:  # which does not always say that it is there
            there = isinstance(error, FileExistsError) or lock.name in os.listdir(lock.parent)
            refused = 0 if there else refused + 1
            if refused > 2:  # not only because another notebook has just taken it away
                raise
            if time.monotonic() > until:
                lock.unlink(missing_ok=True)
            time.sleep(NAP)
    try:
        yield
    finally:
        with suppress(OSError):
            lock.unlink()
