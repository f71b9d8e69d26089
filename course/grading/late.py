"""What lateness costs, as a teacher says it: ``10% a day, at most 50%``."""

import math
import re
from datetime import datetime, time, timedelta
from typing import NamedTuple

from course.trouble import Trouble

AMOUNT = r"(?P<amount>\d+(?:[.,]\d+)?)\s*(?P<unit>%|percent|points?)"
RATE = re.compile(rf"{AMOUNT}\s*(?:off\s+)?(?:/|(?:a|per|each|every)\b)\s*day", re.IGNORECASE)
MOST = re.compile(rf"(?:at most|up to|max(?:imum)?|no more than)\s*{AMOUNT}", re.IGNORECASE)
AFTER = re.compile(r"after\s+(?P<date>\d{4}-\d\d-\d\d)(?:[ T](?P<time>\d\d?:\d\d))?", re.IGNORECASE)

WANTED = (
    'as in "10% a day, at most 50%" or "2 points a day, at most 10 points, after 2024-03-01 18:00"'
)


class Amount(NamedTuple):
    """So many points, or percent of the points."""

    number: float
    percent: bool

    def of(self, points: float) -> float:
        """How many points it is."""
        return points * self.number / 100 if self.percent else self.number

    def __str__(self) -> str:
        unit = "%" if self.percent else " point" if self.number == 1 else " points"
        return f"{self.number:g}{unit}"


class Late(NamedTuple):
    """How late something was handed in.

    Attributes
    ----------
    days : int
        Begun ones; 0 for in time.
    guessed : bool
        It is known to be late, and not by how much: then it counts as one day.
    unknown : bool
        Nothing says whether it is late: then it counts as in time.
    """

    days: int = 0
    guessed: bool = False
    unknown: bool = False


class Policy(NamedTuple):
    """What lateness costs.

    Attributes
    ----------
    rate : Amount
        A day.
    most : Amount or None
        In all.
    after : datetime or None
        From when on it is late, where that is not left to the platform.
    """

    rate: Amount
    most: Amount | None = None
    after: datetime | None = None

    def cost(self, points: float, days: int) -> float:
        """What is taken off these points: never more than there are."""
        off = self.rate.of(points) * days
        if self.most:
            off = min(off, self.most.of(points))
        return round(max(0.0, min(off, points)), 2)

    def late(self, handed_in: str, flagged: bool) -> Late:
        """Say how late something was.

        Parameters
        ----------
        handed_in : str
            When, as ISO 8601 writes it, if that is known.
        flagged : bool
            Whether the platform calls it late.
        """
        if self.after and handed_in:
            when = datetime.fromisoformat(handed_in)
            if when.tzinfo:
                when = when.astimezone().replace(tzinfo=None)
            return Late(max(0, math.ceil((when - self.after) / timedelta(days=1))))
        return Late(1, guessed=True) if flagged else Late(unknown=True)

    def __str__(self) -> str:
        most = f", at most {self.most}" if self.most else ""
        return f"{self.rate} a day{most}"


def policy(text: str) -> Policy:
    """Read what lateness costs.

    Raises
    ------
    Trouble
        If there is more, less or something else in it.
    """
    rate = most = after = None
    for part in filter(None, (part.strip() for part in re.split(r"[;,](?!\d)", text))):
        if found := RATE.fullmatch(part):
            rate = amount(found)
        elif found := MOST.fullmatch(part):
            most = amount(found)
        elif found := AFTER.fullmatch(part):
            after = moment(found, part)
        else:
            raise Trouble(f"--late does not understand {part!r}. Say it {WANTED}.")
    if rate is None:
        raise Trouble(
            f"--late wants to know what a day costs, and was given {text!r}. Say it {WANTED}."
        )
    return Policy(rate, most, after)


def amount(found: re.Match[str]) -> Amount:
    """Read points or percent."""
    number = float(found["amount"].replace(",", "."))
    percent = found["unit"].casefold() in ("%", "percent")
    if percent and number > 100:
        raise Trouble(f"--late was given {number:g}%, and there are no more than 100.")
    return Amount(number, percent)


def moment(found: re.Match[str], part: str) -> datetime:
    """Read when lateness begins: without a time, when the day is over."""
    try:
        day = datetime.fromisoformat(found["date"])
        if not found["time"]:
            return day + timedelta(days=1)
        hour, minute = map(int, found["time"].split(":"))
        return datetime.combine(day, time(hour, minute))
    except ValueError:
        raise Trouble(f"--late was given {part!r}, and there is no such day or time.") from None
