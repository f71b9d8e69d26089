"""Whether lessons, sources and exercises belong together, and what they are worth in all."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from course.checking.progress import counted
from course.exercises import points_of
from course.lessons import LESSONS, ROOT

WORTH = 100
"""Points of the whole course."""


def amiss(root: Path = ROOT) -> list[str]:
    """Say what the course lacks, has too much of, or is worth too little or too much.

    Returns
    -------
    list of str
        A sentence each, which says what to do.
    """
    worth = {n: points_of(n) for n in LESSONS}
    return [*apart(root), *total(worth)]


def apart(root: Path) -> Iterator[str]:
    """Say which entry has no source, and which source or exercise has no entry."""
    there = {path.stem: path for path in sorted((root / "solutions").glob("*.py"))}
    for lesson in LESSONS.values():
        if there.pop(lesson.stem, None) is None:
            missing = lesson.source(root).relative_to(root).as_posix()
            yield f"course/lessons.py has lesson {lesson.number}, but there is no {missing}. Write it."
    for path in there.values():
        yield (
            f"solutions/{path.name} is of no lesson in course/lessons.py. "
            "Add the lesson's entry, or delete the file."
        )
    names = {lesson.name for lesson in LESSONS.values()} | {"prediction"}
    for path in sorted((root / "course" / "predictions").glob("*")):
        if path.stem.isidentifier() and path.stem.strip("_") == path.stem not in names:
            yield (
                f"{path.relative_to(root).as_posix()} is of no lesson in course/lessons.py. "
                "Add the lesson's entry, or delete it."
            )
    for _, sentence in unnamed(root):
        yield sentence


def unnamed(root: Path = ROOT) -> Iterator[tuple[str, str]]:
    """Give the key of each exercise that has a file and no entry, and say what to do."""
    asked = {(lesson.name, key) for lesson in LESSONS.values() for key in lesson.exercises}
    for path in sorted((root / "course" / "exercises").glob("*/*.py")):
        if (path.parent.name, path.stem) in asked:
            continue
        if "\nEXERCISE = " in path.read_text(encoding="utf-8"):
            sentence = (
                f"{path.relative_to(root).as_posix()} has an exercise that course/lessons.py does "
                f"not name in a lesson `{path.parent.name}`. Name it there, or delete the file."
            )
            yield path.stem, sentence


def total(worth: Mapping[int, int]) -> Iterator[str]:
    """Say that the lessons, by their numbers, are not worth a hundred points together."""
    found = sum(worth.values())
    if found != WORTH:
        lessons = ", ".join(f"lesson {number} {points}" for number, points in worth.items())
        much = counted(abs(found - WORTH), "point")
        what = f"Take {much} from" if found > WORTH else f"Give {much} more to"
        yield (
            f"The exercises are worth {found} points together, and the course {WORTH} "
            f"({lessons}). {what} some exercise: `points=` in its file."
        )
