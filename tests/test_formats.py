"""In whatever form a notebook was handed in it is read, and whatever is none is told."""

import bz2
import gzip
import io
import json
import tarfile

import pytest
from packing import folder, zipped

from course.grading import archives
from course.grading.graded import HandedIn
from course.grading.submissions import find
from course.lessons import LESSONS

FIRST = LESSONS[1].file
ANSWER = "def convolve_pixel(window, kernel):\n    return (window * kernel).sum()"
WORK = json.dumps({"cells": [{"cell_type": "code", "source": ANSWER}]}).encode()
MORE = json.dumps({"cells": [{"cell_type": "code", "source": f"{ANSWER} + 0"}]}).encode()
PERCENT = (
    f"# ---\n# jupyter:\n# ---\n\n# %% [markdown]\n# # One\n\n# %%\n{ANSWER}\n\n# %% tags=[]\n1\n"
)
PAGE = b"<!DOCTYPE html><html><head><title>01_convolution_by_hand</title></head></html>"


def tarred(contents: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for name, content in contents.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return packed.getvalue()


def read(found: HandedIn) -> dict[str, str]:
    """Whose notebooks were read, by their places."""
    return {one.path: one.student for one in found.submissions if one.cells}


def told(found: HandedIn) -> dict[str, str]:
    return {one.path: one.why for one in found.unread}


def test_a_mixed_folder_has_a_row_for_everybody(tmp_path):
    found = find(folder(tmp_path, {
        "ben/x.ipynb": WORK,
        "cem.zip": zipped({f"hw/{FIRST}": WORK}),
        "dora.html": PAGE,
        "eli.ipynb.txt": WORK,
        "gil.py": b"import numpy\n",
    }))  # fmt: skip
    assert found.people.keys() == {"ben", "cem", "dora", "eli", "gil"}
    assert read(found) == {
        "ben/x.ipynb": "ben", f"cem.zip/hw/{FIRST}": "cem", "eli.ipynb.txt": "eli",
    }  # fmt: skip
    assert told(found) == {
        "dora.html": "It is a web page, not the notebook that it was made of (.ipynb).",
        "gil.py": "It is a script, not the notebook that it was made of (.ipynb).",
    }
    assert {one.student: one.problem for one in found.submissions if one.problem} == {
        "dora": "No notebook (.ipynb) was handed in, but dora.html.",
        "gil": "No notebook (.ipynb) was handed in, but gil.py.",
    }


@pytest.mark.parametrize(
    "name",
    [
        *("x.ipynb.txt", "x.ipynb.json", "x.json", "x.ipynb.html", "x.ipynb (1)", "x", "x.IPYNB"),
        *("x.ipynb ", "x.pdf", f"{'n' * 240}.ipyn", ".hidden/x.ipynb", "..ipynb", "x.zip/x.ipynb"),
    ],
)
def test_a_notebook_is_one_whatever_it_is_called(tmp_path, name):
    found = find(folder(tmp_path, {f"ash/{name}": WORK, f"elm/{FIRST}": WORK}))
    assert read(found) == {f"ash/{name}": "ash", f"elm/{FIRST}": "elm"}
    assert not found.unread


def test_at_the_top_a_notebook_is_somebodys_whatever_it_is_called(tmp_path):
    contents = {"ash.ipynb": WORK, "elm.txt": WORK, "fir": WORK, "oak_01_convolution_by_hand.html": PAGE,
                "roster.json": b'{"ash": 1}', "readme.txt": b"all"}  # fmt: skip
    found = find(folder(tmp_path, contents))
    assert read(found) == {"ash.ipynb": "ash", "elm.txt": "elm", "fir": "fir"}
    assert found.people.keys() == {"ash", "elm", "fir", "oak"}
    assert {one.path: one.student for one in found.unread} == {
        "oak_01_convolution_by_hand.html": "oak", "roster.json": "", "readme.txt": "",
    }  # fmt: skip


def test_a_script_with_cells_is_read_and_noted(tmp_path):
    script = (
        f"#!/usr/bin/env python\n# coding: utf-8\n\n# In[1]:\n\n\n{ANSWER}\n\n\n# In[ ]:\n\n\n1\n"
    )
    found = find(folder(tmp_path, {"ash/gil.py": PERCENT.encode(), "elm/x.py": script.encode()}))
    assert read(found) == {"ash/gil.py": "ash", "elm/x.py": "elm"}
    assert {one.cells for one in found.submissions} == {(ANSWER, "1")}
    assert all("not called a notebook" in one.notes[0] for one in found.submissions)


@pytest.mark.parametrize(
    ("ending", "pack"),
    [
        (".zip", zipped), (".tar", tarred), (".tar.gz", lambda c: gzip.compress(tarred(c))),
        (".tgz", lambda c: gzip.compress(tarred(c))), (".tar.bz2", lambda c: bz2.compress(tarred(c))),
        (".ZIP", zipped),
    ],
)  # fmt: skip
def test_what_a_student_packed_is_opened(tmp_path, ending, pack):
    inner = pack({f"./hw/{FIRST}": WORK, "hw/notes.md": b"x"})
    found = find(folder(tmp_path, {f"ash/hw{ending}": inner, f"elm/{FIRST}": WORK}))
    assert list(read(found).values()) == ["ash", "elm"]
    assert told(found) == {f"ash/hw{ending}/hw/notes.md": "It is no notebook."}


def test_zips_of_zips_are_opened_in_a_folder_and_in_a_zip(tmp_path):
    contents = {
        "ash.zip": zipped({"hw.zip": zipped({FIRST: WORK}), "again.zip": zipped({FIRST: MORE})}),
        "birch - Lesson 1.zip": zipped({FIRST: WORK}),
        "elm/hw.zip": zipped({FIRST: WORK}),
    }
    (tmp_path / "x.zip").write_bytes(zipped({"class.zip": zipped(contents)}))
    for path in (folder(tmp_path / "x", contents), tmp_path / "x.zip"):
        assert sorted(read(find(path)).values()) == ["ash", "ash", "birch", "elm"]


def test_packed_in_a_way_that_is_not_opened_is_told(tmp_path):
    contents = {"ash/hw.rar": b"Rar!", "ash/hw.7z": b"7z", "elm/x.zip": b"PK", f"fir/{FIRST}": WORK}
    found = find(folder(tmp_path, contents))
    assert {"ash", "elm", "fir"} == found.people.keys()
    assert {"ash/hw.rar", "ash/hw.7z", "elm/x.zip"} == told(found).keys()
    assert "Pack it as a .zip" in told(found)["ash/hw.rar"]
    assert "can't be opened" in told(found)["elm/x.zip"]


@pytest.mark.slow
def test_bombs_of_archives_cost_only_their_own_row(tmp_path, monkeypatch):
    opened = []
    real = archives.unpacked
    monkeypatch.setattr(
        archives, "unpacked", lambda file, stream: opened.append(file) or real(file, stream)
    )
    bomb = zipped({"x.ipynb": WORK})
    for _ in range(6):
        bomb = zipped({f"{n}.zip": bomb for n in range(6)})
    big = zipped({"x.zip": b"PK" + bytes(archives.LARGEST_PACKED)})
    many = zipped({f"{n}.zip": zipped({FIRST: WORK}) for n in range(archives.MOST_WITHIN + 9)})
    found = find(folder(tmp_path, {
        "ash/x.zip": bomb, "birch/x.zip": big, "cedar/x.zip": zipped({"x.zip": many}),
        "elm/x.tgz": gzip.compress(bytes(archives.LARGEST_PACKED + 1)), f"fir/{FIRST}": WORK,
    }))  # fmt: skip
    assert read(found)[f"fir/{FIRST}"] == "fir"
    assert found.people.keys() == {"ash", "birch", "cedar", "elm", "fir"}
    assert len(opened) < 6**4 + 2 * archives.MOST_WITHIN
    reasons = " ".join(told(found).values())
    assert "one archive too many" in reasons and "has more than 100 MB" in reasons


def test_checkpoints_are_read_only_when_there_is_nothing_else(tmp_path):
    checkpoint = ".ipynb_checkpoints/01_convolution_by_hand-checkpoint.ipynb"
    found = find(folder(tmp_path, {
        f"ash/{checkpoint}": MORE, f"ash/{FIRST}": WORK,
        f"elm/{checkpoint}": WORK,
        f"fir/{checkpoint}": WORK, f"fir/{FIRST}": b"",
    }))  # fmt: skip
    assert read(found) == {
        f"ash/{FIRST}": "ash", f"elm/{checkpoint}": "elm", f"fir/{checkpoint}": "fir",
    }  # fmt: skip
    noted = {one.student for one in found.submissions if one.notes}
    assert noted == {"elm", "fir"}
    assert told(found).keys() == {f"fir/{FIRST}"}


def test_what_programs_leave_behind_is_passed_over(tmp_path):
    left = [
        ".DS_Store", "Thumbs.db", "desktop.ini", f"._{FIRST}", f".~{FIRST}", "~$report.docx",
        f"__MACOSX/._{FIRST}", ".git/config", f".git/x/{FIRST}", f"__pycache__/{FIRST}", "a.pyc",
    ]  # fmt: skip
    contents = {f"ash/{name}": b"x" for name in left} | {f"ash/{FIRST}": WORK, ".DS_Store": b"x"}
    (tmp_path / "x.zip").write_bytes(zipped(contents | {"elm/x.zip": zipped({FIRST: WORK})}))
    for path in (folder(tmp_path / "x", contents), tmp_path / "x.zip"):
        found = find(path)
        assert not found.unread
        assert found.people.keys() <= {"ash", "elm"}


def test_many_other_files_are_told_by_their_folder(tmp_path):
    contents = {f"ash/data/{n}.csv": b"1" for n in range(99)} | {f"ash/{FIRST}": WORK}
    found = find(folder(tmp_path, contents | {f"ash/{n}/{n}/x.md": b"1" for n in range(9)}))
    ((path, why),) = told(found).items()
    assert path == "ash" and why.startswith("108 files in it are not read (")
    for n in range(9):
        (tmp_path / f"ash/{n}/{n}/x.md").unlink()
    ((path, why),) = told(find(tmp_path)).items()
    assert path == "ash/data" and why.startswith("99 files in it are not read (")


def test_the_same_code_twice_is_graded_once_and_told(tmp_path):
    found = find(
        folder(tmp_path, {f"ash/{FIRST}": WORK, f"ash/old/{FIRST}": WORK, "ash/x.ipynb": MORE})
    )
    assert read(found).keys() == {f"ash/{FIRST}", "ash/x.ipynb"}
    assert told(found) == {f"ash/old/{FIRST}": f"It has the same code as ash/{FIRST}."}
