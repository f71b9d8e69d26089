"""A lesson's source: its cells, what students get instead of a solution, and the rules it keeps.

The source is a jupytext percent script. An answer cell is marked ``exercise="KEY"``, its check cell
``check="KEY"``, a question ``predict="KEY"``; what a learner is to write stands in a region between
`BEGIN` and `END`, which are nbgrader's markers.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jupytext
from IPython.core.inputtransformer2 import TransformerManager

from course.authoring.markers import CELL, WITH, WITHOUT, markers, misplaced, misread
from course.defining import names_defined
from course.exercises import EXERCISES
from course.lessons import ROOT, Lesson
from course.predictions import PREDICTIONS

BEGIN = "### BEGIN SOLUTION"
END = "### END SOLUTION"

HEADING = re.compile(r"^### \w+: `(\w+)[^`\n]*`$", re.MULTILINE)
"""Of an exercise: ``### Build: `relu(values)```. `course build` adds what it is worth."""

AWAIT = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT  # as a notebook does
YOURS = re.compile(r"\byours\.([A-Za-z]\w*)")

FACTS = re.compile(r"^\W*about \d+ minutes\b.*\bpoints?\b", re.IGNORECASE)
POINTS = re.compile(r"\s*\(\d+ points?\)")


class CannotBuild(Exception):
    """Why there are no notebooks, in sentences for an author, one a line."""


@dataclass(frozen=True)
class SourceCell:
    """One cell of a source; `line` is the line of the file that marks it, its text begins below."""

    id: str
    kind: str
    source: str
    line: int
    metadata: dict[str, Any]
    exercise: str | None = None
    check: str | None = None
    predict: str | None = None
    only: str | None = None


@dataclass(frozen=True)
class Source:
    """A lesson as its source has it."""

    lesson: Lesson
    path: Path
    cells: tuple[SourceCell, ...]

    def where(self, cell: SourceCell, offset: int = 0) -> str:
        """Where something stands: file, line, cell."""
        return f"{self.path.name}, line {cell.line + offset} (cell {cell.id})"


def read_source(lesson: Lesson, root: Path = ROOT) -> Source:
    """Read a lesson's source and hold it to the rules.

    Raises
    ------
    CannotBuild
        With one sentence for each rule that it breaks.
    """
    path = lesson.source(root)
    text = path.read_text(encoding="utf-8")
    marked = markers(text)
    if unread := list(misread(path.name, marked)):
        raise CannotBuild("\n".join(unread))
    parsed = jupytext.reads(text, fmt="py:percent").cells
    if not text.strip():
        raise CannotBuild(
            f"{path.name}: it is empty. Its first cell begins with `{CELL} [markdown]`."
        )
    if len(marked) != len(parsed):
        raise CannotBuild(misplaced(path.name, text, marked, parsed))
    source = Source(lesson, path, tuple(identified(parsed, marked, lesson.number)))
    if broken := list(dict.fromkeys(problems(source))):
        raise CannotBuild("\n".join(broken))
    return source


def identified(parsed: Any, marked: Iterable[int], number: int) -> Iterator[SourceCell]:
    """Give each cell its id.

    Answer and check cells have it from their key, the others count from the exercise before them:
    a cell that is put in moves only the ids up to the next exercise. What stands only where there
    is no Keras counts by itself.
    """
    section, count, here = f"{number:02d}-intro", 0, 0
    for cell, marker in zip(parsed, marked, strict=True):
        metadata = {k: v for k, v in cell.metadata.items() if k != "lines_to_next_cell"}
        exercise, check, predict, only = (
            metadata.pop(role, None) for role in ("exercise", "check", "predict", "only")
        )
        if exercise:
            identifier = section = exercise
            count = 0
        elif check:
            identifier = f"{check}-check"
        elif predict:
            identifier = f"{predict}-predict"
        elif only == WITHOUT:
            here += 1
            identifier = f"{number:02d}-without-keras-{here}"
        else:
            count += 1
            identifier = f"{section}-{count}"
        roles = exercise, check, predict, only
        yield SourceCell(identifier, cell.cell_type, cell.source, marker, metadata, *roles)


