"""Times as learning platforms write them for people: `Friday, 1 March 2024, 6:00 PM`."""

import re
from datetime import datetime

from course.grading.sheets import heading

MONTHS = (
    *("jan ene gen", "feb fev", "mar maa", "apr avr abr", "mai may mag mei", "jun juin giu"),
    *("jul juil lug", "aug aou ago", "sep set", "oct okt ott out", "nov", "dec dez dic"),
)
"""How months begin in the languages whose columns a class list is read in, without accents."""

CLOCK = r"(?P<hour>\d{1,2})[ h](?P<minute>\d\d)(?: \d\d)?(?: (?P<half>[ap]) ?m)?"
DATES = (  # without punctuation: the day first, as in most countries; the month first; ISO
    r"(?P<day>\d{1,2})(?:st|nd|rd|th|er)?(?: de)? (?P<month>[a-z]+)(?: de)? (?P<year>\d{4})",
    r"(?P<month>[a-z]+) (?P<day>\d{1,2})(?:st|nd|rd|th)? (?P<year>\d{4})",
    r"(?P<year>\d{4}) (?P<month>\d\d) (?P<day>\d\d)",
)
WRITTEN = [re.compile(rf"(?:.* )?{date}[ t](?:[a-z]{{1,3}} )?{CLOCK}") for date in DATES]


def read_time(text: str) -> str:
    """Read a time, and write it as ISO 8601 does; nothing if it is none that is known.

    A date in numbers is read only as ISO 8601 writes it: of 03/04/2024 nobody can say which the
    month is.
    """
    plain = heading(text)
    found = next(filter(None, (written.fullmatch(plain) for written in WRITTEN)), None)
    if found is None:
        return ""
    month = month_of(found["month"])
    hour = int(found["hour"])
    if found["half"]:
        if not 1 <= hour <= 12:
            return ""
        hour = hour % 12 + 12 * (found["half"] == "p")
    try:
        when = datetime(int(found["year"]), month, int(found["day"]), hour, int(found["minute"]))
    except ValueError:
        return ""
    return when.isoformat()


def month_of(name: str) -> int:
    """The number of a month; 0, which is none, for any other word."""
    if name.isdecimal():
        return int(name)
    fitting = (
        number
        for number, beginnings in enumerate(MONTHS, start=1)
        if name.startswith(tuple(beginnings.split()))
    )
    return next(fitting, 0)
