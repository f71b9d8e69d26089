"""Every file of the site."""

from collections.abc import Callable
from pathlib import Path

import nbformat
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from course.authoring import links
from course.authoring.notebooks import UNREADABLE, named, written_ones
from course.authoring.source import CannotBuild
from course.exercises import EXERCISES
from course.lessons import LESSONS, ROOT, Lesson
from course.site.lesson import Page, page_of
from course.site.prose import colours
from helpers import photograph, stepper
from helpers.stepper.page import SCRIPT, STYLE, embedded

ICON = (
    '<link rel="icon" href="data:image/svg+xml,'
    "%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'%3E"
    "%3Crect width='9' height='9' rx='1' fill='%23005a9c'/%3E"
    "%3Crect x='3' y='3' width='3' height='3' fill='white'/%3E%3C/svg%3E\">"
)
"""The window in its image, as every page's icon."""


def pages(
    progress: Callable[[str], None] = lambda sentence: None,
    root: Path = ROOT,
    lab: bool = False,
) -> dict[str, bytes]:
    """Make the site.

    Parameters
    ----------
    progress : callable
        Is told of each page when it is made, in a line.
    root : Path
        The repository.
    lab : bool
        Whether the course runs beside them, in ``lab/``.

    Returns
    -------
    dict
        What every file holds, by its name.

    Raises
    ------
    CannotBuild
        A solution notebook is missing or damaged.
    """
    lessons = [solution(root, lesson) for lesson in written_ones(root)]
    templates = environment()
    templates.globals |= {
        "home": links.home(root),
        "lessons": lessons,
        "moving": Markup(f"{STYLE}\n{SCRIPT}"),
    }
    templates.globals["lab"] = {one.stem: lab and one.in_a_tab for one in LESSONS.values()}
    templates.globals["with_keras"] = {
        one.stem: sum(EXERCISES[key].keras for key in one.exercises) for one in LESSONS.values()
    }
    templates.globals["exercises"] = {
        one.stem: {key: EXERCISES[key].points for key in one.exercises} for one in LESSONS.values()
    }
    files: dict[str, bytes] = {}

    def add(name: str, template: str, **given: object) -> None:
        files[name] = templates.get_template(template).render(page=name, **given).encode()
        progress(f"{name:<32} {len(files[name]) / 1000:4.0f} kB")

    windows = moving_windows()
    add("index.html", "index.html", windows=windows)
    add("stepper.html", "stepper.html", windows=windows)
    for before, lesson, after in zip([None, *lessons], lessons, [*lessons[1:], None], strict=False):
        add(lesson.page, "lesson.html", lesson=lesson, before=before, after=after)
        files |= lesson.pictures
    return files


def environment() -> Environment:
    """The templates, and how every page looks."""
    templates = Environment(
        loader=PackageLoader("course.site"),
        autoescape=True,
        trim_blocks=True,
        undefined=StrictUndefined,
    )
    style = Markup(templates.get_template("site.css").render() + colours())
    templates.globals |= {"style": style, "icon": Markup(ICON)}
    return templates


def opening(root: Path = ROOT) -> str:
    """The page that opens a lesson in the browser: it looks first whether that can be done."""
    home = links.home(root)
    colab = {lesson.file: home.colab(lesson.stem) for lesson in LESSONS.values()}
    return environment().get_template("opening.html").render(colab=colab)


def solution(root: Path, lesson: Lesson) -> Page:
    """The lesson that a solution notebook holds."""
    path = lesson.solution(root)
    try:
        return page_of(lesson.stem, nbformat.read(path, as_version=4))
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
        "channels": stepper.channels(),
        "network": stepper.network(),
        "backwards": stepper.backwards(),
    }
    return {name: Markup(embedded(one, one.figure)) for name, one in steppers.items()}
