"""The teacher's own points survive, are followed to the letter, and are told where they can't be."""

import csv
import re

import pytest

from course.checking.result import Result
from course.exercises import EXERCISES, exercises_of
from course.grading.adjusting import adjustments
from course.grading.counting import count
from course.grading.graded import Graded, HandedIn, Person
from course.grading.late import policy
from course.grading.reports import write
from course.grading.reports.files import page_name
from course.grading.reports.gradebook import gradebook
from course.grading.roster import roster
from course.trouble import Trouble

TEN = policy("10% a day, at most 50%")


OF_TWO = {"neighborhood": 1, "convolve_pixel": 2}


def lesson(student, points, number=1, **more):
    """A notebook with so many points: for these two exercises, then for the first of the others."""
    results = []
    left = points - sum(OF_TWO.values())
    for e in exercises_of(number):
        earned = OF_TWO.get(e.key, min(left, e.points))
        left -= 0 if e.key in OF_TWO else earned
        results.append(
            Result(e.key, "passed" if earned else "failed", None, "Said.", earned, e.points)
        )
    return Graded(student, number, tuple(results), "graded", **more)


@pytest.fixture
def settled(tmp_path):
    """Grade with an `adjust.csv` and give the rows of `grades.csv`."""

    def made(text, *graded, late=None, lessons=(1,), **more):
        if text is not None:
            (tmp_path / "adjust.csv").write_text(text, "utf-8")
        book = gradebook(
            count(graded), lessons, adjustments=adjustments(tmp_path), late=late, **more
        )
        write(book, tmp_path)
        with (tmp_path / "grades.csv").open(encoding="utf-8-sig", newline="") as file:
            rows = {row["student"]: row for row in csv.DictReader(file)}
        return rows, book.told

    return made


def page(folder, student):
    text = (folder / "students" / page_name(student)).read_text("utf-8")
    return " ".join(re.sub(r"<[^>]+>", " ", text.split("<main>")[1]).split())


@pytest.mark.parametrize(
    ("row", "key", "total"),
    [
        ("ash,neighborhood,0,", "0", "4"),
        ("ash,bug_finder,2,", "1", "7"),
        ("ash,bug_finder,+1,", "1", "6"),
        ("ash,convolve_pixel,-0.5,", "1", "4.5"),
        ("ash,convolve_pixel,−0.5,", "1", "4.5"),
        ('ash,convolve_pixel,"-0,5",', "1", "4.5"),
        ("ash,convolve_pixel,,-1", "1", "4"),  # Excel makes 1 of +1: that is what +/- is for
        ("ash,Convolve Pixel,1.5,", "1", "4.5"),
        ("ash,1,+3,", "1", "8"),
        ("ash,lesson 1,12,", "1", "12"),
        ("ash,01_convolution_by_hand,12,", "1", "12"),
        ("ash,,+2,", "1", "7"),
        ("ash,all,18,", "1", "18"),
        ("ash,,-99,", "1", "0"),
    ],
)
def test_points_are_set_or_changed_as_they_are_written(settled, row, key, total):
    rows, told = settled(f"student,exercise,points,+/-\n{row}\n", lesson("ash", 5))
    assert rows["ash"]["total"] == total
    assert rows["ash"]["neighborhood"] == key
    assert told == ()


def test_what_the_teacher_says_stands_on_the_page_as_theirs_and_in_no_other(settled, tmp_path):
    text = (
        "student,exercise,points,comment\n"
        "ash,bug_finder,2,A <b>good</b> idea\nash,1,-1,Please name your variables\n"
    )
    settled(text, lesson("ash", 5), lesson("elm", 5))
    said = page(tmp_path, "ash")
    assert "Your teacher: 2 instead of 0 points. A &lt;b&gt;good&lt;/b&gt; idea" in said
    assert "Earned in this lesson 7 Your teacher: Please name your variables -1 Counted 6" in said
    assert "teacher" not in page(tmp_path, "elm").lower()
    eye = (tmp_path / "index.html").read_text("utf-8")
    assert "Changed by you" in eye and "0 earned, 2 counted. A &lt;b&gt;good" in eye


