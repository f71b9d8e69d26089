"""Everything made from the repository's address, which stands in pyproject.toml and nowhere else.

Badges, links to Colab and Binder, the cell with which Colab fetches the course, and the regions of
the README that name the address or count the exercises.
"""

import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from course.authoring.source import CannotBuild
from course.exercises import exercises_of
from course.lessons import LESSONS, Lesson

COLAB_BADGE = "https://colab.research.google.com/assets/colab-badge.svg"
BINDER_BADGE = "https://mybinder.org/badge_logo.svg"


class Home(NamedTuple):
    """Where the course is published, and as which version."""

    owner: str
    name: str
    version: str

    @property
    def address(self) -> str:
        """The repository on GitHub."""
        return f"https://github.com/{self.owner}/{self.name}"

    @property
    def site(self) -> str:
        """The site, where GitHub's pages publish it."""
        host = f"{self.owner.lower()}.github.io"
        return f"https://{host}/" if self.name.lower() == host else f"https://{host}/{self.name}/"

    @property
    def tag(self) -> str:
        """A notebook, and the course that its first cell fetches, belong to the same tag."""
        return f"v{self.version}"

    def colab(self, lesson: str) -> str:
        """Open a lesson's student notebook in Colab."""
        place = f"{self.owner}/{self.name}/blob/{self.tag}/notebooks/{lesson}.ipynb"
        return f"https://colab.research.google.com/github/{place}"

    def binder(self, lesson: str) -> str:
        """Open a lesson's student notebook on Binder."""
        place = f"{self.owner}/{self.name}/{self.tag}?urlpath=lab/tree/notebooks/{lesson}.ipynb"
        return f"https://mybinder.org/v2/gh/{place}"


def home(root: Path) -> Home:
    """Read address and version from pyproject.toml."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    address = project["urls"]["Repository"]
    parts = re.fullmatch(r"https://github\.com/([^/]+)/([^/]+?)(\.git)?/?", address)
    if parts is None:
        raise CannotBuild(
            f"pyproject.toml: Repository is {address!r}. Colab and Binder need an address "
            "like https://github.com/OWNER/NAME."
        )
    return Home(parts[1], parts[2], project["version"])


def ways_to_open(home: Home, lesson: str) -> str:
    """The two ways to open a lesson without installing anything, as markdown.

    In words: a notebook is also opened where there is no network, and no picture comes.
    """
    return f"[Open in Colab]({home.colab(lesson)}) · [Open on Binder]({home.binder(lesson)})"


COLAB_CELL = """\
# @title On Google Colab, this fetches the course. Anywhere else it does nothing.
import sys

if "google.colab" in sys.modules:
    import os
    import shutil
    import subprocess
    import tempfile

    class NotFetched(Exception):
        def _render_traceback_(self):  # what IPython shows: the sentence is all that helps
            return [str(self)]

    folder = "/content/{name}-{version}"
    if not os.path.isdir(folder):
        # Elsewhere first: a download that breaks off is not taken for the course.
        download = tempfile.mkdtemp()
        clone = ["git", "clone", "-q", "--depth", "1", "{address}", download]
        git = subprocess.run([*clone, "--branch", "{tag}"], capture_output=True, text=True)
        # 2 is the answer that the address is there and has no such tag.
        tag = ["git", "ls-remote", "--exit-code", "{address}", "refs/tags/{tag}"]
        if git.returncode and subprocess.run(tag, capture_output=True).returncode == 2:
            git = subprocess.run(clone, capture_output=True, text=True)
            if not git.returncode:
                print("There is no {tag} of the course at {address}, so this is the newest that is "
                      "there. If it does not fit this notebook, open the lesson anew from there.")
        if git.returncode:
            raise NotFetched(
                "The course could not be fetched. Run this cell again in a minute. If that does "
                "not help, open the lesson anew from {address}\\n"
                "git says: " + git.stderr.strip()
            )
        shutil.move(download, folder)
    if folder not in sys.path:
        sys.path.insert(0, folder)"""


def colab_cell(home: Home) -> str:
    """The same first code cell for every notebook."""
    return COLAB_CELL.format(
        name=home.name, version=home.version, tag=home.tag, address=home.address
    )


def readme(text: str, home: Home, root: Path) -> str:
    """Write the regions of a README again; those that it does not have are left out.

    A region stands between ``<!-- NAME: made by course build -->`` and ``<!-- /NAME -->``, where
    NAME is ``badges``, ``site``, ``clone`` or ``course map``.
    """
    lessons = [lesson for lesson in LESSONS.values() if lesson.source(root).exists()]
    regions = {
        "badges": readme_badges(home, lessons),
        "site": f"**[Start in your browser]({home.site})**: nothing to install, no account.",
        "clone": f"```sh\ngit clone {home.address}\ncd {home.name}\nmake lab\n```",
        "course map": course_map(home, lessons),
    }
    for name, made in regions.items():
        begin, end = f"<!-- {name}: made by course build -->", f"<!-- /{name} -->"
        if begin in text and end in text:
            before, rest = text.split(begin, 1)
            after = rest.split(end, 1)[1]
            text = f"{before}{begin}\n{made}\n{end}{after}"
    return text


def classroom(text: str, home: Home) -> str:
    """Let the workflow for GitHub Classroom take the course from its address, at its tag."""
    course = re.compile(r"(repository: )\S+(\s+ref: )\S+")
    return course.sub(rf"\g<1>{home.owner}/{home.name}\g<2>{home.tag}", text)


def readme_badges(home: Home, lessons: Sequence[Lesson]) -> str:
    """Is it green, and the ways to open the first lesson without installing anything."""
    tests = f"{home.address}/actions/workflows/ci.yml"
    made = [f"[![Tests]({tests}/badge.svg)]({tests})"]
    for lesson in lessons[:1]:
        made.append(f"[![Open in Colab]({COLAB_BADGE})]({home.colab(lesson.stem)})")
        made.append(f"[![Open on Binder]({BINDER_BADGE})]({home.binder(lesson.stem)})")
    return " ".join(made)


def course_map(home: Home, lessons: Sequence[Lesson]) -> str:
    """A table of the lessons: exercises, points, minutes, and a link to each in Colab."""
    rows = ["| lesson | exercises | points | minutes | |", "|---|--:|--:|--:|---|"]
    together = [0, 0, 0]
    for lesson in lessons:
        exercises = exercises_of(lesson.number)
        counts = [len(exercises), sum(e.points for e in exercises), lesson.minutes]
        together = [sum(pair) for pair in zip(together, counts, strict=True)]
        rows.append(
            f"| [{lesson.heading}](notebooks/{lesson.file}) | {' | '.join(map(str, counts))} "
            f"| [open in Colab]({home.colab(lesson.stem)}) |"
        )
    rows.append("| **together** | " + " | ".join(f"**{count}**" for count in together) + " | |")
    return "\n".join(rows)
