"""Make the example class from the lessons: thirty students, and what each one truly earned.

``.venv/bin/python examples/make_class.py`` writes ``class/`` and ``class.csv`` beside this file.
Run it again when the code or the points of lessons 1 to 3 have changed and `course build` has
written their notebooks. The prose is left out: nobody grades it.
"""

import csv
import io
import json
import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from course.exercises import EXERCISES, exercises_of, points_of
from course.lessons import LESSONS

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent

Notebook = dict[str, Any]


def typed_answers() -> dict[tuple[str, str], str]:
    """The answers in ``answers.py``, by exercise and name."""
    text = (HERE / "answers.py").read_text(encoding="utf-8")
    _, *parts = re.split(r"^# %% (\w+) (\w+)\n", text, flags=re.MULTILINE)
    headed = zip(parts[::3], parts[1::3], parts[2::3], strict=True)
    return {(key, name): source.strip() for key, name, source in headed}


ANSWERS = typed_answers()


# --- Notebooks ------------------------------------------------------------------------------------


def lesson_notebook(lesson: int) -> Notebook:
    """The code of a lesson as students get it, without the cell that Colab needs."""
    name = LESSONS[lesson].file
    notebook = json.loads((ROOT / "notebooks" / name).read_text(encoding="utf-8"))
    notebook["cells"] = [
        cell for cell in notebook["cells"] if cell["cell_type"] == "code" and cell["id"] != "colab"
    ]
    return notebook


def solution(key: str) -> str:
    """The lesson's own answer, without the markers round it."""
    exercise = EXERCISES[key]
    name = LESSONS[exercise.lesson].file
    notebook = json.loads((ROOT / "solutions" / name).read_text(encoding="utf-8"))
    lines = cell_of(notebook, key)["source"]
    return "".join(line for line in lines if "### " not in line).rstrip()


def cell_of(notebook: Notebook, identifier: str) -> dict[str, Any]:
    """A cell by its id."""
    return next(cell for cell in notebook["cells"] if cell["id"] == identifier)


def new_cell(identifier: str, source: str) -> dict[str, Any]:
    """A cell that a student added."""
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": identifier,
        "metadata": {},
        "outputs": [],
        "source": source.splitlines(keepends=True),
    }


def written(notebook: Notebook) -> bytes:
    """A notebook's file as Jupyter writes it."""
    text = json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True)
    return f"{text}\n".encode()


# --- What happens to a notebook before it is handed in --------------------------------------------

Change = Callable[[Notebook], None]


def inserted(above: str, *sources: str) -> Change:
    """Put cells of the student's own above a cell."""

    def change(notebook: Notebook) -> None:
        at = notebook["cells"].index(cell_of(notebook, above))
        notebook["cells"][at:at] = [
            new_cell(f"{above}-own-{n}", source) for n, source in enumerate(sources, 1)
        ]

    return change


def without(identifier: str) -> Change:
    """Delete a cell."""
    return lambda notebook: notebook["cells"].remove(cell_of(notebook, identifier))


def misspelt(key: str, right: str, wrong: str) -> Change:
    """Make a slip of the keyboard in an answer."""

    def change(notebook: Notebook) -> None:
        cell = cell_of(notebook, key)
        cell["source"] = "".join(cell["source"]).replace(right, wrong, 1).splitlines(keepends=True)

    return change


def printed(key: str, lines: int) -> Change:
    """Keep what a cell printed."""

    def change(notebook: Notebook) -> None:
        text = [f"row {n} of {lines} done\n" for n in range(lines)]
        output = {"name": "stdout", "output_type": "stream", "text": text}
        cell_of(notebook, key)["outputs"] = [output]

    return change


