"""The stepper without a browser: what it is given, what it refuses, what it shows standing still."""

import json
import re
import subprocess
import sys

import nbformat
import numpy as np
import pytest

import helpers
from course.authoring.running import execute
from course.lessons import ROOT
from helpers import GALLERY, HORIZONTAL, Filter, stepper
from helpers.pictures import Picture
from helpers.stepper import Stepper, still_maps
from helpers.stepper.page import EXPORT, IMPORT, MODULES, SCRIPT, WINDOW

WORKED = "0 + 0 - 256 + 24 + 864 - 216 + 213 + 452 - 504 = 577"


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
def test_a_notebook_gets_the_figure_and_all_that_moves_it_without_a_kernel():
    opened = stepper.convolution()
    data = opened._repr_mimebundle_()
    assert set(data) == {"text/plain", "text/html"}
    assert data["text/plain"] == f"Picture: {opened.figure.alt}"
    assert re.search(r'<img alt="[^"]+577[^"]+"[^>]+>', data["text/html"])
    assert "Run this cell, and the window moves." in data["text/html"]
    assert data["text/html"].endswith(SCRIPT)


@pytest.mark.usefixtures("unpainted")
@pytest.mark.parametrize("module", MODULES)
def test_each_module_is_put_together_after_those_that_it_needs(module):
    text = (WINDOW / f"{module}.js").read_text(encoding="utf-8")
    before = list(MODULES)[: list(MODULES).index(module)]
    for names, needed in IMPORT.findall(text):
        assert needed in before
        given = EXPORT.findall((WINDOW / f"{needed}.js").read_text(encoding="utf-8"))
        assert {name.strip() for name in names.split(",") if name.strip()} <= set(given)
    assert not re.search(r"(?m)^(import|export)\b", MODULES[module])


def test_every_file_of_the_window_is_in_it_and_none_is_long():
    files = {path.stem: path.read_text(encoding="utf-8") for path in WINDOW.glob("*.js")}
    assert set(files) == set(MODULES)
    assert max(len(text.splitlines()) for text in files.values()) <= 360


@pytest.mark.usefixtures("unpainted")
def test_a_window_says_how_to_change_it_and_what_it_has():
    opened = stepper.pooling()
    with pytest.raises(
        AttributeError, match=r"image can't be changed from here .* stepper\.pooling"
    ):
        opened.image = [[1]]
    with pytest.raises(AttributeError, match=r"no 'kernel'; it has .*pool_size.* and figure"):
        print(opened.kernel)


@pytest.mark.usefixtures("unpainted")
@pytest.mark.parametrize(
    ("theirs", "place", "words"),
    [
        (lambda right: right + (right == 577), (1, 1), "Yours has 578 there."),
        (lambda right: right * [[1, 1, np.nan]], (0, 2), "Yours has NaN or infinity there."),
        (lambda right: right[:2], (2, 0), "Yours has nothing there."),
        (lambda right: right[..., None].repeat(2, 2)[..., 0] + 1, (0, 0), "there."),
        (lambda right: right, (0, 0), "there."),
    ],
)
def test_what_came_back_elsewhere_is_shown_at_its_first_wrong_value(theirs, place, words):
    right = helpers.conv2d(stepper.WORKED_IMAGE, stepper.WORKED_KERNEL)
    opened = stepper.convolution(theirs=theirs(right))
    assert (opened.row, opened.col) == place
    assert opened.figure.alt.endswith(words)
    json.dumps(vars(opened), allow_nan=False)  # so that a browser can read it


@pytest.mark.usefixtures("unpainted")
def test_what_came_back_of_pooling_is_shown_at_its_first_wrong_value():
    image = stepper.one_map.POOLED_IMAGE
    assert stepper.pooling(image, theirs=helpers.max_pool2d(image) + np.diag([0, 1])).row == 1
    mean = stepper.pooling(image, kind="average", theirs=helpers.max_pool2d(image))
    assert "the mean of 1 3 / 4 2 is 2.5" in mean.figure.alt
    assert mean.figure.alt.endswith("Yours has 4 there.")


@pytest.mark.usefixtures("unpainted")
def test_the_figure_of_channels_names_the_sums_the_bias_and_the_number():
    rng = np.random.default_rng(2)
    image, kernels = rng.integers(0, 9, (6, 5, 2)), rng.integers(-3, 4, (3, 2, 2, 3))
    opened = stepper.channels(image, kernels, [1, 2, 3], names=["near", "far"], row=1, col=2)
    wanted = helpers.conv_layer(image[None], kernels, [1, 2, 3])[0, 1, 2, 0]
    alt = opened.figure.alt
    assert alt.startswith("2 maps of 6 x 5, near, far, and filter 0 of 3 with a slice of 3 x 2")
    assert f"plus the bias 1, make {wanted:g}. It becomes row 1, column 2 of the 4 x 4" in alt


