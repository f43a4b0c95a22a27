// Keeps the counter's QR fresh. Asks for the code every 20 seconds and when its minute is over;
// stays quiet through a short loss of network, and takes the code away once it would be refused.
"use strict";

const ASK_EVERY = 20_000;
const ASK_AGAIN = [2_000, 4_000, 8_000, 15_000];
const GIVE_UP = 8_000;
const MINUTE = 60_000;

const page = document.getElementById("counter");
const qr = document.getElementById("qr");
const link = document.getElementById("link");
const ring = document.getElementById("ring");
const said = document.getElementById("said");

// Wall time, since the tablet may sleep; `left` and `good` count from `since`.
const shown = {
  since: Date.now(),
  left: Number(page.dataset.leftMs || 0),
  good: Number(page.dataset.goodMs || 0),
};
let failures = 0;
let askAt = shown.good ? Date.now() + Math.min(ASK_EVERY, shown.left) : 0;
let asking = false;

function say(state) {
  if (page.dataset.state === state) return;
  page.dataset.state = state;
  const cover = page.querySelector(`.cover.${state} p`);
  said.textContent = cover ? cover.firstChild.textContent : "";
}

function draw(answer) {
  if (link.textContent !== answer.text) {
    const svg = new DOMParser().parseFromString(answer.svg, "image/svg+xml").documentElement;
    qr.classList.remove("new");
    qr.replaceChildren(document.importNode(svg, true));
    void qr.offsetWidth; // so that the animation starts anew
    qr.classList.add("new");
    link.textContent = answer.text;
    link.href = answer.link;
  }
  shown.since = Date.now();
  shown.left = answer.left_ms;
  shown.good = answer.good_ms;
}

async function ask() {
  asking = true;
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), GIVE_UP);
  try {
    const answer = await fetch(page.dataset.codeUrl, { cache: "no-store", signal: patience.signal });
    if (answer.status === 404) {
      // The link has ended, or checking in by QR was switched off: the page itself says so.
      location.reload();
      return;
    }
    if (!answer.ok) throw new Error(String(answer.status));
    draw(await answer.json());
    failures = 0;
    askAt = Date.now() + Math.min(ASK_EVERY, shown.left + 200);
  } catch {
    askAt = Date.now() + ASK_AGAIN[Math.min(failures, ASK_AGAIN.length - 1)];
    failures += 1;
  } finally {
    clearTimeout(timer);
    asking = false;
    look();
  }
}

function look() {
  const age = Date.now() - shown.since;
  // A clock that was put back tells nothing about the code's age.
  const isGood = age >= 0 && age < shown.good;
  ring.style.strokeDashoffset = String(100 - 100 * Math.min(1, Math.max(0, (shown.left - age) / MINUTE)));
  if (isGood) say(failures > 1 ? "reconnecting" : "fresh");
  else say(shown.good ? "stale" : "preparing");
  if (!asking && (Date.now() >= askAt || age < 0)) ask();
}

// Keeps the screen on where the browser can; it lets go whenever the page is hidden.
async function stayAwake() {
  if (!("wakeLock" in navigator) || document.visibilityState !== "visible") return;
  try {
    await navigator.wakeLock.request("screen");
  } catch {
    // Refused, for instance to save the battery: the tablet's own setting then decides.
  }
}

function offerFullscreen() {
  const button = document.getElementById("fullscreen");
  if (!document.fullscreenEnabled) return;
  const update = () => { button.hidden = document.fullscreenElement !== null; };
  button.addEventListener("click", () => document.documentElement.requestFullscreen().catch(() => {}));
  document.addEventListener("fullscreenchange", update);
  update();
}

document.addEventListener("visibilitychange", () => {
  if (document.visibilityState !== "visible") return;
  stayAwake();
  if (!asking) ask();
});
window.addEventListener("online", () => { if (!asking) ask(); });
setInterval(look, 1_000);
offerFullscreen();
stayAwake();
look();
