"""What one student handed in: the notebooks of each lesson, and the reason for all else."""

import ast
import re
import sys
import warnings
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from course.grading.cells import Cell, Unreadable, cells_of, is_notebook, script_cells
from course.grading.filenames import lesson_in
from course.grading.files import LARGEST, File, megabytes
from course.grading.graded import Submission, Unread
from course.grading.owners import Owned, Owner
from course.grading.platforms import AGAIN
from course.grading.recognising import NOT_PYTHON, Lessons, as_given, recognised
from course.grading.unread import told
from course.lessons import LESSONS

IN_A_COPY = ("solutions", LESSONS[1].source().name)  # of the whole course, where some work
GITHUB, SET_UP = ".github", {"readme.md", "license", ".gitignore", ".gitattributes"}
"""What is in a repository from which students start."""
MOST, MOST_BYTES = 60, 5 * LARGEST  # of one student: ten times what there are lessons
MOST_TRIED = 500  # files of other names that may be notebooks
FIRST_BYTES = 200

VERSION = re.compile(r"/(?:version|attempt|submission) (\d{1,4})/", re.IGNORECASE)
STAMP = "timestamp.txt"
TIME = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)[ T]?(\d\d):?(\d\d):?(\d\d)")

OF_NO_LESSON = (
    "Neither its name nor its code says which lesson it is. Name it like the lesson's notebook, or "
    "say --lesson."
)
SAVED_BY_ITSELF = "Nothing but a copy that Jupyter saved by itself was handed in: that is graded."
NO_LESSON = Lessons(None, (), {}, frozenset())


@dataclass(frozen=True)
class FoundNotebook:
    """A file that was read: what it answers and its code, or why there is none."""

    owned: Owned
    named: int | None = None
    lessons: Lessons = NO_LESSON
    cells: tuple[str, ...] = ()
    problem: str = ""
    notes: tuple[str, ...] = ()
    passed: frozenset[str] = frozenset()

    @property
    def file(self) -> File:
        return self.owned.file

    @property
    def numbers(self) -> tuple[int, ...]:
        """The lessons whose notebook it is; none if nothing tells."""
        return self.lessons.whole or ((self.named,) if self.named else ())

    def begun(self, lesson: int) -> bool:
        """Whether anything of a lesson is answered, or nobody can tell."""
        keys = self.lessons.answered.intersection(LESSONS[lesson].exercises)
        return bool(keys) or self.lessons.main is None

    def untouched(self, lesson: int) -> bool:
        """Whether it is the lesson as students get it."""
        return self.cells == as_given(lesson)


@dataclass
class Read:
    """What was found of one student.

    Attributes
    ----------
    name : str
    notebooks : list of Submission
        Those that can be graded, and those that are a lesson's and can't be read.
    answered : set of int
        The lessons in which anything was begun.
    unread : list of Unread
        All else.
    problem : str
        Why there is nothing to grade although something was handed in.
    """

    name: str
    notebooks: list[Submission] = field(default_factory=list)
    answered: set[int] = field(default_factory=set)
    unread: list[Unread] = field(default_factory=list)
    problem: str = ""


def read_student(owner: Owner, lesson: int | None, texts: dict[str, str]) -> Read:
    """Read what a student handed in.

    Parameters
    ----------
    owner : Owner
    lesson : int, optional
        The lesson of a notebook that nothing tells.
    texts : dict
        Most cells are the same for everyone: one copy of each is kept.
    """
    read = Read(owner.name)
    files = [one for one in own_work(owner.files) if one.file.name and not one.told.receipt]
    called = [one.file for one in files if one.file.is_notebook]
    size = sum(file.size for file in called if file.size <= LARGEST)  # others cost themselves
    if len(called) > MOST or (size > MOST_BYTES and len(called) > 1):
        read.problem = (
            f"{len(called):,} notebooks of {megabytes(size)} together were handed in; at most "
            f"{MOST} of {megabytes(MOST_BYTES)} are read. Leave out what is no lesson's."
        )
        read.unread.append(Unread(owner.name, called[0].path.partition("/")[0], read.problem))
        return read
    notebooks, others = [], []
    tried = 0
    for one in dated(files):
        tried += not one.file.is_notebook and 0 < one.file.size <= LARGEST
        notebook = (
            as_notebook(one, lesson, texts) if one.file.is_notebook or tried <= MOST_TRIED else None
        )
        if notebook is None:
            others.append(one.file)
        else:
            notebooks.append(notebook)
    sort_out(read, notebooks, others)
    if not files:
        nothing_there(read, owner)
    return read