@pytest.mark.usefixtures("unpainted")
def test_what_came_back_of_channels_is_shown_at_its_first_wrong_value_beside_one_filter():
    maps, kernel = np.ones((4, 5, 2)), np.ones((2, 2, 2))
    theirs = np.full((3, 4), 8.0)
    theirs[1, 3] = 4
    opened = stepper.channels(maps, kernel, theirs=theirs)
    assert (opened.row, opened.col) == (1, 3)
    assert opened.figure.alt.endswith(
        "make 8. It becomes row 1, column 3 of the 3 x 4 output. Yours has 4 there."
    )
    with pytest.raises(ValueError, match="beside one filter, got kernels with 2"):
        stepper.channels(theirs=theirs)


@pytest.mark.usefixtures("unpainted")
def test_the_figure_backwards_shows_an_error_sent_out_or_a_pixel_reached():
    sent = stepper.backwards(row=1, col=1).figure.alt
    assert "the error 2 in row 1, column 1 goes back to 9 pixels" in sent
    assert "-2 0 -4 / 1 9 -3 / 3 4 -6; and to 9 weights" in sent
    reached = stepper.backwards(way="pixels", row=2, col=2).figure.alt
    assert "times the kernel turned by 180 degrees" in reached
    assert reached.endswith("= 7.5.")


def test_helpers_come_without_drawing_until_the_room_is_opened():
    program = (
        "import sys, helpers; print(sorted({'matplotlib', 'helpers.stepper'} & set(sys.modules)))"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert run.stdout.strip() == "[]", run.stderr


def test_to_show_a_window_draws_its_figure_once(monkeypatch):
    drawn = []
    figures = {"convolution": lambda opened: drawn.append(opened) or Picture(b"", "nine", 1)}
    monkeypatch.setattr("helpers.stepper.opened.FIGURES", figures)
    shown = stepper.convolution()._repr_mimebundle_()
    assert (len(drawn), shown["text/html"].count('alt="nine"')) == (1, 1)


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
        (lambda: stepper.convolution(theirs=np.zeros(3)), r"theirs must be one map, .* \(3,\)"),
        (lambda: stepper.channels(np.zeros((5, 5)), np.zeros((3, 3))), "image must be \\(height"),
        (lambda: stepper.channels(np.zeros((5, 5, 3))), "kernels is missing"),
        (lambda: stepper.channels(kernels=np.zeros((3, 3, 3))), "image is missing"),
        (lambda: stepper.channels(np.zeros((5, 5, 5)), np.zeros((3, 3, 5))), "up to 4 maps"),
        (lambda: stepper.channels(np.zeros((5, 5, 3)), np.zeros((3, 3, 2))), "for the 3 maps"),
        (lambda: stepper.channels(np.zeros((2, 2, 1)), np.zeros((3, 3, 1))), "does not fit"),
        (lambda: stepper.channels(bias=[1, 2, 3]), "one number a filter, 2, got 3"),
        (lambda: stepper.channels(names=["a"]), "name 3 maps, got 1"),
        (lambda: stepper.backwards(error=[[1]]), r"shape \(3, 3\), got shape \(1, 1\)"),
        (lambda: stepper.backwards(way="forwards"), "way must be 'errors' or 'pixels'"),
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


@pytest.mark.slow
def test_still_figures_are_small():
    hiker = helpers.photograph()[236:364, 384:512]
    several = (stepper.channels(), stepper.backwards(), stepper.backwards(way="pixels"))
    one = (stepper.convolution(), stepper.network(), stepper.convolution(hiker, "mean"))
    for opened in (*one, *several):
        figure = opened.figure
        assert isinstance(figure, Picture)
        assert len(figure.png) <= 30_000


@pytest.mark.slow
def test_stored_outputs_keep_the_figure_and_its_settings_and_not_what_moves_it():
    cell = nbformat.v4.new_code_cell("from helpers import stepper\nstepper.convolution()")
    notebook = nbformat.v4.new_notebook(cells=[cell])
    execute(notebook)
    shown = notebook.cells[0].outputs[0].data["text/html"]
    assert "<img" in shown
    assert "stepper-values" in shown
    assert '<script type="module"' not in shown
    assert "<style" not in shown


def test_the_slices_over_a_large_picture_are_large_enough_for_their_numbers(monkeypatch):
    """Their cells were as small as the picture's pixels, and the titles above them ran together."""
    cells, draw = {}, still_maps.array

    def watched(board, x, y, title, values, cell, *rest, **marks):
        cells[title] = cell
        return draw(board, x, y, title, values, cell, *rest, **marks)

    monkeypatch.setattr(still_maps, "array", watched)
    assert stepper.channels(helpers.colour_photograph()[:64, :64], np.ones((3, 3, 3))).figure
    assert min(cells["slice"], cells["products"], cells["sum"]) > 0.4
    assert cells["red, 64 x 64"] < 0.05
