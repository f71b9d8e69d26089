"""The grades of a class as they count: what was graded, and what the teacher says of it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from course.exercises import EXERCISES
from course.grading import adjusting
from course.grading.adjusting import Adjustment, Adjustments
from course.grading.counting import Counted
from course.grading.graded import Graded, HandedIn, Person, Submission, Unread, nothing
from course.grading.late import Policy
from course.grading.naming import Entry, Register, listed
from course.grading.reports.lateness import (
    Notice,
    lateness,
    notices,
    told_late,
    untimed,
)
from course.grading.reports.students import Change, Step, Student, StudentLesson, in_figures
from course.grading.roster import Matched, Roster, match

NOT_HANDED_IN = "This lesson was not handed in."


@dataclass(frozen=True)
class Gradebook:
    """All that is reported of a class.

    Attributes
    ----------
    lessons : tuple of int
        Those that were graded.
    asked : tuple of int
        Those of them that everybody was to hand in.
    students : tuple of Student
        By name, as people sort names.
    unread : tuple of Unread
        What was found and is not graded.
    told : tuple of str
        What the teacher should know of the list of the class, of `adjust.csv` and of lateness.
    roster : Roster or None
    """

    lessons: tuple[int, ...]
    asked: tuple[int, ...]
    students: tuple[Student, ...]
    unread: tuple[Unread, ...] = ()
    told: tuple[str, ...] = ()
    roster: Roster | None = None


NOBODY = HandedIn((), {}, (), ())


def gradebook(
    counted: Sequence[Counted],
    lessons: Sequence[int],
    handed_in: HandedIn = NOBODY,
    roster: Roster | None = None,
    adjustments: Adjustments = Adjustments(),  # noqa: B008 - never changes
    late: Policy | None = None,
) -> Gradebook:
    """Bring together what was graded, who is in the class, and what the teacher says.

    Parameters
    ----------
    counted : sequence of Counted
        In any order; the gradebook is the same.
    lessons : sequence of int
        Those that everybody was to hand in. Another is reported of those who handed it in.
    handed_in : HandedIn
        Who they are, the code of their notebooks, and what could not be read.
    roster : Roster, optional
    adjustments : Adjustments, optional
    late : Policy, optional
    """
    people = {one.graded.student: Person(one.graded.student) for one in counted} | handed_in.people
    matched = match(roster, people) if roster else Matched({}, (), ())
    told = [*(roster.told if roster else ()), *adjustments.told]
    told += [f"{who}: {what}" if who else what for who, what in matched.told]
    cells: dict[tuple[str, int], dict[str, tuple[str, ...]]] = defaultdict(dict)
    passed: dict[tuple[str, int, str], frozenset[str]] = {}
    for one in handed_in.submissions:
        cells[one.student, one.lesson][one.path] = one.cells
        passed[one.student, one.lesson, one.path] = one.passed
    found: dict[str, dict[int, StudentLesson]] = {student: {} for student in people}
    for graded, others in counted:
        key = graded.student, graded.lesson
        found[key[0]][key[1]] = StudentLesson(
            graded, others, cells=cells[key], passed=passed.get((*key, graded.path), frozenset())
        )
    class_list = roster.entries if roster else ()
    who = [(student, matched.of.get(student)) for student in sorted(people)]
    who += [("", index) for index in matched.absent]
    names = told_apart(who, class_list)
    rows = [
        Student(
            name,
            lessons_of(name, found.get(key, {}), lessons),
            merged(people.get(key), None if index is None else class_list[index].person),
            people.get(key),
            key,
            0 if index is None else class_list[index].line,
            tuple(one for one in handed_in.unread if key and one.student == key),
        )
        for name, (key, index) in zip(names, who, strict=True)
    ]
    in_list = {
        index: name for name, (_, index) in zip(names, who, strict=True) if index is not None
    }
    given, more = assigned(adjustments, rows, class_list, matched)
    told += more
    said, more = notices(roster, lessons, late)
    told += more
    of_list = {in_list[index]: one for index, one in said.items()}
    students = []
    for student in rows:
        made, more = settled(student, given.get(student.name, []), late, of_list.get(student.name))
        students.append(made)
        told += more
    told += untimed(students, late) if late else []
    students.sort(key=lambda one: (one.name.casefold(), one.name))
    reported = sorted({*lessons, *(one.graded.lesson for one in counted)})
    return Gradebook(
        tuple(reported), tuple(lessons), tuple(students), handed_in.unread, tuple(told), roster
    )


def lessons_of(
    student: str, theirs: Mapping[int, StudentLesson], lessons: Sequence[int]
) -> tuple[StudentLesson, ...]:
    """What somebody handed in, and what they were to hand in and did not."""
    asked = sorted({*lessons, *theirs})
    return tuple(theirs.get(number) or StudentLesson(absent(student, number)) for number in asked)


def strayed(book: Gradebook) -> list[str]:
    """Say who handed in another lesson and nothing of the class's."""
    asked = " or ".join(map(str, book.asked))
    return [
        f"{student.name}: handed in lesson {' and '.join(others)}, and nothing of lesson {asked}."
        for student in book.students
        if student.status_in(book.asked) == "missing"
        and (others := [str(one.number) for one in student.lessons if one.status != "missing"])
    ]


def absent(student: str, lesson: int) -> Graded:
    """Grade a lesson that was not handed in."""
    return nothing(Submission(student, lesson), "missing", NOT_HANDED_IN)


def merged(handed: Person | None, listed: Person | None) -> Person:
    """Somebody as the list has it; what the list does not say, as the hand-in has it."""
    nobody = Person("")
    pairs = zip(listed or nobody, handed or nobody, strict=True)
    return Person(*(one or other for one, other in pairs))


