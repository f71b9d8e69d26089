"""Nobody looks like somebody else, and nothing of a name is obeyed by a terminal."""

import io

import pytest

from course.checking.unseen import name, shown
from course.cli.screen import screen


@pytest.mark.parametrize(
    "text",
    [
        "Anna\u200dAlder",  # a joiner between letters that nothing joins
        "Anna\u200cAlder",
        "Anna\ufe0f Alder",  # a selector of emoji behind a letter
        "Anna\ufe00 Alder",
        "Anna\U000e0101 Alder",
        "Anna\u3164",  # fillers
        "Anna\u2800Alder",
        "Anna\u115fAlder",
        "Anna\u034fAlder",
        "Anna\u00a0Alder",  # spaces that look like one
        "Anna\u3000Alder",
        "Anna  Alder",
        "Anna Alder ",
        "Anna \u0410lder",  # Cyrillic among Latin
        "\u0410nna Alder",
        "Ann\u03b1 Alder",
        "\u0421\u043e\u0441\u043e",  # nothing but Cyrillic that looks Latin
        "\uff21nna Alder",
        "\U0001d400nna Alder",
        "\u0631\u200c\u0636\u0627",  # a ZWNJ behind a letter that joins nothing anyway
        "\u0646\u200d\u06cc",
        "\U0001f469\u200dAnna",
        "Anna\x1b[2J",
    ],
)
def test_what_makes_a_name_look_like_another_is_shown(text):
    seen = name(text)
    assert seen != text and "\\" in seen
    assert seen.isascii() or len(seen) > len(text)


@pytest.mark.parametrize(
    "text",
    [
        "Anna Alder",
        "Zoë Müller-Österreich",
        "Mª José Núñez",
        "Анна Иванова",
        "Сара Иванова",  # noqa: RUF001
        "Νίκος Παπαδόπουλος",
        "李小龍",
        "山田 太郎",
        "ビル・ゲイツ",
        "김민준",
        "محمد علی",
        "\u0646\u06cc\u06a9\u200c\u0646\u0627\u0645",  # Persian, where the ZWNJ is seen
        "\u0915\u094d\u200d\u0937",  # behind a virama
        "\U0001f469\u200d\U0001f4bb",  # an emoji of two
        "\u2764\ufe0f",
        "O'Brien (2)",
    ],
)
def test_honest_names_of_all_scripts_stay_as_they_are(text):
    assert name(text) == text


def test_lines_and_tabs_of_a_message_stay():
    assert shown("one\n\ttwo\x1b[31m") == "one\n\ttwo\\x1b[31m"


def test_no_escape_sequence_reaches_the_terminal():
    console = screen()
    console.file = io.StringIO()
    console.print("There is no \x1b]0;owned\x07 folder \x9b2J here.", soft_wrap=True)
    assert "\x1b" not in console.file.getvalue() and "\x9b" not in console.file.getvalue()
    assert "\\x1b]0;owned\\x07" in console.file.getvalue()
