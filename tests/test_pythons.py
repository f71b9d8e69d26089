"""`make test-pythons`: which Pythons it finds, and what it says of those that it does not."""

import sys
from pathlib import Path

import pytest
import pythons

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the stand-ins are shell scripts")


def program(file: Path, script: str) -> Path:
    """Write something that stands where a Python may be."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)
    return file


def python(file: Path, version: str) -> Path:
    return program(file, f"echo {version.replace('.', ' ')} /somewhere")


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A machine with nothing on it but what a test puts there."""
    path = tmp_path / "bin"
    path.mkdir()
    monkeypatch.setenv("PATH", str(path))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("PYENV_ROOT", raising=False)
    monkeypatch.setattr(pythons, "uv", lambda: str(path / "uv"))
    return tmp_path


@pytest.fixture
def runs(monkeypatch):
    """What was tried, with which tests; all goes well where nothing else is said."""
    made = {}
    outcome = {}

    def tried(one, tests):
        made[one.minor] = tests
        return outcome.get(one.minor, "")

    monkeypatch.setattr(pythons, "tried", tried)
    made["outcome"] = outcome
    return made


def test_pythons_of_the_path_of_pyenv_and_of_uv_are_found_and_no_shim_that_does_not_start(machine):
    program(
        machine / "bin" / "python3.11", "echo pyenv: python3.11: command not found >&2; exit 127"
    )
    python(machine / "bin" / "python3.12", "3.12.3")
    python(machine / ".pyenv" / "versions" / "3.11.7" / "bin" / "python", "3.11.7")
    python(machine / ".pyenv" / "versions" / "3.11.10" / "bin" / "python", "3.11.10")
    python(machine / ".pyenv" / "versions" / "3.12.9" / "bin" / "python", "3.12.9")
    python(machine / "uv-has" / "cpython-3.13.1" / "bin" / "python", "3.13.1")
    program(machine / "bin" / "uv", f"echo {machine / 'uv-has'}")
    found = pythons.found(pythons.candidates())
    assert {one.version for one in found.values()} == {(3, 12, 3), (3, 11, 10), (3, 13, 1)}


def test_each_that_is_missing_is_named_and_is_no_failure(machine, runs, capsys):
    python(machine / "bin" / "python3.12", "3.12.3")
    assert pythons.main([]) == 0
    told = capsys.readouterr().out
    assert "Python 3.11: NOT TRIED" in told and "Python 3.13: NOT TRIED" in told
    assert "Python 3.12: passed" in told
    assert runs[3, 12] == pythons.QUICK


def test_none_at_all_is_a_failure(machine, runs, capsys):
    assert pythons.main([]) == 1


def test_named_ones_are_tried_alone_and_one_that_does_not_start_fails(machine, runs, capsys):
    python(machine / "bin" / "python3.12", "3.12.3")
    mine = str(python(machine / "mine" / "python", "3.13.9"))
    assert pythons.main([mine]) == 0
    assert (3, 13) in runs and (3, 12) not in runs
    assert pythons.main([mine, str(machine / "nowhere")]) == 1
    assert "nowhere: FAILED: it does not start" in capsys.readouterr().out


def test_tests_that_fail_are_told_and_the_next_python_is_tried_all_the_same(machine, runs, capsys):
    python(machine / "bin" / "python3.11", "3.11.2")
    python(machine / "bin" / "python3.12", "3.12.3")
    runs["outcome"][3, 11] = "tests"
    assert pythons.main([]) == 1
    told = capsys.readouterr().out
    assert "Python 3.11: FAILED at tests" in told and "Python 3.12: passed" in told


def test_newest_one_for_which_there_is_no_tensorflow_runs_the_other_lessons(machine, runs, capsys):
    python(machine / "bin" / "python3.13", "3.13.1")
    python(machine / "bin" / "python3.14", "3.14.0")
    assert pythons.main([]) == 0
    assert runs[3, 14] == pythons.WITHOUT_TENSORFLOW and runs[3, 13] == pythons.QUICK
    runs["outcome"][3, 14] = "set-up"
    assert pythons.main([]) == 0
    assert "Python 3.14: not tried: not all packages" in capsys.readouterr().out


def test_the_one_that_make_test_has_tried_can_be_left_out(machine, runs, capsys):
    here = f"{sys.version_info[0]}.{sys.version_info[1]}"
    python(machine / "bin" / f"python{here}", f"{here}.1")
    assert pythons.main(["--others"]) == 0
    assert sys.version_info[:2] not in runs
    assert "left out" in capsys.readouterr().out


def test_each_has_an_environment_of_its_own_made_by_the_one_that_makes_dotvenv(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(pythons, "ENVIRONMENTS", tmp_path)
    commands = []

    class Done:
        returncode = 0

    def run(command, **options):
        commands.append((command, (options.get("env") or {}).get("COURSE_ENVIRONMENT")))
        return Done

    monkeypatch.setattr(pythons.subprocess, "run", run)
    one = pythons.Python((3, 12, 3), "/some/python3.12")
    assert pythons.tried(one, ["-q"]) == ""
    (set_up, home), (tests, _) = commands
    assert set_up == ["/some/python3.12", "bootstrap.py"] and home == str(tmp_path / "3.12")
    assert tests[0].startswith(home) and tests[-1] == "-q"
