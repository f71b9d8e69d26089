// Two jobs. The kernel's Python reads and writes files by requests that stop it until they are
// answered: each is handed to the page, which has the drive. And every file of the course is kept,
// so that the next visit loads nothing, and needs no network once all are there.

const VERSION = "THE VERSION"; // of all files together, written by `course site`
const KEPT = `course ${new URL("./", location).pathname} ${VERSION}`;
const FILES = new URL("offline.json", location);

const drive = new BroadcastChannel("/sw-api.v1");

// A first visit is served at once. A new version waits until no page of the old one is open: their
// files have other names.
self.addEventListener("install", () => {
  if (!self.registration.active) self.skipWaiting();
});

self.addEventListener("activate", (event) => event.waitUntil(begin()));

async function begin() {
  const mine = KEPT.slice(0, -VERSION.length);
  for (const name of await caches.keys()) {
    if (name.startsWith(mine) && name !== KEPT) await caches.delete(name);
  }
  await self.clients.claim();
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (url.pathname.endsWith("/api/service-worker-heartbeat")) {
    event.respondWith(new Response("ok"));
  } else if (/\/api\/(drive|stdin\/)/.test(url.pathname)) {
    event.respondWith(fromThePage(request, url.pathname));
  } else if (request.method === "GET") {
    event.respondWith(fromWhatIsKept(request, url.pathname));
  }
});

async function fromThePage(request, pathname) {
  const asked = await request.json();
  return new Promise((answer) => {
    const listen = ({ data }) => {
      if (data.browsingContextId !== asked.browsingContextId || !("response" in data)) return;
      drive.removeEventListener("message", listen);
      answer(new Response(JSON.stringify(data.response)));
    };
    drive.addEventListener("message", listen);
    drive.postMessage({ ...asked, pathname });
  });
}

async function fromWhatIsKept(request, pathname) {
  const cache = await caches.open(KEPT);
  const name = pathname.endsWith("/") ? `${pathname}index.html` : pathname;
  const kept = await cache.match(name);
  if (kept) return kept;
  const fresh = await fetch(request);
  if (fresh.status === 200 && !fresh.redirected) await keep(cache, name, fresh.clone());
  return fresh;
}

// A full disk is no reason to show nothing: it is loaded again the next time.
async function keep(cache, name, response) {
  try {
    await cache.put(name, response);
  } catch {
    return false;
  }
  return true;
}

// A page that asks is told how much is there, and once it is complete.
self.addEventListener("message", (event) => event.waitUntil(keepAll(event.source)));

async function keepAll(page) {
  const cache = await caches.open(KEPT);
  const files = Object.entries(await (await fetch(FILES)).json());
  const all = files.reduce((sum, [, size]) => sum + size, 0);
  let there = 0;
  for (const [name, size] of files) {
    const path = new URL(name, location).pathname;
    if (!(await cache.match(path))) {
      const fresh = await fetch(path);
      if (!fresh.ok || !(await keep(cache, path, fresh))) break;
    }
    there += size;
    page.postMessage({ there, all });
  }
}
