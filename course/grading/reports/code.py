"""A student's own code for each exercise, out of the cells of the notebook."""

import ast
import re
import warnings
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from course.defining import Definition, names_made
from course.exercises import EXERCISES, exercises_of
from course.grading.recognising import NOT_PYTHON
from course.grading.reports.students import StudentLesson

LONGEST = 6_000  # characters; an answer of the course has 1,500 at most


class ParsedCell(NamedTuple):
    """A cell, read.

    Attributes
    ----------
    defines : dict
        The source of what each name stands for at the end of the cell.
    checks : dict
        The source of each answer that stands in the call of its check, by exercise.
    reads : frozenset of str
        Every name in it.
    """

    defines: dict[str, str]
    checks: dict[str, str]
    reads: frozenset[str]


@lru_cache(maxsize=20_000)
def parsed_cell(source: str) -> ParsedCell | None:
    """Read a cell; None if it is no Python."""
    text = NOT_PYTHON.sub(r"\1pass", source)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of a student's backslashes
            tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    lines = source.split("\n")
    defines: dict[str, str] = {}
    checks: dict[str, str] = {}
    for node in tree.body:
        for name in names_made(node):
            defines[name] = "\n".join(lines[first(node) - 1 : node.end_lineno])
        for call in ast.walk(node):
            if (
                isinstance(call, ast.Call)
                and isinstance(call.func, ast.Attribute)
                and isinstance(call.func.value, ast.Name)
                and call.func.value.id == "check"
                and call.args
                and not isinstance(call.args[0], ast.Name)
            ):
                checks[call.func.attr] = ast.get_source_segment(source, call.args[0]) or ""
    reads = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return ParsedCell(defines, checks, frozenset(reads))


def first(node: ast.stmt) -> int:
    """The line where a statement begins, with what decorates it."""
    decorated = node.decorator_list if isinstance(node, Definition) else []
    return min([node.lineno, *(one.lineno for one in decorated)])


def answers(cells: Sequence[str], lesson: int) -> dict[str, str]:
    """The code of each answer, by exercise; what can't be found is not in it.

    An answer is what its name stands for last, with the student's own functions that it calls; or
    what stands in the call of its check. Of a cell that is no Python, it is the cell.
    """
    found: dict[str, str] = {}
    helpers: dict[str, str] = {}
    keys = {exercise.key for exercise in exercises_of(lesson)}
    for source in cells:
        cell = parsed_cell(source)
        if cell is None:
            found |= {key: source for key in keys if begins(source, key)}
            continue
        found |= {key: code for key, code in cell.checks.items() if key in keys and code}
        found |= {key: code for key, code in cell.defines.items() if key in keys}
        helpers |= {
            name: code
            for name, code in cell.defines.items()
            if name not in EXERCISES and code.lstrip().startswith(("def ", "class ", "@"))
        }
    return {key: with_helpers(code, helpers) for key, code in found.items()}


def begins(source: str, key: str) -> bool:
    """Whether a cell that is no Python was to define this."""
    return bool(
        re.search(rf"^[ \t]*(?:def|class)[ \t]+{key}\b|^{key}[ \t]*[:=]", source, re.MULTILINE)
    )


def with_helpers(code: str, helpers: dict[str, str]) -> str:
    """Put before an answer the functions of the student's own that it needs."""
    needed: dict[str, str] = {}
    todo = [code]
    while todo:
        cell = parsed_cell(todo.pop())
        for name in sorted((cell.reads if cell else frozenset()) & set(helpers) - set(needed)):
            needed[name] = helpers[name]
            todo.append(helpers[name])
    return "\n\n".join([*reversed(needed.values()), code])


def of_lesson(lesson: StudentLesson) -> dict[str, str]:
    """The code of each answer in one lesson of a student's; of the notebook that counts first."""
    paths = [lesson.graded.path, *(one.path for one in lesson.others)]
    found: dict[str, str] = {}
    for path in paths:
        found = answers(lesson.cells.get(path, ()), lesson.number) | found
    return found


def shown(code: str) -> str:
    """As much of an answer as a page shows."""
    return code if len(code) <= LONGEST else f"{code[:LONGEST]}\n…"
