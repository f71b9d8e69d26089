"""The command itself: its name, its version, and how an error becomes a sentence."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer
import typer.core

from course.cli.screen import screen
from course.trouble import Trouble


class Sentences(typer.core.TyperGroup):
    """The one place where an error that a person can put right becomes a sentence."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except Trouble as trouble:
            sentence = str(trouble)
        except BrokenPipeError:
            raise  # `course prove | head`
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            sentence = f"{where}{error.strerror or error}."
        screen(stderr=True).print(sentence, soft_wrap=True)
        raise typer.Exit(2)


app = typer.Typer(
    cls=Sentences,
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)

Folder = Annotated[
    Path | None,
    typer.Option(
        "--folder",
        metavar="FOLDER",
        help="Your notebooks. By default this folder if it has some, else work/ in it.",
    ),
]


def tell_version(wanted: bool) -> None:
    if wanted:
        from course.doctor import version

        typer.echo(f"course {version()}")
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[
        bool,
        typer.Option("--version", callback=tell_version, is_eager=True, help="Say which this is."),
    ] = False,
) -> None:
    """Convolutions and pooling, built by hand.

    A learner needs `course lab`; around it, `check`, `progress`, `reset` and `update`.
    A teacher needs `grade`, an author `build` and `prove`. `doctor` is for when something does not
    work.

    Exit codes: 0, all is well; 1, there is something to do; 2, wrong use, or something is missing.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a terminal without ✓ shows ? rather than failing
            stream.reconfigure(errors="replace")
