"""What the pictures promise: honest words, small files, the same bytes every time."""

import functools
import html.parser
import io
import re
import subprocess
import sys

import matplotlib
import numpy as np
import PIL.Image
import pytest
import scipy.ndimage

from helpers import (
    GALLERY,
    HORIZONTAL,
    VERTICAL,
    colour_photograph,
    conv_layer,
    photograph,
    pictures,
)
from helpers.pictures import picture as pictured
from helpers.pictures.board import Board
from helpers.pictures.colours import DIVERGING, INK, LINE_COLOURS, MARK, ink_on, scale_for
from helpers.pictures.lettering import text_width, wrap

WINDOW = [[0, 64, 128], [48, 192, 144], [142, 226, 168]]
KERNEL = [[-1, 0, -2], [0.5, 4.5, -1.5], [1.5, 2, -3]]
RANDOM = np.random.default_rng(20)
SMALL = RANDOM.integers(0, 256, (5, 7))
CLOTHES = RANDOM.integers(0, 256, (6, 28, 28), dtype=np.uint8)
MAPS = np.maximum(RANDOM.normal(size=(13, 13, 20)), 0)
MAPS[..., [3, 11]] = 0
FLOW = [("input", (28, 28, 1)), ("conv", (None, 26, 26, 64)), ("flatten", 1600), ("dense", (10,))]

SMALL_PICTURES = {
    "bars": lambda: pictures.bars({"loops": 812.3, "SciPy": 23}, "ms", "Times", log=True),
    "borders": lambda: pictures.borders(SMALL, VERTICAL),
    "channels": lambda: pictures.channels(CLOTHES[0], MAPS, "conv2d"),
    "confusion": lambda: pictures.confusion([[50, 4, 0], [9, 30, 1], [0, 2, 44]], ["a", "b", "c"]),
    "examples": lambda: pictures.examples(CLOTHES, [f"boot {n}" for n in range(6)]),
    "feature_flow": lambda: pictures.feature_flow(FLOW),
    "filter_before_after": lambda: pictures.filter_before_after(SMALL, "sharpen"),
    "gallery": lambda: pictures.gallery(CLOTHES[0]),
    "kernel_on_patch": lambda: pictures.kernel_on_patch(WINDOW, KERNEL),
    "kernels": lambda: pictures.kernels(np.random.default_rng(1).normal(size=(3, 3, 16))),
    "lines": lambda: pictures.lines({"CNN": [0.8, 0.9], "dense": ([1, 2], [0.7, 0.8])}, "epoch"),
    "many_to_one": lambda: pictures.many_to_one(np.dstack([SMALL] * 3), np.ones((2, 3, 3)), -7),
    "pooling": lambda: pictures.pooling(SMALL),
    "pooling_comparison": lambda: pictures.pooling_comparison(SMALL),
    "responses": lambda: pictures.responses(SMALL, {"h": HORIZONTAL, "v": VERTICAL}),
    "show": lambda: pictures.show(SMALL, "A title"),
    "shrinking": lambda: pictures.shrinking(),
    "side_by_side": lambda: pictures.side_by_side({"one": SMALL, "two": SMALL - 100}),
    "sliding": lambda: pictures.sliding(SMALL, VERTICAL),
    "window_on_image": lambda: pictures.window_on_image(SMALL, 2, 3, VERTICAL),
}
PHOTOGRAPHS = {
    "borders": lambda: pictures.borders(photograph(), VERTICAL),
    "colour": lambda: pictures.show(colour_photograph()),
    "filter": lambda: pictures.filter_before_after(photograph(), "emboss 5x5"),
    "pooling": lambda: pictures.pooling(
        scipy.ndimage.gaussian_gradient_magnitude(photograph().astype(float), 1)
    ),
    "pooling_comparison": lambda: pictures.pooling_comparison(photograph()),
    "responses": lambda: pictures.responses(
        photograph(), {"horizontal": HORIZONTAL, "vertical": VERTICAL}
    ),
    "show": lambda: pictures.show(photograph()),
    "side_by_side": lambda: pictures.side_by_side({n: photograph() for n in "abc"}),
}


