"""How benchmarks print what they measured."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

console = Console()


def table(title: str, *columns: str) -> Table:
    """An empty table; the first column is for words, the others for numbers."""
    made = Table(title=title, title_justify="left")
    for index, column in enumerate(columns):
        made.add_column(column, justify="right" if index else "left", no_wrap=not index)
    return made


def met(title: str, rows: Sequence[tuple[str, float, str, float]]) -> bool:
    """Print what was measured, "at least" or "at most" how much was wanted; True if all is met."""
    verdicts = []
    shown = table(title, "what", "measured", "wanted", "verdict")
    for what, number, bound, wanted in rows:
        verdicts.append(number >= wanted if bound == "at least" else number <= wanted)
        word = "[green]✓ met" if verdicts[-1] else "[red]✗ missed"
        shown.add_row(what, f"{number:.2f}", f"{bound} {wanted:g}", word)
    console.print(shown)
    return all(verdicts)
