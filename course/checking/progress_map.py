"""What ``progress()`` shows: the points so far, what is next, and a map of the lessons."""

import html
import json
import os
from collections.abc import Collection, Iterator
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

from course.checking.progress import (
    NOT_YET,
    Remembered,
    believed,
    catch_up,
    counted,
    remembered,
    say,
)
from course.checking.result import APPEARANCE
from course.exercises import EXERCISES
from course.lessons import LESSONS
from course.predictions import PREDICTIONS

# No text colour has 4.5:1 on both of JupyterLab's backgrounds, #fff and #111. So a tile brings its
# own background, white on which has at least 4.9:1, or takes the theme's colour for both.
TILE = {
    "passed": "background: #1a7a34; color: #fff; border: 1px solid #1a7a34",
    "failed": "background: #c2372a; color: #fff; border: 1px solid #c2372a",
    "not_attempted": "border: 1px solid #808080",
}


class Progress:
    """Every exercise, the points so far, what is next; shown as a map of the lessons."""

    def __init__(self) -> None:
        self.answers = remembered()
        self.believed = believed()
        self.points, self.max_points = self.earned(EXERCISES)
        self.next = next((key for key in EXERCISES if self.answer(key).status != "passed"), None)

    def answer(self, key: str) -> Remembered:
        """What is remembered of one exercise."""
        return self.answers.get(key, NOT_YET)

    @property
    def summary(self) -> str:
        """One line: points, and what is next."""
        if self.next is None:
            return f"{self.points} of {self.max_points} points: the whole course is done."
        exercise = EXERCISES[self.next]
        return (
            f"{self.points} of {self.max_points} points. Next: {self.next} "
            f"(lesson {exercise.lesson}, {counted(exercise.points, 'point')}, "
            f"about {counted(exercise.minutes, 'minute')})."
        )

    def earned(self, keys: Collection[str]) -> tuple[int, int]:
        """Points of these exercises so far, and the most that there are."""
        return (
            sum(self.answer(key).points for key in keys),
            sum(EXERCISES[key].points for key in keys),
        )

    def lessons(self) -> Iterator[tuple[str, list[str]]]:
        """Each lesson's title and the keys of its exercises."""
        for lesson in LESSONS.values():
            yield lesson.heading, list(lesson.exercises)

    def predictions(self) -> Iterator[str]:
        """How many predictions were right at first, and which were not: a line for each lesson."""
        for lesson in LESSONS.values():
            made = [
                self.believed[key]
                for key, prediction in PREDICTIONS.items()
                if prediction.lesson == lesson.number and key in self.believed
            ]
            if made:
                others = ", ".join(one.key for one in made if not one.right_at_first)
                right = sum(one.right_at_first for one in made)
                all_of_them = counted(len(made), "prediction")
                line = f"{lesson.heading}: {right} of {all_of_them} right at first"
                yield f"{line}, not {others}." if others else f"{line}."

    def __str__(self) -> str:
        lines = [self.summary]
        for title, keys in self.lessons():
            points, most = self.earned(keys)
            lines.append(f"{title}: {points} of {most} points")
            for key in keys:
                answer, exercise = self.answer(key), EXERCISES[key]
                symbol, word, _ = APPEARANCE[answer.status]
                lines.append(
                    f"  {symbol} {key:<32}{answer.points:>3} of {exercise.points}   {word}"
                )
        return "\n".join([*lines, *self.predictions()])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return progress_map(self)


def progress(*asked: Any) -> Progress:
    """Show every exercise, the points so far and what is next, of all lessons."""
    if asked:
        say("progress() shows all lessons together. It takes nothing between its brackets.")
    catch_up()
    return Progress()


def progress_map(progress: Progress) -> str:
    """Draw a row of tiles for each lesson, which opens to its exercises in words.

    HTML without a script and without a style sheet, so that it is the same wherever a notebook is
    shown. Where even styles are taken away, as on GitHub, the words and the symbols are left.
    """
    legend = "&emsp;".join(f"{tile(status)} {word}" for status, (_, word, _) in APPEARANCE.items())
    rows = "".join(lesson_row(progress, title, keys) for title, keys in progress.lessons())
    predictions = "".join(
        f'<p style="margin: 4px 0">{html.escape(line)}</p>' for line in progress.predictions()
    )
    return (
        f'<div style="max-width: 58em"><p style="margin: 4px 0"><b>{summary(progress)}</b></p>'
        f'<p style="margin: 4px 0 8px">{legend}</p>{rows}{predictions}</div>'
    )


def summary(progress: Progress) -> str:
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


def lesson_row(progress: Progress, title: str, keys: list[str]) -> str:
    """One lesson: its tiles and points; opened, its exercises. The one that comes next is open."""
    answers = [progress.answer(key) for key in keys]
    tiles = "".join(
        tile(answer.status, f"{key}: {APPEARANCE[answer.status][1]}", key == progress.next)
        for key, answer in zip(keys, answers, strict=True)
    )
    counted = [
        f"{count} of {len(keys)} {word.lower()}"
        for status, (_, word, _) in APPEARANCE.items()
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


def exercise_entry(progress: Progress, key: str) -> str:
    """One exercise in words."""
    answer, exercise = progress.answer(key), EXERCISES[key]
    symbol, word, _ = APPEARANCE[answer.status]
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
        f"{APPEARANCE[status][0]}</span>"
    )