def dated(files: list[Owned]) -> list[Owned]:
    """Say when a folder was handed in that has its time in it, as nbgrader and Sakai write it."""
    times = {one.file.parts[:-1]: time_in(one.file) for one in files if one.file.name == STAMP}

    def time_of(file: File) -> str:
        folders = (file.parts[:end] for end in range(len(file.parts) - 1, 0, -1))
        return next((times[folder] for folder in folders if times.get(folder)), "")

    return [
        one._replace(told=one.told._replace(handed_in=one.told.handed_in or time_of(one.file)))
        for one in files
        if one.file.name != STAMP or not times[one.file.parts[:-1]]
    ]


def time_in(file: File) -> str:
    """The time that stands in a file, as ISO 8601 writes it."""
    try:
        found = TIME.match(file.begin(30).decode("ascii", "replace"))
    except Unreadable:
        return ""
    return "{}-{}-{}T{}:{}:{}".format(*found.groups()) if found else ""


def own_work(files: Sequence[Owned]) -> list[Owned]:
    """Leave out what belongs to a copy of the whole course, but for the notebooks in it.

    And beside a notebook what the repository had in which it was handed in.
    """
    handed_in = any(one.file.is_notebook for one in files)
    starts = {parts[: parts.index(GITHUB)] for one in files if GITHUB in (parts := one.file.parts)}
    copies = {one.file.parts[:-2] for one in files if one.file.parts[-2:] == IN_A_COPY}

    def is_own(file: File) -> bool:
        for copy in copies:
            if file.parts[: len(copy)] == copy:
                folder = file.parts[len(copy)]
                return file.is_notebook and folder not in ("solutions", "examples")
        *place, name = file.parts
        set_up = GITHUB in place or (tuple(place) in starts and name.lower() in SET_UP)
        return not (handed_in and set_up)

    return [one for one in files if is_own(one.file)]


def as_notebook(owned: Owned, lesson: int | None, texts: dict[str, str]) -> FoundNotebook | None:
    """Read a file as a notebook; None if it is another file, whatever it is called."""
    file = owned.file
    notes: tuple[str, ...] = ()
    named = named_lesson(owned)
    try:
        if file.is_notebook:
            cells = list(cells_of(file.read()))
        elif file.problem or not (cells := hidden_cells(file)):
            return None
        else:
            notes = (f"{file.name} is not called a notebook. It was read as one.",)
    except Unreadable as why:
        return FoundNotebook(owned, named or lesson, problem=str(why))
    lessons = recognised(cells, named)
    if file.suffix == ".py" and not lessons.answered:
        return None
    if named and lessons.main and named not in lessons.whole:
        notes += (f"{file.name} is called like lesson {named}. {its_exercises(lessons)}",)
    sources = tuple(texts.setdefault(cell.source, cell.source) for cell in cells)
    passed = frozenset(key for cell in cells for key in cell.passed)
    notes += tuple(too_new(cells))
    return FoundNotebook(owned, named or lesson, lessons, sources, notes=notes, passed=passed)


def too_new(cells: Sequence[Cell]) -> Iterator[str]:
    """Tell of cells that a newer Python wrote and this one can't read."""
    here = sys.version_info[:2]
    for number, cell in enumerate(cells, start=1):
        if cell.python and tuple(map(int, cell.python.split(".")[:2])) > here:
            flags = ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")  # of a student's backslashes
                    compile(NOT_PYTHON.sub(r"\1pass", cell.source), "<cell>", "exec", flags)
            except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
                line = getattr(error, "lineno", None)
                where = f", line {line}," if line else ""
                yield (
                    f"Code cell {number}{where} is no Python {here[0]}.{here[1]}, which grades here. The "
                    f"notebook was saved on Python {cell.python}: perhaps that is newer syntax, and "
                    "the course can be set up on that Python, too."
                )


def its_exercises(lessons: Lessons) -> str:
    """Say which lessons' exercises a notebook has."""
    which = " and ".join(map(str, lessons.whole))
    return f"Its exercises are those of lesson {which}, and so it was graded."


def hidden_cells(file: File) -> list[Cell]:
    """The cells of a notebook that is not called one; none if it is something else."""
    try:
        if file.suffix == ".py":
            return script_cells(file.read()) if file.size <= LARGEST else []
        if file.size > LARGEST or not is_notebook(file.begin(FIRST_BYTES)):
            return []
        return list(cells_of(file.read()))
    except Unreadable:
        return []


def named_lesson(owned: Owned) -> int | None:
    """Tell the lesson by the name that a file was handed in with, else by its folders'."""
    parts = owned.file.parts[1:] or owned.file.parts
    if owned.told.file and len(owned.file.parts) == 1:
        parts = (owned.told.file,)
    return next(filter(None, map(lesson_in, reversed(parts))), None)


# --- Which of them are graded ---------------------------------------------------------------------


