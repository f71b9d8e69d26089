"""Commands for teachers. A command is a function; its docstring is its help."""

import json
import os
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from course.cli.app import app
from course.cli.screen import bar, coloured, screen, table
from course.grading.counting import Rule
from course.work import Trouble, folder

if TYPE_CHECKING:
    from rich.text import Text

    from course.grading.graded import Graded

SYMBOLS = {
    "graded": ("passed", "✓"),
    "unreadable": ("failed", "✗"),
    "missing": ("not_attempted", "○"),
}


class Format(StrEnum):
    """Other programs that take grades."""

    gradescope = "gradescope"
    classroom = "classroom"
    nbgrader = "nbgrader"


@app.command(rich_help_panel="Grading")
def grade(
    submissions: Annotated[
        Path,
        typer.Argument(
            metavar="SUBMISSIONS",
            help="A folder or a zip with `STUDENT.ipynb`, `STUDENT/*.ipynb` or "
            "`submitted/STUDENT/LESSON/*.ipynb`.",
        ),
    ],
    out: Annotated[Path, typer.Option(metavar="REPORT", help="Folder for the report.")],
    lesson: Annotated[str | None, typer.Option(help="Only this one.")] = None,
    student: Annotated[
        str | None, typer.Option(metavar="NAME", help="Everything in there is this one's.")
    ] = None,
    jobs: Annotated[
        int | None,
        typer.Option(min=1, help="Notebooks at a time. By default one a processor, two at least."),
    ] = None,
    seconds: Annotated[
        float | None,
        typer.Option(min=1, help="For one cell, and for all calls of one answer."),
    ] = None,
    memory: Annotated[int, typer.Option(min=256, help="MiB for one notebook.")] = 2048,
    seed: Annotated[
        int | None, typer.Option(help="Of the hidden cases. By default drawn, and kept.")
    ] = None,
    scheduler: Annotated[
        str | None, typer.Option(metavar="tcp://...", help="Use the workers of a Dask cluster.")
    ] = None,
    count: Annotated[
        Rule, typer.Option(help="Of several notebooks for one lesson: which one counts.")
    ] = Rule.best_of_last,
    extra: Annotated[
        Format | None, typer.Option("--format", help="Write this, too, into the report.")
    ] = None,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Forget earlier grades and draw new cases.")
    ] = False,
    with_package: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Let notebooks import this, too. May be given again."),
    ] = None,
    with_files: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Its files lie where each notebook works."),
    ] = None,
    no_cage: Annotated[
        bool, typer.Option("--no-cage", help="Without bubblewrap: only what you trust.")
    ] = False,
) -> None:
    """Grade a class.

    Every notebook runs in a cage, every answer is judged outside of it. The report has a page for
    you (index.html), one for each student, and grades.csv. What is graded stays graded: the same
    command again goes on where it stopped, and does nothing twice.

    Exit code 0 when every submission has a row in the report.
    """
    from course.grading import counting, marking, reports
    from course.grading import submissions as found
    from course.grading.allowed import allow
    from course.grading.cage.cage import Limits, bubblewrap
    from course.grading.graded import Submission, nothing
    from course.grading.grader import Terms
    from course.grading.ledger import Ledger
    from course.grading.reports.readable import LONGEST_NOTE, one_line

    if out.resolve().is_relative_to(submissions.resolve()):
        raise Trouble(
            f"The report would be among what is graded: {out} lies in {submissions}. "
            "Choose a folder beside it with --out."
        )
    only = folder.lesson_number(lesson) if lesson else None
    handed_in = found.find(submissions, only, student)
    if not handed_in.lessons:
        place, why = handed_in.unread[0][1:]
        raise Trouble(f"{place}: {why} Which lesson is it? --lesson says.")
    workers: Callable[[], Executor]
    if scheduler and jobs:
        raise Trouble("--jobs is for this machine; with --scheduler each worker of it has one job.")
    if scheduler and (with_package or with_files):
        raise Trouble(
            "--with-package and --with-files are for this machine; the workers of --scheduler share "
            "no disk with it. Install the package on each of them, or grade without --scheduler."
        )
    allowed = allow(with_package or [], with_files, out, fresh)
    jobs = jobs or processors()
    if scheduler:
        from course.grading import cluster

        jobs, workers = cluster.workers(scheduler, caged=not no_cage)
    else:
        workers = partial(marking.local, jobs)
        if not no_cage:
            bubblewrap()
    with Ledger(out, fresh) as ledger:
        terms = Terms(ledger.seed(seed), Limits(seconds, memory), not no_cage, allowed)
        work = handed_in.submissions
        everything = watched(marking.mark(work, ledger, terms, workers, jobs), len(work))
    graded = [one.graded for one in counting.count(everything, count)]
    graded += [
        nothing(Submission(name, handed_in.lessons[0]), "missing", "Nothing was handed in.")
        for name in handed_in.people.keys() - {one.student for one in graded}
    ]
    reports.write(graded, handed_in.lessons, out)
    if extra:
        write_extra(extra, graded, out)
    by_status = Counter(one.status for one in everything)
    words = ", ".join(f"{number} {status}" for status, number in by_status.most_common())
    console = screen()
    console.print(f"{len(everything)} notebooks: {words}.")
    for odd in handed_in.unread:
        place, why = one_line(odd.place, LONGEST_NOTE), one_line(odd.why, LONGEST_NOTE)
        console.print(f"Not graded: {place}: {why}", soft_wrap=True)
    console.print(
        f"Open {out / 'index.html'}; the points are in {out / 'grades.csv'}.", soft_wrap=True
    )


