"""Whether this Python runs in a browser tab, where there are no processes, threads or signals."""

import sys

IN_A_TAB = sys.platform == "emscripten"
