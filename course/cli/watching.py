"""What a teacher sees while a class is graded."""

import signal
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from course.checking.progress import counted
from course.cli.screen import bar, coloured, screen, table

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from course.grading.graded import Graded

SYMBOLS = {
    "graded": ("passed", "✓"),
    "unreadable": ("failed", "✗"),
    "missing": ("not_attempted", "○"),
}


def watched(grading: Iterable["Graded"], total: int) -> list["Graded"]:
    """Show grades as they come, and say what is kept if somebody stops it."""
    console = screen(stderr=True)
    graded: list[Graded] = []
    try:
        with a_word_at_once(console):
            show(grading, total, graded, console)
    except KeyboardInterrupt:
        console.print(
            f"Stopped. {len(graded)} of {counted(total, 'notebook')} are graded and kept. The same "
            "command, without --fresh, goes on from there.",
            soft_wrap=True,
        )
        raise
    return graded


@contextmanager
def a_word_at_once(console: "Console") -> Iterator[None]:
    """Say that Ctrl-C was heard: what runs then may take minutes to end."""
    if threading.current_thread() is not threading.main_thread():  # nobody's keys get here
        yield
        return
    before = signal.getsignal(signal.SIGINT)

    def stop(signum: int, frame: object) -> None:
        signal.signal(signal.SIGINT, before)
        console.print("Stopping when what runs now has ended; with Ctrl-C again, at once.")
        raise KeyboardInterrupt

    signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def show(
    grading: Iterable["Graded"], total: int, graded: list["Graded"], console: "Console"
) -> None:
    """Add grades to a list as they come: the last ones and a bar in a terminal, else a line each."""
    from rich.console import Group
    from rich.live import Live

    if not console.is_terminal:
        for one in grading:
            graded.append(one)
            console.print(f"{len(graded)}/{total}", *line(one), soft_wrap=True)
        return
    running = bar()
    task = running.add_task("", total=total)
    with Live(running, console=console, transient=True, refresh_per_second=8) as live:
        for one in grading:
            graded.append(one)
            running.update(task, completed=len(graded))
            shown = table("", "Student", "Lesson", "Points", numbers=["Points"])
            for last in graded[-10:]:
                shown.add_row(*line(last))
            live.update(Group(shown, running))


def line(one: "Graded") -> tuple["Text | str", ...]:
    """What is said of one notebook while the others run."""
    from course.grading.reports.readable import one_line

    status, symbol = SYMBOLS[one.status]
    points = f"{one.total} of {one.max}"
    return coloured(status, symbol), one_line(one.student), f"lesson {one.lesson}", points
