// Several maps in: a slice of the kernel for each, their sums, one sum and a bias; several filters.

import { convolve, cut, map, middle, ONE, plus, shape, total } from "./arithmetic.js";
import { factors } from "./cells.js";
import { largest, scaleFor } from "./colours.js";
import { column, row } from "./layout.js";
import { added, number, signed, titled, unfit } from "./words.js";
import { compared, yours } from "./yours.js";

function compute({ maps, kernels, biases, filter }) {
  const outs = kernels.map((slices, f) => {
    const each = slices.map((kernel, c) => convolve(maps[c], kernel));
    return map(each[0], (_, r, col) => each.reduce((sum, one) => sum + one[r][col], 0) + biases[f]);
  });
  const limit = Math.max(...maps.map(largest)) * Math.max(...kernels.flat().map(largest));
  return { size: shape(kernels[0][0]), outs, out: outs[filter], before: [0, 0], limit };
}

function explain(s, { size, out }, place) {
  const { maps, kernels, biases, filter, names } = s;
  const told = { target: plus(place, size.map(middle)), frames: {}, cells: {}, steps: [] };
  told.linked = { map: "map0", top: place };
  const sums = maps.map((values, c) => {
    const window = cut(values, place, size);
    const weights = kernels[filter][c];
    const products = map(window, (pixel, i, j) => pixel * weights[i][j]);
    const sum = total(products);
    told.frames[`map${c}`] = [{ at: place, size }];
    told.cells[`products${c}`] = { values: products, made: factors(window, weights) };
    told.cells[`sum${c}`] = { values: [[sum]] };
    told.steps.push([`${names[c]}: ${added(products.flat())} =`, number(sum)]);
    return sum;
  });
  const value = number(out[place[0]][place[1]]);
  told.steps.push([`${added(sums)} ${signed(biases[filter])}, the bias, =`, value]);
  told.frames[`out${filter}`] = told.frames.yours = [{ at: place, size: ONE, width: 2 }];
  told.steps.push(...yours(s, place));
  return told;
}

const replacedAt = (list, n, value) => list.map((old, at) => (at === n ? value : old));

/** The three of a channel: its map, its slice of the kernel, and its products with their sum. */
function channel(names, c) {
  const scale = (s, { limit }) => ({ signed: true, limit: limit || 1 });
  const here = {
    touch: ["maps", c],
    values: (s) => s.maps[c],
    words: (s) => titled(names[c], s.maps[c]),
    scale: (s) => scaleFor(s.maps.flat()),
    find: (s, { size }, at) => at.map((n, axis) => n - middle(size[axis])),
  };
  const slice = {
    kind: "weight",
    label: `kernel for ${names[c]}`,
    shown: ({ kernels, filter }) => kernels[filter][c],
    words: ({ kernels, filter }) =>
      kernels.length > 1 ? `kernel ${filter}, slice ${c}` : `slice ${c}`,
    change({ kernels, filter }, weights) {
      const slices = replacedAt(kernels[filter], c, weights);
      return { kernels: replacedAt(kernels, filter, slices) };
    },
  };
  return {
    maps: { [`map${c}`]: here },
    grids: {
      [`kernel${c}`]: slice,
      [`products${c}`]: { kind: "product", words: () => "products", scale },
      [`sum${c}`]: { kind: "product", words: () => "sum", scale },
    },
    reading: [`map${c}`, `kernel${c}`, `products${c}`, `sum${c}`],
    line: row(`map${c}`, "×", `kernel${c}`, "=", `products${c}`, "→", `sum${c}`),
  };
}

export function channels({ names, kernels }) {
  const parts = names.map((_, c) => channel(names, c));
  const outputs = kernels.map((_, f) => [
    `out${f}`,
    {
      seen: true,
      values: (s, { outs }) => outs[f],
      words: () => (kernels.length > 1 ? `output ${f}` : "output"),
      scale: (s, { outs }) => scaleFor(outs.flat()),
      find: (s, result, at) => at,
    },
  ]);
  const outs = outputs.map(([name]) => name);
  const bias = {
    kind: "weight",
    label: "bias",
    shown: ({ biases, filter }) => [[biases[filter]]],
    words: () => "+ bias",
    change: ({ biases, filter }, [[value]]) => ({ biases: replacedAt(biases, filter, value) }),
  };
  return {
    title: `A convolution of ${names.length} maps, one window at a time`,
    controls: kernels.length > 1 ? ["filter"] : [],
    picture: "maps",
    lines: true, // a step of the arithmetic each
    compute,
    explain,
    misfit: ({ maps }, { size }) => `${unfit(size, maps[0])} Take a larger picture.`,
    maps: {
      ...Object.assign({}, ...parts.map(({ maps }) => maps)),
      ...Object.fromEntries(outputs),
      yours: compared("yours"),
    },
    grids: { ...Object.assign({}, ...parts.map(({ grids }) => grids)), bias },
    reading: [...parts.flatMap(({ reading }) => reading), "bias", ...outs, "yours"],
    arrange: ({ theirs }) => {
      const results = theirs ? [...outs, "yours"] : outs;
      const lines = column(...parts.map(({ line }) => line));
      return [
        row(lines, column("bias", ...results)),
        column(lines, row("bias", "→", ...results)),
        row(lines, column("bias"), column(...results)),
      ];
    },
  };
}
