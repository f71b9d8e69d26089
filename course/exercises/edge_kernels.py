"""Lesson 2: kernels that find edges, blur, sharpen and emboss, and a filter that has none."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

import helpers
from course.exercises.exercise import ByCalls, ByObservation, Call, Mistake, call, mistake
from helpers import GALLERY, HORIZONTAL, LAPLACIAN, VERTICAL, conv2d, to_pixels


def parts(right: Callable[..., np.ndarray]) -> list[Callable[..., np.ndarray]]:
    """Fill in only a part of what is right; the rest stays 0."""

    def only(part: Any) -> Callable[..., np.ndarray]:
        def partly(*args: Any) -> np.ndarray:
            whole = right(*args)
            out = np.zeros_like(whole)
            out[part] = whole[part]
            return out

        return partly

    first, inner, last = slice(1), slice(1, -1), slice(-1, None)
    but_first, but_last = slice(1, None), slice(-1)
    return [
        only(part)
        for part in (
            (first, first),
            (last, last),
            first,
            (slice(None), first),
            (but_last, but_last),
            (but_first, but_first),
            but_last,
            (slice(None), but_last),
            (inner, inner),
        )
    ]


# --- Kernels of one's own design: what they do to small pictures decides, not their numbers.

ROUNDING = 1e-6  # of a kernel's largest value: what sums that should be 0 may leave over

PREWITT = np.array([[-1, -1, -1], [0, 0, 0], [1, 1, 1]])
SCHARR = np.array([[-3, -10, -3], [0, 0, 0], [3, 10, 3]])
LINE_DETECTOR = np.array([[-1, -1, -1], [2, 2, 2], [-1, -1, -1]])
IDENTITY = GALLERY["identity"].kernel


def kernel_or_problem(answer: Any) -> np.ndarray | str:
    """Return a 3x3 kernel as floats, or the id of the mistake that makes it unusable."""
    try:
        values = np.asarray(answer)
    except (TypeError, ValueError):
        return "not_numbers"
    if values.dtype.kind not in "iuf":
        return "not_numbers"
    if values.shape != (3, 3):
        return "wrong_size"
    if not np.isfinite(values).all():
        return "not_finite"
    return values.astype(float) if values.any() else "all_zero"


def problem(id: str, message: str, answer: Any) -> Mistake:
    """Name a problem that was found when the answer was observed."""
    return mistake(id, message, answer, test=lambda seen: isinstance(seen, str) and seen == id)


# fmt: off
UNUSABLE = (
    problem("not_numbers", "That is no grid of numbers. A kernel is np.array([[...], [...], "
            "[...]]), with three numbers in each row.", [[-1, -2], [0, 0, 0], [1, 2, 1]]),
    problem("wrong_size", "A 3x3 kernel is wanted here: three rows of three numbers. `.shape` of "
            "yours should say (3, 3).", np.ones((5, 5))),
    problem("not_finite", "There is NaN or infinity in it, and whatever it touches becomes that "
            "too. Was something divided by 0?", np.full((3, 3), np.nan)),
    problem("all_zero", "Nine zeros answer 0 to every picture. Which pixels should count for, "
            "which against?", np.zeros((3, 3))),
)
# fmt: on


def quiet(values: np.ndarray, kernel: np.ndarray) -> bool:
    """Whether all values are 0 but for rounding."""
    return bool(np.abs(values).max() <= ROUNDING * np.abs(kernel).max())


def one_sign(kernel: np.ndarray) -> bool:
    """Whether nothing in a kernel counts against anything else."""
    return bool((kernel >= 0).all() or (kernel <= 0).all())


def flat_answer(kernel: np.ndarray) -> np.ndarray:
    """What an area of ones gives."""
    return conv2d(np.ones((3, 3)), kernel)


def line_answers(kernel: np.ndarray) -> tuple[bool, bool]:
    """Whether a kernel answers to a horizontal, and to a vertical line one pixel thin.

    Any picture of such lines is a sum of single ones, so these decide for all of them.
    """
    picture = np.zeros((7, 7))
    picture[3] = 1
    horizontal, vertical = conv2d(picture, kernel), conv2d(picture.T, kernel)
    return not quiet(horizontal, kernel), not quiet(vertical, kernel)


def one_direction(wanted: str, other: str, swapped: np.ndarray) -> tuple[Mistake, ...]:
    """What goes wrong with a kernel that should answer to lines in one direction only."""
    lines = ("rows", "columns") if wanted == "horizontal" else ("columns", "rows")

    def answers(kernel: np.ndarray) -> tuple[bool, bool]:
        return line_answers(kernel if wanted == "horizontal" else kernel.T)

    # fmt: off
    return (
        *UNUSABLE,
        mistake("averages", "All its numbers have the same sign, so it averages pixels instead of "
                "comparing them. On a flat area it should answer 0: some pixels have to count "
                "against the others.",
                np.array([[1, 2, 1], [0, 0, 0], [1, 2, 1]]), test=one_sign),
        mistake("swapped", f"This kernel is 0 on {wanted} lines and answers to {other} ones: rows "
                "and columns are swapped. `.T` swaps them back.",
                swapped, test=lambda kernel: answers(kernel) == (False, True)),
        mistake("flat_not_zero", "It answers to a flat area, where there is no line at all. Its "
                "nine numbers must add up to 0: look at np.sum of your kernel.",
                np.array([[-1, -2, -1], [0, 1, 0], [1, 2, 1]]),
                test=lambda kernel: not quiet(flat_answer(kernel), kernel)),
        mistake("answers_to_neither", f"It answers neither to {wanted} nor to {other} lines: every "
                f"row and every column adds up to 0. The {lines[0]} should not.",
                np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]]),
                test=lambda kernel: answers(kernel) == (False, False)),
        mistake("symmetric", f"It answers to {other} lines as well: swapping rows and columns "
                "changes nothing in it, so it cannot tell the two directions apart.",
                LAPLACIAN, test=lambda kernel: answers(kernel) == (True, True)
                and quiet(kernel - kernel.T, kernel)),
        mistake("both_directions", f"It answers to {wanted} lines, but to {other} ones too. For "
                f"those to cancel, each of its {lines[1]} must add up to 0 by itself.",
                np.array([[0, 1, 2], [-1, 0, 1], [-2, -1, 0]]),
                test=lambda kernel: answers(kernel) == (True, True)),
    )
    # fmt: on


# --- predicted_responses

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


# fmt: off
PREDICTION_MISTAKES = (
    problem("not_a_dictionary", 'A dictionary is wanted: {"bright below": ("+", "-"), ...}, one '
            "entry for each picture.", list(RESPONSES.values())),
    problem("picture_missing", "A picture has no entry, or its name is spelled differently. The "
            f"four names are {', '.join(map(repr, RESPONSES))}.", {"bright below": ("+", "0")}),
    problem("not_a_pair", "Each picture needs two signs: what the horizontal kernel answers, then "
            'what the vertical one does, as in ("+", "-").', dict.fromkeys(RESPONSES, "+")),
    problem("other_symbols", 'Only three signs are wanted: "+", "-" and "0". One of yours is '
            "something else.", dict.fromkeys(RESPONSES, ("?", "?"))),
    everywhere("swapped", "All your pairs are the wrong way round: the horizontal kernel's answer "
               'comes first. It compares rows, and in "bright below" rows differ.',
               lambda h, v: (v, h)),
    everywhere("negated", "Plus and minus are exchanged everywhere. The bottom row of the "
               "horizontal kernel is positive: bright below gives plus. (A flipped kernel would "
               "give your signs.)", lambda h, v: (opposite(h), opposite(v))),
    everywhere("swapped_and_negated", "All your pairs are the wrong way round, and plus and minus "
               'are exchanged as well. Write down the nine products of "bright below" and the '
               "horizontal kernel.", lambda h, v: (opposite(v), opposite(h))),
    everywhere("sign_lost", "You found where each kernel answers, but an answer can be negative "
               "too: the bright pixels may meet the negative numbers of the kernel.",
               lambda h, v: (h.replace("-", "+"), v.replace("-", "+"))),
    at("bright below", "Top row: 50 times -1, -2 and -1. Bottom row: 200 times 1, 2 and 1. And "
       "what do the left and the right column of the vertical kernel make of rows without any "
       "difference between left and right?", ("-", "0")),
    at("bright left", "All rows are equal, so what compares rows finds nothing. The bright column "
       "meets the left column of the vertical kernel: -1, -2, -1.", ("0", "+")),
    at("thin line", "The bright row lies under the middle row of each kernel. What stands there "
       "in the horizontal one, and what does it add up to in the vertical one?", ("+", "0")),
    at("bright corner", "Eight pixels are equal, one is brighter by 150. Its sign in each kernel "
       "decides: top row, right column.", ("+", "+")),
)
# fmt: on


# --- normalize_kernel


def normalize_kernel(kernel: np.ndarray) -> np.ndarray:
    """Divide a kernel by its sum, where that is not 0."""
    total = np.sum(kernel)
    return kernel / total if total else kernel


def normalize_cases(rng: np.random.Generator) -> Iterable[Call]:
    # No sum is nearly 0: where that should count as 0 is a question of taste.
    yield call(np.array([[2, -2, 0], [1, 4, -1]]))  # its first row adds up to 0
    yield call(np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]))
    yield call(np.array([[1, 1, 1], [1, -7.5, 1], [1, 1, 1]]))  # adds up to 0.5
    yield call(np.array([[-1, 0, -2], [0.5, -4.5, -1.5]]))  # adds up to -9
    yield call(rng.integers(1, 9, (5, 5)))
    yield call(rng.uniform(0.1, 2, (2, 5)).astype(np.float32))
    yield call(np.array([[0.5, -0.25, -0.25], [-1.5, 1, 0.5]]))
    yield call(np.array([[3, 0, 2], [1, 5, 1]], dtype=np.uint8))
    yield call(np.array([[-4]]))
    yield call(np.array([[1, -3, 1, 2, -2]]))  # adds up to -1
    yield call(np.zeros((3, 2)))


def divided_by(
    divisor: Callable[[np.ndarray], Any],
    otherwise: Callable[[np.ndarray], Any] = np.copy,
    check: Callable[[np.ndarray], Any] = np.sum,
) -> Callable[[np.ndarray], Any]:
    """Divide by something; do `otherwise` where `check` gives 0."""
    return lambda kernel: kernel / divisor(kernel) if check(kernel) else otherwise(kernel)


def largest(kernel: np.ndarray) -> Any:
    return np.abs(kernel).max() or 1


def size_of_sum(kernel: np.ndarray) -> Any:
    return np.abs(kernel).sum() or 1


def stretched(kernel: np.ndarray) -> np.ndarray:
    return (kernel - kernel.min()) / (np.ptp(kernel) or 1)


# fmt: off
NORMALIZE_MISTAKES = (
    mistake("sum_zero_divided", "A kernel whose sum is 0 is divided by 0: that gives NaN and "
          "infinity. Give such a kernel back as it is.",
          divided_by(np.sum, check=lambda k: True),
          lambda k: np.nan_to_num(k / np.sum(k)),
          lambda k: np.where(k == 0, 0, k / np.sum(k))),
    mistake("zero_nearly_divided", "A kernel whose sum is 0 should come back unchanged. Adding "
          "something to the sum avoids the error, and divides by that instead.",
          *(divided_by(lambda k, tiny=tiny: np.sum(k) + tiny, check=lambda k: True)  # type: ignore[misc]
            for tiny in (1, *(10.0**-n for n in range(2, 13))))),
    mistake("sum_zero_changed", "A kernel whose sum is 0 comes back changed, and should stay as it "
          "is: the Laplacian would lose all it knows.",
          *(divided_by(np.sum, otherwise=otherwise) for otherwise in (
              lambda k: np.zeros(k.shape), lambda k: np.ones(k.shape), lambda k: k / k.size,
              lambda k: k / size_of_sum(k), lambda k: k / largest(k), lambda k: 0))),
    mistake("divided_by_count", "You divide by how many numbers or rows there are. In the first "
          "example there are 9 numbers, and they add up to 16.",
          divided_by(np.size), divided_by(np.size, check=lambda k: True),
          divided_by(len), divided_by(len, check=lambda k: True),
          divided_by(lambda k: k.shape[1])),
    mistake("fixed_divisor", "You divide by one fixed number. Each kernel has a sum of its own.",
          *(divided_by(lambda k, n=n: n, check=check)  # type: ignore[misc]
            for n in (2, 3, 4, 5, 8, 9, 10, 16, 100, 255) for check in (np.sum, np.size))),
    mistake("divided_by_largest", "You divide by the largest number, or the smallest: then that one "
          "is 1. It is the sum of all that should become 1.",
          divided_by(np.max), divided_by(np.min), divided_by(largest),
          divided_by(lambda k: np.max(k) or 1, check=lambda k: True),
          divided_by(largest, check=lambda k: True)),
    mistake("other_divisor", "You divide by something else than the sum of all the numbers. In the "
          "first example they add up to 16, and the first number becomes 1/16.",
          *(divided_by(divisor) for divisor in (
              np.mean, np.std, np.var, np.median, np.ptp, np.trace, np.count_nonzero,
              lambda k: np.sum(k) * k.size, lambda k: np.sum(k) / k.size, lambda k: 2 * np.sum(k),
              lambda k: np.sum(k, dtype=float)**2, lambda k: np.abs(np.sum(k))**0.5,
              lambda k: np.sum(k) - 0.999, lambda k: np.linalg.norm(k, 1), lambda k: np.linalg.norm(k, np.inf), lambda k: k.sum(axis=0)[0],
              lambda k: k.sum(axis=1)[0], lambda k: k[:3, :3].sum(), lambda k: k[0, 0] or 1,
              lambda k: k[len(k) // 2, len(k[0]) // 2] or 1, lambda k: k[k.shape[0] // 2].sum() or 1,
              lambda k: k.max(axis=0), lambda k: k.max(axis=1, keepdims=True))),
          lambda k: k / (k[0].sum() or 1), lambda k: k / (k[:, 0].sum() or 1),
          lambda k: (k > 0) / k.size),
    mistake("signs_ignored", "You leave signs out of the sum. Negative numbers count as negative: "
          "[[3, -1]] adds up to 2, not 4.",
          divided_by(size_of_sum), divided_by(size_of_sum, check=lambda k: True),
          divided_by(lambda k: k[k > 0].sum()),
          lambda k: np.abs(k) / size_of_sum(k),
          lambda k: np.abs(normalize_kernel(k))),
    mistake("negative_sum_left", "A kernel whose sum is negative is divided by its sum too, sign "
          "and all. Only 0 is the exception.",
          lambda k: k / np.sum(k) if np.sum(k) > 0 else k,
          lambda k: k / np.sum(k) if np.sum(k) > 0 else np.zeros(k.shape),
          divided_by(lambda k: abs(np.sum(k))),
          divided_by(lambda k: max(np.sum(k), 1), check=lambda k: True)),
    mistake("other_condition", "Some kernels are not divided although their sum is not 0, or are "
          "although it is. Only the sum decides: is it 0?",
          *(divided_by(np.sum, check=check) for check in (
              np.all, np.any, np.max, np.min, lambda k: np.sum(k) == 1, lambda k: k.min() >= 0,
              lambda k: k.max() > 1, lambda k: k.max() > 0, lambda k: k[0].sum(), lambda k: k[0, 0], lambda k: k[1:, 1:].any()))),
    mistake("rows_or_columns_apart", "Each row or column is divided by a sum of its own. One sum is "
          "wanted, of all the numbers: np.sum(kernel), without an axis.",
          divided_by(lambda k: k.sum(axis=0)), divided_by(lambda k: k.sum(axis=1, keepdims=True)),
          divided_by(lambda k: k.sum(axis=0), check=lambda k: True),
          divided_by(lambda k: k.sum(axis=1, keepdims=True), check=lambda k: True)),
    mistake("truncated", "The fractions are gone, or cut short: 1/16 is 0.0625. Use `/`, which "
          "divides to a fraction, and do not round.",
          lambda k: k // np.sum(k) if np.sum(k) else k,
          lambda k: normalize_kernel(k).astype(k.dtype),
          *(lambda k, n=n: np.round(normalize_kernel(k), n) for n in range(4))),
    mistake("rows_for_columns", "A part of the kernel is missing from your loops: it need not be 3 x "
          "3, nor square. shape[0] is its height, shape[1] its width.",
          lambda k: np.where(np.arange(k.shape[1]) < k.shape[0], normalize_kernel(k), 0),
          lambda k: normalize_kernel(k)[:, : k.shape[0]], lambda k: normalize_kernel(k)[:3, :3],
          *parts(normalize_kernel)[2:]),
    mistake("length_one", "You divide by squares, or a root of them. That is for vectors of length "
          "1; here the numbers should add up to 1.",
          divided_by(np.linalg.norm), divided_by(lambda k: np.linalg.norm(k) or 1, check=np.size),
          divided_by(lambda k: np.sum(np.square(k, dtype=float)))),
    mistake("multiplied", "You multiply by the sum, or divide it by the kernel. Divide the kernel "
          "by its sum.",
          lambda k: k * np.sum(k), lambda k: k * np.sum(k) if np.sum(k) else k,
          lambda k: np.sum(k) / k if np.sum(k) else k, lambda k: np.sum(k) / k,
          lambda k: 1 / k, lambda k: normalize_kernel(k) * 255),
    mistake("stretched", "You change the numbers' proportions, by stretching, shifting or exp. They "
          "should keep them, and add up to 1: divide by the sum.",
          stretched, lambda k: stretched(k) if np.sum(k) else k,
          lambda k: (k - np.mean(k)) / (np.std(k) or 1),
          lambda k: k - np.mean(k), lambda k: k - np.sum(k), lambda k: k - (np.sum(k) - 1) / k.size,
          lambda k: k - (np.sum(k) - 1) / k.size if np.sum(k) else k,
          lambda k: (k - k.min()) / (np.sum(k) or 1),
          lambda k: np.sort(normalize_kernel(k), axis=None).reshape(k.shape),
          lambda k: np.exp(k.astype(float)) / np.exp(k.astype(float)).sum(),
          lambda k: np.exp(k.astype(float)) / np.exp(k.astype(float)).sum() if np.sum(k) else k),
)
# fmt: on


# --- gradient_magnitude

THREE_FOUR_FIVE = np.array([[0, 0, 0], [20, 0, 0], [0, 15, 0]])  # the answers are 30 and -40

# Large enough to be drawn: a disc has edges in every direction, and some of its pixels are dead.
DISC = np.where(np.hypot(*(np.indices((17, 19)).T - [8, 8]).T) < 6, 200, 60)
SPECKLED = DISC.copy()
SPECKLED[2::4, 3::5], SPECKLED[4::5, 1::4] = 255, 0


def gradient_cases(rng: np.random.Generator) -> Iterable[Call]:
    yield call(rng.integers(0, 256, (4, 5)))
    yield call(rng.integers(0, 256, (5, 4)).astype(np.uint8))
    yield call(rng.normal(scale=50, size=(6, 4)))
    yield call(rng.uniform(size=(3, 6)).astype(np.float32))
    yield call(rng.integers(-99, 100, (5, 3)))
    yield call(np.repeat(rng.integers(0, 256, (5, 1)), 4, axis=1))
    yield call(np.repeat(rng.uniform(0, 255, (1, 5)), 4, axis=0))
    yield call(rng.integers(0, 256, (3, 3)).astype(np.uint8))
    yield call(np.full((4, 3), 77))


def both(
    combine: Callable[[np.ndarray, np.ndarray], Any],
    kernel: np.ndarray = HORIZONTAL,
    padding: str = "valid",
    border: str = "zero",
) -> Callable[[np.ndarray], Any]:
    """Combine the answers of a kernel and of its transposed."""
    return lambda image: combine(
        conv2d(image, kernel, padding, border=border),
        conv2d(image, kernel.T, padding, border=border),
    )


def differences(image: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Make the pair's answers of slices, in the image's own type: bytes wrap around."""
    rows = image[:, :-2] + 2 * image[:, 1:-1] + image[:, 2:]
    columns = image[:-2] + 2 * image[1:-1] + image[2:]
    return rows[2:] - rows[:-2], columns[:, 2:] - columns[:, :-2]


