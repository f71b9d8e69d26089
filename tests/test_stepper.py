"""The stepper without a browser: what it is given, what it refuses, what it shows standing still."""

import json
import re
import subprocess
import sys

import nbformat
import numpy as np
import pytest
from traitlets import TraitError

import helpers
from course.authoring.running import execute
from course.lessons import ROOT
from helpers import GALLERY, HORIZONTAL, Filter, stepper
from helpers.pictures import Picture
from helpers.stepper.page import TRAITS
from helpers.stepper.widget import VIEW, Stepper

WORKED = "0 + 0 - 256 + 24 + 864 - 216 + 213 + 452 - 504 = 577"

NO_ROOM = "A window of 5 x 5 does not fit in an image"
TOO_LITTLE = "A kernel of 5 x 5 leaves 2 x 1 of an image of 6 x 5, too little to pool by"


@pytest.fixture
def unpainted(monkeypatch):
    """Spare a test that reads the words alone the time to paint the picture."""
    monkeypatch.setattr("helpers.pictures.picture._encode", lambda drawing: b"")


@pytest.mark.usefixtures("unpainted")
def test_it_opens_on_the_worked_example():
    opened = stepper.convolution()
    assert isinstance(opened, Stepper)
    image, kernel = np.array(opened.image), np.array(opened.kernel)
    assert helpers.conv2d(image, kernel)[opened.row, opened.col] == 577
    assert helpers.true_convolution(image, kernel)[opened.row, opened.col] == 732
    assert WORKED in opened.figure.alt


@pytest.mark.usefixtures("unpainted")
@pytest.mark.parametrize(
    ("given", "value"),
    [
        ({"flip": True}, "= 732. It becomes row 1, column 1 of the 3 x 3 output."),
        ({"pixels": True}, "= 577, as a pixel 255. It becomes row 1, column 1"),
        ({"border": "zero", "row": 2, "col": 2}, "= 577. It becomes row 2, column 2 of the 5 x 5"),
        ({"border": "wrap", "row": 0, "col": 0}, "row 0, column 0 of the 5 x 5 output"),
        ({"border": "edge", "strides": 2, "row": 1, "col": 1}, "row 1, column 1 of the 3 x 3"),
        ({"kernel": "gaussian 3x3"}, ", times 0.0625 = 135.6. "),
        ({"kernel": "emboss 3x3"}, ", plus 128 = 554. "),
    ],
)
def test_the_figure_says_what_the_reference_computes(given, value):
    opened = stepper.convolution(**given)
    image, kernel = np.array(opened.image), np.array(opened.kernel)
    if opened.flip:
        kernel = kernel[::-1, ::-1]
    padding = {"padding": "valid"} if opened.border == "valid" else {"padding": "same"}
    if opened.border != "valid":
        padding["border"] = opened.border
    sums = helpers.conv2d(image, kernel, strides=opened.strides, **padding)
    expected = opened.factor * sums[opened.row, opened.col] + opened.bias
    alt = opened.figure.alt
    assert f" = {expected:.4g}" in alt
    assert value in alt


@pytest.mark.usefixtures("unpainted")
def test_the_figure_of_pooling_names_the_winner_or_the_mean():
    image = [[1, 5, 2], [3, 4, 8]]
    largest = stepper.pooling(image, 2, 1, row=0, col=1).figure.alt
    assert "the largest of 5 2 / 4 8 is 8, in row 1, column 2" in largest
    assert "the mean of 1 5 / 3 4 is 3.25" in stepper.pooling(image, kind="average").figure.alt


@pytest.mark.usefixtures("unpainted")
def test_the_figure_of_a_network_follows_the_references():
    image = helpers.fashion_mnist(full=False).train_images[3]
    opened = stepper.network(image, {"one": Filter(HORIZONTAL, 0.5, -3)}, row=4, col=7)
    pooled = helpers.max_pool2d(helpers.relu(0.5 * helpers.conv2d(image, HORIZONTAL) - 3))
    assert opened.figure.alt.endswith(f"is {pooled[4, 7]:g}.")


def test_every_kernel_of_the_gallery_that_is_small_enough_can_be_chosen():
    choices = stepper.convolution().choices
    small = {name for name, one in GALLERY.items() if max(one.kernel.shape) <= 5}
    assert small == set(GALLERY) - {"motion blur"}
    for name in small:
        kernel, factor, bias = GALLERY[name]
        assert choices[name] == {"kernel": kernel.tolist(), "factor": factor, "bias": bias}


