"""The pages say what was done, with which code, and by whose word; and all that needs an eye."""

import re
from dataclasses import replace

import pytest

from course.checking.check import solution_source
from course.checking.progress import counted
from course.checking.result import Result
from course.exercises import EXERCISES, exercises_of, points_of
from course.grading.counting import count
from course.grading.graded import Graded, HandedIn, Person, Submission, Unread
from course.grading.reports import other_classes, side_by_side, write
from course.grading.reports.code import answers
from course.grading.reports.files import page_name
from course.grading.reports.gradebook import gradebook
from course.grading.reports.run import Run
from course.trouble import Trouble

KEYS = [exercise.key for exercise in exercises_of(1)]
ALL_OF_IT = points_of(1)
OF_ONE = ("neighborhood",)
ITS_POINTS = counted(EXERCISES["neighborhood"].points, "point")
RUN = Run("course grade class --out report --seed 5", "course grade --lesson 1", "2024-03-01 10:00")
LONG = """\
def conv2d_valid(image, kernel):
    rows, columns = kernel.shape
    found = []
    for top in range(image.shape[0] - rows + 1):
        line = []
        for left in range(image.shape[1] - columns + 1):
            window = image[top:top + rows, left:left + columns]
            line.append((window * kernel).sum())
        found.append(line)
    return found
"""
RENAMED = """\
# all by myself
def conv2d_valid(image, kernel):
    "My docstring."
    h, w = kernel.shape

    result = []
    for i in range(image.shape[0] - h + 1):
        r = []  # a row
        for j in range(image.shape[1] - w + 1):
            part = image[i:i + h, j:j + w]
            r.append((part * kernel).sum())
        result.append(r)
    return result
"""
OTHER = LONG.replace("line.append((window * kernel).sum())", "line.append(np.vdot(window, kernel))")


def graded(student, cells=(), path="", right=(), mistake="flipped", attempted=True, **more):
    """A notebook of lesson 1 and its grades; without `right`, everything is wrong."""
    results = []
    for e in exercises_of(1):
        status = "passed" if e.key in right else "failed" if attempted else "not_attempted"
        said = None if status != "failed" else mistake
        results.append(
            Result(e.key, status, said, "Said.", e.points if e.key in right else 0, e.points)
        )
    passed = more.pop("passed", frozenset())
    submission = Submission(student, 1, tuple(cells), path=path, passed=passed)
    return submission, Graded(student, 1, tuple(results), "graded", **more, path=path)


@pytest.fixture
def report(tmp_path):
    """Write a report; of the pages comes back what a reader sees, by name, and the teacher's."""

    def made(*pairs, run=RUN, people=None, unread=(), beside=(), folder=tmp_path):
        submissions = tuple(submission for submission, _ in pairs)
        people = people or {one.student: Person(one.student) for one in submissions}
        handed_in = HandedIn(submissions, people, tuple(unread), (1,))
        book = gradebook(count(one for _, one in pairs), (1,), handed_in)
        write(book, folder, run, side_by_side(book, other_classes(beside)))
        return {file.name: seen(file) for file in folder.rglob("*.html") if is_ours(file)}

    return made


def is_ours(file):
    return "</style>" in file.read_text("utf-8")


def seen(file):
    """The words of a page, in their order."""
    text = file.read_text("utf-8").split("</style>")[1].split("<script>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


# --- A student's own code -------------------------------------------------------------------------


def test_a_students_own_code_stands_by_its_verdict_folded_and_escaped(report, tmp_path):
    cells = ("x = 1", "def neighborhood(image, row, col):\n    return '<script>alert(1)</script>'")
    report(graded("ash", cells), graded("elm", ["def neighborhood():\n    return 'elm'"]))
    page = (tmp_path / "students" / page_name("ash")).read_text("utf-8")
    verdict = page.split('id="neighborhood"')[1].split("</article>")[0]
    code = verdict.split("<details><summary>Your code</summary>")[1].split("</details>")[0]
    assert "return &#39;&lt;script&gt;alert(1)&lt;/script&gt;&#39;" in code
    assert "elm" not in page and "x = 1" not in page


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        (
            ("def relu(x):\n    return 1", "def relu(x):\n    return 2"),
            "def relu(x):\n    return 2",
        ),
        (
            ("a = 1\n\n@cache\ndef relu(x):\n    return a\nb = 2",),
            "@cache\ndef relu(x):\n    return a",
        ),
        (("check.relu(lambda x: x)",), "lambda x: x"),
        (("relu = np.abs",), "relu = np.abs"),
        (("def relu(x:\n    return",), "def relu(x:\n    return"),
        (("%matplotlib inline\ndef relu(x): return x",), "def relu(x): return x"),
        (
            ("def half(x):\n    return x / 2", "def relu(x):\n    return half(x)"),
            "def half(x):\n    return x / 2\n\ndef relu(x):\n    return half(x)",
        ),
        (("print(relu)",), None),
    ],
)
def test_the_code_of_an_answer_is_found_wherever_it_stands(cells, code):
    assert answers(cells, 3).get("relu") == code


