"""The proof of the predictions: one answer is right, each has its sentence, none is told early."""

from collections.abc import Callable, Iterator
from typing import Any

from course.checking.predicting import asked, told_of
from course.exercises import EXERCISES
from course.misprints import telling
from course.predictions import Prediction, Said, Unfit

NONSENSE: tuple[Any, ...] = ("", "no idea", None, object(), [], float("nan"))


def holes(prediction: Prediction) -> Iterator[str]:
    """Say what does not hold of a prediction, a sentence each."""
    right = [said for said in prediction.answers if not said.shows]
    if len(right) != 1:
        yield f"{len(right)} answers are right, and one should be"
        return
    yield from holes_of_answers(prediction)
    if prediction.computed is not None:
        yield from holes_of_right(prediction, right[0], prediction.computed)
    elif prediction.of_number:
        yield "nothing works the right number out (`computed`)"
    if not prediction.question.rstrip().endswith("?"):
        yield "the question does not end with a question mark"
    if prediction.key in EXERCISES:
        yield "an exercise has the same key"
    for given in NONSENSE:
        try:
            said = prediction.understood(given)
        except Unfit:
            continue
        yield f"{given!r} is taken for the answer {said.answer!r}"
    question = str(asked(prediction))
    for said in prediction.answers:
        if said.why in question:
            yield f"the question tells what {said.answer!r} will be told"


def holes_of_right(
    prediction: Prediction, right: Said, computed: Callable[[], Any]
) -> Iterator[str]:
    """Work the right answer out, and say if it is another."""
    slips: list[str] = []
    with telling(slips.append):
        found = computed()
    if slips:
        yield f"the right answer can't be worked out: {slips[0]}"
        return
    try:
        agrees = (
            abs(float(found) - float(right.answer)) <= prediction.within + 1e-9
            if prediction.of_number
            else found == right.answer
        )
    except (TypeError, ValueError):  # no number came out
        agrees = False
    if not agrees:
        yield f"{right.answer!r} is said to be right, and {found!r} is what comes out"


def holes_of_answers(prediction: Prediction) -> Iterator[str]:
    """Try every answer: it is understood, judged as it should be, and has words of its own."""
    if len(prediction.answers) < 2:
        yield "at least two answers are wanted, one of them wrong"
    sentences = [said.why for said in prediction.answers] + [prediction.otherwise]
    if len(set(sentences)) != len(sentences):
        yield "two answers have the same sentence"
    for said in prediction.answers:
        if not said.why.rstrip().endswith((".", "?", ")")):
            yield f"{said.answer!r} has no sentence"
        for given in ways_to_write(said):
            try:
                understood = prediction.understood(given)
            except Unfit as error:
                yield f"{given!r} is not understood: {error}"
                continue
            if understood.shows != said.shows or understood.why != said.why:
                yield f"{given!r} is taken for {understood.answer!r}"
            told = told_of(prediction, understood)
            if bool(told) == bool(said.shows) or said.why not in told.message:
                yield f"{given!r} is not told what fits it"
    if prediction.of_number:
        numbers = [float(said.answer) for said in prediction.answers]
        further = max(map(abs, numbers)) * 3 + 7 + prediction.within
        if bool(told_of(prediction, prediction.understood(further))):
            yield f"{further:g} is taken for right"


def ways_to_write(said: Said) -> Iterator[object]:
    """An answer as people may write it."""
    yield said.answer
    if isinstance(said.answer, str):
        yield f" {said.answer.upper()} "
    else:
        yield f"{said.answer:,}"
        yield float(said.answer)
