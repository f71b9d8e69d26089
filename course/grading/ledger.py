"""What is graded stays graded: a small database in the report's folder.

Each notebook's grades are written at once and whole, so a run that is killed goes on where it
stopped. They hold as long as the notebook, the course, the terms and what a notebook can import are the same.
"""

import hashlib
import json
import os
import platform
import secrets
import sqlite3
import sys
import sysconfig
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Self

from course.checking.result import Result
from course.grading.graded import Graded, HandedIn, Submission
from course.grading.grader import Terms
from course.grading.names import as_seen
from course.grading.naming import listed
from course.lessons import ROOT
from course.trouble import Trouble

DEPENDS_ON = (
    *("course/**/*.py", "course/**/*.npy", "helpers/**/*.py", "helpers/data/*"),
    *("notebooks/*.ipynb", "solutions/*.py"),
)
NOT_ON = ("course/grading/reports/", "course/site/", "course/cli/")

FILE = "ledger.sqlite"
OF_A_REPORT = ("index.html", "grades.csv")
LARGEST_SEED = 2**63 - 1
MOST_NAMED = 20
WAIT_SECONDS = 10.0  # for another run of the grader on the same report

TABLES = """
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);
DROP TABLE IF EXISTS graded;  -- of an earlier version, with one notebook a lesson
CREATE TABLE IF NOT EXISTS notebooks (
    student TEXT NOT NULL, lesson INTEGER NOT NULL, place TEXT NOT NULL,
    work TEXT NOT NULL, grades TEXT NOT NULL,
    PRIMARY KEY (student, lesson, place)
);
"""


def ours(folder: Path) -> None:
    """Make sure that a report there writes over nothing of somebody else's.

    Raises
    ------
    Trouble
        If a file is there instead of a folder, or files like a report's without a ledger.
    """
    if folder.exists() and not folder.is_dir():
        raise Trouble(f"{folder} is a file, and --out wants a folder for the report.")
    there = [name for name in OF_A_REPORT if (folder / name).exists()]
    if there and not (folder / FILE).exists():
        raise Trouble(
            f"{' and '.join(there)} in {folder} would be written over, and no {FILE} says that a "
            "report is there. Move that away, or choose another folder with --out."
        )


@cache
def course_version() -> str:
    """Hash of all code and data that a grade depends on."""
    found = hashlib.sha256()
    for pattern in DEPENDS_ON:
        for file in sorted(ROOT.glob(pattern)):
            name = file.relative_to(ROOT).as_posix()
            if file.is_file() and not name.startswith(NOT_ON):
                found.update(f"{name}\n".encode())
                found.update(file.read_bytes())
    return found.hexdigest()


@cache
def importable() -> str:
    """Hash of what there is to import in a cage: its Python, all packages and their versions.

    Beside each package stands a folder that is named for its version, so names say it all.
    """
    paths = sysconfig.get_paths()
    found = [sys.version, platform.machine()]
    for folder in sorted({paths["purelib"], paths["platlib"]}):
        found += sorted({*os.listdir(folder)} - {"__pycache__"})
    return hashlib.sha256("\n".join(found).encode("utf-8", "surrogateescape")).hexdigest()


def work_of(submission: Submission, terms: Terms) -> str:
    """Name all that a grade depends on."""
    held = asdict(terms) | {"allowed": terms.allowed.identity}
    parts = [submission.digest, course_version(), importable(), held]
    return json.dumps(parts, sort_keys=True)


