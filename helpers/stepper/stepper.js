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

/** What to say of a text that is no number, or nothing. */
function mistake(text) {
  if (!Number.isNaN(parse(text))) return "";
  const given = text.trim() ? `“${text.trim()}” is not a number` : "A number is missing";
  return `${given}: −2, 0.5 or 1/9 would be one.`;
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
    const [r, c] = best ? plus(top, best) : [];
    const where = best ? `, in row ${r}, column ${c} of the image` : "";
    return { top, cells, best, steps: [[words, number(value), where]] };
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
  let limit = sizes.at(-1) ?? 0;
  if (!signed && limit <= 1) limit = 1;
  else if (!signed && limit > 128 && limit <= 255) limit = 255;
  else if (sizes.length > 4096) limit = sizes[Math.floor(0.99 * sizes.length)];
  return { signed, limit: limit || 1 };
}

export function colour(value, { signed, limit }) {
  const share = Math.min(Math.max(value / limit, signed ? -1 : 0), 1);
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

// --- What is seen ---------------------------------------------------------------------------------

function node(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  if (["canvas", "select", "input", "button"].includes(tag)) element.setAttribute(KEPT, "true");
  element.append(...children);
  return element;
}

function tint(element, value, scale) {
  const channels = colour(value, scale);
  element.style.background = `rgb(${channels})`;
  element.style.color = inkOn(channels);
}

const NUMBERED = 12; // rows and columns up to which numbers are written into the cells

/** A canvas with a caption. What stands still is painted once; `draw` adds what moves. */
function picture(attributes) {
  const canvas = node("canvas", attributes);
  const caption = node("figcaption");
  const sheet = node("div", { class: "sheet" }, canvas);
  const figure = node("figure", {}, caption, sheet);
  const still = document.createElement("canvas");
  const context = canvas.getContext("2d");
  let cell, ratio, rows, cols;

  function paint(values, words, size, scale, pale = () => false) {
    [rows, cols] = shape(values);
    cell = size;
    ratio = Math.ceil(devicePixelRatio);
    canvas.width = still.width = cols * cell * ratio;
    canvas.height = still.height = rows * cell * ratio;
    canvas.style.width = `${cols * cell}px`;
    caption.textContent = canvas.ariaLabel = words;
    const colours = table(rows, cols, (r, c) => {
      const channels = colour(values[r][c], scale);
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
    if (Math.max(rows, cols) > NUMBERED) return;
    write(paper, map(values, (value) => number(value)), colours);
  }

  function write(paper, words, colours) {
    const longest = Math.max(...words.flat().map((word) => word.length));
    paper.scale(ratio, ratio);
    paper.font = `${Math.min(0.36 * cell, (1.4 * cell) / longest)}px system-ui, sans-serif`;
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
  function draw(frames, seen) {
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
    for (const { at, size, ink = MARK, width = 3, inset = 0 } of frames) {
      const start = at.map((n) => n * cell + inset).reverse();
      const sides = size.map((n) => n * cell - 2 * inset).reverse();
      for (const [style, line] of [["#fff", width + 2], [ink, width]]) {
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

/** Cells in rows and columns; `pointed` is told which one a pointer or the focus is in, or null. */
function grid(words, pointed) {
  const caption = node("figcaption", {}, words);
  const cells = node("div", { class: "cells" });
  const figure = node("figure", {}, caption, cells);
  let size = [0, 0];
  const enter = ({ target }) => {
    const index = [...cells.children].findIndex((cell) => cell.contains(target));
    pointed(index < 0 ? null : [Math.floor(index / size[1]), index % size[1]]);
  };
  for (const event of ["pointerover", "focusin"]) cells.addEventListener(event, enter);
  const leave = () => pointed(null);
  for (const event of ["pointerleave", "focusout"]) cells.addEventListener(event, leave);

  function lay(wanted, make) {
    if (by(wanted) === by(size)) return;
    size = wanted;
    cells.style.setProperty("--columns", size[1]);
    cells.replaceChildren(...table(...size, make).flat());
  }
  function mark(name, at) {
    const chosen = at && cells.children[at[0] * size[1] + at[1]];
    for (const cell of cells.children) cell.classList.toggle(name, cell === chosen);
  }
  return { figure, caption, cells, lay, mark };
}

/**
 * The kernel as fields to type into; `changed` is told the weights as they are then, and `complain`
 * what is wrong with what is typed.
 */
function kernelFields(pointed, changed, complain) {
  const { figure, caption, cells, lay, mark } = grid("kernel", pointed);
  const after = node("p", { class: "after" });
  figure.append(after);
  let weights;

  function field(i, j) {
    const label = `kernel, row ${i}, column ${j}`;
    const input = node("input", { inputmode: "decimal", "aria-label": label, spellcheck: "false" });
    input.addEventListener("input", () => {
      const wrong = mistake(input.value);
      input.ariaInvalid = wrong !== "";
      complain(wrong);
      if (!wrong) changed(replaced(weights, [i, j], parse(input.value)));
    });
    input.addEventListener("focus", () => input.select());
    input.addEventListener("blur", () => {
      input.ariaInvalid = false;
      complain("");
      input.value = number(weights[i][j], 3);
    });
    return input;
  }

  function show(given, words, scaled) {
    weights = given;
    caption.textContent = words;
    after.textContent = scaled;
    lay(shape(weights), field);
    const scale = scaleFor(weights, true);
    weights.flat().forEach((value, n) => {
      const input = cells.children[n];
      if (!input.matches(":focus")) input.value = number(value, 3);
      input.classList.toggle("long", input.value.length > 5);
      tint(input, value, scale);
    });
  }
  return { figure, cells, show, mark };
}

/** What the window makes of each pixel: a product, or the pixel itself. */
function windowCells(words, pointed) {
  const { figure, cells, lay, mark } = grid(words, pointed);
  const make = () => node("div", { class: "cell" }, node("small"), node("b"));

  function show(values, best, scale) {
    values.flat().forEach(({ pixel, weight, value }, n) => {
      const cell = cells.children[n];
      const [above, below] = cell.children;
      if (weight !== undefined) above.textContent = `${number(pixel, 3)} × ${number(weight, 3)}`;
      below.textContent = number(value);
      tint(cell, value, scale);
    });
    mark("best", best);
  }
  return { figure, cells, lay: (size) => lay(size, make), show, mark };
}

// --- What is touched ------------------------------------------------------------------------------

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

function button(words, pressed) {
  const element = node("button", { type: "button" }, words);
  element.addEventListener("click", pressed);
  return element;
}

/** A field over a pixel. The arrow keys go on to its neighbours, as in a spreadsheet. */
function pixelField(label, value, [top, left], { changed, complain, closed }) {
  const field = node("input", { class: "pixel", inputmode: "decimal", "aria-label": label });
  field.value = number(value);
  [field.style.top, field.style.left] = [`${100 * top}%`, `${100 * left}%`];
  let open = true;
  const close = (keep, arrow) => {
    if (!open) return;
    open = false; // to remove it takes the focus away, which would close it again
    const typed = parse(field.value);
    const same = Number.isNaN(typed) || number(typed) === number(value);
    field.remove();
    complain("");
    if (keep && !same) changed(typed);
    closed(arrow);
  };
  field.addEventListener("blur", () => close(true));
  field.addEventListener("input", () => {
    const wrong = mistake(field.value);
    field.ariaInvalid = wrong !== "";
    complain(wrong);
  });
  field.addEventListener("keydown", (event) => {
    const arrow = ARROWS[event.key];
    if (!arrow && event.key !== "Enter" && event.key !== "Escape") return;
    event.preventDefault();
    const keep = event.key !== "Escape";
    if (!keep || !mistake(field.value)) close(keep, arrow ?? [0, 0]);
  });
  return field;
}

const TRAITS = (
  "mode image kernel factor bias choices border strides flip pixels pool_size kind row col"
).split(" ");
const TITLES = {
  convolution: "A convolution, one window at a time",
  pooling: "Pooling, one window at a time",
  network: "Convolution, ReLU and pooling, one value at a time",
};
const HELP =
  "Point at the image, or use the arrow keys, to move the window; click to leave it there. " +
  "Type a number to change a pixel. Esc, then Tab, leaves the window. ";
const HELP_SPACE = { play: "Space plays and pauses.", step: "Space goes on to the next place." };
const HELP_KERNEL = " The kernel's numbers are yours to change too. Red is positive, blue negative.";
const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
const TYPED = /^[\d.,+−-]$/; // how a number begins
const OWN = "your own";
const SIZES = [1, 2, 3, 4, 5];
const QUIET = 700; // ms of rest before anything is said: playing and dragging must not flood
const SLOWEST = 600; // ms that a place takes while playing,
const WHOLE = 12000; // and a large image as a whole
const ONE = [1, 1];

const plus = ([row, col], [down, right]) => [row + down, col + right];
const within = (at, size) => at.map((n, axis) => Math.min(Math.max(n, 0), size[axis] - 1));
const middle = (length) => (length - 1) >> 1;

function replaced(values, [row, col], value) {
  return values.map((line, r) => line.map((old, c) => (r === row && c === col ? value : old)));
}

/** The same kernel with n rows and columns, cut off or filled up with zeros round its middle. */
function resized(kernel, n) {
  const [down, right] = shape(kernel).map((length) => middle(length) - middle(n));
  return table(n, n, (i, j) => kernel[i + down]?.[j + right] ?? 0);
}

function render({ model, el }) {
  const settings = () => Object.fromEntries(TRAITS.map((name) => [name, model.get(name)]));
  const initial = settings();
  const { mode } = initial;
  const large = mode === "network" || Math.max(...shape(initial.image)) > NUMBERED;
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  let s, result, fits, scales;
  let place = [initial.row, initial.col]; // where the window is shown,
  let kept = place; // and where it goes back to when the pointer leaves
  let linked = null; // the cell of the window that is pointed at elsewhere
  let chosen = null; // the pixel that was clicked, for who types a number then
  let seen = null; // a mask of the output, a pixel for each place
  let wrong = ""; // what to say of a number that is being typed
  let paused = false; // whether to play means to go on
  let ours = false; // whether it is we who change the model
  let [playing, drawing, speaking, telling] = [0, 0, 0, 0]; // what the browser will call

  const set = (values) => {
    ours = true;
    for (const [name, value] of Object.entries(values)) model.set(name, value);
    ours = false;
    model.save_changes();
  };

  // The parts, in the order in which they are read.
  const described = `stepper-help-${Math.random().toString(36).slice(2)}`;
  const image = picture({ role: "application", tabindex: "0", "aria-describedby": described });
  const [answers, positive, out] = [1, 2, 3].map(() => picture({ role: "img" }));
  const point = (at) => {
    linked = at;
    later();
  };
  const complain = (words) => {
    wrong = words;
    later();
  };
  const kernel = kernelFields(
    point,
    (weights) => set({ kernel: s.flip ? turned(weights) : weights }),
    complain,
  );
  const cells = windowCells(mode === "pooling" ? "window" : "pixel × kernel", point);
  cells.cells.classList.toggle("products", mode !== "pooling");
  const sum = node("p", { class: "sum" });
  const live = node("div", { class: "live", role: "status", "aria-live": "polite" });
  const sign = (words) => node("span", { class: "sign", "aria-hidden": "true" }, words);
  const to = () => sign("→");
  const arithmetic = [kernel.figure, sign("="), cells.figure].slice(mode === "pooling" ? 2 : 0);
  const maps = mode === "network" ? [answers.figure, to(), positive.figure, to()] : [];
  const parts = large
    ? [[image.figure, to(), ...maps, out.figure], arithmetic]
    : [[image.figure, mode === "pooling" ? to() : sign("×"), ...arithmetic, to(), out.figure]];

  // The controls.
  const choices = Object.keys(initial.choices);
  const named = (names) => names.map((name) => [name, name]);
  const squares = SIZES.map((n) => [n, by([n, n])]);
  const borders = named(["valid", ...Object.keys(BEYOND)]);
  const kinds = Object.entries({ max: "the largest", average: "the mean" });
  const [choice, choiceField] = picker("kernel", named([...choices, OWN]), (name) =>
    name === OWN ? kernel.cells.firstChild.focus() : set(s.choices[name]),
  );
  const [size, sizeField] = picker("size", squares, (n) => set({ kernel: resized(s.kernel, +n) }));
  const [border, borderField] = picker("border", borders, (name) => set({ border: name }));
  const [strides, stridesField] = picker("strides", named(SIZES), (n) => set({ strides: +n }));
  const [poolSize, poolSizeField] = picker("window", squares, (n) =>
    set({ pool_size: +n, strides: s.strides === s.pool_size ? +n : s.strides }),
  );
  const [kind, kindField] = picker("keep", kinds, (name) => set({ kind: name }));
  const [flip, flipField] = ticker("flip (true convolution)", (on) => set({ flip: on }));
  const [pixels, pixelsField] = ticker("as pixels", (on) => set({ pixels: on }));
  const fields = {
    convolution: [choiceField, sizeField, borderField, stridesField, flipField, pixelsField],
    pooling: [kindField, poolSizeField, stridesField],
    network: [choiceField],
  }[mode];
  const play = button("▶ Play", () => (playing ? pause() : start()));
  play.className = "play";
  const covers = [button("Fill in", () => cover(true)), button("Clear", () => cover(false))];
  const buttons = [
    play,
    button("Next", () => next(1)),
    ...(mode === "network" ? [] : covers),
    button("Start again", restart),
  ];
  const help =
    HELP + HELP_SPACE[calm.matches ? "step" : "play"] + (mode === "pooling" ? "" : HELP_KERNEL);
  const root = node(
    "div",
    { class: "stepper", role: "group", "aria-label": TITLES[mode] },
    node("div", { class: "controls" }, ...fields),
    ...parts.map((row) => node("div", { class: "parts" }, ...row)),
    sum,
    node("div", { class: "controls" }, ...buttons),
    node("p", { class: "help", id: described }, help),
    live,
  );
  keepKeys(root);

  // Settings have changed: compute everything, paint what stands still.
  function refresh() {
    const before = result?.out;
    s = settings();
    result = compute(s);
    fits = result.out.length > 0 && result.out[0].length > 0;
    root.classList.toggle("misfit", !fits);
    showSettings();
    if (!fits) {
      pause();
      return later();
    }
    cells.lay(result.size);
    const terms = result.size[0] * result.size[1];
    sum.style.setProperty("--lines", Math.ceil(terms / 9) + (mode === "network" ? 1 : 0));
    paint();
    const other = !before?.length || by(shape(before)) !== by(shape(result.out));
    if (other) cover(large);
    move(kept);
  }

  function showSettings() {
    const same = (name) =>
      ["kernel", "factor", "bias"].every((part) => `${s.choices[name][part]}` === `${s[part]}`);
    const [kh, kw] = shape(s.kernel);
    choice.value = choices.find(same) ?? OWN;
    size.value = kh === kw ? kh : "";
    [border.value, strides.value, poolSize.value] = [s.border, s.strides, s.pool_size];
    [kind.value, flip.checked, pixels.checked] = [s.kind, s.flip, s.pixels];
    if (mode === "pooling") return;
    const scaled = [];
    if (s.factor !== 1) scaled.push(`× ${fraction(s.factor)}`);
    if (s.bias !== 0) scaled.push(`${s.bias < 0 ? "−" : "+"} ${number(Math.abs(s.bias))}`);
    const words = s.flip ? "kernel, turned by 180°" : "kernel";
    kernel.show(result.weights, words, scaled.join(", then "));
  }

  function misfit() {
    const room = shape(s.image).map((length, axis) => length - result.size[axis] + 1);
    if (mode === "network" && Math.min(...room) > 0) {
      return (
        `A kernel of ${by(result.size)} leaves ${by(room)} of an image of ${by(shape(s.image))}, ` +
        "too little to pool by 2 × 2. Take a smaller kernel."
      );
    }
    return (
      `A window of ${by(result.size)} does not fit in an image of ${by(shape(s.image))}. ` +
      `Take a smaller window${mode === "convolution" ? " or another border" : ""}.`
    );
  }

  function say(words) {
    sum.textContent = words;
    speak(words);
  }

  function paint() {
    const { source, before, size: window } = result;
    const [height, width] = shape(s.image);
    const [top, left] = before;
    const invented = (r, c) => r < top || c < left || r >= top + height || c >= left + width;
    const [rows, cols] = shape(result.out).map((n, axis) => (n - 1) * s.strides + window[axis]);
    const dropped = (r, c) => r >= rows || c >= cols;
    const most = (values) => Math.max(...values.map((row) => Math.max(...row.map(Math.abs))));
    const grey = scaleFor(s.image);
    const fractions = s.image.flat().some((value) => !Number.isInteger(value));
    const long = s.kernel.flat().some((value) => number(value, 3).length > 4);
    const wide = mode !== "pooling" && (fractions || long);
    cells.cells.classList.toggle("wide", wide);
    const products = { signed: true, limit: most(s.image) * most(s.kernel) || 1 };
    const answer = s.pixels ? { signed: false, limit: 255 } : scaleFor(result.answers ?? result.out);
    scales = mode === "pooling" ? { out: grey, cells: grey } : { out: answer, cells: products };

    const longest = Math.max(height, width);
    const columns = shape(source)[1] + shape(result.out)[1];
    const room = mode === "network" ? 224 : 384; // CSS pixels for one of several large images,
    const line = wide ? 270 : 360; // and for a small one and its output, in line with the rest
    const cell =
      longest > NUMBERED
        ? Math.max(1, Math.floor(room / longest))
        : Math.min(Math.max(28, Math.floor(line / columns)), 40);
    const padded = source === s.image ? "" : ", and its border";
    const titled = (words, values) => `${words}, ${by(shape(values))}`;
    const caption = titled("image", s.image) + padded;
    image.paint(source, caption, cell, grey, mode === "pooling" ? dropped : invented);
    const name = { convolution: "output", pooling: `${s.kind} pool`, network: "max pool" }[mode];
    out.paint(result.out, titled(name, result.out), cell, scales.out);
    if (mode !== "network") return;
    answers.paint(result.answers, titled("convolution", result.answers), cell, scales.out);
    positive.paint(result.positive, titled("ReLU", result.positive), cell, scales.out);
  }

  // The window has moved: draw its frames, write its arithmetic.
  function move(to, keep = true) {
    if (!fits) return;
    place = within(to, shape(result.out));
    seen?.getContext("2d").fillRect(place[1], place[0], 1, 1);
    if (keep) {
      kept = place;
      clearTimeout(telling);
      telling = setTimeout(tell, QUIET);
    }
    later();
  }

  function tell() {
    const [row, col] = kept;
    if (row !== model.get("row") || col !== model.get("col")) set({ row, col });
  }

  function later() {
    drawing ||= requestAnimationFrame(draw);
  }

  function draw() {
    drawing = 0;
    if (!fits) return say(wrong || misfit());
    const told = explain(s, result, place);
    const { top, block, best } = told;
    const dark = { ink: "#1a1a1a", width: 1.5 };
    const inner = { size: ONE, width: 2, inset: large ? 0 : 5 };
    const frames = [{ at: top, size: result.size }];
    if (result.source !== s.image) {
      frames.unshift({ at: result.before, size: shape(s.image), ...dark });
    }
    if (block) frames.unshift({ at: block, size: plus(result.size, ONE), ...dark });
    if (best) frames.push({ at: plus(top, best), ...inner });
    if (linked) frames.push({ at: plus(top, linked), ...inner });
    image.draw(frames);
    if (block) {
      const four = [{ at: block, size: [2, 2], ...dark }, { at: top, size: ONE, width: 2 }];
      answers.draw(four);
      positive.draw(four);
    }
    out.draw([{ at: place, size: ONE, width: large ? 2 : 3 }], seen);
    cells.show(told.cells, best, scales.cells);
    for (const part of [kernel, cells]) part.mark("linked", linked);
    if (wrong) return say(wrong);
    const step = ([words, value, where = ""]) =>
      node("span", {}, words, " ", node("strong", {}, value), where, " ");
    sum.replaceChildren(...told.steps.map(step));
    const said = told.steps.map(([words, value, where = ""]) => `${words} ${value}${where}`).join("; ");
    speak(`Row ${place[0]}, column ${place[1]} of the output: ${said}.`);
  }

  function speak(words) {
    clearTimeout(speaking);
    speaking = setTimeout(() => (playing ? speak(words) : (live.textContent = words)), QUIET);
  }

  // The output fills in.
  function cover(full) {
    paused = false;
    if (mode === "network" || !fits) return;
    const [rows, cols] = shape(result.out);
    seen = document.createElement("canvas");
    [seen.width, seen.height] = [cols, rows];
    if (full) seen.getContext("2d").fillRect(0, 0, cols, rows);
    move(kept);
  }

  /** Go on by so many places, from the last one to the first; say whether there are more. */
  function next(count) {
    if (!fits) return false;
    const [rows, cols] = shape(result.out);
    const [from, last] = [kept[0] * cols + kept[1], rows * cols - 1];
    const until = Math.min(from + count, last);
    for (let at = from; at <= until; at++) move([Math.floor(at / cols), at % cols]);
    if (from === last) move([0, 0]);
    return until < last;
  }

  function start() {
    if (!fits) return;
    if (calm.matches) return next(1);
    const each = Math.min(SLOWEST, WHOLE / result.out.flat().length);
    let due = performance.now() + each;
    const tick = (now) => {
      const count = Math.max(Math.floor((now - due) / each) + 1, 0);
      due += count * each;
      playing = count === 0 || next(count) ? requestAnimationFrame(tick) : 0;
      if (!playing) pause();
    };
    const last = plus(shape(result.out), [-1, -1]);
    if (!paused || String(kept) === String(last)) {
      move([0, 0]);
      cover(false);
    }
    paused = false;
    play.textContent = "❚❚ Pause";
    playing = requestAnimationFrame(tick);
  }

  function pause() {
    paused ||= playing > 0;
    cancelAnimationFrame(playing);
    playing = 0;
    play.textContent = "▶ Play";
  }

  function restart() {
    pause();
    place = kept = [initial.row, initial.col];
    result = undefined;
    set(initial);
    refresh();
  }

  // Mouse, touch and keys.
  const centred = (at) => at.map((n, axis) => n - middle(result.size[axis]));
  const half = (at) => at.map((n) => n >> 1);
  const placeOf = {
    convolution: (at) => centred(at).map((n) => Math.floor(n / s.strides)),
    pooling: (at) => at.map((n) => Math.floor(n / s.strides)),
    network: (at) => half(centred(at)),
  }[mode];
  function follow({ canvas, hit }, find) {
    let before = kept;
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      before = kept;
      pause();
      chosen = canvas === image.canvas ? hit(event) : null;
      move(find(hit(event)));
    });
    canvas.addEventListener("pointermove", (event) => {
      if (fits && !playing) move(find(hit(event)), event.buttons > 0);
    });
    canvas.addEventListener("pointercancel", () => move(before)); // a swipe: the page scrolls
    canvas.addEventListener("pointerleave", () => playing || move(kept, false));
  }
  follow(image, placeOf);
  follow(answers, half);
  follow(positive, half);
  follow(out, (at) => at);

  image.canvas.addEventListener("dblclick", (event) => edit(image.hit(event)));
  image.canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !fits) return;
    const pixel = chosen ?? plus(explain(s, result, kept).top, result.size.map(middle));
    if (ARROWS[event.key]) {
      pause();
      chosen = null;
      move(plus(kept, ARROWS[event.key]));
    } else if (event.key === " ") play.click();
    else if (event.key === "Enter") edit(pixel);
    else if (TYPED.test(event.key)) edit(pixel, event.key);
    else return;
    event.preventDefault();
  });

  /**
   * Change a pixel of the image as it is shown, with what stands beyond its border. What was typed
   * to begin with takes the place of the old number.
   */
  function edit(shown, typed = "") {
    pause();
    const [row, col] = within(shown.map((n, axis) => n - result.before[axis]), shape(s.image));
    const [top, left] = plus([row, col], result.before);
    const [rows, cols] = shape(result.source);
    const label = `pixel in row ${row}, column ${col}`;
    const spot = [(top + 0.5) / rows, (left + 0.5) / cols];
    const field = pixelField(label, s.image[row][col], spot, {
      changed(value) {
        set({ image: replaced(s.image, [row, col], value) });
        refresh();
      },
      complain,
      closed(arrow) {
        if (String(arrow) === "0,0") image.canvas.focus();
        else if (arrow) edit(plus([top, left], arrow));
      },
    });
    image.sheet.append(field);
    field.focus();
    if (typed) field.value = typed;
    else field.select();
  }

  // The model may be changed from Python too, several traits at once.
  let stale = false;
  const changed = () => {
    if (!stale) queueMicrotask(() => ((stale = false), refresh()));
    stale = true;
  };
  const moved = () => ours || move([model.get("row"), model.get("col")]);
  const listeners = TRAITS.map((name) => [
    `change:${name}`,
    name === "row" || name === "col" ? moved : changed,
  ]);
  for (const [name, listener] of listeners) model.on(name, listener);
  el.replaceChildren(root);
  refresh();
  return () => {
    pause();
    cancelAnimationFrame(drawing);
    [speaking, telling].forEach(clearTimeout);
    for (const [name, listener] of listeners) model.off(name, listener);
  };
}

export default { render };
