// Pooling: no kernel and no sum, one number out of a window.

import { cut, middle, ONE, plus, pool, shape, winner } from "./arithmetic.js";
import { scaleFor } from "./colours.js";
import { row } from "./layout.js";
import { added, listed, number, titled, unfit } from "./words.js";
import { compared, yours } from "./yours.js";

function compute(s) {
  const size = [s.pool_size, s.pool_size];
  const out = pool(s.image, s.pool_size, s.strides, s.kind);
  return { source: s.image, before: [0, 0], size, out };
}

function explain(s, { size, out }, place) {
  const top = place.map((n) => n * s.strides);
  const values = cut(s.image, top, size);
  const best = s.kind === "max" ? winner(values) : null;
  const flat = values.flat();
  const words = best ? `The largest of ${listed(flat)} is` : `(${added(flat)}) / ${flat.length} =`;
  const [r, c] = best ? plus(top, best) : [];
  const where = best ? `, in row ${r}, column ${c} of the image` : "";
  const frames = [{ at: top, size }];
  if (best) frames.push({ at: plus(top, best), size: ONE, width: 2, inner: true });
  const here = [{ at: place, size: ONE, width: 2 }];
  return {
    target: plus(top, size.map(middle)),
    linked: { map: "image", top },
    frames: { image: frames, output: here, yours: here },
    cells: { window: { values, best } },
    steps: [[words, number(out[place[0]][place[1]]), where], ...yours(s, place)],
  };
}

export const pooling = () => ({
  title: "Pooling, one window at a time",
  controls: ["kind", "window", "strides"],
  picture: "image",
  compute,
  explain,
  misfit: (s, { size }) => `${unfit(size, s.image)} Take a smaller window.`,
  maps: {
    image: {
      touch: ["image"],
      values: (s) => s.image,
      words: (s) => titled("image", s.image),
      scale: (s) => scaleFor(s.image),
      pale: (s, { out, size }) => {
        const [rows, cols] = shape(out).map((n, axis) => (n - 1) * s.strides + size[axis]);
        return (r, c) => r >= rows || c >= cols; // dropped
      },
      find: (s, result, at) => at.map((n) => Math.floor(n / s.strides)),
    },
    output: {
      seen: true,
      values: (s, { out }) => out,
      words: (s, { out }) => titled(`${s.kind} pool`, out),
      scale: (s) => scaleFor(s.image),
      find: (s, result, at) => at,
    },
    yours: compared("yours"),
  },
  grids: { window: { kind: "product", words: () => "window", scale: (s) => scaleFor(s.image) } },
  reading: ["image", "window", "output", "yours"],
  arrange: (s) => {
    const outputs = s.theirs ? ["output", "yours"] : ["output"];
    return [row("image", "→", "window", "→", ...outputs)];
  },
});
