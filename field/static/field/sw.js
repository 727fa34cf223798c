/* The app's own worker: the shell from the phone, everything else from the network. APP is put before. */
const CACHE = `safeshore-field-${APP.version}`;

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(CACHE);
    await cache.addAll(APP.assets.map((address) => new Request(address, { cache: "reload" })));
    const shell = await fetch(APP.shell, { cache: "reload", credentials: "same-origin" });
    if (shell.ok && !shell.redirected) await cache.put(APP.shell, shell);
  })());
});

// A new version waits until every page of the old one is closed or asks for it: no form is cut off.
self.addEventListener("message", (event) => {
  if (event.data === "take over") self.skipWaiting();
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name.startsWith("safeshore-field-") && name !== CACHE) await caches.delete(name);
    await self.clients.claim();
  })());
});

self.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  if (event.request.method !== "GET" || address.origin !== location.origin) return;
  if (address.pathname === APP.shell) event.respondWith(shell(event.request));
  else if (APP.assets.includes(address.pathname)) event.respondWith(kept(event.request));
});

/** The newest shell where there is signal within three seconds, else the one on the phone. */
async function shell(request) {
  const cache = await caches.open(CACHE);
  const stored = await cache.match(APP.shell);
  const fresh = fetch(request).then(async (answer) => {
    if (answer.ok && !answer.redirected) await cache.put(APP.shell, answer.clone());
    return answer;
  });
  if (!stored) return fresh;
  const late = new Promise((resolve) => setTimeout(() => resolve(stored), 3000));
  return Promise.race([fresh.catch(() => stored), late]);
}

async function kept(request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(request, { ignoreSearch: true })) ?? fetch(request);
}
