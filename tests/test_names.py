"""Names survive the programs that pack and unpack them."""

import os
import unicodedata
import zipfile
import zlib

import pytest

from course.grading.names import CODES, as_seen, file_name, likeliest, mended, zip_names

NAMES = [
    "José",
    "André",
    "Müller",
    "Groß",
    "Dávid",
    "Björn",
    "Åsa",
    "Zoë",
    "Peña",
    "François",
    "Søren",
    "Élodie",
    "Ülkü",
    "Ägidius",
    "Örs",
    "Hélène",
    "Márquez",
    "Núñez",
    "Íñigo",
    "Joaquín",
    "Weiß",
    "Straßer",
    "Gómez",
    "Zoé",
    "Anaïs",
    "Chloë",
    "Renée",
    "Jörg",
    "Käthe",
    "Süß",
    "Mária",
]


def written(name: str, code: str) -> bytes | None:
    try:
        return name.encode(code)
    except UnicodeError:
        return None


@pytest.mark.parametrize("code", CODES)
def test_a_name_of_unknown_code_is_read_as_what_makes_a_word(code):
    for name in NAMES:
        if (raw := written(name, code)) is not None:
            assert raw.decode(likeliest([raw])) == name
    together = [raw for name in NAMES if (raw := written(name, code)) is not None]
    assert likeliest(together) == code


def member(raw: bytes, extra: bytes = b"", flag: int = 0) -> zipfile.ZipInfo:
    """What zipfile makes of a member whose name has these bytes."""
    info = zipfile.ZipInfo(raw.decode("utf-8" if flag else "cp437"))
    info.flag_bits, info.extra = flag, extra
    return info


@pytest.mark.parametrize("code", ["cp1252", "cp437", "utf-8"])
def test_the_names_of_an_old_zip(code):
    raw = [f"{name}/x.ipynb".encode(code) for name in ("José", "Müller", "Ash")]
    names = zip_names([member(one) for one in raw])
    assert names == ["José/x.ipynb", "Müller/x.ipynb", "Ash/x.ipynb"]


def test_a_zip_that_says_how_its_names_are_meant_is_believed():
    assert zip_names([member(b"Jos\x82"), member("Łukasz".encode(), flag=0x800)]) == [
        "José",
        "Łukasz",
    ]
    lost = b"\1" + zlib.crc32(b"\x9dukasz").to_bytes(4, "little") + "Łukasz".encode()
    field = b"\x75\x70" + len(lost).to_bytes(2, "little") + lost
    assert zip_names([member(b"\x9dukasz", b"UT\1\0x" + field)]) == ["Łukasz"]
    assert zip_names([member(b"\x81ukasz", field)]) == ["üukasz"]  # of another name
    assert zip_names([member(b"plain", field[:3])]) == ["plain"]


def test_paths_that_windows_wrote_are_paths():
    assert zip_names([member(rb"ash\hw\x.ipynb"), member(b"elm/a\\b")]) == [
        "ash/hw/x.ipynb",
        "elm/a\\b",
    ]


@pytest.mark.parametrize("name", NAMES)
def test_what_was_taken_for_another_code_is_mended_and_a_right_name_is_left(name):
    assert mended(name) == name
    for code in ("cp437", "latin-1"):
        assert mended(name.encode().decode(code)) == name
    assert mended("".join(c if c.isascii() else f"#U{ord(c):04x}" for c in name)) == name


def test_names_in_folders_are_put_together_again(tmp_path):
    assert file_name(unicodedata.normalize("NFD", "José")) == "José"
    assert file_name(os.fsdecode(b"Jos\xe9")) == "José"
    assert file_name("樹 Łukasz Ünïcödé") == "樹 Łukasz Ünïcödé"
    assert as_seen("Straße") == as_seen("STRASSE") and as_seen("é") == as_seen("e\u0301")
