"""A picture of one's own: whatever is on the disk becomes an array, or a sentence."""

import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

import helpers
from helpers import open_picture


def test_a_grey_picture_comes_as_it_is(tmp_path):
    pixels = np.random.default_rng(1).integers(0, 256, (40, 30), dtype=np.uint8)
    Image.fromarray(pixels).save(tmp_path / "mine.png")
    assert np.array_equal(open_picture(tmp_path / "mine.png"), pixels)
    assert np.array_equal(open_picture(str(tmp_path / "mine.png"), colour=True)[..., 1], pixels)


def test_a_large_one_is_made_small_and_keeps_its_proportions(tmp_path):
    Image.new("RGB", (1000, 500), (200, 100, 50)).save(tmp_path / "large.jpg")
    assert open_picture(tmp_path / "large.jpg").shape == (128, 256)
    assert open_picture(tmp_path / "large.jpg", 100, colour=True).shape == (50, 100, 3)
    assert open_picture(tmp_path / "large.jpg", None).shape == (500, 1000)
    helpers.stepper.convolution(open_picture(tmp_path / "large.jpg"))  # it fits the window


def test_it_is_turned_as_the_camera_noted_and_lies_on_white(tmp_path):
    picture = Image.new("RGBA", (20, 10), (0, 0, 0, 0))
    notes = picture.getexif()
    notes[0x0112] = 6  # turn right by 90 degrees
    picture.save(tmp_path / "turned.png", exif=notes)
    pixels = open_picture(tmp_path / "turned.png")
    assert pixels.shape == (20, 10)
    assert (pixels == 255).all()


@pytest.mark.parametrize("mode", ["1", "P", "LA", "CMYK", "I;16", "F"])
def test_every_kind_of_picture_becomes_bytes(tmp_path, mode):
    picture = Image.new(mode, (9, 7))
    file = tmp_path / ("kind.tif" if mode in ("CMYK", "I;16", "F") else "kind.png")
    picture.save(file)
    pixels = open_picture(file)
    assert (pixels.shape, pixels.dtype) == ((7, 9), np.uint8)


def test_a_picture_of_sixteen_bits_keeps_its_greys(tmp_path):
    deep = np.array([[0, 257 * 100, 65535]], np.uint16)
    Image.fromarray(deep).save(tmp_path / "deep.png")
    assert open_picture(tmp_path / "deep.png").tolist() == [[0, 100, 255]]


@pytest.mark.parametrize(
    ("name", "error", "words"),
    [
        (
            "none.png",
            FileNotFoundError,
            "There is no 'none.png' in .* Pictures there: half.png, there.png",
        ),
        ("notes.txt", ValueError, "notes.txt can't be read as a picture"),
        ("half.png", ValueError, "half.png can't be read as a picture"),
        ("folder", ValueError, "is a folder"),
        ("https://example.org/a.png", ValueError, "Save the picture first"),
    ],
)
def test_what_can_not_be_opened_is_said(tmp_path, monkeypatch, name, error, words):
    monkeypatch.chdir(tmp_path)
    Image.effect_noise((64, 64), 99).save("there.png")
    (tmp_path / "notes.txt").write_text("not a picture")
    (tmp_path / "half.png").write_bytes((tmp_path / "there.png").read_bytes()[:600])
    (tmp_path / "folder").mkdir()
    with pytest.raises(error, match=words):
        open_picture(name)


@pytest.mark.parametrize("largest", [0, -3, 2.5])
def test_a_size_that_is_none_is_named(tmp_path, largest):
    Image.new("L", (4, 4)).save(tmp_path / "small.png")
    with pytest.raises((ValueError, TypeError), match="largest"):
        open_picture(tmp_path / "small.png", largest)


def test_nobody_waits_for_pillow_who_opens_no_picture():
    program = "import sys, helpers; helpers.open_picture; print('PIL' in sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert run.stdout.strip() == "False", run.stderr
