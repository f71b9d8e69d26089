"""What a class handed in: whose notebook is which lesson's, and the code in it.

Whatever a student hands in costs at most that student's own row, and whatever can't be graded has
a row that says why: nothing is lost in silence. Nothing is run here.
"""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from course.grading.files import (
    LARGEST,
    File,
    Unreadable,
    code_of,
    folder_files,
    megabytes,
    one_file,
    well_formed,
    zip_files,
)
from course.grading.graded import Submission
from course.grading.naming import free_name, lesson_in, lesson_of, look, owner
from course.work import Trouble

WANTED = (
    "Wanted is a folder or a .zip with STUDENT.ipynb, STUDENT/*.ipynb or nbgrader's "
    "submitted/STUDENT/LESSON/*.ipynb in it."
)

MOST, MOST_BYTES = 60, 5 * LARGEST  # of one student: ten times what there are lessons
NBGRADER = {"submitted", "source", "release", "autograded", "feedback"}  # folders of its courses


def find(path: Path, lesson: int | None = None) -> list[Submission]:
    """Find what a class handed in.

    Layouts: ``STUDENT.ipynb``, ``STUDENT/*.ipynb`` at any depth, nbgrader's
    ``submitted/STUDENT/LESSON/*.ipynb``, each with or without one more folder round it; a zip of
    any of these; or one student's notebook or folder.

    Its name tells a notebook's lesson, else its folder's name, else the exercises in it. Of several
    for one lesson the newest counts. What doesn't count has a row of its own, ``STUDENT (FILE)``,
    with the reason as its problem.

    Parameters
    ----------
    path : Path
        A folder, a zip or a notebook.
    lesson : int, optional
        Take this lesson's notebooks alone, and count those as this lesson's that nothing tells.

    Returns
    -------
    list of Submission
        By student and lesson. No two students have names that look the same. What belongs to no
        lesson is put to the first that was handed in, so that it is seen; to 0 if none was.

    Raises
    ------
    Trouble
        If there is nothing to grade.
    """
    taken: dict[str, int] = {}
    texts: dict[str, str] = {}  # most cells are the same for everyone: one copy of each is kept
    found: list[Submission] = []
    with handed_in(path) as files:
        files.sort(key=lambda file: file.parts)
        if not any(file.is_notebook for file in files):
            raise Trouble(f"There is no notebook (.ipynb) in {path}. {WANTED}")
        students = by_student(unwrapped(files, path), path)
        for name, own in told_apart(students, taken):
            found += of_student(name, own, lesson, taken, texts)
    first = min({submission.lesson for submission in found} - {0}, default=0)
    found = [one if one.lesson else replace(one, lesson=first) for one in found]
    return sorted(found, key=lambda one: (one.student, one.lesson))


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


# --- Whose it is ----------------------------------------------------------------------------------


def unwrapped(files: list[File], path: Path) -> list[File]:
    """Take away folders round the students': one that was packed with them, and nbgrader's."""
    if path.resolve().name == "submitted":
        return files
    for _ in range(2):
        good = [file for file in files if not file.problem]
        folders = {file.parts[0] for file in good if len(file.parts) > 1}
        at_work = {file.parts[0] for file in good if file.is_notebook}
        if "submitted" in at_work and at_work <= NBGRADER:
            return inside(files, "submitted")
        if len(folders) != 1 or at_work != folders or is_student(good):
            return files
        files = inside(files, *folders)
    return files


def inside(files: list[File], folder: str) -> list[File]:
    """What is in a folder, and what is no good beside it, so that it is told."""
    return [
        replace(file, parts=file.parts[1:]) if file.parts[0] == folder else file
        for file in files
        if (file.problem or file.parts[0] == folder) and file.parts != (folder, "")
    ]


def is_student(files: list[File]) -> bool:
    """Whether the only folder is a student's, rather than one with all the students in it."""
    notebooks = [file for file in files if file.is_notebook]
    direct = [file for file in notebooks if len(file.parts) == 2]
    if not direct:  # ash/01_convolution_by_hand/homework.ipynb
        return all(lesson_in(file.parts[1]) for file in notebooks)
    nobodys = sum(owner(file.name) == "" for file in direct)
    return len(notebooks) == 1 or 2 * nobodys >= len(direct)


@dataclass(frozen=True)
class Student:
    """Somebody's files; `place` is where they are: ``ash/`` or ``ash.ipynb``."""

    name: str
    place: str
    files: list[File]


def by_student(files: list[File], path: Path) -> list[Student]:
    """Say whose each file is: its folder's, or else whose name it bears."""
    students: dict[tuple[str, bool], Student] = {}
    flat = any(file.is_notebook and len(file.parts) == 1 for file in files)
    for file in files:
        name, alone = file.parts[0], len(file.parts) == 1
        if alone and not file.problem:
            if file.is_notebook:
                name = owner(name) or own_name(path)
            elif not flat:  # beside the students' folders: a list of grades, a readme
                continue
        place = file.parts[0] if alone else f"{file.parts[0]}/"
        students.setdefault((name, alone), Student(name, place, [])).files.append(file)
    return list(students.values())


def own_name(path: Path) -> str:
    """Whose a lesson is when only the place where it stands can tell."""
    path = path.resolve()
    if path.is_dir():
        return well_formed(path.name)
    return well_formed(path.parent.name if path.suffix.lower() == ".ipynb" else path.stem)


def told_apart(students: list[Student], taken: dict[str, int]) -> Iterator[tuple[str, list[File]]]:
    """Name students so that no two names look the same: those that do are named by their place."""
    alike: dict[str, list[Student]] = defaultdict(list)
    for student in students:
        alike[look(student.name)].append(student)
    for group in alike.values():
        for student in group:
            name = student.name if len(group) == 1 else student.place
            yield free_name(name, taken), student.files


# --- What it is -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Notebook:
    """A file that was read: its lesson if anything tells it, its code, or why there is none."""

    file: File
    lesson: int | None
    cells: tuple[str, ...] = ()
    problem: str = ""

    @property
    def rank(self) -> tuple[Any, ...]:
        """Of several notebooks of one lesson, the one that ranks highest counts.

        Of the same time, as after a download, it is the one with the shortest path: what is put
        aside or copied gets a longer one.
        """
        told = self.lesson is not None
        return not self.problem, told, self.file.modified, -len("/".join(self.file.parts))


def of_student(
    name: str, files: list[File], lesson: int | None, taken: dict[str, int], texts: dict[str, str]
) -> Iterator[Submission]:
    """Read what a student handed in: a submission for each lesson, and one for each odd file."""
    wanted = [file for file in files if file.problem or file.is_notebook]
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
        first, *odd = odd
        yield Submission(name, 0, problem=first.problem or of_no_lesson(first))
    for number, notebooks in by_lesson.items():
        best, *others = sorted(notebooks, key=lambda notebook: notebook.rank, reverse=True)
        yield Submission(name, number, best.cells, best.problem)
        for other in others:
            if other.problem or other.cells != best.cells:
                why = other.problem or (
                    f"{shown(other.file)} is one more notebook of lesson {number}. "
                    f"{shown(best.file)} counts: take it away if this one should."
                )
                yield Submission(beside(name, other, taken), number, problem=why)
    for other in odd:
        why = other.problem or of_no_lesson(other)
        yield Submission(beside(name, other, taken), 0, problem=why)


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


def beside(name: str, notebook: Notebook, taken: dict[str, int]) -> str:
    """Name the row of a file that doesn't count."""
    return free_name(f"{name} ({shown(notebook.file)})", taken)


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
