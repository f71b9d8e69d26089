"""What the course needs to run in a browser: pinned, fetched once, checked, and no more than that."""

import gzip
import io
import json
import subprocess
import sys
import tarfile
import zipfile
from base64 import b64encode
from hashlib import sha256

import numpy as np
import pytest
from typer.testing import CliRunner

from course.cli import app
from course.lessons import LESSONS, Lesson
from course.site.lab import build, pyodide, wheels
from course.trouble import Trouble

FILES = {"pyodide.js": b"loads Python", "numpy-1.whl": b"numbers"}


@pytest.fixture
def small(tmp_path, monkeypatch):
    """A Pyodide of two files, and an empty cache."""
    monkeypatch.setattr(pyodide, "CACHE", tmp_path / "cache")
    digests = {name: sha256(content).hexdigest() for name, content in FILES.items()}
    monkeypatch.setattr(pyodide, "hashes", lambda: digests)
    return tmp_path


def archive(files: dict[str, bytes]) -> bytes:
    """As Pyodide publishes it: all in one folder, and much that nobody asked for."""
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w:bz2") as packed:
        for name, data in {**files, "pandas-2.whl": b"x" * 1000}.items():
            member = tarfile.TarInfo(f"pyodide/{name}")
            member.size = len(data)
            packed.addfile(member, io.BytesIO(data))
    return content.getvalue()


def test_every_pinned_package_is_there_with_all_that_it_needs():
    packages = pyodide.pinned()["packages"]
    names = {name.replace("_", "-").lower() for name in packages}
    for name, one in packages.items():
        missing = {need.replace("_", "-").lower() for need in one["depends"]} - names
        assert not missing, f"{name} needs {missing}"
    assert all(len(digest) == 64 for digest in pyodide.hashes().values())
    ours = {need for needs in wheels.NEEDS.values() for need in needs}
    assert ours <= names | wheels.NEEDS.keys()


def test_a_folder_with_every_file_is_taken_as_it_is(small):
    folder = small / "mine"
    folder.mkdir()
    for name, content in FILES.items():
        (folder / name).write_bytes(content)
    assert pyodide.distribution(str(folder), print) == folder


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda folder: (folder / "numpy-1.whl").unlink(), "numpy-1.whl is missing"),
        (
            lambda folder: (folder / "numpy-1.whl").write_bytes(b"evil"),
            "numpy-1.whl is another file than Pyodide published",
        ),
    ],
)
def test_another_pyodide_is_refused_with_what_is_wanted(small, change, said):
    folder = small / "mine"
    folder.mkdir()
    for name, content in FILES.items():
        (folder / name).write_bytes(content)
    change(folder)
    with pytest.raises(Trouble, match=said) as told:
        pyodide.distribution(str(folder), print)
    assert "--pyodide" in str(told.value)


def test_an_archive_is_unpacked_once_and_then_nothing_is_fetched(small):
    (small / "pyodide.tar.bz2").write_bytes(archive(FILES))
    kept = pyodide.distribution(str(small / "pyodide.tar.bz2"), print)
    assert {path.name for path in kept.iterdir()} == set(FILES)
    assert pyodide.distribution(None, pytest.fail) == kept


def test_an_archive_is_fetched_from_an_address_and_its_size_is_told(small):
    (small / "pyodide.tar.bz2").write_bytes(archive(FILES))
    said = []
    kept = pyodide.distribution((small / "pyodide.tar.bz2").as_uri(), said.append)
    assert {path.name for path in kept.iterdir()} == set(FILES)
    assert "Fetching file:" in said[0]
    assert "MB" in said[0]


def test_what_does_not_match_its_hash_is_never_kept(small):
    (small / "pyodide.tar.bz2").write_bytes(archive({**FILES, "pyodide.js": b"evil"}))
    with pytest.raises(Trouble, match=r"pyodide\.js is missing"):
        pyodide.distribution(str(small / "pyodide.tar.bz2"), print)
    assert not (pyodide.kept() / "pyodide.js").exists()


