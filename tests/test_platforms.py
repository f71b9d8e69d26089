"""A small class of each platform, made as its export really looks: who is who in it."""

import json
from pathlib import Path

import pytest
from packing import folder, zipped

from course.grading.graded import HandedIn, Person
from course.grading.platforms import moodle
from course.grading.submissions import find
from course.lessons import LESSONS

FIRST, SECOND = LESSONS[1].file, LESSONS[2].file
HALF = ("neighborhood", "convolve_pixel", "conv2d_valid")


def solved(lesson: int, *without: str, only: tuple[str, ...] = ()) -> bytes:
    """A lesson's notebook with the solutions, as somebody would save it who left some out."""
    given = {c["id"]: c for c in json.loads(LESSONS[lesson].notebook().read_bytes())["cells"]}
    notebook = json.loads(LESSONS[lesson].solution().read_bytes())
    for at, cell in enumerate(notebook["cells"]):
        left_out = cell["id"] in without or (only and cell["id"] not in only)
        if left_out and cell["id"] in LESSONS[lesson].exercises:
            notebook["cells"][at] = given[cell["id"]]
    return json.dumps(notebook).encode()


FULL, TWO = solved(1), solved(2)
MINE = solved(1, "bug_finder")
PART = solved(1, only=HALF)
EMPTY = LESSONS[1].notebook().read_bytes()
SCRATCH = json.dumps({"cells": [{"cell_type": "code", "source": "1 + 1"}]}).encode()


def export(root: Path, contents: dict[str, bytes], form: str = "folder") -> Path:
    """What a platform hands out, unpacked or as its zip."""
    if form == "zip":
        path = root.with_suffix(".zip")
        path.write_bytes(zipped(contents))
        return path
    return folder(root, contents)


def rows(found: HandedIn) -> list[tuple[str, int]]:
    return [(one.student, one.lesson) for one in found.submissions if not one.problem]


def told(found: HandedIn) -> dict[str, str]:
    return {one.path: one.student for one in found.unread}


forms = pytest.mark.parametrize("form", ["folder", "zip"])

# --- Moodle ---------------------------------------------------------------------------------------

LINK = (
    b'<html><body><p><a href="https://colab.research.google.com/drive/1">my notebook</a></p></body>'
)
MOODLE = {
    "Anna Alder_100001_assignsubmission_file_/x.ipynb": FULL,
    "Dora O'Brien_100004_assignsubmission_file_/Copy of 01_convolution_by_hand.ipynb": FULL,
    "Eve, Jr._100005_assignsubmission_file_/Lesson1.ipynb": FULL,
    "Eve, Jr._100005_assignsubmission_file_/Lesson2.ipynb": TWO,
    "Fay Fir_100006_assignsubmission_onlinetext_/onlinetext.html": LINK,
    f"Gus Gum_100007_assignsubmission_file_/{FIRST}": FULL,
    "Gus Gum_100007_assignsubmission_onlinetext_/onlinetext.html": b"<p>See the file.</p>",
    f"Gus Gum_100008_assignsubmission_file_/{FIRST}": PART,
    "Zoë Müller-Ash_100009_assignsubmission_file_/hw.zip": zipped({f"hw/{FIRST}": FULL}),
}
MOODLES = {
    "Anna Alder": Person("Anna Alder", "100001"),
    "Dora O'Brien": Person("Dora O'Brien", "100004"),
    "Eve, Jr.": Person("Eve, Jr.", "100005"),
    "Fay Fir": Person("Fay Fir", "100006"),
    "Gus Gum (100007)": Person("Gus Gum", "100007"),
    "Gus Gum (100008)": Person("Gus Gum", "100008"),
    "Zoë Müller-Ash": Person("Zoë Müller-Ash", "100009"),
}


