"""Fetch all 70,000 images of Fashion-MNIST, once, and believe no file that was not verified."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

from helpers import datasets
from helpers.datasets import FashionMNIST

SHA256 = {
    "train-images-idx3-ubyte.gz": "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
    "train-labels-idx1-ubyte.gz": "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
    "t10k-images-idx3-ubyte.gz": "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
    "t10k-labels-idx1-ubyte.gz": "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
}
"""Of what each file holds, not of the file: Keras and Debian compress the same bytes differently."""

OFFLINE = (
    "All 70,000 images could not be fetched: {reason}\n"
    "You do not need them: the lessons run on the 25,000 that the course ships. To have them all, "
    "run `course data` where there is a network, and copy {folder} to the same place here; or, on "
    "Debian and Ubuntu, apt install dataset-fashion-mnist."
)


class NotFetched(OSError):
    """Why there is no complete Fashion-MNIST, and what to do, in sentences."""


def fetch_complete(say: Callable[[str], None] = print) -> FashionMNIST:
    """Make sure that the complete Fashion-MNIST is here; fetch it through Keras if it is not.

    A file that is cut short, or holds anything but what was published, is deleted and fetched
    again. Keras shows a progress bar for each file, 30 MB in all.

    Parameters
    ----------
    say : callable
        Is told what is found and done, a sentence each.

    Returns
    -------
    FashionMNIST
        All of it, verified.

    Raises
    ------
    NotFetched
        Without a network, or if what came is not what was published.
    KerasMissing
        If there is no Keras to fetch it with.
    """
    folder = datasets.keras_folder()
    if not damaged(datasets.DEBIAN_FOLDER):
        say(f"All 70,000 images are here, from Debian's package ({datasets.DEBIAN_FOLDER}).")
        return datasets.fashion_mnist(full=True)
    found = damaged(folder)
    if not found:
        say(f"All 70,000 images are here and whole ({folder}).")
        return datasets.fashion_mnist(full=True)
    for file, problem in found.items():
        if (folder / file).exists():
            say(f"{problem} It is deleted and fetched again.")
            os.remove(folder / file)
    _load_through_keras(folder)
    if still := damaged(folder):
        for file in still:
            (folder / file).unlink(missing_ok=True)  # or Keras would believe it next time
        reason = " ".join(still.values())
        raise NotFetched(OFFLINE.format(reason=reason, folder=folder))
    say(f"All 70,000 images are here now, verified ({folder}). In lesson 4, set FULL = True.")
    return datasets.fashion_mnist(full=True)


def damaged(folder: Path) -> dict[str, str]:
    """Say what is wrong with which of the four files; nothing if all are whole."""
    problems: dict[str, str] = {}
    for file, shape in datasets.IDX_FILES.items():
        if not (folder / file).exists():
            problems[file] = f"{folder / file} is missing."
            continue
        try:
            values = datasets.read_idx(folder / file, shape)
        except ValueError as error:
            problems[file] = str(error)
            continue
        if (
            hashlib.sha256(datasets.idx_header(shape) + values.tobytes()).hexdigest()
            != SHA256[file]
        ):
            problems[file] = f"{folder / file} holds other images or labels than were published."
    return problems


def _load_through_keras(folder: Path) -> None:
    """Let Keras fetch what is missing, with its own progress bars."""
    from helpers.training import load_keras

    keras = load_keras()
    try:
        keras.datasets.fashion_mnist.load_data()
    except Exception as error:  # a bare Exception is what Keras raises where a fetch fails
        for file in damaged(folder):
            (folder / file).unlink(missing_ok=True)
        reason = str(error).strip() or type(error).__name__
        raise NotFetched(OFFLINE.format(reason=reason, folder=folder)) from error
