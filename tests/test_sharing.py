"""What takes long to import: once for all notebooks, and only when one of them needs it."""

import sys
from contextlib import closing

import pytest

from course.grading.cage.cage import Broken, Cage, Limits
from course.grading.cage.staging import given_cells, shared_by

LOOK = """
import sys
if "{module}".replace("-", "") not in sys.modules:
    raise LookupError
"""
THERE = LOOK.format(module="sci-py.signal")  # without naming it


def errors(cage: Cage, *cells: str) -> list[str]:
    """Run cells in a cage; give back what they raised."""
    job = {"cells": list(cells), "keys": {}, "skip": [], "keras": False, "seconds": 10.0}
    return [event["error"].type for event in cage.run(job) if event["event"] == "raised"]


@pytest.mark.seconds
@pytest.mark.skipif(sys.platform != "linux", reason="bubblewrap needs Linux")
def test_server_imports_what_a_notebook_names_for_all_that_follow():
    with closing(Cage(2, Limits(memory=512))) as cage:
        assert errors(cage, THERE) == ["LookupError"]
        assert errors(cage, "import scipy", THERE) == []
        assert errors(cage, THERE) == []


@pytest.mark.skipif(sys.platform != "linux", reason="bubblewrap needs Linux")
def test_second_thread_in_the_server_ends_it(monkeypatch):
    starts = "import threading, time\nthreading.Thread(target=time.sleep, args=[600]).start()\n"
    with closing(Cage(2, Limits(memory=512))) as cage:
        (cage.folder / "starts_a_thread.py").write_text(starts)
        monkeypatch.setattr("course.grading.cage.cage.shared_by", lambda *_: {"starts_a_thread"})
        with pytest.raises(Broken, match="2 threads in the fork server"):
            errors(cage, "")


def test_lessons_own_cells_ask_for_nothing_until_an_answer_uses_what_they_bring():
    given = given_cells(1)
    assert any("scipy" in cell for cell in given)
    assert shared_by(1, given) == set()
    assert shared_by(1, [*given, "ours = convolve2d"]) == {"scipy.ndimage", "scipy.signal"}
    assert shared_by(2, ["import matplotlib.pyplot as plt"]) == {"matplotlib.pyplot"}
