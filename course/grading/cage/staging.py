"""The files that a cage may see: no exercise, no check, no label, and no borrowed answer.

A lesson teaches with `helpers`, and `helpers` answers some of its exercises. While the lesson is
graded these functions stand there without their bodies. What earlier lessons taught stays.
"""

import ast
import compileall
import json
import py_compile
import shutil
from collections.abc import Iterable
from pathlib import Path

import course
import helpers
from course.checking.check import solution_source
from course.exercises import EXERCISES
from course.grading.graded import exercises_of

UNCHECKED = py_compile.PycInvalidationMode.UNCHECKED_HASH

COURSE, HELPERS = (Path(str(room.__file__)).parent for room in (course, helpers))

SEEN = (
    *(f"checking/{name}.py" for name in ("calling", "explaining", "looking", "result")),
    *(f"exercises/{name}.py" for name in ("exercise", "trials")),
    *(f"grading/cage/{name}.py" for name in ("server", "student", "walls", "wire")),
)
"""All of the course that is in a cage."""

DRAWN = ("pictures", "stepper")
"""Rooms of `helpers` that nobody looks at while notebooks are graded."""

WHOLE_LESSON = "lesson"
"""The variant of `helpers` in which whatever answers any exercise of the lesson is withheld."""

WITHHELD = '''"""What is withheld here, and who asked for it."""

asked = set()


class Withheld(Exception):
    """Raised instead of an answer."""


def withheld(name, *args, **kwargs):
    """Stand in for a function that answers an exercise."""
    asked.add(name)
    raise Withheld(
        f"{name} answers an exercise of this lesson, so it can't be used while the lesson is "
        "graded. Use your own function."
    )
'''

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


def variants(lesson: int) -> dict[str, set[str]]:
    """Name the functions of `helpers` that are withheld, for the lesson and for each exercise."""
    asked = {exercise.key: set(exercise.helpers) for exercise in exercises_of(lesson)}
    return {WHOLE_LESSON: set().union(*asked.values()), **asked}


def stage(lesson: int, folder: Path, root: Path) -> None:
    """Copy what a cage for this lesson may see into an empty folder.

    Parameters
    ----------
    lesson : int
    folder : Path
        Gets ``course/``, ``variants/VARIANT/helpers/``, the ``data/`` that they share, and
        ``earlier.json``: answers to earlier lessons, for ``yours.KEY``.
    root : Path
        Where that folder will be seen.
    """
    shutil.copytree(HELPERS / "data", folder / "data")
    for name in SEEN:
        (folder / "course" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(COURSE / name, folder / "course" / name)
    plain = folder / "plain"
    stage_helpers(plain, root / "data")
    for part in ("course", "plain"):  # once, and not in every fork
        compileall.compile_dir(folder / part, quiet=2, invalidation_mode=UNCHECKED)
    for variant, names in variants(lesson).items():
        shutil.copytree(plain, folder / "variants" / variant / "helpers", symlinks=True)
        withhold(folder / "variants" / variant / "helpers", names)
    shutil.rmtree(plain)
    earlier = {key: solution_source(e) for key, e in EXERCISES.items() if e.lesson < lesson}
    (folder / "earlier.json").write_text(json.dumps(earlier), encoding="utf-8")


def stage_helpers(folder: Path, data: Path) -> None:
    """Copy `helpers`, without what is drawn."""
    shutil.copytree(HELPERS, folder, ignore=shutil.ignore_patterns("__pycache__", "data", *DRAWN))
    (folder / "data").symlink_to(data)
    (folder / "withheld.py").write_text(WITHHELD, encoding="utf-8")
    for room in DRAWN:
        (folder / f"{room}.py").write_text(SILENT, encoding="utf-8")


def withhold(folder: Path, names: Iterable[str]) -> None:
    """Take the bodies of some functions, ``room.function``, from a copy of `helpers`."""
    rooms: dict[str, list[str]] = {}
    for name in names:
        room, _, function = name.partition(".")
        if function:
            rooms.setdefault(room, []).append(function)
    for room, functions in rooms.items():
        file = folder / f"{room}.py"
        source = file.read_text(encoding="utf-8")
        for function in functions:
            source = without_body(source, function, f"{room}.{function}")
        file.write_text(source, encoding="utf-8")
        py_compile.compile(str(file), doraise=True, invalidation_mode=UNCHECKED)


def without_body(source: str, function: str, name: str) -> str:
    """Replace the body of one function by a refusal."""
    tree = ast.parse(source)
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name == function:
            refusal = f"from helpers.withheld import withheld\nwithheld('helpers.{name}')"
            node.body = ast.parse(refusal).body
            return ast.unparse(tree)
        if isinstance(node, ast.ImportFrom) and function in {alias.name for alias in node.names}:
            return source  # it is withheld where it is at home
    raise LookupError(f"there is no helpers.{name} to withhold")
