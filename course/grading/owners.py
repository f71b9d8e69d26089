"""Whose each file is: what the platform says, the folders and the names of files."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from course.grading.archives import packed
from course.grading.cells import Unreadable
from course.grading.filenames import lesson_in, owner, owner_in, stem
from course.grading.files import LARGEST, File
from course.grading.graded import Person
from course.grading.names import file_name, look
from course.grading.platforms import Told, receipt, recognised, without_assignment

COURSES_OWN = {"source", "release", "autograded", "feedback"}  # of a course of nbgrader
MOST_WRAPPED = 3  # folders round a class

# Folders within what one person handed in, rather than other people's.
WITHIN = re.compile(
    r"work|works|my ?work|mine|notebooks?|src|source|submissions?|submission attachment\(s\)"
    r"|attachments?|home ?works?|solutions?|answers?|old|new|final|finals?|drafts?|backups?|archive"
    r"|done|docs?|documents|downloads?|desktop|data|files|code|ipynb|jupyter|colab notebooks|course"
    r"|convolutions.*|new folder.*|untitled folder.*|\..*|(?:lessons?|weeks?|parts?|tasks?|exercises?"
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
HANDED_IN = {
    *(".html", ".htm", ".py", ".pdf", ".doc", ".docx", ".odt", ".rtf", ".rar", ".7z", ".zip"),
    *(".tar", ".gz", ".tgz", ".xz", ".bz2", ".ipynb"),
}
FIRST_BYTES = 200
BEGINNING = re.compile(rb"(?:\xef\xbb\xbf)?\s*\{\s*\"(?:cells|metadata|nbformat\w*|worksheets)\"")
NOBODYS = {"readme", "index", "grades", "roster", "license", "notes", "instructions", "timestamp"}


class Owned(NamedTuple):
    """A file and whose it is; nobody's if there is no person."""

    file: File
    person: Person | None
    told: Told


@dataclass(frozen=True)
class Owner:
    """Somebody's files; `name` is one that nobody else in the class has."""

    name: str
    person: Person
    files: list[Owned]


NOTHING_TOLD = Told(Person(""))


def owners(
    files: list[File], path: Path, student: str | None = None
) -> tuple[list[Owner], list[File]]:
    """Say whose each file is.

    Returns
    -------
    list of Owner, list of File
        Everybody with their files, and the files that are nobody's.
    """
    if student is not None:
        everything = [Owned(file, Person(student), NOTHING_TOLD) for file in files]
    else:
        everything = list(whose(*unwrapped(files, path), path))
    nobodys = [one.file for one in everything if one.person is None]
    return list(told_apart(everything)), nobodys


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


# --- Whose a file is ------------------------------------------------------------------------------


def whose(files: list[File], name: str, path: Path, section: str | None = None) -> Iterator[Owned]:
    """Say whose each file is, in a class or in a part of it: a section, or an assignment."""
    tops: dict[str, list[File]] = defaultdict(list)
    for file in files:
        tops[file.parts[0]].append(file)
    told = recognised(tops)
    if not told and section is None and (parts := parts_of(tops, name)):
        apart = {
            top: list(whose(inside(tops[top], top), bare(top), path, part))
            for top, part in parts.items()
        }
        yield from (one for part in numbered_once(list(apart.values())) for one in part)
        loose = (file for top, own in tops.items() if top not in parts for file in own)
        yield from (Owned(file, None, NOTHING_TOLD) for file in loose)
        return
    told = with_receipts(tops, told)
    generic = {top: own for top, own in tops.items() if top not in told}
    people = people_of(generic, name, path, platform=bool(told))
    for top, own in tops.items():
        known = told.get(top, NOTHING_TOLD)
        person = known.person if top in told else people[top]
        if person is not None and section:
            person = person._replace(section=section)
        yield from (Owned(file, person, known) for file in own)


def with_receipts(tops: dict[str, list[File]], told: dict[str, Told]) -> dict[str, Told]:
    """Read the receipts that Blackboard puts beside each hand-in."""
    read = {
        top: receipt(tops[top][0].read().decode("utf-8", "replace"), one)
        for top, one in told.items()
        if one.receipt and not tops[top][0].problem and tops[top][0].size < 10**6
    }
    if not read:
        return told
    names = {one.person.id: one for one in read.values()}
    # What the file's name says of the user is cut at the last _, which may be part of the user.
    titles = {top.split("_attempt_")[0].removesuffix(one.person.id) for top, one in read.items()}
    whole = {}
    for top, one in told.items():
        before = top.split("_attempt_")[0]
        ids = [before.removeprefix(title) for title in titles if before.startswith(title)]
        user = next((found for found in ids if found in names), one.person.id)
        person = names[user].person if user in names else Person(user, user)
        when = {r.attempt: r.handed_in for r in read.values() if r.person.id == user}
        handed_in = when.get(one.attempt, one.handed_in)
        whole[top] = one._replace(person=person, handed_in=handed_in)
    return whole


