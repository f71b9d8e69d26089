"""The teacher's own word on points: ``adjust.csv`` in the report's folder, which only they write."""

import difflib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from course.exercises import EXERCISES
from course.grading.sheets import heading, read_number, read_sheet
from course.lessons import LESSONS
from course.trouble import Trouble

FILE = "adjust.csv"
TEMPLATE = "\N{ZERO WIDTH NO-BREAK SPACE}student,exercise,points,+/-,comment,late days\n"
COLUMNS = {
    "student": "student, name, student name, full name, id, who",
    "exercise": "exercise, key, lesson, exercise or lesson, what",
    "points": "points, points or, score, set",  # "points or +/-" has no sign left as a heading
    "change": "change, add, plus minus, more or less",
    "comment": "comment, comments, note, why, reason, feedback",
    "late days": "late days, days late, late, late day",
}
MEANING = {name: meaning for meaning, names in COLUMNS.items() for name in names.split(", ")}
WHOLE = {"", "all", "whole", "total", "everything"}


@dataclass(frozen=True)
class Adjustment:
    """One row of the teacher's.

    Attributes
    ----------
    line : int
    student : str
        As the teacher wrote it.
    target : str or int or None
        An exercise's key, a lesson's number, or everything of the student.
    points : float or None
        What it has from now on.
    change : float or None
        What it has more, or less.
    comment : str
    late_days : int or None
    """

    line: int
    student: str
    target: str | int | None = None
    points: float | None = None
    change: float | None = None
    comment: str = ""
    late_days: int | None = None


@dataclass(frozen=True)
class Adjustments:
    """All that the teacher has changed, and what of it can't be followed."""

    rows: tuple[Adjustment, ...] = ()
    told: tuple[str, ...] = ()


def template(report: Path) -> None:
    """Lay down an empty file to write in, if there is none."""
    file = report / FILE
    with suppress(FileExistsError):
        file.touch(0o600, exist_ok=False)
        file.write_text(TEMPLATE, encoding="utf-8")


def adjustments(report: Path) -> Adjustments:
    """Read the teacher's file; there need not be one.

    A row that can't be followed is told, and the others hold.

    Raises
    ------
    Trouble
        If the file as a whole can't be read, or its columns are not known.
    """
    file = report / FILE
    if not file.exists():
        return Adjustments()
    sheet = read_sheet(file)
    line, header = sheet.rows[0]
    of: dict[str, int] = {}
    for index, cell in enumerate(header):
        meaning = "change" if cell.strip() in ("+/-", "+-", "±") else MEANING.get(heading(cell))
        if meaning is None or meaning in of:
            again = " a second time" if meaning else ""
            raise Trouble(
                f"{file}, line {line} has a column {cell!r}{again}. Wanted are student, exercise, "
                "points, +/-, comment, late days; nothing in the file was changed."
            )
        of[meaning] = index
    if "student" not in of:
        raise Trouble(f"{file}, line {line} has no column `student`: whose points are these?")
    rows: list[Adjustment] = []
    told: list[str] = []
    for line, row in sheet.rows[1:]:
        cells = {what: row[i] if i < len(row) else "" for what, i in of.items()}
        extra = [cell for cell in row[len(header) :] if cell]
        try:
            if extra:
                raise ValueError(f"there is more in it than columns: {extra[0]!r}")
            rows.append(adjustment(line, cells))
        except ValueError as error:
            told.append(f"{FILE}, line {line} was not followed: {error}.")
    return Adjustments(tuple(rows), tuple(told) + tuple(twice(rows)))


def adjustment(line: int, cells: dict[str, str]) -> Adjustment:
    """Read a row.

    Raises
    ------
    ValueError
        With what is wrong, as a part of a sentence.
    """
    if not cells["student"]:
        raise ValueError("it names no student")
    said = cells.get("points", "")
    points, change = (
        (None, numbered(said, "points"))
        if said[:1] in ("+", "-", "\N{MINUS SIGN}")
        else (numbered(said, "points"), None)
    )
    more = numbered(cells.get("change", ""), "points more or less")
    if more is not None and (points is not None or change is not None):
        raise ValueError("it has both points and a change of points")
    days = numbered(cells.get("late days", ""), "late days")
    if days is not None and (days < 0 or days != int(days)):
        raise ValueError(f"{days:g} is no number of late days")
    made = Adjustment(
        line,
        cells["student"],
        target(cells.get("exercise", "")),
        points,
        change if more is None else more,
        cells.get("comment", ""),
        None if days is None else int(days),
    )
    if (made.points, made.change, made.late_days, made.comment) == (None, None, None, ""):
        raise ValueError("it says nothing: no points, no late days, no comment")
    return made


def numbered(text: str, what: str) -> float | None:
    """Read a number; None where nothing stands."""
    found = read_number(text)
    if found is None and text:
        raise ValueError(f"{text!r} is no number of {what}")
    return found


def target(text: str) -> str | int | None:
    """What is meant: an exercise, a lesson, or all of a student's."""
    plain = heading(text)
    if plain in WHOLE:
        return None
    names: dict[str, str | int] = {}
    for lesson in LESSONS.values():
        called = (lesson.number, f"lesson {lesson.number}", lesson.stem, lesson.heading)
        for name in (*called, lesson.name, lesson.title, lesson.file):
            names[heading(str(name))] = lesson.number
    for key, exercise in EXERCISES.items():
        names[heading(exercise.title)] = key
        names[heading(key)] = key
    if plain not in names:
        near = difflib.get_close_matches(plain, [*map(heading, EXERCISES)], 1)
        key = next((key for key in EXERCISES if near and heading(key) == near[0]), "")
        hint = f", perhaps {key}" if key else ""
        raise ValueError(f"there is no exercise or lesson {text!r}{hint}")
    return names[plain]


def twice(rows: Sequence[Adjustment]) -> list[str]:
    """Tell of rows that set the same points: the last one holds."""
    seen: dict[tuple[str, str | int | None], int] = {}
    told = []
    for row in rows:
        if row.points is not None:
            about = (row.student.casefold(), row.target)
            if about in seen:
                told.append(
                    f"{FILE}, line {row.line} sets the same points as line {seen[about]}, and holds."
                )
            seen[about] = row.line
    return told
