"""Everything that a learner looks at: one line each, with words for those who cannot see it."""

from helpers import browser  # noqa: F401 - before Matplotlib, which it keeps quiet in a tab

from .charts import bars, lines
from .filters import filter_before_after, gallery, responses
from .images import examples, show, side_by_side
from .layers import channels, confusion, feature_flow, kernels
from .padding import borders
from .picture import Picture
from .pools import pooling, pooling_comparison
from .several_maps import many_to_one
from .windows import kernel_on_patch, shrinking, sliding, window_on_image

__all__ = [
    "Picture",
    "bars",
    "borders",
    "channels",
    "confusion",
    "examples",
    "feature_flow",
    "filter_before_after",
    "gallery",
    "kernel_on_patch",
    "kernels",
    "lines",
    "many_to_one",
    "pooling",
    "pooling_comparison",
    "responses",
    "show",
    "shrinking",
    "side_by_side",
    "sliding",
    "window_on_image",
]
