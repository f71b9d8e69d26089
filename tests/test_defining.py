"""Which names code makes, as every room asks it."""

import pytest

from course.defining import names_defined, names_written


def test_definitions_and_assignments_make_names_and_nothing_else_does():
    code = (
        "def f(): inner = 1\nasync def g(): ...\nclass C: ...\na = b = 1\nc, (d, *e) = 1, (2, 3)\n"
        "h: int = 1\ni: int\nj[k] = l.m = n\nimport o\nprint(p)\n"
    )
    assert names_defined(code) == ["f", "g", "C", "a", "b", "c", "d", "e", "h"]


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("def relu(values): ...", True),
        ("x = 1\nrelu = max", True),
        ("relu: object = max", True),
        ("class relu:", True),
        ("  def relu(values): ...", False),
        ("def relu_layer(values): ...", False),
        ("relu == 1", False),
        ("relu(values)", False),
        ("my_relu = 1", False),
    ],
)
def test_text_tells_what_it_defines_at_its_top_level_python_or_not(source, found):
    assert ("relu" in names_written(source)) == found
