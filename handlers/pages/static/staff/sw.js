// Keeps the counter's page at hand without network. VERSION, FILES and SHELLS stand above: the
// server writes them. What is posted never passes through here; the page's own queue keeps it.
"use strict";

const CACHE = `kayoi-counter-${VERSION}`;
const KEPT = "kayoi-counter-kept";
const LANGUAGE = "/staff/language";
const HOME = "/staff/";
const PATIENCE_MS = 4_000;

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(CACHE);
    await cache.addAll(FILES.map((path) => new Request(path, { cache: "reload" })));
    // As nobody in particular: no name and no token of whoever is signed in now.
    await cache.addAll(Object.values(SHELLS).map((path) => new Request(path, { cache: "reload", credentials: "omit" })));
    await self.skipWaiting();
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const old = (await caches.keys()).filter((name) => name.startsWith("kayoi-counter-") && ![CACHE, KEPT].includes(name));
    await Promise.all(old.map((name) => caches.delete(name)));
    await self.clients.claim();
  })());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    // The counter's QR and whatever is downloaded look after themselves.
    if (url.pathname === HOME) event.respondWith(page(request));
  } else if (url.pathname.startsWith(`/staff/v/${VERSION}/`)) {
    event.respondWith(caches.match(request).then((found) => found ?? fetch(request)));
  } else if (FILES.includes(url.pathname)) {
    event.respondWith(fetch(request).catch(() => caches.match(url.pathname, { cacheName: CACHE })));
  }
});

// The page as the server gives it; without network, or without patience, the one kept here.
async function page(request) {
  const giveUp = new AbortController();
  const timer = setTimeout(() => giveUp.abort(), PATIENCE_MS);
  try {
    const answer = await fetch(request, { signal: giveUp.signal });
    if (answer.status < 500) return answer;
  } catch {
    // No network.
  } finally {
    clearTimeout(timer);
  }
  return (await shell()) ?? Response.error();
}

async function shell() {
  const kept = await caches.match(LANGUAGE, { cacheName: KEPT });
  const language = kept ? await kept.text() : "ja";
  return caches.match(SHELLS[language] ?? SHELLS.ja, { cacheName: CACHE });
}
