"""A lesson's source: its cells, what students get instead of a solution, and the rules it keeps.

The source is a jupytext percent script. An answer cell is marked ``exercise="KEY"``, its check cell
``check="KEY"``, a question ``predict="KEY"``; what a learner is to write stands in a region between
`BEGIN` and `END`, which are nbgrader's markers.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jupytext

from course.defining import names_defined
from course.exercises import EXERCISES
from course.lessons import ROOT, Lesson
from course.predictions import PREDICTIONS

BEGIN = "### BEGIN SOLUTION"
END = "### END SOLUTION"
CELL = "# %%"  # begins each cell of a percent script

HEADING = re.compile(r"^### \w+: `(\w+)[^`\n]*`$", re.MULTILINE)
"""Of an exercise: ``### Build: `relu(values)```. `course build` adds what it is worth."""

YOURS = re.compile(r"\byours\.([A-Za-z]\w*)")
WITH, WITHOUT = "with Keras", "without Keras"
"""Where a cell stands that is marked ``only=...``: a browser tab has no Keras."""

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
    parsed = jupytext.reads(text, fmt="py:percent").cells
    markers = [n for n, line in enumerate(text.splitlines(), 1) if line.startswith(CELL)]
    if len(markers) != len(parsed):
        raise CannotBuild(
            f"{path.name}: {len(markers)} lines begin with `{CELL}`, but there are {len(parsed)} "
            "cells. Nothing may stand before the first cell, and no text may hold such a line."
        )
    source = Source(lesson, path, tuple(identified(parsed, markers, lesson.number)))
    if broken := list(dict.fromkeys(problems(source))):
        raise CannotBuild("\n".join(broken))
    return source


def identified(parsed: Any, markers: list[int], number: int) -> Iterator[SourceCell]:
    """Give each cell its id.

    Answer and check cells have it from their key, the others count from the exercise before them:
    a cell that is put in moves only the ids up to the next exercise. What stands only where there
    is no Keras counts by itself.
    """
    section, count, here = f"{number:02d}-intro", 0, 0
    for cell, marker in zip(parsed, markers, strict=True):
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
    if not source.cells or source.cells[0].kind != "markdown":
        yield f"{source.path.name}: the first cell has to be markdown, and say what the lesson is for."
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
        if cell.exercise and not headed(source, cell):
            yield (
                f"{source.where(cell)}: no heading stands above it. Write "
                f"`### Build: `{cell.exercise}`` in the text before; its points are added to it."
            )
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


def headed(source: Source, cell: SourceCell) -> bool:
    """Whether a heading above an answer cell says which exercise it is."""
    above = source.cells[: source.cells.index(cell)]
    return any(
        found[1] == cell.exercise for text in above for found in HEADING.finditer(text.source)
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
    if cell.exercise and not unbalanced:
        yield from problems_of_answer(source, cell, cell.exercise)
    if cell.check:
        code = [line for line in cell.source.splitlines() if line and not line.startswith("#")]
        if code != [wanted := f"check.{cell.check}({cell.check})"]:
            yield f"{source.where(cell)}: apart from comments, a check cell is `{wanted}`."


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
