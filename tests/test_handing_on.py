"""A class of each platform goes in as its export, and what that platform imports comes out."""

import csv
import io
import json
import zipfile

import pytest
from test_platforms import CANVAS, FIRST, FULL, MOODLE, TWO, export

from course.checking.result import Result
from course.exercises import exercises_of, points_of
from course.grading.counting import count
from course.grading.graded import Graded
from course.grading.late import policy
from course.grading.reports import handing_on, write
from course.grading.reports.files import page_name
from course.grading.reports.gradebook import gradebook, strayed
from course.grading.roster import roster
from course.grading.submissions import find
from course.trouble import Trouble

MOST = points_of(1)


def grades_of(submission):
    """Everything right: which points they get is not asked here."""
    results = tuple(
        Result(e.key, "passed", None, "Right.", e.points, e.points)
        for e in exercises_of(submission.lesson)
    )
    return Graded(submission.student, submission.lesson, results).of(submission)


@pytest.fixture
def handed_on(tmp_path):
    """Write for a program what a class of its export earned; what is told comes back, too."""

    def made(program, contents, class_list=None, late=None):
        found = find(export(tmp_path / "class", contents), None, None)
        listed = None
        if class_list is not None:
            (tmp_path / "export.csv").write_bytes(class_list.encode())
            listed = roster(tmp_path / "export.csv")
        graded = count(map(grades_of, (one for one in found.submissions if not one.problem)))
        book = gradebook(graded, found.lessons, found, listed, late=late)
        write(book, tmp_path / "report")
        return tmp_path / "report", handing_on.write(program, book, tmp_path / "report")

    return made


def table(file):
    return list(csv.reader(io.StringIO(file.read_text("utf-8"))))


# --- Moodle ---------------------------------------------------------------------------------------

WORKSHEET = (
    "Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,"
    "Last modified (submission),Last modified (grade),Feedback comments\n"
    f"Participant 100001,Anna Alder,anna@uni.example,Submitted for grading - ,,{MOST}.00,Yes,-,-,\n"
    f"Participant 100002,Ben Birch,ben@uni.example,No submission - ,,{MOST}.00,Yes,-,-,\n"
    f'Participant 100005,"Eve, Jr.",eve@uni.example,Submitted for grading - ,3.00,{MOST}.00,Yes,-,-,Mine\n'
    f"Participant 100007,Gus Gum,g1@uni.example,Submitted for grading - ,,{MOST}.00,Yes,-,-,\n"
    f"Participant 100008,Gus Gum,g2@uni.example,Submitted for grading - ,,{MOST}.00,Yes,-,-,\n"
)


def test_moodles_own_worksheet_is_filled_in(handed_on):
    report, told = handed_on("moodle", MOODLE, WORKSHEET)
    before, after = list(csv.reader(io.StringIO(WORKSHEET))), table(report / "moodle.csv")
    grades = {row[0]: row[4] for row in after[1:]}
    assert grades == {
        "Participant 100001": f"{MOST}",
        "Participant 100002": "",  # handed in nothing
        "Participant 100005": f"{MOST}",  # her lesson 2 is no part of the assignment
        "Participant 100007": f"{MOST}",
        "Participant 100008": f"{MOST}",
    }
    for old, new in zip(before, after, strict=True):
        assert [cell.strip() for cell in old[:4] + old[5:]] == new[:4] + new[5:]
    assert "moodle.csv is export.csv, with the grades filled in." in told


def test_moodles_worksheet_in_another_language_keeps_its_columns(handed_on):
    text = (
        "ID,Vollständiger Name,E-Mail-Adresse,Status,Bewertung,Bestwertung,Bewertung kann geändert "
        "werden,Zuletzt geändert (Abgabe),Zuletzt geändert (Bewertung)\n"
        'Teilnehmer/in100001,Anna Alder,a@uni.example,Zur Bewertung abgegeben,,"99,00",Ja,-,-\n'
    )
    report, told = handed_on("moodle", MOODLE, text)
    header, anna = table(report / "moodle.csv")
    assert header[4:6] == ["Bewertung", "Bestwertung"]
    assert anna[:6] == [*text.splitlines()[1].split(",")[:4], f"{MOST}", "99,00"]
    assert [what for what in told if f"maximum of 99,00, and here of {MOST}" in what]


def test_without_a_worksheet_moodle_gets_the_identifiers_of_the_hand_in(handed_on):
    report, told = handed_on("moodle", MOODLE)
    rows = [dict(zip(HEAD, row, strict=True)) for HEAD in [table(report / "moodle.csv")[0]]
            for row in table(report / "moodle.csv")[1:]]  # fmt: skip
    anna = next(row for row in rows if row["Full name"] == "Anna Alder")
    assert anna["Identifier"] == "Participant 100001"
    assert anna["Grade"] == anna["Maximum Grade"] == f"{MOST}"
    # What Moodle's importer looks for, and without which it takes nothing.
    assert {"Identifier", "Grade", "Last modified (grade)"} <= set(anna)
    assert "column names of an English Moodle" in told[0]


