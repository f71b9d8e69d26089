"""Kernels that have a name, beside those of the lesson."""

import numpy as np

from helpers import GALLERY

PREWITT = np.array([[-1, -1, -1], [0, 0, 0], [1, 1, 1]])
SCHARR = np.array([[-3, -10, -3], [0, 0, 0], [3, 10, 3]])
LINE_DETECTOR = np.array([[-1, -1, -1], [2, 2, 2], [-1, -1, -1]])
IDENTITY = GALLERY["identity"].kernel

EMBOSS = GALLERY["emboss 3x3"].kernel
