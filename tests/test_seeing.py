"""What is shown is seen by everybody: on light and dark, without colours, without eyes."""

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

import helpers
from course import cli
from course.authoring import proof
from course.checking import progress, progress_map
from course.checking.drawing import panels_of
from course.checking.judge import judge
from course.checking.naming import forget
from course.checking.progress import remember
from course.checking.progress_map import Progress
from course.checking.result import Result
from course.exercises import EXERCISES, ByCalls, call, mistake
from course.lessons import LESSONS

ROOT = Path(__file__).resolve().parents[1]
FIRST, SECOND, THIRD, *_ = EXERCISES


@pytest.fixture(autouse=True)
def begun(tmp_path, monkeypatch):
    """One exercise has passed, one has failed, the learner is in a folder of their own."""
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "progress.sqlite"))
    monkeypatch.setattr(progress, "_in_memory", None)
    monkeypatch.chdir(tmp_path)
    points = EXERCISES[FIRST].points
    remember(Result(FIRST, "passed", None, "Right.", points, points))
    remember(Result(SECOND, "failed", "flipped", "Flipped.", 0, EXERCISES[SECOND].points))


# --- The map of progress() ------------------------------------------------------------------------


class Elements(HTMLParser):
    """Every element with its attributes; fails where an end does not meet its beginning."""

    def __init__(self, text: str, *void: str) -> None:
        super().__init__()
        self.void = void
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(text)
        assert not self.open

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))
        if tag not in self.void:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def attributes(self, name):
        return [attrs[name] for _, attrs in self.found if name in attrs]


def shown_map():
    return Progress()._repr_html_()


def contrast(one, other):
    """WCAG 2 contrast of two colours written #rgb or #rrggbb."""

    def luminance(colour):
        digits = "".join(digit * 2 for digit in colour[1:]) if len(colour) == 4 else colour[1:]
        share = [int(digits[start : start + 2], 16) / 255 for start in (0, 2, 4)]
        linear = [s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in share]
        return sum(weight * s for weight, s in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    darker, lighter = sorted([luminance(one), luminance(other)])
    return (lighter + 0.05) / (darker + 0.05)


def test_map_has_a_row_for_each_lesson_and_a_tile_for_each_exercise():
    elements = Elements(shown_map())
    assert [tag for tag, _ in elements.found].count("details") == len(LESSONS)
    titles = elements.attributes("title")
    assert len(titles) == len(EXERCISES)
    assert titles[:3] == [f"{FIRST}: Passed", f"{SECOND}: Not yet", f"{THIRD}: Not attempted"]


def test_map_says_in_words_what_its_tiles_show():
    text = shown_map()
    keys = [key for key in EXERCISES if EXERCISES[key].lesson == 1]
    points = sum(EXERCISES[key].points for key in keys)
    words = Elements(text).attributes("aria-label")
    assert words[0] == f"1 of {len(keys)} passed, 1 of {len(keys)} not yet, " + (
        f"{len(keys) - 2} of {len(keys)} not attempted"
    )
    assert f"{EXERCISES[FIRST].points} of {points} points" in text
    for key in EXERCISES:
        assert f"<code>{key}</code>" in text


def test_map_opens_the_lesson_that_comes_next_and_no_other():
    opened = ["open" in attrs for tag, attrs in Elements(shown_map()).found if tag == "details"]
    assert opened == [True, *[False] * (len(LESSONS) - 1)]
    assert f"Next: {SECOND}" in shown_map()


def test_map_links_to_a_notebook_only_where_it_lies():
    assert "href" not in shown_map()
    shutil.copy(LESSONS[1].notebook(), ".")
    links = Elements(shown_map()).attributes("href")
    assert len(links) == len(LESSONS[1].exercises) + 1
    assert {link.partition("#")[0] for link in links} == {LESSONS[1].file}


def test_each_link_of_the_map_leads_to_the_text_that_asks():
    cells = json.loads(LESSONS[1].notebook().read_text("utf-8"))["cells"]
    shutil.copy(LESSONS[1].notebook(), ".")
    links = Elements(shown_map()).attributes("href")
    texts = {cell["id"]: "".join(cell["source"]) for cell in cells}
    for key, link in zip(LESSONS[1].exercises, links[1:], strict=True):
        assert f"`{key}" in texts[link.partition("#cell-id=")[2]]


def test_a_notebook_that_is_damaged_or_has_lost_its_ids_is_linked_at_the_answer():
    for content in ("{", '{"cells": [{"cell_type": "markdown"}, {"cell_type": "code"}]}'):
        Path(LESSONS[1].file).write_text(content)
        links = Elements(shown_map()).attributes("href")
        assert links[1] == f"{LESSONS[1].file}#cell-id={FIRST}"


def test_map_is_legible_on_light_and_dark():
    for style in progress_map.TILE.values():
        colours = dict(re.findall(r"(background|color): (#\w+)", style))
        if colours:  # else both are the theme's
            assert contrast(colours["background"], colours["color"]) >= 4.5
        edge = re.search(r"border: 1px solid (#\w+)", style).group(1)
        assert min(contrast(edge, "#fff"), contrast(edge, "#111")) >= 3
    outside = re.sub("|".join(map(re.escape, progress_map.TILE.values())), "", shown_map())
    assert not re.search(r"[ \"](color|background): ", outside)


def test_map_needs_neither_script_nor_style_sheet():
    tags = {tag for tag, _ in Elements(shown_map()).found}
    assert not tags & {"script", "style", "link"}


# --- Colours of the commands ----------------------------------------------------------------------

RESET, BOLD, DIM, RED, GREEN = "0", "1", "2", "31", "32"


def command(monkeypatch, *words, **environment):
    """What a command writes to a terminal of 256 colours."""
    for name in ("NO_COLOR", "COLORTERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {"FORCE_COLOR": "1", "TERM": "xterm-256color", **environment}.items():
        monkeypatch.setenv(name, value)
    return CliRunner().invoke(cli.app, list(words)).output


def codes(text):
    """The codes of its colours and weights."""
    return {code for found in re.findall(r"\x1b\[([\d;]*)m", text) for code in found.split(";")}


def test_progress_in_a_terminal_has_colours_that_show_on_white_and_on_black(monkeypatch):
    text = command(monkeypatch, "progress")
    assert codes(text) == {RESET, BOLD, GREEN, RED}
    assert "\x1b[32m✓\x1b[0m" in text
    assert "\x1b[31mNot yet\x1b[0m" in text
    assert "○  " + THIRD in text


def test_proof_in_a_terminal_has_colours_that_show_on_white_and_on_black(monkeypatch):
    text = command(monkeypatch, "prove", "horizontal_kernel")
    assert codes(text) <= {RESET, BOLD, DIM, GREEN}
    assert "\x1b[32m✓\x1b[0m No hole" in text
    monkeypatch.setattr(proof, "always_wrong", lambda exercise: [("the right", exercise.reference)])
    text = command(monkeypatch, "prove", "horizontal_kernel")
    assert codes(text) <= {RESET, BOLD, DIM, GREEN, RED}
    assert "\x1b[31m✗\x1b[0m horizontal_kernel: the right is accepted" in text


@pytest.mark.parametrize("words", [("progress",), ("prove", "horizontal_kernel")])
@pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, {"FORCE_COLOR": ""}])
def test_commands_are_plain_text_without_colours_and_without_a_terminal(
    words, environment, monkeypatch
):
    text = command(monkeypatch, *words, **environment)
    assert "✓" in text
    assert not codes(text)