def length_in_bytes(image: np.ndarray) -> np.ndarray:
    h, v = differences(image)
    return np.sqrt(h**2 + v**2)


def length_of_bytes(image: np.ndarray) -> np.ndarray:
    return np.hypot(*(part.astype(float) for part in differences(image)))


def wrapped(values: np.ndarray) -> np.ndarray:
    """Store floats in bytes without clipping."""
    return np.mod(np.trunc(values), 256).astype(np.uint8)


# fmt: off
GRADIENT_MISTAKES = (
    mistake("not_squared", "You add the sizes of the two answers: 30 + 40 = 70 in the example. "
          "Square both, add, and take the square root: 50.",
          both(lambda h, v: abs(h) + abs(v))),
    mistake("root_missing", "The square root is missing: 900 + 1600 = 2500 in the example, and its "
          "root is 50.",
          both(lambda h, v: h**2 + v**2), both(lambda h, v: (h + v)**2), both(lambda h, v: h**2),
          both(lambda h, v: v**2), both(lambda h, v: (abs(h) + abs(v))**2),
          both(lambda h, v: (h - v)**2), both(lambda h, v: np.hypot(h, v)**4)),
    mistake("added", "You add the two answers as they are, 30 and -40 in the example: they cancel. "
          "Square each of them before adding.",
          both(lambda h, v: h + v), both(lambda h, v: abs(h + v)), both(lambda h, v: h - v),
          both(lambda h, v: abs(h - v)), both(lambda h, v: v - h),
          both(lambda h, v: np.sqrt(np.maximum(h + v, 0))), both(lambda h, v: np.sqrt(h + v)),
          both(lambda h, v: np.sqrt(abs(h + v))), both(lambda h, v: np.sqrt(abs(h - v)))),
    mistake("one_not_squared", "Only one of the two answers is squared, or a root is taken of only "
          "one. Brackets help: the root of (h**2 + v**2).",
          both(lambda h, v: np.sqrt(h**2 + v)), both(lambda h, v: np.sqrt(h + v**2)),
          both(lambda h, v: np.sqrt(abs(h + v**2))), both(lambda h, v: np.sqrt(abs(h**2 + v))),
          both(lambda h, v: abs(h) + v**2), both(lambda h, v: h**2 + abs(v)),
          both(lambda h, v: h**2 + v), both(lambda h, v: h + v**2), both(lambda h, v: abs(h) + v),
          both(lambda h, v: h + abs(v)), both(lambda h, v: np.sqrt(abs(h)) + v)),
    mistake("subtracted", "One square is subtracted from the other. They are added: 900 + 1600 in "
          "the example.",
          both(lambda h, v: np.sqrt(abs(h**2 - v**2))), both(lambda h, v: np.sqrt(h**2 - v**2)),
          both(lambda h, v: np.sqrt(np.maximum(h**2 - v**2, 0))), both(lambda h, v: h**2 - v**2),
          both(lambda h, v: abs(h) - abs(v)),
          both(lambda h, v: abs(abs(h) - abs(v)))),
    mistake("doubled_not_squared", "`h * 2` doubles, `h ** 2` squares. In the example 30 doubled is "
          "60, and squared it is 900.",
          both(lambda h, v: np.sqrt(2 * h + 2 * v)), both(lambda h, v: np.sqrt(abs(2 * (h + v)))),
          both(lambda h, v: np.sqrt(2 * abs(h) + 2 * abs(v)))),
    mistake("other_power", "Another power or root is taken, or a logarithm. Squares, and the square "
          "root of their sum: of 900 + 1600 it is 50.",
          both(lambda h, v: np.sqrt(abs(h) + abs(v))),
          both(lambda h, v: np.sqrt(abs(h)) + np.sqrt(abs(v))),
          both(lambda h, v: np.cbrt(abs(h)**3 + abs(v)**3)), both(lambda h, v: np.cbrt(h**2 + v**2)),
          both(lambda h, v: np.sqrt(np.hypot(h, v))), both(lambda h, v: np.log1p(np.hypot(h, v))),
          both(lambda h, v: np.sqrt(abs(h**3 + v**3))), both(lambda h, v: h**4 + v**4)),
    mistake("one_kernel_only", "Only one of the two kernels counts: edges in the other direction "
          "are missing. Do both of them reach the sum, or is one used twice?",
          both(lambda h, v: h), both(lambda h, v: v), both(lambda h, v: abs(h)),
          both(lambda h, v: abs(v)), both(lambda h, v: np.hypot(h, h)),
          both(lambda h, v: np.hypot(v, v))),
    mistake("larger_one", "You keep the larger or the smaller of the two answers. Both should "
          "count: the root of 900 + 1600 is 50.",
          both(lambda h, v: np.maximum(abs(h), abs(v))), both(np.maximum),
          both(lambda h, v: np.minimum(abs(h), abs(v))), both(np.minimum)),
    mistake("multiplied", "The two answers are multiplied: where one of them is 0, the edge is "
          "lost. Add their squares.",
          both(lambda h, v: h * v), both(lambda h, v: abs(h * v)),
          both(lambda h, v: np.sqrt(abs(h * v)))),
    mistake("averaged", "You take a mean, or half. The root of the sum of the two squares is "
          "wanted: 50 in the example.",
          both(lambda h, v: (abs(h) + abs(v)) / 2), both(lambda h, v: np.hypot(h, v) / 2),
          both(lambda h, v: np.hypot(h, v) / 2**0.5), both(lambda h, v: (h + v) / 2),
          both(lambda h, v: (h**2 + v**2) / 2)),
    mistake("negatives_lost", "Answers were cut off to 0..255 before they were combined: -40 in the "
          "example became 0. Half of the edges are lost with that; squaring takes care of signs.",
          both(lambda h, v: np.hypot(np.maximum(h, 0), np.maximum(v, 0))),
          both(lambda h, v: np.hypot(np.clip(h, 0, 255), np.clip(v, 0, 255))),
          both(lambda h, v: np.hypot(np.minimum(abs(h), 255), np.minimum(abs(v), 255))),
          both(lambda h, v: np.hypot(np.maximum(h, 0), v)),
          both(lambda h, v: np.hypot(h, np.maximum(v, 0))),
          both(lambda h, v: np.maximum(h, 0) + np.maximum(v, 0)),
          both(lambda h, v: np.sqrt(np.maximum(h, 0) + np.maximum(v, 0))),
          both(lambda h, v: np.hypot(to_pixels(h), to_pixels(v))),
          both(lambda h, v: np.hypot(to_pixels(h).astype(float), to_pixels(v)))),
    mistake("bytes_wrapped", "Bytes wrap around: in them 256 becomes 0 and -1 becomes 255. Make "
          "floats of the image first, and keep the answers in floats.",
          length_in_bytes, length_of_bytes,
          both(lambda h, v: np.hypot(wrapped(h).astype(float), wrapped(v))),
          both(lambda h, v: np.hypot(wrapped(h), wrapped(v))),
          both(lambda h, v: np.sqrt(wrapped(h)**2 + wrapped(v)**2)),
          both(lambda h, v: wrapped(np.hypot(h, v)))),
    mistake("clipped", "Your values are clipped to 0..255. Strong edges go far beyond that, and "
          "only `to_pixels` makes bytes.",
          both(lambda h, v: np.clip(np.hypot(h, v), 0, 255)),
          both(lambda h, v: to_pixels(np.hypot(h, v))),
          both(lambda h, v: np.trunc(np.clip(np.hypot(h, v), 0, 255)))),
    mistake("same_size", "The result is as large as the image. Valid size is wanted: one pixel less "
          "on each side, where the kernels do not fit.",
          both(np.hypot, padding="same"), both(np.hypot, padding="same", border="edge"),
          both(np.hypot, padding="same", border="wrap"),
          lambda image: np.pad(helpers.gradient_magnitude(image), 1),
          lambda image: np.pad(helpers.gradient_magnitude(image), 1, mode="edge"),
          lambda image: np.pad(helpers.gradient_magnitude(image), ((0, 2), (0, 2)))),
    mistake("loops_end_early", "A part of the result is still 0: a loop ends too early, or `return` "
          "stands inside it.", *parts(helpers.gradient_magnitude)),
    mistake("other_kernels", "The way is right, the kernels are not. This exercise uses the Sobel "
          "pair: [[-1, -2, -1], [0, 0, 0], [1, 2, 1]] and the same transposed.",
          both(np.hypot, PREWITT), both(np.hypot, SCHARR), both(np.hypot, HORIZONTAL / 4),
          both(np.hypot, HORIZONTAL / 8), both(np.hypot, np.abs(HORIZONTAL)),
          both(np.hypot, np.array([[0, -1, 0], [0, 0, 0], [0, 1, 0]])),
          both(np.hypot, LINE_DETECTOR), both(np.hypot, np.array([[0, 1, 2], [-1, 0, 1], [-2, -1, 0]])),
          lambda image: np.hypot(conv2d(image, HORIZONTAL), conv2d(image, PREWITT.T)),
          lambda image: np.hypot(conv2d(image, PREWITT), conv2d(image, VERTICAL)),
          lambda image: abs(conv2d(image, LAPLACIAN)), lambda image: conv2d(image, LAPLACIAN),
          lambda image: abs(conv2d(image, GALLERY["find edges"].kernel)),
          lambda image: conv2d(image, GALLERY["find edges"].kernel),
          *(lambda image, k=k: np.hypot(conv2d(image, HORIZONTAL), conv2d(image, k))  # type: ignore[misc]
            for k in (LAPLACIAN, HORIZONTAL[::-1].T + IDENTITY, [[-1, 0, 1], [-2, 0, 2], [-1, 0, 2]],
                      [[-1, 0, 1], [-2, 0, 2], [1, 0, 1]], [[1, 0, 1], [-2, 0, 2], [-1, 0, 1]],
                      [[-1, 0, 1], [2, 0, 2], [-1, 0, 1]], [[-1, 0, 1], [-2, 0, 1], [-1, 0, 1]],
                      [[-1, 0, 1], [-1, 0, 2], [-1, 0, 1]], [[-1, 0, 1], [0, 0, 0], [-1, 0, 1]])),
          *(lambda image, k=k: np.hypot(conv2d(image, k), conv2d(image, VERTICAL))  # type: ignore[misc]
            for k in (LAPLACIAN, [[-1, -2, -1], [0, 0, 0], [1, 2, 2]], [[-1, -2, 1], [0, 0, 0], [1, 2, 1]],
                      [[1, -2, -1], [0, 0, 0], [1, 2, 1]], [[-1, 2, -1], [0, 0, 0], [-1, 2, -1]],
                      [[-1, 2, -1], [0, 0, 0], [1, 2, 1]], [[-1, -2, -1], [0, 0, 0], [1, 1, 1]],
                      [[-1, -1, -1], [0, 0, 0], [1, 2, 1]], [[-1, 0, -1], [0, 0, 0], [1, 0, 1]])),
          lambda image: np.hypot(*np.gradient(np.asarray(image, dtype=float))),
          lambda image: np.hypot(*np.gradient(np.asarray(image, dtype=float)))[1:-1, 1:-1]),
    mistake("kernels_combined", "The two kernels were combined into one before the image met them, "
          "or one was applied to the answers of the other. Let each meet the image; combine the "
          "answers.",
          lambda image: conv2d(image, np.hypot(HORIZONTAL, VERTICAL)),
          lambda image: conv2d(conv2d(image, HORIZONTAL, "same"), VERTICAL),
          lambda image: conv2d(conv2d(image, VERTICAL, "same"), HORIZONTAL),
          lambda image: conv2d(np.pad(conv2d(image, HORIZONTAL), 1), VERTICAL),
          lambda image: np.sqrt(abs(conv2d(image, HORIZONTAL**2 + VERTICAL**2))),
          lambda image: conv2d(image, HORIZONTAL**2 + VERTICAL**2),
          both(np.hypot, np.square(HORIZONTAL)),
          lambda image: np.hypot(*(conv2d(np.square(image, dtype=float), k) for k in (HORIZONTAL, VERTICAL))),
          lambda image: np.sqrt(abs(conv2d(np.square(image, dtype=float), HORIZONTAL + VERTICAL))),
          lambda image: conv2d(image, HORIZONTAL * VERTICAL),
          lambda image: conv2d(image, HORIZONTAL @ VERTICAL)),
    mistake("scaled", "Your values are scaled. They keep their size here: 50 in the example.",
          both(lambda h, v: np.hypot(h, v) / (np.hypot(h, v).max() or 1)),
          both(lambda h, v: np.hypot(h, v) / (np.hypot(h, v).max() or 1) * 255)),
    mistake("not_combined", "Both answers came back, one beside the other. One array is wanted: the "
          "root of the sum of their squares.",
          both(lambda h, v: np.stack([h, v])), both(lambda h, v: np.stack([h, v], axis=-1)),
          both(lambda h, v: np.concatenate([h, v])), both(lambda h, v: np.hstack([h, v]))),
    mistake("direction", "That is the direction of the edge, an angle. Its strength is wanted: the "
          "root of the sum of squares.",
          both(np.arctan2), both(lambda h, v: np.arctan2(v, h)),
          both(lambda h, v: np.degrees(np.arctan2(h, v))),
          both(lambda h, v: np.degrees(np.arctan2(v, h))),
          *(both(lambda h, v, tiny=tiny: np.arctan(h / (v + tiny))) for tiny in (0, 1e-9)),  # type: ignore[misc]
          *(both(lambda h, v, tiny=tiny: np.arctan(v / (h + tiny))) for tiny in (0, 1e-9))),  # type: ignore[misc]
    mistake("thresholded", "Only weak or strong came back. The strength itself is wanted: 50 in the "
          "example.",
          *(both(lambda h, v, t=t, one=one: (np.hypot(h, v) > t) * one)  # type: ignore[misc]
            for t in (0, 50, 100, 127, 128, 255) for one in (1.0, 255.0))),
)
# fmt: on


