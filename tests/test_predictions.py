"""A prediction is asked, committed to, told and remembered; nothing gives it away before."""

import re
from dataclasses import replace

import nbformat
import pytest

from course import predict
from course.authoring import source
from course.authoring.predicted import holes
from course.authoring.source import CannotBuild, read_source
from course.checking import progress
from course.checking.predicting import Predict, asked
from course.checking.progress import believed
from course.checking.progress_map import Progress
from course.grading.beliefs import believed as believed_in
from course.grading.cage.standins import Silent
from course.grading.counting import count
from course.grading.graded import Graded, Submission
from course.grading.reports.gradebook import gradebook
from course.grading.reports.pages import class_page
from course.grading.reports.run import Run
from course.lessons import LESSONS
from course.predictions import PREDICTIONS, Prediction, Said
from course.site.lesson import page_of

CHOICE = Prediction(
    key="darker",
    lesson=1,
    question="Does it become darker?",
    answers=(Said("yes", "It becomes darker by 3.", "signs swapped"), Said("No, never", "By 0.")),
    computed=lambda: "No, never",
)
NUMBER = Prediction(
    key="how_many",
    lesson=2,
    question="How many?",
    answers=(Said(1600, "5 times 5 times 64."), Said(25, "There are 64 maps.", "maps forgotten")),
    otherwise="Count the maps, too.",
    computed=lambda: 5 * 5 * 64,
)


@pytest.fixture(autouse=True)
def own_progress(tmp_path, monkeypatch):
    """A progress file of its own, and two more predictions."""
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "progress.sqlite"))
    monkeypatch.setattr(progress, "_in_memory", None)
    monkeypatch.delenv("COURSE_STRICT", raising=False)
    for one in (CHOICE, NUMBER):
        monkeypatch.setitem(PREDICTIONS, one.key, one)


# --- Asking and telling ---------------------------------------------------------------------------


@pytest.mark.parametrize("given", [(), (...,)])
def test_without_an_answer_it_asks_and_remembers_nothing(given, capsys):
    told = predict.darker(*given)
    assert (told.status, bool(told)) == ("asked", False)
    shown = capsys.readouterr().out
    assert "Does it become darker?" in shown
    assert 'predict.darker("yes")' in shown and 'predict.darker("No, never")' in shown
    assert "by 3" not in shown and "By 0" not in shown
    assert believed() == {}


@pytest.mark.parametrize("given", ["No, never", "no, never", " NO NEVER. "])
def test_a_right_choice_is_told_why_however_it_is_written(given):
    told = predict.darker(given)
    assert told and "By 0." in told.message and "Run the next cell" in told.message


def test_a_wrong_choice_is_told_what_fits_it():
    told = predict.darker("yes")
    assert told.status == "not yet" and "darker by 3" in told.message
    assert "✗ darker: Not yet" in told.as_html()


@pytest.mark.parametrize("given", [1600, 1600.0, "1,600", "1600"])
def test_a_number_may_be_written_as_people_write_it(given):
    assert predict.how_many(given)


def test_a_number_that_nobody_expected_gets_a_sentence_that_helps_and_does_not_tell():
    told = predict.how_many(77)
    assert told.status == "not yet" and "Count the maps, too." in told.message
    assert "1600" not in told.message.replace(",", "")


@pytest.mark.parametrize(
    ("key", "given", "said"),
    [
        ("darker", "perhaps", "'perhaps' is none of the choices"),
        ("darker", 3, '3 is none of the choices. They are "yes", "No, never".'),
        ("how_many", "a lot", "'a lot' is no number"),
        ("how_many", True, "True is no number"),
        ("how_many", None, "None is no number"),
        ("how_many", float("inf"), "can't be the answer"),
    ],
)
def test_what_is_no_answer_is_named_asked_again_and_not_remembered(key, given, said):
    told = getattr(predict, key)(given)
    assert told.status == "asked" and said in told.message
    assert PREDICTIONS[key].question in told.message
    assert believed() == {}


