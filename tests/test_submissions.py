"""What a class handed in: found in every layout, each with a row, whatever is wrong with it."""

import io
import json
import os
import socket
import stat
import zipfile
from pathlib import Path

import pytest
from packing import folder

from course.grading import files
from course.grading.graded import Submission, Unread
from course.grading.submissions import find as collected
from course.trouble import Trouble

FIRST, SECOND = "01_convolution_by_hand.ipynb", "02_edge_kernels.ipynb"
KEY = "convolve_pixel"  # of lesson 1
ANSWER = f"def {KEY}(window, kernel):\n    return (window * kernel).sum()"


def notebook(*sources, **more) -> bytes:
    """A notebook file of these code cells."""
    cells = [{"cell_type": "code", "source": source, "outputs": []} for source in sources]
    text = {"cell_type": "markdown", "source": "def relu(x): no code"}
    return json.dumps(
        {"nbformat": 4, "nbformat_minor": 5, "cells": [text, *cells], **more}
    ).encode()


WORK = notebook(ANSWER)
RELU = "def relu(values):\n    return values * (values > 0)"
BOX = "def box_kernel(size):\n    return [[1 / size**2] * size] * size"
OTHER = notebook(BOX)  # of lesson 2


def work(names) -> dict[str, bytes]:
    """Notebooks of these names, each of the lesson that its name tells."""
    return {name: OTHER if "edge" in name else WORK for name in names}


