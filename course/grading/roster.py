"""The list of a class, in the columns of whatever platform it comes from."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from course.grading.graded import Person
from course.grading.naming import Entry, Register, listed, plain_id
from course.grading.sheets import Sheet, heading, read_number, read_sheet
from course.trouble import Trouble

COLUMNS = {
    "name": (
        "name, student, student name, full name, learner, learner name, students, "
        "vollstandiger name, nom complet, nombre completo, nome completo, volledige naam, "
        "first name last name, first name surname, vorname nachname, prenom nom, nombre apellido s"
    ),
    "first": "first name, firstname, given name, forename, first, vorname, prenom, nombre, voornaam",
    "last": (
        "last name, lastname, surname, family name, last, nachname, nom, nom de famille, "
        "apellido s, apellidos, apellido, cognome, achternaam"
    ),
    "id": (
        "id, id number, idnumber, student id, student number, student no, studentid, sid, user id, "
        "sis user id, sis id, orgdefinedid, org defined id, external id, github id, "
        "matrikelnummer, matriculation number, id nummer, numero d identification, numero de id, "
        "numero id, numero de identificacion, matricola"
    ),
    "email": (
        "email, e mail, mail, email address, e mail address, emailaddress, e mail adresse, "
        "adresse de courriel, courriel, adresse e mail, direccion de correo, "
        "direccion de correo electronico, direccion email, correo electronico, correo, "
        "indirizzo email, e mailadres"
    ),
    "login": (
        "username, user name, login, login id, sis login id, github username, login name, net id, "
        "netid, anmeldename, benutzername, nom d utilisateur, nombre de usuario"
    ),
    "identifier": (
        "identifier, roster identifier, teilnehmer in, identifikator, identifiant, identificador, "
        "participant"
    ),
    "section": (
        "section, sections, section name, group, groups, class, tutorial, gruppe, gruppen, "
        "groupe, groupes, grupo, grupos"
    ),
    "role": "role, roles, rolle, rollen",
    "late days": "late days, days late",
    "status": "status",
    "handed in": (  # in Moodle's grading worksheet
        "last modified submission, zuletzt geandert abgabe, derniere modification travail remis, "
        "ultima modificacion entrega, ultima modifica consegna, laatst gewijzigd inzending"
    ),
}
"""What platforms call what, in letters without case and accents."""

MEANING = {name: meaning for meaning, names in COLUMNS.items() for name in names.split(", ")}
WHO = {"name", "first", "last", "identifier"}
"""Without one of these a table is no list of people."""

STAFF = {"teacher", "non editing teacher", "manager", "course creator", "teaching assistant", "ta"}
NOBODY = {"points possible", "puntos posibles", "points possibles", "mogliche punkte"}
TEST_STUDENTS = {"student, test", "test student"}
UNIT = re.compile(r"(\d+) (year|day|hour|min|sec)s?")
SUBMITTED = re.compile(rf"Submitted for grading(?: -)?(?: (?P<late>{UNIT.pattern}.*) late)?")
NOT_YET = "-"  # in place of Moodle's dates
PARTICIPANT = re.compile(r"[^\W\d_]{6,}\D*(\d+)")  # Moodle's Participant 100001, in any language


class Columns(NamedTuple):
    """Where the columns of a table are, by what they mean; and the line of their names."""

    header: tuple[str, ...]
    line: int
    of: Mapping[str, list[int]]

    def cells(self, row: tuple[str, ...], meaning: str) -> list[str]:
        """What a row has in the columns of a meaning, without what is empty."""
        found = [row[i] for i in self.of.get(meaning, ()) if i < len(row)]
        return [cell for cell in found if cell]


@dataclass(frozen=True)
class Roster:
    """The list of a class.

    Attributes
    ----------
    sheet : Sheet
    columns : Columns
    entries : tuple of Entry
        Each with the line where it stands.
    late_days : dict
        By entry, where the list has such a column.
    told : tuple of str
        What the teacher should know of it, a sentence each.
    marked : dict
        By entry, the days that Moodle's worksheet calls late: of its one assignment.
    handed_in : dict
        By entry, when Moodle's worksheet says that it was: in Moodle's own words.
    """

    sheet: Sheet
    columns: Columns
    entries: tuple[Entry, ...]
    late_days: Mapping[int, int]
    told: tuple[str, ...]
    marked: Mapping[int, int] = field(default_factory=dict)
    handed_in: Mapping[int, str] = field(default_factory=dict)


def roster(file: Path) -> Roster:
    """Read the list of a class.

    Parameters
    ----------
    file : Path
        CSV, as Moodle, Canvas, Blackboard, Brightspace, Google or GitHub Classroom or Gradescope
        export it, or a table of one's own with a column for names.

    Raises
    ------
    Trouble
        If no column is a name, or a row has more cells than there are columns.
    """
    sheet = read_sheet(file)
    columns = found_columns(sheet)
    entries: list[Entry] = []
    late: dict[int, int] = {}
    marked: dict[int, int] = {}
    handed_in: dict[int, str] = {}
    told: list[str] = []
    seen: dict[tuple[str, ...], int] = {}
    for line, row in sheet.rows:
        if line <= columns.line:
            continue
        if len(row) > len(columns.header):
            raise Trouble(
                f"{file}, line {line} has {len(row)} cells, and there are {len(columns.header)} "
                "columns. A name with a comma in it stands in quotes."
            )
        entry, why = entry_of(columns, line, row)
        if why:
            told.append(f"{file.name}, line {line} is no student: {why}.")
        if entry is None:
            continue
        same = (plain_id(entry.person.id), entry.person.name, entry.person.email)
        if same in seen:
            told.append(
                f"{file.name}, line {line} is {entry.person.name} of line {seen[same]} again."
            )
            continue
        seen[same] = line
        for cell in columns.cells(row, "late days"):
            days = read_number(cell)
            if days is None or days < 0:
                told.append(f"{file.name}, line {line}: {cell!r} is no number of late days.")
            else:
                late[len(entries)] = int(days)
        for cell in columns.cells(row, "status"):
            if (marks := days_marked(cell)) is not None:
                marked[len(entries)] = marks
        for cell in columns.cells(row, "handed in"):
            if cell != NOT_YET:
                handed_in[len(entries)] = cell
        entries.append(entry)
    if not entries:
        raise Trouble(
            f"There is no student in {file}; its columns are {listed(columns.header, 20)}."
        )
    return Roster(sheet, columns, tuple(entries), late, tuple(told), marked, handed_in)


def days_marked(status: str) -> int | None:
    """The begun days in `Submitted for grading - 2 days 3 hours late`; None in any other status."""
    found = SUBMITTED.fullmatch(status)
    if found is None:
        return None
    units: dict[str, int] = {name: int(count) for count, name in UNIT.findall(found["late"] or "")}
    begun = any(name not in ("year", "day") for name in units)
    return 365 * units.get("year", 0) + units.get("day", 0) + begun


def found_columns(sheet: Sheet) -> Columns:
    """Find the line of the columns' names; some exports have a title above it."""
    for line, row in sheet.rows[:10]:
        of: dict[str, list[int]] = {}
        for index, cell in enumerate(row):
            if meaning := MEANING.get(heading(cell)):
                of.setdefault(meaning, []).append(index)
        if WHO & set(of):
            return Columns(row, line, of)
    _, first = sheet.rows[0]
    raise Trouble(
        f"No column of {sheet.file} is known to be a name: there are {listed(first, 20)}. Call one "
        "of them `name`, and others, if they are there, `id`, `email`, `section`."
    )


