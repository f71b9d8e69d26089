// The first page: where a visitor stands, their work to take along, the course without a network.

const LAB = new URL("lab/", location.href);

{% include "drive.js" %}

async function everything() {
  const store = await drive("readonly");
  return store ? asked(store.getAll()) : [];
}

// --- Where one stands ---------------------------------------------------------------------------

function stand(answers, keys) {
  const points = keys.map((key) => answers[key]?.points ?? 0);
  return points.reduce((sum, one) => sum + one, 0);
}

async function showProgress() {
  const files = await everything();
  document.getElementById("work").hidden = !files.length; // a notebook is work, checked or not
  const file = files.find((one) => one.path === "progress.json");
  if (!file) return;
  const progress = JSON.parse(new TextDecoder().decode(bytesOf(file)));
  let total = 0;
  for (const card of document.querySelectorAll("[data-exercises]")) {
    const points = stand(progress.answers, card.dataset.exercises.split(" "));
    total += points;
    card.querySelector(".stand").textContent = `${points} of ${card.dataset.points} points`;
  }
  const on = document.getElementById("go-on");
  const last = [...document.querySelectorAll("[data-exercises]")].find((card) =>
    card.dataset.exercises.split(" ").includes(progress.last),
  );
  if (last) {
    on.href = last.querySelector(".here").href;
    on.textContent = `Go on with lesson ${last.dataset.number}`;
  }
  document.getElementById("stand").textContent = `You have ${total} points so far.`;
}

// --- Taking it along, and bringing it back ------------------------------------------------------

const CRC = Uint32Array.from({ length: 256 }, (_, byte) => {
  for (let bit = 0; bit < 8; bit++) byte = byte & 1 ? 0xedb88320 ^ (byte >>> 1) : byte >>> 1;
  return byte;
});

function crc(bytes) {
  let found = -1;
  for (const byte of bytes) found = CRC[(found ^ byte) & 255] ^ (found >>> 8);
  return ~found >>> 0;
}

function bytesOf(file) {
  if (file.format === "base64") return Uint8Array.from(atob(file.content), (c) => c.charCodeAt(0));
  const text = typeof file.content === "string" ? file.content : JSON.stringify(file.content, null, 1);
  return new TextEncoder().encode(text);
}

// A zip whose files are stored as they are: notebooks and the progress file are small.
function zipped(files) {
  const parts = [];
  const directory = [];
  let offset = 0;
  for (const [path, bytes] of files) {
    const name = new TextEncoder().encode(path);
    // UTF-8 names, stored, midnight of 1 January 1980: a zip knows no earlier day.
    const head = [0x0800, 0, 0, 0x21, crc(bytes), bytes.length, bytes.length, name.length, 0];
    const local = record([0x04034b50, 20, ...head], name);
    directory.push(record([0x02014b50, 20, 20, ...head, 0, 0, 0, 0, offset], name));
    parts.push(local, bytes);
    offset += local.length + bytes.length;
  }
  const size = directory.reduce((sum, one) => sum + one.length, 0);
  const count = directory.length;
  const end = record([0x06054b50, 0, 0, count, count, size, offset, 0]);
  return new Blob([...parts, ...directory, end], { type: "application/zip" });
}

// How many bytes each number of a record has, by the record's signature.
const WIDTHS = {
  0x04034b50: [4, 2, 2, 2, 2, 2, 4, 4, 4, 2, 2],
  0x02014b50: [4, 2, 2, 2, 2, 2, 2, 4, 4, 4, 2, 2, 2, 2, 2, 4, 4],
  0x06054b50: [4, 2, 2, 2, 2, 4, 4, 2],
};

function record(numbers, name = new Uint8Array()) {
  const widths = WIDTHS[numbers[0]];
  const length = widths.reduce((sum, one) => sum + one, 0);
  const bytes = new Uint8Array(length + name.length);
  const view = new DataView(bytes.buffer);
  let at = 0;
  widths.forEach((width, index) => {
    if (width === 4) view.setUint32(at, numbers[index], true);
    else view.setUint16(at, numbers[index], true);
    at += width;
  });
  bytes.set(name, length);
  return bytes;
}

async function takeAlong() {
  const files = (await everything()).filter((file) => file.type !== "directory");
  const link = document.createElement("a");
  link.href = URL.createObjectURL(zipped(files.map((file) => [file.path, bytesOf(file)])));
  link.download = "convolutions-work.zip";
  link.click();
  URL.revokeObjectURL(link.href);
}

// --- Without a network --------------------------------------------------------------------------

const COMPLETE = "The course is complete in this browser: the lessons also work without a network.";
const STOPPED = {
  network: "The connection broke off. What is missing of the course comes with your next visit.",
  room:
    "This browser has no room to keep the whole course, so the lessons need a network. " +
    "Free some disk space, and open this page again.",
};

async function keepOffline() {
  const worker = (await navigator.serviceWorker?.getRegistration(LAB))?.active;
  if (!worker) return;
  const said = document.getElementById("offline");
  navigator.serviceWorker.addEventListener("message", ({ data }) => {
    const [there, size] = [data.there, data.size].map((bytes) => (bytes / 1e6).toFixed(0));
    said.hidden = false;
    said.textContent = data.complete
      ? COMPLETE
      : (STOPPED[data.trouble] ??
        `Keeping the course for when there is no network: ${there} of ${size} MB.`);
  });
  navigator.serviceWorker.startMessages();
  worker.postMessage("everything");
}

keepOffline().catch(() => {});
document.getElementById("take-along").addEventListener("click", takeAlong);
// A browser that keeps nothing (a private window, a policy) has nothing to show either.
showProgress().catch(() => {});