@pytest.mark.parametrize(
    ("key", "given", "said"),
    [
        ("how_many", (0, 75), "these are 2. A decimal number has a point: 0.75"),
        ("how_many", (1, 600), "Python knows no comma in a number: 1,600 is written 1600"),
        ("how_many", (1, 386, 506), "1,386,506 is written 1386506"),
        ("how_many", (0, 600), "A decimal number has a point: 0.600"),
        ("how_many", (4, 5, 8, 9), "One answer is wanted, and these are 4.\n"),
        ("darker", ("yes", "no"), "One answer is wanted, and these are 2.\n"),
    ],
)
def test_several_answers_at_once_are_asked_again_and_not_remembered(key, given, said):
    told = getattr(predict, key)(*given)
    assert told.status == "asked" and said in told.message
    assert believed() == {}


def test_an_unknown_prediction_is_named_with_the_nearest():
    with pytest.raises(AttributeError, match="Did you mean `darker`"):
        _ = predict.darkr


def test_an_answer_to_no_question_is_told_where_its_name_stands(capsys):
    predict(5)
    assert "predict.KEY(answer)" in capsys.readouterr().out


def test_its_name_alone_asks_too():
    assert "Does it become darker?" in repr(predict.darker)


# --- Remembering ----------------------------------------------------------------------------------


def test_the_first_answer_is_what_was_believed_and_the_last_is_kept_beside_it():
    predict.darker("yes")
    predict.darker("No, never")
    assert believed() == {"darker": ("darker", "yes", False, "No, never")}


def test_progress_counts_what_was_right_at_first_and_names_the_others():
    predict.darker("yes")
    predict.darker("No, never")
    predict.how_many(1600)
    lines = (
        f"{LESSONS[1].heading}: 0 of 1 prediction right at first, not darker.",
        f"{LESSONS[2].heading}: 1 of 1 prediction right at first.",
    )
    shown = Progress()
    assert tuple(shown.predictions()) == lines
    assert all(line in str(shown) and line in shown._repr_html_() for line in lines)


def test_whoever_predicted_nothing_reads_nothing_of_it():
    assert "right at first" not in str(Progress()) + Progress()._repr_html_()


# --- Proving --------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", [*PREDICTIONS])
def test_every_answer_of_a_prediction_holds(key):
    assert list(holes(PREDICTIONS[key])) == []


@pytest.mark.parametrize(
    ("prediction", "hole"),
    [
        (replace(CHOICE, answers=CHOICE.answers[:1]), "0 answers are right"),
        (replace(CHOICE, answers=(*CHOICE.answers, Said("x", "Y."))), "2 answers are right"),
        (replace(CHOICE, answers=CHOICE.answers[1:]), "at least two answers"),
        (replace(CHOICE, computed=lambda: "yes"), "'yes' is what comes out"),
        (replace(NUMBER, computed=lambda: 1601), "1601 is what comes out"),
        (replace(NUMBER, computed=None), "nothing works the right number out"),
        (replace(NUMBER, within=2000.0), "25 is taken for 25"),
        (replace(CHOICE, question="It becomes darker."), "question mark"),
        (replace(CHOICE, question="By 0. Does it?"), "the question tells"),
        (replace(CHOICE, key="relu"), "an exercise has the same key"),
        (
            replace(CHOICE, answers=(Said("No never", "A.", "b"), Said("no, never", "C."))),
            "is taken",
        ),
        (replace(CHOICE, answers=(Said("yes", "", "b"), Said("No, never", "C."))), "no sentence"),
    ],
)
def test_the_proof_finds(prediction, hole):
    assert hole in "\n".join(holes(prediction))


# --- In the lessons -------------------------------------------------------------------------------


@pytest.mark.parametrize("number", LESSONS)
def test_no_cell_before_a_prediction_holds_its_number(number):
    """Small numbers stand everywhere; from 100 on, and with a fraction, they would be the answer."""
    lesson = LESSONS[number]
    shown = ""
    for cell in nbformat.read(lesson.solution(), as_version=4).cells:
        prediction = PREDICTIONS.get(cell.id.removesuffix("-predict"))
        if prediction and cell.id.endswith("-predict"):
            wanted = abs(float(prediction.right.answer)) if prediction.of_number else 0
            if wanted >= 100 or wanted % 1:
                written = {f"{wanted:g}", f"{wanted:,.10g}"}
                tokens = {token.rstrip(".,") for token in re.findall(r"[\d.,]+", shown)}
                asked_with = set(re.findall(r"[\d.,]+", prediction.question))
                assert not written & (tokens - asked_with), prediction.key
            continue
        shown += cell.source + "\n"
        if cell.cell_type == "code":
            for output in cell.outputs:
                shown += output.get("text", output.get("data", {}).get("text/plain", "")) + "\n"