def entry_of(columns: Columns, line: int, row: tuple[str, ...]) -> tuple[Entry | None, str]:
    """Who stands in a row, or why nobody does; neither for a row that names no one."""
    first, last, names, ids, emails, logins, sections, roles, identifiers = (
        columns.cells(row, meaning)
        for meaning in (
            *("first", "last", "name", "id", "email", "login", "section", "role", "identifier"),
        )
    )
    ids += [numbered[1] for cell in ids if (numbered := PARTICIPANT.fullmatch(cell))]
    for cell in identifiers:
        if PARTICIPANT.fullmatch(cell) and names + first + last:
            ids.append(PARTICIPANT.sub(r"\1", cell))
        elif "@" in cell:
            emails.append(cell)
        elif names or first or last:
            logins.append(cell)
        else:
            names.append(cell)
    if (first and last) or not names:
        names = [" ".join(first[:1] + last[:1]), *names]
    name = names[0]
    if heading(name) in NOBODY or not (name or ids or emails):
        return None, ""
    if name.casefold() in TEST_STUDENTS:
        return None, f"{name} is the platform's own, to try things with"
    if roles and all(heading(role) in STAFF for role in re.split(r"[,;/]", roles[0])):
        return None, f"{name} is {roles[0]}"
    person = Person(
        name or (emails + ids)[0], (ids or [""])[0], (emails or [""])[0], (sections or [""])[0]
    )
    return Entry(person, frozenset(ids), frozenset({*logins, *emails}), line), ""


