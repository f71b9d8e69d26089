"""A picture that is large enough to be drawn: a disc has edges in every direction."""

import numpy as np

DISC = np.where(np.hypot(*(np.indices((17, 19)).T - [8, 8]).T) < 6, 200, 60)
