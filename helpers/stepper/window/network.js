// A network's first block: convolution, ReLU and pooling, one value followed through all three.

import { cut, map, middle, ONE, plus, pool, relu, shape, winner } from "./arithmetic.js";
import { scaleFor } from "./colours.js";
import { DARK, kernelGrid, laidOn, productsScale, weighed } from "./convolution.js";
import { convolve } from "./arithmetic.js";
import { column, row } from "./layout.js";
import { by, listed, number, titled, unfit } from "./words.js";

function compute(s) {
  const laid = laidOn({ ...s, border: "valid", strides: 1, flip: false });
  const answers = map(convolve(s.image, laid.weights), (sum) => s.factor * sum + s.bias);
  const positive = relu(answers);
  return { ...laid, answers, positive, out: positive.length ? pool(positive, 2, 2, "max") : [] };
}

function explain(s, result, place) {
  const { answers, positive, out, size } = result;
  const block = place.map((n) => 2 * n);
  const best = plus(block, winner(cut(answers, block, [2, 2])));
  const { cells, steps, scaled } = weighed(s, result, best);
  const four = cut(positive, block, [2, 2]).flat();
  steps.push([`ReLU(${number(scaled)}) =`, number(Math.max(scaled, 0))]);
  steps.push([`Pooling: the largest of ${listed(four)} is`, number(out[place[0]][place[1]])]);
  const frames = [
    { at: block, size: [2, 2], ...DARK },
    { at: best, size: ONE, width: 2 },
  ];
  return {
    target: plus(best, size.map(middle)),
    linked: { map: "image", top: best },
    frames: {
      image: [
        { at: block, size: plus(size, ONE), ...DARK },
        { at: best, size },
      ],
      convolution: frames,
      ReLU: frames,
      pool: [{ at: place, size: ONE, width: 2 }],
    },
    cells: { products: cells },
    steps,
  };
}

const half = (at) => at.map((n) => n >> 1);

/** One of the maps on the way, on the scale of the first. */
const onTheWay = (name, part, find) => ({
  values: (s, result) => result[part],
  words: (s, result) => titled(name, result[part]),
  scale: (s, { answers }) => scaleFor(answers),
  find: (s, result, at) => find(at),
});

export const network = () => ({
  title: "Convolution, ReLU and pooling, one value at a time",
  controls: ["kernel"],
  picture: "image",
  whole: true, // the output is there from the beginning
  compute,
  explain,
  misfit(s, { size }) {
    const lengths = shape(s.image);
    const room = lengths.map((length, axis) => length - size[axis] + 1);
    const why =
      Math.min(...room) < 1
        ? unfit(size, s.image)
        : `A kernel of ${by(size)} leaves ${by(room)} of an image of ${by(lengths)}, ` +
          "too little to pool by 2 × 2.";
    const leavesTwo = ({ kernel }) => shape(kernel).every((length, axis) => length < lengths[axis]);
    const smaller = Object.values(s.choices).some(leavesTwo) ? "a smaller kernel or " : "";
    return `${why} Take ${smaller}a larger picture.`;
  },
  maps: {
    image: {
      touch: ["image"],
      values: (s) => s.image,
      words: (s) => titled("image", s.image),
      scale: (s) => scaleFor(s.image),
      find: (s, { size }, at) => half(at.map((n, axis) => n - middle(size[axis]))),
    },
    convolution: onTheWay("convolution", "answers", half),
    ReLU: onTheWay("ReLU", "positive", half),
    pool: onTheWay("max pool", "out", (at) => at),
  },
  grids: {
    kernel: kernelGrid,
    products: { kind: "product", words: () => "pixel × kernel", scale: productsScale },
  },
  reading: ["image", "kernel", "products", "convolution", "ReLU", "pool"],
  arrange: () => [
    column(
      row("image", "→", "convolution", "→", "ReLU", "→", "pool"),
      row("kernel", "=", "products"),
    ),
  ],
});
