"""An extension of the kernels of `course lab`: what a notebook needs again after a restart.

A kernel that was started anew knows nothing. So the first cell, which imports the course, runs
again by itself; and a name that some other cell defines is told with what to do.
"""

import ast
import builtins
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import course.checking.check  # noqa: F401 - watches cells, too, and before the first one runs
from course.checking.shell import shell

FIRST = re.compile(r"^from course import\b", re.MULTILINE)
"""What stands in the cell that everything else needs."""

RAN = (
    "(The kernel was started anew and knows nothing, so the notebook's first cell was run again. "
    "Other cells further up may be needed too: Run > Run All Above Selected Cell.)"
)


def load_ipython_extension(ipython: Any) -> None:
    """Begin to watch, as IPython does with ``--ext``."""
    ipython.events.register("pre_run_cell", run_first_cell)
    ipython.events.register("post_run_cell", say_where_it_is)


def run_first_cell(info: Any) -> None:
    """Before a cell runs: if it needs what the first one defines, and that has not run, run it."""
    code, names = info.raw_cell or "", shell().user_ns
    if FIRST.search(code):
        return
    first = next((cell for cell in cells() if FIRST.search(cell)), "")
    needed = names_in(code) & set(defined(first))
    if not needed or needed <= names.keys():
        return
    tree = ast.parse(first)
    # Neither its pictures nor what it prints: only what it makes.
    tree.body = [part for part in tree.body if not isinstance(part, ast.Expr)]
    exec(compile(tree, "<first cell>", "exec"), names)  # noqa: S102 - the learner's own code
    print(RAN)


def say_where_it_is(result: Any) -> None:
    """After a cell has run: if it wanted a name that another cell defines, say so."""
    error = result.error_in_exec
    missing = (isinstance(error, NameError) and error.name) or ""
    own = defined(result.info.raw_cell or "")
    if missing not in own and any(missing in defined(cell) for cell in cells()):
        print(
            f"`{missing}` is defined in another cell of this notebook, which has not run since the "
            "kernel was started. Choose Run > Run All Above Selected Cell, then run this one again."
        )


def cells() -> Iterator[str]:
    """The code of the notebook that this kernel runs, as it was saved."""
    try:
        notebook = json.loads(Path(os.environ["JPY_SESSION_NAME"]).read_text(encoding="utf-8"))
        for cell in notebook["cells"]:
            if cell["cell_type"] == "code":
                yield "".join(cell["source"])
    except (AttributeError, KeyError, OSError, TypeError, ValueError):
        return  # a console, or something that is no notebook


def names_in(code: str) -> set[str]:
    """Every word of some code, be it Python or not."""
    return set(re.findall(r"[A-Za-z_]\w*", code)) - set(dir(builtins))


def defined(code: str) -> Iterator[str]:
    """The names that a cell binds at its top level; none of one that Python can't read."""
    try:
        body = ast.parse(code).body
    except SyntaxError:
        return
    for part in body:
        if isinstance(part, ast.Import | ast.ImportFrom):
            yield from (alias.asname or alias.name.partition(".")[0] for alias in part.names)
        elif isinstance(part, ast.FunctionDef | ast.ClassDef):
            yield part.name
        elif isinstance(part, ast.Assign | ast.AnnAssign | ast.For | ast.With):
            for node in ast.walk(part):
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                    yield node.id
