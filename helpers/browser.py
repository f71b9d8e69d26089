"""Whether this Python runs in a browser tab, where there are no processes, threads or signals."""

import logging
import sys

IN_A_TAB = sys.platform == "emscripten"

if IN_A_TAB:
    # Matplotlib would say on each first visit, in red, that it makes its list of fonts.
    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