@forms
@pytest.mark.parametrize("flat", [False, True], ids=["folders", "flat"])
def test_moodle(tmp_path, form, flat):
    contents = {name.replace("_/", "_") if flat else name: c for name, c in MOODLE.items()}
    found = find(export(tmp_path / "Lesson 1-4711", contents, form))
    assert found.people == MOODLES
    assert found.lessons == (1,)
    graded = [(name, 1) for name in MOODLES if name != "Fay Fir"]
    assert rows(found) == sorted([*graded, ("Eve, Jr.", 2)])
    assert {o.student for o in found.submissions if o.problem} == {"Fay Fir"}
    by_place = {one.path.replace("_/", "_"): one for one in found.unread}
    fay = by_place["Fay Fir_100006_assignsubmission_onlinetext_onlinetext.html"]
    assert "https://colab.research.google.com/drive/1" in fay.why
    gus = by_place["Gus Gum_100007_assignsubmission_onlinetext_onlinetext.html"]
    assert gus.student == "Gus Gum (100007)"
    assert len(found.unread) == 2


def test_what_came_by_mail_belongs_to_the_person_that_moodle_numbers(tmp_path):
    contents = {**MOODLE, "Anna Alder.ipynb": PART, "Gus Gum.ipynb": PART, "grades.csv": b"x"}
    found = find(export(tmp_path / "x", contents))
    assert rows(found).count(("Anna Alder", 1)) == 2
    # Which of the two it is of, nobody knows.
    assert found.people.keys() == {*MOODLES, "Gus Gum"}
    assert told(found)["grades.csv"] == ""


# --- Canvas ---------------------------------------------------------------------------------------

CANVAS = {
    f"alderanna_12345_67890_{FIRST}": FULL,
    "birchben_12346_67881_01_convolution_by_hand-1.ipynb": FULL,
    "birchben_LATE_12346_67891_01_convolution_by_hand-2.ipynb": PART,
    f"evejr_12349_67894_{FIRST}": FULL,
    f"evejr_12349_67895_{SECOND}": TWO,
    "firfay_LATE_12350_67896_01_convolution_by_hand-1.ipynb": FULL,
    "firfay_LATE_12350_67897_scratch.ipynb": SCRATCH,
    "gumgus_12351_text.html": b"<p>I did it on paper.</p>",
    f"gumgus_12352_67898_{FIRST}": FULL,
    f"anon_67902_{FIRST}": FULL,
    f"anon_67903_{FIRST}": PART,
}


@forms
def test_canvas(tmp_path, form):
    found = find(export(tmp_path / "submissions", CANVAS, form))
    assert {(one.name, one.id) for one in found.people.values()} == {
        ("alderanna", "12345"), ("birchben", "12346"), ("evejr", "12349"), ("firfay", "12350"),
        ("gumgus", "12351"), ("gumgus", "12352"), ("anon", "67902"), ("anon", "67903"),
    }  # fmt: skip
    assert len(found.people) == 8
    late = {one.path for one in found.submissions if one.late}
    assert late == {name for name in CANVAS if "_LATE_" in name and "scratch" not in name}
    first, second = sorted(
        (one for one in found.submissions if one.student == "birchben"), key=lambda o: o.attempt
    )
    assert second.path.endswith("-2.ipynb") and first.attempt < second.attempt
    assert told(found) == {
        "firfay_LATE_12350_67897_scratch.ipynb": "firfay",
        "gumgus_12351_text.html": "gumgus (12351)",
    }


@pytest.mark.parametrize(
    "more",
    [
        {"alderanna_12345_67890_01_convolution_by_hand (1).ipynb": PART},
        {f"birchben_12346_67890_{FIRST}": FULL, f"firfay_12347_67890_{FIRST}": FULL},
        {f"birchben_12346_67881_{FIRST}": FULL, f"alderanna_12345_67881_{SECOND}": TWO},
    ],
    ids=["unpacked twice", "handed in by a group", "by chance"],
)
def test_canvas_is_recognised_where_an_upload_has_the_number_of_another(tmp_path, more):
    contents = {f"alderanna_12345_67890_{FIRST}": FULL, **more}
    found = find(export(tmp_path / "submissions", contents))
    people = {(name.split("_")[0], name.split("_")[1]) for name in contents}
    assert {(one.name, one.id) for one in found.people.values()} == people
    assert len(rows(found)) == len(contents)


def test_on_canvas_only_a_file_of_the_same_name_is_older(tmp_path):
    names = ["01-1.ipynb", "01-2.ipynb", "final.ipynb", "other-9.ipynb"]
    contents = {f"alderanna_12345_6789{n}_{name}": solved(1, LESSONS[1].exercises[n])
                for n, name in enumerate(names)}  # fmt: skip
    found = find(export(tmp_path / "x", contents))
    attempts = {one.path.split("_")[-1]: one.attempt for one in found.submissions}
    last = max(attempts.values())
    assert {name for name, attempt in attempts.items() if attempt == last} == {*names[1:]}


