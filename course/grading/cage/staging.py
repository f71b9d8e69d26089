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
    *(f"checking/{name}.py" for name in ("calling", "errors", "explaining", "looking", "result")),
    *("lessons.py", "exercises/exercise.py", "exercises/trials.py"),
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
        "graded. Write your own."
    )


class Value:
    """Stand in for a value that answers an exercise."""

    def __init__(self, name):
        self._name = name

    def __repr__(self):
        asked.add(self._name)
        return f"{self._name}, which is withheld while this lesson is graded"

    def __getattr__(self, attribute):
        withheld(self._name)

    def refuse(self, *args, **kwargs):
        withheld(self._name)

    __array__ = __len__ = __iter__ = __getitem__ = __contains__ = refuse
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __neg__ = refuse
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
    """Take some functions and values, ``room.name``, out of a copy of `helpers`."""
    rooms: dict[str, set[str]] = {}
    for name in names:
        room, _, own = name.partition(".")
        if own:
            rooms.setdefault(room, set()).add(own)
    for room, own_names in rooms.items():
        file = folder / f"{room}.py"
        tree = ast.parse(file.read_text(encoding="utf-8"))
        empty(tree, own_names, room)
        file.write_text(ast.unparse(tree), encoding="utf-8")
        py_compile.compile(str(file), doraise=True, invalidation_mode=UNCHECKED)


def empty(tree: ast.Module, names: set[str], room: str) -> None:
    """Replace the bodies of functions, and values, by a refusal: of what they build on, too."""
    homes = {name: node for node in tree.body for name in defined(node)}
    if missing := names - set(homes):
        raise LookupError(f"there is no helpers.{room}.{missing.pop()} to withhold")
    todo, done = list(names), set()
    while todo:
        name = todo.pop()
        done.add(name)
        node = homes[name]
        whole = f"'helpers.{room}.{name}'"
        if isinstance(node, ast.FunctionDef):
            used = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
            private = {one for one in used & set(homes) if one.startswith("_")}
            todo += [one for one in private - done if isinstance(homes[one], ast.FunctionDef)]
            node.body = ast.parse(f"from helpers.withheld import withheld\nwithheld({whole})").body
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            node.value = ast.parse(
                f"__import__('helpers.withheld').withheld.Value({whole})", mode="eval"
            ).body
        # An import needs nothing: it is withheld where it is at home.


def defined(node: ast.stmt) -> list[str]:
    """The names that a statement of a module defines."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return [node.name]
    if isinstance(node, ast.ImportFrom):
        return [alias.asname or alias.name for alias in node.names]
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    return [target.id for target in targets if isinstance(target, ast.Name)]
