// The moving window: what is shown, what is touched, and the state behind both.
//
// A mode says what there is to see (maps and grids of cells), how it is arranged, what it computes
// and what happens at one place; all else is the same for every mode, and stands here.

import { plus, shape, within } from "./arithmetic.js";
import { backwards } from "./backwards.js";
import { kernelFields, windowCells } from "./cells.js";
import { channels } from "./channels.js";
import { button, CONTROLS, node } from "./controls.js";
import { convolution } from "./convolution.js";
import { dropping } from "./dropping.js";
import { keepKeys } from "./keys.js";
import { build, DENSITIES, fit, visibleHeight } from "./layout.js";
import { network } from "./network.js";
import { NUMBERED, picture } from "./picture.js";
import { player } from "./player.js";
import { pooling } from "./pooling.js";
import { touching } from "./touching.js";
import { number } from "./words.js";

export const MODES = { backwards, channels, convolution, network, pooling };

const HELP = {
  moves:
    "Point at the image, or use the arrow keys, to move the window; Home, End and the page keys " +
    "take it to an edge. Click to leave it there.",
  edits: "Type a number to change a pixel.",
  weights: "The kernel's numbers are yours to change too.",
  colours: "Red is positive, blue negative.",
  leaves: "Esc, then Tab, leaves the window.",
};
const QUIET = 700; // ms of rest before anything is said: playing and dragging must not flood
const longest = (words) => words.replace(/−?\d[\d.]*/g, (digits) => digits.padEnd(4, "0"));
const isThere = ({ out }) => out.length > 0 && out[0].length > 0;
const EDITED = { ink: "#1565c0", width: 2, size: [1, 1], inner: true };

