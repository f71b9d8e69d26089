"""A learner's notebook: read whatever its age, find an answer in it, give a stub back."""

import re
import warnings
from pathlib import Path
from typing import Any

import nbformat

from course.defining import names_written
from course.lessons import LESSONS
from course.trouble import Trouble
from course.work import folder as folders
from course.writing import write

# What reading may raise when a file is damaged in whatever way.
DAMAGED = (AttributeError, KeyError, TypeError, ValueError, nbformat.ValidationError)


def read_notebook(path: Path) -> Any:
    """Read a notebook as format 4, whatever wrote it.

    Raises
    ------
    Trouble
        If it is not a notebook.
    """
    try:
        with warnings.catch_warnings():  # cells without ids, or with the same: neither matters here
            warnings.simplefilter("ignore")
            notebook = nbformat.convert(nbformat.reader.reads(path.read_text("utf-8-sig")), 4)
        for cell in notebook.cells:
            cell.cell_type, cell.metadata.get("nbgrader"), cell.source.strip()
    except FileNotFoundError:
        raise Trouble(f"There is no {path}. `course update` copies it.") from None
    except DAMAGED as error:
        reason = str(error).splitlines()[0][:80] if str(error) else type(error).__name__
        raise Trouble(
            f"{path} can't be read as a notebook ({reason}). Rename it, and `course update` "
            "gives you a new copy."
        ) from None
    return notebook


def code_cells(notebook: Any) -> list[Any]:
    """The cells that can be executed."""
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def answer_cells(notebook: Any, key: str) -> list[Any]:
    """The cells that hold an answer: the one with its id first, then by metadata, then by name."""
    code = code_cells(notebook)
    tests = (
        lambda cell: cell.get("id") == key,
        lambda cell: (cell.metadata.get("nbgrader") or {}).get("grade_id") == key,
        lambda cell: key in names_written(cell.source),
    )
    found = [cell for test in tests for cell in code if test(cell)]
    return list({id(cell): cell for cell in found}.values())


def reset(folder: Path, key: str, lesson: int) -> list[str]:
    """Give an exercise's stub back and keep the old cell's text beside it.

    Parameters
    ----------
    folder : Path
        The learner's folder.
    key : str
        The exercise.
    lesson : int
        Its lesson.

    Returns
    -------
    list of str
        What was done, in sentences.
    """
    name = LESSONS[lesson].file
    path = folder / name
    if path.resolve() == (folders.NOTEBOOKS / name).resolve():
        raise Trouble(f"{path} is the course's own notebook: there is nothing to reset.")
    notebook = read_notebook(path)
    stub = next(iter(answer_cells(read_notebook(folders.NOTEBOOKS / name), key)), None)
    if stub is None:
        raise Trouble(
            f"{folders.NOTEBOOKS / name} has no cell for {key}. Make it again with `course build`."
        )

    answers = answer_cells(notebook, key)
    if not answers:
        notebook.cells.insert(place_for(notebook, key), new_cell(notebook, "code", stub.source))
        done = [f"No cell of {path} defined {key}. Its stub stands there again."]
    elif answers[0].source == stub.source:
        return [f"{key} is as it was given to you: there is nothing to reset in {path}."]
    else:
        answer = answers[0]
        below = next(i for i, cell in enumerate(notebook.cells) if cell is answer) + 1
        notebook.cells.insert(below, new_cell(notebook, "markdown", kept(key, answer.source)))
        answer.source, answer.outputs, answer.execution_count = stub.source, [], None
        done = [f"{key} is as it was given to you. Your earlier answer stands below it in {path}."]
    if others := len(answers[1:]):
        cells = "cell defines" if others == 1 else "cells define"
        done.append(f"{others} more {cells} {key} too, and wins if it stands further down.")
    write(path, (nbformat.v4.writes(notebook) + "\n").encode())
    return [*done, "Is it open in JupyterLab? Close it without saving, then open it again."]


def place_for(notebook: Any, key: str) -> int:
    """Where a missing answer belongs: above its check, else at the end."""
    checks = (i for i, cell in enumerate(notebook.cells) if f"check.{key}(" in cell.source)
    return next(checks, len(notebook.cells))


def kept(key: str, source: str) -> str:
    """An earlier answer as text that is shown but not run."""
    longest = max(map(len, re.findall("`+", source)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"Your earlier answer to `{key}`:\n\n{fence}python\n{source}\n{fence}"


def new_cell(notebook: Any, kind: str, source: str) -> Any:
    """A cell that fits the notebook's age: ids came with format 4.5."""
    make = nbformat.v4.new_code_cell if kind == "code" else nbformat.v4.new_markdown_cell
    cell = make(source)
    if notebook.nbformat_minor < 5:
        del cell["id"]
    return cell
