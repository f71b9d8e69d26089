"""What names tell: whose a file is and of which lesson; and how names are told apart."""

import re
import unicodedata
from collections.abc import Iterable
from pathlib import PurePosixPath

from course.exercises import EXERCISES, LESSONS

# A lesson in the name of a file: `ash_01_convolution_by_hand (2)`, `1-Convolution-by-hand`.
TITLES = {
    number: re.compile(rf"(?<!\d)0?{number}[ _-]+" + name.replace("_", "[ _-]+"), re.IGNORECASE)
    for number, name in LESSONS.items()
}
# What JupyterLab, browsers and learning platforms add to a name that is taken.
COPY = re.compile(r"[ _-]*(copy ?\d*|\(\d+\)|\d+)?", re.IGNORECASE)
# An exercise's key where it is checked, defined or assigned.
NAMED = re.compile(
    r"\bcheck\.(\w+)|^(?:async +)?(?:def|class) +(\w+)|^(\w+) *(?::[^=\n]+)?=(?!=)", re.MULTILINE
)


def owner(name: str) -> str:
    """Whose a file is, by what its name says besides the lesson; empty if it says no more."""
    stem = PurePosixPath(name).stem
    for title in TITLES.values():
        if match := title.search(stem):
            behind = stem[match.end() :]
            before = stem[: match.start()].rstrip(" _-")
            return before or ("" if COPY.fullmatch(behind) else behind.lstrip(" _-"))
    return stem


def lesson_in(name: str) -> int | None:
    """Tell the lesson by a name."""
    return next((number for number, title in TITLES.items() if title.search(name)), None)


def lesson_of(cells: Iterable[str]) -> int | None:
    """Tell the lesson by the exercises in code: that of most of them."""
    names = {name for text in cells for groups in NAMED.findall(text) for name in groups}
    lessons = [EXERCISES[name].lesson for name in sorted(names & EXERCISES.keys())]
    return max(lessons, key=lessons.count, default=None)


def look(name: str) -> str:
    """What is the same of two names that a reader, or a file system, may take for one."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())


def free_name(name: str, taken: dict[str, int]) -> str:
    """Take a name; with a number behind it if one that looks the same is taken."""
    free = name
    while look(free) in taken:
        taken[look(name)] += 1
        free = f"{name} ({taken[look(name)]})"
    taken[look(free)] = 1
    return free
