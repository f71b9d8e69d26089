"""Progress on a drive that keeps whole files only: whole, one notebook at a time, brought along."""

import json
import os
import sqlite3
import threading
import zipfile
from contextlib import closing

import pytest

from course.checking import drive, progress, progress_map
from course.checking.result import Result


def passed(key: str, points: int = 2) -> Result:
    return Result(key, "passed", None, "Right.", points, points)


@pytest.fixture(autouse=True)
def tab(tmp_path, monkeypatch):
    """A learner's folder in a browser tab."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "progress.sqlite"))
    monkeypatch.setattr(progress, "IN_A_TAB", True)
    monkeypatch.setattr(progress, "_in_memory", None)
    monkeypatch.setattr(drive, "_known", b"")
    drive._read.clear()
    return tmp_path


def rows(tab, columns: str) -> list[tuple]:
    """What is in the file, as any SQLite reads it."""
    with closing(sqlite3.connect(tab / "progress.sqlite")) as file:
        return file.execute(f"SELECT {columns} FROM answers").fetchall()


def test_what_is_remembered_is_a_database_that_any_machine_reads(tab):
    progress.remember(passed("relu"), "def relu(values): ...")
    assert rows(tab, "key, points") == [("relu", 2)]
    assert progress.remembered()["relu"].source == "def relu(values): ..."


def test_the_first_page_can_read_the_points_and_what_was_done_last(tab):
    progress.remember(passed("relu"))
    progress.remember(passed("emboss", 3))
    told = json.loads((tab / "progress.json").read_text())
    assert told["answers"]["emboss"] == {"status": "passed", "points": 3}
    assert told["last"] == "emboss"


def test_two_notebooks_write_one_after_the_other(tab):
    def write(who: str) -> None:
        for number in range(10):
            drive.transact(
                tab / "progress.sqlite",
                progress.prepare,
                lambda answers, key=f"{who}{number}": answers.execute(
                    progress.REMEMBER, (key, "passed", None, 1, None)
                ),
                progress.adding,
            )

    notebooks = [threading.Thread(target=write, args=(who,)) for who in "ab"]
    for one in notebooks:
        one.start()
    for one in notebooks:
        one.join()
    assert len(progress.remembered()) == 20
    assert not (tab / "progress.sqlite.lock").exists()


def test_the_lock_of_a_tab_that_was_closed_does_not_hold_for_ever(tab, monkeypatch):
    (tab / "progress.sqlite.lock").touch()
    monkeypatch.setattr(drive, "WAIT", 0.05)
    progress.remember(passed("relu"))
    assert "relu" in progress.remembered()


def test_a_tab_that_closes_while_it_saves_leaves_what_was_there(tab, monkeypatch):
    progress.remember(passed("relu"))

    def closed(*names: object) -> None:
        raise OSError("the tab is closed")

    monkeypatch.setattr(os, "replace", closed)
    with pytest.raises(OSError, match="does not keep it"):
        drive.transact(
            tab / "progress.sqlite",
            progress.prepare,
            lambda answers: answers.execute("DELETE FROM answers"),
            progress.adding,
        )
    monkeypatch.undo()
    assert rows(tab, "key") == [("relu",)]
    assert sorted(os.listdir(tab)) == ["progress.json", "progress.sqlite"]


def test_what_a_full_storage_does_not_take_is_known_until_it_does(tab, monkeypatch, capsys):
    progress.remember(passed("relu"), "def relu(values): ...")
    with monkeypatch.context() as full:
        full.setattr(os, "replace", lambda *names: os.stat("/nowhere/to/be/found"))
        progress.remember(passed("emboss", 3))
        told = capsys.readouterr().err
        assert "does not keep it, as in a private window or when its storage is full" in told
        assert progress.remembered()["relu"].source == "def relu(values): ..."
        assert progress_map.progress().points == 5
    assert rows(tab, "key") == [("relu",)]
    assert progress_map.progress().points == 5
    assert "is saved in" in capsys.readouterr().err
    assert set(rows(tab, "key, points")) == {("relu", 2), ("emboss", 3)}


def test_what_was_cleared_is_there_again_and_the_learner_is_told(tab, capsys):
    progress.remember(passed("relu"))
    (tab / "progress.sqlite").unlink()
    (tab / "progress.json").unlink()
    assert progress_map.progress().points == 2
    progress.remember(passed("emboss", 3))
    assert set(rows(tab, "key")) == {("relu",), ("emboss",)}
    assert json.loads((tab / "progress.json").read_text())["answers"].keys() == {"relu", "emboss"}
    assert capsys.readouterr().err.count("had kept was cleared") == 1


def test_what_another_notebook_wrote_over_is_added_again(tab):
    """As if both had held the lock: each read the file before the other had written it."""
    progress.remember(passed("relu"))
    before = (tab / "progress.sqlite").read_bytes()
    progress.remember(passed("emboss", 3))
    progress.believe("middle_gone", "577", True)
    (tab / "progress.sqlite").write_bytes(before)
    with closing(sqlite3.connect(tab / "progress.sqlite")) as file, file:
        file.execute(progress.REMEMBER, ("max_pool2d", "passed", None, 4, None))
    drive._read.clear()
    assert {"relu", "emboss", "max_pool2d"} == progress.remembered().keys()
    assert "middle_gone" in progress.believed()
    assert {key for (key,) in rows(tab, "key")} == {"relu", "emboss", "max_pool2d"}
    told = json.loads((tab / "progress.json").read_text())
    assert told["answers"]["emboss"]["points"] == 3


def test_what_another_notebook_added_is_read_and_not_written_again(tab):
    progress.remember(passed("relu"))
    with closing(sqlite3.connect(tab / "progress.sqlite")) as file, file:
        file.execute(progress.REMEMBER, ("emboss", "passed", None, 3, None))
    theirs = (tab / "progress.sqlite").read_bytes()
    drive._read.clear()
    assert {"relu", "emboss"} == progress.remembered().keys()
    assert (tab / "progress.sqlite").read_bytes() == theirs


def test_of_two_notebooks_that_make_the_lock_at_once_one_waits(tab, monkeypatch):
    """The drive says of a file that is there only that it can't be made."""
    lock = tab / "progress.sqlite.lock"
    lock.touch()
    make, tried = os.open, []

    def refused(name, flags):
        if lock.exists():
            tried.append(name)
            if len(tried) > 2:
                lock.unlink()
            raise OSError(28, "Invalid argument")
        return make(name, flags)

    monkeypatch.setattr(os, "open", refused)
    progress.remember(passed("relu"))
    assert len(tried) == 3
    monkeypatch.undo()
    assert rows(tab, "key") == [("relu",)]