def as_format_3(notebook: Notebook) -> None:
    """Save it as IPython 2 did, in 2014."""
    rest = {"cell_type": "code", "language": "python", "metadata": {}, "outputs": []}
    cells = [{"input": cell["source"], **rest} for cell in notebook["cells"]]
    notebook.clear()
    notebook |= {"metadata": {"name": ""}, "nbformat": 3, "nbformat_minor": 0}
    notebook["worksheets"] = [{"cells": cells, "metadata": {}}]


WEB_PAGE = b"""<!DOCTYPE html>
<html><head><title>01_convolution_by_hand.ipynb</title></head>
<body><p>Please log in to see this file.</p></body></html>
"""


# --- The class ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Student:
    """One student; `answers` says which of the typed answers was given to an exercise.

    Exercises that are not in `answers` have the lesson's own solution; with ``None``, none.
    """

    name: str
    why: str
    answers: Mapping[str, str | None] = field(default_factory=dict)
    changes: tuple[Change, ...] = ()
    lost: tuple[str, ...] = ()
    lessons: tuple[int, ...] = (1,)
    instead: bytes = b""

    def answer(self, key: str) -> str | None:
        """What was typed, or None if nothing was."""
        name = self.answers.get(key, "")
        if name is None:
            return None
        return ANSWERS[key, name] if name else solution(key)

    def earned(self, key: str) -> bool:
        """Whether this answer is right, and still there."""
        name = self.answers.get(key, "right")
        return name is not None and name.startswith("right") and key not in self.lost

    def total(self, lesson: int) -> int:
        """How many points are earned."""
        return sum(e.points for e in exercises_of(lesson) if self.earned(e.key))

    def notebook(self, lesson: int) -> bytes:
        """What is handed in."""
        if self.instead:
            return self.instead
        notebook = lesson_notebook(lesson)
        for exercise in exercises_of(lesson):
            if (source := self.answer(exercise.key)) is not None:
                cell_of(notebook, exercise.key)["source"] = source.splitlines(keepends=True)
        for change in self.changes if lesson == 1 else ():
            change(notebook)
        return written(notebook)


def untouched(lesson: int, but: int = 0) -> dict[str, str | None]:
    """Nothing was done after the first few exercises."""
    return dict.fromkeys([exercise.key for exercise in exercises_of(lesson)][but:])


LOOPS = {
    "neighborhood": "right_pixel_by_pixel",
    "convolve_pixel": "right_in_loops",
    "conv2d_valid": "right_in_loops",
    "output_size": "right_counted",
    "to_pixels": "right_value_by_value",
    "conv2d_same": "right_in_loops",
    "bug_finder": "right_lists",
}
LIBRARIES = {
    "neighborhood": "right_all_windows",
    "convolve_pixel": "right_einsum",
    "conv2d_valid": "right_by_scipy",
    "conv2d_same": "right_by_scipy",
    "true_convolution": "right_by_scipy",
    "bug_finder": "right_worked_example",
}
UNUSUAL = {
    "neighborhood": "right_lambda",
    "convolve_pixel": "right_class",
    "conv2d_valid": "right_shifted_images",
    "true_convolution": "right_turned",
}

