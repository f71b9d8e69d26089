"""The learner's folder: what is theirs is never overwritten, and what is in it is found."""

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import nbformat
import pytest
from nbformat import v4

from course.checking import progress
from course.checking.progress import remember
from course.checking.result import Result
from course.exercises import EXERCISES
from course.lessons import LESSONS
from course.trouble import Trouble
from course.work import folder, lab, notebook, running
from course.work.folder import COPIED, compare, find_folder, put_beside, to_run, update

ROOT = Path(__file__).resolve().parents[1]
FIRST, SECOND = "01_convolution_by_hand.ipynb", "02_edge_kernels.ipynb"
KEY = "convolve_pixel"
STUB = f'def {KEY}(window, kernel):\n    """Add up."""\n    # YOUR CODE HERE\n    raise NotImplementedError()'
MINE = f"def {KEY}(window, kernel):\n    return float((window * 1.0 * kernel).sum())"


def answer_cell(source, **changes):
    cell = v4.new_code_cell(source, id=KEY, metadata={"nbgrader": {"grade_id": KEY}})
    cell.update(changes)
    return cell


def lesson(answer=STUB, title="# 1. Convolution by hand"):
    """A lesson of one exercise, as text of a notebook file."""
    cells = [
        v4.new_markdown_cell(title, id="title"),
        v4.new_code_cell("import numpy as np\nfrom course import check", id="imports"),
        answer_cell(answer),
        v4.new_code_cell(f"check.{KEY}({KEY})", id=f"{KEY}-check"),
    ]
    return nbformat.writes(v4.new_notebook(cells=cells, nbformat_minor=5)) + "\n"


@pytest.fixture(autouse=True)
def course(tmp_path, monkeypatch):
    """The course's own notebooks: two, in a folder beside the learner's."""
    source = tmp_path / "notebooks"
    source.mkdir()
    for name in (FIRST, SECOND):
        (source / name).write_text(lesson(title=f"# {name}"), encoding="utf-8")
    monkeypatch.setattr(folder, "NOTEBOOKS", source)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "work" / "progress.sqlite"))
    monkeypatch.setattr(progress, "_in_memory", None)
    return source


WORK = Path("work")


def edit(path, text="changed by the learner"):
    path.write_text(path.read_text(encoding="utf-8").replace("# 0", f"# {text} 0"), "utf-8")


def publish(source, name=FIRST):
    """Put out a newer version of a notebook."""
    (source / name).write_text(lesson(title="# A newer version"), encoding="utf-8")


# --- Copying and updating -------------------------------------------------------------------------


def test_first_time_copies_everything(course):
    assert update(WORK, refresh=False) == {FIRST: "missing", SECOND: "missing"}
    for name in (FIRST, SECOND):
        assert (WORK / name).read_bytes() == (course / name).read_bytes()
    assert set(compare(WORK).values()) == {"newest"}


def test_second_time_copies_only_what_is_missing(course):
    update(WORK)
    edit(WORK / FIRST)
    mine = (WORK / FIRST).read_bytes()
    (WORK / SECOND).unlink()
    publish(course)
    assert update(WORK, refresh=False) == {FIRST: "changed", SECOND: "missing"}
    assert (WORK / FIRST).read_bytes() == mine
    assert (WORK / SECOND).exists()


def test_update_refreshes_what_was_never_touched(course):
    update(WORK)
    publish(course)
    assert update(WORK) == {FIRST: "outdated", SECOND: "newest"}
    assert (WORK / FIRST).read_bytes() == (course / FIRST).read_bytes()
    publish(course, SECOND)
    assert update(WORK) == {FIRST: "newest", SECOND: "outdated"}


def test_lab_leaves_even_untouched_notebooks_as_they_are(course):
    update(WORK)
    before = (WORK / FIRST).read_bytes()
    publish(course)
    assert update(WORK, refresh=False)[FIRST] == "outdated"
    assert (WORK / FIRST).read_bytes() == before


