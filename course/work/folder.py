"""Which notebooks a learner has, and how new ones come without touching what is theirs."""

import difflib
import hashlib
import json
import os
import sqlite3
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Literal

from course.checking.progress import FILE, SELECT, transact
from course.exercises import EXERCISES
from course.lessons import LESSONS, ROOT
from course.trouble import Trouble
from course.writing import write

NOTEBOOKS = ROOT / "notebooks"
"""What is copied to learners; nobody works in there."""

COPIED = ".course.json"
"""In the learner's folder: each notebook's name and the SHA-256 of the bytes that were copied.
A notebook with these bytes was never touched; any other is the learner's."""


def in_a_clone(made: str) -> None:
    """Refuse what an installed copy can't make; `made` begins the sentence: ``The site is``."""
    if not (ROOT / "pyproject.toml").is_file():
        raise Trouble(
            f"{made} made in the course's repository, and this is an installed copy. "
            "Clone the repository, and run `make setup` in it."
        )


def lesson_number(text: str) -> int:
    """Understand ``1``, ``convolution_by_hand``, ``01_convolution_by_hand`` or a notebook's path."""
    numbers: dict[str, int] = {}
    for number, lesson in LESSONS.items():
        numbers |= dict.fromkeys((str(number), lesson.stem, lesson.name), number)
    name = Path(text).stem.lower()
    if (found := numbers.get(name.lstrip("0") if name.isdigit() else name)) is not None:
        return found
    raise Trouble(f"There is no lesson named {text}.{did_you_mean(name, numbers)}")


def exercise_key(text: str) -> str:
    """Understand the key of an exercise."""
    if text in EXERCISES:
        return text
    meant = did_you_mean(text, EXERCISES)
    raise Trouble(f"There is no exercise named {text}.{meant} `course progress` lists them all.")


def lesson_and_key(text: str) -> tuple[int, str | None]:
    """Understand a lesson, or an exercise and with it its lesson."""
    if text in EXERCISES:
        return EXERCISES[text].lesson, text
    try:
        return lesson_number(text), None
    except Trouble:
        meant = did_you_mean(text, [*EXERCISES, *(lesson.name for lesson in LESSONS.values())])
        raise Trouble(f"There is no lesson or exercise named {text}.{meant}") from None


def did_you_mean(text: str, names: Iterable[str]) -> str:
    """Say which of the names is most like a text, if one is."""
    near = difflib.get_close_matches(text, list(names), n=1)
    return f" Did you mean {near[0]}?" if near else ""


def find_folder(given: Path | None = None) -> Path:
    """The learner's folder: the given one; this one, if there is work in it; else ``work``."""
    here, work = Path(), Path("work")
    if given is not None and given.exists() and not given.is_dir():
        raise Trouble(f"{given} is a file, and --folder wants a folder.")
    if given is not None:
        return given
    if (here / COPIED).exists() or notebooks_in(here):
        return here
    return here if (here / FILE).exists() and not work.is_dir() else work


def notebooks_in(folder: Path) -> dict[int, Path]:
    """The lessons that a folder has, by number."""
    paths = {number: folder / lesson.file for number, lesson in LESSONS.items()}
    return {number: path for number, path in paths.items() if path.is_file()}


State = Literal["missing", "newest", "outdated", "changed", "unknown", "kept"]
"""Of a learner's notebook beside the newest version: it is not there; the same; never touched, so
that it can be replaced; changed; different, and nothing says why; changed, and nothing is newer."""

WHY_LEFT: dict[State, str] = {
    "changed": "you changed it",
    "unknown": "nothing says whether you changed it",
}


def compare(folder: Path) -> dict[str, State]:
    """Compare each notebook of a folder with its newest version, by name."""
    copied = remembered_copies(folder)
    return {
        path.name: state(folder / path.name, digest(path.read_bytes()), copied.get(path.name))
        for path in sorted(NOTEBOOKS.glob("*.ipynb"))
    }