def test_a_name_with_numbers_in_it_is_no_export_of_canvas(tmp_path):
    names = [f"ash_2024_01_{FIRST}", f"oak_2024_01_{FIRST}", f"yew_2024_01_{FIRST}"]
    found = find(export(tmp_path / "x", dict.fromkeys(names, FULL)))
    assert found.people.keys() == {"ash_2024_01", "oak_2024_01", "yew_2024_01"}
    names = [f"{name}_2024_101_{FIRST}" for name in ("ash", "oak", "yew")]
    found = find(export(tmp_path / "z", dict.fromkeys(names, FULL)))
    assert found.people.keys() == {"ash_2024_101", "oak_2024_101", "yew_2024_101"}
    names = [f"{name}_2024_10{n}_{FIRST}" for n, name in enumerate(("ash", "oak", "yew"))]
    assert len(find(export(tmp_path / "w", dict.fromkeys(names, FULL))).people) == 3
    names = [f"ash_123_456_{FIRST}", "oak.ipynb", "yew.ipynb", "elm.ipynb"]
    found = find(export(tmp_path / "y", dict.fromkeys(names, FULL)))
    assert found.people.keys() == {"ash_123_456", "oak", "yew", "elm"}


# --- Blackboard -----------------------------------------------------------------------------------


def receipt(name: str, user: str, date: str, file: str = "") -> bytes:
    files = (
        f"\tOriginal filename: {file}\n\tFilename: x\n" if file else "There are no files attached"
    )
    return (
        f"Name: {name} ({user})\nAssignment: Lesson 1\nDate Submitted: {date} CET\n"
        f"Current Grade: Not Graded Yet\n\nSubmission Field:\nThere is no student submission text "
        f"data for this assignment.\n\nComments:\nThere are no student comments\n\nFiles:\n{files}"
    ).encode()


ALDERS, BIRCHES = "Friday, March 1, 2024 10:15:30 AM", "Saturday, March 2, 2024 9:00:00 PM"
BLACKBOARD = {
    f"Lesson 1_aalder_attempt_2024-03-01-10-15-30_{FIRST}": FULL,
    "Lesson 1_aalder_attempt_2024-03-01-10-15-30.txt": receipt(
        "Anna Alder", "aalder", ALDERS, FIRST
    ),
    f"Lesson 1_b_birch_attempt_2024-03-01-09-00-00_{FIRST}": EMPTY,
    "Lesson 1_b_birch_attempt_2024-03-01-09-00-00.txt": receipt("Ben Birch", "b_birch", ALDERS),
    f"Lesson 1_b_birch_attempt_2024-03-02-21-00-00_{FIRST}": FULL,
    "Lesson 1_b_birch_attempt_2024-03-02-21-00-00.txt": receipt("Ben Birch", "b_birch", BIRCHES),
    "Lesson 1_ddoe_attempt_2024-03-01-11-00-00.txt": receipt("Dora Doe", "ddoe", ALDERS),
}


@forms
def test_blackboard(tmp_path, form):
    found = find(export(tmp_path / "gradebook_4711", BLACKBOARD, form))
    assert found.people == {
        "Anna Alder": Person("Anna Alder", "aalder"),
        "Ben Birch": Person("Ben Birch", "b_birch"),
        "Dora Doe": Person("Dora Doe", "ddoe"),
    }
    last = max(found.submissions, key=lambda one: one.attempt)
    assert (last.student, last.handed_in) == ("Ben Birch", "2024-03-02T21:00:00")
    assert {(o.student, o.handed_in[:10]) for o in found.submissions} >= {
        ("Anna Alder", "2024-03-01"), ("Ben Birch", "2024-03-02")
    }  # fmt: skip
    (dora,) = [one for one in found.unread if one.student == "Dora Doe"]
    assert "no file was handed in" in dora.why
    assert "Dora Doe" not in {one.student for one in found.submissions}


