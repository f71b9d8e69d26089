"""What the other tests here rely on: trouble behind a test's back fails it, and is told."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

PLAIN = {"PYTHONPATH": str(Path(__file__).parent), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
TESTS = """
from accessible import inaccessible

def test_quiet(page):
    page.set_content("<p>All is well.</p>")

def test_console(page):
    page.evaluate("console.error('a word of warning')")

def test_uncaught(page):
    page.set_content("<script>throw new Error('a slip')</script>")

def test_outside(page):
    page.set_content("<img src='https://example.com/a.png'>")
    page.wait_for_load_state("networkidle")

def test_answered(page):
    page.route("https://example.com/**", lambda route: route.fulfill(body=""))
    page.set_content("<img src='https://example.com/a.png'>")
    page.wait_for_load_state("networkidle")

def test_pale(page):
    page.set_content("<html lang='en'><p style='color: #eee'>Pale</p>")
    assert inaccessible(page, "p") == []
"""


def results(folder: Path, **environment: str) -> str:
    """Run these tests; return what pytest says of each."""
    (folder / "test_pages.py").write_text(TESTS, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "conftest", "-rA", "--tb=short", "test_pages.py"],
        cwd=folder,
        env={**os.environ, **PLAIN, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout


@pytest.mark.usefixtures("browser")
def test_trouble_fails_the_test_that_makes_it_and_no_other(tmp_path: Path) -> None:
    said = results(tmp_path)
    failed = set(re.findall(r"^(?:FAILED|ERROR) test_pages\.py::(\w+)", said, re.MULTILINE))
    assert failed == {"test_console", "test_uncaught", "test_outside", "test_pale"}, said
    for words in ("a word of warning", "a slip", "https://example.com/a.png", "color-contrast"):
        assert words in said


def test_missing_chromium_skips_with_advice_and_fails_in_ci(tmp_path: Path) -> None:
    for ci, outcome in (("", "6 skipped"), ("true", "6 errors")):
        said = results(tmp_path, CHROMIUM=str(tmp_path / "none"), CI=ci)
        assert outcome in said
        assert "apt-get install chromium" in said
