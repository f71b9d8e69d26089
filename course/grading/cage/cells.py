"""Cells, statement by statement: what can be compiled, what each reads and makes, which are needed."""

import ast
import builtins
import re
import symtable
import sys
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any, NamedTuple

TRAINING = {"fit", "train"}
"""Functions that change the first thing that they are given."""

SHOWING = {"keras", "pictures", "predict", "print", "progress", "training", "yours"}
"""What is called for something to be seen: that changes nothing."""

MOST_JOINED = (
    40  # lines that may begin a statement and lie within one, as text in three quotes does
)
GOES_ON = re.compile(r"(else|elif|except|finally|case)\b|[)\]}]")
FORMATTED = re.compile(r"\b[rR]?[fF][rR]?(\"{3}|'{3}|\"|')")

NEWER = (
    "This f-string can only be read by Python 3.12 or newer, and the grader runs Python "
    f"{sys.version_info[0]}.{sys.version_info[1]}. Run `course grade` with a newer Python."
)


# --- From text to statements ----------------------------------------------------------------------


def pieces(text: str) -> list[ast.stmt | SyntaxError]:
    """Split the source of a cell into its statements.

    Where it can't be compiled as a whole, what stands before and after the error is there all the
    same, and the error in its place. Lines count from the beginning of the cell.
    """
    try:
        return list(ast.parse(text).body)
    except SyntaxError:
        return list(readable(text.splitlines(keepends=True)))
    except (ValueError, RecursionError, MemoryError) as error:
        return [SyntaxError(f"it can't be compiled ({error})", ("", 1, 1, text[:80]))]


def readable(lines: list[str]) -> Iterator[ast.stmt | SyntaxError]:
    """Yield the statements of a text of which some can't be read."""
    starts = [n for n, line in enumerate(lines) if begins(line)] or [0]
    starts[0] = 0
    edges = [*starts, len(lines)]
    place = 0
    while place < len(edges) - 1:
        first = None
        for end in range(place + 1, min(place + MOST_JOINED, len(edges))):
            block = "".join(lines[edges[place] : edges[end]])
            try:
                tree = ast.parse(block)
            except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
                first = first or (error, block)
                continue
            yield from ast.increment_lineno(tree, edges[place]).body
            break
        else:
            end = place + 1
            assert first is not None
            yield moved(*first, edges[place])
        place = end


def begins(line: str) -> bool:
    """Whether a line may begin a statement of its own."""
    return bool(line.strip()) and line[0] not in " \t#" and not GOES_ON.match(line)


def moved(error: BaseException, block: str, lines: int) -> SyntaxError:
    """A syntax error at its place in the cell, and what it truly is."""
    if not isinstance(error, SyntaxError):
        error = SyntaxError(f"it can't be compiled ({error})", ("", 1, 1, block[:80]))
    if sys.version_info < (3, 12) and needs_newer(block):
        error = SyntaxError(NEWER, (None, error.lineno, None, None))
    error.lineno = (error.lineno or 1) + lines
    return error


def needs_newer(block: str) -> bool:
    """Whether it can be read once its f-strings hold other quotes inside than outside."""
    found = FORMATTED.search(block)
    while found:
        quote = found[1]
        inner = block[found.end() :]
        depth, shown = 0, []
        for place, character in enumerate(inner):
            if depth == 0 and inner.startswith(quote, place):
                break
            depth += (character == "{") - (character == "}")
            swapped = {"'": '"', '"': "'"}.get(character, character)
            shown.append(swapped if depth and character == quote[0] else character)
        else:
            return False
        block = block[: found.end()] + "".join(shown) + inner[place:]
        found = FORMATTED.search(block, found.end() + len(shown) + len(quote))
    try:
        ast.parse(block)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


# --- What a statement reads and makes -------------------------------------------------------------


def reads_and_makes(node: ast.stmt) -> tuple[set[str], set[str]]:
    """Name the variables of the notebook that a statement reads, and those that it makes or changes."""
    reads: set[str] = set()
    makes: set[str] = set()
    try:
        scopes = [symtable.symtable(ast.unparse(node), "<cell>", "exec")]
    except (SyntaxError, ValueError, RecursionError, MemoryError):  # compiling it will say why
        return reads, makes
    while scopes:
        scope = scopes.pop()
        scopes += scope.get_children()
        for symbol in scope.get_symbols():
            if scope.get_type() == "module" or symbol.is_global():
                if symbol.is_referenced():
                    reads.add(symbol.get_name())
                if symbol.is_assigned() or symbol.is_imported():
                    makes.add(symbol.get_name())
    for part in ast.walk(node):
        if isinstance(part, ast.Attribute | ast.Subscript) and not isinstance(part.ctx, ast.Load):
            makes |= roots(part.value)
        elif isinstance(part, ast.Expr) and isinstance(part.value, ast.Call):
            makes |= roots(part.value.func) - SHOWING
        if isinstance(part, ast.Call) and name_of(part.func) in TRAINING:
            for argument in part.args[:1]:
                makes |= roots(argument) - SHOWING
    return reads, makes