def test_a_network_offers_the_kernels_of_the_gallery_that_leave_something_to_pool():
    sizes = {max(np.shape(one["kernel"])) for one in stepper.network(np.eye(5)).choices.values()}
    assert sizes == {3}
    assert len(stepper.network(np.eye(6)).choices) == len(stepper.convolution().choices)


class Model:
    """A network with nothing but its first layer."""

    def __init__(self) -> None:
        self.weights = [np.random.default_rng(5).normal(size=shape) for shape in [(3, 3, 1, 4), 4]]
        self.layers = [self]

    def get_weights(self):
        return self.weights


def test_lesson_5_opens_a_window_with_the_kernels_that_its_network_has_learned():
    lesson = nbformat.read(ROOT / "solutions" / "05_inside_the_network.ipynb", as_version=4)
    [cell] = [cell.source for cell in lesson.cells if "stepper.network(" in cell.source]
    [taken] = re.findall(r"(?m)^kernels_after = .+", "\n".join(c.source for c in lesson.cells))
    image = np.random.default_rng(28).random((1, 28, 28, 1))
    names = {"helpers": helpers, "stepper": stepper, "model": Model(), "image": image}
    *before, shown = cell.splitlines()
    exec("\n".join([taken, *before]), names)  # noqa: S102
    opened = eval(shown, names)
    kernels, biases = names["model"].weights
    wanted = [(kernels[:, :, 0, n].tolist(), biases[n]) for n in range(4)]
    assert [(one["kernel"], one["bias"]) for one in opened.choices.values()] == wanted
    assert np.array_equal(opened.image, image[0, :, :, 0])


@pytest.mark.usefixtures("unpainted")
def test_a_notebook_gets_the_widget_and_a_page_without_widgets_the_figure():
    opened = stepper.convolution()
    data, _ = opened._repr_mimebundle_()
    assert data[VIEW]["model_id"] == opened.model_id
    assert data["text/plain"] == f"Picture: {opened.figure.alt}"
    assert re.fullmatch(r'<img alt="[^"]+577[^"]+"[^>]+>', data["text/html"])


def test_a_page_gets_every_trait_that_the_widget_has():
    own = {name for name in Stepper.class_trait_names(sync=True) if name in vars(Stepper)}
    assert own == set(TRAITS)


@pytest.mark.usefixtures("unpainted")
def test_what_is_changed_in_the_window_is_changed_in_python():
    opened = stepper.convolution()
    kernel = [[0.0, 0.0], [0.0, 2.0]]
    opened.set_state({"kernel": kernel, "row": 3, "col": 0})  # as a message of the window does
    assert np.array_equal(opened.kernel, kernel)
    assert "0 + 0 + 0 + 320 = 320. It becomes row 3, column 0" in opened.figure.alt


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("mode", "poling", "expected any of"),
        ("border", "mirror", "'valid', 'zero', 'wrap', 'edge'"),
        ("strides", 0, "not be less than 1"),
        ("pool_size", 0, "not be less than 1"),
        ("kind", "median", "'max', 'average'"),
        ("row", -1, "not be less than 0"),
        ("col", -1, "not be less than 0"),
        ("image", [], "image is empty"),
        ("image", [[float("nan")]], "finite numbers"),
        ("kernel", [[1], [1, 2]], "its rows differ in length"),
        ("kernel", [[1] * 6], "at most 5x5"),
    ],
)
def test_what_is_changed_in_python_is_what_the_window_can_show(name, value, message):
    opened = stepper.convolution()
    before = getattr(opened, name)
    with pytest.raises(TraitError, match=message):
        setattr(opened, name, value)
    assert getattr(opened, name) == before