# --- The picture of a failed check ----------------------------------------------------------------

CONV2D = EXERCISES["conv2d_valid"]
IMAGE = np.add.outer(np.arange(12) ** 2, np.arange(12))
SECRET = np.add.outer(np.arange(9) ** 3, np.arange(11.0))


def flipped(image, kernel):
    return helpers.conv2d(image, kernel[::-1, ::-1])


def doubling(monkeypatch, *examples, hidden=()):
    """An exercise with these public and hidden calls: double every value."""
    made = ByCalls(
        key="doubled",
        title="Double every value",
        points=1,
        minutes=1,
        reference=lambda image: image * 2,
        mistakes=(mistake("tripled", "Three times.", lambda image: image * 3),),
        alternatives=(),
        hints=("one", "two", "three"),
        examples=tuple(map(call, examples)),
        cases=lambda rng: map(call, hidden),
    )
    monkeypatch.setitem(EXERCISES, "doubled", made)
    return made


def titles(result):
    return [panel.title for panel in panels_of(result.comparison)]


@pytest.fixture(autouse=True)
def no_earlier_calls():
    """The calls of an exercise are kept by its key: other tests have other exercises."""
    yield
    forget()


def test_flipped_kernel_is_seen_in_four_panels():
    found = judge(CONV2D, flipped)
    assert titles(found) == ["image", "it should be", "yours", "difference"]
    given, right, mine, apart = (panel.values for panel in panels_of(found.comparison))
    kernel = CONV2D.examples[-1].args[1]
    assert given.shape == (12, 12)
    assert np.array_equal(right, helpers.conv2d(given, kernel))
    assert np.array_equal(mine, -right)  # so it is with Sobel's kernel
    assert np.array_equal(apart, mine - right)


