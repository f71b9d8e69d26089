"""A stepper: the settings that its window opens with."""

from collections.abc import Callable
from typing import Any

from helpers.pictures import Picture

from . import still, still_maps
from .page import output

FIGURES: dict[str, Callable[[Any], Picture]] = {
    "backwards": still_maps.backwards,
    "channels": still_maps.channels,
    "convolution": still.convolution,
    "network": still.network,
    "pooling": still.pooling,
}


class Stepper:
    """A window that moves; make one with `convolution`, `pooling` or their neighbours.

    Its attributes are the settings that it opens with: `mode`, `image`, `row`, `col` and so on.
    What is done in the window stays there: all of it runs in the browser, without a kernel.
    """

    def __init__(self, **settings: Any) -> None:
        vars(self).update(settings)

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(
            f"{name} can't be changed from here once a window is made. Change it in the window, or "
            f"open another: stepper.{self.mode}(...)."
        )

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(
            f"This window has no {name!r}; it has {', '.join(sorted(vars(self)))} and figure."
        )

    @property
    def figure(self) -> Picture:
        """The picture of what the window shows first, with its arithmetic in words."""
        return FIGURES[self.mode](self)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        figure = self.figure
        return {**figure._repr_mimebundle_(), "text/html": output(self, figure)}
