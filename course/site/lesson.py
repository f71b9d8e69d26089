"""A solution notebook as what a reader of its page sees.

A browser that runs nothing can check nothing, so the cells that call `check` or `progress` are left
out. Answers are there but folded away, and so is the result of a cell that asks for a prediction:
who reads here shall have the chance to think first, as in the notebook.
"""

import base64
import hashlib
import html
import re
from dataclasses import dataclass, field
from typing import Any

from course.authoring.notebooks import AFTER_A_BREAK, COLAB
from course.authoring.source import BEGIN, END, without_solution
from course.site.prose import code, prose, scrolled

NOT_SHOWN = ("badges", COLAB)
PEN_AND_PAPER = "**Pen and paper"  # what a learner is to work out before the next cell shows it
PICTURE = re.compile(r'src="data:image/png;base64,([^"]+)"')
# The window moves where it stands; what a notebook says of running the cell is not for a page.
WINDOW = 'class="stepper-values"'
STILL = re.compile(r'<p class="stepper-still">.*?</p>')


@dataclass
class PageBlock:
    """One cell as a page shows it; `results` are HTML."""

    text: str = ""
    code: str = ""
    answer: str = ""
    key: str = ""
    results: list[str] = field(default_factory=list)
    folded: bool = False


@dataclass
class Page:
    """One page: its address, what the index says of it, and its blocks."""

    name: str
    title: str
    facts: str
    lead: str
    blocks: list[PageBlock] = field(default_factory=list)
    sections: dict[str, str] = field(default_factory=dict)
    pictures: dict[str, bytes] = field(default_factory=dict)

    @property
    def page(self) -> str:
        """The name of its file."""
        return f"{self.name}.html"

    @property
    def cover(self) -> str:
        """Its first picture."""
        shown = "".join(result for block in self.blocks for result in block.results)
        first = re.search("<img [^>]+>", shown)
        return re.sub(' style="[^"]*"', "", first[0]) if first else ""

    @property
    def moves(self) -> bool:
        """Whether there is a window on its page."""
        return any(WINDOW in result for block in self.blocks for result in block.results)


def page_of(name: str, notebook: Any) -> Page:
    """Read a solution notebook whose first cell has the title, the facts and what it is about."""
    paragraphs = notebook.cells[0].source.split("\n\n")
    title, facts, lead, *_ = (one for one in paragraphs if one != AFTER_A_BREAK)
    lead = lead[: lead.rindex(".") + 1]  # not the "At the end you can" that begins a list
    lesson = Page(name, title.removeprefix("# "), facts.strip("*"), lead)
    for before, cell in zip([None, *notebook.cells], notebook.cells, strict=False):
        if cell.id in NOT_SHOWN or cell.source.startswith("progress()"):
            continue
        if cell.id.endswith("-predict"):  # the question, and its answer folded away
            results = [result(output, lesson.pictures) for output in cell.outputs]
            lesson.blocks.append(PageBlock(results=results))
            continue
        role = cell.metadata.get("nbgrader", {})
        if role.get("solution"):
            lesson.blocks.append(exercise(cell))
        elif cell.cell_type == "markdown":
            text, sections = prose(cell.source)
            lesson.sections |= sections
            lesson.blocks.append(PageBlock(text))
        elif not role:
            asked = before.id.endswith("-predict") or (
                before.cell_type == "markdown" and PEN_AND_PAPER in before.source
            )
            results = [result(output, lesson.pictures) for output in cell.outputs]
            lesson.blocks.append(PageBlock(code=code(cell.source), results=results, folded=asked))
    return lesson


def exercise(cell: Any) -> PageBlock:
    """What a learner is given, and one right answer."""
    answer = [line for line in cell.source.splitlines() if line.strip() not in (BEGIN, END)]
    stub = without_solution(cell.source)
    return PageBlock(code=code(stub), answer=code("\n".join(answer)), key=cell.id)


def result(output: Any, pictures: dict[str, bytes]) -> str:
    """One output as HTML; its pictures become files."""
    shown = output.get("data", {"text/plain": output.get("text", "")})
    if "text/html" not in shown:
        return scrolled("div", "Result", f"<pre>{html.escape(shown['text/plain'])}</pre>")

    def to_file(found: re.Match[str]) -> str:
        png = base64.b64decode(found[1])
        name = f"pictures/{hashlib.sha256(png).hexdigest()[:12]}.png"
        pictures[name] = png
        return f'src="{name}"'

    made, pictured = PICTURE.subn(to_file, STILL.sub("", shown["text/html"]))
    if WINDOW in made:
        return made
    return scrolled("div", "Picture" if pictured else "Result", made)