class Ledger:
    """The grades of a class, on disk.

    Parameters
    ----------
    folder : Path
        Of the report; made if it isn't there.
    fresh : bool
        Forget what is there, the seed too.

    Raises
    ------
    Trouble
        If it can't be written there.
    """

    def __init__(self, folder: Path, fresh: bool = False) -> None:
        self.file = folder / FILE
        with self.in_words():
            folder.mkdir(parents=True, exist_ok=True)
            self.file.touch(0o600)  # the cases and all grades: nobody else's, from its first byte
            self.file.chmod(0o600)
            with ExitStack() as opened:
                self.connection = sqlite3.connect(self.file, timeout=WAIT_SECONDS)
                opened.callback(self.connection.close)
                self.prepare(fresh)
                opened.pop_all()  # it stays open

    def prepare(self, fresh: bool) -> None:
        """Make the tables; raises what SQLite raises."""
        # A commit is on the disk when it returns, and a journal that a kill left is played back.
        self.connection.execute("PRAGMA synchronous = FULL")
        self.connection.executescript(TABLES)
        with self.connection:
            if fresh:
                self.connection.execute("DELETE FROM notebooks")
                self.connection.execute("DELETE FROM settings")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.connection.close()

    @contextmanager
    def in_words(self) -> Iterator[None]:
        """Make a sentence of what a database answers."""
        try:
            yield
        except (OSError, sqlite3.Error) as error:
            raise Trouble(
                f"The grades can't be kept in {self.file}: {error}. What was graded before is not "
                "lost. Make room or choose another folder with --out, then run the same command "
                "again, without --fresh: it goes on where it stopped."
            ) from error

    def seed(self, given: int | None = None) -> int:
        """The seed of this class's cases: drawn once, unless it is given.

        Raises
        ------
        Trouble
            If no cases can be drawn from the one that is given.
        """
        if given is not None and not 0 <= given <= LARGEST_SEED:
            raise Trouble(f"--seed wants a whole number from 0 to {LARGEST_SEED}; given: {given}.")
        with self.in_words(), self.connection:
            # Of an earlier version, which took those that no cases can be drawn from.
            self.connection.execute("DELETE FROM settings WHERE value LIKE '-%'")
            if given is not None:
                self.hold("seed", str(given))
            self.connection.execute(
                "INSERT OR IGNORE INTO settings VALUES ('seed', ?)", [str(secrets.randbits(48))]
            )
            found = self.connection.execute("SELECT value FROM settings WHERE name = 'seed'")
            return int(found.fetchone()[0])

    def claim(self, handed_in: HandedIn) -> list[str]:
        """Make the report that of these people and lessons, unless it is another class's.

        It may get more of either, or fewer, as a class does.

        Returns
        -------
        list of str
            What the teacher should know.

        Raises
        ------
        Trouble
            If none of the lessons was asked for before, or none of the people was graded.
        """
        with self.in_words():
            rows = self.connection.execute("SELECT DISTINCT student, lesson FROM notebooks")
            graded = list(rows)
            held = dict(self.connection.execute("SELECT name, value FROM settings"))
        lessons = sorted(
            json.loads(held["lessons"]) if "lessons" in held else {lesson for _, lesson in graded}
        )
        people = sorted({student for student, _ in graded})
        report = self.file.parent
        instead = "Choose another folder with --out. With --fresh that report is replaced."
        if graded and not {*lessons} & {*handed_in.lessons}:
            raise Trouble(
                f"The report in {report} is of {which(lessons)}, and this one would be of "
                f"{which(handed_in.lessons)}. {instead}"
            )
        here = {as_seen(storable(name)) for name in handed_in.people}
        if graded and not {as_seen(name) for name in people} & here:
            raise Trouble(
                f"The report in {report} is of {listed(people, 3)}, of whom nobody is among what "
                f"is graded here. {instead}"
            )
        with self.in_words(), self.connection:
            self.hold("lessons", json.dumps(handed_in.lessons))
        kept = "What was graded is kept: grade that again into this folder, and it is back at once."
        told = []
        gone = sorted({*lessons} - {one.lesson for one in handed_in.submissions})
        if gone and graded:
            told.append(
                f"The report in {report} was of {which(gone)} as well, and is no more. {kept}"
            )
        before = json.loads(held.get("people", "[]"))
        if missed := [name for name in before if as_seen(name) not in here]:
            told.append(f"In the last report and not here: {listed(missed, MOST_NAMED)}. {kept}")
        return told

    def reported(self, handed_in: HandedIn) -> None:
        """Note of whom the report is that comes now."""
        names = json.dumps(sorted(map(storable, handed_in.people)))
        with self.in_words(), self.connection:
            self.hold("people", names)

    def hold(self, name: str, value: str) -> None:
        """Keep a setting, in place of the one that was there."""
        self.connection.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", [name, value])

    def recall(self, submission: Submission, terms: Terms) -> Graded | None:
        """The grades of a notebook, if it was graded like this before."""
        with self.in_words():
            row = self.connection.execute(
                "SELECT grades FROM notebooks "
                "WHERE student = ? AND lesson = ? AND place = ? AND work = ?",
                [*named(submission), work_of(submission, terms)],
            ).fetchone()
        if row is None:
            return None
        held = json.loads(row[0])
        results = tuple(Result(**result) for result in held.pop("results"))
        return Graded(**{**held, "results": results, "notes": tuple(held["notes"])})

    def keep(self, submission: Submission, terms: Terms, graded: Graded) -> None:
        """Write the grades of a notebook, whole or not at all."""
        held = {
            "student": graded.student,
            "lesson": graded.lesson,
            "status": graded.status,
            "notes": graded.notes,
            "seconds": graded.seconds,
            "results": [asdict(result) for result in graded.results],
        }
        row = [*named(submission), work_of(submission, terms), json.dumps(held)]
        with self.in_words(), self.connection:
            self.connection.execute("INSERT OR REPLACE INTO notebooks VALUES (?, ?, ?, ?, ?)", row)

    def forget(self, students: Iterable[str]) -> None:
        """Forget the grades of some, so that they are graded anew, with the same cases."""
        with self.in_words(), self.connection:
            for student in students:
                self.connection.execute(
                    "DELETE FROM notebooks WHERE student = ?", [storable(student)]
                )


def named(submission: Submission) -> tuple[str, int, str]:
    """Tell a notebook from all others of the class."""
    return storable(submission.student), submission.lesson, storable(submission.path)


def which(lessons: Sequence[int]) -> str:
    """Name lessons in a sentence."""
    return f"lesson{'s' if len(lessons) > 1 else ''} {' and '.join(map(str, lessons))}"


def storable(name: str) -> str:
    """A name as the database takes it: file names may hold bytes that are no text."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
