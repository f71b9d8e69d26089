"""The line that begins a cell of a lesson's source: what it may say, and what a wrong one may mean."""

import ast
import re
from collections.abc import Iterator
from contextlib import suppress
from difflib import get_close_matches
from typing import Any

CELL = "# %%"
WITH, WITHOUT = "with Keras", "without Keras"
"""Where a cell stands that is marked ``only=...``: a browser tab has no Keras."""

TAGS = ("nbval-ignore-output",)
FORMS = {
    "[markdown]": "[markdown]",
    "exercise": 'exercise="KEY"',
    "check": 'check="KEY"',
    "predict": 'predict="KEY"',
    "only": f'only="{WITH}"',
    "tags": f'tags=["{TAGS[0]}"]',
}
"""What a marker may say, each with an example."""

# Whatever jupytext begins a cell with, and what looks like it to a person.
LOOKS = re.compile(r"\s*#\s*(?:%%|<codecell>\s*$|In\[[\d ]*\]:?\s*$)")
MARKER = re.compile(rf"{CELL}(?:\s+(.*))?$")
WORD = re.compile(r"""(?:\w+\s*=\s*)?(?:"[^"]*"|'[^']*'|\[[^\]]*\])(?=\s|$)|\S+""")


def markers(text: str) -> dict[int, str]:
    """The lines that begin a cell, or look as if they did, by their number."""
    lines = enumerate(text.splitlines(), 1)
    return {number: line for number, line in lines if LOOKS.match(line)}


def misread(name: str, marked: dict[int, str]) -> Iterator[str]:
    """Say which markers of a file can't be read, each with its first wrong word."""
    for number, line in marked.items():
        if not (marker := MARKER.match(line)):
            yield (
                f"{name}, line {number}: `{line.strip()}` looks like the beginning of a cell. That "
                f"is `{CELL}` at the start of the line, with a space behind it."
            )
            continue
        words = enumerate(WORD.findall(marker[1] or ""))
        if wrong := next((word for place, word in words if not known(word, place)), None):
            first, *others = (f"`{form}`" for form in FORMS.values())
            yield (
                f"{name}, line {number}: `{wrong}` says nothing in a marker.{meant(wrong)} "
                f"A marker may begin with {first}, and go on with {', '.join(others)}."
            )


def known(word: str, place: int) -> bool:
    """Whether a word of a marker can be read."""
    if place == 0 and word == "[markdown]":
        return True
    role, _, written = word.partition("=")
    value: Any = None
    with suppress(ValueError, SyntaxError):
        value = ast.literal_eval(written.strip())
    if role.strip() == "tags":
        return isinstance(value, list) and all(tag in TAGS for tag in value)
    return role.strip() in FORMS and isinstance(value, str) and bool(value)


def meant(word: str) -> str:
    """The question whether something else was meant, if anything is like the word."""
    near = get_close_matches(word.partition("=")[0].strip(), FORMS, 1)
    return f" Did you mean `{FORMS[near[0]]}`?" if near else ""


def misplaced(name: str, text: str, marked: dict[int, str], parsed: Any) -> str:
    """Say why a file has more cells than markers, or fewer."""
    if len(parsed) > len(marked):
        first = next((n for n, line in enumerate(text.splitlines(), 1) if line.strip()), 1)
        return (
            f"{name}, line {first}: nothing may stand before the first cell, which begins with "
            f"`{CELL} [markdown]`."
        )
    within = next(
        number + offset
        for number, cell in zip(marked, parsed, strict=False)
        for offset, line in enumerate(cell.source.splitlines(), 1)
        if f"{line.strip('# ')} ".startswith("%% ")
    )
    return (
        f"{name}, line {within}: this is no new cell, because a text above it is still open. Close "
        f"it; no text may hold a line that begins with `{CELL}`."
    )