def test_blackboard_without_receipts_goes_by_the_user(tmp_path):
    contents = {name: c for name, c in BLACKBOARD.items() if not name.endswith(".txt")}
    found = find(export(tmp_path / "x", contents))
    assert {one.id for one in found.people.values()} == {"aalder", "birch"}


# --- Others ---------------------------------------------------------------------------------------


def test_brightspace_and_sakai(tmp_path):
    desire = {
        f"1234-56 - Anna Alder - Mar 1, 2024 1015 AM/{FIRST}": PART,
        f"1234-56 - Anna Alder - Mar 2, 2024 905 PM/{FIRST}": FULL,
        f"1235-56 - Ben Birch-Ash - Mar 1, 2024 1200 PM/{FIRST}": FULL,
        "index.html": b"<p>all</p>",
    }
    found = find(export(tmp_path / "x", desire))
    assert found.people.keys() == {"Anna Alder", "Ben Birch-Ash"}
    last = max(found.submissions, key=lambda one: one.attempt)
    assert (last.student, last.handed_in) == ("Anna Alder", "2024-03-02T21:05:00")
    sakai = {
        f"Alder, Anna(aalder)/Submission attachment(s)/{FIRST}": FULL,
        f"Birch, Ben(bbirch)/Submission attachment(s)/{FIRST}": FULL,
        "grades.csv": b"x",
    }
    found = find(export(tmp_path / "y", {f"Lesson 1/{name}": c for name, c in sakai.items()}))
    assert found.people["Alder, Anna"] == Person("Alder, Anna", "aalder")
    assert len(found.people) == 2


@forms
def test_drive_with_a_folder_for_each(tmp_path, form):
    contents = {
        f"Anna Alder/Copy of {FIRST}": FULL, f"Anna Alder/{FIRST}": PART,
        "Ben/01_convolution_by_hand (1).ipynb": FULL, f"Ben/{FIRST}": PART,
        "Cem/01_convolution_by_hand - Copy.ipynb": FULL, f"Cem/{FIRST}": EMPTY,
        f"Copy/Kopie von {FIRST}": FULL,
    }  # fmt: skip
    found = find(export(tmp_path / "class", contents, form))
    assert found.people.keys() == {"Anna Alder", "Ben", "Cem", "Copy"}
    places = [one.path for one in found.submissions]
    assert sorted(places) == sorted(contents.keys() - {f"Cem/{FIRST}"})
    assert told(found) == {f"Cem/{FIRST}": "Cem"}  # as it was given


def test_drive_with_one_folder(tmp_path):
    contents = {
        f"Ben Birch - Copy of {FIRST}": FULL,
        "Anna Alder - 01_convolution_by_hand (1).ipynb": PART,
        f"Anna Alder - {FIRST}": FULL,
        f"Copy of {FIRST}": FULL,
    }
    found = find(export(tmp_path / "class", contents))
    assert found.people.keys() == {"Anna Alder", "Ben Birch"}
    assert told(found) == {f"Copy of {FIRST}": ""}


@pytest.mark.parametrize("given", [".", "lesson-1-submissions"])
def test_github(tmp_path, given):
    student = "lesson-1-submissions/lesson-1-octocat"
    contents = {
        f"{student}/notebooks/{FIRST}": PART,
        f"{student}/work/{FIRST}": FULL,
        f"{student}/.git/objects/ab.ipynb": b"",
        f"{student}/README.md": b"",
        f"{student}/venv/pyvenv.cfg": b"",
        f"{student}/venv/share/{FIRST}": FULL,
        f"{student}/node_modules/x/{FIRST}": FULL,
    }
    found = find(export(tmp_path / "x", contents) / given)
    assert found.people == {"octocat": Person("octocat", "octocat")}
    assert [one.path.split("/")[-2] for one in found.submissions] == ["notebooks", "work"]
    assert {one.path.split("/")[-1] for one in found.unread} == {
        "README.md", "venv", "node_modules"
    }  # fmt: skip


