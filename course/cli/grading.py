"""Commands for teachers. A command is a function; its docstring is its help."""

import shlex
from collections import Counter
from collections.abc import Callable, Container
from concurrent.futures import Executor
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from course.checking.progress import counted
from course.cli.app import app
from course.cli.screen import screen
from course.cli.watching import watched
from course.grading.counting import CountingRule
from course.trouble import Trouble
from course.work import folder


class Format(StrEnum):
    """Other programs that take grades."""

    moodle = "moodle"
    canvas = "canvas"
    nbgrader = "nbgrader"
    gradescope = "gradescope"
    classroom = "classroom"


MOST_TOLD = 20
UNTOLD = {"submissions", "out", "student", "seed", "again", "roster", "beside", "extra", "fresh"}
"""Options that students do not see on their pages: names, places, and the seed of their cases."""


@app.command(rich_help_panel="Grading")
def grade(
    context: typer.Context,
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
        typer.Option(min=1, help="Notebooks at a time. By default, and at most, one a processor."),
    ] = None,
    seconds: Annotated[
        float | None,
        typer.Option(min=1, help="For one statement of a cell, and for all calls of one answer."),
    ] = None,
    memory: Annotated[int, typer.Option(min=256, help="MiB for one notebook.")] = 2048,
    seed: Annotated[
        int | None, typer.Option(help="Of the hidden cases. By default drawn, and kept.")
    ] = None,
    scheduler: Annotated[
        str | None, typer.Option(metavar="tcp://...", help="Use the workers of a Dask cluster.")
    ] = None,
    count: Annotated[
        CountingRule, typer.Option(help="Of several notebooks for one lesson: which one counts.")
    ] = CountingRule.best_of_last,
    roster: Annotated[
        Path | None,
        typer.Option(metavar="CSV", help="Who is in the class, as your platform exports it."),
    ] = None,
    late: Annotated[
        str | None,
        typer.Option(metavar="POLICY", help='Such as "10% a day, at most 50%".'),
    ] = None,
    again: Annotated[
        list[str] | None,
        typer.Option(metavar="STUDENT", help="Grade this one anew. May be given again."),
    ] = None,
    beside: Annotated[
        list[Path] | None,
        typer.Option(metavar="REPORT", help="Of another class, to be seen side by side."),
    ] = None,
    extra: Annotated[
        list[Format] | None,
        typer.Option("--format", help="Write this, too, into the report. May be given again."),
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
    from course.grading import adjusting, counting, marking, reports
    from course.grading import submissions as found
    from course.grading.allowed import allow
    from course.grading.cage.bubblewrap import bubblewrap
    from course.grading.cage.cage import Limits
    from course.grading.cores import processors
    from course.grading.grader import Terms
    from course.grading.late import policy
    from course.grading.ledger import Ledger, ours
    from course.grading.reports import handing_on
    from course.grading.reports.gradebook import gradebook, strayed
    from course.grading.reports.readable import LONGEST_NOTE, one_line
    from course.grading.reports.run import Run, now
    from course.grading.roster import meant
    from course.grading.roster import roster as class_list

    if out.resolve().is_relative_to(submissions.resolve()):
        raise Trouble(
            f"The report would be among what is graded: {out} lies in {submissions}. "
            "Choose a folder beside it with --out."
        )
    ours(out)
    # Whatever a teacher wrote is read before anything is graded.
    for option, text in {
        "late": late,
        "lesson": lesson,
        "student": student,
        "scheduler": scheduler,
    }.items():
        if text is not None and not text.strip():
            raise Trouble(f"--{option} was given nothing. Say what is meant, or leave it out.")
    costs = policy(late) if late else None
    listed = class_list(roster) if roster else None
    adjustments = adjusting.adjustments(out)
    others = reports.other_classes(beside or [])
    if Format.classroom in (extra or []) and costs:
        raise Trouble(
            "GitHub Classroom adds up the points of the exercises, and lateness is not one of them: "
            "--late does not go with --format classroom."
        )
    only = folder.lesson_number(lesson) if lesson else None
    handed_in = found.find(submissions, only, student)
    if not handed_in.lessons:
        path, why = handed_in.unread[0][1:]
        raise Trouble(f"{path}: {why} Which lesson is it? --lesson says.")
    workers: Callable[[], Executor]
    if scheduler and jobs:
        raise Trouble("--jobs is for this machine; with --scheduler each worker of it has one job.")
    if scheduler and (with_package or with_files):
        raise Trouble(
            "--with-package and --with-files are for this machine; the workers of --scheduler share "
            "no disk with it. Install the package on each of them, or grade without --scheduler."
        )
    allowed = allow(with_package or [], with_files, out, fresh)
    jobs = min(jobs or processors(), processors())
    if scheduler:
        from course.grading import cluster

        jobs, workers = cluster.workers(scheduler, caged=not no_cage)
    else:
        workers = partial(marking.local, jobs)
        if not no_cage:
            bubblewrap()
    anew = meant(again or [], handed_in.people, listed)
    with Ledger(out, fresh) as ledger:
        less = ledger.claim(handed_in)
        ledger.forget(anew)
        terms = Terms(ledger.seed(seed), Limits(seconds, memory), not no_cage, allowed)
        work = handed_in.submissions
        everything = watched(marking.mark(work, ledger, terms, workers, jobs), len(work))
        ledger.reported(handed_in)
    book = gradebook(
        counting.count(everything, count), handed_in.lessons, handed_in, listed, adjustments, costs
    )
    run = Run(typed(context), typed(context, UNTOLD), now())
    reports.write(book, out, run, reports.side_by_side(book, others))
    programs = [one.value for one in dict.fromkeys(extra or [])]
    told = [what for program in programs for what in handing_on.write(program, book, out)]
    told += [*handing_on.of_earlier_runs(programs, out), *less, *strayed(book), *book.told]
    by_status = Counter(one.status for one in everything)
    words = ", ".join(f"{number} {status}" for status, number in by_status.most_common())
    console = screen()
    console.print(f"{counted(len(everything), 'notebook')}: {words}.")
    for odd in handed_in.unread:
        path, why = one_line(odd.path, LONGEST_NOTE), one_line(odd.why, LONGEST_NOTE)
        console.print(f"Not graded: {path}: {why}", soft_wrap=True)
    for what in told[:MOST_TOLD]:
        console.print(one_line(what, LONGEST_NOTE), soft_wrap=True)
    if len(told) > MOST_TOLD:
        console.print(f"And {len(told) - MOST_TOLD} more, under Needs your eye in the report.")
    console.print(
        f"Open {out / 'index.html'}; the points are in {out / 'grades.csv'}.", soft_wrap=True
    )


def typed(context: typer.Context, without: Container[str] = frozenset()) -> str:
    """The command as it would be typed again; without some options."""
    words = ["course", "grade"]
    for option in context.command.params:
        value = context.params.get(option.name or "")
        source = context.get_parameter_source(option.name or "")
        # By its name: which Click this is, Typer's own or the other, is Typer's affair.
        if source and source.name == "COMMANDLINE" and option.name not in without:
            name = [] if option.param_type_name == "argument" else [option.opts[0]]
            for one in value if isinstance(value, list | tuple) else [value]:
                words += name if one is True else [*name, shlex.quote(str(one))]
    return " ".join(words)


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

    folder.in_a_clone("The autograder is")
    if out.is_dir():
        raise Trouble(f"{out} is a folder, and --out wants a file for the autograder.")
    content = autograder(folder.lesson_number(lesson) if lesson else None)
    out.write_bytes(content)
    screen().print(
        f"{out} has {len(content) / 1e6:.0f} MB. Upload it to Gradescope.", soft_wrap=True
    )
