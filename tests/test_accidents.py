"""What went wrong in cells, in sentences, whatever a stranger says of it."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from course.checking.errors import no_such_name
from course.checking.looking import Raised
from course.grading import accidents
from course.grading.accidents import told, with_causes
from course.grading.running import Accident, Account, NotebookRun


def raised(kind: str, text: str, line: int = 1, told: str = "said") -> Accident:
    return Accident(0, line, Raised("raised", kind, text, told))


@pytest.mark.parametrize("kind", ["SyntaxError", "FileNotFoundError", "EOFError", "NotFetched", ""])
@pytest.mark.parametrize("text", ["", " \n\x1c"])
def test_an_error_without_a_word_is_told_all_the_same(kind, text):
    assert told([raised(kind, text)], ["1/0"])[0].startswith("Code cell 1, line 1 ")


@pytest.mark.parametrize("end", ["", ".git", ".git@v0.1.0"])
def test_the_course_itself_is_there_and_nobody_has_to_let_it_in(end):
    wanted = f"git+https://github.com/someone/convolutions-course{end}"
    assert told([raised("NotInstalled", wanted)], ["1/0"]) == []


def test_a_package_from_an_address_is_let_in_by_its_name():
    (note,) = told([raised("NotInstalled", "git+https://github.com/OWNER/tables")], ["1/0"])
    assert note.endswith("grade with --with-package and its name.")


def test_a_package_that_keras_asks_for_may_be_let_in():
    text = "tb_summary.TBNotInstalledError: TensorBoard is not installed, missing implementation"
    (note,) = told([raised("TBNotInstalledError", text)], ["1/0"])
    assert "--with-package tensorboard" in note


MISSED = no_such_name("pd")


@pytest.mark.parametrize(
    ("cell", "kind", "text"),
    [
        ("import pandas as pd", "ModuleNotFoundError", "No module named 'pandas'"),
        ("from pandas.api import types as pd", "ModuleNotFoundError", "No module named 'pandas'"),
    ],
)
def test_who_imports_a_package_that_is_not_there_is_not_told_to_import_it(cell, kind, text):
    said = with_causes(f"Before. {MISSED} After.", [raised(kind, text)], [cell])
    assert said.startswith("Before. `pd` comes from code cell 1, line 1, and there is no ")
    assert "`pandas`" in said and "add `import" not in said and said.endswith(" After.")


@pytest.mark.parametrize(
    ("cell", "kind", "text"),
    [
        ("import seaborn", "ModuleNotFoundError", "No module named 'seaborn'"),
        ("pd.read_csv('a')", "NameError", "name 'pd' is not defined"),
    ],
)
def test_who_never_imports_a_package_is_told_to(cell, kind, text):
    assert with_causes(MISSED, [raised(kind, text)], [cell]) == MISSED


def test_a_cell_is_read_once_however_often_it_raises(monkeypatch):
    read: list[str] = []
    pieces = accidents.pieces
    monkeypatch.setattr(accidents, "pieces", lambda text: read.append(text) or pieces(text))
    cell = "x = 1/0\ny = x\n1/0\n" + "z = 1/0\n" * 500
    many = [raised("ZeroDivisionError", "division by zero", line) for line in range(3, 500)]
    missed = raised("NameError", "name 'x' is not defined", 2)
    found = told([raised("ZeroDivisionError", "division by zero"), missed, *many], [cell])
    assert found[-1] == "After that, 497 more statements raise an error."
    assert len(read) == 1


def test_what_is_kept_of_errors_is_bounded():
    account = Account()
    run = NotebookRun(cast(Any, SimpleNamespace(lesson=1)), 577, account, cast(Any, None))
    error = Raised("raised", *["x" * 10**6] * 4)
    for _ in range(5000):
        run.raised({"event": "raised", "cell": 0, "line": 1, "error": error})
    assert sum(len(part) for one in account.accidents for part in one.error) < 2e7
