// How large everything is, so that image, kernel, products and output are seen together.
//
// An arrangement is a tree: a row of parts, beside each other, or a column of them. A part is the
// name of a map or of a grid of cells, or a sign between two.

import { node } from "./controls.js";

const GAP = 8;
const SIGN = 22;
const NARROW = 480; // a telephone: one below the other
const LARGEST = 40; // CSS pixels of a numbered cell
const SMALLEST = 0.4; // and of any

// The sizes of window.css: a weight's and a product's width, their height, a caption's, its letters'.
export const DENSITIES = {
  roomy: { weight: 48, product: 76, wide: 104, tall: 42, caption: 24, font: 14 },
  snug: { weight: 38, product: 62, wide: 88, tall: 34, caption: 22, font: 14 },
  tight: { weight: 30, product: 46, wide: 54, tall: 24, caption: 18, font: 11 },
};

export const row = (...parts) => ({ parts, across: true });
export const column = (...parts) => ({ parts, across: false });
const isSign = (part) => typeof part === "string" && !/\w/.test(part);

const pen = document.createElement("canvas").getContext("2d");
function wordWidth(words, font) {
  pen.font = `600 ${font}px system-ui, sans-serif`;
  return font && Math.ceil(pen.measureText(words).width);
}

/** Width and height of a tree whose cells of maps have this size. */
function measure(tree, sizes, cell, density) {
  if (isSign(tree)) return [SIGN, 0];
  if (typeof tree === "string") {
    const { rows, cols, kind, words, below = 0 } = sizes[tree];
    const wide = kind === "map" ? cell : density[kind] + 2;
    const tall = kind === "map" ? cell : density.tall + 2;
    return [
      Math.max(cols * wide, wordWidth(words, density.font)),
      rows * tall + density.caption + below,
    ];
  }
  const parts = tree.parts.map((part) => measure(part, sizes, cell, density));
  const [across, along] = tree.across ? [0, 1] : [1, 0];
  const length = parts.reduce((sum, part) => sum + part[across], GAP * (parts.length - 1));
  const breadth = Math.max(...parts.map((part) => part[along]));
  return tree.across ? [length, breadth] : [breadth, length];
}

/** The largest cell at which a tree fits, 0 if there is none. */
function largestCell(tree, sizes, density, [width, height], cap) {
  for (let cell = cap; cell > SMALLEST; cell = cell > 12 ? cell - 1 : 0.95 * cell) {
    const [wide, tall] = measure(tree, sizes, cell, density);
    if (wide <= width && tall <= height) return cell;
  }
  return 0;
}

/**
 * Choose an arrangement, a density and the size of a cell.
 *
 * The first pair at which the maps have a good size is taken, roomy before tight; if none has, the
 * one with the largest maps. On a telephone, one stands below the other in the order of `reading`.
 */
export function fit(arrangements, reading, sizes, [width, height], numbered) {
  const longest = Math.max(
    ...Object.values(sizes).map(({ rows, cols, kind }) =>
      kind === "map" ? Math.max(rows, cols) : 1,
    ),
  );
  const cap = numbered ? LARGEST : Math.max(384 / longest, 1);
  if (width < NARROW) return stacked(reading, sizes, width, numbered ? LARGEST : 280 / longest);
  const good = numbered ? 28 : 224 / longest;
  let best = { cell: -1 };
  for (const density of Object.keys(DENSITIES)) {
    for (const tree of arrangements) {
      const cell = largestCell(tree, sizes, DENSITIES[density], [width, height], cap);
      if (cell >= good) return { tree, density, cell };
      if (cell > best.cell) best = { tree, density, cell };
    }
  }
  if (best.cell > 0) return best;
  // Not even the smallest fits: then it may be higher than the screen, but not wider.
  for (const tree of arrangements) {
    const cell = largestCell(tree, sizes, DENSITIES.tight, [width, Infinity], good);
    if (cell > best.cell) best = { tree, density: "tight", cell };
  }
  return best.cell > 0 ? best : stacked(reading, sizes, width, good);
}

/** One part below the other, in the order in which they are read. */
function stacked(reading, sizes, width, most) {
  const tree = column(...reading.filter((name) => name in sizes));
  const density = width < 330 ? "snug" : "roomy";
  const anyWidth = { ...DENSITIES[density], weight: 0, product: 0, wide: 0, font: 0 };
  const cell = largestCell(tree, sizes, anyWidth, [width, Infinity], most) || SMALLEST;
  return { tree, density, cell, narrow: true };
}

/** Build a tree from figures by their names. */
export function build(tree, figures) {
  if (isSign(tree)) return node("span", { class: "sign", "aria-hidden": "true" }, tree);
  if (typeof tree === "string") return figures[tree];
  const parts = tree.parts.map((part) => build(part, figures));
  return node("div", { class: tree.across ? "row" : "column" }, ...parts);
}

/** How high the place is in which the window is seen. */
export function visibleHeight(root) {
  // In a frame that is as high as what it holds, only the screen is of any help.
  if (window.top !== window) return 0.6 * screen.availHeight;
  for (let it = root.parentElement; it; it = it.parentElement) {
    const scrolls = /auto|scroll/.test(getComputedStyle(it).overflowY);
    if (scrolls && it.scrollHeight > it.clientHeight + 1)
      return Math.min(it.clientHeight, innerHeight);
  }
  return innerHeight;
}