def people_of(
    tops: dict[str, list[File]], name: str, path: Path, *, platform: bool
) -> dict[str, Person | None]:
    """Say whose what lies at the top is, where no platform tells: its name does."""
    loose = {top: own[0] for top, own in tops.items() if len(own[0].parts) == 1}
    folders = [top for top in tops if top not in loose]
    flat = any(is_work(file) for file in loose.values()) or any(map(packed, folders))
    users = {} if flat else without_assignment(name, [bare(top) for top in folders])
    people: dict[str, Person | None] = {}
    for top in tops:
        if top not in loose:
            user = users.get(bare(top), "")
            people[top] = Person(user, user) if user else Person(owner_of_folder(top))
        elif loose[top].problem or is_work(loose[top]):
            found = owner(top) if not loose[top].problem else top
            people[top] = Person(found) if found else None
        elif flat and not platform and loose[top].suffix in HANDED_IN and not is_nobodys(top):
            people[top] = Person(owner(top)) if owner(top) else None
        else:
            people[top] = None
    if not folders and not any(people.values()) and not platform:  # all of one person's
        people |= {top: Person(own_name(path)) for top, file in loose.items() if is_work(file)}
    return people


def owner_of_folder(top: str) -> str:
    """Whose a folder is: it is called so; what is packed may be called like a notebook."""
    return top if bare(top) == top else owner_in(bare(top)) or bare(top)


def is_nobodys(name: str) -> bool:
    """Whether a file's name says that it is about the class, not somebody's work."""
    return stem(name).lower() in NOBODYS


def own_name(path: Path) -> str:
    """Whose a lesson is when only the place where it stands can tell."""
    path = path.resolve()
    if path.is_dir():
        return file_name(path.name)
    return file_name(path.parent.name if path.suffix.lower() == ".ipynb" else path.stem)


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
    called = all(SECTION.fullmatch(bare(top)) for top in folders) or SECTIONS.fullmatch(name)
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


def numbered_once(parts: list[list[Owned]]) -> list[list[Owned]]:
    """Give one number to who has another in each assignment, as in Moodle.

    Nobody has two numbers in one of them: a name that has is of several people.
    """
    numbers: dict[tuple[str, str], list[set[str]]] = defaultdict(list)
    for part in parts:
        here: dict[tuple[str, str], set[str]] = defaultdict(set)
        for one in part:
            if one.person:
                here[one.person.section, look(one.person.name)].add(one.person.id)
        for who, ids in here.items():
            numbers[who].append(ids)

    def numbered(person: Person | None) -> Person | None:
        ids = numbers[person.section, look(person.name)] if person else []
        if person is None or any(len(one) > 1 for one in ids):
            return person
        return person._replace(id=min(ids[0]))

    return [[one._replace(person=numbered(one.person)) for one in part] for part in parts]


# --- One person, one name -------------------------------------------------------------------------


def told_apart(everything: Sequence[Owned]) -> Iterator[Owner]:
    """Bring together what is one person's, and name people so that no two names look the same.

    Whom a platform numbers, the number tells; others the name, compared as a reader would.
    """
    found: dict[tuple[str, ...], list[Owned]] = defaultdict(list)
    for one in everything:
        if one.person is not None:
            found[key_of(one.person)].append(one)
    by_name: dict[tuple[str, str], list[tuple[str, ...]]] = defaultdict(list)
    for key, own in found.items():
        if key[1]:
            by_name[own[0].person.section, look(own[0].person.name)].append(key)  # type: ignore[union-attr]
    for key in [key for key in found if not key[1]]:  # beside a platform's, by mail for example
        same = by_name.get((key[0], key[2]), [])
        if len(same) == 1:
            found[same[0]] += found.pop(key)
    people = {key: own[0].person for key, own in found.items() if own[0].person}
    alike: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for key, person in people.items():
        alike[look(person.name)].append(key)
    taken: dict[str, int] = {}
    for group in alike.values():
        for key in group:
            person = people[key]
            more = [part for part in (person.id, person.section) if part and len(group) > 1]
            name = f"{person.name} ({', '.join(more)})" if more else person.name
            yield Owner(free_name(name, taken), person, found[key])


def key_of(person: Person) -> tuple[str, ...]:
    """What tells a person from all others: section, number, name."""
    return person.section, person.id.casefold(), "" if person.id else look(person.name)


def free_name(name: str, taken: dict[str, int]) -> str:
    """Take a name; with a number behind it if one that looks the same is taken."""
    free = name
    while look(free) in taken:
        taken[look(name)] += 1
        free = f"{name} ({taken[look(name)]})"
    taken[look(free)] = 1
    return free
