// What came back from a learner's own function, beside what is right.

import { fitsIn, shape } from "./arithmetic.js";
import { scaleFor } from "./colours.js";
import { number, titled } from "./words.js";

const TOLERANCE = 1e-5; // of the larger of the two: that of a float32, as checks have it

const close = (one, other) =>
  one === other || Math.abs(one - other) <= TOLERANCE * Math.max(1, Math.abs(one), Math.abs(other));

/** A map of it; what is right is pale. */
export const compared = (words) => ({
  values: ({ theirs }) => theirs,
  words: ({ theirs }) => titled(words, theirs),
  scale: (s, { out }) => scaleFor(out),
  pale:
    ({ theirs }, { out }) =>
    (r, c) =>
      out[r]?.[c] !== undefined && close(theirs[r][c], out[r][c]),
  find: (s, result, at) => at,
});

/** What stands there at one place, as a last step of the arithmetic. */
export function yours({ theirs }, [row, col]) {
  if (!theirs) return [];
  const there = fitsIn([row, col], shape(theirs));
  return [["yours has", there ? number(theirs[row][col] ?? NaN) : "nothing", " there"]];
}
