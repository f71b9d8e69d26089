"""What happened to the cells of a notebook, in sentences for a student and a teacher."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from course.checking.errors import no_such_name
from course.checking.looking import Answer, Raised
from course.exercises import EXERCISES
from course.grading.cage.cells import NEWER, pieces, reads_and_makes, unmagic
from course.grading.running import Accident

MOST_TOLD = 5
NETWORK = {
    *(
        "URLError",
        "HTTPError",
        "gaierror",
        "ConnectionError",
        "ConnectTimeout",
        "NewConnectionError",
    ),
    *("ConnectionRefusedError", "MaxRetryError", "NameResolutionError", "ProxyError", "SSLError"),
}
UNREACHABLE = re.compile(r"Network is unreachable|name resolution|Name or service not known")
NO_FILE = re.compile(
    r"No such file or directory|File not found: filepath="
)  # the latter is Keras's
CAMERA = re.compile(r"\bVideoCapture\b")
THE_COURSE = re.compile(r"\bconvolutions[-_]course\b")
"""What some install on Colab, and a cage has."""
PACKAGES = "If the assignment allows it, grade with --with-package"
FILES = "If the assignment needs it, put it in a folder and grade with --with-files FOLDER."


def told(accidents: Sequence[Accident], cells: Sequence[str]) -> list[str]:
    """Tell of the accidents that are no mere consequence of another one.

    All that reached for something the grader has not, since a teacher can let it in; what was left
    out; and of what else went wrong the first, for what comes later often follows from it.
    """
    sentences: dict[str, None] = {}
    unmade: set[str] = set(EXERCISES)  # an answer that is not there is told elsewhere
    others = 0
    for one in accidents:
        consequence = follows(one, unmade)
        unmade |= would_have_made(one, cells[one.cell])
        if consequence:
            continue
        reason = reached(one, cells[one.cell])
        if reason:
            sentences[f"{where(one)} {short(one)} {reason}"] = None
        elif one.left_out:
            sentences[f"{where(one)} was left out. {one.error.told}"] = None
        else:
            if not others:
                sentences[f"{where(one)} {what(one)}"] = None
            others += 1
    found = cut([*sentences])
    if others > 1:
        raised = (
            "one more statement raises" if others == 2 else f"{others - 1} more statements raise"
        )
        found.append(f"After that, {raised} an error.")
    return found


def told_of_answers(answers: Iterable[tuple[str, Answer]], said: Sequence[str]) -> list[str]:
    """Tell what answers reached for that a teacher can let in; not what was said before."""
    sentences: dict[str, None] = {}
    for key, answer in answers:
        for error in (one.error for one in answer.outcomes if one.error is not None):
            met = Accident(0, 0, error)
            reason = reached(met, "")
            told_before = any(one.endswith(f"{short(met)} {reason}") for one in said)
            if "--with-" in reason and not told_before:
                sentences[f"`{key}` {short(met)} {reason}"] = None
                break
    return cut([*sentences])


def cut(found: list[str]) -> list[str]:
    """Of many sentences the first, and how many more there are."""
    if len(found) <= MOST_TOLD:
        return found
    more = f"{len(found) - MOST_TOLD} more lines could not do what they do elsewhere."
    return [*found[:MOST_TOLD], more]


def where(one: Accident) -> str:
    """Say where it was."""
    return f"Code cell {one.cell + 1}, line {one.line}"


def short(one: Accident) -> str:
    """What was raised, in one line."""
    if one.error.type == "NotInstalled":
        return f"wants to install `{one.error.text}`, and nothing is installed in the grader."
    if one.error.type == "NotFetched":
        return f"could not do `{one.error.text}`."
    return f"raised {last_line(one)}."


def last_line(one: Accident) -> str:
    """The last line of an error's text, or at least of what type it is."""
    return (one.error.text.strip().splitlines() or [one.error.type])[-1].rstrip(".")


def what(one: Accident) -> str:
    """What it was, with the line of the student's own that raised it."""
    if one.error.type in ("SyntaxError", "IndentationError", "TabError"):
        return f"can't be read ({last_line(one)}). What stands before and after it was run."
    if one.error.id == "endless":
        return f"was stopped. {one.error.told}"
    return f"stopped. {one.error.told}"


