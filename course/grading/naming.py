"""Who is who in two lists that were not made for each other: by number, by login, by name.

Nobody is taken for somebody by a guess. Where two people fit, neither does.
"""

import difflib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from course.grading.graded import Person

PLAIN = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe"})
NEAR = 0.75  # of one name to another: closer than birch to larch
WRITTEN_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})


@dataclass(frozen=True)
class Entry:
    """Somebody in a list, with all that the list knows.

    Attributes
    ----------
    person : Person
    ids : frozenset of str
        Every number, the one that is shown and others.
    logins : frozenset of str
        Names by which a platform knows somebody.
    line : int
        Where it stands in its file.
    """

    person: Person
    ids: frozenset[str] = frozenset()
    logins: frozenset[str] = frozenset()
    line: int = 0


@dataclass
class Register:
    """People, to be found by whatever is known of somebody."""

    entries: Sequence[Entry]
    by_id: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    by_login: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    by_name: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))

    def __post_init__(self) -> None:
        for index, entry in enumerate(self.entries):
            for key in (entry.person.id, *entry.ids):
                self.by_id[plain_id(key)].add(index)
            for login in (entry.person.email, *entry.logins):
                for key in (login, login.partition("@")[0]):
                    self.by_login[key.strip().casefold()].add(index)
            for key in keys(entry.person.name):
                self.by_name[key].add(index)
        for found in (self.by_id, self.by_login, self.by_name):
            found.pop("", None)

    def find(self, person: Person) -> list[int]:
        """Who this is: one index, none, or several that fit alike.

        A number comes first, then an address or a login, then the name. Where the number is one
        person's and the name clearly another's, both fit. A name that is spelled alike comes before
        one that differs in case or accents.
        """
        named = sorted(set().union(*(self.by_name.get(key, ()) for key in keys(person.name))))
        if numbered := self.by_id.get(plain_id(person.id)):
            strangers = not any(self.alike(index, person) for index in numbered)
            return sorted({*numbered, *named}) if strangers and named else sorted(numbered)
        for login in (person.email, person.name, person.id):
            if found := self.by_login.get(login.strip().casefold()):
                return sorted(found)
        return self.spelled(person.name, named) or named

    def look_up(self, text: str) -> list[int]:
        """Who is meant by something that a teacher wrote: a number, an address or a name."""
        text = text.strip()
        return self.spelled(text, range(len(self.entries))) or self.find(
            Person(text, id=text.removeprefix("'"), email=text)
        )

    def spelled(self, name: str, among: Iterable[int]) -> list[int]:
        """Whose name is written like this to the letter: `Zoë Müller` is not `zoe muller`."""
        return [i for i in among if exactly(self.entries[i].person.name) == exactly(name)]

    def alike(self, index: int, person: Person) -> bool:
        """Whether two names share a word, or one of them says nothing."""
        theirs, own = words(self.entries[index].person.name), words(person.name)
        together = "".join(own)
        return not theirs or not own or any(w in own or w in together for w in theirs)

    def nearest(self, text: str) -> str:
        """The name that is most like this one, to ask whether it was meant; perhaps none."""
        names = {" ".join(sorted(words(one.person.name))): one.person.name for one in self.entries}
        found = difflib.get_close_matches(" ".join(sorted(words(text))), names, 1, NEAR)
        return names[found[0]] if found else ""


def exactly(name: str) -> str:
    """A name as it is spelled, whether its accents are letters' own or stand by themselves."""
    return unicodedata.normalize("NFC", name.strip())


def plain_id(text: str) -> str:
    """A number as it is compared; the apostrophe that keeps it text is not part of it."""
    return text.strip().removeprefix("'").casefold()


def words(name: str, table: dict[int, str] = PLAIN) -> list[str]:
    """The words of a name without case and accents."""
    plain = unicodedata.normalize("NFKC", name).casefold().translate(table).translate(PLAIN)
    plain = unicodedata.normalize("NFKD", plain.replace("\N{LATIN SMALL LETTER DOTLESS I}", "i"))
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return re.findall(r"[^\W_]+", re.sub(r"['’`´ʼ]", "", plain))  # noqa: RUF001


def keys(name: str) -> Iterator[str]:
    """Under what a name is found: its words in any order, or all in one as files have them."""
    for table in (PLAIN, WRITTEN_OUT):
        if found := words(name, table):
            yield " ".join(sorted(found))
            for turn in range(len(found)):
                yield "".join(found[turn:] + found[:turn])


def listed(names: Iterable[str], most: int = 5) -> str:
    """Write names in a sentence."""
    found = list(names)
    more = f" and {len(found) - most} more" if len(found) > most else ""
    return ", ".join(found[:most]) + more
