"""The set-up: quick the second time, and a sentence for everything that can go wrong."""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

ROOT = Path(__file__).resolve().parent.parent
LOCK = (ROOT / "requirements.txt").read_text()

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the fakes are shell scripts")


# make


def make(*arguments: str, folder: Path = ROOT, path: str | None = None) -> SimpleNamespace:
    command = shutil.which("make")
    if command is None:
        pytest.skip("there is no make here")
    drop = ("PYTHON", "MAKEFLAGS", "MAKELEVEL", "MFLAGS")
    environment = {key: value for key, value in os.environ.items() if key not in drop}
    environment["PATH"] = path or environment["PATH"]
    done = subprocess.run(
        [command, *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return SimpleNamespace(code=done.returncode, said=done.stdout + done.stderr)


def test_make_alone_lists_every_target() -> None:
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    listed = make()
    assert listed.code == 0
    assert set(re.findall(r"^  make (\S+) +\w", listed.said, re.MULTILINE)) == targets
    assert targets == set(re.findall(r"^\.PHONY: (.*)", makefile, re.MULTILINE)[0].split())


def test_make_clean_keeps_a_learners_work(tmp_path: Path) -> None:
    shutil.copy(ROOT / "Makefile", tmp_path)
    mine = tmp_path / "work" / "__pycache__" / "mine.ipynb"
    made = (
        tmp_path / "helpers" / "__pycache__" / "convolution.pyc",
        tmp_path / ".venv" / "pyvenv.cfg",
    )
    for file in (mine, *made):
        file.parent.mkdir(parents=True)
        file.touch()
    assert make("clean", folder=tmp_path).code == 0
    assert mine.exists()
    assert not any(file.parent.exists() for file in made)


def test_make_says_where_to_get_python_when_there_is_only_an_old_one(tmp_path: Path) -> None:
    shutil.copy(ROOT / "Makefile", tmp_path)
    script(tmp_path / "python3", 'case "$2" in *exit*) exit 1;; *) echo 3.9.2;; esac')
    refused = make("lab", folder=tmp_path, path=str(tmp_path))
    assert refused.code != 0
    assert "needs Python 3.11 or newer; here is 3.9.2" in refused.said
    assert "make lab PYTHON=" in refused.said


def test_make_says_so_when_there_is_no_python_at_all(tmp_path: Path) -> None:
    shutil.copy(ROOT / "Makefile", tmp_path)
    refused = make("setup", folder=tmp_path, path=str(tmp_path))
    assert refused.code != 0
    assert "here is no Python that starts" in refused.said


# bootstrap.py, in a clone where uv is a stand-in


def script(path: Path, body: str) -> None:
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)


class Clone:
    """A clone of the course whose uv notes what it is asked, and says and returns what it is told."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "my clone"
        self.venv = self.folder / ".venv"
        self.calls = folder / "calls"
        self.uv = folder / "bin" / "uv"
        self.folder.mkdir()
        self.uv.parent.mkdir()
        for name in ("bootstrap.py", "pyproject.toml", "requirements.txt"):
            shutil.copy(ROOT / name, self.folder)
        self.uv_does("exit 0")

    def uv_does(self, body: str) -> None:
        script(self.uv, f'[ "$1" = --version ] && exit; echo "$1 $2" >> "{self.calls}"\n{body}')

    def uv_fails(self, words: str) -> None:
        self.uv_does(f"[ $2 = sync ] || exit 0; cat >&2 <<'END'\n{words}\nEND\nexit 2")

    def asked(self) -> list[str]:
        asked = self.calls.read_text().split("\n")[:-1] if self.calls.exists() else []
        self.calls.unlink(missing_ok=True)
        return asked

    def bootstrap(self) -> ModuleType:
        spec = importlib.util.spec_from_file_location("bootstrap", self.folder / "bootstrap.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    def set_up(self) -> int:
        return self.bootstrap().main()


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Clone:
    clone = Clone(tmp_path)
    monkeypatch.setenv("PATH", f"{clone.uv.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.delenv("UV", raising=False)
    room = SimpleNamespace(free=10**12)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: room)
    return clone


EVERYTHING = ["pip sync", "pip install"]


def test_the_first_time_makes_an_environment_with_this_python(clone: Clone) -> None:
    assert clone.set_up() == 0
    assert clone.asked() == EVERYTHING
    ask = "import sys; print(*sys.version_info[:2])"
    made = subprocess.check_output([clone.venv / "bin" / "python", "-c", ask], text=True)
    assert made.split() == [str(part) for part in sys.version_info[:2]]


def test_the_second_time_installs_nothing(clone: Clone) -> None:
    clone.set_up()
    clone.asked()
    assert clone.set_up() == 0
    assert clone.asked() == []


def test_a_changed_lock_is_installed_into_the_same_environment(clone: Clone) -> None:
    clone.set_up()
    clone.asked()
    (clone.venv / "kept").touch()
    (clone.folder / "requirements.txt").write_text("numpy==2.1.3\n")
    assert clone.set_up() == 0
    assert clone.asked() == EVERYTHING
    assert (clone.venv / "kept").exists()


def test_a_changed_project_needs_no_package(clone: Clone) -> None:
    clone.set_up()
    clone.asked()
    (clone.folder / "pyproject.toml").write_text("")
    assert clone.set_up() == 0
    assert clone.asked() == ["pip install"]


def test_a_half_made_environment_is_not_trusted(clone: Clone) -> None:
    clone.uv_does("exit 1")
    assert clone.set_up() == 1
    left_over = clone.venv / "left over"
    left_over.touch()
    clone.uv_does("exit 0")
    clone.asked()
    assert clone.set_up() == 0
    assert clone.asked() == EVERYTHING
    assert not left_over.exists()


def test_a_moved_environment_is_made_again(clone: Clone) -> None:
    clone.set_up()
    clone.asked()
    clone.folder = clone.folder.rename(clone.folder.with_name("elsewhere"))
    assert clone.set_up() == 0
    assert clone.asked() == EVERYTHING


def test_an_environment_whose_python_is_gone_is_made_again(clone: Clone) -> None:
    clone.set_up()
    clone.asked()
    (clone.venv / "bin" / "python").unlink()
    assert clone.set_up() == 0
    assert clone.asked() == EVERYTHING


NO_NETWORK = """error: Request failed after 3 retries in 4.5s
  cause: error sending request for url
  cause: failed to lookup address information: Temporary failure in name resolution"""

WORDS = {
    "network": (NO_NETWORK, "network is missing"),
    "disk": (
        "error: Failed to download `wcwidth==0.9.4`\n  cause: No space left on device (os error 28)",
        "The disk is full",
    ),
    "quota": ("error: write failed: Disk quota exceeded (os error 122)", "The disk is full"),
    "hashes": (
        "error: Hash mismatch for `ruff==0.17.4`",
        "not the file that requirements.txt locks",
    ),
    "certificate": ("  cause: invalid peer certificate: UnknownIssuer", "SSL_CERT_FILE"),
    "platform": (
        "hint: `tensorflow-cpu` has no wheels with a matching Python ABI tag",
        "no ready-made build for this machine",
    ),
    "permission": ("error: Permission denied (os error 13)", "a folder of your own"),
    "new to us": ("error: the moon is in the wrong place", "failed; its words above say why"),
}


@pytest.mark.parametrize(("words", "advice"), WORDS.values(), ids=WORDS)
def test_a_failed_installation_is_explained(
    clone: Clone, capfd: pytest.CaptureFixture[str], words: str, advice: str
) -> None:
    clone.uv_fails(words)
    assert clone.set_up() == 1
    said = capfd.readouterr()
    assert words.splitlines()[0] in said.out
    assert advice in said.err
    assert "Traceback" not in said.out + said.err


def test_a_sound_environment_outlives_a_missing_network(clone: Clone) -> None:
    clone.set_up()
    lock = clone.folder / "requirements.txt"
    (clone.venv / "kept").touch()
    lock.write_text(f"{LOCK}\n")
    clone.uv_fails(NO_NETWORK)
    assert clone.set_up() == 1
    lock.write_text(LOCK)
    clone.asked()
    assert clone.set_up() == 0
    assert clone.asked() == []
    assert (clone.venv / "kept").exists()


def test_an_environment_that_failed_half_way_through_a_change_is_made_again(clone: Clone) -> None:
    clone.set_up()
    lock = clone.folder / "requirements.txt"
    lock.write_text(f"{LOCK}\n")
    clone.uv_fails(WORDS["disk"][0])
    assert clone.set_up() == 1
    lock.write_text(LOCK)
    clone.uv_does("exit 0")
    clone.asked()
    assert clone.set_up() == 0
    assert clone.asked() == EVERYTHING


def test_a_disk_without_room_is_refused_before_anything_is_downloaded(
    clone: Clone, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1_200_000_000))
    assert clone.set_up() == 1
    assert clone.asked() == []
    assert "needs about 3 GB, and 1.2 GB is free" in capfd.readouterr().err


def test_a_python_that_is_too_old_is_refused(
    clone: Clone, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    bootstrap = clone.bootstrap()
    monkeypatch.setattr(bootstrap, "OLDEST_PYTHON", (99, 0))
    assert bootstrap.main() == 1
    assert not clone.venv.exists()
    assert "the course needs 3.11 or newer" in capfd.readouterr().err


def test_without_uv_and_without_pip_it_says_how_to_get_either(
    clone: Clone, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    script(clone.uv, "exit 127")
    bootstrap = clone.bootstrap()
    real = bootstrap.succeeds
    monkeypatch.setattr(
        bootstrap, "succeeds", lambda *command: "ensurepip" not in command and real(*command)
    )
    assert bootstrap.main() == 1
    assert "sudo apt install python3-venv" in capfd.readouterr().err