def processors() -> int:
    """How many processors there are for this, and two at least: a worker also waits."""
    found = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return max(found or 1, 2)


def watched(grading: Iterable["Graded"], total: int) -> list["Graded"]:
    """Show grades as they come: the last ones and a bar in a terminal, else a line each."""
    from rich.console import Group
    from rich.live import Live

    console = screen(stderr=True)
    graded: list[Graded] = []
    if not console.is_terminal:
        for one in grading:
            graded.append(one)
            console.print(f"{len(graded)}/{total}", *line(one), soft_wrap=True)
        return graded
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
    return graded


def line(one: "Graded") -> tuple["Text | str", ...]:
    """What is said of one notebook while the others run."""
    from course.grading.reports.readable import one_line

    status, symbol = SYMBOLS[one.status]
    points = f"{one.total} of {one.max}"
    return coloured(status, symbol), one_line(one.student), f"lesson {one.lesson}", points


def write_extra(extra: Format, graded: Sequence["Graded"], out: Path) -> None:
    """Write the grades for another program, too."""
    from course.grading import reports
    from course.grading.reports.files import page_name, save

    if extra is Format.nbgrader:
        save(out / "nbgrader.csv", reports.nbgrader(graded))
        return
    students: dict[str, list[Graded]] = {}
    for one in graded:
        students.setdefault(one.student, []).append(one)
    for student, own in students.items():
        place = out / extra.value / Path(page_name(student)).stem if len(students) > 1 else out
        place.mkdir(parents=True, exist_ok=True)
        if extra is Format.gradescope:
            save(place / "results.json", json.dumps(reports.gradescope(own), indent=1))
        else:
            lines = (f"{name}={value}\n" for name, value in reports.classroom(own).items())
            save(place / "classroom.env", "".join(lines))


@app.command(rich_help_panel="Grading")
def gradescope(
    out: Annotated[Path, typer.Option(metavar="FILE", help="Where it is written.")] = Path(
        "autograder.zip"
    ),
    lesson: Annotated[str | None, typer.Option(help="Grade only this one.")] = None,
) -> None:
    """Make the autograder that Gradescope runs.

    Upload it under "Configure Autograder" of a programming assignment.
    """
    from course.grading.gradescope import autograder

    content = autograder(folder.lesson_number(lesson) if lesson else None)
    out.write_bytes(content)
    screen().print(
        f"{out} has {len(content) / 1e6:.0f} MB. Upload it to Gradescope.", soft_wrap=True
    )
