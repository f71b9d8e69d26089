"""The reports say what was graded, to people and to programs, and obey nothing that they quote."""

import base64
import csv
import io
import json
import os
import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from course.checking.judge import judge
from course.checking.result import Result
from course.exercises import EXERCISES, points_of
from course.grading.counting import count
from course.grading.graded import Graded, Submission, exercises_of, nothing
from course.grading.reports import write
from course.grading.reports.files import page_name
from course.grading.reports.gradebook import gradebook
from course.grading.reports.mistake_names import UNNAMED, name_mistake
from course.grading.reports.pages import SCRIPT_HASH
from course.grading.reports.platforms import classroom, gradescope
from course.grading.reports.readable import LONGEST_MESSAGE, one_line, readable
from course.grading.reports.tables import literal, nbgrader
from course.trouble import Trouble

CHECKING = Path(__file__).resolve().parents[1] / "course" / "checking"
KEYS = [exercise.key for exercise in exercises_of(1)]
WORTH = {lesson: points_of(lesson) for lesson in (1, 3)}
PIXEL, RELU = (EXERCISES[key].points for key in ("convolve_pixel", "relu"))

ATTACK = (
    "</pre></p></style><script>alert(1)</script><img src=x onerror=alert(1)>{{ 7 * 7 }}"
    "\x1b[2J\x1b]0;owned\x07\u202eesrever\u2066\u0000\udcff\r\n::notice title=Autograding report::"
    '{"totalPoints":100}\n  ::error::no\n##[error]no'
)
STRANGE = [
    "",
    " ",
    ".",
    "..",
    "../../etc/passwd",
    "con",
    "NUL.html",
    "a/b",
    "a b",
    "a-b",
    "A B",
    "n" * 300,
    "n" * 301,
    "Å",
    "A\u030a",
    "二",
    "三",
    "\udcff",
    "line\nbreak",
    '"quoted", and; separated',
    "=1+1",
    "'=1+1",
    "＝1+1",  # noqa: RUF001
    " @SUM(A1)",
    ATTACK,
]


def graded(student, right=(), wrong=None, lesson=1, notes=(), message="No."):
    """Grade a lesson: which answers are right, and which mistake was made in the others."""
    wrong = wrong or {}
    results = []
    for e in exercises_of(lesson):
        if e.key in right:
            results.append(Result(e.key, "passed", None, "Right.", e.points, e.points))
        elif e.key in wrong:
            results.append(Result(e.key, "failed", wrong[e.key], message, 0, e.points))
        else:
            results.append(Result(e.key, "not_attempted", None, "Not yet.", 0, e.points))
    return Graded(student, lesson, tuple(results), "graded", tuple(notes), 0.5)


class Page(HTMLParser):
    """What a browser would make of a page: its tags, their attributes, its text."""

    def __init__(self, path):
        super().__init__()
        self.tags, self.attributes, self.text = [], [], ""
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.text += " " if tag in ("dd", "p", "td") else ""
        self.attributes += attrs

    def handle_data(self, data):
        self.text += "" if self.cdata_elem else data

    def values(self, name):
        return [value for key, value in self.attributes if key == name]


@pytest.fixture
def report(tmp_path):
    """Write a report of lesson 1 and give its folder."""

    def made(*results, lessons=(1,)):
        write(gradebook(count(results), lessons), tmp_path)
        return tmp_path

    return made