def test_the_file_is_the_teachers_and_stays_as_it_is(settled, tmp_path):
    settled(None, lesson("ash", 5))
    assert (tmp_path / "adjust.csv").read_text("utf-8-sig") == (
        "student,exercise,points,+/-,comment,late days\n"
    )
    mine = "\ufeffstudent;exercise;points\r\nash;bug_finder;2\r\nnobody;x;y\r\n"
    (tmp_path / "adjust.csv").write_bytes(mine.encode())
    for _ in range(2):
        rows, told = settled(None, lesson("ash", 5))
        assert rows["ash"]["total"] == "7"
        assert len(told) == 1
        assert (tmp_path / "adjust.csv").read_bytes() == mine.encode()


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("ashe,relu,1", "there is no ashe in this class. Perhaps ash?"),
        ("ash,bug_findr,1", "there is no exercise or lesson 'bug_findr', perhaps bug_finder"),
        ("ash,relu,1", "lesson 3 is not in this report"),
        ("ash,bug_finder,two", "'two' is no number of points"),
        (",bug_finder,1", "it names no student"),
        ("ash,bug_finder,", "it says nothing"),
        ("ash,bug_finder,1,,,,more", "there is more in it than columns: 'more'"),
        ("ash,bug_finder,1,1", "both points and a change"),
        ("ash,bug_finder,,,,half", "'half' is no number of late days"),
        ("ash,bug_finder,,,,-1", "-1 is no number of late days"),
    ],
)
def test_a_row_that_cannot_be_followed_is_told_and_the_others_hold(settled, tmp_path, row, said):
    text = f"student,exercise,points,+/-,comment,late days\n{row}\nash,neighborhood,0\n"
    rows, told = settled(text, lesson("ash", 5))
    assert rows["ash"]["total"] == "4"
    assert [line for line in told if said in line and "adjust.csv, line 2" in line]
    assert "was not followed" in (tmp_path / "index.html").read_text("utf-8")


def test_points_beyond_what_there_are_count_and_are_shown_to_the_teacher(settled):
    rows, told = settled("student,exercise,points\nash,bug_finder,20\n", lesson("ash", 5))
    assert rows["ash"]["total"] == "25"
    worth = EXERCISES["bug_finder"].points
    assert f"bug_finder has 20 of {worth} points by adjust.csv" in told[0]


def test_two_rows_for_one_thing_are_told_and_the_last_one_holds(settled):
    text = "student,exercise,points\nash,bug_finder,1\nash,bug_finder,2\n"
    rows, told = settled(text, lesson("ash", 5))
    assert rows["ash"]["bug_finder"] == "2"
    assert told == ("adjust.csv, line 3 sets the same points as line 2, and holds.",)


def test_a_file_whose_columns_are_not_known_stops_everything_and_is_not_touched(tmp_path):
    (tmp_path / "adjust.csv").write_text("who is it;grade\nash;1\n")
    with pytest.raises(Trouble, match=r"line 1 has a column 'who is it'.*nothing in the file was"):
        adjustments(tmp_path)


def test_namesakes_are_told_apart_by_number(settled, tmp_path):
    people = {"gum": Person("Gus Gum", "7"), "gum (2)": Person("Gus Gum", "8")}
    both = HandedIn((), people, (), (1,))
    graded = lesson("gum", 5), lesson("gum (2)", 5)
    rows, told = settled("student,exercise,points\nGus Gum,1,18\n8,1,9\n", *graded, handed_in=both)
    assert (rows["gum"]["total"], rows["gum (2)"]["total"]) == ("5", "9")
    assert "Gus Gum may be gum (7), gum (2) (8). Write the number instead." in told[0]


# --- Lateness -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "days", "cost"),
    [
        ("10% a day, at most 50%", 2, 3),
        ("10% a day, at most 50%", 9, 7.5),
        ("10 % per day; max 50 %", 9, 7.5),
        ("10 percent each day", 20, 15),
        ("2 points a day", 3, 6),
        ("2 points/day, up to 5 points", 3, 5),
        ("1 point a day, at most 20%", 9, 3),
        ("12,5% a day", 1, 1.88),
        ("5 points a day", 9, 15),
    ],
)
def test_lateness_costs_what_is_said_and_never_more_than_there_is(text, days, cost):
    assert policy(text).cost(15, days) == cost


@pytest.mark.parametrize(
    "text", ["", "10%", "at most 50%", "10% a week", "ten a day", "10% a day, or so", "200% a day",
             "10% a day, after 2024-13-01"],
)  # fmt: skip
def test_a_policy_that_is_not_understood_is_a_sentence(text):
    with pytest.raises(Trouble, match=r"^--late "):
        policy(text)


@pytest.mark.parametrize(
    ("handed_in", "flagged", "days"),
    [
        ("2024-03-01T23:59:00", True, 0),
        ("2024-03-02T00:00:00", False, 0),
        ("2024-03-02T00:01:00", False, 1),
        ("2024-03-03T00:01:00", False, 2),
        ("", True, 1),
        ("", False, 0),
    ],
)
def test_days_are_counted_from_when_the_teacher_says(handed_in, flagged, days):
    assert policy("10% a day, after 2024-03-01").late(handed_in, flagged).days == days


