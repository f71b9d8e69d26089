"""What folders are: round a class, parts of a class, or within what one person handed in."""

import re
from dataclasses import replace
from pathlib import Path

from course.grading.archives import packed
from course.grading.cells import Unreadable
from course.grading.filenames import lesson_in, owner, owner_in, stem
from course.grading.files import LARGEST, File
from course.grading.platforms import recognised

COURSES_OWN = {"source", "release", "autograded", "feedback"}  # of a course of nbgrader
MOST_WRAPPED = 3  # folders round a class

# Folders within what one person handed in, rather than other people's.
WITHIN = re.compile(
    r"work|works|my ?work|mine|notebooks?|src|source|submissions?|submission attachment\(s\)"
    r"|attachments?|home ?works?|solutions?|answers?|old|new|final|finals?|drafts?|backups?|archive"
    r"|done|projects?|hw|docs?|documents|downloads?|desktop|data|files|code|ipynb|jupyter|colab notebooks|course"
    r"|convolutions.*|.+-(?:main|master)|new folder.*|untitled folder.*|\..*|(?:lessons?|weeks?|parts?|tasks?|exercises?"
    r"|assignments?|ps|ex|hw|labs?|versions?|v|attempts?|try|day|chapter|unit|module)[ _-]*\d+",
    re.IGNORECASE,
)
SECTION = re.compile(
    r"(?:sections?|sec|groups?|grp|gruppen?|class|klasse|periods?|tutorials?|tut|cohort|kurs|seminar"
    r"|stream|block|team|shift)[ _-]*\w{0,12}|(?-i:[A-Z])|[A-Z]?\d{1,3}[A-Za-z]?"
    r"|(?:mon|tues|wednes|thurs|fri)day.*|morning|afternoon|evening",
    re.IGNORECASE,
)
SECTIONS = re.compile(
    r"sec|sections|groups|gruppen|classes|klassen|tutorials|periods", re.IGNORECASE
)
FIRST_BYTES = 200
BEGINNING = re.compile(rb"(?:\xef\xbb\xbf)?\s*\{\s*\"(?:cells|metadata|nbformat\w*|worksheets)\"")
NOBODYS = {"readme", "index", "grades", "roster", "license", "notes", "instructions", "timestamp"}


# --- Folders round a class ------------------------------------------------------------------------


def unwrapped(files: list[File], path: Path) -> tuple[list[File], str]:
    """Take away folders round the students': one that was packed with them, and nbgrader's.

    The name of the last of them comes back, too: it may be that of the assignment.
    """
    name = bare(path.resolve().name)
    if name == "submitted":
        return files, name
    for _ in range(MOST_WRAPPED):
        good = [file for file in files if not file.problem]
        folders = {file.parts[0] for file in good if len(file.parts) > 1}
        at_work = {file.parts[0] for file in good if is_work(file)}
        if "submitted" in at_work and at_work <= {*COURSES_OWN, "submitted"}:
            files = [file for file in files if file.problem or file.parts[0] not in COURSES_OWN]
            return inside(files, "submitted"), "submitted"
        if len(folders) != 1 or at_work - folders or is_student(good, name):
            break
        (name,) = folders
        files = inside(files, name)
        name = bare(name)
    return files, name


def inside(files: list[File], folder: str) -> list[File]:
    """What is in a folder, and what lies beside it, so that it is told."""
    return [
        replace(file, parts=file.parts[1:]) if file.parts[0] == folder else file
        for file in files
        if file.parts != (folder, "")
    ]


def is_work(file: File) -> bool:
    """Whether a file is somebody's notebook, by its name or, if it lies at the top, as it begins."""
    if ".ipynb" in file.name.lower():
        return True
    if len(file.parts) > 1 or file.problem or file.size > LARGEST or is_nobodys(file.name):
        return bool(packed(file.name)) and len(file.parts) == 1
    try:
        return bool(BEGINNING.match(file.begin(FIRST_BYTES)))
    except Unreadable:
        return False


def is_student(files: list[File], round_it: str) -> bool:
    """Whether the only folder is a student's, rather than one with all the students in it."""
    (folder,) = {file.parts[0] for file in files if len(file.parts) > 1}
    if recognised([folder]) or round_it.endswith("-submissions"):
        return True
    children = {file.parts[1] for file in files if len(file.parts) > 1} - {""}
    if recognised(children):
        return False
    work = [file for file in files if is_work(file) and len(file.parts) > 1]
    direct = [file for file in work if len(file.parts) == 2]
    if not direct:  # ash/01_convolution_by_hand/homework.ipynb
        return all(is_within(file.parts[1]) for file in work)
    nobodys = sum(owner(file.name) == "" for file in direct)
    return len(work) == 1 or 2 * nobodys >= len(direct)


def is_within(folder: str) -> bool:
    """Whether a folder is part of what somebody handed in."""
    name = bare(folder)
    return bool(WITHIN.fullmatch(name)) or (lesson_in(name) is not None and not owner_in(name))


def bare(name: str) -> str:
    """The name of a folder, or of an archive without its ending."""
    ending = packed(name)
    return name[: -len(ending)].rstrip() if ending and len(name) > len(ending) else name


def is_nobodys(name: str) -> bool:
    """Whether a file's name says that it is about the class, not somebody's work."""
    return stem(name).lower() in NOBODYS


# --- Sections and assignments ---------------------------------------------------------------------


def parts_of(tops: dict[str, list[File]], name: str) -> dict[str, str]:
    """Tell whether folders are parts of a class with students in them: all of them, or none.

    They are if a platform's names are in them; if their names, or that of the folder round them,
    say so; or if there are more folders in each than somebody has versions of a notebook.

    Returns
    -------
    dict of str to str
        Each folder and the section that it is; empty for an assignment.
    """
    folders = {
        top: {file.parts[1]: file for file in own if len(file.parts) > 1 and hands_in(file)}
        for top, own in tops.items()
        if len(own[0].parts) > 1
    }
    loose = [own[0] for own in tops.values() if len(own[0].parts) == 1]
    filled = {top: found for top, found in folders.items() if found}
    if not filled or any(is_work(file) for file in loose):
        return {}
    which = {lesson_in(top) for top in folders} - {None}
    lessons = all(map(is_within, folders)) or 1 < len(which) == len(folders)
    parts = {top: "" if lessons else bare(top) for top in folders}
    if all(recognised(found) for found in filled.values()):
        return parts
    everyone = [one for found in filled.values() for one in found]
    if any(is_within(one) or not owner_at(one) for one in everyone):
        return {}
    if lessons:
        return parts
    different = {bare(one).casefold() for one in everyone}
    called = all(SECTION.fullmatch(bare(top)) for top in folders)
    if all(top[0].isdigit() for top in folders):  # or people, by their numbers
        called = called and any(len(found) > 1 for found in filled.values())
    called = called or bool(SECTIONS.fullmatch(name))
    if called and 2 * len(different) > len(everyone):
        return parts
    many = all(sum(len(file.parts) > 2 for file in found.values()) > 2 for found in filled.values())
    return parts if many and len(filled) > 1 and len(different) == len(everyone) else {}


def hands_in(file: File) -> bool:
    """Whether what lies in a folder may be somebody's: a folder, an archive or a notebook."""
    return len(file.parts) > 2 or is_work(file)


def owner_at(name: str) -> str:
    """Whose what lies at the top of a section would be."""
    return owner(name) if ".ipynb" in name.lower() else bare(name)