def told_apart(who: Sequence[tuple[str, int | None]], class_list: Sequence[Entry]) -> list[str]:
    """Name everybody, as the list does or else the hand-in, and no two alike."""
    people = [None if index is None else class_list[index].person for _, index in who]
    names = [person.name if person else key for person, (key, _) in zip(people, who, strict=True)]
    count = Counter(names)
    used = {key for person, (key, _) in zip(people, who, strict=True) if not person}
    for index, person in enumerate(people):
        if person is None or (count[person.name] == 1 and person.name not in used):
            continue
        name = base = f"{person.name} ({person.id})" if person.id else person.name
        number = 1
        while name in used:
            number += 1
            name = f"{base} ({number})"
        names[index] = name
        used.add(name)
    return names


# --- What the teacher says ------------------------------------------------------------------------


def assigned(
    adjustments: Adjustments,
    students: Sequence[Student],
    class_list: Sequence[Entry],
    matched: Matched,
) -> tuple[dict[str, list[Adjustment]], list[str]]:
    """Say whom each row of the teacher's means, and which mean nobody or several."""
    entries = []
    for one in students:
        index = matched.of.get(one.key)
        known = class_list[index] if index is not None else Entry(one.person)
        handed = one.handed or one.person
        ids = known.ids | {handed.id, one.person.id}
        entries.append(Entry(Person(one.name, *one.person[1:]), ids, known.logins | {handed.email}))
        entries.append(Entry(one.person, ids, known.logins))
    register = Register(entries)
    given: dict[str, list[Adjustment]] = defaultdict(list)
    told = []
    for row in adjustments.rows:
        who = sorted({index // 2 for index in register.look_up(row.student)})
        lesson = EXERCISES[row.target].lesson if isinstance(row.target, str) else row.target
        where = f"{adjusting.FILE}, line {row.line} was not followed:"
        if not who:
            near = register.nearest(row.student)
            hint = f" Perhaps {near}?" if near else ""
            told.append(f"{where} there is no {row.student} in this class.{hint}")
        elif len(who) > 1:
            several = listed(f"{students[i].name} ({students[i].person.id})" for i in who)
            told.append(f"{where} {row.student} may be {several}. Write the number instead.")
        elif lesson and lesson not in {one.number for one in students[who[0]].lessons}:
            told.append(f"{where} lesson {lesson} is not in this report.")
        else:
            given[students[who[0]].name].append(row)
    return given, told


def settled(
    student: Student, rows: Sequence[Adjustment], policy: Policy | None, of_list: Notice | None
) -> tuple[Student, list[str]]:
    """Say what counts of a student's.

    What the teacher says of an exercise counts as if it had been earned. Then lateness takes its
    part. What is said of a lesson, or of all, stands as it is said.

    Returns
    -------
    Student, list of str
        And what the teacher should look at.
    """
    told = []
    lessons = []
    for lesson in student.lessons:
        own = [row for row in rows if row.target == lesson.number]
        of_exercises = [
            row
            for row in rows
            if isinstance(row.target, str) and EXERCISES[row.target].lesson == lesson.number
        ]
        about = [*(row for row in rows if row.target is None), *of_exercises, *own]
        said = [row.late_days for row in about if row.late_days is not None]
        made = replace(lesson, changes=changed(lesson, of_exercises))
        late = lateness(made, policy, Notice(said[-1]) if said else of_list or Notice())
        if late.days and policy and made.status == "graded":
            if late.guessed:
                told.append(
                    f"{student.name}: lesson {lesson.number} is late, and nothing says by how much. It "
                    f"counts as one day, unless {adjusting.FILE} says otherwise."
                )
            cost = policy.cost(made.earned, late.days)
            made = replace(made, steps=(Step(told_late(late, policy), -cost),))
        elif said and not policy:
            told.append(
                f"{student.name}: {adjusting.FILE} has late days, and without --late they cost nothing."
            )
        made = replace(made, late=late)
        lessons.append(replace(made, steps=(*made.steps, *stepped(made.total, own))))
        told += [f"{student.name}: {what}" for what in too_much(lessons[-1])]
    summed = replace(student, lessons=tuple(lessons))
    steps = stepped(summed.total, [row for row in rows if row.target is None])
    return replace(summed, steps=steps), told


def changed(lesson: StudentLesson, rows: Iterable[Adjustment]) -> dict[str, Change]:
    """What the teacher says of exercises: rows add up, and one that sets points ends it."""
    results = {result.key: result for result in lesson.results}
    made: dict[str, Change] = {}
    for row in rows:
        key = str(row.target)
        before = made.get(key, Change(None))
        points = before.points
        if row.points is not None:
            points = row.points
        if row.change is not None:
            points = (results[key].points if points is None else points) + row.change
        made[key] = Change(points, " ".join(filter(None, (before.comment, row.comment))))
    return made


def stepped(points: float, rows: Iterable[Adjustment]) -> tuple[Step, ...]:
    """What the teacher says of points as a whole, step by step."""
    steps = []
    for row in rows:
        more = row.change or 0.0
        if row.points is not None:
            more = row.points - points
        if row.points is not None or row.change is not None or row.comment:
            steps.append(Step(row.comment or "Your teacher's word", round(more, 2), teachers=True))
        points += more
    return tuple(steps)


def too_much(lesson: StudentLesson) -> list[str]:
    """Points that the teacher gives beyond what there are: perhaps a slip."""
    return [
        f"{result.key} has {lesson.points(result)} of {result.max_points} points by "
        f"{adjusting.FILE}. {in_figures(result.points)} were earned."
        for result in lesson.results
        if result.key in lesson.changes and not 0 <= lesson.points(result) <= result.max_points
    ]