def follows(one: Accident, unmade: set[str]) -> bool:
    """Whether it is no accident, or what it misses would have been made where another happened."""
    if one.error.id == "unattempted":
        return True
    if one.error.type == "NotInstalled" and THE_COURSE.search(one.error.text):
        return True
    missing = re.search(r"name '(\w+)' is not defined", one.error.text)
    return one.error.type == "NameError" and missing is not None and missing[1] in unmade


def would_have_made(one: Accident, cell: str) -> set[str]:
    """Name what the statements of that line would have made."""
    return made_by_line(cell).get(one.line, set())


@lru_cache(maxsize=100)
def made_by_line(cell: str) -> dict[int, set[str]]:
    """What the statements of each line make; read once, however often they raise."""
    found: dict[int, set[str]] = {}
    for node in pieces(unmagic(cell)):
        if not isinstance(node, SyntaxError):
            _, made = reads_and_makes(node)
            for line in range(node.lineno, (node.end_lineno or node.lineno) + 1):
                found.setdefault(line, set()).update(made)
    return found


def reached(one: Accident, cell: str) -> str:
    """Say what it reached for, if it is something that the grader has not, and what helps."""
    kind, text = one.error.type, one.error.text
    if NEWER in text:
        return "What stands before and after it was run."
    if name := missing_module(one.error):
        if name.startswith("google.") or name == "google":
            return "That is there on Colab only; a grader needs neither it nor a drive."
        root = name.partition(".")[0]
        return (
            f"The grader has no package or file of that name. {PACKAGES} {root}, if it is a "
            "package, or with --with-files FOLDER, if it is the student's own file."
        )
    if kind == "FileNotFoundError" or NO_FILE.search(text):
        return f"There is no such file in the grader: a notebook runs there alone. {FILES}"
    if kind == "NotInstalled":
        return f"{PACKAGES} {'and its name' if '/' in text else text}."
    if kind == "NotFetched" or kind in NETWORK or UNREACHABLE.search(text):
        return f"There is no network in the grader. {FILES}"
    if kind == "EOFError" and "input()" in text:
        return "Nobody types anything while a notebook is graded."
    if CAMERA.search(cell) and ("cv2" in text or "NoneType" in text or kind == "error"):
        return "This cell asks for a camera (`VideoCapture`), and there is none in the grader."
    return ""


def missing_module(error: Raised) -> str:
    """Name the module that was not found; nothing if it is no such error."""
    if error.type == "TBNotInstalledError":
        return "tensorboard"
    found = re.search(r"No module named '([\w.]+)'", error.text)
    return found[1] if error.type == "ModuleNotFoundError" and found else ""


def with_causes(message: str, accidents: Sequence[Accident], cells: Sequence[str]) -> str:
    """Say of a name that is missing what would have made it, where that lacked a package."""
    for one in accidents:
        if module := missing_module(one.error):
            for name in would_have_made(one, cells[one.cell]):
                said = (
                    f"`{name}` comes from code cell {one.cell + 1}, line {one.line}, and there is no "
                    f"package or file `{module.partition('.')[0]}` where your notebook is graded. "
                    "Do without it, or ask your teacher to let it in."
                )
                message = message.replace(no_such_name(name), said)
    return message


def of_answer(accidents: Sequence[Accident], cells: Sequence[str], key: str) -> Iterator[Accident]:
    """Yield the accidents in the statements that define an answer."""
    begins = re.compile(rf"[ \t]*(?:def|class)[ \t]+{key}\b|{key}[ \t]*[:=]")
    lines = {cell: beginning(cells[cell], begins) for cell in {one.cell for one in accidents}}
    return (one for one in accidents if one.line in lines[one.cell])


def beginning(source: str, begins: re.Pattern[str]) -> set[int]:
    """The lines of the statements that begin like this, with what decorates them."""
    found: set[int] = set()
    inside, decorators = False, 0
    for number, line in enumerate(source.split("\n"), 1):
        if begins.match(line):
            found.update(range(number - decorators, number + 1))
            inside = True
        elif line[:1].strip():  # another statement
            inside = False
        elif inside:
            found.add(number)
        decorators = decorators + 1 if line.startswith("@") else 0
    return found
