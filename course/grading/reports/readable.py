"""Text that a student controls, made fit to be read: nothing in it is hidden, nothing is endless."""

import re

from course.checking.unseen import escaped, name, shown

BREAKS = re.compile(r"[\t\n]")

LONGEST_NAME = 120
LONGEST_NOTE = 1_000
LONGEST_MESSAGE = 8_000


def readable(text: str, longest: int = LONGEST_MESSAGE) -> str:
    """Show what can't be seen, and cut what is too long."""
    rest = len(text) - longest
    seen = shown(text[:longest])
    return f"{seen} … ({rest:,} characters more)" if rest > 0 else seen


def one_line(text: str, longest: int = LONGEST_NAME) -> str:
    """Show a name in one line, so that it looks like no other; one of nothing but space, too.

    What is longer than a name is a sentence, in which letters are what they look like.
    """
    if not text.strip():
        return repr(text[:longest])
    rest = len(text) - longest
    seen = BREAKS.sub(escaped, (name if longest == LONGEST_NAME else shown)(text[:longest]))
    return f"{seen} … ({rest:,} characters more)" if rest > 0 else seen
