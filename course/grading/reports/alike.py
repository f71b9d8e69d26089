"""Answers that are the same code: a fact, and no more than a fact.

Names that an answer makes up, comments, annotations and layout are not looked at.
"""

import ast
import inspect
import textwrap
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from itertools import combinations
from typing import Any, NamedTuple

from course.checking.check import solution_source
from course.exercises import EXERCISES
from course.grading.recognising import NOT_PYTHON
from course.grading.reports.code import of_lesson, parsed_cell
from course.grading.reports.students import Student

LEAST = 4  # statements: shorter ones are the same by themselves
MUCH = 0.8  # of the statements of two answers with one mistake
LARGE, SHARE = 20, 4  # of so many answers, what more than a quarter have is what one writes


class Alike(NamedTuple):
    """Answers to one exercise that are alike.

    Attributes
    ----------
    key : str
    students : list of Student
    mistake : str or None
        What they share, where the code is the same in most lines and not in all.
    whole : bool
        All of the code is the same.
    code : str
        Of the first of them.
    """

    key: str
    students: list[Student]
    mistake: str | None
    whole: bool
    code: str


class Renamed(ast.NodeTransformer):
    """Writes code without what says nothing: own names, docstrings, annotations."""

    def __init__(self, own: set[str]) -> None:
        self.own = own
        self.names: dict[str, str] = {}

    def new(self, name: str) -> str:
        """The same new name for the same old one."""
        if name not in self.own:
            return name
        return self.names.setdefault(name, f"_{len(self.names)}")

    def visit_Name(self, node: ast.Name) -> Any:
        return ast.Name(self.new(node.id), node.ctx)

    def visit_arg(self, node: ast.arg) -> Any:
        return ast.arg(self.new(node.arg))

    def visit_keyword(self, node: ast.keyword) -> Any:
        return ast.keyword(node.arg, self.visit(node.value))

    def visit_AnnAssign(self, node: ast.AnnAssign) -> Any:
        if node.value is None:
            return None
        return ast.Assign([self.visit(node.target)], self.visit(node.value))

    def visit_FunctionDef(self, node: ast.FunctionDef) -> Any:
        node.name, node.returns = self.new(node.name), None
        node.body = without_docstring(node.body)
        return self.generic_visit(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> Any:
        node.name = self.new(node.name)
        node.body = without_docstring(node.body)
        return self.generic_visit(node)


def without_docstring(body: list[ast.stmt]) -> list[ast.stmt]:
    """Leave out texts that stand alone."""
    kept = [
        node
        for node in body
        if not (
            isinstance(node, ast.Expr)
            and isinstance(node.value, ast.Constant)
            and isinstance(node.value.value, str)
        )
    ]
    return kept or [ast.Pass()]


def own_names(tree: ast.Module) -> set[str]:
    """The names that code makes up: what it assigns, takes and defines."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            found.add(node.id)
        elif isinstance(node, ast.arg):
            found.add(node.arg)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
    return found


class Form(NamedTuple):
    """Code without what says nothing: all of it, and each statement by itself."""

    whole: str
    statements: tuple[str, ...]


@lru_cache(maxsize=100_000)
def form(code: str) -> Form | None:
    """Bring code into a form in which only what it does is left; None if it is no Python."""
    if parsed_cell(code) is None:
        return None
    tree = ast.parse(NOT_PYTHON.sub(r"\1pass", code))
    own = own_names(tree)
    statements = [
        ast.dump(Renamed(own).visit(ast.parse(line_of(node))))
        for node in ast.walk(tree)
        if isinstance(node, ast.stmt)
        and not isinstance(node, ast.FunctionDef | ast.ClassDef)
        and node in without_docstring([node])
    ]
    whole = Renamed(own).visit(ast.parse(NOT_PYTHON.sub(r"\1pass", code)))
    return Form(ast.dump(whole), tuple(statements))


def line_of(node: ast.stmt) -> str:
    """A statement by itself: of a loop or a condition, its first line."""
    if hasattr(node, "body"):
        head = type(node)(**{name: getattr(node, name) for name in node._fields})
        head.body, head.orelse = [ast.Pass()], []  # type: ignore[attr-defined]
        node = head
    return ast.unparse(ast.fix_missing_locations(node))


@cache
def the_courses(key: str) -> frozenset[str]:
    """What the course itself writes there: the answer, and what it proves as other right ones."""
    exercise = EXERCISES[key]
    texts = [solution_source(exercise)]
    for answer in (exercise.reference, *exercise.alternatives):
        try:
            texts.append(textwrap.dedent(inspect.getsource(answer)))
        except (OSError, TypeError):  # a value, or made by code
            continue
    forms = (form(text) for text in texts)
    return frozenset(one.whole for one in forms if one)


def alike(students: Sequence[Student], key: str) -> Iterator[Alike]:
    """Group the answers to an exercise.

    All of the code is the same; or the mistake is the same, and so are four of five statements.
    Not told: answers of fewer than four statements, the course's own, and in a class of twenty and
    more what more than a quarter of it have written.
    """
    lesson = EXERCISES[key].lesson
    codes: dict[int, str] = {}
    mistakes: dict[int, str | None] = {}
    for index, student in enumerate(students):
        for one in student.lessons:
            result = next((result for result in one.results if result.key == key), None)
            if one.number == lesson and result is not None and result.status != "not_attempted":
                codes[index] = of_lesson(one).get(key, "")
                mistakes[index] = result.mistake
    forms = {index: found for index, code in codes.items() if (found := form(code))}
    forms = {
        index: found
        for index, found in forms.items()
        if len(found.statements) >= LEAST and found.whole not in the_courses(key)
    }
    most = len(codes) // SHARE if len(codes) >= LARGE else len(codes)
    same: dict[str, list[int]] = defaultdict(list)
    for index, found in forms.items():
        same[found.whole].append(index)
    for group in same.values():
        if 2 <= len(group) <= most:
            who = [students[index] for index in group]
            yield Alike(key, who, mistakes[group[0]], True, codes[group[0]])
    for group in nearly({group[0]: forms[group[0]] for group in same.values()}, mistakes):
        everyone = sorted(i for one in group for i in same[forms[one].whole])
        if len(everyone) <= most:
            who = [students[index] for index in everyone]
            yield Alike(key, who, mistakes[group[0]], False, codes[group[0]])


def nearly(forms: dict[int, Form], mistakes: dict[int, str | None]) -> list[list[int]]:
    """Group different codes with one mistake and nearly the same statements."""
    by_mistake: dict[str, list[int]] = defaultdict(list)
    for index in forms:
        if mistake := mistakes[index]:
            by_mistake[mistake].append(index)
    leader: dict[int, int] = {}
    for indices in by_mistake.values():
        counts = {index: Counter(forms[index].statements) for index in indices}
        for one, other in combinations(indices, 2):
            common = (counts[one] & counts[other]).total()
            if common >= LEAST and common >= MUCH * max(counts[one].total(), counts[other].total()):
                leader[other] = leader.setdefault(one, one)
    groups: dict[int, list[int]] = defaultdict(list)
    for index, first in leader.items():
        groups[first].append(index)
    return [sorted(group) for group in groups.values() if len(group) > 1]
