"""The stepper as HTML: its figure, its settings, and the module that opens the window on them.

The module is written in several files, of which each says what it needs of the others. A notebook's
output and a page that was sent to somebody have no folder to load them from, so they are put
together here.
"""

import json
import re
from pathlib import Path
from typing import Any

from helpers.pictures import Picture

WINDOW = Path(__file__).parent / "window"
CSS = (WINDOW / "window.css").read_text(encoding="utf-8")

IMPORT = re.compile(r'^import \{([^}]*)\} from "\./(\w+)\.js";\n', re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:async )?(?:const|function) (\w+))", re.MULTILINE)


def assembled(name: str, modules: dict[str, str]) -> dict[str, str]:
    """Add a module to others by its name, after all those that it needs: each in its own scope."""
    text = (WINDOW / f"{name}.js").read_text(encoding="utf-8")
    for _, needed in IMPORT.findall(text):
        if needed not in modules:
            assembled(needed, modules)
    given = ", ".join(EXPORT.findall(text))
    body = EXPORT.sub("", IMPORT.sub(r"const {\1} = $\2;\n", text))
    modules[name] = f"const ${name} = (() => {{\n{body}return {{ {given} }};\n}})();\n"
    return modules


MODULES = assembled("start", {})
ESM = "".join(MODULES.values())

# A page needs each of them once, wherever they stand: a module runs when all else is there.
STYLE = f'<style class="stepper-style">\n{CSS}</style>'
SCRIPT = f'<script type="module" class="stepper-module">\n{ESM}</script>'

RUN = '<p class="stepper-still">Run this cell, and the window moves.</p>'


def page(*steppers: Any) -> str:
    """Return steppers as a piece of HTML that needs neither Python nor a network.

    It works in a page that is opened from a file. Where no script runs, the figures are seen. A
    page may hold several such pieces.

    Parameters
    ----------
    *steppers : Stepper

    Examples
    --------
    >>> from helpers import stepper
    >>> fragment = page(stepper.convolution(), stepper.pooling())
    >>> fragment.count("<img alt="), fragment.count('<script type="module"')
    (2, 1)
    """
    return "\n".join([STYLE, *(embedded(one, one.figure) for one in steppers), SCRIPT])


def embedded(stepper: Any, figure: Picture | None = None, instead: str = "") -> str:
    """Return the figure, which the window will replace, and the settings to begin with.

    What is to be read where the window can't open stands `instead`, below the figure.
    """
    still = figure._repr_mimebundle_()["text/html"] if figure else ""
    # No value may end the script element.
    settings = json.dumps(vars(stepper), allow_nan=False).replace("<", "\\u003c")
    return (
        f'<div class="stepper-place">{still}{instead}</div>'
        f'<script class="stepper-values" type="application/json">{settings}</script>'
    )


def output(stepper: Any, figure: Picture | None = None) -> str:
    """Return what a notebook keeps of a stepper: it moves without a kernel, too."""
    return "\n".join([embedded(stepper, figure, RUN), STYLE, SCRIPT])