def names_read(text: str, nodes: Iterable[ast.stmt | SyntaxError]) -> set[str]:
    """Name the variables of the notebook that a cell reads."""
    try:
        scopes = [symtable.symtable(text, "<cell>", "exec")]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        good = [node for node in nodes if not isinstance(node, SyntaxError)]
        return set().union(*(reads_and_makes(node)[0] for node in good))
    reads: set[str] = set()
    while scopes:
        scope = scopes.pop()
        scopes += scope.get_children()
        shared = scope.get_type() == "module"
        reads |= {s.get_name() for s in scope.get_symbols() if shared or s.is_global()}
    return reads


def read_at_once(node: ast.stmt) -> set[str]:
    """Name the variables that a statement reads when it runs, and not when a function is called."""
    inner = {
        id(below)
        for part in ast.walk(node)
        if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for body in ([part.body] if isinstance(part, ast.Lambda) else part.body)
        for below in ast.walk(body)
    }
    return {
        part.id
        for part in ast.walk(node)
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load) and id(part) not in inner
    }


def stored(node: ast.stmt) -> set[str]:
    """Name what a statement of the notebook binds by assignment."""
    targets = getattr(node, "targets", [getattr(node, "target", None)])
    parts = [part for target in targets if target is not None for part in ast.walk(target)]
    return {part.id for part in parts if isinstance(part, ast.Name)}


def name_of(function: ast.expr) -> str:
    """The last part of the name of what is called."""
    return getattr(function, "attr", getattr(function, "id", ""))


def roots(node: ast.expr) -> set[str]:
    """The variable at the root of ``a.b[c].d``."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    return {node.id} if isinstance(node, ast.Name) else set()


# --- The lesson's own statements ------------------------------------------------------------------


class Given(NamedTuple):
    """A statement that the lesson gives."""

    cell: int
    source: str
    reads: frozenset[str]
    makes: frozenset[str]


class Staged(NamedTuple):
    """What a student's process knows of the lesson, as it was staged."""

    cells: list[str]
    statements: list[list[Any]]
    points: dict[str, int]
    earlier: dict[str, str]
    answers: dict[str, str]
    code: list[str]
    values: list[str]


class StagedLesson:
    """The lesson's own cells: of those that a notebook left as they are, only what it needs runs.

    And where it left some out, or spoilt them, what they would have made is made of these.
    """

    def __init__(self, staged: Staged) -> None:
        self.staged = staged
        self.positions = {source: position for position, source in enumerate(staged.cells)}
        self.statements = [
            Given(cell, source, frozenset(reads), frozenset(makes))
            for cell, source, reads, makes in staged.statements
        ]

    @cached_property
    def own(self) -> list[Given]:
        """What can serve for a cell that is not there: no answer, and no check."""
        keys = self.staged.answers.keys()
        return [
            one
            for one in self.statements
            if not (one.makes & keys or one.source.startswith("check."))
        ]

    @cached_property
    def makes(self) -> frozenset[str]:
        """All names that they can make."""
        return frozenset().union(*(one.makes for one in self.own)) - set(dir(builtins))

    def of_cell(self, position: int) -> list[Given]:
        """The statements of one cell."""
        return [one for one in self.statements if one.cell == position]

    def for_names(self, names: Iterable[str], there: Iterable[str], reached: int) -> list[Given]:
        """Choose the statements that make what is missing, and what that needs and is missing, too.

        Parameters
        ----------
        names, there : iterables of str
            What is wanted, and what exists.
        reached : int
            How far in the lesson the notebook is: what made a name last before that counts.
        """
        there = set(there)
        wanted = set(names) - there
        last = max((n for n, one in enumerate(self.own) if one.cell <= reached), default=-1)
        for name in wanted:
            if not any(name in one.makes for one in self.own[: last + 1]):
                later = (n for n, one in enumerate(self.own) if name in one.makes)
                last = max(last, next(later, last))
        chosen = []
        for one in reversed(self.own[: last + 1]):
            if one.makes & wanted:
                chosen.append(one)
                wanted |= one.reads - there
        return chosen[::-1]


def unmagic(text: str) -> str:
    """Take away the cell magics that only measure or hide what the rest of the cell does."""
    first, end, rest = text.lstrip("\n").partition("\n")
    if re.match(r"%%(time|capture|prun|timeit)\b", first.strip()):
        return "\n" * (len(text) - len(text.lstrip("\n"))) + end + rest
    return text