def some_at_once(names, *at_once):
    """Try some of these pictures whenever anything has changed, and the others by `make test`."""
    return [one if one in at_once else pytest.param(one, marks=pytest.mark.slow) for one in names]


LONG_TO_DRAW = {"borders", "many_to_one", "responses", "shrinking", "side_by_side"}
by_name = pytest.mark.parametrize(
    "name", some_at_once(SMALL_PICTURES, *SMALL_PICTURES.keys() - LONG_TO_DRAW)
)


@functools.cache
def small(name):
    return SMALL_PICTURES[name]()


@functools.cache
def of_photograph(name):
    return PHOTOGRAPHS[name]()


@pytest.fixture
def coarse(monkeypatch):
    """Draw each picture once, and not until its file is small; none of these is kept for others."""
    for ladder in ("DRAWING_LADDER", "PHOTOGRAPH_LADDER"):
        monkeypatch.setattr(pictured, ladder, ((1, 17),))


WHITE, DARK = (255, 255, 255), (17, 17, 17)  # the pages of JupyterLab's two themes


def pixels(picture, page=WHITE):
    drawn = PIL.Image.open(io.BytesIO(picture.png)).convert("RGBA")
    paper = PIL.Image.new("RGBA", drawn.size, page)
    return np.array(PIL.Image.alpha_composite(paper, drawn).convert("RGB")).astype(int)


def contrast(one, other):
    def luminance(colour):
        share = np.array(matplotlib.colors.to_rgb(colour))
        linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
        return linear @ [0.2126, 0.7152, 0.0722]

    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


