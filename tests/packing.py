"""Files as they are handed in: laid out in a folder, or packed into a zip."""

import io
import zipfile
from pathlib import Path


def folder(root: Path, contents: dict[str, bytes]) -> Path:
    """Lay files out below a folder."""
    for name, content in contents.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return root


def zipped(contents: dict[str, bytes]) -> bytes:
    """Pack files into a zip."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return packed.getvalue()
