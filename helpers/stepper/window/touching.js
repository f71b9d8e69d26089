// Mouse, touch and keys on a map: the window follows, and numbers are typed into its pixels.

import { plus, replaced, shape, within } from "./arithmetic.js";
import { ARROWS, pixelField } from "./cells.js";

const TYPED = /^[\d.,+−-]$/; // how a number begins
// The page would scroll, and the window be out of sight with the focus in it.
const TO_THE_EDGE = {
  Home: ([row]) => [row, 0],
  End: ([row]) => [row, Infinity],
  PageUp: ([, col]) => [0, col],
  PageDown: ([, col]) => [Infinity, col],
};

/**
 * Let maps be touched. `desk` is the window that they are in: what it shows (`settings`, `result`,
 * `at`, `told`, all of them functions), whether it is `ready`, its `player`, and how to `move` it,
 * `set` its settings, `complain`, and have it drawn `later`.
 */
export function touching(maps, desk) {
  let chosen = null; // the pixel that was clicked, for who types a number then

  /** The pixel of a map that a number goes into. */
  function target({ name, canvas }, told) {
    return (chosen?.canvas === canvas && chosen.at) || (told.targets?.[name] ?? told.target);
  }

  function follow({ spec, canvas, hit }) {
    let before = desk.at();
    const find = (event) => spec.find(desk.settings(), desk.result(), hit(event));
    canvas.addEventListener("pointerdown", (event) => {
      if (!desk.ready()) return;
      canvas.setPointerCapture(event.pointerId);
      before = desk.at();
      desk.player.pause();
      desk.complain("");
      chosen = spec.touch ? { canvas, at: hit(event) } : null;
      desk.move(find(event));
    });
    canvas.addEventListener("pointermove", (event) => {
      if (desk.ready() && !desk.player.on()) desk.move(find(event), event.buttons > 0);
    });
    canvas.addEventListener("pointercancel", () => desk.move(before)); // a swipe: the page scrolls
    canvas.addEventListener("pointerleave", () => desk.player.on() || desk.move(desk.at(), false));
  }

  function listen(map) {
    const { canvas, hit } = map;
    for (const event of ["focus", "blur"]) canvas.addEventListener(event, desk.later);
    canvas.addEventListener("dblclick", (event) => edit(map, hit(event)));
    canvas.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || !desk.ready()) return;
      const arrow = ARROWS[event.key];
      const edge = TO_THE_EDGE[event.key];
      if (arrow || edge) {
        desk.player.pause();
        desk.complain("");
        chosen = null;
        desk.move(arrow ? plus(desk.at(), arrow) : edge(desk.at()));
      } else if (event.key === " ") desk.player.press();
      else if (event.key === "Enter") edit(map, target(map, desk.told()));
      else if (TYPED.test(event.key)) edit(map, target(map, desk.told()), event.key);
      else return;
      event.preventDefault();
    });
  }

  /**
   * Change a pixel of a map as it is shown, with what stands beyond its border. What was typed to
   * begin with takes the place of the old number.
   */
  function edit(map, shown, typed = "") {
    if (!desk.ready()) return;
    desk.player.pause();
    const { spec } = map;
    const [key, index] = spec.touch;
    const now = desk.settings()[key];
    const values = index === undefined ? now : now[index];
    const before = spec.before?.(desk.result()) ?? [0, 0];
    const inner = shown.map((n, axis) => n - before[axis]);
    const [row, col] = within(inner, shape(values));
    const [top, left] = plus([row, col], before);
    const [rows, cols] = shape(spec.values(desk.settings(), desk.result()));
    const label = `pixel in row ${row}, column ${col}`;
    const field = pixelField(label, values[row][col], [(top + 0.5) / rows, (left + 0.5) / cols], {
      changed(value) {
        const other = replaced(values, [row, col], value);
        desk.set({
          [key]: index === undefined ? other : now.map((old, n) => (n === index ? other : old)),
        });
      },
      complain: desk.complain,
      closed(arrow) {
        if (String(arrow) === "0,0") map.canvas.focus();
        else if (arrow) edit(map, plus([top, left], arrow));
      },
    });
    map.sheet.append(field);
    field.focus();
    if (typed) field.value = typed;
    else field.select();
  }

  for (const map of maps) {
    follow(map);
    if (map.spec.touch) listen(map);
  }
  return { target, forget: () => (chosen = null) };
}
