// Two jobs. The kernel's Python reads and writes files by requests that stop it until they are
// answered: each is handed to the page, which has the drive. And every file of the course is kept,
// so that the next visit loads nothing, and needs no network once all are there.

const VERSION = "THE VERSION"; // of all files together, written by `course site`
const HERE = new URL("./", location).pathname;
const MINE = `course ${HERE} `;
const KEPT = MINE + VERSION;
const LIST = `files-${VERSION}.json`;
const AT_ONCE = 6; // as many as a browser loads from a host at once, where it has to choose

// What a file is, where it is unpacked here: a server says it of its own files.
const TYPES = {
  css: "text/css",
  html: "text/html",
  js: "text/javascript",
  json: "application/json",
  mjs: "text/javascript",
  svg: "image/svg+xml",
  wasm: "application/wasm",
};

const drive = new BroadcastChannel("/sw-api.v1");
const PATIENCE = 2000; // milliseconds after which who asked the drive may have been closed

// A first visit is served at once. A new version waits until no page of the old one is open, or
// until the page that opens a lesson says that there is no other.
self.addEventListener("install", (event) => {
  if (!self.registration.active) self.skipWaiting();
  event.waitUntil(files());
});

self.addEventListener("activate", (event) => event.waitUntil(begin()));

async function begin() {
  for (const name of await caches.keys()) {
    if (name.startsWith(MINE) && name !== KEPT) await caches.delete(name);
  }
  await self.clients.claim();
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (url.pathname.endsWith("/api/service-worker-heartbeat")) {
    event.respondWith(new Response("ok"));
  } else if (url.pathname.endsWith("/api/drive")) {
    event.respondWith(inTurn(() => fromTheDrive(event, url.pathname)));
  } else if (url.pathname.includes("/api/stdin/")) {
    event.respondWith(request.json().then((asked) => fromThePage(asked, url.pathname, event.clientId)));
  } else if (request.method === "GET") {
    event.respondWith(fromWhatIsKept(request, url.pathname));
  }
});

// An answer does not say which question it is for, so there is one at a time, of all notebooks
// together. (A question for a line of text waits for a hand, and keeps nobody from the drive.)
let last = Promise.resolve();
let giveUp = () => {}; // on the question that is asked now, if this page can't answer it
new BroadcastChannel("course drive").onmessage = ({ data }) => giveUp(data);

function inTurn(work) {
  const done = last.then(work);
  last = done.catch(() => {});
  return done;
}

async function fromTheDrive({ request, clientId }, pathname) {
  const asked = await request.json();
  const { method, path } = asked.data;
  if (method === "mknod") {
    // Python has looked, but another notebook may have been faster: of two that make the file that
    // keeps them apart, one has to fail.
    const looked = await fromThePage({ ...asked, data: { method: "lookup", path } }, pathname, clientId);
    if (!looked.ok || (await looked.json()).ok) return new Response("", { status: 409 });
  }
  return fromThePage(asked, pathname, clientId);
}

function fromThePage(asked, pathname, asker) {
  return new Promise((answer) => {
    const end = (...response) => {
      drive.removeEventListener("message", listen);
      clearInterval(watching);
      answer(new Response(...response));
    };
    const listen = ({ data }) => {
      if (data.browsingContextId !== asked.browsingContextId || !("response" in data)) return;
      end(JSON.stringify(data.response));
    };
    if (pathname.endsWith("/api/drive")) {
      giveUp = (page) => page === asked.browsingContextId && end("", { status: 507 });
    }
    // Whoever is gone gets no answer, and nobody else shall wait for it.
    const watching = setInterval(async () => {
      if (!(await clients.get(asker))) end("", { status: 410 });
    }, PATIENCE);
    drive.addEventListener("message", listen);
    drive.postMessage({ ...asked, pathname });
  });
}

// --- What is kept -------------------------------------------------------------------------------

async function fromWhatIsKept(request, pathname) {
  const path = pathname.endsWith("/") ? `${pathname}index.html` : pathname;
  const name = path.slice(HERE.length);
  const there = await kept(name);
  if (there) return there;
  try {
    const { response } = await load(name);
    return response;
  } catch {
    // It is none of the course's, or of another version: as if there were no service worker.
    return fetch(request);
  }
}

async function kept(name) {
  return (await caches.open(KEPT)).match(HERE + name);
}

// All files of this version, by name: how much has to be loaded, the hash of that, whether it is
// packed, and whether it is needed before the first check.
let list = null;

function files() {
  list ??= readList().catch((trouble) => {
    list = null;
    throw trouble;
  });
  return list;
}

async function readList() {
  const there = await kept(LIST);
  if (there) return there.json();
  const fresh = await fetch(HERE + LIST);
  if (!fresh.ok) throw new Error("The list is that of another version.");
  await keep(LIST, fresh.clone());
  return fresh.json();
}

// Load a file and keep it. By its hash nothing is taken that is damaged or of another version.
async function load(name) {
  const [, integrity, packed] = (await files())[name];
  const loaded = await fetch(HERE + name + (packed ? ".packed" : ""), {
    integrity,
    cache: "no-cache", // or a host that lets files be kept for a while gives an old one
  });
  if (!loaded.ok) throw new Error(`${name} is not there.`);
  const type = TYPES[name.split(".").pop()] ?? loaded.headers.get("Content-Type") ?? "";
  const content = packed
    ? loaded.body.pipeThrough(new DecompressionStream("gzip"))
    : loaded.body;
  const response = new Response(content, { headers: { "Content-Type": type } });
  return { response, roomy: await keep(name, response.clone()) };
}

// A full disk is no reason to show nothing: it is loaded again the next time.
async function keep(name, response) {
  try {
    await (await caches.open(KEPT)).put(HERE + name, response);
  } catch {
    return false;
  }
  return true;
}

// --- Keeping the course before it is asked for --------------------------------------------------

self.addEventListener("message", (event) => {
  const work = event.data === "take over" ? takeOver : keepAll;
  event.waitUntil(work(event.source, event.data));
});

async function takeOver(page, wanted) {
  const open = await clients.matchAll({ type: "window", includeUncontrolled: true });
  const alone = open.filter((one) => new URL(one.url).pathname.startsWith(HERE)).length < 2;
  page.postMessage({ wanted, alone });
  if (alone) await self.skipWaiting();
}

// Two pages may ask at once; what both want is loaded once.
const underWay = {};

// A page asks for "what comes first" or for "everything", and is told how far it has got.
async function keepAll(page, wanted) {
  const tell = (more) => page.postMessage({ wanted, ...more });
  let names;
  let all;
  try {
    all = await files();
    names = Object.keys(all).filter((name) => wanted === "everything" || all[name][3]);
  } catch {
    return tell({ trouble: "network" });
  }
  const size = names.reduce((sum, name) => sum + all[name][0], 0);
  let there = 0;
  let trouble = "";
  const left = [...names];
  async function some() {
    for (let name = left.shift(); name && !trouble; name = left.shift()) {
      if (!(await kept(name))) {
        tell({ there, size, name });
        try {
          underWay[name] ??= load(name).finally(() => delete underWay[name]);
          if (!(await underWay[name]).roomy) trouble = "room";
        } catch {
          trouble = "network";
        }
      }
      there += all[name][0];
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, some));
  tell(trouble ? { trouble } : { there: size, size, complete: true });
}
