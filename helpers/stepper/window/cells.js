// Numbers in rows and columns, each in a cell of its own: a kernel to type into, the products.

import { map, replaced, shape, table } from "./arithmetic.js";
import { colour, inkOn, scaleFor } from "./colours.js";
import { node } from "./controls.js";
import { by, mistake, number, parse } from "./words.js";

export const ARROWS = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

function tint(element, value, scale) {
  const channels = colour(value, scale);
  element.style.background = `rgb(${channels})`;
  element.style.color = inkOn(channels);
}

/** Write into a cell, or into a part of it; a long number is written in small letters. */
function write(element, text) {
  if (element.tagName === "INPUT") element.value = text;
  else element.textContent = text;
  element.style.setProperty("--letters", text.length || 1);
}

/** Cells; `pointed` is told which one a pointer or the focus is in, or null. */
function grid(kind, pointed) {
  const caption = node("figcaption");
  const cells = node("div", { class: `cells ${kind}` });
  const figure = node("figure", {}, caption, cells);
  let size = [0, 0];
  const enter = ({ target }) => {
    const index = [...cells.children].findIndex((cell) => cell.contains(target));
    pointed(index < 0 ? null : [Math.floor(index / size[1]), index % size[1]]);
  };
  for (const event of ["pointerover", "focusin"]) cells.addEventListener(event, enter);
  const leave = () => pointed(null);
  for (const event of ["pointerleave", "focusout"]) cells.addEventListener(event, leave);

  function lay(wanted, make) {
    if (by(wanted) === by(size)) return;
    size = wanted;
    cells.style.setProperty("--columns", size[1]);
    cells.replaceChildren(...table(...size, make).flat());
  }
  function mark(name, at) {
    const chosen = at && cells.children[at[0] * size[1] + at[1]];
    for (const cell of cells.children) cell.classList.toggle(name, cell === chosen);
  }
  return { figure, caption, cells, lay, mark };
}

/**
 * A kernel as fields to type into; `changed` is told the weights as they are then, and `complain`
 * what is wrong with what is typed.
 */
export function kernelFields(name, { pointed, changed, complain }) {
  const { figure, caption, cells, lay, mark } = grid("weight", pointed);
  const after = node("p", { class: "after" });
  figure.append(after);
  let weights;

  function field(i, j) {
    const label = `${name}, row ${i}, column ${j}`;
    const input = node("input", { inputmode: "decimal", "aria-label": label, spellcheck: "false" });
    let before;
    input.addEventListener("input", () => {
      const wrong = mistake(input.value);
      input.ariaInvalid = wrong !== "";
      // What was typed on the way to no number, 1e40 on the way to 1e400, is not what was meant.
      changed(replaced(weights, [i, j], wrong ? before : parse(input.value)));
      complain(wrong);
    });
    input.addEventListener("focus", () => {
      before = weights[i][j];
      input.select();
    });
    input.addEventListener("blur", () => {
      input.ariaInvalid = false;
      complain("");
      write(input, number(weights[i][j], 3));
    });
    return input;
  }

  function show(given, words, scaled = "") {
    weights = given;
    caption.textContent = words;
    after.textContent = scaled;
    after.hidden = !scaled;
    lay(shape(weights), field);
    const scale = scaleFor(weights, true);
    weights.flat().forEach((value, n) => {
      const input = cells.children[n];
      if (!input.matches(":focus")) write(input, number(value, 3));
      tint(input, value, scale);
    });
  }
  return { figure, cells, show, mark };
}

/** What the window makes of each pixel: a product, or the pixel itself. */
export function windowCells(kind, pointed) {
  const { figure, caption, cells, lay, mark } = grid(kind, pointed);
  const make = () => node("div", { class: "cell" }, node("small"), node("b"));

  /** Show values, and above each what it is made of; `best` is where the one that counts stands. */
  function show(values, words, scale, made = null, best = null) {
    lay(shape(values), make);
    if (caption.textContent !== words) caption.textContent = words;
    const parts = made?.flat();
    values.flat().forEach((value, n) => {
      const cell = cells.children[n];
      const [above, below] = cell.children;
      if (parts) write(above, parts[n]);
      write(below, number(value));
      tint(cell, value, scale);
    });
    mark("best", best);
  }
  return { figure, cells, show, mark };
}

/** How each product is made, in words. */
export const factors = (window, weights) =>
  map(window, (pixel, i, j) => `${number(pixel, 3)} × ${number(weights[i][j], 3)}`);

/** A field over a pixel. The arrow keys go on to its neighbours, as in a spreadsheet. */
export function pixelField(label, value, [top, left], { changed, complain, closed }) {
  const field = node("input", { class: "pixel", inputmode: "decimal", "aria-label": label });
  field.value = number(value);
  [field.style.top, field.style.left] = [`${100 * top}%`, `${100 * left}%`];
  let open = true;
  const close = (keep, arrow) => {
    if (!open) return;
    open = false; // to remove it takes the focus away, which would close it again
    const typed = parse(field.value);
    const same = Number.isNaN(typed) || number(typed) === number(value);
    field.remove();
    complain("");
    if (keep && !same) changed(typed);
    closed(arrow);
  };
  field.addEventListener("blur", () => close(true));
  field.addEventListener("input", () => {
    const wrong = mistake(field.value);
    field.ariaInvalid = wrong !== "";
    complain(wrong);
  });
  field.addEventListener("keydown", (event) => {
    const arrow = ARROWS[event.key];
    if (!arrow && event.key !== "Enter" && event.key !== "Escape") return;
    event.preventDefault();
    const keep = event.key !== "Escape";
    if (!keep || !mistake(field.value)) close(keep, arrow ?? [0, 0]);
  });
  return field;
}
