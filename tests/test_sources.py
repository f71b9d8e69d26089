"""What a lesson's source may not do: each broken rule is a sentence with file, line and cell."""

from dataclasses import replace

import pytest

from course.authoring import source
from course.authoring.notebooks import CannotBuild, build, stale
from course.lessons import LESSONS

NAME = "01_convolution_by_hand"

CHECK = '# %% check="convolve_pixel"\n'
ANSWER = '# %% exercise="convolve_pixel"\n'
TWO = f"""\
# %% exercise="output_size"
output_size = ...
{source.BEGIN}
output_size = len
{source.END}
# %% check="output_size"
check.output_size(output_size)
# %%
"""
BROKEN = {
    "begin_twice": (
        ("    products", f"    {source.BEGIN}\n    products"),
        "line 13 (cell convolve_pixel): `### BEGIN SOLUTION`, but another region is open here.",
    ),
    "end_alone": (
        (f"    {source.BEGIN}\n", ""),
        "line 14 (cell convolve_pixel): `### END SOLUTION`, but no region is open here.",
    ),
    "never_ends": (
        (f"    {source.END}\n", ""),
        "line 12 (cell convolve_pixel): the solution that begins here never ends.",
    ),
    "marker_misspelt": (
        (source.END, "## end solution"),
        "line 15 (cell convolve_pixel): a marker is written `### BEGIN SOLUTION` or",
    ),
    "region_elsewhere": (
        ("# One exercise, and what it is for.", f"# {source.BEGIN}"),
        "line 2 (cell 01-intro-1): a solution may only stand in an exercise cell.",
    ),
    "no_region": (
        (f"    {source.BEGIN}\n", "", f"    {source.END}\n", ""),
        "line 9 (cell convolve_pixel): without a `### BEGIN SOLUTION` students would be given",
    ),
    "no_check": (
        (CHECK, "# %%\n"),
        "line 9 (cell convolve_pixel): the exercise `convolve_pixel` has no check cell.",
    ),
    "check_first": (
        (ANSWER, CHECK + "check.convolve_pixel(convolve_pixel)\n" + ANSWER, CHECK + "# Stuck?", "# %%\n#"),
        "line 9 (cell convolve_pixel-check): the check of `convolve_pixel` comes before its",
    ),
    "check_of_something_else": (
        ("check.convolve_pixel(convolve_pixel)", "check.convolve_pixel(convolve)"),
        "line 16 (cell convolve_pixel-check): apart from comments, a check cell is `check.",
    ),
    "check_and_more": (
        ("check.convolve_pixel(convolve_pixel)", "check.convolve_pixel(convolve_pixel)\n1"),
        "line 16 (cell convolve_pixel-check): apart from comments, a check cell is `check.",
    ),
    "unknown_key": (
        (ANSWER, '# %% exercise="convolve_pixels"\n'),
        "line 9 (cell convolve_pixels): no exercise has the key `convolve_pixels`.",
    ),
    "other_lesson": (
        (ANSWER, '# %% exercise="relu"\n'),
        "line 9 (cell relu): `relu` belongs to lesson 3, this is lesson 1.",
    ),
    "two_answers": (
        (CHECK, ANSWER + f"convolve_pixel = ...\n{source.BEGIN}\n{source.END}\n" + CHECK),
        "line 16 (cell convolve_pixel): there is a second exercise cell for `convolve_pixel`.",
    ),
    "two_checks": (
        (CHECK, CHECK + "check.convolve_pixel(convolve_pixel)\n" + CHECK),
        "line 18 (cell convolve_pixel-check): there is a second check cell for `convolve_pixel`.",
    ),
    "exercise_missing": (
        (ANSWER, "# %%\n", source.BEGIN, "", source.END, "", CHECK, "# %%\n"),
        f'{NAME}.py: there is no cell for the exercise `convolve_pixel` (exercise="convolve_pixel").',
    ),
    "other_order": (
        (CHECK, CHECK + "check.convolve_pixel(convolve_pixel)\n" + TWO),
        f"{NAME}.py: the exercise `convolve_pixel` comes where course/lessons.py has `output_size`.",
    ),
    "other_name": (
        ("def convolve_pixel(", "def convolve_pixels("),
        "line 9 (cell convolve_pixel): the key is `convolve_pixel`, but it defines `convolve_pixels`.",
    ),
    "name_inside_the_region": (
        ("def convolve", f"{source.BEGIN}\ndef convolve", f"    {source.BEGIN}\n", "", f"    {source.END}", source.END),
        "line 9 (cell convolve_pixel): the key is `convolve_pixel`, but what students get defines nothing.",
    ),
    "not_python": (
        ("products.sum()", "products.sum("),
        "line 14 (cell convolve_pixel): it is not Python: ",
    ),
    "students_get_no_python": (
        ('    """Return the sum of products."""\n', "    if True:\n", f"    {source.BEGIN}\n    products", f"    {source.BEGIN}\n        products", "    return", "        return"),
        "line 9 (cell convolve_pixel): what students get is not Python: ",
    ),
    "begins_with_code": (
        ("# %% [markdown]\n# One", "# %%\n# One"),
        "line 1 (cell 01-intro-1): the first cell has to be markdown, and say what the lesson is for.",
    ),
    "no_text": (
        ("# %% [markdown]\n# One", "# %% [markdown]\n# %% [markdown]\n# One"),
        "line 1 (cell 01-intro-1): this text is empty. Take its `# %% [markdown]` out.",
    ),
    "title": (
        ("# One exercise", "# # 1. A small lesson\n# One exercise"),
        "line 2 (cell 01-intro-1): `course build` writes the title, from course/lessons.py.",
    ),
    "facts": (
        ("# One exercise", "# **About 20 minutes · 1 exercise · 2 points**\n# One exercise"),
        "line 2 (cell 01-intro-1): `course build` writes how long the lesson takes, how many",
    ),
    "wrong_points": (
        ("kernel)`\n", "kernel)` (7 points)\n"),
        "line 7 (cell 01-intro-3): `course build` writes what an exercise is worth, from its file. Take `(7 points)` out",
    ),
    "no_heading": (
        ("# ### Build: `convolve_pixel(window, kernel)`\n", "# ### Build: `convolve(window)`\n"),
        "line 9 (cell convolve_pixel): no heading above it names `convolve_pixel`: the last, in line 7, is `### Build: `convolve(window)``. Write",
    ),
    "no_heading_at_all": (
        ("# ### Build: `convolve_pixel(window, kernel)`\n", ""),
        "line 8 (cell convolve_pixel): no heading above it names `convolve_pixel`. Write `### Build:",
    ),
    "not_in_a_function": (
        ("    return float", "return float"),
        "line 14 (cell convolve_pixel): it is not Python: 'return' outside function.",
    ),
    "cell_not_python": (
        ("check, yours\n", "check, yours\n# %%\n%matplotlib inline\nawait print(1)\n1 +\n"),
        "line 9 (cell 01-intro-3): it is not Python: invalid syntax.",
    ),
    "text_that_stays_open": (
        ("check, yours\n", "check, yours\nprint(\"\"\"a)\n"),
        "line 7: this is no new cell, because a text above it is still open.",
    ),
    "text_before_the_first_cell": (
        ("# %% [markdown]\n# One", "import numpy\n# %% [markdown]\n# One"),
        "line 1: nothing may stand before the first cell, which begins with `# %% [markdown]`.",
    ),
}  # fmt: skip


