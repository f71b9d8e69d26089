"""What a class handed in: whose notebook is which lesson's, and the code in it.

Whatever a student hands in costs at most that student's own row, and whatever can't be graded has
a row that says why: nothing is lost in silence. Nothing is run here.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from course.exercises import EXERCISES
from course.grading.files import (
    LARGEST,
    File,
    Unreadable,
    code_of,
    folder_files,
    megabytes,
    one_file,
    zip_files,
)
from course.grading.graded import HandedIn, Person, Submission, Unread
from course.grading.students import by_student, lesson_in, told_apart, unwrapped
from course.lessons import LESSONS
from course.work import Trouble

WANTED = (
    "Wanted is a folder or a .zip with STUDENT.ipynb, STUDENT/*.ipynb or nbgrader's "
    "submitted/STUDENT/LESSON/*.ipynb in it."
)

IN_A_COPY = ("solutions", LESSONS[1].source().name)  # of the whole course, where some work
MOST, MOST_BYTES = 60, 5 * LARGEST  # of one student: ten times what there are lessons
# An exercise's key where it is checked, defined or assigned.
NAMED = re.compile(
    r"\bcheck\.(\w+)|^(?:async +)?(?:def|class) +(\w+)|^(\w+) *(?::[^=\n]+)?=(?!=)", re.MULTILINE
)


def find(path: Path, lesson: int | None = None, student: str | None = None) -> HandedIn:
    """Find what a class handed in.

    Layouts: ``STUDENT.ipynb``, ``STUDENT/*.ipynb`` at any depth, nbgrader's
    ``submitted/STUDENT/LESSON/*.ipynb``, each with or without one more folder round it; a zip of
    any of these; or one student's notebook or folder.

    Its name tells a notebook's lesson, else its folder's name, else the exercises in it.

    Parameters
    ----------
    path : Path
        A folder, a zip or a notebook.
    lesson : int, optional
        Take this lesson's notebooks alone, and count those as this lesson's that nothing tells.
    student : str, optional
        Everything is this student's, whatever folders and files are called.

    Returns
    -------
    HandedIn
        No two students have names that look the same.

    Raises
    ------
    Trouble
        If there is nothing to grade.
    """
    taken: dict[str, int] = {}
    texts: dict[str, str] = {}  # most cells are the same for everyone: one copy of each is kept
    found: list[Submission] = []
    unread: list[Unread] = []
    with handed_in(path) as files:
        files.sort(key=lambda file: file.parts)
        files = named_once(files)
        if not any(file.is_notebook for file in files):
            raise Trouble(f"There is no notebook (.ipynb) in {path}. {WANTED}")
        if student is None:
            files = unwrapped(files, path)
        else:
            files = [replace(file, parts=(student, *file.parts)) for file in files]
        for name, own in told_apart(by_student(files, path), taken):
            for one in of_student(name, own, lesson, texts):
                if isinstance(one, Unread):
                    unread.append(one)
                else:
                    found.append(one)
    lessons = sorted({submission.lesson for submission in found} - {0})
    first = lessons[0] if lessons else 0
    found = [one if one.lesson else replace(one, lesson=first) for one in found]
    found.sort(key=lambda one: (one.student, one.lesson, one.place))
    people = {one.student: Person(one.student) for one in found}
    return HandedIn(tuple(found), people, tuple(unread), tuple(lessons))


def named_once(files: list[File]) -> list[File]:
    """Number files of the same path: a zip may hold several."""
    seen: Counter[tuple[str, ...]] = Counter()
    named = []
    for file in files:
        seen[file.parts] += 1
        again = f" ({seen[file.parts]})" if file.name and seen[file.parts] > 1 else ""
        named.append(replace(file, place=f"{'/'.join(file.parts)}{again}"))
    return named


@contextmanager
def handed_in(path: Path) -> Iterator[list[File]]:
    """Every file of a folder or a zip, or the one that is given; to be read in this context."""
    if not path.exists():
        raise Trouble(f"There is no {path}. {WANTED}")
    if path.is_dir():
        yield list(folder_files(path))
    elif path.is_file() and path.suffix.lower() == ".ipynb":
        yield [one_file(path)]
    elif path.is_file() and path.suffix.lower() == ".zip":
        with zip_files(path) as files:
            yield files
    else:
        raise Trouble(
            f"{path} is no folder, .zip or notebook. If it is packed, unpack it. {WANTED}"
        )


@dataclass(frozen=True)
class Notebook:
    """A file that was read: its lesson if anything tells it, its code, or why there is none."""

    file: File
    lesson: int | None
    cells: tuple[str, ...] = ()
    problem: str = ""


def of_student(
    name: str, files: list[File], lesson: int | None, texts: dict[str, str]
) -> Iterator[Submission | Unread]:
    """Read what a student handed in."""
    wanted = [file for file in own_work(files) if file.problem or file.is_notebook]
    if why := amiss(wanted, files):
        yield Submission(name, lesson or 0, problem=why)
        return
    by_lesson: dict[int, list[Notebook]] = defaultdict(list)
    for file in wanted:
        notebook = read(file, texts)
        by_lesson[notebook.lesson or lesson or 0].append(notebook)
    if lesson:
        if lesson not in by_lesson:
            which = " and ".join(map(str, sorted(by_lesson)))
            why = f"No notebook of lesson {lesson} was handed in, only of lesson {which}."
            yield Submission(name, lesson, problem=why)
            return
        by_lesson = {lesson: by_lesson[lesson]}

    odd = by_lesson.pop(0, [])
    if odd and not by_lesson:
        yield Submission(name, 0, problem=odd[0].problem or of_no_lesson(odd[0]))
    for number, notebooks in by_lesson.items():
        readable = [notebook for notebook in notebooks if not notebook.problem]
        odd += [notebook for notebook in notebooks if readable and notebook.problem]
        for notebook in readable or notebooks[:1]:
            yield Submission(
                name,
                number,
                notebook.cells,
                notebook.problem,
                notebook.file.place,
                saved=notebook.file.modified,
            )
    for other in odd:
        yield Unread(name, other.file.place, other.problem or of_no_lesson(other))


def own_work(files: list[File]) -> list[File]:
    """Leave out the solutions and examples that are in a copy of the whole course."""
    copies = {file.parts[:-2] for file in files if file.parts[-2:] == IN_A_COPY}
    return [
        file
        for file in files
        if not any(
            file.parts[: len(copy) + 1] in ((*copy, "solutions"), (*copy, "examples"))
            for copy in copies
        )
    ]


def amiss(wanted: list[File], files: list[File]) -> str:
    """Why nothing of what a student handed in is read; empty if it is."""
    size = sum(file.size for file in wanted)
    if len(wanted) > MOST or (size > MOST_BYTES and len(wanted) > 1):
        return (
            f"{len(wanted):,} notebooks of {megabytes(size)} together were handed in; at most "
            f"{MOST} of {megabytes(MOST_BYTES)} are read. Leave out what is no lesson's."
        )
    if wanted:
        return ""
    others = [shown(file) for file in files if file.name]
    but = f", but {', '.join(others[:3])}{', ...' if others[3:] else ''}" if others else ""
    return f"No notebook (.ipynb) was handed in{but}."


def of_no_lesson(notebook: Notebook) -> str:
    """Say that nothing tells a notebook's lesson."""
    return (
        f"Neither the name of {shown(notebook.file)} nor its code says which lesson it is. "
        "Name it like the lesson's notebook, or say --lesson."
    )


def shown(file: File) -> str:
    """Write a file's path in a sentence, from its student's folder on, if it is not too long."""
    path = "/".join(file.parts[1:] or file.parts)
    return path if len(path) <= 80 else f"{path[:79]}…"


def read(file: File, texts: dict[str, str]) -> Notebook:
    """Read a file as a notebook, and tell its lesson."""
    told = (lesson_in(part) for part in reversed(file.parts[1:] or file.parts))
    lesson = next(filter(None, told), None)
    try:
        cells = tuple(texts.setdefault(text, text) for text in code_of(file.read()))
    except Unreadable as why:
        return Notebook(file, lesson, problem=f"{shown(file)} {why}")
    return Notebook(file, lesson or lesson_of(cells), cells)


def lesson_of(cells: Iterable[str]) -> int | None:
    """Tell the lesson by the exercises in code: that of most of them."""
    names = {name for text in cells for groups in NAMED.findall(text) for name in groups}
    lessons = [EXERCISES[name].lesson for name in sorted(names & EXERCISES.keys())]
    return max(lessons, key=lessons.count, default=None)