def test_picture_stands_below_the_message_with_words_for_those_who_do_not_see_it():
    found = judge(CONV2D, flipped)
    (image,) = (attrs for tag, attrs in Elements(found.as_html(), "img").found if tag == "img")
    assert image["src"].startswith("data:image/png;base64,")
    assert image["alt"].startswith("A larger example: conv2d_valid(image, [[-1, 0, 1], ")
    assert "difference: yours minus right: 52 of 100 values differ, by up to 1440" in image["alt"]
    assert found.as_html().index("732") < found.as_html().index("<img")


def test_message_is_the_same_with_a_picture_and_without():
    found = judge(CONV2D, flipped)
    assert str(replace(found, comparison=None)) == str(found)
    assert "larger example" not in str(found)


def test_small_arrays_stay_numbers(monkeypatch):
    found = judge(doubling(monkeypatch, IMAGE[:3, :3]), lambda image: image * 3)
    assert found.comparison is None
    assert found.picture is None
    assert "<img" not in found.as_html()


def test_example_of_which_only_numbers_are_shown_is_passed_over_for_a_larger_one(monkeypatch):
    exercise = doubling(monkeypatch, IMAGE[:2, :2], IMAGE, IMAGE[:11])
    comparison = judge(exercise, lambda image: image * 3).comparison
    assert comparison.title == "A larger example: doubled(image)"
    assert np.array_equal(comparison.given, IMAGE)


def test_hidden_case_shows_neither_the_right_answer_nor_the_difference(monkeypatch):
    exercise = doubling(monkeypatch, IMAGE[:2, :2], hidden=[SECRET])
    found = judge(exercise, lambda image: image * (2 + (image.size > 4)))
    assert titles(found) == ["image", "yours"]
    assert found.comparison.expected is None
    assert found.picture.alt == (
        "doubled(image): image: 9 × 11, 0 to 522; yours: 9 × 11, 0 to 1566."
    )


@pytest.mark.parametrize("shape", [(10, 12), (1, 1), (40, 2), (12, 12, 3), (2, 12, 12, 3)])
def test_wrong_shape_is_drawn_without_a_difference(shape, monkeypatch):
    found = judge(doubling(monkeypatch, IMAGE), lambda image: np.ones(shape))
    assert [title.split("[")[0] for title in titles(found)] == ["image", "it should be", "yours"]
    assert found.picture.png


@pytest.mark.parametrize(
    "answer",
    [
        lambda image: (image * 3).tolist(),
        lambda image: (image * 3)[0],
        lambda image: image * 1j,
        lambda image: np.ones((0, 12)),
        lambda image: np.broadcast_to(1.0, (4000, 4000)),
        lambda image: image.fill(0),
        lambda image: 1 / 0,
    ],
)
def test_what_cannot_be_drawn_is_only_told(answer, monkeypatch):
    found = judge(doubling(monkeypatch, IMAGE), answer)
    assert found.status == "failed"
    assert found.picture is None


def test_right_answer_is_seen_however_large_the_wrong_one_is(monkeypatch):
    found = judge(doubling(monkeypatch, IMAGE), lambda image: image * 2e6)
    right, mine = panels_of(found.comparison)[1:3]
    assert right.scale == mine.scale
    assert right.scale.limit <= right.values.max()


@pytest.mark.parametrize("value", [np.nan, np.inf, -1.7e308, -(2**63)])
def test_any_number_can_be_drawn(value, monkeypatch):
    found = judge(doubling(monkeypatch, IMAGE), lambda image: np.full(image.shape, value))
    assert titles(found) == ["image", "it should be", "yours", "difference"]
    assert found.picture.png


def test_channel_that_differs_is_the_one_that_is_drawn(monkeypatch):
    channels = np.stack([IMAGE, IMAGE.T, IMAGE], axis=-1)
    found = judge(
        doubling(monkeypatch, np.stack([channels, channels])),
        lambda images: images * np.array([2, 2, 3]),
    )
    assert titles(found) == [
        "image[0, ..., 0]",
        *(f"{name}[0, ..., 2]" for name in ("it should be", "yours", "difference")),
    ]


def test_checking_draws_nothing_before_it_is_looked_at():
    script = """
import sys
from course import check
def conv2d_valid(image, kernel):
    return image[: image.shape[0] - len(kernel) + 1, : image.shape[1] - len(kernel[0]) + 1] * 1.0
result = check.conv2d_valid(conv2d_valid)
assert result.comparison
print("matplotlib" in sys.modules)
"""
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "False"
