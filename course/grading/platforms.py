"""What learning platforms make of names: who handed in, when, and what the file was called.

A platform is recognised by the names of the whole class, never by one of them: what looks like an
id may be part of somebody's name.
"""

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from course.grading.graded import Person

RECEIPT_NAME = re.compile(
    r"^[^:\n]{1,30}:\s*(?P<name>.+?)\s*\((?P<id>[^()\n]+)\)\s*$", re.MULTILINE
)
LONGEST_HEAD = 4_000  # characters of a receipt in which these stand; what was typed comes behind
RECEIPT_TIME = re.compile(r"(\w+ \d{1,2}, \d{4}) (?:at )?(\d{1,2}:\d\d(?::\d\d)?) ?([AP]M)")


class ToldByName(NamedTuple):
    """What the name of a file or a folder tells.

    Attributes
    ----------
    person : Person
    file : str
        What it was called when it was handed in; empty for a folder.
    late : bool
    handed_in : str
        When, as ISO 8601 writes it.
    attempt : tuple of int
        The larger, the later.
    by_file : bool
        Attempts are numbered for each file that is handed in again, as on Canvas.
    receipt : bool
        It is no work but what the platform says of it.
    """

    person: Person
    file: str = ""
    late: bool = False
    handed_in: str = ""
    attempt: tuple[int, ...] = ()
    by_file: bool = False
    receipt: bool = False


MOODLE = re.compile(  # before Moodle 4.1 a folder's name ended in an underscore
    r"(?P<whose>(?P<name>[^_]+)_(?P<id>\d+)_assignsubmission_(?P<kind>[a-z]+)(?:_|\Z))(?P<file>.*)",
    re.DOTALL,
)


def moodle(name: str) -> ToldByName | None:
    """Read a name of Moodle: ``Anna Alder_100001_assignsubmission_file_x.ipynb``, or a folder's."""
    found = MOODLE.fullmatch(name)
    if found is None:
        return None
    return ToldByName(Person(found["name"], found["id"]), found["file"])


CANVAS = re.compile(
    r"(?P<name>[^_]+)(?P<late>_LATE)?_(?P<id>\d{2,})_"
    r"(?:(?P<upload>\d{3,})_(?P<file>.+)|(?P<typed>(?:text|link)\.html))",
    re.DOTALL,
)
ANONYMOUS = re.compile(
    r"(?P<name>anon(?:ymous)?)(?P<late>_LATE)?_(?P<id>[0-9A-Za-z]{5,})"
    r"_(?:(?P<upload>\d{3,})_)?(?P<file>.+)",
    re.DOTALL,
)
AGAIN = re.compile(r"-(\d+)(?=\.[^.]*$)")  # what Canvas adds to a name that was handed in before


def canvas(name: str) -> ToldByName | None:
    """Read a name of Canvas: ``alderanna_LATE_12345_67890_x-1.ipynb``, the file of a person."""
    found = ANONYMOUS.fullmatch(name) or CANVAS.fullmatch(name)
    if found is None:
        return None
    file = found["file"] or found["typed"]
    again = AGAIN.search(file)
    person = Person(found["name"], found["id"])
    attempt = (int(again[1]),) if again and len(again[1]) < 4 else (0,)
    return ToldByName(person, file, bool(found["late"]), "", attempt, by_file=True)


BLACKBOARD = re.compile(
    r"(?P<title>.*)_(?P<id>[^_]+)_attempt_(?P<time>\d{4}(?:-\d\d){5})"
    r"(?:_(?P<file>.+)|(?P<receipt>\.txt))",
    re.DOTALL,
)


def blackboard(name: str) -> ToldByName | None:
    """Read a name of Blackboard: ``Lesson 1_aalder_attempt_2024-03-01-10-15-30_x.ipynb``."""
    found = BLACKBOARD.fullmatch(name)
    if found is None:
        return None
    numbers = tuple(map(int, found["time"].split("-")))
    when = iso(found["time"], "%Y-%m-%d-%H-%M-%S")
    person = Person(found["id"], found["id"])
    return ToldByName(
        person, found["file"] or "", False, when, numbers, receipt=bool(found["receipt"])
    )


BRIGHTSPACE = re.compile(
    r"\d+-\d+ ?- (?P<name>.+?) ?- (?P<time>[^-]* \d{1,4} ?[AP]M)(?: ?- (?P<file>.+))?", re.DOTALL
)


def brightspace(name: str) -> ToldByName | None:
    """Read a name of Brightspace: ``123-456 - Anna Alder - Mar 1, 2024 1015 AM``."""
    found = BRIGHTSPACE.fullmatch(name)
    if found is None:
        return None
    day, _, clock = re.sub(r" ([AP]M)$", r"\1", found["time"]).rpartition(" ")
    when = iso(f"{day} {clock.zfill(6)}", "%b %d, %Y %I%M%p", "%d %B, %Y %I%M%p")
    numbers = tuple(map(int, re.findall(r"\d+", when)))
    return ToldByName(Person(found["name"]), found["file"] or "", False, when, numbers)


