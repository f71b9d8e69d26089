// Play, pause and next: the window goes over the output by itself, place after place.

import { button } from "./controls.js";

const SLOWEST = 600; // ms that a place takes while playing,
const WHOLE = 12000; // and a large image as a whole
const HELP = { play: "Space plays and pauses.", step: "Space goes on to the next place." };

/**
 * What plays. It asks whether there is anything to play, how many rows and columns, and where the
 * window is; it tells where to `go`, and to `cover` the output before it begins.
 */
export function player({ ready, size, at, go, cover }) {
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  let playing = 0;
  let paused = false; // whether to play means to go on
  const play = button("▶ Play", press);
  play.className = "play";

  /** Go on by so many places, from the last one to the first; say whether there are more. */
  function next(count) {
    if (!ready()) return false;
    const [rows, cols] = size();
    const [row, col] = at();
    const [from, last] = [row * cols + col, rows * cols - 1];
    const until = Math.min(from + count, last);
    for (let n = from; n <= until; n++) go([Math.floor(n / cols), n % cols]);
    if (from === last) go([0, 0]);
    return until < last;
  }

  function start() {
    if (!ready()) return;
    if (calm.matches) return next(1);
    const [rows, cols] = size();
    const each = Math.min(SLOWEST, WHOLE / (rows * cols));
    let due = performance.now() + each;
    const tick = (now) => {
      const count = Math.max(Math.floor((now - due) / each) + 1, 0);
      due += count * each;
      playing = count === 0 || next(count) ? requestAnimationFrame(tick) : 0;
      if (!playing) pause();
    };
    if (!paused || String(at()) === String([rows - 1, cols - 1])) {
      go([0, 0]);
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

  function press() {
    if (playing) pause();
    else start();
  }

  return {
    buttons: [play, button("Next", () => next(1))],
    help: HELP[calm.matches ? "step" : "play"],
    on: () => playing > 0,
    forget: () => (paused = false),
    pause,
    press,
  };
}
