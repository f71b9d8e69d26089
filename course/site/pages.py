"""Every file of the site."""

from collections.abc import Callable
from pathlib import Path

import nbformat
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from course.authoring import links
from course.authoring.notebooks import UNREADABLE, named, numbers, paths
from course.authoring.source import CannotBuild
from course.lessons import LESSONS, ROOT
from course.site.lesson import Lesson, read
from course.site.prose import colours
from helpers import photograph, stepper
from helpers.stepper.page import SCRIPT, STYLE, place


def pages(
    progress: Callable[[str], None] = lambda sentence: None, root: Path = ROOT
) -> dict[str, bytes]:
    """Make the site.

    Parameters
    ----------
    progress : callable
        Is told of each page when it is made, in a line.
    root : Path
        The repository.

    Returns
    -------
    dict
        What every file holds, by its name.

    Raises
    ------
    CannotBuild
        A solution notebook is missing or damaged.
    """
    lessons = [solution(root, LESSONS[number].stem) for number in numbers(root, None)]
    templates = Environment(
        loader=PackageLoader("course.site"),
        autoescape=True,
        trim_blocks=True,
        undefined=StrictUndefined,
    )
    style = Markup(templates.get_template("site.css").render() + colours())
    templates.globals |= {"home": links.home(root), "lessons": lessons, "style": style}
    files: dict[str, bytes] = {}

    def add(name: str, template: str, **given: object) -> None:
        files[name] = templates.get_template(template).render(page=name, **given).encode()
        progress(f"{name:<32} {len(files[name]) / 1000:4.0f} kB")

    windows = moving_windows()
    moving = Markup(f"{STYLE}\n{SCRIPT}")
    add("index.html", "index.html", windows=windows, moving=moving)
    add("stepper.html", "stepper.html", windows=windows, moving=moving)
    for before, lesson, after in zip([None, *lessons], lessons, [*lessons[1:], None], strict=False):
        add(lesson.page, "lesson.html", lesson=lesson, before=before, after=after)
        files |= lesson.pictures
    return files


def solution(root: Path, name: str) -> Lesson:
    """The lesson that a solution notebook holds."""
    _, path = paths(root, name)
    try:
        return read(name, nbformat.read(path, as_version=4))
    except UNREADABLE as error:
        raise CannotBuild(
            f"{named(path, root)} can't be read ({error}). `course build` writes it again."
        ) from error


def moving_windows() -> dict[str, Markup]:
    """The steppers of the site, by their anchors; a page has the module that moves them once."""
    steppers = {
        "convolution": stepper.convolution(),
        "photograph": stepper.convolution(photograph()[236:364, 384:512], "find edges"),
        "pooling": stepper.pooling(),
        "network": stepper.network(),
    }
    return {name: Markup(place(one)) for name, one in steppers.items()}