@dataclass(frozen=True)
class Matched:
    """Who of those that handed in is who in the list.

    Attributes
    ----------
    of : dict of str to int
        By the name of the hand-in, the place in the list.
    absent : tuple of int
        Who handed in nothing, as far as is known.
    told : tuple of (str, str)
        A name of the hand-in, if it is about one, and what the teacher should know.
    """

    of: Mapping[str, int]
    absent: tuple[int, ...]
    told: tuple[tuple[str, str], ...]


def match(held: Roster, people: Mapping[str, Person]) -> Matched:
    """Say who is who.

    Parameters
    ----------
    held : Roster
    people : dict of str to Person
        Who handed in, by the name of the hand-in.
    """
    register = Register(held.entries)
    found = {student: register.find(person) for student, person in people.items()}
    takers: dict[int, list[str]] = {}
    for student, fitting in found.items():
        if len(fitting) == 1:
            takers.setdefault(fitting[0], []).append(student)
    taken = {
        index: sure(held.entries[index], students, people) for index, students in takers.items()
    }
    of = {student: index for index, student in taken.items() if student}
    absent = tuple(i for i in range(len(held.entries)) if i not in of.values())
    return Matched(of, absent, tuple(told_of(held, found, of, takers, register)))


def sure(entry: Entry, students: list[str], people: Mapping[str, Person]) -> str:
    """Which of several that fit one person is that person: the only one with the number."""
    if len(students) > 1:
        ids = {plain_id(one) for one in (entry.person.id, *entry.ids)} - {""}
        students = [student for student in students if plain_id(people[student].id) in ids]
    return students[0] if len(students) == 1 else ""


def told_of(
    held: Roster,
    found: Mapping[str, list[int]],
    of: Mapping[str, int],
    takers: Mapping[int, list[str]],
    register: Register,
) -> Iterator[tuple[str, str]]:
    """Say who of the hand-in is not in the list, and why."""
    file = held.sheet.file.name
    strangers = []
    for student, fitting in found.items():
        if student in of:
            continue
        if len(fitting) > 1:
            people = (held.entries[index] for index in fitting)
            who = listed(f"{one.person.name} (line {one.line})" for one in people)
            yield student, f"Several in {file} fit, so none was taken: {who}."
        elif fitting:
            others = listed(other for other in takers[fitting[0]] if other != student)
            name = held.entries[fitting[0]].person.name
            yield student, f"{name} in {file} fits, and {others} fits as well."
        else:
            near = register.nearest(student)
            if near:
                yield student, f"Is not in {file}. The nearest name there is {near}."
            else:
                strangers.append(student)
    if strangers:
        yield "", f"Not in {file}: {', '.join(strangers)}."


def meant(names: Iterable[str], people: Mapping[str, Person], held: Roster | None) -> list[str]:
    """Say whom a teacher means, of those who handed in.

    Raises
    ------
    Trouble
        If somebody handed in nothing, or several fit.
    """
    students = sorted(people)
    of = match(held, people).of if held else {}
    entries = []
    for student in students:
        listed_as = held.entries[of[student]] if held and student in of else Entry(people[student])
        ids = listed_as.ids | {people[student].id}
        entries.append(Entry(Person(student, listed_as.person.id, people[student].email), ids))
        entries.append(Entry(listed_as.person, ids, listed_as.logins))
    register = Register(entries)
    found = []
    for name in names:
        who = sorted({students[index // 2] for index in register.look_up(name)})
        if len(who) != 1:
            near = register.nearest(name)
            hint = f" Is {near} meant?" if near and not who else ""
            several = f"Several fit: {listed(who)}. Give the number." if who else ""
            raise Trouble(f"--again {name}: {several or f'nobody of this name handed in.{hint}'}")
        found += who
    return found
