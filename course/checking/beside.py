"""What a pass shows besides "Right.": the learner's code beside the course's, without a judgement."""

import ast
import html
from collections.abc import Callable
from typing import Any, NamedTuple

from course.checking.calling import definition, kept_quiet
from course.checking.looking import called
from course.checking.picturing import described
from course.exercises import ByCalls, Call

REPEATED = 3  # the best of so many calls is told
PATIENCE = 0.2  # seconds for one call; a slower one is timed once

Node = type[ast.AST] | tuple[type[ast.AST], ...]
KINDS: tuple[tuple[str, Node], ...] = (
    ("a loop", (ast.For, ast.While)),
    ("a comprehension", (ast.ListComp, ast.GeneratorExp, ast.SetComp, ast.DictComp)),
    ("a slice", ast.Slice),
    ("a condition", (ast.If, ast.IfExp)),
)
LIBRARIES = {
    **dict.fromkeys(("scipy", "ndimage", "signal", "convolve2d", "correlate2d"), "SciPy"),
    "cv2": "OpenCV",
    "sliding_window_view": "NumPy's windows",
    "einsum": "einsum",
    **dict.fromkeys(("keras", "tf", "tensorflow"), "Keras"),
    **dict.fromkeys(("skimage", "block_reduce", "view_as_windows"), "scikit-image"),
}


class Code(NamedTuple):
    """One way to write an answer: its source, what it is made of, how long one call took."""

    source: str
    kinds: tuple[str, ...]
    seconds: float


class Beside(NamedTuple):
    """Two ways to write the same."""

    call: str
    yours: Code
    ours: Code

    def __str__(self) -> str:
        return " ".join((said("Yours", self.yours), said("The course's", self.ours)))

    def as_html(self) -> str:
        """Fold it away: a pass is a pass, and this is for who wants to look."""
        listings = "".join(
            f'<div style="flex: 1 1 20em; min-width: 0"><p style="margin: 4px 0">{words}</p>'
            f'<pre style="margin: 2px 0; overflow-x: auto">{html.escape(code.source)}</pre></div>'
            for words, code in (("Yours", self.yours), ("The course's", self.ours))
        )
        return (
            '<details><summary style="cursor: pointer">Your code beside the course\'s</summary>'
            f'<p style="margin: 4px 0">{html.escape(str(self))} Timed with '
            f"<code>{html.escape(self.call)}</code>.</p>"
            f'<div style="display: flex; flex-wrap: wrap; gap: 0 2em">{listings}</div></details>'
        )


def said(whose: str, code: Code) -> str:
    """Say what code is made of and how long it took, in one sentence."""
    made = ", ".join(code.kinds) or "one expression"
    return f"{whose}: {made}; {duration(code.seconds)}."


def duration(seconds: float) -> str:
    """Write a time with two digits."""
    for unit, size in (("s", 1.0), ("ms", 1e-3)):
        if seconds >= size:
            return f"{float(f'{seconds / size:.2g}'):g} {unit}"
    return f"{float(f'{max(seconds, 1e-6) / 1e-6:.2g}'):g} µs"


def beside(exercise: ByCalls, answer: Any, solution: str) -> Beside | None:
    """Put an answer that passed beside the course's own; None where there is no code to show.

    Parameters
    ----------
    exercise : ByCalls
    answer : callable
    solution : str
        The course's answer as the lesson shows it.
    """
    try:
        source = definition(answer, exercise.key).strip()
        kinds = kinds_of(source)
    except (OSError, SyntaxError, TypeError):  # typed into a prompt, or not written in Python
        return None
    if exercise.expected is not None or not exercise.examples:
        return None  # it needs Keras, whose first call says nothing of the others
    one = exercise.examples[-1]
    with kept_quiet():
        yours = Code(source, kinds, timed(answer, one, exercise.seconds))
        ours = Code(solution, kinds_of(solution), timed(exercise.reference, one, exercise.seconds))
    return Beside(described(exercise, one)[0], yours, ours)


def timed(function: Callable[..., Any], one: Call, limit: float) -> float:
    """Seconds of the fastest of a few calls."""
    best = called(function, one, limit)[1]
    for _ in range(REPEATED * (best < PATIENCE)):
        best = min(best, called(function, one, limit)[1])
    return best


def kinds_of(source: str) -> tuple[str, ...]:
    """Name what code is made of, where ways to write the same differ."""
    nodes = list(ast.walk(ast.parse(source)))
    words = {getattr(node, "id", None) or getattr(node, "attr", "") for node in nodes}
    imported = [node for node in nodes if isinstance(node, ast.Import | ast.ImportFrom)]
    for node in imported:
        names = [alias.name for alias in node.names] + [getattr(node, "module", None) or ""]
        words |= {name.partition(".")[0] for name in names}
    found = [name for name, kind in KINDS if any(isinstance(node, kind) for node in nodes)]
    return (*found, *dict.fromkeys(LIBRARIES[word] for word in LIBRARIES if word in words))
