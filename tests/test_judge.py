"""The judge: every kind of answer gets its own clear verdict, and nothing that it does stops us."""

import gc
import signal
import threading
import time
from dataclasses import replace

import numpy as np
import pytest

from course.checking.calling import TimeLimitReached, call_on_copies, names_of, time_limit
from course.checking.comparing import changed, difference
from course.checking.explaining import written
from course.checking.judge import NotDefined, judge
from course.checking.naming import forget
from course.exercises import EXERCISES, ByCalls, ByObservation, ByValue, Exercise, call, mistake

EXAMPLE = np.array([[1.0, -2.0, 3.0], [4.0, 5.0, 6.0]])
HIDDEN = np.array([[0.125, 7.5, -3.25, 2.0], [11.0, 1.75, 0.5, -9.5], [6.0, 8.0, 12.5, 0.0625]])


def right(image, factor=2):
    return np.asarray(image, dtype=float) * factor


DOUBLED = ByCalls(
    key="doubled",
    title="Double every value",
    points=3,
    minutes=1,
    reference=right,
    mistakes=(
        mistake(
            "squared_it", "You squared: 2 and 3 become 4 and 9.", lambda image, factor=2: image**2
        ),
        mistake(
            "tripled", "Three times is too much.", lambda image, factor=3: image * (factor + 1)
        ),
    ),
    alternatives=(lambda image, factor=2: np.multiply(image, float(factor)),),
    hints=("one", "two", "three"),
    examples=(call(EXAMPLE),),
    cases=lambda rng: (call(HIDDEN), call(rng.normal(size=(4, 3)), factor=5)),
    seconds=0.3,
)

VALUE = ByValue(
    key="counts",
    title="Count what a layer learns",
    points=3,
    minutes=1,
    alternatives=(),
    hints=("one", "two", "three"),
    reference=[640, 36_928, "+"],
    mistakes=(mistake("no_bias", "One more per filter.", [576, 36_864, "+"]),),
)

DESIGN = ByObservation(
    kind="value",
    key="design",
    title="Design a kernel",
    points=3,
    minutes=1,
    alternatives=(),
    hints=("one", "two", "three"),
    reference=np.eye(3),
    mistakes=(
        mistake("not_an_array", "An array is wanted.", 5, test=lambda seen: np.ndim(seen) != 2),
        mistake(
            "sum_not_3", "The values add up to 3.", np.ones((3, 3)), test=lambda k: k.sum() != 3
        ),
    ),
)


@pytest.fixture(autouse=True)
def hand_made_exercises(monkeypatch):
    """Register exercises of our own; what is known of them ends with the test."""
    for exercise in (DOUBLED, VALUE, DESIGN):
        monkeypatch.setitem(EXERCISES, exercise.key, exercise)
    yield
    forget()


def endless(image, factor=2):
    while True:
        pass


def swallowing(image, factor=2):
    while True:
        try:  # noqa: SIM105
            time.sleep(5)
        except:  # noqa: E722, S110 - what beginners write
            pass


def catching_and_raising(image, factor=2):
    try:
        endless(image)
    except BaseException as error:
        raise ValueError("the loop was left") from error


def recursive(image, factor=2):
    def again():  # without defaults: Python 3.13.0 lets functions that have some recurse for ever
        return again()

    return again()


def quitting(image, factor=2):
    exit()  # noqa: PLR1722


def mutating(image, factor=2):
    image *= factor
    return image


def reshaping(image, factor=2):
    out = right(image, factor)
    image.shape = (-1,)
    return out


def chatty(image, factor=2):
    for line in range(1_000):
        print("line", line)
    return right(image, factor)


class Pretender:
    """Something that NumPy would convert without asking."""

    def __array__(self, dtype=None, copy=None):
        return right(EXAMPLE)


class Unprintable:
    def __repr__(self):
        raise RuntimeError("no repr")

    def __eq__(self, other):
        raise RuntimeError("no eq")


class Untold(Exception):
    def __str__(self):
        raise RuntimeError("no text")


def raising_without_text(image, factor=2):
    raise Untold


