"""The judge's side while an answer is observed: what it asks for is told, and nothing before.

What was said is written down. From that, and from the seed, anyone who judges sees the same again.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from course.checking.looking import Answer
from course.exercises import ByCalls, ByObservation, Exercise
from course.exercises.trials.rebuilding import Ran, Trial


class OutOfTurn(Exception):
    """What was said is not what comes next."""


class Talk:
    """One observation.

    Parameters
    ----------
    exercise : Exercise
    seed : int
        Of what is told.

    Attributes
    ----------
    said : list
        All that was said, in order.
    over : bool
    seen : object
        What there was to see, once it is over.
    """

    def __init__(self, exercise: Exercise, seed: int) -> None:
        assert isinstance(exercise, ByCalls | ByObservation), exercise.key
        self.said: list[Any] = []
        self.over = False
        self.seen: Any = None
        self.side = exercise.talk(np.random.default_rng(seed))
        next(self.side)

    def ask(self, said: Any = None) -> Any:
        """Answer a question of the observation.

        Raises
        ------
        OutOfTurn
            If nothing is to be told any more.
        """
        told = self.hear(said)
        if self.over or isinstance(told, Trial):
            raise OutOfTurn
        return told

    def end(self, observed: Any, run: Callable[[Trial], Ran]) -> None:
        """Hear what was observed, and have run what has to be run to see what it is.

        Raises
        ------
        OutOfTurn
            If something was left out.
        """
        told = self.hear(observed)
        while isinstance(told, Trial):
            told = self.hear(run(told))
        if not self.over:
            raise OutOfTurn

    def hear(self, said: Any) -> Any:
        """Pass on what is said."""
        if self.over:
            raise OutOfTurn
        self.said.append(said)
        try:
            return self.side.send(said)
        except StopIteration as end:
            self.over, self.seen = True, end.value
            return None


def attended(answer: Answer, talk: Talk | None, run: Callable[[Trial], Ran]) -> Answer:
    """Hear the end of an observation, if it came to one; the answer then has all that was said."""
    if talk is None or not answer.outcomes or answer.outcomes[-1].error is not None:
        return answer
    talk.end(answer.outcomes[-1].value, run)
    return answer._replace(said=tuple(talk.said))


def again(exercise: Exercise, seed: int, said: tuple[Any, ...]) -> Any:
    """What there was to see, from what was said."""
    talk = Talk(exercise, seed)
    for one in said:
        talk.hear(one)
    if not talk.over:
        raise OutOfTurn
    return talk.seen
