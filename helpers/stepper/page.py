"""The stepper without Python: what a web page needs, in one piece."""

import json
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
MODULES = ("window/keys.js", "stepper.js")
ESM = "".join((HERE / name).read_text(encoding="utf-8") for name in MODULES)
CSS = (HERE / "stepper.css").read_text(encoding="utf-8")

TRAITS = (
    *("mode", "image", "kernel", "factor", "bias", "choices", "border", "strides"),
    *("flip", "pixels", "pool_size", "kind", "row", "col"),
)

# What a widget's model is for the module above: values, and who wants to know when they change.
MODEL = """
function modelOf(values) {
  const heard = {};
  return {
    get: (name) => values[name],
    set(name, value) {
      if (JSON.stringify(values[name]) === JSON.stringify(value)) return;
      values[name] = value;
      for (const listener of heard[`change:${name}`] ?? []) listener();
    },
    save_changes() {},
    on: (name, listener) => (heard[name] ??= []).push(listener),
    off: (name, listener) => (heard[name] = heard[name]?.filter((one) => one !== listener)),
  };
}
for (const data of document.querySelectorAll("script.stepper-values")) {
  if (data.dataset.taken) continue;
  data.dataset.taken = "yes"; // there may be a second copy of this module on the page
  render({ model: modelOf(JSON.parse(data.textContent)), el: data.previousElementSibling });
}
"""

# A page needs each of them once, wherever they stand: a module runs when all else is there.
STYLE = f"<style>\n{CSS}</style>"
SCRIPT = f"<script type=module>\n{ESM}{MODEL}</script>"


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
    >>> fragment.count("<img alt="), fragment.count("<script type=module>")
    (2, 1)
    """
    return "\n".join([STYLE, *map(place, steppers), SCRIPT])


def place(stepper: Any) -> str:
    """Return the figure, which the window will replace, and the values to begin with."""
    values = json.dumps({name: getattr(stepper, name) for name in TRAITS})
    figure = stepper.figure._repr_mimebundle_()["text/html"]
    # No value may end the script element.
    values = values.replace("<", "\\u003c")
    return (
        f"<div>{figure}</div>"
        f'<script class="stepper-values" type="application/json">{values}</script>'
    )
