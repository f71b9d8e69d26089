"""Writing the part of the site in which the course runs."""

import base64
import gzip
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat

from course.authoring import links
from course.authoring.notebooks import solution_notebook, student_notebook
from course.authoring.source import read_source
from course.lessons import LESSONS, ROOT, Lesson
from course.site.lab import pyodide, wheels
from course.site.lab.without_keras import without_keras
from course.site.pages import ICON, opening
from course.trouble import Trouble

LEFT_OUT = ("badges", "colab")
"""Cells of a notebook, by their ids, that say how to get to where one already is."""

FIRST = ("static/pyodide/", "build/jlab_core.", "index.html")
LATER = ("static/pyodide/scipy-", "static/pyodide/openblas-")
"""How the names of the files begin that the first check needs, and of those that come with a cell
that imports SciPy."""

PACKED = {".css", ".html", ".ico", ".js", ".json", ".mjs", ".svg", ".wasm"}
"""What gets much smaller by packing, by its suffix."""

ELSEWHERE = (
    "**This lesson trains networks with Keras, which no browser has: [open it in Colab]({colab}), "
    "or on your own machine.**"
)

BESIDE = Path(__file__).with_name("lesson-page.js")

SETTINGS = {
    "jupyter-lite-schema-version": 0,
    "jupyter-config-data": {
        "appName": "Convolutions and pooling",
        "appUrl": "./lab",
        "exposeAppInBrowser": True,
        "collaborative": False,
    },
}

APPS = ("lab", "notebooks")
"""What opens a lesson: JupyterLab, and the older notebook."""

EXTENSIONS = ("@jupyterlite/pyodide-kernel-extension",)
"""Of JupyterLab, out of those that are installed here."""


def build(folder: Path, python: Path, say: Callable[[str], None]) -> dict[str, Path]:
    """Put the course together as it runs in a browser.

    Parameters
    ----------
    folder : Path
        An empty one, to work in.
    python : Path
        Where Pyodide is: what `pyodide.distribution` gave.
    say : callable
        Is told what happens, a sentence at a time.

    Returns
    -------
    dict
        The files of the site's ``lab/``, by the names that they get.

    Raises
    ------
    Trouble
        Something that it needs can't be had.
    """
    source, made = folder / "from", folder / "lab"
    (source / "files").mkdir(parents=True)
    for lesson in LESSONS.values():
        nbformat.write(notebook_there(lesson), source / "files" / lesson.file)
    (source / "jupyter-lite.json").write_text(json.dumps(SETTINGS), encoding="utf-8")
    (source / "jupyter_lite_config.json").write_text(json.dumps(config()), encoding="utf-8")
    furnish(source / "static" / "pyodide", python)
    run_jupyterlite(source, made)
    name_pages(made)
    keep_offline(made)
    files = {f.relative_to(folder).as_posix(): f for f in made.rglob("*") if f.is_file()}
    say(f"{'lab/':<32} {sum(f.stat().st_size for f in files.values()) / 1e6:4.0f} MB")
    return files


def name_pages(lab: Path) -> None:
    """Give JupyterLite's pages the course's name and icon, and let the first open a lesson.

    The pages that have a lesson open get what JupyterLab leaves to them.
    """
    for page in sorted(lab.glob("*/index.html")):
        text = page.read_text(encoding="utf-8")
        text = re.sub(
            "<title>.*?</title>", "<title>Convolutions and pooling</title>", text, count=1
        )
        head = f"<head>\n    {ICON}"
        if page.parent.name in APPS:
            head += f"\n    <script>\n{BESIDE.read_text(encoding='utf-8')}</script>"
        page.write_text(text.replace("<head>", head, 1), encoding="utf-8")
    (lab / "index.html").write_text(opening(), encoding="utf-8")


