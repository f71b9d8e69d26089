// The arithmetic, pure: what `helpers` computes, added up in the same order.

export const shape = (values) => [values.length, values[0].length];

export const table = (rows, cols, value) =>
  Array.from({ length: rows }, (_, r) => Array.from({ length: cols }, (_, c) => value(r, c)));

export const map = (values, change) => values.map((row, r) => row.map((it, c) => change(it, r, c)));
export const cut = (values, [top, left], [rows, cols]) =>
  values.slice(top, top + rows).map((row) => row.slice(left, left + cols));
export const turned = (kernel) => [...kernel].reverse().map((row) => [...row].reverse());
export const total = (values) => values.flat().reduce((sum, value) => sum + value, 0);

export const ONE = [1, 1];
export const plus = ([row, col], [down, right]) => [row + down, col + right];
export const within = (at, size) => at.map((n, axis) => Math.min(Math.max(n, 0), size[axis] - 1));
export const middle = (length) => (length - 1) >> 1;
export const fitsIn = ([row, col], [rows, cols]) =>
  row >= 0 && col >= 0 && row < rows && col < cols;

export const replaced = (values, [row, col], value) =>
  map(values, (old, r, c) => (r === row && c === col ? value : old));

/** The same kernel with n rows and columns, cut off or filled up with zeros round its middle. */
export function resized(kernel, n) {
  const [down, right] = shape(kernel).map((length) => middle(length) - middle(n));
  return table(n, n, (i, j) => kernel[i + down]?.[j + right] ?? 0);
}

const places = (size, window, strides) => Math.max(Math.floor((size - window) / strides) + 1, 0);

const BEYOND = {
  zero: (i, size) => (i < 0 || i >= size ? -1 : i),
  wrap: (i, size) => ((i % size) + size) % size,
  edge: (i, size) => Math.min(Math.max(i, 0), size - 1),
};
export const BORDERS = ["valid", ...Object.keys(BEYOND)];

export function samePadding(size, kernelSize, strides) {
  const lacking = Math.max((Math.ceil(size / strides) - 1) * strides + kernelSize - size, 0);
  return [Math.floor(lacking / 2), Math.ceil(lacking / 2)];
}

export function pad(image, rows, cols, border) {
  const [height, width] = shape(image);
  return table(rows[0] + height + rows[1], cols[0] + width + cols[1], (r, c) => {
    const y = BEYOND[border](r - rows[0], height);
    const x = BEYOND[border](c - cols[0], width);
    return y < 0 || x < 0 ? 0 : image[y][x];
  });
}

export function convolve(image, kernel, strides = 1) {
  const [kh, kw] = shape(kernel);
  const [height, width] = shape(image);
  return table(places(height, kh, strides), places(width, kw, strides), (r, c) => {
    let sum = 0;
    for (let i = 0; i < kh; i++) {
      const row = image[r * strides + i];
      for (let j = 0; j < kw; j++) sum += kernel[i][j] * row[c * strides + j];
    }
    return sum;
  });
}

export function pool(image, size, strides, kind) {
  const [height, width] = shape(image);
  const combine = kind === "max" ? (a, b) => Math.max(a, b) : (a, b) => a + b;
  return table(places(height, size, strides), places(width, size, strides), (r, c) => {
    const window = cut(image, [r * strides, c * strides], [size, size]);
    const rows = window.reduce((one, other) => one.map((value, j) => combine(value, other[j])));
    const result = rows.reduce(combine);
    return kind === "max" ? result : result / (size * size);
  });
}

export const relu = (values) => map(values, (value) => Math.max(value, 0));

function rounded(value) {
  const down = Math.floor(value);
  if (value - down !== 0.5) return Math.round(value);
  return down % 2 ? down + 1 : down; // half way: to the even neighbour
}
export const toPixel = (value) => Math.min(Math.max(rounded(value), 0), 255);

/** Where in a window its first largest value stands. */
export function winner(window) {
  const flat = window.flat();
  const index = flat.indexOf(Math.max(...flat));
  return [Math.floor(index / window[0].length), index % window[0].length];
}
