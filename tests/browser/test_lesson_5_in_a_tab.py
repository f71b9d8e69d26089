"""Lesson 5 in a browser tab, where there is no Keras: six exercises, from stored networks."""

from running import address, execute

from course.exercises import exercises_of
from course.lessons import LESSONS
from course.site.lab.build import notebook_there

LESSON = LESSONS[5]
COLAB = "https://colab.research.google.com/github/"


def test_all_of_it_that_needs_no_keras_earns_its_points_and_the_rest_says_where_it_runs(tab, site):
    page = tab.context.new_page()
    page.goto(address(site, LESSON.number))
    note = page.locator(
        ".jp-MarkdownOutput", has_text="This needs Keras, which no browser has"
    ).first
    link = note.get_by_role("link", name="open the lesson in Colab")
    assert str(link.get_attribute("href")).startswith(COLAB)
    page.close()

    told = {
        cell.id: execute(tab, cell.source)
        for cell in notebook_there(LESSON, solved=True).cells
        if cell.cell_type == "code"
    }
    for exercise in exercises_of(LESSON.number):
        word = "Not attempted" if exercise.keras else "Passed"
        assert f"{exercise.key}: {word}" in told[f"{exercise.key}-check"]
        assert exercise.keras == ("No browser has Keras" in told[f"{exercise.key}-check"])
    assert "13 of 16, in the second 13 of 16" in told["dead_channels-4"]
    points = sum(one.points for one in exercises_of(LESSON.number) if not one.keras)
    said = execute(tab, "from course import progress\nprint(progress())")
    assert f"{points} of 100 points" in said
