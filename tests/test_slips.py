"""Slips that can be read in an answer's code: told where they stand, and nowhere else."""

import linecache

import numpy as np
import pytest

from course.checking.judge import judge
from course.checking.slips import slips
from course.exercises import EXERCISES


def answer_of(*lines):
    """A function of these lines, as it stands in a cell of a notebook."""
    body = "".join(f"    {line}\n" for line in lines)
    source = f"def answer(image, out=None):\n{body}"
    linecache.cache["<slip>"] = (len(source), None, source.splitlines(True), "<slip>")
    names = {"np": np}
    exec(compile(source, "<slip>", "exec"), names)  # noqa: S102 - the lines below
    return names["answer"]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("np.clip(out, 0, 255)", "`out = np.clip(out, 0, 255)`, or give it back with `return`."),
        ("out.astype(np.uint8)", "`out.astype(np.uint8)` leaves `out` as it was"),
        ("np.append(out, 3)", "`np.append(out, 3)` leaves `out` as it was"),
        ("yours.relu(out)", "`yours.relu(out)` leaves `out` as it was"),
        ("np.sum(image * out)", "Nothing keeps what `np.sum(image * out)` gives."),
        ("image / 2", "`image / 2` leaves `image` as it was"),
        ("out.mean()", "Nothing keeps what `out.mean()` gives."),
        ("out == 3", "One `=` gives a name a value."),
        ("values = image.ravel().sort()", "gives None back."),
        ("out = np.fill_diagonal(image, 1)", "gives None back."),
        ("return print(image)", "`print(image)` shows something, and gives None back."),
        ("return image ^ 2", "A power is `**`, as in n ** 2."),
        ("return image ^ 2 * out", "A power is `**`, as in n ** 2."),
        ("return np.clip(image, 255, 0)", "The smaller limit comes first in `clip`"),
        ("w, h = image.shape", "gives it to `w`, and the width to `h`."),
        ("image_width, image_height = image.shape", "gives it to `image_width`"),
    ],
)
def test_a_slip_in_a_line_is_told_with_the_line(line, words):
    (told,) = slips(answer_of(line))
    assert words in told


@pytest.mark.parametrize(
    "line",
    [
        "np.clip(image, 0, 255, out)",
        "np.clip(image, 0, 255, out=out)",
        "image.clip(0, 255, out)",
        "np.add(out, 1, out)",
        "np.fill_diagonal(out, 1)",
        "out.sort()",
        "out = np.sort(image)",
        "list(image).append(3)",
        "out = np.append(out, 3)",
        "return (image > 0) ^ (out > 0)",
        "return np.clip(image, 0, 255)",
        "return np.clip(image, low, high)",
        "h, w = image.shape",
        "kh, kw = out.shape",
        "raw, depth = image.shape",
        "'''What it does.'''",
        "print(image)",
        "image.shape == out.shape",
    ],
)
def test_a_line_that_does_what_it_says_is_no_slip(line):
    assert slips(answer_of(line)) == []


def test_a_slip_is_told_above_what_the_values_show():
    answer = answer_of("np.maximum(image, 0)", "return image")
    first, second, *_ = judge(EXERCISES["relu"], answer).message.split("\n\n")
    assert first.startswith("`np.maximum(image, 0)` leaves `image` as it was")
    assert second.startswith("Your function gives its input back unchanged")


def test_a_slip_is_told_below_a_mistake_that_the_values_name():
    answer = answer_of("image.mean()", "return np.sum(image * out) / 9")
    first, second, *_ = judge(EXERCISES["convolve_pixel"], answer).message.split("\n\n")
    assert first.startswith("Your sum is divided by the number of values")
    assert second.startswith("Nothing keeps what `image.mean()` gives.")


def test_an_answer_that_passes_has_no_slips_told():
    answer = answer_of("np.maximum(image, 0)", "return np.maximum(image, 0)")
    assert "leaves" not in judge(EXERCISES["relu"], answer).message


def test_an_answer_whose_code_cannot_be_read_has_no_slips():
    assert slips(np.maximum) == slips(3) == slips(eval("lambda n: n ^ 2")) == []


def test_the_methods_of_a_class_are_read_too():
    class Stop:
        def on_epoch_end(self, epoch):
            self.stopped == True  # noqa: B015 - the slip

    (told,) = slips(Stop)
    assert told.startswith("`self.stopped == True` compares, and nothing keeps the answer.")