def rows(folder):
    """The rows of `grades.csv`, each by the names of its columns."""
    with open(folder / "grades.csv", encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def book(*results, lessons=(1,)):
    return gradebook(count(results), lessons)


def pages(folder):
    return sorted((folder / "students").iterdir())


# --- grades.csv -----------------------------------------------------------------------------------


def test_grades_have_a_row_for_each_student_and_a_column_for_each_lesson_and_exercise(report):
    folder = report(
        graded("b", right=["convolve_pixel"], wrong={"conv2d_valid": "flipped"}),
        graded("a", right=KEYS),
        nothing(Submission("c", 1), "unreadable", "It is no notebook."),
    )
    a, b, c = rows(folder)
    end = ["total", "max", "status", "late", "notes"]
    lesson = "01_convolution_by_hand"
    assert [*a] == ["student", "id", "email", "section", lesson, *KEYS, *end]
    assert {key: a[key] for key in KEYS} == {key: str(EXERCISES[key].points) for key in KEYS}
    all_of_it = str(WORTH[1])
    assert (a["student"], a[lesson], a["total"], a["max"], a["status"]) == (
        *("a", all_of_it, all_of_it, all_of_it),
        "graded",
    )
    one = {"convolve_pixel": str(PIXEL)}
    assert {key: b[key] for key in KEYS} == dict.fromkeys(KEYS, "0") | one
    assert (c["total"], c["status"], c["notes"]) == ("0", "unreadable", "It is no notebook.")


def test_lessons_of_one_student_make_one_row(report):
    folder = report(
        graded("a", right=["relu"], lesson=3),
        graded("a", right=["convolve_pixel"]),
        graded("b", right=["convolve_pixel"]),
        lessons=(1, 3),
    )
    a, b = rows(folder)
    assert (a["01_convolution_by_hand"], a["03_pooling"], a["relu"]) == (
        str(PIXEL),
        str(RELU),
        str(RELU),
    )
    assert (a["total"], a["max"]) == (str(PIXEL + RELU), str(WORTH[1] + WORTH[3]))
    assert (b["total"], b["max"], b["status"]) == (str(PIXEL), str(WORTH[1] + WORTH[3]), "graded")
    assert b["notes"] == "Lesson 3 was not handed in."


def test_a_lesson_that_few_handed_in_raises_nobody_elses_maximum(report):
    folder = report(graded("a", right=["relu"], lesson=3), graded("a"), graded("b", right=KEYS))
    a, b = rows(folder)
    assert (a["max"], b["max"]) == (str(WORTH[1] + WORTH[3]), str(WORTH[1]))
    assert (a["relu"], b["relu"], b["03_pooling"]) == (str(RELU), "", "")
    assert f"of {WORTH[1]}" in Page(folder / "index.html").text


def test_strange_names_come_back_from_the_table_and_none_is_a_formula(report):
    folder = report(*(graded(name, right=["convolve_pixel"]) for name in STRANGE))
    names = [row["student"] for row in rows(folder)]
    assert len(names) == len(STRANGE)
    assert not [name for name in names if re.match(r"\s*[=+\-@＝]", name)]  # noqa: RUF001
    assert len(set(names)) == len(STRANGE)
    for name in ("", "line\nbreak", '"quoted", and; separated', "'=1+1", "''=1+1"):
        assert name in names


def test_a_spreadsheet_reads_the_table_as_utf8(report):
    assert (report(graded("Zoë")) / "grades.csv").read_bytes().startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("number", ["007", "123456789012345", "12E5", "1-2", "2024-03-01", "3/4"])
def test_no_spreadsheet_makes_another_number_of_an_id(number):
    assert (
        literal(number) == f"'{number}"
    )  # as one types it to keep it text; a program takes it off


@pytest.mark.parametrize("number", ["100001", "s1234567", "0", "0x", "Anna 007", "a-1"])
def test_an_id_that_stays_what_it_is_stands_as_it_is(number):
    assert literal(number) == number


def test_text_in_the_tables_is_quoted_and_numbers_are_not(report):
    line = (report(graded("a;=1+1")) / "grades.csv").read_text().splitlines()[1]
    assert line.startswith('"a;=1+1","","","",0,0')


# --- Files ----------------------------------------------------------------------------------------


def test_every_name_has_a_page_of_its_own_on_every_file_system():
    names = [page_name(name) for name in STRANGE]
    assert len({name.casefold() for name in names}) == len(STRANGE)
    assert all(re.fullmatch(r"[a-z0-9-]{1,60}-[0-9a-f]{16}\.html", name) for name in names)
    assert page_name("Zoë K.").startswith("zoe-k-")


def test_every_link_of_the_report_leads_somewhere(report):
    wrong = dict.fromkeys(KEYS, "flipped")
    folder = report(*(graded(name, wrong=wrong, notes=["!"]) for name in STRANGE))
    for file in [folder / "index.html", *pages(folder)]:
        page = Page(file)
        for link in page.values("href"):
            if link.startswith("#"):
                assert link[1:] in page.values("id")
            else:
                assert (file.parent / link).is_file()
    assert len(pages(folder)) == len(STRANGE)


def test_order_of_grading_does_not_show(report, tmp_path):
    students = [graded("b", right=KEYS), graded("a"), graded("B", wrong={"conv2d_same": None})]
    first = {p: p.read_bytes() for p in report(*students).rglob("*") if p.is_file()}
    report(*students[::-1])
    assert {p: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()} == first


def test_only_what_changed_is_written_again(report):
    folder = report(graded("a"), graded("b"))
    before = {p: p.stat().st_ino for p in folder.rglob("*")}
    report(graded("a"), graded("b", right=["convolve_pixel"]))
    changed = {p.name for p in folder.rglob("*") if p.stat().st_ino != before.get(p)}
    assert changed == {"grades.csv", "index.html", page_name("b")}


def test_what_is_written_is_for_its_owner_alone_until_he_opens_it(report):
    folder = report(graded("a"))
    files = [file for file in folder.rglob("*") if file.is_file()]
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    (folder / "grades.csv").chmod(0o640)
    report(graded("a", right=KEYS))
    assert (folder / "grades.csv").stat().st_mode & 0o777 == 0o640


def test_report_that_cannot_be_written_leaves_the_old_one_whole(report, monkeypatch):
    folder = report(graded("a"))
    before = {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()}

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(Trouble, match=r"can't be written in .*No space left.*No grade is lost"):
        report(graded("a", right=KEYS))
    assert {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()} == before


# --- A student's page -----------------------------------------------------------------------------


def test_student_reads_what_the_notebook_said_and_three_hints_for_what_is_open(report):
    result = judge(EXERCISES["convolve_pixel"], EXERCISES["convolve_pixel"].mistakes[0].ways[0])
    before = KEYS[: KEYS.index("convolve_pixel")]
    one = graded("a", right=before, wrong={"convolve_pixel": result.mistake})
    results = tuple(result if r.key == "convolve_pixel" else r for r in one.results)
    folder = report(Graded("a", 1, results), graded("somebody else"))
    text = Page(folder / "students" / page_name("a")).text
    assert result.headline in text
    for line in filter(None, result.message.splitlines()):
        assert line.replace("`", "") in text
    for hint in EXERCISES["convolve_pixel"].hints:
        assert hint.replace("`", "") in text
    for key in before:
        assert EXERCISES[key].hints[0].replace("`", "") not in text
    assert f"{one.total} of {WORTH[1]} points" in text
    assert "Next: convolve_pixel" in text
    assert "somebody else" not in text


def test_student_with_everything_right_is_told_so(report):
    page = Page(report(graded("a", right=KEYS)) / "students" / page_name("a"))
    assert "Every answer is right." in page.text
    assert "details" not in page.tags


def test_notes_stand_on_the_student_page(report):
    folder = report(nothing(Submission("a", 1), "unreadable", "It is no notebook."))
    assert "It is no notebook." in Page(folder / "students" / page_name("a")).text


# --- The teacher's page ---------------------------------------------------------------------------


def test_teacher_sees_who_made_which_mistake(report):
    folder = report(
        graded("a", wrong={"convolve_pixel": "flipped", "conv2d_valid": "rolled"}),
        graded("b", wrong={"convolve_pixel": "flipped"}),
        graded("c", wrong={"convolve_pixel": None}),
    )
    text = " ".join(Page(folder / "index.html").text.split())
    assert "Flipped in convolve_pixel: 2 students" in text
    own = name_mistake("convolve_pixel", "flipped").meaning
    assert own == EXERCISES["convolve_pixel"].mistakes[0].message
    assert f"Flipped 2 students {own} a, b" in text.replace("`", "")
    assert f"{UNNAMED.name} 1 student {UNNAMED.meaning} c" in text
    assert "convolve_pixel: 3 not yet" in text
    assert "0 passed, 3 not yet, 0 not attempted" in Page(folder / "index.html").values(
        "aria-label"
    )


def test_what_cannot_be_read_stands_on_top(report):
    folder = report(
        graded("a", notes=["A cell was stopped."]),
        nothing(Submission("b", 1), "unreadable", "It is no notebook."),
    )
    text = Page(folder / "index.html").text
    places = [text.index(part) for part in ("It is no notebook", "A cell was stopped", "Totals\n")]
    assert places == sorted(places)


def test_chart_says_in_words_what_it_shows(report):
    folder = report(graded("a"), graded("b", right=["convolve_pixel"]), graded("c"))
    said = f"0 points: 2 students. {PIXEL} points: 1 student."
    assert said in Page(folder / "index.html").text


def test_large_class_is_counted_rather_than_listed(report):
    wrong = {"convolve_pixel": "flipped"}
    folder = report(*(graded(f"student {i:03}", wrong=wrong, notes=["!"]) for i in range(300)))
    page = Page(folder / "index.html")
    assert "and 280 more" in page.text
    assert "and 200 more" in page.text
    assert page.values("href").count(f"students/{page_name('student 299')}") == 1


def test_class_without_submissions_has_a_report(report):
    folder = report()
    assert rows(folder) == []
    assert "no submission" in Page(folder / "index.html").text


def test_every_mistake_that_the_course_names_has_a_meaning():
    for key, exercise in EXERCISES.items():
        for mistake in exercise.mistakes:
            assert name_mistake(key, mistake.id).meaning
    source = "".join(path.read_text(encoding="utf-8") for path in CHECKING.glob("*.py"))
    named = set(re.findall(r'(?:Cause|Difference|Relation)\(\s*"(\w+)"', source))
    assert len(named) > 40
    assert {m for m in named if not name_mistake("convolve_pixel", m).meaning} <= {"wrong_values"}


# --- Hostile text ---------------------------------------------------------------------------------


@pytest.fixture
def attacked(report):
    """A report of students who try to break out of it, wherever they can write."""
    wrong = dict.fromkeys(KEYS, None)
    return report(
        *(graded(name, wrong=wrong, notes=[ATTACK], message=ATTACK) for name in STRANGE),
        nothing(Submission("u", 1), "unreadable", ATTACK),
    )


def test_hostile_text_makes_no_markup(attacked):
    harmless = report_tags(attacked)
    for file in [attacked / "index.html", *pages(attacked)]:
        page = Page(file)
        assert set(page.tags) - {"script"} <= harmless
        scripts = page.tags.count("script")
        assert scripts == (1 if file.name == "index.html" else 0)  # ours, which sorts
        assert f"script-src {ONLY_OURS if scripts else NONE};" in file.read_text("utf-8")
        assert not [name for name, _ in page.attributes if name.startswith("on")]
        assert "default-src 'none'" in " ".join(filter(None, page.values("content")))
        assert "49" not in page.text.split("onerror=alert(1)>", 1)[-1][:12]


NONE = "'none'"
ONLY_OURS = f"'sha256-{SCRIPT_HASH}'"


def report_tags(folder):
    """The tags that the templates themselves write, but for the one script."""
    sources = (Path(write.__code__.co_filename).parent / "templates").glob("*.html")
    found = set(re.findall(r"<(\w+)", "".join(path.read_text() for path in sources)))
    return found - {"script"}


def test_nothing_that_a_terminal_or_browser_obeys_gets_through(attacked):
    obeyed = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
    for file in [attacked / "index.html", attacked / "grades.csv", *pages(attacked)]:
        assert not obeyed.search(file.read_text(encoding="utf-8"))
    everything = graded("a", wrong=dict.fromkeys(KEYS, None), message=ATTACK, notes=[ATTACK])
    said = [test["output"] for test in gradescope(student(everything))["tests"]]
    assert not [text for text in said if obeyed.search(text)]


def test_hidden_characters_are_shown_and_names_that_need_joiners_are_left():
    assert readable("\x1b[2J\x7f\u202e\x85\udcff") == r"\x1b[2J\x7f\u202e\x85\udcff"
    assert one_line("a\nb\t") == r"a\nb\t"
    assert one_line(" ") == "' '"
    assert one_line("\u0645\u06cc\u200c\u062e\u0648") == "\u0645\u06cc\u200c\u062e\u0648"


def test_megabytes_of_text_make_a_short_page(report):
    wrong = dict.fromkeys(KEYS, None)
    folder = report(graded("n" * 10**6, wrong=wrong, message="m" * 10**7, notes=["x" * 10**6] * 3))
    (page,) = pages(folder)
    assert page.stat().st_size < 8 * LONGEST_MESSAGE + 30_000
    assert (folder / "index.html").stat().st_size < 50_000
    assert "9,992,000 characters more" in page.read_text()


# --- Pages that everybody can read ----------------------------------------------------------------


def test_headings_descend_one_step_at_a_time(report):
    folder = report(graded("a", wrong={"conv2d_valid": "flipped"}, notes=["!"]), graded("b"))
    for file in [folder / "index.html", *pages(folder)]:
        page = Page(file)
        levels = [int(tag[1]) for tag in page.tags if re.fullmatch("h[1-6]", tag)]
        assert levels[0] == 1
        assert all(below - above <= 1 for above, below in pairwise(levels))
        assert page.values("lang") == ["en"]


# --- Other programs -------------------------------------------------------------------------------


ONE = [
    graded("a", right=["relu"], lesson=3),
    graded("a", right=["neighborhood"], wrong={"convolve_pixel": "flipped"}, notes=["Stopped."]),
]


def student(*results, lessons=(1,)):
    (one,) = book(*results, lessons=lessons).students
    return one


def test_gradescope_gets_a_test_for_each_exercise():
    results = json.loads(json.dumps(gradescope(student(*ONE, lessons=(1, 3)))))
    assert results["score"] == sum(test["score"] for test in results["tests"])
    assert results["score"] == EXERCISES["neighborhood"].points + RELU
    assert results["execution_time"] == 1.0
    assert results["output"] == "Stopped."
    at = KEYS.index("convolve_pixel")
    assert results["tests"][at] == {
        "name": "convolve_pixel",
        "number": f"1.{at + 1}",
        "score": 0,
        "max_score": PIXEL,
        "status": "failed",
        "output": "No.",
        "output_format": "text",
        "visibility": "visible",
    }
    assert results["tests"][KEYS.index("neighborhood")]["status"] == "passed"
    assert {test["status"] for test in results["tests"]} == {"passed", "failed"}
    assert len(results["tests"]) == len(exercises_of(1)) + len(exercises_of(3))


def decoded(environment):
    """What the reporter reads, runner by runner."""
    for name in environment["RUNNERS"].split(","):
        yield name, json.loads(base64.b64decode(environment[f"{name.upper()}_RESULTS"]))


def test_classroom_table_and_score_agree():
    runners = dict(decoded(classroom(student(*ONE, lessons=(1, 3)))))
    share = {
        name: runner["max_score"]
        * sum(test["status"] == "pass" for test in runner["tests"])
        / len(runner["tests"])
        for name, runner in runners.items()
    }
    score = {name: sum(t["score"] for t in runner["tests"]) for name, runner in runners.items()}
    assert share == score
    assert sum(score.values()) == sum(one.total for one in ONE)
    assert sum(runner["max_score"] for runner in runners.values()) == WORTH[1] + WORTH[3]
    assert runners["neighborhood"]["status"] == "pass"
    assert runners["convolve_pixel"]["status"] == "fail"


def test_classroom_log_obeys_no_command_of_a_student():
    environment = classroom(student(graded("a", wrong={"convolve_pixel": None}, message=ATTACK)))
    assert not [value for value in environment.values() if re.search(r"\s", value)]
    for _, runner in decoded(environment):
        for text in (runner["tests"][0]["message"], runner["tests"][0]["test_code"]):
            assert not re.search(r"(?m)^\s*::|##\[|[\r\x1b]", text)


def test_nbgrader_gets_the_columns_that_it_exports():
    text = nbgrader(book(*ONE, graded("=b", right=["convolve_pixel"]), lessons=(1, 3)))
    first, *lines = list(csv.DictReader(io.StringIO(text)))
    assert first == {
        "assignment": "01_convolution_by_hand",
        "duedate": "",
        "timestamp": "",
        "student_id": "'=b",
        "last_name": "",
        "first_name": "",
        "email": "",
        "raw_score": f"{PIXEL}.0",
        "late_submission_penalty": "0.0",
        "score": f"{PIXEL}.0",
        "max_score": f"{WORTH[1]}.0",
    }
    assert [(line["assignment"][:2], line["student_id"], line["score"]) for line in lines] == [
        ("01", "a", f"{EXERCISES['neighborhood'].points}.0"),
        ("03", "'=b", "0.0"),
        ("03", "a", f"{RELU}.0"),
    ]
