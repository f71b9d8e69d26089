// A convolution: nine products, their sum, one pixel of the output.

import {
  convolve,
  cut,
  map,
  middle,
  ONE,
  pad,
  plus,
  samePadding,
  shape,
  toPixel,
  turned,
} from "./arithmetic.js";
import { factors } from "./cells.js";
import { largest, scaleFor } from "./colours.js";
import { column, row } from "./layout.js";
import { added, fraction, number, signed, titled, unfit } from "./words.js";
import { compared, yours } from "./yours.js";

export const DARK = { ink: "#1a1a1a", width: 1.5 };

/** The weights as they are laid on, the image with its border, and where in that it begins. */
export function laidOn({ image, kernel, border, strides, flip }) {
  const weights = flip ? turned(kernel) : kernel;
  const size = shape(weights);
  if (border === "valid") return { weights, size, source: image, before: [0, 0] };
  const around = shape(image).map((n, axis) => samePadding(n, size[axis], strides));
  return { weights, size, source: pad(image, ...around, border), before: around.map(([it]) => it) };
}

function compute(s) {
  const { weights, size, source, before } = laidOn(s);
  const answers = map(convolve(source, weights, s.strides), (sum) => s.factor * sum + s.bias);
  return { weights, size, source, before, out: s.pixels ? map(answers, toPixel) : answers };
}

/** The sum at one place of the padded image: its cells, and the arithmetic step by step. */
export function weighed({ factor, bias }, { source, size, weights }, top) {
  const window = cut(source, top, size);
  const values = map(window, (pixel, i, j) => pixel * weights[i][j]);
  const products = values.flat();
  const sum = products.reduce((sum, product) => sum + product, 0);
  const steps = [[`${added(products)} =`, number(sum)]];
  let answer = number(sum);
  if (factor !== 1) answer = `${answer} × ${fraction(factor)}`;
  if (bias !== 0) answer = `${answer} ${signed(bias)}`;
  const scaled = factor * sum + bias;
  if (factor !== 1 || bias !== 0) steps.push([`${answer} =`, number(scaled)]);
  return { cells: { values, made: factors(window, weights) }, steps, scaled };
}

function explain(s, result, place) {
  const top = place.map((n) => n * s.strides);
  const { cells, steps } = weighed(s, result, top);
  if (s.pixels) steps.push(["as a pixel:", number(result.out[place[0]][place[1]])]);
  steps.push(...yours(s, place));
  const frames = [{ at: top, size: result.size }];
  if (result.source !== s.image) {
    frames.unshift({ at: result.before, size: shape(s.image), ...DARK });
  }
  const here = [{ at: place, size: ONE, width: 2 }];
  return {
    target: plus(top, result.size.map(middle)),
    linked: { map: "image", top },
    frames: { image: frames, output: here, yours: here },
    cells: { products: cells },
    steps,
  };
}

/** What belongs to a kernel besides its numbers. */
export function afterKernel({ factor, bias }) {
  const scaled = factor === 1 ? [] : [`× ${fraction(factor)}`];
  return [...scaled, ...(bias === 0 ? [] : [signed(bias)])].join(", then ");
}

/** The grid that a kernel is typed into. */
export const kernelGrid = {
  kind: "weight",
  label: "kernel",
  shown: (s, { weights }) => weights,
  words: (s) => (s.flip ? "kernel, turned by 180°" : "kernel"),
  after: afterKernel,
  change: (s, weights) => ({ kernel: s.flip ? turned(weights) : weights }),
};

export const productsScale = (s) => ({
  signed: true,
  limit: largest(s.image) * largest(s.kernel) || 1,
});

/** What the window is beyond the image, which is shown paler. */
export const invented = (image, before) => {
  const [[height, width], [top, left]] = [shape(image), before];
  return (r, c) => r < top || c < left || r >= top + height || c >= left + width;
};

export function misfit(s, { size }) {
  return `${unfit(size, s.image)} Take a smaller window or another border.`;
}

export const convolution = () => ({
  title: "A convolution, one window at a time",
  controls: ["kernel", "size", "border", "strides", "flip", "pixels"],
  picture: "image",
  compute,
  explain,
  misfit,
  maps: {
    image: {
      touch: ["image"],
      values: (s, { source }) => source,
      words: (s, { source }) =>
        titled("image", s.image) + (source === s.image ? "" : ", and its border"),
      scale: (s) => scaleFor(s.image),
      pale: (s, { before }) => invented(s.image, before),
      before: ({ before }) => before,
      find: (s, { size }, at) =>
        at.map((n, axis) => Math.floor((n - middle(size[axis])) / s.strides)),
    },
    output: {
      seen: true,
      values: (s, { out }) => out,
      words: (s, { out }) => titled("output", out),
      scale: (s, { out }) => (s.pixels ? { signed: false, limit: 255 } : scaleFor(out)),
      find: (s, result, at) => at,
    },
    yours: compared("yours"),
  },
  grids: {
    kernel: kernelGrid,
    products: { kind: "product", words: () => "pixel × kernel", scale: productsScale },
  },
  reading: ["image", "kernel", "products", "output", "yours"],
  arrange: (s, large) => {
    const outputs = s.theirs ? ["output", "yours"] : ["output"];
    const beside = row("image", "×", "kernel", "=", "products", "→", ...outputs);
    const below = column(row("image", "→", ...outputs), row("kernel", "=", "products"));
    return large ? [below] : [beside, below];
  },
});
