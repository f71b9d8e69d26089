"""The stepper as a Jupyter widget."""

from typing import Any

import anywidget
from traitlets import Bool, Dict, Enum, Float, Int, List, TraitError, validate

from helpers.convolution import BORDERS

from .given import image_values, kernel_values
from .page import CSS, ESM
from .still import Still

VIEW = "application/vnd.jupyter.widget-view+json"


class Stepper(anywidget.AnyWidget):
    """A window that moves; make one with `convolution`, `pooling` or `network`.

    Everything that can be changed in it is a trait, here as there. `row` and `col` are the place
    in the output. What `convolution` and its neighbours refuse raises `traitlets.TraitError`.
    """

    _esm = ESM
    _css = CSS

    mode = Enum(("convolution", "pooling", "network"), "convolution").tag(sync=True)
    image = List(List(Float())).tag(sync=True)
    kernel = List(List(Float()), [[1.0]]).tag(sync=True)
    factor = Float(1.0).tag(sync=True)
    bias = Float(0.0).tag(sync=True)
    choices = Dict().tag(sync=True)
    border = Enum(("valid", *BORDERS), "valid").tag(sync=True)
    strides = Int(1, min=1).tag(sync=True)
    flip = Bool(False).tag(sync=True)
    pixels = Bool(False).tag(sync=True)
    pool_size = Int(2, min=1).tag(sync=True)
    kind = Enum(("max", "average"), "max").tag(sync=True)
    row = Int(0, min=0).tag(sync=True)
    col = Int(0, min=0).tag(sync=True)

    # ipywidgets 7 displays itself with it, and would leave the figure out.
    _ipython_display_ = None

    figure = Still.figure

    @validate("image", "kernel")
    def _showable(self, proposal: Any) -> Any:
        try:
            {"image": image_values, "kernel": kernel_values}[proposal.trait.name](proposal.value)
        except ValueError as error:
            raise TraitError(str(error)) from None
        return proposal.value

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """Return the widget, and the figure for whatever cannot show widgets."""
        shown: Any = super()._repr_mimebundle_(**kwargs)
        data, metadata = shown if isinstance(shown, tuple) else (shown, {})
        return {VIEW: data[VIEW], **self.figure._repr_mimebundle_()}, metadata