@pytest.mark.parametrize("times", [1, 2, 3])
def test_changed_notebook_is_left_alone_however_often_there_is_a_newer_one(course, times):
    update(WORK)
    edit(WORK / FIRST)
    mine = (WORK / FIRST).read_bytes()
    assert update(WORK)[FIRST] == "kept"
    for number in range(times):
        (course / FIRST).write_text(lesson(title=f"# Version {number}"), encoding="utf-8")
        assert update(WORK)[FIRST] == "changed"
    assert (WORK / FIRST).read_bytes() == mine


@pytest.mark.parametrize("damage", [b"", b"{", b"[1, 2]", b"\xff\xfe", None])
def test_without_a_readable_note_of_what_was_copied_everything_counts_as_changed(course, damage):
    update(WORK)
    if damage is None:
        (WORK / COPIED).unlink()
    else:
        (WORK / COPIED).write_bytes(damage)
    before = (WORK / FIRST).read_bytes()
    publish(course)
    assert update(WORK) == {FIRST: "unknown", SECOND: "newest"}
    assert (WORK / FIRST).read_bytes() == before
    publish(course, SECOND)
    assert update(WORK)[SECOND] == "outdated"


def test_new_lesson_is_added(course):
    update(WORK)
    third = "03_pooling.ipynb"
    (course / third).write_text(lesson(), encoding="utf-8")
    assert update(WORK)[third] == "missing"
    assert (WORK / third).exists()


def test_newest_version_is_put_beside_under_a_free_name(course):
    update(WORK)
    edit(WORK / FIRST)
    publish(course)
    beside = put_beside(WORK, FIRST)
    assert beside.name == "01_convolution_by_hand.new-1.ipynb"
    assert put_beside(WORK, FIRST) == beside
    edit(beside)
    publish(course)
    beside.write_text("worked on", encoding="utf-8")
    assert put_beside(WORK, FIRST).name == "01_convolution_by_hand.new-2.ipynb"
    assert beside.read_text(encoding="utf-8") == "worked on"


def test_file_that_cannot_be_written_whole_is_left_as_it_was(monkeypatch):
    update(WORK)
    before = (WORK / FIRST).read_bytes()

    def fail(source, target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError, match="No space left"):
        folder.write(WORK / FIRST, b"half")
    assert (WORK / FIRST).read_bytes() == before
    assert {path.name for path in WORK.iterdir()} == {FIRST, SECOND, COPIED}


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_notebook_keeps_its_mode_and_its_link(tmp_path):
    update(WORK)
    real = tmp_path / "elsewhere.ipynb"
    (WORK / FIRST).rename(real)
    real.chmod(0o600)
    (WORK / FIRST).symlink_to(real)
    folder.write(WORK / FIRST, b"new")
    assert (WORK / FIRST).is_symlink()
    assert real.read_bytes() == b"new"
    assert stat.S_IMODE(real.stat().st_mode) == 0o600


def test_courses_own_notebooks_are_not_a_place_to_work_in(course):
    with pytest.raises(Trouble, match="Work on a copy"):
        update(course)
    assert not (course / COPIED).exists()


def test_course_without_notebooks_says_how_to_make_them(course):
    for path in course.iterdir():
        path.unlink()
    with pytest.raises(Trouble, match="course build"):
        update(WORK)
    assert not WORK.exists()


def passed(*keys):
    """Remember that these exercises passed."""
    for key in keys:
        remember(Result(key, "passed", None, "Right.", 1, 1))


def test_one_goes_on_in_the_notebook_that_was_changed_last():
    update(WORK)
    assert folder.stopped_at(WORK) == 1
    edit(WORK / FIRST)
    edit(WORK / SECOND)
    os.utime(WORK / FIRST, (1, 1))
    assert folder.stopped_at(WORK) == 2
    os.utime(WORK / SECOND, (0, 0))
    assert folder.stopped_at(WORK) == 1


def test_one_goes_on_behind_a_lesson_that_is_done():
    update(WORK)
    edit(WORK / FIRST)
    passed(*LESSONS[1].exercises[1:])
    assert folder.stopped_at(WORK) == 1
    passed(*LESSONS[1].exercises)
    assert folder.stopped_at(WORK) == 2
    passed(*EXERCISES)
    assert folder.stopped_at(WORK) == 1


