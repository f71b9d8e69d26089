"""What a class handed in: who, which lessons, and the code of each notebook.

Whatever a student hands in costs at most that student's own row, and whatever is not graded is
listed with the reason: nothing is lost in silence. Nothing is run here.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from course.grading.archives import Archives
from course.grading.files import File, folder_files, one_file
from course.grading.graded import HandedIn, Submission, Unread
from course.grading.owners import owners
from course.grading.reading import Read, read_student
from course.grading.recognising import as_given
from course.grading.unread import why_not
from course.trouble import Trouble

WANTED = (
    "Wanted is a folder or a .zip with STUDENT.ipynb, STUDENT/*.ipynb or nbgrader's "
    "submitted/STUDENT/LESSON/*.ipynb in it, or what a learning platform hands out."
)

# Another lesson is handed in by mistake if so few do it: one in five, where there are three.
FEW, ENOUGH = 5, 3


def find(path: Path, lesson: int | None = None, student: str | None = None) -> HandedIn:
    """Find what a class handed in.

    Layouts: what Moodle, Canvas, Blackboard, Drive and others hand out; ``STUDENT.ipynb``,
    ``STUDENT/*.ipynb`` at any depth, nbgrader's ``submitted/STUDENT/LESSON/*.ipynb``; each with
    folders of sections or one more folder round it; a zip of any of these, and zips in it; or one
    student's notebook or folder.

    Its exercises tell which lessons a notebook answers; where it has none, its name does, else its
    folder's.

    Parameters
    ----------
    path : Path
        A folder, a zip or a notebook.
    lesson : int, optional
        Take this lesson alone, and count those notebooks as this lesson's that nothing tells.
    student : str, optional
        Everything is this student's, whatever folders and files are called.

    Returns
    -------
    HandedIn
        No two students have names that look the same.

    Raises
    ------
    Trouble
        If there is nothing to grade.
    """
    texts: dict[str, str] = {}
    with handed_in(path) as files:
        everybody, nobodys = owners(named_once(files), path, student)
        read = [read_student(owner, lesson, texts) for owner in everybody]
        unread = [
            Unread("", file.path, f"It {why_not(file, nobodys=True)}")
            for file in nobodys
            if file.name
        ]
    if not any(one.notebooks for one in read) and not any(file.is_notebook for file in files):
        raise Trouble(f"There is no notebook (.ipynb) in {path}. {WANTED}")
    unread += [one for student in read for one in student.unread]
    lessons = (lesson,) if lesson else assignment(read)
    found: list[Submission] = []
    for one in read:
        kept = [own for own in one.notebooks if own.lesson in lessons]
        others = [own for own in one.notebooks if own.lesson not in lessons and begun(own, one)]
        found += kept
        if lesson:
            unread += [not_asked_for(own) for own in others]
        else:
            found += [beside(own) for own in others]
        unread += never_begun(one, lessons)
        if one.problem and not kept and lessons:
            found.append(Submission(one.name, lessons[0], problem=one.problem))
    return HandedIn(
        tuple(sorted(found, key=lambda one: (one.student, one.lesson, one.path))),
        {one.name: one.person for one in sorted(everybody, key=lambda one: one.name)},
        tuple(sorted(unread)),
        lessons,
    )


@contextmanager
def handed_in(path: Path) -> Iterator[list[File]]:
    """Every file of a folder or a zip, or the one that is given; to be read in this context."""
    if not path.exists():
        raise Trouble(f"There is no {path}. {WANTED}")
    with Archives() as archives:
        if path.is_dir():
            files = list(archives.within(folder_files(path)))
        elif path.is_file() and path.suffix.lower() == ".ipynb":
            files = [one_file(path)]
        elif path.is_file() and path.suffix.lower() == ".zip":
            files = list(archives.contents(path))
        else:
            raise Trouble(
                f"{path} is no folder, .zip or notebook. If it is packed, unpack it. {WANTED}"
            )
        yield sorted(files, key=lambda file: file.parts)


def named_once(files: list[File]) -> list[File]:
    """Say what each file is called for the teacher; number those of one path, as in some zips."""
    seen: Counter[tuple[str, ...]] = Counter()
    named = []
    for file in files:
        seen[file.parts] += 1
        again = f" ({seen[file.parts]})" if file.name and seen[file.parts] > 1 else ""
        named.append(replace(file, path=f"{'/'.join(file.parts)}{again}"))
    return named


def assignment(read: Sequence[Read]) -> tuple[int, ...]:
    """Say which lessons a class was to hand in: not one that a few handed in by mistake.

    A lesson as students get it, which lies in every copy of the course, is handed in by nobody
    who handed in another.
    """
    begun = Counter(lesson for one in read for lesson in one.answered)
    if not begun:
        begun = Counter(lesson for one in read for lesson in {own.lesson for own in one.notebooks})
    most = max(begun.values(), default=0)
    few = max(1, most // FEW) if most >= ENOUGH else 0
    return tuple(sorted(lesson for lesson, people in begun.items() if people > few))


def begun(one: Submission, read: Read) -> bool:
    """Whether a notebook is of a lesson in which its owner did anything."""
    return not one.elsewhere and one.lesson in read.answered


def never_begun(read: Read, lessons: Sequence[int]) -> Iterator[Unread]:
    """Say once which lessons lie there unanswered, unless they are just as the course gives them."""
    found = [
        one
        for one in read.notebooks
        if one.lesson not in (*lessons, *read.answered) and one.cells != as_given(one.lesson)
    ]
    if found:
        which = " and ".join(str(lesson) for lesson in sorted({one.lesson for one in found}))
        why = f"Nothing of lesson {which} is answered, and it was not asked for."
        yield Unread(read.name, found[0].path, why)


def beside(one: Submission) -> Submission:
    """Note that a notebook is of a lesson that is not the class's."""
    why = f"Few handed in lesson {one.lesson}. It counts for those alone, and is missing to nobody."
    return replace(one, notes=(*one.notes, why))


def not_asked_for(one: Submission) -> Unread:
    """Say that a notebook is of another lesson than the teacher asked for."""
    why = f"It is a notebook of lesson {one.lesson}: --lesson {one.lesson} grades it."
    return Unread(one.student, one.path, one.problem or why)
