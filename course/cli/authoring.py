"""Commands for authors of lessons. A command is a function; its docstring is its help."""

import tempfile
from pathlib import Path
from typing import Annotated

import typer

from course.checking.progress import counted
from course.cli.app import app
from course.cli.screen import bar, screen
from course.exercises import EXERCISES
from course.predictions import PREDICTIONS
from course.trouble import Trouble
from course.work import folder

STOPPED = 130  # what shells say of a command that Ctrl-C has ended


@app.command(rich_help_panel="Writing lessons")
def build(
    lessons: Annotated[list[str] | None, typer.Argument(help="By default every one.")] = None,
    only_check: Annotated[
        bool, typer.Option("--check", help="Write nothing; list what is stale.")
    ] = False,
    force: Annotated[bool, typer.Option(help="Run every solution again.")] = False,
    repository: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            help="Where the course is published from now on: every badge and link leads there. "
            "An address on GitHub, or a remote of git's: `origin`.",
        ),
    ] = None,
) -> None:
    """Write both notebooks of each lesson from `solutions/NN_name.py`.

    A solution is run again only if its code has changed. A rebuild of nothing changes nothing.

    Exit code 0, or 1 if something is stale, can't be built or does not belong together; 2 for an
    address that can't be used.
    """
    folder.in_a_clone("Lessons are")
    try:
        from course.authoring import consistency, links, notebooks, publishing
    except ModuleNotFoundError as missing:
        raise Trouble(f"{missing.name} is not installed. `make setup` brings it.") from missing

    console = screen()
    numbers = [folder.lesson_number(text) for text in lessons] if lessons else None
    try:
        if only_check:
            if numbers:
                raise Trouble("--check looks at every lesson: leave the lessons out.")
            if repository is not None:
                raise Trouble("--check writes nothing: leave --repository out.")
            stale = [*consistency.amiss(), *notebooks.stale()]
            console.print("\n".join(stale) or "Every notebook is up to date.", soft_wrap=True)
            for remark in publishing.remarks(folder.ROOT, links.home(folder.ROOT)):
                console.print(remark, soft_wrap=True)
            raise typer.Exit(1 if stale else 0)
        if repository is not None:
            if numbers:
                raise Trouble("--repository is for every lesson: leave the lessons out.")
            try:
                address = publishing.move(folder.ROOT, repository)
            except notebooks.CannotBuild as error:
                raise Trouble(str(error)) from error
            console.print(f"Every link leads to {address}.", soft_wrap=True)
        changed = notebooks.build(numbers, force=force, progress=console.print)
    except notebooks.CannotBuild as error:
        screen(stderr=True).print(str(error), soft_wrap=True)
        raise typer.Exit(1) from None
    written = [f"Wrote {path.relative_to(folder.ROOT)}" for path in changed]
    console.print("\n".join(written) or "Nothing to do: every notebook is up to date.")
    if not numbers and (alone := consistency.amiss()):
        console.print("\n".join(alone), soft_wrap=True)
        raise typer.Exit(1)


