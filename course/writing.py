"""Files that hold the new text as a whole, or still the old one: never half of it."""

import os
import tempfile
from pathlib import Path


def write(path: Path, content: bytes, mode: int = 0o644) -> None:
    """Make a file hold this, at once or not at all.

    Parameters
    ----------
    path : Path
        A link is followed: what it leads to is written.
    content : bytes
    mode : int
        Who may read a new file. One that is there stays as open as it was.
    """
    path = path.resolve()
    if path.exists():
        mode = path.stat().st_mode & 0o777
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.chmod(name, mode)  # a temporary file is its owner's alone
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise
