"""Where the site is written. What it did not write itself, it neither replaces nor deletes."""

import contextlib
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

from course.trouble import Trouble

WRITTEN = ".course-site"
"""In the site's folder: the names of the files that were written there, one a line."""

OTHER = "Name an empty folder, or one that is not there yet: `course site --out FOLDER`."


def claim(folder: Path) -> set[str]:
    """Make a folder the site's, and name the files that an earlier site has there.

    Raises
    ------
    Trouble
        It is something else's, or can't be written.
    """
    known = folder / WRITTEN
    try:
        if known.exists():
            names = set(known.read_text(encoding="utf-8").splitlines())
        elif folder.is_dir() and (there := next(folder.iterdir(), None)):
            raise Trouble(f"{folder} holds {there.name}, which is not the course's. {OTHER}")
        else:
            folder.mkdir(parents=True, exist_ok=True)
            names = set()
        remember(folder, names)
    except FileExistsError:
        raise Trouble(f"{folder} is a file, and the site is a folder. {OTHER}") from None
    except OSError as error:
        raise Trouble(f"{folder} can't be written ({error.strerror}). {OTHER}") from error
    return names


def write(folder: Path, files: Mapping[str, bytes | Path]) -> None:
    """Write the site, and delete what an earlier one had and this one has not.

    Parameters
    ----------
    folder : Path
    files : mapping
        What each holds, by its name: the content itself, or a file that has it.
    """
    old = claim(folder)
    remember(folder, old | set(files))  # first, in case that the writing is interrupted
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            shutil.copyfile(content, path)
    for name in old - set(files):
        path = folder / name
        if path.resolve().is_relative_to(folder.resolve()):
            path.unlink(missing_ok=True)
            with contextlib.suppress(OSError):  # something is still in there
                path.parent.rmdir()
    remember(folder, files)


def remember(folder: Path, names: Iterable[str]) -> None:
    """Note which files are the site's."""
    lines = "".join(f"{name}\n" for name in sorted(names))
    (folder / WRITTEN).write_text(lines, encoding="utf-8")