def test_a_damaged_file_is_set_aside_and_a_new_one_begun(tab, capsys):
    (tab / "progress.sqlite").write_bytes(b"no database " * 500)
    progress.remember(passed("relu"))
    assert "damaged" in capsys.readouterr().err
    assert (tab / "progress.sqlite.damaged-1").exists()
    assert "relu" in progress.remembered()


def test_a_thousand_questions_in_a_second_read_the_drive_once_and_see_what_is_new(tab, monkeypatch):
    progress.remember(passed("relu"))
    opened = []
    monkeypatch.setattr(drive, "alone", lambda file: opened.append(file) or drive.suppress())
    for _ in range(1000):
        progress.remembered()
    assert len(opened) <= 2  # on a very slow machine a second may end in between
    progress.remember(passed("emboss"))
    assert "emboss" in progress.remembered()


# --- Bringing work back ---------------------------------------------------------------------------


def notebook(source: str, ran: int | None) -> bytes:
    cell = {"cell_type": "code", "source": source, "execution_count": ran, "outputs": []}
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4}).encode()


def taken_along(tab, files: dict[str, bytes]) -> None:
    with zipfile.ZipFile(tab / "convolutions-work.zip", "w") as packed:
        for name, content in files.items():
            packed.writestr(name, content)


def brought_progress(tab) -> bytes:
    """The progress file of another machine."""
    elsewhere = tab / "elsewhere.sqlite"
    with closing(sqlite3.connect(elsewhere)) as answers, answers:
        progress.prepare(answers)
        answers.execute(progress.REMEMBER, ("emboss", "passed", None, 3, "def emboss(): ..."))
    content = elsewhere.read_bytes()
    elsewhere.unlink()
    return content


def test_points_from_both_machines_are_kept(tab, capsys):
    progress.remember(passed("relu"))
    taken_along(tab, {"progress.sqlite": brought_progress(tab)})
    progress_map.progress()
    assert {"relu", "emboss"} <= progress.remembered().keys()
    assert progress.remembered()["emboss"].source == "def emboss(): ..."
    assert "together" in capsys.readouterr().err
    assert not (tab / "convolutions-work.zip").exists()


def test_a_notebook_comes_back_where_nothing_was_done_and_beside_one_that_was_worked_on(tab):
    (tab / "01.ipynb").write_bytes(notebook("...", None))
    (tab / "02.ipynb").write_bytes(notebook("mine", 1))
    theirs = notebook("theirs", 4)
    taken_along(tab, {"01.ipynb": theirs, "02.ipynb": theirs, "03.ipynb": theirs})
    progress_map.progress()
    assert (tab / "01.ipynb").read_bytes() == theirs
    assert (tab / "02.ipynb").read_bytes() == notebook("mine", 1)
    assert (tab / "02 (brought back).ipynb").read_bytes() == theirs
    assert (tab / "03.ipynb").read_bytes() == theirs


def test_a_zip_that_is_none_is_told_and_left(tab, capsys):
    (tab / "convolutions-work.zip").write_bytes(b"half a downl")
    progress_map.progress()
    assert "convolutions-work.zip can't be read" in capsys.readouterr().err
    assert (tab / "convolutions-work.zip").exists()


def test_nothing_is_unpacked_outside_of_the_folder(tab):
    taken_along(tab, {"../stolen.ipynb": b"{}", "a/b.ipynb": b"{}"})
    progress_map.progress()
    assert not (tab.parent / "stolen.ipynb").exists()