BAD = {
    "raises": (lambda image, factor=2: 1 / 0, "raised", "It raised ZeroDivisionError: division"),
    "raises without text": (raising_without_text, "raised", "Untold"),
    "returns None": (lambda image, factor=2: None, "returned_none", "`return`"),
    "returns ...": (lambda image, factor=2: ..., "returned_ellipsis", "is missing"),
    "text": (lambda image, factor=2: "577", "wrong_type", "type str came back"),
    "a list": (lambda i, factor=2: right(i, factor).tolist(), "returned_list", "np.array(...)"),
    "a tuple": (lambda i, factor=2: tuple(right(i, factor)), "returned_list", "A tuple came back"),
    "a number": (lambda image, factor=2: 7.0, "returned_number", "One number came back"),
    "a 0-d array": (lambda i, factor=2: np.array(7.0), "returned_number", "One number came back"),
    "NaN": (lambda i, factor=2: right(i, factor) * np.nan, "has_nan", "yours is nan"),
    "4 GiB": (lambda image, factor=2: np.zeros((2**15, 2**14)), "too_large", "4.0 GiB"),
    "a list of a million": (lambda i, factor=2: [0] * 10**6, "returned_list", "1000000 entries"),
    "a nested list of a million": (lambda i, factor=2: [[0] * 10**6], "returned_list", "[[0, 0"),
    "mutates its argument": (mutating, "changed_input", "changed its argument `image`"),
    "reshapes its argument": (reshaping, "changed_input", "changed its argument `image`"),
    "an endless loop": (endless, "endless", "still running after 0.3 seconds"),
    "a bare except around one": (swallowing, "endless", "a loop that never ends"),
    "an error made of the limit": (catching_and_raising, "endless", "still running"),
    "exit()": (quitting, "raised", "It called exit()"),
    "recursion": (recursive, "raised", "It calls itself without end"),
    "input()": (lambda image, factor=2: input("?"), "raised", "input() waits for someone"),
    "one argument too few": (lambda image: right(image), "wrong_signature", "'factor'"),
    "no arguments": (lambda: None, "wrong_signature", "too many positional arguments"),
    "a generator": (lambda i, factor=2: (row for row in i), "wrong_type", "Nothing has been comp"),
    "an __array__ object": (lambda image, factor=2: Pretender(), "wrong_type", "np.asarray(...)"),
    "float16": (lambda i, factor=2: (right(i, factor) / 3 * 3.001).astype("f2"), None, "float16"),
    "object dtype": (lambda i, factor=2: right(i).astype(object), "wrong_dtype", "type object"),
    "booleans": (lambda i, factor=2: right(i) > 0, "wrong_dtype", "type bool"),
    "complex": (lambda i, factor=2: right(i) + 0j, "wrong_dtype", "complex128"),
    "huge integers": (lambda i, factor=2: np.full(i.shape, 10**400), "wrong_dtype", "object"),
    "no repr": (lambda image, factor=2: Unprintable(), "wrong_type", "<Unprintable instance at"),
    "out of memory": (lambda i, factor=2: np.ones(2**58), "raised", "ran out of memory"),
    "a masked array": (lambda i, factor=2: np.ma.masked_less(i, 0), "input_returned", "unchanged"),
    "its own mistake": (lambda image, factor=2: image * image, "squared_it", "You squared"),
    "a common mistake": (lambda image, factor=2: -right(image, factor), "negated", "wrong sign"),
    "its input": (lambda image, factor=2: image, "input_returned", "unchanged"),
    "not a function": (577, "wrong_type", "A function is wanted, and this is none"),
    "None": (None, "wrong_type", "A function is wanted"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_answer_gets_a_message_of_its_own(name):
    answer, mistake, words = BAD[name]
    result = judge(DOUBLED, answer)
    assert result.status == "failed"
    assert result.points == 0
    assert result.mistake == mistake
    assert words in result.message


@pytest.mark.parametrize(
    "answer",
    [
        right,
        DOUBLED.alternatives[0],
        lambda image, factor=2: np.asfortranarray(right(image, factor)),
        lambda image, factor=2: right(image, factor).astype(np.float32),
        lambda image, factor=2: np.array([[v * factor for v in row] for row in image]),
        chatty,
    ],
)
def test_right_answer_passes_however_it_is_written(answer):
    result = judge(DOUBLED, answer)
    assert (result.status, result.mistake) == ("passed", None)
    assert (result.points, result.max_points) == (3, 3)
    assert bool(result)


@pytest.mark.parametrize("answer", [..., NotDefined])
def test_what_is_not_there_is_not_attempted(answer):
    assert judge(DOUBLED, answer).status == "not_attempted"
    assert judge(VALUE, answer).status == "not_attempted"


def test_stub_is_not_attempted_even_where_it_computed_something_first():
    def doubled(image, factor=2):
        image * factor
        raise NotImplementedError

    result = judge(DOUBLED, doubled)
    assert (result.status, result.mistake, bool(result)) == ("not_attempted", None, False)


def test_name_that_was_never_defined_is_told():
    assert "There is no `doubled` yet" in judge(DOUBLED, NotDefined).message


# --- The message ----------------------------------------------------------------------------------


def test_failing_message_begins_with_the_diagnosis_and_has_its_parts_in_order():
    message = judge(DOUBLED, lambda image, factor=2: image * image).message
    parts = [
        "You squared: 2 and 3 become 4 and 9.",
        "Called: doubled(image) with\n    image = [[ 1., -2.,  3.],",
        "Came back:\n    [[ 1.,  4.,  9.],",
        "The first difference is at row 0, column 0: yours is 1, and it should be 2. 6 of 6",
        "Stuck? `check.doubled.hint()`",
    ]
    places = [message.index(part) for part in parts]
    assert places == sorted(places)


def test_expected_array_of_a_public_example_is_shown():
    message = judge(DOUBLED, lambda image, factor=2: image + 1.5).message
    assert "\n\nIt should be:\n[[ 2., -4.,  6.],\n [ 8., 10., 12.]]" in message


def test_expected_array_of_a_hidden_case_is_never_shown():
    def only_the_example(image, factor=2):
        return right(image, factor) + (image.shape == HIDDEN.shape) * image

    message = judge(DOUBLED, only_the_example).message
    assert "at row 0, column 0: yours is 0.375, and it should be 0.25." in message
    shown = message.split("Came back")[1]
    assert not any(f"{value:g}" in shown for value in right(HIDDEN).ravel()[1:] if value % 1)
    assert "It should be:" not in message


def test_expected_value_that_was_itself_asked_for_is_never_shown():
    message = judge(VALUE, [640, 1, "+"]).message
    assert "Entry 2 is not right. Yours is 1." in message
    assert "36" not in message


def test_exception_shows_the_learners_own_line():
    def doubled(image, factor=2):
        rows = image.shape[0]
        return image[rows]

    assert "line 3, in doubled: return image[rows]" in with_line_numbers(
        judge(DOUBLED, doubled).message, doubled
    )


def test_exception_in_someone_elses_code_shows_where_the_learner_called_it():
    def doubled(image, factor=2):
        return np.linalg.inv(image)

    message = judge(DOUBLED, doubled).message
    assert "LinAlgError" in message
    assert "in doubled: return np.linalg.inv(image)" in message


def with_line_numbers(message, function):
    """Count lines from the beginning of the function, as in a cell of its own."""
    first = function.__code__.co_firstlineno
    return message.replace(f"line {first + 2},", "line 3,")


def test_printing_is_kept_apart_and_told_once(capsys):
    message = judge(DOUBLED, chatty).message
    assert capsys.readouterr().out == ""
    assert "your code printed:\n    line 0\n    line 1" in message
    assert "... 3,000 lines in all" in message
    assert len(message.splitlines()) < 15


def test_input_works_again_after_a_check(monkeypatch):
    monkeypatch.setattr("builtins.input", lambda prompt: "typed")
    judge(DOUBLED, lambda image, factor=2: input("?"))
    assert input("?") == "typed"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (577.0, "577.0"),
        (0.1 + 0.2, "0.3"),
        (1e300, "1e+300"),
        (float("inf"), "inf"),
        (np.float32(2.5), "2.5"),
        (np.array(3), "3"),
        (right, "a function named right"),
        (Exercise, "a class named Exercise"),
        ([1] * 100, "a list of 100 entries"),
        (np.zeros((9, 9)), "an array of float64, shape (9, 9)"),
    ],
)
def test_values_are_written_as_a_learner_knows_them(value, text):
    assert written(value) == text


