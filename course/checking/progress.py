"""What a learner has done so far: one SQLite file in the learner's folder.

It is opened for each use and closed again, so that two notebooks can share it. Where it can't be
written, the session goes on in memory and says so once.
"""

import os
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import NamedTuple, TypeVar

from course.checking.result import Result
from helpers.browser import IN_A_TAB

FILE = "progress.sqlite"
WAIT = 2.0  # seconds for another notebook to finish its write, which takes milliseconds

SCHEMA = (
    """
CREATE TABLE IF NOT EXISTS answers (
    key TEXT PRIMARY KEY,
    status TEXT NOT NULL,
    mistake TEXT,
    points INTEGER NOT NULL DEFAULT 0,
    hints INTEGER NOT NULL DEFAULT 0,
    source TEXT
)
""",
    """
CREATE TABLE IF NOT EXISTS predictions (
    key TEXT PRIMARY KEY,
    first TEXT NOT NULL,
    right_at_first INTEGER NOT NULL,
    last TEXT NOT NULL
)
""",
)

# A pass is kept: trying something else afterwards takes nothing away.
REMEMBER = """
INSERT INTO answers (key, status, mistake, points, source) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (key) DO UPDATE SET
    status = CASE WHEN status = 'passed' THEN status ELSE excluded.status END,
    mistake = CASE WHEN status = 'passed' THEN NULL ELSE excluded.mistake END,
    points = MAX(points, excluded.points),
    source = COALESCE(excluded.source, source)
"""

COUNT_HINT = """
INSERT INTO answers (key, status, hints) VALUES (?, 'not_attempted', 1)
ON CONFLICT (key) DO UPDATE SET hints = MIN(hints + 1, 3)
"""

# What one thought before one knew is kept, whatever is tried afterwards.
BELIEVE = """
INSERT INTO predictions (key, first, right_at_first, last) VALUES (?, ?, ?, ?)
ON CONFLICT (key) DO UPDATE SET last = excluded.last
"""

SELECT_EARNED = "SELECT key, status, mistake, points, source FROM answers"
SELECT_BELIEVED = "SELECT key, first, right_at_first, last FROM predictions"
SELECT = "SELECT key, status, mistake, points, hints, source FROM answers"

T = TypeVar("T")


class Remembered(NamedTuple):
    """One remembered exercise."""

    key: str
    status: str
    mistake: str | None
    points: int
    hints: int
    source: str | None


class RememberedPrediction(NamedTuple):
    """One remembered prediction."""

    key: str
    first: str
    right_at_first: bool
    last: str


NOT_YET = Remembered("", "not_attempted", None, 0, 0, None)

_in_memory: sqlite3.Connection | None = None


def path() -> Path:
    """Where progress is kept: ``$COURSE_PROGRESS``, else in the current folder."""
    return Path(os.environ.get("COURSE_PROGRESS") or FILE)


def say(text: str) -> None:
    """Tell the learner about the file, apart from any cell's output that is compared."""
    print(text, file=sys.stderr)


def with_answers(work: Callable[[sqlite3.Connection], T]) -> T:
    """Do some work on the progress file as one transaction; in memory where that fails."""
    global _in_memory
    if _in_memory is None:
        try:
            return transact(path(), work)
        except (OSError, sqlite3.DatabaseError) as error:
            # An OperationalError is a folder that can't be written, a full disk, or a file that is
            # locked for longer than any write takes: it stays as it is. All else is damage.
            usable = not isinstance(error, OSError | sqlite3.OperationalError)
            if usable and (aside := set_aside(path())):
                say(
                    f"The progress file was damaged ({error}). It is kept as {aside.name}; "
                    "a new one is begun."
                )
                return with_answers(work)
            say(
                f"Your progress can't be saved in {path()} ({error}). It is kept until you close "
                "this notebook; once it can be saved, progress() saves it."
            )
            _in_memory = in_memory()
    with _in_memory:
        return work(_in_memory)


def in_memory() -> sqlite3.Connection:
    """A database for this session alone, with what the file still gives."""
    memory = connect(":memory:")
    with suppress(OSError, sqlite3.Error), closing(sqlite3.connect(":memory:")) as file:
        file.deserialize(path().read_bytes())
        add = adding(file)
        with memory:
            add(memory)
    return memory


