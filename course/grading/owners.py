"""Whose each file is: what the platform says, the folders and the names of files."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from course.grading.archives import packed
from course.grading.cells import Unreadable
from course.grading.filenames import owner, owner_in
from course.grading.files import File
from course.grading.folders import bare, inside, is_nobodys, is_within, is_work, parts_of, unwrapped
from course.grading.graded import Person
from course.grading.names import as_seen, file_name
from course.grading.platforms import (
    GRADESCOPES,
    ToldByName,
    gradescope,
    receipt,
    recognised,
    without_assignment,
)
from course.trouble import Trouble

HANDED_IN = {
    *(".html", ".htm", ".py", ".pdf", ".doc", ".docx", ".odt", ".rtf", ".rar", ".7z", ".zip"),
    *(".tar", ".gz", ".tgz", ".xz", ".bz2", ".ipynb"),
}


class Owned(NamedTuple):
    """A file and whose it is; nobody's if there is no person."""

    file: File
    person: Person | None
    told: ToldByName


@dataclass(frozen=True)
class Owner:
    """Somebody's files; `name` is one that nobody else in the class has."""

    name: str
    person: Person
    files: list[Owned]


NOTHING_TOLD = ToldByName(Person(""))


def owners(files: list[File], path: Path, student: str | None) -> tuple[list[Owner], list[File]]:
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


# --- Whose a file is ------------------------------------------------------------------------------


def whose(files: list[File], name: str, path: Path, section: str | None = None) -> Iterator[Owned]:
    """Say whose each file is, in a class or in a part of it: a section, or an assignment."""
    tops: dict[str, list[File]] = defaultdict(list)
    for file in files:
        tops[file.parts[0]].append(file)
    told = recognised(tops)
    if GRADESCOPES in tops and (metadata := tops.pop(GRADESCOPES)[0]).size:
        listed = gradescope(text_of(metadata))
        told = {top: listed[top] for top in tops if top in listed}
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


def with_receipts(
    tops: dict[str, list[File]], told: dict[str, ToldByName]
) -> dict[str, ToldByName]:
    """Read the receipts that Blackboard puts beside each hand-in."""
    read = {top: receipt(text_of(tops[top][0]), one) for top, one in told.items() if one.receipt}
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


def text_of(file: File) -> str:
    """What a platform wrote; nothing if it can't be read."""
    try:
        return file.read().decode("utf-8", "replace")
    except Unreadable:
        return ""


def people_of(
    tops: dict[str, list[File]], name: str, path: Path, *, platform: bool
) -> dict[str, Person | None]:
    """Say whose what lies at the top is, where no platform tells: its name does."""
    loose = {top: own[0] for top, own in tops.items() if len(own[0].parts) == 1}
    folders = [top for top in tops if top not in loose]
    flat = any(is_work(file) for file in loose.values())
    users = {} if flat else without_assignment(name, [bare(top) for top in folders])
    flat = flat or any(map(packed, folders))
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


def own_name(path: Path) -> str:
    """Whose a lesson is when only the place where it stands can tell.

    Raises
    ------
    Trouble
        If that is called like a folder of a course or a desktop, and nobody is.
    """
    place = path.resolve()
    if not place.is_dir():
        place = place.parent if place.suffix.lower() == ".ipynb" else place.with_suffix("")
    name = file_name(place.name)
    if not name or is_within(name):
        where = f"`{name}`" if name else "the folder it is in"
        raise Trouble(
            f"Nothing says who handed in {path}: {where} is nobody's name. Say it with --student."
        )
    return name


# --- One person, one number and one name ----------------------------------------------------------


def numbered_once(parts: list[list[Owned]]) -> list[list[Owned]]:
    """Give one number to who has another in each assignment, as in Moodle.

    Nobody has two numbers in one of them: a name that has is of several people.
    """
    numbers: dict[tuple[str, str], list[set[str]]] = defaultdict(list)
    for part in parts:
        here: dict[tuple[str, str], set[str]] = defaultdict(set)
        for one in part:
            if one.person:
                here[one.person.section, as_seen(one.person.name)].add(one.person.id)
        for who, ids in here.items():
            numbers[who].append(ids)

    def numbered(person: Person | None) -> Person | None:
        ids = numbers[person.section, as_seen(person.name)] if person else []
        if person is None or any(len(one) > 1 for one in ids):
            return person
        return person._replace(id=min(ids[0]))

    return [[one._replace(person=numbered(one.person)) for one in part] for part in parts]


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
            by_name[own[0].person.section, as_seen(own[0].person.name)].append(key)  # type: ignore[union-attr]
    for key in [key for key in found if not key[1]]:  # beside a platform's, by mail for example
        same = by_name.get((key[0], key[2]), [])
        if len(same) == 1:
            found[same[0]] += found.pop(key)
    people = {key: own[0].person for key, own in found.items() if own[0].person}
    alike: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for key, person in people.items():
        alike[as_seen(person.name)].append(key)
    taken: dict[str, int] = {}
    for group in alike.values():
        for key in group:
            person = people[key]
            more = [part for part in (person.id, person.section) if part and len(group) > 1]
            name = f"{person.name} ({', '.join(more)})" if more else person.name
            yield Owner(free_name(name, taken), person, found[key])


def key_of(person: Person) -> tuple[str, ...]:
    """What tells a person from all others: section, number, name."""
    last, comma, first = person.name.partition(", ")  # some platforms sort by the last name
    name = f"{first} {last}" if comma else last
    return person.section, person.id.casefold(), "" if person.id else as_seen(name)


def free_name(name: str, taken: dict[str, int]) -> str:
    """Take a name; with a number behind it if one that looks the same is taken."""
    free = name
    while as_seen(free) in taken:
        taken[as_seen(name)] += 1
        free = f"{name} ({taken[as_seen(name)]})"
    taken[as_seen(free)] = 1
    return free
