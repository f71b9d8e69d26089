"""The house: imports point one way, and in no circle."""

import ast
from collections import Counter
from functools import cache
from graphlib import TopologicalSorter

from course.lessons import ROOT

# A room imports from rooms before it, and from those of its own row.
ROWS = (
    ("helpers",),
    ("course.defining", "course.lessons", "course.misprints", "course.trouble", "course.writing"),
    ("course.exercises", "course.predictions"),
    ("course.checking",),
    ("course.authoring", "course.grading", "course.site", "course.work", "course.doctor"),
    ("course.cli",),
)
FILES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for room in ("course", "helpers")
    for path in (ROOT / room).rglob("*.py")
}


def row(module: str) -> int | None:
    """Where a module's room stands; None for `course` itself, which is the door."""
    found = [
        place
        for place, rooms in enumerate(ROWS)
        for room in rooms
        if module == room or module.startswith(f"{room}.")
    ]
    return found[0] if found else None


@cache
def tree(module: str) -> ast.Module:
    """A module, parsed."""
    return ast.parse(FILES[module].read_text(encoding="utf-8"))


@cache
def imports(module: str) -> set[str]:
    """The modules of ours that a module imports, at its top or anywhere in it."""
    found = set()
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                found.add(inner if inner in FILES else node.module)
    return found & set(FILES)


def test_a_room_imports_only_from_rooms_before_it():
    wrong = [
        f"{module} imports {other}"
        for module in FILES
        for other in imports(module)
        if (mine := row(module)) is not None
        and (theirs := row(other)) is not None
        and theirs > mine
    ]
    assert not wrong


def test_no_module_is_imported_in_a_circle():
    list(TopologicalSorter({one: imports(one) - {one} for one in FILES}).static_order())


LONGEST = 400
"""Lines of a file. What has more is two things, and one of them is hard to find."""


def test_no_file_of_the_course_is_longer_than_one_can_hold_in_the_head():
    lengths = {
        path.relative_to(ROOT).as_posix(): len(path.read_text(encoding="utf-8").splitlines())
        for path in (ROOT / "course").rglob("*.py")
    }
    assert not {name: lines for name, lines in lengths.items() if lines > LONGEST}


def test_no_two_classes_have_one_name():
    found = [
        (node.name, module)
        for module in FILES
        for node in tree(module).body
        if isinstance(node, ast.ClassDef)
    ]
    counts = Counter(name for name, _ in found)
    assert not [f"{name} in {module}" for name, module in found if counts[name] > 1]