def test_what_a_repository_had_from_the_start_is_not_told_where_a_notebook_is(tmp_path):
    repository = {"README.md": b"# x", ".github/workflows/classroom.yml": b"x", ".gitignore": b""}
    anna, ben = "lesson-1-anna", "lesson-1-ben"
    contents = {f"{who}/{name}": raw for who in (anna, ben) for name, raw in repository.items()}
    contents |= {f"{anna}/notebooks/{FIRST}": FULL, f"{anna}/notes/README.md": b"mine"}
    found = find(export(tmp_path / "class", contents))
    assert [path for path, who in told(found).items() if who == "anna"] == [
        f"{anna}/notes/README.md"
    ]
    assert f"{ben}/README.md" in told(found)  # it is all that there is


def test_github_without_the_folder_round_it(tmp_path):
    names = ["lesson-1-anna-alder", "lesson-1-anna-birch", "lesson-1-octocat-2"]
    found = find(export(tmp_path / "x", {f"{name}/{FIRST}": FULL for name in names}))
    assert found.people.keys() == {"anna-alder", "anna-birch", "octocat-2"}
    repositories = [f"lesson-1-{who}-main" for who in ("octocat", "hubot")]
    zips = {f"{name}.zip": zipped({f"{name}/{FIRST}": FULL}) for name in repositories}
    assert find(export(tmp_path / "z", zips)).people.keys() == {"octocat", "hubot"}
    titled = {f"convolution-by-hand-{who}/{FIRST}": FULL for who in ("octocat", "hubot")}
    assert find(export(tmp_path / "t", titled)).people.keys() == {"octocat", "hubot"}
    names = ["the-rock", "the-edge"]
    found = find(export(tmp_path / "y", {f"{name}/{FIRST}": FULL for name in names}))
    assert found.people.keys() == {*names}


@forms
def test_sections(tmp_path, form):
    folders = {f"sec/A/pine/{FIRST}": FULL, f"sec/B/oak/{FIRST}": PART}
    found = find(export(tmp_path / "a", folders, form))
    assert found.people == {
        "oak": Person("oak", section="B"), "pine": Person("pine", section="A")
    }  # fmt: skip
    moodles = {
        f"Monday/Anna Alder_1_assignsubmission_file_/{FIRST}": FULL,
        f"Tuesday/Anna Alder_2_assignsubmission_file_/{FIRST}": FULL,
    }
    found = find(export(tmp_path / "b", moodles, form))
    assert set(found.people.values()) == {
        Person("Anna Alder", "1", "", "Monday"), Person("Anna Alder", "2", "", "Tuesday")
    }  # fmt: skip
    zips = {f"Group {n}.zip": zipped({f"student{n}.zip": zipped({FIRST: FULL})}) for n in (1, 2)}
    found = find(export(tmp_path / "c", zips, form))
    assert found.people == {
        f"student{n}": Person(f"student{n}", section=f"Group {n}") for n in (1, 2)
    }


def test_folders_within_a_hand_in_are_no_sections(tmp_path):
    contents = {
        f"ash/work/{FIRST}": FULL, f"birch/homework/{FIRST}": FULL, f"cedar/old/{FIRST}": PART,
        f"cedar/new/{FIRST}": FULL, f"A/lesson 1/{FIRST}": FULL, f"B/01_convolution_by_hand/{FIRST}": PART,
    }  # fmt: skip
    found = find(export(tmp_path / "class", contents))
    assert found.people.keys() == {"ash", "birch", "cedar", "A", "B"}


@forms
def test_folders_of_assignments_hold_the_same_people(tmp_path, form):
    moodles = {
        "Lesson 1-4711.zip": zipped({f"Anna Alder_1_assignsubmission_file_/{FIRST}": FULL,
                                     f"Gus Gum_2_assignsubmission_file_/{FIRST}": FULL,
                                     f"Gus Gum_3_assignsubmission_file_/{FIRST}": FULL}),
        "Lesson 2-4712.zip": zipped({f"Anna Alder_7_assignsubmission_file_/{SECOND}": TWO,
                                     f"Gus Gum_2_assignsubmission_file_/{SECOND}": TWO}),
    }  # fmt: skip
    found = find(export(tmp_path / "a", moodles, form))
    assert rows(found) == [
        ("Anna Alder", 1), ("Anna Alder", 2), ("Gus Gum (2)", 1), ("Gus Gum (2)", 2),
        ("Gus Gum (3)", 1),
    ]  # fmt: skip
    plain = {f"week 1/ash/{FIRST}": FULL, f"week 2/ash/{SECOND}": TWO, f"week 2/elm/{SECOND}": TWO}
    found = find(export(tmp_path / "b", plain, form))
    assert rows(found) == [("ash", 1), ("ash", 2), ("elm", 2)]