MISREAD = {
    '# %% exercize="convolve_pixel"': ('`exercize="convolve_pixel"`', 'exercise="KEY"'),
    "# %% exercise=convolve_pixel": ("`exercise=convolve_pixel`", 'exercise="KEY"'),
    '# %% exercise="convolve_pixel': ('`exercise="convolve_pixel`', 'exercise="KEY"'),
    '# %% exercise=""': ('`exercise=""`', 'exercise="KEY"'),
    '# %% chekc="convolve_pixel" only="with Keras"': ('`chekc="convolve_pixel"`', 'check="KEY"'),
    '# %% tags="nbval-ignore-output"': ('`tags="nbval-ignore-output"`', 'tags=["nbval-ignore-output"]'),
    '# %% tags=["nbval-ignore-outputs"]': ('`tags=["nbval-ignore-outputs"]`', 'tags=["nbval-ignore-output"]'),
    '# %% tags=["nbval-ignore-output"': ('`tags=["nbval-ignore-output"`', 'tags=["nbval-ignore-output"]'),
    '# %% tag=["nbval-ignore-output"]': ('`tag=["nbval-ignore-output"]`', 'tags=["nbval-ignore-output"]'),
    "# %% [markdow]": ("`[markdow]`", "[markdown]"),
    '# %% only="with Keras" [markdown]': ("may begin with `[markdown]`", "[markdown]"),
    '# %% {"a"}': ('`{"a"}`', None),
    "# %% A title": ("`A`", None),
    '# %%% check="convolve_pixel"': ("looks like the beginning of a cell", None),
    '#%% check="convolve_pixel"': ("looks like the beginning of a cell", None),
    "# %%[markdown]": ("looks like the beginning of a cell", None),
    "    # %%": ("looks like the beginning of a cell", None),
    "# In[7]:": ("looks like the beginning of a cell", None),
}  # fmt: skip


