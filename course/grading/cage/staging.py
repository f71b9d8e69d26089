"""The files that a cage may see: no exercise, no check, no label, and no borrowed answer.

A lesson teaches with `helpers`, and `helpers` answers some of its exercises. These functions stand
there without their bodies, and ask outside instead. What earlier lessons taught stays.
"""

import ast
import compileall
import contextlib
import json
import py_compile
import shutil
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import course
import helpers
from course.checking.check import solution_source
from course.defining import names_made
from course.exercises import EXERCISES, ByObservation, Exercise, exercises_of
from course.grading.cage.cells import pieces, reads_and_makes
from course.grading.cells import code_of
from course.lessons import LESSONS

UNCHECKED = py_compile.PycInvalidationMode.UNCHECKED_HASH

COURSE, HELPERS = (Path(str(room.__file__)).parent for room in (course, helpers))

SEEN = (
    *(
        f"checking/{name}.py"
        for name in (
            "calling",
            "clocks",
            "comparing",
            "errors",
            "explaining",
            "looking",
            "result",
            "shell",
        )
    ),
    *("lessons.py", "misprints.py", "exercises/exercise.py"),
    *(
        f"exercises/trials/{file.name}"
        for file in sorted((COURSE / "exercises/trials").glob("*.py"))
    ),
    *(
        f"grading/cage/{name}.py"
        for name in (
            "cells",
            "clean",
            "door",
            "events",
            "ending",
            "refused",
            "server",
            "standing",
            "standins",
            "student",
            "told",
            "walls",
            "wire",
        )
    ),
)
"""All of the course that is in a cage."""

ANSWERS = {
    4: (
        "course/exercises/trials/small_network.py",
        "helpers/data/hasty_network.npz",
        "helpers/data/trained_network.npz",
    )
}
"""By lesson: files that are not there, for they hold or make what is asked."""

IMPORTS = ast.Import | ast.ImportFrom
DRAWN = ("pictures", "stepper")
"""Rooms of `helpers` that nobody looks at while notebooks are graded."""

SHARED = {"matplotlib": ("matplotlib.pyplot",), "scipy": ("scipy.ndimage", "scipy.signal")}
"""By package: what takes long to import, and is imported for all once somebody names it."""

SILENT = '''"""Nobody looks here: whatever would be drawn is not."""


class Nothing:
    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __call__(self, *args, **kwargs):
        return self

    def __repr__(self):
        return "not drawn"


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    return Nothing()
'''


# --- What answers an exercise ---------------------------------------------------------------------


@cache
def answering(key: str) -> frozenset[str]:
    """Name what answers an exercise: in `helpers`, and of the course's own answers.

    The answer to a later exercise of the lesson may hold this one's.
    """
    keys = [exercise.key for exercise in exercises_of(EXERCISES[key].lesson)]
    names = {name for name in EXERCISES[key].helpers if "." in name}
    return frozenset(built_on(names) | {f"yours.{one}" for one in keys[keys.index(key) :]})


def withheld(lesson: int) -> set[str]:
    """Name what of `helpers` answers any exercise of a lesson."""
    names = set().union(*(answering(exercise.key) for exercise in exercises_of(lesson)))
    return {name for name in names if not name.startswith("yours.")}


def built_on(names: set[str]) -> set[str]:
    """These functions and values, ``room.name``, and the private functions that they build on."""
    found, todo = set(), list(names)
    while todo:
        room, _, own = todo.pop().partition(".")
        node = homes(room).get(own)
        if node is None:
            raise LookupError(f"there is no helpers.{room}.{own} to withhold")
        if isinstance(node, ast.ImportFrom):  # it is withheld where it is at home
            todo.append(f"{str(node.module).removeprefix('helpers.')}.{own}")
            continue
        found.add(f"{room}.{own}")
        used = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
        if isinstance(node, ast.FunctionDef):
            private = (one for one in used & set(homes(room)) if one.startswith("_"))
            functions = {one for one in private if isinstance(homes(room)[one], ast.FunctionDef)}
            todo += [f"{room}.{one}" for one in functions if f"{room}.{one}" not in found]
    return found


@cache
def homes(room: str) -> dict[str, ast.stmt]:
    """The statements of a room of `helpers`, by the names that they define."""
    tree = ast.parse((HELPERS / f"{room}.py").read_text(encoding="utf-8"))
    return {name: node for node in tree.body for name in defined(node)}


def defined(node: ast.stmt) -> list[str]:
    """The names that a statement of a module defines or brings in."""
    if isinstance(node, ast.ImportFrom):
        return [alias.asname or alias.name for alias in node.names]
    return names_made(node)


def judged_by_what_it_does(exercise: Exercise) -> bool:
    """Whether an answer is no function of plain data: what it makes can't be sent."""
    return isinstance(exercise, ByObservation) and exercise.kind != "value"


# --- The files ------------------------------------------------------------------------------------