def sort_out(read: Read, notebooks: list[FoundNotebook], others: list[File]) -> None:
    """Say what is graded of the files of a student, and of all else why it is not."""
    kept = [one for one in notebooks if not one.file.saved_by_itself]
    good = [one for one in kept if one.numbers and not one.problem]
    if not good:  # what Jupyter saved by itself is better than nothing
        spare = [one for one in notebooks if one.file.saved_by_itself and not one.problem]
        good = [replace(one, notes=(*one.notes, SAVED_BY_ITSELF)) for one in spare if one.numbers]
    broken = [one for one in kept if one.problem]
    strange = [one for one in kept if not one.problem and not one.numbers]

    def tell(one: FoundNotebook, why: str) -> None:
        read.unread.append(Unread(read.name, one.file.path, why))

    for one in broken:
        tell(one, f"It {one.problem}")
    for one in strange:
        tell(one, OF_NO_LESSON)
    read.unread += told(read.name, others)

    attempts = dict(zip(map(id, good), attempts_of(good), strict=True))
    by_lesson: dict[int, list[FoundNotebook]] = defaultdict(list)
    for one in good:
        for number in one.numbers:
            by_lesson[number].append(one)
    for number, own in sorted(by_lesson.items()):
        for one in own:
            same = twin(one, [other for other in own if attempts[id(other)] == attempts[id(one)]])
            if same:
                tell(one, f"It has the same code as {same.file.path}.")
            elif one.untouched(number) and not all(other.untouched(number) for other in own):
                tell(one, f"It is lesson {number} as it is given: nothing is answered.")
            else:
                read.notebooks.append(submission(read.name, number, one, attempts[id(one)]))
        if any(one.begun(number) for one in own):
            read.answered.add(number)
    for one in good:
        for number, keys in one.lessons.elsewhere.items():
            begun = (own.lessons.answered for own in by_lesson.get(number, ()))
            if not keys <= frozenset().union(*begun):
                found = submission(read.name, number, one, attempts[id(one)])
                read.notebooks.append(replace(found, elsewhere=True, notes=()))
    for one in broken:
        if one.named and one.named not in by_lesson and one.named not in read.answered:
            read.answered.add(one.named)
            read.notebooks.append(submission(read.name, one.named, one, ()))
    if not read.notebooks:
        read.problem = why_nothing(broken, strange, others)


def why_nothing(
    broken: list[FoundNotebook], strange: list[FoundNotebook], others: list[File]
) -> str:
    """Say why there is nothing to grade of what somebody handed in; empty if there is nothing."""
    if broken:
        return f"{broken[0].file.name} {broken[0].problem}"
    if strange:
        return f"{strange[0].file.name}: {OF_NO_LESSON}"
    if bad := next((file for file in others if file.problem), None):
        return f"{bad.name} {bad.problem}"
    names = ", ".join(file.name for file in others[:3]) + (", ..." if others[3:] else "")
    return f"No notebook (.ipynb) was handed in, but {names}." if names else ""


def submission(name: str, lesson: int, one: FoundNotebook, attempt: tuple[int, ...]) -> Submission:
    """Make the submission of a notebook."""
    return Submission(
        name,
        lesson,
        one.cells,
        f"{one.file.name} {one.problem}" if one.problem else "",
        one.file.path,
        late=one.owned.told.late,
        handed_in=one.owned.told.handed_in,
        attempt=attempt,
        saved=one.file.modified,
        notes=one.notes,
        passed=one.passed,
    )


def attempts_of(notebooks: Sequence[FoundNotebook]) -> list[tuple[int, ...]]:
    """Number the hand-ins of one person.

    Canvas numbers the files of one name. What was handed in once under another name is no older
    for that: only a file that was handed in again under its own name is. Others have a folder for
    each hand-in: `Version 2`.
    """
    versions = [VERSION.search(one.file.path) for one in notebooks]
    if all(versions):
        return [(int(version[1]),) for version in versions if version]
    last: dict[str, tuple[int, ...]] = {}
    for one in notebooks:
        name = AGAIN.sub("", one.owned.told.file)
        last[name] = max(last.get(name, ()), one.owned.told.attempt)
    return [
        told.attempt
        if not told.by_file
        else (1,)
        if told.attempt == last[AGAIN.sub("", told.file)]
        else (0, *told.attempt)
        for told in (one.owned.told for one in notebooks)
    ]


def twin(one: FoundNotebook, together: Sequence[FoundNotebook]) -> FoundNotebook | None:
    """Of what was handed in together, the notebook of the same code that is graded instead."""
    alike = [other for other in together if other.cells == one.cells]
    first = min(alike, key=lambda other: (len(other.file.path), other.file.path))
    return None if first is one else first


def nothing_there(read: Read, owner: Owner) -> None:
    """Say that somebody handed nothing in, although a platform or a folder speaks of them."""
    for one in owner.files:
        if one.told.receipt:
            why = "It is a receipt, and no file was handed in with it."
            read.unread.append(Unread(read.name, one.file.path, why))
    if not read.unread:
        read.unread.append(Unread(read.name, owner.files[0].file.path, "The folder is empty."))
