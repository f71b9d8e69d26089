"""A class list is read as any platform exports it, and nobody is taken for somebody else."""

import pytest

from course.grading.graded import Person
from course.grading.naming import keys
from course.grading.roster import match, meant, roster
from course.trouble import Trouble

ANNA = Person("Anna Alder", "007", "anna@uni.example", "A")

EXPORTS = {
    "plain": "name,id,email,section\nAnna Alder,007,anna@uni.example,A\n",
    "Moodle's participants": (
        '"First name","Last name","ID number","Email address",Groups\n'
        "Anna,Alder,007,anna@uni.example,A\n"
    ),
    "Moodle in German": (
        "Vorname;Nachname;ID-Nummer;E-Mail-Adresse;Gruppen\nAnna;Alder;007;anna@uni.example;A\n"
    ),
    "Moodle in French": (
        "Prénom,Nom,Numéro d'identification,Adresse de courriel,Groupes\n"
        "Anna,Alder,007,anna@uni.example,A\n"
    ),
    "Moodle in Spanish": (
        "Nombre,Apellido(s),Número de ID,Dirección de correo,Grupos\n"
        "Anna,Alder,007,anna@uni.example,A\n"
    ),
    "Blackboard": (
        '"Last Name","First Name","Username","Student ID","Email","Section"\n'
        '"Alder","Anna","aalder","007","anna@uni.example","A"\n'
    ),
    "Excel in Germany": "sep=;\nName;ID;E-Mail;Gruppe\nAnna Alder;'007;anna@uni.example;A\n",
    "Gradescope": "Name,SID,Email,Sections\nAnna Alder,007,anna@uni.example,A\n",
    "under a title": "Course,Convolutions\n\nname,id,email,section\nAnna Alder,007,anna@uni.example,A\n",
}


@pytest.fixture
def listed(tmp_path):
    """Read a table as a class list."""

    def read(text, encoding="utf-8"):
        file = tmp_path / "class.csv"
        file.write_bytes(text.encode(encoding))
        return roster(file)

    return read


@pytest.mark.parametrize("text", EXPORTS.values(), ids=EXPORTS)
def test_every_platforms_columns_are_known(listed, text):
    (anna,) = listed(text).entries
    assert anna.person._replace(id=anna.person.id.removeprefix("'")) == ANNA


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_every_spreadsheets_letters_and_separators_are_read(listed, encoding, delimiter):
    text = f'name{delimiter}id\n"Zoë Müller"{delimiter}0012\n'
    (zoe,) = listed(text, encoding).entries
    assert zoe.person == Person("Zoë Müller", "0012")


def test_canvas_rows_that_are_nobody_are_left_out_and_told(listed):
    found = listed(
        "Student,ID,SIS User ID,SIS Login ID,Section,Lesson 1 (5678)\n"
        "    Points Possible,,,,,18\n"
        '"Alder, Anna",12345,007,aalder,A,\n'
        '"Student, Test",99999,,,A,\n'
    )
    (anna,) = found.entries
    assert anna.person == Person("Alder, Anna", "12345", "", "A")
    assert (anna.ids, anna.logins) == ({"12345", "007"}, {"aalder"})
    assert found.told == (
        "class.csv, line 4 is no student: Student, Test is the platform's own, to try things with.",
    )


def test_moodles_teachers_are_no_students(listed):
    found = listed("First name,Last name,Roles\nAnna,Alder,Student\nTom,Teak,Teacher\n")
    assert [entry.person.name for entry in found.entries] == ["Anna Alder"]
    assert "Tom Teak is Teacher" in found.told[0]


def test_githubs_identifier_is_whatever_the_teacher_made_it(listed):
    found = listed(
        "identifier,github_username,github_id,name\n"
        "Anna Alder,octocat,583231,\nben@uni.example,benb,7,Ben Birch\n"
    )
    assert [entry.person.name for entry in found.entries] == ["Anna Alder", "Ben Birch"]
    people = {name: Person(name) for name in ("octocat", "benb")}
    assert match(found, people).of == {"octocat": 0, "benb": 1}


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"points,total\n1,2\n", "No column of .* is known to be a name: there are points, total"),
        (b"name,id\nAlder, Anna,7\n", "line 2 has 3 cells.*A name with a comma in it stands in"),
        (b"PK\x03\x04...", "is a workbook.*save it as CSV"),
        (b"", "There is nothing in"),
        (b"name,id\n", "There is no student in"),
    ],
)
def test_what_is_no_class_list_is_a_sentence(tmp_path, raw, said):
    file = tmp_path / "class.csv"
    file.write_bytes(raw)
    with pytest.raises(Trouble, match=said):
        roster(file)


