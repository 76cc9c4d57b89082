// Keeps the door's page and what it is made of on the phone, by their hash; never anything of an event.
// The first line, written by the server, names them: const SHELL = {name, pages, files}.

/* global SHELL */
self.addEventListener("install", (event) => event.waitUntil(fill()));
self.addEventListener("activate", (event) => event.waitUntil(tidy()));
self.addEventListener("fetch", (event) => {
  const { origin, pathname } = new URL(event.request.url);
  if (event.request.method !== "GET" || origin !== location.origin) return;
  if (SHELL.pages.includes(pathname) || SHELL.files.includes(pathname)) event.respondWith(answer(event.request, pathname));
});

async function fill() {
  const cache = await caches.open(SHELL.name);
  await cache.addAll([...SHELL.pages, ...SHELL.files].map((path) => new Request(path, { cache: "reload", credentials: "omit" })));
}

async function tidy() {
  for (const name of await caches.keys()) if (name !== SHELL.name) await caches.delete(name);
  await self.clients.claim();
}

async function answer(request, pathname) {
  const kept = await caches.match(pathname, { ignoreVary: true });
  return kept ?? fetch(request);
}
