"""`course data`: what is fetched is verified, and what is damaged is never trained on."""

import gzip
import hashlib
from types import SimpleNamespace

import numpy as np
import pytest

from helpers import datasets, download, training

SMALL = {file: (3, *shape[1:]) for file, shape in datasets.IDX_FILES.items()}
FILES = {
    file: datasets.idx_header(shape) + np.arange(np.prod(shape)).astype(np.uint8).tobytes()
    for file, shape in SMALL.items()
}
IMAGES = "train-images-idx3-ubyte.gz"


def write(folder, **instead):
    """Write the four files that are not there yet, as Keras does."""
    folder.mkdir(parents=True, exist_ok=True)
    for file, content in FILES.items():
        if not (folder / file).exists():
            (folder / file).write_bytes(instead.get("content", gzip.compress(content)))


class Internet:
    """Stands in for Keras: fetches what is missing, or not."""

    def __init__(self, folder):
        self.folder, self.fetched, self.error, self.instead = folder, 0, None, {}

    def load_data(self):
        self.fetched += 1
        if self.error:
            raise self.error
        write(self.folder, **self.instead)


@pytest.fixture
def internet(tmp_path, monkeypatch):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setattr(datasets, "DEBIAN_FOLDER", tmp_path / "debian")
    monkeypatch.setattr(datasets, "IDX_FILES", SMALL)
    hashes = {file: hashlib.sha256(content).hexdigest() for file, content in FILES.items()}
    monkeypatch.setattr(download, "SHA256", hashes)
    internet = Internet(datasets.keras_folder())
    keras = SimpleNamespace(datasets=SimpleNamespace(fashion_mnist=internet))
    monkeypatch.setattr(training, "load_keras", lambda: keras)
    return internet


def fetch():
    said = []
    return download.fetch_complete(said.append), " ".join(said)


def test_what_is_not_there_is_fetched_and_used(internet):
    data, said = fetch()
    assert internet.fetched == 1
    assert "verified" in said
    assert data.train_images.shape == (3, 28, 28)
    assert "Keras's cache" in data.source


def test_what_is_there_is_not_fetched_again(internet):
    fetch()
    assert "here and whole" in fetch()[1]
    assert internet.fetched == 1


def test_debians_package_is_as_good(internet):
    write(datasets.DEBIAN_FOLDER)
    data, _ = fetch()
    assert internet.fetched == 0
    assert "Debian" in data.source


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (gzip.compress(FILES[IMAGES])[:-9], "cannot be read"),
        (b"<html>404</html>", "cannot be read"),
        (gzip.compress(FILES[IMAGES][:-1]), "holds 2367 bytes or more, not 2368"),
        (gzip.compress(FILES[IMAGES][:-1] + b"\0"), "other images or labels than were published"),
    ],
)
def test_a_damaged_file_is_named_deleted_and_fetched_again(internet, damage, words):
    write(internet.folder)
    (internet.folder / IMAGES).write_bytes(damage)
    data, said = fetch()
    assert words in said
    assert IMAGES in said
    assert internet.fetched == 1
    assert data.train_images.shape == (3, 28, 28)


def test_without_a_network_it_says_what_to_do_and_keeps_what_is_whole(internet):
    write(internet.folder)
    (internet.folder / IMAGES).unlink()
    internet.error = Exception("URL fetch failure: None -- no route to host")
    with pytest.raises(download.NotFetched) as caught:
        fetch()
    assert "no route to host" in str(caught.value)
    assert "You do not need them" in str(caught.value)
    assert "copy" in str(caught.value)
    assert len(list(internet.folder.iterdir())) == 3


def test_a_page_that_came_instead_of_the_images_is_not_kept(internet):
    internet.instead = {"content": b"<html>Log in to this network</html>"}
    with pytest.raises(download.NotFetched, match="cannot be read"):
        fetch()
    assert not list(internet.folder.iterdir())


def test_the_hashes_are_of_all_four_files():
    assert download.SHA256.keys() == datasets.IDX_FILES.keys()
    assert all(len(digest) == 64 for digest in download.SHA256.values())


def test_the_command_ends_with_2_and_sentences_where_there_is_no_network(internet):
    from typer.testing import CliRunner

    from course.cli import app

    internet.error = Exception("URL fetch failure: no route to host")
    run = CliRunner().invoke(app, ["data"])
    assert run.exit_code == 2
    assert "You do not need them" in run.output
    assert "Traceback" not in run.output
    internet.error = None
    run = CliRunner().invoke(app, ["data"])
    assert (run.exit_code, "verified" in run.output) == (0, True)
