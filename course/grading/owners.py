"""Whose each file is: what the platform says, the folders and the names of files."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from course.grading.archives import packed
from course.grading.filenames import lesson_in, owner, owner_in, stem
from course.grading.files import File
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
    r"|stream|block|team|shift)[ _-]*\w{0,12}|[A-Z]|[A-Z]?\d{1,3}[A-Za-z]?"
    r"|(?:mon|tues|wednes|thurs|fri)day.*|morning|afternoon|evening",
    re.IGNORECASE,
)
HANDED_IN = {
    *(".html", ".htm", ".py", ".pdf", ".doc", ".docx", ".odt", ".rtf", ".rar", ".7z", ".zip"),
    *(".tar", ".gz", ".tgz", ".xz", ".bz2", ".ipynb"),
}
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
    """Whether a file is somebody's hand-in by its name."""
    return ".ipynb" in file.name.lower() or (len(file.parts) == 1 and bool(packed(file.name)))


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


def whose(files: list[File], name: str, path: Path, section: str = "") -> Iterator[Owned]:
    """Say whose each file is, in a class or in a section of it."""
    tops: dict[str, list[File]] = defaultdict(list)
    for file in files:
        tops[file.parts[0]].append(file)
    told = recognised(tops)
    if not told and not section and (parts := sections(tops, name)):
        for top, own in tops.items():
            if top in parts:
                yield from whose(inside(own, top), bare(top), path, bare(top))
            else:
                yield from (Owned(file, None, NOTHING_TOLD) for file in own)
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
            people[top] = Person(stem(top))
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


# --- Sections -------------------------------------------------------------------------------------


def sections(tops: dict[str, list[File]], name: str) -> set[str]:
    """Tell which folders are sections with students in them: all of them, or none.

    They are if a platform's names are in them; if their names, or that of the folder round them,
    say so; or if there are more people in each than somebody has versions of a notebook.
    """
    folders = {
        top: [replace(file, parts=file.parts[1:]) for file in own if len(file.parts) > 1]
        for top, own in tops.items()
        if len(own[0].parts) > 1
    }
    loose = [own[0] for own in tops.values() if len(own[0].parts) == 1]
    if not folders or any(is_work(file) for file in loose):
        return set()
    people = [
        {file.parts[0] for file in own if file.parts != ("",) and hands_in(file)}
        for own in folders.values()
    ]
    filled = [found for found in people if found]
    if not filled:
        return set()
    if all(recognised(found) for found in filled):
        return {*folders}
    everyone = [bare(one).casefold() for found in filled for one in found]
    if any(is_within(one) or not owner_at(one) for found in filled for one in found):
        return set()
    called = all(SECTION.fullmatch(bare(top)) for top in folders) or SECTION.fullmatch(name)
    apart = len(set(everyone)) == len(everyone)
    many = len(filled) > 1 and all(len(found) > 2 for found in filled)
    return (
        {*folders}
        if (called and 2 * len(set(everyone)) > len(everyone)) or (many and apart)
        else set()
    )


def hands_in(file: File) -> bool:
    """Whether what lies at the top may be somebody's: a folder, an archive or a notebook."""
    return len(file.parts) > 1 or is_work(file)


def owner_at(name: str) -> str:
    """Whose what lies at the top of a section would be."""
    return owner(name) if ".ipynb" in name.lower() else bare(name)


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
