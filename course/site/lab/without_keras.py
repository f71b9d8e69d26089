"""A lesson for where there is no Keras: what needs it can be read, with a link to where it runs."""

from collections.abc import Iterator
from dataclasses import replace

from course.authoring.markers import WITH, WITHOUT
from course.authoring.source import Source, SourceCell
from course.exercises import EXERCISES

CELL = (
    "**This needs Keras, which no browser has: [open the lesson in Colab]({colab}) to run it.**"
    "\n\n```python\n{code}\n```"
)

ANSWER = (
    "**This exercise needs Keras, which no browser has: [do it in Colab]({colab}), where its check "
    "runs.**"
)


def without_keras(source: Source, colab: str) -> Source:
    """Make of a lesson's source what stands where there is no Keras.

    Parameters
    ----------
    source : Source
    colab : str
        The address that opens the lesson in Colab.

    Returns
    -------
    Source
        With the cells that stand only there, and the others' code to be read.
    """
    return replace(source, cells=tuple(cells(source, colab)))


def cells(source: Source, colab: str) -> Iterator[SourceCell]:
    """Yield the cells that stand there."""
    for cell in source.cells:
        if cell.exercise and EXERCISES[cell.exercise].keras:
            told = ANSWER.format(colab=colab)
            yield SourceCell(f"{cell.id}-needs-keras", "markdown", told, cell.line, {})
        if cell.only == WITHOUT:
            yield replace(cell, only=None)
        elif cell.only != WITH:
            yield cell
        elif cell.kind == "code":
            told = CELL.format(colab=colab, code=cell.source)
            yield replace(cell, kind="markdown", source=told, metadata={})
