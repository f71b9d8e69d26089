"""What the commands show: legible on light and dark, at any width, and in a file."""

import os
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from course.checking.progress import counted
from course.checking.progress_map import Progress
from course.checking.result import APPEARANCE, Result
from course.checking.unseen import shown
from course.exercises import EXERCISES

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress as Bar
    from rich.table import Table
    from rich.text import Text

    from course.authoring.proof import Proof
    from course.doctor import Diagnosis

# The terminal's own colours, so that they follow its theme. Yellow, cyan and white vanish on a light
# one, and so does bold green where bold means bright. Never without a symbol and a word.
STYLE = {"passed": "green", "failed": "red", "not_attempted": ""}


def screen(*, stderr: bool = False) -> "Console":
    """Where output goes: plain text if that is not a terminal, or if ``NO_COLOR`` is set.

    What a file's name or a message would have the terminal do is shown, and not done.
    """
    from rich.console import Console

    class Screen(Console):
        def print(self, *objects: Any, **options: Any) -> None:
            super().print(*(shown(o) if isinstance(o, str) else o for o in objects), **options)

    return Screen(
        color_system=None if os.environ.get("NO_COLOR") else "auto",
        stderr=stderr,
        highlight=False,
        markup=False,
        emoji=False,
    )


def bar() -> "Bar":
    """A progress bar on the error stream, gone when it is done; nothing in a file."""
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
    from rich.progress import Progress as Bar

    # Rich's own colours leave the part that is still to do darker on white than what is done.
    bar = BarColumn(
        style="dim", complete_style="green", finished_style="green", pulse_style="green"
    )
    columns = (TextColumn("{task.description}", markup=False), bar, MofNCompleteColumn())
    console = screen(stderr=True)
    return Bar(*columns, console=console, transient=True, disable=not console.is_terminal)


def table(*columns: str, numbers: Sequence[str] = ()) -> "Table":
    """An empty table; the columns named in `numbers` are flush right."""
    from rich import box
    from rich.table import Table

    made = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), header_style="bold")
    for column in columns:
        made.add_column(column, justify="right" if column in numbers else "left", overflow="fold")
    return made


def coloured(status: str, words: str, rest: str = "") -> "Text":
    """Words in the colour of a status, and the rest in that of text."""
    from rich.text import Text

    return Text.assemble((words, STYLE[status]), rest)


def of_progress(progress: Progress) -> "Table":
    """Every exercise and its points, lesson by lesson."""
    made = table("", "Exercise", "Points", "", numbers=["Points"])
    for title, keys in progress.lessons():
        points, most = progress.earned(keys)
        made.add_row("", title, f"{points} of {most}", "", style="bold")
        for key in keys:
            answer, exercise = progress.answer(key), EXERCISES[key]
            share = f"{answer.points} of {exercise.points}"
            symbol, word = (coloured(answer.status, part) for part in APPEARANCE[answer.status][:2])
            made.add_row(symbol, key, share, word)
        made.add_section()
    return made


def of_results(results: Iterable[Result], why_not: dict[str, str]) -> "Table":
    """The results of a run; `why_not` says why an answer was not there."""
    made = table("", "Exercise", "Points", "", numbers=["Points"])
    for result in results:
        symbol, word, _ = APPEARANCE[result.status]
        reason = why_not.get(result.key) or (result.mistake or "").replace("_", " ")
        made.add_row(
            coloured(result.status, symbol),
            result.key,
            f"{result.points} of {result.max_points}",
            coloured(result.status, word, f": {reason}" if reason else ""),
        )
    return made


COUNTED = ("alternatives", "mistakes", "rejected", "named")


def totals(proofs: Sequence["Proof"]) -> dict[str, Any]:
    """What was proved in total."""
    return {
        "exercises": len(proofs),
        "points": sum(proof.points for proof in proofs),
        "stub": sum(proof.stub for proof in proofs),
        "reference": sum(proof.reference for proof in proofs),
        **{name: sum(getattr(proof, name) for proof in proofs) for name in COUNTED},
        "strange": dict(sum((Counter(proof.strange) for proof in proofs), Counter[str]())),
        "holes": sum(len(proof.holes) for proof in proofs),
    }


def of_proofs(proofs: Sequence["Proof"]) -> "Table":
    """What was proved of each exercise, and in total."""
    columns = ("Stub", "Right", "Alternatives", "Rejected", "Named", "Holes")
    made = table("Exercise", *columns, numbers=columns)
    for proof in proofs:
        holes = str(len(proof.holes))
        made.add_row(
            proof.key,
            *(
                coloured("passed", "✓") if holds else coloured("failed", "✗")
                for holds in (proof.stub, proof.reference)
            ),
            str(proof.alternatives),
            *(f"{count} of {proof.mistakes}" for count in (proof.rejected, proof.named)),
            coloured("failed", holes) if proof.holes else holes,
        )
    made.add_section()
    total = totals(proofs)
    made.add_row(
        counted(total["exercises"], "exercise"),
        *(str(total[name]) for name in ("stub", "reference", "alternatives")),
        *(f"{total[name]} of {total['mistakes']}" for name in ("rejected", "named")),
        str(total["holes"]),
        style="bold",
    )
    return made


def of_diagnosis(diagnosis: "Diagnosis") -> "Table":
    """What is here and whether it will do."""
    made = table("", "Found", "")
    for what, found, note in diagnosis.rows:
        wrong = f"{what} {note}" in diagnosis.problems
        made.add_row(what, found, coloured("failed", note) if wrong else note)
    return made
