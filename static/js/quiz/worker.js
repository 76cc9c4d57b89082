// Keeps a quiz that was opened once, so that it opens again without a network; forgets it when the answers are in.

const KEPT = "quiz";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("message", (event) => {
  const { what, page, files } = event.data;
  const work = what === "keep" ? keep(page, files) : caches.delete(KEPT);
  event.waitUntil(work.catch(() => {}).then(() => event.ports[0]?.postMessage("done")));
});

self.addEventListener("fetch", (event) => {
  const { origin, pathname } = new URL(event.request.url);
  if (event.request.method !== "GET" || origin !== location.origin) return;
  if (event.request.mode === "navigate" && pathname.includes("/quizzes/")) event.respondWith(networkFirst(event.request, pathname));
  else if (pathname.startsWith("/static/")) event.respondWith(caches.match(pathname).then((kept) => kept ?? fetch(event.request)));
});

async function keep(page, files) {
  const cache = await caches.open(KEPT);
  const paths = files.map((file) => new URL(file).pathname);
  await Promise.all(
    [page, ...paths].map(async (path) => {
      if (path !== page && (await cache.match(path))) return;
      const response = await fetch(path, { credentials: "omit" });
      if (response.ok && !response.redirected) await cache.put(path, response);
    }),
  );
}

async function networkFirst(request, pathname) {
  try {
    return await fetch(request);
  } catch (problem) {
    const kept = await caches.match(pathname);
    if (kept) return kept;
    throw problem;
  }
}