/** Open a window on these settings in an element; return a way to look at them and to close it. */
export function open(settings, el) {
  const mode = MODES[settings.mode](settings);
  const initial = settings;
  let s = settings;
  let result, fits, arranged, rebuilding, cellSize, visited, seen;
  let place = [s.row, s.col]; // where the window is shown,
  let kept = place; // and where it goes back to when the pointer leaves
  let linked = null; // the cell of the window that is pointed at elsewhere
  let wrong = ""; // what to say of what is being typed or was dropped
  let [drawing, speaking] = [0, 0]; // what the browser will call

  const set = (values) => {
    s = { ...s, ...values };
    wrong = "";
    if (s.theirs) s = { ...s, theirs: null }; // they were for another case
    refresh();
  };

  // --- The parts ---------------------------------------------------------------------------------

  const described = `stepper-help-${Math.random().toString(36).slice(2)}`;
  const touched = { role: "application", tabindex: "0", "aria-describedby": described };
  const complain = (words) => {
    wrong = words;
    later();
  };
  const point = (at) => {
    linked = at;
    later();
  };
  const maps = Object.entries(mode.maps).map(([name, spec]) => {
    return { name, spec, ...picture(spec.touch ? touched : { role: "img" }) };
  });
  const grids = Object.entries(mode.grids).map(([name, spec]) => {
    if (spec.kind !== "weight") return { name, spec, ...windowCells(spec.kind, point) };
    const changed = (weights) => set(spec.change(s, weights));
    return { name, spec, ...kernelFields(spec.label, { pointed: point, changed, complain }) };
  });
  const figures = Object.fromEntries([...maps, ...grids].map(({ name, figure }) => [name, figure]));
  const controls = mode.controls.map((name) => CONTROLS[name](initial)(() => s, set));
  const playing = player({
    ready: () => fits,
    size: () => shape(result.out),
    at: () => kept,
    go: move,
    cover,
  });
  const hands = touching(maps, {
    settings: () => s,
    result: () => result,
    at: () => kept,
    told: () => mode.explain(s, result, kept),
    ready: () => fits,
    player: playing,
    ...{ move, set, complain, later },
  });
  const covers = mode.whole
    ? []
    : [button("Fill in", () => cover(true)), button("Clear", () => cover(false))];
  const buttons = node("div", { class: "controls buttons" }, ...playing.buttons, ...covers);
  const sum = node("p", { class: mode.lines ? "sum lines" : "sum" });
  const live = node("div", { class: "live", role: "status", "aria-live": "polite" });
  const parts = node("div", { class: "parts" });
  const chooses = node("div", { class: "controls" }, ...controls.map(({ field }) => field));
  const helps = [
    HELP.moves,
    HELP.edits,
    playing.help,
    grids.some(({ spec }) => spec.label) && HELP.weights,
  ];
  const help = node(
    "p",
    { class: "help", id: described },
    [...helps, HELP.colours, HELP.leaves].filter(Boolean).join(" "),
  );
  const root = node(
    "div",
    { class: "stepper", role: "group", "aria-label": mode.title },
    chooses,
    parts,
    sum,
    buttons,
    help,
    live,
  );
  if (mode.picture) buttons.append(dropping(root, s.maps?.length ?? 1, take, complain));
  buttons.append(button("Start again", restart));
  keepKeys(root);

  /** Show a picture, unless it is too small: what is there stays then, and why is said. */
  function take(drawn) {
    const other = { ...s, [mode.picture]: mode.picture === "maps" ? drawn : drawn[0] };
    const made = mode.compute(other);
    if (isThere(made)) set(other);
    else complain(mode.misfit(other, made));
  }

  // --- Settings have changed: compute everything, paint what stands still --------------------------

  function refresh() {
    const before = result?.out;
    result = mode.compute(s);
    fits = isThere(result);
    root.classList.toggle("misfit", !fits);
    controls.forEach(({ show }) => show(s));
    if (!fits) {
      playing.pause();
      return later();
    }
    kept = place = within(kept, shape(result.out));
    lay(true);
    if (!before?.length || String(shape(before)) !== String(shape(result.out))) cover(large());
    move(kept);
  }

  const shownMaps = () => maps.filter(({ spec }) => spec.values(s, result));
  const large = () =>
    Math.max(...shownMaps().flatMap(({ spec }) => shape(spec.values(s, result)))) > NUMBERED;

  /** Arrange the parts for the room that there is, and paint them at their size. */
  function lay(changed) {
    const width = root.clientWidth - 16;
    if (!fits || width <= 0) return;
    showKernels();
    const told = mode.explain(s, result, within(kept, shape(result.out)));
    reserve(told);
    const others = [chooses, sum, buttons].reduce((height, one) => height + one.offsetHeight, 30);
    const visible = visibleHeight(root);
    const height = visible - others < 260 ? visible - 8 : visible - others;
    const sizes = sizesOf(told);
    const next = fit(mode.arrange(s, large()), mode.reading, sizes, [width, height], !large());
    const key = JSON.stringify([next, devicePixelRatio]);
    if (!changed && key === arranged) return;
    const before = JSON.parse(arranged ?? "[{}]")[0].tree;
    if (!before) parts.replaceChildren(build(next.tree, figures));
    else if (JSON.stringify(next.tree) !== JSON.stringify(before)) rebuilding = next.tree;
    arranged = key;
    root.classList.toggle("narrow", Boolean(next.narrow));
    for (const name of Object.keys(DENSITIES)) root.classList.toggle(name, name === next.density);
    cellSize = next.cell;
    for (const map of shownMaps()) paint(map);
    later();
  }

  /** Arrange the parts anew. It waits for a frame: the focus may be on its way to one of them. */
  function rebuild() {
    const focused = root.contains(document.activeElement) && document.activeElement;
    parts.replaceChildren(build(rebuilding, figures));
    rebuilding = null;
    if (focused) (focused.isConnected ? focused : root).focus({ preventScroll: true });
  }

  function sizesOf(told) {
    const sizes = {};
    for (const { name, spec } of shownMaps()) {
      const [rows, cols] = shape(spec.values(s, result));
      sizes[name] = { rows, cols, kind: "map", words: spec.words(s, result) };
    }
    for (const { name, spec } of grids) {
      const values = spec.shown ? spec.shown(s, result) : told.cells[name]?.values;
      if (!values) continue;
      const [rows, cols] = shape(values);
      const kind = spec.kind === "product" && isWide() ? "wide" : spec.kind;
      sizes[name] = { rows, cols, kind, words: spec.words(s), below: spec.after?.(s) ? 22 : 0 };
    }
    root.classList.toggle("long-numbers", isWide());
    return sizes;
  }

  /** Whether products need more room: fractions, or weights with many digits. */
  function isWide() {
    const fractions = shownMaps().some(
      ({ spec }) =>
        spec.touch &&
        spec
          .values(s, result)
          .flat()
          .some((it) => !Number.isInteger(it)),
    );
    const weights = grids.flatMap(({ spec }) => spec.shown?.(s, result).flat() ?? []);
    return fractions || weights.some((value) => number(value, 3).length > 4);
  }

  function showKernels() {
    for (const { spec, show } of grids) {
      if (spec.shown) show(spec.shown(s, result), spec.words(s), spec.after?.(s));
    }
  }

  function paint({ spec, ...map }) {
    const values = spec.growing?.(s, visited ?? []) ?? spec.values(s, result);
    map.paint(
      values,
      spec.words(s, result),
      cellSize,
      spec.scale(s, result),
      spec.pale?.(s, result),
    );
  }

  // --- The window has moved: draw its frames, write its arithmetic ---------------------------------

  function move(to, keep = true) {
    if (!fits) return;
    place = within(to, shape(result.out));
    const index = place[0] * shape(result.out)[1] + place[1];
    if (visited && !visited[index]) {
      visited[index] = 1;
      seen.getContext("2d").fillRect(place[1], place[0], 1, 1);
      grow();
    }
    if (keep) kept = place;
    later();
  }

  function grow() {
    for (const map of maps) if (map.spec.growing && map.canvas.isConnected) paint(map);
  }

  function later() {
    drawing ||= requestAnimationFrame(draw);
  }

  function draw() {
    drawing = 0;
    if (rebuilding) rebuild();
    if (!fits) return say(wrong || mode.misfit(s, result));
    if (!arranged) return;
    const told = mode.explain(s, result, place);
    for (const { name, spec, ...map } of shownMaps()) {
      const frames = [...(told.frames[name] ?? [])];
      if (linked && told.linked.map === name) {
        frames.push({ at: plus(told.linked.top, linked), size: [1, 1], width: 2, inner: true });
      }
      if (spec.touch && document.activeElement === map.canvas)
        frames.push({ ...EDITED, at: hands.target({ name, ...map }, told) });
      const masked = typeof spec.seen === "function" ? spec.seen(s) : spec.seen;
      map.draw(frames, masked ? seen : null);
    }
    for (const { name, spec, ...grid } of grids) {
      const cells = told.cells[name];
      if (cells) grid.show(cells.values, spec.words(s), spec.scale(s, result), cells.made, cells.best);
      grid.mark("linked", linked);
    }
    if (wrong) return say(wrong);
    showSteps(told);
    const said = told.steps
      .map(([words, value, where = ""]) => `${words} ${value}${where}`.replace(/[,.]$/, ""))
      .join("; ");
    speak(`Row ${place[0]}, column ${place[1]} of ${mode.spoken?.(s) ?? "the output"}: ${said}.`);
  }

  function showSteps({ steps }) {
    const step = ([words, value, where = ""]) =>
      node("span", {}, words, " ", node("strong", {}, value), where, " ");
    sum.replaceChildren(...steps.map(step));
  }

  /** Leave room for the longest sum that there may be, so that nothing below it jumps. */
  function reserve(told) {
    sum.style.removeProperty("--height");
    showSteps({ steps: told.steps.map(([words, value, where]) => [longest(words), value, where]) });
    sum.style.setProperty("--height", `${sum.offsetHeight}px`);
    if (wrong) sum.textContent = wrong;
    else showSteps(told);
  }

  function say(words) {
    sum.textContent = words;
    speak(words);
  }

  function speak(words) {
    clearTimeout(speaking);
    speaking = setTimeout(() => (playing.on() ? speak(words) : (live.textContent = words)), QUIET);
  }

  // --- The output fills in -------------------------------------------------------------------------

  function cover(full) {
    playing.forget();
    if (mode.whole || !fits) return;
    const [rows, cols] = shape(result.out);
    visited = new Uint8Array(rows * cols).fill(full ? 1 : 0);
    seen = document.createElement("canvas");
    [seen.width, seen.height] = [cols, rows];
    if (full) seen.getContext("2d").fillRect(0, 0, cols, rows);
    move(kept);
    grow();
  }

  function restart() {
    playing.pause();
    hands.forget();
    [s, wrong, result] = [initial, "", undefined];
    place = kept = [initial.row, initial.col];
    refresh();
  }

  el.replaceChildren(root);
  refresh();
  // A notebook takes what is scrolled away out of the page, and puts it back; or drops it for good.
  const resized = () => (root.isConnected ? lay(false) : removeEventListener("resize", resized));
  const watching = new ResizeObserver(() => {
    addEventListener("resize", resized);
    resized();
  });
  watching.observe(root);
  return {
    settings: () => ({ ...s, row: kept[0], col: kept[1] }),
    set,
    close() {
      playing.pause();
      watching.disconnect();
      removeEventListener("resize", resized);
      cancelAnimationFrame(drawing);
      clearTimeout(speaking);
    },
  };
}
