"""Whose each file is, and of which lesson: what folders and names tell."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from course.grading.files import File, well_formed
from course.lessons import LESSONS

NBGRADER = {"submitted", "source", "release", "autograded", "feedback"}  # folders of its courses

# A lesson in the name of a file: `ash_01_convolution_by_hand (2)`, `1-Convolution-by-hand`.
TITLES = {
    number: re.compile(
        rf"(?<!\d)0?{number}[ _-]+" + lesson.name.replace("_", "[ _-]+"), re.IGNORECASE
    )
    for number, lesson in LESSONS.items()
}
# What JupyterLab, browsers and learning platforms add to a name that is taken.
COPY = re.compile(r"[ _-]*(copy ?\d*|\(\d+\)|\d+)?", re.IGNORECASE)


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
