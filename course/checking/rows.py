"""What many ways to mistakes gave on one call, as rows of arrays: compared all at once."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import numpy as np

from course.checking.calling import Outcome
from course.checking.comparing import is_number, largest


class Rows:
    """What many ways to mistakes gave on one call.

    Parameters
    ----------
    outcomes : iterable of (int, Outcome)
        The number of each way, and what it gave. A way may come more than once.
    tolerance : float
        Relative to the largest magnitude of a row, at least 1.
    """

    def __init__(self, outcomes: Iterable[tuple[int, Outcome]], tolerance: float) -> None:
        self.odd: list[int] = []
        """Those that raised, or gave no real numbers: they are no rows."""
        found = defaultdict[tuple[int, ...], list[tuple[int, np.ndarray]]](list)
        for way, outcome in outcomes:
            values = real_numbers(outcome)
            if values is None:
                self.odd.append(way)
            else:
                found[values.shape].append((way, values.ravel()))
        self.of_shape = {}
        for shape, pairs in found.items():
            rows = np.array([values for _, values in pairs], dtype=float)
            room = tolerance * np.array([[largest(row)] for row in rows])
            self.of_shape[shape] = np.array([way for way, _ in pairs]), rows, room

    def near(self, mine: Outcome) -> list[int]:
        """Which ways may have given the same: all that did are among them, in their order."""
        values = real_numbers(mine)
        if values is None or values.shape not in self.of_shape:
            return list(dict.fromkeys(self.odd))
        ways, rows, room = self.of_shape[values.shape]
        one = values.ravel().astype(float)
        with np.errstate(invalid="ignore"):
            near = np.abs(rows - one) <= room
        if not near.all():
            near |= (rows == one) | (np.isnan(rows) & np.isnan(one))
        return sorted({*self.odd, *ways[near.all(axis=1)].tolist()})


def real_numbers(outcome: Outcome) -> np.ndarray | None:
    """What came back as an array, if it is one of real numbers, or such a number."""
    value: Any = outcome.value
    if outcome.error is not None or not (isinstance(value, np.ndarray) or is_number(value)):
        return None
    values = np.asarray(value)
    return values if values.dtype.kind in "iufb" and values.size else None
