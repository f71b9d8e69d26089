"""On CI a test that failed is run once more, alone, and fails the run only if it fails again."""

import os

import again
import pytest

LATE = """\
from pathlib import Path

def test_right():
    pass

def test_late():
    before = Path("ran").exists()
    Path("ran").touch()
    assert before
"""
WRONG = "\ndef test_wrong():\n    assert False\n"


@pytest.fixture
def tried(tmp_path, monkeypatch):
    """Run tests of our own as CI does."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CI", "true")
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    # Of all plugins only the one whose option is given: the others take seconds to start.
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setenv("PYTEST_PLUGINS", "xdist.plugin")

    def run(tests: str) -> int:
        (tmp_path / "test_some.py").write_text(tests)
        return again.main(["-q", "-c", os.devnull, "--rootdir", str(tmp_path), "test_some.py"])

    return run


def test_what_fails_once_and_passes_alone_fails_nothing_and_is_named(tried, capfd):
    assert tried(LATE) == 0
    _, second = capfd.readouterr().out.split("==> Once more, alone")
    assert "::test_late PASSED" in second and "test_right" not in second
    assert "==> Alone they pass." in second


def test_what_fails_again_fails_the_run(tried, capfd):
    assert tried(LATE + WRONG) == pytest.ExitCode.TESTS_FAILED
    _, second = capfd.readouterr().out.split("==> Once more, alone")
    assert "::test_wrong FAILED" in second and "::test_late PASSED" in second
    assert "==> Alone they pass." not in second


@pytest.mark.parametrize(
    ("ci", "code"),
    [
        ("", pytest.ExitCode.TESTS_FAILED),
        ("true", pytest.ExitCode.INTERRUPTED),
        ("true", pytest.ExitCode.OK),
    ],
    ids=["a person sees the first failure", "nothing could be collected", "all is well"],
)
def test_otherwise_the_first_run_counts(monkeypatch, ci, code):
    runs = []
    monkeypatch.setenv("CI", ci)
    monkeypatch.setattr(again.subprocess, "call", lambda command: runs.append(command) or code)
    assert again.main(["tests"]) == code
    assert len(runs) == 1