def test_a_progress_file_that_cannot_be_read_leaves_one_where_one_was():
    update(WORK)
    edit(WORK / FIRST)
    (WORK / "progress.sqlite").write_bytes(b"no database " * 99)
    assert folder.stopped_at(WORK) == 1
    assert (WORK / "progress.sqlite").read_bytes().startswith(b"no database")


def test_folder_is_the_one_with_work_in_it(tmp_path, monkeypatch):
    assert find_folder() == WORK
    assert find_folder(Path("mine")) == Path("mine")
    (tmp_path / "progress.sqlite").write_bytes(b"")
    assert find_folder() == Path()
    update(WORK)
    assert find_folder() == WORK
    monkeypatch.chdir(WORK)
    assert find_folder() == Path()


@pytest.mark.parametrize(
    "text", ["1", "01", "convolution_by_hand", "01_convolution_by_hand", f"work/{FIRST}"]
)
def test_lesson_may_be_named_in_many_ways(text):
    assert folder.lesson_and_key(text) == (1, None)


@pytest.mark.parametrize(
    ("text", "meant"), [("conv2d_vald", "conv2d_valid"), ("poolin", "pooling"), ("9", "named 9.")]
)
def test_unknown_name_is_answered_with_the_one_that_was_meant(text, meant):
    with pytest.raises(Trouble, match=meant):
        folder.lesson_and_key(text)


def test_only_notebooks_that_were_worked_on_are_run(course):
    update(WORK)
    assert to_run(WORK, None) == {}
    assert to_run(WORK, 2) == {2: WORK / SECOND}
    edit(WORK / FIRST)
    publish(course, SECOND)
    assert to_run(WORK, None) == {1: WORK / FIRST}
    assert to_run(course, None) == {1: course / FIRST, 2: course / SECOND}
    with pytest.raises(Trouble, match="no notebook of lesson 3"):
        to_run(WORK, 3)
    with pytest.raises(Trouble, match="course lab"):
        to_run(Path("elsewhere"), None)


# --- Giving a stub back ---------------------------------------------------------------------------


def with_answer(*cells, minor=5):
    """The learner's notebook with these cells instead of the answer cell."""
    update(WORK)
    made = nbformat.reads(lesson(), as_version=4)
    made.cells[2:3] = cells
    made.nbformat_minor = minor
    if minor < 5:
        for cell in made.cells:
            del cell["id"]
    (WORK / FIRST).write_text(nbformat.v4.writes(made), encoding="utf-8")
    return WORK / FIRST


def without_marks(source):
    """A cell that has lost its id and its metadata."""
    return v4.new_code_cell(source)


@pytest.mark.parametrize(
    "cell",
    [
        answer_cell(MINE),
        answer_cell(MINE, id="retyped"),
        answer_cell(MINE, metadata={}),
        without_marks(MINE),
        without_marks(f"%matplotlib inline\n{MINE}"),
        without_marks(f"{KEY} = lambda window, kernel: 577"),
        answer_cell("def not_even( Python"),
    ],
)
def test_reset_finds_the_answer_and_keeps_it_beside_the_stub(cell):
    cell.outputs = [v4.new_output("stream", text="old")]
    path = with_answer(cell)
    sentences = notebook.reset(WORK, KEY, 1)
    assert "Your earlier answer stands below it" in sentences[0]
    cells = nbformat.read(path, as_version=4).cells
    nbformat.validate(nbformat.read(path, as_version=4))
    assert [c.cell_type for c in cells] == ["markdown", "code", "code", "markdown", "code"]
    assert (cells[2].source, cells[2].outputs, cells[2].execution_count) == (STUB, [], None)
    assert f"```python\n{cell.source}\n```" in cells[3].source
    assert cells[2].id == cell.id