def test_a_row_means_the_name_that_it_spells(settled):
    text = "student,exercise,points\nZoë Müller,all,1\nzoe muller,all,2\n"
    rows, told = settled(text, lesson("Zoë Müller", 9), lesson("zoe muller", 9))
    assert (rows["Zoë Müller"]["total"], rows["zoe muller"]["total"], told) == ("1", "2", ())


def test_lateness_is_arithmetic_on_the_page(settled, tmp_path):
    rows, told = settled(
        "student,exercise,late days\nash,1,2\n", lesson("ash", 15), lesson("elm", 15), late=TEN
    )
    assert (rows["ash"]["total"], rows["ash"]["late"]) == ("12", "2 days")
    assert (rows["elm"]["total"], rows["elm"]["late"]) == ("15", "")
    said = page(tmp_path, "ash")
    assert "Earned in this lesson 15 2 days late, 10% a day, at most 50% -3 Counted 12" in said
    assert told == ()


def test_late_by_nobody_knows_how_much_counts_as_a_day_and_is_told(settled):
    rows, told = settled(None, lesson("ash", 10, late=True), late=TEN)
    assert (rows["ash"]["total"], rows["ash"]["late"]) == ("9", "late")
    assert "It counts as one day" in told[0]
    rows, told = settled("student,late days\nash,0\n", lesson("ash", 10, late=True), late=TEN)
    assert (rows["ash"]["total"], told) == ("10", ())


@pytest.mark.parametrize(
    ("text", "known", "said"),
    [
        ("10% a day", [{}, {}], ["2 of 2 graded notebooks nothing says whether they are late"]),
        ("10% a day", [{"late": True}, {}], ["counts as one day"]),
        ("10% a day, after 2024-03-01", [{"handed_in": "2024-03-01T10:00:00"}] * 2, []),
        (
            "10% a day, after 2024-03-01",
            [{"handed_in": "2024-03-01T10:00:00"}, {}],
            ["1 of 2 graded notebooks nothing says when they were handed in"],
        ),
    ],
    ids=["nothing", "marked by the platform", "times", "some times"],
)
def test_lateness_of_which_nothing_is_known_is_told(settled, text, known, said):
    one, other = known
    _, told = settled(None, lesson("ash", 9, **one), lesson("elm", 9, **other), late=policy(text))
    assert len(told) == len(said) and all(
        part in what for part, what in zip(said, told, strict=True)
    )


@pytest.mark.parametrize(
    ("status", "total", "late"),
    [
        ("Submitted for grading - 2 days 3 hours late", "7", "3 days"),
        ("Submitted for grading - 2 days late", "8", "2 days"),
        ("Submitted for grading - 5 mins 3 secs late", "9", "1 day"),
        ("Submitted for grading - ", "10", ""),
    ],
)
def test_moodles_worksheet_says_how_late_its_assignment_is(settled, tmp_path, status, total, late):
    (tmp_path / "class.csv").write_text(
        f"Identifier,Full name,Status\nParticipant 100001,ash,{status}\n"
    )
    held = roster(tmp_path / "class.csv")
    rows, told = settled(None, lesson("ash", 10), late=TEN, roster=held)
    assert (rows["ash"]["total"], rows["ash"]["late"], told) == (total, late, ())
    # Not against a date of the teacher's own, and of two lessons nobody knows which.
    dated = policy("10% a day, after 2024-03-01")
    assert settled(None, lesson("ash", 10), late=dated, roster=held)[0]["ash"]["total"] == "10"
    rows, _ = settled(None, lesson("ash", 10), late=TEN, roster=held, lessons=(1, 2))
    assert rows["ash"]["total"] == "10"


DATED = policy("10% a day, after 2024-03-01 18:00")


@pytest.fixture
def worksheet(tmp_path):
    """Moodle's grading worksheet, in which ash and elm handed in and fir did not."""

    def made(when, column="Last modified (submission)"):
        (tmp_path / "class.csv").write_text(
            f'Identifier,Full name,{column}\nParticipant 1,ash,"{when}"\n'
            'Participant 2,elm,"Friday, 1 March 2024, 9:00 AM"\nParticipant 3,fir,-\n',
            "utf-8",
        )
        return roster(tmp_path / "class.csv")

    return made