# --- box_kernel and motion_blur_kernel


def box_kernel(size: int) -> np.ndarray:
    """Return the mean filter."""
    return np.full((size, size), 1 / size**2)


def motion_blur_kernel(size: int) -> np.ndarray:
    """Return the blur along the main diagonal."""
    return np.eye(size) / size


def size_cases(rng: np.random.Generator) -> Iterable[Call]:
    for size in (5, 4, 9, 6, 8, 7):
        yield call(size)


def with_centre(kernel: np.ndarray, value: float) -> np.ndarray:
    """Return a copy with another value in the centre."""
    changed = kernel.copy()
    changed[len(kernel) // 2, len(kernel) // 2] = value
    return changed


def middle_row(size: int) -> np.ndarray:
    """Return ones in the middle row of a square of zeros."""
    return np.repeat(np.arange(size) == size // 2, size).reshape(size, size).astype(float)


def bell(size: int) -> np.ndarray:
    """Return weights that fall off like binomial coefficients."""
    row = np.array([1.0])
    for _ in range(size - 1):
        row = np.convolve(row, [0.5, 0.5])
    return row


def gauss(size: int, sigma: float | None) -> np.ndarray:
    """Return weights that fall off like a Gaussian; `sigma` as OpenCV chooses it if None."""
    sigma = sigma or 0.3 * ((size - 1) * 0.5 - 1) + 0.8
    return np.exp(-((np.arange(size) - (size - 1) / 2) ** 2) / (2 * sigma**2))


def cross(size: int) -> np.ndarray:
    """Return ones on both diagonals."""
    return np.maximum(np.eye(size), np.eye(size)[::-1])


# fmt: off
BOX_MISTAKES = (
    mistake("not_normalized", "The numbers add up to 9 for size 3, so the picture becomes 9 times as "
          "bright. They should add up to 1.", lambda size: np.ones((size, size))),
    mistake("divided_by_size", "You divide by something else than how many numbers there are. Size 3 "
          "has 3 x 3 = 9 of them: each is 1/9.",
          *(lambda size, by=by: np.full((size, size), 1 / by(size)) for by in (  # type: ignore[misc]
              lambda n: n, lambda n: 2 * n, lambda n: n**0.5, lambda n: n**n, lambda n: n**3,
              lambda n: n**2 - 1, lambda n: n ^ 2 or 1, lambda n: (n + 1)**2, lambda n: (n - 1)**2,
              lambda n: 2 * n**2))),
    mistake("always_nine", "That is right for size 3 only, where each number is 1/9. How many "
          "numbers does a kernel of another size have?",
          lambda size: np.full((size, size), 1 / 9), lambda size: box_kernel(3),
          lambda size: box_kernel(2), lambda size: box_kernel(5), lambda size: np.ones((3, 3)),
          *(lambda size, name=name: GALLERY[name].kernel * GALLERY[name].factor  # type: ignore[misc]
            for name in ("blur 3x3", "blur 5x5", "gaussian 3x3", "gaussian 5x5")),
          lambda size: with_centre(np.ones((3, 3)), 0) / 8),
    mistake("all_zero", "All its numbers are 0: 1/9 was rounded down to a whole number. Use `/` "
          "rather than `//`, and let the array hold floats.",
          lambda size: np.full((size, size), 1 // size**2), lambda size: np.zeros((size, size))),
    mistake("one_row_only", "That is one row or column of numbers. A square is wanted, with `size` "
          "rows and `size` columns.",
          *(lambda size, shape=shape, by=by: np.full(shape(size), 1 / by(size))  # type: ignore[misc]
            for shape in (lambda n: n, lambda n: n * n, lambda n: (1, n), lambda n: (n, 1),
                          lambda n: (1, n * n), lambda n: (n * n, 1), lambda n: (1, 1))
            for by in (lambda n: n, lambda n: n**2, lambda n: 1))),
    mistake("radius", "`size` is the whole width of the kernel: 3 gives 3 x 3, nothing else.",
          *(lambda size, of=of: box_kernel(of(size)) for of in (  # type: ignore[misc]
              lambda n: 2 * n + 1, lambda n: 2 * n - 1, lambda n: n + 1, lambda n: n - 1,
              lambda n: n + 2, lambda n: 2 * n, lambda n: n // 2, lambda n: n * n)),
          lambda size: np.full((size * size, size * size), 1 / size**2)),
    mistake("too_many_axes", "The shape has a third axis. A kernel has rows and columns only.",
          lambda size: np.full((size, size, 3), 1 / size**2),
          lambda size: np.full((size, size, 1), 1 / size**2),
          lambda size: np.full((1, size, size), 1 / size**2)),
    mistake("centre_left_out", "The centre is 0. The mean counts the pixel itself too: for size 3 "
          "every number is 1/9.",
          lambda size: with_centre(np.ones((size, size)), 0) / max(size**2 - 1, 1),
          lambda size: with_centre(box_kernel(size), 0)),
    mistake("partly_filled", "Only a part of the square is filled. In a mean, every pixel of the "
          "window counts.",
          motion_blur_kernel, np.eye, lambda size: np.eye(size) / size**2,
          lambda size: normalize_kernel(np.maximum(middle_row(size), middle_row(size).T)),
          lambda size: middle_row(size) / size, lambda size: middle_row(size).T / size,
          lambda size: with_centre(np.zeros((size, size)), 1),
          lambda size: np.tri(size) / size**2, lambda size: normalize_kernel(np.tri(size)),
          lambda size: np.pad(box_kernel(size - 2), 1), *parts(box_kernel)),
    mistake("weighted", "Your weights differ from place to place. In a mean, all pixels have the "
          "same weight.",
          lambda size: np.outer(bell(size), bell(size)),
          lambda size: normalize_kernel(np.outer(np.hanning(size), np.hanning(size))),
          lambda size: normalize_kernel(np.outer(np.hanning(size + 2), np.hanning(size + 2))[1:-1, 1:-1]),
          *(lambda size, s=s: normalize_kernel(np.outer(gauss(size, s), gauss(size, s)))  # type: ignore[misc]
            for s in (0.5, 1, 1.5, 2, None)),
          lambda size: np.arange(size**2).reshape(size, size) / np.arange(size**2).sum(),
          lambda size: np.arange(1, size**2 + 1).reshape(size, size) / size**2),
    mistake("hundreds", "Multiplied by 255, a flat area leaves the range. The numbers should add up "
          "to 1.",
          lambda size: np.full((size, size), 255 / size**2)),
    mistake("rounded", "The numbers are rounded: nine times 0.11 is 0.99, and the picture gets "
          "darker. Keep the fractions.",
          *(lambda size, n=n: np.round(box_kernel(size), n) for n in (1, 2, 3))),
)

MOTION_MISTAKES = (
    mistake("not_normalized", "The numbers add up to 3 for size 3, so the picture becomes 3 times as "
          "bright. They should add up to 1.",
          np.eye, lambda size: np.eye(size) * size, lambda size: np.eye(size) * 255),
    mistake("divided_by_count", "You divide by something else than how many numbers are not 0. On "
          "the diagonal of size 3 there are 3 of them: each is 1/3.",
          *(lambda size, by=by: np.eye(size) / by(size) for by in (  # type: ignore[misc]
              lambda n: n**2, lambda n: 2 * n, lambda n: n**0.5, lambda n: n - 1, lambda n: n + 1,
              lambda n: 2 * n - 1, lambda n: n**2 / 9, lambda n: n**3)),
          lambda size: np.eye(size) - 1 / size, lambda size: np.eye(size) / size - 1 / size**2,
          lambda size: np.eye(size) + 1 / size, lambda size: np.eye(size) / sum(range(size))),
    mistake("other_diagonal", "That is the other diagonal. This one starts at the top left: row 0, "
          "column 0.",
          *(lambda size, by=by: np.eye(size)[::-1] / by(size) for by in (  # type: ignore[misc]
              lambda n: n, lambda n: 1, lambda n: n**2, lambda n: 9))),
    mistake("both_diagonals", "Both diagonals are filled: that is a cross. Only the one from the top "
          "left to the bottom right is wanted.",
          cross, lambda size: normalize_kernel(cross(size)), lambda size: cross(size) / size,
          lambda size: cross(size) / size / 2,
          lambda size: (np.eye(size) + np.eye(size)[::-1]) / size,
          lambda size: (np.eye(size) + np.eye(size)[::-1]) / size / 2),
    mistake("straight", "That blurs along a row or a column. The numbers should stand on the "
          "diagonal: row 0, column 0; row 1, column 1; and so on.",
          *(lambda size, turn=turn, by=by: turn(middle_row(size)) / by(size)  # type: ignore[misc]
            for turn in (lambda k: k, lambda k: k.T, lambda k: k[::-1])
            for by in (lambda n: n, lambda n: 1)),
          lambda size: np.eye(size)[:1].T @ np.full((1, size), 1 / size),
          lambda size: np.full((size, 1), 1 / size) @ np.eye(size)[:1]),
    mistake("whole_box", "Every number is filled, or all but the diagonal: that blurs in all "
          "directions. Only the diagonal should be.",
          box_kernel, lambda size: np.full((size, size), 1 / size), lambda size: np.ones((size, size)),
          lambda size: np.full((size, size), 1 / 9), lambda size: np.eye(size) / size + 1 - np.eye(size),
          lambda size: (1 - np.eye(size)) / size,
          lambda size: normalize_kernel(1 - np.eye(size))),
    mistake("half_filled", "Half of the square is filled. Only the diagonal itself should be.",
          *(lambda size, turn=turn, by=by: turn(np.tri(size)) / by(size)  # type: ignore[misc]
            for turn in (lambda k: k, lambda k: k.T)
            for by in (lambda n: n, lambda n: n * (n + 1) / 2, lambda n: 1, lambda n: n**2))),
    mistake("beside_the_diagonal", "Numbers stand beside the diagonal. It goes through row 0, column "
          "0, and is one number wide.",
          *(lambda size, k=k, by=by: np.eye(size, k=k) / by(size)  # type: ignore[misc]
            for k in (1, -1) for by in (lambda n: n, lambda n: n - 1 or 1)),
          lambda size: normalize_kernel(np.tri(size, k=1) - np.tri(size, k=-2)),
          lambda size: (np.tri(size, k=1) - np.tri(size, k=-2)) / size,
          lambda size: (np.eye(size) + np.eye(size, k=1)) / size),
    mistake("diagonal_incomplete", "The diagonal has a gap: it goes from the first row to the last, "
          "and every one of its numbers is the same.",
          lambda size: np.diag([1 / size] * (size - 1) + [0]),
          lambda size: np.diag([0] + [1 / size] * (size - 1)),
          lambda size: np.diag([0, *[1 / size] * (size - 2), 0]),
          lambda size: np.diag([1 / size] + [0] * (size - 1)), *parts(motion_blur_kernel)[2:4],
          lambda size: with_centre(np.eye(size) / size, 0),
          lambda size: np.diag([1 / size, *[0] * (size - 2), 1 / size][:size]) * (size > 1),
          lambda size: with_centre(np.zeros((size, size)), 1)),
    mistake("weighted", "Your numbers differ along the diagonal. All of them should be the same.",
          lambda size: np.diag(bell(size)),
          lambda size: np.diag(np.arange(1, size + 1)) / (size * (size + 1) / 2),
          lambda size: np.diag(np.arange(size, 0, -1)) / (size * (size + 1) / 2),
          lambda size: np.diag(np.arange(size)) / size, lambda size: np.diag(np.arange(1, size + 1)) / size,
          lambda size: np.diag(np.linspace(0, 1, size)), lambda size: np.diag(np.arange(size)),
          lambda size: np.outer(np.arange(size), np.arange(size)) / size,
          *(lambda size, s=s: np.diag(normalize_kernel(gauss(size, s)))  # type: ignore[misc]
            for s in (0.5, 1, 2, None))),
    mistake("always_nine", "That is right for one size only. `size` says how many numbers share the "
          "1.",
          *(lambda size, n=n: np.eye(size) / n for n in (2, 3, 4, 5, 8, 9, 10, 255)),  # type: ignore[misc]
          lambda size: np.eye(9), lambda size: np.eye(3),
          *(lambda size, n=n: np.eye(n) / n for n in (3, 5, 9))),  # type: ignore[misc]
    mistake("all_zero", "All its numbers are 0: 1/3 was rounded down to a whole number. Use `/` "
          "rather than `//`, and let the array hold floats.",
          lambda size: np.eye(size) // size, lambda size: np.zeros((size, size))),
    mistake("one_row_only", "That is one row of numbers. A square is wanted, with `size` rows and "
          "`size` columns.",
          lambda size: np.full(size, 1 / size), lambda size: np.full((1, size), 1 / size),
          lambda size: np.full((size, 1), 1 / size), lambda size: np.eye(size)[0] / size,
          lambda size: np.full(size, 1 / size**2), lambda size: np.ones(size)),
    mistake("radius", "`size` is the whole width of the kernel: 3 gives 3 x 3, nothing else.",
          *(lambda size, of=of: motion_blur_kernel(of(size)) for of in (  # type: ignore[misc]
              lambda n: 2 * n + 1, lambda n: 2 * n - 1, lambda n: n + 1, lambda n: n - 1,
              lambda n: n + 2, lambda n: 2 * n, lambda n: n // 2)),
          lambda size: np.eye(size, 2 * size) / size, lambda size: np.eye(size, size + 1) / size),
    mistake("too_many_axes", "The shape has a third axis. A kernel has rows and columns only.",
          lambda size: (np.eye(size) / size)[..., np.newaxis],
          lambda size: (np.eye(size) / size)[np.newaxis]),
    mistake("rounded", "The numbers are rounded: three times 0.33 is 0.99, and the picture gets "
          "darker. Keep the fractions.",
          *(lambda size, n=n: np.round(np.eye(size) / size, n) for n in (1, 2, 3))),
)
# fmt: on


# --- sharpen_kernel

DARK, BRIGHT = 100.0, 200.0  # grey values on the two sides of an edge
OVERSHOOT = 1.0  # grey levels by which each side must pass its own value


def sides(kernel: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    """What becomes of dark and of bright pixels: at a horizontal, a vertical and two diagonal
    edges."""
    row, col = np.mgrid[:9, :9]
    pairs = []
    for is_bright in (row > 4, col > 4, row + col > 8, row - col > 0):
        answers = conv2d(np.where(is_bright, BRIGHT, DARK), kernel)
        inside = is_bright[1:-1, 1:-1]
        pairs.append((answers[~inside], answers[inside]))
    return pairs


def overshoots(kernel: np.ndarray) -> np.ndarray:
    """Whether each of the four edges is passed on its dark and on its bright side: (4, 2)."""
    return np.array(
        [
            (DARK - dark.min() >= OVERSHOOT, bright.max() - BRIGHT >= OVERSHOOT)
            for dark, bright in sides(kernel)
        ]
    )


def inverts(kernel: np.ndarray) -> bool:
    """Whether the dark side of an edge comes out brighter than the bright side somewhere."""
    return any(dark.max() > bright.min() + OVERSHOOT for dark, bright in sides(kernel))


# fmt: off
SHARPEN_MISTAKES = (
    *UNUSABLE,
    mistake("edges_only", "Its numbers add up to 0, so a flat area turns black: it finds edges, "
            "and the picture is gone. Add the picture itself: 1 more in the centre.",
            np.array([[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]]),
            test=lambda kernel: quiet(flat_answer(kernel), kernel)),
    mistake("sum_not_one", "Its numbers do not add up to 1, so a flat area gets brighter or "
            "darker. Look at np.sum of your kernel.",
            np.array([[0, -1, 0], [-1, 4.5, -1], [0, -1, 0]]),
            test=lambda kernel: not quiet(flat_answer(kernel) - 1, kernel)),
    mistake("identity", "This kernel gives the picture back as it was. Which numbers round the "
            "centre would make a pixel differ more from its neighbours?",
            IDENTITY, test=lambda kernel: quiet(kernel - IDENTITY, kernel)),
    mistake("blur", "There is no negative number in it, so each pixel becomes a mean of its "
            "neighbours: that blurs, or shifts. To sharpen, the neighbours must count against the "
            "centre.", np.full((3, 3), 1 / 9), test=one_sign),
    mistake("inverted", "At an edge from 100 to 200, pixels of the dark side come out brighter "
            "than pixels of the bright side. The centre should count for the pixel, its "
            "neighbours against it.", GALLERY["excessive edges"].kernel, test=inverts),
    mistake("too_weak", "At an edge from 100 to 200 nothing falls below 99 or rises above 201: "
            "contrast is not raised. The negative neighbours need more weight, and the centre as "
            "much more.", IDENTITY - LAPLACIAN / 1000,
            test=lambda kernel: not overshoots(kernel).any()),
    mistake("one_direction", "It sharpens some edges, and others not at all: try it on a "
            "horizontal, a vertical and a diagonal edge. Neighbours on every side must count.",
            np.array([[0, 0, 0], [-1, 3, -1], [0, 0, 0]]),
            test=lambda kernel: not overshoots(kernel).any(axis=1).all()),
    mistake("one_sided", "Edges are raised on one side only. The bright side should get brighter "
            "and the dark side darker: neighbours on opposite sides need the same sign.",
            np.array([[0, 0, 0], [0, 3, -1], [0, -1, 0]]),
            test=lambda kernel: not overshoots(kernel).all()),
)
# fmt: on


# --- emboss

EMBOSS = GALLERY["emboss 3x3"].kernel


def emboss(image: np.ndarray) -> np.ndarray:
    """Return the embossed image, valid size."""
    return to_pixels(conv2d(image, EMBOSS), bias=128)


def emboss_cases(rng: np.random.Generator) -> Iterable[Call]:
    # Nowhere an exact half: to round those up or to even are both right.
    yield call(rng.integers(0, 256, (4, 6)))
    yield call(rng.integers(0, 256, (6, 5)).astype(np.uint8))
    yield call(rng.uniform(90, 130, size=(5, 4)))
    yield call(rng.uniform(0, 255, size=(4, 4)).astype(np.float32))
    yield call(rng.integers(100, 141, (3, 7)))
    yield call(rng.integers(100, 141, (7, 3)).astype(np.uint8))
    yield call(rng.normal(scale=40, size=(3, 5)))
    yield call(np.full((3, 4), 9))
    yield call(rng.uniform(100, 120, size=(6, 4)))


def then(
    finish: Callable[[np.ndarray], Any], kernel: Any = EMBOSS, padding: str = "valid"
) -> Callable[[np.ndarray], Any]:
    """Convolve an image, then finish the answers."""
    return lambda image: finish(conv2d(image, kernel, padding))


def slips(kernel: np.ndarray) -> list[np.ndarray]:
    """Change one number of a kernel, not the centre: to each of -1, 0 and 1."""
    wrong = [
        np.where(np.arange(9).reshape(3, 3) == i, n, kernel)
        for i in (0, 1, 2, 3, 5, 6, 7, 8)
        for n in (-1, 0, 1)
    ]
    return [one for one in wrong if (one != kernel).any()]


def relief(answers: np.ndarray) -> np.ndarray:
    """Add the bias and make bytes, as it should be."""
    return to_pixels(answers, bias=128)


def emboss_slices(image: np.ndarray) -> np.ndarray:
    """The answers of the kernel, from slices in the image's own type: bytes wrap around."""
    plus = image[1:-1, 2:] + image[2:, 1:-1] + image[2:, 2:]
    return plus - image[:-2, :-2] - image[:-2, 1:-1] - image[1:-1, :-2]


def spread(values: np.ndarray) -> np.ndarray:
    """Spread values over 0..255, whatever they are."""
    return (values - values.min()) / (np.ptp(values) or 1.0) * 255


# fmt: off
EMBOSS_MISTAKES = (
    mistake("bias_forgotten", "The 128 is missing, or was added to the image, where a kernel whose "
          "sum is 0 takes it away again. Without it a flat area turns black: add it to the "
          "answers.",
          then(to_pixels), then(np.copy), then(wrapped), then(np.rint),
          lambda image: to_pixels(conv2d(np.clip(image + 128.0, 0, 255), EMBOSS))),
    mistake("not_clipped", "Your values are not clipped before they are stored in bytes, so they "
          "wrap around: -142 becomes 114. Clip to 0..255 first; `to_pixels` does.",
          then(lambda v: wrapped(np.rint(v + 128))), then(lambda v: wrapped(v + 128))),
    mistake("not_bytes", "Bytes are wanted (uint8), and other numbers came back. `to_pixels` "
          "rounds, clips and stores.",
          then(lambda v: v + 128), then(lambda v: np.rint(v + 128)),
          then(lambda v: np.clip(v + 128, 0, 255)), then(lambda v: relief(v).astype(int)),
          then(lambda v: np.clip((v + 128) / 255, 0, 1)), then(lambda v: relief(v) / 255)),
    mistake("truncated", "The fractions were cut off: 99.6 became 99. Round to the nearest whole "
          "number, which here is 100.",
          then(lambda v: np.clip(v + 128, 0, 255).astype(np.uint8)),
          then(lambda v: np.clip(np.trunc(v) + 128, 0, 255).astype(np.uint8)),
          lambda image: relief(conv2d(np.trunc(image), EMBOSS))),
    mistake("rounded_up", "The fractions were rounded up: 99.1 became 100. Round to the nearest "
          "whole number, which here is 99.",
          then(lambda v: np.clip(np.ceil(v + 128), 0, 255).astype(np.uint8))),
    mistake("flipped", "The light comes from the wrong side: plus and minus are exchanged. The top "
          "left of the kernel is negative, its bottom right positive.",
          then(relief, -EMBOSS), then(lambda v: 255 - relief(v)),
          then(lambda v: np.clip(np.rint(127 - v), 0, 255).astype(np.uint8))),
    mistake("mirrored", "The light comes from another corner: your kernel is mirrored. Its zeros "
          "stand at the top right, in the centre and at the bottom left.",
          then(relief, EMBOSS[:, ::-1]), then(relief, EMBOSS[::-1])),
    mistake("clipped_first", "Answers were cut off before the 128 was added: those below 0, so "
          "that nothing is darker than 128, or those above. Add first, clip last.",
          then(lambda v: relief(np.maximum(v, 0))), then(lambda v: relief(np.clip(v, 0, 255))),
          then(lambda v: to_pixels(v) + np.uint8(128)), then(lambda v: relief(to_pixels(v))),
          then(lambda v: to_pixels(wrapped(v) + 128.0)), then(lambda v: relief(np.minimum(v, 0)))),
    mistake("other_bias", "A flat area should become 128, the middle of 0..255. Yours becomes "
          "something else: look at the number that you add.",
          *(then(lambda v, bias=bias: to_pixels(v, bias=bias))  # type: ignore[misc]
            for bias in (-128, -127, 0.5, 1, 10, 12, 12.8, 18, 20, 25, 28, 30, 32, 40, 50, 60, 64, 80, 96,
                         100, 110, 120, 125, 126, 127, 129, 130, 138, 140, 150, 160, 180, 182, 192, 200,
                         218, 250, 255, 256)),
          lambda image: to_pixels(conv2d(image, EMBOSS), bias=float(np.mean(image))),
          then(to_pixels, EMBOSS + 128), then(to_pixels, EMBOSS + 128 * IDENTITY)),
    mistake("black_and_white", "Only black and white came back. Is 128 the factor? to_pixels takes "
          "the factor first; name the bias: bias=128.",
          then(lambda v: to_pixels(v, 128)), then(lambda v: to_pixels(v, 128, 1)),
          then(lambda v: to_pixels((v + 1) * 128)),
          then(lambda v: np.where(v > 0, 255, 0).astype(np.uint8)),
          then(lambda v: np.where(v >= 0, 255, 0).astype(np.uint8)),
          then(lambda v: (v > 0).astype(np.uint8))),
    mistake("image_added", "The image itself is still in the result. Only the kernel's answers and "
          "the 128 belong there: the centre of this kernel is 0.",
          then(relief, EMBOSS + IDENTITY), then(to_pixels, EMBOSS + IDENTITY),
          lambda image: to_pixels(image[1:-1, 1:-1])),
    mistake("other_kernel", "That is another kernel. This one is [[-1, -1, 0], [-1, 0, 1], "
          "[0, 1, 1]]: compare yours with it, number by number.",
          *(then(relief, kernel) for kernel in (
              HORIZONTAL, VERTICAL, LAPLACIAN, [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]],
              [[-2, -1, 0], [-1, 0, 1], [0, 1, 2]], [[-1, 0, 0], [0, 0, 0], [0, 0, 1]],
              [[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]], np.abs(EMBOSS), PREWITT, PREWITT.T,
              [[0, -1, 0], [-1, 0, 1], [0, 1, 0]], [[-2, -1, 0], [-1, 0, 2], [0, 1, 2]],
              [[-1, -1, -1], [-1, 0, 1], [1, 1, 1]], -np.abs(EMBOSS), *slips(EMBOSS))),
          lambda image: relief(conv2d(image, GALLERY["emboss 5x5"].kernel, "same")[1:-1, 1:-1]),
          lambda image: helpers.apply_filter(image, "emboss 5x5")[1:-1, 1:-1],
          lambda image: relief(conv2d(image, GALLERY["emboss 5x5"].kernel))),
    mistake("same_size", "The result is as large as the image. Valid size is wanted: one pixel less "
          "on each side, where the kernel does not fit.",
          then(relief, padding="same"), lambda image: helpers.apply_filter(image, "emboss 3x3"),
          lambda image: np.pad(emboss(image), 1),
          lambda image: np.pad(emboss(image), 1, constant_values=128),
          lambda image: np.pad(emboss(image), 1, mode="edge")),
    mistake("loops_end_early", "A part of the result is still 0: a loop ends too early, or `return` "
          "stands inside it.", *parts(emboss)),
    mistake("sign_lost", "Negative answers came back positive. Slopes that fall should be darker "
          "than 128, and not brighter: take out abs().",
          then(lambda v: relief(abs(v))), then(lambda v: to_pixels(abs(v + 128))),
          then(lambda v: to_pixels(abs(v))), then(lambda v: relief(v**2))),
    mistake("scaled", "Your values are stretched or shrunk. With factor 1 and bias 128, an answer "
          "of 80 becomes 208 in every picture.",
          then(lambda v: to_pixels(spread(v))), then(lambda v: spread(v).astype(np.uint8)),
          then(lambda v: relief(spread(v))), then(lambda v: to_pixels((v + 128) / 2)),
          then(lambda v: to_pixels((v + 128) / 255)), then(lambda v: to_pixels((v + 255) / 2)),
          lambda image: relief(conv2d(image, EMBOSS) / 2 + image[1:-1, 1:-1] / 2 - 64),
          *(then(lambda v, by=by: relief(v * by))  # type: ignore[misc]
            for by in (2, 3, 1.5, 1 / 2, 1 / 3, 1 / 4, 1 / 6, 1 / 8, 1 / 9, 0.1, 128 / 255, 1 / 255))),
    mistake("bytes_wrapped", "On an image of bytes the sums wrap around before the bias is added: "
          "256 becomes 0. Make floats of the image first.",
          lambda image: relief(emboss_slices(image)),
          lambda image: to_pixels(emboss_slices(image) + image.dtype.type(128))),
)
# fmt: on


# --- diagonal_kernel

STRONGER = 2.0  # times as strong as on the other diagonal
FALLING = np.array([[2, -1, -1], [-1, 2, -1], [-1, -1, 2]])


def diagonal_answers(kernel: np.ndarray) -> tuple[float, float]:
    """The strongest answer to a thin line that rises to the right, and to one that falls."""
    rising, falling = (np.abs(conv2d(line, kernel)).max() for line in (np.eye(9)[::-1], np.eye(9)))
    return float(rising), float(falling)


def selective(kernel: np.ndarray, factor: float = STRONGER) -> bool:
    """Whether the rising diagonal gets an answer that many times as strong as the falling one."""
    rising, falling = diagonal_answers(kernel)
    return rising >= factor * falling * (1 - ROUNDING)


# fmt: off
DIAGONAL_MISTAKES = (
    *UNUSABLE,
    mistake("averages", "All its numbers have the same sign, so a flat area gets an answer too. "
            "Take something away from the pixels beside the diagonal, until all nine numbers add "
            "up to 0.", np.eye(3)[::-1], test=one_sign),
    mistake("flat_not_zero", "It answers to a flat area, where there is no line at all. Its nine "
            "numbers must add up to 0: look at np.sum of your kernel.",
            np.array([[-1, -1, 2], [-1, 3, -1], [2, -1, -1]]),
            test=lambda kernel: not quiet(flat_answer(kernel), kernel)),
    mistake("silent_on_diagonals", "It is 0 on both diagonals: what it adds along them, it also "
            "takes away.", np.array([[0, 1, 0], [-1, 0, -1], [0, 1, 0]]),
            test=lambda kernel: quiet(np.array(diagonal_answers(kernel)), kernel)),
    mistake("other_diagonal", "It is strong on the other diagonal, which falls from the top left "
            "to the bottom right. Wanted is the one that rises to the right: mirror your kernel "
            "with [:, ::-1].", FALLING,
            test=lambda kernel: not selective(kernel) and selective(kernel[:, ::-1])),
    mistake("straight", "This is a kernel for horizontal or vertical lines: it cannot tell the "
            "two diagonals apart.", HORIZONTAL,
            test=lambda kernel: not selective(kernel) and not all(line_answers(kernel))),
    mistake("both_diagonals", "It answers to both diagonals equally strongly; the opposite sign "
            "does not make an answer weak. The corners of the two diagonals need different "
            "numbers.", np.array([[2, -2, 2], [-2, 0, -2], [2, -2, 2]]),
            test=lambda kernel: not selective(kernel, 1 + 1e-3)),
    mistake("too_weak", "It answers more strongly to the right diagonal, but not twice as "
            "strongly as to the other. Which numbers of yours does a line along the other "
            "diagonal meet?", np.array([[-3, 0, 2], [0, 2, 0], [2, 0, -3]]),
            test=lambda kernel: not selective(kernel)),
)
# fmt: on


# --- median_filter


def median_cases(rng: np.random.Generator) -> Iterable[Call]:
    yield call(rng.integers(0, 256, (5, 7)), 3)
    yield call(rng.integers(0, 256, (6, 5)).astype(np.uint8), 3)
    yield call(rng.normal(scale=50, size=(6, 7)), 5)
    yield call(rng.normal(scale=50, size=(5, 4)), 2)
    yield call(rng.integers(0, 256, (5, 6)), 4)
    yield call(rng.integers(0, 256, (5, 5)), 5)
    yield call(rng.uniform(size=(3, 6)).astype(np.float32), 3)
    yield call(rng.integers(-99, 100, (6, 4)), 3)
    yield call(rng.integers(0, 100, (2, 3)).astype(np.uint8), 2)
    yield call(rng.integers(0, 256, (3, 4)), 1)


Filtered = Callable[[np.ndarray, int], np.ndarray]


def squares(combine: Callable[[np.ndarray], np.ndarray]) -> Filtered:
    """Combine the values of each window; its rows and columns are the last two axes."""
    return lambda image, size: combine(
        sliding_window_view(np.asarray(image, dtype=float), (size, size))
    )


def lists(combine: Callable[[np.ndarray], np.ndarray]) -> Filtered:
    """Combine the values of each window; they stand in one row on the last axis."""
    return squares(lambda windows: combine(windows.reshape(*windows.shape[:2], -1)))


def rank(which: Callable[[int], int]) -> Filtered:
    """Keep one of the sorted values: ``which(count)``."""
    return lists(lambda v: np.sort(v)[..., np.clip(which(v.shape[-1]), 0, v.shape[-1] - 1)])


def middle(values: np.ndarray) -> np.ndarray:
    """The value at the centre of each window, as it stands."""
    return values[..., values.shape[-2] // 2, values.shape[-1] // 2]


def most_frequent(values: np.ndarray) -> np.ndarray:
    """The most frequent value of each window, the smallest of several."""
    counts = (values[..., np.newaxis] == values[..., np.newaxis, :]).sum(axis=-1)
    most = counts == counts.max(axis=-1, keepdims=True)
    return np.where(most, values, np.inf).min(axis=-1)


def padded(mode: str) -> Filtered:
    """Keep the size by inventing a border."""

    def filtered(image: np.ndarray, size: int) -> np.ndarray:
        options: Any = {"mode": mode}
        return helpers.median_filter(np.pad(image, (size // 2, (size - 1) // 2), **options), size)

    return filtered


def smaller_at_border(image: np.ndarray, size: int) -> np.ndarray:
    """Keep the size by looking only at the pixels that there are."""
    pixels = np.pad(np.asarray(image, dtype=float), size // 2, constant_values=np.nan)
    windows = sliding_window_view(pixels, (size // 2 * 2 + 1,) * 2)
    return np.nanmedian(windows, axis=(2, 3))


def framed(fill: Callable[[np.ndarray], np.ndarray]) -> Filtered:
    """Keep the size by leaving the border as `fill` made it."""

    def filtered(image: np.ndarray, size: int) -> np.ndarray:
        out = fill(image.astype(float))
        inner = helpers.median_filter(image, size)
        top = size // 2
        out[top : top + inner.shape[0], top : top + inner.shape[1]] = inner
        return out

    return filtered


def other_window(change: Callable[[int], int]) -> Filtered:
    """Use a window of another size in the places of the right one; it may end at the border."""

    def filtered(image: np.ndarray, size: int) -> np.ndarray:
        out = np.zeros((image.shape[0] - size + 1, image.shape[1] - size + 1))
        for row, col in np.ndindex(*out.shape):
            end = max(change(size), 1)
            out[row, col] = np.median(image[row : row + end, col : col + end])
        return out

    return filtered


def stepped(image: np.ndarray, size: int) -> np.ndarray:
    """Fill in only every `size`-th row and column."""
    right = helpers.median_filter(image, size)
    rows, cols = np.indices(right.shape)
    return np.where((rows % size == 0) & (cols % size == 0), right, 0)


def as_for_three(image: np.ndarray, size: int) -> np.ndarray:
    """Make room for the windows of size 3, whatever the size."""
    out = np.zeros((image.shape[0] - 2, image.shape[1] - 2))
    right = helpers.median_filter(image, size)[: out.shape[0], : out.shape[1]]
    out[: right.shape[0], : right.shape[1]] = right
    return out


def in_the_corner(image: np.ndarray, size: int) -> np.ndarray:
    """Keep the size by filling in the top left."""
    inner = helpers.median_filter(image, size)
    return np.pad(inner, ((0, size - 1), (0, size - 1)))


def rows_for_columns(image: np.ndarray, size: int) -> np.ndarray:
    """Use the number of rows for the columns as well."""
    places = len(image) - size + 1
    return np.array(
        [
            [np.median(image[r : r + size, c : c + size]) for c in range(places)]
            for r in range(places)
        ]
    )


def by_loops(image: np.ndarray, size: int) -> np.ndarray:
    height, width = image.shape
    out = np.zeros((height - size + 1, width - size + 1))
    for row in range(out.shape[0]):
        for col in range(out.shape[1]):
            out[row, col] = np.median(image[row : row + size, col : col + size])
    return out


def by_sorting(image: np.ndarray, size: int) -> np.ndarray:
    rows: list[list[float]] = []
    for row in range(len(image) - size + 1):
        rows.append([])
        for col in range(len(image[0]) - size + 1):
            values = sorted(float(v) for v in image[row : row + size, col : col + size].flat)
            half, odd = divmod(len(values), 2)
            rows[-1].append(values[half] if odd else (values[half - 1] + values[half]) / 2)
    return np.array(rows)


def by_shifting(image: np.ndarray, size: int) -> np.ndarray:
    height, width = image.shape[0] - size + 1, image.shape[1] - size + 1
    shifts = [(r, c) for r in range(size) for c in range(size)]
    stack = np.stack([image[r : r + height, c : c + width] for r, c in shifts])
    return np.quantile(stack.astype(float), 0.5, axis=0)


# fmt: off
MEDIAN_MISTAKES = (
    mistake("mean_taken", "That is the mean: the 255 of the example pulls it up to 32.8. The median "
          "is the value in the middle when all nine are sorted: 6.",
          lists(lambda v: v.mean(axis=-1)), lists(lambda v: np.trunc(v.mean(axis=-1))),
          lists(lambda v: np.rint(v.mean(axis=-1))), lists(lambda v: v.sum(axis=-1) / 9)),
    mistake("minimum", "That is the smallest value of each window. The median has as many values "
          "below as above it.", rank(lambda n: 0)),
    mistake("maximum", "That is the largest value of each window. The median has as many values "
          "below as above it.", rank(lambda n: n - 1)),
    mistake("midrange", "You take the middle between the smallest and the largest value: (1 + 255) "
          "/ 2 in the example. Sort all nine, and take the one in the middle.",
          lists(lambda v: (v.min(axis=-1) + v.max(axis=-1)) / 2)),
    mistake("even_windows", "Windows with an even number of values have two in the middle: 20 and "
          "40 in the second example. The median is the mean of both, 30.",
          rank(lambda n: n // 2), rank(lambda n: (n - 1) // 2),
          lambda image, size: helpers.median_filter(image, size // 2 * 2 + 1),
          lambda image, size: helpers.median_filter(image, max(size - 1 + size % 2, 1)),
          lambda image, size: helpers.median_filter(image, size)[: 1 if size % 2 else -1]),
    mistake("next_to_the_middle", "You take a value beside the middle of the sorted ones. Nine "
          "values: the middle one has number 4, counted from 0.",
          rank(lambda n: n // 2 - 1), rank(lambda n: n // 2 + 1), rank(lambda n: int(n**0.5) // 2),
          rank(lambda n: 4), rank(lambda n: int(n**0.5)), rank(lambda n: int(n**0.5) + 1)),
    mistake("not_sorted", "You take a value by where it stands in the window, without sorting: the "
          "centre is 255 in the example. Sort the values of the window first.",
          lists(lambda v: v[..., v.shape[-1] // 2]), squares(lambda w: w[..., 0, 0]),
          squares(middle), squares(lambda w: w[..., -1, -1]),
          lists(lambda v: (v[..., v.shape[-1] // 2] + v[..., (v.shape[-1] - 1) // 2]) / 2)),
    mistake("places_not_values", "You return the place of the median, from argsort. Its value is "
          "wanted.",
          lists(lambda v: np.argsort(v)[..., v.shape[-1] // 2])),
    mistake("rows_or_columns_apart", "Rows or columns of the window are taken apart. All its values "
          "belong in one list: np.median without an axis, or flatten the window first.",
          *(squares(lambda w, one=one, two=two, axis=axis: two(one(w, axis=axis), axis=-1))  # type: ignore[misc]
            for axis in (-1, -2)
            for one, two in ((np.median, np.median), (np.median, np.mean), (np.mean, np.median),
                             (np.max, np.median), (np.median, np.max), (np.min, np.median))),
          lambda image, size: helpers.median_filter(image, (size, image.shape[1]))
          + np.zeros(image.shape[1] - size + 1),
          lambda image, size: helpers.median_filter(image, (image.shape[0], size))
          + np.zeros((image.shape[0] - size + 1, 1)),
          squares(lambda w: middle(np.sort(w, axis=-1))),
          squares(lambda w: middle(np.sort(w, axis=-2))),
          squares(lambda w: middle(np.sort(np.sort(w, axis=-2), axis=-1))),
          squares(lambda w: np.median(w, axis=-1)[..., 0]),
          squares(lambda w: np.median(w, axis=-1)[..., w.shape[-1] // 2]),
          squares(lambda w: np.median(w, axis=-1)[..., -1]),
          squares(lambda w: np.median(w, axis=-2)[..., 0]),
          squares(lambda w: np.median(w, axis=-2)[..., w.shape[-1] // 2]),
          squares(lambda w: np.median(w, axis=-1)), squares(lambda w: np.median(w, axis=-2)),
          lambda image, size: helpers.median_filter(image, (1, size)),
          lambda image, size: helpers.median_filter(image, (size, 1))),
    mistake("not_every_pixel", "Some pixels of the window do not count. All size x size of them do, "
          "the centre and the corners too.",
          squares(lambda w: np.median(np.diagonal(w, axis1=2, axis2=3), axis=-1)),
          lists(lambda v: np.median(np.delete(v, v.shape[-1] // 2, -1), axis=-1)
                if v.shape[-1] > 1 else v[..., 0]),
          squares(lambda w: np.median(np.concatenate(
              [w[..., w.shape[-1] // 2, :], w[..., w.shape[-1] // 2]], axis=-1), axis=-1))),
    mistake("other_statistic", "That is another property of the window. The median is the value in "
          "the middle when all are sorted: half of the others below it, half above.",
          lists(lambda v: v.std(axis=-1)), lists(lambda v: v.sum(axis=-1)), lists(most_frequent),
          lists(lambda v: v.var(axis=-1)), lists(lambda v: np.ptp(v, axis=-1)),
          lists(lambda v: np.percentile(v, 25, axis=-1)),
          lists(lambda v: np.percentile(v, 75, axis=-1)),
          lists(lambda v: np.percentile(v, 0.5, axis=-1)), lists(lambda v: np.prod(v, axis=-1)),
          lists(lambda v: np.apply_along_axis(lambda one: np.median(np.unique(one)), -1, v)),
          lists(lambda v: np.sort(v)[..., 1:-1].mean(axis=-1))),
    mistake("same_size", "The result is as large as the image. Valid size is wanted: only windows "
          "that lie inside the image, so (H - size + 1, W - size + 1).",
          *(padded(mode) for mode in ("constant", "edge", "symmetric", "reflect", "wrap")),
          framed(np.copy), framed(np.zeros_like), smaller_at_border, in_the_corner),
    mistake("always_three", "`size` is not used: your windows are always 3 x 3.",
          lambda image, size: helpers.median_filter(image, 3), other_window(lambda n: 3), as_for_three),
    mistake("radius", "`size` is the whole width of the window: 3 means 3 x 3, not 3 to each side.",
          lambda image, size: helpers.median_filter(image, 2 * size + 1),
          lambda image, size: helpers.median_filter(image, size + 1),
          lambda image, size: helpers.median_filter(image, max(size - 1, 1)),
          other_window(lambda n: n + 1), other_window(lambda n: n - 1), other_window(lambda n: n // 2),
          other_window(lambda n: 2 * n), other_window(lambda n: 99)),
    mistake("stepped", "Your windows jump by `size` pixels. They move by one pixel at a time, as in "
          "a convolution.",
          lambda image, size: helpers.median_filter(image, size)[::size, ::size],
          stepped,
          lambda image, size: helpers.max_pool2d(image, size)),
    mistake("whole_image", "Every value is the median of the whole image, or of whole rows or "
          "columns. Take the median of one window at a time.",
          lambda image, size: np.full_like(helpers.median_filter(image, size), np.median(image)),
          lambda image, size: np.median(image), lambda image, size: np.median(image, axis=0),
          lambda image, size: np.median(image, axis=1)),
    mistake("loops_end_early", "A part of the result is still 0: a loop ends too early, or `return` "
          "stands inside it.", *parts(helpers.median_filter)),
    mistake("rows_for_columns", "The number of rows is used for the columns as well, or they are "
          "swapped. The image need not be square: shape[0] is its height, shape[1] its width.",
          rows_for_columns, lambda image, size: rows_for_columns(image.T, size).T,
          lambda image, size: helpers.median_filter(image, size).T),
    mistake("truncated", "The fractions are gone: the result was stored in whole numbers, or rounded. With an "
          "even number of values the median can end in .5: let the result hold floats.",
          lambda image, size: np.trunc(helpers.median_filter(image, size)),
          lambda image, size: np.ceil(helpers.median_filter(image, size)),
          lambda image, size: helpers.median_filter(image, size).astype(image.dtype)),
    mistake("bytes_wrapped", "Your image was turned into bytes, which hold whole numbers from 0 to "
          "255. Floats and negative values do not fit: work in float.",
          lambda image, size: helpers.median_filter(wrapped(image), size),
          lambda image, size: helpers.median_filter(to_pixels(image), size)),
)
# fmt: on


EXERCISES = (
    ByObservation(
        key="horizontal_kernel",
        title="See horizontal lines and be blind to vertical ones",
        points=1,
        minutes=3,
        kind="value",
        reference=HORIZONTAL,
        observe=kernel_or_problem,
        helpers=("kernels.HORIZONTAL", "kernels.VERTICAL"),
        mistakes=one_direction("horizontal", "vertical", VERTICAL),
        alternatives=(
            PREWITT.tolist(),
            -HORIZONTAL.astype(int),
            (SCHARR / 32).astype(np.float32),
            LINE_DETECTOR,
            np.outer([0.5, 0, -0.5], [0.25, 0.5, 0.25]),
        ),
        hints=(
            (
                "Above and below a horizontal edge the picture has different values. Which row of "
                "the window would you subtract from which?"
            ),
            (
                "On a vertical line, every row of the window is the same. So the numbers of each "
                "column of your kernel have to cancel."
            ),
            (
                "Three rows: one with negative numbers, one with zeros, one with the same numbers "
                "positive."
            ),
        ),
    ),
    ByObservation(
        key="vertical_kernel",
        title="See vertical lines and be blind to horizontal ones",
        points=1,
        minutes=1,
        kind="value",
        reference=VERTICAL,
        observe=kernel_or_problem,
        helpers=("kernels.HORIZONTAL", "kernels.VERTICAL"),
        mistakes=one_direction("vertical", "horizontal", HORIZONTAL),
        alternatives=(
            PREWITT.T.tolist(),
            -VERTICAL.astype(int),
            (SCHARR.T / 32).astype(np.float32),
            LINE_DETECTOR.T,
        ),
        hints=(
            "You have a kernel for the other direction. What has to change places?",
            (
                "On a horizontal line, every column of the window is the same. So the numbers of "
                "each row of your kernel have to cancel."
            ),
            (
                "Three columns: one with negative numbers, one with zeros, one with the same numbers "
                "positive. NumPy swaps rows and columns with .T"
            ),
        ),
    ),
    ByObservation(
        key="predicted_responses",
        title="Predict the signs of both answers to four pictures",
        points=2,
        minutes=4,
        kind="value",
        reference=RESPONSES,
        observe=signs_or_problem,
        mistakes=PREDICTION_MISTAKES,
        alternatives=(
            {name: "".join(pair) for name, pair in RESPONSES.items()},
            {name: list(pair) for name, pair in RESPONSES.items()},
            {
                name: (np.sum(HORIZONTAL * picture), np.sum(VERTICAL * picture))
                for name, picture in PICTURES.items()
            },
            dict(reversed(RESPONSES.items())),
        ),
        hints=(
            (
                "Which number of the kernel does the brightest pixel meet: a positive or a negative "
                "one?"
            ),
            (
                "A flat area of 50 gives 0. So subtract 50 everywhere: only the bright pixels are "
                "left, and only those need multiplying."
            ),
            (
                'For "bright below": (the sign of 150*1 + 150*2 + 150*1, the sign of 150*-1 + 150*0 '
                "+ 150*1), and in the same way for the other three."
            ),
        ),
    ),
    ByCalls(
        key="normalize_kernel",
        title="Divide a kernel by its sum",
        points=1,
        minutes=3,
        reference=normalize_kernel,
        examples=(
            call(np.array([[1, 2, 1], [2, 4, 2], [1, 2, 1]])),
            call(np.array([[0, 1, 0], [1, -4, 1], [0, 1, 0]])),
        ),
        cases=normalize_cases,
        mistakes=NORMALIZE_MISTAKES,
        alternatives=(
            lambda kernel: kernel / np.where(kernel.sum() == 0, 1, kernel.sum()),
            lambda kernel: np.divide(kernel, kernel.sum() or 1),
            lambda kernel: (
                np.array([[float(v) / total for v in row] for row in kernel])
                if abs(total := sum(float(v) for v in kernel.ravel())) > 1e-9
                else kernel.copy()
            ),
        ),
        hints=(
            (
                "What do the numbers of [[1, 2, 1], [2, 4, 2], [1, 2, 1]] add up to, and by what must "
                "each be divided so that they add up to 1?"
            ),
            "Find the sum first. Is it 0? Then there is nothing to divide by.",
            (
                "total = the sum of all numbers. If total is 0: return the kernel. Otherwise: return "
                "the kernel divided by total."
            ),
        ),
    ),
    ByCalls(
        key="gradient_magnitude",
        title="Show edges of every direction in one picture",
        points=2,
        minutes=4,
        reference=helpers.gradient_magnitude,
        examples=(call(THREE_FOUR_FIVE), call(DISC)),
        cases=gradient_cases,
        mistakes=GRADIENT_MISTAKES,
        alternatives=(
            lambda image: np.sqrt(sum(conv2d(image, k) ** 2 for k in (-HORIZONTAL, VERTICAL))),
            lambda image: length_of_bytes(np.asarray(image, dtype=float)),
            lambda image: np.array(
                [
                    [
                        np.linalg.norm(
                            [
                                np.sum(image[r : r + 3, c : c + 3] * kernel)
                                for kernel in (HORIZONTAL, VERTICAL)
                            ]
                        )
                        for c in range(image.shape[1] - 2)
                    ]
                    for r in range(image.shape[0] - 2)
                ]
            ),
            lambda image: np.abs(conv2d(image, VERTICAL) + 1j * conv2d(image, HORIZONTAL)),
        ),
        hints=(
            (
                "The two answers at a pixel are like two sides of a right-angled triangle. What is the "
                "length of the third side?"
            ),
            (
                "Convolve the image with each of the two kernels first. What do you have to do with "
                "the two arrays so that -40 and 40 count alike?"
            ),
            (
                "h = image convolved with one kernel, v = with the other. Return the square root of "
                "(h squared plus v squared)."
            ),
        ),
        helpers=("gradient_magnitude", "kernels.gradient_magnitude"),
    ),
    ByCalls(
        key="box_kernel",
        title="Make the mean filter of any size",
        points=1,
        minutes=2,
        reference=box_kernel,
        examples=(call(3), call(2)),
        cases=size_cases,
        mistakes=BOX_MISTAKES,
        alternatives=(
            lambda size: normalize_kernel(np.ones((size, size))),
            lambda size: np.array([[1 / (size * size) for _ in range(size)] for _ in range(size)]),
            lambda size: np.outer(np.full(size, 1 / size), np.full(size, 1 / size)),
            lambda size: np.ones((size, size), dtype=np.float32) / size / size,
        ),
        hints=(
            (
                "How many pixels does a window of that size hold, and what share does each have in "
                "their mean?"
            ),
            "np.ones((3, 3)) is a 3x3 array of ones. What do its numbers add up to?",
            "An array of shape (size, size), filled with one number: 1 over how many there are.",
        ),
    ),
    ByCalls(
        key="motion_blur_kernel",
        title="Blur along the diagonal",
        points=1,
        minutes=2,
        reference=motion_blur_kernel,
        examples=(call(3), call(2)),
        cases=size_cases,
        mistakes=MOTION_MISTAKES,
        alternatives=(
            lambda size: np.diag([1 / size] * size),
            lambda size: np.array(
                [[1 / size if row == col else 0 for col in range(size)] for row in range(size)]
            ),
            lambda size: normalize_kernel(np.identity(size, dtype=int)),
        ),
        hints=(
            (
                "A point moves to the bottom right while the shutter is open. Which pixels does it "
                "touch, and for what share of the time each?"
            ),
            (
                "np.eye(3) is a square of zeros with ones from the top left to the bottom right. "
                "What do they add up to?"
            ),
            (
                "A (size, size) array with one same number at [0, 0], [1, 1], [2, 2] and so on, so "
                "that all add up to 1."
            ),
        ),
    ),
    ByObservation(
        key="sharpen_kernel",
        title="Raise the contrast at every edge",
        points=2,
        minutes=4,
        kind="value",
        reference=GALLERY["sharpen"].kernel,
        observe=kernel_or_problem,
        helpers=("kernels.GALLERY",),
        mistakes=SHARPEN_MISTAKES,
        alternatives=(
            np.array([[0, -1, 0], [-1, 5, -1], [0, -1, 0]]),
            [[-1, 0, -1], [0, 5, 0], [-1, 0, -1]],
            2 * IDENTITY - box_kernel(3),
            IDENTITY - 0.2 * LAPLACIAN,
            (np.array([[-1, -2, -1], [-2, 28, -2], [-1, -2, -1]]) / 16).astype(np.float32),
        ),
        hints=(
            (
                "A kernel that leaves the picture as it is has a single 1. What would you add to it, "
                "so that a flat area still keeps its value?"
            ),
            (
                "Picture plus edges: the edges are what is left when you subtract a pixel's neighbours "
                "from the pixel itself."
            ),
            (
                "A large positive number in the centre, negative ones on all sides of it, and all nine "
                "add up to 1."
            ),
        ),
    ),
    ByCalls(
        key="emboss",
        title="Press a picture into metal: kernel, bias, bytes",
        points=2,
        minutes=3,
        reference=emboss,
        examples=(
            call(np.array([[10, 10, 10, 50], [10, 10, 50, 50], [10, 50, 50, 50]])),
            call(np.array([[90, 90, 0], [90, 0, 0], [0, 0, 0]])),
        ),
        cases=emboss_cases,
        mistakes=EMBOSS_MISTAKES,
        alternatives=(
            lambda image: np.clip(np.round(conv2d(image, EMBOSS) + 128), 0, 255).astype("uint8"),
            lambda image: np.uint8(
                np.clip(np.floor(emboss_slices(np.asarray(image, dtype=float)) + 128.5), 0, 255)
            ),
            lambda image: np.array(
                [
                    [
                        min(
                            255,
                            max(
                                0, round(128 + float(np.sum(image[r : r + 3, c : c + 3] * EMBOSS)))
                            ),
                        )
                        for c in range(image.shape[1] - 2)
                    ]
                    for r in range(image.shape[0] - 2)
                ],
                dtype=np.uint8,
            ),
        ),
        hints=(
            "What does this kernel answer on a flat area, and what would that look like as a byte?",
            "Three steps, and their order matters: the kernel's answers, then the bias, then bytes.",
            (
                "answers = image convolved with the kernel, valid size. Return to_pixels of them, with "
                "bias=128."
            ),
        ),
        helpers=("apply_filter", "kernels.apply_filter"),
    ),
    ByObservation(
        key="diagonal_kernel",
        title="Design a kernel for lines at 45 degrees",
        points=2,
        minutes=5,
        kind="value",
        reference=FALLING[:, ::-1],
        observe=kernel_or_problem,
        helpers=("kernels.GALLERY",),
        mistakes=DIAGONAL_MISTAKES,
        alternatives=(
            [[-2, -1, 0], [-1, 0, 1], [0, 1, 2]],
            EMBOSS,
            (np.eye(3)[:, ::-1] - 1 / 3).astype(np.float32),
            np.array([[0, -1, 1], [-1, 2, -1], [1, -1, 0]]) / 2,
            np.array([[2, 1, 0], [1, 0, -1], [0, -1, -2]]),
        ),
        hints=(
            (
                "Which three of the nine numbers lie under a line that goes from the bottom left to "
                "the top right?"
            ),
            (
                "Make those three count for. The other six must count against, so that a flat area "
                "gives 0."
            ),
            (
                "One positive number three times, at [2, 0], [1, 1] and [0, 2]; one negative number "
                "six times, half as large."
            ),
        ),
    ),
    ByCalls(
        key="median_filter",
        title="Take the median of every window",
        points=3,
        minutes=6,
        reference=helpers.median_filter,
        examples=(
            call(np.array([[1, 2, 3], [4, 255, 6], [7, 8, 9]]), 3),
            call(np.array([[10, 20, 30], [40, 90, 60]]), 2),
            call(SPECKLED, 3),
        ),
        cases=median_cases,
        mistakes=MEDIAN_MISTAKES,
        alternatives=(
            by_loops,
            by_sorting,
            by_shifting,
            lambda image, size: np.median(sliding_window_view(image, (size, size)), axis=(2, 3)),
        ),
        hints=(
            (
                "The loop is the one of conv2d_valid. What happens to each window now, instead of "
                "multiplying and adding?"
            ),
            (
                "np.median(window) sorts the values of a window and takes the middle. How many windows "
                "of that size fit along each side?"
            ),
            (
                "An array of zeros of shape (H - size + 1, W - size + 1), two loops over its rows and "
                "columns, and in each place the median of image[row:row+size, col:col+size]."
            ),
        ),
        helpers=("median_filter", "kernels.median_filter"),
    ),
)
