/* Keeps the shell on the phone, so that the page opens without a line. It never touches the API. */

const CACHE = "guiyan-field-{{ version }}";
const SHELL = "{{ shell_url|escapejs }}";
const PARTS = [{% for part in parts %}"{{ part|escapejs }}"{% if not forloop.last %}, {% endif %}{% endfor %}];

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(CACHE);
    // All or nothing: a worker whose parts did not all arrive is thrown away, and the old one stays.
    await cache.addAll([new Request(SHELL, { cache: "reload" }), ...PARTS]);
    await self.skipWaiting();
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) {
      if (name.startsWith("guiyan-field-") && name !== CACHE) await caches.delete(name);
    }
    await self.clients.claim();
  })());
});

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin) return;
  if (event.request.mode === "navigate" && url.pathname === SHELL) event.respondWith(shell(event.request));
  else if (PARTS.includes(url.pathname)) event.respondWith(part(event.request));
});

/** The newest page when there is a line within three seconds, else the one that is kept. */
async function shell(request) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(SHELL);
  if (!kept) return fetch(request);
  try {
    const fresh = await fetch(request, { signal: AbortSignal.timeout(3000) });
    if (fresh.ok && !fresh.redirected) {
      // Its parts may be newer than those kept here; the next worker brings both together.
      const text = await fresh.clone().text();
      if (text.includes("{{ version }}")) await cache.put(SHELL, fresh.clone());
      return fresh;
    }
    return kept;
  } catch {
    return kept;
  }
}

async function part(request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(request, { ignoreSearch: true })) ?? fetch(request);
}
