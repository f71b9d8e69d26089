"""The verdict on one answer: what every other part of the course reads."""

import html
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol

from course.checking.shell import shell

if TYPE_CHECKING:
    from course.checking.beside import Beside
    from course.checking.opening import Opening
    from course.checking.picturing import Comparison
    from helpers.pictures import Picture

Status = Literal["passed", "failed", "not_attempted"]

# A word and a symbol, never colour alone. The text takes the theme's own colour; the bar beside
# it has at least 3:1 on JupyterLab's light (#fff) and dark (#111) background.
APPEARANCE = {
    "passed": ("✓", "Passed", "#1a8a3a"),
    "failed": ("✗", "Not yet", "#d2452d"),
    "not_attempted": ("○", "Not attempted", "#7a7a7a"),
}


@dataclass(frozen=True, repr=False)
class Result:
    """What a check found.

    Attributes
    ----------
    key : str
        The exercise.
    status : {"passed", "failed", "not_attempted"}
    mistake : str or None
        Id of the recognised mistake.
    message : str
        What the learner reads, as plain text.
    points, max_points : int
        What the answer earned and what it could earn.
    comparison : Comparison or None
        What a picture of it shows, where that says more than the message.
    opening : Opening or None
        A failed call of a convolution or of pooling, for the moving window.
    beside : Beside or None
        The code of an answer that passed, beside the course's.
    """

    key: str
    status: Status
    mistake: str | None
    message: str
    points: int
    max_points: int
    comparison: "Comparison | None" = field(default=None, compare=False)
    opening: "Opening | None" = field(default=None, compare=False)
    beside: "Beside | None" = field(default=None, compare=False)

    def __bool__(self) -> bool:
        return self.status == "passed"

    @property
    def picture(self) -> "Picture | None":
        """The picture of a failed check. Drawn only now: Matplotlib takes longer than the check."""
        if self.comparison is None:
            return None
        from course.checking.drawing import compared

        return compared(self.comparison)

    @property
    def headline(self) -> str:
        """One line: symbol, exercise, status, points."""
        symbol, word, _ = APPEARANCE[self.status]
        return f"{symbol} {self.key}: {word} ({self.points} of {self.max_points} points)"

    def __str__(self) -> str:
        return f"{self.headline}\n{self.message}"

    def __repr__(self) -> str:
        return f"<Result {self.headline}>"

    def _ipython_display_(self) -> None:
        show(self)

    def as_html(self) -> str:
        colour = APPEARANCE[self.status][2]
        paragraphs = "".join(paragraph(text) for text in self.message.split("\n\n"))
        picture = self.picture
        image = picture._repr_mimebundle_()["text/html"] if picture else ""
        return (
            f'<div role="status" style="border-left: 4px solid {colour}; padding: 2px 12px">'
            f'<p style="font-weight: bold; margin: 4px 0">'
            f"{html.escape(self.headline)}</p>{paragraphs}{image}"
            f"{self.beside.as_html() if self.beside else ''}</div>"
            # Not within the status: a screen reader would say it all again at each move.
            f"{self.opening.as_html() if self.opening else ''}"
        )


class Shown(Protocol):
    """What can be shown as a verdict is: as text, and as HTML."""

    def as_html(self) -> str: ...


_shown: tuple[Shown | None, int] = (None, 0)


def show(result: Shown) -> None:
    """Show a verdict: as HTML in a notebook, as text in a terminal.

    A check shows its result at once, so that it also shows in a loop or above other lines. When
    the check ends its cell, the notebook asks for the same result once more: that is not shown.
    """
    global _shown
    ipython = shell()
    if ipython is None:
        print(result)
        return
    last, cell = _shown
    if last is not result or cell != ipython.execution_count:
        from IPython.display import display

        display({"text/plain": str(result), "text/html": result.as_html()}, raw=True)
    _shown = (result, ipython.execution_count)


class Paragraphs(str):
    """Some paragraphs that are no verdict, shown as one is."""

    def as_html(self) -> str:
        return "".join(paragraph(text) for text in self.split("\n\n"))


def paragraph(text: str) -> str:
    """One part of a message as HTML: prose as prose, with code in backticks; what follows on its
    own lines keeps its spacing, because arrays and code are written there."""
    first, _, rest = text.partition("\n")
    words = re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(first))
    block = f'<pre style="margin: 2px 0 2px 16px">{html.escape(rest)}</pre>' if rest else ""
    return f'<p style="margin: 4px 0">{words}</p>{block}'
