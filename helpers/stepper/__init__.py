"""The moving window: see each sum of a convolution, of pooling, of a network's first block.

Each function here opens a window that is moved with the mouse or the arrow keys; pixels and kernels
can be changed in it. What it computes is what `helpers.conv2d` and its neighbours compute. It runs
in the browser and needs no kernel; where no script may run, a figure stands in its place.
"""

from .one_map import WORKED_IMAGE, WORKED_KERNEL, convolution, network, pooling
from .opened import Stepper
from .page import page
from .several_maps import backwards, channels

__all__ = [
    "WORKED_IMAGE",
    "WORKED_KERNEL",
    "Stepper",
    "backwards",
    "channels",
    "convolution",
    "network",
    "page",
    "pooling",
]
