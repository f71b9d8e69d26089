"""The exam of lesson 4, in an order of the class's own: labels that somebody has typed are in none."""

from pathlib import Path
from typing import Any

import numpy as np

from course.checking.looking import Answer
from helpers import datasets

KEY = "predictions"


def order(seed: int) -> np.ndarray:
    """Draw in which order a class meets the exam's images."""
    return np.random.default_rng(seed).permutation(len(datasets.exam_images()))


def lay(folder: Path, seed: int) -> None:
    """Lay the exam's images for a class, where a cage has a copy of `helpers`."""
    images = datasets.exam_images()[order(seed)]
    np.savez(folder / "helpers" / datasets.DATA.name / datasets.EXAM, images=images)


def in_order(answer: Answer, seed: int) -> Answer:
    """Put what is said of each image back where the image stands for whoever judges."""
    return answer._replace(value=back(answer.value, order(seed)))


def back(value: Any, order: np.ndarray) -> Any:
    """Rows in their own order; what has not a row for each image stays as it is."""
    if isinstance(value, np.ndarray) and value.shape[:1] == order.shape:
        return value[np.argsort(order)]
    if type(value) in (list, tuple) and len(value) == len(order):
        return [value[place] for place in np.argsort(order)]
    return value