def test_reset_leaves_everything_else_as_it_was():
    path = with_answer(answer_cell(MINE), v4.new_code_cell("mine = 1", id="mine"))
    before = {cell.id: cell for cell in nbformat.read(path, as_version=4).cells}
    notebook.reset(WORK, KEY, 1)
    after = {cell.id: cell for cell in nbformat.read(path, as_version=4).cells}
    assert {id: c for id, c in after.items() if id in before and id != KEY} == {
        id: c for id, c in before.items() if id != KEY
    }


def test_reset_of_a_stub_changes_nothing():
    path = with_answer(answer_cell(STUB))
    before = path.read_bytes()
    assert "nothing to reset" in notebook.reset(WORK, KEY, 1)[0]
    assert path.read_bytes() == before


def test_reset_of_a_deleted_answer_puts_the_stub_above_its_check():
    path = with_answer()
    assert "No cell of" in notebook.reset(WORK, KEY, 1)[0]
    sources = [cell.source for cell in nbformat.read(path, as_version=4).cells]
    assert sources[2:] == [STUB, f"check.{KEY}({KEY})"]


def test_reset_tells_of_a_second_definition():
    with_answer(answer_cell(MINE), without_marks(MINE))
    assert "1 more cell defines convolve_pixel too" in notebook.reset(WORK, KEY, 1)[1]


def test_reset_fences_an_answer_that_has_fences():
    path = with_answer(answer_cell(f'{MINE}\n"""\n```\n"""'))
    notebook.reset(WORK, KEY, 1)
    assert "````python\n" in nbformat.read(path, as_version=4).cells[3].source


def test_reset_works_in_a_notebook_that_is_older_than_cell_ids():
    path = with_answer(without_marks(MINE), minor=2)
    notebook.reset(WORK, KEY, 1)
    raw = json.loads(path.read_text(encoding="utf-8"))
    assert raw["nbformat_minor"] == 2
    assert not any("id" in cell for cell in raw["cells"])
    assert "".join(raw["cells"][2]["source"]) == STUB


def test_reset_works_in_a_notebook_of_format_3():
    path = with_answer(without_marks(MINE))
    old = nbformat.convert(nbformat.read(path, as_version=4), 3)
    path.write_text(nbformat.v3.writes_json(old), encoding="utf-8")
    assert json.loads(path.read_text(encoding="utf-8"))["nbformat"] == 3
    notebook.reset(WORK, KEY, 1)
    assert STUB in [cell.source for cell in nbformat.read(path, as_version=4).cells]


DAMAGED = {
    "empty": "",
    "not JSON": "<<<<<<< HEAD\n{}",
    "a list": "[]",
    "no cells": '{"nbformat": 4, "nbformat_minor": 5, "metadata": {}}',
    "cells without source": '{"nbformat": 4, "nbformat_minor": 5, "cells": [{"cell_type": "code"}]}',
    "of the future": '{"nbformat": 7, "cells": []}',
}


@pytest.mark.parametrize("name", DAMAGED)
def test_file_that_is_no_notebook_is_told_and_left(name):
    update(WORK)
    (WORK / FIRST).write_text(DAMAGED[name], encoding="utf-8")
    for use in (lambda: notebook.reset(WORK, KEY, 1), lambda: running.run(WORK / FIRST, 1)):
        with pytest.raises(Trouble, match="can't be read as a notebook") as trouble:
            use()
        assert "\n" not in str(trouble.value)
    assert (WORK / FIRST).read_text(encoding="utf-8") == DAMAGED[name]


# --- Running --------------------------------------------------------------------------------------