def test_a_learner_sees_no_answer_and_our_own_run_folds_it_away(monkeypatch):
    assert "<details>" not in asked(CHOICE).as_html()
    monkeypatch.setenv("COURSE_STRICT", "1")
    html = asked(CHOICE).as_html()
    assert "<details><summary>Answer</summary>" in html and "By 0." in html
    assert "By 0." not in str(asked(CHOICE))


def test_a_page_shows_the_question_and_folds_the_answer_and_what_shows_it():
    output = nbformat.v4.new_output("display_data", {"text/html": "<p>Which?</p>"})
    seen = nbformat.v4.new_output("stream", text="577")
    notebook = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_markdown_cell("# 1. A\n\n**facts**\n\nA lead.", id="first"),
            nbformat.v4.new_code_cell("predict.a(...)", id="a-predict", outputs=[output]),
            nbformat.v4.new_code_cell("print(577)", id="x", outputs=[seen]),
        ]
    )
    _, question, shown = page_of("01_a", notebook).blocks
    assert question.code == "" and "Which?" in question.results[0] and not question.folded
    assert shown.folded


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ("", "there is no cell for the prediction `darker`"),
        ('# %% predict="darker"\npredict.darker("yes")\n', "and nothing else"),
        ('# %% predict="darker"\npredict.darker(...)\n' * 2, "asked more than once"),
        ('# %% predict="how_many"\npredict.how_many(...)\n', "lesson 1 has no prediction"),
    ],
)
def test_a_lesson_asks_each_of_its_predictions_once(course, monkeypatch, cells, said):
    monkeypatch.setattr(source, "PREDICTIONS", {"darker": CHOICE})
    course.write(course.source.read_text("utf-8") + cells)
    with pytest.raises(CannotBuild, match=re.escape(said)):
        read_source(LESSONS[1], course.root)


def test_a_cell_that_asks_keeps_its_name_and_moves_no_other(course, monkeypatch):
    before = [cell.id for cell in read_source(LESSONS[1], course.root).cells]
    monkeypatch.setattr(source, "PREDICTIONS", {"darker": CHOICE})
    text = course.source.read_text("utf-8")
    asking = '# %% predict="darker"\npredict.darker(...)\n# %% exercise='
    course.write(text.replace("# %% exercise=", asking))
    after = [cell.id for cell in read_source(LESSONS[1], course.root).cells]
    assert [one for one in after if one != "darker-predict"] == before
    assert "darker-predict" in after


# --- In a graded class ----------------------------------------------------------------------------

CELLS = (
    'predict.darker("Yes")',
    "predict.how_many(...)",
    "predict.darker(answer)",
    "predict.darker(open('x'))",
    "predict.nothing(3)\npredict.darker(",
)


def test_what_a_student_predicted_is_read_and_not_run():
    assert believed_in(1, CELLS) == (("darker", "yes"),)
    assert believed_in(2, [*CELLS, "predict.how_many(25)", "x = predict.how_many('1,600')"]) == (
        ("how_many", "1600.0"),
    )
    assert believed_in(2, ["predict.how_many(" + "-" * 10_000 + "1)"]) in (
        (),
        (("how_many", "1.0"),),
    )


def test_the_teacher_reads_what_the_class_believed():
    class_ = [
        Graded(name, 1, ()).of(Submission(name, 1, (f"predict.darker({answer!r})",)))
        for name, answer in (("a", "yes"), ("b", "yes"), ("c", "No, never"), ("d", "perhaps"))
    ]
    page = class_page(gradebook(count(class_), [1]), Run())
    assert "1 of 3 right" in page and "yes (signs swapped): 2 students" in page
    assert "Predictions" not in class_page(gradebook(count([Graded("a", 1, ())]), [1]), Run())


def test_predict_is_described_by_its_question():
    assert Predict(CHOICE).__doc__ == CHOICE.question


def test_a_graded_notebook_may_answer_and_is_told_nothing():
    for answer in ((), (...,), ("smaller",), (577,)):
        assert repr(Silent().one_step_right(*answer)) == "not shown"