# --- The same code --------------------------------------------------------------------------------


def same_code(words):
    """What the teacher's page says of answers that are alike."""
    return words.partition("The same code A fact")[2].partition("Students By name")[0]


def test_the_same_code_is_a_fact_whatever_names_and_comments_it_has(report):
    pages = report(graded("ash", [LONG]), graded("elm", [RENAMED]), graded("oak", ["x = 1"]))
    said = same_code(pages["index.html"])
    assert "conv2d_valid: the same code 2 students ash , elm" in said
    assert "oak" not in said
    assert not re.search(r"copied|cheat|plagiar|suspic", pages["index.html"], re.IGNORECASE)
    assert "elm" not in pages[page_name("ash")]


def test_the_same_mistake_in_the_same_lines_is_told(report):
    pages = report(graded("ash", [LONG]), graded("elm", [OTHER]))
    said = same_code(pages["index.html"])
    assert "conv2d_valid: the same mistake in the same lines 2 students ash , elm" in said


def test_another_mistake_in_the_same_lines_is_not_told(report):
    pages = report(graded("ash", [LONG]), graded("elm", [OTHER], mistake="rolled"))
    assert same_code(pages["index.html"]) == ""


SHORT = "def conv2d_valid(image, kernel):\n    return helpers.conv2d(image, kernel)"


@pytest.mark.parametrize(
    ("code", "attempted"),
    [(SHORT, True), (LONG, False)],
    ids=["what everybody writes", "nothing attempted"],
)
def test_what_says_nothing_is_not_told(report, code, attempted):
    pages = report(*(graded(who, [code], attempted=attempted) for who in ("ash", "elm")))
    assert same_code(pages["index.html"]) == ""


def test_the_courses_own_answers_are_not_told(report):
    for key in KEYS:
        code = solution_source(EXERCISES[key])
        pages = report(graded("ash", [code]), graded("elm", [code]))
        assert same_code(pages["index.html"]) == ""


def test_in_a_large_class_what_many_write_is_not_told(report):
    class_ = [graded(f"s{n:02}", [LONG if n < 6 else f"conv2d_valid = {n}"]) for n in range(24)]
    assert "the same code 6 students" in same_code(report(*class_)["index.html"])
    class_ = [graded(f"s{n:02}", [LONG if n < 7 else f"conv2d_valid = {n}"]) for n in range(24)]
    assert same_code(report(*class_)["index.html"]) == ""


# --- What needs an eye ----------------------------------------------------------------------------


def test_what_needs_an_eye_comes_first_and_is_complete(report):
    first = graded("ash", path="ash/1.ipynb", right=KEYS, notes=("Code cell 1 raised NameError.",))
    second = graded("ash", path="ash/old/1.ipynb", right=OF_ONE)
    there = graded("elm", right={*KEYS}.difference(OF_ONE), passed=frozenset(KEYS))
    pages = report(
        first, second, there,
        people={"ash": Person("ash"), "elm": Person("elm"), "fay": Person("fay")},
        unread=[Unread("fay", "fay/link.html", "Is no notebook."), Unread("", "x.txt", "Nobody's.")],
    )  # fmt: skip
    words = pages["index.html"]
    eye = words[words.index("Needs your eye") : words.index("Median of the points")]
    for what in (
        "fay , fay/link.html : Is no notebook.",
        "x.txt : Nobody&#39;s.",
        "ash , lesson 1 : Code cell 1 raised NameError.",
        "elm , lesson 1 : neighborhood",
        f"ash , lesson 1 : ash/1.ipynb: {ALL_OF_IT} points, counts; ash/old/1.ipynb: {ITS_POINTS[0]}",
    ):
        assert what in eye
    assert "Passed in the saved output, and not here 1" in eye
    assert f"ash/old/1.ipynb : {ITS_POINTS}" in pages[page_name("ash")]
    assert "Not graded: fay/link.html . Is no notebook." in pages[page_name("fay")]


