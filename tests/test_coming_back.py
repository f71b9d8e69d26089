"""A kernel of `course lab` that was started anew: what is needed again runs by itself, or is told."""

import json
import os
import shutil

import pytest
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager
from traitlets.config.loader import PyFileConfigLoader

from course.lessons import LESSONS, ROOT
from course.work.lab import OWN

pytestmark = pytest.mark.seconds

FURTHER_DOWN = "for n in range(1):\n    photo = 577\n\n\ndef twice(x):\n    return 2 * x"


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Run one cell of lesson 1 in a kernel that knows nothing; give all that it showed."""
    folder = tmp_path_factory.mktemp("work")
    notebook = LESSONS[1].notebook()
    shutil.copy(notebook, folder)
    cells = json.loads((folder / notebook.name).read_text("utf-8"))
    cells["cells"].append({**cells["cells"][2], "source": FURTHER_DOWN})
    (folder / notebook.name).write_text(json.dumps(cells), "utf-8")
    specs = KernelSpecManager(kernel_dirs=[str(OWN / "kernels")], ensure_native_kernel=False)
    settings = PyFileConfigLoader("jupyter_server_config.py", path=str(OWN)).load_config()
    manager = KernelManager(kernel_spec_manager=specs, config=settings)
    log = folder / "log"
    environment = {
        "JPY_SESSION_NAME": str(folder / notebook.name),
        "IPYTHONDIR": str(folder / "ipython"),
        "COURSE_PROGRESS": str(folder / "progress.sqlite"),
        "PYTHONPATH": str(ROOT),
    }
    said = log.open("w")
    manager.start_kernel(env={**os.environ, **environment}, cwd=str(folder), stderr=said)
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(60)

    def run(code, anew=True):
        if anew:
            manager.restart_kernel(now=True)
            client.wait_for_ready(60)
        shown = []

        def keep(message):
            content = message["content"]
            shown.append(content.get("text") or "\n".join(content.get("traceback", "")))
            shown.append(content.get("data", {}).get("text/plain", ""))

        client.execute_interactive(code, timeout=60, output_hook=keep)
        return "\n".join(shown)

    run.log = log
    yield run
    client.stop_channels()
    manager.shutdown_kernel(now=True)
    said.close()


def test_a_check_after_a_restart_runs_the_first_cell_and_says_so(run):
    shown = run("# Stuck?\ncheck.neighborhood(neighborhood)")
    assert "the notebook's first cell was run again" in shown
    assert "There is no `neighborhood` yet" in shown
    assert "NameError" not in shown
    assert "first cell" not in run("check.neighborhood(neighborhood)", anew=False)


@pytest.mark.seconds
def test_an_answer_after_a_restart_finds_what_it_uses(run):
    assert "first cell was run again" in run(
        "def neighborhood(image, row, col):\n    return np.eye(3)"
    )
    assert "NameError" not in run("check.neighborhood(neighborhood)", anew=False)
    assert "(3, 3)" in run("np.shape(hiker[:3, :3])", anew=False)


@pytest.mark.seconds
def test_the_first_cell_itself_and_cells_that_need_nothing_of_it_run_as_they_are(run):
    assert run("1 + 1").strip() == "2"
    assert run("from course import check\nnumber = 1").strip() == ""


@pytest.mark.parametrize("name", ["twice", "photo"])
def test_a_name_of_another_cell_is_told_with_what_to_do(run, name):
    shown = run(f"{name} * 2", anew=False)
    assert f"`{name}` is defined in another cell of this notebook" in shown
    assert "Run All Above Selected Cell" in shown


def test_a_name_that_no_cell_defines_is_left_to_python(run):
    assert "another cell" not in run("phoot + 1", anew=False)


def test_a_cell_that_defines_it_further_down_is_not_sent_elsewhere(run):
    assert "another cell" not in run("twice(3)\n\n\ndef twice(x):\n    return x", anew=False)


def test_nothing_is_said_in_the_terminal_of_listeners(run):
    run("1")
    assert run.log.read_text() == ""