SAKAI = re.compile(r"(?P<name>[^()]+, [^()]+)\((?P<id>[^()]+)\)")


def sakai(name: str) -> ToldByName | None:
    """Read a folder's name of Sakai: ``Alder, Anna(aalder)``."""
    found = SAKAI.fullmatch(name)
    return ToldByName(Person(found["name"], found["id"])) if found else None


PLATFORMS: tuple[Callable[[str], ToldByName | None], ...] = (
    *(moodle, blackboard, brightspace, sakai, canvas),
)


def recognised(names: Iterable[str]) -> dict[str, ToldByName]:
    """Read the names of a class, if most of them are of one platform; else none."""
    names = list(names)
    for platform in PLATFORMS:
        told = {name: found for name in names if (found := platform(name))}
        if 2 * len(told) >= len(names) > 0 and tells_apart(told.values()):
            return told
    return {}


def tells_apart(told: Collection[ToldByName]) -> bool:
    """Whether numbers tell people apart, as Canvas's do: a year in the names of all does not."""
    people = {one.person[:2] for one in told if one.by_file}
    return not people or 2 * len({number for _, number in people}) > len(people)


def receipt(text: str, told: ToldByName) -> ToldByName:
    """Read what Blackboard writes of an attempt: who it is and when it was."""
    text = text[:LONGEST_HEAD]
    found = RECEIPT_NAME.search(text)
    if found is None:
        return told
    person = Person(found["name"], found["id"])
    when = RECEIPT_TIME.search(text)
    said = (
        iso(" ".join(when.groups()), "%B %d, %Y %I:%M:%S %p", "%B %d, %Y %I:%M %p") if when else ""
    )
    return told._replace(person=person, handed_in=said or told.handed_in)


def iso(text: str, *forms: str) -> str:
    """Write a time as ISO 8601 does; nothing if it is in none of these forms."""
    for form in forms:
        try:
            return datetime.strptime(text, form).isoformat()
        except ValueError:
            continue
    return ""


GRADESCOPES = "submission_metadata.yml"  # beside a folder for each submission


def gradescope(text: str) -> dict[str, ToldByName]:
    """Read what Gradescope's export says of its folders, `submission_1234`."""
    told = {}
    for block in re.split(r"^(?=\w)", text, flags=re.MULTILINE):
        fields = {
            name: re.findall(rf"^[ -]*:{name}: *['\"]?(.*?)['\"]? *$", block, re.MULTILINE)
            for name in ("name", "sid", "email", "created_at")
        }
        names, sids, emails = fields["name"], fields["sid"], fields["email"]
        if names:
            person = Person(" & ".join(names), " & ".join(sids), " & ".join(emails))
            when = iso(
                "".join(fields["created_at"][:1])[:19].replace("T", " "), "%Y-%m-%d %H:%M:%S"
            )
            told[block.partition(":")[0]] = ToldByName(person, handed_in=when)
    return told


# --- Repositories ---------------------------------------------------------------------------------

OF_AN_ASSIGNMENT = re.compile(
    r"\d+|lessons?|assignments?|exercises?|homeworks?|hw|labs?|weeks?|projects?|tasks?|ps|ex"
    r"|convolutions?|kernels?|pooling|keras|cnns?",
    re.IGNORECASE,
)
IN_A_TITLE = re.compile(r"by|hand|edge|inside|the|network|learning", re.IGNORECASE)


def without_assignment(folder: str, names: Sequence[str]) -> dict[str, str]:
    """Take away the assignment in front of users' names: GitHub's `lesson-1-octocat`.

    The folder round them says what it is, `lesson-1-submissions`; else it is the words that all
    have in front and that are of an assignment, for a name may begin like another.
    """
    branch = re.compile(r"-(?:main|master)$")  # of which GitHub made a zip
    plain = {name: branch.sub("", name) for name in names}
    if not all(map(branch.search, names)):
        plain = {name: name for name in names}
    title = folder.removesuffix("-submissions")
    if title != folder and all(name.startswith(f"{title}-") for name in plain.values()):
        front = f"{title}-"
    else:
        split = [name.split("-") for name in plain.values()]
        common = 0
        while len(names) > 1 and len({tuple(words[: common + 1]) for words in split}) == 1:
            common += 1
            if common >= min(map(len, split)):
                break
        words = split[0][:common] if split else []
        while words and not (
            OF_AN_ASSIGNMENT.fullmatch(words[-1]) or IN_A_TITLE.fullmatch(words[-1])
        ):
            words.pop()
        if not any(map(OF_AN_ASSIGNMENT.fullmatch, words)):
            words = []
        front = "".join(f"{word}-" for word in words)
    users = {name: short.removeprefix(front) for name, short in plain.items()}
    return users if front and all(users.values()) else {}
