"""What a prediction is: a question that is answered before the cell is run that shows it."""

import math
import numbers
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from course.misprints import demand, has_text


class Said(NamedTuple):
    """An answer that people give, and what they read when they have given it.

    Attributes
    ----------
    answer : str or float
        A choice, or a number.
    why : str
        In the words that fit this answer, with the number that shows it.
    shows : str
        The misconception behind it, in a few words for a teacher. The right answer has none.
    """

    answer: str | float
    why: str
    shows: str = ""


class Unfit(ValueError):
    """What was given is no answer to the question; the text says what would be one."""


@dataclass(frozen=True, kw_only=True)
class Prediction:
    """One question, asked before there is anything to see.

    Parameters
    ----------
    key : str
        Short; says what is asked. ``predict.KEY(answer)`` answers it.
    lesson : int
        Its number.
    question : str
        Without a hint of the answer.
    answers : tuple of Said
        One of them is right. Of a choice, all that there are, in the order in which they are
        shown; of a number, the wrong ones that people give.
    otherwise : str
        Where a number is wanted: what to say to one that is not among the answers.
    within : float
        How far a number may be from the right one.
    computed : callable, optional
        Works the right answer out. The proof demands that it agrees.
    see : str
        What to do to see it.
    """

    key: str
    lesson: int
    question: str
    answers: tuple[Said, ...]
    otherwise: str = ""
    within: float = 0.0
    computed: Callable[[], Any] | None = None
    see: str = "Run the next cell to see it."

    def __post_init__(self) -> None:
        owner = f"the prediction `{self.key}`"
        demand(has_text(self.key), "a prediction", "key", self.key, "a text")
        demand(has_text(self.question), owner, "question", self.question, "a text")
        said = isinstance(self.answers, tuple) and all(
            isinstance(one, Said) and isinstance(one.why, str) for one in self.answers
        )
        demand(said, owner, "answers", self.answers, "a tuple of Said(answer, why, shows)")
        figures = {isinstance(one.answer, numbers.Real) for one in self.answers}
        other = has_text(self.otherwise) or figures != {True}
        demand(other, owner, "otherwise", self.otherwise, "what any other number is told")
        wanted = "a number in each, or no `otherwise`,"
        demand(not self.otherwise or False not in figures, owner, "answers", self.answers, wanted)
        computed = self.computed is None or callable(self.computed)
        demand(computed, owner, "computed", self.computed, "a function of nothing")

    @property
    def right(self) -> Said:
        """The right answer."""
        return next(said for said in self.answers if not said.shows)

    @property
    def of_number(self) -> bool:
        """Whether a number is wanted, not one of some choices."""
        return bool(self.otherwise)

    def understood(self, given: Any) -> Said:
        """Find what was answered.

        Raises
        ------
        Unfit
            If it is none of the choices, or no number.
        """
        if self.of_number:
            number = as_number(given)
            for said in sorted(self.answers, key=lambda said: bool(said.shows)):
                near = self.within if not said.shows else 1e-9 * max(1, abs(float(said.answer)))
                if abs(number - float(said.answer)) <= near + 1e-12:
                    return said._replace(answer=number)
            return Said(number, self.otherwise, "another number")
        for said in self.answers if isinstance(given, str | int | float) else ():
            if plain(said.answer) == plain(given):
                return said
        choices = ", ".join(f'"{said.answer}"' for said in self.answers)
        raise Unfit(f"{given!r} is none of the choices. They are {choices}.")


def as_number(given: Any) -> float:
    """Read a number as people write it: 1600, "1,600", "39%"."""
    text = given
    if hasattr(given, "item") and getattr(given, "size", 0) == 1:
        text = given.item()
    if isinstance(text, str):
        text = plain(text).removesuffix("%")
    elif isinstance(text, bool) or not isinstance(text, numbers.Real):
        raise Unfit(f"{given!r} is no number, and one number is wanted.")
    try:
        number = float(text)
    except ValueError:
        raise Unfit(f"{given!r} is no number, and one number is wanted.") from None
    if not math.isfinite(number):
        raise Unfit(f"{given!r} can't be the answer: a plain number is wanted.")
    return number


def plain(text: Any) -> str:
    """Write a choice without what may differ: case, spaces, quotes, commas, the kind of minus."""
    return str(text).casefold().translate(ALIKE).rstrip(".")


ALIKE = str.maketrans("×−", "x-", ", \t\n'\"`")
