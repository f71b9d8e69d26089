"""The map of the lessons that ``progress()`` shows in a notebook."""

import html
import json
import os
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from course.checking.result import LOOK
from course.exercises import EXERCISES
from course.lessons import LESSONS

if TYPE_CHECKING:
    from course.checking.progress import Progress

# No text colour has 4.5:1 on both of JupyterLab's backgrounds, #fff and #111. So a tile brings its
# own background, white on which has at least 4.9:1, or takes the theme's colour for both.
TILE = {
    "passed": "background: #1a7a34; color: #fff; border: 1px solid #1a7a34",
    "failed": "background: #c2372a; color: #fff; border: 1px solid #c2372a",
    "not_attempted": "border: 1px solid #808080",
}


def progress_map(progress: "Progress") -> str:
    """Draw a row of tiles for each lesson, which opens to its exercises in words.

    HTML without a script and without a style sheet, so that it is the same wherever a notebook is
    shown. Where even styles are taken away, as on GitHub, the words and the symbols are left.
    """
    legend = "&emsp;".join(f"{tile(status)} {word}" for status, (_, word, _) in LOOK.items())
    rows = "".join(lesson_row(progress, title, keys) for title, keys in progress.lessons())
    predictions = "".join(
        f'<p style="margin: 4px 0">{html.escape(line)}</p>' for line in progress.predictions()
    )
    return (
        f'<div style="max-width: 58em"><p style="margin: 4px 0"><b>{summary(progress)}</b></p>'
        f'<p style="margin: 4px 0 8px">{legend}</p>{rows}{predictions}</div>'
    )


def summary(progress: "Progress") -> str:
    """Points and what is next, its name a link."""
    text = html.escape(progress.summary)
    if progress.next is None:
        return text
    return text.replace(progress.next, linked(progress.next, progress.next), 1)


def linked(key: str, text: str) -> str:
    """Make some text a link to an exercise, where its lesson lies beside this notebook."""
    notebook = LESSONS[EXERCISES[key].lesson].file
    # Elsewhere (on Colab, in a page made of a notebook) the link would lead nowhere.
    if not os.path.exists(notebook):
        return text
    # JupyterLab opens a notebook at a cell. Underlined, because it marks a link by its colour alone.
    place = f"{notebook}#cell-id={question(notebook, os.stat(notebook).st_mtime_ns).get(key, key)}"
    return f'<a href="{place}" style="text-decoration: underline">{text}</a>'


@lru_cache(maxsize=len(LESSONS))
def question(notebook: str, changed: int) -> dict[str, str]:
    """The cell above each answer, in which it is asked for: its id, by the exercise's key."""
    found: dict[str, str] = {}
    asked = ""
    with suppress(AttributeError, KeyError, OSError, TypeError, ValueError):  # no sound notebook
        for cell in json.loads(Path(notebook).read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "markdown":
                asked = cell["id"]
            elif cell["id"] in EXERCISES and asked:
                found[cell["id"]] = asked
    return found


def lesson_row(progress: "Progress", title: str, keys: list[str]) -> str:
    """One lesson: its tiles and points; opened, its exercises. The one that comes next is open."""
    answers = [progress.answer(key) for key in keys]
    tiles = "".join(
        tile(answer.status, f"{key}: {LOOK[answer.status][1]}", key == progress.next)
        for key, answer in zip(keys, answers, strict=True)
    )
    counted = [
        f"{count} of {len(keys)} {word.lower()}"
        for status, (_, word, _) in LOOK.items()
        if (count := sum(answer.status == status for answer in answers))
    ]
    points, most = progress.earned(keys)
    entries = "".join(exercise_entry(progress, key) for key in keys)
    return (
        f"<details{' open' if progress.next in keys else ''}>"
        '<summary style="cursor: pointer; line-height: 2">'
        f'<span style="display: inline-block; min-width: 20em">{html.escape(title)}</span> '
        f'<span role="img" aria-label="{", ".join(counted)}" style="display: inline-block; '
        f'min-width: 20em">{tiles}</span> '
        f'<span style="white-space: nowrap">{points} of {most} points</span></summary>'
        f'<ul style="list-style: none; margin: 0 0 8px; padding-left: 2.5em">{entries}</ul>'
        "</details>"
    )


def exercise_entry(progress: "Progress", key: str) -> str:
    """One exercise in words."""
    answer, exercise = progress.answer(key), EXERCISES[key]
    symbol, word, _ = LOOK[answer.status]
    following = " <b>(next)</b>" if key == progress.next else ""
    return (
        f'<li style="text-indent: -1.3em">{symbol} {linked(key, f"<code>{key}</code>")}{following} '
        f"{html.escape(exercise.title)}. {word}, {answer.points} of {exercise.points}</li>"
    )


def tile(status: str, title: str = "", following: bool = False) -> str:
    """One exercise as a square with its symbol; the next one has a frame."""
    named = f' title="{html.escape(title)}"' if title else ""
    frame = "; outline: 2px solid #808080; outline-offset: 1px" if following else ""
    return (
        f'<span{named} style="display: inline-block; width: 1.5em; line-height: 1.5; '
        f'margin: 0 1px; text-align: center; border-radius: 3px; {TILE[status]}{frame}">'
        f"{LOOK[status][0]}</span>"
    )
