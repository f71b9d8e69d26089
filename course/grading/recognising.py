"""Which lessons a notebook answers: its exercises say, whatever it is called."""

import ast
import re
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from course.defining import names_made, names_written
from course.exercises import EXERCISES
from course.grading.cells import Cell, cells_of
from course.lessons import LESSONS

CHECKED = re.compile(r"\bcheck\.(\w+)\s*\(")
NOT_PYTHON = re.compile(r"^([ \t]*)[%!?].*$", re.MULTILINE)  # what IPython alone understands
LONGEST_CELL = 100_000  # characters that are parsed; a cell of a lesson has 3,000
BLOCKS = (ast.If, ast.For, ast.While, ast.With, ast.Try)


@dataclass(frozen=True)
class Says:
    """What a cell, or a notebook, says of exercises, by their keys.

    Attributes
    ----------
    asked : frozenset of str
        Those that it names as a lesson's notebook does: in a definition, begun or not, or in a
        cell of theirs.
    answered : frozenset of str
        Those whose answer was begun.
    checked : frozenset of str
        Those whose check is called.
    """

    asked: frozenset[str] = frozenset()
    answered: frozenset[str] = frozenset()
    checked: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Lessons:
    """What a notebook is.

    Attributes
    ----------
    main : int or None
        The lesson whose notebook it is, if anything in it says so.
    whole : tuple of int
        All lessons that it answers as their notebook does: several, if they were merged.
    elsewhere : dict
        The exercises of other lessons that it answers, by lesson.
    answered : frozenset of str
        Keys of exercises, of whichever lesson.
    """

    main: int | None
    whole: tuple[int, ...]
    elsewhere: dict[int, frozenset[str]]
    answered: frozenset[str]


def recognised(cells: Sequence[Cell], named: int | None = None) -> Lessons:
    """Say which lessons a notebook answers.

    Parameters
    ----------
    cells : sequence of Cell
    named : int, optional
        The lesson that its name tells. It decides where two are as likely.
    """
    said = [says(cell.source) for cell in cells]
    asked = frozenset[str]().union(*(one.asked for one in said), *map(keys_of, cells))
    checked = frozenset[str]().union(*(one.checked for one in said))
    answered = frozenset[str]().union(*(one.answered for one in said))
    # A value may be called like an exercise by chance. Who answers one calls its check.
    answered = frozenset(
        key for key in answered if key in checked or EXERCISES[key].kind != "value"
    )
    held = Counter(EXERCISES[key].lesson for key in asked | (checked if asked else set()))
    weight = held + Counter(given()[cell.source.strip()] for cell in cells if is_given(cell))
    weight.pop(0, None)  # what stands in several lessons
    main = max(weight, key=lambda one: (weight[one], one == named, -one), default=None)
    by_lesson: dict[int, set[str]] = {}
    for key in answered:
        by_lesson.setdefault(EXERCISES[key].lesson, set()).add(key)
    whole = {lesson for lesson in by_lesson if 2 * held[lesson] >= len(LESSONS[lesson].exercises)}
    if main and (main in by_lesson or not whole):
        whole.add(main)
    elif whole:  # a lesson behind it was never begun
        main = max(whole, key=lambda one: (weight[one], -one))
    return Lessons(
        main,
        tuple(sorted(whole)),
        {lesson: frozenset(keys) for lesson, keys in by_lesson.items() if lesson not in whole},
        answered,
    )


def keys_of(cell: Cell) -> set[str]:
    """The exercise to which a cell belongs by its name."""
    return {cell.name.removesuffix("-check")} & EXERCISES.keys()


def is_given(cell: Cell) -> bool:
    """Whether a cell is as some lesson gives it."""
    return cell.source.strip() in given()


@cache
def given() -> dict[str, int]:
    """Every code cell that a lesson gives, with its lesson; 0 if several give it."""
    found: dict[str, int] = {}
    for number in LESSONS:
        for source in as_given(number):
            found[source.strip()] = 0 if found.get(source.strip(), number) != number else number
    return found


@cache
def as_given(lesson: int) -> tuple[str, ...]:
    """The code of a lesson as students get it."""
    return tuple(cell.source for cell in cells_of(LESSONS[lesson].notebook().read_bytes()))


@lru_cache(50_000)
def says(source: str) -> Says:
    """Say what a cell answers: the same cell is in the notebooks of a whole class."""
    checked = frozenset(CHECKED.findall(source)) & EXERCISES.keys()
    try:
        asked, answered = defined(parsed(source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        asked = names_written(source) & EXERCISES.keys()
        answered = set() if "raise NotImplementedError" in source else asked
    if source.strip() in given():
        answered = set()
    return Says(frozenset(asked), frozenset(answered), checked)


def parsed(source: str) -> ast.Module:
    """Parse a cell, if it is not too long."""
    if len(source) > LONGEST_CELL:
        raise ValueError("too long")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(NOT_PYTHON.sub(r"\1pass", source))


def defined(tree: ast.Module) -> tuple[set[str], set[str]]:
    """The exercises that a cell defines, and those of them that were begun."""
    asked: set[str] = set()
    answered: set[str] = set()
    for statement in statements(tree):
        begun = not is_stub(statement)
        for name in names_made(statement):
            if name in EXERCISES:
                asked.add(name)
                if begun and not (
                    isinstance(statement, ast.Assign | ast.AnnAssign)
                    and EXERCISES[name].kind != "value"
                    and is_borrowed(statement.value)
                ):
                    answered.add(name)
    return asked, answered


def statements(tree: ast.Module) -> Iterator[ast.stmt]:
    """Every statement that makes a name of the notebook: those in blocks, too."""
    waiting: list[ast.AST] = [tree]
    while waiting:
        for child in ast.iter_child_nodes(waiting.pop()):
            if isinstance(child, ast.stmt):
                yield child
            if isinstance(child, (*BLOCKS, ast.ExceptHandler)):
                waiting.append(child)


def is_stub(statement: ast.stmt) -> bool:
    """Whether a definition is still what the lesson gives, or as empty."""
    if isinstance(statement, ast.Assign | ast.AnnAssign):
        value = statement.value
        return isinstance(value, ast.Constant) and value.value in (..., None)
    if isinstance(statement, ast.ClassDef):
        return all(is_given_method(one) for one in statement.body)
    if not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
        return True
    return all(is_nothing(one) for one in statement.body)


def is_given_method(statement: ast.stmt) -> bool:
    """Whether a part of a class does nothing yet, or nothing but what is given: its set-up."""
    if isinstance(statement, ast.FunctionDef) and statement.name != "__init__":
        return all(is_nothing(one) for one in statement.body)
    return True


def is_nothing(statement: ast.stmt) -> bool:
    """Whether a statement is what a function has in it before anything is written."""
    if isinstance(statement, ast.Expr):
        return isinstance(statement.value, ast.Constant)
    if isinstance(statement, ast.Raise) and statement.exc is not None:
        raised = statement.exc.func if isinstance(statement.exc, ast.Call) else statement.exc
        return isinstance(raised, ast.Name) and raised.id == "NotImplementedError"
    return isinstance(statement, ast.Pass)


def is_borrowed(value: ast.expr | None) -> bool:
    """Whether a function is only called by another name: `conv2d_valid = yours.conv2d_valid`."""
    return isinstance(value, ast.Attribute | ast.Name)