@pytest.mark.parametrize("end", ["_/", "/", "_"], ids=["folders", "folders since 4.1", "flat"])
def test_moodles_feedback_has_the_names_of_the_hand_in(handed_on, end):
    contents = {name.replace("_/", end): content for name, content in MOODLE.items()}
    report, _ = handed_on("moodle", contents)
    with zipfile.ZipFile(report / "moodle-feedback.zip") as packed:
        names = set(packed.namelist())
        prefix = "Gus Gum_100008_assignsubmission_file"
        page = packed.read(f"{prefix}{end}feedback.html")
    assert page == (report / "students" / page_name("Gus Gum (100008)")).read_bytes()
    assert len(names) == 6
    # As its importer takes a name apart: whose, number, kind, kind, file.
    assert all(name.split("_", 4)[1].isdecimal() for name in names)
    kinds = {tuple(name.partition("/")[0].split("_", 4)[2:4]) for name in names}
    assert kinds == {("assignsubmission", "file")}


def test_who_is_not_in_moodles_feedback_is_told(handed_on):
    report, told = handed_on("moodle", MOODLE | {f"Ivy Ivers/{FIRST}": FULL})
    assert "Anna" in "".join(zipfile.ZipFile(report / "moodle-feedback.zip").namelist())
    (said,) = [what for what in told if "no page for" in what]
    assert "Ivy Ivers" in said and "Anna" not in said


def test_what_could_not_be_read_is_no_zero_in_moodle(handed_on):
    text = f"{WORKSHEET}Participant 100006,Fay Fir,f@uni.example,Submitted,5,{MOST}.00,Yes,-,-,\n"
    report, _ = handed_on("moodle", MOODLE, text)
    assert table(report / "moodle.csv")[-1][4] == "5"  # a link was handed in: the teacher's eye


def test_who_handed_in_another_lesson_has_no_zero_in_moodle_and_is_told(tmp_path):
    who = ("Anna_1", "Ben_2", "Cleo_3", "Dora_4")
    contents = {f"{one}_assignsubmission_file_/{FIRST}": FULL for one in who[:3]}
    contents |= {f"{who[3]}_assignsubmission_file_/{FIRST}": TWO}
    found = find(export(tmp_path / "class", contents))
    book = gradebook(count(map(grades_of, found.submissions)), found.lessons, found)
    write(book, tmp_path / "report")
    handing_on.write("moodle", book, tmp_path / "report")
    assert [row[1] for row in table(tmp_path / "report" / "moodle.csv")[1:]] == [
        *("Anna", "Ben", "Cleo")
    ]
    assert strayed(book) == ["Dora: handed in lesson 2, and nothing of lesson 1."]


# --- Canvas ---------------------------------------------------------------------------------------

GRADEBOOK = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Essay (77),Lesson 1 (5678),Final Score\n"
    f"    Points Possible,,,,,10,{MOST},(read only)\n"
    '"Alder, Anna",12345,007,aalder,A,9,,\n'
    '"Birch, Ben",12346,008,bbirch,A,8,,\n'
    '"Nobody, Ned",12399,009,nned,B,7,4,\n'
    '"Student, Test",99999,,,A,,,\n'
)


def test_canvas_gets_its_columns_and_the_assignments_own(handed_on):
    report, told = handed_on("canvas", CANVAS, GRADEBOOK)
    assert table(report / "canvas.csv") == [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Lesson 1 (5678)"],
        ["    Points Possible", "", "", "", "", f"{MOST}"],
        ["Alder, Anna", "12345", "007", "aalder", "A", f"{MOST}"],
        ["Birch, Ben", "12346", "008", "bbirch", "A", f"{MOST}"],
        ["Nobody, Ned", "12399", "009", "nned", "B", "4"],  # handed in nothing: as it was
    ]
    assert "Lesson 1 is `Lesson 1 (5678)` in canvas.csv." in told
    assert not [what for what in told if "number of Canvas's" in what]  # they are in no list


@pytest.mark.parametrize(
    ("columns", "why"),
    [("Homework (1)", "no column is"), ("Lesson 1 (1),Lesson 1 again (2)", "several columns are")],
)
def test_canvas_is_not_given_a_column_by_a_guess(handed_on, columns, why):
    blank = "," * columns.count(",")
    text = f"Student,ID,Section,{columns}\n    Points Possible,,,{blank}\nAnna,12345,A,{blank}\n"
    report, told = handed_on("canvas", CANVAS, text)
    assert table(report / "canvas.csv")[0] == ["Student", "ID", "Section", "1. Convolution by hand"]
    assert [what for what in told if why in what]


