"""Where the course is published, and as which version: its address, its remote and its tags."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from packaging.version import InvalidVersion, Version

from course.authoring.links import Home
from course.authoring.source import CannotBuild
from course.writing import write

# https://github.com/OWNER/NAME as browsers show it, and what git makes of it, with or without .git.
ON_GITHUB = re.compile(
    r"(?:(?:https?|ssh|git)://)?(?:[^/@\s]+@)?(?:www\.)?github\.com[/:](?P<owner>[\w.-]+)/(?P<name>[\w.-]+?)"
    r"(?:\.git)?/?",
    re.IGNORECASE,
)
WRITTEN = re.compile(r'(?m)^(Repository *= *)"[^"\n]*"')


def move(root: Path, given: str) -> str:
    """Write into pyproject.toml where the course is published: all links are made from that.

    Parameters
    ----------
    root : Path
        The repository.
    given : str
        An address on GitHub, in whatever way it is written, or the name of a remote of git's.

    Returns
    -------
    str
        The address as it is written now.

    Raises
    ------
    CannotBuild
        It is neither.
    """
    found = remote(root, given) if re.fullmatch(r"[\w-]+", given) else given
    if found is None:
        raise CannotBuild(
            f"git knows no remote {given!r} here. Name the repository's address, "
            "like https://github.com/OWNER/NAME."
        )
    address = on_github(found)
    if address is None:
        whose = "" if found == given else f" of the remote {given!r}"
        raise CannotBuild(
            f"The address{whose} is {found!r}. Badges, Colab and Binder need one on GitHub, "
            "like https://github.com/OWNER/NAME."
        )
    path = root / "pyproject.toml"
    text, times = WRITTEN.subn(rf'\1"{address}"', path.read_text(encoding="utf-8"), count=1)
    if not times:
        raise CannotBuild(f'{path.name} has no line `Repository = "..."` in [project.urls].')
    write(path, text.encode())
    return address


def on_github(address: str) -> str | None:
    """The address of a repository on GitHub as a browser has it; None if it is elsewhere."""
    parts = ON_GITHUB.fullmatch(address.strip())
    return f"https://github.com/{parts['owner']}/{parts['name']}" if parts else None


def git(root: Path, *words: str) -> str | None:
    """What git says of the repository; None if it can't, or if there is none."""
    if not (root / ".git").exists():  # git itself would look in the folders around it
        return None
    try:
        done = subprocess.run(["git", "-C", str(root), *words], capture_output=True, check=False)
    except OSError:
        return None
    return done.stdout.decode(errors="replace").strip() if done.returncode == 0 else None


def remote(root: Path, name: str) -> str | None:
    """The address of a remote, as it was given to git."""
    return git(root, "config", "--get", f"remote.{name}.url")


def newest_tag(root: Path) -> Version | None:
    """The newest version that is tagged in what this clone has; one of another branch is not."""
    found = []
    for tag in (git(root, "tag", "--list", "v*", "--merged", "HEAD") or "").split():
        try:
            found.append(Version(tag))
        except InvalidVersion:
            continue
    return max(found, default=None)


def behind(root: Path, home: Home) -> Iterator[str]:
    """Say that the version is older than what is tagged already."""
    newest = newest_tag(root)
    if newest is not None and newest > Version(home.version):
        yield (
            f"pyproject.toml: version is {home.version}, and so {home.tag} is what every link opens, "
            f"but v{newest} is tagged. Write a version that is no older, and run `course build`."
        )


def remarks(root: Path, home: Home) -> Iterator[str]:
    """Say what is not wrong here, and yet has to be done before links lead to where they should."""
    newest = newest_tag(root)
    # A clone of a single commit knows no tags, which says nothing of the repository.
    alone = git(root, "rev-parse", "--is-shallow-repository") != "false"
    if not alone and (newest is None or newest < Version(home.version)):
        known = f"; the newest tag is v{newest}" if newest else ""
        yield (
            f"{home.tag} is not tagged in this clone{known}. The links to Colab and Binder open that "
            f"tag: `git tag {home.tag} && git push origin {home.tag}`."
        )
    origin = on_github(remote(root, "origin") or "")
    if origin is not None and origin.lower() != home.address.lower():
        yield (
            f"Every link leads to {home.address}, and this clone came from {origin}. "
            "If you teach with that one: `course build --repository origin`."
        )
