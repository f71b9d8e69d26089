// Backwards: what one output's error says to the pixels it was made of, and to the weights.

import { convolve, cut, map, middle, ONE, pad, plus, shape, turned } from "./arithmetic.js";
import { factors } from "./cells.js";
import { largest, scaleFor } from "./colours.js";
import { DARK } from "./convolution.js";
import { column, row } from "./layout.js";
import { added, number, times, titled } from "./words.js";

/** What every error together says: the gradient of the image, and that of the kernel. */
export function gradients(image, kernel, error) {
  const around = shape(kernel).map((n) => [n - 1, n - 1]);
  const padded = pad(error, ...around, "zero");
  const toImage = convolve(padded, turned(kernel));
  return { padded, toImage, toKernel: convolve(image, error) };
}

function compute({ image, kernel, error, way }) {
  const all = gradients(image, kernel, error);
  const size = shape(kernel);
  if (way === "errors") return { ...all, size, source: error, before: [0, 0], out: error };
  return { ...all, size, source: all.padded, before: size.map((n) => n - 1), out: all.toImage };
}

/** The errors that have been sent back so far; the others count as nothing. */
const sent = ({ error }, visited) =>
  map(error, (value, r, c) => (visited[r * error[0].length + c] ? value : 0));

const soFar = (s, visited) => gradients(s.image, s.kernel, sent(s, visited));

function explain(s, result, place) {
  return s.way === "errors" ? sendBack(s, result, place) : gather(s, result, place);
}

function sendBack({ image, kernel, error }, { size }, place) {
  const value = error[place[0]][place[1]];
  const window = cut(image, place, size);
  const [i, j] = size.map(middle);
  const toPixels = map(kernel, (weight) => value * weight);
  const toWeights = map(window, (pixel) => value * pixel);
  const fixed = (values) => map(values, (one) => `${number(value, 3)} × ${number(one, 3)}`);
  const all = size[0] * size[1];
  const gets = (factor) => `gets ${times(value)} × ${times(factor)} =`;
  return {
    target: plus(place, size.map(middle)),
    targets: { error: place },
    linked: { map: "image", top: place },
    frames: {
      error: [{ at: place, size: ONE }],
      image: [{ at: place, size }],
      imageGradient: [{ at: place, size }],
    },
    cells: {
      toPixels: { values: toPixels, made: fixed(kernel) },
      toWeights: { values: toWeights, made: fixed(window) },
    },
    steps: [
      ["The error", number(value), ` goes to ${all} pixels and to ${all} weights.`],
      [`The middle pixel ${gets(kernel[i][j])}`, number(toPixels[i][j]), ","],
      [`the middle weight ${gets(window[i][j])}`, number(toWeights[i][j]), "."],
    ],
  };
}

function gather({ kernel }, { size, padded, toImage, before, source }, place) {
  const window = cut(padded, place, size);
  const weights = turned(kernel);
  const values = map(window, (error, i, j) => error * weights[i][j]);
  const value = toImage[place[0]][place[1]];
  const inner = [
    { at: before, size: shape(source).map((n, axis) => n - 2 * before[axis]), ...DARK },
  ];
  return {
    target: plus(place, size.map(middle)),
    linked: { map: "error", top: place },
    frames: {
      error: [...inner, { at: place, size }],
      imageGradient: [{ at: place, size: ONE }],
    },
    cells: { products: { values, made: factors(window, weights) } },
    steps: [
      [`${added(values.flat())} =`, number(value)],
      ["The kernel lies turned by 180°:", "a true convolution", " of the error."],
    ],
  };
}

const productScale = (s) => ({
  signed: true,
  limit: largest(s.error) * Math.max(largest(s.kernel), largest(s.image)) || 1,
});
const kernelScale = (s) => ({ signed: true, limit: largest(s.error) * largest(s.kernel) || 1 });
const product = (words, scale) => ({ kind: "product", words: () => words, scale });
const signedScale = (values) => scaleFor(values, true);
const centred = (s, { size }, at) => at.map((n, axis) => n - middle(size[axis]));

export const backwards = () => ({
  title: "A convolution backwards, one error at a time",
  controls: ["way"],
  compute,
  explain,
  maps: {
    error: {
      touch: ["error"],
      values: (s, { source }) => source,
      words: (s) => titled("error", s.error) + (s.way === "errors" ? "" : ", and zeros"),
      scale: (s) => signedScale(s.error),
      pale:
        (s, { before }) =>
        (r, c) => {
          const [rows, cols] = shape(s.error);
          return r < before[0] || c < before[1] || r >= before[0] + rows || c >= before[1] + cols;
        },
      before: ({ before }) => before,
      find: (s, result, at) => (s.way === "errors" ? at : centred(s, result, at)),
    },
    image: {
      touch: ["image"],
      values: (s) => (s.way === "errors" ? s.image : null),
      words: (s) => titled("image", s.image),
      scale: (s) => scaleFor(s.image),
      find: centred,
    },
    imageGradient: {
      growing: (s, visited) => (s.way === "errors" ? soFar(s, visited).toImage : null),
      seen: (s) => s.way === "pixels",
      values: (s, { toImage }) => toImage,
      words: (s, { toImage }) => titled("image gradient", toImage),
      scale: (s, { toImage }) => signedScale(toImage),
      find: (s, result, at) => (s.way === "errors" ? centred(s, result, at) : at),
    },
    kernelGradient: {
      growing: (s, visited) => soFar(s, visited).toKernel,
      values: (s, { toKernel }) => (s.way === "errors" ? toKernel : null),
      words: (s, { toKernel }) => titled("kernel gradient", toKernel),
      scale: (s, { toKernel }) => signedScale(toKernel),
      find: (s, result, at) => at,
    },
  },
  grids: {
    kernel: {
      kind: "weight",
      label: "kernel",
      shown: (s) => (s.way === "errors" ? s.kernel : turned(s.kernel)),
      words: (s) => (s.way === "errors" ? "kernel" : "kernel, turned"),
      change: (s, weights) => ({ kernel: s.way === "errors" ? weights : turned(weights) }),
    },
    toPixels: product("error × weight", kernelScale),
    toWeights: product("error × pixel", productScale),
    products: product("error × weight", kernelScale),
  },
  reading: [
    ...["error", "kernel", "toPixels", "products", "imageGradient"],
    ...["image", "toWeights", "kernelGradient"],
  ],
  arrange: (s) =>
    s.way === "errors"
      ? [
          column(
            row("error", "×", "kernel", "=", "toPixels", "→", "imageGradient"),
            row("image", "→", "toWeights", "→", "kernelGradient"),
          ),
        ]
      : [
          row("error", "×", "kernel", "=", "products", "→", "imageGradient"),
          column(row("error", "→", "imageGradient"), row("kernel", "=", "products")),
        ],
});
