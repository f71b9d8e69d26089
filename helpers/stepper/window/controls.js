// What is chosen, ticked and pressed.

import { BORDERS, resized, shape } from "./arithmetic.js";
import { KEPT } from "./keys.js";
import { by } from "./words.js";

export function node(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  if (["canvas", "select", "input", "button"].includes(tag)) element.setAttribute(KEPT, "true");
  element.append(...children);
  return element;
}

export function button(words, pressed) {
  const element = node("button", { type: "button" }, words);
  element.addEventListener("click", pressed);
  return element;
}

const OWN = "your own";
const SIZES = [1, 2, 3, 4, 5];
const named = (names) => names.map((name) => [name, name]);
const squares = SIZES.map((n) => [n, by([n, n])]);

/** A menu: what is chosen in some settings, and what another choice changes in them. */
const picker = (label, options, value, change) => (now, set) => {
  const made = options.map(([one, words]) => node("option", { value: one }, words));
  const select = node("select", { "aria-label": label }, ...made);
  select.addEventListener("change", () => set(change(select.value, now()) ?? {}));
  return { field: node("label", {}, label, " ", select), show: (s) => (select.value = value(s)) };
};

const ticker = (label, name) => (now, set) => {
  const input = node("input", { type: "checkbox" });
  input.addEventListener("change", () => set({ [name]: input.checked }));
  return { field: node("label", {}, input, " ", label), show: (s) => (input.checked = s[name]) };
};

/** Which of the named kernels is in the settings, with all that belongs to it. */
function chosen(s) {
  const same = ([part, value]) => JSON.stringify(s[part]) === JSON.stringify(value);
  return Object.keys(s.choices).find((name) => Object.entries(s.choices[name]).every(same)) ?? OWN;
}

function squareOf({ kernel }) {
  const [kh, kw] = shape(kernel);
  return kh === kw ? kh : "";
}

const WAYS = Object.entries({ errors: "one error, sent back", pixels: "one pixel's gradient" });

/** What there is to choose, by name, made for the settings that a window opens with. */
export const CONTROLS = {
  kernel: ({ choices }) =>
    picker("kernel", named([...Object.keys(choices), OWN]), chosen, (name) => choices[name]),
  size: () =>
    picker("size", squares, squareOf, (n, now) => ({ kernel: resized(now.kernel, Number(n)) })),
  border: () =>
    picker(
      "border",
      named(BORDERS),
      (s) => s.border,
      (border) => ({ border }),
    ),
  strides: () =>
    picker(
      "strides",
      named(SIZES),
      (s) => s.strides,
      (n) => ({ strides: Number(n) }),
    ),
  flip: () => ticker("flip (true convolution)", "flip"),
  pixels: () => ticker("as pixels", "pixels"),
  kind: () =>
    picker(
      "keep",
      [
        ["max", "the largest"],
        ["average", "the mean"],
      ],
      (s) => s.kind,
      (kind) => ({ kind }),
    ),
  window: () =>
    picker(
      "window",
      squares,
      (s) => s.pool_size,
      (n, now) => ({
        pool_size: Number(n),
        strides: now.strides === now.pool_size ? Number(n) : now.strides,
      }),
    ),
  filter: ({ kernels }) =>
    picker(
      "filter",
      named([...kernels.keys()]),
      (s) => s.filter,
      (n) => ({ filter: Number(n) }),
    ),
  way: () =>
    picker(
      "show",
      WAYS,
      (s) => s.way,
      (way) => ({ way }),
    ),
};
