"""From a lesson's source to its two notebooks, and whether what is there is what would be made.

``notebooks/NN_name.ipynb`` is what learners open: no outputs, no solutions. The notebook beside
the source, ``solutions/NN_name.ipynb``, has both: it was executed with every check watching.
"""

import copy
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import nbformat
from nbformat import v4

from course.authoring import links, publishing
from course.authoring.markers import WITHOUT
from course.authoring.running import CellFailed, execute
from course.authoring.source import (
    HEADING,
    CannotBuild,
    Source,
    SourceCell,
    read_source,
    without_solution,
)
from course.checking.progress import counted
from course.exercises import EXERCISES, exercises_of
from course.lessons import LESSONS, ROOT, Lesson
from course.writing import write

# What any Python 3 kernel says of itself, without the version, which is a machine's own.
METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {
        "file_extension": ".py",
        "mimetype": "text/x-python",
        "name": "python",
        "pygments_lexer": "ipython3",
    },
}

# What reading a notebook may raise when it is missing, or damaged in whatever way.
UNREADABLE = (
    AttributeError,
    KeyError,
    OSError,
    TypeError,
    ValueError,
    nbformat.ValidationError,
)

COLAB = "colab"  # id of the cell that does nothing outside Colab

AFTER_A_BREAK = (
    "*Back after a break? If Python says that `check` is not defined, run the cells at the top "
    "again, down to the one with `from course import check`.*"
)


def build(
    lessons: Iterable[int] | None = None,
    force: bool = False,
    progress: Callable[[str], None] = lambda sentence: None,
    root: Path = ROOT,
) -> list[Path]:
    """Write both notebooks of each lesson, and what else names the course's address.

    A solution notebook is executed again only if its code has changed. A lesson is written when
    both of its notebooks are ready, so that a cell that fails leaves what was there.

    Parameters
    ----------
    lessons : iterable of int, optional
        Their numbers. By default every lesson that has a source.
    force : bool
        Execute every solution notebook again, for example because a picture looks different now.
    progress : callable
        Is told which solution is being run, which takes a while: a sentence for each.
    root : Path
        The repository.

    Returns
    -------
    list of Path
        The files that changed.

    Raises
    ------
    CannotBuild
        A rule is broken, or a cell of the solution fails. The message has one sentence a line.
    """
    home = links.home(root)
    changed: list[Path] = []
    for lesson in written_ones(root, lessons):
        source, solution = read_source(lesson, root), lesson.solution(root)
        notebook = solution_notebook(source, home)
        if force or not take_outputs(notebook, solution):
            progress(f"Running the solution of {lesson.stem}.")
            run(source, notebook)
        files = {
            lesson.notebook(root): written(student_notebook(source, home)),
            solution: written(notebook),
        }
        changed += [path for path, text in files.items() if replace(path, text)]
    changed += [path for path, text in beside(root, home).items() if replace(path, text)]
    return changed


def stale(root: Path = ROOT) -> list[str]:
    """Say which files are not what `build` would make of their source; writes nothing.

    Returns
    -------
    list of str
        A sentence for each such file, and for each rule that a source breaks.
    """
    home = links.home(root)
    sentences: list[str] = []
    known: set[Path] = set()
    for lesson in written_ones(root):
        known |= {lesson.notebook(root), lesson.solution(root)}
        try:
            source = read_source(lesson, root)
        except CannotBuild as error:
            sentences += str(error).splitlines()
            continue
        sentences += outdated(root, source, home)
    for folder in ("notebooks", "solutions"):
        for path in sorted((root / folder).glob("*.ipynb")):
            if path not in known:
                sentences.append(f"{named(path, root)} has no source. Delete it.")
    for path, text in beside(root, home).items():
        if not holds(path, text):
            sentences.append(
                f"{named(path, root)} has an address, a version or a table that pyproject.toml and "
                "the exercises do not make. Run `course build`."
            )
    return [*sentences, *publishing.behind(root, home)]


def outdated(root: Path, source: Source, home: links.Home) -> Iterator[str]:
    """Say which notebooks of a lesson are not what its source makes."""
    student, solution = source.lesson.notebook(root), source.lesson.solution(root)
    notebook = solution_notebook(source, home)
    current = {
        student: holds(student, written(student_notebook(source, home))),
        solution: take_outputs(notebook, solution) and holds(solution, written(notebook)),
    }
    for path, same in current.items():
        wrong = f"is not what {named(source.path, root)} makes" if path.exists() else "is missing"
        if not same:
            yield f"{named(path, root)} {wrong}. Run `course build`."


def beside(root: Path, home: links.Home) -> dict[Path, str]:
    """The files beside the notebooks that name the address, and what each should hold."""
    made = {
        "README.md": lambda text: links.readme(text, home, root),
        "examples/classroom.yml": lambda text: links.classroom(text, home),
    }
    there = {root / name: make for name, make in made.items() if (root / name).exists()}
    return {path: make(path.read_text(encoding="utf-8")) for path, make in there.items()}


def written_ones(root: Path, asked: Iterable[int] | None = None) -> list[Lesson]:
    """The lessons to build: those asked for, or all that have a source."""
    there = [lesson for lesson in LESSONS.values() if lesson.source(root).exists()]
    if asked is None:
        return there
    wanted = []
    for number in asked:
        if number not in LESSONS:
            raise CannotBuild(
                f"There is no lesson {number}: they are {min(LESSONS)} to {max(LESSONS)}."
            )
        if LESSONS[number] not in there:
            path = named(LESSONS[number].source(root), root)
            raise CannotBuild(f"Lesson {number} is not written yet: there is no {path}.")
        wanted.append(LESSONS[number])
    return wanted