# --- Values and designs ---------------------------------------------------------------------------


@pytest.mark.parametrize("answer", [[640, 36_928, "+"], (np.int64(640), 36_928, "+")])
def test_value_may_come_in_any_container(answer):
    assert judge(VALUE, answer)


@pytest.mark.parametrize(
    ("answer", "mistake", "words"),
    [
        ([576, 36_864, "+"], "no_bias", "One more per filter."),
        ([640, 36_929, "+"], None, "Entry 2"),
        ([640, 36_928], "wrong_length", "2 entries, and 3 are wanted"),
        ([640, 36_928, 1], "wrong_type", "str is wanted"),
        ([640, ..., "+"], "returned_ellipsis", "Entry 2"),
        (None, "returned_none", "no value yet"),
        (10**400, "wrong_type", "a list is wanted"),
    ],
)
def test_wrong_value_is_refused(answer, mistake, words):
    result = judge(VALUE, answer)
    assert (result.status, result.mistake) == ("failed", mistake)
    assert words in result.message


def test_design_is_right_when_no_test_fires():
    assert judge(DESIGN, np.diag([3.0, 0.0, 0.0]))


@pytest.mark.parametrize(
    ("answer", "mistake"), [(5, "not_an_array"), ("abc", "not_an_array"), (np.eye(4), "sum_not_3")]
)
def test_design_is_named_by_the_first_test_that_fires(answer, mistake):
    result = judge(DESIGN, answer)
    assert (result.status, result.mistake) == ("failed", mistake)
    assert "\n\nGiven:" in result.message


