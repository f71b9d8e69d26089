"""Text that a student controls, made fit to be read: nothing in it is hidden, nothing is endless."""

import re

# What a terminal or a browser obeys instead of showing: control characters, line separators,
# marks that turn the direction of writing, lone surrogates, zero widths. The joiners U+200C and
# U+200D stay: Persian names and many emoji are written with them.
UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    "\ud800-\udfff\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
BREAKS = re.compile(r"[\t\n]")

LONGEST_NAME = 120
LONGEST_NOTE = 1_000
LONGEST_MESSAGE = 8_000


def escaped(found: re.Match[str]) -> str:
    """Write a character that can't be seen as Python writes it: an escape is ``\\x1b``."""
    return ascii(found[0])[1:-1]


def readable(text: str, longest: int = LONGEST_MESSAGE) -> str:
    """Show what can't be seen, and cut what is too long."""
    rest = len(text) - longest
    shown = UNSEEN.sub(escaped, text[:longest])
    return f"{shown} … ({rest:,} characters more)" if rest > 0 else shown


def one_line(name: str, longest: int = LONGEST_NAME) -> str:
    """Show a name in one line; a name of nothing but space is shown too."""
    return BREAKS.sub(escaped, readable(name, longest)) if name.strip() else repr(name[:longest])