def named(path: Path, root: Path) -> str:
    """A file as one writes it in a sentence."""
    return path.relative_to(root).as_posix()


def student_notebook(source: Source, home: links.Home) -> Any:
    """What learners open."""
    return notebook_of(source, home, lambda cell: without_solution(cell.source))


def solution_notebook(source: Source, home: links.Home) -> Any:
    """The notebook with solutions, still without outputs.

    Each region keeps its markers: nbgrader's ``generate_assignment`` works on it.
    """
    return notebook_of(source, home, lambda cell: cell.source)


def notebook_of(source: Source, home: links.Home, text: Callable[[SourceCell], str]) -> Any:
    """A notebook of a lesson's cells; below the title, links and the cell for Colab."""
    cells = [cell for cell in source.cells if cell.only != WITHOUT]
    title, *rest = [notebook_cell(cell, text(cell)) for cell in cells]
    title.source = f"{front(source.lesson)}\n\n{title.source}"
    badges = v4.new_markdown_cell(links.ways_to_open(home, source.lesson.stem), id="badges")
    # Folded away in JupyterLab and in Colab: it is plumbing.
    folded = {"cellView": "form", "jupyter": {"source_hidden": True}}
    colab = v4.new_code_cell(links.colab_cell(home), id=COLAB, metadata=folded)
    made = [title, badges, colab, *rest]
    return v4.new_notebook(cells=made, metadata=copy.deepcopy(METADATA), nbformat_minor=5)


def front(lesson: Lesson) -> str:
    """The title of a lesson, what it asks (minutes, exercises, points), and how to come back."""
    asked = exercises_of(lesson.number)
    points = counted(sum(exercise.points for exercise in asked), "point")
    facts = f"About {lesson.minutes} minutes · {counted(len(asked), 'exercise')} · {points}"
    return f"# {lesson.heading}\n\n**{facts}**\n\n{AFTER_A_BREAK}"


def worth(heading: re.Match[str]) -> str:
    """The heading of an exercise, with its points."""
    exercise = EXERCISES.get(heading[1])
    return f"{heading[0]} ({counted(exercise.points, 'point')})" if exercise else heading[0]


def notebook_cell(cell: SourceCell, source: str) -> Any:
    """One cell; answers and checks carry what nbgrader's schema 3 wants to know of them."""
    if cell.kind == "markdown":
        source = HEADING.sub(worth, source)
    metadata = dict(cell.metadata)
    if cell.exercise:
        metadata["nbgrader"] = nbgrader(cell.id, solution=True)
    elif cell.check:
        metadata["nbgrader"] = nbgrader(
            cell.id, grade=True, locked=True, points=EXERCISES[cell.check].points
        )
    make = v4.new_markdown_cell if cell.kind == "markdown" else v4.new_code_cell
    return make(source, id=cell.id, metadata=metadata)


def nbgrader(grade_id: str, **given: Any) -> dict[str, Any]:
    """Metadata of nbgrader's schema 3."""
    plain = {"grade": False, "locked": False, "solution": False, "task": False}
    return {**plain, **given, "grade_id": grade_id, "schema_version": 3}


def run(source: Source, notebook: Any) -> None:
    """Execute a solution notebook; a cell that fails is told with its place in the source."""
    try:
        execute(notebook)
    except CellFailed as failed:
        place = next(
            (source.where(cell) for cell in source.cells if cell.id == failed.cell),
            f"{source.path.name} (cell {failed.cell})",
        )
        raise CannotBuild(f"{place}: {failed.reason}") from None


def take_outputs(notebook: Any, path: Path) -> bool:
    """Give a notebook the outputs of an earlier run of the same code, if there is one."""
    try:
        old = list(code_cells(nbformat.read(path, as_version=4)))
    except UNREADABLE:
        return False
    new = list(code_cells(notebook))
    if [what_runs(cell) for cell in new] != [what_runs(cell) for cell in old]:
        return False
    if any(cell.execution_count is None for cell in old if cell.source):
        return False
    for cell, earlier in zip(new, old, strict=True):
        cell.outputs, cell.execution_count = earlier.outputs, earlier.execution_count
    return True


def code_cells(notebook: Any) -> Iterator[Any]:
    """The cells of a notebook that can be executed."""
    return (cell for cell in notebook.cells if cell.cell_type == "code")


def what_runs(cell: Any) -> tuple[str, list[str]]:
    """What a cell's outputs depend on. A new version changes the cell for Colab, but no output."""
    return "" if cell.id == COLAB else cell.source, cell.metadata.get("tags", [])


def written(notebook: Any) -> str:
    """The text of a notebook's file."""
    nbformat.validate(notebook)
    return nbformat.writes(notebook) + "\n"


def holds(path: Path, text: str) -> bool:
    """Whether a file holds exactly this text."""
    try:
        return path.read_bytes() == text.encode()
    except FileNotFoundError:
        return False


def replace(path: Path, text: str) -> bool:
    """Make a file hold this text, at once or not at all; say whether that changed it."""
    if holds(path, text):
        return False
    path.parent.mkdir(exist_ok=True)
    write(path, text.encode())
    return True