def problems(source: Source) -> Iterator[str]:
    """Say which rules a source breaks, and where."""
    if (first := source.cells[0]).kind != "markdown":
        yield f"{source.where(first)}: the first cell has to be markdown, and say what the lesson is for."
    for cell in source.cells:
        if cell.kind == "markdown":
            yield from problems_of_text(source, cell)

    answered: list[str] = []
    checked: list[str] = []
    for cell in source.cells:
        for key, seen, role in (
            (cell.exercise, answered, "exercise"),
            (cell.check, checked, "check"),
        ):
            if key is None:
                continue
            if key not in EXERCISES:
                yield f"{source.where(cell)}: no exercise has the key `{key}`."
            elif EXERCISES[key].lesson != source.lesson.number:
                yield (
                    f"{source.where(cell)}: `{key}` belongs to lesson {EXERCISES[key].lesson}, "
                    f"this is lesson {source.lesson.number}."
                )
            if key in seen:
                yield f"{source.where(cell)}: there is a second {role} cell for `{key}`."
            seen.append(key)
        if cell.exercise:
            yield from problems_of_heading(source, cell)
        if cell.check and cell.check not in answered:
            yield f"{source.where(cell)}: the check of `{cell.check}` comes before its exercise cell."
        if cell.only not in (None, WITH, WITHOUT):
            yield f"{source.where(cell)}: a cell stands `{WITH}` or `{WITHOUT}`, not `{cell.only}`."
        yield from problems_of(source, cell)
    yield from problems_of_predictions(source)

    for cell in source.cells:
        if cell.exercise and cell.exercise not in checked:
            yield f"{source.where(cell)}: the exercise `{cell.exercise}` has no check cell."
    for key in source.lesson.exercises:
        if key not in answered:
            yield f'{source.path.name}: there is no cell for the exercise `{key}` (exercise="{key}").'
    wanted = [key for key in source.lesson.exercises if key in answered]
    for key, other in zip(wanted, (key for key in answered if key in wanted), strict=False):
        if key != other:
            yield (
                f"{source.path.name}: the exercise `{other}` comes where course/lessons.py has "
                f"`{key}`. Change one of the two."
            )
            return


def problems_of_predictions(source: Source) -> Iterator[str]:
    """Say which predictions are asked wrongly, or not at all."""
    here = [key for key, one in PREDICTIONS.items() if one.lesson == source.lesson.number]
    asked = [cell.predict for cell in source.cells if cell.predict]
    for cell in source.cells:
        key = cell.predict
        if key is None:
            continue
        if key not in here:
            yield f"{source.where(cell)}: lesson {source.lesson.number} has no prediction `{key}`."
        if asked.count(key) > 1:
            yield f"{source.where(cell)}: the prediction `{key}` is asked more than once."
        if cell.source.strip() != (wanted := f"predict.{key}(...)"):
            yield f"{source.where(cell)}: a cell that asks is `{wanted}`, and nothing else."
    for key in here:
        if key not in asked:
            yield f'{source.path.name}: there is no cell for the prediction `{key}` (predict="{key}").'


def problems_of_heading(source: Source, cell: SourceCell) -> Iterator[str]:
    """Say that no heading above an answer cell says which exercise it is, and what the last says."""
    above = source.cells[: source.cells.index(cell)]
    texts = [text for text in above if text.kind == "markdown"]
    found = (one for text in texts for one in HEADING.finditer(POINTS.sub("", text.source)))
    if any(heading[1] == cell.exercise for heading in found):
        return
    headings = [
        f": the last, in line {text.line + offset}, is `{line}`"
        for text in texts
        for offset, line in enumerate(text.source.splitlines(), 1)
        if line.startswith("#")
    ]
    yield (
        f"{source.where(cell)}: no heading above it names `{cell.exercise}`"
        f"{headings[-1] if headings else ''}. Write `### Build: `{cell.exercise}`` in the text "
        "before; its points are added to it."
    )