def save_now() -> None:
    """Save what could not be saved before, if it can be now."""
    global _in_memory
    if _in_memory is None:
        return
    try:
        transact(path(), adding(_in_memory))
    except (OSError, sqlite3.Error):
        return
    _in_memory.close()
    _in_memory = None
    say(f"Your progress is saved in {path()} again.")


def transact(file: Path, work: Callable[[sqlite3.Connection], T]) -> T:
    """Do some work on a file; raises what SQLite raises, and then nothing has changed."""
    if IN_A_TAB:
        from course.checking import drive

        return drive.transact(file, prepare, work, adding)
    connection = connect(file)
    try:
        with connection:
            return work(connection)
    finally:
        connection.close()


def connect(file: Path | str) -> sqlite3.Connection:
    """Open and prepare a database; raises what SQLite raises."""
    connection = sqlite3.connect(file, timeout=WAIT, check_same_thread=False)
    try:
        # Without the wait for the disk a check stays under 10 ms; what a power cut could damage
        # is found at the next opening and set aside.
        connection.execute("PRAGMA synchronous = OFF")
        prepare(connection)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def prepare(connection: sqlite3.Connection) -> None:
    """Begin to work on a database, and make its tables if they aren't there."""
    connection.execute("BEGIN IMMEDIATE")
    for table in SCHEMA:
        connection.execute(table)


def set_aside(file: Path) -> Path | None:
    """Move a damaged file out of the way, keeping every earlier one; None if it can't be moved."""
    number = 1
    while (aside := file.with_name(f"{file.name}.damaged-{number}")).exists():
        number += 1
    try:
        return file.rename(aside)
    except OSError:  # another notebook was faster, or the folder can't be written
        return None


def remember(result: Result, source: str | None = None) -> None:
    """Keep a result, and the source of an answer that passed."""
    row = (result.key, result.status, result.mistake, result.points, source)
    with_answers(lambda answers: answers.execute(REMEMBER, row))


def count_hint(key: str) -> int:
    """Note that a hint was asked for; return which one it is, 1 to 3."""

    def count(answers: sqlite3.Connection) -> int:
        answers.execute(COUNT_HINT, (key,))
        return answers.execute("SELECT hints FROM answers WHERE key = ?", (key,)).fetchone()[0]

    return with_answers(count)


def kept() -> bool:
    """Whether there is any progress to read."""
    if IN_A_TAB:
        from course.checking import drive

        return _in_memory is not None or drive.kept(path())
    return _in_memory is not None or os.path.exists(path())


def remembered() -> dict[str, Remembered]:
    """Everything that is remembered, by key."""
    if not kept():
        return {}
    if IN_A_TAB:
        from course.checking import drive

        return drive.lately(read_answers)
    return read_answers()


def read_answers() -> dict[str, Remembered]:
    """Read everything that is remembered."""
    rows = with_answers(lambda answers: answers.execute(SELECT).fetchall())
    return {row[0]: Remembered(*row) for row in rows}


def believe(key: str, answer: str, right: bool) -> None:
    """Keep an answer to a prediction; of several, the first one is what was believed."""
    row = (key, answer, right, answer)
    with_answers(lambda answers: answers.execute(BELIEVE, row))


def believed() -> dict[str, RememberedPrediction]:
    """Every prediction that was answered, by key."""
    if not kept():
        return {}
    rows = with_answers(lambda answers: answers.execute(SELECT_BELIEVED).fetchall())
    return {row[0]: RememberedPrediction(*row) for row in rows}


def counted(number: int, thing: str) -> str:
    """Write how many there are of something."""
    return f"{number} {thing}{'' if number == 1 else 's'}"


def catch_up() -> None:
    """Save what could not be, and bring back what was put beside the lessons in a browser tab."""
    save_now()
    if IN_A_TAB:
        from course.checking import drive

        for sentence in drive.bring_back(path().parent, merge):
            say(sentence)


def merge(elsewhere: sqlite3.Connection) -> None:
    """Add what another database has: the better answer is kept, and the first prediction."""
    with_answers(adding(elsewhere))


def adding(elsewhere: sqlite3.Connection) -> Callable[[sqlite3.Connection], None]:
    """The work that adds what is in one database now to another."""
    answers, predictions = (
        elsewhere.execute(query).fetchall() for query in (SELECT_EARNED, SELECT_BELIEVED)
    )

    def add(here: sqlite3.Connection) -> None:
        here.executemany(REMEMBER, answers)
        here.executemany(BELIEVE, predictions)

    return add