def test_an_answer_that_a_test_cannot_look_at_is_refused_and_not_named():
    odd = mistake("odd", "Odd.", 1, test=lambda seen: seen.missing)
    even = mistake("even", "Even.", 2, test=lambda seen: bool(seen[0, 0] == 1))
    result = judge(replace(DESIGN, mistakes=(odd,)), np.eye(3))
    assert (result.status, result.mistake) == ("failed", None)
    assert "of another kind than the exercise asks for" in result.message
    assert judge(replace(DESIGN, mistakes=(odd, even)), np.eye(3)).mistake == "even"


def test_a_value_that_cannot_be_observed_is_not_said_to_have_raised():
    shapes = EXERCISES["predicted_shapes"]
    result = judge(shapes, (((26,), 26, 32), *shapes.reference[1:]))
    assert (result.status, result.mistake) == ("failed", None)
    assert "raised" not in result.message


@pytest.mark.parametrize(
    ("got", "expected", "identifier"),
    [
        (26, 26, None),
        (26.0, 26, "float_not_int"),
        (2_360_001, 2_360_000, "wrong_values"),
        (10**400, 26, "wrong_values"),
        (True, 1, "wrong_type"),
        (float("nan"), 1.0, "has_nan"),
        (np.array([577.0]), 577.0, "returned_array"),
        (np.array([[2_360_001]]), np.array([[2_360_000]]), "wrong_values"),
        (np.array([1, 2]), np.array([[1, 2]]), "wrong_shape"),
        (np.ones((2, 2)), np.ones((2, 2), np.uint8), "wrong_dtype"),
        ({"a": 1}, {"a": 1, "b": 2}, "missing_entry"),
    ],
)
def test_comparison_neither_broadcasts_nor_converts(got, expected, identifier):
    found = difference(got, expected, 1e-5, "all")
    assert (found and found.id) == identifier


def test_nan_agrees_with_nan_where_it_is_expected():
    assert difference(np.array([np.nan, 1]), np.array([np.nan, 1]), 1e-5, "all") is None
    assert difference(float("nan"), np.nan, 1e-5, "all") is None


def popping(layers):
    field = 1
    while layers:
        kernel_size, strides = layers.pop()
        field = (field - 1) * strides + kernel_size
    return field


def test_a_list_that_comes_back_otherwise_is_told_and_a_copy_of_it_is_ones_own():
    told = judge(EXERCISES["receptive_field"], popping)
    assert (told.status, told.mistake) == ("failed", "changed_input")
    assert "It changed its argument `layers`." in told.message
    assert judge(EXERCISES["receptive_field"], lambda layers: popping(list(layers)))


ITSELF: list[object] = [1]
ITSELF.append(ITSELF)
CHANGES = {
    "turned round": ([(3, 1), (2, 2)], list.reverse),
    "emptied": ([(3, 1)], list.clear),
    "a number": ([1000, 2], lambda given: given.__setitem__(0, 1001)),
    "a number of another kind": ([1, 2], lambda given: given.__setitem__(0, True)),
    "an array in a list": ([np.zeros(3)], lambda given: given[0].fill(1)),
    "a list in a dictionary": ({"sizes": [3, 2]}, lambda given: given["sizes"].sort()),
    "a key": ({"a": 1}, lambda given: given.update(b=given.pop("a"))),
}


@pytest.mark.parametrize("way", CHANGES)
def test_what_changes_a_list_or_a_dictionary_is_seen(way):
    given, change = CHANGES[way]
    assert call_on_copies(change, call(given), 5).changed is not None
    assert call_on_copies(repr, call(given), 5).changed is None


