// The page itself, kept for when the server cannot be reached. Nothing of anybody's: only what everyone may load.
// The build writes the list of FILES and their VERSION before this.

const KEPT = `openline page ${VERSION}`;
const PATIENCE_MS = 4_000;

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(KEPT).then((cache) => cache.addAll(FILES)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(forgetOthers().then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin || !FILES.includes(pathname)) return;
  event.respondWith(isHashed(pathname) ? keptFirst(request) : serverFirst(pathname, request));
});

/** What has a hash in its name never changes. */
function isHashed(pathname) {
  return pathname.startsWith("/assets/");
}

async function keptFirst(request) {
  return (await caches.match(request, { ignoreVary: true })) ?? fetch(request);
}

/** As it is on the server, unless it does not say so in time. */
async function serverFirst(pathname, request) {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  try {
    return await fetch(request, { signal });
  } catch (error) {
    const kept = await caches.match(pathname, { ignoreVary: true });
    if (kept) return kept;
    throw error;
  }
}

async function forgetOthers() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith("openline page ") && name !== KEPT);
  await Promise.all(old.map((name) => caches.delete(name)));
}
