"""``predict.KEY(answer)``: a question that one answers before one sees the answer."""

import difflib
import html
import os
from typing import Any

from course.checking import progress
from course.checking.result import APPEARANCE, Paragraphs, paragraph, show
from course.predictions import PREDICTIONS, Prediction, Said, Unfit

ASKED = "#7a7a7a"  # the bar beside a question: as beside what has not been attempted


class Told:
    """What is shown of a prediction: the question, or what became of an answer.

    Attributes
    ----------
    key : str
    status : {"asked", "right", "not yet"}
    message : str
        What the learner reads, as plain text.
    """

    def __init__(self, key: str, status: str, headline: str, message: str, fold: str = "") -> None:
        self.key, self.status, self.headline, self.message = key, status, headline, message
        self.fold = fold

    def __bool__(self) -> bool:
        return self.status == "right"

    def __str__(self) -> str:
        return f"{self.headline}\n{self.message}"

    __repr__ = __str__

    def _ipython_display_(self) -> None:
        show(self)

    def as_html(self) -> str:
        colour = {"right": APPEARANCE["passed"][2], "not yet": APPEARANCE["failed"][2]}.get(
            self.status, ASKED
        )
        paragraphs = "".join(map(paragraph, self.message.split("\n\n")))
        folded = ""
        if self.fold:
            answer = "".join(map(paragraph, self.fold.split("\n\n")))
            folded = f"<details><summary>Answer</summary>{answer}</details>"
        return (
            f'<div role="status" style="border-left: 4px solid {colour}; padding: 2px 12px">'
            f'<p style="font-weight: bold; margin: 4px 0">{html.escape(self.headline)}</p>'
            f"{paragraphs}{folded}</div>"
        )


class Predict:
    """One question. Call it with your answer; without one it asks."""

    def __init__(self, prediction: Prediction) -> None:
        self.prediction = prediction
        self.__doc__ = prediction.question

    def __call__(self, answer: Any = ..., *more: Any) -> Told:
        """Ask, or take an answer: remember it, and tell whether it is right, and why.

        There are no points, and no answer costs anything. The first one is remembered as what you
        thought before you knew.

        Parameters
        ----------
        answer : str or number, optional
            One of the choices, or a number.

        Returns
        -------
        Told
        """
        if answer is ...:
            told = asked(self.prediction)
        elif more:
            told = asked(self.prediction, too_many(self.prediction, (answer, *more)))
        else:
            try:
                said = self.prediction.understood(answer)
            except Unfit as error:
                told = asked(self.prediction, f"{error}")
            else:
                progress.believe(self.prediction.key, str(said.answer), not said.shows)
                told = told_of(self.prediction, said)
        show(told)
        return told

    def __repr__(self) -> str:
        return str(asked(self.prediction))


def too_many(prediction: Prediction, answers: tuple[Any, ...]) -> str:
    """Say that one answer is wanted, and how a number is written where one may be meant."""
    first = f"One answer is wanted, and these are {len(answers)}."
    if not prediction.of_number or not all(type(one) is int for one in answers):
        return first
    if 0 < answers[0] < 1000 and all(100 <= one < 1000 for one in answers[1:]):
        number = int("".join(map(str, answers)))
        return f"{first} Python knows no comma in a number: {number:,} is written {number}"
    if len(answers) == 2:
        return f"{first} A decimal number has a point: {answers[0]}.{answers[1]}"
    return first


def asked(prediction: Prediction, first: str = "") -> Told:
    """Ask. Where a lesson is made by a machine, the answer is folded away below the question."""
    if prediction.of_number:
        how = f"Put a number in place of the dots: predict.{prediction.key}(...)"
    else:
        choices = (f'predict.{prediction.key}("{said.answer}")' for said in prediction.answers)
        how = "Choose one:\n" + "\n".join(choices)
    parts = filter(None, [first, prediction.question, how])
    right = prediction.right
    watched = os.environ.get("COURSE_STRICT") == "1"
    fold = f"{written(right)}. {right.why}" if watched else ""
    return Told(prediction.key, "asked", "? Predict", "\n\n".join(parts), fold)


def told_of(prediction: Prediction, said: Said) -> Told:
    """Say whether an answer is right, and why, in the words that fit it."""
    right = not said.shows
    symbol, word = ("✓", "Right") if right else ("✗", "Not yet")
    message = "\n\n".join([f"You said {written(said)}. {said.why}", prediction.see])
    headline = f"{symbol} {prediction.key}: {word}"
    return Told(prediction.key, "right" if right else "not yet", headline, message)


def written(said: Said) -> str:
    """An answer as one writes it in a sentence."""
    return f"{said.answer:,.10g}" if isinstance(said.answer, int | float) else f'"{said.answer}"'


class Predictions:
    """All questions, by their keys."""

    def __getattr__(self, key: str) -> Predict:
        if key.startswith("_"):
            raise AttributeError(key)
        if key not in PREDICTIONS:
            near = difflib.get_close_matches(key, PREDICTIONS, n=1)
            meant = f" Did you mean `{near[0]}`?" if near else ""
            raise AttributeError(f"There is no prediction named `{key}`.{meant}")
        return Predict(PREDICTIONS[key])

    def __call__(self, *answer: Any) -> None:
        """Say that a question is asked by its key."""
        show(Paragraphs("Each question has a name, and is answered by it: predict.KEY(answer)"))

    def __dir__(self) -> list[str]:
        return list(PREDICTIONS)

    def __repr__(self) -> str:
        return f"{len(PREDICTIONS)} predictions: predict.KEY() asks, predict.KEY(answer) tells"


predict = Predictions()