@pytest.mark.parametrize(
    ("column", "when", "total"),
    [
        ("Last modified (submission)", "Friday, 1 March 2024, 6:00 PM", "10"),
        ("Last modified (submission)", "Friday, 1 March 2024, 6:01 PM", "9"),
        ("Last modified (submission)", "Sunday, March 3, 2024, 12:05 AM", "8"),
        ("Last modified (submission)", "2024-03-02 18:01", "8"),
        ("Zuletzt geändert (Abgabe)", "Samstag, 2. März 2024, 18:00", "9"),
        ("Dernière modification (travail remis)", "vendredi 5 juillet 2024, 18:00", "5"),
        ("Última modificación (entrega)", "sábado, 2 de marzo de 2024, 19:00", "8"),
    ],
)
def test_days_are_counted_from_the_times_in_moodles_worksheet(
    settled, worksheet, column, when, total
):
    late = policy("10% a day, at most 50%, after 2024-03-01 18:00")
    held = worksheet(when, column)
    graded = lesson("ash", 10), lesson("elm", 10)
    rows, told = settled(None, *graded, late=late, roster=held)
    assert (rows["ash"]["total"], told) == (total, ())
    # Without a date of the teacher's, Moodle's times say nothing.
    assert settled(None, *graded, late=TEN, roster=held)[0]["ash"]["total"] == "10"


def test_a_files_own_time_and_the_teachers_word_come_before_moodles_worksheet(settled, worksheet):
    held = worksheet("Sunday, 3 March 2024, 6:00 PM")
    own = lesson("ash", 10, handed_in="2024-03-01T10:00:00")
    assert settled(None, own, late=DATED, roster=held)[0]["ash"]["total"] == "10"
    text = "student,late days\nash,1\n"
    assert settled(text, lesson("ash", 10), late=DATED, roster=held)[0]["ash"]["total"] == "9"


@pytest.mark.parametrize(
    ("when", "lessons", "said"),
    [
        ("3/4/2024 18:00", (1,), "no time of a hand-in that can be read: 3/4/2024 18:00 (line 2)"),
        ("31 February 2024, 18:00", (1,), "no time of a hand-in that can be read"),
        ("Sunday, 3 March 2024, 6:00 PM", (1, 2), "they are of one assignment"),
    ],
)
def test_times_in_moodles_worksheet_that_are_not_used_are_told(
    settled, worksheet, when, lessons, said
):
    held = worksheet(when)
    rows, told = settled(None, lesson("ash", 10), late=DATED, roster=held, lessons=lessons)
    assert rows["ash"]["total"] == "10"
    assert [what for what in told if said in what]
    assert [what for what in told if "nothing says when they were handed in" in what]


def test_late_days_of_the_teachers_are_known(settled):
    text = "student,late days\nash,0\n"
    assert settled(text, lesson("ash", 9), late=TEN)[1] == ()


def test_points_for_exercises_are_late_too_and_points_for_a_lesson_are_not(settled):
    text = "student,exercise,points,late days\nash,bug_finder,+2,1\nash,1,+1,\n"
    rows, _ = settled(text, lesson("ash", 8), late=TEN)
    assert rows["ash"]["total"] == "10"  # 8 and 2, less a tenth, and 1


def test_without_a_policy_lateness_costs_nothing_and_is_told(settled):
    rows, told = settled("student,late days\nash,3\n", lesson("ash", 10))
    assert rows["ash"]["total"] == "10"
    assert "without --late they cost nothing" in told[0]


def test_the_class_list_may_have_a_column_of_late_days(settled, tmp_path):
    (tmp_path / "class.csv").write_text("name,late days\nash,1\nelm,soon\n")
    held = roster(tmp_path / "class.csv")
    rows, told = settled(None, lesson("ash", 10), lesson("elm", 10), late=TEN, roster=held)
    assert (rows["ash"]["total"], rows["elm"]["total"]) == ("9", "10")
    assert "'soon' is no number of late days" in told[0]


# --- The class list in the report -----------------------------------------------------------------


def test_who_handed_in_nothing_has_a_row_of_zeros_and_who_is_listed_a_number(settled, tmp_path):
    (tmp_path / "class.csv").write_text(
        'name,id,email,section\n"Alder, Anna",007,a@uni.example,A\nOak,8,,B\nOak,9,,B\n'
    )
    held = roster(tmp_path / "class.csv")
    rows, told = settled(None, lesson("anna alder", 5), lesson("elm", 5), roster=held)
    anna = rows["Alder, Anna"]
    assert (anna["id"], anna["email"], anna["section"]) == ("'007", "a@uni.example", "A")
    assert {(row["total"], row["status"]) for row in (rows["Oak (8)"], rows["Oak (9)"])} == {
        ("0", "missing")
    }
    assert told == ("Not in class.csv: elm.",)


def test_a_page_keeps_its_address_when_there_is_a_list(settled, tmp_path):
    settled(None, lesson("anna alder", 5))
    (tmp_path / "class.csv").write_text('name\n"Alder, Anna"\n')
    settled(None, lesson("anna alder", 5), roster=roster(tmp_path / "class.csv"))
    assert [file.name for file in (tmp_path / "students").iterdir()] == [page_name("anna alder")]