LEARNERS = {
    "imports": "import numpy as np\nfrom course import check, yours",
    "right, without its id": MINE,
    "wrong": "def neighborhood(image, row, col):\n    return image[row-1:row+2, col-1:col+2].T",
    "raises": "# a comment\n1 / 0",
    "checks": f"check.{KEY}({KEY})\nassert not (yours.relu(np.array([-1])) < 0).any()",
    "never ends": (
        "while True:\n    try:\n        import time; time.sleep(9)\n    except BaseException:\n        pass"
    ),
    "ends the kernel": "import os; os._exit(3)",
    "asks": "name = input('?')",
    "not Python": "def output_size(:\n    pass",
    "shadows": "print = display = globals = list = None",
    "reads a file": "import builtins\nassert open('data.txt').read() == 'mine'",
    "writes a file": "open('01_convolution_by_hand.ipynb', 'w').write('overwritten')",
}


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """A learner's notebook with everything that can be wrong with one, run once."""
    where = tmp_path_factory.mktemp("learner")
    made = v4.new_notebook(cells=[v4.new_code_cell(source) for source in LEARNERS.values()])
    made.cells.append(v4.new_markdown_cell("def to_pixels(values):\n    return values"))
    path = where / FIRST
    path.write_text(nbformat.writes(made), encoding="utf-8")
    (where / "data.txt").write_text("mine", encoding="utf-8")
    before = {file.name: file.read_bytes() for file in where.iterdir()}
    ticks = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COURSE_PROGRESS", str(where / "progress.sqlite"))
        patch.setenv("COURSE_STRICT", "1")
        report = running.run(path, 1, seconds=3, tick=lambda *done: ticks.append(done))
    assert {file.name: file.read_bytes() for file in where.iterdir()} == before
    return report, ticks


@pytest.mark.seconds
def test_answers_are_found_by_name_whatever_became_of_the_cells(ran):
    results = {result.key: result for result in ran[0].results}
    worth = EXERCISES[KEY].points
    assert list(results) == [key for key, e in EXERCISES.items() if e.lesson == 1]
    assert results[KEY] == Result(KEY, "passed", None, "Right.", worth, worth)
    assert results["neighborhood"].status == "failed"
    assert results["conv2d_valid"].status == "not_attempted"
    assert ran[0].sources[KEY] == MINE + "\n"


@pytest.mark.seconds
def test_missing_answers_are_told_with_the_reason(ran):
    missing = ran[0].missing
    assert missing["conv2d_valid"] == "no cell defines it"
    assert missing["output_size"] == "the cell that defines it did not run to its end"
    assert (
        missing["to_pixels"] == "the cell that defines it is a markdown cell: make it a code cell"
    )
    assert KEY not in missing


@pytest.mark.seconds
@pytest.mark.parametrize(
    "words",
    [
        "Code cell 4 (1 / 0): ZeroDivisionError: division by zero",
        "Code cell 6 (while True:): it was still running after 3 seconds. It was left out.",
        "Code cell 7 (import os; os._exit(3)): it ended the kernel. It was left out.",
        "Code cell 8 (name = input('?')): StdinNotImplementedError",
        "Code cell 9 (def output_size(:): SyntaxError",
    ],
)
def test_cells_that_did_not_run_to_their_end_are_told(ran, words):
    assert len(ran[0].problems) == 5
    assert any(problem.startswith(words) for problem in ran[0].problems)


@pytest.mark.seconds
def test_progress_bar_reaches_its_end(ran):
    assert ran[1][0] == (0, len(LEARNERS) + 1)
    assert ran[1][-1] == (len(LEARNERS) + 1, len(LEARNERS) + 1)


@pytest.mark.seconds
def test_run_of_stubs_attempts_nothing_and_remembers_nothing():
    update(WORK)
    progress.remember(Result("relu", "passed", None, "", 1, 1), "def relu(values): return values")
    report = running.run(WORK / FIRST, 1)
    assert {result.status for result in report.results} == {"not_attempted"}
    assert KEY not in report.missing
    assert report.problems == []
    assert progress.remembered().keys() == {"relu"}


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Windows sends no SIGINT to one process")
def test_ctrl_c_stops_a_run_and_its_kernel(tmp_path):
    pid = tmp_path / "pid"
    cells = [f"import os\nopen({str(pid)!r}, 'w').write(str(os.getpid()))", "while True: pass"]
    made = v4.new_notebook(cells=[v4.new_code_cell(source) for source in cells])
    nbformat.write(made, tmp_path / FIRST)
    script = f"""
from pathlib import Path
from course.work.running import run
try:
    run(Path({str(tmp_path / FIRST)!r}), 1, tick=lambda done, total: print(done, flush=True))
except KeyboardInterrupt:
    print("stopped")
"""
    command = [sys.executable, "-c", script]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as running:
        while running.stdout.readline() != "1\n":
            pass
        running.send_signal(signal.SIGINT)
        assert running.communicate(timeout=30)[0] == "stopped\n"
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid.read_text()), 0)


