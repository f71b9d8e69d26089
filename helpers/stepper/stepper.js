// The moving window: an image, a kernel, their products and sum, the output filling in.
//
// First the arithmetic, pure and exported by name, then the colours, then what is seen and touched.
// `settings` is an object with the traits of helpers.stepper.Stepper.

// --- Arithmetic: what `helpers` computes, added up in the same order ------------------------------

export const shape = (values) => [values.length, values[0].length];

export const table = (rows, cols, value) =>
  Array.from({ length: rows }, (_, r) => Array.from({ length: cols }, (_, c) => value(r, c)));

const map = (values, change) => values.map((row) => row.map(change));
const cut = (values, [top, left], [rows, cols]) =>
  values.slice(top, top + rows).map((row) => row.slice(left, left + cols));
const turned = (kernel) => [...kernel].reverse().map((row) => [...row].reverse());
const places = (size, window, strides) => Math.max(Math.floor((size - window) / strides) + 1, 0);

const BEYOND = {
  zero: (i, size) => (i < 0 || i >= size ? -1 : i),
  wrap: (i, size) => ((i % size) + size) % size,
  edge: (i, size) => Math.min(Math.max(i, 0), size - 1),
};

export function samePadding(size, kernelSize, strides) {
  const total = Math.max((Math.ceil(size / strides) - 1) * strides + kernelSize - size, 0);
  return [Math.floor(total / 2), Math.ceil(total / 2)];
}

export function pad(image, rows, cols, border) {
  const [height, width] = shape(image);
  return table(rows[0] + height + rows[1], cols[0] + width + cols[1], (r, c) => {
    const y = BEYOND[border](r - rows[0], height);
    const x = BEYOND[border](c - cols[0], width);
    return y < 0 || x < 0 ? 0 : image[y][x];
  });
}