@pytest.mark.parametrize("marker", MISREAD)
def test_a_marker_that_cannot_be_read_is_told_alone_with_what_was_meant(course, marker):
    word, wanted = MISREAD[marker]
    text = course.source.read_text(encoding="utf-8")
    course.write(text.replace(ANSWER, f"{marker}\n"))
    with pytest.raises(CannotBuild) as refusal:
        build(root=course.root)
    told = str(refusal.value)
    assert stale(course.root)[:1] == [told]
    assert told.startswith(f"{NAME}.py, line 9: `") and word in told
    assert (f"Did you mean `{wanted}`?" in told) == (wanted is not None)
    assert "looks like" in told or told.endswith('`tags=["nbval-ignore-output"]`.')


def test_points_in_a_heading_are_all_that_is_told_of_it(course):
    text = course.source.read_text(encoding="utf-8")
    course.write(text.replace("kernel)`\n", "kernel)` (7 points)\n"))
    with pytest.raises(CannotBuild) as refusal:
        build(root=course.root)
    assert len(str(refusal.value).splitlines()) == 1


@pytest.mark.parametrize("text", ["", "\n  \n"])
def test_an_empty_source_is_told(course, text):
    course.write(text)
    assert stale(course.root)[:1] == [
        f"{NAME}.py: it is empty. Its first cell begins with `# %% [markdown]`."
    ]


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_rule_is_a_sentence_with_file_line_and_cell(course, case, monkeypatch):
    changes, sentence = BROKEN[case]
    if case == "other_order":
        other = replace(LESSONS[1], exercises=("output_size", "convolve_pixel"))
        monkeypatch.setitem(LESSONS, 1, other)
    text = course.source.read_text(encoding="utf-8")
    for old, new in zip(changes[::2], changes[1::2], strict=True):
        assert old in text
        text = text.replace(old, new)
    course.write(text)
    with pytest.raises(CannotBuild) as refusal:
        build(root=course.root)
    told = str(refusal.value).splitlines()
    assert any(line.removeprefix(f"{NAME}.py, ").startswith(sentence) for line in told), told
    assert all(line.startswith(NAME) for line in told)
    assert stale(course.root)[: len(told)] == told


def test_every_broken_rule_is_told_at_once(course):
    text = course.source.read_text(encoding="utf-8")
    course.write(text.replace("# One exercise", "# # One exercise").replace(CHECK, "# %%\n"))
    with pytest.raises(CannotBuild) as refusal:
        build(root=course.root)
    assert len(str(refusal.value).splitlines()) == 2