# --- JupyterLab -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("environment", "platform", "can"),
    [
        ({}, "linux", False),
        ({"DISPLAY": ":0"}, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
        ({"BROWSER": "firefox"}, "linux", True),
        ({}, "darwin", True),
        ({"NO_BROWSER": "1"}, "darwin", False),
        ({"NO_BROWSER": "1", "BROWSER": "firefox", "DISPLAY": ":0"}, "linux", False),
        ({"NO_BROWSER": "0"}, "darwin", True),
        ({"NO_BROWSER": ""}, "win32", True),
    ],
)
def test_browser_opens_only_where_there_is_one(environment, platform, can, monkeypatch):
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(lab.webbrowser, "get", lambda: None)
    assert lab.can_open_browser(environment) == can


def test_no_browser_at_all_is_noticed(monkeypatch):
    def refuse():
        raise lab.webbrowser.Error

    monkeypatch.setattr(lab.webbrowser, "get", refuse)
    assert not lab.can_open_browser({"DISPLAY": ":0"})


def test_missing_jupyterlab_is_told(monkeypatch):
    monkeypatch.setattr(lab.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(Trouble, match="JupyterLab is not installed"):
        lab.open_lab(WORK, FIRST, 8888, print)


@contextmanager
def jupyterlab(tmp_path, port=0):
    """Run JupyterLab as `course lab` does: its address, whether a browser opens, what it said.

    It is run from a terminal: without one it stops in the middle of what it serves, and then waits
    for a thread that never ends.
    """
    script = f"""
import sys
from pathlib import Path
from course.work.lab import open_lab
say = lambda address, opens: print(address, opens, flush=True)
sys.exit(open_lab(Path({str(tmp_path)!r}), "a b.ipynb", {port}, say))
"""
    said = []
    keyboard, terminal = os.openpty()
    server = subprocess.Popen(
        [sys.executable, "-c", script],
        env={**os.environ, "NO_BROWSER": "1", "PYTHONPATH": str(ROOT)},
        stdin=terminal,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        yield (*server.stdout.readline().split(), said)
    finally:
        os.killpg(server.pid, signal.SIGINT)  # what Ctrl-C sends: to all in the foreground
        said += server.communicate(timeout=60)[1].splitlines()
        os.close(keyboard)
        os.close(terminal)
    assert server.returncode == 0


@pytest.mark.slow
def test_jupyterlab_opens_with_its_token_beside_a_busy_port_and_stops_cleanly(tmp_path):
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        with jupyterlab(tmp_path, port) as (address, opens, said):
            assert opens == "False"
            page, token = address.split("?token=")
            assert page.endswith("/lab/tree/a%20b.ipynb")
            assert f":{port}/" not in page
            assert urllib.request.urlopen(address, timeout=30).status == 200
            contents = page.replace("lab/tree/a%20b.ipynb", "api/contents")
            with pytest.raises(urllib.error.HTTPError, match="403"):
                urllib.request.urlopen(contents, timeout=30)
            assert len(token) >= 32
    assert not any("Traceback" in line for line in said)
    time.sleep(0.1)
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(address, timeout=5)


@pytest.mark.slow
def test_jupyterlab_lists_no_progress_file(tmp_path):
    mine = tmp_path / "mine"
    mine.mkdir()
    for name in ("progress.sqlite", "progress.sqlite.damaged-1", "notes.txt"):
        (mine / name).touch()
    with jupyterlab(mine) as (address, _, _):
        page, token = address.split("?token=")
        contents = page.replace("lab/tree/a%20b.ipynb", "api/contents/")
        login = {"Authorization": f"token {token}"}
        request = urllib.request.Request(contents, headers=login)
        listed = json.load(urllib.request.urlopen(request, timeout=60))["content"]
    assert [file["name"] for file in listed] == ["notes.txt"]