def state(path: Path, newest: str, copied: str | None) -> State:
    """Compare a notebook with the digests of its newest version and of what was copied."""
    if not path.exists():
        return "missing"
    mine = digest(path.read_bytes())
    if mine == newest:
        return "newest"
    if copied is None:
        return "unknown"
    if mine == copied:
        return "outdated"
    return "kept" if copied == newest else "changed"


def update(folder: Path, *, refresh: bool = True) -> dict[str, State]:
    """Copy the newest version of some notebooks; never over what a learner changed.

    Parameters
    ----------
    folder : Path
        The learner's folder.
    refresh : bool
        Whether notebooks that were never touched are replaced; missing ones are copied always.

    Returns
    -------
    dict
        In which state each notebook was, by name.
    """
    if folder.resolve() == NOTEBOOKS.resolve():
        raise Trouble(f"{NOTEBOOKS} holds the course's own notebooks. Work on a copy of them.")
    found = compare(folder)
    if not found:
        raise Trouble(f"There are no notebooks in {NOTEBOOKS}. Make them with `course build`.")
    folder.mkdir(parents=True, exist_ok=True)
    known = remembered_copies(folder)
    copied = dict(known)
    wanted = {"missing", "outdated"} if refresh else {"missing"}
    for name, what in found.items():
        content = (NOTEBOOKS / name).read_bytes()
        if what in wanted:
            write(folder / name, content)
        if what in wanted or what == "newest":
            copied[name] = digest(content)
    if copied != known:
        write(folder / COPIED, (json.dumps(copied, indent=1) + "\n").encode())
    return found


def to_run(folder: Path, lesson: int | None) -> dict[int, Path]:
    """The notebooks that a learner wants judged: that of a lesson, or all that were worked on."""
    there = notebooks_in(folder)
    if not there:
        raise Trouble(f"There are no notebooks of yours in {folder}. `course lab` copies them.")
    if lesson is not None:
        if lesson not in there:
            raise Trouble(f"There is no notebook of lesson {lesson} in {folder}.")
        return {lesson: there[lesson]}
    if folder.resolve() == NOTEBOOKS.resolve():
        return there
    states = compare(folder)
    untouched = ("newest", "outdated")
    return {n: path for n, path in there.items() if states.get(path.name) not in untouched}


def stopped_at(folder: Path) -> int:
    """The lesson in which a learner goes on: that of the notebook that was changed last.

    If all of its exercises have passed, the next one in which some have not.
    """
    mine = notebooks_in(folder)
    states = compare(folder)
    changed = [n for n, path in mine.items() if states.get(path.name) not in ("newest", "outdated")]
    last = max(changed, key=lambda number: mine[number].stat().st_mtime, default=min(LESSONS))
    done = passed_in(folder)
    unfinished = (n for n in LESSONS if n >= last and not done.issuperset(LESSONS[n].exercises))
    return next(unfinished, last)


def passed_in(folder: Path) -> set[str]:
    """The exercises that passed, by the progress file of a folder if it can be read."""
    file = Path(os.environ.get("COURSE_PROGRESS") or folder / FILE)
    with suppress(OSError, sqlite3.Error):
        if file.exists():
            rows = transact(file, lambda answers: answers.execute(SELECT).fetchall())
            return {key for key, status, *_ in rows if status == "passed"}
    return set()


def put_beside(folder: Path, name: str) -> Path:
    """Put the newest version of a notebook beside the learner's own, under a free name."""
    content = (NOTEBOOKS / name).read_bytes()
    number = 1
    while (path := folder / f"{Path(name).stem}.new-{number}.ipynb").exists():
        if path.read_bytes() == content:
            return path
        number += 1
    write(path, content)
    return path


def remembered_copies(folder: Path) -> dict[str, str]:
    """What was copied into a folder. Where that is lost or damaged, all counts as changed."""
    try:
        copies = json.loads((folder / COPIED).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return copies if isinstance(copies, dict) else {}


def digest(content: bytes) -> str:
    """Identify what a file holds."""
    return hashlib.sha256(content).hexdigest()