STUDENTS = (
    Student("alder", "all right; lesson 2 too", lessons=(1, 2)),
    Student("apple", "all right, in loops", LOOPS),
    Student("ash", "all right, with SciPy; lesson 3 too", LIBRARIES, lessons=(1, 3)),
    Student("aspen", "all right, in unusual ways, with warnings and prints", UNUSUAL,
            (inserted("conv2d_same", "print(np.ones(3) / np.zeros(3))", "%time sum(range(100))"),)),
    Student("beech", "all right; lesson 2 half done", untouched(2, 5), lessons=(1, 2)),
    Student("birch", "flips the kernel where it should not, and not where it should",
            {"convolve_pixel": "flipped", "conv2d_valid": "flipped",
             "true_convolution": "not_flipped"}),
    Student("cedar", "transposes the kernel", {"conv2d_valid": "transposed"}),
    Student("cherry", "leaves the centre out", {"convolve_pixel": "centre_left_out"}),
    Student("cypress", "takes the matrix product", {"convolve_pixel": "matrix_product"}),
    Student("elder", "adds before multiplying", {"convolve_pixel": "summed_before_multiplying"}),
    Student("elm", "returns the 577 of the worked example; a check cell deleted",
            {"convolve_pixel": "constant"}, (without("output_size-check"),)),
    Student("fir", "forgets to add 1, twice",
            {"conv2d_valid": "off_by_one_size", "output_size": "off_by_one_size"}),
    Student("hawthorn", "has 3x3 kernels in mind only", {"conv2d_valid": "only_3x3"}),
    Student("hazel", "confuses rows with columns",
            {"neighborhood": "axes_swapped", "conv2d_valid": "axes_swapped"}),
    Student("holly", "does not round",
            {"output_size": "not_rounded", "to_pixels": "truncated"}),
    Student("hornbeam", "lets bytes wrap around",
            {"convolve_pixel": "stored_as_bytes", "to_pixels": "wrapped"}),
    Student("juniper", "ignores the border, flips one axis only",
            {"conv2d_same": "border_ignored", "true_convolution": "flipped_rows_only"}),
    Student("larch", "slices end too early; a symmetric kernel",
            {"neighborhood": "ends_too_early", "bug_finder": "symmetric_kernel"}),
    Student("lime", "prints results instead of returning them",
            {"convolve_pixel": "returned_none", "conv2d_valid": "returned_none"}),
    Student("maple", "half done", untouched(1, 3)),
    Student("oak", "nothing done", untouched(1)),
    Student("olive", "a colon missing in conv2d_valid", changes=(
        misspelt("conv2d_valid", "range(out.shape[0]):", "range(out.shape[0])"),),
        lost=("conv2d_valid",)),
    Student("pear", "the cell of to_pixels deleted", changes=(without("to_pixels"),),
            lost=("to_pixels",)),
    Student("pine", "conv2d_valid twice: first wrong, then right",
            changes=(inserted("conv2d_valid", ANSWERS["conv2d_valid", "axes_swapped"]),)),
    Student("plum", "an endless loop in output_size", {"output_size": "endless"}),
    Student("poplar", "a web page instead of the notebook", untouched(1), instead=WEB_PAGE),
    Student("rowan", "a cell that never ends; all right otherwise",
            changes=(inserted("to_pixels", "ready = False\nwhile not ready:\n    pass"),)),
    Student("spruce", "a notebook of 2014; a blur to find the bug",
            {"bug_finder": "constant_kernel"}, (as_format_3,)),
    Student("willow", "prints a hundred thousand lines; all right",
            changes=(inserted("to_pixels", 'for n in range(100_000):\n    print("row", n)'),
                     printed("conv2d_valid-2", 500))),
    Student("yew", "calls the course's own functions",
            {"conv2d_valid": "borrowed", "true_convolution": "borrowed"}),
)  # fmt: skip


def truth() -> str:
    """The table of what each student earned in each lesson, and why."""
    table = io.StringIO()
    rows = csv.writer(table, lineterminator="\n")
    rows.writerow(("student", "lesson", "total", "max", "why"))
    for student in STUDENTS:
        for lesson in student.lessons:
            most = points_of(lesson)
            rows.writerow((student.name, lesson, student.total(lesson), most, student.why))
    return table.getvalue()


def files() -> dict[Path, bytes]:
    """Every file of the example class, by its path in ``examples/``."""
    made = {Path("class.csv"): truth().encode()}
    for student in STUDENTS:
        for lesson in student.lessons:
            name = LESSONS[lesson].file
            made[Path("class", student.name, name)] = student.notebook(lesson)
    return made


if __name__ == "__main__":
    made = files()
    shutil.rmtree(HERE / "class", ignore_errors=True)
    for path, content in made.items():
        (HERE / path).parent.mkdir(parents=True, exist_ok=True)
        (HERE / path).write_bytes(content)