# --- Who wrote a page, and when -------------------------------------------------------------------


def test_each_page_says_by_what_it_was_written_and_students_learn_no_seed(report):
    pages = report(graded("ash"))
    assert "course grade class --out report --seed 5" in pages["index.html"]
    assert "course grade --lesson 1 , course" in pages[page_name("ash")]
    assert "--seed" not in pages[page_name("ash")]
    for words in pages.values():
        assert re.search(r"Python 3\.\d+\.\d+, on 2024-03-01 10:00 \.", words)


def test_a_page_that_says_the_same_keeps_its_date(report, tmp_path):
    report(graded("ash"), graded("elm"))
    before = {file.name: file.stat().st_ino for file in tmp_path.rglob("*.html")}
    later = RUN._replace(date="2025-01-01 00:00", command="course grade class --again elm")
    pages = report(graded("ash"), graded("elm", right=KEYS), run=later)
    assert "2024-03-01" in pages[page_name("ash")]
    assert "2025-01-01" in pages[page_name("elm")] and "2025-01-01" in pages["index.html"]
    assert (tmp_path / "students" / page_name("ash")).stat().st_ino == before[page_name("ash")]


def test_pages_of_students_who_are_gone_are_removed_and_nothing_else(report, tmp_path):
    report(graded("ash"), graded("elm"))
    mine = tmp_path / "students" / "my-notes.html"
    mine.write_text("<!doctype html>")
    alike = tmp_path / "students" / page_name("not ours")
    alike.write_text("<!doctype html>\nmine")
    assert (tmp_path / "students" / page_name("elm")).exists()
    report(graded("ash"))
    left = {file.name for file in (tmp_path / "students").iterdir()}
    assert left == {page_name("ash"), mine.name, alike.name}


# --- Side by side ---------------------------------------------------------------------------------


def test_sections_and_another_class_stand_side_by_side(report, tmp_path):
    people = {
        name: Person(name, section=s) for name, s in (("ash", "A"), ("elm", "B"), ("oak", "B"))
    }
    report(graded("yew", right=KEYS), folder=tmp_path / "spring")
    pages = report(
        graded("ash", right=KEYS), graded("elm"), graded("oak", right=OF_ONE),
        people=people, beside=[tmp_path / "spring"], folder=tmp_path / "autumn",
    )  # fmt: skip
    words = pages["index.html"].partition("Side by side")[2]
    assert words.startswith(" this class A B spring Students 3 1 2 1 Handed in 3 1 2 1")
    assert f"neighborhood of {ITS_POINTS}, on average 67% 100% 50% 100%" in words


def test_a_class_of_one_section_is_not_compared_with_itself(report):
    assert "Side by side" not in report(graded("ash"))["index.html"]


def test_what_is_no_report_is_told(tmp_path):
    (tmp_path / "grades.csv").write_text("name,points\nash,1\n")
    with pytest.raises(Trouble, match="is no report of `course grade`"):
        other_classes([tmp_path])


def test_a_table_that_sorts_works_without_its_script(report, tmp_path):
    report(graded("ash"), graded("elm"))
    page = (tmp_path / "index.html").read_text("utf-8")
    table = page[
        page.index('<table class="sortable">') : page.index("</table>", page.index('sortable">'))
    ]
    assert "<button" not in table and "aria-sort" not in table
    assert re.findall(r'<th scope="row"><a[^>]*><bdi>(\w+)', table) == ["ash", "elm"]


def test_code_of_a_second_notebook_stands_where_its_answer_was_taken(report):
    main = graded("ash", ["x = 1"], path="a.ipynb", right=KEYS)
    submission, grades = graded("ash", ["def neighborhood(): ..."], path="b.ipynb", right=OF_ONE)
    pages = report(main, (submission, replace(grades, elsewhere=True)))
    assert "def neighborhood(): ..." in pages[page_name("ash")]
