"""The photograph and Fashion-MNIST: always there, and never from a damaged file."""

import gzip
import warnings

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from helpers import CLASS_NAMES, colour_photograph, datasets, fashion_mnist, photograph

SMALL = {
    file: (6 if "train" in file else 4, *shape[1:]) for file, shape in datasets.IDX_FILES.items()
}


def contents(shape):
    return np.random.default_rng(len(shape)).integers(0, 10, shape, dtype=np.uint8)


def write_full_set(folder):
    folder.mkdir(parents=True)
    for file, shape in SMALL.items():
        header = bytes([0, 0, 8, len(shape)]) + np.array(shape, ">u4").tobytes()
        (folder / file).write_bytes(gzip.compress(header + contents(shape).tobytes()))


@pytest.fixture
def places(tmp_path, monkeypatch):
    """Keras's cache and Debian's folder, both empty, where a full set is ten images."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setattr(datasets, "DEBIAN_FOLDER", tmp_path / "debian")
    monkeypatch.setattr(datasets, "IDX_FILES", SMALL)
    return tmp_path / "keras" / "datasets" / "fashion-mnist", tmp_path / "debian"


def test_the_photograph_is_ascent():
    picture = photograph()
    assert (picture.shape, picture.dtype) == ((512, 512), np.uint8)
    assert picture[0, 0] == 83
    assert round(picture.mean(), 2) == 87.48


def test_the_photograph_may_be_drawn_on():
    photograph()[:] = 0
    assert photograph()[0, 0] == 83


def test_the_colour_photograph_is_a_tint_of_the_grey_one():
    colour, grey = colour_photograph(), photograph()
    assert (colour.shape, colour.dtype) == ((512, 512, 3), np.uint8)
    colours = np.unique(np.dstack([grey, colour]).reshape(-1, 4), axis=0)
    assert len(colours) == len(np.unique(grey))  # one colour for each grey value
    assert not np.array_equal(colour[..., 0], colour[..., 2])


def test_the_shipped_images_are_used_where_there_is_nothing_else(places):
    data = fashion_mnist()
    assert data.source == (
        "Fashion-MNIST, 20,000 training and 5,000 test images, as shipped with the course."
    )
    assert (data.train_images.shape, data.train_images.dtype) == ((20_000, 28, 28), np.uint8)
    assert (data.test_images.shape, data.test_labels.shape) == ((5_000, 28, 28), (5_000,))
    assert set(np.unique(data.train_labels)) == set(range(10))
    assert len(CLASS_NAMES) == 10
    assert CLASS_NAMES[data.train_labels[0]] == "Ankle boot"


def test_keras_cache_comes_first_then_debian(places):
    keras, debian = places
    write_full_set(debian)
    data = fashion_mnist()
    assert "from Debian's package" in data.source
    assert "6 training and 4 test images, complete" in data.source
    write_full_set(keras)
    data = fashion_mnist()
    assert "from Keras's cache" in data.source
    for array, shape in zip(data[:4], SMALL.values(), strict=True):
        assert_array_equal(array, contents(shape))


def test_the_shipped_images_can_be_insisted_on(places):
    write_full_set(places[0])
    assert len(fashion_mnist(full=False).train_images) == 20_000


def test_all_images_or_an_error_that_says_how_to_get_them(places):
    with pytest.raises(FileNotFoundError, match="apt install dataset-fashion-mnist"):
        fashion_mnist(full=True)
    write_full_set(places[1])
    assert len(fashion_mnist(full=True).train_images) == 6


def truncated(path):
    path.write_bytes(path.read_bytes()[:-20])


def one_bit_flipped(path):
    content = bytearray(path.read_bytes())
    content[-6] ^= 1  # in the checksum
    path.write_bytes(content)


def flipped_inside(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 255
    path.write_bytes(content)


def not_gzip(path):
    path.write_bytes(b"<html>404 Not Found</html>")


def emptied(path):
    path.write_bytes(b"")


def wrong_magic(path):
    content = bytearray(gzip.decompress(path.read_bytes()))
    content[2] = 13  # floats
    path.write_bytes(gzip.compress(content))


def one_value_short(path):
    path.write_bytes(gzip.compress(gzip.decompress(path.read_bytes())[:-1]))


def one_value_too_many(path):
    path.write_bytes(gzip.compress(gzip.decompress(path.read_bytes()) + b"0"))


def another_shape(path):
    header = bytes([0, 0, 8, 3]) + np.array([6, 8, 8], ">u4").tobytes()
    path.write_bytes(gzip.compress(header + bytes(6 * 8 * 8)))


def removed(path):
    path.unlink()


@pytest.mark.parametrize("file", ["train-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"])
@pytest.mark.parametrize(
    "damage",
    [
        truncated,
        one_bit_flipped,
        flipped_inside,
        not_gzip,
        emptied,
        wrong_magic,
        one_value_short,
        one_value_too_many,
        another_shape,
        removed,
    ],
)
def test_a_damaged_file_is_named_and_the_next_place_is_used(places, damage, file):
    keras, debian = places
    write_full_set(keras)
    write_full_set(debian)
    damage(keras / file)
    with pytest.warns(UserWarning, match=f"Keras's cache is passed over: .*{file}"):
        data = fashion_mnist()
    assert "Debian's package" in data.source


def test_an_absent_cache_is_nothing_to_warn_about(places):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fashion_mnist()


def test_no_home_is_no_obstacle(places, monkeypatch):
    monkeypatch.delenv("KERAS_HOME")
    monkeypatch.setenv("HOME", "/nonexistent")
    assert "as shipped" in fashion_mnist().source


@pytest.mark.parametrize("damage", [truncated, not_gzip, emptied, removed])
def test_damage_to_what_is_shipped_is_said_plainly(tmp_path, monkeypatch, damage):
    archive = tmp_path / "fashion_mnist_25k.npz"
    archive.write_bytes((datasets.DATA / archive.name).read_bytes())
    monkeypatch.setattr(datasets, "DATA", tmp_path)
    damage(archive)
    with pytest.raises(OSError, match=r"fashion_mnist_25k.npz is missing or damaged"):
        fashion_mnist(full=False)


def test_the_licence_travels_with_the_data():
    notice = (datasets.DATA / "LICENSE-fashion-mnist").read_text(encoding="utf-8")
    assert "2017 Zalando SE" in notice
    assert "Permission is hereby granted" in notice
