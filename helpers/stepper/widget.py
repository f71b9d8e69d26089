"""The stepper as a Jupyter widget."""

from typing import Any

import anywidget
from traitlets import Bool, Dict, Float, Int, List, Unicode

from .page import CSS, ESM
from .still import Still

VIEW = "application/vnd.jupyter.widget-view+json"


class Stepper(anywidget.AnyWidget):
    """A window that moves; make one with `convolution`, `pooling` or `network`.

    Everything that can be changed in it is a trait, here as there. `row` and `col` are the place
    in the output.
    """

    _esm = ESM
    _css = CSS

    mode = Unicode("convolution").tag(sync=True)
    image = List(List(Float())).tag(sync=True)
    kernel = List(List(Float()), [[1.0]]).tag(sync=True)
    factor = Float(1.0).tag(sync=True)
    bias = Float(0.0).tag(sync=True)
    choices = Dict().tag(sync=True)
    border = Unicode("valid").tag(sync=True)
    strides = Int(1).tag(sync=True)
    flip = Bool(False).tag(sync=True)
    pixels = Bool(False).tag(sync=True)
    pool_size = Int(2).tag(sync=True)
    kind = Unicode("max").tag(sync=True)
    row = Int(0).tag(sync=True)
    col = Int(0).tag(sync=True)

    # ipywidgets 7 displays itself with it, and would leave the figure out.
    _ipython_display_ = None

    figure = Still.figure

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """Return the widget, and the figure for whatever cannot show widgets."""
        shown: Any = super()._repr_mimebundle_(**kwargs)
        data, metadata = shown if isinstance(shown, tuple) else (shown, {})
        return {VIEW: data[VIEW], **self.figure._repr_mimebundle_()}, metadata