CLASS = (
    "name,id,email,username\n"
    '"Alder, Anna",1,anna@uni.example,aalder\n'
    "Jürgen Müller,2,jm@uni.example,\n"
    "Gus Gum,100007,,\nGus Gum,100008,,\n"
    "Dora O'Brien,4,,\nZoë van der Berg,5,,\n"
)


@pytest.mark.parametrize(
    ("person", "place"),
    [
        (Person("Anna Alder"), 0),
        (Person("ANNA ALDER"), 0),
        (Person("alderanna"), 0),  # Canvas
        (Person("aalder"), 0),  # Blackboard
        (Person("x", email="Anna@uni.example"), 0),
        (Person("Mueller Juergen"), 1),
        (Person("Ju\u0308rgen Mu\u0308ller"), 1),  # a Mac's letters
        (Person("jurgen muller"), 1),
        (Person("Gus Gum", "100008"), 3),
        (Person("obriendora"), 4),
        (Person("Dora OBrien"), 4),
        (Person("vanderbergzoe"), 5),
        (Person("Berg, Zoe van der"), 5),
    ],
)
def test_people_are_found_by_number_address_login_and_name(listed, person, place):
    found = match(listed(CLASS), {"someone": person})
    assert found.of == {"someone": place}
    assert place not in found.absent


@pytest.mark.parametrize(
    ("people", "said"),
    [
        ({"g": Person("Gus Gum")}, "Several in class.csv fit, so none was taken: Gus Gum (line 4)"),
        ({"Anna Alde": Person("Anna Alde")}, "The nearest name there is Alder, Anna."),
        (
            {"a": Person("Anna Alder"), "b": Person("Alder Anna")},
            "Alder, Anna in class.csv fits, and b fits as well.",
        ),
        # A number that is one person's, under the name of another.
        ({"j": Person("Jürgen Müller", "1")}, "Several in class.csv fit, so none was taken"),
    ],
)
def test_where_two_fit_nobody_is_taken_and_the_teacher_is_told(listed, people, said):
    found = match(listed(CLASS), people)
    assert found.of == {}
    assert said in " ".join(what for _, what in found.told)


def test_of_two_that_fit_the_one_with_the_number_is_the_person(listed):
    people = {"a": Person("Anna Alder", "1"), "b": Person("Anna Alder")}
    found = match(listed(CLASS), people)
    assert found.of == {"a": 0}
    assert [who for who, _ in found.told] == ["b"]


def test_who_handed_in_nothing_is_known(listed):
    assert match(listed(CLASS), {"a": Person("Anna Alder")}).absent == (1, 2, 3, 4, 5)


def test_a_row_that_stands_twice_is_one_person_and_told(listed):
    found = listed("name,id\nAnna,1\nAnna,1\n")
    assert len(found.entries) == 1
    assert found.told == ("class.csv, line 3 is Anna of line 2 again.",)


def test_a_name_of_nothing_but_marks_is_like_no_other():
    assert list(keys("...")) == list(keys("")) == []


@pytest.mark.parametrize("name", ["Anna Alder", "alder", "007", "'007", "Alder, Anna"])
def test_the_teacher_names_somebody_as_they_like(listed, name):
    found = listed('name,id\n"Alder, Anna",007\n')
    people = {"alder": Person("Anna Alder"), "oak": Person("oak")}
    assert meant([name], people, found) == ["alder"]


def test_nobody_is_graded_again_by_a_guess():
    people = {
        "gum": Person("Gus Gum", "1"),
        "gum (2)": Person("Gus Gum", "2"),
        "oak": Person("oak"),
    }
    with pytest.raises(Trouble, match=r"Several fit: gum, gum \(2\)"):
        meant(["Gus Gum"], people, None)
    with pytest.raises(Trouble, match=r"nobody of this name handed in\. Is oak meant"):
        meant(["oakk"], people, None)


def test_a_name_that_is_spelled_alike_comes_before_one_in_other_letters(listed):
    held = listed("name\nZoë Müller\nzoe muller\n")
    people = {name: Person(name) for name in ("zoe muller", "Zoë Müller", "Zoe\u0308 Mu\u0308ller")}
    two = {name: people[name] for name in ("zoe muller", "Zoë Müller")}
    assert match(held, two).of == {"Zoë Müller": 0, "zoe muller": 1}
    for name in people:
        expected = "zoe muller" if name == "zoe muller" else "Zoë Müller"
        assert meant([name], two, held) == meant([name], two, None) == [expected]
    with pytest.raises(Trouble, match="Several fit"):
        meant(["ZOE MÜLLER"], two, None)
