// The page itself, kept for when the server cannot be reached. Nothing of anybody's: only what everyone may load.
// The build writes the list of FILES and their VERSION before this.

const KEPT = `openline page ${VERSION}`;
const PATIENCE_MS = 4_000;
/** In a cache: the tabs that were open when the next generation took over. */
const TABS = "/tabs-of-this-generation";

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(KEPT).then((cache) => cache.addAll(FILES)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(forgetUnused().then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  // A tab of the generation before may still ask for what only that one has.
  if (isHashed(pathname)) return event.respondWith(keptFirst(request));
  if (!FILES.includes(pathname)) return;
  if (request.mode === "navigate") event.waitUntil(forgetUnused());
  event.respondWith(serverFirst(pathname, request));
});

/** What has a hash in its name never changes. */
function isHashed(pathname) {
  return pathname.startsWith("/assets/");
}

async function keptFirst(request) {
  return (await caches.match(request, { ignoreVary: true })) ?? fetch(request);
}

/** As it is on the server, unless it does not say so in time, or something before it says that it is away. */
async function serverFirst(pathname, request) {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  try {
    const answer = await fetch(request, { signal });
    return answer.status < 500 ? answer : ((await kept(pathname)) ?? answer);
  } catch (error) {
    const known = await kept(pathname);
    if (known) return known;
    throw error;
  }
}

async function kept(pathname) {
  return (await caches.open(KEPT)).match(pathname, { ignoreVary: true });
}

/** What other generations kept, once no tab is open that may be of them: those that were when this one took over. */
async function forgetUnused() {
  const open = (await self.clients.matchAll({ includeUncontrolled: true, type: "window" })).map(({ id }) => id);
  const names = await caches.keys();
  const others = names.filter((name) => name.startsWith("openline page ") && name !== KEPT);
  for (const name of others) {
    const cache = await caches.open(name);
    const noted = await (await cache.match(TABS))?.json();
    if (!(noted ?? open).some((id) => open.includes(id))) await caches.delete(name);
    else if (!noted) await cache.put(TABS, Response.json(open));
  }
}
