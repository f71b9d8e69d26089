"""Which lesson a notebook is, its exercises say, and not what it is called."""

import json

import pytest
from packing import folder

from course.exercises import EXERCISES
from course.grading.cells import Cell, cells_of
from course.grading.recognising import recognised
from course.grading.submissions import find
from course.lessons import LESSONS

PIXEL = "def convolve_pixel(window, kernel):\n    return (window * kernel).sum()"
VALID = "def conv2d_valid(image, kernel):\n    return image"
RELU = "relu = lambda values: values * (values > 0)"


def solved(lesson: int) -> list[Cell]:
    return list(cells_of(LESSONS[lesson].solution().read_bytes()))


def given(lesson: int) -> list[Cell]:
    return list(cells_of(LESSONS[lesson].notebook().read_bytes()))


def code(*sources: str) -> list[Cell]:
    return [Cell(source) for source in sources]


def notebook(cells: list[Cell], **more) -> bytes:
    made = [{"cell_type": "code", "source": c.source, "id": c.name} for c in cells]
    return json.dumps({"cells": made, **more}).encode()


@pytest.mark.parametrize("lesson", LESSONS)
@pytest.mark.parametrize("cells", [solved, given], ids=["solved", "as given"])
def test_a_lesson_is_itself_and_no_other(lesson, cells):
    found = recognised(cells(lesson))
    assert (found.main, found.whole, found.elsewhere) == (lesson, (lesson,), {})
    begun = set(LESSONS[lesson].exercises) if cells is solved else set()
    assert found.answered == begun


@pytest.mark.parametrize("lesson", LESSONS)
def test_it_is_itself_without_ids_and_without_the_cells_between(lesson):
    cells = [Cell(one.source) for one in solved(lesson)]
    assert recognised(cells, named=1 + lesson % len(LESSONS)).main == lesson
    answers = [cell for cell in cells if any(key in cell.source for key in EXERCISES)]
    assert recognised(answers).whole == (lesson,)


def test_lessons_that_were_merged_count_each():
    merged = solved(1) + solved(2) + solved(3)
    assert recognised(merged).whole == (1, 2, 3)
    assert recognised(solved(1) + given(2)).whole == (1,)


@pytest.mark.parametrize(
    "borrowed",
    [
        "from helpers import conv2d as conv2d_valid",
        "conv2d_valid = helpers.conv2d",
        "conv2d_valid = yours.conv2d_valid",
        "check.conv2d_valid(helpers.conv2d)",
        "print(yours.conv2d_valid(before, guess))",
        "# conv2d_valid = my own\nx = conv2d_valid",
        "def conv2d_valid(image, kernel):\n    '''Slide.'''\n    raise NotImplementedError()",
        "def conv2d_valid(image, kernel):\n    ...",
        "def conv2d_valid(image, kernel):\n    pass  # todo",
        "bug_finder = ...",
        "bug_finder = None",
        "predictions = model.predict(images)",  # another's name, and no check of it
        "def other():\n    def conv2d_valid():\n        return 1",
        "class Mine:\n    def conv2d_valid(self):\n        return 1",
    ],
)
def test_a_mention_is_no_answer(borrowed):
    found = recognised(solved(6) + code(borrowed))
    assert (found.main, found.elsewhere) == (6, {})


@pytest.mark.parametrize(
    "answer",
    [
        VALID,
        f"if True:\n    {VALID.replace(chr(10), chr(10) + '    ')}",
        f"%%time\n{VALID}",
        f"!pip install x\n{VALID}",
        "conv2d_valid = lambda image, kernel: image",
        "conv2d_valid: object = np.vectorize(max)",
        f"{VALID}\nthis is no Python",
        "@cache\ndef conv2d_valid(image):\n    return image",
        "conv2d_valid, other = (lambda: 1), 2",
        "bug_finder = 1, 2\ncheck.bug_finder(bug_finder)",
    ],
)
def test_an_answer_to_another_lesson_is_found(answer):
    found = recognised(solved(6) + code(answer))
    assert (found.main, found.whole, [*found.elsewhere]) == (6, (6,), [1])


def test_an_answer_in_another_lessons_notebook_counts_where_its_own_has_none(tmp_path):
    without = [cell for cell in solved(1) if cell.name != "conv2d_valid"]
    two = solved(2) + code(VALID)
    found = find(folder(tmp_path, {
        "ash/1.ipynb": notebook(without), "ash/2.ipynb": notebook(two),
        "elm/1.ipynb": notebook(solved(1)), "elm/2.ipynb": notebook(two),
        "fir/2.ipynb": notebook(two),
    }))  # fmt: skip
    assert found.lessons == (1, 2)
    elsewhere = [(one.student, one.lesson) for one in found.submissions if one.elsewhere]
    assert elsewhere == [("ash", 1), ("fir", 1)]


def test_lessons_that_lie_in_a_copy_of_the_course_are_handed_in_by_nobody(tmp_path):
    old = code("an = 'old version'")
    found = find(folder(tmp_path, {
        f"{who}/notebooks/{LESSONS[n].file}": notebook(given(n) + old * (who == "ash"))
        for who in ("ash", "elm", "fir") for n in LESSONS
    } | {f"{who}/work/{LESSONS[1].file}": notebook(solved(1)) for who in ("ash", "elm")}))  # fmt: skip
    assert found.lessons == (1,)
    assert {(one.student, one.lesson) for one in found.submissions} == {
        ("ash", 1), ("elm", 1), ("fir", 1)
    }  # fmt: skip
    others = " and ".join(str(number) for number in LESSONS if number != 1)
    assert [one.why for one in found.unread if one.student == "ash"] == [
        f"Nothing of lesson {others} is answered, and it was not asked for."
    ]


def test_the_name_of_a_file_is_outdone_by_its_exercises_and_that_is_noted(tmp_path):
    found = find(folder(tmp_path, {
        f"ash/{LESSONS[2].file}": notebook(solved(1)),
        f"elm/{LESSONS[1].file}": notebook(solved(1)),
        "fir/final.ipynb": notebook(solved(1) + solved(2) + solved(3)),
        "oak/02_edge_kernels/x.ipynb": notebook(solved(1)),
        f"yew/{LESSONS[1].file}": notebook(code("1 + 1")),
    }))  # fmt: skip
    rows = [(one.student, one.lesson) for one in found.submissions]
    assert rows == [
        ("ash", 1), ("elm", 1), ("fir", 1), ("fir", 2), ("fir", 3), ("oak", 1), ("yew", 1)
    ]  # fmt: skip
    noted = {
        one.student: one.notes[0] for one in found.submissions if one.notes and one.lesson == 1
    }
    assert noted.keys() == {"ash", "oak"}
    assert noted["ash"] == (
        "02_edge_kernels.ipynb is called like lesson 2. "
        "Its exercises are those of lesson 1, and so it was graded."
    )


def test_hostile_code_is_recognised_as_nothing(recwarn):
    deep = "(" * 10_000 + ")" * 10_000
    for source in (
        deep,
        "-" * 50_000 + "1",
        "x = '\\d'",
        "\0",
        "def",
        "a" * 200_000,
        "if 1:\n" * 90,
    ):
        assert recognised(code(source)).main is None
    assert not recwarn
