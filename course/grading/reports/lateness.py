"""How late each lesson counts as: what the teacher, the class list and the platform say of it."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from course.grading import adjusting
from course.grading.late import Late, Policy
from course.grading.naming import listed
from course.grading.reports.students import Student, StudentLesson
from course.grading.roster import Roster
from course.grading.times import read_time


class Notice(NamedTuple):
    """What is said of somebody's lateness, besides what the hand-in tells.

    Attributes
    ----------
    days : int or None
        How many it is late; None if nobody says.
    handed_in : str
        When, as ISO 8601 writes it; it counts where the hand-in has no time of its own.
    """

    days: int | None = None
    handed_in: str = ""


def notices(
    roster: Roster | None, lessons: Sequence[int], policy: Policy | None
) -> tuple[dict[int, Notice], list[str]]:
    """Read what the list of the class says of lateness, by entry.

    Moodle's worksheet is of one assignment: of several lessons nobody knows which. What it marks
    as late is late by its own date, and with a date of the teacher's it is the times that count.

    Returns
    -------
    dict of int to Notice, list of str
        And what the teacher should know.
    """
    if roster is None:
        return {}, []
    of_assignment = len(lessons) == 1
    dated = bool(policy and policy.after)
    days = {**(roster.marked if of_assignment and not dated else {}), **roster.late_days}
    said = {entry: Notice(days=number) for entry, number in days.items()}
    if not (dated and roster.handed_in):
        return said, []
    file = roster.sheet.file.name
    if not of_assignment:
        return said, [
            (
                f"The times of hand-ins in {file} are not used: they are of one assignment, and here "
                f"{len(lessons)} lessons are graded. --lesson grades one."
            )
        ]
    unknown = []
    for entry, text in roster.handed_in.items():
        when = read_time(text)
        if when:
            said.setdefault(entry, Notice(handed_in=when))
        else:
            unknown.append(f"{text} (line {roster.entries[entry].line})")
    if not unknown:
        return said, []
    return said, [
        (
            f"In {file}, this is no time of a hand-in that can be read: {listed(unknown)}. Wanted is "
            "one like 1 March 2024, 18:00 or 2024-03-01 18:00."
        )
    ]


def lateness(lesson: StudentLesson, policy: Policy | None, said: Notice) -> Late:
    """How late a lesson is: as the teacher says, or else the platform and the policy."""
    if lesson.status == "missing":
        return Late()
    if said.days is not None:
        return Late(said.days)
    if policy:
        return policy.late(lesson.graded.handed_in or said.handed_in, lesson.graded.late)
    return Late(1, guessed=True) if lesson.graded.late else Late()


def untimed(students: Iterable[Student], policy: Policy) -> list[str]:
    """Say of how many notebooks nothing says whether they are late: they cost nothing.

    Without a date in the policy a platform marks what is late, and the rest is in time; if nothing
    at all is marked, perhaps nobody marks.
    """
    lates = [lesson.late for one in students for lesson in one.lessons if lesson.status == "graded"]
    unknown = sum(late.unknown for late in lates)
    if not unknown or (not policy.after and unknown < len(lates)):
        return []
    what = "when they were handed in" if policy.after else "whether they are late"
    return [
        (
            f"--late was given, and of {unknown} of {len(lates)} graded notebooks nothing says {what}: "
            f"nothing is taken off. Late days may stand in {adjusting.FILE} or in the list of the class."
        )
    ]


def told_late(late: Late, policy: Policy) -> str:
    """Say what lateness costs."""
    days = "1 day" if late.days == 1 else f"{late.days} days"
    return f"{'Late' if late.guessed else f'{days} late'}, {policy}"
