"""Characters that a terminal or a browser obeys or hides, written so that they are seen."""

import re
import unicodedata

# Control characters, line separators, marks that turn the direction of writing, lone surrogates,
# zero widths, fillers. The joiners U+200C and U+200D and the selectors of emoji stay: Persian and
# many emoji are written with them. `name` looks closer.
UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f"
    "\u2028-\u202e\u2060-\u206f\u2800\u3164\ud800-\udfff\ufe00-\ufe0e\ufeff\uffa0\ufff0-\ufffb"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
ZWNJ, ZWJ, AS_EMOJI = "\u200c", "\u200d", "\ufe0f"
ENDS_A_JOIN = set("اآأإٱدذرزژڑڈوؤةى")
"""Arabic letters that join nothing behind them, so that a ZWNJ there changes nothing to see."""
SCRIPTS_LIKE_LATIN = {"CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC", "LISU"}
LIKE_LATIN = set("аеорсухіјѕһԁԛԝьАВЕЅЗКМНІЈОРСТУХԌԜҮοανιΑΒΕΖΗΙΚΜΝΟΡΤΥΧ")
"""Letters of other scripts that look like Latin ones, so that a name of nothing else is doubtful."""


def escaped(found: re.Match[str] | str) -> str:
    """Write a character that can't be seen as Python writes it: an escape is ``\\x1b``."""
    return ascii(found[0])[1:-1]


def shown(text: str) -> str:
    """Show what would be obeyed or hidden; lines and tabs stay."""
    return UNSEEN.sub(escaped, text)


def name(text: str) -> str:
    """Show a name so that no other name looks like it.

    Besides what `shown` shows: spaces that are not one plain space, joiners and selectors where
    they change nothing to see, and letters that only look like those beside them.
    """
    doubtful = look_alikes(text)
    out = []
    for place, letter in enumerate(text):
        before, after = text[place - 1 : place], text[place + 1 : place + 2]
        hidden = (
            (letter in (ZWNJ, ZWJ, AS_EMOJI) and not changes_looks(letter, before, after))
            or (letter == " " and (not before or not after or before == " "))
            or (letter != " " and letter.isspace())
            or place in doubtful
        )
        out.append(
            (f"\\x{ord(letter):02x}" if letter == " " else escaped(letter)) if hidden else letter
        )
    return shown("".join(out))


def changes_looks(joiner: str, before: str, after: str) -> bool:
    """Whether a joiner or selector between two characters makes a difference to the eye."""
    if not before:
        return False
    pictures = unicodedata.category(before) in ("So", "Sk") or before == AS_EMOJI
    if joiner == AS_EMOJI:
        return unicodedata.category(before) == "So"
    if pictures:
        return joiner == ZWJ and bool(after) and unicodedata.category(after) == "So"
    if unicodedata.combining(before) == 9:  # a virama: what follows is joined or not
        return bool(after) and after.isalpha()
    arabic = all(one and script(one) == "ARABIC" and one.isalpha() for one in (before, after))
    return joiner == ZWNJ and arabic and before not in ENDS_A_JOIN


def script(letter: str) -> str:
    """The script of a letter, as Unicode's names begin: LATIN, CYRILLIC."""
    return unicodedata.name(letter, "UNKNOWN").split()[0]


def look_alikes(text: str) -> set[int]:
    """The places of letters that are taken for other ones."""
    found: set[int] = set()
    letters = [place for place, letter in enumerate(text) if letter.isalpha()]
    if letters and all(text[place] in LIKE_LATIN for place in letters):
        found.update(letters)
    for word in re.finditer(r"[^\W\d_]+", text):
        scripts = {place: script(text[place]) for place in range(*word.span())}
        if "LATIN" in scripts.values():
            found |= {place for place, one in scripts.items() if one in SCRIPTS_LIKE_LATIN}
        found |= {place for place, one in scripts.items() if one in ("FULLWIDTH", "MATHEMATICAL")}
    return found
