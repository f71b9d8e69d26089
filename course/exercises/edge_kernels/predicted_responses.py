"""`predicted_responses`: the sign of both kernels' answers to four pictures, before they are run."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from course.exercises.edge_kernels.own_design import problem
from course.exercises.exercise import ByObservation, Mistake, mistake
from helpers import HORIZONTAL, VERTICAL

PICTURES = {
    "bright below": [[50, 50, 50], [50, 50, 50], [200, 200, 200]],
    "bright left": [[200, 50, 50], [200, 50, 50], [200, 50, 50]],
    "thin line": [[50, 50, 50], [200, 200, 200], [50, 50, 50]],
    "bright corner": [[50, 50, 200], [50, 50, 50], [50, 50, 50]],
}
SIGNS = {-1: "-", 0: "0", 1: "+"}
Signs = dict[str, tuple[str, str]]


def answer_to(picture: list[list[int]], kernel: np.ndarray) -> str:
    """Write the sign of what a kernel answers to a picture of its own size."""
    return SIGNS[int(np.sign(np.sum(kernel * picture)))]


RESPONSES: Signs = {
    name: (answer_to(picture, HORIZONTAL), answer_to(picture, VERTICAL))
    for name, picture in PICTURES.items()
}


# --- What is observed -----------------------------------------------------------------------------


def signs_or_problem(answer: Any) -> Signs | str:
    """Return both signs for each picture, however they were written, or what is wrong."""
    if not isinstance(answer, Mapping):
        return "not_a_dictionary"
    given = {str(name).strip().lower().replace("_", " "): pair for name, pair in answer.items()}
    if not RESPONSES.keys() <= given.keys():
        return "picture_missing"
    signs = {}
    for name in RESPONSES:
        pair = given[name]
        if isinstance(pair, str):
            pair = [sign for sign in pair if sign not in " ,;/"]
        if not isinstance(pair, tuple | list | np.ndarray) or len(pair) != 2:
            return "not_a_pair"
        horizontal, vertical = map(sign_of, pair)
        if horizontal is None or vertical is None:
            return "other_symbols"
        signs[name] = (horizontal, vertical)
    return signs


def sign_of(written: Any) -> str | None:
    """Read one sign: one of the three symbols, or any number."""
    if isinstance(written, str):
        written = written.strip().replace("\N{MINUS SIGN}", "-")
        if written in SIGNS.values():
            return written
    try:
        return SIGNS[int(np.sign(float(written)))]
    except (TypeError, ValueError):
        return None


# --- Mistakes -------------------------------------------------------------------------------------


def opposite(sign: str) -> str:
    """Turn plus to minus and minus to plus."""
    return {"+": "-", "-": "+"}.get(sign, sign)


def everywhere(id: str, message: str, change: Callable[[str, str], tuple[str, str]]) -> Mistake:
    """Name the one prediction in which every right pair is changed in the same way."""
    wrong = {name: change(*pair) for name, pair in RESPONSES.items()}
    return mistake(id, message, wrong, test=lambda signs: signs == wrong)


def at(name: str, message: str, wrong: tuple[str, str]) -> Mistake:
    """Name any wrong prediction for one picture; `wrong` is an example."""
    return mistake(
        f"{name.replace(' ', '_')}_wrong",
        f'Your prediction for "{name}" is not right yet. {message}',
        {**RESPONSES, name: wrong},
        test=lambda signs: signs[name] != RESPONSES[name],
    )


MISTAKES = (
    mistake("not_a_dictionary",
        'A dictionary is wanted: {"bright below": ("+", "-"), ...}, one entry for each picture.',
        list(RESPONSES.values()),
        test=problem("not_a_dictionary")),
    mistake("picture_missing",
        "A picture has no entry, or its name is spelled differently. The "
        f"four names are {', '.join(map(repr, RESPONSES))}.",
        {"bright below": ("+", "0")},
        test=problem("picture_missing")),
    mistake("not_a_pair",
        "Each picture needs two signs: what the horizontal kernel answers, then what the vertical "
        'one does, as in ("+", "-").',
        dict.fromkeys(RESPONSES, "+"),
        test=problem("not_a_pair")),
    mistake("other_symbols",
        'Only three signs are wanted: "+", "-" and "0". One of yours is something else.',
        dict.fromkeys(RESPONSES, ("?", "?")),
        test=problem("other_symbols")),
    everywhere("swapped",
        "All your pairs are the wrong way round: the horizontal kernel's answer comes first. It "
        'compares rows, and in "bright below" rows differ.',
        lambda h, v: (v, h)),
    everywhere("negated",
        "Plus and minus are exchanged everywhere. The bottom row of the horizontal kernel is "
        "positive: bright below gives plus. (A flipped kernel would give your signs.)",
        lambda h, v: (opposite(h), opposite(v))),
    everywhere("swapped_and_negated",
        "All your pairs are the wrong way round, and plus and minus are exchanged as well. Write "
        'down the nine products of "bright below" and the horizontal kernel.',
        lambda h, v: (opposite(v), opposite(h))),
    everywhere("sign_lost",
        "You found where each kernel answers, but an answer can be negative too: the bright "
        "pixels may meet the negative numbers of the kernel.",
        lambda h, v: (h.replace("-", "+"), v.replace("-", "+"))),
    at("bright below",
        "Top row: 50 times -1, -2 and -1. Bottom row: 200 times 1, 2 and 1. And what do the left "
        "and the right column of the vertical kernel make of rows without any difference between "
        "left and right?",
        ("-", "0")),
    at("bright left",
        "All rows are equal, so what compares rows finds nothing. The bright column meets the "
        "left column of the vertical kernel: -1, -2, -1.",
        ("0", "+")),
    at("thin line",
        "The bright row lies under the middle row of each kernel. What stands there in the "
        "horizontal one, and what does it add up to in the vertical one?",
        ("+", "0")),
    at("bright corner",
        "Eight pixels are equal, one is brighter by 150. Its sign in each kernel decides: top "
        "row, right column.",
        ("+", "+")),
)  # fmt: skip


EXERCISE = ByObservation(
    key="predicted_responses",
    title="Predict the signs of both answers to four pictures",
    points=2,
    minutes=4,
    kind="value",
    reference=RESPONSES,
    observe=signs_or_problem,
    alternatives=(
        {name: "".join(pair) for name, pair in RESPONSES.items()},
        {name: list(pair) for name, pair in RESPONSES.items()},
        {
            name: (np.sum(HORIZONTAL * picture), np.sum(VERTICAL * picture))
            for name, picture in PICTURES.items()
        },
        dict(reversed(RESPONSES.items())),
    ),
    mistakes=MISTAKES,
    hints=(
        "Which number of the kernel does the brightest pixel meet: a positive or a negative one?",
        (
            "A flat area of 50 gives 0. So subtract 50 everywhere: only the bright pixels are "
            "left, and only those need multiplying."
        ),
        (
            'For "bright below": (the sign of 150*1 + 150*2 + 150*1, the sign of 150*-1 + 150*0 + '
            "150*1), and in the same way for the other three."
        ),
    ),
)