@pytest.mark.parametrize(
    "given",
    [
        [float("nan"), np.float64("nan"), np.array([np.nan, 1])],
        {"nothing": None, "a function": right, "an object": Unprintable()},
        [Unprintable(), (Unprintable(), {1, 2}), 10**400, "text"],
        ITSELF,
    ],
)
def test_what_is_as_it_was_is_never_said_to_be_changed(given):
    assert call_on_copies(lambda given: None, call(given), 5).changed is None
    assert not changed(given, given)


# --- Naming ---------------------------------------------------------------------------------------


def test_mistake_that_one_call_contradicts_is_not_named():
    def changing(image, factor=2):
        return image * 4 if image.shape == (4, 3) else image**2

    assert judge(DOUBLED, changing).mistake is None


def test_mistake_that_agrees_by_chance_on_one_case_is_not_named():
    def only_the_example(image, factor=2):
        return image**2 if image.shape == EXAMPLE.shape else image - 0.37 * image**3

    assert judge(DOUBLED, only_the_example).mistake is None


def test_mistake_that_only_raises_the_same_kind_of_error_is_not_named(monkeypatch):
    def too_far(image, factor=2):
        return image[image.shape[0]]

    exercise = replace(
        DOUBLED, mistakes=(mistake("too_far", "One too far.", too_far, raises=True),)
    )
    monkeypatch.setitem(EXERCISES, "doubled", exercise)
    assert judge(exercise, lambda image, factor=2: image[9_999]).mistake == "raised"
    assert judge(exercise, lambda image, factor=2: image[len(image)] + 1).mistake == "too_far"


def test_endless_mistake_of_the_exercise_costs_nothing_once_the_learner_was_stopped(monkeypatch):
    slow = replace(DOUBLED, mistakes=(mistake("loops", "It loops.", endless),))
    monkeypatch.setitem(EXERCISES, "doubled", slow)
    start = time.process_time()
    assert judge(slow, endless).mistake == "endless"
    assert time.process_time() - start < 0.55


def test_an_answer_that_was_stopped_is_told_of_no_mistake_in_its_other_values(monkeypatch):
    """It squared what it got, which a mistake explains, until its time was up."""
    calls = iter(range(100))

    def slower(image, factor=2):
        return endless(image) if next(calls) else image * image

    result = judge(DOUBLED, slower)
    assert result.mistake == "endless"
    assert "You squared" not in result.message


# --- The time limit -------------------------------------------------------------------------------


def stopped(function, seconds=0.2):
    """Call a function with a time limit and say how it ended and how long that took."""
    start = time.monotonic()
    outcome = call_on_copies(function, call(None), seconds)
    return type(outcome.error), time.monotonic() - start


def test_time_limit_works_in_a_thread_that_is_not_the_main_one():
    found = []
    thread = threading.Thread(target=lambda: found.append(stopped(endless)))
    thread.start()
    thread.join(10)
    error, seconds = found[0]
    assert error is TimeLimitReached
    assert seconds < 2


def test_time_limit_of_a_check_inside_a_check_leaves_the_outer_one_on():
    def answer(image):
        assert call_on_copies(lambda image: 1, call(None), 60).value == 1
        endless(image)

    error, seconds = stopped(answer)
    assert error is TimeLimitReached
    assert seconds < 2


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="there is no alarm here")
def test_time_limit_ends_with_the_one_around_it():
    """Where a recursion leaves no room on the stack, a limit within cannot stop its own clock."""
    call_on_copies(lambda image: time_limit(60).start(), call(None), 5)
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


@pytest.fixture
def nothing_is_collected():
    """What other tests left: an alarm within a finaliser of theirs could not be raised."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.filterwarnings("error::pytest.PytestUnraisableExceptionWarning")
def test_time_limit_never_rings_after_the_call(nothing_is_collected):
    for wait in np.linspace(0.0005, 0.0015, 200):
        call_on_copies(lambda image, wait=wait: time.sleep(wait), call(None), 0.001)
    time.sleep(0.01)


def test_stop_button_is_for_the_learner():
    def interrupted(image):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        call_on_copies(interrupted, call(None), 1)


def test_an_attribute_is_no_variable_that_a_function_reads():
    def own(model):
        return [part * EXAMPLE.sum() for part in model.HIDDEN]

    assert names_of(own) == ((), ("EXAMPLE",))
