"""Tables that teachers bring: CSV files as platforms and spreadsheets write them."""

import codecs
import csv
import re
import unicodedata
from pathlib import Path
from typing import NamedTuple

from course.trouble import Trouble

LARGEST = 50_000_000  # bytes; a class of 10,000 with a hundred columns is smaller
DELIMITERS = ",;\t|"


class Sheet(NamedTuple):
    """A table as it stands in its file.

    Attributes
    ----------
    file : Path
    rows : tuple of (int, tuple of str)
        Each with the number of its line, without those in which nothing stands.
    delimiter : str
    """

    file: Path
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    delimiter: str


def read_sheet(file: Path) -> Sheet:
    """Read a table, whatever letters and separators the program that wrote it has chosen.

    Raises
    ------
    Trouble
        If the file can't be opened or is no table, with what to do.
    """
    try:
        with file.open("rb") as opened:
            raw = opened.read(LARGEST + 1)
    except OSError as error:
        raise Trouble(f"{file} can't be read: {error.strerror or error}.") from None
    if len(raw) > LARGEST:
        raise Trouble(f"{file} has more than {LARGEST / 1e6:.0f} MB: that is no list of a class.")
    if raw.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise Trouble(f"{file} is a workbook. Open it in the spreadsheet and save it as CSV.")
    lines = decoded(raw).lstrip("\n\r").splitlines(keepends=True)
    first = lines[0] if lines else ""
    skipped = 0
    if named := re.fullmatch(r'"?sep=(.)"?\s*', first, re.IGNORECASE):  # Excel's own
        lines, skipped = lines[1:], 1
    delimiter = named[1] if named else separator(first)
    reader = csv.reader(lines, delimiter=delimiter)
    rows = []
    try:
        for row in reader:
            if cells := tuple(cell.strip() for cell in row):
                while cells and not cells[-1]:
                    cells = cells[:-1]
                if cells:
                    rows.append((reader.line_num + skipped, cells))
    except csv.Error as error:
        raise Trouble(
            f"{file} is no table that can be read: line {reader.line_num}, {error}."
        ) from None
    if not rows:
        raise Trouble(f"There is nothing in {file}.")
    return Sheet(file, tuple(rows), delimiter)


def decoded(raw: bytes) -> str:
    """Read letters: UTF-8, Excel's UTF-16, or the Windows ones of western Europe."""
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return raw.decode("utf-16", "replace")
    if b"\0" in raw[:200]:
        return raw.decode("utf-16-le" if raw[1:2] == b"\0" else "utf-16-be", "replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def separator(line: str) -> str:
    """What stands most often between the cells of a line; a comma if there is but one cell."""
    outside = re.sub(r'"[^"]*"', "", line)
    return max(DELIMITERS, key=outside.count)


def heading(cell: str) -> str:
    """What a column is called, without case, accents and punctuation."""
    plain = unicodedata.normalize("NFKD", cell.casefold())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return " ".join(re.findall(r"[^\W_]+", plain))


def read_number(text: str) -> float | None:
    """Read a number as people write it, with a comma or a point; None if it is none."""
    text = text.strip().lstrip("'").replace("\N{MINUS SIGN}", "-").replace(",", ".")
    return float(text) if re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)", text, re.ASCII) else None
