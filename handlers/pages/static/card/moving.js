// What both pages share: a code that is replaced every half minute, a clock that shows that the page
// is alive, and a screen that stays on. Wall time throughout, since a telephone may sleep.
"use strict";

const page = document.getElementById("page");
const NEW_EVERY = 30_000;
/** A code counts for 90 seconds: what is older is taken off the screen. */
const GONE_AFTER = 80_000;
const GIVE_UP = 8_000;

const moving = {
  qr: document.getElementById("qr"),
  ring: document.getElementById("ring"),
  clock: document.getElementById("clock"),
  since: Date.now(),
  failures: 0,
  asking: false,
  askAt: 0,
};

/** The JSON at `url`; throws when there is none, with `status` where the server said no. */
async function ask(url) {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), GIVE_UP);
  try {
    const headers = { Accept: "application/json" };
    const answer = await fetch(url, { cache: "no-store", headers, signal: patience.signal });
    const said = await answer.json();
    return { ok: answer.ok, status: answer.status, said };
  } finally {
    clearTimeout(timer);
  }
}

function draw(svg) {
  const drawn = new DOMParser().parseFromString(svg, "image/svg+xml").documentElement;
  moving.qr.replaceChildren(document.importNode(drawn, true));
  moving.qr.classList.remove("new");
  void moving.qr.offsetWidth; // so that the animation starts anew
  moving.qr.classList.add("new");
  moving.since = Date.now();
  page.classList.remove("lasting");
}

/** Another card than this page's is shown in this browser by now. */
function isAnothers({ number }) {
  return number !== page.dataset.number;
}

async function forgetKept() {
  if ("caches" in window) await caches.delete("kayoi-card-mine");
}

async function openAnew() {
  await forgetKept();
  location.reload();
}

/** Asks for the next code; `ended` is called when there is none any more. */
async function renew(ended) {
  if (moving.asking) return;
  moving.asking = true;
  try {
    const { ok, status, said } = await ask(page.dataset.codeUrl);
    if (ok && isAnothers(said)) {
      openAnew();
    } else if (ok) {
      draw(said.svg);
      moving.failures = 0;
    } else if (status === 404 || status === 401) {
      ended();
    } else {
      moving.failures += 1;
    }
  } catch {
    moving.failures += 1;
  } finally {
    moving.asking = false;
    moving.askAt = Date.now() + (moving.failures ? 3_000 : NEW_EVERY);
  }
}

/** Once a second: the ring, the clock, and a new code when it is time. `gone` says what stands in the
 *  place of a code that counts no more, if anything does. */
function tick(ended, gone) {
  const age = Date.now() - moving.since;
  const now = new Date();
  moving.clock.textContent = now.toLocaleTimeString("ja-JP", { hour12: false });
  moving.ring.style.strokeDashoffset = String(Math.min(100, Math.max(0, (age / NEW_EVERY) * 100)));
  const isGone = age > GONE_AFTER || age < 0;
  if (isGone && gone) gone();
  else page.classList.toggle("stale", isGone);
  page.classList.toggle("away", moving.failures > 1);
  if (page.dataset.state !== "ready") return;
  if (age >= NEW_EVERY && Date.now() >= moving.askAt) renew(ended);
}

/** A short shake, where the browser allows it: after a touch of the page. */
function buzz() {
  if ("vibrate" in navigator && navigator.userActivation?.hasBeenActive) navigator.vibrate(80);
}

async function stayAwake() {
  if (!("wakeLock" in navigator) || document.visibilityState !== "visible") return;
  try {
    await navigator.wakeLock.request("screen");
  } catch {
    // Refused, for instance to save the battery: the telephone's own setting then decides.
  }
}

document.addEventListener("visibilitychange", stayAwake);
stayAwake();
