"""The IPython in which a learner's code runs, if there is one."""

import sys
from typing import Any


def shell() -> Any:
    """The running IPython, or None. Does not import it."""
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython else None
