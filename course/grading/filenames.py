"""What students and their programs make of a file's name: the lesson, a person, a copy of it."""

import re
from pathlib import PurePosixPath

from course.lessons import LESSONS

# A lesson in the name of a file: `ash_01_convolution_by_hand (2)`, `1-Convolution-by-hand`.
TITLES = {
    number: re.compile(
        rf"(?<!\d)0?{number}[ _-]+{lesson.name.replace('_', '[ _-]+')}"
        rf"|(?<![^\W_])lesson[ _-]*0?{number}(?!\d)",
        re.IGNORECASE,
    )
    for number, lesson in LESSONS.items()
}

# What Drive puts before the name of a copy, and what Windows, macOS, Jupyter and browsers put
# behind it, in the languages in which they do.
OF_A_COPY = re.compile(
    r"(?:^|(?<=[ _-]))(?:copy(?: \(\d+\)| \d+)? of|kopie von|kopie van|kopie|kopia|kopi av|kopi"
    r"|copie de|copia de|c[oó]pia de|copia di|копия|копія|kópia|kopio|kopyas[ıi]|副本|の?コピー)$",  # noqa: RUF001
    re.IGNORECASE,
)
COPIED = re.compile(
    r"(?:[ _]*\(\d+\)|[ _]*（\d+）|-Copy\d*|[ _]copy(?: ?\d+)?|[ _]\d{1,2}|-\d{1,2}"  # noqa: RUF001
    r"| ?[-–—] ?(?:copy|kopie|copie|copia|c[oó]pia|kopia|kopi|копия|копія|kópia|kopio|副本|コピー)"
    r"| (?:kopie|copie|copia|kopia|kopi|副本|のコピー)(?: ?\d+)?)$",
    re.IGNORECASE,
)
NUMBERED = re.compile(
    r"[ _]*\(\d+\)$|-Copy\d+$| ?[-–—] (?:copy|kopie)(?: \(\d+\))?$", re.IGNORECASE
)
# What people add to their own names where the lesson's is missing.
TASK = re.compile(
    r"(?:^|[ _-]+)(?:hw|home ?work|assignment|exercise|submission|task|notebook)s?[ _-]*\d*$"
    r"|^(?:hw|home ?work|assignment|exercise|task)[ _-]*\d+(?:[ _-]+|$)",
    re.IGNORECASE,
)
APART = " _-–—.,"


def lesson_in(name: str) -> int | None:
    """Tell the lesson by a name."""
    return next((number for number, title in TITLES.items() if title.search(name)), None)


def stem(name: str) -> str:
    """A name without its ending, or endings: `eli.ipynb.txt` is `eli`."""
    at = name.lower().find(".ipynb")
    short = name[:at] if at > 0 else PurePosixPath(name).stem
    return short.strip() or name


def owner(name: str) -> str:
    """Whose a file is, by what its name says besides the lesson; empty if it says no more."""
    return owner_in(stem(name))


def owner_in(short: str) -> str:
    """Whose something of this name is, which has no ending."""
    for title in TITLES.values():
        if match := title.search(short):
            before = uncopied(OF_A_COPY.sub("", short[: match.start()].rstrip(APART)))
            behind = short[match.end() :]
            while shorter := COPIED.search(behind):
                behind = behind[: shorter.start()]
            return before.rstrip(APART) or behind.strip(APART)
    name = uncopied(short)
    return TASK.sub("", name).strip(APART) or name


def uncopied(name: str) -> str:
    """Take away what says that a file is a copy: of `ash (1)`, `ash - Copy` and `Copy of ash`."""
    shorter = re.sub(
        r"^(?:copy of|kopie von|copie de|copia de|c[oó]pia de) ", "", name, flags=re.IGNORECASE
    )
    while found := NUMBERED.search(shorter):
        if not shorter[: found.start()].strip(APART):
            break
        shorter = shorter[: found.start()]
    return shorter.strip() or name
