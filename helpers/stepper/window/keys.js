// Keys belong to whom they are typed. JupyterLab hears of every key on its page: on a focused image
// or button, `d d` would delete the cell, `m` make text of it, and `0 0` restart the kernel.

export const KEPT = "data-lm-suppress-shortcuts"; // JupyterLab asks the focused element for it
const EVENTS = ["keydown", "keypress", "keyup", "copy", "cut", "paste"];
const STOPS = "canvas[tabindex], select, input, button";

const saves = ({ key, ctrlKey, metaKey }) => (ctrlKey || metaKey) && key.toLowerCase() === "s";

/**
 * Keep the keys in the window while it has the focus; only what saves the notebook gets through.
 *
 * Who has clicked or typed in it is at work there: Tab then goes round in the window, and does not
 * end in the next cell, until Escape lets it out. Who only passes through with Tab is not held.
 */
export function keepKeys(root) {
  let working = false;
  root.tabIndex = -1; // a click between two fields stays in the window, too
  root.setAttribute(KEPT, "true");
  root.addEventListener("pointerdown", () => (working = true));
  for (const name of EVENTS) root.addEventListener(name, stop);
  root.addEventListener("focusin", () => {
    // Notebook 7 looks at a key before it arrives here, so we have to be earlier still.
    addEventListener("keydown", letSave, true);
    addEventListener("pointerdown", leave, true);
  });
  root.addEventListener("focusout", ({ relatedTarget }) => {
    removeEventListener("keydown", letSave, true);
    removeEventListener("pointerdown", leave, true);
    if (relatedTarget && !root.contains(relatedTarget)) working = false;
    if (!relatedTarget) queueMicrotask(takeBack); // before another key can come
  });

  /** Let go when somebody presses elsewhere, also where JupyterLab keeps the focus from moving. */
  function leave({ target }) {
    if (root.contains(target)) return;
    working = false;
    document.activeElement.blur();
  }

  /** Take the focus back when what had it is gone: otherwise the next key is the notebook's. */
  function takeBack() {
    const lost = document.activeElement === document.body && document.hasFocus();
    if (working && lost && root.isConnected) root.focus({ preventScroll: true });
  }

  function stop(event) {
    if (event.key && saves(event)) return;
    event.stopPropagation();
    if (event.type !== "keydown") return;
    if (event.key === "Tab") return goRound(event);
    // Firefox would begin to look for words, and the next key would go there.
    if ("/'".includes(event.key) && !event.target.matches("input")) event.preventDefault();
    if (event.key === "Escape") working = false;
    else if (!["Shift", "Control", "Alt", "Meta"].includes(event.key)) working = true;
  }

  function goRound(event) {
    const stops = [...root.querySelectorAll(STOPS)].filter((one) => one.checkVisibility());
    const edge = event.shiftKey ? stops[0] : stops.at(-1);
    if (!working || ![edge, event.shiftKey && root].includes(event.target)) return;
    event.preventDefault();
    (event.shiftKey ? stops.at(-1) : stops[0]).focus();
  }

  function letSave(event) {
    if (!saves(event)) return;
    const keepers = [event.target, root];
    for (const one of keepers) one.removeAttribute(KEPT);
    setTimeout(() => keepers.forEach((one) => one.setAttribute(KEPT, "true")));
  }
}