class Images(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


# Every picture


def test_every_public_function_is_tried_here():
    assert set(SMALL_PICTURES) == set(pictures.__all__) - {"Picture"}


@by_name
def test_the_alternative_text_is_a_sentence_with_numbers(name):
    alt = small(name).alt
    assert alt.endswith(".")
    assert len(alt.split()) >= 8
    assert re.search(r"\d", alt)
    assert alt.isprintable()


@by_name
def test_jupyter_gets_an_image_with_alternative_text_and_the_same_words_as_text(name):
    picture = small(name)
    bundle = picture._repr_mimebundle_()
    assert bundle["text/plain"] == repr(picture) == f"Picture: {picture.alt}"
    parser = Images()
    parser.feed(bundle["text/html"])
    ((tag, attributes),) = parser.found
    assert tag == "img"
    assert attributes["alt"] == picture.alt
    assert attributes["width"] == str(picture.width)
    assert attributes["src"].startswith("data:image/png;base64,iVBOR")


@pytest.mark.parametrize(
    "name", some_at_once(SMALL_PICTURES, "bars", "channels", "pooling", "show")
)
def test_the_same_input_gives_the_same_bytes_whatever_matplotlib_was_told(name):
    with matplotlib.rc_context({"figure.facecolor": "red", "font.size": 30, "text.color": "blue"}):
        again = SMALL_PICTURES[name]()
    assert again.png == small(name).png
    assert again.alt == small(name).alt


@by_name
def test_a_picture_fits_a_notebook_and_its_file_is_small(name):
    picture = small(name)
    assert picture.width <= 900
    assert len(picture.png) <= 40_000
    assert pixels(picture).shape[1] / picture.width in {1, 1.5, 2}


@pytest.mark.parametrize("name", some_at_once(PHOTOGRAPHS, "colour", "pooling", "show"))
def test_a_photograph_fits_a_notebook_and_its_file_is_small(name):
    assert of_photograph(name).width <= 900
    assert len(of_photograph(name).png) <= 90_000


@pytest.mark.slow
@pytest.mark.parametrize("image", [photograph(), colour_photograph()], ids=["grey", "colour"])
def test_the_gallery_names_every_filter_and_stays_below_200_kb(image):
    picture = pictures.gallery(image)
    assert all(f"{name} " in picture.alt for name in [*GALLERY, "median 3x3"])
    assert len(picture.png) <= 200_000


@by_name
def test_the_file_says_nothing_but_the_picture(name):
    kinds = re.findall(rb"tEXt|iTXt|zTXt|tIME|eXIf", small(name).png[:2000])
    assert kinds == []


@by_name
@pytest.mark.parametrize("page", [WHITE, DARK], ids=["white", "dark"])
def test_a_picture_takes_the_page_that_it_stands_on(name, page):
    image = pixels(small(name), page)
    frame = np.concatenate([image[:4].reshape(-1, 3), image[:, :4].reshape(-1, 3)])
    assert (frame == page).all()


@pytest.mark.parametrize("page", [WHITE, DARK], ids=["white", "dark"])
def test_what_is_empty_is_the_page_too(page):
    """An output whose cells are not computed yet."""
    picture = pictures.window_on_image(SMALL, 2, 3, VERTICAL)
    image = pixels(picture, page)
    right_third = image[image.shape[0] // 4 : image.shape[0] // 2, -image.shape[1] // 5 :]
    assert (right_third == page).all(axis=-1).mean() > 0.5
    dots = pixels(pictures.shrinking(9, 5), page)
    assert (dots == page).all(axis=-1).mean() > 0.3


@by_name
def test_a_narrow_page_scrolls_before_words_are_too_small_to_read(name):
    picture = small(name)
    (least,) = re.findall(r"min-width:(\d+)px", picture._repr_mimebundle_()["text/html"])
    smallest = 9 * 100 / 72  # CSS pixels of the captions
    assert smallest * int(least) / picture.width > 8.5


@pytest.mark.seconds
def test_pyplot_is_never_imported():
    code = (
        "import sys; from helpers import pictures; pictures.show([[1, -2]]);"
        "pictures.lines({'a': [1, 2]}); print('matplotlib.pyplot' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@pytest.mark.slow
@pytest.mark.usefixtures("coarse")
def test_the_input_is_never_changed():
    image, kernel = SMALL.astype(float), VERTICAL.copy()
    maps, matrix = MAPS.copy(), np.eye(3)
    for array in (image, kernel, maps, matrix):
        array.setflags(write=False)
    pictures.show(image)
    pictures.side_by_side({"a": image, "b": -image})
    pictures.borders(image, kernel)
    pictures.sliding(image, kernel)
    pictures.window_on_image(image, 1, 1, kernel)
    pictures.responses(image, {"a": kernel})
    pictures.pooling(image)
    pictures.pooling_comparison(image)
    pictures.channels(image, maps)
    pictures.kernels(maps[:3, :3])
    pictures.confusion(matrix)
    assert np.array_equal(image, SMALL)


@pytest.mark.slow
@pytest.mark.usefixtures("coarse")
def test_nan_is_drawn_and_counted():
    broken = SMALL.astype(float)
    broken[1, 2] = np.nan
    assert "1 NaN or infinite" in pictures.show(broken).alt
    for picture in (
        pictures.show(np.full((20, 20), np.nan)),
        pictures.side_by_side({"a": broken}),
        pictures.responses(broken, {"v": VERTICAL}),
        pictures.borders(broken, VERTICAL),
        pictures.sliding(broken, VERTICAL),
        pictures.pooling(broken),
        pictures.pooling(broken, kind="average"),
        pictures.pooling_comparison(broken),
        pictures.kernel_on_patch(broken[:3, :3], VERTICAL),
        pictures.channels(broken, np.where(MAPS > 2, np.nan, MAPS)),
        pictures.kernels(np.full((3, 3, 2), np.nan)),
        pictures.confusion([[1, np.nan], [0, 2]]),
        pictures.lines({"a": [1, np.nan, 3], "b": [1, 2, np.nan]}),
        pictures.lines({"a": [1, 2, np.nan]}),
        pictures.bars({"a": 1, "b": np.nan}),
    ):
        assert isinstance(picture, pictures.Picture)


def test_a_picture_can_be_saved(tmp_path):
    small("show").save(tmp_path / "picture.png")
    assert (tmp_path / "picture.png").read_bytes() == small("show").png


def test_a_varying_picture_keeps_its_alternative_text_but_not_its_numbers_in_plain_text():
    picture = pictures.bars({"loops": 812.3, "SciPy": 2.3e-05})
    varying = picture.varying()
    assert repr(varying) == "Picture: Bar chart. loops …; SciPy …."
    assert varying.alt == picture.alt
    assert varying.png == picture.png


def test_quotes_in_a_title_do_not_break_the_html():
    picture = pictures.show([[1]], "the \"<b>\" & 'other'")
    parser = Images()
    parser.feed(picture._repr_mimebundle_()["text/html"])
    assert [tag for tag, _ in parser.found] == ["img"]
    assert parser.found[0][1]["alt"] == picture.alt


# What is drawn


def test_black_is_left_and_white_is_right_where_the_image_says_so():
    image = np.zeros((40, 40))
    image[:, 20:] = 1
    drawn = pixels(pictures.show(image))
    row = drawn[drawn.shape[0] // 2]
    assert row[len(row) // 4].max() < 10
    assert row[3 * len(row) // 4].min() > 245


def test_negative_is_blue_positive_is_red_and_zero_is_nearly_white():
    image = np.repeat([[-5.0, 0.0, 5.0]], 30, axis=0).repeat(20, axis=1)
    drawn = pixels(pictures.show(image))
    row = drawn[drawn.shape[0] // 3]
    image_width = 2 * 300  # 3 inches of 100 pixels, twice as fine, after the margin
    negative, zero, positive = (row[24 + int(image_width * part)] for part in (0.2, 0.5, 0.8))
    assert negative[2] > negative[0] + 50
    assert zero.min() > 235
    assert positive[0] > positive[2] + 50


def test_signed_false_clips_negatives_to_black():
    image = np.full((30, 30), -5.0)
    image[:, 15:] = 5
    drawn = pixels(pictures.side_by_side({"a": image}, signed=False))
    assert drawn[drawn.shape[0] // 2, drawn.shape[1] // 4].max() < 10


def test_colour_stays_colour():
    image = np.zeros((30, 30, 3), np.uint8)
    image[..., 1] = 200
    drawn = pixels(pictures.show(image))
    red, green, blue = drawn[drawn.shape[0] // 2, drawn.shape[1] // 2]
    assert green > 180
    assert max(red, blue) < 30


def test_floats_and_bytes_of_the_same_photograph_are_equally_bright():
    floats = np.minimum(photograph().astype(float), 230)
    assert scale_for(floats) == scale_for(photograph())
    assert scale_for(photograph() / 255).limit == 1


def test_numbers_in_cells_have_contrast_on_every_colour():
    for name in ("gray", DIVERGING, "Blues"):
        for colour in matplotlib.colormaps[name](np.linspace(0, 1, 256))[:, :3]:
            assert contrast(ink_on(colour), colour) >= 4.5


@pytest.mark.parametrize("colour", [*LINE_COLOURS, MARK, INK])
def test_words_have_contrast_on_a_white_page_and_on_a_dark_one(colour):
    assert contrast(colour, "white") >= 4.5
    assert contrast(colour, np.array(DARK) / 255) >= 4.0  # 4.35 is the most that both can have


def test_a_long_title_wraps_and_keeps_every_word():
    title = "A very long title about the photograph of a staircase " * 4
    lines = wrap(title, 10, 3.0, bold=True)
    assert len(lines) > 4
    assert max(text_width(line, 10, bold=True) for line in lines) <= 3.0
    assert " ".join(lines).split() == title.split()
    assert pictures.show(SMALL, title).width <= 900


def test_a_small_image_does_not_squeeze_its_title():
    title = "One window of the photograph, and what is in it"
    assert pictures.show(WINDOW, title).width >= 1.2 * pictures.show(WINDOW).width


# What is said


def test_the_worked_example_is_written_out():
    alt = small("kernel_on_patch").alt
    assert "0 + 0 - 256 + 24 + 864 - 216 + 213 + 452 - 504 = 577." in alt


def test_a_five_by_five_window_is_written_out():
    window = np.arange(25).reshape(5, 5)
    alt = pictures.kernel_on_patch(window, np.ones((5, 5))).alt
    assert alt.endswith("+ 22 + 23 + 24 = 300.")


@pytest.mark.seconds
def test_the_share_of_negative_answers_is_the_photographs():
    alt = of_photograph("responses").alt
    image = photograph().astype(float)
    for name, kernel in (("horizontal", HORIZONTAL), ("vertical", VERTICAL)):
        response = scipy.ndimage.correlate(image, kernel)[1:-1, 1:-1]
        share = f"{np.mean(response < 0):.0%}"
        part = alt[alt.index(name) :]
        assert f"{response.min():.0f} to {response.max():.0f}, {share} of the answers" in part
    assert "39% of the answers negative" in alt
    assert "41% of the answers negative" in alt


def test_a_share_is_zero_percent_only_if_it_is_nothing():
    image = np.ones((100, 100))
    image[0, 0] = -1
    assert "0.01% negative" in pictures.show(image).alt
    assert "negative" not in pictures.show(np.ones((100, 100))).alt


@pytest.mark.usefixtures("coarse")
@pytest.mark.parametrize(("size", "kernel_size", "left"), [(28, 3, 26), (28, 2, 27), (28, 9, 20)])
def test_shrinking_says_what_is_left(size, kernel_size, left):
    alt = pictures.shrinking(size, kernel_size).alt
    assert f"turns {size} x {size} into {left} x {left}" in alt
    assert f"{size} - {kernel_size} + 1 = {left}" in alt


def test_shrinking_loses_one_pixel_on_each_side_and_an_even_window_only_at_the_end():
    assert "1 pixel lost on each side" in pictures.shrinking(28, 3).alt
    assert "top 0, bottom 1, left 0, right 1" in pictures.shrinking(28, 2).alt


def test_the_window_is_centred_on_the_pixel_that_was_asked_for():
    expected = int((SMALL[1:4, 2:5] * VERTICAL).sum())
    assert f"makes row 1, column 2 of the output: {expected}." in small("window_on_image").alt


def test_sliding_goes_from_the_first_to_the_last_place():
    first = int((SMALL[:3, :3] * VERTICAL).sum())
    last = int((SMALL[2:, 4:] * VERTICAL).sum())
    alt = small("sliding").alt
    assert f"place 1: row 0, column 0 becomes {first};" in alt
    assert f"place 15: row 2, column 4 becomes {last}." in alt


@pytest.mark.seconds
def test_borders_say_the_corner_and_how_many_results_rest_on_invented_pixels():
    alt = small("borders").alt
    for name, mode in (("zero", "constant"), ("wrap", "grid-wrap"), ("edge", "nearest")):
        result = scipy.ndimage.correlate(SMALL.astype(float), VERTICAL, mode=mode)
        assert re.search(rf"{name} \([a-z ]+\): top left result {result[0, 0]:.0f},", alt)
    assert "20 of 35 results (57%)" in alt
    assert "2044 of 262144 results (0.78%)" in of_photograph("borders").alt


def test_pooling_says_what_is_kept_and_what_is_dropped():
    alt = small("pooling").alt
    best = SMALL[:4, :6].reshape(2, 2, 3, 2).max(axis=(1, 3))
    assert "turns 5 x 7 into 2 x 3: 17% of the pixels are left" in alt
    assert "11 pixels at the edge" in alt
    assert " / ".join(" ".join(map(str, row)) for row in best) in alt
    assert "turns 512 x 512 into 256 x 256: 25%" in of_photograph("pooling").alt


def test_pooling_comparison_gives_the_means():
    even = SMALL[:4, :6]
    means = [np.mean(even), np.mean(even.reshape(2, 2, 3, 2).max(axis=(1, 3)))]
    alt = pictures.pooling_comparison(even).alt
    assert re.findall(r"mean ([\d.]+\d)", alt) == [f"{means[n]:.4g}" for n in (0, 1, 0)]


def test_filter_before_after_names_the_factor_as_a_fraction():
    assert "factor 1/16, bias 0" in pictures.filter_before_after(SMALL, "gaussian 3x3").alt
    assert "factor 1, bias 128" in of_photograph("filter").alt
    assert "not a convolution" in pictures.filter_before_after(SMALL, "median 3x3").alt


def test_channels_say_which_are_dead_and_which_is_strongest():
    means = MAPS.mean(axis=(0, 1))
    alt = small("channels").alt
    assert "2 of them all 0 (3, 11)" in alt
    assert f"channel {means.argmax()} has the highest mean, {means.max():.4g}." in alt


def test_kernels_of_a_keras_layer_are_taken_as_they_are():
    weights = RANDOM.normal(size=(3, 3, 1, 5))
    alt = pictures.kernels(weights).alt
    assert alt == pictures.kernels(weights[:, :, 0]).alt
    assert f"{np.mean(weights < 0):.0%} negative" in alt


def test_confusion_says_how_many_are_right_and_the_worst_mistake():
    alt = small("confusion").alt
    assert "124 of 140 right (89%)" in alt
    assert "b taken for a, 9." in alt


def test_feature_flow_counts_the_numbers():
    alt = small("feature_flow").alt
    for count in ("784 numbers", "43,264 numbers", "1,600 numbers", "10 numbers"):
        assert count in alt


def test_many_to_one_tells_each_result_and_what_helpers_make_of_them():
    maps, slices = np.arange(12).reshape(2, 3, 2), np.array([[[1, 0], [0, -2]]])
    alt = pictures.many_to_one(maps, slices, 5).alt
    out = conv_layer(maps[np.newaxis], slices[..., np.newaxis], np.array([5]))[0, ..., 0]
    rows = " / ".join(" ".join(f"{value:g}" for value in row) for row in out)
    assert alt.endswith(f"with the bias 5 the one map that comes out is {rows}.")
    assert "map 1 (1 3 5 / 7 9 11) with slice 1 (0 -2) gives -6 -10 / -18 -22" in alt


def test_lines_and_bars_say_their_values():
    picture = pictures.lines(
        {"loss": ([10, 20, 30], [3, 1, 2])}, "step", "error", "Title", log=True
    )
    assert picture.alt == (
        "Title: line chart of error against step, logarithmic y axis. "
        "loss: 3 at 10, 2 at 30, lowest 1 at 20."
    )
    assert small("bars").alt == "Times: bar chart of ms. loops 812.3; SciPy 23."


# What is refused


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: pictures.show(np.zeros(5)), ValueError, r"got shape \(5,\)"),
        (lambda: pictures.show(np.zeros((2, 4, 5, 1))), ValueError, r"\(2, 4, 5, 1\).*image\[0\]"),
        (lambda: pictures.show(np.zeros((4, 5, 7))), ValueError, r"\(4, 5, 7\).*one channel|one"),
        (lambda: pictures.show(np.zeros((0, 5))), ValueError, r"\(0, 5\)"),
        (lambda: pictures.show([[1], [1, 2]]), ValueError, "rows differ"),
        (lambda: pictures.show([["a"]]), TypeError, "real numbers"),
        (lambda: pictures.side_by_side([SMALL]), TypeError, "dictionary.*got a list"),
        (lambda: pictures.side_by_side({}), ValueError, "at least one"),
        (lambda: pictures.side_by_side({"a": SMALL}, columns=0), ValueError, "columns.*got 0"),
        (
            lambda: pictures.kernel_on_patch(SMALL, VERTICAL),
            ValueError,
            r"\(5, 7\) and \(3, 3\)",
        ),
        (
            lambda: pictures.window_on_image(SMALL, 0, 3, VERTICAL),
            ValueError,
            "row must be from 1 to 3, col from 1 to 5",
        ),
        (lambda: pictures.sliding(SMALL, np.ones((9, 9))), ValueError, "9x9 does not fit"),
        (lambda: pictures.sliding(SMALL, VERTICAL, steps=0), ValueError, "1 to 8, got 0"),
        (lambda: pictures.shrinking(3, 5), ValueError, "kernel_size 5, size 3"),
        (lambda: pictures.borders(SMALL, np.ones((2, 2))), ValueError, r"odd.*\(2, 2\)"),
        (lambda: pictures.responses(colour_photograph(), {"v": VERTICAL}), ValueError, "512, 3"),
        (lambda: pictures.filter_before_after(SMALL, "sharper"), ValueError, "'sharpen'.*sharper"),
        (lambda: pictures.gallery(SMALL, ["nothing"]), ValueError, "got 'nothing'"),
        (lambda: pictures.pooling(SMALL, kind="median"), ValueError, "'average'.*'median'"),
        (lambda: pictures.pooling(SMALL, 9), ValueError, "9x9"),
        (lambda: pictures.channels(SMALL, MAPS[None]), ValueError, r"activations\[0\]"),
        (lambda: pictures.kernels(np.ones((3, 3, 4, 5))), ValueError, r"kernels\[:, :, 0\]"),
        (lambda: pictures.kernels(np.ones((3, 3, 4)), columns=0), ValueError, "columns.*got 0"),
        (lambda: pictures.confusion(np.ones((2, 3))), ValueError, r"\(2, 3\)"),
        (lambda: pictures.confusion(np.eye(2), ["a"]), ValueError, "2 classes, got 1"),
        (lambda: pictures.examples(CLOTHES, ["a"]), ValueError, "6 images and 1 title"),
        (lambda: pictures.feature_flow([]), ValueError, "at least one"),
        (lambda: pictures.feature_flow([("a", (1, 2, 3, 4))]), ValueError, r"\(1, 2, 3, 4\)"),
        (lambda: pictures.many_to_one(SMALL, VERTICAL), ValueError, r"\(height, width, maps\)"),
        (
            lambda: pictures.many_to_one(np.dstack([SMALL] * 2), np.dstack([VERTICAL] * 3)),
            ValueError,
            r"a slice for each of the 2 maps, got shape \(3, 3, 3\)",
        ),
        (lambda: pictures.lines({}), ValueError, "at least one"),
        (lambda: pictures.lines({"a": ([1, 2], [1, 2, 3])}), ValueError, r"\(2,\) and \(3,\)"),
        (lambda: pictures.lines({"a": [0, 1]}, log=True), ValueError, "above 0"),
        (lambda: pictures.bars({}), ValueError, "at least one"),
        (lambda: pictures.bars({"a": -1}, log=True), ValueError, "above 0"),
    ],
)
def test_bad_input_is_refused_with_what_came_and_what_is_wanted(call, error, words):
    with pytest.raises(error, match=words):
        call()


def test_cells_too_small_for_their_lines_are_drawn_without(monkeypatch):
    """Maps of 11x11 in a corner of the page were a white lattice and little else."""
    ruled = []
    monkeypatch.setattr(Board, "ruling", lambda board, block: ruled.append(block.cell))
    pictures.channels(CLOTHES[0], np.ones((11, 11, 16)))
    assert not ruled
    pictures.kernels(np.ones((3, 3, 16)))
    assert len(ruled) == 16
