"""The code cells of a notebook, whatever version of Jupyter wrote it and whatever it is called."""

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from course.checking.result import APPEARANCE

SCRIPT_CELL = re.compile(r"^# (?:%%|In ?\[[\d ]*\]:)[^\n]*$", re.MULTILINE)

PASSED = re.compile(
    rf"^{APPEARANCE['passed'][0]} (\w+): {APPEARANCE['passed'][1]} \(", re.MULTILINE
)
VERSION = re.compile(r"3\.\d{1,3}(\.|$)")


class Unreadable(Exception):
    """Why a file can't be read: what comes after its name in a sentence."""


class Cell(NamedTuple):
    """A code cell.

    Attributes
    ----------
    source : str
    name : str
        What the lesson calls it, in nbgrader's metadata or as its id; empty if nobody does.
    passed : tuple of str
        The exercises whose checks say in its saved output that they passed.
    python : str
        The version of Python on which the notebook was saved, if it says so.
    """

    source: str
    name: str = ""
    passed: tuple[str, ...] = ()
    python: str = ""


def code_of(raw: bytes) -> Iterator[str]:
    """Yield the sources of a notebook's code cells.

    Raises
    ------
    Unreadable
        If it is no notebook.
    """
    return (cell.source for cell in cells_of(raw))


def cells_of(raw: bytes) -> Iterator[Cell]:
    """Yield a notebook's code cells.

    Raises
    ------
    Unreadable
        If it is no notebook.
    """
    try:
        try:
            notebook = json.loads(raw)
        except UnicodeDecodeError:  # one wrong byte costs the cell that it is in
            notebook = json.loads(raw.decode(json.detect_encoding(raw), "replace"))
    except RecursionError:
        raise Unreadable("is no notebook: it is nested too deeply. Hand in the lesson.") from None
    except ValueError as error:
        where = f" (line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
        why = f"it is not JSON{where}" if raw.strip() else "it is empty"
        raise Unreadable(f"is no notebook: {why}. Save it in Jupyter, hand it in again.") from None
    cells = list_of_cells(notebook)
    if cells is None:
        raise Unreadable("is JSON, but no notebook: it has no list of cells. Hand in the lesson.")
    python = python_of(notebook)
    for cell in cells:
        if isinstance(cell, dict) and cell.get("cell_type") == "code":
            source = cell.get("source", cell.get("input", ""))
            lines = source if isinstance(source, list) else [source]
            text = "".join(line for line in lines if isinstance(line, str))
            # Half a surrogate pair is no text.
            text = text.encode("utf-8", "replace").decode()
            yield Cell(text, name_of(cell), passed_in(cell), python)


def list_of_cells(notebook: Any) -> list[Any] | None:
    """The cells of a notebook; before format 4 they lay in worksheets, and had an input."""
    sheets = notebook.get("worksheets") if isinstance(notebook, dict) else None
    found = None
    for sheet in (notebook, *(sheets if isinstance(sheets, list) else ())):
        if isinstance(sheet, dict) and isinstance(sheet.get("cells"), list):
            found = [*(found or ()), *sheet["cells"]]
    return found


def name_of(cell: dict[str, Any]) -> str:
    """What the lesson calls a cell."""
    metadata = cell.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    given = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None
    return next((name for name in (given, cell.get("id")) if isinstance(name, str)), "")


def passed_in(cell: dict[str, Any]) -> tuple[str, ...]:
    """The exercises that a cell's saved output calls passed."""
    found: list[str] = []
    outputs = cell.get("outputs")
    for output in outputs if isinstance(outputs, list) else ():
        if isinstance(output, dict):
            data = output.get("data")
            said = data.get("text/plain") if isinstance(data, dict) else output.get("text")
            lines = said if isinstance(said, list) else [said]
            found += PASSED.findall("".join(line for line in lines if isinstance(line, str)))
    return tuple(found)


def python_of(notebook: dict[str, Any]) -> str:
    """The version of Python that a notebook was saved on; empty if it does not say."""
    found: Any = notebook
    for name in ("metadata", "language_info", "version"):
        found = found.get(name) if isinstance(found, dict) else None
    return found if isinstance(found, str) and VERSION.match(found) else ""


def is_notebook(raw: bytes) -> bool:
    """Whether a file is a notebook, as far as its first bytes tell."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raw = raw.decode("utf-16", "ignore").encode()
    return raw.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{")


def script_cells(raw: bytes) -> list[Cell]:
    """The code cells of a script that Jupytext or nbconvert made of a notebook; none of another."""
    text = raw.decode("utf-8", "replace").replace("\r\n", "\n")
    marks = list(SCRIPT_CELL.finditer(text))
    if len(marks) < 2:
        return []
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    return [
        Cell(text[mark.end() : end].strip("\n"))
        for mark, end in zip(marks, ends, strict=True)
        if "[markdown]" not in mark[0] and "[md]" not in mark[0]
    ]
