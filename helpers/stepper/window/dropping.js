// A picture of one's own: chosen or dropped, read by this page, and never sent anywhere.

import { table } from "./arithmetic.js";
import { button, node } from "./controls.js";

const LARGEST = 128; // pixels on a side

/** What is to be told of a file that is no picture. */
const unreadable = ({ name }) => `“${name}” is not a picture that this browser can read.`;

/** The channels of a picture file: red, green and blue, each from 0 to 255, small enough to show. */
async function channelsOf(file) {
  const picture = await createImageBitmap(file);
  const scale = Math.min(1, LARGEST / Math.max(picture.width, picture.height));
  const [rows, cols] = [picture.height, picture.width].map((n) =>
    Math.max(Math.round(n * scale), 1),
  );
  const canvas = node("canvas");
  [canvas.width, canvas.height] = [cols, rows];
  const context = canvas.getContext("2d");
  context.fillStyle = "#fff"; // what is transparent lies on white paper
  context.fillRect(0, 0, cols, rows);
  context.imageSmoothingQuality = "high";
  context.drawImage(picture, 0, 0, cols, rows);
  const { data } = context.getImageData(0, 0, cols, rows);
  return [0, 1, 2].map((n) => table(rows, cols, (r, c) => data[4 * (r * cols + c) + n]));
}

/** How bright an eye sees red, green and blue: ITU-R BT.601, as Pillow's "L" has it. */
const grey = ([red, green, blue]) =>
  red.map((line, r) =>
    line.map((value, c) => Math.round(0.299 * value + 0.587 * green[r][c] + 0.114 * blue[r][c])),
  );

/**
 * Let somebody choose or drop a picture; return the button. `count` is how many maps are wanted, and
 * `taken` gets them; `complain` is told what is wrong.
 */
export function dropping(root, count, taken, complain) {
  async function read(file) {
    if (!file) return;
    try {
      const maps = await channelsOf(file);
      complain("");
      taken(count === 3 ? maps : Array(count).fill(grey(maps)));
    } catch {
      complain(unreadable(file));
    }
  }
  const chooser = node("input", { type: "file", accept: "image/*", hidden: "", tabindex: "-1" });
  chooser.addEventListener("change", () => read(chooser.files[0]));
  root.addEventListener("dragover", (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    event.stopPropagation();
    root.classList.add("over");
  });
  root.addEventListener("dragleave", () => root.classList.remove("over"));
  root.addEventListener("drop", (event) => {
    root.classList.remove("over");
    if (!event.dataTransfer?.files.length) return;
    event.preventDefault(); // the notebook would take it for a file to upload
    event.stopPropagation();
    read(event.dataTransfer.files[0]);
  });
  root.append(chooser);
  return button("Your picture …", () => chooser.click());
}
