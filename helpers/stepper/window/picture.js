// A map of numbers as a canvas with a caption, frames on it.

import { map, shape } from "./arithmetic.js";
import { colour, inkOn, MARK, paler } from "./colours.js";
import { node } from "./controls.js";
import { number } from "./words.js";

export const NUMBERED = 12; // rows and columns up to which numbers are written into the cells

/** What stands still is painted once; `draw` adds what moves. */
export function picture(attributes) {
  const canvas = node("canvas", attributes);
  const caption = node("figcaption");
  const sheet = node("div", { class: "sheet" }, canvas);
  const figure = node("figure", {}, caption, sheet);
  const still = document.createElement("canvas");
  const context = canvas.getContext("2d");
  let cell, ratio, rows, cols; // CSS pixels of a cell, and the screen's own for each of them

  function paint(values, words, size, scale, pale = () => false) {
    [rows, cols] = shape(values);
    const dots = Math.ceil(size * devicePixelRatio);
    [cell, ratio] = [size, dots / size];
    for (const one of [canvas, still]) [one.width, one.height] = [cols * dots, rows * dots];
    canvas.style.width = `${cols * cell}px`;
    caption.textContent = canvas.ariaLabel = words;
    const colours = map(values, (value, r, c) => {
      const channels = colour(value, scale);
      return pale(r, c) ? paler(channels) : channels;
    });
    const pixels = new ImageData(cols, rows);
    pixels.data.set(colours.flat().flatMap((channels) => [...channels, 255]));
    const small = document.createElement("canvas");
    [small.width, small.height] = [cols, rows];
    small.getContext("2d").putImageData(pixels, 0, 0);
    const paper = still.getContext("2d");
    paper.imageSmoothingEnabled = false;
    paper.drawImage(small, 0, 0, still.width, still.height);
    if (Math.max(rows, cols) <= NUMBERED)
      write(
        paper,
        map(values, (it) => number(it)),
        colours,
      );
  }

  function write(paper, words, colours) {
    const longest = Math.max(...words.flat().map((word) => word.length));
    paper.scale(ratio, ratio);
    paper.font = `${Math.min(0.36 * cell + 1, (1.35 * cell) / longest)}px system-ui, sans-serif`;
    [paper.textAlign, paper.textBaseline, paper.strokeStyle] = ["center", "middle", "#8c8c8c"];
    words.forEach((line, r) =>
      line.forEach((word, c) => {
        paper.strokeRect(c * cell, r * cell, cell, cell);
        paper.fillStyle = inkOn(colours[r][c]);
        paper.fillText(word, (c + 0.5) * cell, (r + 0.53) * cell);
      }),
    );
  }

  /** Show what was painted, where `seen` has it, and frames round some cells. */
  function draw(frames = [], seen = null) {
    context.resetTransform();
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.drawImage(still, 0, 0);
    if (seen) {
      context.imageSmoothingEnabled = false;
      context.globalCompositeOperation = "destination-in";
      context.drawImage(seen, 0, 0, canvas.width, canvas.height);
      context.globalCompositeOperation = "source-over";
    }
    context.scale(ratio, ratio);
    for (const { at, size, ink = MARK, width = 3, inner = false } of frames) {
      const inset = inner && cell >= 14 ? 5 : 0;
      const start = at.map((n) => n * cell + inset).reverse();
      const sides = size.map((n) => n * cell - 2 * inset).reverse();
      for (const [style, line] of [
        ["#fff", width + 2],
        [ink, width],
      ]) {
        [context.strokeStyle, context.lineWidth] = [style, line];
        context.strokeRect(...start, ...sides);
      }
    }
  }

  /** The cell that an event points at; the page has its layout then, so that to ask costs little. */
  function hit({ clientX, clientY }) {
    const { left, top, width, height } = canvas.getBoundingClientRect();
    return [((clientY - top) / height) * rows, ((clientX - left) / width) * cols].map(Math.floor);
  }
  return { canvas, sheet, figure, paint, draw, hit };
}