def keep_offline(lab: Path) -> None:
    """Put our service worker in the place of JupyterLite's, and list what it keeps.

    What gets much smaller lies there packed, too: not every host packs what it sends. Of each file
    the list has its size as it is loaded, its hash, whether it is packed, and whether it is needed
    before the first check.
    """
    listed: dict[str, tuple[int, str, bool, bool]] = {}
    for path in sorted(lab.rglob("*")):
        name = path.relative_to(lab).as_posix()
        if not path.is_file() or name == "service-worker.js":
            continue
        content = path.read_bytes()
        small = gzip.compress(content, mtime=0) if path.suffix in PACKED else content
        packed = len(small) < 0.7 * len(content)
        if packed:
            content = small
            path.with_name(f"{path.name}.packed").write_bytes(content)
        digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
        first = name.startswith(FIRST) and not name.startswith(LATER)
        listed[name] = (len(content), f"sha256-{digest}", packed, first)
    text = json.dumps(listed)
    version = hashlib.sha256(text.encode()).hexdigest()[:16]
    (lab / f"files-{version}.json").write_text(text, encoding="utf-8")
    worker = (Path(__file__).parent / "service-worker.js").read_text(encoding="utf-8")
    worker = worker.replace("THE VERSION", version)
    (lab / "service-worker.js").write_text(worker, encoding="utf-8")


def notebook_there(lesson: Lesson, solved: bool = False) -> Any:
    """A lesson's notebook as a browser has it: what learners get, or with the solutions."""
    home = links.home(ROOT)
    colab = home.colab(lesson.stem)
    source = without_keras(read_source(lesson), colab)
    notebook = (solution_notebook if solved else student_notebook)(source, home)
    return here(notebook) if lesson.in_a_tab else elsewhere(notebook, colab)


def here(notebook: Any) -> Any:
    """The same notebook without the cells that are of no use there.

    It says which text it has, so that a learner is told when there is a newer one.
    """
    notebook.cells = [cell for cell in notebook.cells if cell.id not in LEFT_OUT]
    text = json.dumps([[cell.id, cell.source] for cell in notebook.cells])
    notebook.metadata["course"] = hashlib.sha256(text.encode()).hexdigest()[:12]
    return notebook


def elsewhere(notebook: Any, colab: str) -> Any:
    """The title of a lesson that can't run there, and where it does: a link leads to it."""
    told = nbformat.v4.new_markdown_cell(ELSEWHERE.format(colab=colab), id="elsewhere")
    notebook.cells = [notebook.cells[0], told]
    return notebook


def config() -> dict[str, Any]:
    """What JupyterLite is built with: the extensions that a lesson needs, and no others."""
    installed = Path(sys.prefix) / "share" / "jupyter" / "labextensions"
    if missing := [name for name in EXTENSIONS if not (installed / name).is_dir()]:
        raise Trouble(f"{missing[0]} is not installed here. `make setup` brings it.")
    chosen = [str(installed / name) for name in EXTENSIONS]
    return {
        "LiteBuildConfig": {
            "federated_extensions": chosen,
            "ignore_sys_prefix": ["federated_extensions"],
        }
    }


def furnish(folder: Path, python: Path) -> None:
    """Lay out Pyodide, the course and what its kernel needs, with one lock file for all of them."""
    folder.mkdir(parents=True)
    for name in pyodide.hashes():
        shutil.copyfile(python / name, folder / name)
    for wheel in wheels.fetched():
        shutil.copyfile(wheel, folder / wheel.name)
    name, content = wheels.course_wheel(links.home(ROOT).version)
    (folder / name).write_bytes(content)
    added = dict(
        wheels.entry(path.name, path.read_bytes())
        for path in sorted(folder.glob("*.whl"))
        if path.name not in pyodide.hashes()
    )
    pinned = pyodide.pinned()
    lock = {"info": pinned["info"], "packages": {**pinned["packages"], **added}}
    (folder / "pyodide-lock.json").write_text(json.dumps(lock), encoding="utf-8")


def run_jupyterlite(source: Path, out: Path) -> None:
    """Let JupyterLite put the site together."""
    command = [sys.executable, "-m", "jupyterlite_core", "build", "--no-sourcemaps"]
    command += ["--no-unused-shared-packages", *(word for app in APPS for word in ("--apps", app))]
    command += ["--lite-dir", str(source), "--output-dir", str(out)]
    command += ["--contents", str(source / "files"), "--no-libarchive"]
    done = subprocess.run(
        command,
        check=False,
        capture_output=True,
        text=True,
        cwd=source,
        env={**os.environ, "PYTHONWARNINGS": "ignore"},
    )
    if done.returncode:
        reason = (done.stderr or done.stdout).strip()[-2000:]
        raise Trouble(f"JupyterLite could not build the course for the browser:\n{reason}")
