"""What is shown is seen by everybody: on light and dark, without colours, without eyes."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from typer.testing import CliRunner

from course import cli
from course.authoring import proof
from course.checking import progress, progress_map
from course.checking.progress import Progress, remember
from course.checking.result import Result
from course.exercises import EXERCISES, LESSONS

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

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(text)
        assert not self.open

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))
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


def test_map_links_to_the_next_notebook_only_where_it_lies():
    assert "href" not in shown_map()
    Path("01_convolution_by_hand.ipynb").touch()
    assert f'Next: <a href="01_convolution_by_hand.ipynb">{SECOND}</a>' in shown_map()


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