@pytest.mark.usefixtures("unpainted")
@pytest.mark.parametrize(
    ("opened", "changes", "words"),
    [
        (
            stepper.convolution,
            {"image": [[1] * 4] * 4, "kernel": [[1] * 5] * 5},
            f"{NO_ROOM} of 4 x 4. Take a smaller window or another border.",
        ),
        (
            stepper.pooling,
            {"pool_size": 5},
            f"{NO_ROOM} of 4 x 4. Take a smaller window.",
        ),
        (
            stepper.network,
            {"image": [[1] * 5] * 6, "kernel": [[1] * 5] * 5},
            f"{TOO_LITTLE} 2 x 2. Take a smaller kernel.",
        ),
        (
            stepper.network,
            {"image": [[1] * 4] * 6, "kernel": [[1] * 5] * 5},
            f"{NO_ROOM} of 6 x 4. Take a smaller window.",
        ),
    ],
)
def test_a_window_that_no_longer_fits_is_shown_again_as_the_image_and_what_to_do(
    opened, changes, words
):
    widget = opened()
    widget.set_state(changes)
    data, _ = widget._repr_mimebundle_()
    assert data["text/plain"] == f"Picture: {words}"
    assert f'alt="{words}"' in data["text/html"]


def test_without_anywidget_there_is_the_figure_alone():
    program = (
        "import sys; sys.modules['anywidget'] = None\n"
        "from helpers import stepper\n"
        "opened = stepper.convolution()\n"
        "assert '577' in opened._repr_mimebundle_()['text/html']\n"
        "assert 'stepper-values' in stepper.page(opened)\n"
        "print(type(opened).__name__)"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert run.stdout.strip() == "Still", run.stderr


def test_helpers_come_without_anywidget_until_the_room_is_opened():
    program = "import sys, helpers; print(sorted({'anywidget', 'ipywidgets'} & set(sys.modules)))"
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert run.stdout.strip() == "[]", run.stderr


@pytest.mark.usefixtures("unpainted")
def test_a_page_holds_what_it_needs_and_asks_for_nothing():
    fragment = stepper.page(stepper.convolution(), stepper.pooling())
    stored = re.findall(r'type="application/json">(.*?)</script>', fragment)
    assert [json.loads(values)["mode"] for values in stored] == ["convolution", "pooling"]
    assert not re.search(r"https?:|import\s|@import|url\(", fragment.replace("data:image", ""))
    assert fragment.count("</script>") == 3


@pytest.mark.usefixtures("unpainted")
def test_a_name_cannot_break_out_of_the_page():
    opened = stepper.network(kernels={"</script><b>": HORIZONTAL})
    assert "</script><b>" not in stepper.page(opened)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: stepper.convolution(np.zeros((300, 2))), "at most 256 pixels on a side"),
        (lambda: stepper.convolution(np.zeros((2, 9))), "kernel 3x3 does not fit"),
        (lambda: stepper.convolution(kernel=np.ones((7, 7))), "at most 5x5"),
        (lambda: stepper.convolution(kernel="motion blur"), r"at most 5x5, got shape \(9, 9\)"),
        (lambda: stepper.convolution(kernel="blur"), "kernel must be 'worked example' or"),
        (lambda: stepper.convolution(border="mirror"), "border must be 'valid' or 'zero'"),
        (lambda: stepper.convolution([[np.nan] * 3] * 3), "finite numbers"),
        (lambda: stepper.convolution(row=3), "row must be from 0 to 2, got 3"),
        (lambda: stepper.pooling(kind="median"), "kind must be 'max' or 'average'"),
        (lambda: stepper.pooling(pool_size=5), "pool_size 5x5 does not fit"),
        (lambda: stepper.network(kernels={}), "at least one kernel"),
        (
            lambda: stepper.network(np.eye(5), {"a": [[1]], "b": np.eye(5)}),
            "kernel 'b': its pooled window 6x6 does not fit in an image of 5x5",
        ),
    ],
)
def test_errors_say_what_was_given_and_what_was_wanted(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_still_figures_are_small():
    hiker = helpers.photograph()[236:364, 384:512]
    for opened in (stepper.convolution(), stepper.network(), stepper.convolution(hiker, "mean")):
        assert isinstance(opened.figure, Picture)
        assert len(opened.figure.png) <= 30_000


def test_stored_outputs_keep_the_figure_and_no_dead_widget():
    cell = nbformat.v4.new_code_cell("from helpers import stepper\nstepper.convolution()")
    notebook = nbformat.v4.new_notebook(cells=[cell])
    execute(notebook)
    assert set(notebook.cells[0].outputs[0].data) == {"text/html", "text/plain"}
    assert "widgets" not in notebook.metadata