@app.command(rich_help_panel="Writing lessons")
def prove(
    keys: Annotated[
        list[str] | None,
        typer.Argument(metavar="[KEY]...", help="By default every exercise and every prediction."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For machines; nothing else.")] = False,
    changed: Annotated[
        bool, typer.Option(help="Leave out what was proved here with the same files.")
    ] = False,
) -> None:
    """Prove the checks: right answers pass, and every mistake is rejected and named.

    For each exercise: its stub is "not attempted", its reference passes, every alternative
    passes, every mistake is rejected, and named by its own id; and of strange answers that nobody
    foresaw none is accepted, and no name is said that is not true of it. For each prediction: one answer is
    right, the one that can be computed, and each has its sentence. What does not hold is a hole.

    Exit code 0, or 1 if there is a hole; 130 when it was stopped with Ctrl-C.
    """
    from dataclasses import asdict

    from course.authoring import consistency
    from course.authoring.passing import on_ci
    from course.authoring.predicted import holes as holes_of
    from course.authoring.proof import Proof, prove_all, unproved
    from course.cli.screen import coloured, of_proofs, totals

    for key in keys or []:
        if key not in PREDICTIONS and key not in EXERCISES:
            if there := dict(consistency.unnamed()).get(key):
                raise Trouble(there)
            meant = folder.did_you_mean(key, [*EXERCISES, *PREDICTIONS])
            raise Trouble(f"There is no exercise or prediction named {key}.{meant}")
    questions = [key for key in keys or PREDICTIONS if key in PREDICTIONS]
    wanted = [key for key in keys or EXERCISES if key in EXERCISES]
    known = len(wanted)
    wanted = unproved(wanted) if changed else wanted
    proofs: list[Proof] = []
    predicted = {key: list(holes_of(PREDICTIONS[key])) for key in questions}
    with bar() as running:
        task = running.add_task("", total=len(wanted))
        try:
            for proof in prove_all(wanted):
                proofs.append(proof)
                running.update(task, advance=1, description=proof.key)
                if running.disable and len(proofs) % 10 == 0:  # no terminal: `make check`, CI
                    so_far = f"{len(proofs)} of {counted(len(wanted), 'exercise')} tried."
                    screen(stderr=True).print(so_far, soft_wrap=True)
        except KeyboardInterrupt:
            running.stop()
            proved = sum(not proof.holes for proof in proofs)
            kept = f"Stopped. {proved} of {counted(len(wanted), 'exercise')} proved"
            kept += ": --changed leaves out what is." if proved else "."
            screen(stderr=True).print(kept, soft_wrap=True)
            raise typer.Exit(STOPPED) from None
    holes = [f"{proof.key}: {hole}" for proof in proofs for hole in proof.holes]
    holes += [f"{key}: {hole}" for key, found in predicted.items() for hole in found]
    if as_json:
        import json

        made = {"exercises": [*map(asdict, proofs)], "totals": totals(proofs)}
        typer.echo(json.dumps(made | {"predictions": predicted}))
    else:
        console = screen()
        if left := known - len(wanted):
            before = f"{counted(left, 'exercise')} proved before, with all the same files."
            console.print(before, soft_wrap=True)
        elif changed and on_ci():
            console.print("This is CI: everything is proved, whatever was proved before.")
        if proofs:
            console.print(of_proofs(proofs))
            if strange := totals(proofs)["strange"]:
                said = ", ".join(f"{count:,} {verdict}" for verdict, count in strange.items())
                console.print(f"Strange answers, by what is said of them: {said}.", soft_wrap=True)
        if questions:
            console.print(f"{counted(len(questions), 'prediction')}, every answer tried.")
        for hole in holes:
            console.print(coloured("failed", "✗", f" {hole}"), soft_wrap=True)
        if not holes:
            console.print(coloured("passed", "✓", " No hole: everything is proved."))
    raise typer.Exit(1 if holes else 0)


@app.command(rich_help_panel="Writing lessons")
def site(
    out: Annotated[Path, typer.Option(metavar="FOLDER", help="Where it is written.")] = Path(
        "site"
    ),
    pyodide: Annotated[
        str | None,
        typer.Option(
            metavar="PLACE",
            help="Where Python for the browser is: a folder, an archive or its address. "
            "By default it is fetched once from its makers, and kept.",
        ),
    ] = None,
    lab: Annotated[
        bool, typer.Option("--lab/--no-lab", help="Also the course as it runs in a browser.")
    ] = True,
) -> None:
    """Make a web site of the course: the lessons to read, and to do without installing anything.

    The pages are made of the solution notebooks as `course build` left them, with the answers
    folded away; they can be read from a file. In lab/ the notebooks run in the visitor's own
    browser: any web server can serve it, and nothing is fetched from anywhere else.

    Exit code 0, or 2 if the folder is not the site's or something can't be had or written.
    """
    folder.in_a_clone("The site is")
    try:
        from course.authoring.source import CannotBuild
        from course.site.folder import claim, write
        from course.site.lab.build import build
        from course.site.lab.pyodide import distribution
        from course.site.pages import pages
    except ModuleNotFoundError as missing:
        raise Trouble(f"{missing.name} is not installed. `make setup` brings it.") from missing

    console = screen()

    def say(sentence: str) -> None:
        console.print(sentence, soft_wrap=True)

    claim(out)
    python = distribution(pyodide, say) if lab else None
    files: dict[str, bytes | Path] = {}
    with tempfile.TemporaryDirectory(prefix="course-site-") as work:
        try:
            files |= pages(say, lab=lab)
        except CannotBuild as error:
            raise Trouble(str(error)) from error
        if python:
            files |= build(Path(work), python, say)
        write(out, files)
    size = sum((out / name).stat().st_size for name in files) / 1e6
    say(f"{len(files)} files, {size:.1f} MB. " + (SERVED if lab else READ).format(out=out))


READ = "Open {out}/index.html."
SERVED = (
    "To try it: python -m http.server --directory {out}, then open http://localhost:8000. "
    "(A page that is opened from a file can be read; to run, the course needs a server.)"
)
