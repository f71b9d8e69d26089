"""The window comes back: from a saved notebook, without a kernel, and where no script may run."""

import json

import nbformat
from accessible import inaccessible
from learner import Learner
from playwright.sync_api import expect

NAME = "back.ipynb"
OPENED = "from helpers import stepper\nstepper.convolution()"


def written(learner: Learner) -> None:
    """Put a notebook of one cell into the learner's folder."""
    place = learner.lab.folder / "back" / NAME
    place.parent.mkdir(exist_ok=True)
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    cells = [nbformat.v4.new_code_cell(OPENED, id="window")]
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=metadata), place)


def test_in_jupyterlab_it_moves_again_without_a_kernel_and_a_strangers_shows_what_to_do(
    learner: Learner,
) -> None:
    written(learner)
    learner.open(NAME, "back")
    shown = learner.run("window")
    total = shown.locator(".sum strong")
    expect(total).to_have_text("577")
    for theme in ("Dark", "Light"):
        learner.theme(theme)
        assert inaccessible(learner.page, ".stepper") == []
    learner.saved()
    learner.leave()

    learner.open(NAME, "back")  # with another kernel, and nothing has been run
    expect(learner.page.locator(".jp-InputArea-prompt")).to_have_text("[1]:")
    window = learner.page.locator(".stepper")
    window.get_by_role("application").press("ArrowUp")
    expect(window.locator(".sum strong")).to_have_text("−136")
    learner.page.keyboard.type("9")
    learner.page.keyboard.press("Enter")
    expect(window.locator(".sum strong")).not_to_have_text("−136")

    learner.close()  # now it comes from somebody else: JupyterLab runs nothing of it
    notebook = json.loads(learner.path.read_text(encoding="utf-8"))
    notebook["cells"][0]["metadata"].pop("trusted", None)
    notebook["cells"][0]["outputs"][0]["data"]["text/plain"] = ["changed"]
    learner.path.write_text(json.dumps(notebook), encoding="utf-8")
    learner.open(NAME, "back")
    output = learner.page.locator(".jp-OutputArea-output")
    expect(output).to_contain_text("Run this cell, and the window moves.")
    expect(output.locator("img")).to_be_visible()
    expect(learner.page.locator(".stepper")).to_have_count(0)