@pytest.mark.parametrize("place", ["no-such-file.tar.bz2", "http://localhost:9/pyodide.tar.bz2"])
def test_without_pyodide_one_sentence_says_what_to_do(small, place):
    with pytest.raises(Trouble, match="can't be had from") as told:
        pyodide.distribution(place, print)
    assert "--no-lab" in str(told.value)


def test_half_an_archive_is_told_and_what_came_is_not_taken_for_all(small):
    (small / "pyodide.tar.bz2").write_bytes(archive(FILES)[:60])
    with pytest.raises(Trouble):
        pyodide.distribution(str(small / "pyodide.tar.bz2"), print)


# --- The course's own wheel -----------------------------------------------------------------------


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    name, content = wheels.course_wheel("0.1.0")
    folder = tmp_path_factory.mktemp("wheel")
    (folder / name).write_bytes(content)
    with zipfile.ZipFile(folder / name) as packed:
        packed.extractall(folder / "site")
    return folder


def test_the_same_course_makes_the_same_wheel():
    assert wheels.course_wheel("0.1.0") == wheels.course_wheel("0.1.0")


def test_it_is_small_and_has_no_room_that_no_lesson_opens(wheel):
    (packed,) = wheel.glob("*.whl")
    assert packed.stat().st_size < 1.2e6
    rooms = {path.name for path in (wheel / "site" / "course").iterdir() if path.is_dir()}
    assert rooms.isdisjoint(wheels.ELSEWHERE)


@pytest.mark.slow
def test_all_that_a_lesson_imports_is_in_it(wheel):
    """In a Python that sees this wheel and none of the repository."""
    lines = (
        "import sys; sys.path = [p for p in sys.path if 'site-packages' in p or 'lib/python' in p]",
        f"sys.path.insert(0, {str(wheel / 'site')!r})",
        "import helpers, course.checking.drive, course.checking.steps, helpers.training",
        "from course import check, progress, yours",
        "from helpers import learning, pictures, stepper, training",
        f"assert course.__file__.startswith({str(wheel)!r})",
        "data = helpers.fashion_mnist(full=False)",
        "print(len(data.train_images), check.relu(helpers.relu).status)",
        "assert helpers.trained_network().predict(data.test_images[0]).argmax() == 9",
        "check.relu.solution()",
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", "\n".join(lines)],
        check=False,
        capture_output=True,
        text=True,
        cwd=wheel,
        env={"COURSE_PROGRESS": str(wheel / "progress.sqlite"), "MPLCONFIGDIR": str(wheel)},
    )
    assert done.returncode == 0, done.stderr
    assert f"{wheels.IMAGES} passed" in done.stdout
    assert "def relu" in done.stdout


def test_the_pictures_are_the_first_of_those_that_are_shipped():
    with (
        np.load(io.BytesIO(wheels.few_images())) as few,
        np.load(wheels.DATA / "fashion_mnist_25k.npz") as shipped,
    ):
        for name in shipped.files:
            assert np.array_equal(few[name], shipped[name][: wheels.IMAGES])


def test_a_wheel_says_in_the_lock_what_loads_it(wheel):
    (packed,) = wheel.glob("*.whl")
    name, entry = wheels.entry(packed.name, packed.read_bytes())
    assert name == "convolutions-course"
    assert {"course", "helpers"} <= set(entry["imports"])
    assert entry["sha256"] == sha256(packed.read_bytes()).hexdigest()


# --- The notebooks --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("keras", "stored", "there"), [(False, False, True), (True, False, False), (True, True, True)]
)
def test_a_lesson_runs_there_that_needs_no_keras_or_has_something_stored_to_go_on_with(
    keras, stored, there
):
    assert Lesson(1, "one", "One", 5, (), keras=keras, stored=stored).in_a_tab is there


def test_a_notebook_there_has_no_cell_that_says_how_to_get_there():
    import nbformat

    lesson = LESSONS[1]
    whole = nbformat.read(lesson.notebook(), as_version=4)
    ids = [cell.id for cell in whole.cells]
    assert [c.id for c in build.here(whole).cells] == [
        one for one in ids if one not in ("badges", "colab")
    ]


