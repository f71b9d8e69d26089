"""Which names a statement makes: what says that a cell answers an exercise, or where code is at home."""

import ast
import re

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef

# Where a name stands that is defined or assigned, in code that need not be Python.
WRITTEN = re.compile(r"^(?:async +)?(?:def|class) +(\w+)|^(\w+) *(?::[^=\n]+)?=(?!=)", re.MULTILINE)


def names_written(source: str) -> set[str]:
    """The names that a text looks to define at its top level, Python or not."""
    return {name for found in WRITTEN.findall(source) for name in found if name}


def names_made(statement: ast.stmt) -> list[str]:
    """The names that a definition or an assignment makes, in order; none by other statements."""
    if isinstance(statement, Definition):
        return [statement.name]
    if isinstance(statement, ast.Assign):
        targets: list[ast.expr] = statement.targets
    elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
        targets = [statement.target]
    else:
        return []
    parts = (part for target in targets for part in ast.walk(target) if isinstance(part, ast.Name))
    return [part.id for part in parts if isinstance(part.ctx, ast.Store)]


def names_defined(source: str) -> list[str]:
    """The names that code makes at its top level, in order.

    Raises
    ------
    SyntaxError
        If it is no Python.
    """
    return [name for statement in ast.parse(source).body for name in names_made(statement)]
