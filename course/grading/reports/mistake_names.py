"""What a mistake is called and what it means, for a teacher who looks at a whole class."""

from functools import cache
from typing import NamedTuple

from course.checking.patterns import PLACES
from course.checking.relations import RELATIONS
from course.exercises import EXERCISES


class InWords(NamedTuple):
    """A mistake in words."""

    name: str
    meaning: str


UNNAMED = InWords("Without a name", "Wrong, and not in a way that the course knows.")

# What a verdict says of these depends on the answer; this holds for all of them.
COMMON = {
    "argument_unused": "The function reads an array of the notebook instead of its argument.",
    "borrowed": "The answer uses what answers the exercise: of `helpers`, or the course's own.",
    "as_large_as_input": "The result is as large as what went in, and should be smaller.",
    "axes_swapped": "Height and width of the result are swapped.",
    "changed_input": "The function changes what it is called with.",
    "constant": "Every value is the same, or nothing that it is called with matters.",
    "endless": "The answer took longer than it may.",
    "float_not_int": "A fraction came back where a whole number is wanted.",
    "has_nan": "There are NaNs in the answer.",
    "input_returned": "The input comes back unchanged.",
    "missing_entry": "An entry of the dictionary is missing.",
    "off_by_one_size": "The result is larger, or smaller, by the same few rows or columns.",
    "offset": "Every value is off by the same.",
    "raised": "The code stops with an error.",
    "returned_array": "An array came back where one number is wanted.",
    "returned_ellipsis": "`...` came back: part of the answer is missing.",
    "returned_list": "A list came back where an array is wanted.",
    "returned_none": "Nothing came back: the function has no `return`, or the name no value.",
    "returned_number": "One number came back where an array is wanted.",
    "scaled": "Every value is a multiple of the right one.",
    "shape_too_large": "The result is larger than it should be.",
    "shape_too_small": "The result is smaller than it should be.",
    "too_few_axes": "The result has fewer axes than it should.",
    "too_large": "The result is far larger than it should be.",
    "too_many_axes": "The result has more axes than it should.",
    "total_kept": "A total outside the function is carried from call to call.",
    "wrong_dtype": "The values are of another type than they should be.",
    "wrong_length": "There are more entries than there should be, or fewer.",
    "wrong_shape": "The shape of the result is wrong in no regular way.",
    "wrong_signature": "The function takes other arguments than the exercise gives.",
    "wrong_type": "Something of another type came back.",
    **{identifier: f"Only {words}; all the rest is right." for identifier, words, _ in PLACES},
    **{relation.id: relation.message for relation in reversed(RELATIONS)},
}


@cache
def name_mistake(key: str, mistake: str | None) -> InWords:
    """Put the mistake of an exercise into words; its own come before the common ones."""
    if mistake is None:
        return UNNAMED
    name = mistake.replace("_", " ").capitalize()
    own = next((m.message for m in EXERCISES[key].mistakes if m.id == mistake), None)
    if own or mistake in COMMON:
        return InWords(name, own or COMMON[mistake])
    if mistake.startswith("wrong_for_"):
        return InWords(name, "The answer is right for everything else.")
    return InWords(name, "")