def packed(path: Path, contents, **options) -> Path:
    """A zip of these members: names, or what `zipfile` knows of them."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items() if isinstance(contents, dict) else contents:
            archive.writestr(name, content, **options)
    return path


def find(path: Path, *options, **more) -> list[Submission]:
    """The notebooks that a class handed in."""
    return [*collected(path, *options, **more).submissions]


def rows(found: list[Submission]) -> list[tuple[str, int]]:
    return [(one.student, one.lesson) for one in found]


def problems(found: list[Submission]) -> dict[str, str]:
    return {one.student: one.problem for one in found if one.problem}


CLASS = [("ash", 1), ("birch", 1), ("birch", 2)]
LAYOUTS = {
    "folders": [f"ash/{FIRST}", f"birch/{FIRST}", f"birch/{SECOND}"],
    "files": [f"ash_{FIRST}", f"birch_{FIRST}", f"birch_{SECOND}"],
    "plain files": ["ash.ipynb", f"birch_{FIRST}", f"birch_{SECOND}"],
    "nbgrader's course": [
        f"submitted/ash/01_convolution_by_hand/{FIRST}",
        f"submitted/birch/01_convolution_by_hand/{FIRST}",
        "submitted/birch/02_edge_kernels/homework.ipynb",
        f"source/01_convolution_by_hand/{FIRST}",
        f"release/01_convolution_by_hand/{FIRST}",
        f"autograded/ash/01_convolution_by_hand/{FIRST}",
    ],
    "nbgrader's names": [f"submitted/ash/ps1/{FIRST}", f"submitted/birch/ps1/{FIRST}",
                         f"submitted/birch/ps2/{SECOND}"],
    "one more folder": [f"class/ash/{FIRST}", f"class/birch/{FIRST}", f"class/birch/{SECOND}"],
    "files in one more folder": ["class/ash.ipynb", f"class/birch_{FIRST}",
                                 f"class/birch_{SECOND}"],
    "nbgrader's course in one more folder": [f"x/submitted/ash/ps1/{FIRST}",
                                             f"x/submitted/birch/1/{FIRST}",
                                             f"x/submitted/birch/2/{SECOND}"],
    "what does not belong": [
        f"ash/{FIRST}", f"birch/{FIRST}", f"birch/{SECOND}", "birch/notes.txt", "grades.csv",
        f"birch/.ipynb_checkpoints/{FIRST}", f"__MACOSX/ash/._{FIRST}", ".DS_Store",
        f"ash/._{FIRST}",
    ],
}  # fmt: skip


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("as_zip", [False, True], ids=["folder", "zip"])
def test_every_layout_gives_the_same_rows(tmp_path, layout, as_zip):
    contents = work(LAYOUTS[layout])
    path = packed(tmp_path / "x.zip", contents) if as_zip else folder(tmp_path / "x", contents)
    found = find(path)
    assert rows(found) == CLASS
    assert {one.cells for one in found} == {(ANSWER,), (BOX,)}
    assert not problems(found)


def test_everything_is_one_students_where_the_platform_says_so(tmp_path):
    contents = {FIRST: WORK, f"mine/{SECOND}": OTHER, "birch.ipynb": notebook(ANSWER, "2"),
                "ash/scratch.ipynb": notebook(ANSWER, "3"), "readme.md": b""}  # fmt: skip
    found = collected(folder(tmp_path, contents), student="a/b c")
    assert rows(found.submissions) == [("a/b c", 1), ("a/b c", 1), ("a/b c", 1), ("a/b c", 2)]
    assert found.people.keys() == {"a/b c"}
    assert [one.path for one in found.unread] == ["readme.md"]


def test_who_is_left_in_a_name_beside_a_lesson_is_the_student(tmp_path):
    names = {
        "ash_01_convolution_by_hand (2).ipynb": "ash",
        "birch tree_01_convolution_by_hand-1.ipynb": "birch tree",
        "cedar_01_convolution_by_hand-Copy1.ipynb": "cedar",
        "01-Convolution by hand elm.IPYNB": "elm",
        "-rf_01_convolution_by_hand.ipynb": "-rf",
        "fir - Copy of 01_convolution_by_hand.ipynb": "fir",
        "01_convolution_by_hand - holly (1).ipynb": "holly",
        "juniper lesson 1.ipynb": "juniper",
        "Copy_01_convolution_by_hand.ipynb": "Copy",
        "larch-2.ipynb": "larch-2",
        "lime (1).ipynb": "lime",
        "maple - homework 1.ipynb": "maple",
        "hw1_oak.ipynb": "oak",
    }
    found = find(folder(tmp_path, dict.fromkeys(names, WORK)))
    assert {one.path: one.student for one in found} == names
    assert {one.lesson for one in found} == {1}


def test_what_bears_nobodys_name_is_told_and_is_nobodys(tmp_path):
    names = [
        f"ash_{FIRST}",
        f"birch_{FIRST}",
        f"Copy of {FIRST}",
        "01_convolution_by_hand (1).ipynb",
    ]
    found = collected(folder(tmp_path, dict.fromkeys(names, WORK)))
    assert found.people.keys() == {"ash", "birch"}
    assert {one.path for one in found.unread} == {*names[2:]}
    assert all(one.student == "" and "nobody's name" in one.why for one in found.unread)


def test_unknown_work_is_seen_in_a_lesson_that_was_handed_in(tmp_path):
    contents = {f"ash/{SECOND}": OTHER, "birch/x.ipynb": b"", "cedar/x.py": b"print()"}
    found = find(folder(tmp_path, contents))
    assert rows(found) == [("ash", 2), ("birch", 2), ("cedar", 2)]
    assert problems(found)["cedar"] == "No notebook (.ipynb) was handed in, but x.py."


def test_one_student_alone_is_enough(tmp_path):
    alone = folder(tmp_path / "ash", {FIRST: WORK, SECOND: OTHER})
    assert rows(find(alone)) == [("ash", 1), ("ash", 2)]
    assert rows(find(alone / FIRST)) == [("ash", 1)]
    assert rows(find(alone.parent)) == [("ash", 1), ("ash", 2)]
    (tmp_path / "birch.ipynb").write_bytes(WORK)
    assert rows(find(tmp_path / "birch.ipynb")) == [("birch", 1)]


@pytest.mark.parametrize(
    "given",
    [
        f"solutions/{FIRST}",
        "notebooks",
        f"Downloads/{FIRST}",
        f"Lesson 1/{FIRST}",
        "convolutions-work.zip",
    ],
)
def test_a_folder_that_is_nobodys_makes_no_student_of_its_name(tmp_path, given):
    path = tmp_path / given
    if path.suffix == ".zip":
        packed(path, {FIRST: WORK, SECOND: OTHER})
    else:
        folder(path if not path.suffix else path.parent, {FIRST: WORK, SECOND: OTHER})
    with pytest.raises(
        Trouble, match=r"Nothing says who handed in .* is nobody's name\. .*--student"
    ):
        find(path)
    assert {one.student for one in collected(path, student="ash").submissions} == {"ash"}


def test_a_lesson_that_few_handed_in_is_theirs_alone(tmp_path):
    names = ["ash", "birch", "cedar", "elm", "fir"]
    contents = {f"{name}/{FIRST}": WORK for name in names} | {f"ash/{SECOND}": OTHER}
    found = collected(folder(tmp_path / "few", contents))
    assert found.lessons == (1,)
    (second,) = [one for one in found.submissions if one.lesson == 2]
    assert second.student == "ash" and "missing to nobody" in second.notes[0]
    found = collected(folder(tmp_path / "few", {f"birch/{SECOND}": OTHER}))
    assert found.lessons == (1, 2)
    assert not any(one.notes for one in found.submissions)


def test_with_a_lesson_asked_for_others_are_told(tmp_path):
    contents = {f"ash/{FIRST}": WORK, f"ash/{SECOND}": OTHER, f"elm/{SECOND}": OTHER}
    found = collected(folder(tmp_path, contents | {"fir/x.ipynb": notebook("1")}), lesson=1)
    assert rows(found.submissions) == [("ash", 1), ("fir", 1)]
    assert found.people.keys() == {"ash", "elm", "fir"}
    assert [(one.student, one.path) for one in found.unread] == [
        ("ash", f"ash/{SECOND}"), ("elm", f"elm/{SECOND}")
    ]  # fmt: skip
    assert all("--lesson 2" in one.why for one in found.unread)


# --- Students, told apart -------------------------------------------------------------------------


def test_names_that_a_reader_takes_for_one_are_one_person(tmp_path):
    composed, decomposed = "\u00e9", "e\u0301"
    path = packed(tmp_path / "x.zip", {
        f"ash/{FIRST}": WORK,
        "ash.ipynb": notebook(ANSWER, "2"),
        f"{composed}lm/{FIRST}": WORK,
        f"{decomposed}lm/{SECOND}": OTHER,
        f"Fir/{FIRST}": WORK,
        f"fir/{SECOND}": OTHER,
        f"fir (2)/{FIRST}": WORK,
        f"fir-2/{FIRST}": WORK,
    })  # fmt: skip
    found = collected(path)
    assert found.people.keys() == {"Fir", "ash", f"{composed}lm", "fir (2)", "fir-2"}
    assert rows(found.submissions) == [
        ("Fir", 1), ("Fir", 2), ("ash", 1), ("ash", 1), ("fir (2)", 1), ("fir-2", 1),
        (f"{composed}lm", 1), (f"{composed}lm", 2),
    ]  # fmt: skip


def test_names_are_kept_as_they_are(tmp_path):
    names = ["a b", "Ünïcödé", "two\nlines", "x" * 255, "-rf", "<b>bold", "a..b", "樹"]
    path = folder(tmp_path, {f"{name}/{FIRST}": WORK for name in names})
    assert [one.student for one in find(path)] == sorted(names)
    long = packed(tmp_path / "x.zip", {f"{'y' * 300}/{FIRST}": WORK, f"ash/{FIRST}": WORK})
    assert [one.student for one in find(long)] == ["ash", "y" * 300]


def test_a_name_that_is_no_text_is_written_as_text(tmp_path):
    for name in (b"\xa7\xff", b"Jos\xe9"):
        os.makedirs(os.fsencode(tmp_path) + b"/" + name)
        (tmp_path / os.fsdecode(name) / FIRST).write_bytes(WORK)
    assert rows(find(tmp_path)) == [("José", 1), ("\\xa7\\xff", 1)]


def test_names_packed_by_macos_are_read(tmp_path):
    path = packed(tmp_path / "x.zip", {f"\u00e9rable/{FIRST}": WORK, f"ash/{FIRST}": WORK})
    raw = path.read_bytes()
    for at in [raw.find(b"PK\x03\x04") + 6, raw.find(b"PK\x01\x02") + 8]:
        flag = int.from_bytes(raw[at : at + 2], "little") & ~0x800  # nothing says UTF-8
        raw = raw[:at] + flag.to_bytes(2, "little") + raw[at + 2 :]
    path.write_bytes(raw)
    assert rows(find(path)) == [("ash", 1), ("\u00e9rable", 1)]


def test_second_notebooks_of_a_lesson_are_found_and_what_is_no_notebook_is_told(tmp_path):
    copy = "01_convolution_by_hand-Copy1.ipynb"
    path = folder(tmp_path, {
        f"ash/{FIRST}": WORK, f"ash/{copy}": notebook("newer"), f"ash/old/{FIRST}": notebook(ANSWER, "2"),
        f"cedar/{FIRST}": WORK, f"cedar/{copy}": b"no notebook",
    })  # fmt: skip
    found = collected(path)
    assert [(one.path, one.lesson) for one in found.submissions] == [
        (f"ash/{copy}", 1), (f"ash/{FIRST}", 1), (f"ash/old/{FIRST}", 1), (f"cedar/{FIRST}", 1),
    ]  # fmt: skip
    ((who, path, why),) = found.unread
    assert (who, path) == ("cedar", f"cedar/{copy}") and "not JSON" in why


def test_in_a_copy_of_the_whole_course_solutions_and_examples_are_not_the_students(tmp_path):
    path = folder(tmp_path, {
        f"ash/course/notebooks/{FIRST}": WORK,
        "ash/course/solutions/01_convolution_by_hand.py": b"",
        f"ash/course/solutions/{FIRST}": notebook("solution"),
        f"ash/course/examples/class/birch/{FIRST}": notebook("example"),
        f"birch/solutions/{FIRST}": WORK,
    })  # fmt: skip
    assert [(one.student, one.cells) for one in find(path)] == [
        ("ash", (ANSWER,)), ("birch", (ANSWER,)),
    ]  # fmt: skip


def test_a_file_handed_in_twice_in_a_zip_is_not_lost(tmp_path):
    with pytest.warns(UserWarning, match="Duplicate name"):
        path = packed(
            tmp_path / "x.zip", [("ash.ipynb", WORK), ("ash.ipynb", notebook(ANSWER, "2"))]
        )
    assert [one.path for one in find(path)] == ["ash.ipynb", "ash.ipynb (2)"]


# --- Files that are no good -----------------------------------------------------------------------

WRONG = {
    "empty": (b"", "it is empty"),
    "text": (b"I did it on paper.", "not JSON (line 1)"),
    "cut off": (WORK[:-20], "not JSON"),
    "number of a million digits": (b'{"cells": ' + b"1" * 10**6 + b"}", "not JSON"),
    "deep": (b'{"cells": ' + b"[" * 10**6 + b"]" * 10**6 + b"}", "nested too deeply"),
    "a list": (b"[1, 2]", "no list of cells"),
    "null": (b"null", "no list of cells"),
    "no cells": (b'{"nbformat": 4}', "no list of cells"),
    "cells of text": (b'{"cells": "def"}', "no list of cells"),
    "another's file": (b"PK\x03\x04\x00\xff\xfe", "not JSON"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_no_notebook_is_said_and_costs_no_one_else(tmp_path, wrong):
    content, reason = WRONG[wrong]
    found = find(folder(tmp_path, {f"ash/{FIRST}": content, f"birch/{FIRST}": WORK}))
    assert rows(found) == [("ash", 1), ("birch", 1)]
    assert found[0].problem.startswith(f"{FIRST} is ") and found[0].problem.endswith(".")
    assert reason in found[0].problem
    assert found[1].cells == (ANSWER,)


READABLE = {
    "byte order mark": b"\xef\xbb\xbf" + WORK,
    "UTF-16": WORK.decode().encode("utf-16"),
    "UTF-16 without a mark": WORK.decode().encode("utf-16-le"),
    "lines of a list": notebook(ANSWER.splitlines(keepends=True)),
    "format 3": json.dumps({"nbformat": 3, "worksheets": [{"cells": [
        {"cell_type": "code", "input": ANSWER, "language": "python"}]}]}).encode(),
    "format 4.0": notebook(ANSWER, nbformat_minor=0, metadata=None),
    "damaged cells": json.dumps({"cells": [
        None, 1, {"cell_type": ["code"]}, {"cell_type": "code", "source": [ANSWER, 3]}]}).encode(),
    "a wrong byte elsewhere": WORK.replace(b"no code", b"no \xe9 code"),
}  # fmt: skip


@pytest.mark.parametrize("form", READABLE)
def test_every_form_of_a_notebook_is_read(tmp_path, form):
    (found,) = find(folder(tmp_path, {f"ash/{FIRST}": READABLE[form]}))
    assert (found.student, found.lesson, found.problem) == ("ash", 1, "")
    assert found.cells == (ANSWER,)


def test_text_that_no_file_can_hold_is_replaced(tmp_path):
    (found,) = find(folder(tmp_path, {f"ash/{FIRST}": b'{"cells": [{"cell_type": "code", '
                                                      b'"source": "x = \'\\ud800\'"}]}'}))  # fmt: skip
    assert found.cells == ("x = '?'",)


def test_large_files_are_not_read(tmp_path, monkeypatch):
    path = folder(tmp_path, {f"ash/{FIRST}": b"", f"birch/{FIRST}": WORK})
    os.truncate(path / "ash" / FIRST, 200 * 10**6)
    opened = []
    monkeypatch.setattr(files, "open_regular", lambda path: opened.append(path) or io.BytesIO(WORK))
    found = find(path)
    assert "has 200 MB" in found[0].problem and "below 20 MB" in found[0].problem
    assert [Path(one).parent.name for one in opened] == ["birch"]


def test_a_heap_of_notebooks_is_one_row(tmp_path):
    path = folder(tmp_path, {f"ash/{n}.ipynb": b"" for n in range(11)} | {f"birch/{FIRST}": WORK})
    for n in range(11):
        os.truncate(path / "ash" / f"{n}.ipynb", 10**7)
    folder(tmp_path, {f"cedar/{n}.ipynb": b"" for n in range(61)})
    assert problems(find(path)) == {
        "ash": "11 notebooks of 110 MB together were handed in; at most 60 of 100 MB are read. "
        "Leave out what is no lesson's.",
        "cedar": "61 notebooks of 0 MB together were handed in; at most 60 of 100 MB are read. "
        "Leave out what is no lesson's.",
    }


def test_links_are_not_followed(tmp_path):
    path = folder(tmp_path / "class", {f"ash/{FIRST}": WORK, f"elm/{FIRST}": WORK})
    secret = folder(tmp_path / "elsewhere", {FIRST: notebook("a secret")})
    (path / "birch").mkdir()
    (path / "birch" / FIRST).symlink_to(secret / FIRST)
    (path / "cedar").symlink_to(secret)
    (path / "cypress.ipynb").symlink_to("nowhere")
    (path / "elm" / "more").symlink_to(path / "ash")
    found = find(path)
    assert "a secret" not in str(found)
    assert [one.student for one in found if one.cells] == ["ash", "elm"]
    assert set(problems(found)) == {"birch", "cedar", "cypress.ipynb"}
    told = {one.path for one in collected(path).unread}
    assert told == {f"birch/{FIRST}", "cedar", "cypress.ipynb", "elm/more"}
    assert all("is a link" in problem for problem in problems(found).values())


def test_a_link_that_replaces_a_file_after_listing_is_not_followed(tmp_path):
    (tmp_path / FIRST).symlink_to(folder(tmp_path / "x", {FIRST: WORK}) / FIRST)
    with pytest.raises(OSError):
        files.open_regular(str(tmp_path / FIRST))


def test_pipes_and_sockets_are_not_opened(tmp_path, monkeypatch):
    path = folder(tmp_path, {f"ash/{FIRST}": WORK})
    (path / "birch").mkdir()
    os.mkfifo(path / "birch" / FIRST)
    (path / "c").mkdir()
    with socket.socket(socket.AF_UNIX) as server:
        monkeypatch.chdir(path / "c")  # a socket's path is short
        server.bind(SECOND)
        found = find(path)
    assert rows(found) == [("ash", 1), ("birch", 1), ("c", 2)]
    assert set(problems(found)) == {"birch", "c"}
    with pytest.raises(files.Unreadable):
        files.open_regular(str(path / "birch" / FIRST))


def test_what_may_not_be_read_has_a_row(tmp_path, monkeypatch):
    path = folder(tmp_path, {f"ash/{FIRST}": WORK, f"birch/{FIRST}": WORK, f"cedar/{FIRST}": WORK})
    scandir, opening = os.scandir, os.open

    def forbidden(real):
        def attempt(path, *args, **kwargs):
            if "cedar" in str(path) if real is scandir else "birch" in str(path):
                raise PermissionError(13, "Permission denied", path)
            return real(path, *args, **kwargs)

        return attempt

    monkeypatch.setattr(os, "scandir", forbidden(scandir))
    monkeypatch.setattr(os, "open", forbidden(opening))
    assert problems(find(path)) == {
        "birch": f"{FIRST} can't be read: Permission denied.",
        "cedar": "cedar can't be opened: Permission denied.",
    }


def test_an_empty_folder_has_a_row(tmp_path):
    path = folder(tmp_path, {f"ash/{FIRST}": WORK, "cedar/a.py": b"", "cedar/b.docx": b"B"})
    (path / "birch").mkdir()
    found = collected(path)
    assert found.people.keys() == {"ash", "birch", "cedar"}
    assert problems(found.submissions) == {
        "cedar": "No notebook (.ipynb) was handed in, but a.py, b.docx.",
    }
    assert found.unread == (
        Unread("birch", "birch/", "The folder is empty."),
        Unread("cedar", "cedar/a.py", "It is empty."),
        Unread("cedar", "cedar/b.docx", "It is no notebook."),
    )


def test_among_files_another_kind_of_file_has_a_row(tmp_path):
    found = find(folder(tmp_path, {"ash.ipynb": WORK, "birch.docx": b""}))
    assert rows(found) == [("ash", 1), ("birch", 1)]


# --- Zips -----------------------------------------------------------------------------------------


def test_no_member_of_a_zip_reaches_out_of_it(tmp_path):
    link = zipfile.ZipInfo(f"elm/{FIRST}")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    path = packed(tmp_path / "x.zip", [
        (f"class/ash/{FIRST}", WORK), (f"class/birch/{FIRST}", WORK), ("../evil.ipynb", WORK),
        ("/etc/evil.ipynb", WORK), ("x/" * 3000, b""), (f"class/birch/../ash/{FIRST}", WORK), (link, b"/etc/passwd"),
    ])  # fmt: skip
    found = find(path)
    assert [one.student for one in found if not one.problem] == ["ash", "birch"]
    assert set(problems(found)) == {
        "../evil.ipynb", "/etc/evil.ipynb", "x/" * 3000, f"class/birch/../ash/{FIRST}", "elm",
    }  # fmt: skip
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.seconds
def test_zip_bombs_are_not_unpacked(tmp_path):
    path = packed(tmp_path / "x.zip", {f"ash/{FIRST}": WORK, f"birch/{FIRST}": b" " * 10**8})
    assert path.stat().st_size < 10**6
    assert list(problems(find(path))) == ["birch"]
    lying = path.read_bytes().replace((10**8).to_bytes(4, "little"), (10**4).to_bytes(4, "little"))
    path.write_bytes(lying)
    assert "is damaged" in problems(find(path))["birch"]
    for method in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):  # unpacked without a limit
        packed(path, {f"ash/{FIRST}": WORK}, compress_type=method)
        assert "unusual way" in problems(find(path))["ash"]


def test_damaged_and_encrypted_members_cost_only_themselves(tmp_path):
    path = packed(tmp_path / "x.zip", {f"{name}/{FIRST}": WORK for name in ("ash", "birch", "elm")})
    with zipfile.ZipFile(path) as archive:
        birch = archive.infolist()[1]
    raw = bytearray(path.read_bytes())
    raw[birch.header_offset + 30 + len(birch.filename) + 5] ^= 0xFF  # within what is packed
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        raw[raw.rfind(signature) + at] |= 1  # the last: elm
    path.write_bytes(raw)
    found = problems(find(path))
    assert list(found) == ["birch", "elm"]
    assert "is damaged" in found["birch"] and "is encrypted" in found["elm"]


# --- Nothing to grade -----------------------------------------------------------------------------


def test_nothing_to_grade_is_said_in_a_sentence(tmp_path):
    (tmp_path / "empty").mkdir()
    folder(tmp_path / "photos", {"a/1.png": b""})
    folder(tmp_path, {"class.tar.gz": b"", "broken.zip": b"PK", "cut.zip": WORK})
    packed(tmp_path / "photos.zip", {"1.png": b""})
    for name, what in {
        "missing": "There is no ",
        "empty": "There is no notebook (.ipynb) in ",
        "photos": "There is no notebook (.ipynb) in ",
        "photos.zip": "There is no notebook (.ipynb) in ",
        "class.tar.gz": "is no folder, .zip or notebook. If it is packed, unpack it.",
        "broken.zip": "can't be read as a zip",
        "cut.zip": "can't be read as a zip",
    }.items():
        with pytest.raises(Trouble) as trouble:
            find(tmp_path / name)
        assert what in str(trouble.value) and str(tmp_path / name) in str(trouble.value)


def test_cells_that_students_share_are_kept_once(tmp_path):
    found = find(folder(tmp_path, {f"{n}/{FIRST}": WORK for n in range(3)}))
    assert len({id(one.cells[0]) for one in found}) == 1
