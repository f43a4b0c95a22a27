// Keeps the card at hand without network, in the phone's own browser. VERSION and FILES stand above:
// the server writes them. What is kept of a member is one page with their lasting code; it goes with
// the session, or as another card takes its place.
"use strict";

const CACHE = `kayoi-card-${VERSION}`;
const MINE = "kayoi-card-mine";
const CARD = "/card";
const KEPT = "/card/kept";
/** After these another card is shown here, or none. */
const ENDS = ["/card/choose", "/card/sign-out", "/card/session", "/card/data/leave", "/card/data/erase"];
/** A link that begins a session. */
const LINK = /^\/card\/[^/]+\/$/;

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(CACHE);
    await cache.addAll(FILES.map((path) => new Request(path, { cache: "reload" })));
    await renew();
    await self.skipWaiting();
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const old = (await caches.keys()).filter((name) => name.startsWith("kayoi-card-") && ![CACHE, MINE].includes(name));
    await Promise.all(old.map((name) => caches.delete(name)));
    await self.clients.claim();
  })());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  if (request.method !== "GET") {
    if (ENDS.includes(url.pathname)) event.respondWith(ended(request));
  } else if (url.pathname === CARD && request.mode === "navigate") {
    // What is selected stands in the address, and in no kept page.
    event.respondWith(url.search ? asked(request) : card(event));
  } else if (FILES.includes(url.pathname + url.search)) {
    event.respondWith(caches.match(request, { cacheName: CACHE }).then((found) => found ?? fetch(request)));
  } else if (request.mode === "navigate" && LINK.test(url.pathname)) {
    event.respondWith(begun(request));
  } else if (request.mode === "navigate" && url.pathname.startsWith("/card/")) {
    event.respondWith(asked(request));
  }
});

async function asked(request) {
  return fetch(request).catch(async () => (await kept()) ?? Response.error());
}

// The kept card at once, while the next one is fetched; the first time, the server's.
async function card(event) {
  const mine = await kept();
  if (mine) {
    event.waitUntil(renew());
    return mine;
  }
  const answer = await fetch(event.request);
  if (answer.ok) event.waitUntil(renew());
  return answer;
}

async function kept() {
  return caches.match(KEPT, { cacheName: MINE });
}

let forgotten = 0;

async function forget() {
  forgotten += 1;
  await caches.delete(MINE);
}

// Nothing is left behind by what was fetched before the session ended, or while it did.
async function ended(request) {
  await forget();
  try {
    return await fetch(request);
  } finally {
    await forget();
  }
}

// A link that leads on has begun its session, maybe another's; one that is over changes nothing, and
// one without network neither.
async function begun(request) {
  const answer = await asked(request);
  if (answer.type === "opaqueredirect") await forget();
  return answer;
}

// What is kept is what the server says now; nothing, once it says that there is no session.
async function renew() {
  const before = forgotten;
  try {
    const answer = await fetch(KEPT, { cache: "no-store", redirect: "error" });
    const cache = await caches.open(MINE);
    if (answer.ok && before === forgotten) await cache.put(KEPT, answer);
    else if (answer.status === 401) await forget();
  } catch {
    // No network: what is kept stays.
  }
}