def test_another_maximum_in_canvas_is_told_and_nothing_is_scaled(handed_on):
    report, told = handed_on("canvas", CANVAS, GRADEBOOK.replace(f",10,{MOST},", ",10,100,"))
    assert table(report / "canvas.csv")[2][5] == f"{MOST}"
    assert [what for what in told if f"has 100 points, and here {MOST}" in what]


def test_without_a_gradebook_canvas_gets_the_numbers_of_the_hand_in(handed_on):
    report, told = handed_on("canvas", CANVAS)
    header, most, *rows = table(report / "canvas.csv")
    assert header == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", *header[5:]]
    assert most[5] == f"{MOST}"
    assert ["alderanna", "12345", "", "", "", f"{MOST}"] in [row[:6] for row in rows]
    assert [what for what in told if "Canvas will make new ones" in what]


# --- The others -----------------------------------------------------------------------------------

BOTH = {"ash/01_convolution_by_hand.ipynb": next(iter(MOODLE.values()))}


def test_nbgrader_gets_what_lateness_took(handed_on):
    late = {"birchben_LATE_12346_67891_01_convolution_by_hand-2.ipynb": CANVAS[
        "birchben_LATE_12346_67891_01_convolution_by_hand-2.ipynb"]}  # fmt: skip
    report, _ = handed_on("nbgrader", late, late=policy("10% a day"))
    (row,) = csv.DictReader(io.StringIO((report / "nbgrader.csv").read_text("utf-8")))
    scores = [float(row[name]) for name in ("raw_score", "late_submission_penalty", "score")]
    assert scores == pytest.approx([MOST, 0.1 * MOST, 0.9 * MOST])


def test_nbgrader_finds_its_own_students_and_assignments_in_its_table(handed_on):
    contents = {
        "submitted/0012345/01_convolution_by_hand/01_convolution_by_hand.ipynb": FULL,
        "submitted/0012345/01_convolution_by_hand/timestamp.txt": b"2024-03-01 10:15:30 UTC",
        "submitted/0012345/02_edge_kernels/02_edge_kernels.ipynb": TWO,
        "submitted/12e5/01_convolution_by_hand/01_convolution_by_hand.ipynb": FULL,
        "submitted/=cmd/01_convolution_by_hand/01_convolution_by_hand.ipynb": FULL,
    }
    report, _ = handed_on("nbgrader", contents)
    rows = {
        (row["student_id"], row["assignment"]): row
        for row in csv.DictReader(io.StringIO((report / "nbgrader.csv").read_text("utf-8")))
    }
    first, second = "01_convolution_by_hand", "02_edge_kernels"
    students = ["0012345", "12e5", "'=cmd"]  # the last would be a formula
    assert rows.keys() == {*((who, first) for who in students), ("0012345", second)}
    earned = rows["0012345", first]
    assert earned["timestamp"] == "2024-03-01T10:15:30"
    assert earned["score"] == earned["max_score"] == f"{MOST}.0"
    assert rows["0012345", second]["max_score"] == f"{points_of(2)}.0"


def test_gradescope_gets_what_counts_and_why(handed_on):
    late = {"birchben_LATE_12346_67891_01_convolution_by_hand-2.ipynb": CANVAS[
        "birchben_LATE_12346_67891_01_convolution_by_hand-2.ipynb"]}  # fmt: skip
    report, _ = handed_on("gradescope", late, late=policy("10% a day"))
    results = json.loads((report / "results.json").read_text("utf-8"))
    assert results["score"] == pytest.approx(0.9 * MOST)
    assert f"Late, 10% a day: -{MOST / 10:g}" in results["output"]


@pytest.mark.parametrize("program", ["gradescope", "classroom"])
def test_files_of_students_who_are_gone_are_removed(handed_on, tmp_path, program):
    two = {**BOTH, "elm/01_convolution_by_hand.ipynb": BOTH["ash/01_convolution_by_hand.ipynb"],
           "oak/01_convolution_by_hand.ipynb": BOTH["ash/01_convolution_by_hand.ipynb"]}  # fmt: skip
    report, _ = handed_on(program, two)
    mine = report / program / "mine"
    mine.mkdir()
    (mine / handing_on.FILES[program]).write_text("mine")
    (tmp_path / "class" / "elm" / "01_convolution_by_hand.ipynb").unlink()
    (tmp_path / "class" / "elm").rmdir()
    two.pop("elm/01_convolution_by_hand.ipynb")
    handed_on(program, two)
    left = {file.parent.name for file in report.rglob(handing_on.FILES[program])}
    assert left == {"mine", *(page_name(name).removesuffix(".html") for name in ("ash", "oak"))}


def test_what_cannot_be_written_is_a_sentence(handed_on, tmp_path):
    (tmp_path / "report" / "nbgrader.csv").mkdir(parents=True)
    with pytest.raises(Trouble, match="can't be written in"):
        handed_on("nbgrader", BOTH)
