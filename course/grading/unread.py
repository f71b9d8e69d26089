"""Why a file that somebody handed in is not graded, in words for the teacher."""

import html
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from course.grading.cells import Unreadable
from course.grading.files import File
from course.grading.graded import Unread

MOST_TOLD = 8  # files of one person that are told one by one
LONGEST_TEXT = 100_000  # bytes that are searched for a link
LINK = re.compile(r"https?://[^\s\"'<>()\[\]{}\\]+")
TYPED = re.compile(r"(?:.*_)?(?:online_?)?(?:text|link)\.html", re.IGNORECASE)
MAY_HOLD_A_LINK = {".txt", ".url", ".webloc", ".gdoc", ".md", ".rtf"}

WHY = {
    ".html": "is a web page, not the notebook that it was made of (.ipynb).",
    ".htm": "is a web page, not the notebook that it was made of (.ipynb).",
    ".py": "is a script, not the notebook that it was made of (.ipynb).",
    **dict.fromkeys(
        (".rar", ".7z", ".xz", ".gz", ".bz2", ".zst"),
        "is packed in a way that is not opened here. Pack it as a .zip.",
    ),
}


def why_not(file: File, *, nobodys: bool = False) -> str:
    """Say why a file is not graded: what comes after its name in a sentence."""
    if file.problem:
        return file.problem
    if nobodys and file.is_notebook:
        return "bears nobody's name. Put it into its student's folder."
    if not file.size:
        return "is empty."
    if link := link_in(file):
        return f"holds a link, {link}, and links are not followed. Ask for the notebook itself."
    if TYPED.fullmatch(file.name):
        return "is a text that was typed in, no notebook."
    return WHY.get(file.suffix, "is no notebook.")


def link_in(file: File) -> str:
    """The first link in a short text; empty if there is none."""
    typed = TYPED.fullmatch(file.name)
    if file.size > LONGEST_TEXT or not (typed or file.suffix in MAY_HOLD_A_LINK):
        return ""
    try:
        found = LINK.search(html.unescape(file.read().decode("utf-8", "replace")))
    except Unreadable:
        return ""
    return found[0] if found and "w3.org" not in found[0] else ""


def told(student: str, files: Sequence[File]) -> Iterator[Unread]:
    """Say of each file that it is not graded, or of each folder if there are many."""
    if len(files) <= MOST_TOLD:
        yield from (Unread(student, file.path, f"It {why_not(file)}") for file in files)
        return
    parents = {file.path.rpartition("/")[0] for file in files}
    groups: dict[tuple[str, str], list[File]] = defaultdict(list)
    for file in files:
        parent, _, _ = file.path.rpartition("/")
        top, _, _ = file.path.partition("/")
        groups[parent if len(parents) <= MOST_TOLD else top, file.problem].append(file)
    for (folder, problem), own in groups.items():
        if len(own) == 1:
            yield Unread(student, own[0].path, f"It {why_not(own[0])}")
            continue
        names = ", ".join(file.name for file in own[:3]) + (", ..." if own[3:] else "")
        what = f"Each {problem}" if problem else "They are no notebooks."
        yield Unread(student, folder, f"{len(own):,} files in it are not read ({names}). {what}")
