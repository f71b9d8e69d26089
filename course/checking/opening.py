"""A failed call in the moving window: the right sums, and what came back beside them."""

import html
from collections.abc import Sequence
from typing import Any, NamedTuple

from course.checking.calling import Outcome
from course.checking.comparing import Difference
from course.checking.picturing import IN_VALUES, described
from course.exercises import EXERCISES, ByCalls, Call


class Opening(NamedTuple):
    """One call to open the window on.

    Attributes
    ----------
    key : str
        The exercise, which knows how.
    call : Call
    theirs : object
        What came back.
    told : bool
        Whether it is the call of the message.
    sized : bool
        Whether what came back has the right size, and is wrong in its values.
    """

    key: str
    call: Call
    theirs: Any
    told: bool = True
    sized: bool = True

    def as_html(self) -> str:
        """Open it, at the first wrong value; nothing if the window can't show this call."""
        from helpers.stepper.page import output  # it takes longer than the check

        exercise = EXERCISES[self.key]
        assert isinstance(exercise, ByCalls)
        assert exercise.window is not None
        try:
            opened = exercise.window(*self.call.args, **self.call.kwargs, theirs=self.theirs)
        except (TypeError, ValueError):  # too large, too many axes, no numbers
            return ""
        title = html.escape(described(exercise, self.call)[0])
        before = "" if self.told else "Another call that goes wrong: "
        begins = (
            "It begins where yours is first wrong." if self.sized else "Yours has another size."
        )
        words = f"{before}<code>{title}</code>, step by step. {begins}"
        return f"<p>{words}</p>{output(opened)}"


def opening(
    exercise: ByCalls,
    calls: Sequence[Call],
    outcomes: Sequence[Outcome],
    found: Sequence[Difference | None],
    first: int,
) -> Opening | None:
    """Choose the call to open the window on: that of the message, or the first public one.

    The window tells the right answer, so never a hidden one.
    """
    if exercise.window is None:
        return None
    public = range(min(len(exercise.examples), len(found)))
    for index in sorted(public, key=lambda index: index != first):
        problem = found[index]
        if problem is not None and problem.id in IN_VALUES:
            sized = problem.id != "wrong_shape"
            return Opening(exercise.key, calls[index], outcomes[index].value, index == first, sized)
    return None
