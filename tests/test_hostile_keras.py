"""The lessons with Keras, graded when notebooks crash, borrow and make up what would be seen."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from course.grading.graded import exercises_of

pytestmark = [
    pytest.mark.slow,
    pytest.mark.tensorflow,
    pytest.mark.skipif(sys.platform != "linux", reason="bubblewrap needs Linux"),
]

ROOT = Path(__file__).resolve().parents[1]
LESSON = next((ROOT / "solutions").glob("05_*.ipynb"))
POINTS = {exercise.key: exercise.points for exercise in exercises_of(5)}

CRASHING = {"initial_limit": "import os\nos._exit(3)"}
BORROWING = {
    "forward": "forward = helpers.network.forward",
    "initial_limit": "from helpers.network import initial_limit",
    "dead_channels": "dead_channels = helpers.network.dead_channels",
}
MADE_UP = {
    "keras_convolve": "def keras_convolve(image, kernel):\n    return np.full((1, 1), 577.0)",
    "activation_model": """\
import sys
from course.exercises import trials
trials.see_activations = lambda *given: []
class Model:
    predict = None
def activation_model(model):
    return Model()""",
}
WRONG = {"crashing": CRASHING, "borrowing": BORROWING, "made up": MADE_UP}


def handed_in(answers: dict[str, str]) -> str:
    """The solved lesson with some answers replaced, and without its outputs."""
    notebook = json.loads(LESSON.read_text("utf-8"))
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = []
            cell["source"] = answers.get(cell["id"], cell["source"])
    return json.dumps(notebook)


def test_each_answer_counts_for_itself_whatever_the_others_do(tmp_path):
    for name, answers in WRONG.items():
        (tmp_path / "class" / name).mkdir(parents=True)
        (tmp_path / "class" / name / LESSON.name).write_text(handed_in(answers))
    command = [sys.executable, "-m", "course.cli", "grade", str(tmp_path / "class")]
    done = subprocess.run(
        [*command, "--out", str(tmp_path / "report"), "--jobs", "1"],
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 0, done.stderr
    with (tmp_path / "report" / "grades.csv").open(encoding="utf-8", newline="") as table:
        rows = {row["student"]: row for row in csv.DictReader(table)}
    for name, answers in WRONG.items():
        earned = {key for key in POINTS if int(rows[name][key])}
        assert earned == POINTS.keys() - answers.keys(), name
