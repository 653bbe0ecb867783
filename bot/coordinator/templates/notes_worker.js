// Keeps the note-taker's page on the device, so that it opens without a network. Nothing that anybody noted is here.
"use strict";
const KEPT = {{ kept|tojson }};
const CACHE = "lyhord-notes-{{ version }}";
const PAGE = KEPT[0];

async function keep(address) {
  const response = await fetch(address, { cache: "no-store", redirect: "error" });
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  const cache = await caches.open(CACHE);
  await cache.put(address, response);
}

addEventListener("install", (event) => event.waitUntil(Promise.all(KEPT.map(keep)).then(() => skipWaiting())));

addEventListener("activate", (event) => event.waitUntil((async () => {
  for (const name of await caches.keys()) if (name.startsWith("lyhord-notes-") && name !== CACHE) await caches.delete(name);
  await clients.claim();
})()));

addEventListener("message", (event) => {
  if (event.data === "renew") event.waitUntil(keep(PAGE).then(() => event.source.postMessage("renewed"), () => {}));
});

addEventListener("fetch", (event) => {
  const { pathname, search, origin } = new URL(event.request.url);
  if (event.request.method !== "GET" || origin !== location.origin) return;
  const address = pathname === PAGE ? PAGE : pathname + search;
  if (!KEPT.includes(address)) return;
  event.respondWith(caches.open(CACHE).then((cache) => cache.match(address)).then((kept) => kept || fetch(event.request)));
});
