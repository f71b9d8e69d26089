// Numbers as people write them, and sums in words.

import { shape } from "./arithmetic.js";

export function number(value, digits = 4) {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value > 0 ? "∞" : "−∞";
  const whole = Number.isInteger(value) || Math.abs(value) >= 1000;
  const short = Math.abs(value) < 1e7 ? (value + 0).toFixed(0) : value.toExponential(2);
  return (whole ? short : String(Number(value.toPrecision(digits)))).replace(/-/g, "−");
}

// Some write a thousand like that, and some one with three decimals.
const EITHER = /^[+-]?[1-9]\d{0,2},\d{3}$/;
const NUMBER = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)(?:\/(\d+))?$/i;

const plain = (text) => text.trim().replaceAll("−", "-");

function parts(text) {
  const [, above, below = "1"] = plain(text).replace(",", ".").match(NUMBER) ?? [];
  return [Number(above), Number(below)];
}

/** Read a number as people write it: −1.5, 0,5, 1/9 and 1e9 too; NaN if it is none. */
export function parse(text) {
  const [above, below] = parts(text);
  const value = EITHER.test(plain(text)) ? NaN : above / below;
  return Number.isFinite(value) ? value : NaN;
}

/** What to say of a text that is no number, or nothing. */
export function mistake(text) {
  if (!Number.isNaN(parse(text))) return "";
  const given = text.trim();
  if (EITHER.test(plain(text))) {
    const ways = ["", "."].map((sign) => given.replace(",", sign));
    return `“${given}” can be read in two ways: write ${ways.join(" or ")}.`;
  }
  const large = Math.abs(parts(text)[0]) === Infinity;
  if (large) return `“${given}” is too large: numbers here go up to about 1e308.`;
  const wrong = given ? `“${given}” is not a number` : "A number is missing";
  return `${wrong}: −2, 0.5 or 1/9 would be one.`;
}

export const by = ([rows, cols]) => `${rows} × ${cols}`;
/** What every mode says of a window that is larger than an image, before what can be done. */
export const unfit = (size, image) =>
  `A window of ${by(size)} does not fit in an image of ${by(shape(image))}.`;
export const titled = (words, values) => `${words}, ${by(shape(values))}`;
export const listed = (values) => values.map((value) => number(value)).join(", ");
export const signed = (value) => `${value < 0 ? "−" : "+"} ${number(Math.abs(value))}`;
export const added = (values) =>
  values.map((value, n) => (n ? signed(value) : number(value))).join(" ");
export const times = (value) => (value < 0 ? `(${number(value)})` : number(value));

export function fraction(factor) {
  const below = Math.round(1 / factor);
  return below > 1 && Math.abs(1 / below - factor) < 1e-12 ? `1/${below}` : number(factor);
}