export function convolve(image, kernel, strides) {
  const [kh, kw] = shape(kernel);
  const [height, width] = shape(image);
  return table(places(height, kh, strides), places(width, kw, strides), (r, c) => {
    let total = 0;
    for (let i = 0; i < kh; i++) {
      const row = image[r * strides + i];
      for (let j = 0; j < kw; j++) total += kernel[i][j] * row[c * strides + j];
    }
    return total;
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
const toPixel = (value) => Math.min(Math.max(rounded(value), 0), 255);

/** Everything that there is to show: the padded image, the weights as they are laid on, the maps. */
export function compute(settings) {
  const { mode, image, kernel, factor, bias, border, strides, flip, pixels } = settings;
  if (mode === "pooling") {
    const size = [settings.pool_size, settings.pool_size];
    const out = pool(image, settings.pool_size, strides, settings.kind);
    return { source: image, before: [0, 0], size, out };
  }
  const weights = flip ? turned(kernel) : kernel;
  const size = shape(weights);
  const around = shape(image).map((length, axis) =>
    border === "valid" ? [0, 0] : samePadding(length, size[axis], strides),
  );
  const before = around.map(([first]) => first);
  const source = border === "valid" ? image : pad(image, ...around, border);
  const answers = map(convolve(source, weights, strides), (sum) => factor * sum + bias);
  if (mode === "convolution") {
    return { source, before, size, weights, out: pixels ? map(answers, toPixel) : answers };
  }
  const positive = relu(answers);
  const out = positive.length ? pool(positive, 2, 2, "max") : [];
  return { source, before, size, weights, answers, positive, out };
}

/** Where in a window its first largest value stands. */
export function winner(window) {
  const flat = window.flat();
  const index = flat.indexOf(Math.max(...flat));
  return [Math.floor(index / window[0].length), index % window[0].length];
}

// --- Words ----------------------------------------------------------------------------------------

export function number(value, digits = 4) {
  const whole = Number.isInteger(value) || Math.abs(value) >= 1000;
  const short = Math.abs(value) < 1e7 ? (value + 0).toFixed(0) : value.toExponential(2);
  return (whole ? short : String(Number(value.toPrecision(digits)))).replace(/-/g, "−");
}

/** Read a number as people write it: −1.5, 0,5 and 1/9 too; NaN if it is none. */
export function parse(text) {
  const plain = text.trim().replace("−", "-").replace(",", ".");
  const [, above, below = "1"] = plain.match(/^([+-]?(?:\d+\.?\d*|\.\d+))(?:\/(\d+))?$/) ?? [];
  const value = Number(above) / Number(below);
  return Number.isFinite(value) ? value : NaN;
}

const by = ([rows, cols]) => `${rows} × ${cols}`;
const listed = (values) => values.map((value) => number(value)).join(", ");
const added = (values) =>
  values
    .map((value, n) => (value < 0 ? (n ? "− " : "−") : n ? "+ " : "") + number(Math.abs(value)))
    .join(" ");

function fraction(factor) {
  const below = Math.round(1 / factor);
  return below > 1 && Math.abs(1 / below - factor) < 1e-12 ? `1/${below}` : number(factor);
}

/** What happens at one place: where the window is, its cells, and the arithmetic step by step. */
export function explain(settings, result, [row, col]) {
  const { mode, kind, factor, bias, strides, pixels } = settings;
  const { source, size, weights, answers, positive, out } = result;
  const value = out[row][col];
  let top = [row * strides, col * strides];
  if (mode === "pooling") {
    const window = cut(source, top, size);
    const best = kind === "max" ? winner(window) : null;
    const cells = map(window, (pixel) => ({ value: pixel }));
    const words =
      kind === "max"
        ? `The largest of ${listed(window.flat())} is`
        : `(${added(window.flat())}) / ${window.flat().length} =`;
    return { top, cells, best, steps: [[words, number(value)]] };
  }
  let block = null;
  if (mode === "network") {
    block = [2 * row, 2 * col];
    const [down, right] = winner(cut(answers, block, [2, 2]));
    top = [block[0] + down, block[1] + right];
  }
  const window = cut(source, top, size);
  const cells = window.map((line, i) =>
    line.map((pixel, j) => ({ pixel, weight: weights[i][j], value: pixel * weights[i][j] })),
  );
  const products = cells.flat().map((cell) => cell.value);
  const sum = products.reduce((total, product) => total + product, 0);
  const steps = [[`${added(products)} =`, number(sum)]];
  let answer = number(sum);
  if (factor !== 1) answer = `${answer} × ${fraction(factor)}`;
  if (bias !== 0) answer = `${answer} ${bias < 0 ? "−" : "+"} ${number(Math.abs(bias))}`;
  const scaled = factor * sum + bias;
  if (factor !== 1 || bias !== 0) steps.push([`${answer} =`, number(scaled)]);
  if (mode === "convolution" && pixels) steps.push(["as a pixel:", number(value)]);
  if (mode === "network") {
    const four = cut(positive, block, [2, 2]).flat();
    steps.push([`ReLU(${number(scaled)}) =`, number(Math.max(scaled, 0))]);
    steps.push([`Pooling: the largest of ${listed(four)} is`, number(value)]);
  }
  return { top, block, cells, steps };
}

// --- Colours: grey for images, blue to red through white for signed values ------------------------

// ColorBrewer's RdBu, which colour-blind people can read; the pictures of the course use it too.
const DIVERGING = "053061 2166ac 4393c3 92c5de d1e5f0 ffffff fddbc7 f4a582 d6604d b2182b 67001f"
  .split(" ")
  .map((hex) => [0, 2, 4].map((start) => parseInt(hex.slice(start, start + 2), 16)));
const MARK = "#c2410c";

/** One scale for all values. A few extreme ones of many must not leave the rest without colour. */
export function scaleFor(values, signed = values.flat().some((value) => value < 0)) {
  const sizes = values.flat().map(Math.abs).sort((one, other) => one - other);
  let limit = sizes[sizes.length - 1] ?? 0;
  if (!signed && limit <= 1) limit = 1;
  else if (!signed && limit > 128 && limit <= 255) limit = 255;
  else if (sizes.length > 4096) limit = sizes[Math.floor(0.99 * sizes.length)];
  return { signed, limit: limit || 1 };
}

function colour(value, { signed, limit }) {
  const share = Math.min(Math.max(value / limit, signed ? -1 : 0), 1);
  if (!signed) return Array(3).fill(Math.round(255 * share));
  const at = 5 * (share + 1);
  const low = Math.min(Math.floor(at), 9);
  return DIVERGING[low].map((from, n) =>
    Math.round(from + (at - low) * (DIVERGING[low + 1][n] - from)),
  );
}

const paler = (channels) => channels.map((channel) => Math.round(170 + channel / 4));

function inkOn(channels) {
  const [r, g, b] = channels.map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? "#000" : "#fff";
}

// --- What is seen ---------------------------------------------------------------------------------

function node(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

const NUMBERED = 12; // rows and columns up to which numbers are written into the cells

/** A canvas with a caption. What does not move is painted once, `draw` adds the marks. */
function panel(attributes) {
  const canvas = node("canvas", attributes);
  const caption = node("figcaption");
  const sheet = node("div", { class: "sheet" }, canvas);
  const figure = node("figure", {}, caption, sheet);
  const still = document.createElement("canvas");
  const context = canvas.getContext("2d");
  let cell, ratio, rows, cols;

  function paint(values, size, scale, pale = () => false) {
    [rows, cols] = shape(values);
    cell = size;
    ratio = Math.max(1, Math.ceil(globalThis.devicePixelRatio ?? 1));
    canvas.width = still.width = cols * cell * ratio;
    canvas.height = still.height = rows * cell * ratio;
    canvas.style.width = `${cols * cell}px`;
    const colours = table(rows, cols, (r, c) => {
      const channels = colour(values[r][c], scale);
      return pale(r, c) ? paler(channels) : channels;
    });
    const pixels = new ImageData(cols, rows);
    pixels.data.set(colours.flat().flatMap((channels) => [...channels, 255]));
    const tiny = document.createElement("canvas");
    [tiny.width, tiny.height] = [cols, rows];
    tiny.getContext("2d").putImageData(pixels, 0, 0);
    const paper = still.getContext("2d");
    paper.imageSmoothingEnabled = false;
    paper.drawImage(tiny, 0, 0, still.width, still.height);
    if (Math.max(rows, cols) <= NUMBERED) write(paper, values, colours);
  }

  function write(paper, values, colours) {
    const words = map(values, (value) => number(value));
    const longest = Math.max(...words.flat().map((word) => word.length));
    paper.scale(ratio, ratio);
    paper.font = `${Math.min(0.36 * cell, (1.5 * cell) / longest)}px system-ui, sans-serif`;
    [paper.textAlign, paper.textBaseline] = ["center", "middle"];
    [paper.strokeStyle, paper.lineWidth] = ["#8c8c8c", 1];
    words.forEach((line, r) =>
      line.forEach((word, c) => {
        paper.strokeRect(c * cell, r * cell, cell, cell);
        paper.fillStyle = inkOn(colours[r][c]);
        paper.fillText(word, (c + 0.5) * cell, (r + 0.53) * cell);
      }),
    );
  }

  /** Show what was painted, as far as `seen` has it, and frames: {at, size, colour}. */
  function draw(frames, seen) {
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.drawImage(still, 0, 0);
    if (seen) {
      context.imageSmoothingEnabled = false;
      context.globalCompositeOperation = "destination-in";
      context.drawImage(seen, 0, 0, canvas.width, canvas.height);
      context.globalCompositeOperation = "source-over";
    }
    context.scale(ratio, ratio);
    for (const { at, size, colour: stroke = MARK, width = 3, inset = 0 } of frames) {
      const box = [...at].reverse().map((start) => start * cell + inset);
      box.push(...[...size].reverse().map((length) => length * cell - 2 * inset));
      for (const [style, line] of [["#fff", width + 2], [stroke, width]]) {
        [context.strokeStyle, context.lineWidth] = [style, line];
        context.strokeRect(...box);
      }
    }
  }

  /** The cell that an event points at, from the canvas as it lies on the screen. */
  const hit = (event, box) => [
    Math.floor(((event.clientY - box.top) / box.height) * rows),
    Math.floor(((event.clientX - box.left) / box.width) * cols),
  ];
  return { canvas, caption, sheet, figure, paint, draw, hit };
}

function picker(label, options, chosen) {
  const made = options.map(([value, words]) => node("option", { value }, words));
  const select = node("select", { "aria-label": label }, ...made);
  select.addEventListener("change", () => chosen(select.value));
  return [select, node("label", {}, label, " ", select)];
}

function ticker(label, chosen) {
  const input = node("input", { type: "checkbox" });
  input.addEventListener("change", () => chosen(input.checked));
  return [input, node("label", {}, input, " ", label)];
}

function tint(element, value, scale) {
  const channels = colour(value, scale);
  element.style.background = `rgb(${channels})`;
  element.style.color = inkOn(channels);
}

function button(words, pressed) {
  const element = node("button", { type: "button" }, words);
  element.addEventListener("click", pressed);
  return element;
}

// --- What is touched ------------------------------------------------------------------------------

const TRAITS = (
  "mode image kernel factor bias choices border strides flip pixels pool_size kind row col"
).split(" ");
const TITLES = {
  convolution: "A convolution, one window at a time",
  pooling: "Pooling, one window at a time",
  network: "Convolution, ReLU and pooling, one value at a time",
};
const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
const OWN = "your own";
const SIZES = [1, 2, 3, 4, 5];
const QUIET = 700; // ms of rest before anything is said: playing and dragging must not flood
const SLOWEST = 600; // ms that a place takes while playing,
const WHOLE = 12000; // and a large image as a whole

const plus = ([row, col], [down, right]) => [row + down, col + right];
const within = (at, [rows, cols]) =>
  [rows, cols].map((length, axis) => Math.min(Math.max(at[axis], 0), length - 1));

/** The same kernel with n rows and columns, cut off or filled up with zeros round its middle. */
function resized(kernel, n) {
  const [down, right] = shape(kernel).map((length) => ((length - 1) >> 1) - ((n - 1) >> 1));
  return table(n, n, (i, j) => kernel[i + down]?.[j + right] ?? 0);
}

function render({ model, el }) {
  const settings = () => Object.fromEntries(TRAITS.map((name) => [name, model.get(name)]));
  const initial = settings();
  const { mode } = initial;
  const large = Math.max(...shape(initial.image)) > NUMBERED;
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  let s, result;
  let fits = true;
  let seen = null; // a mask of the output, a pixel for each place
  let place = [initial.row, initial.col]; // where the window is shown,
  let kept = place; // and where it goes back to when the pointer leaves
  let playing = 0; // requests to the browser, 0 while there is none
  let drawing = 0;
  let speaking = 0; // timers
  let telling = 0;
  let ours = false; // whether it is we who change the model

  const set = (values) => {
    ours = true;
    for (const [name, value] of Object.entries(values)) model.set(name, value);
    ours = false;
    model.save_changes();
  };

  // The parts, in the order in which they are read.
  const image = panel({ role: "application", tabindex: "0" });
  const [answers, positive, out] = [1, 2, 3].map(() => panel({ role: "img" }));
  const [kernel, cells] = ["kernel", "cells"].map((name) => node("div", { class: name }));
  const [kernelCaption, cellsCaption] = [node("figcaption"), node("figcaption")];
  const after = node("p", { class: "after" });
  const sum = node("p", { class: "sum" });
  const live = node("div", { class: "live", role: "status", "aria-live": "polite" });
  const sign = (words) => node("span", { class: "sign", "aria-hidden": "true" }, words);
  const kernelFigure = node("figure", {}, kernelCaption, kernel, after);
  const cellsFigure = node("figure", {}, cellsCaption, cells);
  const arithmetic = mode === "pooling" ? [cellsFigure] : [kernelFigure, sign("="), cellsFigure];
  const maps = mode === "network" ? [answers.figure, sign("→"), positive.figure, sign("→")] : [];
  const rows = large
    ? [[image.figure, sign("→"), ...maps, out.figure], arithmetic]
    : [[image.figure, sign(mode === "pooling" ? "→" : "×"), ...arithmetic, sign("→"), out.figure]];

  const choices = Object.keys(initial.choices);
  const named = (names) => names.map((name) => [name, name]);
  const squares = SIZES.map((n) => [n, by([n, n])]);
  const [choice, choiceField] = picker("kernel", named([...choices, OWN]), (name) =>
    name === OWN ? kernel.querySelector("input").focus() : set(s.choices[name]),
  );
  const [size, sizeField] = picker("size", squares, (n) => set({ kernel: resized(s.kernel, +n) }));
  const [border, borderField] = picker("border", named(["valid", ...Object.keys(BEYOND)]), (name) =>
    set({ border: name }),
  );
  const [strides, stridesField] = picker("strides", named(SIZES), (n) => set({ strides: +n }));
  const [poolSize, poolSizeField] = picker("window", squares, (n) =>
    set({ pool_size: +n, strides: s.strides === s.pool_size ? +n : s.strides }),
  );
  const kinds = [["max", "the largest"], ["average", "the mean"]];
  const [kind, kindField] = picker("keep", kinds, (name) => set({ kind: name }));
  const [flip, flipField] = ticker("flip (true convolution)", (on) => set({ flip: on }));
  const [pixels, pixelsField] = ticker("as pixels, 0 to 255", (on) => set({ pixels: on }));
  const fields = {
    convolution: [choiceField, sizeField, borderField, stridesField, flipField, pixelsField],
    pooling: [kindField, poolSizeField, stridesField],
    network: [choiceField],
  };

  const play = button("▶ Play", () => (playing ? pause() : start()));
  play.className = "play";
  const buttons = [
    play,
    button("Next", () => next(1)),
    button("Fill in", () => cover(true)),
    button("Clear", () => cover(false)),
    button("Start again", restart),
  ];
  const help =
    "Point at the image, or use the arrow keys, to move the window; click to leave it there. " +
    "Double-click a pixel, or press Enter, to change it." +
    (mode === "pooling" ? "" : " The kernel's numbers are yours to change too. Red is positive, blue negative.");
  const root = node(
    "div",
    // Without this JupyterLab would take the keys for its own shortcuts.
    { class: "stepper", role: "group", "aria-label": TITLES[mode], "data-lm-suppress-shortcuts": "true" },
    node("div", { class: "controls" }, ...fields[mode]),
    ...rows.map((parts) => node("div", { class: "parts" }, ...parts)),
    sum,
    node("div", { class: "controls" }, ...(mode === "network" ? [play, buttons[1], buttons[4]] : buttons)),
    node("p", { class: "help" }, help),
    live,
  );

  // Settings have changed: compute everything, paint what stands still.
  function refresh() {
    const before = result?.out;
    s = settings();
    result = compute(s);
    fits = result.out.length > 0 && result.out[0].length > 0;
    root.classList.toggle("misfit", !fits);
    tellControls();
    if (mode !== "pooling") layKernel();
    if (!fits) {
      pause();
      sum.textContent =
        `A window of ${by(result.size)} does not fit in an image of ${by(shape(s.image))}. ` +
        `Take a smaller window${mode === "convolution" ? " or another border" : ""}.`;
      return speak(sum.textContent);
    }
    layCells();
    paint();
    if (!before?.length || String(shape(before)) !== String(shape(result.out))) cover(large);
    move(kept);
  }

  function tellControls() {
    const [kh, kw] = shape(s.kernel);
    const same = (name) =>
      ["kernel", "factor", "bias"].every((part) => String(s.choices[name][part]) === String(s[part]));
    choice.value = choices.find(same) ?? OWN;
    size.value = kh === kw ? kh : "";
    [border.value, strides.value, poolSize.value, kind.value] = [s.border, s.strides, s.pool_size, s.kind];
    [flip.checked, pixels.checked] = [s.flip, s.pixels];
  }

  function layKernel() {
    const weights = result.weights;
    kernelCaption.textContent = s.flip ? "kernel, turned by 180°" : "kernel";
    const scaled = [s.factor === 1 ? "" : `× ${fraction(s.factor)}`, s.bias ? `then ${added([0, s.bias]).slice(2)}` : ""];
    after.textContent = scaled.filter(Boolean).join(", ");
    if (kernel.children.length !== weights.flat().length || kernel.dataset.shape !== by(result.size)) {
      kernel.dataset.shape = by(result.size);
      kernel.style.setProperty("--columns", result.size[1]);
      kernel.replaceChildren(...weights.flatMap((line, i) => line.map((_, j) => weight(i, j))));
    }
    const scale = scaleFor(weights, true);
    weights.flat().forEach((value, n) => {
      const input = kernel.children[n];
      if (!input.matches(":focus")) input.value = number(value);
      tint(input, value, scale);
    });
  }

  function weight(i, j) {
    const label = `kernel, row ${i}, column ${j}`;
    const input = node("input", { inputmode: "decimal", "aria-label": label, spellcheck: "false" });
    input.addEventListener("input", () => {
      const value = parse(input.value);
      input.setAttribute("aria-invalid", Number.isNaN(value));
      if (Number.isNaN(value)) return;
      const weights = table(...result.size, (r, c) => (r === i && c === j ? value : result.weights[r][c]));
      set({ kernel: s.flip ? turned(weights) : weights });
    });
    input.addEventListener("focus", () => input.select());
    input.addEventListener("blur", () => {
      input.removeAttribute("aria-invalid");
      input.value = number(result.weights[i][j]);
    });
    return input;
  }

  function layCells() {
    cellsCaption.textContent = mode === "pooling" ? "window" : "pixel × kernel";
    cells.classList.toggle("products", mode !== "pooling");
    const count = result.size[0] * result.size[1];
    cells.style.setProperty("--columns", result.size[1]);
    sum.style.setProperty("--lines", Math.ceil(count / 9) + (mode === "network" ? 1 : 0));
    if (cells.children.length === count) return;
    const cell = () => node("div", { class: "cell" }, node("small"), node("b"));
    cells.replaceChildren(...Array.from({ length: count }, cell));
  }

  let cellScale;

  function paint() {
    const { source, before, size: window } = result;
    const [height, width] = shape(s.image);
    const longest = Math.max(...shape(s.image));
    const room = mode === "network" ? 224 : 288; // CSS pixels
    const columns = shape(source)[1] + shape(result.out)[1];
    const cell = large
      ? Math.max(1, Math.floor(room / longest))
      : Math.min(Math.max(Math.floor(360 / columns), 28), 40); // so that all stand in one line
    const invented = (r, c) =>
      r < before[0] || c < before[1] || r >= before[0] + height || c >= before[1] + width;
    const [rows, cols] = shape(result.out).map((count, axis) => (count - 1) * s.strides + window[axis]);
    const dropped = mode === "pooling" ? (r, c) => r >= rows || c >= cols : invented;
    image.paint(source, cell, scaleFor(s.image), dropped);
    name(image, "image", s.image);
    image.canvas.setAttribute("aria-label", `Image of ${by(shape(s.image))}. ${help}`);
    const signed = scaleFor((result.answers ?? result.out));
    const outScale = mode === "pooling" ? scaleFor(s.image) : s.pixels ? { signed: false, limit: 255 } : signed;
    if (result.answers) {
      answers.paint(result.answers, cell, outScale);
      positive.paint(result.positive, cell, outScale);
      name(answers, "convolution", result.answers);
      name(positive, "ReLU", result.positive);
    }
    out.paint(result.out, cell, outScale);
    name(out, mode === "convolution" ? "output" : mode === "pooling" ? `${s.kind} pool` : "max pool", result.out);
    const most = Math.max(...s.image.flat().map(Math.abs));
    const heaviest = mode === "pooling" ? 1 : Math.max(...s.kernel.flat().map(Math.abs));
    cellScale = mode === "pooling" ? scaleFor(s.image) : { signed: true, limit: most * heaviest || 1 };
  }

  function name(part, words, values) {
    part.caption.textContent = `${words}, ${by(shape(values))}`;
    part.canvas.setAttribute("aria-label", part.caption.textContent);
  }

  // The window has moved: draw its frames, write its arithmetic.
  function move(to, keep = true) {
    if (!fits) return;
    place = within(to, shape(result.out));
    if (keep) {
      kept = place;
      clearTimeout(telling);
      telling = setTimeout(() => set({ row: kept[0], col: kept[1] }), QUIET);
    }
    seen?.getContext("2d").fillRect(place[1], place[0], 1, 1);
    drawing ||= requestAnimationFrame(draw);
  }

  function draw() {
    drawing = 0;
    if (!fits) return;
    const told = explain(s, result, place);
    const { top, block, best } = told;
    const one = [1, 1];
    const dark = { colour: "#1a1a1a", width: 1.5 };
    const frames = [];
    if (s.border !== "valid" && mode === "convolution") {
      frames.push({ at: result.before, size: shape(s.image), ...dark });
    }
    if (block) frames.push({ at: block, size: plus(result.size, one), ...dark });
    frames.push({ at: top, size: result.size });
    if (best) frames.push({ at: plus(top, best), size: one, inset: large ? 0 : 5, width: 2 });
    image.draw(frames);
    if (block) {
      const four = [{ at: block, size: [2, 2], ...dark }, { at: top, size: one, width: 2 }];
      answers.draw(four);
      positive.draw(four);
    }
    out.draw([{ at: place, size: one, width: large ? 2 : 3 }], seen);
    write(told);
  }

  function write({ cells: values, best, steps }) {
    values.flat().forEach(({ pixel, weight, value }, n) => {
      const cell = cells.children[n];
      cell.firstChild.textContent = pixel === undefined ? "" : `${number(pixel, 3)} × ${number(weight, 3)}`;
      cell.lastChild.textContent = number(value);
      tint(cell, value, cellScale);
    });
    if (best) {
      const winning = cells.children[best[0] * result.size[1] + best[1]];
      for (const cell of cells.children) cell.classList.toggle("best", cell === winning);
    } else for (const cell of cells.children) cell.classList.remove("best");
    sum.replaceChildren(
      ...steps.flatMap(([words, value]) => [node("span", {}, words, " ", node("strong", {}, value)), " "]),
    );
    const said = steps.map((step) => step.join(" ")).join("; ");
    speak(`Row ${place[0]}, column ${place[1]} of the output: ${said}.`);
  }

  function speak(words) {
    clearTimeout(speaking);
    speaking = setTimeout(() => (live.textContent = words), QUIET);
  }

  // The output fills in.
  function cover(full) {
    if (mode === "network") return;
    const [rows, cols] = shape(result.out);
    seen = document.createElement("canvas");
    [seen.width, seen.height] = [cols, rows];
    if (full) seen.getContext("2d").fillRect(0, 0, cols, rows);
    move(kept);
  }

  function next(count) {
    const [rows, cols] = shape(result.out);
    const from = kept[0] * cols + kept[1];
    const to = Math.min(from + count, rows * cols - 1);
    for (let at = from; at <= to; at++) move([Math.floor(at / cols), at % cols]);
    if (to === from) move([0, 0]);
    return to < rows * cols - 1;
  }

  function start() {
    if (!fits) return;
    if (calm.matches) return next(1);
    const each = Math.min(SLOWEST, WHOLE / result.out.flat().length);
    cover(false);
    move([0, 0]);
    play.textContent = "❚❚ Pause";
    let last = performance.now();
    const tick = (now) => {
      const count = Math.max(Math.floor((now - last) / each), 0);
      last += count * each;
      playing = count > 0 && !next(count) ? pause() : requestAnimationFrame(tick);
    };
    playing = requestAnimationFrame(tick);
  }

  function pause() {
    cancelAnimationFrame(playing);
    play.textContent = "▶ Play";
    return (playing = 0);
  }

  function restart() {
    pause();
    place = kept = [initial.row, initial.col];
    result = undefined;
    set(initial);
    refresh();
  }

  // Mouse and touch. The canvas is measured when the pointer comes, not at every move.
  const reach = (at) => within(at.map((n, axis) => n - ((result.size[axis] - 1) >> 1)), [1e9, 1e9]);
  const pointed = {
    convolution: (at) => reach(at).map((n) => Math.floor(n / s.strides)),
    pooling: (at) => at.map((n) => Math.floor(n / s.strides)),
    network: (at) => reach(at).map((n) => n >> 1),
  }[mode];

  function follow(part, placeOf) {
    const { canvas } = part;
    let box;
    const measure = () => (box = canvas.getBoundingClientRect());
    const to = (event, keep) => fits && move(placeOf(part.hit(event, box)), keep);
    canvas.addEventListener("pointerenter", measure);
    canvas.addEventListener("wheel", () => requestAnimationFrame(measure), { passive: true });
    canvas.addEventListener("pointerdown", (event) => {
      if (playing) pause();
      canvas.setPointerCapture(event.pointerId);
      measure();
      to(event, true);
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!playing) to(event, event.buttons > 0);
    });
    canvas.addEventListener("pointerleave", () => playing || move(kept, false));
  }
  follow(image, (at) => pointed(at));
  follow(out, (at) => at);
  for (const part of [answers, positive]) follow(part, (at) => at.map((n) => n >> 1));

  image.canvas.addEventListener("dblclick", (event) => {
    const at = image.hit(event, image.canvas.getBoundingClientRect());
    edit(at.map((n, axis) => n - result.before[axis]));
  });
  image.canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !fits) return;
    if (ARROWS[event.key]) move(plus(kept, ARROWS[event.key]));
    else if (event.key === " ") play.click();
    else if (event.key === "Enter") {
      const { top } = explain(s, result, kept);
      edit(top.map((n, axis) => n + ((result.size[axis] - 1) >> 1) - result.before[axis]));
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });

  /** Put a field over a pixel; the arrow keys go on to its neighbours, as in a spreadsheet. */
  function edit(at) {
    pause();
    const [row, col] = within(at, shape(s.image));
    const [rows, cols] = shape(result.source);
    const label = `pixel in row ${row}, column ${col}`;
    const field = node("input", { class: "pixel", inputmode: "decimal", "aria-label": label });
    field.value = number(s.image[row][col]);
    field.style.left = `${(100 * (col + result.before[1] + 0.5)) / cols}%`;
    field.style.top = `${(100 * (row + result.before[0] + 0.5)) / rows}%`;
    let open = true;
    const close = (keep) => {
      if (!open) return;
      open = false;
      const value = parse(field.value);
      field.remove();
      if (keep && !Number.isNaN(value) && number(value) !== number(s.image[row][col])) {
        set({ image: s.image.map((line, r) => line.map((old, c) => (r === row && c === col ? value : old))) });
        refresh();
      }
    };
    field.addEventListener("blur", () => close(true));
    field.addEventListener("keydown", (event) => {
      event.stopPropagation();
      const arrow = ARROWS[event.key];
      if (!arrow && event.key !== "Enter" && event.key !== "Escape") return;
      event.preventDefault();
      close(event.key !== "Escape");
      if (arrow) edit(plus([row, col], arrow));
      else image.canvas.focus();
    });
    image.sheet.append(field);
    field.focus();
    field.select();
  }

  // The model may change from Python too.
  let stale = false;
  const changed = () => {
    if (stale) return;
    stale = true;
    queueMicrotask(() => {
      stale = false;
      refresh();
    });
  };
  const moved = () => ours || move([model.get("row"), model.get("col")]);
  const watched = TRAITS.filter((trait) => trait !== "row" && trait !== "col");
  for (const trait of watched) model.on(`change:${trait}`, changed);
  for (const trait of ["row", "col"]) model.on(`change:${trait}`, moved);

  el.replaceChildren(root);
  refresh();
  return () => {
    pause();
    [telling, speaking].forEach(clearTimeout);
    cancelAnimationFrame(drawing);
    for (const trait of watched) model.off(`change:${trait}`, changed);
    for (const trait of ["row", "col"]) model.off(`change:${trait}`, moved);
  };
}

export default { render };