def problems_of_text(source: Source, cell: SourceCell) -> Iterator[str]:
    """Say that a text is empty, or what it has that `course build` writes."""
    if not cell.source.strip():
        yield f"{source.where(cell)}: this text is empty. Take its `{CELL} [markdown]` out."
    for offset, line in enumerate(cell.source.splitlines(), 1):
        if line.startswith("# "):
            yield (
                f"{source.where(cell, offset)}: `course build` writes the title, from "
                "course/lessons.py. Take the line out."
            )
        elif FACTS.search(line):
            yield (
                f"{source.where(cell, offset)}: `course build` writes how long the lesson takes, "
                "how many exercises it has and what they are worth. Take the line out."
            )
        elif line.startswith("#") and (points := POINTS.search(line)):
            yield (
                f"{source.where(cell, offset)}: `course build` writes what an exercise is worth, "
                f"from its file. Take `{points[0].strip()}` out of the heading."
            )


def problems_of(source: Source, cell: SourceCell) -> Iterator[str]:
    """Say which rules one cell breaks."""
    unbalanced = False
    inside: int | None = None
    for offset, line in enumerate(cell.source.splitlines(), 1):
        if not re.search("(BEGIN|END) SOLUTION", line, re.IGNORECASE):
            continue
        if cell.exercise is None:
            yield f"{source.where(cell, offset)}: a solution may only stand in an exercise cell."
        elif line.strip() not in (BEGIN, END):
            yield f"{source.where(cell, offset)}: a marker is written `{BEGIN}` or `{END}`."
        elif (line.strip() == BEGIN) == (inside is not None):
            unbalanced = True
            wrong = "another region is open" if inside is not None else "no region is open"
            yield f"{source.where(cell, offset)}: `{line.strip()}`, but {wrong} here."
        else:
            inside = offset if line.strip() == BEGIN else None
    if inside is not None:
        unbalanced = True
        yield f"{source.where(cell, inside)}: the solution that begins here never ends."

    if cell.kind == "code":
        for key in dict.fromkeys(YOURS.findall(cell.source)):
            if key not in EXERCISES:
                yield f"{source.where(cell)}: it uses `yours.{key}`, and no exercise has that key."
        if not (cell.exercise or cell.check or cell.predict):
            yield from problems_of_code(source, cell)
    if cell.exercise and not unbalanced:
        yield from problems_of_answer(source, cell, cell.exercise)
    if cell.check:
        code = [line for line in cell.source.splitlines() if line and not line.startswith("#")]
        if code != [wanted := f"check.{cell.check}({cell.check})"]:
            yield f"{source.where(cell)}: apart from comments, a check cell is `{wanted}`."


def problems_of_code(source: Source, cell: SourceCell) -> Iterator[str]:
    """Say that a cell is no Python, even as IPython reads it."""
    try:
        text = TransformerManager().transform_cell(cell.source)
        compile(text, source.path.name, "exec", AWAIT)
    except SyntaxError as error:
        yield f"{source.where(cell, error.lineno or 0)}: it is not Python: {error.msg}."


def problems_of_answer(source: Source, cell: SourceCell, key: str) -> Iterator[str]:
    """Say what is wrong with an answer cell, with its solution and without."""
    if BEGIN not in cell.source:
        yield f"{source.where(cell)}: without a `{BEGIN}` students would be given the answer."
        return
    for text, whose in (
        (cell.source, "it"),
        (without_solution(cell.source), "what students get"),
    ):
        try:
            compile(text, source.path.name, "exec", AWAIT)
            names = names_defined(text)
        except SyntaxError as error:
            line = error.lineno or 0 if text == cell.source else 0
            yield f"{source.where(cell, line)}: {whose} is not Python: {error.msg}."
            return
        if key not in names:
            found = ", ".join(f"`{name}`" for name in names) or "nothing"
            yield f"{source.where(cell)}: the key is `{key}`, but {whose} defines {found}."
            return


def without_solution(source: str) -> str:
    """A cell as students get it, each region replaced by a note that code is wanted there.

    Inside a function it also raises `NotImplementedError`, which a check reads as "not attempted".
    At the top level a name keeps the value that it was given above the region.
    """
    lines: list[str] = []
    inside = False
    for line in source.splitlines():
        if line.strip() == BEGIN:
            inside = True
            indent = line[: len(line) - len(line.lstrip())]
            lines.append(f"{indent}# YOUR CODE HERE")
            if indent:
                lines.append(f"{indent}raise NotImplementedError()")
        elif line.strip() == END:
            inside = False
        elif not inside:
            lines.append(line)
    return "\n".join(lines)
