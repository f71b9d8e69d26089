// Colours: grey for images, blue to red through white for signed values.

// ColorBrewer's RdBu, which colour-blind people can read; the pictures of the course use it too.
const DIVERGING = "053061 2166ac 4393c3 92c5de d1e5f0 ffffff fddbc7 f4a582 d6604d b2182b 67001f"
  .split(" ")
  .map((hex) => [0, 2, 4].map((start) => parseInt(hex.slice(start, start + 2), 16)));
export const MARK = "#c2410c";

/** One scale for all values. A few extreme ones of many must not leave the rest without colour. */
export function scaleFor(values, signed = values.flat().some((value) => value < 0)) {
  const sizes = values
    .flat()
    .map(Math.abs)
    .sort((one, other) => one - other);
  let limit = sizes.at(-1) ?? 0;
  if (!signed && limit <= 1) limit = 1;
  else if (!signed && limit > 128 && limit <= 255) limit = 255;
  else if (sizes.length > 4096) limit = sizes[Math.floor(0.99 * sizes.length)];
  return { signed, limit: limit || 1 };
}

export function colour(value, { signed, limit }) {
  // A sum may have run over: infinity has the last colour, and what is no number that of 0.
  const share = value / Math.min(limit, Number.MAX_VALUE) || 0;
  return shade(Math.min(Math.max(share, signed ? -1 : 0), 1), signed);
}

function shade(share, signed) {
  if (!signed) return Array(3).fill(Math.round(255 * share));
  const at = 5 * (share + 1);
  const low = Math.min(Math.floor(at), 9);
  return DIVERGING[low].map((from, n) =>
    Math.round(from + (at - low) * (DIVERGING[low + 1][n] - from)),
  );
}

export const paler = (channels) => channels.map((channel) => Math.round(170 + channel / 4));

export function inkOn(channels) {
  const [r, g, b] = channels.map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? "#000" : "#fff";
}

export const largest = (values) =>
  values.flat().reduce((most, value) => (Math.abs(value) > most ? Math.abs(value) : most), 0);
