"""One bar for work that takes a while: in a notebook one line of HTML, in a terminal one line."""

import html
import sys
import time
from typing import Any

EVERY = 0.25  # seconds between two redrawings: to draw must cost nothing
WIDTH = 24  # characters


class ProgressBar:
    """Shows how far something is, how long it has taken and what it says of itself.

    Parameters
    ----------
    total : int
        How many steps there are.
    name : str
        Written in front.
    """

    def __init__(self, total: int, name: str = "") -> None:
        self.total = max(total, 1)
        self.name = name
        self.done = 0
        self.words = ""
        self.start = self.drawn = time.monotonic()
        self.handle: Any = None

    def show(self, done: int, words: str = "") -> None:
        """Say how many steps are done; drawn at most every quarter of a second."""
        self.done, self.words = min(done, self.total), words or self.words
        if time.monotonic() - self.drawn >= EVERY:
            self._draw()

    def finish(self) -> None:
        """Draw it for the last time, after the last step."""
        self._draw(end="\n")

    def stop(self, why: str) -> None:
        """Draw it for the last time, before the last step, and say why."""
        self.words = why
        self._draw(end="\n")

    def _text(self) -> str:
        filled = round(WIDTH * self.done / self.total)
        bar = "█" * filled + "░" * (WIDTH - filled)
        seconds = f"{time.monotonic() - self.start:.0f} s"
        return "  ".join(filter(None, [self.name, bar, seconds, self.words]))

    def _draw(self, end: str = "") -> None:
        self.drawn = time.monotonic()
        if not _in_notebook():
            if sys.stdout.isatty() or end:
                before = "\r\033[K" if sys.stdout.isatty() else ""
                print(f"{before}{self._text()}", end=end, flush=True)
            return
        from IPython.display import DisplayHandle

        shown = {
            "text/plain": self._text(),
            "text/html": f"<pre style='margin:0'>{html.escape(self._text())}</pre>",
        }
        if self.handle is None:
            self.handle = DisplayHandle()
            self.handle.display(shown, raw=True)
        else:
            self.handle.update(shown, raw=True)


def _in_notebook() -> bool:
    """Whether there is a kernel that can replace what it has displayed."""
    if "IPython" not in sys.modules:
        return False
    from IPython import get_ipython

    return getattr(get_ipython(), "kernel", None) is not None