def stage(lesson: int, folder: Path) -> None:
    """Copy what a cage for this lesson may see into an empty folder.

    Parameters
    ----------
    lesson : int
    folder : Path
        Gets ``course/``, ``helpers/`` and ``lesson.json``: what `cells.Staged` holds.
    """
    for name in SEEN:
        (folder / "course" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(COURSE / name, folder / "course" / name)
    ignored = shutil.ignore_patterns("__pycache__", *DRAWN)
    shutil.copytree(HELPERS, folder / "helpers", ignore=ignored)
    for room in DRAWN:
        (folder / "helpers" / f"{room}.py").write_text(SILENT, encoding="utf-8")
    for name in ANSWERS.get(lesson, ()):
        (folder / name).unlink()
    withhold(folder / "helpers", withheld(lesson))
    for part in ("course", "helpers"):  # once, and not in every fork
        compileall.compile_dir(folder / part, quiet=2, invalidation_mode=UNCHECKED)
    (folder / "lesson.json").write_text(json.dumps(described(lesson)), encoding="utf-8")


def withhold(folder: Path, names: Iterable[str]) -> None:
    """Take functions out of a copy of `helpers`, and mark values."""
    rooms: dict[str, set[str]] = {}
    for name in names:
        room, _, own = name.partition(".")
        rooms.setdefault(room, set()).add(own)
    for room, own_names in rooms.items():
        file = folder / f"{room}.py"
        tree = ast.parse(file.read_text(encoding="utf-8"))
        for node in tree.body:
            for name in own_names.intersection(defined(node)):
                empty(node, f"{room}.{name}")
        file.write_text(ast.unparse(tree), encoding="utf-8")


def empty(node: ast.stmt, name: str) -> None:
    """Let a function ask outside; let a value say that it is lent."""
    door = "__import__('course.grading.cage.door', fromlist=['ask'])"
    if isinstance(node, ast.FunctionDef):
        given = [one.arg for one in (*node.args.posonlyargs, *node.args.args)]
        given += [f"*{node.args.vararg.arg}"] if node.args.vararg else []
        given += [f"{one.arg}={one.arg}" for one in node.args.kwonlyargs]
        asked = f"{door}.ask({', '.join([repr(name), *given])})"
        several = any(isinstance(part, ast.Yield) for part in ast.walk(node))
        node.body = ast.parse(f"return {f'iter({asked})' if several else asked}").body
    elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
        lent = ast.parse(f"{door}.lend({name!r}, 0)", mode="eval").body
        assert isinstance(lent, ast.Call)
        lent.args[1] = node.value
        node.value = lent


def described(lesson: int) -> dict[str, Any]:
    """All that a student's process knows of the lesson, as plain data."""
    keys = [exercise.key for exercise in exercises_of(lesson)]
    statements = [
        [place, ast.unparse(node), *map(sorted, reads_and_makes(node))]
        for place, cell in enumerate(given_cells(lesson))
        for node in pieces(cell)
        if not isinstance(node, SyntaxError)
    ]
    return {
        "cells": [cell.strip() for cell in given_cells(lesson)],
        "statements": statements,
        "points": {key: exercise.points for key, exercise in EXERCISES.items()},
        "earlier": {key: solution_source(e) for key, e in EXERCISES.items() if e.lesson < lesson},
        "answers": {key: EXERCISES[key].kind for key in keys},
        "code": [key for key in keys if judged_by_what_it_does(EXERCISES[key])],
        "values": sorted(name for name in withheld(lesson) if not is_function(name)),
    }


def shared_by(lesson: int, cells: Iterable[str]) -> set[str]:
    """Name what of `SHARED` cells may need that are not the lesson's: few of those are run."""
    given = {cell.strip() for cell in given_cells(lesson)}
    text = "\n".join(cell for cell in cells if cell.strip() not in given)
    return {
        module
        for package, modules in SHARED.items()
        if any(word in text for word in (package, *brought_from(package, lesson)))
        for module in modules
    }


@cache
def brought_from(package: str, lesson: int) -> set[str]:
    """The names that the lesson's own cells bring from a package."""
    lines = [line for line in imported_by(lesson) if line.startswith(f"from {package}")]
    return {name for line in lines for name in defined(ast.parse(line).body[0])}


def is_function(name: str) -> bool:
    """Whether this, ``room.name``, is a function."""
    room, _, own = name.partition(".")
    return isinstance(homes(room)[own], ast.FunctionDef)


@cache
def given_cells(lesson: int) -> list[str]:
    """The code cells that the lesson gives, in their order."""
    return list(code_of(LESSONS[lesson].notebook().read_bytes()))


@cache
def imported_by(lesson: int) -> list[str]:
    """The lines by which the lesson's own cells import something."""
    lines: dict[str, None] = {}
    for cell in given_cells(lesson):
        with contextlib.suppress(SyntaxError):  # of a magic
            imports = [one for one in ast.parse(cell).body if isinstance(one, IMPORTS)]
            lines |= dict.fromkeys(map(ast.unparse, imports))
    return [*lines]
