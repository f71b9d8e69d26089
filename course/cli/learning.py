"""Commands for learners. A command is a function; its docstring is its help."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from course.checking.progress import counted
from course.cli.app import Folder, app
from course.cli.screen import bar, screen
from course.exercises import EXERCISES
from course.lessons import LESSONS
from course.trouble import Trouble
from course.work import folder

if TYPE_CHECKING:
    from course.work.running import Report


def use_progress_of(learners: Path) -> None:
    """Read and write the progress file of a folder, unless the environment names another."""
    from course.checking.progress import FILE

    os.environ.setdefault("COURSE_PROGRESS", str(learners / FILE))


@app.command(rich_help_panel="Learning")
def lab(
    lesson: Annotated[
        str | None, typer.Argument(help="Its number or name. By default where you stopped.")
    ] = None,
    where: Folder = None,
    port: Annotated[int, typer.Option(help="The next free one if it is taken.")] = 8888,
) -> None:
    """Open your notebooks in JupyterLab, at a lesson or where you stopped.

    The first time, the notebooks are copied to `work/`. Your own copies are never overwritten.
    JupyterLab listens on this computer only and asks for its token. Ctrl-C stops it.

    With `NO_BROWSER=1`, or where there is no browser, the address is printed instead of opened;
    `BROWSER` chooses one.

    Exit code 0 when it was stopped, 2 if it did not start.
    """
    from course.work.lab import open_lab

    asked, learners = lesson and folder.lesson_number(lesson), folder.find_folder(where)
    states = folder.update(learners, refresh=False)
    number = asked or folder.stopped_at(learners)
    name = LESSONS[number].file
    if name not in states:
        raise Trouble(f"Lesson {number} is not there yet.")
    console = screen()
    if copied := [file for file, state in states.items() if state == "missing"]:
        console.print(f"Copied to {learners}: {', '.join(copied)}")
    if newer := sum(state in ("outdated", "changed", "unknown") for state in states.values()):
        console.print(f"There are newer versions of {counted(newer, 'notebook')}: `course update`")

    def say(address: str, opens: bool) -> None:
        told = "JupyterLab opens in your browser, at" if opens else "Open this in a browser:"
        console.print(f"{told}\n\n    {address}\n\nCtrl-C here stops it.", soft_wrap=True)

    console.print("Starting JupyterLab ...")
    if code := open_lab(learners, name, port, say):
        raise Trouble(f"JupyterLab ended by itself (code {code}). What it said stands above.")
    console.print("JupyterLab has stopped. Your work is in", str(learners.resolve()))


@app.command(rich_help_panel="Learning")
def check(
    what: Annotated[
        str | None, typer.Argument(metavar="[LESSON|KEY]", help="By default all that you changed.")
    ] = None,
    where: Folder = None,
    every: Annotated[
        bool, typer.Option("--all", help="Show every message, not the first.")
    ] = False,
    seconds: Annotated[int, typer.Option(min=1, help="How long one cell may take.")] = 600,
) -> None:
    """Run your notebooks from top to bottom and show which answers pass.

    They run in a copy of your folder: nothing in them changes. Answers are found by their name,
    whatever became of the cells; a name that no cell defines is told. Points are remembered.

    Exit code 0 if every answer that is there passes, 1 if one does not or a notebook can't be
    read, 2 if there is none.
    """
    from course.checking.progress import remember
    from course.checking.progress_map import Progress
    from course.cli.screen import of_results

    learners = folder.find_folder(where)
    lesson, key = folder.lesson_and_key(what) if what else (None, None)
    use_progress_of(learners)
    console, failing, unreadable = screen(), [], 0
    notebooks = folder.to_run(learners, lesson)
    if not notebooks:
        console.print(f"The notebooks in {learners} are as they were copied: begin with one.")
    for number, path in notebooks.items():
        try:
            report = run_notebook(path, number, seconds)
        except Trouble as trouble:
            console.print(str(trouble), soft_wrap=True)
            unreadable += 1
            continue
        results = [result for result in report.results if key in (None, result.key)]
        for result in results:
            if result.status != "not_attempted":
                remember(result, report.sources[result.key])
        console.print(path.name, style="bold")
        for problem in report.problems:
            console.print(problem, soft_wrap=True)
        console.print(of_results(results, report.missing))
        failing += [result for result in results if result.status == "failed"]
    for result in failing if every else failing[:1]:
        console.print(f"{result}\n", soft_wrap=True)
    if len(failing) > 1 and not every:
        console.print(f"{len(failing) - 1} more do not pass yet: --all shows every message.")
    console.print(Progress().summary)
    raise typer.Exit(1 if failing or unreadable else 0)


def run_notebook(path: Path, lesson: int, seconds: int) -> "Report":
    """Run one notebook behind a progress bar."""
    from course.work.running import run

    with bar() as running:
        task = running.add_task(path.name)
        return run(
            path, lesson, seconds, lambda n, total: running.update(task, completed=n, total=total)
        )


@app.command(rich_help_panel="Learning")
def progress(where: Folder = None) -> None:
    """Show every exercise, your points so far and what is next.

    Exit code 0, or 2 if there is no such folder.
    """
    from course.checking.progress_map import Progress
    from course.cli.screen import of_progress

    learners = folder.find_folder(where)
    if where is not None and not learners.exists():
        raise Trouble(f"There is no folder {learners}.")
    use_progress_of(learners)
    found = Progress()
    screen().print(of_progress(found))
    screen().print(found.summary)


@app.command(rich_help_panel="Learning")
def reset(
    key: Annotated[str, typer.Argument(help="The exercise: the name that you define.")],
    where: Folder = None,
) -> None:
    """Give one exercise's empty cell back; your earlier answer stays below it, as text.

    Close the notebook in JupyterLab first: what is open there and not saved is not seen here.
    What you have earned stays yours.

    Exit code 0, or 2 if there is no such exercise or the notebook can't be read.
    """
    from course.work.notebook import reset as give_back

    exercise = EXERCISES[folder.exercise_key(key)]
    for sentence in give_back(folder.find_folder(where), exercise.key, exercise.lesson):
        screen().print(sentence, soft_wrap=True)


@app.command(rich_help_panel="Learning")
def update(
    where: Folder = None,
    beside: Annotated[
        bool,
        typer.Option("--beside", help="Put newer versions of what you changed beside yours."),
    ] = False,
) -> None:
    """Bring new versions of the notebooks that you have not touched, and new lessons.

    What you changed is left alone, and told. With `--beside`, its newest version is put beside it
    under another name.

    Exit code 0, or 2 if the folder can't be written.
    """
    learners = folder.find_folder(where)
    states = folder.update(learners)
    console = screen()
    for state, words in (("missing", "Added"), ("outdated", "Brought up to date")):
        names = [name for name, found in states.items() if found == state]
        if names:
            console.print(f"{words}: {', '.join(names)}")
    left = {name: folder.WHY_LEFT[s] for name, s in states.items() if s in folder.WHY_LEFT}
    for name, why in left.items():
        console.print(f"Left alone, although there is a newer version: {name} ({why})")
        if beside:
            console.print(f"  The newest version: {folder.put_beside(learners, name)}")
    if left and not beside:
        console.print("`course update --beside` puts the newest version beside yours.")
    if set(states.values()) <= {"newest", "kept"}:
        console.print(f"Everything in {learners} is up to date.")


@app.command(rich_help_panel="Learning")
def data() -> None:
    """Fetch all 70,000 images of Fashion-MNIST, for lesson 4's `FULL = True`.

    30 MB, once, through Keras. Every file is verified; a damaged one is fetched again. The lessons
    do without: the course ships 25,000 of the images.

    Exit code 0 if all images are here and whole, 2 if they could not be fetched.
    """
    from helpers.download import NotFetched, fetch_complete
    from helpers.training import KerasMissing

    try:
        fetch_complete(lambda sentence: screen().print(sentence, soft_wrap=True))
    except (NotFetched, KerasMissing) as error:
        raise Trouble(str(error)) from error


@app.command(rich_help_panel="When something does not work")
def doctor(where: Folder = None) -> None:
    """Say what is installed, what is missing, and which lessons need it.

    The last line says it all: quote it in a bug report.

    Exit code 0 if all is well, 1 if something that a lesson needs is missing.
    """
    from course.cli.screen import of_diagnosis
    from course.doctor import examine

    diagnosis = examine(folder.find_folder(where))
    screen().print(of_diagnosis(diagnosis))
    screen().print(diagnosis.verdict, soft_wrap=True)
    raise typer.Exit(1 if diagnosis.problems else 0)