METADATA = b"""---
submission_101:
  :submitters:
  - :name: Anna Alder
    :sid: '100001'
    :email: anna@example.org
  :created_at: 2024-03-01 10:15:30.123456000 Z
  :score: 7.0
submission_102:
  :submitters:
  - :name: Ben Birch
    :sid: '100002'
    :email: ben@example.org
  :created_at: 2024-03-01T11:00:00.000Z
"""


@forms
def test_gradescope(tmp_path, form):
    contents = {f"submission_{n}/{FIRST}": FULL for n in (101, 102)}
    contents |= {"submission_metadata.yml": METADATA}
    found = find(
        export(tmp_path / "x", {f"assignment_9_export/{k}": v for k, v in contents.items()}, form)
    )
    assert found.people == {
        "Anna Alder": Person("Anna Alder", "100001", "anna@example.org"),
        "Ben Birch": Person("Ben Birch", "100002", "ben@example.org"),
    }
    assert [one.handed_in for one in found.submissions] == [
        "2024-03-01T10:15:30", "2024-03-01T11:00:00"
    ]  # fmt: skip
    assert not found.unread


def test_a_name_that_is_sorted_by_the_last_is_the_same_person(tmp_path):
    found = find(
        export(tmp_path / "x", {f"Alder, Anna/{FIRST}": FULL, f"Anna Alder/{SECOND}": TWO})
    )
    assert rows(found) == [("Alder, Anna", 1), ("Alder, Anna", 2)]


def test_teams_has_a_folder_for_each_version(tmp_path):
    versions = ((1, PART), (2, FULL), (10, PART))
    contents = {f"Anna Alder/Lesson 1/Version {n}/{FIRST}": c for n, c in versions}
    found = find(export(tmp_path / "x", contents | {f"Ben/Lesson 1/Version 1/{FIRST}": FULL}))
    assert found.people.keys() == {"Anna Alder", "Ben"}
    attempts = {one.path: one.attempt for one in found.submissions if one.student != "Ben"}
    assert max(attempts, key=attempts.get) == f"Anna Alder/Lesson 1/Version 10/{FIRST}"


def test_people_with_numbers_for_names_are_no_sections(tmp_path):
    contents = {f"101/my conv/{FIRST}": FULL, f"102/conv b/{FIRST}": PART}
    assert find(export(tmp_path / "x", contents)).people.keys() == {"101", "102"}
    contents |= {f"101/elm/{FIRST}": PART}
    found = find(export(tmp_path / "x", contents))
    assert {one.section for one in found.people.values()} == {"101", "102"}


def test_three_notebooks_of_each_are_no_sections(tmp_path):
    contents = {f"{who}/{who[0]}{n}.ipynb": solved(n) for who in ("ash", "elm") for n in (1, 2, 3)}
    found = find(export(tmp_path / "x", contents))
    assert found.people == {"ash": Person("ash"), "elm": Person("elm")}
    assert found.lessons == (1, 2, 3)


def test_nbgraders_collection(tmp_path):
    stamp = b"2024-03-01 10:15:30.123456 UTC"
    contents = {
        f"submitted/aalder/ps1/{FIRST}": FULL, "submitted/aalder/ps1/timestamp.txt": stamp,
        f"submitted/bbirch/ps1/{FIRST}": PART, f"source/ps1/{FIRST}": FULL,
    }  # fmt: skip
    found = find(export(tmp_path / "course", contents))
    assert found.people.keys() == {"aalder", "bbirch"}
    assert {one.student: one.handed_in for one in found.submissions} == {
        "aalder": "2024-03-01T10:15:30", "bbirch": ""
    }  # fmt: skip
    assert not found.unread


def test_what_a_file_is_called_is_nobodys_number():
    told = moodle("Anna Alder_1_assignsubmission_file_Ben_2_assignsubmission_file_x.ipynb")
    assert told.person == Person("Anna Alder", "1")
    assert told.file == "Ben_2_assignsubmission_file_x.ipynb"
