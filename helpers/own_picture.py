"""A picture of your own as numbers. It is read on this computer and sent nowhere."""

from pathlib import Path

import numpy as np

LARGEST = 256  # pixels on a side: what the moving window shows


def open_picture(
    path: str | Path, largest: int | None = LARGEST, *, colour: bool = False
) -> np.ndarray:
    """Open a picture file as an array.

    Parameters
    ----------
    path : str or Path
        Where it is: JPEG, PNG, WebP, GIF and what else Pillow reads. ``~`` is your home.
    largest : int, optional
        The longer side afterwards, in pixels, if the picture is larger; None keeps its size.
    colour : bool
        Whether to keep red, green and blue. Otherwise each pixel is as bright as an eye sees it.

    Returns
    -------
    (H, W) or (H, W, 3) ndarray of uint8
        As it is seen: turned the way the camera noted, and on white where it is transparent.

    Raises
    ------
    FileNotFoundError
        There is no such file.
    ValueError
        It is no picture, or `largest` is no whole number from 1.

    Examples
    --------
    >>> from helpers.datasets import DATA
    >>> open_picture(DATA / "ascent.png").shape
    (256, 256)
    >>> open_picture(DATA / "ascent.png", largest=None, colour=True).shape
    (512, 512, 3)
    """
    from PIL import Image, ImageOps, UnidentifiedImageError  # only who has a picture waits for it

    from helpers.arguments import whole

    side = None if largest is None else whole(largest, "largest")
    file = found(path)
    try:
        with Image.open(file) as opened:
            picture = ImageOps.exif_transpose(opened)
            if picture.mode[0] in "IF":  # 16 bits each, or more
                deep = np.array(picture)
                top = 255 if deep.max() <= 255 else max(deep.max(), 65535)
                picture = Image.fromarray(deep / top * 255).convert("L")
            picture = picture.convert("RGBA")
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError) as error:
        raise ValueError(
            f"{file.name} can't be read as a picture ({error}). Try a JPEG or PNG file."
        ) from None
    paper = Image.new("RGBA", picture.size, "white")
    picture = Image.alpha_composite(paper, picture).convert("RGB" if colour else "L")
    if side is not None and max(picture.size) > side:
        picture.thumbnail((side, side), Image.Resampling.LANCZOS)
    return np.array(picture)


def found(path: str | Path) -> Path:
    """Return the file that is meant, or say what there is instead."""
    if "://" in str(path):
        raise ValueError(
            f"path must name a file on this computer, got {str(path)!r}. Save the picture first, "
            "then give its name."
        )
    file = Path(path).expanduser()
    if file.is_file():
        return file
    if file.is_dir():
        raise ValueError(f"path must name a picture, but {str(path)!r} is a folder.")
    folder = file.parent.resolve()
    kinds = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff")
    there = sorted(p.name for p in folder.glob("*") if p.suffix.lower() in kinds)
    seen = f"Pictures there: {', '.join(there[:5])}." if there else "There is no picture there."
    raise FileNotFoundError(f"There is no {file.name!r} in {folder}. {seen}")