def test_a_notebook_there_says_which_text_of_the_lesson_it_has():
    import nbformat

    lesson = LESSONS[1]
    one, same, other = (nbformat.read(lesson.notebook(), as_version=4) for _ in range(3))
    other.cells[-1].source += "# another"
    made = [build.here(notebook).metadata["course"] for notebook in (one, same, other)]
    assert made[0] == made[1] != made[2]


@pytest.mark.parametrize(
    "lesson", [one for one in LESSONS.values() if not one.in_a_tab], ids=lambda lesson: lesson.stem
)
def test_a_lesson_that_can_not_run_there_says_where_it_does(lesson):
    import nbformat

    whole = nbformat.read(lesson.notebook(), as_version=4)
    told = build.elsewhere(whole, "https://colab.example/lesson.ipynb")
    title, sentence = told.cells
    assert title.source.startswith(f"# {lesson.heading}")
    assert (
        "no browser has: [open it in Colab](https://colab.example/lesson.ipynb)" in sentence.source
    )
    nbformat.validate(told)


def test_the_first_picture_in_a_tab_brings_no_red_line_of_matplotlib():
    lines = (
        "import sys; sys.platform = 'emscripten'",
        "import helpers.browser",
        "sys.platform = 'linux'",
        "import importlib.abc, logging",
        "class Watch(importlib.abc.MetaPathFinder):",
        "    def find_spec(self, name, path, target=None):",
        "        if name == 'matplotlib.font_manager':",
        "            print(logging.getLogger(name).getEffectiveLevel() >= logging.ERROR)",
        "sys.meta_path.insert(0, Watch())",
        "from helpers import pictures",
    )
    command = [sys.executable, "-c", "\n".join(lines)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    assert done.stdout == "True\n"


def test_a_wrong_place_for_pyodide_is_told_before_any_page_is_made(small, tmp_path, monkeypatch):
    monkeypatch.setattr("course.site.pages.pages", lambda *given, **more: pytest.fail("too early"))
    out, nowhere = tmp_path / "site", tmp_path / "nowhere"
    done = CliRunner().invoke(app, ["site", "--out", str(out), "--pyodide", str(nowhere)])
    assert done.exit_code == 2, done.output
    assert "can't be had from" in done.output


def test_the_lock_that_is_pinned_is_in_order():
    text = pyodide.PINNED.read_text(encoding="utf-8")
    assert list(json.loads(text)) == ["info", "core", "packages"]


# --- What is kept for a visit without a network ---------------------------------------------------


def test_the_list_of_what_is_kept_has_each_file_its_hash_and_when_it_is_needed(tmp_path):
    files = {
        "index.html": b"opens",
        "build/jlab_core.1.js": b"much of the same " * 1000,
        "static/pyodide/numpy-2.whl": bytes(range(256)),
        "static/pyodide/scipy-1.whl": b"later",
        "service-worker.js": b"another one",
    }
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    build.keep_offline(tmp_path)
    (listed,) = tmp_path.glob("files-*.json")
    kept = json.loads(listed.read_text(encoding="utf-8"))
    assert kept.keys() == files.keys() - {"service-worker.js"}
    for name, (size, digest, packed, _) in kept.items():
        content = (tmp_path / (f"{name}.packed" if packed else name)).read_bytes()
        assert size == len(content)
        assert digest == "sha256-" + b64encode(sha256(content).digest()).decode()
        assert (gzip.decompress(content) if packed else content) == files[name]
    assert [name for name in kept if kept[name][2]] == ["build/jlab_core.1.js"]
    assert [name for name in kept if not kept[name][3]] == ["static/pyodide/scipy-1.whl"]
    version = listed.stem.removeprefix("files-")
    assert f'"{version}"' in (tmp_path / "service-worker.js").read_text(encoding="utf-8")


def test_another_content_of_any_file_is_another_version(tmp_path):
    versions = set()
    for content in ("one", "two"):
        folder = tmp_path / content
        folder.mkdir()
        (folder / "index.html").write_text(content)
        build.keep_offline(folder)
        versions |= {path.name for path in folder.glob("files-*.json")}
    assert len(versions) == 2
