// Before a lesson opens: can this browser run it, does it keep what is done, is all there that the
// first check needs? Each obstacle is told in a sentence, with the ways that are left.

const LAB = new URL("./", location.href);

{% include "drive.js" %}

const LESSON = new URLSearchParams(location.search).get("path") ?? Object.keys(COLAB)[0];
const FIRST = "what comes first";
const SILENCE = 30_000; // milliseconds after which a service worker may have been ended

const STOPPED = {
  network: "The connection broke off, or the course has just been renewed. What came is kept.",
  room:
    "This browser has no room left to keep the course. The lesson runs, but it loads anew each time, " +
    "and your work may not be kept: free some disk space first.",
};

function say(sentence, ...choices) {
  document.getElementById("bar").hidden = true;
  document.getElementById("said").textContent = sentence;
  document.getElementById("choices").replaceChildren(...choices.flatMap((one) => [one, " "]));
}

function link(words, address) {
  const made = document.createElement("a");
  made.href = address;
  made.textContent = words;
  return made;
}

function lesson(path = LESSON) {
  return `lab/index.html?path=${encodeURIComponent(path)}`;
}

function button(words, work) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = words;
  made.addEventListener("click", work);
  return made;
}

function elsewhere() {
  const colab = COLAB[LESSON] ?? Object.values(COLAB)[0];
  return [link("Open it in Colab", colab), link("Read the lessons", "../index.html")];
}

async function begin() {
  if (typeof WebAssembly !== "object") {
    const why = "Python can't run in this browser: it has no WebAssembly, or a setting forbids it.";
    return say(why, ...elsewhere());
  }
  if (!isSecureContext) {
    const why = "This page came by http, and so the browser keeps no progress. By https it does.";
    const secure = location.href.replace(/^http:/, "https:");
    return say(why, link("Open it by https", secure), link("Go on without progress", lesson()));
  }
  const worker = await ready();
  if (!worker) {
    const why =
      "This browser lets the course keep nothing: a private window does that, or a setting. " +
      "The lesson runs, and your points are gone when you close it.";
    return say(why, link("Go on all the same", lesson()), ...elsewhere());
  }
  const trouble = await loaded(worker);
  if (trouble) {
    const again = button("Try again", () => location.reload());
    return say(STOPPED[trouble], again, link("Go on all the same", lesson()));
  }
  const fresh = await renewed();
  if (!fresh) return location.replace(lesson());
  const mine = button("Open mine", () => chosen(fresh, LESSON));
  const beside = button("Put the new one beside it", async () => chosen(fresh, await put(fresh)));
  say("There is a newer version of this lesson. Yours stays as it is, with all that you wrote.", mine, beside);
}

// --- What is kept -------------------------------------------------------------------------------

// The service worker, once it is at work; null where the browser allows none.
async function ready() {
  try {
    const address = new URL("service-worker.js?enableCache=false", LAB).href;
    // JupyterLite, where it finds no such note, ends every service worker of this host and waits for
    // a new one.
    const settings = await (await fetch("jupyter-lite.json")).json();
    localStorage.setItem(`${address}-version`, settings["jupyter-config-data"].appVersion);
    const registration = await navigator.serviceWorker.register(address);
    if (registration.active) await newest(registration);
    const worker = registration.active ?? registration.waiting ?? registration.installing;
    while (worker.state !== "activated") {
      if (worker.state === "redundant") return null;
      await new Promise((changed) => worker.addEventListener("statechange", changed, { once: true }));
    }
    return worker;
  } catch {
    return null;
  }
}

// Let a new version of the course take over, unless another page of the old one is open.
async function newest(registration) {
  const taken = new Promise((done) => {
    navigator.serviceWorker.addEventListener("controllerchange", done, { once: true });
  });
  await registration.update().catch(() => {}); // without a network the old one goes on
  const fresh = registration.installing ?? registration.waiting;
  if (!fresh) return;
  while (fresh.state === "installing") {
    await new Promise((changed) => fresh.addEventListener("statechange", changed, { once: true }));
  }
  if (fresh.state !== "installed") return;
  const answer = new Promise((done) => {
    navigator.serviceWorker.addEventListener("message", ({ data }) => {
      if (data.wanted === "take over") done(data.alone);
    });
    navigator.serviceWorker.startMessages();
  });
  fresh.postMessage("take over");
  if (await answer) await taken.then(() => location.reload());
}

function called(name) {
  if (!name.startsWith("static/pyodide/")) return "JupyterLab";
  const file = name.split("/").pop();
  return /^(pyodide|python_stdlib)/.test(file) ? "Python" : file.split("-")[0].replaceAll("_", "-");
}

// Load what the first check needs, in sight; gives what went wrong, if anything did.
function loaded(worker) {
  return new Promise((done) => {
    let heard = Date.now();
    let what = "";
    navigator.serviceWorker.addEventListener("message", ({ data }) => {
      if (data.wanted !== FIRST) return;
      heard = Date.now();
      if (data.complete || data.trouble) return done(data.trouble ?? "");
      what = called(data.name);
      const [there, size] = [data.there, data.size].map((bytes) => (bytes / 1e6).toFixed(0));
      const bar = document.getElementById("bar");
      Object.assign(bar, { max: data.size, value: data.there, hidden: false });
      document.getElementById("said").textContent = `Loading ${what}: ${there} of ${size} MB.`;
    });
    navigator.serviceWorker.startMessages();
    worker.postMessage(FIRST);
    setInterval(() => {
      if (Date.now() - heard > SILENCE) worker.postMessage(FIRST);
    }, SILENCE);
  });
}

// --- A notebook of another version --------------------------------------------------------------

// The lesson as it is now, if the visitor has an older one and has not said yet what to do.
async function renewed() {
  try {
    const store = LESSON in COLAB ? await drive("readonly") : null;
    const mine = store && (await asked(store.get(LESSON)));
    if (!mine) return null;
    const notebook = typeof mine.content === "string" ? JSON.parse(mine.content) : mine.content;
    const fresh = await (await fetch(`files/${LESSON}`)).json();
    const told = localStorage.getItem(`course ${LAB.pathname}${LESSON}`);
    const now = fresh.metadata.course;
    return notebook.metadata.course === now || told === now ? null : fresh;
  } catch {
    return null; // what can't be read here, JupyterLab tells
  }
}

function chosen(fresh, path) {
  localStorage.setItem(`course ${LAB.pathname}${LESSON}`, fresh.metadata.course);
  location.replace(lesson(path));
}

// Put a notebook beside the visitor's own, under a name that is free.
async function put(notebook) {
  const store = await drive("readwrite");
  const names = await asked(store.getAllKeys());
  let name;
  let number = 1;
  do name = LESSON.replace(".ipynb", ` (new ${number++}).ipynb`);
  while (names.includes(name));
  const now = new Date().toISOString();
  const file = { name, path: name, created: now, last_modified: now, writable: true };
  const kind = { type: "notebook", format: "json", mimetype: "application/json" };
  await asked(store.put({ ...file, ...kind, content: notebook }, name));
  return name;
}

begin();
