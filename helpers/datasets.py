"""The pictures that the lessons use, all without a network connection.

What is shipped stands in `helpers/data`, with where it came from and under what licence.
"""

import gzip
import os
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from math import prod
from pathlib import Path
from typing import NamedTuple

import numpy as np

DATA = Path(__file__).parent / "data"
EXAM = "exam_images.npz"

CLASS_NAMES = (
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
)

# The complete set's four files, in the order of FashionMNIST's fields: what they must hold.
IDX_FILES = {
    "train-images-idx3-ubyte.gz": (60_000, 28, 28),
    "train-labels-idx1-ubyte.gz": (60_000,),
    "t10k-images-idx3-ubyte.gz": (10_000, 28, 28),
    "t10k-labels-idx1-ubyte.gz": (10_000,),
}
DEBIAN_FOLDER = Path("/usr/share/datasets/fashion-mnist")  # package dataset-fashion-mnist


class FashionMNIST(NamedTuple):
    """Images of clothes, their class numbers, and where they were found.

    Images are (N, 28, 28) and labels (N,), both uint8; `CLASS_NAMES` says what a label means.
    """

    train_images: np.ndarray
    train_labels: np.ndarray
    test_images: np.ndarray
    test_labels: np.ndarray
    source: str


def photograph() -> np.ndarray:
    """Return the grey photograph of a staircase that SciPy calls *ascent*.

    Returns
    -------
    (512, 512) ndarray of uint8

    Examples
    --------
    >>> photograph().shape, int(photograph()[0, 0])
    ((512, 512), 83)
    """
    from PIL import Image  # here, so that only who looks at the picture waits for Pillow

    with Image.open(DATA / "ascent.png") as picture:
        return np.array(picture)


def colour_photograph() -> np.ndarray:
    """Return the photograph tinted like an old postcard: shadows blue, highlights cream.

    The camera saw no colour; these are ours. Each grey value becomes one colour, on straight lines
    between four chosen ones, so that there are three different channels to filter.

    Returns
    -------
    (512, 512, 3) ndarray of uint8
        Red, green, blue.
    """
    greys = (0, 85, 170, 255)
    tints = {"red": (16, 66, 222, 255), "green": (22, 92, 150, 246), "blue": (58, 120, 98, 222)}
    palette = np.stack([np.interp(range(256), greys, tint) for tint in tints.values()], axis=-1)
    return np.rint(palette).astype(np.uint8)[photograph()]


def fashion_mnist(full: bool | None = None) -> FashionMNIST:
    """Return Fashion-MNIST, as much of it as there is on this computer.

    Looked for in this order: Keras's own cache, Debian's package, and what this project ships: the
    first 20,000 training and the first 5,000 test images. A damaged file is never used:
    a warning names it, and the next place is tried.

    Parameters
    ----------
    full : bool, optional
        True insists on all 70,000 images; False takes the shipped ones, the same everywhere.

    Returns
    -------
    FashionMNIST
        Its `source` is a sentence that says which it was and how many images there are.

    Raises
    ------
    FileNotFoundError
        If all images are wanted and not there; it says how to get them.

    Examples
    --------
    >>> data = fashion_mnist(full=False)
    >>> data.source
    'Fashion-MNIST, 20,000 training and 5,000 test images, as shipped with the course.'
    >>> data.train_images.shape, CLASS_NAMES[data.train_labels[0]]
    ((20000, 28, 28), 'Ankle boot')
    """
    if full is not False:
        for folder, name in _full_sets():
            try:
                arrays = [read_idx(folder / file, shape) for file, shape in IDX_FILES.items()]
            except ValueError as error:
                warnings.warn(f"Fashion-MNIST in {name} is passed over: {error}", stacklevel=2)
            else:
                return _described(arrays, f"complete, from {name} ({folder})")
    if full:
        raise FileNotFoundError(
            "the 70,000 images of Fashion-MNIST are not on this computer. With a network, "
            "`course data` fetches them; on Debian and Ubuntu, apt install "
            "dataset-fashion-mnist. fashion_mnist() takes the 25,000 shipped ones."
        )
    return _described(_shipped(), "as shipped with the course")


def exam_images() -> np.ndarray:
    """Return the images of lesson 4's exam: 5,000 to 6,999 of Fashion-MNIST's test set.

    None of them is among the images that `fashion_mnist` ships, and their labels are not here. While
    a class is graded they come in another order.

    Returns
    -------
    (2000, 28, 28) ndarray of uint8

    Examples
    --------
    >>> exam_images().shape
    (2000, 28, 28)
    """
    return read_archive(EXAM, ("images",))[0]


def _full_sets() -> Iterator[tuple[Path, str]]:
    """Yield the folders that hold at least one of the four files, and what to call them."""
    for folder, name in (
        (keras_folder(), "Keras's cache"),
        (DEBIAN_FOLDER, "Debian's package"),
    ):
        # os.path answers even for a folder that may not be entered.
        if any(os.path.exists(folder / file) for file in IDX_FILES):
            yield folder, name


def keras_folder() -> Path:
    """Return where Keras keeps Fashion-MNIST, whether it is there or not."""
    # os.path answers even for a user without a home.
    home = os.environ.get("KERAS_HOME") or os.path.expanduser("~/.keras")
    return Path(home) / "datasets" / "fashion-mnist"


def idx_header(shape: tuple[int, ...]) -> bytes:
    """Return how an IDX file of bytes of this shape begins.

    The format is from http://yann.lecun.com/exdb/mnist: two zero bytes, 8 for "unsigned byte",
    the number of axes, each axis's length as a big-endian 32-bit number. Then come the values.
    """
    return bytes((0, 0, 8, len(shape))) + b"".join(n.to_bytes(4, "big") for n in shape)


def read_idx(path: Path, shape: tuple[int, ...]) -> np.ndarray:
    """Read one gzipped IDX file of bytes and refuse it unless it holds exactly this shape."""
    header = idx_header(shape)
    expected = len(header) + prod(shape)
    try:
        with gzip.open(path) as file:
            content = file.read(expected + 1)  # one more, so that gzip sees the end: the checksum
    except (OSError, EOFError, zlib.error) as error:
        raise ValueError(f"{path} cannot be read ({error}).") from error
    if not content.startswith(header):
        raise ValueError(f"{path} does not begin as an IDX file of shape {shape} does.")
    if len(content) != expected:
        raise ValueError(f"{path} holds {len(content)} bytes or more, not {expected}.")
    return np.frombuffer(bytearray(content), np.uint8, offset=len(header)).reshape(shape)


def _shipped() -> list[np.ndarray]:
    """Read the shipped part of Fashion-MNIST."""
    return read_archive("fashion_mnist_25k.npz", FashionMNIST._fields[:-1])


def read_archive(name: str, fields: Iterable[str]) -> list[np.ndarray]:
    """Read arrays of a shipped archive, which carries checksums of its own."""
    path = DATA / name
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            return [archive[field] for field in fields]
    except (OSError, EOFError, KeyError, ValueError, zipfile.BadZipFile, zlib.error) as error:
        raise OSError(f"{path} is missing or damaged: fetch the course again.") from error


def _described(arrays: list[np.ndarray], origin: str) -> FashionMNIST:
    train_images, train_labels, test_images, test_labels = arrays
    source = (
        f"Fashion-MNIST, {len(train_images):,} training and {len(test_images):,} test images, "
        f"{origin}."
    )
    return FashionMNIST(train_images, train_labels, test_images, test_labels, source)
