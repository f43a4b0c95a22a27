// The card's page: its code moves, and what a scan brought shows at once. Without network the lasting
// code takes the moving one's place.
"use strict";

const LOOK_EVERY = 4_000;
const moment = document.getElementById("moment");
const lasting = document.getElementById("lasting")?.innerHTML ?? moving.qr.innerHTML;
/** How the member stood when the page was opened, or when the last moment was closed. */
let mark = page.dataset.mark ?? "";
let newest = mark;
/** What was selected is handed out, taken back or over: the page is drawn anew, after a moment. */
let isOld = false;

colour([page.dataset.start, page.dataset.end]);
// A page that was kept has no moving code yet.
if (page.classList.contains("lasting")) moving.since = 0;

function colour([start, end]) {
  document.documentElement.style.setProperty("--rank-start", start);
  document.documentElement.style.setProperty("--rank-end", end);
}

function end() {
  document.getElementById("title").textContent = page.dataset.endedTitle;
  document.getElementById("body").textContent = page.dataset.endedBody;
  page.dataset.state = "ended";
  if (moment.open) moment.close();
  // What the phone kept goes with the session.
  forgetKept();
}

// No moving code is good any more: the lasting one still says who it is.
function gone() {
  if (page.classList.contains("lasting")) return;
  moving.qr.innerHTML = lasting;
  page.classList.add("lasting");
}

function show(face) {
  isOld = face.selected !== page.dataset.selected;
  for (const part of ["rank", "points", "today", "step", "expiring", "hand", "subscribed"]) {
    document.getElementById(part).textContent = face[part];
  }
  colour(face.colours);
  newest = face.mark;
  if (face.moment) celebrate(face.moment);
  else {
    mark = newest;
    if (moment.open) moment.close();
    else if (isOld) location.reload();
  }
}

function celebrate({ points, title, lines }) {
  document.getElementById("moment-points").textContent = points;
  document.getElementById("moment-title").textContent = title;
  document.getElementById("moment-lines").replaceChildren(...lines.map((line) => {
    const item = document.createElement("li");
    item.textContent = line;
    return item;
  }));
  if (moment.open) return;
  moment.showModal();
  buzz();
}

/** What can be selected, as it is now: a page that was kept knows it of before. */
async function offer() {
  const box = document.getElementById("selecting");
  if (box.querySelector(".chosen, details[open]")) return;
  try {
    const answer = await fetch(box.dataset.url, { cache: "no-store" });
    if (answer.ok) box.innerHTML = await answer.text();
  } catch {
    // No network: nothing is selected without it.
  }
}

async function look() {
  if (page.dataset.state !== "ready" || document.visibilityState !== "visible") return;
  const url = new URL(page.dataset.stateUrl, location.href);
  url.searchParams.set("mark", mark);
  // What was kept says nothing of today; it is read now.
  if (!mark) url.searchParams.set("read", "1");
  try {
    const { ok, status, said } = await ask(url);
    if (status === 401) end();
    if (ok && isAnothers(said)) openAnew();
    else if (ok) show(said);
    moving.failures = 0;
  } catch {
    moving.failures += 1;
  }
}

async function looking() {
  await look();
  setTimeout(looking, LOOK_EVERY);
}

function keepAtHand() {
  if (!page.dataset.worker || !("serviceWorker" in navigator)) return;
  navigator.serviceWorker.register(page.dataset.worker, { scope: "/card" }).catch(() => {});
}

moment.addEventListener("close", () => {
  mark = newest;
  if (isOld) location.reload();
  else offer();
});
document.getElementById("moment-close").addEventListener("click", () => moment.close());
setInterval(() => tick(end, gone), 1_000);
tick(end, gone);
setTimeout(looking, mark ? LOOK_EVERY : 0);
if (!mark) offer();
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState !== "visible" || page.dataset.state !== "ready") return;
  renew(end);
  look();
});
addEventListener("online", () => renew(end));
// Where LINE lends its browser, it says first whether this is one: that has no service worker.
if (!document.getElementById("lent")) keepAtHand();
